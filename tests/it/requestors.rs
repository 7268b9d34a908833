//! Two token requestors in one server: what is one's is never the other's. Each test lies in one way.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use tempfile::TempDir;
use tidemark::app::{App, Workers, span_of};
use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::keygen::keygen;
use tidemark::clock::{Clock, random_bytes};
use tidemark::config::{Config, Deployment};
use tidemark::domain::Millis;
use tidemark::http;
use tidemark::seal::Sealer;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::card_by_id;
use tidemark::sim::stage::{self, Around, EnrolledWallet, Role, Stage};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::trace;
use crate::world::{APPROVING, TEXTING, TRID, card, push_profiles, session_of};

const OTHER_TRID: &str = "50987654321";
const NOON: Millis = Millis(1_767_268_800_000);
/// The banks' addresses for cardholders whose cards they have pushed, the same for both.
const PROFILES: &str = "profiles.toml";
const NAMES: [&str; 2] = ["wallet", "shops"];

/// One server with two identities, and the simulators beside it. Dropping it stops all of it.
struct Two {
    apps: [App; 2],
    urls: [String; 2],
    deployment: Deployment,
    stage: Stage,
    workers: Vec<Workers>,
    _servers: JoinSet<()>,
    _folder: TempDir,
}

/// What is different from the usual in a test.
#[derive(Clone, Copy, Default)]
struct Way {
    /// Both share a listener; otherwise they share a host.
    one_listener: bool,
    /// The workers work by themselves.
    in_background: bool,
    /// MDES knows the other's address as the first one's.
    crossed: bool,
    /// What both configurations say besides.
    more: [&'static str; 2],
}

fn write_private(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, bytes).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a private file");
}

/// The folder of one identity's secrets.
fn secrets(folder: &Path, name: &str, receipts: &[u8]) {
    let dir = folder.join(name);
    keygen(&dir, NOON, random_bytes).expect("keys");
    let consumer_key = hex::encode(random_bytes::<32>());
    trace::remember("consumer-key", &consumer_key);
    write_private(&dir.join("consumer-key"), consumer_key.as_bytes());
    fs::write(dir.join("mdes/receipts.json"), receipts).expect("a key file");
}

fn enrolled(folder: &Path, name: &str, trid: &str, url: &str) -> EnrolledWallet {
    let read = |file: &str| fs::read(folder.join(name).join(file)).expect("a secret");
    let key = openssl::pkey::PKey::private_key_from_pem(&read("signing-key.pem")).expect("a key");
    EnrolledWallet {
        url: url.to_owned(),
        name: name.to_owned(),
        role: Role::Wallet,
        token_requestor_id: trid.to_owned(),
        consumer_key: String::from_utf8(read("consumer-key")).expect("text"),
        public_key_pem: key.public_key_to_pem().expect("a key"),
        notification_certificate_pem: Some(read("notification-certificate.pem")),
    }
}

fn configuration(before: &str, url: &str, name: &str, trid: &str, mdes_base: &str) -> String {
    format!(
        "{before}\npublic_url = \"{url}\"\ndatabase_url = \"sqlite://{name}.db\"\n\
         [brand]\nname = \"The {name}\"\n\
         [mdes]\nbase_url = \"{mdes_base}\"\ntoken_requestor_id = \"{trid}\"\n\
         consumer_key_file = \"{name}/consumer-key\"\nsigning_key_file = \"{name}/signing-key.pem\"\n\
         jws_key_files = [\"{name}/mdes/*.json\"]\nnotification_key_file = \"{name}/notification-key.pem\"\n\
         notification_certificate_file = \"{name}/notification-certificate.pem\"\n\
         [wire]\nprofiles_file = \"{PROFILES}\"\n[session]\npage_wait_ms = 0\n\
         [secrets]\ncookie_key_file = \"{name}/cookie-key\"\nstorage_key_file = \"{name}/storage-key\"\n"
    )
}

