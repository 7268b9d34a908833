//! A flow as it is shown: rows in order, what is said of them, and the drawing. Pages, events and exports are written from it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use time::OffsetDateTime;
use time::macros::format_description;

use super::attempts::Attempt;
use super::message::{Ending, Kind, Message, Participant};
use super::steps::{self, Steps};
use super::strip::{Lanes, Strip};
use super::verdict::{self, Case, Expectations, Judgement, Known, Weight};

/// A pause that is shown as such, in milliseconds.
const PAUSE_MS: i64 = 1_000;

/// A flow, looked at.
#[derive(Clone, Debug)]
pub struct Report {
    /// Whose; `None` for everything that belongs to no attempt.
    pub attempt: Option<Attempt>,
    /// Its messages, oldest first.
    pub messages: Vec<Arc<Message>>,
    /// The same as rows.
    pub rows: Vec<Row>,
    /// What is to be said of them.
    pub judgement: Judgement,
    /// The numbered steps of a push; `None` for a pull.
    pub steps: Option<Steps>,
}

impl Report {
    /// Looks at one attempt among everything that was recorded.
    #[must_use]
    pub fn of(attempt: Option<Attempt>, all: &[Arc<Message>], attempts: &[Attempt], expected: &Expectations) -> Self {
        let number = attempt.as_ref().map(|attempt| attempt.number);
        let messages: Vec<_> = all
            .iter()
            .filter(|message| message.attempt == number)
            .cloned()
            .collect();
        let judgement = verdict::judge(&Case {
            messages: &messages,
            all,
            attempts: &by_session(attempts),
            expected,
        });
        let rows = rows(&messages, &judgement);
        Self {
            steps: steps::of(&messages, all),
            attempt,
            messages,
            rows,
            judgement,
        }
    }

    /// Its number in addresses: 0 stands for everything that belongs to no attempt.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.attempt.as_ref().map_or(0, |attempt| attempt.number)
    }

    /// What pages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        let reference = self.attempt.as_ref().map(|attempt| attempt.reference.as_str());
        reference.unwrap_or("Outside any attempt")
    }

    /// The message of this number.
    #[must_use]
    pub fn message(&self, number: u64) -> Option<&Arc<Message>> {
        self.messages.iter().find(|message| message.number == number)
    }

    /// How long it has taken so far, in milliseconds.
    #[must_use]
    pub fn took_ms(&self) -> i64 {
        let begin = self.messages.first().map_or(0, |message| message.at_ms);
        self.messages
            .iter()
            .map(|message| end_ms(message))
            .max()
            .map_or(0, |end| end - begin)
    }

    /// Between which lifelines it is drawn.
    #[must_use]
    pub fn lanes(&self) -> Lanes {
        Lanes::of(&self.messages)
    }

    /// How many problems were found, answers and notes left out.
    #[must_use]
    pub fn problems(&self) -> usize {
        let problems = self.judgement.verdicts.iter();
        problems
            .filter(|verdict| verdict.entry.weight == Weight::Problem)
            .count()
    }

    /// Whether it ended badly and no rule says why: a note is no reason.
    #[must_use]
    pub fn is_unexplained(&self) -> bool {
        let state = self.attempt.as_ref().and_then(|attempt| attempt.state.as_deref());
        let mut said = self.judgement.verdicts.iter();
        said.all(|verdict| verdict.entry.weight == Weight::Note) && matches!(state, Some("failed" | "error"))
    }

    /// The newest message that failed, whatever the rules say of it.
    fn failed(&self) -> Option<&Row> {
        self.rows.iter().rev().find(|row| row.tone == Tone::Bad)
    }

    /// How the headline looks where no problem is named: well, ill, or neither.
    #[must_use]
    pub fn look(&self) -> &'static str {
        match (self.is_unexplained(), self.failed()) {
            (true, _) => "bad",
            (false, Some(_)) => "quiet",
            (false, None) => "good",
        }
    }

    /// The headline: whether all is well.
    #[must_use]
    pub fn headline(&self) -> String {
        let passed = self.judgement.passed.len();
        if self.is_unexplained() {
            return "This attempt failed, and no rule says why. Look at its last messages.".to_owned();
        }
        match (self.problems(), self.failed()) {
            (0, Some(row)) => format!(
                "No rule is broken, but message {} failed. {passed} checks passed.",
                row.number
            ),
            (0, None) if passed == 1 => "No problems found. 1 check passed.".to_owned(),
            (0, None) => format!("No problems found. {passed} checks passed."),
            (1, _) => "1 problem found".to_owned(),
            (problems, _) => format!("{problems} problems found"),
        }
    }
}

fn by_session(attempts: &[Attempt]) -> BTreeMap<String, Known> {
    let known = |attempt: &Attempt| {
        let known = Known {
            reference: attempt.reference.clone(),
            started_ms: attempt.started_at_ms,
        };
        (attempt.session.alias.clone(), known)
    };
    attempts.iter().map(known).collect()
}

