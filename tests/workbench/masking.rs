//! What strangers can make the inspector say, and what they can read out of it: nothing, whatever they send.

use openssl::base64::encode_block;
use openssl::sha::sha256;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tidemark::cli::browser::{Browser, Page};
use tidemark::workbench::message::Message;

use crate::bench::{APPROVING, Bench, session_of};
use crate::recording::whole_way;

/// A card number of nobody.
const NUMBER: &str = "5105105105105100";
const RECEIPT: &str = "MCC-STL-43233098-64B2-4930-A2D1-3D778894B0BB";
const CODE: &str = "482107";

/// What a page of another site makes a browser send: an address of a picture.
async fn picture(bench: &Bench, path: &str) {
    let request = bench.http().get(bench.at(path));
    let request = request
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "no-cors");
    request.send().await.expect("an answer");
}

/// These words, wherever an id may stand.
async fn claim(bench: &Bench, words: &[&str]) {
    for word in words {
        for path in [
            format!("/cards/{word}"),
            format!("/sessions/{word}"),
            format!("/callback/{word}"),
            format!("/?tokenRequestorSessionId={word}&pushAccountReceipts={word},{word}&token={word}"),
        ] {
            picture(bench, &path).await;
        }
    }
}

/// Adds a card up to one of these states: its attempt.
async fn adds(bench: &Bench, states: &[&str]) -> u64 {
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let callback = bench.pushed(APPROVING, &format!("{APPROVING}-ada-1"), &session).await;
    let back = browser.get(&callback).await.expect("a page");
    let mut page: Page = bench.until(&mut browser, back, &["terms", "failed"]).await;
    if let Ok(form) = page.form("/terms") {
        page = browser
            .submit(&page, &form, &[("action", "accept")])
            .await
            .expect("a page");
    }
    bench.until(&mut browser, page, states).await;
    bench.demo.journal.attempts().last().expect("an attempt").number
}

#[tokio::test]
async fn no_picture_on_another_site_hides_a_fault() {
    let bench = Bench::open().await;
    let reasons = [
        "INVALID_FIELD_VALUE",
        "DUPLICATE_REQUEST",
        "pushAccountReceipt",
        "DECLINED",
    ];
    claim(&bench, &reasons).await;
    for (lie, verdict) in [("unknown-receipt", "PP-RCP-004"), ("already-added", "PP-TOK-003")] {
        bench.switch(Some(lie));
        let attempt = adds(&bench, &["failed"]).await;
        let found = bench.verdicts(attempt).await;
        assert_eq!(found.first().map(String::as_str), Some(verdict), "{lie}: {found:?}");
        bench.switch(None);
    }
}

#[tokio::test]
async fn no_picture_on_another_site_invents_a_fault() {
    let bench = Bench::open().await;
    whole_way(&bench, &mut Browser::new(), APPROVING).await;
    let kid = bench.demo.stage.mdes.receipt_keys().remove(0).kid;
    let wallet = bench
        .demo
        .wallet_url
        .split_once("://")
        .expect("an address")
        .1
        .to_owned();
    claim(&bench, &[crate::bench::TRID, &kid, &wallet, "APPROVED", "RS256"]).await;
    // A document that is public, named as an id between two messages that are compared.
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let callback = bench
        .pushed(APPROVING, &format!("{APPROVING}-ada-1"), &session_of(&attempt))
        .await;
    let back = browser.get(&callback).await.expect("a page");
    let terms = bench.until(&mut browser, back, &["terms"]).await;
    claim(&bench, &[&terms_asset(&bench)]).await;
    let form = terms.form("/terms").expect("a form");
    let page = browser
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("a page");
    bench.until(&mut browser, page, &["active"]).await;
    let digitize = last(&bench, "digitize");
    let number = digitize.attempt.expect("an attempt");
    assert_eq!(bench.verdicts(number).await, Vec::<String>::new());
    let check = last(&bench, "check receipt signature");
    assert_eq!(check.facts.jws.as_ref().expect("a JWS").header["kid"], kid.as_str());
}

fn last(bench: &Bench, label: &str) -> std::sync::Arc<Message> {
    let mut messages = bench.demo.journal.messages().into_iter();
    messages.rfind(|message| message.label == label).expect("a message")
}

/// The terms of the card that was looked at last.
fn terms_asset(bench: &Bench) -> String {
    let check = last(bench, "checkEligibility");
    let answer = check.ending.json().expect("JSON");
    answer["termsAndConditionsAssetId"].as_str().expect("terms").to_owned()
}

/// Everything that the inspector gives out of what belongs to no attempt.
async fn everything(bench: &Bench) -> String {
    let mut all = serde_json::to_string(
        &bench
            .demo
            .journal
            .messages()
            .iter()
            .map(AsRef::as_ref)
            .collect::<Vec<_>>(),
    )
    .expect("JSON");
    for path in [
        "/",
        "/attempts/0",
        "/attempts/0/export/har.json",
        "/attempts/0/export/report.md",
    ] {
        let answer = bench.http().get(format!("{}{path}", bench.demo.workbench_url)).send();
        all.push_str(&answer.await.expect("an answer").text().await.expect("text"));
    }
    all
}

