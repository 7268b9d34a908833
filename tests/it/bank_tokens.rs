//! The bank's page "Cards in wallets": what the cardholder has the bank do there, and what of it the wallet sees.

use serde_json::json;
use tidemark::cli::browser::{Browser, Form, Page};
use tidemark::sim::mdes::Fault;

use crate::requestors::plain_client;
use crate::world::{APPROVING, TEXTING, World, card};

/// A bank whose processor keeps its account numbers.
const PAN_LESS: &str = "bereza-kz";

/// The page of a bank, and the browser of whoever is signed in there.
struct AtBank {
    browser: Browser,
    page: Page,
}

impl AtBank {
    async fn sign_in(world: &World, bank: &str, persona: &str) -> Self {
        let mut browser = world.browser();
        let address = format!("{}/banks/{bank}/tokens", world.stage.bank_base);
        let page = browser.get(&address).await.expect("the bank answers");
        let page = world
            .send(&mut browser, &page, "/tokens/sign-in", &[("persona", persona)])
            .await;
        assert_eq!(page.main_attribute("data-page").as_deref(), Some("tokens"));
        Self { browser, page }
    }

    /// How the tokens stand, in the order shown.
    fn standings(&self) -> Vec<String> {
        all(&self.page, "data-standing")
    }

    /// The buttons and the link of the one token.
    fn offers(&self) -> Vec<&'static str> {
        let words = ["Pause", "Resume", "Remove"];
        words
            .into_iter()
            .filter(|word| self.page.text().contains(&format!("{word} the card ending")))
            .collect()
    }

    async fn look(&mut self) {
        self.page = self.browser.get(&self.page.url).await.expect("the bank answers");
    }

    async fn press(&mut self, world: &World, what: &str) {
        self.page = self.sent(world, &[("do", what)]).await;
        world.work().await;
    }

    async fn sent(&mut self, world: &World, fields: &[(&str, &str)]) -> Page {
        world.send(&mut self.browser, &self.page, "/tokens", fields).await
    }

    /// Opens the page that asks whether the one token is to be removed.
    async fn ask(&mut self) {
        let links = all(&self.page, "href");
        let link = links.into_iter().find(|link| link.contains("/tokens/remove?"));
        let origin = self.page.url.split("/banks/").next().expect("an origin").to_owned();
        let address = format!("{origin}{}", link.expect("a link").replace("&amp;", "&"));
        self.page = self.browser.get(&address).await.expect("the bank answers");
        assert_eq!(
            self.page.main_attribute("data-page").as_deref(),
            Some("token-remove"),
            "{}",
            self.page.text()
        );
    }

    fn says(&self, words: &str) {
        assert!(self.page.text().contains(words), "{}", self.page.text());
    }
}

fn all(page: &Page, name: &str) -> Vec<String> {
    let tags = page.tags().into_iter();
    tags.filter_map(|tag| tag.attributes.get(name).cloned()).collect()
}

/// Adds Ada's first card of a bank to the wallet: the page of the card there.
async fn added(world: &World, browser: &mut Browser, bank: &str) -> Page {
    let terms = world.to_terms(browser, bank, &[&card(bank, "ada", 1)]).await;
    world.accept(browser, &terms).await;
    let home = browser.get(&world.at("/")).await.expect("an answer");
    let mut links = all(&home, "href").into_iter();
    let path = links.find(|href| href.starts_with("/cards/")).expect("a card");
    browser.get(&world.at(&path)).await.expect("an answer")
}

async fn again(browser: &mut Browser, page: &Page) -> Page {
    browser.get(&page.url).await.expect("an answer")
}

fn standing_in_wallet(page: &Page) -> String {
    all(page, "data-card-state").pop().unwrap_or_default()
}

fn status(world: &World) -> String {
    world.stage.mdes.tokens()[0].status.clone()
}

/// How often a bank asked for a change of a token.
fn changes(world: &World) -> usize {
    let calls = ["suspendToken", "unsuspendToken", "deleteToken"];
    calls.into_iter().map(|call| world.asked(call)).sum()
}

