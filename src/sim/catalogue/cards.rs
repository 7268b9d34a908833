//! People and their cards. Every bank has the same customers, so that a tester finds the case wanted at any bank; what
//! differs is how the bank leans (see [`Temper`]). Which card stands where is in `shelf`.

use std::fmt;

use super::shelf::{EXPIRED, FIRST_PLACES, PRODUCTS, SHELF};
use super::{ISSUERS, Issuer, Temper};

/// Somebody who can sign in.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// The short name: value of the sign-in button.
    pub id: &'static str,
    /// The name on the cards.
    pub name: &'static str,
    /// What there is to see.
    pub note: &'static str,
}

/// The customers, the same at each bank.
pub static PEOPLE: &[Person] = &[
    Person {
        id: "ada",
        name: "Ada",
        note: "everything works",
    },
    Person {
        id: "ben",
        name: "Ben",
        note: "one card is blocked",
    },
    Person {
        id: "cleo",
        name: "Cleo",
        note: "no eligible card",
    },
    Person {
        id: "dora",
        name: "Dora",
        note: "five cards, five endings",
    },
    Person {
        id: "eli",
        name: "Eli",
        note: "every way to prove it’s you",
    },
    Person {
        id: "finn",
        name: "Finn",
        note: "cards that get stuck",
    },
];

/// A kind of card that a bank issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product {
    /// Stable id, the same at each bank.
    pub id: &'static str,
    /// The name on the card.
    pub name: &'static str,
    /// Credit, debit or prepaid.
    pub kind: ProductKind,
}

/// How a card is funded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProductKind {
    /// A line of credit.
    Credit,
    /// A current account.
    Debit,
}

/// A card. `Debug` never prints the account number.
#[derive(Clone)]
pub struct Card {
    /// `{bank}-{person}-{n}`, at most 36 characters.
    pub id: String,
    /// The bank that issued it.
    pub issuer: &'static Issuer,
    /// Whose it is.
    pub person: &'static Person,
    /// What it is.
    pub product: Product,
    /// 16 digits, fictional, Luhn-valid.
    pub pan: String,
    /// The card contract under which the bank's processor keeps it, 12 digits; nothing at a bank that has the account
    /// number itself.
    pub contract: Option<String>,
    /// The last four digits, different for every card of the catalogue.
    pub last4: String,
    /// `MM`.
    pub expiry_month: &'static str,
    /// `YY`.
    pub expiry_year: &'static str,
    /// How the bank answers when MDES asks about it.
    pub outcome: Outcome,
    /// Why the bank does not offer it for a wallet; nothing when it does.
    pub ineligible: Option<&'static str>,
    /// The lie that MDES always tells about receipts for it, by its id.
    pub lie: Option<&'static str>,
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card")
            .field("id", &self.id)
            .field("last4", &self.last4)
            .finish_non_exhaustive()
    }
}

/// The bank's decision on a tokenisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Approved at once.
    Approve,
    /// Approved once the cardholder has proven to be the cardholder, in one of these ways.
    StepUp(Vec<ActivationKind>),
    /// Refused.
    Decline,
    /// The bank fails to answer.
    Error,
    /// Approved, and it takes the bank some seconds.
    Slow,
}

/// A way to prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActivationKind {
    /// A code by text message.
    Text,
    /// A code by email.
    Email,
    /// A call to a machine that tells a code.
    Listen,
    /// A call to a person at the bank, who activates the token.
    Call,
    /// A call from the bank, which activates the token.
    IsCalled,
    /// The bank's website, which activates the token.
    Website,
    /// The bank's app, which activates the token.
    App,
    /// A way that no wallet knows yet.
    Visit,
}

