//! `serve`: the wallet by itself. It starts or says why not, stops when told, and forgets nothing when killed.

use std::time::Duration;

use serde_json::Value;
use tidemark::cli::browser::{Browser, Page};

use crate::demo::asks_as_issuer;
use crate::program::{Deployment, Program, Said, free_port, run, tidemark};

/// Waits until the wallet shows its issuers.
async fn picker(deployment: &Deployment) -> Page {
    let mut browser = Browser::new();
    let mut last = String::new();
    for _ in 0..300 {
        match browser.get(&deployment.at("/issuers")).await {
            Ok(page) if page.status == 200 && page.body.contains("havorn-no") => return page,
            Ok(page) => last = format!("{}: {}", page.status, page.text()),
            Err(problem) => last = problem,
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no issuers: {last}");
}

#[tokio::test]
async fn a_wallet_of_ones_own_serves_against_the_simulators_and_has_none_of_theirs() {
    let mut deployment = Deployment::new();
    let mut wallet = Program::start(&mut deployment.serve("tidemark.toml"));
    let page = picker(&deployment).await;
    assert!(page.body.contains("Havørn Bank"));
    let mut browser = Browser::new();
    for path in [
        "/phone",
        "/banks/havorn-no/pull",
        "/static/bank.css",
        "/issuerServices/1/0/authorizeService",
        "/mdes/connect/1/0/getEligibleIssuers",
        "/demo",
        "/demo/console",
        "/demo/bank/havorn-no",
        "/health",
        "/metrics",
    ] {
        let answer = browser.get(&deployment.at(path)).await.expect("an answer");
        assert_eq!(answer.status, 404, "{path}");
    }
    asks_as_issuer(&deployment.places).await;
    wallet.stop();
    deployment.simulators.stop();
}

#[tokio::test]
async fn check_sees_whether_phones_will_open_the_app() {
    let mut deployment = Deployment::new();
    let app = [
        ("TIDEMARK_APP__ANDROID_PACKAGE", "com.example.wallet".to_owned()),
        ("TIDEMARK_APP__ANDROID_FINGERPRINTS", ["AB"; 32].join(":")),
        ("TIDEMARK_APP__IOS_APP_IDS", "ABCDE12345.com.example.wallet".to_owned()),
    ];
    let folder = deployment.folder.path().to_owned();
    let check = |more: &[&str], environment: &[(&str, String)]| {
        let mut command = tidemark(&folder);
        command.args(["check", "--config", "tidemark.toml"]).args(more);
        command.envs(environment.iter().map(|(name, value)| (*name, value.as_str())));
        run(&mut command)
    };
    let told = |said: &Said| -> Vec<String> {
        let json: Value = serde_json::from_str(&said.out).expect("one JSON object");
        assert_eq!(json["ok"] == true, said.code == Some(0), "{json}");
        let faults = json["association"].as_array().expect("a list").iter();
        faults
            .map(|fault| fault.as_str().expect("a sentence").to_owned())
            .collect()
    };
    // Without asking anybody.
    let here = check(&[], &app);
    assert_eq!(here.code, Some(1), "{}", here.err);
    assert!(
        here.err.starts_with("public_url does not begin with https://"),
        "{}",
        here.err
    );
    assert!(
        here.out.contains("A server would start, but phones would not open"),
        "{}",
        here.out
    );
    let public = ("TIDEMARK_PUBLIC_URL", "https://wallet.example".to_owned());
    let fine = check(&[], &[&app[..], &[public]].concat());
    assert_eq!((fine.code, &*fine.err), (Some(0), ""));
    let mut malformed = app.clone();
    malformed[1].1.truncate(59);
    let refused = check(&["--online"], &malformed);
    assert_eq!(refused.code, Some(78));
    assert!(
        refused
            .err
            .starts_with("TIDEMARK_APP__ANDROID_FINGERPRINTS: app.android_fingerprints holds a SHA-1")
    );
    // Nobody is there yet.
    let absent = check(&["--online", "--json"], &app);
    let faults = told(&absent);
    assert_eq!((absent.code, faults.len()), (Some(1), 3), "{faults:?}");
    assert!(faults[1].starts_with(&deployment.at("/.well-known/assetlinks.json cannot be reached")));
    assert!(faults[2].starts_with(&deployment.at("/.well-known/apple-app-site-association cannot be reached")));
    // A wallet that was started before the app was configured, and one after.
    let mut wallet = Program::start(&mut deployment.serve("tidemark.toml"));
    picker(&deployment).await;
    let early = check(&["--online", "--json"], &app);
    let faults = told(&early);
    assert_eq!(faults.len(), 3, "{faults:?}");
    assert!(
        faults[1].contains("is not there (404): restart the wallet with this configuration"),
        "{faults:?}"
    );
    let none = check(&["--online"], &[]);
    assert_eq!((none.code, &*none.err), (Some(0), ""), "no app, and no file");
    wallet.stop();
    let mut wallet = Program::start(deployment.serve("tidemark.toml").envs(app.clone()));
    picker(&deployment).await;
    let faults = told(&check(&["--online", "--json"], &app));
    assert_eq!(faults.len(), 1, "the address alone: {faults:?}");
    let stray = check(&["--online"], &[]);
    assert_eq!(stray.code, Some(1));
    assert_eq!(stray.err.matches("is there, although app.").count(), 2, "{}", stray.err);
    wallet.stop();
    deployment.simulators.stop();
}

#[tokio::test]
async fn what_a_cardholder_was_told_survives_kill_9() {
    let deployment = Deployment::new();
    let mut wallet = Program::start(&mut deployment.serve("tidemark.toml"));
    picker(&deployment).await;
    let mut browser = Browser::new();
    let offer = browser.get(&deployment.at("/issuers/havorn-no")).await.expect("a page");
    let form = offer.form("/sessions").expect("a form");
    let attempt = browser
        .submit(&offer, &form, &[("issuer", "havorn-no")])
        .await
        .expect("a page");
    assert_eq!(attempt.state().as_deref(), Some("offered"));
    let link = attempt.link("data-launch", "web").expect("a way to the bank");
    let bank = browser.follow(&attempt, &link).await.expect("the bank");
    assert_eq!(bank.main_attribute("data-page").as_deref(), Some("sign-in"));
    wallet.signal("KILL");
    assert_eq!(wallet.wait().code(), None, "it did not end by itself");

    let mut wallet = Program::start(&mut deployment.serve("tidemark.toml"));
    picker(&deployment).await;
    let again = browser.get(&attempt.url).await.expect("a page");
    assert_eq!(again.status, 200);
    assert_eq!(again.state().as_deref(), Some("launched"));
    assert_eq!(Browser::new().get(&attempt.url).await.expect("a page").status, 404);
    wallet.stop();
}

#[tokio::test]
async fn why_it_does_not_start_is_said_with_an_exit_code() {
    let deployment = Deployment::new();
    let mut wallet = Program::start(&mut deployment.serve("tidemark.toml"));
    picker(&deployment).await;

    // The database is the first instance's, though the port is free.
    deployment.configure("second.toml", free_port());
    let locked = run(&mut deployment.serve("second.toml"));
    assert_eq!(locked.code, Some(74), "{}", locked.err);
    assert!(locked.err.contains("wallet.db"), "{}", locked.err);

    // The port is the first instance's, though the database is free.
    let taken = run(deployment
        .serve("tidemark.toml")
        .env("TIDEMARK_DATABASE_URL", "sqlite://other.db"));
    assert_eq!(taken.code, Some(1), "{}", taken.err);
    assert!(taken.err.contains(&deployment.port.to_string()), "{}", taken.err);
    wallet.stop();

    let wrong = "public_url = \"ftp://x\"\nlisten = 7\n\n[mdes]\ntoken_requestor_id = \"12\"\nbase_ulr = \"x\"\n";
    std::fs::write(deployment.folder.path().join("wrong.toml"), wrong).expect("a file");
    let refused = run(&mut deployment.serve("wrong.toml"));
    assert_eq!(refused.code, Some(78));
    for (key, line) in [
        ("public_url", 1),
        ("listen", 2),
        ("mdes.token_requestor_id", 5),
        ("mdes.base_ulr", 6),
    ] {
        let told = refused.err.lines().find(|told| told.contains(key));
        let told = told.unwrap_or_else(|| panic!("{key} is not named: {}", refused.err));
        assert!(
            told.contains(&format!("wrong.toml:{line}")),
            "{key} is on line {line}: {told}"
        );
    }
    let absent = run(&mut deployment.serve("nowhere.toml"));
    assert_eq!(absent.code, Some(78), "{}", absent.err);
    assert!(absent.err.contains("nowhere.toml"), "{}", absent.err);
}

#[tokio::test]
async fn health_is_told_only_where_operators_listen() {
    let deployment = Deployment::new();
    let port = free_port();
    let mut wallet = Program::start(
        deployment
            .serve("tidemark.toml")
            .env("TIDEMARK_OPERATIONS_LISTEN", format!("127.0.0.1:{port}")),
    );
    picker(&deployment).await;
    let mut browser = Browser::new();
    for path in ["/health", "/ready", "/metrics"] {
        let answer = browser
            .get(&format!("http://127.0.0.1:{port}{path}"))
            .await
            .expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let public = browser.get(&deployment.at(path)).await.expect("an answer");
        assert_eq!(public.status, 404, "{path}");
    }
    wallet.stop();
}
