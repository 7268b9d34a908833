//! Logos and card art: fetched once, checked, made into what is served, served from our origin under the name of its
//! content. And terms as files.
//!
//! Nobody's request makes us fetch or make a picture. A page names only pictures that are ready: what is missing, broken
//! or refused is a letter on a tile, or a card that is drawn.

mod gallery;
mod raster;
mod svg;

use std::fmt;
use std::sync::Arc;

use crate::domain::id::{AssetId, Fingerprint, SessionId};
use crate::domain::issuer::Issuer;
use crate::domain::token::MediaContent;
use crate::seal::sha256_hex;
use crate::store::{Purpose, StoreFault, StoredPicture};

use super::terms::{media_type_of, shown_part};
use super::view::{CardView, Media, Picture};
use super::{App, Fault};

pub(super) use gallery::Gallery;

/// A logo is shown in a square of 44 pixels; so much is enough for the densest screens but one.
const LOGO_SIDE: u32 = 96;
/// The wallet's mark is shown 28 pixels high; three times that for dense screens.
const MARK_HEIGHT: u32 = 84;
/// The widest mark, six times as wide as high.
const MARK_WIDTH: u32 = 504;
/// A logo that is no larger without losses stays without.
const LOGO_BYTES: usize = 4_096;
/// Card art is shown at most 342 pixels wide; twice that for dense screens.
const ART_WIDTHS: [u32; 2] = [342, 684];
/// The letters and digits of a picture's name: 128 bits of SHA-256. Another picture under the name of one that is served
/// would be a second preimage, and two of one's own under one name a collision.
const NAME_DIGITS: usize = 32;

/// Why a picture is not served. The codes are for logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PictureFault {
    /// Too many bytes.
    Bytes,
    /// Too wide or too high.
    Pixels,
    /// Not what its label says, or broken.
    Unreadable,
    /// It declares entities, or names some that are not XML's own.
    Entities,
    /// It means to run or to move.
    Active,
    /// It leads to something outside itself.
    Reference,
    /// A style that could load something.
    Style,
    /// An element that is not drawn here.
    Element,
    /// Too many elements, or too deep.
    TooMuch,
    /// It shows nothing, or has no size.
    Nothing,
}

impl PictureFault {
    /// The name for logs.
    fn code(self) -> &'static str {
        match self {
            Self::Bytes => "E_PICTURE_BYTES",
            Self::Pixels => "E_PICTURE_PIXELS",
            Self::Unreadable => "E_PICTURE_UNREADABLE",
            Self::Entities => "E_PICTURE_ENTITIES",
            Self::Active => "E_PICTURE_ACTIVE",
            Self::Reference => "E_PICTURE_REFERENCE",
            Self::Style => "E_PICTURE_STYLE",
            Self::Element => "E_PICTURE_ELEMENT",
            Self::TooMuch => "E_PICTURE_TOO_MUCH",
            Self::Nothing => "E_PICTURE_NOTHING",
        }
    }
}

impl fmt::Display for PictureFault {
    /// What a picture must be, to follow the name of the setting that holds it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Bytes => "must have at most 64 KiB",
            Self::Pixels => "must be at most 2,000 pixels wide and high",
            Self::Unreadable => "must be an SVG or a PNG that can be read",
            Self::Entities => "must declare no entities and name none but XML's own",
            Self::Active => "must hold no script, no event handler, no animation and no HTML",
            Self::Reference => "must refer to nothing outside itself: no link, picture, font or style sheet",
            Self::Style => "must hold no style that could load something",
            Self::Element => "must hold shapes, gradients and text only",
            Self::TooMuch => "must be simpler: too many elements, or too deep",
            Self::Nothing => "must show something, and have a size or a viewBox",
        })
    }
}

impl App {
    /// A logo or card art by its name, `{hash}.webp` or `{hash}.svg`.
    ///
    /// # Errors
    /// [`Fault::UnknownAsset`] when there is none of that name.
    pub async fn picture(&self, name: &str) -> Result<Media, Fault> {
        let (hash, ending) = name.split_once('.').ok_or(Fault::UnknownAsset)?;
        let is_hash = hash.len() == NAME_DIGITS && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let media_type = match ending {
            "webp" if is_hash => "image/webp",
            "svg" if is_hash => "image/svg+xml",
            _ => return Err(Fault::UnknownAsset),
        };
        if let Some(bytes) = self.0.gallery.bytes(name) {
            return Ok(Media { media_type, bytes });
        }
        let Some(bytes) = self.0.store.picture(name).await? else {
            // Pages must not name it any more.
            self.0.gallery.forget(name);
            return Err(Fault::UnknownAsset);
        };
        self.0.gallery.keep(name, &bytes);
        Ok(Media { media_type, bytes })
    }

