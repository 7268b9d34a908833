//! The token requestors that a bank may push to, and their logos, as MDES told: kept in a database of the bank's own.
//!
//! Asked for on a schedule and on demand. What MDES does not answer leaves what is there as it was; a list that is older
//! than fourteen days is not used before MDES was asked again. The content of an asset id never changes, so an asset is
//! fetched once (`protocol.md`, 2.2 and 2.3).

use std::path::PathBuf;

use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use tokio::sync::{Mutex, OnceCell};

use super::Bank;
use super::wire::Picture;
use crate::sim::catalogue::{ISSUERS, Issuer};

/// A token requestor as MDES listed it for an account range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requestor {
    /// The TRID, 11 digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What cardholders know it by.
    pub consumer_name: String,
    /// `WALLET` or `MERCHANT`.
    pub kind: String,
    /// Where it takes pushed cards: type and address.
    pub push_methods: Vec<(String, String)>,
    /// Whether it takes up to five cards at once.
    pub takes_several: bool,
    /// Its logo.
    pub asset_id: Option<String>,
    /// The account ranges that it is enabled for, 19 digits each.
    pub account_ranges: Vec<String>,
}

/// What is kept for an account range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// In the order in which MDES listed them.
    pub requestors: Vec<Requestor>,
    /// When MDES was asked, milliseconds since the Unix epoch.
    pub fetched_at_ms: i64,
}

impl Listed {
    /// Whether the list is older than the fourteen days within which it must be asked for again.
    pub fn is_too_old(&self, now_ms: i64) -> bool {
        now_ms - self.fetched_at_ms > TOO_OLD_MS
    }
}

/// The database. It is opened when it is first needed.
pub struct Directory {
    file: Option<PathBuf>,
    pool: OnceCell<SqlitePool>,
    /// One look at a time: a second one finds what the first one brought.
    looking: Mutex<()>,
}

/// A row of `token_requestors`.
type Row = (String, String, String, String, String, bool, Option<String>, String);

impl Directory {
    /// In this file, or in memory.
    pub fn new(file: Option<PathBuf>) -> Self {
        Self {
            file,
            pool: OnceCell::new(),
            looking: Mutex::new(()),
        }
    }

    async fn pool(&self) -> Result<&SqlitePool, String> {
        let open = async || {
            let options = match &self.file {
                Some(file) => SqliteConnectOptions::new().filename(file).create_if_missing(true),
                None => SqliteConnectOptions::new().in_memory(true),
            };
            // One connection that stays: a database in memory is gone with it.
            let pool = SqlitePoolOptions::new().max_connections(1).min_connections(0);
            let pool = pool.idle_timeout(None).max_lifetime(None).connect_with(options).await?;
            for table in TABLES {
                sqlx::query(table).execute(&pool).await?;
            }
            Ok(pool)
        };
        self.pool.get_or_try_init(open).await.map_err(unusable)
    }

