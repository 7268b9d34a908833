//! Secrets in texts that are shown, known by their shape.

use super::HIDDEN;
use super::http::Masker;
use super::names::Sort;

/// The longest text that is shown whole.
const LONGEST: usize = 400;
/// A word of letters and digits that is longer is no word.
const WORD_MAX: usize = 31;
/// Digits of a card number.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 12..=19;

impl Masker<'_> {
    /// A text without what looks like a secret or was one before.
    pub fn text(&mut self, text: &str) -> String {
        let mut clean = String::new();
        let mut word = String::new();
        for letter in text.chars().take(LONGEST) {
            if is_of_a_word(letter) {
                word.push(letter);
                continue;
            }
            let shown = self.word(&word);
            clean.push_str(&shown);
            word.clear();
            // Brackets of this kind are ours, and an at sign makes an address of a person.
            clean.push(match letter {
                '⟦' => '[',
                '⟧' => ']',
                letter if letter.is_control() => ' ',
                letter => letter,
            });
        }
        let shown = self.word(&word);
        clean.push_str(&shown);
        if text.chars().nth(LONGEST).is_some() {
            clean.push('…');
        }
        without_card_numbers(&clean)
    }

    /// A value that is shown as it is, unless it was a secret before or looks like a card number.
    pub fn exact(&mut self, text: &str) -> String {
        if let Some(masked) = self.book().known(text) {
            return masked.text();
        }
        let is_plain = text.len() <= 100 && text.chars().all(is_of_a_word) && !is_card_number(text);
        if is_plain { text.to_owned() } else { self.text(text) }
    }

    fn word(&mut self, word: &str) -> String {
        if word.len() < 8 {
            return word.to_owned();
        }
        let (bare, end) = match word.strip_suffix('.') {
            Some(bare) => (bare, "."),
            None => (word, ""),
        };
        if self.is_secret(bare) || bare.contains('@') {
            return format!("{HIDDEN}{end}");
        }
        if let Some(masked) = self.book().known(bare) {
            return format!("{}{end}", masked.text());
        }
        match sort(bare) {
            Some(sort) => format!("{}{end}", self.alias(sort, bare).text()),
            None if is_random(bare) => format!("{HIDDEN}{end}"),
            None => word.to_owned(),
        }
    }
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.~!+@".contains(letter)
}

/// What a word is by its shape.
fn sort(word: &str) -> Option<Sort> {
    let parts: Vec<&str> = word.split('.').collect();
    if parts.len() == 3 && parts.iter().all(|part| part.len() >= 10) && word.to_ascii_lowercase().starts_with("ey") {
        return Some(Sort::Signed);
    }
    if uuid::Uuid::try_parse(word).is_ok() {
        return Some(Sort::Other);
    }
    let (prefix, rest) = word.split_once('-')?;
    let is_receipt = (2..=4).contains(&prefix.len())
        && prefix.bytes().all(|byte| byte.is_ascii_alphabetic())
        && (24..=60).contains(&rest.len())
        && rest.split('-').count() >= 4
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && rest.bytes().any(|byte| byte.is_ascii_digit());
    is_receipt.then_some(Sort::Receipt)
}

/// Too long for a word, and letters and digits mixed within a part: keys, cookies, digests.
fn is_random(word: &str) -> bool {
    let is_random = |piece: &str| {
        let has_digits = piece.bytes().any(|byte| byte.is_ascii_digit());
        piece.len() > WORD_MAX || (has_digits && piece.bytes().any(|byte| byte.is_ascii_alphabetic()))
    };
    word.split(['.', '!', '@'])
        .any(|part| part.len() > WORD_MAX && part.split(['-', '_']).any(is_random))
}

/// Card numbers, with or without spaces and dashes in them, as `•••• 4821`.
fn without_card_numbers(text: &str) -> String {
    let mut clean = String::new();
    let mut run = String::new();
    for letter in text.chars() {
        if letter.is_ascii_digit() || (!run.is_empty() && (letter == ' ' || letter == '-')) {
            run.push(letter);
        } else {
            close(&mut run, &mut clean);
            clean.push(letter);
        }
    }
    close(&mut run, &mut clean);
    clean
}

