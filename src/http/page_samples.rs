//! Every page there is, by name, from samples empty, full and hostile; and a server that shows them, for the tests that
//! look at them in a browser.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Mutex;

use crate::app::ScenarioNotice;
use crate::app::brand::Look;
use crate::app::view::{CardView, Home, LifeView};
use crate::config::Limits;
use crate::domain::Millis;
use crate::domain::id::SessionId;

use super::alone;
use super::assets::{self, Files};
use super::card_life;
use super::cards;
use super::cookie::Jar;
use super::guard::{Audience, Fresh, Shell, Visit, frame, nothing};
use super::headers::Face;
use super::language;
use super::native_app;
use super::pages;
use super::samples::{self, HOSTILE};
use super::terms;

mod attempts;
mod pickers;
mod problems;

#[cfg(test)]
pub(super) use pickers::{forms, picker, wanted};

/// A logo, and a card's picture.
const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" width="44" height="44"><path fill="#123a5c" d="M0 0h44v44H0z"/></svg>"##;

/// The names of all pages, in their order.
pub async fn names(origin: &str) -> Vec<String> {
    let visit = Visit::first(&shell(origin));
    every_page(&visit).await.into_iter().map(|(name, _)| name).collect()
}

/// Each page at `/pages/{name}`, in the language that the browser asks for, with the headers and files of the wallet.
/// Nothing else is there, and whatever a page's script asks for is answered with nothing, so that pages stay as they are.
pub fn router(origin: &str) -> Router {
    async fn page(State(kept): State<Kept>, Path(name): Path<String>, headers: HeaderMap, visit: Visit) -> Response {
        let asks_as = ASKS_AS.map(|header| headers.get(header).cloned());
        let mut kept = kept.lock().await;
        let pages = match kept.entry(asks_as) {
            Entry::Occupied(pages) => pages.into_mut(),
            Entry::Vacant(none) => none.insert(bodies(every_page(&visit).await).await),
        };
        let found = pages.get(&name).cloned();
        found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| page.map(Body::from))
    }
    async fn picture() -> Response {
        let mut response = PICTURE.into_response();
        response.extensions_mut().insert(Face::Logo("image/svg+xml"));
        response
    }
    Router::new()
        .route("/pages/{name}", get(page))
        .route("/assets/{name}", get(assets::file))
        .route("/logos/{name}", get(picture))
        .fallback(|| async { nothing() })
        .with_state(Kept::default())
        .layer(from_fn_with_state(shell(origin), frame))
}

/// What of a request its page depends on.
const ASKS_AS: [HeaderName; 3] = [ACCEPT_LANGUAGE, COOKIE, USER_AGENT];

/// All pages of those who ask alike. They are asked for one by one, and to make one takes as long as to make all.
type Kept = Arc<Mutex<HashMap<[Option<HeaderValue>; 3], HashMap<String, Response<Bytes>>>>>;

async fn bodies(pages: Vec<(String, Response)>) -> HashMap<String, Response<Bytes>> {
    let mut whole = HashMap::new();
    for (name, page) in pages {
        let (parts, body) = page.into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a page");
        whole.insert(name, Response::from_parts(parts, body));
    }
    whole
}

fn shell(origin: &str) -> Shell {
    Shell {
        origin: origin.into(),
        identity: "wallet".into(),
        jar: Jar::of(origin.starts_with("https://"), None),
        tally: Arc::default(),
        pulls: true,
        wallet: "Tidemark".into(),
        files: Arc::new(Files::of(&Look {
            name: "Tidemark".to_owned(),
            tokens: String::new(),
            logo: None,
        })),
        demo: true,
        scenario: ScenarioNotice::default(),
        session_minutes: 15,
        link_rules: Arc::default(),
        limits: Limits {
            body_bytes: 4_096,
            api_body_bytes: 4_096,
            uri_bytes: 4_096,
            header_bytes: 16_384,
            headers_max: 64,
            connections_max: 64,
            header_read_ms: 10_000,
            body_read_ms: 10_000,
            request_ms: 30_000,
            shutdown_ms: 1_000,
        },
        audience: Audience::People,
        fresh: Arc::new(|| Fresh {
            reference: "TM-0A1B2C3D4E".to_owned(),
            secret: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0".to_owned(),
        }),
    }
}

