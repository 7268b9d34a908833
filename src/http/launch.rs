//! The pages before and during the visit to the issuer: the ways there, as the plan orders them, and the wait.
//!
//! An address of an issuer's stands in an `href` and nowhere else. The website is reached through `/go`, which remembers
//! that the cardholder left and is the fallback of Android's links too; an app's link is direct, because a redirect does
//! not open apps.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, Health, ShownCode};
use crate::domain::launch::{Mechanism, Role, Step};
use crate::words::Words;

use super::frame::{Strip, show};
use super::guard::Visit;
use super::paths;
use super::qr::Qr;
use super::stage::{Note, strip, watching};

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
    pub(super) fn is_wrong(self) -> bool {
        self.code.is_some_and(|code| code.tries_left.is_some())
    }
}

/// The launch page, or the wait: for who left already, a second launch page would be a second way out, and in a browser
/// that forwards by itself a loop.
pub(super) fn page(visit: &Visit, csrf: &str, attempt: &Attempt, note: Option<Note>, launch: Launch<'_>) -> Response {
    let has_left = launch.launched || launch.is_wrong() || matches!(note, Some(Note::Checked | Note::Opened));
    if has_left || launch.elsewhere || launch.empty {
        super::waiting::page(visit, csrf, attempt, note, launch)
    } else {
        offered(visit, csrf, attempt, launch)
    }
}

/// One way to the issuer.
pub(super) struct Way {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) kind: &'static str,
    pub(super) class: &'static str,
}

/// A sentence around something that is shown as itself: a host, an address, a link.
pub(super) struct Around {
    pub(super) before: String,
    pub(super) inside: String,
    pub(super) after: String,
}

