//! What an answer of MDES does to a session: pure, so that it can be applied again to a session that somebody else has
//! moved in the meantime.

use super::card::{Card, CardState, CodeNote, EffectStatus, Failure, Operation, Progress, StepUp, Terms};
use super::doubt::doubt;
use super::id::{CardId, Millis};
use super::life::take_standing;
use super::policy::{Policy, wait_ms};
use super::session::{Refusal, Session, State};
use super::token::{Activation, AuthenticationMethod, Digitized, Eligibility, Token, TokenStanding, TokenStatus};

/// Why a call brought nothing, as far as it decides what happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setback {
    /// It cannot have happened, and may be tried again later.
    NotDone,
    /// It may have happened.
    Lost,
    /// MDES refuses, finally, with this reason code.
    Refused(String),
}

/// The reason code for a receipt that cannot be used, whatever is wrong with it.
pub(super) const RECEIPT_REFUSED: &str = "INVALID_FIELD_VALUE";

/// What a refusal means (MDES error codes; the grouping is ours).
fn meaning(reason: &str, otherwise: Failure) -> CardState {
    match reason {
        "PAN_INELIGIBLE"
        | "PAN_INELIGIBLE_FOR_DEVICE"
        | "PAN_PROVISIONING_COUNT_EXCEEDED"
        | "DEVICE_INELIGIBLE"
        | "ACCOUNT_INELIGIBLE" => CardState::Declined,
        "DUPLICATE_REQUEST" => CardState::Failed {
            reason: Failure::Duplicate,
        },
        "NO_RESPONSE_FROM_ISSUER" => CardState::Failed {
            reason: Failure::IssuerError,
        },
        "INVALID_ELIGIBILITY_RECEIPT" => CardState::Failed {
            reason: Failure::TooLate,
        },
        RECEIPT_REFUSED => CardState::Failed {
            reason: Failure::ReceiptRefused,
        },
        _ => CardState::Failed { reason: otherwise },
    }
}

/// `checkEligibility` answered.
pub fn eligibility(card: &mut Card, answer: Result<Eligibility, Setback>, now: Millis, policy: &Policy) {
    match answer {
        Ok(eligible) => {
            let valid_ms = i64::from(eligible.valid_for_minutes).saturating_mul(60_000);
            card.terms = Some(Terms::of(&eligible.terms));
            card.secrets.eligibility = Some(eligible.receipt);
            card.attempts.asked = 0;
            card.attempts.ask_at_ms = None;
            card.become_state(
                CardState::Eligible {
                    until_ms: now.plus_ms(valid_ms).0,
                },
                now,
            );
        }
        Err(Setback::NotDone | Setback::Lost) => ask_again(card, &policy.reads_ms, now),
        Err(Setback::Refused(reason)) => card.become_state(meaning(&reason, Failure::ReceiptRefused), now),
    }
}

/// The terms were fetched, or not.
pub fn terms(card: &mut Card, sha256: Result<String, Setback>, now: Millis, policy: &Policy) {
    match sha256 {
        Ok(sha256) => {
            card.attempts.asked = 0;
            card.attempts.ask_at_ms = None;
            if let Some(terms) = &mut card.terms {
                terms.sha256 = Some(sha256);
            }
        }
        Err(Setback::NotDone | Setback::Lost) => ask_again(card, &policy.reads_ms, now),
        Err(Setback::Refused(_)) => {
            card.become_state(
                CardState::Failed {
                    reason: Failure::TermsUnavailable,
                },
                now,
            );
        }
    }
}

fn ask_again(card: &mut Card, waits: &[i64], now: Millis) {
    card.attempts.ask_at_ms = Some(now.plus_ms(wait_ms(waits, card.attempts.asked)).0);
    card.attempts.asked += 1;
}

