//! More than one card: up to five in one return, and the same card twice.

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::mdes::Fault;

use crate::world::{APPROVING, TEXTING, TRID, World, card, session_of};

const SECOND: i64 = 1_000;

fn state(page: &Page) -> String {
    page.state().unwrap_or_default()
}

fn problem(page: &Page) -> String {
    page.main_attribute("data-problem").unwrap_or_default()
}

/// The cards of an outcome page, each by its state.
fn lines(page: &Page) -> Vec<String> {
    let tags = page.tags();
    let lines = tags.iter().filter_map(|tag| tag.attributes.get("data-card-state"));
    lines.cloned().collect()
}

impl World {
    fn live(&self) -> usize {
        let tokens = self.stage.mdes.tokens();
        tokens.iter().filter(|token| token.status != "DEACTIVATED").count()
    }

    fn decide(&self, place: usize, outcome: Outcome) -> String {
        let id = card(APPROVING, "ada", place);
        self.stage.bank.force_outcome(&id, outcome);
        id
    }
}

fn step_up(kind: ActivationKind) -> Outcome {
    Outcome::StepUp(vec![kind])
}

#[tokio::test]
async fn five_cards_of_one_return_each_have_an_outcome_of_their_own() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ids = [
        world.decide(1, Outcome::Approve),
        world.decide(2, step_up(ActivationKind::Text)),
        world.decide(3, Outcome::Decline),
        world.decide(4, step_up(ActivationKind::Call)),
        card(APPROVING, "ben", 2),
    ];
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let terms = world.to_terms(&mut browser, APPROVING, &ids).await;
    assert!(terms.text().contains("5 cards"), "{}", terms.text());
    let code = world.accept(&mut browser, &terms).await;
    assert_eq!(state(&code), "code", "{}", code.text());
    assert_eq!(world.asked("digitize"), 5);
    let choice = world
        .act(&mut browser, &code, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&choice), "step-up", "{}", choice.text());
    let page = world
        .act(&mut browser, &choice, "/method", &[("method", "later")])
        .await;
    assert_eq!(state(&page), "pending", "{}", page.text());
    assert_eq!(lines(&page), ["active", "active", "declined", "inactive", "active"]);
    let waiting = world
        .stage
        .mdes
        .tokens()
        .into_iter()
        .find(|token| token.status == "INACTIVE");
    let waiting = waiting.expect("one waits").token_unique_reference;
    world
        .stage
        .bank
        .activate_token(&waiting)
        .await
        .expect("the bank activates");
    world.work().await;
    let page = world.look(&mut browser, &page).await;
    assert_eq!(state(&page), "active");
    assert_eq!(lines(&page), ["active", "active", "declined", "active", "active"]);
    let home = browser.get(&world.at("/")).await.expect("an answer");
    for token in world.stage.mdes.tokens() {
        assert!(home.text().contains(&token.account_suffix), "{}", home.text());
    }
}

#[tokio::test]
async fn two_cards_that_want_proof_are_proven_one_after_the_other() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ids = [
        world.decide(1, step_up(ActivationKind::Text)),
        world.decide(2, step_up(ActivationKind::Email)),
    ];
    let terms = world.to_terms(&mut browser, APPROVING, &[&ids[0], &ids[1]]).await;
    let first = world.accept(&mut browser, &terms).await;
    assert!(first.text().contains("by text message"), "{}", first.text());
    let second = world
        .act(&mut browser, &first, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&second), "code");
    assert!(second.text().contains("by email"), "{}", second.text());
    let done = world
        .act(&mut browser, &second, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&done), "active", "{}", done.text());
    assert_eq!(lines(&done), ["active", "active"]);
}

