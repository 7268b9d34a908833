//! The page of an attempt, by state, while it is under way. Where it ended is `outcome`.
//!
//! Pure: an [`Attempt`] and a note go in, a page comes out. No page asks the verbs again.

use std::cmp::Ordering;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, Stage};
use crate::domain::session::StateName;
use crate::words::Words;

use super::frame::{Frame, Strip, show};
use super::guard::Visit;
use super::launch::{self, Launch};
use super::outcome;
use super::paths;
use super::problem::Problem;
use super::push;
use super::step_up::{self, Sent};
use super::terms;
use super::text::plain_name;

/// What a redirect wants the page to say. It stands in the address, so it can say nothing that is not harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// "I have finished" was followed, and nothing is here yet.
    Checked,
    /// The issuer's app was opened, as far as a script can tell.
    Opened,
    /// The terms changed while they were read.
    TermsChanged,
    /// No method was chosen.
    ChooseMethod,
    /// No code was typed.
    CodeEmpty,
    /// What was typed cannot be a code.
    CodeFormat,
    /// These are not the digits that the other browser shows.
    CodeWrong,
    /// They were wrong too often: what came back there is gone.
    CodeSpent,
    /// Too early for another code.
    Wait,
}

impl Note {
    const ALL: [Self; 9] = [
        Self::Checked,
        Self::Opened,
        Self::TermsChanged,
        Self::ChooseMethod,
        Self::CodeEmpty,
        Self::CodeFormat,
        Self::CodeWrong,
        Self::CodeSpent,
        Self::Wait,
    ];

    /// As it stands in the address.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Checked => "checked",
            Self::Opened => "opened",
            Self::TermsChanged => "terms-changed",
            Self::ChooseMethod => "choose-method",
            Self::CodeEmpty => "code-empty",
            Self::CodeFormat => "code-format",
            Self::CodeWrong => "code-wrong",
            Self::CodeSpent => "code-spent",
            Self::Wait => "wait",
        }
    }

    /// The note of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|note| note.name() == name)
    }
}

/// The page of an attempt.
#[must_use]
pub fn page(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>) -> Response {
    match &attempt.stage {
        Stage::Launch {
            mechanism,
            steps,
            web_authority,
            launched,
            returned_elsewhere,
            returned_empty,
            code,
            return_code_tries,
        } => {
            let launch = Launch {
                mechanism: *mechanism,
                steps,
                host: web_authority.as_deref(),
                launched: *launched,
                elsewhere: *returned_elsewhere,
                empty: *returned_empty,
                code: code.as_ref(),
                code_tries: *return_code_tries,
            };
            launch::page(visit, csrf, attempt, note, launch)
        }
        Stage::Pushed { push } => push::question(visit, csrf, attempt, push),
        Stage::Checking { .. } | Stage::Adding { .. } | Stage::Code { checking: Some(_), .. } => {
            working(visit, csrf, attempt)
        }
        Stage::Terms {
            documents,
            shown,
            cards,
        } => terms::page(visit, csrf, attempt, note, (documents, shown, cards)),
        Stage::StepUp { card, note: last } => step_up::method(visit, csrf, attempt, card, (note, *last)),
        Stage::Code {
            card,
            method,
            note: last,
            tries_left,
            resend_in_s,
            ..
        } => {
            let sent = Sent {
                card,
                method,
                last: *last,
                tries_left: *tries_left,
                resend_in_s: *resend_in_s,
            };
            step_up::code(visit, csrf, attempt, note, &sent)
        }
        Stage::Outcome { cards, failure } => outcome::outcome(visit, csrf, attempt, cards, *failure),
        Stage::Cancelled => outcome::failed(visit, attempt, &[], &Problem::cancelled(attempt)),
        Stage::Expired => outcome::failed(
            visit,
            attempt,
            &[],
            &Problem::expired(attempt, visit.shell.session_minutes),
        ),
    }
}

/// What the page shows, as one word that changes when the page would: the news compare it.
#[must_use]
pub fn moment(attempt: &Attempt) -> String {
    let detail = match &attempt.stage {
        Stage::Launch {
            return_code_tries: Some(_),
            ..
        } => ".code",
        Stage::Launch {
            returned_elsewhere: true,
            ..
        } => ".elsewhere",
        Stage::Launch {
            returned_empty: true, ..
        } => ".empty",
        Stage::Code { checking: Some(_), .. } => ".checking",
        _ => "",
    };
    match &attempt.stage {
        // What is decided does not move; only a card that is still pending does.
        Stage::Outcome { cards, .. } => {
            let cards: Vec<&str> = cards.iter().map(|card| card.state).collect();
            format!("{}.{}", attempt.state.as_str(), cards.join("."))
        }
        Stage::StepUp { card, .. } | Stage::Code { card, .. } => {
            format!("{}{detail}.{}", attempt.state.as_str(), card.id)
        }
        _ => format!("{}{detail}", attempt.state.as_str()),
    }
}

/// Whether the cardholder waits for the server.
#[must_use]
pub fn is_working(attempt: &Attempt) -> bool {
    matches!(
        attempt.stage,
        Stage::Checking { .. } | Stage::Adding { .. } | Stage::Code { checking: Some(_), .. }
    )
}

