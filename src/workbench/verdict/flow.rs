//! Finding one's way in the messages of a flow.

use std::sync::Arc;

use serde_json::Value;
use url::Url;

use super::Case;
use crate::workbench::message::{BACK_TO_THE_ISSUER, Body, Ending, Kind, Message, Part, Participant, leaves};

/// What a client of MDES reads of an answer, in bytes: no answer that it documents comes near.
const READ_MAX: u64 = 8 * 1024 * 1024;
// The causes of an answer that cannot be read, by their places in the catalogue.
const GATEWAY: usize = 0;
const CUT: usize = 1;
const MIXED_UP: usize = 2;

/// It did not do what it was made for, so that it may have to be made again. A refusal in an answer that can be read is none:
/// it has rules of its own, and so have signatures that are refused, and pictures that are not there.
pub fn is_failure(message: &Message) -> bool {
    let is_refused = || message.to == Participant::Mdes && message.ending.status().is_some_and(is_refusal);
    is_broken(message) || unreadable(message).is_some() || (is_refused() && !is_missing_picture(message))
}

/// It is lost, or its receiver could not serve it at that moment.
pub fn is_broken(message: &Message) -> bool {
    match &message.ending {
        Ending::Lost { .. } => true,
        Ending::Answered { status, .. } => *status >= 500 || *status == 429,
        Ending::Open | Ending::Checked { .. } => false,
    }
}

/// A status by which MDES says no.
pub fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status) && status != 429
}

/// A logo or terms that are not there.
pub fn is_missing_picture(message: &Message) -> bool {
    message.ending.status() == Some(404) && message.label == "asset"
}

/// What came instead of an answer of MDES, where it says that all is well, and which of the catalogue's causes that has.
pub fn unreadable(message: &Message) -> Option<(String, usize)> {
    let Ending::Answered { status: 200, body, .. } = &message.ending else {
        return None;
    };
    if message.to != Participant::Mdes {
        return None;
    }
    let json = match body {
        Body::Json(json) => json,
        Body::None => return Some(("an empty body".to_owned(), GATEWAY)),
        Body::Form(_) => return Some(("a form".to_owned(), GATEWAY)),
        Body::Other { media_type, bytes } if !media_type.ends_with("json") => {
            return Some((format!("{bytes} bytes of {media_type}"), GATEWAY));
        }
        Body::Other { bytes, .. } if *bytes > READ_MAX => {
            return Some((format!("{bytes} bytes, which are more than a client reads"), CUT));
        }
        Body::Other { bytes, .. } => return Some((format!("{bytes} bytes that are no JSON"), CUT)),
    };
    match json.as_object() {
        None => return Some(("JSON that is no object".to_owned(), GATEWAY)),
        Some(members) if members.is_empty() => return Some(("an object without members".to_owned(), GATEWAY)),
        Some(_) => {}
    }
    // Only the digitization API says whose answer it is, and only that API names its host.
    json.get("responseHost")?;
    let (asked, told) = (
        asked(message, "/requestId")?.as_str()?,
        json.get("responseId")?.as_str()?,
    );
    let mixed_up =
        || format!("the answer to another request, with the `responseId` {told} for the `requestId` {asked}");
    (asked != told).then(|| (mixed_up(), MIXED_UP))
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
        let is_departure = |message: &&Arc<Message>| {
            message.from == Participant::Wallet
                && message.to == Participant::IssuerSite
                && message.kind == Kind::Redirect
                && message.label != BACK_TO_THE_ISSUER
        };
        self.messages.iter().filter(is_departure)
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

    /// What came with signed data: from the issuer, or pushed by it.
    fn signed_arrivals(&self) -> impl Iterator<Item = &'a Arc<Message>> {
        let brings =
            |message: &&Arc<Message>| message.facts.jws.is_some() && (is_arrival(message) || is_landing(message));
        self.messages.iter().filter(brings)
    }

    /// The receipts that the wallet looked at: the message with the signed data, and where that was checked.
    pub fn returned(&self) -> Vec<Returned<'a>> {
        self.signed_arrivals()
            .map(|arrival| {
                let is_its_check = |check: &&Arc<Message>| {
                    check.kind == Kind::Check && check.number > arrival.number && check.label.contains("signature")
                };
                let next = self.signed_arrivals().find(|other| other.number > arrival.number);
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

/// The cardholder, sent by a bank with a card that it has pushed.
pub fn is_landing(message: &Message) -> bool {
    let is_page = message.label.ends_with(" /push") || message.label.ends_with("POST /api/v1/pushes");
    message.to == Participant::Wallet && message.kind == Kind::Call && is_page
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

/// How a call ended, in a few words.
pub fn result(message: &Message) -> String {
    match (&message.ending, refusal(message)) {
        (Ending::Open, _) => "no answer yet".to_owned(),
        (Ending::Lost { .. }, _) => "no answer".to_owned(),
        (Ending::Answered { status, .. }, Some(reason)) => format!("status {status} with {reason}"),
        (Ending::Answered { status, .. }, None) => format!("status {status}"),
        (Ending::Checked { said, .. }, _) => said.clone(),
    }
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
        Body::Json(json) => leaves(json, &mut |part| match part {
            Part::Text(text) | Part::Name(text) => all.push(text),
            Part::Number(_) => {}
        }),
        Body::Form(fields) => pair_texts(fields, all),
        Body::None | Body::Other { .. } => {}
    }
}
