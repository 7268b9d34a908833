//! Accounts: the wallet's backend signs people in and hands their browsers over; we know an account by a fingerprint.
//!
//! A browser that is signed in has the account for its owner, so that sessions and cards are the account's, and every
//! browser of that account may go on with them. No verb but these knows the difference.

use crate::domain::id::{Fingerprint, SessionId, Subject};
use crate::store::Handoff;

use super::{App, Fault};

/// How long a browser may take to arrive, in milliseconds: one redirect, on a slow line.
const HANDOFF_LIFE_MS: i64 = 120_000;
/// How long a browser stays signed in, in milliseconds, however much it is used.
const SIGN_IN_LIFE_MS: i64 = 30 * 24 * 3_600_000;

/// The right to sign one browser in. Not `Debug`: whoever has the token has the account.
pub struct HandedOver {
    /// What stands in the address, once.
    pub token: String,
    /// For how long it may, in seconds.
    pub expires_in_s: i64,
}

/// What came of a hand-over. Not `Debug`: it holds the browser's new secret.
pub struct Redeemed {
    /// The browser's secret from here on: a secret that somebody may have planted before must not be signed in.
    pub secret: String,
    /// The account that it is signed in to.
    pub account: Fingerprint,
    /// The page of ours to go on with.
    pub path: String,
    /// The session whose return waited in this browser for the sign-in: it goes on.
    pub finished: Option<SessionId>,
}

impl App {
    /// The wallet's backend has signed this person in and is about to send the browser to us. `path` is one of our pages;
    /// `ticket` is what our page gave to the sign-in page, when it was our page that asked for the sign-in.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub async fn hand_over(&self, subject: &Subject, path: &str, ticket: Option<&str>) -> Result<HandedOver, Fault> {
        // As long and as random as a browser's secret, and no more alike than any two of those.
        let token = self.new_browser_secret();
        let handoff = Handoff {
            account: self.owner_of_account(subject),
            path: path.to_owned(),
            ticket: ticket.map(|ticket| self.ticket_of(ticket)),
            expires_at: self.now().plus_ms(HANDOFF_LIFE_MS),
        };
        self.0.store.keep_handoff(&self.handoff_of(&token), &handoff).await?;
        Ok(HandedOver {
            token,
            expires_in_s: HANDOFF_LIFE_MS / 1000,
        })
    }

    /// A browser arrives with a hand-over. It is signed in under a new secret, and signed out under the `former` one. Was
    /// that signed in to another account, whoever sat here has left: what that account had not consented to is cancelled.
    ///
    /// # Errors
    /// [`Fault::UnknownHandoff`], [`Fault::HandoffOver`], [`Fault::Unavailable`].
    pub async fn redeem_handoff(&self, token: &str, former: Option<&str>) -> Result<Redeemed, Fault> {
        let (store, now) = (&self.0.store, self.now());
        let token = self.handoff_of(token);
        let handoff = store.handoff(&token).await?.ok_or(Fault::UnknownHandoff)?;
        let former = former.map(|secret| self.owner_of(secret));
        let left = match &former {
            Some(browser) => store.account_of_browser(browser, now).await?,
            None => None,
        };
        let secret = self.new_browser_secret();
        let browser = self.owner_of(&secret);
        let until = now.plus_ms(SIGN_IN_LIFE_MS);
        let account = handoff.account;
        if !store
            .sign_in(&token, &account, &browser, former.as_ref(), now, until)
            .await?
        {
            tracing::warn!(%account, "a hand-over to account {account} came again, or too late");
            return Err(Fault::HandoffOver);
        }
        tracing::info!(%account, %browser, "browser {browser} is signed in to account {account}");
        if let Some(left) = left.filter(|left| *left != account) {
            let begun = store.sessions_before_consent(&left).await?;
            self.cancel_all(begun.iter(), &left).await?;
        }
        let finished = match (&former, &handoff.ticket) {
            (Some(browser), Some(ticket)) => self.finish_where_it_came(browser, ticket, &account).await?,
            _ => None,
        };
        Ok(Redeemed {
            secret,
            account,
            path: handoff.path,
            finished,
        })
    }

    /// A return waited in this browser for somebody to sign in: its session goes on, if it is this account's. If it is
    /// not, the sign-in stands all the same, and the return was of no use.
    async fn finish_where_it_came(
        &self,
        browser: &Fingerprint,
        ticket: &Fingerprint,
        account: &Fingerprint,
    ) -> Result<Option<SessionId>, Fault> {
        match self.finish_parked(browser, ticket, account).await {
            Err(Fault::Unavailable) => Err(Fault::Unavailable),
            Err(fault) => {
                tracing::warn!(%account, ?fault, "a return that waited for account {account} was refused");
                Ok(None)
            }
            finished => finished,
        }
    }

    /// The account that a browser is signed in to, if it is and if there are accounts.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub async fn account_of_browser(&self, secret: &str) -> Result<Option<Fingerprint>, Fault> {
        if !self.has_accounts() {
            return Ok(None);
        }
        let browser = self.owner_of(secret);
        Ok(self.0.store.account_of_browser(&browser, self.now()).await?)
    }

    /// Ends the sign-in of a browser. Its account's sessions go on in other browsers.
    ///
    /// # Errors
    /// [`Fault::Unavailable`].
    pub async fn sign_out(&self, secret: &str) -> Result<(), Fault> {
        Ok(self.0.store.sign_out(&self.owner_of(secret)).await?)
    }

    fn handoff_of(&self, token: &str) -> Fingerprint {
        self.0.identity.receipts.fingerprint("handoff", token)
    }
}
