//! What the banks remember. In memory and bounded: the oldest goes first.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::random;
use super::wire::Picture;
use crate::sim::catalogue::{Card, CodePolicy, Issuer, Outcome, Person};

/// Something that a bank sent to a cardholder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Id of the bank.
    pub bank: String,
    /// The masked number or address.
    pub to: String,
    /// The words.
    pub text: String,
    /// The activation code in it.
    pub code: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
}

/// A call of MDES to the issuer services.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// `authorizeService`, `deliverActivationCode`, `notifyServiceActivated`, `notifyTokenUpdated`, or `notifications` of the
    /// processor.
    pub name: &'static str,
    /// The body as it came, encrypted parts included.
    pub request: Value,
    /// What the bank answered.
    pub answer: Value,
    /// Id of the card in question, when the bank could tell.
    pub card_id: Option<String>,
    /// Milliseconds since the Unix epoch.
    pub at: i64,
}

/// A token that waits for the bank or for a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingToken {
    /// How MDES names it.
    pub token_unique_reference: String,
    /// Id of the card behind it.
    pub card_id: String,
    /// The wallet's name, as MDES told it to the bank.
    pub wallet: String,
    /// Since when, milliseconds since the Unix epoch.
    pub since_ms: i64,
    /// Whether the cardholder was reminded of it.
    pub reminded: bool,
}

/// A cardholder between arriving from a wallet and going back.
pub struct Visit {
    pub issuer: &'static Issuer,
    pub session_id: String,
    pub trid: String,
    pub callback_url: String,
    pub locale: Option<String>,
    pub opened_at_ms: i64,
    pub failures: u8,
    pub person: Option<&'static Person>,
    /// Ids of the chosen cards.
    pub chosen: Vec<String>,
    /// Whether it is a visit to the app.
    pub app: bool,
    /// What there is to bring back while somebody chooses how. Set once.
    pub handover: Option<Handover>,
    /// Where the cardholder went when it was over. Set once.
    pub left_to: Option<String>,
}

/// What MDES gave for the chosen cards.
pub struct Handover {
    pub signature: Option<String>,
    pub receipts: Vec<String>,
    pub made_at_ms: i64,
}

/// The wallet that a visit is for.
#[derive(Clone, Debug)]
pub struct Wallet {
    pub name: String,
    pub logo: Option<Picture>,
}

/// A visit is locked for a whole request, so that a second tap waits for the first instead of pushing twice.
pub type SharedVisit = Arc<tokio::sync::Mutex<Visit>>;

/// What a flow needs to go on at another simulator, each oldest first.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Books {
    messages: Vec<Message>,
    authorizations: Vec<(String, WaitingToken)>,
    waiting: Vec<WaitingToken>,
}

#[derive(Default)]
pub struct State(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    visits: HashMap<String, SharedVisit>,
    visit_order: VecDeque<String>,
    wallets: HashMap<String, (Wallet, i64)>,
    messages: VecDeque<Message>,
    calls: VecDeque<Call>,
    forced: HashMap<String, Outcome>,
    /// For cards without an outcome of their own.
    forced_every: Option<Outcome>,
    /// By card: what a visitor decided when it was pushed last.
    visit_forced: HashMap<String, Outcome>,
    code_policies: HashMap<String, CodePolicy>,
    validity_minutes: Option<u32>,
    slowness: Option<Duration>,
    /// By correlation id: what a later call of MDES is about.
    authorizations: VecDeque<(String, WaitingToken)>,
    waiting: VecDeque<WaitingToken>,
}

impl State {
    pub fn open(&self, visit: Visit) -> String {
        let id = random::id();
        let mut memory = self.lock();
        memory
            .visits
            .insert(id.clone(), Arc::new(tokio::sync::Mutex::new(visit)));
        if let Some(oldest) = push_bounded(&mut memory.visit_order, id.clone(), VISITS_MAX) {
            memory.visits.remove(&oldest);
        }
        id
    }

    pub fn visit(&self, id: &str) -> Option<SharedVisit> {
        self.lock().visits.get(id).cloned()
    }

    /// The wallet, when it was learnt after `since_ms`.
    pub fn wallet(&self, trid: &str, since_ms: i64) -> Option<Wallet> {
        self.lock()
            .wallets
            .get(trid)
            .filter(|(_, learnt_at)| *learnt_at >= since_ms)
            .map(|(wallet, _)| wallet.clone())
    }

