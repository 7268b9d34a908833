//! Scenario files against demos of their own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use tidemark::cli::scenario::{Options, Outcome, play_all, report};

use crate::bench::Bench;

fn options(path: &Path, seed: u64) -> Options {
    Options {
        path: path.to_owned(),
        seed,
        json: false,
        target: None,
        sim: None,
        inspector: None,
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
    let outcomes = play_all(&options(&repository(), 7), |_| Ok(()))
        .await
        .expect("they can be played");
    let failed = failed(&outcomes);
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(outcomes.len() > 50, "{}", outcomes.len());
    let unchecked: Vec<&String> = outcomes.iter().flat_map(|outcome| &outcome.unchecked).collect();
    assert!(unchecked.is_empty(), "nobody was asked about {unchecked:?}");
    let styles: Vec<String> = tidemark::sim::bank::RETURNS
        .iter()
        .map(|style| format!("return-{}.toml", style.id))
        .filter(|file| !outcomes.iter().any(|outcome| outcome.file == *file))
        .collect();
    assert!(styles.is_empty(), "no scenario for {styles:?}");
}

/// A person who adds a card at a bank, and what is switched on before.
fn person(before: &str, after: &str) -> String {
    format!(
        "title = \"t\"\n\n[[step]]\nname = \"all\"\ndo = [\n{before}{{ open = \"havorn-no\" }},\n{{ follow = \"web\" }},\n\
         {{ sign_in = \"ada\" }},\n{{ cards = [\"havorn-no-ada-1\"] }},\n{{ consent = \"add\" }},\n{after}]\n"
    )
}

/// Half of the checks are refused: whether this one is, the dice say.
fn gambler() -> String {
    let fault = "{ fault = { operation = \"checkEligibility\", kind = \"errors\", probability = 0.5 } },\n";
    person(fault, "{ until = \"terms\" },\n")
}

#[tokio::test]
async fn the_same_seed_gives_the_same_report_to_the_byte() {
    let added = std::fs::read_to_string(repository().join("added.toml")).expect("a scenario");
    // What is said of it holds a port and the id of a session.
    let lost = person("", "{ until = \"terms\" },\n{ press = \"nothing\" },\n");
    let folder = folder(&[("a.toml", &added), ("b.toml", &gambler()), ("c.toml", &lost)]);
    let run = async || {
        let outcomes = play_all(&options(folder.path(), 11), |_| Ok(())).await;
        report(&outcomes.expect("played"), 11).to_string()
    };
    let (first, second) = (run().await, run().await);
    assert_eq!(first, second);
    let told = "http://localhost:<port>/sessions/<id> has no form to /nothing";
    assert!(first.contains(told), "{first}");
}

#[tokio::test]
async fn the_seed_throws_the_dice() {
    let bench = Bench::open().await;
    let folder = folder(&[("a.toml", &gambler())]);
    let run = async |seed: u64| {
        let options = beside(&bench, options(folder.path(), seed));
        let outcomes = play_all(&options, |_| Ok(())).await.expect("played");
        report(&outcomes, 0).to_string()
    };
    let mut reports = BTreeSet::new();
    for seed in 0..8 {
        let first = run(seed).await;
        assert_eq!(first, run(seed).await, "{seed}");
        reports.insert(first);
    }
    assert_eq!(
        reports.len(),
        2,
        "one where the check was refused, one where it was not: {reports:?}"
    );
    bench.demo.stop().await;
}

#[tokio::test]
async fn only_the_failure_that_is_expected_is_one() {
    let expecting = |step: &str, seen: &str, text: &str| {
        text.replacen(
            "\n\n",
            &format!("\nexpect_failure = {{ step = \"{step}\", seen = \"{seen}\" }}\n\n"),
            1,
        )
    };
    let look = |what: &str| {
        format!(
            "title = \"t\"\n\n[[step]]\nname = \"look\"\ndo = [{{ open = \"havorn-no\" }}]\n\n\
             [[step]]\nname = \"end\"\ndo = [{what}]\n"
        )
    };
    let unmet = look("{ expect = { status = 500 } }");
    let seen = "wanted status 500, got 200 offered";
    let judged = |verdict: &str| {
        let text = person("{ lie = \"tampered\" },\n", "{ expect = { status = 200 } },\n");
        expecting("all", "got 400", &text).replacen("got 400\"", &format!("got 400\", verdict = \"{verdict}\""), 1)
    };
    let files = [
        ("met.toml", expecting("end", seen, &unmet), true),
        (
            "met-not.toml",
            expecting("end", seen, &look("{ expect = { status = 200 } }")),
            false,
        ),
        ("met-elsewhere.toml", expecting("look", seen, &unmet), false),
        ("met-otherwise.toml", expecting("end", "got 404", &unmet), false),
        (
            "cannot-be-done.toml",
            expecting("end", "no form to /nothing", &look("{ press = \"nothing\" }")),
            false,
        ),
        (
            "no-such-bank.toml",
            expecting("end", "has no form", &look("{ open = \"havorn-noo\" }")),
            false,
        ),
        (
            "no-page.toml",
            expecting(
                "end",
                "no page",
                &unmet.replace("{ open = \"havorn-no\" }", "{ lie = \"none\" }"),
            ),
            false,
        ),
        ("verdict.toml", judged("PP-SIG-005"), true),
        ("verdict-wrong.toml", judged("PP-SIG-001"), false),
    ];
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, text, _)| (*name, &**text)).collect();
    let folder = folder(&texts);
    let outcomes = play_all(&options(folder.path(), 0), |_| Ok(())).await.expect("played");
    for (name, _, is_fine) in &files {
        let outcome = outcomes.iter().find(|outcome| outcome.file == *name).expect("played");
        assert_eq!(outcome.is_fine(), *is_fine, "{}", outcome.lines());
    }
    let told = failed(&outcomes).join("\n");
    for why in ["because it did not fail", "but otherwise than expected"] {
        assert!(told.contains(why), "{told}");
    }
}

