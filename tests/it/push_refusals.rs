//! Links that are refused: each with its page, nobody is sent anywhere, and nothing has moved.

use tidemark::cli::browser::Page;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::card_by_id;

use crate::push::Offer;
use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, TEXTING, World, card, push_profiles, session_of};

impl World {
    /// What a link is answered in a browser that was never here.
    pub async fn follow_link(&self, query: &str) -> Answer {
        Ask::get(&format!("/push?{query}")).send(self).await
    }

    /// A genuine signature of MDES over a payload of the test's.
    pub fn sign(&self, payload: &serde_json::Value) -> String {
        self.stage.mdes.sign_push_account_data(&payload.to_string())
    }

    /// A genuine signature over the receipts of an offer, and another address.
    fn signed_for(&self, offer: &Offer, callback: &str) -> String {
        self.sign(&serde_json::json!({ "pushAccountReceipts": offer.receipts, "callbackURL": callback }))
    }
}

/// A page with this status and code, and no way to anywhere else.
fn assert_refused(answer: &Answer, status: u16, code: &str, of: &str) {
    let text = answer.text();
    assert_eq!(answer.status, status, "{of}: {text}");
    assert!(text.contains(&format!("data-problem=\"{code}\"")), "{of}: {text}");
    assert_eq!(answer.header("location"), None, "{of}");
    assert_eq!(answer.header("refresh"), None, "{of}");
    assert!(!text.contains("evil"), "{of}: {text}");
    assert!(!text.contains("MCC-") && !text.contains("DMC-"), "{of}: {text}");
}

#[tokio::test]
async fn what_is_not_genuine_or_cannot_be_read_is_refused() {
    let world = World::new().await;
    let offer = world.offer_one(APPROVING).await;
    let (signed, rest) = offer.signed.rsplit_once('.').expect("three parts");
    let turned: String = rest.chars().rev().collect();
    let tampered = format!("{signed}.{turned}");
    let foreign = "eyJhbGciOiJSUzI1NiIsImtpZCI6Im5vYm9keXMifQ.e30.AAAA";
    let genuine = &offer.signed;
    let receipt = &offer.receipts[0];
    for (query, status, code) in [
        (String::new(), 400, "malformed-push"),
        ("pushAccountData=".to_owned(), 400, "malformed-push"),
        (format!("pushAccountData={tampered}"), 400, "not-genuine"),
        ("pushAccountData=a.b.c".to_owned(), 400, "not-genuine"),
        (format!("pushAccountData={foreign}"), 400, "unknown-key"),
        (
            format!("pushAccountData={genuine}&pushAccountData={genuine}"),
            400,
            "malformed-push",
        ),
        (
            format!("pushAccountData={genuine}&PUSHACCOUNTDATA=x"),
            400,
            "malformed-push",
        ),
        (
            format!("pushAccountData={genuine}&callbackRequired=maybe"),
            400,
            "malformed-push",
        ),
        (
            format!("pushAccountData={genuine}&pushAccountReceipts=MCC-OTHER"),
            400,
            "malformed-push",
        ),
        (format!("pushAccountReceipts={receipt}"), 400, "push-not-signed"),
        (
            format!("pushAccountReceipts={receipt},{receipt}"),
            400,
            "malformed-push",
        ),
        (
            format!("pushAccountReceipt={receipt}&pushAccountReceipts={receipt}"),
            400,
            "malformed-push",
        ),
        ("pushAccountReceipts=nothing".to_owned(), 400, "malformed-push"),
        (
            "pushAccountReceipts=MCC-1,MCC-2,MCC-3,MCC-4,MCC-5,MCC-6".to_owned(),
            400,
            "malformed-push",
        ),
    ] {
        assert_refused(&world.follow_link(&query).await, status, code, &query);
        let posted = Ask::post("/push", &query).send(&world).await;
        assert_refused(&posted, status, code, &query);
    }
    world.assert_nothing_begun().await;
}

#[tokio::test]
async fn six_receipts_none_and_malformed_ones_are_refused_although_they_are_signed() {
    let world = World::new().await;
    let callback = world.bank_callback(APPROVING);
    for receipts in [
        serde_json::json!([]),
        serde_json::json!(["MCC-1", "MCC-2", "MCC-3", "MCC-4", "MCC-5", "MCC-6"]),
        serde_json::json!(["MCC-1", "MCC-1"]),
        serde_json::json!(["no receipt"]),
        serde_json::json!("MCC-1"),
    ] {
        let signed = world.sign(&serde_json::json!({ "pushAccountReceipts": receipts, "callbackURL": callback }));
        let answer = world.follow_link(&format!("pushAccountData={signed}")).await;
        assert_refused(&answer, 400, "not-genuine", &receipts.to_string());
    }
    world.assert_nothing_begun().await;
}

