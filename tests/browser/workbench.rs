//! The flow inspector beside a flow: arrows appear while somebody adds a card in another tab, the first line names the
//! fault, and every page looks as it should. With a folder in `TIDEMARK_SCREENS` there are pictures of them.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tidemark::sim::bank::PushOptions;

use crate::driver::Window;
use crate::judge::{Colours, Look, WIDTHS, brings_judgement, faults, wears};
use crate::person::{APPROVING, Scene, is_content};

/// Longer than this nobody waits for an arrow.
const AT_ONCE: Duration = Duration::from_secs(1);

fn folder() -> Option<PathBuf> {
    std::env::var("TIDEMARK_SCREENS").ok().map(PathBuf::from)
}

/// What is wrong with the page at some width, by day, by night or in a contrast theme.
async fn looks(window: &Window, name: &str, wrong: &mut Vec<String>) {
    for colours in [Colours::Light, Colours::Dark, Colours::Forced] {
        for width in WIDTHS {
            let look = Look::plain(width, colours);
            for fault in faults(window, "en", &look).await {
                wrong.push(format!("{name}, {look:?}: {fault}"));
            }
            pictures(window, name, width, colours).await;
        }
    }
    wears(window, &Look::plain(1280, Colours::Light)).await;
}

async fn pictures(window: &Window, name: &str, width: u32, colours: Colours) {
    let Some(folder) = folder().filter(|_| width != 320) else {
        return;
    };
    fs::create_dir_all(&folder).expect("a folder");
    let shot = window
        .devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true}))
        .await;
    let bytes = STANDARD
        .decode(shot["data"].as_str().expect("a picture"))
        .expect("base64");
    let path = folder.join(format!("workbench-{name}-{width}-{colours:?}.png").to_lowercase());
    fs::write(path, bytes).expect("a picture");
}

/// Goes all the way to a card, in the tab at hand.
async fn adds_a_card(scene: &Scene, tab: &Window) {
    scene.comes_to_terms(tab, APPROVING).await;
    tab.click("button[value=\"accept\"]").await;
    tab.sees("main[data-state=\"active\"]").await;
}

/// Comes back with a receipt that was pushed for another session.
async fn comes_back_with_anothers(scene: &Scene, tab: &Window) {
    scene.chooses(tab, APPROVING).await;
    let other = scene.comes_back(tab).await;
    let other = other.rsplit('/').next().expect("an id").to_owned();
    scene.chooses(tab, APPROVING).await;
    let own = scene.comes_back(tab).await;
    let own = own.rsplit('/').next().expect("an id").to_owned();
    let cards = ["havorn-no-ada-1"];
    let pushed = scene.demo.stage.bank.push(
        APPROVING,
        &cards,
        Some(&other),
        "50123456789",
        None,
        PushOptions::default(),
    );
    let signed = pushed.await.expect("MDES takes the push").signature.expect("signed");
    tab.go(&scene.at(&format!("/callback/{own}?pushAccountData={signed}")))
        .await;
    tab.sees("main[data-problem=\"foreign-receipt\"]").await;
}

