//! What can be a lie: one row for each misbehaviour of MDES or of a bank that a wallet, or whoever looks for a fault, has to
//! notice. One is told at a time, by everybody; or one in a single visit to a bank.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::faults::Fault;

/// Who lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// MDES.
    Mdes,
    /// The bank.
    Bank,
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
    /// The verdict to expect of whoever looks at the messages.
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
            Deed::Token(_) | Deed::Receipt(_) | Deed::Push(_) | Deed::NoCard | Deed::Return(_) => true,
            Deed::List(_) | Deed::Fault { .. } | Deed::Skew { .. } => false,
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
    /// MDES, when it lists issuers.
    List(ListLie),
    /// A fault, from when it is switched on.
    Fault {
        operation: &'static str,
        fault: Fault,
        count: Option<u64>,
    },
    /// A clock that is off by so many milliseconds, from when it is switched on.
    Skew { mdes_ms: i64, bank_ms: i64 },
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

const fn mdes(id: &'static str, label: &'static str, sentence: &'static str, verdict: &'static str, deed: Deed) -> Lie {
    Lie {
        id,
        label,
        sentence,
        side: Side::Mdes,
        verdict,
        deed,
    }
}

const fn bank(id: &'static str, label: &'static str, sentence: &'static str, verdict: &'static str, deed: Deed) -> Lie {
    Lie {
        id,
        label,
        sentence,
        side: Side::Bank,
        verdict,
        deed,
    }
}

