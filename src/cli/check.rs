//! `tidemark check`: would this configuration start, will phones open the wallet's own app, and what is assumed?

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::app::inspect;
use crate::clock::Clock;
use crate::config::profiles::{self, WireProfiles};
use crate::config::{self, Config};
use crate::mdes::jws::KeyDescription;

use super::association;

/// What was found out.
#[derive(Default)]
struct Findings {
    /// Why a server would not start.
    problems: Vec<String>,
    /// Why phones would not open the wallet's own app.
    association: Vec<String>,
    /// Whether phones' view was looked at.
    online: bool,
    /// What verifies receipts.
    keys: Vec<KeyDescription>,
    /// What Mastercard does not publish, as `(key, meaning)`.
    assumed: Vec<(String, String)>,
}

pub(super) async fn run(path: Option<&Path>, online: bool, as_json: bool) -> ExitCode {
    let findings = look(path, online).await;
    if as_json {
        println!("{}", findings.json());
    } else {
        findings.print();
    }
    if !findings.problems.is_empty() {
        ExitCode::from(config::EXIT_CODE)
    } else if !findings.association.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

async fn look(path: Option<&Path>, online: bool) -> Findings {
    let mut findings = Findings {
        online,
        ..Findings::default()
    };
    let config = match Config::load(path, super::environment()) {
        Ok(config) => config,
        Err(faults) => {
            findings.problems = faults.iter().map(ToString::to_string).collect();
            findings.assumed = assumed(profiles::reference());
            return findings;
        }
    };
    findings.assumed = assumed(config.wire.profiles.clone());
    match inspect(&config, &Clock::system()) {
        Ok(keys) => findings.keys = keys,
        Err(fault) => findings.problems.push(fault.to_string()),
    }
    let (url, app) = (&config.public_url, &config.app);
    findings.association.extend(association::address_fault(url, app));
    if online {
        let faults = association::examine(url, app, association::PATIENCE).await;
        findings.association.extend(faults);
    }
    findings
}

fn assumed(profiles: WireProfiles) -> Vec<(String, String)> {
    let of_profiles = profiles.assumed.into_iter();
    let of_profiles = of_profiles.map(|(field, meaning)| (format!("wire profile {field}"), meaning));
    Config::assumed().into_iter().chain(of_profiles).collect()
}

impl Findings {
    fn json(&self) -> Value {
        let keys: Vec<_> = self
            .keys
            .iter()
            .map(|key| json!({"kid": key.kid, "bits": key.bits, "thumbprint": key.thumbprint}))
            .collect();
        let assumed: Vec<_> = self
            .assumed
            .iter()
            .map(|(key, meaning)| json!({"key": key, "meaning": meaning}))
            .collect();
        json!({
            "ok": self.problems.is_empty() && self.association.is_empty(),
            "problems": self.problems,
            "association": self.association,
            "receipt_keys": keys,
            "assumed": assumed,
        })
    }

    fn print(&self) {
        for fault in self.problems.iter().chain(&self.association) {
            eprintln!("{fault}");
        }
        if !self.problems.is_empty() {
            return;
        }
        if self.association.is_empty() {
            println!("The configuration is right.");
        } else {
            println!("A server would start, but phones would not open the wallet's own app.");
        }
        if self.online && self.association.is_empty() {
            println!("What public_url tells phones of the wallet's own app is what the configuration says.");
        }
        for key in &self.keys {
            println!(
                "Receipts are verified with key {} ({} bits, thumbprint {}).",
                key.kid, key.bits, key.thumbprint
            );
        }
        println!("\nMastercard does not publish these; they are our reading, and each is a setting:");
        for (key, meaning) in &self.assumed {
            println!("  {key}: {meaning}");
        }
    }
}
