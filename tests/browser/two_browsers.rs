//! Started in one browser and returned in another, in all three modes: two profiles of Chromium, and nothing of the card
//! is shown in the wrong one.

use std::sync::{Arc, OnceLock};

use axum::response::Redirect;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tidemark::sim::catalogue::card_by_id;
use tidemark::sim::stage::Stage;
use url::Url;

use crate::backend::credential;
use crate::driver::{Driver, Window};
use crate::person::{APPROVING, Scene, Trail, has_no_receipt};
use crate::world::{World, card};

/// What a card that is shown is recognised by: its digits, its product, its picture.
const SHOWN: [&str; 3] = ["last four", "product", "art"];

// ---------------------------------------------------------------------------------------------------------------
// Refused, as it is unless a setting says otherwise.

#[tokio::test]
async fn the_other_browser_is_refused_and_starts_again_and_the_starting_tab_says_so_by_itself() {
    let Some(scene) = Scene::open().await else { return };
    let (here, there) = (scene.driver.open(true).await, scene.driver.open(true).await);
    let address = waits_for_another_browser(&scene, &here).await;
    let traces = Traces::of(&address);
    there.go(&address).await;
    there.sees("main[data-problem=\"other-browser\"]").await;
    assert_eq!(there.status().await, 400);
    assert_eq!(there.words("h1").await, "You came back in another browser");
    traces.are_not_in(&there).await;
    has_loaded_no_picture(&scene, &there).await;
    has_one_primary_action(&there, "Start again in this browser").await;
    // Nobody touches the starting tab.
    here.sees("main[data-moment=\"launched.elsewhere\"]").await;
    let words = here.words("main").await;
    assert!(words.contains("brought you back in a different browser"), "{words}");
    assert_eq!(scene.asked("checkEligibility"), 0);

    there.click("main .button:not(.second)").await;
    assert!(there.url().await.ends_with(&format!("/issuers/{APPROVING}")));
    there.click("form[action=\"/sessions\"] button").await;
    scene.signs_in(&there).await;
    there.click("button[value=\"add\"]").await;
    accepts(&there).await;
    there.sees("main[data-state=\"active\"]").await;
    let traces = traces.and_of_the_token(&scene.demo.stage);
    traces.are_with_the_card(&there).await;
    here.reload().await;
    here.sees("main[data-moment=\"launched.elsewhere\"]").await;
    traces.are_not_in(&here).await;
    here.go(&scene.at("/")).await;
    assert_eq!(here.words("main h2").await, "No cards yet");
    traces.are_not_in(&here).await;
    assert_eq!((scene.asked("checkEligibility"), scene.asked("digitize")), (1, 1));
    scene.demo.stop().await;
}

// ---------------------------------------------------------------------------------------------------------------
// A code, where the setting says so.

#[tokio::test]
async fn the_digits_of_the_other_browser_are_asked_for_and_finish_in_the_starting_tab() {
    let Some(scene) = Scene::open_with("code").await else {
        return;
    };
    for javascript in [true, false] {
        let (here, there) = (scene.driver.open(true).await, scene.driver.open(javascript).await);
        let asked = scene.asked("checkEligibility");
        let address = waits_for_another_browser(&scene, &here).await;
        let traces = Traces::of(&address);
        there.go(&address).await;
        let digits = there.words("main[data-state=\"return-code\"] .digits").await;
        let code = digits.replace(' ', "");
        assert!(
            code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()),
            "{digits}"
        );
        traces.are_not_in(&there).await;

        // Nobody reloads the starting tab; it asks, and does not tell the digits.
        here.sees("main[data-moment=\"launched.code\"] input[name=\"code\"]")
            .await;
        let source = here.source().await;
        assert!(!source.contains(&digits) && !source.contains(&code));
        has_one_primary_action(&here, "Go on here").await;
        let wrong: String = code.chars().map(|digit| if digit == '1' { '2' } else { '1' }).collect();
        types(&here, &wrong).await;
        here.sees("main[data-moment=\"launched.code\"] #errors").await;
        let words = here.words("main").await;
        assert!(
            words.contains("not the digits") && words.contains("You have 4 tries"),
            "{words}"
        );
        assert_eq!(scene.asked("checkEligibility"), asked);
        there.reload().await;
        assert_eq!(there.words("main[data-state=\"return-code\"] .digits").await, digits);
        traces.are_not_in(&there).await;

        types(&here, &code).await;
        accepts(&here).await;
        here.sees("main[data-state=\"active\"]").await;
        let traces = traces.and_of_the_token(&scene.demo.stage);
        let attempt = here.url().await;
        traces.are_with_the_card(&here).await;
        there.reload().await;
        there.sees("main[data-problem=\"other-browser\"]").await;
        traces.are_not_in(&there).await;
        there.go(&attempt).await;
        there.sees("main[data-problem=\"not-found\"]").await;
        traces.are_not_in(&there).await;
        there.go(&scene.at("/")).await;
        assert_eq!(there.words("main h2").await, "No cards yet");
        traces.are_not_in(&there).await;
        has_loaded_no_picture(&scene, &there).await;
        assert_eq!(scene.asked("checkEligibility"), asked + 1);
        scene.leaves_no_trace(&here, &[]).await;
    }
    scene.demo.stop().await;
}

