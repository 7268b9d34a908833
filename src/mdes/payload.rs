//! Field-level encryption as Mastercard's libraries do it: AES over the JSON, the AES key wrapped with RSA-OAEP, all
//! of it hexadecimal (Token Connect API, `encryptedPayload`; `client-encryption-java` and `-python`).
//!
//! Pure: session key and initialisation vector are arguments. We encrypt to MDES (the `source` of a request) and
//! decrypt what MDES sends to us (notifications). No account number passes here in either direction.

use std::fmt;

use openssl::encrypt::{Decrypter, Encrypter};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private, Public};
use openssl::rsa::Padding;
use openssl::symm::{Cipher, decrypt as aes_decrypt, decrypt_aead, encrypt as aes_encrypt};
use openssl::x509::X509;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::keys::{KeyFault, private_from_pkcs12, strong};

/// `oaepHashingAlgorithm`: the digest of OAEP and, the same, of its mask generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OaepHash {
    /// SHA-256.
    #[default]
    Sha256,
    /// SHA-512.
    Sha512,
}

impl OaepHash {
    /// As the wire spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "SHA256" => Some(Self::Sha256),
            "SHA512" => Some(Self::Sha512),
            _ => None,
        }
    }

    fn digest(self) -> MessageDigest {
        match self {
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

/// `encryptedPayload`, as the wire spells it. Every value is hexadecimal in either case.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct EncryptedPayload {
    /// The encrypted JSON.
    pub encrypted_data: String,
    /// Which key it is encrypted to: a fingerprint of its certificate or of the key itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key_fingerprint: Option<String>,
    /// The wrapped AES key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_key: Option<String>,
    /// `SHA256` or `SHA512`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oaep_hashing_algorithm: Option<String>,
    /// 16 bytes for CBC (all zero when absent), 12 for GCM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iv: Option<String>,
    /// `CBC`, which is meant when absent, or `GCM`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm_cipher_mode: Option<String>,
    /// GCM's tag, all 16 bytes of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// GCM's additional data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aad: Option<String>,
}

/// Why a payload is neither made nor read.
///
/// Whatever goes wrong behind the RSA key is one fault: told apart, padding and key faults make an oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadFault {
    /// A member is missing, not hexadecimal, of the wrong length or of an unknown kind.
    Shape,
    /// Wrapped without OAEP. The API permits it; PKCS #1 v1.5 decryption invites Bleichenbacher, so we do not.
    KeyWrap,
    /// Encrypted to another key.
    Fingerprint,
    /// Does not decrypt.
    Undecipherable,
    /// The library failed to encrypt.
    Encryption,
}

impl fmt::Display for PayloadFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Shape => "the encrypted payload is malformed",
            Self::KeyWrap => "the session key is not wrapped with OAEP",
            Self::Fingerprint => "the payload is encrypted to another key",
            Self::Undecipherable => "the payload does not decrypt",
            Self::Encryption => "the payload could not be encrypted",
        })
    }
}

impl std::error::Error for PayloadFault {}

/// A certificate that we encrypt to.
#[derive(Clone)]
pub struct Recipient {
    key: PKey<Public>,
    fingerprint: String,
}

impl Recipient {
    /// From one certificate, PEM or DER. Its dates are not looked at: MDES's own sandbox used an expired one.
    ///
    /// # Errors
    /// [`KeyFault`] for what is no certificate of an RSA key of 2,048 to 4,096 bits.
    pub fn from_certificate(bytes: &[u8]) -> Result<Self, KeyFault> {
        let certificate = certificate(bytes)?;
        let key = certificate.public_key().map_err(|_| KeyFault::Unreadable)?;
        strong(&key.rsa().map_err(|_| KeyFault::NotRsa)?)?;
        let fingerprint = fingerprints(Some(&certificate), &key)?.swap_remove(0);
        Ok(Self { key, fingerprint })
    }

    /// SHA-256 of the certificate's DER in lower-case hexadecimal: the form that a real request was seen to carry.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Recipient").field(&self.fingerprint).finish()
    }
}

/// The private key that MDES encrypts notifications to. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct NotificationKey {
    key: PKey<Private>,
    fingerprints: Vec<String>,
}

