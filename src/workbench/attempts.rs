//! Which attempt a message belongs to: messages name sessions, visits, receipts and tokens, and whoever names one that
//! another message of an attempt named before belongs to the same attempt. An attempt begins where somebody says so: that
//! a message merely asks for a session makes none of it.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::journal::ATTEMPTS_MAX;
use super::mask::{Found, Mark, Sort};
use super::message::Masked;
use super::verdict::Expectations;

/// Ids that are remembered.
const IDS_MAX: usize = 50_000;
/// Messages outside any attempt that are remembered, to be counted to one that begins later.
const STRAYS_MAX: usize = 1_000;

/// An attempt to add a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its number, from 1, in the order in which attempts were seen first.
    pub number: u64,
    /// What the wallet's support calls it: `TM-2M8P11XC`.
    pub reference: String,
    /// The issuer's id, once it is known.
    pub issuer: Option<String>,
    /// When its first message began: milliseconds since the Unix epoch.
    pub started_at_ms: i64,
    /// Its session.
    pub session: Masked,
    /// The state that the wallet last showed (`data-state`).
    pub state: Option<String>,
    /// The problem that the wallet showed beside it (`data-problem`).
    pub problem: Option<String>,
    /// Where it was loaded from a file: what is right for it, which may be another wallet's. It has nothing to do with what
    /// is recorded here, and equal aliases say nothing.
    #[serde(skip)]
    pub loaded: Option<Arc<Expectations>>,
}

/// What ties messages together. Of ids it has keyed hashes only.
#[derive(Default)]
pub(super) struct Ties {
    attempts: BTreeMap<u64, Attempt>,
    known: HashMap<Mark, u64>,
    order: VecDeque<Mark>,
    strays: VecDeque<Stray>,
}

/// A message that belonged to no attempt when it was written down: a bank pushes a card before the wallet has heard of it.
struct Stray {
    number: u64,
    marks: Vec<Mark>,
    issuer: Option<String>,
}

/// What turned out to belong to an attempt.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Adopted {
    /// The numbers of the messages.
    pub messages: Vec<u64>,
    /// The issuer that they name.
    pub issuer: Option<String>,
}

impl Ties {
    /// The attempt that a message with these ids belongs to, `own` where that is known. What the message names besides is
    /// known from now on.
    pub fn place(&mut self, found: &[Found], own: Option<u64>) -> Option<u64> {
        let tied = |ties: &Self, strength| {
            let mut named = found.iter().filter(|found| strength_of(found.sort) == strength);
            named.find_map(|found| ties.of(found))
        };
        let attempt = own
            .or_else(|| tied(self, Strength::Own))
            .or_else(|| tied(self, Strength::Lent))
            .or_else(|| tied(self, Strength::Last))?;
        for found in found {
            let is_new = !self.known.contains_key(&found.mark);
            let moves = match strength_of(found.sort) {
                Strength::Own => is_new,
                // A receipt that another attempt used before is now looked at in this one.
                Strength::Lent | Strength::Last => true,
                Strength::None => false,
            };
            if moves {
                self.remember(found.mark, attempt);
            }
        }
        Some(attempt)
    }

    /// Remembers a message that belongs to no attempt so far.
    pub fn stray(&mut self, number: u64, found: &[Found], issuer: Option<&String>) {
        let firm = |found: &&Found| matches!(strength_of(found.sort), Strength::Own | Strength::Lent);
        let marks: Vec<Mark> = found.iter().filter(firm).map(|found| found.mark).collect();
        if marks.is_empty() {
            return;
        }
        self.strays.retain(|stray| stray.number != number);
        let issuer = issuer.cloned();
        self.strays.push_back(Stray { number, marks, issuer });
        if self.strays.len() > STRAYS_MAX {
            self.strays.pop_front();
        }
    }

    /// Counts to an attempt what was outside any before and names the same, directly or by way of others.
    pub fn adopt(&mut self, found: &[Found], attempt: u64) -> Adopted {
        let mut marks: Vec<Mark> = found.iter().map(|found| found.mark).collect();
        let mut adopted = Adopted::default();
        while let Some(at) = self
            .strays
            .iter()
            .position(|stray| stray.marks.iter().any(|mark| marks.contains(mark)))
        {
            let Some(stray) = self.strays.remove(at) else { break };
            for mark in &stray.marks {
                if !self.known.contains_key(mark) {
                    self.remember(*mark, attempt);
                }
            }
            marks.extend(&stray.marks);
            adopted.messages.push(stray.number);
            adopted.issuer = adopted.issuer.take().or(stray.issuer);
        }
        adopted
    }

