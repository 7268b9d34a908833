//! Presets: the whole system in a known state, by one name. A preset is what a person wants to see, and is made of lies,
//! outcomes and lists.

use std::sync::PoisonError;
use std::time::Duration;

use serde::Serialize;

use super::catalogue::{ActivationKind, Outcome};
use super::control::Desk;
use super::faults::{Fault, Order};
use super::lies::{Lie, lie};
use super::stage::{listed, listed_only};

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
    deed: Deed,
}

/// What is done.
#[derive(Debug)]
enum Deed {
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

impl Desk {
    /// What is switched on, in a few words; nothing where all is as at the start.
    #[must_use]
    pub fn active(&self) -> Option<String> {
        let preset = *self.preset.lock().unwrap_or_else(PoisonError::into_inner);
        let faults = self.faults.rules();
        let faults = faults.iter().filter(|rule| !rule.is_used_up()).count();
        match (preset, self.lies.always()) {
            (Some(preset), _) => Some(preset.name.to_owned()),
            (None, Some(lie)) => Some(lie.label.to_owned()),
            (None, None) if faults == 1 => Some("1 fault".to_owned()),
            (None, None) if faults > 1 => Some(format!("{faults} faults")),
            (None, None) => None,
        }
    }

    /// The lie that everybody tells.
    #[must_use]
    pub fn lie(&self) -> Option<&'static Lie> {
        self.lies.always()
    }

    /// The preset that is switched on.
    #[must_use]
    pub fn preset(&self) -> Option<&'static Preset> {
        *self.preset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Switches off what was switched on, and is as at the start in what is listed and agreed. The books stay, and so does the clock.
    pub fn quiet(&self) {
        self.tell(None);
        self.faults.clear();
        self.skew.set([0, 0]);
        self.bank.force_every_outcome(None);
        self.bank.set_receipt_validity(None);
        self.mdes.as_at_the_start();
        self.name(None);
    }

    /// From now on everybody tells this lie, or none, and whatever preset was switched on is another now.
    pub fn switch(&self, lie: Option<&'static Lie>) {
        self.tell(lie);
        self.name(None);
    }

    /// From now on MDES lists so many banks: the twelve, or the first of them, and invented ones behind them.
    pub fn list(&self, count: usize) {
        self.mdes.set_directory(listed(&self.bank_base, count));
    }

    /// From now on MDES lists only these of the twelve banks, by their ids.
    pub fn list_only(&self, ids: &[&str]) {
        self.mdes.set_directory(listed_only(&self.bank_base, ids));
    }

    fn name(&self, preset: Option<&'static Preset>) {
        *self.preset.lock().unwrap_or_else(PoisonError::into_inner) = preset;
    }

    /// Switches everything off, then this on.
    pub fn apply(&self, preset: &'static Preset) {
        self.quiet();
        match preset.deed {
            Deed::Nothing => {}
            Deed::Lie(id) => self.tell(lie(id)),
            Deed::Outcome(outcome) => self.bank.force_every_outcome(Some(outcome())),
            Deed::Banks(count) => self.list(count),
            Deed::Only(ids) => self.list_only(ids),
            Deed::Slow(operation, by_ms) => {
                self.faults.add(Order {
                    operation: operation.to_owned(),
                    fault: Fault::Delay(Duration::from_millis(by_ms)),
                    latency: Duration::ZERO,
                    probability: 1.0,
                    count: None,
                    seed: 0,
                });
            }
        }
        self.name(Some(preset).filter(|preset| !matches!(preset.deed, Deed::Nothing)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

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
