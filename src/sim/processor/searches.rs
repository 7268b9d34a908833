//! `POST /clients/{client_id}/funding-accounts/searches`: an account for the issuer to push, without the issuer seeing it.
//!
//! **Assumed**, beside what [`super`] lists:
//! - The body is that of `pushMultipleAccounts` with its plaintext in place of the encrypted one:
//!   `pushFundingAccounts[]{pushAccountId, fundingAccountData.cardAccountData.cardContractId}`, one entry.
//! - The answer is the whole body of `pushMultipleAccounts`, encrypted account included, for the issuer to send as it is.
//! - The header names the certificate that the account is encrypted to: base64 of its DER. "Client encryption key" is what
//!   Mastercard calls the key by which a client encrypts its requests, so it is the one of MDES for Token Connect, which the
//!   issuer was given; only MDES can read an account in `pushMultipleAccounts` (2.5). The processor encrypts to no other
//!   certificate than the one that it knows for MDES's: otherwise whoever holds an issuer's signing key could have every
//!   account number sent to a key of their own.

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::x509::X509;
use serde_json::{Map, Value, json};

use super::Processor;
use super::web::{Refusal, answer};
use crate::sim::bank::{ContentCipher, accounts, seal};

pub(super) async fn search(
    State(processor): State<Processor>,
    Path(client): Path<String>,
    request: Request,
) -> Response {
    let found = match processor.admit(&client, request).await {
        Ok((parts, body)) => find(&processor, &client, &parts.headers, &body),
        Err(refusal) => Err(refusal),
    };
    found.map_or_else(IntoResponse::into_response, |body| answer(StatusCode::OK, &body))
}

fn find(processor: &Processor, client: &str, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let certificate = client_encryption_key(processor, headers)?;
    let asked = Asked::read(body)?;
    let card = processor.card(client, &asked.contract).ok_or_else(|| {
        let description = "There is no such card contract";
        Refusal::new(StatusCode::NOT_FOUND, "CARD_CONTRACT_NOT_FOUND", description)
    })?;
    if let Some(hindrance) = processor.hindrance(&card) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Refusal::new(status, hindrance.code(), hindrance.sentence()));
    }
    let failure = |_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "It is our fault");
    let plain = accounts(&[card], &[asked.push_account_id], processor.now_ms()).map_err(failure)?;
    let sealed = seal(&certificate, ContentCipher::Cbc, plain.to_string().as_bytes())
        .map_err(|fault| failure(fault.to_string()))?;
    let mut object = asked.rest;
    object.insert("pushFundingAccounts".to_owned(), json!({"encryptedPayload": sealed}));
    Ok(Value::Object(object))
}

/// The certificate of the header, PEM, when it is the one of MDES.
fn client_encryption_key(processor: &Processor, headers: &HeaderMap) -> Result<Vec<u8>, Refusal> {
    let refused = |status, code, text: &str| Refusal::new(status, code, text);
    let mut values = headers.get_all(CLIENT_ENCRYPTION_KEY).iter();
    let value = values.next().ok_or_else(|| {
        let text = "Token-Connect-Client-Encryption-Key is missing";
        refused(StatusCode::BAD_REQUEST, "MISSING_CLIENT_ENCRYPTION_KEY", text)
    })?;
    let unreadable = || {
        let text = "Token-Connect-Client-Encryption-Key is not one certificate, base64 of DER";
        refused(StatusCode::BAD_REQUEST, "INVALID_CLIENT_ENCRYPTION_KEY", text)
    };
    let der = value.to_str().ok().and_then(|text| STANDARD.decode(text).ok());
    let der = der.filter(|_| values.next().is_none()).ok_or_else(unreadable)?;
    let named = X509::from_der(&der).map_err(|_| unreadable())?;
    let known = X509::from_pem(&processor.0.settings.mdes_cert_pem).and_then(|known| known.to_der());
    if known.is_ok_and(|known| known == der) {
        named.to_pem().map_err(|_| unreadable())
    } else {
        let text = "Token-Connect-Client-Encryption-Key is not a key of MDES";
        Err(refused(StatusCode::FORBIDDEN, "UNKNOWN_CLIENT_ENCRYPTION_KEY", text))
    }
}