impl NotificationKey {
    /// From a PEM key and, so that its fingerprints are known too, its certificate (PEM or DER).
    ///
    /// # Errors
    /// [`KeyFault`]; [`KeyFault::Mismatch`] when the certificate is of another key.
    pub fn from_pem(key: &[u8], certificate_bytes: Option<&[u8]>) -> Result<Self, KeyFault> {
        let key = PKey::private_key_from_pem_callback(key, |_| Ok(0)).map_err(|_| KeyFault::Unreadable)?;
        let certificate = certificate_bytes.map(certificate).transpose()?;
        Self::checked(key, certificate.as_ref())
    }

    /// From PKCS#12 with its password. A certificate inside is used for the fingerprints.
    ///
    /// # Errors
    /// [`KeyFault`].
    pub fn from_pkcs12(der: &[u8], password: &SecretString) -> Result<Self, KeyFault> {
        Self::checked(private_from_pkcs12(der, password)?, None)
    }

    /// Every spelling of the key's name that is accepted: SHA-256 and SHA-1 of the certificate, if one was given, and
    /// SHA-256 of the key. Lower case.
    #[must_use]
    pub fn fingerprints(&self) -> &[String] {
        &self.fingerprints
    }

    fn checked(key: PKey<Private>, certificate: Option<&X509>) -> Result<Self, KeyFault> {
        strong(&key.rsa().map_err(|_| KeyFault::NotRsa)?)?;
        let der = key.public_key_to_der().map_err(|_| KeyFault::Unusable)?;
        let public = PKey::public_key_from_der(&der).map_err(|_| KeyFault::Unusable)?;
        let others = |one: &X509| !one.public_key().is_ok_and(|key| key.public_eq(&public));
        if certificate.is_some_and(others) {
            return Err(KeyFault::Mismatch);
        }
        let fingerprints = fingerprints(certificate, &public)?;
        Ok(Self { key, fingerprints })
    }
}

impl fmt::Debug for NotificationKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("NotificationKey(redacted)")
    }
}

/// Encrypts with AES-128-CBC and OAEP, as the one real request that is known did.
///
/// `session_key` and `iv` must be fresh random bytes, used for this payload only.
///
/// # Errors
/// [`PayloadFault::Encryption`] if the library fails.
pub fn encrypt(
    to: &Recipient,
    hash: OaepHash,
    session_key: &[u8; 16],
    iv: &[u8; 16],
    plaintext: &[u8],
) -> Result<EncryptedPayload, PayloadFault> {
    let wrapped = || {
        let mut wrapper = Encrypter::new(&to.key)?;
        wrapper.set_rsa_padding(Padding::PKCS1_OAEP)?;
        wrapper.set_rsa_oaep_md(hash.digest())?;
        wrapper.set_rsa_mgf1_md(hash.digest())?;
        let mut wrapped = vec![0; wrapper.encrypt_len(session_key)?];
        let length = wrapper.encrypt(session_key, &mut wrapped)?;
        wrapped.truncate(length);
        Ok(wrapped)
    };
    let wrapped = wrapped().map_err(|_: openssl::error::ErrorStack| PayloadFault::Encryption)?;
    Ok(EncryptedPayload {
        encrypted_data: hex::encode(encrypt_cbc(session_key, iv, plaintext)?),
        public_key_fingerprint: Some(to.fingerprint.clone()),
        encrypted_key: Some(hex::encode(wrapped)),
        oaep_hashing_algorithm: Some(hash.name().to_owned()),
        iv: Some(hex::encode(iv)),
        algorithm_cipher_mode: None,
        tag: None,
        aad: None,
    })
}

