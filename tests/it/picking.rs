//! The picker: what it lists first, which country it takes, what it says of banks that have trouble, and that one page is
//! the same page until something happens.

use std::time::Duration;

use tidemark::app::view::Health;
use tidemark::cli::browser::{Browser, Page};
use tidemark::domain::device::Device;
use tidemark::domain::id::IssuerId;

use crate::directory::entry;
use crate::races::at_once;
use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, TEXTING, World, card, session_of};

const MINUTE: i64 = 60_000;

async fn look(world: &World, browser: &mut Browser, query: &str) -> Page {
    let page = browser.get(&world.at(&format!("/issuers{query}"))).await;
    let page = page.expect("an answer");
    assert_eq!(page.status, 200, "{query}: {}", page.text());
    page
}

/// What is below a heading up to the next one, as ids of banks.
fn group(page: &Page, heading: &str) -> Option<Vec<String>> {
    let (_, rest) = page.body.split_once(&format!(">{heading}</h2>"))?;
    let end = rest.find("<h2").unwrap_or(rest.len());
    Some(ids(&rest[..end]))
}

/// The banks of a piece of HTML, in order.
fn ids(html: &str) -> Vec<String> {
    let buttons = html.split("name=\"issuer\" value=\"").skip(1);
    buttons
        .map(|rest| rest.split('"').next().expect("an id").to_owned())
        .collect()
}

/// The countries of the page's choice with their counts, and which one is chosen.
fn countries(page: &Page) -> (Vec<String>, String) {
    let options: Vec<&str> = page.body.split("<option ").skip(1).collect();
    let label = |option: &str| {
        let text = option.split_once('>').expect("a tag").1;
        text.split('<').next().expect("a label").to_owned()
    };
    let chosen = options
        .iter()
        .find(|option| option.contains("selected"))
        .expect("a choice");
    (options.iter().map(|option| label(option)).collect(), label(chosen))
}

async fn list(world: &World, count: usize) {
    world.stage.list(count);
    let first = world.app.refresh_directory().await;
    if first.is_err() {
        assert_eq!(world.app.refresh_directory().await, Ok(count), "said twice");
    }
}

async fn adds_a_card(world: &World, browser: &mut Browser, bank: &str) {
    let terms = world.to_terms(browser, bank, &[&card(bank, "ada", 1)]).await;
    world.accept(browser, &terms).await;
}

#[tokio::test]
async fn lists_of_every_length_are_shown_as_long_as_they_are() {
    let world = World::without_directory(&[]).await;
    let mut browser = world.browser();
    for (count, has_search, shown) in [
        (0, false, 0),
        (3, false, 3),
        (8, false, 8),
        (9, true, 9),
        (60, true, 60),
        (500, true, 60),
    ] {
        list(&world, count).await;
        let page = look(&world, &mut browser, "").await;
        assert_eq!(page.body.contains("role=\"search\""), has_search, "{count}");
        assert_eq!(page.body.contains("/assets/picker."), has_search, "{count}");
        assert_eq!(page.body.matches("<li id=\"r").count(), shown, "{count}");
        assert_eq!(page.body.contains("<h3 class=\"letter\">"), count > 24, "{count}");
        assert_eq!(page.body.contains("class=\"letters\""), count > 60, "{count}");
        assert_eq!(
            page.text().contains("No issuers are available yet"),
            count == 0,
            "{count}"
        );
        assert_eq!(page.body.contains("Show 60 more"), count == 500, "{count}");
    }
    let second = look(&world, &mut browser, "?q=&country=&page=2").await;
    assert_eq!(second.body.matches("<li id=\"r").count(), 120);
    assert!(second.body.contains("page=3#r121"));
    let last = look(&world, &mut browser, "?page=9").await;
    assert_eq!(last.body.matches("<li id=\"r").count(), 500);
    assert!(!last.body.contains("id=\"more\""));
}

