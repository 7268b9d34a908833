//! The strings, pulled over HTTP on the listeners of a whole stage.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::sim::stage::{self, Around, EnrolledWallet, Stage};
use crate::sim::{Time, Turn};

/// 1 January 2026, noon UTC.
const NOON_MS: i64 = 1_767_268_800_000;
const TRID: &str = "50123456789";

fn keys() -> &'static stage::Keys {
    static KEYS: OnceLock<stage::Keys> = OnceLock::new();
    KEYS.get_or_init(stage::Keys::generate)
}

/// A stage with a clock that is moved by hand, and what was seen of its traffic.
struct Strings {
    stage: Stage,
    http: reqwest::Client,
    seen: Arc<Mutex<Vec<String>>>,
}

#[expect(clippy::disallowed_methods, reason = "the tests speak HTTP as a program would")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn watched(seen: &Arc<Mutex<Vec<String>>>) -> stage::Wrap {
    let seen = Arc::clone(seen);
    Box::new(move |router: Router| {
        router.layer(axum::middleware::from_fn(
            move |request: axum::extract::Request, next: axum::middleware::Next| {
                seen.lock().unwrap().push(request.uri().path().to_owned());
                next.run(request)
            },
        ))
    })
}

impl Strings {
    async fn new() -> Self {
        Self::with(true).await
    }

    async fn with(movable: bool) -> Self {
        let listen = async || TcpListener::bind("127.0.0.1:0").await.unwrap();
        let clock = Arc::new(AtomicI64::new(NOON_MS));
        let (moved, read) = (Arc::clone(&clock), Arc::clone(&clock));
        let hand: crate::sim::Hand = Arc::new(move |turn| {
            if let Turn::Advance(by_ms) = turn {
                moved.fetch_add(by_ms, Ordering::SeqCst);
            }
            let now_ms = moved.load(Ordering::SeqCst);
            Time {
                now_ms,
                ahead_ms: now_ms - NOON_MS,
                frozen: turn == Turn::Freeze(true),
            }
        });
        let seen = Arc::default();
        let around = Around {
            hand: movable.then_some(hand),
            changed: None,
            mdes: watched(&seen),
            bank: watched(&seen),
        };
        let wallet = EnrolledWallet {
            url: "http://localhost:1".to_owned(),
            name: "Test Wallet".to_owned(),
            token_requestor_id: TRID.to_owned(),
            consumer_key: "wallet!key".to_owned(),
            public_key_pem: keys().bank.signing_public_pem(),
            notification_certificate_pem: None,
        };
        let now: crate::sim::Now = Arc::new(move || read.load(Ordering::SeqCst));
        let stage = stage::open_with(listen().await, listen().await, wallet, keys().clone(), now, around).unwrap();
        Self {
            stage,
            http: client(),
            seen,
        }
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, format!("{}/_sim{path}", self.stage.bank_base));
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        answered(request).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask("GET", path, None).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let (status, answer) = self.ask(method, path, Some(&body)).await;
        assert!(status == 200 || status == 201, "{path}: {status} {answer}");
        answer
    }

    /// What stands under `error` of what is refused with this status.
    async fn refused(&self, method: &str, path: &str, body: Value, status: u16) -> String {
        let (said, answer) = self.ask(method, path, Some(&body)).await;
        assert_eq!(said, status, "{path}: {answer}");
        answer["error"].as_str().expect("a sentence").to_owned()
    }

    async fn push(&self, session: &str) -> (u16, Value) {
        let body = json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "session": session});
        self.ask("POST", "/push", Some(&body)).await
    }
}

async fn answered(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}")))
}

