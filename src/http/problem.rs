//! How a request fails, in public: a stable code, a status, words for the cardholder and a way onward.
//!
//! A [`Fault`] of the verbs becomes a [`Problem`] by an exhaustive `match`, so a new way to fail must be given a status
//! and a sentence by a person. A handler returns the problem; which face it gets, a page or problem+json, is the
//! router's decision (`guard`). No private cause is in here: it stays in the log, beside the reference.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::Fault;
use crate::domain::host_page::HostFault;
use crate::domain::session::Refusal;

use crate::words::{Said, said};

use super::form::FormFault;
use super::paths;
use super::text::plain_name;

mod ended;
pub mod page;
mod pushed;
mod refused;

/// What went wrong, in public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable name for programs and tests.
    pub code: &'static str,
    /// The status.
    pub status: StatusCode,
    /// What happened.
    pub title: Said,
    /// What that means for the cardholder.
    pub detail: Said,
    /// The same for programs, in English, where it can be said more exactly: which rule was broken.
    pub exactly: Option<String>,
    /// What can be done, best first, at most three.
    pub advice: Vec<Said>,
    /// Ways onward: the first is the main one, the second is another. Boxed, because results carry problems.
    pub actions: Box<[Onward; 2]>,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u16>,
    /// Of a refused step, for programs: which of the reasons.
    pub reason: Option<&'static str>,
    /// Of a JSON body, for programs: the member that is at fault, as a JSON pointer (RFC 6901).
    pub pointer: Option<String>,
}

/// A way onward that has no language yet: a page of ours, the wallet's own sign-in page, or a number to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onward {
    /// What following it does.
    pub label: Said,
    /// A path, the configured address, or a number as `tel:`.
    pub href: String,
}

impl Onward {
    /// A way onward.
    #[must_use]
    pub fn new(label: Said, href: impl Into<String>) -> Self {
        let href = href.into();
        Self { label, href }
    }

    /// "Go to your cards".
    pub(super) fn home() -> Self {
        Self::new(said::back_home(), paths::HOME)
    }

    /// "Get help".
    pub(super) fn help() -> Self {
        Self::new(said::get_help(), paths::HELP)
    }

    /// To the list of issuers, under that name.
    fn picker(label: Said) -> Self {
        Self::new(label, paths::ISSUERS)
    }
}

/// A link of a page, in its language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What following it does.
    pub label: String,
    /// A path, or the configured address.
    pub href: String,
}

