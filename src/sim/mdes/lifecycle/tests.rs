//! Asking about tokens, deleting them, and the issuer's own activation.

use super::super::testing::*;
use super::*;

#[tokio::test]
async fn a_task_is_known_to_the_instance_that_began_it() {
    let bench = Bench::new();
    bench.token("task-1").await;
    let ask = |task: &str, instance: &str| json!({"requestId": "1", "paymentAppInstanceId": instance, "taskId": task});
    assert_eq!(
        bench.wallet("getTaskStatus", ask("task-1", INSTANCE)).await["status"],
        "COMPLETED"
    );
    for (task, instance) in [("task-2", INSTANCE), ("task-1", "another")] {
        assert_eq!(
            reason(&bench.wallet("getTaskStatus", ask(task, instance)).await),
            "INVALID_TASK_ID"
        );
    }
}

#[tokio::test]
async fn tokens_are_found_by_their_receipt_after_it_was_used() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let (receipt, request) = bench.ready("task-1").await;
    let ask = |receipt: &str| {
        let funding = json!({"pushAccountReceipt": receipt});
        json!({"requestId": "1", "paymentAppInstanceId": INSTANCE, "fundingAccountInfo": funding})
    };
    assert_eq!(bench.wallet("searchTokens", ask(&receipt)).await["tokens"], json!([]));
    let made = bench.wallet("digitize", request).await;
    bench.advance(24 * 60 * 60_000);
    let found = bench.wallet("searchTokens", ask(&receipt)).await;
    assert_eq!(found["tokens"].as_array().unwrap().len(), 1);
    for name in [
        "tokenUniqueReference",
        "panUniqueReference",
        "authenticationMethods",
        "productConfig",
        "tokenInfo",
    ] {
        assert_eq!(found["tokens"][0][name], made[name], "{name}");
    }
    assert_eq!(found["tokens"][0]["status"], "INACTIVE");
    assert_eq!(found["tokens"][0]["statusTimestamp"], "2026-01-01T00:00:00.000Z");
    assert_eq!(
        reason(&bench.wallet("searchTokens", ask("MCC-STL-0")).await),
        "INVALID_FIELD_VALUE"
    );
    let mut other = ask(&receipt);
    other["paymentAppInstanceId"] = json!("another");
    assert_eq!(bench.wallet("searchTokens", other).await["tokens"], json!([]));
}

#[tokio::test]
async fn the_issuer_activates_by_itself_and_the_wallet_hears_of_it() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    let body = json!({"requestId": "1", "tokenUniqueReference": token["tokenUniqueReference"]}).to_string();
    let request = || bench.signed(By::Bank, "POST", "/issuer/1/0/activateToken", &body);
    let (_, answer) = bench.json(request()).await;
    assert!(
        answer["responseId"].is_string() && answer["errors"].is_null(),
        "{answer}"
    );
    assert_eq!(
        bench.wallet("getToken", about(&token)).await["token"]["status"],
        "ACTIVE"
    );
    let (_, again) = bench.json(request()).await;
    assert_eq!(reason(&again), "INVALID_TOKEN_STATUS");
    assert!(
        !bench
            .mdes
            .activate_as_issuer(token["tokenUniqueReference"].as_str().unwrap())
    );
    bench.mdes.pending_notifications_delivered().await;
    assert_eq!(stub.asked("notifyTokenUpdated").len(), 1);
}