#[tokio::test]
async fn news_of_one_card_does_not_interrupt_the_proof_of_another() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ids = [
        world.decide(1, step_up(ActivationKind::Call)),
        world.decide(2, step_up(ActivationKind::Text)),
    ];
    let terms = world.to_terms(&mut browser, APPROVING, &[&ids[0], &ids[1]]).await;
    let choice = world.accept(&mut browser, &terms).await;
    assert_eq!(state(&choice), "step-up");
    let code = world
        .act(&mut browser, &choice, "/method", &[("method", "later")])
        .await;
    assert_eq!(state(&code), "code", "{}", code.text());
    let first = world.stage.mdes.tokens()[0].token_unique_reference.clone();
    world
        .stage
        .bank
        .activate_token(&first)
        .await
        .expect("the bank activates");
    world.work().await;
    let still = world.look(&mut browser, &code).await;
    assert_eq!(state(&still), "code", "{}", still.text());
    let done = world
        .act(&mut browser, &still, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(lines(&done), ["active", "active"], "{}", done.text());
}

#[tokio::test]
async fn a_lost_answer_of_one_card_does_not_hold_up_the_others() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ids = [world.decide(1, Outcome::Approve), world.decide(2, Outcome::Approve)];
    let terms = world.to_terms(&mut browser, APPROVING, &[&ids[0], &ids[1]]).await;
    world.stage.mdes.inject("digitize", Fault::DropBefore, 1);
    let page = world.accept(&mut browser, &terms).await;
    assert_eq!(state(&page), "digitizing");
    assert_eq!(world.asked("digitize"), 2);
    assert_eq!(world.live(), 1);
    for _ in 0..4 {
        world.pass(30 * SECOND).await;
    }
    let page = world.look(&mut browser, &page).await;
    assert_eq!(state(&page), "active", "{}", page.text());
    assert_eq!(lines(&page), ["failed", "active"]);
    assert_eq!(world.asked("digitize"), 2);
}

#[tokio::test]
async fn what_mdes_refuses_of_several_receipts_leaves_the_others() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ids = [world.decide(1, Outcome::Approve), world.decide(2, Outcome::Approve)];
    let back = world.come_back(&mut browser, APPROVING, &[&ids[0], &ids[1]]).await;
    world
        .stage
        .mdes
        .inject("checkEligibility", Fault::Errors("PAN_INELIGIBLE".to_owned()), 1);
    world.work().await;
    let terms = world.look(&mut browser, &back).await;
    assert_eq!(state(&terms), "terms");
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(state(&done), "active");
    assert_eq!(lines(&done), ["declined", "active"]);
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn six_receipts_are_refused_and_move_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let receipts: Vec<String> = (0..6)
        .map(|n| format!("MCC-STL-4323309{n}-64B2-4930-A2D1-3D778894B02B"))
        .collect();
    for (count, accepted) in [(6, false), (0, false), (5, true)] {
        let payload = serde_json::json!({
            "pushAccountReceipts": receipts[..count],
            "tokenRequestorSessionId": session,
        });
        let signed = world.stage.mdes.sign_push_account_data(&payload.to_string());
        let page = browser
            .get(&world.callback(&session, &signed))
            .await
            .expect("an answer");
        if accepted {
            assert_eq!(state(&page), "returned", "{}", page.text());
        } else {
            assert_eq!((page.status, problem(&page).as_str()), (400, "not-genuine"), "{count}");
            assert_eq!(state(&world.look(&mut browser, &attempt).await), "offered", "{count}");
            assert_eq!(world.asked("checkEligibility"), 0);
        }
    }
}

/// Adds the approving bank's first card with this browser.
async fn add(world: &World, browser: &mut Browser) -> Page {
    let terms = world.to_terms(browser, APPROVING, &[&card(APPROVING, "ada", 1)]).await;
    world.accept(browser, &terms).await
}

#[tokio::test]
async fn the_same_card_again_is_told_and_its_second_token_is_deleted() {
    let world = World::new().await;
    let mut browser = world.browser();
    let first = add(&world, &mut browser).await;
    assert_eq!(state(&first), "active");
    let second = add(&world, &mut browser).await;
    assert_eq!(
        (state(&second).as_str(), problem(&second).as_str()),
        ("failed", "duplicate")
    );
    assert!(second.text().contains("already in your wallet"), "{}", second.text());
    let statuses: Vec<String> = world
        .stage
        .mdes
        .tokens()
        .into_iter()
        .map(|token| token.status)
        .collect();
    assert_eq!(statuses, ["ACTIVE", "DEACTIVATED"]);
    assert_eq!(world.asked("delete"), 1);
    let href = second
        .tags()
        .into_iter()
        .filter_map(|tag| tag.attributes.get("href").cloned());
    let to_card = href
        .into_iter()
        .find(|href| href.starts_with("/cards/"))
        .expect("a way to the card");
    let there = browser.get(&world.at(&to_card)).await.expect("an answer");
    assert_eq!(there.status, 200);
    assert!(there.text().contains(&world.stage.mdes.tokens()[0].account_suffix));
    let effects = "SELECT operation || ' ' || status FROM effects ORDER BY operation";
    assert_eq!(
        world.texts(effects).await,
        ["delete settled", "digitize settled", "digitize settled"]
    );
}

