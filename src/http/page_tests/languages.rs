//! Every page in every language: whole, in that language, and named as it is headed.

use super::*;
use crate::words::{Language, Words};

/// Elements whose content is text, with it: `h1` and the like, without the tags inside.
fn texts(page: &str, element: &str) -> Vec<String> {
    let (start, end) = (format!("<{element}"), format!("</{element}>"));
    let starts = page.match_indices(&start).filter_map(|(at, _)| {
        let rest = &page[at + start.len()..];
        let rest = rest.starts_with(['>', ' ']).then_some(rest)?;
        Some(&rest[rest.find('>')? + 1..rest.find(&end)?])
    });
    starts.map(plain).collect()
}

/// What is read of a piece of HTML.
pub(super) fn plain(html: &str) -> String {
    let mut text = String::new();
    for (at, piece) in html.split('<').enumerate() {
        let piece = if at == 0 {
            piece
        } else {
            piece.split_once('>').map_or("", |(_, after)| after)
        };
        text.push_str(piece);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn every_page_is_whole_in_every_language() {
    for language in Language::with_pseudo() {
        let visit = Visit {
            words: Words::new(language, "Tidemark Wallet".into()),
            ..Visit::sample()
        };
        for (name, response) in every_page(&visit).await {
            let page = html(response).await;
            let what = format!("{name} in {language:?}");
            let root = format!("<html lang=\"{}\" dir=\"{}\"", language.tag(), language.direction());
            assert!(page.contains(&root), "{what}");
            let headings = texts(&page, "h1");
            assert_eq!(headings.len(), 1, "{what}");
            assert!(!headings[0].is_empty(), "{what}");
            let main = &page[page.find("<main").expect("main")..page.find("</main>").expect("the end of main")];
            assert!(main.matches("class=\"button\"").count() <= 1, "{what}");
            for forbidden in ["style=\"", "autofocus", "target=", "onclick", "{{", "{%", "{ $"] {
                assert!(!page.contains(forbidden), "{what} holds {forbidden}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_is_named_as_it_is_headed_and_says_error_where_a_form_went_wrong() {
    for (name, response) in every_page(&Visit::sample()).await {
        if name.contains("hostile") {
            continue;
        }
        let page = html(response).await;
        let (heading, title) = (texts(&page, "h1").remove(0), texts(&page, "title").remove(0));
        let is_form_error = page.contains("role=\"alert\"");
        let expected = if is_form_error {
            format!("Error: {heading}")
        } else {
            heading
        };
        assert_eq!(title, format!("{expected} – Tidemark Wallet"), "{name}");
    }
}
