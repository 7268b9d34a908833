//! What banks push, sealed: in its session, and on the way there.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::clock::random_bytes;
use crate::domain::Millis;
use crate::domain::id::ReturnHandle;
use crate::domain::push::{Callback, Push, PushTerms};
use crate::domain::receipt::ReceiptToken;
use crate::domain::session::Session;
use crate::seal::Sealer;

use super::db::{Statement, on};
use super::row::inconsistent;
use super::{Store, StoreFault};

/// What is sealed of a push.
#[derive(Serialize, Deserialize)]
struct Sealed {
    receipts: Vec<String>,
    callback: Option<String>,
}

/// Sealed for its own row, once: it never changes.
pub(super) fn sealed(session: &Session, sealer: &Sealer) -> Option<String> {
    let push = session.push.as_ref()?;
    let plain = serde_json::to_string(&Sealed {
        receipts: push
            .receipts
            .iter()
            .map(|receipt| receipt.expose().to_owned())
            .collect(),
        callback: push.callback.as_ref().map(|callback| callback.expose().to_owned()),
    });
    let plain = SecretString::from(plain.expect("plain data has a JSON form"));
    Some(sealer.seal(&aad(session.id.as_str()), &plain, random_bytes()))
}

/// What was pushed into a session; without what was erased.
pub(super) fn push(
    session: &str,
    terms: Option<PushTerms>,
    sealed: Option<String>,
    sealer: &Sealer,
) -> Result<Option<Push>, StoreFault> {
    let Some(terms) = terms else { return Ok(None) };
    let bad = || inconsistent("sessions", session);
    let erased = Sealed {
        receipts: Vec::new(),
        callback: None,
    };
    let plain = match sealed {
        None => erased,
        Some(sealed) => {
            let text = sealer.open(&aad(session), &sealed).map_err(|_| bad())?;
            serde_json::from_str(text.expose_secret()).map_err(|_| bad())?
        }
    };
    let receipts = plain.receipts.iter().map(|text| ReceiptToken::parse(text));
    Ok(Some(Push {
        receipts: receipts.collect::<Result<_, _>>().map_err(|_| bad())?,
        callback: plain.callback.map(Callback::of_store),
        terms,
    }))
}

fn aad(session: &str) -> String {
    format!("sessions/{session}/push")
}

fn parked_aad(handle: &ReturnHandle) -> String {
    format!("parked_pushes/{handle}/sealed")
}

impl Store {
    /// Keeps the query of a posted push until its browser comes for it. The same push has the same handle, and is kept
    /// once.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn park_push(&self, handle: &ReturnHandle, query: &str, expires_at: Millis) -> Result<(), StoreFault> {
        let sealed = self
            .sealer
            .seal(&parked_aad(handle), &SecretString::from(query), random_bytes());
        let sql = "INSERT INTO parked_pushes (handle, sealed, expires_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (handle) DO UPDATE SET expires_at = excluded.expires_at";
        let values = vec![handle.as_str().into(), sealed.into(), expires_at.0.into()];
        self.db.execute(Statement { sql, values }).await?;
        Ok(())
    }

    /// The query that was kept under a handle.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn parked_push(&self, handle: &ReturnHandle, now: Millis) -> Result<Option<SecretString>, StoreFault> {
        let sql = "SELECT sealed FROM parked_pushes WHERE handle = $1 AND expires_at > $2";
        let found: Option<(String,)> = on!(&self.db, pool =>
            sqlx::query_as(sql).bind(handle.as_str()).bind(now.0).fetch_optional(pool).await)?;
        let open = |(sealed,): (String,)| {
            let opened = self.sealer.open(&parked_aad(handle), &sealed);
            opened.map_err(|_| inconsistent("parked_pushes", handle.as_str()))
        };
        found.map(open).transpose()
    }
}