/// The part of a token at this place, read.
fn part(token: &str, place: usize) -> Value {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let part = token.split('.').nth(place).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn both_listeners_have_the_strings_and_whoever_watches_the_traffic_does_not_see_them() {
    let strings = Strings::new().await;
    let origin = strings.stage.mdes_base.trim_end_matches("/mdes");
    for base in [origin, &strings.stage.bank_base] {
        let (status, answer) = answered(strings.http.get(format!("{base}/_sim/clock"))).await;
        assert_eq!((status, &answer["now"]), (200, &json!("2026-01-01T12:00:00Z")));
        let (status, answer) = answered(strings.http.get(format!("{base}/_sim/nonsense"))).await;
        assert!(status == 404 && answer["error"].is_string());
        let (status, answer) = answered(
            strings
                .http
                .put(format!("{base}/_sim/clock"))
                .header("content-type", "application/json"),
        )
        .await;
        assert!(status == 405 && answer["error"].is_string());
    }
    assert!(strings.seen.lock().unwrap().is_empty());
    assert_eq!(strings.push("s-1").await.0, 200);
    let seen = strings.seen.lock().unwrap().clone();
    assert!(
        seen.iter().any(|path| path.ends_with("/pushMultipleAccounts")),
        "{seen:?}"
    );
}

#[tokio::test]
async fn no_web_page_of_somebody_else_pulls_a_string() {
    let strings = Strings::new().await;
    let url = format!("{}/_sim/knobs", strings.stage.bank_base);
    let put = || {
        let request = strings.http.put(&url).body(r#"{"single_use":false}"#);
        request.header("content-type", "application/json")
    };
    for (request, status) in [
        (put().header("host", "evil.example"), 421),
        (strings.http.get(&url).header("host", "evil.example:80"), 421),
        (put().header("origin", "http://evil.example"), 403),
        (put().header("origin", "null"), 403),
        (put().header("origin", "http://127.0.0.1:1"), 403),
        (put().header("sec-fetch-site", "cross-site"), 403),
        (put().header("sec-fetch-site", "same-site"), 403),
        (
            strings
                .http
                .delete(format!("{}/_sim/faults", strings.stage.bank_base))
                .header("sec-fetch-site", "cross-site"),
            403,
        ),
        (strings.http.put(&url).body("{}"), 415),
        (
            strings.http.put(&url).body("{}").header("content-type", "text/plain"),
            415,
        ),
        (
            strings
                .http
                .put(&url)
                .body("a=b")
                .header("content-type", "application/x-www-form-urlencoded"),
            415,
        ),
    ] {
        let (said, answer) = answered(request).await;
        assert_eq!(said, status, "{answer}");
        assert!(answer["error"].is_string());
    }
    assert_eq!(strings.get("/knobs").await["single_use"], true);
    let own = strings.stage.bank_base.clone();
    assert_eq!(
        answered(put().header("origin", own).header("sec-fetch-site", "same-origin"))
            .await
            .0,
        200
    );
    assert_eq!(strings.get("/knobs").await["single_use"], false);
}

#[tokio::test]
async fn the_clock_is_moved_and_a_fixed_one_says_that_it_cannot_be() {
    let strings = Strings::new().await;
    let time = strings.done("POST", "/clock", json!({"advance": "16m"})).await;
    assert_eq!(
        (&time["now_ms"], &time["ahead_ms"]),
        (&json!(NOON_MS + 960_000), &json!(960_000))
    );
    let time = strings
        .done("POST", "/clock", json!({"advance_ms": 1, "freeze": true}))
        .await;
    assert_eq!(
        (&time["now_ms"], &time["frozen"]),
        (&json!(NOON_MS + 960_001), &json!(true))
    );
    assert_eq!(strings.get("/clock").await["now"], "2026-01-01T12:16:00.001Z");
    for body in [
        json!({}),
        json!({"advance": "soon"}),
        json!({"advance_ms": -1}),
        json!({"advance": "-5m"}),
        json!({"advance": "1s", "advance_ms": 1}),
    ] {
        strings.refused("POST", "/clock", body, 422).await;
    }
    strings.refused("POST", "/clock", json!({"advanced": "1s"}), 400).await;
    for backwards in [json!({"advance": "-5m"}), json!({"advance_ms": -1})] {
        let said = strings.refused("POST", "/clock", backwards, 422).await;
        assert!(said.to_lowercase().contains("time only goes forward"), "{said}");
    }
    // Not beyond all dates, in however many steps.
    let nine_years: i64 = 9 * 366 * 86_400_000;
    strings
        .done("POST", "/clock", json!({ "advance_ms": nine_years }))
        .await;
    let said = strings
        .refused("POST", "/clock", json!({ "advance_ms": nine_years }), 422)
        .await;
    assert!(said.contains("ten years"), "{said}");
    assert!(strings.get("/clock").await["now"].is_string());
    let fixed = Strings::with(false).await;
    assert!(
        fixed
            .refused("POST", "/clock", json!({"advance": "1m"}), 409)
            .await
            .contains("machine's")
    );
}

#[tokio::test]
async fn a_clock_that_is_off_has_its_signatures_refused() {
    let strings = Strings::new().await;
    assert_eq!(strings.push("s-1").await.0, 200);
    for skew in [json!({"mdes_ms": 600_000}), json!({"mdes_ms": 0, "bank_ms": -301_000})] {
        strings.done("PUT", "/skew", skew).await;
        let (status, answer) = strings.push("s-1").await;
        assert_eq!(status, 422);
        assert!(answer["error"].as_str().unwrap().contains("timestamp"), "{answer}");
    }
    strings.done("PUT", "/skew", json!({"mdes_ms": -301_000})).await;
    assert_eq!(strings.push("s-1").await.0, 200, "both are off by the same");
    assert_eq!(
        strings.get("/skew").await,
        json!({"mdes_ms": -301_000, "bank_ms": -301_000})
    );
    strings.refused("PUT", "/skew", json!({"mdes_ms": i64::MIN}), 422).await;
}

#[tokio::test]
async fn a_bank_pushes_what_it_is_told_and_says_what_mdes_refused() {
    let strings = Strings::new().await;
    let pushed = strings
        .done(
            "POST",
            "/push",
            json!({
                "issuer": "havorn-no",
                "cards": ["havorn-no-ada-1", "havorn-no-ada-2"],
                "session": "s-77",
                "validity_minutes": 5,
                "authentication_code": "482107",
                "callback_url": "https://wallet.example/callback/1",
            }),
        )
        .await;
    let signed = part(pushed["signature"].as_str().unwrap(), 1);
    assert_eq!(signed["pushAccountReceipts"], pushed["receipts"]);
    assert_eq!(signed["tokenRequestorSessionId"], "s-77");
    assert_eq!(signed["callbackURL"], "https://wallet.example/callback/1");
    for (body, word) in [
        (json!({"issuer": "nobody", "cards": ["havorn-no-ada-1"]}), "havorn-no, "),
        (json!({"issuer": "havorn-no", "cards": []}), "cards"),
        (
            json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "token_requestor_id": "50999999999"}),
            "tokenRequestorId",
        ),
        (
            json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "validity_minutes": 99}),
            "ValidityPeriod",
        ),
    ] {
        let said = strings.refused("POST", "/push", body, 422).await;
        assert!(said.contains(word), "{said}");
    }
    let calls = strings.get("/calls").await;
    assert_eq!(calls["mdes"][0]["operation"], "pushMultipleAccounts");
    assert_eq!(calls["mdes"][0]["outcome"], "ok");
}

