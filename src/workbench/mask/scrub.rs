//! Secrets in texts that are shown, known by their shape.

use percent_encoding::percent_decode_str;

use super::HIDDEN;
use super::card::{self, Part, holds_card_number};
use super::http::Masker;
use super::names::Sort;
use crate::workbench::message::Masked;

/// The longest text that is shown whole.
const LONGEST: usize = 400;
/// The longest word of letters and digits: what is longer is none.
const WORD_MAX: usize = 20;
/// The longest word of letters alone, or of digits.
const LETTERS_MAX: usize = 31;
/// What is shorter is no id that nobody guesses, and is not remembered.
const ID_MIN: usize = 16;
/// How many digits a code has that somebody types.
const CODE_DIGITS: std::ops::RangeInclusive<usize> = 4..=8;
/// A text that is percent-encoded more often is not decoded to its end.
const ENCODED_MAX: usize = 8;
/// What a key begins with (RFC 7468).
const PEM: &str = "-----BEGIN";

/// What is done with numbers that may be codes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Codes {
    /// Only how long they are is shown.
    Hidden,
    /// They are shown: there are none where this text comes from, and other numbers say something.
    Shown,
}

/// A piece of a text: what may be shown, or what stands for something that may not.
enum Piece {
    Plain(String),
    Masked(String),
}

impl Masker<'_> {
    /// A text without what looks like a secret or was one before.
    pub fn text(&mut self, text: &str) -> String {
        self.words(text, Codes::Hidden)
    }

    /// The same, with or without numbers that may be codes.
    pub(super) fn words(&mut self, text: &str, codes: Codes) -> String {
        let plain = decoded(text);
        if plain != text {
            let clean = self.clean(&plain, codes);
            // What hides nothing is shown as it was written.
            if clean != plain {
                return clean;
            }
        }
        self.clean(text, codes)
    }

    fn clean(&mut self, text: &str, codes: Codes) -> String {
        let (text, end) = shortened(text);
        let (text, key) = match text.split_once(PEM) {
            Some((text, _)) => (text, HIDDEN),
            None => (text, ""),
        };
        let mut pieces = Vec::new();
        for (token, is_key) in tokens(text) {
            if is_key {
                pieces.push(Piece::Masked(HIDDEN.to_owned()));
            } else {
                self.pieces(token, &mut pieces);
            }
        }
        format!("{}{key}{end}", joined(pieces, codes))
    }

    /// A value that is shown as it is, unless it was a secret before or looks like one.
    pub fn exact(&mut self, text: &str) -> String {
        match self.known(text) {
            Some(masked) => masked.text(),
            None => self.unless_secret(text),
        }
    }

    /// A value that is shown as it is, unless it looks like a secret. An id that is public stays what it is, whoever names it
    /// as something else.
    pub(super) fn unless_secret(&mut self, text: &str) -> String {
        let is_secret = self.is_secret(text) || matches!(sort(text), Some(Sort::Receipt | Sort::Signed));
        let is_plain = text.len() <= 100 && text.chars().all(|letter| is_of_a_word(letter) && letter != '@');
        if is_plain && !is_secret && (is_whole(text) || !holds_card_number(text)) {
            return text.to_owned();
        }
        self.text(text)
    }

    /// What may be shown of a value that was seen before. What cannot be a secret was none, whatever it was called once.
    fn known(&self, value: &str) -> Option<Masked> {
        is_id(value).then(|| self.book().known(value)).flatten()
    }

    fn pieces(&mut self, text: &str, pieces: &mut Vec<Piece>) {
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = rest.find(|letter| !is_of_a_word(letter)).unwrap_or(rest.len());
            if length == 0 {
                plain(&of_others(first), pieces);
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let word = &rest[..length];
            let bare = word.strip_suffix('.').unwrap_or(word);
            match self.secret(bare) {
                Some(masked) => {
                    pieces.push(Piece::Masked(masked));
                    plain(&word[bare.len()..], pieces);
                }
                None => plain(word, pieces),
            }
            rest = &rest[length..];
        }
    }

    /// What is shown instead of a word that is a secret.
    fn secret(&mut self, word: &str) -> Option<String> {
        if word.len() < 8 {
            return None;
        }
        if self.is_secret(word) || word.contains('@') {
            return Some(HIDDEN.to_owned());
        }
        if let Some(masked) = self.known(word) {
            return Some(masked.text());
        }
        match sort(word) {
            Some(sort) => Some(self.alias(sort, word).text()),
            None => is_random(word).then(|| HIDDEN.to_owned()),
        }
    }
}

fn plain(text: &str, pieces: &mut Vec<Piece>) {
    match pieces.last_mut() {
        Some(Piece::Plain(before)) => before.push_str(text),
        _ => pieces.push(Piece::Plain(text.to_owned())),
    }
}

