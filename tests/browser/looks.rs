//! Every page of the real way, the bank's too, as it looks: nothing is wrong with it (`judge`). With a folder in
//! `TIDEMARK_SCREENS` there are seven pictures of each to look at, in three languages, which take their time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sqlx::Connection as _;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::mdes::Fault;

use crate::driver::Window;
use crate::judge::{Colours, Look, WIDTHS, brings_judgement, faults, wears};
use crate::person::{APPROVING, CODE_ASKING, DECLINING, Scene, TEXTING, Trail, has_no_receipt, is_content};
use crate::pushing::{ADA, accepts, enables};

/// Width, height and colours.
const SCREENS: [(u32, u32, Colours); 7] = [
    (360, 800, Colours::Light),
    (360, 800, Colours::Dark),
    (360, 800, Colours::Forced),
    (768, 1024, Colours::Light),
    (768, 1024, Colours::Dark),
    (1280, 900, Colours::Light),
    (1280, 900, Colours::Dark),
];

/// One from right to left and one without spaces besides, where pictures are taken.
fn languages() -> &'static [&'static str] {
    match folder() {
        Some(_) => &["en", "ar", "ja"],
        None => &["en"],
    }
}

fn folder() -> Option<PathBuf> {
    std::env::var("TIDEMARK_SCREENS").ok().map(PathBuf::from)
}

#[tokio::test]
async fn every_page_of_the_way_to_a_card_fits() {
    let Some(scene) = Scene::open().await else { return };
    for language in languages() {
        let window = scene.driver.open(true).await;
        if !brings_judgement(&window).await {
            return;
        }
        let headers = json!({"headers": {"Accept-Language": language}});
        window.devtools("Network.setExtraHTTPHeaders", headers).await;
        // It believes that it went on by itself already, so there is time to look.
        window.before_every_page("Storage.prototype.getItem = () => '1'").await;
        goes_all_the_way(&scene, &window).await;
    }
    scene.demo.stop().await;
}

async fn goes_all_the_way(scene: &Scene, window: &Window) {
    window.go(&scene.at("/")).await;
    looks(window, "home-empty").await;
    window.go(&scene.at("/issuers")).await;
    looks(window, "picker").await;
    window.go(&scene.at("/issuers?q=zzzz")).await;
    looks(window, "picker-nothing").await;
    window.go(&scene.at("/issuers/quillwort-us")).await;
    looks(window, "issuer").await;
    window.go(&scene.at("/help")).await;
    looks(window, "help").await;
    window.go(&scene.demo.stage.bank_base).await;
    looks(window, "bank-index").await;
    until_terms(scene, window).await;
    until_the_card(scene, window).await;
}

/// At a bank that sends a code, with MDES slow where there is something to wait for.
async fn until_terms(scene: &Scene, window: &Window) {
    let mdes = &scene.demo.stage.mdes;
    scene.chooses(window, TEXTING).await;
    window.sees("main[data-state=\"offered\"]").await;
    looks(window, "launch").await;
    window.click("a[data-launch=\"web\"]").await;
    window.sees("main[data-page=\"sign-in\"]").await;
    looks(window, "bank-sign-in").await;
    scene.comes_back(window).await;
    looks(window, "waiting").await;
    window.click("a[data-launch=\"web\"]").await;
    window.click("main[data-page=\"sign-in\"] button[value=\"ada\"]").await;
    window.sees("main[data-page=\"cards\"]").await;
    looks(window, "bank-cards").await;
    window.click("main[data-page=\"cards\"] li:first-child label").await;
    window.click("main[data-page=\"cards\"] button.primary").await;
    window.sees("main[data-page=\"consent\"]").await;
    looks(window, "bank-consent").await;
    mdes.inject("checkEligibility", Fault::Status(503), 1_000);
    window.click("button[value=\"add\"]").await;
    window.sees("main[data-state=\"returned\"] .steps").await;
    looks(window, "working").await;
    mdes.clear_faults();
    window.sees("main[data-state=\"terms\"]").await;
    looks(window, "terms").await;
}

