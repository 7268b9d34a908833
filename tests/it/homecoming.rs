//! Coming back as banks' apps really do: in every style of the bank simulator, by `POST`, and in another browser.

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::bank::{PushOptions, RETURNS, Return, address as return_address, return_style};

use crate::callback::{Started, assert_refused, assert_sent_on, signed, started, token_of};
use crate::trace;
use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, TRID, World, card};

/// What is asked of everything that a cardholder could be shown of the card before it is theirs.
const CARD_MARKS: [&str; 4] = ["••", "ending ", "class=\"art", "/logos/art"];

impl Started {
    fn callback(&self) -> String {
        format!("/callback/{}", self.session)
    }

    /// The bank's app sends a form here, in a browser with this cookie or with none.
    async fn posts(&self, world: &World, browser: Option<&Browser>, body: &str) -> Answer {
        let ask = Ask::post(&self.callback(), body)
            .with("origin", "https://bank.example")
            .with("sec-fetch-site", "cross-site")
            .with("sec-fetch-mode", "navigate")
            .with("sec-fetch-dest", "document");
        match browser {
            Some(browser) => ask.of(browser).send(world).await,
            None => ask.send(world).await,
        }
    }

    /// Where a form that was kept sends the browser.
    async fn kept(&self, world: &World, body: &str) -> String {
        let answer = self.posts(world, None, body).await;
        assert_eq!((answer.status, answer.body.len()), (303, 0), "{}", answer.text());
        let location = answer.header("location").expect("a way").to_owned();
        assert!(
            location.starts_with(&format!("{}?~parked=", self.callback())),
            "{location}"
        );
        assert!(!location.contains("eyJ"), "{location}");
        location
    }

    async fn opens(&self, world: &World, target: &str) -> Answer {
        Ask::get(target).of(&self.browser).send(world).await
    }
}

impl World {
    /// The receipts that sessions have.
    async fn spent(&self) -> usize {
        let sql = "SELECT fingerprint FROM receipts WHERE session_id IS NOT NULL";
        self.texts(sql).await.len()
    }

    /// The returns that are kept, by what they wait for.
    pub async fn parked(&self) -> Vec<String> {
        self.texts("SELECT waits_for FROM parked_returns ORDER BY 1").await
    }

    async fn pushed(&self, session: &str) -> (Vec<String>, String) {
        let cards = [card(APPROVING, "ada", 1)];
        let cards: Vec<&str> = cards.iter().map(String::as_str).collect();
        let pushed = self
            .stage
            .bank
            .push(APPROVING, &cards, Some(session), TRID, None, PushOptions::default())
            .await
            .expect("MDES takes the push");
        for receipt in &pushed.receipts {
            trace::remember("receipt", receipt);
        }
        (pushed.receipts, pushed.signature.expect("signed"))
    }
}

/// One thing to do first, and no more.
fn assert_one_primary_action(page: &Page, what: &str) {
    let main = page.body.split("<main").nth(1).expect("a page");
    let count = main.matches("class=\"button\"").count();
    assert_eq!(count, 1, "{what}: {}", page.text());
}

