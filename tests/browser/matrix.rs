//! Every sample page in every language, width, colour scheme and size of text: nothing is wrong with it.
//!
//! A plain run takes a diagonal: each page in one language and two looks, chosen so that every language meets every width.
//! With `TIDEMARK_LOOKS=all` it is every page in every look.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

use serde_json::json;
use tidemark::http::page_samples;

use crate::driver::{Driver, Window};
use crate::judge::{Colours, Look, Text, WIDTHS, brings_judgement, faults};

/// One with long words, one from right to left, one without spaces, and the one that is 40 % longer.
const LANGUAGES: [&str; 5] = ["en", "de", "ar", "ja", "en-XA"];
/// Browsers at the same time.
const WINDOWS: usize = 3;
/// How many places of one fault are named.
const PLACES_MAX: usize = 6;

/// What only some people have, at the narrowest width and at the widest.
const SPECIAL: [(Colours, Text); 4] = [
    (Colours::Light, Text::Double),
    (Colours::Light, Text::Spaced),
    (Colours::Forced, Text::Plain),
    (Colours::Dark, Text::Double),
];

/// A page in a language, and the looks to look at it with.
struct Visit {
    page: String,
    language: &'static str,
    looks: Vec<Look>,
}

fn all_looks() -> Vec<Look> {
    let mut looks = Vec::new();
    for width in WIDTHS {
        for colours in [Colours::Light, Colours::Dark] {
            looks.push(Look::plain(width, colours));
        }
    }
    for width in [WIDTHS[0], WIDTHS[3]] {
        for (colours, text) in &SPECIAL[..3] {
            looks.push(Look {
                width,
                colours: *colours,
                text: *text,
            });
        }
    }
    looks
}

fn everything(pages: &[String]) -> Vec<Visit> {
    let visit = |page: &String, language| Visit {
        page: page.clone(),
        language,
        looks: all_looks(),
    };
    pages
        .iter()
        .flat_map(|page| LANGUAGES.map(|language| visit(page, language)))
        .collect()
}

/// Five languages and four widths meet in twenty pages; colours and special looks change in other steps.
fn diagonal(pages: &[String]) -> Vec<Visit> {
    let visit = |(at, page): (usize, &String)| {
        let colours = [Colours::Light, Colours::Dark][(at / 4) % 2];
        let special = SPECIAL[(at / 5) % 4];
        let looks = vec![
            Look::plain(WIDTHS[at % 4], colours),
            Look {
                width: WIDTHS[(at + 2) % 4],
                colours: special.0,
                text: special.1,
            },
        ];
        Visit {
            page: page.clone(),
            language: LANGUAGES[at % 5],
            looks,
        }
    };
    pages.iter().enumerate().map(visit).collect()
}

/// Serves the sample pages, and gives the origin.
async fn gallery() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://localhost:{}", listener.local_addr().expect("an address").port());
    let router = page_samples::router(&origin);
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

/// A window that pages cannot leave by themselves: each believes that it has sent its visitor on once already.
async fn window(driver: &Driver) -> Option<Window> {
    let window = driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    brings_judgement(&window).await.then_some(window)
}

async fn opens(window: &Window, origin: &str, page: &str, language: &str) {
    let headers = json!({"headers": {"Accept-Language": language}});
    window.devtools("Network.setExtraHTTPHeaders", headers).await;
    window.go(&format!("{origin}/pages/{page}")).await;
}

#[tokio::test]
async fn every_page_is_without_fault_in_every_look() {
    let Some(driver) = Driver::start() else { return };
    let origin = gallery().await;
    let pages = page_samples::names(&origin).await;
    let is_whole = std::env::var("TIDEMARK_LOOKS").is_ok_and(|looks| looks == "all");
    let visits = if is_whole { everything(&pages) } else { diagonal(&pages) };
    let looked_at: usize = visits.iter().map(|visit| visit.looks.len()).sum();
    let queue = RefCell::new(VecDeque::from(visits));
    let found: RefCell<BTreeMap<String, Vec<String>>> = RefCell::default();
    let work = || async {
        let Some(window) = window(&driver).await else { return };
        loop {
            let Some(visit) = queue.borrow_mut().pop_front() else { break };
            opens(&window, &origin, &visit.page, visit.language).await;
            for look in &visit.looks {
                for fault in faults(&window, visit.language, look).await {
                    let place = format!("{} {} {look:?}", visit.page, visit.language);
                    found.borrow_mut().entry(fault).or_default().push(place);
                }
            }
        }
    };
    futures_util::future::join_all((0..WINDOWS).map(|_| work())).await;
    if !queue.borrow().is_empty() {
        return;
    }
    let found = found.into_inner();
    assert!(found.is_empty(), "{}", told(&found, looked_at));
}

fn told(found: &BTreeMap<String, Vec<String>>, looked_at: usize) -> String {
    let mut text = format!("{} faults in {looked_at} looks", found.len());
    for (fault, places) in found {
        text += &format!("\n{fault}\n    {} times", places.len());
        for place in places.iter().take(PLACES_MAX) {
            text += &format!("\n    {place}");
        }
    }
    text
}
