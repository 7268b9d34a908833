//! Whole visits through the router, against a small MDES of the tests' own.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use url::Url;

use super::wire::{EncryptedPayload, open};
use super::{Bank, ContentCipher, Keys, PushOptions, Settings};
use crate::sim::catalogue::{ActivationKind, Outcome, card_by_id, issuer};
use crate::sim::faults::Faults;

mod app;
mod directory;
mod enrol;
mod services;
mod website;

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);
const SID: &str = "0b9e4a3c-52d7-4f5e-9a31-9f0d6f7a1c22";
const TRID: &str = "50123456789";
const CALLBACK: &str = "http://localhost:7000/callback/0b9e4a3c-52d7-4f5e-9a31-9f0d6f7a1c22";

/// RSA keys are slow to make: all tests share two sets, one of the bank and one that stands for MDES.
fn keys() -> &'static (Keys, Keys) {
    static KEYS: OnceLock<(Keys, Keys)> = OnceLock::new();
    KEYS.get_or_init(|| (Keys::generate(), Keys::generate()))
}

/// What the MDES of the tests saw, and how it is told to behave.
#[derive(Default)]
struct Mdes {
    seen: Vec<(String, String, Value)>,
    /// When set, every push gets this answer.
    push_answer: Option<Value>,
    /// When set, everybody who asks for token requestors gets this answer.
    list_answer: Option<Value>,
    unsigned: bool,
}

type Shared = Arc<Mutex<Mdes>>;

