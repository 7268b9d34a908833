//! For other sites: the script of `<add-card-button>`, and the list of issuers for scripts of registered origins.
//!
//! Nothing here knows a cookie, and nothing is about a person. The flow itself is never in another site's page.

use axum::extract::{Path, RawQuery, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use serde_json::{Value, json};

use crate::app::App;
use crate::app::view::NativeIssuer;
use crate::domain::id::CountryCode;
use crate::words::Language;

use super::assets;
use super::guard::{Visit, nothing};
use super::headers::Face;
use super::paths;
use super::picker::{Wanted, tongue};
use super::problem::Problem;

/// How long a browser may keep the script, in seconds. Its address says its version, so a change keeps what it promises.
const SCRIPT_KEPT_S: u32 = 3_600;
/// How long it may keep the list, in seconds: shorter than an issuer is gone unnoticed.
const LIST_KEPT_S: u32 = 300;

/// `GET /embed/v1.js`: the custom element, for any site.
pub async fn script(visit: Visit) -> Response {
    let face = Face::Shared("text/javascript; charset=utf-8", SCRIPT_KEPT_S);
    let mut response = visit.shell.files.embed.answer(face);
    // A module of another origin is only run when everybody may read it.
    let anybody = HeaderValue::from_static("*");
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
    let varies = HeaderValue::from_static("accept-encoding");
    response.headers_mut().insert(VARY, varies);
    response
}

/// `GET /embed/issuers.json`: the issuers of a country or of all, with where each is chosen.
///
/// # Errors
/// 403 for the script of an origin that is not registered, 400 and 422 for a query that cannot be meant, 503 when there is
/// no list at all.
pub async fn issuers(
    State(app): State<App>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let origin = allowed(&app, &headers)?;
    let country = Wanted::parse_country(&query.unwrap_or_default())?;
    let found = app
        .native_issuers("", country.as_ref(), tongue(Language::ENGLISH))
        .ok_or_else(Problem::no_directory)?;
    let rows: Vec<Value> = found.iter().map(|issuer| row(app.public_url(), issuer)).collect();
    let mut response = Response::new(json!({ "issuers": rows }).to_string().into());
    response
        .extensions_mut()
        .insert(Face::Shared("application/json", LIST_KEPT_S));
    Ok(opened(response, origin))
}

/// `OPTIONS /embed/issuers.json`: may a script of this origin ask?
///
/// # Errors
/// 403 when it may not.
pub async fn preflight(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let origin = allowed(&app, &headers)?;
    let mut response = nothing();
    let added = response.headers_mut();
    added.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET"));
    added.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from(600));
    Ok(opened(response, origin))
}

/// `GET /embed/logos/{name}`: an issuer's logo, which another site's page may show. Card art is not among them.
///
/// # Errors
/// 404 for what is no issuer's logo.
pub async fn logo(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Problem> {
    if !app.is_logo(&name) {
        return Err(Problem::not_found());
    }
    assets::picture(&app, &name, |kind| Face::Shared(kind, SCRIPT_KEPT_S)).await
}

fn row(origin: &str, issuer: &NativeIssuer) -> Value {
    json!({
        "id": issuer.id.as_str(),
        "name": issuer.name,
        "alias": issuer.alias,
        "countries": issuer.countries.iter().map(CountryCode::as_str).collect::<Vec<_>>(),
        "logo": issuer.logo.as_ref().map(|logo| format!("{origin}{}", paths::embedded_logo(&logo.name))),
        "url": format!("{origin}{}", paths::issuer(issuer.id.as_str())),
    })
}

/// The origin whose script asks, if it is registered; none where no browser says that a script asks.
fn allowed(app: &App, headers: &HeaderMap) -> Result<Option<HeaderValue>, Problem> {
    let mut origins = headers.get_all(ORIGIN).iter();
    let Some(origin) = origins.next() else { return Ok(None) };
    let registered = &app.settings().embed.origins;
    let is_registered = registered.iter().any(|known| known.as_bytes() == origin.as_bytes());
    if is_registered && origins.next().is_none() {
        Ok(Some(origin.clone()))
    } else {
        Err(Problem::foreign_origin())
    }
}

/// Lets the script of that origin read the answer. No answer here is about who asks, so no cookie is let in.
fn opened(mut response: Response, origin: Option<HeaderValue>) -> Response {
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}
