//! A token's life after it was made: paused, gone on with and removed, by the cardholder here or by somebody else.
//!
//! What the cardholder does is an effect like any other: prepared, sent once, and asked about when its answer is lost. What
//! others do is found out by asking; a notice only says when to ask.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::card::{Card, CardState, Operation};
use super::doubt::{doubt, still_in_doubt};
use super::id::{CardId, Millis, RequestId};
use super::outcome::Setback;
use super::policy::Policy;
use super::session::{Refusal, Session, State};
use super::token::{Suspender, TokenStanding, TokenStatus, TokenUpdate};

/// What is known of a token since it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLife {
    /// Who has paused it, while it is paused. Empty where MDES does not say: then it was not the cardholder.
    #[serde(default)]
    pub paused_by: BTreeSet<Suspender>,
    /// `statusTimestamp` of the newest answer of MDES: what was known then is not news any more.
    #[serde(default)]
    pub told_at_ms: Option<i64>,
    /// `statusTimestamp` of the last notice that made us ask. Not to be compared otherwise: a notice can be forged.
    #[serde(default)]
    pub noticed_at_ms: Option<i64>,
    /// `requestId` of the same notice.
    #[serde(default)]
    pub notice: Option<String>,
    /// What became of the cardholder's last wish, if it was not fulfilled, and when that was known.
    #[serde(default)]
    pub note: Option<(LifeNote, i64)>,
    /// It was the cardholder who removed the card, here.
    #[serde(default)]
    pub removed_here: bool,
}

/// Why a wish of the cardholder was not fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LifeNote {
    /// It did not leave us, or MDES says that nothing came of it: nothing was changed.
    NotDone,
    /// MDES refuses.
    Refused,
    /// Its answer was lost, and MDES never said what became of it.
    Unclear,
}

/// What a cardholder can do with a card of the wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardChange {
    /// Pause it: it cannot be used until somebody goes on with it.
    Pause,
    /// Go on with a card that the cardholder paused.
    Resume,
    /// Remove it for ever.
    Remove,
}

impl CardChange {
    /// The effect.
    #[must_use]
    pub fn operation(self) -> Operation {
        match self {
            Self::Pause => Operation::Suspend,
            Self::Resume => Operation::Resume,
            Self::Remove => Operation::Remove,
        }
    }

    /// What an effect is for, if it is of this kind.
    #[must_use]
    pub fn of(operation: Operation) -> Option<Self> {
        match operation {
            Operation::Suspend => Some(Self::Pause),
            Operation::Resume => Some(Self::Resume),
            Operation::Remove => Some(Self::Remove),
            Operation::Digitize | Operation::RequestCode | Operation::Activate | Operation::Delete => None,
        }
    }

    /// Whether a token that stands so shows that the change was made.
    fn is_made(self, standing: &TokenStanding) -> bool {
        let holds = |otherwise: bool| {
            let by = standing.suspended_by.as_ref();
            by.map_or(otherwise, |by| by.contains(&Suspender::Cardholder))
        };
        match (self, standing.status) {
            (Self::Pause, TokenStatus::Suspended) => holds(true),
            (Self::Resume, TokenStatus::Suspended) => !holds(true),
            (Self::Resume, TokenStatus::Active) | (Self::Remove, TokenStatus::Deactivated) => true,
            (Self::Pause | Self::Resume | Self::Remove, _) => false,
        }
    }
}

impl Card {
    /// Whether the card is so that the cardholder can do this. Only a card in use is paused, and only who paused it goes on with it.
    #[must_use]
    pub fn may(&self, change: CardChange) -> bool {
        let own: BTreeSet<Suspender> = [Suspender::Cardholder].into();
        let possible = match change {
            CardChange::Pause => self.state == CardState::Active,
            CardChange::Resume => self.state == CardState::Suspended && self.life.paused_by == own,
            CardChange::Remove => self.state.is_in_wallet(),
        };
        possible && self.token.is_some()
    }

