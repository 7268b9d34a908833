//! Everything by keyboard alone: the way to a card, and on each page where Tab stops, in which order, and that one sees it.

use serde_json::Value;

use crate::driver::Window;
use crate::person::{APPROVING, Scene, TEXTING, has_no_receipt};

/// More stops than any page has that is not a long list.
const STOPS_MAX: usize = 40;

/// Presses Tab until this has the focus.
async fn tabs_to(window: &Window, css: &str) {
    window.sees(css).await;
    let here = format!("document.activeElement?.matches({css:?}) ?? false");
    for _ in 0..STOPS_MAX {
        window.press("Tab").await;
        if window.evaluate(&here).await == Value::Bool(true) {
            return;
        }
    }
    panic!(
        "Tab does not come to {css} at {}: {}",
        window.url().await,
        window.source().await
    );
}

/// Where the focus is.
async fn focus(window: &Window) -> String {
    let said = "(e => e ? e.localName + (e.id ? '#' + e.id : '') : '')(document.activeElement)";
    window.evaluate(said).await.as_str().expect("an element").to_owned()
}

/// Presses Enter on it.
async fn enters(window: &Window, css: &str) {
    tabs_to(window, css).await;
    window.press("Enter").await;
}

/// From the address bar to the terms.
async fn comes_to_terms(scene: &Scene, window: &Window, bank: &str) {
    window.go(&scene.at("/")).await;
    enters(window, "main[data-state=\"home\"] a[href=\"/issuers\"]").await;
    enters(window, &format!("button.row[value=\"{bank}\"]")).await;
    window.sees("main[data-state=\"offered\"]").await;
    // A key stays the page that would go on by itself, so there is time to read it.
    enters(window, "a[data-launch=\"web\"]").await;
    enters(window, "main[data-page=\"sign-in\"] button[value=\"ada\"]").await;
    tabs_to(window, "main[data-page=\"cards\"] li:first-child input").await;
    window.press("Space").await;
    enters(window, "main[data-page=\"cards\"] button.primary").await;
    tabs_to(window, "main[data-page=\"consent\"] button[value=\"add\"]").await;
    window.press("Space").await;
    window.sees("main[data-state=\"terms\"]").await;
    has_no_receipt(window).await;
}

#[tokio::test]
async fn the_keyboard_alone_leads_to_the_card() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    comes_to_terms(&scene, &window, APPROVING).await;
    enters(&window, "button[value=\"accept\"]").await;
    window.sees("main[data-state=\"active\"]").await;
    assert_eq!(scene.demo.stage.mdes.tokens()[0].status, "ACTIVE");
    enters(&window, "main[data-state=\"active\"] a.button[href=\"/\"]").await;
    enters(&window, "main[data-state=\"home\"] a.card").await;
    window.sees("dl.facts[data-card-state=\"active\"]").await;
    scene.demo.stop().await;
}

#[tokio::test]
async fn the_keyboard_alone_types_the_code_and_mends_a_wrong_one() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    comes_to_terms(&scene, &window, TEXTING).await;
    enters(&window, "button[value=\"accept\"]").await;
    window.sees("main[data-state=\"code\"] input[name=\"code\"]").await;
    let code = scene.looks_at_phone(&window).await;
    tabs_to(&window, "input[name=\"code\"]").await;
    for digit in ["0", "0", "0", "0", "0", "0"] {
        window.press(digit).await;
    }
    window.press("Enter").await;
    // The summary has the focus, and its link leads to the field.
    window.sees("#errors").await;
    assert_eq!(focus(&window).await, "div#errors");
    window.press("Tab").await;
    window.press("Enter").await;
    assert_eq!(focus(&window).await, "input#code");
    assert_eq!(window.status().await, 422);
    // A code that was judged is not written down again.
    assert_eq!(window.evaluate("document.activeElement.value").await, "");
    let title = window.evaluate("document.title").await;
    assert!(
        title.as_str().is_some_and(|title| title.starts_with("Error: ")),
        "{title}"
    );
    window.evaluate("document.activeElement.select()").await;
    for digit in code.chars() {
        window.press(&digit.to_string()).await;
    }
    window.press("Enter").await;
    window.sees("main[data-state=\"active\"]").await;
    scene.demo.stop().await;
}

/// A step is a page, so whoever hears pages is at its heading when it comes.
#[tokio::test]
async fn the_focus_is_at_the_heading_after_each_step() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    let mut elsewhere = Vec::new();
    let mut step = async |name: &str| {
        let found = focus(&window).await;
        if !["h1", "h1#title", "main#main"].contains(&found.as_str()) {
            elsewhere.push(format!("{name}: {found}"));
        }
    };
    window.go(&scene.at("/")).await;
    enters(&window, "main[data-state=\"home\"] a[href=\"/issuers\"]").await;
    window.sees("button.row").await;
    step("picker").await;
    enters(&window, &format!("button.row[value=\"{APPROVING}\"]")).await;
    window.sees("main[data-state=\"offered\"]").await;
    step("launch").await;
    enters(&window, "a[data-launch=\"web\"]").await;
    scene.comes_back(&window).await;
    step("waiting").await;
    window.click("a[data-launch=\"web\"]").await;
    scene.signs_in(&window).await;
    window.click("button[value=\"add\"]").await;
    window.sees("main[data-state=\"terms\"]").await;
    step("terms").await;
    enters(&window, "button[value=\"accept\"]").await;
    window.sees("main[data-state=\"active\"]").await;
    step("done").await;
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
    scene.demo.stop().await;
}
