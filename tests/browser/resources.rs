//! What the browser loads: only the scripts that are named, nothing twice, and nothing moves when a picture comes late.

use serde_json::{Value, json};

use crate::driver::Window;
use crate::person::Scene;

/// What an expression comes to, once it has settled.
async fn evaluated(window: &Window, expression: &str) -> Value {
    let question = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
    let mut answer = window.devtools("Runtime.evaluate", question).await;
    answer["result"]["value"].take()
}

#[tokio::test]
async fn our_script_runs_and_no_other_file_of_ours_does() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    window.go(&scene.at("/issuers")).await;
    // The script tells how many fingers the screen feels.
    let told = evaluated(&window, "document.querySelector('input[name=mtp]').value !== ''").await;
    assert_eq!(told, json!(true), "the script ran");
    let script = window.attribute("script[src]", "src").await;
    let logo = window.attribute("img.logo", "src").await;
    let mark = window.attribute("link[rel=icon]", "href").await;
    // An import asks the policy of scripts, and no other: what is refused there never reaches the network.
    let tried = format!(
        "new Promise(done => {{
            const refused = [];
            document.addEventListener('securitypolicyviolation', event =>
                refused.push(`${{event.effectiveDirective}} ${{event.blockedURI}}`));
            const addresses = {};
            Promise.allSettled(addresses.map(address => import(address))).then(ends =>
                setTimeout(() => done({{refused, ends: ends.map(end => end.status)}}), 200));
        }})",
        json!([
            script,
            logo,
            mark,
            scene.at("/help"),
            format!("{script}?x=1#y"),
            format!("{script}/x")
        ])
    );
    let outcome = evaluated(&window, &tried).await;
    assert_eq!(
        outcome["ends"],
        json!(["fulfilled", "rejected", "rejected", "rejected", "fulfilled", "rejected"]),
        "{outcome}"
    );
    let refused = outcome["refused"].as_array().expect("a list");
    for path in [&logo, &mark, "/help", &format!("{script}/x")] {
        let address = scene.at(path);
        let is_it = |entry: &&Value| {
            entry
                .as_str()
                .is_some_and(|entry| entry == format!("script-src-elem {address}"))
        };
        assert_eq!(refused.iter().filter(is_it).count(), 1, "{address}: {outcome}");
    }
    assert_eq!(refused.len(), 4, "{outcome}");
    scene.demo.stop().await;
}

#[tokio::test]
async fn a_second_visit_asks_for_the_page_alone_and_gets_a_304() {
    let Some(scene) = Scene::open().await else { return };
    let window = scene.driver.open(true).await;
    for page in ["/", "/issuers"] {
        // The first visit brings the cookie, and with it another page.
        for _ in 0..2 {
            window.go(&scene.at(page)).await;
            window.go(&scene.at("/help")).await;
        }
        window.log("performance").await;
        window.go(&scene.at(page)).await;
        let mut asked = Vec::new();
        for entry in window.log("performance").await {
            let text = entry["message"].as_str().expect("a message");
            let event: Value = serde_json::from_str(text).expect("JSON");
            let event = &event["message"];
            // Only what went over the network has these.
            if event["method"] == "Network.responseReceivedExtraInfo" {
                asked.push(event["params"]["statusCode"].as_u64());
            }
        }
        assert_eq!(asked, [Some(304)], "{page}");
    }
    scene.demo.stop().await;
}
