//! `/_sim/faults`.

use std::sync::PoisonError;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::desk::Pulled;
use super::json::{self, Answer, Problem};
use crate::sim::faults::{EVERY, Fault, Order, Rule};
use crate::sim::mdes::{NOTIFICATION, operation_names};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    operation: String,
    kind: String,
    status: Option<u16>,
    reason: Option<String>,
    #[serde(default)]
    latency_ms: u64,
    probability: Option<f64>,
    count: Option<u64>,
    seed: Option<u64>,
}

pub(super) async fn list(State(desk): State<Desk>) -> Answer {
    let rules: Value = desk.faults.rules().iter().map(shown).collect();
    json::ok(&json!({ "faults": rules }))
}

pub(super) async fn add(State(desk): State<Desk>, body: Bytes) -> Answer {
    let order = order(json::read(&body)?)?;
    let id = desk.faults.add(order);
    let rules = desk.faults.rules();
    let rule = rules.iter().find(|rule| rule.id == id);
    Ok(json::answer(StatusCode::CREATED, &rule.map_or(Value::Null, shown)))
}

pub(super) async fn clear(State(desk): State<Desk>) -> Answer {
    desk.faults.clear();
    json::ok(&json!({ "faults": [] }))
}

pub(super) async fn remove(State(desk): State<Desk>, Path(id): Path<String>) -> Answer {
    let removed = id.parse().is_ok_and(|id| desk.faults.remove(id));
    if removed {
        list(State(desk)).await
    } else {
        Err(Problem::absent("There is no such fault; GET /_sim/faults lists them."))
    }
}

impl Desk {
    /// Makes an operation go wrong: members as `POST /_sim/faults` takes them.
    ///
    /// # Errors
    /// A sentence about what cannot be.
    pub fn order(&self, asked: Value) -> Result<(), String> {
        let asked: Asked = json::of_value(asked)?;
        self.faults
            .add(order(asked).map_err(|problem| problem.text().to_owned())?);
        Ok(())
    }

    /// Removes a fault by its number. `false` if there is none.
    #[must_use]
    pub fn withdraw(&self, id: u64) -> bool {
        self.faults.remove(id)
    }

    /// Every fault that can still strike, in a few words. That of the lie that is told goes with the lie.
    pub(super) fn orders(&self) -> Vec<Pulled> {
        let of_the_lie = *self.lie_rule.lock().unwrap_or_else(PoisonError::into_inner);
        let rules = self.faults.rules();
        let live = rules.iter().filter(|rule| !rule.is_used_up());
        live.map(|rule| Pulled {
            text: told(rule),
            fault: Some(rule.id).filter(|id| Some(*id) != of_the_lie),
            is_of_the_name: Some(rule.id) == of_the_lie,
        })
        .collect()
    }

    /// The operations that can be made to go wrong.
    pub fn operations() -> impl Iterator<Item = &'static str> {
        operation_names().chain(OUTWARD).chain([NOTIFICATION, EVERY])
    }
}

/// Reads what was asked for, and says what cannot be.
fn order(asked: Asked) -> Result<Order, Problem> {
    let outward = OUTWARD.contains(&asked.operation.as_str());
    if !Desk::operations().any(|name| name == asked.operation) {
        let names: Vec<&str> = Desk::operations().collect();
        return Err(Problem::unfit(format!("operation is one of {}.", names.join(", "))));
    }
    let probability = asked.probability.unwrap_or(1.0);
    if !(0.0..=1.0).contains(&probability) {
        return Err(Problem::unfit("probability is a number from 0 to 1."));
    }
    if asked.latency_ms > LATENCY_MAX_MS {
        return Err(Problem::unfit(
            "latency_ms is 120000 at the most: two minutes of the machine's time.",
        ));
    }
    if asked.count == Some(0) {
        return Err(Problem::unfit(
            "count is 1 or more, or null for as long as nobody removes it.",
        ));
    }
    let fault = fault(&asked, outward)?;
    let own_time = matches!(fault, Fault::Delay(_) | Fault::Late(_));
    let latency = if own_time { 0 } else { asked.latency_ms };
    Ok(Order {
        fault,
        operation: asked.operation,
        latency: Duration::from_millis(latency),
        probability,
        count: asked.count,
        seed: asked.seed.unwrap_or_default(),
    })
}

