//! Accounts: a browser that was handed over belongs to one, so what began in one browser is finished in another.

use futures_util::future::join_all;
use serde_json::json;
use tidemark::cli::browser::{Browser, Page};

use crate::backend::{SIGN_IN_URL, authorized, credential};
use crate::wire::Ask;
use crate::world::{APPROVING, World, card, session_of};

const DAY_MS: i64 = 86_400_000;

async fn look(world: &World, browser: &mut Browser, path: &str) -> Page {
    browser.get(&world.at(path)).await.expect("an answer")
}

/// An attempt of ada's first browser and the address that her bank would send her back to.
async fn begun(world: &World, browser: &mut Browser) -> (Page, String) {
    let attempt = world.start(browser, APPROVING).await;
    let session = session_of(&attempt);
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let callback = world.callback(&session, &signed);
    (attempt, callback)
}

#[tokio::test]
async fn what_began_in_one_browser_is_finished_in_another_of_the_same_account() {
    let world = World::with_accounts().await;
    let (mut first, mut second) = (world.browser_of("ada").await, world.browser_of("ada").await);
    let (attempt, callback) = begun(&world, &mut first).await;
    let back = second.get(&callback).await.expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
    assert_eq!(session_of(&back), session_of(&attempt));
    world.work().await;
    let there = world.look(&mut first, &attempt).await;
    assert_eq!(there.state().as_deref(), Some("terms"), "the first one shows it");
    let here = world.look(&mut second, &attempt).await;
    let done = world.accept(&mut second, &here).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    assert_eq!(world.asked("digitize"), 1);
    let suffix = &world.stage.mdes.tokens()[0].account_suffix;
    for browser in [&mut first, &mut second] {
        let home = look(&world, browser, "/").await;
        assert!(home.text().contains(suffix.as_str()), "{}", home.text());
    }
    let live = look(&world, &mut first, &format!("/sessions/{}/live", session_of(&attempt))).await;
    assert_eq!(live.status, 200);
    let events = Ask::get(&format!("/sessions/{}/events", session_of(&attempt))).of(&first);
    assert_eq!(events.send_for_head(&world).await.status, 200);
}

#[tokio::test]
async fn another_account_is_refused_and_nothing_moves_towards_a_card() {
    let world = World::with_accounts().await;
    let (mut ada, mut bob) = (world.browser_of("ada").await, world.browser_of("bob").await);
    let (attempt, callback) = begun(&world, &mut ada).await;
    let refused = bob.get(&callback).await.expect("an answer");
    assert_eq!(
        (refused.status, refused.main_attribute("data-problem").as_deref()),
        (400, Some("other-browser"))
    );
    assert_eq!(world.quarantined().await, 1, "the receipt is used up for everybody");
    let calls = world.stage.mdes.calls().len();
    let again = ada.get(&callback).await.expect("an answer");
    assert_eq!(again.status, 400);
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls, "MDES is not asked");
    let waiting = world.look(&mut ada, &attempt).await;
    assert_eq!(waiting.state().as_deref(), Some("offered"));
    for path in ["", "/go", "/live", "/events"] {
        let path = format!("/sessions/{}{path}", session_of(&attempt));
        assert_eq!(look(&world, &mut bob, &path).await.status, 404, "{path}");
    }
    assert!(look(&world, &mut bob, "/").await.text().contains("No cards yet"));
}

#[tokio::test]
async fn a_browser_that_is_not_signed_in_is_refused_as_ever() {
    let world = World::with_accounts().await;
    let mut ada = world.browser_of("ada").await;
    let mut other = world.browser_of("ada").await;
    let home = look(&world, &mut other, "/").await;
    let left = world.send(&mut other, &home, "/signout", &[]).await;
    assert_eq!((left.status, left.forms().len()), (200, 0), "no button once signed out");
    for mut browser in [world.browser(), other] {
        let (attempt, callback) = begun(&world, &mut ada).await;
        let refused = browser.get(&callback).await.expect("an answer");
        assert_eq!(
            refused.main_attribute("data-problem").as_deref(),
            Some("other-browser"),
            "{}",
            refused.text()
        );
        let attempt = world.look(&mut ada, &attempt).await;
        assert_eq!(attempt.state().as_deref(), Some("offered"));
    }
    assert_eq!(world.asked("checkEligibility"), 0);
}

