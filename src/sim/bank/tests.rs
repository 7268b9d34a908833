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

mod app;
mod services;

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
        "/mdes/connect/1/0/getEligibleTokenRequestors" => json!({"responseId": "1", "tokenRequestors": [
            {"tokenRequestorId": "50000000000", "consumerFacingEntityName": "Another"},
            {"tokenRequestorId": TRID, "consumerFacingEntityName": "Tidemark <b>", "imageAssetId": "logo-1"},
        ]}),
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
        let (bank_keys, mdes_keys) = keys();
        let clock = Arc::new(AtomicI64::new(1_767_225_600_000));
        let hand = clock.clone();
        let settings = Settings {
            public_base: "http://127.0.0.1:7002".to_owned(),
            mdes_base,
            consumer_key: bank_keys.consumer_key().to_owned(),
            signing_key_pem: bank_keys.signing_key_pem().to_vec(),
            mdes_cert_pem: mdes_keys.certificate_pem().to_vec(),
            now: Arc::new(move || hand.load(Ordering::SeqCst)),
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

#[tokio::test]
async fn a_cardholder_adds_two_cards_and_returns_with_the_signed_receipts() {
    let world = World::start().await;
    let visit = world.arrive("havorn-no").await;
    let page = world.get(&format!("{visit}/sign-in")).await;
    assert!(page.html.contains(r#"data-page="sign-in""#));
    assert!(page.html.contains("Tidemark &#60;b&#62;"), "the name is escaped");
    let number = "401 would not do";
    let page = world
        .post(&format!("{visit}/sign-in"), &format!("customer={number}&password=x"))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ada = issuer("havorn-no")
        .unwrap()
        .customer_number(card_by_id("havorn-no-ada-1").unwrap().person);
    let page = world
        .post(&format!("{visit}/sign-in"), &format!("customer={ada}&password=x"))
        .await;
    assert_eq!(page.location, Some(format!("{visit}/cards")));
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(page.html.contains(r#"data-page="cards""#));
    assert_eq!(page.html.matches("data-card-last4=").count(), 4);
    let page = world
        .post(&format!("{visit}/cards"), "card=havorn-no-ada-2&card=havorn-no-ada-1")
        .await;
    assert_eq!(page.location, Some(format!("{visit}/consent")));
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(page.html.contains(r#"data-page="consent""#));
    assert!(page.html.contains(&card_by_id("havorn-no-ada-2").unwrap().last4));
    let page = world
        .post(&format!("{visit}/consent"), "decision=add&authenticationCode=123456")
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        page.location.unwrap(),
        format!("{CALLBACK}?pushAccountData=aaa.bbb.ccc&tokenRequestorSessionId={SID}")
    );

    let (authorization, body) = world.seen("pushMultipleAccounts").remove(0);
    assert!(authorization.starts_with("OAuth oauth_consumer_key=") && authorization.contains("oauth_body_hash="));
    assert_eq!(body["tokenRequestorId"], TRID);
    assert_eq!(body["signatureData"]["tokenRequestorSessionId"], SID);
    assert_eq!(body["signatureData"]["callbackURL"], Value::Null);
    assert_eq!(body["signatureData"]["locale"], "en_US");
    assert_eq!(body["authenticationCode"], "123456");
    let accounts = decrypted(&body);
    let pans: Vec<&str> = (0..2)
        .map(|n| {
            accounts[n]["fundingAccountData"]["cardAccountData"]["accountNumber"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(
        pans,
        ["havorn-no-ada-2", "havorn-no-ada-1"].map(|id| card_by_id(id).unwrap().pan)
    );
    assert_eq!(
        world.seen("getEligibleTokenRequestors").len(),
        1,
        "the name is remembered"
    );
}

#[tokio::test]
async fn a_second_tap_on_add_leads_to_the_same_place_and_pushes_nothing() {
    let world = World::start().await;
    let visit = world.choose("podoli-cz", &["podoli-cz-ada-1"]).await;
    let path = format!("{visit}/consent");
    let (first, second) = tokio::join!(world.post(&path, "decision=add"), world.post(&path, "decision=add"));
    assert_eq!(first.location, second.location);
    assert!(first.location.unwrap().contains("pushAccountData="));
    assert_eq!(world.seen("pushMultipleAccounts").len(), 1);
    for step in ["sign-in", "cards", "consent"] {
        let page = world.get(&format!("{visit}/{step}")).await;
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.html.contains("This visit is over") && page.html.contains("pushAccountData="));
    }
}

#[tokio::test]
async fn every_page_of_a_visit_can_be_cancelled() {
    let world = World::start().await;
    let cancelled = Some(format!("{CALLBACK}?tokenRequestorSessionId={SID}&result=CANCELLED"));
    for step in ["sign-in", "cards", "consent"] {
        let visit = match step {
            "sign-in" => world.arrive("labedz-pl").await,
            "cards" => world.enter("labedz-pl", "ada").await,
            _ => world.choose("labedz-pl", &["labedz-pl-ada-1"]).await,
        };
        let page = world.get(&format!("{visit}/{step}")).await;
        assert!(page.html.contains(&format!(r#"action="{visit}/leave""#)), "{step}");
        let page = world.post(&format!("{visit}/leave"), "result=CANCELLED").await;
        assert_eq!(
            (page.status, &page.location),
            (StatusCode::SEE_OTHER, &cancelled),
            "{step}"
        );
    }
    let visit = world.choose("labedz-pl", &["labedz-pl-ada-1"]).await;
    let page = world.post(&format!("{visit}/consent"), "decision=cancel").await;
    assert_eq!(page.location, cancelled);
    assert!(world.seen("pushMultipleAccounts").is_empty());
}

#[tokio::test]
async fn cleo_has_nothing_to_add_and_returns_declined() {
    let world = World::start().await;
    let visit = world.enter("ghafa-ae", "cleo").await;
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(page.html.contains("You have no card that can be added to a wallet."));
    assert!(page.html.contains(r#"name="result" value="DECLINED""#));
    let page = world.post(&format!("{visit}/leave"), "result=DECLINED").await;
    assert!(page.location.unwrap().ends_with("&result=DECLINED"));
}

#[tokio::test]
async fn cards_that_may_not_be_added_are_refused_with_a_reason() {
    let world = World::start().await;
    let visit = world.enter("bereza-kz", "ben").await;
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(page.html.contains("Blocked. Call us to unblock it.") && page.html.contains("disabled"));
    for (body, sentence) in [
        ("", "Choose a card."),
        ("card=bereza-kz-ben-1", "Choose only cards that can be added."),
        ("card=bereza-kz-ada-1", "Choose only cards that can be added."),
        (
            "card=havorn-no-ben-2&card=bereza-kz-ben-2",
            "Choose only cards that can be added.",
        ),
    ] {
        let page = world.post(&format!("{visit}/cards"), body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(
            page.html.contains(sentence)
                && page.html.contains("role=\"alert\"")
                && page.html.contains("<title>Error: ")
        );
    }
    let page = world.get(&format!("{visit}/consent")).await;
    assert_eq!(page.location, Some(format!("{visit}/cards")));
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.location, Some(format!("{visit}/cards")));
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_visit_and_leave_a_way_back() {
    let world = World::start().await;
    let visit = world.arrive("tarnfell-gb").await;
    let ada = issuer("tarnfell-gb")
        .unwrap()
        .customer_number(card_by_id("tarnfell-gb-ada-1").unwrap().person);
    let wrong = format!("customer={ada}&password=wrong");
    for _ in 0..4 {
        let page = world.post(&format!("{visit}/sign-in"), &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = world.post(&format!("{visit}/sign-in"), &wrong).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.html.contains(r#"data-page="error""#));
    let page = world.post(&format!("{visit}/sign-in"), "persona=ada").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "nobody signs in any more");
    let page = world.post(&format!("{visit}/leave"), "result=ERROR").await;
    assert!(page.location.unwrap().ends_with("&result=ERROR"));
}

#[tokio::test]
async fn an_empty_sign_in_names_the_empty_field_and_does_not_count() {
    let world = World::start().await;
    let visit = world.arrive("yildiztepe-tr").await;
    for _ in 0..7 {
        let page = world.post(&format!("{visit}/sign-in"), "customer=&password=").await;
        assert!(page.html.contains("Enter your customer number."));
        let page = world.post(&format!("{visit}/sign-in"), "customer=1&password=").await;
        assert!(page.html.contains("Enter your password.") && page.html.contains("aria-invalid"));
    }
    let page = world.get(&format!("{visit}/cards")).await;
    assert_eq!(
        page.location,
        Some(format!("{visit}/sign-in")),
        "strangers sign in first"
    );
}

#[tokio::test]
async fn after_twelve_minutes_the_bank_ends_the_visit() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    world.clock.fetch_add(12 * 60 * 1000 + 1, Ordering::SeqCst);
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.html.contains("12 minutes") && page.html.contains(r#"value="ERROR""#));
    assert!(world.seen("pushMultipleAccounts").is_empty());
}

#[tokio::test]
async fn what_mdes_refuses_is_said_and_can_be_left_or_tried_again() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let refusal = json!({"errors": [{"source": "INPUT", "reasonCode": "CRYPTOGRAPHY_ERROR", "description": "No <i>"}]});
    world.mdes.lock().unwrap().push_answer = Some(refusal);
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.html.contains("CRYPTOGRAPHY_ERROR: No &#60;i&#62;"));
    assert!(page.html.contains(&format!(r#"href="{visit}/consent""#)) && page.html.contains(r#"value="ERROR""#));
    world.mdes.lock().unwrap().push_answer = None;
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert!(page.location.unwrap().contains("pushAccountData="));
}

#[tokio::test]
async fn without_a_signature_the_receipts_go_back_in_the_older_form() {
    let world = World::start().await;
    world.mdes.lock().unwrap().unsigned = true;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1", "havorn-no-ada-2"]).await;
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert!(
        page.location
            .unwrap()
            .contains("?pushAccountReceipts=MCC-STL-0%2CMCC-STL-1&")
    );
}

#[tokio::test]
async fn with_mdes_down_the_pages_name_the_wallet_by_its_number_and_the_push_says_so() {
    let world = World::without_mdes().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(page.html.contains(&format!("wallet {TRID}")));
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.html.contains("MDES could not be reached"));
}

#[tokio::test]
async fn the_code_of_the_wallet_is_letters_and_digits_only() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    for code in ["12-34", "%C3%A9", &"a".repeat(33), "%3Cscript%3E"] {
        let body = format!("decision=add&authenticationCode={code}");
        let page = world.post(&format!("{visit}/consent"), &body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(page.html.contains("letters and digits") && !page.html.contains("<script"));
    }
    assert!(world.seen("pushMultipleAccounts").is_empty());
    let page = world
        .post(&format!("{visit}/consent"), "decision=add&authenticationCode=")
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        world.seen("pushMultipleAccounts")[0].1["authenticationCode"],
        Value::Null
    );
}

#[tokio::test]
async fn a_bad_link_from_a_wallet_gets_a_page_that_says_what_is_wrong() {
    let world = World::start().await;
    let twice = format!("{}&callbackURL=http%3A%2F%2Fevil%2F", link("havorn-no", CALLBACK));
    for (path, sentence) in [
        ("/banks/havorn-no/pull".to_owned(), "tokenRequestorSessionId is missing"),
        (link("havorn-no", "javascript:alert(1)"), "only http and https"),
        (link("havorn-no", "intent://x"), "only http and https"),
        (twice, "callbackURL is there twice"),
        (
            link("havorn-no", &format!("http://w/{}", "x".repeat(300))),
            "longer than 256",
        ),
    ] {
        let page = world.get(&path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(
            page.html.contains(sentence) && page.html.contains(r#"data-page="error""#),
            "{path}"
        );
        assert!(
            !page.html.contains("javascript:") && !page.html.contains("evil"),
            "nothing is echoed"
        );
    }
    assert_eq!(
        world.get(&link("nobank-xx", CALLBACK)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn requests_that_make_no_sense_get_a_page_and_change_nothing() {
    let world = World::start().await;
    let visit = world.arrive("havorn-no").await;
    let sign_in = format!("{visit}/sign-in");
    let not_a_form = Request::post(&sign_in).header(header::CONTENT_TYPE, "application/json");
    let long = "x=".to_owned() + &"y".repeat(17 * 1024);
    for (page, status) in [
        (world.get("/nothing/here").await, StatusCode::NOT_FOUND),
        (world.get("/visits/feed").await, StatusCode::NOT_FOUND),
        (world.get("/visits/%ff/cards").await, StatusCode::BAD_REQUEST),
        (world.get("/banks/havorn-no/art/none.svg").await, StatusCode::NOT_FOUND),
        (world.get("/wallets/50000000000/logo").await, StatusCode::NOT_FOUND),
        (
            world.get(&format!("{visit}/leave")).await,
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (world.post("/phone", "").await, StatusCode::METHOD_NOT_ALLOWED),
        (world.post(&sign_in, &long).await, StatusCode::PAYLOAD_TOO_LARGE),
        (world.post(&sign_in, "persona=eve").await, StatusCode::BAD_REQUEST),
        (
            world.post(&sign_in, "persona=ada&persona=ben").await,
            StatusCode::BAD_REQUEST,
        ),
        (
            world.post(&format!("{visit}/leave"), "result=APPROVED").await,
            StatusCode::BAD_REQUEST,
        ),
        (world.post("/phone/activate", "token=T").await, StatusCode::NOT_FOUND),
        (
            world.send(not_a_form.body(Body::from("{}")).unwrap()).await,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        assert_eq!(page.status, status);
        assert!(page.html.contains(r#"data-page="error""#), "{status}: {}", page.html);
        assert!(page.policy.starts_with("default-src 'none'"));
    }
    assert!(world.get(&sign_in).await.html.contains(r#"data-page="sign-in""#));
}

#[tokio::test]
async fn the_policy_lets_forms_end_at_the_wallet_and_nothing_else_in() {
    let world = World::start().await;
    for path in ["/", "/phone"] {
        let page = world.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            page.policy,
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        assert!(!page.html.contains("<script") && !page.html.contains("style="));
    }
    let visit = world.arrive("havorn-no").await;
    world.get(&format!("{visit}/sign-in")).await;
    let logo = world.get(&format!("/wallets/{TRID}/logo")).await;
    assert_eq!(logo.status, StatusCode::OK);
    assert!(logo.policy.contains("sandbox"), "a foreign picture runs nothing");
    assert!(world.get("/").await.html.matches("data-bank=").count() == 12);
}