    /// What the cardholder wants and is not known to be done.
    #[must_use]
    pub fn open_change(&self) -> Option<CardChange> {
        CardChange::of(self.open_effect()?.operation)
    }

    fn is_already(&self, change: CardChange) -> bool {
        match change {
            CardChange::Pause => {
                self.state == CardState::Suspended && self.life.paused_by.contains(&Suspender::Cardholder)
            }
            CardChange::Resume => self.state == CardState::Active,
            CardChange::Remove => self.state == CardState::Deactivated,
        }
    }

    /// The wish is over and was not fulfilled, as far as is known.
    pub(super) fn give_up_change(&mut self, note: LifeNote, now: Millis) {
        self.settle();
        self.life.note = Some((note, now.0));
    }

    /// Takes over how the token stands. `ours` is the cardholder's change that it shows, if it shows one.
    fn stand(&mut self, standing: &TokenStanding, ours: Option<CardChange>, now: Millis) {
        let told = standing.at.map(|at| at.0);
        self.life.told_at_ms = self.life.told_at_ms.max(told);
        let next = match standing.status {
            TokenStatus::Active => CardState::Active,
            TokenStatus::Suspended => CardState::Suspended,
            TokenStatus::Deactivated => CardState::Deactivated,
            TokenStatus::Inactive => self.state.clone(),
        };
        if next == CardState::Suspended {
            match (&standing.suspended_by, ours) {
                (Some(by), _) => self.life.paused_by.clone_from(by),
                (None, Some(CardChange::Pause)) => {
                    self.life.paused_by.insert(Suspender::Cardholder);
                }
                (None, _) => {}
            }
        } else {
            self.life.paused_by.clear();
        }
        if ours == Some(CardChange::Remove) {
            self.life.removed_here = true;
        }
        if next != self.state {
            self.life.note = None;
            self.become_state(next, now);
        }
    }

    /// Whether a notice says something that nobody has asked about yet; it is remembered then. The same one again is no
    /// news, and neither is one that is older than what MDES has answered since.
    pub fn takes_notice(&mut self, update: &TokenUpdate, request: Option<&str>) -> bool {
        let life = &mut self.life;
        let is_news = match update.at {
            Some(at) => life.told_at_ms.is_none_or(|told| at.0 > told) && life.noticed_at_ms != Some(at.0),
            None => request.is_none() || life.notice.as_deref() != request,
        };
        if is_news {
            life.noticed_at_ms = update.at.map(|at| at.0);
            life.notice = request.map(str::to_owned);
        }
        is_news
    }
}

impl Session {
    /// The cardholder wants something done with a card of the wallet. What is so already, or under way, is content with that.
    ///
    /// # Errors
    /// [`Refusal::NotOffered`] for another card, [`Refusal::Busy`] while something else is under way with it,
    /// [`Refusal::WrongCardState`].
    pub fn change_card(
        mut self,
        id: &CardId,
        change: CardChange,
        request: RequestId,
        now: Millis,
    ) -> Result<Self, Refusal> {
        let card = self.card_mut(id).ok_or(Refusal::NotOffered)?;
        match card.open_effect() {
            Some(effect) if effect.operation == change.operation() => return Ok(self),
            Some(_) => return Err(Refusal::Busy),
            None => {}
        }
        if card.is_already(change) {
            return Ok(self);
        }
        if !card.may(change) {
            return Err(Refusal::WrongCardState);
        }
        if self.is_proving(id) {
            return Err(Refusal::Busy);
        }
        let card = self.card_mut(id).ok_or(Refusal::NotOffered)?;
        card.life.note = None;
        card.prepare(change.operation(), request, None, now);
        Ok(self)
    }

    /// Whether a press on that button would do something now.
    #[must_use]
    pub fn may_change(&self, card: &Card, change: CardChange) -> bool {
        card.open_effect().is_none() && card.may(change) && !self.is_proving(&card.id)
    }