    /// Writes down more about an attempt, and gives it back when that is new.
    pub fn learn(&mut self, number: u64, learn: impl FnOnce(&mut Attempt)) -> Option<Attempt> {
        let attempt = self.attempts.get_mut(&number)?;
        let before = attempt.clone();
        learn(attempt);
        (*attempt != before).then(|| attempt.clone())
    }

    /// An attempt.
    pub fn attempt(&self, number: u64) -> Option<&Attempt> {
        self.attempts.get(&number)
    }

    /// The attempt that an id belongs to.
    pub fn of(&self, found: &Found) -> Option<u64> {
        self.known.get(&found.mark).copied()
    }

    /// Begins an attempt for a session, under this number.
    pub fn begin(&mut self, session: &Found, number: u64, at_ms: i64, reference: fn(&str) -> String) {
        let attempt = Attempt {
            number,
            reference: session
                .head
                .as_deref()
                .map_or_else(|| session.masked.alias.clone(), reference),
            issuer: None,
            started_at_ms: at_ms,
            session: session.masked.clone(),
            state: None,
            problem: None,
            loaded: None,
        };
        self.attempts.insert(number, attempt);
        self.remember(session.mark, number);
        if self.attempts.len() > ATTEMPTS_MAX
            && let Some((oldest, _)) = self.attempts.pop_first()
        {
            self.known.retain(|_, attempt| *attempt != oldest);
        }
    }

