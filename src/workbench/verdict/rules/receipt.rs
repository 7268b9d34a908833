//! Why MDES refuses a receipt. It answers the same whatever is wrong, so that nobody can probe for live ones; what the
//! journal knows of the receipt says more.

use std::sync::Arc;

use serde_json::Value;

use super::super::catalogue::{RCP_001, RCP_002, RCP_003, RCP_004};
use super::super::flow::{alias_of, asked, calls, refusal, told};
use super::super::{Case, Entry, Rule, Verdict};
use super::way::span;
use crate::workbench::message::{Ending, Message};

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

fn why(case: &Case<'_>, call: &Message, receipt: &str) -> Verdict {
    let pushed = alias_of(receipt).and_then(|alias| push_of(case, call, alias));
    told_by_mdes(call, receipt, pushed.map(|push| push.number)).unwrap_or_else(|| derived(case, call, receipt))
}

/// What MDES has against it, where that is known.
fn told_by_mdes(call: &Message, receipt: &str, push: Option<u64>) -> Option<Verdict> {
    let (entry, expected, received) = match call.facts.receipt.as_deref()? {
        "unknown" => (&RCP_004, "that MDES made", "of which MDES knows nothing"),
        "expired" => (&RCP_001, "that is still alive", "which has expired"),
        "used" => (&RCP_002, "that is fresh", "which was used before"),
        "foreign" => (&RCP_003, "for this wallet", "which MDES made for another wallet"),
        _ => return None,
    };
    let mut verdict = Verdict::of(entry, call).differs("a receipt", expected, format!("{receipt}, {received}"));
    verdict.compare = push.into_iter().collect();
    Some(verdict)
}

/// What follows from the messages alone.
fn derived(case: &Case<'_>, call: &Message, receipt: &str) -> Verdict {
    let verdict = |entry: &'static Entry, expected: &str, received: String, compare: Vec<u64>| {
        let mut verdict = Verdict::of(entry, call).differs("a receipt", expected, received);
        verdict.compare = compare;
        verdict
    };
    let pushed = alias_of(receipt).and_then(|alias| push_of(case, call, alias));
    let Some(push) = pushed else {
        let received = format!("{receipt}, which nobody pushed as far as the journal goes back");
        return verdict(&RCP_004, "that MDES made", received, Vec::new());
    };
    let requestor = asked(push, "/tokenRequestorId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if requestor != case.expected.token_requestor_id {
        let received = format!("one for {requestor}");
        let expected = format!("for {}", case.expected.token_requestor_id);
        return verdict(&RCP_003, &expected, received, vec![push.number]);
    }
    if let Some(use_) = used_in(case, call, receipt) {
        let received = format!("one that was used in message {}", use_.number);
        return verdict(&RCP_002, "that is fresh", received, vec![use_.number]);
    }
    let minutes = asked(push, "/pushAccountReceiptsValidityPeriod").and_then(Value::as_i64);
    let minutes = minutes.unwrap_or(case.expected.receipt_minutes);
    let age_ms = call.at_ms - push.at_ms;
    let received = if age_ms >= minutes * 60_000 {
        format!(
            "one that was pushed {} before and lives {minutes} minutes",
            span(age_ms)
        )
    } else {
        format!(
            "{receipt}, pushed {} before for this wallet and not used: MDES counts it as expired",
            span(age_ms)
        )
    };
    verdict(&RCP_001, "that is still alive", received, vec![push.number])
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
