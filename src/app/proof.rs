//! The cardholder's part of a step-up: a way, a code, later.

use crate::domain::id::{Fingerprint, RequestId, SessionId};
use crate::domain::step_up::CODE_LENGTH_MAX;

use super::continuation::choose_the_only_way;
use super::{App, Fault, fresh};

impl App {
    /// The cardholder chooses a way to prove it.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::NotNow`].
    pub async fn choose_method(&self, id: &SessionId, owner: &Fingerprint, method: &str) -> Result<(), Fault> {
        let policy = &self.0.settings.policy;
        self.change(id, owner, |session, now| {
            let mut session = session.choose_method(method, request(), now, policy)?;
            choose_the_only_way(&mut session, now, self)?;
            Ok(session)
        })
        .await
    }

    /// "Do this later."
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::NotNow`].
    pub async fn later(&self, id: &SessionId, owner: &Fingerprint) -> Result<(), Fault> {
        let policy = &self.0.settings.policy;
        self.change(id, owner, |session, now| {
            let mut session = session.later(now, policy)?;
            choose_the_only_way(&mut session, now, self)?;
            Ok(session)
        })
        .await
    }

    /// "Use another way", or coming back to a card that waits.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::NotNow`].
    pub async fn another_way(&self, id: &SessionId, owner: &Fingerprint) -> Result<(), Fault> {
        let policy = &self.0.settings.policy;
        self.change(id, owner, |session, now| session.another_way(now, policy))
            .await
    }

    /// "Send the code again."
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::NotNow`].
    pub async fn resend(&self, id: &SessionId, owner: &Fingerprint) -> Result<(), Fault> {
        let policy = &self.0.settings.policy;
        self.change(id, owner, |session, now| session.resend(request(), now, policy))
            .await
    }

    /// The cardholder typed a code.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::NotNow`], [`Fault::BadInput`] for a text that cannot be a code.
    pub async fn submit_code(&self, id: &SessionId, owner: &Fingerprint, code: &str) -> Result<(), Fault> {
        if code.is_empty() || code.len() > CODE_LENGTH_MAX || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Fault::BadInput("code"));
        }
        self.change(id, owner, |session, now| session.submit_code(code, request(), now))
            .await
    }
}

fn request() -> RequestId {
    RequestId::from_random(fresh())
}
