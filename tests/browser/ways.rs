//! Off the straight way of an attempt: Back and reload, a second tab, stopping, going on with a phone.

use std::time::Duration;

use serde_json::Value;
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::mdes::Fault;

use crate::devices::{self, begin, pretend};
use crate::driver::{Driver, Window};
use crate::fixtures::{Client, cases};
use crate::person::{APPROVING, CODE_ASKING, Scene, TEXTING, has_no_receipt};
use crate::two_browsers::starts;
use crate::world::World;

/// How often MDES does not answer, where a test says when it does again.
const ALWAYS: usize = 1_000;

/// A bank with a website and with apps.
const BESIDES: &str = "podoli-cz";

const HOME: Option<&str> = Some("main[data-state=\"home\"]");
/// The last page of the bank.
const CONSENT: Option<&str> = Some("main[data-page=\"consent\"]");

fn state(name: &str) -> String {
    format!("main[data-state=\"{name}\"]")
}

/// Reload, and away and back, show where the attempt stands. Back shows the page before; where that is one of the same
/// attempt, it is at the same address, and with a script it shows where the attempt stands.
async fn stays(window: &Window, name: &str, before: Option<&str>, javascript: bool) {
    let attempt = window.url().await;
    window.reload().await;
    window.sees(&state(name)).await;
    window.back().await;
    match before {
        Some(before) => window.sees(before).await,
        None if javascript => window.sees(&state(name)).await,
        None => {}
    }
    if before.is_none() {
        assert_eq!(window.url().await, attempt, "{name}");
    }
    window.forward().await;
    window.sees(&state(name)).await;
    has_no_receipt(window).await;
}

/// A browser may show the terms again as they were. Accepting them once more orders nothing.
async fn accepts_again(window: &Window, name: &str) {
    window.back().await;
    if window.has("button[value=\"accept\"]").await {
        window.click("button[value=\"accept\"]").await;
    } else {
        window.forward().await;
    }
    window.sees(&state(name)).await;
}

#[tokio::test]
async fn reload_back_and_forward_show_every_state_and_send_nothing_twice() {
    let Some(scene) = Scene::open().await else { return };
    let ways = vec![ActivationKind::Text, ActivationKind::Email];
    scene
        .demo
        .stage
        .bank
        .force_outcome("quillwort-us-ada-1", Outcome::StepUp(ways));
    let mdes = &scene.demo.stage.mdes;
    for (times, javascript) in [(1, true), (2, false)] {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        scene.chooses(&window, TEXTING).await;
        scene.comes_back(&window).await;
        stays(&window, "launched", HOME, javascript).await;
        window.click("a[data-launch=\"web\"]").await;
        scene.signs_in(&window).await;
        if javascript {
            mdes.inject("checkEligibility", Fault::Status(503), ALWAYS);
        }
        window.click("button[value=\"add\"]").await;
        if javascript {
            window.sees(&state("returned")).await;
            stays(&window, "returned", CONSENT, javascript).await;
            mdes.clear_faults();
        }
        window.sees(&state("terms")).await;
        stays(&window, "terms", CONSENT, javascript).await;
        window.click("button[value=\"accept\"]").await;
        window.sees(&state("step-up")).await;
        stays(&window, "step-up", None, javascript).await;
        if !javascript {
            accepts_again(&window, "step-up").await;
        }
        window.click("form[action$=\"/method\"] button[value=\"later\"]").await;
        window.sees(&state("pending")).await;
        stays(&window, "pending", None, javascript).await;
        window.click("form[action$=\"/confirm\"] button").await;
        window.click(".choice:first-of-type").await;
        window
            .click("form[action$=\"/method\"] button.button:not(.second)")
            .await;
        window.sees(&state("code")).await;
        stays(&window, "code", None, javascript).await;
        let code = scene.looks_at_phone(&window).await;
        window.type_into("input[name=\"code\"]", &code).await;
        window.click("form[action$=\"/code\"] button").await;
        window.sees(&state("active")).await;
        stays(&window, "active", None, javascript).await;
        let calls = mdes.calls();
        for operation in ["checkEligibility", "digitize", "requestActivationCode", "activate"] {
            let taken = calls
                .iter()
                .filter(|call| call.operation == operation && call.outcome == "ok");
            assert_eq!(taken.count(), times, "{operation}");
        }
        scene.chooses(&window, APPROVING).await;
        scene.comes_back(&window).await;
        window.click(".strip button").await;
        window.sees(&state("cancelled")).await;
        stays(&window, "cancelled", None, javascript).await;
    }
    scene.demo.stop().await;
}

