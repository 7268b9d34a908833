//! What a reviewer of the face would try (the acceptance checklist), and where each is tried.
//!
//! | what | where |
//! |---|---|
//! | 1, 2, 3 the way to a card, with a code, with and without scripts | `flows` |
//! | 4 a callback never shows a page, nor leaves a receipt | `person::has_no_receipt`; `it::callback` a088–a090 |
//! | 5 reload, Back and Forward in every state | here |
//! | 6 a second tab while checking | here |
//! | 7 each fault of the simulators and its page | `looks`, `it::continuation`, `it::homecoming`; no console yet |
//! | 8 Cancel everywhere | here |
//! | 9 a return three times | `it::callback` a023, `it::races` |
//! | 10 a return in another browser | `two_browsers` |
//! | 11 a return without parameters | `homecoming` |
//! | 12 a quarter of an hour later | `looks` |
//! | 13 the code for a phone | here |
//! | 14 opening it there | `it::launching`: it begins with a bank's page like any other |
//! | 15 MDES is down while checking | here and `it::continuation` |
//! | 16 every failure leads on | `looks::shows`; `http::page_tests` |
//! | 17–26 the picker | `it::directory`; `matrix` for requests to others |
//! | 27–29, 32–34, 39, 49 axe, width, text, motion, colours, targets, English | `matrix`, `judge.js` |
//! | 30, 31 by keyboard | `stops`, `keyboard` |
//! | 35, 36 the code field | here, `keyboard`, `http::page_tests` |
//! | 37 nothing else speaks by itself | here; `judge.js` for each page |
//! | 38 terms in the page's flow | `judge.js`; `it::terms` |
//! | 41, 42 progress without scripts | here |
//! | 43 with scripts `/live` is never visited; the stream goes on where it was | here; `http::events` |
//! | 44 no stream comes through | here |
//! | 45 which language is meant | here; `words::negotiation` |
//! | 46 the language on the way to the bank and to MDES | here; `it::wire` for MDES |
//! | 47 all messages in all languages | `build.rs`, `words` |
//! | 48 no left or right | `http::assets` |
//! | 50, 51 the policy, and the way to the bank under it | `it::headers`, `flows` |
//! | 52 a browser that guesses moves nothing | `it::callback` a087, `it::launching` |
//! | 53 no open redirect | `it::callback` `no_location_leaves_us…`, `it::bad_input` |
//! | 54 another's session is not here | `it::callback` a005, a007 |
//! | 56 no secret anywhere | `.ci/no-secrets`, `it::callback` a088–a090 |
//! | 58 budgets | `tests/npm/budgets.mjs`, `matrix` |
//! | 60 a second visit | here |
//! | 61 nothing moves when pictures are late | `matrix` |
//! | 67 the looks themselves | `TIDEMARK_SCREENS`, by a person |

use std::time::Duration;

use serde_json::{Value, json};
use tidemark::clock::Clock;
use tidemark::sim::mdes::Fault;

use crate::driver::Window;
use crate::person::{APPROVING, Scene, TEXTING, Trail, has_no_receipt, is_content};

/// How often MDES does not answer, where a test says when it does again.
const ALWAYS: usize = 1_000;

fn state(name: &str) -> String {
    format!("main[data-state=\"{name}\"]")
}

/// Reload, and away and back, show where the attempt stands.
async fn stays(window: &Window, name: &str) {
    window.reload().await;
    window.sees(&state(name)).await;
    window.back().await;
    window.forward().await;
    window.sees(&state(name)).await;
    has_no_receipt(window).await;
}

#[tokio::test]
async fn reload_back_and_forward_show_every_state_and_send_nothing_twice() {
    let Some(scene) = Scene::open().await else { return };
    for (times, javascript) in [(1, true), (2, false)] {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        scene.chooses(&window, TEXTING).await;
        scene.comes_back(&window).await;
        stays(&window, "launched").await;
        window.click("a[data-launch=\"web\"]").await;
        scene.signs_in(&window).await;
        window.click("button[value=\"add\"]").await;
        window.sees(&state("terms")).await;
        stays(&window, "terms").await;
        window.click("button[value=\"accept\"]").await;
        window.sees(&state("code")).await;
        stays(&window, "code").await;
        let code = scene.looks_at_phone(&window).await;
        window.type_into("input[name=\"code\"]", &code).await;
        window.click("form[action$=\"/code\"] button").await;
        window.sees(&state("active")).await;
        stays(&window, "active").await;
        for operation in ["checkEligibility", "digitize", "activate"] {
            assert_eq!(scene.asked(operation), times, "{operation}");
        }
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
const STOPS: [(&str, &str); 5] = [
    ("waiting", ".strip button"),
    ("sign-in", "form.cancel button"),
    ("cards", "form.cancel button"),
    ("consent", "form.cancel button"),
    ("terms", ".strip button"),
];

#[tokio::test]
async fn whoever_stops_is_told_so_and_can_begin_again() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    for (place, cancel) in STOPS {
        scene.chooses(&window, APPROVING).await;
        window.sees("main[data-page=\"sign-in\"]").await;
        match place {
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
            _ => {}
        }
        window.click(cancel).await;
        window.sees("main[data-problem=\"cancelled\"]").await;
        let words = window.words("main").await;
        assert!(words.contains("nothing was charged"), "{place}: {words}");
        window.click("main .button:not(.second)").await;
        window
            .click(&format!("button[name=\"issuer\"][value=\"{APPROVING}\"]"))
            .await;
        window
            .sees("main[data-state=\"offered\"], main[data-page=\"sign-in\"]")
            .await;
    }
    assert_eq!(scene.demo.stage.mdes.tokens().len(), 0);
    scene.demo.stop().await;
}

/// Complains in the console of whatever begins to speak by itself and is not on the list.
const LISTENER: &str = "addEventListener('DOMContentLoaded', () => {
  const known = {count: 'status', nolaunch: 'status', progress: 'status', net: 'status', errors: 'alert'};
  const look = () => {
    for (const one of document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log], output')) {
      if (known[one.id] !== one.getAttribute('role')) console.error(`speaks by itself: ${one.outerHTML}`);
    }
  };
  look();
  new MutationObserver(look).observe(document, {subtree: true, childList: true, attributes: true});
})";

