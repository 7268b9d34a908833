//! OAuth 1.0a as Mastercard's current libraries sign it: RSA-SHA256, a body hash on every request, and the `oauth_*`
//! values put **raw** into the parameter string, so that they are percent-encoded once and not twice as RFC 5849 says.
//! Pure: nonce and time are arguments. (Mastercard's `oauth1-signer-java` and `-python`; RFC 5849, section 3.4.1.)

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::keys::{KeyFault, SigningKey};

/// The only signature method that is used.
pub const SIGNATURE_METHOD: &str = "RSA-SHA256";

/// What RFC 3986 does not call unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is to be signed, besides the key.
#[derive(Clone, Copy, Debug)]
pub struct Unsigned<'a> {
    /// The HTTP method, in capitals.
    pub method: &'a str,
    /// The address exactly as it will be requested.
    pub url: &'a str,
    /// The body exactly as it will be sent; empty for none.
    pub body: &'a [u8],
    /// The consumer key, raw.
    pub consumer_key: &'a str,
    /// Letters and digits, never used before with this key.
    pub nonce: &'a str,
    /// Seconds since the Unix epoch.
    pub timestamp_s: i64,
}

/// The value of the `Authorization` header.
///
/// # Errors
/// [`KeyFault::Unusable`] when the key cannot sign, or [`KeyFault::Address`] for a text that is no absolute address.
pub fn authorization_header(request: &Unsigned<'_>, key: &SigningKey) -> Result<String, KeyFault> {
    let base = request_base_string(request).ok_or(KeyFault::Address)?;
    let signature = percent_encode(&STANDARD.encode(key.sign(base.as_bytes())?));
    let mut header = String::from("OAuth ");
    for (name, value) in oauth_parameters(request) {
        header.push_str(&format!("{name}=\"{value}\","));
    }
    header.push_str(&format!("oauth_signature=\"{signature}\""));
    Ok(header)
}

/// The signature base string of a whole request; `None` when the address is not absolute.
#[must_use]
pub fn request_base_string(request: &Unsigned<'_>) -> Option<String> {
    let parameters = parameter_string(query(request.url), &oauth_parameters(request));
    Some(base_string(request.method, &base_uri(request.url)?, &parameters))
}

/// `METHOD&base URI&parameter string`, the latter two encoded.
#[must_use]
pub fn base_string(method: &str, base_uri: &str, parameter_string: &str) -> String {
    format!(
        "{method}&{}&{}",
        percent_encode(base_uri),
        percent_encode(parameter_string)
    )
}

/// Scheme and host in lower case without the scheme's own port, then the path byte for byte (`/` for none). No query,
/// no fragment. `None` when the text is not `scheme://host…`.
#[must_use]
pub fn base_uri(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let rest = rest.split(['?', '#']).next()?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = authority.to_ascii_lowercase();
    let own_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.strip_suffix(own_port).unwrap_or(&authority);
    if authority.is_empty() {
        return None;
    }
    Some(format!(
        "{scheme}://{authority}{}",
        if path.is_empty() { "/" } else { path }
    ))
}

/// All query pairs and all `oauth_*` pairs, sorted as bytes by name and then by value, joined as `k=v&k=v`.
///
/// A query without escapes is taken as it stands, another one is decoded and encoded anew. The `oauth_*` values are
/// taken raw: that is the single encoding.
#[must_use]
pub fn parameter_string(query: &str, oauth: &[(&str, String)]) -> String {
    let anew = query.contains('%');
    let respelt = |text: &str| -> String {
        if anew {
            let decoded: Vec<u8> = percent_decode_str(text).collect();
            percent_encoding::percent_encode(&decoded, RESERVED).to_string()
        } else {
            text.to_owned()
        }
    };
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (respelt(name), respelt(value)))
        .chain(oauth.iter().map(|(name, value)| ((*name).to_owned(), value.clone())))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// base64(SHA-256(body)); the hash of nothing when there is no body, on GET too.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    STANDARD.encode(openssl::sha::sha256(body))
}

/// RFC 3986: letters, digits, `-`, `.`, `_` and `~` stay, every other byte becomes `%XX` in capitals.
#[must_use]
pub fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn oauth_parameters(request: &Unsigned<'_>) -> [(&'static str, String); 6] {
    [
        ("oauth_consumer_key", request.consumer_key.to_owned()),
        ("oauth_nonce", request.nonce.to_owned()),
        ("oauth_timestamp", request.timestamp_s.to_string()),
        ("oauth_signature_method", SIGNATURE_METHOD.to_owned()),
        ("oauth_version", "1.0".to_owned()),
        ("oauth_body_hash", body_hash(request.body)),
    ]
}

fn query(url: &str) -> &str {
    let url = url.split('#').next().unwrap_or_default();
    url.split_once('?').map_or("", |(_, query)| query)
}
