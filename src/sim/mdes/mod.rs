//! MDES, played: a state model with an HTTP skin.
//!
//! It serves the issuer's side of Token Connect (`pushMultipleAccounts` and its relatives), the token requestor's side of
//! digitization, and the assets of both; it asks the bank to decide, and tells the wallet when a token changes. It shares
//! no line with the wallet's MDES client, so that the two can contradict each other.
//!
//! - `http`: the order of checks; `operations`: paths, callers, envelopes; `faults`: what can be made to go wrong
//! - `oauth`, `fle`, `jws`, `keys`: cryptography; `gate`: its verifier for a party beside it; `fields`, `errors`: request rules and refusals
//! - `connect`, `push`, `account`: Token Connect; `digitization`, `activation`, `lifecycle`: tokens; `assets`: logos, terms, keys
//! - `issuer_calls`, `notify`: MDES as a client of the bank and of the wallet; `lying`: what it makes when it lies
//! - `requestor`: whose key signed, and who holds; `state`, `receipt`, `token`, `views`: receipts, tokens, tasks, all in memory behind one mutex that is never held across an await

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

mod account;
mod activation;
mod assets;
mod books;
mod connect;
mod digitization;
mod errors;
mod faults;
mod fields;
mod fle;
mod gate;
mod http;
mod issuer_calls;
mod jws;
mod keys;
mod lifecycle;
mod lying;
mod notify;
mod oauth;
mod operations;
mod push;
mod receipt;
mod requestor;
mod settings;
mod state;
#[cfg(test)]
mod testing;
mod token;
mod views;

pub use crate::sim::faults::Fault;
pub(in crate::sim) use books::Books;
pub(in crate::sim) use faults::dropped_connection;
pub(in crate::sim) use gate::Gate;
pub use keys::Keys;
pub(in crate::sim) use notify::NOTIFICATION;
pub(in crate::sim) use operations::operation_names;
pub use settings::{
    AuthenticationCodeMode, CardType, DirectoryEntry, IssuerClient, Product, RequestorKind, Services, Settings,
    TokenRequestor, is_public_key,
};
pub use views::{Call, Counts, KeyLife, Knobs, PublicForm, ReceiptKey, Signer, TokenView};

use crate::sim::faults::{Faults, Order};
use crate::sim::lies::Lies;
use keys::JwsKey;
use oauth::Client;
use openssl::hash::MessageDigest;
use requestor::Caller;
use serde_json::{Map, Value};
use state::State;

/// The simulator. Clones share one state.
#[derive(Clone)]
pub struct Mdes(Arc<Inner>);

struct Inner {
    base_path: String,
    token_requestors: Vec<Arc<TokenRequestor>>,
    clients: Vec<Client>,
    bank_base: Option<String>,
    bank_cert_pem: Option<Vec<u8>>,
    declined_consumes: bool,
    faults: Faults,
    lies: Lies,
    now: super::Now,
    http: reqwest::Client,
    /// Notifications to the wallet and to the bank that are queued or being delivered.
    pending: tokio::sync::watch::Sender<usize>,
    encryption: keys::EncryptionKey,
    /// A key that MDES never had; made when somebody asks for it.
    stranger: OnceLock<JwsKey>,
    /// A key that was retired before the books begin; made when somebody asks for it and none was retired since.
    older: OnceLock<JwsKey>,
    /// A key whose certificate has expired; made when MDES lies with it.
    lapsed: OnceLock<JwsKey>,
    state: Mutex<State>,
}

impl Mdes {
    /// A simulator with empty books.
    ///
    /// # Panics
    /// If a public key in `settings` is neither a PEM public key nor a PEM certificate: the simulator is of no use then,
    /// and its caller made the keys.
    #[must_use]
    pub fn new(settings: Settings, keys: Keys) -> Self {
        let token_requestors: Vec<Arc<TokenRequestor>> = settings.token_requestors.into_iter().map(Arc::new).collect();
        let issuer = &settings.issuer_client;
        let mut clients = vec![Client {
            caller: Caller::Issuer,
            consumer_key: issuer.consumer_key.clone(),
            key: settings::public_key(&issuer.public_key_pem),
        }];
        clients.extend(token_requestors.iter().map(|requestor| Client {
            caller: Caller::TokenRequestor(Arc::clone(requestor)),
            consumer_key: requestor.consumer_key.clone(),
            key: settings::public_key(&requestor.public_key_pem),
        }));
        let state = State::new(keys.jws, settings.directory, &token_requestors, settings.session_in_jws);
        Self(Arc::new(Inner {
            base_path: settings.base_path.trim_end_matches('/').to_owned(),
            token_requestors,
            clients,
            bank_base: settings.bank_base.map(|base| base.trim_end_matches('/').to_owned()),
            bank_cert_pem: settings.bank_cert_pem,
            declined_consumes: settings.declined_consumes,
            faults: settings.faults,
            lies: settings.lies,
            now: settings.now,
            http: issuer_calls::client(),
            pending: tokio::sync::watch::Sender::new(0),
            encryption: keys.encryption,
            stranger: OnceLock::new(),
            older: OnceLock::new(),
            lapsed: OnceLock::new(),
            state: Mutex::new(state),
        }))
    }

