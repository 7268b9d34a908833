//! The messages of an attempt as a file that can be loaded again: masked as they were kept, so that it can be attached to an
//! issue and looked at by others.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::attempts::Attempt;
use super::journal::{Journal, MESSAGES_MAX};
use super::message::Message;

/// What the file says it is.
const FORMAT: &str = "tidemark-journal";
/// The version of the format that this program writes and reads.
const VERSION: u32 = 1;
/// A file that is larger is not read.
pub const BYTES_MAX: usize = 32 * 1024 * 1024;

#[derive(Serialize)]
struct Written<'a> {
    format: &'a str,
    version: u32,
    attempt: &'a Attempt,
    messages: Vec<&'a Message>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    format: String,
    version: u32,
    attempt: Attempt,
    messages: Vec<Message>,
}

/// Why a file is not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLoaded {
    /// It is larger than [`BYTES_MAX`].
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
            Self::TooLarge => write!(out, "the file is larger than {BYTES_MAX} bytes"),
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

/// An attempt with its messages as a file, JSON. `None` where the journal does not know the attempt.
#[must_use]
pub fn write(journal: &Journal, attempt: u64) -> Option<String> {
    let messages = journal.of_attempt(attempt);
    let attempt = journal.attempt(attempt)?;
    let written = Written {
        format: FORMAT,
        version: VERSION,
        attempt: &attempt,
        messages: messages.iter().map(AsRef::as_ref).collect(),
    };
    serde_json::to_string_pretty(&written).ok()
}

/// Loads a file into a journal of its own: with its numbers, so that what was said about a message still holds.
///
/// # Errors
/// [`NotLoaded`], which says what is wrong with the file.
pub fn load(file: &[u8]) -> Result<Journal, NotLoaded> {
    if file.len() > BYTES_MAX {
        return Err(NotLoaded::TooLarge);
    }
    let read: Read = serde_json::from_slice(file).map_err(|fault| NotLoaded::Shape(fault.to_string()))?;
    if read.format != FORMAT {
        return Err(NotLoaded::Format);
    }
    if read.version != VERSION {
        return Err(NotLoaded::Version(read.version));
    }
    if !(1..=MESSAGES_MAX).contains(&read.messages.len()) {
        return Err(NotLoaded::Count(read.messages.len()));
    }
    let mut last = 0;
    for message in &read.messages {
        if message.number <= last {
            return Err(NotLoaded::Shape(format!(
                "message {} is not behind message {last}",
                message.number
            )));
        }
        if message.attempt != Some(read.attempt.number) {
            return Err(NotLoaded::Shape(format!(
                "message {} is of another attempt",
                message.number
            )));
        }
        last = message.number;
    }
    let journal = Journal::new();
    journal.know(read.attempt);
    for message in read.messages {
        journal.restore(message);
    }
    Ok(journal)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::workbench::message::{Ending, Facts, Kind, Masked, Participant, Request};

    fn journal() -> Journal {
        let journal = Journal::new();
        let session = Masked {
            shown: "4f2c…91ab".to_owned(),
            alias: "session-A".to_owned(),
            digest: "01234567".to_owned(),
        };
        journal.know(Attempt {
            number: 3,
            reference: "TM-4F2C0000".to_owned(),
            issuer: Some("havorn-no".to_owned()),
            started_at_ms: 9,
            session: session.clone(),
            state: Some("terms".to_owned()),
            problem: None,
        });
        for (attempt, label) in [
            (Some(3), "digitize"),
            (None, "getEligibleIssuers"),
            (Some(3), "getTaskStatus"),
        ] {
            journal.begin(Message {
                number: 0,
                attempt,
                at_ms: 12,
                from: Participant::Wallet,
                to: Participant::Mdes,
                kind: Kind::Call,
                label: label.to_owned(),
                request: Request::default(),
                ending: Ending::Lost { took_ms: 3 },
                facts: Facts {
                    session: Some(session.clone()),
                    ..Facts::default()
                },
            });
        }
        journal
    }

    #[test]
    fn what_was_written_is_loaded_again() {
        let journal = journal();
        let file = write(&journal, 3).expect("a file");
        let loaded = load(file.as_bytes()).expect("a journal");
        assert_eq!(loaded.attempts(), journal.attempts());
        assert_eq!(loaded.of_attempt(3), journal.of_attempt(3));
        let numbers: Vec<u64> = loaded.messages().iter().map(|message| message.number).collect();
        assert_eq!(numbers, [1, 3]);
        assert_eq!(write(&loaded, 3), Some(file));
        assert_eq!(write(&journal, 4), None);
    }

    #[test]
    fn what_is_none_of_ours_is_refused_with_a_reason() {
        let good: Value = serde_json::from_str(&write(&journal(), 3).expect("a file")).expect("JSON");
        let with = |place: &str, value: Value| {
            let mut file = good.clone();
            *file.pointer_mut(place).expect("a member") = value;
            file.to_string()
        };
        for (file, reason) in [
            ("garbage".to_owned(), "no replay file: expected value at line 1"),
            ("{}".to_owned(), "missing field `format`"),
            (with("/format", json!("har")), "\"format\" is not \"tidemark-journal\""),
            (with("/version", json!(2)), "has version 2; this program reads 1"),
            (with("/messages", json!([])), "holds 0 messages"),
            (
                with("/messages/0/number", json!(7)),
                "message 3 is not behind message 7",
            ),
            (with("/messages/0/attempt", json!(9)), "message 1 is of another attempt"),
            (
                with("/messages/0/kind", json!("telepathy")),
                "unknown variant `telepathy`",
            ),
        ] {
            let refused = load(file.as_bytes()).expect_err(reason).to_string();
            assert!(refused.contains(reason), "{refused}");
        }
        assert_eq!(load(&vec![b' '; BYTES_MAX + 1]).err(), Some(NotLoaded::TooLarge));
    }
}
