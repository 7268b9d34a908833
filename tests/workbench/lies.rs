//! Every lie, told to a wallet that runs: what goes over the wire, and where the wallet ends.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::lies::{LIES, Side};

use crate::strings::{
    MINUTE, choose_all, come_back, decide, pull, push, refused_push, sign_in, tell, to_the_end, with,
};
use crate::world::{APPROVING, TEXTING, World, session_of};

const CARD: &str = "havorn-no-ada-1";

/// How a lie is looked at, and what is to be seen.
enum Look {
    /// The token that is pushed: whether it is as said, and where the wallet ends with it (state and problem).
    Token(fn(&Token) -> bool, &'static str, &'static str),
    /// What MDES finds wrong with the receipt, its answer, and where the wallet ends.
    Receipt(Option<&'static str>, &'static str, &'static str),
    /// What MDES says of the push.
    Push(&'static str),
    /// Where a visit to the bank ends, by a person.
    Visit(fn(&World, &Page) -> bool),
    /// What the wallet makes of the list: whether it takes it, and whether the first bank can still be opened.
    List { taken: bool, opens: bool },
    /// The right code is wrong, three times.
    Code,
    /// The fault that stands in the book.
    Fault(&'static str, &'static str, u64),
    /// It happens on the road: see `road`.
    Road,
    /// The wallet is refused, although the token is right.
    Skew,
}

/// A token, as it travels.
struct Token {
    header: Value,
    payload: Value,
    signature: String,
    session: String,
    receipts: Value,
}

impl Token {
    fn of(token: &str, session: String, receipts: Value) -> Self {
        let mut parts = token.split('.');
        let mut next = || parts.next().unwrap_or_default().to_owned();
        let read = |part: String| -> Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).expect("base64")).expect("JSON")
        };
        Self {
            header: read(next()),
            payload: read(next()),
            signature: next(),
            session,
            receipts,
        }
    }

    fn covers(&self) -> &Value {
        &self.payload["tokenRequestorSessionId"]
    }

    fn kid(&self) -> &str {
        self.header["kid"].as_str().unwrap_or_default()
    }
}

fn look(id: &str) -> Look {
    let genuine = |id: fn(&Token) -> bool| Look::Token(id, "error", "not-genuine");
    let receipt = |wrong| Look::Receipt(Some(wrong), "INVALID_FIELD_VALUE", "receipt-refused");
    match id {
        "other-session" => Look::Token(
            |token| token.covers().is_string() && token.covers() != &token.session,
            "error",
            "foreign-receipt",
        ),
        "no-session" => Look::Token(|token| token.covers().is_null(), "active", ""),
        "tampered" => genuine(|token| token.payload["pushAccountReceipts"] != token.receipts),
        "unknown-key" => Look::Token(|token| token.kid().ends_with("MDES-nobody"), "error", "unknown-key"),
        "retired-key" => Look::Token(|token| token.kid().starts_with("2024"), "error", "unknown-key"),
        // The wallet of this test trusts the keys in its files, and this one is not among them.
        "lapsed-certificate" => Look::Token(|token| token.kid().starts_with("2020"), "error", "unknown-key"),
        "alg-none" => genuine(|token| token.header["alg"] == "none" && token.signature.is_empty()),
        "alg-hs256" => genuine(|token| token.header["alg"] == "HS256" && token.signature.len() == 43),
        "not-a-jws" => genuine(|token| token.signature.is_empty() && token.header["alg"] == "RS256"),
        "expired-receipt" => receipt("expired"),
        "used-receipt" => receipt("used"),
        "foreign-receipt" => receipt("foreign"),
        "unknown-receipt" => receipt("unknown"),
        "terms-changed" => Look::Receipt(None, "INVALID_TERMS_AND_CONDITIONS", "refused"),
        "already-added" => Look::Receipt(None, "DUPLICATE_REQUEST", "duplicate"),
        "code-refused" => Look::Code,
        "list-503" => Look::List {
            taken: false,
            opens: true,
        },
        "list-empty" => Look::List {
            taken: false,
            opens: true,
        },
        "http-uri" => Look::List {
            taken: true,
            opens: false,
        },
        "unsafe-logo" => Look::List {
            taken: true,
            opens: true,
        },
        "check-503" => Look::Fault("checkEligibility", "status", 0),
        "check-slow" => Look::Fault("checkEligibility", "delay", 12_000),
        "answer-lost" => Look::Fault("digitize", "lose-answer", 0),
        "clock-off" => Look::Skew,
        "bank-clock-off" => Look::Push("timestamp is outside"),
        "bad-body-hash" => Look::Push("body hash did not match"),
        "nonce-twice" => Look::Push("nonce was already used"),
        "bad-base-string" => Look::Push("signatures did not match"),
        "encrypted-for-another-key" => Look::Push("CRYPTOGRAPHY_ERROR"),
        "no-eligible-card" => Look::Visit(|_, page| page.text().contains("You have no card that can be added")),
        "return-bare" => {
            Look::Visit(|world, page| page.url.starts_with(&world.url) && page.state().as_deref() == Some("launched"))
        }
        "return-elsewhere" => Look::Visit(|_, page| page.text().contains("In another browser")),
        "return-twice" => Look::Visit(|_, page| page.text().contains("Twice")),
        "return-late" => Look::Visit(|_, page| page.text().contains("After 16 minutes")),
        "return-cut" => Look::Visit(|world, page| page.url.starts_with(&world.url) && page.status >= 400),
        "return-posted" => Look::Visit(|world, page| {
            let forms = page.forms();
            forms
                .iter()
                .any(|form| form.action.starts_with(&world.url) && form.fields.len() == 2)
        }),
        "return-cancelled" => {
            Look::Visit(|world, page| page.url.starts_with(&world.url) && page.state().as_deref() == Some("cancelled"))
        }
        "link-without-session"
        | "link-other-callback"
        | "link-other-wallet"
        | "body-rewritten"
        | "sent-twice"
        | "other-host" => Look::Road,
        other => panic!("nobody looks at {other}"),
    }
}

