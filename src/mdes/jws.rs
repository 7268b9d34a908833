//! From an unverified compact JWS to a verified receipt (RFC 7515; implementation guide p. 41 to 46).
//!
//! The order is the defence: bounds and shape first, then the header, which may name a key but choose nothing, then
//! the signature over the bytes as they came, and only then is the payload looked at. Every step ends the request.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::key_set::is_key_id;
pub use super::key_set::{KeyDescription, KeySet};
use super::strict_json;
use crate::domain::receipt::{CALLBACK_URL_LENGTH_MAX, RECEIPTS_MAX};
use crate::domain::receipt::{PushAccountData, ReceiptToken, UnverifiedJws, VerifiedReceipt};
use crate::domain::same_person::SamePersonCode;

/// The longest token in bytes. Real ones have 692 to 861, and five receipts with the longest callback stay below
/// 1,400; the guide names no limit, and 8,192 is what a query string may have on the way here.
pub const TOKEN_LENGTH_MAX: usize = 8192;
/// The longest header, decoded. Real ones have 43 to 61 bytes.
pub const HEADER_LENGTH_MAX: usize = 512;
/// The longest payload, decoded. Real ones have 217 to 326 bytes.
pub const PAYLOAD_LENGTH_MAX: usize = 4096;
/// How deep a payload may nest. A real one has 2 levels.
const PAYLOAD_DEPTH_MAX: usize = 4;
/// The one algorithm. Pinned here; a token that names another is refused before any key is looked up.
const ALGORITHM: &str = "RS256";
/// `tokenRequestorSessionId` (Token Connect API).
const SESSION_ID_LENGTH: std::ops::RangeInclusive<usize> = 3..=64;
/// `locale` is `xx_YY`, 4 to 5 characters in the API; some room for a script.
const LOCALE_LENGTH_MAX: usize = 16;

/// Why a token is refused. One variant a cause; none repeats anything of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwsFault {
    /// Empty or longer than [`TOKEN_LENGTH_MAX`].
    Length,
    /// A byte that no compact JWS has: white space, padding, `+`, `/`, anything that is not ASCII.
    Character,
    /// Not three parts, or an empty one.
    Parts,
    /// A part that is no canonical base64url: impossible length or bits behind the end.
    Encoding,
    /// The header is too long, is no strict JSON object, or names a member twice.
    Header,
    /// The header has a member that is not `alg`, `kid` or `typ`, or a `typ` that is no text.
    HeaderMember,
    /// `alg` is not exactly `RS256`.
    Algorithm,
    /// `kid` is missing or no key id.
    KeyId,
    /// `kid` is well formed, but no loaded key has it.
    UnknownKey,
    /// The signature is not as long as the key's are.
    SignatureLength,
    /// The signature is not this key's over these bytes.
    Signature,
    /// Signed, but the payload is too long, too deep, no strict JSON object, or names a member twice.
    Payload,
    /// Signed, but a member of the payload has the wrong type or form.
    PayloadMember,
    /// Signed, but without one to five distinct well-formed receipts.
    Receipts,
    /// Signed, but `callbackURL` is empty, longer than 256 characters, or not plain ASCII.
    CallbackUrl,
}

impl JwsFault {
    /// A stable code, for logs, counters and scripts.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Length => "jws_length",
            Self::Character => "jws_character",
            Self::Parts => "jws_parts",
            Self::Encoding => "jws_encoding",
            Self::Header => "jws_header",
            Self::HeaderMember => "jws_header_member",
            Self::Algorithm => "jws_alg",
            Self::KeyId => "jws_kid",
            Self::UnknownKey => "jws_kid_unknown",
            Self::SignatureLength => "jws_signature_length",
            Self::Signature => "jws_signature",
            Self::Payload => "jws_payload",
            Self::PayloadMember => "jws_payload_member",
            Self::Receipts => "jws_receipts",
            Self::CallbackUrl => "jws_callback_url",
        }
    }

    /// Whether a key that we do not have might make the token good: then the keys are worth a refresh, later and
    /// not for this token.
    #[must_use]
    pub fn is_unknown_kid(self) -> bool {
        self == Self::UnknownKey
    }
}