#[tokio::test]
async fn deleting_is_final_repeatable_and_all_or_nothing() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    let request = |references: Value| {
        json!({
            "requestId": "1", "paymentAppInstanceId": INSTANCE, "tokenUniqueReferences": references,
            "causedBy": "CARDHOLDER", "reasonCode": "OTHER",
        })
    };
    let reference = &token["tokenUniqueReference"];
    let answer = bench
        .wallet("delete", request(json!([reference, "DWSPMC-unknown"])))
        .await;
    assert_eq!(reason(&answer), "INVALID_TOKEN_UNIQUE_REFERENCE");
    assert_eq!(bench.mdes.tokens()[0].status, "ACTIVE");
    for _ in 0..2 {
        let answer = bench.wallet("delete", request(json!([reference]))).await;
        assert_eq!(answer["tokens"][0]["status"], "DEACTIVATED");
    }
    bench.mdes.pending_notifications_delivered().await;
    let mut told = stub.asked("notifyTokenUpdated");
    // The stub is bank and wallet; the wallet's notice is the encrypted one.
    told.retain(|body| body["encryptedPayload"].is_object());
    assert_eq!(told.len(), 1, "told once");
    let update = open(&told[0]["encryptedPayload"]);
    assert_eq!(update["tokens"][0]["status"], "DEACTIVATED");
    assert_eq!(
        bench.mdes.effects(&bench.mdes.tokens()[0].receipt),
        1,
        "the ledger forgets nothing"
    );
    assert!(!bench.mdes.activate_as_issuer(reference.as_str().unwrap()));

    let eleven: Vec<&Value> = vec![reference; 11];
    for (name, value, expected) in [
        ("tokenUniqueReferences", json!(eleven), "INVALID_FIELD_LENGTH"),
        ("tokenUniqueReferences", json!([1]), "INVALID_FIELD_FORMAT"),
        ("causedBy", json!("ISSUER"), "INVALID_FIELD_VALUE"),
        ("reasonCode", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("reason", json!("r".repeat(257)), "INVALID_FIELD_LENGTH"),
    ] {
        let mut bent = request(json!([reference]));
        bent[name] = value;
        assert_eq!(reason(&bench.wallet("delete", bent).await), expected, "{name}");
    }
}

#[tokio::test]
async fn a_notification_is_repeated_with_the_same_id_until_it_is_taken() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    stub.answer("notifyTokenUpdated", 503, json!({}));
    assert!(
        bench
            .mdes
            .activate_as_issuer(token["tokenUniqueReference"].as_str().unwrap())
    );
    eventually(|| stub.asked("notifyTokenUpdated").len() >= 2).await;
    stub.answer("notifyTokenUpdated", 200, json!({"responseId": "1"}));
    bench.mdes.pending_notifications_delivered().await;
    let told = stub.asked("notifyTokenUpdated");
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|one| one["requestId"] == told[0]["requestId"]));
}

#[tokio::test]
async fn without_a_certificate_notifications_are_plain() {
    let stub = Stub::yellow().await;
    let bench = Bench::with(|settings| settings.token_requestors[0].notify_url = Some(format!("{}/told", stub.base)));
    let token = bench.token("task-1").await;
    let mut request = json!({"requestId": "1", "paymentAppInstanceId": INSTANCE, "causedBy": "CARDHOLDER"});
    request["tokenUniqueReferences"] = json!([token["tokenUniqueReference"]]);
    request["reasonCode"] = json!("SUSPECTED_FRAUD");
    bench.wallet("delete", request).await;
    bench.mdes.pending_notifications_delivered().await;
    let told = &stub.asked("told")[0];
    assert_eq!(told["tokens"][0]["status"], "DEACTIVATED");
    assert_eq!(told["tokens"][0]["eventReasonCode"], "SUSPECTED_FRAUD");
    assert!(told["encryptedPayload"].is_null() && told["responseHost"].is_string());
}

/// What the wallet says to have one token changed.
fn wallet_change(token: &Value, by: &str) -> Value {
    json!({
        "requestId": "1", "paymentAppInstanceId": INSTANCE, "causedBy": by, "reasonCode": "OTHER",
        "tokenUniqueReferences": [token["tokenUniqueReference"]],
    })
}

/// What the issuer says to have it changed, and what MDES answers.
async fn by_issuer(bench: &Bench, call: &str, token: &Value) -> Value {
    let body = json!({"requestId": "1", "tokenUniqueReference": token["tokenUniqueReference"], "reasonCode": "OTHER"});
    let path = format!("/issuer/1/0/{call}");
    bench
        .json(bench.signed(By::Bank, "POST", &path, &body.to_string()))
        .await
        .1
}

