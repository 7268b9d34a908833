//! What can be a lie: one row for each misbehaviour of MDES, of a bank or of the road between that a wallet, or whoever
//! looks for a fault, has to notice. One is told at a time, by everybody; or one in a single visit to a bank.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::faults::Fault;
use super::road::Bump;

mod table;

pub use table::LIES;

/// Who lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// MDES.
    Mdes,
    /// The bank.
    Bank,
    /// Neither: it happens on the way.
    Road,
}

/// One misbehaviour.
#[derive(Debug, Serialize)]
pub struct Lie {
    /// Stable id: what is switched on.
    pub id: &'static str,
    /// What a button says.
    pub label: &'static str,
    /// A sentence about what happens.
    pub sentence: &'static str,
    /// Who lies.
    pub side: Side,
    /// The verdict to expect of whoever looks at the messages; empty where nothing is wrong with them.
    pub verdict: &'static str,
    /// What is done.
    #[serde(skip)]
    pub(super) deed: Deed,
}

impl Lie {
    /// Whether it can be told in a single visit: it comes with the cards that are pushed there, or with the way back.
    #[must_use]
    pub fn is_of_a_visit(&self) -> bool {
        match self.deed {
            Deed::Token(_) | Deed::Receipt(_) | Deed::Push(_) | Deed::Return(_) | Deed::ReturnCut => true,
            Deed::NoCard | Deed::List(_) | Deed::NoCode | Deed::Fault { .. } | Deed::Skew { .. } | Deed::Road(_) => {
                false
            }
        }
    }
}

/// What is done, by where it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// MDES, when it signs receipts.
    Token(TokenLie),
    /// MDES, with the receipts that it makes.
    Receipt(ReceiptLie),
    /// The bank, when it pushes.
    Push(PushLie),
    /// The bank has no card to offer.
    NoCard,
    /// The bank comes back in this style.
    Return(&'static str),
    /// The bank comes back to an id that is cut off.
    ReturnCut,
    /// MDES, when it lists issuers.
    List(ListLie),
    /// MDES, when a code is typed.
    NoCode,
    /// A fault, from when it is switched on.
    Fault {
        operation: &'static str,
        fault: Fault,
        count: Option<u64>,
    },
    /// A clock that is off by so many milliseconds, from when it is switched on.
    Skew { mdes_ms: i64, bank_ms: i64 },
    /// What everybody sends is changed on the way, from when it is switched on.
    Road(Bump),
}

/// What is wrong with the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenLie {
    OtherSession,
    NoSession,
    Tampered,
    UnknownKey,
    RetiredKey,
    LapsedCertificate,
    NoAlgorithm,
    Hmac,
    Cut,
}

/// What is wrong with a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceiptLie {
    Expired,
    Used,
    Foreign,
    Unknown,
    TermsChange,
    AlreadyAdded,
}

/// What is wrong with a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PushLie {
    EncryptedForAnother,
    BodyHash,
    SentTwice,
    BaseString,
}

/// What is wrong with the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListLie {
    Empty,
    PlainUri,
    UnsafeLogo,
}

/// The lie with this id.
#[must_use]
pub fn lie(id: &str) -> Option<&'static Lie> {
    LIES.iter().find(|lie| lie.id == id)
}

/// What is being lied about. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Lies(Arc<Mutex<Told>>);

#[derive(Debug, Default)]
struct Told {
    always: Option<&'static Lie>,
    /// By the session of the visit.
    visits: VecDeque<(String, &'static Lie)>,
}

impl Lies {
    /// The lie that everybody tells.
    #[must_use]
    pub fn always(&self) -> Option<&'static Lie> {
        self.told().always
    }

    pub(super) fn set(&self, lie: Option<&'static Lie>) {
        self.told().always = lie;
    }

    /// From now on this lie is told in the visit with this session, or none of its own.
    pub(super) fn set_in_visit(&self, session: &str, lie: Option<&'static Lie>) {
        let mut told = self.told();
        told.visits.retain(|(of, _)| of != session);
        if let Some(lie) = lie {
            told.visits.push_back((session.to_owned(), lie));
        }
        if told.visits.len() > VISITS_MAX {
            told.visits.pop_front();
        }
    }

    /// The lie that is told where this session is spoken of: the visit's own before everybody's.
    pub(super) fn of(&self, session: Option<&str>) -> Option<&'static Lie> {
        let told = self.told();
        let own = told.visits.iter().find(|(of, _)| Some(of.as_str()) == session);
        own.map(|(_, lie)| *lie).or(told.always)
    }

    pub(super) fn clear(&self) {
        *self.told() = Told::default();
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Visits that lie on their own account; the oldest are forgotten.
const VISITS_MAX: usize = 1_000;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sim::bank::return_style;
    use crate::sim::mdes::operation_names;

    #[test]
    fn every_lie_has_a_name_of_its_own_and_names_what_there_is() {
        let unique: HashSet<&str> = LIES.iter().map(|lie| lie.id).collect();
        assert_eq!(unique.len(), LIES.len());
        for lie in LIES {
            let known = match &lie.deed {
                Deed::Return(style) => return_style(style).is_some(),
                Deed::Fault { operation, .. } => operation_names().any(|name| name == *operation),
                _ => true,
            };
            assert!(known, "{}", lie.id);
            assert!(
                lie.sentence.ends_with('.') && (lie.verdict.is_empty() || lie.verdict.starts_with("PP-")),
                "{}",
                lie.id
            );
        }
    }

    #[test]
    fn a_visits_own_lie_goes_before_everybodys() {
        let lies = Lies::default();
        assert!(lies.of(Some("s-1")).is_none());
        lies.set(lie("tampered"));
        lies.set_in_visit("s-1", lie("alg-none"));
        assert_eq!(lies.of(Some("s-1")).unwrap().id, "alg-none");
        assert_eq!(lies.of(Some("s-2")).unwrap().id, "tampered");
        assert_eq!(lies.of(None).unwrap().id, "tampered");
        lies.set_in_visit("s-1", None);
        assert_eq!(lies.of(Some("s-1")).unwrap().id, "tampered");
    }
}
