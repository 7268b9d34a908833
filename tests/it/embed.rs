//! Other sites that lead their people here: where those come from, and where they are led back to.

use std::io::Write as _;

use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Page};
use tidemark::words::{Language, Words};

use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, World, card};

const PREFIXES: (&str, &str) = (
    "TIDEMARK_EMBED__RETURN_PREFIXES",
    "https://shop.example/account, https://other.example:8443",
);
const HOST: &str = "https://shop.example/account/cards?tab=2";
const RETURN: &str = "return=https%3A%2F%2Fshop.example%2Faccount%2Fcards%3Ftab%3D2";

async fn get(browser: &mut Browser, world: &World, path: &str) -> Page {
    browser.get(&world.at(path)).await.expect("an answer")
}

/// The one link that leads back, if there is one.
fn way_back(page: &Page) -> Option<String> {
    let tags = page.tags();
    let links: Vec<_> = tags
        .iter()
        .filter(|tag| tag.attributes.contains_key("data-host-page"))
        .collect();
    assert!(links.len() <= 1, "{}", page.body);
    let link = links.first()?;
    assert_eq!(link.attributes["rel"], "noreferrer");
    Some(link.attributes["href"].clone())
}

/// Starts with an issuer, as somebody who came from the host.
async fn start(browser: &mut Browser, world: &World, issuer: &str) -> Page {
    let picker = get(browser, world, &format!("/issuers?{RETURN}")).await;
    let form = picker.form("/sessions").expect("rows");
    assert_eq!(
        form.fields.iter().find(|(name, _)| name == "return"),
        Some(&("return".to_owned(), HOST.to_owned()))
    );
    let attempt = browser
        .submit(&picker, &form, &[("issuer", issuer)])
        .await
        .expect("an answer");
    assert_eq!(attempt.state().as_deref(), Some("offered"), "{}", attempt.text());
    assert_eq!(way_back(&attempt), None, "it is not over");
    attempt
}

#[tokio::test]
async fn whoever_came_from_a_host_is_led_back_with_how_it_ended() {
    let world = World::with(&[PREFIXES]).await;
    let mut browser = world.browser();
    let attempt = start(&mut browser, &world, APPROVING).await;
    let session = crate::world::session_of(&attempt);
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let back = get(
        &mut browser,
        &world,
        world
            .callback(&session, &signed)
            .strip_prefix(&world.url)
            .expect("ours"),
    )
    .await;
    world.work().await;
    let terms = world.look(&mut browser, &back).await;
    assert_eq!(way_back(&terms), None, "{}", terms.text());
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    let reference = format!("TM-{}", session[..8].to_ascii_uppercase());
    let link = way_back(&done).expect("a way back");
    assert_eq!(link, format!("{HOST}&add_card=added&ref={reference}"));
    assert!(done.text().contains("Back to shop.example"), "{}", done.text());
}

#[tokio::test]
async fn a_host_is_told_of_stopping_failing_and_running_out_of_time() {
    let world = World::with(&[PREFIXES]).await;
    let mut browser = world.browser();
    let attempt = start(&mut browser, &world, APPROVING).await;
    let stopped = world.act(&mut browser, &attempt, "/cancel", &[]).await;
    assert_eq!(stopped.state().as_deref(), Some("cancelled"));
    assert!(
        way_back(&stopped)
            .expect("a way back")
            .contains("&add_card=cancelled&ref=TM-")
    );
    assert!(
        stopped.body.contains(&format!("/issuers/{APPROVING}?{RETURN}")),
        "trying again leads back too"
    );

    let attempt = start(&mut browser, &world, APPROVING).await;
    let session = crate::world::session_of(&attempt);
    let declined = format!("/callback/{session}?result=DECLINED&tokenRequestorSessionId={session}");
    let failed = get(&mut browser, &world, &declined).await;
    assert_eq!(failed.state().as_deref(), Some("failed"), "{}", failed.text());
    assert!(
        way_back(&failed)
            .expect("a way back")
            .contains("&add_card=failed&ref=TM-")
    );

    let attempt = start(&mut browser, &world, APPROVING).await;
    world.pass(901_000).await;
    let late = world.look(&mut browser, &attempt).await;
    assert_eq!((late.status, late.state().as_deref()), (410, Some("expired")));
    assert!(
        way_back(&late)
            .expect("a way back")
            .contains("&add_card=failed&ref=TM-")
    );
}

