//! Ways back that only a browser shows: what stands behind a #, and a form from another site.

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

/// Nothing came back that the server sees: no query, or one behind a # where no script takes it up.
#[tokio::test]
async fn a_return_without_an_answer_says_so_and_the_bank_can_be_opened_again() {
    let Some(scene) = Scene::open().await else { return };
    for (times, (style, javascript)) in [("fragment", false), ("bare", false), ("bare", true)]
        .into_iter()
        .enumerate()
    {
        let window = scene.driver.open(javascript).await;
        window.go(&scene.at("/")).await;
        scene.chooses(&window, APPROVING).await;
        scene.misbehaves(&window, style).await;
        window.sees("main[data-moment$=\".empty\"]").await;
        let words = window.words("main").await;
        assert!(words.contains("sent you back without an answer"), "{style}: {words}");
        assert_eq!(scene.asked("checkEligibility"), times, "{style}");
        assert_eq!(window.words("main a.button:not(.second)").await, "Try again");
        window.click("main a.button:not(.second)").await;
        scene.signs_in(&window).await;
        window.click("button[value=\"add\"]").await;
        window.sees("main[data-state=\"terms\"]").await;
    }
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
