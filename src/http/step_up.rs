//! The pages on which the cardholder proves to the issuer that it is them: choose a way, type the code.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, CardView};
use crate::domain::card::CodeNote;
use crate::domain::step_up::CODE_LENGTH_MAX;
use crate::domain::token::{AuthenticationMethod, MethodKind};
use crate::words::Words;

use super::frame::{Frame, Strip, show};
use super::guard::Visit;
use super::pages::phone;
use super::paths;
use super::stage::{Note, frame, strip};
use super::text::plain_name;

#[derive(Template)]
#[template(path = "method.html")]
struct MethodPage {
    frame: Frame,
    strip: Strip,
    lede: String,
    missing: bool,
    note: Option<String>,
    methods: Vec<Choice>,
    post: String,
    csrf: String,
}

/// A way as a choice: its id, its value, and what stands before and after that.
struct Choice {
    id: String,
    value: Option<String>,
    around: (String, String),
}

/// The choice of a way.
pub(super) fn method(
    visit: &Visit,
    csrf: &str,
    attempt: &Attempt,
    card: &CardView,
    (note, last): (Option<Note>, Option<CodeNote>),
) -> Response {
    let t = &visit.words;
    let missing = note == Some(Note::ChooseMethod);
    let strip = strip(csrf, attempt);
    let page = MethodPage {
        frame: frame(visit, attempt, titled(t, t.method_title(), missing)).scripted(visit),
        lede: match card.face.last4.as_deref() {
            Some(digits) => t.method_lede_ending(&strip.name, plain_name(digits)),
            None => t.method_lede(&strip.name),
        },
        missing,
        note: match last {
            Some(CodeNote::NotSent) => Some(t.method_not_sent()),
            Some(CodeNote::Expired) => Some(t.method_expired()),
            Some(CodeNote::Unsure) => Some(t.method_unsure()),
            Some(CodeNote::Wrong | CodeNote::Resent | CodeNote::NotTried) | None => None,
        },
        methods: card
            .methods
            .iter()
            .filter_map(|method| choice(t, method, &strip.name))
            .collect(),
        post: paths::method(attempt.id.as_str()),
        csrf: csrf.to_owned(),
        strip,
    };
    show(error_status(missing), &page.frame, &page)
}

/// A method as a choice, if this version knows it.
fn choice(t: &Words, method: &AuthenticationMethod, issuer: &str) -> Option<Choice> {
    let alone = |text: String| (None, (text, String::new()));
    let value = Some(plain_name(&method.value));
    let (value, around) = match method.kind {
        MethodKind::TextMessage => (value, Words::around(|place| t.method_text(place))),
        MethodKind::Email => (value, Words::around(|place| t.method_email(place))),
        MethodKind::CallMachine => (value, Words::around(|place| t.method_call_auto(place))),
        MethodKind::CallPerson => (value, Words::around(|place| t.method_call_agent(issuer, place))),
        MethodKind::IssuerCalls => (value, Words::around(|place| t.method_issuer_calls(issuer, place))),
        MethodKind::Website => alone(t.method_website(issuer)),
        MethodKind::App => alone(t.method_app(issuer)),
        MethodKind::Unknown => return None,
    };
    Some(Choice {
        id: method.id.clone(),
        value,
        around,
    })
}

#[derive(Template)]
#[template(path = "code.html")]
struct CodePage {
    frame: Frame,
    strip: Strip,
    heading: String,
    /// What stands before and after the number or address that the code goes to.
    sent: (String, String),
    value: String,
    tel: Option<String>,
    card: Option<String>,
    hint: String,
    error: Option<String>,
    resent: bool,
    wait_s: i64,
    resend: Option<String>,
    is_expired: bool,
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
    let t = &visit.words;
    let Sent { card, method, last, .. } = *sent;
    let strip = strip(csrf, attempt);
    let error = code_error(t, note, last, sent.tries_left);
    let heading = t.code_title(&strip.name);
    let is_called = method.kind == MethodKind::CallMachine;
    let page = CodePage {
        frame: frame(visit, attempt, titled(t, heading.clone(), error.is_some())).scripted(visit),
        heading,
        sent: Words::around(|place| match method.kind {
            MethodKind::Email => t.code_sent_email(&strip.name, place),
            MethodKind::CallMachine => t.code_sent_call(place),
            _ => t.code_sent_text(&strip.name, place),
        }),
        value: plain_name(&method.value),
        tel: phone(&method.value).map(|(href, _)| href).filter(|_| is_called),
        card: card.face.last4.as_deref().map(|digits| t.code_card(plain_name(digits))),
        hint: if is_called { t.code_hint_call() } else { t.code_hint() },
        error,
        resent: last == Some(CodeNote::Resent),
        wait_s: sent.resend_in_s.unwrap_or(0),
        resend: sent.resend_in_s.map(|_| paths::resend(attempt.id.as_str())),
        is_expired: last == Some(CodeNote::Expired),
        id: attempt.id.to_string(),
        several_ways: card.methods.iter().filter(|method| method.is_known()).count() > 1,
        strip,
        csrf: csrf.to_owned(),
    };
    show(error_status(page.error.is_some()), &page.frame, &page)
}

fn code_error(t: &Words, note: Option<Note>, last: Option<CodeNote>, tries_left: u32) -> Option<String> {
    match (note, last) {
        (Some(Note::CodeEmpty), _) => Some(t.code_error_empty()),
        (Some(Note::CodeFormat), _) => Some(t.code_error_format(CODE_LENGTH_MAX.to_string())),
        (_, Some(CodeNote::Wrong)) if tries_left == 0 => Some(t.code_error_wrong_last()),
        (_, Some(CodeNote::Wrong)) => Some(t.code_error_wrong(tries_left)),
        (_, Some(CodeNote::Expired)) => Some(t.code_error_expired()),
        (_, Some(CodeNote::NotSent)) => Some(t.code_error_not_sent()),
        (_, Some(CodeNote::Unsure)) => Some(t.code_error_unsure()),
        (_, Some(CodeNote::NotTried)) => Some(t.code_error_not_tried()),
        (_, Some(CodeNote::Resent) | None) => None,
    }
}

/// The title of a page says that its form has an error.
fn titled(t: &Words, title: String, has_error: bool) -> String {
    if has_error { t.error_title(title) } else { title }
}

/// A page that shows a form with an error says so to programs as well.
fn error_status(has_error: bool) -> StatusCode {
    if has_error {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    }
}
