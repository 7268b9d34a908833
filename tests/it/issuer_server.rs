//! The bank as issuer server, in the whole world: real calls between the bank, its processor and MDES.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tidemark::sim::catalogue::card_by_id;

use crate::world::{APPROVING, TRID, World};

/// A bank whose processor keeps its account numbers.
const PAN_LESS: &str = "bereza-kz";

/// Signs in at the bank and pushes its first card of Ada to the wallet; gives where the browser is sent.
async fn enrol(world: &World, bank: &str, more: &str) -> Option<String> {
    let mut browser = world.browser();
    let page = format!("{}/banks/{bank}/enrol", world.stage.bank_base);
    let signed_in = browser
        .post(&format!("{page}/sign-in"), &[("persona", "ada")])
        .await
        .expect("the bank answers");
    let to = signed_in.location.expect("signed in");
    let shown = browser
        .get(&format!("{}{to}", world.stage.bank_base))
        .await
        .expect("the bank answers");
    let field = |name: &str| {
        let (_, rest) = shown
            .body
            .split_once(&format!("name=\"{name}\" value=\""))
            .expect("a field");
        rest.split('"').next().expect("a value").to_owned()
    };
    let (sitting, form, card) = (field("sitting"), field("form"), format!("{bank}-ada-1"));
    let mut fields = vec![
        ("sitting", sitting.as_str()),
        ("form", form.as_str()),
        ("card", card.as_str()),
        ("requestor", TRID),
    ];
    if !more.is_empty() {
        fields.push((more, "on"));
    }
    browser.post(&page, &fields).await.expect("the bank answers").location
}

fn payload(jws: &str) -> Value {
    let part = jws.split('.').nth(1).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
}

#[tokio::test]
async fn a_bank_hands_a_card_over_with_a_signature_and_its_own_callback() {
    let world = World::new().await;
    for bank in [APPROVING, PAN_LESS] {
        let to = enrol(&world, bank, "callback").await.expect("a redirect");
        let jws = to.strip_prefix(&format!("{}/push?pushAccountData=", world.url));
        let signed = payload(jws.unwrap_or_else(|| panic!("{to}")));
        assert_eq!(signed["pushAccountReceipts"].as_array().map(Vec::len), Some(1));
        let callback = signed["callbackURL"].as_str().expect("a callback");
        let start = format!("{}/banks/{bank}/pushed?enrolment=", world.stage.bank_base);
        assert!(callback.starts_with(&start) && callback.len() <= 256, "{callback}");
    }
    let legacy = enrol(&world, PAN_LESS, "unsigned").await.expect("a redirect");
    assert!(
        legacy.starts_with(&format!("{}/push?pushAccountReceipts=DMC-", world.url)) && !legacy.contains("callback")
    );
}

#[tokio::test]
async fn a_pan_less_bank_never_sees_an_account_number_from_the_push_to_the_token() {
    let world = World::new().await;
    let mut browser = world.browser();
    let card = card_by_id("bereza-kz-ada-1").expect("a card");
    let back = world.come_back(&mut browser, PAN_LESS, &[&card.id]).await;
    world.work().await;
    world.accept_terms(&mut browser, &back).await;
    world.work().await;
    assert_eq!(world.stage.mdes.tokens().len(), 1);
    let calls = world.stage.bank.calls();
    let kinds: Vec<&str> = calls.iter().filter_map(|call| call.request["type"].as_str()).collect();
    assert_eq!(kinds, ["TOKEN_AUTHORIZATION", "TOKENISATION_COMPLETE"]);
    assert_eq!(calls[0].request["responseCode"], "00");
    for call in &calls {
        assert!(!call.request.to_string().contains(&card.pan));
        assert!(
            !call.request.to_string().contains("encryptedPayload"),
            "the bank got no account to decrypt"
        );
    }
}
