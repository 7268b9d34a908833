//! What a cardholder does with a card of the wallet: pause it, go on with it, remove it.
//!
//! Every form answers 303 to the card's page, which says what is so; a second click, Back and reload are never errors.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::CardView;
use crate::app::{App, Fault};
use crate::domain::Millis;
use crate::domain::id::CardId;
use crate::domain::life::{CardChange, LifeNote};
use crate::words::Words;

use super::frame::{Art, Frame, card_name, show};
use super::guard::{Visit, see_other};
use super::inbound::{detached, own_form};
use super::paths;
use super::problem::Problem;
use super::text::plain_name;

/// For so long a page says that a wish was not fulfilled.
const NOTE_MS: i64 = 15 * 60_000;

/// What the page of a card says of its life, and what can be done.
pub(super) struct Life {
    /// What is under way, if anything is, and where to look again.
    pub(super) under_way: Option<(String, String)>,
    /// Why the last wish was not fulfilled.
    pub(super) note: Option<String>,
    /// Why it cannot be used.
    pub(super) held: Option<String>,
    /// It is gone: a heading and what that means.
    pub(super) gone: Option<(String, String)>,
    /// The buttons: where each posts to, and what it says.
    pub(super) buttons: Vec<(String, String)>,
    /// Where removing it is confirmed.
    pub(super) remove: Option<String>,
}

impl Life {
    pub(super) fn of(words: &Words, card: &CardView, now: Millis) -> Self {
        let (life, id) = (&card.life, card.id.as_str());
        let issuer = plain_name(&card.issuer);
        let button = |may: bool, change, label: String| may.then(|| (paths::card_change(id, verb(change)), label));
        let buttons = [
            button(life.may_pause, CardChange::Pause, words.card_pause()),
            button(life.may_resume, CardChange::Resume, words.card_resume()),
        ];
        let under_way = life.changing.map(|change| match change {
            _ if card.in_doubt => words.card_change_doubt(),
            CardChange::Pause => words.card_pausing(),
            CardChange::Resume => words.card_resuming(),
            CardChange::Remove => words.card_removing(),
        });
        let note = life.note.filter(|(_, at_ms)| now.0 - at_ms < NOTE_MS);
        Self {
            under_way: under_way.map(|text| (text, paths::card(id))),
            note: note.map(|(note, _)| match note {
                LifeNote::NotDone => words.card_change_not_done(),
                LifeNote::Refused => words.card_change_refused(),
                LifeNote::Unclear => words.card_change_unclear(&issuer),
            }),
            held: match (life.is_held_elsewhere, life.is_paused_here) {
                (true, _) => Some(words.card_suspended_body(&issuer)),
                (false, true) => Some(words.card_paused_body()),
                (false, false) => None,
            },
            gone: (card.state == "deactivated").then(|| (words.gone_title(), words.gone_body())),
            buttons: buttons.into_iter().flatten().collect(),
            remove: life
                .may_remove
                .then(|| paths::card_change(id, verb(CardChange::Remove))),
        }
    }
}

/// The last part of a change's path, here and in the API.
pub(super) fn verb(change: CardChange) -> &'static str {
    match change {
        CardChange::Pause => "suspend",
        CardChange::Resume => "resume",
        CardChange::Remove => "delete",
    }
}

/// `POST /cards/{id}/suspend`
///
/// # Errors
/// As every form; 404 for a card that is not this browser's.
pub async fn suspend(app: State<App>, card: Path<String>, request: Request) -> Result<Response, Problem> {
    change(app, card, request, CardChange::Pause).await
}

/// `POST /cards/{id}/resume`
///
/// # Errors
/// As [`suspend`].
pub async fn resume(app: State<App>, card: Path<String>, request: Request) -> Result<Response, Problem> {
    change(app, card, request, CardChange::Resume).await
}

/// `POST /cards/{id}/delete`
///
/// # Errors
/// As [`suspend`].
pub async fn delete(app: State<App>, card: Path<String>, request: Request) -> Result<Response, Problem> {
    change(app, card, request, CardChange::Remove).await
}

async fn change(
    State(app): State<App>,
    Path(card): Path<String>,
    request: Request,
    change: CardChange,
) -> Result<Response, Problem> {
    let (visit, _) = own_form(&app, request, &[]).await?;
    let id = CardId::parse(&card).map_err(|_| Fault::UnknownCard)?;
    let owner = visit.owner(&app);
    let target = id.clone();
    match detached(async move { app.change_card(&target, &owner, change).await }).await {
        Ok(()) | Err(Fault::NotNow { .. }) => Ok(see_other(&paths::card(id.as_str()))),
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "card_remove.html")]
struct RemovePage {
    frame: Frame,
    art: Art,
    name: String,
    issuer: String,
    back: String,
    action: String,
    csrf: String,
}

/// `GET /cards/{id}/delete`: asks before anything is removed.
///
/// # Errors
/// 404 for a card that is not this browser's.
pub async fn ask(State(app): State<App>, visit: Visit, Path(card): Path<String>) -> Result<Response, Problem> {
    let id = CardId::parse(&card).map_err(|_| Fault::UnknownCard)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownCard)?;
    let card = app.card(&id, &owner).await?;
    if !card.life.may_remove {
        return Ok(see_other(&paths::card(id.as_str())));
    }
    Ok(remove_page(&visit, &visit.csrf(&app), &card))
}

pub(super) fn remove_page(visit: &Visit, csrf: &str, card: &CardView) -> Response {
    let words = &visit.words;
    let id = card.id.as_str();
    let page = RemovePage {
        frame: Frame::new(visit, words.card_remove_title(), "card-remove"),
        art: Art::of(card),
        name: card_name(words, &card.issuer, &card.face),
        issuer: plain_name(&card.issuer),
        back: paths::card(id),
        action: paths::card_change(id, verb(CardChange::Remove)),
        csrf: csrf.to_owned(),
    };
    show(StatusCode::OK, &page.frame, &page)
}
