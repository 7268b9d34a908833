//! `demo`: ready in seconds, of use to other programs, and honest when something is broken.

use std::io::Write as _;
use std::process::Command;
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tidemark::clock::{Clock, random_bytes};
use tidemark::domain::id::{RequestId, TokenRequestorId};

use tidemark::mdes::oauth1::{Unsigned, authorization_header};
use tidemark::mdes::{BODY_MAX, Client, DIRECTORY_BODY_MAX, Paths, Settings, SigningKey, Sources, Timeouts};

use crate::program::{Program, now_ms, run, tidemark};

/// What the project promises for a demo with its keys made, in milliseconds.
const READY_MS: i64 = 3_000;
/// And what is only possible when something waits that should not, on however busy a machine.
const STUCK_MS: i64 = 10_000;

#[tokio::test]
async fn the_demo_is_ready_within_seconds_and_open_to_other_clients() {
    let folder = TempDir::new().expect("a folder");
    for start in ["first", "second"] {
        let began = now_ms();
        let mut demo = Program::start(tidemark(folder.path()).args(["demo", "--json", "--port", "0"]));
        let places = demo.json();
        let took = now_ms() - began;
        say(&format!(
            "the demo was ready {took} ms after its {start} start; {READY_MS} ms are promised"
        ));
        assert!(took < STUCK_MS, "{took} ms");
        for key in ["wallet_url", "mdes_base_url", "bank_url", "phone_url"] {
            let text = places[key].as_str().unwrap_or_else(|| panic!("{key} in {places}"));
            assert!(text.starts_with("http://"), "{key}: {text}");
        }
        asks_as_wallet(&places).await;
        asks_as_issuer(&places).await;
        demo.stop();
        assert_eq!(demo.rest(), Vec::<String>::new(), "one line and no more");
    }
}

/// For everybody to see: what `eprintln!` says, the test runner keeps to itself when all is well.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn file(places: &Value, side: &str, name: &str) -> Vec<u8> {
    let path = places[side][name]
        .as_str()
        .unwrap_or_else(|| panic!("{side}.{name} in {places}"));
    std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn consumer_key(places: &Value, side: &str) -> String {
    String::from_utf8(file(places, side, "consumer_key_file"))
        .expect("text")
        .trim()
        .to_owned()
}

async fn asks_as_wallet(places: &Value) {
    let text = |key: &str| places[key].as_str().expect("a text").to_owned();
    let settings = Settings {
        base_url: text("mdes_base_url"),
        token_requestor_id: TokenRequestorId::parse(&text("token_requestor_id")).expect("an id"),
        consumer_key: SecretString::from(consumer_key(places, "wallet")),
        signing_key: SigningKey::from_pem(&file(places, "wallet", "signing_key_file")).expect("a key"),
        paths: Paths::default(),
        response_host: "wallet.example".to_owned(),
        payment_app_id: "TidemarkWallet".to_owned(),
        cardlet_id: "1.0".to_owned(),
        token_type: "CLOUD".to_owned(),
        consumer_language: "en".to_owned(),
        timeouts: Timeouts::default(),
        body_max: BODY_MAX,
        directory_body_max: DIRECTORY_BODY_MAX,
        client_identity: None,
        extra_ca_pem: None,
        source_payload: None,
    };
    let clock = Clock::system();
    let sources = Sources {
        now: Arc::new(move || clock.now()),
        random: Arc::new(random_bytes),
    };
    let client = Client::new(settings, sources).expect("a client");
    let request = RequestId::from_random(random_bytes());
    let issuers = client.eligible_issuers(&request).await.expect("MDES answers a wallet");
    assert_eq!(issuers.len(), 12);
}

/// The bank's side, with the paths that `demo` and `sim` print.
pub async fn asks_as_issuer(places: &Value) {
    let url = format!(
        "{}/connect/1/0/getEligibleTokenRequestors",
        places["mdes_base_url"].as_str().expect("an address")
    );
    let body = json!({"requestId": "1", "accountRanges": ["545500110"]}).to_string();
    let key = SigningKey::from_pem(&file(places, "issuer", "signing_key_file")).expect("a key");
    let nonce = hex::encode(random_bytes::<16>());
    let unsigned = Unsigned {
        method: "POST",
        url: &url,
        body: body.as_bytes(),
        consumer_key: &consumer_key(places, "issuer"),
        nonce: &nonce,
        timestamp_s: now_ms() / 1000,
    };
    let signed = authorization_header(&unsigned, &key).expect("a signature");
    let (status, answer) = post(&url, &signed, &body).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        answer["tokenRequestors"][0]["tokenRequestorId"], places["token_requestor_id"],
        "{answer}"
    );
    let (status, _) = post(&url, &signed.replace(&nonce, &"0".repeat(32)), &body).await;
    assert_eq!(status, 401, "a signature for something else");
}

