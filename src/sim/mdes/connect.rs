//! Token Connect's two directories: issuers for wallets, wallets for issuers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::assets::requestor_logo_id;
use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::settings::TokenRequestor;
use super::state::Issuer;
use super::{Mdes, lying};

/// `getEligibleIssuers`: the issuers that a wallet can pull from. The call is not published; name and shape are assumed,
/// after its published twin below. Empty for a token requestor that is enrolled for push alone, which is assumed too.
pub(super) fn eligible_issuers(mdes: &Mdes, by: &TokenRequestor, request: Fields<'_>) -> Answer {
    if request.digits("tokenRequestorId", 11..=11)? != by.id {
        return Err(Refusal::value("tokenRequestorId"));
    }
    let country = request.optional_upper_code("countryCode", 2)?;
    let mut state = mdes.state();
    let within = |issuer: &&Arc<Issuer>| {
        country.is_none_or(|wanted| issuer.entry.countries.iter().any(|country| country == wanted))
    };
    let mut issuers: Vec<Value> = state
        .issuers
        .iter()
        .filter(|_| by.pulls)
        .filter(within)
        .map(|issuer| issuer_json(issuer))
        .collect();
    if let Some(lie) = lying::about_list(mdes.0.lies.always()) {
        lying::list(&mut state, &mut issuers, lie);
    }
    Ok(json!({"issuers": issuers, "errors": []}))
}

/// `getEligibleTokenRequestors`: those that an issuer can push to. All are enabled for every range.
pub(super) fn eligible_token_requestors(mdes: &Mdes, request: Fields<'_>) -> Answer {
    request.optional_flag("supportsTokenConnect")?;
    let state = mdes.state();
    let mut enabled = Vec::new();
    for range in request.array("accountRanges", 1..=25)? {
        let digits = range.as_str().ok_or_else(|| Refusal::format("accountRanges"))?;
        if !(9..=19).contains(&digits.chars().count()) {
            return Err(Refusal::length("accountRanges"));
        }
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::format("accountRanges"));
        }
        // A range is named by its start, padded to 19 digits, and must be one that is configured.
        let start = format!("{digits:0<19}");
        if !state
            .issuers
            .iter()
            .any(|issuer| start == format!("{:0<19}", issuer.entry.account_range_prefix))
        {
            return Err(Refusal::value("accountRanges"));
        }
        enabled.push(start.parse::<i64>().map_err(|_| Refusal::value("accountRanges"))?);
    }
    let listed = mdes.0.token_requestors.iter();
    let listed: Vec<Value> = listed.map(|requestor| requestor_json(requestor, &enabled)).collect();
    Ok(json!({"tokenRequestors": listed}))
}

fn requestor_json(requestor: &TokenRequestor, enabled: &[i64]) -> Value {
    let mut listed = json!({
        "tokenRequestorId": requestor.id,
        "name": requestor.name,
        "consumerFacingEntityName": requestor.consumer_facing_name,
        "imageAssetId": requestor_logo_id(requestor),
        "tokenRequestorType": requestor.kind_word(),
        "enabledAccountRanges": enabled,
        "supportedPushMethods": ["WEB"],
        "availablePushMethods": push_methods(requestor),
        "supportsMultiplePushedCards": requestor.takes_several,
        "supportedAccountHolderData": [],
        "supportsCardHolderAuthentication": false,
        "supportsTokenConnect": true,
        "supportIssuerInitiatedDigitizationData": true,
    });
    if let Some(wallet_id) = requestor.wallet_id() {
        listed["walletId"] = json!(wallet_id);
    }
    listed
}

/// Where issuers send cardholders with a pushed account.
pub(super) fn push_methods(requestor: &TokenRequestor) -> Value {
    json!([{"type": "WEB", "uri": requestor.push_uri}])
}

/// The token requestor that an issuer names, which must be one that is enrolled.
pub(super) fn named_token_requestor(mdes: &Mdes, request: Fields<'_>) -> Result<Arc<TokenRequestor>, Refusal> {
    let id = request.digits("tokenRequestorId", 11..=11)?;
    let enrolled = mdes.token_requestor(id).cloned();
    enrolled.ok_or_else(|| Refusal::value("tokenRequestorId"))
}

fn issuer_json(issuer: &Issuer) -> Value {
    let entry = &issuer.entry;
    let country = match entry.countries.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    let methods: Value = entry
        .methods
        .iter()
        .map(|(kind, uri)| json!({"type": kind, "uri": uri}))
        .collect();
    let mut listed = json!({"issuerId": entry.issuer_id, "name": entry.name});
    if let Some(alias) = &entry.alias {
        listed["alias"] = json!(alias);
    }
    listed["imageAssetId"] = json!(issuer.assets.logo);
    listed["countryCode"] = country;
    listed["availablePullMethods"] = methods;
    listed
}

#[cfg(test)]
mod tests;
