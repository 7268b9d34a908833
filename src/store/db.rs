//! The one small file that knows there are two engines.

use std::fs::{File, OpenOptions};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlStr};
use tracing::Instrument as _;

use super::StoreFault;

/// The migrations, in order. Additive: an older binary must be able to read what a newer one wrote.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "init", include_str!("migrations/0001_init.sql")),
    (2, "push", include_str!("migrations/0002_push.sql")),
];

/// How long a statement waits for another writer of the same SQLite file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a statement waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections to SQLite: writers queue up in the engine, readers do not.
const SQLITE_CONNECTIONS: u32 = 4;
/// Connections to PostgreSQL.
const POSTGRES_CONNECTIONS: u32 = 8;

/// Runs one body for whichever engine there is. The body is compiled once for each, so it must end in a value that
/// does not name the engine.
macro_rules! on {
    ($db:expr, $pool:ident => $body:expr) => {
        match $db {
            $crate::store::db::Db::Sqlite($pool, _) => $body,
            $crate::store::db::Db::Postgres($pool) => $body,
        }
    };
}
pub(super) use on;

/// A database.
#[derive(Clone, Debug)]
pub(super) enum Db {
    /// A file and the lock that keeps a second process away from it.
    Sqlite(SqlitePool, Option<Arc<File>>),
    /// A server, shared by any number of instances.
    Postgres(PgPool),
}

/// A value to bind.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(Option<String>),
    Int(Option<i64>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

/// One statement with its values, in the dialect that both engines speak.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) sql: &'static str,
    pub(super) values: Vec<Value>,
}

/// Binds the values of a statement. A macro, because the query's type names the engine.
macro_rules! bound {
    ($statement:expr) => {{
        let mut query = sqlx::query($statement.sql);
        for value in $statement.values {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Int(number) => query.bind(number),
            };
        }
        query
    }};
}

/// Runs what begins a transaction to its end, even if whoever waits for it leaves: sqlx's `begin` dropped half-way gives
/// the connection back to the pool inside a transaction, for the next one to fall into (sqlx issues 4385 and 4393).
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, sqlx::Error> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(outcome) => outcome,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is being shut down.
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        },
    }
}

impl Db {
    /// Opens the database and brings it up to date.
    pub(super) async fn open(url: &str) -> Result<Self, StoreFault> {
        let db = if let Some(path) = url.strip_prefix("sqlite:") {
            Self::open_sqlite(path.strip_prefix("//").unwrap_or(path)).await?
        } else {
            Self::open_postgres(url).await?
        };
        db.migrate().await?;
        Ok(db)
    }

    async fn open_sqlite(path: &str) -> Result<Self, StoreFault> {
        let in_memory = path == ":memory:";
        let lock = if in_memory {
            None
        } else {
            make_private(path)?;
            Some(Arc::new(lock_beside(path)?))
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            .pragma("cell_size_check", "ON")
            .pragma("secure_delete", "ON")
            .pragma("temp_store", "MEMORY")
            .pragma("mmap_size", "0")
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        let connections = if in_memory { 1 } else { SQLITE_CONNECTIONS };
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()").fetch_one(&pool).await?;
        if has_wal_reset_bug(&version) {
            return Err(StoreFault::AffectedSqlite(version));
        }
        Ok(Self::Sqlite(pool, lock))
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreFault> {
        let options = PgConnectOptions::from_str(url)?
            .application_name(concat!("tidemark/", env!("CARGO_PKG_VERSION")))
            .options([
                ("synchronous_commit", "on"),
                ("statement_timeout", "5s"),
                ("lock_timeout", "4s"),
                ("idle_in_transaction_session_timeout", "10s"),
            ])
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    async fn migrate(&self) -> Result<(), StoreFault> {
        let list = MIGRATIONS.iter().map(|(version, name, sql)| {
            Migration::new(
                *version,
                (*name).into(),
                MigrationType::Simple,
                SqlStr::from_static(sql),
                false,
            )
        });
        let migrator = Migrator::with_migrations(list.collect());
        on!(self, pool => migrator.run(pool).await)?;
        Ok(())
    }

    /// Runs the guard and, if it touched exactly one row, the rest, all in one transaction.
    ///
    /// Answers whether the guard held. A statement that fails rolls everything back.
    pub(super) async fn transact(&self, guard: Statement, rest: Vec<Statement>) -> Result<bool, sqlx::Error> {
        // SQLite takes the write lock at once, so that two writers queue instead of one failing half-way.
        let begin = match self {
            Self::Sqlite(..) => "BEGIN IMMEDIATE",
            Self::Postgres(_) => "BEGIN",
        };
        let db = self.clone();
        to_the_end(async move {
            on!(&db, pool => {
                let mut transaction = pool.begin_with(begin).await?;
                let guarded = bound!(guard).execute(&mut *transaction).await?.rows_affected();
                if guarded != 1 {
                    transaction.rollback().await?;
                    return Ok(false);
                }
                for statement in rest {
                    bound!(statement).execute(&mut *transaction).await?;
                }
                transaction.commit().await?;
                Ok(true)
            })
        })
        .await
    }

    /// How a transaction begins in which every read sees the same moment.
    pub(super) fn begin_snapshot(&self) -> &'static str {
        match self {
            // In WAL mode a reader keeps what it saw first.
            Self::Sqlite(..) => "BEGIN",
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Runs one statement and answers how many rows it touched.
    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, sqlx::Error> {
        on!(self, pool => bound!(statement).execute(pool).await.map(|done| done.rows_affected()))
    }

    /// Closes every connection, and then gives the file back.
    pub(super) async fn close(&self) {
        on!(self, pool => pool.close().await);
        if let Self::Sqlite(_, Some(lock)) = self {
            // Without this the lock ends when the last clone drops, which is later and nobody's concern.
            let _ = lock.unlock();
        }
    }
}

/// Makes the file, for its owner only, before SQLite would make it for everybody. The log and the index beside it take
/// its mode over.
fn make_private(path: &str) -> Result<(), StoreFault> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let made = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path);
    made.map(drop)
        .map_err(|error| StoreFault::Lock(format!("{path}: {error}")))
}

/// Locks `{path}.lock` for as long as the process lives: a SQLite file has one owner.
fn lock_beside(path: &str) -> Result<File, StoreFault> {
    let lock_path = PathBuf::from(format!("{path}.lock"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = options
        .open(&lock_path)
        .map_err(|error| StoreFault::Lock(format!("{}: {error}", lock_path.display())))?;
    file.try_lock().map_err(|_| {
        StoreFault::Lock(format!(
            "{} is held: another process uses this database",
            lock_path.display()
        ))
    })?;
    Ok(file)
}

/// SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when a reset of the log races with a reader. Fixed in
/// 3.51.3, and in the branches 3.44.6 and 3.50.7.
fn has_wal_reset_bug(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let version = (
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    );
    let fixed_branch =
        (version.0, version.1) == (3, 44) && version.2 >= 6 || (version.0, version.1) == (3, 50) && version.2 >= 7;
    version < (3, 51, 3) && !fixed_branch
}

#[cfg(test)]
mod tests {
    use super::has_wal_reset_bug;

    #[test]
    fn affected_versions_of_sqlite_are_known() {
        for affected in ["3.7.0", "3.44.5", "3.46.0", "3.50.6", "3.51.2"] {
            assert!(has_wal_reset_bug(affected), "{affected}");
        }
        for sound in ["3.44.6", "3.50.7", "3.51.3", "3.52.0", "4.0.0"] {
            assert!(!has_wal_reset_bug(sound), "{sound}");
        }
    }
}
