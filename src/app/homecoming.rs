//! The cardholder is back: what came, whose browser it is, and what the table of [`decide`] makes of that.

use crate::domain::Millis;
use crate::domain::card::{Card, Failure};
use crate::domain::homecoming::{
    Elsewhere, Facts, Outcome, ParkedReturn, Payload, Receipts, Standing, Visitor, WaitsFor, Way, decide,
};
use crate::domain::id::{CardId, Fingerprint, IssuerId, ReturnHandle, SessionId};
use crate::domain::profile::CallbackStyle;
use crate::domain::receipt::{IssuerResult, ReceiptToken, UnverifiedJws, UnverifiedReturn, VerifiedReceipt};
use crate::domain::same_person::SamePersonCode;
use crate::domain::session::Session;
use crate::mdes::jws;
use crate::store::Moved;

use super::{App, Fault, TRIES_MAX, fresh};

/// How a return came, and what was read of it: a return, or the rule that it breaks.
#[derive(Debug)]
pub enum Came {
    /// `HEAD`, a prefetch, a frame.
    Guess,
    /// By `POST`.
    Posted(Result<UnverifiedReturn, &'static str>),
    /// By `GET`.
    Opened(Result<UnverifiedReturn, &'static str>),
    /// By `GET`, with the handle of one that was kept.
    Parked {
        /// The handle.
        handle: ReturnHandle,
        /// The browser that asks, as the page will leave it.
        browser: Fingerprint,
    },
}

impl Came {
    fn way(&self, payload: Payload) -> Way {
        match self {
            Self::Guess => Way::Guess,
            Self::Posted(Err(rule)) | Self::Opened(Err(rule)) => Way::Unreadable(rule),
            Self::Posted(Ok(_)) => Way::Posted,
            Self::Opened(Ok(_)) | Self::Parked { .. } => Way::Opened(payload),
        }
    }
}

/// Who brings a return.
#[derive(Clone, Debug)]
pub struct Bringer {
    /// The owner that the request stands for, if it stands for one.
    pub owner: Option<Fingerprint>,
    /// Somebody is signed in, with an account of the wallet's or as the program of one. Then nobody else can become the
    /// owner here.
    pub is_signed_in: bool,
}

/// What a browser is answered that brought a return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Welcome {
    /// Nothing at all.
    Nothing,
    /// The session's page.
    GoOn,
    /// The callback once more, now by `GET`, with the handle of what was kept.
    Here(Option<ReturnHandle>),
    /// These digits are to be typed in the tab where the session started.
    Code {
        /// To start again here instead.
        issuer: IssuerId,
        /// Its name.
        issuer_name: String,
        /// Six of them.
        digits: String,
    },
    /// Somebody is to sign in here.
    SignIn {
        /// To start again here instead.
        issuer: IssuerId,
        /// Its name.
        issuer_name: String,
        /// The wallet's own sign-in page.
        sign_in_url: String,
    },
}

/// What came, after the signature was looked at.
pub(super) struct Weighed {
    payload: Payload,
    /// The signed receipts, whatever else is wrong with the return.
    receipts: Vec<ReceiptToken>,
    pub(super) fingerprints: Vec<Fingerprint>,
    /// The code that the bank was given, signed.
    code: Option<SamePersonCode>,
}

impl Weighed {
    /// MDES made these receipts, for all that is known for this session.
    pub(super) fn is_genuine(&self) -> bool {
        matches!(self.payload, Payload::Receipts(Receipts::New | Receipts::Held))
    }

    fn of(payload: Payload) -> Self {
        Self {
            payload,
            receipts: Vec::new(),
            fingerprints: Vec::new(),
            code: None,
        }
    }
}

impl App {
    /// What there is for a return in a browser that did not start the session.
    pub(super) fn elsewhere(&self, session: &Session) -> Elsewhere {
        match &self.0.settings.sign_in_url {
            Some(_) if session.is_of_account => Elsewhere::SignIn,
            None if session.is_of_account => Elsewhere::Refuse,
            _ => self.0.settings.cross_browser,
        }
    }

