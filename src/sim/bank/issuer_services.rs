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

use super::enrolments::{KnownToken, Standing, Word};
use super::state::{Call, Message};
use super::wire::{EncryptedPayload, Fault, open};
use super::{Bank, faults, random, web};
use crate::sim::catalogue::{Card, Outcome, card_by_contract, card_by_id, card_by_pan};

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
        .route("/issuerServices/1/0/notifications", post(notifications))
        .route_layer(from_fn_with_state(bank.clone(), faults::strike))
        // Behind the faults: those of this name are meant for the call to the wallet.
        .route("/issuerServices/1/0/notifyTokenUpdated", post(notify_token_updated))
}

async fn authorize_service(State(bank): State<Bank>, request: Request) -> Response {
    let mut wait = Duration::ZERO;
    let response = answer(&bank, "authorizeService", request, |asked: AuthorizeService| {
        if !asked.services.iter().any(|service| service == "DIGITIZATION") {
            return Err(Problem::new("INVALID_FIELD_VALUE", "Invalid Field Value - services"));
        }
        let account = account(&bank, &asked.funding_account_info.encrypted_payload)?;
        let card = card_by_pan(&account.account_number).filter(|card| {
            // A bank without account numbers recognises none: MDES should have asked its processor.
            card.ineligible.is_none()
                && !card.issuer.is_pan_less()
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
        |asked: DeliverActivationCode| deliver_code(&bank, asked).map(|card| (json!({}), Some(card))),
    )
    .await
}

/// Sends a code to the cardholder; gives the id of the card.
fn deliver_code(bank: &Bank, asked: DeliverActivationCode) -> Result<String, Problem> {
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
    Ok(card.id)
}

async fn notify_service_activated(State(bank): State<Bank>, request: Request) -> Response {
    answer(
        &bank,
        "notifyServiceActivated",
        request,
        |asked: NotifyServiceActivated| Ok((json!({}), complete(&bank, &asked))),
    )
    .await
}

/// A token was made or has become active; gives the id of the card, when the bank was asked about it.
fn complete(bank: &Bank, asked: &NotifyServiceActivated) -> Option<String> {
    // The decision may still be the one of the beginning when the token has become active since. So the first word of a
    // token that needed proof starts the wait, and the next one ends it.
    let (correlation, reference) = (&asked.correlation_id, &asked.token_unique_reference);
    let needed_proof = asked.decision.as_deref() == Some("REQUIRE_ADDITIONAL_AUTHENTICATION");
    let active = !needed_proof || bank.0.state.await_proof(correlation, reference, bank.now_ms());
    if active {
        bank.0.state.settle(reference);
    }
    let (card_id, wallet) = bank.0.state.authorized_as(correlation)?;
    bank.0.enrolments.told(KnownToken {
        reference: reference.clone(),
        card_id: card_id.clone(),
        requestor: asked.token_requestor_id.clone().unwrap_or_default(),
        wallet,
        standing: if active { Standing::Active } else { Standing::Inactive },
        told_at_ms: None,
        since_ms: bank.now_ms(),
    });
    Some(card_id)
}

async fn notify_token_updated(State(bank): State<Bank>, request: Request) -> Response {
    answer(&bank, "notifyTokenUpdated", request, |asked: NotifyTokenUpdated| {
        updated(&bank, asked).map(|card| (json!({}), card))
    })
    .await
}

/// A token was paused, goes on or is gone, by the wallet or by the bank itself; gives the id of the card, when the bank was
/// asked about it.
fn updated(bank: &Bank, asked: NotifyTokenUpdated) -> Result<Option<String>, Problem> {
    let suspended_by = asked.suspended_by.unwrap_or_default();
    let word = Word::read(&asked.status, &suspended_by, &asked.status_timestamp).ok_or(Problem::new(
        "INVALID_FIELD_VALUE",
        "Invalid Field Value - status or statusTimestamp",
    ))?;
    let reference = asked.token_unique_reference;
    if word.standing != Standing::Inactive {
        bank.0.state.settle(&reference);
    }
    let known = bank.0.enrolments.changed(&reference, word);
    let Some((card_id, wallet)) = bank.0.state.authorized_as(&asked.correlation_id) else {
        return Ok(None);
    };
    if !known {
        // The word that it was made is late, or lost.
        bank.0.enrolments.told(KnownToken {
            reference,
            card_id: card_id.clone(),
            requestor: asked.token_requestor_id.unwrap_or_default(),
            wallet,
            standing: word.standing,
            told_at_ms: Some(word.at_ms),
            since_ms: bank.now_ms(),
        });
    }
    Ok(Some(card_id))
}

/// What the processor tells of cards whose account numbers this server does not know. The shape is assumed: see
/// [`crate::sim::processor`].
async fn notifications(State(bank): State<Bank>, request: Request) -> Response {
    answer(&bank, "notifications", request, |asked: Value| {
        let notice: Notice = member(&asked)?;
        let card = card_by_contract(&notice.card_contract_id);
        let card = card.filter(|card| card.issuer.processor_client == Some(notice.client_id.as_str()));
        let card = card.ok_or(Problem::new(
            "INVALID_FIELD_VALUE",
            "Invalid Field Value - cardContractId",
        ))?;
        match notice.kind.as_str() {
            "TOKEN_AUTHORIZATION" => {
                // A declined one has no sequel.
                if notice.response_code.as_deref() != Some("05") {
                    let wallet = notice.consumer_facing_entity_name.as_deref().unwrap_or("a wallet");
                    bank.0.state.authorized(&notice.correlation_id, &card.id, wallet);
                }
            }
            "ACTIVATION_CODE" => drop(deliver_code(&bank, member(&asked)?)?),
            "TOKENISATION_COMPLETE" => drop(complete(&bank, &member(&asked)?)),
            "TOKEN_UPDATED" => drop(updated(&bank, member(&asked)?)?),
            _ => return Err(Problem::new("INVALID_FIELD_VALUE", "Invalid Field Value - type")),
        }
        Ok((json!({}), Some(card.id)))
    })
    .await
}

fn member<Asked: for<'a> Deserialize<'a>>(asked: &Value) -> Result<Asked, Problem> {
    Asked::deserialize(asked)
        .map_err(|_| Problem::new("MISSING_REQUIRED_FIELD", "A member is missing or of the wrong type"))
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
    member(read)
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
struct Notice {
    #[serde(rename = "type")]
    kind: String,
    client_id: String,
    card_contract_id: String,
    correlation_id: String,
    response_code: Option<String>,
    consumer_facing_entity_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NotifyServiceActivated {
    correlation_id: String,
    token_requestor_id: Option<String>,
    token_unique_reference: String,
    decision: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NotifyTokenUpdated {
    correlation_id: String,
    token_unique_reference: String,
    token_requestor_id: Option<String>,
    status: String,
    status_timestamp: String,
    suspended_by: Option<Vec<String>>,
}

const BODY_MAX_BYTES: usize = 64 * 1024;
