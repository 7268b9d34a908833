//! What MDES asks and tells about the accounts of an issuer that keeps no account numbers: the same pre-digitization API
//! that banks answer for themselves (`protocol.md`, 7).

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::tokens::{GONE, TokenRecord};
use super::web::{BODY_MAX_BYTES, answer};
use super::{AUTHORIZATIONS_MAX, Authorized, Processor, TOKENS_MAX, keep};
use crate::sim::bank::{EncryptedPayload, open};
use crate::sim::catalogue::{Card, Outcome, card_by_pan};

/// `errorCode` and `errorDescription` of the answer.
type Problem = (&'static str, &'static str);

/// The authorisation request (TAR): product, status and expiry are looked at, then what the issuer wants. The answer is
/// told to the issuer server; 00 approves, 85 approves after a proof, 05 declines (85 and 05 are assumed).
pub(super) async fn authorize_service(State(processor): State<Processor>, request: Request) -> Response {
    let asked = match read(request).await {
        Ok(asked) => asked,
        Err(problem) => return failed(&Value::Null, problem),
    };
    let decided = decide(&processor, &asked);
    let (decision, notice) = match decided {
        Ok(decided) => decided,
        Err(problem) => return failed(&asked, problem),
    };
    if let Some((card, notice)) = notice {
        processor.tell(&card, "TOKEN_AUTHORIZATION", notice).await;
    }
    done(&asked, decision)
}

/// What MDES hears, and what the issuer server hears, when it is a card of one.
type Decided = (Value, Option<(Card, Value)>);

fn decide(processor: &Processor, asked: &Value) -> Result<Decided, Problem> {
    let services = asked["services"].as_array().map_or(&[][..], Vec::as_slice);
    if !services.iter().any(|service| service == "DIGITIZATION") {
        return Err(("INVALID_FIELD_VALUE", "Invalid Field Value - services"));
    }
    let account = account(processor, asked)?;
    let of_a_client = |card: &Card| card.issuer.is_pan_less();
    let number = account["cardAccountData"]["accountNumber"].as_str().unwrap_or_default();
    let Some(card) = card_by_pan(number).filter(of_a_client) else {
        return Ok((decision("DECLINED"), None));
    };
    let same = |name: &str, known: &str| {
        account["cardAccountData"][name]
            .as_str()
            .is_none_or(|told| told == known)
    };
    let differs = !same("expiryMonth", card.expiry_month) || !same("expiryYear", card.expiry_year);
    let hindrance = processor.hindrance(&card).map(super::contracts::Hindrance::code);
    let hindrance = hindrance.or(differs.then_some("EXPIRY_DIFFERS"));
    let (mut answer, code) = match (hindrance, (processor.0.settings.rules)(&card)) {
        (Some(_), _) | (None, Outcome::Decline) => (decision("DECLINED"), "05"),
        (None, Outcome::Error) => {
            return Err(("INTERNAL_SERVICE_FAILURE", "The processor’s systems are not available"));
        }
        (None, Outcome::Approve | Outcome::Slow) => (decision("APPROVED"), "00"),
        (None, Outcome::StepUp(kinds)) => {
            let mut answer = decision("REQUIRE_ADDITIONAL_AUTHENTICATION");
            let method = |value: String, kind: &str| json!({"type": kind, "value": value});
            let base = &processor.0.settings.issuer_base;
            let methods = kinds
                .iter()
                .map(|kind| method(kind.wire_value(&card, base), kind.wire_type()));
            answer["activationMethods"] = methods.collect();
            (answer, "85")
        }
    };
    let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
    if code != "05" {
        answer["issuerProductConfigId"] = json!(card.product.id);
        answer["panSequenceNumber"] = json!("01");
        let authorized = Authorized {
            contract: card.contract.clone().unwrap_or_default(),
            requestor: text("tokenRequestorId"),
            wallet: text("consumerFacingEntityName"),
        };
        keep(
            &mut processor.lock().authorizations,
            (text("correlationId"), authorized),
            AUTHORIZATIONS_MAX,
        );
    }
    let mut notice = json!({
        "correlationId": asked["correlationId"],
        "tokenRequestorId": asked["tokenRequestorId"],
        "consumerFacingEntityName": asked["consumerFacingEntityName"],
        "responseCode": code,
    });
    if let Some(hindrance) = hindrance {
        notice["reason"] = json!(hindrance);
    }
    Ok((answer, Some((card, notice))))
}

fn decision(word: &str) -> Value {
    json!({"services": ["DIGITIZATION"], "decision": word})
}

fn account(processor: &Processor, asked: &Value) -> Result<Value, Problem> {
    let unreadable = ("CRYPTOGRAPHY_ERROR", "The account data does not decrypt");
    let payload = asked["fundingAccountInfo"]["encryptedPayload"].clone();
    let payload: EncryptedPayload = serde_json::from_value(payload)
        .map_err(|_| ("MISSING_REQUIRED_FIELD", "Missing Required Field - encryptedPayload"))?;
    let key = processor.0.keys.encryption_key().map_err(|_| unreadable)?;
    let plain = open(&key, processor.0.keys.certificate_pem(), &payload).map_err(|_| unreadable)?;
    serde_json::from_slice(&plain).map_err(|_| unreadable)
}

/// A code for the cardholder, whom the processor does not know: the issuer server delivers it.
pub(super) async fn deliver_activation_code(State(processor): State<Processor>, request: Request) -> Response {
    pass_on(
        &processor,
        request,
        "ACTIVATION_CODE",
        &[
            "tokenUniqueReference",
            "activationCode",
            "expirationDateTime",
            "activationMethod",
            "consumerFacingEntityName",
        ],
    )
    .await
}

