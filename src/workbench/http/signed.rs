//! Signed data, taken apart: whose key, and what the signature covers.

use serde_json::Value;
use time::OffsetDateTime;
use time::macros::format_description;

use super::detail::json_lines;
use crate::workbench::message::{JwsFacts, KeyState, Message};
use crate::workbench::report::{Report, time_of_day};
use crate::workbench::text::{Piece, pieces};
use crate::workbench::verdict::Expectations;

/// Signed data, decoded.
pub struct JwsView {
    pub malformed: Option<String>,
    pub header: Vec<Vec<Piece>>,
    pub payload: Vec<Vec<Piece>>,
    pub facts: Vec<(&'static str, String)>,
    pub coverage: Vec<Covered>,
}

/// Something that the signature may bind.
pub struct Covered {
    pub name: &'static str,
    pub signed: Vec<Piece>,
    pub expected: Vec<Piece>,
    pub verdict: &'static str,
}

/// How a value is called that is another than expected.
const DIFFERENT: &str = "different";
/// The same of a moment.
const NOT_IN_TIME: &str = "not in time";

impl Covered {
    /// Whether it is signed and not as expected.
    pub fn is_wrong(&self) -> bool {
        [DIFFERENT, NOT_IN_TIME].contains(&self.verdict)
    }
}

impl JwsView {
    pub(super) fn of(jws: &JwsFacts, message: &Message, report: &Report, expected: &Expectations) -> Self {
        let key = match jws.key {
            KeyState::Unknown => "MDES publishes no key of this name",
            KeyState::Live => "in force",
            KeyState::Retired => "MDES has withdrawn it",
            KeyState::Expired => "published, and its certificate has expired",
        };
        let algorithm = jws.algorithm.as_deref().unwrap_or("none");
        let is_allowed = expected.algorithms.iter().any(|allowed| allowed == algorithm);
        let kid = jws.header["kid"].as_str().unwrap_or("none");
        let result = match (jws.is_right, &jws.changed) {
            (true, _) => "right".to_owned(),
            (false, Some(changed)) => format!("wrong: {changed}"),
            (false, None) => "wrong".to_owned(),
        };
        let allowed = if is_allowed { "allowed" } else { "not allowed" };
        Self {
            malformed: jws.malformed.clone(),
            header: json_lines(&jws.header),
            payload: json_lines(&jws.payload),
            facts: vec![
                ("Algorithm", format!("{algorithm}: {allowed}")),
                ("Key", format!("{kid}: {key}")),
                (
                    "Known from",
                    "the keys of MDES as they were when this was recorded; the wallet has its own copy".to_owned(),
                ),
                ("Certificate", certificate(jws, message)),
                ("Signing input", format!("{} bytes", jws.signing_input_bytes)),
                ("Keyed digest of it", jws.signing_input_digest.clone()),
                ("Signature", result),
            ],
            coverage: coverage(jws, message, report, expected),
        }
    }
}

/// The life of the key's certificate, and how old it was when the message came.
fn certificate(jws: &JwsFacts, message: &Message) -> String {
    let Some((from, until)) = jws.certificate_ms else {
        return "not known".to_owned();
    };
    let days = (message.at_ms - from) / 86_400_000;
    format!(
        "from {} until {}, {days} days old when this came",
        day(from),
        day(until)
    )
}

fn day(at_ms: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at_ms.div_euclid(1_000)).ok();
    let format = format_description!("[year]-[month]-[day]");
    moment.and_then(|moment| moment.format(format).ok()).unwrap_or_default()
}

/// What has to be bound, whether it is, and to what.
fn coverage(jws: &JwsFacts, message: &Message, report: &Report, expected: &Expectations) -> Vec<Covered> {
    let claim = |name: &str| {
        jws.payload
            .get(name)
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    let covered = |name, signed: Option<String>, expected: Option<String>, verdict| Covered {
        name,
        signed: pieces(&signed.unwrap_or_default()),
        expected: pieces(&expected.unwrap_or_default()),
        verdict,
    };
    let row = |name, signed: Option<String>, expected: Option<String>| {
        let verdict = match (&signed, &expected) {
            (Some(signed), Some(expected)) if signed == expected => "equal",
            (Some(_), Some(_)) => DIFFERENT,
            (Some(_), None) => "nothing to compare with",
            (None, _) => "not signed",
        };
        covered(name, signed, expected, verdict)
    };
    let session = message.facts.session.as_ref().map(|session| session.text());
    let callback = claim("callbackURL");
    let begins = callback
        .as_ref()
        .is_some_and(|signed| signed.starts_with(&expected.callback));
    let expected_callback = callback.clone().filter(|_| begins);
    let join = |all: Vec<String>| Some(all.join(", ")).filter(|all| !all.is_empty());
    let receipts = jws.receipts.iter();
    let digests = receipts
        .clone()
        .filter(|receipt| !receipt.digest.is_empty())
        .map(|receipt| format!("hmac:{}", receipt.digest));
    let at = message.at_ms;
    let time = |name: &'static str, claim_name: &str, limit: &str, is_fine: fn(i64, i64) -> bool| {
        let moment = jws.payload.get(claim_name).and_then(Value::as_i64);
        let moment = moment.and_then(|seconds| seconds.checked_mul(1_000));
        let verdict = match moment {
            None => "not signed",
            Some(moment) if is_fine(moment, at) => "in time",
            Some(_) => NOT_IN_TIME,
        };
        let signed = moment.map(|moment| format!("{} {}", day(moment), time_of_day(moment)));
        covered(name, signed, Some(format!("{limit} {}", time_of_day(at))), verdict)
    };
    vec![
        row("Session id", jws.session.as_ref().map(|id| id.text()), session),
        row(
            "Token requestor id",
            claim("tokenRequestorId"),
            Some(expected.token_requestor_id.clone()),
        ),
        row(
            "Callback",
            callback,
            expected_callback.or_else(|| Some(format!("{}…", expected.callback))),
        ),
        row(
            "Receipts",
            join(receipts.map(|receipt| receipt.text()).collect()),
            join(pushed(report, message)),
        ),
        row("Digest of the receipts", join(digests.collect()), None),
        time("Issued at", "iat", "not after", |moment, at| moment <= at),
        time("Expires", "exp", "after", |moment, at| moment > at),
    ]
}

/// The receipts that MDES gave for the last push before this message, or in it.
fn pushed(report: &Report, message: &Message) -> Vec<String> {
    let until = report.messages.iter().filter(|other| other.number <= message.number);
    let mut lists = until
        .rev()
        .filter_map(|other| other.ending.json()?.get("pushAccountReceipts"));
    let entries = lists.next().and_then(Value::as_array).into_iter().flatten();
    let receipt = |entry: &Value| Some(entry["pushAccountReceipt"].as_str()?.to_owned());
    entries.filter_map(receipt).collect()
}
