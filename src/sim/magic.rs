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

const fn bank(value: &'static str, happens: &'static str, ends: &'static str) -> Magic {
    Magic {
        kind: Kind::Bank,
        value,
        happens,
        ends,
    }
}

const fn person(value: &'static str, happens: &'static str, ends: &'static str) -> Magic {
    Magic {
        kind: Kind::Person,
        value,
        happens,
        ends,
    }
}

const fn card(value: &'static str, happens: &'static str, ends: &'static str) -> Magic {
    Magic {
        kind: Kind::Card,
        value,
        happens,
        ends,
    }
}

const fn receipt(value: &'static str, happens: &'static str, ends: &'static str) -> Magic {
    Magic {
        kind: Kind::Receipt,
        value,
        happens,
        ends,
    }
}

/// Every value. Cards are of the first bank; every other has the same ones, by its own id, and leans its own way.
pub static MAGIC: &[Magic] = &[
    bank("havorn-no", "Everything works.", "active"),
    bank("tarnfell-gb", "Sends a code by email.", "code"),
    bank("quillwort-us", "Sends a code by text message.", "code"),
    bank("labedz-pl", "Declines every card.", "declined"),
    bank("yildiztepe-tr", "Asks for the code that the wallet shows.", "active"),
    bank("hotarubi-jp", "Knows no such code.", "active"),
    person(
        "ada",
        "One card is approved; the others want a code, are declined, or want a call.",
        "active",
    ),
    person("ben", "One card is blocked, the other is approved.", "active"),
    person("cleo", "No card can be added.", "failed"),
    person("dora", "Five cards, five endings: add all of them at once.", "code"),
    person("eli", "A card for each way to prove to be the cardholder.", "code"),
    person("finn", "Cards that get stuck on their way.", "failed"),
    card("havorn-no-ada-1", "Approved.", "active"),
    card("havorn-no-eli-1", "A code by text message.", "code"),
    card("havorn-no-eli-2", "A code by email.", "code"),
    card("havorn-no-eli-3", "A call to the bank.", "step-up"),
    card("havorn-no-eli-4", "The bank’s app.", "step-up"),
    card("havorn-no-eli-5", "The bank’s website.", "step-up"),
    card("havorn-no-ada-3", "Declined by the bank.", "declined"),
    card("havorn-no-dora-5", "The bank fails to answer.", "failed"),
    card(
        "havorn-no-finn-6",
        "Approved, and it takes the bank eight seconds.",
        "active",
    ),
    card("havorn-no-finn-1", "The receipt is too old when it arrives.", "failed"),
    card("havorn-no-finn-2", "The receipt was used before.", "failed"),
    card("havorn-no-finn-3", "The receipt is another wallet’s.", "failed"),
    card("havorn-no-finn-4", "The terms change after they were shown.", "failed"),
    card("havorn-no-finn-5", "In this wallet already, says MDES.", "failed"),
    receipt(APPROVED, "Garmin’s: approved.", "active"),
    receipt(
        ADDITIONAL_AUTHENTICATION,
        "Garmin’s: more authentication, here a code by text message.",
        "code",
    ),
    receipt(DECLINED, "Garmin’s: declined.", "declined"),
    receipt(ERROR, "Garmin’s: an error, here a bank that fails to answer.", "failed"),
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
