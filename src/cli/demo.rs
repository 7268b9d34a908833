//! `tidemark demo`: a wallet, MDES and twelve banks on this machine, ready to be clicked through.
//!
//! The wallet runs from a configuration file that the demo writes, through the same code as `serve`. Wallet and banks are
//! different sites on purpose (`localhost` and `127.0.0.1`), so that cookies behave as in the field.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument as _;

use crate::app::directory::NotRefreshed;
use crate::app::{App, DemoScenario, Workers, span_of};
use crate::clock::Clock;
use crate::config::Config;
use crate::http;
use crate::sim::control::Changed;
use crate::sim::mdes::AuthenticationCodeMode;
use crate::sim::stage::{self, Around, Stage, Wrap};
use crate::sim::{Hand, Time, Turn};
use crate::workbench::console;
use crate::workbench::http::{Workbench, guarded, router as pages};
use crate::workbench::knowledge::Places;
use crate::workbench::verdict::Expectations;
use crate::workbench::{Journal, Place, Recorder};

use super::{attack, auto};

mod folder;
mod listeners;
mod observed;
mod pushes;

use folder::{CLICK_TO_PAY, CLICK_TO_PAY_ID, Folder, TOKEN_REQUESTOR_ID, WALLET};
use listeners::{Listeners, localhost, origin};

/// The variable that breaks one thing on purpose: `jws-key`, `session-id` or `oauth-key`.
const BREAK: &str = "TIDEMARK_DEMO_BREAK";

/// What `demo` takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The wallet listens here, MDES on the next port, the banks on the one after, then the flow inspector and Click to Pay; 0
    /// picks free ports.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Where keys, the configuration and the database are kept between starts.
    #[arg(long, default_value = "tidemark-demo")]
    pub data_dir: PathBuf,
    /// Say where everything is in one line of JSON when ready.
    #[arg(long)]
    pub json: bool,
    /// Walk through the flow without a person, print each step with what was checked, and exit 0 only if a token is
    /// active in the end.
    #[arg(long)]
    pub auto: bool,
    /// Play an attack on the wallet, print what each side sees, and exit 0 only if it fails every time.
    #[arg(long, conflicts_with = "auto")]
    pub attack: Option<Attack>,
    /// What happens when a bank brings you back in another browser: it may start again there, or it shows a code to be
    /// typed where you started. A real wallet only has the first.
    #[arg(long, value_parser = ["refuse", "code"], default_value = "refuse")]
    pub cross_browser: String,
    /// How many banks MDES lists: twelve that work, and behind them invented ones that open a website of those.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(0..=5_000))]
    pub issuers: u16,
    /// Log more: a level, or levels by module.
    #[arg(long, default_value = "warn")]
    pub log: String,
}

impl Options {
    /// A demo beside others: on free ports, with the twelve banks, and nothing said but warnings.
    #[must_use]
    pub fn on_free_ports(data_dir: PathBuf) -> Self {
        Self {
            port: 0,
            data_dir,
            json: false,
            auto: false,
            attack: None,
            cross_browser: "refuse".to_owned(),
            issuers: 12,
            log: "warn".to_owned(),
        }
    }
}

/// An attack that can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Attack {
    /// Mallory sends Alice the way to her bank, to get her card into his wallet.
    SendMyLink,
}

/// A thing to break on purpose, to see that the walk through the flow notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// MDES signs receipts with another key under the right key id.
    JwsKey,
    /// The issuer is opened with another session's id.
    SessionId,
    /// MDES knows another public key for the wallet.
    OauthKey,
}

impl Broken {
    fn from_environment() -> Result<Option<Self>, String> {
        match std::env::var(BREAK).ok().as_deref() {
            None | Some("") => Ok(None),
            Some("jws-key") => Ok(Some(Self::JwsKey)),
            Some("session-id") => Ok(Some(Self::SessionId)),
            Some("oauth-key") => Ok(Some(Self::OauthKey)),
            Some(other) => Err(format!("{BREAK}={other}: it is jws-key, session-id or oauth-key")),
        }
    }
}

