//! Decryption against payloads that another tool made, and against each way to send one wrongly.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::testing::{test_keys, vectors};
use super::*;

#[test]
fn every_field_level_encryption_vector_is_judged_as_expected() {
    let section = &vectors()["field_level_encryption"];
    let list = section["vectors"].as_array().unwrap();
    assert_eq!(list.len(), 4);
    for vector in list {
        let opened = open(&vector["encryptedPayload"], &vector_keys());
        if vector["encryptedPayload"]["oaepHashingAlgorithm"].is_null() {
            assert_eq!(opened, Err(Refusal::cryptography()), "PKCS#1 v1.5 is refused");
        } else {
            assert_eq!(
                opened.unwrap(),
                section["plaintext_utf8"].as_str().unwrap(),
                "{}",
                vector["name"]
            );
        }
    }
}

#[test]
fn fingerprints_are_the_three_published_ones_in_either_case() {
    let published = &vectors()["field_level_encryption"]["fingerprints"];
    let keys = vector_keys();
    for name in ["sha256_cert_der_hex", "sha256_spki_der_hex", "sha1_cert_der_hex"] {
        let fingerprint = published[name].as_str().unwrap();
        assert!(keys.fingerprints.iter().any(|known| known == fingerprint), "{name}");
        let payload = changed(&[("publicKeyFingerprint", json!(fingerprint.to_uppercase()))]);
        assert!(open(&payload, &keys).is_ok(), "{name}");
    }
}

#[test]
fn the_published_aes_cbc_example_decrypts() {
    let bytes = |text: &str| STANDARD.decode(text).unwrap();
    let (key, iv) = (bytes("mZzmzoURXI3Vk0vdsPkcFw=="), bytes("VNm/scgd1jhWF0z4+Qh6MA=="));
    let data = bytes("Y6X9YneTS4VuPETceBmvclrDoCqYyBgZgJUdnlZ8/0g=");
    assert_eq!(decrypt_cbc(&key, &iv, &data).unwrap(), "some data ù€@".as_bytes());
}

#[test]
fn long_keys_and_absent_initialisation_vectors_work_in_both_modes() {
    for key in [&[7; 16][..], &[7; 32][..]] {
        let cipher = if key.len() == 16 {
            Cipher::aes_128_cbc()
        } else {
            Cipher::aes_256_cbc()
        };
        let data = openssl::symm::encrypt(cipher, key, Some(&[0; 16]), b"plain").unwrap();
        let payload = wrapped(key, json!({"encryptedData": hex::encode(data)}));
        assert_eq!(open(&payload, own_keys()).unwrap(), "plain");

        let cipher = if key.len() == 16 {
            Cipher::aes_128_gcm()
        } else {
            Cipher::aes_256_gcm()
        };
        let mut tag = [0; 16];
        let data = openssl::symm::encrypt_aead(cipher, key, Some(&[0; 12]), b"", b"plain", &mut tag).unwrap();
        let sealed = json!({
            "encryptedData": hex::encode(&data), "algorithmCipherMode": "GCM", "tag": hex::encode(tag),
        });
        assert_eq!(open(&wrapped(key, sealed.clone()), own_keys()).unwrap(), "plain");
        for (name, value) in [
            ("tag", hex::encode([1; 16])),
            ("tag", hex::encode(&tag[..12])),
            ("aad", "00".into()),
        ] {
            let mut forged = sealed.clone();
            forged[name] = json!(value);
            assert_eq!(
                open(&wrapped(key, forged), own_keys()),
                Err(Refusal::cryptography()),
                "{name}"
            );
        }
    }
}

#[test]
fn a_key_of_another_size_is_refused() {
    let payload = wrapped(&[7; 24], json!({"encryptedData": "00".repeat(16)}));
    assert_eq!(open(&payload, own_keys()), Err(Refusal::cryptography()));
}

#[test]
fn what_the_simulator_encrypts_it_can_open_and_nobody_else() {
    let payload = encrypt(test_keys().encryption_cert_pem(), "čau".as_bytes()).unwrap();
    assert_eq!(open(&payload, own_keys()).unwrap(), "čau");
    assert_eq!(open(&payload, &vector_keys()), Err(Refusal::cryptography()));
    let mut renamed = payload.clone();
    renamed["publicKeyFingerprint"] = json!(vector_keys().fingerprints[0]);
    assert_eq!(
        open(&renamed, &vector_keys()),
        Err(Refusal::cryptography()),
        "the fingerprint alone opens nothing"
    );
}

