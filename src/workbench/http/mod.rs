//! The workbench's own web face: attempts, the inspector, and what each verdict means. On a listener of its own, which only
//! `demo` opens, and which only this machine reaches.
//!
//! - `guard`: who may ask, and the security headers; `pages`: what is shown; `detail`: one message, taken apart; `signed`: signed
//!   data in it
//! - `events`: what happens meanwhile; `exports`: the same flow as files; `upload`: such a file, looked at again
//! - `lines`: the list of attempts, kept as long as nothing changes; `find`: the search

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::attempts::Attempt;
use super::journal::Journal;
use super::message::{Message, Participant};
use super::report::Report;
use super::verdict::Expectations;
use crate::sim::mdes::Mdes;

mod detail;
mod events;
mod exports;
mod find;
mod guard;
mod lines;
mod pages;
mod signed;
#[cfg(test)]
mod tests;
mod upload;

use lines::{Line, Lines};

/// What the pages are made of. Clones share it.
#[derive(Clone, Debug)]
pub struct Workbench {
    journal: Journal,
    expected: Arc<Expectations>,
    /// What is right for other token requestors, by their origins.
    beside: Vec<(String, Expectations)>,
    mdes: Option<Mdes>,
    lines: Arc<Mutex<Lines>>,
}

/// Everything that was recorded, at one moment.
struct All {
    attempts: Vec<Attempt>,
    messages: Vec<Arc<Message>>,
}

impl Workbench {
    /// Pages about a journal, for a wallet of which this is right.
    #[must_use]
    pub fn new(journal: Journal, expected: Expectations) -> Self {
        Self {
            journal,
            lines: Arc::new(Mutex::new(Lines::new(expected.clone()))),
            expected: Arc::new(expected),
            beside: Vec::new(),
            mdes: None,
        }
    }

    /// The same, for a token requestor beside that wallet at this origin too.
    #[must_use]
    pub fn beside(mut self, origin: impl Into<String>, expected: Expectations) -> Self {
        self.beside.push((origin.into(), expected));
        self
    }

    /// The same, asking this MDES each time whether it signs the session id: what it leaves out is then nobody's mistake.
    #[must_use]
    pub fn signed_by(self, mdes: Mdes) -> Self {
        Self {
            mdes: Some(mdes),
            ..self
        }
    }

    /// What is right at this moment, for the wallet itself.
    fn expected(&self) -> Expectations {
        self.at_this_moment(Expectations::clone(&self.expected))
    }

    /// What is right at this moment for the token requestor of an attempt: the one whose pages it shows.
    fn expected_of(&self, attempt: Option<u64>, messages: &[Arc<Message>]) -> Expectations {
        let is_at = |origin: &str, message: &Message| {
            let path = message.request.url.strip_prefix(origin);
            message.attempt == attempt
                && message.to == Participant::Wallet
                && path.is_some_and(|path| path.starts_with('/'))
        };
        let is_own = |origin: &str| attempt.is_some() && messages.iter().any(|message| is_at(origin, message));
        let beside = self.beside.iter().find(|(origin, _)| is_own(origin));
        beside.map_or_else(
            || self.expected(),
            |(_, expected)| self.at_this_moment(expected.clone()),
        )
    }

    fn at_this_moment(&self, mut expected: Expectations) -> Expectations {
        if let Some(mdes) = &self.mdes {
            expected.session_is_signed = mdes.knobs().session_in_jws;
        }
        expected
    }

    /// An attempt, looked at; 0 stands for everything that belongs to none. `None` when there is no such attempt.
    #[must_use]
    pub fn report(&self, number: u64) -> Option<Report> {
        let attempt = match number {
            0 => None,
            number => Some(self.journal.attempt(number)?),
        };
        Some(self.judged(attempt, &self.all()))
    }

    fn all(&self) -> All {
        All {
            attempts: self.journal.attempts(),
            messages: self.journal.messages(),
        }
    }

