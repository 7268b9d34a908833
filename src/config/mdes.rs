//! The sections about Mastercard: `[mdes]`, its paths, timeouts and retries, and the names on the wire.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;

use secrecy::SecretString;

use crate::domain::id::{AssetId, TokenRequestorId};

use super::files::{self, KEY_BYTES_MAX};
use super::reader::Reader;
use super::values::{BaseUrl, KeyFile, PublicKeyFile};

/// `[mdes]`: the gateway and what we are there. `Debug` leaves out what is secret.
pub struct Mdes {
    /// The gateway's address before the paths.
    pub base_url: BaseUrl,
    /// Our TRID.
    pub token_requestor_id: TokenRequestorId,
    /// OAuth 1.0a consumer key.
    pub consumer_key: SecretString,
    /// Signs our requests.
    pub signing_key: KeyFile,
    /// Client certificate for mutual TLS.
    pub client_identity: Option<KeyFile>,
    /// Certificates (PEM) to trust besides the system's.
    pub ca: Option<Vec<u8>>,
    /// Keys that verify receipts, in the order of their files.
    pub jws_keys: Vec<PublicKeyFile>,
    /// Asset ids to fetch such keys by in the background.
    pub jws_key_assets: Vec<AssetId>,
    /// Decrypts notices of token changes.
    pub notification_key: Option<KeyFile>,
    /// Its certificate (PEM), for the fingerprint that notices name it by.
    pub notification_certificate: Option<Vec<u8>>,
    /// Whether notices may come in clear (assumed).
    pub notification_plain: bool,
    /// `responseHost` when it is set; otherwise the public address gives it.
    pub response_host: Option<String>,
    /// `paymentAppId` (assumed).
    pub payment_app_id: String,
    /// `cardletId` (assumed).
    pub cardlet_id: String,
    /// `tokenType`, `CLOUD` or `EMBEDDED_SE` (assumed).
    pub token_type: &'static str,
    /// `consumerLanguage` when the cardholder's is not known.
    pub consumer_language: String,
    /// `deviceIpAddress` when the cardholder's is not known (assumed).
    pub device_ip_unknown: Ipv4Addr,
    /// Mastercard's certificate (PEM) for the encrypted source beside a receipt (assumed).
    pub source_certificate: Option<Vec<u8>>,
    /// Paths below the base.
    pub paths: Paths,
    /// How long we wait.
    pub timeouts: Timeouts,
    /// Waits before each repetition of a question, in milliseconds; never empty, the last one repeats.
    pub retry_reads_ms: Vec<u64>,
}

impl fmt::Debug for Mdes {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Mdes")
            .field("base_url", &self.base_url)
            .field("token_requestor_id", &self.token_requestor_id)
            .field("signing_key", &self.signing_key)
            .field("jws_key_assets", &self.jws_key_assets)
            .field("paths", &self.paths)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}

impl Mdes {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let base_url = reader.required_parsed(
            "mdes.base_url",
            "the address of the MDES gateway, https://…/mdes",
            BaseUrl::parse,
        );
        let token_requestor_id = reader.required_parsed(
            "mdes.token_requestor_id",
            "the 11 digits that Mastercard gave you",
            |text| TokenRequestorId::parse(text).map_err(|_| "must be 11 digits"),
        );
        let consumer_key = consumer_key(reader, base_url.as_ref());
        let signing_key = signing_key(reader);
        let client_identity = reader.key_file("mdes.client_identity_file", Some("mdes.client_identity_password"));
        let ca = reader.public_file("mdes.ca_file");
        let jws_key_assets = reader.texts("mdes.jws_key_assets", 0..=16, |text| {
            AssetId::parse(text).map_err(|_| "must hold asset ids: 1 to 64 letters, digits, -, _ or .")
        });
        let jws_keys = jws_keys(reader, jws_key_assets.is_empty());
        let notification_key = reader.key_file("mdes.notification_key_file", None);
        let notification_certificate = reader.public_file("mdes.notification_certificate_file");
        let notification_plain = reader.flag("mdes.notification_plain");
        let response_host = reader.parsed("mdes.response_host", host);
        let payment_app_id = sized(reader, "mdes.payment_app_id", 64);
        let cardlet_id = sized(reader, "mdes.cardlet_id", 10);
        let token_type = reader.one_of("mdes.token_type", &[("CLOUD", "CLOUD"), ("EMBEDDED_SE", "EMBEDDED_SE")]);
        let consumer_language = reader.required_parsed("mdes.consumer_language", "two lower case letters", language);
        let device_ip_unknown = reader.required_parsed("mdes.device_ip_unknown", "an IPv4 address", ipv4);
        let source_certificate = reader.public_file("mdes.source_certificate_file");
        let paths = Paths::read(reader);
        let timeouts = Timeouts::read(reader);
        let retry_reads_ms = reader.integers("mdes.retry.reads_ms", 1..=16, 10..=60_000);
        Some(Self {
            base_url: base_url?,
            token_requestor_id: token_requestor_id?,
            consumer_key: consumer_key?,
            signing_key: signing_key?,
            client_identity,
            ca,
            jws_keys,
            jws_key_assets,
            notification_key,
            notification_certificate,
            notification_plain,
            response_host,
            payment_app_id: payment_app_id?,
            cardlet_id: cardlet_id?,
            token_type,
            consumer_language: consumer_language?,
            device_ip_unknown: device_ip_unknown?,
            source_certificate,
            paths: paths?,
            timeouts,
            retry_reads_ms,
        })
    }
}

