//! The cardholder's part of a step-up: choosing a way, typing a code, leaving it for later.

use secrecy::SecretString;

use super::card::{CardState, CodeNote, Operation, Progress, StepUp};
use super::id::{CardId, Millis, RequestId};
use super::policy::Policy;
use super::session::{Refusal, Session, State};
use super::token::MethodKind;

/// The longest code (Token Connect and MDES: 1 to 32 characters).
pub const CODE_LENGTH_MAX: usize = 32;

impl Session {
    /// The cardholder chooses a way. Only ids that MDES offered for this card count.
    ///
    /// # Errors
    /// [`Refusal::WrongState`], [`Refusal::Busy`], [`Refusal::NotOffered`], [`Refusal::CodeLimit`].
    pub fn choose_method(
        mut self,
        method: &str,
        request: RequestId,
        now: Millis,
        policy: &Policy,
    ) -> Result<Self, Refusal> {
        let State::StepUp { card } = &self.state else {
            return Err(Refusal::WrongState(self.state.name()));
        };
        let id = CardId::parse(card).map_err(|_| Refusal::NotOffered)?;
        let card = self.card_mut(&id).ok_or(Refusal::NotOffered)?;
        if card.open_effect().is_some() {
            return Err(Refusal::Busy);
        }
        let CardState::Inactive(step_up) = &mut card.state else {
            return Err(Refusal::NotOffered);
        };
        let chosen = step_up
            .methods
            .iter()
            .find(|offered| offered.id == method && offered.is_known());
        let kind = chosen.map(|offered| offered.kind).ok_or(Refusal::NotOffered)?;
        if !kind.brings_a_code() {
            step_up.progress = Progress::Waiting;
            step_up.waiting_by = Some(method.to_owned());
            return self.go_on(now, policy);
        }
        // Whoever goes round to the same way at once still has the code that is on its way.
        if is_too_soon(step_up, method, now, policy) {
            step_up.note = None;
        } else {
            ask_for_code(step_up, method, now, policy)?;
            step_up.tries = 0;
            card.prepare(Operation::RequestCode, request, None, now);
        }
        self.expires_at = now.plus_ms(policy.step_up_life_ms);
        self.move_to(State::Code {
            card: id.as_str().to_owned(),
            method: method.to_owned(),
        })?;
        Ok(self)
    }

    /// The only way of the card that is up, when there is one way and it brings a code: then nobody has to choose. Once
    /// that way has failed, the cardholder decides whether to try it again.
    #[must_use]
    pub fn only_way(&self) -> Option<String> {
        let State::StepUp { card } = &self.state else {
            return None;
        };
        let CardState::Inactive(step_up) = &self.card(card)?.state else {
            return None;
        };
        let known: Vec<_> = step_up
            .methods
            .iter()
            .filter(|method| method.kind != MethodKind::Unknown)
            .collect();
        match known.as_slice() {
            [only] if only.kind.brings_a_code() && step_up.sendings == 0 && step_up.note.is_none() => {
                Some(only.id.clone())
            }
            _ => None,
        }
    }

    /// "Do this later": the card waits in the wallet.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] and [`Refusal::Busy`].
    pub fn later(mut self, now: Millis, policy: &Policy) -> Result<Self, Refusal> {
        let (State::StepUp { card } | State::Code { card, .. }) = &self.state else {
            return Err(Refusal::WrongState(self.state.name()));
        };
        let id = CardId::parse(card).map_err(|_| Refusal::NotOffered)?;
        let card = self.card_mut(&id).ok_or(Refusal::NotOffered)?;
        if card.open_effect().is_some() {
            return Err(Refusal::Busy);
        }
        if let CardState::Inactive(step_up) = &mut card.state {
            step_up.progress = Progress::Waiting;
        }
        self.go_on(now, policy)
    }

    /// To the next card that wants proof, which has its own time for it, or to the end.
    fn go_on(mut self, now: Millis, policy: &Policy) -> Result<Self, Refusal> {
        self.conclude()?;
        if matches!(self.state, State::StepUp { .. }) {
            self.expires_at = now.plus_ms(policy.step_up_life_ms);
        }
        Ok(self)
    }

