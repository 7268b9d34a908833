//! Many at once: one of them happens, and the others are told the truth.

use std::collections::BTreeSet;

use tidemark::cli::browser::{Browser, Page};
use tidemark::http;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::trace;
use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, TEXTING, World, card, session_of};

/// Sends all of them at once and waits for every answer, in the order in which they came.
pub async fn at_once(world: &World, asks: Vec<Ask>) -> Vec<Answer> {
    let addresses = vec![world.authority().to_owned()];
    at_once_to(world, &addresses, asks).await
}

/// The same, dealt out to several addresses in turn.
async fn at_once_to(world: &World, addresses: &[String], asks: Vec<Ask>) -> Vec<Answer> {
    let start = std::sync::Arc::new(tokio::sync::Barrier::new(asks.len()));
    let mut tasks = JoinSet::new();
    for (index, ask) in asks.into_iter().enumerate() {
        let (start, address) = (start.clone(), addresses[index % addresses.len()].clone());
        let bytes = ask.bytes(world.authority());
        tasks.spawn(async move {
            start.wait().await;
            crate::wire::exchange(&address, &bytes, false).await
        });
    }
    tasks.join_all().await
}

/// Where the instances of the wallet on one database answer: two on PostgreSQL, one where the file has one owner.
struct Instances {
    apps: Vec<tidemark::app::App>,
    addresses: Vec<String>,
    servers: JoinSet<()>,
}

impl Instances {
    async fn of(world: &World) -> Self {
        let mut instances = Self {
            apps: vec![world.app.clone()],
            addresses: vec![world.authority().to_owned()],
            servers: JoinSet::new(),
        };
        if world.is_on_postgres() {
            let second = world.second_instance().await;
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            instances
                .addresses
                .push(listener.local_addr().expect("an address").to_string());
            let router = http::router(second.clone());
            let serving = http::serve(listener, router, world.config.limits, std::future::pending());
            instances.servers.spawn(serving);
            instances.apps.push(second);
        }
        instances
    }

    /// So many workers, of all instances in turn, do everything that is due.
    async fn work(&self, workers: usize) {
        let mut tasks = JoinSet::new();
        for app in self.apps.iter().cycle().take(workers) {
            let app = app.clone();
            tasks.spawn(async move { while app.run_due().await.expect("the store answers") {} });
        }
        tasks.join_all().await;
    }
}

async fn started(world: &World, issuer: &str) -> (Browser, String) {
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, issuer).await;
    let session = session_of(&attempt);
    (browser, session)
}

fn coming_back(session: &str, token: &str, browser: &Browser) -> Ask {
    Ask::get(&format!("/callback/{session}?pushAccountData={token}")).of(browser)
}

fn form(browser: &Browser, world: &World, path: &str, fields: &str) -> Ask {
    let csrf = world
        .app
        .csrf_token(browser.cookie("localhost", "tidemark").expect("a cookie"));
    trace::remember("csrf", &csrf);
    Ask::post(path, format!("csrf={csrf}{fields}")).of(browser)
}

async fn page_of(world: &World, browser: &Browser, session: &str) -> Page {
    let page = browser.clone().get(&world.at(&format!("/sessions/{session}"))).await;
    page.expect("an answer")
}

/// Every answer is a 303 to this session's page.
fn assert_all_sent_on(answers: &[Answer], session: &str) {
    let wanted = format!("/sessions/{session}");
    for answer in answers {
        let location = answer.header("location");
        assert_eq!(
            (answer.status, location),
            (303, Some(wanted.as_str())),
            "{}",
            answer.text()
        );
    }
}

async fn version_of(world: &World, session: &str) -> i64 {
    let sql = format!("SELECT CAST(version AS TEXT) FROM sessions WHERE id = '{session}'");
    world.texts(&sql).await[0].parse().expect("a number")
}

