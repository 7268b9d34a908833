//! Returns that are kept for a while, sealed.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::clock::random_bytes;
use crate::domain::Millis;
use crate::domain::homecoming::{ParkedReturn, RETURN_CODE_TRIES_MAX, WaitsFor};
use crate::domain::id::{Fingerprint, ReturnHandle, SessionId};
use crate::domain::receipt::{IssuerResult, UnverifiedJws, UnverifiedReturn};
use crate::domain::session::Session;
use crate::seal::Sealer;

use super::db::{Statement, on};
use super::{Store, StoreFault};

const COLUMNS: &str = "SELECT handle, session_id, waits_for, content, browser, sealed, tries, parked_at, expires_at \
                       FROM parked_returns";
type Row = (String, String, String, String, Option<String>, String, i64, i64, i64);

/// What is sealed: a return as it was read, with nothing that we do not know.
#[derive(Serialize, Deserialize)]
struct Sealed {
    jws: Option<String>,
    receipts: Vec<String>,
    session: Option<String>,
    result: Option<IssuerResult>,
}

impl Store {
    /// Keeps a return while its session waits for one, and forgets the oldest of its kind when there are too many.
    /// Answers its handle: the first one when the same return is kept already; `None` when the session does not wait.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing is kept then.
    pub async fn park(&self, parked: &ParkedReturn) -> Result<Option<ReturnHandle>, StoreFault> {
        // Writes nothing new, and holds the session's row until the end: two that keep something queue up.
        let guard = Statement {
            sql: "UPDATE sessions SET version = version WHERE id = $1 AND state IN ('offered', 'launched') \
                  AND expires_at > $2",
            values: vec![parked.session.as_str().into(), parked.parked_at.0.into()],
        };
        if !self
            .db
            .transact(guard, vec![insert(parked, &self.sealer), make_room(parked)])
            .await?
        {
            return Ok(None);
        }
        let sql = "SELECT handle FROM parked_returns WHERE session_id = $1 AND waits_for = $2 AND content = $3";
        let found: Option<(String,)> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(parked.session.as_str()).bind(parked.waits_for.name()).bind(parked.content.as_str())
            .fetch_optional(pool).await)?;
        found
            .map(|(text,)| ReturnHandle::parse(&text).map_err(|_| inconsistent(&text)))
            .transpose()
    }

    /// The kept return of that handle, if it is this session's and still of use.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn parked(
        &self,
        session: &SessionId,
        handle: &ReturnHandle,
        now: Millis,
    ) -> Result<Option<ParkedReturn>, StoreFault> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE session_id = $1 AND handle = $2 AND expires_at > $3"
        ));
        let found: Option<Row> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(session.as_str()).bind(handle.as_str()).bind(now.0).fetch_optional(pool).await)?;
        found.map(|row| parked(row, &self.sealer)).transpose()
    }

    /// The return of a session that waits for its code.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn waiting_for_code(&self, session: &SessionId, now: Millis) -> Result<Option<ParkedReturn>, StoreFault> {
        let newest = self
            .newest("session_id", session.as_str(), WaitsFor::Code, now, 1)
            .await?;
        Ok(newest.into_iter().next())
    }

    /// The returns that wait for somebody to sign in in this browser, newest first, as many as are kept of one session.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn waiting_for_sign_in(
        &self,
        browser: &Fingerprint,
        now: Millis,
    ) -> Result<Vec<ParkedReturn>, StoreFault> {
        let max = WaitsFor::SignIn.kept_max();
        self.newest("browser", browser.as_str(), WaitsFor::SignIn, now, max)
            .await
    }

    async fn newest(
        &self,
        column: &'static str,
        key: &str,
        waits_for: WaitsFor,
        now: Millis,
        max: u32,
    ) -> Result<Vec<ParkedReturn>, StoreFault> {
        let sql = sqlx::AssertSqlSafe(format!(
            "{COLUMNS} WHERE {column} = $1 AND waits_for = $2 AND expires_at > $3 ORDER BY parked_at DESC, handle LIMIT $4"
        ));
        let found: Vec<Row> = on!(&self.db, pool => sqlx::query_as(sql)
            .bind(key).bind(waits_for.name()).bind(now.0).bind(i64::from(max)).fetch_all(pool).await)?;
        found.into_iter().map(|row| parked(row, &self.sealer)).collect()
    }

    /// Remembers the browser in which somebody may sign in. The first one stays; answers whether it is this one.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn await_sign_in(&self, handle: &ReturnHandle, browser: &Fingerprint) -> Result<bool, StoreFault> {
        let sql = "UPDATE parked_returns SET browser = $1 WHERE handle = $2 AND (browser IS NULL OR browser = $1)";
        let values = vec![browser.as_str().into(), handle.as_str().into()];
        Ok(self.db.execute(Statement { sql, values }).await? == 1)
    }

    /// Counts one more try of a code, before it is judged: of many at once none is free. Answers whether one was left.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn count_try(&self, handle: &ReturnHandle) -> Result<bool, StoreFault> {
        let sql = "UPDATE parked_returns SET tries = tries + 1 WHERE handle = $1 AND tries < $2";
        let values = vec![handle.as_str().into(), i64::from(RETURN_CODE_TRIES_MAX).into()];
        Ok(self.db.execute(Statement { sql, values }).await? == 1)
    }

    /// Erases a kept return.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn unpark(&self, handle: &ReturnHandle) -> Result<(), StoreFault> {
        let sql = "DELETE FROM parked_returns WHERE handle = $1";
        let values = vec![handle.as_str().into()];
        self.db.execute(Statement { sql, values }).await?;
        Ok(())
    }
}

