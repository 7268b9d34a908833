//! The same-person code: shown to the one who started, asked for by the bank, compared where the profile says so.

use serde_json::json;
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::bank::PushOptions;
use tidemark::sim::mdes::AuthenticationCodeMode;
use tokio::task::JoinSet;

use crate::trace;
use crate::wire::Ask;
use crate::world::{APPROVING, TRID, World, card, session_of};

/// The three policies and the three places where the code is compared, as the profiles spell them.
const POLICIES: [&str; 3] = ["required", "optional", "unsupported"];
const CHECKS: [&str; 3] = ["none", "bind", "jws"];

/// What the cardholder told the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Right,
    Wrong,
    Nothing,
    AnotherSessions,
    AnOldOne,
}

const TOLD: [Told; 5] = [
    Told::Right,
    Told::Wrong,
    Told::Nothing,
    Told::AnotherSessions,
    Told::AnOldOne,
];

impl World {
    /// How a bank's code is treated, by the wallet and by MDES.
    fn set_code(&self, policy: &str, check: &str) {
        self.set_profiles(&format!(
            "[issuer.{APPROVING}]\ncode = \"{policy}\"\ncode_check = \"{check}\""
        ));
        self.stage.mdes.set_authentication_code_mode(match check {
            "jws" => AuthenticationCodeMode::Jws,
            "bind" => AuthenticationCodeMode::Bind,
            _ => AuthenticationCodeMode::None,
        });
    }

    /// The address that the bank sends the cardholder back to, after a push with this code.
    async fn back_with(&self, session: &str, code: Option<&str>) -> String {
        let options = PushOptions {
            authentication_code: code.map(str::to_owned),
            ..PushOptions::default()
        };
        let cards = [card(APPROVING, "ada", 1)];
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let push = self
            .stage
            .bank
            .push(APPROVING, &cards, Some(session), TRID, None, options);
        let pushed = push.await.expect("MDES takes the push");
        for receipt in &pushed.receipts {
            trace::remember("receipt", receipt);
        }
        self.callback(session, &pushed.signature.expect("signed"))
    }

    /// The sealed codes of all sessions that have one.
    async fn codes_at_rest(&self) -> Vec<String> {
        self.texts("SELECT code_sealed FROM sessions WHERE code_sealed IS NOT NULL")
            .await
    }
}

/// The code that a page shows.
fn code_on(page: &Page) -> Option<String> {
    let tags = page.tags();
    let shown: Vec<_> = tags.iter().filter(|tag| tag.name == "data").collect();
    assert!(shown.len() <= 1, "{}", page.text());
    let code = shown.first()?.attributes["value"].clone();
    assert_eq!(code.len(), 6);
    assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
    Some(code)
}

/// Another code of six digits.
fn other(code: &str) -> String {
    let number: u32 = code.parse().expect("digits");
    format!("{:06}", (number + 1) % 1_000_000)
}

fn problem(page: &Page) -> Option<String> {
    page.main_attribute("data-problem")
}

async fn open(browser: &mut Browser, address: &str) -> Page {
    browser.get(address).await.expect("an answer")
}

/// A session that is waited for, and its code.
async fn started(world: &World, browser: &mut Browser) -> (Page, String) {
    let page = world.start(browser, APPROVING).await;
    let code = code_on(&page).expect("a code");
    (page, code)
}

#[tokio::test]
async fn every_mode_with_every_policy_and_every_code() {
    let world = World::new().await;
    for policy in POLICIES {
        for check in CHECKS {
            world.set_code(policy, check);
            for told in TOLD {
                let wanted = match (policy, check, told) {
                    (_, "none", _) | ("unsupported", "jws", _) | ("unsupported", "bind", Told::Nothing) => "terms",
                    // MDES binds what this bank sends, and the wallet does not know of it.
                    ("unsupported", _, _) => "receipt-refused",
                    (_, _, Told::Right) | ("optional", _, Told::Nothing) => "terms",
                    (_, "jws", _) => "wrong-code",
                    _ => "receipt-refused",
                };
                let found = lives_through(&world, policy, told).await;
                assert_eq!(found, wanted, "{policy} {check} {told:?}");
            }
        }
    }
}