    /// The cardholder is back in the wallet's own app, or has signed in: the owner is certain, and who is another one is
    /// not helped on.
    ///
    /// # Errors
    /// As [`App::receive`].
    pub async fn accept_return(
        &self,
        id: &SessionId,
        owner: Option<&Fingerprint>,
        returned: UnverifiedReturn,
    ) -> Result<(), Fault> {
        let bringer = Bringer {
            owner: owner.cloned(),
            is_signed_in: true,
        };
        match self.receive(id, &bringer, Came::Opened(Ok(returned))).await? {
            Welcome::GoOn => Ok(()),
            // These are for browsers that nobody is signed in with.
            Welcome::Nothing | Welcome::Here(_) | Welcome::Code { .. } | Welcome::SignIn { .. } => Err(Fault::Internal),
        }
    }

    /// The cardholder is back. The order is the design's: find the session, verify with a key that is in memory, see
    /// whose browser it is, then one guarded write that also spends the receipts. Nothing unverified moves anything, and
    /// nobody is called.
    ///
    /// # Errors
    /// Every way to be refused is a [`Fault`]; after each the session is as it was.
    pub async fn receive(&self, id: &SessionId, bringer: &Bringer, came: Came) -> Result<Welcome, Fault> {
        for _ in 0..TRIES_MAX {
            if let Some(welcome) = self.receive_once(id, bringer, &came).await? {
                return Ok(welcome);
            }
        }
        Err(Fault::Unavailable)
    }

    /// `None` means that somebody else wrote first.
    async fn receive_once(&self, id: &SessionId, bringer: &Bringer, came: &Came) -> Result<Option<Welcome>, Fault> {
        let now = self.now();
        let session = match came {
            Came::Guess => None,
            Came::Posted(_) | Came::Opened(_) | Came::Parked { .. } => self.0.store.session(id).await?,
        };
        let parked = match (&session, came) {
            (Some(session), Came::Parked { handle, .. }) => self.0.store.parked(&session.id, handle, now).await?,
            _ => None,
        };
        let visitor = match &session {
            Some(session) if self.is_starter(session, bringer.owner.as_ref()) => Visitor::Starter,
            _ if bringer.is_signed_in => Visitor::OtherAccount,
            _ => Visitor::Stranger,
        };
        let is_starter = visitor == Visitor::Starter;
        let weighed = match (&session, came, &parked) {
            (Some(session), Came::Opened(Ok(returned)) | Came::Posted(Ok(returned)), _) => {
                self.weigh(session, returned)
            }
            // What waits for a code is finished where the code is typed, and what waits for a sign-in where that happens:
            // an address that was sent on is of no use to whoever sent the link.
            (_, _, Some(parked)) if is_starter && matches!(parked.waits_for, WaitsFor::Code | WaitsFor::SignIn) => {
                Weighed::of(Payload::Gone)
            }
            (Some(session), _, Some(parked)) => self.weigh(session, &parked.returned),
            _ => Weighed::of(Payload::Gone),
        };
        let outcome = decide(Facts {
            standing: session
                .as_ref()
                .map_or(Standing::Unknown, |session| Standing::of(session, now)),
            visitor,
            elsewhere: session
                .as_ref()
                .map_or(Elsewhere::Refuse, |session| self.elsewhere(session)),
            way: came.way(weighed.payload),
        });
        let Some(session) = session else {
            return match outcome {
                Outcome::Nothing => Ok(Some(Welcome::Nothing)),
                _ => Err(Fault::UnknownSession),
            };
        };
        if outcome.burns() {
            self.quarantine(&weighed.fingerprints, now).await?;
        }
        let is_used_up = parked.as_ref().is_some_and(|parked| match parked.waits_for {
            WaitsFor::Browser | WaitsFor::UnsignedBrowser => true,
            WaitsFor::SignIn => visitor == Visitor::OtherAccount,
            WaitsFor::Code => false,
        });
        let handle = parked
            .as_ref()
            .filter(|_| is_used_up)
            .map(|parked| parked.handle.clone());
        let settled = self.act_on(outcome, session, weighed, came, parked, now).await;
        if let Some(handle) = handle.filter(|_| is_final(&settled)) {
            self.0.store.unpark(&handle).await?;
        }
        settled
    }

