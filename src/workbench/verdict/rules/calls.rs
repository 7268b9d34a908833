//! Calls between servers: signatures of requests, encryption, and the network.

use std::sync::Arc;

use super::super::catalogue::{ENC_001, NET_001, NET_002, OAU_001, OAU_002, OAU_003, OAU_004, PAN_001};
use super::super::flow::{is_failure, refusal, texts, took_ms};
use super::super::{Case, Rule, Verdict};
use super::way::span;
use crate::workbench::message::{Ending, Kind, Message, OauthFacts, PayloadFacts};

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "No card number stands in any message",
        look: no_card_number,
    },
    Rule {
        passed: "Body hashes match their bodies",
        look: body_hashes_match,
    },
    Rule {
        passed: "The clocks of the signers are right",
        look: clocks_are_right,
    },
    Rule {
        passed: "Every nonce is new",
        look: nonces_are_new,
    },
    Rule {
        passed: "Every request is signed as it was sent",
        look: base_strings_match,
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
        Verdict::of(&PAN_001, message).differs("a card number", "nowhere in clear", "one, masked when it was recorded")
    };
    Some(found.map(verdict).collect())
}

fn of_signed(case: &Case<'_>, judge: impl Fn(&Message, &OauthFacts) -> Option<Verdict>) -> Option<Vec<Verdict>> {
    let mut signed = case.signed_calls().peekable();
    signed.peek()?;
    Some(
        signed
            .filter_map(|call| judge(call, call.facts.oauth.as_ref()?))
            .collect(),
    )
}

fn body_hashes_match(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_signed(case, |call, oauth| {
        let (given, computed) = oauth.body_hash.as_ref()?;
        let verdict = || Verdict::of(&OAU_001, call).differs("`oauth_body_hash`", computed, given);
        (given != computed).then(verdict)
    })
}

fn clocks_are_right(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let max = case.expected.clock_off_s_max;
    of_signed(case, |call, oauth| {
        let ahead = oauth.clock_ahead_s.filter(|ahead| ahead.saturating_abs() > max)?;
        let direction = if ahead > 0 { "ahead of" } else { "behind" };
        let off = ahead.saturating_abs().saturating_mul(1_000);
        let received = format!("{} {direction} the clock of MDES", span(off));
        let expected = format!("at most {} away from it", span(max * 1_000));
        Some(Verdict::of(&OAU_002, call).differs("`oauth_timestamp`", expected, received))
    })
}

fn parameter<'a>(oauth: &'a OauthFacts, name: &str) -> &'a str {
    let found = oauth.parameters.iter().find(|(other, _)| other == name);
    found.map_or("nothing", |(_, value)| value)
}

fn nonces_are_new(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_signed(case, |call, oauth| {
        let nonce = parameter(oauth, "oauth_nonce");
        let verdict = || {
            let mut verdict = Verdict::of(&OAU_003, call).differs("`oauth_nonce`", "a new one", nonce);
            let same = |other: &&Arc<Message>| {
                let other_nonce = other.facts.oauth.as_ref().map(|other| parameter(other, "oauth_nonce"));
                other.number < call.number && other_nonce == Some(nonce)
            };
            verdict.compare = case
                .all
                .iter()
                .rev()
                .find(same)
                .map(|first| first.number)
                .into_iter()
                .collect();
            verdict
        };
        oauth.nonce_seen.then(verdict)
    })
}

/// What is wrong with the hash, the clock or the nonce is said by the rules above: the signature may well be right then.
fn base_strings_match(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_signed(case, |call, oauth| {
        let hash_is_wrong = oauth
            .body_hash
            .as_ref()
            .is_some_and(|(given, computed)| given != computed);
        if oauth.is_right || hash_is_wrong {
            return None;
        }
        let received = match (&oauth.signed_base, &oauth.client) {
            (Some(base), _) => base.join("&"),
            (None, None) => format!(
                "a signature under a consumer key that nobody has: {}",
                parameter(oauth, "oauth_consumer_key")
            ),
            (None, Some(_)) => "a signature over something else, or of another key".to_owned(),
        };
        let mut verdict =
            Verdict::of(&OAU_004, call).differs("the base string", oauth.expected_base.join("&"), received);
        verdict.holder = "Signed was";
        if let Some(mistake) = &oauth.mistake {
            verdict.likely.insert(0, mistake.clone());
            verdict.about = mistake.clone();
        }
        Some(verdict)
    })
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
        let named = |fingerprint: &Option<String>| fingerprint.clone().unwrap_or_else(|| "no fingerprint".to_owned());
        let mut verdict = Verdict::of(&ENC_001, message).differs(
            "the fingerprint of the key",
            named(&payload.expected),
            named(&payload.fingerprint),
        );
        verdict.about = format!("in {}", payload.place);
        verdict
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
    for call in calls.iter().filter(|call| is_failure(call) && !gave_up(call)) {
        if said.contains(&call.label.as_str()) {
            continue;
        }
        said.push(&call.label);
        let same = calls
            .iter()
            .filter(|other| other.label == call.label && other.from == call.from);
        let tries: Vec<_> = same.filter(|other| other.number >= call.number).collect();
        let last = tries.last().map_or("nothing".to_owned(), |last| result(last));
        let received = match tries.len() {
            1 => format!("{}, not repeated yet", result(call)),
            tries => format!("{}, {tries} tries, in the end {last}", result(call)),
        };
        let mut verdict = Verdict::of(&NET_002, call).differs("an answer to", call.label.as_str(), received);
        verdict.compare = tries.iter().skip(1).map(|other| other.number).collect();
        found.push(verdict);
    }
    (!calls.is_empty()).then_some(found)
}

/// How a call ended, in a word.
fn result(message: &Message) -> String {
    match (&message.ending, refusal(message)) {
        (Ending::Open, _) => "no answer yet".to_owned(),
        (Ending::Lost { .. }, _) => "no answer".to_owned(),
        (Ending::Answered { status, .. }, Some(reason)) => format!("{status} {reason}"),
        (Ending::Answered { status, .. }, None) => status.to_string(),
        (Ending::Checked { said, .. }, _) => said.clone(),
    }
}

fn no_call_was_slow(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let calls = between_servers(case);
    let slow = calls.iter().filter_map(|call| {
        let took = took_ms(call).filter(|took| *took > case.expected.slow_ms)?;
        let seconds = |ms: u64| format!("{}.{} s", ms / 1_000, ms % 1_000 / 100);
        let (expected, received) = (format!("at most {}", seconds(case.expected.slow_ms)), seconds(took));
        let hop = format!("{} to {}", call.from.name(), call.to.name());
        let mut verdict = Verdict::of(&NET_001, call).differs("an answer after", expected, received);
        verdict.about = format!("from {hop}");
        Some(verdict)
    });
    (!calls.is_empty()).then(|| slow.collect())
}
