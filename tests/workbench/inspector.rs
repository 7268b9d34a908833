//! The flow inspector over HTTP: what it says of a good flow and of every lie that the simulators can tell, and how soon.

use std::time::Duration;

use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::Turn;
use tidemark::sim::catalogue::Outcome;
use tidemark::sim::control::FAULT_KINDS;
use tidemark::sim::lies::{LIES, Lie};
use tidemark::workbench::message::Ending;

use crate::bench::{APPROVING, Bench, session_of};
use crate::recording::whole_way;

/// What takes longer than this does not come any more.
const PATIENCE: Duration = Duration::from_secs(20);

#[expect(clippy::disallowed_methods, reason = "a client of a test, on loopback")]
fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy();
    let client = client.redirect(reqwest::redirect::Policy::none());
    client.build().expect("a client")
}

async fn text(url: &str) -> String {
    let answer = client().get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{url}");
    answer.text().await.expect("text")
}

impl Bench {
    fn inspector(&self, path: &str) -> String {
        format!("{}{path}", self.demo.workbench_url)
    }

    /// The ids of what is said of an attempt, root causes first.
    pub async fn verdicts(&self, attempt: u64) -> Vec<String> {
        let url = self.inspector(&format!("/attempts/{attempt}/export/har.json"));
        let answer = client().get(url).send().await.expect("an answer");
        // It has not begun.
        if answer.status() == 404 {
            return Vec::new();
        }
        let har: Value = serde_json::from_slice(&answer.bytes().await.expect("a body")).expect("JSON");
        let verdicts = har["log"]["_pullProvisioning"]["verdicts"].as_array().cloned();
        let ids = verdicts.unwrap_or_default().into_iter();
        ids.map(|verdict| verdict["id"].as_str().expect("an id").to_owned())
            .collect()
    }
}

#[tokio::test]
async fn a_good_flow_has_no_problems_and_says_what_was_checked() {
    let bench = Bench::open().await;
    whole_way(&bench, &mut Browser::new(), APPROVING).await;
    let page = text(&bench.inspector("/attempts/1")).await;
    assert!(page.contains("No problems found. "), "{page}");
    for checked in [
        "The redirect to the issuer names the session",
        "The signature covers this session",
        "Body hashes match their bodies",
        "Payloads are encrypted for their receivers",
        "The card became a token",
    ] {
        assert!(page.contains(checked), "{checked}: {page}");
    }
    assert_eq!(bench.verdicts(1).await, Vec::<String>::new());
    assert_eq!(bench.verdicts(0).await, Vec::<String>::new());
    bench.demo.stop().await;
}

#[tokio::test]
async fn a_row_and_a_verdict_come_within_a_second() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let (own, other) = (
        bench.begin(&mut browser, APPROVING).await,
        bench.begin(&mut browser, APPROVING).await,
    );
    let mut stream = client()
        .get(bench.inspector("/attempts/1/events"))
        .send()
        .await
        .expect("a stream");
    let mut told = String::new();
    let mut until = async |wanted: &str, told: &mut String| {
        while !told.contains(wanted) {
            let chunk = stream.chunk().await.expect("a chunk").expect("more");
            told.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    };
    until("event: state", &mut told).await;
    let rows = told.matches("event: message").count();
    assert!(rows > 0);
    // A receipt for the other session comes back to the first.
    let card = format!("{APPROVING}-ada-1");
    let callback = bench.pushed(APPROVING, &card, &session_of(&other)).await;
    let callback = callback.replacen(&session_of(&other), &session_of(&own), 1);
    browser.get(&callback).await.expect("a refusal");
    let mut news = String::new();
    let soon = until("PP-SIG-003", &mut news);
    tokio::time::timeout(Duration::from_secs(1), soon)
        .await
        .expect("within a second");
    assert!(
        news.contains("event: message") && news.contains("event: verdict"),
        "{news}"
    );
    let (first, second) = ("session-A", "session-B");
    assert!(news.contains(first) && news.contains(second), "{news}");
    bench.demo.stop().await;
}

