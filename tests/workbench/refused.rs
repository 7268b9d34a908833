//! What the inspector says of pushes that begin nothing.

use tidemark::cli::browser::Browser;
use tidemark::sim::bank::PushOptions;
use tidemark::workbench::message::{Ending, Kind};

use crate::bench::{APPROVING, Bench, TRID, session_of};

/// The checks that were written down since a message, and what they found.
fn checks(bench: &Bench, since: usize) -> Vec<(String, bool, String)> {
    let messages = bench.demo.journal.messages();
    let new = messages
        .into_iter()
        .skip(since)
        .filter(|message| message.kind == Kind::Check);
    new.filter_map(|message| match &message.ending {
        Ending::Checked { passed, said } => Some((message.label.clone(), *passed, said.clone())),
        Ending::Open | Ending::Lost { .. } | Ending::Answered { .. } => None,
    })
    .collect()
}

async fn push(bench: &Bench, session: Option<&str>, callback: Option<&str>) -> String {
    let card = format!("{APPROVING}-ada-1");
    let bank = &bench.demo.stage.bank;
    let cards = [card.as_str()];
    let pushed = bank.push(APPROVING, &cards, session, TRID, callback, PushOptions::default());
    pushed.await.expect("MDES takes the push").signature.expect("signed")
}

/// Whether it is the verdict on an attempt, or on what is outside any.
async fn is_said(bench: &Bench, sentence: &str) -> bool {
    let client = bench.http();
    for number in 0..=bench.demo.journal.attempts().len() {
        let page = client.get(format!("{}/attempts/{number}", bench.demo.workbench_url));
        let page = page.send().await.expect("an answer").text().await.expect("a page");
        if page.contains(sentence) {
            return true;
        }
    }
    false
}

/// The signature holds, and the push is refused: both are said, and whose turn it is.
#[tokio::test]
async fn a_genuine_push_that_is_refused_says_what_is_wrong_with_the_push() {
    let bench = Bench::open().await;
    let own = format!("{}/banks/{APPROVING}/pushed", bench.demo.stage.bank_base);
    let other = format!("{}/banks/{APPROVING}/else", bench.demo.stage.bank_base);
    let open = bench.begin(&mut Browser::new(), APPROVING).await;
    let used = push(&bench, None, Some(&own)).await;
    let link = |signed: &str| bench.at(&format!("/push?pushAccountData={signed}"));
    let mut first = Browser::new();
    let question = first.get(&link(&used)).await.expect("a page");
    let mut second = Browser::new();
    let too_late = second.get(&link(&used)).await.expect("a page");
    let accept = question.form("/accept").expect("a form");
    first.submit(&question, &accept, &[]).await.expect("a page");
    let doubled = push(&bench, None, Some(&own)).await;
    let cases = [
        (
            link(&push(&bench, Some(&session_of(&open)), Some(&own)).await),
            true,
            "it belongs to a session",
            "The push belongs to a session",
        ),
        (
            link(&push(&bench, None, Some("https://nobody.example/pushed")).await),
            true,
            "its callback is no known issuer's",
            "The push does not say whose it is",
        ),
        (
            link(&push(&bench, None, Some(&other)).await),
            true,
            "its callback is not one to lead to",
            "The callback of the push is not one to lead to",
        ),
        (link(&used), true, "it was used before", "The push was used before"),
        (
            format!("{}&pushAccountData={doubled}", link(&doubled)),
            false,
            "it cannot be read",
            "The push cannot be read",
        ),
        (
            // What is in a query may hold `:` and `/` as they are.
            bench.at(&format!("/push?pushAccountReceipts=MCC-0-1&callbackURL={own}")),
            false,
            "it is not signed",
            "The push is not signed",
        ),
    ];
    for (address, is_genuine, said, sentence) in cases {
        let since = bench.demo.journal.messages().len();
        assert!(!is_said(&bench, sentence).await, "{sentence}: before it happened");
        let refused = Browser::new().get(&address).await.expect("a page");
        assert!(refused.status >= 400, "{sentence}: {}", refused.text());
        let genuine = "the receipt is genuine; the rest is not";
        let signature = ("check receipt signature".to_owned(), true, genuine.to_owned());
        let push = ("check push".to_owned(), false, said.to_owned());
        let wanted: Vec<_> = is_genuine.then_some(signature).into_iter().chain([push]).collect();
        assert_eq!(checks(&bench, since), wanted, "{sentence}");
        assert!(is_said(&bench, sentence).await, "{sentence}");
    }
    let since = bench.demo.journal.messages().len();
    let accept = too_late.form("/accept").expect("a form");
    let refused = second.submit(&too_late, &accept, &[]).await.expect("a page");
    assert_eq!(refused.status, 410);
    let wanted = ("check push".to_owned(), false, "it was used before".to_owned());
    assert_eq!(checks(&bench, since), [wanted]);
    bench.demo.stop().await;
}