fn assert_no_card(page: &Page, what: &str) {
    for mark in CARD_MARKS {
        assert!(!page.body.contains(mark), "{what} shows {mark}: {}", page.text());
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Every style of the bank simulator.

/// What becomes of the receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Receipts {
    Unused,
    Burned,
    Spent,
}

use Receipts::{Burned, Spent, Unused};

/// A style, the status and the heading of the page where it ends, the session's state then, the receipts.
const ENDINGS: [(&str, u16, &str, &str, Receipts); 20] = [
    ("app", 200, "Checking your card", "returned", Spent),
    (
        "cancelled",
        200,
        "You stopped before the card was added",
        "cancelled",
        Unused,
    ),
    ("error", 200, "Havørn Bank isn’t available right now", "failed", Unused),
    (
        "other-browser",
        400,
        "You came back in another browser",
        "offered",
        Burned,
    ),
    ("twice", 200, "Checking your card", "returned", Spent),
    ("late", 410, "This took too long", "expired", Burned),
    ("posted", 200, "Checking your card", "returned", Spent),
    ("fragment", 200, "Waiting for Havørn Bank", "offered", Unused),
    ("path-case", 200, "Checking your card", "returned", Spent),
    ("bare", 200, "Waiting for Havørn Bank", "offered", Unused),
    ("overwritten", 200, "Checking your card", "returned", Spent),
    (
        "lower-case",
        400,
        "We couldn’t confirm that this came from your bank",
        "offered",
        Unused,
    ),
    ("lower-case-names", 200, "Checking your card", "returned", Spent),
    ("encoded-twice", 200, "Checking your card", "returned", Spent),
    ("repeated", 400, "We can’t read your bank’s reply", "offered", Unused),
    ("extra", 200, "Checking your card", "returned", Spent),
    ("signature-receipt", 200, "Checking your card", "returned", Spent),
    (
        "signature-push-account-receipt",
        200,
        "Checking your card",
        "returned",
        Spent,
    ),
    (
        "push-account-receipt",
        400,
        "We can’t read your bank’s reply",
        "offered",
        Unused,
    ),
    (
        "push-account-receipts",
        400,
        "We can’t read your bank’s reply",
        "offered",
        Unused,
    ),
];

/// Comes back as the style says and gives the page where that ends.
async fn comes_back(world: &World, owner: &mut Started, style: &str, way: Return) -> Page {
    match way {
        Return::Redirect(address) => owner.browser.get(&address).await.expect("an answer"),
        Return::Post { url, fields } => {
            assert_eq!(url, world.at(&owner.callback()));
            let body = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            let location = owner.kept(world, &body).await;
            owner.browser.get(&world.at(&location)).await.expect("an answer")
        }
        Return::Page(address) => match style {
            "other-browser" => world.browser().get(&address).await.expect("an answer"),
            "twice" => {
                let (mut one, mut two) = (owner.browser.clone(), owner.browser.clone());
                let (one, two) = tokio::join!(one.get(&address), two.get(&address));
                assert_eq!(one.expect("an answer").state(), two.expect("an answer").state());
                owner.browser.get(&address).await.expect("an answer")
            }
            "late" => {
                world.clock.advance(16 * 60 * 1000);
                owner.browser.get(&address).await.expect("an answer")
            }
            other => panic!("{other} shows a page"),
        },
    }
}

#[tokio::test]
async fn every_style_of_return_ends_where_it_should_with_one_thing_to_do() {
    let listed: Vec<&str> = RETURNS.iter().map(|style| style.id).collect();
    assert_eq!(listed, ENDINGS.map(|(style, ..)| style), "each style has its ending");
    for (id, status, heading, state, receipts) in ENDINGS {
        let world = World::new().await;
        let mut owner = started(&world, APPROVING).await;
        let (pushed, signature) = world.pushed(&owner.session).await;
        let callback = world.at(&owner.callback());
        let style = return_style(id).expect("a style");
        let way = return_address(style, &callback, Some(&signature), &owner.session, &pushed);
        let page = comes_back(&world, &mut owner, id, way).await;
        assert_eq!(page.status, status, "{id}: {}", page.text());
        let title = page
            .body
            .split("<h1")
            .nth(1)
            .expect("a heading")
            .split("</h1>")
            .next()
            .expect("its end");
        let title = title
            .split_once('>')
            .expect("a tag")
            .1
            .replace("<bdi>", "")
            .replace("</bdi>", "");
        assert_eq!(title, heading, "{id}");
        if state != "returned" {
            assert_one_primary_action(&page, id);
        }
        assert!(
            !page.url.contains("eyJ") || page.status != 200,
            "{id} leaves the receipt in the address"
        );
        assert_no_card(&page, id);
        assert_eq!(
            world.asked("checkEligibility"),
            0,
            "{id}: nobody is called on the way back"
        );
        let counted = (world.spent().await, world.quarantined().await);
        let wanted = match receipts {
            Unused => (0, 0),
            Burned => (0, 1),
            Spent => (1, 0),
        };
        assert_eq!(counted, wanted, "{id}");
        assert!(world.parked().await.is_empty(), "{id} leaves something behind");
        world.work().await;
        let state = if state == "returned" { "terms" } else { state };
        assert_eq!(owner.state(&world).await, state, "{id}");
        assert_eq!(world.asked("checkEligibility"), usize::from(receipts == Spent), "{id}");
    }
}

#[tokio::test]
async fn what_was_lost_behind_the_number_sign_is_a_return_once_it_is_in_the_query() {
    let world = World::new().await;
    let mut owner = started(&world, APPROVING).await;
    let (pushed, signature) = world.pushed(&owner.session).await;
    let style = return_style("fragment").expect("a style");
    let callback = world.at(&owner.callback());
    let Return::Redirect(address) = return_address(style, &callback, Some(&signature), &owner.session, &pushed) else {
        panic!("a redirect");
    };
    let page = owner.browser.get(&address).await.expect("an answer");
    assert!(
        page.text().contains("sent you back without an answer"),
        "{}",
        page.text()
    );
    // What the page's script does; a browser test sees that it does.
    let (_, lost) = address.split_once('#').expect("a fragment");
    assert_sent_on(&owner.back(&world, lost).await, &owner.session, "the rest of it");
    assert_eq!(owner.state(&world).await, "returned");
}

// ---------------------------------------------------------------------------------------------------------------
// By POST.

#[tokio::test]
async fn a_form_reads_no_cookie_and_is_taken_up_by_the_get_that_follows() {
    let world = World::new().await;
    let (owner, stranger) = (started(&world, APPROVING).await, started(&world, APPROVING).await);
    let token = token_of(&world, Some(&owner.session));
    let mut locations = Vec::new();
    for browser in [None, Some(&owner.browser), Some(&stranger.browser)] {
        let answer = owner.posts(&world, browser, &signed(&token)).await;
        assert_eq!((answer.status, answer.body.len()), (303, 0));
        assert_eq!(answer.header("set-cookie"), None);
        locations.push(answer.header("location").expect("a way").to_owned());
    }
    assert_eq!(world.parked().await, ["browser"], "the same return is kept once");
    assert!(
        locations.iter().all(|location| *location == locations[0]),
        "{locations:?}"
    );
    assert_eq!(owner.state(&world).await, "offered", "a form moves nothing");
    assert_sent_on(
        &owner.opens(&world, &locations[0]).await,
        &owner.session,
        "the GET that follows",
    );
    assert_eq!(owner.state(&world).await, "returned");
    assert!(world.parked().await.is_empty(), "it is erased");
    let before = world.books().await;
    assert_sent_on(&owner.opens(&world, &locations[0]).await, &owner.session, "a reload");
    let stranger = stranger.opens(&world, &locations[0]).await;
    assert_refused(&stranger, 400, "other-browser", "a stranger with a used handle");
    assert_eq!(world.books().await, before);
}

#[tokio::test]
async fn what_is_kept_is_sealed_and_holds_nothing_that_we_do_not_know() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let body = format!(
        "{}&iban=NO9386011117947&tokenRequestorSessionId={}",
        signed(&token),
        owner.session
    );
    owner.kept(&world, &body).await;
    for column in ["sealed", "content", "handle", "COALESCE(browser, '')"] {
        let sql = format!("SELECT {column} FROM parked_returns");
        let texts = world.texts(&sql).await.join(" ");
        assert!(
            !texts.contains("eyJ") && !texts.contains("NO938") && !texts.contains(&token),
            "{column}"
        );
    }
    owner
        .kept(
            &world,
            &format!("{}&tokenRequestorSessionId={}", signed(&token), owner.session),
        )
        .await;
    assert_eq!(
        world.parked().await.len(),
        1,
        "without the stranger it is the same return"
    );
}

