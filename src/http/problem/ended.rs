//! An attempt that did not end with a card. Its page is the attempt's own, so its status is 200.

use axum::http::StatusCode;

use crate::app::view::{Attempt, CardView, Stage};
use crate::domain::card::Failure;
use crate::words::{Said, said};

use super::super::pages::phone;
use super::{Onward, Problem, paths, plain_name};

impl Problem {
    fn of_attempt(code: &'static str, words: (Said, Said), actions: [Onward; 2]) -> Self {
        Self::new(StatusCode::OK, code, words, actions)
    }

    /// The cardholder stopped.
    pub(in crate::http) fn cancelled(attempt: &Attempt) -> Self {
        let words = (said::f01_title(), said::f01_body());
        Self::of_attempt("cancelled", words, [try_again(attempt), Onward::home()])
    }

    /// Time is up, of which there were so many minutes. The status says so too.
    pub(in crate::http) fn expired(attempt: &Attempt, minutes: i64) -> Self {
        Self::too_late(issuer(attempt), &attempt.issuer.name, minutes)
    }

    /// The issuer said no.
    pub(in crate::http) fn declined(attempt: &Attempt) -> Self {
        let name = &plain_name(&attempt.issuer.name);
        let again = Onward::new(said::fail_other_card(), issuer(attempt));
        let words = (said::f05_title(name), said::f05_body());
        Self::of_attempt("declined", words, [again, Onward::home()])
            .advice([said::f05_item_1(name), said::f05_item_2(name)])
    }

    /// The card was added, and the issuer paused it afterwards.
    pub(in crate::http) fn paused(attempt: &Attempt, phone: Option<(String, String)>) -> Self {
        let name = &plain_name(&attempt.issuer.name);
        let words = (said::f18_title(name), said::f18_body(name));
        Self::of_attempt("suspended", words, [Onward::home(), call_or_help(name, phone)])
    }

    /// The card was added, and removed afterwards.
    pub(in crate::http) fn gone(attempt: &Attempt) -> Self {
        let words = (said::gone_title(), said::gone_body());
        let again = Onward::new(said::add_a_card(), issuer(attempt));
        Self::of_attempt("removed", words, [Onward::home(), again])
    }

    /// No code can be asked for any more, told where the cardholder is.
    pub(in crate::http) fn code_limit(attempt: &Attempt) -> Self {
        let phone = match &attempt.stage {
            Stage::Code { card, .. } => card.face.phone.as_deref().and_then(phone),
            _ => None,
        };
        let name = &plain_name(&attempt.issuer.name);
        let page = Onward::new(said::fail_see_where(), paths::session(attempt.id.as_str()));
        let call = phone.map(|(tel, shown)| Onward::new(said::fail_call(name, shown), tel));
        Self {
            status: StatusCode::TOO_MANY_REQUESTS,
            ..Self::of_attempt(
                "code-limit",
                (said::f17_title(), said::f17_body_issuer(name)),
                match call {
                    Some(call) => [call, page],
                    None => [page, Onward::home()],
                },
            )
        }
    }

    /// It did not work out.
    pub(in crate::http) fn failed(attempt: &Attempt, cards: &[CardView], failure: Failure) -> Self {
        let name = &plain_name(&attempt.issuer.name);
        let again_or = |other: Onward| [try_again(attempt), other];
        let other_bank = || picker(attempt, said::fail_other_bank());
        let (code, words, actions, advice) = match failure {
            Failure::IssuerDeclined => (
                "issuer-declined",
                (said::f04_title(name), said::f04_body(name)),
                again_or(other_bank()),
                vec![said::f04_item_1(name), said::f04_item_2(name)],
            ),
            Failure::IssuerError => (
                "issuer-error",
                (said::f08_title(name), said::f08_body(name)),
                [other_bank(), Onward::home()],
                vec![said::fail_later()],
            ),
            Failure::ReceiptRefused => (
                "receipt-refused",
                (said::f03_title(name), said::f03_body()),
                again_or(other_bank()),
                Vec::new(),
            ),
            Failure::TooLate => (
                "too-late",
                (said::f03_title(name), said::f03_body()),
                again_or(other_bank()),
                Vec::new(),
            ),
            Failure::WrongCode => (
                "wrong-code",
                (said::match_title(), said::match_body(name)),
                again_or(Onward::help()),
                vec![said::mismatch_stop(name)],
            ),
            Failure::NotAnswering => (
                "not-answering",
                (said::f10_title(), said::f10_gave_up()),
                again_or(Onward::home()),
                vec![said::fail_later()],
            ),
            Failure::TermsUnavailable => (
                "terms-unavailable",
                (said::f19_title(name), said::f19_body()),
                again_or(Onward::home()),
                Vec::new(),
            ),
            Failure::Duplicate => (
                "duplicate",
                duplicate(name, cards),
                duplicate_ways(attempt, cards),
                Vec::new(),
            ),
            Failure::Refused => (
                "refused",
                (said::refused_title(), said::refused_body()),
                again_or(Onward::help()),
                vec![said::fail_later()],
            ),
            Failure::NothingAdded => (
                "nothing-added",
                (said::nothing_title(), said::nothing_body()),
                again_or(Onward::home()),
                Vec::new(),
            ),
            Failure::Unclear => (
                "unclear",
                (said::unclear_title(), said::unclear_body(name)),
                [Onward::home(), Onward::help()],
                Vec::new(),
            ),
        };
        Self {
            advice,
            ..Self::of_attempt(code, words, actions)
        }
    }
}

fn issuer(attempt: &Attempt) -> String {
    let path = paths::issuer(attempt.issuer.id.as_str());
    paths::with_host(&path, attempt.host_page.as_ref())
}

/// The list of issuers, on the way back to the same site.
fn picker(attempt: &Attempt, label: Said) -> Onward {
    Onward::new(label, paths::with_host(paths::ISSUERS, attempt.host_page.as_ref()))
}

/// A new attempt with the same issuer.
fn try_again(attempt: &Attempt) -> Onward {
    Onward::new(said::fail_try_again(), issuer(attempt))
}

fn call_or_help(name: &str, phone: Option<(String, String)>) -> Onward {
    phone.map_or_else(Onward::help, |(tel, shown)| {
        Onward::new(said::fail_call(name, shown), tel)
    })
}

fn duplicate(name: &str, cards: &[CardView]) -> (Said, Said) {
    let digits = cards.iter().find_map(|card| card.face.last4.as_deref());
    let body = match digits {
        Some(digits) => said::f06_body(name, plain_name(digits)),
        None => said::f06_body_plain(name),
    };
    (said::f06_title(), body)
}

fn duplicate_ways(attempt: &Attempt, cards: &[CardView]) -> [Onward; 2] {
    let first = cards.iter().find_map(|card| card.duplicate_of.as_ref());
    let card = first.map(|first| Onward::new(said::f06_go(), paths::card(first.as_str())));
    [card.unwrap_or_else(Onward::home), picker(attempt, said::done_another())]
}
