//! MDES misbehaves in every way at every call, and the flow ends as it must: nothing twice, nothing stuck, and the page
//! says what is true.

use std::time::Duration;

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::mdes::Fault;

use crate::world::{APPROVING, TEXTING, World, card, session_of};

/// A bank that declines every card.
const DECLINING: &str = "labedz-pl";
/// Banks whose terms are different assets and that a computer can open.
const BANKS: &[&str] = &[
    "havorn-no",
    "tarnfell-gb",
    "silbertann-de",
    "podoli-cz",
    "mirabelle-fr",
    "yildiztepe-tr",
    "quillwort-us",
    "labedz-pl",
    "bereza-kz",
    "ghafa-ae",
    "hotarubi-jp",
];
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// Answers of which nobody can say whether MDES did what it was asked; it did not.
fn lost_before() -> Vec<Fault> {
    vec![
        Fault::Status(500),
        Fault::Status(503),
        Fault::Html,
        Fault::Empty,
        Fault::WrongJson,
        Fault::Huge,
        Fault::DropBefore,
        Fault::Errors("INTERNAL_SERVICE_FAILURE".to_owned()),
    ]
}

/// The same; it did.
fn lost_after() -> Vec<Fault> {
    vec![Fault::LoseAnswer, Fault::Truncated, Fault::WrongResponseId]
}

/// The gateway turns the call away: it certainly did not happen.
fn turned_away() -> Vec<Fault> {
    vec![Fault::Status(429), Fault::Status(401), Fault::Status(403)]
}

/// Every fault that leaves a question unanswered.
fn unanswered() -> Vec<Fault> {
    [lost_before(), lost_after(), turned_away()].concat()
}

impl World {
    /// No receipt ever became two tokens, and no order reached MDES twice.
    fn assert_nothing_twice(&self) {
        let tokens = self.stage.mdes.tokens();
        for token in &tokens {
            assert!(self.stage.mdes.effects(&token.receipt) <= 1, "{token:?}");
        }
        let calls = self.stage.mdes.calls();
        let orders: Vec<_> = calls.iter().filter(|call| call.operation == "digitize").collect();
        for order in &orders {
            let same = orders.iter().filter(|other| other.task_id == order.task_id);
            let arrived = same.filter(|other| ![401, 403, 429].contains(&other.status)).count();
            assert!(arrived <= 1, "{order:?} arrived {arrived} times");
        }
    }

    fn live_tokens(&self) -> usize {
        let tokens = self.stage.mdes.tokens();
        tokens.iter().filter(|token| token.status != "DEACTIVATED").count()
    }
}

fn state(page: &Page) -> String {
    page.state().unwrap_or_default()
}

fn problem(page: &Page) -> String {
    page.main_attribute("data-problem").unwrap_or_default()
}

fn assert_in_doubt(page: &Page, fault: &Fault) {
    assert_eq!(state(page), "digitizing", "{fault:?}: {}", page.text());
    assert!(
        page.text().contains("checking with Mastercard"),
        "{fault:?}: {}",
        page.text()
    );
}

#[tokio::test]
async fn eligibility_is_asked_again_until_mdes_answers() {
    let world = World::new().await;
    for fault in unanswered() {
        let mut browser = world.browser();
        let back = world
            .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let before = world.asked("checkEligibility");
        world.stage.mdes.inject("checkEligibility", fault.clone(), 2);
        world.work().await;
        let waiting = world.look(&mut browser, &back).await;
        assert_eq!(state(&waiting), "returned", "{fault:?}");
        assert!(
            waiting.text().contains("will keep trying"),
            "{fault:?}: {}",
            waiting.text()
        );
        assert_eq!(world.asked("checkEligibility"), before + 1, "{fault:?}");
        world.pass(SECOND - 1).await;
        assert_eq!(world.asked("checkEligibility"), before + 1, "{fault:?}");
        world.pass(1).await;
        assert_eq!(world.asked("checkEligibility"), before + 2, "{fault:?}");
        world.pass(2 * SECOND).await;
        assert_eq!(state(&world.look(&mut browser, &back).await), "terms", "{fault:?}");
        assert_eq!(world.asked("checkEligibility"), before + 3, "{fault:?}");
    }
    assert_eq!(world.asked("digitize"), 0);
}

