//! The messages of an attempt as a file that can be loaded again: masked as they were kept, so that it can be attached to an
//! issue and looked at by others.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::attempts::Attempt;
use super::journal::{Journal, weight};
use super::message::{Ending, Message, Part, leaves};
use super::verdict::Expectations;

/// What the file says it is.
const FORMAT: &str = "tidemark-journal";
/// The version of the format that this program writes and reads.
const VERSION: u32 = 1;
/// A file that is larger is not read, in bytes.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Messages of one file: what is recorded here is not to be pushed out.
const MESSAGES_MAX: usize = 1_000;
/// What they may weigh in memory, in bytes.
const WEIGHT_MAX: usize = 16 * 1024 * 1024;
/// The longest text about the attempt and about what is right for it, in bytes.
const TEXT_MAX: usize = 2_000;
/// The last moment that can be shown: the end of the year 9999, in milliseconds since the Unix epoch.
const LAST_MS: i64 = 253_402_300_799_999;

#[derive(Serialize)]
struct Written<'a> {
    format: &'a str,
    version: u32,
    expected: &'a Expectations,
    attempt: &'a Attempt,
    messages: Vec<&'a Message>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    format: String,
    version: u32,
    expected: Option<Expectations>,
    attempt: Attempt,
    messages: Vec<Message>,
}

/// Why a file is not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLoaded {
    /// It is larger than [`BYTES_MAX`], or unfolds to far more than that.
    TooLarge,
    /// It is not JSON of this shape; where and why.
    Shape(String),
    /// It is something else than a journal.
    Format,
    /// It was written by another version.
    Version(u32),
    /// It holds nothing, or more than a journal does.
    Count(usize),
}

impl fmt::Display for NotLoaded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(
                out,
                "the file holds more than {BYTES_MAX} bytes, or far too many values"
            ),
            Self::Shape(why) => write!(out, "the file is no replay file: {why}"),
            Self::Format => write!(out, "the file is no replay file: \"format\" is not \"{FORMAT}\""),
            Self::Version(version) => write!(out, "the file has version {version}; this program reads {VERSION}"),
            Self::Count(count) => write!(
                out,
                "the file holds {count} messages; 1 to {MESSAGES_MAX} can be loaded"
            ),
        }
    }
}

impl std::error::Error for NotLoaded {}

/// An attempt with its messages as a file, JSON, with what is right for its wallet. `None` where the journal does not know
/// the attempt.
#[must_use]
pub fn write(journal: &Journal, attempt: u64, expected: &Expectations) -> Option<String> {
    let messages = journal.of_attempt(attempt);
    let attempt = journal.attempt(attempt)?;
    let written = Written {
        format: FORMAT,
        version: VERSION,
        expected: attempt.loaded.as_deref().unwrap_or(expected),
        attempt: &attempt,
        messages: messages.iter().map(AsRef::as_ref).collect(),
    };
    serde_json::to_string_pretty(&written).ok()
}

/// Loads a file into a journal, as an attempt of its own under a number of its own, which is given back. `expected` is taken
/// to be right for it where the file does not say what is.
///
/// # Errors
/// [`NotLoaded`], which says what is wrong with the file.
pub fn load(journal: &Journal, file: &[u8], expected: &Expectations) -> Result<u64, NotLoaded> {
    if file.len() > BYTES_MAX {
        return Err(NotLoaded::TooLarge);
    }
    let shape = |fault: serde_json::Error| NotLoaded::Shape(fault.to_string());
    let whole: Value = serde_json::from_slice(file).map_err(shape)?;
    within_bounds(&whole)?;
    let read: Read = serde_json::from_slice(file).map_err(shape)?;
    if read.format != FORMAT {
        return Err(NotLoaded::Format);
    }
    if read.version != VERSION {
        return Err(NotLoaded::Version(read.version));
    }
    if !(1..=MESSAGES_MAX).contains(&read.messages.len()) {
        return Err(NotLoaded::Count(read.messages.len()));
    }
    checked(&read.attempt, &read.messages)?;
    let attempt = Attempt {
        loaded: Some(Arc::new(read.expected.unwrap_or_else(|| expected.clone()))),
        ..read.attempt
    };
    Ok(journal.restore(attempt, read.messages))
}

