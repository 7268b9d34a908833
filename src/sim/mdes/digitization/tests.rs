//! The life of a receipt, and the bank's three answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::testing::*;
use super::*;

#[tokio::test]
async fn an_approved_account_is_an_active_token_once() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let (receipt, request) = bench.ready("task-1").await;
    let answer = bench.wallet("digitize", request.clone()).await;
    assert_eq!(answer["decision"], "APPROVED");
    assert_eq!(answer["responseId"], "2", "in this API it repeats the request id");
    let reference = answer["tokenUniqueReference"].as_str().unwrap();
    assert!(reference.starts_with("DWSPMC") && reference.len() == 48, "{reference}");
    assert_eq!(answer["panUniqueReference"].as_str().unwrap().len(), 48);
    assert_eq!(answer["tokenInfo"]["accountPanSuffix"], "4784");
    assert_eq!(answer["tokenInfo"]["accountPanExpiry"], "1230");
    assert_eq!(answer["tokenInfo"]["tokenExpiry"], "0129");
    assert_eq!(answer["productConfig"]["issuerName"], "moon bank");
    assert!(answer["authenticationMethods"].is_null());

    let again = bench.wallet("digitize", request.clone()).await;
    assert_eq!(reason(&again), "DUPLICATE_REQUEST");
    assert_eq!(again["errorCode"], "DUPLICATE_REQUEST");
    let mut renamed = request;
    renamed["taskId"] = json!("task-2");
    assert_eq!(
        reason(&bench.wallet("digitize", renamed).await),
        "INVALID_FIELD_VALUE",
        "the receipt is used up"
    );
    assert_eq!(bench.mdes.effects(&receipt), 1);
    assert_eq!(bench.mdes.tokens()[0].status, "ACTIVE");

    bench.mdes.pending_notifications_delivered().await;
    let completed = stub.asked("notifyServiceActivated");
    assert_eq!(completed.len(), 1);
    assert_eq!(completed[0]["tokenUniqueReference"], reference);
    assert!(
        stub.asked("notifyTokenUpdated").is_empty(),
        "the answer has said it already"
    );
}

#[tokio::test]
async fn the_bank_is_asked_with_the_account_encrypted_to_it() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    bench.token("task-1").await;
    let asked = &stub.asked("authorizeService")[0];
    assert_eq!(asked["tokenRequestorId"], TRID);
    assert_eq!(asked["correlationId"].as_str().unwrap().len(), 14);
    assert_eq!(asked["walletProviderDecisioningInfo"], json!({"deviceScore": "4"}));
    assert!(!asked.to_string().contains(PAN));
    let opened = open(&asked["fundingAccountInfo"]["encryptedPayload"]);
    let card = json!({"accountNumber": PAN, "expiryMonth": "12", "expiryYear": "30"});
    assert_eq!(
        opened,
        json!({"cardAccountData": card, "source": "ACCOUNT_ADDED_VIA_APPLICATION"})
    );
}

#[tokio::test]
async fn the_same_account_twice_is_two_tokens_with_one_account_reference() {
    let bench = Bench::new();
    let (first, second) = (bench.token("task-1").await, bench.token("task-2").await);
    assert_ne!(first["tokenUniqueReference"], second["tokenUniqueReference"]);
    assert_eq!(first["panUniqueReference"], second["panUniqueReference"]);
}

