//! Accounts: browsers that may be signed in to one, and browsers that are. Fingerprints only.

use crate::domain::Millis;
use crate::domain::id::{Fingerprint, SessionId};

use super::db::{Statement, on};
use super::{Store, StoreFault};

/// The right to sign one browser in to an account, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// To which account.
    pub account: Fingerprint,
    /// The page of ours to go on with.
    pub path: String,
    /// The fingerprint of the ticket that the sign-in began with, if a return waits for it.
    pub ticket: Option<Fingerprint>,
    /// Until when.
    pub expires_at: Millis,
}

impl Store {
    /// Remembers a hand-over under the fingerprint of its token.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn keep_handoff(&self, token: &Fingerprint, handoff: &Handoff) -> Result<(), StoreFault> {
        let sql = "INSERT INTO handoffs (token, account, path, expires_at, ticket) VALUES ($1, $2, $3, $4, $5)";
        let values = vec![
            token.as_str().into(),
            handoff.account.as_str().into(),
            handoff.path.as_str().into(),
            handoff.expires_at.0.into(),
            handoff.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()).into(),
        ];
        self.db.execute(Statement { sql, values }).await?;
        Ok(())
    }

    /// The hand-over of a token, used or not, in time or not: whether it counts is for [`Store::sign_in`].
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn handoff(&self, token: &Fingerprint) -> Result<Option<Handoff>, StoreFault> {
        let sql = "SELECT account, path, expires_at, ticket FROM handoffs WHERE token = $1";
        let found: Option<(String, String, i64, Option<String>)> = on!(&self.db, pool =>
            sqlx::query_as(sql).bind(token.as_str()).fetch_optional(pool).await)?;
        found
            .map(|(account, path, expires_at, ticket)| {
                Ok(Handoff {
                    ticket: ticket
                        .map(|ticket| fingerprint("handoffs", token, &ticket))
                        .transpose()?,
                    account: fingerprint("handoffs", token, &account)?,
                    path,
                    expires_at: Millis(expires_at),
                })
            })
            .transpose()
    }

    /// Uses a hand-over: from here on `browser` is signed in to the account until `until`, and the secret that the same
    /// browser had before, `former`, is signed in to nothing. `false` when the hand-over was used before or is too old.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing is written then.
    pub async fn sign_in(
        &self,
        token: &Fingerprint,
        account: &Fingerprint,
        browser: &Fingerprint,
        former: Option<&Fingerprint>,
        now: Millis,
        until: Millis,
    ) -> Result<bool, StoreFault> {
        let guard = Statement {
            sql: "UPDATE handoffs SET used_at = $1 WHERE token = $2 AND account = $3 AND used_at IS NULL AND \
                  expires_at > $1",
            values: vec![now.0.into(), token.as_str().into(), account.as_str().into()],
        };
        let mut rest = vec![Statement {
            sql: "INSERT INTO sign_ins (browser, account, since, expires_at) VALUES ($1, $2, $3, $4)",
            values: vec![
                browser.as_str().into(),
                account.as_str().into(),
                now.0.into(),
                until.0.into(),
            ],
        }];
        rest.extend(former.map(end_of));
        Ok(self.db.transact(guard, rest).await?)
    }

    /// The account that a browser is signed in to.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn account_of_browser(
        &self,
        browser: &Fingerprint,
        now: Millis,
    ) -> Result<Option<Fingerprint>, StoreFault> {
        let sql = "SELECT account FROM sign_ins WHERE browser = $1 AND expires_at > $2";
        let found: Option<(String,)> = on!(&self.db, pool =>
            sqlx::query_as(sql).bind(browser.as_str()).bind(now.0).fetch_optional(pool).await)?;
        found
            .map(|(account,)| fingerprint("sign_ins", browser, &account))
            .transpose()
    }

    /// Ends the sign-in of a browser.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn sign_out(&self, browser: &Fingerprint) -> Result<(), StoreFault> {
        self.db.execute(end_of(browser)).await?;
        Ok(())
    }

    /// The sessions of an owner in which nothing has been consented to yet, oldest first.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn sessions_before_consent(&self, owner: &Fingerprint) -> Result<Vec<SessionId>, StoreFault> {
        self.session_ids(
            "SELECT id FROM sessions WHERE owner = $1 AND state IN ('offered', 'launched', 'pushed', 'returned', 'terms') \
             ORDER BY created_at, id",
            owner,
        )
        .await
    }
}

fn end_of(browser: &Fingerprint) -> Statement {
    Statement {
        sql: "DELETE FROM sign_ins WHERE browser = $1",
        values: vec![browser.as_str().into()],
    }
}

fn fingerprint(table: &'static str, key: &Fingerprint, text: &str) -> Result<Fingerprint, StoreFault> {
    Fingerprint::parse(text).map_err(|_| StoreFault::Inconsistent {
        table,
        id: key.to_string(),
    })
}
