//! RSA keys: ours to sign requests with, MDES's to verify receipts with. What is too weak does not get in.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use josekit::jws::JwsVerifier;
use josekit::jws::RS256;
use josekit::jws::alg::rsassa::RsassaJwsVerifier;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{HasPublic, PKey, Private, Public};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use secrecy::{ExposeSecret, SecretString};

/// The shortest modulus we use, in bits.
pub const RSA_BITS_MIN: u32 = 2048;
/// The longest one: longer keys only make every check slower.
pub const RSA_BITS_MAX: u32 = 4096;
/// The only public exponent we use; small ones have a history of forgeries.
const EXPONENT: u64 = 65537;

/// Why a key is not used. Names the fault, never the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// Not a key in any form that is accepted here.
    Unreadable,
    /// PKCS#12 that does not open: a wrong password, no key inside, or ciphers of the last century.
    Pkcs12,
    /// A key, but not RSA.
    NotRsa,
    /// Shorter than 2,048 bits or longer than 4,096.
    Length,
    /// A public exponent other than 65537.
    Exponent,
    /// A modulus that can be no product of two large primes.
    Modulus,
    /// Declared for another purpose or algorithm than to verify RS256 signatures.
    Purpose,
    /// Contains private parts, which have no business in a set of verification keys.
    PrivateParts,
    /// No usable key id: 1 to 64 letters, digits, `-`, `_` or `.`.
    KeyId,
    /// The key id is taken.
    DuplicateKeyId,
    /// Says a certificate or a fingerprint that belongs to another key.
    Mismatch,
    /// The library refuses to work with it.
    Unusable,
    /// What was to be signed has no absolute address.
    Address,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Unreadable => "no key in a known form",
            Self::Pkcs12 => "the PKCS#12 file does not open (wrong password, no key, or outdated ciphers)",
            Self::NotRsa => "not an RSA key",
            Self::Length => "the key has fewer than 2048 or more than 4096 bits",
            Self::Exponent => "the public exponent is not 65537",
            Self::Modulus => "the modulus is even",
            Self::Purpose => "the key is declared for another purpose than to verify RS256 signatures",
            Self::PrivateParts => "a verification key must not contain private parts",
            Self::KeyId => "no usable key id",
            Self::DuplicateKeyId => "the key id is already in the set",
            Self::Mismatch => "the key and its certificate or fingerprint do not belong together",
            Self::Unusable => "the key cannot be used",
            Self::Address => "not an absolute address",
        })
    }
}

impl std::error::Error for KeyFault {}

/// The private key that signs our requests. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct SigningKey(PKey<Private>);

impl SigningKey {
    /// From PEM: PKCS#8 or traditional, not encrypted.
    ///
    /// # Errors
    /// [`KeyFault`] for what is no RSA key of 2,048 to 4,096 bits.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyFault> {
        // With a callback that knows no password, or OpenSSL asks for one on the terminal.
        let key = PKey::private_key_from_pem_callback(pem, |_| Ok(0)).map_err(|_| KeyFault::Unreadable)?;
        Self::checked(key)
    }

    /// From PKCS#12 with its password.
    ///
    /// # Errors
    /// [`KeyFault`] when the container does not open or its key is not used.
    pub fn from_pkcs12(der: &[u8], password: &SecretString) -> Result<Self, KeyFault> {
        Self::checked(private_from_pkcs12(der, password)?)
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 over `message`.
    ///
    /// # Errors
    /// [`KeyFault::Unusable`] if the library fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let sign = || {
            let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
            signer.sign_oneshot_to_vec(message)
        };
        sign().map_err(|_: openssl::error::ErrorStack| KeyFault::Unusable)
    }

    /// The public half, as SubjectPublicKeyInfo in DER.
    ///
    /// # Errors
    /// [`KeyFault::Unusable`] if the library fails.
    pub fn public_der(&self) -> Result<Vec<u8>, KeyFault> {
        self.0.public_key_to_der().map_err(|_| KeyFault::Unusable)
    }

    fn checked(key: PKey<Private>) -> Result<Self, KeyFault> {
        strong(&key.rsa().map_err(|_| KeyFault::NotRsa)?)?;
        Ok(Self(key))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SigningKey(redacted)")
    }
}

pub(super) fn private_from_pkcs12(der: &[u8], password: &SecretString) -> Result<PKey<Private>, KeyFault> {
    Pkcs12::from_der(der)
        .and_then(|container| container.parse2(password.expose_secret()))
        .map_err(|_| KeyFault::Pkcs12)?
        .pkey
        .ok_or(KeyFault::Pkcs12)
}

/// Whether an RSA key is one that we use.
pub(super) fn strong<T: HasPublic>(rsa: &Rsa<T>) -> Result<(), KeyFault> {
    let bits = u32::try_from(rsa.n().num_bits()).map_err(|_| KeyFault::Length)?;
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return Err(KeyFault::Length);
    }
    if rsa.e().to_vec() != EXPONENT.to_be_bytes()[5..] {
        return Err(KeyFault::Exponent);
    }
    if !rsa.n().is_bit_set(0) {
        return Err(KeyFault::Modulus);
    }
    Ok(())
}

/// RS256 and nothing else: the one primitive that says whether a signature is good.
#[derive(Clone)]
pub struct Rs256 {
    verifier: RsassaJwsVerifier,
    size: usize,
}