/// Every lie there is.
pub static LIES: &[Lie] = &[
    mdes(
        "other-session",
        "Wrong session signed",
        "The signature covers the id of another session.",
        "PP-SIG-003",
        Deed::Token(TokenLie::OtherSession),
    ),
    mdes(
        "no-session",
        "No session signed",
        "The signature covers no session id, although the bank sent one.",
        "PP-SIG-003",
        Deed::Token(TokenLie::NoSession),
    ),
    mdes(
        "tampered",
        "Tampered receipt",
        "One character of the receipt is changed after signing.",
        "PP-SIG-005",
        Deed::Token(TokenLie::Tampered),
    ),
    mdes(
        "unknown-key",
        "Unknown key",
        "Signed with a key that was never published, under a name that nobody knows.",
        "PP-SIG-004",
        Deed::Token(TokenLie::UnknownKey),
    ),
    mdes(
        "retired-key",
        "Retired key",
        "Signed with a key that is no longer published.",
        "PP-SIG-004",
        Deed::Token(TokenLie::RetiredKey),
    ),
    mdes(
        "lapsed-certificate",
        "Expired certificate",
        "Signed with a published key whose certificate expired in 2021.",
        "PP-SIG-006",
        Deed::Token(TokenLie::LapsedCertificate),
    ),
    mdes(
        "alg-none",
        "Algorithm “none”",
        "The header says that nothing is signed, and nothing is.",
        "PP-SIG-002",
        Deed::Token(TokenLie::NoAlgorithm),
    ),
    mdes(
        "alg-hs256",
        "Algorithm HS256",
        "An HMAC with the public key for a secret, as a forger makes it.",
        "PP-SIG-002",
        Deed::Token(TokenLie::Hmac),
    ),
    mdes(
        "not-a-jws",
        "Not a JWS",
        "The token is cut off before its signature.",
        "PP-SIG-001",
        Deed::Token(TokenLie::Cut),
    ),
    mdes(
        "expired-receipt",
        "Receipt too late",
        "The receipt is 16 minutes old when it is made.",
        "PP-RCP-001",
        Deed::Receipt(ReceiptLie::Expired),
    ),
    mdes(
        "used-receipt",
        "Receipt used",
        "The receipt was used already when it is made.",
        "PP-RCP-002",
        Deed::Receipt(ReceiptLie::Used),
    ),
    mdes(
        "foreign-receipt",
        "Receipt of another wallet",
        "MDES makes the receipt for another token requestor.",
        "PP-RCP-003",
        Deed::Receipt(ReceiptLie::Foreign),
    ),
    mdes(
        "unknown-receipt",
        "Unknown receipt",
        "MDES signs a receipt and does not know it afterwards.",
        "PP-RCP-004",
        Deed::Receipt(ReceiptLie::Unknown),
    ),
    mdes(
        "terms-changed",
        "Terms changed",
        "The terms become others between checkEligibility and digitize.",
        "PP-TNC-001",
        Deed::Receipt(ReceiptLie::TermsChange),
    ),
    mdes(
        "already-added",
        "Already added",
        "MDES refuses to digitize, as if the card were in the wallet already.",
        "PP-TOK-003",
        Deed::Receipt(ReceiptLie::AlreadyAdded),
    ),
    mdes(
        "list-503",
        "MDES down, list",
        "MDES answers 503 when it is asked for the list of issuers.",
        "PP-LST-001",
        Deed::Fault {
            operation: "getEligibleIssuers",
            fault: Fault::Status(503),
            count: None,
        },
    ),
    mdes(
        "list-empty",
        "Empty list",
        "MDES lists no issuer.",
        "PP-LST-002",
        Deed::List(ListLie::Empty),
    ),
    mdes(
        "http-uri",
        "Issuer without https",
        "The first issuer of the list is opened by an http address at another host.",
        "PP-LST-003",
        Deed::List(ListLie::PlainUri),
    ),
    mdes(
        "unsafe-logo",
        "Unsafe logos",
        "The first issuer’s logo holds a script, the second’s weighs 4 MB, and the third’s is not there.",
        "PP-LST-004",
        Deed::List(ListLie::UnsafeLogo),
    ),
    mdes(
        "check-503",
        "MDES down, check",
        "checkEligibility fails with 503 two times, then is fine.",
        "PP-NET-002",
        Deed::Fault {
            operation: "checkEligibility",
            fault: Fault::Status(503),
            count: Some(2),
        },
    ),
    mdes(
        "check-slow",
        "MDES slow",
        "checkEligibility takes 12 seconds.",
        "PP-NET-001",
        Deed::Fault {
            operation: "checkEligibility",
            fault: Fault::Delay(Duration::from_secs(12)),
            count: None,
        },
    ),
    mdes(
        "answer-lost",
        "Answer lost",
        "digitize is done and its answer is lost, once.",
        "PP-NET-002",
        Deed::Fault {
            operation: "digitize",
            fault: Fault::LoseAnswer,
            count: Some(1),
        },
    ),
    mdes(
        "clock-off",
        "Clock wrong",
        "The clock of MDES is ten minutes ahead.",
        "PP-OAU-002",
        Deed::Skew {
            mdes_ms: 600_000,
            bank_ms: 0,
        },
    ),
    bank(
        "bank-clock-off",
        "Bank’s clock wrong",
        "The clock of the bank is ten minutes behind.",
        "PP-OAU-002",
        Deed::Skew {
            mdes_ms: 0,
            bank_ms: -600_000,
        },
    ),
    bank(
        "bad-body-hash",
        "Bank’s body hash wrong",
        "The bank changes the body of its push after it hashed it.",
        "PP-OAU-001",
        Deed::Push(PushLie::BodyHash),
    ),
    bank(
        "nonce-twice",
        "Bank repeats without signing anew",
        "The bank sends its push two times, with one nonce.",
        "PP-OAU-003",
        Deed::Push(PushLie::SentTwice),
    ),
    bank(
        "bad-base-string",
        "Bank signs another address",
        "The bank signs https where it calls http, as behind a proxy.",
        "PP-OAU-004",
        Deed::Push(PushLie::BaseString),
    ),
    bank(
        "encrypted-for-another-key",
        "Encrypted for another key",
        "The bank encrypts the cards to a certificate that is not that of MDES.",
        "PP-ENC-001",
        Deed::Push(PushLie::EncryptedForAnother),
    ),
    bank(
        "no-eligible-card",
        "No eligible card",
        "The bank says that none of the cards can be added to a wallet.",
        "PP-TOK-001",
        Deed::NoCard,
    ),
    bank(
        "return-bare",
        "Return without answer",
        "The bank comes back to the bare callback.",
        "PP-RET-001",
        Deed::Return("bare"),
    ),
    bank(
        "return-elsewhere",
        "Return in another browser",
        "The bank offers the way back for another browser.",
        "PP-RET-002",
        Deed::Return("other-browser"),
    ),
    bank(
        "return-other-case",
        "Return to another session",
        "The bank swaps the case of the session id in the callback’s path.",
        "PP-RET-003",
        Deed::Return("path-case"),
    ),
    bank(
        "return-twice",
        "Return twice",
        "The bank offers the way back, to be opened two times.",
        "PP-RET-004",
        Deed::Return("twice"),
    ),
    bank(
        "return-late",
        "Return too late",
        "The bank comes back after 16 minutes.",
        "PP-RET-005",
        Deed::Return("late"),
    ),
    bank(
        "return-posted",
        "Return by POST",
        "The bank comes back with a form.",
        "PP-RET-006",
        Deed::Return("posted"),
    ),
];

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
                lie.sentence.ends_with('.') && lie.verdict.starts_with("PP-"),
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