/// Walks as far as the lie lets a person walk.
async fn walk(bench: &Bench, browser: &mut Browser) -> Option<()> {
    let attempt = bench.begin(browser, APPROVING).await;
    let link = attempt.link("data-launch", "web")?;
    let page = browser.follow(&attempt, &link).await.ok()?;
    let page = press(browser, &page, "persona", "ada").await?;
    if page
        .forms()
        .iter()
        .any(|form| form.choices.contains(&("result".to_owned(), "DECLINED".to_owned())))
    {
        return press(browser, &page, "result", "DECLINED").await.map(|_| ());
    }
    let card = choice(&page, "card")?;
    let page = press(browser, &page, "card", &card).await?;
    let page = press(browser, &page, "decision", "add").await?;
    let page = comes_back(bench, browser, page).await;
    let terms = loop {
        let state = page_now(browser, &page).await?;
        if state.state().as_deref() == Some("terms") {
            break state;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let form = terms.form("/terms").ok()?;
    browser.submit(&terms, &form, &[("action", "accept")]).await.ok()?;
    Some(())
}

/// The page as it is now; nothing where the flow is over, or was never of this browser.
async fn page_now(browser: &mut Browser, page: &Page) -> Option<Page> {
    let now = browser.get(&page.url).await.ok()?;
    let is_under_way = now.url.contains("/sessions/") && now.status == 200;
    let is_over = now.state().is_none_or(|state| {
        ["error", "failed", "declined", "cancelled", "expired", "launched"].contains(&state.as_str())
    });
    (is_under_way && !is_over).then_some(now)
}

fn choice(page: &Page, name: &str) -> Option<String> {
    let choices = page.forms().into_iter().flat_map(|form| form.choices);
    choices
        .into_iter()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value)
}

async fn press(browser: &mut Browser, page: &Page, name: &str, value: &str) -> Option<Page> {
    let has = |form: &tidemark::cli::browser::Form| form.choices.iter().any(|(other, _)| other == name);
    let form = page.forms().into_iter().find(has)?;
    browser.submit(page, &form, &[(name, value)]).await.ok()
}

/// Comes back as the bank lets one: at once, by a form, twice, late, or in another browser.
pub async fn comes_back(bench: &Bench, browser: &mut Browser, page: Page) -> Page {
    let to_the_wallet = |form: &tidemark::cli::browser::Form| form.action.contains("/callback/");
    if let Some(form) = page.forms().into_iter().find(to_the_wallet) {
        // A form that another site sends brings no cookie.
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&form.fields);
        let request = client().post(&form.action).body(body.finish());
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.send().await.expect("an answer");
        let location = answer.headers()["location"].to_str().expect("an address");
        return browser.get(&bench.at(location)).await.expect("a page");
    }
    if let Some(link) = page.link("data-return", "other-browser") {
        return Browser::new().follow(&page, &link).await.expect("a page");
    }
    if let Some(link) = page.link("data-return", "twice") {
        browser.follow(&page, &link).await.expect("a page");
        return browser.follow(&page, &link).await.expect("a page");
    }
    if page.text().contains("16 minutes") {
        let _ = bench.demo.stage.turn(Turn::Advance(16 * 60_000));
        let again = page
            .forms()
            .into_iter()
            .find(|form| form.action.ends_with("/return"))
            .expect("a form");
        let page = browser
            .submit(&page, &again, &[("misbehave", "late")])
            .await
            .expect("a page");
        let link = page.link("data-return", "late").expect("a way back");
        return browser.follow(&page, &link).await.expect("a page");
    }
    page
}

#[tokio::test]
async fn a_session_that_the_wallet_does_not_know_is_named() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    bench.begin(&mut browser, APPROVING).await;
    let unknown = "4f2c0e9a-1111-4222-8333-0123456789ab";
    let url = bench.at(&format!("/callback/{unknown}?result=CANCELLED"));
    browser.get(&url).await.expect("a page");
    // It is of no attempt, and is said where such messages are.
    assert_eq!(bench.verdicts(0).await, ["PP-RET-003"]);
    let index = text(&bench.inspector("/")).await;
    assert!(
        index.contains("PP-RET-003") && index.contains("Outside any attempt"),
        "{index}"
    );
    bench.demo.stop().await;
}