#[tokio::test]
async fn in_none_and_jws_mdes_is_told_no_code() {
    let world = World::new().await;
    for (check, wanted) in [("none", "receipt-refused"), ("bind", "terms")] {
        world.set_code("required", check);
        world
            .stage
            .mdes
            .set_authentication_code_mode(AuthenticationCodeMode::Bind);
        assert_eq!(lives_through(&world, "required", Told::Right).await, wanted, "{check}");
    }
    world.set_code("optional", "jws");
    world
        .stage
        .mdes
        .set_authentication_code_mode(AuthenticationCodeMode::Bind);
    assert_eq!(lives_through(&world, "optional", Told::Right).await, "receipt-refused");
}

/// One attempt in a new browser: the state or the problem where it ends without consent.
async fn lives_through(world: &World, policy: &str, told: Told) -> String {
    let (mut browser, mut neighbour) = (world.browser(), world.browser());
    let first = world.start(&mut browser, APPROVING).await;
    let page = world.start(&mut browser, APPROVING).await;
    let theirs = world.start(&mut neighbour, APPROVING).await;
    for page in [&first, &page, &theirs] {
        assert_eq!(code_on(page).is_some(), policy != "unsupported");
    }
    let of = |page: &Page| code_on(page).unwrap_or_else(|| "482107".to_owned());
    let code = match told {
        Told::Right => Some(of(&page)),
        Told::Wrong => Some(other(&of(&page))),
        Told::Nothing => None,
        Told::AnotherSessions => Some(of(&theirs)),
        Told::AnOldOne => Some(of(&first)),
    };
    let before = world.books().await;
    let quarantined = world.quarantined().await;
    let address = world.back_with(&session_of(&page), code.as_deref()).await;
    let back = open(&mut browser, &address).await;
    if let Some(problem) = problem(&back) {
        assert_eq!((back.status, problem.as_str()), (400, "wrong-code"));
        assert_eq!(world.quarantined().await, quarantined + 1);
        // The try is counted, the receipt spent, and nothing else moved: no card, no call of MDES but the bank's push.
        world.work().await;
        let after = world.books().await;
        let cards = |rows: &[String]| rows.iter().filter(|row| row.starts_with("card ")).count();
        assert_eq!(cards(&after.rows), cards(&before.rows));
        assert_eq!(world.asked("digitize"), 0);
        assert_eq!(
            world.look(&mut browser, &page).await.state().as_deref(),
            Some("offered")
        );
        return problem;
    }
    assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
    world.work().await;
    let end = world.look(&mut browser, &page).await;
    problem_or_state(&end)
}

fn problem_or_state(page: &Page) -> String {
    problem(page).or_else(|| page.state()).expect("a state")
}

