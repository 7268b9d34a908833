//! The issuer directory: fetched in the background, kept, and served from memory. Stale is better than nothing, and says
//! so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::Millis;
use crate::domain::id::{AssetId, IssuerId};
use crate::domain::issuer::{Issuer, PullMethods};
use crate::domain::link::{Link, LinkFault, LinkRules, Slot};
use crate::domain::search::Listing;
use crate::mdes::EligibleIssuer;
use crate::seal::sha256_hex;
use crate::store::{Purpose, StoredDirectory};

use super::{App, fresh};

/// After a failed refresh the next one comes this soon, and then twice as late each time.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// Names longer than this are cut: nobody's bank is called so.
const NAME_CHARACTERS_MAX: usize = 100;

/// What stands for something else where an issuer's id stands in an address.
const NOT_AN_ID: &str = "results";

/// The directory in memory.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// The issuers that can be launched.
    pub issuers: Vec<Issuer>,
    /// When MDES told them.
    pub fetched_at: Option<Millis>,
    /// How many issuers open what they did not open when they were first seen.
    pub moved: usize,
    /// A list that looked wrong: taken if MDES says it twice.
    suspicious: Option<usize>,
    /// The list by language, ordered and ready to be searched.
    listings: Listings,
}

type Listings = Arc<Mutex<BTreeMap<&'static str, Arc<Listing>>>>;

impl Directory {
    pub(super) fn from_store(stored: StoredDirectory) -> Self {
        Self {
            issuers: stored.issuers,
            fetched_at: stored.fetched_at,
            moved: 0,
            suspicious: None,
            listings: Listings::default(),
        }
    }

    /// The list in a language, made by `make` when it is asked for the first time.
    pub(super) fn listing(&self, language: &'static str, make: impl FnOnce() -> Listing) -> Arc<Listing> {
        let mut listings = self.listings.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(listings.entry(language).or_insert_with(|| Arc::new(make())))
    }

    /// The issuer of that id.
    #[must_use]
    pub fn issuer(&self, id: &IssuerId) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.id == *id)
    }
}

/// Why the directory was not refreshed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotRefreshed {
    /// MDES did not tell.
    Mdes(String),
    /// The list is empty, or less than half as long as the last: it is taken when MDES says it again.
    Suspicious(usize),
    /// The store did not take it.
    Store,
}

