//! Latency of a whole road and failures of all calls, as faults that stay until they are removed.

use std::time::Duration;

use super::Desk;
use crate::sim::faults::{EVERY, Fault, Order, Rule};
use crate::sim::mdes::NOTIFICATION;

/// Where messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hop {
    /// From the wallet and from the banks to MDES.
    ToMdes,
    /// From MDES to the banks.
    ToBanks,
    /// From MDES to the wallet.
    ToWallet,
}

/// How long an answer takes more than usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// No longer.
    Usual,
    /// So many milliseconds of the machine's time.
    Ms(u64),
    /// It never comes.
    Never,
}

impl Hop {
    fn operations(self) -> &'static [&'static str] {
        match self {
            Self::ToMdes => &[EVERY],
            Self::ToBanks => &super::faults::OUTWARD,
            Self::ToWallet => &[NOTIFICATION],
        }
    }

    fn fault(self, latency: Latency) -> Option<Fault> {
        match (latency, self) {
            (Latency::Usual, _) => None,
            (Latency::Ms(ms), _) => Some(Fault::Delay(Duration::from_millis(ms))),
            (Latency::Never, Self::ToMdes | Self::ToBanks) => Some(Fault::Hang),
            // MDES can only keep what it sends.
            (Latency::Never, Self::ToWallet) => Some(Fault::DropBefore),
        }
    }
}

impl Desk {
    /// From now on every answer on this road takes so much longer, whatever it took before.
    pub fn slow(&self, hop: Hop, latency: Latency) {
        for operation in hop.operations() {
            self.replace(operation, is_latency, hop.fault(latency).map(|fault| (fault, 1.0)));
        }
    }

    /// From now on so many of the calls to MDES are answered with 503: from none, 0, to all, 1.
    pub fn fail(&self, rate: f64) {
        // Of two faults the older one strikes: what every call suffers comes after what some do.
        let late = self
            .faults
            .rules()
            .into_iter()
            .filter(|rule| rule.order.operation == EVERY && is_latency(rule));
        let late: Vec<Rule> = late.collect();
        self.replace(EVERY, is_failure, (rate > 0.0).then_some((Fault::Status(503), rate)));
        for rule in late {
            self.replace(EVERY, is_latency, Some((rule.order.fault, 1.0)));
        }
    }

    fn replace(&self, operation: &str, is_of_this_kind: fn(&Rule) -> bool, fault: Option<(Fault, f64)>) {
        for rule in self.faults.rules() {
            if rule.order.operation == operation && rule.order.count.is_none() && is_of_this_kind(&rule) {
                // Somebody may have removed it meanwhile.
                let _ = self.faults.remove(rule.id);
            }
        }
        if let Some((fault, probability)) = fault {
            self.faults.add(Order {
                operation: operation.to_owned(),
                fault,
                latency: Duration::ZERO,
                probability,
                count: None,
                seed: 0,
            });
        }
    }
}

fn is_latency(rule: &Rule) -> bool {
    matches!(rule.order.fault, Fault::Delay(_) | Fault::Hang | Fault::DropBefore)
}

fn is_failure(rule: &Rule) -> bool {
    rule.order.fault == Fault::Status(503)
}
