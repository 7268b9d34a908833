//! Cards that a bank pushes: from the link to the card, and back to the bank.

use tidemark::cli::browser::{Browser, Page, Tag};
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ActivationKind, Outcome};

use crate::trace;
use crate::wire::Ask;
use crate::world::{APPROVING, TEXTING, TRID, World, card, session_of};

/// What a bank has made: its receipts, and the token over them.
pub struct Offer {
    pub receipts: Vec<String>,
    pub signed: String,
}

impl World {
    /// The address at which a bank wants its cardholder back.
    pub fn bank_callback(&self, issuer: &str) -> String {
        format!("{}/banks/{issuer}/pushed", self.stage.bank_base)
    }

    /// A bank pushes cards of its own accord, as its server would.
    pub async fn offer(&self, issuer: &str, cards: &[&str], callback: Option<&str>, options: PushOptions) -> Offer {
        let pushed = self.stage.bank.push(issuer, cards, None, TRID, callback, options);
        let pushed = pushed.await.expect("MDES takes the push");
        for receipt in &pushed.receipts {
            trace::remember("receipt", receipt);
        }
        let signed = pushed.signature.expect("signed");
        trace::remember("token", &signed);
        Offer {
            receipts: pushed.receipts,
            signed,
        }
    }

    /// The same of the first card of a bank's customer, with the address that is registered for it.
    pub async fn offer_one(&self, issuer: &str) -> Offer {
        let callback = self.bank_callback(issuer);
        self.offer(
            issuer,
            &[&card(issuer, "ada", 1)],
            Some(&callback),
            PushOptions::default(),
        )
        .await
    }

    /// The link of an offer.
    pub fn link(&self, offer: &Offer) -> String {
        self.at(&format!("/push?pushAccountData={}", offer.signed))
    }

    /// Opens the link of an offer: the question.
    pub async fn land(&self, browser: &mut Browser, offer: &Offer) -> Page {
        let page = browser.get(&self.link(offer)).await.expect("an answer");
        assert_eq!(page.state().as_deref(), Some("pushed"), "{}", page.text());
        page
    }

    /// The cards of the question are wanted: the terms.
    pub async fn want(&self, browser: &mut Browser, question: &Page) -> Page {
        let terms = self.act(browser, question, "/accept", &[]).await;
        assert_eq!(terms.state().as_deref(), Some("terms"), "{}", terms.text());
        terms
    }

    /// Nothing was asked of MDES, and no receipt is spent.
    pub async fn assert_untouched(&self) {
        assert_eq!(self.asked("checkEligibility") + self.asked("digitize"), 0);
        assert!(self.texts("SELECT fingerprint FROM receipts").await.is_empty());
    }

    /// No link has begun anything either.
    pub async fn assert_nothing_begun(&self) {
        self.assert_untouched().await;
        assert!(self.texts("SELECT id FROM sessions").await.is_empty());
        assert!(self.texts("SELECT handle FROM parked_pushes").await.is_empty());
    }
}

#[tokio::test]
async fn a_pushed_card_is_asked_about_and_then_added_as_any_other() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    let question = world.land(&mut browser, &offer).await;
    assert!(
        question.url.ends_with(&session_of(&question)),
        "no receipt stays in {}",
        question.url
    );
    assert!(question.text().contains("Havørn Bank"), "{}", question.text());
    world.work().await;
    world.assert_untouched().await;

    let terms = world.want(&mut browser, &question).await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn three_cards_are_one_question() {
    let world = World::new().await;
    let mut browser = world.browser();
    let cards = [1, 2, 3].map(|place| card(TEXTING, "ada", place));
    let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
    let callback = world.bank_callback(TEXTING);
    let offer = world
        .offer(TEXTING, &cards, Some(&callback), PushOptions::default())
        .await;
    let question = world.land(&mut browser, &offer).await;
    assert!(question.text().contains('3'), "{}", question.text());
    let terms = world.want(&mut browser, &question).await;
    world.accept(&mut browser, &terms).await;
    assert_eq!(world.asked("digitize"), 3);
}

#[tokio::test]
async fn a_push_is_kept_once_however_often_it_is_posted_and_whatever_with() {
    let world = World::new().await;
    let offer = world.offer_one(APPROVING).await;
    for number in 0..20 {
        let form = format!("pushAccountData={}&x={number}", offer.signed);
        assert_eq!(Ask::post("/push", &form).send(&world).await.status, 303);
    }
    assert_eq!(world.texts("SELECT handle FROM parked_pushes").await.len(), 1);
}

#[tokio::test]
async fn a_posted_push_is_kept_for_the_browser_that_comes_for_it() {
    let world = World::new().await;
    let mut browser = world.browser();
    world.start(&mut browser, APPROVING).await;
    let offer = world.offer_one(APPROVING).await;
    let form = format!("pushAccountData={}", offer.signed);
    let mut places = std::collections::BTreeSet::new();
    for _ in 0..3 {
        let answer = Ask::post("/push", &form).send(&world).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (303, None));
        let place = answer.header("location").expect("a place").to_owned();
        assert!(place.starts_with("/push?") && !place.contains(&offer.signed), "{place}");
        places.insert(place);
    }
    assert_eq!(places.len(), 1, "the same push is kept once");
    let kept = world.texts("SELECT sealed FROM parked_pushes").await;
    assert!(kept.len() == 1 && !kept[0].contains(&offer.signed));
    let place = places.first().expect("one");
    let question = browser.get(&world.at(place)).await.expect("an answer");
    assert_eq!(question.state().as_deref(), Some("pushed"), "{}", question.text());
    world.want(&mut browser, &question).await;

    world.clock.advance(5 * 60_000);
    let late = world.browser().get(&world.at(place)).await.expect("an answer");
    assert_eq!(late.main_attribute("data-problem").as_deref(), Some("malformed-push"));
    world.app.trim().await.expect("the store answers");
    assert!(world.texts("SELECT sealed FROM parked_pushes").await.is_empty());
}