/// That nothing in a file is beyond what can be reckoned with or shown: what is recorded here never is.
fn within_bounds(file: &Value) -> Result<(), NotLoaded> {
    let refuse = |why: &str| Err(NotLoaded::Shape(why.to_owned()));
    let is_reckoned = |number: &Number| number.as_f64().is_some_and(|number| number.abs() <= LAST_MS as f64);
    let (mut is_written, mut is_small) = (true, true);
    leaves(file, &mut |part| match part {
        Part::Text(text) | Part::Name(text) => {
            is_written &= !text.contains(|letter: char| letter.is_control() && !['\n', '\t'].contains(&letter));
        }
        Part::Number(_) => {}
    });
    let messages = file["messages"].as_array().into_iter().flatten();
    for part in messages
        .map(|message| &message["facts"])
        .chain([&file["attempt"], &file["expected"]])
    {
        leaves(part, &mut |part| {
            if let Part::Number(number) = part {
                is_small &= is_reckoned(number);
            }
        });
    }
    for part in [&file["attempt"], &file["expected"]] {
        leaves(part, &mut |part| match part {
            Part::Text(text) | Part::Name(text) => is_small &= text.len() <= TEXT_MAX,
            Part::Number(_) => {}
        });
    }
    match (is_written, is_small) {
        (false, _) => refuse("there are control characters in it"),
        (true, false) => refuse("a number or a text in it is larger than any that is recorded"),
        (true, true) => Ok(()),
    }
}