async fn until_the_card(scene: &Scene, window: &Window) {
    let bank = &scene.demo.stage.bank;
    let ways = vec![
        ActivationKind::Text,
        ActivationKind::Email,
        ActivationKind::Call,
        ActivationKind::Website,
    ];
    bank.force_outcome("quillwort-us-ada-1", Outcome::StepUp(ways));
    window.click("button[value=\"accept\"]").await;
    window
        .sees("main[data-state=\"step-up\"], main[data-state=\"step_up\"]")
        .await;
    looks(window, "method").await;
    window.click("form[action$=\"/method\"] .choice:first-of-type").await;
    window
        .click("form[action$=\"/method\"] button.button:not(.second)")
        .await;
    window.sees("main[data-state=\"code\"] input[name=\"code\"]").await;
    let code = scene.looks_at_phone(window).await;
    window.reload().await;
    looks(window, "code").await;
    let phone = format!("{}/phone", scene.demo.stage.bank_base);
    window
        .in_another_tab(async |tab| {
            brings_judgement(tab).await;
            tab.go(&phone).await;
            looks(tab, "bank-phone").await;
        })
        .await;
    window.type_into("input[name=\"code\"]", "000000").await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees("#errors").await;
    looks(window, "code-error").await;
    window.type_into("input[name=\"code\"]", &code).await;
    window.click("form[action$=\"/code\"] button").await;
    window.sees("main[data-state=\"active\"]").await;
    looks(window, "done").await;
    window.go(&scene.at("/")).await;
    looks(window, "home-card").await;
    window.click("a.card").await;
    window.sees("dl.facts").await;
    looks(window, "card").await;
}

/// The bank asks for the code that the wallet shows; the first time it is told another.
#[tokio::test]
async fn every_page_with_a_code_of_the_wallet_fits() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    if !brings_judgement(&window).await {
        return;
    }
    scene.chooses(&window, CODE_ASKING).await;
    looks(&window, "launch-code").await;
    // Where there is no code, the page would be gone by now.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let code = window
        .attribute("main[data-state=\"offered\"] .digits data", "value")
        .await;
    window.click("a[data-launch=\"web\"]").await;
    scene.signs_in(&window).await;
    let other = if code == "000000" { "111111" } else { "000000" };
    window.type_into("input[name=\"authenticationCode\"]", other).await;
    window.click("button[value=\"add\"]").await;
    shows(&window, "wrong-code").await;
    window.click("main .actions a.button").await;
    window.sees("main[data-state=\"launched\"] .banner.warn").await;
    looks(&window, "waiting-code").await;
    assert_eq!(window.attribute(".digits data", "value").await, code);
    window.click("a[data-launch=\"web\"]").await;
    scene.signs_in(&window).await;
    window.type_into("input[name=\"authenticationCode\"]", &code).await;
    window.click("button[value=\"add\"]").await;
    window.sees("main[data-state=\"terms\"]").await;
    has_no_receipt(&window).await;
    scene.stayed_here(&Trail::of(&window.log("performance").await));
    is_content(&window.log("browser").await, &["status of 400"]);
    scene.demo.stop().await;
}

/// Where a bank shows its own customers what became of their cards, from which it pushes, pauses and removes by itself.
#[tokio::test]
async fn every_page_of_a_banks_own_fits() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    if !brings_judgement(&window).await {
        return;
    }
    scene.demo.stage.bank.force_every_outcome(Some(Outcome::Approve));
    // A website, and an app.
    for bank in [APPROVING, TEXTING] {
        adds_two_cards_from(&scene, &window, bank).await;
        window
            .go(&format!("{}/banks/{bank}/tokens", scene.demo.stage.bank_base))
            .await;
        looks(&window, &format!("{bank}-tokens-sign-in")).await;
        window.click(ADA).await;
        window.sees("[data-standing=\"active\"]").await;
        looks(&window, &format!("{bank}-tokens")).await;
        pauses_and_removes(&scene, &window, bank).await;
    }
    scene.demo.stop().await;
}

