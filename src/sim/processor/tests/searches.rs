//! The two endpoints for issuers, and every way to be refused there.

use super::*;
use crate::sim::bank::{Stamp, authorization};

struct Asking {
    path: String,
    body: String,
    key: Option<String>,
    signed_body: Option<String>,
}

fn base64_certificate(pem: &[u8]) -> String {
    STANDARD.encode(X509::from_pem(pem).unwrap().to_der().unwrap())
}

fn body_of(contracts: &[&str]) -> Value {
    let accounts = contracts.iter().enumerate().map(|(n, contract)| {
        json!({"pushAccountId": format!("CA-{n}"), "fundingAccountData": {"cardAccountData": {"cardContractId": contract}}})
    });
    json!({
        "requestId": "r-1",
        "tokenRequestorId": TRID,
        "pushFundingAccounts": accounts.collect::<Value>(),
        "signatureData": {"callbackUrl": "https://bank.example/back", "locale": "en_US", "completeIssuerAppActivation": false},
        "pushAccountReceiptsValidityPeriod": 5,
    })
}

fn search(client: &str, body: &Value) -> Asking {
    Asking {
        path: format!("/clients/{client}/funding-accounts/searches"),
        body: body.to_string(),
        key: Some(base64_certificate(keys().mdes.encryption_cert_pem())),
        signed_body: None,
    }
}

async fn ask(world: &World, method: &str, asking: &Asking) -> (u16, Value) {
    let url = url::Url::parse(&format!("{}{}", world.stage.processor_base, asking.path)).unwrap();
    let signing = openssl::pkey::PKey::private_key_from_pem(keys().bank.signing_key_pem()).unwrap();
    let nonce = uuid::Builder::from_random_bytes(rand_bytes())
        .into_uuid()
        .simple()
        .to_string();
    let stamp = Stamp {
        consumer_key: keys().bank.consumer_key(),
        nonce: &nonce,
        timestamp_s: world.clock.load(Ordering::SeqCst) / 1000,
    };
    let signed = asking.signed_body.as_ref().unwrap_or(&asking.body);
    let header = authorization(&signing, method, &url, signed.as_bytes(), &stamp).unwrap();
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let mut request = world.processor().0.http.request(method, url).body(asking.body.clone());
    request = request.header("authorization", header);
    if let Some(key) = &asking.key {
        request = request.header(CLIENT_ENCRYPTION_KEY, key);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap(),
    )
}

fn rand_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    let key = openssl::rsa::Rsa::generate(512).unwrap();
    bytes.copy_from_slice(&key.n().to_vec()[..16]);
    bytes
}

