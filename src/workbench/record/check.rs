//! What the wallet checks by itself: seen from outside, by what it answers.

use axum::http::Method;

use super::read::{Asked, Context};
use crate::workbench::message::{Ending, Facts, Kind, Message, Participant, Request};

/// How the check of a push itself is called.
const PUSH: &str = "check push";

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
    let path = asked.uri.path();
    if !asked.place.is_wallet() || asked.method == Method::POST && path.starts_with("/callback") {
        return Vec::new();
    }
    let check = |label: &str, (passed, said): (bool, &str), facts| Message {
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
        facts,
    };
    let receipt = context.brought.as_deref().and_then(|(jws, session)| {
        let facts = Facts {
            session: session.clone(),
            jws: Some(jws.clone()),
            ..Facts::default()
        };
        Some(check("check receipt signature", of_signature(problem, status)?, facts))
    });
    let is_of_a_push = path == "/push" || path.ends_with("/accept");
    let push = problem.filter(|_| is_of_a_push).and_then(against_push);
    let push = push.map(|said| check(PUSH, (false, said), Facts::default()));
    receipt.into_iter().chain(push).collect()
}

/// What the wallet's answer says of the signature, if it says anything of it.
fn of_signature(problem: Option<&str>, status: u16) -> Option<(bool, &'static str)> {
    Some(match (problem, status) {
        (None, 200..=399) => (true, "the wallet takes it"),
        (Some("other-browser" | "wrong-code"), _)
        | (Some("push-of-session" | "push-unknown-issuer" | "push-wrong-callback" | "push-used"), _) => {
            (true, "the receipt is genuine; the rest is not")
        }
        (Some("not-genuine"), _) => (false, "not genuine"),
        (Some("unknown-key"), _) => (false, "unknown key"),
        (Some("foreign-receipt"), _) => (false, "for another session"),
        (Some("malformed-return"), _) => (false, "not readable"),
        _ => return None,
    })
}

/// What the wallet has against a push, whatever its signature is worth.
fn against_push(problem: &str) -> Option<&'static str> {
    Some(match problem {
        "malformed-push" => "it cannot be read",
        "push-not-signed" => "it is not signed",
        "push-of-session" => "it belongs to a session",
        "push-unknown-issuer" => "its callback is no known issuer's",
        "push-wrong-callback" => "its callback is not one to lead to",
        "push-used" => "it was used before",
        _ => return None,
    })
}
