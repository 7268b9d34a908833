//! The operations that MDES serves: their paths, who may call them, and the envelope of their answers.

use std::sync::Arc;

use axum::body::Bytes;
use serde_json::{Map, Value, json};

use super::errors::{Answer, Refusal};
use super::fields::Fields;
use super::keys::random_uuid;
use super::lifecycle::Change;
use super::oauth::ClientKind;
use super::requestor::Caller;
use super::settings::TokenRequestor;
use super::{Mdes, activation, assets, connect, digitization, lifecycle, push};

/// The operations that MDES serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    EligibleIssuers,
    EligibleTokenRequestors,
    PushMultipleAccounts,
    CheckEligibility,
    Digitize,
    RequestActivationCode,
    Activate,
    TaskStatus,
    SearchTokens,
    GetToken,
    Suspend,
    Unsuspend,
    Delete,
    ActivateToken,
    SuspendToken,
    UnsuspendToken,
    DeleteToken,
    Asset,
    TokenRequestorAsset,
}

impl Operation {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::TokenRequestorAsset => "tokenRequestorAsset",
            posted => POSTED
                .iter()
                .find(|(_, operation)| *operation == posted)
                .map_or("", |(path, _)| last(path)),
        }
    }

    pub(super) fn client(self) -> ClientKind {
        match self {
            Self::EligibleTokenRequestors
            | Self::PushMultipleAccounts
            | Self::ActivateToken
            | Self::SuspendToken
            | Self::UnsuspendToken
            | Self::DeleteToken
            | Self::TokenRequestorAsset => ClientKind::Issuer,
            _ => ClientKind::TokenRequestor,
        }
    }

    pub(super) fn is_digitization(self) -> bool {
        POSTED
            .iter()
            .any(|(path, operation)| *operation == self && path.starts_with("/digitization/"))
    }
}

/// The names of all operations, as [`super::Call::operation`] has them.
pub(in crate::sim) fn operation_names() -> impl Iterator<Item = &'static str> + Clone {
    let posted = POSTED.iter().map(|(_, operation)| operation.name());
    posted.chain(FETCHED.iter().map(|(_, operation)| operation.name()))
}

fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// One accepted request.
pub(super) struct Work {
    pub(super) mdes: Mdes,
    pub(super) caller: Caller,
    pub(super) operation: Operation,
    pub(super) asset_id: String,
    pub(super) body: Bytes,
    pub(super) number: usize,
}

impl Work {
    /// Does what was asked and answers the body. `lost` says how the answer gets lost, if it will.
    pub(super) async fn perform(self, lost: &'static str) -> Value {
        let (answer, request_id) = self.dispatch().await;
        let outcome = answer
            .as_ref()
            .map_or_else(|refusal| refusal.reason.clone(), |_| "ok".to_owned());
        let outcome = if lost.is_empty() {
            outcome
        } else {
            format!("{outcome}, {lost}")
        };
        let wrong = answer.as_ref().err().and_then(|refusal| refusal.receipt);
        let status = if lost.is_empty() { 200 } else { 0 };
        self.mdes.state().end_call(self.number, status, outcome, wrong);
        envelope(self.operation, answer, request_id)
    }

    async fn dispatch(&self) -> (Answer, Option<String>) {
        let mdes = &self.mdes;
        match self.operation {
            Operation::Asset => return (assets::asset(mdes, &self.asset_id), None),
            Operation::TokenRequestorAsset => return (assets::token_requestor_asset(mdes, &self.asset_id), None),
            _ => {}
        }
        let Ok(Value::Object(members)) = serde_json::from_slice(&self.body) else {
            return (Err(Refusal::invalid_json()), None);
        };
        let request = Value::Object(members);
        let answer = async {
            let fields = Fields::of(&request, "request")?;
            fields.text("requestId", 1..=64)?;
            if self.operation.is_digitization()
                && fields
                    .optional_text("responseHost", 11..=64)?
                    .is_some_and(|host| host.contains("://"))
            {
                return Err(Refusal::code(
                    "INVALID_RESPONSE_HOST",
                    "The response host is a name without a scheme",
                ));
            }
            self.operate(fields).await
        };
        let answer = answer.await;
        (answer, request["requestId"].as_str().map(str::to_owned))
    }

    async fn operate(&self, request: Fields<'_>) -> Answer {
        match &self.caller {
            Caller::TokenRequestor(by) => self.operate_for_requestor(by, request).await,
            Caller::Issuer => self.operate_for_issuer(request),
        }
    }

    async fn operate_for_requestor(&self, by: &Arc<TokenRequestor>, request: Fields<'_>) -> Answer {
        let mdes = &self.mdes;
        match self.operation {
            Operation::EligibleIssuers => connect::eligible_issuers(mdes, by, request),
            Operation::CheckEligibility => digitization::check_eligibility(mdes, by, request),
            Operation::Digitize => digitization::digitize(mdes, by, request).await,
            Operation::RequestActivationCode => activation::request_activation_code(mdes, by, request).await,
            Operation::Activate => activation::activate(mdes, by, request),
            Operation::TaskStatus => lifecycle::task_status(mdes, by, request),
            Operation::SearchTokens => lifecycle::search_tokens(mdes, by, request),
            Operation::GetToken => lifecycle::get_token(mdes, by, request),
            Operation::Suspend => lifecycle::change(mdes, by, request, Change::Suspend),
            Operation::Unsuspend => lifecycle::change(mdes, by, request, Change::Unsuspend),
            Operation::Delete => lifecycle::change(mdes, by, request, Change::Delete),
            Operation::EligibleTokenRequestors
            | Operation::PushMultipleAccounts
            | Operation::ActivateToken
            | Operation::SuspendToken
            | Operation::UnsuspendToken
            | Operation::DeleteToken
            | Operation::Asset
            | Operation::TokenRequestorAsset => Err(Refusal::invalid_json()),
        }
    }

