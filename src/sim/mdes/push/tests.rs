//! `pushMultipleAccounts`: each documented rule broken in turn, and what an issuer gets when none is.

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::sign::Verifier;

use super::super::testing::*;
use super::super::{CardType, DirectoryEntry};
use super::*;

#[tokio::test]
async fn an_account_becomes_a_receipt_and_a_signature() {
    let bench = Bench::new();
    let mut request = push_request(&[item("acct-1"), item("acct-2")]);
    request["requestIssuerInitiatedDigitizationData"] = json!("TRUE");
    let answer = bench.bank("pushMultipleAccounts", request).await;
    let receipts: Vec<&str> = (0..2)
        .map(|at| {
            answer["pushAccountReceipts"][at]["pushAccountReceipt"]
                .as_str()
                .unwrap()
        })
        .collect();
    let unique = receipts[0].strip_prefix("MCC-STL-").unwrap();
    assert_eq!(
        unique,
        uuid::Uuid::parse_str(unique).unwrap().to_string().to_uppercase()
    );
    assert_eq!(answer["pushAccountReceipts"][1]["pushAccountId"], "acct-2");
    assert_eq!(answer["availablePushMethods"][0]["uri"], "https://wallet.example/push");
    assert_eq!(answer["tokenRequestorSignatureSupport"], true);
    assert_ne!(answer["responseId"], "123456", "callers must not compare the two");
    let data = STANDARD.decode(
        answer["pushAccountReceipts"][0]["issuerInitiatedDigitizationData"]
            .as_str()
            .unwrap(),
    );
    let data: Value = serde_json::from_slice(&data.unwrap()).unwrap();
    assert_eq!(data["fundingAccountInfo"]["pushAccountReceipt"], receipts[0]);

    let signature = answer["signature"].as_str().unwrap();
    let parts: Vec<&str> = signature.split('.').collect();
    let decoded = |part: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    let header = format!(r#"{{"alg":"RS256","kid":"{}"}}"#, test_keys().jws_kid());
    assert_eq!(decoded(parts[0]), header);
    let payload = format!(
        r#"{{"pushAccountReceipts":["{}","{}"],"callbackURL":"https://wallet.example/callback/1","completeWebsiteActivation":true,"accountHolderDataSupplied":false,"locale":"en_US","tokenRequestorSessionId":"session-1"}}"#,
        receipts[0], receipts[1]
    );
    assert_eq!(decoded(parts[1]), payload);
    assert!(verifies(signature));
}

#[tokio::test]
async fn the_session_leaves_the_signature_and_a_wrong_key_signs_on_demand() {
    let bench = Bench::new();
    bench.mdes.set_session_in_jws(false);
    let answer = bench.bank("pushMultipleAccounts", push_request(&[item("a")])).await;
    let payload = answer["signature"].as_str().unwrap().split('.').nth(1).unwrap();
    assert!(
        !String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap())
            .unwrap()
            .contains("session-1")
    );

    bench.mdes.sign_with_wrong_key(true);
    let answer = bench.bank("pushMultipleAccounts", push_request(&[item("a")])).await;
    assert!(!verifies(answer["signature"].as_str().unwrap()));
    bench.mdes.sign_with_wrong_key(false);
    assert!(verifies(&bench.mdes.sign_push_account_data("{}")));
}

#[tokio::test]
async fn an_account_fails_alone_and_only_receipts_are_signed() {
    let bench = Bench::new();
    let mut stranger = item("stranger");
    stranger["fundingAccountData"]["cardAccountData"]["accountNumber"] = json!("4111111111111111");
    let answer = bench
        .bank("pushMultipleAccounts", push_request(&[stranger.clone(), item("mine")]))
        .await;
    let entries = &answer["pushAccountReceipts"];
    assert_eq!(reason(&entries[0]), "ACCOUNT_INELIGIBLE");
    assert_eq!(entries[0]["pushAccountId"], "stranger");
    assert!(entries[0]["pushAccountReceipt"].is_null());
    assert!(entries[1]["pushAccountReceipt"].is_string());
    assert!(answer["signature"].is_string());

    let answer = bench.bank("pushMultipleAccounts", push_request(&[stranger])).await;
    assert!(answer["signature"].is_null(), "no receipt, no signature");
}

