//! The outline of every page in English, as a file that people review: headings, links, buttons, fields and what is
//! announced. A page that is not in the file, or is there no more, is a difference too.

use std::fmt::Write as _;
use std::path::Path;

use super::languages::plain;
use super::*;

const FILE: &str = "tests/snapshots/pages.txt";
/// Set to write the file anew; what changed is then for the reader of the difference.
const UPDATE: &str = "TIDEMARK_UPDATE_SNAPSHOTS";

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// One line for each element that a person can be told of.
fn outline(page: &str) -> String {
    let mut lines = String::new();
    let mut rest = &page[page.find("<title>").expect("a title")..];
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let Some((tag, after)) = rest.split_once('>') else {
            break;
        };
        let element = tag.split(' ').next().unwrap_or_default();
        let text = || {
            let inside = after.split(&format!("</{element}>")).next().unwrap_or_default();
            attribute(tag, "aria-label").map_or_else(|| plain(inside), |label| format!("[{label}]"))
        };
        let line = match element {
            "title" | "h1" | "h2" | "h3" | "legend" | "label" | "summary" | "button" => Some(text()),
            "a" => Some(format!("{} -> {}", text(), attribute(tag, "href").unwrap_or("nowhere"))),
            "form" => Some(attribute(tag, "action").unwrap_or_default().to_owned()),
            "input" | "select" => match (attribute(tag, "type"), attribute(tag, "name")) {
                (Some("hidden"), _) => None,
                (kind, name) => Some(format!("{} {}", kind.unwrap_or("choice"), name.unwrap_or_default())),
            },
            _ => None,
        };
        let role = attribute(tag, "role").map(|role| format!("({role}) "));
        if line.is_some() || role.is_some() {
            let indent = if element.starts_with('h') { "" } else { "  " };
            let _ = writeln!(
                lines,
                "{indent}{element} {}{}",
                role.unwrap_or_default(),
                line.unwrap_or_default().trim()
            );
        }
        rest = after;
    }
    lines
}

#[tokio::test]
async fn the_outlines_of_all_pages_are_the_reviewed_ones() {
    let mut outlines = String::from("Made by the_outlines_of_all_pages_are_the_reviewed_ones; see its file.\n");
    for (name, response) in every_page(&Visit::sample()).await {
        if name.contains("hostile") {
            continue;
        }
        let page = html(response).await;
        // What stands around every page stands in the first one.
        let main = page.find("<main").expect("main")..page.find("</main>").expect("its end");
        let title = &page[page.find("<title>").expect("a title")..page.find("</title>").expect("its end")];
        let shown = match name.as_str() {
            "home-empty" => page.clone(),
            _ => format!("{title}</title>{}", &page[main]),
        };
        let _ = write!(outlines, "\n== {name}\n{}", outline(&shown));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os(UPDATE).is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, &outlines).expect("written");
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = outlines.lines().zip(reviewed.lines()).find(|(now, then)| now != then);
    assert!(
        outlines == reviewed,
        "{FILE} has another outline, first at {differs:?}; {UPDATE}=1 writes it anew"
    );
}
