//! Other sites that lead their people here: where those come from, and where they are led back to.

use tidemark::cli::browser::{Browser, Page};

use crate::wire::Ask;
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
    let reference = session[..8].to_ascii_uppercase();
    let link = way_back(&done).expect("a way back");
    assert_eq!(link, format!("{HOST}&add_card=added&ref=TM-{reference}"));
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