    /// Does what the table says. `None` means that somebody else wrote first.
    async fn act_on(
        &self,
        outcome: Outcome,
        session: Session,
        weighed: Weighed,
        came: &Came,
        parked: Option<ParkedReturn>,
        now: Millis,
    ) -> Result<Option<Welcome>, Fault> {
        let id = session.id.clone();
        let not_now = |refusal| Fault::NotNow {
            session: id.clone(),
            refusal,
        };
        let changed = match outcome {
            Outcome::Nothing => return Ok(Some(Welcome::Nothing)),
            Outcome::Drop => return Ok(Some(Welcome::Here(None))),
            Outcome::Show => return Ok(Some(Welcome::GoOn)),
            Outcome::Keep => return self.keep_posted(&session, &weighed, came, now).await.map(Some),
            Outcome::SignIn => return self.keep_for_sign_in(session, weighed, came, parked, now).await,
            Outcome::AskCode => return self.keep_for_code(session, weighed, came, parked, now).await,
            Outcome::Accept => {
                let code = weighed.code.as_ref();
                let session = self.check_code(session, code, &weighed.fingerprints, now).await?;
                return self.hold(session, weighed, now).await;
            }
            Outcome::Conclude(IssuerResult::Cancelled) => session.cancel(now).map_err(not_now)?,
            Outcome::Conclude(IssuerResult::Declined) => {
                session.issuer_failed(Failure::IssuerDeclined, now).map_err(not_now)?
            }
            Outcome::Conclude(IssuerResult::Error) => {
                session.issuer_failed(Failure::IssuerError, now).map_err(not_now)?
            }
            Outcome::StillWaiting => Session {
                returned_empty: true,
                ..session
            },
            Outcome::NotFound => return Err(Fault::UnknownSession),
            Outcome::Unreadable(rule) | Outcome::Malformed(rule) => return Err(Fault::MalformedReturn(rule)),
            Outcome::NotGenuine(reason) => return Err(Fault::NotGenuine(reason)),
            Outcome::UnknownKey => return Err(Fault::UnknownKey),
            Outcome::AnotherSession | Outcome::Second => {
                tracing::warn!(session = %id, "a receipt that is not its own came to session {id}");
                return Err(Fault::ForeignReceipt);
            }
            Outcome::TooLate => return Err(self.too_late(&session)),
            Outcome::StartAgain | Outcome::OtherAccount => {
                return self.refuse_other_browser(session, &weighed).await;
            }
        };
        let moved = self.write(&changed, None, &[]).await? == Moved::Moved;
        Ok(moved.then_some(Welcome::GoOn))
    }

    /// Looks at what came: the signature first, then whether everything beside it says the same.
    pub(super) fn weigh(&self, session: &Session, returned: &UnverifiedReturn) -> Weighed {
        let names_other = |given: &str| !given.eq_ignore_ascii_case(session.id.as_str());
        let names_other = returned.session_id.as_deref().is_some_and(names_other);
        let profile = self.profile(&session.issuer);
        // Where nothing names the session, a link without any secret in it would do: then only a signature that names it
        // counts, and what nobody signed says nothing.
        let is_unnamed = profile.callback == CallbackStyle::Fixed && returned.session_id.is_none();
        let Some(token) = &returned.jws else {
            return Weighed::of(if names_other {
                Payload::Malformed(OTHER_SESSION_BESIDE)
            } else if returned.plain_receipts.is_empty() {
                let result = returned.result.filter(|_| !is_unnamed);
                result.map_or(Payload::Nothing, Payload::Result)
            } else {
                Payload::Malformed("the receipt is not signed")
            });
        };
        let verified = match self.verify(token) {
            Ok(verified) => verified,
            Err(payload) => return Weighed::of(payload),
        };
        let data = verified.data();
        let fingerprints: Vec<Fingerprint> = data
            .receipts
            .iter()
            .map(|receipt| self.receipt_fingerprint(receipt))
            .collect();
        let is_signed = |plain: &String| data.receipts.iter().any(|signed| signed.expose() == plain);
        let is_held = |receipt: &Fingerprint| session.cards.iter().any(|card| card.receipt == *receipt);
        let must_be_signed = profile.session_must_be_signed || is_unnamed;
        let payload = match data.session_id.as_deref() {
            _ if names_other => Payload::Malformed(OTHER_SESSION_BESIDE),
            _ if !returned.plain_receipts.iter().all(is_signed) => {
                Payload::Malformed("a plain receipt is not among the signed ones")
            }
            None if must_be_signed => Payload::NotGenuine("session_not_signed"),
            Some(signed) if signed != session.id.as_str() => Payload::Receipts(Receipts::Foreign),
            _ if fingerprints.iter().all(is_held) => Payload::Receipts(Receipts::Held),
            _ => Payload::Receipts(Receipts::New),
        };
        Weighed {
            payload,
            receipts: data.receipts.clone(),
            fingerprints,
            code: data.authentication_code.clone(),
        }
    }

