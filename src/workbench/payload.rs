//! Encrypted payloads: for which key they say they are, and whether their receiver can open them.

use openssl::encrypt::Decrypter;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sha::{sha1, sha256};
use openssl::symm::{Cipher, decrypt, decrypt_aead};
use openssl::x509::X509;
use serde_json::Value;

use super::knowledge::Recipient;
use super::message::PayloadFacts;

/// The member that holds one.
const MEMBER: &str = "encryptedPayload";

/// What was found out about a payload, and what is in it, which nobody keeps.
pub(super) struct Opened {
    pub facts: PayloadFacts,
    pub content: Option<Vec<u8>>,
}

/// Looks at the first `max` encrypted payloads in `body`, which was sent to `receiver`.
pub(super) fn look(body: &Value, receiver: &Recipient, max: usize) -> Vec<Opened> {
    let mut found = Vec::new();
    collect(body, String::new(), &mut found);
    let opened = found
        .into_iter()
        .take(max)
        .map(|(place, payload)| opened(place, payload, receiver));
    opened.collect()
}

fn collect<'a>(value: &'a Value, place: String, found: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let place = match place.as_str() {
                    "" => name.clone(),
                    before => format!("{before}.{name}"),
                };
                if name == MEMBER && value.is_object() {
                    found.push((place, value));
                } else {
                    collect(value, place, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, place.clone(), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn opened(place: String, payload: &Value, receiver: &Recipient) -> Opened {
    let text = |name: &str| payload[name].as_str();
    let word = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).take(12).collect() };
    let hash = text("oaepHashingAlgorithm");
    let wrap = hash.map_or_else(|| "PKCS #1 v1.5".to_owned(), |hash| format!("OAEP {}", word(hash)));
    let mode = word(text("algorithmCipherMode").unwrap_or("CBC"));
    let fingerprint = text("publicKeyFingerprint").map(str::to_ascii_lowercase);
    let own = fingerprints(&receiver.certificate_pem);
    let expected = own
        .iter()
        .find(|own| Some(*own) == fingerprint.as_ref())
        .or_else(|| own.first());
    let content = content(payload, &receiver.key_pem);
    let is_hex = |text: &String| text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    Opened {
        facts: PayloadFacts {
            place,
            algorithm: Some(format!("AES-{mode}, key wrapped with RSA {wrap}")),
            fingerprint: fingerprint.filter(is_hex),
            expected: expected.cloned(),
            opens: content.is_some(),
        },
        content,
    }
}

/// What a sender may name a key by: SHA-256 of the certificate, SHA-256 of the key, SHA-1 of the certificate.
fn fingerprints(certificate_pem: &[u8]) -> Vec<String> {
    let read = || -> Result<Vec<String>, ErrorStack> {
        let certificate = X509::from_pem(certificate_pem)?;
        let der = certificate.to_der()?;
        let key = certificate.public_key()?.public_key_to_der()?;
        Ok(vec![
            hex::encode(sha256(&der)),
            hex::encode(sha256(&key)),
            hex::encode(sha1(&der)),
        ])
    };
    read().unwrap_or_default()
}

/// What is in a payload.
fn content(payload: &Value, key_pem: &[u8]) -> Option<Vec<u8>> {
    let bytes = |name: &str| hex::decode(payload[name].as_str()?).ok();
    let key = PKey::private_key_from_pem(key_pem).ok()?;
    let hash = match payload["oaepHashingAlgorithm"].as_str() {
        Some("SHA256") => Some(MessageDigest::sha256()),
        Some("SHA512") => Some(MessageDigest::sha512()),
        Some(_) => return None,
        None => None,
    };
    let session_key = unwrapped(&key, hash, &bytes("encryptedKey")?).ok()?;
    let data = bytes("encryptedData")?;
    if payload["algorithmCipherMode"].as_str() == Some("GCM") {
        let cipher = match session_key.len() {
            16 => Cipher::aes_128_gcm(),
            32 => Cipher::aes_256_gcm(),
            _ => return None,
        };
        let iv = bytes("iv").unwrap_or_else(|| vec![0; 12]);
        let aad = bytes("aad").unwrap_or_default();
        return decrypt_aead(cipher, &session_key, Some(&iv), &aad, &data, &bytes("tag")?).ok();
    }
    let cipher = match session_key.len() {
        16 => Cipher::aes_128_cbc(),
        32 => Cipher::aes_256_cbc(),
        _ => return None,
    };
    let iv = bytes("iv").unwrap_or_else(|| vec![0; 16]);
    // A padding can fit by chance; JSON does not.
    let content = (iv.len() == 16).then(|| decrypt(cipher, &session_key, Some(&iv), &data).ok())??;
    serde_json::from_slice::<Value>(&content).is_ok().then_some(content)
}