#[tokio::test]
async fn a_receipt_that_mdes_refuses_ends_the_session_at_once() {
    let world = World::new().await;
    for (reason, wanted_state, wanted) in [
        ("INVALID_FIELD_VALUE", "failed", "receipt-refused"),
        ("PAN_INELIGIBLE", "declined", "declined"),
        ("SOMETHING_NEW", "failed", "receipt-refused"),
    ] {
        let mut browser = world.browser();
        let back = world
            .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        world
            .stage
            .mdes
            .inject("checkEligibility", Fault::Errors(reason.to_owned()), 1);
        let before = world.asked("checkEligibility");
        world.work().await;
        let page = world.look(&mut browser, &back).await;
        assert_eq!(
            (state(&page).as_str(), problem(&page).as_str()),
            (wanted_state, wanted),
            "{reason}"
        );
        world.pass(20 * MINUTE).await;
        assert_eq!(world.asked("checkEligibility"), before + 1, "{reason}");
    }
}

#[tokio::test]
async fn terms_are_fetched_again_until_mdes_answers() {
    let mut faults = unanswered();
    // An asset is fetched by GET and names no request that it could be the wrong answer to.
    faults.retain(|fault| *fault != Fault::WrongResponseId);
    for faults in faults.chunks(BANKS.len()) {
        let world = World::new().await;
        for (fault, bank) in faults.iter().zip(BANKS) {
            let mut browser = world.browser();
            let back = world.come_back(&mut browser, bank, &[&card(bank, "ada", 1)]).await;
            world.stage.mdes.inject("asset", fault.clone(), 2);
            let before = world.asked("asset");
            world.work().await;
            assert_eq!(world.asked("asset"), before + 1, "{fault:?}");
            assert_eq!(state(&world.look(&mut browser, &back).await), "returned", "{fault:?}");
            world.pass(SECOND).await;
            world.pass(2 * SECOND).await;
            assert_eq!(state(&world.look(&mut browser, &back).await), "terms", "{fault:?}");
            assert_eq!(world.asked("asset"), before + 3, "{fault:?}");
        }
    }
}

#[tokio::test]
async fn terms_that_mdes_does_not_have_end_the_session() {
    let world = World::new().await;
    let mut browser = world.browser();
    let back = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world
        .stage
        .mdes
        .inject("asset", Fault::Errors("INVALID_FIELD_VALUE".to_owned()), 1);
    world.work().await;
    let page = world.look(&mut browser, &back).await;
    assert_eq!(
        (state(&page).as_str(), problem(&page).as_str()),
        ("failed", "terms-unavailable")
    );
    assert_eq!(world.asked("digitize"), 0);
}

#[tokio::test]
async fn while_mdes_is_down_a_return_waits_until_the_receipts_life_is_over_and_then_says_so() {
    let world = World::new().await;
    let mut browser = world.browser();
    let back = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("checkEligibility", Fault::Status(503), 10_000);
    world.work().await;
    for _ in 0..29 {
        world.pass(30 * SECOND).await;
        assert_eq!(state(&world.look(&mut browser, &back).await), "returned");
    }
    world.pass(30 * SECOND).await;
    let page = world.look(&mut browser, &back).await;
    assert_eq!(
        (state(&page).as_str(), problem(&page).as_str()),
        ("failed", "not-answering")
    );
    assert!(
        page.text().contains("Mastercard did not answer in time"),
        "{}",
        page.text()
    );
    let asked = world.asked("checkEligibility");
    assert!(
        (20..=40).contains(&asked),
        "asked {asked} times in a quarter of an hour"
    );
    world.pass(60 * MINUTE).await;
    assert_eq!(world.asked("checkEligibility"), asked);
    let sealed = "SELECT COALESCE(receipt_sealed, '') || COALESCE(eligibility_sealed, '') FROM cards";
    assert_eq!(world.texts(sealed).await, [""]);
}

