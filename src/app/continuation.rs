//! The worker: claims what is due, does the next step, writes, and again, until the session rests.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::domain::Millis;
use crate::domain::card::{Card, Operation};
use crate::domain::doubt;
use crate::domain::id::{CardId, RequestId, SessionId};
use crate::domain::outcome;
use crate::domain::session::{Refusal, Session};
use crate::domain::steps::{Step, next_step};
use crate::store::{Moved, StoreFault};

use super::{App, Fault, fresh};

/// Loops that work side by side, so that one slow answer of MDES does not hold up the others.
const WORKERS: usize = 4;
/// Steps of one session before it is given back to the queue, so that none can hold a worker for ever.
const STEPS_MAX: usize = 64;
/// How long a worker rests when the store does not answer, or when it panicked.
const AFTER_A_FAILURE: Duration = Duration::from_secs(1);
/// Between two looks at what can be forgotten.
const TRIM_EVERY: Duration = Duration::from_secs(3600);

/// The background work of one process.
#[derive(Debug)]
pub struct Workers {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Workers {
    /// Lets every worker finish what it has begun, and waits for that.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

impl App {
    /// Starts the workers, the refreshing of the directory and of the keys, and the housekeeping.
    #[must_use]
    pub fn start_background(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let span = super::span_of(self.identity());
        for _ in 0..WORKERS {
            tasks.spawn(self.clone().work(stopped.clone()).instrument(span.clone()));
        }
        if self.settings().pulls {
            let refreshing = self.clone().refresh_directory_for_ever(stopped.clone());
            tasks.spawn(refreshing.instrument(span.clone()));
        }
        tasks.spawn(
            self.clone()
                .refresh_keys_for_ever(stopped.clone())
                .instrument(span.clone()),
        );
        tasks.spawn(self.clone().trim_for_ever(stopped).instrument(span));
        Workers { tasks, stop }
    }

    async fn work(self, mut stopped: watch::Receiver<bool>) {
        let poll = Duration::from_millis(self.0.settings.poll_ms);
        while !*stopped.borrow() {
            // Before it is looked at what is due: what moves meanwhile moves that.
            let moved = self.0.clock.moved();
            let nap = match AssertUnwindSafe(self.run_due()).catch_unwind().await {
                Ok(Ok(true)) => continue,
                Ok(Ok(false)) => self.until_next_due(poll).await,
                Ok(Err(cause)) => {
                    tracing::error!(%cause, "the worker cannot reach the store: {cause}");
                    self.rest_after_a_failure(&mut stopped).await;
                    continue;
                }
                Err(_) => {
                    tracing::error!("a step of the worker panicked; its session is tried again when the lease is over");
                    self.rest_after_a_failure(&mut stopped).await;
                    continue;
                }
            };
            tokio::select! {
                () = self.0.signals.wake.notified() => {}
                () = moved => {}
                () = tokio::time::sleep(nap) => {}
                _ = stopped.changed() => {}
            }
        }
    }

    /// Nothing wakes a worker that has just failed: a store that does not write would be asked thousands of times a second.
    async fn rest_after_a_failure(&self, stopped: &mut watch::Receiver<bool>) {
        tokio::select! {
            () = tokio::time::sleep(AFTER_A_FAILURE) => {}
            _ = stopped.changed() => {}
        }
    }

    async fn until_next_due(&self, poll: Duration) -> Duration {
        let now = self.now();
        match self.0.store.next_due(now).await {
            Ok(Some(due)) => Duration::from_millis(u64::try_from(due.0 - now.0).unwrap_or(1).max(1)).min(poll),
            Ok(None) | Err(_) => poll,
        }
    }

    async fn trim_for_ever(self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            if let Err(cause) = self.trim().await {
                tracing::error!(%cause, "old rows could not be forgotten: {cause}");
            }
            tokio::select! {
                () = tokio::time::sleep(TRIM_EVERY) => {}
                _ = stopped.changed() => {}
            }
        }
    }

    /// Forgets what nobody needs any more.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn trim(&self) -> Result<(), StoreFault> {
        self.0.store.trim(self.now()).await
    }

    /// Takes one session that is due and does what there is to do for it. Answers whether there was one.
    ///
    /// # Errors
    /// [`StoreFault`] when nothing can be claimed. A fault later on leaves the session to whoever claims it next.
    pub async fn run_due(&self) -> Result<bool, StoreFault> {
        let now = self.now();
        let Some((id, fence)) = self.0.store.claim_due(now, self.0.settings.policy.lease_ms).await? else {
            return Ok(false);
        };
        match self.drive(&id, fence).await {
            Ok(rest) => self.0.store.release(&id, fence, rest).await?,
            // The lease is kept: when it runs out the session is tried again, and not a thousand times before.
            Err(fault) => {
                tracing::error!(session = %id, ?fault, "session {id} could not go on; it is tried again later")
            }
        }
        Ok(true)
    }

