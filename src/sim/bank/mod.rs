//! Banks, played: the websites and servers of the twelve fictional banks of [`crate::sim::catalogue`].
//!
//! A cardholder arrives from a wallet at `GET /banks/{id}/pull`, signs in, chooses cards and consents. The bank's
//! server encrypts the cards to MDES, pushes them with `pushMultipleAccounts`, and sends the cardholder back to the
//! wallet's callback with the signed receipts. Later MDES asks the bank whether to tokenise (`issuer_services`), and
//! codes arrive on `GET /phone`.
//!
//! - `app` the banks’ apps, `returns` the ways in which they come back, well and badly
//! - `visits` the steps between arriving and leaving, `here` one request within, `arrival` the links in and out
//! - `pages` what the pages hold, `web` what they all share
//! - `phone` the cardholder's phone and the list of demo users
//! - `counter` the sign-in to the bank's own pages; `tokens` the page on which cards in wallets are paused and removed
//! - `enrol` the bank's own page about wallets, from which it pushes by itself; `handover` the address that it pushes to,
//!   `pushed` the way back; `directory` who takes cards, in a database; `enrolments` what is remembered of all that
//! - `issuer_services` what MDES calls, `faults` how that goes wrong
//! - `wire` calls to MDES: OAuth, field level encryption, the HTTP client
//! - `state` what is remembered, in memory; `keys`, `random`

mod app;
mod arrival;
mod counter;
mod directory;
mod enrol;
mod enrolments;
mod faults;
mod handover;
mod here;
mod issuer_services;
mod keys;
mod pages;
mod phone;
mod pushed;
mod random;
mod returns;
mod state;
mod tokens;
mod visits;
mod web;
mod wire;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;

use self::directory::Directory;
pub use self::directory::{Listed, Requestor};
use self::enrolments::Enrolments;
pub use self::keys::Keys;
pub use self::returns::{RETURNS, Return, ReturnStyle, address, return_style};
pub(in crate::sim) use self::state::Books;
use self::state::State;
pub use self::state::{Call, Message, WaitingToken};
pub use self::wire::ContentCipher;
pub(in crate::sim) use self::wire::{EncryptedPayload, accounts, http_client, open, seal};
use self::wire::{Errand, ListedToken, Network};
#[cfg(test)]
pub(in crate::sim) use self::wire::{Stamp, authorization};
use crate::sim::Now;
use crate::sim::catalogue::{ActivationKind, Card, CodePolicy, Outcome, card_by_id, issuer};
use crate::sim::faults::Faults;
use crate::sim::lies::{Deed, Lies, PushLie};

/// Where the banks are, where MDES is, and what they know of each other.
#[derive(Clone)]
pub struct Settings {
    /// Where cardholders find the banks, for example `http://127.0.0.1:8002`. No slash at the end.
    pub public_base: String,
    /// Where MDES is, for example `http://127.0.0.1:8001/mdes`. No slash at the end.
    pub mdes_base: String,
    /// The OAuth consumer key that MDES knows.
    pub consumer_key: String,
    /// The OAuth signing key, PEM.
    pub signing_key_pem: Vec<u8>,
    /// The certificate of MDES that cards are encrypted to, PEM.
    pub mdes_cert_pem: Vec<u8>,
    /// Where the processor is that keeps the account numbers of a bank that keeps none, such as
    /// `http://127.0.0.1:8005/processing`. Without it such a bank can push no card.
    pub processor_base: Option<String>,
    /// Where the token requestors and their logos are kept: a file, made when it is not there, or memory.
    pub database: Option<PathBuf>,
    /// How old that list may become before the schedule asks for it again; two weeks is the most that is allowed.
    pub requestors_age: Duration,
    /// The clock.
    pub now: Now,
    /// What is to go wrong when MDES asks.
    pub faults: Faults,
    /// What the banks lie about.
    pub lies: Lies,
}

/// What a bank may choose when it pushes cards.
#[derive(Clone, Debug, Default)]
pub struct PushOptions {
    /// Life of the receipts in minutes, more than 4 and at most 15; MDES takes 15 when absent.
    pub validity_minutes: Option<u32>,
    /// `xx_YY`, goes into the signature.
    pub locale: Option<String>,
    /// The code that the wallet showed the cardholder, 1 to 32 letters and digits.
    pub authentication_code: Option<String>,
    /// Whether the wallet may open the bank's app to finish; `false` is streamlined activation. MDES takes true when absent, and
    /// does not sign it. Not sent when absent.
    pub complete_issuer_app_activation: Option<bool>,
    /// The same for the bank's website, which is signed. `true` is sent when absent.
    pub complete_website_activation: Option<bool>,
}

