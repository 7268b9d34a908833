//! One attempt: its page in whatever state it is, the way to the issuer, and the forms of the page.
//!
//! Every form answers 303 to the page. Where the session has moved on in the meantime, the page is the answer too, so a
//! second click, Back and reload are never errors.

use std::net::{IpAddr, Ipv4Addr};

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;

use crate::app::view::{CardView, Stage};
use crate::app::{App, Fault};
use crate::domain::id::{AssetId, Fingerprint, SessionId};
use crate::domain::session::Refusal;

use super::assets;
use super::form::Fields;
use super::guard::{Visit, nothing, see_other};
use super::inbound::{detached, own_form};
use super::paths;
use super::picker;
use super::problem::Problem;
use super::stage::{self, Note};
use super::text::typed_code;

/// How long after a card was added its issuer counts as used just now. Later looks at the attempt put nothing back that was
/// cleared since.
const NEWS_MS: i64 = 15 * 60_000;

/// `GET /sessions/{id}`. While the server works, waits a moment for the result before it shows the wait.
///
/// # Errors
/// 404 for a session that is not this browser's, 400 for a query that is not ours.
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(session): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let id = session_id(&session)?;
    let fields = Fields::parse(query.unwrap_or_default().as_bytes(), &["note"])?;
    let note = fields.one("note").and_then(Note::of_name);
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownSession)?;
    let attempt = app
        .attempt_after(&id, &owner, &visit.device, None, app.page_wait_ms())
        .await?;
    let page = stage::page(&visit, &visit.csrf(&app), &attempt, note);
    let is_new = |card: &CardView| card.in_wallet && app.now().0 - card.changed_at_ms < NEWS_MS;
    if matches!(&attempt.stage, Stage::Outcome { cards, .. } if cards.iter().any(is_new)) {
        return Ok(picker::remember(&app, &headers, &visit, &attempt.issuer.id, page));
    }
    Ok(page)
}

/// `GET /sessions/{id}/go`: to the issuer's website. The only redirect that leaves us.
///
/// # Errors
/// 404 for a session that is not this browser's.
pub async fn go(State(app): State<App>, visit: Visit, Path(session): Path<String>) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let id = session_id(&session)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownSession)?;
    match detached(async move { app.go(&id, &owner).await }).await {
        Ok(website) => Ok(see_other(&website)),
        Err(Fault::NotNow { session, .. }) => Ok(see_other(&paths::session(session.as_str()))),
        Err(fault) => Err(fault.into()),
    }
}

/// `POST /sessions/{id}/terms`: `action` is `accept` or `decline`, `shown` is what was read.
///
/// # Errors
/// As every form; 422 for another action.
pub async fn terms(State(app): State<App>, Path(session): Path<String>, request: Request) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &["action", "shown"]).await?;
    let id = session_id(&session)?;
    let owner = visit.owner(&app);
    let action = form.one("action").unwrap_or_default().to_owned();
    let shown = form.one("shown").unwrap_or_default().to_owned();
    let device_ip = visit.peer.and_then(public_ipv4);
    let target = id.clone();
    let outcome = detached(async move { answer_terms(&app, &target, &owner, (&action, &shown), device_ip).await });
    back(&id, outcome.await)
}

/// What the cardholder says of the terms: `action` is `accept` or `decline`, `shown` is what was read.
///
/// # Errors
/// The verbs', and [`Fault::BadInput`] for another action.
pub(super) async fn answer_terms(
    app: &App,
    id: &SessionId,
    owner: &Fingerprint,
    (action, shown): (&str, &str),
    device_ip: Option<Ipv4Addr>,
) -> Result<(), Fault> {
    match action {
        "accept" => app.accept_terms(id, owner, shown, device_ip).await,
        "decline" => app.cancel(id, owner).await,
        _ => Err(Fault::BadInput("action is accept or decline")),
    }
}