/// Consumer keys of documentation and samples are a few characters over and over (`aaa…!aaa…`), or our own test vector.
const CONSUMER_KEY_DIFFERENT_MIN: usize = 8;
const CONSUMER_KEY_OF_VECTORS: &str = "SIMconsumerkey";

fn consumer_key(reader: &mut Reader, base_url: Option<&BaseUrl>) -> Option<SecretString> {
    use secrecy::ExposeSecret;
    const KEY: &str = "mdes.consumer_key";
    let before = reader.faults();
    let Some(secret) = reader.secret(KEY) else {
        if reader.faults() == before {
            reader.missing(
                KEY,
                "set mdes.consumer_key_file to a file with the consumer key of your Mastercard project",
            );
        }
        return None;
    };
    let text = secret.expose_secret();
    let place = reader.given(KEY);
    if text.len() > 256 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        reader.fault(&place, format!("{KEY} must be 1 to 256 characters without spaces"));
        return None;
    }
    let different: BTreeSet<u8> = text.bytes().collect();
    let sample = different.len() < CONSUMER_KEY_DIFFERENT_MIN || text.starts_with(CONSUMER_KEY_OF_VECTORS);
    if sample && base_url.is_some_and(|url| !url.is_loopback()) {
        reader.fault(
            &place,
            format!("{KEY} is a sample: use the consumer key of your Mastercard project"),
        );
        return None;
    }
    Some(secret)
}

fn signing_key(reader: &mut Reader) -> Option<KeyFile> {
    const KEY: &str = "mdes.signing_key_file";
    let before = reader.faults();
    let key = reader.key_file(KEY, Some("mdes.signing_key_password"));
    if key.is_none() && reader.faults() == before {
        reader.missing(
            KEY,
            "the file with the private key of your Mastercard project, PEM or PKCS#12",
        );
    }
    key
}

/// The most files that `jws_key_files` may name.
const JWS_KEY_FILES_MAX: usize = 64;

fn jws_keys(reader: &mut Reader, must_have_one: bool) -> Vec<PublicKeyFile> {
    const KEY: &str = "mdes.jws_key_files";
    let before = reader.faults();
    let patterns = reader.texts(KEY, 0..=16, |text| Ok::<_, &str>(text.to_owned()));
    let mut keys = Vec::new();
    for pattern in &patterns {
        let found =
            files::expand(&reader.resolve(pattern)).map_err(|message| reader.fault(KEY, format!("{KEY} {message}")));
        for path in found.unwrap_or_default() {
            match files::bytes(&path, KEY_BYTES_MAX) {
                Ok(bytes) => {
                    let stem = path
                        .file_stem()
                        .map(|stem| stem.to_string_lossy().into_owned())
                        .unwrap_or_default();
                    keys.push(PublicKeyFile { path, stem, bytes });
                }
                Err(message) => reader.fault(KEY, format!("{KEY} {message}")),
            }
        }
    }
    if keys.len() > JWS_KEY_FILES_MAX {
        reader.fault(KEY, format!("{KEY} must name at most {JWS_KEY_FILES_MAX} files"));
    }
    // Without a key every return would be refused, one cardholder after the other, instead of one start.
    if keys.is_empty() && must_have_one && reader.faults() == before {
        reader.fault(
            KEY,
            format!("{KEY} names no file and mdes.jws_key_assets is empty: no receipt could be verified"),
        );
    }
    keys
}