impl fmt::Display for JwsFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Length => "the token is empty or longer than 8192 bytes",
            Self::Character => "the token has a character that no compact JWS has",
            Self::Parts => "the token does not have three parts",
            Self::Encoding => "a part is not canonical base64url",
            Self::Header => "the header is not a small JSON object without duplicate members",
            Self::HeaderMember => "the header has a member that is not alg, kid or typ",
            Self::Algorithm => "the algorithm is not RS256",
            Self::KeyId => "the key id is missing or malformed",
            Self::UnknownKey => "no loaded key has this key id",
            Self::SignatureLength => "the signature does not have the key's length",
            Self::Signature => "the signature does not match",
            Self::Payload => "the payload is not a small JSON object without duplicate members",
            Self::PayloadMember => "a member of the payload has the wrong type or form",
            Self::Receipts => "the payload does not have one to five distinct receipts",
            Self::CallbackUrl => "the callback address is empty, too long or not plain ASCII",
        })
    }
}

impl std::error::Error for JwsFault {}

/// Verifies a token against the preloaded keys. The only place where a [`VerifiedReceipt`] comes from.
///
/// It proves that MDES signed these receipts. It says nothing about freshness, audience or session, and the callback
/// address is the issuer's choice: whoever uses it checks it first.
///
/// # Errors
/// The first [`JwsFault`] found.
pub fn verify(keys: &KeySet, jws: &UnverifiedJws) -> Result<VerifiedReceipt, JwsFault> {
    let parts = Parts::split(jws.expose())?;
    let kid = key_id(&decode(parts.header, HEADER_LENGTH_MAX, JwsFault::Header)?)?;
    let key = keys.key(&kid).ok_or(JwsFault::UnknownKey)?;
    let signature = decode(
        parts.signature,
        key.rs256().signature_length(),
        JwsFault::SignatureLength,
    )?;
    if signature.len() != key.rs256().signature_length() {
        return Err(JwsFault::SignatureLength);
    }
    canonical(parts.payload)?;
    if !keys.is_signed(key, parts.signed.as_bytes(), &signature) {
        return Err(JwsFault::Signature);
    }
    let data = push_account_data(&decode(parts.payload, PAYLOAD_LENGTH_MAX, JwsFault::Payload)?)?;
    Ok(VerifiedReceipt::signature_was_checked(data, kid))
}

/// One verdict as JSON, for a command line. Receipts are named by their kind and counted, never printed.
#[must_use]
pub fn verdict(keys: &KeySet, line: &str) -> Value {
    match verify(keys, &UnverifiedJws::new(line)) {
        Ok(receipt) => {
            let data = receipt.data();
            let kinds: Vec<&str> = data.receipts.iter().filter_map(|one| one.expose().get(..3)).collect();
            // The address without its query: an issuer may keep a session in there.
            let callback = data
                .callback_url
                .as_deref()
                .and_then(|url| url.split(['?', '#']).next());
            json!({
                "valid": true,
                "kid": receipt.kid(),
                "receipts": data.receipts.len(),
                "kinds": kinds,
                "callback": callback,
                "session_id_signed": data.session_id.is_some(),
                "code_signed": data.authentication_code.is_some(),
                "locale": data.locale,
            })
        }
        Err(fault) => json!({ "valid": false, "reason": fault.code(), "why": fault.to_string() }),
    }
}

/// What a payload says, whoever signed it. Unknown members are ignored, known ones must have their type.
///
/// # Errors
/// [`JwsFault::Payload`], [`JwsFault::PayloadMember`], [`JwsFault::Receipts`] or [`JwsFault::CallbackUrl`].
pub fn push_account_data(payload: &[u8]) -> Result<PushAccountData, JwsFault> {
    if payload.len() > PAYLOAD_LENGTH_MAX {
        return Err(JwsFault::Payload);
    }
    let Ok(Value::Object(members)) = strict_json::parse(payload, PAYLOAD_DEPTH_MAX) else {
        return Err(JwsFault::Payload);
    };
    let callback_url = text(&members, "callbackURL")?;
    let plain =
        |url: &str| (1..=CALLBACK_URL_LENGTH_MAX).contains(&url.len()) && url.bytes().all(|b| b.is_ascii_graphic());
    if callback_url.as_deref().is_some_and(|url| !plain(url)) {
        return Err(JwsFault::CallbackUrl);
    }
    let session_id = text(&members, "tokenRequestorSessionId")?;
    let locale = text(&members, "locale")?;
    let fits = |text: &str, fits: bool| fits && text.bytes().all(|b| b.is_ascii_graphic());
    if session_id
        .as_deref()
        .is_some_and(|id| !fits(id, SESSION_ID_LENGTH.contains(&id.len())))
        || locale
            .as_deref()
            .is_some_and(|locale| !fits(locale, (1..=LOCALE_LENGTH_MAX).contains(&locale.len())))
    {
        return Err(JwsFault::PayloadMember);
    }
    Ok(PushAccountData {
        receipts: receipts(&members)?,
        callback_url,
        session_id,
        complete_issuer_app_activation: boolean(&members, "completeIssuerAppActivation")?,
        complete_website_activation: boolean(&members, "completeWebsiteActivation")?,
        account_holder_data_supplied: boolean(&members, "accountHolderDataSupplied")?,
        locale,
        authentication_code: code(&members)?,
    })
}

