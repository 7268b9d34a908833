//! The keys that may vouch for receipts, by key id. They are loaded beforehand and never fetched while verifying
//! (implementation guide p. 45): a stranger's token must not be able to make us call anybody.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_PAD_INDIFFERENT, URL_SAFE_NO_PAD};
use openssl::bn::BigNum;
use openssl::rsa::Rsa;
use openssl::x509::X509;
use serde_json::{Map, Value};

use super::keys::{KeyFault, VerificationKey};
use super::strict_json;
use crate::domain::token::MediaContent;

/// A file or asset larger than this is no key.
const KEY_BYTES_MAX: usize = 64 * 1024;
/// More keys than this in one set are a mistake: one is active at a time, two while they rotate.
const KEYS_MAX: usize = 64;
const KEY_ID_LENGTH_MAX: usize = 64;
const KEY_JSON_DEPTH_MAX: usize = 6;
/// The media type of a key that is served as an asset (implementation guide p. 43).
const JWK_MEDIA_TYPE: &str = "application/jwk+json";
/// The members of a private RSA key, and of a symmetric one (RFC 7518, sections 6.3.2 and 6.4).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// Verification keys by key id. Loading is all or nothing: a file with a bad key changes nothing.
#[derive(Clone, Default)]
pub struct KeySet {
    keys: BTreeMap<String, VerificationKey>,
    #[cfg(test)]
    takes_any_signature: bool,
}

/// What may be shown about a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyDescription {
    /// The key id.
    pub kid: String,
    /// RFC 7638, SHA-256, base64url.
    pub thumbprint: String,
    /// SHA-256 of SubjectPublicKeyInfo, hexadecimal, as `openssl` prints it.
    pub fingerprint: String,
    /// The length of the modulus.
    pub bits: u32,
}

impl KeySet {
    /// Adds the keys of a file: a JWK, a JWK set, the answer to an asset request, or one PEM certificate.
    ///
    /// `stem` is the file's name without its extension. It is the key id of a certificate, and of a JWK that says none.
    /// In a JWK set, keys that are not RSA or are for encryption are passed over.
    ///
    /// # Errors
    /// [`KeyFault`]; the set is then as before.
    pub fn add_file(&mut self, stem: &str, bytes: &[u8]) -> Result<(), KeyFault> {
        if bytes.len() > KEY_BYTES_MAX {
            return Err(KeyFault::Unreadable);
        }
        let found = if bytes.trim_ascii_start().starts_with(b"-----BEGIN") {
            vec![(stem.to_owned(), certificate_key(bytes)?)]
        } else {
            let json = strict_json::parse(bytes, KEY_JSON_DEPTH_MAX).map_err(|_| KeyFault::Unreadable)?;
            let Value::Object(members) = json else {
                return Err(KeyFault::Unreadable);
            };
            if let Some(contents) = members.get("mediaContents") {
                asset_answer_keys(stem, contents)?
            } else if let Some(set) = members.get("keys") {
                jwk_set_keys(stem, set)?
            } else {
                vec![jwk_key(stem, &members)?]
            }
        };
        self.add_all(found)
    }

    /// Adds the key that was fetched as an asset. The asset id is the key id (implementation guide p. 43), and a key
    /// that calls itself otherwise is refused.
    ///
    /// # Errors
    /// [`KeyFault`]; the set is then as before.
    pub fn add_asset(&mut self, kid: &str, contents: &[MediaContent]) -> Result<(), KeyFault> {
        let mut found = Vec::new();
        for content in contents.iter().filter(|content| content.media_type == JWK_MEDIA_TYPE) {
            let (own, key) = jwk_bytes_key(kid, &content.bytes)?;
            if own != kid {
                return Err(KeyFault::KeyId);
            }
            found.push((own, key));
        }
        self.add_all(found)
    }

    /// The key ids, in order.
    #[must_use]
    pub fn kids(&self) -> Vec<&str> {
        self.keys.keys().map(String::as_str).collect()
    }

    /// Whether nothing can be verified.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// What may be shown about each key, by key id.
    #[must_use]
    pub fn describe(&self) -> Vec<KeyDescription> {
        let describe = |(kid, key): (&String, &VerificationKey)| KeyDescription {
            kid: kid.clone(),
            thumbprint: key.thumbprint().to_owned(),
            fingerprint: hex::encode(openssl::sha::sha256(key.spki_der())),
            bits: key.bits(),
        };
        self.keys.iter().map(describe).collect()
    }

    /// The same keys, and whatever is as long as a signature is one, to see what that lets happen. Exists in the library's
    /// own tests alone.
    #[cfg(test)]
    pub(crate) fn taking_any_signature(mut self) -> Self {
        self.takes_any_signature = true;
        self
    }

    /// Whether this is the key's signature over these bytes.
    pub(super) fn is_signed(&self, key: &VerificationKey, signed: &[u8], signature: &[u8]) -> bool {
        #[cfg(test)]
        if self.takes_any_signature {
            return true;
        }
        key.rs256().matches(signed, signature)
    }

    /// A look-up in a map, whatever the token calls its key.
    pub(super) fn key(&self, kid: &str) -> Option<&VerificationKey> {
        self.keys.get(kid)
    }

    fn add_all(&mut self, found: Vec<(String, VerificationKey)>) -> Result<(), KeyFault> {
        if found.is_empty() || self.keys.len() + found.len() > KEYS_MAX {
            return Err(KeyFault::Unreadable);
        }
        let mut keys = self.keys.clone();
        for (kid, key) in found {
            if !is_key_id(&kid) {
                return Err(KeyFault::KeyId);
            }
            if keys.insert(kid, key).is_some() {
                return Err(KeyFault::DuplicateKeyId);
            }
        }
        self.keys = keys;
        Ok(())
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("KeySet").field(&self.kids()).finish()
    }
}

