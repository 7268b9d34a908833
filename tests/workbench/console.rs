//! The scenario console: what is switched on there is on, is said on every page of the wallet, and goes off again.

use reqwest::Method;
use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::control::Control;
use tidemark::cli::scenario::bank;
use tidemark::sim::Turn;

use crate::bench::{APPROVING, Bench, session_of};

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
async fn a_preset_is_said_on_every_page_until_everything_works_again() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    assert!(page.text().contains("Active now: everything works"), "{}", page.text());
    let page = press(&mut browser, &page, "/preset", &[("preset", "other-session")]).await;
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
    press(&mut browser, &page, "/preset", &[("preset", "app-only")]).await;
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
        ("/preset", vec![("preset", "nonsense")], "Choose a preset."),
        ("/lie", vec![("lie", "nonsense")], "Choose one of the misbehaviours."),
        (
            "/fault",
            vec![("operation", "digitise"), ("kind", "html")],
            "operation is one of",
        ),
        (
            "/fault",
            vec![("operation", "digitize"), ("kind", "status"), ("status", "many")],
            "status is a whole number from 0 on, and not \"many\".",
        ),
        (
            "/fault",
            vec![("operation", "digitize"), ("kind", "delay"), ("latency_ms", "")],
            "Say latency_ms",
        ),
        (
            "/fault",
            vec![("operation", "digitize"), ("kind", "html"), ("count", "0")],
            "count is 1 or more",
        ),
        (
            "/fault",
            vec![("operation", "digitize"), ("kind", "html"), ("seed", "1.5")],
            "seed is a whole number from 0 on, and not 1.5.",
        ),
        ("/clock", vec![("move", "soon")], "Choose how far"),
        ("/clock", vec![("move", "-5")], "Time only goes forward."),
        ("/clock", vec![("move", "99999999999")], "ten years ahead"),
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
async fn one_fault_is_removed_and_the_other_stays() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let mut page = console(&bench, &mut browser).await;
    for operation in ["digitize", "activate"] {
        let fields = [("operation", operation), ("kind", "html"), ("count", "")];
        page = press(&mut browser, &page, "/fault", &fields).await;
    }
    assert!(page.text().contains("Active now: 2 faults"), "{}", page.text());
    let page = press(&mut browser, &page, "/fault/remove", &[("fault", "1")]).await;
    let text = page.text();
    assert!(
        text.contains("Active now: 1 fault ") && text.contains("activate: html") && !text.contains("digitize: html"),
        "{text}"
    );
    let gone = press(&mut browser, &page, "/fault/remove", &[("fault", "1")]).await;
    assert_eq!(gone.status, 422);
    assert!(
        gone.text().contains("That fault is not there any more"),
        "{}",
        gone.text()
    );
}

#[tokio::test]
async fn one_misbehaviour_ends_and_the_faults_stay() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    let page = press(
        &mut browser,
        &page,
        "/fault",
        &[("operation", "digitize"), ("kind", "html")],
    )
    .await;
    let page = press(&mut browser, &page, "/lie", &[("lie", "check-503")]).await;
    assert!(
        page.text().contains("Active now: MDES down, check, 1 fault "),
        "{}",
        page.text()
    );
    let removable = page
        .forms()
        .iter()
        .filter(|form| form.action.ends_with("/fault/remove"))
        .count();
    assert_eq!(removable, 1, "the fault of a misbehaviour goes with it");
    let page = press(&mut browser, &page, "/lie", &[("lie", "")]).await;
    assert!(page.text().contains("Active now: 1 fault "), "{}", page.text());
    assert!(bench.demo.stage.desk.lie().is_none());
}