    /// The HTTP face, under the base path of the settings; anything else is a 404 in the gateway's shape.
    pub fn router(&self) -> axum::Router {
        axum::Router::new().fallback(http::entry).with_state(self.clone())
    }

    /// Every call that arrived, oldest first; beyond 10,000 the oldest are forgotten.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls()
    }

    /// What happened since the start, also where the books were emptied in between.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.state().counts.clone()
    }

    /// How many tokens were ever created from `receipt`, deleted ones included.
    #[must_use]
    pub fn effects(&self, receipt: &str) -> usize {
        self.state().tokens_of(receipt).len()
    }

    /// Every token, in order of creation.
    #[must_use]
    pub fn tokens(&self) -> Vec<TokenView> {
        self.state().token_views()
    }

    /// The activation code that was last made for a token, for tests and demonstrations without a bank.
    #[must_use]
    pub fn activation_code(&self, token_unique_reference: &str) -> Option<String> {
        self.state().activation_code(token_unique_reference)
    }

    /// Makes the next `times` calls of `operation` (a name as in [`Call::operation`], or `"*"`) go wrong. Faults queue.
    pub fn inject(&self, operation: &str, fault: Fault, times: usize) {
        self.0.faults.add(Order {
            operation: operation.to_owned(),
            fault,
            latency: Duration::ZERO,
            probability: 1.0,
            count: u64::try_from(times).ok(),
            seed: 0,
        });
    }

    /// Forgets all faults, those of the banks too.
    pub fn clear_faults(&self) {
        self.0.faults.clear();
    }

    /// Activates an inactive token as the issuer may do by itself, and notifies the wallet. `false` if there is no such
    /// inactive token. Call it inside a Tokio runtime, or the notification is not sent.
    #[must_use]
    pub fn activate_as_issuer(&self, token_unique_reference: &str) -> bool {
        lifecycle::activate(self, token_unique_reference).is_ok()
    }

    /// Replaces the directory. Assets of the old one stay: what an asset id stands for never changes.
    pub fn set_directory(&self, directory: Vec<DirectoryEntry>) {
        self.state().set_directory(directory);
    }

    /// From now on this party is asked and told about the accounts that begin with `prefix`, instead of the bank host. It
    /// outlives every directory: who processes for a range does not depend on who lists it.
    pub fn serve_range(&self, prefix: &str, services: Services) {
        let mut state = self.state();
        state.services.retain(|(other, _)| other != prefix);
        state.services.push((prefix.to_owned(), services));
    }

    /// Puts a new JWS key in force and answers its key id. With `overlap` the old one stays available as an asset.
    pub fn rotate_jws_key(&self, overlap: bool) -> String {
        let fresh = keys::JwsKey::generate();
        self.state().rotate_jws_key(fresh, overlap)
    }

    /// The keys that ever signed receipts here, the one in force last.
    #[must_use]
    pub fn receipt_keys(&self) -> Vec<ReceiptKey> {
        let older = self.0.older.get().map(|key| key.published(KeyLife::Retired));
        older.into_iter().chain(self.state().receipt_keys()).collect()
    }

    /// A token over any payload, with a header that differs from the usual one by these members (null removes one), made
    /// with any key: what an attacker would make, and what a mistake looks like.
    #[must_use]
    pub fn forge(&self, payload: &[u8], header: &Map<String, Value>, signer: Signer) -> String {
        self.with_tool(signer, |kid, tool| {
            let algorithm = match tool {
                jws::Tool::Rsa(_) => "RS256",
                jws::Tool::Hmac(_) => "HS256",
                jws::Tool::Nothing => "none",
            };
            let mut members = Map::new();
            members.insert("alg".to_owned(), algorithm.into());
            members.insert("kid".to_owned(), kid.into());
            for (name, value) in header {
                if value.is_null() {
                    members.remove(name);
                } else {
                    members.insert(name.clone(), value.clone());
                }
            }
            jws::forge(
                payload,
                &Value::Object(members).to_string(),
                tool,
                MessageDigest::sha256(),
            )
        })
    }

    /// The same with a header that is written already, for what no JSON library writes, and with any hash.
    #[must_use]
    pub fn forge_as_written(&self, payload: &[u8], header: &str, signer: Signer, digest: MessageDigest) -> String {
        self.with_tool(signer, |_, tool| jws::forge(payload, header, tool, digest))
    }

    /// Hands out what a signer signs with, and the name of its key.
    fn with_tool(&self, signer: Signer, make: impl FnOnce(&str, &jws::Tool<'_>) -> String) -> String {
        let (live, retired) = {
            let state = self.state();
            (state.live_key(), state.retired_key())
        };
        match signer {
            Signer::Live => make(&live.kid, &jws::Tool::Rsa(&live.key)),
            Signer::Stranger => {
                let stranger = self.0.stranger.get_or_init(JwsKey::generate);
                make(&live.kid, &jws::Tool::Rsa(&stranger.key))
            }
            Signer::Retired => {
                let older = || self.0.older.get_or_init(JwsKey::generate_older);
                let retired = retired.as_ref().unwrap_or_else(older);
                make(&retired.kid, &jws::Tool::Rsa(&retired.key))
            }
            Signer::HmacPublicPem => make(&live.kid, &jws::Tool::Hmac(live.public_pem())),
            Signer::HmacPublic(form) => make(&live.kid, &jws::Tool::Hmac(live.mistaken_secret(form))),
            Signer::Nobody => make(&live.kid, &jws::Tool::Nothing),
        }
    }

    /// How MDES behaves where the field is not agreed or where a test wants it otherwise.
    #[must_use]
    pub fn knobs(&self) -> Knobs {
        self.state().knobs()
    }

    /// How it behaved at the start, and whether it lists the issuers of the start.
    pub(in crate::sim) fn start(&self) -> (Knobs, bool) {
        self.state().start()
    }

    /// Knobs and directory as they are now are what a reset leads back to; at first they are those of the settings.
    pub fn keep_as_start(&self) {
        self.state().keep_as_start();
    }

    /// Empties the books. Keys, knobs and the directory stay.
    pub fn forget(&self) {
        self.state().forget();
    }

    /// Lists the issuers of the start again, and takes what is not agreed in the field as at the start.
    pub fn as_at_the_start(&self) {
        self.state().as_at_the_start();
    }

    /// The ids of the issuers that are listed, in order.
    #[must_use]
    pub fn listed(&self) -> Vec<String> {
        let state = self.state();
        state
            .issuers
            .iter()
            .map(|issuer| issuer.entry.issuer_id.clone())
            .collect()
    }

    /// The books, to be put into another simulator.
    pub(in crate::sim) fn books(&self) -> Books {
        Books::of(&self.state())
    }

    /// Puts books in the place of those that are there.
    pub(in crate::sim) fn put_books(&self, books: Books) -> Result<(), String> {
        books.into_state(&mut self.state(), &self.0.token_requestors)
    }

    /// Whether `tokenRequestorSessionId` is part of what is signed.
    pub fn set_session_in_jws(&self, session_in_jws: bool) {
        self.state().session_in_jws = session_in_jws;
    }

    /// Whether a receipt makes one token at the most and a task id is taken once, as at the real MDES. Without that the
    /// books show what a wallet that orders twice would cause: [`Mdes::effects`] beyond one.
    pub fn set_single_use(&self, single_use: bool) {
        self.state().single_use = single_use;
    }

    /// What becomes of `authenticationCode` from now on; `None` at the start.
    pub fn set_authentication_code_mode(&self, mode: AuthenticationCodeMode) {
        self.state().code_mode = mode;
    }

    /// Signs receipts with another key under the live key id, to show what a wallet does with a forged signature.
    pub fn sign_with_wrong_key(&self, wrong: bool) {
        let stranger = wrong.then(|| keys::JwsKey::generate().key);
        self.state().stranger = stranger;
    }

    /// A JWS over any payload with the key in force.
    #[must_use]
    pub fn sign_push_account_data(&self, payload_json: &str) -> String {
        self.state().sign(payload_json)
    }

    /// The token requestor of this id, if it is enrolled.
    fn token_requestor(&self, id: &str) -> Option<&Arc<TokenRequestor>> {
        self.0.token_requestors.iter().find(|requestor| requestor.id == id)
    }

    /// Completes when no notification, to the wallet or to the bank, is queued or under way: delivered, or given up on.
    pub fn pending_notifications_delivered(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut pending = self.0.pending.subscribe();
        async move {
            // The sender outlives nothing of interest: if it is gone, nothing is pending either.
            let _ = pending.wait_for(|count| *count == 0).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held is a bug that its own test shows; the books are still worth reading.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What its own clock says: milliseconds since the epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.0.now)()
    }
}

impl std::fmt::Debug for Mdes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Mdes")
            .field("base_path", &self.0.base_path)
            .finish_non_exhaustive()
    }
}
