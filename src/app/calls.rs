//! One step that needs MDES: ask, or send once, and write what came of it.

use crate::domain::card::{Card, CardState, Effect, EffectStatus, Operation};
use crate::domain::doubt;
use crate::domain::id::{AssetId, CardId, RequestId};
use crate::domain::life::CardChange;
use crate::domain::locale::Locale;
use crate::domain::outcome::{self, Setback};
use crate::domain::session::{Session, State};
use crate::domain::token::{Activation, AuthenticationMethod, Digitized, TaskStatus, Token, TokenStatus};
use crate::mdes::{CausedBy, DigitizeOrder, MdesError, MdesErrorKind, TokenChange};
use crate::store::Moved;

use super::continuation::choose_the_only_way;
use super::{App, Fault, fresh};

impl App {
    /// The wallet instance that MDES sees: one per browser, 48 characters at the most, and no secret of it.
    pub(super) fn instance_of(session: &Session) -> String {
        format!("TM{}", &session.owner.as_str()[..40])
    }

    pub(super) async fn ask_eligibility(&self, session: &Session, id: &CardId, fence: i64) -> Result<bool, Fault> {
        let Some(receipt) = session.card(id.as_str()).and_then(|card| card.secrets.receipt.as_ref()) else {
            return Err(Fault::Internal);
        };
        let instance = Self::instance_of(session);
        let profile = self.profile(&session.issuer);
        let code = session
            .card(id.as_str())
            .and_then(|card| profile.code_for_mdes(session, card));
        let language = session.locale.as_ref().map(Locale::language);
        let asked = self
            .0
            .mdes
            .check_eligibility(&request(), &instance, receipt, code, language)
            .await;
        let answer = asked.map_err(|e| setback_of_question(&e));
        let ask_without_code = code.is_some() && profile.may_ask_without_code(&answer);
        self.apply(&session.id, fence, |session, now| {
            if let Some(card) = session.card_mut(id).filter(|card| card.state == CardState::Held) {
                if ask_without_code {
                    card.attempts.without_code = true;
                } else {
                    outcome::eligibility(card, answer.clone(), now, &self.0.settings.policy);
                }
            }
            Ok(())
        })
        .await
    }

    pub(super) async fn fetch_terms(&self, session: &Session, id: &CardId, fence: i64) -> Result<bool, Fault> {
        let asset = session
            .card(id.as_str())
            .and_then(|card| card.terms.as_ref())
            .map(|terms| terms.asset.clone());
        let asset = asset
            .and_then(|asset| AssetId::parse(&asset).ok())
            .ok_or(Fault::Internal)?;
        let digest = self.terms_digest(&asset).await?;
        self.apply(&session.id, fence, |session, now| {
            let eligible = |card: &&mut Card| matches!(card.state, CardState::Eligible { .. });
            if let Some(card) = session.card_mut(id).filter(eligible) {
                outcome::terms(card, digest.clone(), now, &self.0.settings.policy);
            }
            Ok(())
        })
        .await
    }

    /// Marks the effect as sent, commits that, and only then lets the first byte leave. Once.
    pub(super) async fn send(&self, mut session: Session, id: &CardId, fence: i64) -> Result<bool, Fault> {
        let now = self.now();
        let card = session.card_mut(id).ok_or(Fault::Internal)?;
        let effect = card.effect.as_mut().ok_or(Fault::Internal)?;
        effect.status = EffectStatus::Sent;
        effect.sent_at = Some(now);
        effect.ask_at = None;
        let effect = effect.clone();
        let card = card.clone();
        if self.write(&session, Some(fence), &[]).await? != Moved::Moved {
            return Ok(false);
        }
        match effect.operation {
            Operation::Digitize => self.send_digitize(&session, &card, &effect, fence).await,
            Operation::RequestCode => self.send_request_code(&session, &card, &effect, fence).await,
            Operation::Activate => self.send_activate(&session, &card, &effect, fence).await,
            Operation::Delete => self.send_delete(&session, &card, &effect, fence).await,
            Operation::Suspend => {
                self.send_change(&session, &card, &effect, CardChange::Pause, fence)
                    .await
            }
            Operation::Resume => {
                self.send_change(&session, &card, &effect, CardChange::Resume, fence)
                    .await
            }
            Operation::Remove => {
                self.send_change(&session, &card, &effect, CardChange::Remove, fence)
                    .await
            }
        }
    }

