//! Presets: the whole system in a known state, by one name. A preset is what a person wants to see, and is made of lies,
//! outcomes and lists.

use serde::Serialize;

use super::catalogue::{ActivationKind, Outcome};

/// One preset.
#[derive(Debug, Serialize)]
pub struct Preset {
    /// Stable id.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub effect: &'static str,
    /// What the wallet's pages show then.
    pub page: &'static str,
    /// The verdict to expect; empty where nothing is wrong with the messages.
    pub verdict: &'static str,
    #[serde(skip)]
    pub(super) deed: Deed,
}

/// What is done.
#[derive(Debug)]
pub(super) enum Deed {
    Nothing,
    Lie(&'static str),
    /// Every card is decided so.
    Outcome(fn() -> Outcome),
    /// So many banks.
    Banks(usize),
    /// These banks alone.
    Only(&'static [&'static str]),
    /// This operation is slow by so many milliseconds.
    Slow(&'static str, u64),
}

const fn preset(
    id: &'static str,
    name: &'static str,
    effect: &'static str,
    page: &'static str,
    verdict: &'static str,
    deed: Deed,
) -> Preset {
    Preset {
        id,
        name,
        effect,
        page,
        verdict,
        deed,
    }
}

fn by_text_or_email() -> Outcome {
    Outcome::StepUp(vec![ActivationKind::Text, ActivationKind::Email])
}

fn decline() -> Outcome {
    Outcome::Decline
}

/// Every preset, in the order in which they are offered.
pub static PRESETS: &[Preset] = &[
    preset(
        "everything-works",
        "Everything works",
        "Nothing is switched on.",
        "The card is added.",
        "",
        Deed::Nothing,
    ),
    preset(
        "code-needed",
        "Code needed",
        "MDES asks for more proof, by text message or email.",
        "A way is chosen, then a code is asked for.",
        "",
        Deed::Outcome(by_text_or_email),
    ),
    preset(
        "person-cancels",
        "Person cancels",
        "The bank comes back and says that the cardholder cancelled.",
        "You stopped; nothing was added.",
        "",
        Deed::Lie("return-cancelled"),
    ),
    preset(
        "issuer-declines",
        "Issuer declines",
        "The bank has no card to offer.",
        "The bank has no card for this wallet.",
        "PP-TOK-001",
        Deed::Lie("no-eligible-card"),
    ),
    preset(
        "mdes-declines",
        "Declined by MDES",
        "Every card is declined when it is digitized.",
        "The card cannot be added.",
        "PP-TOK-002",
        Deed::Outcome(decline),
    ),
    preset(
        "already-added",
        "Already added",
        "MDES says that the card is in the wallet already.",
        "The card cannot be added.",
        "PP-TOK-003",
        Deed::Lie("already-added"),
    ),
    preset(
        "receipt-too-late",
        "Receipt too late",
        "The receipt is 16 minutes old.",
        "It took too long; start again.",
        "PP-RCP-001",
        Deed::Lie("expired-receipt"),
    ),
    preset(
        "wrong-session",
        "Wrong session signed",
        "The signature covers another session’s id.",
        "The answer is refused, and the attempt goes on.",
        "PP-SIG-003",
        Deed::Lie("other-session"),
    ),
    preset(
        "tampered",
        "Tampered receipt",
        "One character is changed after signing.",
        "The answer is refused, and the attempt goes on.",
        "PP-SIG-005",
        Deed::Lie("tampered"),
    ),
    preset(
        "unknown-key",
        "Unknown key",
        "The key is not in the key set.",
        "The answer is refused, and the attempt goes on.",
        "PP-SIG-004",
        Deed::Lie("unknown-key"),
    ),
    preset(
        "other-browser",
        "Other browser",
        "The bank comes back in a browser that did not start this.",
        "You came back in another browser.",
        "PP-RET-002",
        Deed::Lie("return-elsewhere"),
    ),
    preset(
        "no-answer",
        "Return without answer",
        "The bank comes back without parameters.",
        "The attempt goes on waiting, and says why.",
        "PP-RET-001",
        Deed::Lie("return-bare"),
    ),
    preset(
        "by-post",
        "Return by POST",
        "The bank comes back with a form.",
        "The card is added.",
        "PP-RET-006",
        Deed::Lie("return-posted"),
    ),
    preset(
        "mdes-slow",
        "MDES slow",
        "checkEligibility takes 12 seconds.",
        "The page says that it takes longer than usual, and goes on.",
        "PP-NET-001",
        Deed::Slow("checkEligibility", 12_000),
    ),
    preset(
        "list-down",
        "MDES down, list",
        "The list of issuers answers 503.",
        "The list of before stays.",
        "PP-LST-001",
        Deed::Lie("list-503"),
    ),
    preset(
        "check-down",
        "MDES down, check",
        "checkEligibility answers 503 two times, then is fine.",
        "The page says that it will keep trying, then shows the terms.",
        "PP-NET-002",
        Deed::Lie("check-503"),
    ),
    preset(
        "bad-body-hash",
        "Body hash wrong",
        "A gateway rewrites what the wallet signed.",
        "The page says that it will keep trying, then gives up.",
        "PP-OAU-001",
        Deed::Lie("body-rewritten"),
    ),
    preset(
        "clock-wrong",
        "Clock wrong",
        "The clock of MDES is ten minutes ahead.",
        "The bank cannot push; nothing is added.",
        "PP-OAU-002",
        Deed::Lie("clock-off"),
    ),
    preset(
        "terms-changed",
        "Terms changed",
        "The terms change between reading and accepting.",
        "Nothing was added; start again.",
        "PP-TNC-001",
        Deed::Lie("terms-changed"),
    ),
    preset(
        "app-only",
        "Issuer app missing",
        "The only bank has an Android app and no website.",
        "On a computer the bank cannot be opened.",
        "",
        Deed::Only(&["iperoxo-br"]),
    ),
    preset(
        "no-issuers",
        "0 issuers",
        "MDES lists no bank.",
        "The list is empty.",
        "PP-LST-002",
        Deed::Lie("list-empty"),
    ),
    preset(
        "three-issuers",
        "3 issuers",
        "MDES lists three banks.",
        "A short list.",
        "",
        Deed::Banks(3),
    ),
    preset(
        "many-issuers",
        "500 issuers",
        "MDES lists five hundred banks.",
        "A long list.",
        "",
        Deed::Banks(500),
    ),
    preset(
        "unsafe-logo",
        "Unsafe logo",
        "A logo with a script, one of 4 MB, and one that is not there.",
        "Letters on tiles.",
        "PP-LST-004",
        Deed::Lie("unsafe-logo"),
    ),
];

/// The preset with this id.
#[must_use]
pub fn named(id: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sim::lies::lie;

    #[test]
    fn presets_have_names_of_their_own_and_promise_the_verdicts_of_their_lies() {
        let ids: HashSet<&str> = PRESETS.iter().map(|preset| preset.id).collect();
        assert_eq!(ids.len(), PRESETS.len());
        for preset in PRESETS {
            if let Deed::Lie(id) = preset.deed {
                let lie = lie(id).unwrap_or_else(|| panic!("{}: no lie {id}", preset.id));
                assert_eq!(preset.verdict, lie.verdict, "{}", preset.id);
            }
        }
    }
}