// ---------------------------------------------------------------------------------------------------------------
// Accounts.

#[tokio::test]
async fn with_one_account_in_both_it_goes_on_where_it_came_and_both_show_it() {
    let Some(driver) = Driver::start() else { return };
    let world = World::with_accounts().await;
    let (here, there) = (driver.open(true).await, driver.open(true).await);
    is_handed_over(&world, &here, "ada").await;
    is_handed_over(&world, &there, "ada").await;
    let (attempt, address) = starts(&world, &here).await;
    let listen = "{ const line = document.getElementById('progress'); \
         new MutationObserver(() => sessionStorage.setItem('said', line.textContent)).observe(line, { childList: true }) }";
    here.devtools("Runtime.evaluate", json!({"expression": listen})).await;
    there.go(&address).await;
    there.sees("main[data-state=\"returned\"]").await;
    assert_eq!(there.url().await, attempt);
    // The first says so, and then follows; nobody touched it, so that reading begins at the heading.
    here.sees("main[data-state=\"returned\"] h1:focus").await;
    let said = json!({"expression": "sessionStorage.getItem('said')"});
    let said = here.devtools("Runtime.evaluate", said).await;
    assert_eq!(
        said["result"]["value"],
        "This is continuing in another tab. You can close this one."
    );
    has_no_receipt(&there).await;
    finishes_there(&world, [&here, &there], &address).await;
    // Who is not signed in learns nothing of it afterwards.
    let stranger = driver.open(true).await;
    let traces = Traces::of(&address).and_of_the_token(&world.stage);
    for url in [&address, &attempt] {
        stranger.go(url).await;
        stranger.sees("main[data-problem]").await;
        traces.are_not_in(&stranger).await;
    }
}

#[tokio::test]
async fn another_account_is_the_wrong_browser() {
    let Some(driver) = Driver::start() else { return };
    let world = World::with_accounts().await;
    let (here, there) = (driver.open(true).await, driver.open(true).await);
    is_handed_over(&world, &here, "ada").await;
    is_handed_over(&world, &there, "bob").await;
    let (attempt, address) = starts(&world, &here).await;
    let traces = Traces::of(&address);
    there.go(&address).await;
    there.sees("main[data-problem=\"other-browser\"]").await;
    traces.are_not_in(&there).await;
    has_one_primary_action(&there, "Start again in this browser").await;
    here.sees("main[data-moment=\"launched.elsewhere\"]").await;
    there.go(&attempt).await;
    there.sees("main[data-problem=\"not-found\"]").await;
    assert_eq!(there.status().await, 404);
    traces.are_not_in(&there).await;
    world.work().await;
    assert_eq!(world.asked("checkEligibility"), 0);
}

