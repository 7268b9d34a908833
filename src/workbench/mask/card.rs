//! Card numbers in texts, however they are written: in groups, with letters or digits beside them, in the digits of any
//! script.
//!
//! What passes for one has a length, a first digit and a check digit of card numbers. A number that stands alone may have any
//! length that card numbers have; one with digits around it must have the usual one, otherwise every long id would hold one.

use deunicode::deunicode_char;

use super::HIDDEN;

/// How many digits card numbers have.
const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;
/// Characters that may stand between two digits of one number.
const GAP_MAX: usize = 2;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Without card numbers.
    Plain(&'a str),
    /// A card number as it is shown, or digits beside one: its expiry, its code.
    Masked(String),
}

/// `•••• 4821`.
pub(super) fn card_number(digits: &str) -> String {
    let skipped = digits.chars().count().saturating_sub(4);
    let last: String = digits.chars().skip(skipped).collect();
    format!("•••• {last}")
}

/// Whether a card number stands somewhere in a text.
pub(super) fn holds_card_number(text: &str) -> bool {
    runs(text).iter().any(|run| !numbers(run).is_empty())
}

/// A value that is a card number and nothing else but digits, as it is shown.
pub(super) fn alone(value: &str) -> Option<String> {
    let runs = runs(value);
    let [run] = &runs[..] else { return None };
    let (_, end) = *numbers(run).last()?;
    let has_letters = value.chars().any(|letter| letter.is_alphabetic());
    (!has_letters).then(|| card_number(&written(&run[..end])))
}

/// A text, cut into what may be shown and what stands for card numbers.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut shown = 0;
    let mut mask = |from: usize, to: usize, masked: String| {
        if from > shown {
            parts.push(Part::Plain(&text[shown..from]));
        }
        parts.push(Part::Masked(masked));
        shown = to;
    };
    for run in runs(text) {
        let numbers = numbers(&run);
        let mut at = 0;
        while !numbers.is_empty() && at < run.len() {
            if let Some((_, end)) = numbers.iter().find(|(start, _)| *start == at) {
                mask(run[at].from, run[end - 1].to, card_number(&written(&run[at..*end])));
                at = *end;
                continue;
            }
            let is_of_group = |digit: &&Digit| digit.group == run[at].group;
            let next = numbers.iter().map(|(start, _)| *start).find(|start| *start > at);
            let rest = &run[at..next.unwrap_or(run.len())];
            let count = rest.iter().take_while(is_of_group).count();
            mask(run[at].from, rest[count - 1].to, HIDDEN.to_owned());
            at += count;
        }
    }
    if shown < text.len() {
        parts.push(Part::Plain(&text[shown..]));
    }
    parts
}

/// A digit in a text.
struct Digit {
    value: u8,
    /// Which of the groups of its run it stands in: digits with nothing between them are one.
    group: usize,
    /// Its bytes.
    from: usize,
    to: usize,
}

/// Digits with at most [`GAP_MAX`] characters between two of them that are no letters.
fn runs(text: &str) -> Vec<Vec<Digit>> {
    let mut runs = Vec::new();
    let mut run: Vec<Digit> = Vec::new();
    let mut gap = 0;
    for (at, letter) in text.char_indices() {
        if let Some(value) = digit(letter) {
            let group = run.last().map_or(0, |last| last.group + usize::from(gap > 0));
            run.push(Digit {
                value,
                group,
                from: at,
                to: at + letter.len_utf8(),
            });
            gap = 0;
        } else if !run.is_empty() && is_gap(letter) && gap < GAP_MAX {
            gap += 1;
        } else if !run.is_empty() {
            runs.push(std::mem::take(&mut run));
            gap = 0;
        }
    }
    runs.push(run);
    runs.retain(|run| run.len() >= *LENGTHS.start());
    runs
}

/// The digit that a character stands for, in any script.
pub(super) fn digit(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return letter.to_digit(10).map(|value| value as u8);
    }
    let written = letter.is_numeric().then(|| deunicode_char(letter)).flatten()?;
    match written.trim_matches(['(', ')', '.', ' ']).as_bytes() {
        [digit @ b'0'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

/// What may stand between groups of digits. A colon does so in times only.
fn is_gap(letter: char) -> bool {
    !letter.is_alphanumeric() && letter != ':'
}

/// The first digit of each number in a run, and the first one behind it.
fn numbers(run: &[Digit]) -> Vec<(usize, usize)> {
    let begins = |at: usize| at == 0 || run[at - 1].group != run[at].group;
    let ends = |at: usize| at == run.len() || run[at - 1].group != run[at].group;
    let mut found = Vec::new();
    let mut start = 0;
    while start < run.len() {
        let fits = |length: &usize| {
            let Some(digits) = run.get(start..start + length) else {
                return false;
            };
            let is_of_one_group = digits[0].group == digits[length - 1].group;
            match (begins(start), ends(start + length)) {
                (true, true) => is_number(digits, true),
                (false, false) if !is_of_one_group => false,
                _ => is_number(digits, false),
            }
        };
        match LENGTHS.rev().find(fits) {
            Some(length) => {
                found.push((start, start + length));
                start += length;
            }
            None => start += 1,
        }
    }
    found
}

/// Whether digits are those of a card number. One that `stands_alone` has no other digits around it.
fn is_number(digits: &[Digit], stands_alone: bool) -> bool {
    let head = |count: usize| {
        let head = digits.iter().take(count);
        head.fold(0, |number, digit| number * 10 + u32::from(digit.value))
    };
    let length = digits.len();
    let is_of_a_scheme = matches!(digits[0].value, 3..=6) || (length == 16 && (2221..=2720).contains(&head(4)));
    let is_usual = length == 16 || (length == 15 && matches!(head(2), 34 | 37));
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(digit.value) * 2) {
            (0, doubled) => doubled / 2,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    is_of_a_scheme && (stands_alone || is_usual) && sum.is_multiple_of(10)
}

fn written(digits: &[Digit]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit.value)).collect()
}

#[cfg(test)]
mod tests;
