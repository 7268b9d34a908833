//! `[brand]`: what makes the pages this wallet's own.

use super::reader::Reader;

/// `[brand]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The wallet's name on pages and towards issuers.
    pub name: String,
}

impl Brand {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let name = reader.required_parsed("brand.name", "the wallet's name", name);
        Some(Self { name: name? })
    }
}

fn name(text: &str) -> Result<String, &'static str> {
    if (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control) && text.trim() == text {
        Ok(text.to_owned())
    } else {
        Err("must be 1 to 100 characters without line breaks or outer spaces")
    }
}
