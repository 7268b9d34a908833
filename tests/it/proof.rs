//! The bank wants proof: every way of it, every wrong turn, and what happens when nobody does anything.

use tidemark::cli::browser::{Browser, Form, Page};
use tidemark::sim::catalogue::{ActivationKind, Outcome};

use crate::world::{APPROVING, TEXTING, World, card};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

fn state(page: &Page) -> String {
    page.state().unwrap_or_default()
}

/// The ids on the choice page.
fn ways(page: &Page) -> Vec<String> {
    let form: Form = page.form("/method").expect("a form");
    let methods = form.choices.into_iter().filter(|(name, _)| name == "method");
    methods.map(|(_, id)| id).collect()
}

impl World {
    /// The page after the decision, for a bank that wants one of these ways.
    async fn to_proof(&self, browser: &mut Browser, kinds: &[ActivationKind]) -> Page {
        let id = card(APPROVING, "ada", 1);
        self.stage.bank.force_outcome(&id, Outcome::StepUp(kinds.to_vec()));
        let terms = self.to_terms(browser, APPROVING, &[&id]).await;
        self.accept(browser, &terms).await
    }

    fn token(&self) -> String {
        let tokens = self.stage.mdes.tokens();
        tokens.last().expect("a token").token_unique_reference.clone()
    }
}

#[tokio::test]
async fn one_way_with_a_code_is_taken_without_a_question() {
    let world = World::new().await;
    for (kind, words) in [
        (
            ActivationKind::Text,
            "is sending a code by text message to XXX-XXX-XX11",
        ),
        (
            ActivationKind::Email,
            "is sending a code by email to aXXX@havorn-no.example",
        ),
        (ActivationKind::Listen, "Call 0800 555 0111 . You’ll hear a code"),
    ] {
        let mut browser = world.browser();
        let page = world.to_proof(&mut browser, &[kind, ActivationKind::Visit]).await;
        assert_eq!(state(&page), "code", "{kind:?}: {}", page.text());
        assert!(page.text().contains(words), "{kind:?}: {}", page.text());
        assert!(page.form("/confirm").is_err(), "there is no other way");
        assert_eq!(world.stage.mdes.tokens().last().expect("a token").status, "INACTIVE");
        let done = world
            .act(&mut browser, &page, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&done), "active", "{kind:?}: {}", done.text());
        assert_eq!(world.stage.mdes.tokens().last().expect("a token").status, "ACTIVE");
    }
}

#[tokio::test]
async fn ways_without_a_code_wait_for_the_bank() {
    let world = World::new().await;
    for (kind, choice, advice) in [
        (
            ActivationKind::Call,
            "Call Havørn Bank on 0800 555 0111",
            "Call Havørn Bank on 0800 555 0111",
        ),
        (
            ActivationKind::IsCalled,
            "Get a call from Havørn Bank on XXX-XXX-XX11",
            "will call you on XXX-XXX-XX11",
        ),
        (
            ActivationKind::App,
            "Use the Havørn Bank app",
            "Open the Havørn Bank app and confirm there",
        ),
    ] {
        let mut browser = world.browser();
        let page = world.to_proof(&mut browser, &[kind]).await;
        assert_eq!(state(&page), "step-up", "{kind:?}: {}", page.text());
        assert!(page.text().contains(choice), "{kind:?}: {}", page.text());
        let [way] = ways(&page).try_into().expect("one way");
        let page = world.act(&mut browser, &page, "/method", &[("method", &way)]).await;
        assert_eq!(state(&page), "pending", "{kind:?}: {}", page.text());
        assert!(page.text().contains(advice), "{kind:?}: {}", page.text());
        assert_eq!(world.asked("requestActivationCode"), 0);
        world
            .stage
            .bank
            .activate_token(&world.token())
            .await
            .expect("the bank activates");
        world.work().await;
        assert_eq!(state(&world.look(&mut browser, &page).await), "active", "{kind:?}");
    }
}

#[tokio::test]
async fn a_website_that_is_no_https_address_is_not_linked() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world.to_proof(&mut browser, &[ActivationKind::Website]).await;
    let [way] = ways(&page).try_into().expect("one way");
    let page = world.act(&mut browser, &page, "/method", &[("method", &way)]).await;
    assert_eq!(state(&page), "pending");
    for tag in page.tags().iter().filter(|tag| tag.name == "a") {
        let href = &tag.attributes["href"];
        let own = href.starts_with('/') || href.starts_with("tel:") || href.starts_with('#');
        assert!(
            own || href.starts_with("https://") || href.starts_with(&world.stage.bank_base),
            "{href}"
        );
        assert!(!href.starts_with("javascript"), "{href}");
    }
}

