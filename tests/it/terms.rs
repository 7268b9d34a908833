//! The issuer's terms: shown as words, whatever they are made of, and accepted as they were shown.

use tidemark::cli::browser::{Browser, Page};
use tidemark::seal::sha256_hex;
use tidemark::sim::catalogue::issuer;
use tidemark::sim::mdes::DirectoryEntry;

use crate::directory::entry;
use crate::world::{APPROVING, TEXTING, World, card, session_of};

/// A bank whose terms are a PDF file.
const PRINTING: &str = "silbertann-de";

fn state(page: &Page) -> String {
    page.state().unwrap_or_default()
}

fn problem(page: &Page) -> String {
    page.main_attribute("data-problem").unwrap_or_default()
}

/// A world whose first bank has these terms.
async fn with_terms(media_type: &str, data: &[u8]) -> World {
    let world = World::without_directory(&[]).await;
    world.stage.mdes.set_directory(vec![DirectoryEntry {
        terms: (media_type.to_owned(), data.to_vec()),
        ..entry(
            APPROVING,
            "Havørn Bank",
            &format!("{}/banks/{APPROVING}/pull", world.stage.bank_base),
        )
    }]);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    world
}

async fn after_the_return(world: &World, browser: &mut Browser) -> Page {
    let back = world.come_back(browser, APPROVING, &[&card(APPROVING, "ada", 1)]).await;
    world.work().await;
    world.look(browser, &back).await
}

#[tokio::test]
async fn plain_terms_are_shown_word_by_word() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let text = String::from_utf8(issuer(APPROVING).expect("a bank").terms().data).expect("text");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for paragraph in text.split("\n\n") {
        assert!(
            terms.text().contains(&words(paragraph)),
            "{paragraph}: {}",
            terms.text()
        );
    }
}

#[tokio::test]
async fn nothing_of_an_html_document_but_its_words_reaches_the_page() {
    let html = "<!doctype html><html><head><title>T</title><script>alert('head')</script></head>\
                <body onload=\"alert('body')\"><h1>Conditions</h1><p style=\"color:red\">Fish &amp; chips \
                &lt;script&gt;alert('words')&lt;/script&gt;</p><img src=x onerror=\"alert('img')\">\
                <a href=\"javascript:alert('a')\">more</a><iframe src=\"https://evil.example\"></iframe>\
                <form action=\"https://evil.example\"><input name=\"csrf\"></form></body></html>";
    let world = with_terms("text/html; charset=utf-8", html.as_bytes()).await;
    let mut browser = world.browser();
    let terms = after_the_return(&world, &mut browser).await;
    assert_eq!(state(&terms), "terms", "{}", terms.text());
    assert!(terms.text().contains("Conditions Fish & chips"), "{}", terms.text());
    assert!(terms.body.contains("&#60;script&#62;alert") || terms.body.contains("&lt;script&gt;alert"));
    for forbidden in [
        "<script>alert",
        "onload",
        "onerror",
        "<iframe",
        "evil.example",
        "javascript:",
        "style=",
    ] {
        assert!(!terms.body.contains(forbidden), "{forbidden}: {}", terms.body);
    }
    let decide: Vec<_> = terms
        .forms()
        .into_iter()
        .filter(|form| form.action.ends_with("/terms"))
        .collect();
    assert_eq!(decide.len(), 1);
    assert_eq!(state(&world.accept(&mut browser, &terms).await), "active");
}

#[tokio::test]
async fn terms_that_cannot_be_read_cannot_be_accepted() {
    let huge = vec![b'x'; 1024 * 1024 + 1];
    for (media_type, data) in [
        ("application/pdf", b"<html>no file at all</html>".as_slice()),
        ("text/html", b"<script>document.write('terms')</script>"),
        ("text/plain", b" \r\n\t "),
        ("application/zip", b"PK"),
        ("image/png", b"\x89PNG\r\n\x1a\n"),
        ("text/plain", huge.as_slice()),
    ] {
        let world = with_terms(media_type, data).await;
        let mut browser = world.browser();
        let mut page = after_the_return(&world, &mut browser).await;
        if data.len() > 1024 * 1024 {
            // An answer that is too long is no answer, and the question is repeated while the receipt lives.
            assert_eq!(state(&page), "returned");
            world.pass(15 * 60_000).await;
            page = world.look(&mut browser, &page).await;
        }
        assert_eq!(
            (state(&page).as_str(), problem(&page).as_str()),
            ("failed", "terms-unavailable"),
            "{media_type}"
        );
        assert_eq!(world.asked("digitize"), 0);
    }
}

