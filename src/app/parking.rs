//! Returns that are kept for a while: for the `GET` after a `POST`, for a code, for a sign-in.
//!
//! Keeping uses nothing. What is kept is used when it is received once more, by the same table as everything else.

use crate::domain::Millis;
use crate::domain::homecoming::{Elsewhere, ParkedReturn, RETURN_CODE_DIGITS, WaitsFor};
use crate::domain::id::{Fingerprint, ReturnHandle, SessionId};
use crate::domain::receipt::UnverifiedReturn;
use crate::domain::session::Session;
use crate::seal::same;
use crate::store::Moved;

use super::homecoming::{Came, Weighed, Welcome, is_final, other_browser};
use super::{App, Fault, fresh};

/// The length of a ticket: 128 bits in hexadecimal digits.
pub const TICKET_LENGTH: usize = 32;

/// What was kept.
struct Kept {
    handle: ReturnHandle,
    /// It was not kept before.
    is_new: bool,
}

/// What came of a typed code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeVerdict {
    /// The return counts; the session has gone on.
    Right,
    /// It is another, and there are tries left.
    Wrong,
    /// It is another, and that was the last try: the return is gone and its receipts with it.
    Spent,
    /// No return waits for a code, or not any more.
    NotAsked,
}

impl App {
    /// Keeps a posted return, whoever brought it.
    pub(super) async fn keep_posted(
        &self,
        session: &Session,
        weighed: &Weighed,
        came: &Came,
        now: Millis,
    ) -> Result<Welcome, Fault> {
        let Came::Posted(Ok(returned)) = came else {
            return Ok(Welcome::Here(None));
        };
        let waits_for = if weighed.is_genuine() {
            WaitsFor::Browser
        } else {
            WaitsFor::UnsignedBrowser
        };
        let content = self.fingerprint_of(returned);
        let kept = self.park(session, waits_for, returned, content, now).await?;
        Ok(Welcome::Here(kept.map(|kept| kept.handle)))
    }

    /// Keeps a genuine return until somebody signs in where it came, or shows that page to the browser that has it.
    pub(super) async fn keep_for_sign_in(
        &self,
        session: Session,
        weighed: Weighed,
        came: &Came,
        parked: Option<ParkedReturn>,
        now: Millis,
    ) -> Result<Option<Welcome>, Fault> {
        match (came, parked) {
            (Came::Parked { browser, .. }, Some(parked)) if parked.waits_for == WaitsFor::SignIn => {
                // The ticket is for the browser that the return came to: who was only sent its address gets none.
                if !self.0.store.await_sign_in(&parked.handle, browser).await? {
                    return Err(other_browser(&session));
                }
                let page = self.0.settings.sign_in_url.as_deref().ok_or(Fault::Internal)?;
                let mut sign_in_url = url::Url::parse(page).map_err(|_| Fault::Internal)?;
                sign_in_url
                    .query_pairs_mut()
                    .append_pair("ticket", &self.sign_in_ticket(&parked.handle));
                Ok(Some(Welcome::SignIn {
                    issuer: session.issuer,
                    issuer_name: session.issuer_name,
                    sign_in_url: sign_in_url.into(),
                }))
            }
            (came, parked) => {
                self.keep_elsewhere(session, WaitsFor::SignIn, &weighed, came, parked, now)
                    .await
            }
        }
    }

    /// Keeps a genuine return until its code is typed where the session started, or shows the code to the browser that
    /// has it.
    pub(super) async fn keep_for_code(
        &self,
        session: Session,
        weighed: Weighed,
        came: &Came,
        parked: Option<ParkedReturn>,
        now: Millis,
    ) -> Result<Option<Welcome>, Fault> {
        match parked {
            Some(parked) if parked.waits_for == WaitsFor::Code => Ok(Some(Welcome::Code {
                digits: self.return_code(&parked.handle),
                issuer: session.issuer,
                issuer_name: session.issuer_name,
            })),
            parked => {
                self.keep_elsewhere(session, WaitsFor::Code, &weighed, came, parked, now)
                    .await
            }
        }
    }

