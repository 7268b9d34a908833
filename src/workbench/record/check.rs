//! What the wallet checks by itself: seen from outside, by what it answers.

use axum::http::Method;

use super::read::{Asked, Context};
use crate::workbench::message::{Ending, Facts, Kind, Message, Participant, Request};

/// The receipts that came back, checked by the wallet before anything else is done with them. `problem` is what its page
/// says. Nothing where it did not come so far: for a session that is over or unknown, and for a form, which is kept until the
/// browser comes with its cookie.
pub(super) fn of_receipt(
    asked: &Asked,
    context: &Context,
    status: u16,
    problem: Option<&str>,
    attempt: Option<u64>,
) -> Option<Message> {
    let (jws, session) = *context.brought.clone()?;
    if !asked.place.is_wallet() || asked.method == Method::POST && asked.uri.path().starts_with("/callback") {
        return None;
    }
    let (passed, said) = match (problem, status) {
        (None, 200..=399) => (true, "the wallet takes it"),
        (Some("other-browser" | "wrong-code"), _) => (true, "the receipt is genuine; the rest is not"),
        (Some("not-genuine"), _) => (false, "not genuine"),
        (Some("unknown-key"), _) => (false, "unknown key"),
        (Some("foreign-receipt"), _) => (false, "for another session"),
        (Some("malformed-return"), _) => (false, "not readable"),
        _ => return None,
    };
    Some(Message {
        number: 0,
        attempt,
        at_ms: asked.at_ms,
        from: Participant::Wallet,
        to: Participant::Wallet,
        kind: Kind::Check,
        label: "check receipt signature".to_owned(),
        request: Request::default(),
        ending: Ending::Checked {
            passed,
            said: said.to_owned(),
        },
        facts: Facts {
            session,
            jws: Some(jws),
            ..Facts::default()
        },
    })
}
