use serde_json::Value;

use super::*;
use crate::workbench::message::{Ending, Message};
use crate::workbench::report::Report;
use crate::workbench::testing::{ARRIVAL, CALLBACK, ELIGIBILITY, REQUESTOR, answered, attempt, but, other_session};
use crate::workbench::verdict::Expectations;

fn report(change: impl FnOnce(&mut Vec<Message>)) -> Report {
    let messages = but(change);
    Report::of(
        Some(attempt()),
        &messages,
        &[attempt()],
        &Expectations::of(REQUESTOR, CALLBACK),
    )
}

/// A flow with something of everything.
fn eventful() -> Report {
    report(|flow| {
        flow[ARRIVAL - 1].facts.jws.as_mut().expect("signed data").session = Some(other_session());
        let mut failed = flow[ELIGIBILITY - 1].clone();
        failed.ending = answered(503, crate::workbench::message::Body::None);
        failed.number = 17;
        failed.at_ms += 9_000;
        flow.push(failed.clone());
        failed.number = 18;
        failed.ending = Ending::Lost { took_ms: 5 };
        flow.push(failed.clone());
        failed.number = 19;
        failed.ending = Ending::Open;
        failed.label = "a; b # {c} end".to_owned();
        flow.push(failed);
    })
}

/// The members that HAR 1.2 requires, by the object that they are in, with their types.
const REQUIRED: &[(&str, &[(&str, char)])] = &[
    ("log", &[("version", 's'), ("creator", 'o'), ("entries", 'a')]),
    ("creator", &[("name", 's'), ("version", 's')]),
    (
        "page",
        &[
            ("startedDateTime", 's'),
            ("id", 's'),
            ("title", 's'),
            ("pageTimings", 'o'),
        ],
    ),
    (
        "entry",
        &[
            ("startedDateTime", 's'),
            ("time", 'n'),
            ("request", 'o'),
            ("response", 'o'),
            ("cache", 'o'),
            ("timings", 'o'),
        ],
    ),
    (
        "request",
        &[
            ("method", 's'),
            ("url", 's'),
            ("httpVersion", 's'),
            ("cookies", 'a'),
            ("headers", 'a'),
            ("queryString", 'a'),
            ("headersSize", 'n'),
            ("bodySize", 'n'),
        ],
    ),
    (
        "response",
        &[
            ("status", 'n'),
            ("statusText", 's'),
            ("httpVersion", 's'),
            ("cookies", 'a'),
            ("headers", 'a'),
            ("content", 'o'),
            ("redirectURL", 's'),
            ("headersSize", 'n'),
            ("bodySize", 'n'),
        ],
    ),
    ("postData", &[("mimeType", 's'), ("params", 'a'), ("text", 's')]),
    ("content", &[("size", 'n'), ("mimeType", 's')]),
    ("timings", &[("send", 'n'), ("wait", 'n'), ("receive", 'n')]),
    ("pair", &[("name", 's'), ("value", 's')]),
];
/// Members that may be there besides.
const OPTIONAL: &[&str] = &[
    "pages", "comment", "pageref", "postData", "text", "blocked", "dns", "connect", "ssl",
];

/// What is wrong with an object of that kind.
fn faults(kind: &str, object: &Value, found: &mut Vec<String>) {
    let (_, required) = REQUIRED.iter().find(|(name, _)| *name == kind).expect("a kind");
    for (name, type_) in *required {
        let is_right = match (&object[*name], type_) {
            (Value::String(_), 's') | (Value::Array(_), 'a') | (Value::Object(_), 'o') => true,
            (Value::Number(number), 'n') => number.as_f64().is_some_and(|number| number >= -1.0),
            _ => false,
        };
        if !is_right {
            found.push(format!("{kind}.{name}: {}", object[*name]));
        }
    }
    for name in object.as_object().into_iter().flat_map(serde_json::Map::keys) {
        let is_known = required.iter().any(|(known, _)| known == name) || OPTIONAL.contains(&name.as_str());
        if !is_known && !name.starts_with('_') {
            found.push(format!("{kind}.{name} is no member of HAR, and has no underscore"));
        }
    }
}

fn har_faults(har: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let log = &har["log"];
    faults("log", log, &mut found);
    faults("creator", &log["creator"], &mut found);
    if log["version"] != "1.2" {
        found.push("the version".to_owned());
    }
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for page in items(&log["pages"]) {
        faults("page", &page, &mut found);
    }
    for entry in items(&log["entries"]) {
        faults("entry", &entry, &mut found);
        faults("timings", &entry["timings"], &mut found);
        let timings = entry["timings"].as_object().into_iter().flatten();
        let spent: f64 = timings.filter_map(|(_, ms)| ms.as_f64()).filter(|ms| *ms >= 0.0).sum();
        if entry["time"].as_f64() != Some(spent) {
            found.push(format!("the time of {entry} is not the sum of its timings"));
        }
        let (request, response) = (&entry["request"], &entry["response"]);
        faults("request", request, &mut found);
        faults("response", response, &mut found);
        faults("content", &response["content"], &mut found);
        if request.get("postData").is_some() {
            faults("postData", &request["postData"], &mut found);
        }
        if url::Url::parse(request["url"].as_str().unwrap_or_default()).is_err() {
            found.push(format!("no address: {}", request["url"]));
        }
        for pair in [&request["headers"], &request["queryString"], &response["headers"]] {
            items(pair).iter().for_each(|pair| faults("pair", pair, &mut found));
        }
    }
    found
}

