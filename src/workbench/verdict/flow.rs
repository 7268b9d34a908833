//! Finding one's way in the messages of a flow.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::Case;
use crate::workbench::message::{Body, Ending, Kind, Message, Participant};

/// The answer is lost, says by its status that it failed (a signature that is refused has rules of its own), or is nothing that
/// could be an answer of MDES.
pub fn is_failure(message: &Message) -> bool {
    match &message.ending {
        Ending::Lost { .. } => true,
        Ending::Answered { status: 200, .. } if message.to == Participant::Mdes => {
            let answer = message.ending.json().and_then(Value::as_object);
            answer.is_none_or(serde_json::Map::is_empty)
        }
        Ending::Answered { status, .. } => *status >= 500 || *status == 429 || is_refused_by_mdes(message, *status),
        Ending::Open | Ending::Checked { .. } => false,
    }
}

fn is_refused_by_mdes(message: &Message, status: u16) -> bool {
    // A logo or terms that are not there have rules of their own, and so have signatures that are refused.
    message.to == Participant::Mdes && status >= 400 && status != 401 && !(status == 404 && message.label == "asset")
}

/// How long it took, where that was measured.
pub fn took_ms(message: &Message) -> Option<u64> {
    match &message.ending {
        Ending::Answered { took_ms, .. } | Ending::Lost { took_ms } => Some(*took_ms),
        Ending::Open | Ending::Checked { .. } => None,
    }
}

/// Who does what in a message, for the line under a verdict.
pub fn place(message: &Message) -> String {
    let from = message.from.name();
    if message.kind == Kind::Check {
        let what = message.label.strip_prefix("check receipt signature").map_or_else(
            || message.label.replacen("check", "checks", 1),
            |rest| format!("checks the receipt{rest}"),
        );
        return format!("{from} {what}");
    }
    format!("{from} to {}: {}", message.to.name(), message.label)
}

impl<'a> Case<'a> {
    /// The calls of an operation of MDES, whoever makes them.
    pub fn calls(&self, operation: &'static str) -> impl Iterator<Item = &'a Arc<Message>> {
        calls(self.messages, operation)
    }

    /// Everything that was signed with OAuth.
    pub fn signed_calls(&self) -> impl Iterator<Item = &'a Arc<Message>> {
        self.messages.iter().filter(|message| message.facts.oauth.is_some())
    }

    /// The cardholder being sent to the issuer.
    pub fn departures(&self) -> impl Iterator<Item = &'a Arc<Message>> {
        let is_departure =
            |message: &&Arc<Message>| message.from == Participant::Wallet && message.to == Participant::IssuerSite;
        self.messages
            .iter()
            .filter(move |message| is_departure(message) && message.kind == Kind::Redirect)
    }

    /// The link to the issuer, as the wallet sends it and as it arrives: it can change on its way.
    pub fn links(&self) -> impl Iterator<Item = &'a Arc<Message>> {
        let arrives = |message: &&Arc<Message>| {
            message.to == Participant::IssuerSite && message.kind == Kind::Call && message.label.ends_with("/pull")
        };
        let arrivals = self.messages.iter().filter(arrives);
        self.departures().chain(arrivals)
    }

    /// The cardholder coming back.
    pub fn arrivals(&self) -> impl Iterator<Item = &'a Arc<Message>> {
        self.messages.iter().filter(|message| is_arrival(message))
    }

    /// The receipts that the wallet looked at: the message with the signed data, and where that was checked.
    pub fn returned(&self) -> Vec<Returned<'a>> {
        let arrivals = self.arrivals().filter(|message| message.facts.jws.is_some());
        arrivals
            .map(|arrival| {
                let is_its_check = |check: &&Arc<Message>| {
                    check.kind == Kind::Check && check.number > arrival.number && check.label.contains("signature")
                };
                let next = self
                    .arrivals()
                    .find(|other| other.number > arrival.number && other.facts.jws.is_some());
                let check = self.messages.iter().find(is_its_check);
                let check = check.filter(|check| next.is_none_or(|next| check.number < next.number));
                Returned {
                    arrival,
                    at: check.unwrap_or(arrival),
                }
            })
            .collect()
    }
}

/// Signed data that came back.
#[derive(Clone, Copy)]
pub struct Returned<'a> {
    /// The message that brought it.
    pub arrival: &'a Arc<Message>,
    /// The message in which it was checked: that one, where checks are not recorded.
    pub at: &'a Arc<Message>,
}

