//! Every sample page in every language, width, colour scheme and size of text: nothing is wrong with it.
//!
//! A plain run takes a diagonal: each page in one language and two looks, chosen so that every language meets every width.
//! With `TIDEMARK_LOOKS=all` it is every page in every look, with `TIDEMARK_LOOKS=ar` every look in that language: 15 to 40
//! minutes for all of it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Write as _;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Html;
use axum::routing::get;
use serde_json::json;
use tidemark::http::page_samples;

use crate::driver::{Driver, Window};
use crate::gallery::{gallery, opens, told, window};
use crate::judge::{Colours, Look, Text, WIDTHS, faults, faults_of_colour};
use crate::person::Trail;

/// One with long words, one from right to left, one without spaces, and the one that is 40 % longer.
const LANGUAGES: [&str; 5] = ["en", "de", "ar", "ja", "en-XA"];
/// Browsers at the same time.
const WINDOWS: usize = 3;

/// What only some people have.
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

impl Visit {
    /// What is wrong, and in which look.
    async fn faults(&self, window: &Window, origin: &str) -> Vec<(Look, String)> {
        opens(window, origin, &self.page, self.language).await;
        let mut found = Vec::new();
        let mut seen: Vec<(u32, Text)> = Vec::new();
        for look in &self.looks {
            let built = (look.width, look.text);
            let faults = match seen.contains(&built) {
                true => faults_of_colour(window, self.language, look).await,
                false => faults(window, self.language, look).await,
            };
            seen.push(built);
            found.extend(faults.into_iter().map(|fault| (*look, fault)));
        }
        found
    }
}

fn all_looks() -> Vec<Look> {
    let mut looks = Vec::new();
    for width in WIDTHS {
        for colours in [Colours::Light, Colours::Dark] {
            looks.push(Look::plain(width, colours));
        }
    }
    for width in WIDTHS {
        for (colours, text) in SPECIAL {
            looks.push(Look { width, colours, text });
        }
    }
    looks
}

/// Every look in these languages. What differs from another page only in a hostile name is seen in one of them.
fn everything(pages: &[String], languages: &[&'static str]) -> Vec<Visit> {
    let is_seen = |page: &str, language| language == LANGUAGES[0] || !page.ends_with("-hostile");
    let visits = |language| {
        pages
            .iter()
            .filter(move |page| is_seen(page, language))
            .map(move |page| Visit {
                page: page.clone(),
                language,
                looks: all_looks(),
            })
    };
    languages.iter().flat_map(|language| visits(*language)).collect()
}

/// The languages that are looked at whole: all, or the one that is named; none in a plain run.
fn chosen() -> Option<Vec<&'static str>> {
    let wanted = std::env::var("TIDEMARK_LOOKS").ok()?;
    let is_chosen = |language: &&str| wanted == "all" || wanted == *language;
    let chosen: Vec<&str> = LANGUAGES.into_iter().filter(is_chosen).collect();
    assert!(!chosen.is_empty(), "TIDEMARK_LOOKS is all, or one of {LANGUAGES:?}");
    Some(chosen)
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

#[tokio::test]
async fn every_page_is_without_fault_in_every_look() {
    let Some(driver) = Driver::start() else { return };
    let mut windows = Vec::new();
    for _ in 0..WINDOWS {
        let Some(window) = window(&driver).await else { return };
        windows.push(window);
    }
    let origin = gallery(page_samples::router).await;
    let pages = page_samples::names(&origin).await;
    let chosen = chosen();
    let visits = match &chosen {
        Some(languages) => everything(&pages, languages),
        None => diagonal(&pages),
    };
    let expected: usize = visits.iter().map(|visit| visit.looks.len()).sum();
    let looked_at = Cell::new(0);
    let queue = RefCell::new(VecDeque::from(visits));
    let found: RefCell<BTreeMap<String, Vec<String>>> = RefCell::default();
    let work = async |window: &Window| {
        loop {
            let Some(visit) = queue.borrow_mut().pop_front() else {
                break;
            };
            for (look, fault) in visit.faults(window, &origin).await {
                let place = format!("{} {} {look:?}", visit.page, visit.language);
                if chosen.is_some() {
                    // That takes so long that a part of it is worth having: not `eprintln!`, which is kept until the end.
                    let _ = writeln!(std::io::stderr(), "{place}: {fault}");
                }
                found.borrow_mut().entry(fault).or_default().push(place);
            }
            looked_at.set(looked_at.get() + visit.looks.len());
        }
    };
    futures_util::future::join_all(windows.iter().map(work)).await;
    assert_eq!(looked_at.get(), expected, "looks were left out");
    let found = found.into_inner();
    assert!(found.is_empty(), "{}", told(&found, expected));
}

/// How many bytes the page is compressed by Gzip, which makes pages a tenth larger than Brotli does.
const WEIGHT: &str = "fetch(location).then(answer => answer.blob())
    .then(blob => new Response(blob.stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer())
    .then(bytes => bytes.byteLength, String)";
/// The most of a list of banks, of any other page, and of the style sheet, which one page has within: 6, 3 and 6 kB by
/// Brotli.
const WEIGHTS_MAX: [u64; 3] = [6_600, 3_300, 6_600];

#[tokio::test]
async fn no_page_is_too_heavy_or_asks_anybody_else_for_anything() {
    let Some(driver) = Driver::start() else { return };
    let origin = gallery(page_samples::router).await;
    let window = driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    // What a page would ask for is seen here, and not what its policy lets through.
    window.devtools("Page.setBypassCSP", json!({"enabled": true})).await;
    let (mut asked, mut heavy) = (0, Vec::new());
    for page in page_samples::names(&origin).await {
        opens(&window, &origin, &page, "en").await;
        let trail = Trail::of(&window.log("performance").await);
        asked += trail.asked.len();
        for address in &trail.asked {
            assert!(address.starts_with(&format!("{origin}/")), "{page} asks for {address}");
        }
        // A name that is no name, many times over, is nobody's page.
        if page.contains("hostile") {
            continue;
        }
        let weight = window.evaluate(WEIGHT).await;
        let weight = weight.as_u64().unwrap_or_else(|| panic!("{page}: {weight}"));
        let [list, other, style] = WEIGHTS_MAX;
        let most = match page.as_str() {
            "broken-down" => other + style,
            page if page.starts_with("picker") => list,
            _ => other,
        };
        assert!(weight > 300, "{page} weighs nothing");
        if weight > most {
            heavy.push(format!("{page} weighs {weight} bytes"));
        }
    }
    assert!(asked > 300, "only {asked} requests were recorded");
    assert!(heavy.is_empty(), "{heavy:#?}");
}

/// How much of what was seen moved until the last picture in sight was there, as Chromium counts it; and how many there
/// are.
const SHIFT: &str = "new Promise(async resolve => {
  let sum = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
    .observe({type: 'layout-shift', buffered: true});
  const seen = [...document.images].filter(image => image.getBoundingClientRect().top < innerHeight);
  const ends = image => image.complete || new Promise(end => { image.onload = image.onerror = end; });
  await Promise.all(seen.map(ends));
  requestAnimationFrame(() => setTimeout(() => resolve([sum, seen.length]), 50));
})";