#[tokio::test]
async fn who_was_used_before_stands_first_until_the_list_is_cleared() {
    let world = World::new().await;
    let mut browser = world.browser();
    assert_eq!(group(&look(&world, &mut browser, "").await, "Used before"), None);
    adds_a_card(&world, &mut browser, APPROVING).await;
    let page = look(&world, &mut browser, "").await;
    assert_eq!(group(&page, "Used before"), Some(vec![APPROVING.to_owned()]));
    assert!(
        group(&page, "All issuers")
            .expect("the list")
            .contains(&APPROVING.to_owned())
    );
    let searched = look(&world, &mut browser, "?q=bank").await;
    assert_eq!(group(&searched, "Used before"), None, "a search is one list");
    // Ids and a signature; nothing of a card or a session.
    let kept = browser
        .cookie("localhost", "tidemark-recent")
        .expect("a cookie")
        .to_owned();
    let (list, signature) = kept.rsplit_once(':').expect("two parts");
    assert_eq!((list, signature.len()), (APPROVING, 64));

    let mut forger = browser.clone();
    for forged in [
        format!("{TEXTING}:{signature}"),
        format!("{TEXTING}:{list}:{signature}"),
        format!("{list}:{}", "0".repeat(64)),
        list.to_owned(),
        String::new(),
    ] {
        forger.set_cookie("localhost", "tidemark-recent", &forged);
        assert_eq!(
            group(&look(&world, &mut forger, "").await, "Used before"),
            None,
            "{forged}"
        );
    }
    let mut stranger = world.browser();
    look(&world, &mut stranger, "").await;
    stranger.set_cookie("localhost", "tidemark-recent", &kept);
    let theirs = look(&world, &mut stranger, "").await;
    assert_eq!(group(&theirs, "Used before"), None, "a list is its browser's");

    adds_a_card(&world, &mut browser, "mirabelle-fr").await;
    adds_a_card(&world, &mut browser, "podoli-cz").await;
    adds_a_card(&world, &mut browser, "bereza-kz").await;
    let page = look(&world, &mut browser, "").await;
    let latest = ["bereza-kz", "podoli-cz", "mirabelle-fr"].map(str::to_owned);
    assert_eq!(
        group(&page, "Used before"),
        Some(latest.into()),
        "three, the latest first"
    );

    let forget = page.form("/issuers/recent/clear").expect("a form");
    let cleared = browser.submit(&page, &forget, &[]).await.expect("an answer");
    assert_eq!((cleared.status, group(&cleared, "Used before")), (200, None));
    assert_eq!(browser.cookie("localhost", "tidemark-recent"), None);

    // To look up how a card was added is not to use its bank.
    world.clock.advance(16 * MINUTE);
    for session in world.texts("SELECT id FROM sessions").await {
        let attempt = browser.get(&world.at(&format!("/sessions/{session}"))).await;
        assert_eq!(attempt.expect("an answer").state().as_deref(), Some("active"));
    }
    assert_eq!(browser.cookie("localhost", "tidemark-recent"), None);
}

#[tokio::test]
async fn a_card_that_was_not_added_is_not_remembered() {
    let world = World::new().await;
    let mut browser = world.browser();
    adds_a_card(&world, &mut browser, "labedz-pl").await;
    let page = look(&world, &mut browser, "").await;
    assert_eq!(group(&page, "Used before"), None);
}

