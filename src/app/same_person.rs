//! Whether the person who comes back is the one who started: the browser, and the code that the issuer asked for.
//!
//! Either alone stops "send my link to a victim"; a test plays it with each of them off and with both
//! (`cli/attack_tests.rs`).

use crate::domain::Millis;
use crate::domain::id::{Fingerprint, IssuerId};
use crate::domain::profile::{CodeCheck, CodePolicy};
use crate::domain::same_person::{CodeFault, SamePersonCode};
use crate::domain::session::Session;

use super::view::ShownCode;
use super::{App, Fault, fresh};

impl App {
    /// Whether this is the browser that started the session.
    pub(super) fn is_starter(&self, session: &Session, owner: Option<&Fingerprint>) -> bool {
        #[cfg(test)]
        if self.0.takes_any_browser.load(std::sync::atomic::Ordering::SeqCst) {
            return true;
        }
        owner == Some(&session.owner)
    }

    /// Takes returns from any browser from now on, to see what that lets happen. Exists in the library's own tests alone.
    #[cfg(test)]
    pub(crate) fn take_any_browser(&self) {
        let switch = &self.0.takes_any_browser;
        switch.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    /// A fresh code for a session with this issuer, if it asks for one.
    pub(super) fn fresh_code(&self, issuer: &IssuerId) -> Option<SamePersonCode> {
        let has_code = self.profile(issuer).has_code();
        has_code.then(|| SamePersonCode::from_random(fresh()))
    }

    /// The code of a session as its page shows it.
    pub(super) fn shown_code(&self, session: &Session) -> Option<ShownCode> {
        let profile = self.profile(&session.issuer);
        let code = session.same_person_code.clone().filter(|_| profile.has_code())?;
        Some(ShownCode {
            code,
            is_asked_for: profile.code == CodePolicy::Required,
            is_compared: profile.code_check != CodeCheck::None,
            tries_left: (session.wrong_codes > 0).then(|| session.code_tries_left()),
        })
    }

    /// Lets a verified return pass whose code is the one that was shown, or that needs none. The receipts of any other
    /// were made by or for somebody else: nobody may use them. A copy of the same return is not another try.
    ///
    /// # Errors
    /// [`Fault::WrongCode`]; [`Fault::NotNow`] and [`Fault::TooLate`] when the session has gone on in the meantime.
    pub(super) async fn check_code(
        &self,
        session: &Session,
        signed: Option<&SamePersonCode>,
        receipts: &[Fingerprint],
        now: Millis,
    ) -> Result<(), Fault> {
        let profile = self.profile(&session.issuer);
        let Err(fault) = profile.check_code(session.same_person_code.as_ref(), signed) else {
            return Ok(());
        };
        let reason = match fault {
            CodeFault::Missing => "missing",
            CodeFault::Wrong => "wrong",
        };
        tracing::warn!(session = %session.id, reason, "session {} came back with a code that is {reason}", session.id);
        if self.quarantine(receipts, now).await? > 0 {
            self.change(&session.id, &session.owner, |session, _| session.count_wrong_code())
                .await?;
        }
        let left = self.own_session(&session.id, &session.owner).await?.code_tries_left();
        Err(Fault::WrongCode {
            session: session.id.clone(),
            issuer: session.issuer.clone(),
            issuer_name: session.issuer_name.clone(),
            tries_left: left,
        })
    }
}
