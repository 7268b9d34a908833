//! The issuer's terms: fetched as an asset, shown as what their words are made of ([`super::prose`]), never as their own
//! markup in our origin.

use crate::domain::id::AssetId;
use crate::domain::outcome::Setback;
use crate::domain::session::Session;
use crate::domain::token::MediaContent;
use crate::seal::sha256_hex;

use super::calls::setback_of_question;
use super::prose::Prose;
use super::view::{TermsBody, TermsDocument};
use super::{App, Fault};

/// Terms longer than this are not shown, and so cannot be accepted.
const TERMS_BYTES_MAX: usize = 1024 * 1024;

impl App {
    /// The digest of the terms behind an asset, which is fetched if it is not here yet.
    pub(super) async fn terms_digest(&self, asset: &AssetId) -> Result<Result<String, Setback>, Fault> {
        let parts = match self.asset_parts(asset).await? {
            Ok(parts) => parts,
            Err(setback) => return Ok(Err(setback)),
        };
        // Nobody can accept what cannot be read.
        Ok(match shown_part(&parts).filter(|part| !is_empty(&body_of(part))) {
            Some(part) => Ok(sha256_hex(&part.bytes)),
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
            if let Some(body) = parts.as_deref().and_then(shown_part).map(body_of) {
                documents.push(TermsDocument { asset, body });
            }
        }
        Ok(documents)
    }
}

/// The digest over all terms of a session, in order: what the form brings back says what was on the page.
pub(super) fn digest_of(session: &Session) -> String {
    let digests = session
        .cards
        .iter()
        .filter_map(|card| card.terms.as_ref()?.sha256.as_deref());
    sha256_hex(digests.collect::<Vec<_>>().join("\n").as_bytes())
}

/// The part that is shown: text before HTML before PDF.
pub(super) fn shown_part(parts: &[MediaContent]) -> Option<&MediaContent> {
    let usable = |part: &&MediaContent| {
        let is_what_it_says = media_type_of(part) != "application/pdf" || part.bytes.starts_with(b"%PDF-");
        !part.bytes.is_empty() && part.bytes.len() <= TERMS_BYTES_MAX && is_what_it_says
    };
    ["text/plain", "text/html", "application/pdf"]
        .iter()
        .find_map(|wanted| parts.iter().filter(usable).find(|part| media_type_of(part) == *wanted))
}

/// The media type without its parameters.
pub(super) fn media_type_of(part: &MediaContent) -> &str {
    part.media_type.split(';').next().unwrap_or_default().trim()
}

fn is_empty(body: &TermsBody) -> bool {
    matches!(body, TermsBody::Text(prose) if prose.blocks.is_empty())
}

fn body_of(part: &MediaContent) -> TermsBody {
    let text = || String::from_utf8_lossy(&part.bytes).into_owned();
    match media_type_of(part) {
        "application/pdf" => TermsBody::Pdf(part.bytes.len()),
        "text/html" => TermsBody::Text(Prose::of_html(&text())),
        _ => TermsBody::Text(Prose::of_text(&text())),
    }
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
        assert_eq!(shown_part(&parts), Some(&parts[2]));
        assert_eq!(shown_part(&parts[..2]), Some(&parts[1]));
        assert_eq!(
            shown_part(&[part("text/plain", 0), part("text/plain", TERMS_BYTES_MAX + 1)]),
            None
        );
    }
}
