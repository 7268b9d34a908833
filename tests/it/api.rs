//! The JSON face: what a native wallet does through its backend, and what nobody else may.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tidemark::cli::browser::Browser;
use tidemark::sim::mdes::Fault;

use crate::backend::{authorized, credential, json_ask, value};
use crate::bad_input::{Listener, Site};
use crate::wire::Ask;
use crate::world::{APPROVING, TEXTING, World, card, push_profiles};

/// A bank whose terms are a PDF.
const PDF_BANK: &str = "silbertann-de";

/// A session of an account, begun by its app.
async fn begin(world: &World, subject: &str, issuer: &str) -> (String, Value) {
    let body = json!({ "subject": subject, "issuer": issuer, "return": "app" });
    let (status, session) = world.tell_api("/api/v1/sessions", body).await;
    assert_eq!(status, 201, "{session}");
    (id_of(&session), session)
}

fn id_of(session: &Value) -> String {
    session["id"].as_str().expect("an id").to_owned()
}

fn path(session: &str, end: &str) -> String {
    format!("/api/v1/sessions/{session}{end}")
}

async fn look(world: &World, session: &str) -> Value {
    let (status, session) = world.ask_api(&format!("{}?subject=ada", path(session, ""))).await;
    assert_eq!(status, 200, "{session}");
    session
}

/// Takes a step, lets the worker work, and looks.
async fn step(world: &World, session: &str, end: &str, body: Value) -> Value {
    let (status, answer) = world.tell_api(&path(session, end), body).await;
    assert_eq!(status, 200, "{answer}");
    world.work().await;
    look(world, session).await
}

/// Where the bank sends the app back to, with these cards of a bank.
async fn caught(world: &World, issuer: &str, cards: &[&str], session: &str) -> String {
    let signed = world.push(issuer, cards, session).await;
    world.at(&format!("/app/callback/{session}?pushAccountData={signed}"))
}

/// From nothing to the terms.
async fn to_terms(world: &World, issuer: &str) -> (String, Value) {
    let (id, _) = begin(world, "ada", issuer).await;
    let url = caught(world, issuer, &[&card(issuer, "ada", 1)], &id).await;
    let session = step(world, &id, "/return", json!({ "subject": "ada", "return_url": url })).await;
    assert_eq!(session["state"], "terms", "{session}");
    (id, session)
}

async fn accept(world: &World, id: &str, session: &Value) -> Value {
    let shown = &session["stage"]["terms"]["shown"];
    let body = json!({ "subject": "ada", "action": "accept", "shown": shown });
    step(world, id, "/terms", body).await
}

/// Signs in at the bank as Ada, chooses her first card and agrees: where the bank sends her then.
async fn at_the_bank(address: &str) -> String {
    let mut browser = Browser::new();
    let mut page = browser.get(address).await.expect("the bank");
    for (field, chosen) in [("persona", Some("ada")), ("card", None), ("decision", Some("add"))] {
        let forms = page.forms();
        let found = forms.iter().find_map(|form| {
            let choice = form
                .choices
                .iter()
                .find(|(name, value)| name == field && chosen.is_none_or(|chosen| chosen == value));
            choice.map(|(_, value)| (form.clone(), value.clone()))
        });
        let (form, choice) = found.unwrap_or_else(|| panic!("no {field}: {}", page.text()));
        page = browser
            .submit(&page, &form, &[(field, &choice)])
            .await
            .expect("the bank");
    }
    // A phone would have opened the app with this address; here it reaches the server, which sends the browser on.
    let caught = page.visited.iter().find(|address| address.contains("/callback/"));
    caught.unwrap_or_else(|| panic!("no way back: {}", page.text())).clone()
}

