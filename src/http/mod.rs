//! Being spoken to: pages for people, a JSON API for the wallet's own programs, two files for phones, one inbound call for
//! MDES, three addresses for those who run the server.
//!
//! This file is the whole surface: every route and every path. A handler extracts, calls one verb of `app`, presents.
//!
//! | file | what |
//! |---|---|
//! | `guard` | the layer around every route: limits, host, cookie, failures, headers, log |
//! | `inbound` | our own forms and their proof of origin, bodies, verbs that no disconnect cancels |
//! | `headers` | which answer carries which headers |
//! | `encoding` | how a body travels: compressed, or not at all to who has it |
//! | `cookie`, `form` | two parsers of hostile bytes |
//! | `device` | what headers say about the device |
//! | `problem` | from a fault, or an attempt that failed, to a status, a stable code, words and a way onward; its page |
//! | `pages`, `picker`, `frame` | the wallet, one issuer, help; the list, for the page and for its script; what all pages share |
//! | `cards`, `card_life` | one card; pausing it, going on with it, removing it |
//! | `alone` | failures of the server itself, as pages that need nothing of it |
//! | `language` | in which language and colours, and where both are chosen |
//! | `attempt` | the handlers of one attempt |
//! | `stage`, `launch`, `waiting`, `terms`, `step_up`, `outcome` | its page, by state: under way, to the issuer, away, reading, proving, over |
//! | `qr` | the code for a phone |
//! | `events` | news of it, for the script and for browsers without |
//! | `callback` | the way back from the issuer, by `GET` and by `POST` |
//! | `push` | cards that a bank pushes: the landing, the question, the way back to the bank |
//! | `elsewhere` | a return in another browser that is kept: its code, where it is typed, the sign-in |
//! | `account` | whose visit it is: hand-over, sign-out |
//! | `api` | the JSON face, for the wallet's own programs |
//! | `embed` | for other sites: the script of their button, the list for their scripts |
//! | `notify` | the inbound notice of MDES |
//! | [`native_app`] | the files that bind the wallet's own app to our address, and what that app has to do |
//! | `assets`, `art`, `text` | static files and logos, drawn cards, words |
//! | `hosts` | several identities behind one listener |
//! | `ops`, `serve` | health and metrics; the accept loop |

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, options, post};

use crate::app::{App, Fault};
use crate::domain::profile::ReturnNames;
use crate::domain::push::{PushFault, UnverifiedPush};
use crate::domain::receipt::UnverifiedReturn;

mod account;
mod alone;
mod api;
mod art;
mod assets;
mod attempt;
mod callback;
mod card_life;
mod cards;
mod cookie;
mod device;
mod elsewhere;
mod embed;
mod encoding;
mod events;
mod form;
mod frame;
mod guard;
mod headers;
mod hosts;
mod inbound;
mod language;
mod launch;
mod minify;
pub mod native_app;
mod notify;
mod ops;
mod outcome;
// Not in a release: for our own tests and those in a browser, which see the library from outside.
#[cfg(any(test, debug_assertions))]
#[cfg_attr(not(test), allow(dead_code, reason = "some are for single tests"))]
mod launch_samples;
#[cfg(any(test, debug_assertions))]
#[doc(hidden)]
pub mod page_samples;
#[cfg(test)]
mod page_tests;
mod pages;
mod picker;
mod problem;
mod push;
mod qr;
#[cfg(any(test, debug_assertions))]
#[cfg_attr(not(test), allow(dead_code, unused_imports, reason = "some are for single tests"))]
mod samples;
mod serve;
mod stage;
mod step_up;
mod terms;
mod text;
mod waiting;

pub use alone::error_pages;
pub use hosts::by_host;
pub use serve::serve;

use guard::{Audience, Shell, frame};

