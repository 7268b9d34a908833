//! Random lives of a session: whatever a cardholder does, MDES answers and time brings, in any order.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::card::{Card, CardState, Effect, EffectStatus, Failure, Operation, Progress};
use super::doubt;
use super::id::{
    AccountReference, AssetId, CardId, Fingerprint, IssuerId, Millis, RequestId, SessionId, TaskId, TokenReference,
};
use super::life::{self as token_life, CardChange};
use super::outcome::{self, Setback};
use super::policy::Policy;
use super::receipt::ReceiptToken;
use super::session::{Refusal, Session, State, StateName, TRANSITIONS};
use super::steps::{Step, due_at, next_step};
use super::token::{
    Activation, AuthenticationMethod, CardFace, Digitized, Eligibility, EligibilityReceipt, MethodKind, Suspender,
    TaskStatus, Token, TokenStanding, TokenStatus,
};

mod dice;
mod life;
mod pushes;

use life::Life;

/// A worker that needs more steps than this for one session is in a loop.
const STEPS_MAX: usize = 200;
const DAY_MS: i64 = 86_400_000;

/// A secret is there only while something still needs it.
fn assert_secrets_are_needed(card: &Card, session: StateName) {
    let needs_receipt = matches!(
        card.state,
        CardState::Held | CardState::Eligible { .. } | CardState::Digitizing { .. }
    );
    assert!(needs_receipt || card.secrets.receipt.is_none(), "{card:?}");
    assert!(needs_receipt || card.secrets.eligibility.is_none(), "{card:?}");
    let is_judged = |effect: &Effect| effect.operation == Operation::Activate;
    let needs_code = card.open_effect().is_some_and(is_judged);
    assert!(needs_code || card.secrets.code.is_none(), "{card:?}");
    if session.is_final() {
        assert!(!needs_receipt && card.secrets.code.is_none(), "{card:?} in {session:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_a_session_follows_its_rules(
        events in proptest::collection::vec((any::<u8>(), any::<u8>()), 1..60),
        dice in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut life = Life::any(dice);
        life.begin();
        for (what, how) in events {
            life.live(what, how);
        }
    }

    /// Nobody comes back, and MDES answers from now on: everything ends, and then nobody looks at it any more.
    #[test]
    fn whatever_happened_a_session_that_is_left_alone_ends(
        events in proptest::collection::vec((any::<u8>(), any::<u8>()), 1..40),
        dice in proptest::collection::vec(any::<u8>(), 0..120),
    ) {
        let mut life = Life::any(dice);
        life.begin();
        for (what, how) in events {
            life.live(what, how);
        }
        life.dice.clear();
        for _ in 0..60 {
            life.now = life.now.plus_ms(DAY_MS / 4);
            life.work(false);
        }
        let state = life.session.state.name();
        prop_assert!(state.is_final() || state == StateName::Pending, "{state:?}");
        prop_assert_eq!(due_at(&life.session, life.now, &life.policy), None);
        for card in &life.session.cards {
            prop_assert!(card.secrets.receipt.is_none() && card.secrets.code.is_none());
            prop_assert!(card.open_change().is_none(), "a wish stays open: {card:?}");
            let left_over = matches!(card.state, CardState::Duplicate { .. }) && card.token.is_some();
            prop_assert!(!left_over || card.attempts.delete >= 3, "a duplicate's token stays: {card:?}");
        }
    }
}

/// The lives above are worth something only if together they go every way there is.
#[test]
fn random_lives_take_every_transition() {
    let mut seen = std::collections::BTreeSet::new();
    let mut number: u64 = 1;
    let mut byte = move || {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(number >> 56).expect("eight bits")
    };
    for _ in 0..6_000 {
        let mut life = Life::any((0..200).map(|_| byte()).collect());
        for _ in 0..50 {
            let (what, how) = (byte(), byte());
            life.live(what, how);
        }
        seen.extend(life.seen);
    }
    let missing: Vec<_> = TRANSITIONS
        .iter()
        .map(|(from, to, _)| (*from, *to))
        .filter(|way| !seen.contains(way) && way.0 != way.1)
        .collect();
    assert!(missing.is_empty(), "never taken: {missing:?}");
}

/// A lost answer of one card does not hold up the others.
#[test]
fn one_card_in_doubt_does_not_hold_up_the_next() {
    let mut life = Life::new(Vec::new());
    let cards = life.receipts(2);
    life.verb(|session, now, policy| session.accept(cards, now, policy.receipt_life_ms));
    life.work(false);
    assert_eq!(life.session.state, State::Terms);
    let mut count = 0;
    life.verb(|session, now, _| {
        session.accept_terms(true, None, now, || {
            count += 1;
            (RequestId::from_random([count; 16]), TaskId::from_random([count; 16]))
        })
    });
    let (first, second) = (life.session.cards[0].id.clone(), life.session.cards[1].id.clone());
    let step = next_step(&life.session, life.now, &life.policy);
    assert_eq!(step, Step::Send(first.clone()));
    let (now, policy) = (life.now, life.policy.clone());
    doubt::doubt(life.session.card_mut(&first).expect("a card"), now, &policy);
    assert_eq!(next_step(&life.session, now, &policy), Step::Send(second));
}