#[tokio::test]
async fn arrows_appear_within_a_second_and_the_first_line_names_the_fault() {
    let Some(scene) = Scene::open().await else { return };
    let (inspector, person) = (scene.driver.open(true).await, scene.driver.open(true).await);
    let at = |path: &str| format!("{}{path}", scene.demo.workbench_url);
    inspector.go(&at("/")).await;
    inspector.sees(".wb-empty, .wb-attempts").await;
    person.go(&scene.at("/issuers")).await;
    person.click(&format!("button.row[value=\"{APPROVING}\"]")).await;
    tokio::time::timeout(AT_ONCE, inspector.sees(".wb-attempts a[href=\"/attempts/1\"]"))
        .await
        .expect("the attempt is listed within a second");
    inspector.click("a[href=\"/attempts/1\"]").await;
    inspector.sees("#flow li").await;
    let count = "document.querySelectorAll('#flow li').length";
    let before = inspector.evaluate(count).await.as_u64().expect("a number");
    scene.signs_in(&person).await;
    let more = async {
        while inspector.evaluate(count).await.as_u64() <= Some(before) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(AT_ONCE, more)
        .await
        .expect("rows appear within a second");
    // What is chosen stays chosen while rows come.
    inspector.click("#flow li:nth-child(2) .wb-row").await;
    inspector.sees("#flow li:nth-child(2) .wb-detail").await;
    person.click("button[value=\"add\"]").await;
    person.sees("main[data-state=\"terms\"]").await;
    person.click("button[value=\"accept\"]").await;
    person.sees("main[data-state=\"active\"]").await;
    inspector.sees("#flow li.chosen:nth-child(2) .wb-detail").await;
    let said = inspector.words("#verdicts").await;
    assert!(said.contains("No problems found."), "{said}");

    let wrong = scene.driver.open(true).await;
    inspector.go(&at("/attempts/latest")).await;
    comes_back_with_anothers(&scene, &wrong).await;
    let named = inspector.sees("#verdicts article.bad");
    tokio::time::timeout(AT_ONCE, named)
        .await
        .expect("a verdict within a second");
    let said = inspector.words("#verdicts article").await;
    for word in ["PP-SIG-003", "session-B", "session-C", "Go to message"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    is_content(&inspector.log("browser").await, &[]);
    scene.demo.stop().await;
}

#[tokio::test]
async fn every_page_of_the_workbench_fits_and_is_accessible() {
    let Some(scene) = Scene::open().await else { return };
    let person = scene.driver.open(true).await;
    let window = scene.driver.open(true).await;
    if !brings_judgement(&window).await {
        return;
    }
    let at = |path: &str| format!("{}{path}", scene.demo.workbench_url);
    adds_a_card(&scene, &person).await;
    comes_back_with_anothers(&scene, &person).await;
    let mut wrong = Vec::new();
    for (path, name) in [
        ("/", "attempts"),
        ("/attempts/1", "good"),
        ("/attempts/3", "wrong"),
        ("/attempts/0", "outside"),
        ("/search?q=digitize", "search"),
        ("/docs", "verdicts"),
        ("/docs/PP-SIG-003", "verdict"),
        ("/nowhere", "nowhere"),
    ] {
        window.go(&at(path)).await;
        looks(&window, name, &mut wrong).await;
    }
    for (label, name) in [
        ("GET /callback", "callback"),
        ("digitize", "digitize"),
        ("pushMultipleAccounts", "push"),
    ] {
        window.go(&at("/attempts/1")).await;
        let number = format!(
            "[...document.querySelectorAll('.wb-row')].find(row => row.querySelector('.w').textContent.startsWith('{label}')).querySelector('b').textContent"
        );
        let number = window.evaluate(&number).await;
        let number = number.as_str().expect("a number").trim_end_matches('.').to_owned();
        window.go(&at(&format!("/attempts/1?m={number}"))).await;
        window.sees(".wb-detail").await;
        looks(&window, &format!("detail-{name}"), &mut wrong).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    scene.demo.stop().await;
}

#[tokio::test]
async fn without_a_script_everything_is_there_to_read() {
    let Some(scene) = Scene::open().await else { return };
    let person = scene.driver.open(true).await;
    adds_a_card(&scene, &person).await;
    let window = scene.driver.open(false).await;
    window.go(&format!("{}/attempts/1", scene.demo.workbench_url)).await;
    assert!(window.words("#verdicts").await.contains("No problems found."));
    assert!(!window.has("#pause:not([hidden])").await);
    window.click("#flow li:nth-child(3) .wb-row").await;
    window.sees("#flow li.chosen:nth-child(3) .wb-detail").await;
    assert!(window.url().await.contains("?m="), "{}", window.url().await);
    window.click(".wb-refresh").await;
    window.sees("#flow li").await;
    scene.demo.stop().await;
}