/// A demo that runs.
#[derive(Debug)]
pub struct Demo {
    /// The wallet.
    pub app: App,
    /// The server's other identity, which issuers push cards to.
    pub click_to_pay: App,
    /// The simulators.
    pub stage: Stage,
    /// The wallet's origin.
    pub wallet_url: String,
    /// That of Click to Pay.
    pub click_to_pay_url: String,
    /// What passed between the participants.
    pub journal: Journal,
    /// Where the flow inspector is.
    pub workbench_url: String,
    /// Stops serving when this is dropped: streams of events have no end of their own.
    _workbench: JoinSet<std::io::Result<()>>,
    workers: [Workers; 2],
    stop: watch::Sender<bool>,
    servers: JoinSet<()>,
    folder: Folder,
    click_to_pay_folder: Folder,
}

/// Runs the demo until it is stopped, or, with `--auto`, once through.
pub async fn run(options: Options) -> ExitCode {
    super::log::start(false, &options.log);
    let broken = match Broken::from_environment() {
        Ok(broken) => broken,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(super::USAGE);
        }
    };
    let demo = match Demo::start(&options, broken).await {
        Ok(demo) => demo,
        Err(problem) => {
            eprintln!("the demo does not start: {problem}");
            return ExitCode::FAILURE;
        }
    };
    if options.json {
        println!("{}", demo.places());
    } else if !options.auto && options.attack.is_none() {
        println!("{}", demo.greeting());
    }
    let code = match options.attack {
        Some(Attack::SendMyLink) => ended(attack::send_my_link(&demo).await),
        None if options.auto => ended(
            auto::walk(&demo, broken == Some(Broken::SessionId))
                .await
                .map(|()| true),
        ),
        None => {
            super::serve::stop_signal().await;
            ExitCode::SUCCESS
        }
    };
    demo.stop().await;
    code
}

/// The exit code of something that was played: whether all was well, or where it ended.
fn ended(outcome: Result<bool, impl std::fmt::Display>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            println!("FAILED at {failure}");
            ExitCode::FAILURE
        }
    }
}