#[tokio::test]
async fn a_native_wallet_adds_a_card_through_the_api_alone() {
    let world = World::with_accounts().await;
    let (id, session) = begin(&world, "ada", APPROVING).await;
    assert_eq!(session["state"], "offered");
    assert_eq!(session["expires_at"], "2026-01-01T12:15:00Z");
    let callback = world.at(&format!("/app/callback/{id}"));
    assert_eq!(session["launch"]["callback"], callback);
    let website = session["launch"]["addresses"]["web"].as_str().expect("a website");
    let back = at_the_bank(website).await;
    assert!(back.starts_with(&format!("{callback}?")), "{back}");
    let asked = world.stage.mdes.calls().len();
    let body = json!({ "subject": "ada", "return_url": back });
    let (status, returned) = world.tell_api(&path(&id, "/return"), body.clone()).await;
    assert_eq!(
        (status, &returned["state"], &returned["launch"]),
        (200, &json!("returned"), &Value::Null)
    );
    assert_eq!(
        world.stage.mdes.calls().len(),
        asked,
        "nobody is asked while the app waits"
    );
    let (status, again) = world.tell_api(&path(&id, "/return"), body).await;
    assert_eq!((status, &again["state"]), (200, &json!("returned")), "twice is once");
    world.work().await;
    let terms = look(&world, &id).await;
    assert_eq!(terms["state"], "terms");
    let paragraphs = &terms["stage"]["terms"]["documents"][0]["paragraphs"];
    assert!(paragraphs.as_array().is_some_and(|text| !text.is_empty()), "{terms}");
    let done = accept(&world, &id, &terms).await;
    assert_eq!(done["state"], "active", "{done}");
    let token = &world.stage.mdes.tokens()[0];
    assert_eq!((token.status.as_str(), world.asked("digitize")), ("ACTIVE", 1));
    assert_eq!(done["cards"][0]["last_four"], token.account_suffix);
    let (_, wallet) = world.ask_api("/api/v1/cards?subject=ada").await;
    assert_eq!(wallet["cards"], done["cards"]);
    let art = wallet["cards"][0]["art"].as_str().expect("a picture");
    assert_eq!(Ask::get(art).send(&world).await.status, 200);
    let (_, others) = world.ask_api("/api/v1/cards?subject=bob").await;
    assert_eq!(others, json!({ "cards": [] }));
}

#[tokio::test]
async fn a_code_is_typed_through_the_api() {
    let world = World::with_accounts().await;
    let (id, terms) = to_terms(&world, TEXTING).await;
    let code_stage = accept(&world, &id, &terms).await;
    assert_eq!(code_stage["state"], "code", "{code_stage}");
    let right = world.code();
    let wrong: String = right
        .chars()
        .map(|digit| if digit == '7' { '8' } else { '7' })
        .collect();
    let judged = step(&world, &id, "/code", json!({ "subject": "ada", "code": wrong })).await;
    assert_eq!(judged["stage"]["note"], "wrong", "{judged}");
    let spaced = format!("{} {}", &right[..3], &right[3..]);
    let done = step(&world, &id, "/code", json!({ "subject": "ada", "code": spaced })).await;
    assert_eq!(done["state"], "active", "{done}");
}

#[tokio::test]
async fn an_account_s_session_is_the_same_for_its_app_and_its_browsers() {
    let world = World::with_accounts().await;
    let mut browser = world.browser_of("ada").await;
    let body = json!({ "subject": "ada", "issuer": APPROVING, "return": "browser" });
    let (_, session) = world.tell_api("/api/v1/sessions", body).await;
    let id = id_of(&session);
    assert_eq!(session["launch"]["callback"], world.at(&format!("/callback/{id}")));
    let back = at_the_bank(session["launch"]["addresses"]["web"].as_str().expect("a website")).await;
    assert_eq!(
        Browser::new().get(&back).await.expect("an answer").status,
        400,
        "nobody's browser"
    );
    let session = look(&world, &id).await;
    assert_eq!(session["stage"]["returned_elsewhere"], true, "{session}");
    let (id, session) = begin(&world, "ada", APPROVING).await;
    let page = browser
        .get(&world.at(&format!("/sessions/{id}")))
        .await
        .expect("an answer");
    assert_eq!(page.state().as_deref(), Some("offered"), "{}", page.text());
    browser.follows = false;
    let go = browser
        .get(&world.at(&format!("/sessions/{id}/go")))
        .await
        .expect("an answer");
    let location = go.headers["location"].to_str().expect("text");
    assert_eq!(
        location, session["launch"]["addresses"]["web"],
        "the session remembers where it belongs"
    );
    let url = caught(&world, APPROVING, &[&card(APPROVING, "ada", 1)], &id).await;
    let body = json!({ "subject": "ada", "return_url": url });
    step(&world, &id, "/return", body).await;
    let page = browser
        .get(&world.at(&format!("/sessions/{id}")))
        .await
        .expect("an answer");
    assert_eq!(page.state().as_deref(), Some("terms"));
}

