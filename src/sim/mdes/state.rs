//! What MDES remembers: receipts, eligibilities, tasks, tokens, assets, and the log of calls.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::assets::{self, Media, ProductAssets};
use super::jws;
use super::keys::{JwsKey, random_digits, random_uuid};
use super::oauth::Nonces;
pub(super) use super::receipt::{Account, Receipt, ReceiptLife};
use super::requestor::Holder;
use super::settings::{AuthenticationCodeMode, DirectoryEntry, Services, TokenRequestor};
use super::token::{Method, Token, TokenStatus, token_expiry};
use super::views::{Call, Counts, KeyLife, Knobs, ReceiptKey, TokenView};
use openssl::pkey::{PKey, Private};

/// The books of one simulator.
pub(super) struct State {
    pub(super) session_in_jws: bool,
    /// Whether a receipt and a task id can be used once only.
    pub(super) single_use: bool,
    pub(super) code_mode: AuthenticationCodeMode,
    /// Signs instead of the live key while a forgery is demonstrated.
    pub(super) stranger: Option<PKey<Private>>,
    pub(super) nonces: Nonces,
    pub(super) issuers: Vec<Arc<Issuer>>,
    /// By the beginning of account numbers: who answers for them instead of the bank host.
    pub(super) services: Vec<(String, Services)>,
    pub(super) assets: HashMap<String, Vec<Media>>,
    pub(super) receipts: HashMap<String, Receipt>,
    pub(super) eligibilities: HashMap<String, Eligibility>,
    /// By token requestor and task id: what one calls a task says nothing to another.
    pub(super) tasks: HashMap<(String, String), Task>,
    pub(super) tokens: HashMap<String, Token>,
    live_jws: JwsKey,
    /// Keys that were in force before, oldest first.
    former_jws: Vec<JwsKey>,
    /// Token references by receipt, in order of creation: the ledger of effects. Nothing is ever taken out.
    ledger: HashMap<String, Vec<String>>,
    /// One reference per account number for as long as the simulator lives.
    account_references: HashMap<String, String>,
    calls: VecDeque<Call>,
    calls_forgotten: usize,
    pub(super) counts: Counts,
    start: Start,
}

/// How it was when everything had been set up.
struct Start {
    knobs: Knobs,
    issuers: Vec<Arc<Issuer>>,
}

/// A directory entry with the ids of its assets.
pub(super) struct Issuer {
    pub(super) entry: DirectoryEntry,
    pub(super) assets: ProductAssets,
}

/// The answer to a `checkEligibility`, redeemed by `digitize`.
pub(super) struct Eligibility {
    pub(super) receipt: String,
    pub(super) holder: Holder,
    pub(super) terms_asset_id: String,
    pub(super) expires_at_ms: i64,
}

/// A digitization by its task id.
pub(super) struct Task {
    pub(super) holder: Holder,
    pub(super) status: TaskStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaskStatus {
    InProgress,
    Completed,
    Failed,
}

impl TaskStatus {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
        }
    }
}

/// What is needed to enter a token into the books.
pub(super) struct NewToken {
    pub(super) receipt: String,
    pub(super) holder: Holder,
    pub(super) decision: &'static str,
    pub(super) status: TokenStatus,
    pub(super) methods: Vec<Method>,
    pub(super) correlation_id: String,
    pub(super) reference: String,
}

impl State {
    pub(super) fn new(
        jws: JwsKey,
        directory: Vec<DirectoryEntry>,
        requestors: &[Arc<TokenRequestor>],
        session_in_jws: bool,
    ) -> Self {
        let mut state = Self {
            session_in_jws,
            single_use: true,
            code_mode: AuthenticationCodeMode::default(),
            stranger: None,
            nonces: Nonces::default(),
            issuers: Vec::new(),
            services: Vec::new(),
            assets: assets::own(requestors),
            receipts: HashMap::new(),
            eligibilities: HashMap::new(),
            tasks: HashMap::new(),
            tokens: HashMap::new(),
            live_jws: jws,
            former_jws: Vec::new(),
            ledger: HashMap::new(),
            account_references: HashMap::new(),
            calls: VecDeque::new(),
            calls_forgotten: 0,
            counts: Counts::default(),
            start: Start {
                knobs: Knobs {
                    session_in_jws,
                    single_use: true,
                    code_mode: AuthenticationCodeMode::default(),
                },
                issuers: Vec::new(),
            },
        };
        state.publish_live_key();
        state.set_directory(directory);
        state.keep_as_start();
        state
    }

