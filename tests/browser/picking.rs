//! The picker as a person at a keyboard has it: the list follows what is typed, and nothing depends on that.

use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Window;
use crate::judge::{Colours, Look, WIDTHS, brings_judgement, faults};
use crate::person::{APPROVING, Scene};

const ENTER: &str = "\u{e007}";
/// Longer than the script waits for the next letter, and than a line takes to be said.
const SETTLED: Duration = Duration::from_millis(900);

async fn evaluate(window: &Window, expression: &str) -> Value {
    let asked = json!({"expression": expression, "returnByValue": true});
    window.devtools("Runtime.evaluate", asked).await["result"]["value"].clone()
}

/// How often the part of the page was asked for since the last question.
async fn asked(window: &Window) -> usize {
    let log = window.log("performance").await;
    let sent = log.iter().filter(|entry| {
        let message = entry["message"].as_str().unwrap_or_default();
        message.contains("Network.requestWillBeSent\"") && message.contains("/issuers/results")
    });
    sent.count()
}

async fn rows(window: &Window) -> u64 {
    let rows = evaluate(window, "document.querySelectorAll('#rows > li').length").await;
    rows.as_u64().expect("a number")
}

/// Whether the page is still the one that was loaded when this was first asked.
async fn is_same_document(window: &Window) -> bool {
    let same = evaluate(window, "globalThis.wasHere ? true : (globalThis.wasHere = true, false)").await;
    same.as_bool().expect("yes or no")
}

/// What the browser complained about: a policy that was broken, a script that failed. It does not know every feature that
/// the pages renounce, and a logo may be missing.
async fn complaints(window: &Window) -> Vec<Value> {
    let mut entries = window.log("browser").await;
    let is_known = |entry: &Value| {
        entry["source"] == "network" || entry["message"].to_string().contains("Permissions-Policy header")
    };
    entries.retain(|entry| !is_known(entry));
    entries
}

#[tokio::test]
async fn the_list_follows_what_is_typed_with_few_questions() {
    let Some(scene) = Scene::open_among(500).await else {
        return;
    };
    let window = scene.driver.open(true).await;
    window.go(&scene.at("/issuers")).await;
    assert!(!is_same_document(&window).await);
    assert_eq!(rows(&window).await, 60);
    asked(&window).await;
    window.type_into("#q", "silbertann").await;
    tokio::time::sleep(SETTLED).await;
    let questions = asked(&window).await;
    assert!((1..=3).contains(&questions), "{questions} for ten letters");
    assert_eq!(rows(&window).await, 1);
    assert_eq!(window.words("#count").await, "1 issuer found for “silbertann”");
    assert!(
        window.url().await.contains("/issuers?q=silbertann&country="),
        "{}",
        window.url().await
    );
    assert_eq!(
        evaluate(&window, "document.activeElement.id").await,
        "q",
        "typing goes on"
    );

    window.type_into("#q", ENTER).await;
    tokio::time::sleep(SETTLED).await;
    assert_eq!(evaluate(&window, "document.activeElement.id").await, "found");
    assert_eq!(window.words("#found").await, "Results");

    evaluate(&window, "document.getElementById('q').value = ''").await;
    evaluate(
        &window,
        "const s = document.getElementById('country'); s.value = 'JP'; s.dispatchEvent(new Event('change'))",
    )
    .await;
    tokio::time::sleep(SETTLED).await;
    assert!(
        window.words("#found").await.contains("Japan"),
        "{}",
        window.words("#found").await
    );
    assert!(is_same_document(&window).await);
    // What was put in place begins an attempt as what was there before.
    window.type_into("#q", "hotarubi").await;
    tokio::time::sleep(SETTLED).await;
    let points = evaluate(&window, "document.querySelector('input[name=mtp]').value").await;
    assert_ne!(points, "");
    window.click("button[name=issuer][value=hotarubi-jp]").await;
    window
        .sees("main[data-state=\"offered\"], main[data-page=\"sign-in\"]")
        .await;
    assert_eq!(complaints(&window).await, [] as [Value; 0]);
    scene.demo.stop().await;
}

