//! Whose fault it is: pure rules over the messages of a flow, and what they say.
//!
//! - `catalogue`: what can be said; `flow`: finding one's way in the messages; `compare`: two texts side by side
//! - `rules`: what is looked at, and when that is wrong; one file a subject

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::workbench::message::Message;
use crate::workbench::text;

pub mod catalogue;
pub mod compare;
mod flow;
mod rules;
#[cfg(test)]
mod tests;

pub use catalogue::{CATALOGUE, Entry};
pub(super) use flow::{is_failure, is_landing, refusal};

/// How much a verdict weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Somebody did something wrong, or something failed.
    Problem,
    /// Everybody did what they should, and the answer was no.
    Answer,
    /// It works, and could be better.
    Note,
}

/// What is right for this wallet in this environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectations {
    /// The wallet's token requestor id.
    pub token_requestor_id: String,
    /// How every callback address begins: origin and path, without the session.
    pub callback: String,
    /// The algorithms in which receipts may be signed.
    pub algorithms: Vec<String>,
    /// Whether the signed data has to name the session. What Mastercard signs is not public: the simulator of MDES has a knob
    /// for it (`session_in_jws`), and the pages ask for it each time they judge.
    pub session_is_signed: bool,
    /// How far the clock of a signer may be off, in seconds.
    pub clock_off_s_max: i64,
    /// How long a receipt lives when the issuer asks for nothing else, in minutes.
    pub receipt_minutes: i64,
    /// A call that takes longer than this is slow, in milliseconds.
    pub slow_ms: u64,
    /// No picture needs more bytes.
    pub picture_bytes_max: u64,
}

impl Expectations {
    /// What MDES documents, or what this project assumes of it, for one wallet.
    #[must_use]
    pub fn of(token_requestor_id: impl Into<String>, callback: impl Into<String>) -> Self {
        Self {
            token_requestor_id: token_requestor_id.into(),
            callback: callback.into(),
            algorithms: vec!["RS256".to_owned()],
            session_is_signed: true,
            clock_off_s_max: 300,
            receipt_minutes: 15,
            slow_ms: 3_000,
            picture_bytes_max: 1_000_000,
        }
    }
}

/// Another attempt, to say of a session id whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What the cardholder reads: `TM-2M8P-11XC`.
    pub reference: String,
    /// When it began, in milliseconds since the Unix epoch.
    pub started_ms: i64,
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The messages of the flow, oldest first.
    pub messages: &'a [Arc<Message>],
    /// Everything that was recorded, oldest first: where a receipt came from may be in another attempt.
    pub all: &'a [Arc<Message>],
    /// The attempts, by the alias of their session id.
    pub attempts: &'a BTreeMap<String, Known>,
    /// What is right.
    pub expected: &'a Expectations,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Root causes first.
    pub verdicts: Vec<Verdict>,
    /// What was looked at and is right, in a few words each.
    pub passed: Vec<&'static str>,
}

/// Something that is to be said of a message.
///
/// Values in its texts stand as [`super::message::Masked::text`] writes them, names of fields between backquotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What kind it is.
    pub entry: &'static Entry,
    /// The number of the message.
    pub message: u64,
    /// Who did what there: `Wallet checks the receipt`.
    pub place: String,
    /// What is compared: a name between backquotes, or words.
    pub subject: String,
    /// What it had to be.
    pub expected: String,
    /// What it was.
    pub received: String,
    /// Where that stood: `Received`, `Signed data has`.
    pub holder: &'static str,
    /// More about what was received: `which belongs to attempt …`.
    pub about: String,
    /// Causes, likeliest first.
    pub likely: Vec<String>,
    /// What to change.
    pub change: String,
    /// Earlier messages to compare with.
    pub compare: Vec<u64>,
    /// Other messages of which the same is true.
    pub also: Vec<u64>,
}