/// A page and its name.
type Page = (String, Response);

/// The cards of somebody: none, one, all kinds of them, with pictures of their own, and how a home page ends without any.
fn homes(visit: &Visit, csrf: &str) -> Vec<Page> {
    let home = |cards, unfinished| pages::home_page(visit, None, &Home { cards, unfinished });
    let all_states = ["active", "inactive", "suspended", "failed"];
    let cards = || -> Vec<CardView> { all_states.map(|state| samples::card("Havørn Bank", state)).into() };
    let unfinished = |name: &str| vec![(SessionId::from_random([1; 16]), name.to_owned())];
    let signed_in = Home {
        cards: cards(),
        unfinished: Vec::new(),
    };
    // More than are fetched with the page.
    let illustrated = (0..8).map(|at| samples::illustrated_card("Havørn Bank", all_states[at % 4], Some("F1C889")));
    let list = [
        ("home-empty", home(Vec::new(), Vec::new())),
        ("home-full", home(cards(), unfinished("Bánka Podolí"))),
        (
            "home-signed-in",
            pages::home_page(visit, Some(csrf.to_owned()), &signed_in),
        ),
        (
            "home-hostile",
            home(vec![samples::card(HOSTILE, "active")], unfinished(HOSTILE)),
        ),
        (
            "home-many",
            home(cards().into_iter().cycle().take(30).collect(), Vec::new()),
        ),
        ("home-one", home(cards()[..1].to_vec(), Vec::new())),
        ("home-three", home(cards()[..3].to_vec(), Vec::new())),
        ("home-art", home(illustrated.collect(), Vec::new())),
        ("home-failed", pages::home_without_cards(visit)),
    ];
    list.map(|(name, page)| (name.to_owned(), page)).into()
}

/// One card, and the terms that were accepted for it.
fn single_cards(visit: &Visit, csrf: &str) -> Vec<Page> {
    let card = |card: &CardView| cards::card_page(visit, csrf, card, Millis(0));
    let living = |state, life: LifeView| CardView {
        life,
        ..samples::card("Havørn Bank", state)
    };
    let terms = |card: &CardView, text: &str| terms::of_card(visit, card, &samples::terms_of(text));
    let plain = samples::card("Havørn Bank", "active");
    let hostile = samples::card(HOSTILE, "active");
    let list = [
        ("card", card(&plain)),
        ("card-bare", card(&samples::bare_card("suspended"))),
        (
            "card-art",
            card(&samples::illustrated_card("Havørn Bank", "active", Some("F1C889"))),
        ),
        ("card-hostile", card(&hostile)),
        ("card-paused", card(&living("suspended", samples::paused_here()))),
        ("card-removing", card(&living("active", samples::being_removed()))),
        ("card-not-done", card(&living("active", samples::not_done()))),
        ("card-gone", card(&living("deactivated", LifeView::default()))),
        ("card-remove", card_life::remove_page(visit, csrf, &plain)),
        ("card-remove-hostile", card_life::remove_page(visit, csrf, &hostile)),
        ("card-terms", terms(&plain, "Terms of Havørn Bank")),
        ("card-terms-hostile", terms(&hostile, "<script>alert(1)</script>")),
    ];
    list.map(|(name, page)| (name.to_owned(), page)).into()
}

/// Every page there is, by name.
pub(super) async fn every_page(visit: &Visit) -> Vec<Page> {
    let csrf = "token";
    let mut all = homes(visit, csrf);
    all.extend(single_cards(visit, csrf));
    all.extend(pickers::pickers(visit));
    all.extend(pickers::issuers(visit, csrf));
    all.extend(attempts::attempts(visit, csrf));
    all.extend(problems::problems(visit));
    all.push(("help".into(), pages::help(visit.clone()).await));
    all.push(("language".into(), language::language_page(visit, csrf, "/")));
    all.push(("app".into(), native_app::not_opened(visit.clone()).await));
    all.push(("broken-down".into(), alone::broken_down(visit)));
    all
}
