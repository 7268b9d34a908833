//! The keys that MDES owns, and the simulator's only source of randomness.

use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};
use serde_json::json;

use super::views::{KeyLife, PublicForm, ReceiptKey};

/// The key that signs receipts and the key that issuers encrypt accounts to, each with a self-signed certificate.
#[derive(Clone)]
pub struct Keys {
    pub(super) jws: JwsKey,
    pub(super) encryption: EncryptionKey,
    encryption_cert_pem: Vec<u8>,
}

impl Keys {
    /// Two fresh RSA-2048 keys.
    ///
    /// # Panics
    /// If OpenSSL cannot make keys, for instance because the machine has no entropy.
    #[must_use]
    pub fn generate() -> Self {
        let jws = JwsKey::generate();
        let encryption = EncryptionKey::generate().expect("OpenSSL makes RSA keys");
        Self::new(jws, encryption).expect("a certificate that was just made has a PEM form")
    }

    /// The keys kept in `dir`, made and written there when there are none yet.
    ///
    /// # Errors
    /// When a file cannot be read or written, or does not hold what its name says.
    pub fn load_or_generate(dir: &Path) -> io::Result<Self> {
        // The key id is written last: without it the other files are leftovers of an interrupted first start.
        if !dir.join(KID_FILE).exists() {
            let keys = Self::generate();
            keys.write(dir)?;
            return Ok(keys);
        }
        let pem = |name: &str| std::fs::read(dir.join(name));
        let kid = std::fs::read_to_string(dir.join(KID_FILE))?.trim().to_owned();
        let (jws_key, jws_cert) = (pem(JWS_KEY_FILE)?, pem(JWS_CERT_FILE)?);
        let (encryption_key, encryption_cert) = (pem(ENCRYPTION_KEY_FILE)?, pem(ENCRYPTION_CERT_FILE)?);
        let parse = || -> Result<Self, ErrorStack> {
            let jws = JwsKey {
                kid,
                key: PKey::private_key_from_pem(&jws_key)?,
                certificate: X509::from_pem(&jws_cert)?,
            };
            let encryption = EncryptionKey::new(
                PKey::private_key_from_pem(&encryption_key)?,
                X509::from_pem(&encryption_cert)?,
            )?;
            Self::new(jws, encryption)
        };
        // The cause may quote key material; the place is enough to act on.
        parse().map_err(|_| {
            let message = format!("{} does not hold usable simulator keys", dir.display());
            io::Error::new(io::ErrorKind::InvalidData, message)
        })
    }

    /// The key id that the JWS header names, which is also the asset id of the key.
    #[must_use]
    pub fn jws_kid(&self) -> &str {
        &self.jws.kid
    }

    /// The public JWS key as the asset service publishes it: pretty-printed JSON with `\/` escapes.
    #[must_use]
    pub fn jws_jwk_json(&self) -> Vec<u8> {
        self.jws.jwk_json()
    }

    /// The certificate that issuers encrypt `pushFundingAccounts` to, in PEM.
    #[must_use]
    pub fn encryption_cert_pem(&self) -> &[u8] {
        &self.encryption_cert_pem
    }

    /// The private half of that certificate, PKCS#8 PEM, for whoever checks that a payload can be opened.
    ///
    /// # Panics
    /// If OpenSSL cannot write a key that it has read or made.
    #[must_use]
    pub fn encryption_key_pem(&self) -> Vec<u8> {
        let pem = self.encryption.key.private_key_to_pem_pkcs8();
        pem.expect("a private key has a PEM form")
    }

    fn new(jws: JwsKey, encryption: EncryptionKey) -> Result<Self, ErrorStack> {
        let encryption_cert_pem = encryption.certificate.to_pem()?;
        Ok(Self {
            jws,
            encryption,
            encryption_cert_pem,
        })
    }

    fn write(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)?;
        let pem = |made: Result<Vec<u8>, ErrorStack>| made.map_err(io::Error::other);
        write_private(&dir.join(JWS_KEY_FILE), &pem(self.jws.key.private_key_to_pem_pkcs8())?)?;
        write_private(
            &dir.join(ENCRYPTION_KEY_FILE),
            &pem(self.encryption.key.private_key_to_pem_pkcs8())?,
        )?;
        std::fs::write(dir.join(JWS_CERT_FILE), pem(self.jws.certificate.to_pem())?)?;
        std::fs::write(dir.join(ENCRYPTION_CERT_FILE), &self.encryption_cert_pem)?;
        std::fs::write(dir.join(KID_FILE), &self.jws.kid)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Keys")
            .field("kid", &self.jws.kid)
            .finish_non_exhaustive()
    }
}

/// A key that signs receipts.
#[derive(Clone)]
pub(super) struct JwsKey {
    pub(super) kid: String,
    pub(super) key: PKey<Private>,
    pub(super) certificate: X509,
}