#[tokio::test]
async fn without_the_credential_nothing_is_here() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let handoffs = site.world.sign_ins().await;
    let right = credential();
    let mut longer = right.to_owned();
    longer.push('0');
    let wrong: Vec<Vec<String>> = vec![
        vec![],
        vec![String::new()],
        vec!["Bearer".to_owned()],
        vec!["Bearer ".to_owned()],
        vec![right.to_owned()],
        vec![format!("Basic {right}")],
        vec![format!("Bearer{right}")],
        vec![format!("Bearer {}", &right[1..])],
        vec![format!("Bearer {longer}")],
        vec![format!("Bearer {}", right.to_uppercase())],
        vec![format!("Bearer {right}, Bearer {right}")],
        vec![format!("Bearer {right}"), format!("Bearer {right}")],
        vec!["Bearer x".to_owned(), format!("Bearer {right}")],
    ];
    let routes: Vec<_> = site
        .routes()
        .into_iter()
        .filter(|route| route.listener == Listener::Wallet)
        .collect();
    assert_eq!(routes.len(), 19);
    for route in &routes {
        for given in &wrong {
            let good = site.good(route).without("authorization");
            let ask = given.iter().fold(good, |ask, value| ask.with("authorization", value));
            let answer = ask.send(&site.world).await;
            let what = format!("{} {} {given:?}", route.method, route.template);
            assert_eq!(
                (answer.status, answer.problem().as_deref()),
                (401, Some("no-credential")),
                "{what}"
            );
            assert_eq!(
                answer.header("www-authenticate"),
                Some("Bearer realm=\"api\""),
                "{what}"
            );
        }
    }
    site.world.assert_unmoved(&before, "no credential").await;
    assert_eq!(site.world.sign_ins().await, handoffs);
    for scheme in ["bearer", "BEARER", "Bearer "] {
        let ask = Ask::get("/api/v1/cards?subject=ada").with("authorization", format!("{scheme} {right}"));
        assert_eq!(ask.send(&site.world).await.status, 200, "{scheme}");
    }
}

#[tokio::test]
async fn another_account_s_session_is_not_here() {
    let world = World::with_accounts().await;
    let (id, session) = to_terms(&world, PDF_BANK).await;
    let document = session["stage"]["terms"]["documents"][0]["pdf"]
        .as_str()
        .expect("a PDF")
        .to_owned();
    let (waiting, _) = begin(&world, "ada", APPROVING).await;
    let url = caught(&world, APPROVING, &[&card(APPROVING, "ada", 1)], &waiting).await;
    let mut anonymous = world.browser();
    let page = world.start(&mut anonymous, APPROVING).await;
    let strangers = crate::world::session_of(&page);
    let before = world.books().await;
    for (subject, id) in [("bob", id.as_str()), ("Ada", &id), ("ada", &strangers)] {
        for (end, more) in [
            (
                "/terms",
                json!({ "action": "accept", "shown": session["stage"]["terms"]["shown"] }),
            ),
            ("/terms", json!({ "action": "decline" })),
            ("/method", json!({ "method": "later" })),
            ("/code", json!({ "code": "123456" })),
            ("/resend", json!({})),
            ("/confirm", json!({})),
            ("/cancel", json!({})),
            (
                "/return",
                json!({ "return_url": world.at(&format!("/callback/{id}?result=CANCELLED")) }),
            ),
            (
                "/return",
                json!({ "return_url": world.at(&format!("/app/callback/{id}")) }),
            ),
        ] {
            let mut body = more;
            body["subject"] = subject.into();
            let (status, problem) = world.tell_api(&path(id, end), body).await;
            assert_eq!(
                (status, &problem["code"]),
                (404, &json!("not-found")),
                "{subject} {end}"
            );
        }
        let (status, _) = world.ask_api(&format!("{}?subject={subject}", path(id, ""))).await;
        assert_eq!(status, 404, "{subject}");
    }
    let (status, _) = world.ask_api(&format!("{document}?subject=bob")).await;
    assert_eq!(status, 404);
    world.assert_unmoved(&before, "another account").await;
    // Bob's app caught what ada's bank sent: neither of them may use it.
    let body = json!({ "subject": "bob", "return_url": url });
    assert_eq!(world.tell_api(&path(&waiting, "/return"), body).await.0, 404);
    let unreadable = world.at(&format!("/app/callback/{waiting}?result=FINE"));
    let body = json!({ "subject": "bob", "return_url": unreadable });
    assert_eq!(
        world.tell_api(&path(&waiting, "/return"), body).await.0,
        404,
        "nor what is wrong with it"
    );
    assert_eq!(world.quarantined().await, 1);
    let body = json!({ "subject": "ada", "return_url": url });
    let (status, refused) = world.tell_api(&path(&waiting, "/return"), body).await;
    assert_eq!((status, &refused["code"]), (400, &json!("foreign-receipt")));
    let waiting = look(&world, &waiting).await;
    assert_eq!(
        (&waiting["state"], &waiting["stage"]["returned_elsewhere"]),
        (&json!("offered"), &json!(true))
    );
}