#[tokio::test]
async fn a_form_in_a_strangers_browser_is_refused_where_it_is_taken_up() {
    let world = World::new().await;
    let (owner, alice) = (started(&world, APPROVING).await, started(&world, APPROVING).await);
    let (_, token) = world.pushed(&owner.session).await;
    let location = owner.kept(&world, &signed(&token)).await;
    let refused = alice.opens(&world, &location).await;
    assert_refused(&refused, 400, "other-browser", "alice");
    assert_eq!(world.quarantined().await, 1);
    assert!(world.parked().await.is_empty());
    let before = world.books().await;
    assert_sent_on(
        &owner.opens(&world, &location).await,
        &owner.session,
        "nothing is there any more",
    );
    assert_refused(
        &owner.back(&world, &signed(&token)).await,
        400,
        "foreign-receipt",
        "it is burned",
    );
    world.assert_unmoved(&before, "after the refusal").await;
    assert!(owner.page(&world).await.text().contains("in a different browser"));
}

#[tokio::test]
async fn a_form_is_read_with_its_address_as_one_and_no_name_may_come_twice() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let before = world.books().await;
    for (query, body) in [
        (signed(&token), signed(&token)),
        (signed(&token), "PUSHACCOUNTDATA=".to_owned()),
        ("push%41ccountData=".to_owned(), signed(&token)),
        ("pushAccountData".to_owned(), signed(&token)),
        (String::new(), format!("{0}&{0}", signed(&token))),
        (signed(&token), format!("signature={token}")),
        (String::new(), format!("{}&x=%zz", signed(&token))),
        (String::new(), format!("{}&result=PERHAPS", signed(&token))),
        ("a=1&".repeat(16), format!("{}{}", "b=1&".repeat(16), signed(&token))),
    ] {
        for browser in [None, Some(&owner.browser)] {
            let mut ask = Ask::post(&format!("{}?{query}", owner.callback()), &body);
            if let Some(browser) = browser {
                ask = ask.of(browser);
            }
            let answer = ask.send(&world).await;
            assert_refused(&answer, 400, "malformed-return", &format!("{query} {body}"));
        }
    }
    world
        .assert_unmoved(&before, "forms that can be read in two ways")
        .await;
    let half = Ask::post(
        &format!("{}?tokenRequestorSessionId={}", owner.callback(), owner.session),
        signed(&token),
    );
    let answer = half.send(&world).await;
    let location = answer.header("location").expect("a way").to_owned();
    assert_sent_on(
        &owner.opens(&world, &location).await,
        &owner.session,
        "one half here, one there",
    );
    assert_eq!(owner.state(&world).await, "returned");
}

