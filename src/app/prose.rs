//! Documents of others as values: HTML is reduced to headings, paragraphs, lists, tables and a few words in them, so that
//! nothing of its markup can reach a page of ours.
//!
//! `html5gum` reads the tags as browsers do. What is no text for reading is left out with all that is in it; of everything
//! else only the words remain.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};
use url::Url;

/// A document to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// The tag of its language (BCP 47), if it tells.
    pub language: Option<String>,
    /// What it is made of, in order. Nothing in it is empty.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading and its level in our page: 3 or 4.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A list.
    List {
        /// The number of the first item; a list without numbers has none.
        first: Option<usize>,
        /// The items.
        items: Vec<Vec<Run>>,
    },
    /// Rows of cells.
    Table(Vec<Vec<Vec<Run>>>),
}

/// Words of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The words.
    pub text: String,
    /// What is special about them.
    pub mark: Mark,
}

/// What is special about words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    Plain,
    /// They are important.
    Strong,
    /// They are stressed.
    Emphasis,
    /// They lead to an address, which is `https`.
    Link(String),
}

impl Run {
    /// Words with nothing special about them.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            mark: Mark::Plain,
        }
    }
}

impl Prose {
    /// Plain text, in paragraphs.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let paragraphs = lines
            .split("\n\n")
            .map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
        Self {
            language: None,
            blocks: paragraphs
                .filter(|text| !text.is_empty())
                .map(|text| Block::Paragraph(vec![Run::plain(text)]))
                .collect(),
        }
    }

    /// An HTML document.
    #[must_use]
    pub fn of_html(html: &str) -> Self {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut reader = Reader::default();
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => reader.open(&tag),
                Token::EndTag(tag) => reader.close(&name(&tag.name)),
                Token::String(text) => reader.words(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        reader.flush();
        for block in &mut reader.blocks {
            if let Block::Table(rows) = block {
                rows.retain(|cells| cells.iter().any(|runs| !runs.is_empty()));
            }
        }
        reader.blocks.retain(|block| *block != Block::Table(Vec::new()));
        Self {
            language: reader.language,
            blocks: reader.blocks,
        }
    }

    /// Every block as one text, for who shows no more than that. Each item of a list and each row of a table is one.
    #[must_use]
    pub fn paragraphs(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for block in &self.blocks {
            match block {
                Block::Heading(_, text) => texts.push(text.clone()),
                Block::Paragraph(runs) => texts.push(joined(runs)),
                Block::List { items, .. } => texts.extend(items.iter().map(|runs| joined(runs))),
                Block::Table(rows) => {
                    let row =
                        |cells: &Vec<Vec<Run>>| cells.iter().map(|runs| joined(runs)).collect::<Vec<_>>().join(" ");
                    texts.extend(rows.iter().map(row));
                }
            }
        }
        texts
    }

    /// How long it is, in characters.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.paragraphs().iter().map(|text| text.chars().count()).sum()
    }
}

fn joined(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_ascii_lowercase()
}

/// Elements whose content is not for reading.
const SILENT: &[&str] = &[
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea",
    "button",
];
/// Those of them that end where they begin if they say so.
const FOREIGN: [&str; 2] = ["svg", "math"];
/// Elements around which a paragraph ends.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "section",
    "article",
    "main",
    "hr",
    "blockquote",
    "dl",
    "dt",
    "dd",
    "header",
    "footer",
    "address",
    "pre",
    "figure",
    "figcaption",
    "form",
    "body",
];

/// A list that is being read.
struct Level {
    numbered: bool,
    /// Items so far.
    count: usize,
    /// The next words begin an item.
    is_next: bool,
}

#[derive(Default)]
struct Reader {
    language: Option<String>,
    blocks: Vec<Block>,
    /// The words since the last block ended.
    runs: Vec<Run>,
    heading: Option<u8>,
    lists: Vec<Level>,
    in_table: bool,
    strong: usize,
    emphasis: usize,
    link: Option<String>,
    /// The element that is left out, and how many of its name are open in it.
    silent: Option<(String, usize)>,
}