#[tokio::test]
async fn an_order_without_an_answer_that_never_arrived_is_given_up_after_a_minute_and_never_repeated() {
    let world = World::new().await;
    for fault in lost_before() {
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let (orders, questions) = (world.asked("digitize"), world.asked("getTaskStatus"));
        world.stage.mdes.inject("digitize", fault.clone(), 1);
        assert_in_doubt(&world.accept(&mut browser, &terms).await, &fault);
        for wait in [1, 2, 4, 8, 15, 29] {
            world.pass(wait * SECOND).await;
            assert_in_doubt(&world.look(&mut browser, &terms).await, &fault);
        }
        assert!(world.asked("getTaskStatus") >= questions + 5, "{fault:?}");
        world.pass(SECOND).await;
        let page = world.look(&mut browser, &terms).await;
        assert_eq!(
            (state(&page).as_str(), problem(&page).as_str()),
            ("failed", "nothing-added"),
            "{fault:?}"
        );
        world.pass(60 * MINUTE).await;
        assert_eq!(world.asked("digitize"), orders + 1, "{fault:?}");
    }
    assert_eq!(world.stage.mdes.tokens(), []);
    world.assert_nothing_twice();
}

#[tokio::test]
async fn an_order_whose_answer_is_lost_is_settled_by_asking() {
    let world = World::new().await;
    for (bank, wanted) in [(APPROVING, "active"), (TEXTING, "code"), (DECLINING, "declined")] {
        for fault in lost_after() {
            let mut browser = world.browser();
            let terms = world.to_terms(&mut browser, bank, &[&card(bank, "ada", 1)]).await;
            let (orders, tokens) = (world.asked("digitize"), world.stage.mdes.tokens().len());
            world.stage.mdes.inject("digitize", fault.clone(), 1);
            assert_in_doubt(&world.accept(&mut browser, &terms).await, &fault);
            world.pass(SECOND).await;
            let page = world.look(&mut browser, &terms).await;
            assert_eq!(state(&page), wanted, "{bank} {fault:?}: {}", page.text());
            world.pass(MINUTE).await;
            assert_eq!(world.asked("digitize"), orders + 1, "{bank} {fault:?}");
            let made = usize::from(bank != DECLINING);
            assert_eq!(world.stage.mdes.tokens().len(), tokens + made, "{bank} {fault:?}");
            if bank == TEXTING {
                let page = world.look(&mut browser, &terms).await;
                let done = world
                    .act(&mut browser, &page, "/code", &[("code", &world.code())])
                    .await;
                assert_eq!(state(&done), "active", "{fault:?}: {}", done.text());
            }
        }
    }
    world.assert_nothing_twice();
}

#[tokio::test]
async fn questions_about_a_lost_order_may_fail_too() {
    let world = World::new().await;
    let mut faults = unanswered();
    faults.push(Fault::Errors("SOMETHING_NEW".to_owned()));
    for fault in faults {
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let orders = world.asked("digitize");
        world.stage.mdes.inject("digitize", Fault::LoseAnswer, 1);
        world.stage.mdes.inject("getTaskStatus", fault.clone(), 2);
        world.stage.mdes.inject("searchTokens", fault.clone(), 2);
        assert_in_doubt(&world.accept(&mut browser, &terms).await, &fault);
        for wait in [1, 2, 4, 8] {
            world.pass(wait * SECOND).await;
            assert_in_doubt(&world.look(&mut browser, &terms).await, &fault);
        }
        world.pass(15 * SECOND).await;
        assert_eq!(state(&world.look(&mut browser, &terms).await), "active", "{fault:?}");
        assert_eq!(world.asked("digitize"), orders + 1, "{fault:?}");
    }
    world.assert_nothing_twice();
}

#[tokio::test]
async fn an_order_stays_in_doubt_for_as_long_as_mdes_is_down() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("digitize", Fault::LoseAnswer, 1);
    world.stage.mdes.inject("getTaskStatus", Fault::Status(503), 10_000);
    world.accept(&mut browser, &terms).await;
    for _ in 0..30 {
        world.pass(10 * MINUTE).await;
    }
    let page = world.look(&mut browser, &terms).await;
    assert_in_doubt(&page, &Fault::Status(503));
    world.stage.mdes.clear_faults();
    world.pass(30 * SECOND).await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "active");
    assert_eq!(world.asked("digitize"), 1);
    assert_eq!(world.stage.mdes.tokens().len(), 1);
}

