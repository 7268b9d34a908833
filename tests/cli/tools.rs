//! The commands that answer a question and end: `check`, `keygen`, `verify`, `--help`.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Deployment, run, run_with, tidemark};

#[test]
fn check_says_what_serve_would() {
    let deployment = Deployment::new();
    let check = |config: &str, more: &[&str]| {
        let mut command = tidemark(deployment.folder.path());
        run(command.args(["check", "--config", config]).args(more))
    };
    let right = check("tidemark.toml", &[]);
    assert_eq!(right.code, Some(0), "{}", right.err);
    assert!(right.out.contains("The configuration is right."), "{}", right.out);
    assert!(right.out.contains("2048 bits"), "{}", right.out);
    assert!(
        right.out.contains("mdes.paths.eligible_issuers"),
        "assumptions are listed: {}",
        right.out
    );

    let right: Value = serde_json::from_str(&check("tidemark.toml", &["--json"]).out).expect("one JSON object");
    assert_eq!(right["ok"], true);
    assert_eq!(right["problems"].as_array().map(Vec::len), Some(0));
    assert_eq!(right["receipt_keys"][0]["bits"], 2048);
    assert!(right["assumed"].as_array().is_some_and(|assumed| assumed.len() > 10));

    let path = deployment.folder.path().join("wrong.toml");
    let text = fs::read_to_string(deployment.folder.path().join("tidemark.toml")).expect("a file");
    fs::write(
        &path,
        text.replace("token_requestor_id = \"50123456789\"", "token_requestor_id = \"5\""),
    )
    .expect("a file");
    let wrong = check("wrong.toml", &[]);
    assert_eq!(wrong.code, Some(78));
    assert!(
        wrong.err.contains("wrong.toml:6") && wrong.err.contains("mdes.token_requestor_id"),
        "{}",
        wrong.err
    );
    assert!(!wrong.out.contains("right"), "{}", wrong.out);
    let wrong = check("wrong.toml", &["--json"]);
    assert_eq!(wrong.code, Some(78));
    let told: Value = serde_json::from_str(&wrong.out).expect("one JSON object");
    assert_eq!(told["ok"], false);
    assert!(
        told["problems"][0]
            .as_str()
            .is_some_and(|text| text.contains("mdes.token_requestor_id"))
    );
}

#[test]
fn keygen_never_touches_what_exists() {
    let folder = TempDir::new().expect("a folder");
    let keygen = || run(tidemark(folder.path()).args(["keygen", "secrets"]));
    let made = keygen();
    assert_eq!(made.code, Some(0), "{}", made.err);
    let secrets = folder.path().join("secrets");
    let all = || -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = fs::read_dir(&secrets)
            .expect("a folder")
            .map(|entry| entry.expect("an entry"))
            .filter(|entry| entry.path().is_file())
            .map(|entry| {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = entry.metadata().expect("a file").permissions().mode() & 0o777;
                assert_eq!(mode, 0o600, "{:?}", entry.path());
                (
                    entry.file_name().to_string_lossy().into_owned(),
                    fs::read(entry.path()).expect("a file"),
                )
            })
            .collect();
        files.sort();
        files
    };
    let before = all();
    assert!(before.len() >= 4);
    for (name, bytes) in &before {
        assert!(made.out.contains(name.as_str()), "{name} is told: {}", made.out);
        let secret = String::from_utf8_lossy(bytes);
        let line = secret
            .lines()
            .find(|line| !line.starts_with("-----"))
            .unwrap_or_default();
        assert!(!made.out.contains(line), "{name} is not printed");
    }
    let again = keygen();
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("exists"), "{}", again.err);
    assert_eq!(all(), before);
}

#[test]
fn verify_judges_every_line() {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/vectors.json")).expect("JSON");
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("key.json"), vectors["jws"]["jwk"].to_string()).expect("a file");
    fs::write(folder.path().join("nonsense.json"), "{}").expect("a file");
    let verify = |key: &str, tokens: &[&str]| {
        let mut command = tidemark(folder.path());
        run_with(command.args(["verify", "--keys", key]), &tokens.join("\n"))
    };
    let cases = vectors["jws"]["cases"].as_array().expect("cases");
    let token = |case: &'static str| {
        let is_wanted = |found: &&Value| found["expect"] == case;
        cases
            .iter()
            .find(is_wanted)
            .and_then(|case| case["jws"].as_str())
            .expect("a token")
    };
    let all: Vec<&str> = cases
        .iter()
        .map(|case| case["jws"].as_str().expect("a token"))
        .collect();
    let judged = verify("key.json", &all);
    assert_eq!(judged.code, Some(1), "one is not valid");
    let verdicts: Vec<Value> = judged
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(verdicts.len(), cases.len());
    for (case, verdict) in cases.iter().zip(&verdicts) {
        assert_eq!(
            verdict["valid"],
            case["expect"] != "reject",
            "{}: {verdict}",
            case["name"]
        );
    }
    assert_eq!(verify("key.json", &[token("valid")]).code, Some(0));
    assert_eq!(verify("key.json", &[token("reject")]).code, Some(1));
    assert_eq!(verify("key.json", &[]).code, Some(0), "nothing was wrong");
    for key in ["nowhere.json", "nonsense.json"] {
        let refused = verify(key, &[token("valid")]);
        assert_eq!(refused.code, Some(2), "{key}");
        assert!(refused.out.is_empty() && refused.err.contains(key), "{}", refused.err);
    }
}

#[test]
fn help_has_an_example_and_a_mistake_is_told() {
    let folder = TempDir::new().expect("a folder");
    for name in ["demo", "serve", "sim", "keygen", "check", "verify"] {
        let help = run(tidemark(folder.path()).args([name, "--help"]));
        assert_eq!(help.code, Some(0), "{name}");
        assert!(
            help.out.contains(&format!("Example: tidemark {name}")),
            "{name}: {}",
            help.out
        );
        let wrong = run(tidemark(folder.path()).args([name, "--no-such-option"]));
        assert_eq!(wrong.code, Some(2), "{name}");
        assert!(wrong.err.contains("--no-such-option"), "{}", wrong.err);
    }
    assert_eq!(run(tidemark(folder.path()).args(["no-such-command"])).code, Some(2));
    assert_eq!(run(&mut tidemark(folder.path())).code, Some(2));
    assert_eq!(run(tidemark(folder.path()).arg("--version")).code, Some(0));
    assert_eq!(
        fs::read_dir(folder.path()).expect("a folder").count(),
        0,
        "nothing was made"
    );
}
