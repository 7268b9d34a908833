//! Card contracts: what an issuer names its cards by. Statuses and rules are assumed; the page that names the endpoint
//! says only that "the card is active" is checked, and later product, status and expiry.

use time::OffsetDateTime;

use super::Processor;
use crate::sim::catalogue::{Card, card_by_contract};

/// Where a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContractStatus {
    /// The card can be used.
    Active,
    /// It is blocked, closed or not activated yet.
    Inactive,
}

/// Why a card cannot be tokenised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hindrance {
    Product,
    Inactive,
    Expired,
}

impl Hindrance {
    /// The reason code, assumed.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Product => "PRODUCT_NOT_ELIGIBLE",
            Self::Inactive => "CARD_NOT_ACTIVE",
            Self::Expired => "CARD_EXPIRED",
        }
    }

    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Product => "The product of this card cannot be tokenised",
            Self::Inactive => "The card is not active",
            Self::Expired => "The card has expired",
        }
    }
}

impl Processor {
    /// The card of a client by its contract. A contract of somebody else is as unknown as one that does not exist.
    pub(super) fn card(&self, client: &str, contract: &str) -> Option<Card> {
        card_by_contract(contract).filter(|card| card.issuer.processor_client == Some(client))
    }

    /// Product, status and expiry, in this order; nothing when all three are fine.
    pub(super) fn hindrance(&self, card: &Card) -> Option<Hindrance> {
        let told = card
            .contract
            .as_ref()
            .and_then(|id| self.lock().statuses.get(id).copied());
        if card.product.id == UNTOKENISED && card.ineligible.is_some() {
            return Some(Hindrance::Product);
        }
        let expired = is_expired(card, self.now_ms());
        // In the catalogue a card that is neither expired nor of a strange product is held back because it is blocked.
        let status = told.unwrap_or(match card.ineligible {
            Some(_) if !expired => ContractStatus::Inactive,
            _ => ContractStatus::Active,
        });
        match status {
            ContractStatus::Inactive => Some(Hindrance::Inactive),
            ContractStatus::Active => expired.then_some(Hindrance::Expired),
        }
    }
}

/// A card is good until the end of the month that is printed on it.
fn is_expired(card: &Card, now_ms: i64) -> bool {
    let (Ok(year), Ok(month)) = (card.expiry_year.parse::<i32>(), card.expiry_month.parse::<u8>()) else {
        return true;
    };
    let Ok(today) = OffsetDateTime::from_unix_timestamp(now_ms.div_euclid(1000)) else {
        return true;
    };
    (today.year(), u8::from(today.month())) > (2000 + year, month)
}

/// The product that is no card account: gift cards.
const UNTOKENISED: &str = "gift";
