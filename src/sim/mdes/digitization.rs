//! `checkEligibility` and `digitize`: from a receipt to a token, with the bank's decision in between.
//!
//! A receipt is reserved by `checkEligibility` and used up by a `digitize` that the issuer decided. An error never uses it
//! up. How Mastercard divides this between the two calls is not published; this reading is an assumption.

use std::net::Ipv4Addr;
use std::sync::Arc;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::issuer_calls::{self, Decision, Question, Verdict};
use super::keys::{random_digits, random_uuid};
use super::requestor::Holder;
use super::settings::{AuthenticationCodeMode, TokenRequestor};
use super::state::{Account, Eligibility, NewToken, Receipt, ReceiptLife, State, Task, TaskStatus};
use super::token::{Method, TokenStatus, token_reference};
use super::{Mdes, fle, lying, notify};
use crate::sim::catalogue::card_by_id;
use crate::sim::lies::ReceiptLie;
use crate::sim::magic;

/// Checks a receipt and reserves it for one wallet instance; asking again is allowed while the receipt lives.
pub(super) fn check_eligibility(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    request.only(&[
        "responseHost",
        "requestId",
        "tokenType",
        "paymentAppInstanceId",
        "paymentAppId",
        "deviceInfo",
        "seInfo",
        "fundingAccountInfo",
        "cardInfo",
        "cardletId",
        "spsdInfo",
        "consumerLanguage",
    ])?;
    request.one_of("tokenType", &["CLOUD", "EMBEDDED_SE"])?;
    let holder = Holder::read(by, request)?;
    request.text("paymentAppId", 1..=64)?;
    request.optional_object("deviceInfo")?;
    request.text("cardletId", 1..=10)?;
    request.optional_text("consumerLanguage", 2..=2)?;
    let funding = read_funding(mdes, request)?;
    let now_ms = mdes.now_ms();

    let mut state = mdes.state();
    let code_counts = state.code_mode == AuthenticationCodeMode::Bind;
    magic_receipt(&mut state, by, &funding.receipt, now_ms);
    let known = state.receipts.get_mut(&funding.receipt);
    let receipt = known.ok_or_else(|| Refusal::receipt("unknown"))?;
    let wrong = match &receipt.life {
        _ if receipt.is_foreign_to(by) => Some("foreign"),
        ReceiptLife::Digitizing(_) | ReceiptLife::Consumed => Some("used"),
        ReceiptLife::Reserved(instance) if *instance != holder.instance => Some("held"),
        _ if now_ms >= receipt.expires_at_ms => Some("expired"),
        _ if code_counts && funding.authentication_code != receipt.authentication_code.as_deref().map(Value::from) => {
            Some("code")
        }
        ReceiptLife::Fresh | ReceiptLife::Reserved(_) => None,
    };
    if let Some(wrong) = wrong {
        return Err(Refusal::receipt(wrong));
    }
    receipt.life = ReceiptLife::Reserved(holder.instance.clone());
    let terms = receipt.terms.as_ref().unwrap_or(&receipt.issuer.assets.terms);
    let terms_asset_id = terms.clone();
    let value = random_uuid().to_string();
    let eligibility = Eligibility {
        receipt: funding.receipt,
        holder,
        terms_asset_id: terms_asset_id.clone(),
        expires_at_ms: now_ms + ELIGIBILITY_MINUTES * 60_000,
    };
    state.eligibilities.insert(value.clone(), eligibility);
    Ok(json!({
        "eligibilityReceipt": {"value": value, "validForMinutes": ELIGIBILITY_MINUTES},
        "termsAndConditionsAssetId": terms_asset_id,
        "applicableCardInfo": {"isSecurityCodeApplicable": false},
    }))
}

/// A receipt of the table of magic values is there whenever it is asked for, as if it had just been pushed for
/// whoever asks.
fn magic_receipt(state: &mut State, by: &Arc<TokenRequestor>, receipt: &str, now_ms: i64) {
    let known = state.receipts.get(receipt);
    if known.is_some_and(|known| matches!(known.life, ReceiptLife::Digitizing(_))) {
        return;
    }
    let card = magic::card_behind(receipt).and_then(card_by_id);
    let Some((card, issuer)) = card.and_then(|card| state.issuer_of(&card.pan).map(|issuer| (card, issuer))) else {
        return;
    };
    let account = Account {
        number: card.pan,
        expiry_month: Some(card.expiry_month.to_owned()),
        expiry_year: Some(card.expiry_year.to_owned()),
    };
    let fresh = Receipt::new(Arc::clone(by), issuer, account, now_ms + MAGIC_MS);
    state.receipts.insert(receipt.to_owned(), fresh);
}

