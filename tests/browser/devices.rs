//! Chromium as every device of the vectors: its user agent and its client hints, told by the DevTools protocol.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use tidemark::domain::issuer::PullMethods;
use tidemark::domain::launch::{Mechanism, Plan, Role};

use crate::driver::{Driver, Window};
use crate::fixtures::{Client, cases, entry, planned};
use crate::world::{APPROVING, World};

const ANDROID: &str = "acmebank://pull/start";
const IOS: &str = "https://app.acmebank.example/pull?src=mdes";

/// Longer than the page waits before it goes on by itself.
const AFTER_THE_FORWARD: Duration = Duration::from_millis(2_500);

/// A bank with everything, one with apps alone, and one with a website alone, which is the simulated one.
pub async fn world() -> (World, [(&'static str, PullMethods); 3]) {
    let world = World::without_directory(&[]).await;
    let web = Some(format!("{}/banks/{APPROVING}/pull", world.stage.bank_base));
    let (android, ios) = (Some(ANDROID.to_owned()), Some(IOS.to_owned()));
    let with = |android, ios, web| PullMethods { android, ios, web };
    let banks = [
        ("all", with(android.clone(), ios.clone(), web.clone())),
        ("apps", with(android, ios, None)),
        ("web", with(None, None, web)),
    ];
    let entries = banks
        .iter()
        .map(|(id, methods)| entry(&world, id, &format!("Bank {id}"), methods));
    world.stage.mdes.set_directory(entries.collect());
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    (world, banks)
}

pub async fn pretend(window: &Window, client: &Client) {
    let mut as_who = json!({"userAgent": client.user_agent});
    if let Some(platform) = &client.ch_platform {
        as_who["userAgentMetadata"] = json!({
            "platform": platform, "platformVersion": "", "architecture": "", "model": "",
            "mobile": client.ch_mobile.unwrap_or_default(), "brands": [],
        });
    }
    window.devtools("Emulation.setUserAgentOverride", as_who).await;
    let touch = match client.touch_points {
        Some(points) if points > 0 => json!({"enabled": true, "maxTouchPoints": points}),
        _ => json!({"enabled": false}),
    };
    window.devtools("Emulation.setTouchEmulationEnabled", touch).await;
}

/// A script that runs before those of every page from now on.
async fn before_every_page(window: &Window, script: &str) -> Value {
    window
        .devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}))
        .await
}

/// What an expression of the page is.
async fn evaluate(window: &Window, expression: &str) -> Value {
    let asked = json!({"expression": expression, "returnByValue": true});
    window.devtools("Runtime.evaluate", asked).await["result"]["value"].clone()
}

/// Where choosing a bank in the picker leads.
enum Chosen {
    /// An attempt.
    Attempt(String),
    /// The bank's page, which begins nothing.
    Code,
    /// Nowhere: its row is only to be read.
    Nothing,
}

/// Chooses a bank in the picker, as its row and then its page let one.
async fn choose(window: &Window, world: &World, bank: &str, client: &Client) -> Chosen {
    window.go(&world.at("/issuers")).await;
    window.sees("ul.rows").await;
    let starts = format!("button[name=issuer][value={bank}]");
    let has = async |selector: &str| {
        let found = evaluate(window, &format!("!!document.querySelector('{selector}')")).await;
        found.as_bool().expect("yes or no")
    };
    if !has(&starts).await {
        let row = format!("a.row[href=\"/issuers/{bank}\"]");
        if !has(&row).await {
            return Chosen::Nothing;
        }
        window.click(&row).await;
        window.sees("main[data-mechanism]").await;
        if !has(&starts).await {
            return Chosen::Code;
        }
    }
    // A device that told nothing of touch had no script there.
    match client.touch_points {
        None => _ = evaluate(window, "document.querySelector('input[name=mtp]').value = ''").await,
        Some(points) => {
            let filled = evaluate(window, "document.querySelector('input[name=mtp]').value").await;
            assert_eq!(filled, points.to_string());
        }
    }
    window.click(&starts).await;
    // Only an attempt's page has a moment: the bank's page, from which this may come, has none.
    window.sees("main[data-moment]").await;
    let url = window.url().await;
    Chosen::Attempt(url.split("/sessions/").nth(1).expect("an attempt").to_owned())
}

