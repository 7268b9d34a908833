//! Two token requestors at one MDES: what is one's is not the other's.

use serde_json::{Value, json};

use super::super::testing::*;

fn push_for(trid: &str) -> Value {
    let mut request = push_request(&[item("acct-1"), item("acct-2")]);
    request["tokenRequestorId"] = json!(trid);
    request
}

async fn receipt_for(bench: &Bench, trid: &str) -> String {
    let answer = bench.bank("pushMultipleAccounts", push_for(trid)).await;
    let receipt = answer["pushAccountReceipts"][0]["pushAccountReceipt"].as_str();
    receipt.expect("a receipt").to_owned()
}

fn by_receipt(receipt: &str) -> Value {
    let funding = json!({"pushAccountReceipt": receipt});
    json!({"requestId": "1", "paymentAppInstanceId": INSTANCE, "fundingAccountInfo": funding})
}

/// An answer without what differs from call to call.
fn told(answer: &Value) -> Value {
    let mut told = answer.clone();
    told["responseId"] = Value::Null;
    told
}

#[tokio::test]
async fn anothers_receipt_is_refused_as_if_there_were_none_and_stays_as_it_was() {
    let bench = Bench::new();
    let receipt = receipt_for(&bench, TRID).await;
    for (call, own, none) in [
        (
            "checkEligibility",
            eligibility_request(&receipt),
            eligibility_request("MCC-STL-0"),
        ),
        ("searchTokens", by_receipt(&receipt), by_receipt("MCC-STL-0")),
    ] {
        let refused = bench.shops(call, own).await;
        assert_eq!(reason(&refused), "INVALID_FIELD_VALUE", "{call}");
        assert_eq!(told(&refused), told(&bench.shops(call, none).await), "{call}");
    }
    let foreign = bench
        .mdes
        .calls()
        .into_iter()
        .filter(|call| call.receipt == Some("foreign"));
    assert_eq!(foreign.count(), 2);
    // It was not held by the other one in between: its own requestor uses it, under the same instance name.
    let eligibility = bench.eligibility(&receipt).await;
    assert_eq!(eligibility["errors"], Value::Null, "{eligibility}");
    // What was found eligible for one is not redeemed by the other.
    let stolen = digitize_request(&receipt, &eligibility, "task-1");
    let refused = bench.shops("digitize", stolen.clone()).await;
    assert_eq!(reason(&refused), "INVALID_ELIGIBILITY_RECEIPT");
    assert_eq!(bench.mdes.effects(&receipt), 0);
    assert_eq!(bench.wallet("digitize", stolen).await["decision"], "APPROVED");
    assert_eq!(bench.mdes.tokens()[0].token_requestor_id, TRID);
}

#[tokio::test]
async fn tasks_and_tokens_are_their_requestors_alone() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let token = bench.token("task-1").await;
    let code = json!({"authenticationMethod": {"id": token["authenticationMethods"][0]["id"]}});
    let mut with_code = about(&token);
    with_code["authenticationMethod"] = code["authenticationMethod"].clone();
    let mut with_digits = about(&token);
    with_digits["authenticationCode"] = json!("123456");
    let delete = json!({"requestId": "3", "paymentAppInstanceId": INSTANCE, "causedBy": "CARDHOLDER",
        "reasonCode": "OTHER", "tokenUniqueReferences": [token["tokenUniqueReference"]]});
    for (call, body) in [
        ("getToken", about(&token)),
        ("requestActivationCode", with_code),
        ("activate", with_digits),
        ("delete", delete),
    ] {
        let refused = bench.shops(call, body).await;
        assert_eq!(reason(&refused), "INVALID_TOKEN_UNIQUE_REFERENCE", "{call}");
    }
    let task = json!({"requestId": "1", "paymentAppInstanceId": INSTANCE, "taskId": "task-1"});
    assert_eq!(reason(&bench.shops("getTaskStatus", task).await), "INVALID_TASK_ID");
    assert_eq!(bench.mdes.tokens()[0].status, "INACTIVE");
    // What the other one calls its task is no business of this one.
    let receipt = receipt_for(&bench, OTHER_TRID).await;
    let eligibility = bench.shops("checkEligibility", eligibility_request(&receipt)).await;
    let made = bench
        .shops("digitize", digitize_request(&receipt, &eligibility, "task-1"))
        .await;
    assert!(made["tokenUniqueReference"].is_string(), "{made}");
    assert_eq!(bench.mdes.tokens()[1].token_requestor_id, OTHER_TRID);
    // The bank was asked for each by its own id, and a merchant has no wallet id.
    let asked = stub.asked("authorizeService");
    assert_eq!(asked[0]["tokenRequestorId"], TRID);
    assert_eq!(asked[0]["walletId"], "327");
    assert_eq!(asked[1]["tokenRequestorId"], OTHER_TRID);
    assert_eq!(asked[1]["walletId"], Value::Null);
    assert_eq!(asked[1]["consumerFacingEntityName"], "Test Shops");
}