#[tokio::test]
async fn who_is_not_signed_in_there_signs_in_and_goes_on_there() {
    let Some(driver) = Driver::start() else { return };
    let (sign_in_url, hand_over) = sign_in_site().await;
    let world = World::with(&[
        ("TIDEMARK_API__CREDENTIAL", credential()),
        ("TIDEMARK_API__SIGN_IN_URL", &sign_in_url),
    ])
    .await;
    let (here, there) = (driver.open(true).await, driver.open(true).await);
    is_handed_over(&world, &here, "ada").await;
    let (attempt, address) = starts(&world, &here).await;
    there.go(&address).await;
    there.sees("main[data-state=\"sign-in\"]").await;
    Traces::of(&address).are_not_in(&there).await;
    has_one_primary_action(&there, "Sign in here to go on").await;
    here.sees("main[data-moment=\"launched.elsewhere\"]").await;
    assert_eq!(world.asked("checkEligibility"), 0);

    let sign_in = Url::parse(&there.attribute("main .button:not(.second)", "href").await).expect("an address");
    let (_, ticket) = sign_in.query_pairs().next().expect("a ticket");
    let signed_in = json!({"subject": "ada", "ticket": ticket});
    hand_over.set(world.hand_over_as(signed_in).await).expect("once");
    there.click("main .button:not(.second)").await;
    there.sees("main[data-state=\"returned\"]").await;
    assert_eq!(there.url().await, attempt, "from the wallet's own site back to it");
    finishes_there(&world, [&here, &there], &address).await;
}

/// The wallet's own site, which signs in whoever comes and sends them on to the address that it is given.
async fn sign_in_site() -> (String, Arc<OnceLock<String>>) {
    let hand_over = Arc::new(OnceLock::<String>::new());
    let given = hand_over.clone();
    let sign_in = move || async move { Redirect::to(given.get().expect("a hand-over")) };
    let site = axum::Router::new().route("/in", get(sign_in));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/in", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, site).await });
    (url, hand_over)
}

async fn is_handed_over(world: &World, window: &Window, subject: &str) {
    window.go(&world.hand_over(subject).await).await;
    window.sees("form[action=\"/signout\"]").await;
    assert_eq!(window.url().await, world.at("/"));
}

/// Starts in a browser and waits there: the address of the attempt, and the one that the bank sends back to.
pub async fn starts(world: &World, here: &Window) -> (String, String) {
    here.go(&world.at(&format!("/issuers/{APPROVING}"))).await;
    here.click("form[action=\"/sessions\"] button").await;
    here.sees("main[data-page=\"sign-in\"]").await;
    let sessions = world.texts("SELECT id FROM sessions").await;
    let [session] = sessions.as_slice() else {
        panic!("one attempt, not {sessions:?}")
    };
    let attempt = world.at(&format!("/sessions/{session}"));
    here.go(&attempt).await;
    here.sees("main[data-moment=\"launched\"]").await;
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], session).await;
    (attempt, world.callback(session, &signed))
}

/// From the return in the second browser to the card there. The first follows untouched as far as there is something to
/// decide; terms watch for nothing, and what is accepted there a second time is the same card.
async fn finishes_there(world: &World, [here, there]: [&Window; 2], address: &str) {
    world.work().await;
    here.sees("main[data-state=\"terms\"]").await;
    accepts(there).await;
    there.sees("main[data-state=\"digitizing\"]").await;
    world.work().await;
    let traces = Traces::of(address).and_of_the_token(&world.stage);
    traces.are_with_the_card(there).await;
    accepts(here).await;
    traces.are_with_the_card(here).await;
    world.work().await;
    assert_eq!((world.asked("checkEligibility"), world.asked("digitize")), (1, 1));
}

// ---------------------------------------------------------------------------------------------------------------
// What is done and looked for in every mode.

/// Starts in one browser, adds the card at the bank, and waits in the wallet: the address that the bank would open in
/// another browser.
async fn waits_for_another_browser(scene: &Scene, here: &Window) -> String {
    here.go(&scene.at("/")).await;
    scene.chooses(here, APPROVING).await;
    scene.misbehaves(here, "other-browser").await;
    let address = here.words("[data-return-address]").await;
    assert!(address.starts_with(&scene.at("/callback/")), "{address}");
    here.go(&scene.at("/")).await;
    here.click("main[data-state=\"home\"] a[href^=\"/sessions/\"]").await;
    here.sees("main[data-moment=\"launched\"]").await;
    address
}