/// `POST /sessions/{id}/method`: `method` is one of those that were offered, or `later`.
///
/// # Errors
/// As every form.
pub async fn method(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &["method"]).await?;
    let id = session_id(&session)?;
    let owner = visit.owner(&app);
    let method = form.one("method").unwrap_or_default().to_owned();
    let target = id.clone();
    let outcome = detached(async move { answer_method(&app, &target, &owner, &method).await });
    noted(&id, outcome.await, Note::ChooseMethod)
}

/// How the cardholder wants to prove it: one of the offered ways, or `later`.
///
/// # Errors
/// The verbs', and [`Fault::BadInput`] for nothing.
pub(super) async fn answer_method(app: &App, id: &SessionId, owner: &Fingerprint, method: &str) -> Result<(), Fault> {
    match method {
        "" => Err(Fault::BadInput("choose a method")),
        "later" => app.later(id, owner).await,
        chosen => app.choose_method(id, owner, chosen).await,
    }
}

/// `POST /sessions/{id}/code`: `code` as the cardholder types it.
///
/// # Errors
/// As every form.
pub async fn code(State(app): State<App>, Path(session): Path<String>, request: Request) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &["code"]).await?;
    let id = session_id(&session)?;
    let owner = visit.owner(&app);
    let code = typed_code(form.one("code").unwrap_or_default());
    if code.is_empty() {
        return Ok(see_other(&paths::session_noted(id.as_str(), Note::CodeEmpty.name())));
    }
    let target = id.clone();
    let outcome = detached(async move { app.submit_code(&target, &owner, &code).await }).await;
    noted(&id, outcome, Note::CodeFormat)
}

/// `POST /sessions/{id}/resend`: the code again.
///
/// # Errors
/// As every form; 429 when no more codes can be sent.
pub async fn resend(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (visit, _) = own_form(&app, request, &[]).await?;
    let id = session_id(&session)?;
    let owner = visit.owner(&app);
    let (verbs, target, whose) = (app.clone(), id.clone(), owner.clone());
    let outcome = detached(async move { verbs.resend(&target, &whose).await }).await;
    if let Err(Fault::NotNow {
        refusal: Refusal::CodeLimit,
        ..
    }) = outcome
    {
        let attempt = app.attempt(&id, &owner, &visit.device).await?;
        return Err(Problem::code_limit(&attempt));
    }
    back(&id, outcome)
}

/// `POST /sessions/{id}/confirm`: another way to confirm, or back to a card that waits.
///
/// # Errors
/// As every form.
pub async fn confirm(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    press(app, &session, request, |app, id, owner| async move {
        app.another_way(&id, &owner).await
    })
    .await
}

/// `POST /sessions/{id}/cancel`
///
/// # Errors
/// As every form.
pub async fn cancel(
    State(app): State<App>,
    Path(session): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    press(app, &session, request, |app, id, owner| async move {
        app.cancel(&id, &owner).await
    })
    .await
}

/// `GET /sessions/{id}/terms/{asset}`: terms that are a PDF, to be saved and read.
///
/// # Errors
/// 404 for another session's terms.
pub async fn terms_pdf(
    State(app): State<App>,
    visit: Visit,
    Path((session, asset)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = session_id(&session)?;
    let asset = AssetId::parse(&asset).map_err(|_| Fault::UnknownAsset)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownSession)?;
    Ok(assets::download(app.terms_pdf(&id, &owner, &asset).await?))
}

/// The id in a path. What is no id is not there.
///
/// # Errors
/// [`Fault::UnknownSession`].
pub(super) fn session_id(text: &str) -> Result<SessionId, Fault> {
    SessionId::parse(text).map_err(|_| Fault::UnknownSession)
}

/// A button without input: checks the form, does `verb` for this browser and answers with the page of the attempt.
pub(super) async fn press<Done>(
    app: App,
    session: &str,
    request: Request,
    verb: impl FnOnce(App, SessionId, Fingerprint) -> Done,
) -> Result<Response, Problem>
where
    Done: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let (visit, _) = own_form(&app, request, &[]).await?;
    let id = session_id(session)?;
    let owner = visit.owner(&app);
    let outcome = detached(verb(app, id.clone(), owner)).await;
    back(&id, outcome)
}

