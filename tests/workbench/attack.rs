//! The corpus of attacks against the whole demo, over HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tidemark::cli::attack::{Options, attack};

use crate::bench::Bench;

#[tokio::test]
async fn nothing_of_the_whole_corpus_is_accepted() {
    let bench = Bench::open().await;
    let demo = &bench.demo;
    let report = attack(&Options::against(demo), |_| Ok(()))
        .await
        .expect("a run that is worth something");
    let bad = report.played.iter().map(|played| played.line());
    let bad: Vec<String> = bad.filter(|line| !line.contains(" refused ")).collect();
    assert!(
        report.is_clean() && bad.is_empty(),
        "{}\n{}",
        bad.join("\n"),
        report.summary()
    );
    assert!(report.played.len() > 750, "{}", report.played.len());
    bench.demo.stop().await;
}

#[tokio::test]
async fn a_run_in_which_nobody_gets_in_is_worth_nothing() {
    let bench = Bench::open().await;
    let demo = &bench.demo;
    // MDES signs with a key that the wallet does not know: the wallet refuses everybody.
    demo.stage.mdes.sign_with_wrong_key(true);
    let only = Options {
        only: Some("A031".to_owned()),
        ..Options::against(demo)
    };
    let refused = attack(&only, |_| Ok(())).await.expect_err("no run");
    assert!(
        refused.contains("worth nothing") && refused.contains("honest"),
        "{refused}"
    );
    let nobody = Options {
        only: Some("A999".to_owned()),
        ..Options::against(demo)
    };
    assert!(attack(&nobody, |_| Ok(())).await.is_err(), "no vector is called that");
    bench.demo.stop().await;
}

#[tokio::test]
async fn books_that_are_emptied_meanwhile_hide_nothing() {
    let bench = Bench::open().await;
    let emptying = Arc::new(AtomicBool::new(false));
    let (switch, mdes) = (Arc::clone(&emptying), bench.demo.stage.mdes.clone());
    let somebody = tokio::spawn(async move {
        loop {
            if switch.load(Ordering::SeqCst) {
                mdes.forget();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let options = Options {
        only: Some("jose-flip-signature*".to_owned()),
        settle_ms: 100,
        ..Options::against(&bench.demo)
    };
    let report = attack(&options, |played| {
        // While the second is played somebody resets the simulators.
        emptying.store(played.id == "jose-flip-signature", Ordering::SeqCst);
        Ok(())
    })
    .await
    .expect("a run");
    somebody.abort();
    for played in &report.played {
        let is_unplayed = played.line().contains(" UNPLAYED ");
        assert_eq!(
            is_unplayed,
            played.id == "jose-flip-signature-first",
            "{}",
            played.line()
        );
        let why = "somebody emptied the books of MDES meanwhile";
        assert_eq!(played.line().ends_with(why), is_unplayed, "{}", played.line());
    }
    assert!(!report.is_clean(), "what could not be played is no refusal");
    bench.demo.stop().await;
}