async fn types(window: &Window, code: &str) {
    window
        .type_into("form[action$=\"/return-code\"] input[name=\"code\"]", code)
        .await;
    window.click("form[action$=\"/return-code\"] button").await;
}

async fn accepts(window: &Window) {
    window
        .click("main[data-state=\"terms\"] button[value=\"accept\"]")
        .await;
}

async fn has_one_primary_action(window: &Window, label: &str) {
    let source = window.source().await;
    let main = source.split("<main").nth(1).expect("a page");
    assert_eq!(main.matches("class=\"button\"").count(), 1, "{main}");
    assert_eq!(window.words("main .button:not(.second)").await, label);
}

/// Card art and logos come from one folder, so that a card that was drawn out of sight would be seen too.
async fn has_loaded_no_picture(scene: &Scene, window: &Window) {
    let trail = Trail::of(&window.log("performance").await);
    scene.stayed_here(&trail);
    let pictures: Vec<&String> = trail.asked.iter().filter(|url| url.contains("/logos/")).collect();
    assert!(pictures.is_empty(), "{pictures:?}");
}

/// Everything that the card of a return could be recognised by: Ada's first one of the bank.
struct Traces(Vec<(&'static str, String)>);

impl Traces {
    fn of(return_address: &str) -> Self {
        let address = Url::parse(return_address).expect("an address");
        let (_, signed) = address
            .query_pairs()
            .find(|(name, _)| name == "pushAccountData")
            .expect("a signed receipt");
        let payload = signed.split('.').nth(1).expect("three parts");
        let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
        let payload: Value = serde_json::from_slice(&payload).expect("JSON");
        let receipts = payload["pushAccountReceipts"].as_array().expect("receipts");
        assert_eq!(receipts.len(), 1);
        let card = card_by_id(&card(APPROVING, "ada", 1)).expect("a card");
        Self(vec![
            ("last four", card.last4),
            ("product", card.product.name.to_owned()),
            ("art", "class=\"art".to_owned()),
            ("receipt", receipts[0].as_str().expect("a receipt").to_owned()),
            ("signed receipt", signed.into_owned()),
        ])
    }

    /// The same, once there is a token.
    fn and_of_the_token(mut self, stage: &Stage) -> Self {
        let token = stage.mdes.tokens().pop().expect("a token");
        assert_eq!(token.account_suffix, self.0[0].1);
        self.0.push(("token", token.token_unique_reference));
        self.0.push(("account", token.pan_unique_reference));
        self
    }

    /// From the end of an attempt to the card's own page. That shows all of the card that the wallet knows, so what is
    /// looked for elsewhere is what would be found.
    async fn are_with_the_card(&self, window: &Window) {
        window.click("main[data-state=\"active\"] a.button[href=\"/\"]").await;
        window.click("main[data-state=\"home\"] a.card").await;
        window.sees("dl.facts").await;
        assert_eq!(self.found_in(window).await, SHOWN);
    }

    async fn are_not_in(&self, window: &Window) {
        has_no_receipt(window).await;
        let found = self.found_in(window).await;
        assert!(
            found.is_empty(),
            "{found:?} at {}:\n{}",
            window.url().await,
            window.source().await
        );
    }

    /// Which of them are in the page's words, its document, the address bar or the history.
    async fn found_in(&self, window: &Window) -> Vec<&'static str> {
        let mut places = window.history().await;
        places.extend([window.words("body").await, window.source().await, window.url().await]);
        let is_there = |mark: &str| places.iter().any(|place| is_in(place, mark));
        let found = self.0.iter().filter(|(_, mark)| is_there(mark));
        found.map(|(name, _)| *name).collect()
    }
}

/// Four digits stand in many a random number; as a word of their own they stand in none.
fn is_in(place: &str, mark: &str) -> bool {
    let is_word = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
    place.match_indices(mark).any(|(at, _)| {
        let (before, after) = (&place[..at], &place[at + mark.len()..]);
        !is_word(before.chars().next_back()) && !is_word(after.chars().next())
    })
}
