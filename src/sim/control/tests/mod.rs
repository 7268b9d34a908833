//! The strings, pulled over HTTP on the listeners of a whole stage.

mod callers;
mod description;
mod faults;
mod receipts;
mod settings;

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
            ..Around::default()
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
