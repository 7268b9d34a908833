//! Where a session goes when its cards have their decisions.

use super::card::{Card, CardState, Failure, Progress};
use super::session::{Refusal, Session, State};

impl Session {
    /// Where the session goes now that every card of it has a decision: to the next card that needs the cardholder, or
    /// to the end that says most.
    ///
    /// # Errors
    /// [`Refusal::WrongState`] when the session is not in a state that this can follow.
    pub fn conclude(&mut self) -> Result<(), Refusal> {
        if !self
            .cards
            .iter()
            .any(|card| matches!(card.state, CardState::Digitizing { .. }))
        {
            // It was for the orders, and they are through.
            self.device_ip = None;
        }
        let state = self.conclusion();
        if state == self.state {
            Ok(())
        } else {
            self.move_to(state)
        }
    }

    fn conclusion(&self) -> State {
        if self
            .cards
            .iter()
            .any(|card| matches!(card.state, CardState::Eligible { .. }))
        {
            return State::Terms;
        }
        // Whoever is proving one card is not interrupted by news of another.
        if let State::StepUp { card } | State::Code { card, .. } = &self.state
            && self.card(card).is_some_and(needs_the_cardholder)
        {
            return self.state.clone();
        }
        if let Some(card) = self.cards.iter().find(|card| needs_the_cardholder(card)) {
            return State::StepUp {
                card: card.id.as_str().to_owned(),
            };
        }
        let any = |wanted: fn(&CardState) -> bool| self.cards.iter().any(|card| wanted(&card.state));
        if any(|state| matches!(state, CardState::Inactive(_))) {
            State::Pending
        } else if any(|state| matches!(state, CardState::Active | CardState::Suspended)) {
            State::Active
        } else if any(|state| matches!(state, CardState::Duplicate { .. })) {
            State::Failed {
                reason: Failure::Duplicate,
            }
        } else if any(|state| matches!(state, CardState::Declined)) && self.state.name().is_working() {
            State::Declined
        } else {
            State::Failed {
                reason: self.first_failure().unwrap_or(Failure::Refused),
            }
        }
    }

    /// The first card's reason, for the page of a session that failed as a whole.
    #[must_use]
    pub fn first_failure(&self) -> Option<Failure> {
        self.cards.iter().find_map(|card| match card.state {
            CardState::Failed { reason } => Some(reason),
            _ => None,
        })
    }
}

/// Whether a card waits for the cardholder, in a way that this version knows.
fn needs_the_cardholder(card: &Card) -> bool {
    match &card.state {
        CardState::Inactive(step_up) => step_up.progress == Progress::Open && step_up.has_a_way(),
        _ => false,
    }
}
