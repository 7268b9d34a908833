//! The verbs: everything the server does, once, for both faces.
//!
//! A verb reads the session, lets the domain move it, and writes it back with a guard; the worker
//! ([`App::run_due`]) does what needs MDES. Nothing here keeps state that a restart would miss.

mod accounts;
pub mod brand;
mod calls;
mod continuation;
mod demo;
pub mod directory;
mod fault;
mod homecoming;
mod identity;
mod keys;
mod launching;
mod life;
mod media;
mod native;
mod notice;
mod parking;
pub mod picking;
mod places;
mod present;
mod profiles;
mod proof;
pub mod prose;
mod provisioning;
mod pushing;
mod same_person;
mod settings;
mod standing;
mod tally;
mod terms;
pub mod view;

use std::fmt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::sync::{Notify, broadcast};
use tracing::Instrument as _;

use crate::clock::{Clock, random_bytes};
use crate::config::Config;
use crate::domain::Millis;
use crate::domain::card::Operation;
use crate::domain::id::{Fingerprint, SessionId};
use crate::domain::session::{Refusal, Session};
use crate::domain::steps::due_at;
use crate::mdes::Client;
use crate::mdes::jws::KeySet;
use crate::store::{Moved, Store};

use profiles::LiveProfiles;

pub use accounts::{HandedOver, Redeemed};
pub use continuation::Workers;
pub use demo::{DemoScenario, ScenarioNotice};
pub use directory::Directory;
pub use fault::Fault;
pub use homecoming::{Bringer, Came, Welcome};
pub use identity::StartName;
pub use parking::{CodeVerdict, TICKET_LENGTH};
pub use provisioning::{Opening, StartKey};
pub use pushing::{Landed, Landing};
pub use settings::{Settings, StartFault, inspect};
pub use tally::Tally;

/// A write that loses to somebody else's is tried again on what is there now, at most this often.
const TRIES_MAX: usize = 8;
/// A page that waits and is further behind than this looks for itself.
const WRITES_REMEMBERED: usize = 256;

/// How long a page waits for what it can be shown without.
const PATIENCE: Duration = Duration::from_secs(1);

/// What comes in time, of what a page can be shown without.
async fn in_time<T>(awaited: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(PATIENCE, awaited).await.ok()
}

/// The server's state. Clones share everything.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    settings: Settings,
    clock: Clock,
    store: Store,
    mdes: Client,
    /// Keys are swapped as a whole and never fetched while a signature is being verified.
    keys: RwLock<Arc<KeySet>>,
    directory: RwLock<Arc<Directory>>,
    /// Who refreshes it: of two at once, the one that asked earlier must not have the last word.
    refreshing: tokio::sync::Mutex<()>,
    gallery: media::Gallery,
    identity: identity::Identity,
    profiles: LiveProfiles,
    standing: RwLock<Arc<standing::Standing>>,
    /// Who counts how issuers have done.
    counting: tokio::sync::Mutex<()>,
    signals: Signals,
    scenario: ScenarioNotice,
    tally: Arc<Tally>,
    #[cfg(test)]
    takes_any_browser: std::sync::atomic::AtomicBool,
    #[cfg(test)]
    takes_any_signature: std::sync::atomic::AtomicBool,
}

/// How the parts of one process tell each other that something happened. Only a convenience: whoever misses a signal
/// finds the truth in the store.
struct Signals {
    /// Something is due.
    wake: Notify,
    /// A receipt named a key that is not known.
    unknown_key: Notify,
    /// The sessions that were written.
    writes: broadcast::Sender<SessionId>,
}

impl fmt::Debug for App {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("App").finish_non_exhaustive()
    }
}

impl App {
    /// Opens the database, loads the keys that are in files and the directory as it was last known. Calls nobody.
    /// With `demo`, pages say that everything is played.
    ///
    /// # Errors
    /// [`StartFault`]: what the operator has to change.
    pub async fn start(config: &Config, clock: Clock, demo: bool) -> Result<Self, StartFault> {
        let span = span_of(&config.identity);
        Self::start_here(config, clock, demo).instrument(span).await
    }

