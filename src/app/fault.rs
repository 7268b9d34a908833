//! How a verb refuses. Each way has its own page and status; the private cause stays behind in the log.

use crate::domain::id::{IssuerId, SessionId};
use crate::domain::push::PushFault;
use crate::domain::session::Refusal;
use crate::store::StoreFault;

/// Why a verb did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No such session, or it is another browser's: the two are not told apart.
    UnknownSession,
    /// No such issuer in the directory.
    UnknownIssuer,
    /// No such card of this browser.
    UnknownCard,
    /// No such asset.
    UnknownAsset,
    /// No such hand-over.
    UnknownHandoff,
    /// The hand-over was used before, or is too old.
    HandoffOver,
    /// The return came in a browser that did not start the session. Nothing was used.
    OtherBrowser {
        /// To start again here.
        issuer: IssuerId,
        /// Its name.
        issuer_name: String,
    },
    /// The return cannot be read: which rule it breaks, in words that hold nothing of it.
    MalformedReturn(&'static str),
    /// The receipt's signature or form does not hold. The code is for the log and the reference page.
    NotGenuine(&'static str),
    /// It is signed by a key that is not known yet.
    UnknownKey,
    /// The receipt is another session's, or was used before.
    ForeignReceipt,
    /// Nothing begins with what a bank pushed, and nothing was used.
    Push(PushFault),
    /// The issuer's answer does not hold the code that the wallet shows. The receipts cannot be used any more.
    WrongCode {
        /// The session, whose page shows the code.
        session: SessionId,
        /// To start again.
        issuer: IssuerId,
        /// Its name.
        issuer_name: String,
        /// How often another code may come before the session ends; 0 when it has.
        tries_left: u32,
    },
    /// The session is over its time.
    TooLate {
        /// To start again.
        issuer: IssuerId,
        /// Its name.
        issuer_name: String,
        /// How long a session lives, in whole minutes.
        minutes: i64,
    },
    /// The session is in no state for this.
    NotNow {
        /// The session, whose page shows where it stands.
        session: SessionId,
        /// Why.
        refusal: Refusal,
    },
    /// A form value is missing or wrong: which one, and what it must be.
    BadInput(&'static str),
    /// Storage does not answer.
    Unavailable,
    /// A defect of ours. The cause is in the log.
    Internal,
}

impl From<StoreFault> for Fault {
    /// The public half of a storage fault; the private half goes to the log here, and nowhere else.
    fn from(cause: StoreFault) -> Self {
        tracing::error!(%cause, "storage failed: {cause}");
        match cause {
            StoreFault::Engine(_) => Self::Unavailable,
            StoreFault::Migration(_)
            | StoreFault::Inconsistent { .. }
            | StoreFault::AffectedSqlite(_)
            | StoreFault::Lock(_) => Self::Internal,
        }
    }
}
