//! Logos, card art and terms as files: fetched once, checked, served from our origin.

use crate::domain::id::{AssetId, Fingerprint, SessionId};
use crate::domain::token::MediaContent;

use super::terms::{media_type_of, shown_part};
use super::view::Media;
use super::{App, Fault};

/// The largest declared width or height of a picture.
const PIXELS_MAX: u32 = 2048;
const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

impl App {
    /// A picture that was fetched before: a logo or card art. Nobody's request makes us fetch one.
    ///
    /// # Errors
    /// [`Fault::UnknownAsset`] when there is none that is safe to serve.
    pub async fn media(&self, asset: &AssetId) -> Result<Media, Fault> {
        let stored = self.0.store.asset(asset).await?;
        let parts = stored.ok_or(Fault::UnknownAsset)?;
        picture(&parts, self.0.settings.picture_bytes_max).ok_or(Fault::UnknownAsset)
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
            .filter(|part| media_type_of(part) == "application/pdf")
            .cloned()
            .ok_or(Fault::UnknownAsset)?;
        Ok(Media {
            media_type: "application/pdf",
            bytes: part.bytes,
        })
    }

    /// Fetches card art, if it can be had. A card without is drawn.
    pub(super) async fn fetch_art(&self, art: Option<String>) {
        let Some(asset) = art.and_then(|art| AssetId::parse(&art).ok()) else {
            return;
        };
        if let Ok(Err(setback)) = self.asset_parts(&asset).await {
            tracing::warn!(%asset, ?setback, "card art {asset} could not be fetched");
        }
    }
}

/// The part that is a picture by its bytes, not only by its label: PNG before SVG.
fn picture(parts: &[MediaContent], bytes_max: usize) -> Option<Media> {
    let fits = |part: &&MediaContent| !part.bytes.is_empty() && part.bytes.len() <= bytes_max;
    let png = parts
        .iter()
        .filter(fits)
        .find(|part| part.media_type == "image/png" && is_png(&part.bytes));
    if let Some(part) = png {
        return Some(Media {
            media_type: "image/png",
            bytes: part.bytes.clone(),
        });
    }
    let svg = parts
        .iter()
        .filter(fits)
        .find(|part| part.media_type == "image/svg+xml" && is_svg(&part.bytes))?;
    Some(Media {
        media_type: "image/svg+xml",
        bytes: svg.bytes.clone(),
    })
}

fn is_png(bytes: &[u8]) -> bool {
    png_size(bytes).is_some()
}

/// Declared width and height of a PNG that is not too large.
pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = |at: usize| {
        let pixels = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        (1..=PIXELS_MAX).contains(&pixels).then_some(pixels)
    };
    let begins = bytes.starts_with(PNG_SIGNATURE) && bytes.get(12..16) == Some(b"IHDR");
    begins.then(|| size(16).zip(size(20))).flatten()
}

/// Whether it begins as an SVG document does. What is in it cannot run: it is only ever shown as an image, and its own
/// address has a sandbox policy. A document type is refused, because that is where entities are declared.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let body = text
        .strip_prefix("<?xml")
        .map_or(text, |rest| rest.split_once("?>").map_or("", |(_, body)| body));
    body.trim_start().starts_with("<svg") && !text.contains("<!DOCTYPE") && !text.contains("<!ENTITY")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(media_type: &str, bytes: &[u8]) -> MediaContent {
        MediaContent {
            media_type: media_type.to_owned(),
            bytes: bytes.to_vec(),
            width: None,
            height: None,
        }
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = PNG_SIGNATURE.to_vec();
        bytes.extend([0, 0, 0, 13]);
        bytes.extend(b"IHDR");
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn a_picture_is_what_its_bytes_say() {
        let svg = b"<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        let sound = png(192, 192);
        let kind = |parts: &[MediaContent]| picture(parts, 1000).map(|media| media.media_type);
        assert_eq!(
            kind(&[part("image/svg+xml", svg), part("image/png", &sound)]),
            Some("image/png")
        );
        assert_eq!(kind(&[part("image/svg+xml", svg)]), Some("image/svg+xml"));
        assert_eq!(kind(&[part("image/png", b"<html>")]), None);
        assert_eq!(kind(&[part("image/png", &png(50_000, 50_000))]), None);
        assert_eq!(kind(&[part("image/svg+xml", b"<html></html>")]), None);
        assert_eq!(
            kind(&[part("image/svg+xml", b"<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>")]),
            None
        );
        assert_eq!(kind(&[part("text/html", svg)]), None);
        assert_eq!(picture(&[part("image/png", &sound)], 10), None);
    }
}
