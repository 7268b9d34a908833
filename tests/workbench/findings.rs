//! What the recorder finds out about the messages of flows that go well and of flows that do not.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, json};
use tidemark::cli::browser::Browser;
use tidemark::sim::Turn;
use tidemark::sim::mdes::{Fault, Signer};
use tidemark::workbench::message::{Ending, KeyState, Message, Participant};

use crate::bench::{APPROVING, Bench, session_of};
use crate::recording::whole_way;

fn called(bench: &Bench, label: &str) -> Vec<Arc<Message>> {
    let messages = bench.demo.journal.messages().into_iter();
    messages.filter(|message| message.label == label).collect()
}

fn card() -> String {
    format!("{APPROVING}-ada-1")
}

#[tokio::test]
async fn in_a_good_flow_every_signature_is_right_and_every_payload_opens() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    whole_way(&bench, &mut browser, APPROVING).await;
    let messages = bench.demo.journal.messages();
    let mut signed = 0;
    for message in messages.iter().filter(|message| message.to == Participant::Mdes) {
        let oauth = message
            .facts
            .oauth
            .as_ref()
            .unwrap_or_else(|| panic!("{} is not signed", message.label));
        assert!(
            oauth.is_right && oauth.mistake.is_none() && !oauth.nonce_seen,
            "{}: {oauth:?}",
            message.label
        );
        let client = if message.from == Participant::Wallet {
            "wallet"
        } else {
            "issuer"
        };
        assert_eq!(oauth.client.as_deref(), Some(client), "{}", message.label);
        assert!(oauth.clock_ahead_s.is_some_and(|ahead| ahead.abs() <= 1));
        signed += 1;
    }
    assert!(signed > 5, "{signed}");
    let push = &called(&bench, "pushMultipleAccounts")[0];
    let callback = &called(&bench, "GET /callback/{session}")[0];
    let (made, brought) = (
        push.facts.jws.as_ref().expect("a JWS"),
        callback.facts.jws.as_ref().expect("a JWS"),
    );
    assert_eq!(made, brought);
    assert!(
        made.is_right && made.key == KeyState::Live && made.session == callback.facts.session,
        "{made:?}"
    );
    for (label, place) in [
        ("pushMultipleAccounts", "pushFundingAccounts.encryptedPayload"),
        ("authorizeService", "fundingAccountInfo.encryptedPayload"),
    ] {
        let payload = &called(&bench, label)[0].facts.payloads[0];
        assert_eq!(payload.place, place);
        assert!(payload.opens && payload.fingerprint == payload.expected, "{payload:?}");
    }
    let pictures = called(&bench, "asset")
        .into_iter()
        .flat_map(|message| message.facts.pictures.clone());
    assert!(
        pictures.clone().count() > 5
            && pictures
                .clone()
                .all(|picture| !picture.is_active && picture.bytes > 100)
    );
}

#[tokio::test]
async fn a_notification_is_tied_to_its_attempt_by_the_token_in_it() {
    use tidemark::sim::catalogue::{ActivationKind, Outcome};
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    bench
        .demo
        .stage
        .bank
        .force_outcome(&card(), Outcome::StepUp(vec![ActivationKind::Call]));
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let callback = bench.pushed(APPROVING, &card(), &session_of(&attempt)).await;
    let back = browser.get(&callback).await.expect("a page");
    let terms = bench.until(&mut browser, back, &["terms"]).await;
    let form = terms.form("/terms").expect("a form");
    let page = browser
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("a page");
    bench.until(&mut browser, page, &["step-up", "pending"]).await;
    let token = bench.demo.stage.mdes.tokens().remove(0).token_unique_reference;
    assert!(bench.demo.stage.mdes.activate_as_issuer(&token));
    bench
        .eventually(|| {
            called(&bench, "notifyTokenUpdated")
                .iter()
                .any(|told| told.ending != Ending::Open)
        })
        .await;
    let told = &called(&bench, "notifyTokenUpdated")[0];
    assert_eq!(
        (told.from, told.to, told.attempt),
        (Participant::Mdes, Participant::Wallet, Some(1))
    );
    assert!(told.facts.payloads[0].opens && told.facts.payloads[0].place == "encryptedPayload");
    assert_eq!(told.ending.status(), Some(200));
}

#[tokio::test]
async fn what_happens_on_the_road_is_named() {
    let bench = Bench::open().await;
    for (lie, words) in [
        (
            "body-rewritten",
            "oauth_body_hash is that of the same JSON without spaces",
        ),
        (
            "other-host",
            "it was signed for the address of MDES, and arrived under another host",
        ),
    ] {
        let mut browser = Browser::new();
        let attempt = bench.begin(&mut browser, APPROVING).await;
        let callback = bench.pushed(APPROVING, &card(), &session_of(&attempt)).await;
        let before = called(&bench, "checkEligibility").len();
        bench.switch(Some(lie));
        browser.get(&callback).await.expect("a page");
        bench
            .eventually(|| called(&bench, "checkEligibility").len() > before)
            .await;
        bench.switch(None);
        let call = called(&bench, "checkEligibility").remove(before);
        let oauth = call.facts.oauth.as_ref().expect("a signature");
        assert_eq!(oauth.mistake.as_deref(), Some(words), "{lie}: {oauth:?}");
        let (given, computed) = oauth.body_hash.clone().expect("a hash");
        assert_eq!(given != computed, lie == "body-rewritten");
        let signed = oauth.signed_base.as_ref();
        assert_eq!(
            signed.is_some_and(|signed| *signed != oauth.expected_base),
            lie == "other-host"
        );
    }
}