    async fn send_digitize(&self, session: &Session, card: &Card, effect: &Effect, fence: i64) -> Result<bool, Fault> {
        let (Some(task), Some(receipt), Some(eligibility), Some(terms)) = (
            &effect.task,
            &card.secrets.receipt,
            &card.secrets.eligibility,
            &card.terms,
        ) else {
            return Err(Fault::Internal);
        };
        let terms_asset = AssetId::parse(&terms.asset).map_err(|_| Fault::Internal)?;
        let order = DigitizeOrder {
            request: &effect.request,
            task,
            instance: &Self::instance_of(session),
            receipt,
            eligibility,
            terms: &terms_asset,
            accepted_at: crate::domain::Millis(terms.accepted_at_ms.ok_or(Fault::Internal)?),
            device_ip: session
                .device_ip
                .as_deref()
                .or(Some(&self.0.settings.device_ip_unknown)),
        };
        let answer = self.0.mdes.digitize(&order).await.map_err(|e| setback(&e));
        self.apply_decision(session, card, &answer, fence).await
    }

    /// Applies a decision. The account may turn out to be in this wallet already, even while we write.
    async fn apply_decision(
        &self,
        session: &Session,
        card: &Card,
        answer: &Result<Digitized, Setback>,
        fence: i64,
    ) -> Result<bool, Fault> {
        let account = match answer {
            Ok(Digitized::Approved(token) | Digitized::NeedsAuthentication(token, _)) => token.account.clone(),
            Ok(Digitized::Declined) | Err(_) => None,
        };
        for _ in 0..super::TRIES_MAX {
            let twin = match &account {
                Some(account) => self.0.store.card_of_account(&session.owner, account.as_str()).await?,
                None => None,
            };
            let found = self.0.store.session(&session.id).await?;
            let Some(mut current) = found else { return Ok(false) };
            let now = self.now();
            let Some(own) = current
                .card_mut(&card.id)
                .filter(|card| outcome::awaits(card, Operation::Digitize))
            else {
                return Ok(true);
            };
            outcome::digitized(own, answer.clone(), twin.as_ref(), now, &self.0.settings.policy);
            let art = own.face.art.clone();
            match self.write(&current, Some(fence), &[]).await? {
                Moved::Moved => {
                    self.prepare_art(art).await;
                    return Ok(true);
                }
                Moved::Lost | Moved::AccountTaken => {}
                Moved::TokenTaken => {
                    tracing::error!(session = %session.id, card = %card.id, "MDES named a token that another card has");
                    return self.put_in_doubt(session, card, fence).await;
                }
                Moved::ReceiptSpent => return Err(Fault::Internal),
            }
        }
        Ok(false)
    }

    /// The answer cannot be true, so what became of the order is not known, or still not.
    async fn put_in_doubt(&self, session: &Session, card: &Card, fence: i64) -> Result<bool, Fault> {
        self.apply(&session.id, fence, |session, now| {
            let policy = &self.0.settings.policy;
            match session.card_mut(&card.id) {
                Some(own) if own.is_in_doubt() => doubt::still_in_doubt(own, now, policy),
                Some(own) if outcome::awaits(own, Operation::Digitize) => doubt::doubt(own, now, policy),
                _ => {}
            }
            Ok(())
        })
        .await
    }

    async fn send_request_code(
        &self,
        session: &Session,
        card: &Card,
        effect: &Effect,
        fence: i64,
    ) -> Result<bool, Fault> {
        let (State::Code { method, .. }, Some(token)) = (&session.state, &card.token) else {
            return Err(Fault::Internal);
        };
        let instance = Self::instance_of(session);
        let asked = self
            .0
            .mdes
            .request_activation_code(&effect.request, &instance, token, method)
            .await;
        let answer = asked.map_err(|e| setback(&e));
        self.apply(&session.id, fence, |session, _| match session.card_mut(&card.id) {
            Some(own) if outcome::awaits(own, Operation::RequestCode) => {
                outcome::code_requested(session, &card.id, &answer)
            }
            _ => Ok(()),
        })
        .await
    }

