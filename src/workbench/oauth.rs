//! OAuth 1.0a from the verifier's side, for whoever wants to know why a signature is not right (RFC 5849, with
//! Mastercard's body hash and single encoding of the `oauth_*` values).
//!
//! The base string is built anew from the request. Where the signature is another's, the digest that it holds is compared
//! with those of the usual mistakes ([`mistakes`]) until one is the same: then it is known what the client signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::{PKey, Public};
use openssl::sha::sha256;
use percent_encoding::percent_decode_str;

use super::knowledge::{Client, Knowledge};
use super::mask::Masker;
use super::message::OauthFacts;
use super::recover::{Signed, is_signature, public_key, signed};

mod draft;
mod mistakes;

use draft::{Draft, Pair};

/// A signed call as it arrived.
pub(super) struct Call<'a> {
    pub method: &'a str,
    /// The `Host` header.
    pub host: &'a str,
    /// Path and query.
    pub target: &'a str,
    pub authorization: &'a str,
    pub body: &'a [u8],
    /// MDES's own clock.
    pub now_ms: i64,
}

/// What was found out, and what tells the same nonce of the same client again.
pub(super) struct Looked {
    pub facts: OauthFacts,
    pub nonce: Option<Nonce>,
}

/// A nonce with its client and its time.
pub(super) struct Nonce {
    /// Client and nonce.
    pub name: String,
    pub timestamp_s: i64,
}

/// Looks at a call. `None` where there is no OAuth header at all.
pub(super) fn look(call: &Call<'_>, knowledge: &Knowledge, masker: &mut Masker<'_>) -> Option<Looked> {
    let parameters = parameters(call.authorization)?;
    let raw = |name: &str| {
        let mut found = parameters.iter().filter(|(other, _)| other == name);
        found.next().map(|(_, value)| value.as_str())
    };
    let consumer_key = raw("oauth_consumer_key").map(decoded).unwrap_or_default();
    let wallets = knowledge.wallets().map(|wallet| ("wallet", &wallet.client));
    let clients = wallets.chain([("issuer", &knowledge.issuer)]);
    let client = clients
        .into_iter()
        .find(|(_, client)| !consumer_key.is_empty() && client.consumer_key == consumer_key);
    let timestamp: Option<i64> = raw("oauth_timestamp").and_then(|timestamp| timestamp.parse().ok());
    // Whoever sends this need not be anybody: what is no time of this age is none.
    let timestamp = timestamp.filter(|timestamp| (0..TIMESTAMP_END).contains(timestamp));
    let draft = draft(call, &parameters);
    let mut facts = OauthFacts {
        parameters: parameters
            .iter()
            .map(|(name, value)| (masker.name(name), masker.oauth(name, value)))
            .collect(),
        client: client.map(|(name, _)| name.to_owned()),
        expected_base: draft.shown(masker),
        body_hash: raw("oauth_body_hash").map(|given| hashes(&decoded(given), call.body, masker)),
        clock_ahead_s: timestamp.map(|timestamp| timestamp - call.now_ms.div_euclid(1000)),
        ..OauthFacts::default()
    };
    let signature = raw("oauth_signature").map(decoded).unwrap_or_default();
    match client.map(|(_, client)| client) {
        None => facts.mistake = Some("no client is enrolled under this consumer key".to_owned()),
        Some(client) => check(&mut facts, &draft, client, &signature, call, knowledge, masker),
    }
    if let Some(given) = raw("oauth_body_hash").map(decoded)
        && given != body_hash(call.body)
    {
        let what = mistakes::hashed(&given, call.body).unwrap_or("that of another body than the one that arrived");
        let said = format!("oauth_body_hash is {what}");
        facts.mistake = Some(match facts.mistake.take() {
            Some(mistake) => format!("{said}; {mistake}"),
            None => said,
        });
    }
    let nonce = raw("oauth_nonce").zip(timestamp).map(|(nonce, timestamp_s)| Nonce {
        name: format!("{consumer_key} {nonce}"),
        timestamp_s,
    });
    Some(Looked { facts, nonce })
}