    /// The terms of a session as a PDF file, if that is what they are.
    ///
    /// # Errors
    /// [`Fault::UnknownSession`], [`Fault::UnknownAsset`].
    pub async fn terms_pdf(&self, id: &SessionId, owner: &Fingerprint, asset: &AssetId) -> Result<Media, Fault> {
        let session = self.own_session(id, owner).await?;
        let shown =
            |card: &crate::domain::card::Card| card.terms.as_ref().is_some_and(|terms| terms.asset == asset.as_str());
        if !session.cards.iter().any(shown) {
            return Err(Fault::UnknownAsset);
        }
        let stored = self.0.store.asset(asset).await?;
        let part = stored
            .as_deref()
            .and_then(shown_part)
            .map(|(part, _)| part.clone())
            .filter(|part| media_type_of(part) == "application/pdf")
            .ok_or(Fault::UnknownAsset)?;
        Ok(Media {
            media_type: "application/pdf",
            bytes: part.bytes,
        })
    }

    /// Makes the pictures of a card's art ready, if they can be had. A card without is drawn.
    pub(super) async fn prepare_art(&self, art: Option<String>) {
        let Some(asset) = art.and_then(|art| AssetId::parse(&art).ok()) else {
            return;
        };
        if self.prepare(&asset, Purpose::Art).await.is_err() {
            tracing::warn!(%asset, "card art {asset} could not be kept");
        }
    }

    /// Fetches an asset unless it is here, and makes its pictures unless they are.
    pub(super) async fn prepare(&self, asset: &AssetId, purpose: Purpose) -> Result<(), Fault> {
        if self.0.gallery.has(asset, purpose) {
            return Ok(());
        }
        let mut pictures = self.0.store.pictures(asset, purpose).await?;
        if pictures.is_empty() {
            let parts = match self.asset_parts(asset).await? {
                Ok(parts) => parts,
                Err(setback) => {
                    tracing::warn!(%asset, ?setback, "picture {asset} could not be fetched");
                    return Ok(());
                }
            };
            let made = self.make(parts, purpose).await?;
            let made = made.unwrap_or_else(|fault| {
                let code = fault.code();
                tracing::warn!(%asset, code, "picture {asset} is refused: {code}");
                Vec::new()
            });
            self.0.store.keep_pictures(asset, purpose, &made, self.now()).await?;
            pictures = made.into_iter().map(|(picture, _)| picture).collect();
        }
        self.0
            .gallery
            .hang(asset, purpose, pictures.into_iter().map(shown).collect());
        Ok(())
    }

    /// Whether a picture of this name is the logo of an issuer in the list.
    #[must_use]
    pub fn is_logo(&self, name: &str) -> bool {
        let directory = self.current_directory();
        directory
            .issuers
            .iter()
            .any(|issuer| self.logo(issuer).is_some_and(|logo| logo.name == name))
    }

    /// The logo of an issuer, if it is ready.
    pub(super) fn logo(&self, issuer: &Issuer) -> Option<Picture> {
        self.0.gallery.logo(issuer.logo.as_ref()?)
    }

    /// Logos that were made before this program started.
    pub(super) async fn hang_logos(&self) -> Result<(), StoreFault> {
        for (asset, logo) in self.0.store.logos().await? {
            self.0.gallery.hang(&asset, Purpose::Logo, [shown(logo)].into());
        }
        Ok(())
    }

    /// Decoding and encoding are work for a processor: on a thread where nobody waits for an answer, a few at a time.
    async fn make(&self, parts: Vec<MediaContent>, purpose: Purpose) -> Result<Result<Vec<Made>, PictureFault>, Fault> {
        let bytes_max = self.0.settings.picture_bytes_max;
        let _turn = self.0.gallery.turn().await;
        let made = tokio::task::spawn_blocking(move || make(&parts, purpose, bytes_max)).await;
        // A decoder that panics has met a picture that nobody should see.
        Ok(made.unwrap_or(Err(PictureFault::Unreadable)))
    }

