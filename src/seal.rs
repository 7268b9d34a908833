//! Sealing what must rest, and keyed hashes of what must be recognised but not kept.
//!
//! Two keys of 32 random bytes come from the configuration. Neither is used itself: each use has a key of its own,
//! derived by HMAC-SHA-256 over a label, so that what one use gives away helps with no other.
//!
//! | from | label | for |
//! |---|---|---|
//! | storage key | `tidemark seal 1` | AES-256-GCM of receipts and codes at rest ([`Sealer::seal`]) |
//! | storage key | `tidemark fingerprint 1` | spend-once keys, accounts, and log ids of secrets ([`Sealer::fingerprint`]) |
//! | cookie key | `tidemark browser 1` | the hash of the browser secret in a session's row ([`CookieKeys::browser_hash`]) |
//! | cookie key | `tidemark csrf 1` | the token in forms ([`CookieKeys::csrf`]) |

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use secrecy::{ExposeSecret, SecretBox, SecretString};

use crate::domain::id::Fingerprint;

/// The version of the encoding, first in every sealed text. Another one may follow without touching what rests.
const VERSION: &str = "1.";
/// The nonce of AES-GCM, in bytes (NIST SP 800-38D 8.2).
const NONCE_BYTES: usize = 12;
/// The authentication tag of AES-GCM, in bytes; never shorter.
const TAG_BYTES: usize = 16;

/// A derived key. `Debug` of [`SecretBox`] shows nothing of it.
type Derived = SecretBox<[u8; 32]>;

/// Seals and opens what rests in the database, and fingerprints what must never rest.
#[derive(Debug)]
pub struct Sealer {
    seal: Derived,
    fingerprint: Derived,
}

/// A text that this key did not seal for this place, or that was changed since. It does not say which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotSealed;

impl fmt::Display for NotSealed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("not sealed with this key for this place, or changed since")
    }
}

impl std::error::Error for NotSealed {}

impl Sealer {
    /// Derives the keys from the storage key.
    #[must_use]
    pub fn new(storage_key: &[u8; 32]) -> Self {
        Self {
            seal: derive(storage_key, "tidemark seal 1"),
            fingerprint: derive(storage_key, "tidemark fingerprint 1"),
        }
    }

    /// Seals `plaintext` for the place `aad`, written "table/row/column": it opens there and nowhere else, so that a
    /// value cannot be moved to another row.
    ///
    /// `nonce` is 12 fresh random bytes. A repeated one would give both plaintexts away; with random ones a key is good
    /// for 2^32 values (NIST SP 800-38D 8.3). The answer is `1.` and base64url, 4/3 of plaintext plus 28 bytes.
    ///
    /// # Panics
    /// If OpenSSL lacks AES-256-GCM, because then nothing can be kept safely.
    #[must_use]
    pub fn seal(&self, aad: &str, plaintext: &SecretString, nonce: [u8; NONCE_BYTES]) -> String {
        let mut tag = [0; TAG_BYTES];
        let plaintext = plaintext.expose_secret().as_bytes();
        let key = self.seal.expose_secret();
        let ciphertext = encrypt_aead(
            Cipher::aes_256_gcm(),
            key,
            Some(&nonce),
            aad.as_bytes(),
            plaintext,
            &mut tag,
        )
        .expect("AES-256-GCM takes 32 and 12 bytes");
        let sealed = [&nonce[..], &ciphertext, &tag].concat();
        format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens what [`Sealer::seal`] made for the same place.
    ///
    /// # Errors
    /// [`NotSealed`] for everything else.
    pub fn open(&self, aad: &str, sealed: &str) -> Result<SecretString, NotSealed> {
        let text = sealed.strip_prefix(VERSION).ok_or(NotSealed)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotSealed)?;
        if bytes.len() < NONCE_BYTES + TAG_BYTES {
            return Err(NotSealed);
        }
        let (nonce, rest) = bytes.split_at(NONCE_BYTES);
        let (ciphertext, tag) = rest.split_at(rest.len() - TAG_BYTES);
        let key = self.seal.expose_secret();
        let opened = decrypt_aead(Cipher::aes_256_gcm(), key, Some(nonce), aad.as_bytes(), ciphertext, tag);
        let text = String::from_utf8(opened.map_err(|_| NotSealed)?).map_err(|_| NotSealed)?;
        Ok(SecretString::from(text))
    }

