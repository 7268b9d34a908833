//! `/_sim/push`, `/_sim/sign` and `/_sim/keys`: what an issuer does, and what a forger would like to.

use axum::body::Bytes;
use axum::extract::State;
use openssl::hash::MessageDigest;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Desk;
use super::json::{self, Answer, Problem};
use crate::sim::bank::PushOptions;
use crate::sim::catalogue::ISSUERS;
use crate::sim::mdes::{PublicForm, Signer};

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
    payload_hex: Option<String>,
    header: Option<Map<String, Value>>,
    header_text: Option<String>,
    digest: Option<Digest>,
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
    HmacPublicDer,
    HmacPublicBase64,
    HmacPublicPkcs1Pem,
    HmacPublicPkcs1Der,
    HmacPublicModulus,
    HmacPublicJwk,
    HmacKid,
    HmacEmpty,
    None,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Digest {
    Sha1,
    #[default]
    Sha256,
    Sha512,
}

impl Digest {
    fn of_openssl(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

impl Key {
    fn signer(self) -> Signer {
        match self {
            Self::Live => Signer::Live,
            Self::Stranger => Signer::Stranger,
            Self::Retired => Signer::Retired,
            Self::HmacPublicPem => Signer::HmacPublicPem,
            Self::HmacPublicDer => Signer::HmacPublic(PublicForm::Der),
            Self::HmacPublicBase64 => Signer::HmacPublic(PublicForm::Base64),
            Self::HmacPublicPkcs1Pem => Signer::HmacPublic(PublicForm::Pkcs1Pem),
            Self::HmacPublicPkcs1Der => Signer::HmacPublic(PublicForm::Pkcs1Der),
            Self::HmacPublicModulus => Signer::HmacPublic(PublicForm::Modulus),
            Self::HmacPublicJwk => Signer::HmacPublic(PublicForm::Jwk),
            Self::HmacKid => Signer::HmacPublic(PublicForm::Kid),
            Self::HmacEmpty => Signer::HmacPublic(PublicForm::Empty),
            Self::None => Signer::Nobody,
        }
    }
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
    if ISSUERS.iter().all(|issuer| issuer.id != asked.issuer) {
        let banks: Vec<&str> = ISSUERS.iter().map(|issuer| issuer.id).collect();
        let text = format!("There is no bank {}; there are {}.", asked.issuer, banks.join(", "));
        return Err(Problem::unfit(text));
    }
    let cards: Vec<&str> = asked.cards.iter().map(String::as_str).collect();
    let requestor = asked.token_requestor_id.unwrap_or(desk.token_requestor_id);
    let options = PushOptions {
        validity_minutes: asked.validity_minutes,
        locale: None,
        authentication_code: asked.authentication_code,
        ..PushOptions::default()
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
    let payload = match (asked.payload, asked.payload_text, asked.payload_hex) {
        (Some(payload), None, None) => payload.to_string().into_bytes(),
        (None, Some(text), None) => text.into_bytes(),
        (None, None, Some(text)) => hex::decode(text).map_err(|_| Problem::unfit("payload_hex is hexadecimal."))?,
        _ => return Err(Problem::unfit("Say payload, payload_text or payload_hex, one of them.")),
    };
    let signer = asked.key.signer();
    let token = match (asked.header, asked.header_text, asked.digest) {
        (None, Some(header), digest) => {
            let digest = digest.unwrap_or_default().of_openssl();
            desk.mdes.forge_as_written(&payload, &header, signer, digest)
        }
        (header, None, None) => desk.mdes.forge(&payload, &header.unwrap_or_default(), signer),
        _ => {
            return Err(Problem::unfit(
                "Say header or header_text, and digest only beside header_text.",
            ));
        }
    };
    json::ok(&json!({ "token": token }))
}

pub(super) async fn rotate(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Rotate = json::read(&body)?;
    let kid = desk.mdes.rotate_jws_key(asked.overlap);
    json::ok(&json!({ "kid": kid }))
}
