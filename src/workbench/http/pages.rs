//! What is shown.

use std::sync::Arc;

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use url::form_urlencoded;

use super::Workbench;
use super::detail::Detail;
use super::lines::Line;
use crate::workbench::report::{self, Report, Row, Tone};
use crate::workbench::steps::{STEPS, Seen};
use crate::workbench::text::{self, Piece};
use crate::workbench::verdict::{CATALOGUE, Entry, Weight, catalogue};

/// Attempts that the first page lists.
pub(super) const ATTEMPTS_MAX: usize = 50;
/// What is said of an attempt that is not there.
pub(super) const NO_ATTEMPT: &str = "There is no such attempt, or it was forgotten.";

/// The list of attempts.
#[derive(Template)]
#[template(path = "templates/workbench/index.html")]
struct Index {
    lines: Vec<Arc<Line>>,
    /// Why a file was not loaded.
    mistake: Option<String>,
}

/// The list alone, for events.
#[derive(Template)]
#[template(path = "templates/workbench/attempts.html")]
pub struct Attempts {
    lines: Vec<Arc<Line>>,
}

impl Attempts {
    /// As it is now.
    pub fn now(workbench: &Workbench) -> Self {
        Self {
            lines: workbench.lines(ATTEMPTS_MAX),
        }
    }
}

/// One attempt.
#[derive(Template)]
#[template(path = "templates/workbench/attempt.html")]
struct Attempt<'a> {
    report: &'a Report,
    /// Where this page is, without what is chosen in it; its events are below.
    at: String,
    detail: Option<Detail<'a>>,
}

impl<'a> Attempt<'a> {
    /// The details of a row, if it is the chosen one.
    fn detail_of(&self, row: &Row) -> Option<&Detail<'a>> {
        self.detail.as_ref().filter(|detail| detail.is_of(row))
    }
}

/// One row, which is what an event brings.
#[derive(Template)]
#[template(path = "templates/workbench/row.html")]
pub struct RowPart<'a> {
    /// The number of the attempt that it is shown in.
    pub attempt: u64,
    /// It.
    pub row: &'a Row,
    /// What stands below it when it is the chosen one.
    pub detail: Option<&'a Detail<'a>>,
}

/// What is said of the flow.
#[derive(Template)]
#[template(path = "templates/workbench/verdicts.html")]
pub struct Verdicts<'a> {
    /// The flow.
    pub report: &'a Report,
}

/// How the attempt stands.
#[derive(Template)]
#[template(path = "templates/workbench/state.html")]
pub struct Standing<'a> {
    /// The attempt.
    pub report: &'a Report,
}

/// What a verdict means.
#[derive(Template)]
#[template(path = "templates/workbench/entry.html")]
struct EntryPage {
    entry: &'static Entry,
}

/// All of them.
#[derive(Template)]
#[template(path = "templates/workbench/catalogue.html")]
struct Catalogue {
    entries: &'static [&'static Entry],
}

/// The steps of a push.
#[derive(Template)]
#[template(path = "templates/workbench/push.html")]
struct PushPage;

/// There is nothing here.
#[derive(Template)]
#[template(path = "templates/workbench/nowhere.html")]
struct Nowhere {
    what: &'static str,
}

/// What an address names, which may be no text at all.
pub(super) type Named<T> = Result<Path<T>, PathRejection>;

/// The number in an address.
pub(super) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

pub(super) async fn index(State(workbench): State<Workbench>) -> Response {
    show(&Index {
        lines: workbench.lines(ATTEMPTS_MAX),
        mistake: None,
    })
}

/// The list, and why a file was not loaded.
pub(super) fn refused(workbench: &Workbench, status: StatusCode, why: String) -> Response {
    let mut response = show(&Index {
        lines: workbench.lines(ATTEMPTS_MAX),
        mistake: Some(why),
    });
    *response.status_mut() = status;
    response
}

/// The newest attempt, whichever that is at the moment.
pub(super) async fn latest(State(workbench): State<Workbench>, RawQuery(query): RawQuery) -> Response {
    let newest = workbench.newest().unwrap_or(0);
    inspector(&workbench, newest, query, "/attempts/latest".to_owned())
}

pub(super) async fn attempt(
    State(workbench): State<Workbench>,
    named: Named<String>,
    RawQuery(query): RawQuery,
) -> Response {
    match named.ok().and_then(|Path(text)| number(&text)) {
        Some(number) => inspector(&workbench, number, query, format!("/attempts/{number}")),
        None => missing(NO_ATTEMPT),
    }
}

fn inspector(workbench: &Workbench, number: u64, query: Option<String>, at: String) -> Response {
    let Some(report) = workbench.report(number) else {
        return missing(NO_ATTEMPT);
    };
    let chosen = parameter(query, "m").and_then(|number| number.parse().ok());
    show(&Attempt {
        detail: chosen.and_then(|number| Detail::of(&report, number, &workbench.right_for(report.attempt.as_ref()))),
        at,
        report: &report,
    })
}

/// The details of one message, without a page around them, for the script.
pub(super) async fn message(State(workbench): State<Workbench>, named: Named<(String, String)>) -> Response {
    let numbers = named
        .ok()
        .and_then(|Path((attempt, message))| number(&attempt).zip(number(&message)));
    let report = numbers.and_then(|(attempt, message)| Some((workbench.report(attempt)?, message)));
    let detail = report
        .as_ref()
        .and_then(|(report, message)| Detail::of(report, *message, &workbench.right_for(report.attempt.as_ref())));
    match detail {
        Some(detail) => show(&detail),
        None => missing("There is no such message, or it was forgotten."),
    }
}

pub(super) async fn catalogue() -> Response {
    show(&Catalogue { entries: CATALOGUE })
}

pub(super) async fn push() -> Response {
    show(&PushPage)
}

pub(super) async fn entry(named: Named<String>) -> Response {
    match named.ok().and_then(|Path(id)| catalogue::entry(&id)) {
        Some(entry) => show(&EntryPage { entry }),
        None => missing("There is no such verdict."),
    }
}

pub(super) fn parameter(query: Option<String>, name: &str) -> Option<String> {
    let query = query.unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
}

pub(super) async fn nowhere() -> Response {
    missing("The address is wrong.")
}

/// The page where there is nothing.
pub(super) fn missing(what: &'static str) -> Response {
    let mut response = show(&Nowhere { what });
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

pub(super) fn show(page: &impl Template) -> Response {
    match page.render() {
        Ok(page) => Html(page).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the workbench cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The style sheet of the wallet, for its tokens, and the workbench's own files.
pub(super) async fn asset(named: Named<String>) -> Response {
    let file = named.map(|Path(file)| file).unwrap_or_default();
    let (media_type, text) = match file.as_str() {
        "app.css" => ("text/css; charset=utf-8", include_str!("../../../static/app.css")),
        "workbench.css" => ("text/css; charset=utf-8", include_str!("../../../static/workbench.css")),
        "workbench.js" => (
            "text/javascript; charset=utf-8",
            include_str!("../../../static/workbench.js"),
        ),
        "mark.svg" => ("image/svg+xml", include_str!("../../../static/mark.svg")),
        _ => return missing("There is no such file."),
    };
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")];
    (headers, text).into_response()
}
