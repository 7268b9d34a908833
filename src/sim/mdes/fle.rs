//! Field level encryption: an AES key wrapped for an RSA key, everything in hex
//! (Token Connect API, "EncryptedPayload"). Not JWE.

use openssl::encrypt::{Decrypter, Encrypter};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::symm::{Cipher, decrypt_aead};
use openssl::x509::X509;
use serde_json::{Value, json};

use super::errors::Refusal;
use super::fields::Fields;
use super::keys::{EncryptionKey, digest, random};

/// Opens an `encryptedPayload` that was sent to `keys`, checking every documented length on the way.
pub(super) fn decrypt(payload: Fields<'_>, keys: &EncryptionKey) -> Result<Vec<u8>, Refusal> {
    let data = payload
        .optional_hex("encryptedData", 1..=usize::MAX)?
        .ok_or_else(|| Refusal::missing("encryptedData"))?;
    let fingerprint = payload.optional_text("publicKeyFingerprint", 32..=64)?;
    if fingerprint.is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Err(Refusal::format("publicKeyFingerprint"));
    }
    let wrapped = payload
        .optional_hex("encryptedKey", 32..=512)?
        .ok_or_else(|| Refusal::missing("encryptedKey"))?;
    let hash = payload.optional_one_of("oaepHashingAlgorithm", &["SHA256", "SHA512"])?;
    let iv = payload.optional_hex("iv", 24..=32)?;
    let mode = payload
        .optional_one_of("algorithmCipherMode", &["CBC", "GCM"])?
        .unwrap_or("CBC");
    let tag = payload.optional_hex("tag", 1..=36)?;
    let aad = payload.optional_hex("aad", 1..=36)?;

    if fingerprint.is_some_and(|text| !keys.fingerprints.contains(&text.to_ascii_lowercase())) {
        return Err(Refusal::cryptography());
    }
    let hash = match hash {
        Some("SHA256") => MessageDigest::sha256(),
        Some(_) => MessageDigest::sha512(),
        // The specification reads an absent hash as PKCS#1 v1.5, which invites padding oracles. Refused on purpose.
        None => return Err(Refusal::cryptography()),
    };
    let key = unwrap_key(&keys.key, hash, &wrapped).map_err(|_| Refusal::cryptography())?;
    if mode == "CBC" {
        let iv = iv.unwrap_or_else(|| vec![0; CBC_IV_BYTES]);
        if iv.len() != CBC_IV_BYTES {
            return Err(Refusal::length("iv"));
        }
        return decrypt_cbc(&key, &iv, &data).ok_or_else(Refusal::cryptography);
    }
    let iv = iv.unwrap_or_else(|| vec![0; GCM_IV_BYTES]);
    if iv.len() != GCM_IV_BYTES {
        return Err(Refusal::length("iv"));
    }
    let tag = tag.ok_or_else(|| Refusal::missing("tag"))?;
    decrypt_gcm(&key, &iv, &aad.unwrap_or_default(), &data, &tag).ok_or_else(Refusal::cryptography)
}

/// Encrypts `plaintext` for the holder of `certificate_pem` with a fresh AES-128 key and IV: CBC, OAEP with SHA-256.
///
/// # Errors
/// When the certificate is not an RSA certificate in PEM.
pub(super) fn encrypt(certificate_pem: &[u8], plaintext: &[u8]) -> Result<Value, ErrorStack> {
    let certificate = X509::from_pem(certificate_pem)?;
    let public = certificate.public_key()?;
    let (key, iv) = (random::<16>(), random::<CBC_IV_BYTES>());
    let data = openssl::symm::encrypt(Cipher::aes_128_cbc(), &key, Some(&iv), plaintext)?;

    let mut encrypter = Encrypter::new(&public)?;
    encrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    encrypter.set_rsa_oaep_md(MessageDigest::sha256())?;
    encrypter.set_rsa_mgf1_md(MessageDigest::sha256())?;
    let mut wrapped = vec![0; encrypter.encrypt_len(&key)?];
    let length = encrypter.encrypt(&key, &mut wrapped)?;
    wrapped.truncate(length);

    Ok(json!({
        "publicKeyFingerprint": hex::encode(digest(MessageDigest::sha256(), &certificate.to_der()?)),
        "encryptedKey": hex::encode(wrapped),
        "oaepHashingAlgorithm": "SHA256",
        "iv": hex::encode(iv),
        "encryptedData": hex::encode(data),
    }))
}

/// OAEP with the same hash for digest and MGF1, as Mastercard's libraries do it.
fn unwrap_key(key: &PKey<Private>, hash: MessageDigest, wrapped: &[u8]) -> Result<Vec<u8>, ErrorStack> {
    let mut decrypter = Decrypter::new(key)?;
    decrypter.set_rsa_padding(Padding::PKCS1_OAEP)?;
    decrypter.set_rsa_oaep_md(hash)?;
    decrypter.set_rsa_mgf1_md(hash)?;
    let mut unwrapped = vec![0; decrypter.decrypt_len(wrapped)?];
    let length = decrypter.decrypt(wrapped, &mut unwrapped)?;
    unwrapped.truncate(length);
    Ok(unwrapped)
}

fn decrypt_cbc(key: &[u8], iv: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    let cipher = match key.len() {
        16 => Cipher::aes_128_cbc(),
        32 => Cipher::aes_256_cbc(),
        _ => return None,
    };
    openssl::symm::decrypt(cipher, key, Some(iv), data).ok()
}

fn decrypt_gcm(key: &[u8], iv: &[u8], aad: &[u8], data: &[u8], tag: &[u8]) -> Option<Vec<u8>> {
    let cipher = match key.len() {
        16 => Cipher::aes_128_gcm(),
        32 => Cipher::aes_256_gcm(),
        _ => return None,
    };
    // OpenSSL checks as many tag bytes as it is given; a shortened tag would be a weakened one.
    if tag.len() != GCM_TAG_BYTES {
        return None;
    }
    decrypt_aead(cipher, key, Some(iv), aad, data, tag).ok()
}

const CBC_IV_BYTES: usize = 16;
const GCM_IV_BYTES: usize = 12;
const GCM_TAG_BYTES: usize = 16;

#[cfg(test)]
mod tests;