#[tokio::test]
async fn tokens_are_signed_as_they_are_asked_for() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use openssl::hash::MessageDigest;
    use openssl::pkey::PKey;
    use openssl::sign::{Signer, Verifier};
    let strings = Strings::new().await;
    let first = strings.stage.mdes.receipt_keys().remove(0);
    let second = strings.done("POST", "/keys/rotate", json!({"overlap": false})).await["kid"].clone();
    let sign = async |body: Value| {
        strings.done("POST", "/sign", body).await["token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let verifies = |token: &str, pem: &[u8]| {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(signature)
            .unwrap();
        let key = PKey::public_key_from_pem(pem).unwrap();
        let mut verifier = Verifier::new(MessageDigest::sha256(), &key).unwrap();
        verifier.verify_oneshot(&signature, signed.as_bytes()).unwrap()
    };
    let live = strings.stage.mdes.receipt_keys().pop().unwrap();
    let right = sign(json!({"payload": {"a": 1}})).await;
    assert_eq!(
        (part(&right, 0), part(&right, 1)),
        (json!({"alg": "RS256", "kid": second}), json!({"a": 1}))
    );
    assert!(verifies(&right, &live.public_pem) && !verifies(&right, &first.public_pem));
    let stranger = sign(json!({"payload_text": "{\"a\": 1}", "key": "stranger"})).await;
    assert_eq!(part(&stranger, 0)["kid"], second);
    assert!(!verifies(&stranger, &live.public_pem) && !verifies(&stranger, &first.public_pem));
    let retired = sign(json!({"payload": {}, "key": "retired"})).await;
    assert!(part(&retired, 0)["kid"] == first.kid.as_str() && verifies(&retired, &first.public_pem));
    let confused = sign(json!({"payload": {}, "key": "hmac-public-pem"})).await;
    assert_eq!(part(&confused, 0)["alg"], "HS256");
    let secret = PKey::hmac(&live.public_pem).unwrap();
    let (signed, signature) = confused.rsplit_once('.').unwrap();
    let mac = Signer::new(MessageDigest::sha256(), &secret)
        .unwrap()
        .sign_oneshot_to_vec(signed.as_bytes())
        .unwrap();
    assert_eq!(signature, base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(mac));
    let bare = sign(json!({"payload": {}, "key": "none"})).await;
    assert!(part(&bare, 0)["alg"] == "none" && bare.ends_with('.'));
    let header = json!({"kid": null, "alg": "PS256", "crit": ["b64"]});
    let odd = sign(json!({"payload": {}, "header": header})).await;
    assert_eq!(part(&odd, 0), json!({"alg": "PS256", "crit": ["b64"]}));
    strings.refused("POST", "/sign", json!({}), 422).await;

    // To the letter and to the byte, for what no JSON library writes.
    let text = r#"{"alg":"RS256","alg":"none"}"#;
    let written = sign(json!({"payload_hex": "ff00", "header_text": text})).await;
    let pem = strings.stage.mdes.receipt_keys().pop().unwrap().public_pem;
    assert!(written.starts_with(&URL_SAFE_NO_PAD.encode(text)) && written.contains("._wA."));
    assert!(verifies(&written, &pem));
    let other_hash = sign(json!({"payload_hex": "ff00", "header_text": text, "digest": "sha512"})).await;
    assert!(!verifies(&other_hash, &pem));
    let mut codes = BTreeSet::new();
    for key in ["pem", "der", "base64", "pkcs1-pem", "pkcs1-der", "modulus", "jwk"] {
        let token = sign(json!({"payload": {}, "key": format!("hmac-public-{key}")})).await;
        assert_eq!(part(&token, 0)["alg"], "HS256", "{key}");
        codes.insert(token);
    }
    assert_eq!(codes.len(), 7, "each is another secret");
    for odd in [
        json!({"payload": {}, "header": {}, "header_text": "{}"}),
        json!({"payload": {}, "digest": "sha1"}),
        json!({"payload_hex": "f"}),
        json!({"payload": {}, "payload_hex": "00"}),
    ] {
        strings.refused("POST", "/sign", odd, 422).await;
    }
}