#[tokio::test]
async fn a_wallet_that_does_not_answer_is_no_failure_that_was_expected() {
    let bench = Bench::open().await;
    let text = "title = \"t\"\nexpect_failure = { step = \"look\", seen = \"error\" }\n\n[[step]]\nname = \"look\"\n\
                do = [{ look = \"/\" }, { expect = { status = 500 } }]\n";
    let folder = folder(&[("a.toml", text)]);
    let nowhere = Options {
        target: Some("http://localhost:1".parse().expect("an address")),
        ..beside(&bench, options(folder.path(), 0))
    };
    let outcomes = play_all(&nowhere, |_| Ok(())).await.expect("played");
    let told = failed(&outcomes).join("\n");
    assert!(told.contains("error") && told.contains("at step \"look\""), "{told}");
    bench.demo.stop().await;
}

#[tokio::test]
async fn the_verdict_is_the_one_that_the_inspector_gives() {
    let file = |lie: &str, verdict: &str| {
        let after = format!("{{ expect = {{ verdict = \"{verdict}\" }} }},\n");
        person(&format!("{{ lie = \"{lie}\" }},\n"), &after)
    };
    let files = [
        ("right.toml", file("tampered", "PP-SIG-005"), ""),
        (
            "other.toml",
            file("tampered", "PP-SIG-001"),
            "wanted PP-SIG-001, but the inspector says PP-SIG-005",
        ),
        (
            "none.toml",
            file("tampered", "none"),
            "wanted no verdict, but the inspector says PP-SIG-005",
        ),
        ("good.toml", file("none", ""), ""),
        (
            "good-not.toml",
            file("none", "PP-SIG-005"),
            "wanted PP-SIG-005, but the inspector has nothing to say",
        ),
    ];
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, text, _)| (*name, &**text)).collect();
    let folder = folder(&texts);
    let outcomes = play_all(&options(folder.path(), 0), |_| Ok(())).await.expect("played");
    for (name, _, why) in &files {
        let outcome = outcomes.iter().find(|outcome| outcome.file == *name).expect("played");
        let seen = outcome.failure.as_ref().map_or("", |failure| &*failure.seen);
        assert_eq!(seen, *why, "{name}");
    }
    // Beside a wallet that runs already somebody has to say where the inspector is.
    let bench = Bench::open().await;
    let with = beside(&bench, options(&folder.path().join("none.toml"), 0));
    let without = Options {
        inspector: None,
        ..with.clone()
    };
    let played = play_all(&with, |_| Ok(())).await.expect("played");
    assert!(!played[0].is_fine() && played[0].unchecked.is_empty(), "{played:?}");
    let played = play_all(&without, |_| Ok(())).await.expect("played");
    assert!(played[0].is_fine(), "{played:?}");
    assert_eq!(played[0].unchecked, ["none"]);
    bench.demo.stop().await;
}

/// The options for a demo that runs already, inspector and all.
fn beside(bench: &Bench, options: Options) -> Options {
    let address = |text: &str| Some(text.parse().expect("an address"));
    Options {
        target: address(&bench.demo.wallet_url),
        sim: address(&bench.demo.stage.mdes_base),
        inspector: address(&bench.demo.workbench_url),
        ..options
    }
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
    let bench = Bench::open().await;
    let copies = TempDir::new().expect("a folder");
    let files = [
        "added.toml",
        "code-needed.toml",
        "expires.toml",
        "issuers-many.toml",
        "issuers-none.toml",
        "issuers-three.toml",
        "tampered.toml",
    ];
    for file in files {
        std::fs::copy(repository().join(file), copies.path().join(file)).expect("a copy");
    }
    let there = beside(&bench, options(copies.path(), 0));
    // What one leaves behind, a lie, a list or a clock that was moved, is no concern of the next.
    for _ in 0..2 {
        let outcomes = play_all(&there, |_| Ok(())).await.expect("played");
        let failed = failed(&outcomes);
        assert!(
            failed.is_empty() && outcomes.len() == files.len(),
            "{}",
            failed.join("\n")
        );
        assert!(
            outcomes.iter().all(|outcome| outcome.unchecked.is_empty()),
            "{outcomes:?}"
        );
    }
    assert_eq!(bench.demo.stage.mdes.listed().len(), 12, "the list is put back");
    bench.demo.stop().await;
}

#[test]
fn whoever_has_read_enough_is_told_no_more_and_nothing_panics() {
    let look = "title = \"t\"\n[[step]]\nname = \"look\"\ndo = [{ look = \"/\" }]\n";
    let folder = folder(&[("a.toml", look), ("b.toml", look)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidemark"));
    let command = command.args(["scenario", "run"]).arg(folder.path());
    let mut running = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    drop(running.stdout.take());
    let said = running.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&said.stderr);
    assert_eq!(said.status.code(), Some(2), "{err}");
    assert!(err.starts_with("the output cannot be written: "), "{err}");
    assert!(!err.contains("panicked"), "{err}");
}
