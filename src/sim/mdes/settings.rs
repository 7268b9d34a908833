//! What a simulated MDES knows about the parties that are enrolled with it.

use openssl::pkey::{PKey, Public};
use openssl::x509::X509;

/// Everything that is fixed when a simulator starts.
#[derive(Clone)]
pub struct Settings {
    /// Where the router serves, such as `/mdes`.
    pub base_path: String,
    /// The token requestors that are enrolled, each with an id and a consumer key of its own. A call is by the one whose key
    /// signed it.
    pub token_requestors: Vec<TokenRequestor>,
    /// The one bank host that is enrolled; it may act for every issuer of the directory.
    pub issuer_client: IssuerClient,
    /// The bank's pre-digitization API, such as `http://127.0.0.1:9002/issuerServices/1/0`. Without it every digitization
    /// is approved and codes are delivered to nobody.
    pub bank_base: Option<String>,
    /// The certificate that account data for the bank is encrypted to. Needed with `bank_base`.
    pub bank_cert_pem: Option<Vec<u8>>,
    /// The issuers.
    pub directory: Vec<DirectoryEntry>,
    /// The clock.
    pub now: crate::sim::Now,
    /// Whether `tokenRequestorSessionId` is part of what is signed. Unknown in the field; `true` unless there is a reason.
    pub session_in_jws: bool,
    /// Whether a receipt is used up by a declined digitization. Unknown in the field; `true` unless there is a reason.
    pub declined_consumes: bool,
    /// What is to go wrong.
    pub faults: crate::sim::faults::Faults,
    /// What it lies about.
    pub lies: crate::sim::lies::Lies,
}

/// What becomes of the `authenticationCode` that a bank sends with a push. Which of these is true in the field is not
/// published: two readings of the same sentence, and neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthenticationCodeMode {
    /// It is ignored.
    #[default]
    None,
    /// It stays with the receipts: `checkEligibility` must carry in `fundingAccountInfo.authenticationCode` what the push
    /// carried, and nothing when the push carried nothing. Otherwise the receipt is refused as if it were unknown, and
    /// stays as it was.
    Bind,
    /// It is signed, after `tokenRequestorSessionId`, for the wallet to compare.
    Jws,
}

impl AuthenticationCodeMode {
    /// One word, as `/_sim/knobs` has it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Bind => "bind",
            Self::Jws => "jws",
        }
    }
}

/// An enrolled token requestor.
#[derive(Clone)]
pub struct TokenRequestor {
    /// The TRID: 11 digits.
    pub id: String,
    /// 1 to 64 characters.
    pub name: String,
    /// What cardholders know it by, 1 to 100 characters.
    pub consumer_facing_name: String,
    /// What it is enrolled as.
    pub kind: RequestorKind,
    /// Its logo as SVG.
    pub logo_svg: Vec<u8>,
    /// The same as PNG, 192 by 192.
    pub logo_png: Vec<u8>,
    /// Whether it can lead cardholders to issuers. For one that cannot, the list of issuers is empty.
    pub pulls: bool,
    /// Whether it takes up to five cards at once, or one.
    pub takes_several: bool,
    /// Where issuers send cardholders with a pushed account.
    pub push_uri: String,
    /// The OAuth consumer key.
    pub consumer_key: String,
    /// The OAuth public key, PEM, bare or in a certificate.
    pub public_key_pem: Vec<u8>,
    /// The whole address of `notifyTokenUpdated`. Without it the wallet is never notified.
    pub notify_url: Option<String>,
    /// The certificate that notifications are encrypted to. Without it they travel in clear.
    pub notify_cert_pem: Option<Vec<u8>>,
}

/// `tokenRequestorType`, and what comes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestorKind {
    /// A wallet, by its wallet id of 1 to 3 characters.
    Wallet(String),
    /// A merchant, or who acts for merchants.
    Merchant,
}

