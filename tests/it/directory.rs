//! The list of issuers: kept when MDES is down, careful when it shrinks, clean whatever is in it.

use tidemark::app::directory::NotRefreshed;
use tidemark::cli::browser::{Browser, Page};
use tidemark::domain::device::Device;
use tidemark::domain::id::IssuerId;
use tidemark::sim::mdes::{CardType, DirectoryEntry, Fault, Product};

use crate::trace;
use crate::wire::Ask;
use crate::world::{APPROVING, World};

const HOUR: i64 = 3_600_000;

/// An issuer as MDES might list it.
pub fn entry(id: &str, name: &str, web: &str) -> DirectoryEntry {
    let drawing = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title></svg>",
        id.len()
    );
    DirectoryEntry {
        issuer_id: id.to_owned(),
        name: name.to_owned(),
        alias: None,
        countries: vec!["NO".to_owned()],
        logo_svg: drawing.clone().into_bytes(),
        logo_png: Vec::new(),
        methods: vec![("WEB".to_owned(), web.to_owned())],
        account_range_prefix: "54550011".to_owned(),
        product: Product {
            short_description: "Everyday".to_owned(),
            foreground_color: "ffffff".to_owned(),
            art_svg: drawing.into_bytes(),
            art_png: None,
            phone: "+00 555 0100".to_owned(),
            website: "https://bank.example/".to_owned(),
        },
        terms: ("text/plain".to_owned(), b"Be kind.".to_vec()),
        card_type: CardType::Mcc,
    }
}

fn many(count: usize) -> Vec<DirectoryEntry> {
    (0..count)
        .map(|n| {
            entry(
                &format!("bank-{n:03}"),
                &format!("Bank {n:03}"),
                "https://bank.example/pull",
            )
        })
        .collect()
}

async fn picker(world: &World, browser: &mut Browser, query: &str) -> Page {
    browser
        .get(&world.at(&format!("/issuers{query}")))
        .await
        .expect("an answer")
}

/// The names in the rows of the picker.
fn names(page: &Page) -> Vec<String> {
    // A bank that starts here is a button, one that is on phones only is a link to its page.
    let rows = page
        .tags()
        .into_iter()
        .filter(|tag| tag.attributes.get("class").is_some_and(|class| class == "row"));
    rows.filter_map(|tag| match tag.name.as_str() {
        "button" => tag.attributes.get("value").cloned(),
        _ => tag.attributes.get("href")?.strip_prefix("/issuers/").map(str::to_owned),
    })
    .collect()
}

#[tokio::test]
async fn without_any_list_the_picker_says_so_and_when_to_come_back() {
    let world = World::without_directory(&[]).await;
    world.stage.mdes.inject("getEligibleIssuers", Fault::Status(503), 1);
    assert!(matches!(
        world.app.refresh_directory().await,
        Err(NotRefreshed::Mdes(_))
    ));
    let page = picker(&world, &mut world.browser(), "").await;
    assert_eq!(page.status, 503);
    assert_eq!(
        page.main_attribute("data-problem").as_deref(),
        Some("directory-unavailable")
    );
    assert_eq!(page.headers["retry-after"], "60");
    world.app.refresh_directory().await.expect("MDES is back");
    let page = picker(&world, &mut world.browser(), "").await;
    assert_eq!((page.status, names(&page).len()), (200, 12));
}

#[tokio::test]
async fn the_list_survives_a_restart_and_is_served_with_its_age_while_mdes_is_down() {
    let mut world = World::new().await;
    world.stage.mdes.inject("*", Fault::Status(503), 10_000);
    let calls = world.stage.mdes.calls().len();
    world.restart().await;
    let page = picker(&world, &mut world.browser(), "").await;
    assert_eq!(names(&page).len(), 12);
    assert!(!page.text().contains("last updated"), "{}", page.text());
    assert_eq!(world.stage.mdes.calls().len(), calls, "a page makes nobody call MDES");
    world.clock.advance(3 * HOUR);
    assert!(world.app.refresh_directory().await.is_err());
    let page = picker(&world, &mut world.browser(), "").await;
    assert_eq!(names(&page).len(), 12);
    assert!(
        page.text().contains("This list was last updated 3 hours ago."),
        "{}",
        page.text()
    );
    let offer = world.start(&mut world.browser(), APPROVING).await;
    assert_eq!(offer.state().as_deref(), Some("offered"));
}

