//! The picker: which issuers are listed, in which groups, and what is said about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::device::{Client, Device};
use crate::domain::id::{CountryCode, IssuerId};
use crate::domain::issuer::Issuer;
use crate::domain::search::Listing;

use super::standing::Standing;
use super::view::{IssuerBadge, Letter, Picker, PickerRow, Reach};
use super::{App, Directory};

/// Rows of the picker on one page.
pub const ROWS_PER_PAGE: usize = 60;
/// From this many issuers in the directory on the picker has a search field, and groups above the list. A shorter list is
/// read faster than it is searched.
pub const SEARCH_FROM: usize = 9;
/// A longer list has letters.
const LETTERS_ABOVE: usize = 24;
/// The most issuers that are shown as used before.
pub const RECENT_MAX: usize = 3;
/// The most issuers that are shown as popular.
const POPULAR_MAX: usize = 6;

/// The language of a page, as far as the order and the search of its list depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Tongue {
    /// Its tag (BCP 47).
    pub tag: &'static str,
    /// The name of a country in the language of a tag: tag, then code.
    pub country: for<'a> fn(&str, &'a str) -> &'a str,
}

/// Which country's issuers are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    /// Those of this country, or all.
    Chosen(Option<CountryCode>),
    /// Those of this country if there are any and the list is long enough to be searched, else all.
    Supposed(CountryCode),
}

/// What a picker is asked for.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// A part of a name, or nothing.
    pub query: &'a str,
    /// From where.
    pub country: Where,
    /// Counts from 1; page n holds the rows of all pages up to it.
    pub page: usize,
    /// The language of the page.
    pub tongue: Tongue,
    /// Whom this browser added cards from, the latest first.
    pub recent: &'a [IssuerId],
    /// The device that asks.
    pub device: &'a Device,
}

impl App {
    /// The picker.
    pub async fn picker(&self, asked: Asked<'_>) -> Picker {
        let directory = self.current_directory();
        let shelf = Shelf {
            app: self,
            standing: self.standing().await,
            is_listed: self.listed(&directory, asked.device),
            listing: self.listing(&directory, asked.tongue),
            directory: &directory,
            device: asked.device,
        };
        shelf.arrange(&asked)
    }

    /// Which of the directory's issuers pickers on this device list at all.
    fn listed(&self, directory: &Directory, device: &Device) -> Vec<bool> {
        let hides = self.0.settings.hide_unreachable;
        let is_listed = |issuer: &Issuer| !hides || self.badge(issuer, device).reach.is_here();
        directory.issuers.iter().map(is_listed).collect()
    }

    /// The first other name that the deployment has for an issuer.
    pub(super) fn alias(&self, issuer: &IssuerId) -> Option<String> {
        self.settings().aliases.get(issuer)?.first().cloned()
    }

    /// The directory in the order of a language, with its search keys: made once for each and kept.
    pub(super) fn listing(&self, directory: &Directory, tongue: Tongue) -> Arc<Listing> {
        let country = |code: &CountryCode| (tongue.country)(tongue.tag, code.as_str()).to_owned();
        let aliases = &self.0.settings.aliases;
        directory.listing(tongue.tag, || {
            Listing::new(&directory.issuers, tongue.tag, aliases, country)
        })
    }
}

/// What a picker is made from.
struct Shelf<'a> {
    app: &'a App,
    directory: &'a Directory,
    listing: Arc<Listing>,
    standing: Arc<Standing>,
    is_listed: Vec<bool>,
    device: &'a Device,
}

