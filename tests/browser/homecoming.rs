//! Ways back that only a browser shows: what stands behind a #, a form from another site, and two browsers.

use crate::driver::Window;
use crate::person::{APPROVING, Scene, Trail, has_no_receipt};

#[tokio::test]
async fn what_the_bank_puts_behind_a_number_sign_is_taken_up_and_left_nowhere() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    scene.chooses(&window, APPROVING).await;
    scene.misbehaves(&window, "fragment").await;
    window.sees("main[data-state=\"terms\"]").await;
    has_no_receipt(&window).await;
    assert!(!window.url().await.contains('#'), "{}", window.url().await);
    window.back().await;
    has_no_receipt(&window).await;
    assert_eq!(scene.asked("checkEligibility"), 1);
    scene.stayed_here(&Trail::of(&window.log("performance").await));
    scene.demo.stop().await;
}

#[tokio::test]
async fn without_javascript_it_is_a_return_without_an_answer_and_the_bank_can_be_opened_again() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(false).await;
    window.go(&scene.at("/")).await;
    scene.chooses(&window, APPROVING).await;
    scene.misbehaves(&window, "fragment").await;
    window.sees("main[data-moment$=\".empty\"]").await;
    let words = window.words("main").await;
    assert!(words.contains("sent you back without an answer"), "{words}");
    assert_eq!(scene.asked("checkEligibility"), 0);
    assert_eq!(window.words("main a.button:not(.second)").await, "Try again");
    window.click("main a.button:not(.second)").await;
    scene.signs_in(&window).await;
    window.click("button[value=\"add\"]").await;
    window.sees("main[data-state=\"terms\"]").await;
    scene.demo.stop().await;
}

/// The cookie does not come with the form, as wallet and bank are different sites, and comes with the GET after it.
#[tokio::test]
async fn a_form_from_the_bank_comes_home_though_no_cookie_comes_with_it() {
    let Some(scene) = Scene::open().await else { return };
    for javascript in [true, false] {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        scene.chooses(&window, APPROVING).await;
        scene.misbehaves(&window, "posted").await;
        if !javascript {
            window.click("form[data-return=\"posted\"] button").await;
        }
        window.sees("main[data-state=\"terms\"]").await;
        scene.leaves_no_trace(&window, &[]).await;
    }
    scene.demo.stop().await;
}

/// Starts in one browser and gives the address that the bank would open in another.
async fn is_sent_elsewhere(scene: &Scene, window: &Window) -> String {
    scene.chooses(window, APPROVING).await;
    scene.misbehaves(window, "other-browser").await;
    window.sees("[data-return-address]").await;
    let address = window.words("[data-return-address]").await;
    assert!(address.starts_with(&scene.at("/callback/")), "{address}");
    address
}

#[tokio::test]
async fn the_starting_tab_says_that_another_browser_was_brought_back_and_that_one_starts_again() {
    let Some(scene) = Scene::open().await else { return };
    let (here, there) = (scene.driver.open(true).await, scene.driver.open(true).await);
    let address = is_sent_elsewhere(&scene, &here).await;
    here.go(&scene.at("/")).await;
    here.click("main[data-state=\"home\"] a[href^=\"/sessions/\"]").await;
    here.sees("main[data-moment=\"launched\"]").await;
    there.go(&address).await;
    there.sees("main[data-problem=\"other-browser\"]").await;
    has_no_receipt(&there).await;
    // Nobody touches the starting tab: the news come by themselves.
    here.sees("main[data-moment=\"launched.elsewhere\"]").await;
    assert!(here.words("main").await.contains("in a different browser"));
    assert_eq!(
        there.words("main a.button:not(.second)").await,
        "Start again in this browser"
    );
    there.click("main a.button:not(.second)").await;
    there.sees("form[action=\"/sessions\"]").await;
    assert!(there.url().await.ends_with(&format!("/issuers/{APPROVING}")));
    assert_eq!(scene.asked("checkEligibility"), 0);
    scene.demo.stop().await;
}

#[tokio::test]
async fn the_code_of_the_other_browser_is_asked_for_and_finishes_in_the_starting_tab() {
    let Some(scene) = Scene::open_with("code").await else {
        return;
    };
    let (here, there) = (scene.driver.open(true).await, scene.driver.open(false).await);
    let address = is_sent_elsewhere(&scene, &here).await;
    here.go(&scene.at("/")).await;
    here.click("main[data-state=\"home\"] a[href^=\"/sessions/\"]").await;
    here.sees("main[data-moment=\"launched\"]").await;
    there.go(&address).await;
    let code = there.words("main[data-state=\"return-code\"] .digits").await;
    has_no_receipt(&there).await;
    let shown = there.words("main").await;
    for mark in ["••", "ending"] {
        assert!(!shown.contains(mark), "{shown}");
    }
    here.type_into("main[data-moment=\"launched.code\"] input[name=\"code\"]", &code)
        .await;
    here.click("form[action$=\"/return-code\"] button").await;
    here.sees("main[data-state=\"terms\"]").await;
    scene.leaves_no_trace(&here, &[]).await;
    scene.demo.stop().await;
}
