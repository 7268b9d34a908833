//! From sessions and the directory to what is shown.

use std::time::Duration;

use tokio::sync::broadcast;

use crate::domain::Millis;
use crate::domain::card::{Card, CardState, Failure, Progress, StepUp};
use crate::domain::device::{Client, Device};
use crate::domain::id::{CardId, CountryCode, Fingerprint, IssuerId, SessionId};
use crate::domain::issuer::{Issuer, search};
use crate::domain::launch::Mechanism;
use crate::domain::session::{Session, State};
use crate::domain::token::AuthenticationMethod;

use super::view::{Attempt, CardView, Home, IssuerBadge, Picker, Reach, Stage};
use super::{App, Fault, terms};

/// Rows of the picker on one page.
pub const ROWS_PER_PAGE: usize = 60;
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
            if !session.is_overdue(self.now()) {
                unfinished.push((session.id, session.issuer_name));
            }
        }
        Ok(Home { cards, unfinished })
    }

    /// The picker. `page` counts from 1; page n holds the rows of all pages up to it.
    pub async fn picker(&self, query: &str, country: Option<&CountryCode>, page: usize, device: &Device) -> Picker {
        let directory = self.current_directory();
        let is_listed =
            |issuer: &&Issuer| !self.0.settings.hide_unreachable || self.badge(issuer, device).reach.is_here();
        let listed: Vec<&Issuer> = directory.issuers.iter().filter(is_listed).collect();
        let mut found = search(&directory.issuers, query, country);
        found.retain(is_listed);
        let shown = page.max(1).saturating_mul(ROWS_PER_PAGE);
        let age_ms = directory.fetched_at.map(|at| self.now().0 - at.0);
        let stale = age_ms.filter(|age| *age > self.0.settings.directory_stale_ms);
        Picker {
            total: found.len(),
            rows: found
                .into_iter()
                .take(shown)
                .map(|issuer| self.badge(issuer, device))
                .collect(),
            directory_total: listed.len(),
            countries: countries(&listed),
            stale_minutes: stale.map(|age| age / 60_000),
            unavailable: directory.fetched_at.is_none(),
            in_app: Client::of(&device.signals()).in_app.is_some(),
        }
    }

    /// One issuer.
    ///
    /// # Errors
    /// [`Fault::UnknownIssuer`].
    pub async fn issuer(&self, id: &IssuerId, device: &Device) -> Result<IssuerBadge, Fault> {
        self.current_directory()
            .issuer(id)
            .map(|issuer| self.badge(issuer, device))
            .ok_or(Fault::UnknownIssuer)
    }

    /// A card of this browser's wallet.
    ///
    /// # Errors
    /// [`Fault::UnknownCard`].
    pub async fn card(&self, id: &CardId, owner: &Fingerprint) -> Result<CardView, Fault> {
        let found = self.0.store.session_of_card(id).await?;
        let session = self.own_session(&found.ok_or(Fault::UnknownCard)?, owner).await;
        let session = session.map_err(|fault| {
            if fault == Fault::UnknownSession {
                Fault::UnknownCard
            } else {
                fault
            }
        })?;
        let card = session.card(id.as_str()).filter(|card| card.state.is_in_wallet());
        let mut card = view(&session, card.ok_or(Fault::UnknownCard)?);
        self.illustrate(&mut card).await?;
        Ok(card)
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
        let mut writes = self.0.signals.writes.subscribe();
        let deadline = tokio::time::sleep(Duration::from_millis(wait_ms));
        tokio::pin!(deadline);
        loop {
            let session = self.own_session(id, owner).await?;
            let news = seen_version.map_or(!session.is_working(), |seen| session.version != seen);
            if news || deadline.is_elapsed() {
                return self.show(session, device).await;
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
        let now = self.now();
        let device = &Device {
            touch_points: session.touch_points,
            ..device.clone()
        };
        let directory = self.current_directory();
        let issuer = match directory.issuer(&session.issuer) {
            Some(issuer) => self.badge(issuer, device),
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
        Ok(Attempt {
            reference: session.id.as_str()[..8].to_ascii_uppercase(),
            issuer,
            state,
            stage,
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
            State::Returned { until_ms } => Stage::Checking {
                waiting_ms: now.0 - (until_ms - self.0.settings.policy.receipt_life_ms),
                retrying: session.cards.iter().any(|card| card.attempts.asked > 0),
            },
            State::Terms => Stage::Terms {
                documents: self.terms_documents(session).await?,
                shown: terms::digest_of(session),
                cards: session
                    .cards
                    .iter()
                    .filter(|card| matches!(card.state, CardState::Eligible { .. }))
                    .count(),
            },
            State::Digitizing => Stage::Adding {
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
            checking: card.open_effect().is_some(),
        })
    }
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
    }
}

fn countries(issuers: &[&Issuer]) -> Vec<(CountryCode, usize)> {
    let mut counted: Vec<(CountryCode, usize)> = Vec::new();
    for country in issuers.iter().flat_map(|issuer| issuer.countries.iter()) {
        match counted.iter_mut().find(|(known, _)| known == country) {
            Some((_, count)) => *count += 1,
            None => counted.push((country.clone(), 1)),
        }
    }
    counted.sort();
    counted
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
        changed_at_ms: card.changed_at.0,
    }
}
