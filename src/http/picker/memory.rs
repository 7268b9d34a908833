//! What a browser keeps for the picker, in two cookies of its own: whom it added cards from, and the country it chose.
//!
//! The list holds ids of issuers and nothing else, and is signed for the browser it was made for: somebody who can write
//! cookies cannot put a bank of his choice on top.

use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;

use crate::app::App;
use crate::app::picking::RECENT_MAX;
use crate::domain::id::{CountryCode, IssuerId};

use super::super::cookie;
use super::super::guard::Visit;

/// The cookie of issuers that were used before.
const RECENT: &str = "recent";
/// The cookie of the country.
const COUNTRY: &str = "country";
/// How long both are kept.
const KEPT_DAYS: i64 = 180;
/// Between two ids, and before the signature; in no id.
const BETWEEN: char = ':';
/// What stands for all countries.
const ALL: &str = "all";

/// Whom this browser added cards from, the latest first.
pub(super) fn recent(app: &App, headers: &HeaderMap, visit: &Visit) -> Vec<IssuerId> {
    let value = cookie::other(headers, RECENT, &visit.shell.jar).filter(|_| visit.is_known);
    let Some((ids, signature)) = value.as_deref().and_then(|value| value.rsplit_once(BETWEEN)) else {
        return Vec::new();
    };
    if !app.is_signed_list(&visit.secret, ids, signature) {
        return Vec::new();
    }
    ids.split(BETWEEN).filter_map(|id| IssuerId::parse(id).ok()).collect()
}

/// Puts an issuer on top of what this browser used before.
pub fn remember(app: &App, headers: &HeaderMap, visit: &Visit, issuer: &IssuerId, mut response: Response) -> Response {
    let before = recent(app, headers, visit);
    if before.first() != Some(issuer) {
        let others = before.iter().filter(|known| *known != issuer);
        let ids: Vec<&str> = std::iter::once(issuer)
            .chain(others)
            .take(RECENT_MAX)
            .map(IssuerId::as_str)
            .collect();
        let ids = ids.join(&BETWEEN.to_string());
        let value = format!("{ids}{BETWEEN}{}", app.sign_list(&visit.secret, &ids));
        let cookie = cookie::set_other(RECENT, &value, KEPT_DAYS, &visit.shell.jar);
        response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    }
    response
}

/// `Set-Cookie` that takes the list away.
pub fn no_recent(visit: &Visit) -> Option<HeaderValue> {
    cookie::set_other(RECENT, "", 0, &visit.shell.jar)
}

/// The country that was chosen last; no country is all of them.
pub(super) fn country(headers: &HeaderMap, visit: &Visit) -> Option<Option<CountryCode>> {
    match cookie::other(headers, COUNTRY, &visit.shell.jar)?.as_str() {
        ALL => Some(None),
        code => CountryCode::parse(code).ok().map(Some),
    }
}

/// `Set-Cookie` for a country, or for all.
pub(super) fn set_country(country: Option<&CountryCode>, visit: &Visit) -> Option<HeaderValue> {
    let value = country.map_or(ALL, CountryCode::as_str);
    cookie::set_other(COUNTRY, value, KEPT_DAYS, &visit.shell.jar)
}
