//! The corpus of attacks against the whole demo, over HTTP.

use tempfile::TempDir;
use tidemark::cli::attack::{Options, attack};
use tidemark::cli::demo::{self, Demo};

/// A demo of its own.
pub async fn demo(folder: &TempDir) -> Demo {
    let options = demo::Options::on_free_ports(folder.path().to_owned());
    Demo::start(&options, None).await.expect("the demo starts")
}

fn options(demo: &Demo) -> Options {
    let places = demo.places();
    let file = |name: &str| Some(places["wallet"][name].as_str().expect("a path").into());
    let address = |text: &str| text.parse().expect("an address");
    Options {
        target: address(&demo.wallet_url),
        sim: address(&demo.stage.mdes_base),
        only: None,
        json: false,
        corpus: None,
        strict: false,
        start: None,
        settle_ms: 0,
        mdes: None,
        token_requestor_id: places["token_requestor_id"].as_str().expect("an id").to_owned(),
        consumer_key_file: file("consumer_key_file"),
        signing_key_file: file("signing_key_file"),
    }
}

#[tokio::test]
async fn nothing_of_the_whole_corpus_is_accepted() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo(&folder).await;
    let report = attack(&options(&demo), |_| {})
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
    assert!(report.played.len() > 500, "{}", report.played.len());
    demo.stop().await;
}

#[tokio::test]
async fn a_run_in_which_nobody_gets_in_is_worth_nothing() {
    let folder = TempDir::new().expect("a folder");
    let demo = demo(&folder).await;
    // MDES signs with a key that the wallet does not know: the wallet refuses everybody.
    demo.stage.mdes.sign_with_wrong_key(true);
    let only = Options {
        only: Some("A031".to_owned()),
        ..options(&demo)
    };
    let refused = attack(&only, |_| {}).await.expect_err("no run");
    assert!(
        refused.contains("worth nothing") && refused.contains("honest"),
        "{refused}"
    );
    let nobody = Options {
        only: Some("A999".to_owned()),
        ..options(&demo)
    };
    assert!(attack(&nobody, |_| {}).await.is_err(), "no vector is called that");
    demo.stop().await;
}