    async fn send_activate(&self, session: &Session, card: &Card, effect: &Effect, fence: i64) -> Result<bool, Fault> {
        let (Some(token), Some(code)) = (&card.token, &card.secrets.code) else {
            return Err(Fault::Internal);
        };
        let instance = Self::instance_of(session);
        let answer = self
            .0
            .mdes
            .activate(&effect.request, &instance, token, code)
            .await
            .map_err(|e| setback(&e));
        self.apply_activation(session, card, &answer, fence).await
    }

    async fn apply_activation(
        &self,
        session: &Session,
        card: &Card,
        answer: &Result<Activation, Setback>,
        fence: i64,
    ) -> Result<bool, Fault> {
        self.apply(&session.id, fence, |session, now| {
            match session.card_mut(&card.id) {
                Some(own) if outcome::awaits(own, Operation::Activate) => {}
                _ => return Ok(()),
            }
            outcome::activated(session, &card.id, answer, now, &self.0.settings.policy)?;
            choose_the_only_way(session, now, self)
        })
        .await
    }

    async fn send_delete(&self, session: &Session, card: &Card, effect: &Effect, fence: i64) -> Result<bool, Fault> {
        let token = card.token.as_ref().ok_or(Fault::Internal)?;
        let deleted = self
            .0
            .mdes
            .change_token(
                TokenChange::Delete,
                CausedBy::TokenRequestor,
                &effect.request,
                &Self::instance_of(session),
                token,
            )
            .await;
        let answer = deleted.map(|_| ()).map_err(|e| setback(&e));
        self.apply(&session.id, fence, |session, now| {
            if let Some(own) = session
                .card_mut(&card.id)
                .filter(|own| outcome::awaits(own, Operation::Delete))
            {
                outcome::deletion(own, &answer, now, &self.0.settings.policy);
            }
            Ok(())
        })
        .await
    }

    /// Asks MDES what became of an effect whose answer was lost.
    pub(super) async fn settle(&self, session: Session, id: &CardId, fence: i64) -> Result<bool, Fault> {
        let card = session.card(id.as_str()).cloned().ok_or(Fault::Internal)?;
        let effect = card.open_effect().cloned().ok_or(Fault::Internal)?;
        match effect.operation {
            Operation::Digitize => self.settle_digitize(&session, &card, &effect, fence).await,
            // Asking for a code twice brings the same code: nothing has to be found out.
            Operation::RequestCode => {
                self.apply(&session.id, fence, |session, _| {
                    outcome::code_requested(session, id, &Err(Setback::Lost))
                })
                .await
            }
            Operation::Activate => self.settle_activate(&session, &card, &effect, fence).await,
            Operation::Delete => self.settle_delete(&session, &card, &effect, fence).await,
            Operation::Suspend => self.settle_change(&session, &card, CardChange::Pause, fence).await,
            Operation::Resume => self.settle_change(&session, &card, CardChange::Resume, fence).await,
            Operation::Remove => self.settle_change(&session, &card, CardChange::Remove, fence).await,
        }
    }

    async fn settle_digitize(
        &self,
        session: &Session,
        card: &Card,
        effect: &Effect,
        fence: i64,
    ) -> Result<bool, Fault> {
        let (Some(task), Some(receipt)) = (&effect.task, &card.secrets.receipt) else {
            return Err(Fault::Internal);
        };
        let instance = Self::instance_of(session);
        let status = self.0.mdes.task_status(&request(), &instance, task).await;
        if let Ok(TaskStatus::Completed) = status {
            let found = self.0.mdes.search_tokens(&request(), &instance, receipt).await;
            return match self.own_token(card, found).await? {
                Ok(found) => {
                    let answer = Ok(outcome::decision_of(found));
                    self.apply_decision(session, card, &answer, fence).await
                }
                Err(problem) => {
                    tracing::error!(session = %session.id, problem, "a finished order has no token to take: {problem}");
                    self.still_in_doubt(session, card, fence).await
                }
            };
        }
        self.apply(&session.id, fence, |session, now| {
            let policy = &self.0.settings.policy;
            if let Some(own) = session
                .card_mut(&card.id)
                .filter(|own| outcome::awaits(own, Operation::Digitize))
            {
                match status {
                    Ok(TaskStatus::Failed) => doubt::nothing_added(own, now),
                    Ok(TaskStatus::Unknown) => doubt::unknown_task(own, now, policy),
                    Ok(TaskStatus::Pending | TaskStatus::Completed) => doubt::pending_task(own, now, policy),
                    Err(_) => doubt::still_in_doubt(own, now, policy),
                }
            }
            Ok(())
        })
        .await
    }