#[tokio::test]
async fn a_receipt_of_a_session_is_no_push_and_a_push_is_no_return() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let answer = Ask::get(&format!("/push?pushAccountData={signed}")).of(&browser);
    assert_refused(&answer.send(&world).await, 400, "push-of-session", "a pull receipt");
    assert_eq!(
        world.look(&mut browser, &attempt).await.state().as_deref(),
        Some("offered")
    );

    let offer = world.offer_one(APPROVING).await;
    let question = world.land(&mut browser, &offer).await;
    let other = world.offer_one(APPROVING).await;
    let back = world.callback(&session_of(&question), &other.signed);
    let answer = browser.get(&back).await.expect("an answer");
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(
        world.look(&mut browser, &question).await.state().as_deref(),
        Some("pushed")
    );
    world.assert_untouched().await;
}

#[tokio::test]
async fn a_signed_address_that_is_not_the_banks_is_refused_and_never_led_to() {
    let world = World::new().await;
    let offer = world.offer_one(APPROVING).await;
    let bank = world.stage.bank_base.clone();
    let authority = bank.strip_prefix("http://").expect("http").to_owned();
    let port = authority.rsplit(':').next().expect("a port").to_owned();
    let own = format!("/banks/{APPROVING}/pushed");
    let wrong = "push-wrong-callback";
    let unknown = "push-unknown-issuer";
    let mut tricks: Vec<(String, &str)> = vec![
        (format!("https://evil.example{own}"), unknown),
        (format!("https://{authority}.evil.example{own}"), wrong),
        (format!("https://evil.example?{bank}{own}"), unknown),
        (format!("https://evil.example#{bank}{own}"), unknown),
        (format!("https://xn--mnbank-7ya.evil.example{own}"), unknown),
        (format!("http://127.0.0.1{own}"), unknown),
        (format!("http://localhost:{port}{own}"), unknown),
        (format!("https://{authority}{own}"), wrong),
        ("evilbank://pushed".to_owned(), unknown),
    ];
    tricks.extend(
        [
            format!("http://{authority}@evil.example{own}"),
            format!("http://evil.example\\@{authority}{own}"),
            format!("http://{authority}\\.evil.example{own}"),
            format!("http:\\\\{authority}{own}"),
            format!("http:/{authority}{own}"),
            format!("http:{authority}{own}"),
            format!("http:///{authority}{own}"),
            format!("//{authority}{own}"),
            own.clone(),
            format!("HTTP://{authority}{own}"),
            format!("http://127.1:{port}{own}"),
            format!("http://2130706433:{port}{own}"),
            format!("http://0x7f000001:{port}{own}"),
            format!("http://[::1]:{port}{own}"),
            format!("http://[::ffff:127.0.0.1]:{port}{own}"),
            format!("http://127.0.0.1.:{port}{own}"),
            format!("http://evil.example{own}"),
            format!("{bank}/"),
            format!("{bank}/banks/{APPROVING}"),
            format!("{bank}{own}x"),
            format!("{bank}{own}/../start"),
            format!("{bank}{own}/%2e%2e/start"),
            format!("{bank}{own}/.%2E/start"),
            format!("{bank}{own}/..;/start"),
            format!("{bank}{own}/%252e%252e/start"),
            format!("{bank}{own}%2f..%2fstart"),
            format!("{bank}{own}%5c..%5cstart"),
            format!("{bank}{own}//evil.example"),
            format!("{bank}//evil.example{own}"),
            format!("{bank}{own}?x=%0d%0aLocation:https://evil.example"),
            format!("{bank}{own} "),
            format!(" {bank}{own}"),
            format!("{bank}{own}\t"),
            format!("{bank}{own}\nLocation: https://evil.example"),
            format!("{bank}{own}?{}", "x".repeat(256)),
            "javascript:alert(1)".to_owned(),
            format!("javascript://{authority}/%250aalert(1)"),
            "data:text/html;base64,PHNjcmlwdD4=".to_owned(),
            "file:///etc/passwd".to_owned(),
            "intent://evil#Intent;scheme=https;end".to_owned(),
            "content://evil/x".to_owned(),
            format!("blob:{bank}{own}"),
            "about:blank".to_owned(),
            format!("view-source:{bank}{own}"),
            "vbscript:evil".to_owned(),
            "ftp://evil.example/".to_owned(),
            "https://ev\u{ef}l.example/".to_owned(),
            format!("http://127\u{3002}0.0.1:{port}{own}"),
        ]
        .into_iter()
        .map(|text| (text, wrong)),
    );
    assert!(tricks.len() >= 40);
    for (callback, code) in &tricks {
        let signed = world.signed_for(&offer, callback);
        let answer = world.follow_link(&format!("pushAccountData={signed}")).await;
        assert_refused(&answer, 400, code, callback);
    }
    world.assert_nothing_begun().await;
}

