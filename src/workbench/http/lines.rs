//! The list of attempts, a line each. What is said of an attempt is worked out again when something of its own has changed,
//! and not for every listener after every message.

use std::collections::HashMap;
use std::sync::Arc;

use crate::workbench::attempts::Attempt;
use crate::workbench::report::Report;
use crate::workbench::verdict::{Entry, Expectations};

/// Lines that are remembered: beyond that all are made anew.
const LINES_MAX: usize = 2_000;

/// What the list says of an attempt.
#[derive(Debug)]
pub struct Line {
    /// Whose; `None` for everything that belongs to no attempt.
    pub attempt: Option<Attempt>,
    /// Its number in addresses.
    pub number: u64,
    /// What pages call it.
    pub name: String,
    /// How many messages there are.
    pub messages: usize,
    /// What is said of it, root causes first.
    pub said: Vec<&'static Entry>,
    /// Whether all is well.
    pub headline: String,
    /// How that looks: `good`, `bad` or `quiet`.
    pub look: &'static str,
    /// Whether it ended badly and no rule says why.
    pub is_unexplained: bool,
}

impl Line {
    fn of(report: &Report) -> Self {
        Self {
            attempt: report.attempt.clone(),
            number: report.number(),
            name: report.name().to_owned(),
            messages: report.messages.len(),
            said: report.judgement.verdicts.iter().map(|verdict| verdict.entry).collect(),
            headline: report.headline(),
            look: report.look(),
            is_unexplained: report.is_unexplained(),
        }
    }
}

/// The lines as they were made last.
#[derive(Debug)]
pub(super) struct Lines {
    /// What was right when they were.
    expected: Expectations,
    made: HashMap<u64, (Option<u64>, Arc<Line>)>,
}

impl Lines {
    pub fn new(expected: Expectations) -> Self {
        Self {
            expected,
            made: HashMap::new(),
        }
    }

    /// The line of an attempt that changed last at `changed`; made of its report where that is not the one that is here.
    pub fn line(&mut self, number: u64, changed: Option<u64>, report: impl FnOnce() -> Report) -> Arc<Line> {
        if let Some((known, line)) = self.made.get(&number)
            && *known == changed
        {
            return Arc::clone(line);
        }
        let line = Arc::new(Line::of(&report()));
        if self.made.len() >= LINES_MAX {
            self.made.clear();
        }
        self.made.insert(number, (changed, Arc::clone(&line)));
        line
    }

    /// Forgets what was said when something else was right.
    pub fn expect(&mut self, expected: &Expectations) {
        if self.expected != *expected {
            *self = Self::new(expected.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::testing::{CALLBACK, REQUESTOR, attempt, but};

    #[test]
    fn a_line_is_made_again_when_its_attempt_changed_or_something_else_is_right() {
        let expected = Expectations::of(REQUESTOR, CALLBACK);
        let mut lines = Lines::new(expected.clone());
        let mut made = 0;
        let mut line = |lines: &mut Lines, changed| {
            lines.line(1, Some(changed), || {
                made += 1;
                Report::of(Some(attempt()), &but(|_| {}), &[], &expected)
            });
            made
        };
        assert_eq!(
            (line(&mut lines, 7), line(&mut lines, 7), line(&mut lines, 8)),
            (1, 1, 2)
        );
        lines.expect(&expected);
        assert_eq!(line(&mut lines, 8), 2);
        lines.expect(&Expectations::of("another", CALLBACK));
        assert_eq!(line(&mut lines, 8), 3);
    }
}