#[tokio::test]
async fn the_code_is_shown_before_and_during_the_visit_and_to_nobody_else() {
    let world = World::new().await;
    world.set_code("required", "jws");
    let (mut browser, mut stranger) = (world.browser(), world.browser());
    let (page, code) = started(&world, &mut browser).await;
    assert!(page.text().contains("asks you for it"), "{}", page.text());
    browser.follows = false;
    let go = open(&mut browser, &world.at(&format!("/sessions/{}/go", session_of(&page)))).await;
    browser.follows = true;
    let link = go.headers["location"].to_str().expect("text");
    assert!(!link.contains(&code), "the bank asks the cardholder, not the link");
    let waiting = world.look(&mut browser, &page).await;
    assert_eq!(waiting.state().as_deref(), Some("launched"));
    assert_eq!(
        code_on(&waiting).as_deref(),
        Some(code.as_str()),
        "the same code all along"
    );
    let foreign = world.look(&mut stranger, &page).await;
    assert_eq!((foreign.status, code_on(&foreign)), (404, None));
    // A stranger who has a session of their own has a code of their own.
    let (_, theirs) = started(&world, &mut stranger).await;
    assert_eq!(world.look(&mut stranger, &page).await.status, 404);
    assert_ne!(theirs, code);

    let address = world.back_with(&session_of(&page), Some(&code)).await;
    let foreign = open(&mut stranger, &address).await;
    assert_eq!(
        (problem(&foreign).as_deref(), code_on(&foreign)),
        (Some("other-browser"), None)
    );
    let address = world.back_with(&session_of(&page), Some(&code)).await;
    let returned = open(&mut browser, &address).await;
    assert_eq!(
        (returned.state().as_deref(), code_on(&returned)),
        (Some("returned"), None)
    );
    world.work().await;
    let terms = world.look(&mut browser, &page).await;
    assert_eq!((terms.state().as_deref(), code_on(&terms)), (Some("terms"), None));
    // A reload of the return, long after the code was forgotten, leads to the same place.
    let again = open(&mut browser, &address).await;
    assert_eq!(again.state().as_deref(), Some("terms"));
    let active = world.accept(&mut browser, &terms).await;
    assert_eq!(active.state().as_deref(), Some("active"));
}

#[tokio::test]
async fn five_tries_and_a_reload_is_none() {
    let world = World::new().await;
    world.set_code("required", "jws");
    let mut browser = world.browser();
    let (page, code) = started(&world, &mut browser).await;
    let session = session_of(&page);
    for tries_left in [4, 3, 2, 1] {
        let address = world.back_with(&session, Some(&other(&code))).await;
        for _ in 0..3 {
            let refused = open(&mut browser, &address).await;
            assert_eq!(problem(&refused).as_deref(), Some("wrong-code"));
            assert_eq!(refused.link("class", "button"), Some(format!("/sessions/{session}")));
        }
        let waiting = world.look(&mut browser, &page).await;
        assert_eq!(code_on(&waiting).as_deref(), Some(code.as_str()));
        let left = if tries_left == 1 { "1 more try" } else { "more tries" };
        assert!(
            waiting.text().contains(&format!("{tries_left} ")) && waiting.text().contains(left),
            "{}",
            waiting.text()
        );
    }
    let right = world.back_with(&session, Some(&code)).await;
    let address = world.back_with(&session, None).await;
    let last = open(&mut browser, &address).await;
    assert_eq!(problem(&last).as_deref(), Some("wrong-code"));
    assert_eq!(
        last.link("class", "button"),
        Some(format!("/issuers/{APPROVING}")),
        "start again"
    );
    assert!(world.codes_at_rest().await.is_empty());
    let before = world.books().await;
    let late = open(&mut browser, &right).await;
    assert_eq!(
        (late.state().as_deref(), problem(&late).as_deref()),
        (Some("failed"), Some("wrong-code"))
    );
    world
        .assert_unmoved(&before, "the right code, after five wrong ones")
        .await;
}

#[tokio::test]
async fn after_a_wrong_code_the_right_one_still_counts_also_after_a_restart() {
    let mut world = World::new().await;
    world.set_code("required", "jws");
    let mut browser = world.browser();
    let (page, code) = started(&world, &mut browser).await;
    let wrong = world.back_with(&session_of(&page), Some(&other(&code))).await;
    assert_eq!(open(&mut browser, &wrong).await.status, 400);
    world.restart().await;
    world.set_code("required", "jws");
    let waiting = world.look(&mut browser, &page).await;
    assert_eq!(code_on(&waiting).as_deref(), Some(code.as_str()));
    assert!(waiting.text().contains("You have 4 more tries"), "{}", waiting.text());
    let replayed = open(&mut browser, &wrong).await;
    assert_eq!(problem(&replayed).as_deref(), Some("wrong-code"));
    let right = world.back_with(&session_of(&page), Some(&code)).await;
    assert_eq!(open(&mut browser, &right).await.state().as_deref(), Some("returned"));
}

