//! What MDES asks the bank: the pre-digitization API under `/issuerServices/1/0`.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Deserialize;
use serde_json::{Value, json};

use super::state::{Call, Message};
use super::wire::{EncryptedPayload, Fault, open};
use super::{Bank, faults, random, web};
use crate::sim::catalogue::{Card, Outcome, card_by_id, card_by_pan};

pub fn routes(bank: &Bank) -> Router<Bank> {
    Router::new()
        .route("/issuerServices/1/0/authorizeService", post(authorize_service))
        .route(
            "/issuerServices/1/0/deliverActivationCode",
            post(deliver_activation_code),
        )
        .route(
            "/issuerServices/1/0/notifyServiceActivated",
            post(notify_service_activated),
        )
        .route_layer(from_fn_with_state(bank.clone(), faults::strike))
}

async fn authorize_service(State(bank): State<Bank>, request: Request) -> Response {
    let mut wait = Duration::ZERO;
    let response = answer(&bank, "authorizeService", request, |asked: AuthorizeService| {
        if !asked.services.iter().any(|service| service == "DIGITIZATION") {
            return Err(Problem::new("INVALID_FIELD_VALUE", "Invalid Field Value - services"));
        }
        let account = account(&bank, &asked.funding_account_info.encrypted_payload)?;
        let card = card_by_pan(&account.account_number).filter(|card| {
            card.ineligible.is_none()
                && account
                    .expiry_month
                    .as_deref()
                    .is_none_or(|month| month == card.expiry_month)
                && account
                    .expiry_year
                    .as_deref()
                    .is_none_or(|year| year == card.expiry_year)
        });
        if let Some(card) = &card {
            let wallet = asked
                .consumer_facing_entity_name
                .as_deref()
                .or(asked.token_requestor_id.as_deref());
            bank.0
                .state
                .authorized(&asked.correlation_id, &card.id, wallet.unwrap_or("a wallet"));
        }
        let decision = decision(&bank, card.as_ref(), &mut wait)?;
        Ok((decision, card.map(|card| card.id)))
    })
    .await;
    tokio::time::sleep(wait).await;
    response
}

/// What the bank decides, and for how long it will think.
fn decision(bank: &Bank, card: Option<&Card>, wait: &mut Duration) -> Result<Value, Problem> {
    let outcome = card.map_or(Outcome::Decline, |card| bank.0.state.outcome(card));
    let mut answer = json!({ "services": ["DIGITIZATION"] });
    match (outcome, card) {
        (outcome @ (Outcome::Approve | Outcome::Slow), Some(card)) => {
            if outcome == Outcome::Slow {
                *wait = bank.0.state.slowness();
            }
            answer["decision"] = json!("APPROVED");
            answer["issuerProductConfigId"] = json!(card.product.id);
            answer["panSequenceNumber"] = json!("01");
        }
        (Outcome::StepUp(kinds), Some(card)) => {
            let method = |value: String, kind: &str| json!({ "type": kind, "value": value });
            let methods = kinds
                .iter()
                .map(|kind| method(kind.wire_value(card, bank.public_base()), kind.wire_type()));
            answer["decision"] = json!("REQUIRE_ADDITIONAL_AUTHENTICATION");
            answer["activationMethods"] = methods.collect();
            answer["issuerProductConfigId"] = json!(card.product.id);
            answer["panSequenceNumber"] = json!("01");
        }
        (Outcome::Error, Some(_)) => {
            let text = "The bank’s systems are not available";
            return Err(Problem::new("INTERNAL_SERVICE_FAILURE", text));
        }
        (Outcome::Decline, _) | (_, None) => answer["decision"] = json!("DECLINED"),
    }
    Ok(answer)
}

async fn deliver_activation_code(State(bank): State<Bank>, request: Request) -> Response {
    answer(
        &bank,
        "deliverActivationCode",
        request,
        |asked: DeliverActivationCode| {
            let card = bank
                .0
                .state
                .card_of(&asked.correlation_id)
                .as_deref()
                .and_then(card_by_id);
            let card = card.ok_or(Problem::new(
                "INVALID_FIELD_VALUE",
                "Invalid Field Value - correlationId",
            ))?;
            bank.0
                .state
                .await_proof(&asked.correlation_id, &asked.token_unique_reference, bank.now_ms());
            bank.remind();
            let wallet = asked.consumer_facing_entity_name.as_deref().unwrap_or("your wallet");
            let until = asked.expiration_date_time.as_deref().and_then(web::clock_time);
            let until = until.map(|time| format!(" Valid until {time}.")).unwrap_or_default();
            bank.0.state.deliver(Message {
                bank: card.issuer.id.to_owned(),
                to: asked.activation_method.value,
                text: format!(
                    "{}: {} is your code to add your card ending {} to {wallet}.{until} We will never ask you for it.",
                    card.issuer.latin_name(),
                    asked.activation_code,
                    card.last4,
                ),
                code: Some(asked.activation_code),
                at: bank.now_ms(),
            });
            Ok((json!({}), Some(card.id)))
        },
    )
    .await
}

