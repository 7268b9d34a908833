//! An issuer's registered address: checked byte by byte before any URL library could repair it, and composed with our
//! three values without touching a byte that is not ours.

use serde::{Deserialize, Serialize};

use super::intent::{Intent, hides_an_intent};
use super::launch::{LaunchNames, LaunchValues};
use super::query::{has_pair, with_values};

/// The longest registered address, in bytes.
const REGISTERED_LENGTH_MAX: usize = 2048;
/// The longest composed address, in bytes; beyond it the method counts as absent.
pub const COMPOSED_LENGTH_MAX: usize = 4096;
/// Percent-encoding is undone this often in search of control bytes.
const DECODING_ROUNDS: usize = 3;

/// For which kind of device an address is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Slot {
    /// `ANDROID`
    Android,
    /// `IOS`
    Ios,
    /// `WEB`
    Web,
}

impl Slot {
    /// The name in the directory.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Android => "ANDROID",
            Self::Ios => "IOS",
            Self::Web => "WEB",
        }
    }
}

/// What depends on the deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkRules {
    /// The wallet's own host: links to it, or below it, never open an app and would loop.
    pub wallet_host: String,
    /// The demo and tests: `http` on loopback is an issuer's website or app link too.
    pub allow_loopback: bool,
}

/// Why an address is not used. The codes are stable: they are logged and shown by the decision trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkFault {
    /// Nothing.
    Empty,
    /// More than 2,048 bytes, or more than 4,096 when composed.
    Length,
    /// A byte outside 0x21 to 0x7E.
    Control,
    /// One of `\ " < > ^ { | }` and the backtick.
    Character,
    /// `%` without two hexadecimal digits, or a control byte behind it, however often encoded.
    Percent,
    /// A scheme that this kind of device must not be sent to.
    Scheme,
    /// `@` in the authority.
    UserInformation,
    /// No DNS name of two labels or more, or one that is not of the open internet.
    Host,
    /// A port other than 443.
    Port,
    /// An internationalised name, which could look like another.
    Idn,
    /// The wallet's own host.
    Own,
    /// Not the grammar of an `intent:` address, or one hidden in another.
    Intent,
    /// A key that is not allowed there, or twice.
    IntentKey,
    /// No package where one is needed, or one that is no issuer's app.
    IntentPackage,
    /// An action that is not the app's own.
    IntentAction,
    /// Data under a scheme that must not be opened.
    IntentScheme,
}

impl LinkFault {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "E_EMPTY",
            Self::Length => "E_LEN",
            Self::Control => "E_CTRL",
            Self::Character => "E_CHAR",
            Self::Percent => "E_PCT",
            Self::Scheme => "E_SCHEME",
            Self::UserInformation => "E_USERINFO",
            Self::Host => "E_HOST",
            Self::Port => "E_PORT",
            Self::Idn => "E_IDN",
            Self::Own => "E_SELF",
            Self::Intent => "E_INTENT",
            Self::IntentKey => "E_INTENT_KEY",
            Self::IntentPackage => "E_INTENT_PKG",
            Self::IntentAction => "E_INTENT_ACTION",
            Self::IntentScheme => "E_INTENT_SCHEME",
        }
    }
}

/// A checked address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// `https://…` (or loopback `http` where that is allowed), normalised as far as is safe.
    Web(String),
    /// A custom scheme, in lower case, and everything after its colon.
    Custom {
        /// The scheme.
        scheme: String,
        /// What follows the colon.
        rest: String,
    },
    /// An Android `intent:` address.
    Intent(Intent),
}

/// Schemes that are no issuer's app.
const DENIED_SCHEMES: &[&str] = &[
    "javascript",
    "data",
    "vbscript",
    "file",
    "filesystem",
    "blob",
    "about",
    "view-source",
    "content",
    "jar",
    "resource",
    "devtools",
    "moz-extension",
    "http",
    "https",
    "ws",
    "wss",
    "ftp",
    "mailto",
    "tel",
    "sms",
    "smsto",
    "mms",
    "mmsto",
    "geo",
    "market",
    "android-app",
    "app-settings",
    "prefs",
    "app-prefs",
    "shortcuts",
    "x-safari-http",
    "x-safari-https",
    "x-web-search",
    "googlechrome",
    "googlechromes",
    "firefox",
    "fido",
    "ms-settings",
    "ssh",
    "smb",
    "vnc",
    "marketplace-kit",
    "app-distribution",
    "webcal",
    "intent",
];
/// The same, by how they begin.
const DENIED_SCHEME_STARTS: &[&str] = &["chrome", "itms", "facetime", "microsoft-edge"];

