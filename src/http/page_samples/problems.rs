//! What fails outside an attempt's own page, and what is said in a browser that is not the attempt's.

use axum::http::StatusCode;

use crate::app::Fault;
use crate::domain::host_page::HostFault;
use crate::domain::id::SessionId;
use crate::domain::push::PushFault;
use crate::domain::session::{Refusal, StateName};

use super::super::elsewhere;
use super::super::form::FormFault;
use super::super::guard::Visit;
use super::super::problem::{Problem, page};
use super::super::samples::{self, HOSTILE};
use super::Page;

/// Every problem there is, by its code, and the pages of another browser.
pub(super) fn problems(visit: &Visit) -> Vec<Page> {
    let mut all = other_browsers(visit);
    for status in [400, 404, 405, 408, 413, 414, 415, 421, 431, 500, 503] {
        let problem = Problem::of_status(StatusCode::from_u16(status).expect("a status"));
        all.push((format!("problem-{status}"), page::problem(visit, &problem)));
    }
    let faults = faults().into_iter().map(|(name, fault)| (name, Problem::from(fault)));
    for (name, problem) in faults.chain(refusals()) {
        all.push((format!("problem-{name}"), page::problem(visit, &problem)));
    }
    all
}

/// A return that came to another browser, which shows digits, or which needs to be signed in to first.
fn other_browsers(visit: &Visit) -> Vec<Page> {
    let issuer = samples::badge("x").id;
    let mut all = Vec::new();
    for (end, name) in [("", "Havørn Bank"), ("-hostile", HOSTILE)] {
        let code = elsewhere::code_page(visit, &issuer, name, "048210");
        all.push((format!("elsewhere-code{end}"), code));
        let sign_in = elsewhere::sign_in_page(visit, &issuer, name, "https://wallet.example/sign-in");
        all.push((format!("elsewhere-sign-in{end}"), sign_in));
    }
    all
}

/// What the verbs refuse.
fn faults() -> Vec<(&'static str, Fault)> {
    let session = SessionId::from_random([7; 16]);
    let issuer = samples::badge("x").id;
    let other_browser = |name: &str| Fault::OtherBrowser {
        issuer: issuer.clone(),
        issuer_name: name.to_owned(),
    };
    let wrong_code = |name: &str, tries_left| Fault::WrongCode {
        session: session.clone(),
        issuer: issuer.clone(),
        issuer_name: name.to_owned(),
        tries_left,
    };
    let too_late = Fault::TooLate {
        issuer: issuer.clone(),
        issuer_name: "Havørn Bank".to_owned(),
        minutes: 15,
    };
    let not_now = Fault::NotNow {
        session: session.clone(),
        refusal: Refusal::WrongState(StateName::Active),
    };
    vec![
        ("other-browser", other_browser("Havørn Bank")),
        ("other-browser-hostile", other_browser(HOSTILE)),
        ("not-genuine", Fault::NotGenuine("kid")),
        ("unknown-key", Fault::UnknownKey),
        ("foreign-receipt", Fault::ForeignReceipt),
        ("wrong-code", wrong_code("Havørn Bank", 2)),
        ("wrong-code-hostile", wrong_code(HOSTILE, 2)),
        ("wrong-code-last", wrong_code("Havørn Bank", 0)),
        ("malformed-return", Fault::MalformedReturn("no parameters")),
        ("too-late", too_late),
        ("not-now", not_now),
        ("unknown-issuer", Fault::UnknownIssuer),
        ("bad-input", Fault::BadInput("a country has two letters")),
        ("handoff-over", Fault::HandoffOver),
        ("push-malformed", Fault::Push(PushFault::Malformed("no receipt"))),
        ("push-of-session", Fault::Push(PushFault::OfSession)),
        ("push-not-signed", Fault::Push(PushFault::Unsigned)),
        ("push-unknown-issuer", Fault::Push(PushFault::UnknownIssuer)),
        ("push-wrong-callback", Fault::Push(PushFault::WrongCallback)),
        ("push-used", Fault::Push(PushFault::Used)),
    ]
}

/// What is refused before a verb is asked.
fn refusals() -> Vec<(&'static str, Problem)> {
    let code = samples::attempt(samples::code(None, None, false));
    vec![
        ("no-directory", Problem::no_directory()),
        ("unknown-return", Problem::unknown_return()),
        ("code-limit", Problem::code_limit(&code)),
        ("cookie", Problem::forged_form(false, "wallet.example", "/sessions")),
        ("forged-form", Problem::forged_form(true, "wallet.example", "/sessions")),
        ("foreign-host", HostFault::Spelling.into()),
        (
            "sign-in-again",
            Problem::handoff_over(Some("https://wallet.example/sign-in")),
        ),
        ("bad-form", FormFault::Repeated.into()),
    ]
}
