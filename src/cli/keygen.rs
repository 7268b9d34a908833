//! `tidemark keygen DIR`: the secrets that a deployment makes for itself.
//!
//! What is not made here comes from Mastercard: the consumer key, and the keys that verify receipts.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Name, X509Req};

use crate::domain::Millis;

/// What Mastercard's projects take, and what the wallet's JWS rules ask for at least.
const RSA_BITS: u32 = 2048;
/// How long the certificate for notices lasts, in milliseconds: three years.
const CERTIFICATE_LIFE_MS: i64 = 3 * 365 * 24 * 60 * 60 * 1000;

/// A file that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub path: PathBuf,
    /// The configuration key that names it, if one does.
    pub setting: Option<&'static str>,
    /// What it is for, in one sentence.
    pub purpose: &'static str,
}

/// Why no keys were made. In every case nothing was changed.
#[derive(Debug)]
pub enum KeygenError {
    /// This file exists. A key that is replaced by mistake cannot be had back.
    Exists(PathBuf),
    /// This file or folder could not be made.
    Unwritable(PathBuf, io::Error),
    /// OpenSSL could not make a key.
    Crypto(ErrorStack),
}

impl fmt::Display for KeygenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists(path) => {
                write!(
                    out,
                    "{} exists: nothing was made; move it away or choose another folder",
                    path.display()
                )
            }
            Self::Unwritable(path, error) => write!(out, "{} cannot be made: {error}", path.display()),
            Self::Crypto(error) => write!(out, "OpenSSL could not make a key: {error}"),
        }
    }
}

impl std::error::Error for KeygenError {}

/// Makes the secrets in `dir`, the folder `secrets` of the documentation's configuration: files of mode 0600, folders
/// of mode 0700. Either all of them are made, or none.
///
/// `random` gives 32 fresh random bytes each time; RSA keys come from OpenSSL's own random source. `now` dates the
/// certificate.
///
/// # Errors
/// [`KeygenError`]; a file that exists is never touched.
pub fn keygen(dir: &Path, now: Millis, random: impl FnMut() -> [u8; 32]) -> Result<Vec<Written>, KeygenError> {
    let keys = dir.join("mdes");
    let expected = FILES.map(|(name, ..)| dir.join(name));
    if let Some(path) = expected.iter().find(|path| path.symlink_metadata().is_ok()) {
        return Err(KeygenError::Exists(path.clone()));
    }
    let contents = contents(now, random).map_err(KeygenError::Crypto)?;
    let mut made = Vec::new();
    let done = make_folder(&keys).and_then(|()| {
        for (path, content) in expected.iter().zip(&contents) {
            write_private(path, content).map_err(|error| KeygenError::Unwritable(path.clone(), error))?;
            made.push(path);
        }
        Ok(())
    });
    if let Err(error) = done {
        for path in made {
            // Ours, seconds old, and worth nothing without the others.
            let _ = fs::remove_file(path);
        }
        return Err(error);
    }
    let written = |(path, (_, setting, purpose)): (PathBuf, _)| Written { path, setting, purpose };
    Ok(expected.into_iter().zip(FILES).map(written).collect())
}

/// What to tell whoever ran the command: which file goes where, and what is still missing.
#[must_use]
pub fn summary(dir: &Path, written: &[Written]) -> String {
    let mut text = String::new();
    for file in written {
        text += &format!("{}\n    {}\n", file.path.display(), file.purpose);
        if let Some(setting) = file.setting {
            text += &format!("    configuration: {setting}\n");
        }
    }
    let dir = dir.display();
    text += &format!(
        "\nStill missing, and only Mastercard has it:\n\
         {dir}/consumer-key\n    The consumer key of your project (mode 0600).\n    configuration: mdes.consumer_key_file\n\
         {dir}/mdes/*.json\n    The keys that verify receipts, or their asset ids in mdes.jws_key_assets.\n    \
         configuration: mdes.jws_key_files\n"
    );
    text
}

/// Name, configuration key and purpose, in the order of [`contents`].
const FILES: [(&str, Option<&str>, &str); 6] = [
    (
        "cookie-key",
        Some("secrets.cookie_key_file"),
        "Signs cookies and forms.",
    ),
    (
        "storage-key",
        Some("secrets.storage_key_file"),
        "Seals what rests in the database. Back it up, but not with the database.",
    ),
    (
        "signing-key.pem",
        Some("mdes.signing_key_file"),
        "Signs requests to Mastercard.",
    ),
    (
        "signing-key.csr.pem",
        None,
        "Its public half: upload it to your Mastercard project as certificate request.",
    ),
    (
        "notification-key.pem",
        Some("mdes.notification_key_file"),
        "Decrypts notices of token changes.",
    ),
    (
        "notification-certificate.pem",
        None,
        "Its public half: give it to Mastercard to encrypt notices for you.",
    ),
];

fn contents(now: Millis, mut random: impl FnMut() -> [u8; 32]) -> Result<[Vec<u8>; 6], ErrorStack> {
    let line = |bytes: [u8; 32]| format!("{}\n", hex::encode(bytes)).into_bytes();
    let (cookie_key, storage_key, serial) = (line(random()), line(random()), random());
    let signing_key = PKey::from_rsa(Rsa::generate(RSA_BITS)?)?;
    let notification_key = PKey::from_rsa(Rsa::generate(RSA_BITS)?)?;
    Ok([
        cookie_key,
        storage_key,
        signing_key.private_key_to_pem_pkcs8()?,
        request(&signing_key)?,
        notification_key.private_key_to_pem_pkcs8()?,
        certificate(&notification_key, now, serial)?,
    ])
}

