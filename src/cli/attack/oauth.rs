//! Requests to MDES in a wallet's name: signed as the wallet signs, and then false in one way.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use serde_json::Value;

use crate::clock::random_bytes;
use crate::mdes::keys::SigningKey;
use crate::mdes::oauth1::{base_string, base_uri, body_hash, parameter_string, percent_encode};

use super::format::Signed;

/// What a wallet signs its requests to MDES with.
#[derive(Debug)]
pub struct Credentials {
    consumer_key: String,
    key: SigningKey,
    stranger: SigningKey,
}

/// A request that can be sent.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// `Authorization`; none where it was taken away.
    pub authorization: Option<String>,
    /// The body.
    pub body: String,
}

impl Credentials {
    /// Reads the consumer key and the signing key, and makes a second key that MDES does not know.
    ///
    /// # Errors
    /// Which file cannot be used.
    pub fn load(consumer_key: &Path, signing_key: &Path) -> Result<Self, String> {
        let read = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
        let name = String::from_utf8_lossy(&read(consumer_key)?).trim().to_owned();
        let key = SigningKey::from_pem(&read(signing_key)?);
        let key = key.map_err(|fault| format!("{}: {fault}", signing_key.display()))?;
        let stranger = Rsa::generate(2048)
            .and_then(PKey::from_rsa)
            .and_then(|key| key.private_key_to_pem_pkcs8());
        let stranger = stranger.map_err(|_| "no key can be made".to_owned())?;
        Ok(Self {
            consumer_key: name,
            key,
            stranger: SigningKey::from_pem(&stranger).map_err(|fault| fault.to_string())?,
        })
    }

    /// The request that a vector describes. `url` and `body` are those of an honest one.
    ///
    /// # Errors
    /// What cannot be signed.
    pub fn request(&self, vector: &Signed, url: &str, body: &str, now_ms: i64) -> Result<Request, String> {
        let said = |name: &str| vector.sign.get(name).and_then(Value::as_str);
        let moved_s = vector.sign.get("timestamp_s").and_then(Value::as_i64).unwrap_or(0);
        let nonce = hex::encode(random_bytes::<16>());
        let method = said("method").unwrap_or("POST");
        let signed_body = said("body").unwrap_or(body);
        let hash = match said("body_hash") {
            Some(hash) => hash.to_owned(),
            None => body_hash(signed_body.as_bytes()),
        };
        let signed_url = said("url").unwrap_or(url);
        let parameters: Vec<(&str, String)> = [
            (
                "oauth_consumer_key",
                said("consumer_key").unwrap_or(&self.consumer_key).to_owned(),
            ),
            ("oauth_nonce", said("nonce").unwrap_or(&nonce).to_owned()),
            ("oauth_timestamp", (now_ms / 1000 + moved_s).to_string()),
            (
                "oauth_signature_method",
                said("signature_method").unwrap_or("RSA-SHA256").to_owned(),
            ),
            ("oauth_version", said("version").unwrap_or("1.0").to_owned()),
            ("oauth_body_hash", hash),
        ]
        .into_iter()
        // What is false may also not be there at all, and the rest signed without it.
        .filter(|(name, _)| !vector.sign.get(*name).is_some_and(Value::is_null))
        .collect();
        let query = signed_url.split_once('?').map_or("", |(_, query)| query);
        let place = base_uri(signed_url).ok_or("no address")?;
        let base = base_string(method, &place, &parameter_string(query, &parameters));
        let key = if said("key") == Some("stranger") {
            &self.stranger
        } else {
            &self.key
        };
        let signature = key.sign(base.as_bytes()).map_err(|fault| fault.to_string())?;
        let signature = percent_encode(&STANDARD.encode(signature));
        let mut pairs: Vec<(&str, String)> = parameters;
        pairs.push(("oauth_signature", signature));
        for (name, value) in &vector.header {
            pairs.retain(|(own, _)| own != name);
            pairs.extend(value.iter().map(|value| (name.as_str(), value.clone())));
        }
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        let authorization = vector
            .authorization
            .clone()
            .unwrap_or_else(|| format!("OAuth {}", pairs.join(",")));
        Ok(Request {
            method: vector.method.map_or("POST", super::format::Verb::name),
            url: format!("{url}{}", vector.query),
            authorization: Some(authorization).filter(|header| !header.is_empty()),
            body: vector.body.clone().unwrap_or_else(|| body.to_owned()),
        })
    }
}
