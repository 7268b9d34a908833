//! Tokens after they were made: asking about them, activating them as the issuer, pausing them, letting them go on, deleting
//! them, by the wallet and by the issuer.

use std::sync::Arc;

use serde_json::{Value, json};

use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::requestor::Holder;
use super::settings::TokenRequestor;
use super::state::State;
use super::token::{Token, TokenStatus};
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

/// What becomes of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Suspend,
    Unsuspend,
    Delete,
}

/// `suspend`, `unsuspend`, `delete` by the token requestor: all of the named tokens or none. What is so already is no error,
/// because an answer may get lost.
pub(super) fn change(mdes: &Mdes, requestor: &Arc<TokenRequestor>, request: Fields<'_>, change: Change) -> Answer {
    request.only(&[
        "responseHost",
        "requestId",
        "paymentAppInstanceId",
        "tokenUniqueReferences",
        "causedBy",
        "reasonCode",
        "reason",
    ])?;
    let holder = Holder::read(requestor, request)?;
    let references = request.array("tokenUniqueReferences", 1..=10)?;
    let by = suspender(request.one_of("causedBy", &["CARDHOLDER", "TOKEN_REQUESTOR"])?);
    let reason = request.one_of("reasonCode", &["SUSPECTED_FRAUD", "OTHER"])?;
    request.optional_text("reason", 1..=256)?;
    let mut named = Vec::new();
    for reference in references {
        let reference = reference.as_str();
        named.push(reference.ok_or_else(|| Refusal::format("tokenUniqueReferences"))?);
    }
    let tokens = apply(mdes, &named, (change, by, reason), |_, token| token.holder == holder)?;
    Ok(json!({"tokens": tokens}))
}

/// `suspendToken`, `unsuspendToken`, `deleteToken` by the issuer, of one token of an account in a range of its own. Assumed:
/// the issuer's customer service API is a product of its own and not part of what is published here; all banks share one
/// credential in this simulator, so the ranges are those of all that are listed.
pub(super) fn change_as_issuer(mdes: &Mdes, request: Fields<'_>, change: Change) -> Answer {
    request.only(&["requestId", "tokenUniqueReference", "reasonCode", "reason"])?;
    let reference = request.text("tokenUniqueReference", 1..=64)?;
    let reason = request.one_of("reasonCode", ISSUER_REASONS)?;
    request.optional_text("reason", 1..=256)?;
    let is_own = |state: &State, token: &Token| {
        let issuer = state.issuer_of(&token.account.number);
        issuer.is_some_and(|issuer| issuer.entry.issuer_id == token.issuer.entry.issuer_id)
    };
    let mut tokens = apply(mdes, &[reference], (change, ISSUER, reason), is_own)?;
    Ok(tokens.pop().unwrap_or_default())
}

/// Changes these tokens, all of them or none, and tells the wallet and the bank of each that is another than before. Answers
/// how they stand.
fn apply(
    mdes: &Mdes,
    references: &[&str],
    (change, by, reason): (Change, &'static str, &str),
    may: impl Fn(&State, &Token) -> bool,
) -> Result<Vec<Value>, Refusal> {
    let now_ms = mdes.now_ms();
    let mut state = mdes.state();
    for reference in references {
        let token = state.tokens.get(*reference).filter(|token| may(&state, token));
        if !is_possible(token.ok_or_else(unknown_token)?, change, by) {
            return Err(wrong_status());
        }
    }
    let mut answers = Vec::new();
    let mut news = Vec::new();
    for reference in references {
        let Some(token) = state.tokens.get_mut(*reference) else {
            continue;
        };
        if moved(token, change, by, now_ms) {
            let told = issuer_calls::token_updated(token, reason);
            news.push((notify::update(token, Some(reason)), told));
        }
        let mut answer = json!({"tokenUniqueReference": token.reference});
        token.write_status(&mut answer);
        answers.push(answer);
    }
    drop(state);
    for (update, told) in news {
        notify::tell_wallet(mdes, update);
        notify::tell_bank_of_update(mdes, told);
    }
    Ok(answers)
}

/// Whether the state of a token allows a change: only a token in use is paused, and only who paused it lets it go on.
fn is_possible(token: &Token, change: Change, by: &str) -> bool {
    match (change, token.status) {
        (Change::Delete, _) => true,
        (Change::Suspend | Change::Unsuspend, TokenStatus::Active) => true,
        (Change::Suspend, TokenStatus::Suspended) => true,
        (Change::Unsuspend, TokenStatus::Suspended) => token.suspended_by.contains(by),
        (Change::Suspend | Change::Unsuspend, TokenStatus::Inactive | TokenStatus::Deactivated) => false,
    }
}

/// Changes a token, and says whether anything about it is another now.
fn moved(token: &mut Token, change: Change, by: &'static str, now_ms: i64) -> bool {
    match change {
        Change::Suspend => {
            let is_new = token.suspended_by.insert(by);
            if is_new {
                token.become_status(TokenStatus::Suspended, now_ms);
            }
            is_new
        }
        Change::Unsuspend => {
            let was_held = token.suspended_by.remove(by);
            if was_held {
                let free = token.suspended_by.is_empty();
                let status = if free {
                    TokenStatus::Active
                } else {
                    TokenStatus::Suspended
                };
                token.become_status(status, now_ms);
            }
            was_held
        }
        Change::Delete => {
            let was_there = token.status != TokenStatus::Deactivated;
            if was_there {
                token.become_status(TokenStatus::Deactivated, now_ms);
            }
            was_there
        }
    }
}

fn suspender(name: &str) -> &'static str {
    SUSPENDERS.into_iter().find(|known| *known == name).unwrap_or(ISSUER)
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
    token.become_status(TokenStatus::Active, now_ms);
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
    let mut members = json!({
        "tokenUniqueReference": token.reference,
        "productConfig": token.product_config(),
        "tokenInfo": token.token_info(),
    });
    token.write_status(&mut members);
    members
}

/// The issuer, in `suspendedBy`.
const ISSUER: &str = "ISSUER";
/// Who can suspend a token here.
pub(super) const SUSPENDERS: [&str; 3] = ["CARDHOLDER", ISSUER, "TOKEN_REQUESTOR"];
/// Why an issuer changes a token: those of `notifyTokenUpdated`'s event reasons that are an issuer's.
const ISSUER_REASONS: &[&str] = &[
    "DEVICE_LOST",
    "DEVICE_STOLEN",
    "SUSPECTED_FRAUD",
    "ACCOUNT_CLOSED",
    "NOT_FRAUD",
    "DEVICE_FOUND",
    "OTHER",
];

#[cfg(test)]
mod tests;
