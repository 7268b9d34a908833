//! A push as a page to read: the numbered steps as they were recorded, with what each message carries and none of its values.

use serde_json::Value;

use crate::workbench::message::{Body, Message};
use crate::workbench::report::Report;
use crate::workbench::steps::{Seen, Steps};

/// The steps of a push; `None` for a pull. Two runs of the same flow lead to the same text.
#[must_use]
pub fn of(report: &Report) -> Option<String> {
    let steps = report.steps.as_ref()?;
    let mut text = format!("{} of {} steps were done.\n\n", steps.done(), steps.due());
    text.push_str("| Step | Who | What | Recorded as | Carries |\n| ---: | --- | --- | --- | --- |\n");
    for (step, seen) in &steps.all {
        let (recorded, carries) = match seen {
            Seen::In(message) => (format!("`{}`", message.label), carried(steps, step.number, message)),
            Seen::LeftOut(why) => (format!("Left out. {why}"), String::new()),
            Seen::NotYet => ("Not yet.".to_owned(), String::new()),
        };
        let way = step.way(steps.has_processor);
        text.push_str(&format!(
            "| {} | {way} | {} | {recorded} | {carries} |\n",
            step.number, step.what
        ));
    }
    Some(text)
}

/// The names of what a message asks, or of what it is answered where an earlier step has its question.
fn carried(steps: &Steps, number: u8, message: &Message) -> String {
    let is_asked_before = steps.all.iter().any(|(step, seen)| {
        let is_it = matches!(seen, Seen::In(other) if other.number == message.number);
        is_it && step.number < number
    });
    let answer = message.ending.json();
    let names = match (&message.request.body, answer) {
        (_, Some(answer)) if is_asked_before => members(answer),
        _ if is_asked_before => Vec::new(),
        (Body::Json(body), _) => members(body),
        (Body::Form(fields), _) => fields.iter().map(|(name, _)| name.clone()).collect(),
        (Body::None | Body::Other { .. }, _) => message.request.query.iter().map(|(name, _)| name.clone()).collect(),
    };
    let shown: Vec<String> = names.iter().map(|name| format!("`{}`", plain(name))).collect();
    shown.join(", ")
}

fn members(json: &Value) -> Vec<String> {
    let members = json.as_object().into_iter().flatten();
    members.map(|(name, _)| name.clone()).collect()
}

/// `results[…]` for every receipt.
fn plain(name: &str) -> String {
    match name.split_once('[') {
        Some((name, _)) => format!("{name}[…]"),
        None => name.to_owned(),
    }
}