#[tokio::test]
async fn a_session_says_whether_it_is_an_account_s() {
    let world = World::with_accounts().await;
    let (mut ada, mut nobody) = (world.browser_of("ada").await, world.browser());
    for (browser, is_of_account) in [(&mut ada, true), (&mut nobody, false)] {
        let session = session_of(&world.start(browser, APPROVING).await);
        let rows = world
            .texts(&format!("SELECT body FROM sessions WHERE id = '{session}'"))
            .await;
        let body: serde_json::Value = serde_json::from_str(&rows[0]).expect("JSON");
        assert_eq!(body["is_of_account"], is_of_account);
    }
}

#[tokio::test]
async fn what_began_before_signing_in_stays_with_nobody() {
    let world = World::with_accounts().await;
    let mut browser = world.browser();
    let (attempt, callback) = begun(&world, &mut browser).await;
    world.sign_in(&mut browser, "ada").await;
    assert_eq!(world.look(&mut browser, &attempt).await.status, 404);
    assert_eq!(browser.get(&callback).await.expect("an answer").status, 400);
    assert_eq!(world.texts("SELECT state FROM sessions").await, ["offered"]);
}

#[tokio::test]
async fn signing_out_ends_it_in_this_browser_and_twice_is_once() {
    let world = World::with_accounts().await;
    let (mut first, mut second) = (world.browser_of("ada").await, world.browser_of("ada").await);
    let attempt = world.start(&mut first, APPROVING).await;
    let home = look(&world, &mut first, "/").await;
    assert!(home.text().contains("Sign out"));
    for _ in 0..2 {
        let left = world.send(&mut first, &home, "/signout", &[]).await;
        assert_eq!((left.status, left.url.as_str()), (200, world.at("/").as_str()));
        assert!(!left.text().contains("Sign out"));
    }
    assert_eq!(world.look(&mut first, &attempt).await.status, 404);
    assert_eq!(world.look(&mut second, &attempt).await.status, 200);
}

#[tokio::test]
async fn whoever_comes_after_signing_out_is_not_told_which_banks_were_used() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.accept(&mut browser, &terms).await;
    let picker = look(&world, &mut browser, "/issuers").await;
    assert!(picker.text().contains("Used before"), "{}", picker.text());
    assert_eq!(picker.headers["cache-control"], "no-store", "nothing is kept for Back");
    let home = look(&world, &mut browser, "/").await;
    world.send(&mut browser, &home, "/signout", &[]).await;
    let picker = look(&world, &mut browser, "/issuers").await;
    assert!(!picker.text().contains("Used before"), "{}", picker.text());
    assert_eq!(picker.headers["cache-control"], "private, no-cache");
}

#[tokio::test]
async fn a_hand_over_is_good_once() {
    let world = World::with_accounts().await;
    let url = world.hand_over("ada").await;
    let (mut first, mut second) = (world.browser(), world.browser());
    assert_eq!(first.get(&url).await.expect("an answer").status, 200);
    let before = world.sign_ins().await;
    for browser in [&mut second, &mut first] {
        let cookie = browser.cookie("localhost", "tidemark").map(str::to_owned);
        let again = browser.get(&url).await.expect("an answer");
        assert_eq!(
            (again.status, again.main_attribute("data-problem").as_deref()),
            (410, Some("handoff-over"))
        );
        assert_eq!(browser.cookie("localhost", "tidemark").map(str::to_owned), cookie);
        let main =
            |tag: &&tidemark::cli::browser::Tag| tag.attributes.get("class").is_some_and(|class| class == "button");
        assert_eq!(again.tags().iter().filter(main).count(), 1, "one primary action");
    }
    assert_eq!(world.sign_ins().await, before);
    assert!(look(&world, &mut first, "/").await.text().contains("Sign out"), "still");
    assert!(!look(&world, &mut second, "/").await.text().contains("Sign out"));
}

#[tokio::test]
async fn a_hand_over_is_good_for_two_minutes() {
    let world = World::with_accounts().await;
    let (in_time, too_late) = (world.hand_over("ada").await, world.hand_over("ada").await);
    let mut browser = world.browser();
    world.clock.advance(119_999);
    assert_eq!(browser.get(&in_time).await.expect("an answer").status, 200);
    world.clock.advance(1);
    let before = world.sign_ins().await;
    let mut other = world.browser();
    let late = other.get(&too_late).await.expect("an answer");
    assert_eq!(late.main_attribute("data-problem").as_deref(), Some("handoff-over"));
    assert_eq!(world.sign_ins().await, before);
    world.clock.advance(2 * DAY_MS);
    world.app.trim().await.expect("the store answers");
    let gone = other.get(&too_late).await.expect("an answer");
    assert_eq!(
        (gone.status, gone.main_attribute("data-problem").as_deref()),
        (404, Some("not-found"))
    );
}

