//! Visits to the app of a bank, every way of coming back from it, and the code of the wallet.

use super::super::{RETURNS, Return, address};
use super::*;
use crate::sim::catalogue::CodePolicy;

const PUSHED: &str = "pushAccountData=aaa.bbb.ccc";

impl World {
    /// Opens the app by its link; gives the path of the visit.
    async fn open_app(&self, bank: &str) -> String {
        let page = self.get(&link(bank, CALLBACK).replacen("/banks/", "/apps/", 1)).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        page.location.unwrap().strip_suffix("/start").unwrap().to_owned()
    }

    /// Adds a card in the app; stands before the question how to come back.
    async fn add_in_app(&self, bank: &str) -> String {
        let visit = self.open_app(bank).await;
        self.post(&format!("{visit}/sign-in"), "persona=ada").await;
        self.post(&format!("{visit}/cards"), &format!("card={bank}-ada-1"))
            .await;
        let page = self.post(&format!("{visit}/consent"), "decision=add").await;
        assert_eq!(page.location, Some(format!("{visit}/return")));
        visit
    }

    async fn come_back(&self, visit: &str, style: &str) -> Page {
        self.post(&format!("{visit}/return"), &format!("misbehave={style}"))
            .await
    }
}

#[tokio::test]
async fn an_app_starts_cold_and_looks_like_one_on_every_page() {
    let world = World::start().await;
    let visit = world.open_app("podoli-cz").await;
    let page = world.get(&format!("{visit}/start")).await;
    assert!(page.html.contains(r#"data-page="start""#) && page.html.contains("sign in again"));
    let looks_like_an_app = |page: &Page| {
        page.html.contains(r#"<body class="app">"#)
            && page.html.contains(r##"<meta name="theme-color" content="#0e5c4a">"##)
            && !page.html.contains(r#"href="/phone""#)
    };
    assert!(looks_like_an_app(&page));
    let page = world.get(&format!("{visit}/sign-in")).await;
    assert!(looks_like_an_app(&page));
    world.post(&format!("{visit}/sign-in"), "persona=ada").await;
    let page = world.get(&format!("{visit}/cards")).await;
    assert!(looks_like_an_app(&page));
    world.post(&format!("{visit}/cards"), "card=podoli-cz-ada-1").await;
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(looks_like_an_app(&page) && !page.html.contains(r#"value="misbehave""#));
    let page = world.post(&format!("{visit}/consent"), "decision=add").await;
    assert_eq!(page.location, Some(format!("{visit}/return")));
    let page = world.get(&format!("{visit}/return")).await;
    assert!(looks_like_an_app(&page) && page.html.contains(r#"data-page="returns""#));
    for style in RETURNS {
        let button = format!(r#"name="misbehave" value="{}""#, style.id);
        assert_eq!(page.html.matches(&button).count(), 1, "{}", style.id);
    }
    let website = world.arrive("podoli-cz").await;
    let page = world.get(&format!("{website}/sign-in")).await;
    assert!(!looks_like_an_app(&page));
}

#[tokio::test]
async fn an_app_is_opened_by_its_own_host_too_and_only_where_there_is_one() {
    let world = World::start().await;
    let at = |host: &str| {
        let path = link("podoli-cz", CALLBACK).replacen("/banks/podoli-cz", "", 1);
        Request::get(path)
            .header(header::HOST, host)
            .body(Body::empty())
            .unwrap()
    };
    for host in ["app.podoli-cz.example", "APP.podoli-cz.example:7002"] {
        let page = world.send(at(host)).await;
        assert!(page.location.unwrap().ends_with("/start"), "{host}");
    }
    // Havørn Bank has a website and nothing else.
    for host in [
        "app.havorn-no.example",
        "podoli-cz.example",
        "app.podoli-cz.example.evil",
        "127.0.0.1:7002",
        "",
    ] {
        assert_eq!(world.send(at(host)).await.status, StatusCode::NOT_FOUND, "{host}");
    }
    let path = link("havorn-no", CALLBACK).replacen("/banks/", "/apps/", 1);
    assert_eq!(world.get(&path).await.status, StatusCode::NOT_FOUND);
    let page = world.get("/apps/podoli-cz/pull").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.html.contains(r#"<body class="app">"#) && page.html.contains("tokenRequestorSessionId is missing"));
}

#[tokio::test]
async fn every_style_does_what_the_pure_function_says() {
    let world = World::start().await;
    let visit = world.add_in_app("podoli-cz").await;
    let receipts = ["MCC-STL-0".to_owned()];
    for style in RETURNS {
        let page = world.come_back(&visit, style.id).await;
        match address(style, CALLBACK, Some("aaa.bbb.ccc"), SID, &receipts) {
            Return::Redirect(to) => {
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", style.id);
                assert_eq!(page.location, Some(to), "{}", style.id);
            }
            Return::Post { url, fields } => {
                assert_eq!(page.status, StatusCode::OK, "{}", style.id);
                assert!(
                    page.html
                        .contains(&format!(r#"<form method="post" action="{url}" data-auto"#))
                );
                for (name, value) in fields {
                    let field = format!(r#"<input type="hidden" name="{name}" value="{value}">"#);
                    assert!(page.html.contains(&field), "{name}");
                }
                assert!(page.policy.contains("script-src 'self'"));
            }
            Return::Page(_) => {
                assert_eq!(page.status, StatusCode::OK, "{}", style.id);
                assert!(page.html.contains(r#"data-page="return""#) && !page.policy.contains("script-src"));
            }
        }
    }
    assert_eq!(world.seen("pushMultipleAccounts").len(), 1, "one push for all of them");
    let page = world.get("/static/bank-post.js").await;
    assert!(page.html.contains("submit()"));
}

#[tokio::test]
async fn twice_is_the_same_link_two_times_and_another_browser_gets_an_address_to_copy() {
    let world = World::start().await;
    let visit = world.add_in_app("mirabelle-fr").await;
    let escaped = format!("{CALLBACK}?{PUSHED}&#38;tokenRequestorSessionId={SID}");
    let page = world.come_back(&visit, "twice").await;
    assert_eq!(page.html.matches(&format!(r#"href="{escaped}""#)).count(), 2);
    assert!(page.html.contains(r#"data-return="twice""#) && page.html.contains(r#"data-return="twice-again""#));
    let page = world.come_back(&visit, "other-browser").await;
    assert!(page.html.contains(&format!("data-return-address>{escaped}</textarea>")));
    assert_eq!(page.html.matches(&format!(r#"href="{escaped}""#)).count(), 1);
}

#[tokio::test]
async fn the_late_return_is_offered_only_when_it_is_late() {
    let world = World::start().await;
    let visit = world.add_in_app("podoli-cz").await;
    let page = world.come_back(&visit, "late").await;
    assert!(page.html.contains("00:16:00 UTC") && !page.html.contains(PUSHED));
    world.clock.fetch_add(16 * 60 * 1000 - 1, Ordering::SeqCst);
    let page = world.come_back(&visit, "late").await;
    assert!(!page.html.contains(PUSHED));
    world.clock.fetch_add(1, Ordering::SeqCst);
    let page = world.come_back(&visit, "late").await;
    assert!(page.html.contains(r#"data-return="late""#) && page.html.contains(PUSHED));
}

#[tokio::test]
async fn a_website_asks_how_to_come_back_when_it_is_told_to_misbehave() {
    let world = World::start().await;
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(page.html.contains(r#"name="decision" value="misbehave""#));
    // Nothing is there to bring back yet.
    let page = world.come_back(&visit, "app").await;
    assert_eq!(page.location, Some(format!("{visit}/consent")));
    let page = world
        .post(
            &format!("{visit}/consent"),
            "authenticationCode=482107&decision=misbehave",
        )
        .await;
    assert_eq!(page.location, Some(format!("{visit}/return")));
    let pushes = world.seen("pushMultipleAccounts");
    assert_eq!(pushes[0].1["authenticationCode"], "482107");
    // From here every other step leads to the question, and no second push is made.
    for step in ["", "/sign-in", "/cards", "/consent"] {
        let page = world.get(&format!("{visit}{step}")).await;
        assert_eq!(page.location, Some(format!("{visit}/return")), "{step}");
    }
    for (step, body) in [("consent", "decision=add"), ("leave", "result=CANCELLED")] {
        let page = world.post(&format!("{visit}/{step}"), body).await;
        assert_eq!(page.location, Some(format!("{visit}/return")), "{step}");
    }
    assert_eq!(world.seen("pushMultipleAccounts").len(), 1);
    for nonsense in ["", "APP", "nothing"] {
        let page = world.come_back(&visit, nonsense).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{nonsense}");
    }
    let page = world.come_back(&visit, "bare").await;
    assert_eq!(page.location.as_deref(), Some(CALLBACK));
}

#[tokio::test]
async fn a_visit_that_is_over_has_no_second_way_back() {
    let world = World::start().await;
    let visit = world.open_app("podoli-cz").await;
    let left = world.post(&format!("{visit}/leave"), "result=CANCELLED").await.location;
    assert!(left.is_some());
    assert_eq!(world.come_back(&visit, "app").await.location, left);
    assert_eq!(world.get(&format!("{visit}/return")).await.location, left);
}

#[tokio::test]
async fn a_bank_that_requires_the_code_adds_no_card_without_it() {
    let world = World::start().await;
    assert_eq!(issuer("yildiztepe-tr").unwrap().code, CodePolicy::Required);
    let visit = world.choose("yildiztepe-tr", &["yildiztepe-tr-ada-1"]).await;
    let path = format!("{visit}/consent");
    let page = world.get(&path).await;
    assert!(page.html.contains("(required)") && page.html.contains("aria-required"));
    for body in [
        "decision=add",
        "decision=add&authenticationCode=++",
        "decision=misbehave&authenticationCode=",
    ] {
        let page = world.post(&path, body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(page.html.contains("Enter the code that your wallet shows.") && page.html.contains("<title>Error: "));
    }
    assert!(world.seen("pushMultipleAccounts").is_empty());
    let page = world.post(&path, "decision=add&authenticationCode=+482107+").await;
    assert!(page.location.unwrap().contains(PUSHED));
    assert_eq!(world.seen("pushMultipleAccounts")[0].1["authenticationCode"], "482107");
}

#[tokio::test]
async fn a_bank_that_does_not_know_the_code_neither_asks_for_it_nor_passes_it_on() {
    let world = World::start().await;
    world.bank.set_code_policy("havorn-no", CodePolicy::Unsupported);
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(!page.html.contains("authenticationCode"));
    let page = world
        .post(&format!("{visit}/consent"), "decision=add&authenticationCode=482107")
        .await;
    assert!(page.location.unwrap().contains(PUSHED));
    assert_eq!(
        world.seen("pushMultipleAccounts")[0].1["authenticationCode"],
        Value::Null
    );
    world.bank.set_code_policy("havorn-no", CodePolicy::Optional);
    let visit = world.choose("havorn-no", &["havorn-no-ada-1"]).await;
    let page = world.get(&format!("{visit}/consent")).await;
    assert!(page.html.contains("(optional)") && !page.html.contains("aria-required"));
}

#[tokio::test]
async fn the_list_of_banks_says_which_want_the_code() {
    let world = World::start().await;
    let asks = "Asks for the code that your wallet shows.";
    assert_eq!(world.get("/").await.html.matches(asks).count(), 1);
    world.bank.set_code_policy("havorn-no", CodePolicy::Required);
    assert_eq!(world.get("/").await.html.matches(asks).count(), 2);
}
