#![doc = include_str!("native_app.md")]

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::app::App;
use crate::config::{AndroidApp, AppleAppId, CertificateFingerprint, NativeApp};

use super::frame::{Frame, show};
use super::guard::{Visit, see_other};
use super::headers::Face;
use super::paths;
use super::problem::Problem;

/// The relation that lets an Android app open our addresses (Digital Asset Links). Which of them it opens is in the app's
/// manifest.
pub const HANDLE_ALL_URLS: &str = "delegate_permission/common.handle_all_urls";

/// The addresses that stay in the browser: a browser's attempt and its way back would otherwise end in the app, which
/// does not have the browser's cookie.
pub const BROWSERS_OWN: [&str; 2] = ["/callback/*", "/sessions/*"];

/// The addresses that the app gets.
pub const CLAIMED: &str = "/app/callback/*";

/// `assetlinks.json` (Digital Asset Links), where there is an Android app.
#[must_use]
pub fn asset_links(app: &NativeApp) -> Option<Value> {
    let AndroidApp { package, fingerprints } = app.android.as_ref()?;
    let fingerprints: Vec<&str> = fingerprints.iter().map(CertificateFingerprint::as_str).collect();
    Some(json!([{
        "relation": [HANDLE_ALL_URLS],
        "target": {
            "namespace": "android_app",
            "package_name": package.as_str(),
            "sha256_cert_fingerprints": fingerprints,
        },
    }]))
}

/// `apple-app-site-association`, where there is an iOS app. The first component that matches an address decides.
///
/// `webcredentials` lets a web session of the app end at an `https` address (`ASWebAuthenticationSession`, iOS 17.4).
#[must_use]
pub fn apple_association(app: &NativeApp) -> Option<Value> {
    let ids: Vec<&str> = app.ios.iter().map(AppleAppId::as_str).collect();
    let components: Vec<Value> = BROWSERS_OWN
        .iter()
        .map(|path| json!({"/": path, "exclude": true, "comment": "what a browser began ends in the browser"}))
        .chain([json!({"/": CLAIMED, "comment": "what the app began comes back to the app"})])
        .collect();
    (!ids.is_empty()).then(|| {
        json!({
            "applinks": {"details": [{"appIDs": ids, "components": components}]},
            "webcredentials": {"apps": ids},
        })
    })
}

/// `GET /.well-known/assetlinks.json`
///
/// # Errors
/// 404 where there is no Android app.
pub async fn serve_asset_links(State(app): State<App>) -> Result<Response, Problem> {
    association(asset_links(app.native_app()))
}

/// `GET /.well-known/apple-app-site-association`
///
/// # Errors
/// 404 where there is no iOS app.
pub async fn serve_apple_association(State(app): State<App>) -> Result<Response, Problem> {
    association(apple_association(app.native_app()))
}

fn association(document: Option<Value>) -> Result<Response, Problem> {
    let document = document.ok_or_else(Problem::not_found)?;
    let mut response = document.to_string().into_response();
    response.extensions_mut().insert(Face::Association);
    Ok(response)
}

/// `GET /app/callback/{id}`: the way back of a session that the app began, when the app was not opened.
///
/// Only the app's backend can hand such a return in. So nothing of the request is looked at, neither the session nor the
/// receipt, and the answer is 303 to a page whose address holds neither. The app does not claim that address: the redirect
/// cannot open it with an empty return.
pub async fn callback() -> Response {
    see_other(paths::APP_NOT_OPENED)
}

#[derive(Template)]
#[template(path = "app.html")]
struct AppPage {
    frame: Frame,
}

/// `GET /app`: the way back ended in a browser; the app has to be opened by hand.
pub async fn not_opened(visit: Visit) -> Response {
    let page = AppPage {
        frame: Frame::new(&visit, visit.words.app_title(), "app"),
    };
    show(StatusCode::OK, &page.frame, &page)
}
