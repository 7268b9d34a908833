//! From sessions and the directory to what is shown.

use std::time::Duration;

use tokio::sync::broadcast;

use crate::domain::Millis;
use crate::domain::card::{Card, CardState, Failure, Progress, StepUp};
use crate::domain::device::Device;
use crate::domain::host_page::{HostFault, HostPage};
use crate::domain::id::{CardId, Fingerprint, IssuerId, SessionId};
use crate::domain::launch::Mechanism;
use crate::domain::life::CardChange;
use crate::domain::session::{Session, State};
use crate::domain::token::{AuthenticationMethod, Suspender};

use super::identity::reference;
use super::terms::{self, accepted};
use super::view::{Attempt, CardView, Health, Home, IssuerBadge, LifeView, Reach, Stage};
use super::{App, Fault};

/// Between two looks while a page waits for news that another process may write.
const LOOK_EVERY: Duration = Duration::from_millis(500);

impl App {
    /// The cards of this browser and what is not finished.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub async fn home(&self, owner: &Fingerprint) -> Result<Home, Fault> {
        let mut cards = Vec::new();
        for id in self.0.store.wallet_sessions(owner).await? {
            let session = self.own_session(&id, owner).await?;
            for card in session.cards.iter().filter(|card| card.state.is_in_wallet()) {
                let mut card = view(&session, card);
                self.illustrate(&mut card).await?;
                cards.push(card);
            }
        }
        cards.sort_by_key(|card| std::cmp::Reverse(card.changed_at_ms));
        let mut unfinished = Vec::new();
        for id in self.0.store.unfinished_sessions(owner).await? {
            let session = self.own_session(&id, owner).await?;
            if session.is_overdue(self.now()) {
                continue;
            }
            match self.require_unused(&session).await {
                Ok(()) => unfinished.push((session.id, session.issuer_name)),
                Err(Fault::Push(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Home { cards, unfinished })
    }

    /// One issuer.
    ///
    /// # Errors
    /// [`Fault::UnknownIssuer`].
    pub async fn issuer(&self, id: &IssuerId, device: &Device) -> Result<IssuerBadge, Fault> {
        let directory = self.current_directory();
        let issuer = directory.issuer(id).ok_or(Fault::UnknownIssuer)?;
        Ok(IssuerBadge {
            health: self.standing().await.health(id),
            ..self.badge(issuer, device)
        })
    }

    /// The page of another site that a cardholder wants to be led back to.
    ///
    /// # Errors
    /// Which rule the address breaks.
    pub fn host_page(&self, address: &str) -> Result<HostPage, HostFault> {
        let page = HostPage::parse(address)?;
        if page.is_below(&self.0.settings.embed.return_prefixes) {
            Ok(page)
        } else {
            Err(HostFault::Unregistered)
        }
    }

    /// A card of this browser's wallet.
    ///
    /// # Errors
    /// [`Fault::UnknownCard`].
    pub async fn card(&self, id: &CardId, owner: &Fingerprint) -> Result<CardView, Fault> {
        let (session, card) = self.own_card(id, owner).await?;
        let mut card = view(&session, &card);
        self.illustrate(&mut card).await?;
        Ok(card)
    }

    /// A card that is in this owner's wallet, or was and is gone, and its session.
    pub(super) async fn own_card(&self, id: &CardId, owner: &Fingerprint) -> Result<(Session, Card), Fault> {
        let found = self.0.store.session_of_card(id).await?;
        let session = self.own_session(&found.ok_or(Fault::UnknownCard)?, owner).await;
        let session = session.map_err(|fault| {
            if fault == Fault::UnknownSession {
                Fault::UnknownCard
            } else {
                fault
            }
        })?;
        let card = session.card(id.as_str()).filter(|card| card.was_in_wallet());
        let card = card.cloned().ok_or(Fault::UnknownCard)?;
        Ok((session, card))
    }

    /// An attempt of this browser, in whatever state it is.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::Unavailable`].
    pub async fn attempt(&self, id: &SessionId, owner: &Fingerprint, device: &Device) -> Result<Attempt, Fault> {
        let session = self.own_session(id, owner).await?;
        self.show(session, device).await
    }

    /// The same, but waits for news: while the server is working on it, or, when `seen_version` is given, until something
    /// about it is newer than that. At most `wait_ms`.
    ///
    /// # Errors
    /// As [`App::attempt`].
    pub async fn attempt_after(
        &self,
        id: &SessionId,
        owner: &Fingerprint,
        device: &Device,
        seen_version: Option<i64>,
        wait_ms: u64,
    ) -> Result<Attempt, Fault> {
        let is_news = |session: &Session| seen_version.map_or(!session.is_working(), |seen| session.version != seen);
        let session = self.session_when(id, owner, wait_ms, is_news).await?;
        self.show(session, device).await
    }

    /// A session of this owner once it is as wanted, or as it is after `wait_ms`.
    pub(super) async fn session_when(
        &self,
        id: &SessionId,
        owner: &Fingerprint,
        wait_ms: u64,
        is_wanted: impl Fn(&Session) -> bool,
    ) -> Result<Session, Fault> {
        let mut writes = self.0.signals.writes.subscribe();
        let deadline = tokio::time::sleep(Duration::from_millis(wait_ms));
        tokio::pin!(deadline);
        loop {
            let session = self.own_session(id, owner).await?;
            if is_wanted(&session) || deadline.is_elapsed() {
                return Ok(session);
            }
            let look = tokio::time::sleep(LOOK_EVERY);
            tokio::select! {
                () = &mut deadline => {}
                () = written(&mut writes, id) => {}
                () = look => {}
            }
        }
    }

    pub(super) async fn show(&self, session: Session, device: &Device) -> Result<Attempt, Fault> {
        self.require_unused(&session).await?;
        let now = self.now();
        let device = &Device {
            touch_points: session.touch_points,
            ..device.clone()
        };
        let directory = self.current_directory();
        let issuer = match directory.issuer(&session.issuer) {
            Some(issuer) => IssuerBadge {
                health: self.standing().await.health(&issuer.id),
                ..self.badge(issuer, device)
            },
            None => nameless(&session),
        };
        let (state, stage) = if session.is_overdue(now) {
            (State::Expired.name(), Stage::Expired)
        } else {
            let mut stage = self.stage(&session, device, now).await?;
            if let Stage::Outcome { cards, .. } = &mut stage {
                for card in cards {
                    self.illustrate(card).await?;
                }
            }
            (session.state.name(), stage)
        };
        let prefixes = &self.0.settings.embed.return_prefixes;
        Ok(Attempt {
            reference: reference(&session.id.as_str()[..8]),
            issuer,
            state,
            stage,
            push: self.push_view(&session, now),
            host_page: session.host_page.filter(|page| page.is_below(prefixes)),
            minutes_left: ((session.expires_at.0 - now.0) / 60_000).max(0),
            version: session.version,
            id: session.id,
        })
    }

    async fn stage(&self, session: &Session, device: &Device, now: Millis) -> Result<Stage, Fault> {
        Ok(match &session.state {
            State::Offered | State::Launched => {
                let tries = self.return_code_tries(session, now).await?;
                self.launch_stage(session, device, tries)
            }
            State::Pushed => Stage::Pushed {
                push: self.push_view(session, now).ok_or(Fault::Internal)?,
            },
            State::Returned { until_ms } => Stage::Checking {
                waiting_ms: now.0 - (until_ms - self.0.settings.policy.receipt_life_ms),
                left_ms: (until_ms - now.0).max(0),
                retrying: session.cards.iter().any(|card| card.attempts.asked > 0),
            },
            State::Terms => Stage::Terms {
                documents: self.terms_documents(session).await?,
                shown: terms::digest_of(session),
                cards: session
                    .cards
                    .iter()
                    .filter(|card| matches!(card.state, CardState::Eligible { .. }))
                    .map(|card| view(session, card))
                    .collect(),
            },
            State::Digitizing => Stage::Adding {
                waiting_ms: waiting_ms(session, now),
                in_doubt: session.cards.iter().any(Card::is_in_doubt),
            },
            State::StepUp { card } => self.proof_stage(session, card, None, now)?,
            State::Code { card, method } => self.proof_stage(session, card, Some(method), now)?,
            State::Active | State::Pending | State::Declined => outcome(session, None),
            State::Failed { reason } => outcome(session, Some(*reason)),
            State::Cancelled => Stage::Cancelled,
            State::Expired => Stage::Expired,
        })
    }

    fn proof_stage(&self, session: &Session, id: &str, method: Option<&str>, now: Millis) -> Result<Stage, Fault> {
        let card = session.card(id).ok_or(Fault::Internal)?;
        let CardState::Inactive(step_up) = &card.state else {
            return Ok(outcome(session, None));
        };
        let view = Box::new(view(session, card));
        let policy = &self.0.settings.policy;
        let Some(chosen) = method.and_then(|id| step_up.methods.iter().find(|offered| offered.id == id)) else {
            return Ok(Stage::StepUp {
                card: view,
                note: step_up.note,
            });
        };
        let next = step_up
            .sent_at_ms
            .map_or(0, |sent_at| sent_at + policy.resend_after_ms - now.0);
        Ok(Stage::Code {
            card: view,
            method: chosen.clone(),
            note: step_up.note,
            tries_left: policy
                .code_tries_max
                .saturating_sub(step_up.tries)
                .min(policy.code_tries_per_card_max.saturating_sub(step_up.tries_in_all)),
            resend_in_s: (step_up.sendings < policy.codes_max).then_some((next.max(0) + 999) / 1000),
            checking: card
                .open_effect()
                .filter(|effect| !effect.operation.is_aside())
                .map(|effect| now.0 - effect.prepared_at.0),
        })
    }
}

/// Since when the oldest effect that is not settled is under way.
fn waiting_ms(session: &Session, now: Millis) -> i64 {
    let prepared = session
        .cards
        .iter()
        .filter_map(|card| Some(card.open_effect()?.prepared_at.0));
    now.0 - prepared.min().unwrap_or(now.0)
}

/// Waits for a write to this session, or for having missed some.
async fn written(writes: &mut broadcast::Receiver<SessionId>, id: &SessionId) {
    while writes.recv().await.is_ok_and(|written| written != *id) {}
}

fn outcome(session: &Session, failure: Option<Failure>) -> Stage {
    Stage::Outcome {
        cards: session.cards.iter().map(|card| view(session, card)).collect(),
        failure,
    }
}

/// An issuer that the directory has dropped: its name is all that is left.
fn nameless(session: &Session) -> IssuerBadge {
    IssuerBadge {
        id: session.issuer.clone(),
        name: session.issuer_name.clone(),
        alias: None,
        countries: Vec::new(),
        logo: None,
        reach: Reach::Nowhere,
        mechanism: Mechanism::None,
        health: Health::Fine,
    }
}

pub(super) fn view(session: &Session, card: &Card) -> CardView {
    let step_up: Option<&StepUp> = match &card.state {
        CardState::Inactive(step_up) => Some(step_up),
        _ => None,
    };
    let known = |method: &&AuthenticationMethod| method.is_known();
    CardView {
        id: card.id.clone(),
        session: session.id.clone(),
        issuer: session.issuer_name.clone(),
        face: card.face.clone(),
        art: [].into(),
        state: card.state.name(),
        failure: match card.state {
            CardState::Failed { reason } => Some(reason),
            _ => None,
        },
        in_wallet: card.state.is_in_wallet(),
        has_terms: accepted(card).is_some(),
        in_doubt: card.is_in_doubt(),
        locked: step_up.is_some_and(|step_up| step_up.progress == Progress::Locked),
        methods: step_up
            .map(|step_up| step_up.methods.iter().filter(known).cloned().collect())
            .unwrap_or_default(),
        waiting_by: step_up.and_then(|step_up| {
            let chosen = step_up.waiting_by.as_deref()?;
            step_up.methods.iter().find(|method| method.id == chosen).cloned()
        }),
        duplicate_of: match &card.state {
            CardState::Duplicate { of } => CardId::parse(of).ok(),
            _ => None,
        },
        life: life(session, card),
        changed_at_ms: card.changed_at.0,
    }
}

/// What can be done with a card, and who holds it.
fn life(session: &Session, card: &Card) -> LifeView {
    let by = &card.life.paused_by;
    let is_paused = card.state == CardState::Suspended;
    let may = |change| session.may_change(card, change);
    LifeView {
        is_paused_here: is_paused && by.contains(&Suspender::Cardholder),
        is_held_elsewhere: is_paused && (by.is_empty() || by.iter().any(|by| *by != Suspender::Cardholder)),
        is_removed_here: card.life.removed_here,
        changing: card.open_change(),
        note: card.life.note,
        may_pause: may(CardChange::Pause),
        may_resume: may(CardChange::Resume),
        may_remove: may(CardChange::Remove),
    }
}
