//! From the picker to consent: open, launch, accept or stop. Coming back is `homecoming`.

use std::net::Ipv4Addr;

use crate::domain::host_page::HostPage;
use crate::domain::id::{Fingerprint, IssuerId, RequestId, SessionId, TaskId};
use crate::domain::launch::ReturnPath;
use crate::domain::locale::Locale;
use crate::domain::session::{Session, State};

use super::{App, Fault, fresh};

/// How a session begins, besides by whom and with which issuer.
#[derive(Clone, Debug, Default)]
pub struct Opening {
    /// What a script of the picker found, if one ran.
    pub touch_points: Option<u8>,
    /// The language and country of the pages, or of the app.
    pub locale: Option<Locale>,
    /// The owner is an account.
    pub is_of_account: bool,
    /// Where the return belongs.
    pub return_path: ReturnPath,
    /// The page of another site that the cardholder came from.
    pub host_page: Option<HostPage>,
    /// What the one who begins it calls this beginning.
    pub key: Option<StartKey>,
}

/// What a beginning is called. The same owner's second beginning under a key is the first one.
#[derive(Clone, Debug)]
pub enum StartKey {
    /// By a program, for ever: it asks again because it does not know whether it was heard.
    Asked(String),
    /// By a page that somebody taps on, for [`ONE_TAP_MS`] and as long as what it began is not over: a tap that comes later
    /// means another one.
    Tapped(String),
}

/// Taps on one page within so many milliseconds begin one session.
const ONE_TAP_MS: i64 = 60_000;
/// How many sessions a page may have begun one after another, which then stand in a chain.
const TAPS_MAX: usize = 64;

/// What a key says of a beginning.
enum Key {
    /// It was this one.
    Begun(SessionId),
    /// There is none under this name.
    Free(Fingerprint),
}

impl App {
    /// Begins a session with an issuer. When an owner has too many that wait, the oldest makes room.
    ///
    /// # Errors
    /// [`Fault::UnknownIssuer`], [`Fault::Unavailable`]; [`Fault::BadInput`] when the opening's key stands for another one.
    pub async fn open(&self, owner: &Fingerprint, issuer: &IssuerId, opening: Opening) -> Result<SessionId, Fault> {
        let key = match &opening.key {
            None => None,
            Some(key) => match self.free_key(key, owner, issuer, &opening).await? {
                Key::Begun(session) => return Ok(session),
                Key::Free(key) => Some(key),
            },
        };
        let directory = self.current_directory();
        let issuer = directory.issuer(issuer).ok_or(Fault::UnknownIssuer)?;
        self.make_room(owner).await?;
        let now = self.now();
        let policy = &self.0.settings.policy;
        let issuer = (issuer.id.clone(), issuer.name.clone());
        let id = SessionId::from_random(fresh());
        let session = Session {
            touch_points: opening.touch_points,
            locale: opening.locale.clone(),
            is_of_account: opening.is_of_account,
            return_path: opening.return_path,
            host_page: opening.host_page.clone(),
            same_person_code: self.fresh_code(&issuer.0),
            ..Session::offer(id, owner.clone(), issuer, now, policy.session_life_ms)
        };
        let (store, due) = (&self.0.store, Some(session.expires_at));
        match &key {
            None => store.insert(&session, due, now).await?,
            Some(key) if store.insert_once(&session, key, due, now).await? => {}
            Some(key) => {
                // The same request came twice at once, and the other one was first.
                let begun = self.begun_before(key, owner, &session.issuer, &opening).await?;
                return begun.map(|session| session.id).ok_or(Fault::Unavailable);
            }
        }
        self.announce(&session, false);
        Ok(session.id)
    }

