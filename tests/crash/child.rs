//! The child: one wallet process that drives the verbs of [`App`] as a browser and the worker would, and stands still at
//! the moment it was told to, so that it can be killed there.

use std::future::Future;
use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tidemark::app::view::Stage;
use tidemark::app::{App, Landing, Opening};
use tidemark::clock::Clock;
use tidemark::config::Config;
use tidemark::domain::Millis;
use tidemark::domain::device::Device;
use tidemark::domain::id::{Fingerprint, IssuerId, SessionId};
use tidemark::domain::life::CardChange;
use tidemark::domain::push::UnverifiedPush;
use tidemark::domain::receipt::{UnverifiedJws, UnverifiedReturn};
use tidemark::seal::CookieKeys;

use crate::naive;

/// What the child does; its presence makes a process a child.
pub const PROGRAM: &str = "TIDEMARK_CRASH_PROGRAM";
/// At which moment it stands still; none when absent.
pub const AT: &str = "TIDEMARK_CRASH_AT";
/// The configuration file.
pub const CONFIG: &str = "TIDEMARK_CRASH_CONFIG";
/// What the clock shows, milliseconds.
pub const NOW: &str = "TIDEMARK_CRASH_NOW";
/// The browser's secret.
pub const BROWSER: &str = "TIDEMARK_CRASH_BROWSER";
/// The session that the browser is at, once it knows.
pub const SESSION: &str = "TIDEMARK_CRASH_SESSION";
/// What every line to the parent begins with; whatever else is on the output is the test runner's.
pub const MARK: &str = "@crash ";

/// Looks at the page before a flow counts as stuck.
const LOOKS_MAX: u32 = 80;
/// Between two looks at a page that says "please wait", by the manual clock.
const LOOK_EVERY_MS: i64 = 5_000;
/// Far beyond the life of any session that waits for a person.
const LONG_AFTER_MS: i64 = 3_600_000;
/// A child that lives longer than this, by the real clock, hangs.
const LIFE_MAX: Duration = Duration::from_secs(60);

/// What is swept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// An empty file: migrations, the directory, its logos.
    FirstStart,
    /// From the picker to an active card.
    Green,
    /// The same with a code to type.
    Code,
    /// A card that the bank pushes, and afterwards: paused, gone on with, removed.
    Life,
    /// As `Green`, with a worker that is wrong on purpose.
    CallThenRecord,
}

impl Program {
    const ALL: [Self; 5] = [
        Self::FirstStart,
        Self::Green,
        Self::Code,
        Self::Life,
        Self::CallThenRecord,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::FirstStart => "first start",
            Self::Green => "green",
            Self::Code => "with a code",
            Self::Life => "pushed, and then a life",
            Self::CallThenRecord => "call, then record",
        }
    }

    /// The bank that decides so.
    pub fn issuer(self) -> &'static str {
        match self {
            Self::FirstStart | Self::Green | Self::Life | Self::CallThenRecord => "havorn-no",
            Self::Code => "quillwort-us",
        }
    }

    /// What the crashes of a sweep must have left on disk at least once each: state of the session, and the operation and
    /// status of the open effect.
    pub fn situations(self) -> &'static [&'static str] {
        match self {
            Self::FirstStart => &["no tables", "no session"],
            Self::Green => &[
                "no session",
                "offered",
                "launched",
                "returned",
                "terms",
                "digitizing digitize prepared",
                "digitizing digitize sent",
                "active",
            ],
            Self::Code => &[
                "digitizing digitize prepared",
                "digitizing digitize sent",
                "code request-code prepared",
                "code request-code sent",
                "code",
                "code activate prepared",
                "code activate sent",
                "active",
            ],
            Self::Life => &[
                "no session",
                "pushed",
                "returned",
                "digitizing digitize sent",
                "active suspend prepared",
                "active suspend sent",
                "active resume prepared",
                "active resume sent",
                "active remove prepared",
                "active remove sent",
            ],
            Self::CallThenRecord => &[],
        }
    }
}

/// Moments that have passed in this process.
static MOMENTS: AtomicU64 = AtomicU64::new(0);

/// Whether moments count now.
static ARMED: AtomicBool = AtomicBool::new(false);

/// From now on moments count, or do not.
pub fn arm(armed: bool) {
    ARMED.store(armed, Ordering::Relaxed);
}

/// One more moment. At the chosen one this never returns, and the parent's SIGKILL finds everything as it is now.
fn pass(at: Option<u64>) {
    if !ARMED.load(Ordering::Relaxed) {
        return;
    }
    if at == Some(MOMENTS.load(Ordering::Relaxed)) {
        say("kill");
        loop {
            std::thread::park();
        }
    }
    MOMENTS.fetch_add(1, Ordering::Relaxed);
}

/// A future whose every poll is a moment.
struct CrashAt<F> {
    flow: Pin<Box<F>>,
    at: Option<u64>,
}

impl<F: Future> Future for CrashAt<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        pass(self.at);
        self.flow.as_mut().poll(context)
    }
}