/// Asks the bank, and makes a token if it agrees.
pub(super) async fn digitize(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
    let asked = read_digitize(mdes, by, request)?;
    let question = begin(mdes, &asked)?;
    let verdict = issuer_calls::authorize(mdes, &question).await;
    finish(mdes, asked, question, verdict)
}

/// A `digitize` request that obeys the rules for its members.
struct Asked {
    holder: Holder,
    eligibility: String,
    task_id: String,
    terms_asset_id: Option<String>,
    receipt: String,
    source: String,
    decisioning: Value,
}

impl Asked {
    /// What the task goes by in the books.
    fn task(&self) -> (String, String) {
        (self.holder.requestor.id.clone(), self.task_id.clone())
    }
}

struct Funding {
    receipt: String,
    /// As it came: a code of another type is another code.
    authentication_code: Option<Value>,
    source: Option<String>,
}

fn read_digitize(mdes: &Mdes, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Result<Asked, Refusal> {
    request.only(&[
        "responseHost",
        "requestId",
        "paymentAppInstanceId",
        "eligibilityReceipt",
        "taskId",
        "termsAndConditionsAssetId",
        "termsAndConditionsAcceptedTimestamp",
        "fundingAccountInfo",
        "cardInfo",
        "tokenizationAuthenticationValue",
        "decisioningData",
        "consumerLanguage",
    ])?;
    let holder = Holder::read(by, request)?;
    let eligibility = request.object("eligibilityReceipt")?.text("value", 1..=64)?.to_owned();
    let task_id = request.text("taskId", 1..=64)?.to_owned();
    let terms_asset_id = request
        .optional_text("termsAndConditionsAssetId", 1..=64)?
        .map(str::to_owned);
    let accepted = request.optional_text("termsAndConditionsAcceptedTimestamp", 20..=29)?;
    let accepted = accepted.ok_or_else(|| Refusal::missing("termsAndConditionsAcceptedTimestamp"))?;
    if OffsetDateTime::parse(accepted, &Rfc3339).is_err() {
        return Err(Refusal::format("termsAndConditionsAcceptedTimestamp"));
    }
    request.optional_text("tokenizationAuthenticationValue", 1..=2048)?;
    let funding = read_funding(mdes, request)?;
    let decisioning = read_decisioning(request.object("decisioningData")?)?;
    let source = funding
        .source
        .unwrap_or_else(|| "ACCOUNT_ADDED_VIA_APPLICATION".to_owned());
    Ok(Asked {
        holder,
        eligibility,
        task_id,
        terms_asset_id,
        receipt: funding.receipt,
        source,
        decisioning,
    })
}

/// The receipt stands in clear; an encrypted payload beside it may only say where the account came from.
fn read_funding(mdes: &Mdes, request: Fields<'_>) -> Result<Funding, Refusal> {
    let info = request.object("fundingAccountInfo")?;
    if let Some(other) = ["panUniqueReference", "tokenUniqueReference"]
        .into_iter()
        .find(|name| info.has(name))
    {
        return Err(Refusal::value(other));
    }
    let receipt = info.text("pushAccountReceipt", 1..=64)?.to_owned();
    let authentication_code = info.member("authenticationCode").cloned();
    let Some(payload) = info.optional_object("encryptedPayload")? else {
        return Ok(Funding {
            receipt,
            authentication_code,
            source: None,
        });
    };
    let plain = fle::decrypt(payload, &mdes.0.encryption)?;
    let plain: Value = serde_json::from_slice(&plain).map_err(|_| Refusal::invalid_json())?;
    let plain = Fields::of(&plain, "encryptedPayload")?;
    if plain.only(&["source"]).is_err() {
        return Err(Refusal::value("encryptedPayload"));
    }
    let source = plain.one_of("source", SOURCES)?;
    Ok(Funding {
        receipt,
        authentication_code,
        source: Some(source.to_owned()),
    })
}

/// Checks `decisioningData` and translates it into the names of the issuer's API. With a receipt the device's IP address
/// is mandatory, and the API knows IPv4 only.
fn read_decisioning(data: Fields<'_>) -> Result<Value, Refusal> {
    let address = data.text("deviceIpAddress", 7..=15)?;
    if address.parse::<Ipv4Addr>().is_err() {
        return Err(Refusal::format("deviceIpAddress"));
    }
    let decisions = &["APPROVED", "DECLINED", "REQUIRE_ADDITIONAL_AUTHENTICATION"];
    let scores = &["1", "2", "3", "4", "5"];
    let mut told = json!({});
    let mut tell = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            told[name] = json!(value);
        }
    };
    tell(
        "recommendedDecision",
        data.optional_one_of("recommendation", decisions)?,
    );
    tell(
        "recommendationStandardVersion",
        data.optional_text("recommendationAlgorithmVersion", 1..=16)?,
    );
    tell("deviceScore", data.optional_one_of("deviceScore", scores)?);
    tell("accountScore", data.optional_one_of("accountScore", scores)?);
    data.optional_text("deviceCurrentLocation", 1..=14)?;
    data.optional_text("mobileNumberSuffix", 4..=32)?;
    data.optional_text("accountIdHash", 1..=64)?;
    if data.has("recommendationReasons") {
        told["recommendationReasons"] = json!(data.array("recommendationReasons", 0..=32)?);
    }
    Ok(told)
}

