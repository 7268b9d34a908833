//! Where Tab stops on every sample page: in the order of what is seen, never out of sight, always with a ring.
//!
//! `stops.txt` holds the order of each page for a person to review. `TIDEMARK_BLESS=1` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::Value;
use tidemark::http::page_samples;

use crate::driver::{Driver, Window};
use crate::gallery::{gallery, opens, told, window};

const REVIEWED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/stops.txt");
/// More than the longest list has.
const STOPS_MAX: usize = 200;

/// Where the focus is and what is wrong with it there; null when it is on no control.
const STOP: &str = "(() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const target = /^(radio|checkbox)$/.test(element.type) ? element.closest('label') ?? element : element;
  const box = target.getBoundingClientRect();
  const faults = [];
  const isRinged = [element, target].some((one) => {
    const look = getComputedStyle(one);
    return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2;
  });
  if (!isRinged) faults.push('has no ring');
  if (box.bottom < 1 || box.top > innerHeight - 1) faults.push('is out of sight');
  const middle = Math.min(Math.max((box.top + box.bottom) / 2, 0), innerHeight - 1);
  const there = document.elementFromPoint((box.left + box.right) / 2, middle);
  if (!there || !(target.contains(there) || there.contains(target))) faults.push(`is behind ${there?.localName}`);
  const said = (element.labels?.[0] ?? element).cloneNode(true);
  for (const silent of said.querySelectorAll('[aria-hidden=\"true\"]')) silent.remove();
  const words = (element.getAttribute('aria-label') ?? said.textContent).trim().replace(/\\s+/g, ' ');
  const place = element.closest('main, header, footer');
  return {
    place: place ? place.localName : 'top',
    name: `${element.localName}${element.type ? ':' + element.type : ''} ${words || element.name}`,
    top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right, faults,
  };
})()";

/// Where a page gave the focus to its heading or its errors, Tab would begin there.
const BEGIN: &str = "document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')";

/// All stops of the page, from the first to the last.
async fn stops(window: &Window) -> Vec<Value> {
    window.evaluate(BEGIN).await;
    let mut stops: Vec<Value> = Vec::new();
    for _ in 0..STOPS_MAX {
        window.press("Tab").await;
        let stop = window.evaluate(STOP).await;
        let is_first_again = stops.len() > 1 && stop["name"] == stops[0]["name"] && stop["place"] == "top";
        if stop.is_null() || is_first_again {
            return stops;
        }
        stops.push(stop);
    }
    panic!("Tab does not come to an end at {}", window.url().await);
}

fn name(stop: &Value) -> &str {
    stop["name"].as_str().expect("a name")
}

fn is_above(one: &Value, other: &Value) -> bool {
    one["bottom"].as_f64() <= other["top"].as_f64()
}

/// Whether it begins where the other has ended, for who reads from left to right.
fn is_beside(one: &Value, other: &Value) -> bool {
    one["left"].as_f64() >= other["right"].as_f64()
}

/// What is wrong with the stops of a page.
fn faults(stops: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for stop in stops {
        let faults = stop["faults"].as_array().expect("faults");
        found.extend(
            faults
                .iter()
                .map(|fault| format!("{}: {}", name(stop), fault.as_str().expect("words"))),
        );
    }
    // Whoever goes on goes down, or up to the next column.
    for pair in stops[1..].windows(2) {
        if is_above(&pair[1], &pair[0]) && !is_beside(&pair[1], &pair[0]) {
            found.push(format!(
                "{} comes after {}, which is below it",
                name(&pair[1]),
                name(&pair[0])
            ));
        }
    }
    let places: Vec<&str> = stops
        .iter()
        .map(|stop| stop["place"].as_str().expect("a place"))
        .collect();
    // One link before the content is no more than the one that would skip it.
    let before = places.iter().filter(|place| ["top", "header"].contains(place)).count();
    if before > 1 && (places[0] != "top" || !name(&stops[0]).contains("Skip to main content")) {
        found.push("the first stop does not skip to the content".to_owned());
    }
    if !places.is_sorted_by_key(|place| {
        ["top", "header", "main", "footer"]
            .iter()
            .position(|known| known == place)
    }) {
        found.push(format!("the stops jump about: {places:?}"));
    }
    found
}

