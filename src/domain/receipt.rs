//! Receipts: from what a browser hands us to what a signature has proven.
//!
//! A push account receipt is a bearer secret, `PREFIX-UUID`, at most 64 characters, valid 5 to 15 minutes, bound to one
//! token requestor and usable successfully once (Token Connect API; implementation guide p. 25 and 47).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::same_person::SamePersonCode;

/// At most this many receipts arrive in one return (Token Connect API, `supportsMultiplePushedCards`).
pub const RECEIPTS_MAX: usize = 5;
/// The longest receipt (Token Connect API).
const RECEIPT_LENGTH_MAX: usize = 64;
/// The longest `callbackURL` (Token Connect API).
pub const CALLBACK_URL_LENGTH_MAX: usize = 256;

/// One push account receipt. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct ReceiptToken(SecretString);

/// A text that is no well-formed receipt. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MalformedReceipt;

impl ReceiptToken {
    /// Accepts every receipt that was ever seen: three capitals, then groups of letters and digits.
    ///
    /// The part after the prefix is opaque: official examples hold letters that no UUID has, so only length and
    /// character set are checked.
    ///
    /// # Errors
    /// [`MalformedReceipt`] for anything else.
    pub fn parse(text: &str) -> Result<Self, MalformedReceipt> {
        let mut groups = text.split('-');
        let prefix_ok = groups
            .next()
            .is_some_and(|prefix| prefix.len() == 3 && all(prefix, |b| b.is_ascii_uppercase()));
        let rest: Vec<&str> = groups.collect();
        let rest_ok = (1..=7).contains(&rest.len())
            && rest
                .iter()
                .all(|group| (1..=12).contains(&group.len()) && all(group, |b| b.is_ascii_alphanumeric()));
        if text.len() <= RECEIPT_LENGTH_MAX && prefix_ok && rest_ok {
            Ok(Self(SecretString::from(text)))
        } else {
            Err(MalformedReceipt)
        }
    }

    /// The receipt itself, for the one request that must carry it.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl PartialEq for ReceiptToken {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for ReceiptToken {}

impl fmt::Debug for ReceiptToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ReceiptToken(redacted)")
    }
}

fn all(text: &str, allowed: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(allowed)
}

/// A compact JWS as it arrived. Nothing in it is believed yet.
#[derive(Clone)]
pub struct UnverifiedJws(SecretString);

impl UnverifiedJws {
    /// Takes any text; the verifier decides.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The token as it arrived.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for UnverifiedJws {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("UnverifiedJws(redacted)")
    }
}

/// What the signed payload says (implementation guide p. 41 to 51). Parsed, not yet trusted by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushAccountData {
    /// One to five distinct receipts.
    pub receipts: Vec<ReceiptToken>,
    /// Where the issuer wants the cardholder back. Signed, but chosen by the issuer: check before navigating.
    pub callback_url: Option<String>,
    /// `tokenRequestorSessionId`, when MDES signs it (assumed: not public whether it does).
    pub session_id: Option<String>,
    /// False asks the wallet not to open the issuer's app for activation.
    pub complete_issuer_app_activation: Option<bool>,
    /// False asks the wallet not to open the issuer's website for activation.
    pub complete_website_activation: Option<bool>,
    /// At least one receipt carries account holder data.
    pub account_holder_data_supplied: Option<bool>,
    /// `xx_YY`.
    pub locale: Option<String>,
    /// `authenticationCode`, when MDES signs what the cardholder gave the issuer (assumed: not public whether it does).
    pub authentication_code: Option<SamePersonCode>,
}

/// Push account data whose signature was checked against a preloaded key.
///
/// The signature proves that MDES made these receipts. It says nothing about who brought them, for which token
/// requestor they are, or when they were made.
#[derive(Clone, Debug)]
pub struct VerifiedReceipt {
    data: PushAccountData,
    kid: String,
}

impl VerifiedReceipt {
    /// The only way in. Called by `mdes::jws::verify` and by nothing else; a test counts the callers.
    #[must_use]
    pub fn signature_was_checked(data: PushAccountData, kid: String) -> Self {
        Self { data, kid }
    }

    /// The signed content.
    #[must_use]
    pub fn data(&self) -> &PushAccountData {
        &self.data
    }

    /// The id of the key that verified it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }
}

/// What came back at `/callback/{session}`: unverified, every part optional.
#[derive(Clone, Debug, Default)]
pub struct UnverifiedReturn {
    /// The signed form.
    pub jws: Option<UnverifiedJws>,
    /// A plain receipt that came beside the signed form; it must be among the signed ones.
    pub plain_receipts: Vec<String>,
    /// A session id that came in the query, if any; it must be the path's.
    pub session_id: Option<String>,
    /// What the issuer says happened, when there is no receipt.
    pub result: Option<IssuerResult>,
}

/// A result that an issuer reports instead of a receipt (assumed names: `protocol` has none in public).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssuerResult {
    /// The cardholder stopped.
    Cancelled,
    /// The issuer has no card for this, or refused.
    Declined,
    /// Something broke at the issuer.
    Error,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_receipt_seen_in_the_field_is_well_formed() {
        for receipt in [
            "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE",
            "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B",
            "MSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL",
            "DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A",
            "MCC-STL-37fa3300-828f-11eb-8dcd-0242ac130003",
            "TST-MCC7F0AE-298E-48EB-AA43-A7C40B32DDDE",
            "TST-PVLGTJ94-9D5T-96MO-WV36-56AZN95Y8DUL",
        ] {
            assert_eq!(
                ReceiptToken::parse(receipt).map(|token| token.expose().to_owned()),
                Ok(receipt.to_owned())
            );
        }
    }

    #[test]
    fn what_is_no_receipt_is_refused_without_being_repeated() {
        let long = format!("MCC-{}", ["ABCDEFGHIJKL"; 5].join("-"));
        assert_eq!(long.len(), 68);
        for text in ["", "MCC", "mcc-1", "MCC-", "MCC-a b", "MCC-é", "MCC--1", long.as_str()] {
            assert_eq!(ReceiptToken::parse(text), Err(MalformedReceipt));
        }
        let token = ReceiptToken::parse("MCC-SECRET").expect("well formed");
        assert!(!format!("{token:?}").contains("SECRET"));
    }
}