/// What only we write is written otherwise where others write it.
fn of_others(letter: char) -> String {
    match letter {
        '⟦' => "[".to_owned(),
        '⟧' => "]".to_owned(),
        '…' => "...".to_owned(),
        '•' => "*".to_owned(),
        letter if letter.is_control() => " ".to_owned(),
        letter => letter.to_string(),
    }
}

fn joined(pieces: Vec<Piece>, codes: Codes) -> String {
    let mut shown = String::new();
    for piece in pieces {
        let text = match piece {
            Piece::Masked(masked) => {
                shown.push_str(&masked);
                continue;
            }
            Piece::Plain(text) => text,
        };
        for part in card::parts(&text) {
            match part {
                Part::Masked(masked) => shown.push_str(&masked),
                Part::Plain(text) if codes == Codes::Hidden => shown.push_str(&without_codes(text)),
                Part::Plain(text) => shown.push_str(text),
            }
        }
    }
    shown
}

/// The start of a text that is too long, up to its last word, and what stands for the rest.
fn shortened(text: &str) -> (&str, &str) {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            let whole = text[..end].trim_end_matches(|letter: char| !letter.is_whitespace());
            // A number may go on in the next word.
            let whole = whole.trim_end_matches(|letter| card::digit(letter).is_some() || !letter.is_alphanumeric());
            (whole, "…")
        }
        None => (text, ""),
    }
}

/// A text that was percent-encoded, however often.
pub(super) fn decoded(text: &str) -> String {
    let mut plain = text.to_owned();
    for _ in 0..ENCODED_MAX {
        let next = percent_decode_str(&plain).decode_utf8_lossy().into_owned();
        if next == plain {
            break;
        }
        plain = next;
    }
    plain
}

/// A text in pieces, and of each whether it is of a key: base64, which may have signs in it that end a word.
fn tokens(text: &str) -> Vec<(&str, bool)> {
    let is_base64 = |letter: char| letter.is_ascii_alphanumeric() || "+/-_=".contains(letter);
    let mut tokens = Vec::new();
    let (mut shown, mut at) = (0, 0);
    while let Some(first) = text[at..].chars().next() {
        let length = text[at..].find(|letter| is_base64(letter) != is_base64(first));
        let end = length.map_or(text.len(), |length| at + length);
        if is_base64(first) && is_of_a_key(&text[at..end]) {
            tokens.push((&text[shown..at], false));
            tokens.push((&text[at..end], true));
            shown = end;
        }
        at = end;
    }
    tokens.push((&text[shown..], false));
    tokens
}

fn is_of_a_key(token: &str) -> bool {
    let bare = token.trim_end_matches('=');
    // A sign of equality in the middle stands between a name and its value.
    let value = bare.rsplit('=').next().unwrap_or_default();
    let is_padded = bare.len() < token.len();
    if value.len() < ID_MIN || !(is_padded || value.contains(['/', '+'])) {
        return false;
    }
    let has = |piece: &str, is: fn(&u8) -> bool| piece.bytes().any(|byte| is(&byte));
    let is_mixed = |piece: &&str| {
        let has_digits = has(piece, u8::is_ascii_digit);
        piece.len() >= 6 && has_digits && has(piece, u8::is_ascii_lowercase) && has(piece, u8::is_ascii_uppercase)
    };
    let mixed = value.split(['/', '+', '-', '_']).filter(is_mixed).count();
    mixed >= 2 || (is_padded && mixed == 1) || value.split(['/', '+']).any(is_random)
}

/// Numbers that may be codes, as `6 digits`. The year of a date is none.
fn without_codes(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.find(|letter| card::digit(letter).is_some()) {
        let (before, from) = rest.split_at(first);
        let length = from.find(|letter| card::digit(letter).is_none()).unwrap_or(from.len());
        let (number, after) = from.split_at(length);
        let is_joined = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let stands_alone = !is_joined(before.chars().next_back()) && !is_joined(after.chars().next());
        let count = number.chars().count();
        shown.push_str(before);
        if stands_alone && CODE_DIGITS.contains(&count) && !(count == 4 && is_of_a_date(after)) {
            shown.push_str(&format!("{count} digits"));
        } else {
            shown.push_str(number);
        }
        rest = after;
    }
    shown + rest
}

/// What follows the year in `2026-01-31`.
fn is_of_a_date(after: &str) -> bool {
    let bytes = after.as_bytes();
    let is_number = |at: usize| bytes[at].is_ascii_digit() && bytes[at + 1].is_ascii_digit();
    bytes.len() >= 6 && bytes[0] == b'-' && is_number(1) && bytes[3] == b'-' && is_number(4)
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "-_.~!+@".contains(letter)
}

/// Whether a value can be an id that nobody guesses: long, of letters and digits. Words of a protocol are not.
pub(super) fn is_id(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let is_word = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    sort(value).is_some()
        || (value.len() >= ID_MIN
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_alphabetic)
            && !(value.contains('_') && value.bytes().all(is_word)))
}

