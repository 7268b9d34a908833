//! What the issuer server remembers of cards that it pushed by itself: who is signed in at the app, which receipts belong
//! to which card, and which tokens MDES, or the processor, has told of. In memory and bounded.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{random, web};
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

/// How a token stands, in the words of MDES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It waits until its cardholder has proven to be the cardholder.
    Inactive,
    Active,
    /// By the bank, and by the wallet or the cardholder in it; by neither where that was not said.
    Suspended {
        here: bool,
        elsewhere: bool,
    },
    /// For ever.
    Deactivated,
}

/// What MDES says of a token: `status`, `suspendedBy` and `statusTimestamp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub standing: Standing,
    /// Since when it is so, milliseconds since the Unix epoch.
    pub at_ms: i64,
}

impl Word {
    /// Nothing for a status that is none, or a time that is none.
    pub fn read(status: &str, suspended_by: &[String], status_timestamp: &str) -> Option<Self> {
        let standing = match status {
            "INACTIVE" => Standing::Inactive,
            "ACTIVE" => Standing::Active,
            "SUSPENDED" => Standing::Suspended {
                here: suspended_by.iter().any(|by| by == "ISSUER"),
                elsewhere: suspended_by.iter().any(|by| by != "ISSUER"),
            },
            "DEACTIVATED" => Standing::Deactivated,
            _ => return None,
        };
        let at_ms = web::timestamp_ms(status_timestamp)?;
        Some(Self { standing, at_ms })
    }
}

/// A token of a card, as MDES or the processor told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownToken {
    pub reference: String,
    pub card_id: String,
    pub requestor: String,
    pub wallet: String,
    pub standing: Standing,
    /// The time in the last word of it, by which words are ordered: they may arrive in another order than they were said.
    /// Nothing until there is one: that a token was made, or became active, is told without a time.
    pub told_at_ms: Option<i64>,
    pub since_ms: i64,
}

impl KnownToken {
    /// Whether its cardholder has proven to be the cardholder.
    pub fn is_proven(&self) -> bool {
        match self.standing {
            Standing::Active | Standing::Suspended { .. } => true,
            Standing::Inactive | Standing::Deactivated => false,
        }
    }
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

    /// MDES, or the processor, told that there is a token, or that it is active. What is known of it already is only ever
    /// changed from inactive to active.
    pub fn told(&self, token: KnownToken) {
        let mut memory = self.lock();
        if let Some(known) = memory
            .tokens
            .iter_mut()
            .find(|known| known.reference == token.reference)
        {
            if known.standing == Standing::Inactive {
                known.standing = token.standing;
            }
            return;
        }
        memory.tokens.push_back(token);
        if memory.tokens.len() > TOKENS_MAX {
            memory.tokens.pop_front();
        }
    }

    /// MDES said how a token stands. A word that is not younger than the last one changes nothing. Gives whether the token
    /// is known.
    pub fn changed(&self, reference: &str, word: Word) -> bool {
        let mut memory = self.lock();
        let Some(known) = memory.tokens.iter_mut().find(|known| known.reference == reference) else {
            return false;
        };
        if known.told_at_ms.is_none_or(|told_at_ms| word.at_ms > told_at_ms) {
            known.standing = word.standing;
            known.told_at_ms = Some(word.at_ms);
        }
        true
    }

    /// A token, deleted or not.
    pub fn token(&self, reference: &str) -> Option<KnownToken> {
        let memory = self.lock();
        memory.tokens.iter().find(|token| token.reference == reference).cloned()
    }

    /// The tokens of a card that are not deleted, oldest first.
    pub fn tokens(&self, card_id: &str) -> Vec<KnownToken> {
        let memory = self.lock();
        // What is deleted is kept all the same: a late word of it must not bring it back.
        let is_shown = |token: &&KnownToken| token.card_id == card_id && token.standing != Standing::Deactivated;
        memory.tokens.iter().filter(is_shown).cloned().collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn word(status: &str, by: &[&str], at: &str) -> Option<Word> {
        let by: Vec<String> = by.iter().map(|by| (*by).to_owned()).collect();
        Word::read(status, &by, at)
    }

    fn made(standing: Standing) -> KnownToken {
        KnownToken {
            reference: "T-1".to_owned(),
            card_id: "c".to_owned(),
            requestor: "50123456789".to_owned(),
            wallet: "Tidemark".to_owned(),
            standing,
            told_at_ms: None,
            since_ms: 0,
        }
    }

    #[test]
    fn only_a_younger_word_changes_a_token_and_nothing_brings_a_deleted_one_back() {
        let known = Enrolments::default();
        let standing = || known.tokens("c").first().map(|token| token.standing);
        known.told(made(Standing::Inactive));
        known.told(made(Standing::Active));
        assert_eq!(standing(), Some(Standing::Active));
        let ours = Standing::Suspended {
            here: true,
            elsewhere: false,
        };
        let both = Standing::Suspended {
            here: true,
            elsewhere: true,
        };
        for (status, by, second, then) in [
            ("SUSPENDED", &["ISSUER"][..], 5, Some(ours)),
            ("ACTIVE", &[], 4, Some(ours)),
            ("ACTIVE", &[], 5, Some(ours)),
            ("SUSPENDED", &["ISSUER", "CARDHOLDER"], 6, Some(both)),
            ("ACTIVE", &[], 7, Some(Standing::Active)),
            ("DEACTIVATED", &[], 9, None),
            ("SUSPENDED", &["CARDHOLDER"], 8, None),
        ] {
            let word = word(status, by, &format!("2026-01-01T12:00:0{second}.000Z")).unwrap();
            assert!(known.changed("T-1", word));
            assert_eq!(standing(), then, "{status} at {second}");
        }
        known.told(made(Standing::Active));
        assert_eq!(standing(), None);
        assert!(!known.changed("T-2", word("ACTIVE", &[], "2026-01-01T12:00:00.000Z").unwrap()));
    }

    #[test]
    fn a_word_that_says_nothing_is_none() {
        assert_eq!(word("GONE", &[], "2026-01-01T12:00:00.000Z"), None);
        assert_eq!(word("ACTIVE", &[], "yesterday"), None);
        let unsaid = word("SUSPENDED", &[], "2026-01-01T12:00:00.000Z").unwrap().standing;
        assert_eq!(
            unsaid,
            Standing::Suspended {
                here: false,
                elsewhere: false
            }
        );
    }
}