#[tokio::test]
async fn a_return_is_refused_as_the_page_refuses_it() {
    let world = World::with_accounts().await;
    let (id, _) = begin(&world, "ada", APPROVING).await;
    let (other, _) = begin(&world, "ada", APPROVING).await;
    let url = caught(&world, APPROVING, &[&card(APPROVING, "ada", 1)], &id).await;
    let token = url.split("pushAccountData=").nth(1).expect("a token");
    let here = world.at(&format!("/app/callback/{id}"));
    let (head, signature) = token.rsplit_once('.').expect("three parts");
    let swapped: String = signature.chars().rev().collect();
    let before = world.books().await;
    for (address, status, code) in [
        (String::new(), 422, "bad-input"),
        ("x".to_owned(), 422, "bad-input"),
        (url.replace(&id, &other), 422, "bad-input"),
        (url.replacen("localhost", "evil.example", 1), 422, "bad-input"),
        (url.replace("/app/callback/", "/app/callbacks/"), 422, "bad-input"),
        (format!("{here}/?pushAccountData={token}"), 422, "bad-input"),
        (format!("{here}?pushAccountData={head}.{swapped}"), 400, "not-genuine"),
        (
            format!("{here}?pushAccountData={token}&signature={token}"),
            400,
            "malformed-return",
        ),
        (
            format!("{here}?pushAccountData={token}&pushAccountData={token}"),
            400,
            "malformed-return",
        ),
        (format!("{here}?receipt=MCC-1"), 400, "malformed-return"),
        (format!("{here}?result=FINE"), 400, "malformed-return"),
        (
            format!("{url}&tokenRequestorSessionId={other}"),
            400,
            "malformed-return",
        ),
    ] {
        let body = json!({ "subject": "ada", "return_url": address });
        let (found, problem) = world.tell_api(&path(&id, "/return"), body).await;
        assert_eq!((found, &problem["code"]), (status, &json!(code)), "{address}");
        let shown = problem.to_string();
        assert!(!shown.contains(token) && !shown.contains("evil"), "{shown}");
    }
    world.assert_unmoved(&before, "returns").await;
    let foreign = json!({ "subject": "ada", "return_url": url.replace(&id, &other) });
    let (status, problem) = world.tell_api(&path(&other, "/return"), foreign).await;
    assert_eq!((status, &problem["code"]), (400, &json!("foreign-receipt")));
    world.clock.advance(900_000);
    let late = json!({ "subject": "ada", "return_url": format!("{url}#_=_") });
    let (status, problem) = world.tell_api(&path(&id, "/return"), late).await;
    assert_eq!((status, &problem["code"]), (410, &json!("too-late")));
    assert_eq!(world.asked("checkEligibility"), 0);
}

#[tokio::test]
async fn a_step_that_is_not_possible_says_why() {
    let world = World::with_accounts().await;
    let (id, _) = begin(&world, "ada", APPROVING).await;
    let (terms_id, _) = to_terms(&world, APPROVING).await;
    for (id, end, body, status, code, reason) in [
        (
            &id,
            "/code",
            json!({ "code": "123456" }),
            409,
            "not-now",
            json!("wrong-state"),
        ),
        (&id, "/resend", json!({}), 409, "not-now", json!("wrong-state")),
        (
            &terms_id,
            "/terms",
            json!({ "action": "accept", "shown": "x" }),
            409,
            "not-now",
            json!("terms-changed"),
        ),
        (
            &terms_id,
            "/terms",
            json!({ "action": "maybe" }),
            422,
            "bad-input",
            Value::Null,
        ),
        (
            &terms_id,
            "/terms",
            json!({ "action": "accept", "device_ip": "::1" }),
            422,
            "bad-input",
            Value::Null,
        ),
        (&id, "/code", json!({ "code": "12 34!" }), 422, "bad-input", Value::Null),
        (&id, "/method", json!({}), 422, "bad-input", Value::Null),
    ] {
        let mut body = body;
        body["subject"] = "ada".into();
        let before = world.books().await;
        let (found, problem) = world.tell_api(&path(id, end), body).await;
        assert_eq!(
            (found, &problem["code"], &problem["reason"]),
            (status, &json!(code), &reason),
            "{end}"
        );
        world.assert_unmoved(&before, end).await;
    }
    let cancelled = step(&world, &id, "/cancel", json!({ "subject": "ada" })).await;
    assert_eq!(
        (&cancelled["state"], &cancelled["launch"]),
        (&json!("cancelled"), &Value::Null)
    );
    let url = world.at(&format!("/app/callback/{id}?result=DECLINED"));
    let (status, after) = world
        .tell_api(&path(&id, "/return"), json!({ "subject": "ada", "return_url": url }))
        .await;
    assert_eq!((status, &after["state"]), (200, &json!("cancelled")));
}