#[tokio::test]
async fn a_bank_that_wants_more_leaves_the_token_inactive_and_names_its_methods() {
    let stub = Stub::yellow().await;
    let bench = Bench::beside(&stub);
    let answer = bench.token("task-1").await;
    assert_eq!(answer["decision"], "REQUIRE_ADDITIONAL_AUTHENTICATION");
    assert_eq!(bench.mdes.tokens()[0].status, "INACTIVE");
    let methods = &answer["authenticationMethods"];
    assert_eq!(
        methods[0],
        json!({"id": 12344, "type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "12X-XXX-XX32"})
    );
    assert_eq!(methods[1]["type"], "CARDHOLDER_TO_USE_ISSUER_MOBILE_APP");
    let intent: Value = serde_json::from_str(methods[1]["value"].as_str().unwrap()).unwrap();
    assert_eq!(intent["packageName"], "p");
    let extra = STANDARD.decode(intent["extraTextValue"].as_str().unwrap()).unwrap();
    let extra: Value = serde_json::from_slice(&extra).unwrap();
    assert_eq!(extra["tokenUniqueReference"], answer["tokenUniqueReference"]);
    bench.mdes.pending_notifications_delivered().await;
    let told = stub.asked("notifyServiceActivated");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["decision"], "REQUIRE_ADDITIONAL_AUTHENTICATION");
}

#[tokio::test]
async fn a_declined_account_is_no_token_and_uses_the_receipt_up_by_setting() {
    for consumes in [true, false] {
        let stub = Stub::start().await;
        stub.answer(
            "authorizeService",
            200,
            json!({"responseId": "1", "decision": "DECLINED"}),
        );
        let bench = Bench::with(|settings| {
            settings.bank_base = Some(stub.base.clone());
            settings.bank_cert_pem = Some(test_keys().encryption_cert_pem().to_vec());
            settings.declined_consumes = consumes;
        });
        let (receipt, mut request) = bench.ready("task-1").await;
        let answer = bench.wallet("digitize", request.clone()).await;
        assert_eq!(answer["decision"], "DECLINED");
        assert!(answer["tokenUniqueReference"].is_null() && answer["errors"].is_null());
        assert_eq!(bench.mdes.effects(&receipt), 0);
        request["taskId"] = json!("task-2");
        let again = bench.wallet("digitize", request).await;
        assert_eq!(reason(&again) == "INVALID_FIELD_VALUE", consumes, "{again}");
    }
}

#[tokio::test]
async fn a_bank_that_does_not_answer_sensibly_costs_nothing() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let (receipt, mut request) = bench.ready("task-0").await;
    let approved = json!({"responseId": "1", "decision": "APPROVED"});
    let broken = json!({"responseId": "1", "errorCode": "SYSTEM_ERROR", "decision": "APPROVED"});
    let answers = [
        (500, approved.clone()),
        (200, json!("hm")),
        (200, json!({"responseId": "1"})),
        (200, broken),
    ];
    for (at, (status, body)) in answers.into_iter().enumerate() {
        stub.answer("authorizeService", status, body);
        let task_id = format!("task-{at}");
        request["taskId"] = json!(task_id);
        let answer = bench.wallet("digitize", request.clone()).await;
        assert_eq!(reason(&answer), "NO_RESPONSE_FROM_ISSUER");
        assert_eq!(answer["errors"][0]["recoverable"], true);
        let asked = json!({"requestId": "1", "paymentAppInstanceId": INSTANCE, "taskId": task_id});
        assert_eq!(bench.wallet("getTaskStatus", asked).await["status"], "FAILED");
    }
    assert_eq!(bench.mdes.effects(&receipt), 0);
    stub.answer("authorizeService", 200, approved);
    request["taskId"] = json!("task-last");
    assert_eq!(bench.wallet("digitize", request).await["decision"], "APPROVED");
}

#[tokio::test]
async fn of_two_digitizations_at_once_one_makes_a_token() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let (receipt, first) = bench.ready("task-1").await;
    let mut second = first.clone();
    second["taskId"] = json!("task-2");
    let (first, second) = tokio::join!(bench.wallet("digitize", first), bench.wallet("digitize", second));
    let approved = [&first, &second]
        .into_iter()
        .filter(|answer| answer["decision"] == "APPROVED")
        .count();
    assert_eq!((approved, bench.mdes.effects(&receipt)), (1, 1));
    assert_eq!(stub.asked("authorizeService").len(), 1);
}

