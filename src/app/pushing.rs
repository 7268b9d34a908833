//! Cards that a bank pushes: landing, being wanted, and the way back to the bank.
//!
//! Anybody can send a link. So landing calls nobody and spends nothing: what is signed is verified with a key that is in
//! memory, the bank is told by the address that it signed, and the rest waits for a person's word.

use crate::domain::Millis;
use crate::domain::homecoming::Payload;
use crate::domain::id::{CardId, Fingerprint, IssuerId, ReturnHandle, SessionId};
use crate::domain::locale::Locale;
use crate::domain::push::{
    self, Callback, CallbackFault, Push, PushFault, PushTerms, UNNAMED, UnverifiedPush, WAY_BACK_MS,
};
use crate::domain::receipt::{RECEIPTS_MAX, ReceiptToken, UnverifiedJws};
use crate::domain::session::{Refusal, Session};
use crate::store::Moved;

use super::view::PushView;
use super::{App, Fault, TRIES_MAX, fresh};

/// How long a posted push waits for the `GET` that follows, in milliseconds.
const POSTED_MS: i64 = 5 * 60_000;

/// Who lands with a push, and how.
#[derive(Clone, Debug)]
pub struct Landing {
    /// Whose session it will be.
    pub owner: Fingerprint,
    /// The owner is an account.
    pub is_of_account: bool,
    /// The language and country of the pages, or of the app.
    pub locale: Option<Locale>,
    /// What a bank is called that nothing names, in the cardholder's language.
    pub unnamed: String,
}

/// Where a push has led.
#[derive(Clone, Debug)]
pub struct Landed {
    /// The session that asks about it.
    pub session: SessionId,
    /// The language and country that the bank speaks with its cardholder, if it says so.
    pub locale: Option<Locale>,
}

/// A push after its signature was looked at: it may be asked about.
struct Weighed {
    issuer: IssuerId,
    push: Push,
    fingerprints: Vec<Fingerprint>,
    locale: Option<Locale>,
}

impl App {
    /// A bank sends a cardholder here with cards: a session that waits for a word of theirs. The same push brings the same
    /// browser, or account, to the same session.
    ///
    /// # Errors
    /// [`Fault::Push`], [`Fault::NotGenuine`] and [`Fault::UnknownKey`]; nothing was written then, or used.
    pub async fn land(&self, landing: Landing, pushed: &UnverifiedPush) -> Result<Landed, Fault> {
        let weighed = self.weigh_push(pushed)?;
        let locale = weighed.locale.clone();
        let landed = |session| Landed { session, locale };
        let key = self.push_key(&landing.owner, &weighed);
        if let Some(id) = self.store().session_of_start(&key).await? {
            let session = self.own_session(&id, &landing.owner).await?;
            self.require_unused(&session).await?;
            return Ok(landed(session.id));
        }
        for fingerprint in &weighed.fingerprints {
            if self.store().spender(fingerprint).await?.is_some() {
                tracing::warn!(receipt = %fingerprint, "a spent receipt was pushed");
                return Err(Fault::Push(PushFault::Used));
            }
        }
        self.make_room(&landing.owner).await?;
        let now = self.now();
        let name = self.name_of_pusher(&weighed.issuer).unwrap_or(landing.unnamed);
        let id = SessionId::from_random(fresh());
        let life_ms = self.settings().policy.session_life_ms;
        let session = Session {
            is_of_account: landing.is_of_account,
            locale: weighed.locale.or(landing.locale),
            ..Session::offer(id, landing.owner.clone(), (weighed.issuer, name), now, life_ms)
        };
        let session = session.pushed(weighed.push);
        let due = Some(session.expires_at);
        if self.store().insert_once(&session, &key, due, now).await? {
            self.announce(&session, false);
            return Ok(landed(session.id));
        }
        // The same push came twice at once, and the other one was first.
        let begun = self.store().session_of_start(&key).await?;
        begun.map(landed).ok_or(Fault::Unavailable)
    }

