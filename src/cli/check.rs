//! `tidemark check`: would this configuration start, and what is assumed in it?

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::inspect;
use crate::clock::Clock;
use crate::config::{self, Config, profiles};

pub(super) fn run(path: Option<&Path>, as_json: bool) -> ExitCode {
    let (config, mut problems) = match Config::load(path, super::environment()) {
        Ok(config) => (Some(config), Vec::new()),
        Err(faults) => (None, faults.iter().map(ToString::to_string).collect()),
    };
    let mut keys = Vec::new();
    if let Some(config) = &config {
        match inspect(config, &Clock::system()) {
            Ok(found) => keys = found,
            Err(fault) => problems.push(fault.to_string()),
        }
    }
    let mut assumed = Config::assumed();
    let profiles = config
        .as_ref()
        .map_or_else(profiles::reference, |config| config.wire.profiles.clone());
    let of_profiles = profiles.assumed.into_iter();
    assumed.extend(of_profiles.map(|(field, meaning)| (format!("wire profile {field}"), meaning)));
    if as_json {
        let keys: Vec<_> = keys
            .iter()
            .map(|key| json!({"kid": key.kid, "bits": key.bits, "thumbprint": key.thumbprint}))
            .collect();
        let assumed: Vec<_> = assumed
            .iter()
            .map(|(key, meaning)| json!({"key": key, "meaning": meaning}))
            .collect();
        println!(
            "{}",
            json!({"ok": problems.is_empty(), "problems": problems, "receipt_keys": keys, "assumed": assumed})
        );
    } else {
        for problem in &problems {
            eprintln!("{problem}");
        }
        if problems.is_empty() {
            println!("The configuration is right.");
            for key in &keys {
                println!(
                    "Receipts are verified with key {} ({} bits, thumbprint {}).",
                    key.kid, key.bits, key.thumbprint
                );
            }
            println!("\nMastercard does not publish these; they are our reading, and each is a setting:");
            for (key, meaning) in &assumed {
                println!("  {key}: {meaning}");
            }
        }
    }
    if problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(config::EXIT_CODE)
    }
}