fn request(key: &PKey<Private>) -> Result<Vec<u8>, ErrorStack> {
    let mut builder = X509Req::builder()?;
    builder.set_version(0)?;
    let subject = name("Tidemark request signing")?;
    builder.set_subject_name(&subject)?;
    builder.set_pubkey(key)?;
    builder.sign(key, MessageDigest::sha256())?;
    builder.build().to_pem()
}

fn certificate(key: &PKey<Private>, now: Millis, serial: [u8; 32]) -> Result<Vec<u8>, ErrorStack> {
    let name = name("Tidemark notices")?;
    let begin = Asn1Time::from_unix(now.0 / 1000)?;
    let end = Asn1Time::from_unix(now.plus_ms(CERTIFICATE_LIFE_MS).0 / 1000)?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    // At most 20 bytes and positive (RFC 5280 4.1.2.2): 16 of them, below a leading 1.
    let mut serial_bytes = vec![1];
    serial_bytes.extend_from_slice(&serial[..16]);
    let serial = BigNum::from_slice(&serial_bytes)?.to_asn1_integer()?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(key)?;
    builder.set_not_before(&begin)?;
    builder.set_not_after(&end)?;
    builder.append_extension(BasicConstraints::new().critical().build()?)?;
    builder.append_extension(
        KeyUsage::new()
            .critical()
            .key_encipherment()
            .data_encipherment()
            .build()?,
    )?;
    builder.sign(key, MessageDigest::sha256())?;
    builder.build().to_pem()
}

fn name(common_name: &str) -> Result<X509Name, ErrorStack> {
    let mut builder = X509Name::builder()?;
    builder.append_entry_by_text("CN", common_name)?;
    Ok(builder.build())
}

/// Makes `folder` and its parent for their owner only; one that exists keeps its mode.
fn make_folder(folder: &Path) -> Result<(), KeygenError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| KeygenError::Unwritable(folder.to_path_buf(), error))
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    // `create_new` also refuses a file that appeared since we looked.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_767_225_600_000);

    fn run(dir: &Path) -> Result<Vec<Written>, KeygenError> {
        keygen(dir, NOW, crate::clock::random_bytes)
    }

    #[test]
    fn the_configuration_of_the_documentation_loads_with_what_was_made() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let dir = home.path().join("secrets");
        let written = run(&dir).expect("made");
        assert_eq!(written.len(), 6);
        let mut text = "public_url = \"https://wallet.example\"\n".to_owned();
        text += "mdes.base_url = \"https://sandbox.api.mastercard.com/mdes\"\n";
        text += "mdes.token_requestor_id = \"50123456789\"\n";
        text += "mdes.consumer_key_file = \"secrets/consumer-key\"\nmdes.jws_key_files = [\"secrets/mdes/*.json\"]\n";
        for file in &written {
            if let Some(setting) = file.setting {
                let relative = file.path.strip_prefix(home.path()).expect("below");
                text += &format!("{setting} = {:?}\n", relative);
            }
        }
        // What the summary says is missing is what is missing.
        fs::write(home.path().join("tidemark.toml"), text).expect("written");
        let load = || crate::config::Config::load(Some(&home.path().join("tidemark.toml")), std::iter::empty());
        assert_eq!(load().expect_err("two things are missing").len(), 2);
        assert!(summary(&dir, &written).contains("secrets/consumer-key"));
        write_private(&dir.join("consumer-key"), b"Zq8WmT3vKc1!b7f0e2d9\n").expect("written");
        write_private(&dir.join("mdes/key.json"), b"{}").expect("written");
        let config = load().expect("it is complete");
        assert!(config.mdes.notification_key.is_some());
    }

    #[test]
    fn keys_fit_their_public_halves() {
        let home = tempfile::tempdir().expect("a temporary folder");
        run(home.path()).expect("made");
        let read = |name: &str| fs::read(home.path().join(name)).expect("there");
        let signing = PKey::private_key_from_pem(&read("signing-key.pem")).expect("a key");
        let request = X509Req::from_pem(&read("signing-key.csr.pem")).expect("a request");
        assert!(request.verify(&signing).expect("verified"));
        let key = PKey::private_key_from_pem(&read("notification-key.pem")).expect("a key");
        assert_eq!(key.bits(), RSA_BITS);
        let certificate = X509::from_pem(&read("notification-certificate.pem")).expect("a certificate");
        assert!(certificate.verify(&key).expect("verified"));
        assert!(!signing.public_eq(&key));
        assert!(certificate.not_before() == Asn1Time::from_unix(NOW.0 / 1000).expect("a time"));
        assert_ne!(read("cookie-key"), read("storage-key"));
    }

    #[test]
    fn a_file_that_exists_is_named_and_nothing_is_made() {
        for (name, ..) in FILES {
            let home = tempfile::tempdir().expect("a temporary folder");
            fs::write(home.path().join(name), "precious").expect("written");
            let error = run(home.path()).expect_err("it exists");
            assert!(
                matches!(&error, KeygenError::Exists(path) if path.ends_with(name)),
                "{error}"
            );
            assert_eq!(fs::read_dir(home.path()).expect("listed").count(), 1);
            assert_eq!(fs::read(home.path().join(name)).expect("there"), b"precious");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_look() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a temporary folder");
        let dir = home.path().join("a/secrets");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        for file in run(&dir).expect("made") {
            assert_eq!(mode(&file.path), 0o600, "{}", file.path.display());
        }
        assert_eq!([mode(&dir), mode(&dir.join("mdes"))], [0o700, 0o700]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let home = tempfile::tempdir().expect("a temporary folder");
        fs::write(home.path().join("file"), "").expect("written");
        let error = run(&home.path().join("file/secrets")).expect_err("below a file");
        assert!(error.to_string().contains("file/secrets"), "{error}");
    }
}
