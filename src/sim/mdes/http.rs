//! The HTTP skin: the order of checks that every request passes, and how refusals look on the wire.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use serde_json::Value;

use super::Mdes;
use super::errors::gateway_body;
use super::faults::strike;
use super::oauth::{self, Failure};
use super::operations::{FETCHED, Operation, POSTED, Work, ids_of, language_of};
use super::requestor::Caller;
use super::views::Call;
use crate::sim::faults::Strike;

/// Every request comes in here.
///
/// In order: route, body within its limit, OAuth, then a fault if one waits, then the operation. The operation runs in a
/// task of its own: a client that hangs up does not stop what MDES has begun.
pub(super) async fn entry(State(mdes): State<Mdes>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let (operation, asset_id) = match route(&mdes.0.base_path, &parts) {
        Ok(found) => found,
        Err(turned_away) => return turned_away.into_response(),
    };
    let body = match read(&parts.headers, body).await {
        Ok(body) => body,
        Err(turned_away) => return turned_away.into_response(),
    };
    let name = operation.name();
    let (request_id, task_id) = ids_of(&body);
    let (at_ms, outcome) = (mdes.now_ms(), "in progress".to_owned());
    let call = Call {
        operation: name.to_owned(),
        request_id,
        task_id,
        language: language_of(&body),
        status: 0,
        outcome,
        receipt: None,
        at_ms,
    };
    let number = mdes.state().begin_call(call);
    let caller = match authenticate(&mdes, operation, &parts, &body) {
        Ok(caller) => caller,
        Err(failure) => {
            mdes.state().finish_call(number, 401, failure.description().to_owned());
            return gateway(StatusCode::UNAUTHORIZED, "AUTHENTICATION_FAILED", failure.description());
        }
    };
    let struck = mdes.0.faults.take(name);
    let work = Work {
        mdes,
        caller,
        operation,
        asset_id,
        body,
        number,
    };
    let Some(Strike { fault, after }) = struck else {
        return perform_in_background(work, Duration::ZERO).await;
    };
    // Here and not in a task of its own: it ends when the client goes.
    tokio::time::sleep(after).await;
    strike(fault, work).await
}

/// Performs the operation after `delay` in a task of its own and answers when it is done.
pub(super) async fn perform_in_background(work: Work, delay: Duration) -> Response {
    let task = tokio::spawn(async move {
        tokio::time::sleep(delay).await;
        work.perform("").await
    });
    match task.await {
        Ok(answer) => reply(StatusCode::OK, &answer),
        Err(_) => gateway(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_SERVICE_FAILURE",
            "The simulator failed.",
        ),
    }
}

/// An error of the gateway in front of MDES.
pub(super) fn gateway(status: StatusCode, reason: &str, description: &str) -> Response {
    reply(status, &gateway_body(reason, description))
}

pub(super) fn reply(status: StatusCode, body: &Value) -> Response {
    json_response(status, body.to_string().into_bytes())
}

pub(super) fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json; charset=UTF-8")],
        body,
    )
        .into_response()
}

/// A request that never gets to an operation.
struct TurnedAway {
    status: StatusCode,
    reason: &'static str,
    description: &'static str,
    allow: Option<&'static str>,
}

impl TurnedAway {
    fn new(status: StatusCode, reason: &'static str, description: &'static str) -> Self {
        Self {
            status,
            reason,
            description,
            allow: None,
        }
    }

    fn into_response(self) -> Response {
        let mut response = gateway(self.status, self.reason, self.description);
        if let Some(allow) = self.allow {
            response
                .headers_mut()
                .insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

fn route(base: &str, parts: &Parts) -> Result<(Operation, String), TurnedAway> {
    let not_found = || TurnedAway::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such resource.");
    let path = parts.uri.path().strip_prefix(base).ok_or_else(not_found)?;
    let posted = POSTED
        .iter()
        .find(|(known, _)| *known == path)
        .map(|(_, operation)| (*operation, String::new()));
    let fetched = FETCHED.iter().find_map(|(prefix, operation)| {
        let id = path
            .strip_prefix(prefix)
            .filter(|id| !id.is_empty() && !id.contains('/'))?;
        Some((*operation, id.to_owned()))
    });
    let (found, method, allow) = match (posted, fetched) {
        (Some(found), _) => (found, Method::POST, "POST"),
        (None, Some(found)) => (found, Method::GET, "GET"),
        (None, None) => return Err(not_found()),
    };
    if parts.method == method {
        return Ok(found);
    }
    let description = "This resource has another method.";
    let refused = TurnedAway::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", description);
    Err(TurnedAway {
        allow: Some(allow),
        ..refused
    })
}

/// The whole body, or why not.
async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, TurnedAway> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if kind.is_some_and(|kind| !kind.to_ascii_lowercase().starts_with("application/json")) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(TurnedAway::new(
            status,
            "UNSUPPORTED_MEDIA_TYPE",
            "Bodies are application/json.",
        ));
    }
    let broken = || TurnedAway::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The body broke off.");
    let large = || {
        TurnedAway::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            "The body is larger than a mebibyte.",
        )
    };
    let collect = async {
        let mut stream = body.into_data_stream();
        let mut all = Vec::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| broken())?;
            if all.len() + chunk.len() > BODY_MAX_BYTES {
                return Err(large());
            }
            all.extend_from_slice(&chunk);
        }
        Ok(Bytes::from(all))
    };
    let slow = || {
        TurnedAway::new(
            StatusCode::REQUEST_TIMEOUT,
            "REQUEST_TIMEOUT",
            "The body took too long.",
        )
    };
    tokio::time::timeout(BODY_TIMEOUT, collect)
        .await
        .unwrap_or_else(|_| Err(slow()))
}

/// By whom the call is, if this client may call this operation.
fn authenticate(mdes: &Mdes, operation: Operation, parts: &Parts, body: &[u8]) -> Result<Caller, Failure> {
    let clients = &mdes.0.clients;
    let caller = oauth::verify_request(parts, body, clients, mdes.now_ms(), &mut mdes.state().nonces)?;
    if caller.kind() == operation.client() {
        Ok(caller)
    } else {
        Err(Failure::NotEnrolled)
    }
}

const BODY_MAX_BYTES: usize = 1024 * 1024;
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests;