#[tokio::test]
async fn who_comes_too_late_is_sent_to_sign_in_again() {
    let sign_in = "http://localhost:9/sign-in";
    let settings = [
        ("TIDEMARK_API__CREDENTIAL", credential()),
        ("TIDEMARK_API__SIGN_IN_URL", sign_in),
    ];
    let world = World::with(&settings).await;
    let url = world.hand_over("ada").await;
    let mut browser = world.browser();
    browser.get(&url).await.expect("an answer");
    let again = browser.get(&url).await.expect("an answer");
    assert_eq!(again.status, 410);
    assert_eq!(again.link("class", "button").as_deref(), Some(sign_in));
}

#[tokio::test]
async fn a_token_that_is_guessed_is_not_here() {
    let world = World::with_accounts().await;
    let url = world.hand_over("ada").await;
    let token = url.rsplit('/').next().expect("a token");
    let mut other = token.to_owned();
    let last = if other.pop() == Some('A') { 'B' } else { 'A' };
    other.push(last);
    let before = world.sign_ins().await;
    let mut browser = world.browser();
    look(&world, &mut browser, "/").await;
    let cookie = browser.cookie("localhost", "tidemark").expect("a cookie").to_owned();
    let fingerprint = before[0].split(' ').nth(1).expect("a fingerprint").to_owned();
    for guess in [
        "",
        "x",
        &other,
        &token[1..],
        &format!("{token}A"),
        &token.to_lowercase(),
        &cookie,
        &fingerprint,
        credential(),
    ] {
        let page = look(&world, &mut browser, &format!("/handoff/{guess}")).await;
        assert_eq!(page.status, 404, "{guess}");
    }
    assert_eq!(browser.cookie("localhost", "tidemark"), Some(&*cookie));
    assert_eq!(world.sign_ins().await, before);
}

#[tokio::test]
async fn of_many_arrivals_at_once_one_is_signed_in() {
    let world = World::with_accounts().await;
    for _ in 0..5 {
        let url = world.hand_over("ada").await;
        let target = url.strip_prefix(&world.url).expect("ours");
        let asks = (0..8).map(|_| async { Ask::get(target).send(&world).await.status });
        let mut statuses = join_all(asks).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
    }
    let rows = world.sign_ins().await;
    assert_eq!(rows.iter().filter(|row| row.starts_with("sign-in")).count(), 5);
}

#[tokio::test]
async fn what_only_looks_ahead_uses_nothing_up() {
    let world = World::with_accounts().await;
    let url = world.hand_over("ada").await;
    let target = url.strip_prefix(&world.url).expect("ours");
    let before = world.sign_ins().await;
    let get = || Ask::get(target);
    for ask in [
        Ask::new("HEAD", target),
        get().with("sec-purpose", "prefetch"),
        get().with("sec-purpose", "prefetch;prerender"),
        get().with("purpose", "prefetch"),
        get().with("sec-fetch-dest", "iframe"),
        get().with("sec-fetch-dest", "image"),
        get().with("sec-fetch-dest", "empty"),
    ] {
        let answer = ask.send(&world).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (204, None));
    }
    assert_eq!(world.sign_ins().await, before);
    let person = get()
        .with("sec-fetch-dest", "document")
        .with("sec-fetch-site", "cross-site");
    let answer = person.send(&world).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
}

#[tokio::test]
async fn signing_in_gives_a_new_cookie_and_the_old_one_is_nobody() {
    let world = World::with_accounts().await;
    let planted = "plantedplantedplantedplantedplantedplanted0";
    let mut browser = world.browser();
    browser.set_cookie("localhost", "tidemark", planted);
    let mut former = planted.to_owned();
    for _ in 0..2 {
        let url = world.hand_over("ada").await;
        let answer = Ask::get(url.strip_prefix(&world.url).expect("ours"))
            .of(&browser)
            .send(&world)
            .await;
        let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
        let secret = cookie
            .strip_prefix("tidemark=")
            .and_then(|rest| rest.strip_suffix("; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000"))
            .unwrap_or_else(|| panic!("{cookie}"));
        crate::trace::remember("cookie", secret);
        assert!(secret.len() == 43 && secret != former);
        let mut old = world.browser();
        old.set_cookie("localhost", "tidemark", &former);
        assert!(!look(&world, &mut old, "/").await.text().contains("Sign out"));
        browser.set_cookie("localhost", "tidemark", secret);
        assert!(look(&world, &mut browser, "/").await.text().contains("Sign out"));
        secret.clone_into(&mut former);
    }
    assert_eq!(world.texts("SELECT browser FROM sign_ins").await.len(), 1);
}

