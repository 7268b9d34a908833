//! Signed tokens.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use tidemark::domain::receipt::{ReceiptToken, UnverifiedJws};
use tidemark::domain::token::MediaContent;
use tidemark::mdes::jws::{JwsFault, KeySet, push_account_data, verdict, verify};
use tidemark::mdes::keys::KeyFault;

use crate::{pem, text, vectors};

/// The one key through every form in which it may arrive.
fn key_sets() -> Vec<(&'static str, KeySet)> {
    let jws = &vectors()["jws"];
    let kid = text(jws, "kid");
    let certificate = STANDARD
        .decode(jws["jwk"]["x5c"][0].as_str().expect("a certificate"))
        .expect("base64");
    let answer = json!({ "mediaContents": jws["asset_mediaContents"] });
    let files: [(&str, Vec<u8>); 4] = [
        ("a JWK", jws["jwk"].to_string().into_bytes()),
        ("a JWK set", json!({ "keys": [jws["jwk"]] }).to_string().into_bytes()),
        ("an asset answer", answer.to_string().into_bytes()),
        ("a PEM certificate", pem("CERTIFICATE", &certificate)),
    ];
    let mut sets: Vec<(&str, KeySet)> = files
        .into_iter()
        .map(|(form, bytes)| {
            let mut set = KeySet::default();
            set.add_file(kid, &bytes)
                .unwrap_or_else(|fault| panic!("{form}: {fault}"));
            (form, set)
        })
        .collect();
    let data = text(&jws["asset_mediaContents"][0], "data");
    let content = MediaContent {
        media_type: "application/jwk+json".to_owned(),
        bytes: STANDARD.decode(data).expect("base64"),
        width: None,
        height: None,
    };
    let mut set = KeySet::default();
    set.add_asset(kid, &[content]).expect("the fetched asset");
    sets.push(("a fetched asset", set));
    sets
}

/// The reason for which each case that is not valid has to be refused.
fn reason(name: &str) -> Option<JwsFault> {
    Some(match name {
        "last signature byte flipped" | "payload swapped after signing" | "signed by a different key under our kid" => {
            JwsFault::Signature
        }
        "unknown kid" => JwsFault::UnknownKey,
        "no kid" => JwsFault::KeyId,
        "alg none" => JwsFault::Parts,
        "HS256 keyed with the public PEM" => JwsFault::Algorithm,
        "embedded jwk of another key" | "crit header" => JwsFault::HeaderMember,
        "two segments" => JwsFault::Parts,
        "padded base64" => JwsFault::Character,
        "payload is not an object" => JwsFault::Payload,
        "empty receipts" | "receipts is a string" | "receipt of 65 characters" | "six receipts" => JwsFault::Receipts,
        _ => return None,
    })
}

