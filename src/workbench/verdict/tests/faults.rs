//! What can be wrong with a flow, one thing at a time.

use serde_json::{Value, json};

use super::super::*;
use crate::workbench::message::{Body, Ending, JwsFacts, KeyState, Kind, OauthFacts, Participant, PictureFacts};
use crate::workbench::testing::{
    ARRIVAL, CHECK, DEPARTURE, DIGITIZE, ELIGIBILITY, PICTURE, PUSH, answered, masked, message, other_session,
};

pub(super) type Change = fn(&mut Vec<Message>);

/// One thing that is wrong, and the id that it leads to.
pub(super) const FAULTS: &[(&str, Change)] = &[
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
    ("PP-PSH-001", |flow| refuse_push(flow, "malformed-push")),
    ("PP-PSH-002", |flow| {
        refuse_push(flow, "push-not-signed");
        at(flow, ARRIVAL).facts.jws = None;
    }),
    ("PP-PSH-003", |flow| refuse_push(flow, "push-of-session")),
    ("PP-PSH-004", |flow| refuse_push(flow, "push-unknown-issuer")),
    ("PP-PSH-005", |flow| refuse_push(flow, "push-wrong-callback")),
    ("PP-PSH-006", |flow| refuse_push(flow, "push-used")),
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

pub(super) fn page_of(media_type: &str) -> Body {
    Body::Other {
        media_type: media_type.to_owned(),
        bytes: 88,
    }
}

pub(super) fn sign_instead(flow: &mut [Message], base: [&str; 3], mistake: &str) {
    oauth(flow).is_right = false;
    oauth(flow).signed_base = Some(base.map(str::to_owned).to_vec());
    oauth(flow).mistake = Some(mistake.to_owned());
}

pub(super) fn at(flow: &mut [Message], number: usize) -> &mut Message {
    &mut flow[number - 1]
}

pub(super) fn jws(flow: &mut [Message]) -> &mut JwsFacts {
    at(flow, ARRIVAL).facts.jws.as_mut().expect("signed data")
}

pub(super) fn oauth(flow: &mut [Message]) -> &mut OauthFacts {
    at(flow, ELIGIBILITY).facts.oauth.as_mut().expect("a signature")
}

pub(super) fn list(ending: Ending) -> Message {
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

pub(super) fn list_of(issuers: Value) -> Message {
    list(answered(200, Body::Json(json!({"issuers": issuers}))))
}

pub(super) fn drop_parameter(flow: &mut [Message], name: &str) {
    at(flow, DEPARTURE).request.query.retain(|(other, _)| other != name);
}

pub(super) fn set_parameter(flow: &mut [Message], name: &str, value: &str) {
    drop_parameter(flow, name);
    at(flow, DEPARTURE)
        .request
        .query
        .push((name.to_owned(), value.to_owned()));
}

pub(super) fn refuse(flow: &mut [Message], status: u16, problem: &str, cookie: Option<bool>) {
    let arrival = at(flow, ARRIVAL);
    arrival.ending = answered(status, Body::None);
    arrival.facts.cookie = cookie;
    arrival.facts.page.as_mut().expect("a page").problem = Some(problem.to_owned());
}

/// The cardholder came with a push instead, and the wallet has this against it.
pub(super) fn refuse_push(flow: &mut [Message], problem: &str) {
    refuse(flow, 400, problem, Some(true));
    let arrival = at(flow, ARRIVAL);
    arrival.label = "GET /push".to_owned();
    arrival.facts.session = None;
}

pub(super) fn refuse_receipt(flow: &mut [Message]) {
    let said = "Invalid Field Value - pushAccountReceipt";
    let body = json!({"errorCode": "INVALID_FIELD_VALUE", "errorDescription": said});
    at(flow, ELIGIBILITY).ending = answered(200, Body::Json(body));
}

pub(super) fn refuse_receipt_as(flow: &mut [Message], why: &str) {
    refuse_receipt(flow);
    at(flow, ELIGIBILITY).facts.receipt = Some(why.to_owned());
}

pub(super) fn decide(flow: &mut [Message], answer: Value) {
    at(flow, DIGITIZE).ending = answered(200, Body::Json(answer));
}

pub(super) fn set_took(flow: &mut [Message], ms: u64) {
    if let Ending::Answered { took_ms, .. } = &mut at(flow, ELIGIBILITY).ending {
        *took_ms = ms;
    }
}
