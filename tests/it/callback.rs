//! Lies at the callback, one test a lie. Each is refused with its status and its page, and nothing moves.
//!
//! The numbers (A001…) are those of the attack catalogue.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use serde_json::json;
use tempfile::TempDir;
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::mdes::TokenView;

use crate::trace;
use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, TEXTING, World, card, session_of};

/// A bank other than the two with names.
const OTHER_BANK: &str = "tarnfell-gb";
/// A bank whose terms are a PDF.
const PDF_BANK: &str = "silbertann-de";
/// A bank that has an app and no website.
const APP_ONLY_BANK: &str = "iperoxo-br";
/// The life of a session in the reference configuration.
const SESSION_LIFE_MS: i64 = 900_000;

// ---------------------------------------------------------------------------------------------------------------
// What every test here needs.

/// A session that was started in a browser of its own.
pub struct Started {
    pub browser: Browser,
    pub session: String,
}

pub async fn started(world: &World, issuer: &str) -> Started {
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, issuer).await;
    Started {
        session: session_of(&attempt),
        browser,
    }
}

impl Started {
    /// The cardholder's way back with a query.
    pub async fn back(&self, world: &World, query: &str) -> Answer {
        Ask::get(&format!("/callback/{}?{query}", self.session))
            .of(&self.browser)
            .send(world)
            .await
    }

    pub async fn page(&self, world: &World) -> Page {
        let page = self
            .browser
            .clone()
            .get(&world.at(&format!("/sessions/{}", self.session)))
            .await;
        page.expect("an answer")
    }

    pub async fn state(&self, world: &World) -> String {
        self.page(world).await.state().expect("a state")
    }
}

pub fn signed(token: &str) -> String {
    format!("pushAccountData={token}")
}

/// A refusal: its status and code, a way onward, no redirect, nothing kept by anybody on the way.
pub fn assert_refused(answer: &Answer, status: u16, code: &str, what: &str) {
    assert_eq!(
        (answer.status, answer.problem().as_deref()),
        (status, Some(code)),
        "{what}"
    );
    assert_eq!(answer.header("location"), None, "{what}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(answer.header("set-cookie"), None, "{what}");
    let links = answer.page().tags().into_iter().filter(|tag| tag.name == "a").count();
    assert!(links >= 2, "{what}: no way onward");
    assert!(
        !answer.text().contains("MCC-") && !answer.text().contains("eyJ"),
        "{what}: a secret is shown"
    );
}

/// A 303 to the session's page with nothing in it.
pub fn assert_sent_on(answer: &Answer, session: &str, what: &str) {
    assert_eq!(answer.status, 303, "{what}: {}", answer.text());
    assert_eq!(
        answer.header("location"),
        Some(format!("/sessions/{session}").as_str()),
        "{what}"
    );
    assert!(answer.body.is_empty(), "{what}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{what}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{what}");
}

/// A receipt that MDES never made, well formed and different every time.
fn made_up_receipt() -> String {
    let receipt = format!("MCC-STL-{}", uuid::Uuid::from_bytes(tidemark::clock::random_bytes()));
    trace::remember("receipt", &receipt);
    receipt
}

fn payload(receipts: &[&str], session: Option<&str>) -> String {
    let mut members = json!({ "pushAccountReceipts": receipts });
    if let Some(session) = session {
        members["tokenRequestorSessionId"] = json!(session);
    }
    members.to_string()
}

/// Signed by the key in force, over receipts that MDES never made.
pub fn token_of(world: &World, session: Option<&str>) -> String {
    let token = world
        .stage
        .mdes
        .sign_push_account_data(&payload(&[&made_up_receipt()], session));
    trace::remember("token", &token);
    token
}

/// A second signer whose key the wallet trusts, so that a token can lie in one way and be right in all others.
struct Insider {
    key: PKey<Private>,
    folder: TempDir,
}

const INSIDER_KID: &str = "insider-1";

impl Insider {
    fn new() -> Self {
        let rsa = Rsa::generate(2048).expect("a key");
        let member = |number: &openssl::bn::BigNumRef| URL_SAFE_NO_PAD.encode(number.to_vec());
        let jwk = json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": INSIDER_KID, "n": member(rsa.n()), "e": member(rsa.e()),
        });
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("insider.json"), jwk.to_string()).expect("a key file");
        let key = PKey::from_rsa(rsa).expect("a key");
        Self { key, folder }
    }

    async fn world(&self) -> World {
        let file = self.folder.path().join("insider.json");
        World::with(&[("TIDEMARK_MDES__JWS_KEY_FILES", file.to_str().expect("text"))]).await
    }

    fn sign_with(&self, digest: MessageDigest, header: &str, payload: &[u8]) -> String {
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let mut signer = Signer::new(digest, &self.key).expect("a signer");
        let signature = signer.sign_oneshot_to_vec(text.as_bytes()).expect("a signature");
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn sign(&self, header: &str, payload: impl AsRef<[u8]>) -> String {
        self.sign_with(MessageDigest::sha256(), header, payload.as_ref())
    }

    fn header(&self) -> String {
        json!({ "alg": "RS256", "kid": INSIDER_KID }).to_string()
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Whose browser: A001, A003, A009, A024.

#[tokio::test]
async fn a001_a_victims_card_never_ends_in_the_wallet_of_whoever_sent_the_link() {
    let world = World::new().await;
    let mallory = started(&world, APPROVING).await;
    let alices_card = card(APPROVING, "ada", 1);
    let token = world.push(APPROVING, &[&alices_card], &mallory.session).await;
    let before = world.books().await;
    let mut alice = world.browser();
    let refused = Ask::get(&format!("/callback/{}?{}", mallory.session, signed(&token)))
        .send(&world)
        .await;
    assert_refused(&refused, 400, "other-browser", "alice has no cookie at all");
    alice.get(&world.at("/")).await.expect("an answer");
    let callback = format!("/callback/{}?{}", mallory.session, signed(&token));
    let refused = Ask::get(&callback).of(&alice).send(&world).await;
    assert_refused(&refused, 400, "other-browser", "alice has a cookie of her own");
    world.work().await;
    assert_eq!(world.books().await.calls, before.calls, "MDES hears nothing");
    assert_eq!(world.quarantined().await, 1, "the receipt is quarantined");
    let told = mallory.page(&world).await;
    assert_eq!(told.state().as_deref(), Some("offered"));
    assert!(told.text().contains("in a different browser"), "{}", told.text());
    assert!(!told.text().contains("••"), "no card is shown: {}", told.text());

    let before = world.books().await;
    assert_refused(
        &mallory.back(&world, &signed(&token)).await,
        400,
        "foreign-receipt",
        "mallory replays it",
    );
    assert_sent_on(
        &mallory.back(&world, "").await,
        &mallory.session,
        "mallory comes back with nothing",
    );
    for step in ["terms", "method", "code", "resend", "confirm"] {
        let csrf = world
            .app
            .csrf_token(mallory.browser.cookie("localhost", "tidemark").expect("a cookie"));
        let body = match step {
            "terms" => format!("csrf={csrf}&action=accept&shown="),
            "method" => format!("csrf={csrf}&method=1"),
            "code" => format!("csrf={csrf}&code=123456"),
            _ => format!("csrf={csrf}"),
        };
        let ask = Ask::post(&format!("/sessions/{}/{step}", mallory.session), body);
        let answer = ask.of(&mallory.browser).send(&world).await;
        assert_eq!(answer.status, 303, "{step}");
    }
    world.work().await;
    let after = world.books().await;
    assert_eq!(after.calls, before.calls);
    assert_eq!(mallory.state(&world).await, "offered");
    assert!(world.stage.mdes.tokens().is_empty());
}

#[tokio::test]
async fn a001_what_is_not_signed_cannot_burn_anything_in_another_browser() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = world
        .push(APPROVING, &[&card(APPROVING, "ada", 1)], &owner.session)
        .await;
    let before = world.books().await;
    let forged = with_another_signature(&token);
    for query in [
        String::new(),
        "result=CANCELLED".to_owned(),
        "receipt=MCC-STL-1".to_owned(),
        signed(&forged),
        signed("a.b.c"),
    ] {
        let answer = Ask::get(&format!("/callback/{}?{query}", owner.session))
            .send(&world)
            .await;
        assert_refused(&answer, 400, "other-browser", &query);
    }
    world.assert_unmoved(&before, "nothing unsigned moves anything").await;
    assert_sent_on(
        &owner.back(&world, &signed(&token)).await,
        &owner.session,
        "the real return",
    );
    assert_eq!(owner.state(&world).await, "returned");
}

#[tokio::test]
async fn a003_an_attackers_card_never_ends_in_a_victims_wallet() {
    let world = World::new().await;
    let (alice, mallory) = (started(&world, APPROVING).await, started(&world, APPROVING).await);
    let token = world
        .push(APPROVING, &[&card(APPROVING, "ben", 1)], &mallory.session)
        .await;
    let callback = format!("/callback/{}?{}", mallory.session, signed(&token));
    let before = world.books().await;
    for destination in [
        "image", "iframe", "frame", "embed", "object", "script", "empty", "style", "video",
    ] {
        let answer = Ask::get(&callback)
            .of(&alice.browser)
            .with("sec-fetch-site", "cross-site")
            .with("sec-fetch-mode", "no-cors")
            .with("sec-fetch-dest", destination)
            .send(&world)
            .await;
        assert_eq!(answer.status, 204, "{destination}");
        world.assert_unmoved(&before, destination).await;
    }
    let framed = Ask::post(&callback, "x=y")
        .of(&alice.browser)
        .with("sec-fetch-dest", "iframe");
    assert_eq!(framed.send(&world).await.status, 204, "a form in a frame");
    world.assert_unmoved(&before, "a form in a frame").await;
    let answer = Ask::get(&callback)
        .of(&alice.browser)
        .with("sec-fetch-site", "cross-site")
        .with("sec-fetch-mode", "navigate")
        .with("sec-fetch-dest", "document")
        .send(&world)
        .await;
    assert_refused(&answer, 400, "other-browser", "a link");
    world.work().await;
    let after = world.books().await;
    assert_eq!(after.calls, before.calls);
    assert_eq!(world.quarantined().await, 1);
    assert!(
        before
            .rows
            .iter()
            .filter(|row| row.contains(&alice.session))
            .all(|row| after.rows.contains(row)),
        "alice's own session is as it was"
    );
    assert_refused(
        &mallory.back(&world, &signed(&token)).await,
        400,
        "foreign-receipt",
        "it is burned",
    );
}

#[tokio::test]
async fn a024_a_return_that_was_used_is_refused_in_another_browser_and_stays_used() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let callback = world.callback(&session, &token);
    let back = browser.get(&callback).await.expect("an answer");
    world.work().await;
    let terms = browser.get(&back.url).await.expect("an answer");
    let before = world.books().await;
    let refused = world.browser().get(&callback).await.expect("an answer");
    assert_eq!(
        (refused.status, refused.main_attribute("data-problem").as_deref()),
        (400, Some("other-browser"))
    );
    world.assert_unmoved(&before, "a leaked address is worth nothing").await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
}