#[tokio::test]
async fn several_ways_are_a_choice_and_unknown_ones_are_not_offered() {
    let world = World::new().await;
    let mut browser = world.browser();
    let kinds = [
        ActivationKind::Text,
        ActivationKind::Visit,
        ActivationKind::Email,
        ActivationKind::Call,
    ];
    let page = world.to_proof(&mut browser, &kinds).await;
    assert_eq!(state(&page), "step-up");
    assert_eq!(world.asked("requestActivationCode"), 0);
    let offered = ways(&page);
    assert_eq!(offered.len(), 3, "{offered:?}");
    assert!(!page.text().contains("Made-up Street"), "{}", page.text());
    let page = world
        .act(&mut browser, &page, "/method", &[("method", &offered[1])])
        .await;
    assert_eq!(state(&page), "code");
    assert!(page.text().contains("by email to"), "{}", page.text());
    assert_eq!(world.stage.bank.phone()[0].to, "aXXX@havorn-no.example");
}

#[tokio::test]
async fn only_a_way_that_was_offered_can_be_chosen() {
    let world = World::new().await;
    let mut browser = world.browser();
    let kinds = [ActivationKind::Text, ActivationKind::Visit, ActivationKind::Call];
    let page = world.to_proof(&mut browser, &kinds).await;
    let offered = ways(&page);
    let unknown = (offered[0].parse::<u32>().expect("a number") + 1).to_string();
    assert!(
        !offered.contains(&unknown),
        "the middle one is of a kind that is not known"
    );
    let (calls, version) = (world.stage.mdes.calls().len(), world.versions().await);
    for forged in [
        "-1",
        "0",
        "1",
        "10000",
        "99999999999999999999",
        unknown.as_str(),
        "TEXT",
        "\u{661}",
    ] {
        let after = world.act(&mut browser, &page, "/method", &[("method", forged)]).await;
        assert_eq!(state(&after), "step-up", "{forged}");
    }
    assert_eq!(world.stage.mdes.calls().len(), calls);
    assert_eq!(world.versions().await, version);
    let empty = world.send(&mut browser, &page, "/method", &[]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.text().contains("There is a problem"), "{}", empty.text());
}

impl World {
    async fn versions(&self) -> Vec<String> {
        self.texts("SELECT id || ' ' || CAST(version AS TEXT) FROM sessions ORDER BY id")
            .await
    }
}

#[tokio::test]
async fn three_wrong_codes_lock_the_card() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut page = world.to_proof(&mut browser, &[ActivationKind::Text]).await;
    let code_page = page.clone();
    let right = world.code();
    let wrong = if right == "111111" { "222222" } else { "111111" };
    for left in ["You have 2 tries left.", "You have 1 try left."] {
        page = world.act(&mut browser, &page, "/code", &[("code", wrong)]).await;
        assert_eq!((state(&page).as_str(), page.status), ("code", 422));
        assert!(page.text().contains(left), "{}", page.text());
        assert!(!page.body.contains(wrong), "a code stands on a page");
    }
    page = world.act(&mut browser, &page, "/code", &[("code", wrong)]).await;
    assert_eq!(state(&page), "pending");
    assert!(page.text().contains("Too many wrong codes"), "{}", page.text());
    assert!(page.form("/confirm").is_err(), "a locked card offers no further code");
    let asked = world.asked("activate");
    let again = world.act(&mut browser, &code_page, "/code", &[("code", &right)]).await;
    assert_eq!(state(&again), "pending");
    assert_eq!(world.asked("activate"), asked);
    assert_eq!(world.stage.mdes.tokens()[0].status, "INACTIVE");
    // The bank can still help.
    world
        .stage
        .bank
        .activate_token(&world.token())
        .await
        .expect("the bank activates");
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
}

#[tokio::test]
async fn five_wrong_codes_are_the_end_of_codes_for_a_card() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world
        .to_proof(&mut browser, &[ActivationKind::Text, ActivationKind::Email])
        .await;
    let offered = ways(&page);
    let mut code = world
        .act(&mut browser, &page, "/method", &[("method", &offered[0])])
        .await;
    for _ in 0..3 {
        code = world.act(&mut browser, &code, "/code", &[("code", "zzzzzz")]).await;
    }
    assert_eq!(state(&code), "pending");
    // No page offers this any more; a hand-made request gets two more tries, with a new code, and no further.
    let confirm = Form {
        action: page
            .form("/method")
            .expect("a form")
            .action
            .replace("/method", "/confirm"),
        ..page.form("/method").expect("a form")
    };
    browser.submit(&page, &confirm, &[]).await.expect("an answer");
    let mut at = world
        .act(&mut browser, &page, "/method", &[("method", &offered[1])])
        .await;
    assert_eq!(state(&at), "code", "{}", at.text());
    for _ in 0..2 {
        at = world.act(&mut browser, &at, "/code", &[("code", "zzzzzz")]).await;
    }
    assert_eq!(state(&at), "pending", "{}", at.text());
    let asked = (world.asked("activate"), world.asked("requestActivationCode"));
    assert_eq!(asked, (5, 2));
    let refused = browser.submit(&page, &confirm, &[]).await.expect("an answer");
    assert_eq!(refused.status, 429);
    assert_eq!(refused.main_attribute("data-problem").as_deref(), Some("code-limit"));
    assert_eq!((world.asked("activate"), world.asked("requestActivationCode")), asked);
}