#[tokio::test]
async fn more_rows_come_below_and_reading_goes_on_at_the_first_of_them() {
    let Some(scene) = Scene::open_among(500).await else {
        return;
    };
    let window = scene.driver.open(true).await;
    window.go(&scene.at("/issuers")).await;
    is_same_document(&window).await;
    evaluate(&window, "document.getElementById('r60').dataset.kept = 'yes'").await;
    for shown in [120, 180] {
        window.click("#more a").await;
        window.sees(&format!("#r{shown}")).await;
        assert_eq!(rows(&window).await, shown);
        let focused = evaluate(&window, "document.activeElement.closest('li').id").await;
        assert_eq!(focused, format!("r{}", shown - 59));
    }
    window.sees("#r60[data-kept=yes]").await;
    assert!(is_same_document(&window).await);
    tokio::time::sleep(SETTLED).await;
    assert_eq!(window.words("#count").await, "Showing 180 of 500 issuers");
    assert!(window.url().await.ends_with("page=3"), "{}", window.url().await);
    window.reload().await;
    assert_eq!(rows(&window).await, 180, "the address is the list");
    assert_eq!(complaints(&window).await, [] as [Value; 0]);

    let without = scene.driver.open(false).await;
    without.go(&scene.at("/issuers")).await;
    without.click("#more a").await;
    without.sees("#r120").await;
    assert!(without.url().await.ends_with("#r61"));
    assert_eq!(rows(&without).await, 120);
    let top = evaluate(&without, "document.getElementById('r61').getBoundingClientRect().top").await;
    assert!((-5.0..600.0).contains(&top.as_f64().expect("a number")), "{top}");
    scene.demo.stop().await;
}

#[tokio::test]
async fn when_the_script_gets_no_answer_the_form_is_sent() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.go(&scene.at("/issuers")).await;
    is_same_document(&window).await;
    window.devtools("Network.enable", json!({})).await;
    window
        .devtools("Network.setBlockedURLs", json!({"urls": ["*/issuers/results*"]}))
        .await;
    window.type_into("#q", "havorn").await;
    window.sees("#rows:not(:has(#r2))").await;
    assert!(!is_same_document(&window).await, "the page was loaded anew");
    assert!(
        window.url().await.contains("/issuers?q=havorn"),
        "{}",
        window.url().await
    );
    assert_eq!(window.attribute("#q", "value").await, "havorn");
    scene.demo.stop().await;
}

#[tokio::test]
async fn nothing_is_wrong_with_a_long_list_in_every_size_and_language() {
    let Some(scene) = Scene::open_among(500).await else {
        return;
    };
    let window = scene.driver.open(true).await;
    if !brings_judgement(&window).await {
        return;
    }
    window.go(&scene.at("/issuers?q=havorn&country=")).await;
    window.click(&format!("button.row[value=\"{APPROVING}\"]")).await;
    scene.signs_in(&window).await;
    window.click("button[value=\"add\"]").await;
    window.click("button[value=\"accept\"]").await;
    window.sees("main[data-state=\"active\"]").await;
    window.devtools("Network.enable", json!({})).await;
    let mut found = Vec::new();
    for language in ["en", "de", "ar", "ja"] {
        let spoken = json!({"headers": {"Accept-Language": language}});
        window.devtools("Network.setExtraHTTPHeaders", spoken).await;
        for query in ["?q=&country=", "?q=havrn&country=NO", "?q=ban&country="] {
            window.go(&scene.at(&format!("/issuers{query}"))).await;
            for (at, width) in WIDTHS.into_iter().enumerate() {
                let look = Look::plain(width, [Colours::Light, Colours::Dark][at % 2]);
                let faults = faults(&window, language, &look).await;
                found.extend(
                    faults
                        .into_iter()
                        .map(|fault| format!("{language} {query} {width}: {fault}")),
                );
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(complaints(&window).await, [] as [Value; 0]);
    scene.demo.stop().await;
}
