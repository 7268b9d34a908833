use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::workbench::message::{Body, Ending, KeyState, Kind, Participant, PayloadFacts, PictureFacts};
use crate::workbench::testing::{
    ARRIVAL, CHECK, DEPARTURE, DIGITIZE, ELIGIBILITY, PICTURE, PUSH, answered, but, good, judged, judged_among, masked,
    message, other_session,
};

type Change = fn(&mut Vec<Message>);

/// One thing that is wrong, and the id that it leads to.
const FAULTS: &[(&str, Change)] = &[
    ("PP-PAN-001", |flow| {
        at(flow, PUSH).request.query = vec![("account".to_owned(), "•••• 4821".to_owned())]
    }),
    ("PP-LST-001", |flow| flow.push(list(answered(503, Body::None)))),
    ("PP-LST-002", |flow| flow.push(list_of(json!([])))),
    ("PP-LST-003", |flow| {
        let uri = "http://bank.example/connect";
        flow.push(list_of(
            json!([{"issuerId": "a", "availablePullMethods": [{"type": "WEB", "uri": uri}]}]),
        ))
    }),
    ("PP-LST-004", |flow| {
        at(flow, PICTURE).facts.pictures = vec![PictureFacts {
            media_type: "image/svg+xml".to_owned(),
            bytes: 900,
            is_active: true,
        }]
    }),
    ("PP-LST-004", |flow| {
        at(flow, PICTURE).facts.pictures[0].bytes = 4_000_000
    }),
    ("PP-LST-004", |flow| {
        at(flow, PICTURE).ending = answered(404, Body::None)
    }),
    ("PP-RED-001", |flow| drop_parameter(flow, "tokenRequestorSessionId")),
    ("PP-RED-002", |flow| {
        set_parameter(flow, "callbackURL", "https://localhost:8080/callback/x")
    }),
    ("PP-RED-002", |flow| {
        set_parameter(flow, "callbackURL", "http://localhost:8080/callbacks")
    }),
    ("PP-RED-003", |flow| {
        set_parameter(flow, "tokenRequestorId", "50123456788")
    }),
    ("PP-RET-001", |flow| {
        at(flow, ARRIVAL).request.query.clear();
        at(flow, ARRIVAL).facts.jws = None;
    }),
    ("PP-RET-002", |flow| refuse(flow, 400, "other-browser", Some(false))),
    ("PP-RET-002", |flow| refuse(flow, 400, "other-browser", Some(true))),
    ("PP-RET-003", |flow| refuse(flow, 404, "not-found", Some(true))),
    ("PP-RET-004", |flow| {
        let mut again = at(flow, ARRIVAL).clone();
        again.number = 17;
        flow.push(again);
    }),
    ("PP-RET-005", |flow| refuse(flow, 410, "too-late", Some(true))),
    ("PP-RET-006", |flow| {
        let mut posted = at(flow, ARRIVAL).clone();
        posted.number = 8;
        posted.request.method = "POST".to_owned();
        posted.facts.cookie = Some(false);
        at(flow, ARRIVAL).number = 9;
        at(flow, ARRIVAL).request.query = vec![("parked".to_owned(), "…".to_owned())];
        at(flow, ARRIVAL).facts.jws = None;
        flow.remove(8);
        flow.insert(7, posted);
    }),
    ("PP-SIG-001", |flow| {
        jws(flow).malformed = Some("it is still percent-encoded".to_owned());
        jws(flow).changed = Some("it is right once it is percent-decoded".to_owned());
    }),
    ("PP-SIG-002", |flow| jws(flow).algorithm = Some("HS256".to_owned())),
    ("PP-SIG-002", |flow| jws(flow).algorithm = None),
    ("PP-SIG-003", |flow| jws(flow).session = Some(other_session())),
    ("PP-SIG-003", |flow| jws(flow).session = None),
    ("PP-SIG-004", |flow| jws(flow).key = KeyState::Unknown),
    ("PP-SIG-004", |flow| jws(flow).key = KeyState::Retired),
    // MDES publishes it, and the wallet's keys are older.
    ("PP-SIG-004", |flow| {
        at(flow, CHECK).ending = Ending::Checked {
            passed: false,
            said: "unknown key".to_owned(),
        }
    }),
    ("PP-SIG-005", |flow| jws(flow).is_right = false),
    ("PP-SIG-005", |flow| {
        jws(flow).is_right = false;
        jws(flow).changed = Some("one letter of the payload was changed, at position 5".to_owned());
    }),
    ("PP-SIG-006", |flow| jws(flow).key = KeyState::Expired),
    ("PP-RCP-001", |flow| {
        at(flow, ELIGIBILITY).at_ms += 17 * 60_000;
        refuse_receipt(flow);
    }),
    ("PP-RCP-003", |flow| {
        at(flow, PUSH).request.body = Body::Json(json!({"tokenRequestorId": "50999999999"}));
        refuse_receipt(flow);
    }),
    ("PP-RCP-004", |flow| {
        let unknown = masked("MCC-…0000", "receipt-Z").text();
        at(flow, ELIGIBILITY).request.body = Body::Json(json!({"fundingAccountInfo": {"pushAccountReceipt": unknown}}));
        refuse_receipt(flow);
    }),
    ("PP-RCP-001", |flow| refuse_receipt_as(flow, "expired")),
    ("PP-RCP-002", |flow| refuse_receipt_as(flow, "used")),
    ("PP-RCP-002", |flow| refuse_receipt_as(flow, "held")),
    ("PP-RCP-003", |flow| refuse_receipt_as(flow, "foreign")),
    ("PP-RCP-004", |flow| refuse_receipt_as(flow, "unknown")),
    ("PP-OAU-001", |flow| {
        oauth(flow).body_hash = Some(("b0d7".to_owned(), "77aa".to_owned()))
    }),
    ("PP-OAU-002", |flow| oauth(flow).clock_ahead_s = Some(-600)),
    ("PP-OAU-003", |flow| oauth(flow).nonce_seen = true),
    ("PP-OAU-004", |flow| oauth(flow).is_right = false),
    ("PP-OAU-004", |flow| {
        oauth(flow).is_right = false;
        oauth(flow).client = None;
    }),
    ("PP-OAU-004", |flow| {
        sign_instead(
            flow,
            ["POST", "https%3A%2F%2F127.0.0.1%3A8081%2Fmdes", "oauth_nonce%3D"],
            "the scheme is another",
        )
    }),
    ("PP-OAU-004", |flow| {
        sign_instead(
            flow,
            [
                "POST",
                "http%3A%2F%2F127.0.0.1%3A8081%2Fmdes",
                "realm%3Da%26oauth_nonce%3D",
            ],
            "realm was signed",
        )
    }),
    ("PP-ENC-001", |flow| {
        at(flow, PUSH).facts.payloads[0].opens = false;
        at(flow, PUSH).facts.payloads[0].fingerprint = Some("77aa".to_owned());
    }),
    ("PP-ENC-001", |flow| at(flow, PUSH).facts.payloads[0].opens = false),
    ("PP-ENC-001", |flow| {
        at(flow, PUSH).facts.payloads[0].opens = false;
        at(flow, PUSH).facts.payloads[0].fingerprint = None;
        at(flow, PUSH).facts.payloads[0].expected = None;
    }),
    ("PP-TOK-001", |flow| {
        at(flow, ARRIVAL).request.query = vec![("result".to_owned(), "DECLINED".to_owned())];
        at(flow, ARRIVAL).facts.jws = None;
    }),
    ("PP-TOK-002", |flow| decide(flow, json!({"decision": "DECLINED"}))),
    ("PP-TOK-002", |flow| {
        decide(flow, json!({"errorCode": "PAN_INELIGIBLE"}))
    }),
    ("PP-TOK-003", |flow| {
        decide(flow, json!({"errorCode": "DUPLICATE_REQUEST"}))
    }),
    ("PP-TNC-001", |flow| {
        decide(flow, json!({"errorCode": "INVALID_TERMS_AND_CONDITIONS"}))
    }),
    ("PP-TNC-001", |flow| {
        at(flow, ELIGIBILITY).ending = answered(200, Body::Json(json!({"termsAndConditionsAssetId": "terms-2"})))
    }),
    ("PP-NET-001", |flow| set_took(flow, 12_000)),
    ("PP-NET-002", |flow| {
        let mut failed = at(flow, ELIGIBILITY).clone();
        failed.ending = answered(503, Body::None);
        failed.number = 10;
        failed.attempt = Some(1);
        flow.insert(ELIGIBILITY - 1, failed);
    }),
    ("PP-NET-002", |flow| {
        at(flow, DIGITIZE).ending = Ending::Lost { took_ms: 30 }
    }),
    ("PP-NET-002", |flow| {
        at(flow, DIGITIZE).ending = Ending::Lost { took_ms: 30 };
        let mut asked = at(flow, DIGITIZE).clone();
        asked.label = "getTaskStatus".to_owned();
        asked.number = 17;
        asked.ending = answered(200, Body::Json(json!({"status": "COMPLETED"})));
        flow.push(asked);
    }),
    ("PP-NET-001", |flow| {
        at(flow, ELIGIBILITY).ending = Ending::Lost { took_ms: 12_000 }
    }),
    ("PP-NET-003", |flow| {
        at(flow, ELIGIBILITY).ending = answered(200, Body::None)
    }),
    ("PP-NET-003", |flow| decide(flow, json!({}))),
    ("PP-NET-003", |flow| decide(flow, json!([1]))),
    ("PP-NET-003", |flow| {
        at(flow, DIGITIZE).ending = answered(200, page_of("text/html"))
    }),
    ("PP-NET-003", |flow| {
        at(flow, DIGITIZE).ending = answered(200, page_of("application/json"))
    }),
    ("PP-NET-003", |flow| {
        at(flow, DIGITIZE).request.body = Body::Json(json!({"requestId": "a-1"}));
        decide(
            flow,
            json!({"responseHost": "mdes", "responseId": "b-2", "decision": "APPROVED"}),
        );
    }),
    ("PP-TOK-004", |flow| {
        decide(flow, json!({"errors": [{"reasonCode": "SOMETHING_NEW"}]}))
    }),
    ("PP-TOK-004", |flow| {
        at(flow, DIGITIZE).ending = answered(403, Body::None)
    }),
    ("PP-TOK-004", |flow| {
        at(flow, PUSH).ending = answered(400, Body::Json(json!({"errorCode": "INVALID_JSON"})))
    }),
];

