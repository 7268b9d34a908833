//! The scenario console: what is switched on there is on, is said on every page of the wallet, and goes off again.

use tidemark::cli::browser::{Browser, Page};

use crate::bench::{APPROVING, Bench};

async fn console(bench: &Bench, browser: &mut Browser) -> Page {
    let page = browser
        .get(&format!("{}/console", bench.demo.workbench_url))
        .await
        .expect("a page");
    assert_eq!(page.status, 200, "{}", page.text());
    page
}

async fn press(browser: &mut Browser, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
    let form = page.form(form).expect("a form");
    browser.submit(page, &form, fields).await.expect("a page")
}

#[tokio::test]
async fn a_scenario_is_said_on_every_page_until_everything_works_again() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    assert!(page.text().contains("Active now: everything works"), "{}", page.text());
    let page = press(&mut browser, &page, "/scenario", &[("scenario", "wrong-session")]).await;
    assert!(
        page.text().contains("Active now: Wrong session signed"),
        "{}",
        page.text()
    );
    assert_eq!(bench.demo.stage.desk.lie().map(|lie| lie.id), Some("other-session"));
    for path in ["/", "/issuers", "/help", "/language", "/nowhere"] {
        let page = browser.get(&bench.at(path)).await.expect("a page");
        assert!(
            page.text().contains("Demo scenario: Wrong session signed"),
            "{path}: {}",
            page.text()
        );
        let way_off = format!("{}/console", bench.demo.workbench_url);
        assert!(
            page.tags()
                .iter()
                .any(|tag| tag.attributes.get("href") == Some(&way_off)),
            "{path}"
        );
    }
    let page = console(&bench, &mut browser).await;
    let page = press(&mut browser, &page, "/reset", &[]).await;
    assert!(page.text().contains("Everything works again"), "{}", page.text());
    assert!(bench.demo.stage.desk.lie().is_none());
    let home = browser.get(&bench.at("/")).await.expect("a page");
    assert!(!home.text().contains("Demo scenario"), "{}", home.text());
}

#[tokio::test]
async fn a_list_of_another_length_is_the_wallets_at_once() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    press(&mut browser, &page, "/scenario", &[("scenario", "app-only")]).await;
    let app = &bench.demo.app;
    bench.eventually(|| app.current_directory().issuers.len() == 1).await;
    let page = console(&bench, &mut browser).await;
    press(&mut browser, &page, "/reset", &[]).await;
    bench.eventually(|| app.current_directory().issuers.len() == 12).await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_a_reason_and_switches_nothing_on() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    for (form, fields, why) in [
        ("/scenario", vec![("scenario", "nonsense")], "Choose a scenario."),
        ("/lie", vec![("lie", "nonsense")], "Choose one of the misbehaviours."),
        (
            "/fault",
            vec![("operation", "digitise"), ("kind", "html")],
            "operation is one of",
        ),
        (
            "/fault",
            vec![("operation", "digitize"), ("kind", "status"), ("status", "many")],
            "status is a number.",
        ),
        (
            "/fault",
            vec![("operation", "digitize"), ("kind", "delay"), ("latency_ms", "")],
            "Say latency_ms",
        ),
        ("/clock", vec![("move", "-5")], "Choose how far"),
    ] {
        let refused = press(&mut browser, &page, form, &fields).await;
        assert_eq!(refused.status, 422, "{form} {fields:?}");
        assert!(refused.text().contains(why), "{form}: {}", refused.text());
        assert_eq!(bench.demo.stage.desk.active(), None, "{form} {fields:?}");
    }
}

#[tokio::test]
async fn a_fault_is_added_counted_and_removed() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    let fields = [
        ("operation", "checkEligibility"),
        ("kind", "status"),
        ("status", "500"),
        ("count", "1"),
    ];
    let page = press(&mut browser, &page, "/fault", &fields).await;
    assert!(
        page.text()
            .contains("checkEligibility: status 500, struck 0 of 1 times"),
        "{}",
        page.text()
    );
    let mut cardholder = Browser::new();
    let end = bench
        .add(&mut cardholder, APPROVING, &format!("{APPROVING}-ada-1"))
        .await;
    assert_eq!(end.state().as_deref(), Some("active"), "{}", end.text());
    let page = console(&bench, &mut browser).await;
    assert!(
        page.text().contains("Active now: everything works"),
        "it is used up: {}",
        page.text()
    );
}

#[tokio::test]
async fn another_site_cannot_press_a_button() {
    let bench = Bench::open().await;
    let address = format!("{}/console/scenario", bench.demo.workbench_url);
    let answer = bench
        .http()
        .post(&address)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("scenario=tampered")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 403);
    assert_eq!(bench.demo.stage.desk.active(), None);
}