#[tokio::test]
async fn the_address_of_the_device_is_the_cardholder_s_and_never_the_backend_s() {
    let world = World::with_accounts().await;
    for (given, kept) in [(Some("8.8.4.4"), "8.8.4.4"), (Some("10.0.0.1"), "null"), (None, "null")] {
        let (id, terms) = to_terms(&world, APPROVING).await;
        let mut body = json!({ "subject": "ada", "action": "accept", "shown": terms["stage"]["terms"]["shown"] });
        if let Some(address) = given {
            body["device_ip"] = address.into();
        }
        assert_eq!(world.tell_api(&path(&id, "/terms"), body).await.0, 200);
        let rows = world
            .texts(&format!("SELECT body FROM sessions WHERE id = '{id}'"))
            .await;
        let body: Value = serde_json::from_str(&rows[0]).expect("JSON");
        world.work().await;
        assert_eq!(body["device_ip"].as_str().unwrap_or("null"), kept);
    }
}

#[tokio::test]
async fn under_one_key_one_session_begins() {
    let world = World::with_accounts().await;
    let ask = |subject: &str, issuer: &str, home: &str, key: &str| {
        let body = json!({ "subject": subject, "issuer": issuer, "return": home });
        authorized(json_ask("/api/v1/sessions", &body)).with("idempotency-key", key)
    };
    let begun = |ask: Ask| {
        let world = &world;
        async move {
            let answer = ask.send(world).await;
            let session = value(&answer);
            assert_eq!(answer.status, 201, "{session}");
            id_of(&session)
        }
    };
    let many = (0..8).map(|_| begun(ask("ada", APPROVING, "app", "order-1")));
    let ids: BTreeSet<String> = futures_util::future::join_all(many).await.into_iter().collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_eq!(world.texts("SELECT id FROM sessions").await.len(), 1);
    let first = ids.into_iter().next().expect("one");
    let moved = step(&world, &first, "/cancel", json!({ "subject": "ada" })).await;
    assert_eq!(moved["state"], "cancelled");
    assert_eq!(
        begun(ask("ada", APPROVING, "app", "order-1")).await,
        first,
        "whatever became of it"
    );
    for other in [
        ask("ada", TEXTING, "app", "order-1"),
        ask("ada", APPROVING, "browser", "order-1"),
    ] {
        let answer = other.send(&world).await;
        assert_eq!((answer.status, answer.problem().as_deref()), (422, Some("bad-input")));
    }
    assert_ne!(begun(ask("bob", APPROVING, "app", "order-1")).await, first);
    assert_ne!(begun(ask("ada", APPROVING, "app", "order-2")).await, first);
    let without = json!({ "subject": "ada", "issuer": APPROVING, "return": "app" });
    let without = authorized(json_ask("/api/v1/sessions", &without));
    assert_ne!(begun(without.clone()).await, begun(without.clone()).await);
    let before = world.books().await;
    for key in ["", "a b", "\u{e9}", &"a".repeat(129)] {
        let answer = without.clone().with("idempotency-key", key).send(&world).await;
        assert_eq!(answer.status, 422, "{key}");
    }
    let twice = without.with("idempotency-key", "a").with("idempotency-key", "b");
    assert_eq!(twice.send(&world).await.status, 422);
    world.assert_unmoved(&before, "keys that are none").await;
}

#[tokio::test]
async fn a_body_that_could_be_read_in_two_ways_is_refused_and_pointed_at() {
    let world = World::with_accounts().await;
    let before = (world.books().await, world.sign_ins().await);
    for (target, body, status, pointer) in [
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","subject":"bob"}"#,
            400,
            "/subject",
        ),
        ("/api/v1/handoffs", r#"{"subject":"ada","next":"/"}"#, 400, "/next"),
        ("/api/v1/handoffs", r#"{"subject":7}"#, 400, "/subject"),
        ("/api/v1/handoffs", r#"{}"#, 422, "/subject"),
        ("/api/v1/handoffs", r#"{"subject":""}"#, 422, "/subject"),
        ("/api/v1/handoffs", r#"{"subject":"ada@example.org"}"#, 422, "/subject"),
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","path":"https://evil.example/"}"#,
            422,
            "/path",
        ),
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","path":"//evil.example"}"#,
            422,
            "/path",
        ),
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","path":"/\\evil.example"}"#,
            422,
            "/path",
        ),
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","path":"/issuers?q=x"}"#,
            422,
            "/path",
        ),
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","path":"/issuers/a/b"}"#,
            422,
            "/path",
        ),
        (
            "/api/v1/handoffs",
            r#"{"subject":"ada","path":"/handoff/x"}"#,
            422,
            "/path",
        ),
        ("/api/v1/handoffs", r#"{"subject":"ada","path":""}"#, 422, "/path"),
        (
            "/api/v1/sessions",
            r#"{"subject":"ada","issuer":"havorn-no"}"#,
            422,
            "/return",
        ),
        (
            "/api/v1/sessions",
            r#"{"subject":"ada","issuer":"havorn-no","return":"App"}"#,
            422,
            "/return",
        ),
    ] {
        let mut ask = authorized(json_ask(target, &Value::Null));
        ask.body = body.as_bytes().to_vec();
        let answer = ask.send(&world).await;
        let problem = value(&answer);
        assert_eq!(
            (answer.status, problem["pointer"].as_str()),
            (status, Some(pointer)),
            "{body}"
        );
    }
    let long = format!("{{\"subject\":\"{}\"}}", "a".repeat(65));
    let mut ask = authorized(json_ask("/api/v1/handoffs", &Value::Null));
    ask.body = long.into_bytes();
    assert_eq!(ask.send(&world).await.status, 422);
    world.assert_unmoved(&before.0, "bodies").await;
    assert_eq!(world.sign_ins().await, before.1);
}

