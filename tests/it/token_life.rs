//! A card after it was added: paused, gone on with, removed; by its cardholder here, and by its bank.

use std::time::Duration;

use serde_json::json;
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::mdes::Fault;

use crate::wire::Ask;
use crate::world::{APPROVING, TEXTING, World, card};

const MINUTE: i64 = 60_000;

/// Adds the first card of the bank: the page of the card.
async fn added(world: &World, browser: &mut Browser) -> Page {
    let terms = world.to_terms(browser, APPROVING, &[&card(APPROVING, "ada", 1)]).await;
    let done = world.accept(browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"));
    of_home(world, browser).await
}

/// The page of the one card that home shows.
async fn of_home(world: &World, browser: &mut Browser) -> Page {
    let home = browser.get(&world.at("/")).await.expect("an answer");
    let path = on_home(&home).pop().expect("a card");
    browser.get(&world.at(&path)).await.expect("an answer")
}

/// The cards that a home page shows.
fn on_home(home: &Page) -> Vec<String> {
    let links = home
        .tags()
        .into_iter()
        .filter_map(|tag| tag.attributes.get("href").cloned());
    links.filter(|href| href.starts_with("/cards/")).collect()
}

fn standing(page: &Page) -> String {
    let mut states = page
        .tags()
        .into_iter()
        .filter_map(|tag| tag.attributes.get("data-card-state").cloned());
    states.next_back().unwrap_or_default()
}

/// Presses a button of the card's page, lets the worker work, and shows the card.
async fn press(world: &World, browser: &mut Browser, page: &Page, verb: &str) -> Page {
    let sent = world.send(browser, page, verb, &[]).await;
    assert_eq!(sent.url, page.url, "{}", sent.text());
    world.work().await;
    again(browser, page).await
}

async fn again(browser: &mut Browser, page: &Page) -> Page {
    browser.get(&page.url).await.expect("an answer")
}

/// Asks to remove the card and confirms it.
async fn remove(world: &World, browser: &mut Browser, page: &Page) -> Page {
    let asked = browser.get(&format!("{}/delete", page.url)).await.expect("an answer");
    assert_eq!(asked.state().as_deref(), Some("card-remove"), "{}", asked.text());
    let form = asked.form("/delete").expect("a form");
    browser.submit(&asked, &form, &[]).await.expect("an answer");
    world.work().await;
    again(browser, page).await
}

fn status(world: &World) -> String {
    world.stage.mdes.tokens().last().expect("a token").status.clone()
}

fn token(world: &World) -> String {
    world.stage.mdes.tokens()[0].token_unique_reference.clone()
}

/// The effects that are not known to be over.
async fn open_effects(world: &World) -> Vec<String> {
    let open = "SELECT operation || ' ' || status FROM effects WHERE status <> 'settled'";
    world.texts(open).await
}

#[tokio::test]
async fn a_card_is_paused_and_gone_on_with() {
    let mut world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    let paused = press(&world, &mut browser, &page, "/suspend").await;
    assert_eq!(
        (status(&world).as_str(), standing(&paused).as_str()),
        ("SUSPENDED", "suspended")
    );
    assert!(paused.text().contains("Paused by you"), "{}", paused.text());
    assert!(paused.form("/suspend").is_err() && paused.form("/resume").is_ok());
    let home = browser.get(&world.at("/")).await.expect("an answer");
    assert!(home.text().contains("Paused by you"), "{}", home.text());
    assert_eq!(world.asked("getToken"), 0, "its own change is no news: nobody asks");
    world.restart().await;
    let paused = again(&mut browser, &page).await;
    assert!(
        paused.form("/resume").is_ok(),
        "it is known after a restart who holds it"
    );
    let active = press(&world, &mut browser, &paused, "/resume").await;
    assert_eq!(
        (status(&world).as_str(), standing(&active).as_str()),
        ("ACTIVE", "active")
    );
    assert!(active.form("/suspend").is_ok());
    assert_eq!(
        (
            world.asked("suspend"),
            world.asked("unsuspend"),
            world.asked("getToken")
        ),
        (1, 1, 0)
    );
}

#[tokio::test]
async fn a_removed_card_leaves_home_and_can_be_added_anew() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    let gone = remove(&world, &mut browser, &page).await;
    assert_eq!((gone.status, standing(&gone).as_str()), (200, "deactivated"));
    assert!(gone.text().contains("no longer in your wallet"), "{}", gone.text());
    assert_eq!(status(&world), "DEACTIVATED");
    for verb in ["/suspend", "/resume", "/delete"] {
        assert!(gone.form(verb).is_err(), "{verb}");
    }
    let home = browser.get(&world.at("/")).await.expect("an answer");
    assert_eq!(on_home(&home), Vec::<String>::new());
    let ask = browser.get(&format!("{}/delete", page.url)).await.expect("an answer");
    assert_eq!(ask.url, page.url, "there is nothing left to ask");
    let new = added(&world, &mut browser).await;
    assert_ne!(new.url, page.url);
    assert_eq!(world.stage.mdes.tokens().len(), 2);
    assert_eq!(status(&world), "ACTIVE");
}