/// The receipts' life is over, and MDES has not answered about all of them.
pub fn give_up(session: &mut Session, now: Millis) -> Result<(), Refusal> {
    for card in &mut session.cards {
        match card.state {
            CardState::Held => card.become_state(
                CardState::Failed {
                    reason: Failure::NotAnswering,
                },
                now,
            ),
            CardState::Eligible { .. } if card.terms.as_ref().is_none_or(|terms| terms.sha256.is_none()) => {
                card.become_state(
                    CardState::Failed {
                        reason: Failure::TermsUnavailable,
                    },
                    now,
                );
            }
            _ => {}
        }
    }
    session.conclude()?;
    await_consent(session);
    Ok(())
}

/// Every receipt has its answer: on to the terms, or to the end.
pub fn conclude(session: &mut Session, now: Millis, policy: &Policy) -> Result<(), Refusal> {
    session.conclude()?;
    await_consent(session);
    await_proof(session, now, policy);
    Ok(())
}

/// Whoever reads the terms has as long as the shortest permission to digitize lasts.
fn await_consent(session: &mut Session) {
    if session.state == State::Terms {
        let until = session.cards.iter().filter_map(|card| match card.state {
            CardState::Eligible { until_ms } => Some(until_ms),
            _ => None,
        });
        session.expires_at = until.min().map_or(session.expires_at, Millis);
    }
}

/// A step-up has its own time: after it the card waits in the wallet.
fn await_proof(session: &mut Session, now: Millis, policy: &Policy) {
    if matches!(session.state, State::StepUp { .. }) {
        session.expires_at = now.plus_ms(policy.step_up_life_ms);
    }
}

/// `digitize` answered, or it was found out what became of it. `twin` is a card of the same account that is in this
/// wallet already.
pub fn digitized(
    card: &mut Card,
    answer: Result<Digitized, Setback>,
    twin: Option<&CardId>,
    now: Millis,
    policy: &Policy,
) {
    match answer {
        Ok(Digitized::Approved(token)) => take_token(card, token, CardState::Active, twin, now),
        Ok(Digitized::NeedsAuthentication(token, methods)) => {
            let state = CardState::Inactive(StepUp {
                methods,
                ..StepUp::default()
            });
            take_token(card, token, state, twin, now);
        }
        Ok(Digitized::Declined) => {
            card.settle();
            card.become_state(CardState::Declined, now);
        }
        Err(Setback::NotDone) => send_again(card, &policy.reads_ms, now),
        Err(Setback::Lost) => doubt(card, now, policy),
        Err(Setback::Refused(reason)) => {
            card.settle();
            card.become_state(meaning(&reason, Failure::Refused), now);
        }
    }
}

/// The decision by the state of a token that a lost answer was about.
#[must_use]
pub fn decision_of(found: Option<(Token, Vec<AuthenticationMethod>)>) -> Digitized {
    match found {
        Some((token, _)) if matches!(token.status, TokenStatus::Active | TokenStatus::Suspended) => {
            Digitized::Approved(token)
        }
        Some((token, methods)) if token.status == TokenStatus::Inactive => {
            Digitized::NeedsAuthentication(token, methods)
        }
        Some(_) | None => Digitized::Declined,
    }
}

fn take_token(card: &mut Card, token: Token, state: CardState, twin: Option<&CardId>, now: Millis) {
    card.settle();
    card.token = Some(token.reference);
    card.account = token.account;
    card.face = token.face;
    card.attempts.asked = 0;
    card.attempts.ask_at_ms = None;
    match twin.filter(|twin| **twin != card.id) {
        Some(twin) => card.become_state(
            CardState::Duplicate {
                of: twin.as_str().to_owned(),
            },
            now,
        ),
        None => card.become_state(state, now),
    }
}

/// Nothing left us: the effect is as it was before it was marked as sent.
fn send_again(card: &mut Card, waits: &[i64], now: Millis) {
    if let Some(effect) = &mut card.effect {
        effect.status = EffectStatus::Prepared;
        effect.sent_at = None;
        effect.ask_at = Some(now.plus_ms(wait_ms(waits, effect.asked)));
        effect.asked += 1;
    }
}

/// The order did not leave in time; it does not leave any more.
pub fn abandon(card: &mut Card, now: Millis) {
    card.settle();
    card.become_state(
        CardState::Failed {
            reason: Failure::NotAnswering,
        },
        now,
    );
}

