//! What other tools computed: every case of `vectors/vectors.json`, the literals of public sources, and Project
//! Wycheproof. Code that agrees only with itself is not right.

#[path = "vectors/encryption.rs"]
mod encryption;
#[path = "vectors/jws.rs"]
mod jws;
#[path = "vectors/oauth.rs"]
mod oauth;
#[path = "vectors/push.rs"]
mod push;
#[path = "vectors/wycheproof.rs"]
mod wycheproof;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The machine-readable set.
pub fn vectors() -> Value {
    serde_json::from_str(include_str!("vectors/vectors.json")).expect("vectors.json is JSON")
}

/// A text of the set.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} is a text"))
}

/// A binary of the set.
pub fn base64(value: &Value, name: &str) -> Vec<u8> {
    STANDARD.decode(text(value, name)).expect("base64")
}

/// DER in PEM's armour.
pub fn pem(label: &str, der: &[u8]) -> Vec<u8> {
    let lines: Vec<String> = STANDARD
        .encode(der)
        .as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n")).into_bytes()
}
