//! The cardholder's phone, the list of banks, and the pictures.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::pages::{self, Frame, Onward, Phone, PhoneToken};
use super::{Bank, web};
use crate::sim::catalogue::{Issuer, card_by_id, issuer};

pub fn routes() -> Router<Bank> {
    Router::new()
        .route(
            "/",
            get(async |State(bank): State<Bank>| pages::index(|issuer| bank.0.state.code_policy(issuer))),
        )
        .route("/phone", get(phone))
        .route("/phone/activate", post(activate))
        .route(
            "/static/bank.css",
            get(async || web::file("text/css; charset=utf-8", STYLE)),
        )
        .route("/banks/{id}/theme.css", get(theme))
        .route("/banks/{id}/logo.svg", get(logo_svg))
        .route("/banks/{id}/logo.png", get(logo_png))
        .route("/banks/{id}/art/{product}", get(art))
        .route("/wallets/{trid}/logo", get(wallet_logo))
}

async fn phone(State(bank): State<Bank>) -> Response {
    show(&bank, None)
}

/// The button "Confirm it’s me": the bank tells MDES that it knows its cardholder.
async fn activate(State(bank): State<Bank>, request: Request) -> web::Answer {
    let form = web::Form::read(request).await?;
    let reference = form.one("token")?;
    let back = || Some(Onward::Link("/phone".to_owned()));
    if !bank
        .waiting()
        .iter()
        .any(|token| token.token_unique_reference == reference)
    {
        let text = "No card waits for this. It may be active already.";
        let page = pages::error(
            StatusCode::NOT_FOUND,
            Frame::bare(),
            "Nothing to confirm",
            &[text],
            back(),
        );
        return Err(page.into());
    }
    if let Err(reason) = bank.activate_token(reference).await {
        let text = "The bank could not confirm that it’s you. Nothing was changed.";
        let heading = "That did not work";
        let page = pages::error(
            StatusCode::BAD_GATEWAY,
            Frame::bare(),
            heading,
            &[text, &reason],
            back(),
        );
        return Err(page.into());
    }
    let notice = "Thank you. The bank has confirmed that it’s you, and your wallet will see it.";
    Ok(show(&bank, Some(notice.to_owned())))
}

fn show(bank: &Bank, notice: Option<String>) -> Response {
    let messages = bank.phone().into_iter().filter_map(|message| {
        let time = web::clock_time_of(message.at);
        pages::sender(message, time)
    });
    let waiting = bank.waiting().into_iter().filter_map(|token| {
        let card = card_by_id(&token.card_id)?;
        Some(PhoneToken { token, card })
    });
    let page = Phone {
        frame: Frame::bare(),
        messages: messages.collect(),
        waiting: waiting.collect(),
        notice,
    };
    pages::render(StatusCode::OK, &page)
}

async fn theme(Path(id): Path<String>) -> Response {
    with_issuer(&id, |issuer| {
        let css = format!(":root{{--brand:{};--mark:{}}}\n", issuer.background, issuer.stroke);
        web::file("text/css; charset=utf-8", css)
    })
}

async fn logo_svg(Path(id): Path<String>) -> Response {
    with_issuer(&id, |issuer| web::file("image/svg+xml", issuer.logo_svg()))
}

async fn logo_png(Path(id): Path<String>) -> Response {
    with_issuer(&id, |issuer| web::file("image/png", issuer.logo_png()))
}

async fn art(Path((id, product)): Path<(String, String)>) -> Response {
    with_issuer(&id, |issuer| {
        let product = issuer
            .products()
            .iter()
            .find(|other| Some(other.id) == product.strip_suffix(".svg"));
        product.map_or_else(
            || web::failure(StatusCode::NOT_FOUND),
            |product| web::file("image/svg+xml", issuer.card_art_svg(product)),
        )
    })
}

/// A picture that MDES served. It is somebody else’s, so it gets a policy under which nothing in it runs.
async fn wallet_logo(State(bank): State<Bank>, Path(trid): Path<String>) -> Response {
    let logo = bank.0.state.wallet(&trid, i64::MIN).and_then(|wallet| wallet.logo);
    let Some(logo) = logo else {
        return web::failure(StatusCode::NOT_FOUND);
    };
    let policy = (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    );
    ([policy], web::file(logo.media_type, logo.data)).into_response()
}

fn with_issuer(id: &str, found: impl FnOnce(&'static Issuer) -> Response) -> Response {
    issuer(id).map_or_else(|| web::failure(StatusCode::NOT_FOUND), found)
}

const STYLE: &str = include_str!("../../../static/bank.css");
