//! `/_sim/push`, `/_sim/sign` and `/_sim/keys`: what an issuer does, and what a forger would like to.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Desk;
use super::json::{self, Answer, Problem};
use crate::sim::bank::PushOptions;
use crate::sim::mdes::Signer;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Push {
    issuer: String,
    cards: Vec<String>,
    session: Option<String>,
    token_requestor_id: Option<String>,
    validity_minutes: Option<u32>,
    authentication_code: Option<String>,
    callback_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    payload: Option<Value>,
    payload_text: Option<String>,
    #[serde(default)]
    header: Map<String, Value>,
    #[serde(default)]
    key: Key,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Key {
    #[default]
    Live,
    Stranger,
    Retired,
    HmacPublicPem,
    None,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    #[serde(default = "yes")]
    overlap: bool,
}

fn yes() -> bool {
    true
}

/// A bank pushes cards, by the wire, as its website would.
pub(super) async fn push(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Push = json::read(&body)?;
    let cards: Vec<&str> = asked.cards.iter().map(String::as_str).collect();
    let requestor = asked.token_requestor_id.unwrap_or(desk.token_requestor_id);
    let options = PushOptions {
        validity_minutes: asked.validity_minutes,
        locale: None,
        authentication_code: asked.authentication_code,
    };
    let (session, callback) = (asked.session.as_deref(), asked.callback_url.as_deref());
    let pushed = desk
        .bank
        .push(&asked.issuer, &cards, session, &requestor, callback, options)
        .await
        .map_err(|reason| Problem::unfit(format!("Nothing was pushed: {reason}.")))?;
    json::ok(&json!({
        "receipts": pushed.receipts,
        "signature": pushed.signature,
        "failed": pushed.failed,
    }))
}

pub(super) async fn sign(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Sign = json::read(&body)?;
    let payload = match (asked.payload, asked.payload_text) {
        (Some(payload), None) => payload.to_string(),
        (None, Some(text)) => text,
        _ => return Err(Problem::unfit("Say payload or payload_text, one of them.")),
    };
    let signer = match asked.key {
        Key::Live => Signer::Live,
        Key::Stranger => Signer::Stranger,
        Key::Retired => Signer::Retired,
        Key::HmacPublicPem => Signer::HmacPublicPem,
        Key::None => Signer::Nobody,
    };
    let token = desk.mdes.forge(payload.as_bytes(), &asked.header, signer);
    json::ok(&json!({ "token": token }))
}

pub(super) async fn rotate(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Rotate = json::read(&body)?;
    let kid = desk.mdes.rotate_jws_key(asked.overlap);
    json::ok(&json!({ "kid": kid }))
}