#[tokio::test]
async fn popular_banks_are_configured_or_counted_over_everybody() {
    let popular = "podoli-cz,unknown-xx,yildiztepe-tr";
    let world = World::with(&[("TIDEMARK_PICKER__POPULAR", popular)]).await;
    let page = look(&world, &mut world.browser(), "").await;
    assert_eq!(
        group(&page, "Popular"),
        Some(vec!["podoli-cz".to_owned(), "yildiztepe-tr".to_owned()])
    );
    let searched = look(&world, &mut world.browser(), "?q=bank").await;
    assert_eq!(group(&searched, "Popular"), None);
    // The one begins with it; of those where a word does, the best known comes first.
    assert_eq!(
        &group(&searched, "Results").expect("a list")[..3],
        ["podoli-cz", "yildiztepe-tr", "havorn-no"]
    );

    let world = World::new().await;
    let add = async |count: usize, bank: &str, at: i64, account: &str| {
        let rows = |row: &dyn Fn(usize) -> String| (0..count).map(row).collect::<Vec<_>>().join(", ");
        let sessions = rows(&|n| {
            format!("('{bank}-{at}-{account}-{n}', 'o{n}', '{bank}', 'B', 'active', '{{}}', {at}, 0, 0, 0, 0, 0, 0)")
        });
        let cards = rows(&|n| {
            let (id, account) = (
                format!("{bank}-{at}-{account}-{n}"),
                account.replace('#', &n.to_string()),
            );
            format!("('{id}', '{id}', 0, 'o{n}', '{id}', 'active', '{{}}', '{bank}-{account}', 0)")
        });
        world
            .tamper(&format!(
                "INSERT INTO sessions (id, owner, issuer, issuer_name, state, body, created_at, expires_at, changed_at, \
                 lease_until, lease_ms, fence, version) VALUES {sessions}"
            ))
            .await;
        world
            .tamper(&format!(
                "INSERT INTO cards (id, session_id, position, owner, receipt, state, body, account_reference, changed_at) \
                 VALUES {cards}"
            ))
            .await;
    };
    let now = world.clock.now().0;
    add(12, "labedz-pl", now, "#").await;
    add(6, "havorn-no", now, "#").await;
    add(50, "podoli-cz", now - 31 * 24 * 60 * MINUTE, "#").await;
    // One card that somebody puts into fifty wallets is one card.
    add(50, "yildiztepe-tr", now, "the same").await;
    let mut browser = world.browser();
    assert_eq!(
        group(&look(&world, &mut browser, "").await, "Popular"),
        None,
        "nineteen say nothing"
    );
    add(1, "mirabelle-fr", now, "#").await;
    assert_eq!(
        group(&look(&world, &mut browser, "").await, "Popular"),
        None,
        "counted once a minute"
    );
    world.clock.advance(MINUTE);
    let page = look(&world, &mut browser, "").await;
    let counted = ["labedz-pl", "havorn-no", "mirabelle-fr", "yildiztepe-tr"].map(str::to_owned);
    assert_eq!(group(&page, "Popular"), Some(counted.into()));
}

#[tokio::test]
async fn the_country_is_asked_for_or_chosen_or_supposed() {
    let world = World::new().await;
    let speaking = |accepted: &str| {
        let mut browser = world.browser();
        browser.hints = vec![("accept-language", accepted.to_owned())];
        browser
    };
    for (accepted, chosen, rows) in [
        ("nb-NO,nb;q=0.9", "Norway (1)", 1),
        ("en-GB;q=0.5, en-AU;q=0.4", "United Kingdom (1)", 1),
        // It is what a browser says whom nobody told anything.
        ("en-US,en;q=0.9", "All countries (12)", 12),
        ("en-AU", "All countries (12)", 12),
        ("en", "All countries (12)", 12),
    ] {
        let page = look(&world, &mut speaking(accepted), "").await;
        let (options, now) = countries(&page);
        assert_eq!((now.as_str(), options.len()), (chosen, 13), "{accepted}");
        assert_eq!(page.body.matches("<li id=\"r").count(), rows, "{accepted}");
    }
    let mut browser = speaking("nb-NO");
    assert!(
        look(&world, &mut browser, "")
            .await
            .text()
            .contains("All issuers in Norway")
    );
    // A name is looked for everywhere, unless a country is said.
    assert_eq!(ids(&look(&world, &mut browser, "?q=labedz").await.body), ["labedz-pl"]);
    let narrow = look(&world, &mut browser, "?q=labedz&country=NO").await;
    assert!(
        narrow.text().contains("No issuer matches “labedz”"),
        "{}",
        narrow.text()
    );
    assert!(narrow.text().contains("Search for “labedz” in all countries"));
    let chosen = look(&world, &mut browser, "?country=PL").await;
    assert_eq!(ids(&chosen.body), ["labedz-pl"]);
    assert!(
        chosen.text().contains("11 more issuers are in other countries"),
        "{}",
        chosen.text()
    );
    assert_eq!(
        countries(&look(&world, &mut browser, "").await).1,
        "Poland (1)",
        "it is kept"
    );
    look(&world, &mut browser, "?country=").await;
    assert_eq!(countries(&look(&world, &mut browser, "").await).1, "All countries (12)");
    let none = look(&world, &mut browser, "?country=AQ").await;
    assert!(
        none.text().contains("No issuers in Antarctica offer this yet."),
        "{}",
        none.text()
    );
    assert_eq!(countries(&none).1, "Antarctica (0)");
    assert_eq!(
        countries(&look(&world, &mut browser, "").await).1,
        "All countries (12)",
        "where there is nothing"
    );
    // A short list has no choice, so nothing is supposed.
    list(&world, 3).await;
    assert_eq!(
        look(&world, &mut speaking("nb-NO"), "")
            .await
            .body
            .matches("<li id=\"r")
            .count(),
        3
    );
}

