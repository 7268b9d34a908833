//! The journal: every message of the last while, in order, for whoever wants to look or to be told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::attempts::Attempt;
use super::message::{Ending, Facts, Message};

pub(super) mod weight;

/// Messages that are kept; the oldest go first, so that a demo can run for weeks.
pub const MESSAGES_MAX: usize = 5_000;
/// What they may weigh together, in bytes.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// Of these, messages that belong to no attempt, and their weight. Anybody can ask for what is not there: that must not push
/// out what belongs to attempts.
const STRAYS_MAX: usize = 1_000;
const STRAY_BYTES_MAX: usize = BYTES_MAX / 4;
/// Files that are kept: a third takes the place of the first, and of nothing that was recorded here.
const FILES_MAX: usize = 2;
/// Attempts that are kept.
pub(super) const ATTEMPTS_MAX: usize = 1_000;

/// The journal. Clones share it.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    book: Mutex<Book>,
    /// How often anything has changed.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Book {
    messages: BTreeMap<u64, Kept>,
    last: u64,
    all: Load,
    strays: Load,
    attempts: BTreeMap<u64, Attempt>,
    last_attempt: u64,
    /// When what belongs to an attempt changed last, counted in changes; 0 stands for what belongs to none.
    changed: BTreeMap<u64, u64>,
    changes: u64,
}

#[derive(Debug)]
struct Kept {
    message: Arc<Message>,
    weight: usize,
}

/// How much there is of something.
#[derive(Debug, Default)]
struct Load {
    messages: usize,
    bytes: usize,
}

impl Load {
    fn add(&mut self, bytes: usize) {
        self.messages += 1;
        self.bytes += bytes;
    }

    fn take(&mut self, bytes: usize) {
        self.messages -= 1;
        self.bytes -= bytes;
    }