    pub(super) fn set_directory(&mut self, directory: Vec<DirectoryEntry>) {
        self.issuers = directory
            .into_iter()
            .map(|entry| {
                Arc::new(Issuer {
                    assets: assets::publish(&mut self.assets, &entry),
                    entry,
                })
            })
            .collect();
    }

    /// The issuer whose account range an account falls into: the longest prefix wins.
    pub(super) fn issuer_of(&self, account: &str) -> Option<Arc<Issuer>> {
        let matching = self
            .issuers
            .iter()
            .filter(|issuer| account.starts_with(&issuer.entry.account_range_prefix));
        matching
            .max_by_key(|issuer| issuer.entry.account_range_prefix.len())
            .cloned()
    }

    pub(super) fn rotate_jws_key(&mut self, fresh: JwsKey, overlap: bool) -> String {
        if !overlap {
            self.assets.remove(&self.live_jws.kid);
        }
        self.former_jws.push(std::mem::replace(&mut self.live_jws, fresh));
        if self.former_jws.len() > FORMER_KEYS_MAX {
            self.former_jws.remove(0);
        }
        self.publish_live_key();
        self.live_jws.kid.clone()
    }

    pub(super) fn live_key(&self) -> JwsKey {
        self.live_jws.clone()
    }

    /// The key that was retired last.
    pub(super) fn retired_key(&self) -> Option<JwsKey> {
        let mut former = self.former_jws.iter().rev();
        former.find(|key| !self.assets.contains_key(&key.kid)).cloned()
    }

    pub(super) fn receipt_keys(&self) -> Vec<ReceiptKey> {
        let former = self.former_jws.iter().map(|key| {
            let published = self.assets.contains_key(&key.kid);
            let life = if published {
                KeyLife::Overlapping
            } else {
                KeyLife::Retired
            };
            (key, life)
        });
        let all = former.chain([(&self.live_jws, KeyLife::Live)]);
        all.map(|(key, life)| key.published(life)).collect()
    }

    pub(super) fn sign(&self, payload: &str) -> String {
        jws::sign(
            payload,
            &self.live_jws.kid,
            self.stranger.as_ref().unwrap_or(&self.live_jws.key),
        )
    }

    /// Enters a token made from a receipt that is in the books, and writes the ledger.
    pub(super) fn create_token(&mut self, new: NewToken, now_ms: i64) -> Option<&Token> {
        let receipt = self.receipts.get(&new.receipt)?;
        let account = receipt.account.clone();
        let account_reference = self
            .account_references
            .entry(account.number.clone())
            .or_insert_with(account_reference);
        let token = Token {
            account_reference: account_reference.clone(),
            receipt: new.receipt.clone(),
            holder: new.holder,
            decision: new.decision,
            status: new.status,
            status_at_ms: now_ms,
            suspended_by: std::collections::BTreeSet::new(),
            methods: new.methods,
            code: None,
            correlation_id: new.correlation_id,
            issuer: Arc::clone(&receipt.issuer),
            account,
            suffix: random_digits(4),
            expiry: token_expiry(now_ms),
            number: self.tokens.len(),
            reference: new.reference.clone(),
        };
        self.ledger.entry(new.receipt).or_default().push(new.reference.clone());
        self.counts.tokens += 1;
        Some(self.tokens.entry(new.reference).or_insert(token))
    }

    /// The tokens ever made from a receipt, in order.
    pub(super) fn tokens_of(&self, receipt: &str) -> Vec<&Token> {
        let references = self.ledger.get(receipt).map_or(&[][..], Vec::as_slice);
        references
            .iter()
            .filter_map(|reference| self.tokens.get(reference))
            .collect()
    }

    pub(super) fn token_views(&self) -> Vec<TokenView> {
        let mut tokens: Vec<&Token> = self.tokens.values().collect();
        tokens.sort_by_key(|token| token.number);
        tokens.into_iter().map(Token::view).collect()
    }