#[tokio::test]
async fn on_the_way_nothing_speaks_by_itself_but_what_is_on_the_list_and_the_way_is_short() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.before_every_page(LISTENER).await;
    scene.comes_to_terms(&window, APPROVING).await;
    window.click("button[value=\"accept\"]").await;
    window.sees(&state("active")).await;
    window.click("main[data-state=\"active\"] a.button[href=\"/\"]").await;
    window.sees("main[data-state=\"home\"] a.card").await;
    is_content(&window.log("browser").await, &[]);
    let trail = Trail::of(&window.log("performance").await);
    assert!(
        !trail.shown.iter().any(|address| address.ends_with("/live")),
        "{:#?}",
        trail.shown
    );
    // From home to home: list, way to the bank, three pages there, checking, terms, adding, added.
    let pages = trail.shown.iter().filter(|address| address.starts_with("http")).count();
    assert!(pages <= 11, "{pages} pages: {:#?}", trail.shown);
    window
        .evaluate("document.body.append(document.createElement('output'))")
        .await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    let log = window.log("browser").await;
    assert!(log.iter().any(|entry| {
        entry["message"]
            .as_str()
            .is_some_and(|text| text.contains("speaks by itself"))
    }));
    scene.demo.stop().await;
}

#[tokio::test]
async fn digits_of_any_script_are_a_code() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    scene.comes_to_terms(&window, TEXTING).await;
    window.click("button[value=\"accept\"]").await;
    let field = "main[data-state=\"code\"] input[name=\"code\"]";
    window.sees(field).await;
    let code = scene.looks_at_phone(&window).await;
    assert_eq!(window.attribute(field, "autocomplete").await, "one-time-code");
    let zeros = if code == "000000" {
        "１１１ １１１"
    } else {
        "０００ ０００"
    };
    window.type_into(field, zeros).await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees("#errors").await;
    assert!(
        window.words("#errors").await.contains("isn’t right"),
        "a code, and a wrong one"
    );
    let arabic: String = code
        .chars()
        .map(|digit| char::from_u32(0x660 + digit.to_digit(10).expect("a digit")).expect("a digit"))
        .collect();
    window
        .type_into("input[name=\"code\"]", &format!("{} {}", &arabic[..6], &arabic[6..]))
        .await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees(&state("active")).await;
    scene.demo.stop().await;
}

/// Without scripts the page of a step is written while it happens, and leads on when it has.
#[tokio::test]
async fn without_javascript_progress_leads_on_by_itself() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(false).await;
    window.go(&scene.at("/")).await;
    let mdes = &scene.demo.stage.mdes;
    mdes.inject("checkEligibility", Fault::Status(503), ALWAYS);
    scene.chooses(&window, APPROVING).await;
    scene.signs_in(&window).await;
    let mends = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        mdes.clear_faults();
    };
    // The click takes as long as the page that it leads to is being written.
    tokio::join!(window.click("button[value=\"add\"]"), mends);
    window.sees(&state("terms")).await;
    let trail = Trail::of(&window.log("performance").await);
    assert!(
        trail.shown.iter().any(|address| address.ends_with("/live")),
        "{:#?}",
        trail.shown
    );
    assert!(!window.url().await.ends_with("/live"));
    scene.demo.stop().await;
}

#[tokio::test]
async fn without_javascript_a_long_wait_ends_with_a_link_that_shows_the_result_later() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(false).await;
    window.go(&scene.at("/")).await;
    let mdes = &scene.demo.stage.mdes;
    mdes.inject("checkEligibility", Fault::Status(503), ALWAYS);
    scene.chooses(&window, APPROVING).await;
    scene.signs_in(&window).await;
    let clock = Clock::system();
    let begun = clock.now();
    window.click("button[value=\"add\"]").await;
    // The end of the page comes when the waiting is over.
    window.sees("main .live ~ .actions").await;
    assert!(window.url().await.ends_with("/live"), "{}", window.url().await);
    let waited = clock.now().0 - begun.0;
    assert!((20_000..32_000).contains(&waited), "{waited} ms");
    let words = window.words("main").await;
    assert!(
        words.contains("still waiting") && words.contains("Check again"),
        "{words}"
    );
    mdes.clear_faults();
    window.click("main .actions a[href^=\"/sessions/\"]").await;
    window.sees(&state("terms")).await;
    scene.demo.stop().await;
}

