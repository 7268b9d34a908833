//! How a fault looks to whoever called MDES.

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::errors::Refusal;
use super::http::{gateway, json_response, perform_in_background, reply};
use super::keys::random_uuid;
use super::operations::{Work, envelope, ids_of};
use crate::sim::faults::{Fault, HANG, HUGE_BYTES, MAINTENANCE};

/// Lets a fault strike.
pub(super) async fn strike(fault: Fault, work: Work) -> Response {
    let (mdes, number) = (work.mdes.clone(), work.number);
    let struck = |status: u16, what: &str| mdes.state().finish_call(number, status, format!("fault: {what}"));
    match fault {
        Fault::Status(code) => {
            struck(code, "status");
            let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            gateway(status, "SYSTEM_ERROR", "Injected fault.")
        }
        Fault::Html => {
            struck(200, "HTML");
            ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], MAINTENANCE).into_response()
        }
        Fault::Empty => {
            struck(200, "empty body");
            json_response(StatusCode::OK, Vec::new())
        }
        Fault::WrongJson => {
            struck(200, "wrong JSON");
            json_response(StatusCode::OK, b"{}".to_vec())
        }
        Fault::Huge => {
            struck(200, "huge body");
            let padding = "a".repeat(HUGE_BYTES);
            json_response(StatusCode::OK, format!(r#"{{"padding":"{padding}"}}"#).into_bytes())
        }
        Fault::Errors(reason) => {
            struck(200, &reason);
            let refused = Err(Refusal::code(&reason, "Injected fault"));
            reply(StatusCode::OK, &envelope(work.operation, refused, ids_of(&work.body).0))
        }
        Fault::Hang => {
            struck(0, "no answer");
            tokio::time::sleep(HANG).await;
            dropped_connection()
        }
        Fault::DropBefore => {
            struck(0, "connection closed");
            dropped_connection()
        }
        Fault::LoseAnswer => {
            // Awaited, so that whoever sees the connection close can rely on the effect.
            let _ = tokio::spawn(work.perform("answer lost")).await;
            dropped_connection()
        }
        Fault::Late(delay) => {
            struck(0, "answer lost, effect to come");
            tokio::spawn(async move {
                tokio::time::sleep(delay).await;
                work.perform("late, answer lost").await
            });
            dropped_connection()
        }
        Fault::Delay(delay) => perform_in_background(work, delay).await,
        Fault::Truncated => {
            let answer = tokio::spawn(work.perform("answer cut")).await.unwrap_or_default();
            let mut text = answer.to_string().into_bytes();
            text.truncate(text.len() / 2);
            json_response(StatusCode::OK, text)
        }
        Fault::WrongResponseId => {
            let mut answer = tokio::spawn(work.perform("wrong responseId")).await.unwrap_or_default();
            answer["responseId"] = json!(random_uuid().to_string());
            reply(StatusCode::OK, &answer)
        }
    }
}

/// A response whose body fails at once: the server then closes the connection.
pub(in crate::sim) fn dropped_connection() -> Response {
    let failing = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("injected fault")) });
    Response::new(Body::from_stream(failing))
}
