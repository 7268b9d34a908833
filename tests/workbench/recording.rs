//! What the journal holds of a flow that people walk through, and that nobody notices it.

use std::sync::Arc;

use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::scenario::bank;
use tidemark::workbench::message::{Ending, Kind, Message, Participant};

use crate::bench::{APPROVING, Bench, session_of};

/// Goes to the bank, signs in as Ada, chooses her first card and agrees: the wallet's page after that.
pub async fn through_the_bank(bench: &Bench, browser: &mut Browser, attempt: &Page) -> Page {
    let link = attempt.link("data-launch", "web").expect("a way to the bank");
    let page = browser.follow(attempt, &link).await.expect("the bank");
    let consent = bank::to_consent(browser, &page).await.expect("consent");
    let back = bank::decide(browser, &consent, "add", None).await.expect("back");
    bench.until(browser, back, &["terms"]).await
}

/// The whole way, to an active card.
pub async fn whole_way(bench: &Bench, browser: &mut Browser, issuer: &str) -> Page {
    let attempt = bench.begin(browser, issuer).await;
    let terms = through_the_bank(bench, browser, &attempt).await;
    let form = terms.form("/terms").expect("a form");
    let page = browser
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("a page");
    bench.until(browser, page, &["active"]).await
}

fn line(message: &Message) -> String {
    format!(
        "{} > {}: {} {}",
        message.from.name(),
        message.to.name(),
        message.label,
        message
            .ending
            .status()
            .map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
    )
}

#[tokio::test]
async fn a_flow_is_in_the_journal_in_order_and_in_one_attempt() {
    let bench = Bench::open().await;
    let journal = &bench.demo.journal;
    assert!(
        journal
            .messages()
            .iter()
            .any(|message| message.label == "getEligibleIssuers")
    );
    assert!(journal.attempts().is_empty(), "the directory belongs to no attempt");
    let mut browser = Browser::new();
    let active = whole_way(&bench, &mut browser, APPROVING).await;
    let attempts = journal.attempts();
    let [attempt] = attempts.as_slice() else {
        panic!("{attempts:?}")
    };
    assert_eq!(
        attempt.reference,
        format!("TM-{}", session_of(&active)[..8].to_ascii_uppercase())
    );
    assert_eq!(
        (attempt.issuer.as_deref(), attempt.state.as_deref()),
        (Some(APPROVING), Some("active"))
    );
    // The bank hears of the token in the background.
    let labels = || -> Vec<String> { journal.of_attempt(1).iter().map(|message| line(message)).collect() };
    bench
        .eventually(|| labels().iter().any(|line| line.ends_with("notifyServiceActivated 200")))
        .await;
    let told = labels();
    let mut wanted = [
        "Browser > Wallet: POST /sessions 303",
        "Browser > Wallet: GET /sessions/{session} 200",
        "Wallet > Issuer site: to the issuer 303",
        "Browser > Issuer site: GET /banks/{id}/pull 303",
        "Browser > Issuer site: GET /visits/{visit}/sign-in 200",
        "Browser > Issuer site: POST /visits/{visit}/consent 303",
        "Issuer site > Wallet: back to the wallet 303",
        "Browser > Wallet: GET /callback/{session} 303",
        "Wallet > MDES: checkEligibility 200",
        "Wallet > MDES: digitize 200",
        "MDES > Issuer API: authorizeService 200",
        "MDES > Issuer API: notifyServiceActivated 200",
    ]
    .into_iter()
    .peekable();
    for line in &told {
        wanted.next_if(|wanted| wanted == line);
    }
    assert_eq!(wanted.next(), None, "{told:#?}");
    assert!(
        told.iter()
            .any(|line| line == "Issuer API > MDES: pushMultipleAccounts 200"),
        "{told:#?}"
    );
}

#[tokio::test]
async fn a_redirect_is_a_message_of_its_own_and_pages_say_where_they_stand() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    whole_way(&bench, &mut browser, APPROVING).await;
    let messages = bench.demo.journal.of_attempt(1);
    let back: Vec<&Arc<Message>> = messages
        .iter()
        .filter(|message| message.kind == Kind::Redirect)
        .collect();
    let [there, back] = back.as_slice() else {
        panic!("{back:?}")
    };
    assert_eq!((there.from, there.to), (Participant::Wallet, Participant::IssuerSite));
    assert!(
        there.request.url.ends_with("/banks/havorn-no/pull"),
        "{}",
        there.request.url
    );
    assert_eq!(there.facts.session, back.facts.session);
    assert_eq!((back.from, back.to), (Participant::IssuerSite, Participant::Wallet));
    assert!(
        back.request.url.contains("/callback/") && back.request.url.contains("⟦session-"),
        "{}",
        back.request.url
    );
    let names: Vec<&str> = back.request.query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["pushAccountData", "tokenRequestorSessionId"]);
    let callback = messages
        .iter()
        .find(|message| message.label == "GET /callback/{session}")
        .expect("a callback");
    assert_eq!(callback.facts.cookie, Some(true));
    assert_eq!(callback.facts.session, back.facts.session);
    let terms = messages.iter().filter_map(|message| message.facts.page.as_ref());
    assert!(terms.clone().any(|page| page.state.as_deref() == Some("terms")));
}

#[tokio::test]
async fn a_browser_without_the_cookie_is_told_apart_and_a_stranger_s_callback_belongs_to_no_attempt() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let callback = bench
        .pushed(APPROVING, &format!("{APPROVING}-ada-1"), &session_of(&attempt))
        .await;
    Browser::new().get(&callback).await.expect("an answer");
    let messages = bench.demo.journal.of_attempt(1);
    let callback = messages
        .iter()
        .rfind(|message| message.label == "GET /callback/{session}")
        .expect("a callback");
    assert_eq!(callback.facts.cookie, Some(false));
    let stranger = bench.at("/callback/0f0f0f0f-0000-4000-8000-00000000abcd");
    browser.get(&stranger).await.expect("an answer");
    assert_eq!(bench.demo.journal.attempts().len(), 1);
    let messages = bench.demo.journal.messages();
    let last = messages.last().expect("a message");
    assert_eq!((last.attempt, last.label.as_str()), (None, "GET /callback/{session}"));
    assert!(matches!(last.ending, Ending::Answered { status: 404, .. }), "{last:?}");
}
