//! Push account data, looked at without the wallet's help: is it a JWS, whose, and if its signature is not right, what was
//! done to it on its way.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::pkey::{PKey, Public};
use openssl::sha::{Sha256, sha256};
use openssl::x509::X509;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::mask::{Masker, Sort};
use super::message::{JwsFacts, KeyState};
use super::recover::{Signed, is_signature, public_key, signed};
use crate::sim::mdes::{KeyLife, ReceiptKey};

/// A payload that is longer is not searched for the one letter that was changed.
const SEARCHED_MAX: usize = 2_000;
/// What a payload is made of: JSON in ASCII.
const LETTERS: std::ops::RangeInclusive<u8> = b' '..=b'~';

/// A payload of which only the key's owner knows what it was: perhaps the same but for one letter, which takes long to find
/// out.
pub(super) struct Altered {
    header: String,
    payload: Vec<u8>,
    digest: [u8; 32],
}

/// Looks at push account data at `now_ms`. `keys` are those of MDES, in force or not. What is left to be searched is given
/// back.
pub(super) fn look(
    text: &str,
    keys: &[ReceiptKey],
    now_ms: i64,
    masker: &mut Masker<'_>,
) -> (JwsFacts, Option<Altered>) {
    let parts: Vec<&str> = text.split('.').collect();
    let decoded = |at: usize| parts.get(at).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let parsed = |at: usize| decoded(at).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (header, payload) = (parsed(0).unwrap_or_default(), parsed(1).unwrap_or_default());
    let key = header["kid"]
        .as_str()
        .and_then(|kid| keys.iter().find(|key| key.kid == kid));
    let input = text.rsplit_once('.').map_or(text, |(input, _)| input);
    let malformed = malformed(text, &parts, &header, &payload);
    let certificate_ms = key.and_then(validity);
    let has_expired = certificate_ms.is_some_and(|(_, until)| until < now_ms);
    let mut altered = None;
    let mut facts = JwsFacts {
        header: shown_header(&header, key, masker),
        algorithm: header["alg"].as_str().map(|algorithm| masker.text(algorithm)),
        key: key.map_or(KeyState::Unknown, |key| match key.life {
            KeyLife::Live | KeyLife::Overlapping if has_expired => KeyState::Expired,
            KeyLife::Live | KeyLife::Overlapping => KeyState::Live,
            KeyLife::Retired => KeyState::Retired,
        }),
        certificate_ms,
        signing_input_bytes: input.len() as u64,
        signing_input_digest: masker.digest(input),
        session: payload["tokenRequestorSessionId"]
            .as_str()
            .map(|session| masker.alias(Sort::Session, session)),
        receipts: strings(&payload["pushAccountReceipts"])
            .map(|receipt| masker.alias(Sort::Receipt, receipt))
            .collect(),
        payload: masker.json(&payload),
        ..JwsFacts::default()
    };
    match malformed {
        Some(reason) => {
            facts.malformed = Some(reason.to_owned());
            facts.changed = repaired(text, keys);
        }
        None => {
            let key = key.and_then(|key| public_key(&key.public_pem));
            let signature = decoded(2).unwrap_or_default();
            if let Some(key) = key {
                facts.is_right = is_signature(&key, &signature, input.as_bytes());
                if !facts.is_right {
                    (facts.changed, altered) = changed(&key, &signature, parts[0], decoded(1).unwrap_or_default());
                }
            }
        }
    }
    (facts, altered)
}

/// The header, masked. The name of a key that MDES publishes is no secret, whatever it was called before.
fn shown_header(header: &Value, key: Option<&ReceiptKey>, masker: &mut Masker<'_>) -> Value {
    let mut shown = masker.json(header);
    if let (Some(key), Some(kid)) = (key, shown.get_mut("kid")) {
        *kid = key.kid.as_str().into();
    }
    shown
}

/// From when until when the certificate of a key is valid, in milliseconds since the Unix epoch.
fn validity(key: &ReceiptKey) -> Option<(i64, i64)> {
    let certificate = X509::from_pem(&key.certificate_pem).ok()?;
    let epoch = Asn1Time::from_unix(0).ok()?;
    let ms = |time: &Asn1TimeRef| {
        let since = epoch.diff(time).ok()?;
        Some((i64::from(since.days) * 86_400 + i64::from(since.secs)) * 1_000)
    };
    Some((ms(certificate.not_before())?, ms(certificate.not_after())?))
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// Why it is no compact JWS.
fn malformed(text: &str, parts: &[&str], header: &Value, payload: &Value) -> Option<&'static str> {
    let is_base64 = |part: &&str| URL_SAFE_NO_PAD.decode(part).is_ok();
    Some(match () {
        () if text.is_empty() => "it is empty",
        () if text.contains('%') => "it is still percent-encoded",
        () if text.contains(' ') => "there are spaces in it",
        () if parts.len() < 3 => "it has fewer than three parts: cut off, or no JWS",
        () if parts.len() > 3 => "it has more than three parts",
        () if text.contains(['+', '/', '=']) => "it is written in base64 where base64url is due",
        () if !header.is_object() && text.chars().all(|letter| !letter.is_ascii_uppercase()) => {
            "all its letters are lower case, and base64url needs both"
        }
        () if !parts.iter().all(is_base64) => "a part is not base64url: cut off or damaged",
        () if !header.is_object() => "its header is not JSON",
        () if !payload.is_object() => "its payload is not a JSON object",
        () => return None,
    })
}