#[tokio::test]
async fn a_form_that_is_none_or_too_large_or_for_no_waiting_session_is_not_kept() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let token = token_of(&world, Some(&owner.session));
    let before = world.books().await;
    let post = |body: Vec<u8>| Ask::post(&owner.callback(), body);
    for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x", ""] {
        let ask = post(signed(&token).into_bytes())
            .without("content-type")
            .with("content-type", kind);
        assert_refused(&ask.send(&world).await, 415, "unsupported-media-type", kind);
    }
    let mut long = signed(&token).into_bytes();
    long.resize(16_385, b'&');
    assert_refused(&post(long.clone()).send(&world).await, 413, "too-large", "16,385 bytes");
    world.assert_unmoved(&before, "no form").await;
    long.truncate(16_384);
    assert_eq!(post(long).send(&world).await.status, 303, "16,384 bytes");
    assert_eq!(world.parked().await.len(), 1);
    for (name, value) in [("sec-purpose", "prefetch"), ("sec-fetch-dest", "iframe")] {
        let answer = post(b"receipt=x".to_vec()).with(name, value).send(&world).await;
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{name}");
    }
    assert_eq!(world.parked().await.len(), 1);
    // An end takes with it what was kept, and nothing is kept after it.
    assert_sent_on(&owner.back(&world, "result=CANCELLED").await, &owner.session, "the end");
    assert!(world.parked().await.is_empty());
    let before = world.books().await;
    let late = owner.posts(&world, None, &signed(&token)).await;
    assert_eq!(
        late.header("location"),
        Some(owner.callback().as_str()),
        "to the callback with nothing"
    );
    assert_sent_on(
        &owner.opens(&world, &owner.callback()).await,
        &owner.session,
        "which shows the end",
    );
    world.assert_unmoved(&before, "a form after the end").await;
}

#[tokio::test]
async fn what_is_kept_ends_with_the_sessions_time() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let location = owner.kept(&world, &signed(&token)).await;
    world.clock.advance(900_000);
    assert_refused(
        &owner.opens(&world, &location).await,
        410,
        "too-late",
        "taken up too late",
    );
    let answer = owner.posts(&world, None, &signed(&token)).await;
    assert_eq!(
        answer.header("location"),
        Some(owner.callback().as_str()),
        "and not kept again"
    );
    assert_eq!(world.parked().await.len(), 1, "nobody came for the other");
    world.app.trim().await.expect("the store answers");
    assert!(world.parked().await.is_empty(), "forgotten");
    assert_eq!(world.spent().await, 0);
}

