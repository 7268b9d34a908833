//! Whether the person who comes back is the one who started: the browser, and the code that the issuer asked for.
//!
//! Either alone stops "send my link to a victim"; a test plays it with each of them off and with both
//! (`cli/attack/send_my_link_tests.rs`).

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
    /// A right code takes a try too, in a write of its own before the return counts: of many that come at once it is no
    /// faster than a wrong one. The answer is the session as it is then.
    ///
    /// # Errors
    /// [`Fault::WrongCode`]; [`Fault::NotNow`] and [`Fault::TooLate`] when the session has gone on in the meantime.
    pub(super) async fn check_code(
        &self,
        session: Session,
        signed: Option<&SamePersonCode>,
        receipts: &[Fingerprint],
        now: Millis,
    ) -> Result<Session, Fault> {
        let profile = self.profile(&session.issuer);
        // What began when no code was asked for was shown none.
        if session.same_person_code.is_none() || !profile.compares_code() {
            return Ok(session);
        }
        for receipt in receipts {
            let is_void = self.0.store.spender(receipt).await? == Some(None);
            // Said without a look at the code, or void receipts would be free guesses.
            if is_void && session.wrong_codes > 0 {
                return Err(wrong_code(&session));
            } else if is_void {
                return Err(Fault::ForeignReceipt);
            }
        }
        let Err(fault) = profile.check_code(session.same_person_code.as_ref(), signed) else {
            self.change(&session.id, &session.owner, |session, _| session.count_code_try())
                .await?;
            return self.own_session(&session.id, &session.owner).await;
        };
        let reason = match fault {
            CodeFault::Missing => "missing",
            CodeFault::Wrong => "wrong",
        };
        tracing::warn!(session = %session.id, reason, "session {} came back with a code that is {reason}", session.id);
        if self.quarantine(receipts, now).await? > 0 {
            let counted = self.change(&session.id, &session.owner, |session, _| session.count_wrong_code());
            match counted.await {
                Ok(()) | Err(Fault::NotNow { .. } | Fault::TooLate { .. }) => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(wrong_code(&self.own_session(&session.id, &session.owner).await?))
    }
}

fn wrong_code(session: &Session) -> Fault {
    Fault::WrongCode {
        session: session.id.clone(),
        issuer: session.issuer.clone(),
        issuer_name: session.issuer_name.clone(),
        tries_left: session.code_tries_left(),
    }
}