#[test]
fn each_bent_member_is_refused_for_its_own_reason() {
    let null = Value::Null;
    let cases = [
        ("encryptedData", null.clone(), Refusal::missing("encryptedData")),
        ("encryptedData", json!(""), Refusal::length("encryptedData")),
        ("encryptedData", json!("xy"), Refusal::format("encryptedData")),
        ("encryptedData", json!("abc"), Refusal::format("encryptedData")),
        ("encryptedData", json!(17), Refusal::format("encryptedData")),
        ("encryptedData", json!("00".repeat(16)), Refusal::cryptography()),
        (
            "publicKeyFingerprint",
            json!("a".repeat(31)),
            Refusal::length("publicKeyFingerprint"),
        ),
        (
            "publicKeyFingerprint",
            json!("a".repeat(65)),
            Refusal::length("publicKeyFingerprint"),
        ),
        (
            "publicKeyFingerprint",
            json!("g".repeat(64)),
            Refusal::format("publicKeyFingerprint"),
        ),
        ("publicKeyFingerprint", json!("a".repeat(64)), Refusal::cryptography()),
        ("encryptedKey", null.clone(), Refusal::missing("encryptedKey")),
        ("encryptedKey", json!("aa".repeat(15)), Refusal::length("encryptedKey")),
        ("encryptedKey", json!("aa".repeat(257)), Refusal::length("encryptedKey")),
        ("encryptedKey", json!("aa".repeat(256)), Refusal::cryptography()),
        (
            "oaepHashingAlgorithm",
            json!("SHA1"),
            Refusal::value("oaepHashingAlgorithm"),
        ),
        (
            "oaepHashingAlgorithm",
            json!("sha256"),
            Refusal::value("oaepHashingAlgorithm"),
        ),
        ("oaepHashingAlgorithm", json!("SHA512"), Refusal::cryptography()),
        ("oaepHashingAlgorithm", null, Refusal::cryptography()),
        ("iv", json!("00".repeat(11)), Refusal::length("iv")),
        ("iv", json!("00".repeat(17)), Refusal::length("iv")),
        ("iv", json!("00".repeat(12)), Refusal::length("iv")),
        (
            "algorithmCipherMode",
            json!("ECB"),
            Refusal::value("algorithmCipherMode"),
        ),
        ("algorithmCipherMode", json!("GCM"), Refusal::length("iv")),
        ("tag", json!("0".repeat(37)), Refusal::length("tag")),
        ("aad", json!("0".repeat(37)), Refusal::length("aad")),
        ("aad", json!("abc"), Refusal::format("aad")),
    ];
    for (name, value, refusal) in cases {
        assert_eq!(
            open(&changed(&[(name, value.clone())]), &vector_keys()),
            Err(refusal),
            "{name}: {value}"
        );
    }
    let without_tag = changed(&[("algorithmCipherMode", json!("GCM")), ("iv", json!("00".repeat(12)))]);
    assert_eq!(open(&without_tag, &vector_keys()), Err(Refusal::missing("tag")));
}

fn open(payload: &Value, keys: &EncryptionKey) -> Result<String, Refusal> {
    let plain = decrypt(Fields::of(payload, "encryptedPayload").unwrap(), keys)?;
    Ok(String::from_utf8(plain).unwrap())
}

/// The first vector with some members changed.
fn changed(members: &[(&str, Value)]) -> Value {
    let mut payload = vectors()["field_level_encryption"]["vectors"][0]["encryptedPayload"].clone();
    for (name, value) in members {
        payload[*name] = value.clone();
    }
    payload
}

/// `payload` with `key` wrapped for the simulator's own key.
fn wrapped(key: &[u8], mut payload: Value) -> Value {
    let public = own_keys().certificate.public_key().unwrap();
    let mut encrypter = Encrypter::new(&public).unwrap();
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP).unwrap();
    encrypter.set_rsa_oaep_md(MessageDigest::sha512()).unwrap();
    encrypter.set_rsa_mgf1_md(MessageDigest::sha512()).unwrap();
    let mut out = vec![0; encrypter.encrypt_len(key).unwrap()];
    let length = encrypter.encrypt(key, &mut out).unwrap();
    payload["encryptedKey"] = json!(hex::encode(&out[..length]));
    payload["oaepHashingAlgorithm"] = json!("SHA512");
    payload
}

fn own_keys() -> &'static EncryptionKey {
    &test_keys().encryption
}

fn vector_keys() -> EncryptionKey {
    let section = &vectors()["field_level_encryption"];
    let der = |name: &str| STANDARD.decode(section[name].as_str().unwrap()).unwrap();
    let key = PKey::private_key_from_der(&der("wrapping_private_pkcs8_der_base64")).unwrap();
    EncryptionKey::new(key, X509::from_der(&der("cert_der_base64")).unwrap()).unwrap()
}