async fn adds_two_cards_from(scene: &Scene, window: &Window, bank: &str) {
    window
        .go(&format!("{}/banks/{bank}/enrol", scene.demo.stage.bank_base))
        .await;
    looks(window, &format!("{bank}-enrol-sign-in")).await;
    window.click(ADA).await;
    window.sees("main[data-page=\"enrol\"]").await;
    looks(window, &format!("{bank}-enrol")).await;
    for _ in 1..=2 {
        enables(scene, window, bank).await;
        accepts(scene, window, bank).await;
    }
    looks(window, &format!("{bank}-pushed")).await;
}

async fn pauses_and_removes(scene: &Scene, window: &Window, bank: &str) {
    window.click("button[value=\"pause\"]").await;
    window.sees("[data-standing=\"paused-here\"]").await;
    looks(window, &format!("{bank}-tokens-paused")).await;
    let refusal = Fault::Errors("INVALID_WORKFLOW".to_owned());
    scene.demo.stage.mdes.inject("unsuspendToken", refusal, 1);
    window.click("button[value=\"resume\"]").await;
    window.sees("main[data-page=\"error\"]").await;
    looks(window, &format!("{bank}-tokens-refused")).await;
    window.click("main .way a").await;
    window.click("a[href*=\"/tokens/remove?\"]").await;
    window.sees("main[data-page=\"token-remove\"]").await;
    looks(window, &format!("{bank}-token-remove")).await;
    window.click("button[value=\"remove\"]").await;
    window.sees("[data-standing=\"active\"]").await;
    looks(window, &format!("{bank}-tokens-removed")).await;
    assert!(!window.has("[data-standing=\"paused-here\"]").await);
}

#[tokio::test]
async fn every_failure_fits_and_leaves_no_receipt_in_the_address() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    if !brings_judgement(&window).await {
        return;
    }
    window.go(&scene.at("/nowhere")).await;
    shows(&window, "not-found").await;
    scene.chooses(&window, APPROVING).await;
    scene.comes_back(&window).await;
    window.click(".strip button").await;
    shows(&window, "cancelled").await;
    cancels_at_the_bank(&scene, &window).await;
    is_declined(&scene, &window).await;
    is_not_genuine(&scene, &window).await;
    is_another_browser(&scene, &window).await;
    is_expired(&scene, &window).await;
    // Refused returns were shown at their address for as long as it takes to replace it; nothing else was.
    let trail = Trail::of(&window.log("performance").await);
    scene.stayed_here(&trail);
    let returns = trail.returns();
    assert!(returns.contains(&400) && !returns.contains(&200), "{returns:?}");
    is_content(
        &window.log("browser").await,
        &["status of 400", "status of 404", "status of 410"],
    );
    assert_eq!(scene.demo.stage.mdes.tokens().len(), 0);
    scene.demo.stop().await;
}

async fn cancels_at_the_bank(scene: &Scene, window: &Window) {
    scene.chooses(window, APPROVING).await;
    scene.signs_in(window).await;
    window.click("form.cancel button").await;
    window.sees("main[data-problem=\"cancelled\"]").await;
    has_no_receipt(window).await;
}

async fn is_declined(scene: &Scene, window: &Window) {
    scene.comes_to_terms(window, DECLINING).await;
    window.click("button[value=\"accept\"]").await;
    shows(window, "declined").await;
}

/// A receipt that was signed by somebody else.
async fn is_not_genuine(scene: &Scene, window: &Window) {
    scene.chooses(window, APPROVING).await;
    let mdes = &scene.demo.stage.mdes;
    mdes.sign_with_wrong_key(true);
    scene.signs_in(window).await;
    window.click("button[value=\"add\"]").await;
    shows(window, "not-genuine").await;
    mdes.sign_with_wrong_key(false);
    let address = window.url().await;
    assert!(
        address.starts_with(&scene.at("/sessions/")) && !address.contains('?'),
        "{address}"
    );
    window.reload().await;
    window.sees("main[data-state=\"launched\"]").await;
}