/// Runs the flow if this process was started as a child.
pub fn run_if_asked() {
    let Ok(name) = std::env::var(PROGRAM) else { return };
    let program = Program::ALL.into_iter().find(|program| program.name() == name);
    let program = program.expect("a program");
    std::thread::spawn(|| {
        std::thread::sleep(LIFE_MAX);
        say("problem the child hangs");
        std::process::exit(3);
    });
    // The wrong step alone is swept, not the way to it.
    arm(program != Program::CallThenRecord);
    let at = variable(AT);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(move || pass(at))
        .build()
        .expect("a runtime");
    let flow = CrashAt {
        flow: Box::pin(flow(program)),
        at,
    };
    match runtime.block_on(flow) {
        Ok(()) => say("done"),
        Err(problem) => say(&format!("problem {problem}")),
    }
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// One line to the parent, with the moment.
fn say(line: &str) {
    let moment = MOMENTS.load(Ordering::Relaxed);
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "\n{MARK}{moment} {line}").and_then(|()| out.flush());
    if written.is_err() {
        std::process::exit(4);
    }
}

/// A question to the parent, which plays the bank, the phone and the passing of time.
fn ask(question: &str) -> String {
    say(question);
    let mut answer = String::new();
    match std::io::stdin().lock().read_line(&mut answer) {
        Ok(1..) => answer.trim_end().to_owned(),
        _ => std::process::exit(4),
    }
}

/// One process of a wallet, and the browser in front of it.
pub struct Wallet {
    pub app: App,
    pub config: Config,
    pub clock: Clock,
    pub owner: Fingerprint,
}

impl Wallet {
    async fn start() -> Result<Self, String> {
        let path: PathBuf = variable(CONFIG).ok_or("no configuration")?;
        let config = Config::load(Some(&path), std::iter::empty()).map_err(|faults| format!("{faults:?}"))?;
        let clock = Clock::manual(Millis(variable(NOW).ok_or("no time")?));
        let secret: String = variable(BROWSER).ok_or("no browser")?;
        let browser = CookieKeys::new(config.secrets.cookie_key.expose());
        Self::start_on(config, clock, browser.browser_hash(&secret)).await
    }

    /// The wallet of an owner.
    pub async fn start_on(config: Config, clock: Clock, owner: Fingerprint) -> Result<Self, String> {
        let app = App::start(&config, clock.clone(), false).await;
        let app = app.map_err(|fault| fault.to_string())?;
        Ok(Self {
            app,
            config,
            clock,
            owner,
        })
    }

    /// Lets time pass, for everybody.
    fn wait(&self, ms: i64) {
        let now: i64 = ask(&format!("wait {ms}")).parse().expect("a time");
        self.clock.advance(now - self.clock.now().0);
    }

    async fn work(&self) -> Result<(), String> {
        while self.app.run_due().await.map_err(|fault| fault.to_string())? {}
        Ok(())
    }
}

async fn flow(program: Program) -> Result<(), String> {
    let mut wallet = Wallet::start().await?;
    say("started");
    if program == Program::FirstStart {
        let count = wallet.app.refresh_directory().await;
        say(&format!("directory {}", count.map_err(|reason| format!("{reason:?}"))?));
        wallet
            .app
            .home(&wallet.owner)
            .await
            .map_err(|fault| format!("{fault:?}"))?;
        wallet.app.close().await;
        return Ok(());
    }
    let id = match variable::<String>(SESSION) {
        Some(id) => SessionId::parse(&id).map_err(|_| "no session id")?,
        None if program == Program::Life => {
            let id = land(&wallet).await?;
            say(&format!("session {id}"));
            id
        }
        None => {
            let issuer = IssuerId::parse(program.issuer()).map_err(|_| "no issuer")?;
            let opened = wallet.app.open(&wallet.owner, &issuer, Opening::default()).await;
            let id = opened.map_err(|fault| format!("open: {fault:?}"))?;
            say(&format!("session {id}"));
            id
        }
    };
    if program == Program::Life {
        // The link is opened again whatever happened since; it leads where it led.
        let again = land(&wallet).await?;
        if again != id {
            return Err(format!("the same push led to {id} and then to {again}"));
        }
    } else {
        call_back_again(&wallet, &id).await?;
    }
    for _ in 0..LOOKS_MAX {
        if program == Program::CallThenRecord {
            wallet = naive::work(wallet, &id).await?;
        }
        wallet.work().await?;
        let page = wallet.app.attempt(&id, &wallet.owner, &Device::default()).await;
        let page = page.map_err(|fault| format!("page: {fault:?}"))?;
        say(&format!("seen {} {}", page.state.as_str(), page.version));
        if press(&wallet, &id, page.stage).await? {
            if program == Program::Life {
                live(&wallet).await?;
            }
            // Whatever was begun and forgotten on the way ends too, by its own time.
            wallet.wait(LONG_AFTER_MS);
            wallet.work().await?;
            wallet.app.close().await;
            return Ok(());
        }
    }
    Err("stuck".to_owned())
}