#[tokio::test]
async fn faults_strike_what_they_name_on_the_wire_and_are_counted() {
    let strings = Strings::new().await;
    let push = json!({"operation": "pushMultipleAccounts", "kind": "status", "status": 500, "count": 1});
    let fault = strings.done("POST", "/faults", push).await;
    let (status, answer) = strings.push("s-1").await;
    assert!(
        status == 422 && answer["error"].as_str().unwrap().contains("SYSTEM_ERROR"),
        "{answer}"
    );
    assert_eq!(strings.push("s-1").await.0, 200);
    let faults = strings.get("/faults").await;
    assert_eq!(
        (&faults["faults"][0]["struck"], &faults["faults"][0]["status"]),
        (&json!(1), &json!(500))
    );
    let gone = strings.ask("DELETE", &format!("/faults/{}", fault["id"]), None).await;
    assert_eq!(gone, (200, json!({"faults": []})));
    assert_eq!(strings.ask("DELETE", "/faults/1", None).await.0, 404);
    for (body, word) in [
        (json!({"operation": "nonsense", "kind": "html"}), "digitize"),
        (json!({"operation": "digitize", "kind": "nonsense"}), "wrong-json"),
        (
            json!({"operation": "digitize", "kind": "html", "count": 0}),
            "1 or more",
        ),
        (json!({"operation": "digitize", "kind": "delay"}), "latency_ms"),
        (
            json!({"operation": "digitize", "kind": "status", "status": 200}),
            "400 to 599",
        ),
        (
            json!({"operation": "digitize", "kind": "html", "reason": "X"}),
            "errors",
        ),
        (
            json!({"operation": "digitize", "kind": "html", "probability": 1.5}),
            "probability",
        ),
        (
            json!({"operation": "digitize", "kind": "html", "latency_ms": 120_001}),
            "latency_ms",
        ),
        (json!({"operation": "notifyTokenUpdated", "kind": "huge"}), "drop"),
        (
            json!({"operation": "authorizeService", "kind": "wrong-response-id"}),
            "responseId",
        ),
    ] {
        let said = strings.refused("POST", "/faults", body, 422).await;
        assert!(said.contains(word), "{said}");
    }
    assert_eq!(strings.get("/faults").await, json!({"faults": []}));
}

