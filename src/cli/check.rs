//! `tidemark check`: would this configuration start, will phones open the wallet's own app, and what is assumed?

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::app::inspect;
use crate::clock::Clock;
use crate::config::profiles::{self, WireProfiles};
use crate::config::{self, Config, Deployment};
use crate::mdes::jws::KeyDescription;

use super::association;

/// What was found out.
#[derive(Default)]
struct Findings {
    /// Why a server would not start, of all identities together.
    problems: Vec<String>,
    /// Whether phones' view was looked at.
    online: bool,
    /// The identities, the first before the others; none where the configuration could not be read.
    identities: Vec<Identity>,
    /// What Mastercard does not publish, as `(key, meaning)`.
    assumed: Vec<(String, String)>,
}

/// What was found out about one identity.
struct Identity {
    /// Its name in the log.
    name: String,
    /// Its TRID.
    token_requestor_id: String,
    /// The origin that cardholders see.
    public_url: String,
    /// Why it would not start.
    problems: Vec<String>,
    /// Why phones would not open its own app.
    association: Vec<String>,
    /// What verifies its receipts.
    keys: Vec<KeyDescription>,
}

pub(super) async fn run(path: Option<&Path>, online: bool, as_json: bool) -> ExitCode {
    let findings = look(path, online).await;
    if as_json {
        println!("{}", findings.json());
    } else {
        findings.print();
    }
    if findings.problems().next().is_some() {
        ExitCode::from(config::EXIT_CODE)
    } else if findings.association().next().is_some() {
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
    let deployment = match Deployment::load(path, super::environment()) {
        Ok(deployment) => deployment,
        Err(faults) => {
            findings.problems = faults.iter().map(ToString::to_string).collect();
            findings.assumed = assumed(profiles::reference());
            return findings;
        }
    };
    findings.assumed = assumed(deployment.first.wire.profiles.clone());
    for config in deployment.all() {
        findings.identities.push(look_at(config, online).await);
    }
    findings
}

async fn look_at(config: &Config, online: bool) -> Identity {
    let (problems, keys) = match inspect(config, &Clock::system()) {
        Ok(keys) => (Vec::new(), keys),
        Err(fault) => (vec![fault.to_string()], Vec::new()),
    };
    let (url, app) = (&config.public_url, &config.app);
    let mut association: Vec<String> = association::address_fault(url, app).into_iter().collect();
    if online {
        association.extend(association::examine(url, app, association::PATIENCE).await);
    }
    Identity {
        name: config.identity.clone(),
        token_requestor_id: config.mdes.token_requestor_id.as_str().to_owned(),
        public_url: url.as_str().to_owned(),
        problems,
        association,
        keys,
    }
}

fn assumed(profiles: WireProfiles) -> Vec<(String, String)> {
    let of_profiles = profiles.assumed.into_iter();
    let of_profiles = of_profiles.map(|(field, meaning)| (format!("wire profile {field}"), meaning));
    Config::assumed().into_iter().chain(of_profiles).collect()
}

impl Identity {
    fn keys_json(&self) -> Value {
        let key = |key: &KeyDescription| json!({"kid": key.kid, "bits": key.bits, "thumbprint": key.thumbprint});
        self.keys.iter().map(key).collect()
    }

    fn json(&self) -> Value {
        json!({
            "identity": self.name,
            "token_requestor_id": self.token_requestor_id,
            "public_url": self.public_url,
            "problems": self.problems,
            "association": self.association,
            "receipt_keys": self.keys_json(),
        })
    }

    fn print(&self, alone: bool) {
        if !alone {
            println!(
                "{} is token requestor {} at {}.",
                self.name, self.token_requestor_id, self.public_url
            );
        }
        for key in &self.keys {
            println!(
                "Receipts are verified with key {} ({} bits, thumbprint {}).",
                key.kid, key.bits, key.thumbprint
            );
        }
    }
}

impl Findings {
    /// Those of the whole, and those of each identity.
    fn problems(&self) -> impl Iterator<Item = &String> {
        let own = self.identities.iter().flat_map(|identity| &identity.problems);
        self.problems.iter().chain(own)
    }

    fn association(&self) -> impl Iterator<Item = &String> {
        self.identities.iter().flat_map(|identity| &identity.association)
    }

    fn json(&self) -> Value {
        let problems: Vec<&String> = self.problems().collect();
        let association: Vec<&String> = self.association().collect();
        let assumed = self.assumed.iter();
        let assumed: Value = assumed
            .map(|(key, meaning)| json!({"key": key, "meaning": meaning}))
            .collect();
        json!({
            "ok": problems.is_empty() && association.is_empty(),
            "problems": problems,
            "association": association,
            "receipt_keys": self.identities.first().map_or_else(|| json!([]), Identity::keys_json),
            "identities": self.identities.iter().map(Identity::json).collect::<Value>(),
            "assumed": assumed,
        })
    }

    fn print(&self) {
        let alone = self.identities.len() == 1;
        for fault in &self.problems {
            eprintln!("{fault}");
        }
        for identity in &self.identities {
            for fault in identity.problems.iter().chain(&identity.association) {
                if alone {
                    eprintln!("{fault}");
                } else {
                    eprintln!("{}: {fault}", identity.name);
                }
            }
        }
        if self.problems().next().is_some() {
            return;
        }
        let opens_apps = self.association().next().is_none();
        if opens_apps {
            println!("The configuration is right.");
        } else {
            println!("A server would start, but phones would not open the wallet's own app.");
        }
        if self.online && opens_apps {
            println!("What public_url tells phones of the wallet's own app is what the configuration says.");
        }
        for identity in &self.identities {
            identity.print(alone);
        }
        println!("\nMastercard does not publish these; they are our reading, and each is a setting:");
        for (key, meaning) in &self.assumed {
            println!("  {key}: {meaning}");
        }
    }
}