impl App {
    /// The directory as it is now.
    #[must_use]
    pub fn current_directory(&self) -> Arc<Directory> {
        Arc::clone(
            &self
                .0
                .directory
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }

    pub(super) async fn refresh_directory_for_ever(self, mut stopped: watch::Receiver<bool>) {
        let every = Duration::from_millis(self.0.settings.directory_refresh_ms);
        let mut retry = RETRY_FIRST;
        while !*stopped.borrow() {
            let nap = match self.refresh_directory().await {
                Ok(_) => {
                    retry = RETRY_FIRST;
                    every
                }
                Err(reason) => {
                    tracing::warn!(
                        ?reason,
                        "the issuer directory was not refreshed; the last one is served"
                    );
                    let nap = retry.min(every);
                    retry = nap * 2;
                    nap
                }
            };
            tokio::select! {
                () = tokio::time::sleep(nap) => {}
                _ = stopped.changed() => {}
            }
        }
    }

    /// Fetches the directory and the logos that are not here yet. Answers how many issuers there are.
    ///
    /// # Errors
    /// [`NotRefreshed`]; the last directory stays.
    pub async fn refresh_directory(&self) -> Result<usize, NotRefreshed> {
        let _only_one = self.0.refreshing.lock().await;
        let request = crate::domain::id::RequestId::from_random(fresh());
        let told = self.0.mdes.eligible_issuers(&request).await;
        let told = told.map_err(|error| NotRefreshed::Mdes(error.to_string()))?;
        let mut issuers: Vec<Issuer> = Vec::with_capacity(told.len());
        for entry in told {
            if let Some(issuer) = sanitise(entry, &self.0.settings.link_rules)
                .filter(|new| issuers.iter().all(|known| known.id != new.id))
            {
                issuers.push(issuer);
            }
        }
        self.refuse_suspicious(issuers.len())?;
        let now = self.now();
        let moved = self.compare_places(&issuers).await.map_err(|_| NotRefreshed::Store)?;
        self.0
            .store
            .replace_directory(&issuers, now)
            .await
            .map_err(|_| NotRefreshed::Store)?;
        let count = issuers.len();
        self.swap_directory(Directory {
            issuers,
            fetched_at: Some(now),
            moved,
            suspicious: None,
            listings: Listings::default(),
        });
        tracing::info!(issuers = count, "the issuer directory has {count} issuers");
        self.prepare_logos().await;
        Ok(count)
    }

    fn refuse_suspicious(&self, count: usize) -> Result<(), NotRefreshed> {
        let current = self.current_directory();
        if count * 2 >= current.issuers.len().max(1) || current.suspicious == Some(count) {
            return Ok(());
        }
        self.swap_directory(Directory {
            suspicious: Some(count),
            ..(*current).clone()
        });
        Err(NotRefreshed::Suspicious(count))
    }

    pub(super) fn swap_directory(&self, directory: Directory) {
        *self
            .0
            .directory
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(directory);
    }

    async fn prepare_logos(&self) {
        let directory = self.current_directory();
        let logos: Vec<&AssetId> = directory
            .issuers
            .iter()
            .filter_map(|issuer| issuer.logo.as_ref())
            .collect();
        for logo in logos {
            if self.prepare(logo, Purpose::Logo).await.is_err() {
                return;
            }
        }
    }
}

/// What we make of one entry: names without tricks, links that are safe to open. An entry that cannot be opened from
/// anywhere, or serves no country, is left out.
fn sanitise(entry: EligibleIssuer, rules: &LinkRules) -> Option<Issuer> {
    let name = clean_name(&entry.name)?;
    let id = entry.id.clone().filter(|id| id.as_str() != NOT_AN_ID);
    let id = id.unwrap_or_else(|| derived_id(&entry));
    let mut rejected = Vec::new();
    let mut usable = |slot: Slot| {
        let registered = link(&entry, slot, rules)?;
        let refused = |fault: LinkFault| {
            let (kind, code) = (slot.name(), fault.code());
            tracing::warn!(issuer = %id, kind, code, "issuer {id}: its {kind} address is refused");
            rejected.push((slot, fault));
        };
        registered.map_err(refused).ok()
    };
    let methods = PullMethods {
        android: usable(Slot::Android),
        ios: usable(Slot::Ios),
        web: usable(Slot::Web),
    };
    if methods.is_empty() || entry.countries.is_empty() {
        tracing::warn!(issuer = %id, "issuer {id} is left out: it has no usable method or no country");
        return None;
    }
    let alias = entry.alias.as_deref().and_then(clean_name);
    Some(Issuer {
        id,
        name,
        alias,
        countries: entry.countries,
        logo: entry.logo,
        methods,
        rejected,
    })
}

/// The address that is registered for a kind of device, or why it is not used.
fn link(entry: &EligibleIssuer, slot: Slot, rules: &LinkRules) -> Option<Result<String, LinkFault>> {
    let (_, uri) = entry.methods.iter().find(|(kind, _)| kind == slot.name())?;
    Some(Link::parse(slot, uri, rules).map(|_| uri.clone()))
}

/// The directory may come without ids; then the key is made of what an issuer does not change lightly.
fn derived_id(entry: &EligibleIssuer) -> IssuerId {
    let mut text = entry.name.clone();
    for country in &entry.countries {
        text.push('\n');
        text.push_str(country.as_str());
    }
    for (kind, uri) in &entry.methods {
        text.push_str(&format!("\n{kind} {uri}"));
    }
    let digest = sha256_hex(text.as_bytes());
    IssuerId::parse(&format!("x-{}", &digest[..32])).expect("a digest is a well-formed id")
}

/// The name without control characters, direction overrides and invisible marks, at most 100 characters.
fn clean_name(name: &str) -> Option<String> {
    let visible = name
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .take(NAME_CHARACTERS_MAX);
    let text: String = visible.collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::CountryCode;

    fn cleaned(entry: EligibleIssuer) -> Option<Issuer> {
        sanitise(entry, &LinkRules::default())
    }

    fn entry(name: &str, methods: &[(&str, &str)]) -> EligibleIssuer {
        EligibleIssuer {
            id: None,
            name: name.to_owned(),
            alias: None,
            countries: vec![CountryCode::parse("NO").expect("country")],
            logo: None,
            methods: methods
                .iter()
                .map(|(kind, uri)| ((*kind).to_owned(), (*uri).to_owned()))
                .collect(),
        }
    }

    #[test]
    fn an_entry_is_cleaned_or_left_out() {
        let web = [("WEB", "https://bank.example/pull")];
        let issuer = cleaned(entry("Moon\u{202e} Bank\u{200b}\n", &web)).expect("an issuer");
        assert_eq!(issuer.name, "Moon Bank");
        assert!(issuer.id.as_str().starts_with("x-"));
        assert_eq!(cleaned(entry("Moon Bank", &[("WEB", "javascript:alert(1)")])), None);
        assert_eq!(cleaned(entry("\u{200b}", &web)), None);
        let both = cleaned(entry(
            "B",
            &[("WEB", "http://bank.example/"), ("IOS", "https://app.bank.example/")],
        ));
        assert!(both.is_some_and(|issuer| issuer.methods.web.is_none() && issuer.methods.ios.is_some()));
    }

    #[test]
    fn a_derived_id_is_stable() {
        let a = cleaned(entry("A", &[("WEB", "https://a.example/")])).expect("an issuer");
        let again = cleaned(entry("A", &[("WEB", "https://a.example/")])).expect("an issuer");
        let other = cleaned(entry("A", &[("WEB", "https://b.example/")])).expect("an issuer");
        assert_eq!(a.id, again.id);
        let taken = EligibleIssuer {
            id: IssuerId::parse("results").ok(),
            ..entry("A", &[("WEB", "https://a.example/")])
        };
        assert_eq!(cleaned(taken).map(|issuer| issuer.id), Some(a.id.clone()));
        assert_ne!(a.id, other.id);
    }
}
