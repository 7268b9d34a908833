//! OAuth 1.0a as Mastercard's current libraries do it: RSA-SHA256 with a body hash, and `oauth_*` values that enter
//! the parameter string as they stand in the header, not percent-encoded first.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sha::sha256;
use openssl::sign::Signer;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

/// What is signed, beside the request itself.
pub struct Stamp<'a> {
    pub consumer_key: &'a str,
    /// 16 letters and digits, never the same twice.
    pub nonce: &'a str,
    /// Seconds since the Unix epoch.
    pub timestamp_s: i64,
}

/// The value of the `Authorization` header.
pub fn authorization(
    key: &PKey<Private>,
    method: &str,
    url: &Url,
    body: &[u8],
    stamp: &Stamp<'_>,
) -> Result<String, String> {
    let parameters = parameters(body, stamp);
    let base = base_string(method, url, &parameters);
    let signature = sign(key, base.as_bytes())?;
    let mut header = "OAuth ".to_owned();
    for (name, value) in &parameters {
        header.push_str(&format!("{name}=\"{value}\","));
    }
    header.push_str(&format!("oauth_signature=\"{}\"", encode(&signature)));
    Ok(header)
}

fn sign(key: &PKey<Private>, base: &[u8]) -> Result<String, String> {
    let signature = Signer::new(MessageDigest::sha256(), key).and_then(|mut signer| signer.sign_oneshot_to_vec(base));
    signature
        .map(|bytes| STANDARD.encode(bytes))
        .map_err(|error| format!("signing failed: {error}"))
}

/// In the order in which they stand in the header.
fn parameters(body: &[u8], stamp: &Stamp<'_>) -> [(&'static str, String); 6] {
    [
        ("oauth_consumer_key", stamp.consumer_key.to_owned()),
        ("oauth_nonce", stamp.nonce.to_owned()),
        ("oauth_timestamp", stamp.timestamp_s.to_string()),
        ("oauth_signature_method", "RSA-SHA256".to_owned()),
        ("oauth_version", "1.0".to_owned()),
        ("oauth_body_hash", STANDARD.encode(sha256(body))),
    ]
}

fn base_string(method: &str, url: &Url, parameters: &[(&str, String)]) -> String {
    let mut pairs: Vec<(String, String)> = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()))
        .collect();
    if let Some(query) = url.query() {
        // A query without escapes stands as it is; one with escapes is decoded and encoded again.
        let escaped = query.contains('%');
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let again = |part: &str| {
                if escaped {
                    encode(&percent_decode_str(part).decode_utf8_lossy())
                } else {
                    part.into()
                }
            };
            pairs.push((again(name), again(value)));
        }
    }
    pairs.sort();
    let string = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("&");
    format!(
        "{}&{}&{}",
        method.to_ascii_uppercase(),
        encode(&base_uri(url)),
        encode(&string)
    )
}

/// `Url` already lower-cases scheme and host and drops a default port; the path stays byte for byte.
fn base_uri(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!(
        "{}://{}{port}{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.path()
    )
}

/// RFC 3986: everything but the unreserved characters.
fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors() -> Value {
        let file: Value = serde_json::from_str(include_str!("../../../../tests/vectors/vectors.json")).unwrap();
        file["oauth1"].clone()
    }

    fn text(value: &Value) -> &str {
        value.as_str().unwrap()
    }

    #[test]
    fn the_vectors_of_the_current_encoding_come_out_byte_for_byte() {
        let vectors = vectors();
        let der = STANDARD
            .decode(text(&vectors["consumer_private_pkcs8_der_base64"]))
            .unwrap();
        let key = PKey::private_key_from_der(&der).unwrap();
        let mut tried = 0;
        for vector in vectors["vectors"].as_array().unwrap() {
            if vector["expect"] != "valid" || !text(&vector["encoding"]).starts_with("mastercard-current") {
                continue;
            }
            let header = text(&vector["authorization"]);
            let field = |name: &str| {
                header
                    .split(&format!("{name}=\""))
                    .nth(1)
                    .unwrap()
                    .split('"')
                    .next()
                    .unwrap()
            };
            let stamp = Stamp {
                consumer_key: field("oauth_consumer_key"),
                nonce: field("oauth_nonce"),
                timestamp_s: field("oauth_timestamp").parse().unwrap(),
            };
            let url = Url::parse(text(&vector["url"])).unwrap();
            let (method, body) = (text(&vector["method"]), text(&vector["body_utf8"]).as_bytes());
            let parameters = parameters(body, &stamp);
            assert_eq!(parameters[5].1, text(&vector["body_hash"]));
            let base = base_string(method, &url, &parameters);
            assert_eq!(base, text(&vector["base_string"]));
            assert_eq!(sign(&key, base.as_bytes()).unwrap(), text(&vector["signature_base64"]));
            assert_eq!(authorization(&key, method, &url, body, &stamp).unwrap(), header);
            tried += 1;
        }
        assert_eq!(tried, 2);
    }

    #[test]
    fn base_addresses_are_as_the_official_libraries_write_them() {
        for (given, wanted) in [
            ("https://www.example.net:8080", "https://www.example.net:8080/"),
            ("http://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"),
            (
                "https://api.mastercard.com:443/test?query=param",
                "https://api.mastercard.com/test",
            ),
            (
                "https://api.mastercard.com:17443/test?query=param",
                "https://api.mastercard.com:17443/test",
            ),
            (
                "https://api.mastercard.com/test?query=param#fragment",
                "https://api.mastercard.com/test",
            ),
            ("HTTPS://API.MASTERCARD.COM/TEST", "https://api.mastercard.com/TEST"),
            ("http://example.com/r%2540v/X?id=123", "http://example.com/r%2540v/X"),
        ] {
            assert_eq!(base_uri(&Url::parse(given).unwrap()), wanted);
        }
    }

    #[test]
    fn a_query_enters_the_base_string_as_the_official_libraries_do_it() {
        let only = |url: &str| {
            let base = base_string("get", &Url::parse(url).unwrap(), &[]);
            percent_decode_str(base.rsplit('&').next().unwrap())
                .decode_utf8()
                .unwrap()
                .into_owned()
        };
        assert_eq!(
            only("https://e.com/?b=b&A=a&A=A&B=B&a=A&a=a&0=0"),
            "0=0&A=A&A=a&B=B&a=A&a=a&b=b"
        );
        assert_eq!(
            only("https://e.com/?b5=%3D%253D&a3=a&a3=2%20q&c%40=&a2=r%20b&c2="),
            "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2="
        );
        assert_eq!(
            only("https://e.com/?offset=0&offset=1&length=10&empty&odd="),
            "empty=&length=10&odd=&offset=0&offset=1"
        );
        assert_eq!(
            only("https://e.com/?p=plus+value&q=colon:value"),
            "p=plus+value&q=colon:value"
        );
    }

    #[test]
    fn percent_encoding_keeps_only_the_unreserved() {
        assert_eq!(
            encode("WhqqH+TU95VgZ~Itpdq78BWb4cE=&o"),
            "WhqqH%2BTU95VgZ~Itpdq78BWb4cE%3D%26o"
        );
        assert_eq!(encode("%25£¥a/El Niño/%"), "%2525%C2%A3%C2%A5a%2FEl%20Ni%C3%B1o%2F%25");
    }
}
