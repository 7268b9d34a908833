//! Wire profiles: every issuer in its own words, read from the file as it is now.

use tidemark::cli::browser::{Browser, Page};

use crate::world::{APPROVING, TEXTING, World, card, session_of};

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
