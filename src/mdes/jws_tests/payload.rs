//! What is signed is still only a claim, and is read as strictly as what is not.

use super::*;

#[test]
fn a_signed_payload_is_still_only_a_claim() {
    let receipts = |list: &str| format!(r#"{{"pushAccountReceipts":{list}}}"#);
    let callback = |value: &str| format!(r#"{{"pushAccountReceipts":["MCC-1"],"callbackURL":{value}}}"#);
    let with = |member: &str| format!(r#"{{"pushAccountReceipts":["MCC-1"],{member}}}"#);
    for (payload, fault) in [
        (receipts(r#"["MCC-1","MCC-2","MCC-3","MCC-4","MCC-5"]"#), None),
        (receipts("[]"), Some(JwsFault::Receipts)),
        (
            receipts(r#"["MCC-1","MCC-2","MCC-3","MCC-4","MCC-5","MCC-6"]"#),
            Some(JwsFault::Receipts),
        ),
        (receipts(r#"["MCC-1","MCC-1"]"#), Some(JwsFault::Receipts)),
        (receipts(r#"["MCC-1",1]"#), Some(JwsFault::Receipts)),
        (receipts(r#"[["MCC-1"]]"#), Some(JwsFault::Receipts)),
        (receipts(r#""MCC-1""#), Some(JwsFault::Receipts)),
        (receipts("null"), Some(JwsFault::Receipts)),
        (receipts(r#"["mcc-1"]"#), Some(JwsFault::Receipts)),
        (receipts(r#"["MCC-\u0435"]"#), Some(JwsFault::Receipts)),
        (receipts(r#"["MCC-1\n"]"#), Some(JwsFault::Receipts)),
        ("{}".to_owned(), Some(JwsFault::Receipts)),
        (
            r#"{"pushAccountReceipt":["MCC-1"]}"#.to_owned(),
            Some(JwsFault::Receipts),
        ),
        (callback(r#""javascript:alert(1)""#), None),
        (
            callback(&format!("\"https://a.example/{}\"", "x".repeat(256 - 18))),
            None,
        ),
        (
            callback(&format!("\"https://a.example/{}\"", "x".repeat(257 - 18))),
            Some(JwsFault::CallbackUrl),
        ),
        (callback(r#""""#), Some(JwsFault::CallbackUrl)),
        (callback(r#""https://a.example/ b""#), Some(JwsFault::CallbackUrl)),
        (callback(r#""https://\u202ea.example/""#), Some(JwsFault::CallbackUrl)),
        (callback("null"), Some(JwsFault::PayloadMember)),
        (callback("1"), Some(JwsFault::PayloadMember)),
        (
            with(r#""completeWebsiteActivation":"true""#),
            Some(JwsFault::PayloadMember),
        ),
        (
            with(r#""completeIssuerAppActivation":1"#),
            Some(JwsFault::PayloadMember),
        ),
        (
            with(r#""accountHolderDataSupplied":null"#),
            Some(JwsFault::PayloadMember),
        ),
        (with(r#""locale":["en_US"]"#), Some(JwsFault::PayloadMember)),
        (with(r#""authenticationCode":"482107""#), None),
        (with(r#""authenticationCode":"aZ09""#), None),
        (with(r#""authenticationCode":482107"#), Some(JwsFault::PayloadMember)),
        (with(r#""authenticationCode":null"#), Some(JwsFault::PayloadMember)),
        (with(r#""authenticationCode":"""#), Some(JwsFault::PayloadMember)),
        (with(r#""authenticationCode":"482 107""#), Some(JwsFault::PayloadMember)),
        (with(r#""tokenRequestorSessionId":"ab""#), Some(JwsFault::PayloadMember)),
        (
            with(r#""tokenRequestorSessionId":{"a":1}"#),
            Some(JwsFault::PayloadMember),
        ),
        (with(r#""unknown":{"a":[1e3,-0,9007199254740993,{}]}"#), None),
        (with(r#""unknown":[[[[]]]]"#), Some(JwsFault::Payload)),
        (with(r#""unknown":1e400"#), Some(JwsFault::Payload)),
        (with(r#""unknown":{"a":1,"\u0061":2}"#), Some(JwsFault::Payload)),
        (with(r#""pushAccountReceipts":["MCC-2"]"#), Some(JwsFault::Payload)),
        (with(r#""push\u0041ccountReceipts":["MCC-2"]"#), Some(JwsFault::Payload)),
        (with(r#""unknown":"\ud800""#), Some(JwsFault::Payload)),
        ("[]".to_owned(), Some(JwsFault::Payload)),
        (r#""MCC-1""#.to_owned(), Some(JwsFault::Payload)),
        ("[".repeat(200) + &"]".repeat(200), Some(JwsFault::Payload)),
        (String::from("x"), Some(JwsFault::Payload)),
    ] {
        assert_eq!(
            outcome(&signed(HEADER.as_bytes(), payload.as_bytes())),
            fault,
            "{payload}"
        );
    }
    for bytes in [
        &b"{\"pushAccountReceipts\":[\"MCC-1\"],\"x\":\"\xff\"}"[..],
        b"{\"x\":\"\xc0\xaf\"}",
    ] {
        assert_eq!(outcome(&signed(HEADER.as_bytes(), bytes)), Some(JwsFault::Payload));
    }
}

#[test]
fn an_unsigned_payload_is_not_looked_at() {
    // Were it read before the signature, these would be told apart.
    let token = good();
    let (_, signature) = token.rsplit_once('.').expect("a signature");
    for payload in [&b"[]"[..], b"{}", b"\xff\xff\xff", PAYLOAD.as_bytes()] {
        let header = URL_SAFE_NO_PAD.encode(format!("{HEADER} "));
        let token = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(payload));
        assert_eq!(outcome(&token), Some(JwsFault::Signature));
    }
}
