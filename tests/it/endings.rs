//! Every story ends, and leaves no more behind than it must: what a stranger's reading of the code has found.

use tidemark::sim::mdes::Fault;

use crate::world::{APPROVING, TEXTING, World, card};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn one_unknown_task_after_a_long_silence_does_not_mean_that_nothing_was_added() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("digitize", Fault::LoseAnswer, 1);
    world.stage.mdes.inject("getTaskStatus", Fault::Status(503), 6);
    world
        .stage
        .mdes
        .inject("getTaskStatus", Fault::Errors("INVALID_TASK_ID".to_owned()), 1);
    let page = world.accept(&mut browser, &terms).await;
    for _ in 0..12 {
        world.pass(MINUTE / 2).await;
    }
    let page = browser.get(&page.url).await.expect("an answer");
    assert_eq!(page.state().as_deref(), Some("active"), "{}", page.text());
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn an_order_that_nobody_can_tell_about_is_given_up_without_a_claim() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("digitize", Fault::LoseAnswer, 1);
    world
        .stage
        .mdes
        .inject("searchTokens", Fault::Errors("INVALID_FIELD_VALUE".to_owned()), 100_000);
    let page = world.accept(&mut browser, &terms).await;
    assert_eq!(page.state().as_deref(), Some("digitizing"));
    for _ in 0..26 {
        world.pass(HOUR).await;
    }
    let page = browser.get(&page.url).await.expect("an answer");
    assert_eq!(page.state().as_deref(), Some("failed"));
    assert_eq!(page.main_attribute("data-problem").as_deref(), Some("unclear"));
    assert!(
        !page.text().contains("was not added and nothing was charged"),
        "{}",
        page.text()
    );
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn a_token_that_another_card_has_is_not_taken_a_second_time() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.accept(&mut browser, &terms).await;
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 2)])
        .await;
    world.stage.mdes.inject("digitize", Fault::LoseAnswer, 1);
    let page = world.accept(&mut browser, &terms).await;
    let tokens = world.stage.mdes.tokens();
    let new = &tokens
        .iter()
        .find(|token| token.status == "INACTIVE")
        .expect("a new token")
        .token_unique_reference;
    world
        .tamper(&format!(
            "UPDATE cards SET token_reference = '{new}' WHERE state = 'active'"
        ))
        .await;
    for _ in 0..20 {
        world.pass(MINUTE).await;
    }
    let page = browser.get(&page.url).await.expect("an answer");
    assert_eq!(
        page.state().as_deref(),
        Some("declined"),
        "no token is left for it: {}",
        page.text()
    );
}

#[tokio::test]
async fn a_code_does_not_rest_in_the_database_after_a_crash() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    let form = page.form("/code").expect("a form");
    browser
        .submit(&page, &form, &[("code", "12345678")])
        .await
        .expect("an answer");
    let sealed = "SELECT COALESCE(code_sealed, 'none') FROM cards";
    assert_ne!(world.texts(sealed).await, ["none"], "it is on its way");
    // As a process leaves it that was killed with the request under way.
    world
        .tamper("UPDATE effects SET status = 'sent', sent_at = prepared_at WHERE operation = 'activate'")
        .await;
    world.stage.mdes.inject("getToken", Fault::Status(503), 10_000);
    world.pass(MINUTE).await;
    assert_eq!(world.texts(sealed).await, ["none"]);
}

#[tokio::test]
async fn coming_back_to_ones_cards_renews_the_cookie_and_keeps_the_wallet() {
    let world = World::new().await;
    let mut browser = world.browser();
    let first = browser.get(&world.at("/")).await.expect("an answer");
    let second = browser.get(&world.at("/")).await.expect("an answer");
    let cookie = |page: &tidemark::cli::browser::Page| page.headers.get("set-cookie").cloned();
    assert!(cookie(&first).is_some());
    assert_eq!(cookie(&first), cookie(&second), "the same secret for another year");
}

#[tokio::test]
async fn what_never_came_into_the_wallet_is_forgotten_and_what_did_stays() {
    let world = World::new().await;
    let mut browser = world.browser();
    for place in [1, 3] {
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", place)])
            .await;
        world.accept(&mut browser, &terms).await;
    }
    let states = "SELECT state FROM cards ORDER BY state";
    assert_eq!(world.texts(states).await, ["active", "declined"]);
    world.clock.advance(31 * DAY);
    world.app.trim().await.expect("the store answers");
    assert_eq!(world.texts(states).await, ["active"]);
    assert_eq!(world.texts("SELECT state FROM sessions").await, ["active"]);
    assert_eq!(world.texts("SELECT operation FROM effects").await, ["digitize"]);
    assert_eq!(
        world.texts("SELECT fingerprint FROM receipts").await.len(),
        2,
        "receipts are remembered for longer"
    );
    world.clock.advance(60 * DAY);
    world.app.trim().await.expect("the store answers");
    assert!(world.texts("SELECT fingerprint FROM receipts").await.is_empty());
    assert!(
        !world.texts("SELECT body FROM sessions").await[0].contains("192."),
        "no address is kept"
    );
}
