//! A card that the bank pushes, as the cardholder goes: from the bank's app page to the wallet, through the terms, and back to
//! the bank, which shows the result. And as the inspector tells it, step by step.

use std::path::Path;

use tidemark::workbench::export::walk;
use tidemark::workbench::http::Workbench;
use tidemark::workbench::verdict::Expectations;

use crate::driver::Window;
use crate::person::{APPROVING, Scene, is_content};

/// The bank that knows no card numbers.
pub const WITH_PROCESSOR: &str = "bereza-kz";
/// The flow of that bank, as the inspector recorded it.
const PAGE: &str = "src/workbench/push-flow.md";

pub const ADA: &str = "button[name=\"persona\"][value=\"ada\"]";

/// Chooses Click to Pay in the bank's app, up to what the wallet asks.
pub async fn enables(scene: &Scene, tab: &Window, bank: &str) {
    tab.go(&format!("{}/banks/{bank}/enrol", scene.demo.stage.bank_base))
        .await;
    tab.click(ADA).await;
    tab.click("button[name=\"enable\"]").await;
    tab.sees("main[data-state=\"pushed\"]").await;
}

/// Says yes, reads the terms, and goes back to the bank when the card is there.
pub async fn accepts(scene: &Scene, tab: &Window, bank: &str) {
    assert!(
        tab.url().await.starts_with(&scene.demo.click_to_pay_url),
        "{}",
        tab.url().await
    );
    tab.click("form[action$=\"/accept\"] button").await;
    tab.sees("main[data-state=\"terms\"]").await;
    tab.click("button[value=\"accept\"]").await;
    tab.sees("main[data-state=\"active\"]").await;
    tab.click("a[href$=\"/back\"]").await;
    tab.sees("[data-outcome]").await;
    assert!(
        tab.url()
            .await
            .starts_with(&format!("{}/banks/{bank}/pushed", scene.demo.stage.bank_base)),
        "{}",
        tab.url().await
    );
}

fn walked(scene: &Scene) -> String {
    let workbench = Workbench::new(
        scene.demo.journal.clone(),
        Expectations::of("50123456789", scene.at("/callback")),
    );
    let attempts = scene.demo.journal.attempts();
    let report = workbench
        .report(attempts.last().expect("an attempt").number)
        .expect("a report");
    walk::of(&report).expect("a push")
}

/// All of it, in the tab at hand.
pub async fn goes_from_the_bank_and_back(scene: &Scene, tab: &Window, bank: &str) {
    enables(scene, tab, bank).await;
    accepts(scene, tab, bank).await;
    assert_eq!(tab.attribute("[data-outcome]", "data-outcome").await, "enabled");
    assert!(!tab.has("[data-differs], [data-strangers]").await);
    tab.click(&format!("a[href=\"/banks/{bank}/enrol\"]")).await;
    tab.click(ADA).await;
    assert!(tab.words("[data-enabled]").await.contains("Enabled for"));
}

#[tokio::test]
async fn a_bank_without_card_numbers_enables_a_card_and_all_25_steps_are_told() {
    let Some(scene) = Scene::open().await else { return };
    let (tab, inspector) = (scene.driver.open(true).await, scene.driver.open(true).await);
    goes_from_the_bank_and_back(&scene, &tab, WITH_PROCESSOR).await;
    is_content(&tab.log("browser").await, &[]);

    inspector
        .go(&format!("{}/attempts/latest", scene.demo.workbench_url))
        .await;
    let said = inspector.words("#verdicts").await;
    assert!(said.contains("No problems found."), "{said}");
    assert!(said.contains("25 of 25 done"), "{said}");
    inspector.click("#steps > summary").await;
    let numbers = inspector
        .evaluate("[...document.querySelectorAll('#steps li')].map(li => li.value).join(' ')")
        .await;
    let all: Vec<String> = (1..=25).map(|number: u8| number.to_string()).collect();
    assert_eq!(numbers, all.join(" "));
    let links = "document.querySelectorAll('#steps li > a[href*=\"?m=\"]').length";
    assert_eq!(inspector.evaluate(links).await, 25);
    inspector.click("#steps li[value=\"7\"] > a").await;
    inspector.sees(".wb-detail").await;

    let page = format!(
        "# A pushed card, step by step\n\nThe flow of a bank that knows no card numbers, as the flow inspector recorded it: \
         {WITH_PROCESSOR} pushes to Click to Pay.\nMade by the browser test of that flow, with `TIDEMARK_WRITE_DOCS=1`. \
         Values are left out.\n\n{}\nThe numbers are those of Mastercard's page about enabling a card for Click to Pay. There 22 \
         and 23 come last; this wallet does\nthem before 14, because nothing may be tokenised before the signature was verified \
         and the cardholder has said yes.\n",
        walked(&scene)
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    if std::env::var_os("TIDEMARK_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).expect("the page is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, page, "TIDEMARK_WRITE_DOCS=1 writes {PAGE} anew");
    scene.demo.stop().await;
}

#[tokio::test]
async fn a_bank_that_knows_its_card_numbers_needs_no_processor() {
    let Some(scene) = Scene::open().await else { return };
    let tab = scene.driver.open(false).await;
    goes_from_the_bank_and_back(&scene, &tab, APPROVING).await;
    let walked = walked(&scene);
    assert!(walked.starts_with("20 of 20 steps were done."), "{walked}");
    for number in [7, 8, 9, 18, 21] {
        let left_out = format!("| {number} | ");
        let line = walked.lines().find(|line| line.starts_with(&left_out)).expect("a step");
        assert!(line.contains("Left out."), "{line}");
    }
    scene.demo.stop().await;
}

#[tokio::test]
async fn who_says_no_goes_back_and_nothing_was_asked_of_mdes() {
    let Some(scene) = Scene::open().await else { return };
    let tab = scene.driver.open(true).await;
    enables(&scene, &tab, APPROVING).await;
    tab.click("form[action$=\"/cancel\"] button").await;
    tab.sees("main[data-state=\"cancelled\"]").await;
    tab.click("a[href$=\"/back\"]").await;
    tab.sees("[data-outcome]").await;
    assert_eq!(tab.attribute("[data-outcome]", "data-outcome").await, "cancelled");
    for operation in ["checkEligibility", "digitize"] {
        assert_eq!(scene.asked(operation), 0, "{operation}");
    }
    scene.demo.stop().await;
}
