//! `[brand]`: what makes the pages this wallet's own.

use super::reader::Reader;
use super::tokens::{self, Tokens};

/// `[brand]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The wallet's name on pages and towards issuers.
    pub name: String,
    /// Its own mark, SVG or PNG, as it is in the file. What is in it is looked at by whoever serves it.
    pub logo: Option<Vec<u8>>,
    /// What it says over the colours, corners and fonts of the style sheet.
    pub tokens: Tokens,
}

impl Brand {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let name = reader.required_parsed("brand.name", "the wallet's name", name);
        let logo = reader.public_file("brand.logo_file");
        let tokens = design_tokens(reader);
        Some(Self {
            name: name?,
            logo,
            tokens: tokens?,
        })
    }
}

fn design_tokens(reader: &mut Reader) -> Option<Tokens> {
    let path = reader.text("brand.tokens_file");
    if path.is_empty() {
        return Some(Tokens::default());
    }
    let read = tokens::read(&reader.resolve(&path));
    read.map_err(|faults| reader.faults.extend(faults)).ok()
}

fn name(text: &str) -> Result<String, &'static str> {
    if (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text.trim() == text {
        Ok(text.to_owned())
    } else {
        Err("must be 1 to 100 characters without line breaks or outer spaces")
    }
}