#[tokio::test]
async fn a009_the_right_code_from_the_wrong_browser_is_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    assert_eq!(page.state().as_deref(), Some("code"));
    let code = world.stage.bank.phone()[0].code.clone().expect("a code");
    let thief = started(&world, APPROVING).await;
    let before = world.books().await;
    let csrf = world
        .app
        .csrf_token(thief.browser.cookie("localhost", "tidemark").expect("a cookie"));
    let target = format!("/sessions/{}/code", session_of(&page));
    let answer = Ask::post(&target, format!("csrf={csrf}&code={code}"))
        .of(&thief.browser)
        .send(&world)
        .await;
    assert_refused(&answer, 404, "not-found", "a code from another browser");
    world.assert_unmoved(&before, "a code from another browser").await;
}

// ---------------------------------------------------------------------------------------------------------------
// Which handle: A005, A006, A007, A014.

#[tokio::test]
async fn a005_an_id_that_does_not_exist_is_not_told_from_one_that_is_anothers() {
    let world = World::new().await;
    let (mine, other) = (started(&world, APPROVING).await, started(&world, APPROVING).await);
    let before = world.books().await;
    let blank = |answer: &Answer| {
        let text = answer.text();
        let (head, tail) = text.split_once("class=\"ref\"").expect("a reference");
        format!(
            "{} {head} {}",
            answer.status,
            tail.split_once("</span>").expect("its end").1
        )
    };
    let ask = |id: String| Ask::get(&format!("/sessions/{id}")).of(&mine.browser);
    let foreign = ask(other.session.clone()).send(&world).await;
    assert_refused(&foreign, 404, "not-found", "another's");
    for id in [
        uuid::Uuid::from_bytes([7; 16]).to_string(),
        uuid::Uuid::nil().to_string(),
        mine.session.to_uppercase(),
        mine.session[..35].to_owned(),
        format!("{}0", mine.session),
        mine.session.replace('-', ""),
        format!("{{{}}}", mine.session).replace(['{', '}'], "%7B"),
        "x".to_owned(),
        "..%2F..%2Fetc%2Fpasswd".to_owned(),
        "'%20OR%201=1--".to_owned(),
        "a".repeat(4_000),
    ] {
        assert_eq!(blank(&ask(id.clone()).send(&world).await), blank(&foreign), "{id}");
        if id == mine.session.to_uppercase() {
            // On the way back, which others write, either case is the same id.
            continue;
        }
        let token = token_of(&world, Some(&mine.session));
        for ask in [
            Ask::get(&format!("/callback/{id}?{}", signed(&token))),
            Ask::get(&format!("/callback/{id}?~parked={}", "0".repeat(32))),
            Ask::post(&format!("/callback/{id}"), signed(&token)),
        ] {
            let answer = ask.of(&mine.browser).send(&world).await;
            assert_refused(&answer, 404, "not-found", &id);
        }
    }
    world.assert_unmoved(&before, "guessing").await;
}

#[tokio::test]
async fn a006_no_handle_opens_what_another_is_for() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let done = world.accept(&mut browser, &terms).await;
    let home = browser.get(&world.at("/")).await.expect("an answer");
    let session = session_of(&done);
    let tile = home.tags().into_iter().find_map(|tag| {
        let href = tag.attributes.get("href")?;
        href.strip_prefix("/cards/").map(str::to_owned)
    });
    let card_id = tile.expect("a card");
    let secret = browser.cookie("localhost", "tidemark").expect("a cookie").to_owned();
    let csrf = world.app.csrf_token(&secret);
    let receipt = world.stage.mdes.tokens()[0].receipt.clone();
    let before = world.books().await;
    let handles = [&session, &card_id, &secret, &csrf, &receipt];
    for (index, handle) in handles.into_iter().enumerate() {
        for (slot, right) in [("/sessions/", 0), ("/callback/", 0), ("/cards/", 1)] {
            if index != right {
                let answer = Ask::get(&format!("{slot}{handle}")).of(&browser).send(&world).await;
                assert_refused(&answer, 404, "not-found", &format!("handle {index} at {slot}"));
            }
        }
        if index != 2 {
            let ask = Ask::get(&format!("/cards/{card_id}")).with("cookie", format!("tidemark={handle}"));
            assert_refused(
                &ask.send(&world).await,
                404,
                "not-found",
                &format!("handle {index} as the cookie"),
            );
        }
        if index != 3 {
            let ask = Ask::post(&format!("/sessions/{session}/cancel"), format!("csrf={handle}")).of(&browser);
            assert_refused(
                &ask.send(&world).await,
                403,
                "forged-form",
                &format!("handle {index} as the form's token"),
            );
        }
    }
    world.assert_unmoved(&before, "handles in the wrong place").await;
}

