//! HAR 1.2 (the format of the browsers' developer tools), with what is ours under `_pullProvisioning`.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::form_urlencoded;

use crate::workbench::message::{Body, Ending, Kind, Message, Participant};
use crate::workbench::report::Report;
use crate::workbench::verdict::Verdict;

/// The flow as a log. What a participant checked by itself is an entry of the kind `check`, without an address of its own.
#[must_use]
pub fn of(report: &Report) -> Value {
    let page = format!("attempt-{}", report.number());
    let entries: Vec<Value> = report
        .messages
        .iter()
        .map(|message| entry(report, message, &page))
        .collect();
    let started = report.messages.first().map_or(0, |message| message.at_ms);
    let names: Vec<&str> = report.lanes().participants().map(Participant::name).collect();
    json!({"log": {
        "version": "1.2",
        "creator": {"name": "Tidemark workbench", "version": env!("CARGO_PKG_VERSION")},
        "pages": [{
            "id": page,
            "startedDateTime": moment(started),
            "title": report.name(),
            "pageTimings": {"onContentLoad": -1, "onLoad": -1},
        }],
        "entries": entries,
        "comment": "Masked when it was recorded: no card number, receipt, code, cookie or key is in here.",
        "_pullProvisioning": {
            "attempt": report.number(),
            "reference": report.name(),
            "issuer": report.attempt.as_ref().and_then(|attempt| attempt.issuer.clone()),
            "state": report.attempt.as_ref().and_then(|attempt| attempt.state.clone()),
            "participants": names,
            "verdicts": report.judgement.verdicts.iter().map(verdict).collect::<Vec<_>>(),
            "checksPassed": report.judgement.passed,
        },
    }})
}

fn verdict(verdict: &Verdict) -> Value {
    json!({
        "id": verdict.entry.id,
        "sentence": verdict.entry.sentence,
        "message": verdict.message,
        "also": verdict.also,
        "subject": verdict.subject,
        "expected": verdict.expected,
        "received": verdict.received,
        "about": verdict.about,
        "likely": verdict.likely,
        "change": verdict.change,
        "compare": verdict.compare,
    })
}

fn moment(at_ms: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000);
    let text = moment.ok().and_then(|moment| moment.format(&Rfc3339).ok());
    text.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned())
}

fn pairs(all: &[(String, String)]) -> Vec<Value> {
    all.iter()
        .map(|(name, value)| json!({"name": name, "value": value}))
        .collect()
}

fn entry(report: &Report, message: &Message, page: &str) -> Value {
    let row = report.rows.iter().find(|row| row.number == message.number);
    let (response, took) = response(&message.ending);
    let kind = match message.kind {
        Kind::Call => "call",
        Kind::Redirect => "redirect",
        Kind::Check => "check",
    };
    json!({
        "pageref": page,
        "startedDateTime": moment(message.at_ms),
        "time": took,
        "request": request(message),
        "response": response,
        "cache": {},
        "timings": {"blocked": -1, "dns": -1, "connect": -1, "ssl": -1, "send": 0, "wait": took, "receive": 0},
        "_kind": kind,
        "_pullProvisioning": {
            "number": message.number,
            "from": message.from,
            "to": message.to,
            "step": message.label,
            "result": row.map(|row| row.result.clone()),
            "verdicts": row.map(|row| row.verdicts.clone()),
            "session": message.facts.session.as_ref().map(|session| session.alias.clone()),
            "facts": message.facts,
        },
    })
}

fn request(message: &Message) -> Value {
    let request = &message.request;
    let method = match request.method.as_str() {
        "" => "CHECK",
        method => method,
    };
    let address = match request.url.as_str() {
        "" => "about:blank",
        address => address,
    };
    let query: String = request.query.iter().fold(String::new(), |text, (name, value)| {
        let start = if text.is_empty() { "?" } else { "&" };
        let pair = form_urlencoded::Serializer::new(String::new())
            .append_pair(name, value)
            .finish();
        format!("{text}{start}{pair}")
    });
    let mut written = json!({
        "method": method,
        "url": format!("{address}{query}"),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(&request.headers),
        "queryString": pairs(&request.query),
        "headersSize": -1,
        "bodySize": -1,
    });
    match &request.body {
        Body::None => written["bodySize"] = json!(0),
        Body::Json(json) => {
            written["postData"] = json!({"mimeType": "application/json", "params": [], "text": json.to_string()});
        }
        Body::Form(fields) => {
            let form = "application/x-www-form-urlencoded";
            written["postData"] = json!({"mimeType": form, "params": pairs(fields), "text": ""});
        }
        Body::Other { media_type, bytes } => {
            written["bodySize"] = json!(bytes);
            written["postData"] = json!({"mimeType": media_type, "params": [], "text": ""});
        }
    }
    written
}

/// The answer and the time that it took. Status 0 is what browsers write for an answer that never came.
fn response(ending: &Ending) -> (Value, u64) {
    let none = |text: &str| {
        json!({
            "status": 0, "statusText": text, "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
            "content": {"size": 0, "mimeType": "x-unknown"}, "redirectURL": "", "headersSize": -1, "bodySize": -1,
        })
    };
    let (status, headers, body, took) = match ending {
        Ending::Open => return (none("no answer yet"), 0),
        Ending::Lost { took_ms } => return (none("no answer"), *took_ms),
        Ending::Checked { said, .. } => return (none(said), 0),
        Ending::Answered {
            status,
            headers,
            body,
            took_ms,
        } => (*status, headers, body, *took_ms),
    };
    let content = match body {
        Body::None => json!({"size": 0, "mimeType": "x-unknown"}),
        Body::Json(json) => {
            let text = json.to_string();
            json!({"size": text.len(), "mimeType": "application/json", "text": text})
        }
        Body::Form(_) => json!({"size": 0, "mimeType": "application/x-www-form-urlencoded"}),
        Body::Other { media_type, bytes } => json!({"size": bytes, "mimeType": media_type}),
    };
    let location = headers
        .iter()
        .find(|(name, _)| name == "location")
        .map_or("", |(_, value)| value);
    let text = axum::http::StatusCode::from_u16(status).ok();
    let written = json!({
        "status": status,
        "statusText": text.and_then(|status| status.canonical_reason()).unwrap_or_default(),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(headers),
        "content": content,
        "redirectURL": location,
        "headersSize": -1,
        "bodySize": -1,
    });
    (written, took)
}