/// What was pulled by programs is switched off by the button too.
#[tokio::test]
async fn reset_restores_knobs_clocks_outcomes_lists_and_visits() {
    let bench = Bench::open().await;
    let control = Control::new(&bench.demo.stage.mdes_base);
    let ask =
        async |method: Method, path: &str, body: Value| control.ask(method, path, Some(&body)).await.expect("done");
    let knobs = control.ask(Method::GET, "/knobs", None).await.expect("knobs");
    // A visit that lies.
    let mut cardholder = Browser::new();
    let attempt = bench.begin(&mut cardholder, APPROVING).await;
    let link = attempt.link("data-launch", "web").expect("a way to the bank");
    let sign_in = cardholder.follow(&attempt, &link).await.expect("the bank");
    let consent = bank::to_consent(&mut cardholder, &sign_in).await.expect("consent");
    bank::decide(&mut cardholder, &consent, "lie:tampered", None)
        .await
        .expect("an answer");
    ask(
        Method::PUT,
        "/knobs",
        json!({"session_in_jws": false, "single_use": false, "code_mode": "bind", "receipts_validity_minutes": 5}),
    )
    .await;
    ask(Method::PUT, "/skew", json!({"mdes_ms": 600_000, "bank_ms": -1_000})).await;
    let outcome = json!({"card": format!("{APPROVING}-ada-1"), "outcome": "decline"});
    ask(Method::PUT, "/outcomes", outcome).await;
    ask(Method::PUT, "/issuers", json!({"count": 1})).await;
    ask(Method::POST, "/clock", json!({"freeze": true})).await;

    let mut browser = Browser::new();
    let page = console(&bench, &mut browser).await;
    for said in [
        "the session is not signed",
        "a receipt can be used again and again",
        "code mode “bind”",
        "receipts live 5 minutes",
        "the clock of MDES is 600 s ahead",
        "the clock of the banks is 1 s behind",
        "an outcome of its own for 1 card",
        "1 bank listed",
        "the clock stands still",
    ] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }
    let page = press(&mut browser, &page, "/reset", &[]).await;
    assert!(page.text().contains("Active now: everything works"), "{}", page.text());
    assert_eq!(bench.demo.stage.desk.pulled(), []);
    assert_eq!(control.ask(Method::GET, "/knobs", None).await.expect("knobs"), knobs);
    assert!(!bench.demo.stage.turn(Turn::Look).expect("a clock").frozen);
    assert_eq!(bench.demo.stage.mdes.listed().len(), 12);
    // Once more in the session that was lied in, with the card that was to be declined.
    let callback = bench
        .pushed(APPROVING, &format!("{APPROVING}-ada-1"), &session_of(&attempt))
        .await;
    let back = cardholder.get(&callback).await.expect("a page");
    let terms = bench.until(&mut cardholder, back, &["terms"]).await;
    let form = terms.form("/terms").expect("a form");
    let page = cardholder
        .submit(&terms, &form, &[("action", "accept")])
        .await
        .expect("a page");
    bench.until(&mut cardholder, page, &["active"]).await;
}

#[tokio::test]
async fn the_surroundings_are_changed_one_by_one_and_go_back() {
    let bench = Bench::open().await;
    let mut browser = Browser::new();
    let mut page = console(&bench, &mut browser).await;
    for (fields, said) in [
        (vec![("to_mdes", "200")], vec!["every call to MDES: delay after 200 ms"]),
        // What some calls suffer must strike before what all of them do.
        (
            vec![("failing", "1")],
            vec![
                "every call to MDES: status 503, struck",
                "every call to MDES: delay after 200 ms",
            ],
        ),
        (
            vec![("to_mdes", "2000")],
            vec![
                "every call to MDES: status 503",
                "every call to MDES: delay after 2000 ms",
            ],
        ),
        (
            vec![("to_banks", "never"), ("to_wallet", "12000")],
            vec!["authorizeService: hang", "notifyTokenUpdated: delay after 12000 ms"],
        ),
        (
            vec![
                ("issuers", "20"),
                ("session_in_jws", "false"),
                ("code_mode", "bind"),
                ("receipts_validity_minutes", "5"),
            ],
            vec![
                "the session is not signed",
                "code mode “bind”",
                "receipts live 5 minutes",
                "20 banks listed",
            ],
        ),
    ] {
        page = press(&mut browser, &page, "/surroundings", &fields).await;
        let text = page.text();
        let places: Vec<Option<usize>> = said.iter().map(|words| text.find(words)).collect();
        assert!(
            places.iter().all(Option::is_some) && places.is_sorted(),
            "{said:?}: {text}"
        );
        assert_eq!(text.matches("every call to MDES: delay").count(), 1, "{text}");
    }
    // All fail, although all are slow.
    let looked = bench.demo.app.refresh_directory().await;
    let last = bench.demo.stage.mdes.calls().pop().expect("a call");
    assert!(looked.is_err() && last.status == 503, "{looked:?} {last:?}");
    let back = [
        ("to_mdes", "0"),
        ("failing", "0"),
        ("to_banks", "0"),
        ("to_wallet", "0"),
    ];
    let page = press(&mut browser, &page, "/surroundings", &back).await;
    assert!(!page.text().contains("struck"), "{}", page.text());
    for (field, value, why) in [
        ("to_mdes", "200000", "to_mdes is a number of milliseconds"),
        ("failing", "2", "failing is a number from 0 to 1"),
        ("issuers", "5001", "issuers is a whole number from 0 to 5000"),
        (
            "receipts_validity_minutes",
            "4",
            "receipts_validity_minutes is from 5 to 15",
        ),
        (
            "receipts_validity_minutes",
            "1.5",
            "receipts_validity_minutes is a whole number",
        ),
        ("code_mode", "nonsense", "code_mode: unknown variant"),
        ("session_in_jws", "perhaps", "session_in_jws is true or false"),
        ("session_in_jws", "", "Choose what to change"),
    ] {
        let before = bench.demo.stage.desk.pulled();
        let refused = press(&mut browser, &page, "/surroundings", &[(field, value)]).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(refused.text().contains(why), "{field}: {}", refused.text());
        assert_eq!(bench.demo.stage.desk.pulled(), before, "{field}");
    }
}

#[tokio::test]
async fn another_site_cannot_press_a_button() {
    let bench = Bench::open().await;
    let address = format!("{}/console/preset", bench.demo.workbench_url);
    let answer = bench
        .http()
        .post(&address)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("preset=tampered")
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 403);
    assert_eq!(bench.demo.stage.desk.active(), None);
}
