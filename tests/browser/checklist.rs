//! What a reviewer of the face would try (the acceptance checklist), and where each is tried.
//!
//! | what | where |
//! |---|---|
//! | 1, 2 nine pages from home to home, with and without scripts | `flows` |
//! | 3 with a code, with and without scripts | `flows` |
//! | 4 a callback never shows a page, nor leaves a receipt | `person::leaves_no_trace`; `it::callback` a088–a090 |
//! | 5 reload, Back and Forward in every state | `ways` |
//! | 6 a second tab while checking | `ways` |
//! | 7 each fault of the simulators and its page | `failures`, `looks`, `flows`, `devices`, `listing`; `workbench::lies` |
//! | 8 stopping everywhere, and leaving a code for later | `ways`; `looks` |
//! | 9 a return again and again | `ways`; `it::callback` a023, `it::races` |
//! | 10 a return in another browser | `two_browsers` |
//! | 11 a return without parameters | `homecoming` |
//! | 12 a quarter of an hour later | `looks` |
//! | 13 the code for a phone | `ways` |
//! | 14 opening it there | `ways` |
//! | 15 MDES is down while checking | `ways`; `it::continuation` |
//! | 16 every failure leads on | `failures`; `http::page_tests::steps` |
//! | 17, 18, 20, 21, 23, 26 what is listed, and in which order | `listing`; `it::directory`, `it::picking` |
//! | 19, 22, 24, 25 what a script adds to the list | `picking` |
//! | 27–29, 32, 39, 49 axe, width, text, motion, targets, English | `matrix`, `judge.js` |
//! | 30, 31 by keyboard | `stops`, `reading`, `keyboard` |
//! | 33, 34 forced colours, and what no page holds | `judge.js`, `reading` |
//! | 35, 36 the code field | here, `keyboard`, `kept_in` |
//! | 37 nothing else speaks by itself | here; `judge.js` for each page |
//! | 38 terms in the page's flow | `judge.js`, `reading`; `it::terms` |
//! | 40 contrasts | `config::tests::tokens`; axe in `matrix` |
//! | 41, 42 progress without scripts | here |
//! | 43 with scripts `/live` is never visited; the stream goes on where it was | here, `ways` |
//! | 44 no stream comes through | here, `flows` |
//! | 45 which language is meant | here; `words::negotiation` |
//! | 46 the language on the way to the bank and to MDES | here; `it::language` |
//! | 47 all messages in all languages | `build.rs`, `words` |
//! | 48 no left or right | `http::assets`, `matrix` |
//! | 50, 51 the policy, and the way to the bank under it | `it::headers`, `flows` |
//! | 52 a browser that guesses moves nothing | `kept_in`; `it::callback` a087, `it::launching` |
//! | 53 no open redirect | `embed`, `kept_in`; `it::callback` `no_location_leaves_us…`, `it::bad_input` |
//! | 54 another's session is not here | `two_browsers`; `it::callback` a005, a007 |
//! | 55 in no frame | `embed`, where other sites have links and no frame; `it::embed` |
//! | 56 no secret anywhere | `.ci/no-secrets`, `kept_in`; `it::callback` a088–a090 |
//! | 57 nothing of the demo where there is none | `cli::serve` |
//! | 58 budgets | `tests/npm/budgets.mjs`, `matrix` |
//! | 59 quick among five hundred banks | `quickness` |
//! | 60 a second visit | here, `resources`, `quickness` |
//! | 61 nothing moves when pictures are late | `matrix` |
//! | 62 the wrong session is named within a second | `workbench`; `workbench::inspector`; that a newcomer finds it in a minute: nobody was timed |
//! | 63 exports | `workbench::export` in the library: HAR 1.2, a grammar of our own for Mermaid, the rows of the drawing |
//! | 64 two hundred messages | weight: in the library; the time of one append: not measured |
//! | 65 without scripts | `workbench` |
//! | 66 the scenario is said on every page | `workbench::console`; `http::page_tests` |
//! | 67 the looks themselves | `TIDEMARK_SCREENS`, by a person; the rest in `judge.js` |
//! | 68 no mark of others, and theirs spelled right | `it::house`; by a person |

use std::time::Duration;

use serde_json::{Value, json};
use tidemark::clock::Clock;
use tidemark::sim::mdes::Fault;

use crate::person::{APPROVING, Scene, TEXTING, Trail, is_content};

/// How often MDES does not answer, where a test says when it does again.
const ALWAYS: usize = 1_000;

fn state(name: &str) -> String {
    format!("main[data-state=\"{name}\"]")
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
async fn on_the_way_nothing_speaks_by_itself_but_what_is_on_the_list() {
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
    let ended = window
        .evaluate("performance.getEntriesByType('navigation')[0].responseEnd")
        .await;
    assert!(
        ended.as_f64().is_some_and(|ms| (20_000.0..=26_000.0).contains(&ms)),
        "{ended} ms"
    );
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
    let profiles = scene.folder.path().join("profiles.toml");
    std::fs::write(profiles, "[default]\nlaunch_locale = \"locale\"\n").expect("profiles");
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
    let calls = scene.demo.stage.mdes.calls();
    for (operation, language) in [("pushMultipleAccounts", "pl_PL"), ("checkEligibility", "pl")] {
        let told = calls.iter().filter(|call| call.operation == operation);
        let told: Vec<_> = told.map(|call| call.language.as_deref()).collect();
        assert_eq!(told, [Some(language); 2], "{operation}");
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