/// The same, where it begins an attempt: the id of the session.
pub async fn begin(window: &Window, world: &World, bank: &str, client: &Client) -> String {
    match choose(window, world, bank, client).await {
        Chosen::Attempt(session) => session,
        Chosen::Code | Chosen::Nothing => panic!("{bank} begins nothing here"),
    }
}

const WAYS: &str =
    "[...document.querySelectorAll('a[data-launch]')].map(a => [a.dataset.launch, a.getAttribute('href')])";

fn expected(plan: &Plan, session: &str) -> Value {
    let way = |role: &Role, target: &str| match role {
        Role::Web => json!(["web", format!("/sessions/{session}/go")]),
        _ => json!(["app", target]),
    };
    let ways = plan
        .steps
        .iter()
        .filter_map(|step| Some(way(&step.role, step.target.as_deref()?)));
    Value::Array(ways.collect())
}

#[tokio::test]
async fn every_device_sees_what_is_planned_for_it() {
    let Some(driver) = Driver::start() else { return };
    let (world, banks) = world().await;
    let cases = cases();
    let window = driver.open(true).await;
    // As if the page had gone on by itself before: it stays to be looked at.
    before_every_page(&window, "Storage.prototype.getItem = () => '1'").await;
    for (name, client) in cases["clients"].as_object().expect("clients") {
        let client = Client::of(client);
        // Chromium cannot say nothing, and takes the hint about a phone only with a platform.
        if client.user_agent.is_empty() || name == "GARB" {
            continue;
        }
        pretend(&window, &client).await;
        for (bank, methods) in &banks {
            let chosen = choose(&window, &world, bank, &client).await;
            let session = match &chosen {
                Chosen::Attempt(session) => session.as_str(),
                Chosen::Code | Chosen::Nothing => "none",
            };
            let plan = planned(&world, &client, methods, session);
            let begins = matches!(chosen, Chosen::Attempt(_));
            let rests = matches!(plan.mechanism, Mechanism::Static | Mechanism::None);
            assert_eq!(matches!(chosen, Chosen::Nothing), rests, "{name} {bank}");
            assert!(begins || rests || plan.mechanism == Mechanism::Qr, "{name} {bank}");
            if rests {
                continue;
            }
            let mechanism = window.attribute("main", "data-mechanism").await;
            assert_eq!(mechanism, plan.mechanism.name(), "{name} {bank}");
            assert_eq!(evaluate(&window, WAYS).await, expected(&plan, session), "{name} {bank}");
        }
    }
}

/// In the demo a phone is taken into the page that plays the bank's app.
#[tokio::test]
async fn a_phone_opens_the_simulated_banks_app() {
    let Some(driver) = Driver::start() else { return };
    let world = World::new().await;
    let cases = cases();
    for name in ["AC", "IS"] {
        let phone = Client::named(&cases, name);
        let window = driver.open(true).await;
        pretend(&window, &phone).await;
        begin(&window, &world, "podoli-cz", &phone).await;
        window.click("#go").await;
        window.sees("main[data-page=start]").await;
        assert!(window.url().await.starts_with(&world.stage.bank_base), "{name}");
    }
}

/// How often the page asked for the app since the last question.
async fn launches(window: &Window) -> usize {
    let asked = |entry: &Value| {
        let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
        let message = &message["message"];
        let is_wish = message["method"] == "Page.frameRequestedNavigation";
        let is_app = message["params"]["url"].as_str()?.starts_with("intent:");
        (is_wish && is_app).then_some(())
    };
    window.log("performance").await.iter().filter_map(asked).count()
}

