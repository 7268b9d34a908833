//! A bank's app, played by a page: opened by a link of its own, started cold, and asked how it should come back.
//!
//! The steps between are those of the website; they only look different. A visit to the website can end here too, when
//! a tester asks for it on the consent page.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::here::Here;
use super::returns::{Return, return_style};
use super::visits::{Channel, arrive_by};
use super::web::{self, Answer, Form};
use super::{Bank, pages};
use crate::sim::catalogue::{ISSUERS, Issuer, issuer};

pub fn routes() -> Router<Bank> {
    Router::new()
        .route("/apps/{id}/pull", get(open))
        .route("/pull", get(open_at_own_host))
        .route("/visits/{v}/start", get(show_start))
        .route("/visits/{v}/return", get(show_returns).post(come_back))
        .route(
            "/static/bank-post.js",
            get(async || web::file("text/javascript; charset=utf-8", POST_SCRIPT)),
        )
}

async fn open(State(bank): State<Bank>, Path(id): Path<String>, uri: Uri) -> Response {
    start(&bank, issuer(&id), &uri)
}

/// The App Link itself, for whoever maps `app.{id}.example` to this listener.
async fn open_at_own_host(State(bank): State<Bank>, headers: HeaderMap, uri: Uri) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default().split(':').next().unwrap_or_default();
    let issuer = ISSUERS
        .iter()
        .find(|issuer| issuer.app_host().eq_ignore_ascii_case(host));
    start(&bank, issuer, &uri)
}

fn start(bank: &Bank, issuer: Option<&'static Issuer>, uri: &Uri) -> Response {
    match issuer.filter(|issuer| issuer.has_app()) {
        Some(issuer) => arrive_by(bank, issuer, uri.query().unwrap_or_default(), Channel::App),
        None => web::failure(StatusCode::NOT_FOUND),
    }
}

/// The app was not running, so nobody is signed in.
async fn show_start(State(bank): State<Bank>, Path(id): Path<String>) -> Answer {
    Ok(Here::enter(bank, id).await?.start_page())
}

async fn show_returns(State(bank): State<Bank>, Path(id): Path<String>) -> Answer {
    Ok(Here::find(bank, id).await?.returns_page())
}

/// Comes back in the way that was asked for. Any number of times: wallets must cope with that too.
async fn come_back(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let form = Form::read(request).await?;
    let here = Here::find(bank, id).await?;
    let style = return_style(form.one("misbehave")?).ok_or(StatusCode::BAD_REQUEST)?;
    // Nothing to bring back yet, or no longer: the list of ways knows where to go.
    let Some(way) = here.way_back(style) else {
        return Ok(here.returns_page());
    };
    Ok(here.shown(style, way))
}

impl Here {
    /// What a browser is shown that comes back in this way.
    pub fn shown(&self, style: &'static super::ReturnStyle, way: Return) -> Response {
        match way {
            Return::Redirect(to) => web::see_other(&to),
            Return::Page(to) => self.offer_page(style, to),
            Return::Post { url, fields } => {
                let page = self.post_page(url, fields);
                ([(header::CONTENT_SECURITY_POLICY, web::POLICY_WITH_SCRIPT)], page).into_response()
            }
        }
    }

    fn start_page(&self) -> Response {
        pages::render(StatusCode::OK, &pages::Start { frame: self.frame() })
    }

    fn returns_page(&self) -> Response {
        if self.visit.handover.is_none() {
            return self.already_left().unwrap_or_else(|| self.go("consent"));
        }
        let frame = self.frame_without_cancel();
        let page = pages::Returns {
            visit: self.id(),
            app: frame.app,
            frame,
        };
        pages::render(StatusCode::OK, &page)
    }

    fn offer_page(&self, style: &'static super::ReturnStyle, address: String) -> Response {
        let made_at_ms = self.visit.handover.as_ref().map_or(0, |handover| handover.made_at_ms);
        let late_at_ms = made_at_ms + LATE_MS;
        let not_before = (style.id == "late" && self.now_ms() < late_at_ms).then(|| web::clock_time_of(late_at_ms));
        let page = pages::Offer {
            frame: self.frame_without_cancel(),
            visit: self.id(),
            style,
            address,
            not_before,
        };
        pages::render(StatusCode::OK, &page)
    }

    fn post_page(&self, url: String, fields: Vec<(String, String)>) -> Response {
        let page = pages::Post {
            frame: self.frame_without_cancel(),
            url,
            fields,
        };
        pages::render(StatusCode::OK, &page)
    }
}

/// A minute longer than receipts live.
const LATE_MS: i64 = 16 * 60 * 1000;
const POST_SCRIPT: &str = include_str!("../../../static/bank-post.js");
