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
    /// Every card has its answer: terms, or the end.
    Conclude,
    /// Record that digitization is wanted.
    Prepare(CardId, Operation),
    /// Mark as sent, then send, once.
    Send(CardId),
    /// An effect was sent by somebody who is gone: its outcome is in doubt.
    Doubt(CardId),
    /// Ask what became of an effect in doubt.
    Settle(CardId),
    /// Ask how a token fares that the issuer activates.
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
    match &session.state {
        State::Offered | State::Launched | State::Terms => {
            if session.is_overdue(now) {
                Step::Expire
            } else {
                Step::Rest(Some(session.expires_at))
            }
        }
        State::Returned { until_ms } => ask_about_receipts(session, Millis(*until_ms), now),
        State::Digitizing => digitize(session, now),
        State::StepUp { .. } | State::Code { .. } => step_up(session, now),
        State::Active | State::Pending | State::Declined | State::Failed { .. } => {
            look_after_tokens(session, now, policy)
        }
        State::Cancelled | State::Expired => Step::Rest(None),
    }
}

fn ask_about_receipts(session: &Session, until: Millis, now: Millis) -> Step {
    let unanswered = session.cards.iter().find(|card| match card.state {
        CardState::Held => true,
        CardState::Eligible { .. } => card.terms.as_ref().is_none_or(|terms| terms.sha256.is_none()),
        _ => false,
    });
    let Some(card) = unanswered else { return Step::Conclude };
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

fn digitize(session: &Session, now: Millis) -> Step {
    let Some(card) = session
        .cards
        .iter()
        .find(|card| needs_an_order(card) || card.open_effect().is_some())
    else {
        return Step::Conclude;
    };
    match card.open_effect() {
        Some(effect) => effect_step(card, effect, now),
        None => Step::Prepare(card.id.clone(), Operation::Digitize),
    }
}

fn needs_an_order(card: &Card) -> bool {
    card.state == CardState::Digitizing && card.attempts.digitize == 0
}

fn effect_step(card: &Card, effect: &Effect, now: Millis) -> Step {
    match effect.status {
        EffectStatus::Prepared => Step::Send(card.id.clone()),
        EffectStatus::Sent => Step::Doubt(card.id.clone()),
        EffectStatus::InDoubt => match effect.ask_at.filter(|ask_at| *ask_at > now) {
            Some(ask_at) => Step::Rest(Some(ask_at)),
            None => Step::Settle(card.id.clone()),
        },
        EffectStatus::Settled => Step::Conclude,
    }
}

fn step_up(session: &Session, now: Millis) -> Step {
    if let Some((card, effect)) = open_effect(session) {
        return effect_step(card, effect, now);
    }
    if now >= session.expires_at {
        Step::Park
    } else {
        Step::Rest(Some(session.expires_at))
    }
}

fn look_after_tokens(session: &Session, now: Millis, policy: &Policy) -> Step {
    if let Some((card, effect)) = open_effect(session) {
        return effect_step(card, effect, now);
    }
    if let Some(card) = session.cards.iter().find(|card| needs_a_deletion(card)) {
        return Step::Prepare(card.id.clone(), Operation::Delete);
    }
    let polls = u32::try_from(policy.pending_ms.len()).unwrap_or(u32::MAX);
    let waiting = session
        .cards
        .iter()
        .filter(|card| matches!(card.state, CardState::Inactive(_)));
    let next = waiting
        .filter(|card| card.attempts.asked < polls)
        .min_by_key(|card| poll_at(card, policy));
    match next {
        Some(card) if poll_at(card, policy) <= now => Step::AskToken(card.id.clone()),
        Some(card) => Step::Rest(Some(poll_at(card, policy))),
        None => Step::Rest(None),
    }
}

fn open_effect(session: &Session) -> Option<(&Card, &Effect)> {
    session
        .cards
        .iter()
        .find_map(|card| card.open_effect().map(|effect| (card, effect)))
}

/// A duplicate's own token must not stay (implementation guide p. 26). Three intents at the most: a deletion that MDES
/// keeps refusing is an operator's matter.
fn needs_a_deletion(card: &Card) -> bool {
    matches!(card.state, CardState::Duplicate { .. }) && card.token.is_some() && card.attempts.delete < 3
}

fn poll_at(card: &Card, policy: &Policy) -> Millis {
    match card.attempts.ask_at_ms {
        Some(ask_at) => Millis(ask_at),
        None => card.changed_at.plus_ms(wait_ms(&policy.pending_ms, 0)),
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