/// Everything that is decided before the bank is asked: the task exists and the receipt is held from here on.
fn begin(mdes: &Mdes, asked: &Asked) -> Result<Question, Refusal> {
    let now_ms = mdes.now_ms();
    let mut guard = mdes.state();
    let state: &mut State = &mut guard;
    if state.single_use && state.tasks.contains_key(&asked.task()) {
        return Err(Refusal::code("DUPLICATE_REQUEST", "The task id was used before"));
    }
    let lie = receipt_lie(mdes, state, &asked.receipt);
    if lie == Some(ReceiptLie::TermsChange) {
        change_terms(state, asked);
    }
    let eligibility = state.eligibilities.get(&asked.eligibility);
    let eligibility = eligibility
        .filter(|known| known.holder == asked.holder && now_ms < known.expires_at_ms)
        .ok_or_else(|| Refusal::code("INVALID_ELIGIBILITY_RECEIPT", "The eligibility receipt is not valid"))?;
    if eligibility.receipt != asked.receipt {
        return Err(Refusal::receipt("other account"));
    }
    if lie == Some(ReceiptLie::AlreadyAdded) {
        return Err(Refusal::code(
            "DUPLICATE_REQUEST",
            "The account is in this wallet already",
        ));
    }
    if asked.terms_asset_id.as_ref() != Some(&eligibility.terms_asset_id) {
        let description = "The terms and conditions are not those of the account";
        return Err(Refusal::code("INVALID_TERMS_AND_CONDITIONS", description));
    }
    let known = state.receipts.get_mut(&asked.receipt);
    let receipt = known.ok_or_else(|| Refusal::receipt("unknown"))?;
    // The eligibility is this holder's; a receipt of the magic table may be another's since.
    if receipt.is_foreign_to(&asked.holder.requestor) {
        return Err(Refusal::receipt("foreign"));
    }
    // From here the eligibility receipt's hour governs, not the quarter of an hour of the receipt itself.
    if state.single_use && receipt.life != ReceiptLife::Reserved(asked.holder.instance.clone()) {
        return Err(Refusal::receipt("used"));
    }
    receipt.life = ReceiptLife::Digitizing(asked.holder.instance.clone());
    let question = Question {
        correlation_id: random_digits(14),
        holder: asked.holder.clone(),
        account: receipt.account.clone(),
        source: asked.source.clone(),
        decisioning: asked.decisioning.clone(),
    };
    let task = Task {
        holder: asked.holder.clone(),
        status: TaskStatus::InProgress,
    };
    state.tasks.insert(asked.task(), task);
    Ok(question)
}

/// What MDES lies about a receipt: as it was made, else what it lies about now.
fn receipt_lie(mdes: &Mdes, state: &State, receipt: &str) -> Option<ReceiptLie> {
    let own = state.receipts.get(receipt).and_then(|receipt| receipt.lie);
    own.or_else(|| lying::about_receipt(mdes.0.lies.always(), ""))
}

