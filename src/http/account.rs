//! Whose visit it is: the account behind a browser, the hand-over that signs it in, and signing out.

use axum::extract::{Path, Request, State};
use axum::http::header::SET_COOKIE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::{App, Fault};

use super::cookie;
use super::guard::{Visit, nothing, see_other};
use super::inbound::{detached, own_form};
use super::pages;
use super::paths;
use super::picker;
use super::problem::Problem;

/// The layer of every route that asks whose a session or a card is: looks up, once, whether the browser is signed in.
pub async fn known(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let is_home = request.uri().path() == paths::HOME;
    if let Some(visit) = request.extensions_mut().get::<Visit>().filter(|visit| visit.is_known) {
        let found = app.account_of_browser(&visit.secret).await;
        let account = match found {
            Ok(account) => account,
            Err(Fault::Unavailable) if is_home => return pages::home_without_cards(visit),
            Err(fault) => return Problem::from(fault).into_response(),
        };
        let visit = Visit {
            account,
            ..visit.clone()
        };
        request.extensions_mut().insert(visit);
    }
    next.run(request).await
}

/// `GET /handoff/{token}`: the wallet's own site sends a browser here that it has signed in. Redeems once, for a person:
/// what looks ahead, frames it or asks with `HEAD` gets 204 and uses nothing up.
///
/// # Errors
/// 404 for a token that is none, 410 for one that was used or is too old.
pub async fn handoff(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Problem> {
    if visit.is_prefetch {
        return Ok(nothing());
    }
    let former = visit.is_known.then(|| visit.secret.clone());
    let sign_in = app.settings().sign_in_url.clone();
    let redeemed = detached(async move { app.redeem_handoff(&token, former.as_deref()).await });
    let redeemed = match redeemed.await {
        Err(Fault::HandoffOver) => return Err(Problem::handoff_over(sign_in.as_deref())),
        outcome => outcome?,
    };
    let cookie = cookie::set_cookie(&redeemed.secret, &visit.shell.jar).ok_or_else(Problem::internal)?;
    let path = match &redeemed.finished {
        Some(session) => paths::session(session.as_str()),
        None => redeemed.path,
    };
    let mut response = see_other(&path);
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /signout`: the browser belongs to nobody again. Twice is once.
///
/// # Errors
/// As every form.
pub async fn sign_out(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (visit, _) = own_form(&app, request, &[]).await?;
    // Whoever comes next at this browser is not told which banks the account used.
    let forgotten = picker::no_recent(&visit);
    detached(async move { app.sign_out(&visit.secret).await }).await?;
    let mut response = see_other(paths::HOME);
    response
        .headers_mut()
        .extend(forgotten.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}