    async fn start_here(config: &Config, clock: Clock, demo: bool) -> Result<Self, StartFault> {
        let mut parts = settings::Parts::from(config, &clock)?;
        parts.settings.demo = demo;
        let store = Store::open(config.database.expose(), Arc::clone(&parts.identity.receipts)).await;
        let store = store.map_err(StartFault::Store)?;
        let stored = store.directory().await.map_err(StartFault::Store)?;
        let wire = &config.wire;
        let profiles = LiveProfiles::new(wire.profiles_file.clone(), &wire.profiles, clock.now());
        let app = Self(Arc::new(Inner {
            settings: parts.settings,
            clock,
            store,
            mdes: parts.mdes,
            keys: RwLock::new(Arc::new(parts.keys)),
            directory: RwLock::new(Arc::new(Directory::from_store(stored))),
            refreshing: tokio::sync::Mutex::default(),
            gallery: media::Gallery::default(),
            identity: parts.identity,
            profiles,
            standing: RwLock::default(),
            counting: tokio::sync::Mutex::default(),
            signals: Signals {
                wake: Notify::new(),
                unknown_key: Notify::new(),
                writes: broadcast::Sender::new(WRITES_REMEMBERED),
            },
            scenario: ScenarioNotice::default(),
            tally: Arc::default(),
            #[cfg(test)]
            takes_any_browser: std::sync::atomic::AtomicBool::new(false),
            #[cfg(test)]
            takes_any_signature: std::sync::atomic::AtomicBool::new(false),
        }));
        app.hang_logos().await.map_err(StartFault::Store)?;
        Ok(app)
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Which identity of the server this is: its name in the log and in metrics.
    #[must_use]
    pub fn identity(&self) -> &str {
        &self.0.settings.identity
    }

    /// The same, unless it is the server's first.
    #[must_use]
    pub fn other_identity(&self) -> Option<&str> {
        (!self.0.settings.is_first).then(|| self.identity())
    }

    /// What has been answered.
    #[must_use]
    pub fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.0.tally)
    }

    /// The clock's time.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.0.clock.now()
    }

    /// Whether the store answers, for readiness.
    pub async fn storage_answers(&self) -> bool {
        self.0.store.answers().await.is_ok()
    }

    /// How many effects are in doubt, for operations.
    pub async fn effects_in_doubt(&self) -> Option<i64> {
        self.0.store.effects_in_doubt().await.ok()
    }

    /// Closes the store's connections.
    pub async fn close(&self) {
        self.0.store.close().await;
    }

    /// The session, if it is this owner's. Another's is not told from one that does not exist.
    async fn own_session(&self, id: &SessionId, owner: &Fingerprint) -> Result<Session, Fault> {
        let found = self.0.store.session(id).await?;
        found
            .filter(|session| session.owner == *owner)
            .ok_or(Fault::UnknownSession)
    }

    fn too_late(&self, session: &Session) -> Fault {
        Fault::TooLate {
            issuer: session.issuer.clone(),
            issuer_name: session.issuer_name.clone(),
            minutes: self.0.settings.policy.session_minutes(),
        }
    }

    /// Reads the session, lets `change` move it, and writes it; again on what is there now if somebody else wrote first.
    ///
    /// A session whose time is up does not change any more; the worker ends it.
    async fn change(
        &self,
        id: &SessionId,
        owner: &Fingerprint,
        change: impl Fn(Session, Millis) -> Result<Session, Refusal>,
    ) -> Result<(), Fault> {
        for _ in 0..TRIES_MAX {
            let session = self.own_session(id, owner).await?;
            let now = self.now();
            // Who was pushed here begins again at the bank, not here: the session's page says so.
            let too_late = match &session.push {
                Some(_) => Fault::NotNow {
                    session: id.clone(),
                    refusal: Refusal::Expired,
                },
                None => self.too_late(&session),
            };
            if session.is_overdue(now) {
                return Err(too_late);
            }
            let changed = change(session, now).map_err(|refusal| match refusal {
                Refusal::Expired => too_late,
                other => Fault::NotNow {
                    session: id.clone(),
                    refusal: other,
                },
            })?;
            match self.write(&changed, None, &[]).await? {
                Moved::Moved => return Ok(()),
                Moved::Lost => {}
                Moved::ReceiptSpent | Moved::AccountTaken | Moved::TokenTaken => return Err(Fault::Internal),
            }
        }
        Err(Fault::Unavailable)
    }

    /// Writes a session under its guard and tells the rest of the process.
    async fn write(&self, session: &Session, fence: Option<i64>, spend: &[Fingerprint]) -> Result<Moved, Fault> {
        let now = self.now();
        let due = due_at(session, now, &self.0.settings.policy);
        let moved = self.0.store.advance(session, fence, spend, due, now).await?;
        if moved == Moved::Moved {
            self.announce(session, due.is_some_and(|due| due <= now));
        }
        Ok(moved)
    }

    fn announce(&self, session: &Session, due: bool) {
        let effect = session.cards.iter().find_map(|card| card.effect.as_ref());
        tracing::info!(
            session = %session.id,
            issuer = %session.issuer,
            state = session.state.name().as_str(),
            effect = effect.map(|effect| effect.operation).map(Operation::name),
            effect_status = effect.map(|effect| effect.status.name()),
            "session {} is {}", session.id, session.state.name().as_str()
        );
        // An error means that nobody listens.
        let _ = self.0.signals.writes.send(session.id.clone());
        if due {
            self.0.signals.wake.notify_one();
        }
    }
}

/// What says on every line of the log for which identity it is. At the level that no filter leaves out, since it counts for
/// lines of every level.
#[must_use]
pub fn span_of(identity: &str) -> tracing::Span {
    tracing::error_span!("serving", %identity)
}

/// 16 random bytes, for an id.
fn fresh() -> [u8; 16] {
    random_bytes()
}
