//! What comes in with a body, and what it sets going: our own forms, the bodies of programs, detached verbs.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use tracing::Instrument as _;

use crate::app::{App, Fault};

use super::form::Fields;
use super::guard::Visit;
use super::problem::Problem;

/// Reads one of our own forms, after making sure that a page of ours sent it.
///
/// # Errors
/// 403 when it was not, or not in this browser; 408, 413, 415 and 400 for what cannot be read.
pub async fn own_form(app: &App, request: Request, known: &[&str]) -> Result<(Visit, Fields), Problem> {
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .ok_or_else(Problem::internal)?;
    let path = request.uri().path().to_owned();
    let refuse = || Problem::forged_form(visit.is_known, visit.shell.authority(), &path);
    if !comes_from_us(request.headers(), &visit.shell.origin) {
        return Err(refuse());
    }
    let body = body(
        request,
        "application/x-www-form-urlencoded",
        visit.shell.limits.body_bytes,
    )
    .await?;
    let names: Vec<&str> = known.iter().copied().chain(["csrf"]).collect();
    let fields = Fields::parse(&body, &names)?;
    let token = fields.one("csrf").unwrap_or_default();
    if visit.is_known && app.csrf_matches(&visit.secret, token) {
        Ok((visit, fields))
    } else {
        Err(refuse())
    }
}

/// Whether the browser says that one of our pages sent this. `Sec-Fetch-Site` counts first, because `Origin` is `null`
/// in more cases than attacks; a browser that sends neither is left to the token in the form.
fn comes_from_us(headers: &HeaderMap, origin: &str) -> bool {
    let all = |name: &str| {
        headers
            .get_all(name)
            .iter()
            .map(HeaderValue::as_bytes)
            .collect::<Vec<_>>()
    };
    let (sites, origins) = (all("sec-fetch-site"), all(ORIGIN.as_str()));
    if !sites.is_empty() {
        return sites == [b"same-origin"];
    }
    origins.is_empty() || origins == [origin.as_bytes()]
}

/// The whole body, if its type is `wanted` and it is no longer than `bytes_max`.
///
/// # Errors
/// 415, 413, and 408 when it does not arrive in time.
pub async fn body(request: Request, wanted: &str, bytes_max: u64) -> Result<axum::body::Bytes, Problem> {
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .ok_or_else(Problem::internal)?;
    let (parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(wanted) || parts.headers.get_all(CONTENT_TYPE).iter().count() != 1 {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let announced = parts
        .headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > bytes_max) {
        return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let limit = usize::try_from(bytes_max).unwrap_or(usize::MAX);
    let reading = axum::body::to_bytes(body, limit);
    match tokio::time::timeout(Duration::from_millis(visit.shell.limits.body_read_ms), reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        // The only other cause is a client that went away, and it reads no answer.
        Ok(Err(_)) => Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => Err(Problem::of_status(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// Runs a verb that changes something in a task of its own: when the client goes away, axum drops the handler, and the
/// verb goes on to its end all the same.
///
/// # Errors
/// The verb's, and [`Fault::Internal`] when it panics.
pub async fn detached<T: Send + 'static>(
    verb: impl Future<Output = Result<T, Fault>> + Send + 'static,
) -> Result<T, Fault> {
    tokio::spawn(verb.in_current_span())
        .await
        .unwrap_or(Err(Fault::Internal))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::SessionId;
    use crate::domain::session::Refusal;

    #[test]
    fn a_form_must_come_from_a_page_of_ours() {
        let ours = "https://wallet.example";
        for (site, origin, allowed) in [
            (None, None, true),
            (Some("same-origin"), None, true),
            (Some("same-origin"), Some("null"), true),
            (Some("same-origin"), Some("https://evil.example"), true),
            (Some("same-site"), Some(ours), false),
            (Some("cross-site"), Some(ours), false),
            (Some("none"), Some(ours), false),
            (Some("none"), None, false),
            (Some(""), Some(ours), false),
            (Some("Same-Origin"), None, false),
            (None, Some(ours), true),
            (None, Some("null"), false),
            (None, Some("http://wallet.example"), false),
            (None, Some("https://wallet.example:443"), false),
            (None, Some("https://wallet.example.evil.example"), false),
            (None, Some(""), false),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert("sec-fetch-site", HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(comes_from_us(&headers, ours), allowed, "{site:?} {origin:?}");
        }
        let mut twice = HeaderMap::new();
        twice.append("sec-fetch-site", HeaderValue::from_static("same-origin"));
        twice.append("sec-fetch-site", HeaderValue::from_static("cross-site"));
        assert!(!comes_from_us(&twice, ours));
    }

    #[tokio::test]
    async fn a_verb_goes_on_when_its_caller_is_gone() {
        let (done, seen) = tokio::sync::oneshot::channel();
        let verb = detached(async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            let _ = done.send(());
            Ok(())
        });
        assert!(tokio::time::timeout(Duration::from_millis(5), verb).await.is_err());
        assert!(seen.await.is_ok());
        let broken: Result<(), Fault> = detached(async { panic!("a defect") }).await;
        assert_eq!(broken, Err(Fault::Internal));
        let refused: Result<(), Fault> = detached(async {
            Err(Fault::NotNow {
                session: SessionId::from_random([1; 16]),
                refusal: Refusal::Busy,
            })
        })
        .await;
        assert!(matches!(refused, Err(Fault::NotNow { .. })));
    }
}
