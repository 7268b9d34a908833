//! The way back to the bank that pushed: each outcome in its words, and to nobody else.

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::mdes::Fault;

use crate::push::Offer;
use crate::wire::Ask;
use crate::world::{APPROVING, TEXTING, World, card, session_of};

impl World {
    /// What `GET /sessions/{id}/back` answers in this browser: where it leads.
    pub async fn way_back(&self, browser: &Browser, page: &Page) -> String {
        let path = format!("/sessions/{}/back", session_of(page));
        let answer = Ask::get(&path).of(browser).send(self).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.text().is_empty());
        answer.header("location").expect("a way").to_owned()
    }

    /// The way back while there is none: the session's own page.
    pub async fn assert_no_way_back(&self, browser: &Browser, page: &Page) {
        let own = format!("/sessions/{}", session_of(page));
        assert_eq!(self.way_back(browser, page).await, own);
        assert!(page.link("href", &format!("{own}/back")).is_none());
    }

    /// The references of all tokens, in the order of the cards of a session.
    pub async fn token_references(&self) -> Vec<String> {
        self.texts("SELECT COALESCE(token_reference, '') FROM cards ORDER BY position")
            .await
    }

    /// An offer of these places on the shelf of a bank's customer, wanted and its terms accepted.
    pub async fn added(&self, browser: &mut Browser, issuer: &str, places: &[usize], callback: &str) -> (Offer, Page) {
        let cards: Vec<String> = places.iter().map(|place| card(issuer, "ada", *place)).collect();
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let offer = self.offer(issuer, &cards, Some(callback), PushOptions::default()).await;
        let question = self.land(browser, &offer).await;
        let terms = self.want(browser, &question).await;
        let end = self.accept(browser, &terms).await;
        (offer, end)
    }
}

/// The text of a result for a receipt.
fn pair(receipt: &str, value: &str) -> String {
    format!("results%5B{receipt}%5D={value}")
}

#[tokio::test]
async fn an_approved_card_is_told_with_its_token_and_nothing_of_it_is_in_the_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = format!(
        "{}/visit?session_id=789456123&x=%41#top",
        world.bank_callback(APPROVING)
    );
    let (offer, done) = world.added(&mut browser, APPROVING, &[1], &callback).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    let token = world.token_references().await.remove(0);
    let address = format!("/sessions/{}/back", session_of(&done));
    assert!(done.link("href", &address).is_some(), "{}", done.text());
    assert!(!done.body.contains(&offer.receipts[0]) && !done.body.contains(&token));
    assert!(!done.body.contains("789456123"));
    let site = world.stage.bank_base.trim_start_matches("http://");
    let said = format!("({site})");
    assert!(
        done.text().contains(&said),
        "where it leads is said before: {}",
        done.text()
    );

    let told = pair(&offer.receipts[0], &format!("APPROVED%7C{token}"));
    let before = callback.split('#').next().expect("an address");
    assert_eq!(world.way_back(&browser, &done).await, format!("{before}&{told}#top"));
    let stranger = Ask::get(&address).send(&world).await;
    assert_eq!(stranger.status, 404);
    let other = world.start(&mut world.browser(), APPROVING).await;
    let mut other_browser = world.browser();
    world.start(&mut other_browser, APPROVING).await;
    assert_eq!(Ask::get(&address).of(&other_browser).send(&world).await.status, 404);
    drop(other);
    world.clock.advance(24 * 3_600_000);
    world
        .assert_no_way_back(&browser, &world.look(&mut browser.clone(), &done).await)
        .await;
}

#[tokio::test]
async fn a_card_that_waits_for_its_proof_is_told_so() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(TEXTING);
    let (offer, page) = world.added(&mut browser, TEXTING, &[1], &callback).await;
    let pending = world.act(&mut browser, &page, "/method", &[("method", "later")]).await;
    assert_eq!(pending.state().as_deref(), Some("pending"), "{}", pending.text());
    let token = world.token_references().await.remove(0);
    let told = pair(
        &offer.receipts[0],
        &format!("REQUIRE_ADDITIONAL_AUTHENTICATION%7C{token}"),
    );
    assert_eq!(world.way_back(&browser, &pending).await, format!("{callback}?{told}"));
}

#[tokio::test]
async fn who_does_not_want_the_cards_tells_the_bank_so_and_nothing_is_used() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    let question = world.land(&mut browser, &offer).await;
    world.assert_no_way_back(&browser, &question).await;
    let over = world.act(&mut browser, &question, "/cancel", &[]).await;
    assert_eq!(over.state().as_deref(), Some("cancelled"), "{}", over.text());
    let callback = world.bank_callback(APPROVING);
    let told = pair(&offer.receipts[0], "CANCELLED");
    assert_eq!(world.way_back(&browser, &over).await, format!("{callback}?{told}"));
    world.assert_untouched().await;
}