#[tokio::test]
async fn a_card_that_waits_for_its_code_can_be_removed_once_it_is_left_for_later() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let code = world.accept(&mut browser, &terms).await;
    let page = of_home(&world, &mut browser).await;
    let ask = browser.get(&format!("{}/delete", page.url)).await.expect("an answer");
    assert_eq!(ask.url, page.url, "it is being proven");
    world.act(&mut browser, &code, "/method", &[("method", "later")]).await;
    let gone = remove(&world, &mut browser, &page).await;
    assert_eq!(
        (status(&world).as_str(), standing(&gone).as_str()),
        ("DEACTIVATED", "deactivated")
    );
    let attempt = world.look(&mut browser, &code).await;
    assert_eq!(
        attempt.main_attribute("data-problem").as_deref(),
        Some("removed"),
        "{}",
        attempt.text()
    );
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_never_asked_for_twice() {
    for (verb, operation, then) in [
        ("/suspend", "suspend", "suspended"),
        ("/resume", "unsuspend", "active"),
        ("/delete", "delete", "deactivated"),
    ] {
        let world = World::new().await;
        let mut browser = world.browser();
        let mut page = added(&world, &mut browser).await;
        if verb == "/resume" {
            page = press(&world, &mut browser, &page, "/suspend").await;
        }
        world.stage.mdes.inject(operation, Fault::LoseAnswer, 1);
        // Otherwise the notice of it would be there before anybody can look.
        let later = Fault::Delay(Duration::from_millis(300));
        world.stage.mdes.inject("notifyTokenUpdated", later, 1);
        let from = match verb {
            "/delete" => browser.get(&format!("{}/delete", page.url)).await.expect("an answer"),
            _ => again(&mut browser, &page).await,
        };
        world.send(&mut browser, &from, verb, &[]).await;
        while world.app.run_due().await.expect("the store answers") {}
        let doubted = again(&mut browser, &page).await;
        assert!(
            doubted.text().contains("The answer got lost"),
            "{verb}: {}",
            doubted.text()
        );
        for verb in ["/suspend", "/resume", "/delete"] {
            assert!(doubted.form(verb).is_err(), "{verb}");
        }
        world.pass(1_000).await;
        assert_eq!(standing(&again(&mut browser, &page).await), then, "{verb}");
        assert_eq!(
            (world.asked(operation), open_effects(&world).await.len()),
            (1, 0),
            "{verb}"
        );
    }
}

#[tokio::test]
async fn what_never_arrived_is_given_up_and_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    world.stage.mdes.inject("suspend", Fault::DropBefore, 1);
    press(&world, &mut browser, &page, "/suspend").await;
    world.pass(1_000).await;
    assert_eq!(
        open_effects(&world).await,
        ["suspend in-doubt"],
        "one look may come too early"
    );
    world.pass(2_000).await;
    let same = again(&mut browser, &page).await;
    assert!(same.text().contains("Nothing was changed"), "{}", same.text());
    assert_eq!(
        (standing(&same).as_str(), status(&world).as_str()),
        ("active", "ACTIVE")
    );
    assert_eq!((world.asked("suspend"), open_effects(&world).await.len()), (1, 0));
    let paused = press(&world, &mut browser, &same, "/suspend").await;
    assert_eq!(standing(&paused), "suspended", "whoever wants it still can have it");
    assert!(!paused.text().contains("Nothing was changed"));
}

