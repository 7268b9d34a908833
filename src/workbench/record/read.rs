//! From what was heard to what may be kept: a message, masked, with what was found out about it before.

use axum::http::{HeaderMap, Method, Uri, header};
use serde_json::Value;

use super::tap::Heard;
use super::{Inner, Place, begins, check, cut, found, who};
use crate::workbench::attempts::Attempt;
use crate::workbench::mask::{Found, HIDDEN, Masker, Sort};
use crate::workbench::message::{
    BACK_TO_THE_ISSUER, Body, Ending, Facts, JwsFacts, Kind, Masked, Message, Participant, Request,
};
use crate::workbench::page;

/// The head of a request.
pub(super) struct Asked {
    pub place: Place,
    pub method: Method,
    pub uri: Uri,
    /// The route that takes it, with names in braces.
    pub route: Option<String>,
    pub headers: HeaderMap,
    /// By the clock of all participants.
    pub at_ms: i64,
}

impl Asked {
    pub fn header(&self, name: header::HeaderName) -> &str {
        text_of(&self.headers, name)
    }

    /// A request of a person's browser to the wallet.
    fn is_of_a_browser(&self, from: Participant) -> bool {
        self.place.is_wallet() && from == Participant::Browser && !self.uri.path().starts_with("/api/")
    }
}

/// What the answer has to be read with.
pub(super) struct Context {
    pub attempt: Option<u64>,
    from: Participant,
    /// The ids that the request named.
    named: Vec<Found>,
    /// The issuer that it named.
    issuer: Option<String>,
    /// The push account data that came with the request, and the session that it was brought to.
    pub brought: Option<Box<(JwsFacts, Option<Masked>)>>,
}

/// An answer.
pub(super) struct Answer<'a> {
    pub status: u16,
    pub headers: &'a HeaderMap,
    pub heard: &'a Heard,
    pub took_ms: u64,
}

/// Writes a message down, to be told what is being found out about it.
pub(super) fn begin(inner: &Inner, message: Message) -> u64 {
    let searched = message.facts.jws.as_ref().and_then(|jws| jws.searched);
    let number = inner.journal.begin(message);
    if let Some(mark) = searched {
        inner.letters.tell(&inner.journal, mark, number);
    }
    number
}

/// A request as it may be kept.
pub(super) fn request(inner: &Inner, asked: &Asked, heard: &Heard) -> (Message, Context) {
    let who = who::who(asked, &inner.knowledge);
    let mut book = inner.book.clone();
    // The page that led here is not what this is about: ids in its address are masked, and place nothing.
    let headers = Masker::new(&mut book, &inner.lexicon).headers(&asked.headers);
    let mut masker = Masker::new(&mut book, &inner.lexicon);
    let url = format!("{}{}", origin(inner, asked.place), masker.path(asked.uri.path()));
    let query = masker.pairs(asked.uri.query().unwrap_or_default().as_bytes());
    let (body, json) = body(&mut masker, asked.header(header::CONTENT_TYPE), heard);
    let mut facts = Facts {
        session: masker.first(Sort::Session),
        bytes: (heard.bytes(), 0),
        ..found::in_request(inner, &mut masker, asked, heard, json.as_ref())
    };
    if let Place::Wallet(at) = asked.place
        && asked.is_of_a_browser(who.from)
    {
        facts.cookie = Some(has_cookie(&asked.headers, &inner.knowledge.wallet(at).cookie));
    }
    let named = masker.found();
    // Which session one begins is said by the answer, whatever the request names.
    let attempt = (!begins::a_session(asked))
        .then(|| begins::place(inner, &named, None))
        .flatten();
    let issuer = issuer(asked, &body);
    learn_issuer(inner, attempt, issuer.as_ref());
    let message = Message {
        number: 0,
        attempt,
        at_ms: asked.at_ms,
        from: who.from,
        to: who.to,
        kind: Kind::Call,
        label: who.label,
        request: Request {
            method: asked.method.to_string(),
            url,
            query,
            headers,
            body,
        },
        ending: Ending::Open,
        facts,
    };
    let context = Context {
        attempt,
        from: who.from,
        named,
        issuer,
        brought: message
            .facts
            .jws
            .clone()
            .map(|jws| Box::new((jws, message.facts.session.clone()))),
    };
    (message, context)
}

