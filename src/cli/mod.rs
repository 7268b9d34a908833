//! The commands; the only folder that knows every other.

pub mod association;
pub mod attack;
pub mod auto;
pub mod browser;
mod check;
pub mod control;
pub mod demo;
mod error_pages;
pub mod keygen;
mod learn;
mod log;
mod magic;
mod plan;
mod profile;
pub mod scenario;
mod serve;
mod simulate;
mod verify;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::domain::launch::LaunchNames;

/// Exit code for a mistake in what was asked for (`EX_USAGE` would be 64; 2 is what shells and clap use).
const USAGE: u8 = 2;

/// The wallet side of MDES Token Connect pull provisioning, with an MDES simulator and a bank simulator.
#[derive(Debug, Parser)]
#[command(name = "tidemark", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a wallet, an MDES simulator and a bank simulator, and click through the whole flow.
    ///
    /// Example: tidemark demo --port 8080
    Demo(demo::Options),
    /// Attack a wallet with everything that the corpus holds, and see that nothing is accepted.
    ///
    /// What is accepted is counted in the books of the MDES simulator. Exit code 1 when anything is, 2 when the run is worth
    /// nothing, because an honest cardholder gets nowhere either. The books do not say who caused what: nobody else may use
    /// the simulators meanwhile, and a vector during which they were reset counts as not played.
    /// Example: tidemark attack --target http://localhost:8080 --sim http://127.0.0.1:8081
    Attack(Box<attack::Options>),
    /// Walk through a wallet as files say, and see that each ends as it says.
    Scenario {
        #[command(subcommand)]
        command: scenario::Command,
    },
    /// Serve the wallet.
    ///
    /// Example: tidemark serve --config tidemark.toml
    Serve {
        /// The configuration file. Every key can also be set in the environment: TIDEMARK_MDES__BASE_URL.
        #[arg(long)]
        config: Option<PathBuf>,
    },
    /// Start only the simulators, for a wallet or a bank of your own.
    ///
    /// They are controlled by REST, at /_sim on both listeners: faults, keys, knobs, and a clock that is theirs alone. A
    /// wallet has its own, so signatures are refused when it is moved by more than five minutes and the wallet's is not.
    ///
    /// Example: tidemark sim --wallet-url http://localhost:8080 --json
    Sim(simulate::Options),
    /// Print the values with a fixed ending: banks, people, cards and receipts of the simulators.
    ///
    /// Example: tidemark magic --json
    Magic(magic::Options),
    /// Make the secrets that the configuration names.
    ///
    /// Example: tidemark keygen secrets
    Keygen {
        /// The folder to make them in. Nothing that exists is touched.
        dir: PathBuf,
    },
    /// Say whether a configuration is right, without starting anything.
    ///
    /// Exit code 78 when a server would not start, 1 when it would but phones would not open the wallet's own app, else 0.
    /// Example: tidemark check --config tidemark.toml --online
    Check {
        /// The configuration file.
        #[arg(long)]
        config: Option<PathBuf>,
        /// Fetch the two files that bind the wallet's own app to public_url, as the servers of Google and Apple do, and
        /// compare them with this configuration.
        #[arg(long)]
        online: bool,
        /// One JSON object instead of text.
        #[arg(long)]
        json: bool,
    },
    /// Write the pages that a proxy shows when it reaches no server: 500, 502 and 503 in every language.
    ///
    /// Each stands alone and loads nothing. Example: tidemark error-pages --config tidemark.toml /srv/errors
    ErrorPages {
        /// The configuration file: the wallet's name and design tokens are in the pages.
        #[arg(long)]
        config: Option<PathBuf>,
        /// The folder to write them to, as 502.pl.html. What is there is written over.
        dir: PathBuf,
    },
    /// Plan how an issuer is opened: one question a line on standard input, one plan a line on standard output.
    ///
    /// A question is {"user_agent":…,"ch_platform":…,"ch_mobile":…,"max_touch_points":…,"methods":{"ANDROID":…,"IOS":…,
    /// "WEB":…},"session_id":…,"token_requestor_id":…,"callback_url":…,"fallback_url":…}. Exit code 1 when a line is none.
    /// Example: tidemark plan --session-name sessionId < questions
    Plan {
        /// The parameter that carries the session id.
        #[arg(long, default_value = "tokenRequestorSessionId")]
        session_name: String,
        /// The parameter that carries the token requestor id.
        #[arg(long, default_value = "tokenRequestorId")]
        token_requestor_name: String,
        /// The parameter that carries the callback URL.
        #[arg(long, default_value = "callbackURL")]
        callback_name: String,
    },
    /// Check, explain and make files of wire profiles: how issuers spell what crosses the redirects.
    Profile {
        /// What to do.
        #[command(subcommand)]
        command: profile::Command,
    },
    /// Verify push account data, one token a line on standard input, one JSON verdict a line on standard output.
    ///
    /// Exit code 0 when all are valid, 1 when one is not, 2 when the keys cannot be read.
    /// Example: tidemark verify --keys secrets/mdes/key.json < tokens
    Verify {
        /// Files with keys: JWK, JWK set, the answer of getAsset, or a PEM certificate whose file stem is the key id.
        #[arg(long, required = true, num_args = 1..)]
        keys: Vec<PathBuf>,
    },
}

