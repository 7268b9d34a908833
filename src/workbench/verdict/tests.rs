use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::workbench::message::{Body, Ending, KeyState, Participant, PayloadFacts};
use crate::workbench::testing::{
    ARRIVAL, CHECK, DEPARTURE, DIGITIZE, ELIGIBILITY, PICTURE, PUSH, answered, but, good, judged, judged_among, masked,
    other_session,
};

mod faults;

use faults::*;

#[test]
fn a_good_flow_has_no_verdict_and_says_what_was_looked_at() {
    let found = judged(&but(|_| {}));
    assert_eq!(found.verdicts, []);
    assert_eq!(found.passed.len(), 29, "{:?}", found.passed);
    let different: BTreeSet<_> = found.passed.iter().collect();
    assert_eq!(different.len(), found.passed.len());
    // What was not there was not looked at.
    assert!(judged(&[]).passed.is_empty());
}

#[test]
fn each_fault_leads_to_its_verdict_before_any_other() {
    for (number, (id, change)) in FAULTS.iter().enumerate() {
        let found = judged(&but(change));
        let ids: Vec<_> = found.verdicts.iter().map(|verdict| verdict.entry.id).collect();
        assert_eq!(ids.first(), Some(id), "fault {number}: {ids:?}");
        let first = &found.verdicts[0];
        assert!(
            !first.place.is_empty() && !first.expected.is_empty() && !first.received.is_empty(),
            "{first:?}"
        );
    }
}

#[test]
fn every_entry_of_the_catalogue_is_led_to_by_a_fault() {
    let led_to: BTreeSet<_> = FAULTS.iter().map(|(id, _)| *id).collect();
    let all: BTreeSet<_> = CATALOGUE.iter().map(|entry| entry.id).collect();
    assert_eq!(led_to, all);
    assert_eq!(all.len(), CATALOGUE.len());
}

#[test]
fn another_attempts_session_is_said_as_the_design_writes_it() {
    let found = judged(&but(|flow| jws(flow).session = Some(other_session())));
    assert_eq!(found.verdicts.len(), 1);
    let verdict = &found.verdicts[0];
    assert_eq!(verdict.entry.sentence, "The signature does not cover this session id");
    assert_eq!(
        (verdict.message, verdict.place.as_str()),
        (CHECK as u64, "Wallet checks the receipt")
    );
    assert_eq!(
        verdict.comparison(),
        "Expected `tokenRequestorSessionId` = 4f2c…91ab ⟦sid-A⟧. Signed data has 9be0…77d3 ⟦sid-B⟧, which belongs to attempt \
         TM-2M8P-11XC started 4 minutes earlier."
    );
    assert_eq!(
        verdict.likely[0],
        "The issuer cached the session id of the previous attempt."
    );
    assert_eq!(
        verdict.change,
        "Pass the id from this redirect (message 4) into the push request (message 6)."
    );
    assert_eq!(verdict.compare, [DEPARTURE as u64, PUSH as u64]);
}

#[test]
fn a_session_in_other_case_is_the_same() {
    let upper = masked("4F2C…91AB", "sid-C");
    let found = judged(&but(|flow| at(flow, ARRIVAL).facts.session = Some(upper)));
    assert_eq!(found.verdicts, []);
}

