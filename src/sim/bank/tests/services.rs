//! What the bank does without a browser: the push on request, and what MDES asks of it.

use super::*;
use crate::sim::bank::wire::seal;

#[tokio::test]
async fn a_push_without_pages_carries_what_the_caller_asked_for() {
    let world = World::start().await;
    world.bank.seal_with(ContentCipher::Gcm);
    let options = PushOptions {
        validity_minutes: Some(5),
        locale: Some("fr_FR".to_owned()),
        ..PushOptions::default()
    };
    let pushed = world.bank.push(
        "mirabelle-fr",
        &["mirabelle-fr-ada-1"],
        None,
        TRID,
        Some("https://b/"),
        options,
    );
    let pushed = pushed.await.unwrap();
    assert_eq!(pushed.receipts, ["MCC-STL-0"]);
    assert_eq!(pushed.signature.as_deref(), Some("aaa.bbb.ccc"));
    let (_, body) = world.seen("pushMultipleAccounts").remove(0);
    assert_eq!(body["pushAccountReceiptsValidityPeriod"], 5);
    assert_eq!(body["signatureData"]["callbackURL"], "https://b/");
    assert_eq!(
        body["pushFundingAccounts"]["encryptedPayload"]["algorithmCipherMode"],
        "GCM"
    );
    for (bank, cards) in [
        ("nobank", vec!["x"]),
        ("havorn-no", vec![]),
        ("havorn-no", vec!["podoli-cz-ada-1"]),
    ] {
        let refused = world
            .bank
            .push(bank, &cards, None, TRID, None, PushOptions::default())
            .await;
        assert!(refused.is_err());
    }
}

fn authorize(card_id: &str, correlation_id: &str) -> Value {
    let card = card_by_id(card_id).unwrap();
    let account = json!({"source": "ACCOUNT_ADDED_VIA_APPLICATION", "cardAccountData":
        {"accountNumber": card.pan, "expiryMonth": card.expiry_month, "expiryYear": card.expiry_year}});
    let sealed = seal(
        keys().0.certificate_pem(),
        ContentCipher::Cbc,
        account.to_string().as_bytes(),
    );
    json!({"requestId": "r-1", "correlationId": correlation_id, "services": ["DIGITIZATION"], "tokenType": "CLOUD",
        "tokenRequestorId": TRID, "consumerFacingEntityName": "Tidemark",
        "fundingAccountInfo": {"encryptedPayload": sealed.ok().unwrap()}})
}

#[tokio::test]
async fn mdes_asks_and_the_bank_decides_by_card() {
    let world = World::start().await;
    let decision = async |card: &str| {
        let (status, answer) = world.service("authorizeService", &authorize(card, "c-1")).await;
        assert_eq!((status, &answer["responseId"]), (StatusCode::OK, &json!("r-1")));
        (
            answer["decision"].as_str().unwrap().to_owned(),
            answer["activationMethods"].clone(),
        )
    };
    assert_eq!(decision("havorn-no-ada-1").await.0, "APPROVED");
    let (step_up, methods) = decision("havorn-no-ada-2").await;
    assert_eq!(step_up, "REQUIRE_ADDITIONAL_AUTHENTICATION");
    assert_eq!(methods[0]["type"], "TEXT_TO_CARDHOLDER_NUMBER");
    assert_eq!(methods[1]["type"], "EMAIL_TO_CARDHOLDER_ADDRESS");
    assert_eq!(decision("havorn-no-ada-3").await.0, "DECLINED");
    assert_eq!(
        decision("havorn-no-ada-4").await.1[0]["type"],
        "CARDHOLDER_TO_CALL_MANNED_NUMBER"
    );
    assert_eq!(decision("havorn-no-cleo-1").await.0, "DECLINED");
    assert_eq!(decision("labedz-pl-ada-1").await.0, "DECLINED");
    world.bank.force_outcome("havorn-no-ada-1", Outcome::Decline);
    assert_eq!(decision("havorn-no-ada-1").await.0, "DECLINED");
    let last4 = card_by_id("havorn-no-ada-3").unwrap().last4;
    world.bank.force_outcome(
        &last4,
        Outcome::StepUp(vec![ActivationKind::Website, ActivationKind::App]),
    );
    let (_, methods) = decision("havorn-no-ada-3").await;
    assert_eq!(methods[0]["value"], "http://127.0.0.1:7002/phone");
    assert_eq!(methods[1]["type"], "CARDHOLDER_TO_USE_MOBILE_APP");
    let calls = world.bank.calls();
    assert_eq!(calls.len(), 8);
    assert_eq!(calls[0].card_id.as_deref(), Some("havorn-no-ada-1"));
    let pan = card_by_id("havorn-no-ada-1").unwrap().pan;
    assert!(!format!("{calls:?}").contains(&pan));
}

