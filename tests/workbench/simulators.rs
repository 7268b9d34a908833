//! What the simulators do when their strings are pulled, seen from a wallet that runs.

use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::scenario::bank;

use crate::strings::{MINUTE, come_back, decide, pull, push, sign_in, to_the_end};
use crate::world::{APPROVING, TEXTING, World};

const CARD: &str = "havorn-no-ada-1";
const DAY: i64 = 24 * 60 * MINUTE;

fn state(page: &Page) -> String {
    page.state().unwrap_or_default()
}

/// From nothing to the terms of a card.
async fn to_terms(world: &World, browser: &mut Browser, issuer: &str) -> Page {
    let attempt = world.start(browser, issuer).await;
    let pushed = push(world, &[&format!("{issuer}-ada-1")], &attempt).await;
    let token = pushed["signature"].as_str().expect("signed").to_owned();
    let page = come_back(world, browser, &attempt, &token).await;
    assert_eq!(state(&page), "terms", "{}", page.text());
    page
}

/// Before the consent of a bank, with Ada's first card.
async fn to_consent(world: &World, browser: &mut Browser) -> Page {
    let attempt = world.start(browser, APPROVING).await;
    let cards = sign_in(browser, &attempt, "ada").await;
    bank::choose(browser, &cards, &[CARD]).await.expect("an answer")
}

#[tokio::test]
async fn a_flow_goes_on_at_a_simulator_that_was_given_the_books_of_another() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = to_terms(&world, &mut browser, TEXTING).await;
    let lost = to_terms(&world, &mut browser, APPROVING).await;
    let books = pull(&world, "GET", "/state", &Value::Null).await;
    let text = books.to_string();
    assert!(
        text.contains("quillwort-us-ada-1") && !text.contains("5455"),
        "accounts are named by their cards"
    );
    pull(&world, "POST", "/reset", &json!({})).await;
    let without = world.accept(&mut browser, &lost).await;
    let without = to_the_end(&world, &mut browser, without).await;
    assert_eq!(state(&without), "failed", "the books are gone");

    pull(&world, "PUT", "/state", &books).await;
    let code = world.accept(&mut browser, &terms).await;
    let code = to_the_end(&world, &mut browser, code).await;
    assert_eq!(state(&code), "code", "{}", code.text());
    let books = pull(&world, "GET", "/state", &Value::Null).await;
    pull(&world, "POST", "/reset", &json!({})).await;
    assert!(world.stage.mdes.tokens().is_empty() && world.stage.bank.phone().is_empty());
    pull(&world, "PUT", "/state", &books).await;
    assert_eq!(
        pull(&world, "GET", "/state", &Value::Null).await,
        books,
        "nothing is lost on the way"
    );
    let digits = world.code();
    let page = world.act(&mut browser, &code, "/code", &[("code", &digits)]).await;
    assert_eq!(state(&page), "active", "{}", page.text());
    assert_eq!(world.stage.mdes.tokens().len(), 1);
}

#[tokio::test]
async fn a_reset_leads_back_to_the_start_and_keeps_the_keys() {
    let world = World::new().await;
    let mut browser = world.browser();
    let kids = world.stage.mdes.receipt_keys();
    let at_first = pull(&world, "GET", "/knobs", &Value::Null).await;
    pull(&world, "PUT", "/knobs", &json!({"single_use": false, "session_in_jws": false, "code_mode": "bind", "receipts_validity_minutes": 5, "lie": "clock-off"})).await;
    pull(&world, "POST", "/faults", &json!({"operation": "*", "kind": "html"})).await;
    pull(&world, "PUT", "/issuers", &json!({"only": ["labedz-pl"]})).await;
    pull(&world, "PUT", "/outcomes", &json!({"card": CARD, "outcome": "decline"})).await;
    pull(&world, "POST", "/reset", &json!({})).await;
    assert_eq!(pull(&world, "GET", "/knobs", &Value::Null).await, at_first);
    assert_eq!(
        pull(&world, "GET", "/faults", &Value::Null).await,
        json!({"faults": []})
    );
    assert_eq!(
        pull(&world, "GET", "/skew", &Value::Null).await,
        json!({"mdes_ms": 0, "bank_ms": 0})
    );
    assert_eq!(pull(&world, "GET", "/issuers", &Value::Null).await["count"], 12);
    assert_eq!(world.stage.mdes.receipt_keys(), kids);
    let terms = to_terms(&world, &mut browser, APPROVING).await;
    let page = world.accept(&mut browser, &terms).await;
    assert_eq!(state(&page), "active", "{}", page.text());
}

