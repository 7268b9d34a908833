//! Every mode with every policy and every code, and how often a wrong one may come.

use super::super::card::{Card, CardState};
use super::super::id::{CardId, Fingerprint, IssuerId, Millis, SessionId};
use super::super::launch::LaunchNames;
use super::super::profile::{CallbackStyle, PushProfile, ReturnNames};
use super::super::receipt::ReceiptToken;
use super::super::session::StateName;
use super::*;

const NOW: Millis = Millis(1_000);

fn profile(code: CodePolicy, code_check: CodeCheck) -> Profile {
    Profile {
        launch: LaunchNames {
            session: "s".to_owned(),
            token_requestor: "t".to_owned(),
            callback: "c".to_owned(),
            locale: None,
        },
        returns: ReturnNames {
            jws: vec!["j".to_owned()],
            receipts: Vec::new(),
            session: "s".to_owned(),
            result: "r".to_owned(),
            results: Vec::new(),
        },
        session_must_be_signed: false,
        callback: CallbackStyle::Path,
        code,
        code_check,
        push: PushProfile::default(),
    }
}

fn code(text: &str) -> SamePersonCode {
    SamePersonCode::parse(text).expect("a code")
}

fn session() -> Session {
    let owner = Fingerprint::parse(&"a".repeat(64)).expect("a fingerprint");
    let issuer = (IssuerId::parse("bank").expect("an id"), "Bank".to_owned());
    Session {
        same_person_code: Some(code("482107")),
        ..Session::offer(SessionId::from_random([1; 16]), owner, issuer, NOW, 900_000)
    }
}

fn card() -> Card {
    let receipt = ReceiptToken::parse("MCC-1").expect("a receipt");
    let fingerprint = Fingerprint::parse(&"b".repeat(64)).expect("a fingerprint");
    Card::held(CardId::from_random([2; 16]), receipt, fingerprint, NOW)
}

#[test]
fn six_digits_from_anything_random_and_never_printed() {
    let of = |number: u128| SamePersonCode::from_random(number.to_be_bytes()).expose().to_owned();
    assert_eq!(of(0), "000000");
    assert_eq!(of(7), "000007");
    assert_eq!(of(999_999), "999999");
    assert_eq!(of(1_000_000), "000000");
    assert_eq!(of(u128::MAX), "211455");
    // Each digit of a counter's codes comes a tenth of the time: nothing is cut off at either end.
    let mut counts = [0; 10];
    for number in 0..1_000_000_u128 {
        counts[usize::from(of(number).as_bytes()[0] - b'0')] += 1;
    }
    assert_eq!(counts, [100_000; 10]);
    let secret = code("482107");
    for shown in [format!("{secret:?}"), format!("{:?}", session())] {
        assert!(!shown.contains("482107"), "{shown}");
    }
}

#[test]
fn what_is_no_code_is_refused_and_equality_is_of_all_of_it() {
    for text in ["", "482 107", "482-107", "é", "48210\n", &"1".repeat(33)] {
        assert_eq!(SamePersonCode::parse(text), Err(MalformedCode), "{text}");
    }
    assert!(SamePersonCode::parse(&"a".repeat(32)).is_ok());
    for other in ["482108", "582107", "48210", "4821070", "0"] {
        assert_ne!(code("482107"), code(other));
    }
    assert_eq!(code("482107"), code("482107"));
}

#[test]
fn every_mode_with_every_policy_and_every_code() {
    use CodeCheck as Check;
    use CodePolicy as Policy;
    let (shown, right, other) = (code("482107"), code("482107"), code("482108"));
    for policy in [Policy::Required, Policy::Optional, Policy::Unsupported] {
        for check in [Check::None, Check::Bind, Check::Jws] {
            let profile = profile(policy, check);
            let compared_here = check == Check::Jws && policy != Policy::Unsupported;
            let verdict = |signed| profile.check_code(Some(&shown), signed);
            assert_eq!(verdict(Some(&right)), Ok(()));
            let wrong = if compared_here { Err(CodeFault::Wrong) } else { Ok(()) };
            assert_eq!(verdict(Some(&other)), wrong, "{policy:?} {check:?}");
            let missing = match policy {
                Policy::Required if compared_here => Err(CodeFault::Missing),
                Policy::Required | Policy::Optional | Policy::Unsupported => Ok(()),
            };
            assert_eq!(verdict(None), missing, "{policy:?} {check:?}");
            // A code that nobody was shown is nobody's.
            assert_eq!(profile.check_code(None, Some(&shown)), wrong, "{policy:?} {check:?}");
            let sent = profile.code_for_mdes(&session(), &card()).is_some();
            assert_eq!(sent, check == Check::Bind && policy != Policy::Unsupported);
            assert_eq!(profile.has_code(), policy != Policy::Unsupported);
        }
    }
}

#[test]
fn mdes_is_asked_without_the_code_only_where_the_cardholder_may_have_given_none() {
    let refused = |reason: &str| -> Result<(), Setback> { Err(Setback::Refused(reason.to_owned())) };
    for (policy, may) in [(CodePolicy::Required, false), (CodePolicy::Optional, true)] {
        let profile = profile(policy, CodeCheck::Bind);
        assert_eq!(profile.may_ask_without_code(&refused("INVALID_FIELD_VALUE")), may);
        for other in [
            refused("PAN_INELIGIBLE"),
            Err(Setback::Lost),
            Err(Setback::NotDone),
            Ok(()),
        ] {
            assert!(!profile.may_ask_without_code(&other));
        }
    }
    let mut card = card();
    card.attempts.without_code = true;
    let profile = profile(CodePolicy::Optional, CodeCheck::Bind);
    assert_eq!(profile.code_for_mdes(&session(), &card), None);
}

#[test]
fn the_fifth_wrong_code_is_the_end() {
    let mut session = session().launch(NOW).expect("opened");
    for left in (1..WRONG_CODES_MAX).rev() {
        session = session.count_wrong_code().expect("counted");
        assert_eq!(
            (session.code_tries_left(), session.state.name()),
            (left, StateName::Launched)
        );
    }
    // A right one takes a try as well, and with the last one in hand nobody else has one.
    let right = session.clone().count_code_try().expect("the last try");
    assert_eq!((right.code_tries_left(), right.state.name()), (0, StateName::Launched));
    assert_eq!(right.count_wrong_code().map(|_| ()), Err(Refusal::CodeLimit));
    let over = session.count_wrong_code().expect("counted");
    let reason = Failure::WrongCode;
    assert_eq!((&over.state, over.code_tries_left()), (&State::Failed { reason }, 0));
    assert_eq!(over.same_person_code, None);
    let late = over.count_wrong_code().map(|_| ());
    assert_eq!(late, Err(Refusal::WrongState(StateName::Failed)));
}

#[test]
fn the_code_is_erased_when_nothing_needs_it() {
    let kept = |session: &Session| session.same_person_code.is_some();
    let launched = session().launch(NOW).expect("opened");
    assert!(kept(&launched));
    let mut returned = launched.clone().accept(vec![card()], NOW, 900_000).expect("accepted");
    assert!(kept(&returned), "MDES may still want it");
    returned.cards[0].become_state(CardState::Eligible { until_ms: 900_000 }, NOW);
    returned.conclude().expect("on to the terms");
    assert_eq!((returned.state.name(), kept(&returned)), (StateName::Terms, false));
    for over in [
        launched.clone().cancel(NOW),
        launched.clone().expire(NOW),
        launched.issuer_failed(Failure::IssuerError, NOW),
    ] {
        assert!(!kept(&over.expect("it ends")));
    }
}