#[tokio::test]
async fn two_tabs_that_wait_end_at_the_same_state() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    let mdes = &scene.demo.stage.mdes;
    mdes.inject("checkEligibility", Fault::Status(503), ALWAYS);
    scene.chooses(&window, APPROVING).await;
    scene.signs_in(&window).await;
    window.click("button[value=\"add\"]").await;
    window.sees(&state("returned")).await;
    let attempt = window.url().await;
    window
        .in_another_tab(async |tab| {
            tab.go(&attempt).await;
            tab.sees(&state("returned")).await;
            mdes.clear_faults();
            tab.sees(&state("terms")).await;
        })
        .await;
    window.sees(&state("terms")).await;
    assert_eq!(window.url().await, attempt);
    scene.demo.stop().await;
}

/// Where one can stop, and how.
const STOPS: [(&str, &str); 6] = [
    ("launch", ".strip button"),
    ("waiting", ".strip button"),
    ("sign-in", "form.cancel button"),
    ("cards", "form.cancel button"),
    ("consent", "form.cancel button"),
    ("terms", ".strip button"),
];

#[tokio::test]
async fn whoever_stops_is_told_so_and_can_begin_again() {
    let Some(scene) = Scene::open().await else { return };
    for javascript in [true, false] {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        for (place, cancel) in STOPS {
            // Where a code is shown, the launch page does not go on by itself.
            let bank = if place == "launch" { CODE_ASKING } else { APPROVING };
            scene.chooses(&window, bank).await;
            match place {
                "launch" => window.sees(&state("offered")).await,
                "waiting" => _ = scene.comes_back(&window).await,
                "cards" => {
                    window.click("button[value=\"ada\"]").await;
                    window.sees("main[data-page=\"cards\"]").await;
                }
                "consent" => scene.signs_in(&window).await,
                "terms" => {
                    scene.signs_in(&window).await;
                    window.click("button[value=\"add\"]").await;
                    window.sees(&state("terms")).await;
                }
                _ => window.sees("main[data-page=\"sign-in\"]").await,
            }
            window.click(cancel).await;
            window.sees("main[data-problem=\"cancelled\"]").await;
            let words = window.words("main").await;
            assert!(words.contains("nothing was charged"), "{place}: {words}");
            assert_eq!(window.words("main .button:not(.second)").await, "Try again");
            window.click("main .button:not(.second)").await;
            window
                .click(&format!("button[name=\"issuer\"][value=\"{bank}\"]"))
                .await;
            window
                .sees("main[data-state=\"offered\"], main[data-page=\"sign-in\"]")
                .await;
        }
    }
    assert_eq!(scene.demo.stage.mdes.tokens().len(), 0);
    scene.demo.stop().await;
}

/// Once the card is in the wallet nothing is left to be stopped; the code can wait.
#[tokio::test]
async fn a_code_that_is_left_for_later_leaves_the_card_in_the_wallet() {
    let Some(scene) = Scene::open().await else { return };
    for javascript in [true, false] {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        scene.comes_to_terms(&window, TEXTING).await;
        window.click("button[value=\"accept\"]").await;
        window.sees(&state("code")).await;
        assert!(!window.has(".strip button, form[action$=\"/cancel\"]").await);
        assert_eq!(window.words("button[value=\"later\"]").await, "Do this later");
        window.click("button[value=\"later\"]").await;
        window.sees(&state("pending")).await;
        window.go(&scene.at("/")).await;
        window.click("main[data-state=\"home\"] a.card").await;
        window.sees("dl.facts[data-card-state=\"inactive\"]").await;
    }
    scene.demo.stop().await;
}

