//! A processor, played: "Mastercard Processing Digital", which keeps the account numbers of an issuer that keeps none.
//!
//! Published are two paths, the header `Token-Connect-Client-Encryption-Key`, the names `cardContractId`,
//! `tokenRequestorId` and `signatureData.callbackUrl`, the response code 00 and the wallet name "MDES for Merchants"
//! (`protocol.md`, 7.1). Every shape beyond that is **assumed**, and each file says which.
//!
//! - `searches`: `POST /clients/{client_id}/funding-accounts/searches`, an account encrypted to MDES for the issuer to push
//! - `tokens`: `GET /clients/{client_id}/tokens`, whether a card is enabled already
//! - `services`: what MDES asks and tells (TAR, TCN, codes); `notices`: what the issuer server hears of it
//! - `contracts`: the cards by their contracts; `web`: the gate and the errors

mod contracts;
mod notices;
mod searches;
mod services;
mod tokens;
mod web;

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};

pub use self::contracts::ContractStatus;
pub(in crate::sim) use self::searches::CLIENT_ENCRYPTION_KEY;
use self::tokens::TokenRecord;
use super::Now;
use super::bank::{self, http_client};
use super::catalogue::{Card, Outcome};
use super::mdes::{self, Gate};

/// Where the router serves, below its origin.
pub const PROCESSING_PATH: &str = "/processing";
/// The token requestor id of Click to Pay.
pub const CLICK_TO_PAY: &str = "50123197928";

/// How an issuer has told its processor to answer for a card that is in order.
pub type Rules = Arc<dyn Fn(&Card) -> Outcome + Send + Sync>;

/// Where the parties are, and what the processor knows of them.
#[derive(Clone)]
pub struct Settings {
    /// The issuer server's origin, such as `http://127.0.0.1:8002`. No slash at the end.
    pub issuer_base: String,
    /// The OAuth consumer key of the issuer.
    pub issuer_consumer_key: String,
    /// The OAuth public key of the issuer, PEM.
    pub issuer_public_key_pem: Vec<u8>,
    /// The one certificate that accounts are encrypted to: that of MDES, PEM.
    pub mdes_cert_pem: Vec<u8>,
    /// What the issuers want.
    pub rules: Rules,
    /// The clock.
    pub now: Now,
}

/// The processor. Clones share everything.
#[derive(Clone)]
pub struct Processor(Arc<Inner>);

struct Inner {
    settings: Settings,
    keys: bank::Keys,
    gate: Gate,
    http: reqwest::Client,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// By contract, where it is not as in the catalogue.
    statuses: HashMap<String, ContractStatus>,
    /// By correlation id: what a later call of MDES is about.
    authorizations: VecDeque<(String, Authorized)>,
    /// Oldest first.
    tokens: VecDeque<TokenRecord>,
}

/// A tokenisation that was not declined.
#[derive(Clone)]
struct Authorized {
    contract: String,
    requestor: String,
    wallet: String,
}

impl Processor {
    /// A processor without tokens. `keys` are its own: MDES encrypts to them.
    ///
    /// # Panics
    /// If the issuer's public key in `settings` is none.
    #[must_use]
    pub fn new(settings: Settings, keys: bank::Keys) -> Self {
        Self(Arc::new(Inner {
            gate: Gate::new(&settings.issuer_consumer_key, &settings.issuer_public_key_pem),
            http: http_client(),
            memory: Mutex::default(),
            settings,
            keys,
        }))
    }

    /// Everything that it answers, for one listener.
    pub fn router(&self) -> Router {
        let path = |rest: &str| format!("{PROCESSING_PATH}{rest}");
        Router::new()
            .route(
                &path("/clients/{client_id}/funding-accounts/searches"),
                post(searches::search),
            )
            .route(&path("/clients/{client_id}/tokens"), get(tokens::list))
            .route(
                &path("/issuerServices/1/0/authorizeService"),
                post(services::authorize_service),
            )
            .route(
                &path("/issuerServices/1/0/deliverActivationCode"),
                post(services::deliver_activation_code),
            )
            .route(
                &path("/issuerServices/1/0/notifyServiceActivated"),
                post(services::notify_service_activated),
            )
            .route(
                &path("/issuerServices/1/0/notifyTokenUpdated"),
                post(services::notify_token_updated),
            )
            .fallback(web::no_such_resource)
            .method_not_allowed_fallback(web::no_such_method)
            .with_state(self.clone())
    }

    /// How MDES reaches it when it lives at `origin`.
    #[must_use]
    pub fn services(&self, origin: &str) -> mdes::Services {
        mdes::Services {
            base: format!("{origin}{PROCESSING_PATH}/issuerServices/1/0"),
            certificate_pem: self.0.keys.certificate_pem().to_vec(),
        }
    }

    /// From now on this contract is so, whatever the catalogue says.
    pub fn set_contract_status(&self, contract: &str, status: ContractStatus) {
        self.lock().statuses.insert(contract.to_owned(), status);
    }

    /// Contracts are as in the catalogue again. Tokens stay.
    pub fn as_at_the_start(&self) {
        self.lock().statuses.clear();
    }

    /// As if nothing had happened.
    pub fn reset(&self) {
        *self.lock() = Memory::default();
    }

    fn now_ms(&self) -> i64 {
        (self.0.settings.now)()
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Processor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Processor").finish_non_exhaustive()
    }
}

/// Adds to the end; what is beyond `max` goes from the front.
fn keep<T>(queue: &mut VecDeque<T>, item: T, max: usize) {
    queue.push_back(item);
    if queue.len() > max {
        queue.pop_front();
    }
}

const AUTHORIZATIONS_MAX: usize = 10_000;
const TOKENS_MAX: usize = 10_000;
