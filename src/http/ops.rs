//! For those who run the server, on a listener of its own: does it live, can it work, what has it answered.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use crate::app::App;

use super::guard::data;

/// Answers since the start, by the first digit of their status.
static ANSWERS: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];

/// Counts an answer.
pub fn count(status: u16) {
    if let Some(counter) = ANSWERS.get(usize::from(status / 100)) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

const TEXT: &str = "text/plain; charset=utf-8";

/// `GET /health`: the process answers.
pub async fn health() -> Response {
    data(StatusCode::OK, TEXT, "ok\n")
}

/// `GET /ready`: storage answers too; otherwise 503.
pub async fn ready(State(app): State<App>) -> Response {
    if app.storage_answers().await {
        data(StatusCode::OK, TEXT, "ready\n")
    } else {
        data(StatusCode::SERVICE_UNAVAILABLE, TEXT, "storage does not answer\n")
    }
}

/// `GET /metrics`, in the text format of Prometheus.
pub async fn metrics(State(app): State<App>) -> Response {
    let ready = u8::from(app.storage_answers().await);
    let in_doubt = app.effects_in_doubt().await;
    data(
        StatusCode::OK,
        "text/plain; version=0.0.4; charset=utf-8",
        exposition(ready, in_doubt, app.issuers_moved()),
    )
}

fn exposition(ready: u8, in_doubt: Option<i64>, moved: usize) -> String {
    let mut text = format!(
        "# TYPE tidemark_build_info gauge\ntidemark_build_info{{version=\"{}\"}} 1\n\
         # TYPE tidemark_storage_ready gauge\ntidemark_storage_ready {ready}\n\
         # TYPE tidemark_issuers_moved gauge\ntidemark_issuers_moved {moved}\n\
         # TYPE tidemark_http_answers_total counter\n",
        env!("CARGO_PKG_VERSION")
    );
    if let Some(count) = in_doubt {
        let _ = writeln!(
            text,
            "# TYPE tidemark_effects_in_doubt gauge\ntidemark_effects_in_doubt {count}"
        );
    }
    for (class, counter) in ANSWERS.iter().enumerate().skip(1) {
        let count = counter.load(Ordering::Relaxed);
        let _ = writeln!(text, "tidemark_http_answers_total{{class=\"{class}xx\"}} {count}");
    }
    text
}

/// A method as the log has it: a word of ours, whatever was sent.
pub(super) fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "(other)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_class() {
        count(204);
        count(999);
        let text = exposition(1, Some(2), 3);
        assert!(text.contains("tidemark_storage_ready 1\n"));
        assert!(text.contains("tidemark_effects_in_doubt 2\n"));
        assert!(text.contains("tidemark_issuers_moved 3\n"));
        assert!(text.contains("tidemark_http_answers_total{class=\"2xx\"} "));
        assert!(!text.contains("{class=\"2xx\"} 0\n"));
        assert!(
            text.lines()
                .all(|line| line.starts_with('#') || line.starts_with("tidemark_"))
        );
    }
}
