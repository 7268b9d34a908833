//! How a call to MDES can fail, in the words that decide what happens next.

use std::fmt;

/// A call to MDES that did not bring what it was for. Holds no secrets, no bodies, no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MdesError {
    call: &'static str,
    kind: MdesErrorKind,
    detail: &'static str,
}

/// The kinds of failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MdesErrorKind {
    /// The request never left: no address, no connection, no trust. It had no effect.
    NotSent,
    /// The request may have arrived and the answer is missing or cannot be believed. It may have had its effect.
    Lost,
    /// MDES understood and refused.
    Refused {
        /// `reasonCode`: 1 to 100 of letters, digits, `_`, `-` and `.`.
        reason_code: String,
        /// Whether MDES says that trying again may help.
        recoverable: bool,
    },
    /// The gateway does not accept our credentials (HTTP 401, 403).
    Unauthorized,
    /// The gateway asks us to slow down (HTTP 429).
    Busy,
}

/// The one reason code that does not say on which side of the effect MDES failed.
const INTERNAL_SERVICE_FAILURE: &str = "INTERNAL_SERVICE_FAILURE";

impl MdesError {
    pub(super) fn new(call: &'static str, kind: MdesErrorKind, detail: &'static str) -> Self {
        Self { call, kind, detail }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> &MdesErrorKind {
        &self.kind
    }

    /// The name of the call, as MDES spells it.
    #[must_use]
    pub fn call(&self) -> &'static str {
        self.call
    }

    /// Whether the same call may succeed later. For a call with an effect, ask [`Self::may_have_happened`] first.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind {
            MdesErrorKind::NotSent | MdesErrorKind::Lost | MdesErrorKind::Busy => true,
            MdesErrorKind::Refused { recoverable, .. } => recoverable,
            MdesErrorKind::Unauthorized => false,
        }
    }

    /// Whether the effect of the call may exist all the same. Then it must be looked up, never repeated.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        match &self.kind {
            MdesErrorKind::Lost => true,
            MdesErrorKind::Refused { reason_code, .. } => reason_code == INTERNAL_SERVICE_FAILURE,
            MdesErrorKind::NotSent | MdesErrorKind::Unauthorized | MdesErrorKind::Busy => false,
        }
    }

    /// `reasonCode`, if MDES refused.
    #[must_use]
    pub fn reason_code(&self) -> Option<&str> {
        match &self.kind {
            MdesErrorKind::Refused { reason_code, .. } => Some(reason_code),
            _ => None,
        }
    }
}

impl fmt::Display for MdesError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (call, detail) = (self.call, self.detail);
        match &self.kind {
            MdesErrorKind::NotSent => write!(out, "{call}: not sent: {detail}"),
            MdesErrorKind::Lost => write!(out, "{call}: no answer to rely on: {detail}"),
            MdesErrorKind::Refused { reason_code, .. } => write!(out, "{call}: refused with {reason_code}"),
            MdesErrorKind::Unauthorized => write!(out, "{call}: the gateway does not accept our credentials"),
            MdesErrorKind::Busy => write!(out, "{call}: the gateway asks to slow down"),
        }
    }
}

impl std::error::Error for MdesError {}