    /// The keyed hash of a secret, under a label for what it is ("receipt", "code"). Equal secrets have equal
    /// fingerprints, so it can be a unique key; without the storage key nobody can try candidates against it.
    #[must_use]
    pub fn fingerprint(&self, label: &str, secret: &str) -> Fingerprint {
        fingerprint(self.fingerprint.expose_secret(), label, secret)
    }
}

/// Keyed hashes for what a browser holds.
#[derive(Debug)]
pub struct CookieKeys {
    browser: Derived,
    csrf: Derived,
}

impl CookieKeys {
    /// Derives the keys from the cookie key.
    #[must_use]
    pub fn new(cookie_key: &[u8; 32]) -> Self {
        Self {
            browser: derive(cookie_key, "tidemark browser 1"),
            csrf: derive(cookie_key, "tidemark csrf 1"),
        }
    }

    /// What a session's row keeps of the browser secret: enough to recognise it, nothing to pretend to be it.
    #[must_use]
    pub fn browser_hash(&self, browser_secret: &str) -> Fingerprint {
        fingerprint(self.browser.expose_secret(), "browser", browser_secret)
    }

    /// The token for the forms of one browser and one `purpose` (such as "POST /sessions").
    #[must_use]
    pub fn csrf(&self, purpose: &str, browser_secret: &str) -> Fingerprint {
        fingerprint(self.csrf.expose_secret(), purpose, browser_secret)
    }

    /// Whether `token` is the one of this browser and purpose, in a time that does not tell how nearly.
    #[must_use]
    pub fn csrf_is_right(&self, purpose: &str, browser_secret: &str, token: &str) -> bool {
        same(self.csrf(purpose, browser_secret).as_str().as_bytes(), token.as_bytes())
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && openssl::memcmp::eq(one, other)
}

/// SHA-256 in hexadecimal, of what is no secret: the digest of terms, the key of an entry without one.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    openssl::sha::sha256(bytes)
}

fn derive(key: &[u8; 32], label: &str) -> Derived {
    SecretBox::new(Box::new(hmac(key, &[label.as_bytes()])))
}

/// The zero byte keeps label and secret apart: "a" with "bc" is not "ab" with "c".
fn fingerprint(key: &[u8; 32], label: &str, secret: &str) -> Fingerprint {
    debug_assert!(!label.contains('\0'), "a label is one of ours");
    let hash = hmac(key, &[label.as_bytes(), b"\0", secret.as_bytes()]);
    Fingerprint::parse(&hex::encode(hash)).expect("32 bytes are 64 hexadecimal digits")
}