/// How a damaged text becomes one that is signed rightly, in words.
fn repaired(text: &str, keys: &[ReceiptKey]) -> Option<String> {
    let once = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let urlsafe = |text: &str| text.replace('+', "-").replace('/', "_").replace('=', "");
    let attempts: [(&str, String); 5] = [
        ("it is right once it is percent-decoded", once(text)),
        ("it is right once it is percent-decoded twice", once(&once(text))),
        (
            "it is right with its spaces made + and then base64url: + became a space",
            urlsafe(&text.replace(' ', "+")),
        ),
        ("it is right as base64url", urlsafe(text)),
        (
            "it is right without the blanks and quotes around it",
            text.trim_matches([' ', '"', '\'', '\n']).to_owned(),
        ),
    ];
    let is_right = |text: &str| {
        let (input, signature) = text.rsplit_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(input.split('.').next()?).ok()?).ok()?;
        let key = keys.iter().find(|key| header["kid"] == key.kid.as_str())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        is_signature(&public_key(&key.public_pem)?, &signature, input.as_bytes()).then_some(())
    };
    let found = attempts
        .iter()
        .find(|(_, repaired)| repaired != text && is_right(repaired).is_some());
    found.map(|(words, _)| (*words).to_owned())
}

/// What was done to a payload whose signature is not right, in words, and what may be done to find out more.
fn changed(key: &PKey<Public>, signature: &[u8], header: &str, payload: Vec<u8>) -> (Option<String>, Option<Altered>) {
    let digest = match signed(key, signature) {
        Signed::Sha256(digest) => digest,
        Signed::Otherwise(digest) => {
            return (Some(format!("the key signed with {digest} instead of SHA-256")), None);
        }
        // Another key signed, or the signature itself was damaged: nothing can be said of the payload.
        Signed::ByAnotherKey => return (None, None),
    };
    let is_it = |payload: &[u8]| sha256(format!("{header}.{}", URL_SAFE_NO_PAD.encode(payload)).as_bytes()) == digest;
    if let Some((words, _)) = respelt(&payload).into_iter().find(|(_, payload)| is_it(payload)) {
        return (Some(words.to_owned()), None);
    }
    let altered = (payload.len() <= SEARCHED_MAX).then(|| Altered {
        header: header.to_owned(),
        payload,
        digest,
    });
    let words = "the key of MDES signed something else: payload or header were replaced after signing";
    (Some(words.to_owned()), altered)
}

/// The payload as it may have been before somebody read it and wrote it anew.
fn respelt(payload: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let Ok(json) = serde_json::from_slice::<Value>(payload) else {
        return Vec::new();
    };
    let compact = json.to_string();
    let spaced = compact.replace("\":", "\": ").replace(",\"", ", \"");
    let mut sorted: Vec<(String, Value)> = json.as_object().cloned().unwrap_or_default().into_iter().collect();
    sorted.sort_by(|one, other| one.0.cmp(&other.0));
    let sorted: Value = json!(sorted.into_iter().collect::<serde_json::Map<_, _>>());
    let trimmed = String::from_utf8_lossy(payload).trim().to_owned();
    let pretty = serde_json::to_string_pretty(&json).unwrap_or_default();
    vec![
        (
            "the payload was written anew: without its added spaces it is right",
            compact.clone().into_bytes(),
        ),
        (
            "the payload was written anew: with a space after : and , it is right",
            spaced.into_bytes(),
        ),
        (
            "the payload was written anew: with line breaks it is right",
            pretty.clone().into_bytes(),
        ),
        (
            "the payload was written anew: with line breaks of two bytes it is right",
            pretty.replace('\n', "\r\n").into_bytes(),
        ),
        (
            "the payload was written anew: with \\/ for / it is right",
            compact.replace('/', "\\/").into_bytes(),
        ),
        (
            "the payload was written anew: with its members in alphabetical order it is right",
            sorted.to_string().into_bytes(),
        ),
        ("blanks were put around the payload", trimmed.into_bytes()),
    ]
}

impl Altered {
    /// Where the one letter is that was changed, in words. Takes up to some 190,000 hashes of half the text each.
    pub fn one_letter(&self) -> Option<String> {
        let mut input = format!("{}.{}", self.header, URL_SAFE_NO_PAD.encode(&self.payload)).into_bytes();
        let start = self.header.len() + 1;
        // Of what stands before the letter, which is the same for all that may be there.
        let (mut before, mut hashed) = (Sha256::new(), 0);
        for (group, bytes) in self.payload.chunks(3).enumerate() {
            let at = start + group * 4;
            before.update(&input[hashed..at]);
            hashed = at;
            let mut rest = input.split_off(at);
            let own = URL_SAFE_NO_PAD.encode(bytes);
            for place in 0..bytes.len() {
                let mut changed = bytes.to_vec();
                for letter in LETTERS {
                    changed[place] = letter;
                    rest[..own.len()].copy_from_slice(URL_SAFE_NO_PAD.encode(&changed).as_bytes());
                    let mut all = before.clone();
                    all.update(&rest);
                    if all.finish() == self.digest {
                        let at = group * 3 + place + 1;
                        return Some(format!("one letter of the payload was changed, at position {at}"));
                    }
                }
            }
            rest[..own.len()].copy_from_slice(own.as_bytes());
            input.append(&mut rest);
        }
        None
    }
}

#[cfg(test)]
mod tests;
