//! `notifyTokenUpdated`: a notice makes the wallet ask MDES, and moves nothing by itself.

use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Page};
use tidemark::mdes::payload::{OaepHash, Recipient, encrypt};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::{TEXTING, World, card};

const PATH: &str = "/mdes/digitization/1/0/notifyTokenUpdated";
const PLAIN: &[(&str, &str)] = &[("TIDEMARK_MDES__NOTIFICATION_PLAIN", "true")];

/// What came back: status, media type, body.
struct Answer {
    status: u16,
    media_type: String,
    body: Value,
}

/// Sends bytes as a program would, with nothing added.
async fn post(world: &World, media_type: &str, body: &[u8]) -> Answer {
    request(world, "POST", media_type, body).await
}

async fn request(world: &World, method: &str, media_type: &str, body: &[u8]) -> Answer {
    let port = world.url.rsplit(':').next().expect("a port");
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}"))
        .await
        .expect("the wallet");
    let head = format!(
        "{method} {PATH} HTTP/1.1\r\nhost: anything.example\r\nconnection: close\r\ncontent-type: {media_type}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    // The wallet may have answered and gone before a body that is too large has left.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let media_type = head.lines().find_map(|line| line.strip_prefix("content-type: "));
    Answer {
        status: head.split(' ').nth(1).expect("a status").parse().expect("a number"),
        media_type: media_type.unwrap_or_default().to_owned(),
        body: serde_json::from_str(body).unwrap_or(Value::Null),
    }
}

fn notice(token: &str, status: &str) -> Value {
    json!({"responseHost": "site1.your-server.com", "requestId": "notice-1", "tokens": [{
        "tokenUniqueReference": token, "tokenRequestorId": "50123456789", "status": status,
        "statusTimestamp": "2026-01-01T12:00:00.000Z",
    }]})
}

/// The same notice about a change at that second of the minute, under an id of its own.
fn at_second(mut notice: Value, second: usize) -> Value {
    notice["requestId"] = json!(format!("notice-{second}"));
    notice["tokens"][0]["statusTimestamp"] = json!(format!("2026-01-01T12:00:{second:02}.000Z"));
    notice
}

async fn tell(world: &World, notice: &Value) -> u16 {
    post(world, "application/json", notice.to_string().as_bytes())
        .await
        .status
}

fn state(page: &Page) -> String {
    page.state().unwrap_or_default()
}

/// A card that waits for its code: the page, and the token.
async fn waiting(world: &World, browser: &mut Browser) -> (Page, String) {
    let terms = world.to_terms(browser, TEXTING, &[&card(TEXTING, "ada", 1)]).await;
    let page = world.accept(browser, &terms).await;
    assert_eq!(state(&page), "code");
    let token = world.stage.mdes.tokens()[0].token_unique_reference.clone();
    (page, token)
}

#[tokio::test]
async fn an_encrypted_notice_of_mdes_makes_the_card_active() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    let asked = world.asked("getToken");
    assert!(world.stage.mdes.activate_as_issuer(&token));
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
    assert_eq!(world.asked("getToken"), asked + 1);
}

#[tokio::test]
async fn a_forged_notice_moves_nothing() {
    let world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    for (at, status) in ["ACTIVE", "SUSPENDED", "DEACTIVATED", "SOMETHING_NEW"]
        .into_iter()
        .enumerate()
    {
        let asked = world.asked("getToken");
        let body = at_second(notice(&token, status), 50 + at);
        let answer = post(&world, "application/json", body.to_string().as_bytes()).await;
        assert_eq!(answer.status, 200, "{status}");
        assert_eq!(world.asked("getToken"), asked, "the answer does not wait for MDES");
        world.work().await;
        assert_eq!(world.asked("getToken"), asked + 1, "{status}");
        assert_eq!(state(&world.look(&mut browser, &page).await), "code", "{status}");
    }
}

