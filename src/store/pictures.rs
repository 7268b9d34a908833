//! Pictures as they are served, made of the assets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::Millis;
use crate::domain::id::AssetId;

use super::db::{Statement, on};
use super::{Store, StoreFault};

/// What a picture is for. The same asset may be used as both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// An issuer's logo.
    Logo,
    /// The art of a card.
    Art,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Art => "art",
        }
    }
}

/// A picture without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPicture {
    /// Its name, made of its content: another name is another picture.
    pub name: String,
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
}

impl Store {
    /// The pictures that were made of an asset, smallest first; none if none were.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn pictures(&self, asset: &AssetId, purpose: Purpose) -> Result<Vec<StoredPicture>, StoreFault> {
        let sql = "SELECT name, width, height FROM pictures WHERE asset = $1 AND purpose = $2 ORDER BY width";
        let rows: Vec<(String, i64, i64)> = on!(&self.db, pool =>
            sqlx::query_as(sql).bind(asset.as_str()).bind(purpose.as_str()).fetch_all(pool).await)?;
        let rows = rows.into_iter();
        rows.map(|(name, width, height)| picture(asset.as_str(), name, width, height))
            .collect()
    }

    /// All logos, with the assets that they were made of.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn logos(&self) -> Result<Vec<(AssetId, StoredPicture)>, StoreFault> {
        let sql = "SELECT asset, name, width, height FROM pictures WHERE purpose = 'logo'";
        let rows: Vec<(String, String, i64, i64)> = on!(&self.db, pool => sqlx::query_as(sql).fetch_all(pool).await)?;
        let logo = |(asset, name, width, height): (String, String, i64, i64)| {
            let id = AssetId::parse(&asset).map_err(|_| inconsistent(&asset))?;
            Ok((id, picture(&asset, name, width, height)?))
        };
        rows.into_iter().map(logo).collect()
    }

    /// The bytes of a picture.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn picture(&self, name: &str) -> Result<Option<Vec<u8>>, StoreFault> {
        let sql = "SELECT bytes FROM pictures WHERE name = $1 LIMIT 1";
        let row: Option<(String,)> = on!(&self.db, pool => sqlx::query_as(sql).bind(name).fetch_optional(pool).await)?;
        let bytes = row.map(|(bytes,)| STANDARD.decode(bytes)).transpose();
        bytes.map_err(|_| inconsistent(name))
    }

    /// Keeps the pictures of an asset. Its content never changes, so a second time changes nothing.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn keep_pictures(
        &self,
        asset: &AssetId,
        purpose: Purpose,
        pictures: &[(StoredPicture, Vec<u8>)],
        now: Millis,
    ) -> Result<(), StoreFault> {
        let statement = |(picture, bytes): &(StoredPicture, Vec<u8>)| Statement {
            sql: "INSERT INTO pictures (asset, purpose, width, height, name, bytes, made_at) \
                  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (asset, purpose, width) DO NOTHING",
            values: vec![
                asset.as_str().into(),
                purpose.as_str().into(),
                i64::from(picture.width).into(),
                i64::from(picture.height).into(),
                picture.name.as_str().into(),
                STANDARD.encode(bytes).into(),
                now.0.into(),
            ],
        };
        // All sizes or none: one of two would be taken for all for ever.
        let mut statements = pictures.iter().map(statement);
        if let Some(first) = statements.next() {
            self.db.transact(first, statements.collect()).await?;
        }
        Ok(())
    }
}

fn picture(asset: &str, name: String, width: i64, height: i64) -> Result<StoredPicture, StoreFault> {
    let side = |pixels| u32::try_from(pixels).map_err(|_| inconsistent(asset));
    Ok(StoredPicture {
        name,
        width: side(width)?,
        height: side(height)?,
    })
}

fn inconsistent(id: &str) -> StoreFault {
    StoreFault::Inconsistent {
        table: "pictures",
        id: id.to_owned(),
    }
}