/// The session is another browser's. The receipt is good.
async fn is_another_browser(scene: &Scene, window: &Window) {
    let other = scene.driver.open(true).await;
    scene.chooses(&other, APPROVING).await;
    let attempt = scene.comes_back(&other).await;
    let session = attempt.rsplit('/').next().expect("an id");
    let stage = &scene.demo.stage;
    let options = PushOptions::default();
    let pushed = stage
        .bank
        .push(
            APPROVING,
            &["havorn-no-ada-1"],
            Some(session),
            "50123456789",
            None,
            options,
        )
        .await
        .expect("MDES takes the push");
    let signed = pushed.signature.expect("signed");
    let callback = format!("/callback/{session}?pushAccountData={signed}&tokenRequestorSessionId={session}");
    window.go(&scene.at(&callback)).await;
    shows(window, "other-browser").await;
    assert_eq!(window.url().await, scene.at(&format!("/callback/{session}")));
    window.reload().await;
    window.sees("main[data-problem=\"other-browser\"]").await;
}

/// Time is up, which the demo's clock does not tell within the life of a test.
async fn is_expired(scene: &Scene, window: &Window) {
    scene.chooses(window, APPROVING).await;
    let address = scene.comes_back(window).await;
    let session = address.rsplit('/').next().expect("an id").to_owned();
    let database = format!("sqlite://{}", scene.folder.path().join("wallet.db").display());
    let mut connection = sqlx::SqliteConnection::connect(&database).await.expect("the database");
    let changed = sqlx::query("UPDATE sessions SET expires_at = 1 WHERE id = $1")
        .bind(session)
        .execute(&mut connection)
        .await
        .expect("the session");
    assert_eq!(changed.rows_affected(), 1);
    window.reload().await;
    shows(window, "too-late").await;
    assert_eq!(window.status().await, 410);
    window.click("main .actions a.button:not(.second)").await;
    window
        .click("main[data-state=\"issuer\"] form[action=\"/sessions\"] button")
        .await;
    window.sees("main[data-page=\"sign-in\"]").await;
    let words = window.words("main").await;
    assert!(words.contains("Havørn Bank"), "{words}");
}

/// A failure is shown, and leads on.
async fn shows(window: &Window, problem: &str) {
    window.sees(&format!("main[data-problem=\"{problem}\"]")).await;
    crate::failures::leads_on(window, problem).await;
    looks(window, &format!("failure-{problem}")).await;
}

/// Nothing is wrong with the page; pictures are taken where somebody wants them.
async fn looks(window: &Window, name: &str) {
    let language = window.evaluate("document.documentElement.lang").await;
    let language = language.as_str().expect("a language");
    let mut found = Vec::new();
    for (at, width) in WIDTHS.into_iter().enumerate() {
        let colours = [Colours::Light, Colours::Dark][at % 2];
        let look = Look::plain(width, colours);
        found.extend(
            faults(window, language, &look)
                .await
                .into_iter()
                .map(|fault| format!("{width}: {fault}")),
        );
    }
    assert!(found.is_empty(), "{name}: {found:#?}");
    if let Some(folder) = folder() {
        pictures(window, &format!("{name}-{language}"), &folder).await;
    }
    window.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
}

/// A picture of each size and colour scheme, for a person to look at.
async fn pictures(window: &Window, name: &str, folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    for (width, height, colours) in SCREENS {
        // Without motion, or a picture shows colours on their way.
        wears(window, &Look::plain(width, colours)).await;
        window.resize(width, height).await;
        let scheme = match colours {
            Colours::Light => "light",
            Colours::Dark => "dark",
            Colours::Forced => "forced",
        };
        let picture = window
            .devtools(
                "Page.captureScreenshot",
                json!({"format": "png", "captureBeyondViewport": true}),
            )
            .await;
        let bytes = STANDARD
            .decode(picture["data"].as_str().expect("a picture"))
            .expect("base64");
        fs::write(folder.join(format!("{name}-{width}-{scheme}.png")), bytes).expect("a file");
    }
    window
        .devtools("Emulation.setEmulatedMedia", json!({"features": []}))
        .await;
}