#[tokio::test]
async fn a_notice_that_anybody_could_have_encrypted_moves_nothing_either() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    let path = world
        .config
        .mdes
        .notification_certificate
        .clone()
        .expect("a certificate");
    let to = Recipient::from_certificate(&path).expect("a certificate");
    let inner = json!({"tokens": notice(&token, "ACTIVE")["tokens"]}).to_string();
    let sealed = encrypt(&to, OaepHash::Sha256, &[1; 16], &[2; 16], inner.as_bytes()).expect("encrypted");
    let body = json!({"requestId": "forged", "encryptedPayload": sealed}).to_string();
    let answer = post(&world, "application/json", body.as_bytes()).await;
    assert_eq!(
        (answer.status, answer.body["responseId"].as_str()),
        (200, Some("forged"))
    );
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "code");
    assert_eq!(world.stage.mdes.tokens()[0].status, "INACTIVE");
}

#[tokio::test]
async fn a_plain_notice_is_refused_unless_it_is_allowed() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (_, token) = waiting(&world, &mut browser).await;
    let calls = world.stage.mdes.calls().len();
    let answer = post(
        &world,
        "application/json",
        notice(&token, "ACTIVE").to_string().as_bytes(),
    )
    .await;
    assert_eq!((answer.status, answer.body["code"].as_str()), (422, Some("bad-input")));
    assert_eq!(answer.media_type, "application/problem+json");
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls);
}

#[tokio::test]
async fn garbage_is_refused_as_a_problem_and_moves_nothing() {
    let world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (_, token) = waiting(&world, &mut browser).await;
    let calls = world.stage.mdes.calls().len();
    let good = notice(&token, "ACTIVE").to_string();
    let many = json!({"tokens": vec![notice(&token, "ACTIVE")["tokens"][0].clone(); 101]}).to_string();
    let twice = good.replacen("\"requestId\"", "\"tokens\":[],\"requestId\"", 1);
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let huge = format!("{{\"padding\":\"{}\"}}", "x".repeat(70_000));
    let both = good.replacen("\"requestId\"", "\"encryptedPayload\":{},\"requestId\"", 1);
    for (media_type, body, wanted) in [
        ("application/json", "", 422),
        ("application/json", "{", 422),
        ("application/json", "[]", 422),
        ("application/json", "{}", 422),
        ("application/json", "{\"tokens\":[]}", 422),
        ("application/json", "{\"tokens\":[{}]}", 422),
        (
            "application/json",
            "{\"tokens\":[{\"tokenUniqueReference\":\"\"}]}",
            422,
        ),
        (
            "application/json",
            "{\"tokens\":[{\"tokenUniqueReference\":\"a b\"}]}",
            422,
        ),
        (
            "application/json",
            "{\"encryptedPayload\":{\"encryptedData\":\"00\"}}",
            422,
        ),
        ("application/json", many.as_str(), 422),
        ("application/json", twice.as_str(), 422),
        ("application/json", deep.as_str(), 422),
        ("application/json", both.as_str(), 422),
        ("application/json", huge.as_str(), 413),
        ("text/plain", good.as_str(), 415),
        ("application/x-www-form-urlencoded", good.as_str(), 415),
    ] {
        let answer = post(&world, media_type, body.as_bytes()).await;
        let shown = body.chars().take(80).collect::<String>();
        assert_eq!(answer.status, wanted, "{shown}");
        assert_eq!(answer.media_type, "application/problem+json", "{shown}");
        assert!(!answer.body.to_string().contains(&token), "{shown}");
    }
    for method in ["GET", "PUT", "DELETE"] {
        let answer = request(&world, method, "application/json", b"").await;
        assert_eq!(
            (answer.status, answer.media_type.as_str()),
            (405, "application/problem+json"),
            "{method}"
        );
    }
    let bytes = post(&world, "application/json", b"{\"tokens\":\"\xff\"}").await;
    assert_eq!(bytes.status, 422);
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls);
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_no_fault() {
    let world = World::with(PLAIN).await;
    let calls = world.stage.mdes.calls().len();
    for reference in ["DWSPMC000000000000000000000000000000000000000000", "x", "'; DROP--"] {
        let answer = post(
            &world,
            "application/json",
            notice(reference, "ACTIVE").to_string().as_bytes(),
        )
        .await;
        let wanted = if reference.contains(' ') { 422 } else { 200 };
        assert_eq!(answer.status, wanted, "{reference}");
    }
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls);
}

