//! The twelve fictional banks of the demo: names, marks, products, people and cards. Plain data, known to both
//! simulators: MDES serves the logos, the card art and the terms, the bank simulator plays the bank.
//!
//! Everything here is invented. Account ranges and card numbers are made up and only pass the Luhn check.

mod art;
mod cards;
mod crowd;
mod issuers;
mod png;
mod shelf;
mod terms;

pub use art::Mark;
pub use cards::{
    ActivationKind, Card, Outcome, PEOPLE, Person, Product, ProductKind, card_by_contract, card_by_id, card_by_pan,
    person,
};
pub use crowd::{Passerby, crowd};
pub use issuers::ISSUERS;
pub use terms::Document;

/// A fictional bank.
#[derive(Debug)]
pub struct Issuer {
    /// Stable id, `name-country`, safe in a URL path and in a CSS file name.
    pub id: &'static str,
    /// The name cardholders know, in the bank's own script.
    pub name: &'static str,
    /// The name in Latin script, where `name` is in another one.
    pub alias: Option<&'static str>,
    /// BCP 47 tag of `name`, for the `lang` attribute.
    pub language: &'static str,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Name of the country, in English.
    pub country_name: &'static str,
    /// Background of the mark and of the card art, `#rrggbb`.
    pub background: &'static str,
    /// The one stroke colour on it, `#rrggbb`.
    pub stroke: &'static str,
    /// SVG path data of the mark in a 44 x 44 box, stroke width 3.
    pub mark: &'static str,
    /// The first eight digits of every account number of this bank. No other bank has the same.
    pub account_range: &'static str,
    /// Which addresses it registered with MDES.
    pub reach: Reach,
    /// How its authorisation system leans.
    pub temper: Temper,
    /// Whether it wants the code that the wallet shows.
    pub code: CodePolicy,
    /// The form of its terms.
    pub terms_form: TermsForm,
    /// As which client its processor knows it, for a bank that keeps no account numbers itself: it names its cards by
    /// the processor's card contracts. Nothing for a bank that keeps them.
    pub processor_client: Option<&'static str>,
}

/// On what kinds of device a bank can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The website only.
    Web,
    /// The website, and `https` links that belong to its Android and iOS apps.
    WebAndApps,
    /// An Android app and nothing else.
    AndroidOnly,
}

/// How a bank answers for a card that would normally be approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Temper {
    /// Approves.
    Approves,
    /// Wants a code by email.
    EmailsCode,
    /// Wants a code by text message.
    TextsCode,
    /// Declines every card, always.
    Declines,
}

/// How a bank treats the code with which the person at the bank proves to be the person at the wallet
/// (`authenticationCode`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePolicy {
    /// It adds no card without one.
    Required,
    /// It passes on what it is given.
    Optional,
    /// It does not know of such a code, and passes none on.
    Unsupported,
}

/// Where the apps of the banks can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppsAt {
    /// At hosts of their own, as real App Links are: `https://app.{id}.example/pull`. Nothing listens there.
    OwnHosts,
    /// Beside the websites, at `{bank_base}/apps/{id}/pull`: a page that behaves as the app would.
    Loopback,
}

/// The media type in which a bank delivers its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsForm {
    /// `text/plain` in English.
    Plain,
    /// `text/plain` in French.
    PlainFrench,
    /// `text/html`.
    Html,
    /// `application/pdf`.
    Pdf,
}

/// One entry of `availablePullMethods`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullMethod {
    /// `WEB`, `ANDROID` or `IOS`.
    pub kind: &'static str,
    /// The registered address, 11 to 128 characters.
    pub uri: String,
}

impl Issuer {
    /// What this bank registered with MDES, when its website is at `bank_base` (no slash at the end) and its app where
    /// `apps` says.
    #[must_use]
    pub fn pull_methods(&self, bank_base: &str, apps: AppsAt) -> Vec<PullMethod> {
        let app = match apps {
            AppsAt::OwnHosts => format!("https://{}/pull", self.app_host()),
            AppsAt::Loopback => format!("{bank_base}/apps/{}/pull", self.id),
        };
        let web = PullMethod {
            kind: "WEB",
            uri: format!("{bank_base}/banks/{}/pull", self.id),
        };
        let android = PullMethod {
            kind: "ANDROID",
            uri: app.clone(),
        };
        match self.reach {
            Reach::Web => vec![web],
            Reach::WebAndApps => vec![android, PullMethod { kind: "IOS", uri: app }, web],
            Reach::AndroidOnly => vec![android],
        }
    }

