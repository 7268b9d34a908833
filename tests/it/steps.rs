//! The pages after the return, asked in other languages, too late, and by those whom they do not concern.

use tidemark::cli::browser::Browser;
use tidemark::sim::mdes::Fault;

use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, World, card, session_of};

const SECOND: i64 = 1_000;

async fn asked(world: &World, browser: &Browser, path: &str) -> Answer {
    let ask = Ask::get(path).of(browser).with("accept-language", "de-CH, fr;q=0.5");
    ask.send(world).await
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

#[tokio::test]
async fn a_return_that_belongs_to_no_attempt_says_so_and_no_more() {
    let world = World::new().await;
    let (mut browser, mut stranger) = (world.browser(), world.browser());
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let nowhere = world.callback("00000000-0000-4000-8000-000000000000", "a.b.c");
    let unknown = stranger.get(&nowhere).await.expect("an answer");
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.main_attribute("data-problem").as_deref(), Some("not-found"));
    assert!(
        unknown.text().contains("We don’t know what this is about"),
        "{}",
        unknown.text()
    );
    // A page that is not there, and somebody else's, are told as before.
    for path in ["/nowhere".to_owned(), format!("/sessions/{}", session_of(&terms))] {
        let page = stranger.get(&world.at(&path)).await.expect("an answer");
        assert_eq!(page.status, 404);
        assert!(page.text().contains("This page isn’t here"), "{}", page.text());
    }
}

#[tokio::test]
async fn a_form_of_an_old_page_leads_back_to_that_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let mut form = terms.form("/terms").expect("a form");
    form.fields.retain(|(name, _)| name != "csrf");
    let refused = browser
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("an answer");
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("This page was open for too long"),
        "{}",
        refused.text()
    );
    let again = refused.link("class", "button").expect("the main way onward");
    assert_eq!(again, format!("/sessions/{}", session_of(&terms)));
    assert_eq!(world.asked("digitize"), 0);
}

#[tokio::test]
async fn a_wait_speaks_the_visits_language_on_its_page_in_its_news_and_in_its_stream() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let path = format!("/sessions/{}", session_of(&page));
    for (seconds, pace, words) in [
        (0, "usual", "Schritt 2 von 3: Echtheit wird geprüft."),
        (9, "slow", "Das dauert länger als üblich."),
        (17, "very-slow", "Wir warten noch auf eine Antwort von Mastercard."),
    ] {
        // The worker rests: nobody has asked MDES yet.
        world.clock.advance(seconds * SECOND);
        let shown = text(&asked(&world, &browser, &path).await);
        assert!(
            shown.contains(&format!("data-now=\"{pace}\">{words}")),
            "{pace}: {shown}"
        );
        assert!(shown.contains("<h1 tabindex=\"-1\">Ihre Karte wird geprüft</h1>"));
    }
    world.stage.mdes.inject("checkEligibility", Fault::Status(503), 1);
    world.work().await;
    let shown = text(&asked(&world, &browser, &path).await);
    assert!(
        shown.contains("Wir warten auf Mastercard und versuchen es noch 15 Minuten lang"),
        "{shown}"
    );
}
