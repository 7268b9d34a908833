//! Speaking to Mastercard: the calls of a token requestor (Token Connect and MDES digitization), signed and bounded;
//! receipts and notifications, verified and decrypted.
//!
//! - [`Client`]: the calls. One attempt each; whether to try again is the caller's, told by [`MdesError`].
//! - [`jws`]: from an unverified token to a verified receipt. [`notification`]: what MDES tells unasked.
//! - [`oauth1`], [`payload`], [`keys`], [`strict_json`]: the pure parts. The wire's own structures stay private.

use std::collections::BTreeSet;

mod client;
mod error;
mod http;
pub mod jws;
mod key_set;
pub mod keys;
pub mod notification;
pub mod oauth1;
mod outcome;
pub mod payload;
mod settings;
pub mod strict_json;
mod translate;
mod wire;

#[cfg(test)]
mod client_tests;

pub use self::client::Client;
pub use self::error::{MdesError, MdesErrorKind};
pub use self::keys::{KeyFault, SigningKey};
pub use self::settings::{
    BODY_MAX, ClientFault, ClientIdentity, DIRECTORY_BODY_MAX, Paths, Settings, SourceEncryption, Sources, Timeouts,
};
use crate::domain::Millis;
use crate::domain::id::{AssetId, CountryCode, IssuerId, RequestId, TaskId};
use crate::domain::receipt::ReceiptToken;
use crate::domain::token::{AuthenticationMethod, EligibilityReceipt, Suspender, Token, TokenStanding};

/// An entry of the list of issuers, as registered. Its addresses are other people's strings: parse before use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EligibleIssuer {
    /// `issuerId`, if it is one.
    pub id: Option<IssuerId>,
    /// The name cardholders know, 1 to 100 characters, fit to be shown.
    pub name: String,
    /// The name in another script.
    pub alias: Option<String>,
    /// Distinct; perhaps none.
    pub countries: Vec<CountryCode>,
    /// The logo.
    pub logo: Option<AssetId>,
    /// `availablePullMethods`: type and address, raw.
    pub methods: Vec<(String, String)>,
}

/// Everything that `digitize` says.
#[derive(Clone, Copy, Debug)]
pub struct DigitizeOrder<'a> {
    /// This request.
    pub request: &'a RequestId,
    /// This effect, by which its outcome can be asked for.
    pub task: &'a TaskId,
    /// `paymentAppInstanceId`, at most 48 characters.
    pub instance: &'a str,
    /// The push account receipt.
    pub receipt: &'a ReceiptToken,
    /// What `checkEligibility` gave.
    pub eligibility: &'a EligibilityReceipt,
    /// The terms that were accepted.
    pub terms: &'a AssetId,
    /// When they were accepted.
    pub accepted_at: Millis,
    /// The cardholder's address. Only IPv4 fits the wire; anything else is left out.
    pub device_ip: Option<&'a str>,
}

/// A token as MDES describes it when asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// The token with its state.
    pub token: Token,
    /// How it may be activated, while it is inactive and if MDES says so.
    pub methods: Vec<AuthenticationMethod>,
    /// `statusTimestamp`, if told.
    pub changed_at: Option<Millis>,
    /// `suspendedBy`, if told.
    pub suspended_by: Option<BTreeSet<Suspender>>,
}

impl TokenRecord {
    /// How the token stands.
    #[must_use]
    pub fn standing(&self) -> TokenStanding {
        TokenStanding {
            status: self.token.status,
            suspended_by: self.suspended_by.clone(),
            at: self.changed_at,
        }
    }
}

/// A call that changes a token (MDES Digital Enablement, token life cycle).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenChange {
    /// `suspend`
    Suspend,
    /// `unsuspend`
    Unsuspend,
    /// `delete`
    Delete,
}

/// `causedBy`: for whom a token is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CausedBy {
    /// The cardholder wants it.
    Cardholder,
    /// The wallet does it by itself.
    TokenRequestor,
}
