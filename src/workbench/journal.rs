//! The journal: every message of the last while, in order, for whoever wants to look or to be told.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::attempts::Attempt;
use super::message::{Ending, Facts, Message};

/// Messages that are kept; the oldest go first, so that a demo can run for weeks.
pub const MESSAGES_MAX: usize = 5_000;
/// Attempts that are kept.
const ATTEMPTS_MAX: usize = 1_000;
/// Changes that a slow listener may lag behind before it has to read anew.
const CHANGES_MAX: usize = 256;

/// What happened to the journal.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A message began.
    Began(Arc<Message>),
    /// A message ended, or more became known of it.
    Ended(Arc<Message>),
    /// Everything was forgotten.
    Cleared,
}

/// The journal. Clones share it.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    book: Mutex<Book>,
    changes: broadcast::Sender<Change>,
}

#[derive(Debug, Default)]
struct Book {
    messages: VecDeque<Arc<Message>>,
    last: u64,
    attempts: BTreeMap<u64, Attempt>,
}

impl Default for Journal {
    fn default() -> Self {
        Self(Arc::new(Inner {
            book: Mutex::default(),
            changes: broadcast::Sender::new(CHANGES_MAX),
        }))
    }
}

impl Journal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes down a message that begins (or has come and gone, as a check does), and gives it its number.
    pub fn begin(&self, mut message: Message) -> u64 {
        let mut book = self.book();
        book.last += 1;
        message.number = book.last;
        let message = Arc::new(message);
        book.messages.push_back(Arc::clone(&message));
        if book.messages.len() > MESSAGES_MAX {
            book.messages.pop_front();
        }
        let number = message.number;
        // Under the lock, so that nobody hears of an end before the beginning. An error means that nobody listens.
        let _ = self.0.changes.send(Change::Began(message));
        number
    }

    /// Writes down a message that was kept elsewhere, under the number that it has. It comes behind those that are here.
    pub(super) fn restore(&self, message: Message) {
        let mut book = self.book();
        book.last = book.last.max(message.number);
        book.messages.push_back(Arc::new(message));
    }

    /// Writes down how a message ended, what was found out about it meanwhile, and the attempt that it turned out to
    /// belong to. A message that is forgotten already stays forgotten.
    pub fn end(&self, number: u64, ending: Ending, attempt: Option<u64>, add: impl FnOnce(&mut Facts)) {
        let mut book = self.book();
        let at = book.messages.binary_search_by_key(&number, |message| message.number);
        let Some(place) = at.ok().and_then(|at| book.messages.get_mut(at)) else {
            return;
        };
        let message = Arc::make_mut(place);
        message.ending = ending;
        message.attempt = message.attempt.or(attempt);
        add(&mut message.facts);
        let message = Arc::clone(place);
        let _ = self.0.changes.send(Change::Ended(message));
    }

    /// All messages that are kept, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Arc<Message>> {
        self.book().messages.iter().cloned().collect()
    }

    /// The messages of one attempt, oldest first.
    #[must_use]
    pub fn of_attempt(&self, attempt: u64) -> Vec<Arc<Message>> {
        let book = self.book();
        let own = book.messages.iter().filter(|message| message.attempt == Some(attempt));
        own.cloned().collect()
    }

    /// Writes down what is known of an attempt. The oldest is forgotten when there are very many.
    pub fn know(&self, attempt: Attempt) {
        let mut book = self.book();
        book.attempts.insert(attempt.number, attempt);
        if book.attempts.len() > ATTEMPTS_MAX {
            book.attempts.pop_first();
        }
    }

    /// The attempts, oldest first.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt> {
        self.book().attempts.values().cloned().collect()
    }

    /// One attempt.
    #[must_use]
    pub fn attempt(&self, number: u64) -> Option<Attempt> {
        self.book().attempts.get(&number).cloned()
    }

    /// Everything that happens from now on. Who lags far behind is told so, and reads anew.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// Forgets everything; numbers go on.
    pub fn clear(&self) {
        let mut book = self.book();
        book.messages.clear();
        book.attempts.clear();
        let _ = self.0.changes.send(Change::Cleared);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::message::{Kind, Participant, Request};

    fn message() -> Message {
        Message {
            number: 0,
            attempt: None,
            at_ms: 0,
            from: Participant::Wallet,
            to: Participant::Mdes,
            kind: Kind::Call,
            label: "digitize".to_owned(),
            request: Request::default(),
            ending: Ending::Open,
            facts: Facts::default(),
        }
    }

    #[test]
    fn messages_begin_end_and_are_forgotten_in_order() {
        let journal = Journal::new();
        let mut told = journal.subscribe();
        let first = journal.begin(message());
        journal.end(first, Ending::Lost { took_ms: 5 }, Some(1), |facts| {
            facts.cookie = Some(true)
        });
        assert!(matches!(told.try_recv(), Ok(Change::Began(began)) if began.ending == Ending::Open));
        assert!(matches!(told.try_recv(), Ok(Change::Ended(ended)) if ended.facts.cookie == Some(true)));
        assert_eq!(journal.of_attempt(1).len(), 1);
        for _ in 0..MESSAGES_MAX {
            journal.begin(message());
        }
        assert_eq!(journal.messages()[0].number, 2);
        journal.end(1, Ending::Open, None, |_| {});
        assert_eq!(journal.messages().len(), MESSAGES_MAX);
        journal.clear();
        assert_eq!(journal.begin(message()), MESSAGES_MAX as u64 + 2);
    }
}