#[tokio::test]
async fn a_code_arrives_on_the_phone_and_a_call_activates_the_token() {
    let world = World::start().await;
    world
        .service("authorizeService", &authorize("quillwort-us-ada-1", "c-7"))
        .await;
    let (status, _) = world
        .service(
            "deliverActivationCode",
            &json!({"requestId": "r-2", "correlationId": "c-7", "tokenUniqueReference": "DWSP-7",
                "activationCode": "482913", "expirationDateTime": "2026-01-01T00:15:00Z", "reasonCodes": ["ADD_CARD"],
                "activationMethod": {"type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "XXX-XXX-XX88"},
                "consumerFacingEntityName": "Tidemark"}),
        )
        .await;
    assert_eq!(status, StatusCode::OK);
    let message = world.bank.phone().remove(0);
    assert_eq!(
        (message.bank.as_str(), message.code.as_deref()),
        ("quillwort-us", Some("482913"))
    );
    assert_eq!(message.to, "XXX-XXX-XX88");
    assert!(message.text.contains("Valid until 00:15:00 UTC."));
    let page = world.get("/phone").await;
    assert!(page.html.contains(r#"data-code="482913""#) && page.html.contains(r#"data-token="DWSP-7""#));
    let page = world.post("/phone/activate", "token=DWSP-7").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.html.contains("confirmed that it’s you"));
    assert_eq!(world.seen("activateToken")[0].1["tokenUniqueReference"], "DWSP-7");
    assert!(world.bank.waiting().is_empty());
    let page = world.post("/phone/activate", "token=DWSP-7").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "once is enough");
}

#[tokio::test]
async fn a_token_that_needs_proof_waits_until_it_is_active() {
    let world = World::start().await;
    world
        .service("authorizeService", &authorize("havorn-no-ada-4", "c-8"))
        .await;
    let mut note = json!({"requestId": "r-3", "correlationId": "c-8", "tokenRequestorId": TRID,
        "tokenUniqueReference": "DWSP-8", "panUniqueReference": "FWSP-8",
        "decision": "REQUIRE_ADDITIONAL_AUTHENTICATION"});
    world.service("notifyServiceActivated", &note).await;
    assert_eq!(world.bank.waiting()[0].card_id, "havorn-no-ada-4");
    note["decision"] = json!("APPROVED");
    world.service("notifyServiceActivated", &note).await;
    assert!(world.bank.waiting().is_empty());
    // The other spelling: the decision stays what it was, and the second word means active.
    note["decision"] = json!("REQUIRE_ADDITIONAL_AUTHENTICATION");
    world.service("notifyServiceActivated", &note).await;
    assert_eq!(world.bank.waiting().len(), 1);
    world.service("notifyServiceActivated", &note).await;
    assert!(world.bank.waiting().is_empty());
}

#[tokio::test]
async fn issuer_services_refuse_what_they_cannot_read() {
    let world = World::start().await;
    let good = authorize("havorn-no-ada-1", "c-9");
    let change = |edit: fn(&mut Value)| {
        let mut body = good.clone();
        edit(&mut body);
        body
    };
    for (body, code) in [
        (json!([]), "INVALID_JSON"),
        (change(|body| body["requestId"] = Value::Null), "MISSING_REQUIRED_FIELD"),
        (
            change(|body| body["correlationId"] = json!("123456789012345")),
            "INVALID_FIELD_LENGTH",
        ),
        (
            change(|body| body["services"] = json!(["OTHER"])),
            "INVALID_FIELD_VALUE",
        ),
        (
            change(|body| body["fundingAccountInfo"] = json!({})),
            "MISSING_REQUIRED_FIELD",
        ),
        (
            change(|body| {
                body["fundingAccountInfo"]["encryptedPayload"]["publicKeyFingerprint"] = json!("00".repeat(32));
            }),
            "CRYPTOGRAPHY_ERROR",
        ),
    ] {
        let (status, answer) = world.service("authorizeService", &body).await;
        assert_eq!((status, &answer["errorCode"]), (StatusCode::BAD_REQUEST, &json!(code)));
        assert!(answer["responseId"].is_string() && answer["errorDescription"].is_string());
    }
    let (status, answer) = world
        .service(
            "deliverActivationCode",
            &json!({"requestId": "r", "correlationId": "new",
        "tokenUniqueReference": "T", "activationCode": "1", "activationMethod": {"value": "x"}}),
        )
        .await;
    assert_eq!(
        (status, &answer["errorCode"]),
        (StatusCode::BAD_REQUEST, &json!("INVALID_FIELD_VALUE"))
    );
    let (status, answer) = world.service("unknownService", &json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(answer["errorCode"].is_string());
    let (status, _) = world
        .service("authorizeService", &json!({"x": "y".repeat(70_000)}))
        .await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(world.bank.phone().is_empty() && world.bank.waiting().is_empty());
}
