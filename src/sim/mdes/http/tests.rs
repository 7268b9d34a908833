//! The skin: who is turned away, and what each fault does to a call and to the books.

use std::time::Duration;

use serde_json::json;

use super::super::testing::*;
use super::super::{Call, Fault, TokenView};
use super::*;

#[tokio::test]
async fn a_request_without_a_good_signature_is_a_401_in_the_gateways_shape() {
    let bench = Bench::new();
    let path = "/connect/1/0/getEligibleIssuers";
    let body = json!({"requestId": "1", "tokenRequestorId": TRID}).to_string();
    let now = bench.now_s();
    let signed = |nonce: &str, at: i64| bench.signed_with(By::Wallet, "POST", path, &body, nonce, at);

    let mut unsigned = signed("n0", now);
    unsigned.headers_mut().remove("authorization");
    let mut moved = signed("n1", now);
    moved
        .headers_mut()
        .insert("host", HeaderValue::from_static("elsewhere.test"));
    let mut swapped = signed("n2", now);
    *swapped.body_mut() = Body::from("{}");
    let foreign = bench.signed(By::Bank, "POST", path, &body);
    let cases = [
        (unsigned, "OAuth Authorization header is missing or malformed."),
        (moved, "OAuth signatures did not match."),
        (swapped, "OAuth body hash did not match."),
        (
            signed("n3", now - 301),
            "OAuth timestamp is outside the allowed window.",
        ),
        (
            signed("n4", now + 301),
            "OAuth timestamp is outside the allowed window.",
        ),
        (foreign, "OAuth consumer key is not enrolled for this service."),
    ];
    for (request, description) in cases {
        let (status, answer) = bench.json(request).await;
        assert_eq!(status, 401, "{description}");
        let error = &answer["Errors"]["Error"][0];
        assert_eq!(error["Description"], description);
        assert_eq!(
            (error["Source"].as_str(), error["ReasonCode"].as_str()),
            (Some("Gateway"), Some("AUTHENTICATION_FAILED"))
        );
        assert_eq!(
            (&error["Recoverable"], &error["Details"]),
            (&json!(false), &Value::Null)
        );
    }
    assert_eq!(bench.send(signed("n5", now - 300)).await.0, 200);
    let (status, answer) = bench.json(signed("n5", now)).await;
    assert_eq!(status, 401);
    assert_eq!(
        answer["Errors"]["Error"][0]["Description"],
        "OAuth nonce was already used."
    );
}

#[tokio::test]
async fn each_operation_belongs_to_one_kind_of_client() {
    let bench = Bench::new();
    for (path, operation) in POSTED {
        let (mine, other) = match operation.client() {
            oauth::ClientKind::TokenRequestor => (By::Wallet, By::Bank),
            oauth::ClientKind::Issuer => (By::Bank, By::Wallet),
        };
        assert_eq!(
            bench.send(bench.signed(other, "POST", path, "{}")).await.0,
            401,
            "{path}"
        );
        let (status, answer) = bench.json(bench.signed(mine, "POST", path, "{}")).await;
        assert_eq!(
            (status.as_u16(), reason(&answer)),
            (200, "MISSING_REQUIRED_FIELD"),
            "{path}"
        );
    }
    let issuers = [
        "getEligibleTokenRequestors",
        "pushMultipleAccounts",
        "activateToken",
        "suspendToken",
        "unsuspendToken",
        "deleteToken",
    ];
    let banks = POSTED
        .iter()
        .filter(|(_, operation)| operation.client() == oauth::ClientKind::Issuer);
    assert_eq!(
        banks.map(|(_, operation)| operation.name()).collect::<Vec<_>>(),
        issuers
    );
}

