//! The bench that the simulator's own tests stand on: a clock that stands still, two enrolled clients, and a server that
//! plays bank and wallet by rote. It signs requests with its own lines; the vectors pin the verifier.

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::keys::{EncryptionKey, digest};
use super::*;
use crate::sim::faults::Faults;

mod stub;

pub(super) use stub::Stub;

/// 1 January 2026, midnight UTC.
pub(super) const START_MS: i64 = 1_767_225_600_000;
pub(super) const TRID: &str = "50123456789";
pub(super) const OTHER_TRID: &str = "50987654321";
pub(super) const INSTANCE: &str = "wallet-instance-1";
pub(super) const PAN: &str = "5204731600014784";

pub(super) struct Bench {
    pub(super) mdes: Mdes,
    clock: Arc<AtomicI64>,
    nonces: AtomicUsize,
}

/// Who signs a request.
#[derive(Clone, Copy)]
pub(super) enum By {
    Wallet,
    Bank,
    /// Another token requestor: takes one card, and cannot pull.
    Shops,
}

impl Bench {
    /// Without a bank: every digitization is approved.
    pub(super) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(AtomicI64::new(START_MS));
        let hand = Arc::clone(&clock);
        let mut settings = settings(Arc::new(move || hand.load(Ordering::SeqCst)));
        change(&mut settings);
        Self {
            mdes: Mdes::new(settings, test_keys().clone()),
            clock,
            nonces: AtomicUsize::new(0),
        }
    }

    /// With `stub` as bank and as wallet.
    pub(super) fn beside(stub: &Stub) -> Self {
        let (base, certificate) = (stub.base.clone(), party().certificate.to_pem().unwrap());
        Self::with(move |settings| {
            settings.bank_base = Some(base.clone());
            settings.bank_cert_pem = Some(certificate.clone());
            settings.token_requestors[0].notify_url = Some(format!("{base}/notifyTokenUpdated"));
            settings.token_requestors[0].notify_cert_pem = Some(certificate);
        })
    }

    pub(super) fn advance(&self, by_ms: i64) {
        self.clock.fetch_add(by_ms, Ordering::SeqCst);
    }

    pub(super) fn now_s(&self) -> i64 {
        self.clock.load(Ordering::SeqCst) / 1000
    }

    pub(super) fn signed(&self, by: By, method: &str, path: &str, body: &str) -> Request<Body> {
        let nonce = format!("nonce{:011}", self.nonces.fetch_add(1, Ordering::SeqCst));
        self.signed_with(by, method, path, body, &nonce, self.now_s())
    }

    pub(super) fn signed_with(
        &self,
        by: By,
        method: &str,
        path: &str,
        body: &str,
        nonce: &str,
        timestamp: i64,
    ) -> Request<Body> {
        let (consumer_key, key) = match by {
            By::Wallet => ("wallet!key", &clients()[0]),
            By::Bank => ("bank!key", &clients()[1]),
            By::Shops => ("shops!key", &clients()[2]),
        };
        let hash = STANDARD.encode(digest(MessageDigest::sha256(), body.as_bytes()));
        let signed = format!(
            "oauth_body_hash={hash}&oauth_consumer_key={consumer_key}&oauth_nonce={nonce}\
             &oauth_signature_method=RSA-SHA256&oauth_timestamp={timestamp}&oauth_version=1.0"
        );
        let base = format!(
            "{method}&{}&{}",
            escape(&format!("http://mdes.test/mdes{path}")),
            escape(&signed)
        );
        let mut signer = Signer::new(MessageDigest::sha256(), key).unwrap();
        let signature = escape(&STANDARD.encode(signer.sign_oneshot_to_vec(base.as_bytes()).unwrap()));
        let header = format!(
            "OAuth oauth_consumer_key=\"{consumer_key}\",oauth_nonce=\"{nonce}\",oauth_timestamp=\"{timestamp}\",\
             oauth_signature_method=\"RSA-SHA256\",oauth_version=\"1.0\",oauth_body_hash=\"{hash}\",\
             oauth_signature=\"{signature}\""
        );
        Request::builder()
            .method(method)
            .uri(format!("/mdes{path}"))
            .header("host", "MDES.test")
            .header("authorization", header)
            .header("content-type", "application/json; charset=UTF-8")
            .body(Body::from(body.to_owned()))
            .unwrap()
    }

    pub(super) async fn send(&self, request: Request<Body>) -> (StatusCode, Bytes) {
        let response = self.mdes.router().oneshot(request).await.unwrap();
        let status = response.status();
        // A dropped connection shows as a body that fails.
        (
            status,
            axum::body::to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap_or_default(),
        )
    }

    pub(super) async fn json(&self, request: Request<Body>) -> (StatusCode, Value) {
        let (status, body) = self.send(request).await;
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn post(&self, by: By, path: &str, body: Value) -> Value {
        let (status, answer) = self.json(self.signed(by, "POST", path, &body.to_string())).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(super) async fn wallet(&self, call: &str, body: Value) -> Value {
        self.post(By::Wallet, &format!("/digitization/1/0/{call}"), body).await
    }

    /// The same by the other token requestor.
    pub(super) async fn shops(&self, call: &str, body: Value) -> Value {
        self.post(By::Shops, &format!("/digitization/1/0/{call}"), body).await
    }

    pub(super) async fn bank(&self, call: &str, body: Value) -> Value {
        self.post(By::Bank, &format!("/connect/1/0/{call}"), body).await
    }

    pub(super) async fn receipt(&self) -> String {
        let answer = self.bank("pushMultipleAccounts", push_request(&[item("acct-1")])).await;
        answer["pushAccountReceipts"][0]["pushAccountReceipt"]
            .as_str()
            .expect("a receipt")
            .to_owned()
    }

    pub(super) async fn eligibility(&self, receipt: &str) -> Value {
        self.wallet("checkEligibility", eligibility_request(receipt)).await
    }

    /// A receipt taken to a digitize request that is ready to be sent.
    pub(super) async fn ready(&self, task_id: &str) -> (String, Value) {
        let receipt = self.receipt().await;
        let eligibility = self.eligibility(&receipt).await;
        let request = digitize_request(&receipt, &eligibility, task_id);
        (receipt, request)
    }

    /// A token out of one account, by the bank's decision.
    pub(super) async fn token(&self, task_id: &str) -> Value {
        let (_, request) = self.ready(task_id).await;
        self.wallet("digitize", request).await
    }
}

pub(super) fn item(id: &str) -> Value {
    let card = json!({"accountNumber": PAN, "expiryMonth": "12", "expiryYear": "30"});
    json!({"pushAccountId": id, "fundingAccountData": {"cardAccountData": card}})
}

pub(super) fn push_request(items: &[Value]) -> Value {
    let plaintext = json!(items).to_string();
    push_request_of(&plaintext)
}

pub(super) fn push_request_of(plaintext: &str) -> Value {
    let encrypted = fle::encrypt(test_keys().encryption_cert_pem(), plaintext.as_bytes()).unwrap();
    json!({
        "requestId": "123456",
        "tokenRequestorId": TRID,
        "pushFundingAccounts": {"encryptedPayload": encrypted},
        "signatureData": {
            "callbackURL": "https://wallet.example/callback/1",
            "locale": "en_US",
            "tokenRequestorSessionId": "session-1",
        },
    })
}

pub(super) fn eligibility_request(receipt: &str) -> Value {
    json!({
        "responseHost": "wallet.example.com",
        "requestId": "1",
        "tokenType": "CLOUD",
        "paymentAppInstanceId": INSTANCE,
        "paymentAppId": "WalletApp1",
        "deviceInfo": {"deviceName": "My Phone"},
        "fundingAccountInfo": {"pushAccountReceipt": receipt},
        "cardletId": "1.0",
        "consumerLanguage": "en",
    })
}

pub(super) fn digitize_request(receipt: &str, eligibility: &Value, task_id: &str) -> Value {
    json!({
        "responseHost": "wallet.example.com",
        "requestId": "2",
        "paymentAppInstanceId": INSTANCE,
        "eligibilityReceipt": {"value": eligibility["eligibilityReceipt"]["value"]},
        "taskId": task_id,
        "termsAndConditionsAssetId": eligibility["termsAndConditionsAssetId"],
        "termsAndConditionsAcceptedTimestamp": "2026-01-01T00:00:00.123-07:00",
        "fundingAccountInfo": {"pushAccountReceipt": receipt},
        "decisioningData": {"deviceIpAddress": "203.0.113.7", "deviceScore": "4"},
    })
}

/// Members of a request about one token.
pub(super) fn about(token: &Value) -> Value {
    json!({"requestId": "3", "paymentAppInstanceId": INSTANCE, "tokenUniqueReference": token["tokenUniqueReference"]})
}

/// Waits until `condition` holds, and fails the test if it does not within five seconds.
pub(super) async fn eventually(condition: impl Fn() -> bool) {
    for _ in 0..1000 {
        if condition() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("it never happened");
}

/// The reason code of an answer's first error, or an empty text.
pub(super) fn reason(answer: &Value) -> &str {
    answer["errors"][0]["reasonCode"].as_str().unwrap_or_default()
}

/// Opens what MDES encrypted to the bank or the wallet.
pub(super) fn open(encrypted: &Value) -> Value {
    let plain = fle::decrypt(fields::Fields::of(encrypted, "encryptedPayload").unwrap(), party()).unwrap();
    serde_json::from_slice(&plain).unwrap()
}

pub(super) fn vectors() -> &'static Value {
    static VECTORS: OnceLock<Value> = OnceLock::new();
    VECTORS.get_or_init(|| serde_json::from_str(include_str!("../../../tests/vectors/vectors.json")).unwrap())
}

pub(super) fn test_keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(Keys::generate)
}