#[tokio::test]
async fn a_handle_is_good_for_its_own_session_only_and_a_made_up_one_for_nothing() {
    let world = World::new().await;
    let (one, two) = (started(&world, APPROVING).await, started(&world, APPROVING).await);
    let token = token_of(&world, None);
    let location = one.kept(&world, &signed(&token)).await;
    let (_, handle) = location.split_once('=').expect("a handle");
    let before = world.books().await;
    let made_up = "0123456789abcdef".repeat(2);
    for (started, handle, what) in [(&two, handle, "another session's"), (&one, &made_up, "made up")] {
        let target = format!("{}?~parked={handle}", started.callback());
        assert_sent_on(&started.opens(&world, &target).await, &started.session, what);
        let stranger = Ask::get(&target).send(&world).await;
        assert_refused(&stranger, 400, "other-browser", what);
    }
    world.assert_unmoved(&before, "handles").await;
    assert_eq!(two.state(&world).await, "offered");
    assert_sent_on(&one.opens(&world, &location).await, &one.session, "its own");
    assert_eq!(one.state(&world).await, "returned");
}

#[tokio::test]
async fn five_forms_are_kept_and_the_sixth_takes_the_place_of_the_oldest() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let mut locations = Vec::new();
    for _ in 0..6 {
        world.clock.advance(1);
        let token = token_of(&world, Some(&owner.session));
        locations.push(owner.kept(&world, &signed(&token)).await);
    }
    assert_eq!(world.parked().await.len(), 5);
    assert_sent_on(
        &owner.opens(&world, &locations[0]).await,
        &owner.session,
        "the oldest is gone",
    );
    assert_eq!(owner.state(&world).await, "offered");
    assert_sent_on(
        &owner.opens(&world, &locations[5]).await,
        &owner.session,
        "the newest is there",
    );
    assert_eq!(owner.state(&world).await, "returned");
    assert!(world.parked().await.is_empty());
}

/// Anybody who knows a session's id can post, and only MDES can sign.
#[tokio::test]
async fn what_nobody_signed_does_not_push_out_a_genuine_form() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let location = owner.kept(&world, &signed(&token)).await;
    for junk in 0..12 {
        world.clock.advance(1);
        for body in [
            format!("pushAccountData=junk{junk}"),
            "result=CANCELLED".to_owned(),
            String::new(),
        ] {
            assert_eq!(owner.posts(&world, None, &body).await.status, 303);
        }
    }
    assert_eq!(
        world.parked().await.len(),
        6,
        "five of one kind, and the one that counts"
    );
    assert_sent_on(&owner.opens(&world, &location).await, &owner.session, "the genuine one");
    assert_eq!(owner.state(&world).await, "returned");
}

#[tokio::test]
async fn of_many_forms_at_once_five_are_kept() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let bodies: Vec<String> = (0..24)
        .map(|_| signed(&token_of(&world, Some(&owner.session))))
        .collect();
    let posts = bodies.iter().map(|body| owner.posts(&world, None, body));
    for answer in futures_util::future::join_all(posts).await {
        assert_eq!(answer.status, 303);
    }
    assert_eq!(world.parked().await.len(), 5);
}

// ---------------------------------------------------------------------------------------------------------------
// Two browsers, where a code is asked for.

async fn with_codes() -> World {
    World::with(&[("TIDEMARK_SESSION__CROSS_BROWSER", "code")]).await
}

/// The six digits on a page.
fn digits(page: &Page) -> String {
    let shown = page.body.split("class=\"digits\" dir=\"ltr\">").nth(1).expect("digits");
    let shown = shown.split('<').next().expect("an end");
    assert_eq!(shown.len(), 8, "48 21 07: {shown}");
    shown.to_owned()
}

/// Six digits that are others.
fn wrong(code: &str) -> String {
    code.chars()
        .map(|digit| match digit {
            '0'..='8' => char::from(digit as u8 + 1),
            '9' => '0',
            other => other,
        })
        .collect()
}

async fn types(world: &World, browser: &mut Browser, page: &Page, code: &str) -> Page {
    let form = page
        .form("/return-code")
        .unwrap_or_else(|none| panic!("{none}: {}", page.text()));
    let page = browser.submit(page, &form, &[("code", code)]).await.expect("an answer");
    assert!(page.url.starts_with(&world.url));
    page
}

/// Comes back in a browser that started nothing: that browser, and its page.
async fn elsewhere(world: &World, owner: &Started, token: &str) -> (Browser, Page) {
    let mut other = world.browser();
    let page = other
        .get(&world.callback(&owner.session, token))
        .await
        .expect("an answer");
    (other, page)
}