/// `[mdes.paths]`: where each call lives below the base URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The list of issuers (assumed).
    pub eligible_issuers: String,
    /// An asset, with `{id}` in the place of its id. See [`Paths::asset`].
    asset: String,
    /// Whether the account behind a receipt may be digitized.
    pub check_eligibility: String,
    /// Make the token.
    pub digitize: String,
    /// Ask the issuer to send a code.
    pub request_activation_code: String,
    /// Hand the code in.
    pub activate: String,
    /// What became of a digitize.
    pub task_status: String,
    /// The tokens of a receipt (assumed).
    pub search_tokens: String,
    /// One token's state.
    pub token: String,
    /// Pause a token.
    pub suspend: String,
    /// Let a paused token go on.
    pub unsuspend: String,
    /// Remove a token.
    pub delete: String,
}

impl Paths {
    fn read(reader: &mut Reader) -> Option<Self> {
        let asset = reader.required_parsed("mdes.paths.asset", "a path with {id}", |text| {
            if text.matches("{id}").count() == 1 {
                path(&text.replace("{id}", "")).map(|_| text.to_owned())
            } else {
                Err("must hold {id} once, in the place of the asset id")
            }
        });
        let mut one = |key: &str| reader.required_parsed(&format!("mdes.paths.{key}"), "a path", path);
        let eligible_issuers = one("eligible_issuers");
        let check_eligibility = one("check_eligibility");
        let digitize = one("digitize");
        let request_activation_code = one("request_activation_code");
        let activate = one("activate");
        let task_status = one("task_status");
        let search_tokens = one("search_tokens");
        let token = one("token");
        let suspend = one("suspend");
        let unsuspend = one("unsuspend");
        let delete = one("delete");
        Some(Self {
            eligible_issuers: eligible_issuers?,
            asset: asset?,
            check_eligibility: check_eligibility?,
            digitize: digitize?,
            request_activation_code: request_activation_code?,
            activate: activate?,
            task_status: task_status?,
            search_tokens: search_tokens?,
            token: token?,
            suspend: suspend?,
            unsuspend: unsuspend?,
            delete: delete?,
        })
    }

    /// The path of one asset.
    #[must_use]
    pub fn asset(&self, id: &AssetId) -> String {
        self.asset.replace("{id}", id.as_str())
    }

    /// The path of an asset as it is written in the configuration, with `{id}`.
    #[must_use]
    pub fn asset_template(&self) -> &str {
        &self.asset
    }
}

/// `[mdes.timeouts]`, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection with TLS.
    pub connect_ms: u64,
    /// Between two pieces of an answer.
    pub read_ms: u64,
    /// For a whole call that only reads.
    pub total_ms: u64,
    /// For a whole call that changes something.
    pub effect_ms: u64,
}

impl Timeouts {
    fn read(reader: &mut Reader) -> Self {
        let connect_ms = reader.integer("mdes.timeouts.connect_ms", 100..=30_000);
        let read_ms = reader.integer("mdes.timeouts.read_ms", 100..=60_000);
        let total_ms = reader.integer("mdes.timeouts.total_ms", connect_ms..=60_000);
        let effect_ms = reader.integer("mdes.timeouts.effect_ms", total_ms..=120_000);
        Self {
            connect_ms,
            read_ms,
            total_ms,
            effect_ms,
        }
    }
}

fn path(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~?=&".contains(&byte);
    if text.starts_with('/') && text.len() <= 128 && text.bytes().all(plain) && !text.contains("..") {
        Ok(text.to_owned())
    } else {
        Err("must be a path that begins with / and has at most 128 plain characters")
    }
}

fn host(text: &str) -> Result<String, &'static str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
    if (11..=64).contains(&text.len()) && text.bytes().all(plain) {
        Ok(text.to_owned())
    } else {
        Err("must be a host name of 11 to 64 characters, without scheme")
    }
}

fn ipv4(text: &str) -> Result<Ipv4Addr, &'static str> {
    text.parse().map_err(|_| "must be an IPv4 address such as 192.0.0.8")
}

fn language(text: &str) -> Result<String, &'static str> {
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        Ok(text.to_owned())
    } else {
        Err("must be two lower case letters (ISO 639-1)")
    }
}

fn sized(reader: &mut Reader, key: &str, max: usize) -> Option<String> {
    reader.required_parsed(key, "the value agreed at onboarding", |text| {
        if text.len() <= max && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(text.to_owned())
        } else {
            Err(format!("must be 1 to {max} characters without spaces"))
        }
    })
}
