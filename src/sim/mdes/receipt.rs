//! A receipt in the books, and the account behind it.

use std::sync::Arc;

use super::settings::TokenRequestor;
use super::state::Issuer;
use crate::sim::lies::ReceiptLie;

/// An account that an issuer pushed for one token requestor.
pub(super) struct Receipt {
    /// Whose it is; nobody else can use it.
    pub(super) requestor: Arc<TokenRequestor>,
    pub(super) issuer: Arc<Issuer>,
    pub(super) account: Account,
    pub(super) expires_at_ms: i64,
    /// The code that the cardholder gave the bank.
    pub(super) authentication_code: Option<String>,
    /// MDES says that it was made for another token requestor.
    pub(super) foreign: bool,
    /// What MDES will lie about it.
    pub(super) lie: Option<ReceiptLie>,
    /// The terms, where they are no longer the issuer's.
    pub(super) terms: Option<String>,
    pub(super) life: ReceiptLife,
}

impl Receipt {
    /// A fresh one with nothing wrong.
    pub(super) fn new(
        requestor: Arc<TokenRequestor>,
        issuer: Arc<Issuer>,
        account: Account,
        expires_at_ms: i64,
    ) -> Self {
        Self {
            requestor,
            issuer,
            account,
            expires_at_ms,
            authentication_code: None,
            foreign: false,
            lie: None,
            terms: None,
            life: ReceiptLife::Fresh,
        }
    }

    /// Whether `requestor` must not know of it.
    pub(super) fn is_foreign_to(&self, requestor: &TokenRequestor) -> bool {
        self.foreign || self.requestor.id != requestor.id
    }
}

/// Where a receipt is in its one successful use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ReceiptLife {
    Fresh,
    /// Held by this `paymentAppInstanceId` since `checkEligibility`.
    Reserved(String),
    /// A digitization is deciding about it.
    Digitizing(String),
    Consumed,
}

/// The account behind a receipt. It leaves MDES only encrypted, towards the bank.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) number: String,
    pub(super) expiry_month: Option<String>,
    pub(super) expiry_year: Option<String>,
}

impl Account {
    pub(super) fn suffix(&self) -> String {
        let skipped = self.number.chars().count().saturating_sub(4);
        self.number.chars().skip(skipped).collect()
    }

    /// `MMYY`, if the issuer told.
    pub(super) fn expiry(&self) -> Option<String> {
        Some(format!("{}{}", self.expiry_month.as_ref()?, self.expiry_year.as_ref()?))
    }
}
