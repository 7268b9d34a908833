//! The keys of the banks: one to sign calls to MDES, one that MDES encrypts to. All twelve banks share them, as banks
//! behind one processor do.

use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};

use super::random;

/// Consumer key, signing key, encryption key and its certificate.
#[derive(Clone)]
pub struct Keys {
    consumer_key: String,
    signing_key_pem: Vec<u8>,
    encryption_key_pem: Vec<u8>,
    certificate_pem: Vec<u8>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// New keys: RSA 2048 twice, a consumer key of 97 characters.
    ///
    /// # Panics
    /// If OpenSSL cannot make keys.
    #[must_use]
    pub fn generate() -> Self {
        Self::try_generate().expect("OpenSSL makes RSA keys")
    }

    fn try_generate() -> Result<Self, ErrorStack> {
        let signing = PKey::from_rsa(Rsa::generate(RSA_BITS)?)?;
        let encryption = PKey::from_rsa(Rsa::generate(RSA_BITS)?)?;
        Ok(Self {
            consumer_key: format!("{}!{}", random::alphanumeric(48), random::alphanumeric(48)),
            signing_key_pem: signing.private_key_to_pem_pkcs8()?,
            certificate_pem: certificate(&encryption)?.to_pem()?,
            encryption_key_pem: encryption.private_key_to_pem_pkcs8()?,
        })
    }

    /// The files of [`Self::load_or_generate`] that a client of an issuer needs: the OAuth consumer key and the signing
    /// key, PEM.
    #[must_use]
    pub fn client_files(dir: &Path) -> [PathBuf; 2] {
        [dir.join(FILES[0]), dir.join(FILES[1])]
    }

    /// The keys kept in `dir`, made at the first call. The files are readable by their owner only.
    ///
    /// # Errors
    /// If the folder or a file cannot be read or written; `InvalidData` if only some of the files are there, because
    /// then nobody can say which keys MDES knows, or if one is not what its name says.
    pub fn load_or_generate(dir: &Path) -> io::Result<Self> {
        let missing: Vec<&str> = FILES.into_iter().filter(|name| !dir.join(name).exists()).collect();
        if missing.len() == FILES.len() {
            let keys = Self::generate();
            keys.save(dir)?;
            return Ok(keys);
        }
        if !missing.is_empty() {
            return Err(invalid(format!("{} lacks {}", dir.display(), missing.join(", "))));
        }
        let [consumer_key, signing_key_pem, encryption_key_pem, certificate_pem] =
            FILES.map(|name| std::fs::read(dir.join(name)));
        let consumer_key = String::from_utf8(consumer_key?).map_err(|_| invalid(format!("{} is no text", FILES[0])))?;
        let keys = Self {
            consumer_key: consumer_key.trim().to_owned(),
            signing_key_pem: signing_key_pem?,
            encryption_key_pem: encryption_key_pem?,
            certificate_pem: certificate_pem?,
        };
        keys.check()?;
        Ok(keys)
    }

    /// The OAuth consumer key, 97 characters with a `!` in the middle.
    #[must_use]
    pub fn consumer_key(&self) -> &str {
        &self.consumer_key
    }

    /// The OAuth signing key, PKCS#8 PEM.
    #[must_use]
    pub fn signing_key_pem(&self) -> &[u8] {
        &self.signing_key_pem
    }

    /// The public half of the signing key, SPKI PEM: what MDES registers for the consumer key.
    ///
    /// # Panics
    /// If the signing key is not one, which loading and making exclude.
    #[must_use]
    pub fn signing_public_pem(&self) -> Vec<u8> {
        PKey::private_key_from_pem(&self.signing_key_pem)
            .and_then(|key| key.public_key_to_pem())
            .expect("the signing key was read before")
    }

    /// The certificate that MDES encrypts `authorizeService` to, PEM.
    #[must_use]
    pub fn certificate_pem(&self) -> &[u8] {
        &self.certificate_pem
    }

    /// The private half of that certificate, PKCS#8 PEM, for whoever checks that a payload can be opened.
    #[must_use]
    pub fn encryption_key_pem(&self) -> &[u8] {
        &self.encryption_key_pem
    }