#[tokio::test]
async fn a007_a014_nothing_of_a_session_is_shown_or_done_for_another_browser() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, PDF_BANK, &[&card(PDF_BANK, "ada", 1)])
        .await;
    let session = session_of(&terms);
    let document = terms.tags().into_iter().find_map(|tag| {
        let href = tag.attributes.get("href")?;
        href.strip_prefix(&format!("/sessions/{session}/terms/"))
            .map(str::to_owned)
    });
    let document = document.expect("terms that are a PDF");
    let pdf = format!("/sessions/{session}/terms/{document}");
    let own = Ask::get(&pdf).of(&browser).send(&world).await;
    assert_eq!((own.status, own.header("content-type")), (200, Some("application/pdf")));

    let other = started(&world, APPROVING).await;
    let before = world.books().await;
    let csrf = world
        .app
        .csrf_token(other.browser.cookie("localhost", "tidemark").expect("a cookie"));
    for path in ["", "/go", "/events", "/live", &format!("/terms/{document}")] {
        let ask = Ask::get(&format!("/sessions/{session}{path}"));
        assert_refused(&ask.clone().send(&world).await, 404, "not-found", path);
        assert_refused(&ask.of(&other.browser).send(&world).await, 404, "not-found", path);
    }
    // The other browser's own session does not open the document either.
    let ask = Ask::get(&format!("/sessions/{}/terms/{document}", other.session)).of(&other.browser);
    assert_refused(&ask.send(&world).await, 404, "not-found", "another session's terms");
    for (path, fields) in [
        ("terms", "&action=accept&shown=x"),
        ("terms", "&action=decline&shown=x"),
        ("method", "&method=later"),
        ("code", "&code=123456"),
        ("resend", ""),
        ("confirm", ""),
        ("cancel", ""),
    ] {
        let ask = Ask::post(&format!("/sessions/{session}/{path}"), format!("csrf={csrf}{fields}"));
        assert_refused(&ask.clone().send(&world).await, 403, "forged-form", path);
        assert_refused(&ask.of(&other.browser).send(&world).await, 404, "not-found", path);
    }
    world.assert_unmoved(&before, "another browser").await;
}

// ---------------------------------------------------------------------------------------------------------------
// Which session: A012, A025, A120, and the second return.

#[tokio::test]
async fn a012_a_receipt_for_another_session_is_refused_and_burned() {
    let world = World::new().await;
    let mut browser = world.browser();
    let first = world.start(&mut browser, APPROVING).await;
    let second = world.start(&mut browser, OTHER_BANK).await;
    let (first, second) = (
        Started {
            browser: browser.clone(),
            session: session_of(&first),
        },
        Started {
            browser,
            session: session_of(&second),
        },
    );
    let token = world
        .push(APPROVING, &[&card(APPROVING, "ada", 1)], &first.session)
        .await;
    let before = world.books().await;
    let refused = second.back(&world, &signed(&token)).await;
    assert_refused(&refused, 400, "foreign-receipt", "the other session");
    let mut after = world.books().await;
    assert_eq!(world.quarantined().await, 1);
    after.rows.retain(|row| !row.ends_with("quarantined"));
    assert_eq!(after, before, "neither session moves");
    assert_refused(
        &first.back(&world, &signed(&token)).await,
        400,
        "foreign-receipt",
        "it is burned for its own too",
    );
    assert_eq!(
        (first.state(&world).await, second.state(&world).await),
        ("offered".to_owned(), "offered".to_owned())
    );
}

#[tokio::test]
async fn a025_a_receipt_that_names_no_session_is_taken_once() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (first, second) = (
        world.start(&mut browser, APPROVING).await,
        world.start(&mut browser, APPROVING).await,
    );
    let (first, second) = (
        Started {
            browser: browser.clone(),
            session: session_of(&first),
        },
        Started {
            browser,
            session: session_of(&second),
        },
    );
    let token = token_of(&world, None);
    assert_sent_on(
        &first.back(&world, &signed(&token)).await,
        &first.session,
        "the first session",
    );
    let before = world.books().await;
    assert_refused(
        &second.back(&world, &signed(&token)).await,
        400,
        "foreign-receipt",
        "the second session",
    );
    assert_eq!(world.books().await, before);
    assert_eq!(second.state(&world).await, "offered");
}

#[tokio::test]
async fn a025_a_receipt_among_several_that_was_used_spoils_the_whole_return() {
    let world = World::new().await;
    let (first, second) = (started(&world, APPROVING).await, started(&world, APPROVING).await);
    let (used, fresh) = (made_up_receipt(), made_up_receipt());
    let sign = |receipts: &[&str]| world.stage.mdes.sign_push_account_data(&payload(receipts, None));
    assert_eq!(first.back(&world, &signed(&sign(&[&used]))).await.status, 303);
    let before = world.books().await;
    let both = second.back(&world, &signed(&sign(&[&fresh, &used]))).await;
    assert_refused(&both, 400, "foreign-receipt", "one of two was used");
    assert_eq!(world.books().await, before, "the fresh one was not spent either");
    assert_sent_on(
        &second.back(&world, &signed(&sign(&[&fresh]))).await,
        &second.session,
        "the fresh one alone",
    );
}

#[tokio::test]
async fn a120_two_tabs_with_two_banks_each_get_their_own_return() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut tabs = Vec::new();
    for bank in [APPROVING, OTHER_BANK] {
        let session = session_of(&world.start(&mut browser, bank).await);
        let token = world.push(bank, &[&card(bank, "ada", 1)], &session).await;
        tabs.push((session, token));
    }
    for (session, token) in tabs.iter().rev() {
        let tab = Started {
            browser: browser.clone(),
            session: session.clone(),
        };
        assert_sent_on(&tab.back(&world, &signed(token)).await, session, "each its own");
    }
    world.work().await;
    for ((session, _), bank) in tabs.iter().zip([APPROVING, OTHER_BANK]) {
        let tab = Started {
            browser: browser.clone(),
            session: session.clone(),
        };
        let page = tab.page(&world).await;
        assert_eq!(page.state().as_deref(), Some("terms"), "{bank}");
        let offer = browser
            .get(&world.at(&format!("/issuers/{bank}")))
            .await
            .expect("an answer");
        let heading = offer.text();
        let name = heading
            .split("Add a card from ")
            .nth(1)
            .and_then(|rest| rest.split(" – ").next());
        assert!(page.text().contains(name.expect("a name")), "{bank}");
    }
}

#[tokio::test]
async fn a023_a_reload_and_the_same_return_again_show_where_things_stand() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let owner = Started {
        browser: browser.clone(),
        session: session_of(&attempt),
    };
    let token = world
        .push(APPROVING, &[&card(APPROVING, "ada", 1)], &owner.session)
        .await;
    assert_sent_on(
        &owner.back(&world, &signed(&token)).await,
        &owner.session,
        "the first time",
    );
    for state in ["returned", "terms", "active"] {
        let before = world.books().await;
        for query in [
            signed(&token),
            format!("signature={token}"),
            String::new(),
            "result=CANCELLED".to_owned(),
        ] {
            assert_sent_on(&owner.back(&world, &query).await, &owner.session, state);
        }
        assert_eq!(world.books().await, before, "a reload in {state} moves nothing");
        assert_eq!(owner.state(&world).await, state);
        world.work().await;
        let page = owner.page(&world).await;
        if page.state().as_deref() == Some("terms") && state == "terms" {
            world.accept(&mut browser, &page).await;
        }
    }
    assert_eq!(world.asked("digitize"), 1);
    assert_eq!(world.asked("checkEligibility"), 1);
}

