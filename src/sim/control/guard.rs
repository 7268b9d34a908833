//! Who may pull the strings.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::json::Problem;

/// Lets programs of this machine in, and no web page of somebody else.
pub(super) async fn admit(request: Request, next: Next) -> Response {
    let mut response = match objection(request.method(), request.headers()) {
        Some(problem) => problem.into_response(),
        None => with_words(next.run(request).await),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What the framework refuses by itself says so as JSON too.
fn with_words(response: Response) -> Response {
    let json = HeaderValue::from_static("application/json");
    if response.headers().get(header::CONTENT_TYPE) == Some(&json) {
        return response;
    }
    Problem::new(
        response.status(),
        "The request could not be read: its body is too long, or broken off.",
    )
    .into_response()
}

fn objection(method: &Method, headers: &HeaderMap) -> Option<Problem> {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(&header::HOST).unwrap_or_default();
    if !is_loopback(host) {
        let text = "Ask for 127.0.0.1, [::1] or localhost: a name that only leads here may be somebody else's.";
        return Some(Problem::new(StatusCode::MISDIRECTED_REQUEST, text));
    }
    if *method == Method::GET || *method == Method::HEAD {
        return None;
    }
    if is_foreign(headers) {
        let text = "A web page of another origin may not pull the strings. Ask from a program.";
        return Some(Problem::new(StatusCode::FORBIDDEN, text));
    }
    let kind = text(&header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    // What needs no permission of another origin is exactly what has one of three other media types, or none.
    if *method != Method::DELETE && !kind.eq_ignore_ascii_case("application/json") {
        let text = "Send content-type: application/json, also with an empty body.";
        return Some(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    None
}

/// Whether a browser says that a page of another origin asks.
#[must_use]
pub fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host = text(&header::HOST).unwrap_or_default();
    let origin = text(&header::ORIGIN);
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    origin.is_some_and(|origin| origin.strip_prefix("http://") != Some(host))
        || site.is_some_and(|site| !["same-origin", "none"].contains(&site))
}

/// `localhost` or an address of this machine alone, with or without a port.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, "0"),
    };
    let name = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .unwrap_or(name);
    let is_here = name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_here && port.bytes().all(|byte| byte.is_ascii_digit())
}

const HEADERS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_taken() {
        for host in [
            "localhost",
            "LOCALHOST:8081",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]",
            "[::1]:8081",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example:8081",
            "127.0.0.1.evil.example",
            "10.0.0.1:8081",
            "localhost:80@evil",
            "[::2]:1",
            "::1:evil",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
