//! What is an answer and no problem, and what is slow, in the words of the inspector.

use serde_json::json;
use tidemark::cli::browser::Browser;
use tidemark::sim::catalogue::Outcome;

use crate::bench::{APPROVING, Bench};

#[tokio::test]
async fn what_a_bank_decides_is_an_answer_and_no_problem() {
    let bench = Bench::open().await;
    bench.demo.stage.bank.force_every_outcome(Some(Outcome::Decline));
    let mut browser = Browser::new();
    let end = bench.add(&mut browser, APPROVING, &format!("{APPROVING}-ada-1")).await;
    assert_eq!(end.state().as_deref(), Some("declined"), "{}", end.text());
    assert_eq!(bench.verdicts(1).await, ["PP-TOK-002"]);
}

#[tokio::test]
async fn a_slow_call_is_named() {
    let bench = Bench::open().await;
    let slow = json!({"operation": "checkEligibility", "kind": "delay", "latency_ms": 3_200, "count": 1});
    bench.demo.stage.desk.order(slow).expect("a fault");
    let mut browser = Browser::new();
    bench.add(&mut browser, APPROVING, &format!("{APPROVING}-ada-1")).await;
    assert_eq!(bench.verdicts(1).await, ["PP-NET-001"]);
}