impl Reader {
    fn open(&mut self, tag: &StartTag<()>) {
        let name = name(&tag.name);
        if let Some((silent, depth)) = &mut self.silent {
            *depth += usize::from(*silent == name && !tag.self_closing);
            return;
        }
        match name.as_str() {
            "html" => self.language = attribute(tag, "lang").filter(|lang| is_language(lang)),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = Some(if name == "h1" { 3 } else { 4 });
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.push(Level {
                    numbered: name == "ol",
                    count: 0,
                    is_next: false,
                });
            }
            "li" => {
                self.flush();
                if let Some(list) = self.lists.last_mut() {
                    list.is_next = true;
                }
            }
            "table" => {
                self.flush();
                self.in_table = true;
                self.blocks.push(Block::Table(Vec::new()));
            }
            "tr" | "td" | "th" if self.in_table => self.cell(&name),
            "br" if self.in_table || !self.lists.is_empty() => self.words(" "),
            "br" => self.flush(),
            "strong" | "b" => self.strong += 1,
            "em" | "i" => self.emphasis += 1,
            "a" => self.link = attribute(tag, "href").and_then(|href| secure(&href)),
            // Only foreign elements close themselves: `<script/>` is the beginning of a script.
            silent if SILENT.contains(&silent) && !(tag.self_closing && FOREIGN.contains(&silent)) => {
                self.silent = Some((name, 1));
            }
            block if BLOCKS.contains(&block) => self.flush(),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((silent, depth)) = &mut self.silent {
            *depth -= usize::from(silent == name);
            if *depth == 0 {
                self.silent = None;
            }
            return;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = None;
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.pop();
            }
            "table" => {
                self.flush();
                self.in_table = false;
            }
            "strong" | "b" => self.strong = self.strong.saturating_sub(1),
            "em" | "i" => self.emphasis = self.emphasis.saturating_sub(1),
            "a" => self.link = None,
            "li" | "td" | "th" | "tr" | "caption" => self.flush(),
            block if BLOCKS.contains(&block) => self.flush(),
            _ => {}
        }
    }

    fn cell(&mut self, name: &str) {
        self.flush();
        if let Some(Block::Table(rows)) = self.blocks.last_mut() {
            match rows.last_mut() {
                Some(cells) if name != "tr" => cells.push(Vec::new()),
                _ => rows.push(if name == "tr" { Vec::new() } else { vec![Vec::new()] }),
            }
        }
    }

    /// Words as they stand there: any space between them is one.
    fn words(&mut self, text: &str) {
        if self.silent.is_some() {
            return;
        }
        let mark = match &self.link {
            Some(href) => Mark::Link(href.clone()),
            None if self.strong > 0 => Mark::Strong,
            None if self.emphasis > 0 => Mark::Emphasis,
            None => Mark::Plain,
        };
        for character in text.chars() {
            let is_space = character.is_whitespace();
            let ends_in_space = self.runs.last().is_none_or(|run| run.text.ends_with(' '));
            if is_space && ends_in_space || character.is_control() && !is_space {
                continue;
            }
            let character = if is_space { ' ' } else { character };
            match self.runs.last_mut() {
                Some(run) if run.mark == mark => run.text.push(character),
                _ => self.runs.push(Run {
                    text: character.to_string(),
                    mark: mark.clone(),
                }),
            }
        }
    }

    /// Ends what is being read, and puts it where it belongs.
    fn flush(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        if let Some(last) = runs.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        runs.retain(|run| !run.text.is_empty());
        if runs.is_empty() {
            return;
        }
        if self.in_table {
            return self.put_into_cell(runs);
        }
        match (self.heading, self.lists.last_mut()) {
            (Some(level), _) => self.blocks.push(Block::Heading(level, joined(&runs))),
            (None, Some(list)) => put_into_list(&mut self.blocks, list, runs),
            (None, None) => self.blocks.push(Block::Paragraph(runs)),
        }
    }

    fn put_into_cell(&mut self, runs: Vec<Run>) {
        let Some(Block::Table(rows)) = self.blocks.last_mut() else {
            return self.blocks.push(Block::Paragraph(runs));
        };
        match rows.last_mut().and_then(|cells| cells.last_mut()) {
            Some(cell) => more(cell, runs),
            None => rows.push(vec![runs]),
        }
    }
}

/// Another item, or more of the last one. A list goes on with its number after a list inside it.
fn put_into_list(blocks: &mut Vec<Block>, list: &mut Level, runs: Vec<Run>) {
    let goes_on = match blocks.last() {
        Some(Block::List { first, items }) => {
            first.is_some() == list.numbered
                && list.count > 0
                && first.is_none_or(|first| first + items.len() == list.count + 1)
        }
        _ => false,
    };
    let is_new = std::mem::take(&mut list.is_next) || list.count == 0;
    list.count += usize::from(is_new);
    match blocks.last_mut() {
        Some(Block::List { items, .. }) if goes_on && is_new => items.push(runs),
        Some(Block::List { items, .. }) if goes_on => {
            if let Some(item) = items.last_mut() {
                more(item, runs);
            }
        }
        _ if is_new => blocks.push(Block::List {
            first: list.numbered.then_some(list.count),
            items: vec![runs],
        }),
        _ => blocks.push(Block::Paragraph(runs)),
    }
}

fn more(runs: &mut Vec<Run>, others: Vec<Run>) {
    if !runs.is_empty() {
        runs.push(Run::plain(" "));
    }
    runs.extend(others);
}

