//! OAuth 1.0a with RSA-SHA256 and a body hash, from the verifier's side.
//!
//! Two encodings are in use. Mastercard's current libraries put the `oauth_*` values into header and base string as they
//! are; older ones percent-encode them in the header and again in the base string, as RFC 5849 says. Building the
//! parameter string from the header's values exactly as written accepts both.

use std::collections::HashMap;

use axum::http::header;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Public};
use openssl::sign::Verifier;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::keys::digest;
use super::requestor::Caller;

/// Somebody who may sign requests.
pub(super) struct Client {
    pub(super) caller: Caller,
    pub(super) consumer_key: String,
    pub(super) key: PKey<Public>,
}

/// The two kinds of party that call MDES.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientKind {
    TokenRequestor,
    Issuer,
}

/// The parts of a request that a signature covers.
#[derive(Clone, Copy)]
struct Presented<'a> {
    method: &'a str,
    /// Absolute, as the client wrote it.
    url: &'a str,
    authorization: Option<&'a str>,
    body: &'a [u8],
}

/// Verifies a request that arrived here over HTTP, and remembers its nonce.
pub(super) fn verify_request(
    parts: &Parts,
    body: &[u8],
    clients: &[Client],
    now_ms: i64,
    nonces: &mut Nonces,
) -> Result<Caller, Failure> {
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST).or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let presented = Presented {
        method: parts.method.as_str(),
        url: &format!("http://{}{target}", host.unwrap_or_default()),
        authorization: text(header::AUTHORIZATION),
        body,
    };
    verify(presented, clients, now_ms, nonces)
}

/// Which check failed. The sentences go into the 401's description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    Header,
    Parameter,
    Version,
    Method,
    ConsumerKey,
    Timestamp,
    BodyHash,
    Signature,
    Nonce,
    NotEnrolled,
}

impl Failure {
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Header => "OAuth Authorization header is missing or malformed.",
            Self::Parameter => "OAuth parameter is missing, repeated or malformed.",
            Self::Version => "OAuth version is not 1.0.",
            Self::Method => "OAuth signature method is not RSA-SHA256.",
            Self::ConsumerKey => "OAuth consumer key is not known.",
            Self::Timestamp => "OAuth timestamp is outside the allowed window.",
            Self::BodyHash => "OAuth body hash did not match.",
            Self::Signature => "OAuth signatures did not match.",
            Self::Nonce => "OAuth nonce was already used.",
            Self::NotEnrolled => "OAuth consumer key is not enrolled for this service.",
        }
    }
}

/// Nonces seen, each kept for as long as its timestamp would still be accepted.
#[derive(Default)]
pub(super) struct Nonces {
    seen: HashMap<(String, String), i64>,
    swept_at_s: i64,
}

/// Verifies a request and remembers its nonce.
///
/// The nonce is looked at last: a forged request must not be able to use up somebody's nonce.
fn verify(presented: Presented<'_>, clients: &[Client], now_ms: i64, nonces: &mut Nonces) -> Result<Caller, Failure> {
    let header = presented.authorization.ok_or(Failure::Header)?;
    let parameters = Parameters::parse(header)?;
    if parameters.raw("oauth_version")? != "1.0" {
        return Err(Failure::Version);
    }
    if parameters.raw("oauth_signature_method")? != "RSA-SHA256" {
        return Err(Failure::Method);
    }
    let consumer_key = parameters.decoded("oauth_consumer_key")?;
    let client = clients
        .iter()
        .find(|client| client.consumer_key == consumer_key)
        .ok_or(Failure::ConsumerKey)?;
    let timestamp = parameters.raw("oauth_timestamp")?;
    let nonce = parameters.decoded("oauth_nonce")?;
    if nonce.is_empty() || timestamp.is_empty() || !timestamp.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Failure::Parameter);
    }
    let timestamp: i64 = timestamp.parse().map_err(|_| Failure::Parameter)?;
    let now_s = now_ms.div_euclid(1000);
    if timestamp.abs_diff(now_s) > WINDOW_S.unsigned_abs() {
        return Err(Failure::Timestamp);
    }
    check_body_hash(&parameters, presented)?;
    let base = base_string(presented.method, presented.url, &parameters.signed());
    if !signature_matches(&client.key, base.as_bytes(), parameters.raw("oauth_signature")?) {
        return Err(Failure::Signature);
    }
    nonces.remember(consumer_key, nonce, timestamp, now_s)?;
    Ok(client.caller.clone())
}

