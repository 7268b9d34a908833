//! Tokens after they were made: asking about them, activating them as the issuer, deleting them.

use std::sync::Arc;

use serde_json::{Value, json};

use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::requestor::Holder;
use super::settings::TokenRequestor;
use super::token::{Token, TokenStatus, timestamp};
use super::{Mdes, issuer_calls, notify};

/// `getTaskStatus`: what became of a `digitize`.
pub(super) fn task_status(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    let holder = Holder::read(by, request)?;
    let task_id = request.text("taskId", 1..=64)?;
    let state = mdes.state();
    let task = state.tasks.get(&(by.id.clone(), task_id.to_owned()));
    let task = task.filter(|task| task.holder == holder);
    let task = task.ok_or_else(|| Refusal::code("INVALID_TASK_ID", "There is no such task"))?;
    Ok(json!({"status": task.status.word()}))
}

/// `searchTokens` by receipt: the tokens that this wallet instance got out of it, also when it is used up or expired.
pub(super) fn search_tokens(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    let holder = Holder::read(by, request)?;
    let receipt = request
        .object("fundingAccountInfo")?
        .text("pushAccountReceipt", 1..=64)?;
    let state = mdes.state();
    let known = state.receipts.get(receipt);
    let known = known.ok_or_else(|| Refusal::receipt("unknown"))?;
    if known.is_foreign_to(by) {
        return Err(Refusal::receipt("foreign"));
    }
    let mine = state
        .tokens_of(receipt)
        .into_iter()
        .filter(|token| token.holder == holder);
    let tokens: Value = mine
        .map(|token| {
            let mut found = token_json(token);
            found["panUniqueReference"] = json!(token.account_reference);
            if token.status == TokenStatus::Inactive {
                found["authenticationMethods"] = token.methods_json();
            }
            found
        })
        .collect();
    Ok(json!({"tokens": tokens}))
}

/// `getToken`.
pub(super) fn get_token(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    let holder = Holder::read(by, request)?;
    let reference = request.text("tokenUniqueReference", 1..=64)?;
    let state = mdes.state();
    let token = state.tokens.get(reference).filter(|token| token.holder == holder);
    Ok(json!({"token": token_json(token.ok_or_else(unknown_token)?)}))
}

/// `delete`: all of the named tokens or none. Deleting twice is not an error, because an answer may get lost.
pub(super) fn delete(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    request.only(&[
        "responseHost",
        "requestId",
        "paymentAppInstanceId",
        "tokenUniqueReferences",
        "causedBy",
        "reasonCode",
        "reason",
    ])?;
    let holder = Holder::read(by, request)?;
    let references = request.array("tokenUniqueReferences", 1..=10)?;
    request.one_of("causedBy", &["CARDHOLDER", "TOKEN_REQUESTOR"])?;
    let reason = request.one_of("reasonCode", &["SUSPECTED_FRAUD", "OTHER"])?;
    request.optional_text("reason", 1..=256)?;
    let now_ms = mdes.now_ms();
    let mut state = mdes.state();
    for reference in references {
        let reference = reference
            .as_str()
            .ok_or_else(|| Refusal::format("tokenUniqueReferences"))?;
        let token = state.tokens.get(reference).filter(|token| token.holder == holder);
        token.ok_or_else(unknown_token)?;
    }
    let mut deleted = Vec::new();
    let mut updates = Vec::new();
    for reference in references {
        let Some(token) = reference.as_str().and_then(|reference| state.tokens.get_mut(reference)) else {
            continue;
        };
        if token.status != TokenStatus::Deactivated {
            token.status = TokenStatus::Deactivated;
            token.status_at_ms = now_ms;
            token.code = None;
            updates.push(notify::update(token, Some(reason)));
        }
        deleted.push(json!({
            "tokenUniqueReference": token.reference,
            "status": token.status.word(),
            "statusTimestamp": timestamp(token.status_at_ms),
        }));
    }
    drop(state);
    for update in updates {
        notify::tell_wallet(mdes, update);
    }
    Ok(json!({"tokens": deleted}))
}

/// `activateToken`, by which the issuer activates a token itself (call centre, app, website). Assumed: the issuer's
/// life-cycle API is not published.
pub(super) fn activate_token(mdes: &Mdes, request: Fields<'_>) -> Answer {
    let reference = request.text("tokenUniqueReference", 1..=64)?;
    activate(mdes, reference).map(|()| json!({}))
}

/// Turns an inactive token active, and tells the wallet and the bank.
pub(super) fn activate(mdes: &Mdes, reference: &str) -> Result<(), Refusal> {
    let now_ms = mdes.now_ms();
    let mut state = mdes.state();
    let token = state.tokens.get_mut(reference).ok_or_else(unknown_token)?;
    if token.status != TokenStatus::Inactive {
        return Err(wrong_status());
    }
    token.status = TokenStatus::Active;
    token.status_at_ms = now_ms;
    token.code = None;
    let (update, completed) = (notify::update(token, None), issuer_calls::service_activated(token));
    drop(state);
    notify::tell_wallet(mdes, update);
    notify::tell_bank(mdes, completed);
    Ok(())
}

pub(super) fn unknown_token() -> Refusal {
    Refusal::code("INVALID_TOKEN_UNIQUE_REFERENCE", "There is no such token")
}

pub(super) fn wrong_status() -> Refusal {
    Refusal::code("INVALID_TOKEN_STATUS", "The token is not in a state that allows this")
}

fn token_json(token: &Token) -> Value {
    json!({
        "tokenUniqueReference": token.reference,
        "status": token.status.word(),
        "statusTimestamp": timestamp(token.status_at_ms),
        "productConfig": token.product_config(),
        "tokenInfo": token.token_info(),
    })
}

#[cfg(test)]
mod tests;
