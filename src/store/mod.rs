//! Remembering: named questions and commands, on SQLite or PostgreSQL with one SQL text.
//!
//! A session moves by one guarded statement; its cards, effects and spent receipts are written in the same transaction
//! or not at all. Not found is `Ok(None)`.

mod accounts;
mod db;
mod directory;
mod outcomes;
mod parked;
mod pictures;
mod pushes;
mod queue;
mod row;

use std::fmt;
use std::sync::Arc;

use crate::domain::Millis;
use crate::domain::card::EffectStatus;
use crate::domain::id::{CardId, Fingerprint, SessionId, TokenReference};
use crate::domain::session::Session;
use crate::seal::Sealer;

use db::{Db, Statement, on, to_the_end};

pub use accounts::Handoff;
pub use directory::StoredDirectory;
pub use outcomes::Outcomes;
pub use pictures::{Purpose, StoredPicture};

/// The store. Clones share the connections.
#[derive(Clone)]
pub struct Store {
    db: Db,
    sealer: Arc<Sealer>,
}

impl fmt::Debug for Store {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Store").finish_non_exhaustive()
    }
}

/// What became of a guarded write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It happened.
    Moved,
    /// Somebody else wrote first, or the lease is another's: read again.
    Lost,
    /// A receipt was spent before, by this or another session, or must never be used.
    ReceiptSpent,
    /// The account is in this wallet already.
    AccountTaken,
    /// The token is another card's.
    TokenTaken,
}

/// Why the store did not answer.
#[derive(Debug)]
pub enum StoreFault {
    /// The engine or the way to it failed.
    Engine(sqlx::Error),
    /// A migration failed.
    Migration(sqlx::migrate::MigrateError),
    /// A row that cannot be.
    Inconsistent {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: String,
    },
    /// The SQLite library has the WAL-reset bug.
    AffectedSqlite(String),
    /// The database file is another process's, or its lock file cannot be made.
    Lock(String),
}

impl fmt::Display for StoreFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Engine(error) => write!(out, "the database does not answer: {error}"),
            Self::Migration(error) => write!(out, "the database cannot be brought up to date: {error}"),
            Self::Inconsistent { table, id } => write!(out, "the row {id} of table {table} cannot be read"),
            Self::AffectedSqlite(version) => {
                write!(
                    out,
                    "SQLite {version} can corrupt a database in WAL mode; 3.51.3 or newer is needed"
                )
            }
            Self::Lock(what) => write!(out, "the database file cannot be used alone: {what}"),
        }
    }
}

impl std::error::Error for StoreFault {}

