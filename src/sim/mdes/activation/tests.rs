//! Codes: three tries, a quarter of an hour, the same code on a second request.

use serde_json::Value;

use super::super::testing::*;
use super::*;

#[tokio::test]
async fn the_right_code_activates_and_both_sides_are_told() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    assert!(bench.wallet("requestActivationCode", by_text(&token)).await["errors"].is_null());
    let delivered = &stub.asked("deliverActivationCode")[0];
    let code = delivered["activationCode"].as_str().unwrap();
    assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(
        delivered["activationMethod"],
        json!({"type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "12X-XXX-XX32"})
    );
    assert_eq!(delivered["expirationDateTime"], "2026-01-01T00:15:00.000Z");
    assert_eq!(delivered["reasonCodes"], json!(["ADD_CARD"]));

    let answer = bench.wallet("activate", with_code(&token, code)).await;
    assert_eq!(answer["result"], "SUCCESS");
    assert_eq!(bench.mdes.tokens()[0].status, "ACTIVE");
    bench.mdes.pending_notifications_delivered().await;
    let told = stub.asked("notifyTokenUpdated");
    assert_eq!(told.len(), 1);
    assert!(told[0]["tokens"].is_null(), "nothing in clear");
    assert_eq!(
        open(&told[0]["encryptedPayload"]),
        json!({"tokens": [{
            "tokenUniqueReference": token["tokenUniqueReference"], "tokenRequestorId": TRID,
            "status": "ACTIVE", "statusTimestamp": "2026-01-01T00:00:00.001Z",
        }]})
    );
    assert_eq!(
        stub.asked("notifyServiceActivated").len(),
        2,
        "once that it waits, once that it is active"
    );
    assert_eq!(
        reason(&bench.wallet("activate", with_code(&token, code)).await),
        "INVALID_TOKEN_STATUS"
    );
}

#[tokio::test]
async fn the_third_wrong_code_kills_it_and_a_new_one_can_be_requested() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    bench.wallet("requestActivationCode", by_text(&token)).await;
    let code = stub.asked("deliverActivationCode")[0]["activationCode"]
        .as_str()
        .unwrap()
        .to_owned();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let mut results = Vec::new();
    for attempt in [wrong, wrong, wrong, &code] {
        results.push(bench.wallet("activate", with_code(&token, attempt)).await["result"].clone());
    }
    let exceeded = "INCORRECT_CODE_RETRIES_EXCEEDED";
    assert_eq!(results, ["INCORRECT_CODE", "INCORRECT_CODE", exceeded, exceeded]);
    assert_eq!(bench.mdes.tokens()[0].status, "INACTIVE");

    bench.wallet("requestActivationCode", by_text(&token)).await;
    let fresh = bench
        .mdes
        .activation_code(token["tokenUniqueReference"].as_str().unwrap())
        .unwrap();
    assert_eq!(
        bench.wallet("activate", with_code(&token, &fresh)).await["result"],
        "SUCCESS"
    );
}

#[tokio::test]
async fn a_resend_is_the_same_code_with_the_same_expiry() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    bench.wallet("requestActivationCode", by_text(&token)).await;
    bench.advance(14 * 60_000);
    bench.wallet("requestActivationCode", by_text(&token)).await;
    let delivered = stub.asked("deliverActivationCode");
    assert_eq!(delivered[0]["activationCode"], delivered[1]["activationCode"]);
    assert_eq!(delivered[0]["expirationDateTime"], delivered[1]["expirationDateTime"]);

    bench.advance(60_000);
    let code = delivered[0]["activationCode"].as_str().unwrap();
    assert_eq!(
        bench.wallet("activate", with_code(&token, code)).await["result"],
        "EXPIRED_CODE"
    );
    bench.wallet("requestActivationCode", by_text(&token)).await;
    assert_eq!(
        stub.asked("deliverActivationCode")[2]["expirationDateTime"],
        "2026-01-01T00:30:00.000Z"
    );
}

#[tokio::test]
async fn a_code_works_until_its_last_millisecond() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    bench.wallet("requestActivationCode", by_text(&token)).await;
    bench.advance(15 * 60_000 - 1);
    let code = bench
        .mdes
        .activation_code(token["tokenUniqueReference"].as_str().unwrap())
        .unwrap();
    assert_eq!(
        bench.wallet("activate", with_code(&token, &code)).await["result"],
        "SUCCESS"
    );
}

#[tokio::test]
async fn what_cannot_deliver_a_code_is_refused() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    let with_id = |id: Value| {
        let mut request = about(&token);
        request["authenticationMethod"] = json!({"id": id});
        request
    };
    for id in [json!(12345), json!(12346), json!(1), json!("x"), json!(true)] {
        let answer = bench.wallet("requestActivationCode", with_id(id)).await;
        assert_eq!(reason(&answer), "INVALID_AUTHENTICATION_METHOD");
    }
    assert!(
        bench.wallet("requestActivationCode", with_id(json!("12344"))).await["errors"].is_null(),
        "as text too"
    );
    assert_eq!(
        reason(&bench.wallet("requestActivationCode", about(&token)).await),
        "MISSING_REQUIRED_FIELD"
    );

    stub.answer("deliverActivationCode", 500, json!({}));
    let answer = bench.wallet("requestActivationCode", by_text(&token)).await;
    assert_eq!(reason(&answer), "NO_RESPONSE_FROM_ISSUER");
}

#[tokio::test]
async fn activation_needs_one_proof_and_the_right_holder() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    assert_eq!(
        reason(&bench.wallet("activate", with_code(&token, "123456")).await),
        "INVALID_WORKFLOW"
    );
    bench.wallet("requestActivationCode", by_text(&token)).await;
    assert_eq!(
        reason(&bench.wallet("activate", about(&token)).await),
        "MISSING_REQUIRED_FIELD"
    );
    let mut both = with_code(&token, "123456");
    both["tokenizationAuthenticationValue"] = json!("tav");
    assert_eq!(reason(&bench.wallet("activate", both).await), "INVALID_FIELD_VALUE");
    let mut value = about(&token);
    value["tokenizationAuthenticationValue"] = json!("tav");
    assert_eq!(bench.wallet("activate", value).await["result"], "INCORRECT_TAV");

    let code = bench
        .mdes
        .activation_code(token["tokenUniqueReference"].as_str().unwrap())
        .unwrap();
    let mut stranger = with_code(&token, &code);
    stranger["paymentAppInstanceId"] = json!("another");
    assert_eq!(
        reason(&bench.wallet("activate", stranger).await),
        "INVALID_TOKEN_UNIQUE_REFERENCE"
    );
    assert_eq!(bench.mdes.tokens()[0].status, "INACTIVE");
}

fn by_text(token: &Value) -> Value {
    let mut request = about(token);
    request["authenticationMethod"] = json!({"id": 12344});
    request
}

fn with_code(token: &Value, code: &str) -> Value {
    let mut request = about(token);
    request["authenticationCode"] = json!(code);
    request
}
