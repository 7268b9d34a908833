//! News of an attempt: as an event stream for the script, and as a page that is written while it happens for browsers
//! without one.
//!
//! Both are streams that ask the verb again and again; they live in the connection, so they end with it, and after 25
//! seconds at the latest.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header::HeaderValue;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::Response;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::time::Instant;

use crate::app::view::Attempt;
use crate::app::{App, Fault};
use crate::domain::device::Device;
use crate::domain::id::{Fingerprint, SessionId};
use crate::words::Words;

use super::attempt::session_id;
use super::form::Fields;
use super::frame::{Frame, Strip, html_page};
use super::guard::{Closing, Visit, data};
use super::paths;
use super::problem::Problem;
use super::stage::{frame, is_working, moment, sentence, strip, waiting_words};

/// No stream is longer, so that none outlives the interest in it by much.
const STREAM_MAX: Duration = Duration::from_secs(25);
/// A sign of life for the proxies between, and how a client that is gone is noticed. Also when a wait is called slow.
const HEARTBEAT: Duration = Duration::from_secs(8);

/// `GET /sessions/{id}/events`. `seen` (or `Last-Event-ID`) is the version that the page shows.
///
/// # Errors
/// 404 for a session that is not this browser's.
pub async fn events(
    State(app): State<App>,
    visit: Visit,
    Path(session): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = session_id(&session)?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes(), &["seen"])?;
    let number = |text: &str| text.parse::<i64>().ok();
    let last = headers
        .get("last-event-id")
        .and_then(|value| number(value.to_str().ok()?));
    let seen = last.or_else(|| fields.one("seen").and_then(number));
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownSession)?;
    // A stranger gets his 404 now, not in the middle of a stream.
    app.attempt(&id, &owner, &visit.device).await?;
    let news = watch(app, id, owner, &visit, seen);
    let words = visit.words;
    let opening = stream::iter([Bytes::from_static(b"retry: 2000\n\n")]);
    let events = news.map(move |news| match news {
        News::Quiet(attempt) | News::Changed(attempt) => event(&words, &attempt),
    });
    let body = Body::from_stream(opening.chain(events).map(Ok::<_, Infallible>));
    let mut response = data(StatusCode::OK, "text/event-stream", body);
    unbuffered(&mut response);
    Ok(response)
}

/// The moment, what the server is doing, and how long that has taken.
fn event(words: &Words, attempt: &Attempt) -> Bytes {
    let (sentence, pace) = sentence(words, attempt);
    let text = format!(
        "id: {}\nevent: state\ndata: {}\ndata: {sentence}\ndata: {}\n\n",
        attempt.version,
        moment(attempt),
        pace.name()
    );
    Bytes::from(text)
}

/// Proxies hold streams back unless they are told not to.
fn unbuffered(response: &mut Response) {
    response.headers_mut().insert(
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    );
}

/// What there is to tell.
enum News {
    /// Nothing, for a while: the session is as it was.
    Quiet(Box<Attempt>),
    /// The session is another than before.
    Changed(Box<Attempt>),
}

struct Watch {
    app: App,
    id: SessionId,
    owner: Fingerprint,
    device: Device,
    closing: Option<Closing>,
    seen: Option<i64>,
    until: Instant,
}

/// The news of a session until [`STREAM_MAX`] is over, it cannot be read any more, or the server is about to stop.
fn watch(
    app: App,
    id: SessionId,
    owner: Fingerprint,
    visit: &Visit,
    seen: Option<i64>,
) -> impl Stream<Item = News> + Send + use<> {
    let watch = Watch {
        app,
        id,
        owner,
        device: visit.device.clone(),
        closing: visit.closing.clone(),
        seen,
        until: Instant::now() + STREAM_MAX,
    };
    stream::unfold(watch, |mut watch| async move {
        let left = watch.until.saturating_duration_since(Instant::now()).min(HEARTBEAT);
        let wait_ms = u64::try_from(left.as_millis()).unwrap_or(0);
        if wait_ms == 0 {
            return None;
        }
        let started = Instant::now();
        // What was never seen is told at once; after that the verb waits for a change.
        let asked_ms = if watch.seen.is_none() { 0 } else { wait_ms };
        let asked = watch
            .app
            .attempt_after(&watch.id, &watch.owner, &watch.device, watch.seen, asked_ms);
        let attempt = tokio::select! {
            attempt = asked => attempt.ok()?,
            () = closed(&mut watch.closing) => return None,
        };
        if watch.seen == Some(attempt.version) {
            // Whatever the verb waits for, this loop never spins.
            tokio::time::sleep_until(started + left.min(Duration::from_secs(1))).await;
            return Some((News::Quiet(Box::new(attempt)), watch));
        }
        watch.seen = Some(attempt.version);
        Some((News::Changed(Box::new(attempt)), watch))
    })
}

