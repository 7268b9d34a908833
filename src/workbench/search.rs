//! Searching the journal: in everything that can be read of a message.

use std::sync::Arc;

use serde_json::Value;

use super::Journal;
use super::message::{Body, Ending, Message, Part, leaves};

impl Journal {
    /// The messages that hold `text` somewhere, oldest first: in what they are called, in addresses, headers and bodies as
    /// they are shown, in aliases, and in what was found out about them. Upper and lower case are the same; nothing is
    /// found for nothing.
    #[must_use]
    pub fn search(&self, text: &str) -> Vec<Arc<Message>> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Vec::new();
        }
        let mut messages = self.messages();
        messages.retain(|message| texts(message).iter().any(|found| found.to_lowercase().contains(&text)));
        messages
    }
}

/// Everything that can be read of a message.
fn texts(message: &Message) -> Vec<String> {
    let mut texts = vec![
        message.label.clone(),
        message.from.name().to_owned(),
        message.to.name().to_owned(),
        message.request.method.clone(),
        message.request.url.clone(),
    ];
    let mut pairs = |pairs: &[(String, String)]| {
        for (name, value) in pairs {
            texts.push(format!("{name}={value}"));
            texts.push(format!("{name}: {value}"));
        }
    };
    pairs(&message.request.query);
    pairs(&message.request.headers);
    match &message.ending {
        Ending::Open | Ending::Lost { .. } => {}
        Ending::Checked { said, .. } => texts.push(said.clone()),
        Ending::Answered {
            status, headers, body, ..
        } => {
            pairs(headers);
            texts.push(status.to_string());
            body_texts(body, &mut texts);
        }
    }
    body_texts(&message.request.body, &mut texts);
    if let Ok(facts) = serde_json::to_value(&message.facts) {
        json_texts(&facts, &mut texts);
    }
    texts
}

fn body_texts(body: &Body, texts: &mut Vec<String>) {
    match body {
        Body::None => {}
        Body::Json(json) => json_texts(json, texts),
        Body::Form(fields) => texts.extend(fields.iter().map(|(name, value)| format!("{name}={value}"))),
        Body::Other { media_type, .. } => texts.push(media_type.clone()),
    }
}

fn json_texts(json: &Value, texts: &mut Vec<String>) {
    leaves(json, &mut |part| match part {
        Part::Text(text) | Part::Name(text) => texts.push(text.to_owned()),
        Part::Number(number) => texts.push(number.to_string()),
    });
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::workbench::message::{Kind, PageFacts, Participant, Request};
    use crate::workbench::testing::{answered, masked, message};

    #[test]
    fn a_message_is_found_by_anything_that_can_be_read_of_it() {
        let journal = Journal::new();
        let mut message = message(1, Participant::Wallet, Participant::Mdes, Kind::Call, "digitize");
        message.request = Request {
            method: "POST".to_owned(),
            url: "http://127.0.0.1:1/mdes/digitization/1/0/digitize".to_owned(),
            query: vec![("q".to_owned(), "Bank".to_owned())],
            headers: vec![("origin".to_owned(), "null".to_owned())],
            body: Body::Json(json!({"taskId": "abcd…wxyz ⟦task-A⟧"})),
        };
        message.ending = answered(401, Body::Json(json!({"errors": [{"reasonCode": "INVALID_TASK_ID"}]})));
        message.facts.session = Some(masked("4f2c…91ab", "session-A"));
        message.facts.page = Some(PageFacts {
            state: None,
            problem: Some("E_SESSION".to_owned()),
            reference: None,
        });
        journal.begin(message);
        for text in [
            "DIGITIZE",
            "wallet",
            "q=bank",
            "origin: null",
            "task-a",
            "taskId",
            "invalid_task",
            "401",
            "session-A",
            "4f2c",
            "e_session",
            " mdes/ ",
        ] {
            assert_eq!(journal.search(text).len(), 1, "{text}");
        }
        for text in ["", "  ", "checkEligibility", "receipt-A", "{"] {
            assert!(journal.search(text).is_empty(), "{text}");
        }
    }
}
