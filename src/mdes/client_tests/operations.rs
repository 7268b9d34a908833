//! Each operation: what is sent, and what the answer becomes.

use super::*;
use crate::domain::same_person::SamePersonCode;
use crate::domain::token::{Suspender, TokenStatus};

#[tokio::test]
async fn every_attempt_is_signed_anew_over_what_is_sent() {
    let server = Server::start(Script::Says(ok_json(DECLINED))).await;
    let client = client(&server.base);
    digitize(&client).await.expect("an answer");
    digitize(&client).await.expect("an answer");
    assert_eq!(server.connections(), 2, "no connection is kept");
    let (first, second) = (server.request(0), server.request(1));
    let (head, body) = first.split_once("\r\n\r\n").expect("a head");
    assert!(
        head.starts_with("POST /mdes/digitization/1/0/digitize HTTP/1.1\r\n"),
        "{head}"
    );
    let lower = head.to_ascii_lowercase();
    assert!(lower.contains("content-type: application/json; charset=utf-8"));
    assert!(!lower.contains("referer") && !lower.contains("cookie") && !lower.contains("accept-encoding"));
    assert!(head.contains(&format!("oauth_body_hash=\"{}\"", oauth1::body_hash(body.as_bytes()))));
    assert!(head.contains("oauth_timestamp=\"1767225600\""));
    assert!(head.contains(&format!("oauth_nonce=\"{}\"", "00".repeat(16))));
    assert!(
        second.contains(&format!("oauth_nonce=\"{}\"", "01".repeat(16))),
        "a nonce is never used again"
    );
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(
        body,
        json!({
            "responseHost": "wallet.example", "requestId": "request-1", "paymentAppInstanceId": "instance-1",
            "eligibilityReceipt": {"value": "eligible-1"}, "taskId": "task-1", "termsAndConditionsAssetId": "terms-1",
            "termsAndConditionsAcceptedTimestamp": "2026-01-01T00:00:01.123Z",
            "fundingAccountInfo": {"pushAccountReceipt": "MCC-STL-0A1B2C3D-4E5F"},
            "decisioningData": {"deviceIpAddress": "203.0.113.7"}
        })
    );
}