#[tokio::test]
async fn a_used_link_is_refused_elsewhere_and_leads_to_its_session_here() {
    let world = World::new().await;
    let (mut ada, mut bob) = (world.browser(), world.browser());
    let offer = world.offer_one(APPROVING).await;
    let asked = world.land(&mut ada, &offer).await;
    assert_eq!(session_of(&world.land(&mut ada, &offer).await), session_of(&asked));
    let bobs = world.land(&mut bob, &offer).await;
    assert_ne!(session_of(&bobs), session_of(&asked));
    let mut carol = world.browser();
    let carols = world.land(&mut carol, &offer).await;

    let terms = world.want(&mut ada, &asked).await;
    // Who was asked before the others said yes or no is not asked any more, whatever they press or open.
    let says_used = |page: &Page| {
        let problem = page.main_attribute("data-problem");
        assert_eq!(
            (page.status, problem.as_deref()),
            (410, Some("push-used")),
            "{}",
            page.text()
        );
        assert!(!page.text().contains("Havørn"), "{}", page.text());
    };
    says_used(&world.send(&mut bob, &bobs, "/accept", &[]).await);
    says_used(&world.look(&mut bob, &bobs).await);
    says_used(&bob.get(&world.link(&offer)).await.expect("an answer"));
    says_used(&world.send(&mut carol, &carols, "/cancel", &[]).await);
    for (browser, page) in [(&bob, &bobs), (&carol, &carols)] {
        let back = format!("/sessions/{}/back", session_of(page));
        let back = Ask::get(&back).of(browser).send(&world).await;
        assert_eq!((back.status, back.header("location")), (410, None));
    }
    let home = bob.get(&world.at("/")).await.expect("an answer");
    assert!(!home.text().contains("Havørn"), "{}", home.text());
    let query = format!("pushAccountData={}", offer.signed);
    assert_refused(&world.follow_link(&query).await, 410, "push-used", "a third browser");
    assert_eq!(world.asked("checkEligibility"), 1);
    assert_eq!(
        world.texts("SELECT session_id FROM receipts").await,
        [session_of(&terms)]
    );

    let again = ada.get(&world.link(&offer)).await.expect("an answer");
    assert_eq!(session_of(&again), session_of(&terms));
    world.accept(&mut ada, &again).await;
    assert_eq!(world.asked("digitize"), 1);
}

#[tokio::test]
async fn what_mdes_does_not_take_sends_the_cardholder_back_to_the_bank() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    let callback = world.bank_callback(APPROVING);
    let unknown = world.sign(&serde_json::json!({
        "pushAccountReceipts": ["MCC-STL-00000000-0000-0000-0000-000000000000"], "callbackURL": callback
    }));
    for (signed, wait) in [(unknown, 0), (offer.signed.clone(), 14 * 60_000)] {
        world.clock.advance(wait);
        let link = world.at(&format!("/push?pushAccountData={signed}"));
        let question = browser.get(&link).await.expect("an answer");
        // What a bank makes lives for a quarter of an hour.
        world.clock.advance(if wait == 0 { 0 } else { 2 * 60_000 });
        let failed = world.act(&mut browser, &question, "/accept", &[]).await;
        assert_eq!(failed.state().as_deref(), Some("failed"), "{}", failed.text());
        assert_eq!(
            failed.main_attribute("data-problem").as_deref(),
            Some("receipt-refused")
        );
        let back = world.way_back(&browser, &failed).await;
        assert!(back.starts_with(&callback) && back.ends_with("=ERROR"), "{back}");
    }
    assert_eq!(world.asked("digitize"), 0);
}