/// How long a wait has taken, in words: what is said of it depends on that, and what is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As usual.
    Usual,
    /// Longer than usual.
    Slow,
    /// So long that nobody should wait for it here.
    VerySlow,
}

impl Pace {
    /// The pace of an attempt. What is known to have gone wrong once is not worth waiting for.
    fn of(attempt: &Attempt) -> Self {
        let waiting_ms = match &attempt.stage {
            Stage::Checking { retrying: true, .. } | Stage::Adding { in_doubt: true, .. } => return Self::VerySlow,
            Stage::Checking { waiting_ms, .. }
            | Stage::Adding { waiting_ms, .. }
            | Stage::Code {
                checking: Some(waiting_ms),
                ..
            } => *waiting_ms,
            _ => 0,
        };
        match waiting_ms {
            VERY_SLOW_MS.. => Self::VerySlow,
            SLOW_MS.. => Self::Slow,
            _ => Self::Usual,
        }
    }

    /// For the script.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Slow => "slow",
            Self::VerySlow => "very-slow",
        }
    }
}

/// One sentence about what the server is doing, for the line that is read aloud.
#[must_use]
pub fn sentence(t: &Words, attempt: &Attempt) -> (String, Pace) {
    let issuer = plain_name(&attempt.issuer.name);
    let pace = Pace::of(attempt);
    let text = match (&attempt.stage, pace) {
        (
            Stage::Checking {
                retrying: true,
                left_ms,
                ..
            },
            _,
        ) => t.verify_retrying(issuer, (left_ms + 59_999) / 60_000),
        (Stage::Adding { in_doubt: true, .. }, _) => t.verify_doubt(),
        (_, Pace::VerySlow) => t.verify_very_slow(),
        (_, Pace::Slow) => t.verify_slow(),
        (Stage::Checking { .. }, Pace::Usual) => t.verify_status("2", t.verify_step_genuine()),
        (Stage::Adding { .. }, Pace::Usual) => t.verify_status("3", t.verify_step_ready()),
        (Stage::Code { checking: Some(_), .. }, Pace::Usual) => t.verify_code(issuer),
        (_, Pace::Usual) => t.opening_next(),
    };
    (text, pace)
}

/// From here on a wait is called slow.
const SLOW_MS: i64 = 8_000;
/// And from here on very slow.
const VERY_SLOW_MS: i64 = 25_000;

pub(super) fn strip(csrf: &str, attempt: &Attempt) -> Strip {
    let can_stop = matches!(
        attempt.state,
        StateName::Offered | StateName::Launched | StateName::Returned | StateName::Terms
    );
    Strip {
        cancel: can_stop.then(|| paths::cancel(attempt.id.as_str())),
        csrf: csrf.to_owned(),
        ..Strip::of(&attempt.issuer)
    }
}

pub(super) fn frame(visit: &Visit, attempt: &Attempt, title: impl Into<String>) -> Frame {
    let mut frame = Frame::new(visit, title, attempt.state.as_str()).led_back(attempt.host_page.as_ref());
    frame.moment = moment(attempt);
    frame
}

/// A frame whose script watches for news.
pub(super) fn watching(visit: &Visit, attempt: &Attempt, title: impl Into<String>) -> Frame {
    let mut frame = frame(visit, attempt, title).scripted(visit);
    frame.events = Some(paths::events(attempt.id.as_str(), attempt.version));
    frame
}

#[derive(Template)]
#[template(path = "working.html")]
struct WorkingPage {
    frame: Frame,
    strip: Strip,
    heading: String,
    status: String,
    pace: Pace,
    steps: Vec<Step>,
    check: String,
}

/// One step of a wait: what it is, and how far it has come, for the eye and for the ear.
pub(super) struct Step {
    what: String,
    class: &'static str,
    how: String,
}

/// The words of a wait: its heading, and its steps.
pub(super) fn waiting_words(t: &Words, attempt: &Attempt) -> (String, Vec<Step>) {
    let (heading, at) = match &attempt.stage {
        Stage::Adding { .. } => (t.adding_title(), 2),
        Stage::Code { .. } => return (t.code_checking(), Vec::new()),
        _ => (t.verify_title(), 1),
    };
    let steps = [
        t.verify_step_received(plain_name(&attempt.issuer.name)),
        t.verify_step_genuine(),
        t.verify_step_ready(),
    ];
    let steps = steps.into_iter().enumerate().map(|(place, what)| {
        let (class, how) = match place.cmp(&at) {
            Ordering::Less => ("done", t.verify_state_done()),
            Ordering::Equal => ("now", t.verify_state_now()),
            Ordering::Greater => ("todo", t.verify_state_todo()),
        };
        Step { what, class, how }
    });
    (heading, steps.collect())
}

fn working(visit: &Visit, csrf: &str, attempt: &Attempt) -> Response {
    let (heading, steps) = waiting_words(&visit.words, attempt);
    let (status, pace) = sentence(&visit.words, attempt);
    let mut frame = watching(visit, attempt, heading.clone());
    frame.live = Some(paths::live(attempt.id.as_str()));
    let page = WorkingPage {
        frame,
        strip: strip(csrf, attempt),
        heading,
        status,
        pace,
        steps,
        check: paths::session(attempt.id.as_str()),
    };
    show(StatusCode::OK, &page.frame, &page)
}