async fn at_token(world: &World, id: &str, check: fn(&Token) -> bool, state: &str, problem: &str) {
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let pushed = push(world, &[CARD], &attempt).await;
    let token = pushed["signature"].as_str().expect("signed");
    let seen = Token::of(token, session_of(&attempt), pushed["receipts"].clone());
    assert!(check(&seen), "{id}: {} {}", seen.header, seen.payload);
    let page = come_back(world, &mut browser, &attempt, token).await;
    let page = to_the_end(world, &mut browser, page).await;
    ends(id, &page, state, problem);
}

async fn at_receipt(world: &World, id: &str, wrong: Option<&str>, answer: &str, problem: &str) {
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let pushed = push(world, &[CARD], &attempt).await;
    let page = come_back(
        world,
        &mut browser,
        &attempt,
        pushed["signature"].as_str().expect("signed"),
    )
    .await;
    let page = to_the_end(world, &mut browser, page).await;
    ends(id, &page, "failed", problem);
    let calls = world.stage.mdes.calls();
    let refused = calls.iter().find(|call| call.outcome == answer);
    assert_eq!(refused.map(|call| call.receipt), Some(wrong), "{id}: {calls:?}");
    assert!(world.stage.mdes.tokens().is_empty(), "{id}");
}

fn ends(id: &str, page: &Page, state: &str, problem: &str) {
    let seen = (
        page.state().unwrap_or_default(),
        page.main_attribute("data-problem").unwrap_or_default(),
    );
    assert_eq!(seen, (state.to_owned(), problem.to_owned()), "{id}: {}", page.text());
}

async fn visit(world: &World, browser: &mut Browser) -> Page {
    let attempt = world.start(browser, APPROVING).await;
    let cards = sign_in(browser, &attempt, "ada").await;
    if !cards
        .forms()
        .iter()
        .any(|form| form.choices.iter().any(|(name, value)| name == "card" && value == CARD))
        || cards.text().contains("You have no card")
    {
        return cards;
    }
    let form = with(&cards, "card");
    let consent = browser
        .submit(&cards, &form, &[("card", CARD)])
        .await
        .expect("an answer");
    decide(browser, &consent, &[("decision", "add")]).await
}

async fn at_code(world: &World) {
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, TEXTING).await;
    let pushed = push(world, &["quillwort-us-ada-1"], &attempt).await;
    let token = pushed["signature"].as_str().expect("signed");
    let page = come_back(world, &mut browser, &attempt, token).await;
    let mut page = to_the_end(world, &mut browser, page).await;
    let code = world.code();
    for left in ["code", "code", "pending"] {
        page = world.act(&mut browser, &page, "/code", &[("code", &code)]).await;
        assert_eq!(page.state().as_deref(), Some(left), "{}", page.text());
    }
}

async fn at_list(world: &World, id: &str, taken: bool, opens: bool) {
    let before = world.asked("getEligibleIssuers");
    let looked = world.app.refresh_directory().await;
    assert_eq!(looked.is_ok(), taken, "{id}: {looked:?}");
    assert!(world.asked("getEligibleIssuers") > before);
    let page = world
        .browser()
        .get(&world.at(&format!("/issuers/{APPROVING}")))
        .await
        .expect("an answer");
    assert_eq!(page.form("/sessions").is_ok(), opens, "{id}: {}", page.text());
}

