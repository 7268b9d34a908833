//! The pages on which the cardholder proves to the issuer that it is them: choose a way, type the code.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, CardView};
use crate::domain::card::CodeNote;
use crate::domain::token::{AuthenticationMethod, MethodKind};

use super::frame::{Frame, Strip, card_name, ending, show};
use super::guard::Visit;
use super::pages::phone;
use super::paths;
use super::stage::{Note, frame, strip};
use super::text::{counted, plain_name};

#[derive(Template)]
#[template(path = "method.html")]
struct MethodPage {
    frame: Frame,
    strip: Strip,
    ending: String,
    missing: bool,
    note: &'static str,
    methods: Vec<(String, &'static str, String)>,
    post: String,
    csrf: String,
}

/// The choice of a way.
pub(super) fn method(
    visit: &Visit,
    csrf: &str,
    attempt: &Attempt,
    card: &CardView,
    (note, last): (Option<Note>, Option<CodeNote>),
) -> Response {
    let missing = note == Some(Note::ChooseMethod);
    let title = if missing {
        "Error: Confirm it’s you"
    } else {
        "Confirm it’s you"
    };
    let page = MethodPage {
        frame: frame(visit, attempt, title).scripted(),
        strip: strip(csrf, attempt),
        ending: ending(&card.face).map_or_else(String::new, |ending| format!(", {ending},")),
        missing,
        note: match last {
            Some(CodeNote::NotSent) => "No code can be sent that way right now. Choose another way.",
            Some(CodeNote::Expired) => "That code has expired. Choose how to get a new one.",
            Some(CodeNote::Unsure) => "We don’t know whether your last code counted. Choose how to go on.",
            Some(CodeNote::Wrong | CodeNote::Resent | CodeNote::NotTried) | None => "",
        },
        methods: card
            .methods
            .iter()
            .filter(|method| method.is_known())
            .map(|method| method_words(method, &plain_name(&card.issuer)))
            .collect(),
        post: paths::method(attempt.id.as_str()),
        csrf: csrf.to_owned(),
    };
    show(error_status(missing), &page.frame, &page)
}

/// A method as a choice: its id, the words before its value, and the value.
fn method_words(method: &AuthenticationMethod, issuer: &str) -> (String, &'static str, String) {
    let value = plain_name(&method.value);
    let (before, value) = match method.kind {
        MethodKind::TextMessage => ("Text message to", value),
        MethodKind::Email => ("Email to", value),
        MethodKind::CallMachine => ("Call and listen for a code:", value),
        MethodKind::CallPerson => ("Call your bank on", value),
        MethodKind::IssuerCalls => ("Get a call from your bank on", value),
        MethodKind::Website => ("Sign in on the website of", issuer.to_owned()),
        MethodKind::App => ("Use the app of", issuer.to_owned()),
        MethodKind::Unknown => ("", String::new()),
    };
    (method.id.clone(), before, value)
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    strip: Strip,
    card: String,
    sent: &'static str,
    value: String,
    tel: Option<String>,
    error: String,
    resent: bool,
    wait: Option<String>,
    resend: Option<(&'static str, String)>,
    id: String,
    several_ways: bool,
    csrf: String,
}

/// What is known of the code that is out.
pub(super) struct Sent<'a> {
    pub(super) card: &'a CardView,
    pub(super) method: &'a AuthenticationMethod,
    pub(super) last: Option<CodeNote>,
    pub(super) tries_left: u32,
    pub(super) resend_in_s: Option<i64>,
}

/// The field for the code.
pub(super) fn code(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>, sent: &Sent<'_>) -> Response {
    let Sent { card, method, last, .. } = *sent;
    let strip = strip(csrf, attempt);
    let error = code_error(note, last, sent.tries_left);
    let title = format!("Enter the code from {}", strip.name);
    let title = if error.is_empty() {
        title
    } else {
        format!("Error: {title}")
    };
    let is_expired = last == Some(CodeNote::Expired);
    let seconds = sent.resend_in_s.unwrap_or(0);
    let page = CodePage {
        frame: frame(visit, attempt, title).scripted(),
        card: card_name(&card.issuer, &card.face),
        sent: match method.kind {
            MethodKind::Email => "is sending a code by email to",
            MethodKind::CallMachine => "tells you a code by phone. Call",
            _ => "is sending a code by text message to",
        },
        value: plain_name(&method.value),
        tel: (method.kind == MethodKind::CallMachine)
            .then(|| phone(&method.value).map(|(href, _)| href))
            .flatten(),
        error,
        resent: last == Some(CodeNote::Resent),
        wait: (seconds > 0 && (note == Some(Note::Wait) || last == Some(CodeNote::Resent)))
            .then(|| format!("You can ask again in {}.", counted(seconds, "second"))),
        resend: sent.resend_in_s.map(|_| {
            let label = if is_expired {
                "Ask for a new code"
            } else {
                "Send the code again"
            };
            (label, paths::resend(attempt.id.as_str()))
        }),
        id: attempt.id.to_string(),
        several_ways: card.methods.iter().filter(|method| method.is_known()).count() > 1,
        strip,
        csrf: csrf.to_owned(),
    };
    show(error_status(!page.error.is_empty()), &page.frame, &page)
}

fn code_error(note: Option<Note>, last: Option<CodeNote>, tries_left: u32) -> String {
    match (note, last) {
        (Some(Note::CodeEmpty), _) => "Enter the code".to_owned(),
        (Some(Note::CodeFormat), _) => "That can’t be a code. Enter the digits that you received.".to_owned(),
        (_, Some(CodeNote::Wrong)) => match tries_left {
            0 => "That code isn’t right.".to_owned(),
            1 => "That code isn’t right. You have 1 try left.".to_owned(),
            left => format!("That code isn’t right. You have {left} tries left."),
        },
        (_, Some(CodeNote::Expired)) => "That code has expired. Ask for a new one.".to_owned(),
        (_, Some(CodeNote::NotSent)) => "The code could not be sent. Ask again, or use another way.".to_owned(),
        (_, Some(CodeNote::Unsure)) => "We don’t know whether your last try counted. Enter the code again.".to_owned(),
        (_, Some(CodeNote::NotTried)) => {
            "We couldn’t check the code right now. It did not count as a try. Enter it again.".to_owned()
        }
        (_, Some(CodeNote::Resent) | None) => String::new(),
    }
}

/// A page that shows a form with an error says so to programs as well.
fn error_status(has_error: bool) -> StatusCode {
    if has_error {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}
