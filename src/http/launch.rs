//! The pages before and during the visit to the issuer: the ways there, as the plan orders them, and the wait.
//!
//! An address of an issuer's stands in an `href` and nowhere else. The website is reached through `/go`, which remembers
//! that the cardholder left and is the fallback of Android's links too; an app's link is direct, because a redirect does
//! not open apps.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, ShownCode};
use crate::domain::launch::{Mechanism, Role, Step};

use super::frame::{Strip, show};
use super::guard::Visit;
use super::paths;
use super::qr::Qr;
use super::stage::{Note, strip, watching};
use super::text::counted;

/// The launch stage of an attempt, as it is shown.
#[derive(Clone, Copy)]
pub(super) struct Launch<'a> {
    /// How the page behaves.
    pub(super) mechanism: Mechanism,
    /// The ways, in order.
    pub(super) steps: &'a [Step],
    /// Host and port of the website.
    pub(super) host: Option<&'a str>,
    /// The issuer was opened before.
    pub(super) launched: bool,
    /// A return came in another browser.
    pub(super) elsewhere: bool,
    /// The issuer sent the cardholder back without an answer.
    pub(super) empty: bool,
    /// The code that the issuer asks for.
    pub(super) code: Option<&'a ShownCode>,
    /// The other browser shows a code, which may be tried so often.
    pub(super) code_tries: Option<u32>,
}

impl Launch<'_> {
    /// An answer came with another code than the one that is shown.
    fn is_wrong(self) -> bool {
        self.code.is_some_and(|code| code.tries_left.is_some())
    }
}

/// The launch page, or the wait: for who left already, a second launch page would be a second way out, and in a browser
/// that forwards by itself a loop.
pub(super) fn page(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>, launch: Launch<'_>) -> Response {
    let has_left = launch.launched || launch.is_wrong() || matches!(note, Some(Note::Checked | Note::Opened));
    if has_left || launch.elsewhere || launch.empty {
        waiting(visit, csrf, attempt, note, launch)
    } else {
        offered(visit, csrf, attempt, launch)
    }
}

/// One way to the issuer.
struct Way {
    href: String,
    label: String,
    kind: &'static str,
    class: &'static str,
}

/// The code that the issuer asks for, as it is read, heard and copied.
struct CodeBox {
    digits: String,
    groups: Vec<String>,
    spoken: String,
    is_asked_for: bool,
    is_compared: bool,
    tries_left: Option<String>,
}

impl CodeBox {
    fn of(shown: &ShownCode) -> Self {
        let digits = shown.code.expose();
        let one_by_one: Vec<String> = digits.chars().map(String::from).collect();
        Self {
            digits: digits.to_owned(),
            groups: one_by_one.chunks(3).map(<[String]>::concat).collect(),
            // A number would be read as four hundred and eighty-two thousand.
            spoken: one_by_one.join(", "),
            is_asked_for: shown.is_asked_for,
            is_compared: shown.is_compared,
            tries_left: shown.tries_left.map(|left| match left {
                1 => "1 more try".to_owned(),
                left => format!("{left} more tries"),
            }),
        }
    }
}

/// What kind of page the mechanism asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Links, the first perhaps followed by the script.
    Links,
    /// A browser inside another app: instructions first, links after.
    Escape,
    /// A code for a phone.
    Phone,
    /// No way at all.
    Nothing,
    /// For machines.
    Static,
}

#[derive(Template)]
#[template(path = "launch.html")]
struct LaunchPage {
    frame: super::frame::Frame,
    strip: Strip,
    kind: Kind,
    ways: Vec<Way>,
    auto: bool,
    forward: bool,
    touch: Option<String>,
    needs_app: bool,
    has_app: bool,
    has_web: bool,
    host: Option<String>,
    code: Option<CodeBox>,
    qr: Option<Qr>,
    escape: Escape,
    is_phone: bool,
    check: String,
    minutes: String,
}

