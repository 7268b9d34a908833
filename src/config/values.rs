//! Values of the configuration that prove their own checks.

use std::fmt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretBox, SecretSlice, SecretString};
use url::{Host, Url};

use crate::domain::id::SessionId;
use crate::domain::launch::ReturnPath;

/// The origin cardholders see: `https://host[:port]`, or `http` on a loopback host, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: String,
    https: bool,
    loopback: bool,
}

/// The longest public address: with `/app/callback/` and a session id it stays below the 256 characters of `callbackURL`
/// (Token Connect API).
const PUBLIC_URL_LENGTH_MAX: usize = 200;

impl PublicUrl {
    /// Parses an origin.
    ///
    /// # Errors
    /// What the operator has to change.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = web_address(text)?;
        if url.path() != "/" {
            return Err("must have no path: it is scheme, host and port");
        }
        let origin = url.origin().ascii_serialization();
        if origin.len() > PUBLIC_URL_LENGTH_MAX {
            return Err("must have at most 200 characters, so that the callback URL keeps within 256");
        }
        Ok(Self {
            origin,
            host: url.host_str().unwrap_or_default().to_owned(),
            https: url.scheme() == "https",
            loopback: is_loopback(&url),
        })
    }

    /// The origin, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// The host, without the port.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether cookies may be `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// Whether only this machine can be meant.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Where an issuer sends the cardholder back: the session is in the path, because issuers lose the query.
    ///
    /// What a native wallet began comes back below `/app/`, which the wallet's app claims; what a browser began must not
    /// end up in the app.
    #[must_use]
    pub fn callback(&self, session: &SessionId, path: ReturnPath) -> String {
        match path {
            ReturnPath::Browser => format!("{}/callback/{session}", self.origin),
            ReturnPath::App => format!("{}/app/callback/{session}", self.origin),
        }
    }

    /// The same for an issuer that takes one address for all sessions.
    #[must_use]
    pub fn fixed_callback(&self) -> String {
        format!("{}/callback", self.origin)
    }
}

/// The address of a service we call: `https`, or `http` on a loopback host; a path may follow; no trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    loopback: bool,
    production: bool,
}

impl BaseUrl {
    /// Parses the address.
    ///
    /// # Errors
    /// What the operator has to change.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let url = web_address(text)?;
        let test_environment = ["/mtf", "/virtual"].iter().any(|start| url.path().starts_with(start));
        Ok(Self {
            text: url.as_str().trim_end_matches('/').to_owned(),
            loopback: is_loopback(&url),
            production: match url.host_str() {
                Some("api.mastercard.com") => true,
                Some("services.mastercard.com") => !test_environment,
                _ => false,
            },
        })
    }

    /// The address, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether only this machine can be meant: a simulator.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether it is Mastercard's production gateway, by the hosts that are public.
    #[must_use]
    pub fn is_production(&self) -> bool {
        self.production
    }
}

/// What both kinds of address have in common. The raw text is looked at before the URL library can repair it.
pub(super) fn web_address(text: &str) -> Result<Url, &'static str> {
    if !text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
        return Err("must be plain ASCII without spaces (a host with other letters in its xn-- form)");
    }
    let url = Url::parse(text).map_err(|_| "must be an address such as https://wallet.example")?;
    let loopback = is_loopback(&url);
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err("must begin with https:// (http is for loopback hosts only)"),
        _ => return Err("must begin with https://"),
    }
    if text.contains('@') {
        return Err("must hold no user name or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must have no query and no fragment");
    }
    match url.host_str() {
        Some(host) if !host.ends_with('.') && !host.contains('*') && !url.cannot_be_a_base() => Ok(url),
        _ => Err("must name one host, without wildcard or final dot"),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Where sessions rest. May hold a password, so nothing prints it.
#[derive(Clone)]
pub struct DatabaseUrl {
    url: SecretString,
    sqlite: Option<PathBuf>,
}

/// What must not stand in the path of a `sqlite://` URL as it is.
const PATH: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b'?').add(b'#');