    pub(super) fn verify(&self, token: &UnverifiedJws) -> Result<VerifiedReceipt, Payload> {
        jws::verify(&self.current_keys(), token).map_err(|fault| {
            tracing::warn!(reason = fault.code(), "a receipt was refused: {}", fault.code());
            if fault.is_unknown_kid() {
                self.0.signals.unknown_key.notify_one();
                Payload::UnknownKey
            } else {
                Payload::NotGenuine(fault.code())
            }
        })
    }

    async fn hold(&self, session: Session, weighed: Weighed, now: Millis) -> Result<Option<Welcome>, Fault> {
        let cards = weighed
            .receipts
            .iter()
            .zip(&weighed.fingerprints)
            .map(|(receipt, fingerprint)| {
                Card::held(CardId::from_random(fresh()), receipt.clone(), fingerprint.clone(), now)
            });
        let id = session.id.clone();
        let not_now = |refusal| Fault::NotNow {
            session: id.clone(),
            refusal,
        };
        let life_ms = self.0.settings.policy.receipt_life_ms;
        let session = session.accept(cards.collect(), now, life_ms).map_err(not_now)?;
        match self.write(&session, None, &weighed.fingerprints).await? {
            Moved::Moved => Ok(Some(Welcome::GoOn)),
            Moved::Lost => Ok(None),
            Moved::AccountTaken | Moved::TokenTaken => Err(Fault::Internal),
            Moved::ReceiptSpent => self.was_spent_here(&session.id, &weighed.fingerprints).await,
        }
    }

    /// A receipt was spent before. If it was by this very session, another copy of the same return won: read again.
    async fn was_spent_here(&self, id: &SessionId, fingerprints: &[Fingerprint]) -> Result<Option<Welcome>, Fault> {
        for fingerprint in fingerprints {
            let spender = self.0.store.spender(fingerprint).await?;
            if spender.is_some_and(|spender| spender.as_ref() != Some(id)) {
                tracing::warn!(session = %id, receipt = %fingerprint, "a spent receipt came to session {id}");
                return Err(Fault::ForeignReceipt);
            }
        }
        Ok(None)
    }

    /// The return came in a browser that did not start the session. The session that is waited for learns that something
    /// genuine came back elsewhere, and nothing more.
    async fn refuse_other_browser(&self, session: Session, weighed: &Weighed) -> Result<Option<Welcome>, Fault> {
        let fault = other_browser(&session);
        if !weighed.receipts.is_empty() {
            tracing::warn!(session = %session.id, "session {} came back in another browser", session.id);
            if session.may_return(self.now()).is_ok() && !session.returned_elsewhere {
                let told = Session {
                    returned_elsewhere: true,
                    ..session
                };
                self.write(&told, None, &[]).await?;
            }
        }
        Err(fault)
    }

    pub(super) fn receipt_fingerprint(&self, receipt: &ReceiptToken) -> Fingerprint {
        self.0.identity.receipts.fingerprint("receipt", receipt.expose())
    }

    /// Makes receipts unusable; answers how many could still be used.
    pub(super) async fn quarantine(&self, receipts: &[Fingerprint], now: Millis) -> Result<usize, Fault> {
        self.0.store.quarantine(receipts, now).await.map_err(Fault::from)
    }
}

/// A rule of returns.
const OTHER_SESSION_BESIDE: &str = "the session id in the query is not the one in the path";

/// Whether asking once more would be of no use.
pub(super) fn is_final<T>(outcome: &Result<Option<T>, Fault>) -> bool {
    !matches!(
        outcome,
        Ok(None) | Err(Fault::UnknownKey | Fault::Unavailable | Fault::Internal)
    )
}

pub(super) fn other_browser(session: &Session) -> Fault {
    Fault::OtherBrowser {
        issuer: session.issuer.clone(),
        issuer_name: session.issuer_name.clone(),
    }
}