async fn notify_service_activated(State(bank): State<Bank>, request: Request) -> Response {
    answer(
        &bank,
        "notifyServiceActivated",
        request,
        |asked: NotifyServiceActivated| {
            // The decision may still be the one of the beginning when the token has become active since. So the first
            // word of a token that needed proof starts the wait, and the next one ends it.
            let (correlation, reference) = (&asked.correlation_id, &asked.token_unique_reference);
            let needed_proof = asked.decision.as_deref() == Some("REQUIRE_ADDITIONAL_AUTHENTICATION");
            if !needed_proof || bank.0.state.await_proof(correlation, reference, bank.now_ms()) {
                bank.0.state.settle(reference);
            }
            Ok((json!({}), bank.0.state.card_of(&asked.correlation_id)))
        },
    )
    .await
}

/// Reads the body, decides, records the call, writes the answer with its id.
async fn answer<Asked: for<'a> Deserialize<'a>>(
    bank: &Bank,
    name: &'static str,
    request: Request,
    decide: impl FnOnce(Asked) -> Result<(Value, Option<String>), Problem>,
) -> Response {
    let body = match web::read_body(request, BODY_MAX_BYTES).await {
        Ok(body) => body,
        Err(status) => return web::service_error(status, "INVALID_JSON", "The body could not be read"),
    };
    let read: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let response_id = read["requestId"].as_str().filter(|id| (1..=64).contains(&id.len()));
    let response_id = response_id.map_or_else(random::id, str::to_owned);
    let decided = parse(&read).and_then(decide);
    let (status, card_id, mut answer) = match decided {
        Ok((answer, card_id)) => (StatusCode::OK, card_id, answer),
        Err(problem) => {
            let error = json!({ "errorCode": problem.code, "errorDescription": problem.description });
            (StatusCode::BAD_REQUEST, None, error)
        }
    };
    answer["responseId"] = json!(response_id);
    let call = Call {
        name,
        request: read,
        answer: answer.clone(),
        card_id,
        at: bank.now_ms(),
    };
    bank.0.state.record(call);
    (status, [(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

fn parse<Asked: for<'a> Deserialize<'a>>(read: &Value) -> Result<Asked, Problem> {
    let members = read
        .as_object()
        .ok_or(Problem::new("INVALID_JSON", "The body is not a JSON object"))?;
    for (name, max) in [("requestId", 64), ("correlationId", 14)] {
        let length = members.get(name).and_then(Value::as_str).map_or(0, str::len);
        if length == 0 {
            return Err(Problem::new(
                "MISSING_REQUIRED_FIELD",
                format!("Missing Required Field - {name}"),
            ));
        }
        if length > max {
            return Err(Problem::new(
                "INVALID_FIELD_LENGTH",
                format!("Invalid Field Length - {name}"),
            ));
        }
    }
    Asked::deserialize(read)
        .map_err(|_| Problem::new("MISSING_REQUIRED_FIELD", "A member is missing or of the wrong type"))
}

fn account(bank: &Bank, payload: &EncryptedPayload) -> Result<CardAccountData, Problem> {
    let key = bank
        .0
        .keys
        .encryption_key()
        .map_err(|error| Problem::new("INTERNAL_SERVICE_FAILURE", error))?;
    let plaintext = open(&key, bank.0.keys.certificate_pem(), payload)
        .map_err(|fault: Fault| Problem::new("CRYPTOGRAPHY_ERROR", fault.to_string()))?;
    serde_json::from_slice::<FundingAccount>(&plaintext)
        .map(|account| account.card_account_data)
        .map_err(|_| Problem::new("INVALID_FIELD_VALUE", "Invalid Field Value - encryptedData"))
}

/// `errorCode` and `errorDescription` of the answer.
struct Problem {
    code: &'static str,
    description: String,
}

impl Problem {
    fn new(code: &'static str, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizeService {
    correlation_id: String,
    services: Vec<String>,
    token_requestor_id: Option<String>,
    consumer_facing_entity_name: Option<String>,
    funding_account_info: FundingAccountInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FundingAccountInfo {
    encrypted_payload: EncryptedPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FundingAccount {
    card_account_data: CardAccountData,
}

/// No `Debug`: it holds an account number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CardAccountData {
    account_number: String,
    expiry_month: Option<String>,
    expiry_year: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DeliverActivationCode {
    correlation_id: String,
    token_unique_reference: String,
    activation_code: String,
    expiration_date_time: Option<String>,
    activation_method: ActivationMethod,
    consumer_facing_entity_name: Option<String>,
}

#[derive(Deserialize)]
struct ActivationMethod {
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NotifyServiceActivated {
    correlation_id: String,
    token_unique_reference: String,
    decision: Option<String>,
}

const BODY_MAX_BYTES: usize = 64 * 1024;
