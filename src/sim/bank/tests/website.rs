//! Visits to the website of a bank, from the link of the wallet to the way back.

use super::*;

#[tokio::test]
async fn a_cardholder_adds_two_cards_and_returns_with_the_signed_receipts() {
    let world = World::start().await;
    let visit = world.arrive("havorn-no").await;
    let page = world.get(&format!("{visit}/sign-in")).await;
    assert!(page.html.contains(r#"data-page="sign-in""#));
    assert!(page.html.contains("Tidemark &#60;b&#62;"), "the name is escaped");
    let number = "401 would not do";
    let page = world
        .post(&format!("{visit}/sign-in"), &format!("customer={number}&password=x"))
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ada = issuer("havorn-no")
        .unwrap()
        .customer_number(card_by_id("havorn-no-ada-1").unwrap().person);
    let page = world
        .post(&format!("{visit}/sign-in"), &format!("customer={ada}&password=x"))
        .await;
    assert_eq!(page.location, Some(format!("{visit}/cards")));
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(page.html.contains(r#"data-page="cards""#));
    assert_eq!(page.html.matches("data-card-last4=").count(), 4);
    let page = world
        .post(&format!("{visit}/cards"), "card=havorn-no-ada-2&card=havorn-no-ada-1")
        .await;
    assert_eq!(page.location, Some(format!("{visit}/consent")));
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(page.html.contains(r#"data-page="consent""#));
    assert!(page.html.contains(&card_by_id("havorn-no-ada-2").unwrap().last4));
    let page = world
        .post(&format!("{visit}/consent"), "decision=add&authenticationCode=123456")
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        page.location.unwrap(),
        format!("{CALLBACK}?pushAccountData=aaa.bbb.ccc&tokenRequestorSessionId={SID}")
    );

    let (authorization, body) = world.seen("pushMultipleAccounts").remove(0);
    assert!(authorization.starts_with("OAuth oauth_consumer_key=") && authorization.contains("oauth_body_hash="));
    assert_eq!(body["tokenRequestorId"], TRID);
    assert_eq!(body["signatureData"]["tokenRequestorSessionId"], SID);
    assert_eq!(body["signatureData"]["callbackURL"], Value::Null);
    assert_eq!(body["signatureData"]["locale"], "en_US");
    assert_eq!(body["authenticationCode"], "123456");
    let accounts = decrypted(&body);
    let pans: Vec<&str> = (0..2)
        .map(|n| {
            accounts[n]["fundingAccountData"]["cardAccountData"]["accountNumber"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(
        pans,
        ["havorn-no-ada-2", "havorn-no-ada-1"].map(|id| card_by_id(id).unwrap().pan)
    );
    assert_eq!(
        world.seen("getEligibleTokenRequestors").len(),
        1,
        "the name is remembered"
    );
}

#[tokio::test]
async fn a_second_tap_on_add_leads_to_the_same_place_and_pushes_nothing() {
    let world = World::start().await;
    let visit = world.choose("podoli-cz", &["podoli-cz-ada-1"]).await;
    let path = format!("{visit}/consent");
    let (first, second) = tokio::join!(world.post(&path, "decision=add"), world.post(&path, "decision=add"));
    assert_eq!(first.location, second.location);
    assert!(first.location.unwrap().contains("pushAccountData="));
    assert_eq!(world.seen("pushMultipleAccounts").len(), 1);
    for step in ["sign-in", "cards", "consent"] {
        let page = world.get(&format!("{visit}/{step}")).await;
        assert_eq!(page.status, StatusCode::GONE);
        assert!(page.html.contains("This visit is over") && page.html.contains("pushAccountData="));
    }
}

#[tokio::test]
async fn every_page_of_a_visit_can_be_cancelled() {
    let world = World::start().await;
    let cancelled = Some(format!("{CALLBACK}?tokenRequestorSessionId={SID}&result=CANCELLED"));
    for step in ["sign-in", "cards", "consent"] {
        let visit = match step {
            "sign-in" => world.arrive("labedz-pl").await,
            "cards" => world.enter("labedz-pl", "ada").await,
            _ => world.choose("labedz-pl", &["labedz-pl-ada-1"]).await,
        };
        let page = world.get(&format!("{visit}/{step}")).await;
        assert!(page.html.contains(&format!(r#"action="{visit}/leave""#)), "{step}");
        let page = world.post(&format!("{visit}/leave"), "result=CANCELLED").await;
        assert_eq!(
            (page.status, &page.location),
            (StatusCode::SEE_OTHER, &cancelled),
            "{step}"
        );
    }
    let visit = world.choose("labedz-pl", &["labedz-pl-ada-1"]).await;
    let page = world.post(&format!("{visit}/consent"), "decision=cancel").await;
    assert_eq!(page.location, cancelled);
    assert!(world.seen("pushMultipleAccounts").is_empty());
}

#[tokio::test]
async fn cleo_has_nothing_to_add_and_returns_declined() {
    let world = World::start().await;
    let visit = world.enter("ghafa-ae", "cleo").await;
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(page.html.contains("You have no card that can be added to a wallet."));
    assert!(page.html.contains(r#"name="result" value="DECLINED""#));
    let page = world.post(&format!("{visit}/leave"), "result=DECLINED").await;
    assert!(page.location.unwrap().ends_with("&result=DECLINED"));
}

#[tokio::test]
async fn cards_that_may_not_be_added_are_refused_with_a_reason() {
    let world = World::start().await;
    let visit = world.enter("bereza-kz", "ben").await;
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(page.html.contains("Blocked. Call us to unblock it.") && page.html.contains("disabled"));
    for (body, sentence) in [
        ("", "Choose a card."),
        ("card=bereza-kz-ben-1", "Choose only cards that can be added."),
        ("card=bereza-kz-ada-1", "Choose only cards that can be added."),
        (
            "card=havorn-no-ben-2&card=bereza-kz-ben-2",
            "Choose only cards that can be added.",
        ),
    ] {
        let page = world.post(&format!("{visit}/cards"), body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(
            page.html.contains(sentence)
                && page.html.contains("role=\"alert\"")
                && page.html.contains("<title>Error: ")
        );
    }
    let page = world.get(&format!("{visit}/consent")).await;
    assert_eq!(page.location, Some(format!("{visit}/cards")));
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.location, Some(format!("{visit}/cards")));
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_visit_and_leave_a_way_back() {
    let world = World::start().await;
    let visit = world.arrive("tarnfell-gb").await;
    let ada = issuer("tarnfell-gb")
        .unwrap()
        .customer_number(card_by_id("tarnfell-gb-ada-1").unwrap().person);
    let wrong = format!("customer={ada}&password=wrong");
    for _ in 0..4 {
        let page = world.post(&format!("{visit}/sign-in"), &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = world.post(&format!("{visit}/sign-in"), &wrong).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.html.contains(r#"data-page="error""#));
    let page = world.post(&format!("{visit}/sign-in"), "persona=ada").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "nobody signs in any more");
    let page = world.post(&format!("{visit}/leave"), "result=ERROR").await;
    assert!(page.location.unwrap().ends_with("&result=ERROR"));
}

#[tokio::test]
async fn an_empty_sign_in_names_the_empty_field_and_does_not_count() {
    let world = World::start().await;
    let visit = world.arrive("yildiztepe-tr").await;
    for _ in 0..7 {
        let page = world.post(&format!("{visit}/sign-in"), "customer=&password=").await;
        assert!(page.html.contains("Enter your customer number."));
        let page = world.post(&format!("{visit}/sign-in"), "customer=1&password=").await;
        assert!(page.html.contains("Enter your password.") && page.html.contains("aria-invalid"));
    }
    let page = world.get(&format!("{visit}/cards")).await;
    assert_eq!(
        page.location,
        Some(format!("{visit}/sign-in")),
        "strangers sign in first"
    );
}

#[tokio::test]
async fn after_twelve_minutes_the_bank_ends_the_visit() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    world.clock.fetch_add(12 * 60 * 1000 + 1, Ordering::SeqCst);
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.html.contains("12 minutes") && page.html.contains(r#"value="ERROR""#));
    assert!(world.seen("pushMultipleAccounts").is_empty());
}

#[tokio::test]
async fn what_mdes_refuses_is_said_and_can_be_left_or_tried_again() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let refusal = json!({"errors": [{"source": "INPUT", "reasonCode": "CRYPTOGRAPHY_ERROR", "description": "No <i>"}]});
    world.mdes.lock().unwrap().push_answer = Some(refusal);
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.html.contains("CRYPTOGRAPHY_ERROR: No &#60;i&#62;"));
    assert!(page.html.contains(&format!(r#"href="{visit}/consent""#)) && page.html.contains(r#"value="ERROR""#));
    world.mdes.lock().unwrap().push_answer = None;
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert!(page.location.unwrap().contains("pushAccountData="));
}

#[tokio::test]
async fn without_a_signature_the_receipts_go_back_in_the_older_form() {
    let world = World::start().await;
    world.mdes.lock().unwrap().unsigned = true;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1", "havorn-no-ada-2"]).await;
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert!(
        page.location
            .unwrap()
            .contains("?pushAccountReceipts=MCC-STL-0%2CMCC-STL-1&")
    );
}

#[tokio::test]
async fn with_mdes_down_the_pages_name_the_wallet_by_its_number_and_the_push_says_so() {
    let world = World::without_mdes().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(page.html.contains(&format!("wallet {TRID}")));
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.status, StatusCode::BAD_GATEWAY);
    assert!(page.html.contains("MDES could not be reached"));
}

#[tokio::test]
async fn the_code_of_the_wallet_is_letters_and_digits_only() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    for code in ["12-34", "%C3%A9", &"a".repeat(33), "%3Cscript%3E"] {
        let body = format!("decision=add&authenticationCode={code}");
        let page = world.post(&format!("{visit}/consent"), &body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
        assert!(page.html.contains("letters and digits") && !page.html.contains("<script"));
    }
    assert!(world.seen("pushMultipleAccounts").is_empty());
    let page = world
        .post(&format!("{visit}/consent"), "decision=add&authenticationCode=")
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        world.seen("pushMultipleAccounts")[0].1["authenticationCode"],
        Value::Null
    );
}

#[tokio::test]
async fn a_bad_link_from_a_wallet_gets_a_page_that_says_what_is_wrong() {
    let world = World::start().await;
    let twice = format!("{}&callbackURL=http%3A%2F%2Fevil%2F", link("havorn-no", CALLBACK));
    for (path, sentence) in [
        ("/banks/havorn-no/pull".to_owned(), "tokenRequestorSessionId is missing"),
        (link("havorn-no", "javascript:alert(1)"), "only http and https"),
        (link("havorn-no", "intent://x"), "only http and https"),
        (twice, "callbackURL is there twice"),
        (
            link("havorn-no", &format!("http://w/{}", "x".repeat(300))),
            "longer than 256",
        ),
    ] {
        let page = world.get(&path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(
            page.html.contains(sentence) && page.html.contains(r#"data-page="error""#),
            "{path}"
        );
        assert!(
            !page.html.contains("javascript:") && !page.html.contains("evil"),
            "nothing is echoed"
        );
    }
    assert_eq!(
        world.get(&link("nobank-xx", CALLBACK)).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn requests_that_make_no_sense_get_a_page_and_change_nothing() {
    let world = World::start().await;
    let visit = world.arrive("havorn-no").await;
    let sign_in = format!("{visit}/sign-in");
    let not_a_form = Request::post(&sign_in).header(header::CONTENT_TYPE, "application/json");
    let long = "x=".to_owned() + &"y".repeat(17 * 1024);
    for (page, status) in [
        (world.get("/nothing/here").await, StatusCode::NOT_FOUND),
        (world.get("/visits/feed").await, StatusCode::NOT_FOUND),
        (world.get("/visits/%ff/cards").await, StatusCode::BAD_REQUEST),
        (world.get("/banks/havorn-no/art/none.svg").await, StatusCode::NOT_FOUND),
        (world.get("/wallets/50000000000/logo").await, StatusCode::NOT_FOUND),
        (
            world.get(&format!("{visit}/leave")).await,
            StatusCode::METHOD_NOT_ALLOWED,
        ),
        (world.post("/phone", "").await, StatusCode::METHOD_NOT_ALLOWED),
        (world.post(&sign_in, &long).await, StatusCode::PAYLOAD_TOO_LARGE),
        (world.post(&sign_in, "persona=eve").await, StatusCode::BAD_REQUEST),
        (
            world.post(&sign_in, "persona=ada&persona=ben").await,
            StatusCode::BAD_REQUEST,
        ),
        (
            world.post(&format!("{visit}/leave"), "result=APPROVED").await,
            StatusCode::BAD_REQUEST,
        ),
        (world.post("/phone/activate", "token=T").await, StatusCode::NOT_FOUND),
        (
            world.send(not_a_form.body(Body::from("{}")).unwrap()).await,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
    ] {
        assert_eq!(page.status, status);
        assert!(page.html.contains(r#"data-page="error""#), "{status}: {}", page.html);
        assert!(page.policy.starts_with("default-src 'none'"));
    }
    assert!(world.get(&sign_in).await.html.contains(r#"data-page="sign-in""#));
}

#[tokio::test]
async fn the_policy_lets_forms_end_at_the_wallet_and_nothing_else_in() {
    let world = World::start().await;
    for path in ["/", "/phone"] {
        let page = world.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(
            page.policy,
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        assert!(!page.html.contains("<script") && !page.html.contains("style="));
    }
    let visit = world.arrive("havorn-no").await;
    world.get(&format!("{visit}/sign-in")).await;
    let logo = world.get(&format!("/wallets/{TRID}/logo")).await;
    assert_eq!(logo.status, StatusCode::OK);
    assert!(logo.policy.contains("sandbox"), "a foreign picture runs nothing");
    assert!(world.get("/").await.html.matches("data-bank=").count() == 12);
}