#[tokio::test]
async fn a_question_that_nobody_answers_expires_and_leads_back() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    let question = world.land(&mut browser, &offer).await;
    world.clock.advance(15 * 60_000);
    let refused = world.send(&mut browser, &question, "/accept", &[]).await;
    assert_eq!(refused.state().as_deref(), Some("expired"), "{}", refused.text());
    let told = pair(&offer.receipts[0], "CANCELLED");
    let callback = world.bank_callback(APPROVING);
    assert_eq!(world.way_back(&browser, &refused).await, format!("{callback}?{told}"));
    world.work().await;
    assert_eq!(world.way_back(&browser, &refused).await, format!("{callback}?{told}"));
    world.assert_untouched().await;
}

#[tokio::test]
async fn a_card_that_is_there_already_is_a_duplicate_in_the_word_that_is_set() {
    for (setting, word) in [("DUPLICATE_REQUEST", "DUPLICATE_REQUEST"), ("CANCELLED", "CANCELLED")] {
        let world = World::with(&[("TIDEMARK_PUSH__DUPLICATE", setting)]).await;
        let mut browser = world.browser();
        let callback = world.bank_callback(APPROVING);
        world.added(&mut browser, APPROVING, &[1], &callback).await;
        let (offer, end) = world.added(&mut browser, APPROVING, &[1], &callback).await;
        assert_eq!(end.state().as_deref(), Some("failed"), "{}", end.text());
        let told = pair(&offer.receipts[0], word);
        assert_eq!(world.way_back(&browser, &end).await, format!("{callback}?{told}"));
    }
}

#[tokio::test]
async fn a_bank_that_is_struck_off_the_list_is_told_nothing_more() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(APPROVING);
    let (_, done) = world.added(&mut browser, APPROVING, &[1], &callback).await;
    world.set_profiles("# Nobody may push any more.\n");
    let page = world.look(&mut browser, &done).await;
    world.assert_no_way_back(&browser, &page).await;
}

#[tokio::test]
async fn receipts_and_addresses_of_a_push_are_sealed_and_erased_after_a_day() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(APPROVING);
    let (offer, _) = world.added(&mut browser, APPROVING, &[1], &callback).await;
    let kept = world
        .texts("SELECT push_sealed FROM sessions WHERE push_sealed IS NOT NULL")
        .await;
    assert_eq!(kept.len(), 1);
    for row in world.texts("SELECT body FROM sessions").await.iter().chain(&kept) {
        assert!(!row.contains(&offer.receipts[0]) && !row.contains("/pushed"));
    }
    world.clock.advance(24 * 3_600_000);
    world.app.trim().await.expect("the store answers");
    let kept = world
        .texts("SELECT push_sealed FROM sessions WHERE push_sealed IS NOT NULL")
        .await;
    assert!(kept.is_empty());
}

/// Lets the worker go on until the attempt is nowhere between two states.
async fn settled(world: &World, browser: &mut Browser, page: &Page) -> Page {
    for _ in 0..10 {
        world.pass(30_000).await;
        let page = world.look(browser, page).await;
        if page.state().as_deref() != Some("digitizing") {
            return page;
        }
    }
    panic!("the attempt never ends");
}

#[tokio::test]
async fn a_card_that_the_bank_declines_is_told_so_and_has_no_token() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(APPROVING);
    world
        .stage
        .bank
        .force_outcome(&card(APPROVING, "ada", 1), Outcome::Decline);
    let (offer, end) = world.added(&mut browser, APPROVING, &[1], &callback).await;
    assert_eq!(end.state().as_deref(), Some("declined"), "{}", end.text());
    let told = pair(&offer.receipts[0], "DECLINED");
    assert_eq!(world.way_back(&browser, &end).await, format!("{callback}?{told}"));
    assert_eq!(world.asked("digitize"), 1);
    assert_eq!(world.stage.mdes.tokens(), []);
}