    /// Of the tokens that MDES finds for a receipt, the one that no other card has.
    async fn own_token(
        &self,
        card: &Card,
        found: Result<Vec<(Token, Vec<AuthenticationMethod>)>, MdesError>,
    ) -> Result<Result<Option<(Token, Vec<AuthenticationMethod>)>, &'static str>, Fault> {
        let Ok(found) = found else {
            return Ok(Err("MDES does not say which"));
        };
        let mut own = Vec::new();
        for (token, methods) in found {
            let holder = self.0.store.card_of_token(&token.reference).await?;
            if holder.is_none_or(|holder| holder == card.id) {
                own.push((token, methods));
            }
        }
        Ok(match own.len() {
            0 | 1 => Ok(own.pop()),
            _ => Err("MDES names several"),
        })
    }

    async fn still_in_doubt(&self, session: &Session, card: &Card, fence: i64) -> Result<bool, Fault> {
        self.apply(&session.id, fence, |session, now| {
            if let Some(own) = session.card_mut(&card.id).filter(|own| own.is_in_doubt()) {
                doubt::still_in_doubt(own, now, &self.0.settings.policy);
            }
            Ok(())
        })
        .await
    }

    async fn settle_activate(
        &self,
        session: &Session,
        card: &Card,
        effect: &Effect,
        fence: i64,
    ) -> Result<bool, Fault> {
        match self.token_status(session, card).await {
            Ok(TokenStatus::Active) => {
                self.apply_activation(session, card, &Ok(Activation::Success), fence)
                    .await
            }
            Ok(_) if effect.asked > 0 => {
                self.apply(&session.id, fence, |session, _| {
                    if let Some(own) = session.card_mut(&card.id) {
                        outcome::activation_unknown(own);
                    }
                    Ok(())
                })
                .await
            }
            Ok(_) | Err(_) => self.still_in_doubt(session, card, fence).await,
        }
    }

    async fn settle_delete(&self, session: &Session, card: &Card, effect: &Effect, fence: i64) -> Result<bool, Fault> {
        let done = match self.token_status(session, card).await {
            Ok(TokenStatus::Deactivated) => true,
            Ok(_) if effect.asked > 0 => false,
            Ok(_) | Err(_) => return self.still_in_doubt(session, card, fence).await,
        };
        self.apply(&session.id, fence, |session, _| {
            if let Some(own) = session.card_mut(&card.id) {
                outcome::deleted(own, done);
            }
            Ok(())
        })
        .await
    }

    async fn token_status(&self, session: &Session, card: &Card) -> Result<TokenStatus, Setback> {
        self.token_standing(session, card).await.map(|standing| standing.status)
    }
}

fn request() -> RequestId {
    RequestId::from_random(fresh())
}

/// What an error of the client means for an effect or a question.
pub(super) fn setback(error: &MdesError) -> Setback {
    tracing::warn!(call = error.call(), %error, "MDES: {error}");
    match error.kind() {
        _ if error.may_have_happened() => Setback::Lost,
        MdesErrorKind::Refused { reason_code, .. } => Setback::Refused(reason_code.clone()),
        MdesErrorKind::NotSent | MdesErrorKind::Lost | MdesErrorKind::Unauthorized | MdesErrorKind::Busy => {
            Setback::NotDone
        }
    }
}

/// The same for a question, which may be asked again when MDES says that this can help.
pub(super) fn setback_of_question(error: &MdesError) -> Setback {
    match setback(error) {
        Setback::Refused(_) if error.is_retryable() => Setback::NotDone,
        other => other,
    }
}
