//! Where a bank wants its cardholder back after a push.
//!
//! It is judged twice: byte by byte as text, and as a URL library reads it. What the two read differently is refused, and so
//! is everything that is not below an address that is registered for an issuer.

use std::fmt;

use super::id::IssuerId;
use super::link::{before_path, check_bytes, is_custom, is_loopback};
use super::push::Reported;
use super::receipt::CALLBACK_URL_LENGTH_MAX;

/// Why an address is not where a cardholder is sent. The codes are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackFault {
    /// Nothing, or more than 256 characters.
    Length,
    /// White space, a control character, anything that is not ASCII or that no address holds unencoded.
    Character,
    /// Not a scheme in lower case and `://`.
    Form,
    /// A scheme that nobody may be sent to, or `http`.
    Scheme,
    /// `@` or an encoded character in front of the path.
    Authority,
    /// A path that steps up, has an empty step, or hides a separator.
    Path,
    /// A URL library would read something else.
    Ambiguous,
    /// A known bank's host or app, but not below the address that is registered for it.
    NotBelow,
    /// Nobody's that is registered.
    Unknown,
}

impl CallbackFault {
    /// The stable code, for the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "callback_length",
            Self::Character => "callback_character",
            Self::Form => "callback_form",
            Self::Scheme => "callback_scheme",
            Self::Authority => "callback_authority",
            Self::Path => "callback_path",
            Self::Ambiguous => "callback_ambiguous",
            Self::NotBelow => "callback_not_below",
            Self::Unknown => "callback_unknown",
        }
    }
}

/// An address, cut into what decides about it. Every part is a slice of the text.
#[derive(Clone, Copy)]
struct Parts<'a> {
    scheme: &'a str,
    authority: &'a str,
    path: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, allow_loopback: bool) -> Result<Self, CallbackFault> {
        if !(1..=CALLBACK_URL_LENGTH_MAX).contains(&text.len()) {
            return Err(CallbackFault::Length);
        }
        check_bytes(text).map_err(|_| CallbackFault::Character)?;
        let (scheme, rest) = text.split_once(':').ok_or(CallbackFault::Form)?;
        // Before its form: what a scheme in capitals or without slashes would open is no better.
        let is_web = scheme == "https" || (scheme == "http" && allow_loopback);
        if !is_web && !is_custom(&scheme.to_ascii_lowercase()) {
            return Err(CallbackFault::Scheme);
        }
        let rest = rest.strip_prefix("//").ok_or(CallbackFault::Form)?;
        if scheme.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(CallbackFault::Form);
        }
        let authority = before_path(rest);
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
        if !authority.bytes().all(is_plain) {
            return Err(CallbackFault::Authority);
        }
        let after = &rest[authority.len()..];
        let path = after.split(['?', '#']).next().unwrap_or_default();
        check_path(path)?;
        let host = authority.split(':').next().unwrap_or_default();
        if is_web && host.is_empty() {
            return Err(CallbackFault::Authority);
        }
        if scheme == "http" && !is_loopback(host) {
            return Err(CallbackFault::Scheme);
        }
        // A library that reads it otherwise might be the browser's: then nobody knows where it leads.
        let read = url::Url::parse(text).map_err(|_| CallbackFault::Ambiguous)?;
        let with_slash = format!("{scheme}://{authority}/{after}");
        let is_read_so = read.as_str() == text || (is_web && path.is_empty() && read.as_str() == with_slash);
        if !is_read_so {
            return Err(CallbackFault::Ambiguous);
        }
        Ok(Self {
            scheme,
            authority,
            path,
        })
    }
}

/// No step of a path that a server might take for another: up, nowhere, or behind an encoding.
fn check_path(path: &str) -> Result<(), CallbackFault> {
    let lower = path.to_ascii_lowercase();
    let hides = ["%2e", "%2f", "%5c", "%25"].iter().any(|code| lower.contains(code));
    let steps = || path.split('/').skip(1);
    let names = |step: &str| step.split(';').next().unwrap_or_default().to_owned();
    let goes_up = steps().any(|step| matches!(names(step).as_str(), "." | ".."));
    let count = steps().count();
    let has_empty = steps().take(count.saturating_sub(1)).any(str::is_empty);
    if hides || goes_up || has_empty {
        Err(CallbackFault::Path)
    } else {
        Ok(())
    }
}