impl Shelf<'_> {
    fn arrange(&self, asked: &Asked<'_>) -> Picker {
        let countries = self.countries();
        let directory_total = self.is_listed.iter().filter(|is_listed| **is_listed).count();
        let is_searchable = directory_total >= SEARCH_FROM;
        let country = match &asked.country {
            Where::Chosen(country) => country.clone(),
            Where::Supposed(country) => {
                let has_some = countries.iter().any(|(code, _)| code == country);
                (has_some && is_searchable).then(|| country.clone())
            }
        };
        let popular = self.places(&self.standing.popular);
        let find = |country| {
            self.listing
                .find(asked.query, country, &popular, |index| self.is_listed[index])
        };
        let found = find(country.as_ref());
        let everywhere = country.as_ref().map_or(found.rows.len(), |_| find(None).rows.len());
        let is_browsing = asked.query.trim().is_empty();
        let has_letters = is_browsing && found.rows.len() > LETTERS_ABOVE;
        let letters = if has_letters {
            self.listing.letters()
        } else {
            BTreeMap::new()
        };
        let rows: Vec<PickerRow> = rows(&found.rows, &letters)
            .take(asked.page.max(1).saturating_mul(ROWS_PER_PAGE))
            .map(|(index, letter)| PickerRow {
                issuer: self.badge(index),
                letter,
            })
            .collect();
        let age_ms = self.directory.fetched_at.map(|at| self.app.now().0 - at.0);
        let settings = self.app.settings();
        let stale = age_ms.filter(|age| *age > settings.directory_stale_ms);
        let hides = settings.hide_unreachable;
        let opens = |row: &&PickerRow| matches!(row.issuer.reach, Reach::App | Reach::Website);
        let out_of_reach = rows.len() - rows.iter().filter(opens).count();
        Picker {
            recent: self.group(is_browsing && is_searchable, self.places(asked.recent), RECENT_MAX),
            popular: self.group(
                is_browsing && found.rows.len() >= SEARCH_FROM,
                popular
                    .iter()
                    .copied()
                    .filter(|index| found.rows.contains(index))
                    .collect(),
                POPULAR_MAX,
            ),
            letters: first_rows(&found.rows, &letters),
            total: found.rows.len(),
            directory_total,
            unreachable: if hides {
                self.is_listed.len() - directory_total
            } else {
                out_of_reach
            },
            hides_unreachable: hides,
            elsewhere: everywhere - found.rows.len(),
            suggestion: found.suggestion.map(|index| self.directory.issuers[index].name.clone()),
            rows,
            countries,
            country,
            stale_minutes: stale.map(|age| age / 60_000),
            unavailable: self.directory.fetched_at.is_none(),
            in_app: Client::of(&self.device.signals()).in_app.is_some(),
        }
    }

    fn badge(&self, index: usize) -> IssuerBadge {
        let issuer = &self.directory.issuers[index];
        IssuerBadge {
            health: self.standing.health(&issuer.id),
            ..self.app.badge(issuer, self.device)
        }
    }

    /// Where these issuers stand in the directory, as far as they do and are listed.
    fn places(&self, issuers: &[IssuerId]) -> Vec<usize> {
        let place = |id: &IssuerId| self.directory.issuers.iter().position(|issuer| issuer.id == *id);
        let places = issuers.iter().filter_map(place);
        places.filter(|index| self.is_listed[*index]).collect()
    }

    fn group(&self, is_shown: bool, places: Vec<usize>, most: usize) -> Vec<IssuerBadge> {
        let shown = places.into_iter().take(if is_shown { most } else { 0 });
        shown.map(|index| self.badge(index)).collect()
    }

    /// The countries of what is listed, with the number of issuers, by code.
    fn countries(&self) -> Vec<(CountryCode, usize)> {
        let mut counted: BTreeMap<&CountryCode, usize> = BTreeMap::new();
        let listed = self.directory.issuers.iter().zip(&self.is_listed);
        for (issuer, _) in listed.filter(|(_, is_listed)| **is_listed) {
            for country in &issuer.countries {
                *counted.entry(country).or_default() += 1;
            }
        }
        let owned = |(country, count): (&CountryCode, usize)| (country.clone(), count);
        counted.into_iter().map(owned).collect()
    }
}

/// The rows of a list, each with the letter that begins at it.
fn rows<'a>(
    found: &'a [usize],
    letters: &'a BTreeMap<usize, &'a str>,
) -> impl Iterator<Item = (usize, Option<String>)> + 'a {
    let mut before = None;
    found.iter().map(move |index| {
        let letter = letters.get(index).copied();
        let begins = letter.filter(|letter| before != Some(*letter));
        before = letter;
        (*index, begins.map(str::to_owned))
    })
}

/// The row, counted from 1, at which each letter of a list begins.
fn first_rows(found: &[usize], letters: &BTreeMap<usize, &str>) -> Vec<Letter> {
    rows(found, letters)
        .enumerate()
        .filter_map(|(index, (_, letter))| {
            Some(Letter {
                text: letter?,
                row: index + 1,
            })
        })
        .collect()
}