impl Action {
    /// A link.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, (title, detail): (Said, Said), actions: [Onward; 2]) -> Self {
        Self {
            code,
            status,
            title,
            detail,
            exactly: None,
            advice: Vec::new(),
            actions: Box::new(actions),
            retry_after_s: None,
            reason: None,
            pointer: None,
        }
    }

    fn advice<const N: usize>(mut self, advice: [Said; N]) -> Self {
        self.advice = advice.into();
        self
    }

    /// No such page, session, card or asset, or somebody else's: the answers do not differ.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            (said::notfound_title(), said::notfound_body()),
            [Onward::picker(said::add_a_card()), Onward::home()],
        )
    }

    /// A program without the credential, or with a wrong one.
    #[must_use]
    pub fn no_credential() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "no-credential",
            (said::credential_title(), said::credential_body()),
            [Onward::home(), Onward::help()],
        )
    }

    /// The script of a site that is not registered.
    #[must_use]
    pub fn foreign_origin() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "foreign-origin",
            (said::foreign_origin_title(), said::foreign_origin_body()),
            [Onward::home(), Onward::help()],
        )
    }

    /// A JSON body that cannot be read, and where.
    #[must_use]
    pub fn bad_json(detail: &str, pointer: Option<String>) -> Self {
        Self {
            pointer,
            exactly: Some(format!("The body can’t be read: {detail}. Nothing was changed.")),
            ..Self::bad_request()
        }
    }

    /// A hand-over that was used before, or is too old. The way onward is to sign in again.
    #[must_use]
    pub fn handoff_over(sign_in: Option<&str>) -> Self {
        let action = sign_in.map_or_else(Onward::home, |page| Onward::new(said::fail_sign_in(), page));
        Self::new(
            StatusCode::GONE,
            "handoff-over",
            (said::handoff_title(), said::handoff_body()),
            [action, Onward::help()],
        )
    }

    /// The form does not come from a page of ours, or its page is too old, or the browser keeps no cookie. `path` is where
    /// it was posted to: the page above it is where to try again.
    #[must_use]
    pub fn forged_form(has_cookie: bool, host: &str, path: &str) -> Self {
        let words = if has_cookie {
            (said::f25_title_stale(), said::f25_body_stale())
        } else {
            (said::f25_title(), said::f25_body(host))
        };
        let page = path.rsplit_once('/').map(|(page, _)| page);
        let again = page.filter(|page| paths::is_page(page)).unwrap_or(paths::ISSUERS);
        let actions = [Onward::new(said::fail_try_again(), again), Onward::help()];
        Self::new(StatusCode::FORBIDDEN, "forged-form", words, actions)
    }

    /// A query or form that cannot be read.
    #[must_use]
    pub fn malformed(fault: FormFault) -> Self {
        Self {
            exactly: Some(format!(
                "The address or form can’t be read: {fault}. Nothing was changed."
            )),
            ..Self::bad_request()
        }
    }

    /// The page to go back to is none that is registered. Nobody is sent there, and nobody is told that they could be.
    #[must_use]
    pub fn foreign_host(fault: HostFault) -> Self {
        let rule = fault.to_string();
        Self {
            code: "foreign-host",
            title: said::foreign_host_title(),
            detail: said::foreign_host_body(),
            advice: vec![said::foreign_host_rule(&rule)],
            exactly: Some(format!("The page to go back to {rule}. Nothing was changed.")),
            ..Self::bad_request()
        }
    }

    fn bad_request() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            (said::unread_title(), said::unread_body()),
            [Onward::home(), Onward::picker(said::add_a_card())],
        )
    }

    fn bad_input(rule: &str) -> Self {
        let problem = Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad-input",
            (said::input_title(), said::nothing_changed()),
            [Onward::home(), Onward::help()],
        );
        Self {
            exactly: Some(format!("Nothing was changed. The rule: {rule}.")),
            ..problem
        }
    }

    /// A request that took too long, or a storage that does not answer.
    #[must_use]
    pub fn unavailable() -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            (said::unavailable_title(), said::unavailable_body()),
            [Onward::home(), Onward::help()],
        );
        Self {
            retry_after_s: Some(60),
            ..problem
        }
    }

    /// There is no list of issuers, because it was never received.
    #[must_use]
    pub fn no_directory() -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "directory-unavailable",
            (said::f09_title(), said::f09_body()),
            [Onward::picker(said::fail_try_again()), Onward::home()],
        );
        Self {
            retry_after_s: Some(60),
            ..problem
        }
    }

    /// A defect of ours.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            (said::f22_title(), said::f22_body()),
            [Onward::home(), Onward::help()],
        )
    }

    /// What an answer means that has a status and nothing else: the framework's own refusals.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let nothing = said::nothing_changed();
        let (code, title, detail) = match status.as_u16() {
            404 => return Self::not_found(),
            405 => ("method-not-allowed", said::method_not_allowed_title(), nothing),
            408 => ("timeout", said::timeout_title(), said::timeout_body()),
            413 => ("too-large", said::too_large_title(), nothing),
            414 => ("address-too-long", said::address_too_long_title(), nothing),
            415 => ("unsupported-media-type", said::unsupported_title(), nothing),
            421 => ("misdirected", said::misdirected_title(), said::misdirected_body()),
            431 => ("headers-too-large", said::headers_title(), said::headers_body()),
            503 => return Self::unavailable(),
            400..=499 => {
                return Self {
                    detail: nothing,
                    ..Self::bad_request()
                };
            }
            _ => return Self::internal(),
        };
        Self::new(status, code, (title, detail), [Onward::home(), Onward::help()])
    }

    fn unknown_issuer() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown-issuer",
            (said::notfound_issuer_title(), said::notfound_issuer_body()),
            [Onward::picker(said::fail_other_bank()), Onward::home()],
        )
    }

    fn not_now(session: &str, refusal: Refusal) -> Self {
        let actions = [
            Onward::new(said::fail_see_where(), paths::session(session)),
            Onward::home(),
        ];
        let problem = if refusal == Refusal::CodeLimit {
            let words = (said::f17_title(), said::f17_body());
            Self::new(StatusCode::TOO_MANY_REQUESTS, "code-limit", words, actions)
        } else {
            let words = (said::moved_title(), said::moved_body());
            Self::new(StatusCode::CONFLICT, "not-now", words, actions)
        };
        Self {
            reason: Some(reason(refusal)),
            ..problem
        }
    }
}

/// The name of a reason, for programs. It is stable.
fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::WrongState(_) => "wrong-state",
        Refusal::Expired => "expired",
        Refusal::AlreadyReturned => "already-returned",
        Refusal::NotOffered => "not-offered",
        Refusal::TermsChanged => "terms-changed",
        Refusal::Busy => "busy",
        Refusal::CodeLimit => "code-limit",
        Refusal::TooSoon => "too-soon",
        Refusal::WrongCardState => "wrong-card-state",
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::UnknownSession | Fault::UnknownCard | Fault::UnknownAsset | Fault::UnknownHandoff => {
                Self::not_found()
            }
            Fault::HandoffOver => Self::handoff_over(None),
            Fault::UnknownIssuer => Self::unknown_issuer(),
            Fault::OtherBrowser { issuer, issuer_name } => Self::other_browser(issuer.as_str(), &issuer_name),
            Fault::MalformedReturn(_) => Self::unreadable_return(),
            Fault::NotGenuine(_) => Self::not_genuine(),
            Fault::UnknownKey => Self::unknown_key(),
            Fault::ForeignReceipt => Self::foreign_receipt(),
            Fault::Push(fault) => Self::pushed(fault),
            Fault::WrongCode {
                session,
                issuer,
                issuer_name,
                tries_left,
            } => Self::wrong_code(session.as_str(), (issuer.as_str(), &issuer_name), tries_left),
            Fault::TooLate {
                issuer,
                issuer_name,
                minutes,
            } => Self::too_late(paths::issuer(issuer.as_str()), &issuer_name, minutes),
            Fault::NotNow { session, refusal } => Self::not_now(session.as_str(), refusal),
            Fault::BadInput(rule) => Self::bad_input(rule),
            Fault::Unavailable => Self::unavailable(),
            Fault::Internal => Self::internal(),
        }
    }
}

