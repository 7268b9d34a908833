//! Scenario files against demos of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use tidemark::cli::scenario::{Options, Outcome, play_all, report};

fn options(path: &Path, seed: u64) -> Options {
    Options {
        path: path.to_owned(),
        seed,
        json: false,
        target: None,
        sim: None,
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

/// A folder with these scenarios, each given by its steps.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

fn failed(outcomes: &[Outcome]) -> Vec<String> {
    let bad = outcomes.iter().filter(|outcome| !outcome.is_fine());
    bad.map(Outcome::lines).collect()
}

#[tokio::test]
async fn every_scenario_ends_as_its_file_says() {
    let outcomes = play_all(&options(&repository(), 7), |_| {})
        .await
        .expect("they can be played");
    let failed = failed(&outcomes);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(outcomes.len() > 50, "{}", outcomes.len());
    let styles: Vec<String> = tidemark::sim::bank::RETURNS
        .iter()
        .map(|style| format!("return-{}.toml", style.id))
        .filter(|file| !outcomes.iter().any(|outcome| outcome.file == *file))
        .collect();
    assert!(styles.is_empty(), "no scenario for {styles:?}");
}

/// Its end names addresses, ids and times, and a fault throws dice.
const UNLUCKY: &str = r#"
title = "A session that nobody finishes, where half of the checks fail"

[[step]]
name = "start"
do = [
  { fault = { operation = "checkEligibility", kind = "status", status = 503, probability = 0.5 } },
  { open = "havorn-no" },
  { follow = "web" },
]

[[step]]
name = "bank"
do = [
  { sign_in = "ada" },
  { cards = ["havorn-no-ada-1"] },
  { lie = "bad-body-hash" },
  { consent = "add" },
]
"#;

#[tokio::test]
async fn the_same_seed_gives_the_same_report_to_the_byte() {
    let added = std::fs::read_to_string(repository().join("added.toml")).expect("a scenario");
    let folder = folder(&[("a.toml", &added), ("b.toml", UNLUCKY)]);
    let run = async || {
        let outcomes = play_all(&options(folder.path(), 11), |_| {}).await.expect("played");
        report(&outcomes, 11).to_string()
    };
    let (first, second) = (run().await, run().await);
    assert_eq!(first, second);
    assert!(
        first.contains("\"failed\":1") && first.contains("OAuth body hash"),
        "{first}"
    );
    assert!(!first.contains("127.0.0.1:") || first.contains("<port>"), "{first}");
}

#[tokio::test]
async fn an_expected_failure_that_does_not_happen_is_a_failure() {
    let look = "title = \"t\"\nexpect_failure = \"it cannot be\"\n[[step]]\nname = \"look\"\ndo = [{ look = \"/\" }]\n";
    let unmet = look.replace("{ look = \"/\" }", "{ look = \"/\" }, { expect = { status = 500 } }");
    let folder = folder(&[("happens.toml", &unmet), ("happens-not.toml", look)]);
    let outcomes = play_all(&options(folder.path(), 0), |_| {}).await.expect("played");
    let fine: Vec<(&str, bool)> = outcomes
        .iter()
        .map(|outcome| (&*outcome.file, outcome.is_fine()))
        .collect();
    assert_eq!(fine, [("happens-not.toml", false), ("happens.toml", true)]);
    let told = failed(&outcomes).join("\n");
    assert!(told.contains("because it did not fail"), "{told}");
}

#[test]
fn the_exit_code_tells_what_came_of_it() {
    let run = |text: &str| {
        let folder = folder(&[("one.toml", text)]);
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark"));
        let said = command
            .args(["scenario", "run"])
            .arg(folder.path())
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (said.status.code(), text(&said.stdout), text(&said.stderr))
    };
    let look = "title = \"t\"\n\n[[step]]\nname = \"look\"\ndo = [\n  { look = \"/\" },\n  { expect = { status = 200 } },\n]\n";
    let (code, out, err) = run(look);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(out.ends_with("0 of 1 failed\n"), "{out}");
    let (code, out, _) = run(&look.replace("200", "404"));
    assert_eq!(code, Some(1));
    assert!(
        out.contains("at step \"look\": wanted status 404, got 200 home"),
        "{out}"
    );
    let (code, out, err) = run(&look.replace("look =", "loook ="));
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(
        err.contains("one.toml:6: ") && err.contains("Did you mean look?"),
        "{err}"
    );
}

#[tokio::test]
async fn a_wallet_that_runs_already_can_be_walked_through_too() {
    let place = TempDir::new().expect("a folder");
    let demo = crate::attack::demo(&place).await;
    let copies = TempDir::new().expect("a folder");
    for file in ["added.toml", "tampered.toml", "expires.toml", "code-needed.toml"] {
        std::fs::copy(repository().join(file), copies.path().join(file)).expect("a copy");
    }
    let there = Options {
        target: Some(demo.wallet_url.parse().expect("an address")),
        sim: Some(demo.stage.mdes_base.parse().expect("an address")),
        ..options(copies.path(), 0)
    };
    // What one leaves behind, a lie or a clock that was moved, is no concern of the next.
    for _ in 0..2 {
        let outcomes = play_all(&there, |_| {}).await.expect("played");
        let failed = failed(&outcomes);
        assert!(failed.is_empty() && outcomes.len() == 4, "{}", failed.join("\n"));
    }
    demo.stop().await;
}