#[tokio::test]
async fn unknown_used_and_expired_receipts_read_alike() {
    let bench = Bench::new();
    let bad = json!([{
        "source": "INPUT", "reasonCode": "INVALID_FIELD_VALUE",
        "description": "Invalid Field Value - pushAccountReceipt", "recoverable": false,
    }]);
    let unknown = bench.eligibility("MCC-STL-00000000-0000-4000-8000-000000000000").await;
    assert_eq!(unknown["errors"], bad);

    let (used, request) = bench.ready("task-1").await;
    bench.wallet("digitize", request).await;
    assert_eq!(bench.eligibility(&used).await["errors"], bad);

    let late = bench.receipt().await;
    bench.advance(15 * 60_000 - 1);
    assert!(
        bench.eligibility(&late).await["errors"].is_null(),
        "alive to the last millisecond"
    );
    bench.advance(1);
    assert_eq!(bench.eligibility(&late).await["errors"], bad);
}

#[tokio::test]
async fn the_validity_that_the_issuer_chose_holds() {
    let bench = Bench::new();
    let mut request = push_request(&[item("a")]);
    request["pushAccountReceiptsValidityPeriod"] = json!(5);
    let answer = bench.bank("pushMultipleAccounts", request).await;
    let receipt = answer["pushAccountReceipts"][0]["pushAccountReceipt"].as_str().unwrap();
    bench.advance(5 * 60_000);
    assert_eq!(reason(&bench.eligibility(receipt).await), "INVALID_FIELD_VALUE");
}

#[tokio::test]
async fn a_receipt_is_reserved_for_one_instance_which_may_ask_again() {
    let bench = Bench::new();
    let receipt = bench.receipt().await;
    let first = bench.eligibility(&receipt).await;
    let second = bench.eligibility(&receipt).await;
    assert_ne!(
        first["eligibilityReceipt"]["value"],
        second["eligibilityReceipt"]["value"]
    );
    assert_eq!(first["eligibilityReceipt"]["validForMinutes"], 60);
    assert_eq!(first["applicableCardInfo"]["isSecurityCodeApplicable"], false);
    let mut other = eligibility_request(&receipt);
    other["paymentAppInstanceId"] = json!("another");
    assert_eq!(
        reason(&bench.wallet("checkEligibility", other).await),
        "INVALID_FIELD_VALUE"
    );
}

#[tokio::test]
async fn after_eligibility_the_hour_of_its_receipt_governs() {
    let bench = Bench::new();
    let (_, request) = bench.ready("task-1").await;
    bench.advance(60 * 60_000 - 1);
    assert_eq!(bench.wallet("digitize", request).await["decision"], "APPROVED");
    let (_, request) = bench.ready("task-2").await;
    bench.advance(60 * 60_000);
    assert_eq!(
        reason(&bench.wallet("digitize", request).await),
        "INVALID_ELIGIBILITY_RECEIPT"
    );
}

