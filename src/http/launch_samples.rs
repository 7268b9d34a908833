//! Launch pages for the tests of pages, by mechanism and by what has happened since.

use crate::app::view::{ShownCode, Stage};
use crate::domain::launch::{Mechanism, Role, Step};
use crate::domain::same_person::SamePersonCode;
use crate::domain::session::StateName;

/// Launched or not, and what came back that was not the return.
#[derive(Clone, Copy)]
pub enum When {
    Offered,
    Launched,
    Elsewhere,
    Empty,
    CodeShown,
}

pub const APP: &str = "https://app.havorn.example/pull?tokenRequestorSessionId=1&callbackURL=https%3A%2F%2Fw%2F";
pub const WEB: &str = "https://cards.havorn.example/pull?tokenRequestorSessionId=1&callbackURL=https%3A%2F%2Fw%2F";

/// A launch page by its mechanism and the roles of its steps.
pub fn launch(mechanism: Mechanism, roles: &[Role], when: When) -> (StateName, Stage) {
    let step = |role: &Role| Step {
        role: *role,
        target: match role {
            Role::Web => Some(WEB.to_owned()),
            Role::Escape | Role::Qr => None,
            Role::App => Some(APP.to_owned()),
            other => Some(format!("{APP}&role={}", other.name())),
        },
    };
    let state = match when {
        When::Offered => StateName::Offered,
        When::Launched | When::Elsewhere | When::Empty | When::CodeShown => StateName::Launched,
    };
    let stage = Stage::Launch {
        mechanism,
        steps: roles.iter().map(step).collect(),
        web_authority: roles.contains(&Role::Web).then(|| "cards.havorn.example".to_owned()),
        launched: state == StateName::Launched,
        returned_elsewhere: matches!(when, When::Elsewhere | When::CodeShown),
        returned_empty: matches!(when, When::Empty),
        code: None,
        return_code_tries: matches!(when, When::CodeShown).then_some(5),
    };
    (state, stage)
}

/// A code, and whether another one came in its place.
pub fn shown_code(is_asked_for: bool, tries_left: Option<u32>) -> ShownCode {
    ShownCode {
        code: SamePersonCode::parse("482107").expect("a code"),
        is_asked_for,
        is_compared: is_asked_for,
        tries_left,
    }
}

/// A launch page with a code.
pub fn with_code((state, stage): (StateName, Stage), shown: ShownCode) -> (StateName, Stage) {
    let mut stage = stage;
    if let Stage::Launch { code, .. } = &mut stage {
        *code = Some(shown);
    }
    (state, stage)
}

/// Every launch page there is, by a name for its file.
pub(super) fn launches() -> Vec<(&'static str, (StateName, Stage))> {
    let offered = |mechanism, roles: &[Role]| launch(mechanism, roles, When::Offered);
    vec![
        ("launch-auto", offered(Mechanism::Auto, &[Role::App, Role::Web])),
        ("launch-tap", offered(Mechanism::Tap, &[Role::App, Role::Web])),
        ("launch-tap-app", offered(Mechanism::Tap, &[Role::App])),
        (
            "launch-tap-firefox",
            offered(Mechanism::Tap, &[Role::App, Role::AppNoFallback, Role::Web]),
        ),
        (
            "launch-tap-tablet",
            offered(Mechanism::Tap, &[Role::Web, Role::App, Role::Qr]),
        ),
        ("launch-choice", offered(Mechanism::Choice, &[Role::App, Role::Web])),
        (
            "launch-choice-unknown",
            offered(Mechanism::Choice, &[Role::Web, Role::AppAndroid, Role::AppIos]),
        ),
        ("launch-forward", offered(Mechanism::Forward, &[Role::Web])),
        ("launch-forward-qr", offered(Mechanism::Forward, &[Role::Web, Role::Qr])),
        (
            "launch-escape",
            offered(Mechanism::Escape, &[Role::Escape, Role::App, Role::Web]),
        ),
        ("launch-escape-only", offered(Mechanism::Escape, &[Role::Escape])),
        (
            "launch-adapt",
            offered(Mechanism::Adapt, &[Role::Web, Role::AdaptIos, Role::Qr]),
        ),
        (
            "launch-adapt-app",
            offered(Mechanism::Adapt, &[Role::AdaptIos, Role::Qr]),
        ),
        ("launch-qr", offered(Mechanism::Qr, &[Role::Qr])),
        ("launch-static", offered(Mechanism::Static, &[])),
        ("launch-none", offered(Mechanism::None, &[])),
        (
            "launch-code",
            with_code(offered(Mechanism::Forward, &[Role::Web]), shown_code(true, None)),
        ),
        (
            "launch-code-app",
            with_code(
                offered(Mechanism::Auto, &[Role::App, Role::Web]),
                shown_code(false, None),
            ),
        ),
        (
            "waiting-code",
            with_code(
                launch(Mechanism::Tap, &[Role::App, Role::Web], When::Launched),
                shown_code(true, Some(1)),
            ),
        ),
        (
            "waiting",
            launch(Mechanism::Forward, &[Role::Web, Role::Qr], When::Launched),
        ),
        (
            "waiting-app",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::Launched),
        ),
        ("waiting-app-only", launch(Mechanism::Tap, &[Role::App], When::Launched)),
        (
            "waiting-elsewhere",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::Elsewhere),
        ),
        (
            "waiting-empty",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::Empty),
        ),
        (
            "waiting-digits",
            launch(Mechanism::Tap, &[Role::App, Role::Web], When::CodeShown),
        ),
    ]
}