#[tokio::test]
async fn an_order_that_takes_effect_after_the_first_question_is_found() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world
        .stage
        .mdes
        .inject("digitize", Fault::Late(Duration::from_millis(2_000)), 1);
    let page = world.accept(&mut browser, &terms).await;
    assert_in_doubt(&page, &Fault::DropBefore);
    world.pass(SECOND).await;
    assert_eq!(world.asked("getTaskStatus"), 1);
    assert_eq!(world.stage.mdes.tokens(), [], "the effect was too early for this test");
    assert_in_doubt(&world.look(&mut browser, &terms).await, &Fault::DropBefore);
    until(|| world.stage.mdes.tokens().len() == 1).await;
    world.pass(2 * SECOND).await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "active");
    assert_eq!(world.asked("digitize"), 1);
}

/// Waits for something that another party does in its own time.
async fn until(done: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if done() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("it never happened");
}

#[tokio::test]
async fn an_order_that_the_gateway_turned_away_leaves_later() {
    let world = World::new().await;
    for fault in turned_away() {
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let (questions, tokens) = (world.asked("getTaskStatus"), world.live_tokens());
        world.stage.mdes.inject("digitize", fault.clone(), 2);
        let page = world.accept(&mut browser, &terms).await;
        assert_eq!(state(&page), "digitizing", "{fault:?}");
        assert!(
            !page.text().contains("checking with Mastercard"),
            "{fault:?}: {}",
            page.text()
        );
        world.pass(SECOND).await;
        world.pass(2 * SECOND).await;
        assert_eq!(state(&world.look(&mut browser, &terms).await), "active", "{fault:?}");
        assert_eq!(world.asked("getTaskStatus"), questions, "{fault:?}");
        assert_eq!(world.live_tokens(), tokens + 1, "{fault:?}");
    }
    world.assert_nothing_twice();
}

#[tokio::test]
async fn an_order_that_cannot_leave_while_the_permission_lasts_does_not_leave_any_more() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("digitize", Fault::Status(429), 10_000);
    world.accept(&mut browser, &terms).await;
    for _ in 0..59 {
        world.pass(MINUTE).await;
    }
    assert_eq!(state(&world.look(&mut browser, &terms).await), "digitizing");
    world.pass(MINUTE).await;
    let page = world.look(&mut browser, &terms).await;
    assert_eq!(
        (state(&page).as_str(), problem(&page).as_str()),
        ("failed", "not-answering")
    );
    world.stage.mdes.clear_faults();
    world.pass(60 * MINUTE).await;
    assert_eq!(world.stage.mdes.tokens(), []);
}

#[tokio::test]
async fn an_order_that_mdes_refuses_is_over() {
    let world = World::new().await;
    for (reason, wanted_state, wanted) in [
        ("PAN_INELIGIBLE", "declined", "declined"),
        ("NO_RESPONSE_FROM_ISSUER", "failed", "issuer-error"),
        ("INVALID_ELIGIBILITY_RECEIPT", "failed", "too-late"),
        ("DUPLICATE_REQUEST", "failed", "duplicate"),
        ("SOMETHING_NEW", "failed", "refused"),
    ] {
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let orders = world.asked("digitize");
        world.stage.mdes.inject("digitize", Fault::Errors(reason.to_owned()), 1);
        let page = world.accept(&mut browser, &terms).await;
        assert_eq!(
            (state(&page).as_str(), problem(&page).as_str()),
            (wanted_state, wanted),
            "{reason}"
        );
        world.pass(10 * MINUTE).await;
        assert_eq!(world.asked("digitize"), orders + 1, "{reason}");
    }
    assert_eq!(world.stage.mdes.tokens(), []);
}

/// From nothing to the page that asks for the code.
async fn to_code(world: &World, browser: &mut Browser) -> Page {
    let terms = world.to_terms(browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(browser, &terms).await;
    assert_eq!(state(&page), "code", "{}", page.text());
    page
}

#[tokio::test]
async fn a_request_for_a_code_whose_answer_is_lost_counts_as_done_and_can_be_repeated_by_hand() {
    let world = World::new().await;
    for fault in [lost_before(), lost_after()].concat() {
        let mut browser = world.browser();
        let before = world.asked("requestActivationCode");
        world.stage.mdes.inject("requestActivationCode", fault.clone(), 1);
        let page = to_code(&world, &mut browser).await;
        assert_eq!(page.status, 200, "{fault:?}");
        world.pass(31 * SECOND).await;
        assert_eq!(world.asked("requestActivationCode"), before + 1, "{fault:?}");
        let page = world.look(&mut browser, &page).await;
        let page = world.act(&mut browser, &page, "/resend", &[]).await;
        assert_eq!(world.asked("requestActivationCode"), before + 2, "{fault:?}");
        let done = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&done), "active", "{fault:?}: {}", done.text());
    }
}

