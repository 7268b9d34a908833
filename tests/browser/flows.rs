//! From an empty wallet through the bank to the card, by clicks alone.

use std::time::Duration;

use serde_json::{Value, json};
use tidemark::sim::Turn;
use tidemark::sim::mdes::Fault;

use crate::driver::Window;
use crate::person::{APPROVING, Scene, TEXTING, Trail, has_no_receipt, is_content};

#[tokio::test]
async fn clicks_lead_from_an_empty_wallet_to_the_card() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    adds_a_card(&scene, &window).await;
    scene.leaves_no_trace(&window, &[]).await;
    goes_back_and_adds_again(&scene, &window).await;
    scene.demo.stop().await;
}

#[tokio::test]
async fn the_same_clicks_lead_there_without_javascript() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(false).await;
    window.go(&scene.at("/")).await;
    adds_a_card(&scene, &window).await;
    scene.leaves_no_trace(&window, &[]).await;
    goes_back_and_adds_again(&scene, &window).await;
    scene.demo.stop().await;
}

/// Pages that are there because something takes its time, and lead on by themselves: with a script one, without a script
/// two, as the second is written meanwhile.
fn automatic(log: &[Value]) -> usize {
    let pages = log.iter().map(|entry| {
        let text = entry["message"].as_str().expect("a message");
        let event: Value = serde_json::from_str(text).expect("JSON");
        let (event, request) = (&event["message"], &event["message"]["params"]);
        let url = request["request"]["url"].as_str().unwrap_or_default();
        let is_page = event["method"] == "Network.requestWillBeSent" && request["type"] == "Document";
        let is_led_on = request["initiator"]["type"] == "script" && url.contains("/sessions/") && !url.ends_with("/go");
        match is_page {
            true if url.ends_with("/live") => 2,
            is_page => usize::from(is_page && is_led_on),
        }
    });
    pages.sum()
}

/// The list, the way to the bank, three pages there, the terms, the end, and home before and after.
#[tokio::test]
async fn from_home_to_home_there_are_nine_pages() {
    let Some(scene) = Scene::open().await else { return };
    for javascript in [true, false] {
        let window = scene.driver.open(javascript).await;
        window.go("about:blank").await;
        window.log("performance").await;
        let mdes = &scene.demo.stage.mdes;
        mdes.inject("checkEligibility", Fault::Status(503), 2);
        scene.comes_to_terms(&window, APPROVING).await;
        window.click("button[value=\"accept\"]").await;
        window.sees("main[data-state=\"active\"]").await;
        window.click("main[data-state=\"active\"] a.button[href=\"/\"]").await;
        window.sees("main[data-state=\"home\"] a.card").await;
        let log = window.log("performance").await;
        let trail = Trail::of(&log);
        assert_eq!(trail.returns(), [303]);
        let shown = trail.shown;
        let automatic = automatic(&log);
        assert!(automatic > 0, "{shown:#?}");
        assert_eq!(shown.len() - automatic, 9, "{shown:#?}");
        is_content(&window.log("browser").await, &[]);
    }
    scene.demo.stop().await;
}

#[tokio::test]
async fn the_same_clicks_lead_there_without_pictures() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open_without_pictures().await;
    adds_a_card(&scene, &window).await;
    shows_no_picture(&scene, &window).await;
    scene.demo.stop().await;
}

#[tokio::test]
async fn a_code_from_the_phone_activates_the_card_without_pictures() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open_without_pictures().await;
    proves_by_code(&scene, &window).await;
    shows_no_picture(&scene, &window).await;
    scene.demo.stop().await;
}

/// The list of banks has pictures, and none of them has come.
async fn shows_no_picture(scene: &Scene, window: &Window) {
    window.go(&scene.at("/issuers")).await;
    let widths = "[...document.images].filter(i => i.loading != 'lazy').map(i => i.naturalWidth)";
    let widths = window.evaluate(widths).await;
    let widths = widths.as_array().expect("widths");
    assert!(
        !widths.is_empty() && widths.iter().all(|width| width == 0),
        "{widths:?}"
    );
}

#[tokio::test]
async fn a_code_from_the_phone_activates_the_card() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    proves_by_code(&scene, &window).await;
    scene.demo.stop().await;
}

#[tokio::test]
async fn a_code_from_the_phone_activates_the_card_without_javascript() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(false).await;
    proves_by_code(&scene, &window).await;
    scene.demo.stop().await;
}