#[tokio::test]
async fn the_code_of_the_other_browser_finishes_where_it_started() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (mut other, shown) = elsewhere(&world, &owner, &token).await;
    assert_eq!(shown.status, 200, "{}", shown.text());
    assert!(
        shown.text().contains("You started in another browser"),
        "{}",
        shown.text()
    );
    assert_no_card(&shown, "the other browser");
    assert!(
        !shown.url.contains("eyJ") && !shown.body.contains("MCC-"),
        "{}",
        shown.url
    );
    assert_eq!(
        (world.spent().await, world.quarantined().await),
        (0, 0),
        "nothing is used"
    );
    assert_eq!(world.asked("checkEligibility"), 0);
    let code = digits(&shown);
    let again = other.get(&shown.url).await.expect("an answer");
    assert_eq!(digits(&again), code, "a reload shows it again");
    let (_, third) = elsewhere(&world, &owner, &token).await;
    assert_eq!(digits(&third), code, "the same return is kept once");

    let waiting = owner.page(&world).await;
    assert_eq!(waiting.main_attribute("data-moment").as_deref(), Some("offered.code"));
    assert_no_card(&waiting, "the starting browser");
    assert_one_primary_action(&waiting, "the starting browser");
    assert!(!waiting.body.contains(&code) && !waiting.body.contains(&code.replace(' ', "")));
    let done = types(&world, &mut owner.browser, &waiting, &code).await;
    assert_eq!(done.state().as_deref(), Some("returned"), "{}", done.text());
    assert_eq!((world.spent().await, world.parked().await.len()), (1, 0));
    world.work().await;
    assert_eq!(owner.state(&world).await, "terms");
    let late = other.get(&shown.url).await.expect("an answer");
    assert_eq!(late.main_attribute("data-problem").as_deref(), Some("other-browser"));
    assert_no_card(&late, "afterwards");
    let before = world.books().await;
    let csrf = world
        .app
        .csrf_token(owner.browser.cookie("localhost", "tidemark").expect("a cookie"));
    let body = format!("csrf={csrf}&code={}", code.replace(' ', ""));
    let twice = Ask::post(&format!("/sessions/{}/return-code", owner.session), body);
    assert_sent_on(
        &twice.of(&owner.browser).send(&world).await,
        &owner.session,
        "the code twice",
    );
    world.assert_unmoved(&before, "the code twice").await;
}

#[tokio::test]
async fn five_wrong_codes_burn_the_return_and_what_is_no_code_is_no_try() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (_, shown) = elsewhere(&world, &owner, &token).await;
    let code = digits(&shown);
    let mut page = owner.page(&world).await;
    for no_code in ["", "12345", "1234567", "12345x", "      ", "٤٨٢١٠"] {
        page = types(&world, &mut owner.browser, &page, no_code).await;
        assert!(page.text().contains("You have 5 tries"), "{no_code}: {}", page.text());
        assert!(page.text().contains("There is a problem"), "{no_code}");
    }
    for left in ["4 tries", "3 tries", "2 tries", "one try"] {
        page = types(&world, &mut owner.browser, &page, &wrong(&code)).await;
        assert!(
            page.text().contains(&format!("You have {left}")),
            "{left}: {}",
            page.text()
        );
        assert!(page.text().contains("These are not the digits"), "{left}");
        assert_eq!(world.quarantined().await, 0);
    }
    let form = page.clone();
    page = types(&world, &mut owner.browser, &page, &wrong(&code)).await;
    assert!(
        page.form("/return-code").is_err() && page.text().contains("5 times"),
        "{}",
        page.text()
    );
    assert_one_primary_action(&page, "after five");
    assert_eq!((world.quarantined().await, world.parked().await.len()), (1, 0));
    let before = world.books().await;
    let sixth = types(&world, &mut owner.browser, &form, &code).await;
    assert_eq!(sixth.state().as_deref(), Some("offered"), "the right one is too late");
    let (_, again) = elsewhere(&world, &owner, &token).await;
    assert_eq!(
        again.main_attribute("data-problem").as_deref(),
        Some("other-browser"),
        "no new code"
    );
    let back = owner.back(&world, &signed(&token)).await;
    assert_refused(&back, 400, "foreign-receipt", "burned for its own browser too");
    world.assert_unmoved(&before, "after five").await;
    assert_eq!(world.asked("checkEligibility"), 0);
}