/// AES-128-CBC with PKCS #7 padding.
///
/// # Errors
/// [`PayloadFault::Encryption`] if the library fails.
pub fn encrypt_cbc(key: &[u8; 16], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, PayloadFault> {
    aes_encrypt(Cipher::aes_128_cbc(), key, Some(iv), plaintext).map_err(|_| PayloadFault::Encryption)
}

/// Decrypts what was encrypted to us: AES-128 or AES-256, CBC or GCM, OAEP with SHA-256 or SHA-512.
///
/// # Errors
/// [`PayloadFault`].
pub fn decrypt(key: &NotificationKey, payload: &EncryptedPayload) -> Result<Vec<u8>, PayloadFault> {
    if let Some(fingerprint) = &payload.public_key_fingerprint
        && !key.fingerprints.contains(&fingerprint.to_ascii_lowercase())
    {
        return Err(PayloadFault::Fingerprint);
    }
    let hash = payload.oaep_hashing_algorithm.as_deref().ok_or(PayloadFault::KeyWrap)?;
    let hash = OaepHash::parse(hash).ok_or(PayloadFault::Shape)?;
    let bytes = |text: &Option<String>| -> Result<Option<Vec<u8>>, PayloadFault> {
        text.as_deref()
            .map(hex::decode)
            .transpose()
            .map_err(|_| PayloadFault::Shape)
    };
    let wrapped = bytes(&payload.encrypted_key)?.ok_or(PayloadFault::Shape)?;
    let data = hex::decode(&payload.encrypted_data).map_err(|_| PayloadFault::Shape)?;
    let (iv, tag, aad) = (bytes(&payload.iv)?, bytes(&payload.tag)?, bytes(&payload.aad)?);
    match payload.algorithm_cipher_mode.as_deref() {
        None | Some("CBC") => {
            let iv = iv.unwrap_or_else(|| vec![0; 16]);
            if iv.len() != 16 || tag.is_some() || aad.is_some() {
                return Err(PayloadFault::Shape);
            }
            let session_key = unwrap_key(key, hash, &wrapped)?;
            let cipher = if session_key.len() == 16 {
                Cipher::aes_128_cbc()
            } else {
                Cipher::aes_256_cbc()
            };
            aes_decrypt(cipher, &session_key, Some(&iv), &data).map_err(|_| PayloadFault::Undecipherable)
        }
        Some("GCM") => {
            let (iv, tag) = (iv.ok_or(PayloadFault::Shape)?, tag.ok_or(PayloadFault::Shape)?);
            // A short tag would be accepted by the library, and guessed by somebody.
            if iv.len() != 12 || tag.len() != 16 {
                return Err(PayloadFault::Shape);
            }
            let session_key = unwrap_key(key, hash, &wrapped)?;
            let cipher = if session_key.len() == 16 {
                Cipher::aes_128_gcm()
            } else {
                Cipher::aes_256_gcm()
            };
            decrypt_aead(cipher, &session_key, Some(&iv), &aad.unwrap_or_default(), &data, &tag)
                .map_err(|_| PayloadFault::Undecipherable)
        }
        Some(_) => Err(PayloadFault::Shape),
    }
}

/// The AES key, of 16 or 32 bytes.
fn unwrap_key(key: &NotificationKey, hash: OaepHash, wrapped: &[u8]) -> Result<Vec<u8>, PayloadFault> {
    let unwrap = || {
        let mut unwrapper = Decrypter::new(&key.key)?;
        unwrapper.set_rsa_padding(Padding::PKCS1_OAEP)?;
        unwrapper.set_rsa_oaep_md(hash.digest())?;
        unwrapper.set_rsa_mgf1_md(hash.digest())?;
        let mut session_key = vec![0; unwrapper.decrypt_len(wrapped)?];
        let length = unwrapper.decrypt(wrapped, &mut session_key)?;
        session_key.truncate(length);
        Ok(session_key)
    };
    match unwrap() {
        Ok(session_key) if session_key.len() == 16 || session_key.len() == 32 => Ok(session_key),
        Ok(_) => Err(PayloadFault::Undecipherable),
        Err(openssl::error::ErrorStack { .. }) => Err(PayloadFault::Undecipherable),
    }
}

fn certificate(bytes: &[u8]) -> Result<X509, KeyFault> {
    let read = if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
        X509::from_pem
    } else {
        X509::from_der
    };
    read(bytes).map_err(|_| KeyFault::Unreadable)
}

/// The certificate's SHA-256 and SHA-1, then the key's SHA-256 (the last alone without a certificate).
fn fingerprints(certificate: Option<&X509>, key: &PKey<Public>) -> Result<Vec<String>, KeyFault> {
    let mut found = Vec::new();
    if let Some(certificate) = certificate {
        for digest in [MessageDigest::sha256(), MessageDigest::sha1()] {
            found.push(hex::encode(certificate.digest(digest).map_err(|_| KeyFault::Unusable)?));
        }
    }
    let spki = key.public_key_to_der().map_err(|_| KeyFault::Unusable)?;
    found.push(hex::encode(openssl::sha::sha256(&spki)));
    Ok(found)
}