/// Stops that nobody sees, or that come in another order than they are seen in.
const FAULTY: &str = r#"<!doctype html><html lang="en"><title>Faulty</title>
<style>:focus-visible { outline: 2px solid } a.dull:focus { outline: 0 } .over { position: relative } .over span { position: absolute; inset: 0; background: tan }
.turned { display: flex; flex-direction: column-reverse } .far { position: absolute; inset-block-start: -99px }</style>
<a href="/">Skip to main content</a><main><p class="over"><a href="/">covered</a><span></span></p>
<p><a class="dull" href="/">dull</a></p><div class="turned"><a href="/">lower</a><a href="/">upper</a></div></main>
<header><a class="far" href="/">far</a></header>"#;

#[tokio::test]
async fn stops_that_are_not_seen_are_found() {
    let Some(driver) = Driver::start() else { return };
    let faulty = |_: &str| Router::new().route("/pages/faulty", get(|| async { Html(FAULTY) }));
    let origin = gallery(faulty).await;
    let Some(window) = window(&driver).await else { return };
    opens(&window, &origin, "faulty", "en").await;
    assert_eq!(
        faults(&stops(&window).await),
        [
            "a covered: is behind span",
            "a dull: has no ring",
            "a far: is out of sight",
            "a upper comes after a lower, which is below it",
            "a far comes after a upper, which is below it",
            "the stops jump about: [\"top\", \"main\", \"main\", \"main\", \"main\", \"header\"]",
        ]
    );
}

#[tokio::test]
async fn tab_stops_in_the_order_of_what_is_seen() {
    let Some(driver) = Driver::start() else { return };
    let origin = gallery(page_samples::router).await;
    let Some(window) = window(&driver).await else { return };
    window.resize(360, 800).await;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut order = String::new();
    let pages = page_samples::names(&origin).await;
    for page in pages.iter().filter(|page| !page.contains("hostile")) {
        opens(&window, &origin, page, "en").await;
        let stops = stops(&window).await;
        for fault in faults(&stops) {
            found.entry(fault).or_default().push(page.clone());
        }
        writeln!(order, "{page}").expect("a line");
        let main: Vec<&str> = stops.iter().filter(|stop| stop["place"] == "main").map(name).collect();
        for same in main.chunk_by(|one, next| one == next) {
            let times = if same.len() > 1 {
                format!(" ({} times)", same.len())
            } else {
                String::new()
            };
            writeln!(order, "    {}{times}", same[0]).expect("a line");
        }
    }
    assert!(found.is_empty(), "{}", told(&found, pages.len()));
    let reviewed = std::fs::read_to_string(REVIEWED).unwrap_or_default();
    if order != reviewed && std::env::var("TIDEMARK_BLESS").is_ok() {
        std::fs::write(Path::new(REVIEWED), &order).expect("a file");
    } else {
        let differs = order.lines().zip(reviewed.lines()).position(|(now, then)| now != then);
        let place = order.lines().nth(differs.unwrap_or_default());
        assert!(
            order == reviewed,
            "not as in stops.txt from {place:?} on (TIDEMARK_BLESS=1 writes it anew)"
        );
    }
}

/// Where there is room for two columns, the second comes after all of the first.
#[tokio::test]
async fn tab_goes_through_one_column_and_then_through_the_next() {
    let Some(driver) = Driver::start() else { return };
    let origin = gallery(page_samples::router).await;
    let Some(window) = window(&driver).await else { return };
    window.resize(1280, 900).await;
    for (page, columns) in [("picker-500", 2), ("launch-forward-qr", 1)] {
        opens(&window, &origin, page, "en").await;
        let stops = stops(&window).await;
        assert_eq!(faults(&stops), [] as [String; 0], "{page}");
        let main: Vec<&Value> = stops.iter().filter(|stop| stop["place"] == "main").collect();
        let goes_up = |pair: &&[&Value]| is_above(pair[1], pair[0]) && is_beside(pair[1], pair[0]);
        assert_eq!(
            main.windows(2).filter(goes_up).count() + 1,
            columns,
            "{page}: {main:#?}"
        );
    }
}