#[tokio::test]
async fn what_cannot_be_a_code_never_leaves() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world.to_proof(&mut browser, &[ActivationKind::Text]).await;
    let long = "1".repeat(33);
    for (typed, words) in [
        ("", "Enter the code"),
        (" - ", "Enter the code"),
        (long.as_str(), "A code has only letters and digits, at most 32"),
        ("12;34", "A code has only letters and digits, at most 32"),
        ("ünf", "A code has only letters and digits, at most 32"),
    ] {
        let answer = world.send(&mut browser, &page, "/code", &[("code", typed)]).await;
        assert_eq!((state(&answer).as_str(), answer.status), ("code", 422), "{typed:?}");
        assert!(answer.text().contains(words), "{typed:?}: {}", answer.text());
    }
    world.work().await;
    assert_eq!(world.asked("activate"), 0);
    // Blanks, hyphens and other digits are how people copy codes.
    let spaced: String = world.code().chars().flat_map(|digit| [digit, ' ']).collect();
    let done = world.act(&mut browser, &page, "/code", &[("code", &spaced)]).await;
    assert_eq!(state(&done), "active", "{}", done.text());
}

#[tokio::test]
async fn a_code_that_is_too_old_is_replaced() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world.to_proof(&mut browser, &[ActivationKind::Text]).await;
    let old = world.code();
    world.pass(16 * MINUTE).await;
    let page = world.act(&mut browser, &page, "/code", &[("code", &old)]).await;
    assert_eq!((state(&page).as_str(), page.status), ("code", 422));
    assert!(page.text().contains("That code has expired"), "{}", page.text());
    assert!(page.text().contains("Ask for a new code"), "{}", page.text());
    let page = world.act(&mut browser, &page, "/resend", &[]).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let done = world
        .act(&mut browser, &page, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&done), "active", "{}", done.text());
}

#[tokio::test]
async fn a_code_is_sent_again_not_too_soon_not_too_often_and_is_the_same() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world.to_proof(&mut browser, &[ActivationKind::Text]).await;
    let code = world.code();
    world.pass(10 * SECOND).await;
    let early = world.send(&mut browser, &page, "/resend", &[]).await;
    world.work().await;
    assert!(
        early.text().contains("You can ask again in 20 seconds"),
        "{}",
        early.text()
    );
    assert_eq!(world.asked("requestActivationCode"), 1);
    let mut shown = page.clone();
    for sent in 2..=4 {
        world.pass(30 * SECOND).await;
        shown = world.act(&mut browser, &shown, "/resend", &[]).await;
        assert_eq!(world.asked("requestActivationCode"), sent);
        assert!(shown.text().contains("sending the code again"), "{}", shown.text());
    }
    assert!(shown.form("/resend").is_err(), "{}", shown.text());
    assert!(shown.text().contains("No more codes can be sent"), "{}", shown.text());
    world.pass(10 * MINUTE).await;
    let refused = world.send(&mut browser, &page, "/resend", &[]).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.main_attribute("data-problem").as_deref(), Some("code-limit"));
    assert!(
        refused
            .text()
            .contains("Havørn Bank allows only a few codes for one card")
            && refused.body.contains("<a class=\"button\" href=\"tel:"),
        "{}",
        refused.body
    );
    world.work().await;
    assert_eq!(world.asked("requestActivationCode"), 4);
    let codes: Vec<_> = world
        .stage
        .bank
        .phone()
        .into_iter()
        .map(|message| message.code)
        .collect();
    assert_eq!(codes, vec![Some(code.clone()); 4]);
    let done = world.act(&mut browser, &shown, "/code", &[("code", &code)]).await;
    assert_eq!(state(&done), "active");
}

