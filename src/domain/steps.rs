//! What the server has to do next for a session: a pure decision. The worker does it and comes back.

use super::card::{Card, CardState, Effect, EffectStatus, Operation};
use super::id::{CardId, Millis};
use super::policy::{Policy, wait_ms};
use super::session::{Session, State};

/// The next thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask MDES whether it would digitize this card.
    AskEligibility(CardId),
    /// Fetch the terms of this card.
    FetchTerms(CardId),
    /// Every card has its answer: the next state, or the end.
    Conclude,
    /// Record that an effect is wanted.
    Prepare(CardId, Operation),
    /// Mark as sent, then send, once.
    Send(CardId),
    /// The order is too late to be sent at all.
    Abandon(CardId),
    /// An effect was sent by somebody who is gone: its outcome is in doubt.
    Doubt(CardId),
    /// Ask what became of an effect in doubt.
    Settle(CardId),
    /// Ask how a token fares.
    AskToken(CardId),
    /// The receipts cannot be alive any more.
    GiveUp,
    /// Time is up.
    Expire,
    /// The step-up was left alone: the card stays in the wallet, waiting.
    Park,
    /// Nothing now; look again at this moment, if any.
    Rest(Option<Millis>),
}

/// Decides.
#[must_use]
pub fn next_step(session: &Session, now: Millis, policy: &Policy) -> Step {
    match open_effects_step(session, now) {
        None => state_step(session, now, policy),
        // A duplicate's token may take long to delete, and a card to pause; the other cards do not wait for that.
        Some(Step::Rest(Some(at))) if are_aside(session) => earlier(state_step(session, now, policy), at),
        Some(step) => step,
    }
}

/// What the open effects need: of several cards the first that does not have to wait, or how long all of them have to.
fn open_effects_step(session: &Session, now: Millis) -> Option<Step> {
    let mut rest = None;
    for card in &session.cards {
        let Some(effect) = card.open_effect() else { continue };
        match effect_step(card, effect, now) {
            Step::Rest(Some(at)) => rest = Some(earlier(rest.unwrap_or(Step::Rest(None)), at)),
            step => return Some(step),
        }
    }
    rest
}

fn are_aside(session: &Session) -> bool {
    let mut effects = session.cards.iter().filter_map(Card::open_effect);
    effects.all(|effect| effect.operation.is_aside())
}

fn state_step(session: &Session, now: Millis, policy: &Policy) -> Step {
    match &session.state {
        State::Offered | State::Launched | State::Pushed | State::Terms => {
            if session.is_overdue(now) {
                Step::Expire
            } else {
                Step::Rest(Some(session.expires_at))
            }
        }
        State::Returned { until_ms } => ask_about_receipts(session, Millis(*until_ms), now),
        State::Digitizing => Step::Conclude,
        State::StepUp { .. } | State::Code { .. } => {
            if now >= session.expires_at {
                Step::Park
            } else {
                earlier(look_after_tokens(session, now, policy), session.expires_at)
            }
        }
        State::Active | State::Pending | State::Declined | State::Failed { .. } => {
            look_after_tokens(session, now, policy)
        }
        State::Cancelled | State::Expired => Step::Rest(None),
    }
}

fn effect_step(card: &Card, effect: &Effect, now: Millis) -> Step {
    let wait = effect.ask_at.filter(|ask_at| *ask_at > now);
    match effect.status {
        EffectStatus::Prepared => match card.state {
            CardState::Digitizing { until_ms } if now.0 >= until_ms => Step::Abandon(card.id.clone()),
            _ => wait.map_or_else(|| Step::Send(card.id.clone()), |at| Step::Rest(Some(at))),
        },
        EffectStatus::Sent => Step::Doubt(card.id.clone()),
        EffectStatus::InDoubt => wait.map_or_else(|| Step::Settle(card.id.clone()), |at| Step::Rest(Some(at))),
        EffectStatus::Settled => Step::Conclude,
    }
}

fn ask_about_receipts(session: &Session, until: Millis, now: Millis) -> Step {
    let unanswered = session.cards.iter().filter(|card| match card.state {
        CardState::Held => true,
        CardState::Eligible { .. } => card.terms.as_ref().is_none_or(|terms| terms.sha256.is_none()),
        _ => false,
    });
    // The one whose turn comes first: trouble with one receipt does not hold up the others.
    let due = |card: &&Card| card.attempts.ask_at_ms.unwrap_or(i64::MIN);
    let Some(card) = unanswered.min_by_key(due) else {
        return Step::Conclude;
    };
    if now >= until {
        return Step::GiveUp;
    }
    if let Some(ask_at) = card.attempts.ask_at_ms.filter(|ask_at| *ask_at > now.0) {
        return Step::Rest(Some(Millis(ask_at.min(until.0))));
    }
    match card.state {
        CardState::Held => Step::AskEligibility(card.id.clone()),
        _ => Step::FetchTerms(card.id.clone()),
    }
}

fn look_after_tokens(session: &Session, now: Millis, policy: &Policy) -> Step {
    if let Some(card) = session.cards.iter().find(|card| needs_a_deletion(card)) {
        return Step::Prepare(card.id.clone(), Operation::Delete);
    }
    let asked_about = session
        .cards
        .iter()
        .filter_map(|card| poll_at(card, policy).map(|at| (at, card)));
    match asked_about.min_by_key(|(at, _)| *at) {
        Some((at, card)) if at <= now => Step::AskToken(card.id.clone()),
        Some((at, _)) => Step::Rest(Some(at)),
        None => Step::Rest(None),
    }
}

/// A duplicate's own token must not stay (implementation guide p. 26). Three intents at the most: a deletion that MDES
/// keeps refusing is an operator's matter.
fn needs_a_deletion(card: &Card) -> bool {
    matches!(card.state, CardState::Duplicate { .. })
        && card.token.is_some()
        && card.open_effect().is_none()
        && card.attempts.delete < 3
}

/// When MDES is asked about this token: a notification asks for it at once, and a token that the issuer activates later
/// is asked about by the list of waits until that is used up.
fn poll_at(card: &Card, policy: &Policy) -> Option<Millis> {
    let polls = u32::try_from(policy.pending_ms.len()).unwrap_or(u32::MAX);
    if !card.state.is_in_wallet() || card.token.is_none() {
        return None;
    }
    match (card.attempts.ask_at_ms, &card.state) {
        (Some(ask_at), _) => Some(Millis(ask_at)),
        (None, CardState::Inactive(_)) if card.attempts.asked < polls => Some(
            card.changed_at
                .plus_ms(wait_ms(&policy.pending_ms, card.attempts.asked)),
        ),
        (None, _) => None,
    }
}

fn earlier(step: Step, at: Millis) -> Step {
    match step {
        Step::Rest(rest) => Step::Rest(Some(rest.map_or(at, |rest| rest.min(at)))),
        other => other,
    }
}

/// When the worker has to look at the session again, at the latest.
#[must_use]
pub fn due_at(session: &Session, now: Millis, policy: &Policy) -> Option<Millis> {
    match next_step(session, now, policy) {
        Step::Rest(at) => at,
        _ => Some(now),
    }
}