#[tokio::test]
async fn who_signs_in_after_another_finds_nothing_and_what_was_not_consented_to_is_cancelled() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    let mut home = world.browser_of("ada").await;
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"));
    let (offered, callback) = begun(&world, &mut browser).await;
    let returned = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 2)])
        .await;
    // The same person again: nothing happens to it.
    world.sign_in(&mut browser, "ada").await;
    assert_eq!(
        world.look(&mut home, &offered).await.state().as_deref(),
        Some("offered")
    );
    let stale = world.look(&mut browser, &offered).await;
    world.sign_in(&mut browser, "bob").await;
    for attempt in [&offered, &returned] {
        assert_eq!(world.look(&mut browser, attempt).await.status, 404);
        let there = world.look(&mut home, attempt).await;
        assert_eq!(there.state().as_deref(), Some("cancelled"), "{}", there.text());
    }
    assert_eq!(world.look(&mut home, &done).await.state().as_deref(), Some("active"));
    assert_eq!(world.look(&mut browser, &done).await.status, 404);
    let form = stale.form("/cancel").expect("a form of ada's page");
    let late = browser.submit(&stale, &form, &[]).await.expect("an answer");
    assert_eq!(late.status, 403, "a form of before");
    assert_eq!(browser.get(&callback).await.expect("an answer").status, 400);
    world.work().await;
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn a_sign_in_ends_after_thirty_days_however_much_it_is_used() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    for _ in 0..29 {
        world.clock.advance(DAY_MS);
        assert!(look(&world, &mut browser, "/").await.text().contains("Sign out"));
    }
    world.clock.advance(DAY_MS);
    assert!(!look(&world, &mut browser, "/").await.text().contains("Sign out"));
    world.clock.advance(1);
    world.app.trim().await.expect("the store answers");
    assert_eq!(world.sign_ins().await, [""; 0]);
}

#[tokio::test]
async fn when_nobody_can_say_who_it_is_nobody_is_taken_for_a_stranger() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    let attempt = world.start(&mut browser, APPROVING).await;
    let home = look(&world, &mut browser, "/").await;
    let before = world.books().await;
    world.tamper("ALTER TABLE sign_ins RENAME TO lost").await;
    for path in ["/", &format!("/sessions/{}", session_of(&attempt))] {
        let page = look(&world, &mut browser, path).await;
        assert_eq!(
            (page.status, page.main_attribute("data-problem").as_deref()),
            (503, Some("unavailable")),
            "{path}"
        );
    }
    let offer = look(&world, &mut browser, &format!("/issuers/{APPROVING}")).await;
    let started = world
        .send(&mut browser, &offer, "/sessions", &[("issuer", APPROVING)])
        .await;
    assert_eq!(started.status, 503, "a session of nobody's is not begun");
    assert_eq!(world.send(&mut browser, &home, "/signout", &[]).await.status, 503);
    let back = world.at(&format!("/callback/{}", session_of(&attempt)));
    assert_eq!(browser.get(&back).await.expect("an answer").status, 503);
    world.tamper("ALTER TABLE lost RENAME TO sign_ins").await;
    world.assert_unmoved(&before, "nobody knows who it is").await;
    assert_eq!(look(&world, &mut browser, "/").await.status, 200);
}

#[tokio::test]
async fn a_hand_over_leads_to_the_page_it_names() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    let attempt = world.start(&mut browser, APPROVING).await;
    let here = format!("/sessions/{}", session_of(&attempt));
    for path in ["/issuers", "/help", "/issuers/havorn-no", &here] {
        let body = serde_json::json!({ "subject": "ada", "path": path });
        let (_, handed) = world.tell_api("/api/v1/handoffs", body).await;
        let url = handed["url"].as_str().expect("an address");
        crate::trace::remember("handoff", url.rsplit('/').next().expect("a token"));
        let mut other = world.browser();
        let page = other.get(url).await.expect("an answer");
        assert_eq!((page.status, page.url), (200, world.at(path)));
    }
}