fn check(
    facts: &mut OauthFacts,
    draft: &Draft,
    client: &Client,
    signature: &str,
    call: &Call<'_>,
    knowledge: &Knowledge,
    masker: &mut Masker<'_>,
) {
    let Ok(signature) = STANDARD.decode(signature) else {
        facts.mistake = Some("the signature is not base64".to_owned());
        return;
    };
    let Some(key) = public_key(&client.public_key_pem) else {
        facts.mistake = Some("MDES has no usable key for this client".to_owned());
        return;
    };
    facts.is_right = is_signature(&key, &signature, draft.base().as_bytes());
    if !facts.is_right {
        let (base, mistake) = why(draft, &key, &signature, call, knowledge);
        facts.signed_base = base.map(|base| base.shown(masker));
        facts.mistake = Some(mistake);
    }
}

/// What was signed instead, where that can be found, and what led to it.
fn why(
    draft: &Draft,
    key: &PKey<Public>,
    signature: &[u8],
    call: &Call<'_>,
    knowledge: &Knowledge,
) -> (Option<Draft>, String) {
    match signed(key, signature) {
        Signed::ByAnotherKey => {
            let said = "another key signed than the one that MDES has for this consumer key";
            (None, said.to_owned())
        }
        Signed::Otherwise(digest) => (None, format!("signed with {digest} instead of SHA-256")),
        Signed::Sha256(digest) => {
            let is_it = |draft: &Draft| sha256(draft.base().as_bytes()) == digest;
            match mistakes::find(draft, call.body, &knowledge.places.mdes, is_it) {
                Some((draft, words)) => (Some(draft), words),
                None => {
                    let said = "the right key signed, but a base string that no usual mistake leads to";
                    (None, said.to_owned())
                }
            }
        }
    }
}

/// The parameters of an OAuth header, with their values exactly as they are written.
fn parameters(header: &str) -> Option<Vec<(String, String)>> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("OAuth") {
        return None;
    }
    let pairs = rest.split(',').filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        Some((name.trim().to_owned(), value.trim().trim_matches('"').to_owned()))
    });
    Some(pairs.collect())
}

/// What the client should have signed: the values of the header as they stand there, which suits both encodings in use.
fn draft(call: &Call<'_>, parameters: &[(String, String)]) -> Draft {
    let (path, query) = call.target.split_once('?').unwrap_or((call.target, ""));
    let signed = parameters
        .iter()
        .filter(|(name, _)| name != "oauth_signature" && name != "realm");
    let realm = parameters.iter().find(|(name, _)| name == "realm");
    Draft {
        method: call.method.to_ascii_uppercase(),
        scheme: "http".to_owned(),
        authority: call.host.to_ascii_lowercase(),
        path: path.to_owned(),
        query: draft::query(query),
        oauth: signed.map(|(name, value)| Pair::new(name, value)).collect(),
        realm: realm.map(|(_, realm)| realm.clone()),
        has_own_port: false,
        is_sorted: true,
        is_encoded: true,
    }
}

/// base64(SHA-256(body)).
fn body_hash(body: &[u8]) -> String {
    STANDARD.encode(sha256(body))
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What may be shown of the hash that was given and of the one that the body has.
fn hashes(given: &str, body: &[u8], masker: &Masker<'_>) -> (String, String) {
    let is_hash = STANDARD.decode(given).is_ok_and(|bytes| bytes.len() == 32);
    let shown = if is_hash {
        masker.digest(given)
    } else {
        format!("{} characters that are no SHA-256 in base64", given.chars().count())
    };
    (shown, masker.digest(&body_hash(body)))
}

/// The year 5138, in seconds since the Unix epoch.
const TIMESTAMP_END: i64 = 100_000_000_000;

#[cfg(test)]
mod tests;