    pub fn learn_wallet(&self, trid: &str, wallet: Wallet, now_ms: i64) {
        let mut memory = self.lock();
        if memory.wallets.len() >= WALLETS_MAX {
            memory.wallets.clear();
        }
        memory.wallets.insert(trid.to_owned(), (wallet, now_ms));
    }

    pub fn messages(&self) -> Vec<Message> {
        self.lock().messages.iter().rev().cloned().collect()
    }

    pub fn deliver(&self, message: Message) {
        push_bounded(&mut self.lock().messages, message, MESSAGES_MAX);
    }

    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.iter().cloned().collect()
    }

    pub fn record(&self, call: Call) {
        push_bounded(&mut self.lock().calls, call, CALLS_MAX);
    }

    /// From now on, until it is said otherwise, the bank answers so for these cards: a visitor decided it.
    pub fn force_in_visit(&self, cards: &[String], outcome: Option<&Outcome>) {
        let mut memory = self.lock();
        for card in cards {
            match outcome {
                Some(outcome) => memory.visit_forced.insert(card.clone(), outcome.clone()),
                None => memory.visit_forced.remove(card),
            };
        }
    }

    /// The bank answers for this card as the catalogue says.
    pub fn unforce(&self, card: &str) {
        self.lock().forced.remove(card);
    }

    /// As if nobody had ever been here. Visits that are under way end.
    pub fn reset(&self) {
        *self.lock() = Memory::default();
    }

    /// Whatever was decided or set from outside is as at the start. What happened stays.
    pub fn as_at_the_start(&self) {
        let mut memory = self.lock();
        memory.forced.clear();
        memory.forced_every = None;
        memory.visit_forced.clear();
        memory.code_policies.clear();
        memory.validity_minutes = None;
        memory.slowness = None;
    }

    /// How the banks answer for every card, where that is decided, and for how many cards it is decided one by one.
    pub fn forced(&self) -> (bool, usize) {
        let memory = self.lock();
        (memory.forced_every.is_some(), memory.forced.len())
    }

    pub fn books(&self) -> Books {
        let memory = self.lock();
        Books {
            messages: memory.messages.iter().cloned().collect(),
            authorizations: memory.authorizations.iter().cloned().collect(),
            waiting: memory.waiting.iter().cloned().collect(),
        }
    }

    pub fn put_books(&self, books: Books) {
        let mut memory = self.lock();
        memory.messages = books.messages.into_iter().take(MESSAGES_MAX).collect();
        memory.authorizations = books.authorizations.into_iter().take(AUTHORIZATIONS_MAX).collect();
        memory.waiting = books.waiting.into_iter().take(WAITING_MAX).collect();
    }

    pub fn force(&self, card: &str, outcome: Outcome) {
        self.lock().forced.insert(card.to_owned(), outcome);
    }

    pub fn force_every(&self, outcome: Option<Outcome>) {
        self.lock().forced_every = outcome;
    }

    /// How the bank answers for a card: as forced, else as the catalogue says.
    pub fn outcome(&self, card: &Card) -> Outcome {
        let memory = self.lock();
        memory
            .visit_forced
            .get(&card.id)
            .or_else(|| memory.forced.get(&card.id))
            .or_else(|| memory.forced.get(&card.last4))
            .or(memory.forced_every.as_ref())
            .unwrap_or(&card.outcome)
            .clone()
    }

    pub fn set_code_policy(&self, bank: &str, policy: CodePolicy) {
        self.lock().code_policies.insert(bank.to_owned(), policy);
    }

    pub fn set_slowness(&self, time: Duration) {
        self.lock().slowness = Some(time);
    }

    pub fn slowness(&self) -> Duration {
        self.lock().slowness.unwrap_or(SLOWNESS)
    }

    pub fn set_validity(&self, minutes: Option<u32>) {
        self.lock().validity_minutes = minutes;
    }

    pub fn validity(&self) -> Option<u32> {
        self.lock().validity_minutes
    }

    /// How a bank treats the code of the wallet: as set, else as the catalogue says.
    pub fn code_policy(&self, issuer: &Issuer) -> CodePolicy {
        self.lock().code_policies.get(issuer.id).copied().unwrap_or(issuer.code)
    }

    pub fn authorized(&self, correlation_id: &str, card_id: &str, wallet: &str) {
        let token = WaitingToken {
            token_unique_reference: String::new(),
            card_id: card_id.to_owned(),
            wallet: wallet.to_owned(),
            since_ms: 0,
            reminded: false,
        };
        push_bounded(
            &mut self.lock().authorizations,
            (correlation_id.to_owned(), token),
            AUTHORIZATIONS_MAX,
        );
    }

    /// The card that `authorizeService` asked about under this correlation id.
    pub fn card_of(&self, correlation_id: &str) -> Option<String> {
        self.lock().authorization(correlation_id).map(|token| token.card_id)
    }

    /// The same with the wallet's name, as it was told then.
    pub fn authorized_as(&self, correlation_id: &str) -> Option<(String, String)> {
        let token = self.lock().authorization(correlation_id)?;
        Some((token.card_id, token.wallet))
    }

    /// MDES made a token that is not active yet. Gives whether it was already waiting.
    pub fn await_proof(&self, correlation_id: &str, token_unique_reference: &str, now_ms: i64) -> bool {
        let mut memory = self.lock();
        let mut waiting = memory.waiting.iter();
        let known = waiting.any(|token| token.token_unique_reference == token_unique_reference);
        if let (false, Some(token)) = (known, memory.authorization(correlation_id)) {
            let token = WaitingToken {
                token_unique_reference: token_unique_reference.to_owned(),
                since_ms: now_ms,
                ..token
            };
            push_bounded(&mut memory.waiting, token, WAITING_MAX);
        }
        known
    }

    /// The tokens that have waited for a day and were not spoken of yet. They are now.
    pub fn to_remind(&self, now_ms: i64) -> Vec<WaitingToken> {
        let mut memory = self.lock();
        let due = |token: &&mut WaitingToken| !token.reminded && now_ms >= token.since_ms + REMINDER_MS;
        let tokens = memory.waiting.iter_mut().filter(due).map(|token| {
            token.reminded = true;
            token.clone()
        });
        tokens.collect()
    }

    /// The token is active or gone: nobody waits for it.
    pub fn settle(&self, token_unique_reference: &str) {
        self.lock()
            .waiting
            .retain(|token| token.token_unique_reference != token_unique_reference);
    }

    pub fn waiting(&self) -> Vec<WaitingToken> {
        self.lock().waiting.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn authorization(&self, correlation_id: &str) -> Option<WaitingToken> {
        self.authorizations
            .iter()
            .rev()
            .find(|(id, _)| id == correlation_id)
            .map(|(_, token)| token.clone())
    }
}