#[tokio::test]
async fn a_cookie_means_nothing_to_the_api_and_no_other_origin_may_read_it() {
    let world = World::with_accounts().await;
    let browser = world.browser_of("ada").await;
    let ask = authorized(Ask::get("/api/v1/cards?subject=bob"));
    let plain = ask.clone().send(&world).await;
    let dressed = ask
        .of(&browser)
        .with("origin", "https://evil.example")
        .with("sec-fetch-site", "cross-site")
        .send(&world)
        .await;
    assert_eq!((plain.status, &plain.body), (dressed.status, &dressed.body));
    for answer in [&plain, &dressed] {
        assert!(
            answer
                .headers
                .iter()
                .all(|(name, _)| !name.starts_with("access-control"))
        );
        assert_eq!(answer.header("set-cookie"), None);
    }
    let cookie_alone = Ask::get("/api/v1/cards?subject=ada").of(&browser).send(&world).await;
    assert_eq!(cookie_alone.status, 401);
    let preflight = Ask::new("OPTIONS", "/api/v1/cards?subject=ada").with("origin", "https://evil.example");
    let answer = preflight.send(&world).await;
    assert_eq!(answer.status, 401);
    assert!(
        answer
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("access-control"))
    );
}

#[tokio::test]
async fn the_issuers_are_those_of_the_picker() {
    let world = World::with_accounts().await;
    let (_, all) = world.ask_api("/api/v1/issuers").await;
    assert_eq!(all["issuers"].as_array().expect("a list").len(), 12);
    let (_, found) = world.ask_api("/api/v1/issuers?q=havorn&country=NO").await;
    let names: Vec<_> = found["issuers"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| &row["id"])
        .collect();
    assert_eq!(names, [APPROVING]);
    assert_eq!(world.ask_api("/api/v1/issuers?country=norway").await.0, 422);
    assert_eq!(world.ask_api("/api/v1/issuers?page=2").await.0, 400);
    let bare = World::without_directory(&[("TIDEMARK_API__CREDENTIAL", credential())]).await;
    let (status, problem) = bare.ask_api("/api/v1/issuers").await;
    assert_eq!((status, &problem["code"]), (503, &json!("directory-unavailable")));
}

// ---------------------------------------------------------------------------------------------------------------
// The description.

/// A schema of the description, and which of its members were seen.
struct Description {
    document: Value,
    seen: BTreeSet<String>,
}

impl Description {
    fn schema(&self, name: &str) -> Value {
        self.document["components"]["schemas"][name].clone()
    }