/// MDES takes its time: the page says so by the stream of news, and asks for itself where no stream comes through.
#[tokio::test]
async fn a_slow_answer_is_explained_and_found_without_a_stream_too() {
    let Some(scene) = Scene::open().await else { return };
    for is_blocked in [false, true] {
        let window = scene.driver.open(true).await;
        if is_blocked {
            window.devtools("Network.enable", json!({})).await;
            let no_news = json!({"urls": ["*/events?*"]});
            window.devtools("Network.setBlockedURLs", no_news).await;
        }
        scene.chooses(&window, APPROVING).await;
        scene.signs_in(&window).await;
        let slow = Fault::Delay(Duration::from_secs(10));
        scene.demo.stage.mdes.inject("checkEligibility", slow, 1);
        window.click("button[value=\"add\"]").await;
        window
            .sees("main[data-state=\"returned\"] #progress[data-now=\"usual\"]")
            .await;
        // From here on it takes long by the clock, and all the time until MDES answers is left to say so.
        scene.demo.stage.turn(Turn::Advance(9_000)).expect("a movable clock");
        // By the stream, or because the page that was asked says something new.
        until(
            &window,
            "document.getElementById('progress')?.textContent.includes('waiting for Mastercard')",
        )
        .await;
        window.sees("main[data-state=\"terms\"]").await;
        until(&window, "document.activeElement?.tagName == 'H1'").await;
        has_no_receipt(&window).await;
    }
    scene.demo.stop().await;
}

/// Waits until something is true of the page.
pub async fn until(window: &Window, condition: &str) {
    for _ in 0..150 {
        if window.evaluate(condition).await == json!(true) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never became true that {condition}");
}

async fn adds_a_card(scene: &Scene, window: &Window) {
    window.go(&scene.at("/")).await;
    assert_eq!(window.words("main h2").await, "No cards yet");
    scene.comes_to_terms(window, APPROVING).await;
    window.click("button[value=\"accept\"]").await;
    window.sees("main[data-state=\"active\"]").await;
    has_no_receipt(window).await;
    let tokens = scene.demo.stage.mdes.tokens();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].status, "ACTIVE");
    window.click("main[data-state=\"active\"] a.button[href=\"/\"]").await;
    window.click("main[data-state=\"home\"] a.card").await;
    let facts = window.words("dl.facts[data-card-state=\"active\"]").await;
    assert!(facts.contains(&tokens[0].account_suffix), "{facts}");
    has_no_receipt(window).await;
}

/// All the way back to the bank, and the card is added there once more: nothing happens twice.
async fn goes_back_and_adds_again(scene: &Scene, window: &Window) {
    let consent = format!("{}/visits/", scene.demo.stage.bank_base);
    for _ in 0..8 {
        window.back().await;
        has_no_receipt(window).await;
        if window.url().await.starts_with(&consent) {
            break;
        }
    }
    assert!(window.url().await.starts_with(&consent), "{}", window.url().await);
    if window.has("button[value=\"add\"]").await {
        window.click("button[value=\"add\"]").await;
        window
            .sees("main[data-state=\"active\"], main[data-page=\"error\"]")
            .await;
    }
    has_no_receipt(window).await;
    assert_eq!(scene.asked("digitize"), 1);
    assert_eq!(scene.demo.stage.mdes.tokens().len(), 1);
}

async fn proves_by_code(scene: &Scene, window: &Window) {
    scene.comes_to_terms(window, TEXTING).await;
    window.click("button[value=\"accept\"]").await;
    window.sees("main[data-state=\"code\"] input[name=\"code\"]").await;
    let code = scene.looks_at_phone(window).await;
    assert!(code.len() >= 4, "{code}");
    let wrong: String = code.chars().map(|digit| if digit == '1' { '2' } else { '1' }).collect();
    window.type_into("input[name=\"code\"]", &wrong).await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees("main[data-state=\"code\"] #errors").await;
    assert_eq!(scene.demo.stage.mdes.tokens()[0].status, "INACTIVE");
    window.type_into("input[name=\"code\"]", &code).await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees("main[data-state=\"active\"]").await;
    assert_eq!(scene.demo.stage.mdes.tokens()[0].status, "ACTIVE");
    scene.leaves_no_trace(window, &["status of 422"]).await;
}
