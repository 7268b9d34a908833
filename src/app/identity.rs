//! Who a browser is: one long random secret in its cookie, of which we keep only a keyed hash. And whom the wallet's
//! backend speaks for: an account, of whose name we keep the same.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::clock::random_bytes;
use crate::domain::id::{Fingerprint, Subject};
use crate::seal::{CookieKeys, Sealer, same};

use super::{App, in_time};

/// The purpose that the token of every form is for.
const FORMS: &str = "forms";
/// The purpose of the signature under a list that a browser keeps.
const LISTS: &str = "lists";
/// The purpose of the name that a page gives to what begins on it.
const STARTS: &str = "starts";

/// The keys that tell browsers, accounts and receipts apart without keeping either.
pub(super) struct Identity {
    pub(super) browser: CookieKeys,
    pub(super) receipts: Arc<Sealer>,
}

impl Identity {
    /// What is kept of the API's credential.
    pub(super) fn credential(&self, credential: &str) -> Fingerprint {
        self.receipts.fingerprint("credential", credential)
    }
}

impl App {
    /// A new browser secret: 256 random bits as 43 base64url characters.
    #[must_use]
    pub fn new_browser_secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(random_bytes::<32>())
    }

    /// The owner that a browser secret stands for.
    #[must_use]
    pub fn owner_of(&self, secret: &str) -> Fingerprint {
        self.0.identity.browser.browser_hash(secret)
    }

    /// The owner that an account stands for. It hangs on the storage key, as everything that must outlive a change of the
    /// cookie key.
    #[must_use]
    pub fn owner_of_account(&self, subject: &Subject) -> Fingerprint {
        self.0.identity.receipts.fingerprint("account", subject.as_str())
    }

    /// Whether the wallet's backend may ask us anything, and hand people over.
    #[must_use]
    pub fn has_accounts(&self) -> bool {
        self.0.settings.credential.is_some()
    }

    /// Whether this is the credential of the wallet's backend. Takes the same time for every wrong one.
    #[must_use]
    pub fn is_credential(&self, given: &str) -> bool {
        let given = self.0.identity.credential(given);
        let wanted = self.0.settings.credential.as_ref();
        wanted.is_some_and(|wanted| same(wanted.as_str().as_bytes(), given.as_str().as_bytes()))
    }

    /// The value that every form of this browser must bring back.
    #[must_use]
    pub fn csrf_token(&self, secret: &str) -> String {
        self.0.identity.browser.csrf(FORMS, secret).as_str().to_owned()
    }

    /// Whether a form brought back the right value. Takes the same time for every wrong one.
    #[must_use]
    pub fn csrf_matches(&self, secret: &str, token: &str) -> bool {
        self.0.identity.browser.csrf_is_right(FORMS, secret, token)
    }

    /// The signature of a list that this browser keeps for us.
    #[must_use]
    pub fn sign_list(&self, secret: &str, list: &str) -> String {
        let signed = self.0.identity.browser.csrf(LISTS, &format!("{secret} {list}"));
        signed.as_str().to_owned()
    }

    /// Whether we have signed this list for this browser. Takes the same time for every wrong signature.
    #[must_use]
    pub fn is_signed_list(&self, secret: &str, list: &str, signature: &str) -> bool {
        let browser = &self.0.identity.browser;
        browser.csrf_is_right(LISTS, &format!("{secret} {list}"), signature)
    }

    /// What a page of this browser calls what begins on it, and whether it may be kept for Back.
    ///
    /// While the store does not answer, nothing can begin, and the list is shown all the same.
    pub async fn start_name(&self, secret: &str) -> StartName {
        let begun = async {
            let account = self.account_of_browser(secret).await;
            let is_of_account = !matches!(account, Ok(None));
            let owner = account.unwrap_or_default().unwrap_or_else(|| self.owner_of(secret));
            (self.0.store.begun(&owner).await.unwrap_or_default(), is_of_account)
        };
        let ((count, last), is_of_account) = in_time(begun).await.unwrap_or(((0, 0), true));
        let name = self
            .0
            .identity
            .browser
            .csrf(STARTS, &format!("{secret} {count} {last}"));
        StartName {
            name: name.as_str()[..32].to_owned(),
            is_of_account,
        }
    }

    /// A short reference that a person can read out to support.
    #[must_use]
    pub fn request_reference(&self) -> String {
        reference(&hex::encode(random_bytes::<5>()))
    }
}

/// What a page calls what begins on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartName {
    /// 32 hexadecimal digits, the same until the page's owner has begun something. So a page is the same when nothing has
    /// happened, and a second tap on it is known to be one.
    pub name: String,
    /// Somebody is signed in, or it is not known: after signing out Back must not show the page.
    pub is_of_account: bool,
}

/// What support is told: short, in capitals, and easy to find in a text.
pub(super) fn reference(digits: &str) -> String {
    format!("TM-{}", digits.to_ascii_uppercase())
}
