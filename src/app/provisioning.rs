//! From the picker to consent: open, launch, come back, accept or stop.

use std::net::Ipv4Addr;

use crate::domain::Millis;
use crate::domain::card::{Card, Failure};
use crate::domain::id::{CardId, Fingerprint, IssuerId, RequestId, SessionId, TaskId};
use crate::domain::profile::ReturnNames;
use crate::domain::receipt::{IssuerResult, ReceiptToken, UnverifiedReturn, VerifiedReceipt};
use crate::domain::session::{Refusal, Session, State};
use crate::mdes::jws;
use crate::store::Moved;

use super::{App, Fault, TRIES_MAX, fresh};

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
        let target = self.website(&session).ok_or(Fault::UnknownIssuer)?;
        self.change(id, owner, |session, now| session.launch(now)).await?;
        Ok(target)
    }

    /// The names in which the issuer of a session writes its return.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`].
    pub async fn return_names(&self, id: &SessionId) -> Result<ReturnNames, Fault> {
        let session = self.0.store.session(id).await?.ok_or(Fault::UnknownSession)?;
        Ok(self.profile(&session.issuer).returns)
    }

    /// The cardholder is back. The order is the design's: find the session, see that it is this browser's, verify with a
    /// key that is in memory, match, then one guarded write that also spends the receipts. Nothing unverified moves
    /// anything, and nobody is called.
    ///
    /// # Errors
    /// Every way to be refused is a [`Fault`]; after each the session is as it was.
    pub async fn accept_return(
        &self,
        id: &SessionId,
        owner: Option<&Fingerprint>,
        returned: UnverifiedReturn,
    ) -> Result<(), Fault> {
        for _ in 0..TRIES_MAX {
            let found = self.0.store.session(id).await?;
            let session = found.ok_or(Fault::UnknownSession)?;
            if owner != Some(&session.owner) {
                return self.refuse_other_browser(&session, &returned).await;
            }
            if returned.session_id.as_deref().is_some_and(|given| given != id.as_str()) {
                return Err(Fault::MalformedReturn(
                    "the session id in the query is not the one in the path",
                ));
            }
            let moved = match &returned.jws {
                Some(_) => self.accept_receipts(session, &returned).await?,
                None => self.accept_without_receipt(session, &returned).await?,
            };
            if moved {
                return Ok(());
            }
        }
        Err(Fault::Unavailable)
    }

    /// Answers whether that is the end of it; `false` means that somebody else wrote first.
    async fn accept_receipts(&self, session: Session, returned: &UnverifiedReturn) -> Result<bool, Fault> {
        let verified = self.verify(returned)?;
        let receipts = &verified.data().receipts;
        if !returned
            .plain_receipts
            .iter()
            .all(|plain| receipts.iter().any(|signed| signed.expose() == plain))
        {
            return Err(Fault::MalformedReturn("a plain receipt is not among the signed ones"));
        }
        let fingerprints: Vec<Fingerprint> = receipts
            .iter()
            .map(|receipt| self.receipt_fingerprint(receipt))
            .collect();
        let now = self.now();
        let signed_session = verified.data().session_id.as_deref();
        if signed_session.is_none() && self.profile(&session.issuer).session_must_be_signed {
            return Err(Fault::NotGenuine("session_not_signed"));
        }
        if signed_session.is_some_and(|signed| signed != session.id.as_str()) {
            tracing::warn!(session = %session.id, "a receipt for another session came to session {}", session.id);
            self.quarantine(&fingerprints, now).await?;
            return Err(Fault::ForeignReceipt);
        }
        match session.may_return(now) {
            Ok(()) => {}
            Err(Refusal::AlreadyReturned) => {
                let known = |fingerprint: &Fingerprint| session.cards.iter().any(|card| card.receipt == *fingerprint);
                return if fingerprints.iter().all(known) {
                    Ok(true)
                } else {
                    Err(Fault::ForeignReceipt)
                };
            }
            Err(Refusal::Expired) => {
                self.quarantine(&fingerprints, now).await?;
                return Err(too_late(&session));
            }
            Err(refusal) => {
                return Err(Fault::NotNow {
                    session: session.id,
                    refusal,
                });
            }
        }
        self.hold(session, receipts, &fingerprints, now).await
    }

    async fn hold(
        &self,
        session: Session,
        receipts: &[ReceiptToken],
        fingerprints: &[Fingerprint],
        now: Millis,
    ) -> Result<bool, Fault> {
        let cards = receipts.iter().zip(fingerprints).map(|(receipt, fingerprint)| {
            Card::held(CardId::from_random(fresh()), receipt.clone(), fingerprint.clone(), now)
        });
        let id = session.id.clone();
        let not_now = |refusal| Fault::NotNow {
            session: id.clone(),
            refusal,
        };
        let life_ms = self.0.settings.policy.receipt_life_ms;
        let session = session.accept(cards.collect(), now, life_ms).map_err(not_now)?;
        match self.write(&session, None, fingerprints).await? {
            Moved::Moved => Ok(true),
            Moved::Lost => Ok(false),
            Moved::AccountTaken | Moved::TokenTaken => Err(Fault::Internal),
            Moved::ReceiptSpent => self.was_spent_here(&session.id, fingerprints).await,
        }
    }

    /// A receipt was spent before. If it was by this very session, another copy of the same return won: read again.
    async fn was_spent_here(&self, id: &SessionId, fingerprints: &[Fingerprint]) -> Result<bool, Fault> {
        for fingerprint in fingerprints {
            let spender = self.0.store.spender(fingerprint).await?;
            if spender.is_some_and(|spender| spender.as_ref() != Some(id)) {
                tracing::warn!(session = %id, receipt = %fingerprint, "a spent receipt came to session {id}");
                return Err(Fault::ForeignReceipt);
            }
        }
        Ok(false)
    }

    async fn accept_without_receipt(&self, session: Session, returned: &UnverifiedReturn) -> Result<bool, Fault> {
        if !returned.plain_receipts.is_empty() {
            return Err(Fault::MalformedReturn("the receipt is not signed"));
        }
        let now = self.now();
        match session.may_return(now) {
            Ok(()) => {}
            Err(Refusal::Expired) => return Err(too_late(&session)),
            // The return without an answer comes after the one with it, or after the end: the page shows the truth.
            Err(_) => return Ok(true),
        }
        let id = session.id.clone();
        let not_now = |refusal| Fault::NotNow {
            session: id.clone(),
            refusal,
        };
        let changed = match returned.result {
            Some(IssuerResult::Cancelled) => session.cancel(now).map_err(not_now)?,
            Some(IssuerResult::Declined) => session.issuer_failed(Failure::IssuerDeclined, now).map_err(not_now)?,
            Some(IssuerResult::Error) => session.issuer_failed(Failure::IssuerError, now).map_err(not_now)?,
            None => Session {
                returned_empty: true,
                ..session
            },
        };
        Ok(self.write(&changed, None, &[]).await? == Moved::Moved)
    }

    /// The return came in a browser that did not start the session. Its receipts must never be used; the session that is
    /// waited for learns that something came back elsewhere, and nothing more.
    async fn refuse_other_browser(&self, session: &Session, returned: &UnverifiedReturn) -> Result<(), Fault> {
        let now = self.now();
        if returned.jws.is_some()
            && let Ok(verified) = self.verify(returned)
        {
            let receipts = verified.data().receipts.iter();
            let fingerprints: Vec<Fingerprint> = receipts.map(|receipt| self.receipt_fingerprint(receipt)).collect();
            self.quarantine(&fingerprints, now).await?;
            if session.may_return(now).is_ok() && !session.returned_elsewhere {
                let told = Session {
                    returned_elsewhere: true,
                    ..session.clone()
                };
                self.write(&told, None, &[]).await?;
            }
            tracing::warn!(session = %session.id, "session {} came back in another browser", session.id);
        }
        Err(Fault::OtherBrowser {
            issuer: session.issuer.clone(),
            issuer_name: session.issuer_name.clone(),
        })
    }

    fn verify(&self, returned: &UnverifiedReturn) -> Result<VerifiedReceipt, Fault> {
        let Some(token) = &returned.jws else {
            return Err(Fault::MalformedReturn("there is no signed receipt"));
        };
        jws::verify(&self.current_keys(), token).map_err(|fault| {
            tracing::warn!(reason = fault.code(), "a receipt was refused: {}", fault.code());
            if fault.is_unknown_kid() {
                self.0.signals.unknown_key.notify_one();
                Fault::UnknownKey
            } else {
                Fault::NotGenuine(fault.code())
            }
        })
    }

    fn receipt_fingerprint(&self, receipt: &ReceiptToken) -> Fingerprint {
        self.0.identity.receipts.fingerprint("receipt", receipt.expose())
    }

    async fn quarantine(&self, receipts: &[Fingerprint], now: Millis) -> Result<(), Fault> {
        self.0.store.quarantine(receipts, now).await.map_err(Fault::from)
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

fn too_late(session: &Session) -> Fault {
    Fault::TooLate {
        issuer: session.issuer.clone(),
        issuer_name: session.issuer_name.clone(),
    }
}