/// That the messages are of one attempt, in order, at moments that can be shown.
fn checked(attempt: &Attempt, messages: &[Message]) -> Result<(), NotLoaded> {
    let is_moment = |ms: i64| (0..=LAST_MS).contains(&ms);
    if !is_moment(attempt.started_at_ms) {
        return Err(NotLoaded::Shape(
            "the attempt began at no moment that can be shown".to_owned(),
        ));
    }
    let (mut last, mut weight) = (0, 0);
    for message in messages {
        let number = message.number;
        let wrong = |what: String| Err(NotLoaded::Shape(format!("message {number} {what}")));
        if number <= last {
            return wrong(format!("is not behind message {last}"));
        }
        if message.attempt != Some(attempt.number) {
            return wrong("is of another attempt".to_owned());
        }
        let took = match message.ending {
            Ending::Answered { took_ms, .. } | Ending::Lost { took_ms } => took_ms,
            Ending::Open | Ending::Checked { .. } => 0,
        };
        if !is_moment(message.at_ms) || took > LAST_MS.unsigned_abs() {
            return wrong("has a time that cannot be shown".to_owned());
        }
        last = number;
        weight += weight::of(message);
    }
    (weight <= WEIGHT_MAX).then_some(()).ok_or(NotLoaded::TooLarge)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workbench::message::{Kind, Participant};
    use crate::workbench::testing::{CALLBACK, REQUESTOR, attempt, message};

    fn expected() -> Expectations {
        Expectations::of(REQUESTOR, CALLBACK)
    }

    /// Two messages of the third attempt, and one between them that belongs to none.
    fn journal() -> Journal {
        let journal = Journal::new();
        journal.know(Attempt { number: 3, ..attempt() });
        for (attempt, label) in [
            (Some(3), "digitize"),
            (None, "getEligibleIssuers"),
            (Some(3), "getTaskStatus"),
        ] {
            let mut message = message(0, Participant::Wallet, Participant::Mdes, Kind::Call, label);
            message.attempt = attempt;
            journal.begin(message);
        }
        journal
    }

    #[test]
    fn what_was_written_is_loaded_again_under_other_numbers() {
        let journal = journal();
        let file = write(&journal, 3, &expected()).expect("a file");
        let other = Expectations::of("another", "https://w.example/callback");
        assert_eq!(load(&journal, file.as_bytes(), &other), Ok(4));
        let loaded = journal.attempt(4).expect("an attempt");
        assert_eq!(loaded.loaded.as_deref(), Some(&expected()));
        assert_eq!(loaded.reference, attempt().reference);
        let numbers = |attempt| -> Vec<(u64, String)> {
            let messages = journal.of_attempt(attempt);
            messages
                .iter()
                .map(|message| (message.number, message.label.clone()))
                .collect()
        };
        assert_eq!(
            numbers(3),
            [(1, "digitize".to_owned()), (3, "getTaskStatus".to_owned())]
        );
        assert_eq!(
            numbers(4),
            [(4, "digitize".to_owned()), (5, "getTaskStatus".to_owned())]
        );
        // Written once more, it says what was right where it came from.
        let again: Value = serde_json::from_str(&write(&journal, 4, &other).expect("a file")).expect("JSON");
        assert_eq!(again["expected"], json!(expected()));
        assert_eq!(write(&journal, 5, &other), None);
        assert_eq!(journal.next_attempt(), 5);
    }

    #[test]
    fn what_is_none_of_ours_is_refused_with_a_reason() {
        let journal = journal();
        let good: Value = serde_json::from_str(&write(&journal, 3, &expected()).expect("a file")).expect("JSON");
        let with = |place: &str, value: Value| {
            let mut file = good.clone();
            *file.pointer_mut(place).expect("a member") = value;
            file.to_string()
        };
        let many = vec![vec![0_u8; 1_000]; 700];
        for (file, reason) in [
            ("garbage".to_owned(), "no replay file: expected value at line 1"),
            ("{}".to_owned(), "missing field `format`"),
            (with("/format", json!("har")), "\"format\" is not \"tidemark-journal\""),
            (with("/version", json!(2)), "has version 2; this program reads 1"),
            (with("/messages", json!([])), "holds 0 messages"),
            (
                with("/messages", json!(vec![&good["messages"][0]; 1_001])),
                "holds 1001 messages",
            ),
            (
                with("/messages/0/number", json!(7)),
                "message 3 is not behind message 7",
            ),
            (with("/messages/0/attempt", json!(9)), "message 1 is of another attempt"),
            (
                with("/messages/0/kind", json!("telepathy")),
                "unknown variant `telepathy`",
            ),
            (with("/messages/1/at_ms", json!(i64::MIN)), "message 3 has a time"),
            (
                with("/messages/1/ending/answered/took_ms", json!(u64::MAX)),
                "message 3 has a time",
            ),
            (with("/attempt/started_at_ms", json!(-1)), "began at no moment"),
            (with("/attempt/started_at_ms", json!(i64::MAX)), "larger than any"),
            (with("/expected/clock_off_s_max", json!(i64::MIN)), "larger than any"),
            (with("/expected/callback", json!("x".repeat(2_001))), "larger than any"),
            (with("/messages/0/facts/cookie", json!(-1e18)), "larger than any"),
            (
                with("/attempt/reference", json!("TM-A\revent: reset\r\r")),
                "control characters",
            ),
            (
                with("/messages/0/request/body", json!({"json": many})),
                "far too many values",
            ),
        ] {
            let refused = load(&journal, file.as_bytes(), &expected())
                .expect_err(reason)
                .to_string();
            assert!(refused.contains(reason), "{refused}");
        }
        let large = vec![b' '; BYTES_MAX + 1];
        assert_eq!(load(&journal, &large, &expected()), Err(NotLoaded::TooLarge));
        assert_eq!((journal.attempts().len(), journal.messages().len()), (1, 3));
    }
}