#[tokio::test]
async fn every_fault_of_mdes_leaves_the_last_list() {
    let world = World::new().await;
    for fault in [
        Fault::Status(500),
        Fault::Status(429),
        Fault::Status(401),
        Fault::Html,
        Fault::Truncated,
        Fault::Empty,
        Fault::WrongJson,
        Fault::Errors("SOMETHING".to_owned()),
        Fault::DropBefore,
        Fault::LoseAnswer,
        Fault::Huge,
    ] {
        world.stage.mdes.inject("getEligibleIssuers", fault.clone(), 1);
        let refused = world.app.refresh_directory().await;
        assert!(matches!(refused, Err(NotRefreshed::Mdes(_))), "{fault:?}: {refused:?}");
        assert_eq!(world.app.current_directory().issuers.len(), 12, "{fault:?}");
    }
}

#[tokio::test]
async fn an_empty_or_halved_list_is_believed_only_when_it_is_said_twice() {
    let world = World::new().await;
    let whole = many(12);
    world.stage.mdes.set_directory(many(6));
    assert_eq!(
        world.app.refresh_directory().await,
        Ok(6),
        "half as many is no cause for suspicion"
    );
    world.stage.mdes.set_directory(whole.clone());
    assert_eq!(world.app.refresh_directory().await, Ok(12));
    for few in [0, 5] {
        world.stage.mdes.set_directory(many(few));
        assert_eq!(world.app.refresh_directory().await, Err(NotRefreshed::Suspicious(few)));
        assert_eq!(names(&picker(&world, &mut world.browser(), "").await).len(), 12);
        // Once whole again, the suspicion is gone.
        world.stage.mdes.set_directory(whole.clone());
        assert_eq!(world.app.refresh_directory().await, Ok(12));
        world.stage.mdes.set_directory(many(few));
        assert_eq!(world.app.refresh_directory().await, Err(NotRefreshed::Suspicious(few)));
        assert_eq!(world.app.refresh_directory().await, Ok(few));
        let page = picker(&world, &mut world.browser(), "").await;
        assert_eq!((page.status, names(&page).len()), (200, few));
        assert_eq!(page.text().contains("No issuers are available yet"), few == 0);
        world.stage.mdes.set_directory(whole.clone());
        assert_eq!(world.app.refresh_directory().await, Ok(12));
    }
}

#[tokio::test]
async fn hostile_entries_are_cleaned_or_left_out() {
    let world = World::without_directory(&[]).await;
    let hostile = [
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "https://bank.example@evil.example/",
        "https://user:secret@bank.example/",
        "http://bank.example/",
        "https://bank.example/\u{0}x",
        "https://bank.example/\nx",
        "https://bank.example/\" onclick=\"x",
        "//bank.example/",
        "",
    ];
    let mut entries: Vec<DirectoryEntry> = hostile
        .iter()
        .enumerate()
        .map(|(n, uri)| entry(&format!("hostile-{n}"), "Hostile", uri))
        .collect();
    entries.push(entry("tag", "<script>alert(1)</script>", "https://bank.example/"));
    entries.push(entry(
        "bidi",
        "Moon \u{202e}knaB\u{202c}\u{200b}",
        "https://bank.example/",
    ));
    entries.push(entry("control", "Sun\u{7} Bank\n", "https://bank.example/"));
    entries.push(entry("long", &"x".repeat(5_000), "https://bank.example/"));
    entries.push(entry("nobody", "\u{200b}\u{202e}", "https://bank.example/"));
    entries.push(DirectoryEntry {
        countries: vec!["../".to_owned()],
        ..entry("nowhere", "Nowhere", "https://bank.example/")
    });
    entries.push(entry("../../etc", "Path", "https://bank.example/"));
    entries.push(entry("tag", "Twice", "https://bank.example/"));
    world.stage.mdes.set_directory(entries);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    let directory = world.app.current_directory();
    for issuer in &directory.issuers {
        assert!(!issuer.id.as_str().starts_with("hostile"), "{issuer:?}");
        assert!(issuer.name.chars().count() <= 100, "{issuer:?}");
        let odd = |c: char| c.is_control() || ('\u{200b}'..='\u{202e}').contains(&c);
        assert!(!issuer.name.contains(odd), "{issuer:?}");
        assert!(!issuer.id.as_str().contains('/'), "{issuer:?}");
    }
    let ids: Vec<&str> = directory.issuers.iter().map(|issuer| issuer.id.as_str()).collect();
    assert!(ids.contains(&"tag"), "{ids:?}");
    assert!(!ids.contains(&"nobody") && !ids.contains(&"nowhere"), "{ids:?}");
    let page = picker(&world, &mut world.browser(), "").await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert!(!page.body.contains('\u{202e}'));
}