impl Two {
    async fn new(way: Way) -> Self {
        let folder = TempDir::new().expect("a folder");
        let at = folder.path();
        let keys = stage::Keys::generate();
        for name in NAMES {
            secrets(at, name, &keys.mdes.jws_jwk_json());
        }
        let listen = || async { TcpListener::bind("127.0.0.1:0").await.expect("a port") };
        let (first_at, second_at) = (listen().await, listen().await);
        let port = |listener: &TcpListener| listener.local_addr().expect("an address").port();
        let urls = [
            format!("http://localhost:{}", port(&first_at)),
            if way.one_listener {
                format!("http://127.0.0.1:{}", port(&first_at))
            } else {
                format!("http://localhost:{}", port(&second_at))
            },
        ];
        let known_at = if way.crossed { &urls[1] } else { &urls[0] };
        let clock = Clock::manual(NOON);
        let hand = clock.clone();
        let around = Around {
            other_wallets: vec![enrolled(at, NAMES[1], OTHER_TRID, &urls[1])],
            ..Around::default()
        };
        let stage = stage::open_with(
            listen().await,
            listen().await,
            enrolled(at, NAMES[0], TRID, known_at),
            keys,
            Arc::new(move || hand.now().0),
            around,
        )
        .expect("the simulators");
        fs::write(at.join(PROFILES), push_profiles(&stage.bank_base)).expect("profiles");
        let base = &stage.mdes_base;
        let listed = format!("identities = [\"shops.toml\"]\n{}", way.more[0]);
        let text = configuration(&listed, &urls[0], NAMES[0], TRID, base);
        write_private(&at.join("wallet.toml"), text.as_bytes());
        let text = configuration(way.more[1], &urls[1], NAMES[1], OTHER_TRID, base);
        write_private(&at.join("shops.toml"), text.as_bytes());
        let deployment = Deployment::load(Some(&at.join("wallet.toml")), std::iter::empty()).expect("two identities");
        let start = async |config: &Config| {
            let app = App::start(config, clock.clone(), false).await.expect("an identity");
            let refreshed = app.refresh_directory().instrument(span_of(&config.identity)).await;
            // No bank is opened at a wallet's own host, and the played ones are at that of the second here.
            assert!(
                refreshed.is_ok() || way.one_listener && !config.is_first,
                "{refreshed:?}"
            );
            app
        };
        let apps = [start(&deployment.first).await, start(&deployment.others[0]).await];
        let mut servers = JoinSet::new();
        let limits = deployment.first.limits;
        if way.one_listener {
            let router = http::by_host(&apps[0], &apps[1..]);
            servers.spawn(http::serve(first_at, router, limits, std::future::pending()));
        } else {
            for (listener, app) in [first_at, second_at].into_iter().zip(&apps) {
                let router = http::router(app.clone());
                servers.spawn(http::serve(listener, router, limits, std::future::pending()));
            }
        }
        let working = apps.iter().filter(|_| way.in_background);
        Self {
            workers: working.map(App::start_background).collect(),
            apps,
            urls,
            deployment,
            stage,
            _servers: servers,
            _folder: folder,
        }
    }

    async fn work(&self) {
        if !self.workers.is_empty() {
            return;
        }
        for app in &self.apps {
            while app.run_due().await.expect("the store answers") {}
        }
    }

    /// Starts a session with an issuer at one of them.
    async fn start(&self, who: usize, browser: &mut Browser, issuer: &str) -> Page {
        let offer = browser
            .get(&format!("{}/issuers/{issuer}", self.urls[who]))
            .await
            .expect("an answer");
        let form = offer.form("/sessions").expect("a way to start");
        let attempt = browser
            .submit(&offer, &form, &[("issuer", issuer)])
            .await
            .expect("an answer");
        assert_eq!(attempt.state().as_deref(), Some("offered"), "{}", attempt.text());
        attempt
    }

    /// What the bank pushes for a token requestor and a session.
    async fn push(&self, trid: &str, issuer: &str, session: &str) -> String {
        let cards = [card(issuer, "ada", 1)];
        let cards = cards.each_ref().map(String::as_str);
        let pushed = self
            .stage
            .bank
            .push(issuer, &cards, Some(session), trid, None, PushOptions::default());
        let pushed = pushed.await.expect("MDES takes the push");
        let signed = pushed.signature.expect("signed");
        trace::remember("token", &signed);
        signed
    }

    fn callback(&self, who: usize, session: &str, signed: &str) -> String {
        let url = &self.urls[who];
        format!("{url}/callback/{session}?pushAccountData={signed}&tokenRequestorSessionId={session}")
    }

    async fn look(&self, who: usize, browser: &mut Browser, path: &str) -> Page {
        browser
            .get(&format!("{}{path}", self.urls[who]))
            .await
            .expect("an answer")
    }