/// Ends a message with its answer, and writes down where the browser is sent.
pub(super) fn answer(inner: &Inner, asked: &Asked, number: u64, context: Context, answer: &Answer<'_>) {
    let mut book = inner.book.clone();
    let mut masker = Masker::new(&mut book, &inner.lexicon);
    let headers = masker.headers(answer.headers);
    let kind = text_of(answer.headers, header::CONTENT_TYPE);
    let (body, json) = body(&mut masker, kind, answer.heard);
    let about = found::in_answer(inner, &mut masker, asked, json.as_ref());
    let page = asked
        .is_of_a_browser(context.from)
        .then(|| page::facts(kind, answer.headers, answer.heard.whole(), json.as_ref()))
        .flatten();
    let attempt = placed(inner, asked, number, &context, masker.found(), answer.status);
    if let (Some(number), Some(page)) = (attempt, page.clone().filter(|_| is_of_an_attempt(asked))) {
        learn(inner, number, |attempt| {
            attempt.state = page.state.or(attempt.state.take());
            attempt.problem = page.problem;
        });
    }
    let checked = page.as_ref().and_then(|page| page.problem.clone());
    let ending = Ending::Answered {
        status: answer.status,
        headers,
        body,
        took_ms: answer.took_ms,
    };
    inner.journal.end(number, ending, attempt, |facts| {
        facts.page = page;
        facts.jws = facts.jws.take().or(about.jws);
        facts.pictures = about.pictures;
        facts.receipt = about.receipt;
        facts.bytes.1 = answer.heard.bytes();
    });
    for check in check::of_receipt(asked, &context, answer.status, checked.as_deref(), attempt) {
        begin(
            inner,
            Message {
                at_ms: (inner.knowledge.now)(),
                ..check
            },
        );
    }
    if matches!(answer.status, 301..=303 | 307 | 308) {
        redirect(inner, asked, attempt, answer);
    }
}

/// The attempt of a message whose answer is known.
fn placed(inner: &Inner, asked: &Asked, number: u64, context: &Context, told: Vec<Found>, status: u16) -> Option<u64> {
    if context.attempt.is_some() {
        return begins::place(inner, &told, context.attempt);
    }
    let begun = begins::session(asked, &context.named, &told, status);
    let begun = begun.map(|session| begins::begin(inner, session, asked.at_ms));
    // What the answer leads to counts before what the request named.
    let all: Vec<Found> = told.iter().chain(&context.named).cloned().collect();
    let attempt = begins::place(inner, &all, begun);
    learn_issuer(inner, attempt, context.issuer.as_ref());
    match (attempt, begun) {
        (None, _) => inner.ties().stray(number, &all, context.issuer.as_ref()),
        (Some(attempt), Some(_)) => {
            let issuer = begins::adopt(inner, &all, attempt);
            learn_issuer(inner, Some(attempt), issuer.as_ref());
        }
        (Some(_), None) => {}
    }
    attempt
}

/// The browser, sent from one participant to the other.
fn redirect(inner: &Inner, asked: &Asked, attempt: Option<u64>, answer: &Answer<'_>) {
    let location = text_of(answer.headers, header::LOCATION);
    let Some((from, to)) = who::redirect(asked.place, location, &inner.knowledge) else {
        return;
    };
    let (address, query) = location.split_once('?').unwrap_or((location, ""));
    let mut book = inner.book.clone();
    let mut masker = Masker::new(&mut book, &inner.lexicon);
    let url = masker.address(address);
    let raw = query.split('#').next().unwrap_or_default().as_bytes();
    let query = masker.pairs(raw);
    let facts = Facts {
        session: masker.first(Sort::Session),
        jws: found::signed(inner, &mut masker, raw),
        ..Facts::default()
    };
    let found = masker.found();
    // A session that is sent to its issuer is one that the wallet knows.
    let leaves = found
        .iter()
        .find(|found| found.sort == Sort::Session && to == Participant::IssuerSite);
    let attempt = attempt.or_else(|| leaves.map(|session| begins::begin(inner, session, asked.at_ms)));
    let attempt = begins::place(inner, &found, attempt);
    let message = Message {
        number: 0,
        attempt,
        at_ms: (inner.knowledge.now)(),
        from,
        to,
        kind: Kind::Redirect,
        label: way(to, address).to_owned(),
        request: Request {
            method: "GET".to_owned(),
            url,
            query,
            ..Request::default()
        },
        ending: Ending::Answered {
            status: answer.status,
            headers: Vec::new(),
            body: Body::None,
            took_ms: 0,
        },
        facts,
    };
    let number = begin(inner, message);
    if attempt.is_none() {
        inner.ties().stray(number, &found, None);
    }
}

