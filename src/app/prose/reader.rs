//! Reading: words and tags one after another, put where they belong.

use std::sync::Arc;

use html5gum::StartTag;
use url::Url;

use super::{Block, Mark, Prose, Run, joined};

pub(super) fn name(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_ascii_lowercase()
}

/// The most that a document may cost, in about the bytes of its page: its words, its links' addresses, and something for
/// every piece of it, however few words that has.
pub(super) const COST_MAX: usize = 1024 * 1024;
/// What a piece costs besides.
const COST_OF_PIECE: usize = 64;
/// What a heading costs, which also stands in the list of contents.
const COST_OF_HEADING: usize = 256;
/// The longest address that a link may lead to, in bytes.
const HREF_MAX: usize = 2_048;

/// Elements whose content is not for reading.
const SILENT: &[&str] = &[
    "script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea",
    "button",
];
/// Those of them whose words no browser shows.
const UNSEEN: [&str; 4] = ["script", "style", "title", "template"];
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

/// What has been read so far.
#[derive(Default)]
pub(super) struct Reader {
    language: Option<String>,
    blocks: Vec<Block>,
    /// The words since the last block ended.
    runs: Vec<Run>,
    heading: Option<u8>,
    lists: Vec<Level>,
    in_table: bool,
    strong: usize,
    emphasis: usize,
    link: Option<Arc<str>>,
    /// The element that is left out, and how many of its name are open in it.
    silent: Option<(String, usize)>,
    /// How many elements that nobody sees are open in the one that is left out.
    unseen: usize,
    /// Words were left out that a browser would show.
    has_lost: bool,
    /// What has been read, in [`COST_MAX`]'s unit.
    pub(super) cost: usize,
}

impl Reader {
    pub(super) fn open(&mut self, tag: &StartTag<()>) {
        let name = name(&tag.name);
        if let Some((silent, depth)) = &mut self.silent {
            *depth += usize::from(*silent == name && !tag.self_closing);
            self.unseen += usize::from(UNSEEN.contains(&name.as_str()) && !tag.self_closing);
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
            "a" => self.link = attribute(tag, "href").and_then(|href| secure(&href)).map(Arc::from),
            // Only foreign elements close themselves: `<script/>` is the beginning of a script.
            silent if SILENT.contains(&silent) && !(tag.self_closing && FOREIGN.contains(&silent)) => {
                self.unseen = usize::from(UNSEEN.contains(&silent));
                self.silent = Some((name, 1));
            }
            block if BLOCKS.contains(&block) => self.flush(),
            _ => {}
        }
    }

    pub(super) fn close(&mut self, name: &str) {
        if let Some((silent, depth)) = &mut self.silent {
            *depth -= usize::from(silent == name);
            self.unseen = self.unseen.saturating_sub(usize::from(UNSEEN.contains(&name)));
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
        self.cost += COST_OF_PIECE;
        if let Some(Block::Table(rows)) = self.blocks.last_mut() {
            match rows.last_mut() {
                Some(cells) if name != "tr" => cells.push(Vec::new()),
                _ => rows.push(if name == "tr" { Vec::new() } else { vec![Vec::new()] }),
            }
        }
    }

    /// Words as they stand there: any space between them is one.
    pub(super) fn words(&mut self, text: &str) {
        if self.silent.is_some() {
            self.has_lost |= self.unseen == 0 && text.chars().any(is_seen);
            return;
        }
        let mark = match &self.link {
            Some(href) => Mark::Link(href.clone()),
            None if self.strong > 0 => Mark::Strong,
            None if self.emphasis > 0 => Mark::Emphasis,
            None => Mark::Plain,
        };
        let mut goes_on = self.runs.last().is_some_and(|run| run.mark == mark);
        for character in text.chars() {
            let is_space = character.is_whitespace();
            let ends_in_space = self.runs.last().is_none_or(|run| run.text.ends_with(' '));
            if is_space && ends_in_space || !is_space && !is_seen(character) {
                continue;
            }
            if !goes_on {
                self.cost += COST_OF_PIECE + self.link.as_ref().map_or(0, |href| href.len());
                self.runs.push(Run {
                    text: String::new(),
                    mark: mark.clone(),
                });
                goes_on = true;
            }
            if let Some(run) = self.runs.last_mut() {
                run.text.push(if is_space { ' ' } else { character });
            }
        }
        self.cost += text.len();
    }

    /// Ends what is being read, and puts it where it belongs.
    pub(super) fn flush(&mut self) {
        let mut runs = std::mem::take(&mut self.runs);
        if let Some(last) = runs.last_mut() {
            last.text.truncate(last.text.trim_end().len());
        }
        runs.retain(|run| !run.text.is_empty());
        if runs.is_empty() {
            return;
        }
        self.cost += if self.heading.is_some() {
            COST_OF_HEADING
        } else {
            COST_OF_PIECE
        };
        if self.in_table {
            return self.put_into_cell(runs);
        }
        match (self.heading, self.lists.last_mut()) {
            (Some(level), _) => self.blocks.push(Block::Heading(level, joined(&runs))),
            (None, Some(list)) => put_into_list(&mut self.blocks, list, runs),
            (None, None) => self.blocks.push(Block::Paragraph(runs)),
        }
    }

    /// The document, if it is whole and not too much.
    pub(super) fn end(mut self) -> Option<Prose> {
        for block in &mut self.blocks {
            if let Block::Table(rows) = block {
                rows.retain(|cells| cells.iter().any(|runs| !runs.is_empty()));
            }
        }
        self.blocks.retain(|block| *block != Block::Table(Vec::new()));
        (self.cost <= COST_MAX && !self.has_lost).then_some(Prose {
            language: self.language,
            blocks: self.blocks,
        })
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

/// Whether a character is there for readers: none that steers a terminal, turns the writing round or hides.
fn is_seen(character: char) -> bool {
    let turns_or_hides =
        matches!(character, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    !character.is_control() && !character.is_whitespace() && !turns_or_hides
}

/// An address that a link may lead to.
fn secure(href: &str) -> Option<String> {
    let url = Url::parse(href.trim()).ok().filter(|_| href.len() <= HREF_MAX)?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && is_plain && url.has_host()).then(|| url.to_string())
}