/// Other terms from now on, once for each receipt.
fn change_terms(state: &mut State, asked: &Asked) {
    let Some(receipt) = state
        .receipts
        .get(&asked.receipt)
        .filter(|receipt| receipt.terms.is_none())
    else {
        return;
    };
    let issuer = receipt.issuer.entry.name.clone();
    let terms = lying::other_terms(state, &issuer);
    if let Some(eligibility) = state.eligibilities.get_mut(&asked.eligibility) {
        eligibility.terms_asset_id.clone_from(&terms);
    }
    if let Some(receipt) = state.receipts.get_mut(&asked.receipt) {
        receipt.terms = Some(terms);
    }
}

/// Commits what the bank decided, or gives the receipt back if it decided nothing.
fn finish(mdes: &Mdes, asked: Asked, question: Question, verdict: Option<Verdict>) -> Answer {
    let now_ms = mdes.now_ms();
    let mut guard = mdes.state();
    let state: &mut State = &mut guard;
    let status = if verdict.is_some() {
        TaskStatus::Completed
    } else {
        TaskStatus::Failed
    };
    if let Some(task) = state.tasks.get_mut(&asked.task()) {
        task.status = status;
    }
    let consumed = match &verdict {
        None => false,
        Some(verdict) => verdict.decision != Decision::Declined || mdes.0.declined_consumes,
    };
    if let Some(receipt) = state.receipts.get_mut(&asked.receipt) {
        let released = ReceiptLife::Reserved(asked.holder.instance.clone());
        receipt.life = if consumed { ReceiptLife::Consumed } else { released };
    }
    let verdict = verdict.ok_or_else(Refusal::no_response_from_issuer)?;
    let (decision, status) = match verdict.decision {
        Decision::Approved => ("APPROVED", TokenStatus::Active),
        Decision::RequireAdditionalAuthentication => ("REQUIRE_ADDITIONAL_AUTHENTICATION", TokenStatus::Inactive),
        Decision::Declined => return Ok(json!({"decision": "DECLINED"})),
    };
    let reference = token_reference();
    let methods = translate_methods(&verdict, &question, &reference);
    let new = NewToken {
        receipt: asked.receipt,
        holder: asked.holder,
        decision,
        status,
        methods,
        correlation_id: question.correlation_id,
        reference,
    };
    let token = state.create_token(new, now_ms);
    let token = token.ok_or_else(|| Refusal::receipt("unknown"))?;
    let mut answer = json!({"decision": decision});
    if status == TokenStatus::Inactive {
        answer["authenticationMethods"] = token.methods_json();
    }
    answer["tokenUniqueReference"] = json!(token.reference);
    answer["panUniqueReference"] = json!(token.account_reference);
    answer["productConfig"] = token.product_config();
    answer["tokenInfo"] = token.token_info();
    // The bank hears of every token: of one that waits too, because the bank may have to activate it by its reference.
    let notification = issuer_calls::service_activated(token);
    drop(guard);
    notify::tell_bank(mdes, notification);
    Ok(answer)
}

/// From the issuer's names to the token requestor's.
fn translate_methods(verdict: &Verdict, question: &Question, reference: &str) -> Vec<Method> {
    if verdict.decision != Decision::RequireAdditionalAuthentication {
        return Vec::new();
    }
    let translate = |(id, (kind, value)): (u32, &(String, String))| {
        let is_app = kind == "CARDHOLDER_TO_USE_MOBILE_APP";
        Method {
            id,
            kind: if is_app {
                "CARDHOLDER_TO_USE_ISSUER_MOBILE_APP".to_owned()
            } else {
                kind.clone()
            },
            value: if is_app {
                issuer_calls::app_method_value(value, question, reference)
            } else {
                value.clone()
            },
            issuer_side: (kind.clone(), value.clone()),
        }
    };
    (FIRST_METHOD_ID..).zip(&verdict.methods).map(translate).collect()
}

/// How long a receipt lives that was never pushed.
const MAGIC_MS: i64 = 15 * 60 * 1000;

const SOURCES: &[&str] = &[
    "ACCOUNT_ON_FILE",
    "ACCOUNT_ADDED_MANUALLY",
    "ACCOUNT_ADDED_VIA_APPLICATION",
    "EXISTING_TOKEN_CREDENTIAL",
];

/// How long an eligibility receipt can be redeemed.
const ELIGIBILITY_MINUTES: i64 = 60;

/// Published examples count from here.
const FIRST_METHOD_ID: u32 = 12_344;

#[cfg(test)]
mod tests;