#[tokio::test]
async fn a_second_return_with_another_receipt_is_refused_and_the_first_goes_on() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world
        .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let owner = Started {
        browser: browser.clone(),
        session: session_of(&terms),
    };
    let second = world
        .push(APPROVING, &[&card(APPROVING, "ada", 2)], &owner.session)
        .await;
    let before = world.books().await;
    for token in [second, token_of(&world, Some(&owner.session)), token_of(&world, None)] {
        assert_refused(
            &owner.back(&world, &signed(&token)).await,
            400,
            "foreign-receipt",
            "another receipt",
        );
    }
    world.assert_unmoved(&before, "a second return").await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"));
    assert_eq!(world.stage.mdes.tokens().len(), 1);
}

// ---------------------------------------------------------------------------------------------------------------
// The cookie: A002, A015, A016. Over http the name has no prefix; the corpus of names is beside the parser.

#[tokio::test]
async fn a015_a_cookie_whose_name_only_looks_like_ours_is_junk_and_ours_still_works() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let secret = owner
        .browser
        .cookie("localhost", "tidemark")
        .expect("a cookie")
        .to_owned();
    let other = world.app.new_browser_secret();
    let path = format!("/sessions/{}", owner.session);
    for name in [
        "%74idemark",
        "tidemark%20",
        "Tidemark",
        "TIDEMARK",
        "\u{2000}tidemark",
        "=tidemark",
        "tidemark.",
        "x=tidemark",
    ] {
        for cookies in [
            format!("{name}={other}; tidemark={secret}"),
            format!("tidemark={secret}; {name}={other}"),
            format!("é=\u{1f30a}; tidemark={secret}; {name}={other}"),
        ] {
            let answer = Ask::get(&path).with("cookie", &cookies).send(&world).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (200, None), "{cookies}");
        }
        let answer = Ask::get(&path)
            .with("cookie", format!("{name}={secret}"))
            .send(&world)
            .await;
        assert_refused(&answer, 404, "not-found", name);
    }
    let answer = Ask::get(&path)
        .with("cookie", [b"x=\xff\xfe; tidemark=", secret.as_bytes()].concat())
        .send(&world)
        .await;
    assert_eq!(answer.status, 200, "bytes that are no text, elsewhere");
}

#[tokio::test]
async fn a002_a016_two_cookies_of_our_name_or_one_that_we_never_minted_are_none() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let secret = owner
        .browser
        .cookie("localhost", "tidemark")
        .expect("a cookie")
        .to_owned();
    let planted = world.app.new_browser_secret();
    let path = format!("/sessions/{}", owner.session);
    let before = world.books().await;
    for cookies in [
        format!("tidemark={secret}; tidemark={secret}"),
        format!("tidemark={planted}; tidemark={secret}"),
        format!("tidemark={secret}; tidemark={planted}"),
        format!("tidemark={secret}x"),
        format!("tidemark=\"{secret}\""),
        format!("tidemark={planted}"),
        "tidemark=".to_owned(),
    ] {
        let answer = Ask::get(&path).with("cookie", &cookies).send(&world).await;
        assert_refused(&answer, 404, "not-found", &cookies);
    }
    let twice = Ask::get(&path)
        .with("cookie", format!("tidemark={secret}"))
        .with("cookie", format!("tidemark={planted}"));
    assert_refused(&twice.send(&world).await, 404, "not-found", "two headers");
    let answer = Ask::get("/")
        .with("cookie", format!("tidemark={secret}; tidemark={planted}"))
        .send(&world)
        .await;
    let minted = answer.header("set-cookie").expect("a new cookie");
    assert!(!minted.contains(&secret) && !minted.contains(&planted));
    let answer = Ask::get(&path)
        .with("cookie", format!("a={}; tidemark={secret}", "x".repeat(8_200)))
        .send(&world)
        .await;
    assert_refused(&answer, 431, "headers-too-large", "a jar that overflows");
    world.assert_unmoved(&before, "cookies").await;
}

// ---------------------------------------------------------------------------------------------------------------
// What must be there: A020, A021, A052, A059, A062.

#[tokio::test]
async fn a020_every_set_of_parameters_is_accepted_or_refused_as_a_whole() {
    let world = World::new().await;
    for set in 0_u32..64 {
        let owner = started(&world, APPROVING).await;
        let receipt = made_up_receipt();
        let token = world
            .stage
            .mdes
            .sign_push_account_data(&payload(&[&receipt], Some(&owner.session)));
        let has = |bit: u32| set & (1 << bit) != 0;
        let pairs = [
            signed(&token),
            format!("signature={token}"),
            format!("receipt={receipt}"),
            format!("pushAccountReceipts={receipt}"),
            format!("tokenRequestorSessionId={}", owner.session),
            "result=CANCELLED".to_owned(),
        ];
        let query: Vec<&str> = (0..6)
            .filter(|bit| has(*bit))
            .map(|bit| pairs[bit as usize].as_str())
            .collect();
        let before = world.books().await;
        let answer = owner.back(&world, &query.join("&")).await;
        let is_signed = has(0) != has(1);
        let state = if has(0) && has(1) || !is_signed && (has(2) || has(3)) {
            assert_refused(&answer, 400, "malformed-return", &format!("{set:06b}"));
            assert_eq!(world.books().await, before, "{set:06b}");
            "offered"
        } else {
            assert_sent_on(&answer, &owner.session, &format!("{set:06b}"));
            match (is_signed, has(5)) {
                (true, _) => "returned",
                (false, true) => "cancelled",
                (false, false) => "offered",
            }
        };
        assert_eq!(owner.state(&world).await, state, "{set:06b}");
        assert_eq!(world.books().await.calls, before.calls);
        assert_eq!(world.quarantined().await, 0, "{set:06b}");
    }
}

#[tokio::test]
async fn a021_where_the_session_must_be_signed_a_token_without_it_is_nothing() {
    let world = World::new().await;
    world.set_profiles("[default]\nsession_in_jws = \"required\"");
    let owner = started(&world, APPROVING).await;
    let before = world.books().await;
    let token = token_of(&world, None);
    assert_refused(
        &owner.back(&world, &signed(&token)).await,
        400,
        "not-genuine",
        "the session is not signed",
    );
    let query = format!("{}&tokenRequestorSessionId={}", signed(&token), owner.session);
    assert_refused(
        &owner.back(&world, &query).await,
        400,
        "not-genuine",
        "a session beside the signature is none",
    );
    world.assert_unmoved(&before, "an unsigned session").await;
    let token = token_of(&world, Some(&owner.session));
    assert_sent_on(&owner.back(&world, &signed(&token)).await, &owner.session, "signed");
}

#[tokio::test]
async fn a052_only_the_signed_receipts_count() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let (receipt, stranger) = (made_up_receipt(), made_up_receipt());
    let token = world
        .stage
        .mdes
        .sign_push_account_data(&payload(&[&receipt], Some(&owner.session)));
    let before = world.books().await;
    for plain in [
        format!("receipt={stranger}"),
        format!("pushAccountReceipts={receipt},{stranger}"),
        format!("receipt={receipt}&pushAccountReceipt={stranger}"),
        format!("receipt={}", receipt.to_lowercase()),
        format!("receipt={}", &receipt[..receipt.len() - 1]),
    ] {
        let answer = owner.back(&world, &format!("{}&{plain}", signed(&token))).await;
        assert_refused(&answer, 400, "malformed-return", &plain);
    }
    let other = format!("{}&tokenRequestorSessionId={}", signed(&token), uuid::Uuid::nil());
    assert_refused(
        &owner.back(&world, &other).await,
        400,
        "malformed-return",
        "another session in the query",
    );
    let other = format!("{}&result=MAYBE", signed(&token));
    assert_refused(
        &owner.back(&world, &other).await,
        400,
        "malformed-return",
        "a result that nobody knows",
    );
    world.assert_unmoved(&before, "other receipts").await;
    assert_sent_on(
        &owner.back(&world, &signed(&token)).await,
        &owner.session,
        "the real one",
    );
}