#[tokio::test]
async fn a_bank_pauses_resumes_and_removes_a_card_and_the_wallet_shows_it() {
    for bank in [APPROVING, PAN_LESS] {
        let world = World::new().await;
        let mut browser = world.browser();
        let in_wallet = added(&world, &mut browser, bank).await;
        let mut at_bank = AtBank::sign_in(&world, bank, "ada").await;
        assert_eq!(
            (at_bank.standings(), at_bank.offers()),
            (vec!["active".to_owned()], vec!["Pause", "Remove"])
        );
        at_bank.says("in Test Wallet");
        at_bank.press(&world, "pause").await;
        at_bank.says("is paused in Test Wallet.");
        at_bank.says("Paused by us.");
        assert_eq!(
            (at_bank.standings(), at_bank.offers()),
            (vec!["paused-here".to_owned()], vec!["Resume", "Remove"])
        );
        let held = again(&mut browser, &in_wallet).await;
        assert_eq!(
            (status(&world).as_str(), standing_in_wallet(&held).as_str()),
            ("SUSPENDED", "suspended")
        );
        assert!(held.text().contains("Paused by "), "{}", held.text());
        assert!(held.form("/resume").is_err(), "only the bank lets it go on");
        at_bank.press(&world, "resume").await;
        at_bank.says("in Test Wallet again.");
        assert_eq!(standing_in_wallet(&again(&mut browser, &in_wallet).await), "active");
        at_bank.ask().await;
        at_bank.says("This cannot be undone");
        assert_eq!(world.asked("deleteToken"), 0, "asked, and not done");
        at_bank.press(&world, "remove").await;
        at_bank.says("is removed from Test Wallet.");
        at_bank.says("None of your cards is in a wallet.");
        assert_eq!((status(&world).as_str(), at_bank.standings().len()), ("DEACTIVATED", 0));
        assert_eq!(
            standing_in_wallet(&again(&mut browser, &in_wallet).await),
            "deactivated"
        );
        assert_eq!(changes(&world), 3);
    }
}

#[tokio::test]
async fn what_the_wallet_paused_is_said_and_not_the_banks_to_let_go_on() {
    for bank in [APPROVING, PAN_LESS] {
        let world = World::new().await;
        let mut browser = world.browser();
        let in_wallet = added(&world, &mut browser, bank).await;
        let mut at_bank = AtBank::sign_in(&world, bank, "ada").await;
        let shown_before = at_bank.page.form("/tokens").expect("a form");
        world.send(&mut browser, &in_wallet, "/suspend", &[]).await;
        world.work().await;
        let late = at_bank
            .browser
            .submit(&at_bank.page, &shown_before, &[("do", "pause")])
            .await;
        let late = late.expect("an answer");
        assert_eq!(late.status, 409);
        assert!(
            late.text().contains("Paused in Test Wallet. Resume it there."),
            "{}",
            late.text()
        );
        at_bank.look().await;
        at_bank.says("Paused in Test Wallet. Resume it there.");
        assert_eq!(
            (at_bank.standings(), at_bank.offers()),
            (vec!["paused".to_owned()], vec!["Remove"])
        );
        for what in ["resume", "pause"] {
            assert_eq!(at_bank.sent(&world, &[("do", what)]).await.status, 409);
        }
        assert_eq!((changes(&world), status(&world).as_str()), (0, "SUSPENDED"));
        at_bank.ask().await;
        at_bank.press(&world, "remove").await;
        assert_eq!(status(&world), "DEACTIVATED", "{bank}");
    }
}

#[tokio::test]
async fn what_both_paused_goes_on_when_both_let_it() {
    let world = World::new().await;
    let mut browser = world.browser();
    let in_wallet = added(&world, &mut browser, APPROVING).await;
    let token = world.stage.mdes.tokens()[0].token_unique_reference.clone();
    world.send(&mut browser, &in_wallet, "/suspend", &[]).await;
    world.work().await;
    world.stage.bank.suspend_token(&token).await.expect("paused");
    let mut at_bank = AtBank::sign_in(&world, APPROVING, "ada").await;
    at_bank.says("Paused by us, and in Test Wallet too.");
    at_bank.press(&world, "resume").await;
    at_bank.says("We no longer pause your card");
    assert_eq!(
        (at_bank.standings(), status(&world).as_str()),
        (vec!["paused".to_owned()], "SUSPENDED")
    );
}

