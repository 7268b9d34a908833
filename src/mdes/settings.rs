//! What an operator decides about the link to MDES. Assumed names and paths are settings, with the assumption as
//! their default.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use super::keys::{KeyFault, SigningKey};
use super::payload::{OaepHash, Recipient};
use crate::domain::Millis;
use crate::domain::id::TokenRequestorId;

/// The settings of a [`super::Client`].
#[derive(Clone, Debug)]
pub struct Settings {
    /// For example `https://api.mastercard.com/mdes`: `https`, or `http` on loopback. No query, no fragment.
    pub base_url: String,
    /// Whom we act for.
    pub token_requestor_id: TokenRequestorId,
    /// The OAuth consumer key, as Mastercard shows it.
    pub consumer_key: SecretString,
    /// The OAuth signing key.
    pub signing_key: SigningKey,
    /// Where each call goes, below `base_url`.
    pub paths: Paths,
    /// `responseHost`: our host without a scheme, 11 to 64 characters in the specification.
    pub response_host: String,
    /// `paymentAppId`.
    pub payment_app_id: String,
    /// `cardletId`, at most 10 characters.
    pub cardlet_id: String,
    /// `tokenType`: `CLOUD` for a wallet without a secure element.
    pub token_type: String,
    /// `consumerLanguage` when the cardholder's is not known: two letters (ISO 639-1).
    pub consumer_language: String,
    /// How long we wait.
    pub timeouts: Timeouts,
    /// The longest answer in bytes.
    pub body_max: usize,
    /// The longest list of issuers in bytes.
    pub directory_body_max: usize,
    /// Mutual TLS, if the endpoint asks for it.
    pub client_identity: Option<ClientIdentity>,
    /// Certificate authorities (PEM, one or several) to trust besides the machine's own.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Set to send the encrypted `source` beside the receipt (assumption: the published texts disagree).
    pub source_payload: Option<SourceEncryption>,
}

/// The default of [`Settings::body_max`]: 1 MiB.
pub const BODY_MAX: usize = 1024 * 1024;
/// The default of [`Settings::directory_body_max`]: 4 MiB.
pub const DIRECTORY_BODY_MAX: usize = 4 * 1024 * 1024;

/// Paths below the base address, each with a leading slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The list of issuers. Assumed: the call is not public.
    pub eligible_issuers: String,
    /// An asset; `{id}` stands for its id.
    pub asset: String,
    /// `checkEligibility`.
    pub check_eligibility: String,
    /// `digitize`.
    pub digitize: String,
    /// `requestActivationCode`.
    pub request_activation_code: String,
    /// `activate`.
    pub activate: String,
    /// `getTaskStatus`.
    pub task_status: String,
    /// `searchTokens`. Assumed: that it takes a receipt.
    pub search_tokens: String,
    /// `getToken`.
    pub token: String,
    /// `suspend`.
    pub suspend: String,
    /// `unsuspend`.
    pub unsuspend: String,
    /// `delete`.
    pub delete: String,
}

impl Paths {
    /// Every path with the name of its setting.
    pub(super) fn all(&self) -> [(&'static str, &str); 12] {
        [
            ("eligible_issuers", &self.eligible_issuers),
            ("asset", &self.asset),
            ("check_eligibility", &self.check_eligibility),
            ("digitize", &self.digitize),
            ("request_activation_code", &self.request_activation_code),
            ("activate", &self.activate),
            ("task_status", &self.task_status),
            ("search_tokens", &self.search_tokens),
            ("token", &self.token),
            ("suspend", &self.suspend),
            ("unsuspend", &self.unsuspend),
            ("delete", &self.delete),
        ]
    }
}

impl Default for Paths {
    fn default() -> Self {
        let digitization = |call: &str| format!("/digitization/1/0/{call}");
        Self {
            eligible_issuers: "/connect/1/0/getEligibleIssuers".to_owned(),
            asset: "/assets/1/0/asset/{id}".to_owned(),
            check_eligibility: digitization("checkEligibility"),
            digitize: digitization("digitize"),
            request_activation_code: digitization("requestActivationCode"),
            activate: digitization("activate"),
            task_status: digitization("getTaskStatus"),
            search_tokens: digitization("searchTokens"),
            token: digitization("getToken"),
            suspend: digitization("suspend"),
            unsuspend: digitization("unsuspend"),
            delete: digitization("delete"),
        }
    }
}

/// How long we wait, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, TLS included. Less than the two for a whole call.
    pub connect_ms: u64,
    /// Between two pieces of an answer, and for the first.
    pub read_ms: u64,
    /// For a whole call without an effect.
    pub total_ms: u64,
    /// For a whole call with an effect: the issuer decides in the meantime.
    pub effect_ms: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect_ms: 3_000,
            read_ms: 30_000,
            total_ms: 15_000,
            effect_ms: 30_000,
        }
    }
}