#[tokio::test]
async fn another_way_can_be_tried_at_once() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world
        .to_proof(&mut browser, &[ActivationKind::Text, ActivationKind::Email])
        .await;
    let offered = ways(&page);
    let code = world
        .act(&mut browser, &page, "/method", &[("method", &offered[0])])
        .await;
    let choice = world.act(&mut browser, &code, "/confirm", &[]).await;
    assert_eq!(state(&choice), "step-up", "{}", choice.text());
    // Round to the same way: the code is on its way already.
    let code = world
        .act(&mut browser, &choice, "/method", &[("method", &offered[0])])
        .await;
    assert_eq!(state(&code), "code", "{}", code.text());
    assert_eq!(world.asked("requestActivationCode"), 1);
    let choice = world.act(&mut browser, &code, "/confirm", &[]).await;
    let code = world
        .act(&mut browser, &choice, "/method", &[("method", &offered[1])])
        .await;
    assert_eq!(state(&code), "code", "{}", code.text());
    assert_eq!(world.asked("requestActivationCode"), 2);
    assert!(world.stage.bank.phone()[0].to.contains('@'));
    let done = world
        .act(&mut browser, &code, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&done), "active", "{}", done.text());
}

#[tokio::test]
async fn what_is_left_for_later_waits_in_the_wallet_and_can_be_taken_up_again() {
    let world = World::new().await;
    for from_code in [false, true] {
        let mut browser = world.browser();
        let mut page = world
            .to_proof(&mut browser, &[ActivationKind::Text, ActivationKind::Email])
            .await;
        let offered = ways(&page);
        if from_code {
            page = world
                .act(&mut browser, &page, "/method", &[("method", &offered[0])])
                .await;
        }
        let page = world.act(&mut browser, &page, "/method", &[("method", "later")]).await;
        assert_eq!(state(&page), "pending", "{}", page.text());
        let home = browser.get(&world.at("/")).await.expect("an answer");
        assert!(home.text().contains("Waiting for your code"), "{}", home.text());
        world.pass(40 * MINUTE).await;
        let choice = world.act(&mut browser, &page, "/confirm", &[]).await;
        assert_eq!(state(&choice), "step-up", "{}", choice.text());
        let code = world
            .act(&mut browser, &choice, "/method", &[("method", &offered[1])])
            .await;
        let done = world
            .act(&mut browser, &code, "/code", &[("code", &world.code())])
            .await;
        assert_eq!(state(&done), "active", "{}", done.text());
    }
}

#[tokio::test]
async fn a_step_up_that_is_left_alone_leaves_the_card_waiting() {
    let world = World::new().await;
    for kinds in [
        vec![ActivationKind::Text],
        vec![ActivationKind::Text, ActivationKind::Email],
    ] {
        let mut browser = world.browser();
        let page = world.to_proof(&mut browser, &kinds).await;
        let before = state(&page);
        world.pass(30 * MINUTE - 1).await;
        assert_eq!(state(&world.look(&mut browser, &page).await), before);
        world.pass(1).await;
        assert_eq!(state(&world.look(&mut browser, &page).await), "pending");
    }
}

#[tokio::test]
async fn the_bank_may_activate_while_the_code_page_is_open() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world.to_proof(&mut browser, &[ActivationKind::Text]).await;
    world
        .stage
        .bank
        .activate_token(&world.token())
        .await
        .expect("the bank activates");
    world.work().await;
    let done = world.look(&mut browser, &page).await;
    assert_eq!(state(&done), "active", "{}", done.text());
    // The code that is typed after that is too late, and harmless.
    let again = world.act(&mut browser, &page, "/code", &[("code", "123456")]).await;
    assert_eq!(state(&again), "active");
    assert_eq!(world.asked("activate"), 0);
}

#[tokio::test]
async fn a_pending_card_is_found_active_although_the_notification_is_lost() {
    // Without its key the wallet cannot read any notification.
    let world = World::with(&[
        ("TIDEMARK_MDES__NOTIFICATION_KEY_FILE", ""),
        ("TIDEMARK_MDES__NOTIFICATION_CERTIFICATE_FILE", ""),
    ])
    .await;
    let mut browser = world.browser();
    let page = world.to_proof(&mut browser, &[ActivationKind::Call]).await;
    let page = world.act(&mut browser, &page, "/method", &[("method", "later")]).await;
    assert_eq!(state(&page), "pending");
    world
        .stage
        .bank
        .activate_token(&world.token())
        .await
        .expect("the bank activates");
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "pending");
    world.pass(5 * SECOND).await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
}

#[tokio::test]
async fn a_code_is_never_kept_in_clear_and_not_at_all_once_it_was_judged() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    let code = world.code();
    world.send(&mut browser, &page, "/code", &[("code", &code)]).await;
    let sealed = "SELECT COALESCE(code_sealed, '') || ' ' || body FROM cards";
    let row = world.texts(sealed).await.remove(0);
    assert!(row.starts_with("1.") && !row.contains(&code), "{row}");
    world.work().await;
    assert!(world.texts(sealed).await[0].starts_with(' '));
}