#[tokio::test]
async fn a_card_that_is_not_finished_can_only_be_removed() {
    let world = World::new().await;
    let mut browser = world.browser();
    added(&world, &mut browser, TEXTING).await;
    let mut at_bank = AtBank::sign_in(&world, TEXTING, "ada").await;
    at_bank.says("Not finished");
    assert_eq!(
        (at_bank.standings(), at_bank.offers()),
        (vec!["inactive".to_owned()], vec!["Remove"])
    );
    assert_eq!(at_bank.sent(&world, &[("do", "pause")]).await.status, 409);
    assert_eq!(at_bank.sent(&world, &[("do", "burn")]).await.status, 400);
    assert_eq!((changes(&world), status(&world).as_str()), (0, "INACTIVE"));
}

/// A form of a bank's page about wallets, which is as good for this page as one of its own.
async fn form_of_enrol(world: &World, at_bank: &mut AtBank, bank: &str) -> Form {
    let page = at_bank.page.url.replace("/tokens?", "/enrol?");
    let page = at_bank.browser.get(&page).await.expect("the bank answers");
    let mut form = page.form("/enrol").expect("a form");
    form.action = format!("{}/banks/{bank}/tokens", world.stage.bank_base);
    form.fields.retain(|(name, _)| name == "sitting" || name == "form");
    form
}

#[tokio::test]
async fn nobody_elses_token_is_shown_or_moved() {
    let world = World::new().await;
    added(&world, &mut world.browser(), APPROVING).await;
    let token = world.stage.mdes.tokens()[0].token_unique_reference.clone();
    // The same person at other banks, and another person at the same one.
    for (bank, persona) in [(TEXTING, "ada"), (PAN_LESS, "ada"), (APPROVING, "ben")] {
        let mut other = AtBank::sign_in(&world, bank, persona).await;
        other.says("None of your cards is in a wallet.");
        let removal = other.page.url.replace("/tokens?", "/tokens/remove?");
        let asked = other.browser.get(&format!("{removal}&token={token}")).await;
        assert_eq!(asked.expect("an answer").status, 404, "{bank} {persona}");
        let form = form_of_enrol(&world, &mut other, bank).await;
        for what in ["pause", "resume", "remove"] {
            let fields = [("token", token.as_str()), ("do", what)];
            let refused = other
                .browser
                .submit(&other.page, &form, &fields)
                .await
                .expect("an answer");
            assert_eq!(refused.status, 404, "{bank} {persona}: {what}");
            assert!(refused.text().contains("Nothing was changed."), "{}", refused.text());
        }
        // What was done to another's token is none of theirs either.
        world.stage.bank.suspend_token(&token).await.expect("paused");
        let told = other
            .browser
            .get(&format!("{}&did=pause&token={token}", other.page.url))
            .await;
        assert!(
            !told.expect("an answer").text().contains("is paused"),
            "{bank} {persona}"
        );
        world.stage.bank.resume_token(&token).await.expect("resumed");
    }
    assert_eq!(
        (changes(&world), status(&world).as_str()),
        (6, "ACTIVE"),
        "but for the bank's own"
    );
}

#[tokio::test]
async fn a_sitting_of_another_bank_or_of_a_while_ago_moves_nothing() {
    let world = World::new().await;
    added(&world, &mut world.browser(), APPROVING).await;
    let mut own = AtBank::sign_in(&world, APPROVING, "ada").await;
    let form = own.page.form("/tokens").expect("a form");
    let mut elsewhere = form.clone();
    elsewhere.action = form.action.replace(APPROVING, TEXTING);
    let mut stranger = form.clone();
    for (name, value) in &mut stranger.fields {
        if name == "form" {
            *value = "0123456789abcdef".to_owned();
        }
    }
    for (form, status) in [(&elsewhere, 410), (&stranger, 403)] {
        let refused = own
            .browser
            .submit(&own.page, form, &[("do", "remove")])
            .await
            .expect("an answer");
        assert_eq!(refused.status, status, "{}", refused.text());
        assert!(refused.text().contains("Nothing was changed."), "{}", refused.text());
    }
    world.clock.advance(12 * 60_000 + 1);
    assert_eq!(own.sent(&world, &[("do", "remove")]).await.status, 410);
    assert_eq!((changes(&world), status(&world).as_str()), (0, "ACTIVE"));
}

