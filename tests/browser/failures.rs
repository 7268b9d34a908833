//! What goes wrong, as the simulators play it: each fault has its page, and each page leads on.

use std::time::Duration;

use serde_json::json;
#[cfg(debug_assertions)]
use tidemark::http::page_samples;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::mdes::Fault;

use crate::driver::{Driver, Window};
#[cfg(debug_assertions)]
use crate::gallery::{gallery, opens};
use crate::person::{has_no_receipt, misbehaves, signs_in};
use crate::world::{APPROVING, TEXTING, TRID, World, card};

const MINUTE: i64 = 60_000;

/// What goes wrong, and its page: what the page says it is, its status and its heading.
const FAULTS: [(&str, &str, u64, &str); 14] = [
    (
        "no card",
        "[data-problem=issuer-declined]",
        200,
        "Havørn Bank has no card you can add",
    ),
    (
        "bank is down",
        "[data-problem=issuer-error]",
        200,
        "Havørn Bank isn’t available right now",
    ),
    (
        "same card",
        "[data-problem=duplicate]",
        200,
        "This card is already in your wallet",
    ),
    ("late", "[data-problem=too-late]", 410, "This took too long"),
    (
        "receipt of five minutes",
        "[data-problem=receipt-refused]",
        200,
        "Havørn Bank’s answer arrived too late",
    ),
    (
        "another attempt's receipt",
        "[data-problem=foreign-receipt]",
        400,
        "This reply belongs to a different attempt",
    ),
    (
        "tampered with",
        "[data-problem=not-genuine]",
        400,
        "We couldn’t confirm that this came from your bank",
    ),
    (
        "unreadable",
        "[data-problem=malformed-return]",
        400,
        "We can’t read your bank’s reply",
    ),
    (
        "unknown key",
        "[data-problem=unknown-key]",
        400,
        "We couldn’t confirm yet that this came from your bank",
    ),
    (
        "unknown return",
        "[data-problem=not-found]",
        404,
        "We don’t know what this is about",
    ),
    (
        "unknown bank",
        "[data-problem=unknown-issuer]",
        404,
        "This bank isn’t available here",
    ),
    (
        "no list",
        "[data-problem=directory-unavailable]",
        503,
        "We can’t load the list of banks right now",
    ),
    (
        "no answer for a quarter of an hour",
        "[data-problem=not-answering]",
        200,
        "We can’t finish checking your card right now",
    ),
    ("wrong codes", "[data-state=pending]", 200, "Too many wrong codes"),
];

#[tokio::test]
async fn every_fault_has_its_page_and_leads_on() {
    let Some(driver) = Driver::start() else { return };
    let window = driver.open(true).await;
    for (fault, page, status, heading) in FAULTS {
        let world = World::without_directory(&[]).await;
        if fault != "no list" {
            world.app.refresh_directory().await.expect("MDES tells its issuers");
        }
        meets(&world, &window, fault).await;
        window.sees(&format!("main{page}")).await;
        assert_eq!(window.words("h1").await, heading, "{fault}");
        assert_eq!(window.status().await, status, "{fault}");
        leads_on(&window, fault).await;
        let tokens = world.stage.mdes.tokens();
        let usable = tokens.iter().filter(|token| token.status == "ACTIVE");
        assert_eq!(usable.count(), usize::from(fault == "same card"), "{fault}");
    }
}

/// Goes where it goes wrong.
async fn meets(world: &World, window: &Window, fault: &str) {
    let (mdes, bank) = (&world.stage.mdes, &world.stage.bank);
    match fault {
        "no card" => {
            comes_to_bank(world, window, APPROVING).await;
            window.click("button[value=\"cleo\"]").await;
            window.click("button[value=\"DECLINED\"]").await;
        }
        "bank is down" | "tampered with" | "unreadable" => {
            comes_to_bank(world, window, APPROVING).await;
            let style = match fault {
                "bank is down" => "error",
                "tampered with" => "lower-case",
                _ => "repeated",
            };
            misbehaves(&world.stage, window, style).await;
        }
        "same card" => {
            for state in ["active", "failed"] {
                comes_to_digitize(world, window, APPROVING).await;
                window.sees(&format!("main[data-state=\"{state}\"]")).await;
            }
        }
        "late" => {
            comes_to_bank(world, window, APPROVING).await;
            misbehaves(&world.stage, window, "late").await;
            window.sees("main[data-page=\"return\"] button[value=\"late\"]").await;
            world.clock.advance(16 * MINUTE);
            window.click("main[data-page=\"return\"] button[value=\"late\"]").await;
            window.click("a[data-return=\"late\"]").await;
        }
        "receipt of five minutes" => {
            let session = comes_to_bank(world, window, APPROVING).await;
            let options = PushOptions {
                validity_minutes: Some(5),
                ..PushOptions::default()
            };
            let id = card(APPROVING, "ada", 1);
            let pushed = bank.push(APPROVING, &[&id], Some(&session), TRID, None, options).await;
            let signed = pushed.expect("MDES takes the push").signature.expect("signed");
            world.clock.advance(6 * MINUTE);
            window.go(&world.callback(&session, &signed)).await;
            window.sees("main[data-state=\"returned\"]").await;
            world.work().await;
        }
        "another attempt's receipt" => {
            let first = comes_to_bank(world, window, APPROVING).await;
            let second = comes_to_bank(world, window, APPROVING).await;
            let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &first).await;
            window.go(&world.callback(&second, &signed)).await;
        }
        "unknown key" => {
            comes_to_bank(world, window, APPROVING).await;
            mdes.rotate_jws_key(true);
            signs_in(&world.stage, window).await;
            window.click("button[value=\"add\"]").await;
        }
        "unknown return" => window.go(&world.at("/callback")).await,
        "unknown bank" => window.go(&world.at("/issuers/nobody")).await,
        "no list" => window.go(&world.at("/issuers")).await,
        "no answer for a quarter of an hour" => {
            mdes.inject("checkEligibility", Fault::Status(503), 1_000);
            comes_to_bank(world, window, APPROVING).await;
            signs_in(&world.stage, window).await;
            window.click("button[value=\"add\"]").await;
            window.sees("main[data-state=\"returned\"]").await;
            for _ in 0..31 {
                world.pass(MINUTE / 2).await;
            }
        }
        "wrong codes" => types_wrong_codes(world, window).await,
        other => panic!("{other} is not played"),
    }
}