/// A request that obeys the rules.
struct Asked {
    contract: String,
    push_account_id: String,
    /// What `pushMultipleAccounts` has beside the account, in its spelling.
    rest: Map<String, Value>,
}

impl Asked {
    fn read(body: &[u8]) -> Result<Self, Refusal> {
        let invalid = || Refusal::new(StatusCode::BAD_REQUEST, "INVALID_JSON", "The body is not a JSON object");
        let Ok(Value::Object(asked)) = serde_json::from_slice(body) else {
            return Err(invalid());
        };
        let requestor = text(&asked, "tokenRequestorId", 11)?;
        if requestor.len() != 11 || !requestor.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::field("INVALID_FIELD_FORMAT", "tokenRequestorId"));
        }
        let mut rest = Map::new();
        rest.insert("requestId".to_owned(), json!(text(&asked, "requestId", 64)?));
        rest.insert("tokenRequestorId".to_owned(), json!(requestor));
        if let Some(data) = asked.get("signatureData") {
            let data = data.as_object();
            let data = data.ok_or_else(|| Refusal::field("INVALID_FIELD_FORMAT", "signatureData"))?;
            rest.insert("signatureData".to_owned(), signature_data(data)?);
        }
        for name in PASSED_ON {
            if let Some(value) = asked.get(name) {
                rest.insert(name.to_owned(), value.clone());
            }
        }
        let entries = asked.get("pushFundingAccounts").and_then(Value::as_array);
        let entries = entries.ok_or_else(|| Refusal::field("MISSING_REQUIRED_FIELD", "pushFundingAccounts"))?;
        let entry = match entries.as_slice() {
            [entry] => entry,
            [] => return Err(Refusal::field("INVALID_FIELD_LENGTH", "pushFundingAccounts")),
            _ => {
                let text = "One card for each provisioning";
                return Err(Refusal::new(StatusCode::BAD_REQUEST, "MORE_THAN_ONE_CARD", text));
            }
        };
        let empty = Map::new();
        let member = |name: &str| entry.pointer(name).and_then(Value::as_object).unwrap_or(&empty);
        Ok(Self {
            push_account_id: text(member(""), "pushAccountId", 36)?,
            contract: text(member("/fundingAccountData/cardAccountData"), "cardContractId", 64)?,
            rest,
        })
    }
}

/// The same data in the spelling of `pushMultipleAccounts`: `callbackUrl` is `callbackURL` there.
fn signature_data(data: &Map<String, Value>) -> Result<Value, Refusal> {
    let mut written = Map::new();
    for (name, value) in data {
        let name = match name.as_str() {
            "callbackUrl" => "callbackURL",
            known if SIGNED.contains(&known) => known,
            other => {
                return Err(Refusal::field(
                    "UNRECOGNIZED_FIELD",
                    &other.chars().take(64).collect::<String>(),
                ));
            }
        };
        if !value.is_string() && !value.is_boolean() {
            return Err(Refusal::field("INVALID_FIELD_FORMAT", name));
        }
        written.insert(name.to_owned(), value.clone());
    }
    Ok(Value::Object(written))
}

fn text(members: &Map<String, Value>, name: &str, max: usize) -> Result<String, Refusal> {
    let value = members.get(name).filter(|value| !value.is_null());
    let value = value.ok_or_else(|| Refusal::field("MISSING_REQUIRED_FIELD", name))?;
    let value = value
        .as_str()
        .ok_or_else(|| Refusal::field("INVALID_FIELD_FORMAT", name))?;
    if (1..=max).contains(&value.chars().count()) {
        Ok(value.to_owned())
    } else {
        Err(Refusal::field("INVALID_FIELD_LENGTH", name))
    }
}

/// The header, as the page of the endpoint spells it.
pub(in crate::sim) const CLIENT_ENCRYPTION_KEY: &str = "token-connect-client-encryption-key";
const SIGNED: [&str; 5] = [
    "completeIssuerAppActivation",
    "completeWebsiteActivation",
    "accountHolderDataSupplied",
    "locale",
    "tokenRequestorSessionId",
];
/// Members that MDES judges.
const PASSED_ON: [&str; 3] = [
    "pushAccountReceiptsValidityPeriod",
    "requestIssuerInitiatedDigitizationData",
    "authenticationCode",
];
