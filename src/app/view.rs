//! What the pages and the API show: plain values, made from a session and the directory, with no way back.

use std::sync::Arc;

use crate::domain::Millis;
use crate::domain::card::CodeNote;
use crate::domain::card::Failure;
use crate::domain::host_page::HostPage;
use crate::domain::id::{AssetId, CardId, CountryCode, IssuerId, SessionId};
use crate::domain::launch::{Addresses, Mechanism, Step};
use crate::domain::life::{CardChange, LifeNote};
use crate::domain::push::PushTerms;
use crate::domain::same_person::SamePersonCode;
use crate::domain::session::StateName;
use crate::domain::token::{AuthenticationMethod, CardFace};

use super::prose::Prose;

/// An issuer as a row of the picker or the head of an attempt page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuerBadge {
    /// Its key.
    pub id: IssuerId,
    /// Its name.
    pub name: String,
    /// Its name in another script.
    pub alias: Option<String>,
    /// Where it serves.
    pub countries: Vec<CountryCode>,
    /// Its logo, if there is one that can be shown.
    pub logo: Option<Picture>,
    /// What choosing it leads to on this device.
    pub reach: Reach,
    /// How its launch page would behave on this device.
    pub mechanism: Mechanism,
    /// How it has done of late.
    pub health: Health,
}

/// How an issuer has done of late, as our own sessions tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Well, or too few have tried to say.
    Fine,
    /// Many do not come back from it.
    Degraded,
    /// Hardly anybody does.
    Down,
}

/// What tablets say of their screens: as many points as a hand has fingers.
pub const TABLET_TOUCH_POINTS: u8 = 5;

/// What an issuer opens with on the device that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Its app.
    App,
    /// Its website.
    Website,
    /// An app on a phone, which this is not.
    PhoneOnly,
    /// The same, unless this is a tablet that says it is a computer: only its screen can tell.
    TabletPerhaps,
    /// Nothing.
    Nowhere,
}

impl Reach {
    /// Whether an attempt that begins on this device can get to the issuer, as far as is known.
    #[must_use]
    pub fn is_here(self) -> bool {
        matches!(self, Self::App | Self::Website | Self::TabletPerhaps)
    }
}

/// The picker.
#[derive(Clone, Debug)]
pub struct Picker {
    /// Whom this browser added cards from before, the latest first; only without a query, and in a list worth searching.
    pub recent: Vec<IssuerBadge>,
    /// The best known ones of the list; only without a query, and in a list worth searching.
    pub popular: Vec<IssuerBadge>,
    /// The rows up to and including the asked page.
    pub rows: Vec<PickerRow>,
    /// The letters of a long list.
    pub letters: Vec<Letter>,
    /// How many there are in all.
    pub total: usize,
    /// How many the directory has, whatever was asked.
    pub directory_total: usize,
    /// How many of the rows do not open on the device that asks; where those are left out, how many are.
    pub unreachable: usize,
    /// What does not open on the device that asks is left out.
    pub hides_unreachable: bool,
    /// How many more there would be in all countries.
    pub elsewhere: usize,
    /// Nothing matches, and this name nearly does.
    pub suggestion: Option<String>,
    /// The countries of the directory with the number of issuers, by code.
    pub countries: Vec<(CountryCode, usize)>,
    /// The country whose issuers these are; none means all.
    pub country: Option<CountryCode>,
    /// The list is older than it should be: its age in minutes.
    pub stale_minutes: Option<i64>,
    /// There is no list at all, because MDES never answered.
    pub unavailable: bool,
    /// The page is shown by a browser inside another app.
    pub in_app: bool,
}

/// A row of the picker's list.
#[derive(Clone, Debug)]
pub struct PickerRow {
    /// The issuer.
    pub issuer: IssuerBadge,
    /// The letter that begins with this row, in a long list.
    pub letter: Option<String>,
}

/// A letter of the picker's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The letter.
    pub text: String,
    /// The row that it begins with, counted from 1 over all pages.
    pub row: usize,
}

/// The home page.
#[derive(Clone, Debug)]
pub struct Home {
    /// The cards of this browser, newest first.
    pub cards: Vec<CardView>,
    /// Attempts that are not over.
    pub unfinished: Vec<(SessionId, String)>,
}