#[tokio::test]
async fn a059_a_name_that_counts_may_come_once_however_it_is_written() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let before = world.books().await;
    let names = [
        "pushAccountData",
        "signature",
        "receipt",
        "pushAccountReceipt",
        "pushAccountReceipts",
        "tokenRequestorSessionId",
        "result",
    ];
    for name in names {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let first_only = format!("%{:02X}{}", name.as_bytes()[0], &name[1..]);
        let (upper, lower) = (name.to_uppercase(), name.to_lowercase());
        let twice = encoded.replace('%', "%25");
        for second in [name, &encoded, &first_only, &upper, &lower, &twice] {
            for value in ["", "x", token.as_str()] {
                for query in [
                    format!("{name}={token}&{second}={value}"),
                    format!("{second}={value}&{name}={token}"),
                    format!("{name}={token}&a=1&b=2&{second}={value}"),
                ] {
                    let answer = owner.back(&world, &query).await;
                    assert_refused(&answer, 400, "malformed-return", &query);
                }
            }
        }
    }
    world.assert_unmoved(&before, "a name twice").await;
    // Names that only resemble one of ours are the issuer's own, and are dropped.
    let noise = "push_account_data=x&pushAccountData[]=x&pushAccountData[]=y&pushAccountData%20=x&pushAccountData%5B0%5D=x&a;b=c";
    assert_sent_on(
        &owner.back(&world, &format!("{noise}&{}", signed(&token))).await,
        &owner.session,
        "noise",
    );
    assert_eq!(owner.state(&world).await, "returned");
}

#[tokio::test]
async fn a059_parameters_in_a_body_are_no_parameters() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let mut ask = Ask::get(&format!("/callback/{}", owner.session)).of(&owner.browser);
    ask.body = signed(&token).into_bytes();
    let length = ask.body.len().to_string();
    let ask = ask
        .with("content-length", length)
        .with("content-type", "application/x-www-form-urlencoded");
    assert_sent_on(&ask.send(&world).await, &owner.session, "a return without an answer");
    assert_eq!(owner.state(&world).await, "offered");
}

#[tokio::test]
async fn a062_a_query_that_cannot_be_read_is_refused_as_a_whole() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let before = world.books().await;
    let many: String = (0..40).map(|number| format!("&p{number}=x")).collect();
    for bad in [
        "&x=%",
        "&x=%z",
        "&x=%zz",
        "&x=%F",
        "&x=%ff",
        "&x=%c0%80",
        "&x=%ed%a0%80",
        "&x=%00",
        "&%00=x",
        "&x=%0d%0a",
        &many,
    ] {
        let answer = owner.back(&world, &format!("{}{bad}", signed(&token))).await;
        assert_refused(&answer, 400, "malformed-return", bad);
    }
    let huge: String = (0..4_000).map(|number| format!("&p{number}=x")).collect();
    assert_refused(
        &owner.back(&world, &huge).await,
        414,
        "address-too-long",
        "4,000 parameters",
    );
    world.assert_unmoved(&before, "a query that cannot be read").await;
    assert_sent_on(
        &owner.back(&world, &signed(&token)).await,
        &owner.session,
        "one that can",
    );
}

// ---------------------------------------------------------------------------------------------------------------
// Time and use: A022, A028, A030, A121.

#[tokio::test]
async fn a022_a_receipt_that_is_not_for_us_ends_at_the_first_question() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    assert_sent_on(
        &owner.back(&world, &signed(&token)).await,
        &owner.session,
        "it looks right",
    );
    world.work().await;
    assert_eq!(owner.state(&world).await, "failed");
    assert_eq!((world.asked("checkEligibility"), world.asked("digitize")), (1, 0));
    let before = world.books().await;
    assert_sent_on(&owner.back(&world, &signed(&token)).await, &owner.session, "again");
    let second = started(&world, APPROVING).await;
    assert_refused(
        &second.back(&world, &signed(&token)).await,
        400,
        "foreign-receipt",
        "in another session",
    );
    world.work().await;
    assert_eq!(world.books().await.calls, before.calls);
    assert!(world.stage.mdes.tokens().is_empty());
}

#[tokio::test]
async fn a028_a_code_is_good_for_its_own_card_and_once() {
    let world = World::new().await;
    let by_text = Outcome::StepUp(vec![ActivationKind::Text]);
    world.stage.bank.force_outcome(&card(TEXTING, "ada", 2), by_text);
    let mut pages = Vec::new();
    for place in [1, 2] {
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", place)])
            .await;
        let page = world.accept(&mut browser, &terms).await;
        assert_eq!(page.state().as_deref(), Some("code"), "{place}: {}", page.text());
        pages.push((browser, page));
    }
    let tokens = world.stage.mdes.tokens();
    let code = |token: &TokenView| world.stage.mdes.activation_code(&token.token_unique_reference);
    let codes: Vec<String> = tokens.iter().map(|token| code(token).expect("a code")).collect();
    assert_ne!(codes[0], codes[1]);
    let (browser, page) = &mut pages[1];
    let form = page.form("/code").expect("a form");
    browser
        .submit(page, &form, &[("code", &codes[0])])
        .await
        .expect("an answer");
    world.work().await;
    let judged = browser.get(&page.url).await.expect("an answer");
    assert_eq!(
        judged.state().as_deref(),
        Some("code"),
        "the other card's code is wrong"
    );
    assert!(world.stage.mdes.tokens().iter().all(|token| token.status == "INACTIVE"));

    let (browser, page) = &mut pages[0];
    let form = page.form("/code").expect("a form");
    browser
        .submit(page, &form, &[("code", &codes[0])])
        .await
        .expect("an answer");
    world.work().await;
    assert_eq!(
        browser.get(&page.url).await.expect("an answer").state().as_deref(),
        Some("active")
    );
    let before = world.books().await;
    let again = browser
        .submit(page, &form, &[("code", &codes[0])])
        .await
        .expect("an answer");
    assert_eq!(again.state().as_deref(), Some("active"), "twice");
    world.assert_unmoved(&before, "a code twice").await;
}

