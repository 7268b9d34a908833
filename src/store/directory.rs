//! The issuer directory and the assets, kept so that a picker can be shown when MDES does not answer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::Millis;
use crate::domain::id::{AssetId, CountryCode, IssuerId};
use crate::domain::issuer::Issuer;
use crate::domain::token::MediaContent;

use super::db::{Statement, on};
use super::{Store, StoreFault};

/// The fact that says when the directory was fetched.
const FETCHED_AT: &str = "directory_fetched_at";

/// The directory as it was last fetched.
#[derive(Clone, Debug, Default)]
pub struct StoredDirectory {
    /// The issuers, in the order of MDES.
    pub issuers: Vec<Issuer>,
    /// When MDES told them; `None` when it never did.
    pub fetched_at: Option<Millis>,
}

type IssuerRow = (String, String, Option<String>, String, Option<String>, String, String);
type AssetRow = (String, String, Option<i64>, Option<i64>);

impl Store {
    /// The directory as it was last fetched.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn directory(&self) -> Result<StoredDirectory, StoreFault> {
        let sql = "SELECT id, name, alias, countries, logo, methods, rejected FROM issuers ORDER BY position";
        let rows: Vec<IssuerRow> = on!(&self.db, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
        let fact: Option<(i64,)> = on!(&self.db, pool =>
            sqlx::query_as("SELECT value FROM facts WHERE name = $1").bind(FETCHED_AT).fetch_optional(pool).await)?;
        Ok(StoredDirectory {
            issuers: rows.into_iter().map(issuer).collect::<Result<_, _>>()?,
            fetched_at: fact.map(|(at,)| Millis(at)),
        })
    }

    /// Replaces the directory as a whole.
    ///
    /// # Errors
    /// [`StoreFault`]; the old directory stays then.
    pub async fn replace_directory(&self, issuers: &[Issuer], now: Millis) -> Result<(), StoreFault> {
        let fact = Statement {
            sql: "INSERT INTO facts (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            values: vec![FETCHED_AT.into(), now.0.into()],
        };
        let mut rest = vec![Statement {
            sql: "DELETE FROM issuers",
            values: vec![],
        }];
        for (position, issuer) in issuers.iter().enumerate() {
            let countries: Vec<&str> = issuer.countries.iter().map(CountryCode::as_str).collect();
            rest.push(Statement {
                sql: "INSERT INTO issuers (id, position, name, alias, countries, logo, methods, rejected) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                values: vec![
                    issuer.id.as_str().into(),
                    i64::try_from(position).unwrap_or(i64::MAX).into(),
                    issuer.name.as_str().into(),
                    issuer.alias.clone().into(),
                    countries.join(",").into(),
                    issuer.logo.as_ref().map(|logo| logo.as_str().to_owned()).into(),
                    json(&issuer.methods).into(),
                    json(&issuer.rejected).into(),
                ],
            });
        }
        self.db.transact(fact, rest).await?;
        Ok(())
    }

    /// Whom each issuer opened when it was first seen: issuer and [places](crate::domain::link::Link::places), sorted.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn pins(&self) -> Result<Vec<(String, Vec<String>)>, StoreFault> {
        let sql = "SELECT issuer, places FROM pins";
        let rows: Vec<(String, String)> = on!(&self.db, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
        let split = |(issuer, places): (String, String)| (issuer, places.split(' ').map(str::to_owned).collect());
        Ok(rows.into_iter().map(split).collect())
    }

    /// Remembers whom an issuer opens, unless that is remembered already.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn pin(&self, issuer: &IssuerId, places: &[String], now: Millis) -> Result<(), StoreFault> {
        let pin = Statement {
            sql: "INSERT INTO pins (issuer, places, pinned_at) VALUES ($1, $2, $3) ON CONFLICT (issuer) DO NOTHING",
            values: vec![issuer.as_str().into(), places.join(" ").into(), now.0.into()],
        };
        self.db.execute(pin).await?;
        Ok(())
    }

    /// The asset of that id, if it was fetched before.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn asset(&self, id: &AssetId) -> Result<Option<Vec<MediaContent>>, StoreFault> {
        let sql = "SELECT media_type, bytes, width, height FROM assets WHERE id = $1 ORDER BY position";
        let rows: Vec<AssetRow> = on!(&self.db, pool => sqlx::query_as(sql).bind(id.as_str()).fetch_all(pool).await)?;
        if rows.is_empty() {
            return Ok(None);
        }
        let part = |(media_type, bytes, width, height): AssetRow| {
            let bad = |_| StoreFault::Inconsistent {
                table: "assets",
                id: id.as_str().to_owned(),
            };
            Ok(MediaContent {
                media_type,
                bytes: STANDARD.decode(bytes).map_err(bad)?,
                width: width.and_then(|width| u32::try_from(width).ok()),
                height: height.and_then(|height| u32::try_from(height).ok()),
            })
        };
        rows.into_iter().map(part).collect::<Result<Vec<_>, _>>().map(Some)
    }

    /// Keeps an asset. Its content never changes, so a second time changes nothing.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn keep_asset(&self, id: &AssetId, parts: &[MediaContent], now: Millis) -> Result<(), StoreFault> {
        let statement = |(position, part): (usize, &MediaContent)| Statement {
            sql: "INSERT INTO assets (id, position, media_type, bytes, width, height, fetched_at) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id, position) DO NOTHING",
            values: vec![
                id.as_str().into(),
                i64::try_from(position).unwrap_or(i64::MAX).into(),
                part.media_type.as_str().into(),
                STANDARD.encode(&part.bytes).into(),
                part.width.map(i64::from).into(),
                part.height.map(i64::from).into(),
                now.0.into(),
            ],
        };
        // All parts or none: half an asset would be taken for the whole for ever.
        let mut statements = parts.iter().enumerate().map(statement);
        if let Some(first) = statements.next() {
            self.db.transact(first, statements.collect()).await?;
        }
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("plain data has a JSON form")
}

fn issuer(row: IssuerRow) -> Result<Issuer, StoreFault> {
    let (id, name, alias, countries, logo, methods, rejected) = row;
    let bad = || StoreFault::Inconsistent {
        table: "issuers",
        id: id.clone(),
    };
    Ok(Issuer {
        name,
        alias,
        countries: countries
            .split(',')
            .filter(|code| !code.is_empty())
            .map(CountryCode::parse)
            .collect::<Result<_, _>>()
            .map_err(|_| bad())?,
        logo: logo.map(|logo| AssetId::parse(&logo)).transpose().map_err(|_| bad())?,
        methods: serde_json::from_str(&methods).map_err(|_| bad())?,
        rejected: serde_json::from_str(&rejected).map_err(|_| bad())?,
        id: IssuerId::parse(&id).map_err(|_| bad())?,
    })
}