/// No order for a token was ever given twice, whoever gave it.
fn assert_no_task_twice(world: &World) {
    let calls = world.stage.mdes.calls();
    let tasks: Vec<&String> = calls
        .iter()
        .filter(|call| call.operation == "digitize")
        .map(|call| call.task_id.as_ref().expect("a task"))
        .collect();
    let distinct: BTreeSet<&&String> = tasks.iter().collect();
    assert_eq!(distinct.len(), tasks.len(), "a task was given twice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_copies_of_one_return_move_the_session_once() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    let (mut browser, session) = started(&world, APPROVING).await;
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let before = version_of(&world, &session).await;
    let copies = vec![coming_back(&session, &token, &browser); 100];
    let answers = at_once_to(&world, &instances.addresses, copies).await;
    assert_all_sent_on(&answers, &session);
    assert_eq!(version_of(&world, &session).await, before + 1, "one transition");
    assert_eq!(world.texts("SELECT id FROM cards").await.len(), 1);
    world.work().await;
    let terms = page_of(&world, &browser, &session).await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    assert_eq!((world.asked("checkEligibility"), world.asked("digitize")), (1, 1));
    assert_eq!(world.stage.mdes.tokens().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_receipt_that_is_offered_to_two_sessions_at_once_is_taken_by_one_and_the_other_is_told() {
    let world = World::new().await;
    world.stage.mdes.set_session_in_jws(false);
    let instances = Instances::of(&world).await;
    let mut winners = BTreeSet::new();
    for round in 0..25 {
        let (ada, first) = started(&world, APPROVING).await;
        let (ben, second) = started(&world, APPROVING).await;
        let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &first).await;
        // Several copies to each, so that the two really meet.
        let mut asks = Vec::new();
        for _ in 0..4 {
            asks.push(coming_back(&first, &token, &ada));
            asks.push(coming_back(&second, &token, &ben));
        }
        if round % 2 == 1 {
            asks.reverse();
        }
        let answers = at_once_to(&world, &instances.addresses, asks).await;
        let ends = [
            page_of(&world, &ada, &first).await,
            page_of(&world, &ben, &second).await,
        ];
        let states = ends.each_ref().map(|page| page.state().expect("a state"));
        let winner = states.iter().position(|state| state == "returned").expect("one wins");
        assert_eq!(states[1 - winner], "offered", "round {round}: the other is as it was");
        let won = answers.iter().filter(|answer| answer.status == 303).count();
        let told = answers
            .iter()
            .filter(|answer| answer.problem().as_deref() == Some("foreign-receipt"));
        assert_eq!(
            (won, told.filter(|answer| answer.status == 400).count()),
            (4, 4),
            "round {round}"
        );
        winners.insert(winner);
    }
    assert_eq!(world.texts("SELECT id FROM cards").await.len(), 25);
    world.work().await;
    assert_eq!(world.asked("checkEligibility"), 25);
    println!("winners: {winners:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_returns_at_once_with_the_same_five_receipts_in_any_order_are_one() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    for _ in 0..5 {
        let receipts: Vec<String> = (0..5)
            .map(|_| format!("MCC-STL-{}", uuid::Uuid::from_bytes(tidemark::clock::random_bytes())))
            .collect();
        let mut asks = Vec::new();
        let mut sessions = Vec::new();
        for turn in 0..16_usize {
            let (browser, session) = started(&world, APPROVING).await;
            let mut order = receipts.clone();
            order.rotate_left(turn % 5);
            if turn % 2 == 1 {
                order.reverse();
            }
            let payload = serde_json::json!({ "pushAccountReceipts": order }).to_string();
            asks.push(coming_back(
                &session,
                &world.stage.mdes.sign_push_account_data(&payload),
                &browser,
            ));
            sessions.push((browser, session));
        }
        let answers = at_once_to(&world, &instances.addresses, asks).await;
        let won = answers.iter().filter(|answer| answer.status == 303).count();
        let told = answers
            .iter()
            .filter(|answer| answer.status == 400 && answer.problem().as_deref() == Some("foreign-receipt"));
        assert_eq!((won, told.count()), (1, 15));
        let mut returned = 0;
        for (browser, session) in &sessions {
            returned += usize::from(page_of(&world, browser, session).await.state().as_deref() == Some("returned"));
        }
        assert_eq!(returned, 1);
    }
    assert_eq!(world.texts("SELECT id FROM cards").await.len(), 25);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_different_sessions_that_return_at_once_all_go_on() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    let mut asks = Vec::new();
    let mut sessions = Vec::new();
    for _ in 0..16 {
        let (browser, session) = started(&world, APPROVING).await;
        let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
        asks.push(coming_back(&session, &token, &browser));
        sessions.push((browser, session));
    }
    let answers = at_once_to(&world, &instances.addresses, asks).await;
    assert!(answers.iter().all(|answer| answer.status == 303));
    instances.work(8).await;
    for (browser, session) in &sessions {
        assert_eq!(
            page_of(&world, browser, session).await.state().as_deref(),
            Some("terms")
        );
    }
    assert_eq!(world.asked("checkEligibility"), 16);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_clicks_on_accept_order_one_token() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let session = session_of(&terms);
    let fields = terms.form("/terms").expect("a form").fields;
    let shown = fields
        .iter()
        .find(|(name, _)| name == "shown")
        .expect("what was shown")
        .1
        .clone();
    let click = form(
        &browser,
        &world,
        &format!("/sessions/{session}/terms"),
        &format!("&action=accept&shown={shown}"),
    );
    let answers = at_once_to(&world, &instances.addresses, vec![click; 100]).await;
    assert_all_sent_on(&answers, &session);
    assert_eq!(world.texts("SELECT request_id FROM effects").await.len(), 1);
    instances.work(16).await;
    world.work().await;
    assert_eq!(
        page_of(&world, &browser, &session).await.state().as_deref(),
        Some("active")
    );
    assert_eq!((world.asked("digitize"), world.stage.mdes.tokens().len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accepting_and_declining_at_once_is_one_of_the_two() {
    let world = World::new().await;
    let mut ends = BTreeSet::new();
    for round in 0..10 {
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let session = session_of(&terms);
        let fields = terms.form("/terms").expect("a form").fields;
        let shown = fields
            .iter()
            .find(|(name, _)| name == "shown")
            .expect("what was shown")
            .1
            .clone();
        let path = format!("/sessions/{session}/terms");
        let accept = form(&browser, &world, &path, &format!("&action=accept&shown={shown}"));
        let decline = form(&browser, &world, &path, "&action=decline");
        let mut asks = vec![accept.clone(), decline.clone(), accept, decline];
        asks.rotate_left(round % 2);
        let digitized = world.asked("digitize");
        assert_all_sent_on(&at_once(&world, asks).await, &session);
        world.work().await;
        let state = page_of(&world, &browser, &session).await.state().expect("a state");
        let ordered = world.asked("digitize") - digitized;
        match state.as_str() {
            "active" => assert_eq!(ordered, 1, "round {round}"),
            "cancelled" => assert_eq!(ordered, 0, "round {round}"),
            other => panic!("round {round}: {other}"),
        }
        ends.insert(state);
    }
    println!("ends: {ends:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn stopping_and_coming_back_at_once_is_one_of_the_two_and_never_a_token() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    let mut ends = BTreeSet::new();
    for round in 0..20 {
        let (browser, session) = started(&world, APPROVING).await;
        let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
        let cancel = form(&browser, &world, &format!("/sessions/{session}/cancel"), "");
        let back = coming_back(&session, &token, &browser);
        let mut asks = vec![cancel.clone(), back.clone(), cancel, back];
        asks.rotate_left(round % 4);
        let answers = at_once_to(&world, &instances.addresses, asks).await;
        // Who comes back to a session that was stopped after it had returned brings a receipt that it knows: 303 too.
        assert_all_sent_on(&answers, &session);
        world.work().await;
        // Both may stop it: a session that has returned can still be stopped.
        let state = page_of(&world, &browser, &session).await.state().expect("a state");
        assert_eq!(state, "cancelled", "round {round}");
        let sql = format!("SELECT state FROM cards WHERE session_id = '{session}'");
        let cards = world.texts(&sql).await;
        assert!(
            cards.iter().all(|state| state == "deactivated"),
            "round {round}: {cards:?}"
        );
        ends.insert(cards.len());
    }
    assert_eq!(world.asked("digitize"), 0);
    assert_eq!(world.asked("checkEligibility"), 0);
    println!("cards: {ends:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_code_that_is_submitted_many_times_at_once_is_judged_once() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    let session = session_of(&page);
    let code = world.stage.bank.phone()[0].code.clone().expect("a code on the phone");
    let path = format!("/sessions/{session}/code");
    let right = form(&browser, &world, &path, &format!("&code={code}"));
    let answers = at_once_to(&world, &instances.addresses, vec![right; 16]).await;
    assert_all_sent_on(&answers, &session);
    instances.work(8).await;
    world.work().await;
    assert_eq!(
        page_of(&world, &browser, &session).await.state().as_deref(),
        Some("active")
    );
    assert_eq!(world.asked("activate"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_that_are_submitted_at_once_cost_one_try() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    let session = session_of(&page);
    let path = format!("/sessions/{session}/code");
    let guesses = (0..50).map(|guess| {
        form(
            &browser,
            &world,
            &path,
            &format!("&code={:06}", guess * 7919 % 1_000_000),
        )
    });
    let answers = at_once(&world, guesses.collect()).await;
    assert_all_sent_on(&answers, &session);
    world.work().await;
    assert_eq!(world.asked("activate"), 1, "fifty guesses at once are one guess");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_workers_on_one_due_session_do_each_thing_once() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    for round in 0..5 {
        let mut browser = world.browser();
        let attempt = world.start(&mut browser, APPROVING).await;
        let session = session_of(&attempt);
        let cards = [card(APPROVING, "ada", 1), card(APPROVING, "ada", 2)];
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let token = world.push(APPROVING, &cards, &session).await;
        browser.get(&world.callback(&session, &token)).await.expect("an answer");
        instances.work(16).await;
        let terms = page_of(&world, &browser, &session).await;
        assert_eq!(
            terms.state().as_deref(),
            Some("terms"),
            "round {round}: {}",
            terms.text()
        );
        let accept = terms.form("/terms").expect("a form");
        browser
            .submit(&terms, &accept, &[("action", "accept")])
            .await
            .expect("an answer");
        instances.work(16).await;
        world.work().await;
        assert_eq!(world.asked("checkEligibility"), 2 * (round + 1));
        assert_eq!(world.asked("digitize"), 2 * (round + 1), "round {round}");
        assert_no_task_twice(&world);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_worker_whose_lease_ran_out_cannot_order_a_second_time() {
    let world = World::new().await;
    let instances = Instances::of(&world).await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let session = session_of(&terms);
    let accept = terms.form("/terms").expect("a form");
    let slow = tidemark::sim::mdes::Fault::Delay(std::time::Duration::from_millis(400));
    world.stage.mdes.inject("digitize", slow, 1);
    browser
        .submit(&terms, &accept, &[("action", "accept")])
        .await
        .expect("an answer");
    let (first, second) = (
        instances.apps[0].clone(),
        instances.apps[instances.apps.len() - 1].clone(),
    );
    let asked = || world.asked("digitize");
    let slow = tokio::spawn(async move { first.run_due().await });
    while asked() == 0 {
        tokio::task::yield_now().await;
    }
    // The lease is over while the order is still under way; somebody else takes the session.
    world.clock.advance(60_000);
    while second.run_due().await.expect("the store answers") {}
    slow.await.expect("no panic").expect("the store answers");
    for _ in 0..8 {
        world.pass(30_000).await;
    }
    assert_eq!(world.asked("digitize"), 1, "it is asked about, never repeated");
    assert_no_task_twice(&world);
    assert_eq!(
        page_of(&world, &browser, &session).await.state().as_deref(),
        Some("active")
    );
    assert_eq!(world.stage.mdes.tokens().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_starts_at_once_leave_no_more_open_than_a_browser_may_have() {
    let world = World::with(&[("TIDEMARK_SESSION__PER_BROWSER_MAX", "8")]).await;
    let mut browser = world.browser();
    browser.get(&world.at("/")).await.expect("an answer");
    for _ in 0..12 {
        world.start(&mut browser, APPROVING).await;
    }
    let open = "SELECT id FROM sessions WHERE state IN ('offered', 'launched', 'terms')";
    assert_eq!(world.texts(open).await.len(), 8, "the oldest make room");
    let start = form(&browser, &world, "/sessions", &format!("&issuer={APPROVING}"));
    let answers = at_once(&world, vec![start; 32]).await;
    assert!(
        answers.iter().all(|answer| answer.status == 303),
        "{:?}",
        answers.iter().map(|a| a.status).collect::<Vec<_>>()
    );
    world.start(&mut browser, APPROVING).await;
    assert_eq!(world.texts(open).await.len(), 8, "and again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_taps_on_one_row_begin_one_attempt_and_another_page_begins_another() {
    let world = World::new().await;
    let mut browser = world.browser();
    let count = "SELECT id FROM sessions";
    let picker = browser.get(&world.at("/issuers")).await.expect("an answer");
    let start = picker.form("/sessions").expect("the rows");
    let (_, page) = start.fields.iter().find(|(name, _)| name == "start").expect("its name");
    let tap = form(
        &browser,
        &world,
        "/sessions",
        &format!("&issuer={APPROVING}&mtp=&start={page}"),
    );
    let answers = at_once(&world, vec![tap.clone(); 16]).await;
    let leads_to = |answer: &Answer| (answer.status, answer.header("location").map(str::to_owned));
    let first = leads_to(&answers[0]);
    assert_eq!(first.0, 303, "{first:?}");
    assert!(
        answers.iter().all(|answer| leads_to(answer) == first),
        "one attempt for all"
    );
    assert_eq!(leads_to(&tap.send(&world).await), first, "later too");
    assert_eq!(world.texts(count).await.len(), 1);
    let other = form(
        &browser,
        &world,
        "/sessions",
        &format!("&issuer={TEXTING}&start={page}"),
    );
    assert_ne!(
        leads_to(&other.send(&world).await),
        first,
        "another bank of the same page"
    );
    world.start(&mut browser, APPROVING).await;
    assert_eq!(world.texts(count).await.len(), 3, "the same bank from another page");
    let mut stranger = world.browser();
    stranger.get(&world.at("/issuers")).await.expect("an answer");
    let theirs = form(
        &stranger,
        &world,
        "/sessions",
        &format!("&issuer={APPROVING}&start={page}"),
    );
    assert_ne!(
        leads_to(&theirs.send(&world).await),
        first,
        "another browser with the page's name"
    );
    let long = "a".repeat(33);
    for wrong in ["a%20b", "a.b", long.as_str()] {
        let refused = form(
            &browser,
            &world,
            "/sessions",
            &format!("&issuer={APPROVING}&start={wrong}"),
        );
        assert_eq!(refused.send(&world).await.status, 422, "{wrong}");
    }
    assert_eq!(world.texts(count).await.len(), 4);
}
