//! `tidemark plan`: the launch planner on JSON lines, for people who want to know why a phone did what it did.

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::device::Device;
use crate::domain::issuer::PullMethods;
use crate::domain::launch::{LaunchContext, LaunchNames, LaunchValues, Plan, plan};
use crate::domain::link::LinkRules;

/// One question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    #[serde(default)]
    user_agent: String,
    ch_platform: Option<String>,
    ch_mobile: Option<bool>,
    max_touch_points: Option<u8>,
    #[serde(default)]
    methods: Methods,
    session_id: String,
    token_requestor_id: String,
    callback_url: String,
    #[serde(default)]
    fallback_url: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "UPPERCASE", deny_unknown_fields)]
struct Methods {
    android: Option<String>,
    ios: Option<String>,
    web: Option<String>,
}

/// Answers every line in order. A line that is no question is answered with what is wrong with it, and the exit code is 1.
pub(super) fn run(names: &LaunchNames) -> ExitCode {
    let mut all_read = true;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let Ok(line) = line else {
            eprintln!("standard input cannot be read as text");
            return ExitCode::from(super::USAGE);
        };
        if line.trim().is_empty() {
            continue;
        }
        let answer = answer(&line, names).unwrap_or_else(|problem| {
            all_read = false;
            json!({"error": problem})
        });
        if writeln!(out, "{answer}").is_err() {
            break;
        }
    }
    if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn answer(line: &str, names: &LaunchNames) -> Result<Value, String> {
    let question: Question = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let device = Device {
        user_agent: question.user_agent,
        ch_platform: question.ch_platform,
        ch_mobile: question.ch_mobile,
        touch_points: question.max_touch_points,
    };
    let methods = PullMethods {
        android: question.methods.android,
        ios: question.methods.ios,
        web: question.methods.web,
    };
    let rules = LinkRules {
        wallet_host: host_of(&question.callback_url)?,
        allow_loopback: false,
    };
    let context = LaunchContext {
        names,
        values: LaunchValues {
            session: &question.session_id,
            token_requestor: &question.token_requestor_id,
            callback: &question.callback_url,
        },
        fallback: &question.fallback_url,
        rules: &rules,
    };
    Ok(told(&plan(&device.signals(), &methods, context)))
}

/// The wallet is where the callback is.
fn host_of(callback_url: &str) -> Result<String, String> {
    let url = url::Url::parse(callback_url).map_err(|_| "callback_url is no address".to_owned())?;
    url.host_str()
        .map(str::to_owned)
        .ok_or_else(|| "callback_url has no host".to_owned())
}

fn told(plan: &Plan) -> Value {
    let steps: Vec<Value> = plan
        .steps
        .iter()
        .map(|step| json!({"role": step.role.name(), "target": step.target}))
        .collect();
    let rejected: serde_json::Map<String, Value> = plan
        .rejected
        .iter()
        .map(|(slot, fault)| (slot.name().to_owned(), json!(fault.code())))
        .collect();
    json!({
        "platform": plan.client.platform_name(),
        "browser": plan.client.browser_name(),
        "in_app": plan.client.in_app,
        "mechanism": plan.mechanism.name(),
        "steps": steps,
        "rejected": rejected,
    })
}
