//! What the workbench knows of the participants, to find out the truth about their messages. Whoever starts it tells.

use std::sync::{Arc, OnceLock};

use crate::sim::Now;
use crate::sim::mdes::Mdes;

/// Everything that is known when recording starts. Not `Debug`: there are private keys in it.
pub struct Knowledge {
    /// Random, and of this process alone: what is kept of secrets is hashed with it.
    pub key: [u8; 32],
    /// The clock that all participants share.
    pub now: Now,
    /// The wallet.
    pub wallet: KnownWallet,
    /// Other token requestors beside it, in the order of their places.
    pub other_wallets: Vec<KnownWallet>,
    /// The issuers' server as a client of MDES.
    pub issuer: Client,
    /// Where everybody is.
    pub places: Places,
    /// What the parameters of the two redirects are called.
    pub names: Names,
    /// What the wallet's support calls an attempt, from the first eight characters of its session id.
    pub reference: fn(&str) -> String,
    /// Who can open what is encrypted.
    pub recipients: Recipients,
    /// Other secrets that are known by their value, such as the credential of the wallet's backend.
    pub secrets: Vec<String>,
    /// MDES, once it runs: its own clock, and the keys that it signs receipts with.
    pub mdes: OnceLock<Mdes>,
}

/// A token requestor.
#[derive(Default)]
pub struct KnownWallet {
    /// As a client of MDES.
    pub client: Client,
    /// Its origin, without a slash at the end.
    pub origin: String,
    /// The name of its own cookie.
    pub cookie: String,
    /// Who can open what MDES tells it.
    pub recipient: Recipient,
}

/// Somebody who signs calls to MDES.
#[derive(Default)]
pub struct Client {
    /// The OAuth consumer key.
    pub consumer_key: String,
    /// The OAuth public key as MDES has it, PEM, bare or in a certificate.
    pub public_key_pem: Vec<u8>,
}

/// Addresses, without a slash at the end.
#[derive(Default)]
pub struct Places {
    /// MDES's origin.
    pub mdes: String,
    /// The banks' origin.
    pub bank: String,
    /// The processor's origin.
    pub processor: String,
}

/// Names of parameters, as the issuers' profiles have them.
#[derive(Default)]
pub struct Names {
    /// A session id.
    pub session: Vec<String>,
    /// Signed push account data.
    pub jws: Vec<String>,
    /// Plain receipts.
    pub receipts: Vec<String>,
    /// The callback URL.
    pub callback: Vec<String>,
}

/// The keys that payloads are encrypted to.
#[derive(Default)]
pub struct Recipients {
    /// Of MDES.
    pub mdes: Recipient,
    /// Of the issuers.
    pub issuer: Recipient,
    /// Of the processor.
    pub processor: Recipient,
}

/// A key that payloads are encrypted to.
#[derive(Default)]
pub struct Recipient {
    /// The private key, PEM.
    pub key_pem: Vec<u8>,
    /// Its certificate, PEM.
    pub certificate_pem: Vec<u8>,
}

impl Knowledge {
    /// The token requestor at a place, counted from 0.
    pub(super) fn wallet(&self, at: usize) -> &KnownWallet {
        let other = at.checked_sub(1).and_then(|at| self.other_wallets.get(at));
        other.unwrap_or(&self.wallet)
    }

    /// All token requestors.
    pub(super) fn wallets(&self) -> impl Iterator<Item = &KnownWallet> {
        std::iter::once(&self.wallet).chain(&self.other_wallets)
    }

    /// Hosts and ports, as they stand in addresses.
    pub(super) fn authorities(&self) -> Vec<String> {
        let Places { mdes, bank, processor } = &self.places;
        let all = self
            .wallets()
            .map(|wallet| &wallet.origin)
            .chain([mdes, bank, processor]);
        let authorities = all.filter_map(|origin| Some(origin.split_once("://")?.1.to_owned()));
        authorities.collect()
    }
}

impl Knowledge {
    /// Of participants about whom nothing is known: every signature is a stranger's, and nothing can be opened.
    #[must_use]
    pub fn of_strangers(key: [u8; 32], now: Now, cookie: &str) -> Self {
        Self {
            key,
            now,
            wallet: KnownWallet {
                cookie: cookie.to_owned(),
                ..KnownWallet::default()
            },
            other_wallets: Vec::new(),
            issuer: Client::default(),
            places: Places::default(),
            names: Names::default(),
            reference: str::to_owned,
            recipients: Recipients::default(),
            secrets: Vec::new(),
            mdes: OnceLock::new(),
        }
    }

    /// The secrets that are known by their value.
    pub(super) fn all_secrets(&self) -> Vec<String> {
        let keys = self.wallets().map(|wallet| &wallet.client.consumer_key);
        let all = keys.chain([&self.issuer.consumer_key]).chain(&self.secrets).cloned();
        all.filter(|secret| secret.len() >= 8).collect()
    }
}

/// Shared by everything that records.
pub type Known = Arc<Knowledge>;