    /// Sees that a value is what a schema says, no less and no more.
    fn check(&mut self, schema: &Value, value: &Value, place: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            return self.check(&self.schema(name), value, name);
        }
        if let Some(either) = schema["anyOf"].as_array() {
            let chosen = usize::from(value.is_null());
            return self.check(&either[chosen].clone(), value, place);
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            many => many
                .as_array()
                .expect("types")
                .iter()
                .filter_map(Value::as_str)
                .collect(),
        };
        let found = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(types.contains(&found), "{place}: {value} is no {types:?}");
        if let Some(words) = schema["enum"].as_array() {
            assert!(words.contains(value), "{place}: {value}");
        }
        for item in value.as_array().into_iter().flatten() {
            self.check(&schema["items"].clone(), item, place);
        }
        if let Some(members) = value.as_object() {
            assert_eq!(schema["additionalProperties"], false, "{place}");
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    members.contains_key(name.as_str().expect("a name")),
                    "{place} lacks {name}"
                );
            }
            for (name, member) in members {
                let place = format!("{place}.{name}");
                let known = &schema["properties"][name];
                assert!(known.is_object(), "{place} is not described");
                if !member.is_null() {
                    self.seen.insert(place.clone());
                }
                self.check(&known.clone(), member, &place);
            }
        }
    }

    /// Every member of every schema.
    fn members(&self) -> BTreeSet<String> {
        fn walk(schema: &Value, place: &str, found: &mut BTreeSet<String>) {
            for (name, member) in schema["properties"].as_object().into_iter().flatten() {
                let place = format!("{place}.{name}");
                walk(member, &place, found);
                found.insert(place);
            }
        }
        let mut found = BTreeSet::new();
        for (name, schema) in self.document["components"]["schemas"].as_object().expect("schemas") {
            walk(schema, name, &mut found);
        }
        found
    }

    async fn ask(&mut self, world: &World, method: &str, template: &str, target: &str, body: Option<Value>) -> Value {
        let described = self.document["paths"][template][method].clone();
        assert!(described.is_object(), "{method} {template}");
        let ask = match &body {
            Some(body) => {
                let schema = described["requestBody"]["content"]["application/json"]["schema"].clone();
                self.check(&schema, body, &format!("{template} body"));
                json_ask(target, body)
            }
            None => Ask::get(target),
        };
        let answer = authorized(ask).send(world).await;
        let status = answer.status.to_string();
        let found = value(&answer);
        let response = match described["responses"].get(&status) {
            Some(response) => &response["content"]["application/json"]["schema"],
            None => &described["responses"]["default"]["content"]["application/problem+json"]["schema"],
        };
        self.check(&response.clone(), &found, template);
        found
    }
}

#[tokio::test]
async fn the_description_has_the_routes_that_there_are() {
    let site = Site::new().await;
    let routes = site.routes();
    let there: BTreeSet<String> = routes
        .iter()
        .filter(|route| route.listener == Listener::Wallet)
        .map(|route| format!("{} {}", route.method, route.template))
        .collect();
    let (_, document) = site.world.ask_api("/api/v1/openapi.json").await;
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            described.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    assert_eq!(described, there);
}

