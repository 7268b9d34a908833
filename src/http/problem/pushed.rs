//! What a bank pushed and is refused, and an attempt that a bank began and that did not end with a card.

use axum::http::StatusCode;

use crate::app::view::{Attempt, PushView};
use crate::domain::push::PushFault;
use crate::words::{Said, said};

use super::{Onward, Problem, paths, plain_name};

impl Problem {
    /// Nothing begins with this link.
    pub(super) fn pushed(fault: PushFault) -> Self {
        let refused =
            |status, code, words: (Said, Said)| Self::new(status, code, words, [Onward::home(), Onward::help()]);
        let bad = StatusCode::BAD_REQUEST;
        match fault {
            PushFault::Malformed(rule) => Self {
                exactly: Some(format!("The push can’t be read: {rule}. Nothing was changed.")),
                ..refused(
                    bad,
                    "malformed-push",
                    (said::push_malformed_title(), said::push_malformed_body()),
                )
            },
            PushFault::OfSession => refused(
                bad,
                "push-of-session",
                (said::push_misplaced_title(), said::push_misplaced_body()),
            ),
            PushFault::Unsigned => refused(
                bad,
                "push-not-signed",
                (said::push_not_signed_title(), said::push_not_signed_body()),
            ),
            PushFault::UnknownIssuer => refused(
                bad,
                "push-unknown-issuer",
                (said::push_issuer_title(), said::push_issuer_body()),
            ),
            PushFault::WrongCallback => refused(
                bad,
                "push-wrong-callback",
                (said::push_callback_title(), said::push_callback_body()),
            ),
            PushFault::Used => refused(
                StatusCode::GONE,
                "push-used",
                (said::push_used_title(), said::push_used_body()),
            ),
        }
    }

    /// The same of an attempt that a bank began: it is begun again there, not here.
    pub(in crate::http) fn of_push(self, attempt: &Attempt, push: &PushView) -> Self {
        let name = &plain_name(&attempt.issuer.name);
        let said = match &push.site {
            Some(site) => said::push_back_site(name, site),
            None => said::push_back(name),
        };
        let back = Onward::new(said, paths::back(attempt.id.as_str()));
        let actions = match (push.leads_back, self.code) {
            (true, _) => [back, Onward::home()],
            (false, _) => [Onward::home(), Onward::help()],
        };
        let is_over = matches!(self.code, "receipt-refused" | "too-late");
        let (title, detail) = if is_over {
            (said::push_over_title(), said::push_over_body(name))
        } else {
            (self.title, self.detail)
        };
        Self {
            title,
            detail,
            advice: if is_over {
                Vec::new()
            } else {
                vec![said::push_again(name)]
            },
            actions: Box::new(actions),
            ..self
        }
    }
}