#[tokio::test]
async fn heads_prefetches_and_frames_begin_nothing() {
    let world = World::new().await;
    let offer = world.offer_one(APPROVING).await;
    let target = format!("/push?pushAccountData={}", offer.signed);
    for ask in [
        Ask::new("HEAD", &target),
        Ask::get(&target).with("sec-purpose", "prefetch"),
        Ask::get(&target).with("purpose", "prefetch"),
        Ask::get(&target).with("sec-fetch-dest", "iframe"),
        Ask::get(&target).with("sec-fetch-dest", "image"),
    ] {
        assert_eq!(ask.send(&world).await.status, 204);
    }
    world.assert_nothing_begun().await;
}

#[tokio::test]
async fn a_question_is_answered_by_our_own_form_alone() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    let question = world.land(&mut browser, &offer).await;
    let path = format!("/sessions/{}/accept", session_of(&question));
    for ask in [
        Ask::post(&path, "").of(&browser),
        Ask::post(&path, "csrf=wrong").of(&browser),
        Ask::post(&path, "").of(&browser).with("sec-fetch-site", "cross-site"),
        Ask::post(&path, ""),
    ] {
        assert_eq!(ask.send(&world).await.status, 403);
    }
    world.work().await;
    world.assert_untouched().await;
}

#[tokio::test]
async fn a_link_without_a_signature_counts_for_a_bank_that_is_set_so_and_brings_it_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(TEXTING).await;
    let callback: String = url::form_urlencoded::byte_serialize(world.bank_callback(TEXTING).as_bytes()).collect();
    let query = format!(
        "pushAccountReceipts={}&callbackURL={callback}&locale=de_DE",
        offer.receipts[0]
    );
    assert_refused(&world.follow_link(&query).await, 400, "push-not-signed", "not set so");
    world.assert_nothing_begun().await;

    let profiles = push_profiles(&world.stage.bank_base);
    let section = format!("[issuer.{TEXTING}]\n");
    world.set_profiles(&profiles.replace(&section, &format!("{section}push_unsigned = \"accept\"\n")));
    let evil = format!(
        "pushAccountReceipts={}&callbackURL=https%3A%2F%2Fevil.example%2F",
        offer.receipts[0]
    );
    assert_refused(&world.follow_link(&evil).await, 400, "push-unknown-issuer", "another's");
    world.assert_nothing_begun().await;

    let question = browser
        .get(&world.at(&format!("/push?{query}")))
        .await
        .expect("an answer");
    assert_eq!(question.state().as_deref(), Some("pushed"), "{}", question.text());
    let over = world.act(&mut browser, &question, "/cancel", &[]).await;
    world.assert_no_way_back(&browser, &over).await;

    // The same receipts with their signature are another push, with its way back.
    let question = world.land(&mut browser, &offer).await;
    let over = world.act(&mut browser, &question, "/cancel", &[]).await;
    assert!(world.way_back(&browser, &over).await.ends_with("=CANCELLED"));
}

#[tokio::test]
async fn a_push_that_names_no_bank_is_asked_about_and_stays_or_is_refused() {
    let world = World::new().await;
    let mut browser = world.browser();
    let cards = [card(APPROVING, "ada", 1)];
    let offer = world.offer(APPROVING, &[&cards[0]], None, PushOptions::default()).await;
    let question = world.land(&mut browser, &offer).await;
    assert!(!question.text().contains("Havørn"), "{}", question.text());
    let terms = world.want(&mut browser, &question).await;
    let done = world.accept(&mut browser, &terms).await;
    assert_eq!(done.state().as_deref(), Some("active"), "{}", done.text());
    world.assert_no_way_back(&browser, &done).await;

    let world = World::with(&[("TIDEMARK_PUSH__UNNAMED", "refuse")]).await;
    let offer = world.offer(APPROVING, &[&cards[0]], None, PushOptions::default()).await;
    let query = format!("pushAccountData={}", offer.signed);
    assert_refused(
        &world.follow_link(&query).await,
        400,
        "push-unknown-issuer",
        "no address",
    );
    world.assert_nothing_begun().await;
}