#[tokio::test]
async fn the_description_is_what_is_answered_member_by_member() {
    const SESSIONS: &str = "/api/v1/sessions";
    const SESSION: &str = "/api/v1/sessions/{session}";
    let world = World::with_accounts().await;
    let (_, document) = world.ask_api("/api/v1/openapi.json").await;
    let mut api = Description {
        document,
        seen: BTreeSet::new(),
    };
    let subject = json!({ "subject": "ada" });
    api.ask(&world, "get", "/api/v1/issuers", "/api/v1/issuers", None).await;
    let hand_over = json!({ "subject": "ada", "path": "/issuers" });
    let handed = api
        .ask(&world, "post", "/api/v1/handoffs", "/api/v1/handoffs", Some(hand_over))
        .await;
    let token = handed["url"]
        .as_str()
        .expect("an address")
        .rsplit('/')
        .next()
        .expect("a token");
    crate::trace::remember("handoff", token);
    api.ask(
        &world,
        "post",
        SESSIONS,
        SESSIONS,
        Some(json!({ "subject": "ada", "issuer": "x", "return": "app" })),
    )
    .await;
    // Text, PDF, a code, several ways, a refusal: each bank shows another part of a session.
    for (issuer, place) in [
        (APPROVING, 1),
        (APPROVING, 1),
        (TEXTING, 1),
        (PDF_BANK, 1),
        ("tarnfell-gb", 2),
    ] {
        let body = json!({ "subject": "ada", "issuer": issuer, "return": "app" });
        let session = api.ask(&world, "post", SESSIONS, SESSIONS, Some(body)).await;
        let id = id_of(&session);
        let looking = format!("{}?subject=ada", path(&id, ""));
        let url = caught(&world, issuer, &[&card(issuer, "ada", place)], &id).await;
        let body = json!({ "subject": "ada", "return_url": url });
        let template = format!("{SESSION}/return");
        api.ask(&world, "post", &template, &path(&id, "/return"), Some(body))
            .await;
        world.work().await;
        let session = api.ask(&world, "get", SESSION, &looking, None).await;
        let terms = &session["stage"]["terms"];
        if let Some(document) = terms["documents"][0]["pdf"].as_str() {
            let ask = authorized(Ask::get(&format!("{document}?subject=ada")));
            let answer = ask.send(&world).await;
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (200, Some("application/pdf"))
            );
            assert_eq!(terms["documents"][0]["bytes"], answer.body.len());
        }
        let body = json!({ "subject": "ada", "action": "accept", "shown": terms["shown"], "device_ip": "8.8.4.4" });
        let template = format!("{SESSION}/terms");
        api.ask(&world, "post", &template, &path(&id, "/terms"), Some(body))
            .await;
        world.work().await;
        let mut session = api.ask(&world, "get", SESSION, &looking, None).await;
        if session["state"] == "step-up" {
            let method = session["stage"]["methods"][0]["id"].clone();
            let body = json!({ "subject": "ada", "method": method });
            api.ask(
                &world,
                "post",
                &format!("{SESSION}/method"),
                &path(&id, "/method"),
                Some(body),
            )
            .await;
            world.work().await;
            session = api.ask(&world, "get", SESSION, &looking, None).await;
        }
        if session["state"] == "code" {
            let body = json!({ "subject": "ada", "code": "000000" });
            api.ask(
                &world,
                "post",
                &format!("{SESSION}/code"),
                &path(&id, "/code"),
                Some(body),
            )
            .await;
            world.work().await;
            api.ask(&world, "get", SESSION, &looking, None).await;
        }
        for end in ["/resend", "/confirm", "/cancel"] {
            let template = format!("{SESSION}{end}");
            api.ask(&world, "post", &template, &path(&id, end), Some(subject.clone()))
                .await;
        }
        world.work().await;
        api.ask(&world, "get", SESSION, &looking, None).await;
    }
    // An issuer that asks for the code, and was given none.
    world.set_profiles("[default]\ncode = \"required\"\ncode_check = \"jws\"");
    let body = json!({ "subject": "ada", "issuer": APPROVING, "return": "app" });
    let id = id_of(&api.ask(&world, "post", SESSIONS, SESSIONS, Some(body)).await);
    let url = caught(&world, APPROVING, &[&card(APPROVING, "ada", 3)], &id).await;
    let body = json!({ "subject": "ada", "return_url": url });
    api.ask(
        &world,
        "post",
        &format!("{SESSION}/return"),
        &path(&id, "/return"),
        Some(body),
    )
    .await;
    api.ask(&world, "get", SESSION, &format!("{}?subject=ada", path(&id, "")), None)
        .await;
    world.set_profiles("# None does.\n");
    pushed(&world, &mut api).await;
    // A card whose terms nobody accepts in time.
    let (late, _) = to_terms(&world, TEXTING).await;
    world.pass(3_600_000).await;
    let looking = format!("{}?subject=ada", path(&late, ""));
    api.ask(&world, "get", SESSION, &looking, None).await;
    api.ask(&world, "get", "/api/v1/cards", "/api/v1/cards?subject=ada", None)
        .await;
    // A card that is being paused, and one that could not be.
    let (_, wallet) = world.ask_api("/api/v1/cards?subject=ada").await;
    let cards = wallet["cards"].as_array().expect("cards");
    let active = cards.iter().find(|card| card["state"] == "active").expect("a card");
    let path = format!("/api/v1/cards/{}/suspend", active["id"].as_str().expect("an id"));
    let ada = json!({ "subject": "ada" });
    world.stage.mdes.inject("suspend", Fault::Status(429), 1);
    api.ask(&world, "post", "/api/v1/cards/{card}/suspend", &path, Some(ada))
        .await;
    world.work().await;
    api.ask(&world, "get", "/api/v1/cards", "/api/v1/cards?subject=ada", None)
        .await;
    let bad = authorized(json_ask("/api/v1/handoffs", &json!({ "subject": "@" })));
    api.check(&api.schema("Problem"), &value(&bad.send(&world).await), "Problem");
    let unseen: Vec<String> = api.members().difference(&api.seen).cloned().collect();
    assert_eq!(unseen, [""; 0], "described, and never answered");
}

/// A bank pushes cards into the account: wanted, and not.
async fn pushed(world: &World, api: &mut Description) {
    world.set_profiles(&push_profiles(&world.stage.bank_base));
    for end in ["accept", "cancel"] {
        let offer = world.offer_one("tarnfell-gb").await;
        let body = json!({ "subject": "ada", "push_url": format!("app://push?pushAccountData={}", offer.signed) });
        let session = api
            .ask(world, "post", "/api/v1/pushes", "/api/v1/pushes", Some(body))
            .await;
        assert_eq!(session["state"], "pushed");
        let id = id_of(&session);
        let template = format!("/api/v1/sessions/{{session}}/{end}");
        let body = json!({ "subject": "ada" });
        let session = api
            .ask(world, "post", &template, &path(&id, &format!("/{end}")), Some(body))
            .await;
        let way_back = session["push"]["way_back"].as_str();
        assert_eq!(way_back.is_some_and(|way| way.ends_with("=CANCELLED")), end == "cancel");
    }
}