/// A code was asked for, or not.
pub fn code_requested(session: &mut Session, id: &CardId, answer: &Result<(), Setback>) -> Result<(), Refusal> {
    let Some(card) = session.card_mut(id) else {
        return Ok(());
    };
    card.settle();
    let sent = !matches!(answer, Err(Setback::NotDone | Setback::Refused(_)));
    if let CardState::Inactive(step_up) = &mut card.state {
        step_up.note = match (sent, step_up.sendings) {
            (true, 0 | 1) => None,
            (true, _) => Some(CodeNote::Resent),
            (false, _) => Some(CodeNote::NotSent),
        };
        if !sent {
            step_up.sendings = step_up.sendings.saturating_sub(1);
            step_up.sent_at_ms = None;
        }
    }
    if sent {
        Ok(())
    } else {
        session.move_to(State::StepUp {
            card: id.as_str().to_owned(),
        })
    }
}

/// The code was judged, or not.
pub fn activated(
    session: &mut Session,
    id: &CardId,
    answer: &Result<Activation, Setback>,
    now: Millis,
    policy: &Policy,
) -> Result<(), Refusal> {
    let Some(card) = session.card_mut(id) else {
        return Ok(());
    };
    if matches!(answer, Err(Setback::Lost)) {
        doubt(card, now, policy);
        return Ok(());
    }
    card.settle();
    let CardState::Inactive(step_up) = &mut card.state else {
        return Ok(());
    };
    match answer {
        Ok(Activation::Success) => {
            card.become_state(CardState::Active, now);
            return conclude(session, now, policy);
        }
        Ok(Activation::IncorrectCode) => {
            step_up.tries += 1;
            step_up.tries_in_all += 1;
            step_up.note = Some(CodeNote::Wrong);
            if step_up.tries < policy.code_tries_max && step_up.tries_in_all < policy.code_tries_per_card_max {
                return Ok(());
            }
            step_up.progress = Progress::Locked;
        }
        Ok(Activation::RetriesExceeded) => {
            step_up.tries += 1;
            step_up.tries_in_all += 1;
            step_up.progress = Progress::Locked;
        }
        Ok(Activation::ExpiredCode) => {
            step_up.note = Some(CodeNote::Expired);
            return Ok(());
        }
        Ok(Activation::ExpiredSession) => step_up.progress = Progress::Waiting,
        Err(Setback::Refused(reason)) if reason == "EXPIRED_CODE" => {
            step_up.note = Some(CodeNote::Expired);
            return Ok(());
        }
        Err(setback) => {
            let left = *setback != Setback::NotDone;
            step_up.note = Some(if left { CodeNote::Unsure } else { CodeNote::NotTried });
            return Ok(());
        }
    }
    conclude(session, now, policy)
}

/// A try whose answer was lost did not activate the card; nobody knows whether it counted.
pub fn activation_unknown(card: &mut Card) {
    card.settle();
    if let CardState::Inactive(step_up) = &mut card.state {
        step_up.note = Some(CodeNote::Unsure);
    }
}

/// MDES said how a token fares. `notices` is how many had come when it was asked; if there are more by now, the newest one
/// asks for a question of its own.
pub fn token_state(
    session: &mut Session,
    id: &CardId,
    notices: u32,
    answer: &Result<TokenStanding, Setback>,
    now: Millis,
    policy: &Policy,
) -> Result<(), Refusal> {
    let Some(card) = session.card_mut(id) else {
        return Ok(());
    };
    let again = card.attempts.ask_at_ms.filter(|_| card.attempts.notices != notices);
    let is_other = match answer {
        Ok(standing) => take_standing(card, standing, now),
        Err(_) => false,
    };
    if !is_other {
        if again.is_none() {
            poll_later(card, answer.is_err(), now, policy);
        }
        return Ok(());
    }
    card.attempts.asked = 0;
    card.attempts.ask_at_ms = again;
    if session.state.name().is_final() {
        Ok(())
    } else {
        conclude(session, now, policy)
    }
}