/// Resolves when the server is about to stop.
async fn closed(closing: &mut Option<Closing>) {
    if let Some(Closing(signal)) = closing
        && signal.wait_for(|closing| *closing).await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// `GET /sessions/{id}/live`: the page of a wait, written as it happens. It ends by sending the browser back to the
/// attempt, or, when it takes too long, with a link. The refresh is at once, never after a delay (WCAG 2.2.1).
///
/// # Errors
/// 404 for a session that is not this browser's.
pub async fn live(State(app): State<App>, visit: Visit, Path(session): Path<String>) -> Result<Response, Problem> {
    let id = session_id(&session)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownSession)?;
    let attempt = app.attempt(&id, &owner, &visit.device).await?;
    let csrf = visit.csrf(&app);
    let head = head(&visit, &csrf, &attempt);
    let page = paths::session(id.as_str());
    let (done, slow) = (tail(&head.frame, &page, Some(&page)), tail(&head.frame, &page, None));
    let head = head.render().map_err(|_| Problem::internal())?;
    if !is_working(&attempt) {
        return Ok(html_page(StatusCode::OK, None, head + &done));
    }
    let news = watch(app, id, owner, &visit, Some(attempt.version));
    let words = visit.words;
    let (told, _) = sentence(&words, &attempt);
    let first = stream::iter([head + &line(&told)]);
    let state = (Box::pin(news), (words, done, slow), Some(told));
    let rest = stream::unfold(state, |(mut news, (words, done, slow), said)| async move {
        let said = said?;
        let (text, said) = match news.next().await {
            None => (slow.clone(), None),
            Some(News::Changed(attempt)) if !is_working(&attempt) => (done.clone(), None),
            Some(News::Quiet(attempt) | News::Changed(attempt)) => {
                let (now, _) = sentence(&words, &attempt);
                let is_new = now != said;
                (
                    if is_new {
                        line(&now)
                    } else {
                        "<!-- still here -->\n".to_owned()
                    },
                    Some(now),
                )
            }
        };
        Some((text, (news, (words, done, slow), said)))
    });
    let body = Body::from_stream(first.chain(rest).map(|text| Ok::<_, Infallible>(Bytes::from(text))));
    let mut response = html_page(StatusCode::OK, None, body);
    unbuffered(&mut response);
    Ok(response)
}

#[derive(Template)]
#[template(path = "live_head.html")]
struct LiveHead {
    frame: Frame,
    strip: Strip,
    heading: String,
}

fn head(visit: &Visit, csrf: &str, attempt: &Attempt) -> LiveHead {
    let (heading, _) = waiting_words(&visit.words, attempt);
    LiveHead {
        frame: frame(visit, attempt, heading.clone()),
        strip: strip(csrf, attempt),
        heading,
    }
}

#[derive(Template)]
#[template(path = "live_line.html")]
struct LiveLine<'a> {
    text: &'a str,
}

fn line(text: &str) -> String {
    LiveLine { text }.render().unwrap_or_default()
}

#[derive(Template)]
#[template(path = "live_tail.html")]
struct LiveTail<'a> {
    frame: &'a Frame,
    page: &'a str,
    to: Option<&'a str>,
}

fn tail(frame: &Frame, page: &str, to: Option<&str>) -> String {
    LiveTail { frame, page, to }.render().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn an_event_names_the_moment_and_says_a_sentence() {
        let attempt = samples::attempt(samples::checking(false));
        let words = Visit::sample().words;
        let text = String::from_utf8(event(&words, &attempt).to_vec()).expect("text");
        assert_eq!(
            text,
            "id: 3\nevent: state\ndata: returned\ndata: Step 2 of 3: Checking it is genuine.\ndata: usual\n\n"
        );
    }

    #[test]
    fn the_streamed_page_is_whole_and_refreshes_at_once_or_not_at_all() {
        let visit = Visit::sample();
        let attempt = samples::attempt(samples::checking(false));
        let head = head(&visit, "token", &attempt);
        let frame = head.frame.clone();
        let head = head.render().expect("a page");
        assert!(head.contains("<main id=\"main\"") && head.contains("data-state=\"returned\"") && head.contains("<h1"));
        let done = tail(&frame, "/sessions/x", Some("/sessions/x"));
        assert!(done.contains("http-equiv=\"refresh\" content=\"0;url=/sessions/x\"") && done.contains("</html>"));
        let slow = tail(&frame, "/sessions/x", None);
        assert!(!slow.contains("refresh") && slow.contains("href=\"/sessions/x\"") && slow.contains("</html>"));
        assert!(line("<b>").contains("&#60;b&#62;"));
    }
}