#[test]
fn all_21_cases_have_their_outcome_with_the_key_in_every_form() {
    let set = vectors();
    let cases = set["jws"]["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 21);
    for (form, keys) in key_sets() {
        assert_eq!(keys.kids(), [text(&set["jws"], "kid")], "{form}");
        for case in cases {
            let name = text(case, "name");
            let outcome = verify(&keys, &UnverifiedJws::new(text(case, "jws")));
            match text(case, "expect") {
                // The signature of the "policy" case is good; where the address may lead is decided elsewhere.
                "valid" | "policy" => {
                    let receipt = outcome.unwrap_or_else(|fault| panic!("{form}, {name}: {fault}"));
                    assert_eq!(receipt.kid(), text(&set["jws"], "kid"));
                    assert_eq!(reason(name), None, "{name}");
                }
                "reject" => assert_eq!(outcome.err(), Some(reason(name).expect(name)), "{form}, {name}"),
                other => panic!("{name}: an expectation that is new to us, {other}"),
            }
        }
    }
}

#[test]
fn what_was_signed_comes_out_as_it_was_signed() {
    let set = vectors();
    let (_, keys) = key_sets().swap_remove(0);
    let find = |name: &str| {
        let cases = set["jws"]["cases"].as_array().expect("cases");
        let case = cases.iter().find(|case| text(case, "name") == name).expect(name);
        verify(&keys, &UnverifiedJws::new(text(case, "jws"))).expect("valid")
    };
    let one = find("single receipt, observed key order");
    assert_eq!(
        one.data().receipts[0].expose(),
        "MCC-STL-0A1B2C3D-4E5F-4A6B-8C7D-9E0F1A2B3C4D"
    );
    assert_eq!(
        one.data().callback_url.as_deref(),
        Some("https://issuer.example/tc/return?session_id=789456123")
    );
    assert_eq!(one.data().complete_website_activation, Some(true));
    assert_eq!(one.data().account_holder_data_supplied, Some(false));
    assert_eq!(one.data().complete_issuer_app_activation, None);
    assert_eq!(one.data().locale.as_deref(), Some("en_US"));
    assert_eq!(one.data().session_id, None);
    let pull = find("pull profile (GUESS): tokenRequestorSessionId appended, callbackURL present");
    assert_eq!(
        pull.data().session_id.as_deref(),
        Some("dbc55444-496a-4896-b41c-5d5e2dd431e2")
    );
    assert_eq!(find("three receipts").data().receipts.len(), 3);
    assert_eq!(find("no callbackURL").data().callback_url, None);
    assert_eq!(
        find("javascript callback").data().callback_url.as_deref(),
        Some("javascript:alert(1)")
    );
}

#[test]
fn a_verdict_tells_the_reason_and_no_receipt() {
    let set = vectors();
    let (_, keys) = key_sets().swap_remove(0);
    for case in set["jws"]["cases"].as_array().expect("cases") {
        let verdict = verdict(&keys, text(case, "jws"));
        let valid = text(case, "expect") != "reject";
        assert_eq!(verdict["valid"], Value::Bool(valid), "{verdict}");
        let printed = verdict.to_string();
        assert!(
            !printed.contains("0A1B2C3D") && !printed.contains("789456123"),
            "{printed}"
        );
        if !valid {
            assert!(text(&verdict, "reason").starts_with("jws_") && !text(&verdict, "why").is_empty());
        }
    }
}

#[test]
fn the_token_in_the_signed_redirects_verifies() {
    let (_, keys) = key_sets().swap_remove(0);
    let redirects = &vectors()["redirects"]["to_wallet"];
    let mut seen = 0;
    for redirect in redirects.as_array().expect("redirects") {
        let url = url::Url::parse(text(redirect, "url")).expect("an address");
        if let Some((_, token)) = url.query_pairs().find(|(name, _)| name == "pushAccountData") {
            assert!(verify(&keys, &UnverifiedJws::new(token)).is_ok());
            seen += 1;
        }
    }
    assert_eq!(seen, 2);
}

const SANDBOX: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEwOTUyMzE2MTc0MTI5MTU4MDYifQ.eyJwdXNoQWNjb3VudFJlY2VpcHRzIjpbIk1DQy1TVEwtNDMyMzMwOTgtNjRCMi00OTMwLUEyRDEtM0Q3Nzg4OTRCMDJCIl0sImNhbGxiYWNrVVJMIjoiaHR0cHM6Ly9zYW5kYm94LnNyYy5tYXN0ZXJjYXJkLmNvbS9wcm92aXNpb24iLCJjb21wbGV0ZVdlYnNpdGVBY3RpdmF0aW9uIjpmYWxzZSwiYWNjb3VudEhvbGRlckRhdGFTdXBwbGllZCI6dHJ1ZSwibG9jYWxlIjoiZW5fVVMifQ.e-qIRpW_uEy2Ecd2_dhNNudy02o0wfw36PqpHwZUspkSskUsEgrBffyEiHGwCpuwVCKkh4T6YWlb9j5A3O-nUOCIq4CP4FsdViWUrUbSV8WR56YfxHnHV81XAzxu97MHpdfXHtnXwvogGV5hPbgJd9Eip6FctrcJEOCsns2paN8lSwxwBrNQ7ers40c2KPUCSBhqNGEeMOQSngAA129hA7tvwBr-CBEFP-L2dnAPrrkhlY3-aVxl8aohlEoqREhUtw7yVArxvEGOFXKfwCBmwst5iTSbvXpHP_h94OnJTV_rDOPbXCM27DsGeAYe7VECQBFQw79Z2rRmSkPPQ-9oWA";
const TEST_FACILITY: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjIwMjEwOTI3MDkxMzQwLU1ERVMtdG9rZW4tY29ubmVjdC1tdGYifQ.eyJwdXNoQWNjb3VudFJlY2VpcHRzIjpbIk1DQy1TVEwtRkQxOTgwRTEtNTUwNy00N0E2LTg5OTEtOUZCRTJCMTE4N0Y5Il0sImNhbGxiYWNrVVJMIjoiaHR0cHM6Ly90b2tlbmNvbm5lY3QubWNzcmN0ZXN0c3RvcmUuY29tL3Rva2VuaXphdGlvbi1yZXN1bHRzIiwiY29tcGxldGVXZWJzaXRlQWN0aXZhdGlvbiI6dHJ1ZSwiYWNjb3VudEhvbGRlckRhdGFTdXBwbGllZCI6dHJ1ZSwibG9jYWxlIjoiZW5fVVMifQ.AbNdt-SKiOvXsB79k7Dl2_pOnSZWIN6gN9aT7uUgybhiLxA7QF59qUVoA0pzCb1aAdx6_yPzwkLCks_mhAR94LCdwdhXQl3ixD666cmai-IzBkRo7MGx3ZDykjN4qC1YbTeSREsRlO4pN0wJJfvsua3WCCH-ivcn9rEc02oDRak5OfU2qX1REtn_OHZ-6eb1uR12YpzSswJZzL2VRJArpAou_C5lyK6wy5HrdoAxUsJ1CY9KCePSqbHC1xTa-dllJoOt-pG6kTYSRKkCG2b0mHsLcYitrOD8hmqQrIwXGWs0Tc5XPQTUkYMbLXAN6KihQ3RQBW2s-ht5xmVkRwMSkg";
const THREE_CARDS: &str = r#"{"pushAccountReceipts":["MCC-STL-D0B9C86C-B4EA-4DFF-856E-11437B9D0586","MSI-STL-FF71A5BB-23CC-4D01-AFF8-376118F14D37","MCC-STL-471E0AD8-E233-492D-8FFE-06283CBD5018"],"callbackURL":"https://tokenconnect.mcsrcteststore.com/tokenization-results","completeWebsiteActivation":true,"accountHolderDataSupplied":true,"locale":"en_US"}"#;

#[test]
fn real_tokens_get_as_far_as_their_unknown_key() {
    let (_, keys) = key_sets().swap_remove(0);
    let receipts = [
        "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B",
        "MCC-STL-FD1980E1-5507-47A6-8991-9FBE2B1187F9",
    ];
    for ((token, length), receipt) in [(SANDBOX, 692), (TEST_FACILITY, 736)].into_iter().zip(receipts) {
        assert_eq!(token.len(), length);
        let fault = verify(&keys, &UnverifiedJws::new(token)).expect_err("their keys are not public");
        assert_eq!(fault, JwsFault::UnknownKey);
        assert!(fault.is_unknown_kid());
        let payload = token.split('.').nth(1).expect("a payload");
        let data = push_account_data(&URL_SAFE_NO_PAD.decode(payload).expect("base64url")).expect("readable");
        assert_eq!(data.receipts[0].expose(), receipt);
        assert_eq!(data.account_holder_data_supplied, Some(true));
    }
    let three = push_account_data(THREE_CARDS.as_bytes()).expect("readable");
    assert_eq!(three.receipts.len(), 3);
    assert_eq!(three.complete_website_activation, Some(true));
}

#[test]
fn the_example_of_the_specification_is_no_json_and_is_refused() {
    // Pretty-printed with CR LF and a no-break space before the first name.
    let example = "{\r\n\u{a0}\"pushAccountReceipts\":[\"MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE\"],\r\n \"locale\":\"en_US\"\r\n}";
    assert_eq!(push_account_data(example.as_bytes()).err(), Some(JwsFault::Payload));
    let mended = example.replace('\u{a0}', " ");
    assert!(
        push_account_data(mended.as_bytes()).is_ok(),
        "CR LF alone is white space"
    );
}

#[test]
fn the_sample_key_of_the_guide_loads_under_its_id_with_its_thumbprint() {
    let kid = "20210602171813-MDES-token-connect-stage1";
    let jwk = json!({
        "kty": "RSA", "alg": "RS256", "e": "AQAB", "use": "sig", "key_ops": ["verify"], "kid": kid,
        "x5t#S256": "J16vWu4fjH_RGA7w_3H2NexHmez3fGTKBEviSrZ17C4",
        "n": "lZOJJ3llJcwdccIi_sG4FIMm_4bzByEEQCEhd1so12kwNfDKKMn7Q_nXLaNZG8tLRxwZRlG1DmuTcxRJ9ESx2bcIip37lxMFOj5mcSnyIZMRqBFfUuyMlSXk9S6ml0zppNx_hy_5IU_i6eA3VRVVaaQUFyH7Gs-bpSJyCQOAfxzorgl47FLn2KsRa_D8ugUL12DPPHm400crDOk2_qPXER4yCDUP5Mu4t7uVtVzQ6XBZ0g6zlC-FDtcEwpxn1IfurPzYpgrinHdxGVNN5hhaO_oWj2eg8qAT14gCOBkoh-j4gtxj8MKmfgK7NMgdp7E10BP9JX1oQT3yzvfj9JTYAQ"
    });
    let mut keys = KeySet::default();
    keys.add_file("anything", jwk.to_string().as_bytes()).expect("loads");
    let described = keys.describe();
    assert_eq!(described[0].kid, kid);
    assert_eq!(described[0].thumbprint, "cg6eB0bWjHnEmt48RDn6HD1wfP4WBqxGsXENv9KPuI8");
    assert_eq!(described[0].bits, 2048);
    for token in [SANDBOX, TEST_FACILITY] {
        assert!(
            verify(&keys, &UnverifiedJws::new(token)).is_err(),
            "it signs none of the samples"
        );
    }
    // As an asset: base64 without padding, pretty-printed, with every slash escaped.
    let pretty = serde_json::to_string_pretty(&jwk).expect("written").replace('/', "\\/");
    let data = STANDARD.encode(pretty);
    let answer = json!({"mediaContents": [{"type": "application/jwk+json", "data": data.trim_end_matches('=')}]});
    let mut asset = KeySet::default();
    asset.add_file(kid, answer.to_string().as_bytes()).expect("loads");
    assert_eq!(asset.describe(), described);
}

#[test]
fn the_key_and_its_certificate_belong_together() {
    let set = vectors();
    let jwk = &set["jws"]["jwk"];
    // `x5t#S256` is base64url(SHA-256(x5c[0])), which loading has checked; each of the three, changed, is refused.
    let other = text(&set["field_level_encryption"], "cert_der_base64");
    for (name, value) in [
        ("x5c", json!([other])),
        ("x5t#S256", json!("J16vWu4fjH_RGA7w_3H2NexHmez3fGTKBEviSrZ17C4")),
        (
            "n",
            json!(
                "lZOJJ3llJcwdccIi_sG4FIMm_4bzByEEQCEhd1so12kwNfDKKMn7Q_nXLaNZG8tLRxwZRlG1DmuTcxRJ9ESx2bcIip37lxMFOj5mcSnyIZMRqBFfUuyMlSXk9S6ml0zppNx_hy_5IU_i6eA3VRVVaaQUFyH7Gs-bpSJyCQOAfxzorgl47FLn2KsRa_D8ugUL12DPPHm400crDOk2_qPXER4yCDUP5Mu4t7uVtVzQ6XBZ0g6zlC-FDtcEwpxn1IfurPzYpgrinHdxGVNN5hhaO_oWj2eg8qAT14gCOBkoh-j4gtxj8MKmfgK7NMgdp7E10BP9JX1oQT3yzvfj9JTYAQ"
            ),
        ),
    ] {
        let mut changed = jwk.clone();
        changed[name] = value;
        let mut keys = KeySet::default();
        assert_eq!(
            keys.add_file("k", changed.to_string().as_bytes()),
            Err(KeyFault::Mismatch),
            "{name}"
        );
        assert!(keys.is_empty());
    }
}

#[test]
fn the_payload_example_is_read() {
    let set = vectors();
    assert!(push_account_data(text(&set["jws"], "payload_example_utf8").as_bytes()).is_ok());
}

#[test]
fn receipts_of_every_kind_are_well_formed() {
    for receipt in [
        "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE",
        "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B",
        "MSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL",
        "DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A",
        "MCC-STL-37fa3300-828f-11eb-8dcd-0242ac130003",
        "TST-MCC7F0AE-298E-48EB-AA43-A7C40B32DDDE",
        "TST-PVLGTJ94-9D5T-96MO-WV36-56AZN95Y8DUL",
    ] {
        assert!(ReceiptToken::parse(receipt).is_ok(), "{receipt}");
        let payload = json!({ "pushAccountReceipts": [receipt] }).to_string();
        assert!(push_account_data(payload.as_bytes()).is_ok(), "{receipt}");
    }
    // What an issuer may send itself, with the receipt where it belongs.
    let data = "eyJmdW5kaW5nQWNjb3VudEluZm8iOnsicHVzaEFjY291bnRSZWNlaXB0IjoiTUNDLVNUTC00OTZCNjNBOC02OTQzLTRFM0YtOEYzNi1DMjU0M0Q4OTg1ODQifX0=";
    let decoded: Value = serde_json::from_slice(&STANDARD.decode(data).expect("base64")).expect("JSON");
    assert_eq!(
        decoded,
        json!({"fundingAccountInfo":{"pushAccountReceipt":"MCC-STL-496B63A8-6943-4E3F-8F36-C2543D898584"}})
    );
    assert!(ReceiptToken::parse(text(&decoded["fundingAccountInfo"], "pushAccountReceipt")).is_ok());
}
