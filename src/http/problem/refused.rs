//! A return that is refused.

use axum::http::StatusCode;

use super::{Action, NOT_ADDED, Problem, help, home, paths, picker, plain_name};

impl Problem {
    pub(super) fn too_late(issuer: &str, name: &str) -> Self {
        let name = plain_name(name);
        Self::new(
            StatusCode::GONE,
            "too-late",
            "This took too long",
            &format!("For your safety, adding a card has to be finished within 15 minutes. {NOT_ADDED}"),
            [
                Action::new(format!("Start again with {name}"), paths::issuer(issuer)),
                home(),
            ],
        )
    }

    pub(super) fn other_browser(issuer: &str, name: &str) -> Self {
        let name = plain_name(name);
        let problem = Self::new(
            StatusCode::BAD_REQUEST,
            "other-browser",
            "You came back in another browser",
            &format!(
                "You started adding a {name} card in a different browser. To keep your card safe, we can’t finish it \
                 here. No card has been added in this browser."
            ),
            [
                Action::new("Start again in this browser", paths::issuer(issuer)),
                home(),
            ],
        );
        Self {
            advice: vec![
                format!(
                    "{name}’s app opens this browser. If you start again here, it will bring you back to the same place."
                ),
                "Or go back to the browser where you started and choose “Use the website instead”.".to_owned(),
            ],
            ..problem
        }
    }

    pub(super) fn not_genuine() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "not-genuine",
            "We couldn’t confirm that this came from your bank",
            &format!("Something in the reply was changed or damaged on the way, so we stopped. {NOT_ADDED}"),
            [picker("Start again"), help()],
        )
        .advice([
            "Start again from here. Don’t use a link from a message or an email.",
            "If it happens again, tell us the reference below.",
        ])
    }

    pub(super) fn unknown_key() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unknown-key",
            "We couldn’t confirm yet that this came from your bank",
            "The reply is signed with a key that is new to us, and we are fetching it. The card was not added yet.",
            [home(), help()],
        )
        .advice([
            "Keep this page open for a minute. If nothing happens by then, reload it.",
            "If it happens again, tell us the reference below.",
        ])
    }

    pub(super) fn foreign_receipt() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "foreign-receipt",
            "This reply belongs to a different attempt",
            &format!("You may have started more than once. {NOT_ADDED}"),
            [picker("Start again"), help()],
        )
    }

    pub(super) fn wrong_code(session: &str, (issuer, name): (&str, &str), tries_left: u32) -> Self {
        let name = plain_name(name);
        let (onward, advice) = if tries_left == 0 {
            let again = Action::new(format!("Start again with {name}"), paths::issuer(issuer));
            (again, "If you mistyped it: start again. You get a new code.".to_owned())
        } else {
            let again = Action::new("See your code and try again", paths::session(session));
            (
                again,
                format!("If you mistyped it: go to {name} again, and type it exactly as it is shown here."),
            )
        };
        let problem = Self::new(
            StatusCode::BAD_REQUEST,
            "wrong-code",
            "The code didn’t match",
            &format!(
                "{name}’s answer didn’t hold the code that we showed here, so we can’t be sure that it was you who \
                 signed in there. {NOT_ADDED}"
            ),
            [onward, home()],
        );
        Self {
            advice: vec![
                advice,
                format!(
                    "If somebody sent you a link to {name}, or asked you for the code: stop. They may want your card in \
                     their wallet. Tell {name}."
                ),
            ],
            ..problem
        }
    }
}