fn page_of(media_type: &str) -> Body {
    Body::Other {
        media_type: media_type.to_owned(),
        bytes: 88,
    }
}

fn sign_instead(flow: &mut [Message], base: [&str; 3], mistake: &str) {
    oauth(flow).is_right = false;
    oauth(flow).signed_base = Some(base.map(str::to_owned).to_vec());
    oauth(flow).mistake = Some(mistake.to_owned());
}

fn at(flow: &mut [Message], number: usize) -> &mut Message {
    &mut flow[number - 1]
}

fn jws(flow: &mut [Message]) -> &mut super::super::message::JwsFacts {
    at(flow, ARRIVAL).facts.jws.as_mut().expect("signed data")
}

fn oauth(flow: &mut [Message]) -> &mut super::super::message::OauthFacts {
    at(flow, ELIGIBILITY).facts.oauth.as_mut().expect("a signature")
}

fn list(ending: Ending) -> Message {
    let mut list = message(
        17,
        Participant::Wallet,
        Participant::Mdes,
        Kind::Call,
        "getEligibleIssuers",
    );
    list.ending = ending;
    list
}

fn list_of(issuers: Value) -> Message {
    list(answered(200, Body::Json(json!({"issuers": issuers}))))
}

fn drop_parameter(flow: &mut [Message], name: &str) {
    at(flow, DEPARTURE).request.query.retain(|(other, _)| other != name);
}