impl DatabaseUrl {
    /// Parses the URL; `resolve` turns the relative path of a SQLite file into one from the right folder.
    ///
    /// # Errors
    /// What the operator has to change.
    pub fn parse(text: &str, resolve: impl Fn(&str) -> PathBuf) -> Result<Self, &'static str> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.contains(['?', '#']) {
                return Err("must have no parameters for SQLite: how the file is opened is not a choice");
            }
            let path = percent_decode_str(path).decode_utf8().map_err(|_| "must be in UTF-8")?;
            if path.is_empty() || path.ends_with('/') || path.contains(":memory:") {
                return Err("must name a file after sqlite://: what is in memory is lost at the first restart");
            }
            let path = resolve(&path);
            let url = format!("sqlite://{}", utf8_percent_encode(&path.to_string_lossy(), PATH));
            return Ok(Self {
                url: SecretString::from(url),
                sqlite: Some(path),
            });
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            postgres(text)?;
            return Ok(Self {
                url: SecretString::from(text),
                sqlite: None,
            });
        }
        Err("must begin with sqlite:// or postgres://")
    }

    /// The URL with its password, for the one place that opens the database.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.url.expose_secret()
    }

    /// Whether a password stands in the URL.
    #[must_use]
    pub fn holds_password(&self) -> bool {
        self.sqlite.is_none()
            && Url::parse(self.expose())
                .is_ok_and(|url| url.password().is_some() || url.query_pairs().any(|(key, _)| key == "password"))
    }

    /// The file, when it is SQLite.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<&Path> {
        self.sqlite.as_deref()
    }
}

fn postgres(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "must be postgres://USER:PASSWORD@HOST/DATABASE")?;
    let parameter = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let host = parameter("host")
        .or_else(|| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    if url.path().len() < 2 || host.is_empty() {
        return Err("must name host and database: postgres://USER:PASSWORD@HOST/DATABASE");
    }
    let near = host.starts_with('/') || ["localhost", "127.0.0.1", "[::1]", "::1"].contains(&host.as_str());
    if near || parameter("sslmode").is_some() || parameter("ssl-mode").is_some() {
        Ok(())
    } else {
        Err("must say sslmode for another machine: sslmode=verify-full, or disable if the network between is yours")
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sqlite {
            Some(path) => write!(out, "DatabaseUrl(sqlite {})", path.display()),
            None => out.write_str("DatabaseUrl(postgres, redacted)"),
        }
    }
}

/// 32 random bytes. `Debug` shows nothing of them.
pub struct Key(SecretBox<[u8; 32]>);

/// Fewer different bytes than this among 32 are no accident: a random key has about 30, and 17 or fewer never.
const KEY_DIFFERENT_BYTES_MIN: usize = 20;

impl Key {
    /// Takes 64 hexadecimal digits, base64 of 32 bytes in either alphabet, or exactly 32 bytes as they are.
    ///
    /// # Errors
    /// When it is none of these, or plainly not random.
    pub fn parse(given: &[u8]) -> Result<Self, &'static str> {
        let bytes = key_bytes(given).ok_or("must be 32 bytes: 64 hexadecimal digits, base64, or a file of 32 bytes")?;
        let mut different = bytes.to_vec();
        different.sort_unstable();
        different.dedup();
        let even_steps = bytes
            .windows(3)
            .all(|w| w[1].wrapping_sub(w[0]) == w[2].wrapping_sub(w[1]));
        if different.len() < KEY_DIFFERENT_BYTES_MIN || even_steps {
            return Err("is not random: make one with \"tidemark keygen\"");
        }
        Ok(Self(SecretBox::new(Box::new(bytes))))
    }

    /// The bytes, for the one place that derives keys from them.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(redacted)")
    }
}

fn key_bytes(given: &[u8]) -> Option<[u8; 32]> {
    if let Ok(raw) = given.try_into() {
        return Some(raw);
    }
    let text = std::str::from_utf8(given).ok()?.trim();
    let lenient = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = if text.len() == 64 {
        hex::decode(text).ok()?
    } else if text.contains(['-', '_']) {
        GeneralPurpose::new(&alphabet::URL_SAFE, lenient).decode(text).ok()?
    } else {
        GeneralPurpose::new(&alphabet::STANDARD, lenient).decode(text).ok()?
    };
    decoded.try_into().ok()
}

/// A file with a private key. What is in it is parsed by whoever uses it.
#[derive(Clone)]
pub struct KeyFile {
    /// Where it was read from, for messages.
    pub path: PathBuf,
    /// PEM or PKCS#12.
    pub bytes: SecretSlice<u8>,
    /// What opens it, if it is locked.
    pub password: Option<SecretString>,
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("KeyFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// A file with public keys or a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKeyFile {
    /// Where it was read from, for messages.
    pub path: PathBuf,
    /// The file's stem: the key id when the content names none.
    pub stem: String,
    /// JWK, JWK set or PEM.
    pub bytes: Vec<u8>,
}