/// Nothing is kept for a session that does not wait any more.
pub(super) fn unpark_all(session: &Session) -> Statement {
    Statement {
        sql: "DELETE FROM parked_returns WHERE session_id = $1",
        values: vec![session.id.as_str().into()],
    }
}

fn insert(parked: &ParkedReturn, sealer: &Sealer) -> Statement {
    let returned = &parked.returned;
    let plain = serde_json::to_string(&Sealed {
        jws: returned.jws.as_ref().map(|jws| jws.expose().to_owned()),
        receipts: returned.plain_receipts.clone(),
        session: returned.session_id.clone(),
        result: returned.result,
    });
    let plain = SecretString::from(plain.expect("plain data has a JSON form"));
    Statement {
        sql: "INSERT INTO parked_returns (handle, session_id, waits_for, content, browser, sealed, tries, parked_at, \
              expires_at) VALUES ($1, $2, $3, $4, $5, $6, $9, $7, $8) \
              ON CONFLICT (session_id, waits_for, content) DO UPDATE SET parked_at = excluded.parked_at",
        values: vec![
            parked.handle.as_str().into(),
            parked.session.as_str().into(),
            parked.waits_for.name().into(),
            parked.content.as_str().into(),
            parked
                .browser
                .as_ref()
                .map(|browser| browser.as_str().to_owned())
                .into(),
            sealer.seal(&aad(parked.handle.as_str()), &plain, random_bytes()).into(),
            parked.parked_at.0.into(),
            parked.expires_at.0.into(),
            i64::from(parked.tries).into(),
        ],
    }
}

/// Forgets all but the newest; what was just kept counts as the newest.
fn make_room(parked: &ParkedReturn) -> Statement {
    Statement {
        sql: "DELETE FROM parked_returns WHERE session_id = $1 AND waits_for = $2 AND handle NOT IN (SELECT handle FROM \
              parked_returns WHERE session_id = $1 AND waits_for = $2 ORDER BY CASE WHEN content = $3 THEN 0 ELSE 1 END, \
              parked_at DESC, handle LIMIT $4)",
        values: vec![
            parked.session.as_str().into(),
            parked.waits_for.name().into(),
            parked.content.as_str().into(),
            i64::from(parked.waits_for.kept_max()).into(),
        ],
    }
}

fn parked(row: Row, sealer: &Sealer) -> Result<ParkedReturn, StoreFault> {
    let (handle, session, waits_for, content, browser, sealed, tries, parked_at, expires_at) = row;
    let bad = || inconsistent(&handle);
    let opened = sealer.open(&aad(&handle), &sealed).map_err(|_| bad())?;
    let plain: Sealed = serde_json::from_str(opened.expose_secret()).map_err(|_| bad())?;
    Ok(ParkedReturn {
        session: SessionId::parse(&session).map_err(|_| bad())?,
        waits_for: WaitsFor::of_name(&waits_for).ok_or_else(bad)?,
        content: Fingerprint::parse(&content).map_err(|_| bad())?,
        browser: browser
            .map(|text| Fingerprint::parse(&text))
            .transpose()
            .map_err(|_| bad())?,
        returned: UnverifiedReturn {
            jws: plain.jws.map(UnverifiedJws::new),
            plain_receipts: plain.receipts,
            session_id: plain.session,
            result: plain.result,
        },
        tries: u32::try_from(tries).map_err(|_| bad())?,
        parked_at: Millis(parked_at),
        expires_at: Millis(expires_at),
        handle: ReturnHandle::parse(&handle).map_err(|_| bad())?,
    })
}

fn inconsistent(handle: &str) -> StoreFault {
    StoreFault::Inconsistent {
        table: "parked_returns",
        id: handle.to_owned(),
    }
}

fn aad(handle: &str) -> String {
    format!("parked_returns/{handle}/sealed")
}