/// A card, in the wallet or on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardView {
    /// Its id, for `/cards/{id}`.
    pub id: CardId,
    /// The session that made it.
    pub session: SessionId,
    /// The issuer's name.
    pub issuer: String,
    /// What to print on it.
    pub face: CardFace,
    /// The issuer's art for it, smallest first; none where it is missing or cannot be shown.
    pub art: Arc<[Picture]>,
    /// `active`, `inactive`, `suspended`, `declined`, `duplicate`, `failed`, ... (`CardState::name`).
    pub state: &'static str,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// It is in the wallet: `/cards/{id}` exists.
    pub in_wallet: bool,
    /// The answer to its order was lost, and MDES is being asked.
    pub in_doubt: bool,
    /// Too many wrong codes.
    pub locked: bool,
    /// The ways that are still open to confirm it.
    pub methods: Vec<AuthenticationMethod>,
    /// The way without a code that was chosen last, when the issuer is waited for.
    pub waiting_by: Option<AuthenticationMethod>,
    /// Its issuer's terms were accepted, and can be read again.
    pub has_terms: bool,
    /// For a duplicate: the card that was there first.
    pub duplicate_of: Option<CardId>,
    /// Its life after it was added.
    pub life: LifeView,
    /// When its state last changed, milliseconds since the Unix epoch.
    pub changed_at_ms: i64,
}

/// The life of a card after it was added: who holds it, and what its cardholder can do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LifeView {
    /// It is paused, and the cardholder did so here.
    pub is_paused_here: bool,
    /// It is paused, and somebody else holds it, alone or too.
    pub is_held_elsewhere: bool,
    /// It is gone, and the cardholder removed it here.
    pub is_removed_here: bool,
    /// What the cardholder wants and is not known to be done.
    pub changing: Option<CardChange>,
    /// Why the last wish was not fulfilled, and since when that is known, milliseconds since the Unix epoch.
    pub note: Option<(LifeNote, i64)>,
    /// It can be paused.
    pub may_pause: bool,
    /// It can be gone on with.
    pub may_resume: bool,
    /// It can be removed.
    pub may_remove: bool,
}

/// An attempt: what `/sessions/{id}` shows.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The session.
    pub id: SessionId,
    /// A short reference for support.
    pub reference: String,
    /// The issuer. Its badge falls back to the name alone when the directory has dropped it.
    pub issuer: IssuerBadge,
    /// The state's name, for `data-state`.
    pub state: StateName,
    /// What the page shows.
    pub stage: Stage,
    /// What is to be said of a push, where a bank began it.
    pub push: Option<PushView>,
    /// The page of another site that the cardholder came from, while that is registered.
    pub host_page: Option<HostPage>,
    /// Whole minutes until the session expires, at least 0.
    pub minutes_left: i64,
    /// The session's version: changes whenever anything about it does.
    pub version: i64,
}

/// A push as the cardholder sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushView {
    /// How it is to be treated.
    pub terms: PushTerms,
    /// Nothing says which bank it is.
    pub is_unnamed: bool,
    /// The bank can be told now how it went, and the cardholder sent back there.
    pub leads_back: bool,
    /// The cardholder will be sent back, now or in the end.
    pub has_way_back: bool,
    /// The site that the way back leads to. `None` without one, and where it leads to an app.
    pub site: Option<String>,
}

/// The same-person code as the cardholder sees it, before and during the visit to the issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownCode {
    /// The code.
    pub code: SamePersonCode,
    /// The issuer asks everybody for it; otherwise it may.
    pub is_asked_for: bool,
    /// It is compared with what the issuer was given: only then may anything be promised.
    pub is_compared: bool,
    /// After an answer with another code: how many more of those there may be.
    pub tries_left: Option<u32>,
}