/// H11, H12.
#[tokio::test]
async fn the_app_is_asked_for_once_and_never_on_reload_or_back() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let phone = Client::named(&cases(), "AC");
    let window = driver.open(true).await;
    pretend(&window, &phone).await;
    let session = begin(&window, &world, "all", &phone).await;
    let here = world.at(&format!("/sessions/{session}"));
    assert_eq!(window.attribute("main", "data-mechanism").await, "IX-AUTO");
    window.sees("#nolaunch:not(:empty)").await;
    assert_eq!(launches(&window).await, 1);
    window.reload().await;
    window.sees("#nolaunch:not(:empty)").await;
    assert_eq!(launches(&window).await, 0, "a reload is no launch");
    window.go(&world.at("/help")).await;
    window.back().await;
    window.sees("#nolaunch:not(:empty)").await;
    assert_eq!(window.url().await, here);
    assert_eq!(launches(&window).await, 0, "Back is no launch");
    window.go(&here).await;
    window.sees("#nolaunch:not(:empty)").await;
    assert_eq!(launches(&window).await, 0, "nor is a second visit");
}

/// H13, H14.
#[tokio::test]
async fn nothing_is_launched_late_or_unseen() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let phone = Client::named(&cases(), "AC");
    for disguise in [
        "performance.now = () => 8000",
        "Object.defineProperty(Document.prototype, 'visibilityState', { get: () => 'hidden' })",
        "Object.defineProperty(window, 'sessionStorage', { get: () => { throw new Error() } })",
    ] {
        let window = driver.open(true).await;
        pretend(&window, &phone).await;
        before_every_page(&window, disguise).await;
        begin(&window, &world, "all", &phone).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(launches(&window).await, 0, "{disguise}");
        window.click("#go").await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(launches(&window).await, 1, "{disguise}");
    }
}

#[tokio::test]
async fn a_computer_is_taken_to_the_website_once_and_back_is_a_wait() {
    let Some(driver) = Driver::start() else { return };
    let computer = Client::named(&cases(), "WC");
    for javascript in [true, false] {
        let (world, _) = world().await;
        let window = driver.open(javascript).await;
        pretend(&window, &computer).await;
        window.go(&world.at("/issuers")).await;
        window.click("button[name=issuer][value=web]").await;
        window.sees("main[data-page=sign-in]").await;
        assert!(
            window.url().await.starts_with(&world.stage.bank_base),
            "javascript: {javascript}"
        );
        // Chromium may leave no entry in its history for a page that goes on at once; the store knows its address.
        let sessions = world.texts("SELECT id FROM sessions").await;
        let [session] = sessions.as_slice() else {
            panic!("one attempt, not {sessions:?}")
        };
        let attempt = world.at(&format!("/sessions/{session}"));
        window.go(&attempt).await;
        window.sees("main[data-state=launched]").await;
        tokio::time::sleep(AFTER_THE_FORWARD).await;
        assert_eq!(window.url().await, attempt, "javascript: {javascript}");
    }
}

/// The page that adapts goes on too where nothing is touched: it was a Mac.
#[tokio::test]
async fn a_mac_is_taken_to_the_website() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let window = driver.open(true).await;
    let mac = Client::named(&cases(), "MS");
    pretend(&window, &mac).await;
    let session = begin(&window, &world, "all", &mac).await;
    window.sees("main[data-page=sign-in]").await;
    assert!(window.url().await.starts_with(&world.stage.bank_base));
    window.go(&world.at(&format!("/sessions/{session}"))).await;
    window.sees("main[data-state=launched]").await;
    assert_eq!(window.attribute("main", "data-mechanism").await, "IX-ADAPT");
}

/// Who looks elsewhere when the page would go on stays, and is not told otherwise.
#[tokio::test]
async fn a_forward_that_was_given_up_says_so_no_longer() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let window = driver.open(true).await;
    let computer = Client::named(&cases(), "WC");
    pretend(&window, &computer).await;
    let seen_once = "let looks = 0; \
         Object.defineProperty(Document.prototype, 'visibilityState', { get: () => looks++ ? 'hidden' : 'visible' })";
    before_every_page(&window, seen_once).await;
    let session = begin(&window, &world, "all", &computer).await;
    window.sees("#progress:not(:empty)").await;
    window.sees("#progress:empty").await;
    assert_eq!(window.url().await, world.at(&format!("/sessions/{session}")));
}

