//! Mastercard's field level encryption: AES-128 over JSON, its key wrapped with RSA-OAEP, everything in hexadecimal.

use std::fmt;

use openssl::encrypt::{Decrypter, Encrypter};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private, Public};
use openssl::rsa::Padding;
use openssl::sha::{sha1, sha256};
use openssl::symm::{Cipher, decrypt, decrypt_aead, encrypt, encrypt_aead};
use openssl::x509::X509;
use serde::{Deserialize, Serialize};

use crate::sim::bank::random;

/// How the content is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContentCipher {
    /// AES-128-CBC with PKCS#7, as in every real request that is public.
    #[default]
    Cbc,
    /// AES-128-GCM with a detached tag, new in version 2.11 of the specification.
    Gcm,
}

/// `encryptedPayload` on the wire.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EncryptedPayload {
    pub encrypted_data: String,
    pub public_key_fingerprint: String,
    pub encrypted_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oaep_hashing_algorithm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm_cipher_mode: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aad: Option<String>,
}

/// Why a payload could not be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The certificate is unreadable.
    Certificate,
    /// Encrypted to a key that is not ours.
    Fingerprint,
    /// A member is missing, is not hexadecimal, or names something unknown. RSA PKCS#1 v1.5 counts as unknown.
    Form,
    /// The key or the content does not decrypt. Which of the two is not told.
    Content,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "the certificate is unreadable",
            Self::Fingerprint => "encrypted to another key",
            Self::Form => "malformed encrypted payload",
            Self::Content => "the payload does not decrypt",
        })
    }
}

/// Encrypts `plaintext` to the certificate of MDES with a fresh key, OAEP with SHA-512, and the lower-case SHA-256
/// of the certificate as fingerprint: the form of the one real request that is public.
pub fn seal(certificate_pem: &[u8], cipher: ContentCipher, plaintext: &[u8]) -> Result<EncryptedPayload, Fault> {
    let certificate = X509::from_pem(certificate_pem).map_err(|_| Fault::Certificate)?;
    let public = certificate.public_key().map_err(|_| Fault::Certificate)?;
    let der = certificate.to_der().map_err(|_| Fault::Certificate)?;
    let key = random::bytes::<16>();
    let content = match cipher {
        ContentCipher::Cbc => seal_cbc(&key, &random::bytes(), plaintext),
        ContentCipher::Gcm => seal_gcm(&key, &random::bytes(), &random::bytes::<4>(), plaintext),
    };
    Ok(EncryptedPayload {
        public_key_fingerprint: hex::encode(sha256(&der)),
        encrypted_key: hex::encode(wrap(&public, &key).map_err(|_| Fault::Content)?),
        oaep_hashing_algorithm: Some("SHA512".to_owned()),
        ..content.map_err(|_| Fault::Content)?
    })
}

fn seal_cbc(key: &[u8; 16], iv: &[u8; 16], plaintext: &[u8]) -> Result<EncryptedPayload, ErrorStack> {
    Ok(EncryptedPayload {
        encrypted_data: hex::encode(encrypt(Cipher::aes_128_cbc(), key, Some(iv), plaintext)?),
        iv: Some(hex::encode(iv)),
        ..EncryptedPayload::default()
    })
}

fn seal_gcm(key: &[u8; 16], iv: &[u8; 12], aad: &[u8], plaintext: &[u8]) -> Result<EncryptedPayload, ErrorStack> {
    let mut tag = [0; 16];
    let data = encrypt_aead(Cipher::aes_128_gcm(), key, Some(iv), aad, plaintext, &mut tag)?;
    Ok(EncryptedPayload {
        encrypted_data: hex::encode(data),
        iv: Some(hex::encode(iv)),
        algorithm_cipher_mode: Some("GCM".to_owned()),
        tag: Some(hex::encode(tag)),
        aad: Some(hex::encode(aad)),
        ..EncryptedPayload::default()
    })
}

fn wrap(public: &PKey<Public>, key: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut encrypter = Encrypter::new(public)?;
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    encrypter.set_rsa_oaep_md(MessageDigest::sha512())?;
    encrypter.set_rsa_mgf1_md(MessageDigest::sha512())?;
    let mut wrapped = vec![0; encrypter.encrypt_len(key)?];
    let length = encrypter.encrypt(key, &mut wrapped)?;
    wrapped.truncate(length);
    Ok(wrapped)
}