#[tokio::test]
async fn what_cannot_leave_and_what_is_refused_is_said_and_not_repeated() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    for (fault, words) in [
        (Fault::Status(429), "Nothing was changed"),
        (Fault::Errors("INVALID_WORKFLOW".to_owned()), "did not allow that"),
    ] {
        world.stage.mdes.inject("suspend", fault, 1);
        let asked = world.asked("suspend");
        let refused = press(&world, &mut browser, &page, "/suspend").await;
        assert!(refused.text().contains(words), "{}", refused.text());
        assert_eq!(standing(&refused), "active");
        world.pass(10 * MINUTE).await;
        assert_eq!(world.asked("suspend"), asked + 1, "{words}");
        world.pass(6 * MINUTE).await;
        assert!(!again(&mut browser, &page).await.text().contains(words), "old news");
    }
    assert_eq!(status(&world), "ACTIVE");
}

#[tokio::test]
async fn a_second_press_is_the_first_one_and_another_wish_waits() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    let form = page.form("/suspend").expect("a form");
    for _ in 0..3 {
        let sent = browser.submit(&page, &form, &[]).await.expect("an answer");
        assert!(
            sent.text().contains("We’re asking Mastercard to pause"),
            "{}",
            sent.text()
        );
    }
    let mut other = page.form("/suspend").expect("a form");
    other.action = other.action.replace("/suspend", "/delete");
    let busy = browser.submit(&page, &other, &[]).await.expect("an answer");
    assert_eq!(busy.url, page.url);
    assert_eq!(open_effects(&world).await, ["suspend prepared"]);
    world.work().await;
    browser.submit(&page, &form, &[]).await.expect("an answer");
    world.work().await;
    assert_eq!((world.asked("suspend"), world.asked("delete")), (1, 0));
    assert_eq!(status(&world), "SUSPENDED");
}

#[tokio::test]
async fn a_change_that_is_slow_does_not_hold_up_other_cards() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    world.stage.mdes.inject("suspend", Fault::LoseAnswer, 1);
    world.stage.mdes.inject("getToken", Fault::Status(503), 100);
    press(&world, &mut browser, &page, "/suspend").await;
    for _ in 0..3 {
        world.pass(6 * 3_600_000).await;
    }
    assert_eq!(open_effects(&world).await, ["suspend in-doubt"]);
    world.pass(6 * 3_600_000).await;
    assert_eq!(
        open_effects(&world).await,
        Vec::<String>::new(),
        "it must not be held for ever"
    );
    let told = again(&mut browser, &page).await;
    assert!(told.text().contains("We never learned"), "{}", told.text());
    world.stage.mdes.clear_faults();
}

#[tokio::test]
async fn another_persons_card_is_not_there() {
    let world = World::new().await;
    let (mut mine, mut yours) = (world.browser(), world.browser());
    let page = added(&world, &mut mine).await;
    let own = added(&world, &mut yours).await;
    let mut form = own.form("/suspend").expect("a form");
    for verb in ["suspend", "resume", "delete"] {
        form.action = format!("{}/{verb}", page.url.strip_prefix(&world.url).expect("ours"));
        let answer = yours.submit(&own, &form, &[]).await.expect("an answer");
        assert_eq!(answer.status, 404, "{verb}");
    }
    let ask = yours.get(&format!("{}/delete", page.url)).await.expect("an answer");
    assert_eq!(ask.status, 404);
    world.work().await;
    assert_eq!(open_effects(&world).await, Vec::<String>::new());
    assert_eq!(world.asked("suspend") + world.asked("delete"), 0);
    let forged = Ask::post(&form.action, "csrf=guess").of(&mine).send(&world).await;
    assert_eq!(forged.status, 403, "without the form's own token");
}

