//! How a fault looks to MDES when it asks the bank.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{Bank, random, web};
use crate::sim::faults::{Fault, HANG, HUGE_BYTES, MAINTENANCE, Strike};
use crate::sim::mdes::dropped_connection;

/// Lets the fault that waits for this call strike, if one does.
pub async fn strike(State(bank): State<Bank>, request: Request, next: Next) -> Response {
    let name = request.uri().path().rsplit('/').next().unwrap_or_default();
    let Some(Strike { fault, after }) = bank.0.faults.take_outward(name) else {
        return next.run(request).await;
    };
    tokio::time::sleep(after).await;
    // Read first: what is performed after the connection is gone must not lack its body.
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, BODY_MAX_BYTES).await else {
        return web::service_error(StatusCode::PAYLOAD_TOO_LARGE, "INVALID_JSON", "The body is too long");
    };
    let perform = next.run(Request::from_parts(parts, Body::from(body)));
    match fault {
        Fault::Status(code) => {
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            web::service_error(status, "SYSTEM_ERROR", "Injected fault")
        }
        Fault::Html => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], MAINTENANCE).into_response(),
        Fault::Truncated => {
            let mut text = answer_of(perform.await).await.to_string();
            text.truncate(text.len() / 2);
            said(text)
        }
        Fault::Empty => said(String::new()),
        Fault::WrongJson => said("{}".to_owned()),
        Fault::Errors(reason) => web::service_error(StatusCode::BAD_REQUEST, &reason, "Injected fault"),
        Fault::Hang => {
            tokio::time::sleep(HANG).await;
            dropped_connection()
        }
        Fault::DropBefore => dropped_connection(),
        Fault::LoseAnswer => {
            perform.await;
            dropped_connection()
        }
        Fault::Delay(delay) => {
            let performed = tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                perform.await
            });
            performed.await.unwrap_or_else(|_| dropped_connection())
        }
        Fault::Huge => said(format!(r#"{{"padding":"{}"}}"#, "a".repeat(HUGE_BYTES))),
        Fault::Late(delay) => {
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                perform.await
            });
            dropped_connection()
        }
        Fault::WrongResponseId => {
            let mut answer = answer_of(perform.await).await;
            answer["responseId"] = json!(random::id());
            said(answer.to_string())
        }
    }
}

async fn answer_of(response: Response) -> Value {
    let body = axum::body::to_bytes(response.into_body(), BODY_MAX_BYTES).await;
    serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default()
}

fn said(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

const BODY_MAX_BYTES: usize = 64 * 1024;
