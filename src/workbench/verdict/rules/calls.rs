//! Calls between servers: what is in them, encryption, and the network.

use std::sync::Arc;

use super::super::catalogue::{ENC_001, NET_001, NET_002, NET_003, PAN_001, TOK_004};
use super::super::flow::{is_broken, is_missing_picture, is_refusal, refusal, result, texts, took_ms, unreadable};
use super::super::{Case, Rule, Verdict};
use crate::workbench::message::{Ending, Kind, Message, Participant, PayloadFacts};
use crate::workbench::report::seconds;

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "No card number stands in any message",
        look: no_card_number,
    },
    Rule {
        passed: "Payloads are encrypted for their receivers",
        look: payloads_open,
    },
    Rule {
        passed: "No call failed",
        look: no_call_failed,
    },
    Rule {
        passed: "Every answer of MDES can be read",
        look: answers_are_readable,
    },
    Rule {
        passed: "MDES refused no call",
        look: no_call_was_refused,
    },
    Rule {
        passed: "No call was slow",
        look: no_call_was_slow,
    },
];

/// How a masked card number looks.
const MASKED_NUMBER: &str = "•••• ";

fn no_card_number(case: &Case<'_>) -> Option<Vec<Verdict>> {
    if case.messages.is_empty() {
        return None;
    }
    let holds = |text: &str| {
        let after = text.split(MASKED_NUMBER).skip(1);
        let is_number = |rest: &str| rest.len() >= 4 && rest.bytes().take(4).all(|byte| byte.is_ascii_digit());
        after.into_iter().any(is_number)
    };
    let found = case
        .messages
        .iter()
        .filter(|message| texts(message).into_iter().any(holds));
    let verdict = |message: &Arc<Message>| {
        Verdict::of(&PAN_001, message).differs(
            "no card number",
            "in clear",
            "one, which was masked when it was recorded",
        )
    };
    Some(found.map(verdict).collect())
}

fn payloads_open(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let payloads: Vec<(&Message, &PayloadFacts)> = case
        .messages
        .iter()
        .flat_map(|message| message.facts.payloads.iter().map(move |payload| (&**message, payload)))
        .collect();
    if payloads.is_empty() {
        return None;
    }
    let closed = payloads.into_iter().filter(|(_, payload)| !payload.opens);
    let verdict = |(message, payload): (&Message, &PayloadFacts)| {
        let expected = match &payload.expected {
            Some(expected) => format!("for the key with the fingerprint {expected}"),
            None => "for the key of its receiver".to_owned(),
        };
        let received = match &payload.fingerprint {
            Some(named) if payload.fingerprint == payload.expected => {
                format!("one that names the fingerprint {named}, and that its key does not open")
            }
            Some(named) => format!("one for the key with the fingerprint {named}"),
            None => "one that names no key, and that the receiver's does not open".to_owned(),
        };
        let subject = format!("a payload in `{}`", payload.place);
        Verdict::of(&ENC_001, message).differs(&subject, expected, received)
    };
    Some(closed.map(verdict).collect())
}

/// Calls between servers: what a browser waits for is said of the call behind it.
fn between_servers<'a>(case: &Case<'a>) -> Vec<&'a Arc<Message>> {
    use crate::workbench::message::Participant::{Browser, IssuerSite};
    let is_between = |message: &&Arc<Message>| {
        message.kind == Kind::Call
            && message.from != Browser
            && message.to != IssuerSite
            && message.ending != Ending::Open
    };
    case.messages.iter().filter(is_between).collect()
}

fn no_call_failed(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let calls = between_servers(case);
    let mut found: Vec<Verdict> = Vec::new();
    let mut said: Vec<&str> = Vec::new();
    // Whose answer was not waited for any longer was slow, which is said of it.
    let gave_up = |call: &Message| {
        matches!(call.ending, Ending::Lost { .. }) && took_ms(call).is_some_and(|took| took > case.expected.slow_ms)
    };
    for call in calls.iter().filter(|call| is_broken(call) && !gave_up(call)) {
        if said.contains(&call.label.as_str()) {
            continue;
        }
        said.push(&call.label);
        let later = calls
            .iter()
            .filter(|other| other.number > call.number && other.from == call.from);
        let again: Vec<_> = later.clone().filter(|other| other.label == call.label).collect();
        let mut verdict = Verdict::of(&NET_002, call).differs("an answer to", call.label.as_str(), result(call));
        // What must not be done twice is asked after instead.
        let asked = later.into_iter().find(|other| other.label == "getTaskStatus");
        let asked = asked.filter(|_| call.label == "digitize");
        verdict.about = match (again.last(), asked) {
            (Some(last), _) => format!("and at the last of {} tries {}", again.len() + 1, result(last)),
            (None, Some(asked)) => format!("after which message {} asked how it stands", asked.number),
            (None, None) => "and it was not repeated so far".to_owned(),
        };
        verdict.compare = again.iter().map(|other| other.number).collect();
        found.push(verdict);
    }
    (!calls.is_empty()).then_some(found)
}

/// Calls to MDES that are over.
fn of_mdes<'a>(case: &Case<'a>) -> Vec<&'a Arc<Message>> {
    let mut calls = between_servers(case);
    calls.retain(|call| call.to == Participant::Mdes);
    calls
}

fn answers_are_readable(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let calls = of_mdes(case);
    let wrong = calls.iter().filter_map(|call| {
        let (received, cause) = unreadable(call)?;
        let subject = format!("the answer to {}", call.label);
        let verdict = Verdict::of(&NET_003, call).differs(&subject, "as the interface describes it", received);
        Some(verdict.for_cause(cause))
    });
    (!calls.is_empty()).then(|| wrong.collect())
}

/// A refusal; that of a picture is none, and those that other rules know are theirs.
fn no_call_was_refused(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let calls = of_mdes(case);
    let refused = calls.iter().filter_map(|call| {
        let is_no = call.ending.status().is_some_and(is_refusal);
        let is_in_words = call.ending.status() == Some(200) && refusal(call).is_some();
        if !is_no && !is_in_words || is_missing_picture(call) {
            return None;
        }
        let verdict = Verdict::of(&TOK_004, call).differs("an answer to", call.label.as_str(), result(call));
        if refusal(call) != Some("NO_RESPONSE_FROM_ISSUER") {
            return Some(verdict);
        }
        // What MDES heard of the issuer meanwhile, if anything.
        let asked = between_servers(case).into_iter().filter(|other| {
            let said_no = is_broken(other) || other.ending.status().is_some_and(is_refusal);
            other.to == Participant::IssuerApi && other.number > call.number && said_no
        });
        let compare = asked.map(|other| other.number).collect();
        Some(Verdict { compare, ..verdict }.for_cause(2))
    });
    (!calls.is_empty()).then(|| refused.collect())
}

fn no_call_was_slow(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let calls = between_servers(case);
    let span = |ms: u64| seconds(i64::try_from(ms).unwrap_or(i64::MAX));
    let slow = calls.iter().filter_map(|call| {
        let took = took_ms(call).filter(|took| *took > case.expected.slow_ms)?;
        let subject = format!("{} to answer {}", call.to.name(), call.label);
        let expected = format!("within {}", span(case.expected.slow_ms));
        let received = match call.ending {
            Ending::Lost { .. } => format!("no answer in {}", span(took)),
            Ending::Open | Ending::Answered { .. } | Ending::Checked { .. } => {
                format!("the answer after {}", span(took))
            }
        };
        Some(Verdict::of(&NET_001, call).differs(&subject, expected, received))
    });
    (!calls.is_empty()).then(|| slow.collect())
}
