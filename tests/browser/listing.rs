//! What the picker lists, as a browser shows it: found in any spelling, in the order of a language, of any length, with a
//! letter where a logo cannot be shown.

use serde_json::{Value, json};
use tidemark::domain::issuer::PullMethods;
use tidemark::sim::mdes::DirectoryEntry;

use crate::driver::{Driver, Window};
use crate::fixtures::entry;
use crate::flows::until;
use crate::person::{APPROVING, Scene, Trail};
use crate::world::World;

/// The banks of the list, in its order.
const IDS: &str =
    "[...document.querySelectorAll('#rows .row')].map(row => row.value ?? row.getAttribute('href').split('/').pop())";

async fn finds(window: &Window, scene: &Scene, query: &str) -> Vec<String> {
    let mut address = url::Url::parse(&scene.at("/issuers?country=")).expect("an address");
    address.query_pairs_mut().append_pair("q", query);
    window.go(address.as_str()).await;
    let ids = window.evaluate(IDS).await;
    let ids = ids.as_array().expect("a list").iter();
    ids.map(|id| id.as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn names_are_found_in_every_spelling() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    for (query, first) in [
        ("banka", ["podoli-cz", "yildiztepe-tr"].as_slice()),
        ("hav", &["havorn-no"]),
    ] {
        let found = finds(&window, &scene, query).await;
        assert!(
            found.starts_with(&first.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()),
            "{query}: {found:?}"
        );
    }
    for (query, only) in [
        ("havorn", "havorn-no"),
        ("labedz", "labedz-pl"),
        ("bereza", "bereza-kz"),
        ("берёза", "bereza-kz"),
        ("yildiztepe", "yildiztepe-tr"),
        ("YILDIZTEPE", "yildiztepe-tr"),
        ("ghafa", "ghafa-ae"),
        ("hotarubi", "hotarubi-jp"),
        ("蛍火", "hotarubi-jp"),
        ("ipe roxo", "iperoxo-br"),
    ] {
        assert_eq!(finds(&window, &scene, query).await, [only], "{query}");
    }
    assert_eq!(finds(&window, &scene, "havrn").await, [] as [String; 0]);
    assert_eq!(window.words("#found a").await, "Did you mean Havørn Bank?");
    window.click("#found a").await;
    window.sees("#rows:not(:has(#r2))").await;
    assert_eq!(window.evaluate(IDS).await, json!([APPROVING]));
    scene.demo.stop().await;
}

/// As it is for who reads German: other scripts come after the Latin one.
const ORDER: [&str; 12] = [
    "iperoxo-br",
    "podoli-cz",
    "mirabelle-fr",
    "havorn-no",
    "labedz-pl",
    "quillwort-us",
    "silbertann-de",
    "tarnfell-gb",
    "yildiztepe-tr",
    "bereza-kz",
    "ghafa-ae",
    "hotarubi-jp",
];

#[tokio::test]
async fn every_language_has_its_order() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.devtools("Network.enable", json!({})).await;
    let moved = |id: &'static str, to: usize| {
        let mut order: Vec<&str> = ORDER.into_iter().filter(|other| *other != id).collect();
        order.insert(to, id);
        order
    };
    for (language, order) in [
        ("de", ORDER.to_vec()),
        ("pl", ORDER.to_vec()),
        // Arabic comes first there, and Japanese before all but Latin.
        ("ar", moved("ghafa-ae", 0)),
        ("ja", moved("hotarubi-jp", 9)),
    ] {
        let spoken = json!({"headers": {"Accept-Language": language}});
        window.devtools("Network.setExtraHTTPHeaders", spoken).await;
        window.go(&scene.at("/issuers?q=&country=")).await;
        assert_eq!(window.evaluate(IDS).await, json!(order), "{language}");
    }
    scene.demo.stop().await;
}

#[tokio::test]
async fn a_short_list_has_no_field_and_an_empty_one_says_why() {
    let Some(driver) = Driver::start() else { return };
    let world = World::without_directory(&[]).await;
    let window = driver.open(true).await;
    for (count, fields, rows) in [(12, 1, 12), (3, 0, 3), (0, 0, 0)] {
        world.stage.list(count);
        if world.app.refresh_directory().await.is_err() {
            assert_eq!(world.app.refresh_directory().await, Ok(count), "said twice");
        }
        window.go(&world.at("/issuers?country=")).await;
        let seen = "[performance.getEntriesByType('navigation')[0].responseStatus,
            document.querySelectorAll('[type=search]').length, document.querySelectorAll('#rows > li').length]";
        assert_eq!(window.evaluate(seen).await, json!([200, fields, rows]), "{count}");
    }
    assert_eq!(window.words("#found h2").await, "No issuers are available yet");
}

