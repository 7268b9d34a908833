//! Known secrets, fed through every flow that the demo can do: none of them is in anything that can be had of the journal.

use std::collections::BTreeSet;
use std::fs;

use tidemark::cli::attack::{Options, attack};
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::Turn;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ActivationKind, ISSUERS, Outcome, PEOPLE, card_by_id};
use tidemark::sim::control::FAULT_KINDS;
use tidemark::sim::lies::{LIES, Side};
use tidemark::workbench::verdict::Expectations;
use tidemark::workbench::{Journal, curl, replay};

use crate::bench::{APPROVING, Bench, TRID, session_of};
use crate::pushes;
use crate::recording::{through_the_bank, whole_way};
use crate::trace;

const MINUTE: i64 = 60_000;
/// A bank that sends a code.
const CODE_SENDING: &str = "quillwort-us";
/// The bank that asks for the wallet's code.
const CODE_ASKING: &str = "yildiztepe-tr";

/// The values that must not be found, with what they are.
#[derive(Default)]
pub struct Secrets(BTreeSet<(&'static str, String)>);

impl Secrets {
    pub fn add(&mut self, what: &'static str, value: &str) {
        assert!(value.len() >= 6, "{what} is too short to be looked for: {value}");
        self.0.insert((what, value.to_owned()));
    }

    pub fn cookies(&mut self, browser: &Browser) {
        for host in ["localhost", "127.0.0.1"] {
            for name in ["tidemark", "tidemark.click-to-pay"] {
                if let Some(cookie) = browser.cookie(host, name) {
                    self.add("cookie", cookie);
                }
            }
        }
    }

    pub fn page(&mut self, page: &Page) {
        for form in page.forms() {
            for (name, value) in form.fields.iter().filter(|(_, value)| value.len() >= 16) {
                if ["csrf", "start", "sitting"].contains(&name.as_str()) {
                    self.add("a form's token", value);
                }
            }
        }
    }

    pub fn callback(&mut self, address: &str) {
        let signed = address
            .split("pushAccountData=")
            .nth(1)
            .expect("signed")
            .split('&')
            .next()
            .expect("a value");
        self.add("JWS", signed);
        self.add("JWS payload", signed.split('.').nth(1).expect("a payload"));
        // With the algorithm `none`, nothing stands there; what is cut off has no third part.
        if let Some(signature) = signed.split('.').nth(2).filter(|signature| !signature.is_empty()) {
            self.add("JWS signature", signature);
        }
    }
}

/// Everything that can be had of the journal, as text.
fn everything(bench: &Bench) -> Vec<(&'static str, String)> {
    let journal = &bench.demo.journal;
    let messages = journal.messages();
    let mut all = vec![
        ("Debug", format!("{journal:?}")),
        (
            "JSON",
            serde_json::to_string(&messages.iter().map(AsRef::as_ref).collect::<Vec<_>>()).expect("JSON"),
        ),
        ("attempts", serde_json::to_string(&journal.attempts()).expect("JSON")),
    ];
    for message in &messages {
        all.extend(curl::of(message).map(|command| ("curl", command)));
    }
    let expected = Expectations::of(TRID, bench.at("/callback"));
    for attempt in journal.attempts() {
        let file = replay::write(journal, attempt.number, &expected).expect("a file");
        replay::load(&Journal::new(), file.as_bytes(), &expected).expect("it loads again");
        all.push(("replay", file));
    }
    all
}

/// What a browser gets of an address of the workbench.
async fn served(bench: &Bench, path: &str) -> String {
    let answer = bench.http().get(format!("{}{path}", bench.demo.workbench_url)).send();
    let answer = answer.await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("text")
}

/// Everything that a stream of events begins with, which is everything there is.
async fn streamed(bench: &Bench, attempt: u64) -> String {
    let address = format!("{}/attempts/{attempt}/events", bench.demo.workbench_url);
    let mut stream = bench.http().get(address).send().await.expect("a stream");
    let mut told = String::new();
    while !told.contains("event: verdict") {
        let chunk = stream.chunk().await.expect("a chunk").expect("more");
        told.push_str(&String::from_utf8_lossy(&chunk));
    }
    told
}

/// Every page, file and stream of the inspector.
async fn everything_served(bench: &Bench) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let messages = bench.demo.journal.messages();
    let last = bench.demo.journal.attempts().last().expect("an attempt").number;
    for path in ["/", "/console", "/search?q=session", "/search?q=receipt"] {
        all.push((path.to_owned(), served(bench, path).await));
    }
    for attempt in 0..=last {
        let own = messages
            .iter()
            .filter(|message| message.attempt.unwrap_or(0) == attempt);
        for message in own {
            let path = format!("/attempts/{attempt}/messages/{}", message.number);
            all.push((path.clone(), served(bench, &path).await));
        }
        let path = format!("/attempts/{attempt}");
        all.push((path.clone(), served(bench, &path).await));
        let files = ["har.json", "sequence.mmd", "report.md", "diagram.svg", "replay.json"];
        // What belongs to no attempt is no flow that could be played again.
        for file in files.iter().filter(|file| attempt > 0 || **file != "replay.json") {
            let path = format!("/attempts/{attempt}/export/{file}");
            all.push((path.clone(), served(bench, &path).await));
        }
        // Only of a push there are steps.
        let path = format!("/attempts/{attempt}/export/steps.md");
        let asked = bench.http().get(format!("{}{path}", bench.demo.workbench_url)).send();
        let steps = asked.await.expect("an answer").text().await.expect("text");
        all.push((path, steps));
        all.push((format!("events of {attempt}"), streamed(bench, attempt).await));
    }
    all
}

/// Goes to the bank with a code that must be typed before the terms.
async fn steps_up(bench: &Bench, browser: &mut Browser, secrets: &mut Secrets) {
    let card = format!("{CODE_SENDING}-ada-1");
    let kinds = vec![ActivationKind::Text, ActivationKind::Email];
    bench.demo.stage.bank.force_outcome(&card, Outcome::StepUp(kinds));
    let attempt = bench.begin(browser, CODE_SENDING).await;
    secrets.page(&attempt);
    let callback = bench.pushed(CODE_SENDING, &card, &session_of(&attempt)).await;
    secrets.callback(&callback);
    let back = browser.get(&callback).await.expect("a page");
    let terms = bench.until(browser, back, &["terms"]).await;
    let form = terms.form("/terms").expect("a form");
    let page = browser
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("a page");
    let page = bench.until(browser, page, &["step-up", "method"]).await;
    secrets.page(&page);
    let form = page.form("/method").expect("a form");
    let (_, method) = form
        .choices
        .iter()
        .find(|(name, _)| name == "method")
        .expect("a method")
        .clone();
    let page = browser
        .submit(&page, &form, &[("method", &method)])
        .await
        .expect("a page");
    bench
        .eventually(|| bench.demo.stage.bank.phone().iter().any(|told| told.code.is_some()))
        .await;
    let code = bench
        .demo
        .stage
        .bank
        .phone()
        .into_iter()
        .find_map(|told| told.code)
        .expect("a code");
    secrets.add("activation code", &code);
    let mut page = bench.until(browser, page, &["code"]).await;
    while page.form("/code").is_err() {
        page = browser.get(&page.url).await.expect("a page");
    }
    let form = page.form("/code").expect("a form");
    let page = browser.submit(&page, &form, &[("code", &code)]).await.expect("a page");
    bench.until(browser, page, &["active"]).await;
    browser
        .get(&format!("{}/phone", bench.demo.stage.bank_base))
        .await
        .expect("the phone");
}

/// The wallet's code, typed at the bank and signed by MDES.
async fn same_person(bench: &Bench, browser: &mut Browser, secrets: &mut Secrets) {
    let attempt = bench.begin(browser, CODE_ASKING).await;
    let tags = attempt.tags();
    let shown = tags.iter().find(|tag| tag.name == "data").expect("a code").attributes["value"].clone();
    secrets.add("same-person code", &shown);
    let bank = &bench.demo.stage.bank;
    let options = tidemark::sim::bank::PushOptions {
        authentication_code: Some(shown),
        ..Default::default()
    };
    let card = format!("{CODE_ASKING}-ada-1");
    let session = session_of(&attempt);
    let pushed = bank
        .push(CODE_ASKING, &[&card], Some(&session), TRID, None, options)
        .await
        .expect("pushed");
    let signed = pushed.signature.expect("signed");
    let callback = bench.at(&format!("/callback/{session}?pushAccountData={signed}"));
    secrets.callback(&callback);
    for receipt in &pushed.receipts {
        secrets.add("receipt", receipt);
    }
    let back = browser.get(&callback).await.expect("a page");
    bench.until(browser, back, &["terms"]).await;
}

/// Pushes a card as things are at this moment, and comes back with what MDES signed, if it signed anything.
async fn comes_back(bench: &Bench, browser: &mut Browser, card: &str, secrets: &mut Secrets) -> Option<Page> {
    let attempt = bench.begin(browser, APPROVING).await;
    let session = session_of(&attempt);
    secrets.cookies(browser);
    secrets.page(&attempt);
    let bank = &bench.demo.stage.bank;
    let pushed = bank
        .push(APPROVING, &[card], Some(&session), TRID, None, PushOptions::default())
        .await
        .ok()?;
    for receipt in &pushed.receipts {
        secrets.add("receipt", receipt);
    }
    let callback = bench.at(&format!("/callback/{session}?pushAccountData={}", pushed.signature?));
    secrets.callback(&callback);
    browser.get(&callback).await.ok()
}

/// Every lie of MDES, of the bank and of the road, as far as the cardholder gets with it.
async fn is_lied_to(bench: &Bench, secrets: &mut Secrets) {
    let mut sides = BTreeSet::new();
    for lie in LIES.iter().filter(|lie| !lie.verdict.starts_with("PP-LST")) {
        bench.switch(Some(lie.id));
        if comes_back(bench, &mut Browser::new(), &format!("{APPROVING}-ada-2"), secrets)
            .await
            .is_some()
        {
            sides.insert(format!("{:?}", lie.side));
        }
        bench.switch(None);
    }
    let all = [Side::Bank, Side::Mdes, Side::Road].map(|side| format!("{side:?}"));
    assert_eq!(sides, BTreeSet::from(all));
}

/// Every kind of fault when a card is digitized. An answer that is cut off holds secrets, and is no JSON.
async fn meets_faults(bench: &Bench, secrets: &mut Secrets) {
    let faults = format!("{}/_sim/faults", bench.demo.stage.bank_base);
    let digitized = || {
        let messages = bench.demo.journal.messages();
        messages.iter().filter(|message| message.label == "digitize").count()
    };
    // Silence holds nothing that could be shown, and being late is for other operations.
    let without = ["hang", "delay", "late"];
    for kind in FAULT_KINDS.into_iter().filter(|kind| !without.contains(kind)) {
        let mut browser = Browser::new();
        let card = format!("{APPROVING}-ada-1");
        let terms = comes_back(bench, &mut browser, &card, secrets).await.expect("terms");
        let terms = bench.until(&mut browser, terms, &["terms"]).await;
        let order = serde_json::json!({"operation": "digitize", "kind": kind, "count": 1});
        let asked = bench.http().post(&faults).header("content-type", "application/json");
        let ordered = asked.body(order.to_string()).send().await.expect("an answer");
        assert_eq!(ordered.status(), 201, "{kind}");
        let before = digitized();
        let form = terms.form("/terms").expect("a form");
        let accepted = browser.submit(&terms, &form, &[("action", "accept")]).await;
        accepted.expect("a page");
        bench.eventually(|| digitized() > before).await;
        let removed = bench.http().delete(&faults).send().await.expect("an answer");
        assert!(removed.status().is_success(), "{kind}");
    }
}

/// Some of everything that can be sent to a wallet without being asked.
async fn is_attacked(bench: &Bench) {
    let options = Options {
        only: Some("push-code*".to_owned()),
        ..Options::against(&bench.demo)
    };
    let report = attack(&options, |_| Ok(())).await.expect("a run");
    assert!(report.is_clean() && report.played.len() >= 5, "{}", report.summary());
}

/// Ways that end badly.
async fn goes_wrong(bench: &Bench, browser: &mut Browser, secrets: &mut Secrets) {
    let card = format!("{APPROVING}-ada-2");
    let attempt = bench.begin(browser, APPROVING).await;
    let session = session_of(&attempt);
    let callback = bench.pushed(APPROVING, &card, &session).await;
    secrets.callback(&callback);
    let query = callback.split_once('?').expect("a query").1.to_owned();
    let signed = query
        .split('=')
        .nth(1)
        .expect("a value")
        .split('&')
        .next()
        .expect("a value")
        .to_owned();
    secrets.add("JWS in lower case", &signed.to_lowercase());
    for address in [
        format!("/callback/{session}?{}", query.to_lowercase()),
        format!("/callback/{session}?{}", query.replace('.', "%252E")),
        format!("/callback/{session}?{signed}"),
        format!("/callback/{session}?x={signed}&{signed}=y"),
        format!("/callback/{session}?pushAccountData={}", &signed[..signed.len() - 9]),
        format!("/callback?{query}"),
        format!("/nothing/{signed}"),
        format!("/handoff/{signed}"),
    ] {
        browser.get(&bench.at(&address)).await.expect("an answer");
        Browser::new().get(&bench.at(&address)).await.expect("an answer");
    }
    // A bank that takes a card number for a name, an error that quotes one.
    let pan = card_by_id(&card).expect("a card").pan;
    for address in [
        format!("/issuers?q={pan}"),
        format!("/callback/{session}?result={pan}"),
        format!("/callback/{pan}"),
    ] {
        browser.get(&bench.at(&address)).await.expect("an answer");
    }
    let _ = bench.demo.stage.turn(Turn::Advance(16 * MINUTE));
    browser.get(&attempt.url).await.expect("a page");
}

#[tokio::test]
async fn nothing_that_must_not_be_known_is_in_the_journal() {
    trace::start();
    let bench = Bench::open().await;
    let mut secrets = Secrets::default();
    let mut browser = Browser::new();
    whole_way(&bench, &mut browser, APPROVING).await;
    steps_up(&bench, &mut browser, &mut secrets).await;
    same_person(&bench, &mut browser, &mut secrets).await;
    goes_wrong(&bench, &mut browser, &mut secrets).await;
    is_lied_to(&bench, &mut secrets).await;
    meets_faults(&bench, &mut secrets).await;
    is_attacked(&bench).await;
    pushes::from_the_bank_and_back(&bench, &mut secrets).await;
    pushes::goes_wrong(&bench, &mut secrets).await;
    let attempt = bench.begin(&mut browser, APPROVING).await;
    through_the_bank(&bench, &mut browser, &attempt).await;
    secrets.cookies(&browser);
    for issuer in ISSUERS {
        for person in PEOPLE {
            for card in issuer.cards(person) {
                secrets.add("card number", card.pan.as_ref());
                if let Some(contract) = &card.contract {
                    secrets.add("card contract", contract);
                }
            }
        }
    }
    for token in bench.demo.stage.mdes.tokens() {
        secrets.add("token", &token.token_unique_reference);
        secrets.add("receipt", &token.receipt);
        secrets.add("account", &token.pan_unique_reference);
        secrets.add("instance", &token.payment_app_instance_id);
    }
    for call in bench.demo.stage.mdes.calls() {
        if let Some(task) = call.task_id {
            secrets.add("task", &task);
        }
    }
    let places = bench.demo.places();
    for side in ["wallet", "click_to_pay", "issuer"] {
        let path = places[side]["consumer_key_file"].as_str().expect("a path");
        secrets.add("consumer key", fs::read_to_string(path).expect("a key").trim());
    }
    private_keys(&bench, &mut secrets);
    for attempt in bench.demo.journal.attempts() {
        assert!(attempt.session.shown.chars().count() <= 9, "{attempt:?}");
    }
    secrets.add("session", &session_of(&attempt));
    assert!(secrets.0.len() > 60, "{}", secrets.0.len());
    let mut all: Vec<(String, String)> = Vec::new();
    all.extend(
        everything(&bench)
            .into_iter()
            .map(|(place, text)| (place.to_owned(), text)),
    );
    assert!(all.len() > 100, "{}", all.len());
    let had = all.len();
    all.extend(everything_served(&bench).await);
    assert!(all.len() > had + 100, "{}", all.len());
    pushes::are_told(&all);
    let log = fs::read_to_string(trace::log_file()).expect("a log");
    assert!(log.contains("DEBUG"), "everything is logged");
    all.push(("the log".to_owned(), log));
    for (place, text) in &all {
        // An operator finds an attempt in the log by the id of its session, which opens nothing without the cookie.
        let is_shown = |what: &str| place == "the log" && what == "session";
        for (what, secret) in secrets.0.iter().filter(|(what, _)| !is_shown(what)) {
            assert!(
                !stands_in(text, secret),
                "{what} {secret} stands in {place}: {}",
                around(text, secret)
            );
        }
    }
    for (what, secret) in secrets.0.iter().filter(|(_, secret)| secret.len() > 10) {
        assert!(
            bench.demo.journal.search(secret).is_empty(),
            "{what} is found by searching"
        );
    }
}

/// A line out of the middle of each key that the demo made.
fn private_keys(bench: &Bench, secrets: &mut Secrets) {
    let config = bench.demo.places()["wallet"]["config_file"]
        .as_str()
        .expect("a path")
        .to_owned();
    let mut folders = vec![std::path::PathBuf::from(config).parent().expect("a folder").to_owned()];
    let mut keys = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            if text.contains("PRIVATE KEY") {
                secrets.add("private key", text.lines().nth(5).expect("a long key"));
                keys += 1;
            }
        }
    }
    assert!(keys > 4, "{keys}");
}

/// Whether a value stands in a text. Six digits stand in many a longer number by chance.
fn stands_in(text: &str, secret: &str) -> bool {
    let is_of_a_longer_one = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    text.match_indices(secret).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + secret.len()..].chars().next());
        secret.len() > 10 || !(is_of_a_longer_one(before) || is_of_a_longer_one(after))
    })
}

fn around(text: &str, secret: &str) -> String {
    let at = text.find(secret).unwrap_or_default();
    let before: String = text[..at].chars().rev().take(200).collect();
    before.chars().rev().collect()
}