impl Link {
    /// Checks the raw text of a registered address.
    ///
    /// # Errors
    /// The first [`LinkFault`] found, in the order of the rules.
    pub fn parse(slot: Slot, text: &str, rules: &LinkRules) -> Result<Self, LinkFault> {
        check_bytes(text)?;
        let (scheme, rest) = text.split_once(':').ok_or(LinkFault::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        let loopback = scheme == "http" && rules.allow_loopback;
        if scheme == "https" || loopback {
            if hides_an_intent(rest) {
                return Err(LinkFault::Intent);
            }
            return web(&scheme, rest, rules).map(Self::Web);
        }
        if scheme == "intent" && slot == Slot::Android {
            return Intent::parse(rest, rules).map(Self::Intent);
        }
        if slot == Slot::Web || !is_custom(&scheme) {
            return Err(LinkFault::Scheme);
        }
        if hides_an_intent(rest) {
            return Err(LinkFault::Intent);
        }
        if before_query(rest).contains('@') {
            return Err(LinkFault::UserInformation);
        }
        Ok(Self::Custom {
            scheme,
            rest: rest.to_owned(),
        })
    }

    /// The host that a cardholder would see, with its port: of a website.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        match self {
            Self::Web(text) => text.split_once("://").map(|(_, rest)| before_path(rest)),
            Self::Custom { .. } | Self::Intent(_) => None,
        }
    }

    /// Whom the address opens: a website's host, an app's package or scheme. An issuer changes these rarely.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        match self {
            Self::Web(_) => self.authority().map(str::to_owned).into_iter().collect(),
            Self::Custom { scheme, .. } => vec![format!("{scheme}:")],
            Self::Intent(intent) => intent.places(),
        }
    }

    /// Which of our parameters the registered address has already. They are replaced when it is composed.
    #[must_use]
    pub fn replaced<'n>(&self, names: &'n LaunchNames) -> Vec<&'n str> {
        let has = |name: &str| match self {
            Self::Web(text) | Self::Custom { rest: text, .. } => has_pair(text, name),
            Self::Intent(intent) => intent.has_value(name),
        };
        names.all().filter(|name| has(name)).collect()
    }

    /// The address as a browser opens it, with our values: an app link or a website as it is, a custom scheme as it is.
    #[must_use]
    pub fn plain(&self, names: &LaunchNames, values: LaunchValues<'_>) -> Option<String> {
        let composed = match self {
            Self::Web(text) => with_values(text, names, values),
            Self::Custom { scheme, rest } => format!("{scheme}:{}", with_values(rest, names, values)),
            Self::Intent(_) => return None,
        };
        (composed.len() <= COMPOSED_LENGTH_MAX).then_some(composed)
    }

    /// The address as an Android browser opens an app: an `intent:` with our values and, if there is one, our fallback.
    /// A plain `https` link stays plain: it is its own fallback.
    #[must_use]
    pub fn android(&self, names: &LaunchNames, values: LaunchValues<'_>, fallback: Option<&str>) -> Option<String> {
        let composed = match self {
            Self::Web(_) => return self.plain(names, values),
            Self::Custom { scheme, rest } => Intent::wrapping(scheme, rest).compose(names, values, fallback),
            Self::Intent(intent) => intent.compose(names, values, fallback),
        };
        (composed.len() <= COMPOSED_LENGTH_MAX).then_some(composed)
    }
}

pub(super) fn check_bytes(text: &str) -> Result<(), LinkFault> {
    if text.is_empty() {
        return Err(LinkFault::Empty);
    }
    if text.len() > REGISTERED_LENGTH_MAX {
        return Err(LinkFault::Length);
    }
    if !text.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        return Err(LinkFault::Control);
    }
    if text.bytes().any(|byte| br#"\"<>^{|}`"#.contains(&byte)) {
        return Err(LinkFault::Character);
    }
    if !percent_is_sound(text) {
        return Err(LinkFault::Percent);
    }
    Ok(())
}