fn unwrapped(key: &PKey<Private>, hash: Option<MessageDigest>, wrapped: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut decrypter = Decrypter::new(key)?;
    match hash {
        Some(hash) => {
            decrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
            decrypter.set_rsa_oaep_md(hash)?;
            decrypter.set_rsa_mgf1_md(hash)?;
        }
        None => decrypter.set_rsa_padding(Padding::PKCS1)?,
    }
    let mut opened = vec![0; decrypter.decrypt_len(wrapped)?];
    let length = decrypter.decrypt(wrapped, &mut opened)?;
    opened.truncate(length);
    Ok(opened)
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use openssl::encrypt::Encrypter;
    use openssl::symm::encrypt;
    use serde_json::json;

    use super::*;
    use crate::sim::bank::Keys;

    fn keys() -> &'static [Keys; 2] {
        static KEYS: OnceLock<[Keys; 2]> = OnceLock::new();
        KEYS.get_or_init(|| [Keys::generate(), Keys::generate()])
    }

    fn recipient(at: usize) -> Recipient {
        Recipient {
            key_pem: keys()[at].encryption_key_pem().to_vec(),
            certificate_pem: keys()[at].certificate_pem().to_vec(),
        }
    }

    /// Encrypted to the first of the two.
    fn sealed() -> Value {
        let certificate = X509::from_pem(keys()[0].certificate_pem()).expect("a certificate");
        let public = certificate.public_key().expect("a key");
        let mut encrypter = Encrypter::new(&public).expect("RSA");
        encrypter.set_rsa_padding(Padding::PKCS1_OAEP).expect("OAEP");
        encrypter.set_rsa_oaep_md(MessageDigest::sha256()).expect("SHA-256");
        encrypter.set_rsa_mgf1_md(MessageDigest::sha256()).expect("SHA-256");
        let mut wrapped = vec![0; 256];
        let length = encrypter.encrypt(&[7; 16], &mut wrapped).expect("wrapped");
        wrapped.truncate(length);
        let data = encrypt(Cipher::aes_128_cbc(), &[7; 16], Some(&[1; 16]), b"{\"a\":1}").expect("encrypted");
        json!({
            "encryptedData": hex::encode(data),
            "encryptedKey": hex::encode(wrapped),
            "iv": hex::encode([1; 16]),
            "oaepHashingAlgorithm": "SHA256",
            "publicKeyFingerprint": fingerprints(keys()[0].certificate_pem())[0].to_uppercase(),
        })
    }

    #[test]
    fn a_payload_opens_for_its_receiver_and_for_nobody_else() {
        let body = json!({"requestId": "1", "pushFundingAccounts": {"encryptedPayload": sealed()}});
        let own = look(&body, &recipient(0), 8);
        assert_eq!(own.len(), 1);
        let facts = &own[0].facts;
        assert_eq!(facts.place, "pushFundingAccounts.encryptedPayload");
        assert!(facts.opens && facts.fingerprint == facts.expected, "{facts:?}");
        assert_eq!(
            facts.algorithm.as_deref(),
            Some("AES-CBC, key wrapped with RSA OAEP SHA256")
        );
        assert_eq!(own[0].content.as_deref(), Some(b"{\"a\":1}".as_slice()));
        let other = &look(&body, &recipient(1), 8)[0].facts;
        assert!(!other.opens && other.fingerprint != other.expected && other.expected.is_some());
    }

    #[test]
    fn of_very_many_payloads_the_first_are_looked_at() {
        let body = json!(vec![json!({"encryptedPayload": {}}); 20]);
        assert_eq!(look(&body, &recipient(0), 8).len(), 8);
    }

    #[test]
    fn a_damaged_payload_does_not_open() {
        let mut payload = sealed();
        payload["encryptedData"] = json!("00112233445566778899aabbccddeeff");
        assert!(
            !look(&json!({"encryptedPayload": payload}), &recipient(0), 8)[0]
                .facts
                .opens
        );
        let mut payload = sealed();
        payload["publicKeyFingerprint"] = json!("<script>");
        assert_eq!(
            look(&json!([{"encryptedPayload": payload}]), &recipient(0), 8)[0]
                .facts
                .fingerprint,
            None
        );
        assert!(look(&json!({"encryptedPayload": "text"}), &recipient(0), 8).is_empty());
    }
}
