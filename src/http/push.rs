//! `/push`: a bank sends its cardholder here with cards, by `GET` or by `POST`; the question whether they are wanted; and the
//! way back to the bank.
//!
//! Anybody can send a link, so landing does nothing but ask. The answer is a 303 to the session: the receipts leave the
//! address bar. With a `POST` from another site browsers send no cookie (`SameSite=Lax`): what it brings is kept, sealed,
//! and the `GET` that its 303 leads to takes it up.

use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use secrecy::ExposeSecret as _;

use crate::app::view::{Attempt, PushView};
use crate::app::{App, Fault, Landing};
use crate::domain::push::{PushFault, UnverifiedPush};
use crate::domain::receipt::UnverifiedJws;
use crate::words::Language;

use super::attempt::{press, session_id};
use super::callback::both;
use super::cookie;
use super::form::{Fields, FormFault};
use super::frame::{Frame, Strip, show};
use super::guard::{Visit, nothing, see_other};
use super::inbound::detached;
use super::paths;
use super::problem::Problem;
use super::problem::page::refused_return;
use super::stage::frame;

/// The parameters, as the implementation guide spells them (p. 41 to 50); `pushAccountReceipt` is an older one's.
const KNOWN: [&str; 9] = [
    JWS,
    RECEIPTS[0],
    RECEIPTS[1],
    CALLBACK,
    MUST_RETURN,
    IN_APP,
    ON_WEBSITE,
    HOLDER_DATA,
    LOCALE,
];
const JWS: &str = "pushAccountData";
const RECEIPTS: [&str; 2] = ["pushAccountReceipts", "pushAccountReceipt"];
const CALLBACK: &str = "callbackURL";
const MUST_RETURN: &str = "callbackRequired";
const IN_APP: &str = "completeIssuerAppActivation";
const ON_WEBSITE: &str = "completeWebsiteActivation";
const HOLDER_DATA: &str = "accountHolderDataSupplied";
const LOCALE: &str = "locale";

/// `GET /push`. `HEAD`, prefetches and frames are not the cardholder: they get 204 and nothing happens.
///
/// # Errors
/// Whatever the link deserves; nothing was used then, and nobody is sent anywhere.
pub async fn land(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let query = query.unwrap_or_default();
    let outcome = match paths::parked_handle(&query) {
        Some(handle) => match app.parked_push(&handle).await {
            Ok(posted) => ask(app, &visit, &headers, posted.expose_secret()).await,
            Err(fault) => Err(fault.into()),
        },
        None => ask(app, &visit, &headers, &query).await,
    };
    faced(&visit, outcome)
}

/// `POST /push`: no cookie is read, and no token of a form is asked for, because the form is the bank's.
///
/// # Errors
/// As [`land`]; 408, 413 and 415 for what is no form or too much of one.
pub async fn posted(State(app): State<App>, visit: Visit, request: Request) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let outcome = match both(&visit, request).await {
        Ok(both) => keep(app, both).await,
        Err(problem) => Err(problem),
    };
    faced(&visit, outcome)
}

/// `POST /sessions/{id}/accept`: the pushed cards are wanted.
///
/// # Errors
/// As every form; 410 when the receipts were used elsewhere in the meantime.
pub async fn accept(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    press(app, &session, request, |app, id, owner| async move {
        app.accept_push(&id, &owner).await
    })
    .await
}

/// `GET /sessions/{id}/back`: to the bank that pushed, with what became of each card. It changes nothing.
///
/// # Errors
/// 404 for a session that is not this browser's.
pub async fn back(State(app): State<App>, visit: Visit, Path(session): Path<String>) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let id = session_id(&session)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownSession)?;
    match app.way_back(&id, &owner).await {
        Ok(address) => Ok(see_other(&address)),
        Err(Fault::NotNow { session, .. }) => Ok(see_other(&paths::session(session.as_str()))),
        Err(fault) => Err(fault.into()),
    }
}