impl ActivationKind {
    /// The `type` of the pre-digitization API, the issuer's side.
    #[must_use]
    pub fn wire_type(self) -> &'static str {
        match self {
            Self::Text => "TEXT_TO_CARDHOLDER_NUMBER",
            Self::Email => "EMAIL_TO_CARDHOLDER_ADDRESS",
            Self::Listen => "CARDHOLDER_TO_CALL_AUTOMATED_NUMBER",
            Self::Call => "CARDHOLDER_TO_CALL_MANNED_NUMBER",
            Self::IsCalled => "ISSUER_TO_CALL_CARDHOLDER_NUMBER",
            Self::Visit => "CARDHOLDER_TO_VISIT_BRANCH",
            Self::Website => "CARDHOLDER_TO_VISIT_WEBSITE",
            Self::App => "CARDHOLDER_TO_USE_MOBILE_APP",
        }
    }

    /// The `value` beside it: masked where it is the cardholder's, plain where it is the bank's.
    #[must_use]
    pub fn wire_value(self, card: &Card, bank_base: &str) -> String {
        let person = card.person.id;
        match self {
            Self::Text | Self::IsCalled => format!("XXX-XXX-XX{}", &card.issuer.account_range[6..]),
            Self::Email => format!("{}XXX@{}.example", &person[..1], card.issuer.id),
            Self::Call | Self::Listen => format!("0800 555 01{}", &card.issuer.account_range[6..]),
            Self::Visit => "1 Made-up Street".to_owned(),
            Self::Website => format!("{bank_base}/phone"),
            Self::App => format!(
                r#"{{"action":"example.{0}.VERIFY","packageName":"example.{0}"}}"#,
                card.issuer.id.replace('-', "_")
            ),
        }
    }
}

impl Issuer {
    /// The products of this bank.
    #[must_use]
    pub fn products(&self) -> &'static [Product] {
        PRODUCTS
    }

    /// The cards that this bank issued to `person`, in the order shown.
    #[must_use]
    pub fn cards(&'static self, person: &'static Person) -> Vec<Card> {
        SHELF
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.person == person.id)
            .map(|(n, _)| self.card_in(n))
            .collect()
    }

    /// What `person` types to sign in here: six digits.
    #[must_use]
    pub fn customer_number(&self, person: &Person) -> String {
        let row = PEOPLE.iter().position(|other| other == person).unwrap_or_default();
        format!("{:02}{}{}", 40 + self.position(), &self.account_range[5..], row + 1)
    }

    fn card_in(&'static self, n: usize) -> Card {
        let slot = &SHELF[n];
        let person = PEOPLE
            .iter()
            .find(|person| person.id == slot.person)
            .expect("the shelf names known people");
        let ordinal = SHELF[..=n].iter().filter(|other| other.person == slot.person).count();
        // Three digits that no other card has, so that the last four alone name a card. The first eight places of each
        // bank take every ninth number; those that came later share the numbers between.
        let serial = match n.checked_sub(FIRST_PLACES) {
            None => 100 + (self.position() * FIRST_PLACES + n) * 9,
            Some(later) => {
                let number = self.position() * (SHELF.len() - FIRST_PLACES) + later;
                101 + number / 8 * 9 + number % 8
            }
        };
        let body = format!("{}00{:02}{serial:03}", self.account_range, n + 1);
        let pan = format!("{body}{}", luhn_digit(&body));
        Card {
            id: format!("{}-{}-{ordinal}", self.id, person.id),
            issuer: self,
            person,
            product: PRODUCTS[slot.product],
            last4: pan[12..].to_owned(),
            pan,
            contract: self.processor_client.map(|_| contract(self.position(), n)),
            expiry_month: "11",
            expiry_year: if slot.ineligible == Some(EXPIRED) { "24" } else { "31" },
            outcome: self.leaning(slot.outcome()),
            ineligible: slot.ineligible,
            lie: slot.lie,
        }
    }

    fn leaning(&self, usual: Outcome) -> Outcome {
        match (self.temper, usual) {
            (Temper::Declines, _) => Outcome::Decline,
            (Temper::EmailsCode, Outcome::Approve) => Outcome::StepUp(vec![ActivationKind::Email]),
            (Temper::TextsCode, Outcome::Approve) => Outcome::StepUp(vec![ActivationKind::Text]),
            (_, usual) => usual,
        }
    }

    fn position(&self) -> usize {
        ISSUERS
            .iter()
            .position(|other| other.id == self.id)
            .expect("issuers come from the table")
    }
}

/// The card with this id.
#[must_use]
pub fn card_by_id(id: &str) -> Option<Card> {
    every_card().find(|card| card.id == id)
}

/// The card with this account number.
#[must_use]
pub fn card_by_pan(pan: &str) -> Option<Card> {
    every_card().find(|card| card.pan == pan)
}

/// The card behind this contract of a processor.
#[must_use]
pub fn card_by_contract(contract: &str) -> Option<Card> {
    every_card().find(|card| card.contract.as_deref() == Some(contract))
}

/// The customer with this short name.
#[must_use]
pub fn person(id: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.id == id)
}

fn every_card() -> impl Iterator<Item = Card> {
    ISSUERS
        .iter()
        .flat_map(|issuer| (0..SHELF.len()).map(move |n| issuer.card_in(n)))
}