#[tokio::test]
async fn each_bent_member_is_refused_and_nothing_is_used_up() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let (receipt, request) = bench.ready("task-1").await;
    let (other, _) = bench.ready("task-2").await;
    let source = |plain: &str| fle::encrypt(test_keys().encryption_cert_pem(), plain.as_bytes()).unwrap();
    #[rustfmt::skip]
    let cases: Vec<(&str, Value, &str)> = vec![
        ("/paymentAppInstanceId", json!("another"), "INVALID_ELIGIBILITY_RECEIPT"),
        ("/paymentAppInstanceId", json!("i".repeat(49)), "INVALID_FIELD_LENGTH"),
        ("/eligibilityReceipt/value", json!("f9f027e5"), "INVALID_ELIGIBILITY_RECEIPT"),
        ("/eligibilityReceipt", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/taskId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/taskId", json!("t".repeat(65)), "INVALID_FIELD_LENGTH"),
        ("/termsAndConditionsAssetId", json!("other"), "INVALID_TERMS_AND_CONDITIONS"),
        ("/termsAndConditionsAssetId", Value::Null, "INVALID_TERMS_AND_CONDITIONS"),
        ("/termsAndConditionsAcceptedTimestamp", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/termsAndConditionsAcceptedTimestamp", json!("2026-01-01 00:00:00.000"), "INVALID_FIELD_FORMAT"),
        ("/fundingAccountInfo", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/fundingAccountInfo/pushAccountReceipt", json!(other), "INVALID_FIELD_VALUE"),
        ("/fundingAccountInfo/panUniqueReference", json!("FWSP"), "INVALID_FIELD_VALUE"),
        ("/fundingAccountInfo/encryptedPayload", source(r#"{"source":"ELSEWHERE"}"#), "INVALID_FIELD_VALUE"),
        ("/fundingAccountInfo/encryptedPayload", source(r#"{"source":"ACCOUNT_ON_FILE","cardAccountData":{}}"#), "INVALID_FIELD_VALUE"),
        ("/fundingAccountInfo/encryptedPayload", json!({"encryptedData": "00"}), "MISSING_REQUIRED_FIELD"),
        ("/decisioningData", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/decisioningData/deviceIpAddress", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/decisioningData/deviceIpAddress", json!("2001:db8::1"), "INVALID_FIELD_FORMAT"),
        ("/decisioningData/deviceIpAddress", json!("2001:db8:1:2:3:4:5:6"), "INVALID_FIELD_LENGTH"),
        ("/decisioningData/deviceScore", json!("6"), "INVALID_FIELD_VALUE"),
        ("/decisioningData/deviceScore", json!(5), "INVALID_FIELD_FORMAT"),
        ("/decisioningData/recommendation", json!("MAYBE"), "INVALID_FIELD_VALUE"),
        ("/responseHost", json!("https://wallet.example"), "INVALID_RESPONSE_HOST"),
        ("/responseHost", json!("short"), "INVALID_FIELD_LENGTH"),
        ("/surprise", json!(1), "UNRECOGNIZED_FIELD"),
    ];
    for (pointer, value, expected) in cases {
        let mut bent = request.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        bent.pointer_mut(parent).unwrap()[name] = value.clone();
        let answer = bench.wallet("digitize", bent).await;
        assert_eq!(reason(&answer), expected, "{pointer}: {value}: {answer}");
    }
    assert_eq!(
        (bench.mdes.effects(&receipt), stub.asked("authorizeService").len()),
        (0, 0)
    );
    let mut honest = request;
    honest["fundingAccountInfo"]["encryptedPayload"] = source(r#"{"source":"ACCOUNT_ON_FILE"}"#);
    assert_eq!(bench.wallet("digitize", honest).await["decision"], "APPROVED");
    let opened = open(&stub.asked("authorizeService")[0]["fundingAccountInfo"]["encryptedPayload"]);
    assert_eq!(opened["source"], "ACCOUNT_ON_FILE");
}

#[tokio::test]
async fn each_bent_member_of_an_eligibility_check_is_refused() {
    let bench = Bench::new();
    let receipt = bench.receipt().await;
    for (name, value, expected) in [
        ("tokenType", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("tokenType", json!("PAPER"), "INVALID_FIELD_VALUE"),
        ("paymentAppInstanceId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("paymentAppInstanceId", json!("i".repeat(49)), "INVALID_FIELD_LENGTH"),
        ("paymentAppId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("cardletId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("cardletId", json!("c".repeat(11)), "INVALID_FIELD_LENGTH"),
        ("consumerLanguage", json!("eng"), "INVALID_FIELD_LENGTH"),
        ("fundingAccountInfo", json!({}), "MISSING_REQUIRED_FIELD"),
        (
            "fundingAccountInfo",
            json!({"pushAccountReceipt": "r".repeat(65)}),
            "INVALID_FIELD_LENGTH",
        ),
        ("requestId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("surprise", json!(1), "UNRECOGNIZED_FIELD"),
    ] {
        let mut bent = eligibility_request(&receipt);
        bent[name] = value.clone();
        assert_eq!(
            reason(&bench.wallet("checkEligibility", bent).await),
            expected,
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn books_that_forgive_show_an_order_that_came_twice() {
    let stub = Stub::start().await;
    let bench = Bench::beside(&stub);
    let (receipt, request) = bench.ready("task-1").await;
    bench.mdes.set_single_use(false);
    for _ in 0..2 {
        assert_eq!(bench.wallet("digitize", request.clone()).await["decision"], "APPROVED");
    }
    assert_eq!(bench.mdes.effects(&receipt), 2);
}

/// Pushes one account with this code; gives the receipt and the payload that was signed.
async fn push_with_code(bench: &Bench, code: Option<&str>) -> (String, Value) {
    let mut request = push_request(&[item("acct-1")]);
    request["authenticationCode"] = json!(code);
    let answer = bench.bank("pushMultipleAccounts", request).await;
    let receipt = answer["pushAccountReceipts"][0]["pushAccountReceipt"].as_str().unwrap();
    let payload = answer["signature"].as_str().unwrap().split('.').nth(1).unwrap();
    let payload = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(payload)
        .unwrap();
    (receipt.to_owned(), serde_json::from_slice(&payload).unwrap())
}

fn eligibility_with_code(receipt: &str, code: Value) -> Value {
    let mut request = eligibility_request(receipt);
    request["fundingAccountInfo"]["authenticationCode"] = code;
    request
}

#[tokio::test]
async fn a_bound_code_must_be_repeated_and_a_wrong_one_costs_nothing() {
    let bench = Bench::new();
    bench.mdes.set_authentication_code_mode(AuthenticationCodeMode::Bind);
    let (receipt, signed) = push_with_code(&bench, Some("482107")).await;
    assert!(signed["authenticationCode"].is_null(), "bound, not signed");
    let unknown = bench.eligibility("MCC-STL-UNKNOWN").await;
    for code in [
        Value::Null,
        json!("482108"),
        json!(""),
        json!(482_107),
        json!(["482107"]),
    ] {
        let answer = bench
            .wallet("checkEligibility", eligibility_with_code(&receipt, code.clone()))
            .await;
        assert_eq!(reason(&answer), "INVALID_FIELD_VALUE", "{code}");
        assert_eq!(answer["errors"], unknown["errors"], "no oracle: {code}");
    }
    // None of them reserved the receipt: another instance may still have it.
    let mut request = eligibility_with_code(&receipt, json!("482107"));
    request["paymentAppInstanceId"] = json!("another-instance");
    let answer = bench.wallet("checkEligibility", request).await;
    assert!(answer["eligibilityReceipt"]["value"].is_string());
}

#[tokio::test]
async fn what_was_pushed_without_a_code_is_bound_to_having_none() {
    let bench = Bench::new();
    bench.mdes.set_authentication_code_mode(AuthenticationCodeMode::Bind);
    let (receipt, _) = push_with_code(&bench, None).await;
    let request = eligibility_with_code(&receipt, json!("482107"));
    assert_eq!(
        reason(&bench.wallet("checkEligibility", request).await),
        "INVALID_FIELD_VALUE"
    );
    assert!(bench.eligibility(&receipt).await["eligibilityReceipt"]["value"].is_string());
}

#[tokio::test]
async fn a_signed_code_is_for_the_wallet_to_compare_and_an_ignored_one_for_nobody() {
    let bench = Bench::new();
    let (receipt, signed) = push_with_code(&bench, Some("482107")).await;
    assert!(signed["authenticationCode"].is_null(), "ignored from the start");
    let request = eligibility_with_code(&receipt, json!("999999"));
    let answer = bench.wallet("checkEligibility", request).await;
    assert!(answer["eligibilityReceipt"]["value"].is_string());

    bench.mdes.set_authentication_code_mode(AuthenticationCodeMode::Jws);
    let (receipt, signed) = push_with_code(&bench, Some("482107")).await;
    assert_eq!(signed["authenticationCode"], "482107");
    assert_eq!(signed["tokenRequestorSessionId"], "session-1");
    assert!(bench.eligibility(&receipt).await["eligibilityReceipt"]["value"].is_string());
    let (_, signed) = push_with_code(&bench, None).await;
    assert!(signed["authenticationCode"].is_null());
}