fn fault(asked: &Asked, outward: bool) -> Result<Fault, Problem> {
    let wait = || match asked.latency_ms {
        0 => Err(Problem::unfit("Say latency_ms: without it nothing would be late.")),
        ms => Ok(Duration::from_millis(ms)),
    };
    let fault = match asked.kind.as_str() {
        "status" => Fault::Status(asked.status.unwrap_or(DEFAULT_STATUS)),
        "html" => Fault::Html,
        "truncated" => Fault::Truncated,
        "empty" => Fault::Empty,
        "wrong-json" => Fault::WrongJson,
        "errors" => Fault::Errors(asked.reason.clone().unwrap_or_else(|| DEFAULT_REASON.to_owned())),
        "hang" => Fault::Hang,
        "drop" => Fault::DropBefore,
        "lose-answer" => Fault::LoseAnswer,
        "delay" => Fault::Delay(wait()?),
        "huge" => Fault::Huge,
        "late" => Fault::Late(wait()?),
        "wrong-response-id" => Fault::WrongResponseId,
        _ => {
            let kinds = FAULT_KINDS.join(", ");
            return Err(Problem::unfit(format!("kind is one of {kinds}.")));
        }
    };
    if asked.status.is_some() && !matches!(fault, Fault::Status(400..=599)) {
        return Err(Problem::unfit(
            "status belongs to the kind status, and is from 400 to 599.",
        ));
    }
    let is_word = |reason: &String| {
        (1..=64).contains(&reason.len()) && reason.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    if asked
        .reason
        .as_ref()
        .is_some_and(|reason| asked.kind != "errors" || !is_word(reason))
    {
        let text = "reason belongs to the kind errors, and is a reason code such as NO_RESPONSE_FROM_ISSUER.";
        return Err(Problem::unfit(text));
    }
    if asked.operation == NOTIFICATION && !SENDER_KINDS.contains(&asked.kind.as_str()) {
        let kinds = SENDER_KINDS.join(", ");
        let text = format!("{NOTIFICATION} is sent by MDES, which can only spoil what it sends: {kinds}.");
        return Err(Problem::unfit(text));
    }
    if outward && asked.kind == "wrong-response-id" {
        return Err(Problem::unfit("MDES does not look at the responseId of a bank."));
    }
    Ok(fault)
}

fn shown(rule: &Rule) -> Value {
    let order = &rule.order;
    let (kind, status, reason) = words(&order.fault);
    let latency = latency(order);
    json!({
        "id": rule.id,
        "operation": order.operation,
        "kind": kind,
        "status": status,
        "reason": reason,
        "latency_ms": u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
        "probability": order.probability,
        "count": order.count,
        "seed": order.seed,
        "struck": rule.struck,
    })
}

/// A fault in a few words.
fn told(rule: &Rule) -> String {
    let order = &rule.order;
    let (kind, status, reason) = words(&order.fault);
    let status = status.map(|status| format!(" {status}")).unwrap_or_default();
    let reason = reason.map(|reason| format!(" {reason}")).unwrap_or_default();
    let late = match latency(order).as_millis() {
        0 => String::new(),
        ms => format!(" after {ms} ms"),
    };
    let often = if order.probability < 1.0 {
        format!(" with probability {}", order.probability)
    } else {
        String::new()
    };
    let struck = match (order.count, rule.struck) {
        (Some(count), struck) => format!("struck {struck} of {count} times"),
        (None, 1) => "struck once, until it is removed".to_owned(),
        (None, struck) => format!("struck {struck} times, until it is removed"),
    };
    let call = match order.operation.as_str() {
        EVERY => "every call to MDES",
        operation => operation,
    };
    format!("{call}: {kind}{status}{reason}{late}{often}, {struck}")
}

/// How long a call takes more than usual.
fn latency(order: &Order) -> Duration {
    match &order.fault {
        Fault::Delay(wait) | Fault::Late(wait) => *wait,
        _ => order.latency,
    }
}

/// The kind, and the status or the reason where the kind has one.
fn words(fault: &Fault) -> (&'static str, Option<u16>, Option<&str>) {
    match fault {
        Fault::Status(status) => ("status", Some(*status), None),
        Fault::Html => ("html", None, None),
        Fault::Truncated => ("truncated", None, None),
        Fault::Empty => ("empty", None, None),
        Fault::WrongJson => ("wrong-json", None, None),
        Fault::Errors(reason) => ("errors", None, Some(reason)),
        Fault::Hang => ("hang", None, None),
        Fault::DropBefore => ("drop", None, None),
        Fault::LoseAnswer => ("lose-answer", None, None),
        Fault::Delay(_) => ("delay", None, None),
        Fault::Huge => ("huge", None, None),
        Fault::Late(_) => ("late", None, None),
        Fault::WrongResponseId => ("wrong-response-id", None, None),
    }
}

/// What MDES asks the banks.
pub(super) const OUTWARD: [&str; 3] = ["authorizeService", "deliverActivationCode", "notifyServiceActivated"];
/// The ways in which a call can go wrong, by name.
pub const FAULT_KINDS: [&str; 13] = [
    "status",
    "html",
    "truncated",
    "empty",
    "wrong-json",
    "errors",
    "hang",
    "drop",
    "lose-answer",
    "delay",
    "huge",
    "late",
    "wrong-response-id",
];
/// What can be spoilt by the one who sends.
const SENDER_KINDS: [&str; 6] = ["drop", "lose-answer", "delay", "truncated", "empty", "wrong-json"];
const DEFAULT_STATUS: u16 = 503;
const DEFAULT_REASON: &str = "SYSTEM_ERROR";
const LATENCY_MAX_MS: u64 = 120_000;
