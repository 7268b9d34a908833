use super::*;
use crate::domain::card::StepUp;
use crate::domain::id::{IssuerId, SessionId};

const NOW: Millis = Millis(1_767_268_800_000);
const DUPLICATE: CardResult = CardResult::DuplicateRequest;

fn fingerprint(number: u8) -> Fingerprint {
    Fingerprint::parse(&format!("{number:02x}").repeat(32)).expect("a fingerprint")
}

fn session(cards: usize) -> Session {
    let issuer = (IssuerId::parse("moon").expect("an id"), "Moon Bank".to_owned());
    let receipts = (1..=cards).map(|number| ReceiptToken::parse(&format!("MCC-{number}")).expect("a receipt"));
    Session::offer(SessionId::from_random([1; 16]), fingerprint(9), issuer, NOW, 900_000).pushed(Push {
        receipts: receipts.collect(),
        callback: Some(Callback::of_store("https://www.moonbank.com/pushcallback".to_owned())),
        terms: PushTerms {
            is_signed: true,
            cards,
            must_return: true,
            completes_in_app: true,
            completes_on_website: true,
        },
    })
}

fn taken(cards: usize) -> Session {
    let fingerprints: Vec<Fingerprint> = (1..=cards)
        .map(|number| fingerprint(u8::try_from(number).expect("few")))
        .collect();
    let mut number = 0;
    let fresh = || {
        number += 1;
        CardId::from_random([number; 16])
    };
    session(cards)
        .take_push(&fingerprints, NOW, 900_000, fresh)
        .expect("taken")
}

fn values(session: &Session) -> Option<Vec<&'static str>> {
    let report = session.report(DUPLICATE, NOW)?;
    Some(report.iter().map(|line| line.result.as_str()).collect())
}

#[test]
fn nothing_is_told_while_something_is_under_way_or_too_late() {
    assert!(values(&session(1)).is_none());
    assert!(values(&taken(1)).is_none());
    let over = session(2).cancel(NOW).expect("cancelled");
    assert_eq!(values(&over), Some(vec!["CANCELLED", "CANCELLED"]));
    let last = Millis(NOW.0 + WAY_BACK_MS);
    assert!(over.report(DUPLICATE, last).is_none());
    let erased = Session {
        push: over.push.clone().map(|push| Push {
            receipts: vec![],
            callback: None,
            ..push
        }),
        ..over
    };
    assert!(values(&erased).is_none());
    let left_alone = session(1)
        .report(DUPLICATE, NOW.plus_ms(900_000))
        .expect("its time is up");
    assert_eq!(left_alone[0].result, CardResult::Cancelled);
}

#[test]
fn each_card_is_told_by_its_own_state() {
    let failed = |reason| CardState::Failed { reason };
    let duplicate = CardState::Duplicate { of: "card".to_owned() };
    for (state, wanted) in [
        (CardState::Active, "APPROVED"),
        (CardState::Suspended, "APPROVED"),
        (
            CardState::Inactive(StepUp::default()),
            "REQUIRE_ADDITIONAL_AUTHENTICATION",
        ),
        (CardState::Declined, "DECLINED"),
        (CardState::Deactivated, "CANCELLED"),
        (duplicate, "DUPLICATE_REQUEST"),
        (failed(Failure::ReceiptRefused), "ERROR"),
        (failed(Failure::TooLate), "CANCELLED"),
        (failed(Failure::Duplicate), "DUPLICATE_REQUEST"),
    ] {
        let mut session = taken(1);
        session.cards[0].state = state.clone();
        session.state = State::Active;
        assert_eq!(values(&session), Some(vec![wanted]), "{state:?}");
    }
    let mut session = taken(1);
    session.cards[0].state = CardState::Duplicate { of: "card".to_owned() };
    session.state = State::Failed {
        reason: Failure::Duplicate,
    };
    let told = session.report(CardResult::Cancelled, NOW).expect("over");
    assert_eq!(told[0].result.as_str(), "CANCELLED");
}

#[test]
fn results_stand_behind_the_query_and_before_the_fragment() {
    let told = |callback: &str| {
        let reported = [Reported {
            receipt: ReceiptToken::parse("MCC-1").expect("a receipt"),
            result: CardResult::Declined,
            token: None,
        }];
        Callback::of_store(callback.to_owned()).with_results(&reported)
    };
    for (callback, wanted) in [
        ("moonbank://p", "moonbank://p?results%5BMCC-1%5D=DECLINED"),
        (
            "https://m.example/p?",
            "https://m.example/p?results%5BMCC-1%5D=DECLINED",
        ),
        (
            "https://m.example/p?a=%41&",
            "https://m.example/p?a=%41&results%5BMCC-1%5D=DECLINED",
        ),
        (
            "https://m.example/p?a=b%20c",
            "https://m.example/p?a=b%20c&results%5BMCC-1%5D=DECLINED",
        ),
        (
            "https://m.example/p#x?y",
            "https://m.example/p?results%5BMCC-1%5D=DECLINED#x?y",
        ),
        (
            "https://m.example/p?a#",
            "https://m.example/p?a&results%5BMCC-1%5D=DECLINED#",
        ),
    ] {
        assert_eq!(told(callback), wanted);
    }
    assert_eq!(
        Callback::of_store("moonbank://p".to_owned()).with_results(&[]),
        "moonbank://p"
    );
}

#[test]
fn a_push_is_taken_once_and_in_time() {
    let fresh = || CardId::from_random([1; 16]);
    let late = session(1).take_push(&[fingerprint(1)], NOW.plus_ms(900_000), 900_000, fresh);
    assert_eq!(late.expect_err("late"), Refusal::Expired);
    let again = taken(1).take_push(&[fingerprint(1)], NOW, 900_000, fresh);
    assert!(matches!(again, Err(Refusal::WrongState(_))));
    assert!(
        session(1).accept(Vec::new(), NOW, 900_000).is_err(),
        "a return is none of its ways"
    );
    assert!(format!("{:?}", session(1)).contains("redacted"));
    assert!(!format!("{:?}", session(1)).contains("MCC-1"));
}