/// An id that says nothing about the account number.
fn contract(bank: usize, place: usize) -> String {
    format!("70{bank:02}{:08}", 40_321_007 + place * 7_919)
}

/// The digit that makes `body` pass the check of ISO/IEC 7812-1, annex B.
fn luhn_digit(body: &str) -> char {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            if place % 2 == 1 {
                digit
            } else {
                digit / 5 + digit * 2 % 10
            }
        })
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10).expect("a number below ten")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sim::catalogue::issuer;

    /// The check from the other end: doubles from the right, all sixteen digits, sum divisible by ten.
    fn passes_luhn(pan: &str) -> bool {
        let mut sum = 0;
        for (place, digit) in pan.chars().rev().enumerate() {
            let mut value = digit.to_digit(10).unwrap();
            if place % 2 == 1 {
                value *= 2;
                if value > 9 {
                    value -= 9;
                }
            }
            sum += value;
        }
        sum % 10 == 0
    }

    #[test]
    fn the_check_digit_agrees_with_a_published_number() {
        assert!(passes_luhn("5204731600014784"));
        assert_eq!(luhn_digit("520473160001478"), '4');
    }

    #[test]
    fn every_card_is_well_formed_and_nothing_is_shared() {
        let cards: Vec<Card> = every_card().collect();
        assert_eq!(cards.len(), 288);
        for card in &cards {
            assert!(card.pan.len() == 16 && passes_luhn(&card.pan), "{}", card.id);
            assert!(card.pan.starts_with(card.issuer.account_range));
            assert!(card.id.len() <= 36, "{}", card.id);
        }
        assert_eq!(cards.iter().map(|card| &card.pan).collect::<HashSet<_>>().len(), 288);
        assert_eq!(cards.iter().map(|card| &card.last4).collect::<HashSet<_>>().len(), 288);
        assert_eq!(cards.iter().map(|card| &card.id).collect::<HashSet<_>>().len(), 288);
    }

    #[test]
    fn what_was_on_a_card_stays_on_it() {
        let digits = |id: &str| card_by_id(id).unwrap().last4;
        assert_eq!(digits("havorn-no-ada-1"), "1003");
        assert_eq!(digits("hotarubi-jp-cleo-2"), "9557");
    }

    #[test]
    fn customer_numbers_are_six_digits_and_unique() {
        let numbers: HashSet<String> = ISSUERS
            .iter()
            .flat_map(|bank| PEOPLE.iter().map(|person| bank.customer_number(person)))
            .collect();
        assert_eq!(numbers.len(), 72);
        assert!(
            numbers
                .iter()
                .all(|number| number.len() == 6 && number.bytes().all(|b| b.is_ascii_digit()))
        );
    }

    #[test]
    fn ada_has_every_outcome_ben_one_blocked_card_and_cleo_nothing_to_add() {
        let bank = issuer("havorn-no").unwrap();
        let outcomes: Vec<Outcome> = bank
            .cards(person("ada").unwrap())
            .into_iter()
            .map(|card| card.outcome)
            .collect();
        assert_eq!(
            outcomes,
            [
                Outcome::Approve,
                Outcome::StepUp(vec![ActivationKind::Text, ActivationKind::Email]),
                Outcome::Decline,
                Outcome::StepUp(vec![ActivationKind::Call]),
            ]
        );
        let ben: Vec<bool> = bank
            .cards(person("ben").unwrap())
            .iter()
            .map(|card| card.ineligible.is_none())
            .collect();
        assert_eq!(ben, [false, true]);
        assert!(
            bank.cards(person("cleo").unwrap())
                .iter()
                .all(|card| card.ineligible.is_some())
        );
    }

    #[test]
    fn three_banks_lean_their_own_way() {
        let first = |id: &str| issuer(id).unwrap().cards(person("ada").unwrap()).remove(0).outcome;
        assert_eq!(first("tarnfell-gb"), Outcome::StepUp(vec![ActivationKind::Email]));
        assert_eq!(first("quillwort-us"), Outcome::StepUp(vec![ActivationKind::Text]));
        let swan = issuer("labedz-pl").unwrap();
        assert!(
            swan.cards(person("ada").unwrap())
                .iter()
                .all(|card| card.outcome == Outcome::Decline)
        );
    }

    #[test]
    fn debug_output_of_a_card_has_no_account_number() {
        let card = card_by_id("havorn-no-ada-1").unwrap();
        assert!(!format!("{card:?}").contains(&card.pan));
    }
}
