//! Cards that a bank pushes, as a cardholder goes with them, and what of that must be nowhere in the workbench.

use std::fs;

use serde_json::json;
use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::scenario::bank;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::card_by_id;

use crate::bench::{APPROVING, Bench, TRID};
use crate::secrets::Secrets;

/// The bank whose processor keeps its account numbers.
const WITH_PROCESSOR: &str = "bereza-kz";
/// The second token requestor of the demo.
const CLICK_TO_PAY: &str = "50123197928";

/// Signs in at a bank and enables a card of Ada's for a token requestor: what the wallet asks.
async fn enables(browser: &mut Browser, bench: &Bench, card: &str, requestor: &str) -> Page {
    let (bank_id, _) = card.split_once("-ada-").expect("a card of Ada's");
    let entry = format!("{}/banks/{bank_id}/enrol", bench.demo.stage.bank_base);
    let page = browser.get(&entry).await.expect("the bank");
    let cards = bank::sign_in(browser, &page, "ada").await.expect("cards");
    let form = cards.form("/enrol").expect("a form");
    let fields = match requestor {
        CLICK_TO_PAY => vec![("enable", card)],
        requestor => vec![("card", card), ("requestor", requestor)],
    };
    let fields = [fields, vec![("callback", "on")]].concat();
    let question = browser.submit(&cards, &form, &fields).await.expect("the wallet");
    assert_eq!(question.state().as_deref(), Some("pushed"), "{}", question.text());
    question
}

/// Says yes, reads the terms, and goes back to the bank: its page.
async fn accepts(browser: &mut Browser, bench: &Bench, question: &Page, secrets: &mut Secrets) -> Page {
    let form = question.form("/accept").expect("a form");
    let page = browser.submit(question, &form, &[]).await.expect("a page");
    let terms = bench.until(browser, page, &["terms"]).await;
    secrets.page(&terms);
    let form = terms.form("/terms").expect("a form");
    let page = browser.submit(&terms, &form, &[("action", "accept")]).await;
    let done = bench.until(browser, page.expect("a page"), &["active"]).await;
    goes_back(browser, &done, secrets).await
}

/// Goes back to the bank with what became of each card.
async fn goes_back(browser: &mut Browser, done: &Page, secrets: &mut Secrets) -> Page {
    let links = done
        .tags()
        .into_iter()
        .filter_map(|tag| tag.attributes.get("href").cloned());
    let back = links
        .into_iter()
        .find(|link| link.ends_with("/back"))
        .expect("a way back");
    let page = browser.follow(done, &back).await.expect("the bank");
    let address = page.visited.last().expect("an address");
    assert!(address.contains("/pushed?enrolment="), "{address}");
    let told = url::Url::parse(address).expect("an address");
    let mut results = 0;
    for (name, value) in told.query_pairs() {
        if let Some(receipt) = name.strip_prefix("results[").and_then(|rest| rest.strip_suffix(']')) {
            secrets.add("receipt", receipt);
            results += 1;
            if let Some((_, token)) = value.split_once('|') {
                secrets.add("token", token);
            }
        }
    }
    assert_eq!(results, 1, "{address}");
    assert!(page.body.contains("data-outcome"), "{}", page.text());
    page
}

/// The link that the bank led to, and what is in it.
fn link_of(question: &Page) -> String {
    let link = question.visited.iter().find(|address| address.contains("/push?"));
    link.expect("a link").clone()
}

/// Ada enables a card for each wallet at a bank that knows her account number and at one that does not, and says no once.
pub async fn from_the_bank_and_back(bench: &Bench, secrets: &mut Secrets) {
    for bank_id in [APPROVING, WITH_PROCESSOR] {
        for requestor in [CLICK_TO_PAY, TRID] {
            let mut browser = Browser::new();
            let question = enables(&mut browser, bench, &format!("{bank_id}-ada-1"), requestor).await;
            secrets.callback(&link_of(&question));
            secrets.page(&question);
            let end = accepts(&mut browser, bench, &question, secrets).await;
            assert!(end.body.contains("data-outcome=\"enabled\""), "{}", end.text());
            secrets.cookies(&browser);
        }
    }
    let mut browser = Browser::new();
    let question = enables(&mut browser, bench, &format!("{APPROVING}-ada-2"), CLICK_TO_PAY).await;
    secrets.callback(&link_of(&question));
    let form = question.form("/cancel").expect("a form");
    let over = browser.submit(&question, &form, &[]).await.expect("a page");
    goes_back(&mut browser, &over, secrets).await;
}