/// To the page of the attempt, whether this request moved it or another did before.
fn back(id: &SessionId, outcome: Result<(), Fault>) -> Result<Response, Problem> {
    match outcome {
        Ok(()) => Ok(see_other(&paths::session(id.as_str()))),
        Err(Fault::NotNow { session, refusal }) => match refusal {
            Refusal::CodeLimit => Err(Fault::NotNow { session, refusal }.into()),
            Refusal::TooSoon => Ok(see_other(&paths::session_noted(session.as_str(), Note::Wait.name()))),
            Refusal::TermsChanged => Ok(see_other(&paths::session_noted(
                session.as_str(),
                Note::TermsChanged.name(),
            ))),
            Refusal::WrongState(_)
            | Refusal::Expired
            | Refusal::AlreadyReturned
            | Refusal::NotOffered
            | Refusal::Busy
            | Refusal::WrongCardState => Ok(see_other(&paths::session(session.as_str()))),
        },
        Err(fault) => Err(fault.into()),
    }
}

/// As [`back`]; input that is wrong is told at the field.
fn noted(id: &SessionId, outcome: Result<(), Fault>, note: Note) -> Result<Response, Problem> {
    match outcome {
        Err(Fault::BadInput(_)) => Ok(see_other(&paths::session_noted(id.as_str(), note.name()))),
        outcome => back(id, outcome),
    }
}

/// The address of the cardholder's device, as far as the connection tells: a private address is a proxy's or this
/// machine's, and says nothing about the cardholder.
pub(super) fn public_ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    let address = match address.to_canonical() {
        IpAddr::V4(address) => address,
        IpAddr::V6(_) => return None,
    };
    let is_local = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
        || (address.octets()[0] == 100 && address.octets()[1] & 0xc0 == 64);
    (!is_local).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::session::StateName;

    fn location(outcome: Result<(), Fault>, note: Note) -> Result<String, (u16, &'static str)> {
        let id = SessionId::from_random([1; 16]);
        noted(&id, outcome, note)
            .map(|response| {
                let location = response.headers()["location"].to_str().expect("text").to_owned();
                location.replace(id.as_str(), "ID")
            })
            .map_err(|problem| (problem.status.as_u16(), problem.code))
    }

    fn not_now(refusal: Refusal) -> Result<(), Fault> {
        Err(Fault::NotNow {
            session: SessionId::from_random([1; 16]),
            refusal,
        })
    }

    #[test]
    fn a_second_click_leads_to_the_page() {
        let page = Ok("/sessions/ID".to_owned());
        assert_eq!(location(Ok(()), Note::CodeFormat), page);
        for refusal in [
            Refusal::WrongState(StateName::Active),
            Refusal::Expired,
            Refusal::AlreadyReturned,
            Refusal::NotOffered,
            Refusal::Busy,
        ] {
            assert_eq!(location(not_now(refusal), Note::CodeFormat), page);
        }
    }

    #[test]
    fn what_the_cardholder_must_know_comes_with_it() {
        assert_eq!(
            location(not_now(Refusal::TermsChanged), Note::CodeFormat),
            Ok("/sessions/ID?note=terms-changed".to_owned())
        );
        assert_eq!(
            location(Err(Fault::BadInput("a code")), Note::CodeFormat),
            Ok("/sessions/ID?note=code-format".to_owned())
        );
        assert_eq!(
            location(not_now(Refusal::CodeLimit), Note::CodeFormat),
            Err((429, "code-limit"))
        );
        assert_eq!(
            location(Err(Fault::UnknownSession), Note::CodeFormat),
            Err((404, "not-found"))
        );
    }

    #[test]
    fn only_an_address_of_the_open_internet_is_a_device() {
        for (address, is_public) in [
            ("8.8.4.4", true),
            ("::ffff:8.8.4.4", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("192.168.0.1", false),
            ("169.254.1.1", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(
                public_ipv4(address.parse().expect("an address")).is_some(),
                is_public,
                "{address}"
            );
        }
    }
}