/// The completion notification (TCN).
pub(super) async fn notify_service_activated(State(processor): State<Processor>, request: Request) -> Response {
    pass_on(
        &processor,
        request,
        "TOKENISATION_COMPLETE",
        &["tokenUniqueReference", "tokenRequestorId", "decision"],
    )
    .await
}

/// What becomes of a token later: suspended, resumed, deleted. The members are those of the notice to a bank.
pub(super) async fn notify_token_updated(State(processor): State<Processor>, request: Request) -> Response {
    let members = [
        "tokenUniqueReference",
        "tokenRequestorId",
        "status",
        "statusTimestamp",
        "suspendedBy",
        "eventReasonCode",
    ];
    pass_on(&processor, request, "TOKEN_UPDATED", &members).await
}

/// Tells the issuer server these members of what MDES said about a tokenisation that was authorised here.
async fn pass_on(processor: &Processor, request: Request, kind: &'static str, members: &[&str]) -> Response {
    let asked = match read(request).await {
        Ok(asked) => asked,
        Err(problem) => return failed(&Value::Null, problem),
    };
    let Some((card, authorized)) = processor.authorized(&asked) else {
        return failed(&asked, ("INVALID_FIELD_VALUE", "Invalid Field Value - correlationId"));
    };
    let Some(reference) = asked["tokenUniqueReference"].as_str() else {
        let problem = (
            "MISSING_REQUIRED_FIELD",
            "Missing Required Field - tokenUniqueReference",
        );
        return failed(&asked, problem);
    };
    let mut notice = json!({"correlationId": asked["correlationId"]});
    for name in members {
        notice[*name] = asked[*name].clone();
    }
    match kind {
        "TOKENISATION_COMPLETE" => {
            notice["status"] = json!(processor.completed(reference, &authorized, &asked["decision"]));
        }
        "TOKEN_UPDATED" => processor.updated(reference, &asked["status"], &asked["statusTimestamp"]),
        _ => {}
    }
    processor.tell(&card, kind, notice).await;
    done(&asked, json!({}))
}

impl Processor {
    fn authorized(&self, asked: &Value) -> Option<(Card, Authorized)> {
        let correlation = asked["correlationId"].as_str()?;
        let memory = self.lock();
        let mut known = memory.authorizations.iter().rev();
        let (_, authorized) = known.find(|(id, _)| id == correlation)?;
        let card = crate::sim::catalogue::card_by_contract(&authorized.contract)?;
        Some((card, authorized.clone()))
    }

    /// Writes a token down and gives its status. The decision may still be the one of the beginning when the token has
    /// become active since, so the first word of a token that needed proof finds it inactive and the next one active.
    fn completed(&self, reference: &str, authorized: &Authorized, decision: &Value) -> &'static str {
        let mut memory = self.lock();
        if let Some(token) = memory.tokens.iter_mut().find(|token| token.reference == reference) {
            if token.status == "INACTIVE" {
                token.status = "ACTIVE";
            }
            return token.status;
        }
        let status = if decision == "REQUIRE_ADDITIONAL_AUTHENTICATION" {
            "INACTIVE"
        } else {
            "ACTIVE"
        };
        let token = TokenRecord {
            reference: reference.to_owned(),
            contract: authorized.contract.clone(),
            requestor: authorized.requestor.clone(),
            wallet: authorized.wallet.clone(),
            status,
            told_at: String::new(),
        };
        keep(&mut memory.tokens, token, TOKENS_MAX);
        status
    }

    /// A token is so now, unless something younger was said of it. Times are compared as MDES writes them, all in one form.
    fn updated(&self, reference: &str, status: &Value, at: &Value) {
        let mut memory = self.lock();
        let known = ["ACTIVE", "SUSPENDED", GONE].into_iter().find(|known| status == known);
        let token = memory.tokens.iter_mut().find(|token| token.reference == reference);
        if let (Some(status), Some(at), Some(token)) = (known, at.as_str(), token)
            && token.told_at.as_str() < at
        {
            token.status = status;
            at.clone_into(&mut token.told_at);
        }
    }
}

/// The JSON object of a request, with the two ids that every call has.
async fn read(request: Request) -> Result<Value, Problem> {
    let body = to_bytes(request.into_body(), BODY_MAX_BYTES).await.unwrap_or_default();
    let read: Value = serde_json::from_slice(&body).unwrap_or_default();
    if !read.is_object() {
        return Err(("INVALID_JSON", "The body is not a JSON object"));
    }
    let is_id = |name: &str, max: usize| read[name].as_str().is_some_and(|id| (1..=max).contains(&id.len()));
    match (is_id("requestId", 64), is_id("correlationId", 14)) {
        (true, true) => Ok(read),
        (false, _) => Err(("INVALID_FIELD_VALUE", "Invalid Field Value - requestId")),
        (true, false) => Err(("INVALID_FIELD_VALUE", "Invalid Field Value - correlationId")),
    }
}

fn done(asked: &Value, mut body: Value) -> Response {
    body["responseId"] = asked["requestId"].clone();
    answer(StatusCode::OK, &body)
}

fn failed(asked: &Value, (code, description): Problem) -> Response {
    let id = asked["requestId"].as_str().unwrap_or("unknown");
    let body = json!({"responseId": id, "errorCode": code, "errorDescription": description});
    answer(StatusCode::BAD_REQUEST, &body)
}
