//! Documents of others as values: HTML is reduced to headings, paragraphs, lists, tables and a few words in them, so that
//! nothing of its markup can reach a page of ours.
//!
//! `html5gum` reads the tags as browsers do. What is no text for reading is left out with all that is in it; of everything
//! else only the words remain.

use std::sync::Arc;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use url::Url;

use reader::{COST_MAX, Reader, name};

mod reader;

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
    Link(Arc<str>),
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

    /// The host that a link leads to, unless its words are that host or an address there: whoever reads "your bank" and
    /// would come elsewhere sees where.
    #[must_use]
    pub fn leads_to(&self) -> Option<String> {
        let Mark::Link(href) = &self.mark else {
            return None;
        };
        let host = |address: &str| Url::parse(address).ok()?.host_str().map(str::to_owned);
        let words = self.text.trim();
        let told = host(href)?;
        let says_so = words == told || host(words).as_ref() == Some(&told);
        (!says_so).then_some(told)
    }
}

impl Prose {
    /// Plain text, in paragraphs. `None` when there is more of it than [`COST_MAX`] allows.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut reader = Reader::default();
        for block in lines.split("\n\n") {
            reader.words(block);
            reader.flush();
        }
        reader.end()
    }

    /// An HTML document. `None` when there is more of it than [`COST_MAX`] allows, or when words that a browser shows
    /// would be left out: nobody accepts half a document.
    #[must_use]
    pub fn of_html(html: &str) -> Option<Self> {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        let mut reader = Reader::default();
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            if reader.cost > COST_MAX {
                return None;
            }
            match token {
                Token::StartTag(tag) => reader.open(&tag),
                Token::EndTag(tag) => reader.close(&name(&tag.name)),
                Token::String(text) => reader.words(&String::from_utf8_lossy(&text)),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
        reader.flush();
        reader.end()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Prose {
        Prose::of_html(html).expect("it is whole")
    }

    fn paragraphs(html: &str) -> Vec<String> {
        read(html).paragraphs()
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
            read(html).blocks,
            [
                Block::Heading(3, "A".to_owned()),
                Block::Heading(4, "B".to_owned()),
                Block::Paragraph(vec![
                    Run::plain("not "),
                    run("all", Mark::Strong),
                    Run::plain(" is "),
                    run("well", Mark::Emphasis),
                    Run::plain(", "),
                    run("see", Mark::Link("https://bank.example/x".into())),
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
            read(html).blocks,
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
            let prose = read(&format!("<a href=\"{href}\">here</a>"));
            assert_eq!(prose.blocks, [paragraph("here")], "{href}");
        }
        for (html, language) in [
            ("<html lang=fr>", Some("fr")),
            ("<!doctype html><HTML LANG='zh-Hant-TW'>", Some("zh-Hant-TW")),
            ("<html lang=''>", None),
            ("<html lang='\"><script>'>", None),
            ("<html>", None),
        ] {
            assert_eq!(read(html).language.as_deref(), language, "{html}");
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
        assert_eq!(
            paragraphs("<svg><svg><title>no</title></svg><style>no</style> </svg>yes"),
            ["yes"]
        );
        assert_eq!(paragraphs("<head><meta charset=x><body>words"), ["words"]);
    }

    #[test]
    fn a_document_that_would_be_shown_in_part_is_not_shown() {
        for html in [
            "<p>a<svg><p>Clause</p></svg>",
            "<svg><title>x</title><text>Clause</text></svg>",
            "<button>Clause</button>",
            "<select><option>Clause</select>",
            "<object>Clause</object>",
            "<noscript>Clause</noscript>",
            "<textarea>Clause</textarea>",
        ] {
            assert_eq!(Prose::of_html(html), None, "{html}");
        }
        assert_eq!(paragraphs("Fee: \u{202e}00.0 RUE\u{2066}\u{feff}"), ["Fee: 00.0 RUE"]);
        assert_eq!(paragraphs("<p>\u{200b}</p>"), [""; 0]);
    }

    #[test]
    fn a_document_has_limits_however_it_is_made() {
        let far = format!("https://x.example/{}", "a".repeat(2_000));
        for (html, count) in [
            (format!("<a href=\"{far}\">{}", "<p>a".repeat(1_000)), 1_000),
            ("<h1>a".repeat(5_000), 5_000),
            ("<b>a</b><i>b</i>".repeat(10_000), 10_000),
            ("<tr><td>".repeat(20_000), 20_000),
        ] {
            let html = if html.starts_with("<tr>") {
                format!("<table>{html}")
            } else {
                html
            };
            assert_eq!(Prose::of_html(&html), None, "{count} times {}", &html[..20]);
        }
        assert_eq!(Prose::of_text(&"a\n\n".repeat(20_000)), None);
        assert!(Prose::of_text(&"words and more of them\n\n".repeat(5_000)).is_some());
        assert!(Prose::of_html(&"<h2>Part</h2><p>words and more of them</p>".repeat(2_000)).is_some());
        let too_far = format!("<a href=\"{far}{far}\">here</a>");
        assert_eq!(read(&too_far).blocks, [paragraph("here")]);
        // One word of any length is read once, not once for each of its letters.
        let long = format!("<a href=\"{far}\">{}", "b".repeat(200_000));
        assert_eq!(read(&long).chars(), 200_000);
    }

    #[test]
    fn a_link_says_where_it_leads_unless_its_words_do() {
        for (words, told) in [
            ("here", Some("bank.example")),
            ("bank.example", None),
            ("https://bank.example/terms", None),
            ("https://other.example/terms", Some("bank.example")),
            ("other.example/bank.example", Some("bank.example")),
            ("https://bank.example@other.example/", Some("bank.example")),
        ] {
            let prose = read(&format!("<a href=\"https://bank.example/x\">{words}</a>"));
            let [Block::Paragraph(runs)] = prose.blocks.as_slice() else {
                panic!("one paragraph");
            };
            assert_eq!(runs[0].leads_to().as_deref(), told, "{words}");
        }
        assert_eq!(Run::plain("here").leads_to(), None);
    }
}