#[tokio::test]
async fn where_no_stream_comes_through_the_page_asks_for_itself() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.devtools("Network.enable", json!({})).await;
    window
        .devtools("Network.setBlockedURLs", json!({"urls": ["*/events*"]}))
        .await;
    let mdes = &scene.demo.stage.mdes;
    mdes.inject("checkEligibility", Fault::Status(503), ALWAYS);
    scene.chooses(&window, APPROVING).await;
    scene.signs_in(&window).await;
    window.click("button[value=\"add\"]").await;
    window.sees(&state("returned")).await;
    mdes.clear_faults();
    window.sees(&state("terms")).await;
    let log = window.log("performance").await;
    let was_blocked = |entry: &Value| {
        entry["message"]
            .as_str()
            .is_some_and(|text| text.contains("\"blockedReason\""))
    };
    assert!(log.iter().any(was_blocked), "the stream was blocked");
    scene.demo.stop().await;
}

#[tokio::test]
async fn the_language_that_is_wanted_most_is_spoken() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    for (accepted, spoken) in [
        ("en-GB;q=0.2, pl;q=0.9", "pl"),
        ("zh-TW,zh;q=0.8", "en"),
        ("iw", "en"),
        ("ar-EG", "ar"),
    ] {
        let headers = json!({"headers": {"Accept-Language": accepted}});
        window.devtools("Network.setExtraHTTPHeaders", headers).await;
        for path in ["/", "/issuers", "/help", "/nowhere"] {
            window.go(&scene.at(path)).await;
            let language = window.evaluate("document.documentElement.lang").await;
            assert_eq!(language, spoken, "{accepted} {path}");
        }
    }
    scene.demo.stop().await;
}

#[tokio::test]
async fn the_language_that_was_chosen_is_still_spoken_after_the_bank() {
    let Some(scene) = Scene::open().await else { return };
    for javascript in [true, false] {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        window.click("a.lang").await;
        window.click("label.choice:has(input[value=\"pl\"])").await;
        window.click("main form[action=\"/language\"] button").await;
        window.sees("html[lang=\"pl\"]").await;
        scene.comes_to_terms(&window, APPROVING).await;
        window.sees("html[lang=\"pl\"]").await;
    }
    scene.demo.stop().await;
}

/// The modules of the code as they are drawn, a line of 0 and 1 for each row.
const MODULES: &str = "(() => {
  const svg = document.querySelector('figure.qr svg');
  const size = svg.viewBox.baseVal.width;
  const path = new Path2D(svg.querySelector('path').getAttribute('d'));
  const canvas = document.createElement('canvas').getContext('2d');
  const places = Array.from({length: size}, (_, at) => at + .5);
  return places.map(y => places.map(x => canvas.isPointInPath(path, x, y) ? '1' : '0').join(''));
})()";

/// What a phone reads.
async fn scans(window: &Window) -> String {
    const SCALE: usize = 4;
    let modules = window.evaluate(MODULES).await;
    let rows: Vec<&[u8]> = modules
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row.as_str().expect("a row").as_bytes())
        .collect();
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
    let address = scene.at("/issuers/iperoxo-br");
    for _ in 0..2 {
        let window = scene.driver.open(true).await;
        window.go(&scene.at("/")).await;
        window.go(&address).await;
        window.sees("figure.qr svg").await;
        assert_eq!(scans(&window).await, address);
        assert_eq!(window.words("figure.qr .address").await, address);
    }
    scene.demo.stop().await;
}

/// What of the page and its files came over the network at a second visit, in bytes.
const CAME: &str = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map(one => [new URL(one.name).pathname, one.transferSize, one.encodedBodySize])";

#[tokio::test]
async fn what_was_there_before_does_not_come_again() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    for path in ["/", "/issuers", "/"] {
        window.go(&scene.at(path)).await;
    }
    window.go(&scene.at("/issuers")).await;
    window.sees("ul.rows").await;
    let came = window.evaluate(CAME).await;
    let mut again = Vec::new();
    for entry in came.as_array().expect("entries") {
        let (path, sent, whole) = (entry[0].as_str().expect("a path"), entry[1].as_u64(), entry[2].as_u64());
        // An answer without a body is its head alone, which the browser counts as 300 bytes.
        let most = if path == "/issuers" { 300 } else { 0 };
        if sent > Some(most) {
            again.push(format!("{path}: {sent:?} of {whole:?}"));
        }
    }
    assert!(again.is_empty(), "{again:#?}");
    scene.demo.stop().await;
}