/// The server as it is in production: everything that cardholders and MDES reach.
pub fn router(app: App) -> Router {
    let shell = Shell::of(&app, Audience::People);
    let mut owned = Router::new()
        .route("/", get(pages::home))
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
        .route("/sessions/{session}/accept", post(push::accept))
        .route("/sessions/{session}/back", get(push::back))
        .route("/push", get(push::land))
        .route("/push", post(push::posted))
        .route("/callback", get(callback::fixed))
        .route("/callback", post(callback::fixed_posted))
        .route("/callback/{session}", get(callback::callback))
        .route("/callback/{session}", post(callback::posted))
        .route("/cards/{card}", get(cards::card))
        .route("/cards/{card}/terms", get(cards::terms))
        .route("/cards/{card}/suspend", post(card_life::suspend))
        .route("/cards/{card}/resume", post(card_life::resume))
        .route("/cards/{card}/delete", get(card_life::ask))
        .route("/cards/{card}/delete", post(card_life::delete));
    if app.has_accounts() {
        owned = owned
            .route("/signout", post(account::sign_out))
            .route("/handoff/{token}", get(account::handoff));
    }
    let pages = owned
        .route_layer(from_fn_with_state(app.clone(), account::known))
        .route("/app/callback/{id}", get(native_app::callback))
        .route("/app", get(native_app::not_opened))
        .route("/issuers", get(picker::picker))
        .route("/issuers/results", get(picker::results))
        .route("/issuers/recent/clear", post(picker::forget))
        .route("/issuers/{issuer}", get(pages::issuer))
        .route("/help", get(pages::help))
        .route("/language", get(language::page))
        .route("/language", post(language::choose))
        .route("/logos/{name}", get(assets::logo))
        .route("/assets/{name}", get(assets::file))
        .route(paths::ASSET_LINKS, get(native_app::serve_asset_links))
        .route(paths::APPLE_ASSOCIATION, get(native_app::serve_apple_association))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(shell, frame));
    let calls = Shell::of(&app, Audience::Programs);
    let calls = Router::new()
        .route(paths::TOKEN_UPDATED, post(notify::token_updated))
        .layer(from_fn_with_state(calls, frame));
    let programs = if app.has_accounts() {
        calls.merge(api(&app))
    } else {
        calls
    };
    pages.merge(programs).merge(embedded(&app)).with_state(app)
}

/// For other sites: no cookie, and nothing about a person. The list is there once an origin is registered.
fn embedded(app: &App) -> Router<App> {
    let mut routes = Router::new().route("/embed/v1.js", get(embed::script));
    if !app.settings().embed.origins.is_empty() {
        routes = routes
            .route("/embed/issuers.json", get(embed::issuers))
            .route("/embed/issuers.json", options(embed::preflight))
            .route("/embed/logos/{name}", get(embed::logo));
    }
    routes.layer(from_fn_with_state(Shell::of(app, Audience::Wallet), frame))
}

/// For the wallet's own programs. Every route wants the credential.
fn api(app: &App) -> Router<App> {
    Router::new()
        .route("/api/v1/openapi.json", get(api::description))
        .route("/api/v1/issuers", get(api::issuers))
        .route("/api/v1/handoffs", post(api::hand_over))
        .route("/api/v1/sessions", post(api::start))
        .route("/api/v1/sessions/{session}", get(api::session))
        .route("/api/v1/pushes", post(api::pushed))
        .route("/api/v1/sessions/{session}/accept", post(api::accept))
        .route("/api/v1/sessions/{session}/return", post(api::returned))
        .route("/api/v1/sessions/{session}/terms", post(api::terms))
        .route("/api/v1/sessions/{session}/terms/{asset}", get(api::terms_pdf))
        .route("/api/v1/sessions/{session}/method", post(api::method))
        .route("/api/v1/sessions/{session}/code", post(api::code))
        .route("/api/v1/sessions/{session}/resend", post(api::resend))
        .route("/api/v1/sessions/{session}/confirm", post(api::confirm))
        .route("/api/v1/sessions/{session}/cancel", post(api::cancel))
        .route("/api/v1/cards", get(api::cards::list))
        .route("/api/v1/cards/{card}/suspend", post(api::cards::suspend))
        .route("/api/v1/cards/{card}/resume", post(api::cards::resume))
        .route("/api/v1/cards/{card}/delete", post(api::cards::delete))
        .layer(from_fn_with_state(app.clone(), api::credential))
        .layer(from_fn_with_state(Shell::of(app, Audience::Wallet), frame))
}

/// Health, readiness and metrics of all identities, the server's first before the others, for a listener that strangers do
/// not reach.
pub fn operations(first: &App, others: &[App]) -> Router {
    let shell = Shell::of(first, Audience::Programs);
    let identities: ops::Identities = std::iter::once(first).chain(others).cloned().collect();
    Router::new()
        .route("/health", get(ops::health))
        .route("/ready", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .fallback(pages::not_found)
        .layer(from_fn_with_state(shell, frame))
        .with_state(identities)
}

/// What a return's query says in an issuer's words, read as the callback reads it.
///
/// # Errors
/// Which rule it breaks.
pub fn read_return(query: &str, names: &ReturnNames) -> Result<UnverifiedReturn, &'static str> {
    callback::parse(query.as_bytes(), names)
}