impl From<sqlx::Error> for StoreFault {
    fn from(error: sqlx::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<sqlx::migrate::MigrateError> for StoreFault {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        Self::Migration(error)
    }
}

impl Store {
    /// Opens the database at `sqlite://path` or `postgres://…`, brings it up to date, and, when it is a file, makes
    /// sure that nobody else has it and gives back the leases of the process before.
    ///
    /// # Errors
    /// [`StoreFault`], each with a sentence for the operator.
    pub async fn open(url: &str, sealer: Arc<Sealer>) -> Result<Self, StoreFault> {
        let store = Self {
            db: Db::open(url).await?,
            sealer,
        };
        if let Db::Sqlite(..) = store.db {
            let sql = "UPDATE sessions SET lease_until = 0, fence = fence + 1 WHERE lease_until > 0";
            store.db.execute(Statement { sql, values: vec![] }).await?;
        }
        Ok(store)
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.db.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreFault::Engine`] when it does not.
    pub async fn answers(&self) -> Result<(), StoreFault> {
        let (_,): (i64,) = on!(&self.db, pool => sqlx::query_as("SELECT COUNT(*) FROM facts").fetch_one(pool).await)?;
        Ok(())
    }

    /// Remembers a new session.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn insert(&self, session: &Session, due_at: Option<Millis>, now: Millis) -> Result<(), StoreFault> {
        self.db
            .execute(row::insert_session(session, None, due_at, now, &self.sealer))
            .await?;
        Ok(())
    }

    /// Remembers a new session under the name of its beginning; `false` when there is one of that name already.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn insert_once(
        &self,
        session: &Session,
        start_key: &Fingerprint,
        due_at: Option<Millis>,
        now: Millis,
    ) -> Result<bool, StoreFault> {
        let insert = row::insert_session(session, Some(start_key), due_at, now, &self.sealer);
        Ok(self.db.execute(insert).await? == 1)
    }

    /// The session that was begun under this name.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn session_of_start(&self, start_key: &Fingerprint) -> Result<Option<SessionId>, StoreFault> {
        let found = self
            .session_ids("SELECT id FROM sessions WHERE start_key = $1", start_key)
            .await?;
        Ok(found.into_iter().next())
    }

    /// How many sessions an owner has begun, of those that are kept, and when the last of them.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn begun(&self, owner: &Fingerprint) -> Result<(i64, i64), StoreFault> {
        let sql = "SELECT COUNT(*), COALESCE(MAX(created_at), 0) FROM sessions WHERE owner = $1";
        Ok(on!(&self.db, pool => sqlx::query_as(sql).bind(owner.as_str()).fetch_one(pool).await)?)
    }

    /// The session of that id, with its cards and their open effects.
    ///
    /// All of it is of one moment. A card from before a write beside effects from after it would be refused when it is
    /// written, but pages would show it: a code that was just judged looks like one that nobody has typed.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn session(&self, id: &SessionId) -> Result<Option<Session>, StoreFault> {
        let (db, key) = (self.db.clone(), id.as_str().to_owned());
        let (found, cards, effects) = to_the_end(async move {
            let found: Option<row::SessionRow>;
            let cards: Vec<row::CardRow>;
            let effects: Vec<row::EffectRow>;
            on!(&db, pool => {
                let mut snapshot = pool.begin_with(db.begin_snapshot()).await?;
                found = sqlx::query_as(row::SESSION_COLUMNS).bind(&key).fetch_optional(&mut *snapshot).await?;
                cards = sqlx::query_as(row::CARDS_OF_SESSION).bind(&key).fetch_all(&mut *snapshot).await?;
                effects = sqlx::query_as(row::OPEN_EFFECTS_OF_SESSION).bind(&key).fetch_all(&mut *snapshot).await?;
                snapshot.rollback().await?;
            });
            Ok((found, cards, effects))
        })
        .await?;
        let Some(found) = found else { return Ok(None) };
        let mut session = row::session(found, &self.sealer)?;
        session.cards = cards
            .into_iter()
            .map(|card| row::card(card, &self.sealer))
            .collect::<Result<_, _>>()?;
        for row in effects {
            let (card_id, effect) = row::effect(row)?;
            if let Some(card) = session.cards.iter_mut().find(|card| card.id.as_str() == card_id) {
                card.effect = Some(effect);
            }
        }
        Ok(Some(session))
    }

    /// Writes a session that was read at `session.version`, if nobody has written since; with `fence`, only if the lease
    /// is still this worker's. `spend` are receipts that this write spends.
    ///
    /// # Errors
    /// [`StoreFault`]; nothing is written then.
    pub async fn advance(
        &self,
        session: &Session,
        fence: Option<i64>,
        spend: &[Fingerprint],
        due_at: Option<Millis>,
        now: Millis,
    ) -> Result<Moved, StoreFault> {
        let guard = row::advance_session(session, fence, due_at, now, &self.sealer);
        let mut rest = Vec::new();
        // In one order, so that two sessions with the same receipts wait for each other and do not deadlock.
        let mut spend: Vec<&Fingerprint> = spend.iter().collect();
        spend.sort();
        rest.extend(
            spend
                .into_iter()
                .map(|fingerprint| row::spend_receipt(fingerprint, Some(&session.id), now)),
        );
        for (position, card) in session.cards.iter().enumerate() {
            rest.push(row::upsert_card(session, position, card, &self.sealer));
            if let Some(effect) = &card.effect {
                rest.push(row::upsert_effect(session, card, effect, now));
            }
        }
        if session.has_stopped_waiting() {
            rest.push(parked::unpark_all(session));
        }
        match self.db.transact(guard, rest).await {
            Ok(true) => Ok(Moved::Moved),
            Ok(false) => Ok(Moved::Lost),
            Err(error) => unique_violation(error),
        }
    }

    /// Makes receipts unusable for ever, without a session. A receipt that was spent before stays as it is. Answers how
    /// many were not.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn quarantine(&self, receipts: &[Fingerprint], now: Millis) -> Result<usize, StoreFault> {
        let mut fresh = 0;
        for fingerprint in receipts {
            match self.db.execute(row::spend_receipt(fingerprint, None, now)).await {
                Ok(_) => fresh += 1,
                Err(error) => {
                    unique_violation(error)?;
                }
            }
        }
        Ok(fresh)
    }

    /// Which of these receipts are spent, and by which session, if by one.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn spender(&self, receipt: &Fingerprint) -> Result<Option<Option<SessionId>>, StoreFault> {
        let found: Option<(Option<String>,)> = on!(&self.db, pool =>
            sqlx::query_as("SELECT session_id FROM receipts WHERE fingerprint = $1")
                .bind(receipt.as_str()).fetch_optional(pool).await)?;
        Ok(found.map(|(session,)| session.and_then(|id| SessionId::parse(&id).ok())))
    }

    /// The sessions of a browser that wait for a person before consent, oldest first.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn waiting_sessions(&self, owner: &Fingerprint) -> Result<Vec<SessionId>, StoreFault> {
        self.session_ids(
            "SELECT id FROM sessions WHERE owner = $1 AND state IN ('offered', 'launched', 'pushed', 'terms') \
                          ORDER BY created_at, id",
            owner,
        )
        .await
    }

    /// The sessions of a browser that are not over, newest first.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn unfinished_sessions(&self, owner: &Fingerprint) -> Result<Vec<SessionId>, StoreFault> {
        self.session_ids(
            "SELECT id FROM sessions WHERE owner = $1 AND state IN ('offered', 'launched', 'returned', \
                          'terms', 'digitizing', 'step-up', 'code') ORDER BY created_at DESC, id LIMIT 5",
            owner,
        )
        .await
    }

    async fn session_ids(&self, sql: &'static str, owner: &Fingerprint) -> Result<Vec<SessionId>, StoreFault> {
        let rows: Vec<(String,)> =
            on!(&self.db, pool => sqlx::query_as(sql).bind(owner.as_str()).fetch_all(pool).await)?;
        let parse =
            |(id,): (String,)| SessionId::parse(&id).map_err(|_| StoreFault::Inconsistent { table: "sessions", id });
        rows.into_iter().map(parse).collect()
    }

    /// The sessions whose cards are in a browser's wallet, newest card first, each once.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn wallet_sessions(&self, owner: &Fingerprint) -> Result<Vec<SessionId>, StoreFault> {
        self.session_ids(
            "SELECT session_id FROM cards WHERE owner = $1 AND state IN ('active', 'inactive', 'suspended') \
                          GROUP BY session_id ORDER BY MAX(changed_at) DESC, session_id LIMIT 200",
            owner,
        )
        .await
    }

    /// The session that a card belongs to.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn session_of_card(&self, card: &CardId) -> Result<Option<SessionId>, StoreFault> {
        self.session_where("SELECT session_id FROM cards WHERE id = $1", card.as_str())
            .await
    }

    /// The session that a token belongs to.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn session_of_token(&self, token: &TokenReference) -> Result<Option<SessionId>, StoreFault> {
        self.session_where(
            "SELECT session_id FROM cards WHERE token_reference = $1",
            token.as_str(),
        )
        .await
    }

    async fn session_where(&self, sql: &'static str, key: &str) -> Result<Option<SessionId>, StoreFault> {
        let found: Option<(String,)> = on!(&self.db, pool => sqlx::query_as(sql).bind(key).fetch_optional(pool).await)?;
        found
            .map(|(id,)| SessionId::parse(&id).map_err(|_| StoreFault::Inconsistent { table: "cards", id }))
            .transpose()
    }

    /// The card that has this token.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn card_of_token(&self, token: &TokenReference) -> Result<Option<CardId>, StoreFault> {
        let found: Option<(String,)> = on!(&self.db, pool =>
            sqlx::query_as("SELECT id FROM cards WHERE token_reference = $1")
                .bind(token.as_str()).fetch_optional(pool).await)?;
        found
            .map(|(id,)| CardId::parse(&id).map_err(|_| StoreFault::Inconsistent { table: "cards", id }))
            .transpose()
    }

    /// The card of a browser's wallet that is of this account, if there is one.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn card_of_account(&self, owner: &Fingerprint, account: &str) -> Result<Option<CardId>, StoreFault> {
        let found: Option<(String,)> = on!(&self.db, pool =>
            sqlx::query_as("SELECT id FROM cards WHERE live_account = $1")
                .bind(format!("{owner}/{account}")).fetch_optional(pool).await)?;
        found
            .map(|(id,)| CardId::parse(&id).map_err(|_| StoreFault::Inconsistent { table: "cards", id }))
            .transpose()
    }

    /// How many effects wait to be settled, for operations.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn effects_in_doubt(&self) -> Result<i64, StoreFault> {
        let sql = "SELECT COUNT(*) FROM effects WHERE status = $1";
        let (count,): (i64,) = on!(&self.db, pool =>
            sqlx::query_as(sql).bind(EffectStatus::InDoubt.name()).fetch_one(pool).await)?;
        Ok(count)
    }
}

/// Tells the unique keys that stand for a refusal from a fault.
fn unique_violation(error: sqlx::Error) -> Result<Moved, StoreFault> {
    let Some(cause) = error.as_database_error().filter(|cause| cause.is_unique_violation()) else {
        return Err(error.into());
    };
    let named = format!("{} {}", cause.constraint().unwrap_or_default(), cause.message());
    if named.contains("live_account") {
        Ok(Moved::AccountTaken)
    } else if named.contains("token_reference") {
        Ok(Moved::TokenTaken)
    } else if named.contains("receipts") || named.contains("cards_receipt") || named.contains("cards.receipt") {
        Ok(Moved::ReceiptSpent)
    } else {
        Err(error.into())
    }
}
