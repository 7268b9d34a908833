//! The format of a vector: how things stand when it begins, what is sent, what must be answered and what must stay. How it is
//! written, and what texts may hold, stands in `format.md` beside this file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// An attack that can be played.
#[derive(Clone, Debug)]
pub struct Vector {
    /// The file's subject, such as `jose`.
    pub subject: String,
    /// Its name, unique in the corpus.
    pub id: String,
    /// The attack of the threat model that it belongs to, such as `A032`.
    pub attack: String,
    /// What is tried, in a few words.
    pub title: String,
    /// Why it must be refused.
    pub reason: Reason,
    /// How things stand when it begins.
    pub given: Vec<Step>,
    /// What is sent.
    pub send: Vec<Step>,
    /// What each of `send` must be answered.
    pub answer: Answer,
    /// What must be so in the end.
    pub stays: Stays,
}

/// Why a vector must be refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// A stable code of the rule: lower-case words with `_` between them.
    pub code: String,
    /// Why it matters, in a sentence.
    pub why: String,
}

/// What must be answered. It is compared only with a wallet that answers in our words.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// One of these statuses.
    pub status: OneOrMany<u16>,
    /// One of these problem codes.
    #[serde(default)]
    pub problem: OneOrMany<String>,
    /// Headers by name: a text that must be in the value, or null for a header that must not be there.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// What must be nowhere in headers or body.
    #[serde(default)]
    pub lacks: Vec<String>,
}

/// What must be so in the end.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stays {
    /// So many tokens may come into the books of MDES.
    pub tokens: u64,
    /// So often may MDES be asked about eligibility.
    pub eligibility_calls: u64,
    /// The states of sessions by name. Looked at only in a wallet whose pages tell it.
    #[serde(default)]
    pub state: BTreeMap<String, String>,
}

/// A value, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// One.
    One(T),
    /// Any of these.
    Many(Vec<T>),
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> OneOrMany<T> {
    /// All of them.
    pub fn all(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// One thing that is done.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// Somebody starts to add a card.
    Session(StartSession),
    /// A bank pushes cards for a session, as its server does.
    Push(Push),
    /// A cardholder comes back to the wallet.
    Return(Box<Return>),
    /// A cardholder follows a bank's link to the entry for pushes, and wants what it offers.
    Land(Box<Land>),
    /// A session goes on honestly: back with what was pushed for it, to this state.
    GoOn(GoOn),
    /// Any request to the wallet.
    Request(Box<Request>),
    /// A request to MDES in the wallet's name.
    Mdes(Box<Signed>),
    /// Ways back to the wallet, all at once.
    Together(Vec<Step>),
    /// The clock of all participants moves on by this, such as `16m`.
    Clock(String),
}

/// Somebody starts to add a card.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartSession {
    /// What it is called from now on.
    pub name: String,
    /// Whose browser; one with the session's own name unless it says so.
    pub browser: Option<String>,
    /// The bank; the first one that approves, unless it says so.
    pub issuer: Option<String>,
}

/// A bank's push.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Push {
    /// What it is called from now on.
    pub name: String,
    /// The bank.
    pub issuer: Option<String>,
    /// The cards; the first of the bank's customer Ada unless it says so.
    #[serde(default)]
    pub cards: Vec<String>,
    /// The session that it is for, as text; none unless it says so.
    pub session: Option<String>,
    /// `callbackURL`, signed.
    pub callback_url: Option<String>,
    /// The code that the wallet showed.
    pub code: Option<String>,
}

/// A way back to the wallet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// To the callback of this session.
    pub session: String,
    /// In this browser; the one that started the session unless it says so. An unknown name is a browser that was never here.
    pub browser: Option<String>,
    /// The signed receipts.
    pub token: Option<Token>,
    /// The name of the parameter that carries them.
    #[serde(default = "push_account_data")]
    pub parameter: String,
    /// What stands behind that in the query, as it is.
    #[serde(default)]
    pub query: String,
    /// The method.
    #[serde(default = "get")]
    pub method: Verb,
    /// Headers that are set, or with null taken away.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
}

/// A way to the entry for pushes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Land {
    /// What the session that asks about it is called from now on.
    pub name: Option<String>,
    /// In this browser; one with the session's own name unless it says so, or one that was never here.
    pub browser: Option<String>,
    /// The signed receipts.
    pub token: Option<Token>,
    /// The name of the parameter that carries them.
    #[serde(default = "push_account_data")]
    pub parameter: String,
    /// What stands behind that in the query, as it is.
    #[serde(default)]
    pub query: String,
    /// The method.
    #[serde(default = "get")]
    pub method: Verb,
    /// What stands in the address where the rest is in a form.
    #[serde(default)]
    pub address: String,
    /// Headers that are set, or with null taken away.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// Whether the cardholder presses what adds the cards, if it is there.
    #[serde(default = "yes")]
    pub wants: bool,
}

