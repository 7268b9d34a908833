//! `pushMultipleAccounts`: an issuer hands accounts to a token requestor and gets receipts and a signature for them.
//!
//! A token requestor that takes one card gets a receipt for every account all the same: which of them it uses is its own
//! rule (it uses the first), and nothing published says that MDES refuses the others.

use std::collections::HashSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::jws::{self, SignatureData};
use super::keys::random_uuid;
use super::settings::{AuthenticationCodeMode, TokenRequestor};
use super::state::{Account, Issuer, Receipt, ReceiptLife, State};
use super::{Mdes, account, connect, fle, lying};
use crate::sim::lies::{Lie, ReceiptLie};

/// Answers one entry per account; an account may fail alone. The signature covers the receipts that were made.
pub(super) fn push_multiple_accounts(mdes: &Mdes, request: Fields<'_>) -> Answer {
    let requestor = connect::named_token_requestor(mdes, request)?;
    let signature_data = request
        .optional_object("signatureData")?
        .map(read_signature_data)
        .transpose()?;
    let wants_digitization_data = request
        .optional_flag("requestIssuerInitiatedDigitizationData")?
        .unwrap_or(false);
    let validity_ms = read_validity(request)?;
    let code = request.optional_text("authenticationCode", 1..=32)?;
    if code.is_some_and(|code| !code.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        return Err(Refusal::format("authenticationCode"));
    }
    let payload = request.object("pushFundingAccounts")?.object("encryptedPayload")?;
    let plaintext = fle::decrypt(payload, &mdes.0.encryption)?;
    let now_ms = mdes.now_ms();
    let items = read_items(&plaintext, now_ms)?;

    let told = mdes
        .0
        .lies
        .of(signature_data.as_ref().and_then(|data| data.session_id.as_deref()));
    let mut state = mdes.state();
    let mut receipts = Vec::new();
    let mut entries = Vec::new();
    for item in items {
        let made = item
            .account
            .and_then(|account| enter(&mut state, &requestor, account, now_ms, validity_ms, code, told));
        entries.push(match made {
            Ok(receipt) => {
                let mut entry = json!({"pushAccountId": item.id, "pushAccountReceipt": receipt});
                if wants_digitization_data {
                    let data = json!({"fundingAccountInfo": {"pushAccountReceipt": receipt}}).to_string();
                    entry["issuerInitiatedDigitizationData"] = json!(STANDARD.encode(data));
                }
                receipts.push(receipt);
                entry
            }
            Err(refusal) => json!({"pushAccountId": item.id, "errors": [refusal.to_json()]}),
        });
    }
    let mut answer = json!({"pushAccountReceipts": entries, "availablePushMethods": connect::push_methods(&requestor)});
    if !receipts.is_empty() {
        let mut data = signature_data.unwrap_or_default();
        if state.code_mode == AuthenticationCodeMode::Jws {
            data.authentication_code = code.map(str::to_owned);
        }
        answer["signature"] = json!(match lying::about_token(told) {
            None => state.sign(&jws::payload(&receipts, &data, state.session_in_jws)),
            Some(lie) => {
                drop(state);
                lying::token(mdes, &receipts, data, lie)
            }
        });
    }
    answer["tokenRequestorSignatureSupport"] = json!(true);
    Ok(answer)
}

/// One account of the request: its id, and the account if it obeys the rules.
struct Item {
    id: String,
    account: Result<Account, Refusal>,
}