/// Whether the session is signed is not public, so what MDES is set to do is what the inspector asks for.
#[tokio::test]
async fn a_session_that_mdes_does_not_sign_is_not_missed() {
    let bench = Bench::open().await;
    let knobs = format!("{}/_sim/knobs", bench.demo.stage.bank_base);
    let set = async |signed: bool| {
        let request = client().put(&knobs).header("content-type", "application/json");
        let body = json!({"session_in_jws": signed}).to_string();
        let answer = request.body(body).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    };
    set(false).await;
    whole_way(&bench, &mut Browser::new(), APPROVING).await;
    assert_eq!(bench.verdicts(1).await, Vec::<String>::new());
    let page = text(&bench.inspector("/attempts/1")).await;
    assert!(page.contains("No problems found. "), "{page}");
    set(true).await;
    assert_eq!(bench.verdicts(1).await, ["PP-SIG-003"]);
    let entry = text(&bench.inspector("/docs/PP-SIG-003")).await;
    assert!(entry.contains("session_in_jws"), "{entry}");
    bench.demo.stop().await;
}

#[tokio::test]
async fn what_a_bank_decides_is_an_answer_and_no_problem() {
    let bench = Bench::open().await;
    bench.demo.stage.bank.force_every_outcome(Some(Outcome::Decline));
    let mut browser = Browser::new();
    let end = bench.add(&mut browser, APPROVING, &format!("{APPROVING}-ada-1")).await;
    assert_eq!(end.state().as_deref(), Some("declined"), "{}", end.text());
    assert_eq!(bench.verdicts(1).await, ["PP-TOK-002"]);
}