    /// What was loaded from a file is looked at by itself: here are other attempts, and other values have its aliases.
    fn judged(&self, attempt: Option<Attempt>, all: &All) -> Report {
        if let Some((own, expected)) = attempt
            .as_ref()
            .and_then(|own| Some((own.clone(), own.loaded.clone()?)))
        {
            let messages = self.journal.of_attempt(own.number);
            return Report::of(attempt, &messages, &[own], &expected);
        }
        let is_own = |number| {
            let attempt = all.attempts.iter().find(|attempt| Some(attempt.number) == number);
            attempt.is_none_or(|attempt| attempt.loaded.is_none())
        };
        let expected = self.expected_of(attempt.as_ref().map(|attempt| attempt.number), &all.messages);
        if all.attempts.iter().all(|attempt| attempt.loaded.is_none()) {
            return Report::of(attempt, &all.messages, &all.attempts, &expected);
        }
        let (mut attempts, mut messages) = (all.attempts.clone(), all.messages.clone());
        attempts.retain(|attempt| attempt.loaded.is_none());
        messages.retain(|message| is_own(message.attempt));
        Report::of(attempt, &messages, &attempts, &expected)
    }

    /// What is right for an attempt.
    fn right_for(&self, attempt: Option<&Attempt>) -> Arc<Expectations> {
        let loaded = attempt.and_then(|attempt| attempt.loaded.clone());
        let number = attempt.map(|attempt| attempt.number);
        loaded.unwrap_or_else(|| Arc::new(self.expected_of(number, &self.journal.messages())))
    }

    /// The newest attempts, newest first, and last what belongs to none, if there is anything.
    fn lines(&self, max: usize) -> Vec<Arc<Line>> {
        let attempts = self.journal.attempts();
        let newest = attempts.iter().rev().take(max).map(|attempt| Some(attempt.number));
        let rest = self.journal.changed(None).map(|_| None);
        let mut lines = self.lines_of(newest.chain(rest));
        lines.retain(|line| line.attempt.is_some() || line.messages > 0);
        lines
    }

    /// The lines of some attempts; `None` stands for what belongs to none.
    fn lines_of(&self, wanted: impl Iterator<Item = Option<u64>>) -> Vec<Arc<Line>> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.expect(&self.expected());
        // Read once, and only where something has changed.
        let mut all = None;
        let wanted = wanted.map(|number| {
            lines.line(number.unwrap_or_default(), self.journal.changed(number), || {
                let all = all.get_or_insert_with(|| self.all());
                let attempt = all.attempts.iter().find(|attempt| Some(attempt.number) == number);
                self.judged(attempt.cloned(), all)
            })
        });
        wanted.collect()
    }

    /// The number of the newest attempt that was recorded here.
    fn newest(&self) -> Option<u64> {
        let attempts = self.journal.attempts().into_iter().rev();
        let mut own = attempts.filter(|attempt| attempt.loaded.is_none());
        own.next().map(|attempt| attempt.number)
    }
}

/// The pages, guarded. What else is served at this listener is put behind the same guard with [`guarded`].
pub fn router(workbench: Workbench) -> Router {
    Router::new()
        .route("/", get(pages::index))
        .route("/events", get(events::of_all))
        .route(
            "/attempts",
            post(upload::load).layer(DefaultBodyLimit::max(upload::BODY_MAX)),
        )
        .route("/attempts/latest", get(pages::latest))
        .route("/attempts/{attempt}", get(pages::attempt))
        .route("/attempts/{attempt}/events", get(events::of_attempt))
        .route("/attempts/{attempt}/messages/{message}", get(pages::message))
        .route("/attempts/{attempt}/export/{file}", get(exports::export))
        .route("/docs", get(pages::catalogue))
        .route("/docs/push", get(pages::push))
        .route("/docs/{id}", get(pages::entry))
        .route("/search", get(find::search))
        .route("/assets/{file}", get(pages::asset))
        .fallback(pages::nowhere)
        .with_state(workbench)
}

/// Puts the guard of the workbench around routes: this machine only, no foreign page, and the security headers.
pub fn guarded(router: Router) -> Router {
    router.layer(from_fn(guard::guard))
}