/// What a page that refuses a push says in its heading, and that it knows of no bank and no card.
fn assert_page(answer: &Answer, (status, code, heading): (u16, &str, &str), of: &str) {
    assert_refused(answer, status, code, of);
    let text = answer.text();
    let said = text.split("<h1").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1));
    assert_eq!(said, Some(heading), "{of}");
    let known = card_by_id(&card(APPROVING, "ada", 1)).expect("a card");
    for fact in ["Havørn", "/sessions/", known.product.name, "••••"] {
        assert!(!text.contains(fact), "{of}: {fact} stands in {text}");
    }
}

#[tokio::test]
async fn each_lie_has_its_page_which_names_no_bank_and_no_card() {
    let world = World::new().await;
    let offer = world.offer_one(APPROVING).await;
    let callback = world.bank_callback(APPROVING);
    let receipts = |count: usize| (1..=count).map(|n| format!("MCC-STL-{n}")).collect::<Vec<_>>();
    let signed = |receipts: &[String], callback: &str| {
        world.sign(&serde_json::json!({ "pushAccountReceipts": receipts, "callbackURL": callback }))
    };
    let mut tampered = offer.signed.clone();
    let last_but = tampered.len() - 9;
    let other = if tampered.as_bytes()[last_but] == b'A' {
        "B"
    } else {
        "A"
    };
    tampered.replace_range(last_but..=last_but, other);
    let not_genuine = (400, "not-genuine", "We couldn’t confirm that this came from your bank");
    let lies = [
        ("a tampered signature", tampered, not_genuine),
        ("six receipts", signed(&receipts(6), &callback), not_genuine),
        ("no receipt", signed(&[], &callback), not_genuine),
        (
            "a wrong callback",
            signed(&offer.receipts, &format!("{callback}x")),
            (400, "push-wrong-callback", "This link leads back to a wrong address"),
        ),
        (
            "an unknown issuer",
            signed(&offer.receipts, "https://bank.example/pushed"),
            (400, "push-unknown-issuer", "We don’t know which bank this link is from"),
        ),
    ];
    for (of, signed, page) in &lies {
        let query = format!("pushAccountData={signed}");
        assert_page(&world.follow_link(&query).await, *page, of);
        assert_page(&Ask::post("/push", &query).send(&world).await, *page, of);
    }
    world.assert_nothing_begun().await;

    // Only now somebody uses the link: whoever comes with it later is told so, and nothing moves again.
    let mut browser = world.browser();
    let question = world.land(&mut browser, &offer).await;
    world.want(&mut browser, &question).await;
    let before = (
        world.asked("checkEligibility"),
        world.texts("SELECT id FROM sessions").await,
    );
    let used = (410, "push-used", "This link was used before");
    let query = format!("pushAccountData={}", offer.signed);
    assert_page(&world.follow_link(&query).await, used, "a replayed link");
    // What is posted is kept until its reader comes, who is told the same.
    let kept = Ask::post("/push", &query).send(&world).await;
    let place = kept.header("location").expect("a place").to_owned();
    assert_page(
        &Ask::get(&place).send(&world).await,
        used,
        "a replayed link that is posted",
    );
    world.work().await;
    let after = (
        world.asked("checkEligibility"),
        world.texts("SELECT id FROM sessions").await,
    );
    assert_eq!(before, after);
    assert_eq!((before.0, world.asked("digitize")), (1, 0));
}

#[tokio::test]
async fn a_link_that_is_too_old_asks_and_ends_before_a_card_is_shown() {
    let world = World::new().await;
    let mut browser = world.browser();
    let offer = world.offer_one(APPROVING).await;
    world.clock.advance(16 * 60_000);
    let question = world.land(&mut browser, &offer).await;
    // Who follows it is asked, not told.
    let heading = question.text();
    assert!(heading.contains("Add a card from Havørn Bank?"), "{heading}");
    let known = card_by_id(&card(APPROVING, "ada", 1)).expect("a card");
    let failed = world.act(&mut browser, &question, "/accept", &[]).await;
    assert_eq!(
        (
            failed.state().as_deref(),
            failed.main_attribute("data-problem").as_deref()
        ),
        (Some("failed"), Some("receipt-refused"))
    );
    assert!(
        failed.text().contains("This offer can’t be used any more"),
        "{}",
        failed.text()
    );
    for page in [&question, &failed] {
        assert!(!page.body.contains("••••") && !page.body.contains(known.product.name));
    }
    assert_eq!((world.asked("checkEligibility"), world.asked("digitize")), (1, 0));
    assert_eq!(world.stage.mdes.tokens(), []);
}