#[tokio::test]
async fn the_way_back_goes_along_from_page_to_page() {
    let world = World::with(&[PREFIXES]).await;
    let mut browser = world.browser();
    let picker = get(
        &mut browser,
        &world,
        &format!("/issuers?q=bank&country=NO&page=1&{RETURN}"),
    )
    .await;
    let search = picker.form("/issuers").expect("a search");
    assert!(
        search.fields.contains(&("return".to_owned(), HOST.to_owned())),
        "{search:?}"
    );
    // Every link of the picker that is not the frame's.
    let leaving: Vec<String> = picker
        .tags()
        .iter()
        .filter_map(|tag| tag.attributes.get("href").cloned())
        .filter(|href| href.starts_with("/issuers") && !href.contains(RETURN))
        .collect();
    assert!(leaving.is_empty(), "{leaving:?}");
    let issuer = get(&mut browser, &world, &format!("/issuers/{APPROVING}?{RETURN}")).await;
    assert!(
        issuer.body.contains(&format!("href=\"/issuers?{RETURN}\"")),
        "{}",
        issuer.body
    );
    let form = issuer.form("/sessions").expect("a way to start");
    let attempt = browser
        .submit(&issuer, &form, &[("issuer", APPROVING)])
        .await
        .expect("an answer");
    assert!(
        attempt.body.contains(&format!("href=\"/issuers?{RETURN}\"")),
        "{}",
        attempt.body
    );
    let stopped = world.act(&mut browser, &attempt, "/cancel", &[]).await;
    assert!(way_back(&stopped).expect("a way back").starts_with(HOST));
    // Neither stopping nor running out of time loses where somebody came from.
    let again = format!("href=\"/issuers/{APPROVING}?{RETURN}\"");
    assert!(stopped.body.contains(&again), "{}", stopped.body);
    let attempt = browser
        .submit(&issuer, &form, &[("issuer", APPROVING)])
        .await
        .expect("an answer");
    world.pass(16 * 60_000).await;
    let expired = world.look(&mut browser, &attempt).await;
    assert_eq!(expired.state().as_deref(), Some("expired"), "{}", expired.text());
    assert!(expired.body.contains(&again), "{}", expired.body);
    // Who came from nowhere is led nowhere.
    let mut other = world.browser();
    let attempt = world.start(&mut other, APPROVING).await;
    let stopped = world.act(&mut other, &attempt, "/cancel", &[]).await;
    assert_eq!(way_back(&stopped), None);
    assert!(!stopped.body.contains("return="));
}

#[tokio::test]
async fn a_page_that_is_not_registered_is_refused_before_anything_happens() {
    let world = World::with(&[PREFIXES]).await;
    let mut browser = world.browser();
    let offer = get(&mut browser, &world, &format!("/issuers/{APPROVING}")).await;
    let form = offer.form("/sessions").expect("a way to start");
    let before = world.books().await;
    for (address, rule) in [
        ("https://evil.example", "below an address that is registered"),
        (
            "https://shop.example/account-evil",
            "below an address that is registered",
        ),
        ("https://other.example/", "below an address that is registered"),
        ("//shop.example/account", "must be an address such as"),
        ("javascript:alert(1)", "must be an address such as"),
        (
            "https://shop.example/account/../x",
            "written as browsers write addresses",
        ),
        (
            "https://shop.example\\@evil.example/account",
            "without spaces, quotes and backslashes",
        ),
        ("https://shop.example@evil.example/account", "no user name or password"),
        ("", "must have 1 to 1024 characters"),
    ] {
        let encoded: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
        let mut pages = Vec::new();
        for path in ["/issuers", &format!("/issuers/{APPROVING}")] {
            pages.push(get(&mut browser, &world, &format!("{path}?return={encoded}")).await);
        }
        let fields = [("issuer", APPROVING), ("return", address)];
        pages.push(browser.submit(&offer, &form, &fields).await.expect("an answer"));
        for page in pages {
            assert_eq!(page.status, 400, "{address}");
            assert_eq!(
                page.main_attribute("data-problem").as_deref(),
                Some("foreign-host"),
                "{address}"
            );
            assert!(page.text().contains(rule), "{address}: {}", page.text());
            assert!(!page.body.contains("evil"), "{address}: it is not repeated");
            assert_eq!(way_back(&page), None);
        }
    }
    world.assert_unmoved(&before, "foreign hosts").await;
}

#[tokio::test]
async fn without_a_registered_prefix_nobody_is_led_anywhere() {
    let world = World::new().await;
    let answer = Ask::get(&format!("/issuers?{RETURN}")).send(&world).await;
    assert_eq!(answer.status, 400);
    assert!(answer.header("location").is_none());
}

#[tokio::test]
async fn a_host_that_is_no_longer_registered_is_not_linked() {
    let world = World::with(&[PREFIXES]).await;
    let mut browser = world.browser();
    let attempt = start(&mut browser, &world, APPROVING).await;
    let stopped = world.act(&mut browser, &attempt, "/cancel", &[]).await;
    assert!(way_back(&stopped).is_some());
    world
        .tamper(
            "UPDATE sessions SET body = REPLACE(body, 'https://shop.example/account', 'https://evil.example/account')",
        )
        .await;
    let later = world.look(&mut browser, &attempt).await;
    assert_eq!((later.state(), way_back(&later)), (stopped.state(), None));
}

const ORIGINS: (&str, &str) = ("TIDEMARK_EMBED__ORIGINS", "https://shop.example,http://localhost:3000");

async fn list(world: &World, query: &str, origin: Option<&str>) -> Answer {
    let ask = Ask::get(&format!("/embed/issuers.json{query}"));
    let ask = match origin {
        Some(origin) => ask.with("origin", origin),
        None => ask,
    };
    ask.send(world).await
}