impl JwsKey {
    /// One that was retired before anybody looked.
    pub(super) fn generate_older() -> Self {
        let key = Self::generate();
        let kid = key.kid.replacen("2026", "2024", 1);
        Self { kid, ..key }
    }

    /// One whose certificate has expired.
    pub(super) fn generate_lapsed() -> Self {
        let name = "SIMULATOR ONLY MDES token connect signer, lapsed";
        let (key, certificate) = generate_pair(name, LAPSED).expect("OpenSSL makes keys");
        Self {
            kid: "20200101000000-MDES-token-connect-sim".to_owned(),
            key,
            certificate,
        }
    }

    /// What everybody may know of it.
    pub(super) fn published(&self, life: KeyLife) -> ReceiptKey {
        ReceiptKey {
            kid: self.kid.clone(),
            public_pem: self.public_pem(),
            certificate_pem: self.certificate_pem(),
            life,
        }
    }

    /// Its certificate, PEM.
    pub(super) fn certificate_pem(&self) -> Vec<u8> {
        self.certificate.to_pem().expect("a certificate has a PEM form")
    }

    /// SubjectPublicKeyInfo, PEM.
    pub(super) fn public_pem(&self) -> Vec<u8> {
        self.key.public_key_to_pem().expect("an RSA key has a public half")
    }

    /// What a verifier takes for a shared secret that mistakes this public key for one.
    pub(super) fn mistaken_secret(&self, form: PublicForm) -> Vec<u8> {
        let rsa = self.key.rsa().expect("the JWS key is an RSA key");
        let der = || self.key.public_key_to_der().expect("an RSA key has a public half");
        match form {
            PublicForm::Der => der(),
            PublicForm::Base64 => STANDARD.encode(der()).into_bytes(),
            PublicForm::Pkcs1Pem => rsa.public_key_to_pem_pkcs1().expect("an RSA key has a public half"),
            PublicForm::Pkcs1Der => rsa.public_key_to_der_pkcs1().expect("an RSA key has a public half"),
            PublicForm::Modulus => rsa.n().to_vec(),
            PublicForm::Jwk => self.jwk_json(),
            PublicForm::Kid => self.kid.clone().into_bytes(),
            // OpenSSL takes no empty secret; for HMAC a zero is the same (RFC 2104, 2).
            PublicForm::Empty => vec![0],
        }
    }

    pub(super) fn generate() -> Self {
        let time_of_day = u32::from_be_bytes(random()) % 86_400;
        let (hour, minute, second) = (time_of_day / 3600, time_of_day / 60 % 60, time_of_day % 60);
        let kid = format!("20260101{hour:02}{minute:02}{second:02}-MDES-token-connect-sim");
        let (key, certificate) =
            generate_pair("SIMULATOR ONLY MDES token connect signer", LASTING).expect("OpenSSL makes keys");
        Self { kid, key, certificate }
    }

    /// The members in the order of the published sample, `x5t#S256` over the certificate's DER.
    pub(super) fn jwk_json(&self) -> Vec<u8> {
        let der = self.certificate.to_der().expect("a parsed certificate has a DER form");
        let rsa = self.key.rsa().expect("the JWS key is an RSA key");
        let jwk = json!({
            "kty": "RSA",
            "x5t#S256": URL_SAFE_NO_PAD.encode(digest(MessageDigest::sha256(), &der)),
            "e": URL_SAFE_NO_PAD.encode(rsa.e().to_vec()),
            "use": "sig",
            "kid": self.kid,
            "x5c": [STANDARD.encode(&der)],
            "key_ops": ["verify"],
            "alg": "RS256",
            "n": URL_SAFE_NO_PAD.encode(rsa.n().to_vec()),
        });
        format!("{jwk:#}").replace('/', "\\/").into_bytes()
    }
}

/// A key that payloads are encrypted to, with every fingerprint that a sender may name it by.
#[derive(Clone)]
pub(super) struct EncryptionKey {
    pub(super) key: PKey<Private>,
    pub(super) certificate: X509,
    /// Lower-case hex: SHA-256 of the certificate, SHA-256 of the public key, SHA-1 of the certificate.
    pub(super) fingerprints: [String; 3],
}

impl EncryptionKey {
    pub(super) fn new(key: PKey<Private>, certificate: X509) -> Result<Self, ErrorStack> {
        let der = certificate.to_der()?;
        let spki = certificate.public_key()?.public_key_to_der()?;
        let fingerprints = [
            hex::encode(digest(MessageDigest::sha256(), &der)),
            hex::encode(digest(MessageDigest::sha256(), &spki)),
            hex::encode(digest(MessageDigest::sha1(), &der)),
        ];
        Ok(Self {
            key,
            certificate,
            fingerprints,
        })
    }

    fn generate() -> Result<Self, ErrorStack> {
        let (key, certificate) = generate_pair("SIMULATOR ONLY MDES token connect wrapping key", LASTING)?;
        Self::new(key, certificate)
    }
}