#[tokio::test]
async fn a_second_tap_is_the_first_one_and_a_page_that_was_used_does_nothing_else() {
    let world = World::new().await;
    added(&world, &mut world.browser(), APPROVING).await;
    let mut at_bank = AtBank::sign_in(&world, APPROVING, "ada").await;
    let first = at_bank.page.clone();
    at_bank.press(&world, "pause").await;
    at_bank.page = first.clone();
    at_bank.press(&world, "pause").await;
    at_bank.says("is paused in Test Wallet.");
    let form = first.form("/tokens").expect("a form");
    for what in ["resume", "remove"] {
        let stale = at_bank
            .browser
            .submit(&first, &form, &[("do", what)])
            .await
            .expect("an answer");
        assert_eq!(stale.status, 409, "{what}");
        assert!(stale.text().contains("Nothing was changed."), "{}", stale.text());
    }
    assert_eq!((changes(&world), status(&world).as_str()), (1, "SUSPENDED"));
}

#[tokio::test]
async fn what_mdes_does_not_do_is_said_with_what_to_do_and_nothing_moved() {
    let refusal = || Fault::Errors("INVALID_WORKFLOW".to_owned());
    for (call, what, fault, words) in [
        ("suspendToken", "pause", refusal(), "We could not pause your card"),
        ("suspendToken", "pause", Fault::Status(429), "your card is as it was"),
        ("suspendToken", "pause", Fault::Status(503), "may be paused or not"),
        ("suspendToken", "pause", Fault::DropBefore, "answer did not reach us"),
        ("suspendToken", "pause", Fault::WrongJson, "may be paused or not"),
        ("deleteToken", "remove", refusal(), "We could not remove your card"),
    ] {
        let world = World::new().await;
        added(&world, &mut world.browser(), APPROVING).await;
        let mut at_bank = AtBank::sign_in(&world, APPROVING, "ada").await;
        world.stage.mdes.inject(call, fault.clone(), 1);
        let before = at_bank.page.clone();
        at_bank.press(&world, what).await;
        assert_eq!(at_bank.page.status, 502, "{fault:?}");
        at_bank.says(words);
        at_bank.says("ry again");
        assert_eq!(status(&world), "ACTIVE", "{fault:?}");
        at_bank.page = before.clone();
        at_bank.look().await;
        assert_eq!(at_bank.standings(), ["active"], "{fault:?}");
        // The form is as good as before.
        at_bank.page = before;
        at_bank.press(&world, what).await;
        let then = if what == "pause" { "SUSPENDED" } else { "DEACTIVATED" };
        assert_eq!((at_bank.page.status, status(&world).as_str()), (200, then), "{fault:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_not_called_a_failure_and_the_notice_tells_the_truth() {
    let world = World::new().await;
    added(&world, &mut world.browser(), APPROVING).await;
    let mut at_bank = AtBank::sign_in(&world, APPROVING, "ada").await;
    world.stage.mdes.inject("suspendToken", Fault::LoseAnswer, 1);
    let before = at_bank.page.clone();
    at_bank.press(&world, "pause").await;
    at_bank.says("Your card may be paused or not");
    assert!(!at_bank.page.text().contains("as it was, so") && status(&world) == "SUSPENDED");
    at_bank.page = before;
    at_bank.look().await;
    assert_eq!(at_bank.standings(), ["paused-here"]);
}

/// A notice of MDES, to whoever hears of the tokens of a bank.
async fn tells(world: &World, bank: &str, status: &str, at: &str) {
    let asked = |name: &str| {
        let calls = world.stage.bank.calls().into_iter().rev();
        let mut calls = calls.filter(|call| call.name == name || call.request["type"] == name);
        calls.next().map(|call| call.request)
    };
    let (made, base) = if bank == PAN_LESS {
        let base = format!(
            "{}/processing",
            world.stage.processor_base.trim_end_matches("/processing")
        );
        (asked("TOKENISATION_COMPLETE"), base)
    } else {
        (asked("notifyServiceActivated"), world.stage.bank_base.clone())
    };
    let made = made.expect("a token");
    let notice = json!({
        "requestId": "r-1", "correlationId": made["correlationId"], "tokenUniqueReference": made["tokenUniqueReference"],
        "tokenRequestorId": made["tokenRequestorId"], "status": status, "statusTimestamp": at, "suspendedBy": ["ISSUER"],
    });
    let url = format!("{base}/issuerServices/1/0/notifyTokenUpdated");
    let sent = plain_client().post(url).body(notice.to_string()).send().await;
    assert_eq!(sent.expect("an answer").status(), 200);
}

#[tokio::test]
async fn an_older_word_of_mdes_changes_nothing() {
    for bank in [APPROVING, PAN_LESS] {
        let world = World::new().await;
        added(&world, &mut world.browser(), bank).await;
        let mut at_bank = AtBank::sign_in(&world, bank, "ada").await;
        for (status, at, standing) in [
            ("SUSPENDED", "2026-01-01T12:00:05.000Z", "paused-here"),
            ("ACTIVE", "2026-01-01T12:00:04.999Z", "paused-here"),
            ("ACTIVE", "2026-01-01T12:00:05.000Z", "paused-here"),
            ("ACTIVE", "2026-01-01T12:00:05.001Z", "active"),
            ("DEACTIVATED", "2026-01-01T12:00:05.000Z", "active"),
        ] {
            tells(&world, bank, status, at).await;
            at_bank.look().await;
            assert_eq!(at_bank.standings(), [standing], "{bank}: {status} at {at}");
        }
        tells(&world, bank, "DEACTIVATED", "2026-01-01T12:00:06.000Z").await;
        tells(&world, bank, "ACTIVE", "2026-01-01T12:00:05.500Z").await;
        at_bank.look().await;
        assert_eq!(at_bank.standings().len(), 0, "{bank}: what is gone does not come back");
    }
}

#[tokio::test]
async fn the_page_is_found_from_its_neighbours_and_the_sign_in_says_what_is_wrong() {
    let world = World::new().await;
    let mut browser = world.browser();
    let base = &world.stage.bank_base;
    let front = browser.get(base).await.expect("the banks");
    let path = format!("/banks/{APPROVING}/tokens");
    assert!(all(&front, "href").contains(&path));
    let page = browser.get(&format!("{base}{path}")).await.expect("an answer");
    let wrong = [("customer", "1"), ("password", "wrong")];
    let wrong = world.send(&mut browser, &page, "/tokens/sign-in", &wrong).await;
    assert_eq!(wrong.status, 422);
    let enrol = browser
        .get(&format!("{base}/banks/{APPROVING}/enrol"))
        .await
        .expect("an answer");
    let enrol = world
        .send(&mut browser, &enrol, "/enrol/sign-in", &[("persona", "ada")])
        .await;
    let mut links = all(&enrol, "href").into_iter();
    let link = links
        .find(|href| href.starts_with(&format!("{path}?sitting=")))
        .expect("a link");
    let tokens = browser.get(&format!("{base}{link}")).await.expect("an answer");
    assert_eq!(
        (tokens.status, tokens.main_attribute("data-page").as_deref()),
        (200, Some("tokens"))
    );
    assert!(
        all(&tokens, "href")
            .iter()
            .any(|href| href.starts_with(&format!("/banks/{APPROVING}/enrol?sitting=")))
    );
    let nobank = browser
        .get(&format!("{base}/banks/nobank/tokens"))
        .await
        .expect("an answer");
    assert_eq!(nobank.status, 404);
}
