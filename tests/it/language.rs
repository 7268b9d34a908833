//! The language and the colours of the pages: chosen on a page or in an address, and kept on the way to the bank and back.

use tidemark::cli::browser::{Browser, Page};
use tidemark::words::Language;

use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, World, card, session_of};

/// What the root element of a page says of its language and colours.
fn root(page: &Page, attribute: &str) -> Option<String> {
    let root = page.tags().into_iter().find(|tag| tag.name == "html")?;
    root.attributes.get(attribute).cloned()
}

fn language_of(page: &Page) -> String {
    let said = root(page, "lang").expect("a language");
    let header = page.headers.get("content-language").expect("the same in the header");
    assert_eq!(header.to_str().expect("text"), said);
    said
}

/// Opens the language page from another page and saves a choice there.
pub async fn choose(world: &World, browser: &mut Browser, from: &str, choices: &[(&str, &str)]) -> Page {
    browser.hints.push(("Referer", from.to_owned()));
    let page = browser.get(&world.at("/language")).await.expect("an answer");
    browser.hints.pop();
    let form = page.form("/language").expect("a form");
    browser.submit(&page, &form, choices).await.expect("an answer")
}

#[tokio::test]
async fn a_chosen_language_is_spoken_on_the_way_to_the_bank_and_back() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    assert_eq!(language_of(&attempt), "en");
    let session = session_of(&attempt);
    let here = choose(&world, &mut browser, &attempt.url, &[("lang", "pl")]).await;
    assert_eq!(here.url, attempt.url, "back to the page before");
    assert_eq!(language_of(&here), "pl");
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    // What the bank's app opens may ask for another language, or for none.
    browser.hints.push(("Accept-Language", "fr-FR,fr".to_owned()));
    let back = browser
        .get(&world.callback(&session, &signed))
        .await
        .expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"));
    assert_eq!(language_of(&back), "pl");
    world.work().await;
    let terms = world.look(&mut browser, &back).await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"));
    let home = browser.get(&world.at("/")).await.expect("an answer");
    assert_eq!(
        (language_of(&terms), language_of(&done), language_of(&home)),
        ("pl".into(), "pl".into(), "pl".into())
    );
    assert!(home.text().contains("Twoje karty"), "{}", home.text());
}

#[tokio::test]
async fn the_page_offers_each_language_in_its_own_name_and_knows_the_current_one() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.hints.push(("Accept-Language", "ar".to_owned()));
    let page = browser.get(&world.at("/language")).await.expect("an answer");
    let tags = page.tags();
    let radios: Vec<_> = tags
        .iter()
        .filter(|tag| tag.attributes.get("name").is_some_and(|name| name == "lang"))
        .collect();
    let offered: Vec<&str> = radios.iter().map(|tag| tag.attributes["value"].as_str()).collect();
    let spoken: Vec<&str> = Language::all().map(Language::tag).collect();
    assert_eq!(offered, spoken, "no pseudo-language outside the demo");
    let checked: Vec<&str> = radios
        .iter()
        .filter(|tag| tag.attributes.contains_key("checked"))
        .map(|tag| tag.attributes["value"].as_str())
        .collect();
    assert_eq!(checked, ["ar"]);
    for language in Language::all() {
        let own = format!(
            "lang=\"{}\" dir=\"{}\">{}<",
            language.tag(),
            language.direction(),
            language.name()
        );
        assert!(page.body.contains(&own), "{own}");
    }
    assert_eq!(root(&page, "dir").as_deref(), Some("rtl"));
}

#[tokio::test]
async fn chosen_colours_are_on_every_page_until_they_are_the_systems_again() {
    let world = World::new().await;
    let mut browser = world.browser();
    let dark = choose(&world, &mut browser, "", &[("theme", "dark")]).await;
    assert_eq!(
        (dark.url.as_str(), root(&dark, "data-theme").as_deref()),
        (world.at("/").as_str(), Some("dark"))
    );
    for path in ["/help", "/language", "/nowhere", "/issuers"] {
        let page = browser.get(&world.at(path)).await.expect("an answer");
        assert_eq!(root(&page, "data-theme").as_deref(), Some("dark"), "{path}");
    }
    let light = choose(&world, &mut browser, "", &[("theme", "light"), ("lang", "de")]).await;
    assert_eq!(
        (root(&light, "data-theme").as_deref(), language_of(&light).as_str()),
        (Some("light"), "de")
    );
    let none = choose(&world, &mut browser, "", &[("theme", "system")]).await;
    assert_eq!((root(&none, "data-theme"), language_of(&none).as_str()), (None, "de"));
}

async fn save(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let secret = browser.cookie("localhost", "tidemark").expect("a cookie");
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    body.append_pair("csrf", &world.app.csrf_token(secret));
    body.extend_pairs(fields);
    Ask::post("/language", body.finish()).of(browser).send(world).await
}

#[tokio::test]
async fn saving_leads_to_a_page_of_ours_and_nowhere_else() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = format!("/sessions/{}", session_of(&attempt));
    for path in ["/", "/issuers", "/help", "/issuers/havorn-no", session.as_str()] {
        let answer = save(&world, &browser, &[("lang", "de"), ("back", path)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(path)));
    }
    for hostile in [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2Fevil.example",
        "/issuers/..//evil.example",
        "/issuers/%2e%2e",
        "/help?next=https://evil.example",
        "/help#x",
        "/help/",
        " /help",
        "/help ",
        "help",
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "/callback/1?pushAccountData=x",
        "/handoff/AAAA",
        "/signout",
        "/language",
        "/sessions/x/go",
        "/sessions/../issuers",
        "/HELP",
    ] {
        let answer = save(&world, &browser, &[("lang", "de"), ("back", hostile)]).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, Some("/")),
            "{hostile}"
        );
    }
    let none = save(&world, &browser, &[("lang", "de")]).await;
    assert_eq!((none.status, none.header("location")), (303, Some("/")));
}

#[tokio::test]
async fn what_is_no_choice_or_no_form_of_ours_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.get(&world.at("/")).await.expect("an answer");
    for wrong in [
        ("lang", "xx"),
        ("lang", "en-XA"),
        ("lang", ""),
        ("lang", "PL"),
        ("theme", "black"),
        ("theme", ""),
    ] {
        let answer = save(&world, &browser, &[wrong]).await;
        assert_eq!(
            (answer.status, answer.problem().as_deref()),
            (422, Some("bad-input")),
            "{wrong:?}"
        );
        assert_eq!(answer.header("set-cookie"), None, "{wrong:?}");
    }
    let nothing = save(&world, &browser, &[]).await;
    assert_eq!((nothing.status, nothing.header("set-cookie")), (303, None));
    for forged in [
        Ask::post("/language", "lang=de").of(&browser),
        Ask::post("/language", "lang=de&csrf=x").of(&browser),
        Ask::post("/language", "lang=de"),
    ] {
        let answer = forged.send(&world).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None));
    }
}

#[tokio::test]
async fn a_link_may_bring_its_language_and_a_return_may_not() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser
        .get(&world.at("/issuers?q=bank&lang=pl"))
        .await
        .expect("an answer");
    assert_eq!((page.url, page.status), (world.at("/issuers?q=bank"), 200));
    let page = browser.get(&world.at("/help?lang=klingon")).await.expect("an answer");
    assert_eq!(
        (page.url.clone(), language_of(&page).as_str()),
        (world.at("/help"), "pl")
    );
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let address = format!("{}&lang=de", world.callback(&session, &signed));
    let back = browser.get(&address).await.expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"));
    assert_eq!(language_of(&back), "pl");
}