/// How to get out of a browser inside another app.
pub(super) struct Escape {
    /// The address to open, for everybody the same: what began here cannot follow.
    pub(super) address: String,
    /// Where this page can be opened by the other app's menu; `None` where it is this page itself.
    pub(super) page: Option<String>,
}

fn offered(visit: &Visit, csrf: &str, attempt: &Attempt, launch: Launch<'_>) -> Response {
    let id = attempt.id.as_str();
    let strip = strip(csrf, attempt);
    let mut frame = watching(visit, attempt, format!("Continue to {}", strip.name));
    frame.mechanism = launch.mechanism.name();
    // Nobody is sent away before the code was read.
    let may_leave = launch.code.is_none();
    if launch.mechanism == Mechanism::Forward && may_leave {
        frame.live = Some(paths::go(id));
    }
    let issuer_page = paths::issuer(attempt.issuer.id.as_str());
    let ways = ways(launch, &strip.name, &paths::go(id));
    let page = LaunchPage {
        kind: kind(launch.mechanism),
        auto: may_leave && launch.mechanism == Mechanism::Auto,
        forward: may_leave
            && matches!(launch.mechanism, Mechanism::Forward | Mechanism::Adapt)
            && ways.first().is_some_and(|way| way.kind == "web"),
        touch: target(launch.steps, &[Role::AdaptIos]),
        needs_app: ways.first().is_some_and(|way| way.kind == "app"),
        has_app: ways.iter().any(|way| way.kind == "app"),
        has_web: ways.iter().any(|way| way.kind == "web"),
        host: launch.host.map(str::to_owned),
        code: launch.code.filter(|_| !ways.is_empty()).map(CodeBox::of),
        qr: qr(visit, launch.steps, &issuer_page),
        escape: Escape {
            address: format!("{}{issuer_page}", visit.shell.origin),
            page: Some(issuer_page),
        },
        is_phone: visit.device.is_phone(),
        check: paths::session_noted(id, Note::Checked.name()),
        minutes: counted(attempt.minutes_left.max(1), "minute"),
        frame,
        strip,
        ways,
    };
    show(StatusCode::OK, &page.frame, &page)
}

fn kind(mechanism: Mechanism) -> Kind {
    match mechanism {
        Mechanism::Auto | Mechanism::Tap | Mechanism::Choice | Mechanism::Forward | Mechanism::Adapt => Kind::Links,
        Mechanism::Escape => Kind::Escape,
        Mechanism::Qr => Kind::Phone,
        Mechanism::Static => Kind::Static,
        Mechanism::None => Kind::Nothing,
    }
}

/// The first address among the steps of these roles.
fn target(steps: &[Step], roles: &[Role]) -> Option<String> {
    let step = steps.iter().find(|step| roles.contains(&step.role))?;
    step.target.clone()
}

/// The code of the issuer's page, for everybody the same, if the plan has a step for it.
fn qr(visit: &Visit, steps: &[Step], issuer_page: &str) -> Option<Qr> {
    let is_planned = steps.iter().any(|step| step.role == Role::Qr);
    let address = format!("{}{issuer_page}", visit.shell.origin);
    is_planned.then(|| Qr::of(address)).flatten()
}

