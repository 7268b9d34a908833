//! The signature over the receipts, from its form to what it covers. Each rule looks only at what passed the ones before.

use super::super::catalogue::{SIG_001, SIG_002, SIG_003, SIG_004, SIG_005, SIG_006};
use super::super::flow::{Returned, is_landing};
use super::super::{Case, Rule, Verdict};
use crate::workbench::message::{Ending, JwsFacts, KeyState, Masked, Message};
use crate::workbench::text::{sentence, span};

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "The signature is a JWS",
        look: is_jws,
    },
    Rule {
        passed: "Its algorithm is allowed",
        look: algorithm_is_allowed,
    },
    Rule {
        passed: "Its key is known",
        look: key_is_known,
    },
    Rule {
        passed: "The certificate of its key is valid",
        look: certificate_is_valid,
    },
    Rule {
        passed: "The payload is as it was signed",
        look: payload_is_as_signed,
    },
    Rule {
        passed: "The signature covers this session",
        look: session_is_covered,
    },
];

/// Looks at the signed data that came back, as far as it is fit for this rule.
fn of_returned(
    case: &Case<'_>,
    is_fit: impl Fn(&JwsFacts) -> bool,
    judge: impl Fn(&Returned<'_>, &JwsFacts) -> Option<Verdict>,
) -> Option<Vec<Verdict>> {
    let returned = case.returned();
    let fit = returned
        .iter()
        .filter_map(|one| Some((one, one.arrival.facts.jws.as_ref()?)));
    let fit: Vec<_> = fit.filter(|(_, jws)| is_fit(jws)).collect();
    (!fit.is_empty()).then(|| fit.into_iter().filter_map(|(one, jws)| judge(one, jws)).collect())
}

fn is_jws(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_returned(
        case,
        |_| true,
        |one, jws| {
            let received = format!("a text that is no JWS: {}", jws.malformed.as_deref()?);
            let expected = "header.payload.signature";
            let mut verdict = Verdict::of(&SIG_001, one.at).differs("`pushAccountData`", expected, received);
            if let Some(repaired) = &jws.changed {
                verdict.likely.insert(0, sentence(repaired));
            }
            Some(verdict)
        },
    )
}

fn is_allowed(case: &Case<'_>, jws: &JwsFacts) -> bool {
    let algorithm = jws.algorithm.as_deref().unwrap_or_default();
    case.expected.algorithms.iter().any(|allowed| allowed == algorithm)
}

fn algorithm_is_allowed(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_returned(
        case,
        |jws| jws.malformed.is_none(),
        |one, jws| {
            let expected = case.expected.algorithms.join(" or ");
            let received = jws.algorithm.clone().unwrap_or_else(|| "nothing".to_owned());
            let verdict = || Verdict::of(&SIG_002, one.at).differs("`alg`", expected, received);
            (!is_allowed(case, jws)).then(verdict)
        },
    )
}

fn kid(jws: &JwsFacts) -> String {
    let Some(kid) = jws.header["kid"].as_str() else {
        return "none".to_owned();
    };
    let state = match jws.key {
        KeyState::Unknown => "which MDES does not publish",
        KeyState::Retired => "which MDES has withdrawn",
        KeyState::Expired => "whose certificate has expired",
        KeyState::Live => "which MDES publishes and the wallet does not have",
    };
    format!("{kid}, {state}")
}

/// The wallet has no such key, whoever publishes it.
fn is_unknown_to_the_wallet(one: &Returned<'_>) -> bool {
    is_refused_as(one, "unknown key")
}

fn is_refused_as(one: &Returned<'_>, why: &str) -> bool {
    matches!(&one.at.ending, Ending::Checked { passed: false, said } if said == why)
}

fn key_is_known(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_returned(
        case,
        |jws| jws.malformed.is_none() && is_allowed(case, jws),
        |one, jws| {
            let is_withdrawn = jws.key == KeyState::Retired;
            let is_missing = jws.key == KeyState::Live && is_unknown_to_the_wallet(one);
            if !is_withdrawn && !is_missing && jws.key != KeyState::Unknown {
                return None;
            }
            let expected = "the id of a key that is in force and that the wallet has";
            let verdict = Verdict::of(&SIG_004, one.at).differs("`kid`", expected, kid(jws));
            Some(verdict.for_cause(usize::from(is_withdrawn)))
        },
    )
}

fn certificate_is_valid(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_returned(
        case,
        |jws| {
            let is_known = matches!(jws.key, KeyState::Live | KeyState::Expired);
            jws.malformed.is_none() && is_allowed(case, jws) && is_known
        },
        |one, jws| {
            let verdict =
                || Verdict::of(&SIG_006, one.at).differs("`kid`", "the id of a key with a valid certificate", kid(jws));
            (jws.key == KeyState::Expired).then(verdict)
        },
    )
}

fn is_from_a_live_key(case: &Case<'_>, jws: &JwsFacts) -> bool {
    jws.malformed.is_none() && is_allowed(case, jws) && jws.key == KeyState::Live
}

fn payload_is_as_signed(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_returned(
        case,
        |jws| is_from_a_live_key(case, jws),
        |one, jws| {
            if jws.is_right {
                return None;
            }
            let received = format!("others, with the keyed digest {}", jws.signing_input_digest);
            let mut verdict =
                Verdict::of(&SIG_005, one.at).differs("header and payload", "as they were signed", received);
            let cause = jws.changed.as_deref();
            let cause = cause.unwrap_or("the signature itself is damaged, or another key made it under this name");
            verdict.likely.insert(0, sentence(cause));
            verdict.compare = pushes(case, one.arrival);
            Some(verdict)
        },
    )
}

/// The push that the return follows.
fn pushes(case: &Case<'_>, arrival: &Message) -> Vec<u64> {
    let before = case
        .calls("pushMultipleAccounts")
        .filter(|call| call.number < arrival.number);
    before.last().map(|call| call.number).into_iter().collect()
}

fn session_is_covered(case: &Case<'_>) -> Option<Vec<Verdict>> {
    // A push that the bank began is of no session.
    if case.returned().iter().all(|one| is_landing(one.arrival)) {
        return None;
    }
    let fit = |jws: &JwsFacts| is_from_a_live_key(case, jws) && jws.is_right;
    of_returned(case, fit, |one, jws| {
        // A session that the wallet does not know is what is wrong then, and is said.
        if one.arrival.ending.status() == Some(404) {
            return None;
        }
        let expected = one.arrival.facts.session.as_ref()?;
        let is_fine = match &jws.session {
            Some(signed) => is_same(signed, expected),
            // Whether it has to be there is not public: here MDES says so, or a wallet that takes nothing else.
            None => !case.expected.session_is_signed && !is_refused_as(one, "not genuine"),
        };
        (!is_fine).then(|| not_covered(case, one, expected, jws.session.as_ref()))
    })
}

/// An id in other case is the same: it is a UUID.
fn is_same(one: &Masked, other: &Masked) -> bool {
    one == other || (one.shown != other.shown && one.shown.eq_ignore_ascii_case(&other.shown))
}

fn not_covered(case: &Case<'_>, one: &Returned<'_>, expected: &Masked, signed: Option<&Masked>) -> Verdict {
    let received = signed.map_or_else(|| "no session id at all".to_owned(), Masked::text);
    let mut verdict = Verdict::of(&SIG_003, one.at).differs("`tokenRequestorSessionId`", expected.text(), received);
    verdict.holder = "Signed data has";
    let departure = case
        .departures()
        .filter(|redirect| redirect.number < one.arrival.number)
        .last();
    let push = pushes(case, one.arrival).first().copied();
    verdict.change = match (departure, push) {
        (Some(redirect), Some(push)) => format!(
            "Pass the id from this redirect (message {}) into the push request (message {push}).",
            redirect.number
        ),
        (Some(redirect), None) => format!(
            "Pass the id from this redirect (message {}) into the push request.",
            redirect.number
        ),
        (None, _) => verdict.change,
    };
    verdict.compare = departure
        .map(|redirect| redirect.number)
        .into_iter()
        .chain(push)
        .collect();
    match signed {
        None => verdict.likely.swap(0, 1),
        Some(signed) => verdict.about = whose(case, expected, signed),
    }
    verdict
}

/// The attempt that another session id belongs to.
fn whose(case: &Case<'_>, own: &Masked, other: &Masked) -> String {
    let Some(known) = case.attempts.get(&other.alias) else {
        return "which belongs to no attempt that was recorded".to_owned();
    };
    let own = case.attempts.get(&own.alias);
    let apart = own.map_or(0, |own| own.started_ms - known.started_ms);
    let when = match apart {
        0 => String::new(),
        1.. => format!(" started {} earlier", span(apart)),
        _ => format!(" started {} later", span(-apart)),
    };
    format!("which belongs to attempt {}{when}", known.reference)
}
