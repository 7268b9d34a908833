//! What a proxy or a link on the way does to a message, and what comes of it at both ends.

use tidemark::cli::browser::Browser;
use tidemark::sim::Turn;

use crate::bench::{APPROVING, Bench, session_of};

const MINUTE: i64 = 60_000;

/// What MDES answered to the last call of this name.
fn said(bench: &Bench, operation: &str) -> String {
    let calls = bench.demo.stage.mdes.calls();
    let last = calls.iter().rfind(|call| call.operation == operation);
    last.map(|call| call.outcome.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_gateway_that_changes_a_request_breaks_its_signature_and_the_wallet_waits() {
    let bench = Bench::open().await;
    let card = format!("{APPROVING}-ada-1");
    for (lie, wanted) in [
        ("body-rewritten", "OAuth body hash did not match."),
        ("other-host", "OAuth signatures did not match."),
    ] {
        let mut browser = Browser::new();
        let attempt = bench.begin(&mut browser, APPROVING).await;
        // The bank's own push takes another road.
        bench.switch(Some(lie));
        let callback = bench.pushed(APPROVING, &card, &session_of(&attempt)).await;
        let back = browser.get(&callback).await.expect("a page");
        bench.eventually(|| said(&bench, "checkEligibility") == wanted).await;
        let page = browser.get(&back.url).await.expect("a page");
        assert_eq!(page.state().as_deref(), Some("returned"), "{}", page.text());
        bench.switch(None);
        let _ = bench.demo.stage.turn(Turn::Advance(MINUTE / 2));
        bench.until(&mut browser, page, &["terms"]).await;
    }
}

#[tokio::test]
async fn a_proxy_that_repeats_requests_is_refused_and_makes_nothing_twice() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let card = format!("{APPROVING}-ada-1");
    let callback = bench.pushed(APPROVING, &card, &session_of(&attempt)).await;
    let back = browser.get(&callback).await.expect("a page");
    let terms = bench.until(&mut browser, back, &["terms"]).await;
    bench.switch(Some("sent-twice"));
    let form = terms.form("/terms").expect("a form");
    let page = browser
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("a page");
    bench
        .eventually(|| said(&bench, "digitize") == "OAuth nonce was already used.")
        .await;
    bench.switch(None);
    for _ in 0..20 {
        let _ = bench.demo.stage.turn(Turn::Advance(MINUTE));
        let page = browser.get(&page.url).await.expect("a page");
        if page.state().as_deref() != Some("digitizing") {
            break;
        }
    }
    bench.until(&mut browser, page, &["active", "failed"]).await;
    assert_eq!(bench.demo.stage.mdes.tokens().len(), 1);
}

#[tokio::test]
async fn a_link_that_was_changed_on_the_way_is_refused_by_the_bank_or_leads_astray() {
    let bench = Bench::open().await;
    for (lie, wanted) in [
        ("link-without-session", "It does not say which session it belongs to"),
        ("link-other-wallet", "Sign in to"),
        ("link-other-callback", "Sign in to"),
    ] {
        let mut browser = Browser::new();
        let attempt = bench.begin(&mut browser, APPROVING).await;
        let link = attempt.link("data-launch", "web").expect("a way to the bank");
        bench.switch(Some(lie));
        let bank = browser.follow(&attempt, &link).await.expect("a page");
        bench.switch(None);
        assert!(bank.text().contains(wanted), "{lie}: {}", bank.text());
    }
}
