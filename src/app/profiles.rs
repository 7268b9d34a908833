//! The wire profiles as they stand in their file now.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use crate::config::profiles::{self, WireProfiles};
use crate::domain::Millis;
use crate::domain::id::{Fingerprint, IssuerId, SessionId};
use crate::domain::profile::{CallbackStyle, Profile, Profiles, ReturnNames};
use crate::domain::session::State;

use super::{App, Fault};

/// Between two looks at the file.
const LOOK_EVERY_MS: i64 = 1_000;

/// What counts, and what is known of the file it came from.
pub(super) struct LiveProfiles {
    file: Option<PathBuf>,
    known: RwLock<Known>,
}

struct Known {
    profiles: Arc<Profiles>,
    stamp: Option<Stamp>,
    looked_at: Millis,
}

/// What changes when the file does.
type Stamp = (SystemTime, u64);

impl LiveProfiles {
    pub(super) fn new(file: Option<PathBuf>, read: &WireProfiles, now: Millis) -> Self {
        Self {
            known: RwLock::new(Known {
                profiles: Arc::new(read.profiles.clone()),
                stamp: file.as_deref().and_then(stamp),
                looked_at: now,
            }),
            file,
        }
    }

    /// The profiles, at most a second old. A file that cannot be read leaves the last ones in force.
    fn current(&self, now: Millis) -> Arc<Profiles> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let (Some(file), true) = (&self.file, is_over(known.looked_at, now)) else {
            return Arc::clone(&known.profiles);
        };
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if is_over(known.looked_at, now) {
            known.looked_at = now;
            known.look(file);
        }
        Arc::clone(&known.profiles)
    }
}

impl Known {
    /// Each state of the file is read once: a fault in it is told once.
    fn look(&mut self, file: &Path) {
        let stamp = stamp(file);
        if stamp == self.stamp {
            return;
        }
        self.stamp = stamp;
        match profiles::read(file) {
            Ok(read) => {
                self.profiles = Arc::new(read.profiles);
                tracing::info!(
                    issuers = self.profiles.issuers.len(),
                    "the wire profiles were read again"
                );
            }
            Err(faults) => {
                for fault in faults {
                    tracing::error!(%fault, "the wire profiles stay as they were: {fault}");
                }
            }
        }
    }
}

/// Also when the clock was set back.
fn is_over(looked_at: Millis, now: Millis) -> bool {
    now >= looked_at.plus_ms(LOOK_EVERY_MS) || now < looked_at
}

fn stamp(file: &Path) -> Option<Stamp> {
    let about = std::fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}

impl App {
    /// The wire profiles in force.
    #[must_use]
    pub fn profiles(&self) -> Arc<Profiles> {
        self.0.profiles.current(self.now())
    }

    /// What issuers that come back to one address call the session.
    #[must_use]
    pub fn names_of_fixed_returns(&self) -> Vec<String> {
        let profiles = self.profiles();
        let all = std::iter::once(&profiles.default).chain(profiles.issuers.values());
        let fixed = all.filter(|profile| profile.callback == CallbackStyle::Fixed);
        let mut names: Vec<String> = fixed.map(|profile| profile.returns.session.clone()).collect();
        names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
        names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        names
    }

    /// The names in which the issuer of a session writes its return.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`].
    pub async fn return_names(&self, id: &SessionId) -> Result<ReturnNames, Fault> {
        let session = self.0.store.session(id).await?.ok_or(Fault::UnknownSession)?;
        Ok(self.profile(&session.issuer).returns)
    }

    /// Whether the issuer of a session comes back to one address for all sessions.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`].
    pub async fn returns_to_fixed(&self, id: &SessionId) -> Result<bool, Fault> {
        let session = self.0.store.session(id).await?.ok_or(Fault::UnknownSession)?;
        Ok(self.profile(&session.issuer).callback == CallbackStyle::Fixed)
    }

    /// The one session of this owner's that waits for a return to the address that is the same for all.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`] when there is none, or more than one.
    pub async fn awaited_from_fixed(&self, owner: &Fingerprint) -> Result<SessionId, Fault> {
        let mut awaited = None;
        for id in self.0.store.waiting_sessions(owner).await? {
            let Some(session) = self.0.store.session(&id).await? else {
                continue;
            };
            let is_away = matches!(session.state, State::Offered | State::Launched);
            let is_fixed = self.profile(&session.issuer).callback == CallbackStyle::Fixed;
            if is_away && is_fixed && awaited.replace(id).is_some() {
                return Err(Fault::UnknownSession);
            }
        }
        awaited.ok_or(Fault::UnknownSession)
    }

    /// The wire profile of an issuer.
    pub(super) fn profile(&self, issuer: &IssuerId) -> Profile {
        self.profiles().of(issuer).clone()
    }
}
