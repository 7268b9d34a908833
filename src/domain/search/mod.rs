//! The picker's list: searched in any spelling, ordered as readers of a language expect.
//!
//! A [`Listing`] is made once for a directory and a language; searching it is a walk over a few hundred short texts, far
//! below a millisecond, so it runs on the server for every letter that somebody types.

mod fold;
mod order;

use std::collections::BTreeMap;

use super::id::{CountryCode, IssuerId};
use super::issuer::Issuer;

pub use fold::fold;
use order::Order;

/// The longest query, in characters.
pub const QUERY_CHARACTERS_MAX: usize = 64;
/// Shorter queries are not taken for misspelled: too much is one letter away from them. In characters.
const MISSPELLED_FROM: usize = 5;
/// Shorter queries find a country by its whole name only. In characters.
const COUNTRY_PREFIX_FROM: usize = 3;

/// Sorts by a name as readers of a language expect.
pub fn in_order<T>(language: &str, items: &mut [T], name: impl Fn(&T) -> &str) {
    let order = Order::of(language);
    items.sort_by(|one, other| order.compare(name(one), name(other)));
}

/// Other names of issuers, from the deployment's own table.
pub type Aliases = BTreeMap<IssuerId, Vec<String>>;

/// The issuers of one directory in the order of one language, with what a search compares.
#[derive(Debug)]
pub struct Listing {
    entries: Vec<Entry>,
}

/// What the picker knows of one issuer.
#[derive(Debug)]
struct Entry {
    /// Its place in the directory.
    index: usize,
    letter: String,
    name: Key,
    aliases: Vec<Key>,
    countries: Vec<CountryCode>,
    /// The names of its countries in the page's language, folded.
    places: Vec<String>,
}

/// A name as it is compared.
#[derive(Debug)]
struct Key {
    /// Folded.
    words: String,
    /// In Latin letters, where that is something else.
    latin: Option<String>,
}

/// What somebody typed, as it is compared.
#[derive(Debug)]
struct Wanted {
    words: String,
    joined: String,
    latin: String,
}

/// How well a name fits: the better the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Exact,
    BeginsName,
    BeginsWord,
    Within,
    Transliterated,
    Alias,
    Country,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The places in the directory of what matches, best first.
    pub rows: Vec<usize>,
    /// When nothing matches: the place of an issuer that is one letter away.
    pub suggestion: Option<usize>,
}

impl Listing {
    /// Orders a directory for readers of a language, and makes the keys that searches compare.
    ///
    /// `language` is a language tag; one that is not known sorts as Unicode does without a language. `country_name` tells
    /// the names of countries in it.
    #[must_use]
    pub fn new(
        issuers: &[Issuer],
        language: &str,
        aliases: &Aliases,
        country_name: impl Fn(&CountryCode) -> String,
    ) -> Self {
        let order = Order::of(language);
        let mut sorted: Vec<(usize, &Issuer)> = issuers.iter().enumerate().collect();
        sorted.sort_by(|(_, one), (_, other)| {
            order
                .compare(&one.name, &other.name)
                .then_with(|| one.id.cmp(&other.id))
        });
        let letters = order.letters(sorted.iter().map(|(_, issuer)| issuer.name.as_str()));
        let entry = |((index, issuer), letter): ((usize, &Issuer), String)| Entry {
            index,
            letter,
            name: Key::of(&issuer.name),
            aliases: issuer
                .alias
                .iter()
                .chain(aliases.get(&issuer.id).into_iter().flatten())
                .map(|alias| Key::of(alias))
                .collect(),
            countries: issuer.countries.clone(),
            places: issuer.countries.iter().map(|code| fold(&country_name(code))).collect(),
        };
        Self {
            entries: sorted.into_iter().zip(letters).map(entry).collect(),
        }
    }