#[tokio::test]
async fn what_is_counted_grows_whatever_becomes_of_the_books() {
    let world = World::new().await;
    let counts = async || {
        let counts = pull(&world, "GET", "/counts", &Value::Null).await;
        let of = |value: &Value| value.as_u64().unwrap_or(0);
        [
            of(&counts["calls"]["checkEligibility"]),
            of(&counts["tokens"]),
            of(&counts["emptied"]),
        ]
    };
    assert_eq!(counts().await, [0, 0, 0]);
    let mut browser = world.browser();
    let terms = to_terms(&world, &mut browser, APPROVING).await;
    assert_eq!(counts().await, [1, 0, 0]);
    let page = world.accept(&mut browser, &terms).await;
    let page = to_the_end(&world, &mut browser, page).await;
    assert_eq!(state(&page), "active", "{}", page.text());
    assert_eq!(counts().await, [1, 1, 0]);
    let books = pull(&world, "GET", "/state", &Value::Null).await;
    pull(&world, "POST", "/reset", &json!({})).await;
    assert!(world.stage.mdes.calls().is_empty());
    assert_eq!(counts().await, [1, 1, 1]);
    pull(&world, "PUT", "/state", &books).await;
    assert_eq!(counts().await, [1, 1, 2], "what was made elsewhere was not made here");
    to_terms(&world, &mut browser, APPROVING).await;
    assert_eq!(counts().await, [2, 1, 2]);
}

#[tokio::test]
async fn outcomes_are_what_the_bank_was_told() {
    for (outcome, wanted) in [
        (json!("approve"), "active"),
        (json!("decline"), "declined"),
        (json!("error"), "failed"),
        (json!({"step_up": ["text"]}), "code"),
        (json!({"step_up": ["call"]}), "step-up"),
        (Value::Null, "active"),
    ] {
        let world = World::new().await;
        let mut browser = world.browser();
        pull(&world, "PUT", "/outcomes", &json!({"card": CARD, "outcome": "decline"})).await;
        pull(&world, "PUT", "/outcomes", &json!({"card": CARD, "outcome": outcome})).await;
        let terms = to_terms(&world, &mut browser, APPROVING).await;
        let page = world.accept(&mut browser, &terms).await;
        let page = to_the_end(&world, &mut browser, page).await;
        assert_eq!(state(&page), wanted, "{outcome}: {}", page.text());
    }
}

#[tokio::test]
async fn the_list_of_banks_is_as_long_as_it_is_told() {
    let world = World::new().await;
    for (asked, count) in [
        (json!({"count": 0}), 0),
        (json!({"count": 3}), 3),
        (json!({"count": 500}), 500),
        (json!({"only": ["podoli-cz"]}), 1),
    ] {
        let answer = pull(&world, "PUT", "/issuers", &asked).await;
        assert_eq!(answer["count"], count);
        assert_eq!(world.stage.mdes.listed().len(), count);
    }
}