/// A profile in which the session is not signed asks for nothing.
#[test]
fn a_session_that_need_not_be_signed_is_not_missed() {
    let messages = but(|flow| jws(flow).session = None);
    let mut expected = Expectations::of(
        crate::workbench::testing::REQUESTOR,
        crate::workbench::testing::CALLBACK,
    );
    expected.session_is_signed = false;
    let judged = |messages: &[Arc<Message>]| {
        let found = judge(&Case {
            messages,
            all: messages,
            attempts: &BTreeMap::new(),
            expected: &expected,
        });
        found
            .verdicts
            .iter()
            .map(|verdict| verdict.entry.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(judged(&messages), Vec::<&str>::new());
    // Another one is wrong wherever it is signed, and a wallet that takes nothing without it says so.
    assert_eq!(
        judged(&but(|flow| jws(flow).session = Some(other_session()))),
        ["PP-SIG-003"]
    );
    let refused = but(|flow| {
        jws(flow).session = None;
        at(flow, CHECK).ending = Ending::Checked {
            passed: false,
            said: "not genuine".to_owned(),
        };
    });
    assert_eq!(judged(&refused), ["PP-SIG-003"]);
}

/// A sentence begins with a capital or a name, and ends with one full stop.
fn is_a_sentence(text: &str) -> bool {
    let begins = text.starts_with(|letter: char| letter.is_uppercase() || letter == '`');
    begins && text.ends_with('.') && !text.contains("..") && !text.contains(" ,") && !text.contains("  ")
}

#[test]
fn every_verdict_is_said_in_whole_sentences() {
    for (number, (id, change)) in FAULTS.iter().enumerate() {
        for verdict in judged(&but(change)).verdicts {
            let said = verdict.comparison();
            let all = verdict.likely.iter().chain([&said, &verdict.change]);
            for text in all {
                assert!(is_a_sentence(text), "fault {number}, {id}: {text}");
            }
            // The likeliest cause says more than what was received.
            assert!(!said.contains(verdict.likely[0].trim_end_matches('.')), "{said}");
        }
    }
    for entry in CATALOGUE {
        for text in entry.causes.iter().chain([&entry.change]) {
            assert!(is_a_sentence(text), "{}: {text}", entry.id);
        }
        assert!(entry.sentence.starts_with(char::is_uppercase) && !entry.sentence.ends_with('.'));
        assert!(!entry.check_first.ends_with('.'), "{}", entry.check_first);
    }
    assert!(!is_a_sentence("the port was left out") && !is_a_sentence("It is…..") && !is_a_sentence("It is"));
}

#[test]
fn of_two_clocks_the_one_that_is_off_is_named() {
    let likeliest = |clocks: [i64; 3]| {
        let found = judged(&but(|flow| {
            for (number, ahead) in [PUSH, ELIGIBILITY, DIGITIZE].into_iter().zip(clocks) {
                let oauth = at(flow, number).facts.oauth.as_mut().expect("a signature");
                oauth.clock_ahead_s = Some(ahead);
                oauth.client = Some(if number == PUSH { "issuer" } else { "wallet" }.to_owned());
            }
        }));
        (found.verdicts[0].likely[0].clone(), found.verdicts.len())
    };
    let (both, count) = likeliest([-600, -601, -600]);
    assert_eq!(
        (both.as_str(), count),
        ("The clock of MDES is off: Wallet is off by the same (message 11).", 1)
    );
    let (one, _) = likeliest([-600, 0, 1]);
    assert_eq!(
        one,
        "The clock of the issuer is off: MDES and Wallet agree (message 11)."
    );
    // Nobody else was heard of since.
    let (alone, _) = likeliest([0, -600, -600]);
    assert_eq!(alone, OAU_002_FIRST);
}

const OAU_002_FIRST: &str = "The clock of the machine that signs is not synchronised.";

#[test]
fn what_differs_in_a_base_string_is_said_and_not_all_of_it() {
    let said = |base| {
        let found = judged(&but(|flow| sign_instead(flow, base, "the scheme is another")));
        found.verdicts[0].comparison()
    };
    let address = "http%3A%2F%2F127.0.0.1%3A8081%2Fmdes";
    assert_eq!(
        said(["POST", "https%3A%2F%2F127.0.0.1%3A8081%2Fmdes", "oauth_nonce%3D"]),
        "Expected the address http://127.0.0.1:8081/mdes. Signed was https://127.0.0.1:8081/mdes."
    );
    assert_eq!(
        said(["POST", address, "oauth_nonce%3D%26realm%3Da"]),
        "Expected the parameters to hold nothing else. Signed was realm=a."
    );
    assert_eq!(
        said(["post", address, "x"]),
        "Expected the method POST. Signed was post."
    );
}

#[test]
fn a_receipt_that_another_attempt_used_up_is_recognised() {
    let earlier = but(|_| {});
    let later = |mut message: Message| {
        message.number += 100;
        message.attempt = Some(2);
        Arc::new(message)
    };
    let mut messages = good();
    messages.remove(PUSH - 1);
    let eligibility = messages.iter_mut().find(|message| message.label == "checkEligibility");
    let said =
        json!({"errorCode": "INVALID_FIELD_VALUE", "errorDescription": "Invalid Field Value - pushAccountReceipt"});
    eligibility.expect("a call").ending = answered(200, Body::Json(said));
    let messages: Vec<_> = messages.into_iter().map(later).collect();
    let all: Vec<_> = earlier.iter().chain(&messages).cloned().collect();
    let found = judged_among(&messages, &all);
    assert_eq!(found.verdicts[0].entry.id, "PP-RCP-002");
    assert_eq!(found.verdicts[0].compare, [DIGITIZE as u64]);
    // MDES says that it was used, and the journal knows by what: both are told.
    let told: Vec<_> = messages
        .iter()
        .map(|message| {
            let mut message = Message::clone(message);
            message.facts.receipt = (message.label == "checkEligibility").then(|| "used".to_owned());
            Arc::new(message)
        })
        .collect();
    let found = judged_among(&told, &all);
    let said = found.verdicts[0].comparison();
    assert!(said.ends_with("which was used in message 14."), "{said}");
}

#[test]
fn what_follows_from_a_fault_comes_after_it() {
    // The clock is off, so MDES answers 401, so there is no list.
    let found = judged(&but(|flow| {
        let mut refused = list(answered(401, Body::None));
        refused.facts.oauth = at(flow, ELIGIBILITY).facts.oauth.clone();
        refused.facts.oauth.as_mut().expect("a signature").clock_ahead_s = Some(600);
        refused.facts.oauth.as_mut().expect("a signature").is_right = true;
        flow.push(refused);
        set_took(flow, 9_000);
    }));
    let ids: Vec<_> = found.verdicts.iter().map(|verdict| verdict.entry.id).collect();
    assert_eq!(ids, ["PP-OAU-002", "PP-LST-001", "PP-NET-001"]);
    // Problems before answers, answers before notes.
    let found = judged(&but(|flow| {
        decide(flow, json!({"decision": "DECLINED"}));
        let mut again = at(flow, ARRIVAL).clone();
        again.number = 17;
        flow.push(again);
        set_took(flow, 9_000);
    }));
    let ids: Vec<_> = found.verdicts.iter().map(|verdict| verdict.entry.id).collect();
    assert_eq!(ids, ["PP-NET-001", "PP-TOK-002", "PP-RET-004"]);
}

/// What a failed call means is said by the rule that knows, and once.
#[test]
fn a_refusal_that_a_rule_explains_is_not_said_again() {
    let ids = |change: Change| {
        let verdicts = judged(&but(change)).verdicts;
        verdicts.iter().map(|verdict| verdict.entry.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(|flow| refuse_receipt(flow)), ["PP-RCP-001"]);
    assert_eq!(ids(|flow| flow.push(list(answered(503, Body::None)))), ["PP-LST-001"]);
    assert_eq!(
        ids(|flow| decide(flow, json!({"errorCode": "PAN_INELIGIBLE"}))),
        ["PP-TOK-002"]
    );
    // That it was slow besides explains nothing.
    let refused_late: Change = |flow| {
        let body = json!({"errorCode": "SOMETHING_NEW"});
        at(flow, ELIGIBILITY).ending = answered(200, Body::Json(body));
        set_took(flow, 9_000);
    };
    assert_eq!(ids(refused_late), ["PP-NET-001", "PP-TOK-004"]);
}

#[test]
fn the_likeliest_cause_fits_what_came() {
    let likeliest = |change: Change| judged(&but(change)).verdicts[0].likely[0].clone();
    let cut = "The answer was cut off on the way, or is larger than a client reads.";
    assert_eq!(
        likeliest(|flow| at(flow, DIGITIZE).ending = answered(200, page_of("application/json"))),
        cut
    );
    let gateway = likeliest(|flow| at(flow, DIGITIZE).ending = answered(200, page_of("text/html")));
    assert!(gateway.starts_with("A gateway or proxy"), "{gateway}");
    let gone = likeliest(|flow| at(flow, PICTURE).ending = answered(404, Body::None));
    assert_eq!(gone, "The asset does not exist.");
    let large = likeliest(|flow| at(flow, PICTURE).facts.pictures[0].bytes = 4_000_000);
    assert!(large.starts_with("The picture is larger"), "{large}");
    let stranger = likeliest(|flow| {
        oauth(flow).is_right = false;
        oauth(flow).client = None;
    });
    assert!(
        stranger.starts_with("The request was signed with another key"),
        "{stranger}"
    );
    let withdrawn = likeliest(|flow| jws(flow).key = KeyState::Retired);
    assert!(withdrawn.starts_with("MDES has withdrawn the key"), "{withdrawn}");
    let silent = |flow: &mut Vec<Message>| decide(flow, json!({"errorCode": "NO_RESPONSE_FROM_ISSUER"}));
    assert_eq!(likeliest(silent), "MDES or the issuer cannot serve it at the moment.");
    let judgement = judged(&but(|flow| {
        silent(flow);
        let mut asked = at(flow, DIGITIZE).clone();
        asked.number = 90;
        (asked.from, asked.to) = (Participant::Mdes, Participant::IssuerApi);
        asked.ending = answered(400, Body::None);
        flow.push(asked);
    }));
    assert_eq!(judgement.verdicts[0].compare, [90]);
    let unsigned = likeliest(|flow| flow.push(list(answered(401, Body::None))));
    assert!(unsigned.starts_with("The request is signed wrongly"), "{unsigned}");
}

#[test]
fn findings_that_differ_are_said_one_by_one() {
    let found = judged(&but(|flow| {
        at(flow, ELIGIBILITY).ending = answered(200, Body::None);
        decide(flow, json!([]));
        let second = PayloadFacts {
            place: "elsewhere".to_owned(),
            ..at(flow, PUSH).facts.payloads[0].clone()
        };
        at(flow, PUSH).facts.payloads.push(second);
        at(flow, PUSH)
            .facts
            .payloads
            .iter_mut()
            .for_each(|payload| payload.opens = false);
    }));
    let ids: Vec<_> = found.verdicts.iter().map(|verdict| verdict.entry.id).collect();
    assert_eq!(ids, ["PP-ENC-001", "PP-ENC-001", "PP-NET-003", "PP-NET-003"]);
    assert!(found.verdicts.iter().all(|verdict| verdict.also.is_empty()));
}

#[test]
fn the_same_fault_of_many_messages_is_said_once() {
    let found = judged(&but(|flow| {
        for number in [PUSH, ELIGIBILITY, DIGITIZE] {
            at(flow, number)
                .facts
                .oauth
                .as_mut()
                .expect("a signature")
                .clock_ahead_s = Some(600);
        }
    }));
    assert_eq!(found.verdicts.len(), 1);
    assert_eq!(
        (found.verdicts[0].message, found.verdicts[0].also.as_slice()),
        (6, [11, 14].as_slice())
    );
    assert!(
        found.verdicts[0]
            .comparison()
            .contains("within 5 minutes of the clock of MDES. Received one that is 10 minutes ahead of it.")
    );
    assert_eq!(found.verdicts[0].everywhere(), "Messages 6, 11 and 14");
}
