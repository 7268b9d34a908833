//! The gate and the errors. Assumed: OAuth 1.0a as at MDES, errors in the gateway's shape with a status of HTTP each.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::Processor;
use crate::sim::catalogue::ISSUERS;

/// Why a request is refused: `ReasonCode` and `Description`.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) description: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: &'static str, description: impl Into<String>) -> Self {
        Self {
            status,
            code,
            description: description.into(),
        }
    }

    /// A member of the body that is not as it must be.
    pub(super) fn field(code: &'static str, name: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, format!("Look at {name}"))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"Errors": {"Error": [{
            "Source": "Processing",
            "ReasonCode": self.code,
            "Description": self.description,
            "Recoverable": false,
            "Details": null,
        }]}});
        answer(self.status, &body)
    }
}

pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    let kind = [
        (header::CONTENT_TYPE, "application/json; charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, kind, body.to_string()).into_response()
}

impl Processor {
    /// Reads a request of an issuer, once its signature is right and the client in its path is one.
    pub(super) async fn admit(&self, client: &str, request: Request) -> Result<(Parts, Bytes), Refusal> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, BODY_MAX_BYTES).await;
        let body = body.map_err(|_| {
            Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "The body is too long",
            )
        })?;
        self.0
            .gate
            .admit(&parts, &body, self.now_ms())
            .map_err(|why| Refusal::new(StatusCode::UNAUTHORIZED, "AUTHENTICATION_FAILED", why))?;
        if ISSUERS.iter().all(|issuer| issuer.processor_client != Some(client)) {
            return Err(Refusal::new(
                StatusCode::NOT_FOUND,
                "CLIENT_NOT_FOUND",
                "There is no such client",
            ));
        }
        Ok((parts, body))
    }
}

pub(super) async fn no_such_resource() -> Response {
    Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such resource").into_response()
}

pub(super) async fn no_such_method() -> Response {
    let description = "This resource has another method";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", description).into_response()
}

pub(super) const BODY_MAX_BYTES: usize = 64 * 1024;
