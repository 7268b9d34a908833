//! Wire profiles: every issuer in its own words, read from the file as it is now.

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::bank::PushOptions;

use crate::wire::Ask;
use crate::world::{APPROVING, TEXTING, TRID, World, card, session_of};

const TWO_DIALECTS: &str = r#"
    [default]
    launch_session = "sid"
    [issuer.havorn-no]
    launch_session = "walletSession"
    launch_token_requestor = "trid"
    launch_callback = "back_to"
    return_jws = ["receiptJws"]
    return_session = "walletSession"
    return_result = "outcome"
    result_cancelled = ["stopped", "user-abort"]
"#;

/// An attempt with a bank, and where its website is opened.
async fn website(world: &World, browser: &mut Browser, issuer: &str) -> (Page, String) {
    let page = world.start(browser, issuer).await;
    browser.follows = false;
    let go = world.at(&format!("/sessions/{}/go", session_of(&page)));
    let sent = browser.get(&go).await.expect("an answer");
    browser.follows = true;
    assert_eq!(sent.status, 303, "{}", sent.text());
    (page, sent.headers["location"].to_str().expect("text").to_owned())
}

async fn state(browser: &mut Browser, world: &World, session: &str, query: &str) -> Page {
    let callback = world.at(&format!("/callback/{session}?{query}"));
    browser.get(&callback).await.expect("an answer")
}

#[tokio::test]
async fn every_issuer_is_opened_and_understood_in_its_own_words() {
    let world = World::new().await;
    world.set_profiles(TWO_DIALECTS);
    let mut browser = world.browser();
    let (page, link) = website(&world, &mut browser, APPROVING).await;
    let session = session_of(&page);
    for part in [
        format!("walletSession={session}"),
        "trid=50123456789".to_owned(),
        "back_to=http".to_owned(),
    ] {
        assert_eq!(link.matches(&part).count(), 1, "{link}");
    }
    assert!(
        !link.contains("tokenRequestor") && !link.contains("callbackURL"),
        "{link}"
    );
    let (_, other) = website(&world, &mut browser, TEXTING).await;
    assert!(
        other.contains("sid=") && other.contains("tokenRequestorId=") && other.contains("callbackURL="),
        "{other}"
    );

    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let foreign = state(&mut browser, &world, &session, &format!("pushAccountData={token}")).await;
    assert_eq!(
        foreign.state().as_deref(),
        Some("launched"),
        "the default's name is a stranger to this issuer"
    );
    let own = format!("receiptJws={token}&walletSession={session}");
    assert_eq!(
        state(&mut browser, &world, &session, &own).await.state().as_deref(),
        Some("returned")
    );
}

#[tokio::test]
async fn a_result_has_the_words_of_its_issuer() {
    let world = World::new().await;
    world.set_profiles(TWO_DIALECTS);
    let mut browser = world.browser();
    let session = session_of(&world.start(&mut browser, APPROVING).await);
    let unknown = state(&mut browser, &world, &session, "outcome=CANCELLED").await;
    assert_eq!(unknown.status, 400, "no word of this issuer");
    let stopped = state(&mut browser, &world, &session, "outcome=USER-abort").await;
    assert_eq!(stopped.state().as_deref(), Some("cancelled"), "{}", stopped.text());
}

#[tokio::test]
async fn the_file_is_read_again_when_it_changes_and_a_broken_one_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let opened_with = async |browser: &mut Browser| website(&world, browser, APPROVING).await.1;
    assert!(opened_with(&mut browser).await.contains("tokenRequestorSessionId="));
    world.set_profiles("[default]\nlaunch_session = \"first\"");
    assert!(opened_with(&mut browser).await.contains("first="));
    world.set_profiles("[default]\nlaunch_session = \"a name\"");
    assert!(
        opened_with(&mut browser).await.contains("first="),
        "a file that is wrong is not taken"
    );
    world.set_profiles("[default]\nlaunch_session = \"other\"");
    assert!(opened_with(&mut browser).await.contains("other="));
    world.set_profiles("[issuer.quillwort-us]\nlaunch_session = \"elsewhere\"");
    assert!(opened_with(&mut browser).await.contains("tokenRequestorSessionId="));
}

/// One bank comes back to one address for all sessions.
const ONE_ADDRESS: &str = r#"
    [issuer.havorn-no]
    callback = "fixed"
    return_session = "state"
"#;

async fn back_to_one_address(world: &World, browser: &mut Browser, query: &str) -> Page {
    let callback = world.at(&format!("/callback?{query}"));
    browser.get(&callback).await.expect("an answer")
}

fn problem(page: &Page) -> (u16, String) {
    (page.status, page.main_attribute("data-problem").unwrap_or_default())
}

#[tokio::test]
async fn one_address_for_all_sessions_finds_the_session_that_the_return_names() {
    let world = World::new().await;
    world.set_profiles(ONE_ADDRESS);
    let mut browser = world.browser();
    let (page, link) = website(&world, &mut browser, APPROVING).await;
    let (other, _) = website(&world, &mut browser, APPROVING).await;
    let callback = url::form_urlencoded::byte_serialize(world.at("/callback").as_bytes()).collect::<String>();
    assert!(
        link.contains(&format!("callbackURL={callback}&")) || link.ends_with(&callback),
        "{link}"
    );
    let session = session_of(&page);
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let query = format!("pushAccountData={token}&state={session}");
    let stranger = back_to_one_address(&world, &mut world.browser(), &format!("state={session}")).await;
    assert_eq!(problem(&stranger), (400, "other-browser".to_owned()));
    let back = back_to_one_address(&world, &mut browser, &query).await;
    assert_eq!(
        (session_of(&back), back.state().as_deref()),
        (session, Some("returned"))
    );
    assert_eq!(
        world.look(&mut browser, &other).await.state().as_deref(),
        Some("launched")
    );
    let twice = format!("state={}&State={}", session_of(&page), session_of(&other));
    assert_eq!(
        problem(&back_to_one_address(&world, &mut browser, &twice).await),
        (400, "malformed-return".to_owned())
    );
}