#[test]
fn the_log_is_har_1_2() {
    let har = har::of(&eventful());
    assert_eq!(har_faults(&har), Vec::<String>::new());
    assert_eq!(har["log"]["entries"].as_array().map(Vec::len), Some(19));
    assert_eq!(har["log"]["entries"][9]["_kind"], "check");
    assert_eq!(har["log"]["_pullProvisioning"]["verdicts"][0]["id"], "PP-SIG-003");
    assert_eq!(har["log"]["entries"][7]["_pullProvisioning"]["session"], "sid-A");
    // The validator finds what is missing, of another type, or foreign.
    let mut broken = har.clone();
    broken["log"]["entries"][0]["request"]["cookies"] = Value::Null;
    broken["log"]["entries"][1]["response"]["status"] = "200".into();
    broken["log"]["entries"][2]["kind"] = "call".into();
    broken["log"]["entries"][3]["time"] = 7.into();
    assert_eq!(har_faults(&broken).len(), 4);
}

/// The part of Mermaid's grammar for sequence diagrams that is used: each line is one of these.
fn mermaid_faults(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    if lines.next() != Some("sequenceDiagram") {
        found.push("no sequence diagram".to_owned());
    }
    let is_id = |id: &str| ["B", "W", "M", "A", "S"].contains(&id);
    let is_words = |words: &str| !words.is_empty() && !words.contains(['#', ';', '%', '{', '}', '<', '>']);
    for line in lines {
        let line = line.trim_start();
        let is_right = if let Some(rest) = line.strip_prefix("participant ") {
            rest.split_once(" as ")
                .is_some_and(|(id, name)| is_id(id) && is_words(name))
        } else if let Some(rest) = line.strip_prefix("Note over B,S: ") {
            is_words(rest)
        } else {
            let arrow = ["-->>", "--x", "->>", "-x"]
                .into_iter()
                .find_map(|arrow| line.split_once(arrow));
            let to = arrow.and_then(|(from, rest)| Some((from, rest.split_once(": ")?)));
            to.is_some_and(|(from, (to, words))| is_id(from) && is_id(to) && is_words(words))
        };
        if !is_right {
            found.push(line.to_owned());
        }
    }
    found
}

#[test]
fn the_sequence_keeps_to_mermaids_grammar() {
    let text = sequence::of(&eventful());
    assert_eq!(mermaid_faults(&text), Vec::<String>::new(), "{text}");
    assert!(text.contains("    W->>S: 4. GET /connect\n"), "{text}");
    assert!(text.contains("    M--xW: Failed: 503\n"), "{text}");
    assert!(text.contains("    W-xM: 18. checkEligibility\n"), "{text}");
    assert!(text.contains("Note over B,S: PP-SIG-003: "), "{text}");
    assert_eq!(
        mermaid_faults("sequenceDiagram\n  W=>M: x\n  W->>M: a;b\n  participant Z as Y\n").len(),
        3
    );
}

#[test]
fn the_report_leads_with_what_is_wrong() {
    let text = markdown::of(&eventful());
    let verdict = text
        .find("### PP-SIG-003. The signature does not cover this session id")
        .expect("a verdict");
    let table = text.find("| 11 | Wallet | MDES | checkEligibility | 200 | 12 |");
    assert!(verdict < table.expect("a row"), "{text}");
    assert!(text.contains("Signed data has 9be0…77d3 (sid-B)"), "{text}");
    let lost = "| 18 | Wallet | MDES | checkEligibility (try 2 of 2) | Failed: no answer | 5 |";
    assert!(text.contains(lost), "{text}");
    assert!(!text.contains('⟦'));
    assert!(text.contains("- Recorded by: Tidemark"), "{text}");
    let mut loaded = report(|_| {});
    let own = loaded.attempt.as_mut().expect("an attempt");
    own.loaded = Some(std::sync::Arc::new(Expectations::of(REQUESTOR, CALLBACK)));
    let loaded = markdown::of(&loaded);
    assert!(
        loaded.contains("- Loaded from a file by: Tidemark") && !loaded.contains("Recorded by"),
        "{loaded}"
    );
    let good = markdown::of(&report(|_| {}));
    assert!(good.contains("## No problems found. 29 checks passed."), "{good}");
    // What a message says cannot leave its cell.
    let wild = markdown::of(&report(|flow| flow[0].label = "a|b\n# c <img>".to_owned()));
    assert!(wild.contains("a\\|b # c &lt;img>"), "{wild}");
    let remote = "![x](https://evil.example/p.png) @team".to_owned();
    let pasted = markdown::of(&report(|flow| {
        let oauth = flow[ELIGIBILITY - 1].facts.oauth.as_mut().expect("a signature");
        oauth.is_right = false;
        oauth.mistake = Some(remote);
    }));
    assert!(
        pasted.contains("evil.example") && !pasted.contains("](https") && !pasted.contains(" @team"),
        "{pasted}"
    );
}
