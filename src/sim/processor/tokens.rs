//! `GET /clients/{client_id}/tokens?cardContractId=…`: the tokens of a card. Published: `walletName`, which is "MDES for
//! Merchants" for Click to Pay, beside its token requestor id. **Assumed**: the query, `tokens[]`, `tokenUniqueReference`,
//! `status` in the words of MDES, and that deleted tokens are not listed.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::web::{Refusal, answer};
use super::{CLICK_TO_PAY, Processor};

/// A token as MDES told of it.
#[derive(Clone, Debug)]
pub(super) struct TokenRecord {
    pub(super) reference: String,
    pub(super) contract: String,
    pub(super) requestor: String,
    pub(super) wallet: String,
    /// In the words of MDES.
    pub(super) status: &'static str,
    /// `statusTimestamp` of the last word of it; nothing before the first.
    pub(super) told_at: String,
}

/// The status of a deleted token. It is kept, or a late word of its making would bring it back.
pub(super) const GONE: &str = "DEACTIVATED";

pub(super) async fn list(State(processor): State<Processor>, Path(client): Path<String>, request: Request) -> Response {
    let listed = match processor.admit(&client, request).await {
        Ok((parts, _)) => tokens(&processor, &client, parts.uri.query().unwrap_or_default()),
        Err(refusal) => Err(refusal),
    };
    listed.map_or_else(IntoResponse::into_response, |body| answer(StatusCode::OK, &body))
}

fn tokens(processor: &Processor, client: &str, query: &str) -> Result<Value, Refusal> {
    let mut asked = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "cardContractId");
    let (Some((_, contract)), None) = (asked.next(), asked.next()) else {
        return Err(Refusal::field("MISSING_REQUIRED_FIELD", "cardContractId"));
    };
    if processor.card(client, &contract).is_none() {
        let description = "There is no such card contract";
        return Err(Refusal::new(
            StatusCode::NOT_FOUND,
            "CARD_CONTRACT_NOT_FOUND",
            description,
        ));
    }
    let memory = processor.lock();
    let is_listed = |token: &&TokenRecord| token.contract == contract && token.status != GONE;
    let known = memory.tokens.iter().filter(is_listed);
    Ok(json!({"tokens": known.map(written).collect::<Value>()}))
}

fn written(token: &TokenRecord) -> Value {
    let wallet = if token.requestor == CLICK_TO_PAY {
        "MDES for Merchants"
    } else {
        &token.wallet
    };
    json!({
        "tokenUniqueReference": token.reference,
        "tokenRequestorId": token.requestor,
        "walletName": wallet,
        "status": token.status,
    })
}