#[tokio::test]
async fn each_of_several_cards_is_told_by_its_own_outcome_in_the_order_of_the_push() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(APPROVING);
    let outcomes = [
        Outcome::Decline,
        Outcome::Approve,
        Outcome::StepUp(vec![ActivationKind::Call]),
        Outcome::Error,
    ];
    let cards: Vec<String> = (1..=4).map(|place| card(APPROVING, "ada", place)).collect();
    for (card, outcome) in cards.iter().zip(outcomes) {
        world.stage.bank.force_outcome(card, outcome);
    }
    let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
    let offer = world
        .offer(APPROVING, &cards, Some(&callback), PushOptions::default())
        .await;
    let question = world.land(&mut browser, &offer).await;
    let terms = world.want(&mut browser, &question).await;
    world.assert_no_way_back(&browser, &terms).await;
    let page = world.accept(&mut browser, &terms).await;
    let page = settled(&world, &mut browser, &page).await;
    assert_eq!(page.state().as_deref(), Some("step-up"), "{}", page.text());
    let page = world.act(&mut browser, &page, "/method", &[("method", "later")]).await;
    assert_eq!(page.state().as_deref(), Some("pending"), "{}", page.text());
    let tokens = world.token_references().await;
    assert_eq!(
        tokens.iter().map(String::is_empty).collect::<Vec<_>>(),
        [true, false, false, true]
    );
    let told = |values: [&str; 4]| {
        let pairs = offer.receipts.iter().zip(&tokens).zip(values);
        let pairs =
            pairs.map(|((receipt, token), value)| pair(receipt, &value.replace("TOKEN", &format!("%7C{token}"))));
        format!("{callback}?{}", pairs.collect::<Vec<_>>().join("&"))
    };
    let waiting = "REQUIRE_ADDITIONAL_AUTHENTICATIONTOKEN";
    assert_eq!(
        world.way_back(&browser, &page).await,
        told(["DECLINED", "APPROVEDTOKEN", waiting, "ERROR"])
    );
    for secret in offer
        .receipts
        .iter()
        .chain(tokens.iter().filter(|token| !token.is_empty()))
    {
        assert!(!page.body.contains(secret.as_str()));
    }

    // The cardholder calls the bank: what it is told is how things stand then.
    world
        .stage
        .bank
        .activate_token(&tokens[2])
        .await
        .expect("the bank activates");
    world.work().await;
    let page = world.look(&mut browser, &page).await;
    assert_eq!(
        world.way_back(&browser, &page).await,
        told(["DECLINED", "APPROVEDTOKEN", "APPROVEDTOKEN", "ERROR"])
    );
}

#[tokio::test]
async fn what_mdes_does_not_take_of_several_is_told_in_its_place() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(APPROVING);
    let cards: Vec<String> = (1..=3).map(|place| card(APPROVING, "ada", place)).collect();
    let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
    let offer = world
        .offer(APPROVING, &cards, Some(&callback), PushOptions::default())
        .await;
    world.stage.bank.force_outcome(cards[2], Outcome::Approve);
    // The second card is there already, and MDES finds the first one it is asked for ineligible.
    world.added(&mut browser, APPROVING, &[2], &callback).await;
    let ineligible = Fault::Errors("PAN_INELIGIBLE".to_owned());
    world.stage.mdes.inject("checkEligibility", ineligible, 1);
    let question = world.land(&mut browser, &offer).await;
    let terms = world.want(&mut browser, &question).await;
    let page = world.accept(&mut browser, &terms).await;
    assert_eq!(page.state().as_deref(), Some("active"), "{}", page.text());
    let token = world
        .texts("SELECT token_reference FROM cards WHERE position = 2")
        .await
        .remove(0);
    let values = ["DECLINED", "DUPLICATE_REQUEST", &format!("APPROVED%7C{token}")];
    let pairs = offer.receipts.iter().zip(values);
    let told: Vec<String> = pairs.map(|(receipt, value)| pair(receipt, value)).collect();
    assert_eq!(
        world.way_back(&browser, &page).await,
        format!("{callback}?{}", told.join("&"))
    );
}

#[tokio::test]
async fn who_declines_the_terms_tells_the_bank_so_of_every_card() {
    let world = World::new().await;
    let mut browser = world.browser();
    let callback = world.bank_callback(APPROVING);
    let cards = [1, 2].map(|place| card(APPROVING, "ada", place));
    let offer = world
        .offer(
            APPROVING,
            &[&cards[0], &cards[1]],
            Some(&callback),
            PushOptions::default(),
        )
        .await;
    let question = world.land(&mut browser, &offer).await;
    let terms = world.want(&mut browser, &question).await;
    let over = world
        .act(&mut browser, &terms, "/terms", &[("action", "decline")])
        .await;
    assert_eq!(over.state().as_deref(), Some("cancelled"), "{}", over.text());
    let told: Vec<String> = offer
        .receipts
        .iter()
        .map(|receipt| pair(receipt, "CANCELLED"))
        .collect();
    assert_eq!(
        world.way_back(&browser, &over).await,
        format!("{callback}?{}", told.join("&"))
    );
    assert_eq!(world.asked("digitize"), 0);
}
