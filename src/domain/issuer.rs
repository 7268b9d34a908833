//! The directory of issuers: what the picker shows, how it is searched and ordered.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::id::{AssetId, CountryCode, IssuerId};

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
}

/// `availablePullMethods`: the registered address for each kind of device. Only addresses that passed
/// [`IssuerLink::parse`] are in here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullMethods {
    /// App to app, or web to app, on Android.
    pub android: Option<IssuerLink>,
    /// The same on iOS.
    pub ios: Option<IssuerLink>,
    /// The issuer's website.
    pub web: Option<IssuerLink>,
}

impl PullMethods {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.android.is_none() && self.ios.is_none() && self.web.is_none()
    }
}

/// The longest registered address we accept.
const LINK_LENGTH_MAX: usize = 2048;

/// An address of an issuer that is safe to put into a link: plain ASCII, `https` (or `http` on loopback, for the
/// simulators), no user information. Other people's strings stay other people's strings until they pass here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IssuerLink(String);

/// Why an issuer's address is not used. The codes are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFault {
    /// Empty or longer than 2,048 bytes.
    Length,
    /// A byte outside 0x21 to 0x7E, or one of `\ " < > ^ { | }` and the backtick.
    Character,
    /// Not `https` (nor `http` on loopback).
    Scheme,
    /// `@` in the authority.
    UserInformation,
    /// No host that a cardholder could recognise.
    Host,
}

impl LinkFault {
    /// A stable code for logs and the decision trace.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "E_LEN",
            Self::Character => "E_CHAR",
            Self::Scheme => "E_SCHEME",
            Self::UserInformation => "E_USERINFO",
            Self::Host => "E_HOST",
        }
    }
}

impl IssuerLink {
    /// Checks the raw bytes, before any URL library could repair them.
    ///
    /// # Errors
    /// The first [`LinkFault`] found.
    pub fn parse(text: &str) -> Result<Self, LinkFault> {
        if text.is_empty() || text.len() > LINK_LENGTH_MAX {
            return Err(LinkFault::Length);
        }
        if !text
            .bytes()
            .all(|byte| (0x21..=0x7e).contains(&byte) && !br#"\"<>^{|}`"#.contains(&byte))
        {
            return Err(LinkFault::Character);
        }
        let (scheme, rest) = text.split_once("://").ok_or(LinkFault::Scheme)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(LinkFault::UserInformation);
        }
        let url = url::Url::parse(text).map_err(|_| LinkFault::Host)?;
        let host = url.host_str().ok_or(LinkFault::Host)?;
        if host.is_empty() || host.ends_with('.') {
            return Err(LinkFault::Host);
        }
        match scheme {
            "https" => Ok(Self(text.to_owned())),
            "http" if is_loopback(host) => Ok(Self(text.to_owned())),
            _ => Err(LinkFault::Scheme),
        }
    }

    /// The address as registered, byte for byte.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Host and port, to be shown to the cardholder.
    #[must_use]
    pub fn authority(&self) -> &str {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }
}

impl TryFrom<String> for IssuerLink {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).map_err(LinkFault::code)
    }
}

impl From<IssuerLink> for String {
    fn from(link: IssuerLink) -> Self {
        link.0
    }
}

/// Whether a host can only be this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "::1")
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

    #[test]
    fn links_of_others_are_checked_byte_by_byte() {
        for (text, fault) in [
            ("", LinkFault::Length),
            ("javascript:alert(1)", LinkFault::Scheme),
            ("http://bank.example/", LinkFault::Scheme),
            ("https://user@bank.example/", LinkFault::UserInformation),
            ("https://bank.example/a b", LinkFault::Character),
            ("https://bank.example\\@evil.example/", LinkFault::Character),
            ("https://bank.example/\t", LinkFault::Character),
            ("https://bänk.example/", LinkFault::Character),
            ("https://", LinkFault::Host),
            ("https://bank.example./", LinkFault::Host),
        ] {
            assert_eq!(IssuerLink::parse(text), Err(fault), "{text}");
        }
        assert!(IssuerLink::parse("https://bank.example/pull?x=1#top").is_ok());
        assert!(IssuerLink::parse("http://127.0.0.1:8082/banks/a").is_ok());
    }
}
