//! The search for the one letter of signed data that was changed. It takes long enough to hold everybody up, so it is done
//! beside the messages, once for each text, and they are told of it afterwards.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;

use crate::workbench::Journal;
use crate::workbench::jws::Altered;
use crate::workbench::mask::Mark;

/// Texts whose answers are remembered.
const ANSWERS_MAX: usize = 1_000;
/// Texts that wait for their turn. Who brings more has to do without.
const WAITING_MAX: usize = 16;

/// What was asked and found. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Letters(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    answers: HashMap<Mark, Answer>,
    order: VecDeque<Mark>,
    waiting: VecDeque<(Mark, Altered)>,
    is_busy: bool,
}

enum Answer {
    /// It is looked for; these messages want to know.
    Open(Vec<u64>),
    /// What was changed, in words, if it was one letter.
    Found(Option<String>),
}

impl Letters {
    /// Has a text looked at, unless that was done or too many wait. The mark is the text's: whoever keeps a message of it
    /// asks with [`Self::tell`].
    pub fn ask(&self, journal: &Journal, mark: Mark, altered: Altered) {
        let mut state = self.state();
        if state.answers.contains_key(&mark) || state.waiting.len() >= WAITING_MAX {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        state.answers.insert(mark, Answer::Open(Vec::new()));
        state.order.push_back(mark);
        if state.order.len() > ANSWERS_MAX
            && let Some(oldest) = state.order.pop_front()
        {
            state.answers.remove(&oldest);
        }
        state.waiting.push_back((mark, altered));
        if !state.is_busy {
            state.is_busy = true;
            let (letters, journal) = (self.clone(), journal.clone());
            runtime.spawn_blocking(move || letters.search(&journal));
        }
    }

    /// Writes what was changed into a message, now or when it is found.
    pub fn tell(&self, journal: &Journal, mark: Mark, number: u64) {
        let found = match self.state().answers.get_mut(&mark) {
            None => None,
            Some(Answer::Open(wanted)) => {
                wanted.push(number);
                None
            }
            Some(Answer::Found(found)) => found.clone(),
        };
        if let Some(words) = found {
            write(journal, number, words);
        }
    }

    /// One after the other, until there are none left.
    fn search(&self, journal: &Journal) {
        while let Some((mark, altered)) = self.next() {
            let found = altered.one_letter();
            let answer = Answer::Found(found.clone());
            let before = self
                .state()
                .answers
                .get_mut(&mark)
                .map(|open| std::mem::replace(open, answer));
            if let (Some(Answer::Open(wanted)), Some(words)) = (before, found) {
                for number in wanted {
                    write(journal, number, words.clone());
                }
            }
        }
    }

    fn next(&self) -> Option<(Mark, Altered)> {
        let mut state = self.state();
        let next = state.waiting.pop_front();
        state.is_busy = next.is_some();
        next
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(journal: &Journal, number: u64, words: String) {
    journal.amend(number, |facts| {
        if let Some(jws) = &mut facts.jws {
            jws.changed = Some(words);
        }
    });
}