/// One message, as a line and a strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the journal.
    pub number: u64,
    /// Who sent it.
    pub from: Participant,
    /// Who got it.
    pub to: Participant,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it is called.
    pub label: String,
    /// How it ended, in a few words.
    pub result: String,
    /// In which way.
    pub tone: Tone,
    /// How long it took, where that was measured.
    pub ms: Option<u64>,
    /// Nothing happened before it for so long.
    pub pause: Option<String>,
    /// Which try it is, of how many so far; only where there were several.
    pub tries: Option<(usize, usize)>,
    /// What is said of it, by the ids of the verdicts.
    pub verdicts: Vec<&'static str>,
    /// Its arrow.
    pub strip: Strip,
}

/// Whether it went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It did.
    Good,
    /// It did not.
    Bad,
    /// It is not known yet.
    Open,
}

impl Row {
    /// `Wallet to MDES`, or `Wallet` for what it did by itself.
    #[must_use]
    pub fn way(&self) -> String {
        if self.from == self.to {
            self.from.name().to_owned()
        } else {
            format!("{} to {}", self.from.name(), self.to.name())
        }
    }

    /// All of it in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let ms = self.ms.map_or_else(String::new, |ms| format!(" {ms} ms."));
        format!("{}. {}: {}. {}.{ms}", self.number, self.way(), self.label, self.result)
    }
}

/// Messages as rows, of which nothing is said.
#[must_use]
pub fn unjudged(messages: &[Arc<Message>]) -> Vec<Row> {
    rows(messages, &Judgement::default())
}

fn rows(messages: &[Arc<Message>], judgement: &Judgement) -> Vec<Row> {
    let tries = tries(messages);
    let lanes = Lanes::of(messages);
    let mut quiet_since = messages.first().map_or(0, |message| message.at_ms);
    let mut rows = Vec::with_capacity(messages.len());
    for message in messages {
        let pause = message.at_ms - quiet_since;
        quiet_since = quiet_since.max(end_ms(message));
        let said = judgement
            .verdicts
            .iter()
            .filter(|verdict| verdict.message == message.number || verdict.also.contains(&message.number));
        let (tone, result) = ended(message);
        rows.push(Row {
            number: message.number,
            from: message.from,
            to: message.to,
            kind: message.kind,
            label: message.label.clone(),
            result,
            tone,
            ms: match &message.ending {
                Ending::Answered { took_ms, .. } | Ending::Lost { took_ms } => Some(*took_ms),
                Ending::Open | Ending::Checked { .. } => None,
            },
            pause: (pause > PAUSE_MS).then(|| seconds(pause)),
            tries: tries.get(&message.number).copied(),
            verdicts: said.map(|verdict| verdict.entry.id).collect(),
            strip: Strip::of(message, tone, lanes),
        });
    }
    rows
}

/// A span of time with one decimal: `2.4 s`.
#[must_use]
pub fn seconds(ms: i64) -> String {
    match ms {
        0..=59_999 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// Hour, minute, second and milliseconds of a moment, in UTC.
#[must_use]
pub fn time_of_day(at_ms: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at_ms) * 1_000_000);
    let format = format_description!("[hour]:[minute]:[second].[subsecond digits:3] UTC");
    moment
        .ok()
        .and_then(|moment| moment.format(format).ok())
        .unwrap_or_default()
}

fn end_ms(message: &Message) -> i64 {
    let took = match &message.ending {
        Ending::Answered { took_ms, .. } | Ending::Lost { took_ms } => i64::try_from(*took_ms).unwrap_or(0),
        Ending::Open | Ending::Checked { .. } => 0,
    };
    message.at_ms.saturating_add(took)
}

/// A call that is made again because it failed: which try each is, and of how many.
fn tries(messages: &[Arc<Message>]) -> HashMap<u64, (usize, usize)> {
    let mut groups: Vec<Vec<&Arc<Message>>> = Vec::new();
    for message in messages.iter().filter(|message| message.kind == Kind::Call) {
        let continues = |group: &&mut Vec<&Arc<Message>>| {
            let last = group.last().expect("no group is empty");
            let is_same = (last.from, last.to, &last.label) == (message.from, message.to, &message.label);
            is_same && verdict::is_failure(last)
        };
        match groups.iter_mut().find(continues) {
            Some(group) => group.push(message),
            None => groups.push(vec![message]),
        }
    }
    let several = groups.into_iter().filter(|group| group.len() > 1);
    let numbered = several.flat_map(|group| {
        let count = group.len();
        group
            .into_iter()
            .enumerate()
            .map(move |(at, message)| (message.number, (at + 1, count)))
    });
    numbered.collect()
}

