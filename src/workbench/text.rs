//! Texts with aliases and names in them, cut into what a template can show.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it is.
    Plain(String),
    /// The name of a field.
    Code(String),
    /// What stands for a value that must not be known, and its colour: equal values have the same.
    Chip(String, u8),
}

/// How many colours chips have; there are words on all of them.
pub const COLOURS: u8 = 8;

/// Finds aliases (between ⟦ and ⟧) in a text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some((before, (alias, after))) = rest
        .split_once('⟦')
        .and_then(|(before, after)| Some((before, after.split_once('⟧')?)))
    {
        plain(before, &mut all);
        all.push(Piece::Chip(alias.to_owned(), colour(alias)));
        rest = after;
    }
    plain(rest, &mut all);
    all
}

fn plain(text: &str, all: &mut Vec<Piece>) {
    if !text.is_empty() {
        all.push(Piece::Plain(text.to_owned()));
    }
}

/// The same, with names of fields between backquotes.
#[must_use]
pub fn prose(text: &str) -> Vec<Piece> {
    let cut = text.split('`').enumerate();
    cut.flat_map(|(at, part)| match at % 2 {
        0 => pieces(part),
        _ => vec![Piece::Code(part.to_owned())],
    })
    .collect()
}

/// Without any marks, for exports: `4f2c…91ab (session-A)`.
#[must_use]
pub fn flat(text: &str) -> String {
    text.replace('⟦', "(").replace('⟧', ")")
}

/// Letters count up, so neighbours differ.
fn colour(alias: &str) -> u8 {
    let letters = alias.rsplit_once('-').map_or(alias, |(_, letters)| letters);
    let sum = letters.bytes().fold(0_u32, |sum, byte| {
        sum.wrapping_mul(26).wrapping_add(u32::from(byte.wrapping_sub(b'A')))
    });
    u8::try_from(sum % u32::from(COLOURS)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_become_chips_and_equal_ones_have_one_colour() {
        let found = pieces("4f2c…91ab ⟦session-A⟧ and ⟦session-B⟧.");
        let [
            Piece::Plain(shown),
            Piece::Chip(a, first),
            _,
            Piece::Chip(_, second),
            Piece::Plain(end),
        ] = &found[..]
        else {
            panic!("{found:?}");
        };
        assert_eq!(
            (shown.as_str(), a.as_str(), end.as_str()),
            ("4f2c…91ab ", "session-A", ".")
        );
        assert_ne!(first, second);
        assert_eq!(pieces("⟦session-A⟧"), [Piece::Chip("session-A".to_owned(), *first)]);
        // Half a mark is a text.
        assert_eq!(pieces("a ⟦b"), [Piece::Plain("a ⟦b".to_owned())]);
        assert_eq!(flat("x ⟦session-A⟧"), "x (session-A)");
    }

    #[test]
    fn names_of_fields_stand_between_backquotes() {
        let found = prose("Expected `kid` = a");
        assert_eq!(found[1], Piece::Code("kid".to_owned()));
        assert_eq!(found.len(), 3);
    }
}
