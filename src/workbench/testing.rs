//! A flow as it is recorded, for tests: a card is added, and all is well. Tests change one thing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::attempts::Attempt;
use super::message::{
    Body, Ending, Facts, JwsFacts, KeyState, Kind, Masked, Message, OauthFacts, PageFacts, Participant, PayloadFacts,
    PictureFacts, Request,
};
use super::verdict::{Case, Expectations, Judgement, Known, judge};

pub(super) const REQUESTOR: &str = "50123456789";
pub(super) const CALLBACK: &str = "http://localhost:8080/callback";
/// Where the flow begins: Thursday, 1 January 2026, noon.
pub(super) const NOON_MS: i64 = 1_767_268_800_000;

// Numbers of the messages of `good`.
pub(super) const DEPARTURE: usize = 4;
pub(super) const PUSH: usize = 6;
pub(super) const ARRIVAL: usize = 8;
pub(super) const CHECK: usize = 10;
pub(super) const ELIGIBILITY: usize = 11;
pub(super) const PICTURE: usize = 12;
pub(super) const DIGITIZE: usize = 14;

pub(super) fn masked(shown: &str, alias: &str) -> Masked {
    Masked {
        shown: shown.to_owned(),
        alias: alias.to_owned(),
        digest: "ab12cd34".to_owned(),
    }
}

pub(super) fn session() -> Masked {
    masked("4f2c…91ab", "sid-A")
}

pub(super) fn other_session() -> Masked {
    masked("9be0…77d3", "sid-B")
}

fn receipt() -> Masked {
    masked("MCC-…1E5D", "receipt-A")
}

pub(super) fn answered(status: u16, body: Body) -> Ending {
    Ending::Answered {
        status,
        headers: Vec::new(),
        body,
        took_ms: 12,
    }
}

/// A message of the first attempt, 200 ms after the one before.
pub(super) fn message(number: usize, from: Participant, to: Participant, kind: Kind, label: &str) -> Message {
    let method = label.split_once(' ').map_or("POST", |(method, _)| method);
    Message {
        number: number as u64,
        attempt: Some(1),
        at_ms: NOON_MS + number as i64 * 200,
        from,
        to,
        kind,
        label: label.to_owned(),
        request: Request {
            method: if kind == Kind::Check {
                String::new()
            } else {
                method.to_owned()
            },
            ..Request::default()
        },
        ending: answered(200, Body::None),
        facts: Facts::default(),
    }
}

fn oauth() -> OauthFacts {
    OauthFacts {
        parameters: vec![("oauth_nonce".to_owned(), "8f3a…0c1d ⟦nonce-A⟧".to_owned())],
        client: Some("wallet".to_owned()),
        expected_base: vec![
            "POST".to_owned(),
            "http%3A%2F%2F127.0.0.1%3A8081%2Fmdes".to_owned(),
            "oauth_nonce%3D".to_owned(),
        ],
        body_hash: Some(("b0d7".to_owned(), "b0d7".to_owned())),
        clock_ahead_s: Some(0),
        is_right: true,
        ..OauthFacts::default()
    }
}

fn to_mdes(number: usize, from: Participant, operation: &str, request: Value, answer: Value) -> Message {
    let mut call = message(number, from, Participant::Mdes, Kind::Call, operation);
    call.request.url = format!("http://127.0.0.1:8081/mdes/{operation}");
    call.request.body = Body::Json(request);
    call.ending = answered(200, Body::Json(answer));
    call.facts.oauth = Some(oauth());
    call
}

fn jws() -> JwsFacts {
    JwsFacts {
        header: json!({"alg": "RS256", "kid": "149123-2024"}),
        payload: json!({"pushAccountReceipts": [receipt().text()], "tokenRequestorSessionId": session().text()}),
        algorithm: Some("RS256".to_owned()),
        key: KeyState::Live,
        is_right: true,
        signing_input_bytes: 312,
        signing_input_digest: "hmac:5e884898".to_owned(),
        session: Some(session()),
        receipts: vec![receipt()],
        ..JwsFacts::default()
    }
}