#[tokio::test]
async fn what_is_not_a_call_is_turned_away_before_anything_happens() {
    let bench = Bench::new();
    let push = "/connect/1/0/pushMultipleAccounts";
    let mut form = bench.signed(By::Bank, "POST", push, "a=b");
    form.headers_mut().insert(
        "content-type",
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    let mut outside = bench.signed(By::Bank, "POST", push, "{}");
    *outside.uri_mut() = "/elsewhere".parse().unwrap();
    let large = " ".repeat(BODY_MAX_BYTES + 1);
    let cases = [
        (
            bench.signed(By::Bank, "POST", "/connect/1/0/unknown", "{}"),
            404,
            "NOT_FOUND",
        ),
        (
            bench.signed(By::Bank, "POST", "/connect/1/0/pushMultipleAccounts/", "{}"),
            404,
            "NOT_FOUND",
        ),
        (
            bench.signed(By::Wallet, "GET", "/assets/1/0/asset/", ""),
            404,
            "NOT_FOUND",
        ),
        (
            bench.signed(By::Wallet, "GET", "/assets/1/0/asset/a/b", ""),
            404,
            "NOT_FOUND",
        ),
        (outside, 404, "NOT_FOUND"),
        (bench.signed(By::Bank, "GET", push, ""), 405, "METHOD_NOT_ALLOWED"),
        (
            bench.signed(By::Wallet, "POST", "/assets/1/0/asset/a", ""),
            405,
            "METHOD_NOT_ALLOWED",
        ),
        (bench.signed(By::Bank, "POST", push, &large), 413, "PAYLOAD_TOO_LARGE"),
        (form, 415, "UNSUPPORTED_MEDIA_TYPE"),
    ];
    for (request, expected, reason) in cases {
        let (status, answer) = bench.json(request).await;
        assert_eq!(status, expected);
        assert_eq!(answer["Errors"]["Error"][0]["ReasonCode"], reason);
    }
    let fitting = " ".repeat(BODY_MAX_BYTES);
    for body in ["", "nonsense", "[]", "\"text\"", "{\"requestId\":", &fitting] {
        let (status, answer) = bench.json(bench.signed(By::Bank, "POST", push, body)).await;
        assert_eq!((status.as_u16(), reason(&answer)), (200, "INVALID_JSON"));
    }
    let deep = "[".repeat(100_000);
    assert_eq!(
        reason(&bench.json(bench.signed(By::Bank, "POST", push, &deep)).await.1),
        "INVALID_JSON"
    );
}

#[tokio::test]
async fn calls_are_logged_with_their_ids_and_what_came_of_them() {
    let bench = Bench::new();
    bench.token("task-1").await;
    bench
        .wallet(
            "getToken",
            json!({"requestId": "9", "paymentAppInstanceId": "i", "tokenUniqueReference": "t"}),
        )
        .await;
    let calls = bench.mdes.calls();
    let seen: Vec<&str> = calls.iter().map(|call| call.operation.as_str()).collect();
    assert_eq!(
        seen,
        ["pushMultipleAccounts", "checkEligibility", "digitize", "getToken"]
    );
    let digitize = Call {
        operation: "digitize".to_owned(),
        request_id: Some("2".to_owned()),
        task_id: Some("task-1".to_owned()),
        language: None,
        status: 200,
        outcome: "ok".to_owned(),
        receipt: None,
        at_ms: START_MS,
    };
    assert_eq!(calls[2], digitize);
    let languages = [calls[0].language.as_deref(), calls[1].language.as_deref()];
    assert_eq!(languages, [Some("en_US"), Some("en")]);
    assert_eq!(calls[3].outcome, "INVALID_TOKEN_UNIQUE_REFERENCE");
}

#[tokio::test]
async fn faults_that_act_before_the_operation_leave_the_books_alone() {
    let bench = Bench::new();
    let (receipt, request) = bench.ready("task-1").await;
    let digitize = || bench.signed(By::Wallet, "POST", "/digitization/1/0/digitize", &request.to_string());
    bench.mdes.inject("digitize", Fault::Status(503), 2);
    bench.mdes.inject("digitize", Fault::Html, 1);
    bench.mdes.inject("digitize", Fault::Empty, 1);
    bench.mdes.inject("*", Fault::WrongJson, 1);
    bench
        .mdes
        .inject("digitize", Fault::Errors("PAN_INELIGIBLE".to_owned()), 1);
    bench.mdes.inject("digitize", Fault::Huge, 1);
    bench.mdes.inject("digitize", Fault::DropBefore, 1);
    bench.mdes.inject("activate", Fault::Hang, 1);
    for _ in 0..2 {
        assert_eq!(bench.send(digitize()).await.0, 503);
    }
    assert!(bench.send(digitize()).await.1.starts_with(b"<!doctype html>"));
    assert_eq!(bench.send(digitize()).await.1, "");
    assert_eq!(bench.send(digitize()).await.1, "{}");
    let (_, refused) = bench.json(digitize()).await;
    assert_eq!(
        (reason(&refused), refused["responseId"].as_str()),
        ("PAN_INELIGIBLE", Some("2"))
    );
    assert!(bench.send(digitize()).await.1.len() > 8 * 1024 * 1024);
    assert_eq!(bench.send(digitize()).await.1, "");
    assert_eq!(bench.mdes.effects(&receipt), 0);
    let (_, honest) = bench.json(digitize()).await;
    assert_eq!(
        honest["decision"], "APPROVED",
        "the receipt and the task id are still good"
    );

    bench.mdes.clear_faults();
    let (_, answer) = bench
        .json(bench.signed(By::Wallet, "POST", "/digitization/1/0/activate", "{}"))
        .await;
    assert_eq!(
        reason(&answer),
        "MISSING_REQUIRED_FIELD",
        "cleared faults do not strike"
    );
}

#[tokio::test]
async fn a_lost_answer_is_committed() {
    for fault in [Fault::LoseAnswer, Fault::Truncated, Fault::WrongResponseId] {
        let bench = Bench::new();
        let (receipt, request) = bench.ready("task-1").await;
        bench.mdes.inject("digitize", fault.clone(), 1);
        let signed = bench.signed(By::Wallet, "POST", "/digitization/1/0/digitize", &request.to_string());
        let (_, body) = bench.send(signed).await;
        match fault {
            Fault::LoseAnswer => assert_eq!(body, ""),
            Fault::Truncated => assert!(body.len() > 50 && serde_json::from_slice::<Value>(&body).is_err()),
            _ => assert_ne!(serde_json::from_slice::<Value>(&body).unwrap()["responseId"], "2"),
        }
        assert_eq!(bench.mdes.effects(&receipt), 1);
        assert_eq!(
            bench.wallet("getTaskStatus", task("task-1")).await["status"],
            "COMPLETED"
        );
        let [TokenView { status, .. }] = &bench.mdes.tokens()[..] else {
            panic!("one token")
        };
        assert_eq!(status, "ACTIVE");
    }
}

#[tokio::test]
async fn a_late_effect_comes_after_the_answer_was_lost() {
    let bench = Bench::new();
    let (receipt, request) = bench.ready("task-1").await;
    bench
        .mdes
        .inject("digitize", Fault::Late(Duration::from_millis(150)), 1);
    let signed = bench.signed(By::Wallet, "POST", "/digitization/1/0/digitize", &request.to_string());
    assert_eq!(bench.send(signed).await.1, "");
    assert_eq!(
        reason(&bench.wallet("getTaskStatus", task("task-1")).await),
        "INVALID_TASK_ID",
        "not begun yet"
    );
    assert_eq!(bench.mdes.effects(&receipt), 0);
    eventually(|| bench.mdes.effects(&receipt) == 1).await;
    assert_eq!(
        bench.wallet("getTaskStatus", task("task-1")).await["status"],
        "COMPLETED"
    );
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_what_has_begun() {
    let bench = Bench::new();
    let (receipt, request) = bench.ready("task-1").await;
    bench
        .mdes
        .inject("digitize", Fault::Delay(Duration::from_millis(100)), 1);
    let signed = bench.signed(By::Wallet, "POST", "/digitization/1/0/digitize", &request.to_string());
    assert!(
        tokio::time::timeout(Duration::from_millis(20), bench.send(signed))
            .await
            .is_err()
    );
    eventually(|| bench.mdes.effects(&receipt) == 1).await;
}

#[tokio::test]
async fn over_a_socket_a_dropped_connection_brings_no_answer() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let bench = Bench::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = bench.mdes.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    bench.mdes.inject("asset", Fault::DropBefore, 1);
    let signed = bench.signed(By::Wallet, "GET", "/assets/1/0/asset/a", "");
    let authorization = signed.headers()["authorization"].to_str().unwrap();
    let request =
        format!("GET /mdes/assets/1/0/asset/a HTTP/1.1\r\nHost: mdes.test\r\nAuthorization: {authorization}\r\n\r\n");
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut answer));
    let _ = reading.await.expect("the connection closes");
    assert_eq!(String::from_utf8_lossy(&answer), "");
    assert_eq!(bench.mdes.calls()[0].outcome, "fault: connection closed");
}

fn task(id: &str) -> Value {
    json!({"requestId": "1", "paymentAppInstanceId": INSTANCE, "taskId": id})
}