    /// From nothing to a card at one of them; answers the session.
    async fn add_a_card(&self, who: usize, browser: &mut Browser, issuer: &str) -> String {
        let session = session_of(&self.start(who, browser, issuer).await);
        let trid = [TRID, OTHER_TRID][who];
        let signed = self.push(trid, issuer, &session).await;
        browser
            .get(&self.callback(who, &session, &signed))
            .await
            .expect("an answer");
        self.work().await;
        let terms = self.once(who, browser, &session, "terms").await;
        let form = terms.form("/terms").expect("a form");
        browser
            .submit(&terms, &form, &[("action", "accept")])
            .await
            .expect("an answer");
        self.work().await;
        self.once(
            who,
            browser,
            &session,
            if issuer == TEXTING { "code" } else { "active" },
        )
        .await;
        session
    }

    /// The page of a session once it is in a state, which takes a moment where the workers work by themselves.
    async fn once(&self, who: usize, browser: &mut Browser, session: &str, state: &str) -> Page {
        let mut page = self.look(who, browser, &format!("/sessions/{session}")).await;
        for _ in 0..500 {
            if self.workers.is_empty() || page.state().as_deref() == Some(state) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
            page = self.look(who, browser, &format!("/sessions/{session}")).await;
        }
        assert_eq!(page.state().as_deref(), Some(state), "{}", page.text());
        page
    }
}

#[tokio::test]
async fn a_browser_that_is_known_to_both_sees_at_each_what_is_its_own() {
    let two = Two::new(Way::default()).await;
    let mut browser = Browser::new();
    let session = two.add_a_card(0, &mut browser, APPROVING).await;
    two.look(1, &mut browser, "/").await;
    // One host, one jar: neither writes over the other's, and neither secret is the other's.
    let [own, others] = ["tidemark", "tidemark.shops"].map(|name| browser.cookie("localhost", name).map(str::to_owned));
    assert!(own.is_some() && others.is_some() && own != others);
    let [here, there] = [0, 1].map(|who| two.apps[who].tally().by_class().collect::<Vec<_>>());
    assert_ne!(here, there);
    assert_eq!(
        two.look(0, &mut browser, "/")
            .await
            .tags()
            .iter()
            .filter(|tag| tag.attributes.contains_key("data-card-state"))
            .count(),
        1
    );
    let home = two.look(1, &mut browser, "/").await;
    assert!(
        home.tags()
            .iter()
            .all(|tag| !tag.attributes.contains_key("data-card-state")),
        "{}",
        home.text()
    );
    assert!(home.text().contains("The shops"));
    assert_eq!(
        two.look(1, &mut browser, &format!("/sessions/{session}")).await.status,
        404
    );
    // Not even who brings the first one's secret under the other's name.
    browser.set_cookie("localhost", "tidemark.shops", own.as_deref().expect("a secret"));
    assert_eq!(
        two.look(1, &mut browser, &format!("/sessions/{session}")).await.status,
        404
    );
    let tokens = two.stage.mdes.tokens();
    assert_eq!(tokens.len(), 1);
    assert_eq!(tokens[0].token_requestor_id, TRID);
}

#[tokio::test]
async fn a_form_and_a_callback_of_one_do_nothing_at_the_other() {
    let two = Two::new(Way::default()).await;
    let mut browser = Browser::new();
    let offer = two.look(0, &mut browser, &format!("/issuers/{APPROVING}")).await;
    let form = offer.form("/sessions").expect("a way to start");
    let there = two.look(1, &mut browser, &format!("/issuers/{APPROVING}")).await;
    // Sent from a page of the first, and from one of the second with what the first wrote into it.
    let mut across = form.clone();
    across.action = format!("{}/sessions", two.urls[1]);
    for from in [&offer, &there] {
        let refused = browser
            .submit(from, &across, &[("issuer", APPROVING)])
            .await
            .expect("an answer");
        assert_eq!(refused.status, 403, "{}", refused.text());
    }
    let session = session_of(&two.start(0, &mut browser, APPROVING).await);
    let signed = two.push(TRID, APPROVING, &session).await;
    let lost = browser
        .get(&two.callback(1, &session, &signed))
        .await
        .expect("an answer");
    assert_ne!(lost.state().as_deref(), Some("returned"), "{}", lost.text());
    two.work().await;
    assert!(
        two.stage
            .mdes
            .calls()
            .iter()
            .all(|call| call.operation != "checkEligibility")
    );
    // It was not spent: its own one takes it.
    let back = browser
        .get(&two.callback(0, &session, &signed))
        .await
        .expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
}