    /// Keeps a posted push for the `GET` that follows, with which the cookie comes. Only one that would land is kept.
    ///
    /// # Errors
    /// As [`App::land`].
    pub async fn park_push(&self, pushed: &UnverifiedPush, query: &str) -> Result<ReturnHandle, Fault> {
        let weighed = self.weigh_push(pushed)?;
        let hash = self.push_hash("posted push", &format!("{:?}", weighed.push.terms), &weighed);
        let mut bytes = [0; 16];
        // The same push has the same handle, so that nobody fills the store by posting it again and again, whatever else is
        // posted with it.
        hex::decode_to_slice(&hash.as_str()[..32], &mut bytes).map_err(|_| Fault::Internal)?;
        let handle = ReturnHandle::from_random(bytes);
        let until = self.now().plus_ms(POSTED_MS);
        self.store().park_push(&handle, query, until).await?;
        Ok(handle)
    }

    /// The query that was posted, if it is still there.
    ///
    /// # Errors
    /// [`Fault::Push`] when it is not.
    pub async fn parked_push(&self, handle: &ReturnHandle) -> Result<secrecy::SecretString, Fault> {
        let found = self.store().parked_push(handle, self.now()).await?;
        found.ok_or(Fault::Push(PushFault::Malformed(
            "it was posted, and is not kept any more",
        )))
    }

    /// The cardholder wants the cards: their receipts are spent, and from here on everything is as after a return.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::NotNow`]; [`Fault::Push`] when the receipts were used elsewhere in the meantime.
    pub async fn accept_push(&self, id: &SessionId, owner: &Fingerprint) -> Result<(), Fault> {
        let life_ms = self.settings().policy.receipt_life_ms;
        for _ in 0..TRIES_MAX {
            let session = self.own_session(id, owner).await?;
            let receipts = session.push.iter().flat_map(|push| &push.receipts);
            let fingerprints: Vec<Fingerprint> = receipts.map(|receipt| self.receipt_fingerprint(receipt)).collect();
            let taken = session.take_push(&fingerprints, self.now(), life_ms, || CardId::from_random(fresh()));
            let taken = taken.map_err(|refusal| Fault::NotNow {
                session: id.clone(),
                refusal,
            })?;
            match self.write(&taken, None, &fingerprints).await? {
                Moved::Moved => return Ok(()),
                Moved::Lost => {}
                Moved::ReceiptSpent => {
                    // Pressed twice at once: the other press won, and the next look finds its session gone on.
                    if !self.was_spent_by(id, &fingerprints).await? {
                        return Err(Fault::Push(PushFault::Used));
                    }
                }
                Moved::AccountTaken | Moved::TokenTaken => return Err(Fault::Internal),
            }
        }
        Err(Fault::Unavailable)
    }