/// A digest as plain bytes. OpenSSL fails here only without memory.
pub(super) fn digest(kind: MessageDigest, bytes: &[u8]) -> Vec<u8> {
    hash(kind, bytes).expect("OpenSSL hashes").to_vec()
}

/// Fresh random bytes.
#[expect(
    clippy::disallowed_methods,
    reason = "the simulator's one reader of the random source"
)]
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    openssl::rand::rand_bytes(&mut bytes).expect("the machine has a random source");
    bytes
}

/// A random version 4 UUID.
pub(super) fn random_uuid() -> uuid::Uuid {
    uuid::Builder::from_random_bytes(random()).into_uuid()
}

/// `length` random decimal digits, each equally likely to within 2^-60.
pub(super) fn random_digits(length: usize) -> String {
    (0..length)
        .map(|_| char::from(b'0' + (u64::from_be_bytes(random()) % 10) as u8))
        .collect()
}

fn generate_pair(common_name: &str, [from, until]: [&str; 2]) -> Result<(PKey<Private>, X509), ErrorStack> {
    let key = PKey::from_rsa(Rsa::generate(2048)?)?;
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", common_name)?;
    let name = name.build();
    let mut serial = random::<8>();
    serial[0] &= 0x7f; // A serial number is positive.
    let serial = BigNum::from_slice(&serial)?.to_asn1_integer()?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    let (from, until) = (Asn1Time::from_str(from)?, Asn1Time::from_str(until)?);
    builder.set_not_before(&from)?;
    builder.set_not_after(&until)?;
    builder.set_pubkey(&key)?;
    builder.sign(&key, MessageDigest::sha256())?;
    Ok((key, builder.build()))
}

#[cfg(unix)]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(bytes)
}

#[cfg(not(unix))]
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::write(path, bytes)
}

/// Fixed dates: the simulator's clock may stand anywhere.
const LASTING: [&str; 2] = ["20200101000000Z", "20500101000000Z"];
const LAPSED: [&str; 2] = ["20200101000000Z", "20210101000000Z"];
const KID_FILE: &str = "mdes-jws.kid";
const JWS_KEY_FILE: &str = "mdes-jws-key.pem";
const JWS_CERT_FILE: &str = "mdes-jws-cert.pem";
const ENCRYPTION_KEY_FILE: &str = "mdes-encryption-key.pem";
const ENCRYPTION_CERT_FILE: &str = "mdes-encryption-cert.pem";

#[cfg(test)]
mod tests {
    use super::super::testing::{test_keys, vectors};
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_published_key_has_the_sample_members_in_order_and_escaped_slashes() {
        let section = &vectors()["jws"];
        let bytes = |name: &str| STANDARD.decode(section[name].as_str().unwrap()).unwrap();
        let certificate = STANDARD.decode(section["jwk"]["x5c"][0].as_str().unwrap()).unwrap();
        let key = JwsKey {
            kid: section["kid"].as_str().unwrap().to_owned(),
            key: PKey::private_key_from_der(&bytes("private_pkcs8_der_base64")).unwrap(),
            certificate: X509::from_der(&certificate).unwrap(),
        };
        let text = String::from_utf8(key.jwk_json()).unwrap();
        let jwk: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(&jwk, &section["jwk"]);
        let names: Vec<&String> = jwk.as_object().unwrap().keys().collect();
        assert_eq!(
            names,
            ["kty", "x5t#S256", "e", "use", "kid", "x5c", "key_ops", "alg", "n"]
        );
        assert!(text.contains("\\/") && text.replace("\\/", "").find('/').is_none());
        assert!(text.starts_with("{\n"));
    }

    #[test]
    fn keys_are_kept_where_they_were_first_made() {
        let place = tempfile::tempdir().unwrap();
        let dir = place.path().join("keys");
        let first = Keys::load_or_generate(&dir).unwrap();
        let second = Keys::load_or_generate(&dir).unwrap();
        assert_eq!(first.jws_jwk_json(), second.jws_jwk_json());
        assert_eq!(first.encryption_cert_pem(), second.encryption_cert_pem());
        assert_eq!(first.encryption.fingerprints, second.encryption.fingerprints);
        assert!(second.encryption.key.public_eq(&first.encryption.key));

        std::fs::write(dir.join(JWS_KEY_FILE), "no key").unwrap();
        assert_eq!(
            Keys::load_or_generate(&dir).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
    }

    #[test]
    fn the_key_id_looks_like_a_real_one_and_debug_shows_no_key() {
        let kid = test_keys().jws_kid();
        let (date, rest) = kid.split_at(14);
        assert!(
            date.bytes().all(|byte| byte.is_ascii_digit()) && rest == "-MDES-token-connect-sim",
            "{kid}"
        );
        assert_eq!(format!("{:?}", test_keys()), format!("Keys {{ kid: {kid:?}, .. }}"));
    }
}