#[tokio::test]
async fn a_receipt_that_was_pushed_for_one_is_no_receipt_at_the_other() {
    let two = Two::new(Way::default()).await;
    let mut browser = Browser::new();
    let session = session_of(&two.start(1, &mut browser, APPROVING).await);
    // The signature says nothing of a token requestor, so it verifies. MDES knows whose the receipt is.
    let signed = two.push(TRID, APPROVING, &session).await;
    browser
        .get(&two.callback(1, &session, &signed))
        .await
        .expect("an answer");
    two.work().await;
    let calls = two.stage.mdes.calls();
    let asked: Vec<_> = calls
        .iter()
        .filter(|call| call.operation == "checkEligibility")
        .collect();
    assert!(
        !asked.is_empty() && asked.iter().all(|call| call.receipt == Some("foreign")),
        "{asked:?}"
    );
    let page = two.look(1, &mut browser, &format!("/sessions/{session}")).await;
    assert_ne!(page.state().as_deref(), Some("terms"), "{}", page.text());
    assert_eq!(two.stage.mdes.tokens(), []);
}

#[tokio::test]
async fn a_push_for_one_is_no_push_at_the_other() {
    let two = Two::new(Way::default()).await;
    let callback = format!("{}/banks/{APPROVING}/pushed", two.stage.bank_base);
    let id = card(APPROVING, "ada", 1);
    let (cards, options) = ([id.as_str()], PushOptions::default());
    let offer = two
        .stage
        .bank
        .push(APPROVING, &cards, None, TRID, Some(&callback), options);
    let offer = offer.await.expect("MDES takes the push");
    let signed = offer.signature.expect("signed");
    let link = format!("/push?pushAccountData={signed}");
    let mut browser = Browser::new();
    // The signature says nothing of a token requestor, so the other one can but ask. It knows of no card.
    let question = two.look(1, &mut browser, &link).await;
    assert_eq!(question.state().as_deref(), Some("pushed"), "{}", question.text());
    assert!(
        question.text().contains("Add a card from Havørn Bank?"),
        "{}",
        question.text()
    );
    let asked = |operation: &str| {
        let calls = two.stage.mdes.calls();
        let asked = calls.into_iter().filter(|call| call.operation == operation);
        asked.map(|call| call.receipt).collect::<Vec<_>>()
    };
    assert_eq!(asked("checkEligibility"), []);
    let form = question.form("/accept").expect("a form");
    browser.submit(&question, &form, &[]).await.expect("an answer");
    two.work().await;
    let session = session_of(&question);
    let failed = two.look(1, &mut browser, &format!("/sessions/{session}")).await;
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
    let known = card_by_id(&id).expect("a card");
    for page in [&question, &failed] {
        assert!(!page.text().contains(known.product.name), "{}", page.text());
    }
    // MDES knows whose the receipt is: it was asked once, made nothing, and the bank hears that nothing came of it.
    assert_eq!(asked("checkEligibility"), [Some("foreign")]);
    assert_eq!(asked("digitize"), []);
    assert_eq!(two.stage.mdes.tokens(), []);
    browser.follows = false;
    let back = two.look(1, &mut browser, &format!("/sessions/{session}/back")).await;
    let told = format!("{callback}?results%5B{}%5D=ERROR", offer.receipts[0]);
    assert_eq!(
        back.headers.get("location").and_then(|place| place.to_str().ok()),
        Some(told.as_str())
    );
    browser.follows = true;

    // At its own one it is as good as before.
    let question = two.look(0, &mut browser, &link).await;
    let form = question.form("/accept").expect("a form");
    browser.submit(&question, &form, &[]).await.expect("an answer");
    two.work().await;
    two.once(0, &mut browser, &session_of(&question), "terms").await;
}

#[tokio::test]
async fn a_notice_for_one_tells_the_other_nothing() {
    let way = Way {
        crossed: true,
        ..Way::default()
    };
    let two = Two::new(way).await;
    let mut browser = Browser::new();
    two.add_a_card(0, &mut browser, TEXTING).await;
    let token = two.stage.mdes.tokens()[0].token_unique_reference.clone();
    let before = two.apps[1].tally().by_class().collect::<Vec<_>>();
    // MDES sends it, encrypted for the first one, to the second one's address.
    assert!(two.stage.mdes.activate_as_issuer(&token));
    two.stage.mdes.pending_notifications_delivered().await;
    let refused = |counts: &[(usize, u64)]| {
        counts
            .iter()
            .find(|(class, _)| *class == 4)
            .map_or(0, |(_, count)| *count)
    };
    let after = two.apps[1].tally().by_class().collect::<Vec<_>>();
    assert!(refused(&after) > refused(&before), "{before:?} {after:?}");
    assert_eq!(before[1], after[1], "nothing was taken");
    for (name, config) in NAMES.iter().zip(two.deployment.all()) {
        let sessions = crate::world::texts(config.database.expose(), "SELECT id FROM sessions").await;
        assert_eq!(sessions.len(), usize::from(*name == "wallet"), "{name}");
    }
}