    async fn was_spent_by(&self, id: &SessionId, fingerprints: &[Fingerprint]) -> Result<bool, Fault> {
        for fingerprint in fingerprints {
            let spender = self.store().spender(fingerprint).await?;
            if spender.is_some_and(|spender| spender.as_ref() != Some(id)) {
                tracing::warn!(session = %id, receipt = %fingerprint, "session {id} wanted a spent receipt");
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Back to the bank, with what became of each card: the address. Asking for it changes nothing.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`]; [`Fault::NotNow`] while something is under way, and when there is no way back;
    /// [`Fault::Push`] when another session used the receipts.
    pub async fn way_back(&self, id: &SessionId, owner: &Fingerprint) -> Result<String, Fault> {
        let session = self.own_session(id, owner).await?;
        self.require_unused(&session).await?;
        self.told(&session).ok_or_else(|| Fault::NotNow {
            session: id.clone(),
            refusal: Refusal::WrongState(session.state.name()),
        })
    }

    /// A push that nobody wanted here may be wanted in another browser, which opened the same link. What became of it is
    /// that one's to tell, and nothing is left to ask here.
    ///
    /// # Errors
    /// [`Fault::Push`] when its receipts were used there.
    pub(super) async fn require_unused(&self, session: &Session) -> Result<(), Fault> {
        let Some(push) = session.push.as_ref().filter(|_| session.cards.is_empty()) else {
            return Ok(());
        };
        for receipt in &push.receipts {
            let spender = self.store().spender(&self.receipt_fingerprint(receipt)).await?;
            if spender.is_some_and(|spender| spender.as_ref() != Some(&session.id)) {
                return Err(Fault::Push(PushFault::Used));
            }
        }
        Ok(())
    }

    /// The address of the bank with what became of each card, while there is one and something is to be told.
    pub(super) fn told(&self, session: &Session) -> Option<String> {
        let callback = self.standing_callback(session)?;
        let results = session.report(self.settings().push.duplicate, self.now())?;
        Some(callback.with_results(&results))
    }

    /// What a page says of a push.
    pub(super) fn push_view(&self, session: &Session, now: Millis) -> Option<PushView> {
        let push = session.push.as_ref()?;
        let is_early = now.0 - session.created_at.0 < WAY_BACK_MS;
        let callback = self.standing_callback(session).filter(|_| is_early);
        let has_way_back = callback.is_some();
        Some(PushView {
            terms: push.terms,
            is_unnamed: session.issuer.as_str() == UNNAMED,
            has_way_back,
            leads_back: has_way_back && session.is_reportable(now),
            site: callback.and_then(|callback| callback.site().map(str::to_owned)),
        })
    }

    /// The signed address of a push, if it is still its issuer's: the list may have changed since.
    fn standing_callback(&self, session: &Session) -> Option<Callback> {
        let push = session.push.as_ref().filter(|push| push.terms.is_signed)?;
        let (issuer, callback) = self.judge(push.callback.as_ref()?.expose()).ok()?;
        (issuer == session.issuer).then_some(callback)
    }

    fn judge(&self, address: &str) -> Result<(IssuerId, Callback), CallbackFault> {
        let profiles = self.profiles();
        let registered = profiles.issuers.iter().flat_map(|(id, profile)| {
            let entries = profile.push.callbacks.iter();
            entries.map(move |entry| (id, entry))
        });
        push::judge(address, registered, self.settings().link_rules.allow_loopback)
    }

    /// The same, as the landing refuses.
    fn pusher(&self, address: &str) -> Result<(IssuerId, Callback), Fault> {
        self.judge(address).map_err(|fault| {
            tracing::warn!(reason = fault.code(), "a push was refused: {}", fault.code());
            Fault::Push(match fault {
                CallbackFault::Unknown => PushFault::UnknownIssuer,
                CallbackFault::Length
                | CallbackFault::Character
                | CallbackFault::Form
                | CallbackFault::Scheme
                | CallbackFault::Authority
                | CallbackFault::Path
                | CallbackFault::Ambiguous
                | CallbackFault::NotBelow => PushFault::WrongCallback,
            })
        })
    }

    fn name_of_pusher(&self, issuer: &IssuerId) -> Option<String> {
        if issuer.as_str() == UNNAMED {
            return None;
        }
        let directory = self.current_directory();
        let listed = directory.issuer(issuer).map(|issuer| issuer.name.clone());
        Some(
            listed
                .or_else(|| self.profile(issuer).push.name)
                .unwrap_or_else(|| issuer.to_string()),
        )
    }

    /// Of one push in one browser, or account, there is one session. A link whose signature was cut off is another push.
    fn push_key(&self, owner: &Fingerprint, weighed: &Weighed) -> Fingerprint {
        let is_signed = weighed.push.terms.is_signed;
        self.push_hash("push", &format!("{owner} {is_signed}"), weighed)
    }

    fn push_hash(&self, what: &str, which: &str, weighed: &Weighed) -> Fingerprint {
        let receipts: Vec<&str> = weighed.fingerprints.iter().map(Fingerprint::as_str).collect();
        let text = format!("{which} {} {}", weighed.issuer, receipts.join(","));
        self.0.identity.receipts.fingerprint(what, &text)
    }

    /// Looks at what came: the signature first.
    fn weigh_push(&self, pushed: &UnverifiedPush) -> Result<Weighed, Fault> {
        match &pushed.jws {
            Some(token) => self.weigh_signed(token, pushed),
            None => self.weigh_unsigned(pushed),
        }
    }

    fn weigh_signed(&self, token: &UnverifiedJws, pushed: &UnverifiedPush) -> Result<Weighed, Fault> {
        let verified = self.verify(token).map_err(|payload| match payload {
            Payload::UnknownKey => Fault::UnknownKey,
            Payload::NotGenuine("jws_callback_url") => Fault::Push(PushFault::WrongCallback),
            Payload::NotGenuine(reason) => Fault::NotGenuine(reason),
            _ => Fault::Internal,
        })?;
        let data = verified.data();
        if data.session_id.is_some() {
            return Err(Fault::Push(PushFault::OfSession));
        }
        let is_signed = |plain: &String| data.receipts.iter().any(|signed| signed.expose() == plain);
        if !pushed.plain_receipts.iter().all(is_signed) {
            return Err(malformed("a plain receipt is not among the signed ones"));
        }
        let (issuer, callback) = match &data.callback_url {
            Some(address) => self
                .pusher(address)
                .map(|(issuer, callback)| (issuer, Some(callback)))?,
            None if self.settings().push.takes_unnamed => (unnamed()?, None),
            None => return Err(Fault::Push(PushFault::UnknownIssuer)),
        };
        let is_safer = |plain: Option<bool>| plain == Some(false);
        let terms = PushTerms {
            is_signed: true,
            cards: data.receipts.len(),
            must_return: callback.is_some(),
            completes_in_app: data.complete_issuer_app_activation.unwrap_or(true) && !is_safer(pushed.completes_in_app),
            completes_on_website: data.complete_website_activation.unwrap_or(true),
        };
        Ok(self.weighed(issuer, (data.receipts.clone(), callback, terms), data.locale.as_deref()))
    }

    fn weigh_unsigned(&self, pushed: &UnverifiedPush) -> Result<Weighed, Fault> {
        let count = pushed.plain_receipts.len();
        if !(1..=RECEIPTS_MAX).contains(&count) {
            return Err(malformed("there is not one receipt to five"));
        }
        let mut receipts: Vec<ReceiptToken> = Vec::with_capacity(count);
        for text in &pushed.plain_receipts {
            let receipt = ReceiptToken::parse(text).map_err(|_| malformed("a receipt is not well formed"))?;
            if receipts.contains(&receipt) {
                return Err(malformed("a receipt is there twice"));
            }
            receipts.push(receipt);
        }
        // Anybody can write it. It only says whose link this wants to be.
        let claim = pushed.callback.as_ref().ok_or(Fault::Push(PushFault::Unsigned))?;
        let (issuer, _) = self.pusher(claim)?;
        if !self.profile(&issuer).push.accepts_unsigned {
            return Err(Fault::Push(PushFault::Unsigned));
        }
        let terms = PushTerms {
            is_signed: false,
            cards: count,
            must_return: false,
            completes_in_app: true,
            completes_on_website: true,
        };
        Ok(self.weighed(issuer, (receipts, None, terms), pushed.locale.as_deref()))
    }

    fn weighed(
        &self,
        issuer: IssuerId,
        (receipts, callback, terms): (Vec<ReceiptToken>, Option<Callback>, PushTerms),
        locale: Option<&str>,
    ) -> Weighed {
        Weighed {
            issuer,
            fingerprints: receipts
                .iter()
                .map(|receipt| self.receipt_fingerprint(receipt))
                .collect(),
            locale: locale.and_then(|text| Locale::parse(text).ok()),
            push: Push {
                receipts,
                callback,
                terms,
            },
        }
    }

    fn store(&self) -> &crate::store::Store {
        &self.0.store
    }
}

fn malformed(rule: &'static str) -> Fault {
    Fault::Push(PushFault::Malformed(rule))
}

fn unnamed() -> Result<IssuerId, Fault> {
    IssuerId::parse(UNNAMED).map_err(|_| Fault::Internal)
}
