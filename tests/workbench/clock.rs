//! One clock for the wallet, MDES and the banks: moved once, it has moved for all of them.

use tidemark::cli::browser::Browser;
use tidemark::sim::Turn;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ActivationKind, Outcome};

use crate::bench::{APPROVING, Bench, TRID, session_of};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

#[tokio::test]
async fn a_session_that_waits_ends_as_expired_when_its_time_is_skipped() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let page = browser.get(&attempt.url).await.expect("a page");
    assert_eq!(page.state().as_deref(), Some("offered"));
    let before = bench.demo.stage.turn(Turn::Look).expect("a clock");
    let after = bench.demo.stage.turn(Turn::Advance(16 * MINUTE)).expect("a clock");
    assert!(after.now_ms >= before.now_ms + 16 * MINUTE);
    // At once: the next look, and not one later.
    let page = browser.get(&attempt.url).await.expect("a page");
    assert_eq!(
        (page.status, page.state().as_deref()),
        (410, Some("expired")),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn a_receipt_ages_with_the_session() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let options = PushOptions {
        validity_minutes: Some(5),
        ..Default::default()
    };
    let card = format!("{APPROVING}-ada-1");
    let signed = bench
        .demo
        .stage
        .bank
        .push(APPROVING, &[&card], Some(&session), TRID, None, options)
        .await
        .expect("MDES takes the push")
        .signature
        .expect("signed");
    let _ = bench.demo.stage.turn(Turn::Advance(6 * MINUTE));
    let callback = format!("/callback/{session}?pushAccountData={signed}&tokenRequestorSessionId={session}");
    let back = browser.get(&bench.at(&callback)).await.expect("a page");
    let page = bench.until(&mut browser, back, &["failed", "terms"]).await;
    assert_eq!(page.main_attribute("data-problem").as_deref(), Some("receipt-refused"));
    assert_eq!(bench.demo.stage.mdes.tokens(), []);
}

#[tokio::test]
async fn a_question_that_is_due_tomorrow_is_asked_when_tomorrow_comes() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let card = format!("{APPROVING}-ada-1");
    bench
        .demo
        .stage
        .bank
        .force_outcome(&card, Outcome::StepUp(vec![ActivationKind::Call]));
    // The clock stands still, so that nothing is due but by being moved.
    let _ = bench.demo.stage.turn(Turn::Freeze(true));
    let page = bench.add(&mut browser, APPROVING, &card).await;
    let form = page.form("/method").expect("a form");
    let page = browser
        .submit(&page, &form, &[("method", "later")])
        .await
        .expect("a page");
    assert_eq!(page.state().as_deref(), Some("pending"), "{}", page.text());
    let asked = || {
        let calls = bench.demo.stage.mdes.calls();
        calls.iter().filter(|call| call.operation == "getToken").count()
    };
    let before = asked();
    let _ = bench.demo.stage.turn(Turn::Advance(DAY));
    bench.eventually(|| asked() > before).await;
    let time = bench.demo.stage.turn(Turn::Look).expect("a clock");
    assert!(time.frozen && time.ahead_ms > DAY - MINUTE, "{time:?}");
}

#[tokio::test]
async fn a_signature_of_the_wallet_is_in_its_window_whatever_the_clock_shows() {
    let bench = Bench::open().await;
    let _ = bench.demo.stage.turn(Turn::Advance(300 * DAY));
    let mut browser = Browser::new();
    let page = bench.add(&mut browser, APPROVING, &format!("{APPROVING}-ada-1")).await;
    assert_eq!(page.state().as_deref(), Some("active"), "{}", page.text());
}
