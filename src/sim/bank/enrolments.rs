//! What the issuer server remembers of cards that it pushed by itself: who is signed in at the app, which receipts belong
//! to which card, and which tokens MDES, or the processor, has told of. In memory and bounded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::random;
use crate::sim::catalogue::{Issuer, Person};

/// A cardholder who is signed in at the bank's app.
pub struct Sitting {
    pub issuer: &'static Issuer,
    pub person: &'static Person,
    pub opened_at_ms: i64,
    /// The forms that were shown, oldest first: each is good for one push, and where that led when it was used.
    forms: VecDeque<(String, Option<String>)>,
}

impl Sitting {
    /// A new form.
    pub fn form(&mut self) -> String {
        let form = random::id();
        self.forms.push_back((form.clone(), None));
        if self.forms.len() > FORMS_MAX {
            self.forms.pop_front();
        }
        form
    }

    /// Where a form led: nothing for a form that was never shown, or too long ago.
    pub fn used(&self, form: &str) -> Option<Option<String>> {
        let found = self.forms.iter().find(|(id, _)| id == form)?;
        Some(found.1.clone())
    }

    /// The form led there, and leads there for good.
    pub fn use_up(&mut self, form: &str, to: &str) {
        if let Some((_, led)) = self.forms.iter_mut().find(|(id, _)| id == form) {
            *led = Some(to.to_owned());
        }
    }
}

/// Cards that were pushed together.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub issuer: &'static Issuer,
    /// Who takes them: the TRID and the name.
    pub requestor: String,
    pub requestor_name: String,
    /// Ids of the cards, each with its receipt unless MDES refused it.
    pub cards: Vec<(String, Option<String>)>,
    pub made_at_ms: i64,
    /// What came back with the cardholder: receipt, result, token reference. Not believed.
    pub said: Vec<Said>,
}

/// One `results[<receipt>]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub receipt: String,
    pub result: String,
    pub token: Option<String>,
}

/// A token of a card, as MDES or the processor told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownToken {
    pub reference: String,
    pub card_id: String,
    pub requestor: String,
    pub wallet: String,
    pub active: bool,
    pub since_ms: i64,
}

/// Locked for a whole request, so that a second tap waits for the first.
pub type SharedSitting = Arc<tokio::sync::Mutex<Sitting>>;

#[derive(Default)]
pub struct Enrolments(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    sittings: HashMap<String, SharedSitting>,
    sitting_order: VecDeque<String>,
    enrolments: HashMap<String, Enrolment>,
    enrolment_order: VecDeque<String>,
    tokens: VecDeque<KnownToken>,
}

impl Enrolments {
    /// Somebody signs in; gives the id of the sitting.
    pub fn sit(&self, issuer: &'static Issuer, person: &'static Person, now_ms: i64) -> String {
        let id = random::id();
        let sitting = Sitting {
            issuer,
            person,
            opened_at_ms: now_ms,
            forms: VecDeque::new(),
        };
        let mut memory = self.lock();
        memory
            .sittings
            .insert(id.clone(), Arc::new(tokio::sync::Mutex::new(sitting)));
        memory.sitting_order.push_back(id.clone());
        if memory.sitting_order.len() > SITTINGS_MAX
            && let Some(oldest) = memory.sitting_order.pop_front()
        {
            memory.sittings.remove(&oldest);
        }
        id
    }

    pub fn sitting(&self, id: &str) -> Option<SharedSitting> {
        self.lock().sittings.get(id).cloned()
    }

    pub fn enter(&self, id: &str, enrolment: Enrolment) {
        let mut memory = self.lock();
        memory.enrolments.insert(id.to_owned(), enrolment);
        memory.enrolment_order.push_back(id.to_owned());
        if memory.enrolment_order.len() > ENROLMENTS_MAX
            && let Some(oldest) = memory.enrolment_order.pop_front()
        {
            memory.enrolments.remove(&oldest);
        }
    }

    pub fn enrolment(&self, id: &str) -> Option<Enrolment> {
        self.lock().enrolments.get(id).cloned()
    }

    /// Keeps what came back with the cardholder, the latest.
    pub fn heard(&self, id: &str, said: Vec<Said>) {
        if let Some(enrolment) = self.lock().enrolments.get_mut(id) {
            enrolment.said = said;
        }
    }

    /// MDES, or the processor, told of a token. What is known of it already is only ever changed to active.
    pub fn told(&self, token: KnownToken) {
        let mut memory = self.lock();
        if let Some(known) = memory
            .tokens
            .iter_mut()
            .find(|known| known.reference == token.reference)
        {
            known.active |= token.active;
            return;
        }
        memory.tokens.push_back(token);
        if memory.tokens.len() > TOKENS_MAX {
            memory.tokens.pop_front();
        }
    }

    /// The token is deleted.
    pub fn gone(&self, reference: &str) {
        self.lock().tokens.retain(|token| token.reference != reference);
    }

    /// The tokens of a card, oldest first.
    pub fn tokens(&self, card_id: &str) -> Vec<KnownToken> {
        let memory = self.lock();
        let tokens = memory.tokens.iter().filter(|token| token.card_id == card_id);
        tokens.cloned().collect()
    }

    pub fn reset(&self) {
        *self.lock() = Memory::default();
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const FORMS_MAX: usize = 20;
const SITTINGS_MAX: usize = 10_000;
const ENROLMENTS_MAX: usize = 10_000;
const TOKENS_MAX: usize = 10_000;