#[tokio::test]
async fn one_address_without_a_session_means_the_one_that_this_browser_waits_for() {
    let world = World::new().await;
    world.set_profiles(ONE_ADDRESS);
    let mut browser = world.browser();
    let (elsewhere, _) = website(&world, &mut browser, TEXTING).await;
    let (page, _) = website(&world, &mut browser, APPROVING).await;
    let session = session_of(&page);
    let empty = back_to_one_address(&world, &mut browser, "").await;
    assert_eq!(session_of(&empty), session);
    assert!(empty.text().contains("without an answer"), "{}", empty.text());
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let signed = back_to_one_address(&world, &mut browser, &format!("pushAccountData={token}")).await;
    assert_eq!(
        (session_of(&signed), signed.state().as_deref()),
        (session, Some("returned"))
    );
    assert_eq!(
        world.look(&mut browser, &elsewhere).await.state().as_deref(),
        Some("launched")
    );

    world.work().await;
    let (one, two) = (
        website(&world, &mut browser, APPROVING).await.0,
        website(&world, &mut browser, APPROVING).await.0,
    );
    let token = world
        .push(APPROVING, &[&card(APPROVING, "ada", 2)], &session_of(&one))
        .await;
    let before = world.books().await;
    let unclear = back_to_one_address(&world, &mut browser, &format!("pushAccountData={token}")).await;
    assert_eq!(unclear.status, 404, "two wait: {}", unclear.text());
    let nobody = back_to_one_address(&world, &mut world.browser(), &format!("pushAccountData={token}")).await;
    assert_eq!(nobody.status, 404, "nobody waits there");
    world
        .assert_unmoved(&before, "nobody can tell which session is meant")
        .await;
    for page in [one, two] {
        assert_eq!(
            world.look(&mut browser, &page).await.state().as_deref(),
            Some("launched")
        );
    }
}

/// Whoever sends a link with his own receipt needs no session's id here, so the signature must name the session.
#[tokio::test]
async fn one_address_takes_no_receipt_that_neither_the_signature_nor_the_return_binds_to_the_session() {
    let world = World::new().await;
    world.set_profiles(ONE_ADDRESS);
    let mut browser = world.browser();
    let (page, _) = website(&world, &mut browser, APPROVING).await;
    let ids = [card(APPROVING, "ben", 1)];
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let pushed = world
        .stage
        .bank
        .push(APPROVING, &ids, None, TRID, None, PushOptions::default())
        .await;
    let token = pushed.expect("MDES takes the push").signature.expect("signed");
    let before = world.books().await;
    let refused = back_to_one_address(&world, &mut browser, &format!("pushAccountData={token}")).await;
    assert_eq!(problem(&refused), (400, "not-genuine".to_owned()));
    world.assert_unmoved(&before, "a receipt of somebody's").await;
    assert_eq!(
        world.look(&mut browser, &page).await.state().as_deref(),
        Some("launched")
    );
}

/// A link that any page can send a browser to must not end what it waits for.
#[tokio::test]
async fn one_address_believes_no_unsigned_word_that_names_no_session() {
    let world = World::new().await;
    world.set_profiles(ONE_ADDRESS);
    let mut browser = world.browser();
    let (page, _) = website(&world, &mut browser, APPROVING).await;
    let (elsewhere, _) = website(&world, &mut browser, TEXTING).await;
    for word in ["CANCELLED", "DECLINED", "ERROR"] {
        let back = back_to_one_address(&world, &mut browser, &format!("result={word}")).await;
        assert_eq!(
            (session_of(&back), back.state().as_deref()),
            (session_of(&page), Some("launched"))
        );
    }
    let of_another_kind = format!("state={}&result=CANCELLED", session_of(&elsewhere));
    assert_eq!(
        back_to_one_address(&world, &mut browser, &of_another_kind).await.status,
        404
    );
    assert_eq!(
        world.look(&mut browser, &elsewhere).await.state().as_deref(),
        Some("launched")
    );
    let named = format!("state={}&result=CANCELLED", session_of(&page));
    let stopped = back_to_one_address(&world, &mut browser, &named).await;
    assert_eq!(stopped.state().as_deref(), Some("cancelled"));
}

#[tokio::test]
async fn one_address_is_posted_to_as_well_and_is_not_there_for_issuers_with_addresses_of_their_own() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (page, _) = website(&world, &mut browser, APPROVING).await;
    let session = session_of(&page);
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let body = format!("pushAccountData={token}&state={session}&tokenRequestorSessionId={session}");
    assert_eq!(
        Ask::post("/callback", &body).send(&world).await.status,
        404,
        "no issuer comes back here"
    );
    world.set_profiles(ONE_ADDRESS);
    let unnamed = Ask::post("/callback", format!("pushAccountData={token}")).of(&browser);
    assert_eq!(unnamed.send(&world).await.status, 404, "no cookie is read");
    let kept = Ask::post("/callback", &body).send(&world).await;
    assert_eq!(kept.status, 303);
    let here = kept.header("location").expect("a location").to_owned();
    assert!(here.starts_with(&format!("/callback/{session}?~parked=")), "{here}");
    let back = browser.get(&world.at(&here)).await.expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
}