#[tokio::test]
async fn a_credential_of_one_opens_nothing_at_the_other() {
    let way = Way {
        more: [
            "api.credential = \"0123456789abcdef0123456789abcdef\"",
            "api.credential = \"fedcba9876543210fedcba9876543210\"",
        ],
        ..Way::default()
    };
    let two = Two::new(way).await;
    let http = plain_client();
    for (who, url) in two.urls.iter().enumerate() {
        for (whose, credential) in ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"]
            .iter()
            .enumerate()
        {
            let ask = http
                .get(format!("{url}/api/v1/cards?subject=ada"))
                .bearer_auth(credential);
            let status = ask.send().await.expect("an answer").status();
            assert_eq!(status.as_u16(), if who == whose { 200 } else { 401 }, "{who} {whose}");
        }
    }
}

#[tokio::test]
async fn what_one_sealed_the_other_cannot_open_nor_recognise() {
    let two = Two::new(Way::default()).await;
    let [one, other] = [&two.deployment.first, &two.deployment.others[0]]
        .map(|config| Sealer::new(config.secrets.storage_key.expose()));
    let receipt = "MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B";
    let sealed = one.seal("row", &SecretString::from(receipt), random_bytes());
    assert!(one.open("row", &sealed).is_ok());
    assert!(other.open("row", &sealed).is_err());
    assert_ne!(
        one.fingerprint("receipt", receipt),
        other.fingerprint("receipt", receipt)
    );
    let [here, there] = [0, 1].map(|who| (two.apps[who].owner_of("a secret"), two.apps[who].csrf_token("a secret")));
    assert!(here.0 != there.0 && here.1 != there.1);
}

#[tokio::test]
async fn behind_one_listener_the_host_says_which() {
    let way = Way {
        one_listener: true,
        ..Way::default()
    };
    let two = Two::new(way).await;
    let mut browser = Browser::new();
    for (who, name) in NAMES.iter().enumerate() {
        let home = two.look(who, &mut browser, "/").await;
        assert!(home.text().contains(&format!("The {name}")), "{}", home.text());
    }
    let session = two.add_a_card(0, &mut browser, APPROVING).await;
    assert_eq!(
        two.look(1, &mut browser, &format!("/sessions/{session}")).await.status,
        404
    );
    let port = two.urls[0].rsplit(':').next().expect("a port");
    for host in [
        "wallet.example".to_owned(),
        format!("127.0.0.2:{port}"),
        "localhost".to_owned(),
        "127.0.0.1".to_owned(),
    ] {
        let ask = plain_client().get(&two.urls[0]).header("host", &host);
        assert_eq!(ask.send().await.expect("an answer").status().as_u16(), 421, "{host}");
    }
    let shouted = two.urls[1].trim_start_matches("http://").to_uppercase();
    let ask = plain_client().get(&two.urls[0]).header("host", shouted);
    assert!(
        ask.send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a page")
            .contains("The shops")
    );
}

/// For requests that no browser would make.
#[expect(clippy::disallowed_methods, reason = "no client of ours lets a test choose the host")]
pub fn plain_client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

/// A log that is kept.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn every_line_of_the_log_says_whose_it_is_and_names_no_session_of_the_other() {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter("off,tidemark::app=info,tidemark::http=info,tidemark::store=info")
        .with_writer(move || writer.clone())
        .finish();
    // Of this thread alone, on which everything of this test runs.
    let guard = tracing::subscriber::set_default(subscriber);
    let way = Way {
        in_background: true,
        ..Way::default()
    };
    let mut two = Two::new(way).await;
    let mut sessions = Vec::new();
    for who in [0, 1] {
        sessions.push(two.add_a_card(who, &mut Browser::new(), APPROVING).await);
    }
    for workers in std::mem::take(&mut two.workers) {
        workers.stop().await;
    }
    drop(guard);
    let log = String::from_utf8(kept.0.lock().expect("a log").clone()).expect("text");
    let mut lines = [0, 0];
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let identity = line["span"]["identity"]
            .as_str()
            .unwrap_or_else(|| panic!("nobody's: {line}"));
        let who = NAMES.iter().position(|name| *name == identity).expect("one of the two");
        lines[who] += 1;
        let text = line.to_string();
        assert!(!text.contains(&sessions[1 - who]), "{line}");
    }
    for (who, session) in sessions.iter().enumerate() {
        assert!(lines[who] > 5 && log.contains(session), "{lines:?}");
    }
}
