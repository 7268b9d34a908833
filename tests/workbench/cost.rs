//! What recording costs those who wait for an answer.

use std::io::Write as _;
use std::sync::Arc;

use tidemark::clock::Clock;
use tidemark::sim::stage::{self, EnrolledWallet, Keys, Stage};
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::bench::{APPROVING, Bench, TRID};

/// Pushes that are timed.
const PUSHES: u32 = 20;
/// No recording is allowed to hold a call up for longer, however slow the machine.
const MILLISECONDS_MAX: f64 = 100.0;

async fn pushes(stage: &Stage) -> f64 {
    let card = format!("{APPROVING}-ada-1");
    let push = async || {
        let cards = [card.as_str()];
        let pushed = stage.bank.push(
            APPROVING,
            &cards,
            Some("a-session-of-a-test"),
            TRID,
            None,
            Default::default(),
        );
        pushed.await.expect("MDES takes the push")
    };
    push().await;
    let began = Instant::now();
    for _ in 0..PUSHES {
        push().await;
    }
    began.elapsed().as_secs_f64() * 1000.0 / f64::from(PUSHES)
}

async fn unrecorded() -> Stage {
    let listen = async || TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let keys = Keys::generate();
    let wallet = EnrolledWallet {
        url: "http://localhost:1".to_owned(),
        name: "Tidemark".to_owned(),
        token_requestor_id: TRID.to_owned(),
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
    let without = pushes(&unrecorded().await).await;
    let with = pushes(&bench.demo.stage).await;
    let told = format!(
        "a push takes {without:.1} ms unrecorded and {with:.1} ms recorded: {:.2} times",
        with / without
    );
    let _ = writeln!(std::io::stderr(), "{told}");
    assert!(with - without < MILLISECONDS_MAX, "{told}");
    let pushed = bench
        .demo
        .journal
        .messages()
        .into_iter()
        .filter(|message| message.label == "pushMultipleAccounts");
    assert_eq!(pushed.count(), PUSHES as usize + 1);
}