#[tokio::test]
async fn the_list_is_in_the_language_of_the_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.hints = vec![("accept-language", "de".to_owned())];
    let page = look(&world, &mut browser, "").await;
    let (options, _) = countries(&page);
    assert_eq!(options[0], "Alle Länder (12)");
    let ordered = [
        "Brasilien",
        "Deutschland",
        "Frankreich",
        "Japan",
        "Kasachstan",
        "Norwegen",
    ];
    let places: Vec<usize> = ordered
        .iter()
        .map(|name| options.iter().position(|option| option.starts_with(name)).expect(name))
        .collect();
    assert!(places.is_sorted(), "{options:?}");
    assert_eq!(ids(&look(&world, &mut browser, "?q=kasach").await.body), ["bereza-kz"]);
    assert_eq!(
        ids(&look(&world, &mut browser, "?q=kazakh").await.body),
        [] as [&str; 0]
    );
    assert!(
        page.text().contains("Ghafa Bank · Vereinigte Arabische Emirate"),
        "{}",
        page.text()
    );
    browser.hints = vec![("accept-language", "ar".to_owned())];
    let page = look(&world, &mut browser, "").await;
    assert!(!page.body.contains("Ghafa Bank"), "its own name can be read");
    assert!(page.body.contains("Hotarubi Bank"));
}

#[tokio::test]
async fn a_wrong_letter_and_a_name_that_is_not_there_lead_on() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = look(&world, &mut browser, "?q=havrn").await;
    assert!(page.text().contains("Did you mean Havørn Bank?"), "{}", page.text());
    let link = page
        .tags()
        .into_iter()
        .find(|tag| tag.attributes.get("href").is_some_and(|href| href.contains("Hav")));
    let found = browser
        .follow(&page, &link.expect("a link").attributes["href"])
        .await
        .expect("an answer");
    assert_eq!(ids(&found.body), [APPROVING]);
    let nothing = look(&world, &mut browser, "?q=zzzz").await;
    assert!(nothing.text().contains("No issuers found for “zzzz”"));
    assert!(nothing.text().contains("My bank isn’t here"));
    assert!(!nothing.text().contains("Did you mean"));
}

#[tokio::test]
async fn trouble_at_a_bank_is_said_in_its_row_and_on_its_page() {
    let world = World::new().await;
    let leaves = async |people: usize| {
        for _ in 0..people {
            let mut browser = world.browser();
            let attempt = world.start(&mut browser, APPROVING).await;
            browser.follows = false;
            let go = format!("/sessions/{}/go", session_of(&attempt));
            assert_eq!(browser.get(&world.at(&go)).await.expect("an answer").status, 303);
        }
        world.clock.advance(16 * MINUTE);
        world.work().await;
    };
    let says = async |words: &str| {
        let page = look(&world, &mut world.browser(), "?q=havorn").await;
        assert_eq!(ids(&page.body), [APPROVING], "it stays, and can be chosen");
        page.text().contains(words)
    };
    leaves(4).await;
    assert!(!says("right now").await, "four say nothing");
    leaves(1).await;
    assert!(says("Not available right now").await);
    assert!(says("A bank that has problems right now stays in the list").await);
    for _ in 0..2 {
        let mut browser = world.browser();
        world
            .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
    }
    world.clock.advance(MINUTE);
    assert!(says("Having problems right now").await, "five of seven");
    let (bank, device) = (IssuerId::parse(APPROVING).expect("id"), Device::default());
    let health = world.app.issuer(&bank, &device).await.expect("a bank").health;
    assert_eq!(health, Health::Degraded);
    world.clock.advance(60 * MINUTE);
    assert!(!says("right now").await, "an hour later it is forgotten");
}

