use std::io::Write as _;

use axum::body::Body as HttpBody;
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use futures_util::StreamExt as _;
use tower::ServiceExt as _;

use super::*;
use crate::workbench::message::{Body, Ending, Facts, Message};
use crate::workbench::testing::{
    ARRIVAL, CALLBACK, ELIGIBILITY, NOON_MS, REQUESTOR, answered, attempt, good, other_session,
};

/// Pages about these messages.
fn bench(messages: Vec<Message>) -> (Workbench, Router) {
    let journal = Journal::new();
    journal.know(attempt());
    for message in messages {
        journal.begin(message);
    }
    let workbench = Workbench::new(journal, Expectations::of(REQUESTOR, CALLBACK));
    (workbench.clone(), guarded(router(workbench)))
}

async fn ask(router: &Router, request: Request<HttpBody>) -> Response {
    router.clone().oneshot(request).await.expect("an answer")
}

fn request(method: Method, path: &str) -> axum::http::request::Builder {
    let builder = Request::builder().method(method).uri(path);
    builder.header(header::HOST, "127.0.0.1:8083")
}

async fn get_(router: &Router, path: &str) -> (StatusCode, String) {
    let request = request(Method::GET, path).body(HttpBody::empty()).expect("a request");
    let answer = ask(router, request).await;
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("a body");
    (status, String::from_utf8(bytes.to_vec()).expect("text"))
}