impl Demo {
    /// Starts everything and waits until the wallet knows its issuers, or MDES has refused to tell.
    ///
    /// # Errors
    /// A sentence that says what to do: a port that is taken, a folder that cannot be written.
    pub async fn start(options: &Options, broken: Option<Broken>) -> Result<Self, String> {
        let folder = Folder::prepare(&options.data_dir, WALLET)?;
        let click_to_pay_folder = Folder::prepare(&options.data_dir, CLICK_TO_PAY)?;
        let at = Listeners::bind(options.port).await?;
        let (wallet_url, port) = localhost(&at.wallet)?;
        let (click_to_pay_url, click_to_pay_port) = localhost(&at.click_to_pay)?;
        let keys = stage::Keys::load_or_generate(&folder.simulators)
            .map_err(|error| format!("{}: {error}", folder.simulators.display()))?;
        folder.write_receipt_key(&keys)?;
        click_to_pay_folder.write_receipt_key(&keys)?;
        let clock = Clock::movable();
        let wallet = folder.enrolment(&wallet_url, broken)?;
        let neighbour = click_to_pay_folder.enrolment(&click_to_pay_url, None)?;
        let now = clock.clone();
        let places = Places {
            mdes: origin(&at.mdes)?,
            bank: origin(&at.bank)?,
            processor: origin(&at.processor)?,
        };
        let workbench_url = origin(&at.workbench)?;
        let known = Arc::new(observed::knowledge(
            [(&folder, &wallet), (&click_to_pay_folder, &neighbour)],
            &keys,
            &clock,
            places,
        ));
        let journal = Journal::new();
        let recorder = Recorder::new(journal.clone(), Arc::clone(&known));
        // The simulators are there before the wallet, and are told of it afterwards.
        let wallet_app: Arc<OnceLock<App>> = Arc::default();
        let around = Around {
            hand: Some(hand(clock.clone())),
            changed: Some(announcement(&wallet_app, format!("{workbench_url}/console"))),
            mdes: wrap(&recorder, Place::Mdes),
            bank: wrap(&recorder, Place::Bank),
            processor: Some((at.processor, wrap(&recorder, Place::Processor))),
            bank_database: Some(folder.simulators.join("bank.sqlite")),
            looks_every: Some(LOOKS_EVERY),
            other_wallets: vec![neighbour],
        };
        let stage = stage::open_with(at.mdes, at.bank, wallet, keys, Arc::new(move || now.now().0), around)
            .map_err(|error| error.to_string())?;
        let _ = known.mdes.set(stage.mdes.clone());
        stage.list(usize::from(options.issuers));
        stage.mdes.set_authentication_code_mode(AuthenticationCodeMode::Jws);
        stage.mdes.keep_as_start();
        if broken == Some(Broken::JwsKey) {
            stage.mdes.sign_with_wrong_key(true);
        }
        folder.know_banks(&stage.bank_base)?;
        folder.configure(&wallet_url, port, &stage.mdes_base, &options.cross_browser)?;
        click_to_pay_folder.configure(
            &click_to_pay_url,
            click_to_pay_port,
            &stage.mdes_base,
            &options.cross_browser,
        )?;
        let deployment = folder.load()?;
        let limits = deployment.first.limits;
        let app = start_identity(&deployment.first, &clock).await?;
        let [of_click_to_pay] = deployment.others.as_slice() else {
            return Err("the configuration of the demo lists one more identity".to_owned());
        };
        let click_to_pay = start_identity(of_click_to_pay, &clock).await?;
        let _ = wallet_app.set(app.clone());
        if let Err(reason) = look_at_the_directory(&app).await {
            tracing::warn!(?reason, "the first look at the directory failed");
        }
        let (stop, stopped) = watch::channel(false);
        let mut workbench = JoinSet::new();
        let pages = inspector(&journal, &wallet_url, &click_to_pay_url, &stage);
        workbench.spawn(axum::serve(at.workbench, pages).into_future());
        let mut servers = JoinSet::new();
        for (place, listener, app) in [(0, at.wallet, &app), (1, at.click_to_pay, &click_to_pay)] {
            let router = recorder.around(Place::Wallet(place), http::router(app.clone()));
            let mut stopped = stopped.clone();
            servers.spawn(http::serve(listener, router, limits, async move {
                let _ = stopped.wait_for(|stop| *stop).await;
            }));
        }
        Ok(Self {
            workers: [app.start_background(), click_to_pay.start_background()],
            app,
            click_to_pay,
            stage,
            wallet_url,
            click_to_pay_url,
            journal,
            workbench_url,
            _workbench: workbench,
            stop,
            servers,
            folder,
            click_to_pay_folder,
        })
    }

    /// Stops serving and lets what is under way finish.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.servers.join_next().await.is_some() {}
        for workers in self.workers {
            workers.stop().await;
        }
        self.app.close().await;
        self.click_to_pay.close().await;
    }

    fn greeting(&self) -> String {
        format!(
            "Tidemark demo. Nothing here is real: no bank, no card, no money.\n\n\
             Your wallet        {}/\n\
             The banks          {}/\n\
             Your phone         {}/phone\n\
             MDES               {}\n\
             The processor      {}\n\
             Flow inspector     {}/\n\
             Click to Pay       {}/\n\n\
             Open your wallet, choose \"Add a card from your bank\", and sign in at the bank as Ada.\n\
             Keys, configuration and database are in {}. Stop with Ctrl-C.",
            self.wallet_url,
            self.stage.bank_base,
            self.stage.bank_base,
            self.stage.mdes_base,
            self.stage.processor_base,
            self.workbench_url,
            self.click_to_pay_url,
            self.folder.root.display()
        )
    }

    /// Where everything is, for programs: with these credentials any client can call MDES as an issuer or as a wallet.
    #[must_use]
    pub fn places(&self) -> serde_json::Value {
        let path = |path: PathBuf| fs::canonicalize(&path).unwrap_or(path).display().to_string();
        let simulators = &self.folder.simulators;
        let [consumer_key, signing_key] = stage::Keys::issuer_files(simulators);
        json!({
            "wallet_url": self.wallet_url,
            "mdes_base_url": self.stage.mdes_base,
            "bank_url": self.stage.bank_base,
            "processor_base_url": self.stage.processor_base,
            "workbench_url": self.workbench_url,
            "phone_url": format!("{}/phone", self.stage.bank_base),
            "control_url": format!("{}/_sim", self.stage.bank_base),
            "click_to_pay_url": self.click_to_pay_url,
            "token_requestor_id": TOKEN_REQUESTOR_ID,
            "wallet": key_files(&self.folder, path),
            "click_to_pay": key_files(&self.click_to_pay_folder, path),
            "issuer": {
                "consumer_key_file": path(consumer_key),
                "signing_key_file": path(signing_key),
            },
            "mdes": {
                "encryption_certificate_file": path(simulators.join("mdes-encryption-certificate.pem")),
                "jws_key_file": path(self.folder.receipt_key()),
            },
        })
    }
}