    fn remember(&mut self, mark: Mark, attempt: u64) {
        if self.known.insert(mark, attempt).is_none() {
            self.order.push_back(mark);
        }
        if self.order.len() > IDS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

/// How firmly an id ties.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// It is one attempt's for ever.
    Own,
    /// It belongs to the attempt that named it last: a receipt can be shown around.
    Lent,
    /// It is of many attempts, and ties only where nothing else does, to the last.
    Last,
    /// It says nothing.
    None,
}

fn strength_of(sort: Sort) -> Strength {
    match sort {
        Sort::Session | Sort::Visit | Sort::Task | Sort::Token => Strength::Own,
        Sort::Receipt | Sort::Signed | Sort::Eligibility | Sort::Correlation => Strength::Lent,
        Sort::Instance | Sort::Asset => Strength::Last,
        Sort::Account | Sort::Card | Sort::Handle | Sort::Other => Strength::None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::mask::{Book, Lexicon, Masker};
    use super::*;

    struct World {
        book: Book,
        ties: Ties,
    }

    impl World {
        fn new() -> Self {
            Self {
                book: Book::new([5; 32]),
                ties: Ties::default(),
            }
        }

        fn found(&mut self, ids: &[(Sort, &str)]) -> Vec<Found> {
            let lexicon = Lexicon::default();
            let mut masker = Masker::new(&mut self.book, &lexicon);
            for (sort, id) in ids {
                masker.alias(*sort, id);
            }
            masker.found()
        }

        fn begin(&mut self, number: u64, session: &str) {
            let found = self.found(&[(Sort::Session, session)]);
            self.ties.begin(&found[0], number, 7, |head| format!("TM-{head}"));
        }

        fn place(&mut self, ids: &[(Sort, &str)]) -> Option<u64> {
            let found = self.found(ids);
            self.ties.place(&found, None)
        }
    }

    const ONE: &str = "11111111-0000-4000-8000-000000000000";
    const OTHER: &str = "22222222-0000-4000-8000-000000000000";

    #[test]
    fn a_flow_holds_together_from_the_session_to_the_last_notification() {
        use Sort::{Correlation, Eligibility, Instance, Receipt, Session, Task, Token, Visit};
        let mut world = World::new();
        assert_eq!(world.place(&[(Receipt, "unknown")]), None);
        assert_eq!(world.place(&[(Session, ONE)]), None);
        world.begin(1, ONE);
        world.begin(2, OTHER);
        assert_eq!(world.place(&[(Session, OTHER)]), Some(2));
        assert_eq!(world.place(&[(Session, ONE), (Visit, "v")]), Some(1));
        assert_eq!(world.place(&[(Visit, "v")]), Some(1));
        assert_eq!(world.place(&[(Session, ONE), (Receipt, "r")]), Some(1));
        assert_eq!(world.place(&[(Receipt, "r"), (Eligibility, "e")]), Some(1));
        assert_eq!(
            world.place(&[(Instance, "i"), (Eligibility, "e"), (Task, "t")]),
            Some(1)
        );
        // The issuer is asked by instance alone, in between.
        assert_eq!(world.place(&[(Correlation, "c"), (Instance, "i")]), Some(1));
        assert_eq!(world.place(&[(Task, "t"), (Token, "k")]), Some(1));
        assert_eq!(world.place(&[(Correlation, "c")]), Some(1));
        assert_eq!(world.place(&[(Token, "k")]), Some(1));
        let attempt = world.ties.attempt(1).expect("an attempt");
        assert_eq!(
            (attempt.reference.as_str(), attempt.session.alias.as_str()),
            ("TM-11111111", "session-A")
        );
        assert_eq!(attempt.started_at_ms, 7);
    }

    #[test]
    fn what_the_bank_did_before_is_counted_to_the_attempt_that_it_led_to() {
        use Sort::{Asset, Receipt, Session, Visit};
        let mut world = World::new();
        let search = world.found(&[(Visit, "enrolment")]);
        let push = world.found(&[(Visit, "enrolment"), (Receipt, "r")]);
        let other = world.found(&[(Visit, "another"), (Receipt, "another's"), (Asset, "logo")]);
        let bank = "havorn-no".to_owned();
        world.ties.stray(3, &search, Some(&bank));
        world.ties.stray(4, &push, None);
        world.ties.stray(5, &other, None);
        // Its answer is heard after its question.
        world.ties.stray(4, &push, None);
        world.begin(1, ONE);
        let landing = world.found(&[(Session, ONE), (Receipt, "r"), (Asset, "logo")]);
        let adopted = world.ties.adopt(&landing, 1);
        assert_eq!((adopted.messages, adopted.issuer), (vec![4, 3], Some(bank)));
        assert_eq!(world.place(&[(Visit, "enrolment")]), Some(1));
        assert_eq!(world.place(&[(Visit, "another")]), None);
        assert_eq!(world.ties.adopt(&landing, 1), Adopted::default());
    }

    #[test]
    fn strays_are_forgotten_when_there_are_many() {
        let mut world = World::new();
        let found = world.found(&[(Sort::Receipt, "r")]);
        for number in 0..=STRAYS_MAX {
            world.ties.stray(number as u64, &found, None);
        }
        world.begin(1, ONE);
        let adopted = world.ties.adopt(&found, 1);
        assert_eq!((adopted.messages.len(), adopted.messages[0]), (STRAYS_MAX, 1));
    }

    #[test]
    fn a_foreign_session_joins_and_a_known_one_stays_where_it_is() {
        use Sort::{Receipt, Session};
        let mut world = World::new();
        world.begin(1, ONE);
        // The issuer was opened with an id that nobody gave out, and our callback beside it.
        assert_eq!(world.place(&[(Session, "00000000-0"), (Session, ONE)]), Some(1));
        assert_eq!(world.place(&[(Session, "00000000-0"), (Receipt, "r")]), Some(1));
        world.begin(2, OTHER);
        // Signed for one, brought back to the other: the address counts, and the session keeps its attempt.
        assert_eq!(
            world.place(&[(Session, OTHER), (Session, ONE), (Receipt, "r")]),
            Some(2)
        );
        assert_eq!(world.place(&[(Session, ONE)]), Some(1));
        // The receipt is looked at in the attempt that named it last.
        assert_eq!(world.place(&[(Receipt, "r")]), Some(2));
    }

    #[test]
    fn old_attempts_are_forgotten_with_what_tied_to_them() {
        let mut world = World::new();
        for number in 0..=ATTEMPTS_MAX {
            world.begin(number as u64, &format!("session number {number}"));
        }
        assert!(world.ties.attempt(0).is_none());
        assert_eq!(world.ties.attempts.len(), ATTEMPTS_MAX);
        assert_eq!(world.ties.known.len(), ATTEMPTS_MAX);
    }
}