#[tokio::test]
async fn one_person_who_never_comes_back_is_no_trouble_of_the_bank() {
    let world = World::new().await;
    let mut browser = world.browser();
    for _ in 0..8 {
        let attempt = world.start(&mut browser, APPROVING).await;
        browser.follows = false;
        let go = format!("/sessions/{}/go", session_of(&attempt));
        browser.get(&world.at(&go)).await.expect("an answer");
        browser.follows = true;
    }
    world.clock.advance(16 * MINUTE);
    world.work().await;
    let page = look(&world, &mut world.browser(), "").await;
    assert!(!page.text().contains("right now"), "{}", page.text());
}

#[tokio::test]
async fn what_cannot_be_opened_here_is_explained() {
    let android_only = "iperoxo-br";
    let world = World::new().await;
    let page = look(&world, &mut world.browser(), "").await;
    assert!(page.body.contains(&format!("href=\"/issuers/{android_only}\"")));
    assert!(
        page.text().contains("Some banks only have an app for phones"),
        "{}",
        page.text()
    );
    let hiding = World::with(&[("TIDEMARK_DIRECTORY__HIDE_UNREACHABLE", "true")]).await;
    let mut browser = hiding.browser();
    // An Android phone has something for everybody; this is another kind.
    browser.user_agent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                          Version/18.5 Mobile/15E148 Safari/604.1"
            .to_owned();
    let page = look(&hiding, &mut browser, "").await;
    assert!(!page.body.contains(android_only));
    assert!(
        page.text()
            .contains("1 issuer isn’t listed because it can’t be opened on this device."),
        "{}",
        page.text()
    );
    // A list that is empty only here does not say that there are no banks.
    let mut android = entry("android", "Android Bank", "https://android.example/pull");
    android.methods[0].0 = "ANDROID".to_owned();
    hiding.stage.mdes.set_directory(vec![android]);
    assert!(
        hiding.app.refresh_directory().await.is_err(),
        "so few are not believed at once"
    );
    hiding.app.refresh_directory().await.expect("said twice");
    let page = look(&hiding, &mut browser, "").await;
    assert!(
        page.text().contains("No issuers can be opened on this device"),
        "{}",
        page.text()
    );
    assert!(
        page.text().contains("Look for your bank on your phone"),
        "{}",
        page.text()
    );
}

#[tokio::test]
async fn the_part_for_the_script_is_the_part_of_the_page() {
    let world = World::new().await;
    list(&world, 60).await;
    let mut browser = world.browser();
    for query in [
        "?q=bank&country=",
        "?q=&country=GB",
        "?q=zzzz&country=",
        "?q=&country=&page=2",
    ] {
        let page = look(&world, &mut browser, query).await;
        let part = browser
            .get(&world.at(&format!("/issuers/results{query}")))
            .await
            .expect("an answer");
        assert_eq!(part.status, 200, "{query}");
        assert!(
            part.body.contains("id=\"count\"") && part.body.contains("id=\"list\""),
            "{query}"
        );
        assert!(page.body.contains(part.body.trim()), "{query}: {}", part.body);
        assert!(!part.body.contains("csrf") && !part.body.contains("<script"), "{query}");
    }
    let kept = browser
        .get(&world.at("/issuers/results?q=&country=PL"))
        .await
        .expect("an answer");
    assert_eq!(kept.status, 200);
    assert_eq!(browser.cookie("localhost", "tidemark-country"), Some("PL"));
}