/// The answer of MDES to a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pushed {
    /// Receipts in the order of the cards, without those that failed. At least one.
    pub receipts: Vec<String>,
    /// The receipts and their context as a compact JWS, when the token requestor supports signatures.
    pub signature: Option<String>,
    /// `REASON: description` for each card that MDES refused alone.
    pub failed: Vec<String>,
    /// For each card that was asked for, in order: its receipt, unless it failed.
    pub by_card: Vec<Option<String>>,
    /// Where the token requestor takes them: type (`WEB`, `ANDROID`, `IOS`) and address.
    pub push_methods: Vec<(String, String)>,
}

/// All banks. Clones share everything.
#[derive(Clone)]
pub struct Bank(Arc<Inner>);

struct Inner {
    keys: Keys,
    network: Network,
    faults: Faults,
    lies: Lies,
    state: State,
    directory: Directory,
    enrolments: Enrolments,
}

impl Bank {
    /// Banks that nobody has visited yet.
    #[must_use]
    pub fn new(settings: Settings, keys: Keys) -> Self {
        Self(Arc::new(Inner {
            keys,
            faults: settings.faults.clone(),
            lies: settings.lies.clone(),
            directory: Directory::new(settings.database.clone()),
            enrolments: Enrolments::default(),
            network: Network::new(settings),
            state: State::default(),
        }))
    }

    /// Pages and issuer services, for one listener.
    pub fn router(&self) -> Router {
        web::dress(
            visits::routes()
                .merge(app::routes())
                .merge(enrol::routes())
                .merge(pushed::routes())
                .merge(tokens::routes())
                .merge(phone::routes())
                .merge(issuer_services::routes(self))
                .with_state(self.clone()),
        )
    }

    /// What arrived on the cardholders' phones and in their mail, newest first.
    #[must_use]
    pub fn phone(&self) -> Vec<Message> {
        self.remind();
        self.0.state.messages()
    }

    /// Lets the bank speak of tokens that have waited for a day. Nothing runs in the background for that: whoever looks at
    /// the phone finds what should be there by then.
    fn remind(&self) {
        for token in self.0.state.to_remind(self.now_ms()) {
            let Some(card) = card_by_id(&token.card_id) else {
                continue;
            };
            let text = format!(
                "{}: your card ending {} is not ready in {} yet. Open your wallet to finish adding it.",
                card.issuer.latin_name(),
                card.last4,
                token.wallet
            );
            self.0.state.deliver(Message {
                bank: card.issuer.id.to_owned(),
                to: ActivationKind::Text.wire_value(&card, self.public_base()),
                text,
                code: None,
                at: self.now_ms(),
            });
        }
    }

    /// As if nobody had ever been here: messages, calls, outcomes, visits and
    /// enrolments are forgotten. Keys and the list of token requestors stay.
    pub fn reset(&self) {
        self.0.state.reset();
        self.0.enrolments.reset();
    }

    /// Outcomes, the treatment of codes, the life of receipts and slowness are as at the start. What happened stays.
    pub fn as_at_the_start(&self) {
        self.0.state.as_at_the_start();
    }

    /// Whether the answer for every card is decided, and for how many cards it is decided one by one.
    pub(in crate::sim) fn forced(&self) -> (bool, usize) {
        self.0.state.forced()
    }

    /// The bank answers for this card as the catalogue says, whatever was forced before.
    pub fn unforce_outcome(&self, card: &str) {
        self.0.state.unforce(card);
    }

    pub(in crate::sim) fn books(&self) -> Books {
        self.0.state.books()
    }

    pub(in crate::sim) fn put_books(&self, books: Books) {
        self.0.state.put_books(books);
    }

