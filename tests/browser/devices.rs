//! Chromium as every device of the vectors: its user agent and its client hints, told by the DevTools protocol.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use serde_json::{Value, json};
use tidemark::domain::issuer::PullMethods;
use tidemark::domain::launch::{Plan, Role};

use crate::driver::{Driver, Window};
use crate::fixtures::{Client, cases, entry, planned};
use crate::world::{APPROVING, World};

const ANDROID: &str = "acmebank://pull/start";
const IOS: &str = "https://app.acmebank.example/pull?src=mdes";

/// Longer than the page waits before it goes on by itself.
const AFTER_THE_FORWARD: Duration = Duration::from_millis(2_500);

/// A bank with everything, one with apps alone, and one with a website alone, which is the simulated one.
async fn world() -> (World, [(&'static str, PullMethods); 3]) {
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

async fn pretend(window: &Window, client: &Client) {
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

/// Chooses a bank in the picker: the id of the session. A device that told nothing of touch had no script there.
async fn choose(window: &Window, world: &World, bank: &str, client: &Client) -> String {
    window.go(&world.at("/issuers")).await;
    window.sees("input[name=mtp]").await;
    match client.touch_points {
        None => _ = evaluate(window, "document.querySelector('input[name=mtp]').value = ''").await,
        Some(points) => {
            let filled = evaluate(window, "document.querySelector('input[name=mtp]').value").await;
            assert_eq!(filled, points.to_string());
        }
    }
    // A row that only leads to the code begins nothing; posting all the same shows the same page.
    let submit = format!(
        "(() => {{ const form = document.querySelector('form[action=\"/sessions\"]'); \
         const issuer = document.createElement('input'); issuer.name = 'issuer'; issuer.value = '{bank}'; \
         form.append(issuer); form.submit(); }})()"
    );
    evaluate(window, &submit).await;
    window.sees("main[data-mechanism]").await;
    let url = window.url().await;
    url.split("/sessions/").nth(1).unwrap_or_default().to_owned()
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
            let session = choose(&window, &world, bank, &client).await;
            let plan = planned(&world, &client, methods, &session);
            let mechanism = window.attribute("main", "data-mechanism").await;
            assert_eq!(mechanism, plan.mechanism.name(), "{name} {bank}");
            assert_eq!(
                evaluate(&window, WAYS).await,
                expected(&plan, &session),
                "{name} {bank}"
            );
        }
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
    let session = choose(&window, &world, "all", &phone).await;
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
        choose(&window, &world, "all", &phone).await;
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
    let (world, _) = world().await;
    let computer = Client::named(&cases(), "WC");
    for javascript in [true, false] {
        let window = driver.open(javascript).await;
        pretend(&window, &computer).await;
        window.go(&world.at("/issuers")).await;
        window.click("button[name=issuer][value=web]").await;
        window.sees("main[data-page=sign-in]").await;
        assert!(
            window.url().await.starts_with(&world.stage.bank_base),
            "javascript: {javascript}"
        );
        let pages = window.history().await;
        let attempt = pages.iter().rfind(|url| url.contains("/sessions/")).cloned();
        let Some(attempt) = attempt.or_else(|| (!javascript).then(String::new)) else {
            // Chromium left no entry: Back leads to the picker, which is as good.
            continue;
        };
        if attempt.is_empty() {
            continue;
        }
        window.go(&attempt).await;
        window.sees("main[data-state=launched]").await;
        tokio::time::sleep(AFTER_THE_FORWARD).await;
        assert_eq!(window.url().await, attempt, "javascript: {javascript}");
    }
}

#[tokio::test]
async fn who_touches_the_page_stays() {
    let Some(driver) = Driver::start() else { return };
    let (world, _) = world().await;
    let window = driver.open(true).await;
    let computer = Client::named(&cases(), "WC");
    pretend(&window, &computer).await;
    let session = choose(&window, &world, "all", &computer).await;
    window.click(".phone summary").await;
    window.sees(".phone svg[role=img]").await;
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
    let session = choose(&window, &world, "all", &mac).await;
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
        ("ARDSt", "all", 768),
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
        choose(&window, &world, bank, &client).await;
        // The picker once a device, the attempt for each bank.
        let attempt = window.url().await;
        for (kind, url) in [("attempt", attempt), ("picker", world.at("/issuers"))] {
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
