//! What is switched on at a desk, and off again.

use std::sync::PoisonError;
use std::time::Duration;

use super::Desk;
use crate::sim::faults::{Fault, Order};
use crate::sim::lies::{self, Lie, lie};
use crate::sim::presets::{Deed, Preset};
use crate::sim::stage::{listed, listed_only};
use crate::sim::{Time, Turn};

impl Desk {
    /// Moves the clock that all participants share, or looks at it. `None` where it is the machine's.
    #[must_use]
    pub fn turn(&self, turn: Turn) -> Option<Time> {
        self.hand.as_ref().map(|hand| hand(turn))
    }

    /// Tells whoever wants to know what is switched on.
    pub fn announce(&self) {
        if let Some(changed) = &self.changed {
            changed(self.active());
        }
    }

    /// From now on everybody tells this lie, or none.
    pub(super) fn tell(&self, lie: Option<&'static Lie>) {
        let mut rule = self.lie_rule.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = rule.take() {
            // Somebody may have removed it.
            let _ = self.faults.remove(id);
        }
        match self.lies.always().map(|lie| &lie.deed) {
            Some(lies::Deed::Skew { .. }) => self.skew.set([0, 0]),
            Some(lies::Deed::Road(_)) => self.road.set(None),
            _ => {}
        }
        match lie.map(|lie| &lie.deed) {
            Some(lies::Deed::Fault {
                operation,
                fault,
                count,
            }) => {
                *rule = Some(self.faults.add(Order {
                    operation: (*operation).to_owned(),
                    fault: fault.clone(),
                    latency: Duration::ZERO,
                    probability: 1.0,
                    count: *count,
                    seed: 0,
                }));
            }
            Some(lies::Deed::Skew { mdes_ms, bank_ms }) => self.skew.set([*mdes_ms, *bank_ms]),
            Some(lies::Deed::Road(bump)) => self.road.set(Some(*bump)),
            _ => {}
        }
        self.lies.set(lie);
    }

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