    /// The calls that MDES made to the issuer services, oldest first, the last thousand.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.0.state.calls()
    }

    /// Tokens whose cardholder still has to prove to be the cardholder, oldest first.
    #[must_use]
    pub fn waiting(&self) -> Vec<WaitingToken> {
        self.0.state.waiting()
    }

    /// From now on the bank answers so for this card, named by its id or its last four digits.
    pub fn force_outcome(&self, card: &str, outcome: Outcome) {
        self.0.state.force(card, outcome);
    }

    /// From now on every bank answers so for every card that has no answer of its own; as the catalogue says without one.
    pub fn force_every_outcome(&self, outcome: Option<Outcome>) {
        self.0.state.force_every(outcome);
    }

    /// The tokens of a card as its processor lists them; none for a bank that has none.
    ///
    /// # Errors
    /// A sentence with what the processor answered, or that there is no such card.
    pub(in crate::sim) async fn tokens_at_the_processor(&self, card_id: &str) -> Result<Vec<ListedToken>, String> {
        let card = card_by_id(card_id).ok_or("there is no such card")?;
        match (card.issuer.processor_client, &card.contract) {
            (Some(client), Some(contract)) => self.0.network.tokens_of(client, contract).await,
            _ => Ok(Vec::new()),
        }
    }

    /// How the bank wants this card answered for: as forced, else as the catalogue says.
    pub(in crate::sim) fn wish(&self, card: &Card) -> Outcome {
        self.0.state.outcome(card)
    }

    /// How long a bank thinks whose outcome is slow, by the machine; eight seconds at the start. MDES waits for ten.
    pub fn set_slowness(&self, time: Duration) {
        self.0.state.set_slowness(time);
    }

    /// From now on the bank `bank_id` treats the code of the wallet so, whatever the catalogue says.
    pub fn set_code_policy(&self, bank_id: &str, policy: CodePolicy) {
        self.0.state.set_code_policy(bank_id, policy);
    }

    /// How long receipts live for which a push says nothing, in minutes; `None` leaves it to MDES.
    pub fn set_receipt_validity(&self, minutes: Option<u32>) {
        self.0.state.set_validity(minutes);
    }

    /// What was set with [`Self::set_receipt_validity`].
    #[must_use]
    pub fn receipt_validity(&self) -> Option<u32> {
        self.0.state.validity()
    }

    /// How the content of pushes is encrypted from now on; CBC at the start.
    pub fn seal_with(&self, cipher: ContentCipher) {
        self.0.network.seal_with(cipher);
    }

    /// Pushes cards of a bank to MDES for the token requestor `trid`. The pages use it, and so may a test.
    ///
    /// # Errors
    /// A sentence: an unknown bank, a card that is not of this bank, no card, or what MDES answered
    /// (`REASON_CODE: description`).
    pub async fn push(
        &self,
        bank_id: &str,
        card_ids: &[&str],
        session_id: Option<&str>,
        trid: &str,
        callback_url: Option<&str>,
        options: PushOptions,
    ) -> Result<Pushed, String> {
        let issuer = issuer(bank_id).ok_or("there is no such bank")?;
        let cards: Option<Vec<Card>> = card_ids
            .iter()
            .map(|id| card_by_id(id).filter(|card| card.issuer.id == issuer.id))
            .collect();
        let cards = cards
            .filter(|cards| !cards.is_empty())
            .ok_or("these are not cards of this bank")?;
        let options = PushOptions {
            validity_minutes: options.validity_minutes.or(self.receipt_validity()),
            ..options
        };
        let lie = match self.0.lies.of(session_id).map(|lie| &lie.deed) {
            Some(Deed::Push(lie)) => Some(*lie),
            _ => None,
        };
        let certificate = if lie == Some(PushLie::EncryptedForAnother) {
            self.0.keys.certificate_pem()
        } else {
            &self.0.network.settings().mdes_cert_pem
        };
        let errand = Errand {
            session_id,
            trid,
            callback_url,
            options: &options,
            certificate,
            lie,
        };
        self.0.network.push(&cards, &errand).await
    }

    /// Tells MDES that the cardholder has proven to be the cardholder, as a call to the bank would do.
    ///
    /// # Errors
    /// A sentence with what MDES answered.
    pub async fn activate_token(&self, token_unique_reference: &str) -> Result<(), String> {
        let result = self.0.network.activate_token(token_unique_reference).await;
        // A token that MDES no longer holds for inactive has nothing to wait for either.
        let gone = |reason: &String| reason.starts_with("INVALID_TOKEN_");
        if result.as_ref().err().is_none_or(gone) {
            self.0.state.settle(token_unique_reference);
        }
        result
    }

    fn now_ms(&self) -> i64 {
        (self.0.network.settings().now)()
    }

    fn public_base(&self) -> &str {
        &self.0.network.settings().public_base
    }
}

impl std::fmt::Debug for Bank {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Bank").finish_non_exhaustive()
    }
}