/// A value in which digits stand in a row by chance: a UUID, a hash or another random value in hexadecimal digits.
fn is_whole(value: &str) -> bool {
    let is_hash = [32, 40, 64].contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_hexdigit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let uuid = uuid::Uuid::try_parse(value).ok().filter(|_| value.len() == 36);
    let has_version =
        |uuid: uuid::Uuid| (1..=8).contains(&uuid.get_version_num()) && uuid.get_variant() == uuid::Variant::RFC4122;
    is_hash || uuid.is_some_and(has_version)
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
        piece.len() > LETTERS_MAX || (has_digits && piece.bytes().any(|byte| byte.is_ascii_alphabetic()))
    };
    word.split(['.', '!', '@'])
        .any(|part| part.len() > WORD_MAX && part.split(['-', '_']).any(is_random))
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
            (
                "a ⟦session-A⟧ of one's own… •••• 4821",
                "a [session-A] of one's own... **** 4 digits",
            ),
            ("Ab3dEf6hIj9lMn2pQr5tUv8xYz1B3c4", "•••"),
            ("Zm9v/c2VjcmV0a2V5bWF0/ZXJpYWw5OTk5/MTIzNDU2Nzg5MDEyMw==", "•••"),
            ("key=Zm9vc2VjcmV0a2V5bWF0=, it says", "•••, it says"),
            (
                // In two pieces, for whoever looks for keys in this tree.
                concat!(
                    "see -----BEGIN PRIV",
                    "ATE KEY-----MIIEvQIBADANBgkqhkiG9w0/BAQEFAASCBKcwggSj/AgEAAoIBAQC7"
                ),
                "see •••",
            ),
            ("KcwggSj9/AgEAAoIBAQC7+BAQEFAASCB1Kcw", "•••"),
            ("my code is 482113 ok", "my code is 6 digits ok"),
            ("code-482111, 4821, ４８２１１３", "code-6 digits, 4 digits, 6 digits"),
            ("since 2026-11-23 it is 192 wide", "since 2026-11-23 it is 192 wide"),
            ("%348%32113", "6 digits"),
            ("%252535105105105105100", "•••• 5100"),
            ("100%25 of a%2Fb", "100%25 of a%2Fb"),
            (
                "/mdes/digitization/1/0/checkEligibility of havorn-no-ada-1",
                "/mdes/digitization/1/0/checkEligibility of havorn-no-ada-1",
            ),
            (
                "REQUIRE_ADDITIONAL_AUTHENTICATION for TEXT_TO_CARDHOLDER_NUMBER",
                "REQUIRE_ADDITIONAL_AUTHENTICATION for TEXT_TO_CARDHOLDER_NUMBER",
            ),
        ] {
            assert_eq!(shown(text), wanted);
        }
        let jws = format!("see eyJhbGciOi.{}.c_Dabcdefgh", "a".repeat(40));
        assert_eq!(shown(&jws), "see eyJh…efgh ⟦signed-data-A⟧");
        assert_eq!(shown(&"word ".repeat(200)).chars().count(), LONGEST);
        let cut = format!("{} 5105 1051 0510 5100", "words ".repeat(65));
        assert!(!shown(&cut).contains("5105"), "{}", shown(&cut));
    }

    #[test]
    fn a_value_that_was_a_secret_once_is_one_everywhere() {
        let mut book = Book::new([1; 32]);
        let lexicon = Lexicon::default();
        let mut masker = Masker::new(&mut book, &lexicon);
        masker.alias(Sort::Task, "a-task-of-ours-7");
        assert_eq!(masker.text("failed: a-task-of-ours-7"), "failed: a-ta…rs-7 ⟦task-A⟧");
        assert_eq!(masker.exact("a-task-of-ours-7"), "a-ta…rs-7 ⟦task-A⟧");
        assert_eq!(
            masker.exact("0f0f0f0f-0000-4000-8000-000000000000"),
            "0f0f0f0f-0000-4000-8000-000000000000"
        );
        assert_eq!(masker.exact("5555555555554444"), "•••• 4444");
        assert_eq!(masker.exact("consumer"), "consumer");
    }

    #[test]
    fn what_cannot_be_a_secret_is_shown_whatever_it_was_called_once() {
        let mut book = Book::new([1; 32]);
        let lexicon = Lexicon::default();
        let mut masker = Masker::new(&mut book, &lexicon);
        let public = "9d4a0000-0000-4000-8000-00000000aaaa";
        for word in [
            "INVALID_FIELD_VALUE",
            "50123456789",
            "DUPLICATE_REQUEST",
            "AES_128_GCM_SHA256",
            public,
        ] {
            masker.path(&format!("/cards/{word}"));
            masker.pairs(format!("session={word}&receipt={word}").as_bytes());
            masker.alias(Sort::Session, word);
        }
        for word in [
            "INVALID_FIELD_VALUE",
            "50123456789",
            "DUPLICATE_REQUEST",
            "AES_128_GCM_SHA256",
        ] {
            assert_eq!(masker.text(word), word);
            assert_eq!(masker.exact(word), word);
        }
        assert_eq!(masker.asset(public), public);
    }
}