#[tokio::test]
async fn each_rule_for_the_request_has_its_reason_code() {
    let bench = Bench::new();
    #[rustfmt::skip]
    let cases: &[(&str, Value, &str)] = &[
        ("/requestId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/requestId", json!(""), "INVALID_FIELD_LENGTH"),
        ("/requestId", json!("r".repeat(65)), "INVALID_FIELD_LENGTH"),
        ("/requestId", json!(12), "INVALID_FIELD_FORMAT"),
        ("/tokenRequestorId", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/tokenRequestorId", json!("5012345678"), "INVALID_FIELD_LENGTH"),
        ("/tokenRequestorId", json!("5012345678x"), "INVALID_FIELD_FORMAT"),
        ("/tokenRequestorId", json!("50123456780"), "INVALID_FIELD_VALUE"),
        ("/pushFundingAccounts", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/pushFundingAccounts", json!([]), "INVALID_FIELD_FORMAT"),
        ("/pushFundingAccounts/encryptedPayload", Value::Null, "MISSING_REQUIRED_FIELD"),
        ("/pushFundingAccounts/encryptedPayload/encryptedData", json!("00"), "CRYPTOGRAPHY_ERROR"),
        ("/signatureData", json!("no"), "INVALID_FIELD_FORMAT"),
        ("/signatureData/callbackURL", json!(""), "INVALID_FIELD_LENGTH"),
        ("/signatureData/callbackURL", json!(format!("https://a.example/{}", "a".repeat(239))), "INVALID_FIELD_LENGTH"),
        ("/signatureData/callbackURL", json!("/relative"), "INVALID_FIELD_FORMAT"),
        ("/signatureData/locale", json!("en_USA"), "INVALID_FIELD_LENGTH"),
        ("/signatureData/locale", json!("en-US"), "INVALID_FIELD_FORMAT"),
        ("/signatureData/tokenRequestorSessionId", json!("ab"), "INVALID_FIELD_LENGTH"),
        ("/signatureData/tokenRequestorSessionId", json!("a".repeat(65)), "INVALID_FIELD_LENGTH"),
        ("/signatureData/completeWebsiteActivation", json!("yes"), "INVALID_FIELD_FORMAT"),
        ("/signatureData/completeIssuerAppActivation", json!(1), "INVALID_FIELD_FORMAT"),
        ("/signatureData/accountHolderDataSupplied", json!([]), "INVALID_FIELD_FORMAT"),
        ("/requestIssuerInitiatedDigitizationData", json!("maybe"), "INVALID_FIELD_FORMAT"),
        ("/pushAccountReceiptsValidityPeriod", json!(4), "INVALID_FIELD_VALUE"),
        ("/pushAccountReceiptsValidityPeriod", json!(15.1), "INVALID_FIELD_VALUE"),
        ("/pushAccountReceiptsValidityPeriod", json!("15"), "INVALID_FIELD_FORMAT"),
        ("/authenticationCode", json!(""), "INVALID_FIELD_LENGTH"),
        ("/authenticationCode", json!("1".repeat(33)), "INVALID_FIELD_LENGTH"),
        ("/authenticationCode", json!("12 34"), "INVALID_FIELD_FORMAT"),
        // And the same members at the edge of what is allowed.
        ("/requestId", json!("r".repeat(64)), ""),
        ("/signatureData", Value::Null, ""),
        ("/signatureData/callbackURL", json!(format!("https://a.example/{}", "a".repeat(238))), ""),
        ("/signatureData/callbackURL", json!("moonbank://back"), ""),
        ("/signatureData/tokenRequestorSessionId", json!("abc"), ""),
        ("/signatureData/completeWebsiteActivation", json!("FALSE"), ""),
        ("/signatureData/somethingNew", json!(1), ""),
        ("/pushAccountReceiptsValidityPeriod", json!(4.5), ""),
        ("/pushAccountReceiptsValidityPeriod", json!(15), ""),
        ("/authenticationCode", json!("A1".repeat(16)), ""),
    ];
    for (pointer, value, expected) in cases {
        let mut request = push_request(&[item("acct-1")]);
        set(&mut request, pointer, value);
        let answer = bench.bank("pushMultipleAccounts", request).await;
        assert_eq!(reason(&answer), *expected, "{pointer}: {value}");
        assert_eq!(answer["signature"].is_string(), expected.is_empty());
        assert!(answer["responseId"].is_string());
    }
}

#[tokio::test]
async fn each_rule_for_an_account_has_its_reason_code() {
    let bench = Bench::new();
    let data = "/fundingAccountData";
    let card = "/fundingAccountData/cardAccountData";
    let holder = json!({
        "accountHolderName": "Zoë",
        "accountHolderAddress": {"line1": "1", "city": "Oslo", "country": "NOR"},
        "accountHolderEmailAddress": "a@b.no",
        "accountHolderMobilePhoneNumber": {"countryDialInCode": "47", "phoneNumber": "5550100"},
    });
    let financial =
        json!({"financialAccountId": "520473160001", "interbankCardAssociationId": "123", "countryCode": "NOR"});
    let with = |base: &Value, pointer: &str, value: Value| {
        let mut changed = base.clone();
        set(&mut changed, pointer, &value);
        changed
    };
    let h = |pointer: &str, value: Value| with(&holder, pointer, value);
    let f = |pointer: &str, value: Value| with(&financial, pointer, value);
    #[rustfmt::skip]
    let cases: Vec<(String, Value, &str)> = vec![
        (data.into(), Value::Null, "MISSING_REQUIRED_FIELD"),
        (card.into(), Value::Null, "MISSING_REQUIRED_FIELD"),
        (format!("{card}/accountNumber"), Value::Null, "MISSING_REQUIRED_FIELD"),
        (format!("{card}/accountNumber"), json!("52047316"), "INVALID_FIELD_LENGTH"),
        (format!("{card}/accountNumber"), json!("52047316000147840000"), "INVALID_FIELD_LENGTH"),
        (format!("{card}/accountNumber"), json!("5204 7316 0001"), "INVALID_FIELD_FORMAT"),
        (format!("{card}/accountNumber"), json!("999999999"), "ACCOUNT_INELIGIBLE"),
        (format!("{card}/expiryMonth"), json!("1"), "INVALID_FIELD_LENGTH"),
        (format!("{card}/expiryMonth"), json!("13"), "INVALID_FIELD_VALUE"),
        (format!("{card}/expiryMonth"), json!("1x"), "INVALID_FIELD_FORMAT"),
        (format!("{card}/expiryYear"), json!("2030"), "INVALID_FIELD_LENGTH"),
        (format!("{data}/dataValidUntilTimestamp"), json!("2026-01-01"), "INVALID_FIELD_LENGTH"),
        (format!("{data}/dataValidUntilTimestamp"), json!("2026-01-01 00:30:00 +"), "INVALID_FIELD_FORMAT"),
        (format!("{data}/dataValidUntilTimestamp"), json!("2025-12-31T23:59:59Z"), "INVALID_FIELD_VALUE"),
        (format!("{data}/dataValidUntilTimestamp"), json!("2026-01-31T00:00:01Z"), "INVALID_FIELD_VALUE"),
        (format!("{data}/financialAccountData"), financial.clone(), "INVALID_FIELD_VALUE"),
        (data.into(), json!({"financialAccountData": f("/financialAccountId", json!("12345678"))}), "INVALID_FIELD_LENGTH"),
        (data.into(), json!({"financialAccountData": f("/financialAccountId", Value::Null)}), "MISSING_REQUIRED_FIELD"),
        (data.into(), json!({"financialAccountData": f("/interbankCardAssociationId", json!("12"))}), "INVALID_FIELD_LENGTH"),
        (data.into(), json!({"financialAccountData": f("/countryCode", json!("NO"))}), "INVALID_FIELD_LENGTH"),
        (data.into(), json!({"financialAccountData": f("/countryCode", json!("nor"))}), "INVALID_FIELD_FORMAT"),
        (format!("{data}/accountHolderData"), h("/accountHolderName", json!("n".repeat(28))), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderAddress/line1", json!("")), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderAddress/line2", json!("l".repeat(65))), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderAddress/city", json!("c".repeat(33))), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderAddress/countrySubdivision", json!("c".repeat(13))), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderAddress/postalCode", json!("1".repeat(17))), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderAddress/country", json!("NO")), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderEmailAddress", json!("a@b.c")), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderEmailAddress", json!("e".repeat(321))), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderMobilePhoneNumber/countryDialInCode", json!("00047")), "INVALID_FIELD_LENGTH"),
        (format!("{data}/accountHolderData"), h("/accountHolderMobilePhoneNumber/phoneNumber", json!("1".repeat(21))), "INVALID_FIELD_LENGTH"),
        // And what is allowed.
        (format!("{data}/accountHolderData"), holder.clone(), ""),
        (data.into(), json!({"financialAccountData": financial}), ""),
        (format!("{card}/expiryMonth"), Value::Null, ""),
        (format!("{data}/dataValidUntilTimestamp"), json!("2026-01-31T01:00:00.000+01:00"), ""),
    ];
    for (pointer, value, expected) in cases {
        let mut account = item("acct-1");
        set(&mut account, &pointer, &value);
        let answer = bench.bank("pushMultipleAccounts", push_request(&[account])).await;
        let entry = &answer["pushAccountReceipts"][0];
        assert_eq!(reason(entry), expected, "{pointer}: {value}: {answer}");
        assert_eq!(entry["pushAccountReceipt"].is_string(), expected.is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_told_apart_fails_as_a_whole() {
    let bench = Bench::new();
    let six: Vec<Value> = (0..6).map(|at| item(&at.to_string())).collect();
    let mut nameless = item("a");
    nameless["pushAccountId"] = Value::Null;
    for (plaintext, expected) in [
        ("not json".to_owned(), "INVALID_JSON"),
        (item("a").to_string(), "INVALID_FIELD_FORMAT"),
        ("[1]".to_owned(), "INVALID_FIELD_FORMAT"),
        ("[]".to_owned(), "INVALID_FIELD_LENGTH"),
        (json!(six).to_string(), "INVALID_FIELD_LENGTH"),
        (json!([nameless]).to_string(), "MISSING_REQUIRED_FIELD"),
        (json!([item(&"a".repeat(37))]).to_string(), "INVALID_FIELD_LENGTH"),
        (json!([item("a"), item("a")]).to_string(), "INVALID_FIELD_VALUE"),
    ] {
        let answer = bench.bank("pushMultipleAccounts", push_request_of(&plaintext)).await;
        assert_eq!(reason(&answer), expected, "{plaintext}");
        assert!(answer["pushAccountReceipts"].is_null());
    }
}

#[tokio::test]
async fn a_refusal_says_which_field_in_the_published_words() {
    let bench = Bench::new();
    let mut request = push_request(&[item("a")]);
    request["signatureData"]["locale"] = json!("english");
    let answer = bench.bank("pushMultipleAccounts", request).await;
    assert_eq!(
        answer["errors"],
        json!([{
            "source": "INPUT", "reasonCode": "INVALID_FIELD_LENGTH",
            "description": "Invalid Field Length - locale", "recoverable": false,
        }])
    );
    assert!(
        answer["errorCode"].is_null(),
        "only the digitization API repeats the code at the top"
    );
}

#[tokio::test]
async fn an_account_belongs_to_the_narrowest_range() {
    for prefixes in [["520473", "5204731"], ["5204731", "520473"]] {
        let directory = prefixes.map(|prefix| entry(prefix, &["US"], prefix)).to_vec();
        let bench = Bench::with(|settings| settings.directory = directory);
        bench.token("task-1").await;
        assert_eq!(bench.mdes.tokens()[0].issuer_id, "5204731");
    }
}

#[tokio::test]
async fn the_kind_of_card_decides_the_prefix_of_its_receipt() {
    for (card_type, prefix) in [
        (CardType::Mcc, "MCC-STL-"),
        (CardType::Dmc, "DMC-STL-"),
        (CardType::Msi, "MSI-STL-"),
    ] {
        let directory = vec![DirectoryEntry {
            card_type,
            ..entry("moon", &["US"], "520473")
        }];
        let bench = Bench::with(|settings| settings.directory = directory);
        assert!(bench.receipt().await.starts_with(prefix));
    }
}

/// Sets or, with null, blanks the member at a JSON pointer whose parent exists.
fn set(target: &mut Value, pointer: &str, value: &Value) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    target.pointer_mut(parent).unwrap()[name] = value.clone();
}

fn verifies(jws: &str) -> bool {
    let (signed, signature) = jws.rsplit_once('.').unwrap();
    let key = test_keys().jws.certificate.public_key().unwrap();
    let mut verifier = Verifier::new(openssl::hash::MessageDigest::sha256(), &key).unwrap();
    verifier
        .verify_oneshot(&URL_SAFE_NO_PAD.decode(signature).unwrap(), signed.as_bytes())
        .unwrap()
}
