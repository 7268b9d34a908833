//! What does not leave the wallet, as the browser has it: no step by a page that is fetched ahead, no way to a stranger, no
//! address of a session at the bank, no code that somebody typed.

use serde_json::{Value, json};

use crate::driver::Window;
use crate::person::{APPROVING, Scene, TEXTING, has_no_receipt};

async fn says(window: &Window, headers: Value) {
    window.devtools("Network.enable", json!({})).await;
    window
        .devtools("Network.setExtraHTTPHeaders", json!({"headers": headers}))
        .await;
}

#[tokio::test]
async fn a_page_that_is_fetched_ahead_leaves_for_nowhere_and_asks_mdes_nothing() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    window.go(&scene.at("/issuers?country=")).await;
    window.click(&format!("button.row[value=\"{APPROVING}\"]")).await;
    window.sees("main[data-state=\"offered\"]").await;
    let address = window.url().await;
    let calls = scene.demo.stage.mdes.calls().len();
    says(&window, json!({"Sec-Purpose": "prefetch"})).await;
    for path in [address.clone(), format!("{address}/go")] {
        window.go(&path).await;
        assert!(
            window.url().await.starts_with(&scene.at("/")),
            "{path} led to {}",
            window.url().await
        );
    }
    says(&window, json!({})).await;
    window.go(&address).await;
    window.sees("main[data-state=\"offered\"]").await;
    assert_eq!(scene.demo.stage.mdes.calls().len(), calls);
    // Without the header the same address does lead there.
    window.go(&format!("{address}/go")).await;
    window.sees("main[data-page=\"sign-in\"]").await;
    scene.demo.stop().await;
}

/// The referrers that were sent to a site.
fn referrers(log: &[Value], site: &str) -> (usize, Vec<String>) {
    let (mut asked, mut found) = (0, Vec::new());
    for entry in log {
        let event: Value = serde_json::from_str(entry["message"].as_str().expect("a message")).expect("JSON");
        let event = &event["message"];
        let is_request = event["method"] == "Network.requestWillBeSentExtraInfo";
        let headers = &event["params"]["headers"];
        let authority = headers["Host"].as_str().or(headers[":authority"].as_str());
        if !is_request || !authority.is_some_and(|authority| site.ends_with(&format!("//{authority}"))) {
            continue;
        }
        asked += 1;
        let referrer = headers["Referer"].as_str().or(headers["referer"].as_str());
        found.extend(referrer.map(str::to_owned));
    }
    (asked, found)
}

#[tokio::test]
async fn the_bank_is_not_told_from_which_page_somebody_comes() {
    let Some(scene) = Scene::open().await else { return };
    for javascript in [true, false] {
        let window = scene.driver.open(javascript).await;
        scene.chooses(&window, APPROVING).await;
        scene.signs_in(&window).await;
        let (asked, found) = referrers(&window.log("performance").await, &scene.demo.stage.bank_base);
        assert!(asked > 3, "only {asked} requests to the bank were seen");
        let ours: Vec<&String> = found
            .iter()
            .filter(|referrer| referrer.starts_with(&scene.demo.wallet_url))
            .collect();
        assert!(ours.is_empty(), "{ours:#?}");
    }
    // A referrer is seen where there is one.
    let window = scene.driver.open(true).await;
    window.go(&scene.at("/help")).await;
    window
        .evaluate("fetch('/', {referrerPolicy: 'unsafe-url'}).then(answer => answer.ok)")
        .await;
    let (_, found) = referrers(&window.log("performance").await, &scene.demo.wallet_url);
    assert!(found.contains(&scene.at("/help")), "{found:#?}");
    scene.demo.stop().await;
}

#[tokio::test]
async fn a_code_that_was_typed_is_on_no_page_and_in_no_address() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    scene.comes_to_terms(&window, TEXTING).await;
    window.click("button[value=\"accept\"]").await;
    window.sees("main[data-state=\"code\"] input[name=\"code\"]").await;
    let code = scene.looks_at_phone(&window).await;
    let holds_none = async |when: &str| {
        assert!(!window.source().await.contains(&code), "the page holds the code {when}");
        for address in window.history().await {
            assert!(!address.contains(&code), "{when}: {address}");
        }
    };
    holds_none("before it was typed").await;
    window.type_into("input[name=\"code\"]", &code).await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees("main[data-state=\"active\"]").await;
    holds_none("when the card is there").await;
    window.back().await;
    holds_none("after Back").await;
    has_no_receipt(&window).await;
    scene.demo.stop().await;
}
