//! What happens meanwhile, as an event stream: rows as they appear or end, what is said of the flow, and how it stands. A
//! stream begins with everything, so that whoever connects again has missed nothing.

use std::collections::HashMap;
use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::watch::Receiver;

use super::Workbench;
use super::pages::{Attempts, NO_ATTEMPT, Named, RowPart, Standing, Verdicts, missing, number};

/// Changes within this time are told together.
const TOGETHER: Duration = Duration::from_millis(60);
/// A sign of life, by which a listener that is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// `GET /attempts/{n}/events`; `latest` follows the newest attempt.
pub(super) async fn of_attempt(State(workbench): State<Workbench>, named: Named<String>) -> Response {
    let text = named.map(|Path(text)| text).unwrap_or_default();
    let number = number(&text).filter(|number| workbench.report(*number).is_some());
    if number.is_none() && text != "latest" {
        return missing(NO_ATTEMPT);
    }
    let mut told = Told::default();
    respond(workbench, move |workbench| told.news(workbench, number))
}

/// `GET /events`: the list of attempts.
pub(super) async fn of_all(State(workbench): State<Workbench>) -> Response {
    let mut told = String::new();
    respond(workbench, move |workbench| {
        let list = Attempts::now(workbench).render().unwrap_or_default();
        if list == told {
            return String::new();
        }
        told.clone_from(&list);
        event("state", &list)
    })
}

/// Writes news now, and again after every change.
fn respond(workbench: Workbench, news: impl FnMut(&Workbench) -> String + Send + 'static) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let opening = stream::iter([Bytes::from_static(b"retry: 1000\n\n")]);
    let body = Body::from_stream(opening.chain(follow(workbench, news)).map(Ok::<_, Infallible>));
    (headers, body).into_response()
}

fn follow<N>(workbench: Workbench, news: N) -> impl Stream<Item = Bytes> + Send
where
    N: FnMut(&Workbench) -> String + Send + 'static,
{
    let changes = workbench.journal.subscribe();
    stream::unfold(
        (workbench, news, changes, true),
        |(workbench, mut news, mut changes, is_first)| async move {
            let text = if is_first {
                news(&workbench)
            } else {
                match tokio::time::timeout(HEARTBEAT, changed(&mut changes)).await {
                    Ok(true) => news(&workbench),
                    Ok(false) => return None,
                    Err(_) => String::new(),
                }
            };
            let text = if text.is_empty() { ":\n\n".to_owned() } else { text };
            Some((Bytes::from(text), (workbench, news, changes, false)))
        },
    )
}

/// Waits for a change, and for those that come with it. False when there will be none any more.
async fn changed(changes: &mut Receiver<u64>) -> bool {
    if changes.changed().await.is_err() {
        return false;
    }
    tokio::time::sleep(TOGETHER).await;
    // Whatever came meanwhile is read with it.
    changes.borrow_and_update();
    true
}

/// What a listener was told already.
#[derive(Default)]
struct Told {
    attempt: Option<u64>,
    /// When the attempt had changed last.
    changed: Option<u64>,
    rows: HashMap<u64, String>,
    verdicts: String,
    state: String,
}

impl Told {
    fn news(&mut self, workbench: &Workbench, number: Option<u64>) -> String {
        let number = number.or_else(|| workbench.newest()).unwrap_or(0);
        let changed = workbench.journal.changed(Some(number).filter(|number| *number > 0));
        if changed.is_some() && self.changed == changed && self.attempt == Some(number) {
            return String::new();
        }
        self.changed = changed;
        let mut text = String::new();
        let report = workbench.report(number);
        let Some(report) = report.filter(|report| !report.messages.is_empty() || self.rows.is_empty()) else {
            // Everything was forgotten.
            *self = Self::default();
            return event("reset", "");
        };
        if self.attempt.is_some_and(|told| told != number) {
            *self = Self::default();
            text.push_str(&event("reset", ""));
        }
        self.attempt = Some(number);
        for row in &report.rows {
            let part = RowPart {
                attempt: number,
                row,
                detail: None,
            };
            let html = part.render().unwrap_or_default();
            if self.rows.get(&row.number) != Some(&html) {
                text.push_str(&event("message", &html));
                self.rows.insert(row.number, html);
            }
        }
        let verdicts = Verdicts { report: &report }.render().unwrap_or_default();
        if self.verdicts != verdicts {
            text.push_str(&event("verdict", &verdicts));
            self.verdicts = verdicts;
        }
        let state = Standing { report: &report }.render().unwrap_or_default();
        if self.state != state {
            text.push_str(&event("state", &state));
            self.state = state;
        }
        text
    }
}

fn event(name: &str, html: &str) -> String {
    let mut text = format!("event: {name}\n");
    for line in html.lines().filter(|line| !line.is_empty()) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    if html.is_empty() {
        text.push_str("data:\n");
    }
    text.push('\n');
    text
}
