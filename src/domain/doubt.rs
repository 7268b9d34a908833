//! An effect whose answer was lost: it is asked about, never repeated, and settled by what MDES says.

use super::card::{Card, CardState, EffectStatus, Failure, Operation};
use super::id::Millis;
use super::life::LifeNote;
use super::policy::{Policy, wait_ms};

/// It may have happened: from here on MDES is asked, and nothing is repeated.
pub fn doubt(card: &mut Card, now: Millis, policy: &Policy) {
    if let Some(effect) = &mut card.effect {
        effect.status = EffectStatus::InDoubt;
        effect.asked = 0;
        effect.ask_at = Some(now.plus_ms(wait_ms(&policy.in_doubt_ms, 0)));
    }
    card.attempts.unknown = 0;
    // Whatever it was for, it is never sent again.
    card.secrets.code = None;
}

/// MDES was asked what became of an effect and does not say, or not yet. An order about which it never says is given up
/// at last, without a claim about what became of it.
pub fn still_in_doubt(card: &mut Card, now: Millis, policy: &Policy) {
    let Some(effect) = &mut card.effect else { return };
    effect.asked += 1;
    effect.ask_at = Some(now.plus_ms(wait_ms(&policy.in_doubt_ms, effect.asked)));
    let sent_at = effect.sent_at.unwrap_or(effect.prepared_at);
    if now < sent_at.plus_ms(policy.in_doubt_max_ms) {
        return;
    }
    match effect.operation {
        Operation::Digitize => {
            card.settle();
            card.become_state(
                CardState::Failed {
                    reason: Failure::Unclear,
                },
                now,
            );
        }
        // The card is there, and must not be held for ever.
        Operation::Suspend | Operation::Resume | Operation::Remove => card.give_up_change(LifeNote::Unclear, now),
        Operation::RequestCode | Operation::Activate | Operation::Delete => {}
    }
}

/// MDES does not know the task. Said often enough in a row, and long enough after it was sent that it cannot be on its
/// way any more, that means that it never arrived.
pub fn unknown_task(card: &mut Card, now: Millis, policy: &Policy) {
    card.attempts.unknown += 1;
    let Some(effect) = &card.effect else { return };
    let sent_at = effect.sent_at.unwrap_or(effect.prepared_at);
    let late = now >= sent_at.plus_ms(policy.unknown_task_after_ms);
    if late && card.attempts.unknown >= policy.unknown_task_asks {
        nothing_added(card, now);
    } else {
        still_in_doubt(card, now, policy);
    }
}

/// MDES knows the task and is not done with it.
pub fn pending_task(card: &mut Card, now: Millis, policy: &Policy) {
    card.attempts.unknown = 0;
    still_in_doubt(card, now, policy);
}

/// The order never arrived, or ended without effect: nothing was added.
pub fn nothing_added(card: &mut Card, now: Millis) {
    card.settle();
    card.become_state(
        CardState::Failed {
            reason: Failure::NothingAdded,
        },
        now,
    );
}
