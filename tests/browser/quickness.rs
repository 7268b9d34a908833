//! How long a person waits for the picker: between a key and what it does on a slow phone, and after the button "Back".

use std::time::Duration;

use serde_json::{Value, json};

use crate::driver::Window;
use crate::person::{APPROVING, Scene};

/// How much slower than this machine a phone is.
const SLOWER: u32 = 4;
/// A wait that is felt.
const WORST_MAX_MS: f64 = 100.0;
/// A machine that does something else meanwhile makes an event longer and never shorter: the shortest of a few measurements
/// of a letter is the truest. What is slow by itself is slow in all of them.
const MEASUREMENTS: usize = 6;
/// Long enough for an answer to arrive between two letters, and be put in place while the next one is typed.
const BETWEEN_LETTERS: Duration = Duration::from_millis(230);

/// Remembers when keys go down, and every event that takes longer than a frame, from the key to what is seen of it.
const WATCH: &str = "globalThis.keys = []; globalThis.events = [];
addEventListener('keydown', event => keys.push(event.timeStamp), true);
new PerformanceObserver(list => { for (const one of list.getEntries()) events.push([one.startTime, one.duration]); })
    .observe({type: 'event', durationThreshold: 16})";
/// The longest event from each key to the next, in milliseconds.
const LONGEST: &str = "new Promise(resolve => setTimeout(() => resolve(keys.map((from, at) =>
    Math.max(0, ...events.filter(([start]) => start >= from && !(start >= keys[at + 1])).map(([, duration]) => duration))
)), 600))";

/// Types a name letter by letter into the field, as slow as people do: the longest that an event took after each of them.
async fn types(window: &Window, name: &str) -> Vec<f64> {
    window.evaluate("document.getElementById('q').focus()").await;
    window.evaluate(WATCH).await;
    let slower = |rate: u32| json!({"rate": rate});
    window.devtools("Emulation.setCPUThrottlingRate", slower(SLOWER)).await;
    for letter in name.chars() {
        window.press(&letter.to_string()).await;
        tokio::time::sleep(BETWEEN_LETTERS).await;
    }
    let longest = window.evaluate(LONGEST).await;
    window.devtools("Emulation.setCPUThrottlingRate", slower(1)).await;
    assert_eq!(window.evaluate("document.getElementById('q').value").await, name);
    let longest = longest.as_array().expect("a list");
    assert_eq!(longest.len(), name.chars().count(), "each letter is an event");
    longest
        .iter()
        .map(|duration| duration.as_f64().expect("milliseconds"))
        .collect()
}

/// The worst letter, each at its best.
fn worst(measured: &[Vec<f64>]) -> f64 {
    let letters = 0..measured.first().map_or(0, Vec::len);
    let best = letters.map(|letter| measured.iter().map(|all| all[letter]).fold(f64::INFINITY, f64::min));
    best.fold(0.0, f64::max)
}

#[tokio::test]
async fn letters_appear_at_once_among_five_hundred_banks_on_a_slow_phone() {
    let Some(scene) = Scene::open_among(500).await else {
        return;
    };
    let window = scene.driver.open(true).await;
    let mut measured = Vec::new();
    while measured.is_empty() || (measured.len() < MEASUREMENTS && worst(&measured) > WORST_MAX_MS) {
        window.go(&scene.at("/issuers?q=&country=")).await;
        // Many results at first, and few in the end.
        measured.push(types(&window, "silbertann").await);
        window.sees("#rows:not(:has(#r2))").await;
    }
    assert!(
        worst(&measured) <= WORST_MAX_MS,
        "the longest event after each letter, in each measurement: {measured:?} ms"
    );

    // The same list with a script that thinks about each letter for a while is noticed.
    window.go(&scene.at("/issuers?q=&country=")).await;
    let thinks = "document.getElementById('q').addEventListener('input', () => {
        const end = performance.now() + 150; while (performance.now() < end); })";
    window.evaluate(thinks).await;
    let slow = worst(&[types(&window, "sil").await]);
    assert!(slow > WORST_MAX_MS, "a slow page is not noticed: {slow} ms");
    scene.demo.stop().await;
}

/// How the page came to be here: kept as it was, or with so many bytes over the network.
const CAME: &str = "[globalThis.wasKept === true, performance.getEntriesByType('navigation')[0].transferSize]";
/// What Chromium counts for an answer without a body.
const NOT_MODIFIED: u64 = 300;

#[tokio::test]
async fn back_from_the_launch_page_the_list_is_there_at_once() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    // It believes that it went on by itself already, so it stays on the launch page.
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    window
        .before_every_page("addEventListener('pageshow', event => { globalThis.wasKept = event.persisted; })")
        .await;
    window.go(&scene.at("/issuers")).await;
    let first = window.evaluate(CAME).await;
    assert_eq!(first[0], false);
    assert!(
        first[1].as_u64() > Some(NOT_MODIFIED),
        "the first visit is a whole page: {first}"
    );
    window.click(&format!("button.row[value=\"{APPROVING}\"]")).await;
    window.sees("main[data-state=\"offered\"]").await;
    window.back().await;
    window.sees("#rows").await;
    let came: Value = window.evaluate(CAME).await;
    let is_quick = came[0] == true || came[1].as_u64().is_some_and(|bytes| bytes <= NOT_MODIFIED);
    assert!(is_quick, "the list came anew: {came}");
    scene.demo.stop().await;
}