impl From<FormFault> for Problem {
    fn from(fault: FormFault) -> Self {
        Self::malformed(fault)
    }
}

impl From<HostFault> for Problem {
    fn from(fault: HostFault) -> Self {
        Self::foreign_host(fault)
    }
}

impl IntoResponse for Problem {
    /// The status alone, with the problem in the extensions: `guard` gives it its face.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{IssuerId, SessionId};

    fn faults() -> Vec<(Fault, u16, &'static str)> {
        let issuer = IssuerId::parse("havorn-no").expect("id");
        let name = "Havørn Bank".to_owned();
        let session = SessionId::from_random([1; 16]);
        vec![
            (Fault::UnknownSession, 404, "not-found"),
            (Fault::UnknownIssuer, 404, "unknown-issuer"),
            (Fault::UnknownCard, 404, "not-found"),
            (Fault::UnknownAsset, 404, "not-found"),
            (Fault::UnknownHandoff, 404, "not-found"),
            (Fault::HandoffOver, 410, "handoff-over"),
            (
                Fault::OtherBrowser {
                    issuer: issuer.clone(),
                    issuer_name: name.clone(),
                },
                400,
                "other-browser",
            ),
            (Fault::MalformedReturn("why"), 400, "malformed-return"),
            (Fault::NotGenuine("why"), 400, "not-genuine"),
            (Fault::UnknownKey, 400, "unknown-key"),
            (Fault::ForeignReceipt, 400, "foreign-receipt"),
            (
                Fault::WrongCode {
                    session: session.clone(),
                    issuer: issuer.clone(),
                    issuer_name: name.clone(),
                    tries_left: 4,
                },
                400,
                "wrong-code",
            ),
            (
                Fault::TooLate {
                    issuer,
                    issuer_name: name,
                    minutes: 15,
                },
                410,
                "too-late",
            ),
            (
                Fault::NotNow {
                    session: session.clone(),
                    refusal: Refusal::Busy,
                },
                409,
                "not-now",
            ),
            (
                Fault::NotNow {
                    session,
                    refusal: Refusal::CodeLimit,
                },
                429,
                "code-limit",
            ),
            (Fault::BadInput("a code"), 422, "bad-input"),
            (Fault::Unavailable, 503, "unavailable"),
            (Fault::Internal, 500, "internal"),
        ]
    }

    #[test]
    fn every_fault_has_a_status_a_code_and_two_ways_onward() {
        for (fault, status, code) in faults() {
            let problem = Problem::from(fault);
            assert_eq!((problem.status.as_u16(), problem.code), (status, code));
            assert!(problem.advice.len() <= 3);
            assert!(problem.actions.iter().all(|action| action.href.starts_with('/')));
            assert_eq!(problem.retry_after_s.is_some(), status == 503);
        }
    }

    #[test]
    fn a_private_cause_is_never_published() {
        assert_eq!(
            Problem::from(Fault::NotGenuine("kid")),
            Problem::from(Fault::NotGenuine("alg"))
        );
        assert_eq!(
            Problem::from(Fault::MalformedReturn("a")),
            Problem::from(Fault::MalformedReturn("b"))
        );
        assert_eq!(
            Problem::from(Fault::UnknownSession),
            Problem::of_status(StatusCode::NOT_FOUND)
        );
    }

    #[test]
    fn a_form_of_an_old_page_leads_back_to_that_page() {
        let session = SessionId::from_random([1; 16]);
        let page = paths::session(session.as_str());
        let again = |path: &str| {
            let [again, _] = *Problem::forged_form(true, "wallet.example", path).actions;
            again.href
        };
        assert_eq!(again(&format!("{page}/terms")), page);
        for path in [
            "/sessions",
            "/signout",
            "/evil.example/x",
            "//evil.example/x",
            "/sessions/x/y",
            "x",
            "",
        ] {
            let again = again(path);
            assert!(again == paths::ISSUERS || again == paths::HOME, "{path}: {again}");
        }
    }

    #[test]
    fn every_status_of_the_framework_has_a_problem() {
        for status in [400, 403, 404, 405, 408, 413, 414, 415, 421, 422, 431, 500, 501, 503] {
            let problem = Problem::of_status(StatusCode::from_u16(status).expect("a status"));
            if !matches!(status, 403 | 422 | 501) {
                assert_eq!(problem.status.as_u16(), status);
            }
        }
    }
}
