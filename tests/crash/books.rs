//! What outlives every crash: the simulators with their books, the clock, the database, and the person.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sqlx::{Connection as _, Executor as _};
use tempfile::TempDir;
use tidemark::app::App;
use tidemark::cli::keygen::keygen;
use tidemark::clock::{Clock, random_bytes};
use tidemark::config::Config;
use tidemark::domain::Millis;
use tidemark::sim::bank::PushOptions;
use tidemark::sim::mdes::{Call, TokenView};
use tidemark::sim::stage::{self, EnrolledWallet, Role, Stage};
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::child::Program;
use crate::story::Heard;

const TRID: &str = "50123456789";
/// Beside the configuration.
const PROFILES: &str = "profiles.toml";
/// Where nobody listens: notifications are lost, and the wallet must do without.
const WALLET_URL: &str = "http://localhost:1";
/// Thursday, 1 January 2026, noon.
const NOON: Millis = Millis(1_767_268_800_000);
/// The banks of the directory: fewer than there are, because each has a logo to be fetched.
const BANKS: &[&str] = &["havorn-no", "quillwort-us"];
/// Longer than any call to a simulator takes.
const REST_MAX: u32 = 5_000;

/// Where the wallet's rows are.
#[derive(Clone, Debug)]
pub enum Engine {
    /// A file for each story.
    Sqlite,
    /// A database for each story, on the server with this address.
    Postgres(String),
}

/// The server to test on, if there is one.
pub fn postgres() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok()
}

/// The database of one story.
pub enum Database {
    File(PathBuf),
    Server { server: String, name: String },
}

/// The simulators and their clock. They play one story after the other, because setting them up costs more than playing.
pub struct Players {
    stage: Stage,
    clock: Clock,
    runtime: Handle,
}

/// Everything of one story that is not the wallet.
pub struct Books {
    players: Arc<Players>,
    folder: TempDir,
    pub database: Database,
    pub program: Program,
    pub browser: String,
    /// What the players had done before this story.
    calls_before: usize,
    messages_before: usize,
}

/// Made once a process: keys cost more than a whole story.
struct Shared {
    folder: TempDir,
    simulators: stage::Keys,
}

fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let folder = TempDir::new().expect("a folder");
        let secrets = folder.path().join("secrets");
        keygen(&secrets, NOON, random_bytes).expect("keys");
        let consumer_key = format!(
            "{}!{}",
            hex::encode(random_bytes::<24>()),
            hex::encode(random_bytes::<24>())
        );
        write_private(&secrets.join("consumer-key"), &consumer_key);
        let simulators = stage::Keys::generate();
        fs::write(secrets.join("mdes/receipts.json"), simulators.mdes.jws_jwk_json()).expect("a key file");
        Shared { folder, simulators }
    })
}

fn write_private(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a private file");
}

impl Players {
    /// Players who let a receipt be used twice, so that their books would show it.
    pub fn new(runtime: &Handle) -> Arc<Self> {
        let clock = Clock::manual(NOON);
        let stage = runtime.block_on(open_stage(&clock));
        stage.mdes.set_single_use(false);
        stage.list_only(BANKS);
        let runtime = runtime.clone();
        Arc::new(Self { stage, clock, runtime })
    }
}

