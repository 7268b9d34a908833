//! TAR and TCN: what the processor decides, and what the issuer server hears of it.

use super::*;
use crate::sim::bank::ContentCipher;
use crate::sim::bank::seal;

async fn service(world: &World, call: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/issuerServices/1/0/{call}", world.stage.processor_base);
    let request = world.processor().0.http.post(url).body(body.to_string());
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

fn tar(card: &str, correlation: &str, year: &str) -> Value {
    let card = card_by_id(card).unwrap();
    let account =
        json!({"cardAccountData": {"accountNumber": card.pan, "expiryMonth": card.expiry_month, "expiryYear": year}});
    let sealed = seal(
        keys().processor.certificate_pem(),
        ContentCipher::Cbc,
        account.to_string().as_bytes(),
    );
    json!({"requestId": "r-1", "correlationId": correlation, "services": ["DIGITIZATION"], "tokenType": "CLOUD",
        "tokenRequestorId": CLICK_TO_PAY, "consumerFacingEntityName": "Click to Pay",
        "fundingAccountInfo": {"encryptedPayload": sealed.ok().unwrap()}})
}

fn heard(world: &World, kind: &str) -> Vec<Value> {
    let calls = world.stage.bank.calls().into_iter();
    let notices = calls.filter(|call| call.name == "notifications" && call.request["type"] == kind);
    notices.map(|call| call.request).collect()
}

#[tokio::test]
async fn product_status_and_expiry_decide_and_the_issuer_server_hears_how() {
    let world = World::start().await;
    for (n, (card, year, decision, code, reason)) in [
        ("bereza-kz-ada-1", "31", "APPROVED", "00", Value::Null),
        ("bereza-kz-ada-1", "30", "DECLINED", "05", json!("EXPIRY_DIFFERS")),
        (
            "bereza-kz-ada-2",
            "31",
            "REQUIRE_ADDITIONAL_AUTHENTICATION",
            "85",
            Value::Null,
        ),
        ("bereza-kz-ada-3", "31", "DECLINED", "05", Value::Null),
        ("bereza-kz-ben-1", "31", "DECLINED", "05", json!("CARD_NOT_ACTIVE")),
        ("bereza-kz-cleo-1", "24", "DECLINED", "05", json!("CARD_EXPIRED")),
        (
            "bereza-kz-cleo-2",
            "31",
            "DECLINED",
            "05",
            json!("PRODUCT_NOT_ELIGIBLE"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let (status, answer) = service(&world, "authorizeService", &tar(card, &format!("c-{n}"), year)).await;
        assert_eq!(
            (status, &answer["decision"]),
            (200, &json!(decision)),
            "{card}: {answer}"
        );
        let notice = heard(&world, "TOKEN_AUTHORIZATION").pop().unwrap();
        assert_eq!(notice["responseCode"], code, "{card}");
        assert_eq!(notice["reason"], reason, "{card}");
        assert_eq!(notice["cardContractId"], contract(card).as_str());
        assert!(!notice.to_string().contains(&card_by_id(card).unwrap().pan));
    }
}

#[tokio::test]
async fn what_mdes_says_wrongly_is_refused_and_nothing_is_told_on() {
    let world = World::start().await;
    let good = tar("bereza-kz-ada-1", "c-1", "31");
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        body
    };
    let for_another = {
        let sealed = seal(keys().bank.certificate_pem(), ContentCipher::Cbc, b"{}")
            .ok()
            .unwrap();
        json!({"encryptedPayload": sealed})
    };
    for (body, code) in [
        (json!([]), "INVALID_JSON"),
        (with("requestId", json!("")), "INVALID_FIELD_VALUE"),
        (with("correlationId", json!("a".repeat(15))), "INVALID_FIELD_VALUE"),
        (with("services", json!([])), "INVALID_FIELD_VALUE"),
        (with("fundingAccountInfo", json!({})), "MISSING_REQUIRED_FIELD"),
        (with("fundingAccountInfo", for_another), "CRYPTOGRAPHY_ERROR"),
    ] {
        let (status, answer) = service(&world, "authorizeService", &body).await;
        assert_eq!((status, &answer["errorCode"]), (400, &json!(code)), "{body}");
    }
    // A card of a bank that keeps its own numbers is none of ours.
    let (_, answer) = service(&world, "authorizeService", &tar("havorn-no-ada-1", "c-2", "31")).await;
    assert_eq!(answer["decision"], "DECLINED");
    let (status, _) = service(
        &world,
        "notifyServiceActivated",
        &with("tokenUniqueReference", json!("T-1")),
    )
    .await;
    assert_eq!(status, 400);
    assert!(world.stage.bank.calls().is_empty());
}

#[tokio::test]
async fn a_completed_tokenisation_is_listed_and_told_on_once_it_is_active() {
    let world = World::start().await;
    let listed = async || {
        let network = world.stage.bank.tokens_at_the_processor("bereza-kz-ada-2").await;
        network.unwrap()
    };
    service(&world, "authorizeService", &tar("bereza-kz-ada-2", "c-1", "31")).await;
    let tcn = json!({"requestId": "r-2", "correlationId": "c-1", "tokenRequestorId": CLICK_TO_PAY,
        "tokenUniqueReference": "T-1", "decision": "REQUIRE_ADDITIONAL_AUTHENTICATION"});
    assert_eq!(service(&world, "notifyServiceActivated", &tcn).await.0, 200);
    let [token] = &listed().await[..] else {
        panic!("one token")
    };
    assert_eq!((token.wallet.as_str(), token.active), ("MDES for Merchants", false));
    assert_eq!(token.token_requestor_id, CLICK_TO_PAY);
    assert_eq!(world.stage.bank.waiting().len(), 1);
    let code = json!({"requestId": "r-3", "correlationId": "c-1", "tokenUniqueReference": "T-1", "activationCode": "271828",
        "activationMethod": {"type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "XXX-XXX-XX10"}});
    assert_eq!(service(&world, "deliverActivationCode", &code).await.0, 200);
    assert_eq!(world.stage.bank.phone()[0].code.as_deref(), Some("271828"));
    service(&world, "notifyServiceActivated", &tcn).await;
    assert!(listed().await[0].active && world.stage.bank.waiting().is_empty());
    assert_eq!(heard(&world, "TOKENISATION_COMPLETE").len(), 2);
    for (status, second, paused, left) in [
        ("SUSPENDED", 2, 1, 1),
        ("ACTIVE", 1, 1, 1),
        ("ACTIVE", 3, 0, 1),
        ("DEACTIVATED", 5, 0, 0),
        ("SUSPENDED", 4, 0, 0),
    ] {
        let update = json!({"requestId": "r-4", "correlationId": "c-1", "tokenUniqueReference": "T-1", "status": status,
            "statusTimestamp": format!("2026-01-01T12:00:0{second}.000Z"), "suspendedBy": ["ISSUER"]});
        assert_eq!(service(&world, "notifyTokenUpdated", &update).await.0, 200);
        let tokens = listed().await;
        let sleeping = tokens.iter().filter(|token| token.paused).count();
        assert_eq!((sleeping, tokens.len()), (paused, left), "{status} at {second}");
        let told = heard(&world, "TOKEN_UPDATED").pop().unwrap();
        assert_eq!(told["status"], status);
        assert_eq!(told["suspendedBy"], json!(["ISSUER"]), "who did it is told on");
    }
    service(&world, "notifyServiceActivated", &tcn).await;
    assert!(
        listed().await.is_empty(),
        "a late word of its making brings nothing back"
    );
}

#[tokio::test]
async fn a_bank_without_account_numbers_pushes_by_its_processor_one_card_at_a_time() {
    let world = World::start().await;
    let push = async |cards: &[&str]| {
        let callback = Some("https://bank.example/back");
        let bank = &world.stage.bank;
        bank.push(BANK, cards, None, TRID, callback, PushOptions::default())
            .await
    };
    let pushed = push(&["bereza-kz-ada-1"]).await.unwrap();
    assert_eq!((pushed.receipts.len(), pushed.push_methods.len()), (1, 1));
    assert!(pushed.signature.is_some());
    for (cards, reason) in [
        (vec!["bereza-kz-ada-1", "bereza-kz-ada-2"], "MORE_THAN_ONE_CARD"),
        (vec!["bereza-kz-ben-1"], "CARD_NOT_ACTIVE"),
        (vec!["bereza-kz-cleo-1"], "CARD_EXPIRED"),
    ] {
        let refused = push(&cards).await.unwrap_err();
        assert!(refused.contains(reason), "{refused}");
    }
}