#[tokio::test]
async fn a_request_that_comes_twice_has_a_nonce_that_was_seen() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let callback = bench.pushed(APPROVING, &card(), &session_of(&attempt)).await;
    bench.switch(Some("sent-twice"));
    browser.get(&callback).await.expect("a page");
    bench.eventually(|| called(&bench, "checkEligibility").len() >= 2).await;
    bench.switch(None);
    let calls = called(&bench, "checkEligibility");
    let seen: Vec<bool> = calls
        .iter()
        .filter_map(|call| Some(call.facts.oauth.as_ref()?.nonce_seen))
        .collect();
    assert_eq!(seen[..2], [false, true]);
}

#[tokio::test]
async fn a_clock_that_is_off_shows_by_how_much() {
    let bench = Bench::open().await;
    let skew = format!("{}/_sim/skew", bench.demo.stage.mdes_base.trim_end_matches("/mdes"));
    let told = put(&skew, json!({"mdes_ms": 600_000, "bank_ms": 0})).await;
    assert_eq!(told, 200);
    let mut browser = Browser::new();
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let bank = &bench.demo.stage.bank;
    let session = session_of(&attempt);
    let refused = bank
        .push(
            APPROVING,
            &[&card()],
            Some(&session),
            crate::bench::TRID,
            None,
            Default::default(),
        )
        .await;
    assert!(refused.is_err());
    let push = &called(&bench, "pushMultipleAccounts")[0];
    let oauth = push.facts.oauth.as_ref().expect("a signature");
    assert!(
        oauth.is_right && oauth.clock_ahead_s.is_some_and(|ahead| (-601..=-599).contains(&ahead)),
        "{oauth:?}"
    );
}

#[expect(clippy::disallowed_methods, reason = "a client of a test")]
async fn put(url: &str, body: serde_json::Value) -> u16 {
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = client
        .put(url)
        .header("content-type", "application/json")
        .body(body.to_string());
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn each_way_to_sign_push_account_data_wrongly_is_told_apart() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    for (signer, key, is_right, algorithm) in [
        (Signer::Stranger, KeyState::Live, false, "RS256"),
        (Signer::Retired, KeyState::Retired, true, "RS256"),
        (Signer::HmacPublicPem, KeyState::Live, false, "HS256"),
        (Signer::Nobody, KeyState::Live, false, "none"),
        (Signer::Live, KeyState::Live, true, "RS256"),
    ] {
        let attempt = bench.begin(&mut browser, APPROVING).await;
        let session = session_of(&attempt);
        let payload = json!({"pushAccountReceipts": ["MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B"],
            "tokenRequestorSessionId": "00000000-0000-4000-8000-000000000000"});
        let forged = bench
            .demo
            .stage
            .mdes
            .forge(payload.to_string().as_bytes(), &Map::new(), signer);
        browser
            .get(&bench.at(&format!("/callback/{session}?pushAccountData={forged}")))
            .await
            .expect("a page");
        let callback = called(&bench, "GET /callback/{session}").pop().expect("a callback");
        let jws = callback.facts.jws.as_ref().expect("a JWS");
        assert_eq!(
            (jws.key, jws.is_right, jws.algorithm.as_deref()),
            (key, is_right, Some(algorithm)),
            "{signer:?}"
        );
        let (signed, asked) = (
            jws.session.as_ref().expect("a session"),
            callback.facts.session.as_ref(),
        );
        assert_ne!(Some(signed), asked, "the session that is signed is another");
    }
    // A key that was in force is known to be retired.
    let old = bench
        .demo
        .stage
        .mdes
        .sign_push_account_data("{\"pushAccountReceipts\":[]}");
    let _ = bench.demo.stage.mdes.rotate_jws_key(false);
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let address = format!("/callback/{}?pushAccountData={old}", session_of(&attempt));
    browser.get(&bench.at(&address)).await.expect("a page");
    let callback = called(&bench, "GET /callback/{session}").pop().expect("a callback");
    let jws = callback.facts.jws.as_ref().expect("a JWS");
    assert!(jws.is_right && jws.key == KeyState::Retired, "{jws:?}");
}

#[tokio::test]
async fn an_answer_that_is_lost_is_recorded_as_lost_and_the_flow_goes_on() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    bench.demo.stage.mdes.inject("checkEligibility", Fault::LoseAnswer, 1);
    let attempt = bench.begin(&mut browser, APPROVING).await;
    let callback = bench.pushed(APPROVING, &card(), &session_of(&attempt)).await;
    let back = browser.get(&callback).await.expect("a page");
    bench
        .eventually(|| {
            called(&bench, "checkEligibility")
                .iter()
                .any(|call| call.ending != Ending::Open)
        })
        .await;
    assert!(matches!(
        called(&bench, "checkEligibility")[0].ending,
        Ending::Lost { .. }
    ));
    let _ = bench.demo.stage.turn(Turn::Advance(60_000));
    bench.until(&mut browser, back, &["terms"]).await;
    let last = called(&bench, "checkEligibility").pop().expect("a call");
    assert_eq!((last.ending.status(), last.attempt), (Some(200), Some(1)));
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_nothing_open() {
    let bench = Bench::open().await;
    bench.demo.stage.mdes.inject("pushMultipleAccounts", Fault::Hang, 1);
    let card = card();
    let cards = [card.as_str()];
    let bank = &bench.demo.stage.bank;
    let push = bank.push(
        APPROVING,
        &cards,
        Some("a-session-of-a-test"),
        crate::bench::TRID,
        None,
        Default::default(),
    );
    assert!(
        tokio::time::timeout(Duration::from_millis(300), push).await.is_err(),
        "it hangs"
    );
    bench
        .eventually(|| {
            let calls = called(&bench, "pushMultipleAccounts");
            calls.iter().any(|call| matches!(call.ending, Ending::Lost { .. }))
        })
        .await;
}