#[tokio::test]
async fn a_notice_that_comes_twice_counts_once() {
    let world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    let body = notice(&token, "ACTIVE").to_string();
    for _ in 0..3 {
        let answer = post(&world, "application/json", body.as_bytes()).await;
        assert_eq!(
            (answer.status, answer.body["responseId"].as_str()),
            (200, Some("notice-1"))
        );
    }
    let asked = world.asked("getToken");
    world.work().await;
    assert_eq!(world.asked("getToken"), asked + 1);
    assert!(world.stage.mdes.activate_as_issuer(&token));
    world.work().await;
    for _ in 0..2 {
        post(&world, "application/json", body.as_bytes()).await;
        world.work().await;
        assert_eq!(state(&world.look(&mut browser, &page).await), "active");
    }
}

#[tokio::test]
async fn a_removal_that_mdes_does_not_confirm_removes_nothing() {
    let world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    let done = world
        .act(&mut browser, &page, "/code", &[("code", &world.code())])
        .await;
    assert_eq!(state(&done), "active");
    let suffix = world.stage.mdes.tokens()[0].account_suffix.clone();
    let notice = notice(&token, "DEACTIVATED").to_string();
    post(&world, "application/json", notice.as_bytes()).await;
    world.work().await;
    let home = browser.get(&world.at("/")).await.expect("an answer");
    assert!(
        home.text().contains(&suffix),
        "MDES says that it is active: {}",
        home.text()
    );
}

#[tokio::test]
async fn one_change_is_asked_about_once_however_often_it_is_told() {
    let mut world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (_, token) = waiting(&world, &mut browser).await;
    let asked = world.asked("getToken");
    let first = at_second(notice(&token, "ACTIVE"), 30);
    for _ in 0..3 {
        assert_eq!(tell(&world, &first).await, 200);
        world.work().await;
    }
    assert_eq!(world.asked("getToken"), asked + 1);
    world.restart().await;
    let mut renamed = first.clone();
    renamed["requestId"] = json!("under-another-name");
    for again in [&first, &renamed] {
        assert_eq!(tell(&world, again).await, 200);
        world.work().await;
    }
    assert_eq!(
        world.asked("getToken"),
        asked + 1,
        "one change has one time, also after a restart"
    );
    let mut timeless = notice(&token, "ACTIVE");
    timeless["tokens"][0]["statusTimestamp"] = Value::Null;
    for _ in 0..2 {
        assert_eq!(tell(&world, &timeless).await, 200);
        world.work().await;
    }
    assert_eq!(world.asked("getToken"), asked + 2, "without a time the id tells");
}

#[tokio::test]
async fn what_is_older_than_what_mdes_has_said_is_no_news() {
    let mut world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    world.clock.advance(60_000);
    assert!(world.stage.mdes.activate_as_issuer(&token));
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
    let asked = world.asked("getToken");
    world.restart().await;
    for second in [30, 10, 59] {
        assert_eq!(tell(&world, &at_second(notice(&token, "SUSPENDED"), second)).await, 200);
        world.work().await;
    }
    assert_eq!(world.asked("getToken"), asked);
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
}

/// Whoever has our certificate can write any time into a notice. It must not keep later ones from being heard.
#[tokio::test]
async fn a_notice_from_the_future_hides_none_that_comes_later() {
    let world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    let mut forged = notice(&token, "DEACTIVATED");
    forged["tokens"][0]["statusTimestamp"] = json!("9999-01-01T00:00:00.000Z");
    assert_eq!(tell(&world, &forged).await, 200);
    world.work().await;
    assert!(world.stage.mdes.activate_as_issuer(&token));
    world.work().await;
    assert_eq!(state(&world.look(&mut browser, &page).await), "active");
}

