//! The launch page, spoken to as every device speaks: what is planned is what is shown, and nothing else.

use std::collections::BTreeMap;

use serde_json::Value;
use tidemark::cli::browser::{Browser, Page};
use tidemark::domain::issuer::PullMethods;
use tidemark::domain::launch::{Mechanism, Plan, Role};

use crate::fixtures::{Client, cases, entry, methods, planned};
use crate::wire::Ask;
use crate::world::{World, session_of};

/// A world whose directory has one issuer for every set of addresses of the vectors, under the id of its case.
async fn world_of(cases: &Value, settings: &[(&str, &str)]) -> World {
    let world = World::without_directory(settings).await;
    let plans = cases["plans"].as_array().expect("plans");
    let entries = plans.iter().map(|case| {
        let id = id_of(case);
        entry(&world, &id, &format!("Bank {id}"), &methods(case))
    });
    world.stage.mdes.set_directory(entries.collect());
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    world
}

fn id_of(case: &Value) -> String {
    case["id"].as_str().expect("text").to_lowercase()
}

/// Posts the picker's form for an issuer and answers without following: the status and where it leads.
async fn choose(world: &World, browser: &mut Browser, issuer: &str, touch_points: Option<u8>) -> (Page, String) {
    let picker = browser.get(&world.at("/issuers")).await.expect("an answer");
    assert_eq!(picker.status, 200, "{}", picker.text());
    let form = picker.form("/sessions").expect("a form");
    let points = touch_points.map(|points| points.to_string()).unwrap_or_default();
    browser.follows = false;
    let posted = browser
        .submit(&picker, &form, &[("issuer", issuer), ("mtp", &points)])
        .await
        .expect("an answer");
    browser.follows = true;
    assert_eq!(posted.status, 303, "{issuer}: {}", posted.text());
    let location = posted.headers["location"].to_str().expect("text").to_owned();
    (posted, location)
}

/// The ways on the page in order, each once: kind and address.
fn ways(page: &Page) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for tag in page.tags() {
        if let Some(kind) = tag.attributes.get("data-launch") {
            assert_eq!(tag.name, "a");
            assert_eq!(tag.attributes["rel"], "noreferrer");
            let way = (kind.clone(), tag.attributes["href"].clone());
            if !found.contains(&way) {
                found.push(way);
            }
        }
    }
    found
}

fn count(text: &str, wanted: &str) -> usize {
    text.matches(wanted).count()
}