async fn mdes(State(shared): State<Shared>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let authorization = request.headers()[header::AUTHORIZATION].to_str().unwrap().to_owned();
    let body = axum::body::to_bytes(request.into_body(), 1 << 20).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let mut mdes = shared.lock().unwrap();
    mdes.seen.push((path.clone(), authorization, body.clone()));
    let answer = match path.as_str() {
        "/mdes/connect/1/0/getEligibleTokenRequestors" => match &mdes.list_answer {
            Some(answer) => answer.clone(),
            None => requestors(&body),
        },
        "/mdes/issuer-assets/1/0/asset/tokenrequestor/logo-1" => json!({"mediaContents": [
            {"type": "image/svg+xml", "data": STANDARD.encode("<svg/>")},
            {"type": "image/png", "data": STANDARD.encode(issuer("podoli-cz").unwrap().logo_png())},
        ]}),
        "/mdes/connect/1/0/pushMultipleAccounts" => match &mdes.push_answer {
            Some(answer) => answer.clone(),
            None => receipts(&body, mdes.unsigned),
        },
        "/mdes/issuer/1/0/activateToken" => json!({"responseId": "1"}),
        _ => json!({"errors": [{"reasonCode": "INVALID_FIELD_VALUE", "description": path}]}),
    };
    ([(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

/// Three who take cards of every range that is asked about: one several at once, two one at a time.
fn requestors(body: &Value) -> Value {
    let ranges = body["accountRanges"].as_array().unwrap().iter();
    let ranges: Vec<i64> = ranges.map(|range| range.as_str().unwrap().parse().unwrap()).collect();
    let of = |id: &str, name: &str, kind: &str, several: bool| {
        json!({"tokenRequestorId": id, "name": name, "consumerFacingEntityName": name, "tokenRequestorType": kind,
            "enabledAccountRanges": ranges, "supportsMultiplePushedCards": several, "imageAssetId": "logo-1",
            "availablePushMethods": [{"type": "WEB", "uri": format!("https://{id}.example/push?")}]})
    };
    json!({"responseId": "1", "tokenRequestors": [
        of("50000000000", "Another", "WALLET", false),
        of(TRID, "Tidemark <b>", "WALLET", true),
        of("50123197928", "Click to Pay", "MERCHANT", false),
    ]})
}

fn receipts(body: &Value, unsigned: bool) -> Value {
    let pushed = decrypted(body);
    let accounts = pushed.as_array().unwrap().iter().enumerate();
    let receipts: Vec<Value> = accounts
        .map(|(n, account)| {
            json!({"pushAccountId": account["pushAccountId"], "pushAccountReceipt": format!("MCC-STL-{n}")})
        })
        .collect();
    let mut answer = json!({"responseId": "1", "pushAccountReceipts": receipts});
    if !unsigned {
        answer["signature"] = json!("aaa.bbb.ccc");
    }
    answer
}

fn decrypted(body: &Value) -> Value {
    let payload = body["pushFundingAccounts"]["encryptedPayload"].clone();
    let payload: EncryptedPayload = serde_json::from_value(payload).unwrap();
    let mdes_keys = &keys().1;
    let plaintext = open(
        &mdes_keys.encryption_key().unwrap(),
        mdes_keys.certificate_pem(),
        &payload,
    );
    serde_json::from_slice(&plaintext.unwrap()).unwrap()
}

struct World {
    bank: Bank,
    router: Router,
    mdes: Shared,
    clock: Arc<AtomicI64>,
}

struct Page {
    status: StatusCode,
    location: Option<String>,
    policy: String,
    html: String,
}

impl World {
    async fn start() -> Self {
        let shared = Shared::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/mdes", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/mdes/{*rest}", get(mdes).post(mdes))
            .with_state(shared.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self::with(shared, base)
    }

    /// A bank whose MDES does not answer: nothing listens there.
    async fn without_mdes() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/mdes", listener.local_addr().unwrap());
        drop(listener);
        Self::with(Shared::default(), base)
    }

    fn with(mdes: Shared, mdes_base: String) -> Self {
        Self::on(mdes, mdes_base, None)
    }

    /// With a database of its own.
    fn on(mdes: Shared, mdes_base: String, database: Option<std::path::PathBuf>) -> Self {
        let (bank_keys, mdes_keys) = keys();
        let clock = Arc::new(AtomicI64::new(1_767_225_600_000));
        let hand = clock.clone();
        let settings = Settings {
            public_base: "http://127.0.0.1:7002".to_owned(),
            mdes_base,
            consumer_key: bank_keys.consumer_key().to_owned(),
            signing_key_pem: bank_keys.signing_key_pem().to_vec(),
            mdes_cert_pem: mdes_keys.certificate_pem().to_vec(),
            processor_base: None,
            database,
            requestors_age: DAY,
            now: Arc::new(move || hand.load(Ordering::SeqCst)),
            faults: Faults::default(),
            lies: crate::sim::lies::Lies::default(),
        };
        let bank = Bank::new(settings, bank_keys.clone());
        Self {
            router: bank.router(),
            bank,
            mdes,
            clock,
        }
    }

    async fn send(&self, request: Request) -> Page {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let header = |name| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let bytes = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Page {
            status: parts.status,
            location: header(header::LOCATION),
            policy: header(header::CONTENT_SECURITY_POLICY).unwrap_or_default(),
            html: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, body: &str) -> Page {
        let form = "application/x-www-form-urlencoded";
        let request = Request::post(path).header(header::CONTENT_TYPE, form);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn service(&self, call: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::post(format!("/issuerServices/1/0/{call}"));
        let page = self.send(request.body(Body::from(body.to_string())).unwrap()).await;
        (page.status, serde_json::from_str(&page.html).unwrap())
    }

    /// Arrives from the wallet; gives the path of the visit.
    async fn arrive(&self, bank: &str) -> String {
        let page = self.get(&link(bank, CALLBACK)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        page.location.unwrap().strip_suffix("/sign-in").unwrap().to_owned()
    }

    /// Arrives and signs in.
    async fn enter(&self, bank: &str, persona: &str) -> String {
        let visit = self.arrive(bank).await;
        let page = self
            .post(&format!("{visit}/sign-in"), &format!("persona={persona}"))
            .await;
        assert_eq!(page.location, Some(format!("{visit}/cards")));
        visit
    }

    /// Arrives, signs in and chooses; stands before the consent.
    async fn choose(&self, bank: &str, cards: &[&str]) -> String {
        let visit = self.enter(bank, "ada").await;
        let chosen: Vec<String> = cards.iter().map(|card| format!("card={card}")).collect();
        let page = self.post(&format!("{visit}/cards"), &chosen.join("&")).await;
        assert_eq!(page.location, Some(format!("{visit}/consent")));
        visit
    }

    fn seen(&self, call: &str) -> Vec<(String, Value)> {
        let mdes = self.mdes.lock().unwrap();
        let calls = mdes.seen.iter().filter(|(path, ..)| path.ends_with(call));
        calls
            .map(|(_, authorization, body)| (authorization.clone(), body.clone()))
            .collect()
    }
}

fn link(bank: &str, callback: &str) -> String {
    let mut url = Url::parse(&format!("http://b/banks/{bank}/pull")).unwrap();
    url.query_pairs_mut()
        .append_pair("tokenRequestorSessionId", SID)
        .append_pair("tokenRequestorId", TRID)
        .append_pair("callbackURL", callback);
    format!("{}?{}", url.path(), url.query().unwrap())
}
