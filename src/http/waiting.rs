//! The page while the cardholder is at the issuer, or came back with nothing: look whether the return came, or go again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::Attempt;
use crate::domain::homecoming::RETURN_CODE_TRIES_MAX;
use crate::domain::launch::{Role, Step};
use crate::words::Words;

use super::frame::{Frame, Strip, show};
use super::guard::Visit;
use super::launch::{Around, CodeBox, Launch, Way, has, qr, touch, way};
use super::paths;
use super::qr::Qr;
use super::stage::{Note, strip, watching};

#[derive(Template)]
#[template(path = "waiting.html")]
struct WaitingPage {
    frame: Frame,
    strip: Strip,
    return_code: Option<ReturnCode>,
    notices: Vec<String>,
    body: String,
    ways: Vec<Way>,
    touch: Option<String>,
    has_app: bool,
    has_web: bool,
    host: Option<Around>,
    code: Option<CodeBox>,
    qr: Option<Qr>,
    again: Option<String>,
    empty: bool,
    minutes: i64,
}

pub(super) fn page(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>, launch: Launch<'_>) -> Response {
    let words = &visit.words;
    let id = attempt.id.as_str();
    let strip = strip(csrf, attempt);
    let mut frame = watching(visit, attempt, words.wait_title(&strip.name));
    frame.mechanism = launch.mechanism.name();
    let return_code = launch
        .code_tries
        .map(|tries| ReturnCode::of(words, attempt, csrf, note, tries));
    if return_code.as_ref().is_some_and(|code| code.error.is_some()) {
        frame.title = words.error_title(&frame.title);
    }
    let Launch { elsewhere, empty, .. } = launch;
    let ways = ways_again(words, launch, id, &strip.name);
    let (has_app, has_web) = (has(&ways, "app"), has(&ways, "web"));
    let touch = touch(launch.steps);
    let may_use_app = has_app || touch.is_some();
    let code = launch
        .code
        .map(|code| CodeBox::of(words, &strip.name, code, (launch.host, may_use_app)));
    let page = WaitingPage {
        return_code,
        notices: notices(words, &strip.name, note, launch, has_web),
        body: match (may_use_app, has_web) {
            (true, true) => words.wait_body_both(&strip.name),
            (true, false) => words.wait_body_app(&strip.name),
            (false, true) => words.wait_body_web(&strip.name),
            (false, false) => words.wait_body_any(&strip.name),
        },
        touch,
        has_app,
        has_web,
        ways,
        host: launch
            .host
            .map(|host| Around::of(host, |place| words.launch_host_website(place))),
        code,
        qr: qr(visit, launch.steps, &paths::issuer(attempt.issuer.id.as_str())),
        again: (!launch.launched && !launch.is_wrong() && !elsewhere && !empty).then(|| paths::session(id)),
        empty: empty && !elsewhere,
        minutes: attempt.minutes_left.max(1),
        frame,
        strip,
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// What came that was not the return, each in a sentence or two.
fn notices(words: &Words, name: &str, note: Option<Note>, launch: Launch<'_>, has_web: bool) -> Vec<String> {
    let mut notices = Vec::new();
    if launch.elsewhere {
        let is_spent = note == Some(Note::CodeSpent);
        notices.push(match (launch.code_tries, is_spent, has_web) {
            (Some(_), ..) => words.wait_digits(name),
            (None, true, true) => words.wait_digits_spent(RETURN_CODE_TRIES_MAX),
            (None, true, false) => words.wait_digits_spent_app(RETURN_CODE_TRIES_MAX),
            (None, false, true) => words.wait_elsewhere(name),
            (None, false, false) => words.wait_elsewhere_app(name),
        });
    } else if launch.empty {
        notices.push(words.wait_no_params(name));
    } else if note == Some(Note::Checked) && !launch.is_wrong() {
        notices.push(words.wait_nothing_yet(name));
    }
    if let Some(left) = launch.code.and_then(|code| code.tries_left) {
        notices.push(words.wait_wrong_code(left, name));
    }
    notices
}

/// What can be done while the return is waited for, the main thing first: to look whether it came; or, after a return
/// that was none, to leave again, and after one in another browser by the way that stays in this one.
fn ways_again(words: &Words, launch: Launch<'_>, session: &str, name: &str) -> Vec<Way> {
    let mut ways = ways_to_leave(words, launch, session);
    let check = Way {
        href: paths::session_noted(session, Note::Checked.name()),
        label: words.wait_check(name),
        kind: "check",
        class: "button second",
    };
    if launch.elsewhere {
        ways.sort_by_key(|way| way.kind != "web");
        ways.push(check);
    } else if launch.empty || launch.is_wrong() {
        if let Some(main) = ways.first_mut().filter(|_| launch.empty) {
            main.label = words.wait_try_again();
        }
        ways.push(check);
    } else {
        ways.insert(0, check);
    }
    // Where a code is asked for, typing it is the main thing.
    if let Some(main) = ways.first_mut().filter(|_| launch.code_tries.is_none()) {
        main.class = "button";
    }
    ways
}

/// The ways of the launch page, for who has been there.
fn ways_to_leave(words: &Words, launch: Launch<'_>, session: &str) -> Vec<Way> {
    let is_other = |step: &Step| !matches!(step.role, Role::Web | Role::Qr | Role::AdaptIos);
    let only_web = !launch.steps.iter().any(is_other);
    let again = |step: &Step| {
        let label = match step.role {
            Role::App => words.wait_app_again(),
            Role::AppNoFallback => words.launch_app_only(),
            Role::AppAndroid => words.launch_app_android(),
            Role::AppIos => words.launch_app_ios(),
            Role::Web if only_web && !launch.elsewhere => words.wait_web_there(),
            Role::Web => words.wait_web_again(),
            Role::AdaptIos | Role::Escape | Role::Qr => return None,
        };
        way(step, session, label, false)
    };
    launch.steps.iter().filter_map(again).collect()
}

/// The digits that another browser shows are typed here.
struct ReturnCode {
    action: String,
    csrf: String,
    tries: u32,
    error: Option<String>,
}

impl ReturnCode {
    fn of(words: &Words, attempt: &Attempt, csrf: &str, note: Option<Note>, tries: u32) -> Self {
        Self {
            action: paths::return_code(attempt.id.as_str()),
            csrf: csrf.to_owned(),
            tries,
            error: match note {
                Some(Note::CodeEmpty) => Some(words.wait_digits_empty()),
                Some(Note::CodeFormat) => Some(words.wait_digits_format()),
                Some(Note::CodeWrong) => Some(words.wait_digits_wrong()),
                _ => None,
            },
        }
    }
}
