//! `POST /mdes/digitization/1/0/notifyTokenUpdated`: MDES tells that a token changed.
//!
//! Programs call this: failures are problem+json, any `Host` will do, and there is no cookie. Who calls is settled by
//! mutual TLS before us and by the encryption of the notice (`app`).

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::App;

use super::guard::data;
use super::inbound::{body, detached};
use super::problem::Problem;

/// Takes a notice in. The answer repeats its request id; a notice that comes twice is answered twice and counts once.
///
/// # Errors
/// 413, 415, 408 for a body that cannot be read, and whatever the verb refuses.
pub async fn token_updated(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let notice = body(request, "application/json", app.limits().api_body_bytes).await?;
    let response_id = detached(async move { app.token_updated(&notice).await }).await?;
    let answer = serde_json::json!({ "responseId": response_id });
    Ok(data(StatusCode::OK, "application/json", answer.to_string()))
}