fn refusal(answer: &Value) -> &str {
    answer["Errors"]["Error"][0]["ReasonCode"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_contract_becomes_a_push_that_mdes_alone_can_read() {
    let world = World::start().await;
    let card = card_by_id("bereza-kz-ada-1").unwrap();
    let (status, object) = ask(&world, "POST", &search(client(), &body_of(&[&contract(&card.id)]))).await;
    assert_eq!(status, 200, "{object}");
    assert_eq!(object["signatureData"]["callbackURL"], "https://bank.example/back");
    assert!(object["signatureData"]["callbackUrl"].is_null());
    assert_eq!(object["signatureData"]["completeIssuerAppActivation"], false);
    assert_eq!(object["pushAccountReceiptsValidityPeriod"], 5);
    assert_eq!(
        (&object["requestId"], &object["tokenRequestorId"]),
        (&json!("r-1"), &json!(TRID))
    );
    let account = read_as_mdes(&object);
    assert_eq!(account[0]["pushAccountId"], "CA-0");
    assert_eq!(
        account[0]["fundingAccountData"]["cardAccountData"]["accountNumber"],
        card.pan.as_str()
    );
    assert!(!object.to_string().contains(&card.pan));
}

#[tokio::test]
async fn each_search_that_is_wrong_is_refused_by_its_own_reason() {
    let world = World::start().await;
    let good = contract("bereza-kz-ada-1");
    let with = |change: &dyn Fn(&mut Asking)| {
        let mut asking = search(client(), &body_of(&[&good]));
        change(&mut asking);
        asking
    };
    let of = |card: &str| search(client(), &body_of(&[&contract(card)]));
    let without = |member: &str| {
        let mut body = body_of(&[&good]);
        body.as_object_mut().unwrap().remove(member);
        search(client(), &body)
    };
    let theirs = base64_certificate(keys().bank.certificate_pem());
    let text_requestor = {
        let mut body = body_of(&[&good]);
        body["tokenRequestorId"] = json!("5012345678x");
        body
    };
    let misspelt = {
        let mut body = body_of(&[&good]);
        body["signatureData"]["callbackURL"] = json!("https://bank.example/back");
        body
    };
    let cases: Vec<(Asking, u16, &str)> = vec![
        (search("CLI-0", &body_of(&[&good])), 404, "CLIENT_NOT_FOUND"),
        (
            search(client(), &body_of(&["700900000000"])),
            404,
            "CARD_CONTRACT_NOT_FOUND",
        ),
        (
            search(client(), &body_of(&["bereza-kz-ada-1"])),
            404,
            "CARD_CONTRACT_NOT_FOUND",
        ),
        (of("bereza-kz-ben-1"), 422, "CARD_NOT_ACTIVE"),
        (of("bereza-kz-cleo-1"), 422, "CARD_EXPIRED"),
        (of("bereza-kz-cleo-2"), 422, "PRODUCT_NOT_ELIGIBLE"),
        (search(client(), &body_of(&[&good, &good])), 400, "MORE_THAN_ONE_CARD"),
        (search(client(), &body_of(&[])), 400, "INVALID_FIELD_LENGTH"),
        (with(&|asking| asking.key = None), 400, "MISSING_CLIENT_ENCRYPTION_KEY"),
        (
            with(&|asking| asking.key = Some("no key".to_owned())),
            400,
            "INVALID_CLIENT_ENCRYPTION_KEY",
        ),
        (
            with(&|asking| asking.key = Some(STANDARD.encode("no key"))),
            400,
            "INVALID_CLIENT_ENCRYPTION_KEY",
        ),
        (
            with(&|asking| asking.key = Some(theirs.clone())),
            403,
            "UNKNOWN_CLIENT_ENCRYPTION_KEY",
        ),
        (with(&|asking| asking.body = "[]".to_owned()), 400, "INVALID_JSON"),
        (
            with(&|asking| asking.signed_body = Some("{}".to_owned())),
            401,
            "AUTHENTICATION_FAILED",
        ),
        (without("requestId"), 400, "MISSING_REQUIRED_FIELD"),
        (without("tokenRequestorId"), 400, "MISSING_REQUIRED_FIELD"),
        (without("pushFundingAccounts"), 400, "MISSING_REQUIRED_FIELD"),
        (search(client(), &text_requestor), 400, "INVALID_FIELD_FORMAT"),
        (search(client(), &misspelt), 400, "UNRECOGNIZED_FIELD"),
    ];
    for (asking, status, reason) in cases {
        let (answered, body) = ask(&world, "POST", &asking).await;
        assert_eq!((answered, refusal(&body)), (status, reason), "{}", asking.body);
        assert!(!body.to_string().contains("encryptedPayload"));
    }
    let (status, _) = ask(&world, "GET", &with(&|_| {})).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn a_contract_that_is_blocked_today_is_refused_and_one_that_expired_since() {
    let world = World::start().await;
    let good = contract("bereza-kz-ada-1");
    let asking = search(client(), &body_of(&[&good]));
    world.processor().set_contract_status(&good, ContractStatus::Inactive);
    assert_eq!(refusal(&ask(&world, "POST", &asking).await.1), "CARD_NOT_ACTIVE");
    world.processor().set_contract_status(&good, ContractStatus::Active);
    assert_eq!(ask(&world, "POST", &asking).await.0, 200);
    // The card is printed with 11/31: good on its last day, not on the day after.
    for (until_ms, status) in [(1_953_849_599_000, 200), (1_953_849_600_000, 422)] {
        world.clock.store(until_ms, Ordering::SeqCst);
        assert_eq!(ask(&world, "POST", &asking).await.0, status, "{until_ms}");
    }
}

#[tokio::test]
async fn tokens_are_listed_for_whose_contract_it_is() {
    let world = World::start().await;
    let list = async |client: &str, query: &str| {
        let asking = Asking {
            path: format!("/clients/{client}/tokens{query}"),
            body: String::new(),
            key: None,
            signed_body: None,
        };
        ask(&world, "GET", &asking).await
    };
    let good = contract("bereza-kz-ada-1");
    let (status, body) = list(client(), &format!("?cardContractId={good}")).await;
    assert_eq!((status, &body["tokens"]), (200, &json!([])));
    for (client, query, reason) in [
        ("CLI-0", format!("?cardContractId={good}"), "CLIENT_NOT_FOUND"),
        (client(), String::new(), "MISSING_REQUIRED_FIELD"),
        (
            client(),
            format!("?cardContractId={good}&cardContractId=1"),
            "MISSING_REQUIRED_FIELD",
        ),
        (client(), "?cardContractId=1".to_owned(), "CARD_CONTRACT_NOT_FOUND"),
    ] {
        assert_eq!(refusal(&list(client, &query).await.1), reason, "{query}");
    }
}
