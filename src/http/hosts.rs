//! Several identities behind one listener: the host that is asked for says which.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use tower::ServiceExt as _;

use crate::app::App;

use super::router;

/// The routers of these identities as one. A request for a host that is nobody's goes to the first, which refuses it as it
/// does alone: with 421, except the calls of MDES, for which a proxy before us may have another name. Those of the other
/// identities must keep theirs.
pub fn by_host(first: &App, others: &[App]) -> Router {
    let main = router(first.clone());
    if others.is_empty() {
        return main;
    }
    let others: Arc<[(String, Router)]> = others
        .iter()
        .map(|app| (authority(app).to_owned(), router(app.clone())))
        .collect();
    Router::new().fallback(move |request: Request| {
        let asked = only_host(request.headers());
        let of_host =
            |(authority, _): &&(String, Router)| asked.is_some_and(|asked| asked.eq_ignore_ascii_case(authority));
        let chosen = others
            .iter()
            .find(of_host)
            .map_or_else(|| main.clone(), |(_, router)| router.clone());
        chosen.oneshot(request)
    })
}

/// Host and port, as browsers send them.
fn authority(app: &App) -> &str {
    let url = app.public_url();
    url.split_once("://").map_or(url, |(_, authority)| authority)
}

/// The host that is asked for, if exactly one is.
fn only_host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}
