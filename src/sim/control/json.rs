//! Bodies and answers.

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What a handler gives.
pub(super) type Answer = Result<Response, Problem>;

/// Why something was not done, and what to do: `{"error": …}` with a status of the client's.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    text: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
        }
    }

    /// Understood, and not possible.
    pub(super) fn unfit(text: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
    }

    pub(super) fn absent(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        written(self.status, json!({ "error": self.text }).to_string())
    }
}

/// An answer with this status.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    written(status, body.to_string())
}

/// The usual answer.
pub(super) fn ok(body: &Value) -> Answer {
    Ok(answer(StatusCode::OK, body))
}

/// A text that is JSON already.
pub(super) fn document(text: &'static str) -> Response {
    written(StatusCode::OK, text.to_owned())
}

fn written(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Reads a body; an empty one is an object without members. An unknown member is a mistake, and is named.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let body: &[u8] = if body.trim_ascii().is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| {
        let text = format!("{error}. /_sim/openapi.json says what belongs here.");
        Problem::new(StatusCode::BAD_REQUEST, text)
    })
}

/// For a member where null says something else than its absence does.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}
