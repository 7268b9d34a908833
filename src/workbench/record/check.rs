//! What the wallet checks by itself: seen from outside, by what it answers.

use axum::http::Method;

use super::read::{Asked, Context};
use crate::workbench::message::{Ending, Facts, Kind, Message, Participant, Request};

/// The receipts that came back or were pushed, checked by the wallet before anything else is done with them, and then the
/// push itself. `problem` is what its page says. Nothing where it did not come so far: for a session that is over or unknown,
/// and for a form, which is kept until the browser comes with its cookie.
pub(super) fn of_receipt(
    asked: &Asked,
    context: &Context,
    status: u16,
    problem: Option<&str>,
    attempt: Option<u64>,
) -> Vec<Message> {
    let Some((jws, session)) = context.brought.as_deref().cloned() else {
        return Vec::new();
    };
    if !asked.place.is_wallet() || asked.method == Method::POST && asked.uri.path().starts_with("/callback") {
        return Vec::new();
    }
    let (passed, said) = match (problem, status) {
        (None, 200..=399) => (true, "the wallet takes it"),
        (Some("other-browser" | "wrong-code"), _) => (true, "the receipt is genuine; the rest is not"),
        (Some(code), _) if against_push(code).is_some() => (true, "the receipt is genuine; the rest is not"),
        (Some("not-genuine"), _) => (false, "not genuine"),
        (Some("unknown-key"), _) => (false, "unknown key"),
        (Some("foreign-receipt"), _) => (false, "for another session"),
        (Some("malformed-return" | "malformed-push"), _) => (false, "not readable"),
        _ => return Vec::new(),
    };
    let check = |label: &str, passed, said: &str| Message {
        number: 0,
        attempt,
        at_ms: asked.at_ms,
        from: Participant::Wallet,
        to: Participant::Wallet,
        kind: Kind::Check,
        label: label.to_owned(),
        request: Request::default(),
        ending: Ending::Checked {
            passed,
            said: said.to_owned(),
        },
        facts: Facts {
            session: session.clone(),
            ..Facts::default()
        },
    };
    let mut receipt = check("check receipt signature", passed, said);
    receipt.facts.jws = Some(jws);
    let push = problem
        .and_then(against_push)
        .map(|why| check("check push", false, why));
    std::iter::once(receipt).chain(push).collect()
}

/// What the wallet has against a push whose signature holds.
fn against_push(problem: &str) -> Option<&'static str> {
    Some(match problem {
        "push-of-session" => "it belongs to a session",
        "push-unknown-issuer" => "its callback is no known issuer's",
        "push-wrong-callback" => "its callback is not one to lead to",
        "push-used" => "it was used before",
        _ => return None,
    })
}