/// A fault as it is ordered, and what is said of it first.
type Ordered = (Value, &'static str);

/// Faults that strike each time, or that the wallet does not try to outlast: such an attempt does not end well.
fn lasting() -> Vec<Ordered> {
    vec![
        (json!({"kind": "status", "status": 503}), "PP-NET-002"),
        (json!({"kind": "status", "status": 401}), "PP-TOK-004"),
        (json!({"kind": "status", "status": 404}), "PP-TOK-004"),
        (json!({"kind": "errors", "reason": "SOMETHING_NEW"}), "PP-TOK-004"),
        (json!({"kind": "html"}), "PP-NET-003"),
        (json!({"kind": "wrong-response-id"}), "PP-NET-003"),
    ]
}

/// Faults that strike once.
fn passing() -> Vec<Ordered> {
    let once = |kind: &str, verdict| (json!({"kind": kind, "count": 1}), verdict);
    let unread = ["truncated", "empty", "wrong-json", "huge"];
    let mut all = vec![
        (json!({"kind": "status", "status": 429, "count": 1}), "PP-NET-002"),
        (json!({"kind": "status", "status": 403, "count": 1}), "PP-TOK-004"),
        once("drop", "PP-NET-002"),
        once("lose-answer", "PP-NET-002"),
        (json!({"kind": "late", "latency_ms": 5, "count": 1}), "PP-NET-002"),
        (json!({"kind": "delay", "latency_ms": 3_200, "count": 1}), "PP-NET-001"),
        once("hang", "PP-NET-001"),
    ];
    all.extend(unread.map(|kind| once(kind, "PP-NET-003")));
    all
}

/// Adds a card while one call goes wrong, and waits in big steps whenever nothing happens: the state that it ends in.
async fn ends(bench: &Bench) -> String {
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let card = format!("{APPROVING}-ada-1");
    let callback = bench.pushed(APPROVING, &card, &session_of(&attempt)).await;
    let mut page = browser.get(&callback).await.expect("a page");
    let mut wait_ms = 2_000;
    loop {
        let state = page.state().unwrap_or_default();
        match state.as_str() {
            "terms" => {
                let form = page.form("/terms").expect("a form");
                page = browser
                    .submit(&page, &form, &[("action", "accept")])
                    .await
                    .expect("a page");
                continue;
            }
            "returned" | "digitizing" | "pending" => {}
            _ => return state,
        }
        tokio::time::sleep(Duration::from_millis(40)).await;
        let messages = bench.demo.journal.messages();
        if !messages.iter().any(|message| message.ending == Ending::Open) {
            let _ = bench.demo.stage.turn(Turn::Advance(wait_ms));
            wait_ms = (wait_ms * 2).min(12 * 3_600_000);
        }
        page = browser.get(&attempt.url).await.expect("a page");
    }
}

/// Orders these faults for one call, one after the other: each is named first, and no attempt that did not end well is green.
async fn are_named(operation: &str, faults: Vec<Ordered>) -> Vec<String> {
    let bench = Bench::open().await;
    let mut wrong = Vec::new();
    for (number, (mut order, verdict)) in faults.into_iter().enumerate() {
        let said = order.to_string();
        order["operation"] = operation.into();
        bench.demo.stage.desk.order(order).expect("a fault");
        let end = tokio::time::timeout(3 * PATIENCE, ends(&bench)).await;
        let end = end.unwrap_or_else(|_| panic!("{operation}, {said}: it never ended"));
        bench.demo.stage.desk.reset();
        let attempt = number as u64 + 1;
        let first = bench.verdicts(attempt).await.into_iter().next();
        let page = text(&bench.inspector(&format!("/attempts/{attempt}"))).await;
        let is_green = page.contains("No problems found.");
        if first.as_deref() != Some(verdict) || (is_green && end != "active") {
            wrong.push(format!(
                "{operation}, {said}: {end}, {first:?} instead of {verdict}, green: {is_green}"
            ));
        }
    }
    bench.demo.stop().await;
    wrong
}

#[tokio::test]
async fn every_fault_of_a_call_is_named_and_no_failure_is_green() {
    let all = [lasting(), passing()].concat();
    for kind in FAULT_KINDS {
        assert!(all.iter().any(|(order, _)| order["kind"] == kind), "{kind}");
    }
    let found = tokio::join!(
        are_named("checkEligibility", lasting()),
        are_named("checkEligibility", passing()),
        are_named("digitize", lasting()),
        are_named("digitize", passing()),
    );
    let wrong = [found.0, found.1, found.2, found.3].concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Plays one lie to a person: whether the report on their attempt, or on what belongs to none, begins with its verdict.
async fn is_named(bench: &Bench, lie: &Lie) -> Result<(), String> {
    bench.switch(Some(lie.id));
    let of_the_list = lie.verdict.starts_with("PP-LST");
    let attempt = if of_the_list {
        bench.demo.journal.clear();
        let _ = bench.demo.app.refresh_directory().await;
        0
    } else {
        let attempts = bench.demo.journal.attempts();
        attempts.last().map_or(0, |last| last.number) + 1
    };
    let mut browser = Browser::new();
    let mut walking = Box::pin(async {
        if !of_the_list {
            walk(bench, &mut browser).await;
        }
    });
    // Where nothing is wrong, nothing may be said in the end; else it may be said while the walk goes on.
    if lie.verdict.is_empty() {
        (&mut walking).await;
    }
    let looking = async {
        while bench.verdicts(attempt).await.first().map_or("", String::as_str) != lie.verdict {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let both = async {
        tokio::select! {
            () = looking => {}
            () = async { walking.await; std::future::pending::<()>().await }, if !lie.verdict.is_empty() => {}
        }
    };
    let named = tokio::time::timeout(PATIENCE, both).await;
    bench.switch(None);
    if named.is_ok() {
        return Ok(());
    }
    let report = text(&bench.inspector(&format!("/attempts/{attempt}/export/report.md"))).await;
    Err(format!("{}: {} is expected\n{report}", lie.id, lie.verdict))
}

/// Every lie in the simulators' own table leads to the verdict that the table names, and nothing stands before it. What is slow
/// for twelve seconds is seen for three, with the faults of each call.
#[tokio::test]
async fn every_lie_is_named_first() {
    let bench = Bench::open().await;
    let mut wrong = Vec::new();
    let (of_the_list, others): (Vec<&Lie>, Vec<&Lie>) = LIES.iter().partition(|lie| lie.verdict.starts_with("PP-LST"));
    assert!(of_the_list.len() > 2 && others.len() > 30);
    // Those of the list last: they leave a wallet that has less to choose from.
    for lie in others
        .into_iter()
        .chain(of_the_list)
        .filter(|lie| lie.id != "check-slow")
    {
        wrong.extend(is_named(&bench, lie).await.err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    bench.demo.stop().await;
}
