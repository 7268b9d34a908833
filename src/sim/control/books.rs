//! What the simulators remember.

use axum::extract::State;
use serde_json::json;

use super::Desk;
use super::json::{self, Answer};

/// What MDES was asked, and what it asked the banks, oldest first.
pub(super) async fn calls(State(desk): State<Desk>) -> Answer {
    json::ok(&json!({ "mdes": desk.mdes.calls(), "issuer": desk.bank.calls() }))
}

pub(super) async fn tokens(State(desk): State<Desk>) -> Answer {
    json::ok(&json!({ "tokens": desk.mdes.tokens() }))
}

/// What arrived on the phones, newest first, and which tokens wait for a proof.
pub(super) async fn messages(State(desk): State<Desk>) -> Answer {
    json::ok(&json!({ "messages": desk.bank.phone(), "waiting": desk.bank.waiting() }))
}