#[tokio::test]
async fn a_token_goes_on_when_nobody_holds_it_any_more() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    let cardholder = || wallet_change(&token, "CARDHOLDER");
    for _ in 0..2 {
        let answer = bench.wallet("suspend", cardholder()).await;
        assert_eq!(answer["tokens"][0]["status"], "SUSPENDED");
        assert_eq!(answer["tokens"][0]["suspendedBy"], json!(["CARDHOLDER"]));
    }
    let paused = by_issuer(&bench, "suspendToken", &token).await;
    assert_eq!(paused["suspendedBy"], json!(["CARDHOLDER", "ISSUER"]));
    let answer = bench.wallet("unsuspend", cardholder()).await;
    assert_eq!(answer["tokens"][0]["status"], "SUSPENDED");
    assert_eq!(answer["tokens"][0]["suspendedBy"], json!(["ISSUER"]));
    let refused = bench.wallet("unsuspend", cardholder()).await;
    assert_eq!(reason(&refused), "INVALID_TOKEN_STATUS", "only the issuer holds it");
    let now = bench.wallet("getToken", about(&token)).await;
    assert_eq!(now["token"]["suspendedBy"], json!(["ISSUER"]));
    let free = by_issuer(&bench, "unsuspendToken", &token).await;
    assert_eq!(
        (&free["status"], &free["suspendedBy"]),
        (&json!("ACTIVE"), &Value::Null)
    );
    assert_eq!(
        by_issuer(&bench, "unsuspendToken", &token).await["status"],
        "ACTIVE",
        "said twice"
    );

    bench.mdes.pending_notifications_delivered().await;
    let mut told: Vec<(String, String)> = stub
        .asked("notifyTokenUpdated")
        .iter()
        .filter(|body| body["encryptedPayload"].is_object())
        .map(|body| open(&body["encryptedPayload"])["tokens"][0].clone())
        .map(|update| (update["statusTimestamp"].to_string(), update["suspendedBy"].to_string()))
        .collect();
    told.sort();
    let order: Vec<&str> = told.iter().map(|(_, by)| by.as_str()).collect();
    assert_eq!(
        order,
        [
            r#"["CARDHOLDER"]"#,
            r#"["CARDHOLDER","ISSUER"]"#,
            r#"["ISSUER"]"#,
            "null"
        ],
        "one notice for each change, and their times tell the order although the clock stood still"
    );
    let bank = stub.asked("notifyTokenUpdated");
    assert_eq!(bank.iter().filter(|body| body["encryptedPayload"].is_null()).count(), 4);
}

#[tokio::test]
async fn the_wallet_lifts_for_each_cause_what_it_paused_for_it() {
    let bench = Bench::new();
    let token = bench.token("task-1").await;
    bench.wallet("suspend", wallet_change(&token, "TOKEN_REQUESTOR")).await;
    let refused = bench.wallet("unsuspend", wallet_change(&token, "CARDHOLDER")).await;
    assert_eq!(reason(&refused), "INVALID_TOKEN_STATUS");
    let free = bench
        .wallet("unsuspend", wallet_change(&token, "TOKEN_REQUESTOR"))
        .await;
    assert_eq!(free["tokens"][0]["status"], "ACTIVE");
}

#[tokio::test]
async fn only_a_token_in_use_is_paused() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    let change = || wallet_change(&token, "CARDHOLDER");
    for call in ["suspend", "unsuspend"] {
        assert_eq!(
            reason(&bench.wallet(call, change()).await),
            "INVALID_TOKEN_STATUS",
            "{call}"
        );
    }
    assert_eq!(
        reason(&by_issuer(&bench, "suspendToken", &token).await),
        "INVALID_TOKEN_STATUS"
    );
    assert_eq!(by_issuer(&bench, "deleteToken", &token).await["status"], "DEACTIVATED");
    assert_eq!(reason(&bench.wallet("suspend", change()).await), "INVALID_TOKEN_STATUS");
    assert_eq!(bench.mdes.tokens()[0].status, "DEACTIVATED");
}

#[tokio::test]
async fn an_issuer_changes_only_tokens_of_listed_ranges() {
    let bench = Bench::new();
    let token = bench.token("task-1").await;
    let mut other = entry("other", &["US"], "999999");
    other.issuer_id = "other".to_owned();
    bench.mdes.set_directory(vec![other]);
    for call in ["suspendToken", "unsuspendToken", "deleteToken"] {
        let refused = by_issuer(&bench, call, &token).await;
        assert_eq!(reason(&refused), "INVALID_TOKEN_UNIQUE_REFERENCE", "{call}");
    }
    assert_eq!(bench.mdes.tokens()[0].status, "ACTIVE");
    let mut bent = json!({"requestId": "1", "tokenUniqueReference": token["tokenUniqueReference"]});
    bent["reasonCode"] = json!("BECAUSE");
    let path = "/issuer/1/0/suspendToken";
    let (_, answer) = bench
        .json(bench.signed(By::Bank, "POST", path, &bent.to_string()))
        .await;
    assert_eq!(reason(&answer), "INVALID_FIELD_VALUE");
    let (status, _) = bench
        .json(bench.signed(By::Wallet, "POST", path, &bent.to_string()))
        .await;
    assert_ne!(status, 200, "the wallet's credential is no issuer's");
}