#[tokio::test]
async fn a_registered_sites_script_reads_the_issuers_and_where_each_is_chosen() {
    let world = World::with(&[ORIGINS]).await;
    for origin in ["https://shop.example", "http://localhost:3000"] {
        let answer = list(&world, "", Some(origin)).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(told["issuers"].as_array().map(Vec::len), Some(12));
    }
    let answer = list(&world, "?country=NO", Some("https://shop.example")).await;
    let told: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let issuers = told["issuers"].as_array().expect("a list");
    assert_eq!(issuers.len(), 1, "{told}");
    let names: Vec<&String> = issuers[0].as_object().expect("an object").keys().collect();
    assert_eq!(names, ["id", "name", "alias", "countries", "logo", "url"]);
    assert_eq!(
        (&issuers[0]["id"], &issuers[0]["countries"]),
        (&json!("havorn-no"), &json!(["NO"]))
    );
    // Both addresses are whole, and lead here.
    let path = |name: &str| {
        let address = issuers[0][name].as_str().expect("an address");
        address.strip_prefix(&world.url).expect("ours").to_owned()
    };
    assert_eq!(path("url"), "/issuers/havorn-no");
    assert_eq!(Ask::get(&path("url")).send(&world).await.status, 200);
    let logo = Ask::get(&path("logo")).send(&world).await;
    assert_eq!(
        (logo.status, logo.header("cross-origin-resource-policy")),
        (200, Some("cross-origin"))
    );
    assert_eq!(list(&world, "?country=no", None).await.status, 422);
    assert_eq!(list(&world, "?q=x", None).await.status, 400);
}

#[tokio::test]
async fn no_other_origin_reads_the_list() {
    let world = World::with(&[ORIGINS]).await;
    for origin in [
        "https://evil.example",
        "https://shop.example.evil",
        "https://evil.shop.example",
        "https://shop.example:443",
        "https://shop.example/",
        "https://SHOP.example",
        "http://shop.example",
        "http://localhost",
        "null",
        "*",
        "",
        "https://shop.example, https://evil.example",
    ] {
        for ask in [
            Ask::get("/embed/issuers.json"),
            Ask::new("OPTIONS", "/embed/issuers.json"),
        ] {
            let answer = ask.with("origin", origin).send(&world).await;
            assert_eq!(
                (answer.status, answer.problem().as_deref()),
                (403, Some("foreign-origin")),
                "{origin}"
            );
            assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}");
            assert!(!answer.text().contains("havorn"), "{origin}");
        }
    }
    let two = Ask::get("/embed/issuers.json").with("origin", "https://shop.example");
    assert_eq!(
        two.with("origin", "https://shop.example").send(&world).await.status,
        403
    );
    let nobody = list(&world, "", None).await;
    assert_eq!(
        (nobody.status, nobody.header("access-control-allow-origin")),
        (200, None)
    );
    assert_eq!(nobody.header("vary"), Some("origin"));
}

#[tokio::test]
async fn where_no_origin_is_registered_there_is_no_list() {
    let world = World::new().await;
    let answer = list(&world, "", Some("https://shop.example")).await;
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (404, None)
    );
    assert_eq!(
        Ask::new("OPTIONS", "/embed/issuers.json").send(&world).await.status,
        404
    );
    assert_eq!(Ask::get("/embed/logos/x").send(&world).await.status, 404);
    // The button needs nobody's leave: it is a link.
    assert_eq!(Ask::get("/embed/v1.js").send(&world).await.status, 200);
}

#[tokio::test]
async fn other_sites_show_issuers_logos_and_no_card_art() {
    let world = World::with(&[ORIGINS]).await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let done = world.accept(&mut browser, &terms).await;
    let pictures: Vec<String> = done
        .tags()
        .iter()
        .filter_map(|tag| tag.attributes.get("src")?.strip_prefix("/logos/").map(str::to_owned))
        .collect();
    let [logo, art] = pictures.as_slice() else {
        panic!("a logo and a card: {pictures:?}")
    };
    for (asset, there) in [(logo, 200), (art, 404)] {
        assert_eq!(Ask::get(&format!("/logos/{asset}")).send(&world).await.status, 200);
        let embedded = Ask::get(&format!("/embed/logos/{asset}")).send(&world).await;
        assert_eq!(embedded.status, there, "{asset}");
    }
}

#[test]
fn the_button_says_what_the_wallet_says() {
    let script = include_str!("../../static/embed.js");
    for language in Language::all() {
        let said = Words::new(language, "Tidemark".into()).add_a_card();
        let key = language.tag().split('-').next().expect("a language");
        let line = format!("  {key}: \"{said}\",\n");
        assert!(script.contains(&line), "{line}");
    }
}

#[test]
fn the_buttons_script_is_small() {
    let script = include_bytes!("../../static/embed.js");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(script).expect("memory");
    let packed = packed.finish().expect("memory").len();
    assert!(packed <= 1_700, "{packed} bytes with gzip");
}