#[tokio::test]
async fn an_issuer_finds_all_of_them_and_pushes_to_the_one_it_names() {
    let bench = Bench::new();
    let ranges = json!({"requestId": "1", "accountRanges": ["520473000"]});
    let answer = bench.bank("getEligibleTokenRequestors", ranges).await;
    let listed = answer["tokenRequestors"].as_array().expect("a list");
    let ids: Vec<&Value> = listed.iter().map(|one| &one["tokenRequestorId"]).collect();
    assert_eq!(ids, [TRID, OTHER_TRID]);
    assert_eq!(listed[1]["tokenRequestorType"], "MERCHANT");
    assert_eq!(listed[1]["walletId"], Value::Null);
    assert_eq!(listed[1]["supportsMultiplePushedCards"], false);
    assert_ne!(listed[0]["imageAssetId"], listed[1]["imageAssetId"]);
    for one in listed {
        let id = one["imageAssetId"].as_str().expect("an id");
        let path = format!("/issuer-assets/1/0/asset/tokenrequestor/{id}");
        let (_, logo) = bench.json(bench.signed(By::Bank, "GET", &path, "")).await;
        let kinds: Vec<&Value> = logo["mediaContents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| &part["type"])
            .collect();
        assert_eq!(kinds, ["image/svg+xml", "image/png"]);
        assert_eq!(logo["mediaContents"][1]["width"], "192");
        assert_eq!(logo["mediaContents"][1]["height"], "192");
    }
    // Every account gets its receipt, also for a requestor that takes one.
    let pushed = bench.bank("pushMultipleAccounts", push_for(OTHER_TRID)).await;
    assert_eq!(pushed["availablePushMethods"][0]["uri"], "https://shops.example/push");
    assert_eq!(pushed["pushAccountReceipts"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn who_cannot_pull_has_no_issuers_and_nobody_asks_in_anothers_name() {
    let bench = Bench::new();
    let ask = async |by, trid: &str| {
        let body = json!({"requestId": "1", "tokenRequestorId": trid}).to_string();
        let request = bench.signed(by, "POST", "/connect/1/0/getEligibleIssuers", &body);
        bench.json(request).await.1
    };
    assert_eq!(ask(By::Wallet, TRID).await["issuers"].as_array().map(Vec::len), Some(2));
    assert_eq!(ask(By::Shops, OTHER_TRID).await["issuers"], json!([]));
    for (by, other) in [(By::Shops, TRID), (By::Wallet, OTHER_TRID)] {
        assert_eq!(reason(&ask(by, other).await), "INVALID_FIELD_VALUE");
    }
}

#[tokio::test]
async fn a_notice_goes_to_the_tokens_own_requestor() {
    let (bank, shops) = (Stub::start().await, Stub::start().await);
    let bench = Bench::with(|settings| {
        settings.token_requestors[0].notify_url = Some(format!("{}/told", bank.base));
        settings.token_requestors[1].notify_url = Some(format!("{}/told", shops.base));
    });
    let receipt = receipt_for(&bench, OTHER_TRID).await;
    let eligibility = bench.shops("checkEligibility", eligibility_request(&receipt)).await;
    let made = bench
        .shops("digitize", digitize_request(&receipt, &eligibility, "task-1"))
        .await;
    let delete = json!({"requestId": "3", "paymentAppInstanceId": INSTANCE, "causedBy": "CARDHOLDER",
        "reasonCode": "OTHER", "tokenUniqueReferences": [made["tokenUniqueReference"]]});
    bench.shops("delete", delete).await;
    bench.mdes.pending_notifications_delivered().await;
    assert_eq!(bank.asked("told").len(), 0);
    let notices = shops.asked("told");
    assert_eq!(notices[0]["tokens"][0]["tokenRequestorId"], OTHER_TRID);
}

#[tokio::test]
async fn books_say_whose_everything_is() {
    let bench = Bench::new();
    let receipt = receipt_for(&bench, OTHER_TRID).await;
    let eligibility = bench.shops("checkEligibility", eligibility_request(&receipt)).await;
    bench.token("task-1").await;
    let books = serde_json::to_value(bench.mdes.books()).unwrap();
    let other = Bench::new();
    other
        .mdes
        .put_books(serde_json::from_value(books.clone()).unwrap())
        .unwrap();
    assert_eq!(serde_json::to_value(other.mdes.books()).unwrap(), books);
    let request = digitize_request(&receipt, &eligibility, "task-1");
    assert_eq!(
        reason(&other.wallet("digitize", request.clone()).await),
        "DUPLICATE_REQUEST"
    );
    assert_eq!(other.shops("digitize", request).await["decision"], "APPROVED");
    let alone = Bench::with(|settings| settings.token_requestors.truncate(1));
    let refused = alone.mdes.put_books(serde_json::from_value(books).unwrap());
    assert_eq!(
        refused,
        Err(format!("No token requestor {OTHER_TRID} is enrolled here."))
    );
    assert_eq!(alone.mdes.tokens(), []);
}