    fn operate_for_issuer(&self, request: Fields<'_>) -> Answer {
        let mdes = &self.mdes;
        match self.operation {
            Operation::EligibleTokenRequestors => connect::eligible_token_requestors(mdes, request),
            Operation::PushMultipleAccounts => push::push_multiple_accounts(mdes, request),
            Operation::ActivateToken => lifecycle::activate_token(mdes, request),
            Operation::SuspendToken => lifecycle::change_as_issuer(mdes, request, Change::Suspend),
            Operation::UnsuspendToken => lifecycle::change_as_issuer(mdes, request, Change::Unsuspend),
            Operation::DeleteToken => lifecycle::change_as_issuer(mdes, request, Change::Delete),
            Operation::EligibleIssuers
            | Operation::CheckEligibility
            | Operation::Digitize
            | Operation::RequestActivationCode
            | Operation::Activate
            | Operation::TaskStatus
            | Operation::SearchTokens
            | Operation::GetToken
            | Operation::Suspend
            | Operation::Unsuspend
            | Operation::Delete
            | Operation::Asset
            | Operation::TokenRequestorAsset => Err(Refusal::invalid_json()),
        }
    }
}

/// Adds what every answer of the operation's API carries.
pub(super) fn envelope(operation: Operation, answer: Answer, request_id: Option<String>) -> Value {
    let mut members = Map::new();
    let fresh = || random_uuid().to_string();
    if operation.is_digitization() {
        members.insert("responseHost".to_owned(), json!(RESPONSE_HOST));
        members.insert("responseId".to_owned(), json!(request_id.unwrap_or_else(fresh)));
    }
    match answer {
        Ok(Value::Object(answer)) => members.extend(answer),
        Ok(_) => {}
        Err(refusal) => {
            members.insert("errors".to_owned(), json!([refusal.to_json()]));
            if operation.is_digitization() {
                members.insert("errorCode".to_owned(), json!(refusal.reason));
                members.insert("errorDescription".to_owned(), json!(refusal.description));
            }
        }
    }
    if !operation.is_digitization() && !matches!(operation, Operation::Asset | Operation::TokenRequestorAsset) {
        members.insert("responseId".to_owned(), json!(fresh()));
    }
    Value::Object(members)
}

/// What a body says of the cardholder's language, for the log only.
pub(super) fn language_of(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let said = body
        .get("consumerLanguage")
        .or_else(|| body.pointer("/signatureData/locale"))?;
    said.as_str().map(str::to_owned)
}

/// `requestId` and `taskId`, for the log only.
pub(super) fn ids_of(body: &[u8]) -> (Option<String>, Option<String>) {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let id = |name: &str| body[name].as_str().map(|text| text.chars().take(64).collect());
    (id("requestId"), id("taskId"))
}

/// Posted operations by path.
pub(super) const POSTED: &[(&str, Operation)] = &[
    ("/connect/1/0/getEligibleIssuers", Operation::EligibleIssuers),
    (
        "/connect/1/0/getEligibleTokenRequestors",
        Operation::EligibleTokenRequestors,
    ),
    ("/connect/1/0/pushMultipleAccounts", Operation::PushMultipleAccounts),
    ("/digitization/1/0/checkEligibility", Operation::CheckEligibility),
    ("/digitization/1/0/digitize", Operation::Digitize),
    (
        "/digitization/1/0/requestActivationCode",
        Operation::RequestActivationCode,
    ),
    ("/digitization/1/0/activate", Operation::Activate),
    ("/digitization/1/0/getTaskStatus", Operation::TaskStatus),
    ("/digitization/1/0/searchTokens", Operation::SearchTokens),
    ("/digitization/1/0/getToken", Operation::GetToken),
    ("/digitization/1/0/suspend", Operation::Suspend),
    ("/digitization/1/0/unsuspend", Operation::Unsuspend),
    ("/digitization/1/0/delete", Operation::Delete),
    ("/issuer/1/0/activateToken", Operation::ActivateToken),
    ("/issuer/1/0/suspendToken", Operation::SuspendToken),
    ("/issuer/1/0/unsuspendToken", Operation::UnsuspendToken),
    ("/issuer/1/0/deleteToken", Operation::DeleteToken),
];

/// Fetched operations by the path before the asset id.
pub(super) const FETCHED: &[(&str, Operation)] = &[
    ("/assets/1/0/asset/", Operation::Asset),
    (
        "/issuer-assets/1/0/asset/tokenrequestor/",
        Operation::TokenRequestorAsset,
    ),
];

/// Sent in every digitization answer; callers of a simulator ignore it.
pub(super) const RESPONSE_HOST: &str = "mdes-simulator.test";