#[tokio::test]
async fn a_deletion_whose_answer_is_lost_is_looked_up() {
    let world = World::new().await;
    let mut browser = world.browser();
    add(&world, &mut browser).await;
    world.stage.mdes.inject("delete", Fault::LoseAnswer, 1);
    let second = add(&world, &mut browser).await;
    assert_eq!(problem(&second), "duplicate");
    world.pass(SECOND).await;
    assert_eq!(world.asked("delete"), 1);
    assert_eq!(world.live(), 1);
    let open = "SELECT operation FROM effects WHERE status <> 'settled'";
    assert_eq!(world.texts(open).await, Vec::<String>::new());
}

#[tokio::test]
async fn two_attempts_for_one_card_at_once_make_one_card() {
    let world = World::new().await;
    let mut browser = world.browser();
    let id = card(APPROVING, "ada", 1);
    let one = world.to_terms(&mut browser, APPROVING, &[&id]).await;
    let other = world.to_terms(&mut browser, APPROVING, &[&id]).await;
    for terms in [&one, &other] {
        world.send(&mut browser, terms, "/terms", &[("action", "accept")]).await;
    }
    // Both orders are under way together: each worker has one.
    world
        .stage
        .mdes
        .inject("digitize", Fault::Delay(std::time::Duration::from_millis(150)), 2);
    let (a, b) = tokio::join!(world.app.run_due(), world.app.run_due());
    a.expect("an answer");
    b.expect("an answer");
    world.work().await;
    let mut states = [
        state(&world.look(&mut browser, &one).await),
        state(&world.look(&mut browser, &other).await),
    ];
    states.sort();
    assert_eq!(states, ["active", "failed"]);
    assert_eq!(world.stage.mdes.tokens().len(), 2);
    assert_eq!(world.live(), 1);
    let live = "SELECT state FROM cards WHERE live_account IS NOT NULL";
    assert_eq!(world.texts(live).await, ["active"]);
}

#[tokio::test]
async fn a_card_that_waits_for_proof_counts_as_there_already() {
    let world = World::new().await;
    let mut browser = world.browser();
    let id = card(TEXTING, "ada", 1);
    let terms = world.to_terms(&mut browser, TEXTING, &[&id]).await;
    let code = world.accept(&mut browser, &terms).await;
    assert_eq!(state(&code), "code");
    let terms = world.to_terms(&mut browser, TEXTING, &[&id]).await;
    let second = world.accept(&mut browser, &terms).await;
    assert_eq!(problem(&second), "duplicate", "{}", second.text());
    let done = world
        .act(&mut browser, &code, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&done), "active", "{}", done.text());
    assert_eq!(world.live(), 1);
}

#[tokio::test]
async fn another_browser_may_have_the_same_account() {
    let world = World::new().await;
    let (mut mine, mut yours) = (world.browser(), world.browser());
    assert_eq!(state(&add(&world, &mut mine).await), "active");
    assert_eq!(state(&add(&world, &mut yours).await), "active");
    assert_eq!(world.live(), 2);
    assert_eq!(world.asked("delete"), 0);
}

#[tokio::test]
async fn a_push_for_another_wallet_is_no_use_here() {
    let world = World::new().await;
    let id = card(APPROVING, "ada", 1);
    let options = PushOptions::default();
    let pushed = world
        .stage
        .bank
        .push(APPROVING, &[&id], None, "50999999999", None, options)
        .await;
    assert!(pushed.is_err(), "MDES knows no other wallet than {TRID}");
}