/// The modules of each code as they are drawn, a line of 0 and 1 for each row.
const MODULES: &str = "[...document.querySelectorAll('figure.qr svg')].map(svg => {
  const size = svg.viewBox.baseVal.width;
  const path = new Path2D(svg.querySelector('path').getAttribute('d'));
  const canvas = document.createElement('canvas').getContext('2d');
  const places = Array.from({length: size}, (_, at) => at + .5);
  return places.map(y => places.map(x => canvas.isPointInPath(path, x, y) ? '1' : '0').join(''));
})";

/// What a phone reads, of each code.
async fn scans(window: &Window) -> Vec<String> {
    let codes = window.evaluate(MODULES).await;
    codes.as_array().expect("codes").iter().map(read).collect()
}

fn read(modules: &Value) -> String {
    const SCALE: usize = 4;
    let rows = modules.as_array().expect("rows").iter();
    let rows: Vec<&[u8]> = rows.map(|row| row.as_str().expect("a row").as_bytes()).collect();
    let size = rows.len() * SCALE;
    let shade = |x: usize, y: usize| if rows[y / SCALE][x / SCALE] == b'1' { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(size, size, shade);
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "{rows:?}");
    grids[0].decode().expect("a code").1
}

#[tokio::test]
async fn the_code_for_a_phone_is_the_wallets_own_address_and_the_same_for_everybody() {
    let Some(scene) = Scene::open().await else { return };
    for _ in 0..2 {
        let window = scene.driver.open(true).await;
        // It believes that it went on by itself already, so there is time to look.
        window.before_every_page("Storage.prototype.getItem = () => '1'").await;
        window.go(&scene.at("/")).await;
        let address = scene.at("/issuers/iperoxo-br");
        window.go(&address).await;
        window.sees("figure.qr svg").await;
        assert_eq!(scans(&window).await, [address.as_str()]);
        assert_eq!(window.words("figure.qr .address").await, address);
        // An attempt's page has one for each width, and neither holds the attempt.
        scene.chooses(&window, BESIDES).await;
        window.sees(&state("offered")).await;
        assert_eq!(
            scans(&window).await,
            [
                scene.at(&format!("/issuers/{BESIDES}")),
                scene.at(&format!("/issuers/{BESIDES}"))
            ]
        );
    }
    scene.demo.stop().await;
}

/// A phone that opens the address of the code begins for itself; the computer's attempt is as it was, and ends with its
/// time.
#[tokio::test]
async fn a_phone_begins_for_itself_and_the_computers_attempt_ends_by_itself() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = devices::world().await;
    let (here, phone) = (driver.open(true).await, driver.open(true).await);
    let cases = cases();
    let (computer, android) = (Client::named(&cases, "WC"), Client::named(&cases, "AC"));
    pretend(&here, &computer).await;
    here.before_every_page("Storage.prototype.getItem = () => '1'").await;
    let first = begin(&here, &world, "all", &computer).await;
    let address = here.words(".beside .address").await;
    let is_told = "SELECT id || ' ' || state || ' ' || version FROM sessions ORDER BY version";
    let before = world.texts(is_told).await;
    assert_eq!(before.len(), 1);

    pretend(&phone, &android).await;
    phone.go(&address).await;
    phone.click("form[action=\"/sessions\"] button[value=\"all\"]").await;
    phone.sees(&state("offered")).await;
    let second = phone.url().await;
    assert!(
        second.starts_with(&world.at("/sessions/")) && !second.ends_with(&first),
        "{second}"
    );
    let after = world.texts(is_told).await;
    assert!(after.len() == 2 && after.contains(&before[0]), "{before:?} {after:?}");

    world.pass(15 * 60_000).await;
    // Nobody touches the computer.
    here.sees("main[data-problem=\"too-late\"]").await;
    assert_eq!(here.url().await, world.at(&format!("/sessions/{first}")));
}

