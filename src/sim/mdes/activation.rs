//! `requestActivationCode` and `activate`: the cardholder proves to be the one the bank knows.

use std::sync::Arc;

use serde_json::json;

use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::issuer_calls::{self, Delivery};
use super::keys::random_digits;
use super::requestor::Holder;
use super::settings::TokenRequestor;
use super::state::State;
use super::token::{Code, Token, TokenStatus};
use super::{Mdes, lifecycle, lying};

/// Has the bank deliver a code. A second request while a code lives delivers the same code with the same expiry.
pub(super) async fn request_activation_code(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    request.only(&[
        "responseHost",
        "requestId",
        "paymentAppInstanceId",
        "tokenUniqueReference",
        "authenticationMethod",
    ])?;
    let method = request.object("authenticationMethod")?;
    let id = method.member("id").ok_or_else(|| Refusal::missing("id"))?;
    // Documents disagree on number or string; both are taken.
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    let delivery = prepare(mdes, by, request, &id)?;
    if issuer_calls::deliver_code(mdes, &delivery).await {
        Ok(json!({}))
    } else {
        Err(Refusal::no_response_from_issuer())
    }
}

/// Checks a code. A wrong one costs a try; the third wrong one kills the code.
pub(super) fn activate(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    request.only(&[
        "responseHost",
        "requestId",
        "paymentAppInstanceId",
        "tokenUniqueReference",
        "authenticationCode",
        "tokenizationAuthenticationValue",
    ])?;
    let digits = request.optional_text("authenticationCode", 1..=32)?;
    let value = request.optional_text("tokenizationAuthenticationValue", 1..=2048)?;
    let now_ms = mdes.now_ms();
    let takes_none = lying::refuses_codes(mdes.0.lies.always());
    let mut state = mdes.state();
    let token = inactive_token(&mut state, by, request)?;
    let result = match (digits, value) {
        (Some(_), Some(_)) => return Err(Refusal::value("tokenizationAuthenticationValue")),
        (None, None) => return Err(Refusal::missing("authenticationCode")),
        // No bank of the simulator hands out such values, so none can be right.
        (None, Some(_)) => "INCORRECT_TAV",
        (Some(digits), None) => try_code(token, Some(digits).filter(|_| !takes_none), now_ms)?,
    };
    let reference = token.reference.clone();
    drop(state);
    if result == "SUCCESS" {
        lifecycle::activate(mdes, &reference)?;
    }
    Ok(json!({"result": result}))
}

/// Tries these digits; none are always wrong.
fn try_code(token: &mut Token, digits: Option<&str>, now_ms: i64) -> Result<&'static str, Refusal> {
    let code = token.code.as_mut();
    let code = code.ok_or_else(|| Refusal::code("INVALID_WORKFLOW", "No activation code was requested"))?;
    if now_ms >= code.expires_at_ms {
        return Ok("EXPIRED_CODE");
    }
    if code.tries_left == 0 {
        return Ok("INCORRECT_CODE_RETRIES_EXCEEDED");
    }
    if digits.is_some_and(|digits| digits == code.digits) {
        return Ok("SUCCESS");
    }
    code.tries_left -= 1;
    Ok(if code.tries_left == 0 {
        "INCORRECT_CODE_RETRIES_EXCEEDED"
    } else {
        "INCORRECT_CODE"
    })
}

/// Finds or makes the code and says what the bank is to deliver.
fn prepare(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>, method_id: &str) -> Result<Delivery, Refusal> {
    let now_ms = mdes.now_ms();
    let mut state = mdes.state();
    let token = inactive_token(&mut state, by, request)?;
    let method = token.methods.iter().find(|method| method.id.to_string() == method_id);
    let method = method
        .filter(|method| CODE_METHODS.contains(&method.kind.as_str()))
        .ok_or_else(|| {
            Refusal::code(
                "INVALID_AUTHENTICATION_METHOD",
                "No code can be requested by this method",
            )
        })?;
    let method = method.issuer_side.clone();
    let usable = token
        .code
        .as_ref()
        .is_some_and(|code| now_ms < code.expires_at_ms && code.tries_left > 0);
    if !usable {
        token.code = Some(Code {
            digits: random_digits(CODE_DIGITS),
            expires_at_ms: now_ms + CODE_VALID_MS,
            tries_left: CODE_TRIES,
        });
    }
    let code = token
        .code
        .as_ref()
        .ok_or_else(|| Refusal::code("INTERNAL_SERVICE_FAILURE", "No code"))?;
    Ok(Delivery {
        requestor: Arc::clone(by),
        reference: token.reference.clone(),
        correlation_id: token.correlation_id.clone(),
        code: code.digits.clone(),
        expires_at_ms: code.expires_at_ms,
        method,
    })
}

/// The token that a request names, if this wallet instance holds it and it waits for activation.
fn inactive_token<'a>(
    state: &'a mut State,
    by: &Arc<TokenRequestor>,
    request: Fields<'_>,
) -> Result<&'a mut Token, Refusal> {
    let holder = Holder::read(by, request)?;
    let reference = request.text("tokenUniqueReference", 1..=64)?;
    let token = state.tokens.get_mut(reference).filter(|token| token.holder == holder);
    let token = token.ok_or_else(lifecycle::unknown_token)?;
    if token.status == TokenStatus::Inactive {
        Ok(token)
    } else {
        Err(lifecycle::wrong_status())
    }
}

/// The methods by which the cardholder receives a code.
const CODE_METHODS: &[&str] = &[
    "TEXT_TO_CARDHOLDER_NUMBER",
    "EMAIL_TO_CARDHOLDER_ADDRESS",
    "CARDHOLDER_TO_CALL_AUTOMATED_NUMBER",
    "MASKED_MOBILE_PHONE_NUMBER",
];

const CODE_DIGITS: usize = 6;
const CODE_TRIES: u32 = 3;
const CODE_VALID_MS: i64 = 15 * 60 * 1000;

#[cfg(test)]
mod tests;
