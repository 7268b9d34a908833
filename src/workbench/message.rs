//! One thing that happened between two participants, as far as anybody may know it: what was secret was masked before it
//! came here (see [`super::mask`]).

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who can send or receive. The order is that of the lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Participant {
    /// The cardholder's browser, or the wallet's own app.
    Browser,
    /// The wallet's server.
    Wallet,
    /// MDES.
    Mdes,
    /// The processor of an issuer that knows no card numbers.
    Processor,
    /// The issuer's server.
    IssuerApi,
    /// The issuer's website, or its app.
    IssuerSite,
}

impl Participant {
    /// All of them, in the order of the lanes.
    pub const ALL: [Self; 6] = [
        Self::Browser,
        Self::Wallet,
        Self::Mdes,
        Self::Processor,
        Self::IssuerApi,
        Self::IssuerSite,
    ];

    /// The name over the lane.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Browser => "Browser",
            Self::Wallet => "Wallet",
            Self::Mdes => "MDES",
            Self::Processor => "Processor",
            Self::IssuerApi => "Issuer API",
            Self::IssuerSite => "Issuer site",
        }
    }
}

/// A message with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its place in the journal, from 1. Never used again, whatever is forgotten.
    pub number: u64,
    /// The attempt to add a card that it belongs to, if it belongs to one.
    pub attempt: Option<u64>,
    /// When it began, by the clock that all participants share: milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// Who sent it.
    pub from: Participant,
    /// Who got it; the sender where somebody checked something.
    pub to: Participant,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it is called: the operation of MDES (`digitize`), or a page's method and route (`GET /callback/{session}`), or
    /// what was checked (`check receipt signature`).
    pub label: String,
    /// What was asked.
    pub request: Request,
    /// How it ended.
    pub ending: Ending,
    /// What was found out about it before it was masked.
    pub facts: Facts,
}

/// What the redirect is called that ends a push: the cardholder goes back with the results.
pub const BACK_TO_THE_ISSUER: &str = "back to the issuer";

/// What kind of thing a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A request with its answer between two servers, or of a page.
    Call,
    /// A browser that was sent from one participant to another.
    Redirect,
    /// Something that a participant checked by itself.
    Check,
}

/// What was asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// `GET`, `POST`; empty for a check.
    pub method: String,
    /// The address, masked.
    pub url: String,
    /// Parameters of the query, in their order, masked.
    pub query: Vec<(String, String)>,
    /// Headers that say something, names in lower case, masked. Cookies are names only.
    pub headers: Vec<(String, String)>,
    /// The body, masked.
    pub body: Body,
}

/// A body, masked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// There was none.
    #[default]
    None,
    /// JSON; texts that must not be known are replaced by what may be shown of them.
    Json(Value),
    /// A form.
    Form(Vec<(String, String)>),
    /// Anything else: its media type and its length in bytes. What it said is not kept.
    Other {
        /// As its header says.
        media_type: String,
        /// In bytes.
        bytes: u64,
    },
}

/// What can be read in JSON.
pub(super) enum Part<'a> {
    /// The name of a member.
    Name(&'a str),
    /// A text.
    Text(&'a str),
    /// A number.
    Number(&'a serde_json::Number),
}

/// Reads JSON from its beginning to its end.
pub(super) fn leaves<'a>(json: &'a Value, tell: &mut impl FnMut(Part<'a>)) {
    match json {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => tell(Part::Number(number)),
        Value::String(text) => tell(Part::Text(text)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, tell)),
        Value::Object(members) => {
            for (name, value) in members {
                tell(Part::Name(name));
                leaves(value, tell);
            }
        }
    }
}

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// It has not yet.
    Open,
    /// With an answer.
    Answered {
        /// The HTTP status.
        status: u16,
        /// Headers that say something, masked.
        headers: Vec<(String, String)>,
        /// The body, masked.
        body: Body,
        /// How long it took, in milliseconds of the machine, whatever the clock was moved by.
        took_ms: u64,
    },
    /// Without: the connection broke, or the body could not be read to its end.
    Lost {
        /// After this time.
        took_ms: u64,
    },
    /// Something was checked, and this came of it.
    Checked {
        /// Whether all was well.
        passed: bool,
        /// In a few words.
        said: String,
    },
}

impl Ending {
    /// The HTTP status, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(*status),
            Self::Open | Self::Lost { .. } | Self::Checked { .. } => None,
        }
    }

    /// The JSON of the answer, where there was some.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        match self {
            Self::Answered {
                body: Body::Json(json), ..
            } => Some(json),
            _ => None,
        }
    }
}

