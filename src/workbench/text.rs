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

/// A span of time, for people: the largest unit of which there are two or more.
#[must_use]
pub fn span(ms: i64) -> String {
    let seconds = ms / 1_000;
    match seconds {
        1 => "1 second".to_owned(),
        ..=119 => format!("{seconds} seconds"),
        120..=7_199 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3_600),
    }
}

/// A clause as a sentence of its own. A name that it begins with keeps its letters, between backquotes.
#[must_use]
pub fn sentence(clause: &str) -> String {
    let first = clause.split(' ').next().unwrap_or_default();
    if first.contains('_') {
        return format!("`{first}`{}.", &clause[first.len()..]);
    }
    let mut letters = clause.chars();
    let capital = letters.next().map(|letter| letter.to_uppercase().to_string());
    format!("{}{}.", capital.unwrap_or_default(), letters.as_str())
}

/// `message 4`, or `messages 4, 6 and 9`.
#[must_use]
pub fn messages(numbers: &[u64]) -> String {
    let all: Vec<String> = numbers.iter().map(u64::to_string).collect();
    match all.as_slice() {
        [] => "no message".to_owned(),
        [one] => format!("message {one}"),
        [first @ .., last] => format!("messages {} and {last}", first.join(", ")),
    }
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
    fn spans_clauses_and_numbers_are_said_as_people_say_them() {
        let said = [1_000, 2_000, 119_000, 120_000, 7_199_000, 7_200_000].map(span);
        let wanted = [
            "1 second",
            "2 seconds",
            "119 seconds",
            "2 minutes",
            "119 minutes",
            "2 hours",
        ];
        assert_eq!(said, wanted);
        assert_eq!(sentence("the port was left out"), "The port was left out.");
        assert_eq!(sentence("oauth_nonce is old"), "`oauth_nonce` is old.");
        assert_eq!(messages(&[4]), "message 4");
        assert_eq!(messages(&[4, 6, 9]), "messages 4, 6 and 9");
    }

    #[test]
    fn names_of_fields_stand_between_backquotes() {
        let found = prose("Expected `kid` = a");
        assert_eq!(found[1], Piece::Code("kid".to_owned()));
        assert_eq!(found.len(), 3);
    }
}
