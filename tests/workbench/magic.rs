//! Every value with a fixed ending, the whole way by HTTP.

use std::time::Duration;

use serde_json::json;
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::magic::{Kind, MAGIC, Magic};

use crate::strings::{choose_all, come_back, decide, pull, push, sign_in, to_the_end, with};
use crate::world::{APPROVING, World, session_of};

async fn of_a_person(world: &World, browser: &mut Browser, person: &str) -> Page {
    let attempt = world.start(browser, APPROVING).await;
    let cards = sign_in(browser, &attempt, person).await;
    let chooses = cards
        .forms()
        .iter()
        .any(|form| form.choices.iter().any(|(name, _)| name == "card"));
    if person == "cleo" {
        let leave = with(&cards, "result");
        return browser
            .submit(&cards, &leave, &[("result", "DECLINED")])
            .await
            .expect("an answer");
    }
    assert!(chooses, "{}", cards.text());
    let consent = if person == "ada" {
        let form = with(&cards, "card");
        browser
            .submit(&cards, &form, &[("card", "havorn-no-ada-1")])
            .await
            .expect("an answer")
    } else {
        choose_all(browser, &cards).await
    };
    let back = decide(browser, &consent, &[("decision", "add")]).await;
    world.work().await;
    world.look(browser, &back).await
}

async fn of_a_card(world: &World, browser: &mut Browser, issuer: &str, card: &str) -> Page {
    let attempt = world.start(browser, issuer).await;
    let pushed = push(world, &[card], &attempt).await;
    come_back(world, browser, &attempt, pushed["signature"].as_str().expect("signed")).await
}

/// A receipt that nobody pushed, signed as if somebody had.
async fn of_a_receipt(world: &World, browser: &mut Browser, receipt: &str) -> Page {
    let attempt = world.start(browser, APPROVING).await;
    let payload = json!({
        "pushAccountReceipts": [receipt],
        "completeWebsiteActivation": true,
        "accountHolderDataSupplied": false,
        "tokenRequestorSessionId": session_of(&attempt),
    });
    let signed = pull(world, "POST", "/sign", &json!({ "payload": payload })).await;
    come_back(world, browser, &attempt, signed["token"].as_str().expect("a token")).await
}

async fn goes(row: &Magic) -> (World, Page) {
    let world = World::new().await;
    world.stage.bank.set_slowness(Duration::from_millis(50));
    let mut browser = world.browser();
    let page = match row.kind {
        Kind::Bank => of_a_card(&world, &mut browser, row.value, &format!("{}-ada-1", row.value)).await,
        Kind::Person => of_a_person(&world, &mut browser, row.value).await,
        Kind::Card => of_a_card(&world, &mut browser, APPROVING, row.value).await,
        Kind::Receipt => of_a_receipt(&world, &mut browser, row.value).await,
    };
    let page = to_the_end(&world, &mut browser, page).await;
    (world, page)
}

async fn ends_as_the_table_says(kind: Kind) {
    let mut wrong = Vec::new();
    for row in MAGIC.iter().filter(|row| row.kind == kind) {
        let (_, page) = goes(row).await;
        let state = page.state().unwrap_or_default();
        if state != row.ends {
            wrong.push(format!("{}: {state} and not {}: {}", row.value, row.ends, page.text()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn every_bank_ends_as_the_table_says() {
    ends_as_the_table_says(Kind::Bank).await;
}

#[tokio::test]
async fn every_person_ends_as_the_table_says() {
    ends_as_the_table_says(Kind::Person).await;
}

#[tokio::test]
async fn every_card_ends_as_the_table_says() {
    ends_as_the_table_says(Kind::Card).await;
}

#[tokio::test]
async fn every_receipt_ends_as_the_table_says_and_works_again_at_another_wallet() {
    ends_as_the_table_says(Kind::Receipt).await;
}