impl Books {
    /// Empty books, with a database as the program wants to find it.
    pub fn open(players: &Arc<Players>, program: Program, engine: &Engine) -> Self {
        let empty = program == Program::FirstStart;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres(server) if empty => Some(create(server, None, &players.runtime)),
            Engine::Postgres(server) => {
                let template = template_name(server, players);
                Some(create(server, Some(template), &players.runtime))
            }
        };
        let books = Self::with(players, database, program);
        if let (Database::File(path), false) = (&books.database, empty) {
            fs::copy(template_file(players), path).expect("a file with the directory");
        }
        books
    }

    fn with(players: &Arc<Players>, database: Option<Database>, program: Program) -> Self {
        let folder = TempDir::new().expect("a folder");
        let database = database.unwrap_or_else(|| Database::File(folder.path().join("wallet.db")));
        let text = configuration(&players.stage.mdes_base, &database.url());
        let issuer = program.issuer();
        let callback = callback(&players.stage.bank_base, issuer);
        let profile = format!("[issuer.{issuer}]\npush_callbacks = [\"{callback}\"]\n");
        fs::write(folder.path().join(PROFILES), profile).expect("wire profiles");
        write_private(&folder.path().join("wallet.toml"), &text);
        Self {
            calls_before: players.stage.mdes.calls().len(),
            messages_before: players.stage.bank.phone().len(),
            players: Arc::clone(players),
            folder,
            database,
            program,
            browser: hex::encode(random_bytes::<32>()),
        }
    }

    pub fn config(&self) -> PathBuf {
        self.folder.path().join("wallet.toml")
    }

    pub fn now(&self) -> i64 {
        self.players.clock.now().0
    }

    /// Lets time pass, once MDES has finished what was asked of it.
    pub fn pass(&self, ms: i64) -> i64 {
        self.rest();
        self.players.clock.advance(ms);
        self.now()
    }

    /// The bank pushes the cardholder's first card for a session: the receipt, and the signed form.
    pub fn push(&self, session: &str) -> (String, String) {
        let issuer = self.program.issuer();
        let card = format!("{issuer}-ada-1");
        let cards = [card.as_str()];
        let bank = &self.players.stage.bank;
        let pushed = bank.push(issuer, &cards, Some(session), TRID, None, PushOptions::default());
        let pushed = self.block_on(pushed).expect("MDES takes the push");
        (pushed.receipts[0].clone(), pushed.signature.expect("signed"))
    }

    /// The bank pushes the same card of its own accord: for no session, with its address to come back to.
    pub fn offer(&self) -> (String, String) {
        let issuer = self.program.issuer();
        let card = format!("{issuer}-ada-1");
        let cards = [card.as_str()];
        let bank = &self.players.stage.bank;
        let callback = callback(&self.players.stage.bank_base, issuer);
        let pushed = bank.push(issuer, &cards, None, TRID, Some(&callback), PushOptions::default());
        let pushed = self.block_on(pushed).expect("MDES takes the push");
        (pushed.receipts[0].clone(), pushed.signature.expect("signed"))
    }

    /// How often MDES was asked for something and did it, in this story.
    pub fn done(&self, operation: &str) -> usize {
        let calls = self.calls();
        let done = calls
            .iter()
            .filter(|call| call.operation == operation && call.outcome == "ok");
        done.count()
    }

    /// The code on the cardholder's phone.
    pub fn code(&self) -> Option<String> {
        let messages = self.players.stage.bank.phone();
        let here = messages.len() > self.messages_before;
        messages
            .first()
            .filter(|_| here)
            .and_then(|message| message.code.clone())
    }

    /// What MDES was asked in this story.
    pub fn calls(&self) -> Vec<Call> {
        self.players.stage.mdes.calls().split_off(self.calls_before)
    }

    /// How many tokens were made of a receipt.
    pub fn effects(&self, receipt: &str) -> usize {
        self.players.stage.mdes.effects(receipt)
    }

    /// The tokens of this story.
    pub fn tokens(&self, heard: &Heard) -> Vec<TokenView> {
        let receipt = heard.pushed.as_ref().map(|(receipt, _)| receipt);
        let mut tokens = self.players.stage.mdes.tokens();
        tokens.retain(|token| receipt == Some(&token.receipt));
        tokens
    }

    /// Waits until MDES has finished what was asked of it, also by those who are gone.
    pub fn rest(&self) {
        for _ in 0..REST_MAX {
            if self.calls().iter().all(|call| call.outcome != "in progress") {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("MDES never comes to rest");
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.players.runtime.block_on(work)
    }
}

impl Drop for Books {
    fn drop(&mut self) {
        if let Database::Server { server, name } = &self.database {
            let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            self.block_on(command(server, sql));
        }
    }
}

impl Database {
    pub fn url(&self) -> String {
        match self {
            Self::File(path) => format!("sqlite://{}", path.display()),
            Self::Server { server, name } => {
                let (server, _) = server.rsplit_once('/').expect("postgres://server/database");
                format!("{server}/{name}")
            }
        }
    }
}

async fn open_stage(clock: &Clock) -> Stage {
    let keys = shared();
    let listen = || async { TcpListener::bind("127.0.0.1:0").await };
    let (mdes_at, bank_at) = (listen().await.expect("a port"), listen().await.expect("a port"));
    let hand = clock.clone();
    let now = Arc::new(move || hand.now().0);
    let wallet = enrolment().expect("the wallet's keys");
    stage::open(mdes_at, bank_at, wallet, keys.simulators.clone(), now).expect("the simulators")
}

fn enrolment() -> io::Result<EnrolledWallet> {
    let secrets = shared().folder.path().join("secrets");
    let key = openssl::pkey::PKey::private_key_from_pem(&fs::read(secrets.join("signing-key.pem"))?)?;
    Ok(EnrolledWallet {
        url: WALLET_URL.to_owned(),
        name: "Test Wallet".to_owned(),
        token_requestor_id: TRID.to_owned(),
        role: Role::Wallet,
        consumer_key: fs::read_to_string(secrets.join("consumer-key"))?,
        public_key_pem: key.public_key_to_pem()?,
        notification_certificate_pem: Some(fs::read(secrets.join("notification-certificate.pem"))?),
    })
}

/// Where a bank wants its cardholder back.
fn callback(bank_base: &str, issuer: &str) -> String {
    format!("{bank_base}/banks/{issuer}/pushed")
}

fn configuration(mdes_base: &str, database_url: &str) -> String {
    let secrets = shared().folder.path().join("secrets");
    let secrets = secrets.display();
    format!(
        "public_url = \"{WALLET_URL}\"\nlisten = \"127.0.0.1:1\"\ndatabase_url = \"{database_url}\"\n\
         [mdes]\nbase_url = \"{mdes_base}\"\ntoken_requestor_id = \"{TRID}\"\n\
         consumer_key_file = \"{secrets}/consumer-key\"\nsigning_key_file = \"{secrets}/signing-key.pem\"\n\
         jws_key_files = [\"{secrets}/mdes/*.json\"]\nnotification_key_file = \"{secrets}/notification-key.pem\"\n\
         notification_certificate_file = \"{secrets}/notification-certificate.pem\"\n\
         [secrets]\ncookie_key_file = \"{secrets}/cookie-key\"\nstorage_key_file = \"{secrets}/storage-key\"\n\
         [wire]\nprofiles_file = \"{PROFILES}\"\n"
    )
}

/// A file with tables and the directory, to begin stories with.
fn template_file(players: &Arc<Players>) -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let path = shared().folder.path().join("template.db");
        fill(players, Database::File(path.clone()));
        path
    })
}