/// Decrypts what MDES sent to the holder of `key`, whose certificate is `certificate_pem`.
pub fn open(key: &PKey<Private>, certificate_pem: &[u8], payload: &EncryptedPayload) -> Result<Vec<u8>, Fault> {
    if !fingerprints(certificate_pem)?.contains(&payload.public_key_fingerprint.to_ascii_lowercase()) {
        return Err(Fault::Fingerprint);
    }
    let digest = match payload.oaep_hashing_algorithm.as_deref() {
        Some("SHA256") => MessageDigest::sha256(),
        Some("SHA512") => MessageDigest::sha512(),
        _ => return Err(Fault::Form),
    };
    let content_key = unwrap(key, digest, &unhex(Some(&payload.encrypted_key))?).map_err(|_| Fault::Content)?;
    let data = unhex(Some(&payload.encrypted_data))?;
    let iv = unhex(payload.iv.as_ref())?;
    match (payload.algorithm_cipher_mode.as_deref(), content_key.len(), iv.len()) {
        (None | Some("CBC"), 16, 16) => decrypt(Cipher::aes_128_cbc(), &content_key, Some(&iv), &data),
        (None | Some("CBC"), 32, 16) => decrypt(Cipher::aes_256_cbc(), &content_key, Some(&iv), &data),
        (Some("GCM"), length @ (16 | 32), 12) => {
            let cipher = if length == 16 {
                Cipher::aes_128_gcm()
            } else {
                Cipher::aes_256_gcm()
            };
            let (tag, aad) = (
                unhex(payload.tag.as_ref())?,
                unhex(payload.aad.as_ref().or(Some(&String::new())))?,
            );
            if tag.len() != 16 {
                return Err(Fault::Form);
            }
            decrypt_aead(cipher, &content_key, Some(&iv), &aad, &data, &tag)
        }
        _ => return Err(Fault::Form),
    }
    .map_err(|_| Fault::Content)
}

fn unwrap(key: &PKey<Private>, digest: MessageDigest, wrapped: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut decrypter = Decrypter::new(key)?;
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    decrypter.set_rsa_oaep_md(digest)?;
    decrypter.set_rsa_mgf1_md(digest)?;
    let mut content_key = vec![0; decrypter.decrypt_len(wrapped)?];
    let length = decrypter.decrypt(wrapped, &mut content_key)?;
    content_key.truncate(length);
    Ok(content_key)
}

/// The three fingerprints in use for one key: of the certificate (SHA-256, SHA-1) and of the key itself (SHA-256).
fn fingerprints(certificate_pem: &[u8]) -> Result<[String; 3], Fault> {
    let certificate = X509::from_pem(certificate_pem).map_err(|_| Fault::Certificate)?;
    let der = certificate.to_der().map_err(|_| Fault::Certificate)?;
    let spki = certificate
        .public_key()
        .and_then(|key| key.public_key_to_der())
        .map_err(|_| Fault::Certificate)?;
    Ok([
        hex::encode(sha256(&der)),
        hex::encode(sha1(&der)),
        hex::encode(sha256(&spki)),
    ])
}

