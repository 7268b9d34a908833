//! Why MDES refuses a receipt. It answers the same whatever is wrong, so that nobody can probe for live ones; what the
//! journal knows of the receipt says more.

use std::sync::Arc;

use serde_json::Value;

use super::super::catalogue::{RCP_001, RCP_002, RCP_003, RCP_004};
use super::super::flow::{alias_of, asked, calls, refusal, told};
use super::super::{Case, Entry, Rule, Verdict};
use crate::workbench::message::{Ending, Message};
use crate::workbench::text::span;

const PUSH: &str = "pushMultipleAccounts";
const RECEIPT: &str = "/fundingAccountInfo/pushAccountReceipt";
/// How MDES names what it does not take.
const REFUSED: &str = "INVALID_FIELD_VALUE";

pub(super) const RULES: &[Rule] = &[Rule {
    passed: "MDES takes the receipt",
    look: receipt_is_taken,
}];

fn receipt_is_taken(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let answered = |call: &&Arc<Message>| matches!(call.ending, Ending::Answered { status: 200, .. });
    let asked_with: Vec<_> = case
        .calls("checkEligibility")
        .chain(case.calls("digitize"))
        .filter(answered)
        .filter_map(|call| Some((call, asked(call, RECEIPT)?.as_str()?)))
        .collect();
    if asked_with.is_empty() {
        return None;
    }
    let refused = asked_with.into_iter().filter(|(call, _)| {
        let said = ["/errorDescription", "/errors/0/description"];
        let names_it = said.iter().find_map(|pointer| told(call, pointer)?.as_str());
        refusal(call) == Some(REFUSED) && names_it.is_none_or(|text| text.contains("pushAccountReceipt"))
    });
    Some(refused.map(|(call, receipt)| why(case, call, receipt)).collect())
}

/// What MDES has against it, or what follows from the messages where that is not known; told with what the journal has of it.
fn why(case: &Case<'_>, call: &Message, receipt: &str) -> Verdict {
    let push = alias_of(receipt).and_then(|alias| push_of(case, call, alias));
    let used = used_in(case, call, receipt);
    let wallet = push.and_then(|push| asked(push, "/tokenRequestorId")?.as_str());
    let is_foreign = wallet.is_some_and(|wallet| wallet != case.expected.token_requestor_id);
    let reason = match call.facts.receipt.as_deref() {
        Some(reason) => reason,
        None if push.is_none() => "unknown",
        None if is_foreign => "foreign",
        None if used.is_some() => "used",
        None => "expired",
    };
    let (entry, expected, about, compare): (&'static Entry, _, _, _) = match reason {
        "foreign" => {
            let whose = wallet.filter(|_| is_foreign).unwrap_or("another wallet");
            let expected = format!("for {}", case.expected.token_requestor_id);
            (&RCP_003, expected, format!("which MDES made for {whose}"), push)
        }
        "used" => {
            let about = used.map_or_else(
                || "which was used before".to_owned(),
                |used| format!("which was used in message {}", used.number),
            );
            (&RCP_002, "that is fresh".to_owned(), about, used.or(push))
        }
        "held" => {
            let about = "which another instance of the wallet is using".to_owned();
            (&RCP_002, "that is fresh".to_owned(), about, push)
        }
        "unknown" if push.is_none() => {
            let about = "which nobody pushed as far as the journal goes back".to_owned();
            (&RCP_004, "that MDES made".to_owned(), about, None)
        }
        "unknown" => {
            let about = "of which MDES knows nothing".to_owned();
            (&RCP_004, "that MDES made".to_owned(), about, push)
        }
        _ => (&RCP_001, "that is still alive".to_owned(), age(case, call, push), push),
    };
    let mut verdict = Verdict::of(entry, call).differs("a receipt", expected, receipt);
    verdict.about = about;
    verdict.compare = compare.map(|other| other.number).into_iter().collect();
    verdict
}

/// How old a receipt is that is no longer alive.
fn age(case: &Case<'_>, call: &Message, push: Option<&Arc<Message>>) -> String {
    let Some(push) = push else {
        return "which has expired".to_owned();
    };
    let minutes = asked(push, "/pushAccountReceiptsValidityPeriod").and_then(Value::as_i64);
    let minutes = minutes.unwrap_or(case.expected.receipt_minutes);
    let age_ms = call.at_ms - push.at_ms;
    if age_ms >= minutes.saturating_mul(60_000) {
        format!("which was pushed {} before and lives {minutes} minutes", span(age_ms))
    } else {
        format!(
            "which was pushed {} before, and which MDES counts as expired",
            span(age_ms)
        )
    }
}

/// The push that made a receipt.
fn push_of<'a>(case: &Case<'a>, before: &Message, alias: &str) -> Option<&'a Arc<Message>> {
    let earlier = calls(case.all, PUSH).filter(|push| push.number < before.number);
    earlier.into_iter().find(|push| {
        let entries = told(push, "/pushAccountReceipts").and_then(Value::as_array);
        entries.into_iter().flatten().any(|entry| {
            let receipt = entry["pushAccountReceipt"].as_str().and_then(alias_of);
            receipt == Some(alias)
        })
    })
}

/// The decided digitize that used a receipt up.
fn used_in<'a>(case: &Case<'a>, before: &Message, receipt: &str) -> Option<&'a Arc<Message>> {
    let same = |call: &&Arc<Message>| {
        let other = asked(call, RECEIPT).and_then(Value::as_str);
        call.number < before.number && other.is_some_and(|other| alias_of(other) == alias_of(receipt))
    };
    calls(case.all, "digitize")
        .filter(same)
        .find(|call| told(call, "/decision").is_some())
}