    /// Keeps what came in another browser and tells the one that waits.
    async fn keep_elsewhere(
        &self,
        session: Session,
        waits_for: WaitsFor,
        weighed: &Weighed,
        came: &Came,
        parked: Option<ParkedReturn>,
        now: Millis,
    ) -> Result<Option<Welcome>, Fault> {
        let returned = match (came, &parked) {
            (Came::Opened(Ok(returned)), _) => returned,
            (_, Some(parked)) => &parked.returned,
            _ => return Err(Fault::Internal),
        };
        for fingerprint in &weighed.fingerprints {
            if self.0.store.spender(fingerprint).await?.is_some() {
                return Err(other_browser(&session));
            }
        }
        // The same receipts are the same return, however they are written: its code and its tries stay.
        let mut receipts: Vec<&str> = weighed.fingerprints.iter().map(Fingerprint::as_str).collect();
        receipts.sort_unstable();
        let content = self
            .0
            .identity
            .receipts
            .fingerprint("kept receipts", &receipts.join(","));
        let kept = self.park(&session, waits_for, returned, content, now).await?;
        let is_known = session.returned_elsewhere && kept.as_ref().is_some_and(|kept| !kept.is_new);
        let here = Welcome::Here(kept.map(|kept| kept.handle));
        if is_known {
            return Ok(Some(here));
        }
        tracing::warn!(session = %session.id, "session {} came back in another browser and is kept", session.id);
        let told = Session {
            returned_elsewhere: true,
            ..session
        };
        let moved = self.write(&told, None, &[]).await? == Moved::Moved;
        Ok(moved.then_some(here))
    }

    async fn park(
        &self,
        session: &Session,
        waits_for: WaitsFor,
        returned: &UnverifiedReturn,
        content: Fingerprint,
        now: Millis,
    ) -> Result<Option<Kept>, Fault> {
        // One return makes room for another, and the tries are the session's: they do not begin anew.
        let displaced = match waits_for {
            WaitsFor::Code => self.0.store.waiting_for_code(&session.id, now).await?,
            WaitsFor::Browser | WaitsFor::UnsignedBrowser | WaitsFor::SignIn => None,
        };
        let parked = ParkedReturn {
            handle: ReturnHandle::from_random(fresh()),
            session: session.id.clone(),
            waits_for,
            browser: None,
            returned: returned.clone(),
            tries: displaced.map_or(0, |displaced| displaced.tries),
            content,
            parked_at: now,
            expires_at: session.expires_at,
        };
        let handle = self.0.store.park(&parked).await?;
        Ok(handle.map(|handle| Kept {
            is_new: handle == parked.handle,
            handle,
        }))
    }

    /// The digits that belong to a kept return: made of its handle under our key, so that they rest nowhere.
    fn return_code(&self, handle: &ReturnHandle) -> String {
        let hash = self.0.identity.receipts.fingerprint("return code", handle.as_str());
        // 60 bits: that a million does not divide them shifts no digit by more than one in 10^12.
        let number = u64::from_str_radix(&hash.as_str()[..15], 16).unwrap_or_default() % 1_000_000;
        format!("{number:0RETURN_CODE_DIGITS$}")
    }

    /// How often the code may still be tried that another browser shows; `None` when no return waits for one.
    pub(super) async fn return_code_tries(&self, session: &Session, now: Millis) -> Result<Option<u32>, Fault> {
        if self.elsewhere(session) != Elsewhere::Code || !session.returned_elsewhere {
            return Ok(None);
        }
        let parked = self.0.store.waiting_for_code(&session.id, now).await?;
        Ok(parked.map(|parked| parked.tries_left()).filter(|left| *left > 0))
    }