    /// "Use another way", or coming back to a card that waits.
    ///
    /// # Errors
    /// [`Refusal::WrongState`], [`Refusal::Busy`], and [`Refusal::NotOffered`] when no card waits for the cardholder.
    pub fn another_way(mut self, now: Millis, policy: &Policy) -> Result<Self, Refusal> {
        let waits = |state: &CardState| matches!(state, CardState::Inactive(step_up) if step_up.has_a_way());
        let id = match &self.state {
            State::Code { card, .. } => self.card(card).map(|card| card.id.clone()),
            State::Pending => self
                .cards
                .iter()
                .find(|card| waits(&card.state))
                .map(|card| card.id.clone()),
            other => return Err(Refusal::WrongState(other.name())),
        };
        let id = id.ok_or(Refusal::NotOffered)?;
        let card = self.card_mut(&id).ok_or(Refusal::NotOffered)?;
        if card.open_effect().is_some() {
            return Err(Refusal::Busy);
        }
        if let CardState::Inactive(step_up) = &mut card.state {
            if step_up.tries_in_all >= policy.code_tries_per_card_max {
                step_up.methods.retain(|method| !method.kind.brings_a_code());
            }
            if !step_up.has_a_way() {
                return Err(Refusal::CodeLimit);
            }
            step_up.progress = Progress::Open;
            step_up.note = None;
        }
        self.expires_at = now.plus_ms(policy.step_up_life_ms);
        self.move_to(State::StepUp {
            card: id.as_str().to_owned(),
        })?;
        Ok(self)
    }

    /// "Send the code again". Within its life MDES sends the same code.
    ///
    /// # Errors
    /// [`Refusal::WrongState`], [`Refusal::Busy`], [`Refusal::CodeLimit`], [`Refusal::TooSoon`].
    pub fn resend(mut self, request: RequestId, now: Millis, policy: &Policy) -> Result<Self, Refusal> {
        let State::Code { card, method } = &self.state else {
            return Err(Refusal::WrongState(self.state.name()));
        };
        let method = method.clone();
        let id = CardId::parse(card).map_err(|_| Refusal::NotOffered)?;
        let card = self.card_mut(&id).ok_or(Refusal::NotOffered)?;
        if card.open_effect().is_some() {
            return Err(Refusal::Busy);
        }
        let CardState::Inactive(step_up) = &mut card.state else {
            return Err(Refusal::NotOffered);
        };
        let expired = step_up.note == Some(CodeNote::Expired);
        ask_for_code(step_up, &method, now, policy)?;
        if expired {
            step_up.tries = 0;
        }
        card.prepare(Operation::RequestCode, request, None, now);
        self.expires_at = now.plus_ms(policy.step_up_life_ms);
        Ok(self)
    }

    /// The cardholder typed a code. It is kept, sealed, until it is on its way.
    ///
    /// # Errors
    /// [`Refusal::WrongState`], [`Refusal::Busy`], and [`Refusal::NotOffered`] for a text that cannot be a code.
    pub fn submit_code(mut self, code: &str, request: RequestId, now: Millis) -> Result<Self, Refusal> {
        let State::Code { card, .. } = &self.state else {
            return Err(Refusal::WrongState(self.state.name()));
        };
        if code.is_empty() || code.len() > CODE_LENGTH_MAX || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Refusal::NotOffered);
        }
        let id = CardId::parse(card).map_err(|_| Refusal::NotOffered)?;
        let card = self.card_mut(&id).ok_or(Refusal::NotOffered)?;
        if card.open_effect().is_some() {
            return Err(Refusal::Busy);
        }
        let CardState::Inactive(step_up) = &mut card.state else {
            return Err(Refusal::NotOffered);
        };
        step_up.note = None;
        card.secrets.code = Some(SecretString::from(code));
        card.prepare(Operation::Activate, request, None, now);
        Ok(self)
    }
}

/// Whether a code was sent this way just now.
fn is_too_soon(step_up: &StepUp, method: &str, now: Millis, policy: &Policy) -> bool {
    let recent = step_up
        .sent_at_ms
        .is_some_and(|sent_at| now.0 < sent_at + policy.resend_after_ms);
    recent && step_up.sent_by.as_deref() == Some(method)
}

/// Counts one more sending, if there may be one now.
fn ask_for_code(step_up: &mut StepUp, method: &str, now: Millis, policy: &Policy) -> Result<(), Refusal> {
    if step_up.sendings >= policy.codes_max {
        return Err(Refusal::CodeLimit);
    }
    if is_too_soon(step_up, method, now, policy) {
        return Err(Refusal::TooSoon);
    }
    step_up.sendings += 1;
    step_up.sent_at_ms = Some(now.0);
    step_up.sent_by = Some(method.to_owned());
    step_up.note = None;
    Ok(())
}