/// A bank with a logo that is not there, cannot be drawn, or would do something: `it::directory` has why each is refused.
const UNSAFE: [(&str, &str); 7] = [
    ("missing", ""),
    ("broken", "<g>"),
    ("page", "<html><script>alert(1)</script></html>"),
    ("script", "<script>fetch('https://evil.example/')</script></svg>"),
    ("handler", "<g onload=\"fetch('https://evil.example/')\"/></svg>"),
    ("elsewhere", "<use href=\"https://evil.example/a.svg#a\"/></svg>"),
    ("import", "<style>@import 'https://evil.example/'</style></svg>"),
];

#[tokio::test]
async fn a_logo_that_cannot_be_shown_is_a_letter_and_asks_nobody_for_anything() {
    let Some(driver) = Driver::start() else { return };
    let world = World::without_directory(&[]).await;
    let methods = PullMethods {
        web: Some("https://bank.example/pull".to_owned()),
        ..PullMethods::default()
    };
    let start = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 44 44\"><path d=\"M0 0h9\"/>";
    let bank = |id: &str, rest: &str| DirectoryEntry {
        logo_svg: match id {
            "missing" | "page" => rest.as_bytes().to_vec(),
            _ => format!("{start}{rest}").into_bytes(),
        },
        // Else it would stand in for a drawing that is refused.
        logo_png: Vec::new(),
        ..entry(&world, id, id, &methods)
    };
    let banks = UNSAFE.iter().map(|(id, rest)| bank(id, rest));
    world
        .stage
        .mdes
        .set_directory(banks.chain([bank("sound", "</svg>")]).collect());
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    let window = driver.open(true).await;
    window.go(&world.at("/issuers?country=")).await;
    // Pictures below the fold come when the browser finds the time.
    let there = "[...document.querySelectorAll('#rows img.logo')].every(logo => logo.naturalWidth > 0)";
    until(&window, there).await;
    let seen = "[...document.querySelectorAll('#rows .logo')].map(logo =>
        [logo.closest('.row').value, logo.localName, logo.localName === 'img' ? logo.naturalWidth > 0 : logo.textContent])";
    let mut expected: Vec<Value> = UNSAFE
        .iter()
        .map(|(id, _)| json!([id, "span", id[..1].to_ascii_uppercase()]))
        .chain([json!(["sound", "img", true])])
        .collect();
    expected.sort_by_key(|bank| bank[0].as_str().map(str::to_owned));
    assert_eq!(window.evaluate(seen).await, Value::Array(expected));
    let trail = Trail::of(&window.log("performance").await);
    assert!(
        trail.asked.iter().any(|address| address.contains("/logos/")),
        "{trail:?}"
    );
    for address in &trail.asked {
        assert!(address.starts_with(&world.at("/")), "the browser asked for {address}");
    }
}

/// The banks below a heading.
fn group(heading: &str) -> String {
    format!(
        "[...document.querySelectorAll('#list h2')].filter(one => one.textContent === '{heading}')
            .flatMap(one => [...one.nextElementSibling.querySelectorAll('.row')].map(row => row.value ?? row.getAttribute('href')))"
    )
}

#[tokio::test]
async fn who_was_used_before_comes_first_and_is_forgotten_when_asked_to() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    scene.comes_to_terms(&window, APPROVING).await;
    window.click("button[value=\"accept\"]").await;
    window.sees("main[data-state=\"active\"]").await;
    window.go(&scene.at("/issuers?country=")).await;
    assert_eq!(window.evaluate(&group("Used before")).await, json!([APPROVING]));
    let all = window.evaluate(&group("All issuers")).await;
    let all = all.as_array().expect("a list");
    assert_eq!(all.iter().filter(|id| **id == APPROVING).count(), 1);
    assert_eq!(all.len(), 12);
    let cookies = window.devtools("Network.getCookies", json!({})).await;
    let recent = |cookies: &Value| -> Vec<String> {
        let cookies = cookies["cookies"].as_array().expect("cookies").iter();
        let values = cookies.filter(|cookie| {
            cookie["name"]
                .as_str()
                .is_some_and(|name| name.ends_with("tidemark-recent"))
        });
        values
            .map(|cookie| cookie["value"].as_str().expect("text").to_owned())
            .collect()
    };
    let kept = recent(&cookies);
    let (list, signature) = kept.first().and_then(|kept| kept.rsplit_once(':')).expect("two parts");
    assert_eq!((kept.len(), list, signature.len()), (1, APPROVING, 64));

    window.click("button[form=forget]").await;
    window.sees("#list:not(:has([form=forget]))").await;
    assert_eq!(window.evaluate(&group("Used before")).await, json!([]));
    let cookies = window.devtools("Network.getCookies", json!({})).await;
    assert_eq!(recent(&cookies), [] as [String; 0]);
    scene.demo.stop().await;
}