    /// Goes on until the session rests: the version that rests, and until when. `None` when somebody else has it now.
    async fn drive(&self, id: &SessionId, fence: i64) -> Result<Option<(i64, Option<Millis>)>, Fault> {
        for _ in 0..STEPS_MAX {
            let Some(session) = self.0.store.session(id).await? else {
                return Ok(None);
            };
            let version = session.version;
            match next_step(&session, self.now(), &self.0.settings.policy) {
                Step::Rest(until) => return Ok(Some((version, until))),
                step => {
                    if !self.take(step, session, fence).await? {
                        return Ok(None);
                    }
                }
            }
        }
        Ok(None)
    }

    /// Does one step and writes what came of it. Answers whether this worker still has the session.
    async fn take(&self, step: Step, session: Session, fence: i64) -> Result<bool, Fault> {
        let policy = &self.0.settings.policy;
        match step {
            Step::AskEligibility(card) => self.ask_eligibility(&session, &card, fence).await,
            Step::FetchTerms(card) => self.fetch_terms(&session, &card, fence).await,
            Step::Send(card) => self.send(session, &card, fence).await,
            Step::Settle(card) => self.settle(session, &card, fence).await,
            Step::AskToken(card) => self.ask_token(&session, &card, fence).await,
            Step::Doubt(card) => {
                self.with_card(session, &card, fence, |card, now| doubt::doubt(card, now, policy))
                    .await
            }
            Step::Abandon(card) => self.with_card(session, &card, fence, outcome::abandon).await,
            Step::Prepare(card, operation) => {
                self.with_card(session, &card, fence, |card, now| prepare(card, operation, now))
                    .await
            }
            Step::Conclude => {
                self.with(session, fence, |session, now| conclude(session, now, self))
                    .await
            }
            Step::GiveUp => self.with(session, fence, outcome::give_up).await,
            Step::Expire => {
                let expired = session.expire(self.now()).map_err(|_| Fault::Internal)?;
                Ok(self.write(&expired, Some(fence), &[]).await? == Moved::Moved)
            }
            Step::Park => self.with(session, fence, |session, _| outcome::park(session)).await,
            Step::Rest(_) => Ok(true),
        }
    }

    async fn with(
        &self,
        mut session: Session,
        fence: i64,
        change: impl FnOnce(&mut Session, Millis) -> Result<(), Refusal>,
    ) -> Result<bool, Fault> {
        let id = session.id.clone();
        change(&mut session, self.now()).map_err(|refusal| Fault::NotNow { session: id, refusal })?;
        Ok(self.write(&session, Some(fence), &[]).await? == Moved::Moved)
    }

    async fn with_card(
        &self,
        session: Session,
        card: &CardId,
        fence: i64,
        change: impl FnOnce(&mut Card, Millis),
    ) -> Result<bool, Fault> {
        self.with(session, fence, |session, now| {
            if let Some(card) = session.card_mut(card) {
                change(card, now);
            }
            Ok(())
        })
        .await
    }

    /// Applies an answer of MDES to the session as it is now, however often somebody else writes in between.
    pub(super) async fn apply(
        &self,
        id: &SessionId,
        fence: i64,
        change: impl Fn(&mut Session, Millis) -> Result<(), Refusal>,
    ) -> Result<bool, Fault> {
        for _ in 0..super::TRIES_MAX {
            let found = self.0.store.session(id).await?;
            let Some(mut session) = found else { return Ok(false) };
            let before = session.clone();
            let now = self.now();
            if let Err(refusal) = change(&mut session, now) {
                return Err(Fault::NotNow {
                    session: before.id,
                    refusal,
                });
            }
            match self.write(&session, Some(fence), &[]).await? {
                Moved::Moved => return Ok(true),
                // Somebody else wrote, or the lease is another's. The fence tells: with it gone, every try is lost.
                Moved::Lost => {}
                Moved::ReceiptSpent | Moved::AccountTaken | Moved::TokenTaken => return Err(Fault::Internal),
            }
        }
        Ok(false)
    }
}

fn prepare(card: &mut Card, operation: Operation, now: Millis) {
    card.prepare(operation, RequestId::from_random(fresh()), None, now);
}

/// On to the next state; and where there is one way to prove it and that brings a code, the code is asked for.
pub(super) fn conclude(session: &mut Session, now: Millis, app: &App) -> Result<(), Refusal> {
    outcome::conclude(session, now, &app.0.settings.policy)?;
    choose_the_only_way(session, now, app)
}

pub(super) fn choose_the_only_way(session: &mut Session, now: Millis, app: &App) -> Result<(), Refusal> {
    if let Some(method) = session.only_way() {
        let request = RequestId::from_random(fresh());
        *session = session
            .clone()
            .choose_method(&method, request, now, &app.0.settings.policy)?;
    }
    Ok(())
}
