//! One message, taken apart for people: addresses in their parts, bodies line by line, signatures with what they cover.

use askama::Template;
use serde_json::Value;
use url::Url;

use super::signed::JwsView;
use crate::workbench::curl;
use crate::workbench::message::{Body, Ending, Message, OauthFacts};
use crate::workbench::report::{Report, Row, time_of_day};
use crate::workbench::text::{Piece, pieces};
use crate::workbench::verdict::compare::{Difference, difference};
use crate::workbench::verdict::{Expectations, Verdict};

/// Lines of a body that are shown; the export has all of it.
const LINES_MAX: usize = 400;

/// Everything about one message.
#[derive(Template)]
#[template(path = "templates/workbench/detail.html")]
pub struct Detail<'a> {
    pub row: &'a Row,
    pub verdicts: Vec<&'a Verdict>,
    pub differences: Vec<(&'a Verdict, Difference)>,
    /// What is known of it in a line or two.
    pub summary: Vec<(&'static str, Vec<Piece>)>,
    pub query: Vec<Pair>,
    pub request: Content,
    pub response: Option<Content>,
    pub jws: Option<JwsView>,
    pub oauth: Option<OauthView<'a>>,
    pub payloads: Vec<Vec<(&'static str, String)>>,
    pub pictures: Vec<String>,
    /// The same request as a command, with names where values are masked.
    pub curl: Option<String>,
}

/// A name and a value with its chips.
pub struct Pair {
    pub name: String,
    pub value: Vec<Piece>,
}

/// Headers and a body.
pub struct Content {
    pub headers: Vec<Pair>,
    pub fields: Vec<Pair>,
    pub lines: Vec<Vec<Piece>>,
    /// What there is instead of lines.
    pub note: String,
}

/// An OAuth signature.
pub struct OauthView<'a> {
    pub parameters: Vec<Pair>,
    pub expected: &'a [String],
    pub signed: Option<&'a [String]>,
    pub difference: Option<Difference>,
    pub facts: Vec<(&'static str, String)>,
}

fn pairs(all: &[(String, String)]) -> Vec<Pair> {
    let pair = |(name, value): &(String, String)| Pair {
        name: name.clone(),
        value: pieces(value),
    };
    all.iter().map(pair).collect()
}

pub(super) fn json_lines(json: &Value) -> Vec<Vec<Piece>> {
    let text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.lines().take(LINES_MAX).map(pieces).collect()
}

impl Content {
    fn of(headers: &[(String, String)], body: &Body) -> Self {
        let mut content = Self {
            headers: pairs(headers),
            fields: Vec::new(),
            lines: Vec::new(),
            note: String::new(),
        };
        match body {
            Body::None => "No body.".clone_into(&mut content.note),
            Body::Json(json) => {
                content.lines = json_lines(json);
                if content.lines.len() == LINES_MAX {
                    "The rest is in the export.".clone_into(&mut content.note);
                }
            }
            Body::Form(fields) => content.fields = pairs(fields),
            Body::Other { media_type, bytes } => {
                content.note = format!("{bytes} bytes of {media_type}: hidden when recorded.");
            }
        }
        content
    }
}

impl<'a> Detail<'a> {
    /// A message of a report. `None` when it is none of its messages.
    pub fn of(report: &'a Report, number: u64, expected: &Expectations) -> Option<Self> {
        let message = report.message(number)?;
        let row = report.rows.iter().find(|row| row.number == number)?;
        let of_it = |verdict: &&Verdict| verdict.message == number || verdict.also.contains(&number);
        let verdicts: Vec<&Verdict> = report.judgement.verdicts.iter().filter(of_it).collect();
        let plain = verdicts
            .iter()
            .filter(|verdict| is_comparable(verdict) && verdict.message == number);
        let differences = plain.filter_map(|verdict| {
            let found = difference(&verdict.expected, &verdict.received)?;
            Some((*verdict, found))
        });
        Some(Self {
            row,
            differences: differences.collect(),
            verdicts,
            summary: summary(message),
            query: pairs(&message.request.query),
            request: Content::of(&message.request.headers, &message.request.body),
            response: match &message.ending {
                Ending::Answered { headers, body, .. } => Some(Content::of(headers, body)),
                Ending::Open | Ending::Lost { .. } | Ending::Checked { .. } => None,
            },
            jws: message
                .facts
                .jws
                .as_ref()
                .map(|jws| JwsView::of(jws, message, report, expected)),
            oauth: message.facts.oauth.as_ref().map(OauthView::of),
            payloads: message.facts.payloads.iter().map(payload).collect(),
            pictures: message.facts.pictures.iter().map(picture).collect(),
            curl: curl::of(message),
        })
    }
}

impl Detail<'_> {
    /// Whether this is the row that it belongs to.
    pub fn is_of(&self, row: &Row) -> bool {
        self.row.number == row.number
    }
}

/// Two values of one kind, of which nothing is hidden.
fn is_comparable(verdict: &Verdict) -> bool {
    let is_shown = |text: &str| !text.contains(['⟦', '`']) && !text.is_empty();
    verdict.subject.starts_with('`') && is_shown(&verdict.expected) && is_shown(&verdict.received)
}

fn summary(message: &Message) -> Vec<(&'static str, Vec<Piece>)> {
    let mut all = Vec::new();
    let mut say = |name, value: &str| all.push((name, pieces(value)));
    if !message.request.method.is_empty() {
        say("Method", &message.request.method);
    }
    if let Ok(url) = Url::parse(&message.request.url) {
        say("Origin", &url.origin().ascii_serialization());
        let origin = url.origin().ascii_serialization();
        say(
            "Path",
            message.request.url.strip_prefix(&origin).unwrap_or_else(|| url.path()),
        );
    } else if !message.request.url.is_empty() {
        say("Address", &message.request.url);
    }
    say("Began", &time_of_day(message.at_ms));
    match &message.ending {
        Ending::Open => say("Ended", "not yet"),
        Ending::Answered { status, took_ms, .. } => {
            say("Status", &status.to_string());
            say("Took", &format!("{took_ms} ms"));
        }
        Ending::Lost { took_ms } => say("Ended", &format!("without an answer, after {took_ms} ms")),
        Ending::Checked { said, .. } => say("Found", said),
    }
    let facts = &message.facts;
    let (asked, told) = facts.bytes;
    if asked > 0 {
        say("Request", &format!("{asked} bytes"));
    }
    if told > 0 {
        say("Answer", &format!("{told} bytes"));
    }
    for (name, id) in ids(message) {
        say(name, &id);
    }
    if let Some(session) = &facts.session {
        say("Session", &session.text());
    }
    if let Some(cookie) = facts.cookie {
        say("Wallet’s cookie", if cookie { "came along" } else { "did not come" });
    }
    if let Some(page) = &facts.page {
        let state = page.state.as_deref().unwrap_or("none");
        let problem = page
            .problem
            .as_ref()
            .map_or_else(String::new, |problem| format!(", problem {problem}"));
        say("Page", &format!("state {state}{problem}"));
        page.reference
            .iter()
            .for_each(|reference| say("Reference for support", reference));
    }
    all
}

/// The ids by which both sides find this message in their logs.
fn ids(message: &Message) -> Vec<(&'static str, String)> {
    let asked = match &message.request.body {
        Body::Json(json) => Some(json),
        Body::None | Body::Form(_) | Body::Other { .. } => None,
    };
    let of = |json: Option<&Value>, name: &str| Some(json?.get(name)?.as_str()?.to_owned());
    let all = [
        ("Request id", of(asked, "requestId")),
        ("Response id", of(message.ending.json(), "responseId")),
        ("Correlation id", of(asked, "correlationId")),
    ];
    all.into_iter().filter_map(|(name, id)| Some((name, id?))).collect()
}

impl<'a> OauthView<'a> {
    fn of(oauth: &'a OauthFacts) -> Self {
        let mut facts = vec![(
            "Consumer key",
            oauth.client.as_ref().map_or_else(
                || "nobody’s".to_owned(),
                |client| format!("of the {client}, whose certificate is used"),
            ),
        )];
        if let Some(ahead) = oauth.clock_ahead_s {
            let off = match ahead {
                0 => "the same second as the clock of MDES".to_owned(),
                1.. => format!("{ahead} s ahead of the clock of MDES"),
                _ => format!("{} s behind the clock of MDES", -ahead),
            };
            facts.push(("Timestamp", off));
        }
        let seen = if oauth.nonce_seen { "seen before" } else { "new" };
        facts.push(("Nonce", seen.to_owned()));
        if let Some((given, computed)) = &oauth.body_hash {
            facts.push(("Body hash given", given.clone()));
            facts.push(("Body hash computed", computed.clone()));
        }
        let right = match (oauth.is_right, &oauth.mistake) {
            (true, _) => "right".to_owned(),
            (false, Some(mistake)) => format!("wrong: {mistake}"),
            (false, None) => "wrong".to_owned(),
        };
        facts.push(("Signature", right));
        let signed = oauth.signed_base.as_deref();
        Self {
            parameters: pairs(&oauth.parameters),
            expected: &oauth.expected_base,
            signed,
            difference: signed.and_then(|signed| difference(&oauth.expected_base.join("&"), &signed.join("&"))),
            facts,
        }
    }
}

fn payload(payload: &crate::workbench::message::PayloadFacts) -> Vec<(&'static str, String)> {
    let named = |text: &Option<String>| text.clone().unwrap_or_else(|| "not said".to_owned());
    vec![
        ("Where", payload.place.clone()),
        ("Algorithm", named(&payload.algorithm)),
        ("Key fingerprint", named(&payload.fingerprint)),
        ("Receiver’s fingerprint", named(&payload.expected)),
        (
            "Can be decrypted with the receiver’s test key",
            if payload.opens { "yes" } else { "no" }.to_owned(),
        ),
        ("Plain text", "Hidden when recorded".to_owned()),
    ]
}

fn picture(picture: &crate::workbench::message::PictureFacts) -> String {
    let active = if picture.is_active {
        ", with a script, a handler or a foreign address"
    } else {
        ""
    };
    format!("{}, {} bytes{active}", picture.media_type, picture.bytes)
}
