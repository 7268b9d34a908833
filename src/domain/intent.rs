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
use super::link::{LinkFault, LinkRules, before_query, check_authority, encode, is_custom, with_values};

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
];

/// A checked intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// What is opened: everything between `intent:` and `#Intent;`. Empty when the app is started by an action alone.
    data: String,
    /// The items in order, without those that are ours to set.
    items: Vec<(String, String)>,
}

/// Whether an address that is no intent has an intent's part in it. Some browsers would parse it all the same.
pub(super) fn has_intent_part(text: &str) -> bool {
    text.to_ascii_lowercase().contains("#intent;")
}

impl Intent {
    /// Checks what follows `intent:`.
    pub(super) fn parse(rest: &str, rules: &LinkRules) -> Result<Self, LinkFault> {
        let at = rest
            .rfind('#')
            .filter(|at| rest[*at..].starts_with(MARK))
            .ok_or(LinkFault::Intent)?;
        let (data, tail) = (&rest[..at], &rest[at + MARK.len()..]);
        if has_intent_part(data) {
            return Err(LinkFault::Intent);
        }
        let body = tail.strip_suffix("end").ok_or(LinkFault::Intent)?;
        let items = items(body)?;
        let intent = Self {
            data: data.to_owned(),
            items,
        };
        intent.check(rules)?;
        Ok(intent)
    }

    /// The intent that opens an address of a custom scheme.
    pub(super) fn wrapping(scheme: &str, rest: &str) -> Self {
        Self {
            data: rest.to_owned(),
            items: vec![("scheme".to_owned(), scheme.to_owned())],
        }
    }

    fn item(&self, key: &str) -> Option<String> {
        let raw = self
            .items
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())?;
        Some(percent_decode_str(raw).decode_utf8_lossy().into_owned())
    }

    fn check(&self, rules: &LinkRules) -> Result<(), LinkFault> {
        let has_data = !self.data.is_empty();
        let scheme = self.item("scheme").map(|scheme| scheme.to_ascii_lowercase());
        match scheme.as_deref() {
            Some("https") if has_data => {
                let rest = self.data.strip_prefix("//").ok_or(LinkFault::Host)?;
                let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
                check_authority(
                    authority,
                    "https",
                    &LinkRules {
                        allow_loopback: false,
                        ..rules.clone()
                    },
                )?;
            }
            Some(custom) if has_data && is_custom(custom) => {
                if before_query(&self.data).contains('@') {
                    return Err(LinkFault::UserInformation);
                }
            }
            None if !has_data => {}
            _ => return Err(LinkFault::IntentScheme),
        }
        let package = self.item("package");
        if package.as_deref().is_some_and(|package| !is_issuers_package(package)) {
            return Err(LinkFault::IntentPackage);
        }
        if package.is_none() && (!has_data || scheme.as_deref() == Some("https")) {
            return Err(LinkFault::IntentPackage);
        }
        let own = |action: &str| {
            package
                .as_deref()
                .is_some_and(|package| action.strip_prefix(package).is_some_and(|rest| rest.starts_with('.')))
        };
        match self.item("action") {
            Some(action) if own(&action) => Ok(()),
            Some(action) if has_data && action == VIEW => Ok(()),
            None if has_data => Ok(()),
            _ => Err(LinkFault::IntentAction),
        }
    }

    /// The intent with our values and our fallback.
    pub(super) fn compose(&self, names: &LaunchNames, values: LaunchValues<'_>, fallback: Option<&str>) -> String {
        let ours = values.pairs(names);
        let is_reserved = |key: &str| ours.iter().any(|(name, _)| key.strip_prefix("S.") == Some(*name));
        let mut composed = String::from("intent:");
        if self.data.is_empty() {
            composed.push_str(MARK);
        } else {
            composed.push_str(&with_values(&self.data, names, values));
            composed.push_str(MARK);
        }
        for (key, value) in self.items.iter().filter(|(key, _)| !is_reserved(key)) {
            composed.push_str(&format!("{key}={value};"));
        }
        if self.data.is_empty() {
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

/// `KEY=VALUE;` for each item, and nothing else.
fn items(body: &str) -> Result<Vec<(String, String)>, LinkFault> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    let body = body.strip_suffix(';').ok_or(LinkFault::Intent)?;
    let mut found: Vec<(String, String)> = Vec::new();
    for item in body.split(';') {
        if item.is_empty() {
            return Err(LinkFault::Intent);
        }
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