    fn is_over(&self, messages: usize, bytes: usize) -> bool {
        self.messages > messages || self.bytes > bytes
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self(Arc::new(Inner {
            book: Mutex::default(),
            changes: watch::Sender::new(0),
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
    pub fn begin(&self, message: Message) -> u64 {
        self.change(|book| book.append(message))
    }

    /// Writes down an attempt with its messages that was kept elsewhere, under numbers of its own. Gives back the attempt's.
    pub(super) fn restore(&self, mut attempt: Attempt, messages: Vec<Message>) -> u64 {
        self.change(|book| {
            book.forget_files(FILES_MAX - 1);
            attempt.number = book.last_attempt + 1;
            let number = attempt.number;
            book.know(attempt);
            for mut message in messages {
                message.attempt = Some(number);
                book.append(message);
            }
            number
        })
    }

    /// Writes down how a message ended, what was found out about it meanwhile, and the attempt that it turned out to
    /// belong to. A message that is forgotten already stays forgotten.
    pub fn end(&self, number: u64, ending: Ending, attempt: Option<u64>, add: impl FnOnce(&mut Facts)) {
        self.change(|book| {
            book.rewrite(number, |message| {
                message.ending = ending;
                message.attempt = message.attempt.or(attempt);
                add(&mut message.facts);
            });
        });
    }

    /// Counts messages to an attempt that belonged to none before.
    pub(super) fn adopt(&self, numbers: &[u64], attempt: u64) {
        self.change(|book| {
            for number in numbers {
                book.rewrite(*number, |message| message.attempt = message.attempt.or(Some(attempt)));
            }
        });
    }

    /// Writes down what was found out about a message after it had ended.
    pub(super) fn amend(&self, number: u64, add: impl FnOnce(&mut Facts)) {
        self.change(|book| book.rewrite(number, |message| add(&mut message.facts)));
    }

    /// All messages that are kept, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Arc<Message>> {
        let book = self.book();
        book.messages.values().map(|kept| Arc::clone(&kept.message)).collect()
    }

    /// The messages of one attempt, oldest first.
    #[must_use]
    pub fn of_attempt(&self, attempt: u64) -> Vec<Arc<Message>> {
        self.of(Some(attempt))
    }

    /// The messages of one attempt, or those that belong to none, oldest first.
    pub(super) fn of(&self, attempt: Option<u64>) -> Vec<Arc<Message>> {
        let book = self.book();
        let messages = book.messages.values().map(|kept| &kept.message);
        messages.filter(|message| message.attempt == attempt).cloned().collect()
    }

    /// A number for an attempt that begins, from 1.
    #[must_use]
    pub fn next_attempt(&self) -> u64 {
        let mut book = self.book();
        book.last_attempt += 1;
        book.last_attempt
    }

    /// Writes down what is known of an attempt. The oldest is forgotten when there are very many.
    pub fn know(&self, attempt: Attempt) {
        self.change(|book| book.know(attempt));
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

    /// When an attempt, or what belongs to none, changed last: another number after every change. `None` where there was
    /// never anything of it.
    #[must_use]
    pub fn changed(&self, attempt: Option<u64>) -> Option<u64> {
        self.book().changed.get(&attempt.unwrap_or_default()).copied()
    }

    /// Hears of everything that happens from now on, several things at once where they come fast.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Forgets everything; numbers go on.
    pub fn clear(&self) {
        self.change(|book| {
            *book = Book {
                last: book.last,
                last_attempt: book.last_attempt,
                changes: book.changes,
                ..Book::default()
            };
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let mut book = self.book();
        let result = change(&mut book);
        book.trim();
        book.changes += 1;
        self.0.changes.send_replace(book.changes);
        result
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.0.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Book {
    fn append(&mut self, mut message: Message) -> u64 {
        self.last += 1;
        message.number = self.last;
        self.insert(message);
        self.last
    }

    fn insert(&mut self, message: Message) {
        let weight = weight::of(&message);
        self.all.add(weight);
        if message.attempt.is_none() {
            self.strays.add(weight);
        }
        self.touch(message.attempt);
        let message = Arc::new(message);
        self.messages.insert(message.number, Kept { message, weight });
    }

    /// Without a copy, unless somebody is reading the message at this moment.
    fn rewrite(&mut self, number: u64, change: impl FnOnce(&mut Message)) {
        let Some(kept) = self.remove(number) else { return };
        self.touch(kept.message.attempt);
        let mut message = Arc::unwrap_or_clone(kept.message);
        change(&mut message);
        self.insert(message);
    }

    fn remove(&mut self, number: u64) -> Option<Kept> {
        let kept = self.messages.remove(&number)?;
        self.all.take(kept.weight);
        if kept.message.attempt.is_none() {
            self.strays.take(kept.weight);
        }
        Some(kept)
    }

    fn know(&mut self, attempt: Attempt) {
        self.touch(Some(attempt.number));
        self.last_attempt = self.last_attempt.max(attempt.number);
        self.attempts.insert(attempt.number, attempt);
        if self.attempts.len() > ATTEMPTS_MAX
            && let Some((oldest, _)) = self.attempts.pop_first()
        {
            self.changed.remove(&oldest);
        }
    }

    /// Keeps the newest of what was loaded from files.
    fn forget_files(&mut self, kept: usize) {
        let files = self.attempts.values().rev().filter(|attempt| attempt.loaded.is_some());
        let old: Vec<u64> = files.skip(kept).map(|attempt| attempt.number).collect();
        for attempt in old {
            let own = self
                .messages
                .iter()
                .filter(|(_, kept)| kept.message.attempt == Some(attempt));
            let numbers: Vec<u64> = own.map(|(number, _)| *number).collect();
            for number in numbers {
                self.remove(number);
            }
            self.attempts.remove(&attempt);
            self.changed.remove(&attempt);
        }
    }

    fn touch(&mut self, attempt: Option<u64>) {
        self.changed.insert(attempt.unwrap_or_default(), self.changes + 1);
    }

    fn trim(&mut self) {
        while self.strays.is_over(STRAYS_MAX, STRAY_BYTES_MAX) {
            let mut strays = self.messages.iter().filter(|(_, kept)| kept.message.attempt.is_none());
            let Some(oldest) = strays.next().map(|(number, _)| *number) else {
                return;
            };
            self.forget(oldest);
        }
        while self.all.is_over(MESSAGES_MAX, BYTES_MAX) {
            let Some(oldest) = self.messages.keys().next().copied() else {
                return;
            };
            self.forget(oldest);
        }
    }

    /// Removes a message, and what was said of its attempt is to be said again.
    fn forget(&mut self, number: u64) {
        if let Some(kept) = self.remove(number) {
            self.touch(kept.message.attempt);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::message::{Body, Kind, Participant};
    use crate::workbench::testing::{CALLBACK, REQUESTOR, attempt, message as sample};
    use crate::workbench::verdict::Expectations;

    fn message(attempt: Option<u64>) -> Message {
        let mut message = sample(0, Participant::Wallet, Participant::Mdes, Kind::Call, "digitize");
        message.attempt = attempt;
        message.ending = Ending::Open;
        message
    }

    #[test]
    fn messages_begin_end_and_are_forgotten_in_order() {
        let journal = Journal::new();
        let told = journal.subscribe();
        let first = journal.begin(message(None));
        assert!(told.has_changed().expect("a journal"));
        assert_eq!(journal.changed(Some(1)), None);
        journal.end(first, Ending::Lost { took_ms: 5 }, Some(1), |facts| {
            facts.cookie = Some(true)
        });
        assert_eq!(journal.of_attempt(1)[0].facts.cookie, Some(true));
        assert_eq!(journal.of_attempt(1)[0].ending, Ending::Lost { took_ms: 5 });
        for _ in 0..MESSAGES_MAX {
            journal.begin(message(Some(1)));
        }
        assert_eq!(journal.messages()[0].number, 2);
        journal.end(1, Ending::Open, None, |_| {});
        assert_eq!(journal.messages().len(), MESSAGES_MAX);
        journal.clear();
        assert_eq!(journal.begin(message(None)), MESSAGES_MAX as u64 + 2);
    }

    #[test]
    fn who_asks_for_nothing_that_is_known_pushes_out_nothing_that_is() {
        let journal = Journal::new();
        let real = journal.begin(message(Some(1)));
        let stray = journal.begin(message(None));
        for _ in 0..MESSAGES_MAX + STRAYS_MAX {
            journal.begin(message(None));
        }
        let kept = journal.messages();
        assert_eq!((kept.len(), kept[0].number), (STRAYS_MAX + 1, real));
        assert_ne!(kept[1].number, stray);
    }

    #[test]
    fn what_is_heavy_leaves_room_for_less() {
        let journal = Journal::new();
        let heavy = |attempt| {
            let mut heavy = message(attempt);
            heavy.request.body = Body::Json("x".repeat(1_000_000).into());
            journal.begin(heavy)
        };
        let own = heavy(Some(1));
        for _ in 0..100 {
            heavy(None);
        }
        let (kept, wanted) = (journal.messages(), STRAY_BYTES_MAX / 1_000_000);
        assert!((wanted - 1..=wanted + 1).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept[0].number, own);
        for _ in 0..100 {
            heavy(Some(1));
        }
        let bytes: usize = journal.messages().iter().map(|message| weight::of(message)).sum();
        assert!((BYTES_MAX / 2..=BYTES_MAX).contains(&bytes), "{bytes}");
        let book = journal.book();
        assert_eq!(book.all.bytes, bytes);
        assert_eq!(book.all.messages, book.messages.len());
    }

    #[test]
    fn an_answer_is_added_without_a_copy_of_what_was_asked() {
        let journal = Journal::new();
        let _listening = journal.subscribe();
        let number = journal.begin(message(Some(1)));
        let asked = journal.messages()[0].label.as_ptr();
        journal.end(number, Ending::Lost { took_ms: 1 }, None, |_| {});
        assert_eq!(journal.messages()[0].label.as_ptr(), asked);
    }

    #[test]
    fn an_attempt_changes_when_something_of_its_own_does() {
        let journal = Journal::new();
        journal.begin(message(Some(1)));
        let before = journal.changed(Some(1));
        let other = journal.begin(message(Some(2)));
        assert_eq!(journal.changed(Some(1)), before);
        let later = journal.changed(Some(2));
        journal.amend(other, |facts| facts.cookie = Some(true));
        assert!(journal.changed(Some(2)) > later);
        assert_eq!(journal.changed(None), None);
        let moved = journal.begin(message(None));
        let strays = journal.changed(None);
        journal.end(moved, Ending::Open, Some(1), |_| {});
        assert!(journal.changed(None) > strays && journal.changed(Some(1)) > before);
        // To lose a message is a change too.
        let whole = journal.changed(Some(2));
        for _ in 0..MESSAGES_MAX {
            journal.begin(message(Some(3)));
        }
        assert!(journal.of_attempt(2).is_empty() && journal.changed(Some(2)) > whole);
    }

    #[test]
    fn a_third_file_takes_the_place_of_the_first_and_of_nothing_that_was_recorded() {
        let journal = Journal::new();
        journal.know(attempt());
        journal.begin(message(Some(attempt().number)));
        let file = Attempt {
            loaded: Some(Arc::new(Expectations::of(REQUESTOR, CALLBACK))),
            ..attempt()
        };
        let files: Vec<u64> = (0..3)
            .map(|_| journal.restore(file.clone(), vec![message(None); 1_000]))
            .collect();
        let counts: Vec<usize> = files.iter().map(|file| journal.of_attempt(*file).len()).collect();
        assert_eq!(counts, [0, 1_000, 1_000]);
        assert_eq!((journal.attempts().len(), journal.attempt(files[0])), (3, None));
        assert_eq!(journal.of_attempt(attempt().number).len(), 1);
    }
}
