//! `tidemark profile`: files of wire profiles, checked, explained and made.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;

use super::learn;
use crate::config::{self, profiles};
use crate::domain::id::IssuerId;
use crate::domain::profile::{CodeCheck, CodePolicy, Profile};
use crate::http::read_return;

/// The largest recording, in bytes.
const HAR_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// What `profile` does.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Print the reference: every field with its meaning and our guess.
    Reference,
    /// Say what is wrong with a file of profiles, and what in it is a guess.
    ///
    /// Exit code 0 when a wallet would take it, 78 when not. Example: tidemark profile lint profiles.toml
    Lint {
        /// The file.
        file: PathBuf,
    },
    /// Make the profile of an issuer from a recording of a visit to it, on standard output.
    ///
    /// The recording is a HAR file: open the network panel of the browser, begin on the wallet's launch page, come back
    /// from the issuer, save. It holds secrets; the profile holds names only.
    /// Exit code 1 when the recording holds no return. Example: tidemark profile learn visit.har --issuer moonbank
    Learn {
        /// The HAR file.
        file: PathBuf,
        /// The issuer's id in the directory. Without it, the profile is for all issuers.
        #[arg(long)]
        issuer: Option<String>,
    },
}

pub(super) fn run(command: &Command) -> ExitCode {
    match command {
        Command::Reference => {
            print!("{}", profiles::REFERENCE);
            ExitCode::SUCCESS
        }
        Command::Lint { file } => lint(file),
        Command::Learn { file, issuer } => match learnt(file, issuer.as_deref()) {
            Ok(profile) => {
                print!("{profile}");
                ExitCode::SUCCESS
            }
            Err(problem) => {
                eprintln!("{}: {problem}", file.display());
                ExitCode::FAILURE
            }
        },
    }
}

fn lint(file: &Path) -> ExitCode {
    let read = match profiles::read(file) {
        Ok(read) => read,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::from(config::EXIT_CODE);
        }
    };
    println!(
        "The profiles are right: the default and {} of issuers.",
        read.profiles.issuers.len()
    );
    let default = ("default".to_owned(), &read.profiles.default);
    let own = read
        .profiles
        .issuers
        .iter()
        .map(|(id, profile)| (format!("issuer.{id}"), profile));
    for (section, profile) in std::iter::once(default).chain(own) {
        if let Some(warning) = warning(profile) {
            println!("warning: {section}: {warning}");
        }
    }
    if !read.assumed.is_empty() {
        println!("\nThese are guesses:");
        for (field, meaning) in &read.assumed {
            println!("  {field}: {meaning}");
        }
    }
    ExitCode::SUCCESS
}

/// What is allowed and hardly meant.
fn warning(profile: &Profile) -> Option<&'static str> {
    match (profile.code, profile.code_check) {
        (CodePolicy::Required | CodePolicy::Optional, CodeCheck::None) => {
            Some("a code is shown, but nobody compares it (code_check is \"none\")")
        }
        (CodePolicy::Unsupported, CodeCheck::Bind | CodeCheck::Jws) => {
            Some("code_check says where a code is compared, but none is ever shown (code is \"unsupported\")")
        }
        (CodePolicy::Required | CodePolicy::Optional, CodeCheck::Bind | CodeCheck::Jws)
        | (CodePolicy::Unsupported, CodeCheck::None) => None,
    }
}

/// A profile that was seen to read the recorded return.
fn learnt(file: &Path, issuer: Option<&str>) -> Result<String, String> {
    let id = issuer.map(IssuerId::parse).transpose();
    let id = id.map_err(|_| "--issuer takes 1 to 64 letters, digits, -, _ or .".to_owned())?;
    let size = std::fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > HAR_BYTES_MAX {
        return Err(format!("is larger than {} MiB", HAR_BYTES_MAX >> 20));
    }
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let learnt = learn::learn(text.trim_start_matches('\u{feff}')).map_err(|unlearnt| unlearnt.to_string())?;
    let section = id
        .as_ref()
        .map_or("default".to_owned(), |id| format!("issuer.\"{id}\""));
    let profile = learnt.profile(&section);
    let read = profiles::parse(&profile, "the learnt profile").map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        lines.join("\n")
    })?;
    let profiles = &read.profiles;
    let counts = id.as_ref().map_or(&profiles.default, |id| profiles.of(id));
    let returned = read_return(&learnt.query, &counts.returns);
    let returned = returned.map_err(|code| format!("holds a return that no profile can read ({code})"))?;
    if returned.jws.is_none() && returned.plain_receipts.is_empty() && returned.result.is_none() {
        return Err("holds a return without a receipt or a result".to_owned());
    }
    let mut comment = String::from("# Learnt from a recording; it reads that return.");
    let missing = learnt.missing();
    if !missing.is_empty() {
        comment.push_str(&format!(
            "\n# Not in the recording, so the default's: {}.",
            missing.join(", ")
        ));
    }
    Ok(format!("{comment}\n{profile}"))
}
