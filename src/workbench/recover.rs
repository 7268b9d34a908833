//! What was signed. An RSA signature of the old kind (PKCS #1 v1.5) is turned back by the public key into the digest that its
//! maker signed: so it can be told whether the right key signed something else, or another key signed at all.

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Padding;
use openssl::sign::Verifier;
use openssl::x509::X509;

/// What stands before a SHA-256 digest in a signature (RFC 8017, 9.2, note 1).
const SHA256: &[u8] = &[
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];
/// The same for other digests, with their names.
const OTHERS: [(&[u8], &str); 3] = [
    (
        &[
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
        ],
        "SHA-1",
    ),
    (
        &[
            0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04,
            0x30,
        ],
        "SHA-384",
    ),
    (
        &[
            0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04,
            0x40,
        ],
        "SHA-512",
    ),
];

/// What a signature holds, seen with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// The SHA-256 digest of what was signed.
    Sha256([u8; 32]),
    /// The digest of another kind; its name.
    Otherwise(&'static str),
    /// Nothing: another key signed, or nobody.
    ByAnotherKey,
}

/// Reads a public key, bare or out of a certificate.
pub(super) fn public_key(pem: &[u8]) -> Option<PKey<Public>> {
    let bare = PKey::public_key_from_pem(pem);
    bare.or_else(|_| X509::from_pem(pem)?.public_key()).ok()
}

/// Whether this is the key's signature, RSA with SHA-256, over `text`.
pub(super) fn is_signature(key: &PKey<Public>, signature: &[u8], text: &[u8]) -> bool {
    let checked =
        Verifier::new(MessageDigest::sha256(), key).and_then(|mut verifier| verifier.verify_oneshot(signature, text));
    checked.unwrap_or(false)
}

/// The digest that was signed.
pub(super) fn signed(key: &PKey<Public>, signature: &[u8]) -> Signed {
    let Ok(rsa) = key.rsa() else {
        return Signed::ByAnotherKey;
    };
    let mut opened = vec![0; rsa.size() as usize];
    let Ok(length) = rsa.public_decrypt(signature, &mut opened, Padding::PKCS1) else {
        return Signed::ByAnotherKey;
    };
    let opened = &opened[..length];
    let sha256 = opened.strip_prefix(SHA256).and_then(|digest| digest.try_into().ok());
    let other = || OTHERS.iter().find(|(before, _)| opened.starts_with(before));
    match (sha256, other()) {
        (Some(digest), _) => Signed::Sha256(digest),
        (None, Some((_, name))) => Signed::Otherwise(name),
        (None, None) => Signed::ByAnotherKey,
    }
}

#[cfg(test)]
mod tests {
    use openssl::pkey::Private;
    use openssl::rsa::Rsa;
    use openssl::sha::sha256;
    use openssl::sign::Signer;

    use super::*;

    fn key() -> PKey<Private> {
        PKey::from_rsa(Rsa::generate(2048).expect("a key")).expect("a key")
    }

    fn public(key: &PKey<Private>) -> PKey<Public> {
        public_key(&key.public_key_to_pem().expect("PEM")).expect("a key")
    }

    fn sign(key: &PKey<Private>, digest: MessageDigest) -> Vec<u8> {
        let mut signer = Signer::new(digest, key).expect("a signer");
        signer.sign_oneshot_to_vec(b"what was signed").expect("a signature")
    }

    #[test]
    fn a_signature_tells_the_digest_of_what_was_signed_to_whoever_has_the_right_key() {
        let (right, other) = (key(), key());
        let signature = sign(&right, MessageDigest::sha256());
        assert_eq!(
            signed(&public(&right), &signature),
            Signed::Sha256(sha256(b"what was signed"))
        );
        assert_eq!(signed(&public(&other), &signature), Signed::ByAnotherKey);
        assert_eq!(signed(&public(&right), b"no signature"), Signed::ByAnotherKey);
        let old = sign(&right, MessageDigest::sha1());
        assert_eq!(signed(&public(&right), &old), Signed::Otherwise("SHA-1"));
        assert!(is_signature(&public(&right), &signature, b"what was signed"));
        assert!(!is_signature(&public(&right), &signature, b"something else"));
    }
}
