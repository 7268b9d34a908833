//! The directory of issuers: what the picker shows, how it is searched and ordered.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::id::{AssetId, CountryCode, IssuerId};
use super::link::{LinkFault, Slot};

/// An issuer that can be launched from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Stable key. Falls back to a hash of name, country and links when the directory has none.
    pub id: IssuerId,
    /// The name cardholders know.
    pub name: String,
    /// The name in another script, for display and search.
    pub alias: Option<String>,
    /// Where it serves cardholders, at least one.
    pub countries: Vec<CountryCode>,
    /// The logo.
    pub logo: Option<AssetId>,
    /// How it can be opened, at least one.
    pub methods: PullMethods,
    /// Registered addresses that are not used, with their fault.
    pub rejected: Vec<(Slot, LinkFault)>,
}

/// `availablePullMethods`: the registered address for each kind of device. Kept as
/// registered; whoever opens one has `link` check it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullMethods {
    /// App to app, or web to app, on Android.
    pub android: Option<String>,
    /// The same on iOS.
    pub ios: Option<String>,
    /// The issuer's website.
    pub web: Option<String>,
}

impl PullMethods {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.android.is_none() && self.ios.is_none() && self.web.is_none()
    }
}

/// A name or a query, folded for comparison: lower case, no marks, a few letters that have no decomposition spelled
/// out, everything that is no letter or digit dropped.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text
        .nfkd()
        .flat_map(char::to_lowercase)
        .flat_map(|c| c.nfkd().collect::<Vec<_>>())
    {
        match character {
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            other if other.is_alphanumeric() => folded.push(other),
            _ => {}
        }
    }
    folded
}

/// The issuers that match a query and a country, best first.
///
/// A name that starts with the query comes before one with a word that starts with it, and that before one that
/// contains it. Within a rank, and without a query, the order is that of the folded names.
#[must_use]
pub fn search<'a>(issuers: &'a [Issuer], query: &str, country: Option<&CountryCode>) -> Vec<&'a Issuer> {
    let wanted = fold(query);
    let mut found: Vec<(u8, String, &Issuer)> = issuers
        .iter()
        .filter(|issuer| country.is_none_or(|country| issuer.countries.contains(country)))
        .filter_map(|issuer| {
            let names = std::iter::once(issuer.name.as_str()).chain(issuer.alias.as_deref());
            let rank = names.filter_map(|name| rank(name, &wanted)).min()?;
            Some((rank, fold(&issuer.name), issuer))
        })
        .collect();
    found.sort_by(|a, b| (a.0, &a.1, &a.2.id).cmp(&(b.0, &b.1, &b.2.id)));
    found.into_iter().map(|(_, _, issuer)| issuer).collect()
}

fn rank(name: &str, wanted: &str) -> Option<u8> {
    let folded = fold(name);
    if folded.starts_with(wanted) {
        Some(0)
    } else if name.split_whitespace().any(|word| fold(word).starts_with(wanted)) {
        Some(1)
    } else if folded.contains(wanted) {
        Some(2)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(id: &str, name: &str, country: &str) -> Issuer {
        Issuer {
            id: IssuerId::parse(id).expect("id"),
            name: name.to_owned(),
            alias: None,
            countries: vec![CountryCode::parse(country).expect("country")],
            logo: None,
            methods: PullMethods::default(),
            rejected: Vec::new(),
        }
    }

    #[test]
    fn a_query_finds_names_in_any_spelling() {
        let list = [
            issuer("a", "Havørn Bank", "NO"),
            issuer("b", "Łabędź Bank", "PL"),
            issuer("c", "Yıldıztepe Bankası", "TR"),
            issuer("d", "Bánka Podolí", "CZ"),
            issuer("e", "Tarn & Fell Building Society", "GB"),
            issuer("f", "Берёза Банк", "KZ"),
        ];
        let ids = |query: &str| -> Vec<&str> { search(&list, query, None).iter().map(|i| i.id.as_str()).collect() };
        assert_eq!(ids("havorn"), ["a"]);
        assert_eq!(ids("labedz"), ["b"]);
        assert_eq!(ids("yildiz"), ["c"]);
        assert_eq!(ids("banka"), ["d", "c"]);
        assert_eq!(ids("tarn&fell"), ["e"]);
        assert_eq!(ids("береза"), ["f"]);
        assert_eq!(ids("nothing"), [] as [&str; 0]);
        assert_eq!(ids("").len(), 6);
        let norway = CountryCode::parse("NO").expect("country");
        assert_eq!(search(&list, "bank", Some(&norway)).len(), 1);
    }
}