#[tokio::test]
async fn the_right_code_as_the_sixth_is_not_judged_even_if_five_were_typed_at_once() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (_, shown) = elsewhere(&world, &owner, &token).await;
    let page = owner.page(&world).await;
    // As it is while the fifth is judged and nobody has erased anything yet: that is for whoever typed it.
    world.tamper("UPDATE parked_returns SET tries = 5").await;
    let late = types(&world, &mut owner.browser, &page, &digits(&shown)).await;
    assert_eq!(late.state().as_deref(), Some("offered"), "{}", late.text());
    assert!(late.form("/return-code").is_err(), "no try is left: {}", late.text());
    assert_eq!((world.spent().await, world.quarantined().await), (0, 0));
}

/// A double click must not burn what it has just finished.
#[tokio::test]
async fn the_right_code_typed_twice_at_once_at_the_last_try_goes_on() {
    for _ in 0..4 {
        let world = with_codes().await;
        let owner = started(&world, APPROVING).await;
        let (_, token) = world.pushed(&owner.session).await;
        let (_, shown) = elsewhere(&world, &owner, &token).await;
        world.tamper("UPDATE parked_returns SET tries = 4").await;
        let secret = owner.browser.cookie("localhost", "tidemark").expect("a cookie");
        let right = digits(&shown).replace(' ', "");
        let body = format!("csrf={}&code={right}", world.app.csrf_token(secret));
        let ask = Ask::post(&format!("/sessions/{}/return-code", owner.session), body).of(&owner.browser);
        let clicks = futures_util::future::join_all([ask.send(&world), ask.send(&world), ask.send(&world)]).await;
        assert!(clicks.iter().all(|answer| answer.status == 303));
        assert_eq!(owner.state(&world).await, "returned");
        assert_eq!((world.spent().await, world.quarantined().await), (1, 0));
    }
}

#[tokio::test]
async fn the_same_return_again_in_another_browser_is_no_news() {
    let world = with_codes().await;
    let owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    elsewhere(&world, &owner, &token).await;
    let version = "SELECT CAST(version AS TEXT) FROM sessions";
    let before = world.texts(version).await;
    for _ in 0..3 {
        let (_, shown) = elsewhere(&world, &owner, &token).await;
        assert!(shown.body.contains("class=\"digits\""), "{}", shown.text());
    }
    assert_eq!(world.texts(version).await, before);
}

#[tokio::test]
async fn another_return_in_between_gives_no_new_tries() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, first) = world.pushed(&owner.session).await;
    let (_, shown) = elsewhere(&world, &owner, &first).await;
    for _ in 0..4 {
        let page = owner.page(&world).await;
        types(&world, &mut owner.browser, &page, &wrong(&digits(&shown))).await;
    }
    let (_, second) = world.pushed(&owner.session).await;
    for token in [&second, &first] {
        elsewhere(&world, &owner, token).await;
        let page = owner.page(&world).await;
        assert!(page.text().contains("You have one try"), "{}", page.text());
    }
}

#[tokio::test]
async fn the_same_receipts_written_otherwise_are_no_new_tries() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (_, shown) = elsewhere(&world, &owner, &token).await;
    let page = owner.page(&world).await;
    types(&world, &mut owner.browser, &page, &wrong(&digits(&shown))).await;
    let address = format!("{}?signature={token}", world.at(&owner.callback()));
    let again = world.browser().get(&address).await.expect("an answer");
    assert_eq!(digits(&again), digits(&shown));
    assert!(owner.page(&world).await.text().contains("You have 4 tries"));
}

#[tokio::test]
async fn of_many_wrong_codes_at_once_five_are_judged() {
    let world = with_codes().await;
    let owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (_, shown) = elsewhere(&world, &owner, &token).await;
    let (right, csrf) = (
        digits(&shown).replace(' ', ""),
        world
            .app
            .csrf_token(owner.browser.cookie("localhost", "tidemark").expect("a cookie")),
    );
    let target = format!("/sessions/{}/return-code", owner.session);
    let tries = (0..20).map(|_| {
        let body = format!("csrf={csrf}&code={}", wrong(&right));
        Ask::post(&target, body).of(&owner.browser)
    });
    let tries: Vec<Ask> = tries.collect();
    let answers = futures_util::future::join_all(tries.iter().map(|ask| ask.send(&world))).await;
    let wrong = answers
        .iter()
        .filter(|answer| {
            answer
                .header("location")
                .is_some_and(|to| to.ends_with("note=code-wrong"))
        })
        .count();
    assert!(wrong <= 4, "{wrong} were told to try again");
    assert_eq!((world.quarantined().await, world.parked().await.len()), (1, 0));
}

