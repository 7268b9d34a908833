//! Around every handler: who asks, may they, and what every answer must carry.
//!
//! `frame` is the one layer. In order: the limits of a request's head, the host, the visitor (the browser's secret, the
//! references of this request), the handler under a time limit and with panics caught, failures made into pages or
//! problem+json, the cookie, how the body travels, the headers, one line of log with the path's template and nothing of the query.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{ALLOW, CONTENT_LANGUAGE, COOKIE, HOST, LINK, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use tracing::Instrument as _;

use crate::app::{App, ScenarioNotice, Tally, span_of};
use crate::config::Limits;
use crate::domain::device::{Client, Device};
use crate::domain::id::Fingerprint;
use crate::domain::link::LinkRules;
use crate::domain::locale::Locale;
use crate::words::{Language, Words};

use super::alone;
use super::assets::Files;
use super::cookie::{self, Jar};
use super::device::device_of;
use super::encoding::{Asked, pack};
use super::headers::{Face, dress};
use super::language::{self, Theme, Wish};
use super::ops::{self, NO_ROUTE};
use super::problem::{Problem, page};

/// The longest `Cookie` header, whatever the limit of all headers is.
const COOKIE_BYTES_MAX: usize = 8_192;

/// What is made anew for every request.
#[derive(Clone)]
pub struct Fresh {
    /// For support and the log.
    pub reference: String,
    /// For a browser that has none.
    pub secret: String,
}

/// What the frame knows of the deployment. A value of its own, so that it can be tested without an [`App`].
#[derive(Clone)]
pub struct Shell {
    /// `https://host[:port]`.
    pub origin: Arc<str>,
    /// Which identity of the server this is, for the log.
    pub identity: Arc<str>,
    /// What its cookies are called.
    pub jar: Jar,
    /// Where its answers are counted.
    pub tally: Arc<Tally>,
    /// Whether cardholders are led to issuers from here.
    pub pulls: bool,
    /// The wallet's name.
    pub wallet: Arc<str>,
    /// Style sheet, script and mark.
    pub files: Arc<Files>,
    /// The demo's ribbon is shown.
    pub demo: bool,
    /// The scenario that is switched on in a demo.
    pub scenario: ScenarioNotice,
    /// How long a session lives, in whole minutes.
    pub session_minutes: i64,
    /// What one client may ask.
    pub limits: Limits,
    /// Which addresses of others a page may lead to.
    pub link_rules: Arc<LinkRules>,
    /// Which face failures get, and whether cookies and the host matter.
    pub audience: Audience,
    /// The source of references and secrets.
    pub fresh: Arc<dyn Fn() -> Fresh + Send + Sync>,
}

/// For whom a router speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Browsers: pages, a cookie, our host only.
    People,
    /// Programs of MDES and of the operators: problem+json, no cookie, any host.
    Programs,
    /// The wallet's own programs, and the scripts of other sites: problem+json, no cookie, our host only.
    Wallet,
}

impl Shell {
    /// The shell of a deployment.
    #[must_use]
    pub fn of(app: &App, audience: Audience) -> Self {
        let source = app.clone();
        Self {
            origin: app.public_url().into(),
            identity: app.identity().into(),
            jar: Jar::of(app.settings().public_url.is_https(), app.other_identity()),
            tally: app.tally(),
            pulls: app.settings().pulls,
            wallet: app.wallet_name().into(),
            files: Arc::new(Files::of(&app.settings().look)),
            demo: app.demo(),
            scenario: app.scenario_notice(),
            session_minutes: app.settings().policy.session_minutes(),
            limits: *app.limits(),
            link_rules: Arc::new(app.settings().link_rules.clone()),
            audience,
            fresh: Arc::new(move || Fresh {
                reference: source.request_reference(),
                secret: source.new_browser_secret(),
            }),
        }
    }

    /// Host and port, as browsers send them.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Whether browsers reach us over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

/// The address of the other end of the connection, put into every request by `serve`.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Becomes true when the server is about to stop, put into every request by `serve`: streams end then.
#[derive(Clone)]
pub struct Closing(pub tokio::sync::watch::Receiver<bool>);

/// Who asks. Every handler may take it. Not `Debug`: it holds the browser's secret.
#[derive(Clone)]
pub struct Visit {
    /// The deployment.
    pub shell: Shell,
    /// For support and the log.
    pub reference: String,
    /// What pages say, in the visit's language.
    pub words: Words,
    /// The colours that were chosen, if any were.
    pub theme: Option<Theme>,
    /// The language and country that a session begun here speaks.
    pub locale: Option<Locale>,
    /// The region of the first language that the browser accepts (ISO 3166-1), if it names one.
    pub region: Option<String>,
    /// The kind of device.
    pub device: Device,
    /// The other end of the connection.
    pub peer: Option<IpAddr>,
    /// When the server is about to stop.
    pub closing: Option<Closing>,
    /// The request is a guess of the browser's, or comes from inside another page: not a wish of a person.
    pub is_prefetch: bool,
    /// The browser brought its secret.
    pub is_known: bool,
    pub(super) secret: String,
    pub(super) account: Option<Fingerprint>,
}

impl Visit {
    /// Whether this is a browser inside another app. What begins in one cannot be finished outside.
    #[must_use]
    pub fn is_in_app(&self) -> bool {
        Client::of(&self.device.signals()).in_app.is_some()
    }

