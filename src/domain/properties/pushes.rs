//! Lives that a bank begins.

use super::super::push::{Push, PushTerms};
use super::*;

impl Life {
    /// A life that begins here, or with a push.
    pub(super) fn any(dice: Vec<u8>) -> Self {
        let is_pushed = dice.first().is_some_and(|die| die % 4 == 3);
        let mut life = Self::new(dice);
        if is_pushed {
            let count = usize::from(life.throw(5)) + 1;
            let receipts = (1..=count).map(|number| ReceiptToken::parse(&format!("MCC-{number}")).expect("a receipt"));
            let push = Push {
                receipts: receipts.collect(),
                callback: None,
                terms: PushTerms {
                    is_signed: true,
                    cards: count,
                    must_return: false,
                    completes_in_app: true,
                    completes_on_website: true,
                },
            };
            life.session = life.session.clone().pushed(push);
        }
        life
    }

    /// The cardholder wants what was pushed.
    pub(super) fn be_wanted(&mut self) {
        let cards = self.session.push.as_ref().map_or(0, |push| push.receipts.len());
        let fresh = self.receipts(cards);
        let fingerprints: Vec<Fingerprint> = fresh.iter().map(|card| card.receipt.clone()).collect();
        let mut ids = fresh.into_iter().map(|card| card.id);
        self.verb(|session, now, policy| {
            session.take_push(&fingerprints, now, policy.receipt_life_ms, || {
                ids.next().expect("one for each receipt")
            })
        });
    }
}
