//! The world of a test: the production server on port 0, the simulators beside it, one clock that is moved by hand, a
//! worker that is stepped, and a browser.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use secrecy::SecretString;
use sqlx::{Connection as _, Executor as _};
use tempfile::TempDir;
use tidemark::app::App;
use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::keygen::keygen;
use tidemark::clock::{Clock, random_bytes};
use tidemark::config::Config;
use tidemark::domain::Millis;
use tidemark::http;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::catalogue::{ISSUERS, Issuer};
use tidemark::sim::stage::{self, EnrolledWallet, Role, Stage};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::trace;

/// The wallet's token requestor id.
pub const TRID: &str = "50123456789";
/// A bank whose first card is approved at once.
pub const APPROVING: &str = "havorn-no";
/// A bank that wants a code by text message for its first card.
pub const TEXTING: &str = "quillwort-us";

/// Where the tests' clock begins: Thursday, 1 January 2026, noon.
const NOON: Millis = Millis(1_767_268_800_000);
/// The file of wire profiles, beside the configuration.
const PROFILES: &str = "profiles.toml";
/// A test whose worker needs more steps than this is in a loop.
const STEPS_MAX: u32 = 500;

/// Everything of one test. Dropping it stops the servers and removes the files.
pub struct World {
    pub app: App,
    pub stage: Stage,
    pub clock: Clock,
    pub url: String,
    pub config: Arc<Config>,
    folder: TempDir,
    server: tokio::task::JoinHandle<()>,
    stop: watch::Sender<bool>,
    database: Option<Database>,
}

/// A PostgreSQL database of its own for one test.
struct Database {
    server_url: String,
    name: String,
}

/// Keys are made once a process: they cost more than a whole flow.
struct SharedKeys {
    folder: TempDir,
    simulators: stage::Keys,
}

fn shared_keys() -> &'static SharedKeys {
    static KEYS: OnceLock<SharedKeys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let secrets = folder.path().join("secrets");
        keygen(&secrets, NOON, random_bytes).expect("keys");
        let consumer_key = format!(
            "{}!{}",
            hex::encode(random_bytes::<24>()),
            hex::encode(random_bytes::<24>())
        );
        write_private(&secrets.join("consumer-key"), consumer_key.as_bytes());
        let simulators = stage::Keys::generate();
        fs::write(secrets.join("mdes/receipts.json"), simulators.mdes.jws_jwk_json()).expect("a key file");
        for name in ["consumer-key", "cookie-key", "storage-key"] {
            let bytes = fs::read(secrets.join(name)).expect("a secret");
            trace::remember(name, String::from_utf8_lossy(&bytes).trim());
        }
        let pem = fs::read_to_string(secrets.join("signing-key.pem")).expect("a key");
        trace::remember("signing-key", pem.lines().nth(5).expect("a long key"));
        SharedKeys { folder, simulators }
    })
}

fn write_private(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, bytes).expect("a secret");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a private file");
}

