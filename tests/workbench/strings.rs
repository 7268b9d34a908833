//! The strings of the simulators, as a program pulls them; and a visit to a bank, as a person makes it.

use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Form, Page};
use tidemark::cli::scenario::bank;

use crate::world::{APPROVING, World, session_of};

/// A minute of the clock that all share.
pub const MINUTE: i64 = 60_000;

/// Asks at `/_sim`, and expects that it is done.
pub async fn pull(world: &World, method: &str, path: &str, body: &Value) -> Value {
    let (status, answer) = ask(world, method, path, body).await;
    assert!((200..300).contains(&status), "{path}: {status}: {answer}");
    answer
}

async fn ask(world: &World, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/_sim{path}", world.stage.bank_base);
    let request = client().request(reqwest::Method::from_bytes(method.as_bytes()).expect("a method"), url);
    let request = match method {
        "GET" => request,
        _ => request
            .header("content-type", "application/json")
            .body(body.to_string()),
    };
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).expect("JSON"))
}

#[expect(clippy::disallowed_methods, reason = "a program of somebody who tests a wallet")]
fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// Switches one lie on.
pub async fn tell(world: &World, lie: &str) {
    pull(world, "PUT", "/knobs", &json!({ "lie": lie })).await;
}

/// What the bank pushes for the session of a page.
pub async fn push(world: &World, cards: &[&str], page: &Page) -> Value {
    let issuer: Vec<&str> = cards[0].rsplitn(3, '-').collect();
    let body = json!({"issuer": issuer[2], "cards": cards, "session": session_of(page)});
    pull(world, "POST", "/push", &body).await
}

/// Why the bank cannot push for the session of a page.
pub async fn refused_push(world: &World, cards: &[&str], page: &Page) -> String {
    let body = json!({"issuer": APPROVING, "cards": cards, "session": session_of(page)});
    let (status, answer) = ask(world, "POST", "/push", &body).await;
    assert_eq!(status, 422, "{answer}");
    answer["error"].as_str().expect("a sentence").to_owned()
}

/// Back from the bank with this token; the worker has worked.
pub async fn come_back(world: &World, browser: &mut Browser, page: &Page, token: &str) -> Page {
    let back = browser
        .get(&world.callback(&session_of(page), token))
        .await
        .expect("an answer");
    if back.state().as_deref() != Some("returned") {
        return back;
    }
    world.work().await;
    world.look(browser, &back).await
}

/// Lets time pass until the page's state is one of somebody's choosing or the end, and accepts the terms on the way.
pub async fn to_the_end(world: &World, browser: &mut Browser, mut page: Page) -> Page {
    for _ in 0..40 {
        match page.state().unwrap_or_default().as_str() {
            "terms" => page = world.accept(browser, &page).await,
            "returned" | "checking" | "digitizing" => {
                world.pass(20_000).await;
                page = world.look(browser, &page).await;
            }
            _ => return page,
        }
    }
    panic!("it never ends: {}", page.text());
}

/// Signs in at a bank as somebody, from the wallet's page of the attempt: the page with the cards.
pub async fn sign_in(browser: &mut Browser, attempt: &Page, person: &str) -> Page {
    let link = attempt.link("data-launch", "web").expect("a way to the bank");
    let page = browser.follow(attempt, &link).await.expect("the bank");
    bank::sign_in(browser, &page, person).await.expect("an answer")
}

/// The form of a page that has such a choice.
pub fn with(page: &Page, name: &str) -> Form {
    let mut forms = page.forms().into_iter();
    forms
        .find(|form| form.choices.iter().any(|(choice, _)| choice == name))
        .unwrap_or_else(|| panic!("no {name}: {}", page.text()))
}

/// Chooses all cards that can be chosen: the page that asks for consent.
pub async fn choose_all(browser: &mut Browser, cards: &Page) -> Page {
    let form = with(cards, "card");
    let off: Vec<_> = cards
        .tags()
        .into_iter()
        .filter(|tag| tag.attributes.contains_key("disabled"))
        .collect();
    let chosen: Vec<(&str, &str)> = form
        .choices
        .iter()
        .filter(|(name, value)| name == "card" && !off.iter().any(|tag| tag.attributes.get("value") == Some(value)))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .take(5)
        .collect();
    browser.submit(cards, &form, &chosen).await.expect("an answer")
}

/// Consents, or whatever else is decided.
pub async fn decide(browser: &mut Browser, consent: &Page, fields: &[(&str, &str)]) -> Page {
    browser
        .submit(consent, &with(consent, "decision"), fields)
        .await
        .expect("an answer")
}
