//! A return that came in another browser and is kept: the page there, with the code or the way to sign in, and the
//! digits that are typed where the attempt started.
//!
//! Nothing of the card is on any of these pages: the browser that shows them may be anybody's.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::{App, CodeVerdict};
use crate::domain::homecoming::RETURN_CODE_DIGITS;
use crate::domain::id::IssuerId;

use super::attempt::session_id;
use super::frame::{Frame, show};
use super::guard::{Visit, see_other};
use super::inbound::{detached, own_form};
use super::paths;
use super::problem::Problem;
use super::stage::Note;
use super::text::{plain_name, typed_code};

#[derive(Template)]
#[template(path = "elsewhere.html")]
struct ElsewherePage {
    frame: Frame,
    name: String,
    digits: Option<String>,
    sign_in: Option<String>,
    again: String,
}

/// What the other browser shows while its return waits for the code.
pub(super) fn code_page(visit: &Visit, issuer: &IssuerId, name: &str, digits: &str) -> Response {
    let page = ElsewherePage {
        frame: Frame::new(visit, visit.words.other_digits_title(), "return-code"),
        name: plain_name(name),
        digits: Some(in_pairs(digits)),
        sign_in: None,
        again: paths::issuer(issuer.as_str()),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// What the other browser shows while its return waits for somebody to sign in.
pub(super) fn sign_in_page(visit: &Visit, issuer: &IssuerId, name: &str, sign_in_url: &str) -> Response {
    let page = ElsewherePage {
        frame: Frame::new(visit, visit.words.other_title(), "sign-in"),
        name: plain_name(name),
        digits: None,
        sign_in: Some(sign_in_url.to_owned()),
        again: paths::issuer(issuer.as_str()),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// "48 21 07", to be read and remembered two digits at a time.
fn in_pairs(digits: &str) -> String {
    let digits: Vec<char> = digits.chars().collect();
    let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
    pairs.join(" ")
}

/// `POST /sessions/{id}/return-code`: the digits that the other browser shows.
///
/// # Errors
/// As every form, and what the kept return deserves once its code is right.
pub async fn return_code(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &["code"]).await?;
    let id = session_id(&session)?;
    let typed = typed_code(form.one("code").unwrap_or_default());
    let noted = |note: Note| Ok(see_other(&paths::session_noted(id.as_str(), note.name())));
    if typed.is_empty() {
        return noted(Note::CodeEmpty);
    }
    if typed.len() != RETURN_CODE_DIGITS || !typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return noted(Note::CodeFormat);
    }
    let owner = visit.owner(&app);
    let session = id.clone();
    let verdict = detached(async move { app.enter_return_code(&session, &owner, &typed).await }).await;
    match verdict? {
        CodeVerdict::Right | CodeVerdict::NotAsked => Ok(see_other(&paths::session(id.as_str()))),
        CodeVerdict::Wrong => noted(Note::CodeWrong),
        CodeVerdict::Spent => noted(Note::CodeSpent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_are_shown_in_pairs() {
        assert_eq!(in_pairs("482107"), "48 21 07");
    }
}
