//! Being spoken to: pages for people, one inbound call for MDES, three addresses for those who run the server.
//!
//! This file is the whole surface: every route and every path. A handler extracts, calls one verb of `app`, presents.
//!
//! | file | what |
//! |---|---|
//! | `guard` | the layer around every route: limits, host, cookie, failures, headers, log |
//! | `inbound` | our own forms and their proof of origin, bodies, verbs that no disconnect cancels |
//! | `headers` | which answer carries which headers |
//! | `cookie`, `form` | two parsers of hostile bytes |
//! | `problem` | from a fault to a status, a stable code, words and a way onward |
//! | `pages`, `picker`, `frame` | cards, one issuer, help, every failure; the list; what all pages share |
//! | `attempt` | the handlers of one attempt |
//! | `stage`, `launch`, `step_up`, `outcome` | its page, by state: under way, to the issuer, proving, over |
//! | `qr` | the code for a phone |
//! | `events` | news of it, for the script and for browsers without |
//! | `callback` | the way back from the issuer, by `GET` and by `POST` |
//! | `elsewhere` | a return in another browser that is kept: its code, where it is typed, the sign-in |
//! | `notify` | the inbound notice of MDES |
//! | `assets`, `art`, `text` | static files and logos, drawn cards, words |
//! | `ops`, `serve` | health and metrics; the accept loop |

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::App;

mod art;
mod assets;
mod attempt;
mod callback;
mod cookie;
mod elsewhere;
mod events;
mod form;
mod frame;
mod guard;
mod headers;
mod inbound;
mod launch;
mod notify;
mod ops;
mod outcome;
#[cfg(test)]
mod page_tests;
mod pages;
mod picker;
mod problem;
mod qr;
#[cfg(test)]
mod samples;
mod serve;
mod stage;
mod step_up;
mod text;

pub use serve::serve;

use guard::{Audience, Shell, frame};

/// The server as it is in production: everything that cardholders and MDES reach.
pub fn router(app: App) -> Router {
    let shell = Shell::of(&app, Audience::People);
    let pages = Router::new()
        .route("/", get(pages::home))
        .route("/issuers", get(picker::picker))
        .route("/issuers/{issuer}", get(pages::issuer))
        .route("/sessions", post(pages::start))
        .route("/sessions/{session}", get(attempt::page))
        .route("/sessions/{session}/go", get(attempt::go))
        .route("/sessions/{session}/events", get(events::events))
        .route("/sessions/{session}/live", get(events::live))
        .route("/sessions/{session}/terms", post(attempt::terms))
        .route("/sessions/{session}/terms/{asset}", get(attempt::terms_pdf))
        .route("/sessions/{session}/method", post(attempt::method))
        .route("/sessions/{session}/code", post(attempt::code))
        .route("/sessions/{session}/resend", post(attempt::resend))
        .route("/sessions/{session}/confirm", post(attempt::confirm))
        .route("/sessions/{session}/return-code", post(elsewhere::return_code))
        .route("/sessions/{session}/cancel", post(attempt::cancel))
        .route("/callback/{session}", get(callback::callback))
        .route("/callback/{session}", post(callback::posted))
        .route("/cards/{card}", get(pages::card))
        .route("/help", get(pages::help))
        .route("/language", get(pages::language))
        .route("/logos/{asset}", get(assets::logo))
        .route("/assets/{name}", get(assets::file))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(shell, frame));
    let calls = Shell::of(&app, Audience::Programs);
    let calls = Router::new()
        .route(paths::TOKEN_UPDATED, post(notify::token_updated))
        .layer(from_fn_with_state(calls, frame));
    pages.merge(calls).with_state(app)
}

/// Health, readiness and metrics, for a listener that strangers do not reach.
pub fn operations(app: App) -> Router {
    let shell = Shell::of(&app, Audience::Programs);
    Router::new()
        .route("/health", get(ops::health))
        .route("/ready", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(shell, frame))
        .with_state(app)
}

/// Every path that we write, in one place. Ids are letters, digits, `-`, `_` and `.`: they need no encoding.
pub mod paths {
    use crate::domain::id::ReturnHandle;

    /// The cards.
    pub const HOME: &str = "/";
    /// The picker.
    pub const ISSUERS: &str = "/issuers";
    /// Help.
    pub const HELP: &str = "/help";
    /// The inbound notice of MDES.
    pub const TOKEN_UPDATED: &str = "/mdes/digitization/1/0/notifyTokenUpdated";

    /// One issuer, chosen already.
    #[must_use]
    pub fn issuer(id: &str) -> String {
        format!("{ISSUERS}/{id}")
    }

    /// An attempt.
    #[must_use]
    pub fn session(id: &str) -> String {
        format!("/sessions/{id}")
    }

    /// An attempt, with something to say.
    #[must_use]
    pub fn session_noted(id: &str, note: &str) -> String {
        format!("/sessions/{id}?note={note}")
    }

    /// The way to the issuer's website.
    #[must_use]
    pub fn go(id: &str) -> String {
        format!("/sessions/{id}/go")
    }

    /// The news of an attempt since a version.
    #[must_use]
    pub fn events(id: &str, seen: i64) -> String {
        format!("/sessions/{id}/events?seen={seen}")
    }

    /// The wait of an attempt, streamed.
    #[must_use]
    pub fn live(id: &str) -> String {
        format!("/sessions/{id}/live")
    }

    /// Accept or decline the terms.
    #[must_use]
    pub fn terms(id: &str) -> String {
        format!("/sessions/{id}/terms")
    }

    /// Terms that are a PDF.
    #[must_use]
    pub fn terms_pdf(id: &str, asset: &str) -> String {
        format!("/sessions/{id}/terms/{asset}")
    }

    /// Choose a way to confirm.
    #[must_use]
    pub fn method(id: &str) -> String {
        format!("/sessions/{id}/method")
    }

    /// The code once more.
    #[must_use]
    pub fn resend(id: &str) -> String {
        format!("/sessions/{id}/resend")
    }

    /// Another way to confirm, or back to a card that waits.
    #[must_use]
    pub fn confirm(id: &str) -> String {
        format!("/sessions/{id}/confirm")
    }

    /// Stop.
    #[must_use]
    pub fn cancel(id: &str) -> String {
        format!("/sessions/{id}/cancel")
    }

    /// Where the digits are typed that another browser shows.
    #[must_use]
    pub fn return_code(id: &str) -> String {
        format!("/sessions/{id}/return-code")
    }

    /// The name of a kept return's handle. No issuer can be given a name with `~`.
    const PARKED: &str = "~parked";

    /// The callback once more, for what was kept.
    #[must_use]
    pub fn callback(id: &str, handle: Option<&ReturnHandle>) -> String {
        match handle {
            Some(handle) => format!("/callback/{id}?{PARKED}={handle}"),
            None => format!("/callback/{id}"),
        }
    }

    /// The handle in a query that [`callback`] wrote. Beside anything else it is none.
    #[must_use]
    pub fn parked_handle(query: &str) -> Option<ReturnHandle> {
        let handle = query.strip_prefix(PARKED)?.strip_prefix('=')?;
        ReturnHandle::parse(handle).ok()
    }

    /// A card.
    #[must_use]
    pub fn card(id: &str) -> String {
        format!("/cards/{id}")
    }

    /// A logo or card art.
    #[must_use]
    pub fn logo(asset: &str) -> String {
        format!("/logos/{asset}")
    }
}