    /// Puts the pictures of its art on a card.
    pub(super) async fn illustrate(&self, card: &mut CardView) -> Result<(), Fault> {
        let Some(asset) = card.face.art.as_deref().and_then(|art| AssetId::parse(art).ok()) else {
            return Ok(());
        };
        if let Some(pictures) = self.0.gallery.pictures(&asset, Purpose::Art) {
            card.art = pictures;
            return Ok(());
        }
        // Made by another instance, or before this one started.
        let stored = self.0.store.pictures(&asset, Purpose::Art).await?;
        if !stored.is_empty() {
            let pictures: Arc<[Picture]> = stored.into_iter().map(shown).collect();
            card.art = Arc::clone(&pictures);
            self.0.gallery.hang(&asset, Purpose::Art, pictures);
        }
        Ok(())
    }
}

/// A picture and its bytes.
type Made = (StoredPicture, Vec<u8>);

fn shown(stored: StoredPicture) -> Picture {
    Picture {
        name: stored.name,
        width: stored.width,
        height: stored.height,
    }
}

/// The pictures of an asset: of its first part that is one by its bytes, not only by its label, PNG before SVG.
fn make(parts: &[MediaContent], purpose: Purpose, bytes_max: usize) -> Result<Vec<Made>, PictureFault> {
    let mut fault = PictureFault::Nothing;
    for wanted in ["image/png", "image/svg+xml"] {
        for part in parts.iter().filter(|part| media_type_of(part) == wanted) {
            let made = match wanted {
                _ if part.bytes.len() > bytes_max => Err(PictureFault::Bytes),
                "image/png" => rasters(&part.bytes, purpose),
                _ => svg::copy(&part.bytes)
                    .map(|drawing| vec![named(drawing.svg, "svg", (drawing.width, drawing.height))]),
            };
            match made {
                Ok(made) => return Ok(made),
                Err(refused) => fault = refused,
            }
        }
    }
    Err(fault)
}

fn rasters(png: &[u8], purpose: Purpose) -> Result<Vec<Made>, PictureFault> {
    let original = raster::decode(png)?;
    match purpose {
        Purpose::Logo => {
            let logo = original.within(LOGO_SIDE, LOGO_SIDE)?;
            // Letters and edges stay sharp where that costs little.
            let exact = logo.webp(true)?;
            let bytes = if exact.len() <= LOGO_BYTES {
                exact
            } else {
                logo.webp(false)?
            };
            Ok(vec![named(bytes, "webp", (logo.width, logo.height))])
        }
        Purpose::Art => {
            let wanted = ART_WIDTHS.iter().enumerate();
            // What is no wider than the smaller size has one size.
            let useful = wanted.filter(|(place, _)| *place == 0 || original.width > ART_WIDTHS[place - 1]);
            let made = useful.map(|(_, width)| {
                let art = original.within(*width, u32::MAX)?;
                Ok(named(art.webp(false)?, "webp", (art.width, art.height)))
            });
            made.collect()
        }
    }
}

/// The wallet's own mark: as harmless as everybody else's pictures. With its width and height.
pub(super) fn mark(bytes: &[u8]) -> Result<(Media, (u32, u32)), PictureFault> {
    if !bytes.starts_with(b"\x89PNG") {
        let drawing = svg::copy(bytes)?;
        let media = Media {
            media_type: "image/svg+xml",
            bytes: drawing.svg,
        };
        return Ok((media, (drawing.width, drawing.height)));
    }
    let pixels = raster::decode(bytes)?.within(MARK_WIDTH, MARK_HEIGHT)?;
    let media = Media {
        media_type: "image/webp",
        bytes: pixels.webp(true)?,
    };
    Ok((media, (pixels.width, pixels.height)))
}

fn named(bytes: Vec<u8>, ending: &str, (width, height): (u32, u32)) -> Made {
    let name = format!("{}.{ending}", &sha256_hex(&bytes)[..NAME_DIGITS]);
    (StoredPicture { name, width, height }, bytes)
}

#[cfg(test)]
mod tests;
