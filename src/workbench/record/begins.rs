//! Where attempts begin: where the wallet hands out a session or shows that it knows it, and where MDES takes a push for one.
//! Whoever asks for a session that nobody knows begins nothing, and is written down outside any attempt.

use axum::http::Method;

use super::read::Asked;
use super::{Inner, Place};
use crate::workbench::mask::{Found, Sort};

/// Where a bank sends cardholders with a card that it has pushed.
pub(super) const LANDING: &str = "/push";

/// Whether this asks the wallet for a new session: a cardholder who begins one, or a card that a bank has pushed.
pub(super) fn a_session(asked: &Asked) -> bool {
    let path = asked.uri.path();
    let begins = asked.method == Method::POST && ["/sessions", "/api/v1/sessions", "/api/v1/pushes"].contains(&path);
    asked.place.is_wallet() && (begins || path == LANDING)
}

/// The session that this exchange shows to be real: named by the request, or by the answer.
pub(super) fn session<'a>(asked: &Asked, named: &'a [Found], told: &'a [Found], status: u16) -> Option<&'a Found> {
    let first = |found: &'a [Found]| found.iter().find(|found| found.sort == Sort::Session);
    let route = asked.route.as_deref().unwrap_or_default();
    match (asked.place, status) {
        (Place::Wallet(_), 201 | 303) if a_session(asked) => first(told),
        (Place::Wallet(_), 303) if asked.uri.path() == LANDING => first(told),
        // Its page, which nobody else gets: one that was there before this program started.
        (Place::Wallet(_), 200) if route == "/sessions/{session}" => first(named),
        (Place::Mdes, 200) if asked.uri.path().ends_with("/pushMultipleAccounts") => first(named),
        (Place::Wallet(_) | Place::Mdes | Place::Bank | Place::Processor, _) => None,
    }
}

/// The attempt of a session that is real: the one that it has, or one that begins.
pub(super) fn begin(inner: &Inner, session: &Found, at_ms: i64) -> u64 {
    let mut ties = inner.ties();
    if let Some(attempt) = ties.of(session) {
        return attempt;
    }
    let number = inner.journal.next_attempt();
    ties.begin(session, number, at_ms, inner.knowledge.reference);
    if let Some(attempt) = ties.attempt(number) {
        inner.journal.know(attempt.clone());
    }
    number
}

/// Counts to an attempt what happened before it began and names the same. Gives back the issuer that was named there.
pub(super) fn adopt(inner: &Inner, found: &[Found], attempt: u64) -> Option<String> {
    let adopted = inner.ties().adopt(found, attempt);
    if !adopted.messages.is_empty() {
        inner.journal.adopt(&adopted.messages, attempt);
    }
    adopted.issuer
}

/// Gives a message its attempt, and tells the journal of one that it has forgotten.
pub(super) fn place(inner: &Inner, found: &[Found], own: Option<u64>) -> Option<u64> {
    let mut ties = inner.ties();
    let attempt = ties.place(found, own)?;
    if own != Some(attempt)
        && inner.journal.attempt(attempt).is_none()
        && let Some(attempt) = ties.attempt(attempt)
    {
        inner.journal.know(attempt.clone());
    }
    Some(attempt)
}
