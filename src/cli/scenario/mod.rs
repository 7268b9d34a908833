//! `tidemark scenario run`: flows as files, for tests of wallets in other people's CI. The format stands in `format.md`.
//!
//! Every file gets a person with a new browser and, unless another wallet is named, a demo of its own. The report is about
//! what was seen and not about when and under which ids: the same seed gives the same report, byte for byte.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::{Args, Subcommand};
use futures_util::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use super::control::Control;
use super::demo::{self, Demo};

pub mod bank;
mod eyes;
mod format;
mod inspector;
mod normal;
mod person;

pub use format::{ExpectedFailure, Scenario, parse};
pub use inspector::Inspector;

use person::{Person, Trouble};

/// So many issuers a demo has unless its scenario says otherwise.
const ISSUERS: u16 = 12;
/// So many demos run at a time: they wait more than they work.
const DEMOS_AT_ONCE: usize = 4;

/// What `scenario` does.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Run every *.toml of a folder, or one file, and say what came of each.
    ///
    /// Exit code 0 when everything ended as its file says, 1 when anything did not, 2 when a file cannot be read or nothing can
    /// be played. Beside a wallet that runs already nobody else may use its simulators meanwhile.
    /// Example: tidemark scenario run tests/scenarios --seed 7
    Run(Options),
}

/// What `scenario run` takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// A folder with scenarios, or one of them.
    pub path: PathBuf,
    /// What faults throw their dice with: the same seed, the same report.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// One JSON object instead of lines.
    #[arg(long)]
    pub json: bool,
    /// A wallet that runs already: its origin. Without it each file gets a demo of its own, on free ports.
    #[arg(long, requires = "sim")]
    pub target: Option<url::Url>,
    /// The simulators of that wallet: the origin of either.
    #[arg(long, requires = "target")]
    pub sim: Option<url::Url>,
    /// The flow inspector beside that wallet, for the verdicts. Without it the report says which were not checked.
    #[arg(long, requires = "target")]
    pub inspector: Option<url::Url>,
}

/// Where a scenario stopped, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The name of the step.
    pub step: String,
    /// What was seen.
    pub seen: String,
    /// Whether an expectation was not met, and not something else went wrong.
    pub is_unmet: bool,
}

impl Failure {
    /// Whether it is the one that a file expects.
    fn is(&self, expected: &ExpectedFailure) -> bool {
        self.is_unmet && self.step == expected.step && normal::text(&self.seen).contains(&expected.seen)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "step \"{}\": {}", self.step, self.seen)
    }
}

/// What came of one file.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The file's name.
    pub file: String,
    /// What it shows.
    pub title: String,
    /// Where and how it had to fail, where it had to.
    pub expect_failure: Option<ExpectedFailure>,
    /// Where it stopped, if it did.
    pub failure: Option<Failure>,
    /// The steps that were done.
    pub done: Vec<String>,
    /// The verdicts that nobody could be asked about.
    pub unchecked: Vec<String>,
}

impl Outcome {
    /// Whether it ended as its file says: an expected failure that does not happen is a failure, and so is another one.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        match (&self.failure, &self.expect_failure) {
            (None, None) => true,
            (Some(failure), Some(expected)) => failure.is(expected),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    fn word(&self) -> &'static str {
        match (self.is_fine(), &self.failure, &self.expect_failure) {
            (true, None, _) => "ok",
            (true, Some(_), _) => "ok, failed as expected",
            (false, Some(_), None) => "FAILED",
            (false, Some(_), Some(_)) => "FAILED, but otherwise than expected",
            (false, None, _) => "FAILED, because it did not fail",
        }
    }

    /// As a line and, where it stopped, another.
    #[must_use]
    pub fn lines(&self) -> String {
        let line = format!("{:<24} {}  {}", self.word(), self.file, self.title);
        let failure = self
            .failure
            .as_ref()
            .map(|failure| format!("\n{:<24} at {failure}", ""));
        format!("{line}{}", failure.unwrap_or_default())
    }

    fn json(&self) -> Value {
        json!({
            "file": self.file, "title": self.title, "result": self.word(), "done": self.done,
            "expect_failure": self.expect_failure,
            "failure": self.failure.as_ref().map(|failure| json!({"step": failure.step, "seen": failure.seen})),
            "verdicts_not_checked": self.unchecked,
        })
    }
}