fn ways(launch: Launch<'_>, name: &str, go: &str) -> Vec<Way> {
    let is_choice = launch.mechanism == Mechanism::Choice && launch.steps.len() > 1;
    let has_app = launch.steps.iter().any(|step| step.role == Role::App);
    let mut ways: Vec<Way> = Vec::new();
    for step in launch.steps {
        let Some(target) = &step.target else { continue };
        let (kind, label) = match step.role {
            Role::App if is_choice => ("app", "I have the app".to_owned()),
            Role::App => ("app", format!("Open the {name} app")),
            Role::AppNoFallback => ("app", "Open only the app".to_owned()),
            Role::AppAndroid if is_choice => ("app", "I have the Android app".to_owned()),
            Role::AppAndroid => ("app", "Open the Android app".to_owned()),
            Role::AppIos if is_choice => ("app", "I have the iPhone app".to_owned()),
            Role::AppIos => ("app", "Open the iPhone app".to_owned()),
            Role::Web if is_choice && has_app => ("web", "I don’t have the app".to_owned()),
            Role::Web if is_choice => ("web", "Use the website".to_owned()),
            Role::Web if ways.is_empty() => ("web", format!("Continue to {name}")),
            Role::Web => ("web", "Continue on their website".to_owned()),
            Role::AdaptIos | Role::Escape | Role::Qr => continue,
        };
        let is_main = ways.is_empty() && !is_choice && launch.mechanism != Mechanism::Escape;
        ways.push(Way {
            href: if kind == "web" { go.to_owned() } else { target.clone() },
            label,
            kind,
            class: if is_main { "button" } else { "button second" },
        });
    }
    ways
}

#[derive(Template)]
#[template(path = "waiting.html")]
struct WaitingPage {
    frame: super::frame::Frame,
    strip: Strip,
    return_code: Option<ReturnCode>,
    is_code_spent: bool,
    app: Option<String>,
    web: Option<String>,
    ways: Vec<Way>,
    host: Option<String>,
    code: Option<CodeBox>,
    has_app: bool,
    qr: Option<Qr>,
    again: Option<String>,
    elsewhere: bool,
    empty: bool,
    nothing_yet: bool,
    minutes: String,
}

/// What can be done while the return is waited for, the main thing first: to look whether it came, or, after a return
/// that was none, to leave again.
fn ways_again(attempt: &Attempt, launch: Launch<'_>, name: &str) -> Vec<Way> {
    const APPS: [Role; 3] = [Role::App, Role::AppAndroid, Role::AppIos];
    let id = attempt.id.as_str();
    let way = |href: String, label: &str, kind| Way {
        href,
        label: label.to_owned(),
        kind,
        class: "button second",
    };
    let app = target(launch.steps, &APPS);
    let web = target(launch.steps, &[Role::Web]).map(|_| paths::go(id));
    let web_label = if app.is_some() || launch.elsewhere {
        "Use the website instead"
    } else {
        "Go there again"
    };
    let mut ways: Vec<Way> = [
        web.map(|href| way(href, web_label, "web")),
        app.map(|href| way(href, "Open the app again", "app")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let check = way(
        paths::session_noted(id, Note::Checked.name()),
        &format!("I’ve finished with {name}"),
        "check",
    );
    if launch.elsewhere {
        ways.push(check);
    } else if launch.empty || launch.is_wrong() {
        let main = launch
            .steps
            .iter()
            .find(|step| step.role == Role::Web || APPS.contains(&step.role));
        if main.is_some_and(|step| step.role != Role::Web) {
            ways.reverse();
        }
        if let Some(main) = ways.first_mut().filter(|_| launch.empty) {
            "Try again".clone_into(&mut main.label);
        }
        ways.push(check);
    } else {
        ways.insert(0, check);
    }
    if let Some(main) = ways.first_mut().filter(|_| launch.code_tries.is_none()) {
        main.class = "button";
    }
    ways
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

fn waiting(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>, launch: Launch<'_>) -> Response {
    let id = attempt.id.as_str();
    let strip = strip(csrf, attempt);
    let mut frame = watching(visit, attempt, format!("Waiting for {}", strip.name));
    frame.mechanism = launch.mechanism.name();
    let Launch { elsewhere, empty, .. } = launch;
    let app = target(launch.steps, &[Role::App, Role::AppAndroid, Role::AppIos]);
    let page = WaitingPage {
        return_code: launch
            .code_tries
            .map(|tries| ReturnCode::of(attempt, csrf, note, tries)),
        is_code_spent: note == Some(Note::CodeSpent) && launch.code_tries.is_none(),
        has_app: app.is_some(),
        app,
        web: target(launch.steps, &[Role::Web]).map(|_| paths::go(id)),
        ways: ways_again(attempt, launch, &strip.name),
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