#[tokio::test]
async fn a_visitor_decides_what_happens_next_for_these_cards_and_this_time() {
    for (decision, wanted) in [
        ("as:approve", "active"),
        ("as:text", "code"),
        ("as:email", "code"),
        ("as:call", "step-up"),
        ("as:app", "step-up"),
        ("as:website", "step-up"),
        ("as:decline", "declined"),
        ("as:error", "failed"),
        ("lie:expired-receipt", "failed"),
        ("lie:tampered", "error"),
    ] {
        let world = World::new().await;
        let mut browser = world.browser();
        let consent = to_consent(&world, &mut browser).await;
        assert!(consent.text().contains("Decide what happens next"));
        let back = decide(&mut browser, &consent, &[("decision", decision)]).await;
        world.work().await;
        let page = browser.get(&back.url).await.expect("an answer");
        let page = if state(&back) == "error" {
            back
        } else {
            to_the_end(&world, &mut browser, page).await
        };
        assert_eq!(state(&page), wanted, "{decision}: {}", page.text());
        if decision == "as:decline" || decision == "lie:expired-receipt" {
            let consent = to_consent(&world, &mut browser).await;
            let back = decide(&mut browser, &consent, &[("decision", "add")]).await;
            world.work().await;
            let page = world.look(&mut browser, &back).await;
            let page = to_the_end(&world, &mut browser, page).await;
            assert_eq!(state(&page), "active", "the next time is as usual: {}", page.text());
        }
    }
}

#[tokio::test]
async fn nobody_decides_what_is_not_offered() {
    let world = World::new().await;
    let mut browser = world.browser();
    for decision in [
        "as:nonsense",
        "lie:nonsense",
        "lie:list-503",
        "lie:no-eligible-card",
        "nonsense",
    ] {
        let consent = to_consent(&world, &mut browser).await;
        let page = decide(&mut browser, &consent, &[("decision", decision)]).await;
        assert_eq!(page.status, 400, "{decision}");
    }
    assert_eq!(world.asked("pushMultipleAccounts"), 0);
}

#[tokio::test]
async fn a_bank_reminds_once_a_day_after_the_token_began_to_wait() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = to_terms(&world, &mut browser, TEXTING).await;
    let page = world.accept(&mut browser, &terms).await;
    to_the_end(&world, &mut browser, page).await;
    let messages = async || pull(&world, "GET", "/messages", &Value::Null).await;
    let before = messages().await["messages"].as_array().expect("a list").len();
    world.clock.advance(DAY - MINUTE);
    assert_eq!(messages().await["messages"].as_array().expect("a list").len(), before);
    world.clock.advance(MINUTE);
    let now = messages().await;
    assert_eq!(now["messages"].as_array().expect("a list").len(), before + 1);
    assert!(
        now["messages"][0]["text"]
            .as_str()
            .expect("words")
            .contains("is not ready in Test Wallet yet"),
        "{now}"
    );
    assert!(now["messages"][0]["code"].is_null() && now["waiting"][0]["reminded"] == true);
    let phone = browser
        .get(&format!("{}/phone", world.stage.bank_base))
        .await
        .expect("the phone");
    assert!(phone.text().contains("is not ready in Test Wallet yet"));
    world.clock.advance(3 * DAY);
    assert_eq!(
        messages().await["messages"].as_array().expect("a list").len(),
        before + 1,
        "once"
    );
}

#[tokio::test]
async fn notifications_to_the_wallet_are_lost_repeated_or_spoilt_on_demand() {
    for kind in ["drop", "lose-answer", "truncated", "empty", "wrong-json"] {
        let world = World::new().await;
        let mut browser = world.browser();
        pull(
            &world,
            "PUT",
            "/outcomes",
            &json!({"card": CARD, "outcome": {"step_up": ["call"]}}),
        )
        .await;
        let fault = json!({"operation": "notifyTokenUpdated", "kind": kind, "count": 1});
        pull(&world, "POST", "/faults", &fault).await;
        let terms = to_terms(&world, &mut browser, APPROVING).await;
        let page = world.accept(&mut browser, &terms).await;
        assert_eq!(state(&page), "step-up");
        let reference = world.stage.mdes.tokens()[0].token_unique_reference.clone();
        world.stage.bank.activate_token(&reference).await.expect("activated");
        world.work().await;
        let page = world.look(&mut browser, &page).await;
        assert_eq!(state(&page), "active", "{kind}: MDES tries again: {}", page.text());
        let faults = pull(&world, "GET", "/faults", &Value::Null).await;
        assert_eq!(faults["faults"][0]["struck"], 1, "{kind}");
    }
}