#[tokio::test]
async fn a_pdf_is_a_download_for_its_owner_only() {
    let world = World::new().await;
    let (mut browser, mut stranger) = (world.browser(), world.browser());
    let terms = world
        .to_terms(&mut browser, PRINTING, &[&card(PRINTING, "ada", 1)])
        .await;
    let link = terms
        .tags()
        .into_iter()
        .find(|tag| tag.attributes.contains_key("download"));
    let href = link.expect("a link").attributes["href"].clone();
    let file = browser.follow(&terms, &href).await.expect("an answer");
    assert_eq!(file.status, 200);
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"terms.pdf\""
    );
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert!(
        file.headers["content-security-policy"]
            .to_str()
            .expect("text")
            .contains("sandbox")
    );
    assert!(file.body.starts_with("%PDF-"));
    stranger.get(&world.at("/issuers")).await.expect("a cookie");
    let refused = stranger.get(&world.at(&href)).await.expect("an answer");
    assert_eq!((refused.status, problem(&refused).as_str()), (404, "not-found"));
    let nobody = world.browser().get(&world.at(&href)).await.expect("an answer");
    assert_eq!(nobody.status, 404);
    // Another asset of ours, and these terms under a session of another bank.
    let directory = world.app.current_directory();
    let logo = directory.issuers[0].logo.as_ref().expect("a logo").as_str();
    let (session, asset) = (session_of(&terms), href.rsplit('/').next().expect("an id"));
    let other = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    for (session, asset) in [(session.as_str(), logo), (session_of(&other).as_str(), asset)] {
        let answer = browser
            .get(&world.at(&format!("/sessions/{session}/terms/{asset}")))
            .await;
        assert_eq!(answer.expect("an answer").status, 404);
    }
    assert_eq!(state(&world.accept(&mut browser, &terms).await), "active");
}

#[tokio::test]
async fn what_was_accepted_and_when_is_recorded_and_told_to_mdes() {
    let world = World::new().await;
    for bank in [APPROVING, TEXTING, PRINTING] {
        let mut browser = world.browser();
        let terms = world.to_terms(&mut browser, bank, &[&card(bank, "ada", 1)]).await;
        world.clock.advance(42_000);
        let accepted_at = world.clock.now().0;
        world.accept(&mut browser, &terms).await;
        let session = session_of(&terms);
        let bodies = world
            .texts(&format!("SELECT body FROM cards WHERE session_id = '{session}'"))
            .await;
        let body: serde_json::Value = serde_json::from_str(&bodies[0]).expect("JSON");
        assert_eq!(body["terms"]["accepted_at_ms"], accepted_at, "{bank}");
        let data = issuer(bank).expect("a bank").terms().data;
        assert_eq!(body["terms"]["sha256"], sha256_hex(&data), "{bank}");
        let calls = world.stage.mdes.calls();
        let order = calls
            .iter()
            .rfind(|call| call.operation == "digitize")
            .expect("an order");
        // The simulator refuses an order without terms, or with others, or without the time.
        assert_eq!((order.outcome.as_str(), order.at_ms), ("ok", accepted_at), "{bank}");
    }
}

#[tokio::test]
async fn what_was_not_shown_cannot_be_accepted() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let wrong = "0".repeat(64);
    for shown in [wrong.as_str(), "", "\u{fffd}"] {
        let fields = [("action", "accept"), ("shown", shown)];
        let page = world.send(&mut browser, &terms, "/terms", &fields).await;
        assert_eq!(state(&page), "terms", "{shown:?}");
        assert!(
            page.text().contains("changed the terms while you were reading"),
            "{}",
            page.text()
        );
    }
    for action in ["", "maybe", "ACCEPT"] {
        let page = world.send(&mut browser, &terms, "/terms", &[("action", action)]).await;
        assert_eq!((page.status, problem(&page).as_str()), (422, "bad-input"), "{action:?}");
    }
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "terms");
    assert_eq!(world.asked("digitize"), 0);
    assert!(world.texts("SELECT body FROM cards").await[0].contains("\"accepted_at_ms\":null"));
    assert_eq!(state(&world.accept(&mut browser, &terms).await), "active");
}

#[tokio::test]
async fn terms_that_are_not_accepted_end_the_attempt() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let page = world
        .act(&mut browser, &terms, "/terms", &[("action", "decline")])
        .await;
    assert_eq!(
        (state(&page).as_str(), problem(&page).as_str()),
        ("cancelled", "cancelled")
    );
    let sealed = "SELECT COALESCE(receipt_sealed, '') || COALESCE(eligibility_sealed, '') FROM cards";
    assert_eq!(world.texts(sealed).await, [""]);
    let late = world.act(&mut browser, &terms, "/terms", &[("action", "accept")]).await;
    assert_eq!(state(&late), "cancelled");
    assert_eq!(world.asked("digitize"), 0);
}

#[tokio::test]
async fn accepting_twice_is_accepting_once() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    for _ in 0..3 {
        let page = world
            .send(&mut browser, &terms, "/terms", &[("action", "accept")])
            .await;
        assert_eq!(state(&page), "digitizing");
    }
    world.work().await;
    world
        .act(&mut browser, &terms, "/terms", &[("action", "decline")])
        .await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "active");
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn terms_are_read_for_as_long_as_the_permission_lasts() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    world.pass(60 * 60_000 - 1).await;
    assert_eq!(state(&world.look(&mut browser, &terms).await), "terms");
    world.clock.advance(1);
    let late = world
        .send(&mut browser, &terms, "/terms", &[("action", "accept")])
        .await;
    assert_eq!((late.status, problem(&late).as_str()), (410, "too-late"));
    world.work().await;
    let page = world.look(&mut browser, &terms).await;
    assert_eq!((page.status, state(&page).as_str()), (410, "expired"));
    assert_eq!(world.asked("digitize"), 0);
}
