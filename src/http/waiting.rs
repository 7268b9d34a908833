//! The page while the cardholder is at the issuer, or came back with nothing: look whether the return came, or go again.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::Attempt;
use crate::domain::launch::{Role, Step};

use super::frame::{Frame, Strip, show};
use super::guard::Visit;
use super::launch::{CodeBox, Launch, Way, has, qr, touch, way};
use super::paths;
use super::qr::Qr;
use super::stage::{Note, strip, watching};
use super::text::counted;

#[derive(Template)]
#[template(path = "waiting.html")]
struct WaitingPage {
    frame: Frame,
    strip: Strip,
    return_code: Option<ReturnCode>,
    is_code_spent: bool,
    ways: Vec<Way>,
    touch: Option<String>,
    has_app: bool,
    has_web: bool,
    host: Option<String>,
    code: Option<CodeBox>,
    qr: Option<Qr>,
    again: Option<String>,
    elsewhere: bool,
    empty: bool,
    nothing_yet: bool,
    minutes: String,
}

pub(super) fn page(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>, launch: Launch<'_>) -> Response {
    let id = attempt.id.as_str();
    let strip = strip(csrf, attempt);
    let mut frame = watching(visit, attempt, format!("Waiting for {}", strip.name));
    frame.mechanism = launch.mechanism.name();
    let Launch { elsewhere, empty, .. } = launch;
    let ways = ways_again(launch, id, &strip.name);
    let page = WaitingPage {
        return_code: launch
            .code_tries
            .map(|tries| ReturnCode::of(attempt, csrf, note, tries)),
        is_code_spent: note == Some(Note::CodeSpent) && launch.code_tries.is_none(),
        touch: touch(launch.steps),
        has_app: has(&ways, "app"),
        has_web: has(&ways, "web"),
        ways,
        host: launch.host.map(str::to_owned),
        code: launch.code.map(CodeBox::of),
        qr: qr(visit, launch.steps, &paths::issuer(attempt.issuer.id.as_str())),
        again: (!launch.launched && !launch.is_wrong() && !elsewhere && !empty).then(|| paths::session(id)),
        elsewhere,
        empty: empty && !elsewhere,
        nothing_yet: note == Some(Note::Checked) && !launch.is_wrong() && !elsewhere && !empty,
        minutes: counted(attempt.minutes_left.max(1), "minute"),
        frame,
        strip,
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// What can be done while the return is waited for, the main thing first: to look whether it came; or, after a return
/// that was none, to leave again, and after one in another browser by the way that stays in this one.
fn ways_again(launch: Launch<'_>, session: &str, name: &str) -> Vec<Way> {
    let mut ways = ways_to_leave(launch, session);
    let check = Way {
        href: paths::session_noted(session, Note::Checked.name()),
        label: format!("I’ve finished with {name}"),
        kind: "check",
        class: "button second",
    };
    if launch.elsewhere {
        ways.sort_by_key(|way| way.kind != "web");
        ways.push(check);
    } else if launch.empty || launch.is_wrong() {
        if let Some(main) = ways.first_mut().filter(|_| launch.empty) {
            "Try again".clone_into(&mut main.label);
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
fn ways_to_leave(launch: Launch<'_>, session: &str) -> Vec<Way> {
    let is_other = |step: &Step| !matches!(step.role, Role::Web | Role::Qr | Role::AdaptIos);
    let only_web = !launch.steps.iter().any(is_other);
    let again = |step: &Step| {
        let label = match step.role {
            Role::App => "Open the app again",
            Role::AppNoFallback => "Open only the app",
            Role::AppAndroid => "Open the Android app",
            Role::AppIos => "Open the iPhone app",
            Role::Web if only_web && !launch.elsewhere => "Go there again",
            Role::Web => "Use the website instead",
            Role::AdaptIos | Role::Escape | Role::Qr => return None,
        };
        way(step, session, label.to_owned(), false)
    };
    launch.steps.iter().filter_map(again).collect()
}

/// The digits that another browser shows are typed here.
struct ReturnCode {
    action: String,
    csrf: String,
    tries: String,
    error: &'static str,
}

impl ReturnCode {
    fn of(attempt: &Attempt, csrf: &str, note: Option<Note>, tries: u32) -> Self {
        Self {
            action: paths::return_code(attempt.id.as_str()),
            csrf: csrf.to_owned(),
            tries: if tries == 1 {
                "one try".to_owned()
            } else {
                format!("{tries} tries")
            },
            error: match note {
                Some(Note::CodeEmpty) => "Enter the six digits",
                Some(Note::CodeFormat) => "The code has six digits",
                Some(Note::CodeWrong) => "These are not the digits that the other browser shows",
                _ => "",
            },
        }
    }
}