fn ended(message: &Message) -> (Tone, String) {
    let problem = message.facts.page.as_ref().and_then(|page| page.problem.as_deref());
    match &message.ending {
        Ending::Open => (Tone::Open, "Waiting".to_owned()),
        Ending::Lost { .. } => (Tone::Bad, "Failed: no answer".to_owned()),
        Ending::Checked { passed: true, .. } => (Tone::Good, "Passed".to_owned()),
        Ending::Checked { passed: false, said } => (Tone::Bad, format!("Failed: {said}")),
        Ending::Answered { status, .. } => {
            let why = problem.or_else(|| verdict::refusal(message)).unwrap_or_default();
            match (*status < 400, why) {
                (true, "") => (Tone::Good, status.to_string()),
                (false, "") => (Tone::Bad, format!("Failed: {status}")),
                (_, why) => (Tone::Bad, format!("Failed: {status} {why}")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::message::Body;
    use crate::workbench::testing::{
        ARRIVAL, CALLBACK, CHECK, DEPARTURE, DIGITIZE, ELIGIBILITY, REQUESTOR, answered, attempt, but,
    };

    fn report(messages: &[Arc<Message>]) -> Report {
        Report::of(Some(attempt()), messages, &[], &Expectations::of(REQUESTOR, CALLBACK))
    }

    #[test]
    fn every_message_is_a_row_that_says_itself() {
        let report = report(&but(|_| {}));
        assert_eq!(report.rows.len(), 16);
        assert_eq!(
            report.rows[ELIGIBILITY - 1].sentence(),
            "11. Wallet to MDES: checkEligibility. 200. 12 ms."
        );
        assert_eq!(
            report.rows[CHECK - 1].sentence(),
            "10. Wallet: check receipt signature. Passed."
        );
        assert_eq!(report.headline(), "No problems found. 29 checks passed.");
        assert_eq!(report.took_ms(), 3_012);
        assert!(report.rows.iter().all(|row| row.pause.is_none() && row.tries.is_none()));
        // A redirect has a tail of two heads and no answer.
        assert_eq!(report.rows[DEPARTURE - 1].strip.solid.matches(" 4 ").count(), 3);
        assert_eq!(report.rows[DEPARTURE - 1].strip.dashed, "");
        assert_eq!(report.rows[ELIGIBILITY - 1].strip.dashed, "M50 9H30");
    }

    #[test]
    fn an_attempt_that_failed_is_never_green() {
        let of = |state: &str, messages: &[Arc<Message>]| {
            let attempt = Attempt {
                state: Some(state.to_owned()),
                ..attempt()
            };
            Report::of(Some(attempt), messages, &[], &Expectations::of(REQUESTOR, CALLBACK))
        };
        let good = but(|_| {});
        for state in ["failed", "error"] {
            let report = of(state, &good);
            assert!(report.is_unexplained());
            assert!(
                report
                    .headline()
                    .starts_with("This attempt failed, and no rule says why.")
            );
        }
        assert!(!of("active", &good).is_unexplained());
        assert_eq!(of("active", &good).look(), "good");
        let late = but(|flow| flow.last_mut().expect("a message").ending = answered(410, Body::None));
        let late = of("launched", &late);
        assert_eq!(late.look(), "quiet");
        assert!(
            late.headline().starts_with("No rule is broken, but message "),
            "{}",
            late.headline()
        );
        // A note is no reason; an answer is one.
        let twice = but(|flow| {
            let mut again = flow[ARRIVAL - 1].clone();
            again.number = 17;
            flow.push(again);
        });
        assert_eq!(of("failed", &twice).judgement.verdicts[0].entry.id, "PP-RET-004");
        assert!(of("failed", &twice).is_unexplained());
        let declined = serde_json::json!({"decision": "DECLINED"});
        let declined = but(|flow| flow[DIGITIZE - 1].ending = answered(200, Body::Json(declined)));
        assert!(!of("failed", &declined).is_unexplained());
    }

    #[test]
    fn tries_pauses_and_failures_are_shown() {
        let messages = but(|flow| {
            let mut failed = flow[ELIGIBILITY - 1].clone();
            failed.ending = answered(503, Body::None);
            for number in [101, 102] {
                failed.number = number;
                failed.at_ms += 2_400;
                flow.push(failed.clone());
            }
            failed.number = 103;
            failed.ending = Ending::Lost { took_ms: 1 };
            flow.push(failed);
        });
        let report = report(&messages);
        let rows = &report.rows[16..];
        assert_eq!(
            rows.iter().map(|row| row.tries).collect::<Vec<_>>(),
            [Some((1, 3)), Some((2, 3)), Some((3, 3))]
        );
        assert_eq!(rows[0].pause.as_deref(), Some("1.3 s"));
        assert_eq!(rows[1].pause.as_deref(), Some("2.3 s"));
        assert_eq!((rows[0].tone, rows[0].result.as_str()), (Tone::Bad, "Failed: 503"));
        assert_eq!(rows[2].result, "Failed: no answer");
        // A cross on the answer that came, and on the way of the one that did not.
        assert!(
            rows[0].strip.solid.ends_with("M39 7 41 11M41 7 39 11"),
            "{}",
            rows[0].strip.solid
        );
        assert!(
            rows[2].strip.solid.ends_with("M39 2 41 6M41 2 39 6"),
            "{}",
            rows[2].strip.solid
        );
        assert_eq!(rows[0].verdicts, ["PP-NET-002"]);
    }
}
