//! The page of an attempt, by state, while it is under way. Where it ended is `outcome`.
//!
//! Pure: an [`Attempt`] and a note go in, a page comes out. No page asks the verbs again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, Stage, TermsBody, TermsDocument};
use crate::domain::session::StateName;

use super::frame::{Frame, Strip, show};
use super::guard::Visit;
use super::launch::{self, Launch};
use super::outcome;
use super::paths;
use super::step_up::{self, Sent};
use super::text::{plain_name, size};

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
        Stage::Checking { .. } | Stage::Adding { .. } | Stage::Code { checking: true, .. } => {
            working(visit, csrf, attempt)
        }
        Stage::Terms {
            documents,
            shown,
            cards,
        } => terms(visit, csrf, attempt, note, (documents, shown, *cards)),
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
        Stage::Cancelled => outcome::cancelled(visit, attempt),
        Stage::Expired => outcome::expired(visit, attempt),
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
        Stage::Code { checking: true, .. } => ".checking",
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
        Stage::Checking { .. } | Stage::Adding { .. } | Stage::Code { checking: true, .. }
    )
}

/// One sentence about what the server is doing, for the line that is read aloud.
#[must_use]
pub fn sentence(attempt: &Attempt) -> String {
    let issuer = plain_name(&attempt.issuer.name);
    match &attempt.stage {
        Stage::Checking { retrying: true, .. } => format!(
            "{issuer} has done its part. We’re waiting for Mastercard and will keep trying for 10 minutes. You don’t \
             need to sign in again."
        ),
        Stage::Checking { waiting_ms, .. } if *waiting_ms >= VERY_SLOW_MS => {
            "We’re still waiting for an answer. You can leave this page: we’ll keep trying and show the result with \
             your cards."
                .to_owned()
        }
        Stage::Checking { waiting_ms, .. } if *waiting_ms >= SLOW_MS => {
            "This is taking longer than usual. There is nothing you need to do.".to_owned()
        }
        Stage::Checking { .. } => "Step 2 of 3: Checking it is genuine.".to_owned(),
        Stage::Adding { in_doubt: true } => {
            "The answer got lost on its way, so we’re checking with Mastercard what became of your card. It is never \
             added twice."
                .to_owned()
        }
        Stage::Adding { .. } => "Step 3 of 3: Getting your card ready.".to_owned(),
        Stage::Code { checking: true, .. } => format!("{issuer} is being asked."),
        _ => "Done. Opening the next step.".to_owned(),
    }
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
    let mut frame = Frame::new(visit, title, attempt.state.as_str());
    frame.moment = moment(attempt);
    frame
}

/// A frame whose script watches for news.
pub(super) fn watching(visit: &Visit, attempt: &Attempt, title: impl Into<String>) -> Frame {
    let mut frame = frame(visit, attempt, title).scripted();
    frame.events = Some(paths::events(attempt.id.as_str(), attempt.version));
    frame
}

#[derive(Template)]
#[template(path = "working.html")]
struct WorkingPage {
    frame: Frame,
    strip: Strip,
    heading: &'static str,
    status: String,
    steps: Vec<(String, &'static str)>,
    check: String,
    in_doubt: bool,
    retrying: bool,
}

/// The words of a wait: its heading, and its steps with how far each is.
pub(super) fn waiting_words(attempt: &Attempt) -> (&'static str, Vec<(String, &'static str)>) {
    let received = format!("Reply received from {}", plain_name(&attempt.issuer.name));
    let genuine = "Checking it is genuine".to_owned();
    let ready = "Getting your card ready".to_owned();
    match &attempt.stage {
        Stage::Adding { .. } => (
            "Adding your card",
            vec![(received, "done"), (genuine, "done"), (ready, "now")],
        ),
        Stage::Code { .. } => ("Checking your code", Vec::new()),
        _ => (
            "Checking your card",
            vec![(received, "done"), (genuine, "now"), (ready, "todo")],
        ),
    }
}

fn working(visit: &Visit, csrf: &str, attempt: &Attempt) -> Response {
    let (heading, steps) = waiting_words(attempt);
    let mut frame = watching(visit, attempt, heading);
    frame.live = Some(paths::live(attempt.id.as_str()));
    let page = WorkingPage {
        frame,
        strip: strip(csrf, attempt),
        heading,
        status: sentence(attempt),
        steps,
        check: paths::session(attempt.id.as_str()),
        in_doubt: matches!(attempt.stage, Stage::Adding { in_doubt: true }),
        retrying: matches!(attempt.stage, Stage::Checking { retrying: true, .. }),
    };
    show(StatusCode::OK, &page.frame, &page)
}

#[derive(Template)]
#[template(path = "terms.html")]
struct TermsPage {
    frame: Frame,
    strip: Strip,
    changed: bool,
    is_long: bool,
    several: Option<usize>,
    documents: Vec<Document>,
    post: String,
    shown: String,
    csrf: String,
}

enum Document {
    Text(Vec<String>),
    Pdf { href: String, size: String },
}

fn terms(
    visit: &Visit,
    csrf: &str,
    attempt: &Attempt,
    note: Option<Note>,
    (documents, shown, cards): (&[TermsDocument], &str, usize),
) -> Response {
    let id = attempt.id.as_str();
    let strip = strip(csrf, attempt);
    let words = |document: &TermsDocument| match &document.body {
        TermsBody::Text(paragraphs) => paragraphs.iter().map(|text| text.split_whitespace().count()).sum(),
        TermsBody::Pdf(_) => 0,
    };
    let page = TermsPage {
        frame: frame(visit, attempt, format!("{}’s terms", strip.name)),
        strip,
        changed: note == Some(Note::TermsChanged),
        is_long: documents.iter().map(words).sum::<usize>() > 300,
        several: (cards > 1).then_some(cards),
        documents: documents
            .iter()
            .map(|document| match &document.body {
                TermsBody::Text(paragraphs) => Document::Text(paragraphs.clone()),
                TermsBody::Pdf(bytes) => Document::Pdf {
                    href: paths::terms_pdf(id, document.asset.as_str()),
                    size: size(*bytes),
                },
            })
            .collect(),
        post: paths::terms(id),
        shown: shown.to_owned(),
        csrf: csrf.to_owned(),
    };
    show(StatusCode::OK, &page.frame, &page)
}