fn close(run: &mut String, clean: &mut String) {
    let number = run.trim_end_matches([' ', '-']);
    if is_card_number(number) {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        clean.push_str(&card_number(&digits));
        clean.push_str(&run[number.len()..]);
    } else {
        clean.push_str(run);
    }
    run.clear();
}

/// `•••• 4821`.
pub(super) fn card_number(digits: &str) -> String {
    let skipped = digits.chars().count().saturating_sub(4);
    let last: String = digits.chars().skip(skipped).collect();
    format!("•••• {last}")
}

/// As many digits as a card number has, with its check digit. What begins with 20 is a date: no card number does.
fn is_card_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|letter| letter.to_digit(10)).collect();
    let is_digits = text
        .chars()
        .all(|letter| letter.is_ascii_digit() || letter == ' ' || letter == '-');
    if !is_digits || !CARD_DIGITS.contains(&digits.len()) || digits.starts_with(&[2, 0]) || digits[0] == 0 {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::super::{Book, Lexicon};
    use super::*;

    fn shown(text: &str) -> String {
        let mut book = Book::new([1; 32]);
        let lexicon = Lexicon {
            secrets: vec!["consumer!key".to_owned()],
            ..Lexicon::default()
        };
        Masker::new(&mut book, &lexicon).text(text)
    }

    #[test]
    fn secrets_are_found_in_the_middle_of_a_sentence() {
        for (text, wanted) in [
            (
                "The card 5555 5555 5555 4444 was refused.",
                "The card •••• 4444 was refused.",
            ),
            ("5555555555554444", "•••• 4444"),
            ("5555-5555-5555-4444-", "•••• 4444-"),
            (
                "not 5555555555554445, its check digit is wrong",
                "not 5555555555554445, its check digit is wrong",
            ),
            (
                "20260101120000-MDES-token-connect-sim",
                "20260101120000-MDES-token-connect-sim",
            ),
            ("ada@example.org wrote", "••• wrote"),
            ("key consumer!key.", "key •••."),
            (
                "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B is spent",
                "MCC-…B02B ⟦receipt-A⟧ is spent",
            ),
            ("TST-MCC7F0AE-298E-48EB-AA43-A7C40B32DDDE", "TST-…DDDE ⟦receipt-A⟧"),
            (
                "session 4f2c0000-0000-4000-8000-0000000091ab.",
                "session 4f2c…91ab ⟦id-A⟧.",
            ),
            ("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0", "•••"),
            (
                "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0",
                "Mozilla/5.0 (X11; Linux x86_64) Chrome/126.0.0.0",
            ),
            ("a ⟦session-A⟧ of one's own", "a [session-A] of one's own"),
        ] {
            assert_eq!(shown(text), wanted);
        }
        let jws = format!("see eyJhbGciOi.{}.c_Dabcdefgh", "a".repeat(40));
        assert_eq!(shown(&jws), "see eyJh…efgh ⟦signed-data-A⟧");
        assert_eq!(shown(&"word ".repeat(200)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn a_value_that_was_a_secret_once_is_one_everywhere() {
        let mut book = Book::new([1; 32]);
        let lexicon = Lexicon::default();
        let mut masker = Masker::new(&mut book, &lexicon);
        masker.alias(Sort::Task, "a-task-of-ours");
        assert_eq!(masker.text("failed: a-task-of-ours"), "failed: ••• ⟦task-A⟧");
        assert_eq!(masker.exact("a-task-of-ours"), "••• ⟦task-A⟧");
        assert_eq!(
            masker.exact("0f0f0f0f-0000-4000-8000-000000000000"),
            "0f0f0f0f-0000-4000-8000-000000000000"
        );
        assert_eq!(masker.exact("5555555555554444"), "•••• 4444");
    }
}