fn unhex(text: Option<&String>) -> Result<Vec<u8>, Fault> {
    hex::decode(text.ok_or(Fault::Form)?).map_err(|_| Fault::Form)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::*;
    use crate::sim::bank::Keys;

    fn vectors() -> Value {
        let file: Value = serde_json::from_str(include_str!("../../../../tests/vectors/vectors.json")).unwrap();
        file["field_level_encryption"].clone()
    }

    fn der(value: &Value) -> Vec<u8> {
        STANDARD.decode(value.as_str().unwrap()).unwrap()
    }

    fn vector_key(vectors: &Value) -> (PKey<Private>, Vec<u8>) {
        let key = PKey::private_key_from_der(&der(&vectors["wrapping_private_pkcs8_der_base64"])).unwrap();
        let certificate = X509::from_der(&der(&vectors["cert_der_base64"]))
            .unwrap()
            .to_pem()
            .unwrap();
        (key, certificate)
    }

    #[test]
    fn the_vectors_open_except_the_old_key_wrap_which_is_refused() {
        let vectors = vectors();
        let (key, certificate) = vector_key(&vectors);
        let plaintext = vectors["plaintext_utf8"].as_str().unwrap().as_bytes();
        let mut opened = 0;
        for vector in vectors["vectors"].as_array().unwrap() {
            let payload: EncryptedPayload = serde_json::from_value(vector["encryptedPayload"].clone()).unwrap();
            let result = open(&key, &certificate, &payload);
            if payload.oaep_hashing_algorithm.is_none() {
                assert_eq!(result, Err(Fault::Form));
            } else {
                assert_eq!(result.unwrap(), plaintext, "{}", vector["name"]);
                opened += 1;
            }
        }
        assert_eq!(opened, 3);
    }

    #[test]
    fn with_the_key_and_iv_of_the_vectors_the_content_comes_out_byte_for_byte() {
        let vectors = vectors();
        let bytes = |text: &Value| hex::decode(text.as_str().unwrap()).unwrap();
        let key: [u8; 16] = bytes(&vectors["aes_key_hex"]).try_into().unwrap();
        let plaintext = vectors["plaintext_utf8"].as_str().unwrap().as_bytes();
        for vector in vectors["vectors"].as_array().unwrap() {
            let wanted = &vector["encryptedPayload"];
            let iv = bytes(&wanted["iv"]);
            let made = if wanted["algorithmCipherMode"] == "GCM" {
                seal_gcm(&key, &iv.try_into().unwrap(), &bytes(&wanted["aad"]), plaintext).unwrap()
            } else {
                seal_cbc(&key, &iv.try_into().unwrap(), plaintext).unwrap()
            };
            let made = serde_json::to_value(made).unwrap();
            for member in ["encryptedData", "iv", "tag", "aad", "algorithmCipherMode"] {
                assert_eq!(made[member], wanted[member], "{member} of {}", vector["name"]);
            }
        }
    }

    #[test]
    fn the_published_vector_of_the_official_library_comes_out() {
        let key: [u8; 16] = STANDARD.decode("mZzmzoURXI3Vk0vdsPkcFw==").unwrap().try_into().unwrap();
        let iv: [u8; 16] = STANDARD.decode("VNm/scgd1jhWF0z4+Qh6MA==").unwrap().try_into().unwrap();
        let made = seal_cbc(&key, &iv, "some data ù€@".as_bytes()).unwrap();
        assert_eq!(
            made.encrypted_data,
            hex::encode(STANDARD.decode("Y6X9YneTS4VuPETceBmvclrDoCqYyBgZgJUdnlZ8/0g=").unwrap())
        );
    }

    #[test]
    fn fingerprints_are_those_of_the_vectors_in_either_case() {
        let vectors = vectors();
        let (key, certificate) = vector_key(&vectors);
        let wanted = &vectors["fingerprints"];
        let names = ["sha256_cert_der_hex", "sha1_cert_der_hex", "sha256_spki_der_hex"];
        assert_eq!(
            fingerprints(&certificate).unwrap().as_slice(),
            names.map(|name| wanted[name].as_str().unwrap())
        );
        for name in names {
            let mut payload = seal(&certificate, ContentCipher::Cbc, b"[]").unwrap();
            payload.public_key_fingerprint = wanted[name].as_str().unwrap().to_ascii_uppercase();
            assert_eq!(open(&key, &certificate, &payload).unwrap(), b"[]");
        }
    }

    #[test]
    fn what_is_sealed_opens_again_looks_as_the_real_request_and_never_repeats() {
        let keys = Keys::generate();
        let key = keys.encryption_key().unwrap();
        for cipher in [ContentCipher::Cbc, ContentCipher::Gcm] {
            let (one, two) = (
                seal(keys.certificate_pem(), cipher, b"[{}]").unwrap(),
                seal(keys.certificate_pem(), cipher, b"[{}]").unwrap(),
            );
            assert_ne!(one.encrypted_data, two.encrypted_data);
            assert_eq!((one.encrypted_key.len(), one.public_key_fingerprint.len()), (512, 64));
            assert_eq!(open(&key, keys.certificate_pem(), &one).unwrap(), b"[{}]");
        }
    }

    #[test]
    fn each_damage_is_refused() {
        let keys = Keys::generate();
        let key = keys.encryption_key().unwrap();
        let good = seal(keys.certificate_pem(), ContentCipher::Gcm, b"[{}]").unwrap();
        let refused = |change: fn(&mut EncryptedPayload)| {
            let mut payload = good.clone();
            change(&mut payload);
            open(&key, keys.certificate_pem(), &payload).unwrap_err()
        };
        assert_eq!(
            refused(|p| p.public_key_fingerprint = "00".repeat(32)),
            Fault::Fingerprint
        );
        assert_eq!(refused(|p| p.encrypted_data = "zz".into()), Fault::Form);
        assert_eq!(refused(|p| p.iv = None), Fault::Form);
        assert_eq!(refused(|p| p.tag = Some("00".into())), Fault::Form);
        assert_eq!(refused(|p| p.tag = Some("00".repeat(16))), Fault::Content);
        assert_eq!(refused(|p| p.encrypted_key = "00".repeat(256)), Fault::Content);
        assert_eq!(
            refused(|p| p.oaep_hashing_algorithm = Some("SHA256".into())),
            Fault::Content
        );
        assert_eq!(refused(|p| p.algorithm_cipher_mode = Some("ECB".into())), Fault::Form);
        assert_eq!(
            seal(b"nothing", ContentCipher::Cbc, b"").err(),
            Some(Fault::Certificate)
        );
    }
}
