//! MDES as a client of the bank: the pre-digitization API (`issuerServices/1/0`).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::keys::random_uuid;
use super::requestor::Holder;
use super::settings::{Services, TokenRequestor};
use super::state::Account;
use super::token::{Token, timestamp};
use super::{Mdes, fle};

/// What the bank is asked to decide.
pub(super) struct Question {
    pub(super) correlation_id: String,
    pub(super) holder: Holder,
    pub(super) account: Account,
    pub(super) source: String,
    pub(super) decisioning: Value,
}

/// What the bank decided, with its own names for the methods: type and value.
pub(super) struct Verdict {
    pub(super) decision: Decision,
    pub(super) methods: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Approved,
    RequireAdditionalAuthentication,
    Declined,
}

/// A code to be delivered.
pub(super) struct Delivery {
    pub(super) requestor: Arc<TokenRequestor>,
    pub(super) reference: String,
    pub(super) correlation_id: String,
    pub(super) code: String,
    pub(super) expires_at_ms: i64,
    pub(super) method: (String, String),
}

/// `authorizeService`. `None` if the bank cannot be reached or answers anything that is not a decision.
pub(super) async fn authorize(mdes: &Mdes, question: &Question) -> Option<Verdict> {
    let account = &question.account;
    let Some(services) = services(mdes, &account.number) else {
        return Some(Verdict {
            decision: Decision::Approved,
            methods: Vec::new(),
        });
    };
    let mut card = json!({"accountNumber": account.number});
    if let (Some(month), Some(year)) = (&account.expiry_month, &account.expiry_year) {
        card["expiryMonth"] = json!(month);
        card["expiryYear"] = json!(year);
    }
    let plaintext = json!({"cardAccountData": card, "source": question.source}).to_string();
    let encrypted = fle::encrypt(&services.certificate_pem, plaintext.as_bytes()).ok()?;
    let requestor = &question.holder.requestor;
    let mut body = json!({
        "requestId": random_uuid().to_string(),
        "correlationId": question.correlation_id,
        "services": ["DIGITIZATION"],
        "tokenType": "CLOUD",
        "tokenRequestorId": requestor.id,
        "paymentAppInstanceId": question.holder.instance,
        "consumerFacingEntityName": requestor.consumer_facing_name,
        "fundingAccountInfo": {"encryptedPayload": encrypted},
        "walletProviderDecisioningInfo": question.decisioning,
    });
    if let Some(wallet_id) = requestor.wallet_id() {
        body["walletId"] = json!(wallet_id);
    }
    verdict(&ask(mdes, &services, "authorizeService", &body).await?)
}

/// `deliverActivationCode`. Without a bank nobody needs to deliver anything, which counts as done.
pub(super) async fn deliver_code(mdes: &Mdes, delivery: &Delivery) -> bool {
    let Some(services) = services_of(mdes, &delivery.reference) else {
        return true;
    };
    let body = json!({
        "requestId": random_uuid().to_string(),
        "tokenUniqueReference": delivery.reference,
        "correlationId": delivery.correlation_id,
        "activationCode": delivery.code,
        "expirationDateTime": timestamp(delivery.expires_at_ms),
        "activationMethod": {"type": delivery.method.0, "value": delivery.method.1},
        "reasonCodes": ["ADD_CARD"],
        "consumerFacingEntityName": delivery.requestor.consumer_facing_name,
    });
    ask(mdes, &services, "deliverActivationCode", &body).await.is_some()
}

/// The body of `notifyServiceActivated`, which tells the bank that a token is in use.
pub(super) fn service_activated(token: &Token) -> Value {
    json!({
        "requestId": random_uuid().to_string(),
        "correlationId": token.correlation_id,
        "tokenRequestorId": token.holder.requestor.id,
        "tokenUniqueReference": token.reference,
        "panUniqueReference": token.account_reference,
        "decision": token.decision,
    })
}