#[tokio::test]
async fn neither_a_name_nor_a_token_is_kept() {
    let world = World::with_accounts().await;
    let subject = "customer-8f1c2e7a";
    let url = world.hand_over(subject).await;
    let token = url.rsplit('/').next().expect("a token").to_owned();
    let mut browser = world.browser();
    browser.get(&url).await.expect("an answer");
    world.start(&mut browser, APPROVING).await;
    let kept = [world.sign_ins().await, world.books().await.rows].concat().join("\n");
    let secret = browser.cookie("localhost", "tidemark").expect("a cookie");
    for text in [subject, &token, secret] {
        assert!(!kept.contains(text), "{text} is in the database");
    }
}

#[tokio::test]
async fn without_a_credential_there_are_no_accounts() {
    let world = World::new().await;
    let before = world.books().await;
    for target in ["/handoff/x", "/api/v1/openapi.json", "/api/v1/cards?subject=ada"] {
        assert_eq!(authorized(Ask::get(target)).send(&world).await.status, 404, "{target}");
    }
    for target in ["/signout", "/api/v1/handoffs", "/api/v1/sessions"] {
        let empty = Ask::post(target, "").with("authorization", "Bearer ");
        assert_eq!(empty.send(&world).await.status, 404, "{target}");
    }
    assert!(!world.app.is_credential("") && !world.app.is_credential(credential()));
    world.assert_unmoved(&before, "there is no API").await;
}

/// Ada's attempt has come back in a browser that nobody is signed in with: its page, asking to sign in, and the ticket that
/// the sign-in page gets.
async fn came_elsewhere(world: &World, ada: &mut Browser) -> (Page, Browser, String) {
    let (attempt, callback) = begun(world, ada).await;
    let mut other = world.browser();
    let asked = other.get(&callback).await.expect("an answer");
    assert_eq!(
        (asked.status, asked.state().as_deref()),
        (200, Some("sign-in")),
        "{}",
        asked.text()
    );
    assert!(asked.text().contains("Sign in here to go on"));
    for of_the_card in ["Ada", "••••", "/logos/"] {
        assert!(!asked.text().contains(of_the_card), "{}", asked.text());
    }
    assert!(!asked.url.contains("pushAccountData"), "{}", asked.url);
    let tags = asked.tags();
    let mut links = tags.iter().filter_map(|tag| tag.attributes.get("href"));
    let sign_in = links.find_map(|link| link.strip_prefix(SIGN_IN_URL));
    let ticket = sign_in
        .and_then(|query| query.strip_prefix("?ticket="))
        .expect("a ticket");
    assert_eq!(ticket.len(), 32);
    assert!(
        !asked.url.contains(ticket),
        "who has the address has no ticket: {}",
        asked.url
    );
    let waiting = world.look(ada, &attempt).await;
    assert_eq!(waiting.state().as_deref(), Some("offered"));
    assert!(waiting.text().contains("in a different browser"), "{}", waiting.text());
    assert_eq!(world.quarantined().await, 0, "it is kept");
    (attempt, other, ticket.to_owned())
}

/// The sign-in page that got the ticket has signed somebody in.
async fn signed_in_with(world: &World, browser: &mut Browser, subject: &str, ticket: &str) -> Page {
    let url = world
        .hand_over_as(json!({ "subject": subject, "ticket": ticket }))
        .await;
    browser.get(&url).await.expect("an answer")
}

#[tokio::test]
async fn a_return_waits_where_it_came_until_its_own_account_signs_in_there() {
    let world = World::with_sign_in().await;
    let mut ada = world.browser_of("ada").await;
    let (attempt, mut other, ticket) = came_elsewhere(&world, &mut ada).await;
    let here = signed_in_with(&world, &mut other, "ada", &ticket).await;
    assert_eq!(session_of(&here), session_of(&attempt), "{}", here.text());
    assert_eq!(here.state().as_deref(), Some("returned"), "{}", here.text());
    world.work().await;
    let terms = world.look(&mut other, &attempt).await;
    let done = world.accept(&mut other, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    assert_eq!(world.look(&mut ada, &attempt).await.state().as_deref(), Some("active"));
    assert_eq!((world.asked("digitize"), world.parked().await.len()), (1, 0));
}

#[tokio::test]
async fn another_account_that_signs_in_there_gets_nothing_and_nobody_else_does_either() {
    let world = World::with_sign_in().await;
    let mut ada = world.browser_of("ada").await;
    let (attempt, mut other, ticket) = came_elsewhere(&world, &mut ada).await;
    let calls = world.stage.mdes.calls().len();
    let here = signed_in_with(&world, &mut other, "bob", &ticket).await;
    assert!(!here.url.contains("/sessions/"), "{}", here.url);
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls, "MDES is not asked");
    assert_eq!((world.quarantined().await, world.parked().await.len()), (1, 0));
    let again = signed_in_with(&world, &mut other, "ada", &ticket).await;
    assert!(
        !again.url.contains("/sessions/"),
        "it is of no use any more: {}",
        again.url
    );
    assert_eq!(world.look(&mut ada, &attempt).await.state().as_deref(), Some("offered"));
    assert_eq!(world.stage.mdes.calls().len(), calls);
}

