//! A card after it was added: what its cardholder does with it, and the calls for that.

use crate::domain::Millis;
use crate::domain::card::{Card, Effect};
use crate::domain::id::{CardId, Fingerprint, RequestId, SessionId};
use crate::domain::life::{self, CardChange};
use crate::domain::outcome::{self, Setback};
use crate::domain::session::{Refusal, Session};
use crate::domain::token::TokenStanding;
use crate::mdes::{CausedBy, TokenChange};

use super::calls::{setback, setback_of_question};
use super::continuation::choose_the_only_way;
use super::view::CardView;
use super::{App, Fault, fresh};

impl App {
    /// The cardholder pauses, goes on with or removes a card. The worker asks MDES for it, once.
    ///
    /// # Errors
    /// [`Fault::UnknownCard`] for one that is not this owner's or was never in the wallet, [`Fault::NotNow`],
    /// [`Fault::Unavailable`].
    pub async fn change_card(&self, id: &CardId, owner: &Fingerprint, change: CardChange) -> Result<(), Fault> {
        let (session, _) = self.own_card(id, owner).await?;
        self.change(&session.id, owner, |session, now| {
            session.change_card(id, change, RequestId::from_random(fresh()), now)
        })
        .await
    }

    /// A card of this owner, once nothing that the cardholder wants of it is under way, or at the latest after `wait_ms`.
    ///
    /// # Errors
    /// [`Fault::UnknownCard`], [`Fault::Unavailable`].
    pub async fn card_at_rest(&self, id: &CardId, owner: &Fingerprint, wait_ms: u64) -> Result<CardView, Fault> {
        let (session, _) = self.own_card(id, owner).await?;
        let rests = |session: &Session| {
            let card = session.card(id.as_str());
            card.is_none_or(|card| card.open_change().is_none() || card.is_in_doubt())
        };
        self.session_when(&session.id, owner, wait_ms, rests).await?;
        self.card(id, owner).await
    }

    pub(super) async fn send_change(
        &self,
        session: &Session,
        card: &Card,
        effect: &Effect,
        change: CardChange,
        fence: i64,
    ) -> Result<bool, Fault> {
        let token = card.token.as_ref().ok_or(Fault::Internal)?;
        let call = match change {
            CardChange::Pause => TokenChange::Suspend,
            CardChange::Resume => TokenChange::Unsuspend,
            CardChange::Remove => TokenChange::Delete,
        };
        let instance = Self::instance_of(session);
        let changed = self
            .0
            .mdes
            .change_token(call, CausedBy::Cardholder, &effect.request, &instance, token);
        let answer = changed.await.map_err(|e| setback(&e));
        self.apply_change(&session.id, card, change, fence, |session, now| {
            life::changed(session, &card.id, change, &answer, now, &self.0.settings.policy)
        })
        .await
    }

    /// Asks MDES how a token stands whose change was not answered.
    pub(super) async fn settle_change(
        &self,
        session: &Session,
        card: &Card,
        change: CardChange,
        fence: i64,
    ) -> Result<bool, Fault> {
        let found = self.token_standing(session, card).await;
        self.apply_change(&session.id, card, change, fence, |session, now| {
            life::change_settled(session, &card.id, change, &found, now, &self.0.settings.policy)
        })
        .await
    }

    /// Applies what became of a change, unless it is known by now.
    async fn apply_change(
        &self,
        session: &SessionId,
        card: &Card,
        change: CardChange,
        fence: i64,
        apply: impl Fn(&mut Session, Millis) -> Result<(), Refusal>,
    ) -> Result<bool, Fault> {
        self.apply(session, fence, |session, now| {
            let own = session.card(card.id.as_str());
            if own.is_some_and(|own| outcome::awaits(own, change.operation())) {
                apply(session, now)?;
                choose_the_only_way(session, now, self)?;
            }
            Ok(())
        })
        .await
    }

    /// How MDES says that a token stands.
    pub(super) async fn token_standing(&self, session: &Session, card: &Card) -> Result<TokenStanding, Setback> {
        let token = card.token.as_ref().ok_or(Setback::NotDone)?;
        let asked = self
            .0
            .mdes
            .token(&RequestId::from_random(fresh()), &Self::instance_of(session), token)
            .await;
        asked.map(|found| found.standing()).map_err(|e| setback_of_question(&e))
    }

    /// Asks how a token stands, because a notice said so or because it is time.
    pub(super) async fn ask_token(&self, session: &Session, id: &CardId, fence: i64) -> Result<bool, Fault> {
        let card = session.card(id.as_str()).ok_or(Fault::Internal)?;
        let notices = card.attempts.notices;
        let answer = self.token_standing(session, card).await;
        self.apply(&session.id, fence, |session, now| {
            outcome::token_state(session, id, notices, &answer, now, &self.0.settings.policy)?;
            choose_the_only_way(session, now, self)
        })
        .await
    }
}
