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

use super::form::FormFault;
use super::paths;
use super::text::plain_name;

mod refused;

/// What went wrong, in public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// A stable name for programs and tests.
    pub code: &'static str,
    /// The status.
    pub status: StatusCode,
    /// What happened.
    pub title: String,
    /// What that means for the cardholder.
    pub detail: String,
    /// What can be done, best first, at most three.
    pub advice: Vec<String>,
    /// Ways onward: the first is the main one. Never empty.
    pub actions: Vec<Action>,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u16>,
    /// Of a refused step, for programs: which of the reasons.
    pub reason: Option<&'static str>,
    /// Of a JSON body, for programs: the member that is at fault, as a JSON pointer (RFC 6901).
    pub pointer: Option<String>,
}

/// A link to a page of ours, or to the wallet's own sign-in page.
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

/// "Go to your cards".
pub fn home() -> Action {
    Action::new("Go to your cards", paths::HOME)
}

/// "Get help".
pub fn help() -> Action {
    Action::new("Get help", paths::HELP)
}

fn picker(label: &str) -> Action {
    Action::new(label, paths::ISSUERS)
}

/// Nothing happened to the card or the account; said wherever it is true.
pub const NOT_ADDED: &str = "The card was not added and nothing was charged.";

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &str, detail: &str, actions: [Action; 2]) -> Self {
        Self {
            code,
            status,
            title: title.to_owned(),
            detail: detail.to_owned(),
            advice: Vec::new(),
            actions: actions.into(),
            retry_after_s: None,
            reason: None,
            pointer: None,
        }
    }

    fn advice<const N: usize>(mut self, advice: [&str; N]) -> Self {
        self.advice = advice.map(str::to_owned).into();
        self
    }

    /// No such page, session, card or asset, or somebody else's: the answers do not differ.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "This page isn’t here",
            "The address may be old or mistyped. If you were adding a card, start again from your cards.",
            [home(), picker("Add a card from your bank")],
        )
    }

    /// A program without the credential, or with a wrong one.
    #[must_use]
    pub fn no_credential() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "no-credential",
            "The credential is missing or wrong",
            "Send the configured credential in one Authorization header, as a Bearer token.",
            [home(), help()],
        )
    }

    /// A JSON body that cannot be read, and where.
    #[must_use]
    pub fn bad_json(detail: &str, pointer: Option<String>) -> Self {
        Self {
            pointer,
            ..Self::bad_request(&format!("The body can’t be read: {detail}. Nothing was changed."))
        }
    }

    /// A hand-over that was used before, or is too old. The way onward is to sign in again.
    #[must_use]
    pub fn handoff_over(sign_in: Option<&str>) -> Self {
        let action = sign_in.map_or_else(home, |page| Action::new("Sign in again", page));
        Self::new(
            StatusCode::GONE,
            "handoff-over",
            "This link can’t be used any more",
            "A link that signs you in works once and only for two minutes. Nothing was changed.",
            [action, help()],
        )
    }

    /// The form does not come from a page of ours, or its page is too old, or the browser keeps no cookie.
    #[must_use]
    pub fn forged_form(has_cookie: bool, host: &str) -> Self {
        let (title, detail) = if has_cookie {
            (
                "This page was open for too long",
                "We couldn’t be sure that it was you. Nothing was changed. Try again.".to_owned(),
            )
        } else {
            (
                "Your browser is blocking a cookie we need",
                format!(
                    "We use one cookie to make sure that the card ends up in your wallet and not in someone else’s. \
                     Allow cookies for {host}, then try again."
                ),
            )
        };
        let actions = [picker("Try again"), help()];
        Self::new(StatusCode::FORBIDDEN, "forged-form", title, &detail, actions)
    }

    /// A query or form that cannot be read.
    #[must_use]
    pub fn malformed(fault: FormFault) -> Self {
        Self::bad_request(&format!(
            "The address or form can’t be read: {fault}. Nothing was changed."
        ))
    }

    /// The page to go back to is none that is registered. Nobody is sent there, and nobody is told that they could be.
    #[must_use]
    pub fn foreign_host(fault: HostFault) -> Self {
        let detail = format!(
            "The link that brought you here names a page to go back to, and we can’t lead you there: it {fault}. Nothing \
             was changed. You can still add a card."
        );
        let bad = Self::bad_request(&detail);
        Self {
            code: "foreign-host",
            title: "We can’t use this link".to_owned(),
            ..bad
        }
    }

    fn bad_request(detail: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "We can’t read this request",
            detail,
            [home(), picker("Add a card from your bank")],
        )
    }

    /// A request that took too long, or a storage that does not answer.
    #[must_use]
    pub fn unavailable() -> Self {
        let problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "We can’t answer right now",
            "Your cards are safe. Try again in a minute.",
            [home(), help()],
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
            "We can’t load the list of banks right now",
            "The service that provides it isn’t answering. Your cards still work.",
            [picker("Try again"), home()],
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
            "Something went wrong on our side",
            "If you were adding a card, go to your cards to see whether it worked before you try again.",
            [home(), help()],
        )
    }

    /// What an answer means that has a status and nothing else: the framework's own refusals.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let (code, title, detail) = match status.as_u16() {
            404 => return Self::not_found(),
            405 => (
                "method-not-allowed",
                "This page can’t be used that way",
                "Nothing was changed.",
            ),
            408 => (
                "timeout",
                "That took too long to arrive",
                "Nothing was changed. Try again.",
            ),
            413 => ("too-large", "That was too much at once", "Nothing was changed."),
            414 => ("address-too-long", "This address is too long", "Nothing was changed."),
            415 => (
                "unsupported-media-type",
                "We can’t read this kind of form",
                "Nothing was changed.",
            ),
            421 => (
                "misdirected",
                "This address isn’t ours",
                "The request named another host. Nothing was changed.",
            ),
            431 => (
                "headers-too-large",
                "Your browser sent too much",
                "Deleting the cookies of this site may help.",
            ),
            503 => return Self::unavailable(),
            400..=499 => return Self::bad_request("Nothing was changed."),
            _ => return Self::internal(),
        };
        Self::new(status, code, title, detail, [home(), help()])
    }

    fn unknown_issuer() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown-issuer",
            "This bank isn’t available here",
            "It may have stopped offering this, or the link is wrong.",
            [picker("Choose a different bank"), home()],
        )
    }

    fn not_now(session: &str, refusal: Refusal) -> Self {
        let attempt = Action::new("See where it stands", paths::session(session));
        let reason = Some(reason(refusal));
        if refusal == Refusal::CodeLimit {
            let problem = Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "code-limit",
                "No more codes can be sent",
                "Your bank allows only a few codes in a row. Wait an hour, or call them.",
                [attempt, home()],
            );
            return Self { reason, ..problem };
        }
        let problem = Self::new(
            StatusCode::CONFLICT,
            "not-now",
            "This has moved on",
            "Nothing was done twice.",
            [attempt, home()],
        );
        Self { reason, ..problem }
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
            Fault::MalformedReturn(_) => Self::new(
                StatusCode::BAD_REQUEST,
                "malformed-return",
                "We can’t read your bank’s reply",
                NOT_ADDED,
                [picker("Start again"), help()],
            ),
            Fault::NotGenuine(_) => Self::not_genuine(),
            Fault::UnknownKey => Self::unknown_key(),
            Fault::ForeignReceipt => Self::foreign_receipt(),
            Fault::WrongCode {
                session,
                issuer,
                issuer_name,
                tries_left,
            } => Self::wrong_code(session.as_str(), (issuer.as_str(), &issuer_name), tries_left),
            Fault::TooLate { issuer, issuer_name } => Self::too_late(issuer.as_str(), &issuer_name),
            Fault::NotNow { session, refusal } => Self::not_now(session.as_str(), refusal),
            Fault::BadInput(rule) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad-input",
                "Something in the form is missing or wrong",
                &format!("Nothing was changed. The rule: {rule}."),
                [home(), help()],
            ),
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
    fn every_fault_has_a_status_a_code_words_and_two_ways_onward() {
        for (fault, status, code) in faults() {
            let problem = Problem::from(fault);
            assert_eq!((problem.status.as_u16(), problem.code), (status, code));
            assert!(!problem.title.is_empty() && !problem.detail.is_empty());
            assert_eq!(problem.actions.len(), 2);
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
    fn every_status_of_the_framework_has_words() {
        for status in [400, 403, 404, 405, 408, 413, 414, 415, 421, 422, 431, 500, 501, 503] {
            let problem = Problem::of_status(StatusCode::from_u16(status).expect("a status"));
            assert!(!problem.title.is_empty(), "{status}");
            if !matches!(status, 403 | 422 | 501) {
                assert_eq!(problem.status.as_u16(), status);
            }
        }
    }
}
