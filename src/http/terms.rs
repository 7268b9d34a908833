//! The issuer's terms, in the page: the words of a document, or the way to a file.
//!
//! No markup of others is in it: what a document is made of comes as values ([`Prose`]), and the template writes the tags.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::prose::{Block, Mark, Prose};
use crate::app::view::{Attempt, CardView, TermsBody, TermsDocument};
use crate::words::{Language, Words};

use super::frame::{Art, Frame, Strip, show};
use super::guard::Visit;
use super::paths;
use super::stage::{Note, frame, strip};

/// From here on there is a way past the text: about 300 words.
const LONG_CHARS: usize = 1_800;
/// And from here on its headings are listed first, where there are some.
const VERY_LONG_CHARS: usize = 9_000;
/// Fewer headings than this need no list.
const CONTENTS_MIN: usize = 3;

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage {
    frame: Frame,
    strip: Strip,
    art: Art,
    heading: String,
    lede: String,
    changed: bool,
    is_long: bool,
    has_several: bool,
    documents: Vec<Document>,
    post: String,
    shown: String,
    csrf: String,
}

enum Document {
    Text {
        /// The tag of its language, where that is another than the page's.
        language: Option<String>,
        /// And what it is called by those who speak it.
        language_name: Option<&'static str>,
        contents: Vec<(String, String)>,
        sections: Vec<Section>,
    },
    Pdf {
        href: String,
        size: String,
    },
}

/// A heading and what stands below it.
#[derive(Default)]
struct Section {
    id: String,
    heading: Option<(u8, String)>,
    blocks: Vec<Block>,
}

/// The page of the terms.
pub(super) fn page(
    visit: &Visit,
    csrf: &str,
    attempt: &Attempt,
    note: Option<Note>,
    (documents, shown, cards): (&[TermsDocument], &str, &[CardView]),
) -> Response {
    let t = &visit.words;
    let id = attempt.id.as_str();
    let strip = strip(csrf, attempt);
    let heading = t.terms_title(&strip.name);
    let face = cards.first().map(|card| card.face.clone()).unwrap_or_default();
    let page = TermsPage {
        frame: frame(visit, attempt, heading.clone()).scripted(visit),
        art: Art::of(&attempt.issuer.name, &face),
        heading,
        lede: match cards.len() {
            0 | 1 => t.terms_lede(&strip.name),
            several => t.terms_lede_several(&strip.name, several),
        },
        changed: note == Some(Note::TermsChanged),
        is_long: documents.iter().map(length).sum::<usize>() > LONG_CHARS,
        has_several: cards.len() > 1,
        documents: documents
            .iter()
            .enumerate()
            .map(|(place, document)| shown_document(t, id, place, document))
            .collect(),
        post: paths::terms(id),
        shown: shown.to_owned(),
        csrf: csrf.to_owned(),
        strip,
    };
    show(StatusCode::OK, &page.frame, &page)
}

fn length(document: &TermsDocument) -> usize {
    match &document.body {
        TermsBody::Text(prose) => prose.chars(),
        TermsBody::Pdf(_) => 0,
    }
}

fn shown_document(t: &Words, session: &str, place: usize, document: &TermsDocument) -> Document {
    match &document.body {
        TermsBody::Text(prose) => {
            let sections = sections(place, prose);
            let heads = sections
                .iter()
                .filter_map(|section| Some((section.id.clone(), section.heading.as_ref()?.1.clone())));
            let contents: Vec<_> = heads.collect();
            let is_listed = prose.chars() > VERY_LONG_CHARS && contents.len() >= CONTENTS_MIN;
            let page = t.language().tag();
            let language = prose.language.clone().filter(|tag| primary(tag) != primary(page));
            Document::Text {
                language_name: language
                    .as_deref()
                    .and_then(|tag| Language::all().find(|known| primary(known.tag()) == primary(tag)))
                    .map(Language::name),
                language,
                contents: if is_listed { contents } else { Vec::new() },
                sections,
            }
        }
        TermsBody::Pdf(bytes) => Document::Pdf {
            href: paths::terms_pdf(session, document.asset.as_str()),
            size: t.terms_size(bytes.div_ceil(1_000).to_string()),
        },
    }
}

/// The language of a tag, without its script and region.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// The blocks by heading. A document without headings is one section.
fn sections(document: usize, prose: &Prose) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for block in &prose.blocks {
        let heading = match block {
            Block::Heading(level, text) => Some((*level, text.clone())),
            Block::Paragraph(_) | Block::List { .. } | Block::Table(_) => None,
        };
        if sections.is_empty() || heading.is_some() {
            sections.push(Section {
                id: format!("part-{document}-{}", sections.len()),
                heading: heading.clone(),
                blocks: Vec::new(),
            });
        }
        if let (None, Some(section)) = (heading, sections.last_mut()) {
            section.blocks.push(block.clone());
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::prose::Run;

    #[test]
    fn a_heading_begins_a_section() {
        let text = |text: &str| Block::Paragraph(vec![Run::plain(text)]);
        let prose = Prose {
            language: None,
            blocks: vec![
                text("first"),
                Block::Heading(3, "A".to_owned()),
                text("of a"),
                text("too"),
                Block::Heading(4, "B".to_owned()),
            ],
        };
        let sections = sections(0, &prose);
        let told: Vec<_> = sections
            .iter()
            .map(|section| (section.id.as_str(), section.heading.is_some(), section.blocks.len()))
            .collect();
        assert_eq!(
            told,
            [("part-0-0", false, 1), ("part-0-1", true, 2), ("part-0-2", true, 0)]
        );
    }
}