#[tokio::test]
async fn a028_what_cannot_be_a_code_is_never_sent() {
    let world = World::new().await;
    let mut browser = world.browser();
    let terms = world.to_terms(&mut browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(&mut browser, &terms).await;
    let form = page.form("/code").expect("a form");
    let before = world.books().await;
    for code in ["", " ", "12<34", "ключ", &"1".repeat(33), "1'OR'1", "12\u{a0}34%"] {
        let answer = browser
            .submit(&page, &form, &[("code", code)])
            .await
            .expect("an answer");
        assert_eq!(
            (answer.status, answer.state().as_deref()),
            (422, Some("code")),
            "{code}"
        );
        assert!(answer.url.contains("?note=code-"), "{code}: {}", answer.url);
    }
    world.assert_unmoved(&before, "no code").await;
}

#[tokio::test]
async fn a030_a_return_counts_until_the_sessions_last_second_and_burns_its_receipt_after_it() {
    for (late_ms, is_in_time) in [
        (-1_000, true),
        (-1, true),
        (0, false),
        (1_000, false),
        (3_600_000, false),
    ] {
        for is_swept in [false, true] {
            let world = World::new().await;
            let owner = started(&world, APPROVING).await;
            let token = token_of(&world, None);
            world.clock.advance(SESSION_LIFE_MS + late_ms);
            if is_swept {
                world.work().await;
            }
            let before = world.books().await;
            let answer = owner.back(&world, &signed(&token)).await;
            if is_in_time {
                assert_sent_on(&answer, &owner.session, "in time");
                assert_eq!(owner.state(&world).await, "returned");
                continue;
            }
            assert_refused(&answer, 410, "too-late", &format!("{late_ms} {is_swept}"));
            assert!(
                answer.text().contains(&format!("href=\"/issuers/{APPROVING}\"")),
                "a way to start again"
            );
            assert_eq!(world.quarantined().await, 1);
            world.work().await;
            assert_eq!(owner.state(&world).await, "expired");
            assert_eq!(world.books().await.calls, before.calls);
            assert_refused(&owner.back(&world, &signed(&token)).await, 410, "too-late", "again");
            assert_refused(&owner.back(&world, "").await, 410, "too-late", "without a receipt");
            let next = started(&world, APPROVING).await;
            assert_refused(
                &next.back(&world, &signed(&token)).await,
                400,
                "foreign-receipt",
                "it is burned",
            );
            assert_eq!(world.books().await.calls, before.calls);
        }
    }
}

#[tokio::test]
async fn a030_consent_counts_until_the_last_second_of_the_permission_to_digitize() {
    for (late_ms, is_in_time) in [(-1_000, true), (0, false), (1_000, false)] {
        let world = World::new().await;
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        let form = terms.form("/terms").expect("a form");
        let deadline = world.texts("SELECT CAST(expires_at AS TEXT) FROM sessions").await;
        let deadline: i64 = deadline[0].parse().expect("a moment");
        world.clock.advance(deadline - world.clock.now().0 + late_ms);
        let answer = browser
            .submit(&terms, &form, &[("action", "accept")])
            .await
            .expect("an answer");
        world.work().await;
        let page = browser
            .get(&world.at(&format!("/sessions/{}", session_of(&terms))))
            .await
            .expect("an answer");
        if is_in_time {
            assert_eq!(page.state().as_deref(), Some("active"), "{}", page.text());
        } else {
            let problem = answer.main_attribute("data-problem");
            assert_eq!(
                (answer.status, problem.as_deref()),
                (410, Some("too-late")),
                "{late_ms}"
            );
            assert_eq!(page.state().as_deref(), Some("expired"), "{late_ms}");
        }
        assert_eq!(world.asked("digitize"), usize::from(is_in_time), "{late_ms}");
    }
}

#[tokio::test]
async fn a121_no_step_can_be_taken_before_its_time() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let csrf = world
        .app
        .csrf_token(browser.cookie("localhost", "tidemark").expect("a cookie"));
    let skip = |path: &str, fields: &str| {
        Ask::post(&format!("/sessions/{session}/{path}"), format!("csrf={csrf}{fields}")).of(&browser)
    };
    let steps = [
        ("terms", "&action=accept&shown="),
        (
            "terms",
            "&action=accept&shown=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        ("method", "&method=1"),
        ("method", "&method=later"),
        ("code", "&code=123456"),
        ("resend", ""),
        ("confirm", ""),
    ];
    let before = world.books().await;
    for (path, fields) in steps {
        let answer = skip(path, fields).send(&world).await;
        assert_eq!(answer.status, 303, "{path}{fields}");
        assert!(
            answer
                .header("location")
                .expect("a page")
                .starts_with(&format!("/sessions/{session}"))
        );
    }
    world.assert_unmoved(&before, "before the return").await;
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let back = Ask::get(&format!("/callback/{session}?{}", signed(&token)))
        .of(&browser)
        .send(&world)
        .await;
    assert_eq!(back.status, 303);
    let before = world.books().await;
    for (path, fields) in steps {
        assert_eq!(skip(path, fields).send(&world).await.status, 303, "{path}{fields}");
    }
    assert_eq!(world.books().await, before, "before the answer about eligibility");
    world.work().await;
    let before = world.books().await;
    for (path, fields) in steps {
        assert_eq!(skip(path, fields).send(&world).await.status, 303, "{path}{fields}");
    }
    world
        .assert_unmoved(&before, "at the terms, without having seen them")
        .await;
    assert_eq!(world.asked("digitize"), 0);
}

// ---------------------------------------------------------------------------------------------------------------
// The signature: A031–A055 through HTTP; the whole corpus is in tests/vectors.rs.

#[tokio::test]
async fn a031_a_signature_of_another_key_is_not_genuine_and_the_session_lives_on() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    world.stage.mdes.sign_with_wrong_key(true);
    let forged = world
        .push(APPROVING, &[&card(APPROVING, "ada", 1)], &owner.session)
        .await;
    world.stage.mdes.sign_with_wrong_key(false);
    let before = world.books().await;
    assert_refused(
        &owner.back(&world, &signed(&forged)).await,
        400,
        "not-genuine",
        "another key",
    );
    world.assert_unmoved(&before, "another key").await;
    assert_eq!(owner.state(&world).await, "offered");
    let genuine = world
        .push(APPROVING, &[&card(APPROVING, "ada", 2)], &owner.session)
        .await;
    assert_sent_on(
        &owner.back(&world, &signed(&genuine)).await,
        &owner.session,
        "the real one",
    );
}

#[tokio::test]
async fn a035_an_unknown_key_is_asked_for_later_and_never_on_a_strangers_word() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    world.stage.mdes.rotate_jws_key(true);
    let token = world
        .push(APPROVING, &[&card(APPROVING, "ada", 1)], &owner.session)
        .await;
    let before = world.books().await;
    assert_refused(
        &owner.back(&world, &signed(&token)).await,
        400,
        "unknown-key",
        "a new key",
    );
    world.assert_unmoved(&before, "a new key").await;
    assert_eq!(owner.state(&world).await, "offered");
}

