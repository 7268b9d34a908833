//! The cards of an account: how they stand, and what the cardholder does with one.

use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::{App, Fault};
use crate::domain::id::CardId;
use crate::domain::life::CardChange;
use crate::http::inbound::detached;
use crate::http::problem::Problem;

use super::{asked_subject, json, members, show, subject};

/// `GET /api/v1/cards`: the account's wallet, newest first.
///
/// # Errors
/// 422 for a subject that cannot be one.
pub async fn list(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let owner = app.owner_of_account(&asked_subject(query)?);
    let home = app.home(&owner).await?;
    Ok(json(StatusCode::OK, &show::wallet(&home.cards)))
}

/// `POST /api/v1/cards/{id}/suspend`: the cardholder pauses a card. Answers how it stands, after a moment: `changing` says
/// that it is not over.
///
/// # Errors
/// 404 for another account's, 409 when the card is in no state for it.
pub async fn suspend(app: State<App>, card: Path<String>, request: Request) -> Result<Response, Problem> {
    change_card(app, card, request, CardChange::Pause).await
}

/// `POST /api/v1/cards/{id}/resume`: the cardholder goes on with a card that was paused here.
///
/// # Errors
/// As [`suspend`].
pub async fn resume(app: State<App>, card: Path<String>, request: Request) -> Result<Response, Problem> {
    change_card(app, card, request, CardChange::Resume).await
}

/// `POST /api/v1/cards/{id}/delete`: the cardholder removes a card for ever.
///
/// # Errors
/// As [`suspend`].
pub async fn delete(app: State<App>, card: Path<String>, request: Request) -> Result<Response, Problem> {
    change_card(app, card, request, CardChange::Remove).await
}

async fn change_card(
    State(app): State<App>,
    Path(card): Path<String>,
    request: Request,
    change: CardChange,
) -> Result<Response, Problem> {
    let members = members(&app, request, &["subject"]).await?;
    let owner = app.owner_of_account(&subject(&members)?);
    let id = CardId::parse(&card).map_err(|_| Fault::UnknownCard)?;
    let (verbs, target, whose) = (app.clone(), id.clone(), owner.clone());
    detached(async move { verbs.change_card(&target, &whose, change).await }).await?;
    let card = app.card_at_rest(&id, &owner, app.page_wait_ms()).await?;
    Ok(json(StatusCode::OK, &show::card(&card)))
}