#[tokio::test]
async fn a_request_for_a_code_that_is_refused_is_told_and_repeated_only_by_hand() {
    let world = World::new().await;
    let refused = Fault::Errors("SOMETHING_NEW".to_owned());
    for fault in [turned_away(), vec![refused]].concat() {
        let mut browser = world.browser();
        let before = world.asked("requestActivationCode");
        world.stage.mdes.inject("requestActivationCode", fault.clone(), 1);
        let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
        let page = world.accept(&mut browser, &terms).await;
        assert_eq!(state(&page), "step-up", "{fault:?}: {}", page.text());
        assert!(
            page.text().contains("No code can be sent that way right now"),
            "{fault:?}"
        );
        for _ in 0..4 {
            world.pass(20 * SECOND).await;
        }
        assert_eq!(world.asked("requestActivationCode"), before + 1, "{fault:?}");
        let page = world.look(&mut browser, &page).await;
        let form = page.form("/method").expect("a form");
        let (name, value) = form.choices[0].clone();
        let page = world.act(&mut browser, &page, "/method", &[(&name, &value)]).await;
        assert_eq!(state(&page), "code", "{fault:?}: {}", page.text());
        let done = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&done), "active", "{fault:?}");
    }
}

#[tokio::test]
async fn a_code_whose_judgement_is_lost_is_never_sent_again_by_itself() {
    let world = World::new().await;
    for fault in lost_before() {
        let mut browser = world.browser();
        let page = to_code(&world, &mut browser).await;
        let before = world.asked("activate");
        world.stage.mdes.inject("activate", fault.clone(), 1);
        let page = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&page), "code", "{fault:?}");
        assert!(page.text().contains("Checking your code"), "{fault:?}: {}", page.text());
        assert_eq!(
            world
                .texts("SELECT COALESCE(code_sealed, '') FROM cards ORDER BY changed_at DESC")
                .await[0],
            ""
        );
        world.pass(SECOND).await;
        world.pass(2 * SECOND).await;
        let page = world.look(&mut browser, &page).await;
        assert_eq!(page.status, 422, "{fault:?}: {}", page.text());
        assert!(
            page.text().contains("We don’t know whether your last try counted"),
            "{}",
            page.text()
        );
        assert_eq!(world.asked("activate"), before + 1, "{fault:?}");
        let done = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&done), "active", "{fault:?}: {}", done.text());
    }
}

#[tokio::test]
async fn a_right_code_whose_answer_is_lost_activates_the_card() {
    let world = World::new().await;
    for fault in lost_after() {
        let mut browser = world.browser();
        let page = to_code(&world, &mut browser).await;
        let before = world.asked("activate");
        world.stage.mdes.inject("activate", fault.clone(), 1);
        let page = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&page), "code", "{fault:?}");
        world.pass(SECOND).await;
        assert_eq!(state(&world.look(&mut browser, &page).await), "active", "{fault:?}");
        assert_eq!(world.asked("activate"), before + 1, "{fault:?}");
    }
}

#[tokio::test]
async fn a_code_that_the_gateway_turned_away_can_be_typed_again() {
    let world = World::new().await;
    for fault in turned_away() {
        let mut browser = world.browser();
        let page = to_code(&world, &mut browser).await;
        world.stage.mdes.inject("activate", fault.clone(), 1);
        let page = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(
            (state(&page).as_str(), page.status),
            ("code", 422),
            "{fault:?}: {}",
            page.text()
        );
        let done = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&done), "active", "{fault:?}");
    }
}