impl Verdict {
    fn of(entry: &'static Entry, message: &Message) -> Self {
        Self {
            entry,
            message: message.number,
            place: flow::place(message),
            subject: String::new(),
            expected: String::new(),
            received: String::new(),
            holder: "Received",
            about: String::new(),
            likely: entry.causes.iter().map(|cause| (*cause).to_owned()).collect(),
            change: entry.change.to_owned(),
            compare: Vec::new(),
            also: Vec::new(),
        }
    }

    /// The same with this cause of the catalogue as the likeliest.
    fn for_cause(mut self, at: usize) -> Self {
        self.likely[..=at].rotate_right(1);
        self
    }

    fn differs(mut self, subject: &str, expected: impl Into<String>, received: impl Into<String>) -> Self {
        self.subject = subject.to_owned();
        self.expected = expected.into();
        self.received = received.into();
        self
    }

    /// The messages that it is true of: `Message 6`, `Messages 6, 11 and 14`.
    #[must_use]
    pub fn everywhere(&self) -> String {
        let mut all = vec![self.message];
        all.extend(&self.also);
        text::messages(&all).replacen('m', "M", 1)
    }

    /// Whether another message's verdict has the same words.
    fn says_the_same(&self, other: &Self) -> bool {
        self.entry.id == other.entry.id && self.comparison() == other.comparison()
    }

    /// "Expected … Received …", in sentences.
    #[must_use]
    pub fn comparison(&self) -> String {
        let equals = if self.subject.starts_with('`') { " = " } else { " " };
        let about = match self.about.as_str() {
            "" => String::new(),
            about => format!(", {about}"),
        };
        format!(
            "Expected {}{equals}{}. {} {}{about}.",
            self.subject, self.expected, self.holder, self.received
        )
    }
}

/// A rule: what it looks at, and what it finds wrong with it. `None` where there was nothing to look at.
struct Rule {
    /// What is true when it finds nothing.
    passed: &'static str,
    look: fn(&Case<'_>) -> Option<Vec<Verdict>>,
}

/// Looks at everything.
#[must_use]
pub fn judge(case: &Case<'_>) -> Judgement {
    let mut found = Judgement::default();
    let mut all = Vec::new();
    for rule in rules::RULES.iter().flat_map(|rules| rules.iter()) {
        match (rule.look)(case) {
            None => {}
            Some(verdicts) if verdicts.is_empty() => found.passed.push(rule.passed),
            Some(verdicts) => all.extend(verdicts),
        }
    }
    let said: Vec<(&str, u64)> = all.iter().map(|verdict| (verdict.entry.id, verdict.message)).collect();
    all.retain(|verdict| !is_said_better(verdict, &said));
    for verdict in all {
        add(&mut found.verdicts, verdict);
    }
    let rank = |verdict: &Verdict| CATALOGUE.iter().position(|entry| entry.id == verdict.entry.id);
    found
        .verdicts
        .sort_by_key(|verdict| (verdict.entry.weight, rank(verdict), verdict.message));
    found
}

/// That a call failed, cannot be read or was refused need not be said where a rule knows why. That it was slow is no reason.
fn is_said_better(verdict: &Verdict, said: &[(&str, u64)]) -> bool {
    use catalogue::{NET_001, NET_002, NET_003, TOK_004};
    let is_plain = |id: &str| [NET_001.id, NET_002.id, NET_003.id, TOK_004.id].contains(&id);
    let is_better = |(id, message): &(&str, u64)| *message == verdict.message && !is_plain(id);
    is_plain(verdict.entry.id) && verdict.entry.id != NET_001.id && said.iter().any(is_better)
}

/// The same of another message is said once.
fn add(verdicts: &mut Vec<Verdict>, verdict: Verdict) {
    match verdicts.iter_mut().find(|said| said.says_the_same(&verdict)) {
        Some(said) if said.message == verdict.message || said.also.contains(&verdict.message) => {}
        Some(said) => said.also.push(verdict.message),
        None => verdicts.push(verdict),
    }
}
