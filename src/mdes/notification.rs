//! What MDES tells us unasked: `notifyTokenUpdated` (MDES Digital Enablement API, encrypted; an older form is plain).

use std::fmt;

use serde_json::Value;

pub use super::payload::NotificationKey;
use super::payload::{EncryptedPayload, PayloadFault, decrypt};
use super::strict_json;
use super::translate;
use crate::domain::id::{RequestId, TokenReference, TokenRequestorId};
use crate::domain::token::TokenUpdate;

/// The longest notification, in bytes.
pub const NOTIFICATION_LENGTH_MAX: usize = 64 * 1024;
/// The most tokens that one notification changes.
pub const UPDATES_MAX: usize = 100;
const DEPTH_MAX: usize = 16;

/// A notification, read. Whether the tokens are ours, and whether the news is old, is for the reader to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// `requestId`, if it is one: the same notification may arrive again under the same id.
    pub request_id: Option<String>,
    /// At least one.
    pub updates: Vec<TokenUpdate>,
}

/// Why a notification is refused. The sender is told no more than that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotificationFault {
    /// Longer than 64 KiB.
    Size,
    /// No strict JSON object, or what was encrypted is none.
    Json,
    /// A required member is missing or malformed, or there are too many tokens.
    Shape,
    /// Plain, where only encrypted ones are accepted; or both at once.
    Plain,
    /// Encrypted, but we have no key.
    NoKey,
    /// Does not decrypt with our key.
    Encryption(PayloadFault),
    /// About a token of another token requestor.
    Requestor,
}

impl NotificationFault {
    /// What the sender has to look at. One sentence for everything that can be wrong with the encryption, so that nobody
    /// learns about our key by trying.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Size => "a notice has 64 KiB at most",
            Self::Json => "a notice is one JSON object, and so is what is encrypted in it, without duplicate members",
            Self::Shape => "a notice names 1 to 100 tokens, each with its tokenUniqueReference",
            Self::Plain => "a notice has encryptedPayload and no tokens beside it; plain ones are not taken here",
            Self::NoKey => "encrypted notices are not taken here, because no key for them is configured",
            Self::Encryption(_) => {
                "encryptedPayload is encrypted to the certificate that we registered for notices: check \
                 publicKeyFingerprint, encryptedKey, oaepHashingAlgorithm, iv and encryptedData against it"
            }
            Self::Requestor => "tokenRequestorId is ours: check to whose address the notices of this token go",
        }
    }

    /// A stable code for the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Size => "notification_size",
            Self::Json => "notification_json",
            Self::Shape => "notification_shape",
            Self::Plain => "notification_plain",
            Self::NoKey => "notification_no_key",
            Self::Encryption(_) => "notification_encryption",
            Self::Requestor => "notification_requestor",
        }
    }
}

impl fmt::Display for NotificationFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size => out.write_str("the notification is too long"),
            Self::Json => out.write_str("the notification is not a JSON object without duplicate members"),
            Self::Shape => out.write_str("the notification lacks a member, or one is malformed"),
            Self::Plain => out.write_str("the notification is not encrypted"),
            Self::NoKey => out.write_str("the notification is encrypted, and no key is configured"),
            Self::Encryption(fault) => fault.fmt(out),
            Self::Requestor => out.write_str("the notification is about a token of another token requestor"),
        }
    }
}

impl std::error::Error for NotificationFault {}

/// Reads a notification. `plain_allowed` accepts the form that is not encrypted: for a simulator without our
/// certificate, or where mutual TLS already says who sends.
///
/// `requestor` is who we are: of what is said to be another's, nothing is taken.
///
/// A state that this version does not know becomes `None` in the update: ask for the token then.
///
/// # Errors
/// [`NotificationFault`]; nothing of the notification is to be believed then.
pub fn parse_notification(
    body: &[u8],
    key: Option<&NotificationKey>,
    plain_allowed: bool,
    requestor: &TokenRequestorId,
) -> Result<Notification, NotificationFault> {
    if body.len() > NOTIFICATION_LENGTH_MAX {
        return Err(NotificationFault::Size);
    }
    let outer = object(body)?;
    let request_id = outer.get("requestId").and_then(Value::as_str);
    let request_id = request_id
        .and_then(|text| RequestId::parse(text).ok())
        .map(|id| id.as_str().to_owned());
    let updates = match (outer.get("encryptedPayload"), outer.get("tokens")) {
        (Some(payload), None) => {
            let key = key.ok_or(NotificationFault::NoKey)?;
            let payload: EncryptedPayload =
                serde_json::from_value(payload.clone()).map_err(|_| NotificationFault::Shape)?;
            let inner = decrypt(key, &payload).map_err(NotificationFault::Encryption)?;
            updates(object(&inner)?.get("tokens"), requestor)?
        }
        (None, tokens) if plain_allowed => updates(tokens, requestor)?,
        _ => return Err(NotificationFault::Plain),
    };
    Ok(Notification { request_id, updates })
}

fn object(bytes: &[u8]) -> Result<Value, NotificationFault> {
    match strict_json::parse(bytes, DEPTH_MAX) {
        Ok(value) if value.is_object() => Ok(value),
        _ => Err(NotificationFault::Json),
    }
}