#[expect(clippy::disallowed_methods, reason = "a client of somebody else's")]
async fn post(url: &str, authorization: &str, body: &str) -> (u16, Value) {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let answer = client
        .post(url)
        .header("Authorization", authorization)
        .header("Content-Type", "application/json")
        .body(body.to_owned())
        .send()
        .await
        .expect("an answer");
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

#[test]
fn the_walk_through_the_flow_names_the_step_that_is_broken() {
    let folder = TempDir::new().expect("a folder");
    let walk = |broken: &str| {
        let mut command = tidemark(folder.path());
        command.args(["demo", "--auto", "--port", "0", "--data-dir", &format!("demo-{broken}")]);
        run(command.env("TIDEMARK_DEMO_BREAK", broken))
    };
    let whole = walk("");
    assert_eq!(whole.code, Some(0), "{}\n{}", whole.out, whole.err);
    assert!(whole.out.lines().all(|line| line.starts_with("ok ")), "{}", whole.out);
    assert!(whole.out.contains("it is active"), "{}", whole.out);
    for (broken, step) in [
        ("jws-key", "return"),
        ("session-id", "return"),
        ("oauth-key", "directory"),
    ] {
        let said = walk(broken);
        assert_eq!(said.code, Some(1), "{broken}: {}", said.out);
        let last = said.out.lines().last().unwrap_or_default();
        assert!(
            last.starts_with(&format!("FAILED at step \"{step}\"")),
            "{broken}: {last}"
        );
    }
    assert_eq!(walk("something-else").code, Some(2));
}

#[test]
fn the_attack_with_a_link_fails_until_somebody_takes_the_code_away() {
    let folder = TempDir::new().expect("a folder");
    let attack = |more: &[&str]| {
        let mut command = tidemark(folder.path());
        command.args(["demo", "--attack", "send-my-link", "--port", "0", "--data-dir", "demo"]);
        run(command.args(more))
    };
    let safe = attack(&[]);
    assert_eq!(safe.code, Some(0), "{}\n{}", safe.out, safe.err);
    assert_eq!(
        safe.out
            .matches("=> no token at MDES, no card in Mallory's wallet")
            .count(),
        4
    );
    for defence in ["the cookie", "the code", "the bank"] {
        assert!(safe.out.contains(&format!("stopped by {defence}:")), "{}", safe.out);
    }
    // Whose own profiles say that nobody compares the code: who catches the way back has the card.
    let profiles = folder.path().join("demo/profiles.toml");
    let written = std::fs::read_to_string(&profiles).expect("the demo's profiles");
    let weak = written.replace("\"jws\"", "\"none\"");
    assert_ne!(weak, written);
    std::fs::write(&profiles, &weak).expect("profiles");
    let robbed = attack(&[]);
    assert_eq!(robbed.code, Some(1), "{}\n{}", robbed.out, robbed.err);
    assert!(
        robbed
            .out
            .contains("=> 1 token(s) at MDES, 1 card(s) in Mallory's wallet"),
        "{}",
        robbed.out
    );
    // It stays as it was written; only the banks' ports are those of the last run.
    let without_ports = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with("push_"));
        lines.map(str::to_owned).collect()
    };
    let kept = std::fs::read_to_string(&profiles).expect("still there");
    assert_eq!(without_ports(&kept), without_ports(&weak));
    assert_eq!(attack(&["--auto"]).code, Some(2), "one thing at a time");
}

/// With no network at all, not even names: a new network namespace with nothing but loopback.
#[test]
fn the_demo_runs_with_the_network_off() {
    let isolated = |command: &str| {
        let mut unshare = Command::new("unshare");
        unshare.args(["-rn", "sh", "-c", command]);
        unshare
    };
    if !isolated("ip link set lo up")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        say("skipped: this machine lets nobody make a network of their own (unshare -rn, ip)");
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let program = env!("CARGO_BIN_EXE_tidemark");
    let walk = format!("ip link set lo up && exec {program} demo --auto --port 8080 --data-dir demo");
    let said = run(isolated(&walk).current_dir(folder.path()));
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let folder = TempDir::new().expect("a folder");
    let said = run(tidemark(folder.path()).args(["demo", "--port", &port.to_string()]));
    assert_eq!(said.code, Some(1));
    // Its neighbours may be taken too, by the tests beside this one.
    let is_named = (port..=port.saturating_add(5)).any(|port| said.err.contains(&format!("127.0.0.1:{port}:")));
    assert!(is_named && said.err.contains("--port 0"), "{}", said.err);
}