#[tokio::test]
async fn wrong_codes_at_once_are_all_counted() {
    let world = World::new().await;
    world.set_code("required", "jws");
    let mut browser = world.browser();
    let (page, code) = started(&world, &mut browser).await;
    let mut tasks = JoinSet::new();
    for _ in 0..4 {
        let address = world.back_with(&session_of(&page), Some(&other(&code))).await;
        // And a copy of each.
        for _ in 0..2 {
            let (address, mut browser) = (address.clone(), browser.clone());
            tasks.spawn(async move { problem(&open(&mut browser, &address).await) });
        }
    }
    // A copy that comes between the two writes of the first finds its receipt void and is told no more.
    let answers = tasks.join_all().await;
    let wrong = answers.iter().filter(|code| code.as_deref() == Some("wrong-code"));
    assert!(wrong.count() >= 4, "{answers:?}");
    let known = [Some("wrong-code"), Some("foreign-receipt")];
    assert!(
        answers.iter().all(|code| known.contains(&code.as_deref())),
        "{answers:?}"
    );
    let waiting = world.look(&mut browser, &page).await;
    assert!(waiting.text().contains("You have 1 more try."), "{}", waiting.text());
    assert_eq!(world.quarantined().await, 4);
}

#[tokio::test]
async fn the_code_rests_sealed_in_its_own_row_and_is_erased() {
    let world = World::new().await;
    world.set_code("required", "bind");
    let mut browser = world.browser();
    let (page, code) = started(&world, &mut browser).await;
    let sealed = world.codes_at_rest().await;
    assert_eq!(sealed.len(), 1);
    assert!(sealed[0].starts_with("1.") && !sealed[0].contains(&code));
    let body = world.texts("SELECT body FROM sessions").await;
    assert!(!body[0].contains(&code), "{body:?}");
    // In another row it opens nothing.
    let (theirs, _) = started(&world, &mut browser).await;
    let id = session_of(&theirs);
    let own = world
        .texts(&format!("SELECT code_sealed FROM sessions WHERE id = '{id}'"))
        .await;
    world
        .tamper(&format!(
            "UPDATE sessions SET code_sealed = '{}' WHERE id = '{id}'",
            sealed[0]
        ))
        .await;
    assert_eq!(world.look(&mut browser, &theirs).await.status, 500);
    world
        .tamper(&format!(
            "UPDATE sessions SET code_sealed = '{}' WHERE id = '{id}'",
            own[0]
        ))
        .await;

    let address = world.back_with(&session_of(&page), Some(&code)).await;
    assert_eq!(open(&mut browser, &address).await.state().as_deref(), Some("returned"));
    assert_eq!(world.codes_at_rest().await.len(), 2, "MDES has not been asked yet");
    world.work().await;
    assert_eq!(world.look(&mut browser, &page).await.state().as_deref(), Some("terms"));
    assert_eq!(world.codes_at_rest().await.len(), 1, "it cannot be needed any more");
    world.act(&mut browser, &theirs, "/cancel", &[]).await;
    assert!(world.codes_at_rest().await.is_empty());

    let (page, _) = started(&world, &mut browser).await;
    world.pass(900_000).await;
    assert_eq!(
        world.look(&mut browser, &page).await.state().as_deref(),
        Some("expired")
    );
    let (page, _) = started(&world, &mut browser).await;
    let failed = world.at(&format!("/callback/{}?result=DECLINED", session_of(&page)));
    assert_eq!(open(&mut browser, &failed).await.state().as_deref(), Some("failed"));
    assert!(world.codes_at_rest().await.is_empty());
}

#[tokio::test]
async fn an_optional_code_that_was_not_given_costs_one_more_question() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (policy, told, questions) in [("required", false, 1), ("optional", true, 1), ("optional", false, 2)] {
        world.set_code(policy, "bind");
        let asked = world.asked("checkEligibility");
        let (page, code) = started(&world, &mut browser).await;
        let address = world.back_with(&session_of(&page), told.then_some(code.as_str())).await;
        open(&mut browser, &address).await;
        world.work().await;
        assert_eq!(world.asked("checkEligibility") - asked, questions, "{policy} {told}");
    }
}