impl World {
    /// A world with the directory loaded.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with settings changed, written as environment variables.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        let world = Self::without_directory(settings).await;
        world.app.refresh_directory().await.expect("MDES tells its issuers");
        world
    }

    /// A world whose wallet has not asked MDES for anything yet.
    pub async fn without_directory(settings: &[(&str, &str)]) -> Self {
        trace::start();
        let keys = shared_keys();
        let folder = TempDir::new().expect("a folder");
        let secrets = keys.folder.path().join("secrets");
        let listen = || async { TcpListener::bind("127.0.0.1:0").await.expect("a port") };
        let (wallet_at, mdes_at, bank_at) = (listen().await, listen().await, listen().await);
        let port = wallet_at.local_addr().expect("an address").port();
        let url = format!("http://localhost:{port}");
        let clock = Clock::manual(NOON);
        let hand = clock.clone();
        let stage = stage::open(
            mdes_at,
            bank_at,
            enrolment(&url, &secrets),
            keys.simulators.clone(),
            Arc::new(move || hand.now().0),
        )
        .expect("the simulators");
        let database = Database::of_its_own().await;
        let database_url = database.as_ref().map_or_else(
            || format!("sqlite://{}", folder.path().join("wallet.db").display()),
            Database::url,
        );
        fs::write(folder.path().join(PROFILES), push_profiles(&stage.bank_base)).expect("profiles");
        let path = folder.path().join("wallet.toml");
        write_private(
            &path,
            configuration(&url, port, &stage.mdes_base, &secrets, &database_url).as_bytes(),
        );
        let environment = settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Arc::new(Config::load(Some(&path), environment).unwrap_or_else(|faults| panic!("{faults:?}")));
        let app = App::start(&config, clock.clone(), false).await.expect("the wallet");
        let (stop, mut stopped) = watch::channel(false);
        let stopped = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let server = tokio::spawn(http::serve(
            wallet_at,
            http::router(app.clone()),
            config.limits,
            stopped,
        ));
        Self {
            app,
            stage,
            clock,
            url,
            config,
            folder,
            server,
            stop,
            database,
        }
    }

    /// A second instance of the wallet on the same database. With SQLite that is the same process's store.
    pub async fn second_instance(&self) -> App {
        App::start(&self.config, self.clock.clone(), false)
            .await
            .expect("a second wallet")
    }

    /// Whether this world is on PostgreSQL.
    pub fn is_on_postgres(&self) -> bool {
        self.database.is_some()
    }

    /// A connection to PostgreSQL that has run this, and holds what it took until it is dropped.
    pub async fn holding(&self, sql: &'static str) -> sqlx::PgConnection {
        let url = self.config.database.expose();
        let mut connection = sqlx::PgConnection::connect(url).await.expect("the server");
        connection.execute(sql).await.expect("done");
        connection
    }

    /// A browser without cookies.
    pub fn browser(&self) -> Browser {
        Browser::new()
    }

    /// The address of a path of the wallet.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// Lets the worker do everything that is due now, and MDES and the banks deliver what they have to say.
    pub async fn work(&self) {
        for _ in 0..STEPS_MAX {
            if !self.app.run_due().await.expect("the store answers") {
                self.stage.mdes.pending_notifications_delivered().await;
                if !self.app.run_due().await.expect("the store answers") {
                    return;
                }
            }
        }
        panic!("the worker never comes to rest");
    }

    /// Replaces the file of wire profiles, and lets the time pass in which that is noticed.
    pub fn set_profiles(&self, text: &str) {
        fs::write(self.folder.path().join(PROFILES), text).expect("profiles");
        self.clock.advance(1_000);
    }

    /// Moves the clock and lets the worker do what has become due.
    pub async fn pass(&self, ms: i64) {
        self.clock.advance(ms);
        self.work().await;
    }

    /// Opens the home page and starts a session with an issuer: the attempt's page.
    pub async fn start(&self, browser: &mut Browser, issuer: &str) -> Page {
        let offer = browser
            .get(&self.at(&format!("/issuers/{issuer}")))
            .await
            .expect("an answer");
        let form = offer.form("/sessions").expect("a way to start");
        let attempt = browser
            .submit(&offer, &form, &[("issuer", issuer)])
            .await
            .expect("an answer");
        assert_eq!(attempt.state().as_deref(), Some("offered"), "{}", attempt.text());
        if let Some(secret) = browser.cookie("localhost", "tidemark") {
            trace::remember("cookie", secret);
        }
        attempt
    }

    /// What the bank pushes for a session, as the bank's server would: the signed token.
    pub async fn push(&self, issuer: &str, cards: &[&str], session: &str) -> String {
        let pushed = self
            .stage
            .bank
            .push(issuer, cards, Some(session), TRID, None, PushOptions::default())
            .await
            .expect("MDES takes the push");
        for receipt in &pushed.receipts {
            trace::remember("receipt", receipt);
        }
        let signed = pushed.signature.expect("signed");
        trace::remember("token", &signed);
        trace::remember("signature", signed.rsplit('.').next().expect("three parts"));
        signed
    }

    /// The address that the bank sends a cardholder back to.
    pub fn callback(&self, session: &str, signed: &str) -> String {
        self.at(&format!(
            "/callback/{session}?pushAccountData={signed}&tokenRequestorSessionId={session}"
        ))
    }

    /// From nothing to the terms page, with these cards of a bank.
    pub async fn to_terms(&self, browser: &mut Browser, issuer: &str, cards: &[&str]) -> Page {
        let attempt = self.start(browser, issuer).await;
        let session = session_of(&attempt);
        let signed = self.push(issuer, cards, &session).await;
        let back = browser.get(&self.callback(&session, &signed)).await.expect("an answer");
        assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
        self.work().await;
        let terms = browser.get(&back.url).await.expect("an answer");
        assert_eq!(terms.state().as_deref(), Some("terms"), "{}", terms.text());
        terms
    }

    /// Accepts the terms, lets the worker work, and shows where that led.
    pub async fn accept(&self, browser: &mut Browser, terms: &Page) -> Page {
        let form = terms.form("/terms").expect("a form");
        let page = browser
            .submit(terms, &form, &[("action", "accept")])
            .await
            .expect("an answer");
        self.work().await;
        browser.get(&page.url).await.expect("an answer")
    }

    /// How often MDES was asked for an operation.
    pub fn asked(&self, operation: &str) -> usize {
        self.stage
            .mdes
            .calls()
            .iter()
            .filter(|call| call.operation == operation)
            .count()
    }

    /// From nothing to the return, with these cards of a bank; MDES has not been asked yet.
    pub async fn come_back(&self, browser: &mut Browser, issuer: &str, cards: &[&str]) -> Page {
        let attempt = self.start(browser, issuer).await;
        let session = session_of(&attempt);
        let signed = self.push(issuer, cards, &session).await;
        let back = browser.get(&self.callback(&session, &signed)).await.expect("an answer");
        assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
        back
    }

    /// The page of a session as it is now.
    pub async fn look(&self, browser: &mut Browser, page: &Page) -> Page {
        let address = self.at(&format!("/sessions/{}", session_of(page)));
        browser.get(&address).await.expect("an answer")
    }

    /// Sends a form of a page and shows what the browser shows then; the worker has not worked yet.
    pub async fn send(&self, browser: &mut Browser, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(form).unwrap_or_else(|none| panic!("{none}: {}", page.text()));
        browser.submit(page, &form, fields).await.expect("an answer")
    }

    /// Sends a form of a page, lets the worker work, and shows where that led.
    pub async fn act(&self, browser: &mut Browser, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        self.send(browser, page, form, fields).await;
        self.work().await;
        self.look(browser, page).await
    }

    /// The code that arrived last on the cardholders' phones or in their mail.
    pub fn code(&self) -> String {
        self.stage.bank.phone()[0].code.clone().expect("a code")
    }

    /// Stops the wallet and starts it again on the same database, as an operator would.
    pub async fn restart(&mut self) {
        self.stop.send_replace(true);
        (&mut self.server).await.expect("the server ends well");
        self.app.close().await;
        self.app = App::start(&self.config, self.clock.clone(), false)
            .await
            .expect("the wallet starts again");
        let (stop, mut stopped) = watch::channel(false);
        let stopped = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        let port = self.url.rsplit(':').next().expect("a port");
        let listener = TcpListener::bind(format!("127.0.0.1:{port}"))
            .await
            .expect("the same port");
        let router = http::router(self.app.clone());
        self.server = tokio::spawn(http::serve(listener, router, self.config.limits, stopped));
        self.stop = stop;
    }

    /// One column of text out of the wallet's database, past everything that guards it.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        texts(self.config.database.expose(), sql).await
    }

    /// Changes the wallet's database behind its back.
    pub async fn tamper(&self, sql: &str) {
        execute(self.config.database.expose(), sql).await;
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
        if let Some(database) = self.database.take() {
            database.drop_in_background();
        }
    }
}

