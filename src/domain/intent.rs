//! Android's `intent:` addresses, as far as we let an issuer register them.
//!
//! ```text
//! intent:[//host][/path][?query][#fragment]#Intent;KEY=VALUE;...;end
//! ```
//!
//! Android's parser looks for the last `#`, splits on `;`, and stops at the first item that begins with `end`; whatever
//! could make it read something else than we read is refused.

use percent_encoding::percent_decode_str;

use super::launch::{LaunchNames, LaunchValues};
use super::link::{LinkFault, LinkRules, before_path, before_query, is_custom, public_web};
use super::query::{encode, has_pair, with_values};

const MARK: &str = "#Intent;";
const VIEW: &str = "android.intent.action.VIEW";
const CATEGORIES: &[&str] = &["android.intent.category.BROWSABLE", "android.intent.category.DEFAULT"];
/// Items that are ours to set, never the issuer's.
const FALLBACK: &str = "S.browser_fallback_url";
const REFERRER: &str = "S.market_referrer";

/// Packages that are no issuer's app, by how they begin: the system's, browsers, stores, shells of makers.
const DENIED_PACKAGES: &[&str] = &[
    "com.android.",
    "com.google.android.",
    "android.",
    "com.chrome.",
    "org.chromium.",
    "org.mozilla.",
    "com.microsoft.emmx",
    "com.brave.browser",
    "com.opera.",
    "com.sec.android.",
    "com.samsung.android.",
    "com.huawei.",
    "com.hihonor.",
    "com.miui.",
    "com.xiaomi.",
    "com.mi.",
    "com.oppo.",
    "com.heytap.",
    "com.coloros.",
    "com.vivo.",
    "com.bbk.",
    "com.uc.",
    "com.ucmobile.",
    "com.amazon.venezia",
    "com.vivaldi.",
    "com.duckduckgo.",
    "com.qihoo.",
    "com.tencent.mtt",
    "com.kiwibrowser.",
    "com.yandex.browser",
    "org.torproject.",
    "com.ecosia.android",
    "org.fdroid.",
    "com.aurora.",
    "com.termux",
    "com.oneplus.",
    "com.realme.",
    "com.motorola.",
    "com.lge.",
    "com.sonymobile.",
];

/// A checked intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What is opened: everything between `intent:` and `#Intent;`. `None` when the app is started by an action alone;
    /// empty when the address is nothing but its scheme.
    data: Option<String>,
    /// The items in order, without those that are ours to set.
    items: Vec<(String, String)>,
}

/// Whether an address that is no intent has an intent in its fragment, in the form of today or in the one before it.
/// Android would parse either all the same.
pub(super) fn hides_an_intent(text: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "intent;",
        "action(",
        "categories(",
        "type(",
        "launchflags(",
        "component(",
        "extras(",
    ];
    let lower = text.to_ascii_lowercase();
    let mut fragments = lower.split('#').skip(1);
    fragments.any(|fragment| BEGINNINGS.iter().any(|beginning| fragment.starts_with(beginning)))
}

impl Intent {
    /// Checks what follows `intent:`.
    pub(super) fn parse(rest: &str, rules: &LinkRules) -> Result<Self, LinkFault> {
        let at = rest
            .rfind('#')
            .filter(|at| rest[*at..].starts_with(MARK))
            .ok_or(LinkFault::Intent)?;
        let (data, tail) = (&rest[..at], &rest[at + MARK.len()..]);
        if hides_an_intent(data) {
            return Err(LinkFault::Intent);
        }
        let mut intent = Self {
            data: (!data.is_empty()).then(|| data.to_owned()),
            items: items(tail)?,
        };
        let scheme = intent.normalise(rules)?;
        intent.check_target(scheme.as_deref())?;
        Ok(intent)
    }

    /// The intent that opens an address of a custom scheme.
    pub(super) fn wrapping(scheme: &str, rest: &str) -> Self {
        Self {
            data: Some(rest.to_owned()),
            items: vec![("scheme".to_owned(), scheme.to_owned())],
        }
    }

    /// The app and, where it is one, the host that it opens.
    pub(super) fn places(&self) -> Vec<String> {
        let web = self.data.as_deref().and_then(|data| data.strip_prefix("//"));
        let scheme = self.item("scheme");
        let data = match scheme.as_deref() {
            Some("https") => web.map(|rest| before_path(rest).to_owned()),
            custom => custom.map(|scheme| format!("{scheme}:")),
        };
        self.item("package").into_iter().chain(data).collect()
    }

    /// Whether it has a value of that name where ours goes.
    pub(super) fn has_value(&self, name: &str) -> bool {
        match &self.data {
            Some(data) => has_pair(data, name),
            None => self.items.iter().any(|(key, _)| is_extra(key, name)),
        }
    }