    /// Whether the attempt is about to prove this card: it is left for later first, and removed then.
    fn is_proving(&self, id: &CardId) -> bool {
        let is_open = matches!(
            self.state,
            State::Digitizing | State::StepUp { .. } | State::Code { .. }
        );
        let waits = |card: &Card| matches!(card.state, CardState::Inactive(_));
        is_open && self.card(id.as_str()).is_some_and(waits)
    }

    /// A card is not what it was: whoever proves something, or waits for the issuer, goes on from there.
    fn conclude_after_change(&mut self) -> Result<(), Refusal> {
        match self.state {
            State::StepUp { .. } | State::Code { .. } | State::Pending => self.conclude(),
            State::Offered
            | State::Pushed
            | State::Launched
            | State::Returned { .. }
            | State::Terms
            | State::Digitizing
            | State::Active
            | State::Declined
            | State::Failed { .. }
            | State::Cancelled
            | State::Expired => Ok(()),
        }
    }
}

/// `suspend`, `unsuspend` or the cardholder's `delete` answered, or not. What did not leave is not sent later: the cardholder
/// sees that nothing was changed, and decides anew.
///
/// # Errors
/// None that a worker can meet: every way from the states that this moves is in the table.
pub fn changed(
    session: &mut Session,
    id: &CardId,
    change: CardChange,
    answer: &Result<TokenStanding, Setback>,
    now: Millis,
    policy: &Policy,
) -> Result<(), Refusal> {
    let Some(card) = session.card_mut(id) else {
        return Ok(());
    };
    match answer {
        Ok(standing) => {
            card.settle();
            card.stand(standing, Some(change), now);
            // Word of this change may have come before its answer.
            let is_told = |noticed: i64| card.life.told_at_ms.is_some_and(|told| told >= noticed);
            if card.life.noticed_at_ms.is_some_and(is_told) {
                card.attempts.ask_at_ms = None;
            }
            return session.conclude_after_change();
        }
        Err(Setback::Lost) => doubt(card, now, policy),
        Err(Setback::NotDone) => card.give_up_change(LifeNote::NotDone, now),
        Err(Setback::Refused(_)) => {
            card.give_up_change(LifeNote::Refused, now);
            // Perhaps it is not as we think.
            card.attempts.ask_at_ms = Some(now.0);
            card.attempts.asked = 0;
        }
    }
    Ok(())
}

/// MDES was asked how a token stands whose change is in doubt. One look may come before the change does; two say that it does
/// not come.
///
/// # Errors
/// As [`changed`].
pub fn change_settled(
    session: &mut Session,
    id: &CardId,
    change: CardChange,
    found: &Result<TokenStanding, Setback>,
    now: Millis,
    policy: &Policy,
) -> Result<(), Refusal> {
    let Some(card) = session.card_mut(id) else {
        return Ok(());
    };
    let asked = card.open_effect().map_or(0, |effect| effect.asked);
    match found {
        Ok(standing) if change.is_made(standing) => {
            card.settle();
            card.stand(standing, Some(change), now);
        }
        Ok(standing) if asked > 0 || standing.status == TokenStatus::Deactivated => {
            card.stand(standing, None, now);
            card.give_up_change(LifeNote::NotDone, now);
        }
        Ok(_) | Err(_) => {
            still_in_doubt(card, now, policy);
            return Ok(());
        }
    }
    session.conclude_after_change()
}

/// Takes over how a token stands that was asked about. Answers whether its card is in another state now. An effect that this
/// leaves nothing of is over; the cardholder's own change is over when it shows.
pub(super) fn take_standing(card: &mut Card, standing: &TokenStanding, now: Millis) -> bool {
    let before = card.state.clone();
    let open = card.open_change();
    let shown = open.filter(|change| change.is_made(standing));
    card.stand(standing, shown, now);
    let is_other = card.state != before;
    let is_gone = card.state == CardState::Deactivated;
    if shown.is_some() || (is_other && (open.is_none() || is_gone)) {
        card.settle();
    }
    is_other
}
