//! What a wallet has against a push that begins nothing. Whether its signature holds is looked at before.

use std::sync::Arc;

use super::super::catalogue::{PSH_001, PSH_002, PSH_003, PSH_004, PSH_005, PSH_006};
use super::super::flow::{brought, is_landing, value};
use super::super::{Case, Entry, Rule, Verdict};
use crate::workbench::message::{Ending, Message, Participant};

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "The push can be read",
        look: can_be_read,
    },
    Rule {
        passed: "The push is signed, or need not be",
        look: is_signed,
    },
    Rule {
        passed: "The push belongs to no session",
        look: is_of_no_session,
    },
    Rule {
        passed: "The push says whose it is",
        look: issuer_is_known,
    },
    Rule {
        passed: "The callback of the push may be led to",
        look: callback_is_registered,
    },
    Rule {
        passed: "The push was not used before",
        look: is_new,
    },
];

fn can_be_read(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_refused(case, "malformed-push", |at, _| {
        Verdict::of(&PSH_001, at).differs("the push", "as the guide writes it", "something else")
    })
}

fn is_signed(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_refused(case, "push-not-signed", |at, _| {
        Verdict::of(&PSH_002, at).differs("`pushAccountData`", "a JWS of MDES", "receipts without one")
    })
}

fn is_of_no_session(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_refused(case, "push-of-session", |at, landing| {
        let signed = landing.facts.jws.as_ref().and_then(|jws| jws.session.as_ref());
        let received = signed.map_or_else(|| "a session id".to_owned(), |id| id.text());
        Verdict::of(&PSH_003, at).differs("`tokenRequestorSessionId`", "nothing", received)
    })
}

fn issuer_is_known(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_refused(case, "push-unknown-issuer", |at, landing| {
        of_callback(&PSH_004, at, landing)
    })
}

fn callback_is_registered(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_refused(case, "push-wrong-callback", |at, landing| {
        of_callback(&PSH_005, at, landing)
    })
}

fn of_callback(entry: &'static Entry, at: &Message, landing: &Message) -> Verdict {
    let all = brought(landing);
    let received = match &landing.facts.jws {
        Some(jws) => jws.payload["callbackURL"].as_str(),
        None => value(&all, "callbackURL"),
    };
    let expected = "below one of the issuer's `push_callbacks`";
    Verdict::of(entry, at).differs("`callbackURL`", expected, received.unwrap_or("nothing"))
}

fn is_new(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_refused(case, "push-used", |at, _| {
        Verdict::of(&PSH_006, at).differs("the receipts", "new", "receipts that were used")
    })
}

/// The cardholder saying yes, who can find that the push was used meanwhile.
fn is_acceptance(message: &Message) -> bool {
    message.to == Participant::Wallet && message.label == "POST /sessions/{session}/accept"
}

/// The pushes whose answer is known, and those that the wallet refuses so: at the check that says it, where checks are
/// recorded.
fn of_refused(case: &Case<'_>, problem: &str, verdict: impl Fn(&Message, &Message) -> Verdict) -> Option<Vec<Verdict>> {
    let landings: Vec<&Arc<Message>> = case
        .messages
        .iter()
        .filter(|message| is_landing(message) || is_acceptance(message))
        .filter(|message| message.ending != Ending::Open)
        .collect();
    let is_so = |landing: &&&Arc<Message>| {
        let page = landing.facts.page.as_ref();
        page.and_then(|page| page.problem.as_deref()) == Some(problem)
    };
    let refused = landings.iter().filter(is_so).map(|landing| {
        let next = landings.iter().find(|other| other.number > landing.number);
        let is_its_check = |check: &&Arc<Message>| {
            let is_failed = matches!(check.ending, Ending::Checked { passed: false, .. });
            let is_near = check.number > landing.number && next.is_none_or(|next| check.number < next.number);
            check.label == "check push" && is_failed && is_near
        };
        verdict(case.messages.iter().find(is_its_check).unwrap_or(landing), landing)
    });
    (!landings.is_empty()).then(|| refused.collect())
}