/// The id of the session whose page this is.
pub fn session_of(page: &Page) -> String {
    let path = page.url.split("/sessions/").nth(1).expect("an attempt's page");
    path.split(['/', '?']).next().expect("an id").to_owned()
}

/// The card of a bank's customer by its place on the shelf, from 1.
pub fn card(issuer: &str, person: &str, place: usize) -> String {
    format!("{issuer}-{person}-{place}")
}

fn enrolment(url: &str, secrets: &Path) -> EnrolledWallet {
    let read = |name: &str| fs::read(secrets.join(name)).expect("a secret");
    let key = openssl::pkey::PKey::private_key_from_pem(&read("signing-key.pem")).expect("a key");
    EnrolledWallet {
        url: url.to_owned(),
        name: "Test Wallet".to_owned(),
        token_requestor_id: TRID.to_owned(),
        role: Role::Wallet,
        consumer_key: String::from_utf8(read("consumer-key")).expect("text"),
        public_key_pem: key.public_key_to_pem().expect("a key"),
        notification_certificate_pem: Some(read("notification-certificate.pem")),
    }
}

/// Wire profiles as the reference has them, with the banks' addresses for cardholders whose cards they have pushed.
pub fn push_profiles(bank_base: &str) -> String {
    let bank = |issuer: &Issuer| {
        format!(
            "[issuer.{0}]\npush_callbacks = [\"{bank_base}/banks/{0}/pushed\"]\n",
            issuer.id
        )
    };
    ISSUERS.iter().map(bank).collect()
}