/// Where a redirect leads, in a few words: a pull begins at the wallet, a push at the issuer.
fn way(to: Participant, address: &str) -> &'static str {
    match to {
        Participant::Wallet if address.ends_with(begins::LANDING) => "to the wallet",
        Participant::Wallet => "back to the wallet",
        _ if address.ends_with("/pushed") => BACK_TO_THE_ISSUER,
        _ => "to the issuer",
    }
}

fn learn(inner: &Inner, number: u64, learn: impl FnOnce(&mut Attempt)) {
    // The lock is held until the journal knows, so that what is older is not written over what is newer.
    let mut ties = inner.ties();
    if let Some(attempt) = ties.learn(number, learn) {
        inner.journal.know(attempt);
    }
}

fn learn_issuer(inner: &Inner, attempt: Option<u64>, issuer: Option<&String>) {
    if let (Some(number), Some(issuer)) = (attempt, issuer) {
        learn(inner, number, |attempt| {
            attempt.issuer.get_or_insert_with(|| issuer.clone());
        });
    }
}

/// A body as it may be kept, and its JSON as it was.
fn body(masker: &mut Masker<'_>, media_type: &str, heard: &Heard) -> (Body, Option<Value>) {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    // Others name their bodies as they like: numbers are in no media type that is registered with more than three digits.
    let said = |essence: &str| -> String {
        let is_named = |letter: char| letter.is_ascii_alphanumeric() || "/+-.".contains(letter);
        let digits = essence.bytes().filter(u8::is_ascii_digit).count();
        let is_known = essence.len() <= 60 && digits < 4 && essence.chars().all(is_named);
        if is_known {
            essence.to_owned()
        } else {
            HIDDEN.to_owned()
        }
    };
    let other = |bytes: u64| Body::Other {
        media_type: said(essence),
        bytes,
    };
    let bytes = match heard {
        Heard::Whole(bytes) if bytes.is_empty() => return (Body::None, None),
        Heard::Whole(bytes) => bytes,
        Heard::Long { bytes } | Heard::Part { bytes } => return (other(*bytes), None),
    };
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return (Body::Form(masker.pairs(bytes)), None);
    }
    if essence.to_ascii_lowercase().ends_with("json")
        && let Ok(json) = serde_json::from_slice(bytes)
    {
        let (kept, is_cut) = cut::json(&json);
        let mut kept = masker.json(&kept);
        if is_cut {
            cut::say(&mut kept, bytes.len());
        }
        return (Body::Json(kept), Some(json));
    }
    (other(bytes.len() as u64), None)
}

/// The issuer that an attempt is for, where a message says so.
fn issuer(asked: &Asked, body: &Body) -> Option<String> {
    let mut segments = asked.uri.path().split('/').skip(1);
    let named = match (segments.next(), segments.next(), segments.next()) {
        (Some("banks" | "apps"), Some(issuer), Some("pull" | "enrol")) => Some(issuer),
        _ => None,
    };
    let chosen = || match body {
        Body::Form(fields) => {
            let mut fields = fields.iter().filter(|(name, _)| name == "issuer");
            fields.next().map(|(_, issuer)| issuer.as_str())
        }
        Body::Json(json) => json.get("issuer").and_then(Value::as_str),
        Body::None | Body::Other { .. } => None,
    };
    let id = named.or_else(chosen)?;
    let is_id = id.len() <= 64
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_id.then(|| id.to_owned())
}

/// The page of an attempt, or its way back: only these say how it stands.
fn is_of_an_attempt(asked: &Asked) -> bool {
    let route = asked.route.as_deref().unwrap_or_default();
    route.starts_with("/sessions/") || route.starts_with("/callback")
}

fn has_cookie(headers: &HeaderMap, name: &str) -> bool {
    let lines = headers.get_all(header::COOKIE).iter();
    let mut crumbs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    crumbs.any(|crumb| {
        let crumb = crumb.trim_ascii();
        crumb
            .strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"="))
    })
}

fn origin(inner: &Inner, place: Place) -> &str {
    match place {
        Place::Wallet(at) => &inner.knowledge.wallet(at).origin,
        Place::Mdes => &inner.knowledge.places.mdes,
        Place::Bank => &inner.knowledge.places.bank,
        Place::Processor => &inner.knowledge.places.processor,
    }
}

fn text_of(headers: &HeaderMap, name: header::HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}
