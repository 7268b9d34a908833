//! Pushes and signatures.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Strings, part};

#[tokio::test]
async fn a_bank_pushes_what_it_is_told_and_says_what_mdes_refused() {
    let strings = Strings::new().await;
    let pushed = strings
        .done(
            "POST",
            "/push",
            json!({
                "issuer": "havorn-no",
                "cards": ["havorn-no-ada-1", "havorn-no-ada-2"],
                "session": "s-77",
                "validity_minutes": 5,
                "authentication_code": "482107",
                "callback_url": "https://wallet.example/callback/1",
            }),
        )
        .await;
    let signed = part(pushed["signature"].as_str().unwrap(), 1);
    assert_eq!(signed["pushAccountReceipts"], pushed["receipts"]);
    assert_eq!(signed["tokenRequestorSessionId"], "s-77");
    assert_eq!(signed["callbackURL"], "https://wallet.example/callback/1");
    for (body, word) in [
        (json!({"issuer": "nobody", "cards": ["havorn-no-ada-1"]}), "havorn-no, "),
        (json!({"issuer": "havorn-no", "cards": []}), "cards"),
        (
            json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "token_requestor_id": "50999999999"}),
            "tokenRequestorId",
        ),
        (
            json!({"issuer": "havorn-no", "cards": ["havorn-no-ada-1"], "validity_minutes": 99}),
            "ValidityPeriod",
        ),
    ] {
        let said = strings.refused("POST", "/push", body, 422).await;
        assert!(said.contains(word), "{said}");
    }
    let calls = strings.get("/calls").await;
    assert_eq!(calls["mdes"][0]["operation"], "pushMultipleAccounts");
    assert_eq!(calls["mdes"][0]["outcome"], "ok");
}

#[tokio::test]
async fn tokens_are_signed_as_they_are_asked_for() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use openssl::hash::MessageDigest;
    use openssl::pkey::PKey;
    use openssl::sign::{Signer, Verifier};
    let strings = Strings::new().await;
    let first = strings.stage.mdes.receipt_keys().remove(0);
    let second = strings.done("POST", "/keys/rotate", json!({"overlap": false})).await["kid"].clone();
    let sign = async |body: Value| {
        strings.done("POST", "/sign", body).await["token"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let verifies = |token: &str, pem: &[u8]| {
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(signature)
            .unwrap();
        let key = PKey::public_key_from_pem(pem).unwrap();
        let mut verifier = Verifier::new(MessageDigest::sha256(), &key).unwrap();
        verifier.verify_oneshot(&signature, signed.as_bytes()).unwrap()
    };
    let live = strings.stage.mdes.receipt_keys().pop().unwrap();
    let right = sign(json!({"payload": {"a": 1}})).await;
    assert_eq!(
        (part(&right, 0), part(&right, 1)),
        (json!({"alg": "RS256", "kid": second}), json!({"a": 1}))
    );
    assert!(verifies(&right, &live.public_pem) && !verifies(&right, &first.public_pem));
    let stranger = sign(json!({"payload_text": "{\"a\": 1}", "key": "stranger"})).await;
    assert_eq!(part(&stranger, 0)["kid"], second);
    assert!(!verifies(&stranger, &live.public_pem) && !verifies(&stranger, &first.public_pem));
    let retired = sign(json!({"payload": {}, "key": "retired"})).await;
    assert!(part(&retired, 0)["kid"] == first.kid.as_str() && verifies(&retired, &first.public_pem));
    let confused = sign(json!({"payload": {}, "key": "hmac-public-pem"})).await;
    assert_eq!(part(&confused, 0)["alg"], "HS256");
    let secret = PKey::hmac(&live.public_pem).unwrap();
    let (signed, signature) = confused.rsplit_once('.').unwrap();
    let mac = Signer::new(MessageDigest::sha256(), &secret)
        .unwrap()
        .sign_oneshot_to_vec(signed.as_bytes())
        .unwrap();
    assert_eq!(signature, base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(mac));
    let bare = sign(json!({"payload": {}, "key": "none"})).await;
    assert!(part(&bare, 0)["alg"] == "none" && bare.ends_with('.'));
    let header = json!({"kid": null, "alg": "PS256", "crit": ["b64"]});
    let odd = sign(json!({"payload": {}, "header": header})).await;
    assert_eq!(part(&odd, 0), json!({"alg": "PS256", "crit": ["b64"]}));
    strings.refused("POST", "/sign", json!({}), 422).await;

    // To the letter and to the byte, for what no JSON library writes.
    let text = r#"{"alg":"RS256","alg":"none"}"#;
    let written = sign(json!({"payload_hex": "ff00", "header_text": text})).await;
    let pem = strings.stage.mdes.receipt_keys().pop().unwrap().public_pem;
    assert!(written.starts_with(&URL_SAFE_NO_PAD.encode(text)) && written.contains("._wA."));
    assert!(verifies(&written, &pem));
    let other_hash = sign(json!({"payload_hex": "ff00", "header_text": text, "digest": "sha512"})).await;
    assert!(!verifies(&other_hash, &pem));
    let mut codes = BTreeSet::new();
    for key in ["pem", "der", "base64", "pkcs1-pem", "pkcs1-der", "modulus", "jwk"] {
        let token = sign(json!({"payload": {}, "key": format!("hmac-public-{key}")})).await;
        assert_eq!(part(&token, 0)["alg"], "HS256", "{key}");
        codes.insert(token);
    }
    assert_eq!(codes.len(), 7, "each is another secret");
    for odd in [
        json!({"payload": {}, "header": {}, "header_text": "{}"}),
        json!({"payload": {}, "digest": "sha1"}),
        json!({"payload_hex": "f"}),
        json!({"payload": {}, "payload_hex": "00"}),
    ] {
        strings.refused("POST", "/sign", odd, 422).await;
    }
}