/// The pages about a journal: this machine's only, and what is right for this wallet is the demo's own.
fn inspector(journal: &Journal, wallet_url: &str, click_to_pay_url: &str, stage: &Stage) -> axum::Router {
    let expected = Expectations::of(TOKEN_REQUESTOR_ID, format!("{wallet_url}/callback"));
    let neighbour = Expectations::of(CLICK_TO_PAY_ID, format!("{click_to_pay_url}/callback"));
    let workbench = Workbench::new(journal.clone(), expected).beside(click_to_pay_url, neighbour);
    let workbench = workbench.signed_by(stage.mdes.clone());
    guarded(pages(workbench).merge(console::router(stage.desk.clone())))
}

/// Where the keys of one of our identities are.
fn key_files(folder: &Folder, path: impl Fn(PathBuf) -> String) -> serde_json::Value {
    json!({
        "token_requestor_id": folder.who.token_requestor_id,
        "consumer_key_file": path(folder.secrets.join("consumer-key")),
        "signing_key_file": path(folder.secrets.join("signing-key.pem")),
        "config_file": path(folder.config_file()),
    })
}

async fn start_identity(config: &Config, clock: &Clock) -> Result<App, String> {
    let started = App::start(config, clock.clone(), true).await;
    started.map_err(|fault| fault.to_string())
}

/// Puts the recorder around a simulator.
fn wrap(recorder: &Recorder, place: Place) -> Wrap {
    let recorder = recorder.clone();
    Box::new(move |router| recorder.around(place, router))
}

/// The hand of a clock, for the simulators.
pub(super) fn hand(clock: Clock) -> Hand {
    Arc::new(move |turn| {
        match turn {
            Turn::Look => {}
            Turn::Advance(by_ms) => {
                clock.advance(by_ms);
            }
            Turn::Freeze(freeze) => {
                clock.freeze(freeze);
            }
        }
        let reading = clock.reading();
        Time {
            now_ms: reading.now.0,
            ahead_ms: reading.ahead_ms,
            frozen: reading.frozen,
        }
    })
}

/// Lets the wallet say what is switched on, and ask for the list anew, which may be another now.
fn announcement(wallet: &Arc<OnceLock<App>>, console: String) -> Changed {
    let wallet = Arc::clone(wallet);
    Arc::new(move |news| {
        let Some(app) = wallet.get().cloned() else { return };
        let href = console.clone();
        app.announce_scenario(news.active.map(|name| DemoScenario { name, href }));
        tokio::spawn(async move {
            if news.forgets_list {
                app.forget_directory().await;
            }
            let _ = look_at_the_directory(&app).await;
        });
    })
}

/// Asks for the list of issuers, a second time where it has become much shorter: it is believed when it comes again.
async fn look_at_the_directory(app: &App) -> Result<usize, NotRefreshed> {
    let span = span_of(app.identity());
    match app.refresh_directory().instrument(span.clone()).await {
        Err(NotRefreshed::Suspicious(_)) => app.refresh_directory().instrument(span).await,
        looked => looked,
    }
}

/// How often the banks look whether their list of token requestors is old, by the machine.
pub(super) const LOOKS_EVERY: Duration = Duration::from_secs(60);