#[tokio::test]
async fn a_wallets_backend_does_the_same_through_the_api() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    let page = added(&world, &mut browser).await;
    let id = page.url.rsplit('/').next().expect("an id").to_owned();
    let ada = json!({"subject": "ada"});
    let path = |verb: &str| format!("/api/v1/cards/{id}/{verb}");
    let (status_code, asked) = world.tell_api(&path("suspend"), ada.clone()).await;
    assert_eq!((status_code, &asked["changing"]), (200, &json!("suspend")), "{asked}");
    world.work().await;
    let (_, wallet) = world.ask_api("/api/v1/cards?subject=ada").await;
    let card = &wallet["cards"][0];
    assert_eq!(
        (&card["paused_here"], &card["held_elsewhere"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(card["can"], json!(["resume", "delete"]));
    let (status_code, refused) = world.tell_api(&path("suspend"), json!({"subject": "bob"})).await;
    assert_eq!((status_code, &refused["code"]), (404, &json!("not-found")));
    world.tell_api(&path("delete"), ada.clone()).await;
    let (status_code, busy) = world.tell_api(&path("resume"), ada.clone()).await;
    assert_eq!((status_code, &busy["reason"]), (409, &json!("busy")), "{busy}");
    world.work().await;
    let (status_code, refused) = world.tell_api(&path("resume"), ada.clone()).await;
    assert_eq!(
        (status_code, &refused["reason"]),
        (409, &json!("wrong-card-state")),
        "{refused}"
    );
    let (status_code, gone) = world.tell_api(&path("delete"), ada).await;
    assert_eq!(
        (status_code, &gone["state"]),
        (200, &json!("deactivated")),
        "twice is once"
    );
    assert_eq!(
        (world.asked("suspend"), world.asked("delete"), status(&world)),
        (1, 1, "DEACTIVATED".to_owned())
    );
}

#[tokio::test]
async fn a_delayed_answer_is_waited_for_and_the_page_says_so_meanwhile() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    world
        .stage
        .mdes
        .inject("suspend", Fault::Delay(Duration::from_millis(100)), 1);
    let paused = press(&world, &mut browser, &page, "/suspend").await;
    assert_eq!(
        (standing(&paused).as_str(), token(&world).is_empty()),
        ("suspended", false)
    );
    assert_eq!(world.asked("suspend"), 1);
}

#[tokio::test]
async fn what_the_bank_paused_only_the_bank_lets_go_on() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = added(&world, &mut browser).await;
    let (bank, token) = (&world.stage.bank, token(&world));
    bank.suspend_token(&token).await.expect("paused");
    world.work().await;
    let held = again(&mut browser, &page).await;
    assert!(held.text().contains("Paused by Havørn Bank"), "{}", held.text());
    assert!(held.form("/resume").is_err() && held.form("/suspend").is_err());
    let mut forced = page.form("/suspend").expect("a form");
    forced.action = forced.action.replace("/suspend", "/resume");
    browser.submit(&page, &forced, &[]).await.expect("an answer");
    world.work().await;
    assert_eq!((world.asked("unsuspend"), status(&world).as_str()), (0, "SUSPENDED"));
    bank.resume_token(&token).await.expect("resumed");
    world.work().await;
    let free = again(&mut browser, &page).await;
    let paused = press(&world, &mut browser, &free, "/suspend").await;
    assert!(paused.form("/resume").is_ok());
    bank.suspend_token(&token).await.expect("paused");
    world.work().await;
    let both = again(&mut browser, &page).await;
    assert!(both.form("/resume").is_err(), "the bank holds it too: {}", both.text());
    bank.resume_token(&token).await.expect("resumed");
    world.work().await;
    let own = again(&mut browser, &page).await;
    assert_eq!(status(&world), "SUSPENDED", "the cardholder still holds it");
    assert!(
        own.text().contains("Paused by you") && own.form("/resume").is_ok(),
        "{}",
        own.text()
    );
    bank.delete_token(&token).await.expect("deleted");
    world.work().await;
    assert_eq!(standing(&again(&mut browser, &page).await), "deactivated");
    assert!(bank.suspend_token(&token).await.is_err());
}