fn page(number: usize, label: &str, state: &str) -> Message {
    let mut page = message(number, Participant::Browser, Participant::Wallet, Kind::Call, label);
    page.facts.cookie = Some(true);
    page.facts.session = Some(session());
    page.facts.page = Some(PageFacts {
        state: Some(state.to_owned()),
        problem: None,
        reference: None,
    });
    page
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// A flow in which nothing is wrong. Message n stands at index n - 1.
pub(super) fn good() -> Vec<Message> {
    use Participant::{Browser, IssuerApi, IssuerSite, Mdes, Wallet};
    let mut departure = message(DEPARTURE, Wallet, IssuerSite, Kind::Redirect, "GET /connect");
    departure.request.query = vec![
        pair("tokenRequestorId", REQUESTOR),
        pair("tokenRequestorSessionId", session().text()),
        pair("callbackURL", format!("{CALLBACK}/{}", session().text())),
    ];
    departure.facts.session = Some(session());
    let signature = json!({"tokenRequestorSessionId": session().text()});
    let mut push = to_mdes(
        PUSH,
        IssuerApi,
        "pushMultipleAccounts",
        json!({"tokenRequestorId": REQUESTOR, "signatureData": signature}),
        json!({"pushAccountReceipts": [{"pushAccountId": "1", "pushAccountReceipt": receipt().text()}]}),
    );
    push.facts.payloads = vec![PayloadFacts {
        place: "pushFundingAccounts.encryptedPayload".to_owned(),
        algorithm: Some("AES-CBC".to_owned()),
        fingerprint: Some("8a1f".to_owned()),
        expected: Some("8a1f".to_owned()),
        opens: true,
    }];
    let mut arrival = page(ARRIVAL, "GET /callback/{session}", "returned");
    arrival.request.query = vec![pair("pushAccountData", "eyJh…Q0xw ⟦jws-A⟧")];
    arrival.ending = answered(303, Body::None);
    arrival.facts.jws = Some(jws());
    let mut check = message(CHECK, Wallet, Wallet, Kind::Check, "check receipt signature");
    check.ending = Ending::Checked {
        passed: true,
        said: "The signature is right.".to_owned(),
    };
    let funding = json!({"pushAccountReceipt": receipt().text()});
    let eligibility = to_mdes(
        ELIGIBILITY,
        Wallet,
        "checkEligibility",
        json!({"fundingAccountInfo": funding}),
        json!({"termsAndConditionsAssetId": "terms-1", "eligibilityReceipt": {"value": "e…1 ⟦eligibility-A⟧"}}),
    );
    let mut picture = to_mdes(
        PICTURE,
        Wallet,
        "asset",
        Value::Null,
        json!({"mediaContents": [{"type": "image/svg+xml"}]}),
    );
    picture.facts.pictures = vec![PictureFacts {
        media_type: "image/svg+xml".to_owned(),
        bytes: 900,
        is_active: false,
    }];
    let digitize = to_mdes(
        DIGITIZE,
        Wallet,
        "digitize",
        json!({"fundingAccountInfo": funding, "termsAndConditionsAssetId": "terms-1"}),
        json!({"decision": "APPROVED"}),
    );
    vec![
        page(1, "POST /sessions", "offered"),
        page(2, "GET /sessions/{session}", "offered"),
        page(3, "GET /sessions/{session}/go", "launched"),
        departure,
        message(5, Browser, IssuerSite, Kind::Call, "POST /visits/{visit}/consent"),
        push,
        message(7, IssuerSite, Wallet, Kind::Redirect, "GET /callback/{session}"),
        arrival,
        page(9, "GET /sessions/{session}", "returned"),
        check,
        eligibility,
        picture,
        page(13, "POST /sessions/{session}/terms", "digitizing"),
        digitize,
        message(15, Mdes, IssuerApi, Kind::Call, "authorizeService"),
        page(16, "GET /sessions/{session}", "active"),
    ]
}

/// The good flow with one thing changed.
pub(super) fn but(change: impl FnOnce(&mut Vec<Message>)) -> Vec<Arc<Message>> {
    let mut messages = good();
    change(&mut messages);
    messages.into_iter().map(Arc::new).collect()
}

/// The attempt of [`good`].
pub(super) fn attempt() -> Attempt {
    Attempt {
        number: 1,
        reference: "TM-7Q2K94ZD".to_owned(),
        issuer: Some("havorn-no".to_owned()),
        started_at_ms: NOON_MS,
        session: session(),
        state: Some("active".to_owned()),
        problem: None,
        loaded: None,
    }
}

/// Two attempts: the one of [`good`], and one that began four minutes before.
pub(super) fn attempts() -> BTreeMap<String, Known> {
    let known = |reference: &str, started_ms| Known {
        reference: reference.to_owned(),
        started_ms,
    };
    BTreeMap::from([
        ("sid-A".to_owned(), known("TM-7Q2K-94ZD", NOON_MS)),
        ("sid-B".to_owned(), known("TM-2M8P-11XC", NOON_MS - 240_000)),
    ])
}

pub(super) fn judged(messages: &[Arc<Message>]) -> Judgement {
    judged_among(messages, messages)
}

pub(super) fn judged_among(messages: &[Arc<Message>], all: &[Arc<Message>]) -> Judgement {
    judge(&Case {
        messages,
        all,
        attempts: &attempts(),
        expected: &Expectations::of(REQUESTOR, CALLBACK),
    })
}
