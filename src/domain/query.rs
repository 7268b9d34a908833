//! Our pairs in the query of an address, where not a byte is touched that is not ours.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::launch::{LaunchNames, LaunchValues};

/// RFC 3986 unreserved characters stay; everything else becomes `%XX`. A space is never `+`: Android reads that as a
/// space, iOS does not.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Appends our pairs to the query, before the fragment. Pairs that bear one of our names go, and empty ones; everything
/// else stays byte for byte.
pub(super) fn with_values(text: &str, names: &LaunchNames, values: LaunchValues<'_>) -> String {
    let (before, fragment) = match text.split_once('#') {
        Some((before, fragment)) => (before, Some(fragment)),
        None => (text, None),
    };
    let (address, query) = before.split_once('?').unwrap_or((before, ""));
    let ours = values.pairs(names);
    let reserved = |pair: &&str| ours.iter().any(|(name, _)| bears(pair, name));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !reserved(pair));
    let mut pairs: Vec<String> = kept.map(str::to_owned).collect();
    pairs.extend(
        ours.iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value))),
    );
    let mut composed = format!("{address}?{}", pairs.join("&"));
    if let Some(fragment) = fragment {
        composed.push('#');
        composed.push_str(fragment);
    }
    composed
}

/// Whether the query of an address has a pair of that name.
pub(super) fn has_pair(text: &str, name: &str) -> bool {
    let address = text.split('#').next().unwrap_or_default();
    let query = address.split_once('?').map_or("", |(_, query)| query);
    query.split('&').any(|pair| bears(pair, name))
}

fn bears(pair: &str, name: &str) -> bool {
    let raw = pair.split('=').next().unwrap_or_default();
    percent_decode_str(raw)
        .decode_utf8()
        .is_ok_and(|decoded| decoded == name)
}

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}