/// The calls of an operation of MDES among these messages.
pub fn calls<'a>(messages: &'a [Arc<Message>], operation: &'static str) -> impl Iterator<Item = &'a Arc<Message>> {
    messages
        .iter()
        .filter(move |message| message.to == Participant::Mdes && message.label == operation)
}

fn is_arrival(message: &Message) -> bool {
    let is_callback = message.label.contains(" /callback") || message.label.contains(" /app/callback");
    let is_from_the_backend = message.label.contains("POST /api/v1/") && message.label.ends_with("/return");
    message.to == Participant::Wallet && message.kind == Kind::Call && (is_callback || is_from_the_backend)
}

/// What the issuer brings in its query, its form or its body, names in their order.
pub fn brought(message: &Message) -> Vec<(String, String)> {
    let mut all = message.request.query.clone();
    match &message.request.body {
        Body::Form(fields) => all.extend(fields.iter().cloned()),
        Body::Json(Value::Object(members)) => {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            all.extend(members.iter().map(|(name, value)| (name.clone(), text(value))));
        }
        Body::Json(_) | Body::None | Body::Other { .. } => {}
    }
    all
}

/// The parameters that the issuer is opened with: of the redirect itself, or of the address that it leads to.
pub fn link(message: &Message) -> Vec<(String, String)> {
    if let Some((_, location)) = header(&message.ending, "location")
        && let Ok(url) = Url::parse(location)
    {
        return url.query_pairs().into_owned().collect();
    }
    message.request.query.clone()
}

fn header<'a>(ending: &'a Ending, name: &str) -> Option<&'a (String, String)> {
    match ending {
        Ending::Answered { headers, .. } => headers.iter().find(|(other, _)| other == name),
        Ending::Open | Ending::Lost { .. } | Ending::Checked { .. } => None,
    }
}

/// The value of a parameter, if it has one.
pub fn value<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = parameters.iter().find(|(other, _)| other == name)?;
    Some(found.1.as_str()).filter(|value| !value.is_empty())
}

/// A member of the request's JSON, by its pointer.
pub fn asked<'a>(message: &'a Message, pointer: &str) -> Option<&'a Value> {
    match &message.request.body {
        Body::Json(json) => json.pointer(pointer),
        Body::None | Body::Form(_) | Body::Other { .. } => None,
    }
}

/// A member of the answer's JSON, by its pointer.
pub fn told<'a>(message: &'a Message, pointer: &str) -> Option<&'a Value> {
    message.ending.json()?.pointer(pointer)
}

/// The reason code of a refusal, wherever that API puts it.
pub fn refusal(message: &Message) -> Option<&str> {
    ["/errorCode", "/errors/0/reasonCode", "/Errors/Error/0/ReasonCode"]
        .iter()
        .find_map(|pointer| told(message, pointer)?.as_str())
}

/// The alias in a text, as [`super::super::message::Masked::text`] writes it.
pub fn alias_of(text: &str) -> Option<&str> {
    let (_, after) = text.split_once('⟦')?;
    Some(after.split_once('⟧')?.0)
}

/// Every text of the request and of the answer, names and headers among them.
pub fn texts(message: &Message) -> Vec<&str> {
    let mut all: Vec<&str> = vec![&message.request.url];
    pair_texts(&message.request.query, &mut all);
    pair_texts(&message.request.headers, &mut all);
    body_texts(&message.request.body, &mut all);
    if let Ending::Answered { headers, body, .. } = &message.ending {
        pair_texts(headers, &mut all);
        body_texts(body, &mut all);
    }
    all
}

fn pair_texts<'a>(pairs: &'a [(String, String)], all: &mut Vec<&'a str>) {
    all.extend(pairs.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()]));
}

fn body_texts<'a>(body: &'a Body, all: &mut Vec<&'a str>) {
    match body {
        Body::Json(json) => json_texts(json, all),
        Body::Form(fields) => pair_texts(fields, all),
        Body::None | Body::Other { .. } => {}
    }
}

fn json_texts<'a>(json: &'a Value, all: &mut Vec<&'a str>) {
    match json {
        Value::String(text) => all.push(text),
        Value::Array(items) => items.iter().for_each(|item| json_texts(item, all)),
        Value::Object(members) => members.values().for_each(|member| json_texts(member, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