impl Around {
    pub(super) fn of(inside: &str, sentence: impl FnOnce(&'static str) -> String) -> Self {
        let (before, after) = Words::around(sentence);
        Self {
            before,
            inside: inside.to_owned(),
            after,
        }
    }
}

/// The code that the issuer asks for, as it is read, heard and copied.
pub(super) struct CodeBox {
    pub(super) digits: String,
    pub(super) groups: Vec<String>,
    pub(super) spoken: String,
    pub(super) is_asked_for: bool,
    pub(super) is_compared: bool,
    /// The one place to type it, where that is an app alone.
    pub(super) in_app: Option<String>,
    /// The one place to type it, or two, around the host of the website.
    pub(super) on_site: Option<Around>,
}

impl CodeBox {
    /// The code with where it may be typed: on the website's host, in the issuer's app, or both.
    pub(super) fn of(words: &Words, name: &str, shown: &ShownCode, (host, has_app): (Option<&str>, bool)) -> Self {
        let digits = shown.code.expose();
        let one_by_one: Vec<String> = digits.chars().map(String::from).collect();
        Self {
            digits: digits.to_owned(),
            groups: one_by_one.chunks(3).map(<[String]>::concat).collect(),
            // A number would be read as four hundred and eighty-two thousand.
            spoken: one_by_one.join(", "),
            is_asked_for: shown.is_asked_for,
            is_compared: shown.is_compared,
            in_app: (has_app && host.is_none()).then(|| words.same_only_app(name)),
            on_site: host.map(|host| {
                Around::of(host, |place| match has_app {
                    true => words.same_only_both(place, name),
                    false => words.same_only_site(place),
                })
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
    host: Option<Around>,
    code: Option<CodeBox>,
    qr: Option<Qr>,
    /// What is known of the issuer's own troubles, in words.
    trouble: Option<String>,
    escape: Escape,
    is_phone: bool,
    check: String,
    minutes: i64,
}

impl LaunchPage {
    /// Whether there is anything to do here but leave.
    fn has_ways(&self) -> bool {
        matches!(self.kind, Kind::Links | Kind::Escape)
    }

    /// Whether a wide window has the phone's way beside the one from here.
    fn is_wide(&self) -> bool {
        self.has_ways() && !self.ways.is_empty() && self.qr.is_some()
    }
}

/// How to get out of a browser inside another app.
pub(super) struct Escape {
    /// The address to open, for everybody the same: what began here cannot follow.
    pub(super) address: String,
    /// Where this page can be opened by the other app's menu; `None` where it is this page itself.
    pub(super) page: Option<String>,
}

impl Escape {
    /// The sentence around the link to that page.
    pub(super) fn around_page(&self, words: &Words) -> (String, String) {
        Words::around(|page| words.escape_menu_page(page))
    }
}

fn offered(visit: &Visit, csrf: &str, attempt: &Attempt, launch: Launch<'_>) -> Response {
    let id = attempt.id.as_str();
    let words = &visit.words;
    let strip = strip(csrf, attempt);
    let kind = kind(launch.mechanism, visit.is_in_app());
    let mut frame = watching(visit, attempt, heading(words, kind, &strip.name));
    frame.mechanism = launch.mechanism.name();
    // Nobody is sent away before the code was read.
    let may_leave = launch.code.is_none();
    if launch.mechanism == Mechanism::Forward && may_leave {
        frame.live = Some(paths::go(id));
    }
    let issuer_page = paths::issuer(attempt.issuer.id.as_str());
    let ways = ways(words, launch, &strip.name, id);
    let has_app = has(&ways, "app");
    let touch = touch(launch.steps);
    let page = LaunchPage {
        kind,
        auto: may_leave && launch.mechanism == Mechanism::Auto,
        forward: may_leave
            && matches!(launch.mechanism, Mechanism::Forward | Mechanism::Adapt)
            && ways.first().is_some_and(|way| way.kind == "web"),
        needs_app: ways.first().is_some_and(|way| way.kind == "app"),
        has_app,
        has_web: has(&ways, "web"),
        host: launch.host.map(|host| {
            Around::of(host, |place| match ways.first() {
                Some(way) if way.kind == "web" => words.launch_host(place),
                _ => words.launch_host_website(place),
            })
        }),
        code: launch
            .code
            .filter(|_| !ways.is_empty())
            .map(|code| CodeBox::of(words, &strip.name, code, (launch.host, has_app || touch.is_some()))),
        touch,
        qr: qr(visit, launch.steps, &issuer_page),
        trouble: match attempt.issuer.health {
            Health::Fine => None,
            Health::Degraded => Some(visit.words.launch_degraded(&strip.name)),
            Health::Down => Some(visit.words.launch_down(&strip.name)),
        },
        escape: Escape {
            address: format!("{}{issuer_page}", visit.shell.origin),
            page: Some(issuer_page),
        },
        is_phone: visit.device.is_phone(),
        check: paths::session_noted(id, Note::Checked.name()),
        minutes: attempt.minutes_left.max(1),
        frame,
        strip,
        ways,
    };
    show(StatusCode::OK, &page.frame, &page)
}

pub(super) fn has(ways: &[Way], kind: &str) -> bool {
    ways.iter().any(|way| way.kind == kind)
}

fn heading(words: &Words, kind: Kind, name: &str) -> String {
    match kind {
        Kind::Links | Kind::Escape | Kind::Static => words.launch_title(name),
        Kind::Phone => words.launch_title_phone(name),
        Kind::Nothing => words.launch_title_nothing(name),
    }
}

fn kind(mechanism: Mechanism, is_in_app: bool) -> Kind {
    match mechanism {
        // A website alone works inside an app too, and whoever came this far has read that it is better opened outside.
        Mechanism::Choice | Mechanism::Tap if is_in_app => Kind::Escape,
        Mechanism::Auto | Mechanism::Tap | Mechanism::Choice | Mechanism::Forward | Mechanism::Adapt => Kind::Links,
        Mechanism::Escape => Kind::Escape,
        Mechanism::Qr => Kind::Phone,
        Mechanism::Static => Kind::Static,
        Mechanism::None => Kind::Nothing,
    }
}

/// The app, for an iPad that says Mac.
pub(super) fn touch(steps: &[Step]) -> Option<String> {
    let step = steps.iter().find(|step| step.role == Role::AdaptIos)?;
    step.target.clone()
}

/// The code of the issuer's page, for everybody the same, if the plan has a step for it.
pub(super) fn qr(visit: &Visit, steps: &[Step], issuer_page: &str) -> Option<Qr> {
    let is_planned = steps.iter().any(|step| step.role == Role::Qr);
    let address = format!("{}{issuer_page}", visit.shell.origin);
    is_planned.then(|| Qr::of(address)).flatten()
}

fn ways(words: &Words, launch: Launch<'_>, name: &str, session: &str) -> Vec<Way> {
    let is_choice = launch.mechanism == Mechanism::Choice && launch.steps.len() > 1;
    let has_app = launch.steps.iter().any(|step| step.role == Role::App);
    let mut ways: Vec<Way> = Vec::new();
    for step in launch.steps {
        let label = match step.role {
            Role::App if is_choice => words.launch_have_app(),
            Role::App => words.launch_app(name),
            Role::AppNoFallback => words.launch_app_only(),
            Role::AppAndroid if is_choice => words.launch_have_app_android(),
            Role::AppAndroid => words.launch_app_android(),
            Role::AppIos if is_choice => words.launch_have_app_ios(),
            Role::AppIos => words.launch_app_ios(),
            Role::Web if is_choice && has_app => words.launch_noapp(),
            Role::Web if is_choice => words.launch_web_choice(),
            Role::Web if ways.is_empty() => words.launch_web_plain(name),
            Role::Web => words.launch_web(name),
            Role::AdaptIos | Role::Escape | Role::Qr => continue,
        };
        let is_main = ways.is_empty() && !is_choice && launch.mechanism != Mechanism::Escape;
        ways.extend(way(step, session, label, is_main));
    }
    ways
}

/// One step as a link. The website is reached through `/go`, an app directly.
pub(super) fn way(step: &Step, session: &str, label: String, is_main: bool) -> Option<Way> {
    let target = step.target.clone()?;
    let (kind, href) = match step.role {
        Role::Web => ("web", paths::go(session)),
        _ => ("app", target),
    };
    let class = if is_main { "button" } else { "button second" };
    Some(Way {
        href,
        label,
        kind,
        class,
    })
}