    pub(super) fn activation_code(&self, reference: &str) -> Option<String> {
        self.tokens
            .get(reference)?
            .code
            .as_ref()
            .map(|code| code.digits.clone())
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }

    /// Writes a call down as it arrives; the number is for [`State::finish_call`].
    pub(super) fn begin_call(&mut self, call: Call) -> usize {
        *self.counts.calls.entry(call.operation.clone()).or_default() += 1;
        self.calls.push_back(call);
        if self.calls.len() > CALLS_MAX {
            self.calls.pop_front();
            self.calls_forgotten += 1;
        }
        self.calls_forgotten + self.calls.len() - 1
    }

    /// Everything that a wallet or a bank caused; keys, knobs, the directory and the assets stay.
    pub(super) fn forget(&mut self) {
        self.receipts.clear();
        self.eligibilities.clear();
        self.tasks.clear();
        self.tokens.clear();
        self.ledger.clear();
        self.account_references.clear();
        self.calls_forgotten += self.calls.len();
        self.calls.clear();
        self.counts.emptied += 1;
    }

    /// What `/_sim/reset` leads back to: as it is now.
    pub(super) fn keep_as_start(&mut self) {
        self.start = Start {
            knobs: self.knobs(),
            issuers: self.issuers.clone(),
        };
    }

    pub(super) fn start(&self) -> (Knobs, bool) {
        let issuers = self.issuers.iter().map(|issuer| &issuer.entry.issuer_id);
        let at_first = self.start.issuers.iter().map(|issuer| &issuer.entry.issuer_id);
        (self.start.knobs, issuers.eq(at_first))
    }

    /// Back to the start. Keys stay.
    pub(super) fn as_at_the_start(&mut self) {
        self.stranger = None;
        self.issuers.clone_from(&self.start.issuers);
        let knobs = self.start.knobs;
        self.session_in_jws = knobs.session_in_jws;
        self.single_use = knobs.single_use;
        self.code_mode = knobs.code_mode;
    }

    pub(super) fn knobs(&self) -> Knobs {
        Knobs {
            session_in_jws: self.session_in_jws,
            single_use: self.single_use,
            code_mode: self.code_mode,
        }
    }

    pub(super) fn account_references(&self) -> impl Iterator<Item = (&String, &String)> {
        self.account_references.iter()
    }

    /// Enters tokens of another simulator, in order, and the references of their accounts.
    pub(super) fn take_over(&mut self, tokens: Vec<Token>, references: Vec<(String, String)>) {
        for token in tokens {
            let made = self.ledger.entry(token.receipt.clone()).or_default();
            made.push(token.reference.clone());
            self.tokens.insert(token.reference.clone(), token);
        }
        self.account_references.extend(references);
    }

    pub(super) fn finish_call(&mut self, number: usize, status: u16, outcome: String) {
        self.end_call(number, status, outcome, None);
    }

    /// The same, with what was wrong with a receipt.
    pub(super) fn end_call(&mut self, number: usize, status: u16, outcome: String, receipt: Option<&'static str>) {
        let place = number
            .checked_sub(self.calls_forgotten)
            .and_then(|at| self.calls.get_mut(at));
        if let Some(call) = place {
            call.status = status;
            call.outcome = outcome;
            call.receipt = receipt;
        }
    }

    /// Publishes an asset and answers its id.
    pub(super) fn publish(&mut self, media: Vec<Media>) -> String {
        assets::put(&mut self.assets, media)
    }

    /// Publishes a key that signs beside the one in force.
    pub(super) fn publish_key(&mut self, key: &JwsKey) {
        if self.assets.insert(key.kid.clone(), vec![key_media(key)]).is_none() {
            self.former_jws.push(key.clone());
        }
    }

    fn publish_live_key(&mut self) {
        self.assets
            .insert(self.live_jws.kid.clone(), vec![key_media(&self.live_jws)]);
    }
}

fn key_media(key: &JwsKey) -> Media {
    Media {
        kind: "application/jwk+json".to_owned(),
        bytes: key.jwk_json(),
    }
}

fn account_reference() -> String {
    format!("FWSPMC0000000001{}", random_uuid().simple())
}

/// Former keys remembered.
const FORMER_KEYS_MAX: usize = 20;
/// Calls remembered; a demonstration that runs for weeks must not grow.
const CALLS_MAX: usize = 10_000;