    fn of(request: &Request, shell: &Shell) -> Self {
        let fresh = (shell.fresh)();
        let headers = request.headers();
        let brought = match shell.audience {
            Audience::People => cookie::browser_secret(headers, &shell.jar),
            Audience::Programs | Audience::Wallet => None,
        };
        let text = |name: &str| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let wish = Wish::of(headers, shell.demo);
        Self {
            words: Words::new(wish.language, Arc::clone(&shell.wallet)),
            locale: wish.locale,
            region: wish.region,
            theme: wish.theme,
            shell: shell.clone(),
            reference: fresh.reference,
            device: device_of(headers),
            peer: request.extensions().get::<Peer>().map(|peer| peer.0),
            closing: request.extensions().get::<Closing>().cloned(),
            is_prefetch: request.method() == Method::HEAD
                || text("sec-purpose").contains("prefetch")
                || text("purpose").contains("prefetch")
                // An image, a frame or a script of somebody's page. A person comes in a document of its own.
                || !matches!(text("sec-fetch-dest"), "" | "document"),
            is_known: brought.is_some(),
            secret: brought.unwrap_or(fresh.secret),
            account: None,
        }
    }

    /// The account that the browser is signed in to, at the routes that ask (`account::known`).
    #[must_use]
    pub fn account(&self) -> Option<&Fingerprint> {
        self.account.as_ref()
    }

    /// Whose sessions and cards this visit is about: the account's, or those of the browser's secret, brought or new.
    #[must_use]
    pub fn owner(&self, app: &App) -> Fingerprint {
        self.account.clone().unwrap_or_else(|| app.owner_of(&self.secret))
    }

    /// The same, if the browser brought its secret.
    #[must_use]
    pub fn known_owner(&self, app: &App) -> Option<Fingerprint> {
        self.is_known.then(|| self.owner(app))
    }

    /// The token that forms of this browser must carry.
    #[must_use]
    pub fn csrf(&self, app: &App) -> String {
        app.csrf_token(&self.secret)
    }

    /// A visit that says nothing of itself.
    #[cfg(any(test, debug_assertions))]
    pub(super) fn first(shell: &Shell) -> Self {
        Self::of(&Request::new(Body::empty()), shell)
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }
}

/// The layer around every route. Every line that is logged within says for which identity.
pub async fn frame(State(shell): State<Shell>, request: Request, next: Next) -> Response {
    let span = span_of(&shell.identity);
    framed(shell, request, next).instrument(span).await
}

async fn framed(shell: Shell, mut request: Request, next: Next) -> Response {
    let visit = Visit::of(&request, &shell);
    let asked = Asked::of(&request);
    let (method, path) = (request.method().clone(), template(&request));
    request.extensions_mut().insert(visit.clone());
    let mut response = match head_fault(&request, &shell) {
        Some(status) => Problem::of_status(status).into_response(),
        None => match language::asked(&request, &path, &visit) {
            Some(redirect) => redirect,
            None => run(request, next, &visit).await,
        },
    };
    response = present_failure(response, &visit);
    let mut face = response.extensions().get::<Face>().cloned().unwrap_or(Face::Bare);
    // That nothing is here for anybody may be kept, but not believed. What is of an attempt, or might be, is not kept.
    if let Face::Problem { kept, .. } = &mut face {
        *kept = path == NO_ROUTE && response.status() == StatusCode::NOT_FOUND;
    }
    let is_shown = matches!(face, Face::Page { .. }) && response.status().is_success();
    if is_shown
        && method == Method::GET
        // The home page renews it: the wallet of somebody who comes back now and then does not run out.
        && (!visit.is_known || path == "/")
        && let Some(cookie) = cookie::set_cookie(&visit.secret, &shell.jar)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response = pack(response, &face, &asked).await;
    dress(response.headers_mut(), &face, &shell.origin);
    if matches!(face, Face::Page { .. } | Face::Problem { .. } | Face::Alone { .. }) {
        let tag = HeaderValue::from_static(visit.words.language().tag());
        response.headers_mut().insert(CONTENT_LANGUAGE, tag);
    }
    if matches!(face, Face::Page { .. } | Face::Problem { .. }) {
        let sheet = shell.files.preload().map(|sheet| (LINK, sheet));
        response.headers_mut().extend(sheet);
    }
    let status = response.status().as_u16();
    shell.tally.count(status);
    tracing::info!(
        reference = visit.reference,
        method = ops::known_method(&method),
        path,
        status,
        "answered"
    );
    response
}

/// Runs the handler. Reads end after `limits.request_ms`; what changes something does not: its own waits are bounded.
async fn run(request: Request, next: Next, visit: &Visit) -> Response {
    let is_read = request.method().is_safe();
    let handler = AssertUnwindSafe(next.run(request)).catch_unwind();
    let outcome = if is_read {
        match tokio::time::timeout(Duration::from_millis(visit.shell.limits.request_ms), handler).await {
            Ok(outcome) => outcome,
            Err(_) => return Problem::unavailable().into_response(),
        }
    } else {
        handler.await
    };
    outcome.unwrap_or_else(|_| alone::broken_down(visit))
}

/// What is wrong with the head of a request, before any handler sees it.
fn head_fault(request: &Request, shell: &Shell) -> Option<StatusCode> {
    let headers = request.headers();
    let limits = &shell.limits;
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if bytes(target) > limits.uri_bytes {
        return Some(StatusCode::URI_TOO_LONG);
    }
    let size: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    let cookies: usize = headers.get_all(COOKIE).iter().map(HeaderValue::len).sum();
    if bytes(size) > limits.header_bytes || bytes(headers.len()) > limits.headers_max || cookies > COOKIE_BYTES_MAX {
        return Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let is_ours = shell.audience == Audience::Programs || names_our_host(request, shell.authority());
    (!is_ours).then_some(StatusCode::MISDIRECTED_REQUEST)
}

/// Exactly one `Host`, byte for byte ours but for case; the same for the host of an absolute target.
fn names_our_host(request: &Request, authority: &str) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok());
    let target = request.uri().authority().map(axum::http::uri::Authority::as_str);
    let is_ours = |named: &str| named.eq_ignore_ascii_case(authority);
    hosts.next().is_none() && host.is_some_and(is_ours) && target.is_none_or(is_ours)
}

