//! The wire, as MDES spells it. Private to this folder: its names and its optional members are not our domain.
//!
//! Answers are read leniently where a member is decoration (a wrong type counts as absent) and strictly where it
//! decides something: that is done where a structure becomes a value of ours, in `translate`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::payload::EncryptedPayload;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EligibleIssuersRequest<'a> {
    pub request_id: &'a str,
    pub token_requestor_id: &'a str,
}

/// What every digitization call begins with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<'a> {
    pub response_host: &'a str,
    pub request_id: &'a str,
    pub payment_app_instance_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FundingAccountInfo<'a> {
    pub push_account_receipt: &'a str,
    /// Assumed name: how MDES learns the code is not public.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encrypted_payload: Option<EncryptedPayload>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckEligibilityRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub token_type: &'a str,
    pub payment_app_id: &'a str,
    pub cardlet_id: &'a str,
    pub consumer_language: &'a str,
    pub funding_account_info: FundingAccountInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DigitizeRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub eligibility_receipt: ReceiptValue<'a>,
    pub task_id: &'a str,
    pub terms_and_conditions_asset_id: &'a str,
    pub terms_and_conditions_accepted_timestamp: String,
    pub funding_account_info: FundingAccountInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decisioning_data: Option<DecisioningData<'a>>,
}

#[derive(Serialize)]
pub(super) struct ReceiptValue<'a> {
    pub value: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecisioningData<'a> {
    pub device_ip_address: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RequestActivationCodeRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub token_unique_reference: &'a str,
    pub authentication_method: MethodChoice,
}

/// `id` is a JSON number if it was one that fits, as in the published examples, and a string otherwise.
#[derive(Serialize)]
pub(super) struct MethodChoice {
    pub id: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ActivateRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub token_unique_reference: &'a str,
    pub authentication_code: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TaskStatusRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub task_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SearchTokensRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub funding_account_info: FundingAccountInfo<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub token_unique_reference: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeRequest<'a> {
    #[serde(flatten)]
    pub envelope: Envelope<'a>,
    pub token_unique_references: [&'a str; 1],
    pub caused_by: &'static str,
    pub reason_code: &'static str,
}

/// A member that may be missing or of any type; of a type that does not fit, it counts as missing.
#[derive(Debug)]
pub(super) struct Lenient<T>(pub Option<T>);

impl<T> Default for Lenient<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Ok(Self(serde_json::from_value(Value::deserialize(source)?).ok()))
    }
}

/// A text, or a number that somebody wrote without its quotes.
#[derive(Debug, Default)]
pub(super) struct Text(pub Option<String>);

impl Text {
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(source)? {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EligibleIssuersAnswer {
    pub issuers: Lenient<Vec<Lenient<IssuerEntry>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct IssuerEntry {
    pub issuer_id: Text,
    pub name: Text,
    pub alias: Text,
    pub image_asset_id: Text,
    /// A text or a list of texts.
    pub country_code: Value,
    pub available_pull_methods: Lenient<Vec<Lenient<PullMethod>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PullMethod {
    #[serde(rename = "type")]
    pub kind: Text,
    pub uri: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct AssetAnswer {
    pub media_contents: Lenient<Vec<MediaEntry>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MediaEntry {
    #[serde(rename = "type")]
    pub media_type: Text,
    pub data: Text,
    pub width: Text,
    pub height: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EligibilityAnswer {
    pub eligibility_receipt: Lenient<EligibilityReceiptEntry>,
    pub terms_and_conditions_asset_id: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct EligibilityReceiptEntry {
    pub value: Text,
    pub valid_for_minutes: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DigitizeAnswer {
    pub decision: Text,
    #[serde(flatten)]
    pub token: TokenEntry,
}

/// The members that describe a token, wherever they stand.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TokenEntry {
    pub token_unique_reference: Text,
    pub pan_unique_reference: Text,
    pub status: Text,
    pub status_timestamp: Text,
    pub suspended_by: Lenient<Vec<Text>>,
    pub product_config: Lenient<ProductConfig>,
    pub token_info: Lenient<TokenInfo>,
    pub authentication_methods: Lenient<Vec<Lenient<MethodEntry>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ProductConfig {
    pub short_description: Text,
    pub issuer_name: Text,
    pub card_background_combined_asset_id: Text,
    pub card_background_asset_id: Text,
    pub foreground_color: Text,
    pub customer_service_phone_number: Text,
    pub customer_service_url: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TokenInfo {
    pub account_pan_suffix: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct MethodEntry {
    pub id: Text,
    #[serde(rename = "type")]
    pub kind: Text,
    pub value: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ActivateAnswer {
    pub result: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TaskStatusAnswer {
    pub status: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TokensAnswer {
    pub tokens: Lenient<Vec<TokenEntry>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct TokenAnswer {
    pub token: Lenient<TokenEntry>,
}