/// The same as a database. It is no story's: it stays when the tests are over.
fn template_name(server: &str, players: &Arc<Players>) -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    NAME.get_or_init(|| {
        let name = name_of_its_own("template");
        players
            .runtime
            .block_on(command(server, format!("CREATE DATABASE {name}")));
        let database = Database::Server {
            server: server.to_owned(),
            name: name.clone(),
        };
        std::mem::forget(fill(players, database));
        name
    })
}

fn fill(players: &Arc<Players>, database: Database) -> Books {
    let books = Books::with(players, Some(database), Program::FirstStart);
    let config = Config::load(Some(&books.config()), std::iter::empty()).expect("a configuration");
    books.block_on(async {
        let app = App::start(&config, players.clock.clone(), false).await;
        let app = app.expect("the wallet");
        app.refresh_directory().await.expect("MDES tells its issuers");
        app.close().await;
    });
    books
}

fn create(server: &str, template: Option<&str>, runtime: &Handle) -> Database {
    let name = name_of_its_own("story");
    let like = template
        .map(|template| format!(" TEMPLATE {template}"))
        .unwrap_or_default();
    runtime.block_on(command(server, format!("CREATE DATABASE {name}{like}")));
    let server = server.to_owned();
    Database::Server { server, name }
}

fn name_of_its_own(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("tidemark_crash_{what}_{}_{number}", std::process::id())
}

async fn command(server: &str, sql: String) {
    let mut connection = sqlx::PgConnection::connect(server)
        .await
        .expect("TEST_POSTGRES_URL answers");
    connection.execute(sqlx::AssertSqlSafe(sql)).await.expect("a command");
}
