//! The issuer's terms: fetched as an asset, shown as what their words are made of ([`super::prose`]), never as their own
//! markup in our origin.

use crate::domain::card::{Card, Terms};
use crate::domain::id::{AssetId, CardId, Fingerprint};
use crate::domain::outcome::Setback;
use crate::domain::session::Session;
use crate::domain::token::MediaContent;
use crate::seal::sha256_hex;

use super::calls::setback_of_question;
use super::prose::Prose;
use super::view::{TermsBody, TermsDocument};
use super::{App, Fault};

/// Terms longer than this are not shown, and so cannot be accepted: a file, and what is read to be written anew.
const FILE_BYTES_MAX: usize = 1024 * 1024;
const WORDS_BYTES_MAX: usize = 256 * 1024;

impl App {
    /// The digest of the terms behind an asset, which is fetched if it is not here yet.
    pub(super) async fn terms_digest(&self, asset: &AssetId) -> Result<Result<String, Setback>, Fault> {
        let parts = match self.asset_parts(asset).await? {
            Ok(parts) => parts,
            Err(setback) => return Ok(Err(setback)),
        };
        // Nobody can accept what cannot be read.
        Ok(match shown_part(&parts) {
            Some((part, _)) => Ok(sha256_hex(&part.bytes)),
            None => Err(Setback::Refused("NO_TERMS".to_owned())),
        })
    }

    /// The parts of an asset, from the store or from MDES. What was fetched is kept for ever.
    pub(super) async fn asset_parts(&self, asset: &AssetId) -> Result<Result<Vec<MediaContent>, Setback>, Fault> {
        let stored = self.0.store.asset(asset).await?;
        if let Some(parts) = stored {
            return Ok(Ok(parts));
        }
        let parts = match self.0.mdes.asset(asset).await {
            Ok(parts) => parts,
            Err(error) => return Ok(Err(setback_of_question(&error))),
        };
        self.0.store.keep_asset(asset, &parts, self.now()).await?;
        Ok(Ok(parts))
    }

    /// The documents that the terms page of a session shows.
    pub(super) async fn terms_documents(&self, session: &Session) -> Result<Vec<TermsDocument>, Fault> {
        let mut documents: Vec<TermsDocument> = Vec::new();
        for terms in session.cards.iter().filter_map(|card| card.terms.as_ref()) {
            let asset = AssetId::parse(&terms.asset).map_err(|_| Fault::Internal)?;
            if documents.iter().any(|document| document.asset == asset) {
                continue;
            }
            let parts = self.0.store.asset(&asset).await?;
            if let Some((_, body)) = parts.as_deref().and_then(shown_part) {
                documents.push(TermsDocument { asset, body });
            }
        }
        Ok(documents)
    }

    /// The terms that were accepted for a card of this owner's wallet.
    ///
    /// # Errors
    /// [`Fault::UnknownCard`]; [`Fault::UnknownAsset`] when none were accepted; [`Fault::Unavailable`].
    pub async fn card_terms(&self, id: &CardId, owner: &Fingerprint) -> Result<TermsDocument, Fault> {
        let (_, card) = self.own_card(id, owner).await?;
        let asset = accepted(&card).ok_or(Fault::UnknownAsset)?;
        let asset = AssetId::parse(&asset.asset).map_err(|_| Fault::Internal)?;
        let parts = self.0.store.asset(&asset).await?;
        let shown = parts.as_deref().and_then(shown_part);
        let (_, body) = shown.ok_or(Fault::UnknownAsset)?;
        Ok(TermsDocument { asset, body })
    }
}

/// A card's terms, once they were accepted.
pub(super) fn accepted(card: &Card) -> Option<&Terms> {
    card.terms.as_ref().filter(|terms| terms.accepted_at_ms.is_some())
}

/// The digest over all terms of a session, in order: what the form brings back says what was on the page.
pub(super) fn digest_of(session: &Session) -> String {
    let digests = session
        .cards
        .iter()
        .filter_map(|card| card.terms.as_ref()?.sha256.as_deref());
    sha256_hex(digests.collect::<Vec<_>>().join("\n").as_bytes())
}

/// The part that is shown and how: text before HTML before PDF, of those that can be read.
pub(super) fn shown_part(parts: &[MediaContent]) -> Option<(&MediaContent, TermsBody)> {
    ["text/plain", "text/html", "application/pdf"]
        .iter()
        .find_map(|wanted| {
            parts
                .iter()
                .filter(|part| media_type_of(part) == *wanted)
                .find_map(readable)
        })
}

fn readable(part: &MediaContent) -> Option<(&MediaContent, TermsBody)> {
    let bytes = &part.bytes;
    let words = |read: fn(&str) -> Option<Prose>| {
        let text = (bytes.len() <= WORDS_BYTES_MAX).then(|| String::from_utf8_lossy(bytes))?;
        let prose = read(&text).filter(|prose| !prose.blocks.is_empty())?;
        Some(TermsBody::Text(prose))
    };
    let body = match media_type_of(part) {
        "application/pdf" => {
            let is_one = bytes.starts_with(b"%PDF-") && bytes.len() <= FILE_BYTES_MAX;
            is_one.then_some(TermsBody::Pdf(bytes.len()))
        }
        "text/html" => words(Prose::of_html),
        _ => words(Prose::of_text),
    };
    Some((part, body?))
}

/// The media type without its parameters.
pub(super) fn media_type_of(part: &MediaContent) -> &str {
    part.media_type.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_preferred_and_empty_or_huge_parts_are_not_shown() {
        let part = |media_type: &str, length: usize| MediaContent {
            media_type: media_type.to_owned(),
            bytes: vec![b'x'; length],
            width: None,
            height: None,
        };
        let parts = [
            part("application/pdf", 9),
            part("text/html; charset=utf-8", 9),
            part("text/plain", 9),
        ];
        let shown = |parts: &[MediaContent]| shown_part(parts).map(|(part, _)| part.clone());
        assert_eq!(shown(&parts), Some(parts[2].clone()));
        assert_eq!(shown(&parts[..2]), Some(parts[1].clone()));
        assert_eq!(
            shown(&[part("text/plain", 0), part("text/plain", WORDS_BYTES_MAX + 1)]),
            None
        );
        // What cannot be shown whole is not shown, and the next part is.
        let html = |text: &str| MediaContent {
            bytes: text.as_bytes().to_vec(),
            ..part("text/html", 0)
        };
        let pdf = MediaContent {
            bytes: b"%PDF-1.7".to_vec(),
            ..part("application/pdf", 0)
        };
        assert_eq!(shown(&[html("<button>Clause</button>"), pdf.clone()]), Some(pdf));
        assert_eq!(shown(&[html("<p>\u{200b}</p>")]), None);
    }
}
