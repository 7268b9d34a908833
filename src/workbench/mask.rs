//! What may be shown of what was said. Everything is masked when it is recorded, before anything is kept: the journal cannot
//! show what it does not have.
//!
//! By name where names are known (`names`): what has no name here is not shown at all. By shape in every text that is shown
//! (`scrub`): a card number in a description is a card number. By value: what was a secret once is one wherever it turns up.
//!
//! - [`Book`] gives equal values equal aliases, and keeps keyed hashes of them, never the values
//! - `value` masks values by their names, and JSON; `http` addresses, queries, forms and headers
//! - `scrub` masks texts, and `card` knows card numbers

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

use super::message::Masked;

mod card;
mod http;
mod names;
mod scrub;
mod value;

pub use http::{Found, Lexicon, Masker};
pub use names::Sort;

/// Values that are remembered; beyond that the oldest lose their alias. Far more than the messages of a journal hold.
const VALUES_MAX: usize = 50_000;
/// What is shorter can be found by trying: nothing of it is shown, and no digest.
const SHORTEST_SHOWN: usize = 16;
/// What stands for a value of which nothing may be known.
pub const HIDDEN: &str = "•••";

/// A value's keyed hash.
pub type Mark = [u8; 16];

/// Which values have which aliases. Clones share them; nobody waits for another longer than it takes to look one up.
#[derive(Clone)]
pub struct Book {
    key: [u8; 32],
    names: Arc<Mutex<Names>>,
}

#[derive(Default)]
struct Names {
    given: HashMap<Mark, (Sort, u32)>,
    order: VecDeque<Mark>,
    counts: [u32; Sort::COUNT],
}

impl Book {
    /// An empty one. `key` is random and stays in this process: with it short values could be found by trying.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self {
            key,
            names: Arc::default(),
        }
    }

    /// What may be shown of a value, under the alias that it has had since it was first seen.
    pub fn mask(&mut self, sort: Sort, value: &str) -> Masked {
        let mark = self.mark(value);
        let (sort, number) = self.names().name(mark, sort);
        self.masked(value, sort, number)
    }

    /// The same for a value that was seen before.
    #[must_use]
    pub fn known(&self, value: &str) -> Option<Masked> {
        let (sort, number) = self.names().given.get(&self.mark(value)).copied()?;
        Some(self.masked(value, sort, number))
    }

    /// First and last characters and a digest, or nothing of a short value.
    fn masked(&self, value: &str, sort: Sort, number: u32) -> Masked {
        let is_short = value.chars().count() < SHORTEST_SHOWN;
        Masked {
            shown: ends(value),
            alias: format!("{}-{}", sort.word(), letters(number)),
            digest: if is_short { String::new() } else { self.digest(value) },
        }
    }

    /// The first eight hexadecimal digits of a value's keyed hash. A plain hash would give the value back to whoever can try
    /// all that it may be: a code of six digits, or a card number of which the ends are shown.
    #[must_use]
    pub fn digest(&self, value: &str) -> String {
        hex::encode(&self.mark(value)[..4])
    }

    /// The keyed hash of a value.
    ///
    /// # Panics
    /// If OpenSSL cannot compute a keyed hash, which it fails to do only without memory.
    #[must_use]
    pub fn mark(&self, value: &str) -> Mark {
        let hash = PKey::hmac(&self.key)
            .and_then(|key| Signer::new(MessageDigest::sha256(), &key)?.sign_oneshot_to_vec(value.as_bytes()))
            .expect("OpenSSL computes keyed hashes");
        let mut mark = Mark::default();
        mark.copy_from_slice(&hash[..16]);
        mark
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Names {
    /// The name that a value has, or that it has from now on.
    fn name(&mut self, mark: Mark, sort: Sort) -> (Sort, u32) {
        if let Some(name) = self.given.get(&mark) {
            return *name;
        }
        let name = (sort, self.counts[sort as usize]);
        self.counts[sort as usize] += 1;
        self.given.insert(mark, name);
        self.order.push_back(mark);
        if self.order.len() > VALUES_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.given.remove(&oldest);
        }
        name
    }
}

/// `4f2c…91ab`, or nothing of a short value.
fn ends(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() < SHORTEST_SHOWN {
        return HIDDEN.to_owned();
    }
    let shown = |part: &[char]| -> String {
        let plain = |letter: &char| {
            if letter.is_ascii_graphic() { *letter } else { '?' }
        };
        part.iter().map(plain).collect()
    };
    format!("{}…{}", shown(&letters[..4]), shown(&letters[letters.len() - 4..]))
}

/// A, B, … Z, AA, AB, …
fn letters(number: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = number + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or_default()));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_equal_aliases_and_others_have_others() {
        let mut book = Book::new([7; 32]);
        let (one, other) = (
            "4f2c0000-0000-4000-8000-0000000091ab",
            "9be00000-0000-4000-8000-0000000077d3",
        );
        let first = book.mask(Sort::Session, one);
        assert_eq!((first.shown.as_str(), first.alias.as_str()), ("4f2c…91ab", "session-A"));
        assert_eq!(first.digest.len(), 8);
        assert_eq!(book.mask(Sort::Session, other).alias, "session-B");
        assert_eq!(
            book.mask(Sort::Receipt, "MCC-STL-1111-2222-3333-4444").alias,
            "receipt-A"
        );
        // Whatever it is called elsewhere, it is the same value.
        assert_eq!(book.mask(Sort::Other, one), first);
        assert_eq!(book.known(one), Some(first));
        assert_eq!(book.known("never seen"), None);
    }

    #[test]
    fn nothing_of_a_short_value_is_shown() {
        let mut book = Book::new([7; 32]);
        let short = book.mask(Sort::Session, "482107");
        assert_eq!((short.shown.as_str(), short.digest.as_str()), (HIDDEN, ""));
    }

    #[test]
    fn aliases_go_on_after_z() {
        let found: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).to_vec();
        assert_eq!(found, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn the_oldest_values_are_forgotten_before_there_are_too_many() {
        let mut book = Book::new([7; 32]);
        for number in 0..=VALUES_MAX {
            book.mask(Sort::Token, &format!("a long enough value {number}"));
        }
        assert_eq!(book.names().given.len(), VALUES_MAX);
        assert_eq!(book.known("a long enough value 0"), None);
        assert!(book.known("a long enough value 1").is_some());
    }
}