fn updates(tokens: Option<&Value>, requestor: &TokenRequestorId) -> Result<Vec<TokenUpdate>, NotificationFault> {
    let tokens = tokens.and_then(Value::as_array).ok_or(NotificationFault::Shape)?;
    if !(1..=UPDATES_MAX).contains(&tokens.len()) {
        return Err(NotificationFault::Shape);
    }
    let text = |token: &Value, name: &str| token.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let update = |token: &Value| {
        let named = token.get("tokenRequestorId").filter(|named| !named.is_null());
        if named.is_some_and(|named| named.as_str() != Some(requestor.as_str())) {
            return Err(NotificationFault::Requestor);
        }
        let reference = text(token, "tokenUniqueReference").ok_or(NotificationFault::Shape)?;
        Ok(TokenUpdate {
            reference: TokenReference::parse(&reference).map_err(|_| NotificationFault::Shape)?,
            status: text(token, "status").and_then(|status| translate::status(&status)),
            at: text(token, "statusTimestamp").and_then(|at| translate::timestamp(&at)),
        })
    };
    tokens.iter().map(update).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Millis;
    use crate::domain::token::TokenStatus;

    const PLAIN: &[u8] = br#"{"responseHost":"mdes.example","requestId":"n-1","tokens":[{"tokenUniqueReference":"DWSPMC1",
        "tokenRequestorId":"50123456789","status":"ACTIVE","statusTimestamp":"2026-01-01T12:09:56.123-07:00","new":1}]}"#;

    fn take(body: &[u8], plain_allowed: bool) -> Result<Notification, NotificationFault> {
        let ours = TokenRequestorId::parse("50123456789").expect("an id");
        parse_notification(body, None, plain_allowed, &ours)
    }

    #[test]
    fn of_what_is_anothers_nothing_is_taken() {
        let of = |ids: &[&str]| {
            let tokens = ids
                .iter()
                .map(|id| format!(r#"{{"tokenUniqueReference":"a","tokenRequestorId":{id}}}"#));
            let tokens: Vec<String> = tokens.collect();
            let body = format!(r#"{{"tokens":[{}]}}"#, tokens.join(","));
            take(body.as_bytes(), true).map(|read| read.updates.len())
        };
        assert_eq!(of(&["\"50123456789\"", "null"]), Ok(2));
        for other in ["\"50123197928\"", "\"\"", "50123456789"] {
            assert_eq!(
                of(&["\"50123456789\"", other]),
                Err(NotificationFault::Requestor),
                "{other}"
            );
        }
    }

    #[test]
    fn the_plain_form_is_read_only_where_it_is_allowed() {
        let read = take(PLAIN, true).expect("read");
        assert_eq!(read.request_id.as_deref(), Some("n-1"));
        assert_eq!(read.updates.len(), 1);
        assert_eq!(read.updates[0].reference.as_str(), "DWSPMC1");
        assert_eq!(read.updates[0].status, Some(TokenStatus::Active));
        assert_eq!(read.updates[0].at, Some(Millis(1_767_294_596_123)));
        assert_eq!(take(PLAIN, false), Err(NotificationFault::Plain));
    }

    #[test]
    fn what_is_malformed_changes_nothing() {
        for (body, fault) in [
            ("", NotificationFault::Json),
            ("[]", NotificationFault::Json),
            (r#"{"tokens":[],"tokens":[]}"#, NotificationFault::Json),
            ("{}", NotificationFault::Shape),
            (r#"{"tokens":[]}"#, NotificationFault::Shape),
            (r#"{"tokens":{}}"#, NotificationFault::Shape),
            (r#"{"tokens":[{"status":"ACTIVE"}]}"#, NotificationFault::Shape),
            (
                r#"{"tokens":[{"tokenUniqueReference":"a b","status":"ACTIVE"}]}"#,
                NotificationFault::Shape,
            ),
            (
                r#"{"encryptedPayload":{"encryptedData":"00"}}"#,
                NotificationFault::NoKey,
            ),
            (
                r#"{"encryptedPayload":{"encryptedData":"00"},"tokens":[]}"#,
                NotificationFault::Plain,
            ),
        ] {
            assert_eq!(take(body.as_bytes(), true), Err(fault), "{body}");
        }
        let long = vec![b' '; NOTIFICATION_LENGTH_MAX + 1];
        assert_eq!(take(&long, true), Err(NotificationFault::Size));
        let many = format!(
            r#"{{"tokens":[{}]}}"#,
            vec![r#"{"tokenUniqueReference":"a"}"#; UPDATES_MAX + 1].join(",")
        );
        assert_eq!(take(many.as_bytes(), true), Err(NotificationFault::Shape));
    }

    #[test]
    fn a_state_that_is_new_to_us_is_left_open() {
        let body = br#"{"tokens":[{"tokenUniqueReference":"a","status":"ASLEEP","statusTimestamp":"yesterday"}]}"#;
        let read = take(body, true).expect("read");
        assert_eq!((read.updates[0].status, read.updates[0].at), (None, None));
    }
}
