//! What recording costs: those who wait for an answer, and the memory of the machine.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tidemark::cli::browser::Browser;
use tidemark::clock::Clock;
use tidemark::sim::stage::{self, EnrolledWallet, Keys, Role, Stage};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::bench::{APPROVING, Bench, TRID, session_of};

/// Pushes that are timed, each way.
const PUSHES: usize = 20;
/// No recording is allowed to make a call take so many times as long. It verifies the same signature and opens the same
/// payload as MDES does: twice is near.
const TIMES_MAX: f64 = 2.5;

/// How long a push takes, in milliseconds.
async fn push(stage: &Stage) -> f64 {
    let card = format!("{APPROVING}-ada-1");
    let cards = [card.as_str()];
    let session = Some("a-session-of-a-test");
    let began = Instant::now();
    let pushed = stage
        .bank
        .push(APPROVING, &cards, session, TRID, None, Default::default());
    pushed.await.expect("MDES takes the push");
    began.elapsed().as_secs_f64() * 1000.0
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

async fn unrecorded() -> Stage {
    let listen = async || TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let keys = Keys::generate();
    let wallet = EnrolledWallet {
        url: "http://localhost:1".to_owned(),
        name: "Tidemark".to_owned(),
        token_requestor_id: TRID.to_owned(),
        role: Role::Wallet,
        consumer_key: "nobody".to_owned(),
        public_key_pem: keys.bank.signing_public_pem(),
        notification_certificate_pem: None,
    };
    let clock = Clock::system();
    stage::open(
        listen().await,
        listen().await,
        wallet,
        keys,
        Arc::new(move || clock.now().0),
    )
    .expect("a stage")
}

/// A push is the dearest of all messages: a signature is verified, a payload is opened and a JWS is looked at.
#[tokio::test]
async fn recording_does_not_hold_a_call_up() {
    let bench = Bench::open().await;
    let plain = unrecorded().await;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    // In turns, so that whatever else the machine does slows both.
    for _ in 0..PUSHES {
        without.push(push(&plain).await);
        with.push(push(&bench.demo.stage).await);
    }
    let (without, with) = (median(without), median(with));
    let times = with / without;
    let told = format!("a push takes {without:.1} ms unrecorded and {with:.1} ms recorded: {times:.2} times");
    let _ = writeln!(std::io::stderr(), "{told}");
    assert!(times < TIMES_MAX, "{told}");
    let pushed = bench
        .demo
        .journal
        .messages()
        .into_iter()
        .filter(|message| message.label == "pushMultipleAccounts");
    assert_eq!(pushed.count(), PUSHES);
}

/// A token of MDES with one letter changed near the end of a payload as long as any that is searched.
async fn altered(bench: &Bench) -> String {
    let payload = json!({"pushAccountReceipts": [], "pad": "x".repeat(1_900)});
    let url = format!("{}/_sim/sign", bench.demo.stage.bank_base);
    let request = bench.http().post(url).header("content-type", "application/json");
    let body = json!({"payload": payload, "key": "live"}).to_string();
    let answer = request
        .body(body)
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("a body");
    let answer: Value = serde_json::from_slice(&answer).expect("JSON");
    let token = answer["token"].as_str().expect("a token");
    let (header, rest) = token.split_once('.').expect("a header");
    let (payload, signature) = rest.split_once('.').expect("a payload");
    let payload = URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    let mut payload = String::from_utf8(payload).expect("text");
    payload.replace_range(1_900..1_901, "y");
    format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(payload))
}

/// What was found out about the signed data, of each message that carries it.
fn changed(bench: &Bench) -> Vec<String> {
    let messages = bench.demo.journal.messages();
    let signed = messages
        .iter()
        .filter_map(|message| message.facts.jws.as_ref()?.changed.clone());
    signed.collect()
}

#[tokio::test]
async fn a_changed_letter_is_looked_for_once_and_after_the_answer() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let session = session_of(&bench.begin(&mut browser, APPROVING).await);
    let token = altered(&bench).await;
    let url = bench.at(&format!(
        "/callback/{session}?pushAccountData={token}&tokenRequestorSessionId={session}"
    ));
    let began = Instant::now();
    browser.follows = false;
    browser.get(&url).await.expect("a refusal");
    let answered = began.elapsed();
    let is_found = |words: &String| words == "one letter of the payload was changed, at position 1901";
    bench
        .eventually(|| {
            let changed = changed(&bench);
            changed.len() == 2 && changed.iter().all(is_found)
        })
        .await;
    let found = began.elapsed();
    assert!(
        answered + Duration::from_millis(20) < found,
        "answered after {answered:?}, found after {found:?}"
    );
    // The same again: what is known is said at once.
    browser.get(&url).await.expect("a refusal");
    assert!(
        changed(&bench).len() > 2 && changed(&bench).iter().all(is_found),
        "{:?}",
        changed(&bench)
    );
    bench.demo.stop().await;
}

#[tokio::test]
async fn of_a_body_no_more_is_kept_than_can_be_read() {
    let bench = Bench::open().await;
    let body = json!(vec![vec![vec!["a"; 200]; 200]; 6]).to_string();
    let url = format!("{}/digitization/1/0/checkEligibility", bench.demo.stage.mdes_base);
    let client = bench.http();
    for body in [body, json!({"description": vec!["some words"; 60_000]}).to_string()] {
        let request = client.post(&url).header("content-type", "application/json");
        request.body(body).send().await.expect("an answer");
        let messages = bench.demo.journal.messages();
        let kept = serde_json::to_string(&messages.last().expect("a message").request.body).expect("JSON");
        assert!((1_000..100_000).contains(&kept.len()), "{}", kept.len());
        assert!(kept.contains("cut when recorded, of "), "{}", &kept[kept.len() - 100..]);
    }
    bench.demo.stop().await;
}