/// Gives a failure its face, unless the handler made a page of it already.
fn present_failure(response: Response, visit: &Visit) -> Response {
    let status = response.status();
    let is_failure = status.is_client_error() || status.is_server_error();
    if !is_failure || response.extensions().get::<Face>().is_some() {
        return response;
    }
    let problem = response
        .extensions()
        .get::<Problem>()
        .cloned()
        .unwrap_or_else(|| Problem::of_status(status));
    let mut shown = match visit.shell.audience {
        Audience::People => page::problem(visit, &problem),
        Audience::Programs | Audience::Wallet => problem_json(visit, &problem),
    };
    if problem.status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer realm=\"api\"");
        shown.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    if let Some(allow) = response.headers().get(ALLOW) {
        shown.headers_mut().insert(ALLOW, allow.clone());
    }
    if let Some(seconds) = problem.retry_after_s {
        shown.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    shown
}

/// RFC 9457. What programs read is English.
pub(super) fn problem_json(visit: &Visit, problem: &Problem) -> Response {
    let english = Words::new(Language::ENGLISH, Arc::clone(&visit.shell.wallet));
    let detail = problem.exactly.clone().unwrap_or_else(|| english.say(&problem.detail));
    let mut body = serde_json::json!({
        "type": "about:blank",
        "title": english.say(&problem.title),
        "status": problem.status.as_u16(),
        "detail": detail,
        "code": problem.code,
        "reference": visit.reference,
    });
    if let Some(reason) = problem.reason {
        body["reason"] = reason.into();
    }
    if let Some(pointer) = &problem.pointer {
        body["pointer"] = pointer.as_str().into();
    }
    data(problem.status, "application/problem+json", body.to_string())
}

/// An answer for programs.
#[must_use]
pub fn data(status: StatusCode, kind: &'static str, body: impl Into<Body>) -> Response {
    let mut response = (status, body.into()).into_response();
    response.extensions_mut().insert(Face::Data(kind));
    response
}

/// 303 with an empty body: the only redirect there is.
#[must_use]
pub fn see_other(location: &str) -> Response {
    let Ok(location) = HeaderValue::from_str(location) else {
        return Problem::internal().into_response();
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(axum::http::header::LOCATION, location);
    response.extensions_mut().insert(Face::Bare);
    response
}

/// 204: understood, and nothing was done.
#[must_use]
pub fn nothing() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.extensions_mut().insert(Face::Bare);
    response
}

/// The route's template: the ids in a path are not for the log's index, a query is for no log at all.
fn template(request: &Request) -> String {
    request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| NO_ROUTE.to_owned(), |path| path.as_str().to_owned())
}

fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
pub(super) fn sample_limits() -> Limits {
    tests::shell("http://localhost:8080").limits
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