/// What an attempt page shows, by state.
#[derive(Clone, Debug)]
pub enum Stage {
    /// Offered or launched: the way to the issuer, or the wait for the return.
    Launch {
        /// How the page behaves.
        mechanism: Mechanism,
        /// The ways, in order: the first is the main one.
        steps: Vec<Step>,
        /// Host and port of the website, to be shown.
        web_authority: Option<String>,
        /// The issuer was opened before.
        launched: bool,
        /// A return came in another browser.
        returned_elsewhere: bool,
        /// The issuer sent the cardholder back without an answer.
        returned_empty: bool,
        /// The code that the issuer asks for, where it does.
        code: Option<ShownCode>,
        /// The other browser shows a code, to be typed here: how often it may still be tried.
        return_code_tries: Option<u32>,
    },
    /// A bank pushed cards: are they wanted?
    Pushed {
        /// What is known of them.
        push: PushView,
    },
    /// Returned: MDES is asked about the receipts.
    Checking {
        /// Milliseconds since the return.
        waiting_ms: i64,
        /// Milliseconds until MDES is not asked any more.
        left_ms: i64,
        /// MDES did not answer at least once.
        retrying: bool,
    },
    /// The issuer's terms.
    Terms {
        /// The distinct documents, in order.
        documents: Vec<TermsDocument>,
        /// SHA-256 over all of them, to be posted back as `shown`.
        shown: String,
        /// For which cards.
        cards: Vec<CardView>,
    },
    /// Consent is recorded; tokens are being made.
    Adding {
        /// Milliseconds since the order was given.
        waiting_ms: i64,
        /// An answer was lost, and MDES is being asked what became of it.
        in_doubt: bool,
    },
    /// The cardholder chooses how to prove it.
    StepUp {
        /// Which card.
        card: Box<CardView>,
        /// What the last try brought.
        note: Option<CodeNote>,
    },
    /// The cardholder types the code.
    Code {
        /// Which card.
        card: Box<CardView>,
        /// How the code is sent.
        method: AuthenticationMethod,
        /// What the last try brought.
        note: Option<CodeNote>,
        /// Tries left for this code.
        tries_left: u32,
        /// Seconds until the code may be asked for again; `None` when no more can be sent.
        resend_in_s: Option<i64>,
        /// The typed code is being judged, or the code is being asked for: since how many milliseconds.
        checking: Option<i64>,
    },
    /// Active, pending, declined or failed: each card with its own outcome.
    Outcome {
        /// The cards; empty when the issuer sent none.
        cards: Vec<CardView>,
        /// Why the session as a whole failed, if it did.
        failure: Option<Failure>,
    },
    /// Cancelled.
    Cancelled,
    /// Expired.
    Expired,
}

/// One document of terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermsDocument {
    /// The asset, for the PDF's own address.
    pub asset: AssetId,
    /// What can be shown.
    pub body: TermsBody,
}

/// The content of terms. HTML never reaches our origin: it is reduced to what its words are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TermsBody {
    /// Text.
    Text(Prose),
    /// A PDF, offered as a download of so many bytes.
    Pdf(usize),
}

/// An attempt as a native wallet is told of it.
#[derive(Clone, Debug)]
pub struct NativeAttempt {
    /// What the page would show.
    pub attempt: Attempt,
    /// When the session expires.
    pub expires_at: Millis,
    /// The cards that came back, in order.
    pub cards: Vec<CardView>,
    /// The way to the issuer, while it can be taken.
    pub launch: Option<NativeLaunch>,
    /// Of a push: where the bank wants its cardholder back, with what became of each card.
    pub way_back: Option<String>,
}

/// The way to the issuer for a native wallet.
#[derive(Clone, Debug)]
pub struct NativeLaunch {
    /// Where the issuer sends the cardholder back.
    pub callback: String,
    /// The issuer's addresses, composed.
    pub addresses: Addresses,
    /// The code that the issuer asks for, to be shown before and during the visit.
    pub code: Option<ShownCode>,
}

/// An issuer as a native wallet lists it.
#[derive(Clone, Debug)]
pub struct NativeIssuer {
    /// Its key.
    pub id: IssuerId,
    /// Its name.
    pub name: String,
    /// Its name in another script.
    pub alias: Option<String>,
    /// Where it serves.
    pub countries: Vec<CountryCode>,
    /// Its logo, if there is one that can be shown.
    pub logo: Option<Picture>,
    /// Its addresses, of no session: only which there are means anything.
    pub addresses: Addresses,
}

/// A picture that is ready to be served at `/logos/{name}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `{hash}.webp` or `{hash}.svg`.
    pub name: String,
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
}

/// One file of other people's, checked: what `/logos/{name}` and the like answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// One of `image/webp`, `image/svg+xml`, `application/pdf`.
    pub media_type: &'static str,
    /// The bytes.
    pub bytes: Vec<u8>,
}