#[tokio::test]
async fn a_notice_for_another_token_requestor_is_refused_whole() {
    let world = World::with(PLAIN).await;
    let mut browser = world.browser();
    let (_, token) = waiting(&world, &mut browser).await;
    let calls = world.stage.mdes.calls().len();
    let mut foreign = notice(&token, "ACTIVE");
    let own = foreign["tokens"][0].clone();
    foreign["tokens"][0]["tokenRequestorId"] = json!("50123197928");
    foreign["tokens"].as_array_mut().expect("a list").push(own);
    let answer = post(&world, "application/json", foreign.to_string().as_bytes()).await;
    assert_eq!((answer.status, answer.body["code"].as_str()), (422, Some("bad-input")));
    let detail = answer.body["detail"].as_str().expect("a detail").to_owned();
    assert!(detail.contains("tokenRequestorId is ours"), "{detail}");
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls);
}

#[tokio::test]
async fn whatever_is_wrong_with_the_encryption_is_refused_in_the_same_words() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    let calls = world.stage.mdes.calls().len();
    let ours = world.config.mdes.notification_certificate.clone().expect("ours");
    let strangers = tidemark::sim::mdes::Keys::generate();
    let theirs = strangers.encryption_cert_pem().to_vec();
    let inner = json!({"tokens": notice(&token, "ACTIVE")["tokens"]}).to_string();
    let sealed = |certificate: &[u8]| {
        let to = Recipient::from_certificate(certificate).expect("a certificate");
        let sealed = encrypt(&to, OaepHash::Sha256, &[1; 16], &[2; 16], inner.as_bytes()).expect("encrypted");
        serde_json::to_value(sealed).expect("JSON")
    };
    let (good, foreign) = (sealed(&ours), sealed(&theirs));
    let bent = |name: &str, value: Value| {
        let mut bent = good.clone();
        bent[name] = value;
        bent
    };
    let mut details = std::collections::BTreeSet::new();
    for payload in [
        foreign.clone(),
        bent("encryptedKey", foreign["encryptedKey"].clone()),
        bent("publicKeyFingerprint", foreign["publicKeyFingerprint"].clone()),
        bent("publicKeyFingerprint", json!("00".repeat(32))),
        bent("encryptedData", json!("00".repeat(64))),
        bent("encryptedData", json!("not hexadecimal")),
        bent("iv", json!("00")),
        bent("oaepHashingAlgorithm", json!("MD5")),
    ] {
        let body = json!({"requestId": "n", "encryptedPayload": payload}).to_string();
        let answer = post(&world, "application/json", body.as_bytes()).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (422, Some("bad-input")),
            "{body}"
        );
        details.insert(answer.body["detail"].as_str().expect("a detail").to_owned());
    }
    assert_eq!(details.len(), 1, "nothing is learnt by trying: {details:?}");
    assert!(
        details.first().expect("one").contains("publicKeyFingerprint"),
        "{details:?}"
    );
    world.work().await;
    assert_eq!(world.stage.mdes.calls().len(), calls);
    assert_eq!(state(&world.look(&mut browser, &page).await), "code");
    let body = json!({"requestId": "n", "encryptedPayload": good}).to_string();
    assert_eq!(post(&world, "application/json", body.as_bytes()).await.status, 200);
}

/// The bank pauses and lets go on as fast as it can, and the notices come in whatever order.
#[tokio::test]
async fn after_a_storm_of_notices_the_card_is_as_mdes_has_it() {
    let world = World::new().await;
    let mut browser = world.browser();
    let (page, token) = waiting(&world, &mut browser).await;
    assert!(world.stage.mdes.activate_as_issuer(&token));
    world.work().await;
    for turn in 0..15 {
        let bank = &world.stage.bank;
        if turn % 2 == 0 {
            bank.suspend_token(&token).await.expect("paused");
        } else {
            bank.resume_token(&token).await.expect("resumed");
        }
        if turn % 5 == 0 {
            let _ = world.app.run_due().await.expect("the store answers");
        }
    }
    world.work().await;
    assert_eq!(world.stage.mdes.tokens()[0].status, "SUSPENDED");
    let last = world.look(&mut browser, &page).await;
    assert_eq!(
        last.main_attribute("data-problem").as_deref(),
        Some("suspended"),
        "{}",
        last.text()
    );
}