/// Who we are in mutual TLS. `Debug` shows nothing of it.
#[derive(Clone)]
pub enum ClientIdentity {
    /// A PKCS#12 container.
    Pkcs12 {
        /// Its bytes.
        der: Vec<u8>,
        /// Its password.
        password: SecretString,
    },
    /// A certificate chain and its PKCS#8 key, both PEM.
    Pem {
        /// The chain, our own certificate first.
        certificate: Vec<u8>,
        /// The key.
        key: Vec<u8>,
    },
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ClientIdentity(redacted)")
    }
}

/// To whom the `source` of a funding account is encrypted.
#[derive(Clone, Debug)]
pub struct SourceEncryption {
    /// MDES's encryption certificate.
    pub recipient: Recipient,
    /// The digest of OAEP.
    pub hash: OaepHash,
}

impl SourceEncryption {
    /// To MDES's certificate, PEM or DER, with SHA-256.
    ///
    /// # Errors
    /// [`KeyFault`] for what is no certificate of a strong RSA key.
    pub fn from_certificate(bytes: &[u8]) -> Result<Self, KeyFault> {
        Ok(Self {
            recipient: Recipient::from_certificate(bytes)?,
            hash: OaepHash::default(),
        })
    }
}

/// Where the client reads the time and takes random bytes from.
#[derive(Clone)]
pub struct Sources {
    /// The wall clock: OAuth's timestamp.
    pub now: Arc<dyn Fn() -> Millis + Send + Sync>,
    /// 32 fresh random bytes at each call: nonces and session keys.
    pub random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
}

impl fmt::Debug for Sources {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Sources")
    }
}

/// Settings that no client can be made of. Names the setting, never its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientFault {
    /// `base_url` is no absolute address without query, fragment and user information, or not `https`.
    BaseUrl,
    /// `consumer_key` is empty or has a character that cannot stand in the header.
    ConsumerKey,
    /// A path does not begin with a slash, holds more than a path, or the asset's lacks `{id}`.
    Path(&'static str),
    /// A timeout is zero, or the one for the connection is not shorter than those for a whole call.
    Timeouts,
    /// `client_identity` does not open.
    ClientIdentity,
    /// `extra_ca_pem` holds no certificate.
    CertificateAuthority,
    /// The TLS library refuses.
    Tls,
}

impl fmt::Display for ClientFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl => out.write_str("base_url must be https (http only on loopback), without query or fragment"),
            Self::ConsumerKey => out.write_str("consumer_key is empty or has an impossible character"),
            Self::Path(name) => write!(out, "the path of {name} is malformed"),
            Self::Timeouts => {
                out.write_str("no timeout may be zero, and connect_ms must be less than total_ms and effect_ms")
            }
            Self::ClientIdentity => out.write_str("the TLS client identity does not open"),
            Self::CertificateAuthority => out.write_str("extra_ca_pem holds no certificate"),
            Self::Tls => out.write_str("the TLS library cannot be set up"),
        }
    }
}

impl std::error::Error for ClientFault {}
