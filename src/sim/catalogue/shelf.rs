//! Which card stands where: the same places at every bank.

use super::{ActivationKind, Outcome, Product, ProductKind};

/// A place on the shelf: one card of one person, at every bank.
pub(super) struct Slot {
    pub(super) person: &'static str,
    pub(super) product: usize,
    decision: Decision,
    pub(super) ineligible: Option<&'static str>,
    /// What MDES lies about receipts for it.
    pub(super) lie: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Decision {
    Approve,
    Code,
    Call,
    Decline,
    Text,
    Email,
    App,
    Website,
    Error,
    Slow,
}

impl Slot {
    pub(super) fn outcome(&self) -> Outcome {
        match self.decision {
            Decision::Approve => Outcome::Approve,
            Decision::Code => Outcome::StepUp(vec![ActivationKind::Text, ActivationKind::Email]),
            Decision::Call => Outcome::StepUp(vec![ActivationKind::Call]),
            Decision::Decline => Outcome::Decline,
            Decision::Text => Outcome::StepUp(vec![ActivationKind::Text]),
            Decision::Email => Outcome::StepUp(vec![ActivationKind::Email]),
            Decision::App => Outcome::StepUp(vec![ActivationKind::App]),
            Decision::Website => Outcome::StepUp(vec![ActivationKind::Website]),
            Decision::Error => Outcome::Error,
            Decision::Slow => Outcome::Slow,
        }
    }
}

const fn slot(
    person: &'static str,
    product: usize,
    decision: Decision,
    ineligible: Option<&'static str>,
    lie: Option<&'static str>,
) -> Slot {
    Slot {
        person,
        product,
        decision,
        ineligible,
        lie,
    }
}

const BLOCKED: &str = "Blocked. Call us to unblock it.";
pub(super) const EXPIRED: &str = "Expired.";
const UNSUITED: &str = "This card can’t be used in wallets.";

pub(super) const PRODUCTS: &[Product] = &[
    Product {
        id: "everyday",
        name: "Everyday Debit",
        kind: ProductKind::Debit,
    },
    Product {
        id: "travel",
        name: "Travel Credit",
        kind: ProductKind::Credit,
    },
    Product {
        id: "student",
        name: "Student Debit",
        kind: ProductKind::Debit,
    },
    Product {
        id: "business",
        name: "Business Credit",
        kind: ProductKind::Credit,
    },
    Product {
        id: "gift",
        name: "Gift Card",
        kind: ProductKind::Debit,
    },
];

/// The places that were there first. Account numbers follow from places, so none is ever moved or taken away.
pub(super) const FIRST_PLACES: usize = 8;

pub(super) const SHELF: &[Slot] = &[
    slot("ada", 0, Decision::Approve, None, None),
    slot("ada", 1, Decision::Code, None, None),
    slot("ada", 2, Decision::Decline, None, None),
    slot("ada", 3, Decision::Call, None, None),
    slot("ben", 0, Decision::Decline, Some(BLOCKED), None),
    slot("ben", 1, Decision::Approve, None, None),
    slot("cleo", 0, Decision::Decline, Some(EXPIRED), None),
    slot("cleo", 4, Decision::Decline, Some(UNSUITED), None),
    slot("dora", 0, Decision::Approve, None, None),
    slot("dora", 1, Decision::Text, None, None),
    slot("dora", 2, Decision::Decline, None, None),
    slot("dora", 3, Decision::App, None, None),
    slot("dora", 4, Decision::Error, None, None),
    slot("eli", 0, Decision::Text, None, None),
    slot("eli", 1, Decision::Email, None, None),
    slot("eli", 2, Decision::Call, None, None),
    slot("eli", 3, Decision::App, None, None),
    slot("eli", 4, Decision::Website, None, None),
    slot("finn", 0, Decision::Approve, None, Some("expired-receipt")),
    slot("finn", 1, Decision::Approve, None, Some("used-receipt")),
    slot("finn", 2, Decision::Approve, None, Some("foreign-receipt")),
    slot("finn", 3, Decision::Approve, None, Some("terms-changed")),
    slot("finn", 4, Decision::Approve, None, Some("already-added")),
    slot("finn", 0, Decision::Slow, None, None),
];