#[tokio::test]
async fn a_profile_that_changes_meanwhile_asks_nobody_for_what_was_not_shown() {
    let world = World::new().await;
    world.set_code("required", "jws");
    let mut browser = world.browser();
    let (page, code) = started(&world, &mut browser).await;
    world.set_code("unsupported", "jws");
    assert_eq!(code_on(&world.look(&mut browser, &page).await), None);
    let address = world.back_with(&session_of(&page), Some(&other(&code))).await;
    assert_eq!(open(&mut browser, &address).await.state().as_deref(), Some("returned"));

    // Begun when no code was asked for, it was shown none: there is nothing to compare.
    let page = world.start(&mut browser, APPROVING).await;
    world.set_code("required", "jws");
    let address = world.back_with(&session_of(&page), Some(&code)).await;
    assert_eq!(open(&mut browser, &address).await.state().as_deref(), Some("returned"));
}

/// Six digits are too short to be looked for in the log by themselves, so they are looked for where the code would be said.
#[tokio::test]
async fn no_log_says_a_code() {
    let world = World::new().await;
    world.set_code("required", "jws");
    let mut browser = world.browser();
    let (page, code) = started(&world, &mut browser).await;
    let wrong = other(&code);
    for told in [Some(wrong.as_str()), None, Some(code.as_str())] {
        let address = world.back_with(&session_of(&page), told).await;
        open(&mut browser, &address).await;
    }
    let answer = Ask::get(&format!("/sessions/{}?code={code}", session_of(&page)))
        .of(&browser)
        .send(&world)
        .await;
    assert_eq!(answer.status, 400);
    let log = std::fs::read_to_string(trace::log_file()).expect("a log");
    let session = session_of(&page);
    let own: Vec<&str> = log.lines().filter(|line| line.contains(&session)).collect();
    assert!(
        own.iter()
            .any(|line| line.contains("came back with a code that is wrong"))
    );
    assert!(
        own.iter()
            .any(|line| line.contains("came back with a code that is missing"))
    );
    for line in own {
        // Of a line only what is said: not its time, not the wallet's random port, not ids.
        let said = line
            .split_once(' ')
            .map_or(line, |(_, said)| said)
            .replace(&session, "");
        let words = said.split(|c: char| !c.is_ascii_alphanumeric());
        let found = words.filter(|word| *word == code || *word == wrong).count();
        assert_eq!(found, 0, "{line}");
    }
}

#[tokio::test]
async fn a_native_wallet_gets_the_code_to_show_and_is_refused_as_a_browser_is() {
    let world = World::with_accounts().await;
    world.set_code("required", "jws");
    let body = json!({ "subject": "ada", "issuer": APPROVING, "return": "app" });
    let (status, session) = world.tell_api("/api/v1/sessions", body).await;
    assert_eq!(status, 201, "{session}");
    let id = session["id"].as_str().expect("an id");
    let code = session["launch"]["code"]["digits"].as_str().expect("a code");
    assert_eq!(
        (code.len(), &session["launch"]["code"]["is_compared"]),
        (6, &json!(true))
    );
    for (told, status, seen) in [
        (Some(other(code)), 400, "wrong-code"),
        (None, 400, "wrong-code"),
        (Some(code.to_owned()), 200, "returned"),
    ] {
        let back = world.back_with(id, told.as_deref()).await;
        let caught = back.replace("/callback/", "/app/callback/");
        let body = json!({ "subject": "ada", "return_url": caught });
        let (found, answer) = world.tell_api(&format!("/api/v1/sessions/{id}/return"), body).await;
        let told = answer["code"].as_str().or(answer["state"].as_str());
        assert_eq!((found, told), (status, Some(seen)), "{answer}");
    }
    let (_, over) = world.ask_api(&format!("/api/v1/sessions/{id}?subject=ada")).await;
    assert!(!over.to_string().contains(code), "it is of no use any more: {over}");
}