    /// The host whose links belong to this bank's app, if it had one.
    #[must_use]
    pub fn app_host(&self) -> String {
        format!("app.{}.example", self.id)
    }

    /// Whether this bank has an app at all.
    #[must_use]
    pub fn has_app(&self) -> bool {
        self.reach != Reach::Web
    }

    /// The account range as `getEligibleTokenRequestors` wants it: padded with zeros to 19 digits.
    #[must_use]
    pub fn padded_range(&self) -> String {
        format!("{:0<19}", self.account_range)
    }

    /// Whether it keeps no account numbers: its processor does.
    #[must_use]
    pub fn is_pan_less(&self) -> bool {
        self.processor_client.is_some()
    }

    /// `rtl` or `ltr`, for the `dir` attribute of the name.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        if self.language == "ar" { "rtl" } else { "ltr" }
    }

    /// The name in Latin script.
    #[must_use]
    pub fn latin_name(&self) -> &'static str {
        self.alias.unwrap_or(self.name)
    }
}

/// The bank with this id.
#[must_use]
pub fn issuer(id: &str) -> Option<&'static Issuer> {
    ISSUERS.iter().find(|issuer| issuer.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_twelve_banks_and_nothing_is_shared() {
        assert_eq!(ISSUERS.len(), 12);
        let unique = |of: fn(&Issuer) -> &str| ISSUERS.iter().map(of).collect::<HashSet<_>>().len();
        assert_eq!(unique(|issuer| issuer.id), 12);
        assert_eq!(unique(|issuer| issuer.name), 12);
        assert_eq!(unique(|issuer| issuer.account_range), 12);
        assert_eq!(unique(|issuer| issuer.background), 12);
    }

    #[test]
    fn one_bank_keeps_no_account_numbers_and_its_cards_have_contracts() {
        let pan_less: Vec<_> = ISSUERS.iter().filter(|issuer| issuer.is_pan_less()).collect();
        assert_eq!(
            pan_less.iter().map(|issuer| issuer.id).collect::<Vec<_>>(),
            ["bereza-kz"]
        );
        let contracts: HashSet<String> = PEOPLE
            .iter()
            .flat_map(|person| pan_less[0].cards(person))
            .map(|card| {
                let contract = card.contract.expect("a contract");
                assert_eq!(card_by_contract(&contract).map(|found| found.id), Some(card.id));
                assert!(!contract.contains(&card.last4) && contract.len() == 12);
                contract
            })
            .collect();
        assert_eq!(contracts.len(), 24);
        assert!(card_by_id("havorn-no-ada-1").unwrap().contract.is_none());
    }

    #[test]
    fn every_bank_stays_within_the_limits_of_the_protocol() {
        for issuer in ISSUERS {
            assert!(issuer.name.chars().count() <= 64, "{}", issuer.id);
            assert!(issuer.id.len() <= 36 && issuer.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            assert_eq!(issuer.country.len(), 2);
            assert!(issuer.id.ends_with(&issuer.country.to_lowercase()));
            assert_eq!(issuer.account_range.len(), 8);
            assert_eq!(issuer.padded_range().len(), 19);
            let registered = |apps| issuer.pull_methods("http://127.0.0.1:65535", apps);
            for method in [registered(AppsAt::OwnHosts), registered(AppsAt::Loopback)]
                .iter()
                .flatten()
            {
                assert!((11..=128).contains(&method.uri.len()), "{}", method.uri);
            }
        }
    }

    #[test]
    fn one_bank_has_only_an_app_and_one_only_a_website() {
        let kinds = |id: &str| -> Vec<_> {
            issuer(id)
                .unwrap()
                .pull_methods("http://127.0.0.1:1", AppsAt::Loopback)
                .iter()
                .map(|method| method.kind)
                .collect()
        };
        let beside = issuer("iperoxo-br").unwrap();
        let beside = beside.pull_methods("http://127.0.0.1:1", AppsAt::Loopback);
        assert_eq!(beside[0].uri, "http://127.0.0.1:1/apps/iperoxo-br/pull");
        assert_eq!(kinds("iperoxo-br"), ["ANDROID"]);
        assert_eq!(kinds("silbertann-de"), ["WEB"]);
        assert_eq!(kinds("podoli-cz"), ["ANDROID", "IOS", "WEB"]);
    }
}
