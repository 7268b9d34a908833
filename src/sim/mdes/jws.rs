//! The signature that travels with receipts: a compact JWS, shaped byte for byte like the samples seen in the field.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use serde_json::{Map, Value, json};

/// What the issuer asked to have signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SignatureData {
    pub(super) callback_url: Option<String>,
    pub(super) complete_website_activation: Option<bool>,
    pub(super) account_holder_data_supplied: Option<bool>,
    pub(super) locale: Option<String>,
    pub(super) session_id: Option<String>,
    /// Never in the request's `signatureData`: put here when MDES is to sign it.
    pub(super) authentication_code: Option<String>,
}

/// The payload: compact, members in the order of the samples, absent ones left out. `completeIssuerAppActivation` is
/// accepted in the request and, as in the field, does not appear here.
pub(super) fn payload(receipts: &[String], data: &SignatureData, session_in_jws: bool) -> String {
    let mut members = Map::new();
    members.insert("pushAccountReceipts".to_owned(), json!(receipts));
    if let Some(url) = &data.callback_url {
        members.insert("callbackURL".to_owned(), json!(url));
    }
    members.insert(
        "completeWebsiteActivation".to_owned(),
        json!(data.complete_website_activation.unwrap_or(true)),
    );
    members.insert(
        "accountHolderDataSupplied".to_owned(),
        json!(data.account_holder_data_supplied.unwrap_or(false)),
    );
    if let Some(locale) = &data.locale {
        members.insert("locale".to_owned(), json!(locale));
    }
    if let (true, Some(session_id)) = (session_in_jws, &data.session_id) {
        members.insert("tokenRequestorSessionId".to_owned(), json!(session_id));
    }
    if let Some(code) = &data.authentication_code {
        members.insert("authenticationCode".to_owned(), json!(code));
    }
    Value::Object(members).to_string()
}

/// What a signature is made with.
pub(super) enum Tool<'a> {
    Rsa(&'a PKey<Private>),
    Hmac(Vec<u8>),
    Nothing,
}

/// Signs `payload` with RS256; the header has exactly `alg` and `kid`.
///
/// # Panics
/// If OpenSSL cannot sign with a key it made.
pub(super) fn sign(payload: &str, kid: &str, key: &PKey<Private>) -> String {
    let mut header = Map::new();
    header.insert("alg".to_owned(), json!("RS256"));
    header.insert("kid".to_owned(), json!(kid));
    let header = Value::Object(header).to_string();
    forge(payload.as_bytes(), &header, &Tool::Rsa(key), MessageDigest::sha256())
}

/// A token with any header, signed with whatever there is and with any hash.
///
/// # Panics
/// If OpenSSL cannot sign with a key it made.
pub(super) fn forge(payload: &[u8], header: &str, tool: &Tool<'_>, digest: MessageDigest) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let with = |mut signer: Signer<'_>| signer.sign_oneshot_to_vec(signed.as_bytes());
    let signature = match tool {
        Tool::Rsa(key) => Signer::new(digest, key).and_then(with),
        Tool::Hmac(secret) => PKey::hmac(secret).and_then(|key| Signer::new(digest, &key).and_then(with)),
        Tool::Nothing => Ok(Vec::new()),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.expect("OpenSSL signs")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::vectors;
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn the_payload_is_byte_for_byte_a_sample_from_the_field() {
        let data = SignatureData {
            callback_url: Some("https://sandbox.src.mastercard.com/provision".to_owned()),
            complete_website_activation: Some(false),
            account_holder_data_supplied: Some(true),
            locale: Some("en_US".to_owned()),
            session_id: None,
            authentication_code: None,
        };
        let receipts = ["MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B".to_owned()];
        let sample = r#"{"pushAccountReceipts":["MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B"],"callbackURL":"https://sandbox.src.mastercard.com/provision","completeWebsiteActivation":false,"accountHolderDataSupplied":true,"locale":"en_US"}"#;
        assert_eq!(payload(&receipts, &data, true), sample);
    }

    #[test]
    fn absent_members_stay_absent_and_the_session_and_the_code_come_last() {
        let receipts = ["A".to_owned(), "B".to_owned()];
        let bare =
            r#"{"pushAccountReceipts":["A","B"],"completeWebsiteActivation":true,"accountHolderDataSupplied":false}"#;
        assert_eq!(payload(&receipts, &SignatureData::default(), true), bare);
        let data = SignatureData {
            locale: Some("nb_NO".to_owned()),
            session_id: Some("s-1".to_owned()),
            ..SignatureData::default()
        };
        assert!(payload(&receipts, &data, true).ends_with(r#""locale":"nb_NO","tokenRequestorSessionId":"s-1"}"#));
        assert!(payload(&receipts, &data, false).ends_with(r#""locale":"nb_NO"}"#));
        let data = SignatureData {
            authentication_code: Some("482107".to_owned()),
            ..data
        };
        let end = r#""tokenRequestorSessionId":"s-1","authenticationCode":"482107"}"#;
        assert!(payload(&receipts, &data, true).ends_with(end));
    }

    #[test]
    fn signing_reproduces_a_vector_that_another_tool_made() {
        let section = &vectors()["jws"];
        let der = STANDARD
            .decode(section["private_pkcs8_der_base64"].as_str().unwrap())
            .unwrap();
        let key = PKey::private_key_from_der(&der).unwrap();
        let case = &section["cases"][0];
        assert_eq!(case["expect"], "valid");
        let payload = section["payload_example_utf8"].as_str().unwrap();
        assert_eq!(
            sign(payload, section["kid"].as_str().unwrap(), &key),
            case["jws"].as_str().unwrap()
        );
    }
}