#[tokio::test]
async fn a031_to_a051_a_token_that_lies_in_one_way_is_refused_and_nothing_moves() {
    let insider = Insider::new();
    let world = insider.world().await;
    let owner = started(&world, APPROVING).await;
    let before = world.books().await;
    let good_payload = payload(&[&made_up_receipt()], Some(&owner.session));
    let good = insider.sign(&insider.header(), &good_payload);
    let parts: Vec<&str> = good.split('.').collect();
    let with = |header: &str| insider.sign(header, &good_payload);
    let header_with = |member: &str| format!("{{\"alg\":\"RS256\",\"kid\":\"{INSIDER_KID}\",{member}}}");
    let alg = |alg: &str| with(&format!("{{\"alg\":{alg},\"kid\":\"{INSIDER_KID}\"}}"));
    let kid = |kid: &str| with(&format!("{{\"alg\":\"RS256\",\"kid\":{kid}}}"));
    let flipped = |part: usize, at: usize| {
        let mut bytes = URL_SAFE_NO_PAD.decode(parts[part]).expect("base64url");
        bytes[at] ^= 1;
        let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        changed[part] = URL_SAFE_NO_PAD.encode(bytes);
        changed.join(".")
    };
    let mut lies = vec![
        ("A031 a bit of the signature", flipped(2, 100)),
        ("A031 a bit of the payload", flipped(1, 30)),
        ("A031 no signature", format!("{}.{}.", parts[0], parts[1])),
        (
            "A031 half a signature",
            format!("{}.{}.{}", parts[0], parts[1], &parts[2][..100]),
        ),
        ("A032 none", alg("\"none\"")),
        ("A032 None", alg("\"None\"")),
        (
            "A032 none, unsigned",
            format!("{}..", URL_SAFE_NO_PAD.encode("{\"alg\":\"none\"}")),
        ),
        ("A032 empty", alg("\"\"")),
        ("A032 a number", alg("256")),
        ("A032 absent", with(&format!("{{\"kid\":\"{INSIDER_KID}\"}}"))),
        ("A033 HS256", alg("\"HS256\"")),
        ("A034 PS256", alg("\"PS256\"")),
        ("A034 rs256", alg("\"rs256\"")),
        ("A034 RS256 and a space", alg("\"RS256 \"")),
        (
            "A034 RS512, signed as such",
            insider.sign_with(
                MessageDigest::sha512(),
                &format!("{{\"alg\":\"RS512\",\"kid\":\"{INSIDER_KID}\"}}"),
                good_payload.as_bytes(),
            ),
        ),
        (
            "A034 SHA-512 under the name of RS256",
            insider.sign_with(MessageDigest::sha512(), &insider.header(), good_payload.as_bytes()),
        ),
        ("A036 no kid", with("{\"alg\":\"RS256\"}")),
        ("A036 empty kid", kid("\"\"")),
        ("A036 null kid", kid("null")),
        ("A036 a list", kid(&format!("[\"{INSIDER_KID}\"]"))),
        ("A037 a path", kid("\"../../etc/passwd\"")),
        ("A037 SQL", kid("\"' OR 1=1\"")),
        ("A037 an address", kid("\"http://127.0.0.1/key\"")),
        ("A037 NUL", kid(&format!("\"{INSIDER_KID}\\u0000\""))),
        ("A038 jwk", with(&header_with("\"jwk\":{\"kty\":\"RSA\"}"))),
        ("A038 x5c", with(&header_with("\"x5c\":[]"))),
        ("A039 jku", with(&header_with("\"jku\":\"http://127.0.0.1/\""))),
        ("A039 x5u", with(&header_with("\"x5u\":\"http://127.0.0.1/\""))),
        ("A041 zip", with(&header_with("\"zip\":\"DEF\""))),
        ("A041 cty", with(&header_with("\"cty\":\"JWT\""))),
        ("A042 crit", with(&header_with("\"crit\":[]"))),
        ("A042 crit that names alg", with(&header_with("\"crit\":[\"alg\"]"))),
        ("A043 b64", with(&header_with("\"b64\":false"))),
        ("A044 alg twice", with(&header_with("\"alg\":\"RS256\""))),
        ("A044 alg twice, escaped", with(&header_with("\"\\u0061lg\":\"RS256\""))),
        (
            "A044 kid twice",
            with(&header_with(&format!("\"kid\":\"{INSIDER_KID}\""))),
        ),
        ("A046 five parts", format!("{good}.{}.{}", parts[1], parts[2])),
        ("A047 detached", format!("{}..{}", parts[0], parts[2])),
        ("A047 two tokens", format!("{good}.{good}")),
        (
            "A047 JSON",
            json!({"payload": parts[1], "protected": parts[0], "signature": parts[2]}).to_string(),
        ),
        ("A048 dots", ".".repeat(7_000)),
        ("A048 none", "x".repeat(100)),
        ("A048 one dot", format!("{}.{}", parts[0], parts[1])),
        ("A049 a space in front", format!(" {good}")),
        ("A049 a space inside", good.replacen('.', ". ", 1)),
        ("A049 a BOM", format!("\u{feff}{good}")),
        ("A051 padding", format!("{good}==")),
        (
            "A051 the other alphabet",
            format!(
                "{}.{}.{}",
                parts[0],
                parts[1],
                parts[2].replace('-', "+").replace('_', "/")
            ),
        ),
    ];
    let last = good.chars().last().expect("a character");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let index = alphabet.find(last).expect("base64url");
    // 256 bytes end in a character of which four bits are behind the end: 15 of 16 ways to write the same are wrong.
    for neighbour in (index & !15..=index | 15).filter(|neighbour| *neighbour != index) {
        let tail = &alphabet[neighbour..=neighbour];
        lies.push(("A051 bits behind the end", format!("{}{tail}", &good[..good.len() - 1])));
    }
    for (lie, token) in lies {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("pushAccountData", &token)
            .finish();
        assert_refused(&owner.back(&world, &query).await, 400, "not-genuine", lie);
        assert_eq!(world.books().await, before, "{lie}");
    }
    for unknown in ["\"insider-2\"", "\"INSIDER-1\"", "\"insider-1-\""] {
        assert_refused(
            &owner.back(&world, &signed(&kid(unknown))).await,
            400,
            "unknown-key",
            unknown,
        );
    }
    world.assert_unmoved(&before, "tokens that lie").await;
    assert_sent_on(
        &owner.back(&world, &signed(&good)).await,
        &owner.session,
        "the one that does not",
    );
    assert_eq!(owner.state(&world).await, "returned");
}

#[tokio::test]
async fn a040_a_key_of_another_environment_is_no_key() {
    let (here, elsewhere) = (Insider::new(), Insider::new());
    let world = here.world().await;
    let owner = started(&world, APPROVING).await;
    let before = world.books().await;
    let token = elsewhere.sign(
        &elsewhere.header(),
        payload(&[&made_up_receipt()], Some(&owner.session)),
    );
    assert_refused(
        &owner.back(&world, &signed(&token)).await,
        400,
        "not-genuine",
        "the same kid, another key",
    );
    let token = token_of(&world, Some(&owner.session));
    assert_refused(
        &owner.back(&world, &signed(&token)).await,
        400,
        "unknown-key",
        "a key that is not ours",
    );
    world.assert_unmoved(&before, "another environment").await;
}

