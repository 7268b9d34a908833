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
    /// The wallet's page where a person stands then, as programs see it: `data-state`, with `data-problem` behind a slash
    /// where there is one.
    pub ends: &'static str,
    #[serde(skip)]
    pub(super) parts: &'static [Part],
}

/// What a preset is made of.
#[derive(Debug)]
pub(super) enum Part {
    /// Everybody tells this lie.
    Lie(&'static str),
    /// Every card is decided so.
    Outcome(fn() -> Outcome),
    /// So many banks.
    Banks(usize),
    /// These banks alone.
    Only(&'static [&'static str]),
    /// The wallet knows no list: only whoever stands beside it can do that.
    ForgetList,
}

impl Preset {
    /// Whether the wallet is to forget the list that it had.
    pub(super) fn forgets_list(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::ForgetList))
    }
}

const fn preset(
    id: &'static str,
    name: &'static str,
    effect: &'static str,
    page: &'static str,
    ends: &'static str,
    verdict: &'static str,
    parts: &'static [Part],
) -> Preset {
    Preset {
        id,
        name,
        effect,
        page,
        verdict,
        ends,
        parts,
    }
}

fn by_text_or_email() -> Outcome {
    Outcome::StepUp(vec![ActivationKind::Text, ActivationKind::Email])
}

fn by_text() -> Outcome {
    Outcome::StepUp(vec![ActivationKind::Text])
}

fn decline() -> Outcome {
    Outcome::Decline
}

