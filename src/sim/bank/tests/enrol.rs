//! The bank's own page about wallets, from signing in to the way back.

use super::*;

const PAGE: &str = "/banks/havorn-no/enrol";
const ADA: &str = "havorn-no-ada-1";

impl World {
    /// Signs in; gives the sitting.
    pub async fn sit(&self, bank: &str, persona: &str) -> String {
        let page = self
            .post(&format!("/banks/{bank}/enrol/sign-in"), &format!("persona={persona}"))
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        page.location.unwrap().split_once("sitting=").unwrap().1.to_owned()
    }

    /// Signs in and opens the page; gives the sitting and the form.
    pub async fn at_the_counter(&self, bank: &str, persona: &str) -> (String, String) {
        let sitting = self.sit(bank, persona).await;
        let page = self.get(&format!("/banks/{bank}/enrol?sitting={sitting}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let (_, rest) = page.html.split_once("name=\"form\" value=\"").unwrap();
        (sitting, rest.split('"').next().unwrap().to_owned())
    }

    async fn enrol(&self, more: &str) -> Page {
        let (sitting, form) = self.at_the_counter("havorn-no", "ada").await;
        self.post(PAGE, &format!("sitting={sitting}&form={form}&{more}")).await
    }

    pub fn mdes_base(&self) -> String {
        self.bank.0.network.settings().mdes_base.clone()
    }

    /// MDES tells of a token: the question first, and how it ended.
    async fn tokenised(&self, card: &str, correlation: &str, reference: &str, decision: &str) {
        let (status, _) = self
            .service("authorizeService", &super::services::authorize(card, correlation))
            .await;
        assert_eq!(status, StatusCode::OK);
        let tcn = json!({"requestId": "r", "correlationId": correlation, "tokenUniqueReference": reference,
            "tokenRequestorId": TRID, "decision": decision});
        assert_eq!(self.service("notifyServiceActivated", &tcn).await.0, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_cardholder_pushes_a_card_by_the_signed_form_and_a_second_tap_pushes_nothing() {
    let world = World::start().await;
    let (sitting, form) = world.at_the_counter("havorn-no", "ada").await;
    let html = world.get(&format!("{PAGE}?sitting={sitting}")).await.html;
    assert!(html.contains("Add to <bdi>Tidemark &#60;b&#62;</bdi>") && html.contains("/requestors/logo-1/logo"));
    assert!(html.contains(&format!("name=\"enable\" value=\"{ADA}\"")));
    let body = format!(
        "sitting={sitting}&form={form}&card={ADA}&card=havorn-no-ada-2&requestor={TRID}&callback=on&locale=de_DE\
         &completeIssuerAppActivation=false&completeWebsiteActivation=true&minutes=5"
    );
    let page = world.post(PAGE, &body).await;
    let to = page.location.unwrap();
    assert_eq!(to, format!("https://{TRID}.example/push?pushAccountData=aaa.bbb.ccc"));
    let (_, pushed) = world.seen("pushMultipleAccounts").remove(0);
    let signed = &pushed["signatureData"];
    let callback = signed["callbackURL"].as_str().unwrap();
    assert!(callback.starts_with("http://127.0.0.1:7002/banks/havorn-no/pushed?enrolment=") && callback.len() <= 256);
    assert_eq!(
        (
            &signed["completeIssuerAppActivation"],
            &signed["completeWebsiteActivation"]
        ),
        (&json!(false), &json!(true))
    );
    assert_eq!(
        (&signed["locale"], &pushed["pushAccountReceiptsValidityPeriod"]),
        (&json!("de_DE"), &json!(5))
    );
    assert_eq!(decrypted(&pushed).as_array().unwrap().len(), 2);
    assert_eq!(world.post(PAGE, &body).await.location, Some(to));
    assert_eq!(world.seen("pushMultipleAccounts").len(), 1);
}

#[tokio::test]
async fn click_to_pay_is_one_button_and_the_legacy_form_carries_no_signature() {
    let world = World::start().await;
    let page = world.enrol(&format!("enable={ADA}")).await;
    assert_eq!(
        page.location.unwrap(),
        "https://50123197928.example/push?pushAccountData=aaa.bbb.ccc"
    );
    let (_, pushed) = world.seen("pushMultipleAccounts").remove(0);
    assert_eq!(pushed["tokenRequestorId"], "50123197928");
    assert!(pushed["signatureData"]["callbackURL"].is_null());
    let page = world
        .enrol(&format!(
            "card={ADA}&requestor={TRID}&callback=on&unsigned=on&locale=en_US"
        ))
        .await;
    let to = page.location.unwrap();
    let start = format!(
        "https://{TRID}.example/push?pushAccountReceipts=MCC-STL-0&callbackURL=http%3A%2F%2F127.0.0.1%3A7002%2F"
    );
    assert!(to.starts_with(&start) && to.ends_with("&locale=en_US"), "{to}");
}

#[tokio::test]
async fn each_form_that_is_wrong_pushes_nothing() {
    let world = World::start().await;
    let (sitting, form) = world.at_the_counter("havorn-no", "ada").await;
    let good = format!("card={ADA}&requestor={TRID}");
    for (body, status) in [
        (format!("sitting={sitting}&form=00&{good}"), StatusCode::FORBIDDEN),
        (format!("sitting={sitting}&{good}"), StatusCode::FORBIDDEN),
        (format!("sitting=00&form={form}&{good}"), StatusCode::GONE),
        (format!("form={form}&{good}"), StatusCode::GONE),
        (
            format!("sitting={sitting}&form={form}&{good}&locale=xx"),
            StatusCode::BAD_REQUEST,
        ),
        (
            format!("sitting={sitting}&form={form}&{good}&minutes=4"),
            StatusCode::BAD_REQUEST,
        ),
        (
            format!("sitting={sitting}&form={form}&{good}&callback=1"),
            StatusCode::BAD_REQUEST,
        ),
        (
            format!("sitting={sitting}&form={form}&{good}&completeWebsiteActivation=1"),
            StatusCode::BAD_REQUEST,
        ),
    ] {
        assert_eq!(world.post(PAGE, &body).await.status, status, "{body}");
    }
    for (more, sentence) in [
        (format!("requestor={TRID}"), "Choose a card."),
        (format!("card={ADA}"), "Choose who is to take the card."),
        (
            format!("card={ADA}&requestor=50999999999"),
            "Choose who is to take the card.",
        ),
        (
            format!("card=havorn-no-ben-1&requestor={TRID}"),
            "Choose only cards that can be added.",
        ),
        (
            format!("card={ADA}&card=havorn-no-ada-2&requestor=50000000000"),
            "takes one at a time",
        ),
    ] {
        let page = world.enrol(&more).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{more}");
        assert!(page.html.contains(sentence), "{more}");
    }
    // Another bank, and too late.
    let there = world
        .post(
            "/banks/podoli-cz/enrol",
            &format!("sitting={sitting}&form={form}&{good}"),
        )
        .await;
    assert_eq!(there.status, StatusCode::GONE);
    world.clock.fetch_add(12 * 60 * 1000 + 1, Ordering::SeqCst);
    let late = world.post(PAGE, &format!("sitting={sitting}&form={form}&{good}")).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(world.seen("pushMultipleAccounts").is_empty());
    assert_eq!(world.get("/banks/nobank/enrol").await.status, StatusCode::NOT_FOUND);
    let wrong = world
        .post("/banks/havorn-no/enrol/sign-in", "customer=1&password=wrong")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

async fn back(world: &World) -> String {
    world
        .enrol(&format!("card={ADA}&card=havorn-no-ada-4&requestor={TRID}&callback=on"))
        .await;
    let (_, pushed) = world.seen("pushMultipleAccounts").pop().unwrap();
    let callback = pushed["signatureData"]["callbackURL"].as_str().unwrap();
    callback.strip_prefix("http://127.0.0.1:7002").unwrap().to_owned()
}

fn outcomes(page: &Page) -> Vec<String> {
    let rest = page.html.split("data-outcome=\"").skip(1);
    rest.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn back_from_the_wallet_the_page_goes_by_what_the_server_was_told() {
    let world = World::start().await;
    let back = back(&world).await;
    let said = |query: &str| format!("{back}&{query}");
    let page = world.get(&said("results%5BMCC-STL-0%5D=APPROVED%7CT-1")).await;
    assert_eq!(outcomes(&page), ["unconfirmed", "silent"]);
    assert!(page.html.contains("data-differs"));
    world.tokenised(ADA, "c-1", "T-1", "APPROVED").await;
    world
        .tokenised("havorn-no-ada-4", "c-2", "T-4", "REQUIRE_ADDITIONAL_AUTHENTICATION")
        .await;
    let good = "results%5BMCC-STL-0%5D=APPROVED%7CT-1&results%5BMCC-STL-1%5D=REQUIRE_ADDITIONAL_AUTHENTICATION%7CT-4";
    let page = world.get(&said(good)).await;
    assert_eq!(outcomes(&page), ["enabled", "unfinished"]);
    assert!(!page.html.contains("data-differs") && !page.html.contains("data-strangers"));
    for lie in [
        "results%5BMCC-STL-0%5D=CANCELLED",
        "results%5BMCC-STL-0%5D=APPROVED%7CT-9",
        "results%5BMCC-STL-0%5D=APPROVED%7CT-1&results%5BMCC-STL-0%5D=DECLINED",
    ] {
        let page = world.get(&said(lie)).await;
        assert_eq!(outcomes(&page)[0], "enabled", "{lie}");
        assert!(page.html.contains("data-differs"), "{lie}");
    }
    let page = world.get(&said("results%5BMCC-STL-9%5D=APPROVED%7CT-9")).await;
    assert!(page.html.contains("data-strangers"));
    for nowhere in [
        "/banks/havorn-no/pushed",
        "/banks/havorn-no/pushed?enrolment=00",
        &back.replace("havorn-no", "podoli-cz"),
    ] {
        assert_eq!(world.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    // The card is shown as enabled from now on.
    let sitting = world.sit("havorn-no", "ada").await;
    let html = world.get(&format!("{PAGE}?sitting={sitting}")).await.html;
    assert_eq!(html.matches("data-enabled=\"Tidemark\"").count(), 2);
}

#[tokio::test]
async fn the_bank_finishes_the_activation_of_its_own_cards_alone() {
    let world = World::start().await;
    let back = back(&world).await;
    let enrolment = back.split_once("enrolment=").unwrap().1.to_owned();
    world
        .tokenised("havorn-no-ada-4", "c-2", "T-4", "REQUIRE_ADDITIONAL_AUTHENTICATION")
        .await;
    world
        .tokenised("havorn-no-ada-2", "c-3", "T-2", "REQUIRE_ADDITIONAL_AUTHENTICATION")
        .await;
    let finish = async |enrolment: &str, token: &str| {
        let body = format!("enrolment={enrolment}&token={token}");
        world.post("/banks/havorn-no/pushed", &body).await
    };
    for (enrolment, token) in [(enrolment.as_str(), "T-2"), (&enrolment, "T-9"), ("00", "T-4")] {
        assert_eq!(finish(enrolment, token).await.status, StatusCode::NOT_FOUND);
    }
    assert!(world.seen("activateToken").is_empty());
    let page = finish(&enrolment, "T-4").await;
    assert_eq!(page.location.as_deref(), Some(back.as_str()));
    assert_eq!(outcomes(&world.get(&back).await), ["silent", "enabled"]);
    let (_, body) = world.seen("activateToken").remove(0);
    assert_eq!(body["tokenUniqueReference"], "T-4");
    assert_eq!(finish(&enrolment, "T-4").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_card_that_is_removed_from_a_wallet_is_offered_again() {
    let world = World::start().await;
    world.tokenised(ADA, "c-1", "DWSPMC1", "APPROVED").await;
    let sitting = world.sit("havorn-no", "ada").await;
    let page = format!("{PAGE}?sitting={sitting}");
    let update = |status: &str, second: u32| {
        json!({"requestId": "r", "correlationId": "c-1", "tokenUniqueReference": "DWSPMC1", "status": status,
            "statusTimestamp": format!("2026-01-01T12:00:0{second}.000Z")})
    };
    for (status, second, is_there, is_paused) in [
        ("SUSPENDED", 1, true, true),
        ("ACTIVE", 2, true, false),
        ("DEACTIVATED", 4, false, false),
        ("DEACTIVATED", 4, false, false),
        ("SUSPENDED", 3, false, false),
    ] {
        let (answered, _) = world.service("notifyTokenUpdated", &update(status, second)).await;
        assert_eq!(answered, StatusCode::OK, "{status}");
        let html = world.get(&page).await.html;
        assert_eq!(html.contains("data-enabled="), is_there, "{status}");
        assert_eq!(html.contains("paused there"), is_paused, "{status}");
    }
    let mut timeless = update("ACTIVE", 5);
    timeless["statusTimestamp"] = json!("soon");
    let other = json!({"requestId": "r", "correlationId": "c-1"});
    for bad in [other, timeless, update("GONE", 5)] {
        assert_eq!(
            world.service("notifyTokenUpdated", &bad).await.0,
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    assert!(!world.get(&page).await.html.contains("data-enabled="));
}