#[tokio::test]
async fn a_pending_card_is_asked_about_although_questions_fail() {
    let world = World::new().await;
    let id = card(APPROVING, "ada", 1);
    let call = Outcome::StepUp(vec![ActivationKind::Call]);
    world.stage.bank.force_outcome(&id, call);
    for fault in unanswered() {
        let mut browser = world.browser();
        let terms = world.to_terms(&mut browser, APPROVING, &[&id]).await;
        let page = world.accept(&mut browser, &terms).await;
        let page = world.act(&mut browser, &page, "/method", &[("method", "later")]).await;
        assert_eq!(state(&page), "pending", "{fault:?}: {}", page.text());
        let before = world.asked("getToken");
        world.stage.mdes.inject("getToken", fault.clone(), 3);
        world.pass(5 * SECOND).await;
        assert_eq!(world.asked("getToken"), before + 1, "{fault:?}");
        assert_eq!(state(&world.look(&mut browser, &page).await), "pending", "{fault:?}");
        let token = world
            .stage
            .mdes
            .tokens()
            .last()
            .expect("a token")
            .token_unique_reference
            .clone();
        world
            .stage
            .bank
            .activate_token(&token)
            .await
            .expect("the bank activates");
        world.work().await;
        // The notification's question and its first repetition fail.
        world.pass(15 * SECOND).await;
        world.pass(MINUTE).await;
        assert_eq!(state(&world.look(&mut browser, &page).await), "active", "{fault:?}");
    }
}

#[tokio::test]
async fn a_duplicates_token_is_deleted_however_mdes_answers() {
    let world = World::new().await;
    let mut faults = unanswered();
    faults.push(Fault::Errors("SOMETHING_NEW".to_owned()));
    for fault in faults {
        let mut browser = world.browser();
        let live = world.live_tokens();
        for wanted in ["active", "failed"] {
            let terms = world
                .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
                .await;
            world
                .stage
                .mdes
                .inject("delete", fault.clone(), usize::from(wanted == "failed"));
            let page = world.accept(&mut browser, &terms).await;
            assert_eq!(state(&page), wanted, "{fault:?}: {}", page.text());
        }
        for wait in [1, 2, 5, 15, 60] {
            world.pass(wait * SECOND).await;
        }
        assert_eq!(
            world.live_tokens(),
            live + 1,
            "{fault:?}: {:?}",
            world.stage.mdes.calls()
        );
        world.stage.mdes.clear_faults();
    }
    world.assert_nothing_twice();
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_given_up_and_its_effect_looked_up() {
    let world = World::with(&[
        ("TIDEMARK_MDES__TIMEOUTS__CONNECT_MS", "400"),
        ("TIDEMARK_MDES__TIMEOUTS__READ_MS", "700"),
        ("TIDEMARK_MDES__TIMEOUTS__TOTAL_MS", "700"),
        ("TIDEMARK_MDES__TIMEOUTS__EFFECT_MS", "800"),
    ])
    .await;
    let mut browser = world.browser();
    let back = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("checkEligibility", Fault::Hang, 1);
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &back).await), "returned");
    world.pass(SECOND).await;
    let terms = world.look(&mut browser, &back).await;
    world
        .stage
        .mdes
        .inject("digitize", Fault::Delay(Duration::from_millis(1_200)), 1);
    assert_in_doubt(&world.accept(&mut browser, &terms).await, &Fault::Hang);
    until(|| world.stage.mdes.tokens().len() == 1).await;
    world.stage.mdes.inject("getTaskStatus", Fault::Hang, 1);
    world.pass(SECOND).await;
    world.pass(2 * SECOND).await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "active");
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_writes_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world
        .stage
        .mdes
        .inject("digitize", Fault::Delay(Duration::from_millis(2_000)), 1);
    world
        .send(&mut browser, &terms, "/terms", &[("action", "accept")])
        .await;
    let slow = {
        let app = world.app.clone();
        tokio::spawn(async move { app.run_due().await })
    };
    until(|| world.asked("digitize") == 1).await;
    world.clock.advance(31 * SECOND);
    assert!(
        world.app.run_due().await.expect("the store answers"),
        "the lease is over"
    );
    let page = world.look(&mut browser, &terms).await;
    assert_in_doubt(&page, &Fault::DropBefore);
    assert!(slow.await.expect("it ends").is_ok());
    // The first worker has its answer, and may not write it.
    assert_eq!(world.stage.mdes.tokens().len(), 1);
    assert_in_doubt(&world.look(&mut browser, &terms).await, &Fault::DropBefore);
    world.pass(SECOND).await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "active");
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn two_instances_share_the_work_of_one_database() {
    let world = World::new().await;
    if !world.is_on_postgres() {
        return;
    }
    let second = world.second_instance().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world
        .send(&mut browser, &terms, "/terms", &[("action", "accept")])
        .await;
    let (one, other) = tokio::join!(world.app.run_due(), second.run_due());
    assert!(one.expect("an answer") | other.expect("an answer"));
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "active");
    assert_eq!(world.asked("digitize"), 1);
    second.close().await;
}

