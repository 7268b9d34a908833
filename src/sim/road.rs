//! The road between the parties: what a proxy, a gateway or a link shortener may do to a message that both ends mean well.
//!
//! The wallet is never made to lie; what it sent is changed on the way, as it is in the field, and whoever looks at the far
//! end sees what arrived there.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use url::form_urlencoded;

/// Something that happens on the road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bump {
    /// A gateway in front of MDES reads the JSON and writes it anew, with a space at its end.
    RewrittenBody,
    /// A proxy in front of MDES puts its own name into `Host`.
    OtherHost,
    /// A proxy in front of MDES sends every request twice and passes on what the second was answered.
    SentTwice,
    /// The link to the issuer loses `tokenRequestorSessionId`.
    NoSession,
    /// The link to the issuer leads back to another path of the wallet.
    OtherCallback,
    /// The link to the issuer names another token requestor.
    OtherWallet,
}

/// The road to MDES and to the banks. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Road(Arc<Mutex<Option<Bump>>>);

impl Road {
    /// From now on this happens, or nothing.
    pub fn set(&self, bump: Option<Bump>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bump;
    }

    /// What happens.
    #[must_use]
    pub fn bump(&self) -> Option<Bump> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lays the road in front of MDES.
    pub fn to_mdes(&self, mdes: Router) -> Router {
        mdes.layer(from_fn_with_state(self.clone(), to_mdes))
    }

    /// Lays the road in front of the banks.
    pub fn to_banks(&self, banks: Router) -> Router {
        Router::new()
            .fallback_service(banks)
            .layer(from_fn_with_state(self.clone(), to_banks))
    }
}

/// The calls that a wallet makes; what an issuer sends takes another road.
fn is_a_wallets(path: &str) -> bool {
    path.contains("/digitization/") || path.contains("/assets/1/0/asset/") || path.ends_with("/getEligibleIssuers")
}

async fn to_mdes(State(road): State<Road>, mut request: Request, next: Next) -> Response {
    match road.bump().filter(|_| is_a_wallets(request.uri().path())) {
        Some(Bump::RewrittenBody) => {
            let (mut parts, body) = request.into_parts();
            let Ok(body) = axum::body::to_bytes(body, BODY_MAX_BYTES).await else {
                return next.run(Request::from_parts(parts, Body::empty())).await;
            };
            let body = if body.is_empty() {
                body
            } else {
                Bytes::from([&body[..], b" "].concat())
            };
            parts.headers.remove(header::CONTENT_LENGTH);
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
        Some(Bump::OtherHost) => {
            let host = HeaderValue::from_static(PROXY_HOST);
            request.headers_mut().insert(header::HOST, host);
            next.run(request).await
        }
        Some(Bump::SentTwice) => {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, BODY_MAX_BYTES).await.unwrap_or_default();
            let again = Request::from_parts(parts.clone(), Body::from(body.clone()));
            let _ = next.clone().run(again).await;
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
        Some(Bump::NoSession | Bump::OtherCallback | Bump::OtherWallet) | None => next.run(request).await,
    }
}

async fn to_banks(State(road): State<Road>, mut request: Request, next: Next) -> Response {
    let is_link = request.uri().path().ends_with("/pull");
    let changed = road
        .bump()
        .filter(|_| is_link)
        .and_then(|bump| changed(request.uri(), bump));
    if let Some(uri) = changed {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}

/// The link as it arrives; nothing where nothing happens to links.
fn changed(uri: &Uri, bump: Bump) -> Option<Uri> {
    let change: fn(&str, String) -> Option<String> = match bump {
        Bump::NoSession => |name, value| Some(value).filter(|_| name != "tokenRequestorSessionId"),
        Bump::OtherCallback => |name, value| match name {
            "callbackURL" => Some(value.replace("/callback/", "/Callback/")),
            _ => Some(value),
        },
        Bump::OtherWallet => |name, value| match name {
            "tokenRequestorId" => Some(OTHER_WALLET.to_owned()),
            _ => Some(value),
        },
        Bump::RewrittenBody | Bump::OtherHost | Bump::SentTwice => return None,
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if let Some(value) = change(&name, value.into_owned()) {
            query.append_pair(&name, &value);
        }
    }
    let mut parts = uri.clone().into_parts();
    let target = format!("{}?{}", uri.path(), query.finish());
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

const BODY_MAX_BYTES: usize = 2 * 1024 * 1024;
const PROXY_HOST: &str = "gateway.example";
/// Eleven digits that no wallet here has.
const OTHER_WALLET: &str = "50999999999";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_loses_or_changes_what_the_bump_says_and_nothing_else() {
        let link = "/banks/b/pull?tokenRequestorSessionId=s-1&tokenRequestorId=50123456789&callbackURL=http%3A%2F%2Fw%2Fcallback%2Fs-1";
        let of = |bump| changed(&link.parse().expect("a link"), bump).map(|uri| uri.to_string());
        let wallet = "tokenRequestorId=50123456789";
        let back = "callbackURL=http%3A%2F%2Fw%2Fcallback%2Fs-1";
        let session = "tokenRequestorSessionId=s-1";
        assert_eq!(of(Bump::NoSession), Some(format!("/banks/b/pull?{wallet}&{back}")));
        assert_eq!(
            of(Bump::OtherCallback),
            Some(format!(
                "/banks/b/pull?{session}&{wallet}&callbackURL=http%3A%2F%2Fw%2FCallback%2Fs-1"
            ))
        );
        assert_eq!(
            of(Bump::OtherWallet),
            Some(format!("/banks/b/pull?{session}&tokenRequestorId=50999999999&{back}"))
        );
        assert_eq!(of(Bump::SentTwice), None);
    }
}
