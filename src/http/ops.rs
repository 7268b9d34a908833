//! For those who run the server, on a listener of its own: does it live, can it work, what has it answered.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;

use crate::app::App;

use super::guard::data;

/// Stands for the template of a path that has none.
pub(super) const NO_ROUTE: &str = "(no route)";

/// The identities of the server.
pub type Identities = Arc<[App]>;

const TEXT: &str = "text/plain; charset=utf-8";

/// `GET /health`: the process answers.
pub async fn health() -> Response {
    data(StatusCode::OK, TEXT, "ok\n")
}

/// `GET /ready`: the storage of every identity answers too; otherwise 503.
pub async fn ready(State(identities): State<Identities>) -> Response {
    for app in identities.iter() {
        if !app.storage_answers().await {
            return data(StatusCode::SERVICE_UNAVAILABLE, TEXT, "storage does not answer\n");
        }
    }
    data(StatusCode::OK, TEXT, "ready\n")
}

/// `GET /metrics`, in the text format of Prometheus. Every series of an identity has its name.
pub async fn metrics(State(identities): State<Identities>) -> Response {
    let mut readings = Vec::new();
    for app in identities.iter() {
        readings.push(Reading {
            identity: app.identity().to_owned(),
            ready: u8::from(app.storage_answers().await),
            moved: app.issuers_moved(),
            in_doubt: app.effects_in_doubt().await,
            answers: app.tally().by_class().collect(),
        });
    }
    data(
        StatusCode::OK,
        "text/plain; version=0.0.4; charset=utf-8",
        exposition(&readings),
    )
}

/// What is measured of one identity.
struct Reading {
    identity: String,
    ready: u8,
    moved: usize,
    in_doubt: Option<i64>,
    /// By the first digit of the status.
    answers: Vec<(usize, u64)>,
}

fn exposition(readings: &[Reading]) -> String {
    let mut text = format!(
        "# TYPE tidemark_build_info gauge\ntidemark_build_info{{version=\"{}\"}} 1\n",
        env!("CARGO_PKG_VERSION")
    );
    let mut metric = |name: &str, kind: &str, of: &dyn Fn(&Reading) -> Vec<(String, i128)>| {
        let mut lines = String::new();
        for reading in readings {
            let identity = label(&reading.identity);
            for (labels, value) in of(reading) {
                let _ = writeln!(lines, "tidemark_{name}{{identity=\"{identity}\"{labels}}} {value}");
            }
        }
        if !lines.is_empty() {
            let _ = write!(text, "# TYPE tidemark_{name} {kind}\n{lines}");
        }
    };
    let plain = |value: i128| vec![(String::new(), value)];
    metric("storage_ready", "gauge", &|one| plain(one.ready.into()));
    metric("issuers_moved", "gauge", &|one| plain(one.moved as i128));
    metric("effects_in_doubt", "gauge", &|one| {
        one.in_doubt.map_or_else(Vec::new, |count| plain(count.into()))
    });
    metric("http_answers_total", "counter", &|one| {
        let answers = one.answers.iter();
        answers
            .map(|(class, count)| (format!(",class=\"{class}xx\""), i128::from(*count)))
            .collect()
    });
    text
}

/// A name as the value of a label.
fn label(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
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
    fn every_identity_is_measured_by_its_name() {
        let reading = |identity: &str, count| Reading {
            identity: identity.to_owned(),
            ready: 1,
            moved: 3,
            in_doubt: Some(2),
            answers: vec![(2, count), (4, 0)],
        };
        let text = exposition(&[reading("wallet", 7), reading("shops", 9)]);
        for line in [
            "tidemark_storage_ready{identity=\"wallet\"} 1",
            "tidemark_storage_ready{identity=\"shops\"} 1",
            "tidemark_issuers_moved{identity=\"shops\"} 3",
            "tidemark_effects_in_doubt{identity=\"wallet\"} 2",
            "tidemark_http_answers_total{identity=\"wallet\",class=\"2xx\"} 7",
            "tidemark_http_answers_total{identity=\"shops\",class=\"2xx\"} 9",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
        assert_eq!(text.matches("# TYPE tidemark_storage_ready").count(), 1);
        assert!(
            text.lines()
                .all(|line| line.starts_with('#') || line.starts_with("tidemark_"))
        );
        assert!(exposition(&[reading("a\"b", 0)]).contains(r#"{identity="a\"b"} 1"#));
    }
}