    pub(in crate::sim) fn encryption_key(&self) -> Result<PKey<Private>, String> {
        PKey::private_key_from_pem(&self.encryption_key_pem)
            .map_err(|_| "the bank's decryption key is unreadable".into())
    }

    fn save(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)?;
        let parts: [&[u8]; 4] = [
            self.consumer_key.as_bytes(),
            &self.signing_key_pem,
            &self.encryption_key_pem,
            &self.certificate_pem,
        ];
        for (name, part) in FILES.into_iter().zip(parts) {
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut file = options.open(dir.join(name))?;
            file.write_all(part)?;
            file.sync_all()?;
        }
        Ok(())
    }

    fn check(&self) -> io::Result<()> {
        let broken = |name: &str| invalid(format!("{name} is not what its name says"));
        if self.consumer_key.is_empty() || !self.consumer_key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(broken(FILES[0]));
        }
        PKey::private_key_from_pem(&self.signing_key_pem).map_err(|_| broken(FILES[1]))?;
        let private = PKey::private_key_from_pem(&self.encryption_key_pem).map_err(|_| broken(FILES[2]))?;
        let certificate = X509::from_pem(&self.certificate_pem).map_err(|_| broken(FILES[3]))?;
        let matches = certificate.public_key().is_ok_and(|public| public.public_eq(&private));
        if matches {
            Ok(())
        } else {
            Err(invalid(format!("{} is not the certificate of {}", FILES[3], FILES[2])))
        }
    }
}

/// A self-signed certificate. Its dates are fixed: nobody checks them, and making one needs no clock.
fn certificate(key: &PKey<Private>) -> Result<X509, ErrorStack> {
    let mut name = X509Name::builder()?;
    name.append_entry_by_text("CN", "Demo banks: encrypt to the issuer")?;
    let name = name.build();
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    let serial = BigNum::from_slice(&random::bytes::<8>())?.to_asn1_integer()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    let (from, until) = (
        Asn1Time::from_str("20250101000000Z")?,
        Asn1Time::from_str("20490101000000Z")?,
    );
    builder.set_not_before(&from)?;
    builder.set_not_after(&until)?;
    builder.set_pubkey(key)?;
    builder.sign(key, MessageDigest::sha256())?;
    Ok(builder.build())
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

const FILES: [&str; 4] = [
    "bank-consumer-key.txt",
    "bank-signing-key.pem",
    "bank-encryption-key.pem",
    "bank-encryption-certificate.pem",
];
const RSA_BITS: u32 = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_made_once_are_found_again_and_only_their_owner_may_read_them() {
        let dir = tempfile::tempdir().unwrap();
        let first = Keys::load_or_generate(dir.path()).unwrap();
        let second = Keys::load_or_generate(dir.path()).unwrap();
        assert_eq!(first.consumer_key(), second.consumer_key());
        assert_eq!(first.signing_public_pem(), second.signing_public_pem());
        assert_eq!(first.certificate_pem(), second.certificate_pem());
        assert_eq!(first.consumer_key().len(), 97);
        #[cfg(unix)]
        for name in FILES {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{name}");
        }
    }

    #[test]
    fn a_folder_with_only_some_of_the_keys_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        Keys::load_or_generate(dir.path()).unwrap();
        std::fs::remove_file(dir.path().join(FILES[1])).unwrap();
        let error = Keys::load_or_generate(dir.path()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().contains("bank-signing-key.pem"));
    }

    #[test]
    fn a_certificate_of_another_key_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        Keys::load_or_generate(dir.path()).unwrap();
        std::fs::write(dir.path().join(FILES[3]), Keys::generate().certificate_pem()).unwrap();
        assert!(
            Keys::load_or_generate(dir.path())
                .unwrap_err()
                .to_string()
                .contains("not the certificate")
        );
    }

    #[test]
    fn debug_output_has_no_key() {
        assert_eq!(format!("{:?}", Keys::generate()), "Keys { .. }");
    }
}
