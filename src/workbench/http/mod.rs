//! The workbench's own web face: attempts, the inspector, and what each verdict means. On a listener of its own, which only
//! `demo` opens, and which only this machine reaches.
//!
//! - `guard`: who may ask, and the security headers; `pages`: what is shown; `detail`: one message, taken apart; `signed`: signed data in it
//! - `events`: what happens meanwhile; `exports`: the same flow as files

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::get;

use super::journal::Journal;
use super::report::Report;
use super::verdict::Expectations;
use crate::sim::mdes::Mdes;

mod detail;
mod events;
mod exports;
mod guard;
mod pages;
mod signed;
#[cfg(test)]
mod tests;

/// What the pages are made of. Clones share it.
#[derive(Clone, Debug)]
pub struct Workbench {
    journal: Journal,
    expected: Arc<Expectations>,
    mdes: Option<Mdes>,
}

impl Workbench {
    /// Pages about a journal, for a wallet of which this is right.
    #[must_use]
    pub fn new(journal: Journal, expected: Expectations) -> Self {
        Self {
            journal,
            expected: Arc::new(expected),
            mdes: None,
        }
    }

    /// The same, asking this MDES each time whether it signs the session id: what it leaves out is then nobody's mistake.
    #[must_use]
    pub fn signed_by(self, mdes: Mdes) -> Self {
        Self {
            mdes: Some(mdes),
            ..self
        }
    }

    /// What is right at this moment.
    fn expected(&self) -> Expectations {
        let mut expected = Expectations::clone(&self.expected);
        if let Some(mdes) = &self.mdes {
            expected.session_is_signed = mdes.knobs().session_in_jws;
        }
        expected
    }

    /// An attempt, looked at; 0 stands for everything that belongs to none. `None` when there is no such attempt.
    #[must_use]
    pub fn report(&self, number: u64) -> Option<Report> {
        let attempts = self.journal.attempts();
        let attempt = match number {
            0 => None,
            number => Some(attempts.iter().find(|attempt| attempt.number == number)?.clone()),
        };
        Some(Report::of(
            attempt,
            &self.journal.messages(),
            &attempts,
            &self.expected(),
        ))
    }

    /// All attempts, newest first, and last what belongs to none, if there is anything.
    fn reports(&self) -> Vec<Report> {
        let (attempts, messages) = (self.journal.attempts(), self.journal.messages());
        let expected = self.expected();
        let of = |attempt| Report::of(attempt, &messages, &attempts, &expected);
        let rest = Some(of(None)).filter(|rest| !rest.messages.is_empty());
        let shown = attempts.iter().rev().take(pages::ATTEMPTS_MAX);
        shown.map(|attempt| of(Some(attempt.clone()))).chain(rest).collect()
    }

    /// The number of the newest attempt.
    fn newest(&self) -> Option<u64> {
        self.journal.attempts().last().map(|attempt| attempt.number)
    }
}

/// The pages, guarded. What else is served at this listener is put behind the same guard with [`guarded`].
pub fn router(workbench: Workbench) -> Router {
    Router::new()
        .route("/", get(pages::index))
        .route("/events", get(events::of_all))
        .route("/attempts/latest", get(pages::latest))
        .route("/attempts/{attempt}", get(pages::attempt))
        .route("/attempts/{attempt}/events", get(events::of_attempt))
        .route("/attempts/{attempt}/messages/{message}", get(pages::message))
        .route("/attempts/{attempt}/export/{file}", get(exports::export))
        .route("/docs", get(pages::catalogue))
        .route("/docs/{id}", get(pages::entry))
        .route("/search", get(pages::search))
        .route("/assets/{file}", get(pages::asset))
        .fallback(pages::nowhere)
        .with_state(workbench)
}

/// Puts the guard of the workbench around routes: this machine only, no foreign page, and the security headers.
pub fn guarded(router: Router) -> Router {
    router.layer(from_fn(guard::guard))
}