/// Runs the command that the process was started with.
#[must_use]
pub fn run() -> ExitCode {
    match Arguments::parse().command {
        Command::Demo(options) => asynchronously(demo::run(options)),
        Command::Attack(options) => asynchronously(attack::run(*options)),
        Command::Scenario { command } => asynchronously(scenario::run(command)),
        Command::Serve { config } => serve::run(config.as_deref()),
        Command::Sim(options) => asynchronously(simulate::run(options)),
        Command::Magic(options) => magic::run(&options),
        Command::Keygen { dir } => keygen_into(&dir),
        Command::Check { config, online, json } => asynchronously(check::run(config.as_deref(), online, json)),
        Command::ErrorPages { config, dir } => error_pages::run(config.as_deref(), &dir),
        Command::Plan {
            session_name,
            token_requestor_name,
            callback_name,
        } => plan::run(&LaunchNames {
            session: session_name,
            token_requestor: token_requestor_name,
            callback: callback_name,
            locale: None,
        }),
        Command::Profile { command } => profile::run(&command),
        Command::Verify { keys } => verify::run(&keys),
    }
}

fn asynchronously(command: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(command),
        Err(error) => {
            eprintln!("the runtime does not start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The exit code of a run: 0 when everything ended as it must, 1 when anything did not, 2 when the run is worth nothing, and
/// then why.
fn ended(run: Result<bool, String>) -> ExitCode {
    match run {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(USAGE)
        }
    }
}

/// Writes a line, to somebody who may have heard enough.
///
/// # Errors
/// Nobody listens any more.
fn say(line: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    let said = writeln!(out, "{line}").and_then(|()| out.flush());
    said.map_err(|error| format!("the output cannot be written: {error}"))
}

/// The text of a file. What is no file, such as a pipe in which nothing may ever arrive, is not opened.
///
/// # Errors
/// The file, and what is wrong with it.
fn text_of(path: &Path) -> Result<String, String> {
    let problem = |error: std::io::Error| format!("{}: {error}", path.display());
    if !std::fs::metadata(path).map_err(problem)?.is_file() {
        return Err(format!("{}: this is no file", path.display()));
    }
    std::fs::read_to_string(path).map_err(problem)
}

/// The environment, without what is no Unicode: no setting of ours is.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn keygen_into(dir: &Path) -> ExitCode {
    match keygen::keygen(dir, crate::clock::Clock::system().now(), crate::clock::random_bytes) {
        Ok(written) => {
            print!("{}", keygen::summary(dir, &written));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.toml"), "text").expect("a file");
        std::fs::create_dir(at("b.toml")).expect("a folder");
        let made = std::process::Command::new("mkfifo").arg(at("c.toml")).status();
        assert!(made.expect("mkfifo runs").success());
        assert_eq!(text_of(&at("a.toml")).as_deref(), Ok("text"));
        for none in ["b.toml", "c.toml"] {
            let said = text_of(&at(none)).expect_err(none);
            assert!(said.ends_with(&format!("{none}: this is no file")), "{said}");
        }
    }
}
