//! What became of the cards.

use std::sync::Arc;

use serde_json::Value;

use super::super::catalogue::{TNC_001, TOK_001, TOK_002, TOK_003};
use super::super::flow::{alias_of, asked, brought, refusal, told, value};
use super::super::{Case, Entry, Rule, Verdict};
use crate::workbench::message::Message;

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "The issuer has a card for the wallet",
        look: issuer_has_a_card,
    },
    Rule {
        passed: "The terms that were accepted are those of the card",
        look: terms_are_the_same,
    },
    Rule {
        passed: "The card became a token",
        look: card_is_taken,
    },
];

fn issuer_has_a_card(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let mut arrivals = case.arrivals().peekable();
    arrivals.peek()?;
    let declined = arrivals.filter(|message| {
        let brought = brought(message);
        value(&brought, "result").is_some_and(|result| result.eq_ignore_ascii_case("DECLINED"))
    });
    let verdict = |message: &Arc<Message>| {
        Verdict::of(&TOK_001, message).differs("a return", "with `pushAccountData`", "one with `result` = DECLINED")
    };
    Some(declined.map(verdict).collect())
}

fn terms_are_the_same(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let mut calls = case.calls("digitize").peekable();
    calls.peek()?;
    let changed = calls.filter_map(|call| {
        let accepted = asked(call, "/termsAndConditionsAssetId")
            .and_then(Value::as_str)
            .unwrap_or("nothing");
        let (check, shown) = shown_terms(case, call)?;
        if accepted == shown && refusal(call) != Some("INVALID_TERMS_AND_CONDITIONS") {
            return None;
        }
        let expected = if accepted == shown {
            "the terms that are in force now"
        } else {
            shown
        };
        let mut verdict = Verdict::of(&TNC_001, call).differs("`termsAndConditionsAssetId`", expected, accepted);
        verdict.compare = vec![check];
        Some(verdict)
    });
    Some(changed.collect())
}

/// The terms that the last check before this call named for its receipt, and which message that was.
fn shown_terms<'a>(case: &Case<'a>, before: &Message) -> Option<(u64, &'a str)> {
    let receipt = |call: &'a Message| {
        let text = asked(call, "/fundingAccountInfo/pushAccountReceipt")?.as_str()?;
        alias_of(text)
    };
    let own = asked(before, "/fundingAccountInfo/pushAccountReceipt").and_then(Value::as_str);
    let own = own.and_then(alias_of);
    let earlier = case
        .calls("checkEligibility")
        .filter(|call| call.number < before.number);
    let terms = earlier.filter(|call| receipt(call) == own).filter_map(|call| {
        let terms = told(call, "/termsAndConditionsAssetId")?.as_str()?;
        Some((call.number, terms))
    });
    terms.last()
}

fn card_is_taken(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let mut calls = case
        .calls("checkEligibility")
        .chain(case.calls("digitize"))
        .filter(|call| call.ending.json().is_some())
        .peekable();
    calls.peek()?;
    let refused = calls.filter_map(|call| {
        let without = |entry: &'static Entry, reason: &str| {
            let received = format!("`errorCode` = {reason}");
            Verdict::of(entry, call).differs("an answer", "without `errorCode`", received)
        };
        let decision = told(call, "/decision").and_then(Value::as_str);
        match (decision, refusal(call)) {
            (Some("DECLINED"), _) => Some(Verdict::of(&TOK_002, call).differs(
                "`decision`",
                "APPROVED or REQUIRE_ADDITIONAL_AUTHENTICATION",
                "DECLINED",
            )),
            (None, Some(reason @ "DUPLICATE_REQUEST")) => Some(without(&TOK_003, reason)),
            (None, Some(reason)) if is_decline(reason) => Some(without(&TOK_002, reason)),
            _ => None,
        }
    });
    Some(refused.collect())
}

/// Refusals that say no to the card or the device.
fn is_decline(reason: &str) -> bool {
    reason.starts_with("PAN_") || matches!(reason, "DEVICE_INELIGIBLE" | "ACCOUNT_INELIGIBLE")
}