    /// The value of an item, as Android reads it.
    fn item(&self, key: &str) -> Option<String> {
        let (_, raw) = self.items.iter().find(|(name, _)| name == key)?;
        Some(percent_decode_str(raw).decode_utf8_lossy().into_owned())
    }

    /// Checks what is opened and writes it as it is compared: Android's filters know no other than lower case.
    fn normalise(&mut self, rules: &LinkRules) -> Result<Option<String>, LinkFault> {
        let Some(scheme) = self.item("scheme").map(|scheme| scheme.to_ascii_lowercase()) else {
            return match self.data {
                Some(_) => Err(LinkFault::IntentScheme),
                None => Ok(None),
            };
        };
        let data = self.data.as_deref().unwrap_or_default();
        if scheme == "https" {
            self.data = Some(public_web(data, rules)?);
        } else if !is_custom(&scheme) {
            return Err(LinkFault::IntentScheme);
        } else if before_query(data).contains('@') {
            return Err(LinkFault::UserInformation);
        }
        for (_, value) in self.items.iter_mut().filter(|(key, _)| key == "scheme") {
            value.clone_from(&scheme);
        }
        Ok(Some(scheme))
    }

    /// Checks who is asked, and for what.
    fn check_target(&self, scheme: Option<&str>) -> Result<(), LinkFault> {
        let has_data = self.data.is_some();
        let package = self.item("package");
        match &package {
            Some(package) if !is_issuers_package(package) => return Err(LinkFault::IntentPackage),
            None if !has_data || scheme == Some("https") => return Err(LinkFault::IntentPackage),
            Some(_) | None => {}
        }
        let own = |action: &str| {
            let beyond = package.as_deref().and_then(|package| action.strip_prefix(package));
            beyond.is_some_and(|rest| rest.starts_with('.'))
        };
        match self.item("action") {
            Some(action) if own(&action) => Ok(()),
            Some(action) if has_data && action == VIEW => Ok(()),
            None if has_data => Ok(()),
            _ => Err(LinkFault::IntentAction),
        }
    }

    /// The intent with our values and our fallback: in the query of the data, or as extras where there is no data.
    pub(super) fn compose(&self, names: &LaunchNames, values: LaunchValues<'_>, fallback: Option<&str>) -> String {
        let ours = values.pairs(names);
        let mut composed = String::from("intent:");
        if let Some(data) = &self.data {
            composed.push_str(&with_values(data, names, values));
        }
        composed.push_str(MARK);
        let is_replaced = |key: &str| self.data.is_none() && ours.iter().any(|(name, _)| is_extra(key, name));
        for (key, value) in self.items.iter().filter(|(key, _)| !is_replaced(key)) {
            composed.push_str(&format!("{key}={value};"));
        }
        if self.data.is_none() {
            for (name, value) in ours {
                composed.push_str(&format!("S.{}={};", encode(name), encode(value)));
            }
        }
        if let Some(fallback) = fallback {
            composed.push_str(&format!("{FALLBACK}={};", encode(fallback)));
        }
        composed.push_str("end");
        composed
    }
}

fn is_extra(key: &str, name: &str) -> bool {
    key.strip_prefix("S.") == Some(name)
}

/// `KEY=VALUE;` for each item, then `end`, and nothing else: Android stops at the first item that begins so.
fn items(tail: &str) -> Result<Vec<(String, String)>, LinkFault> {
    let (body, end) = tail.rsplit_once(';').unwrap_or(("", tail));
    let sound = |item: &str| !item.is_empty() && !item.starts_with("end");
    let items = || body.split(';').filter(|_| !body.is_empty());
    if end != "end" || tail.starts_with(';') || !items().all(sound) {
        return Err(LinkFault::Intent);
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for item in items() {
        let (key, value) = item.split_once('=').ok_or(LinkFault::IntentKey)?;
        if !is_allowed(key, value) || found.iter().any(|(known, _)| known == key) {
            return Err(LinkFault::IntentKey);
        }
        found.push((key.to_owned(), value.to_owned()));
    }
    found.retain(|(key, _)| key != FALLBACK && key != REFERRER);
    Ok(found)
}

fn is_allowed(key: &str, value: &str) -> bool {
    match key {
        "scheme" | "package" | "action" => true,
        "category" => CATEGORIES.contains(&value),
        other => other.strip_prefix("S.").is_some_and(|name| {
            (1..=64).contains(&name.len())
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
        }),
    }
}

fn is_issuers_package(package: &str) -> bool {
    let segment_ok = |segment: &str| {
        segment.starts_with(|c: char| c.is_ascii_alphabetic())
            && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let lower = package.to_ascii_lowercase();
    let denied = |start: &&str| lower.starts_with(*start) || lower == start.trim_end_matches('.');
    package.len() <= 255
        && package.contains('.')
        && package.split('.').all(segment_ok)
        && !DENIED_PACKAGES.iter().any(denied)
}