impl Nonces {
    fn remember(&mut self, consumer_key: String, nonce: String, timestamp: i64, now_s: i64) -> Result<(), Failure> {
        if self.swept_at_s != now_s {
            self.seen
                .retain(|_, stamp| stamp.abs_diff(now_s) <= WINDOW_S.unsigned_abs());
            self.swept_at_s = now_s;
        }
        match self.seen.entry((consumer_key, nonce)) {
            std::collections::hash_map::Entry::Occupied(_) => Err(Failure::Nonce),
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(timestamp);
                Ok(())
            }
        }
    }
}

/// The `oauth_*` pairs of the header, values exactly as written.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    fn parse(header: &'a str) -> Result<Self, Failure> {
        let (scheme, rest) = header.split_once(' ').ok_or(Failure::Header)?;
        if !scheme.eq_ignore_ascii_case("OAuth") {
            return Err(Failure::Header);
        }
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or(Failure::Header)?;
            let value = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'))
                .ok_or(Failure::Header)?;
            if pairs.iter().any(|(seen, _)| *seen == name) {
                return Err(Failure::Parameter);
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    fn optional_raw(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(seen, _)| *seen == name).map(|(_, value)| *value)
    }

    fn raw(&self, name: &str) -> Result<&'a str, Failure> {
        self.optional_raw(name).ok_or(Failure::Parameter)
    }

    fn decoded(&self, name: &str) -> Result<String, Failure> {
        decode(self.raw(name)?).ok_or(Failure::Parameter)
    }

    /// Everything that the signature covers.
    fn signed(&self) -> Vec<(&'a str, &'a str)> {
        self.0
            .iter()
            .copied()
            .filter(|(name, _)| *name != "oauth_signature" && *name != "realm")
            .collect()
    }
}

/// Old libraries leave the hash out of a GET; everything that has a body must carry it.
fn check_body_hash(parameters: &Parameters<'_>, presented: Presented<'_>) -> Result<(), Failure> {
    let Some(raw) = parameters.optional_raw("oauth_body_hash") else {
        let harmless = presented.method == "GET" && presented.body.is_empty();
        return if harmless { Ok(()) } else { Err(Failure::BodyHash) };
    };
    let expected = STANDARD.encode(digest(MessageDigest::sha256(), presented.body));
    if decode(raw).is_some_and(|hash| hash == expected) {
        Ok(())
    } else {
        Err(Failure::BodyHash)
    }
}

fn signature_matches(key: &PKey<Public>, base: &[u8], raw_signature: &str) -> bool {
    let Some(signature) = decode(raw_signature).and_then(|text| STANDARD.decode(text).ok()) else {
        return false;
    };
    let checked =
        Verifier::new(MessageDigest::sha256(), key).and_then(|mut verifier| verifier.verify_oneshot(&signature, base));
    checked.unwrap_or(false)
}

fn base_string(method: &str, url: &str, oauth: &[(&str, &str)]) -> String {
    let query = raw_query(url);
    let mut pairs = query_pairs(query);
    pairs.extend(
        oauth
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let parameters = parameter_string(pairs);
    format!(
        "{}&{}&{}",
        method.to_ascii_uppercase(),
        encode(&base_uri(url)),
        encode(&parameters)
    )
}

fn parameter_string(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort();
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&")
}

/// Query pairs as they stand if the query has no escapes, otherwise decoded and encoded again (so `%2a` is `%2A`).
fn query_pairs(query: &str) -> Vec<(String, String)> {
    let escaped = query.contains('%');
    let tidy = |text: &str| match decode(text) {
        Some(plain) if escaped => encode(&plain),
        _ => text.to_owned(),
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (tidy(name), tidy(value)))
        .collect()
}

fn raw_query(url: &str) -> &str {
    let without_fragment = url.split('#').next().unwrap_or(url);
    without_fragment.split_once('?').map_or("", |(_, query)| query)
}

/// Scheme and host in lower case, default port gone, path byte for byte, no query, no fragment.
fn base_uri(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let Some((scheme, rest)) = url[..end].split_once("://") else {
        return url[..end].to_owned();
    };
    let (authority, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let authority = authority.strip_suffix(default_port).unwrap_or(&authority);
    format!("{scheme}://{authority}{path}")
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn decode(text: &str) -> Option<String> {
    percent_decode_str(text)
        .decode_utf8()
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How far a timestamp may be from the clock, in seconds, and so how long a nonce must be remembered: a request replayed
/// after its nonce was forgotten must already be too old.
const WINDOW_S: i64 = 300;

#[cfg(test)]
mod tests;