/// H01, H03, H04, H10, H15: the page of every case has the planned mechanism and exactly the planned targets, as links
/// that need no script; and so has the page of who comes back.
#[tokio::test]
async fn every_device_gets_the_page_that_is_planned_for_it() {
    let cases = cases();
    let world = world_of(&cases, &[]).await;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases["plans"].as_array().expect("plans") {
        let id = id_of(case);
        let client = Client::named(&cases, case["client"].as_str().expect("a client"));
        let mut browser = client.browser();
        if case["methods"].as_object().is_some_and(serde_json::Map::is_empty) {
            let missing = browser
                .get(&world.at(&format!("/issuers/{id}")))
                .await
                .expect("an answer");
            assert_eq!(missing.status, 404, "{id}");
            continue;
        }
        let (_, location) = choose(&world, &mut browser, &id, client.touch_points).await;
        let page = browser.get(&world.at(&location)).await.expect("an answer");
        assert_eq!(page.status, 200, "{id}");
        assert_eq!(
            page.main_attribute("data-mechanism").as_deref(),
            case["mechanism"].as_str(),
            "{id}"
        );
        if case["mechanism"] == "STATIC" {
            assert_eq!(location, format!("/issuers/{id}"), "a machine begins nothing");
            assert_eq!(ways(&page), []);
            continue;
        }
        let session = session_of(&page);
        assert_eq!(location, format!("/sessions/{session}"));
        let plan = planned(&world, &client, &methods(case), &session);
        assert_eq!(Some(plan.mechanism.name()), case["mechanism"].as_str(), "{id}");
        shows(&world, &mut browser, &page, &plan).await;
        *seen.entry(plan.mechanism.name()).or_default() += 1;
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
}

async fn shows(world: &World, browser: &mut Browser, page: &Page, plan: &Plan) {
    let session = session_of(page);
    let go = format!("/sessions/{session}/go");
    let step = |role: &Role, target: &str| match role {
        Role::Web => ("web".to_owned(), go.clone()),
        _ => ("app".to_owned(), target.to_owned()),
    };
    let expected: Vec<(String, String)> = plan
        .steps
        .iter()
        .filter_map(|found| Some(step(&found.role, found.target.as_deref()?)))
        .collect();
    assert_eq!(ways(page), expected, "{}", page.url);
    let first = page
        .tags()
        .into_iter()
        .find(|tag| tag.attributes.get("id").is_some_and(|id| id == "go"));
    let marked = |name: &str| first.as_ref().is_some_and(|tag| tag.attributes.contains_key(name));
    assert_eq!(marked("data-auto"), plan.mechanism == Mechanism::Auto);
    assert_eq!(page.body.contains("http-equiv"), plan.mechanism == Mechanism::Forward);
    for target in plan.steps.iter().filter_map(|step| step.target.as_deref()) {
        assert!(
            target.len() <= 4096 && target.bytes().all(|byte| (0x21..=0x7e).contains(&byte)),
            "{target}"
        );
        assert!(
            !target.contains('&') || !page.body.contains(target),
            "escaped in the source: {target}"
        );
    }
    // The session is told to the issuer's addresses and stands in our own paths; no text has it.
    assert_eq!(count(&page.text(), &session), 0);
    assert_eq!(
        count(&page.body, "<svg viewBox=") > 0,
        plan.steps.iter().any(|step| step.role == Role::Qr)
    );
    let noted = browser
        .get(&format!("{}?note=opened", page.url))
        .await
        .expect("an answer");
    assert!(noted.text().contains("Waiting for"));
    assert_eq!(ways(&noted), expected, "who opened the app still has every way");
    let web = plan
        .steps
        .iter()
        .find(|step| step.role == Role::Web)
        .and_then(|step| step.target.clone());
    if let Some(web) = web {
        browser.follows = false;
        let left = browser.get(&world.at(&go)).await.expect("an answer");
        browser.follows = true;
        assert_eq!(
            (left.status, left.headers["location"].to_str().expect("text")),
            (303, web.as_str())
        );
        let back = browser.get(&page.url).await.expect("an answer");
        assert_eq!(back.state().as_deref(), Some("launched"));
        assert_eq!(ways(&back), expected, "who was there still has every way");
        for leaving in ["data-auto", "data-forward", "http-equiv"] {
            assert!(!back.body.contains(leaving), "no second way out by itself");
        }
    }
}

/// H17: the picker says what each issuer opens with on this device, and only offers what can be begun.
#[tokio::test]
async fn the_picker_says_what_a_bank_opens_with() {
    let cases = cases();
    let world = world_of(&cases, &[]).await;
    let hiding = world_of(&cases, &[("TIDEMARK_DIRECTORY__HIDE_UNREACHABLE", "true")]).await;
    // P02 has an Android app, P30 an iOS app, P54 a website.
    for (client, rows) in [
        (
            "AC",
            [
                ("p02", "Opens the app", true),
                ("p30", "Not for this kind of phone", false),
                ("p54", "", true),
            ],
        ),
        (
            "IS",
            [
                ("p02", "Not for this kind of phone", false),
                ("p30", "Opens the app", true),
                ("p54", "", true),
            ],
        ),
        (
            "WC",
            [
                ("p02", "Phone app only", false),
                ("p30", "Phone app only", false),
                ("p54", "", true),
            ],
        ),
    ] {
        for (issuer, badge, begins) in rows {
            let find = format!("/issuers?q=Bank%20{issuer}");
            let page = Client::named(&cases, client)
                .browser()
                .get(&world.at(&find))
                .await
                .expect("an answer");
            let row = &page.body[page.body.find("<li id=\"r1\"").expect("a row")..];
            let row = &row[..row.find("</li>").expect("its end")];
            assert_eq!(
                row.contains(&format!("name=\"issuer\" value=\"{issuer}\"")),
                begins,
                "{client} {issuer}"
            );
            assert_eq!(row.contains("class=\"badge"), !badge.is_empty(), "{client} {issuer}");
            assert!(row.contains(badge), "{client} {issuer}: {row}");
            let page = Client::named(&cases, client)
                .browser()
                .get(&hiding.at(&find))
                .await
                .expect("an answer");
            assert_eq!(page.body.contains("<li id=\"r1\""), begins, "{client} {issuer}");
        }
    }
}

/// A bank with an app alone can be started on a tablet that says it is a computer: nobody but its screen knows, or who
/// holds it.
#[tokio::test]
async fn a_tablet_that_says_it_is_a_computer_starts_on_the_page_of_the_bank() {
    let cases = cases();
    let hiding = world_of(&cases, &[("TIDEMARK_DIRECTORY__HIDE_UNREACHABLE", "true")]).await;
    // P02 has an Android app, P30 one for iOS.
    for (client, issuer, told, mechanism) in [
        ("ARDS", "p02", "", "QR"),
        ("ARDS", "p02", "0", "QR"),
        ("ARDS", "p02", "5", "IX-TAP"),
        ("LF", "p02", "5", "IX-TAP"),
        ("MS", "p30", "", "IX-ADAPT"),
        ("MS", "p30", "0", "QR"),
        ("MS", "p30", "5", "IX-TAP"),
    ] {
        let mut browser = Client::named(&cases, client).browser();
        let find = format!("/issuers?q=Bank%20{issuer}");
        let picker = browser.get(&hiding.at(&find)).await.expect("an answer");
        let row = picker
            .link("href", &format!("/issuers/{issuer}"))
            .expect("a row that is a link");
        let page = browser.follow(&picker, &row).await.expect("an answer");
        assert!(page.text().contains("Start on this tablet"), "{}", page.text());
        let form = page.form("/sessions").expect("a form");
        let preset = form.fields.iter().find(|(name, _)| name == "mtp").expect("a field");
        assert_eq!(preset.1, "5", "without a script the button is what says it");
        let launch = browser.submit(&page, &form, &[("issuer", issuer), ("mtp", told)]).await;
        let launch = launch.expect("an answer");
        let shown = launch.main_attribute("data-mechanism");
        assert_eq!(shown.as_deref(), Some(mechanism), "{client} {told}");
        let is_linked = ways(&launch).iter().any(|(kind, _)| kind == "app");
        assert_eq!(is_linked, mechanism != "QR", "{client} {told}");
    }
    for (client, issuer) in [
        ("WC", "p02"),
        ("MC", "p30"),
        ("CR", "p02"),
        ("MS", "p02"),
        ("ARDS", "p30"),
    ] {
        let mut browser = Client::named(&cases, client).browser();
        let page = browser.get(&hiding.at(&format!("/issuers/{issuer}"))).await;
        let page = page.expect("an answer");
        assert!(page.form("/sessions").is_err(), "{client}: {}", page.text());
        assert!(!page.text().contains("tablet"), "{client}");
    }
}

/// A bank with a website alone could be finished in a browser inside another app; the address would come back elsewhere.
/// That is said before anything begins.
#[tokio::test]
async fn a_browser_inside_an_app_is_told_for_websites_too() {
    let cases = cases();
    let world = world_of(&cases, &[]).await;
    for client in ["IIG", "IFB", "IWK", "IWC", "FBA", "WAA", "WV"] {
        let mut browser = Client::named(&cases, client).browser();
        let warned = |page: &Page| page.text().contains("You’re in a browser inside another app");
        let page = browser.get(&world.at("/issuers/p54")).await.expect("an answer");
        assert!(warned(&page), "{client}");
        let (_, location) = choose(&world, &mut browser, "p54", None).await;
        // What goes on by itself does not ask to be opened elsewhere first.
        let page = browser.get(&world.at(&location)).await.expect("an answer");
        assert_eq!(page.main_attribute("data-mechanism").as_deref(), Some("IX-FWD"));
        assert!(!warned(&page), "{client}");
    }
    for client in ["AC", "IS", "WC"] {
        let mut own = Client::named(&cases, client).browser();
        let page = own.get(&world.at("/issuers/p54")).await.expect("an answer");
        assert!(!page.text().contains("inside another app"), "{client}");
    }
}

/// The simulated banks have apps: a phone is taken into one, which starts cold, and comes back out of it with a card.
#[tokio::test]
async fn a_phone_opens_the_simulated_banks_app_and_comes_back() {
    const BANK: &str = "podoli-cz";
    let cases = cases();
    let world = World::new().await;
    for client in ["AC", "IS"] {
        let mut browser = Client::named(&cases, client).browser();
        let launch = world.start(&mut browser, BANK).await;
        assert_eq!(launch.main_attribute("data-mechanism").as_deref(), Some("IX-TAP"));
        let (kind, app) = ways(&launch).remove(0);
        assert_eq!(kind, "app");
        assert!(
            app.starts_with(&format!("{}/apps/{BANK}/pull?", world.stage.bank_base)),
            "{app}"
        );
        let cold = browser.get(&app).await.expect("an answer");
        assert_eq!(cold.main_attribute("data-page").as_deref(), Some("start"));
        let sign_in = cold.link("class", "button primary").expect("a button");
        let sign_in = browser.follow(&cold, &sign_in).await.expect("an answer");
        let sent = [("persona", "ada"), ("card", "podoli-cz-ada-1"), ("decision", "add")];
        let mut page = sign_in;
        for (name, value) in sent {
            let asks = |form: &&tidemark::cli::browser::Form| form.choices.iter().any(|(choice, _)| choice == name);
            let forms = page.forms();
            let form = forms.iter().find(asks).expect("a form");
            page = browser.submit(&page, form, &[(name, value)]).await.expect("an answer");
        }
        assert_eq!(page.main_attribute("data-page").as_deref(), Some("returns"));
        let form = page.form("/return").expect("a form");
        let checking = browser
            .submit(&page, &form, &[("misbehave", "app")])
            .await
            .expect("an answer");
        assert_eq!(checking.state().as_deref(), Some("returned"), "{}", checking.text());
    }
}

/// A browser inside another app is told so before anything begins, and the address it is given is everybody's.
#[tokio::test]
async fn a_browser_inside_an_app_is_told_before_a_session_exists() {
    let cases = cases();
    let world = world_of(&cases, &[]).await;
    for client in ["IIG", "IFB", "IWK", "FBA", "WAA", "WV"] {
        let mut browser = Client::named(&cases, client).browser();
        let issuer = if client.starts_with('I') { "p30" } else { "p02" };
        for path in ["/issuers".to_owned(), format!("/issuers/{issuer}")] {
            let page = browser.get(&world.at(&path)).await.expect("an answer");
            assert!(
                page.text().contains("You’re in a browser inside another app"),
                "{client} {path}"
            );
            let told = page
                .tags()
                .into_iter()
                .find(|tag| tag.attributes.get("id").is_some_and(|id| id == "address"));
            assert_eq!(told.expect("an address").attributes["value"], world.at(&path));
        }
        let (_, location) = choose(&world, &mut browser, issuer, None).await;
        let page = browser.get(&world.at(&location)).await.expect("an answer");
        assert_eq!(page.main_attribute("data-mechanism").as_deref(), Some("IX-ESC"));
        let address = page
            .tags()
            .into_iter()
            .find(|tag| tag.attributes.get("id").is_some_and(|id| id == "address"));
        assert_eq!(
            address.expect("an address").attributes["value"],
            world.at(&format!("/issuers/{issuer}"))
        );
    }
    let mut own = Client::named(&cases, "IS").browser();
    let page = own.get(&world.at("/issuers")).await.expect("an answer");
    assert!(!page.text().contains("inside another app"));
}

/// An iPad that says Mac is an iPad when the picker's script counted its touch points.
#[tokio::test]
async fn touch_points_tell_an_ipad_from_a_mac() {
    let cases = cases();
    let world = world_of(&cases, &[]).await;
    let client = Client::named(&cases, "MS");
    for (points, mechanism) in [(None, "IX-ADAPT"), (Some(0), "IX-FWD"), (Some(5), "IX-TAP")] {
        let mut browser = client.browser();
        let (_, location) = choose(&world, &mut browser, "p46", points).await;
        let page = browser.get(&world.at(&location)).await.expect("an answer");
        assert_eq!(
            page.main_attribute("data-mechanism").as_deref(),
            Some(mechanism),
            "{points:?}"
        );
    }
    for wrong in ["100", "-1", "5.0", "x", " 5", "0x5"] {
        let mut browser = client.browser();
        let picker = browser.get(&world.at("/issuers")).await.expect("an answer");
        let form = picker.form("/sessions").expect("a form");
        let refused = browser
            .submit(&picker, &form, &[("issuer", "p46"), ("mtp", wrong)])
            .await
            .expect("an answer");
        assert_eq!(
            (refused.status, refused.main_attribute("data-problem").as_deref()),
            (422, Some("bad-input"))
        );
    }
}

/// H05, H06, H07, H08.
#[tokio::test]
async fn a_launch_page_is_this_browsers_only_and_moves_nothing_by_being_looked_at() {
    let cases = cases();
    let world = world_of(&cases, &[]).await;
    let mut browser = Client::named(&cases, "AC").browser();
    let (_, location) = choose(&world, &mut browser, "p04", None).await;
    let url = world.at(&location);
    let page = browser.get(&url).await.expect("an answer");
    let header = |name: &str| page.headers[name].to_str().expect("text").to_owned();
    assert!(header("vary").ends_with("user-agent, sec-ch-ua-platform, sec-ch-ua-mobile"));
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-security-policy").contains("form-action 'self'"));
    assert!(header("content-security-policy").contains(&format!("script-src {}/assets/app.", world.url)));
    for forbidden in ["target=", "<iframe", "window.open"] {
        assert!(!page.body.contains(forbidden), "{forbidden}");
    }
    // A guess of the browser's is no visit to the bank, nor is a look at the head.
    browser.hints.push(("Sec-Purpose", "prefetch".to_owned()));
    browser.follows = false;
    let guessed = browser.get(&format!("{url}/go")).await.expect("an answer");
    assert_eq!(guessed.status, 204);
    browser.get(&url).await.expect("an answer");
    browser.hints.pop();
    for path in [location.clone(), format!("{location}/go")] {
        let head = Ask::new("HEAD", &path).of(&browser).send_for_head(&world).await;
        assert!(head.status < 400, "{}", head.status);
    }
    assert_eq!(
        browser.get(&url).await.expect("an answer").state().as_deref(),
        Some("offered")
    );
    // Another browser is told nothing.
    for path in ["", "/go"] {
        let mut stranger = Client::named(&cases, "AC").browser();
        stranger.follows = false;
        let told = stranger.get(&format!("{url}{path}")).await.expect("an answer");
        assert_eq!(told.status, 404, "{path}");
        assert!(!told.body.contains("acmebank") && !told.body.contains(&location[10..]));
    }
    // The website, as often as one likes; none where there is none.
    for _ in 0..2 {
        let left = browser.get(&format!("{url}/go")).await.expect("an answer");
        assert!(
            left.headers["location"]
                .to_str()
                .expect("text")
                .starts_with("https://cards.acmebank.example/")
        );
    }
    let (_, without) = choose(&world, &mut browser, "p02", None).await;
    browser.follows = false;
    let nowhere = browser
        .get(&world.at(&format!("{without}/go")))
        .await
        .expect("an answer");
    assert_eq!(nowhere.status, 404);
}

/// H09.
#[tokio::test]
async fn a_name_that_is_markup_is_shown_as_text() {
    let cases = cases();
    let world = World::without_directory(&[]).await;
    let name = "<img src=x onerror=1>";
    let web = PullMethods {
        web: Some("https://cards.acmebank.example/pull".to_owned()),
        ..PullMethods::default()
    };
    world
        .stage
        .mdes
        .set_directory(vec![entry(&world, "hostile", name, &web)]);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    let mut browser = Client::named(&cases, "WC").browser();
    let (_, location) = choose(&world, &mut browser, "hostile", None).await;
    for path in [location.as_str(), "/issuers", "/issuers/hostile"] {
        let page = browser.get(&world.at(path)).await.expect("an answer");
        assert!(!page.body.contains("<img src=x"), "{path}");
    }
}
