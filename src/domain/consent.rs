//! Consent: the terms are accepted, and from here on tokens are made.

use super::card::{CardState, Operation};
use super::id::{Millis, RequestId, TaskId};
use super::session::{Refusal, Session, State};

impl Session {
    /// The terms are accepted: consent and the intent to digitize are one write.
    ///
    /// `shown` is the digest of what was on the page, `ids` makes the ids of the orders.
    ///
    /// # Errors
    /// [`Refusal::Expired`], [`Refusal::WrongState`], [`Refusal::TermsChanged`].
    pub fn accept_terms(
        mut self,
        shown_is_current: bool,
        device_ip: Option<String>,
        now: Millis,
        mut ids: impl FnMut() -> (RequestId, TaskId),
    ) -> Result<Self, Refusal> {
        if self.state == State::Terms && self.is_overdue(now) {
            return Err(Refusal::Expired);
        }
        if self.state != State::Terms {
            return Err(Refusal::WrongState(self.state.name()));
        }
        if !shown_is_current {
            return Err(Refusal::TermsChanged);
        }
        self.move_to(State::Digitizing)?;
        self.device_ip = device_ip;
        for card in &mut self.cards {
            let CardState::Eligible { until_ms } = card.state else {
                continue;
            };
            if let Some(terms) = &mut card.terms {
                terms.accepted_at_ms = Some(now.0);
            }
            card.become_state(CardState::Digitizing { until_ms }, now);
            let (request, task) = ids();
            card.prepare(Operation::Digitize, request, Some(task), now);
        }
        Ok(self)
    }
}
