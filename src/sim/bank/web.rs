//! What all pages share: security headers, bodies with a limit, and failures that have a face.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use url::form_urlencoded;

use super::pages::{self, Frame};

/// Adds the security headers, and a page to every failure that has none.
pub fn dress(router: Router) -> Router {
    router.layer(from_fn(finish))
}

async fn finish(request: Request, next: Next) -> Response {
    let is_service = request.uri().path().starts_with("/issuerServices/");
    let response = next.run(request).await;
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    let status = response.status();
    let mut response = if bare && (status.is_client_error() || status.is_server_error()) {
        let allow = response.headers().get(header::ALLOW).cloned();
        let mut faced = if is_service {
            service_error(
                status,
                "INVALID_REQUEST",
                status.canonical_reason().unwrap_or("Refused"),
            )
        } else {
            failure(status)
        };
        if let Some(allow) = allow {
            faced.headers_mut().insert(header::ALLOW, allow);
        }
        faced
    } else {
        response
    };
    for (name, value) in SECURITY_HEADERS {
        // A picture that came from elsewhere brings a stricter policy of its own.
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The page for a request that never became a visit.
pub fn failure(status: StatusCode) -> Response {
    let (heading, text) = match status {
        StatusCode::NOT_FOUND => (
            "This page does not exist",
            "The address is wrong, or the visit it belonged to is long over.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "That is not possible here",
            "This address does not answer this kind of request.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "That was too much",
            "The form is longer than any form of ours. Nothing was changed.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "That is not a form",
            "We only read forms that a browser sends. Nothing was changed.",
        ),
        status if status.is_server_error() => ("Something went wrong", "It is our fault. Nothing was changed."),
        _ => (
            "We can’t read this request",
            "It is damaged or incomplete. Nothing was changed.",
        ),
    };
    pages::error(status, Frame::bare(), heading, &[text], None)
}

/// A page instead of the one asked for, on its way out through `?`.
pub struct Refusal(Box<Response>);

impl From<Response> for Refusal {
    fn from(page: Response) -> Self {
        Self(Box::new(page))
    }
}

impl From<StatusCode> for Refusal {
    fn from(status: StatusCode) -> Self {
        failure(status).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// What a handler gives.
pub type Answer = Result<Response, Refusal>;

/// The error shape of the pre-digitization API.
pub fn service_error(status: StatusCode, code: &str, description: &str) -> Response {
    let body = json!({ "responseId": super::random::id(), "errorCode": code, "errorDescription": description });
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// 303. The address is ours, or a callback that was checked when the cardholder arrived.
pub fn see_other(to: &str) -> Response {
    Redirect::to(to).into_response()
}

/// The body, if it is not longer than `max`.
pub async fn read_body(request: Request, max: usize) -> Result<Vec<u8>, StatusCode> {
    let announced = content_length(request.headers());
    if announced.is_some_and(|length| length > max) {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let bytes = axum::body::to_bytes(request.into_body(), max).await;
    bytes.map(Vec::from).map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The fields of a form, in the order sent.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form that a browser sent.
    pub async fn read(request: Request) -> Result<Self, Refusal> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into());
        }
        let body = read_body(request, FORM_MAX_BYTES).await?;
        Ok(Self(form_urlencoded::parse(&body).into_owned().collect()))
    }

    /// The one value of a field; empty when it is absent, refused when it is there twice.
    pub fn one<'a>(&'a self, name: &'a str) -> Result<&'a str, Refusal> {
        let mut values = self.all(name);
        let first = values.next().unwrap_or_default();
        if values.next().is_some() {
            Err(StatusCode::BAD_REQUEST.into())
        } else {
            Ok(first)
        }
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Bytes of ours with their type, not kept by the browser for longer than a minute.
pub fn file(media_type: &'static str, data: impl Into<Body>) -> Response {
    (
        [
            (header::CONTENT_TYPE, media_type),
            (header::CACHE_CONTROL, "max-age=60"),
        ],
        data.into(),
    )
        .into_response()
}

/// Hour, minute and second of a moment.
pub fn clock_time_of(at_ms: i64) -> String {
    OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1000))
        .map(written)
        .unwrap_or_default()
}

/// The same of a timestamp as MDES writes it; nothing when it is none.
pub fn clock_time(timestamp: &str) -> Option<String> {
    OffsetDateTime::parse(timestamp, &Rfc3339)
        .ok()
        .map(|time| written(time.to_offset(UtcOffset::UTC)))
}

/// A timestamp as MDES writes it, in milliseconds since the Unix epoch; nothing when it is none.
pub fn timestamp_ms(timestamp: &str) -> Option<i64> {
    let time = OffsetDateTime::parse(timestamp, &Rfc3339).ok()?;
    i64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// How long ago something was, in words.
pub fn age(ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    let (count, unit) = match minutes {
        0 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1_440 => (minutes / 60, "hour"),
        _ => (minutes / 1_440, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

fn written(time: OffsetDateTime) -> String {
    time.format(format_description!("[hour]:[minute]:[second] UTC"))
        .unwrap_or_default()
}

/// No `form-action`: a form here may answer with a redirect to the wallet, and browsers hold redirects against that
/// directive.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/// The same for the one page that sends its form by itself.
pub const POLICY_WITH_SCRIPT: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const SECURITY_HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
];
const FORM_MAX_BYTES: usize = 16 * 1024;