/// The attack: Ada is Mallory, who sent the link. The victim's browser waits for a sign-in, and Mallory makes it open a
/// hand-over of his own; or he gets the address of the page that waits.
#[tokio::test]
async fn whoever_sent_the_link_cannot_sign_the_victims_browser_in_to_finish_it() {
    let world = World::with_sign_in().await;
    let mut mallory = world.browser_of("ada").await;
    let (attempt, mut victim, _) = came_elsewhere(&world, &mut mallory).await;
    let (_, _, of_another_return) = came_elsewhere(&world, &mut mallory).await;
    let calls = world.stage.mdes.calls().len();
    let address = world
        .texts("SELECT handle FROM parked_returns ORDER BY parked_at")
        .await;
    for handle in &address {
        let page = format!("/callback/{}?~parked={handle}", session_of(&attempt));
        let seen = look(&world, &mut mallory, &page).await;
        assert_eq!(seen.state().as_deref(), Some("offered"), "{}", seen.text());
    }
    // In a browser of his that nobody is signed in with, the address shows no ticket either, and it burns nothing.
    let here = format!(
        "SELECT handle FROM parked_returns WHERE session_id = '{}'",
        session_of(&attempt)
    );
    let page = format!(
        "/callback/{}?~parked={}",
        session_of(&attempt),
        world.texts(&here).await[0]
    );
    let mut signed_out = world.browser();
    look(&world, &mut signed_out, "/").await;
    let seen = look(&world, &mut signed_out, &page).await;
    assert_eq!(
        seen.main_attribute("data-problem").as_deref(),
        Some("other-browser"),
        "{}",
        seen.text()
    );
    assert!(!seen.body.contains("ticket"), "{}", seen.body);
    assert_eq!((world.quarantined().await, world.parked().await.len()), (0, 2));
    let still = look(&world, &mut victim, &page).await;
    assert_eq!(
        still.state().as_deref(),
        Some("sign-in"),
        "a reload where it came: {}",
        still.text()
    );
    // Each hand-over gives the browser a new secret, so each begins with the one that waits.
    let forged = world.sign_in(&mut victim.clone(), "ada").await;
    assert!(!forged.url.contains("/sessions/"), "{}", forged.url);
    let guessed = signed_in_with(&world, &mut victim, "ada", &of_another_return).await;
    assert!(!guessed.url.contains("/sessions/"), "{}", guessed.url);
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls, "MDES is not asked");
    assert_eq!(
        world.look(&mut mallory, &attempt).await.state().as_deref(),
        Some("offered")
    );
    for wrong in ["", "x", "0000000000000000000000000000000g"] {
        let (status, _) = world
            .tell_api("/api/v1/handoffs", json!({ "subject": "ada", "ticket": wrong }))
            .await;
        assert_eq!(status, 422, "{wrong}");
    }
}

#[tokio::test]
async fn what_waits_for_a_sign_in_waits_in_that_browser_and_as_long_as_its_session() {
    let world = World::with_sign_in().await;
    let mut ada = world.browser_of("ada").await;
    let (attempt, _, ticket) = came_elsewhere(&world, &mut ada).await;
    let mut third = world.browser();
    look(&world, &mut third, "/").await;
    let elsewhere = signed_in_with(&world, &mut third, "ada", &ticket).await;
    assert!(
        !elsewhere.url.contains("/sessions/"),
        "a third browser: {}",
        elsewhere.url
    );
    assert_eq!(world.look(&mut ada, &attempt).await.state().as_deref(), Some("offered"));

    let (late, mut other, ticket) = came_elsewhere(&world, &mut ada).await;
    world.pass(15 * 60 * 1_000).await;
    let here = signed_in_with(&world, &mut other, "ada", &ticket).await;
    assert!(!here.url.contains("/sessions/"), "too late: {}", here.url);
    assert_eq!(world.look(&mut ada, &late).await.state().as_deref(), Some("expired"));
    assert_eq!(world.asked("checkEligibility"), 0);
}