async fn ask(app: App, visit: &Visit, headers: &HeaderMap, query: &str) -> Result<Response, Problem> {
    let pushed = parse(query.as_bytes())?;
    let landing = Landing {
        owner: visit.owner(&app),
        is_of_account: visit.account().is_some(),
        locale: visit.locale.clone(),
        unnamed: visit.words.push_your_bank(),
    };
    let landed = detached(async move { app.land(landing, &pushed).await }).await?;
    let mut response = see_other(&paths::session(landed.session.as_str()));
    // Whose question it is must be known again where it is asked.
    if !visit.is_known
        && let Some(secret) = cookie::set_cookie(&visit.secret, &visit.shell.jar)
    {
        response.headers_mut().append(SET_COOKIE, secret);
    }
    // What a person has chosen here counts for more than what a bank says of them.
    if cookie::language(headers).is_none() {
        let wanted = landed.locale.as_ref().and_then(|locale| {
            let speaks = |language: &Language| language.tag().split('-').next() == Some(locale.language());
            Language::all().find(speaks)
        });
        let suggestion = wanted.and_then(|language| cookie::suggest_language(language, visit.shell.is_https()));
        if let Some(suggestion) = suggestion {
            response.headers_mut().append(SET_COOKIE, suggestion);
        }
    }
    Ok(response)
}

async fn keep(app: App, both: Vec<u8>) -> Result<Response, Problem> {
    let pushed = parse(&both)?;
    let query = String::from_utf8(both).map_err(|_| malformed(FormFault::Encoding.rule()))?;
    let handle = detached(async move { app.park_push(&pushed, &query).await }).await?;
    Ok(see_other(&paths::pushed(&handle)))
}

/// A push that is refused stays at its address, and the page's script takes out of that what must not stay.
fn faced(visit: &Visit, outcome: Result<Response, Problem>) -> Result<Response, Problem> {
    match outcome {
        Err(problem) if problem.status.is_client_error() => Ok(refused_return(visit, &problem)),
        outcome => outcome,
    }
}

/// The parameters of a push, each at most once; those of others are ignored.
///
/// # Errors
/// Which rule it breaks.
pub(super) fn parse(query: &[u8]) -> Result<UnverifiedPush, Fault> {
    let fields = Fields::parse_rebuilt(query, &KNOWN).map_err(|fault| malformed(fault.rule()))?;
    let flag = |name| fields.one(name).map(boolean).transpose();
    flag(HOLDER_DATA)?;
    let plain_receipts = RECEIPTS
        .iter()
        .filter_map(|name| fields.one(name))
        .flat_map(|list| list.split(','))
        .map(|receipt| receipt.trim().to_owned());
    Ok(UnverifiedPush {
        jws: fields.one(JWS).map(UnverifiedJws::new),
        plain_receipts: plain_receipts.collect(),
        callback: fields.one(CALLBACK).map(str::to_owned),
        completes_in_app: flag(IN_APP)?,
        completes_on_website: flag(ON_WEBSITE)?,
        must_return: flag(MUST_RETURN)?,
        locale: fields.one(LOCALE).map(str::to_owned),
    })
}

fn boolean(text: &str) -> Result<bool, Fault> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(malformed("a parameter is neither true nor false")),
    }
}

fn malformed(rule: &'static str) -> Fault {
    Fault::Push(PushFault::Malformed(rule))
}

#[derive(Template)]
#[template(path = "push.html")]
struct PushPage {
    frame: Frame,
    strip: Strip,
    heading: String,
    lede: String,
    /// What cannot be known of the link.
    doubt: Option<String>,
    accept: String,
    decline: String,
    csrf: String,
}

/// The question.
pub(super) fn question(visit: &Visit, csrf: &str, attempt: &Attempt, push: &PushView) -> Response {
    let t = &visit.words;
    let strip = Strip::of(&attempt.issuer);
    let cards = push.terms.cards;
    let heading = t.push_title(cards, &strip.name);
    let doubt = match (push.is_unnamed, push.terms.is_signed) {
        (true, _) => Some(t.push_unnamed()),
        (false, false) => Some(t.push_unsigned(&strip.name)),
        (false, true) => None,
    };
    let page = PushPage {
        frame: frame(visit, attempt, heading.clone()).scripted(visit),
        heading,
        lede: t.push_body(cards),
        doubt,
        accept: paths::accept(attempt.id.as_str()),
        decline: paths::cancel(attempt.id.as_str()),
        csrf: csrf.to_owned(),
        strip,
    };
    show(StatusCode::OK, &page.frame, &page)
}