impl Rs256 {
    /// From SubjectPublicKeyInfo in DER. Says nothing about the key's strength beyond 2,048 bits;
    /// [`VerificationKey`] does.
    ///
    /// # Errors
    /// [`KeyFault`] for what is no RSA key.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyFault> {
        let key = PKey::public_key_from_der(der).map_err(|_| KeyFault::Unreadable)?;
        let size = key.rsa().map_err(|_| KeyFault::NotRsa)?.size();
        let verifier = RS256.verifier_from_der(der).map_err(|_| KeyFault::Unusable)?;
        Ok(Self {
            verifier,
            size: size as usize,
        })
    }

    /// The length of every signature of this key, in bytes.
    #[must_use]
    pub fn signature_length(&self) -> usize {
        self.size
    }

    /// Whether `signature` is this key's over exactly these bytes.
    #[must_use]
    pub fn matches(&self, message: &[u8], signature: &[u8]) -> bool {
        signature.len() == self.size && self.verifier.verify(message, signature).is_ok()
    }
}

/// A public key of MDES that may vouch for receipts.
#[derive(Clone)]
pub struct VerificationKey {
    rs256: Rs256,
    bits: u32,
    thumbprint: String,
    spki: Vec<u8>,
}

impl VerificationKey {
    /// Takes a key that is strong enough.
    ///
    /// # Errors
    /// [`KeyFault`] for a key outside 2,048 to 4,096 bits, with another exponent than 65537, or an even modulus.
    pub fn new(rsa: &Rsa<Public>) -> Result<Self, KeyFault> {
        strong(rsa)?;
        let spki = rsa.public_key_to_der().map_err(|_| KeyFault::Unusable)?;
        let (n, e) = (
            URL_SAFE_NO_PAD.encode(rsa.n().to_vec()),
            URL_SAFE_NO_PAD.encode(rsa.e().to_vec()),
        );
        // RFC 7638, section 3.2: these members, in this order, without white space.
        let canonical = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
        Ok(Self {
            rs256: Rs256::from_spki_der(&spki)?,
            bits: u32::try_from(rsa.n().num_bits()).map_err(|_| KeyFault::Length)?,
            thumbprint: URL_SAFE_NO_PAD.encode(openssl::sha::sha256(canonical.as_bytes())),
            spki,
        })
    }

    /// The primitive.
    #[must_use]
    pub fn rs256(&self) -> &Rs256 {
        &self.rs256
    }

    /// The length of the modulus in bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The JWK thumbprint, RFC 7638, with SHA-256.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// SubjectPublicKeyInfo in DER.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }
}

#[cfg(test)]
mod tests {
    use openssl::symm::Cipher;

    use super::*;

    fn key(bits: u32) -> PKey<Private> {
        PKey::from_rsa(Rsa::generate(bits).expect("a key")).expect("a key")
    }

    #[test]
    fn a_signing_key_comes_from_pem_or_pkcs12_and_signs_the_same() {
        let key = key(2048);
        let password = SecretString::from("secret");
        let container = Pkcs12::builder()
            .name("us")
            .pkey(&key)
            .build2("secret")
            .expect("a container");
        let der = container.to_der().expect("DER");
        let keys = [
            SigningKey::from_pem(&key.private_key_to_pem_pkcs8().expect("PEM")),
            SigningKey::from_pem(&key.rsa().expect("RSA").private_key_to_pem().expect("PEM")),
            SigningKey::from_pkcs12(&der, &password),
        ]
        .map(|key| key.expect("a key"));
        let signatures = keys.map(|key| key.sign(b"message").expect("signed"));
        assert!(signatures.iter().all(|one| *one == signatures[0]));
        let public = Rs256::from_spki_der(&key.public_key_to_der().expect("DER")).expect("a key");
        assert!(public.matches(b"message", &signatures[0]) && !public.matches(b"messagE", &signatures[0]));
        let wrong = SecretString::from("Secret");
        assert_eq!(SigningKey::from_pkcs12(&der, &wrong).err(), Some(KeyFault::Pkcs12));
        assert_eq!(SigningKey::from_pkcs12(b"x", &password).err(), Some(KeyFault::Pkcs12));
    }

    #[test]
    fn keys_that_are_too_weak_or_closed_are_refused() {
        let pem = |key: &PKey<Private>| key.private_key_to_pem_pkcs8().expect("PEM");
        assert_eq!(SigningKey::from_pem(&pem(&key(1024))).err(), Some(KeyFault::Length));
        let closed = key(2048)
            .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"secret")
            .expect("PEM");
        assert_eq!(
            SigningKey::from_pem(&closed).err(),
            Some(KeyFault::Unreadable),
            "and nobody is asked for it"
        );
        let curve = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).expect("a curve");
        let other = PKey::from_ec_key(openssl::ec::EcKey::generate(&curve).expect("a key")).expect("a key");
        assert_eq!(SigningKey::from_pem(&pem(&other)).err(), Some(KeyFault::NotRsa));
        assert_eq!(SigningKey::from_pem(b"").err(), Some(KeyFault::Unreadable));
        let good = SigningKey::from_pem(&pem(&key(2048))).expect("a key");
        assert_eq!(format!("{good:?}"), "SigningKey(redacted)");
    }
}