#[tokio::test]
async fn the_source_is_encrypted_beside_the_receipt_where_that_is_set() {
    let (certificate, key) = own_certificate("mdes");
    let server = Server::start(Script::Says(ok_json(DECLINED))).await;
    let recipient = SourceEncryption::from_certificate(&certificate.to_der().expect("DER")).expect("a recipient");
    let settings = Settings {
        source_payload: Some(recipient),
        ..settings(&server.base)
    };
    digitize(&Client::new(settings, sources()).expect("a client"))
        .await
        .expect("an answer");
    let request = server.request(0);
    let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    let account = &body["fundingAccountInfo"];
    assert_eq!(account["pushAccountReceipt"], "MCC-STL-0A1B2C3D-4E5F");
    let encrypted = serde_json::from_value(account["encryptedPayload"].clone()).expect("a payload");
    let key = key.private_key_to_pem_pkcs8().expect("PEM");
    let key = notification::NotificationKey::from_pem(&key, Some(&certificate.to_der().expect("DER"))).expect("a key");
    let source = payload::decrypt(&key, &encrypted).expect("decrypts");
    assert_eq!(source, br#"{"source":"ACCOUNT_ADDED_VIA_APPLICATION"}"#);
}

/// The name is assumed (protocol facts 12.5).
#[tokio::test]
async fn the_code_of_the_person_stands_beside_the_receipt_where_mdes_compares_it() {
    let eligible = r#"{"responseId":"request-1","eligibilityReceipt":{"value":"e-1","validForMinutes":60},"termsAndConditionsAssetId":"terms-1"}"#;
    let server = Server::start(Script::Says(ok_json(eligible))).await;
    let client = client(&server.base);
    let code = SamePersonCode::parse("482107").expect("a code");
    for code in [Some(&code), None] {
        client
            .check_eligibility(&request_id(), "instance-1", &receipt(), code, None)
            .await
            .expect("eligible");
    }
    let body = |at: usize| -> Value {
        let request = server.request(at);
        let (head, body) = request.split_once("\r\n\r\n").expect("a head");
        assert!(
            head.starts_with("POST /mdes/digitization/1/0/checkEligibility HTTP/1.1\r\n") && !head.contains("482107")
        );
        serde_json::from_str(body).expect("JSON")
    };
    let mut wanted = json!({
        "responseHost": "wallet.example", "requestId": "request-1", "paymentAppInstanceId": "instance-1",
        "tokenType": "CLOUD", "paymentAppId": "WalletApp1", "cardletId": "1.0", "consumerLanguage": "en",
        "fundingAccountInfo": {"pushAccountReceipt": "MCC-STL-0A1B2C3D-4E5F", "authenticationCode": "482107"}
    });
    assert_eq!(body(0), wanted);
    wanted["fundingAccountInfo"] = json!({"pushAccountReceipt": "MCC-STL-0A1B2C3D-4E5F"});
    assert_eq!(body(1), wanted);
}

#[tokio::test]
async fn an_address_that_does_not_fit_the_wire_is_left_out() {
    let server = Server::start(Script::Says(ok_json(DECLINED))).await;
    let client = client(&server.base);
    for device_ip in [None, Some("2001:db8::1"), Some("203.0.113.7, 10.0.0.1"), Some("evil\"")] {
        let order = DigitizeOrder {
            request: &request_id(),
            task: &TaskId::parse("t").expect("an id"),
            instance: "i",
            receipt: &receipt(),
            eligibility: &EligibilityReceipt::new("e"),
            terms: &AssetId::parse("t").expect("an id"),
            accepted_at: Millis(0),
            device_ip,
        };
        client.digitize(&order).await.expect("an answer");
    }
    for at in 0..4 {
        assert!(!server.request(at).contains("decisioningData"));
    }
}

#[tokio::test]
async fn a_whole_conversation_is_understood() {
    let server = Server::start(Script::Answers(|request| {
        let mut answer = json!({
            "responseHost": "mdes.example", "responseId": request["requestId"], "errors": [], "somethingNew": {"a": [1]},
            "eligibilityReceipt": {"value": "e-1", "validForMinutes": 60}, "termsAndConditionsAssetId": "terms-1",
            "decision": "REQUIRE_ADDITIONAL_AUTHENTICATION", "tokenUniqueReference": "DWSPMC1", "panUniqueReference": "FWSPMC1",
            "authenticationMethods": [{"id": 12344, "type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "12X-XXX-XX32"}],
            "productConfig": {"shortDescription": "Moon Rewards", "issuerName": "Moon Bank", "foregroundColor": "0a0B0c",
                "cardBackgroundCombinedAssetId": "art-1", "isCoBranded": "true"},
            "tokenInfo": {"accountPanSuffix": "6789", "dsrpCapable": true},
            "result": "SUCCESS", "status": "IN_PROGRESS",
            "issuers": [{"issuerId": "moon", "name": "Moon Bank", "countryCode": ["US"],
                "availablePullMethods": [{"type": "WEB", "uri": "https://moon.example/"}]}, {"name": 7}, "x"],
            "token": {"tokenUniqueReference": "DWSPMC1", "status": "SUSPENDED", "statusTimestamp": "2026-01-01T00:00:00Z"}
        });
        let status = if request.get("causedBy").is_some() { "DEACTIVATED" } else { "INACTIVE" };
        answer["tokens"] = json!([{"tokenUniqueReference": "DWSPMC1", "status": status,
            "authenticationMethods": [{"id": "1", "type": "EMAIL_TO_CARDHOLDER_ADDRESS", "value": "a***@b.example"}]}]);
        answer
    }))
    .await;
    let (client, id, token) = (client(&server.base), request_id(), reference());
    let issuers = client.eligible_issuers(&id).await.expect("issuers");
    assert_eq!(
        (issuers.len(), issuers[0].name.as_str(), issuers[1].name.as_str()),
        (2, "Moon Bank", "7")
    );
    let eligibility = client
        .check_eligibility(&id, "i", &receipt(), None, None)
        .await
        .expect("eligible");
    assert_eq!(
        (eligibility.receipt.expose(), eligibility.valid_for_minutes),
        ("e-1", 60)
    );
    let Digitized::NeedsAuthentication(made, methods) = digitize(&client).await.expect("digitized") else {
        panic!("yellow");
    };
    assert_eq!(made.reference, token);
    assert_eq!(made.account.expect("an account").as_str(), "FWSPMC1");
    assert_eq!(made.face.last4.as_deref(), Some("6789"));
    assert_eq!(made.face.product.as_deref(), Some("Moon Rewards"));
    assert_eq!(methods[0].id, "12344");
    client
        .request_activation_code(&id, "i", &token, &methods[0].id)
        .await
        .expect("sent");
    assert!(
        server.request(3).contains(r#""authenticationMethod":{"id":12344}"#),
        "a number stays one"
    );
    let code = SecretString::from("123456");
    assert_eq!(client.activate(&id, "i", &token, &code).await, Ok(Activation::Success));
    let task = TaskId::parse("task-1").expect("an id");
    assert_eq!(client.task_status(&id, "i", &task).await, Ok(TaskStatus::Pending));
    let found = client.search_tokens(&id, "i", &receipt()).await.expect("tokens");
    assert_eq!((found.len(), found[0].1.len()), (1, 1));
    let record = client.token(&id, "i", &token).await.expect("a token");
    assert_eq!(record.changed_at, Some(Millis(1_767_225_600_000)));
    let other = TokenReference::parse("DWSPMC2").expect("a reference");
    let error = client
        .token(&id, "i", &other)
        .await
        .expect_err("another token's answer");
    assert_eq!(error.kind(), &MdesErrorKind::Lost);
    let delete = async |token| {
        let cause = CausedBy::TokenRequestor;
        client.change_token(TokenChange::Delete, cause, &id, "i", token).await
    };
    assert_eq!(delete(&token).await.expect("deleted").status, TokenStatus::Deactivated);
    let error = delete(&other).await.expect_err("another token's answer");
    assert_eq!(error.kind(), &MdesErrorKind::Lost);
}

#[tokio::test]
async fn some_refusals_are_answers() {
    let refuse = |code: &str| Script::Says(ok_json(&format!(r#"{{"errors":[{{"reasonCode":"{code}"}}]}}"#)));
    let task = TaskId::parse("task-1").expect("an id");
    let unknown = Server::start(refuse("INVALID_TASK_ID")).await;
    assert_eq!(
        client(&unknown.base).task_status(&request_id(), "i", &task).await,
        Ok(TaskStatus::Unknown)
    );
    let code = SecretString::from("123456");
    for (reason, activation) in [
        ("INCORRECT_CODE", Some(Activation::IncorrectCode)),
        ("INCORRECT_CODE_RETRIES_EXCEEDED", Some(Activation::RetriesExceeded)),
        ("EXPIRED_CODE", Some(Activation::ExpiredCode)),
        ("EXPIRED_SESSION", Some(Activation::ExpiredSession)),
        ("SUCCESS", None),
        ("INVALID_WORKFLOW", None),
    ] {
        let refused = Server::start(refuse(reason)).await;
        let as_error = client(&refused.base)
            .activate(&request_id(), "i", &reference(), &code)
            .await;
        assert_eq!(as_error.ok(), activation, "{reason} as an error");
        let result = ok_json(&format!(r#"{{"responseId":"request-1","result":"{reason}"}}"#));
        let answered = Server::start(Script::Says(result)).await;
        let as_result = client(&answered.base)
            .activate(&request_id(), "i", &reference(), &code)
            .await;
        let wanted = if reason == "SUCCESS" {
            Some(Activation::Success)
        } else {
            activation
        };
        assert_eq!(as_result.ok(), wanted, "{reason} as a result");
    }
}

#[tokio::test]
async fn an_asset_comes_decoded_and_its_id_cannot_lead_elsewhere() {
    let body = r#"{"mediaContents":[{"type":"Image/PNG","data":"iVBORw","width":"192","height":192}]}"#;
    let server = Server::start(Script::Says(ok_json(body))).await;
    let client = client(&server.base);
    let parts = client
        .asset(&AssetId::parse("logo-1").expect("an id"))
        .await
        .expect("an asset");
    assert_eq!(
        (parts[0].media_type.as_str(), parts[0].bytes.as_slice()),
        ("image/png", &b"\x89PNG"[..])
    );
    assert_eq!((parts[0].width, parts[0].height), (Some(192), Some(192)));
    assert!(
        server
            .request(0)
            .starts_with("GET /mdes/assets/1/0/asset/logo-1 HTTP/1.1\r\n")
    );
    for dots in [".", ".."] {
        let error = client
            .asset(&AssetId::parse(dots).expect("an id by its characters"))
            .await
            .expect_err("no asset");
        assert_eq!(error.kind(), &MdesErrorKind::NotSent);
    }
    assert_eq!(server.connections(), 1);
    let refused = r#"{"errors":[{"source":"INPUT","reasonCode":"INVALID_FIELD_VALUE"}]}"#;
    for (body, reason) in [
        (refused, Some("INVALID_FIELD_VALUE")),
        (r#"{"mediaContents":[]}"#, None),
        (r#"{"mediaContents":[{"type":"image/png","data":"!"}]}"#, None),
    ] {
        let server = Server::start(Script::Says(ok_json(body))).await;
        let asset = super::Client::new(settings(&server.base), sources()).expect("a client");
        let error = asset
            .asset(&AssetId::parse("x").expect("an id"))
            .await
            .expect_err("no asset");
        assert_eq!(error.reason_code(), reason, "{body}");
    }
}

#[tokio::test]
async fn a_list_is_bounded_by_its_own_limit() {
    let entry = r#"{"name":"Moon Bank","countryCode":"US"}"#;
    for (entries, fits) in [(90, true), (120, false)] {
        let body = format!(r#"{{"issuers":[{}]}}"#, vec![entry; entries].join(","));
        assert_eq!(body.len() <= 4_000, fits);
        let server = Server::start(Script::Says(ok_json(&body))).await;
        assert_eq!(client(&server.base).eligible_issuers(&request_id()).await.is_ok(), fits);
    }
    let server = Server::start(Script::Says(ok_json(
        r#"{"responseId":"any","issuers":[],"errors":[]}"#,
    )))
    .await;
    assert_eq!(
        client(&server.base).eligible_issuers(&request_id()).await,
        Ok(Vec::new())
    );
    for body in ["{}", r#"{"issuers":null}"#, r#"{"issuers":{}}"#] {
        let server = Server::start(Script::Says(ok_json(body))).await;
        assert!(
            client(&server.base).eligible_issuers(&request_id()).await.is_err(),
            "{body}"
        );
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let fault = |settings: Settings| Client::new(settings, sources()).expect_err("a fault");
    for base in [
        "",
        "mdes",
        "ftp://a.example",
        "http://mdes.example/mdes",
        "https://u:p@mdes.example",
        "https://a.example/?x=1",
        "https://a.example/a/../b",
    ] {
        assert_eq!(fault(settings(base)), ClientFault::BaseUrl, "{base}");
    }
    let base = "https://mdes.example/mdes/";
    for key in ["", "a\"b", "a,b", "a b", "é"] {
        let settings = Settings {
            consumer_key: SecretString::from(key),
            ..settings(base)
        };
        assert_eq!(fault(settings), ClientFault::ConsumerKey, "{key}");
    }
    let paths = Paths {
        digitize: "digitize".to_owned(),
        ..Paths::default()
    };
    assert_eq!(
        fault(Settings {
            paths,
            ..settings(base)
        }),
        ClientFault::Path("digitize")
    );
    let paths = Paths {
        asset: "/asset?id={id}".to_owned(),
        ..Paths::default()
    };
    assert_eq!(
        fault(Settings {
            paths,
            ..settings(base)
        }),
        ClientFault::Path("asset")
    );
    let (zero, late) = (
        Timeouts {
            read_ms: 0,
            ..Timeouts::default()
        },
        Timeouts {
            connect_ms: 15_000,
            ..Timeouts::default()
        },
    );
    for timeouts in [zero, late] {
        assert_eq!(
            fault(Settings {
                timeouts,
                ..settings(base)
            }),
            ClientFault::Timeouts
        );
    }
    let extra_ca_pem = Some(b"nothing".to_vec());
    assert_eq!(
        fault(Settings {
            extra_ca_pem,
            ..settings(base)
        }),
        ClientFault::CertificateAuthority
    );
    let client_identity = Some(ClientIdentity::Pkcs12 {
        der: vec![0],
        password: SecretString::from("x"),
    });
    assert_eq!(
        fault(Settings {
            client_identity,
            ..settings(base)
        }),
        ClientFault::ClientIdentity
    );
    let shown = format!("{:?}", settings(base));
    assert!(
        !shown.contains("consumer!key") && shown.contains("SigningKey(redacted)"),
        "{shown}"
    );
    assert!(Client::new(settings(base), sources()).is_ok());
}

#[tokio::test]
async fn a_change_counts_only_when_the_token_is_shown_so() {
    let standing = async |change: TokenChange, token: &str| {
        let says = format!(r#"{{"responseId":"request-1","tokens":[{token}]}}"#);
        let server = Server::start(Script::Says(ok_json(&says))).await;
        let client = client(&server.base);
        let cause = CausedBy::Cardholder;
        let answer = client
            .change_token(change, cause, &request_id(), "i", &reference())
            .await;
        assert!(
            server
                .request(0)
                .contains(r#""causedBy":"CARDHOLDER","reasonCode":"OTHER""#)
        );
        answer
    };
    let of = |status: &str, rest: &str| format!(r#"{{"tokenUniqueReference":"DWSPMC1","status":"{status}"{rest}}}"#);
    let by = r#","suspendedBy":["CARDHOLDER","SOMEBODY"],"statusTimestamp":"2026-01-01T00:00:00Z""#;
    let paused = standing(TokenChange::Suspend, &of("SUSPENDED", by))
        .await
        .expect("paused");
    assert_eq!(
        paused.suspended_by,
        Some([Suspender::Cardholder, Suspender::Unknown].into())
    );
    assert_eq!(paused.at, Some(Millis(1_767_225_600_000)));
    let held = standing(TokenChange::Unsuspend, &of("SUSPENDED", ""))
        .await
        .expect("held by another");
    assert_eq!((held.status, held.suspended_by), (TokenStatus::Suspended, None));
    for (change, token) in [
        (TokenChange::Suspend, of("ACTIVE", "")),
        (TokenChange::Unsuspend, of("INACTIVE", "")),
        (TokenChange::Delete, of("SUSPENDED", "")),
        (TokenChange::Delete, of("DEACTIVATED", "").replace("DWSPMC1", "DWSPMC2")),
        (TokenChange::Suspend, of("GONE", "")),
    ] {
        let error = standing(change, &token).await.expect_err("not so");
        assert_eq!(error.kind(), &MdesErrorKind::Lost, "{change:?} {token}");
    }
}