/// HMAC-SHA-256 (RFC 2104).
fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let run = || {
        let key = PKey::hmac(key)?;
        let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
        for part in parts {
            signer.update(part)?;
        }
        signer.sign_to_vec()
    };
    let hash: Result<Vec<u8>, openssl::error::ErrorStack> = run();
    hash.expect("OpenSSL has HMAC-SHA-256")
        .try_into()
        .expect("SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const PLACE: &str = "sessions/0197c3f2/receipt";

    fn sealed(text: &str) -> String {
        Sealer::new(&KEY).seal(PLACE, &SecretString::from(text), [9; 12])
    }

    fn opened(key: &[u8; 32], place: &str, text: &str) -> Option<String> {
        Sealer::new(key)
            .open(place, text)
            .ok()
            .map(|secret| secret.expose_secret().to_owned())
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_only_with_its_key_at_its_place(
            text in ".{0,80}", key: [u8; 32], nonce: [u8; 12], other: [u8; 32], place in "[a-z]{1,9}/[a-z]{1,9}",
        ) {
            let text_sealed = Sealer::new(&key).seal(&place, &SecretString::from(text.as_str()), nonce);
            prop_assert!(text_sealed.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert_eq!(opened(&key, &place, &text_sealed), Some(text));
            prop_assert_eq!(opened(&key, &format!("{place}x"), &text_sealed), None);
            prop_assert!(key == other || opened(&other, &place, &text_sealed).is_none());
        }

        #[test]
        fn every_changed_bit_is_noticed(text in "[A-Z0-9-]{0,40}") {
            let good = sealed(&text);
            for position in 0..good.len() {
                for bit in 0..7 {
                    let mut bytes = good.clone().into_bytes();
                    bytes[position] ^= 1 << bit;
                    let bad = String::from_utf8(bytes).expect("seven bits are text");
                    prop_assert_eq!(opened(&KEY, PLACE, &bad), None, "bit {} of byte {}", bit, position);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,90}") {
            prop_assert_eq!(opened(&KEY, PLACE, &text), None);
        }
    }

    #[test]
    fn what_is_cut_short_or_longer_is_refused() {
        let good = sealed("MCC-C307F0AE");
        for end in 0..good.len() {
            assert_eq!(opened(&KEY, PLACE, &good[..end]), None);
        }
        assert_eq!(opened(&KEY, PLACE, &format!("{good}A")), None);
        assert_eq!(opened(&KEY, PLACE, &format!("{good}=")), None);
    }

    /// Made with Python's `cryptography` and `hmac`: key 32 x 07, nonce 12 x 09.
    #[test]
    fn another_tool_makes_the_same() {
        assert_eq!(
            sealed("MCC-C307F0AE"),
            "1.CQkJCQkJCQkJCQkJy4q5WU0L2mGeSJSfNbFZmgzOXZ3Wu4GFTz_9Bg"
        );
        let fingerprint = Sealer::new(&KEY).fingerprint("receipt", "MCC-C307F0AE");
        assert_eq!(
            fingerprint.as_str(),
            "7722b878dac7d5387c4df920a6d7f2d64717406824cd663b852a37d4c2ddaee1"
        );
        let csrf = CookieKeys::new(&KEY).csrf("POST /sessions", "browser");
        assert_eq!(
            csrf.as_str(),
            "ee8cfafc453c950911ce410f88ad75bc089b2db765fb7a37b009fe7168668b9a"
        );
    }

    #[test]
    fn each_use_has_its_own_key_and_each_label_its_own_hash() {
        let (sealer, cookies) = (Sealer::new(&KEY), CookieKeys::new(&KEY));
        let hashes = [
            sealer.fingerprint("browser", "x"),
            sealer.fingerprint("browse", "rx"),
            cookies.browser_hash("x"),
            cookies.csrf("browser", "x"),
            Sealer::new(&[8; 32]).fingerprint("browser", "x"),
        ];
        for (index, hash) in hashes.iter().enumerate() {
            assert!(!hashes[..index].contains(hash), "{index}");
        }
        assert_eq!(sealer.fingerprint("browser", "x"), hashes[0]);
    }

    #[test]
    fn a_form_token_is_for_one_browser_and_purpose() {
        let cookies = CookieKeys::new(&KEY);
        let token = cookies.csrf("POST /sessions", "mine");
        assert!(cookies.csrf_is_right("POST /sessions", "mine", token.as_str()));
        assert!(!cookies.csrf_is_right("POST /sessions", "yours", token.as_str()));
        assert!(!cookies.csrf_is_right("POST /push", "mine", token.as_str()));
        assert!(!cookies.csrf_is_right("POST /sessions", "mine", ""));
    }

    #[test]
    fn comparing_takes_any_lengths() {
        assert!(same(b"", b""));
        assert!(same(b"abc", b"abc"));
        assert!(!same(b"abc", b"abd"));
        assert!(!same(b"abc", b"abcd"));
    }

    #[test]
    fn nothing_prints_a_key() {
        let shown = format!("{:?} {:?}", Sealer::new(&KEY), CookieKeys::new(&KEY));
        assert!(!shown.contains("7, 7") && shown.contains("REDACTED"), "{shown}");
    }
}