#[tokio::test]
async fn other_names_are_searched_and_shown_to_who_cannot_read_the_bank_s_own() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let file = folder.path().join("aliases.toml");
    std::fs::write(&file, "havorn-no = [\"Sea Eagle\"]\nelka = [\"Fir Bank\", \"Yolka\"]\n").expect("written");
    let file = file.display().to_string();
    let world = World::with(&[("TIDEMARK_PICKER__ALIASES_FILE", &file)]).await;
    let mut browser = world.browser();
    let found = look(&world, &mut browser, "?q=sea+eagle").await;
    assert_eq!(ids(&found.body), ["havorn-no"]);
    assert!(!found.text().contains("Sea Eagle"), "its own name can be read");
    let web = "https://bank.example/pull";
    let banks = (0..12).map(|n| entry(&format!("bank-{n}"), &format!("Bank {n}"), web));
    let fir = entry("elka", "Ёлка", web);
    world.stage.mdes.set_directory(banks.chain([fir]).collect());
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    for query in ["fir+bank", "yolka", "elka"] {
        let page = look(&world, &mut browser, &format!("?q={query}")).await;
        assert_eq!(ids(&page.body), ["elka"], "{query}");
        assert!(page.text().contains("Fir Bank · Norway"), "{}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_is_the_same_until_something_is_begun_and_two_taps_on_it_are_one() {
    let world = World::new().await;
    let mut browser = world.browser();
    look(&world, &mut browser, "").await;
    let again = Ask::get("/issuers").of(&browser);
    let first = again.send(&world).await.text();
    world.clock.advance(3 * 60 * MINUTE / 10);
    assert_eq!(again.send(&world).await.text(), first);

    let page = look(&world, &mut browser, "").await;
    let rows = page.form("/sessions").expect("the rows");
    let field = |name: &str| {
        rows.fields
            .iter()
            .find(|(known, _)| known == name)
            .expect(name)
            .1
            .clone()
    };
    let body = format!(
        "csrf={}&start={}&mtp=&issuer={APPROVING}",
        field("csrf"),
        field("start")
    );
    let tap = Ask::post("/sessions", body).of(&browser);
    let led_to = |answer: &Answer| {
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("location").expect("an address").to_owned()
    };
    let race = async || {
        let answers = at_once(&world, vec![tap.clone(); 12]).await;
        let session = led_to(&answers[0]);
        assert!(
            answers.iter().all(|answer| led_to(answer) == session),
            "one for all taps"
        );
        session
    };
    let begun = race().await;
    world.clock.advance(MINUTE - 1);
    assert_eq!(led_to(&tap.send(&world).await), begun, "a tap of the same minute");
    assert_ne!(
        again.send(&world).await.text(),
        first,
        "the page has another name for what begins now"
    );

    // The page is still there behind Back, and somebody chooses the bank once more.
    world.clock.advance(1);
    let second = race().await;
    assert_ne!(second, begun);
    assert_eq!(led_to(&tap.send(&world).await), second);
    // It was stopped; choosing the bank at once is meant.
    let stopped = format!("csrf={}", field("csrf"));
    let stop = Ask::post(&format!("{second}/cancel"), stopped).of(&browser);
    assert_eq!(stop.send(&world).await.status, 303);
    let third = race().await;
    assert!(third != second && third != begun);
    assert_eq!(world.texts("SELECT id FROM sessions").await.len(), 3);
}

#[tokio::test]
async fn the_list_is_shown_while_the_store_hangs() {
    let world = World::new().await;
    if !world.is_on_postgres() {
        return;
    }
    let mut browser = world.browser();
    look(&world, &mut browser, "").await;
    // The counts have become old, and whoever takes them again has to wait for this.
    world.clock.advance(2 * MINUTE);
    let lock = "BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE";
    let holder = world.holding(lock).await;
    let look = Ask::get("/issuers").of(&browser);
    let answers = tokio::time::timeout(Duration::from_secs(20), at_once(&world, vec![look; 12])).await;
    for answer in answers.expect("nobody waits until the store answers again") {
        assert_eq!(answer.status, 200);
        assert!(ids(&answer.text()).contains(&APPROVING.to_owned()));
    }
    drop(holder);
}