fn percent_is_sound(text: &str) -> bool {
    let bytes = text.as_bytes();
    let two_digits = |at: usize| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    };
    if bytes
        .iter()
        .enumerate()
        .any(|(at, byte)| *byte == b'%' && !two_digits(at))
    {
        return false;
    }
    let mut decoded = bytes.to_vec();
    for _ in 0..DECODING_ROUNDS {
        decoded = percent_encoding::percent_decode(&decoded).collect();
        if decoded.iter().any(u8::is_ascii_control) {
            return false;
        }
    }
    true
}

/// Whether a scheme may be an issuer's own.
pub(super) fn is_custom(scheme: &str) -> bool {
    let shape = (2..=63).contains(&scheme.len())
        && scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+.-".contains(&b));
    shape && !DENIED_SCHEMES.contains(&scheme) && !DENIED_SCHEME_STARTS.iter().any(|start| scheme.starts_with(start))
}

fn web(scheme: &str, rest: &str, rules: &LinkRules) -> Result<String, LinkFault> {
    let normal = normal_web(rest, |authority| check_authority(authority, scheme, rules))?;
    Ok(format!("{scheme}:{normal}"))
}

/// Host and port in lower case: public ones, and where that is allowed those of this machine.
fn check_authority(authority: &str, scheme: &str, rules: &LinkRules) -> Result<String, LinkFault> {
    let lower = authority.to_ascii_lowercase();
    let (host, port) = host_and_port(&lower);
    if rules.allow_loopback && is_loopback(host) && host != rules.wallet_host {
        return match port.map(str::parse::<u16>) {
            None | Some(Ok(_)) => Ok(lower),
            Some(Err(_)) => Err(LinkFault::Port),
        };
    }
    if scheme != "https" {
        return Err(LinkFault::Scheme);
    }
    public_authority(authority, rules)
}

fn host_and_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !host.contains('[') || host.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

/// An `https` address after its scheme and colon, checked: the authority in lower case without the default port, no empty
/// path, and everything after that as it is.
pub(super) fn public_web(rest: &str, rules: &LinkRules) -> Result<String, LinkFault> {
    normal_web(rest, |authority| public_authority(authority, rules))
}

fn normal_web(rest: &str, check: impl Fn(&str) -> Result<String, LinkFault>) -> Result<String, LinkFault> {
    let rest = rest.strip_prefix("//").ok_or(LinkFault::Host)?;
    let authority = before_path(rest);
    let after = &rest[authority.len()..];
    let slash = if after.starts_with('/') { "" } else { "/" };
    Ok(format!("//{}{slash}{after}", check(authority)?))
}

/// Checks host and port and answers the host in lower case.
fn public_authority(authority: &str, rules: &LinkRules) -> Result<String, LinkFault> {
    if authority.contains('@') {
        return Err(LinkFault::UserInformation);
    }
    let lower = authority.to_ascii_lowercase();
    let (host, port) = host_and_port(&lower);
    check_host(host)?;
    match port {
        None | Some("443") => {}
        Some(_) => return Err(LinkFault::Port),
    }
    if host.split('.').any(|label| label.starts_with("xn--")) {
        return Err(LinkFault::Idn);
    }
    let own = rules.wallet_host.as_str();
    if !own.is_empty() && (host == own || host.strip_suffix(own).is_some_and(|sub| sub.ends_with('.'))) {
        return Err(LinkFault::Own);
    }
    Ok(host.to_owned())
}

fn check_host(host: &str) -> Result<(), LinkFault> {
    const PRIVATE: &[&str] = &["localhost", "local", "internal", "lan", "home", "onion"];
    let labels: Vec<&str> = host.split('.').collect();
    let label_ok = |label: &&str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // A top-level domain is never a number, in any notation: what ends in one is an address.
    let last = labels.last().copied().unwrap_or_default();
    let named = last.starts_with(|c: char| c.is_ascii_alphabetic());
    let sound =
        labels.len() >= 2 && host.len() <= 253 && labels.iter().all(label_ok) && named && !PRIVATE.contains(&last);
    if sound { Ok(()) } else { Err(LinkFault::Host) }
}

pub(super) fn before_path(text: &str) -> &str {
    text.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether a host can only be this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "::1")
}

/// The part of a custom address in which an `@` would name a user.
pub(super) fn before_query(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}