/// The three parts and what was signed, as slices of the token: nothing is copied before the bounds are known.
struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    signed: &'a str,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, JwsFault> {
        if token.is_empty() || token.len() > TOKEN_LENGTH_MAX {
            return Err(JwsFault::Length);
        }
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !token.bytes().all(known) {
            return Err(JwsFault::Character);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JwsFault::Parts)?;
        let (header, payload) = signed.split_once('.').ok_or(JwsFault::Parts)?;
        if payload.contains('.') || header.is_empty() || payload.is_empty() || signature.is_empty() {
            return Err(JwsFault::Parts);
        }
        Ok(Self {
            header,
            payload,
            signature,
            signed,
        })
    }
}

/// Decodes a part of at most `length_max` bytes; `too_long` is the answer to a longer one.
fn decode(part: &str, length_max: usize, too_long: JwsFault) -> Result<Vec<u8>, JwsFault> {
    if part.len() > length_max.div_ceil(3) * 4 {
        return Err(too_long);
    }
    // No padding and no bits behind the end: two spellings of one token would be two tokens to whoever counts them.
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| JwsFault::Encoding)?;
    if bytes.len() > length_max {
        Err(too_long)
    } else {
        Ok(bytes)
    }
}

/// Whether a part of known characters is canonical, told from its end alone.
fn canonical(part: &str) -> Result<(), JwsFault> {
    let end = &part[part.len() / 4 * 4..];
    URL_SAFE_NO_PAD.decode(end).map(|_| ()).map_err(|_| JwsFault::Encoding)
}

/// The key id that the header names. The header chooses nothing else.
fn key_id(header: &[u8]) -> Result<String, JwsFault> {
    let Ok(Value::Object(members)) = strict_json::parse(header, PAYLOAD_DEPTH_MAX) else {
        return Err(JwsFault::Header);
    };
    for (name, value) in &members {
        match name.as_str() {
            "alg" | "kid" => {}
            "typ" if value.is_string() => {}
            // `crit`, `b64`, `jwk`, `jku`, `x5c`, `x5u`, `zip` … : presence is refusal.
            _ => return Err(JwsFault::HeaderMember),
        }
    }
    if members.get("alg").and_then(Value::as_str) != Some(ALGORITHM) {
        return Err(JwsFault::Algorithm);
    }
    match members.get("kid") {
        Some(Value::String(kid)) if is_key_id(kid) => Ok(kid.clone()),
        _ => Err(JwsFault::KeyId),
    }
}

fn receipts(members: &Map<String, Value>) -> Result<Vec<ReceiptToken>, JwsFault> {
    let list = members
        .get("pushAccountReceipts")
        .and_then(Value::as_array)
        .ok_or(JwsFault::Receipts)?;
    if !(1..=RECEIPTS_MAX).contains(&list.len()) {
        return Err(JwsFault::Receipts);
    }
    let mut receipts: Vec<ReceiptToken> = Vec::with_capacity(list.len());
    for one in list {
        let receipt = ReceiptToken::parse(one.as_str().ok_or(JwsFault::Receipts)?).map_err(|_| JwsFault::Receipts)?;
        if receipts.contains(&receipt) {
            return Err(JwsFault::Receipts);
        }
        receipts.push(receipt);
    }
    Ok(receipts)
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, JwsFault> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(JwsFault::PayloadMember),
    }
}

fn code(members: &Map<String, Value>) -> Result<Option<SamePersonCode>, JwsFault> {
    let code = text(members, "authenticationCode")?.map(|code| SamePersonCode::parse(&code));
    code.transpose().map_err(|_| JwsFault::PayloadMember)
}

fn boolean(members: &Map<String, Value>, name: &str) -> Result<Option<bool>, JwsFault> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(JwsFault::PayloadMember),
    }
}

#[cfg(test)]
#[path = "jws_tests.rs"]
mod tests;