#[tokio::test]
async fn a045_to_a055_a_signed_payload_that_lies_in_one_way_is_refused_and_nothing_moves() {
    let insider = Insider::new();
    let world = insider.world().await;
    let owner = started(&world, APPROVING).await;
    let before = world.books().await;
    let receipt = made_up_receipt();
    let session = &owner.session;
    let list =
        |receipts: &str| format!("{{\"pushAccountReceipts\":{receipts},\"tokenRequestorSessionId\":\"{session}\"}}");
    let and = |member: &str| {
        format!("{{\"pushAccountReceipts\":[\"{receipt}\"],\"tokenRequestorSessionId\":\"{session}\",{member}}}")
    };
    let six: Vec<String> = (0..6).map(|_| made_up_receipt()).collect();
    let lies: Vec<(&str, Vec<u8>)> = [
        (
            "A045 receipts twice",
            and(&format!("\"pushAccountReceipts\":[\"{receipt}\"]")),
        ),
        (
            "A045 the session twice",
            and(&format!("\"tokenRequestorSessionId\":\"{session}\"")),
        ),
        (
            "A045 twice, escaped",
            and(&format!("\"\\u0074okenRequestorSessionId\":\"{session}\"")),
        ),
        ("A045 twice, nested", and("\"x\":{\"a\":1,\"a\":2}")),
        ("A050 a text for the list", list(&format!("\"{receipt}\""))),
        ("A050 numbers", list("[1]")),
        ("A050 null", list("null")),
        ("A050 a list of lists", list(&format!("[[\"{receipt}\"]]"))),
        ("A050 a number too large", and("\"x\":1e400")),
        (
            "A050 the session is a number",
            format!("{{\"pushAccountReceipts\":[\"{receipt}\"],\"tokenRequestorSessionId\":1}}"),
        ),
        (
            "A050 the session is null",
            format!("{{\"pushAccountReceipts\":[\"{receipt}\"],\"tokenRequestorSessionId\":null}}"),
        ),
        ("A050 the callback is an object", and("\"callbackURL\":{}")),
        ("A053 no receipt", list("[]")),
        ("A053 six", list(&json!(six).to_string())),
        ("A053 the same twice", list(&json!([receipt, receipt]).to_string())),
        (
            "A053 65 characters",
            list(&json!([format!("MCC-{}", "a-".repeat(31))]).to_string()),
        ),
        ("A053 no prefix", list("[\"43233098-64B2-4930-A2D1-3D778894B02B\"]")),
        ("A053 characters", list("[\"MCC-STL-4323/098\"]")),
        ("A053 a comma", list(&format!("[\"{receipt},{receipt}\"]"))),
        ("A053 a space", list(&format!("[\" {receipt}\"]"))),
        (
            "A054 a look-alike",
            list(&format!("[\"{}\"]", receipt.replacen('C', "С", 1))),
        ),
        ("A054 right to left", list(&format!("[\"\u{202e}{receipt}\"]"))),
        ("A054 a lone surrogate", and("\"locale\":\"\\ud800\"")),
        (
            "A054 a session that is not ASCII",
            list(&format!("[\"{receipt}\"]")).replace(session, "sessiön-123"),
        ),
        ("A055 a list", format!("[\"{receipt}\"]")),
        ("A055 a text", format!("\"{receipt}\"")),
        ("A055 empty", String::new()),
        (
            "A055 deep",
            and(&format!("\"x\":{}{}", "[".repeat(200), "]".repeat(200))),
        ),
        ("A055 behind the end", and("\"x\":1") + "{}"),
        ("A055 long", and(&format!("\"x\":\"{}\"", "y".repeat(4_096)))),
    ]
    .into_iter()
    .map(|(lie, payload)| (lie, payload.into_bytes()))
    .chain([(
        "A054 overlong",
        list("[\"MCC-STL-1\"]").replace("STL", "\u{1}").into_bytes(),
    )])
    .chain([("A054 no UTF-8", [and("\"x\":\"").as_bytes(), b"\xff\"}"].concat())])
    .collect();
    for (lie, payload) in lies {
        let token = insider.sign(&insider.header(), payload);
        assert_refused(&owner.back(&world, &signed(&token)).await, 400, "not-genuine", lie);
        assert_eq!(world.books().await, before, "{lie}");
    }
    let token = insider.sign(&insider.header(), and("\"x\":[1],\"completeWebsiteActivation\":true"));
    assert_sent_on(
        &owner.back(&world, &signed(&token)).await,
        session,
        "members that are new are no lie",
    );
}

// ---------------------------------------------------------------------------------------------------------------
// The browser's ways: A087, A088–A090, and where we send anybody.

#[tokio::test]
async fn a087_a_guess_of_a_browser_or_a_scanner_moves_nothing() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let target = format!("/callback/{}?{}", owner.session, signed(&token));
    let before = world.books().await;
    let get = Ask::get(&target).of(&owner.browser);
    for ask in [
        Ask::new("HEAD", &target).of(&owner.browser),
        Ask::new("HEAD", &target),
        get.clone().with("sec-purpose", "prefetch"),
        get.clone().with("sec-purpose", "prefetch;prerender"),
        get.clone().with("purpose", "prefetch"),
        get.clone()
            .with("sec-fetch-mode", "no-cors")
            .with("sec-fetch-dest", "image"),
        get.clone()
            .with("sec-fetch-mode", "navigate")
            .with("sec-fetch-dest", "iframe"),
        get.clone()
            .with("sec-fetch-mode", "cors")
            .with("sec-fetch-dest", "empty"),
        Ask::get(&target).with("sec-purpose", "prefetch"),
    ] {
        let answer = ask.send(&world).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{ask:?}");
        assert_eq!(answer.header("location"), None);
        world.assert_unmoved(&before, "a guess").await;
    }
    assert_eq!(owner.state(&world).await, "offered");
    assert_sent_on(&get.send(&world).await, &owner.session, "the cardholder");
}

#[tokio::test]
async fn a088_to_a090_the_receipt_leaves_the_address_bar_and_stays_nowhere() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let token = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let answer = Ask::get(&format!("/callback/{session}?{}", signed(&token)))
        .of(&browser)
        .send(&world)
        .await;
    assert_sent_on(&answer, &session, "the return");
    let names: BTreeSet<&str> = answer.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert!(
        !names.contains("refresh") && !names.contains("set-cookie") && !names.contains("link"),
        "{names:?}"
    );
    let page = browser.get(&world.callback(&session, &token)).await.expect("an answer");
    assert_eq!(page.url, world.at(&format!("/sessions/{session}")));
    let receipt = &token.split('.').nth(1).expect("a payload")[..40];
    assert!(!page.body.contains(receipt) && !page.body.contains("MCC-"));
    for tag in page.tags() {
        for name in ["src", "href", "action"] {
            let Some(address) = tag.attributes.get(name) else {
                continue;
            };
            let is_ours = address.starts_with('/') || address.starts_with('#');
            assert!(is_ours || tag.name == "a", "{} loads {address}", tag.name);
        }
    }
}

#[tokio::test]
async fn no_location_leaves_us_but_the_way_to_the_bank_that_was_registered() {
    let world = World::new().await;
    let mut browser = world.browser();
    let picker = browser.get(&world.at("/issuers")).await.expect("an answer");
    let issuers: BTreeSet<String> = picker
        .tags()
        .into_iter()
        .filter(|tag| tag.attributes.get("name").is_some_and(|name| name == "issuer"))
        .filter_map(|tag| tag.attributes.get("value").cloned())
        .collect();
    assert_eq!(issuers.len(), 11, "the twelfth is on phones only");
    for issuer in issuers {
        let attempt = world.start(&mut browser, &issuer).await;
        let session = session_of(&attempt);
        let go = Ask::get(&format!(
            "/sessions/{session}/go?next=https://evil.example&url=//evil.example"
        ))
        .with("referer", "https://evil.example/")
        .with("x-forwarded-host", "evil.example")
        .with("forwarded", "host=evil.example;proto=https")
        .of(&browser);
        let answer = go.send(&world).await;
        if issuer == APP_ONLY_BANK {
            assert_refused(&answer, 404, "unknown-issuer", "a bank without a website");
            continue;
        }
        assert_eq!(answer.status, 303, "{issuer}");
        let location = answer.header("location").expect("a way");
        let registered = format!("{}/banks/{issuer}/pull?", world.stage.bank_base);
        assert!(location.starts_with(&registered), "{issuer}: {location}");
        assert!(!location.contains("evil.example"), "{location}");
        let callback: String =
            url::form_urlencoded::byte_serialize(world.at(&format!("/callback/{session}")).as_bytes()).collect();
        assert!(location.contains(&callback), "{location}");
        let query = "next=https://evil.example&url=//evil.example&redirect_uri=https://evil.example&callbackURL=https://evil.example";
        let back = Ask::get(&format!("/callback/{session}?{query}"))
            .of(&browser)
            .send(&world)
            .await;
        assert_sent_on(&back, &session, &issuer);
    }
    let signed_elsewhere = started(&world, APPROVING).await;
    let token = world.stage.mdes.sign_push_account_data(
        &json!({
            "pushAccountReceipts": [made_up_receipt()],
            "callbackURL": "https://evil.example/",
            "tokenRequestorSessionId": signed_elsewhere.session,
        })
        .to_string(),
    );
    let back = signed_elsewhere.back(&world, &signed(&token)).await;
    assert_sent_on(
        &back,
        &signed_elsewhere.session,
        "a signed callback address is not followed in pull",
    );
}

/// The token with one character in the middle of its signature changed.
fn with_another_signature(token: &str) -> String {
    let at = token.len() - 100;
    let other = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
    format!("{}{other}{}", &token[..at], &token[at + 1..])
}