async fn types_wrong_codes(world: &World, window: &Window) {
    comes_to_digitize(world, window, TEXTING).await;
    window.sees("main[data-state=\"code\"] input[name=\"code\"]").await;
    let wrong = if world.code() == "000000" { "111111" } else { "000000" };
    for left in ["You have 2 tries left.", "You have 1 try left.", ""] {
        window.type_into("input[name=\"code\"]", wrong).await;
        window.click("form[action$=\"/code\"] button").await;
        window.sees("main[data-moment*=\".checking\"]").await;
        world.work().await;
        if left.is_empty() {
            break;
        }
        window.sees("#errors").await;
        let words = window.words("#errors").await;
        assert!(words.contains(left), "{words}");
    }
}

/// From the address bar to the bank's first page: the id of the session.
async fn comes_to_bank(world: &World, window: &Window, bank: &str) -> String {
    let known = world.texts("SELECT id FROM sessions").await;
    window.go(&world.at(&format!("/issuers/{bank}"))).await;
    window.click("form[action=\"/sessions\"] button").await;
    window.sees("main[data-page=\"sign-in\"]").await;
    let sessions = world.texts("SELECT id FROM sessions").await;
    let session = sessions.into_iter().find(|session| !known.contains(session));
    session.expect("a new one")
}

/// The same, and through the bank to what becomes of accepted terms.
async fn comes_to_digitize(world: &World, window: &Window, bank: &str) {
    comes_to_bank(world, window, bank).await;
    signs_in(&world.stage, window).await;
    window.click("button[value=\"add\"]").await;
    window.sees("main[data-state=\"returned\"]").await;
    world.work().await;
    window
        .click("main[data-state=\"terms\"] button[value=\"accept\"]")
        .await;
    window.sees("main[data-state=\"digitizing\"]").await;
    world.work().await;
}

/// What every failure has: a heading, a reference, and a link that leads on; and which of those that stay here lead
/// nowhere. To try the same again may fail again.
const ONWARD: &str = "(async () => {
  const links = [...document.querySelectorAll('main a')].filter(a => a.origin === location.origin);
  const addresses = [...new Set(links.map(a => a.href))];
  const answers = await Promise.all(addresses.map(address => fetch(address, {redirect: 'manual'})));
  const dead = addresses.filter((_, at) => !answers[at].ok && answers[at].type !== 'opaqueredirect');
  return {
    headings: document.querySelectorAll('h1').length,
    has_reference: /^[A-Z0-9-]{6,}$/.test(document.querySelector('main .ref')?.textContent ?? ''),
    leads_on: addresses.length > dead.length,
    dead: dead.filter(address => address !== location.href),
  };
})()";

/// A failure says what to quote, its links lead on, and its address holds no receipt.
pub async fn leads_on(window: &Window, name: &str) {
    // The script runs when the whole page is there, which may be a moment after its words are.
    for _ in 0..100 {
        if !window.url().await.contains('?') {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    has_no_receipt(window).await;
    let onward = window.evaluate(ONWARD).await;
    let good = json!({"headings": 1, "has_reference": true, "leads_on": true, "dead": []});
    assert_eq!(onward, good, "{name}");
}

/// What a failure among the samples lacks; null where the page is none.
#[cfg(debug_assertions)]
const LACKS: &str = "(() => {
  const main = document.querySelector('main');
  if (!main?.dataset.problem) return null;
  // Of other sites only the wallet's own sign-in page is one.
  const is_onward = a => a.origin === location.origin ? a.pathname !== location.pathname : a.pathname === '/sign-in';
  return [
    document.querySelectorAll('h1').length === 1 ? [] : ['one heading'],
    main.querySelector('.ref') ? [] : ['reference'],
    [...main.querySelectorAll('a.button:not(.second)')].some(a => is_onward(a) || a.protocol === 'tel:') ? [] : ['main way on'],
  ].flat();
})()";

#[cfg(debug_assertions)]
#[tokio::test]
async fn no_failure_is_a_dead_end() {
    let Some(driver) = Driver::start() else { return };
    let origin = gallery(page_samples::router).await;
    let window = driver.open(true).await;
    window.before_every_page("Storage.prototype.getItem = () => '1'").await;
    let (mut failures, mut found) = (0, Vec::new());
    for page in page_samples::names(&origin).await {
        opens(&window, &origin, &page, "en").await;
        let lacks = window.evaluate(LACKS).await;
        failures += usize::from(!lacks.is_null());
        if !lacks.is_null() && lacks != json!([]) {
            found.push(format!("{page} lacks {lacks}"));
        }
    }
    assert!(failures > 30, "only {failures} failures are among the samples");
    assert!(found.is_empty(), "{found:#?}");
}