    /// The issuers that match a query and a country, best first; all of them in order without a query.
    ///
    /// What fits equally well is ordered by `popular`, the places of well-known issuers, best first, and then as the
    /// language orders names. `is_listed` leaves out what is not shown at all.
    #[must_use]
    pub fn find(
        &self,
        query: &str,
        country: Option<&CountryCode>,
        popular: &[usize],
        is_listed: impl Fn(usize) -> bool,
    ) -> Found {
        let listed = self
            .entries
            .iter()
            .filter(|entry| country.is_none_or(|country| entry.countries.contains(country)) && is_listed(entry.index));
        if query.trim().is_empty() {
            return Found {
                rows: listed.map(|entry| entry.index).collect(),
                suggestion: None,
            };
        }
        let wanted = Wanted::of(query);
        let fame = |entry: &Entry| popular.iter().position(|index| *index == entry.index);
        let fame = |entry: &Entry| fame(entry).unwrap_or(usize::MAX);
        let mut fitting: Vec<(Fit, usize, usize)> = listed
            .clone()
            .filter_map(|entry| Some((entry.fit(&wanted)?, fame(entry), entry.index)))
            .collect();
        // The sort is stable: what is equal stays in the order of the language.
        fitting.sort_by_key(|(fit, fame, _)| (*fit, *fame));
        let suggestion = if fitting.is_empty() && wanted.joined.chars().count() >= MISSPELLED_FROM {
            let near = listed.filter(|entry| entry.is_one_letter_away(&wanted));
            near.min_by_key(|entry| fame(entry)).map(|entry| entry.index)
        } else {
            None
        };
        Found {
            rows: fitting.into_iter().map(|(_, _, index)| index).collect(),
            suggestion,
        }
    }

    /// The letter under which each issuer stands, by its place in the directory.
    #[must_use]
    pub fn letters(&self) -> BTreeMap<usize, &str> {
        self.entries
            .iter()
            .map(|entry| (entry.index, entry.letter.as_str()))
            .collect()
    }
}

impl Entry {
    fn fit(&self, wanted: &Wanted) -> Option<Fit> {
        let is_place = |place: &String| {
            place == &wanted.words
                || (wanted.words.chars().count() >= COUNTRY_PREFIX_FROM
                    && words_from_each(place).any(|rest| rest.starts_with(&wanted.words)))
        };
        if let Some(fit) = self.name.fit(wanted) {
            Some(fit)
        } else if self.aliases.iter().any(|alias| alias.fit(wanted).is_some()) {
            Some(Fit::Alias)
        } else if !wanted.words.is_empty() && self.places.iter().any(is_place) {
            Some(Fit::Country)
        } else {
            None
        }
    }

    fn is_one_letter_away(&self, wanted: &Wanted) -> bool {
        std::iter::once(&self.name)
            .chain(&self.aliases)
            .any(|key| key.is_one_letter_away(wanted))
    }
}

impl Key {
    fn of(name: &str) -> Self {
        let words = fold(name);
        let latin = fold(&deunicode::deunicode(&words));
        Self {
            latin: (latin != words).then_some(latin),
            words,
        }
    }

    fn fit(&self, wanted: &Wanted) -> Option<Fit> {
        let latin = self.latin.as_ref().unwrap_or(&self.words);
        fit(&self.words, &wanted.words, &wanted.joined).or_else(|| {
            let joined = wanted.latin.replace(' ', "");
            fit(latin, &wanted.latin, &joined).map(|_| Fit::Transliterated)
        })
    }

    /// Whether a part of the name, from one word to another, is what was typed but for one letter.
    fn is_one_letter_away(&self, wanted: &Wanted) -> bool {
        let length = wanted.joined.chars().count();
        let is_near =
            |part: &str| part.chars().count().abs_diff(length) <= 1 && strsim::osa_distance(part, &wanted.joined) == 1;
        let is_near_from = |rest: &str| {
            let mut part = String::new();
            rest.split(' ').any(|word| {
                part.push_str(word);
                is_near(&part)
            })
        };
        let names = std::iter::once(&self.words).chain(&self.latin);
        names.flat_map(|name| words_from_each(name)).any(is_near_from)
    }
}

impl Wanted {
    fn of(query: &str) -> Self {
        let words = fold(query);
        Self {
            joined: words.replace(' ', ""),
            latin: fold(&deunicode::deunicode(&words)),
            words,
        }
    }
}

/// How a folded name fits a folded query. From a word on, spaces do not count: "isbank" begins "is bankasi".
fn fit(name: &str, wanted: &str, joined: &str) -> Option<Fit> {
    if joined.is_empty() {
        return None;
    }
    let mut starts = words_from_each(name);
    match starts.next().and_then(|whole| rest_after(whole, joined)) {
        Some("") => Some(Fit::Exact),
        Some(_) => Some(Fit::BeginsName),
        None if starts.any(|rest| rest_after(rest, joined).is_some()) => Some(Fit::BeginsWord),
        None => (name.contains(wanted) || name.contains(joined)).then_some(Fit::Within),
    }
}

/// A folded text from each of its words on to its end.
fn words_from_each(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.match_indices(' ').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).map(|at| &text[at..])
}

/// What follows in a text after these letters, where spaces of the text do not count.
fn rest_after<'a>(text: &'a str, letters: &str) -> Option<&'a str> {
    let mut rest = text;
    for letter in letters.chars() {
        rest = rest.trim_start_matches(' ').strip_prefix(letter)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests;
