//! One card of the wallet, and the terms that were accepted for it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{CardView, TermsBody};
use crate::app::{App, Fault};
use crate::domain::Millis;
use crate::domain::id::CardId;

use super::card_life::Life;
use super::frame::{Art, Frame, card_name, ending, show};
use super::guard::{Visit, see_other};
use super::pages::{card_status, phone, website};
use super::paths;
use super::problem::Problem;
use super::text::plain_name;

/// `GET /cards/{id}`. While something is under way with it, waits a moment for the result.
///
/// # Errors
/// 404 for a card that is not this browser's.
pub async fn card(State(app): State<App>, visit: Visit, Path(card): Path<String>) -> Result<Response, Problem> {
    let id = CardId::parse(&card).map_err(|_| Fault::UnknownCard)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownCard)?;
    let card = app.card_at_rest(&id, &owner, app.page_wait_ms()).await?;
    Ok(card_page(&visit, &visit.csrf(&app), &card, app.now()))
}

#[derive(Template)]
#[template(path = "card.html")]
struct CardPage {
    frame: Frame,
    art: Art,
    name: String,
    issuer: String,
    product: Option<String>,
    ending: Option<String>,
    state: &'static str,
    status: String,
    locked: bool,
    confirm: Option<String>,
    csrf: String,
    phone: Option<(String, String)>,
    website: Option<(String, String)>,
    attempt: String,
    terms: Option<String>,
    life: Life,
}

pub(super) fn card_page(visit: &Visit, csrf: &str, card: &CardView, now: Millis) -> Response {
    let words = &visit.words;
    let name = card_name(words, &card.issuer, &card.face);
    let can_confirm = card.state == "inactive" && !card.locked && !card.methods.is_empty();
    let page = CardPage {
        frame: Frame::new(visit, name.clone(), "card"),
        art: Art::of(card),
        name,
        issuer: plain_name(&card.issuer),
        product: card.face.product.as_deref().map(plain_name),
        ending: ending(words, &card.face),
        state: card.state,
        status: card_status(words, card),
        locked: card.locked,
        confirm: can_confirm.then(|| paths::confirm(card.session.as_str())),
        csrf: csrf.to_owned(),
        phone: card.face.phone.as_deref().and_then(phone),
        website: card
            .face
            .website
            .as_deref()
            .and_then(|address| website(address, &visit.shell.link_rules)),
        attempt: paths::session(card.session.as_str()),
        terms: card.has_terms.then(|| paths::card_terms(card.id.as_str())),
        life: Life::of(words, card, now),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// `GET /cards/{id}/terms`: what was accepted when the card was added. Terms that are a PDF are 303 to the file.
///
/// # Errors
/// 404 for a card that is not this browser's, or without terms.
pub async fn terms(State(app): State<App>, visit: Visit, Path(card): Path<String>) -> Result<Response, Problem> {
    let id = CardId::parse(&card).map_err(|_| Fault::UnknownCard)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownCard)?;
    let document = app.card_terms(&id, &owner).await?;
    let card = app.card(&id, &owner).await?;
    Ok(match document.body {
        TermsBody::Pdf(_) => see_other(&paths::terms_pdf(card.session.as_str(), document.asset.as_str())),
        TermsBody::Text(_) => super::terms::of_card(&visit, &card, &document),
    })
}