fn configuration(url: &str, port: u16, mdes_base: &str, secrets: &Path, database_url: &str) -> String {
    let secrets = secrets.display();
    format!(
        "public_url = \"{url}\"\nlisten = \"127.0.0.1:{port}\"\ndatabase_url = \"{database_url}\"\n\
         [mdes]\nbase_url = \"{mdes_base}\"\ntoken_requestor_id = \"{TRID}\"\n\
         consumer_key_file = \"{secrets}/consumer-key\"\nsigning_key_file = \"{secrets}/signing-key.pem\"\n\
         jws_key_files = [\"{secrets}/mdes/*.json\"]\nnotification_key_file = \"{secrets}/notification-key.pem\"\n\
         notification_certificate_file = \"{secrets}/notification-certificate.pem\"\n\
         [wire]\nprofiles_file = \"{PROFILES}\"\n[session]\npage_wait_ms = 0\n\
         [secrets]\ncookie_key_file = \"{secrets}/cookie-key\"\nstorage_key_file = \"{secrets}/storage-key\"\n"
    )
}

impl Database {
    async fn of_its_own() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let server_url = std::env::var("TEST_POSTGRES_URL").ok()?;
        let name = format!(
            "tidemark_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let mut connection = sqlx::PgConnection::connect(&server_url)
            .await
            .expect("TEST_POSTGRES_URL answers");
        let create = format!("CREATE DATABASE {name}");
        connection
            .execute(sqlx::AssertSqlSafe(create))
            .await
            .expect("a database of its own");
        Some(Self { server_url, name })
    }

    fn url(&self) -> String {
        let (server, _) = self.server_url.rsplit_once('/').expect("postgres://server/database");
        format!("{server}/{}", self.name)
    }

    fn drop_in_background(self) {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                if let Ok(mut connection) = sqlx::PgConnection::connect(&self.server_url).await {
                    let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
                    let _ = connection.execute(sqlx::AssertSqlSafe(sql)).await;
                }
            });
        });
    }
}

/// A database that nothing has opened yet, on whatever engine the tests run on.
pub struct EmptyDatabase {
    pub url: String,
    pub folder: TempDir,
    database: Option<Database>,
}

impl EmptyDatabase {
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = Database::of_its_own().await;
        let file = || format!("sqlite://{}", folder.path().join("store.db").display());
        Self {
            url: database.as_ref().map_or_else(file, Database::url),
            folder,
            database,
        }
    }
}

impl Drop for EmptyDatabase {
    fn drop(&mut self) {
        if let Some(database) = self.database.take() {
            database.drop_in_background();
        }
    }
}

/// One column of text out of a database.
pub async fn texts(url: &str, sql: &str) -> Vec<String> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let rows: Vec<(String,)> = if url.starts_with("sqlite") {
        let mut connection = sqlx::SqliteConnection::connect(url).await.expect("the file");
        sqlx::query_as(sql).fetch_all(&mut connection).await.expect("an answer")
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.expect("the server");
        sqlx::query_as(sql).fetch_all(&mut connection).await.expect("an answer")
    };
    rows.into_iter().map(|(text,)| text).collect()
}

/// Runs one statement on a database.
pub async fn execute(url: &str, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite") {
        let mut connection = sqlx::SqliteConnection::connect(url).await.expect("the file");
        connection.execute(sql).await.expect("done");
    } else {
        let mut connection = sqlx::PgConnection::connect(url).await.expect("the server");
        connection.execute(sql).await.expect("done");
    }
}

/// A secret of a test, so that the log can be searched for it.
pub fn secret(text: &str) -> SecretString {
    trace::remember("secret", text);
    SecretString::from(text)
}