/// The address of an issuer's logo, if pages show one.
async fn logo(world: &World, issuer: &str) -> Option<String> {
    let id = IssuerId::parse(issuer).expect("an id");
    let badge = world.app.issuer(&id, &Device::default()).await.expect("an issuer");
    badge.logo.map(|picture| format!("/logos/{}", picture.name))
}

#[tokio::test]
async fn logos_are_fetched_once_and_served_from_here() {
    let mut world = World::new().await;
    let fetched = world.asked("asset");
    assert_eq!(fetched, 12);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    world.restart().await;
    let address = logo(&world, APPROVING).await.expect("known before anybody is asked");
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    assert_eq!(world.asked("asset"), fetched);
    assert_eq!(logo(&world, APPROVING).await.as_ref(), Some(&address));
    let answer = Ask::get(&address).send(&world).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("image/webp"))
    );
    assert!(answer.body.starts_with(b"RIFF") && answer.body.len() <= 4_096);
    let name = address.strip_prefix("/logos/").expect("a name");
    let other_ending = name.replace(".webp", ".svg");
    let other_case = name.to_uppercase().replace(".WEBP", ".webp");
    for unknown in [
        "nothing",
        "..%2f..%2fetc",
        "0000000000000000.webp",
        &other_ending,
        &other_case,
        &name[1..],
        &name.replace(".webp", ""),
        world.app.current_directory().issuers[0]
            .logo
            .as_ref()
            .expect("an asset")
            .as_str(),
    ] {
        let answer = Ask::get(&format!("/logos/{unknown}")).send(&world).await;
        assert_eq!(answer.status, 404, "{unknown}");
    }
    assert_eq!(world.asked("asset"), fetched, "nobody's request makes us fetch");
}

#[tokio::test]
async fn a_logo_that_failed_is_fetched_at_the_next_refresh() {
    let world = World::without_directory(&[]).await;
    world.stage.mdes.inject("asset", Fault::Status(503), 3);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    assert_eq!(world.asked("asset"), 12);
    let first = world.app.current_directory().issuers[0].id.to_string();
    assert_eq!(logo(&world, &first).await, None);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    assert_eq!(world.asked("asset"), 15);
    let address = logo(&world, &first).await.expect("a logo");
    assert_eq!(Ask::get(&address).send(&world).await.status, 200);
}

#[tokio::test]
async fn a_missing_broken_or_hostile_logo_is_a_letter_and_a_line_in_the_log() {
    let world = World::without_directory(&[]).await;
    let with_logo = |id: &str, svg: &str| DirectoryEntry {
        logo_svg: svg.as_bytes().to_vec(),
        ..entry(id, id, "https://bank.example/")
    };
    let start = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 44 44\"><path d=\"M0 0h9\"/>";
    let hostile = [
        ("missing", String::new(), "UNREADABLE"),
        ("broken", format!("{start}<g>"), "UNREADABLE"),
        ("page", "<html><script>alert(1)</script></html>".to_owned(), "ELEMENT"),
        ("big", format!("{start}{}</svg>", " ".repeat(201_000)), "BYTES"),
        (
            "entities",
            format!("<!DOCTYPE svg [<!ENTITY a \"b\">]>{start}</svg>"),
            "ENTITIES",
        ),
        ("script", format!("{start}<script>fetch('/')</script></svg>"), "ACTIVE"),
        ("handler", format!("{start}<g onload=\"fetch('/')\"/></svg>"), "ACTIVE"),
        (
            "elsewhere",
            format!("{start}<use href=\"https://evil.example/a.svg#a\"/></svg>"),
            "REFERENCE",
        ),
        (
            "import",
            format!("{start}<style>@import 'https://evil.example/'</style></svg>"),
            "STYLE",
        ),
    ];
    let mut entries: Vec<DirectoryEntry> = hostile.iter().map(|(id, svg, _)| with_logo(id, svg)).collect();
    entries.push(with_logo("sound", &format!("{start}<!-- SECRET --></svg>")));
    entries.push(DirectoryEntry {
        logo_png: b"\x89PNG\r\n\x1a\n but no more".to_vec(),
        ..with_logo("half", &format!("{start}</svg>"))
    });
    world.stage.mdes.set_directory(entries);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    let page = picker(&world, &mut world.browser(), "").await;
    let pictures = page.body.matches("<img class=\"logo\"").count();
    let letters = page.body.matches("<span class=\"logo tile").count();
    assert_eq!((pictures, letters), (2, hostile.len()));
    for (id, _, code) in &hostile {
        assert_eq!(logo(&world, id).await, None, "{id}");
        assert!(logged(&["is refused", &format!("E_PICTURE_{code}")]) > 0, "{id}");
    }
    let address = logo(&world, "sound").await.expect("a logo");
    let answer = Ask::get(&address).send(&world).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("image/svg+xml"))
    );
    assert_eq!(answer.text(), format!("{start}</svg>"), "rewritten");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(
        policy.starts_with("default-src 'none'; sandbox; style-src 'unsafe-inline'"),
        "{policy}"
    );
    assert_eq!(
        logo(&world, "half").await.as_ref(),
        Some(&address),
        "the drawing stands in for broken pixels"
    );
}

