//! What is switched on at a desk, and off again.

use std::sync::PoisonError;
use std::time::Duration;

use super::{Desk, News};
use crate::sim::faults::Order;
use crate::sim::lies::{Deed, Lie, lie};
use crate::sim::presets::{Part, Preset};
use crate::sim::stage::{listed, listed_only};
use crate::sim::{Time, Turn};

/// Something that is not as at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// In a few words.
    pub text: String,
    /// The number of the fault, where it is one that can be removed.
    pub fault: Option<u64>,
    /// It belongs to the preset or to the lie that is named already.
    pub(super) is_of_the_name: bool,
}

impl Desk {
    /// Moves the clock that all participants share, or looks at it. `None` where it is the machine's.
    #[must_use]
    pub fn turn(&self, turn: Turn) -> Option<Time> {
        self.hand.as_ref().map(|hand| hand(turn))
    }

    /// Tells whoever wants to know what is switched on.
    pub fn announce(&self) {
        if let Some(changed) = &self.changed {
            changed(News {
                active: self.active(),
                forgets_list: self.preset().is_some_and(Preset::forgets_list),
            });
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
            Some(Deed::Skew { .. }) => self.skew.set([0, 0]),
            Some(Deed::Road(_)) => self.road.set(None),
            _ => {}
        }
        match lie.map(|lie| &lie.deed) {
            Some(Deed::Fault {
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
            Some(Deed::Skew { mdes_ms, bank_ms }) => self.skew.set([*mdes_ms, *bank_ms]),
            Some(Deed::Road(bump)) => self.road.set(Some(*bump)),
            _ => {}
        }
        self.lies.set(lie);
    }

    /// What is switched on, in a few words; nothing where all is as at the start.
    #[must_use]
    pub fn active(&self) -> Option<String> {
        let name = self.preset().map(|preset| preset.name);
        let name = name.or_else(|| self.lies.always().map(|lie| lie.label));
        let others = self.pulled().into_iter().filter(|string| !string.is_of_the_name);
        let mut words: Vec<String> = name.map(str::to_owned).into_iter().collect();
        let (faults, others): (Vec<_>, Vec<_>) = others.partition(|string| string.fault.is_some());
        match faults.len() {
            0 => {}
            1 => words.push("1 fault".to_owned()),
            many => words.push(format!("{many} faults")),
        }
        words.extend(others.into_iter().map(|string| string.text));
        (!words.is_empty()).then(|| words.join(", "))
    }

    /// Everything that is not as at the start, one by one, but for what happens in single visits to a bank.
    #[must_use]
    pub fn pulled(&self) -> Vec<Pulled> {
        let preset = self.preset();
        let lie = self.lies.always();
        let own = |text: String| Pulled {
            text,
            fault: None,
            is_of_the_name: false,
        };
        let named = |is_of_the_name: bool| {
            move |text: String| Pulled {
                is_of_the_name,
                ..own(text)
            }
        };
        let mut pulled: Vec<Pulled> = lie.map(|lie| named(true)(lie.label.to_owned())).into_iter().collect();
        pulled.extend(self.orders());
        let is_skew = lie.is_some_and(|lie| matches!(lie.deed, Deed::Skew { .. }));
        pulled.extend(self.skew.words().into_iter().map(named(is_skew)));
        pulled.extend(self.knobs_turned().into_iter().map(own));
        let (every, cards) = self.bank.forced();
        if every {
            pulled.push(named(preset.is_some())("one outcome for every card".to_owned()));
        }
        match cards {
            0 => {}
            1 => pulled.push(own("an outcome of its own for 1 card".to_owned())),
            many => pulled.push(own(format!("outcomes of their own for {many} cards"))),
        }
        if !self.mdes.start().1 {
            let listed = self.mdes.listed().len();
            let text = format!("{listed} {} listed", if listed == 1 { "bank" } else { "banks" });
            pulled.push(named(preset.is_some())(text));
        }
        if self.turn(Turn::Look).is_some_and(|time| time.frozen) {
            pulled.push(own("the clock stands still".to_owned()));
        }
        pulled
    }

    /// Every knob that is not as at the start.
    fn knobs_turned(&self) -> Vec<String> {
        let (now, start) = (self.mdes.knobs(), self.mdes.start().0);
        let mut turned = Vec::new();
        if now.session_in_jws != start.session_in_jws {
            let word = if now.session_in_jws { "signed" } else { "not signed" };
            turned.push(format!("the session is {word}"));
        }
        if now.single_use != start.single_use {
            let word = if now.single_use { "once only" } else { "again and again" };
            turned.push(format!("a receipt can be used {word}"));
        }
        if now.code_mode != start.code_mode {
            turned.push(format!("code mode “{}”", now.code_mode.word()));
        }
        if let Some(minutes) = self.bank.receipt_validity() {
            turned.push(format!("receipts live {minutes} minutes"));
        }
        turned
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

    /// Switches off whatever was switched on: lies, also those of single visits, faults, outcomes, clocks that are off or stand
    /// still; what is listed and agreed is as at the start. The books stay, and time that has passed has passed.
    pub fn reset(&self) {
        self.tell(None);
        self.lies.clear();
        self.faults.clear();
        self.skew.set([0, 0]);
        self.mdes.as_at_the_start();
        self.bank.as_at_the_start();
        self.processor.as_at_the_start();
        // The machine's clock never stands still.
        let _ = self.turn(Turn::Freeze(false));
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
        self.reset();
        for part in preset.parts {
            match part {
                Part::Lie(id) => self.tell(lie(id)),
                Part::Outcome(outcome) => self.bank.force_every_outcome(Some(outcome())),
                Part::Banks(count) => self.list(*count),
                Part::Only(ids) => self.list_only(ids),
                Part::ForgetList => {}
            }
        }
        self.name(Some(preset).filter(|preset| !preset.parts.is_empty()));
    }
}