    /// What is kept for an account range; nothing when MDES never answered for it.
    pub async fn listed(&self, range: &str) -> Result<Option<Listed>, String> {
        let pool = self.pool().await?;
        let asked: Option<(i64,)> = sqlx::query_as("SELECT fetched_at FROM account_ranges WHERE account_range = ?")
            .bind(range)
            .fetch_optional(pool)
            .await
            .map_err(unusable)?;
        let Some((fetched_at_ms,)) = asked else {
            return Ok(None);
        };
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT token_requestor_id, name, consumer_name, kind, push_methods, takes_several, asset_id, account_ranges \
             FROM token_requestors WHERE account_range = ? ORDER BY position",
        )
        .bind(range)
        .fetch_all(pool)
        .await
        .map_err(unusable)?;
        Ok(Some(Listed {
            requestors: rows.into_iter().map(requestor).collect(),
            fetched_at_ms,
        }))
    }

    /// Puts a list in the place of the one that was there, all of it or nothing.
    async fn put(&self, range: &str, requestors: &[&Requestor], now_ms: i64) -> Result<(), String> {
        let mut writing = self.pool().await?.begin().await.map_err(unusable)?;
        let stamp = "INSERT INTO account_ranges (account_range, fetched_at) VALUES (?, ?) \
                     ON CONFLICT (account_range) DO UPDATE SET fetched_at = excluded.fetched_at";
        let asked = sqlx::query(stamp).bind(range).bind(now_ms);
        asked.execute(&mut *writing).await.map_err(unusable)?;
        let former = sqlx::query("DELETE FROM token_requestors WHERE account_range = ?").bind(range);
        former.execute(&mut *writing).await.map_err(unusable)?;
        for (position, requestor) in (0_i64..).zip(requestors) {
            sqlx::query(
                "INSERT INTO token_requestors (account_range, position, token_requestor_id, name, consumer_name, kind, \
                 push_methods, takes_several, asset_id, account_ranges) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(range)
            .bind(position)
            .bind(&requestor.id)
            .bind(&requestor.name)
            .bind(&requestor.consumer_name)
            .bind(&requestor.kind)
            .bind(json!(requestor.push_methods).to_string())
            .bind(requestor.takes_several)
            .bind(requestor.asset_id.as_deref())
            .bind(json!(requestor.account_ranges).to_string())
            .execute(&mut *writing)
            .await
            .map_err(unusable)?;
        }
        writing.commit().await.map_err(unusable)
    }

    /// A logo that was fetched.
    pub async fn asset(&self, id: &str) -> Result<Option<Picture>, String> {
        let found: Option<(String, Vec<u8>)> =
            sqlx::query_as("SELECT media_type, bytes FROM assets WHERE asset_id = ?")
                .bind(id)
                .fetch_optional(self.pool().await?)
                .await
                .map_err(unusable)?;
        Ok(found.map(|(media_type, data)| Picture {
            media_type: if media_type == "image/png" {
                "image/png"
            } else {
                "image/svg+xml"
            },
            data,
        }))
    }

    async fn put_asset(&self, id: &str, picture: &Picture) -> Result<(), String> {
        let insert =
            "INSERT INTO assets (asset_id, media_type, bytes, size) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING";
        sqlx::query(insert)
            .bind(id)
            .bind(picture.media_type)
            .bind(&picture.data)
            .bind(i64::try_from(picture.data.len()).unwrap_or(i64::MAX))
            .execute(self.pool().await?)
            .await
            .map(drop)
            .map_err(unusable)
    }
}

impl Bank {
    /// What a bank knows of the token requestors of its account range, and when it asked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn listed_requestors(&self, issuer: &Issuer) -> Result<Option<Listed>, String> {
        self.0.directory.listed(&issuer.padded_range()).await
    }

    /// The look of the schedule: asks MDES for the account ranges of all banks that never asked, or asked longer ago than
    /// `requestors_age` of the settings. Gives for how many it asked.
    ///
    /// # Errors
    /// What MDES answered, or that the database cannot be used. The lists are as they were then.
    pub async fn look_at_requestors(&self) -> Result<usize, String> {
        let _one = self.0.directory.looking.lock().await;
        let age_ms = i64::try_from(self.0.network.settings().requestors_age.as_millis()).unwrap_or(i64::MAX);
        let mut due = Vec::new();
        for issuer in ISSUERS {
            let kept = self.listed_requestors(issuer).await?;
            if kept.is_none_or(|kept| self.now_ms() - kept.fetched_at_ms >= age_ms) {
                due.push(issuer.padded_range());
            }
        }
        if due.is_empty() {
            return Ok(0);
        }
        match self.ask(&due).await {
            // One range that MDES does not know fails the request as a whole.
            Err(reason) if reason.starts_with("INVALID_FIELD_VALUE") => {
                let mut answered = 0;
                for range in &due {
                    answered += usize::from(self.ask(std::slice::from_ref(range)).await.is_ok());
                }
                if answered == 0 { Err(reason) } else { Ok(answered) }
            }
            asked => asked.map(|()| due.len()),
        }
    }

    /// Asks MDES for the account range of one bank, however old the list is.
    ///
    /// # Errors
    /// As [`Self::look_at_requestors`].
    pub async fn refresh_requestors(&self, issuer: &Issuer) -> Result<(), String> {
        let _one = self.0.directory.looking.lock().await;
        self.ask(&[issuer.padded_range()]).await
    }

    async fn ask(&self, ranges: &[String]) -> Result<(), String> {
        let listed = self.0.network.token_requestors(ranges).await?;
        for range in ranges {
            let enabled = listed
                .iter()
                .filter(|requestor| requestor.account_ranges.contains(range));
            let enabled: Vec<&Requestor> = enabled.collect();
            self.0.directory.put(range, &enabled, self.now_ms()).await?;
        }
        for id in listed.iter().filter_map(|requestor| requestor.asset_id.as_ref()) {
            if self.0.directory.asset(id).await?.is_none()
                // A list without a picture is better than none; the next look tries again.
                && let Ok(Some(picture)) = self.0.network.token_requestor_logo(id).await
            {
                self.0.directory.put_asset(id, &picture).await?;
            }
        }
        Ok(())
    }
}