fn attribute(tag: &StartTag<()>, wanted: &str) -> Option<String> {
    let (_, value) = tag
        .attributes
        .iter()
        .find(|(name, _)| name.as_slice() == wanted.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The form of a language tag, whichever language it is.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_primary = |part: &str| (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.len() <= 35 && parts.next().is_some_and(is_primary) && parts.all(is_part)
}

/// An address that a link may lead to.
fn secure(href: &str) -> Option<String> {
    let url = Url::parse(href.trim()).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && is_plain && url.has_host()).then(|| url.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(html: &str) -> Vec<String> {
        Prose::of_html(html).paragraphs()
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![Run::plain(text)])
    }

    fn items(texts: &[&str]) -> Vec<Vec<Run>> {
        texts.iter().map(|text| vec![Run::plain(*text)]).collect()
    }

    #[test]
    fn html_becomes_paragraphs_of_plain_text() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><h1>Conditions</h1>\
                    <p>Fish &amp; chips &#8364;5 &lt;b&gt;</p><script>alert('<p>no</p>')</script>\
                    <ul><li>one</li><li>two<br/>three</li></ul><!-- <p>hidden</p> --><img src=x onerror=alert(1)>end";
        assert_eq!(
            paragraphs(html),
            ["Conditions", "Fish & chips €5 <b>", "one", "two three", "end"]
        );
    }

    #[test]
    fn what_a_document_is_made_of_is_kept() {
        let html = "<h1>A</h1><h2>B</h2><p>not <b>all</b> is <em>well</em>, \
                    <a href=\"https://bank.example/x\" onclick=\"x()\">see</a></p>\
                    <table><thead><tr><th>Fee</th><th>Sum</th></tr></thead><tr><td>None</td><td>0 <i>€</i></td></tr></table>";
        let run = |text: &str, mark| Run {
            text: text.to_owned(),
            mark,
        };
        assert_eq!(
            Prose::of_html(html).blocks,
            [
                Block::Heading(3, "A".to_owned()),
                Block::Heading(4, "B".to_owned()),
                Block::Paragraph(vec![
                    Run::plain("not "),
                    run("all", Mark::Strong),
                    Run::plain(" is "),
                    run("well", Mark::Emphasis),
                    Run::plain(", "),
                    run("see", Mark::Link("https://bank.example/x".to_owned())),
                ]),
                Block::Table(vec![
                    items(&["Fee", "Sum"]),
                    vec![
                        vec![Run::plain("None")],
                        vec![Run::plain("0 "), run("€", Mark::Emphasis)]
                    ],
                ]),
            ]
        );
    }

    #[test]
    fn numbers_go_on_after_a_list_inside_a_list() {
        let html = "<ol><li>one<ul><li>inner</li></ul></li><li><p>two</p><p>and more</p></li></ol><p>end</p>";
        let two = vec![Run::plain("two"), Run::plain(" "), Run::plain("and more")];
        assert_eq!(
            Prose::of_html(html).blocks,
            [
                Block::List {
                    first: Some(1),
                    items: items(&["one"])
                },
                Block::List {
                    first: None,
                    items: items(&["inner"])
                },
                Block::List {
                    first: Some(2),
                    items: vec![two]
                },
                paragraph("end"),
            ]
        );
    }

    #[test]
    fn only_secure_addresses_are_links_and_only_tags_are_languages() {
        for href in [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "http://bank.example/",
            "//bank.example/",
            "/sessions/x",
            "data:text/html,x",
            "https://user@bank.example/",
            "mailto:a@b.example",
            "https://",
        ] {
            let prose = Prose::of_html(&format!("<a href=\"{href}\">here</a>"));
            assert_eq!(prose.blocks, [paragraph("here")], "{href}");
        }
        for (html, language) in [
            ("<html lang=fr>", Some("fr")),
            ("<!doctype html><HTML LANG='zh-Hant-TW'>", Some("zh-Hant-TW")),
            ("<html lang=''>", None),
            ("<html lang='\"><script>'>", None),
            ("<html>", None),
        ] {
            assert_eq!(Prose::of_html(html).language.as_deref(), language, "{html}");
        }
    }

    #[test]
    fn broken_html_ends_quietly() {
        for html in [
            "<",
            "<p",
            "&#xffffffff;",
            "&",
            "<!-- open",
            "é<é>é",
            "&é;",
            "</table><td>x<tr>y</li></ol>",
            "<table><p>x<table><tr></table>y</table>z",
            "</b></em></a></script>x",
            "<li>x<li>y",
        ] {
            let _ = paragraphs(html);
        }
        assert_eq!(paragraphs("a<script>never closed"), ["a"]);
        assert_eq!(paragraphs("a<script src=\"x\"/>never read</script><p>b"), ["a", "b"]);
        assert_eq!(paragraphs("a<svg/>b"), ["ab"]);
        assert_eq!(paragraphs("1 &bogus; 2"), ["1 &bogus; 2"]);
        assert_eq!(paragraphs("<a title=\"1 > 2\">x</a> &larr; y"), ["x ← y"]);
        assert_eq!(paragraphs("<svg><svg><text>no</text></svg>no</svg>yes"), ["yes"]);
        assert_eq!(paragraphs("<head><meta charset=x><body>words"), ["words"]);
    }
}