    /// The code is typed in the browser that started the session. `typed` is six digits.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`] for every other browser; after the right code as [`App::receive`].
    pub async fn enter_return_code(
        &self,
        id: &SessionId,
        owner: &Fingerprint,
        typed: &str,
    ) -> Result<CodeVerdict, Fault> {
        let session = self.own_session(id, owner).await?;
        let now = self.now();
        let parked = match self.elsewhere(&session) {
            Elsewhere::Code => self.0.store.waiting_for_code(id, now).await?,
            Elsewhere::Refuse | Elsewhere::SignIn => None,
        };
        let Some(parked) = parked else {
            return Ok(CodeVerdict::NotAsked);
        };
        // Whoever counted the last try judges it, and burns what was returned if it was wrong. This one came too late.
        if !self.0.store.count_try(&parked.handle).await? {
            let session = self.own_session(id, owner).await?;
            return Ok(match session.may_return(now) {
                Ok(()) => CodeVerdict::Spent,
                Err(_) => CodeVerdict::NotAsked,
            });
        }
        let hash = |code: &str| self.0.identity.receipts.fingerprint("typed code", code);
        let (typed, shown) = (hash(typed), hash(&self.return_code(&parked.handle)));
        if same(typed.as_str().as_bytes(), shown.as_str().as_bytes()) {
            self.finish(parked, owner).await?;
            return Ok(CodeVerdict::Right);
        }
        tracing::warn!(session = %id, "a wrong code was typed for session {id}");
        match self.0.store.parked(id, &parked.handle, now).await? {
            Some(parked) if parked.tries_left() > 0 => Ok(CodeVerdict::Wrong),
            _ => self.spend(&session, &parked, now).await,
        }
    }

    /// The tries are used up. First the receipts, then what is kept: whatever happens in between, nobody gets five more.
    async fn spend(&self, session: &Session, parked: &ParkedReturn, now: Millis) -> Result<CodeVerdict, Fault> {
        let receipts = self.weigh(session, &parked.returned).fingerprints;
        self.quarantine(&receipts, now).await?;
        self.0.store.unpark(&parked.handle).await?;
        Ok(CodeVerdict::Spent)
    }

    /// What the wallet's sign-in page is given and brings back, as proof that who signs in there was sent by the page where
    /// this return waits: made of its handle under our key, so that it rests nowhere.
    fn sign_in_ticket(&self, handle: &ReturnHandle) -> String {
        let hash = self.0.identity.receipts.fingerprint("sign-in ticket", handle.as_str());
        hash.as_str()[..TICKET_LENGTH].to_owned()
    }

    /// Somebody has signed in, sent by the page where a return waits and in the browser that it came to: it is received as
    /// `owner`'s. The answer is its session, if there was one; for another account's it is refused.
    ///
    /// Without the ticket, whoever makes that browser open a hand-over of their own would be the owner.
    ///
    /// # Errors
    /// As [`App::receive`].
    pub(super) async fn finish_parked(
        &self,
        browser: &Fingerprint,
        ticket: &Fingerprint,
        owner: &Fingerprint,
    ) -> Result<Option<SessionId>, Fault> {
        let waiting = self.0.store.waiting_for_sign_in(browser, self.now()).await?;
        let is_meant = |parked: &ParkedReturn| self.ticket_of(&self.sign_in_ticket(&parked.handle)) == *ticket;
        let Some(parked) = waiting.into_iter().find(is_meant) else {
            return Ok(None);
        };
        let session = parked.session.clone();
        self.finish(parked, owner).await?;
        Ok(Some(session))
    }

    /// The fingerprint of a ticket.
    pub(super) fn ticket_of(&self, ticket: &str) -> Fingerprint {
        self.0.identity.receipts.fingerprint("handoff ticket", ticket)
    }

    /// Receives what was kept as if it had come in its owner's browser.
    async fn finish(&self, parked: ParkedReturn, owner: &Fingerprint) -> Result<(), Fault> {
        let received = self.accept_return(&parked.session, Some(owner), parked.returned).await;
        let received = received.map(Some);
        if is_final(&received) {
            self.0.store.unpark(&parked.handle).await?;
        }
        received.map(drop)
    }

    /// The keyed hash of a whole return.
    fn fingerprint_of(&self, returned: &UnverifiedReturn) -> Fingerprint {
        let parts = [
            returned.jws.as_ref().map_or("", |jws| jws.expose()),
            &returned.plain_receipts.join(","),
            returned.session_id.as_deref().unwrap_or_default(),
            &returned.result.map(|result| format!("{result:?}")).unwrap_or_default(),
        ];
        // No part holds a control character: the reader refuses them.
        self.0.identity.receipts.fingerprint("kept return", &parts.join("\n"))
    }
}
