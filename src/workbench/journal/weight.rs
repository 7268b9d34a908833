//! What a message weighs in memory, roughly: enough that a journal can be kept within bounds.

use serde_json::Value;

use crate::workbench::message::{Body, Ending, JwsFacts, Message};

/// What every message weighs, whatever it says.
const EMPTY: usize = size_of::<Message>() + 512;
/// What a text weighs beside its letters.
const TEXT: usize = size_of::<String>() + 8;

/// In bytes.
pub(in crate::workbench) fn of(message: &Message) -> usize {
    let request = &message.request;
    let asked = text(&request.url) + pairs(&request.query) + pairs(&request.headers) + body(&request.body);
    let answered = match &message.ending {
        Ending::Answered {
            headers, body: told, ..
        } => pairs(headers) + body(told),
        Ending::Checked { said, .. } => text(said),
        Ending::Open | Ending::Lost { .. } => 0,
    };
    let facts = &message.facts;
    let oauth = facts.oauth.as_ref().map_or(0, |oauth| {
        let bases = oauth.expected_base.iter().chain(oauth.signed_base.iter().flatten());
        pairs(&oauth.parameters) + bases.map(|base| text(base)).sum::<usize>()
    });
    let lists = size_of_val(facts.payloads.as_slice()) + size_of_val(facts.pictures.as_slice());
    EMPTY + asked + answered + oauth + lists + facts.jws.as_ref().map_or(0, signed)
}

fn signed(jws: &JwsFacts) -> usize {
    json(&jws.header) + json(&jws.payload) + jws.receipts.len() * 4 * TEXT
}

fn text(text: &str) -> usize {
    TEXT + text.len()
}

fn pairs(pairs: &[(String, String)]) -> usize {
    pairs.iter().map(|(name, value)| text(name) + text(value)).sum()
}

fn body(body: &Body) -> usize {
    match body {
        Body::None => 0,
        Body::Json(value) => json(value),
        Body::Form(fields) => pairs(fields),
        Body::Other { media_type, .. } => text(media_type),
    }
}

fn json(value: &Value) -> usize {
    // Of a member also its name, and its place in the index of names.
    let member = |(name, value): (&String, &Value)| text(name) + size_of::<usize>() * 2 + json(value);
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(json).sum(),
            Value::Object(members) => members.iter().map(member).sum(),
        }
}