/// Links that are refused, and what else is said about a push by somebody who should not: nothing of it may be left either.
pub async fn goes_wrong(bench: &Bench, secrets: &mut Secrets) {
    let card = format!("{APPROVING}-ada-2");
    let callback = format!(
        "{}/banks/{APPROVING}/pushed?enrolment=4f2c0d5b7a9e4c118d3e",
        bench.demo.stage.bank_base
    );
    let bank = &bench.demo.stage.bank;
    let cards = [card.as_str()];
    let pushed = bank.push(APPROVING, &cards, None, TRID, Some(&callback), PushOptions::default());
    let pushed = pushed.await.expect("MDES takes the push");
    let (receipt, signed) = (&pushed.receipts[0], pushed.signature.expect("signed"));
    secrets.add("receipt", receipt);
    secrets.callback(&format!("?pushAccountData={signed}"));
    let encoded: String = url::form_urlencoded::byte_serialize(callback.as_bytes()).collect();
    let unsigned = format!("pushAccountReceipts={receipt}&callbackURL={encoded}");
    for path in [
        format!("/push?{unsigned}"),
        format!("/push?pushAccountData={}", &signed[..signed.len() - 9]),
        format!("/push?pushAccountData={}", signed.replace('.', "%252E")),
        format!("/push?signature={signed}&PUSHACCOUNTRECEIPT={receipt}"),
        format!("/push?{signed}"),
        format!("/push/{signed}"),
        format!("/push?pushAccountData={signed}&pushAccountReceipts={receipt},{receipt}"),
        format!("/callback?pushAccountData={signed}"),
    ] {
        Browser::new().get(&bench.at(&path)).await.expect("an answer");
    }
    for form in [format!("pushAccountData={signed}x"), unsigned] {
        let posted = bench.http().post(bench.at("/push")).body(form);
        let posted = posted.header("content-type", "application/x-www-form-urlencoded");
        posted.send().await.expect("an answer");
    }
    says_too_much(bench, secrets, receipt, &signed).await;
}

/// What servers say to each other about a push, in the mouth of a stranger: the way back as the API tells it, and a search
/// at the processor with an account number, an encrypted account and the key that it is for.
async fn says_too_much(bench: &Bench, secrets: &mut Secrets, receipt: &str, signed: &str) {
    let token = "DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45";
    secrets.add("token of a way back", token);
    let bank_base = &bench.demo.stage.bank_base;
    let way_back = format!("{bank_base}/banks/{APPROVING}/pushed?results%5B{receipt}%5D=APPROVED%7C{token}");
    let push_url = bench.at(&format!("/push?pushAccountData={signed}"));
    let body = json!({
        "subject": "ada", "push_url": push_url,
        "push": {"cards": 1, "signed": true, "way_back": way_back},
    });
    // To MDES, which reads it: the demo's wallet has no API.
    let to = format!("{}/connect/1/0/pushMultipleAccounts", bench.demo.stage.mdes_base);
    let said = bench.http().post(to).body(body.to_string());
    let said = said.header("content-type", "application/json");
    said.send().await.expect("an answer");

    let places = bench.demo.places();
    let path = places["mdes"]["encryption_certificate_file"].as_str().expect("a path");
    let certificate = fs::read_to_string(path).expect("a certificate");
    let key: String = certificate.lines().filter(|line| !line.starts_with('-')).collect();
    secrets.add("the processor's key header", &key[100..180]);
    let (data, wrapped) = ("5f".repeat(300), "c3".repeat(256));
    secrets.add("encrypted account", &data[..80]);
    secrets.add("encrypted key", &wrapped[..80]);
    let account = card_by_id(&format!("{APPROVING}-ada-2")).expect("a card").pan;
    let body = json!({
        "requestId": "1", "tokenRequestorId": TRID, "cardContractId": account,
        "pushFundingAccounts": {"encryptedPayload": {
            "encryptedData": data, "encryptedKey": wrapped, "publicKeyFingerprint": "ab".repeat(32),
        }},
    });
    let base = &bench.demo.stage.processor_base;
    let search = format!("{base}/clients/{account}/funding-accounts/searches");
    let search = bench.http().post(search).body(body.to_string());
    let search = search
        .header("content-type", "application/json")
        .header("Token-Connect-Client-Encryption-Key", &key);
    let refused = search.send().await.expect("an answer");
    assert_eq!(refused.status(), 401);
}

/// Something of all this is shown, each in what stands for it: else that no secret is found would say nothing.
pub fn are_told(all: &[(String, String)]) {
    let steps = |done: &str| {
        let told = all.iter().filter(|(place, _)| place.ends_with("/steps.md"));
        told.filter(|(_, text)| text.contains(done)).count()
    };
    assert!(
        steps("25 of 25 steps were done.") >= 1,
        "Click to Pay, with the processor"
    );
    assert!(steps("20 of 20 steps were done.") >= 1, "Click to Pay, without");
    let json = all
        .iter()
        .find(|(place, _)| place == "JSON")
        .map(|(_, text)| text.as_str());
    for shape in [
        "/push",
        "pushAccountData",
        "/funding-accounts/searches",
        "token-connect-client-encryption-key",
        "results[",
        "APPROVED|",
        "CANCELLED",
        "way_back",
        "cardContractId",
    ] {
        assert!(json.expect("the journal").contains(shape), "{shape} is not told");
    }
}
