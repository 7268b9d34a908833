//! What is on disk, read without the wallet's code.

use std::fs;
use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::books::{Books, Database};

type SessionRow = (String, String, i64);
type CardRow = (String, String, Option<String>, i64);
type EffectRow = (String, String, String);

/// The rows that matter.
#[derive(Debug, Default)]
pub struct Disk {
    /// The schema is there.
    pub tables: bool,
    pub sessions: Vec<Session>,
    pub cards: Vec<Card>,
    pub effects: Vec<Effect>,
    /// What the engine says about its own file; `ok` when all is well.
    pub integrity: String,
    /// All bytes of the files, or all rows as text.
    pub bytes: String,
}

#[derive(Debug)]
pub struct Session {
    pub id: String,
    pub state: String,
    pub version: i64,
}

#[derive(Debug)]
pub struct Card {
    pub session: String,
    pub state: String,
    pub token: Option<String>,
    /// How many of its secrets are still kept, sealed.
    pub secrets: i64,
}

#[derive(Debug)]
pub struct Effect {
    pub session: String,
    pub operation: String,
    pub status: String,
}

const SESSIONS: &str = "SELECT id, state, version FROM sessions ORDER BY created_at, id";
const CARDS: &str = "SELECT session_id, state, token_reference, (CASE WHEN receipt_sealed IS NULL THEN 0 ELSE 1 END \
     + CASE WHEN eligibility_sealed IS NULL THEN 0 ELSE 1 END + CASE WHEN code_sealed IS NULL THEN 0 ELSE 1 END) + \
     CAST(0 AS BIGINT) FROM cards";
const EFFECTS: &str = "SELECT session_id, operation, status FROM effects ORDER BY prepared_at, request_id";

macro_rules! rows {
    ($connection:expr) => {{
        let sessions: Vec<SessionRow> = sqlx::query_as(SESSIONS).fetch_all(&mut $connection).await?;
        let cards: Vec<CardRow> = sqlx::query_as(CARDS).fetch_all(&mut $connection).await?;
        let effects: Vec<EffectRow> = sqlx::query_as(EFFECTS).fetch_all(&mut $connection).await?;
        Disk::of(sessions, cards, effects)
    }};
}

impl Disk {
    /// Reads what the wallet of a story left. A file is read from a copy, so that recovery stays the wallet's work.
    pub fn read(books: &Books) -> Self {
        match &books.database {
            Database::File(path) => {
                let bytes = bytes(path);
                let copy = Copy::of(path);
                let read = books.block_on(from_file(&copy.path));
                Self {
                    bytes,
                    ..read.expect("the file can be read")
                }
            }
            Database::Server { .. } => {
                let read = books.block_on(from_server(&books.database.url()));
                read.expect("the database can be read")
            }
        }
    }

    fn of(sessions: Vec<SessionRow>, cards: Vec<CardRow>, effects: Vec<EffectRow>) -> Self {
        let session = |(id, state, version)| Session { id, state, version };
        let card = |(session, state, token, secrets)| Card {
            session,
            state,
            token,
            secrets,
        };
        let effect = |(session, operation, status)| Effect {
            session,
            operation,
            status,
        };
        Self {
            tables: true,
            sessions: sessions.into_iter().map(session).collect(),
            cards: cards.into_iter().map(card).collect(),
            effects: effects.into_iter().map(effect).collect(),
            integrity: "ok".to_owned(),
            bytes: String::new(),
        }
    }

    /// The version of a session.
    pub fn version(&self, session: Option<&str>) -> Option<i64> {
        let found = self.sessions.iter().find(|found| Some(found.id.as_str()) == session);
        found.map(|found| found.version)
    }

    /// Where a session stands, and its open effect, in words.
    pub fn situation(&self, session: Option<&str>) -> String {
        if !self.tables {
            return "no tables".to_owned();
        }
        let found = match session {
            Some(id) => self.sessions.iter().find(|session| session.id == id),
            None => self.sessions.last(),
        };
        let Some(session) = found else {
            return "no session".to_owned();
        };
        let open = |effect: &&Effect| effect.session == session.id && effect.status != "settled";
        match self.effects.iter().find(open) {
            Some(effect) => format!("{} {} {}", session.state, effect.operation, effect.status),
            None => session.state.clone(),
        }
    }
}

/// The database file and its log beside each other in a folder of their own.
struct Copy {
    path: PathBuf,
    _folder: TempDir,
}

impl Copy {
    fn of(path: &Path) -> Self {
        let folder = TempDir::new().expect("a folder");
        let to = folder.path().join("copy.db");
        for suffix in ["", "-wal"] {
            let from = beside(path, suffix);
            if from.exists() {
                fs::copy(from, beside(&to, suffix)).expect("a copy");
            }
        }
        Self {
            path: to,
            _folder: folder,
        }
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

/// Everything in the file, its log, its index and its lock.
fn bytes(path: &Path) -> String {
    let files = ["", "-wal", "-shm", ".lock"].map(|suffix| fs::read(beside(path, suffix)).unwrap_or_default());
    String::from_utf8_lossy(&files.concat()).into_owned()
}

async fn from_file(path: &Path) -> Result<Disk, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let (integrity,): (String,) = sqlx::query_as("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await?;
    let sql = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'facts'";
    let (tables,): (i64,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    let disk = if tables == 0 {
        Disk::default()
    } else {
        rows!(connection)
    };
    connection.close().await?;
    Ok(Disk { integrity, ..disk })
}

async fn from_server(url: &str) -> Result<Disk, sqlx::Error> {
    let mut connection = PgConnection::connect(url).await?;
    let sql = "SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'facts'";
    let (tables,): (i64,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
    let mut disk = if tables == 0 {
        Disk::default()
    } else {
        rows!(connection)
    };
    disk.integrity = "ok".to_owned();
    if disk.tables {
        let sql = "SELECT row_to_json(t)::text FROM sessions t UNION ALL SELECT row_to_json(t)::text FROM cards t \
                   UNION ALL SELECT row_to_json(t)::text FROM effects t UNION ALL SELECT row_to_json(t)::text FROM receipts t";
        let texts: Vec<(String,)> = sqlx::query_as(sql).fetch_all(&mut connection).await?;
        disk.bytes = texts.into_iter().map(|(text,)| text).collect::<Vec<_>>().join("\n");
    }
    connection.close().await?;
    Ok(disk)
}