/// What was found out before masking. Every value in here is masked like any other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The session id that it names in its path, query, form or body.
    pub session: Option<Masked>,
    /// Whether the wallet's own cookie came along; `None` where none is expected.
    pub cookie: Option<bool>,
    /// What the answer's page says of itself (`data-state` and `data-problem` of its main element).
    pub page: Option<PageFacts>,
    /// The OAuth 1.0a signature of a call to MDES.
    pub oauth: Option<OauthFacts>,
    /// The push account data that it carries.
    pub jws: Option<JwsFacts>,
    /// The encrypted payloads that it carries.
    pub payloads: Vec<PayloadFacts>,
    /// The pictures that its answer carries.
    pub pictures: Vec<PictureFacts>,
    /// What MDES has against the receipt that it refuses, which its answer does not say: `unknown`, `expired`, `used`,
    /// `foreign`.
    pub receipt: Option<String>,
    /// How long the bodies of request and answer were, in bytes, as far as they came; 0 where there was none, and for an
    /// answer that goes on while it is read.
    pub bytes: (u64, u64),
}

/// What may be shown of a value that must not be known.
///
/// Equal values have equal aliases, all over the journal, so that one sees that two messages carry different ids without
/// learning either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// First and last characters: `4f2c…91ab`.
    pub shown: String,
    /// `session-A`, `receipt-B`; empty for a card number.
    pub alias: String,
    /// The first eight hexadecimal digits of its keyed hash: equal for equal values of one run of the program, and of no use to
    /// whoever wants to find the value by trying.
    pub digest: String,
}

impl Masked {
    /// As it stands in texts: `4f2c…91ab ⟦session-A⟧`. Pages show what is between the brackets as a chip.
    #[must_use]
    pub fn text(&self) -> String {
        match self.alias.as_str() {
            "" => self.shown.clone(),
            alias => format!("{} ⟦{alias}⟧", self.shown),
        }
    }
}

/// A page of the wallet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// `data-state`, such as `terms`.
    pub state: Option<String>,
    /// `data-problem`, such as `E_SESSION`.
    pub problem: Option<String>,
    /// What a cardholder is asked to tell support: `TM-EAEBA5DE8F`. It names this answer in the wallet's log.
    #[serde(default)]
    pub reference: Option<String>,
}

/// An OAuth 1.0a signature, looked at from the verifier's side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthFacts {
    /// Name and value of each parameter of the header, masked where secret.
    pub parameters: Vec<(String, String)>,
    /// Whose certificate the consumer key belongs to: `wallet`, `issuer`, or nobody's.
    pub client: Option<String>,
    /// The base string that the request leads to, in its three parts, nonce and consumer key masked.
    pub expected_base: Vec<String>,
    /// The base string that the client signed, where that could be found: the digest that the signature holds was compared
    /// with those of the usual mistakes.
    pub signed_base: Option<Vec<String>>,
    /// The mistake that leads to [`Self::signed_base`], in words, when it is another.
    pub mistake: Option<String>,
    /// Keyed digests of the body hash that was given and of the one that the body has, or what is wrong with the first: the
    /// hashes themselves would tell a code that is in the body.
    pub body_hash: Option<(String, String)>,
    /// How far the timestamp is from the clock of MDES, in seconds: positive when it is ahead.
    pub clock_ahead_s: Option<i64>,
    /// The nonce had been seen within the window.
    pub nonce_seen: bool,
    /// Whether the signature is the client's over [`Self::expected_base`].
    pub is_right: bool,
}

/// Push account data, looked at without the wallet's help.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JwsFacts {
    /// Why it is no compact JWS at all, in words.
    pub malformed: Option<String>,
    /// Its header.
    pub header: Value,
    /// Its payload, masked.
    pub payload: Value,
    /// `alg` of the header.
    pub algorithm: Option<String>,
    /// What is known of the key under its `kid`.
    pub key: KeyState,
    /// From when until when the certificate of that key is valid: milliseconds since the Unix epoch.
    pub certificate_ms: Option<(i64, i64)>,
    /// Whether the signature is that key's.
    pub is_right: bool,
    /// Whether it would be right if the payload had not been changed in one of the usual ways; which, in words.
    pub changed: Option<String>,
    /// Length of the signing input in bytes.
    pub signing_input_bytes: u64,
    /// A keyed digest of the signing input.
    pub signing_input_digest: String,
    /// The session id that is signed.
    pub session: Option<Masked>,
    /// The receipts that are signed.
    pub receipts: Vec<Masked>,
    /// While the recorder runs: what goes by this hash may be found out about it later.
    #[serde(skip)]
    pub searched: Option<[u8; 16]>,
}

/// What is known of a key that signs receipts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyState {
    /// No key goes by that name.
    #[default]
    Unknown,
    /// It is in force.
    Live,
    /// It was, and is no longer to be trusted.
    Retired,
    /// It is published, and its certificate has expired.
    Expired,
}

/// An encrypted payload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadFacts {
    /// Where it stands: `pushFundingAccounts.encryptedPayload`.
    pub place: String,
    /// How the content is encrypted, as far as the payload says.
    pub algorithm: Option<String>,
    /// The fingerprint of the key that it says it is for.
    pub fingerprint: Option<String>,
    /// The fingerprint of the key that its receiver has.
    pub expected: Option<String>,
    /// Whether the receiver's key opens it.
    pub opens: bool,
}

/// A picture that MDES served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// `image/svg+xml`.
    pub media_type: String,
    /// In bytes.
    pub bytes: u64,
    /// It holds a script, a handler or a foreign address.
    pub is_active: bool,
}
