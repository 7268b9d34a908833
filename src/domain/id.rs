//! Identifiers: parse-only newtypes with private fields. Inside the program a value proves its own checks.

use std::fmt;

/// A moment: milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

impl Millis {
    /// This moment plus `ms` milliseconds.
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// A text that is not an identifier of the wanted kind. Carries the kind, never the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId(pub &'static str);

impl fmt::Display for NotAnId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "not a {}", self.0)
    }
}

impl std::error::Error for NotAnId {}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $min:literal..=$max:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Parses the identifier.
            ///
            /// # Errors
            /// [`NotAnId`] when the length or a character is outside what the type's description says.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                let allowed: fn(u8) -> bool = $allowed;
                if ($min..=$max).contains(&text.len()) && text.bytes().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NotAnId($kind))
                }
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

fn graphic(byte: u8) -> bool {
    byte.is_ascii_graphic()
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || byte == b'.'
}

text_id! {
    /// A token requestor id: exactly 11 digits (Token Connect API, `tokenRequestorId`).
    TokenRequestorId, "token requestor id", 11..=11, |byte| byte.is_ascii_digit()
}
text_id! {
    /// The issuer's key in our directory: 1 to 64 letters, digits, `-`, `_` or `.`.
    IssuerId, "issuer id", 1..=64, plain
}
text_id! {
    /// An asset of MDES: 1 to 64 letters, digits, `-`, `_` or `.`. Its content never changes.
    AssetId, "asset id", 1..=64, plain
}
text_id! {
    /// `tokenUniqueReference`: 1 to 64 graphic ASCII characters, opaque.
    TokenReference, "token unique reference", 1..=64, graphic
}
text_id! {
    /// `panUniqueReference`: the same value for every token of one funding account; 1 to 64, opaque.
    AccountReference, "account unique reference", 1..=64, graphic
}
text_id! {
    /// `requestId` of one call: 1 to 64 characters.
    RequestId, "request id", 1..=64, plain
}
text_id! {
    /// `taskId` of one effect, unique per token requestor: 1 to 64 characters.
    TaskId, "task id", 1..=64, plain
}
text_id! {
    /// Our id of one wallet card: a UUID.
    CardId, "card id", 36..=36, |byte| byte.is_ascii_hexdigit() || byte == b'-'
}
text_id! {
    /// A session: a random version 4 UUID in lower case, sent to the issuer as `tokenRequestorSessionId`.
    ///
    /// It is public by nature: the issuer, MDES and the address bar see it. Possession grants nothing.
    SessionId, "session id", 36..=36, |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte) || byte == b'-'
}
text_id! {
    /// The keyed hash of a secret (a receipt, a browser secret): 64 hexadecimal digits. Safe to store and to log.
    Fingerprint, "fingerprint", 64..=64, |byte| byte.is_ascii_hexdigit()
}
text_id! {
    /// How the wallet's backend calls one of its accounts: 1 to 64 letters, digits, `-`, `_` or `.`, opaque to us. It
    /// must be nothing that tells who the person is: no e-mail address, no telephone number.
    Subject, "subject", 1..=64, plain
}
text_id! {
    /// What asks for a return that is kept for a while: 128 random bits as 32 hexadecimal digits.
    ReturnHandle, "return handle", 32..=32, |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)
}
text_id! {
    /// ISO 3166-1 alpha-2 in upper case.
    CountryCode, "country code", 2..=2, |byte| byte.is_ascii_uppercase()
}

/// A version 4 UUID in lower case from 16 random bytes.
fn uuid_text(random: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(random)
        .into_uuid()
        .hyphenated()
        .to_string()
}

macro_rules! from_random {
    ($($name:ident),+) => {$(
        impl $name {
            /// Makes a new one from 16 random bytes.
            #[must_use]
            pub fn from_random(random: [u8; 16]) -> Self {
                Self(uuid_text(random))
            }
        }
    )+};
}
from_random!(SessionId, CardId, RequestId, TaskId);

impl ReturnHandle {
    /// Makes a new one from 16 random bytes.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(random)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_their_limits() {
        assert!(TokenRequestorId::parse("50123456789").is_ok());
        assert!(TokenRequestorId::parse("5012345678").is_err());
        assert!(AssetId::parse("../etc").is_err());
        assert!(SessionId::parse("0197C3F2-6b1e-7a54-9d0c-4f2e8b7a1c33").is_err());
        let id = SessionId::from_random([7; 16]);
        assert_eq!(SessionId::parse(id.as_str()), Ok(id));
        let handle = ReturnHandle::from_random([1; 16]);
        assert_eq!(handle.as_str(), "01".repeat(16));
        assert_eq!(ReturnHandle::parse(handle.as_str()), Ok(handle));
    }
}