/// Runs what was asked for.
pub async fn run(command: Command) -> ExitCode {
    let Command::Run(options) = command;
    super::ended(tell(&options).await)
}

/// Plays everything, tells what comes of it, and answers whether all is as it must be.
async fn tell(options: &Options) -> Result<bool, String> {
    let each = |outcome: &Outcome| match options.json {
        true => Ok(()),
        false => super::say(&outcome.lines()),
    };
    let outcomes = play_all(options, each).await?;
    let failed = outcomes.iter().filter(|outcome| !outcome.is_fine()).count();
    let end = if options.json {
        report(&outcomes, options.seed).to_string()
    } else {
        format!("{failed} of {} failed", outcomes.len())
    };
    super::say(&end)?;
    Ok(failed == 0)
}

/// What came of all files, for programs: the same for the same seed.
#[must_use]
pub fn report(outcomes: &[Outcome], seed: u64) -> Value {
    let scenarios: Vec<Value> = outcomes.iter().map(Outcome::json).collect();
    let failed = outcomes.iter().filter(|outcome| !outcome.is_fine()).count();
    json!({ "seed": seed, "failed": failed, "scenarios": scenarios })
}

/// Plays every file, in the order of their names, and `tell`s each when it is over.
///
/// # Errors
/// A file that cannot be read, a demo that does not start, or nobody who listens to `tell`. Nothing is played unless all
/// files can be read.
pub async fn play_all(
    options: &Options,
    tell: impl Fn(&Outcome) -> Result<(), String>,
) -> Result<Vec<Outcome>, String> {
    let files = files_of(&options.path)?;
    let mut scenarios = Vec::new();
    for file in &files {
        scenarios.push((name_of(file), format::read(file)?));
    }
    let workshop = Workshop::new(options);
    // A wallet that runs already has one clock for all, and one set of books.
    let at_once = if options.target.is_some() { 1 } else { DEMOS_AT_ONCE };
    let played = scenarios
        .iter()
        .map(|(file, scenario)| workshop.play(file, scenario, options.seed));
    let mut played = futures_util::stream::iter(played).buffered(at_once);
    let mut outcomes = Vec::new();
    while let Some(outcome) = played.next().await {
        let outcome = outcome?;
        tell(&outcome)?;
        outcomes.push(outcome);
    }
    drop(played);
    workshop.leave().await?;
    Ok(outcomes)
}

fn files_of(path: &Path) -> Result<Vec<PathBuf>, String> {
    let problem = |error: std::io::Error| format!("{}: {error}", path.display());
    if !std::fs::metadata(path).map_err(problem)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(problem)? {
        let file = entry.map_err(problem)?.path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(format!(
            "{}: there is no scenario, no file that ends in .toml",
            path.display()
        ));
    }
    Ok(files)
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// A wallet that runs, and what stands beside it.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The wallet's origin.
    wallet: String,
    control: Control,
    inspector: Option<Inspector>,
}

impl Ground {
    /// A demo.
    #[must_use]
    pub fn of(demo: &Demo) -> Self {
        Self {
            wallet: demo.wallet_url.clone(),
            control: Control::new(&demo.stage.mdes_base),
            inspector: Some(Inspector::new(&demo.workbench_url)),
        }
    }

    async fn reset(&self) -> Result<(), String> {
        self.control.ask(Method::POST, "/reset", Some(&json!({}))).await?;
        Ok(())
    }
}

/// Where scenarios are played.
enum Workshop {
    /// At a wallet that runs already.
    There(Ground),
    /// In demos; these are the folders that none runs in.
    Demos(Mutex<Vec<Folder>>),
}

impl Workshop {
    fn new(options: &Options) -> Self {
        match (&options.target, &options.sim) {
            (Some(target), Some(sim)) => Self::There(Ground {
                wallet: target.origin().ascii_serialization(),
                control: Control::new(sim.as_str()),
                inspector: options.inspector.as_ref().map(|url| Inspector::new(url.as_str())),
            }),
            _ => Self::Demos(Mutex::default()),
        }
    }

