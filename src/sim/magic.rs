//! Values with a fixed ending: one table of banks, people, cards and receipts. The documentation is written from it
//! (`magic.md`), `tidemark magic` prints it, and a test goes the whole way with each.

use std::fmt::Write as _;

use serde::Serialize;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A bank, for its everyday cards.
    Bank,
    /// Somebody who signs in at any bank.
    Person,
    /// A card, by its id.
    Card,
    /// A receipt that works without a push.
    Receipt,
}

/// One value.
#[derive(Debug, Serialize)]
pub struct Magic {
    /// What it is.
    pub kind: Kind,
    /// The value.
    pub value: &'static str,
    /// What happens.
    pub happens: &'static str,
    /// The state of the wallet's page where it ends, or where it goes on by hand (`data-state`).
    pub ends: &'static str,
}

const fn magic(kind: Kind, value: &'static str, happens: &'static str, ends: &'static str) -> Magic {
    Magic {
        kind,
        value,
        happens,
        ends,
    }
}

/// Every value. Cards are of the first bank; every other has the same ones, by its own id, and leans its own way.
pub static MAGIC: &[Magic] = &[
    magic(Kind::Bank, "havorn-no", "Everything works.", "active"),
    magic(Kind::Bank, "tarnfell-gb", "Sends a code by email.", "code"),
    magic(Kind::Bank, "quillwort-us", "Sends a code by text message.", "code"),
    magic(Kind::Bank, "labedz-pl", "Declines every card.", "declined"),
    magic(
        Kind::Bank,
        "yildiztepe-tr",
        "Asks for the code that the wallet shows.",
        "active",
    ),
    magic(Kind::Bank, "hotarubi-jp", "Knows no such code.", "active"),
    magic(
        Kind::Person,
        "ada",
        "One card is approved; the others want a code, are declined, or want a call.",
        "active",
    ),
    magic(
        Kind::Person,
        "ben",
        "One card is blocked, the other is approved.",
        "active",
    ),
    magic(Kind::Person, "cleo", "No card can be added.", "failed"),
    magic(
        Kind::Person,
        "dora",
        "Five cards, five endings: add all of them at once.",
        "code",
    ),
    magic(
        Kind::Person,
        "eli",
        "A card for each way to prove to be the cardholder.",
        "code",
    ),
    magic(Kind::Person, "finn", "Cards that get stuck on their way.", "failed"),
    magic(Kind::Card, "havorn-no-ada-1", "Approved.", "active"),
    magic(Kind::Card, "havorn-no-eli-1", "A code by text message.", "code"),
    magic(Kind::Card, "havorn-no-eli-2", "A code by email.", "code"),
    magic(Kind::Card, "havorn-no-eli-3", "A call to the bank.", "step-up"),
    magic(Kind::Card, "havorn-no-eli-4", "The bank’s app.", "step-up"),
    magic(Kind::Card, "havorn-no-eli-5", "The bank’s website.", "step-up"),
    magic(Kind::Card, "havorn-no-ada-3", "Declined by the bank.", "declined"),
    magic(Kind::Card, "havorn-no-dora-5", "The bank fails to answer.", "failed"),
    magic(
        Kind::Card,
        "havorn-no-finn-6",
        "Approved, and it takes the bank eight seconds.",
        "active",
    ),
    magic(
        Kind::Card,
        "havorn-no-finn-1",
        "The receipt is too old when it arrives.",
        "failed",
    ),
    magic(Kind::Card, "havorn-no-finn-2", "The receipt was used before.", "failed"),
    magic(
        Kind::Card,
        "havorn-no-finn-3",
        "The receipt is another wallet’s.",
        "failed",
    ),
    magic(
        Kind::Card,
        "havorn-no-finn-4",
        "The terms change after they were shown.",
        "failed",
    ),
    magic(
        Kind::Card,
        "havorn-no-finn-5",
        "In this wallet already, says MDES.",
        "failed",
    ),
    magic(Kind::Receipt, APPROVED, "Garmin’s: approved.", "active"),
    magic(
        Kind::Receipt,
        ADDITIONAL_AUTHENTICATION,
        "Garmin’s: more authentication, here a code by text message.",
        "code",
    ),
    magic(Kind::Receipt, DECLINED, "Garmin’s: declined.", "declined"),
    magic(
        Kind::Receipt,
        ERROR,
        "Garmin’s: an error, here a bank that fails to answer.",
        "failed",
    ),
];

/// Garmin's test receipts, as its public samples for issuers have them. That MDES takes them without a push, as often as
/// one likes, is assumed; so is which kind of error and of authentication is meant.
const APPROVED: &str = "TST-MCC7F0AE-298E-48EB-AA43-A7C40B32DDDE";
const ADDITIONAL_AUTHENTICATION: &str = "TST-MCC7F0AE-298E-48EB-AA43-ADDAUTH04566";
const DECLINED: &str = "TST-MCC7F0AE-298E-48EB-AA43-DECLINE77777";
const ERROR: &str = "TST-MCC7F0AE-298E-48EB-AA43-ERROR9999999";

/// The card that stands behind a receipt that was never pushed.
pub(super) fn card_behind(receipt: &str) -> Option<&'static str> {
    match receipt {
        APPROVED => Some("havorn-no-ada-1"),
        ADDITIONAL_AUTHENTICATION => Some("havorn-no-eli-1"),
        DECLINED => Some("havorn-no-ada-3"),
        ERROR => Some("havorn-no-dora-5"),
        _ => None,
    }
}

/// The table in Markdown, as it stands between the marks in `magic.md`.
#[must_use]
pub fn markdown() -> String {
    let mut table = "| Kind | Value | What happens | The wallet’s page |\n| --- | --- | --- | --- |\n".to_owned();
    for row in MAGIC {
        // Writing to a text never fails.
        let _ = writeln!(
            table,
            "| {} | `{}` | {} | `{}` |",
            row.kind.word(),
            row.value,
            row.happens,
            row.ends
        );
    }
    table
}

impl Kind {
    /// One word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Person => "person",
            Self::Card => "card",
            Self::Receipt => "receipt",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sim::catalogue::{PEOPLE, card_by_id, issuer, person};

    #[test]
    fn every_value_is_there_once_and_stands_for_something() {
        let unique: HashSet<&str> = MAGIC.iter().map(|row| row.value).collect();
        assert_eq!(unique.len(), MAGIC.len());
        for row in MAGIC {
            let known = match row.kind {
                Kind::Bank => issuer(row.value).is_some(),
                Kind::Person => person(row.value).is_some(),
                Kind::Card => card_by_id(row.value).is_some(),
                Kind::Receipt => card_behind(row.value).and_then(card_by_id).is_some(),
            };
            assert!(known, "{}", row.value);
        }
        assert!(PEOPLE.iter().all(|person| unique.contains(person.id)));
    }

    #[test]
    fn the_document_has_the_table_as_it_is() {
        let document = include_str!("magic.md");
        let (_, rest) = document.split_once("<!-- magic -->\n").unwrap();
        let (table, _) = rest.split_once("<!-- /magic -->").unwrap();
        assert_eq!(table, markdown(), "write it anew with: tidemark magic --markdown");
    }
}