/// The browser opens the bank's link.
async fn land(wallet: &Wallet) -> Result<SessionId, String> {
    let landing = Landing {
        owner: wallet.owner.clone(),
        is_of_account: false,
        locale: None,
        unnamed: "a bank".to_owned(),
    };
    let pushed = UnverifiedPush {
        jws: Some(UnverifiedJws::new(ask("push"))),
        ..UnverifiedPush::default()
    };
    let landed = wallet.app.land(landing, &pushed).await;
    landed
        .map(|landed| landed.session)
        .map_err(|fault| format!("push: {fault:?}"))
}

/// The cardholder pauses the card, goes on with it and removes it, each until it is so. What MDES has done says which comes
/// next: the parent looks it up.
async fn live(wallet: &Wallet) -> Result<(), String> {
    for _ in 0..LOOKS_MAX {
        wallet.work().await?;
        let home = wallet.app.home(&wallet.owner).await;
        let home = home.map_err(|fault| format!("home: {fault:?}"))?;
        let wish = ask("wish");
        let Some(card) = home.cards.first() else {
            // Otherwise it was never added, and the page of the attempt has said so.
            if wish == "none" {
                say("end true deactivated None");
            }
            return Ok(());
        };
        let (wish, may) = match wish.as_str() {
            "pause" => (CardChange::Pause, card.life.may_pause),
            "resume" => (CardChange::Resume, card.life.may_resume),
            "remove" => (CardChange::Remove, card.life.may_remove),
            // It is done, and the wallet is about to learn it.
            _ => (CardChange::Remove, false),
        };
        if may && card.life.changing.is_none() {
            let changed = wallet.app.change_card(&card.id, &wallet.owner, wish).await;
            changed.map_err(|fault| format!("{wish:?}: {fault:?}"))?;
            say("did wish");
        } else {
            wallet.wait(LOOK_EVERY_MS);
        }
    }
    Err("the card's life is stuck".to_owned())
}

/// The browser asks for the callback once more if it ever had its address: whatever happened since, that is welcome.
async fn call_back_again(wallet: &Wallet, id: &SessionId) -> Result<(), String> {
    match ask("again").as_str() {
        "none" => Ok(()),
        signed => call_back(wallet, id, signed).await,
    }
}

async fn call_back(wallet: &Wallet, id: &SessionId, signed: &str) -> Result<(), String> {
    let returned = UnverifiedReturn {
        jws: Some(UnverifiedJws::new(signed)),
        session_id: Some(id.as_str().to_owned()),
        ..UnverifiedReturn::default()
    };
    let accepted = wallet.app.accept_return(id, Some(&wallet.owner), returned).await;
    accepted.map_err(|fault| format!("return: {fault:?}"))?;
    say("did return");
    Ok(())
}

/// Presses what the page offers. Answers whether this is the end.
async fn press(wallet: &Wallet, id: &SessionId, stage: Stage) -> Result<bool, String> {
    let (app, owner) = (&wallet.app, &wallet.owner);
    let pressed = match stage {
        Stage::Launch { launched: false, .. } => app.go(id, owner).await.map(|_| say("did launch")),
        Stage::Launch { .. } => {
            call_back(wallet, id, &ask("return")).await?;
            Ok(())
        }
        Stage::Pushed { .. } => app.accept_push(id, owner).await.map(|()| say("did return")),
        Stage::Checking { .. } | Stage::Adding { .. } | Stage::Code { checking: Some(_), .. } => {
            wallet.wait(LOOK_EVERY_MS);
            Ok(())
        }
        Stage::Terms { shown, .. } => {
            let accepted = app.accept_terms(id, owner, &shown, None).await;
            accepted.map(|()| say("did accept"))
        }
        Stage::StepUp { card, .. } => match card.methods.iter().find(|method| method.kind.brings_a_code()) {
            Some(method) => {
                wallet.wait(LOOK_EVERY_MS);
                app.choose_method(id, owner, &method.id).await
            }
            None => app.later(id, owner).await,
        },
        Stage::Code { resend_in_s, .. } => match (ask("code").as_str(), resend_in_s) {
            ("none", None) => app.later(id, owner).await,
            ("none", Some(seconds)) => {
                wallet.wait(seconds * 1_000);
                app.resend(id, owner).await
            }
            (code, _) => app.submit_code(id, owner, code).await.map(|()| say("did type")),
        },
        Stage::Outcome { cards, failure } => {
            let explained = failure.is_some() || !cards.is_empty();
            let states: Vec<&str> = cards.iter().map(|card| card.state).collect();
            say(&format!("end {explained} {} {failure:?}", states.join("+")));
            return Ok(true);
        }
        Stage::Cancelled | Stage::Expired => {
            say("end true none None");
            return Ok(true);
        }
    };
    pressed.map_err(|fault| format!("refused: {fault:?}"))?;
    Ok(false)
}