/// Pages with logos, above and below the sixth row, and with art of cards, late and not.
const ILLUSTRATED: [&str; 12] = [
    "picker",
    "picker-500",
    "picker-found",
    "home-art",
    "card-art",
    "done-art",
    "done",
    "launch-choice",
    "waiting",
    "issuer",
    "terms",
    "code",
];
/// Longer than everything else that a page waits for.
const LATE: Duration = Duration::from_millis(1_000);

#[tokio::test]
async fn nothing_moves_when_pictures_are_late() {
    let Some(driver) = Driver::start() else { return };
    let late = |origin: &str| {
        let slow = async |request: Request, next: Next| {
            if request.uri().path().starts_with("/logos/") {
                tokio::time::sleep(LATE).await;
            }
            next.run(request).await
        };
        page_samples::router(origin)
            .layer(from_fn(slow))
            .route("/pages/jumping", get(|| async { Html(JUMPING) }))
    };
    let origin = gallery(late).await;
    let window = driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    // Or a picture is late once and never again.
    window.devtools("Network.enable", json!({})).await;
    window
        .devtools("Network.setCacheDisabled", json!({"cacheDisabled": true}))
        .await;
    let pages: BTreeSet<String> = page_samples::names(&origin).await.into_iter().collect();
    let moved = async |page: &str| -> (f64, u64) {
        opens(&window, &origin, page, "en").await;
        let shift = window.evaluate(SHIFT).await;
        let parts = (shift[0].as_f64(), shift[1].as_u64());
        (parts.0.expect("a number"), parts.1.expect("a number"))
    };
    let mut found = Vec::new();
    for page in ILLUSTRATED {
        assert!(pages.contains(page), "there is no {page}");
        for width in [360, 1280] {
            window.resize(width, 800).await;
            let (shift, pictures) = moved(page).await;
            assert!(pictures > 0, "{page} has no picture at {width}");
            if shift > 0.0 {
                found.push(format!("{page} at {width}: {shift}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    let (shift, _) = moved("jumping").await;
    assert!(shift > 0.001, "a page that jumps is not noticed: {shift}");
}

/// A late picture without a size.
const JUMPING: &str = r#"<!doctype html><html lang="en"><title>Jumping</title>
    <img src="/logos/one" alt="" class="tall"><style>.tall { inline-size: 300px }</style><p>This goes down.</p>"#;

/// What the samples hold that is nobody's to translate, where it stands within a sentence of ours.
const GIVEN: [&str; 17] = [
    "Tidemark",
    "Havørn Bank",
    "Bánka Podolí",
    "Moon Rewards",
    "Eagle",
    "Mastercard",
    "Maestro",
    "my.havorn.example",
    "havorn.example",
    "wallet.example",
    "shop.example",
    // For who made a link to us, as programs are told it.
    "must be written as browsers write addresses",
    // Countries, which have no names in a made-up language, and what somebody typed.
    "Norway",
    "United Kingdom",
    "havrn",
    "“hav”",
    "“ban”",
];

#[tokio::test]
async fn nothing_is_said_in_english_where_another_language_was_asked_for() {
    let Some(driver) = Driver::start() else { return };
    let origin = gallery(page_samples::router).await;
    let Some(window) = window(&driver).await else { return };
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let pages = page_samples::names(&origin).await;
    let asked = format!("untranslated({})", json!(GIVEN));
    for page in pages.iter().filter(|page| !page.contains("hostile")) {
        opens(&window, &origin, page, "en-XA").await;
        for text in window.evaluate(&asked).await.as_array().expect("texts") {
            let text = text.as_str().expect("a text").to_owned();
            // Some pages have a hostile name for their only sample.
            if text.contains("alert(1)") {
                continue;
            }
            found.entry(text).or_default().push(page.clone());
        }
    }
    assert!(found.is_empty(), "{}", told(&found, pages.len()));
}

#[tokio::test]
async fn english_is_recognized() {
    let Some(driver) = Driver::start() else { return };
    let mixed = |_: &str| {
        let page = r#"<!doctype html><html lang="en-XA"><title>Ţîîţļéé</title><p>Šîîĝñ îîñ wîîţĥ <bdi>Some Bank</bdi></p>
            <p>Left in English</p><p>Ţĥéé Tidemark wåållééţ</p><img alt="a picture">"#;
        Router::new().route("/pages/mixed", get(move || async move { Html(page) }))
    };
    let origin = gallery(mixed).await;
    let Some(window) = window(&driver).await else { return };
    opens(&window, &origin, "mixed", "en-XA").await;
    let found = window.evaluate("untranslated(['Tidemark'])").await;
    assert_eq!(found, json!(["Left in English", "alt: a picture"]));
}

/// A page with one fault of each kind, to see that each is found.
const FAULTY: &str = r##"<!doctype html><html lang="en" dir="ltr"><head><title>Faulty</title>
<meta name="viewport" content="width=device-width"><noscript><meta http-equiv="refresh" content="5;url=/"></noscript>
<style>
@keyframes turn { to { rotate: 1turn } }
.turning { animation: turn 1s infinite; inline-size: 30px }
.banner { border: 0 }
.button { display: inline-block; block-size: 48px; inline-size: 90px; white-space: nowrap }
</style></head><body>
<main data-state="x" data-events="/events"><h1>Faulty</h1>
<p id="pale" style="color: #aaa">pale</p>
<img src="data:," width="9" height="9">
<p id="cut" style="inline-size: 60px; overflow: hidden; white-space: nowrap">more than there is room for</p>
<p id="spilling" style="border: 1px solid; block-size: 20px; inline-size: 40px">more than there is room for</p>
<p id="tiny" style="font-size: 10px">tiny</p>
<p><a id="low" href="/">i</a></p>
<button class="low">press</button>
<p id="shouting" role="status">shouting</p>
<input autofocus aria-label="first"><a href="/" target="_blank">away</a>
<div role="application" aria-label="app"><button class="button first" tabindex="2">much too long for it</button></div>
<div id="scrolling" style="block-size: 40px; overflow: auto"><p>one</p><p>two</p><p>three</p></div>
<p class="banner">banner</p><p class="turning">turning</p>
</main><div style="inline-size: 1300px">wide</div></body></html>"##;

#[tokio::test]
async fn each_fault_is_found() {
    let Some(driver) = Driver::start() else { return };
    let faulty = |_: &str| Router::new().route("/pages/faulty", get(|| async { Html(FAULTY) }));
    let origin = gallery(faulty).await;
    let Some(window) = window(&driver).await else { return };
    opens(&window, &origin, "faulty", "de").await;
    let mut found = faults(&window, "de", &Look::plain(1280, Colours::Light)).await;
    found.extend(
        faults(
            &window,
            "en",
            &Look {
                width: 1280,
                colours: Colours::Forced,
                text: Text::Plain,
            },
        )
        .await,
    );
    for fault in [
        "the page is 13", // 1300 and a margin
        "the page is in en",
        "div reaches from",
        "p#cut cuts off",
        "p#spilling does not hold",
        "div#scrolling scrolls by itself",
        "p#tiny has text of 10 px",
        "button.button.first is narrower than what it says",
        "button.low is",
        "a#low is",
        "p#shouting speaks by itself",
        "input has an attribute",
        "a has an attribute",
        "div has an attribute",
        "button.button.first is put before others",
        "#progress is missing",
        "the page reloads by itself",
        "1 animations run",
        "p.banner has no border in forced colours",
        "axe color-contrast: #pale",
        "axe image-alt: img",
        "axe region: ",
    ] {
        assert!(
            found.iter().any(|one| one.starts_with(fault)),
            "{fault} is not found: {found:#?}"
        );
    }
}