#[tokio::test]
async fn the_right_code_in_the_wrong_browser_or_too_late_is_nothing() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (mut other, shown) = elsewhere(&world, &owner, &token).await;
    let code = digits(&shown).replace(' ', "");
    other.get(&world.at("/")).await.expect("an answer");
    let stranger = started(&world, APPROVING).await;
    let before = world.books().await;
    for browser in [&other, &stranger.browser] {
        let csrf = world
            .app
            .csrf_token(browser.cookie("localhost", "tidemark").expect("a cookie"));
        let ask = Ask::post(
            &format!("/sessions/{}/return-code", owner.session),
            format!("csrf={csrf}&code={code}"),
        );
        assert_refused(&ask.of(browser).send(&world).await, 404, "not-found", "another browser");
    }
    // Its address in the starting browser is no code, and finishes nothing.
    let target = shown.url.strip_prefix(&world.url).expect("ours").to_owned();
    assert_sent_on(
        &owner.opens(&world, &target).await,
        &owner.session,
        "the other browser's address",
    );
    world.assert_unmoved(&before, "the wrong browser").await;
    let page = owner.page(&world).await;
    world.clock.advance(900_000);
    let late = types(&world, &mut owner.browser, &page, &code).await;
    assert_eq!(
        (late.status, late.main_attribute("data-problem").as_deref()),
        (410, Some("too-late")),
        "{}",
        late.text()
    );
    world.work().await;
    assert_eq!(owner.state(&world).await, "expired");
    assert_eq!((world.spent().await, world.parked().await.len()), (0, 0));
}

#[tokio::test]
async fn only_a_genuine_return_for_a_waiting_session_is_worth_a_code() {
    let world = with_codes().await;
    let owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let before = world.books().await;
    for query in [
        String::new(),
        "result=CANCELLED".to_owned(),
        "receipt=MCC-STL-1".to_owned(),
        signed("a.b.c"),
        signed(&token.to_ascii_lowercase()),
    ] {
        let answer = Ask::get(&format!("{}?{query}", owner.callback())).send(&world).await;
        assert_refused(&answer, 400, "other-browser", &query);
    }
    world.assert_unmoved(&before, "nothing signed").await;
    let foreign = token_of(&world, Some(&uuid::Uuid::nil().to_string()));
    let answer = Ask::get(&format!("{}?{}", owner.callback(), signed(&foreign)))
        .send(&world)
        .await;
    assert_refused(&answer, 400, "other-browser", "another session's receipt");
    assert!(world.parked().await.is_empty());
    assert_eq!(world.quarantined().await, 1);
}

#[tokio::test]
async fn a_form_in_the_other_browser_leads_to_the_code_as_well() {
    let world = with_codes().await;
    let mut owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let location = owner.kept(&world, &signed(&token)).await;
    let shown = world.browser().get(&world.at(&location)).await.expect("an answer");
    assert_eq!(world.parked().await, ["code"]);
    let waiting = owner.page(&world).await;
    let done = types(&world, &mut owner.browser, &waiting, &digits(&shown)).await;
    assert_eq!(done.state().as_deref(), Some("returned"), "{}", done.text());
}

#[tokio::test]
async fn without_the_setting_no_code_is_shown_and_none_is_asked_for() {
    let world = World::new().await;
    let owner = started(&world, APPROVING).await;
    let (_, token) = world.pushed(&owner.session).await;
    let (_, refused) = elsewhere(&world, &owner, &token).await;
    assert_eq!(refused.status, 400);
    assert!(!refused.body.contains("class=\"digits\""));
    assert_no_card(&refused, "the other browser");
    assert_one_primary_action(&refused, "the other browser");
    assert!(
        refused.body.contains(&format!("href=\"/issuers/{APPROVING}\"")),
        "the issuer is chosen already"
    );
    let waiting = owner.page(&world).await;
    assert!(waiting.form("/return-code").is_err() && waiting.text().contains("different browser"));
    assert_one_primary_action(&waiting, "the starting browser");
    assert_eq!(
        waiting.main_attribute("data-moment").as_deref(),
        Some("offered.elsewhere")
    );
    assert_no_card(&waiting, "the starting browser");
    assert!(world.parked().await.is_empty());
}