/// 1 to 64 letters, digits, `-`, `_` or `.`. Nothing may be read out of it: both dates and serial numbers were seen.
pub(super) fn is_key_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=KEY_ID_LENGTH_MAX).contains(&text.len()) && text.bytes().all(plain)
}

fn certificate_key(pem: &[u8]) -> Result<VerificationKey, KeyFault> {
    let mut found = X509::stack_from_pem(pem).map_err(|_| KeyFault::Unreadable)?;
    // With two certificates in a file nobody can tell which one was meant.
    match (found.pop(), found.is_empty()) {
        (Some(certificate), true) => key_of(&certificate),
        _ => Err(KeyFault::Unreadable),
    }
}

fn key_of(certificate: &X509) -> Result<VerificationKey, KeyFault> {
    let key = certificate.public_key().map_err(|_| KeyFault::Unreadable)?;
    VerificationKey::new(&key.rsa().map_err(|_| KeyFault::NotRsa)?)
}

fn asset_answer_keys(stem: &str, contents: &Value) -> Result<Vec<(String, VerificationKey)>, KeyFault> {
    let contents = contents.as_array().ok_or(KeyFault::Unreadable)?;
    let data_of_key = |content: &Value| -> Option<String> {
        let is_key = content.get("type")?.as_str()?.eq_ignore_ascii_case(JWK_MEDIA_TYPE);
        is_key.then(|| {
            content
                .get("data")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        })
    };
    let mut found = Vec::new();
    for data in contents.iter().filter_map(data_of_key) {
        let jwk = STANDARD_PAD_INDIFFERENT
            .decode(data)
            .map_err(|_| KeyFault::Unreadable)?;
        found.push(jwk_bytes_key(stem, &jwk)?);
    }
    Ok(found)
}

fn jwk_set_keys(stem: &str, set: &Value) -> Result<Vec<(String, VerificationKey)>, KeyFault> {
    let mut found = Vec::new();
    for jwk in set.as_array().ok_or(KeyFault::Unreadable)? {
        let jwk = jwk.as_object().ok_or(KeyFault::Unreadable)?;
        let is = |name: &str, value: &str| jwk.get(name).and_then(Value::as_str) == Some(value);
        if is("kty", "RSA") && !is("use", "enc") {
            found.push(jwk_key(stem, jwk)?);
        }
    }
    Ok(found)
}

fn jwk_bytes_key(stem: &str, bytes: &[u8]) -> Result<(String, VerificationKey), KeyFault> {
    match strict_json::parse(bytes, KEY_JSON_DEPTH_MAX) {
        Ok(Value::Object(jwk)) => jwk_key(stem, &jwk),
        _ => Err(KeyFault::Unreadable),
    }
}

/// One JWK (RFC 7517; the members that MDES writes are in the implementation guide, p. 45).
fn jwk_key(stem: &str, jwk: &Map<String, Value>) -> Result<(String, VerificationKey), KeyFault> {
    let text = |name: &str| match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(KeyFault::Unreadable),
    };
    if text("kty")? != Some("RSA") {
        return Err(KeyFault::NotRsa);
    }
    if PRIVATE_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
        return Err(KeyFault::PrivateParts);
    }
    let verifies = match jwk.get("key_ops") {
        None => true,
        Some(operations) => operations
            .as_array()
            .is_some_and(|list| list.iter().any(|one| one == "verify")),
    };
    if text("alg")?.is_some_and(|alg| alg != "RS256") || text("use")?.is_some_and(|usage| usage != "sig") || !verifies {
        return Err(KeyFault::Purpose);
    }
    let number = |name: &str| -> Result<BigNum, KeyFault> {
        let bytes = URL_SAFE_NO_PAD.decode(text(name)?.ok_or(KeyFault::Unreadable)?);
        BigNum::from_slice(&bytes.map_err(|_| KeyFault::Unreadable)?).map_err(|_| KeyFault::Unreadable)
    };
    let rsa = Rsa::from_public_components(number("n")?, number("e")?).map_err(|_| KeyFault::Unreadable)?;
    let key = VerificationKey::new(&rsa)?;
    belongs_to_its_certificate(jwk, &key)?;
    Ok((text("kid")?.unwrap_or(stem).to_owned(), key))
}

/// `x5c[0]` is of the same key, and `x5t#S256` is the hash of `x5c[0]`, where they are present.
fn belongs_to_its_certificate(jwk: &Map<String, Value>, key: &VerificationKey) -> Result<(), KeyFault> {
    let Some(chain) = jwk.get("x5c") else {
        return Ok(());
    };
    let first = chain.get(0).and_then(Value::as_str).ok_or(KeyFault::Unreadable)?;
    let der = STANDARD.decode(first).map_err(|_| KeyFault::Unreadable)?;
    let certificate = X509::from_der(&der).map_err(|_| KeyFault::Unreadable)?;
    let thumbprint = URL_SAFE_NO_PAD.encode(openssl::sha::sha256(&der));
    let said = jwk.get("x5t#S256").and_then(Value::as_str).unwrap_or(&thumbprint);
    if key_of(&certificate)?.spki_der() != key.spki_der() || said != thumbprint {
        return Err(KeyFault::Mismatch);
    }
    Ok(())
}
