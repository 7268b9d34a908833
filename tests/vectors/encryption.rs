//! Field-level encryption.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tidemark::domain::id::TokenRequestorId;
use tidemark::mdes::notification::{NotificationFault, NotificationKey, parse_notification};
use tidemark::mdes::payload::{EncryptedPayload, OaepHash, PayloadFault, Recipient, decrypt, encrypt, encrypt_cbc};

use crate::{base64, pem, text, vectors};

fn key() -> NotificationKey {
    let set = &vectors()["field_level_encryption"];
    let key = pem("PRIVATE KEY", &base64(set, "wrapping_private_pkcs8_der_base64"));
    NotificationKey::from_pem(&key, Some(&base64(set, "cert_der_base64"))).expect("the key loads")
}

fn recipient() -> Recipient {
    let set = &vectors()["field_level_encryption"];
    Recipient::from_certificate(&base64(set, "cert_der_base64")).expect("the certificate loads")
}

fn payload(at: usize) -> EncryptedPayload {
    let set = &vectors()["field_level_encryption"]["vectors"][at];
    serde_json::from_value(set["encryptedPayload"].clone()).expect("a payload")
}

#[test]
fn every_way_of_encrypting_with_oaep_decrypts() {
    let set = &vectors()["field_level_encryption"];
    assert_eq!(set["vectors"].as_array().map(Vec::len), Some(4));
    for at in [0, 1, 3] {
        let name = text(&set["vectors"][at], "name").to_owned();
        let plain = decrypt(&key(), &payload(at)).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert_eq!(plain, text(set, "plaintext_utf8").as_bytes(), "{name}");
    }
    // The fourth is wrapped with PKCS #1 v1.5, which a receiver may refuse, and this one does.
    assert_eq!(decrypt(&key(), &payload(2)), Err(PayloadFault::KeyWrap));
}

#[test]
fn one_changed_bit_anywhere_does_not_decrypt_to_the_same() {
    let set = &vectors()["field_level_encryption"];
    let flip = |text: &str| {
        let mut bytes = hex::decode(text).expect("hexadecimal");
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        hex::encode(bytes)
    };
    for (at, member) in [
        (0, "encryptedKey"),
        (0, "encryptedData"),
        (3, "encryptedData"),
        (3, "tag"),
        (3, "aad"),
        (3, "iv"),
    ] {
        let mut changed = set["vectors"][at]["encryptedPayload"].clone();
        changed[member] = flip(text(&changed, member)).into();
        let changed: EncryptedPayload = serde_json::from_value(changed).expect("a payload");
        assert_eq!(decrypt(&key(), &changed), Err(PayloadFault::Undecipherable), "{member}");
    }
    // Both hashes are bound to the wrapped key, and a shorter tag is not taken.
    for (member, value, fault) in [
        ("oaepHashingAlgorithm", "SHA512", PayloadFault::Undecipherable),
        ("oaepHashingAlgorithm", "SHA1", PayloadFault::Shape),
        ("algorithmCipherMode", "ECB", PayloadFault::Shape),
        ("tag", "82", PayloadFault::Shape),
        ("iv", "00", PayloadFault::Shape),
        ("iv", "0", PayloadFault::Shape),
        ("publicKeyFingerprint", "00", PayloadFault::Fingerprint),
    ] {
        let mut changed = set["vectors"][3]["encryptedPayload"].clone();
        changed[member] = value.into();
        let changed: EncryptedPayload = serde_json::from_value(changed).expect("a payload");
        assert_eq!(decrypt(&key(), &changed), Err(fault), "{member} = {value}");
    }
}

