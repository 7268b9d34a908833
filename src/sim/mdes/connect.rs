//! Token Connect's two directories: issuers for wallets, wallets for issuers.

use serde_json::{Value, json};

use super::assets::requestor_logo_id;
use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::state::Issuer;
use super::{Mdes, lying};

/// `getEligibleIssuers`: the issuers that a wallet can pull from. The call is not published; name and shape are assumed,
/// after its published twin below.
pub(super) fn eligible_issuers(mdes: &Mdes, request: Fields<'_>) -> Answer {
    require_token_requestor(mdes, request)?;
    let country = request.optional_upper_code("countryCode", 2)?;
    let mut state = mdes.state();
    let within = |issuer: &&std::sync::Arc<Issuer>| {
        country.is_none_or(|wanted| issuer.entry.countries.iter().any(|country| country == wanted))
    };
    let mut issuers: Vec<Value> = state
        .issuers
        .iter()
        .filter(within)
        .map(|issuer| issuer_json(issuer))
        .collect();
    if let Some(lie) = lying::about_list(mdes.0.lies.always()) {
        lying::list(&mut state, &mut issuers, lie);
    }
    Ok(json!({"issuers": issuers, "errors": []}))
}

/// `getEligibleTokenRequestors`: the wallets that an issuer can push to, which here is one.
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
    let requestor = &mdes.0.token_requestor;
    Ok(json!({"tokenRequestors": [{
        "tokenRequestorId": requestor.id,
        "name": requestor.name,
        "consumerFacingEntityName": requestor.consumer_facing_name,
        "imageAssetId": requestor_logo_id(),
        "tokenRequestorType": "WALLET",
        "walletId": requestor.wallet_id,
        "enabledAccountRanges": enabled,
        "supportedPushMethods": ["WEB"],
        "availablePushMethods": push_methods(mdes),
        "supportsMultiplePushedCards": true,
        "supportedAccountHolderData": [],
        "supportsCardHolderAuthentication": false,
        "supportsTokenConnect": true,
        "supportIssuerInitiatedDigitizationData": true,
    }]}))
}

/// Where issuers send cardholders with a pushed account.
pub(super) fn push_methods(mdes: &Mdes) -> Value {
    json!([{"type": "WEB", "uri": mdes.0.token_requestor.push_uri}])
}

/// `tokenRequestorId` must be there, well-formed, and the one that is enrolled.
pub(super) fn require_token_requestor(mdes: &Mdes, request: Fields<'_>) -> Result<(), Refusal> {
    let id = request.digits("tokenRequestorId", 11..=11)?;
    if id == mdes.0.token_requestor.id {
        Ok(())
    } else {
        Err(Refusal::value("tokenRequestorId"))
    }
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
