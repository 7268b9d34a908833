//! What can be made to go wrong, when it strikes, and how often it has: one book for both simulators.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::dice::Dice;

/// One way for a call to go wrong. Unless it says otherwise, the operation is not performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This HTTP status with an error body of the API.
    Status(u16),
    /// Status 200 and an HTML page.
    Html,
    /// Performed; the answer is cut in half.
    Truncated,
    /// Status 200 and no body.
    Empty,
    /// Status 200 and `{}`.
    WrongJson,
    /// A processing error with this reason code.
    Errors(String),
    /// No answer for two minutes of the machine's time, or until the client goes; then the connection closes.
    Hang,
    /// The connection closes at once.
    DropBefore,
    /// Performed and committed; then the connection closes without an answer.
    LoseAnswer,
    /// Performed and answered after this time of the machine. Performed also when the client does not wait for it.
    Delay(Duration),
    /// More than 8 MiB of JSON.
    Huge,
    /// The connection closes at once, and the operation is performed after this time of the machine.
    Late(Duration),
    /// Performed, but the answer's `responseId` is another one.
    WrongResponseId,
}

/// A fault that is ordered for an operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The name of an operation, such as `digitize`; `*` for whatever MDES is asked.
    pub operation: String,
    /// What happens.
    pub fault: Fault,
    /// How long it takes, by the machine, until it happens. It ends when the client goes.
    pub latency: Duration,
    /// How likely it strikes each time, from 0 to 1.
    pub probability: f64,
    /// How often it strikes at the most; always when nothing is said.
    pub count: Option<u64>,
    /// Where its dice begin: the same seed strikes the same calls of a sequence.
    pub seed: u64,
}

/// A fault in the book.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its number, from 1; never used again.
    pub id: u64,
    /// As it was ordered.
    pub order: Order,
    /// How often it has struck.
    pub struck: u64,
    dice: Dice,
}

impl Rule {
    fn is_used_up(&self) -> bool {
        self.order.count.is_some_and(|count| self.struck >= count)
    }

    /// Whether it strikes now. The dice are thrown only where there is something to decide, and then every time.
    fn strikes(&mut self) -> bool {
        let hit = self.order.probability >= 1.0 || unit(self.dice.draw()) < self.order.probability;
        self.struck += u64::from(hit);
        hit
    }
}

/// A fault that strikes.
#[derive(Debug, Clone, PartialEq)]
pub struct Strike {
    /// What happens.
    pub fault: Fault,
    /// After this time.
    pub after: Duration,
}

/// The faults of both simulators. Clones share the book.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
struct Book {
    rules: Vec<Rule>,
    last: u64,
}

impl Faults {
    /// Enters a fault and gives its number. Of several that fit a call, the oldest that strikes does.
    pub fn add(&self, order: Order) -> u64 {
        let mut book = self.book();
        if book.rules.len() >= RULES_MAX {
            book.rules.retain(|rule| !rule.is_used_up());
        }
        book.last += 1;
        let dice = Dice::new(order.seed);
        let id = book.last;
        book.rules.push(Rule {
            id,
            order,
            struck: 0,
            dice,
        });
        id
    }

    /// All faults, oldest first; used-up ones too, until there are many.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        self.book().rules.clone()
    }

    /// Removes one. `false` if there is none with this number.
    #[must_use]
    pub fn remove(&self, id: u64) -> bool {
        let mut book = self.book();
        let before = book.rules.len();
        book.rules.retain(|rule| rule.id != id);
        book.rules.len() < before
    }

    /// Removes all.
    pub fn clear(&self) {
        self.book().rules.clear();
    }

    /// The fault that strikes this call, if any: an operation that MDES serves.
    pub(super) fn take(&self, operation: &str) -> Option<Strike> {
        self.find(|named| named == operation || named == EVERY)
    }

    /// The same for a call that MDES makes, which `*` does not mean.
    pub(super) fn take_outward(&self, operation: &str) -> Option<Strike> {
        self.find(|named| named == operation)
    }

    fn find(&self, names: impl Fn(&str) -> bool) -> Option<Strike> {
        let mut book = self.book();
        let fitting = |rule: &&mut Rule| names(&rule.order.operation) && !rule.is_used_up();
        let rule = book
            .rules
            .iter_mut()
            .filter(fitting)
            .find_map(|rule| rule.strikes().then_some(rule))?;
        Some(Strike {
            fault: rule.order.fault.clone(),
            after: rule.order.latency,
        })
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number from 0 to just below 1, of the 53 bits that a float holds.
fn unit(drawn: u64) -> f64 {
    (drawn >> 11) as f64 / (1u64 << 53) as f64
}

/// Stands for every operation that MDES serves.
pub const EVERY: &str = "*";
/// How long a fault that does not answer keeps the connection, by the machine.
pub(super) const HANG: Duration = Duration::from_secs(120);
/// A mebibyte more than the largest body a client should take.
pub(super) const HUGE_BYTES: usize = 9 * 1024 * 1024;
/// What a server shows that is being looked after.
pub(super) const MAINTENANCE: &str =
    "<!doctype html><html><title>Maintenance</title><body>We will be back shortly.</body></html>";
/// Used-up faults are forgotten when there are so many.
const RULES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn order(operation: &str, probability: f64, count: Option<u64>, seed: u64) -> Order {
        Order {
            operation: operation.to_owned(),
            fault: Fault::Empty,
            latency: Duration::ZERO,
            probability,
            count,
            seed,
        }
    }

    fn sequence(seed: u64) -> Vec<bool> {
        let faults = Faults::default();
        faults.add(order("digitize", 0.4, None, seed));
        (0..200).map(|_| faults.take("digitize").is_some()).collect()
    }

    #[test]
    fn the_same_seed_strikes_the_same_calls_and_about_as_often_as_said() {
        assert_eq!(sequence(7), sequence(7));
        assert_ne!(sequence(7), sequence(8));
        let struck = sequence(7).into_iter().filter(|struck| *struck).count();
        assert!((60..100).contains(&struck), "{struck} of 200");
    }

    #[test]
    fn a_fault_strikes_what_it_names_so_often_and_no_more_and_is_counted() {
        let faults = Faults::default();
        let id = faults.add(order("*", 1.0, Some(2), 0));
        assert_eq!(faults.take_outward("authorizeService"), None, "MDES is not asked that");
        assert!(faults.take("activate").is_some() && faults.take("digitize").is_some());
        assert_eq!(faults.take("digitize"), None);
        assert_eq!(faults.rules()[0].struck, 2);
        faults.add(order("authorizeService", 1.0, None, 0));
        assert_eq!(faults.take("digitize"), None);
        assert!(faults.take_outward("authorizeService").is_some());
        assert!(faults.remove(id) && !faults.remove(id));
        faults.clear();
        assert!(faults.rules().is_empty() && faults.add(order("*", 0.0, None, 0)) == 3);
        assert_eq!(faults.take("digitize"), None, "what never strikes does not");
    }
}