#[tokio::test]
async fn card_numbers_receipts_and_codes_are_shown_in_no_place_where_they_can_be_put() {
    let bench = Bench::open().await;
    let spaced = "5105 1051 0510 5100";
    for path in [
        format!("/?q={NUMBER}+12/29&lang={CODE}&state={CODE}&code=E_SECRETPASS"),
        "/?q=5105_1051_0510_5100&back=%2Fa%3Fcode%3D482107%23482107".to_owned(),
        format!(
            "/?q={}",
            utf8_percent_encode("５１０５１０５１０５１０５１００", NON_ALPHANUMERIC)
        ),
        format!("/?q=%252535{}", &NUMBER[1..]),
        format!("/?{NUMBER}=1&{CODE}=2&{RECEIPT}=3"),
        format!("/callback%3Fcode={CODE}"),
        format!("/cards/{NUMBER}"),
        format!("/?tokenRequestorSessionId={NUMBER}&pushAccountId={NUMBER}&taskId={NUMBER}"),
        format!("/{RECEIPT}/{CODE}"),
    ] {
        picture(&bench, &path).await;
    }
    let mdes = format!("{}/digitization/1/0/checkEligibility", bench.demo.stage.mdes_base);
    let body = format!(
        r#"{{"requestId":"a{NUMBER}","kid":"{NUMBER}.1","description":"exp {NUMBER} 0927","detail":"my code is {CODE}",
        "code-{CODE}":1,"k {NUMBER} 09":2,"cardletId":"{spaced} 123","note":{CODE},"width":{NUMBER},"alg":"{CODE}"}}"#
    );
    let oauth = format!(
        "OAuth {NUMBER}=\"x\",code-{CODE}=\"1\",{RECEIPT}=\"y\",oauth_version=\"{CODE}\",oauth_timestamp=\"{NUMBER}\",\
         oauth_consumer_key=\"x\",realm=\"{RECEIPT}\",oauth_body_hash=\"{RECEIPT} {NUMBER} {CODE}\""
    );
    let call = bench
        .http()
        .post(format!("{mdes}?{NUMBER}=1&{CODE}=x&{RECEIPT}=z&q={NUMBER}"))
        .header("authorization", oauth)
        .header("content-type", "application/json")
        .header("user-agent", format!("card {NUMBER} 12/29"))
        .body(body);
    assert_eq!(call.send().await.expect("an answer").status(), 401);
    let all = everything(&bench).await;
    for secret in [
        NUMBER,
        spaced,
        RECEIPT,
        "510510510510",
        "43233098",
        CODE,
        "E_SECRETPASS",
        "５１０５",
    ] {
        let at = all.find(secret).unwrap_or_default();
        let around: String = all[..at].chars().rev().take(120).collect();
        assert!(
            !all.contains(secret),
            "{secret}: {}",
            around.chars().rev().collect::<String>()
        );
        assert!(bench.demo.journal.search(secret).is_empty(), "{secret}");
    }
    assert_eq!(bench.verdicts(0).await.first().map(String::as_str), Some("PP-PAN-001"));
}

#[tokio::test]
async fn a_card_number_in_a_header_is_said() {
    let bench = Bench::open().await;
    let sent = bench.http().post(bench.at("/help")).body("abc");
    let sent = sent.header("content-type", format!("text/{NUMBER}-{CODE}"));
    sent.send().await.expect("an answer");
    let kept = serde_json::to_string(&bench.demo.journal.messages().last().map(AsRef::as_ref)).expect("JSON");
    assert!(
        kept.contains("/help") && !kept.contains(NUMBER) && !kept.contains(CODE),
        "{kept}"
    );
    let request = bench.http().get(bench.at("/help"));
    let request = request.header("user-agent", format!("card {NUMBER} 12/29"));
    request.send().await.expect("an answer");
    assert_eq!(bench.verdicts(0).await, ["PP-PAN-001"]);
}

/// Whoever knows the rest of a body tries all codes against its hash.
#[tokio::test]
async fn nothing_of_a_body_s_hash_is_shown() {
    let bench = Bench::open().await;
    let body = format!(r#"{{"requestId":"1","authenticationCode":"{CODE}"}}"#);
    let hash = encode_block(&sha256(body.as_bytes()));
    let mdes = format!("{}/digitization/1/0/activate", bench.demo.stage.mdes_base);
    for given in [&hash, &utf8_percent_encode(&hash, NON_ALPHANUMERIC).to_string()] {
        let oauth = format!("OAuth oauth_consumer_key=\"x\",oauth_nonce=\"1\",oauth_body_hash=\"{given}\"");
        let call = bench.http().post(&mdes).header("authorization", oauth);
        let call = call.header("content-type", "application/json").body(body.clone());
        assert_eq!(call.send().await.expect("an answer").status(), 401);
    }
    let all = everything(&bench).await;
    let digests = [
        hash[..4].to_owned(),
        hash[40..].to_owned(),
        hex::encode(&sha256(body.as_bytes())[..4]),
    ];
    for (secret, also) in digests.iter().zip(["oauth_body_hash=hmac:", "hmac:", "hmac:"]) {
        assert!(!all.contains(secret.as_str()) && all.contains(also), "{secret}");
        assert!(bench.demo.journal.search(secret).is_empty(), "{secret}");
    }
    let call = last(&bench, "activate");
    let (given, computed) = call
        .facts
        .oauth
        .as_ref()
        .and_then(|oauth| oauth.body_hash.clone())
        .expect("a hash");
    assert_eq!(given, computed);
}
