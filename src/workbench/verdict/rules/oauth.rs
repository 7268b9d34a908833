//! The signatures of calls to MDES.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

use super::super::catalogue::{OAU_001, OAU_002, OAU_003, OAU_004};
use super::super::{Case, Rule, Verdict};
use crate::workbench::message::{Message, OauthFacts};
use crate::workbench::text::{sentence, span};

pub(super) const RULES: &[Rule] = &[
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
];

/// The cause of a signature that nobody can verify, by its place in the catalogue.
const ANOTHER_KEY: usize = 3;
/// Two clocks that differ from a third by the same, within this many seconds, agree with each other.
const AGREE_S: i64 = 30;

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
        if given == computed {
            return None;
        }
        let mut verdict = Verdict::of(&OAU_001, call).differs("`oauth_body_hash`", computed, given);
        if let Some(mistake) = &oauth.mistake {
            verdict.likely.insert(0, sentence(mistake));
        }
        Some(verdict)
    })
}

fn clocks_are_right(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let max = case.expected.clock_off_s_max;
    of_signed(case, |call, oauth| {
        let ahead = oauth.clock_ahead_s.filter(|ahead| ahead.saturating_abs() > max)?;
        let direction = if ahead > 0 { "ahead of" } else { "behind" };
        let off = span(ahead.saturating_abs().saturating_mul(1_000));
        let received = format!("one that is {off} {direction} it");
        let expected = format!("within {} of the clock of MDES", span(max * 1_000));
        let mut verdict = Verdict::of(&OAU_002, call).differs("an `oauth_timestamp`", expected, received);
        if let Some(cause) = whose_clock(case, call, oauth, ahead) {
            verdict.likely.insert(0, cause);
        }
        Some(verdict)
    })
}

/// Which of the two clocks is off, as far as the clock of somebody else says it.
fn whose_clock(case: &Case<'_>, call: &Message, oauth: &OauthFacts, ahead: i64) -> Option<String> {
    let max = case.expected.clock_off_s_max;
    let others = || {
        let signed = case.all.iter().filter(|other| other.from != call.from);
        signed.filter_map(|other| Some((other, other.facts.oauth.as_ref()?.clock_ahead_s?)))
    };
    let client = oauth.client.as_deref()?;
    let agrees = others().find(|(_, other)| (other - ahead).abs() <= AGREE_S);
    if let Some((other, _)) = agrees {
        let (number, from) = (other.number, other.from.name());
        return Some(format!(
            "The clock of MDES is off: {from} is off by the same (message {number})."
        ));
    }
    // What was before may have been before a clock was set.
    let right = others().find(|(other, ahead)| other.number > call.number && ahead.saturating_abs() <= max);
    let (right, _) = right?;
    Some(format!(
        "The clock of the {client} is off: MDES and {} agree (message {}).",
        right.from.name(),
        right.number
    ))
}

fn parameter<'a>(oauth: &'a OauthFacts, name: &str) -> &'a str {
    let found = oauth.parameters.iter().find(|(other, _)| other == name);
    found.map_or("nothing", |(_, value)| value)
}

fn nonces_are_new(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_signed(case, |call, oauth| {
        if !oauth.nonce_seen {
            return None;
        }
        let nonce = parameter(oauth, "oauth_nonce");
        let mut verdict = Verdict::of(&OAU_003, call).differs("`oauth_nonce`", "a new one", nonce);
        let same = |other: &&Arc<Message>| {
            let other_nonce = other.facts.oauth.as_ref().map(|other| parameter(other, "oauth_nonce"));
            other.number < call.number && other_nonce == Some(nonce)
        };
        if let Some(first) = case.all.iter().rev().find(same) {
            verdict.about = format!("which message {} has used", first.number);
            verdict.compare = vec![first.number];
        }
        Some(verdict)
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
        let signed = oauth.signed_base.as_deref();
        let part = signed.and_then(|signed| part_that_differs(&oauth.expected_base, signed));
        let mut verdict = match (part, &oauth.client) {
            (Some((part, expected, received)), _) => {
                let mut verdict = Verdict::of(&OAU_004, call).differs(part, expected, received);
                verdict.holder = "Signed was";
                verdict
            }
            (None, Some(_)) => {
                let received = "one over something else, or of another key";
                Verdict::of(&OAU_004, call).differs("a signature", "that the enrolled key confirms", received)
            }
            (None, None) => {
                let key = parameter(oauth, "oauth_consumer_key");
                let verdict = Verdict::of(&OAU_004, call);
                verdict
                    .differs("`oauth_consumer_key`", "one that MDES knows", key)
                    .for_cause(ANOTHER_KEY)
            }
        };
        if let Some(mistake) = &oauth.mistake {
            verdict.likely.insert(0, sentence(mistake));
        }
        Some(verdict)
    })
}

/// The first of the three parts in which two base strings differ: what it is, as it had to be, and as it was signed.
fn part_that_differs(expected: &[String], signed: &[String]) -> Option<(&'static str, String, String)> {
    let names = ["the method", "the address", "the parameters"];
    let pairs = names.into_iter().zip(expected.iter().zip(signed));
    let (name, (expected, signed)) = pairs.into_iter().find(|(_, (expected, signed))| expected != signed)?;
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (expected, signed) = (plain(expected), plain(signed));
    if name != "the parameters" {
        return Some((name, expected, signed));
    }
    let only_in = |one: &str, other: &str| {
        let others: Vec<&str> = other.split('&').collect();
        let own: Vec<&str> = one.split('&').filter(|pair| !others.contains(pair)).collect();
        own.join("&")
    };
    let (missing, added) = (only_in(&expected, &signed), only_in(&signed, &expected));
    let or = |text: String, none: &str| if text.is_empty() { none.to_owned() } else { text };
    Some(match (missing.is_empty(), added.is_empty()) {
        (true, true) => (name, expected, format!("the same in another order: {signed}")),
        _ => (
            "the parameters to hold",
            or(missing, "nothing else"),
            or(added, "none of it"),
        ),
    })
}
