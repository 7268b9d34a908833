//! The strings of the simulators, pulled by REST: `/_sim/…` on the listener of MDES and on that of the banks alike.
//!
//! It moves clocks and makes forged tokens, so it is for programs on this machine and not for a web page that somebody on
//! this machine happens to look at: `Host` must be loopback, bodies must be `application/json`, what a browser sends from
//! another origin is refused, and no answer may be read from there. What there is in full stands in `openapi.json` beside
//! this file, which is served and held against the routes by a test.
//!
//! - `desk` what is switched on, and off again
//! - `guard` who may ask; `json` bodies and answers
//! - `time` the clock and how far participants are off it; `faults` one by one; `roads` latency and failures of whole roads; `receipts` pushes, signatures and keys
//! - `preset` everything by one name; `knobs` what is not agreed in the field; `books` what the simulators remember

mod books;
mod desk;
mod faults;
mod guard;
mod json;
mod knobs;
mod preset;
mod receipts;
mod roads;
mod time;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};

pub use self::books::ISSUERS_MAX;
pub use self::desk::Pulled;
pub use self::faults::FAULT_KINDS;
pub use self::guard::{is_foreign, is_loopback};
use self::json::Problem;
pub use self::roads::{Hop, Latency};
pub use self::time::NotTurned;
use super::bank::Bank;
use super::faults::Faults;
use super::lies::Lies;
use super::mdes::Mdes;
use super::presets::Preset;
use super::processor::Processor;
use super::road::Road;
use super::{Hand, Now};

/// Is told what is switched on, whenever that may have become something else.
pub type Changed = Arc<dyn Fn(News) + Send + Sync>;

/// What is switched on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// In a few words; nothing when all is as at the start.
    pub active: Option<String>,
    /// The wallet is to have no list of issuers, as if it had never received one.
    pub forgets_list: bool,
}

/// What the strings are tied to. Clones share all of it.
#[derive(Clone)]
pub struct Desk {
    pub(super) mdes: Mdes,
    pub(super) bank: Bank,
    pub(super) processor: Processor,
    pub(super) bank_base: String,
    /// The first wallet's: whom `/_sim/push` means when nobody is named.
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
    pub(super) fn read(&self) -> [i64; 2] {
        [0, 1].map(|whose| self.0[whose].load(Ordering::SeqCst))
    }

    /// Which clock is off, and by how much.
    fn words(&self) -> Vec<String> {
        let off = ["the clock of MDES", "the clock of the banks"]
            .into_iter()
            .zip(self.read());
        let off = off.filter(|(_, ms)| *ms != 0);
        off.map(|(whose, ms)| {
            format!(
                "{whose} is {} s {}",
                ms.unsigned_abs() / 1_000,
                if ms > 0 { "ahead" } else { "behind" }
            )
        })
        .collect()
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
        .route("/scenario", get(preset::read).put(preset::set))
        .route("/scenarios", get(preset::list))
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
