//! What is an attempt, and what belongs to it.

use tidemark::cli::browser::Browser;
use tidemark::workbench::message::{Ending, Message, Participant};

use crate::bench::{APPROVING, Bench, session_of};

#[tokio::test]
async fn who_asks_for_sessions_that_nobody_knows_pushes_no_attempt_out() {
    let bench = Bench::open().await;
    bench.begin(&mut Browser::new(), APPROVING).await;
    let journal = &bench.demo.journal;
    let (attempts, messages) = (journal.attempts(), journal.of_attempt(1));
    assert_eq!(attempts.len(), 1);
    let client = bench.http();
    for number in 0..1_001 {
        let url = bench.at(&format!("/sessions/0f0f0f0f-0000-4000-8000-{number:012}"));
        let answer = client.get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), 404);
    }
    assert_eq!(journal.attempts(), attempts);
    assert_eq!(journal.of_attempt(1), messages);
    let strays = journal.messages().len() - messages.len();
    assert!((900..=1_000).contains(&strays), "{strays}");
    bench.demo.stop().await;
}

#[tokio::test]
async fn a_session_that_begins_from_the_page_of_another_is_an_attempt_of_its_own() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let first = bench.begin(&mut browser, APPROVING).await;
    browser.hints.push(("referer", first.url.clone()));
    let second = bench.begin(&mut browser, "labedz-pl").await;
    let attempts = bench.demo.journal.attempts();
    let heads = [&first, &second].map(|page| session_of(page)[..8].to_ascii_uppercase());
    let references: Vec<&str> = attempts.iter().map(|attempt| attempt.reference.as_str()).collect();
    assert_eq!(references, [format!("TM-{}", heads[0]), format!("TM-{}", heads[1])]);
    assert_eq!(attempts[1].issuer.as_deref(), Some("labedz-pl"));
    let labels = |attempt| -> Vec<String> {
        let messages = bench.demo.journal.of_attempt(attempt);
        messages
            .iter()
            .map(|message: &std::sync::Arc<Message>| message.label.clone())
            .collect()
    };
    assert_eq!(labels(1), ["POST /sessions", "GET /sessions/{session}"]);
    assert_eq!(labels(2), labels(1));
    bench.demo.stop().await;
}

#[tokio::test]
async fn an_attempt_that_was_forgotten_is_there_again_when_it_goes_on() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = bench.begin(&mut browser, APPROVING).await;
    bench.demo.journal.clear();
    browser.get(&page.url).await.expect("its page");
    let attempts = bench.demo.journal.attempts();
    assert_eq!((attempts.len(), attempts[0].number), (1, 1));
    assert_eq!(bench.demo.journal.of_attempt(1).len(), 1);
    bench.demo.stop().await;
}

#[tokio::test]
async fn everything_in_the_journal_is_found_also_by_reference_and_by_verdict() {
    let bench = Bench::open().await;
    bench.begin(&mut Browser::new(), APPROVING).await;
    let journal = &bench.demo.journal;
    let (first, page) = (journal.attempts().remove(0), journal.of_attempt(1)[1].clone());
    for number in 2..=60 {
        let mut attempt = first.clone();
        attempt.number = number;
        attempt.reference = format!("TM-{number:08}");
        journal.know(attempt);
        let mut message = Message::clone(&page);
        message.attempt = Some(number);
        message.label = format!("GET /page-of-{number}");
        if number == 5 {
            (message.from, message.to) = (Participant::Wallet, Participant::Mdes);
            message.ending = Ending::Lost { took_ms: 3 };
        }
        journal.begin(message);
    }
    let search = async |asked: &str| {
        let url = format!("{}/search?q={asked}", bench.demo.workbench_url);
        bench
            .http()
            .get(url)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a page")
    };
    let link = |attempt: u64| format!("<a href=\"/attempts/{attempt}\">");
    let found = search("page-of-61").await;
    assert!(found.contains("Nothing found."), "{found}");
    let found = search("/page-of-2").await;
    // The second, and the twentieth and those behind it.
    assert!(
        found.contains("11 messages.") && found.contains("/attempts/2?m="),
        "{found}"
    );
    let alias = &first.session.alias;
    assert!(search(alias).await.contains("61 messages."));
    for reference in [&first.reference, &first.reference.to_lowercase(), "TM-0000-0003"] {
        let found = search(reference).await;
        let number = if reference.ends_with('3') && reference.starts_with("TM-0000") {
            3
        } else {
            1
        };
        assert!(
            found.contains("1 attempt,") && found.contains(&link(number)),
            "{reference}: {found}"
        );
    }
    let found = search("TM-000000").await;
    assert!(
        found.contains("59 attempts,") && found.contains("The newest 50 attempts are shown."),
        "{found}"
    );
    assert_eq!(found.matches("<strong class=\"ref\">").count(), 50);
    for verdict in ["PP-NET-002", "pp-net"] {
        let found = search(verdict).await;
        assert!(found.contains("1 attempt,") && found.contains(&link(5)), "{found}");
    }
    bench.demo.stop().await;
}
