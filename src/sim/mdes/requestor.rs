//! Who calls, and who holds: an enrolled token requestor, and one of its wallet instances.

use std::sync::Arc;

use super::errors::Refusal;
use super::fields::Fields;
use super::oauth::ClientKind;
use super::settings::TokenRequestor;

/// Whose key signed a call.
#[derive(Clone)]
pub(super) enum Caller {
    TokenRequestor(Arc<TokenRequestor>),
    Issuer,
}

impl Caller {
    pub(super) fn kind(&self) -> ClientKind {
        match self {
            Self::TokenRequestor(_) => ClientKind::TokenRequestor,
            Self::Issuer => ClientKind::Issuer,
        }
    }
}

impl PartialEq for Caller {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::TokenRequestor(one), Self::TokenRequestor(other)) => one.id == other.id,
            (Self::Issuer, Self::Issuer) => true,
            _ => false,
        }
    }
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TokenRequestor(requestor) => write!(out, "token requestor {}", requestor.id),
            Self::Issuer => out.write_str("issuer"),
        }
    }
}

/// One wallet instance of one token requestor. What it holds is nobody else's: an instance of the same name with another
/// requestor is another holder.
#[derive(Clone)]
pub(super) struct Holder {
    pub(super) requestor: Arc<TokenRequestor>,
    pub(super) instance: String,
}

impl Holder {
    /// The instance that a request of `by` speaks for.
    pub(super) fn read(by: &Arc<TokenRequestor>, request: Fields<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            requestor: Arc::clone(by),
            instance: request.text("paymentAppInstanceId", 1..=48)?.to_owned(),
        })
    }

    pub(super) fn is(&self, requestor: &TokenRequestor) -> bool {
        self.requestor.id == requestor.id
    }
}

impl PartialEq for Holder {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.requestor) && self.instance == other.instance
    }
}

#[cfg(test)]
mod tests;