/// What the query of a push says, read as the landing reads it.
///
/// # Errors
/// Which rule it breaks.
pub fn read_push(query: &str) -> Result<UnverifiedPush, &'static str> {
    push::parse(query.as_bytes()).map_err(|fault| match fault {
        Fault::Push(PushFault::Malformed(rule)) => rule,
        _ => "it is no push",
    })
}

/// Every path that we write, in one place. Ids are letters, digits, `-`, `_` and `.`: they need no encoding.
pub mod paths {
    use url::form_urlencoded::byte_serialize;

    use crate::domain::host_page::HostPage;
    use crate::domain::id::{CardId, IssuerId, ReturnHandle, SessionId};

    /// The cards.
    pub const HOME: &str = "/";
    /// The picker.
    pub const ISSUERS: &str = "/issuers";
    /// Help.
    pub const HELP: &str = "/help";
    /// Where the app's way back ends when it led to a browser. A redirect keeps the fragment of the address that it leaves
    /// unless it has one of its own, and some issuers write the receipt there.
    pub const APP_NOT_OPENED: &str = "/app#top";
    /// What Android knows of our app.
    pub const ASSET_LINKS: &str = "/.well-known/assetlinks.json";
    /// What iOS knows of our app.
    pub const APPLE_ASSOCIATION: &str = "/.well-known/apple-app-site-association";
    /// The inbound notice of MDES.
    pub const TOKEN_UPDATED: &str = "/mdes/digitization/1/0/notifyTokenUpdated";

    /// Whether this is the path of a page that a person may be sent to after signing in: ours, without a query.
    #[must_use]
    pub fn is_page(path: &str) -> bool {
        if [HOME, ISSUERS, HELP].contains(&path) {
            return true;
        }
        let Some((folder, id)) = path.strip_prefix('/').and_then(|path| path.split_once('/')) else {
            return false;
        };
        match folder {
            "issuers" => IssuerId::parse(id).is_ok(),
            "sessions" => SessionId::parse(id).is_ok(),
            "cards" => CardId::parse(id).is_ok(),
            _ => false,
        }
    }

    /// The address that signs a browser in, below the origin.
    #[must_use]
    pub fn handoff(token: &str) -> String {
        format!("/handoff/{token}")
    }

    /// One issuer, chosen already.
    #[must_use]
    pub fn issuer(id: &str) -> String {
        format!("{ISSUERS}/{id}")
    }

    /// A path with the page of another site that is led back to.
    #[must_use]
    pub fn with_host(path: &str, host: Option<&HostPage>) -> String {
        match host {
            Some(host) => {
                let host: String = byte_serialize(host.as_str().as_bytes()).collect();
                format!("{path}?return={host}")
            }
            None => path.to_owned(),
        }
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

    /// The landing of pushed cards.
    pub const PUSH: &str = "/push";

    /// The landing once more, for what was posted there.
    #[must_use]
    pub fn pushed(handle: &ReturnHandle) -> String {
        format!("{PUSH}?{PARKED}={handle}")
    }

    /// The pushed cards are wanted.
    #[must_use]
    pub fn accept(id: &str) -> String {
        format!("/sessions/{id}/accept")
    }

    /// Back to the bank that pushed.
    #[must_use]
    pub fn back(id: &str) -> String {
        format!("/sessions/{id}/back")
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

    /// What changes a card: `suspend`, `resume`, `delete`.
    #[must_use]
    pub fn card_change(id: &str, verb: &str) -> String {
        format!("/cards/{id}/{verb}")
    }

    /// The terms that were accepted for a card.
    #[must_use]
    pub fn card_terms(id: &str) -> String {
        format!("/cards/{id}/terms")
    }

    /// A logo, for pages of other sites.
    #[must_use]
    pub fn embedded_logo(name: &str) -> String {
        format!("/embed/logos/{name}")
    }

    /// A logo or card art.
    #[must_use]
    pub fn logo(name: &str) -> String {
        format!("/logos/{name}")
    }
}