    async fn play(&self, file: &str, scenario: &Scenario, seed: u64) -> Result<Outcome, String> {
        match self {
            Self::There(ground) => {
                ground.reset().await?;
                if let Some(issuers) = scenario.issuers {
                    let listed = json!({ "count": issuers });
                    ground.control.ask(Method::PUT, "/issuers", Some(&listed)).await?;
                }
                Ok(play(file, scenario, ground, seed).await)
            }
            Self::Demos(folders) => {
                let free = || folders.lock().unwrap_or_else(PoisonError::into_inner);
                let folder = free().pop();
                let folder = folder.map_or_else(Folder::new, Ok)?;
                let demo = folder.demo(scenario.issuers).await?;
                let outcome = play(file, scenario, &Ground::of(&demo), seed).await;
                demo.stop().await;
                free().push(folder);
                Ok(outcome)
            }
        }
    }

    /// Leaves a wallet that runs already without the last scenario's faults, lies and list of issuers.
    async fn leave(&self) -> Result<(), String> {
        match self {
            Self::There(ground) => ground.reset().await,
            Self::Demos(_) => Ok(()),
        }
    }
}

/// A folder in which one demo after another runs: keys are made once, everything else anew.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, String> {
        let name = format!("tidemark-scenario-{}", hex::encode(crate::clock::random_bytes::<8>()));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }

    async fn demo(&self, issuers: Option<u16>) -> Result<Demo, String> {
        for name in ["wallet.db", "wallet.db-wal", "wallet.db-shm", "profiles.toml"] {
            match std::fs::remove_file(self.0.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(format!("{name}: {error}")),
                _ => {}
            }
        }
        let options = demo::Options {
            issuers: issuers.unwrap_or(ISSUERS),
            ..demo::Options::on_free_ports(self.0.clone())
        };
        Demo::start(&options, None).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // It holds keys of demos and nothing else; what cannot be removed is left to the machine.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Plays one scenario.
pub async fn play(file: &str, scenario: &Scenario, ground: &Ground, seed: u64) -> Outcome {
    let mut done = Vec::new();
    let walked = walk(scenario, ground, seed, false, |step, _| done.push(step.to_owned())).await;
    Outcome {
        file: file.to_owned(),
        title: scenario.title.clone(),
        expect_failure: scenario.expect_failure.clone(),
        failure: walked.ended.err().map(|failure| Failure {
            seen: normal::text(&failure.seen),
            ..failure
        }),
        done,
        unchecked: walked.unchecked,
    }
}

/// What came of a walk.
#[derive(Clone, Debug)]
pub struct Walked {
    /// Where it stopped, if it did.
    pub ended: Result<(), Failure>,
    /// The verdicts that nobody could be asked about.
    pub unchecked: Vec<String>,
}

/// Does the steps of a scenario, and `tell`s the name of each that is done, and what was seen to be so.
pub async fn walk(
    scenario: &Scenario,
    ground: &Ground,
    seed: u64,
    breaks_session: bool,
    mut tell: impl FnMut(&str, Option<&str>),
) -> Walked {
    let at = |step: &str, trouble: Trouble| {
        let (seen, is_unmet) = match trouble {
            Trouble::Unmet(seen) => (seen, true),
            Trouble::Broken(seen) => (seen, false),
        };
        Failure {
            step: step.to_owned(),
            seen,
            is_unmet,
        }
    };
    let mut person = match Person::new(ground, seed, breaks_session).await {
        Ok(person) => person,
        Err(seen) => {
            return Walked {
                ended: Err(at("start", seen.into())),
                unchecked: Vec::new(),
            };
        }
    };
    let mut ended = Ok(());
    'steps: for step in &scenario.step {
        for action in &step.actions {
            if let Err(trouble) = person.act(action).await {
                ended = Err(at(&step.name, trouble));
                break 'steps;
            }
        }
        tell(&step.name, step.done.as_deref());
    }
    // Of a failure that was expected the inspector may have to say something too.
    if let (Err(failure), Some(expected)) = (&mut ended, &scenario.expect_failure)
        && let Some(verdict) = expected.verdict.as_deref().filter(|_| failure.is(expected))
        && let Err(trouble) = person.expect_verdict(verdict).await
    {
        *failure = Failure {
            is_unmet: false,
            ..at(&expected.step, trouble)
        };
    }
    Walked {
        ended,
        unchecked: person.unchecked,
    }
}