    /// The session that a key stands for, or the key under which a new one is to be kept.
    async fn free_key(
        &self,
        key: &StartKey,
        owner: &Fingerprint,
        issuer: &IssuerId,
        opening: &Opening,
    ) -> Result<Key, Fault> {
        let name = match key {
            StartKey::Asked(name) | StartKey::Tapped(name) => name,
        };
        let mut free = self.start_key(owner, name);
        for _ in 0..TAPS_MAX {
            let Some(begun) = self.begun_before(&free, owner, issuer, opening).await? else {
                return Ok(Key::Free(free));
            };
            let is_young = self.now().0 - begun.created_at.0 < ONE_TAP_MS;
            let is_over = begun.state.name().is_final() || begun.is_overdue(self.now());
            match key {
                StartKey::Tapped(_) if is_over || !is_young => {
                    // Two taps that come late together find the same one, and so the same name for the next.
                    free = self.start_key(owner, &format!("{name} after {}", begun.id));
                }
                StartKey::Asked(_) | StartKey::Tapped(_) => return Ok(Key::Begun(begun.id)),
            }
        }
        Err(Fault::Unavailable)
    }

    fn start_key(&self, owner: &Fingerprint, key: &str) -> Fingerprint {
        let identity = &self.0.identity;
        identity.receipts.fingerprint("start", &format!("{owner} {key}"))
    }

    /// The session that an owner began under this key before.
    async fn begun_before(
        &self,
        key: &Fingerprint,
        owner: &Fingerprint,
        issuer: &IssuerId,
        opening: &Opening,
    ) -> Result<Option<Session>, Fault> {
        let Some(id) = self.0.store.session_of_start(key).await? else {
            return Ok(None);
        };
        let session = self.own_session(&id, owner).await?;
        if session.issuer == *issuer && session.return_path == opening.return_path {
            Ok(Some(session))
        } else {
            Err(Fault::BadInput("an idempotency key stands for one request"))
        }
    }

    pub(super) async fn make_room(&self, owner: &Fingerprint) -> Result<(), Fault> {
        let waiting = self.0.store.waiting_sessions(owner).await?;
        let max = self.0.settings.policy.sessions_per_browser_max;
        let too_many = (waiting.len() + 1).saturating_sub(max);
        self.cancel_all(waiting.iter().take(too_many), owner).await
    }

    /// Cancels what can still be cancelled of these.
    pub(super) async fn cancel_all(
        &self,
        sessions: impl Iterator<Item = &SessionId>,
        owner: &Fingerprint,
    ) -> Result<(), Fault> {
        for id in sessions {
            match self.change(id, owner, Session::cancel).await {
                Ok(()) | Err(Fault::NotNow { .. } | Fault::TooLate { .. }) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// The issuer is being opened by its website: the composed address. Repeatable.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::UnknownIssuer`] when it has no website, [`Fault::TooLate`], [`Fault::NotNow`].
    pub async fn go(&self, id: &SessionId, owner: &Fingerprint) -> Result<String, Fault> {
        let session = self.own_session(id, owner).await?;
        let target = self.website(&session).ok_or(Fault::UnknownIssuer)?;
        self.change(id, owner, |session, now| session.launch(now)).await?;
        Ok(target)
    }

    /// The cardholder accepts the terms that were shown. From here on tokens are made.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::TooLate`], [`Fault::NotNow`], also when the terms are not the shown ones.
    pub async fn accept_terms(
        &self,
        id: &SessionId,
        owner: &Fingerprint,
        shown: &str,
        device_ip: Option<Ipv4Addr>,
    ) -> Result<(), Fault> {
        self.change(id, owner, |session, now| {
            let current = super::terms::digest_of(&session) == shown;
            let device_ip = device_ip.map(|address| address.to_string());
            session.accept_terms(current, device_ip, now, || {
                (RequestId::from_random(fresh()), TaskId::from_random(fresh()))
            })
        })
        .await
    }

    /// The cardholder stops. Stopping twice is stopping once.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::TooLate`], [`Fault::NotNow`] once consent is recorded.
    pub async fn cancel(&self, id: &SessionId, owner: &Fingerprint) -> Result<(), Fault> {
        self.change(id, owner, |session, now| {
            if session.state == State::Cancelled {
                Ok(session)
            } else {
                session.cancel(now)
            }
        })
        .await
    }
}