#[tokio::test]
async fn a_restart_in_any_state_loses_nothing() {
    let mut world = World::new().await;
    let mut browser = world.browser();
    let page = world.start(&mut browser, TEXTING).await;
    world.restart().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "offered");
    browser.follows = false;
    let leaving = browser
        .get(&world.at(&format!("/sessions/{}/go", session_of(&page))))
        .await;
    assert_eq!(leaving.expect("an answer").status, 303);
    browser.follows = true;
    world.restart().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "launched");
    let session = session_of(&page);
    let signed = world.push(TEXTING, &[&card(TEXTING, "ada", 1)], &session).await;
    let back = browser
        .get(&world.callback(&session, &signed))
        .await
        .expect("an answer");
    assert_eq!(state(&back), "returned");
    world.restart().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "returned");
    world.work().await;
    world.restart().await;
    let terms = world.look(&mut browser, &page).await;
    assert_eq!(state(&terms), "terms");
    world
        .send(&mut browser, &terms, "/terms", &[("action", "accept")])
        .await;
    world.restart().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "digitizing");
    assert_eq!(world.asked("digitize"), 0);
    world.work().await;
    world.restart().await;
    let code = world.look(&mut browser, &page).await;
    assert_eq!(state(&code), "code");
    world
        .send(&mut browser, &code, "/code", &[("code", &world.code())])
        .await;
    world.restart().await;
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
    world.restart().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
    assert_eq!((world.asked("digitize"), world.asked("activate")), (1, 1));
    let home = browser.get(&world.at("/")).await.expect("an answer");
    assert!(home.text().contains(&world.stage.mdes.tokens()[0].account_suffix));
}

#[tokio::test]
async fn a_process_that_dies_while_an_order_is_under_way_leaves_it_in_doubt() {
    let mut world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.stage.mdes.inject("digitize", Fault::Hang, 1);
    world
        .send(&mut browser, &terms, "/terms", &[("action", "accept")])
        .await;
    let app = world.app.clone();
    let dying = tokio::spawn(async move { app.run_due().await });
    until(|| world.asked("digitize") == 1).await;
    dying.abort();
    let _ = dying.await;
    world.restart().await;
    world.pass(31 * SECOND).await;
    assert_in_doubt(&world.look(&mut browser, &terms).await, &Fault::Hang);
    for wait in [1, 2, 30, 30] {
        world.pass(wait * SECOND).await;
    }
    let page = world.look(&mut browser, &terms).await;
    assert_eq!(
        (state(&page).as_str(), problem(&page).as_str()),
        ("failed", "nothing-added")
    );
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn every_call_failing_at_random_never_leaves_a_session_stuck() {
    let world = World::new().await;
    let faults = unanswered();
    let mut die: usize = 7;
    for round in 0..12 {
        let mut browser = world.browser();
        let bank = [APPROVING, TEXTING, DECLINING][round % 3];
        for operation in [
            "checkEligibility",
            "digitize",
            "getTaskStatus",
            "searchTokens",
            "getToken",
        ] {
            die = die.wrapping_mul(31).wrapping_add(17);
            world
                .stage
                .mdes
                .inject(operation, faults[die % faults.len()].clone(), die % 3);
        }
        let back = world.come_back(&mut browser, bank, &[&card(bank, "ada", 1)]).await;
        let mut page = back;
        for _ in 0..40 {
            world.pass(20 * SECOND).await;
            page = world.look(&mut browser, &page).await;
            match state(&page).as_str() {
                "terms" => {
                    world.send(&mut browser, &page, "/terms", &[("action", "accept")]).await;
                }
                "returned" | "digitizing" => {}
                _ => break,
            }
        }
        let last = state(&page);
        let settled = ["active", "code", "step-up", "declined", "failed"];
        assert!(settled.contains(&last.as_str()), "{bank}: {last}: {}", page.text());
        world.stage.mdes.clear_faults();
    }
    world.assert_nothing_twice();
}
