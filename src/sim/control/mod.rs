//! The strings of the simulators, pulled by REST: `/_sim/…` on the listener of MDES and on that of the banks alike.
//!
//! It moves clocks and makes forged tokens, so it is for programs on this machine and not for a web page that somebody on
//! this machine happens to look at: `Host` must be loopback, bodies must be `application/json`, what a browser sends from
//! another origin is refused, and no answer may be read from there. What there is in full stands in `openapi.json` beside
//! this file, which is served and held against the routes by a test.
//!
//! - `guard` who may ask; `json` bodies and answers
//! - `time` the clock and how far participants are off it; `faults`; `receipts` pushes, signatures and keys
//! - `knobs` what is not agreed in the field; `books` what the simulators remember

mod books;
mod faults;
mod guard;
mod json;
mod knobs;
mod receipts;
mod scenario;
mod time;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};

pub use self::faults::FAULT_KINDS;
pub use self::guard::{is_foreign, is_loopback};
use self::json::Problem;
use super::bank::Bank;
use super::faults::{Faults, Order};
use super::lies::{Deed, Lie, Lies};
use super::mdes::Mdes;
use super::presets::Preset;
use super::road::Road;
use super::{Hand, Now, Time, Turn};

/// Is told what is switched on, whenever that may have become something else; nothing when all is as at the start.
pub type Changed = Arc<dyn Fn(Option<String>) + Send + Sync>;

/// What the strings are tied to. Clones share all of it.
#[derive(Clone)]
pub struct Desk {
    pub(super) mdes: Mdes,
    pub(super) bank: Bank,
    pub(super) bank_base: String,
    /// The wallet's.
    pub(super) token_requestor_id: String,
    /// The hand of the clock, where it has one.
    pub(super) hand: Option<Hand>,
    pub(super) skew: Skew,
    pub(super) faults: Faults,
    pub(super) lies: Lies,
    pub(super) road: Road,
    /// The fault that stands in the book for the lie that is told.
    pub(super) lie_rule: Arc<Mutex<Option<u64>>>,
    /// The preset that is switched on.
    pub(super) preset: Arc<Mutex<Option<&'static Preset>>>,
    /// Who wants to know that something was switched on or off.
    pub(super) changed: Option<Changed>,
}

impl Desk {
    /// Moves the clock that all participants share, or looks at it. `None` where it is the machine's.
    #[must_use]
    pub fn turn(&self, turn: Turn) -> Option<Time> {
        self.hand.as_ref().map(|hand| hand(turn))
    }

    /// Tells whoever wants to know what is switched on.
    pub fn announce(&self) {
        if let Some(changed) = &self.changed {
            changed(self.active());
        }
    }

    /// From now on everybody tells this lie, or none.
    pub(super) fn tell(&self, lie: Option<&'static Lie>) {
        let mut rule = self.lie_rule.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = rule.take() {
            // Somebody may have removed it.
            let _ = self.faults.remove(id);
        }
        match self.lies.always().map(|lie| &lie.deed) {
            Some(Deed::Skew { .. }) => self.skew.set([0, 0]),
            Some(Deed::Road(_)) => self.road.set(None),
            _ => {}
        }
        match lie.map(|lie| &lie.deed) {
            Some(Deed::Fault {
                operation,
                fault,
                count,
            }) => {
                *rule = Some(self.faults.add(Order {
                    operation: (*operation).to_owned(),
                    fault: fault.clone(),
                    latency: Duration::ZERO,
                    probability: 1.0,
                    count: *count,
                    seed: 0,
                }));
            }
            Some(Deed::Skew { mdes_ms, bank_ms }) => self.skew.set([*mdes_ms, *bank_ms]),
            Some(Deed::Road(bump)) => self.road.set(Some(*bump)),
            _ => {}
        }
        self.lies.set(lie);
    }
}

/// How far the clocks of MDES and of the bank are off the one that all share, in milliseconds. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Skew(Arc<[AtomicI64; 2]>);

impl Skew {
    /// The clock of MDES.
    pub(super) fn mdes(&self, now: &Now) -> Now {
        self.off(now, 0)
    }

    /// The clock of the banks.
    pub(super) fn bank(&self, now: &Now) -> Now {
        self.off(now, 1)
    }

    fn off(&self, now: &Now, whose: usize) -> Now {
        let (now, skew) = (Arc::clone(now), Arc::clone(&self.0));
        Arc::new(move || now().saturating_add(skew[whose].load(Ordering::SeqCst)))
    }

    /// Of MDES and of the bank.
    fn read(&self) -> [i64; 2] {
        [0, 1].map(|whose| self.0[whose].load(Ordering::SeqCst))
    }

    pub(super) fn set(&self, skew: [i64; 2]) {
        for (place, ms) in self.0.iter().zip(skew) {
            place.store(ms, Ordering::SeqCst);
        }
    }
}

/// The routes below `/_sim`.
pub(super) fn router(desk: Desk) -> Router {
    let routes = Router::new()
        .route("/openapi.json", get(async || json::document(DESCRIPTION)))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", axum::routing::delete(faults::remove))
        .route("/keys/rotate", post(receipts::rotate))
        .route("/clock", get(time::read).post(time::turn))
        .route("/skew", get(time::read_skew).put(time::set_skew))
        .route("/knobs", get(knobs::read).put(knobs::set))
        .route("/outcomes", axum::routing::put(books::force))
        .route("/issuers", get(books::issuers).put(books::list))
        .route("/reset", post(books::reset))
        .route("/state", get(books::state).put(books::put_state))
        .route("/lies", get(knobs::lies))
        .route("/scenario", get(scenario::read).put(scenario::set))
        .route("/scenarios", get(scenario::list))
        .route("/push", post(receipts::push))
        .route("/sign", post(receipts::sign))
        .route("/calls", get(books::calls))
        .route("/counts", get(books::counts))
        .route("/tokens", get(books::tokens))
        .route("/messages", get(books::messages))
        .method_not_allowed_fallback(async || {
            let text = "This address does not answer this method; /_sim/openapi.json says which ones there are.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, text)
        })
        .fallback(async || {
            Problem::new(
                StatusCode::NOT_FOUND,
                "There is no such address; see /_sim/openapi.json.",
            )
        })
        .layer(from_fn_with_state(desk.clone(), announce))
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn(guard::admit))
        .with_state(desk);
    Router::new().nest("/_sim", routes)
}

/// Whatever was pulled may have changed what is switched on.
async fn announce(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let pulls = request.method() != Method::GET;
    let response = next.run(request).await;
    if pulls {
        desk.announce();
    }
    response
}

/// Books are the longest body: some hundred bytes for each receipt and token.
const BODY_MAX_BYTES: usize = 32 * 1024 * 1024;
const DESCRIPTION: &str = include_str!("openapi.json");

#[cfg(test)]
mod tests;