/// Reads the decrypted array. What cannot be told apart by `pushAccountId` fails the request as a whole.
fn read_items(plaintext: &[u8], now_ms: i64) -> Result<Vec<Item>, Refusal> {
    let plain: Value = serde_json::from_slice(plaintext).map_err(|_| Refusal::invalid_json())?;
    let items = plain.as_array().ok_or_else(|| Refusal::format("pushFundingAccounts"))?;
    if !(1..=ACCOUNTS_MAX).contains(&items.len()) {
        return Err(Refusal::length("pushFundingAccounts"));
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for item in items {
        let fields = Fields::of(item, "pushFundingAccounts")?;
        let id = fields.text("pushAccountId", 1..=36)?;
        if !seen.insert(id) {
            return Err(Refusal::value("pushAccountId"));
        }
        read.push(Item {
            id: id.to_owned(),
            account: account::read(fields, now_ms),
        });
    }
    Ok(read)
}

/// Enters a fresh receipt for an account that belongs to an issuer of the directory.
fn enter(
    state: &mut State,
    requestor: &Arc<TokenRequestor>,
    account: Account,
    now_ms: i64,
    validity_ms: i64,
    authentication_code: Option<&str>,
    told: Option<&Lie>,
) -> Result<String, Refusal> {
    let issuer: Arc<Issuer> = state
        .issuer_of(&account.number)
        .ok_or_else(|| Refusal::code("ACCOUNT_INELIGIBLE", "The account is not in an enabled range"))?;
    let unique = random_uuid().to_string().to_uppercase();
    let receipt = format!("{}-STL-{unique}", issuer.entry.card_type.receipt_prefix());
    let lie = lying::about_receipt(told, &account.number);
    let made_at_ms = if lie == Some(ReceiptLie::Expired) {
        now_ms - EXPIRED_AGE_MS
    } else {
        now_ms
    };
    let entered = Receipt {
        authentication_code: authentication_code.map(str::to_owned),
        foreign: lie == Some(ReceiptLie::Foreign),
        lie,
        life: if lie == Some(ReceiptLie::Used) {
            ReceiptLife::Consumed
        } else {
            ReceiptLife::Fresh
        },
        ..Receipt::new(Arc::clone(requestor), issuer, account, made_at_ms + validity_ms)
    };
    if lie != Some(ReceiptLie::Unknown) {
        state.receipts.insert(receipt.clone(), entered);
    }
    Ok(receipt)
}

fn read_signature_data(data: Fields<'_>) -> Result<SignatureData, Refusal> {
    let callback_url = data.optional_text("callbackURL", 1..=256)?;
    // Absolute, any scheme, custom ones included.
    if callback_url.is_some_and(|text| url::Url::parse(text).is_err()) {
        return Err(Refusal::format("callbackURL"));
    }
    data.optional_flag("completeIssuerAppActivation")?;
    let locale = data.optional_text("locale", 4..=5)?;
    if locale.is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')) {
        return Err(Refusal::format("locale"));
    }
    Ok(SignatureData {
        callback_url: callback_url.map(str::to_owned),
        complete_website_activation: data.optional_flag("completeWebsiteActivation")?,
        account_holder_data_supplied: data.optional_flag("accountHolderDataSupplied")?,
        locale: locale.map(str::to_owned),
        session_id: data
            .optional_text("tokenRequestorSessionId", 3..=64)?
            .map(str::to_owned),
        authentication_code: None,
    })
}

/// The validity period in milliseconds: more than 4 and at most 15 minutes.
fn read_validity(request: Fields<'_>) -> Result<i64, Refusal> {
    const NAME: &str = "pushAccountReceiptsValidityPeriod";
    let Some(value) = request.member(NAME) else {
        return Ok(VALIDITY_MAX_MINUTES * 60_000);
    };
    let minutes = value.as_f64().ok_or_else(|| Refusal::format(NAME))?;
    if minutes > 4.0 && minutes <= VALIDITY_MAX_MINUTES as f64 {
        Ok((minutes * 60_000.0) as i64)
    } else {
        Err(Refusal::value(NAME))
    }
}

const ACCOUNTS_MAX: usize = 5;
const VALIDITY_MAX_MINUTES: i64 = 15;
/// How old a receipt is that is born too old.
const EXPIRED_AGE_MS: i64 = 16 * 60 * 1000;

#[cfg(test)]
mod tests;