#[tokio::test]
async fn a_picture_that_is_gone_is_named_by_no_page_until_it_is_made_again() {
    let world = World::new().await;
    let address = logo(&world, APPROVING).await.expect("a logo");
    world.tamper("DELETE FROM pictures").await;
    assert_eq!(Ask::get(&address).send(&world).await.status, 404);
    assert_eq!(logo(&world, APPROVING).await, None);
    let fetched = world.asked("asset");
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    assert_eq!(
        logo(&world, APPROVING).await.as_ref(),
        Some(&address),
        "the same content, the same name"
    );
    assert_eq!(Ask::get(&address).send(&world).await.status, 200);
    assert_eq!(world.asked("asset"), fetched, "made of what was fetched");
}

#[tokio::test]
async fn the_picker_is_searched_by_name_in_any_spelling_and_by_country() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (query, wanted) in [
        ("?q=havorn", vec!["havorn-no"]),
        ("?q=H%C3%86", vec![]),
        ("?q=BEREZA", vec!["bereza-kz"]),
        ("?q=%D0%B1%D0%B5%D1%80%D0%B5%D0%B7%D0%B0", vec!["bereza-kz"]),
        ("?q=lab%C4%99dz", vec!["labedz-pl"]),
        ("?country=NO", vec!["havorn-no"]),
        ("?country=NO&q=labedz", vec![]),
        ("?q=%20%20", vec![""; 12]),
    ] {
        let page = picker(&world, &mut browser, query).await;
        assert_eq!(page.status, 200, "{query}");
        let found = names(&page);
        if wanted.len() == 12 {
            assert_eq!(found.len(), 12, "{query}");
        } else {
            assert_eq!(found, wanted, "{query}");
        }
    }
    let echoed = picker(&world, &mut browser, "?q=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!echoed.body.contains("<script>alert"), "{}", echoed.body);
    assert!(echoed.text().contains("No issuer matches"), "{}", echoed.text());
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_by_the_picker() {
    let world = World::new().await;
    let mut browser = world.browser();
    let long = format!("?q={}", "x".repeat(201));
    for (query, status, code) in [
        ("?page=0", 422, "bad-input"),
        ("?page=-1", 422, "bad-input"),
        ("?page=1001", 422, "bad-input"),
        ("?page=x", 422, "bad-input"),
        ("?country=no", 422, "bad-input"),
        ("?country=NOR", 422, "bad-input"),
        (long.as_str(), 422, "bad-input"),
        ("?q=a&q=b", 400, "bad-request"),
        ("?unknown=1", 400, "bad-request"),
        ("?q=%ff", 400, "bad-request"),
    ] {
        let page = picker(&world, &mut browser, query).await;
        assert_eq!(page.status, status, "{query}");
        assert_eq!(page.main_attribute("data-problem").as_deref(), Some(code), "{query}");
    }
}

#[tokio::test]
async fn five_hundred_issuers_come_sixty_at_a_time() {
    let world = World::without_directory(&[]).await;
    world.stage.mdes.set_directory(many(500));
    assert_eq!(world.app.refresh_directory().await, Ok(500));
    assert_eq!(world.asked("asset"), 1, "one logo for all");
    let mut browser = world.browser();
    let mut page = picker(&world, &mut browser, "").await;
    assert!(page.text().contains("Showing 60 of 500 issuers"), "{}", page.text());
    for shown in [60, 120, 180, 240, 300, 360, 420, 480] {
        assert_eq!(names(&page).len(), shown);
        let more = page
            .tags()
            .into_iter()
            .find(|tag| tag.attributes.get("href").is_some_and(|href| href.contains("page=")));
        let href = more.expect("a way to more").attributes["href"].clone();
        page = browser.follow(&page, &href).await.expect("an answer");
    }
    assert_eq!(names(&page).len(), 500);
    assert_eq!(names(&picker(&world, &mut browser, "?page=1000").await).len(), 500);
    assert_eq!(names(&picker(&world, &mut browser, "?q=bank+07").await).len(), 10);
}

/// A directory of one bank, with these addresses.
async fn list_one(world: &World, methods: &[(&str, &str)]) {
    let mut bank = entry("moving", "Moving Bank", "");
    bank.methods = methods
        .iter()
        .map(|(kind, uri)| ((*kind).to_owned(), (*uri).to_owned()))
        .collect();
    world.stage.mdes.set_directory(vec![bank]);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
}

/// How many lines of the log have all of these words.
fn logged(wanted: &[&str]) -> usize {
    let log = std::fs::read_to_string(trace::log_file()).expect("a log");
    let has_all = |line: &&str| wanted.iter().all(|word| line.contains(word));
    log.lines().filter(has_all).count()
}

#[tokio::test]
async fn an_issuer_that_opens_somebody_else_than_before_raises_an_alarm_and_is_served() {
    let mut world = World::without_directory(&[]).await;
    let web = ("WEB", "https://cards.moving.example/pull?lang=en");
    let app = (
        "ANDROID",
        "intent://app.moving.example/x#Intent;scheme=https;package=com.moving.app;end",
    );
    list_one(&world, &[web, app]).await;
    assert_eq!(world.app.issuers_moved(), 0, "nobody was seen before");
    // Another path, another order, one address less: still the same places.
    list_one(&world, &[app, ("WEB", "https://cards.moving.example/other")]).await;
    list_one(&world, &[web]).await;
    assert_eq!(world.app.issuers_moved(), 0);
    let alarms = logged(&["issuer moving opens", "E_PIN"]);
    for elsewhere in [
        ("WEB", "https://cards.evil.example/pull?lang=en"),
        (
            "ANDROID",
            "intent://app.moving.example/x#Intent;scheme=https;package=com.evil.app;end",
        ),
        (
            "ANDROID",
            "intent://app.evil.example/x#Intent;scheme=https;package=com.moving.app;end",
        ),
        ("ANDROID", "evil://pull"),
        ("IOS", "https://app.evil.example/pull"),
    ] {
        list_one(&world, &[elsewhere]).await;
        assert_eq!(world.app.issuers_moved(), 1, "{elsewhere:?}");
        world.restart().await;
        list_one(&world, &[elsewhere]).await;
        assert_eq!(world.app.issuers_moved(), 1, "it is not forgotten: {elsewhere:?}");
        let page = picker(&world, &mut world.browser(), "").await;
        assert!(page.text().contains("Moving Bank"));
    }
    assert_eq!(logged(&["issuer moving opens", "E_PIN"]) - alarms, 10);
    list_one(&world, &[web, app]).await;
    assert_eq!(world.app.issuers_moved(), 0, "back where it was");
}

#[tokio::test]
async fn what_is_refused_or_replaced_in_an_address_is_logged_and_traced_without_its_value() {
    let mut world = World::without_directory(&[]).await;
    let web = "https://cards.moving.example/pull?tokenRequestorSessionId=THEIR-VALUE&x=1";
    list_one(&world, &[("WEB", web), ("IOS", "http://app.moving.example/")]).await;
    assert!(logged(&["issuer moving: its WEB address has tokenRequestorSessionId"]) > 0);
    assert!(logged(&["issuer moving: its IOS address is refused", "E_SCHEME"]) > 0);
    assert_eq!(logged(&["issuer moving: its", "THEIR-VALUE"]), 0);
    let planned = ["planned the launch", "issuer=\"moving\""];
    for times in 1..=2 {
        world.start(&mut world.browser(), "moving").await;
        let traced = logged(&planned);
        assert!(traced >= times);
        let [what, whose] = planned;
        assert_eq!(logged(&[what, whose, "rejected=\"IOS E_SCHEME\""]), traced);
        world.restart().await;
    }
}
