//! From the picker to consent: open, launch, accept or stop. Coming back is `homecoming`.

use std::net::Ipv4Addr;

use crate::domain::id::{Fingerprint, IssuerId, RequestId, SessionId, TaskId};
use crate::domain::session::{Session, State};

use super::{App, Fault, fresh};

impl App {
    /// Begins a session with an issuer. When a browser has too many that wait, the oldest makes room. `touch_points` is
    /// what a script of the picker found, if one ran.
    ///
    /// # Errors
    /// [`Fault::UnknownIssuer`], [`Fault::Unavailable`].
    pub async fn open(
        &self,
        owner: &Fingerprint,
        issuer: &IssuerId,
        touch_points: Option<u8>,
    ) -> Result<SessionId, Fault> {
        let directory = self.current_directory();
        let issuer = directory.issuer(issuer).ok_or(Fault::UnknownIssuer)?;
        self.make_room(owner).await?;
        let now = self.now();
        let policy = &self.0.settings.policy;
        let issuer = (issuer.id.clone(), issuer.name.clone());
        let id = SessionId::from_random(fresh());
        let session = Session {
            touch_points,
            ..Session::offer(id, owner.clone(), issuer, now, policy.session_life_ms)
        };
        self.0.store.insert(&session, Some(session.expires_at), now).await?;
        self.announce(&session, false);
        Ok(session.id)
    }

    async fn make_room(&self, owner: &Fingerprint) -> Result<(), Fault> {
        let waiting = self.0.store.waiting_sessions(owner).await?;
        let max = self.0.settings.policy.sessions_per_browser_max;
        let too_many = (waiting.len() + 1).saturating_sub(max);
        for id in waiting.iter().take(too_many) {
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
        let (target, _) = self.website(&session).ok_or(Fault::UnknownIssuer)?;
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