#[test]
fn the_three_fingerprints_are_known_in_either_case() {
    let wanted = &vectors()["field_level_encryption"]["fingerprints"];
    let forms = ["sha256_cert_der_hex", "sha1_cert_der_hex", "sha256_spki_der_hex"];
    assert_eq!(key().fingerprints(), forms.map(|form| text(wanted, form)));
    assert_eq!(recipient().fingerprint(), text(wanted, "sha256_cert_der_hex"));
    for form in forms {
        for spelt in [text(wanted, form).to_ascii_uppercase(), text(wanted, form).to_owned()] {
            let named = EncryptedPayload {
                public_key_fingerprint: Some(spelt),
                ..payload(0)
            };
            assert!(decrypt(&key(), &named).is_ok(), "{form}");
        }
    }
}

#[test]
fn what_we_encrypt_is_what_the_vectors_hold() {
    let set = &vectors()["field_level_encryption"];
    let bytes =
        |name: &str| <[u8; 16]>::try_from(hex::decode(text(set, name)).expect("hexadecimal")).expect("16 bytes");
    let plain = text(set, "plaintext_utf8").as_bytes();
    for (at, hash) in [(0, OaepHash::Sha256), (1, OaepHash::Sha512)] {
        let ours = encrypt(&recipient(), hash, &bytes("aes_key_hex"), &bytes("iv_hex"), plain).expect("encrypted");
        // OAEP is random, so the wrapped key is compared by unwrapping it; everything else is equal.
        let theirs = payload(at);
        assert_eq!(decrypt(&key(), &ours).as_deref(), Ok(plain));
        assert_eq!(
            EncryptedPayload {
                encrypted_key: theirs.encrypted_key.clone(),
                ..ours
            },
            theirs
        );
    }
}

/// `client-encryption-python`, `tests/test_field_level_encryption.py`.
#[test]
fn the_published_aes_literal_is_reproduced() {
    let bytes = |text: &str| <[u8; 16]>::try_from(STANDARD.decode(text).expect("base64")).expect("16 bytes");
    let key = bytes("mZzmzoURXI3Vk0vdsPkcFw==");
    let iv = bytes("VNm/scgd1jhWF0z4+Qh6MA==");
    let encrypted = encrypt_cbc(&key, &iv, "some data ù€@".as_bytes()).expect("encrypted");
    assert_eq!(
        STANDARD.encode(encrypted),
        "Y6X9YneTS4VuPETceBmvclrDoCqYyBgZgJUdnlZ8/0g="
    );
}

#[test]
fn an_encrypted_notification_is_read_with_our_key_and_no_other() {
    let inner = br#"{"tokens":[{"tokenUniqueReference":"DWSPMC1","status":"SUSPENDED","statusTimestamp":"2026-01-01T00:00:00.000Z"}]}"#;
    let encrypted = encrypt(&recipient(), OaepHash::Sha512, &[7; 16], &[8; 16], inner).expect("encrypted");
    let body = serde_json::json!({"responseHost": "mdes.example", "requestId": "n-1", "encryptedPayload": encrypted});
    let body = body.to_string();
    let read = parse_notification(body.as_bytes(), Some(&key()), false, &ours()).expect("read");
    assert_eq!(read.updates[0].reference.as_str(), "DWSPMC1");
    assert_eq!(
        parse_notification(body.as_bytes(), None, true, &ours()),
        Err(NotificationFault::NoKey)
    );
    let other = pem("PRIVATE KEY", &base64(&vectors()["jws"], "private_pkcs8_der_base64"));
    let other = NotificationKey::from_pem(&other, None).expect("the key loads");
    assert_eq!(
        parse_notification(body.as_bytes(), Some(&other), false, &ours()),
        Err(NotificationFault::Encryption(PayloadFault::Fingerprint))
    );
    let forged = body
        .replace("DWSPMC1", "DWSPMC2")
        .replace("\"publicKeyFingerprint\"", "\"was\"");
    assert_eq!(
        parse_notification(forged.as_bytes(), Some(&other), false, &ours()),
        Err(NotificationFault::Encryption(PayloadFault::Undecipherable))
    );
}

fn ours() -> TokenRequestorId {
    TokenRequestorId::parse("50123456789").expect("an id")
}