/// Adds to the end; gives back what had to go from the front.
fn push_bounded<T>(queue: &mut VecDeque<T>, item: T, max: usize) -> Option<T> {
    queue.push_back(item);
    if queue.len() > max { queue.pop_front() } else { None }
}

/// How long a slow bank thinks, by the machine: MDES waits for ten seconds.
const SLOWNESS: Duration = Duration::from_secs(8);
/// A day after a token began to wait, its cardholder hears of it once.
const REMINDER_MS: i64 = 24 * 60 * 60 * 1000;
const VISITS_MAX: usize = 10_000;
const WALLETS_MAX: usize = 100;
const MESSAGES_MAX: usize = 200;
const CALLS_MAX: usize = 1_000;
const AUTHORIZATIONS_MAX: usize = 10_000;
const WAITING_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_queue_forgets_the_oldest() {
        let mut queue = VecDeque::from([1, 2]);
        assert_eq!(push_bounded(&mut queue, 3, 2), Some(1));
        assert_eq!(queue, [2, 3]);
    }

    #[test]
    fn a_token_waits_once_and_only_after_its_authorization() {
        let state = State::default();
        state.await_proof("c-1", "T-1", 0);
        assert!(state.waiting().is_empty());
        state.authorized("c-1", "havorn-no-ada-4", "Tidemark");
        assert!(!state.await_proof("c-1", "T-1", 0));
        assert!(state.await_proof("c-1", "T-1", 9));
        assert!(state.to_remind(REMINDER_MS - 1).is_empty());
        assert_eq!(state.to_remind(REMINDER_MS).len(), 1);
        assert!(state.to_remind(2 * REMINDER_MS).is_empty());
        assert_eq!(state.waiting().len(), 1);
        state.settle("T-1");
        assert!(state.waiting().is_empty());
    }
}