impl Land {
    /// Somebody who was never here follows a link with this token, and wants what it offers.
    #[must_use]
    pub fn of(token: Token) -> Self {
        Self {
            name: None,
            browser: None,
            token: Some(token),
            parameter: push_account_data(),
            query: String::new(),
            method: Verb::Get,
            address: String::new(),
            headers: BTreeMap::new(),
            wants: true,
        }
    }
}

fn yes() -> bool {
    true
}

/// How a request is made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// With everything in the query.
    Get,
    /// With everything in a form.
    Post,
    /// As a link's preview does.
    Head,
    /// What no route of a wallet takes.
    Put,
}

impl Verb {
    /// The word on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Head => "HEAD",
            Self::Put => "PUT",
        }
    }
}

fn push_account_data() -> String {
    "pushAccountData".to_owned()
}

fn get() -> Verb {
    Verb::Get
}

/// Signed receipts, and what is done to them afterwards.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Signed now.
    pub sign: Option<Sign>,
    /// What this push brought.
    pub pushed: Option<String>,
    /// As it stands here.
    pub text: Option<String>,
    /// What is done to it, in order.
    #[serde(default)]
    pub edit: Vec<Edit>,
}

impl Token {
    /// What a push brought, as it is.
    #[must_use]
    pub fn pushed(name: &str) -> Self {
        Self {
            sign: None,
            pushed: Some(name.to_owned()),
            text: None,
            edit: Vec::new(),
        }
    }
}

/// What is to be signed, and how.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// The payload; the pushed receipt and the session unless it says so.
    pub payload: Option<Value>,
    /// The payload as text.
    pub payload_text: Option<String>,
    /// The payload as bytes, in hexadecimal.
    pub payload_hex: Option<String>,
    /// Members of the header that are replaced, or with null removed.
    #[serde(default)]
    pub header: Map<String, Value>,
    /// The header as text.
    pub header_text: Option<String>,
    /// The key: `live` unless it says so.
    pub key: Option<String>,
    /// The hash, where it is not the one of RS256.
    pub digest: Option<String>,
}

/// Something that is done to a token.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Changes a bit: part (0 to 2), byte of the decoded part, bit.
    Flip([usize; 3]),
    /// Replaces a part, or adds one at the end.
    Part(usize, String),
    /// Keeps so many characters of a part.
    Keep(usize, usize),
    /// Takes a part from the token of this push.
    Graft(usize, String),
    /// Writes the last character of a part in another way that means the same.
    Respell(usize),
    /// Puts this in front.
    Before(String),
    /// Puts this at the end.
    After(String),
    /// Replaces the first of this by that.
    Replace(String, String),
    /// Writes `+` and `/` for `-` and `_`.
    OtherAlphabet,
    /// Puts the token into a text, where `$` stands.
    Within(String),
    /// The JSON serialisation.
    AsJson,
    /// Percent-encodes it once more.
    Encode,
}

/// A session goes on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoOn {
    /// The session.
    pub session: String,
    /// What was pushed for it.
    pub pushed: String,
    /// The state to be reached.
    pub to: String,
}

/// Any request to the wallet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// From this browser; one that was never here unless it says so.
    pub browser: Option<String>,
    /// The method.
    #[serde(default = "get")]
    pub method: Verb,
    /// The path, with the query.
    pub path: String,
    /// A form.
    pub form: Option<BTreeMap<String, String>>,
    /// A body as it is.
    pub body: Option<String>,
    /// Headers that are set, or with null taken away.
    #[serde(default)]
    pub headers: BTreeMap<String, Option<String>>,
    /// As a page of the wallet's own sends it: same origin.
    #[serde(default)]
    pub is_own: bool,
}

/// A request to MDES, signed as the wallet signs, and what is done to it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Changed in what is signed.
    #[serde(default)]
    pub sign: Map<String, Value>,
    /// Changed in the header after it was signed: parameters by name, null to remove.
    #[serde(default)]
    pub header: BTreeMap<String, Option<String>>,
    /// The body that is sent, where it is not the one that was signed.
    pub body: Option<String>,
    /// The method that is sent, where it is not the one that was signed.
    pub method: Option<Verb>,
    /// Put behind the address that was signed.
    #[serde(default)]
    pub query: String,
    /// The whole `Authorization` header, where it is not one of ours.
    pub authorization: Option<String>,
    /// Sent so often; the last one counts.
    #[serde(default = "once")]
    pub times: usize,
}

fn once() -> usize {
    1
}