#[tokio::test]
async fn every_lie_is_told_as_its_sentence_says() {
    for lie in LIES {
        let world = World::new().await;
        tell(&world, lie.id).await;
        let mut browser = world.browser();
        match look(lie.id) {
            Look::Token(check, state, problem) => at_token(&world, lie.id, check, state, problem).await,
            Look::Receipt(wrong, answer, problem) => at_receipt(&world, lie.id, wrong, answer, problem).await,
            Look::Push(said) => {
                let attempt = world.start(&mut browser, APPROVING).await;
                let error = refused_push(&world, &[CARD], &attempt).await;
                assert!(error.contains(said), "{}: {error}", lie.id);
            }
            Look::Visit(check) => {
                let page = visit(&world, &mut browser).await;
                assert!(check(&world, &page), "{}: {} {}", lie.id, page.url, page.body);
            }
            Look::List { taken, opens } => at_list(&world, lie.id, taken, opens).await,
            Look::Fault(operation, kind, latency_ms) => {
                let faults = pull(&world, "GET", "/faults", &Value::Null).await;
                let fault = &faults["faults"][0];
                let seen = (&fault["operation"], &fault["kind"], &fault["latency_ms"]);
                assert!(
                    *seen.0 == operation && *seen.1 == kind && *seen.2 == latency_ms,
                    "{fault}"
                );
            }
            Look::Code => at_code(&world).await,
            Look::Road => assert_eq!(lie.side, Side::Road),
            Look::Skew => {
                let looked = world.app.refresh_directory().await;
                assert!(looked.is_err(), "{looked:?}");
                let last = world.stage.mdes.calls().pop().expect("a call");
                assert!(last.status == 401 && last.outcome.contains("timestamp"), "{last:?}");
            }
        }
    }
}

#[tokio::test]
async fn when_the_lie_is_over_everything_works_again() {
    let world = World::new().await;
    let mut browser = world.browser();
    for lie in LIES {
        tell(&world, lie.id).await;
    }
    pull(&world, "PUT", "/knobs", &serde_json::json!({ "lie": null })).await;
    let faults = pull(&world, "GET", "/faults", &Value::Null).await;
    let skew = pull(&world, "GET", "/skew", &Value::Null).await;
    assert!(faults["faults"] == serde_json::json!([]) && skew["mdes_ms"] == 0 && skew["bank_ms"] == 0);
    let back = visit(&world, &mut browser).await;
    world.work().await;
    let page = world.look(&mut browser, &back).await;
    let page = to_the_end(&world, &mut browser, page).await;
    assert_eq!(page.state().as_deref(), Some("active"), "{}", page.text());
}

#[tokio::test]
async fn mdes_that_is_down_for_a_moment_and_an_answer_that_is_lost_delay_the_card_and_no_more() {
    for (lie, operation, calls) in [("check-503", "checkEligibility", 3), ("answer-lost", "digitize", 1)] {
        let world = World::new().await;
        tell(&world, lie).await;
        let mut browser = world.browser();
        let attempt = world.start(&mut browser, APPROVING).await;
        let pushed = push(&world, &[CARD], &attempt).await;
        let token = pushed["signature"].as_str().expect("signed");
        let page = come_back(&world, &mut browser, &attempt, token).await;
        let page = to_the_end(&world, &mut browser, page).await;
        assert_eq!(page.state().as_deref(), Some("active"), "{lie}: {}", page.text());
        assert_eq!(world.asked(operation), calls, "{lie}");
        assert_eq!(world.stage.mdes.tokens().len(), 1);
    }
}

/// The pictures that no wallet may show are those that MDES sends.
#[tokio::test]
async fn unsafe_logos_are_what_mdes_serves() {
    let world = World::new().await;
    tell(&world, "unsafe-logo").await;
    let before = world.asked("asset");
    world.app.refresh_directory().await.expect("a list");
    world.work().await;
    let mut browser = world.browser();
    for issuer in ["havorn-no", "tarnfell-gb", "silbertann-de"] {
        let page = browser
            .get(&world.at(&format!("/issuers/{issuer}")))
            .await
            .expect("an answer");
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("alert(1)"));
    }
    let calls = world.stage.mdes.calls();
    let assets: Vec<&str> = calls
        .iter()
        .filter(|call| call.operation == "asset")
        .skip(before)
        .map(|call| call.outcome.as_str())
        .collect();
    assert_eq!(
        assets.iter().filter(|outcome| **outcome == "ok").count(),
        2,
        "{assets:?}"
    );
    assert!(assets.contains(&"INVALID_FIELD_VALUE"), "{assets:?}");
}

#[tokio::test]
async fn a_receipt_that_is_too_old_was_not_when_nobody_lied() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let pushed = push(&world, &[CARD], &attempt).await;
    world.clock.advance(14 * MINUTE);
    let token = pushed["signature"].as_str().expect("signed");
    let page = come_back(&world, &mut browser, &attempt, token).await;
    assert_eq!(page.state().as_deref(), Some("terms"), "{}", page.text());
}

/// What a card stands for that is made for it, everybody may see on the bank's page too.
#[tokio::test]
async fn a_lie_of_everybodys_goes_with_a_person_through_the_bank() {
    let world = World::new().await;
    tell(&world, "tampered").await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let cards = sign_in(&mut browser, &attempt, "dora").await;
    let consent = choose_all(&mut browser, &cards).await;
    let page = decide(&mut browser, &consent, &[("decision", "add")]).await;
    ends("tampered", &page, "error", "not-genuine");
}