/// Nothing new. An inactive token is asked about again by the list; for any other a notification made us ask, and only a
/// failed question is repeated.
fn poll_later(card: &mut Card, failed: bool, now: Millis, policy: &Policy) {
    let polls = u32::try_from(policy.pending_ms.len()).unwrap_or(u32::MAX);
    card.attempts.asked += 1;
    let again = failed || matches!(card.state, CardState::Inactive(_));
    let left = card.attempts.asked < polls;
    card.attempts.ask_at_ms = (again && left).then(|| now.plus_ms(wait_ms(&policy.pending_ms, card.attempts.asked)).0);
}

/// `delete` answered, or not. What did not leave leaves later: the token must not stay.
pub fn deletion(card: &mut Card, answer: &Result<(), Setback>, now: Millis, policy: &Policy) {
    match answer {
        Ok(()) => deleted(card, true),
        Err(Setback::NotDone) => send_again(card, &policy.pending_ms, now),
        Err(Setback::Lost) => doubt(card, now, policy),
        Err(Setback::Refused(_)) => deleted(card, false),
    }
}

/// The deletion of a duplicate's token is over: done, or to be tried with a new intent.
pub fn deleted(card: &mut Card, done: bool) {
    card.settle();
    if done {
        card.token = None;
    }
}

/// The step-up was left alone: every card that waits for the cardholder waits in the wallet.
pub fn park(session: &mut Session) -> Result<(), Refusal> {
    for card in &mut session.cards {
        if let CardState::Inactive(step_up) = &mut card.state
            && step_up.progress == Progress::Open
        {
            step_up.progress = Progress::Waiting;
        }
    }
    session.conclude()
}

/// Whether the effect of that operation is still the open one of this card.
#[must_use]
pub fn awaits(card: &Card, operation: Operation) -> bool {
    card.open_effect().is_some_and(|effect| effect.operation == operation)
}

#[cfg(test)]
mod tests {
    use super::super::id::{Fingerprint, IssuerId, SessionId, TokenReference};
    use super::super::receipt::ReceiptToken;
    use super::super::steps::{Step, next_step};
    use super::*;

    fn held(number: u8) -> Card {
        let receipt = ReceiptToken::parse(&format!("MCC-{number}")).expect("a receipt");
        let fingerprint = Fingerprint::parse(&number.to_string().repeat(64)).expect("a fingerprint");
        Card::held(CardId::from_random([number; 16]), receipt, fingerprint, Millis(0))
    }

    fn returned() -> Session {
        let owner = Fingerprint::parse(&"a".repeat(64)).expect("a fingerprint");
        let issuer = (IssuerId::parse("bank").expect("an id"), "Bank".to_owned());
        let session = Session::offer(SessionId::from_random([1; 16]), owner, issuer, Millis(0), 900_000);
        session
            .accept(vec![held(1), held(2)], Millis(0), 900_000)
            .expect("a return")
    }

    #[test]
    fn trouble_with_one_receipt_does_not_hold_up_the_others() {
        let mut session = returned();
        session.cards[0].attempts.ask_at_ms = Some(30_000);
        let second = session.cards[1].id.clone();
        assert_eq!(
            next_step(&session, Millis(10), &Policy::reference()),
            Step::AskEligibility(second)
        );
    }

    #[test]
    fn a_notice_that_comes_during_a_question_is_asked_about_too() {
        let policy = Policy::reference();
        let mut session = returned();
        session.state = State::Active;
        let id = session.cards[0].id.clone();
        let card = &mut session.cards[0];
        card.become_state(CardState::Active, Millis(0));
        card.token = TokenReference::parse("DWSPMC1").ok();
        card.attempts.notices = 1;
        card.attempts.ask_at_ms = Some(5);
        let active = Ok(TokenStanding::of(TokenStatus::Active));
        // The question is under way for the first notice when the second one comes, in the same millisecond.
        card.attempts.notices = 2;
        token_state(&mut session, &id, 1, &active, Millis(5), &policy).expect("it applies");
        assert_eq!(session.cards[0].attempts.ask_at_ms, Some(5));
        token_state(&mut session, &id, 2, &active, Millis(5), &policy).expect("it applies");
        assert_eq!(session.cards[0].attempts.ask_at_ms, None);
    }
}