#[tokio::test]
async fn who_touches_the_page_stays() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let window = driver.open(true).await;
    let computer = Client::named(&cases(), "WC");
    pretend(&window, &computer).await;
    let session = begin(&window, &world, "all", &computer).await;
    assert_eq!(window.words(".beside h2").await, "Use your phone instead");
    assert_eq!(window.words(".phone summary").await, "", "one code for one width");
    window.click(".beside svg[role=img]").await;
    tokio::time::sleep(AFTER_THE_FORWARD).await;
    assert_eq!(window.url().await, world.at(&format!("/sessions/{session}")));
    assert_eq!(window.attribute("main", "data-state").await, "offered");
}

#[tokio::test]
async fn an_ipad_that_says_mac_finds_the_way_to_its_app() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let window = driver.open(true).await;
    let mac = Client::named(&cases(), "MS");
    pretend(&window, &mac).await;
    let touch = json!({"enabled": true, "maxTouchPoints": 5});
    window.devtools("Emulation.setTouchEmulationEnabled", touch).await;
    let session = begin(&window, &world, "all", &mac).await;
    assert_eq!(window.attribute("main", "data-mechanism").await, "IX-ADAPT");
    window.sees("#touch:not([hidden])").await;
    tokio::time::sleep(AFTER_THE_FORWARD).await;
    assert_eq!(
        window.url().await,
        world.at(&format!("/sessions/{session}")),
        "the forward is off"
    );
}

/// Pictures for a person to look at, in `target/tmp/devices`.
#[tokio::test]
async fn every_launch_page_fits_its_screen() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let cases = cases();
    let window = driver.open(true).await;
    before_every_page(&window, "Storage.prototype.getItem = () => '1'").await;
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("devices");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, bank, width) in [
        ("AC", "all", 360),
        ("FA", "all", 360),
        ("IS", "all", 360),
        ("IS", "apps", 360),
        ("IIG", "all", 360),
        ("FBA", "apps", 360),
        ("IPADm", "all", 768),
        ("MS", "all", 768),
        ("ARDS", "apps", 768),
        ("ARDSt", "all", 768),
        ("IIG", "web", 360),
        ("WC", "all", 1280),
        ("WC", "apps", 1280),
        ("LF", "web", 1280),
        ("BOT", "all", 1280),
        ("HN", "apps", 360),
    ] {
        let client = Client::named(&cases, name);
        pretend(&window, &client).await;
        let screen = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        window.devtools("Emulation.setDeviceMetricsOverride", screen).await;
        if let Chosen::Nothing = choose(&window, &world, bank, &client).await {
            window.go(&world.at(&format!("/issuers/{bank}"))).await;
        }
        let attempt = window.url().await;
        for (kind, url) in [
            ("again", format!("{attempt}?note=opened")),
            ("attempt", attempt),
            ("bank", world.at(&format!("/issuers/{bank}"))),
            ("picker", world.at("/issuers")),
        ] {
            for theme in ["light", "dark"] {
                let wish = json!({"features": [{"name": "prefers-color-scheme", "value": theme}]});
                window.devtools("Emulation.setEmulatedMedia", wish).await;
                window.go(&url).await;
                window.sees("main").await;
                evaluate(
                    &window,
                    "document.querySelectorAll('details').forEach(d => d.open = true)",
                )
                .await;
                let wide = evaluate(&window, "document.documentElement.scrollWidth - innerWidth").await;
                assert!(
                    wide.as_i64().is_some_and(|more| more <= 0),
                    "{name} {bank} {kind} is {wide} wider"
                );
                let shot = window
                    .devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true}))
                    .await;
                let png = base64::engine::general_purpose::STANDARD
                    .decode(shot["data"].as_str().expect("a picture"))
                    .expect("base64");
                let file = format!("{name}-{bank}-{kind}-{theme}.png");
                std::fs::write(folder.join(file), png).expect("a file");
            }
        }
    }
}