/// Every preset, in the order in which they are offered. What is a lie and nothing else has the lie's id.
pub static PRESETS: &[Preset] = &[
    preset(
        "everything-works",
        "Everything works",
        "Nothing is switched on.",
        "The card is added.",
        "active",
        "",
        &[],
    ),
    preset(
        "code-needed",
        "Code needed",
        "MDES asks for more proof, by text message or email.",
        "A way is chosen, then a code is asked for.",
        "code",
        "",
        &[Part::Outcome(by_text_or_email)],
    ),
    preset(
        "three-wrong-codes",
        "Three wrong codes",
        "MDES asks for a code by text message, and takes whatever is typed for wrong.",
        "Two times the code is wrong; after the third the bank takes none any more.",
        "pending",
        "",
        &[Part::Outcome(by_text), Part::Lie("code-refused")],
    ),
    preset(
        "return-cancelled",
        "Person cancels",
        "The bank comes back and says that the cardholder cancelled.",
        "You stopped; nothing was added.",
        "cancelled/cancelled",
        "",
        &[Part::Lie("return-cancelled")],
    ),
    preset(
        "no-eligible-card",
        "Issuer declines",
        "The bank has no card to offer.",
        "The bank has no card for this wallet.",
        "failed/issuer-declined",
        "PP-TOK-001",
        &[Part::Lie("no-eligible-card")],
    ),
    preset(
        "mdes-declines",
        "Declined by MDES",
        "Every card is declined when it is digitized.",
        "The bank did not approve this card.",
        "declined/declined",
        "PP-TOK-002",
        &[Part::Outcome(decline)],
    ),
    preset(
        "already-added",
        "Already added",
        "MDES says that the card is in the wallet already.",
        "This card is in the wallet already.",
        "failed/duplicate",
        "PP-TOK-003",
        &[Part::Lie("already-added")],
    ),
    preset(
        "expired-receipt",
        "Receipt too late",
        "The receipt is 16 minutes old.",
        "The answer came too late; start again.",
        "failed/receipt-refused",
        "PP-RCP-001",
        &[Part::Lie("expired-receipt")],
    ),
    preset(
        "other-session",
        "Wrong session signed",
        "The signature covers another session’s id.",
        "The answer is refused, and the attempt goes on.",
        "error/foreign-receipt",
        "PP-SIG-003",
        &[Part::Lie("other-session")],
    ),
    preset(
        "tampered",
        "Tampered receipt",
        "One character is changed after signing.",
        "The answer is refused, and the attempt goes on.",
        "error/not-genuine",
        "PP-SIG-005",
        &[Part::Lie("tampered")],
    ),
    preset(
        "unknown-key",
        "Unknown key",
        "The key is not in the key set.",
        "The answer cannot be confirmed yet; the key is being looked for.",
        "error/unknown-key",
        "PP-SIG-004",
        &[Part::Lie("unknown-key")],
    ),
    preset(
        "return-elsewhere",
        "Other browser",
        "The bank comes back in a browser that did not start this.",
        "You came back in another browser.",
        "error/other-browser",
        "PP-RET-002",
        &[Part::Lie("return-elsewhere")],
    ),
    preset(
        "return-bare",
        "Return without answer",
        "The bank comes back without parameters.",
        "The attempt goes on waiting, and says why.",
        "launched",
        "PP-RET-001",
        &[Part::Lie("return-bare")],
    ),
    preset(
        "return-posted",
        "Return by POST",
        "The bank comes back with a form.",
        "The card is added.",
        "active",
        "PP-RET-006",
        &[Part::Lie("return-posted")],
    ),
    preset(
        "check-slow",
        "MDES slow",
        "checkEligibility takes 12 seconds, once.",
        "The page says that it takes longer than usual; then the card is added.",
        "active",
        "PP-NET-001",
        &[Part::Lie("check-slow")],
    ),
    preset(
        "list-down",
        "MDES down, list",
        "The list of issuers answers 503, and the wallet has none from before.",
        "There is no list; try again.",
        "error/directory-unavailable",
        "PP-LST-001",
        &[Part::Lie("list-503"), Part::ForgetList],
    ),
    preset(
        "check-503",
        "MDES down, check",
        "checkEligibility answers 503 two times, then is fine.",
        "The page says that it will keep trying; then the card is added.",
        "active",
        "PP-NET-002",
        &[Part::Lie("check-503")],
    ),
    preset(
        "body-rewritten",
        "Body hash wrong",
        "A gateway rewrites what the wallet signed.",
        "The page says that it will keep trying; after a quarter of an hour it gives up.",
        "returned",
        "PP-OAU-001",
        &[Part::Lie("body-rewritten")],
    ),
    preset(
        "clock-off",
        "Clock wrong",
        "The clocks of MDES and of the banks are ten minutes ahead of the wallet’s.",
        "The page says that it will keep trying; after a quarter of an hour it gives up.",
        "returned",
        "PP-OAU-002",
        &[Part::Lie("clock-off")],
    ),
    preset(
        "terms-changed",
        "Terms changed",
        "The terms change between reading and accepting.",
        "Mastercard did not accept the request; nothing was added.",
        "failed/refused",
        "PP-TNC-001",
        &[Part::Lie("terms-changed")],
    ),
    preset(
        "app-only",
        "Issuer app missing",
        "The only bank has an Android app and no website.",
        "On a computer the bank cannot be opened; the page leads to the phone.",
        "issuer",
        "",
        &[Part::Only(&["iperoxo-br"])],
    ),
    preset(
        "list-empty",
        "0 issuers",
        "MDES lists no bank.",
        "The list is empty.",
        "picker",
        "PP-LST-002",
        &[Part::Lie("list-empty")],
    ),
    preset(
        "three-issuers",
        "3 issuers",
        "MDES lists three banks.",
        "A short list.",
        "picker",
        "",
        &[Part::Banks(3)],
    ),
    preset(
        "twelve-issuers",
        "12 issuers",
        "MDES lists the twelve banks.",
        "A list that can be searched.",
        "picker",
        "",
        &[Part::Banks(12)],
    ),
    preset(
        "many-issuers",
        "500 issuers",
        "MDES lists five hundred banks.",
        "A long list.",
        "picker",
        "",
        &[Part::Banks(500)],
    ),
    preset(
        "unsafe-logo",
        "Unsafe logo",
        "A logo with a script, one of 4 MB, and one that is not there.",
        "Letters on tiles.",
        "picker",
        "PP-LST-004",
        &[Part::Lie("unsafe-logo")],
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
            for part in preset.parts {
                let Part::Lie(id) = part else { continue };
                let lie = lie(id).unwrap_or_else(|| panic!("{}: no lie {id}", preset.id));
                assert_eq!(preset.verdict, lie.verdict, "{}", preset.id);
                assert_eq!(preset.id == *id, preset.parts.len() == 1, "{}", preset.id);
            }
            let is_a_lie = matches!(preset.parts, [Part::Lie(_)]);
            assert!(is_a_lie || lie(preset.id).is_none(), "{}", preset.id);
        }
    }
}