fn requestor(row: Row) -> Requestor {
    let (id, name, consumer_name, kind, methods, takes_several, asset_id, ranges) = row;
    Requestor {
        id,
        name,
        consumer_name,
        kind,
        push_methods: serde_json::from_str(&methods).unwrap_or_default(),
        takes_several,
        asset_id,
        account_ranges: serde_json::from_str(&ranges).unwrap_or_default(),
    }
}

/// One entry of `tokenRequestors`; nothing when what it must have is missing.
pub(super) fn read_requestor(entry: &Value) -> Option<Requestor> {
    let text = |name: &str, max: usize| {
        let text = entry[name].as_str()?;
        Some(text.chars().filter(|c| !c.is_control()).take(max).collect::<String>())
    };
    let array = |name: &str| entry[name].as_array().cloned().unwrap_or_default();
    let method = |entry: &Value| Some((entry["type"].as_str()?.to_owned(), entry["uri"].as_str()?.to_owned()));
    // The specification has numbers here; as texts they are as good.
    let range = |entry: &Value| entry.as_str().map_or_else(|| entry.to_string(), str::to_owned);
    let name = text("name", 64)?;
    Some(Requestor {
        id: text("tokenRequestorId", 11).filter(|id| id.len() == 11 && id.bytes().all(|b| b.is_ascii_digit()))?,
        consumer_name: text("consumerFacingEntityName", 100).unwrap_or_else(|| name.clone()),
        name,
        kind: text("tokenRequestorType", 32)?,
        push_methods: array("availablePushMethods").iter().filter_map(method).collect(),
        takes_several: entry["supportsMultiplePushedCards"] == true,
        asset_id: text("imageAssetId", 64),
        account_ranges: array("enabledAccountRanges").iter().map(range).collect(),
    })
}

fn unusable(error: sqlx::Error) -> String {
    format!("the bank’s database cannot be used: {error}")
}

const TABLES: [&str; 3] = [
    "CREATE TABLE IF NOT EXISTS account_ranges (account_range TEXT PRIMARY KEY, fetched_at INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS token_requestors (account_range TEXT NOT NULL, position INTEGER NOT NULL, \
     token_requestor_id TEXT NOT NULL, name TEXT NOT NULL, consumer_name TEXT NOT NULL, kind TEXT NOT NULL, \
     push_methods TEXT NOT NULL, takes_several BOOLEAN NOT NULL, asset_id TEXT, account_ranges TEXT NOT NULL, \
     PRIMARY KEY (account_range, position))",
    "CREATE TABLE IF NOT EXISTS assets (asset_id TEXT PRIMARY KEY, media_type TEXT NOT NULL, bytes BLOB NOT NULL, \
     size INTEGER NOT NULL)",
];
const TOO_OLD_MS: i64 = 14 * 24 * 60 * 60 * 1000;