/// What the bank opens again is the same return: nothing is asked twice, and every tab ends where the first did.
#[tokio::test]
async fn a_return_that_comes_again_and_again_is_one() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    scene.chooses(&window, APPROVING).await;
    scene.misbehaves(&window, "twice").await;
    let address = window.attribute("a[data-return=\"twice-again\"]", "href").await;
    window.click("a[data-return=\"twice-again\"]").await;
    window.sees(&state("terms")).await;
    let attempt = window.url().await;
    for _ in 0..2 {
        window.go(&address).await;
        window.sees(&state("terms")).await;
        assert_eq!(window.url().await, attempt);
    }
    window.click("button[value=\"accept\"]").await;
    window.sees(&state("active")).await;
    window.go(&address).await;
    window.sees(&state("active")).await;
    assert_eq!(window.url().await, attempt);
    assert_eq!((scene.asked("checkEligibility"), scene.asked("digitize")), (1, 1));
    scene.leaves_no_trace(&window, &[]).await;
    scene.demo.stop().await;
}

/// Back from the bank, with MDES not answering: the page that waits.
async fn waits_for_mdes(world: &World, window: &Window) -> String {
    let (attempt, address) = starts(world, window).await;
    world.stage.mdes.inject("checkEligibility", Fault::Status(503), ALWAYS);
    window.go(&address).await;
    window.sees(&state("returned")).await;
    world.work().await;
    attempt
}

/// The sentence of a wait says that we keep trying.
async fn says_that_we_go_on_trying(window: &Window) {
    for _ in 0..100 {
        if window
            .words("#progress")
            .await
            .contains("will keep trying for 15 minutes")
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{}", window.words("main").await);
}

#[tokio::test]
async fn while_mdes_is_down_it_is_asked_less_and_less_and_then_it_goes_on_by_itself() {
    let Some(driver) = Driver::start() else { return };
    let world = World::new().await;
    let window = driver.open(true).await;
    let attempt = waits_for_mdes(&world, &window).await;
    says_that_we_go_on_trying(&window).await;
    let mut asked = vec![world.asked("checkEligibility")];
    for _ in 0..8 {
        world.pass(1_000).await;
        asked.push(world.asked("checkEligibility"));
    }
    assert_eq!(asked, [1, 2, 2, 3, 3, 3, 3, 4, 4]);
    assert!(window.has(&state("returned")).await);
    world.stage.mdes.clear_faults();
    world.pass(7_000).await;
    window.sees(&state("terms")).await;
    assert_eq!(world.asked("checkEligibility"), 5);
    assert_eq!(window.url().await, attempt);
}

/// What the browser says that it has heard last, each time that it asks for the news.
fn heard_last(log: &[Value]) -> Vec<String> {
    let asked = log.iter().filter_map(|entry| {
        let event: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
        let event = &event["message"];
        let headers = &event["params"]["headers"];
        let is_stream =
            event["method"] == "Network.requestWillBeSentExtraInfo" && headers["Accept"] == "text/event-stream";
        is_stream.then(|| headers["Last-Event-ID"].as_str().unwrap_or("nothing").to_owned())
    });
    asked.collect()
}

/// The stream ends with the server, and with the next one it goes on where it was, on the same page.
#[tokio::test]
async fn news_that_were_cut_off_go_on_where_they_were() {
    let Some(driver) = Driver::start() else { return };
    let mut world = World::new().await;
    let window = driver.open(true).await;
    let attempt = waits_for_mdes(&world, &window).await;
    says_that_we_go_on_trying(&window).await;
    assert_eq!(
        heard_last(&window.log("performance").await).last().map(String::as_str),
        Some("nothing")
    );
    let told = world.texts("SELECT CAST(version AS TEXT) FROM sessions").await;
    window.evaluate("globalThis.wasHere = true").await;
    world.restart().await;
    let mut heard = Vec::new();
    for _ in 0..100 {
        heard.extend(heard_last(&window.log("performance").await));
        if !heard.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(heard, told);
    assert_eq!(window.evaluate("wasHere").await, true);
    world.stage.mdes.clear_faults();
    world.pass(1_000).await;
    window.sees(&state("terms")).await;
    assert_eq!(window.url().await, attempt);
}