/// The key pair that bank and wallet decrypt with.
fn party() -> &'static EncryptionKey {
    static PARTY: OnceLock<Keys> = OnceLock::new();
    &PARTY.get_or_init(Keys::generate).encryption
}

fn clients() -> &'static [PKey<Private>; 3] {
    static CLIENTS: OnceLock<[PKey<Private>; 3]> = OnceLock::new();
    let key = |_| PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    CLIENTS.get_or_init(|| [0, 1, 2].map(key))
}

/// A picture of 192 by 192.
fn art_png() -> Vec<u8> {
    crate::sim::stage::CLICK.png()
}

fn settings(now: crate::sim::Now) -> Settings {
    Settings {
        base_path: "/mdes".to_owned(),
        token_requestors: vec![
            TokenRequestor {
                id: TRID.to_owned(),
                name: "Test Wallet".to_owned(),
                consumer_facing_name: "Test Wallet".to_owned(),
                kind: RequestorKind::Wallet("327".to_owned()),
                logo_svg: b"<svg><!-- wallet --></svg>".to_vec(),
                logo_png: art_png(),
                pulls: true,
                takes_several: true,
                push_uri: "https://wallet.example/push".to_owned(),
                consumer_key: "wallet!key".to_owned(),
                public_key_pem: clients()[0].public_key_to_pem().unwrap(),
                notify_url: None,
                notify_cert_pem: None,
            },
            TokenRequestor {
                id: OTHER_TRID.to_owned(),
                name: "Test Shops".to_owned(),
                consumer_facing_name: "Test Shops".to_owned(),
                kind: RequestorKind::Merchant,
                logo_svg: b"<svg><!-- shops --></svg>".to_vec(),
                logo_png: art_png(),
                pulls: false,
                takes_several: false,
                push_uri: "https://shops.example/push".to_owned(),
                consumer_key: "shops!key".to_owned(),
                public_key_pem: clients()[2].public_key_to_pem().unwrap(),
                notify_url: None,
                notify_cert_pem: None,
            },
        ],
        issuer_client: IssuerClient {
            consumer_key: "bank!key".to_owned(),
            public_key_pem: clients()[1].public_key_to_pem().unwrap(),
        },
        bank_base: None,
        bank_cert_pem: None,
        directory: vec![entry("moon", &["US"], "520473"), entry("tide", &["NO", "SE"], "520474")],
        now,
        session_in_jws: true,
        declined_consumes: true,
        faults: Faults::default(),
        lies: crate::sim::lies::Lies::default(),
    }
}

pub(super) fn entry(id: &str, countries: &[&str], prefix: &str) -> DirectoryEntry {
    DirectoryEntry {
        issuer_id: id.to_owned(),
        name: format!("{id} bank"),
        alias: None,
        countries: countries.iter().map(|country| (*country).to_owned()).collect(),
        logo_svg: format!("<svg><!-- {id} --></svg>").into_bytes(),
        logo_png: Vec::new(),
        methods: vec![("WEB".to_owned(), format!("https://{id}.example/pull"))],
        account_range_prefix: prefix.to_owned(),
        product: Product {
            short_description: "Rewards".to_owned(),
            foreground_color: "000000".to_owned(),
            art_svg: format!("<svg><!-- art of {id} --></svg>").into_bytes(),
            art_png: None,
            phone: "555-0100".to_owned(),
            website: format!("https://{id}.example"),
        },
        terms: ("text/plain".to_owned(), format!("Terms of {id}").into_bytes()),
        card_type: CardType::Mcc,
    }
}

fn escape(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}
