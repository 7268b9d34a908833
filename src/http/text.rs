//! Words: other people's names made safe to read, and codes as people type them.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::{CodePointMapData, CodePointSetData};

/// The longest name that is shown, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// Somebody else's name as it is shown: no control characters, nothing that turns or hides text, not endless.
///
/// A name that is written from right to left is isolated, so that it cannot rearrange the sentence around it.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut shown = 0;
    let mut marks = 0;
    for character in name.chars() {
        if character.is_whitespace() {
            if !plain.ends_with(' ') && !plain.is_empty() {
                plain.push(' ');
            }
            continue;
        }
        if character.is_control() || is_invisible(character) {
            continue;
        }
        let most = marks_max(character);
        marks = if most.is_some() { marks + 1 } else { 0 };
        if most.is_some_and(|most| marks > most) {
            continue;
        }
        if shown == NAME_LENGTH_MAX {
            plain.push('…');
            break;
        }
        shown += 1;
        plain.push(character);
    }
    let plain = plain.trim_end();
    if plain.chars().any(is_right_to_left) {
        format!("\u{2068}{plain}\u{2069}")
    } else {
        plain.to_owned()
    }
}

/// A number that is the same for the same text: which colours it gets, under which name a file is served (FNV-1a).
#[must_use]
pub const fn digest(bytes: &[u8]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut index = 0;
    while index < bytes.len() {
        hash ^= bytes[index] as u64;
        hash = hash.wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    hash
}

/// A code as it was meant: without the spaces and hyphens people put in, digits of every script as ASCII.
#[must_use]
pub fn typed_code(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && !is_hyphen(*character) && !is_invisible(*character))
        .map(ascii_digit)
        .collect()
}

fn is_hyphen(character: char) -> bool {
    matches!(
        character,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}'
    )
}

fn ascii_digit(character: char) -> char {
    let value = u32::from(character);
    ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&value))
        .and_then(|zero| char::from_digit(value - zero, 10))
        .unwrap_or(character)
}

/// The zeros of the decimal digits in use outside ASCII (Unicode `Nd`): Arabic, Persian, N'Ko, the scripts of India,
/// Thai, Lao, Tibetan, Burmese, Khmer, Mongolian, full width.
const ZEROS: [u32; 19] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
    0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10,
];

/// Characters that are not seen themselves and change how others are: zero width, direction, tags, fillers; and the empty
/// Braille cell, which is a space to the eye alone.
fn is_invisible(character: char) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    ignorable.contains(character) || matches!(character, '\u{fff9}'..='\u{fffb}' | '\u{2800}')
}

/// How many marks may follow one another, if this is one: of those that can be put over and under any letter two; of the
/// vowels and tones that scripts write as marks as many as a syllable has.
fn marks_max(character: char) -> Option<usize> {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    let is_mark = GeneralCategoryGroup::Mark.contains(category);
    let script = CodePointMapData::<Script>::new().get(character);
    is_mark.then_some(match script {
        Script::Inherited | Script::Common => 2,
        _ => 4,
    })
}

fn is_right_to_left(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_cannot_play_with_the_sentence() {
        for (name, shown) in [
            ("Havørn Bank", "Havørn Bank"),
            ("  Havørn \n\t Bank ", "Havørn Bank"),
            ("evil\u{202e}knab", "evilknab"),
            ("a\u{200b}b\u{feff}c\u{ad}d", "abcd"),
            ("nul\0bell\u{7}", "nulbell"),
            ("بنك الغافة", "\u{2068}بنك الغافة\u{2069}"),
            ("蛍火銀行", "蛍火銀行"),
            ("e\u{301}\u{302}\u{303}\u{304}x", "e\u{301}\u{302}x"),
            (
                "ב\u{5b8}\u{592}\u{5b8}\u{592}\u{5b8}\u{592}",
                "\u{2068}ב\u{5b8}\u{592}\u{5b8}\u{592}\u{2069}",
            ),
            (
                "ก\u{e35}\u{e49}ก\u{e49}\u{e49}\u{e49}\u{e49}\u{e49}",
                "ก\u{e35}\u{e49}ก\u{e49}\u{e49}\u{e49}\u{e49}",
            ),
            ("क्ष्मीं", "क्ष्मीं"),
            ("Hav\u{34f}ørn Bank\u{2800}", "Havørn Bank"),
            ("a\u{17b4}b\u{180b}c\u{1bca0}d\u{1d173}e\u{3164}f", "abcdef"),
            ("", ""),
        ] {
            assert_eq!(plain_name(name), shown);
        }
        let long = plain_name(&"ab ".repeat(5_000));
        assert!(long.chars().filter(|c| !c.is_whitespace()).count() == 101 && long.ends_with('…'));
        assert!(
            plain_name(&"<script>".repeat(2)).contains("<script>"),
            "escaping is the template's"
        );
    }

    #[test]
    fn codes_are_read_as_they_are_meant() {
        for text in [
            "123456",
            " 123 456 ",
            "123-456",
            "12–34–56",
            "１２３４５６",
            "١٢٣٤٥٦",
            "۱۲۳۴۵۶",
            "१२३४५६",
        ] {
            assert_eq!(typed_code(text), "123456", "{text}");
        }
        assert_eq!(typed_code("ab 12"), "ab12");
    }
}
