//! `tidemark plan`: the launch planner on JSON lines, for people who want to know why a phone did what it did.

use std::io::{BufRead as _, Write as _};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::domain::device::Device;
use crate::domain::issuer::PullMethods;
use crate::domain::launch::{LaunchContext, LaunchNames, LaunchValues, Plan, plan};
use crate::domain::link::LinkRules;

/// Answers every line in order; an empty line is none. A line that is no JSON object is answered with what is wrong with
/// it, and the exit code is 1. Everything else is a question, as browsers and directories are: what cannot be meant, and
/// what nobody asked for, counts as absent.
pub(super) fn run(names: &LaunchNames) -> ExitCode {
    let mut all_read = true;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().split(b'\n') {
        let Ok(line) = line else {
            eprintln!("standard input cannot be read");
            return ExitCode::from(super::USAGE);
        };
        let line = String::from_utf8_lossy(&line);
        // Some editors begin a file with a mark that is no text.
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Map<String, Value>>(line) {
            Ok(question) => told(&planned(&question, names)),
            Err(problem) => {
                all_read = false;
                json!({"error": problem.to_string()})
            }
        };
        if writeln!(out, "{answer}").is_err() {
            break;
        }
    }
    if all_read { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn planned(question: &Map<String, Value>, names: &LaunchNames) -> Plan {
    let said = |name: &str| question.get(name).and_then(text);
    let device = Device {
        user_agent: said("user_agent").unwrap_or_default(),
        ch_platform: said("ch_platform"),
        ch_mobile: question.get("ch_mobile").and_then(flag),
        touch_points: question.get("max_touch_points").and_then(touch_points),
    };
    let method = |kind: &str| question.get("methods")?.get(kind)?.as_str().map(str::to_owned);
    let methods = PullMethods {
        android: method("ANDROID"),
        ios: method("IOS"),
        web: method("WEB"),
    };
    let value = |name: &str| said(name).unwrap_or_default();
    let (session, token_requestor) = (value("session_id"), value("token_requestor_id"));
    let (callback, fallback) = (value("callback_url"), value("fallback_url"));
    // The wallet is where the cardholder comes back.
    let wallet_host = host_of(&callback).or_else(|| host_of(&fallback));
    let rules = LinkRules {
        wallet_host: wallet_host.unwrap_or_default(),
        allow_loopback: false,
    };
    let context = LaunchContext {
        names,
        values: LaunchValues {
            session: &session,
            token_requestor: &token_requestor,
            callback: &callback,
            locale: None,
        },
        fallback: &fallback,
        rules: &rules,
    };
    plan(&device.signals(), &methods, context)
}

/// A text; an id may be written as a number.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// `Sec-CH-UA-Mobile`, as a truth value or as it stands in the header.
fn flag(value: &Value) -> Option<bool> {
    if let Value::Bool(flag) = value {
        return Some(*flag);
    }
    match text(value)?.trim() {
        "?1" | "1" | "true" => Some(true),
        "?0" | "0" | "false" => Some(false),
        _ => None,
    }
}

/// A count: some screens tell more points than there are fingers, and some less than none.
fn touch_points(value: &Value) -> Option<u8> {
    let points: f64 = text(value)?.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    points.is_finite().then(|| points.clamp(0.0, 255.0) as u8)
}

fn host_of(address: &str) -> Option<String> {
    url::Url::parse(address).ok()?.host_str().map(str::to_owned)
}

fn told(plan: &Plan) -> Value {
    let steps: Vec<Value> = plan
        .steps
        .iter()
        .map(|step| json!({"role": step.role.name(), "target": step.target}))
        .collect();
    let rejected: Map<String, Value> = plan
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