#[tokio::test]
async fn a_page_for_each_attempt_each_verdict_and_what_is_missing() {
    let (_, router) = bench(good());
    let (status, index) = get_(&router, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        index.contains("TM-7Q2K94ZD") && index.contains("No problems found. 29 checks passed."),
        "{index}"
    );
    let (_, page) = get_(&router, "/attempts/1").await;
    assert!(page.contains("No problems found. 29 checks passed."), "{page}");
    assert_eq!(page.matches("<li id=\"m").count(), 16);
    for entry in crate::workbench::verdict::CATALOGUE {
        let (status, page) = get_(&router, &format!("/docs/{}", entry.id)).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains(entry.check_first) || page.contains("&#"), "{page}");
    }
    for path in [
        "/attempts/2",
        "/attempts/x",
        "/docs/PP-XXX-001",
        "/nowhere",
        "/attempts/1/export/x",
        "/assets/x",
    ] {
        assert_eq!(get_(&router, path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    // Whatever an address names that is not there, the answer is a page.
    for path in [
        "/attempts/x",
        "/attempts/-1",
        "/attempts/99999999999999999999",
        "/attempts/%FF",
        "/attempts/x/events",
        "/attempts/2/events",
        "/attempts/%FF/events",
        "/attempts/1/messages/x",
        "/attempts/x/messages/1",
        "/attempts/1/messages/99",
        "/attempts/x/export/har.json",
        "/attempts/1/export/x",
        "/attempts/0/export/replay.json",
        "/attempts/1/export/%FF",
        "/docs/%FF",
        "/assets/x",
        "/assets/%FF",
    ] {
        let (status, page) = get_(&router, path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.contains("<h1>There is nothing here</h1>"), "{path}: {page}");
    }
    // Nothing belongs to no attempt here, and still there is a page for it.
    assert!(get_(&router, "/attempts/0").await.1.contains("Outside any attempt"));
    let (_, empty) = get_(&bench(Vec::new()).1, "/attempts/1").await;
    assert!(empty.contains("No messages yet."), "{empty}");
}

#[tokio::test]
async fn a_message_is_chosen_on_the_server() {
    let (_, router) = bench(good());
    let (_, page) = get_(&router, "/attempts/1?m=8").await;
    assert!(page.contains("<li id=\"m8\" class=\"chosen\">"), "{page}");
    assert_eq!(page.matches("class=\"wb-detail\"").count(), 1);
    for said in [
        "What the signature covers",
        "[header]",
        "312 bytes",
        "in force",
        "chip c",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // The same without the page around it.
    let (status, detail) = get_(&router, "/attempts/1/messages/8").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(detail.trim()), "{detail}");
    assert_eq!(get_(&router, "/attempts/1/messages/99").await.0, StatusCode::NOT_FOUND);
    let (_, oauth) = get_(&router, "/attempts/1/messages/11").await;
    assert!(
        oauth.contains("Base string of this request") && oauth.contains("nonce-A"),
        "{oauth}"
    );
    let (_, found) = get_(&router, "/search?q=RECEIPT-a").await;
    assert!(found.contains("m11") && !found.contains("m13"), "{found}");
}

/// A page as its reader sees it, without tags.
fn words(page: &str) -> String {
    let parts = page
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    parts
        .collect::<Vec<_>>()
        .join(" ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn a_signature_shows_its_key_and_what_each_bound_value_is_compared_with() {
    let mut flow = good();
    let day_s = 86_400;
    let noon_s = NOON_MS / 1_000;
    let jws = flow[ARRIVAL - 1].facts.jws.as_mut().expect("signed data");
    jws.certificate_ms = Some((NOON_MS - 730 * day_s * 1_000, NOON_MS + 365 * day_s * 1_000));
    jws.payload["tokenRequestorId"] = "50999999999".into();
    jws.payload["iat"] = (noon_s + 3_600).into();
    jws.payload["exp"] = (noon_s + 60).into();
    let (_, page) = get_(&bench(flow).1, "/attempts/1?m=8").await;
    let said = words(&page);
    for shown in [
        "Algorithm RS256: allowed",
        "Key 149123-2024: in force",
        "Known from the keys of MDES as they were when this was recorded",
        "Certificate from 2024-01-02 until 2027-01-01, 730 days old when this came",
        "Session id 4f2c…91ab sid-A 4f2c…91ab sid-A equal",
        "Token requestor id 50999999999 50123456789 different",
        "Callback http://localhost:8080/callback… not signed",
        "Receipts MCC-…1E5D receipt-A MCC-…1E5D receipt-A equal",
        "Digest of the receipts hmac:ab12cd34 nothing to compare with",
        "Issued at 2026-01-01 13:00:00.000 UTC not after 12:00:01.600 UTC not in time",
        "Expires 2026-01-01 12:01:00.000 UTC after 12:00:01.600 UTC in time",
    ] {
        assert!(said.contains(shown), "{shown}: {said}");
    }
    assert_eq!(
        page.matches("<td role=\"cell\" class=\"wb-wrong\">").count(),
        2,
        "{page}"
    );
    // Nothing is made up where nothing is known.
    let (_, page) = get_(&bench(good()).1, "/attempts/1?m=8").await;
    let said = words(&page);
    assert!(said.contains("Certificate not known") && said.contains("Expires after 12:00:01.600 UTC not signed"));
}

#[tokio::test]
async fn a_message_says_its_sizes_its_ids_and_what_is_hidden() {
    let mut flow = good();
    let call = &mut flow[ELIGIBILITY - 1];
    call.facts.bytes = (312, 1_045);
    call.request.body = Body::Json(serde_json::json!({"requestId": "r-1", "correlationId": "c-1"}));
    call.ending = answered(200, Body::Json(serde_json::json!({"responseId": "r-2"})));
    let (_, router) = bench(flow);
    let said = words(&get_(&router, "/attempts/1/messages/11").await.1);
    let all = "Request 312 bytes Answer 1045 bytes Request id r-1 Response id r-2 Correlation id c-1";
    assert!(said.contains(all), "{said}");
    let said = words(&get_(&router, "/attempts/1/messages/6").await.1);
    assert!(said.contains("Plain text Hidden when recorded"), "{said}");
}

#[tokio::test]
async fn other_messages_with_the_same_fault_are_links_in_the_page_and_numbers_in_the_files() {
    let mut flow = good();
    for call in flow.iter_mut().filter_map(|message| message.facts.oauth.as_mut()) {
        call.clock_ahead_s = Some(600);
    }
    let (_, router) = bench(flow);
    let (_, page) = get_(&router, "/attempts/1").await;
    for other in [11, 12, 14] {
        let link = format!("data-m=\"{other}\">Also true of message {other}</a>");
        assert!(page.contains(&link), "{link}: {page}");
    }
    let (_, har) = get_(&router, "/attempts/1/export/har.json").await;
    let har: serde_json::Value = serde_json::from_str(&har).expect("JSON");
    let also = &har["log"]["_pullProvisioning"]["verdicts"][0]["also"];
    assert_eq!(*also, serde_json::json!([11, 12, 14]));
    let (_, report) = get_(&router, "/attempts/1/export/report.md").await;
    assert!(report.contains("\nAlso true of messages 11, 12 and 14.\n"), "{report}");
}

#[tokio::test]
async fn the_first_line_names_the_fault_both_aliases_and_the_message() {
    let mut flow = good();
    flow[ARRIVAL - 1].facts.jws.as_mut().expect("signed data").session = Some(other_session());
    let (_, page) = get_(&bench(flow).1, "/attempts/1").await;
    let strip = page.split("id=\"verdicts\"").nth(1).expect("verdicts");
    let strip = strip.split("class=\"wb-flow\"").next().expect("an end");
    for said in [
        "PP-SIG-003",
        ">sid-A<",
        ">sid-B<",
        "Go to message 10",
        "message 4",
        "message 6",
    ] {
        assert!(strip.contains(said), "{said}: {strip}");
    }
}

#[tokio::test]
async fn what_a_message_says_is_never_markup() {
    let mut flow = good();
    flow[0].label = "<script>alert(1)</script>".to_owned();
    flow[ARRIVAL - 1].request.query = vec![("<h6>".to_owned(), "⟦<h6>⟧`<h6>`".to_owned())];
    let (_, router) = bench(flow);
    for path in [
        "/attempts/1?m=8",
        "/attempts/1/events",
        "/attempts/1/export/diagram.svg",
        "/search?q=%3Cscript%3Ealert",
    ] {
        let page = match path.ends_with("/events") {
            true => first_events(&router).await,
            false => get_(&router, path).await.1,
        };
        assert!(page.contains("alert(1)"), "{path}: {page}");
        assert!(
            !page.contains("<script>alert") && !page.contains("<h6>"),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn only_this_machine_under_its_own_name_is_answered() {
    let (_, router) = bench(good());
    for host in ["workbench.example", "127.0.0.1.example:8083", "", "10.0.0.1"] {
        let request = Request::get("/").header(header::HOST, host).body(HttpBody::empty());
        assert_eq!(
            ask(&router, request.expect("a request")).await.status(),
            StatusCode::FORBIDDEN,
            "{host}"
        );
    }
    for host in ["127.0.0.1", "localhost:8083", "[::1]:8083"] {
        let request = Request::get("/").header(header::HOST, host).body(HttpBody::empty());
        let answer = ask(&router, request.expect("a request")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{host}");
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .expect("text");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(answer.headers()[header::REFERRER_POLICY], "same-origin");
    }
}

#[tokio::test]
async fn another_site_changes_nothing() {
    let reached = Router::new().route("/change", axum::routing::post(|| async { "changed" }));
    let router = guarded(reached);
    for (name, value, allowed) in [
        ("sec-fetch-site", "cross-site", false),
        ("sec-fetch-site", "same-site", false),
        ("sec-fetch-site", "same-origin", true),
        ("origin", "http://evil.example", false),
        ("origin", "null", false),
        ("origin", "http://127.0.0.1:8083", true),
        ("accept", "*/*", true),
    ] {
        let request = request(Method::POST, "/change")
            .header(name, value)
            .body(HttpBody::empty());
        let status = ask(&router, request.expect("a request")).await.status();
        assert_eq!(status == StatusCode::OK, allowed, "{name}: {value}");
    }
}

/// What a stream begins with.
async fn first_events(router: &Router) -> String {
    let request = request(Method::GET, "/attempts/1/events").body(HttpBody::empty());
    let answer = ask(router, request.expect("a request")).await;
    let chunks = answer.into_body().into_data_stream().take(2);
    let bytes: Vec<_> = chunks.map(|chunk| chunk.expect("bytes").to_vec()).collect().await;
    String::from_utf8(bytes.concat()).expect("text")
}

#[tokio::test]
async fn rows_and_verdicts_are_told_as_they_happen() {
    let (workbench, router) = bench(good());
    let request = request(Method::GET, "/attempts/1/events").body(HttpBody::empty());
    let answer = ask(&router, request.expect("a request")).await;
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut stream = answer.into_body().into_data_stream();
    let mut read = async || {
        let chunk = stream.next().await.expect("a chunk").expect("bytes");
        String::from_utf8(chunk.to_vec()).expect("text")
    };
    assert!(read().await.starts_with("retry:"));
    let all = read().await;
    assert_eq!(all.matches("event: message\n").count(), 16);
    assert!(all.contains("event: verdict\n") && all.contains("event: state\n"));
    // A call begins and ends; nothing else is told again.
    let mut call = good().remove(10);
    call.ending = Ending::Open;
    call.facts = Facts::default();
    let number = workbench.journal.begin(call);
    let told = read().await;
    assert_eq!(told.matches("event: message\n").count(), 1, "{told}");
    assert!(told.contains("<li id=\"m17\"") && told.contains("Waiting"), "{told}");
    workbench.journal.end(number, Ending::Lost { took_ms: 9 }, None, |_| {});
    let told = read().await;
    assert!(
        told.contains("Failed: no answer") && told.contains("event: verdict"),
        "{told}"
    );
    assert!(told.contains("PP-NET-002"), "{told}");
    workbench.journal.clear();
    assert!(read().await.contains("event: reset"));
}

#[tokio::test]
async fn two_hundred_messages_weigh_less_than_forty_kilobytes() {
    let mut many = Vec::new();
    for round in 0..13_i64 {
        for (at, mut message) in good().into_iter().enumerate() {
            message.at_ms += round * 4_000;
            // As different as they are in the field.
            if let Ending::Answered { took_ms, .. } = &mut message.ending {
                *took_ms = (at as u64 * 37 + round as u64 * 101) % 900;
            }
            many.push(message);
        }
    }
    let (_, router) = bench(many);
    let (_, page) = get_(&router, "/attempts/1?m=8").await;
    assert!(page.matches("<li id=\"m").count() >= 200);
    let mut packed = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    packed.write_all(page.as_bytes()).expect("compression");
    let weight = packed.into_inner().len();
    assert!(weight < 40_000, "{weight} bytes");
    assert!(weight > 1_000, "{weight} bytes");
}

/// The drawing of a row is the same in the page and in the picture.
#[tokio::test]
async fn the_picture_has_the_rows_of_the_page() {
    let (workbench, router) = bench(good());
    let (_, page) = get_(&router, "/attempts/1").await;
    let (_, picture) = get_(&router, "/attempts/1/export/diagram.svg").await;
    let report = workbench.report(1).expect("a report");
    for row in &report.rows {
        let drawn = format!("d=\"{}\"", row.strip.solid);
        assert_eq!(page.matches(&drawn).count(), picture.matches(&drawn).count(), "{drawn}");
        assert!(picture.contains(&drawn));
    }
    assert_eq!(picture.matches("class=\"s\"").count(), 16);
}