/// An address on an issuer's list: a cardholder may be sent there, and to what lies below it by whole steps of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredCallback {
    scheme: String,
    authority: String,
    path: String,
}

impl RegisteredCallback {
    /// Reads `https://host[:port][/path]`, `scheme://[host][/path]` of an app, or, for demonstrations, `http` on loopback.
    ///
    /// # Errors
    /// The first [`CallbackFault`] found; [`CallbackFault::Form`] also for a query or fragment.
    pub fn parse(text: &str) -> Result<Self, CallbackFault> {
        let parts = Parts::of(text, true)?;
        if text.contains(['?', '#']) {
            return Err(CallbackFault::Form);
        }
        Ok(Self {
            scheme: parts.scheme.to_owned(),
            authority: parts.authority.to_owned(),
            path: parts.path.trim_end_matches('/').to_owned(),
        })
    }

    fn is_of_same_place(&self, parts: Parts<'_>) -> bool {
        match self.scheme.as_str() {
            "https" | "http" => self.authority == parts.authority,
            scheme => scheme == parts.scheme,
        }
    }

    fn covers(&self, parts: Parts<'_>) -> bool {
        let is_whole_scheme = self.authority.is_empty() && self.path.is_empty();
        let below = parts.path.strip_prefix(self.path.as_str());
        self.scheme == parts.scheme
            && (is_whole_scheme
                || (self.authority == parts.authority
                    && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))))
    }

    fn length(&self) -> usize {
        self.authority.len() + self.path.len()
    }
}

impl fmt::Display for RegisteredCallback {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

/// A signed address that is on an issuer's list. A bank keeps its own session in there, so `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Callback(String);

impl fmt::Debug for Callback {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Callback(redacted)")
    }
}

impl Callback {
    /// What was judged before and kept. It is judged again before anybody is sent there.
    #[must_use]
    pub fn of_store(text: String) -> Self {
        Self(text)
    }

    /// The address as it was signed.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The site that it leads to: host and port of a web address. `None` for an app's.
    #[must_use]
    pub fn site(&self) -> Option<&str> {
        let (scheme, rest) = self.0.split_once("://")?;
        matches!(scheme, "https" | "http").then(|| before_path(rest))
    }

    /// The address with one pair for each receipt (implementation guide p. 52 and 53): behind what its query has, byte for
    /// byte, and before its fragment.
    #[must_use]
    pub fn with_results(&self, results: &[Reported]) -> String {
        let (address, fragment) = match self.0.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (self.0.as_str(), None),
        };
        let pairs: Vec<String> = results.iter().map(Reported::pair).collect();
        let joint = match address.split_once('?') {
            _ if pairs.is_empty() => "",
            None => "?",
            Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
            Some(_) => "&",
        };
        let mut told = format!("{address}{joint}{}", pairs.join("&"));
        if let Some(fragment) = fragment {
            told.push('#');
            told.push_str(fragment);
        }
        told
    }
}

/// Whose address this is: of the registered ones that cover it the most exact.
///
/// # Errors
/// Why nobody is sent there.
pub fn judge<'r>(
    text: &str,
    registered: impl Iterator<Item = (&'r IssuerId, &'r RegisteredCallback)>,
    allow_loopback: bool,
) -> Result<(IssuerId, Callback), CallbackFault> {
    let parts = Parts::of(text, allow_loopback)?;
    let mut best: Option<(&IssuerId, usize)> = None;
    let mut is_known_place = false;
    for (issuer, entry) in registered {
        is_known_place |= entry.is_of_same_place(parts);
        if entry.covers(parts) && best.is_none_or(|(_, length)| length < entry.length()) {
            best = Some((issuer, entry.length()));
        }
    }
    match best {
        Some((issuer, _)) => Ok((issuer.clone(), Callback(text.to_owned()))),
        None if is_known_place => Err(CallbackFault::NotBelow),
        None => Err(CallbackFault::Unknown),
    }
}

#[cfg(test)]
#[path = "callback_tests.rs"]
mod tests;