impl TokenRequestor {
    /// `tokenRequestorType`.
    pub(super) fn kind_word(&self) -> &'static str {
        match self.kind {
            RequestorKind::Wallet(_) => "WALLET",
            RequestorKind::Merchant => "MERCHANT",
        }
    }

    /// `walletId`, which wallets alone have.
    pub(super) fn wallet_id(&self) -> Option<&str> {
        match &self.kind {
            RequestorKind::Wallet(id) => Some(id),
            RequestorKind::Merchant => None,
        }
    }
}

/// The bank host's OAuth identity.
#[derive(Clone)]
pub struct IssuerClient {
    /// The OAuth consumer key.
    pub consumer_key: String,
    /// The OAuth public key, PEM, bare or in a certificate.
    pub public_key_pem: Vec<u8>,
}

/// One issuer with its one product.
#[derive(Clone)]
pub struct DirectoryEntry {
    /// Stable id in the directory.
    pub issuer_id: String,
    /// Display name.
    pub name: String,
    /// The name in another script, for searching.
    pub alias: Option<String>,
    /// ISO 3166-1 alpha-2 codes.
    pub countries: Vec<String>,
    /// Logo as SVG.
    pub logo_svg: Vec<u8>,
    /// The same logo as PNG, 192 by 192. Left out of the asset when empty.
    pub logo_png: Vec<u8>,
    /// Pull methods: type (`ANDROID`, `IOS`, `WEB`) and URI.
    pub methods: Vec<(String, String)>,
    /// The first 6 to 11 digits of its account numbers.
    pub account_range_prefix: String,
    /// What its cards look like.
    pub product: Product,
    /// Terms and conditions: media type and content.
    pub terms: (String, Vec<u8>),
    /// Decides the prefix of receipts.
    pub card_type: CardType,
}

/// Who answers for the accounts of a range, where that is not the bank host: a processor. The calls are the same.
#[derive(Clone)]
pub struct Services {
    /// Its pre-digitization API, such as `http://127.0.0.1:9005/processing/issuerServices/1/0`.
    pub base: String,
    /// The certificate that account data for it is encrypted to, PEM.
    pub certificate_pem: Vec<u8>,
}

/// How a card is presented.
#[derive(Clone)]
pub struct Product {
    /// Such as "Harbour Gold Credit".
    pub short_description: String,
    /// Six hexadecimal digits.
    pub foreground_color: String,
    /// Card art as SVG.
    pub art_svg: Vec<u8>,
    /// Card art as PNG.
    pub art_png: Option<Vec<u8>>,
    /// Customer service, by phone.
    pub phone: String,
    /// Customer service, on the web.
    pub website: String,
}

/// The family of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardType {
    /// Credit, receipts `MCC-…`.
    Mcc,
    /// Debit, receipts `DMC-…`.
    Dmc,
    /// Maestro, receipts `MSI-…`.
    Msi,
}

impl CardType {
    pub(super) fn receipt_prefix(self) -> &'static str {
        match self {
            Self::Mcc => "MCC",
            Self::Dmc => "DMC",
            Self::Msi => "MSI",
        }
    }

    pub(super) fn product_category(self) -> &'static str {
        match self {
            Self::Mcc => "CREDIT",
            Self::Dmc | Self::Msi => "DEBIT",
        }
    }
}

/// Reads a public key, bare or out of a certificate.
///
/// # Panics
/// If it is neither.
pub(super) fn public_key(pem: &[u8]) -> PKey<Public> {
    PKey::public_key_from_pem(pem)
        .or_else(|_| X509::from_pem(pem).and_then(|certificate| certificate.public_key()))
        .expect("a PEM public key or certificate")
}

/// Whether these bytes are a public key that the simulator can use: PEM, bare or in a certificate.
#[must_use]
pub fn is_public_key(pem: &[u8]) -> bool {
    PKey::public_key_from_pem(pem).is_ok() || X509::from_pem(pem).is_ok()
}