/// The body of the issuer's `notifyTokenUpdated` (protocol, pre-digitization API): the token is so now.
pub(super) fn token_updated(token: &Token, event: &str) -> Value {
    let mut body = json!({
        "requestId": random_uuid().to_string(),
        "correlationId": token.correlation_id,
        "tokenRequestorId": token.holder.requestor.id,
        "tokenUniqueReference": token.reference,
        "panUniqueReference": token.account_reference,
        "eventReasonCode": event,
    });
    token.write_status(&mut body);
    body
}

/// The value of the app method as the wallet sees it: the bank's intent, with the token's names added as its extra text.
pub(super) fn app_method_value(value: &str, question: &Question, reference: &str) -> String {
    let Ok(Value::Object(mut intent)) = serde_json::from_str(value) else {
        return value.to_owned();
    };
    let extra = json!({
        "paymentAppProviderId": "tidemark",
        "paymentAppInstanceId": question.holder.instance,
        "tokenUniqueReference": reference,
        "accountPanSuffix": question.account.suffix(),
        "accountExpiry": question.account.expiry().unwrap_or_default(),
    });
    intent.insert("extraTextValue".to_owned(), json!(STANDARD.encode(extra.to_string())));
    Value::Object(intent).to_string()
}

/// Posts JSON and answers the JSON object that came back with a 2xx and a `responseId`, and without `errorCode`.
pub(super) async fn post(http: &reqwest::Client, url: &str, body: String) -> Option<Value> {
    let request = http
        .post(url)
        .header("content-type", "application/json; charset=UTF-8")
        .body(body);
    let mut response = request
        .send()
        .await
        .ok()
        .filter(|response| response.status().is_success())?;
    let mut all = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if all.len() + chunk.len() > ANSWER_MAX_BYTES {
            return None;
        }
        all.extend_from_slice(&chunk);
    }
    let answer: Value = serde_json::from_slice(&all).ok()?;
    (answer["responseId"].is_string() && answer["errorCode"].is_null()).then_some(answer)
}

/// The simulator's one HTTP client.
///
/// # Panics
/// If the TLS library cannot start.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulator's one HTTP client, every timeout written out"
)]
pub(super) fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CALL_TIMEOUT)
        .build()
        .expect("a plain HTTP client")
}

/// Who answers for an account. Nobody where there is no bank.
fn services(mdes: &Mdes, number: &str) -> Option<Services> {
    let state = mdes.state();
    let mut elsewhere = state.services.iter();
    if let Some((_, services)) = elsewhere.find(|(prefix, _)| number.starts_with(prefix)) {
        return Some(services.clone());
    }
    Some(Services {
        base: mdes.0.bank_base.clone()?,
        certificate_pem: mdes.0.bank_cert_pem.clone().unwrap_or_default(),
    })
}

/// Who answers for the account behind a token. The books must not be locked.
pub(super) fn services_of(mdes: &Mdes, reference: &str) -> Option<Services> {
    let number = mdes
        .state()
        .tokens
        .get(reference)
        .map(|token| token.account.number.clone())?;
    services(mdes, &number)
}

async fn ask(mdes: &Mdes, services: &Services, call: &str, body: &Value) -> Option<Value> {
    let url = format!("{}/{call}", services.base);
    post(&mdes.0.http, &url, body.to_string()).await
}

fn verdict(answer: &Value) -> Option<Verdict> {
    let decision = match answer["decision"].as_str()? {
        "APPROVED" => Decision::Approved,
        "REQUIRE_ADDITIONAL_AUTHENTICATION" => Decision::RequireAdditionalAuthentication,
        "DECLINED" => Decision::Declined,
        _ => return None,
    };
    let listed = answer["activationMethods"].as_array().map_or(&[][..], Vec::as_slice);
    let method = |entry: &Value| Some((entry["type"].as_str()?.to_owned(), entry["value"].as_str()?.to_owned()));
    Some(Verdict {
        decision,
        methods: listed.iter().filter_map(method).take(METHODS_MAX).collect(),
    })
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const CALL_TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_MAX_BYTES: usize = 64 * 1024;
const METHODS_MAX: usize = 16;
