//! What MDES tells about eligibility, decisions and tokens, in our words. Its spelling stays in `mdes`.

use std::collections::BTreeSet;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::id::{AccountReference, AssetId, Millis, TokenReference};

/// The answer to `checkEligibility`: permission to digitize, for a while.
#[derive(Clone, Debug)]
pub struct Eligibility {
    /// To be repeated in `digitize`. Worthless without our credentials, but kept as carefully as a receipt.
    pub receipt: EligibilityReceipt,
    /// How long it may be used, in minutes.
    pub valid_for_minutes: u32,
    /// The issuer's terms, which the cardholder must accept.
    pub terms: AssetId,
}

/// `eligibilityReceipt.value`, redacted in `Debug`.
#[derive(Clone)]
pub struct EligibilityReceipt(SecretString);

impl EligibilityReceipt {
    /// Wraps the value.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The value, for the request that must carry it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for EligibilityReceipt {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("EligibilityReceipt(redacted)")
    }
}

/// `digitize`'s decision: green, yellow, red.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Digitized {
    /// Green: the token is, or is about to be, active.
    Approved(Token),
    /// Yellow: the token exists, inactive, until the cardholder proves something to the issuer.
    NeedsAuthentication(Token, Vec<AuthenticationMethod>),
    /// Red: no token.
    Declined,
}

/// A token that exists in MDES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The token's name for ever.
    pub reference: TokenReference,
    /// The same for every token of the same funding account, when MDES tells it.
    pub account: Option<AccountReference>,
    /// Its state now.
    pub status: TokenStatus,
    /// What to print on the card.
    pub face: CardFace,
}

/// `status` of a token (MDES Digital Enablement, token life cycle).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenStatus {
    /// Not yet usable.
    Inactive,
    /// Usable.
    Active,
    /// Paused.
    Suspended,
    /// Gone for ever.
    Deactivated,
}

/// Who has paused a token (`suspendedBy`). It goes on when none of them holds it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Suspender {
    /// The cardholder (`CARDHOLDER`), here.
    Cardholder,
    /// The issuer (`ISSUER`).
    Issuer,
    /// This wallet by itself (`TOKEN_REQUESTOR`).
    TokenRequestor,
    /// Too many wrong PINs of a mobile payment app (`MOBILE_PIN_LOCKED`).
    MobilePinLocked,
    /// Somebody that this version does not know.
    #[serde(other)]
    Unknown,
}

/// How a token stands, as MDES says in answer to a question or to a call that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenStanding {
    /// Its state.
    pub status: TokenStatus,
    /// Who has paused it, where MDES says so.
    pub suspended_by: Option<BTreeSet<Suspender>>,
    /// Since when (`statusTimestamp`), where MDES says so.
    pub at: Option<Millis>,
}

impl TokenStanding {
    /// A state of which nothing else is known.
    #[must_use]
    pub fn of(status: TokenStatus) -> Self {
        Self {
            status,
            suspended_by: None,
            at: None,
        }
    }
}

/// What a card shows. The wallet knows no more of the card than this.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFace {
    /// The last four digits of the funding account, if told.
    pub last4: Option<String>,
    /// `shortDescription`, for example "Moon Rewards".
    pub product: Option<String>,
    /// `issuerName` as MDES spells it.
    pub issuer_name: Option<String>,
    /// Asset id of the art (`cardBackgroundCombinedAssetId`), to be parsed before it is fetched.
    pub art: Option<String>,
    /// `foregroundColor`, six hexadecimal digits.
    pub foreground: Option<String>,
    /// The issuer's telephone number.
    pub phone: Option<String>,
    /// The issuer's website.
    pub website: Option<String>,
}

/// One way for the issuer to be sure who asks (`authenticationMethods[]`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticationMethod {
    /// Kept as text: the published example does not fit 64 bits.
    pub id: String,
    /// What the cardholder has to do.
    pub kind: MethodKind,
    /// A masked number or address, a telephone number, or a web address.
    pub value: String,
}

/// The kinds of authentication method (`type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MethodKind {
    /// A code by text message (`TEXT_TO_CARDHOLDER_NUMBER`, `MASKED_MOBILE_PHONE_NUMBER`).
    TextMessage,
    /// A code by e-mail (`EMAIL_TO_CARDHOLDER_ADDRESS`).
    Email,
    /// The cardholder calls a machine and hears a code (`CARDHOLDER_TO_CALL_AUTOMATED_NUMBER`).
    CallMachine,
    /// The cardholder calls a person, who activates (`CARDHOLDER_TO_CALL_MANNED_NUMBER`).
    CallPerson,
    /// The issuer calls (`ISSUER_TO_CALL_CARDHOLDER_NUMBER`).
    IssuerCalls,
    /// On the issuer's website (`CARDHOLDER_TO_VISIT_WEBSITE`).
    Website,
    /// In the issuer's app (`CARDHOLDER_TO_USE_ISSUER_MOBILE_APP`).
    App,
    /// A kind this version does not know. Never offered to the cardholder.
    Unknown,
}

impl AuthenticationMethod {
    /// Whether this version knows how to guide a cardholder through it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.kind != MethodKind::Unknown
    }
}

impl MethodKind {
    /// Whether the cardholder ends up with a code to type here.
    #[must_use]
    pub fn brings_a_code(self) -> bool {
        match self {
            Self::TextMessage | Self::Email | Self::CallMachine => true,
            Self::CallPerson | Self::IssuerCalls | Self::Website | Self::App | Self::Unknown => false,
        }
    }
}

/// `activate`'s result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// The token becomes active; a notification follows.
    Success,
    /// Wrong; more tries are left.
    IncorrectCode,
    /// Wrong, and no more tries.
    RetriesExceeded,
    /// A new code must be asked for.
    ExpiredCode,
    /// Start again.
    ExpiredSession,
}

/// `getTaskStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskStatus {
    /// Not begun, or under way.
    Pending,
    /// Done; the token can be looked up.
    Completed,
    /// Ended without effect.
    Failed,
    /// MDES has never heard of it.
    Unknown,
}

/// One part of an asset (`mediaContents[]`), decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct MediaContent {
    /// The media type as MDES says it, in lower case.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Width in pixels, if told.
    pub width: Option<u32>,
    /// Height in pixels, if told.
    pub height: Option<u32>,
}

impl fmt::Debug for MediaContent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "MediaContent({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// A change of a token's state that MDES tells us about, or that we asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenUpdate {
    /// Which token.
    pub reference: TokenReference,
    /// Its new state, if the notice says one we know.
    pub status: Option<TokenStatus>,
    /// When MDES says it changed.
    pub at: Option<Millis>,
}
