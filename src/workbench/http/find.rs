//! The search: attempts by their references and by what is said of them, and messages by everything that can be read of them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;

use super::Workbench;
use super::detail::Detail;
use super::lines::Line;
use super::pages::{ATTEMPTS_MAX, parameter, show};
use crate::workbench::report::{self, Row, Tone};
use crate::workbench::text::Piece;
use crate::workbench::verdict::Weight;

/// Messages that are shown.
const FOUND_MAX: usize = 100;

#[derive(Template)]
#[template(path = "templates/workbench/search.html")]
struct Search {
    asked: String,
    lines: Vec<Arc<Line>>,
    /// Attempts beyond these.
    more_lines: usize,
    found: Vec<(u64, Row)>,
    more: usize,
}

pub(super) async fn search(State(workbench): State<Workbench>, RawQuery(query): RawQuery) -> Response {
    let asked = parameter(query, "q").unwrap_or_default();
    let mut messages = workbench.journal.search(&asked);
    let more = messages.len().saturating_sub(FOUND_MAX);
    // The newest.
    messages.drain(..more);
    let mut wanted: BTreeMap<Option<u64>, HashSet<u64>> = BTreeMap::new();
    for message in &messages {
        wanted.entry(message.attempt).or_default().insert(message.number);
    }
    let mut found = Vec::new();
    for (attempt, numbers) in wanted.into_iter().rev() {
        let own = workbench.journal.of(attempt);
        let rows = report::unjudged(&own).into_iter();
        let rows = rows.filter(|row| numbers.contains(&row.number));
        found.extend(rows.map(|row| (attempt.unwrap_or_default(), row)));
    }
    let mut lines = lines(&workbench, &asked);
    let more_lines = lines.len().saturating_sub(ATTEMPTS_MAX);
    lines.truncate(ATTEMPTS_MAX);
    show(&Search {
        lines,
        more_lines,
        asked,
        found,
        more,
    })
}

/// The attempts that go by this reference, or of which this verdict is said, newest first.
fn lines(workbench: &Workbench, asked: &str) -> Vec<Arc<Line>> {
    let plain = |text: &str| text.trim().replace('-', "").to_ascii_uppercase();
    let wanted = plain(asked);
    // Only for a verdict everything has to be judged.
    if wanted.len() >= 5 && wanted.starts_with("PP") {
        let mut lines = workbench.lines(usize::MAX);
        lines.retain(|line| line.said.iter().any(|entry| plain(entry.id).starts_with(&wanted)));
        return lines;
    }
    let attempts = workbench.journal.attempts().into_iter().rev();
    let is_it = |reference: &str| wanted.len() >= 4 && plain(reference).contains(&wanted);
    let numbers = attempts.filter(|attempt| is_it(&attempt.reference));
    workbench.lines_of(numbers.map(|attempt| Some(attempt.number)))
}
