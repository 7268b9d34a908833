//! The flow inspector beside a flow: arrows appear while somebody adds a card in another tab, the first line names the
//! fault, and every page looks as it should. With a folder in `TIDEMARK_SCREENS` there are pictures of them.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tidemark::sim::bank::PushOptions;
use tidemark::workbench::message::Message;

use crate::driver::Window;
use crate::judge::{Colours, Look, WIDTHS, brings_judgement, faults, wears};
use crate::person::{APPROVING, Scene, is_content};
use crate::pushing;

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
        ("/console", "console"),
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
    pushing::goes_from_the_bank_and_back(&scene, &person, pushing::WITH_PROCESSOR).await;
    window.go(&at("/attempts/latest")).await;
    window.click("#steps > summary").await;
    looks(&window, "pushed", &mut wrong).await;
    window.go(&at("/docs/push")).await;
    looks(&window, "steps", &mut wrong).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    scene.demo.stop().await;
}

/// The fault that the inspector's newest attempt is about, once it says so.
async fn names_both_sessions(scene: &Scene, inspector: &Window) {
    inspector
        .go(&format!("{}/attempts/latest", scene.demo.workbench_url))
        .await;
    inspector.sees("#verdicts article.bad").await;
    let said = inspector.words("#verdicts article").await;
    assert!(said.contains("PP-SIG-003. The signature does not cover"), "{said}");
    for word in ["session-", "Signed data has", "Message ", "Go to message"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let chips = inspector.evaluate(
        "new Set([...document.querySelectorAll('#verdicts article .chip')].map(chip => chip.textContent)).size",
    );
    assert_eq!(chips.await, 2, "{said}");
}

#[tokio::test]
async fn a_wrong_session_is_made_by_a_button_of_the_console_and_by_one_of_the_bank() {
    let Some(scene) = Scene::open().await else { return };
    let (inspector, person) = (scene.driver.open(true).await, scene.driver.open(true).await);
    let lie = "input[name=\"lie\"][value=\"other-session\"]";
    inspector.go(&format!("{}/console", scene.demo.workbench_url)).await;
    inspector.click(&format!("details:has({lie}) > summary")).await;
    inspector.click(&format!("label:has({lie})")).await;
    inspector.click("form[action=\"/console/lie\"] .actions button").await;
    inspector.sees(&format!("{lie}:checked")).await;
    scene.chooses(&person, APPROVING).await;
    scene.signs_in(&person).await;
    person.click("button[value=\"add\"]").await;
    person.sees("main[data-problem=\"foreign-receipt\"]").await;
    names_both_sessions(&scene, &inspector).await;
    inspector.go(&format!("{}/console", scene.demo.workbench_url)).await;
    inspector.click("form[action=\"/console/reset\"] button").await;
    inspector.sees(".banner.ok").await;

    let other = scene.driver.open(true).await;
    scene.chooses(&other, APPROVING).await;
    scene.signs_in(&other).await;
    other.click("details.decide > summary").await;
    other.click("button[value=\"lie:other-session\"]").await;
    other.sees("main[data-problem=\"foreign-receipt\"]").await;
    names_both_sessions(&scene, &inspector).await;
    assert_eq!(scene.demo.journal.attempts().len(), 2);
    scene.demo.stop().await;
}

/// Records these messages once more, as if they happened now.
fn again(scene: &Scene, messages: &[Arc<Message>]) {
    for message in messages {
        scene.demo.journal.begin(Message::clone(message));
    }
}

#[tokio::test]
async fn pause_holds_rows_back_and_new_ones_are_counted_and_reached() {
    let Some(scene) = Scene::open().await else { return };
    let person = scene.driver.open(true).await;
    adds_a_card(&scene, &person).await;
    let messages = scene.demo.journal.of_attempt(1);
    let window = scene.driver.open(true).await;
    window.go(&format!("{}/attempts/1", scene.demo.workbench_url)).await;
    let rows = async || {
        let count = window.evaluate("document.querySelectorAll('#flow li').length").await;
        count.as_u64().expect("a number")
    };
    let is_said = async |words: &str| {
        let css = format!("[...document.querySelectorAll('#new button')].some(b => b.textContent === {words:?})");
        let look = async {
            while window.evaluate(&css).await != true {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let soon = tokio::time::timeout(20 * AT_ONCE, look).await;
        assert!(soon.is_ok(), "{words}: {}", window.words("#new").await);
    };
    window.sees(".wb-live:not([hidden])").await;
    let before = rows().await;
    window.click("#pause").await;
    again(&scene, &messages[..1]);
    is_said("1 new message").await;
    again(&scene, &messages[1..3]);
    is_said("3 new messages").await;
    assert_eq!(
        (rows().await, window.words("#pause").await.as_str()),
        (before, "Resume")
    );
    // Whoever wants to see them need not resume.
    window.click("#new button").await;
    assert_eq!(rows().await, before + 3);
    let focused = "document.activeElement.closest('li') === document.querySelectorAll('#flow li')[arguments[0]]";
    let focused = focused.replace("arguments[0]", &before.to_string());
    assert_eq!(window.evaluate(&focused).await, true);
    again(&scene, &messages[3..5]);
    is_said("2 new messages").await;
    window.click("#pause").await;
    assert_eq!(
        (rows().await, window.words("#pause").await.as_str()),
        (before + 5, "Pause")
    );
    // Below the window they are counted too, until they are looked at.
    window.evaluate("scrollTo(0, 0)").await;
    again(&scene, &messages[5..9]);
    let more = async {
        while rows().await < before + 9 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(AT_ONCE, more).await.expect("rows within a second");
    assert!(window.words("#new").await.ends_with("new messages"));
    window.evaluate("scrollTo(0, document.body.scrollHeight)").await;
    window.sees("#new:empty").await;
    scene.demo.stop().await;
}

/// What appending one row may take on a slow machine, in milliseconds.
const ROW_MAX_MS: f64 = 16.0;
/// Notes how long the page takes for each row that it is told of, with what the browser has to lay out anew.
const NOTES: &str = "globalThis.took = [];
    const add = EventSource.prototype.addEventListener;
    EventSource.prototype.addEventListener = function (name, act, ...rest) {
        const noted = (event) => {
            const start = performance.now();
            act(event);
            globalThis.think?.();
            document.body.offsetHeight;
            globalThis.took.push(performance.now() - start);
        };
        add.call(this, name, name === 'message' ? noted : act, ...rest);
    }";

/// The median time that the page takes for one of so many rows.
async fn appends(scene: &Scene, window: &Window, messages: &[Arc<Message>]) -> f64 {
    window.evaluate("globalThis.took.length = 0").await;
    again(scene, messages);
    while window.evaluate("globalThis.took.length").await.as_u64() < Some(messages.len() as u64) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let took = window.evaluate("globalThis.took").await;
    let mut took: Vec<f64> = took
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|ms| ms.as_f64())
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

#[tokio::test]
async fn a_row_is_appended_within_a_frame_among_two_hundred_on_a_slow_machine() {
    let Some(scene) = Scene::open().await else { return };
    let person = scene.driver.open(true).await;
    adds_a_card(&scene, &person).await;
    let one = scene.demo.journal.of_attempt(1);
    let many: Vec<Arc<Message>> = one.iter().cycle().take(200).cloned().collect();
    again(&scene, &many);
    let window = scene.driver.open(true).await;
    window.before_every_page(NOTES).await;
    window.go(&format!("{}/attempts/1", scene.demo.workbench_url)).await;
    window.sees("#flow li:nth-child(200)").await;
    window.sees(".wb-live:not([hidden])").await;
    window
        .devtools("Emulation.setCPUThrottlingRate", json!({"rate": 4}))
        .await;
    let mut best = f64::MAX;
    for _ in 0..3 {
        best = best.min(appends(&scene, &window, &many[..50]).await);
    }
    assert!(best <= ROW_MAX_MS, "the median of fifty rows: {best} ms");
    // A page that thinks about each row is noticed.
    let thinks = "globalThis.think = () => { const end = performance.now() + 20; while (performance.now() < end); }";
    window.evaluate(thinks).await;
    let slow = appends(&scene, &window, &many[..10]).await;
    assert!(slow > ROW_MAX_MS, "a slow page is not noticed: {slow} ms");
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