/// The banks' end of a call that MDES makes, asked directly.
#[tokio::test]
async fn every_kind_of_fault_shows_on_the_wire_between_mdes_and_a_bank() {
    let strings = Strings::new().await;
    let url = format!("{}/issuerServices/1/0/notifyServiceActivated", strings.stage.bank_base);
    let ask = async || {
        let body = json!({"requestId": "r-1", "correlationId": "1", "tokenUniqueReference": "T-1"});
        let response = strings.http.post(&url).body(body.to_string()).send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.text().await.ok()?))
    };
    assert_eq!(ask().await, Some((200, r#"{"responseId":"r-1"}"#.to_owned())));
    let recorded = || strings.stage.bank.calls().len();
    for (kind, wanted, performs) in [
        ("status", Some((503, "SYSTEM_ERROR")), false),
        ("html", Some((200, "<!doctype html>")), false),
        ("truncated", Some((200, r#"{"response"#)), true),
        ("empty", Some((200, "")), false),
        ("wrong-json", Some((200, "{}")), false),
        ("errors", Some((400, "SYSTEM_ERROR")), false),
        ("drop", None, false),
        ("lose-answer", None, true),
        ("delay", Some((200, "r-1")), true),
        ("huge", Some((200, "padding")), false),
    ] {
        let latency = if kind == "delay" { 1 } else { 0 };
        let fault = json!({"operation": "notifyServiceActivated", "kind": kind, "count": 1, "latency_ms": latency});
        strings.done("POST", "/faults", fault).await;
        let before = recorded();
        let answer = ask().await;
        let seen = answer.as_ref().map(|(status, text)| (*status, text.as_str()));
        match wanted {
            None => assert_eq!(seen, None, "{kind}"),
            Some((status, start)) => {
                let (said, text) = seen.unwrap_or_else(|| panic!("{kind}: no answer"));
                assert_eq!(said, status, "{kind}");
                assert!(
                    if start.is_empty() {
                        text.is_empty()
                    } else {
                        text.contains(start)
                    },
                    "{kind}: {}",
                    &text[..text.len().min(99)]
                );
            }
        }
        assert_eq!(recorded() - before, usize::from(performs), "{kind}");
    }
    strings
        .done(
            "POST",
            "/faults",
            json!({"operation": "notifyServiceActivated", "kind": "late", "count": 1, "latency_ms": 1}),
        )
        .await;
    let before = recorded();
    assert_eq!(ask().await, None);
    for _ in 0..1_000 {
        if recorded() > before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("what was late never came");
}

#[tokio::test]
async fn knobs_are_turned_one_at_a_time() {
    let strings = Strings::new().await;
    let at_first = strings.get("/knobs").await;
    assert_eq!(at_first["code_mode"], "none");
    strings
        .done(
            "PUT",
            "/knobs",
            json!({"session_in_jws": false, "code_mode": "jws", "receipts_validity_minutes": 5}),
        )
        .await;
    let body =
        json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "session": "s-1", "authentication_code": "482107"});
    let pushed = strings.done("POST", "/push", body).await;
    let signed = part(pushed["signature"].as_str().unwrap(), 1);
    assert!(signed.get("tokenRequestorSessionId").is_none() && signed["authenticationCode"] == "482107");
    let knobs = strings
        .done("PUT", "/knobs", json!({"session_in_jws": true, "code_mode": "none"}))
        .await;
    assert_eq!(knobs["receipts_validity_minutes"], 5);
    let knobs = strings
        .done("PUT", "/knobs", json!({"receipts_validity_minutes": null}))
        .await;
    assert_eq!(knobs, at_first);
    strings
        .refused("PUT", "/knobs", json!({"receipts_validity_minutes": 4}), 422)
        .await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_what_to_do() {
    let strings = Strings::new().await;
    for (method, path, body, word) in [
        ("PUT", "/knobs", json!({"lie": "nonsense"}), "/_sim/lies"),
        (
            "PUT",
            "/outcomes",
            json!({"card": "nonsense", "outcome": "approve"}),
            "havorn-no-ada-1",
        ),
        (
            "PUT",
            "/outcomes",
            json!({"card": "havorn-no-ada-1", "outcome": {"step_up": []}}),
            "text",
        ),
        ("PUT", "/issuers", json!({"count": 5_001}), "5000"),
        ("PUT", "/issuers", json!({"only": ["nonsense"]}), "nonsense"),
        ("PUT", "/issuers", json!({}), "count or only"),
    ] {
        let said = strings.refused(method, path, body, 422).await;
        assert!(said.contains(word), "{path}: {said}");
    }
    strings
        .refused(
            "PUT",
            "/outcomes",
            json!({"card": "havorn-no-ada-1", "outcome": "nonsense"}),
            400,
        )
        .await;
    assert_eq!(strings.get("/issuers").await["count"], 12);
}

#[tokio::test]
async fn books_that_do_not_fit_change_nothing() {
    let strings = Strings::new().await;
    assert_eq!(strings.push("s-1").await.0, 200);
    let books = strings.get("/state").await;
    let receipt = books["mdes"]["receipts"]
        .as_object()
        .unwrap()
        .keys()
        .next()
        .unwrap()
        .clone();
    assert_eq!(
        books["mdes"]["receipts"][&receipt]["account"]["card"],
        "havorn-no-ada-1"
    );
    let changed = |pointer: &str, to: Value| {
        let mut books = books.clone();
        *books.pointer_mut(pointer).unwrap() = to;
        books
    };
    let account = format!("/mdes/receipts/{receipt}/account/card");
    let issuer = format!("/mdes/receipts/{receipt}/issuer");
    for (body, word) in [
        (changed("/version", json!(2)), "version 2"),
        (changed(&account, json!("nonsense")), "nonsense"),
        (changed(&account, Value::Null), "card or a number"),
        (changed(&issuer, json!("nonsense")), "/_sim/issuers"),
    ] {
        let said = strings.refused("PUT", "/state", body, 422).await;
        assert!(said.contains(word), "{said}");
    }
    strings.refused("PUT", "/state", json!({"version": 1}), 400).await;
    strings.refused("PUT", "/state", json!(" ".repeat(32 << 20)), 413).await;
    assert_eq!(strings.get("/state").await, books);
}

/// The members that a handler reads, as it names them when it meets a stranger.
async fn read_members(strings: &Strings, method: &str, path: &str) -> BTreeSet<String> {
    let said = strings.refused(method, path, json!({"nonsense": 1}), 400).await;
    let (_, expected) = said.split_once("expected").unwrap_or_else(|| panic!("{path}: {said}"));
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_route_and_every_member_is_described_and_everything_described_is_there() {
    let strings = Strings::new().await;
    let document = strings.get("/openapi.json").await;
    let source = include_str!("mod.rs");
    let mut routes = BTreeSet::new();
    for route in source.split(".route(\"").skip(1) {
        let (path, rest) = route.split_once('"').unwrap();
        let handlers = rest
            .split(".route(")
            .next()
            .unwrap()
            .split(".method_not_allowed")
            .next()
            .unwrap();
        for method in ["get", "post", "put", "delete"] {
            if handlers.contains(&format!("{method}(")) {
                routes.insert((format!("/_sim{path}"), method.to_owned()));
            }
        }
    }
    assert!(routes.len() > 10);
    let resolve = |schema: &Value| -> Value {
        let name = schema["$ref"]
            .as_str()
            .and_then(|name| name.strip_prefix("#/components/schemas/"));
        name.map_or_else(
            || schema.clone(),
            |name| document["components"]["schemas"][name].clone(),
        )
    };
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.insert((path.clone(), method.clone()));
            let short = path.strip_prefix("/_sim").unwrap();
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            if !body.is_null() && resolve(body)["additionalProperties"] == false {
                let members = resolve(body)["properties"]
                    .as_object()
                    .unwrap()
                    .keys()
                    .cloned()
                    .collect();
                assert_eq!(
                    read_members(&strings, &method.to_uppercase(), short).await,
                    members,
                    "{path}"
                );
            }
            if method == "get" {
                let (_, schema) = operation["responses"]["200"]["content"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .next()
                    .unwrap();
                let schema = resolve(&schema["schema"]);
                let answer = strings.get(short).await;
                if let Some(properties) = schema["properties"].as_object() {
                    let said: BTreeSet<&String> = answer.as_object().unwrap().keys().collect();
                    assert_eq!(said, properties.keys().collect(), "{path}");
                }
            }
        }
    }
    assert_eq!(described, routes);
}