fn set_parameter(flow: &mut [Message], name: &str, value: &str) {
    drop_parameter(flow, name);
    at(flow, DEPARTURE)
        .request
        .query
        .push((name.to_owned(), value.to_owned()));
}

fn refuse(flow: &mut [Message], status: u16, problem: &str, cookie: Option<bool>) {
    let arrival = at(flow, ARRIVAL);
    arrival.ending = answered(status, Body::None);
    arrival.facts.cookie = cookie;
    arrival.facts.page.as_mut().expect("a page").problem = Some(problem.to_owned());
}

fn refuse_receipt(flow: &mut [Message]) {
    let said = "Invalid Field Value - pushAccountReceipt";
    let body = json!({"errorCode": "INVALID_FIELD_VALUE", "errorDescription": said});
    at(flow, ELIGIBILITY).ending = answered(200, Body::Json(body));
}

fn refuse_receipt_as(flow: &mut [Message], why: &str) {
    refuse_receipt(flow);
    at(flow, ELIGIBILITY).facts.receipt = Some(why.to_owned());
}

fn decide(flow: &mut [Message], answer: Value) {
    at(flow, DIGITIZE).ending = answered(200, Body::Json(answer));
}

fn set_took(flow: &mut [Message], ms: u64) {
    if let Ending::Answered { took_ms, .. } = &mut at(flow, ELIGIBILITY).ending {
        *took_ms = ms;
    }
}

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