#[tokio::test]
async fn the_banks_language_is_spoken_unless_another_was_chosen_here() {
    let world = World::new().await;
    let callback = world.bank_callback(APPROVING);
    let options = || PushOptions {
        locale: Some("de_DE".to_owned()),
        ..PushOptions::default()
    };
    let ada = card(APPROVING, "ada", 1);
    let offer = world.offer(APPROVING, &[&ada], Some(&callback), options()).await;
    let mut browser = world.browser();
    let question = world.land(&mut browser, &offer).await;
    assert!(
        question.text().contains("Eine Karte von Havørn Bank"),
        "{}",
        question.text()
    );
    let terms = world.want(&mut browser, &question).await;
    world.accept(&mut browser, &terms).await;
    let calls = world.stage.mdes.calls();
    let asked = calls.iter().find(|call| call.operation == "checkEligibility");
    assert_eq!(asked.expect("asked").language.as_deref(), Some("de"));

    let offer = world.offer(APPROVING, &[&ada], Some(&callback), options()).await;
    let mut browser = world.browser();
    browser.set_cookie("localhost", "lang", "pl");
    let question = world.land(&mut browser, &offer).await;
    assert!(question.text().contains("Dodać kartę"), "{}", question.text());
}

#[tokio::test]
async fn where_the_bank_wants_the_proof_itself_the_way_back_stands_in_its_place() {
    let world = World::new().await;
    let callback = world.bank_callback(APPROVING);
    for kind in [ActivationKind::App, ActivationKind::Website] {
        let ada = card(APPROVING, "ada", 1);
        world.stage.bank.force_outcome(&ada, Outcome::StepUp(vec![kind]));
        // MDES does not sign the one about the app: it comes beside, and counts only if it asks for what is safer.
        for (flag, beside) in [(Some(true), "TRUE"), (Some(false), "FALSE")] {
            let options = PushOptions {
                complete_website_activation: flag,
                ..PushOptions::default()
            };
            let offer = world.offer(APPROVING, &[&ada], Some(&callback), options).await;
            let mut browser = world.browser();
            let link = format!("{}&completeIssuerAppActivation={beside}", world.link(&offer));
            let question = browser.get(&link).await.expect("an answer");
            let terms = world.want(&mut browser, &question).await;
            let page = world.accept(&mut browser, &terms).await;
            assert_eq!(page.state().as_deref(), Some("step-up"), "{}", page.text());
            let tags = page.tags();
            let is_way = |tag: &&Tag| tag.attributes.get("type").map(String::as_str) == Some("radio");
            let way = tags.iter().find(is_way).expect("a way").attributes["value"].clone();
            let pending = world.act(&mut browser, &page, "/method", &[("method", &way)]).await;
            assert_eq!(pending.state().as_deref(), Some("pending"), "{}", pending.text());
            let is_there = pending.text().contains("when you go back there");
            assert_eq!(is_there, flag == Some(false), "{kind:?} {flag:?}: {}", pending.text());
            assert!(
                !is_there || !pending.body.contains("/phone"),
                "the bank is not opened from here"
            );
            let back = world.way_back(&browser, &pending).await;
            assert!(back.contains("=REQUIRE_ADDITIONAL_AUTHENTICATION%7C"), "{back}");
        }
    }
}

#[tokio::test]
async fn sessions_of_pushes_are_limited_as_all_others() {
    let world = World::with(&[("TIDEMARK_SESSION__PER_BROWSER_MAX", "2")]).await;
    let mut browser = world.browser();
    let mut questions = Vec::new();
    for _ in 0..3 {
        let offer = world.offer_one(APPROVING).await;
        questions.push(world.land(&mut browser, &offer).await);
        world.clock.advance(1_000);
    }
    let states = [0, 1, 2].map(|place| &questions[place]);
    let first = world.look(&mut browser, states[0]).await;
    assert_eq!(first.state().as_deref(), Some("cancelled"), "{}", first.text());
    let last = world.look(&mut browser, states[2]).await;
    assert_eq!(last.state().as_deref(), Some("pushed"));
}

#[tokio::test]
async fn a_pushed_session_has_nowhere_to_go_and_is_no_return() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    let question = world.land(&mut browser, &offer).await;
    let path = format!("/sessions/{}/go", session_of(&question));
    let answer = Ask::get(&path).of(&browser).send(&world).await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        Some(format!("/sessions/{}", session_of(&question)).as_str())
    );
    assert_eq!(
        world.look(&mut browser, &question).await.state().as_deref(),
        Some("pushed")
    );
    world.assert_untouched().await;
}
