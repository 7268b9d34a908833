//! The commands that answer a question and end: `check`, `keygen`, `verify`, `--help`.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
fn check_and_serve_refuse_a_look_that_cannot_be_served() {
    let deployment = Deployment::new();
    let write = |name: &str, text: &str| fs::write(deployment.folder.path().join(name), text).expect("a file");
    write("tokens.toml", "[dark]\npaper = \"#101010\"\nink = \"#666666\"\n");
    write(
        "logo.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><script/></svg>",
    );
    let weak = "tokens.toml:3: dark: ink #666666 on paper #101010 has a contrast of 3.31:1, and text needs 4.5:1";
    let code = "brand.logo_file must hold no script, no event handler, no animation and no HTML";
    for (setting, file, told) in [
        ("TIDEMARK_BRAND__TOKENS_FILE", "tokens.toml", weak),
        ("TIDEMARK_BRAND__LOGO_FILE", "logo.svg", code),
    ] {
        let mut check = tidemark(deployment.folder.path());
        check.args(["check", "--config", "tidemark.toml"]).env(setting, file);
        for refused in [
            run(&mut check),
            run(deployment.serve("tidemark.toml").env(setting, file)),
        ] {
            assert_eq!(refused.code, Some(78), "{}", refused.err);
            assert!(refused.err.contains(told), "{}", refused.err);
        }
        let told_in_json: Value = serde_json::from_str(&run(check.arg("--json")).out).expect("one JSON object");
        let problems = told_in_json["problems"].as_array().expect("a list");
        let is_told = |problem: &&Value| problem.as_str().is_some_and(|text| text.contains(told));
        assert!(problems.iter().any(|problem| is_told(&problem)), "{problems:?}");
    }
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

#[test]
fn profile_lint_says_what_is_wrong_and_what_is_a_guess() {
    let folder = TempDir::new().expect("a folder");
    let lint = |text: &str| {
        fs::write(folder.path().join("profiles.toml"), text).expect("a file");
        run(tidemark(folder.path()).args(["profile", "lint", "profiles.toml"]))
    };
    let wrong = lint("[default]\nlaunch_sesion = \"s\"\n[issuer.moon]\ncode = \"maybe\"\n");
    assert_eq!(wrong.code, Some(78));
    let lines: Vec<&str> = wrong.err.lines().collect();
    assert_eq!(lines.len(), 2, "{}", wrong.err);
    assert!(
        lines[0].starts_with("profiles.toml:2:") && lines[0].contains("launch_session"),
        "{}",
        wrong.err
    );
    assert!(lines[1].starts_with("profiles.toml:4:"), "{}", wrong.err);
    let right = lint("[issuer.moon]\ncode = \"required\"\n");
    assert_eq!(right.code, Some(0), "{}", right.err);
    assert!(
        right
            .out
            .contains("warning: issuer.moon: a code is shown, but nobody compares it"),
        "{}",
        right.out
    );
    assert!(right.out.contains("default.return_jws: "), "{}", right.out);
    let reference = run(tidemark(folder.path()).args(["profile", "reference"]));
    let known = lint(&reference.out.replace("assumed = true", "assumed = false"));
    assert_eq!(
        known.code,
        Some(0),
        "the reference is a file of profiles: {}",
        known.err
    );
    assert!(!known.out.contains("guesses"), "{}", known.out);
}

#[test]
fn profile_learn_writes_a_profile_that_lint_takes_and_tells_no_secret() {
    let folder = TempDir::new().expect("a folder");
    let session = "0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33";
    let receipt = "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE";
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let token = format!(
        "{}.{}.c2ln",
        part(r#"{"alg":"RS256","kid":"k"}"#),
        part(&format!(r#"{{"pushAccountReceipts":["{receipt}"]}}"#))
    );
    let callback = format!("https://wallet.example/callback/{session}");
    let har = format!(
        r#"{{"log":{{"entries":[
            {{"request":{{"url":"https://bank.example/p?sid={session}&requestor=50123456789&to={callback}"}}}},
            {{"request":{{"url":"{callback}?proof={token}&sid={session}"}}}}]}}}}"#
    );
    fs::write(folder.path().join("visit.har"), har).expect("a file");
    let learn = |more: &[&str]| {
        run(tidemark(folder.path())
            .args(["profile", "learn", "visit.har"])
            .args(more))
    };
    let learnt = learn(&["--issuer", "moon"]);
    assert_eq!(learnt.code, Some(0), "{}", learnt.err);
    assert!(learnt.out.contains("return_jws = [\"proof\"]"), "{}", learnt.out);
    for secret in [token.as_str(), receipt, session] {
        assert!(
            !learnt.out.contains(secret) && !learnt.err.contains(secret),
            "{}{}",
            learnt.out,
            learnt.err
        );
    }
    fs::write(folder.path().join("profiles.toml"), &learnt.out).expect("a file");
    let lint = run(tidemark(folder.path()).args(["profile", "lint", "profiles.toml"]));
    assert_eq!(lint.code, Some(0), "{}", lint.err);
    assert_eq!(learn(&["--issuer", "a b"]).code, Some(1));
    let for_all = learn(&[]);
    assert!(
        for_all.out.contains("[default]\nlaunch_session = \"sid\""),
        "{}{}",
        for_all.out,
        for_all.err
    );
    fs::write(folder.path().join("visit.har"), "{\"log\":{\"entries\":[]}}").expect("a file");
    let nothing = learn(&["--issuer", "moon"]);
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(1), ""));
    assert!(nothing.err.contains("holds no return"), "{}", nothing.err);
}
