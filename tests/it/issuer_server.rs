//! The bank as issuer server, in the whole world: real calls between the bank, its processor and MDES.

use tidemark::domain::receipt::UnverifiedJws;
use tidemark::mdes::jws::{KeySet, verify};
use tidemark::sim::catalogue::card_by_id;

use crate::world::{APPROVING, TRID, World};

/// A bank whose processor keeps its account numbers.
const PAN_LESS: &str = "bereza-kz";

/// Signs in at the bank and pushes its first card of Ada to the wallet; gives where the browser is sent.
async fn enrol(world: &World, bank: &str, wishes: &[(&str, &str)]) -> String {
    let mut browser = world.browser();
    let page = format!("{}/banks/{bank}/enrol", world.stage.bank_base);
    let page = browser.get(&page).await.expect("the bank answers");
    let page = world.send(&mut browser, &page, "/sign-in", &[("persona", "ada")]).await;
    assert!(
        page.text().contains("We asked for this list just now."),
        "{}",
        page.text()
    );
    let card = format!("{bank}-ada-1");
    let mut fields = vec![("card", card.as_str()), ("requestor", TRID)];
    fields.extend(wishes);
    let page = world.send(&mut browser, &page, "/enrol", &fields).await;
    let push = page.visited.iter().find(|address| address.contains("/push?"));
    push.cloned()
        .unwrap_or_else(|| panic!("{:?}: {}", page.visited, page.text()))
}

#[tokio::test]
async fn a_bank_hands_a_card_over_with_a_signature_and_its_own_callback() {
    let world = World::new().await;
    let mut keys = KeySet::default();
    for key in world.stage.mdes.receipt_keys() {
        keys.add_file(&key.kid, &key.certificate_pem).expect("a key");
    }
    for bank in [APPROVING, PAN_LESS] {
        let to = enrol(&world, bank, &[("callback", "on")]).await;
        let jws = to.strip_prefix(&format!("{}/push?pushAccountData=", world.url));
        let jws = UnverifiedJws::new(jws.unwrap_or_else(|| panic!("{to}")));
        let verified = verify(&keys, &jws).expect("a good signature");
        assert_eq!(verified.data().receipts.len(), 1);
        let callback = verified.data().callback_url.clone().expect("a callback");
        let start = format!("{}/banks/{bank}/pushed?enrolment=", world.stage.bank_base);
        assert!(callback.starts_with(&start) && callback.len() <= 256, "{callback}");
    }
    let legacy = enrol(&world, PAN_LESS, &[("unsigned", "on")]).await;
    assert!(
        legacy.starts_with(&format!("{}/push?pushAccountReceipts=DMC-", world.url)) && !legacy.contains("callback")
    );
}

#[tokio::test]
async fn a_pan_less_bank_never_sees_an_account_number_from_the_push_to_the_token() {
    let world = World::new().await;
    let mut browser = world.browser();
    let card = card_by_id("bereza-kz-ada-1").expect("a card");
    let terms = world.to_terms(&mut browser, PAN_LESS, &[&card.id]).await;
    world.accept(&mut browser, &terms).await;
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
