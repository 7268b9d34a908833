//! The calls. Each is one attempt, and each says what it takes to count as a success.

use std::net::Ipv4Addr;

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::MdesError;
use super::http::{Call, Transport};
use super::settings::{ClientFault, Settings, SourceEncryption, Sources};
use super::wire::{self, Envelope, FundingAccountInfo, Lenient};
use super::{CausedBy, DigitizeOrder, EligibleIssuer, TokenChange, TokenRecord, outcome, payload, translate};
use crate::domain::id::{AssetId, RequestId, TaskId, TokenReference};
use crate::domain::receipt::ReceiptToken;
use crate::domain::same_person::SamePersonCode;
use crate::domain::token::{Activation, AuthenticationMethod, Digitized, Eligibility, MediaContent};
use crate::domain::token::{TaskStatus, Token, TokenStanding, TokenStatus};

/// The whole of the funding account data that may stand beside a receipt (guide p. 25; `source` is the minimum).
const SOURCE: &[u8] = br#"{"source":"ACCOUNT_ADDED_VIA_APPLICATION"}"#;
/// The reason code for a task that MDES has never heard of.
const INVALID_TASK_ID: &str = "INVALID_TASK_ID";

const ELIGIBLE_ISSUERS: Call = read("getEligibleIssuers", false, &["issuers"]);
const ASSET: Call = read("asset", false, &["mediaContents"]);
const CHECK_ELIGIBILITY: Call = read("checkEligibility", true, &["eligibilityReceipt"]);
const DIGITIZE: Call = effect("digitize", &["decision", "tokenUniqueReference"]);
const REQUEST_ACTIVATION_CODE: Call = effect("requestActivationCode", &[]);
const ACTIVATE: Call = effect("activate", &["result"]);
const TASK_STATUS: Call = read("getTaskStatus", true, &["status"]);
const SEARCH_TOKENS: Call = read("searchTokens", true, &["tokens"]);
const TOKEN: Call = read("getToken", true, &["token"]);
const SUSPEND: Call = effect("suspend", &["tokens"]);
const UNSUSPEND: Call = effect("unsuspend", &["tokens"]);
const DELETE: Call = effect("delete", &["tokens"]);

const fn read(name: &'static str, echoes: bool, positive: &'static [&'static str]) -> Call {
    Call {
        name,
        effect: false,
        echoes,
        positive,
    }
}

const fn effect(name: &'static str, positive: &'static [&'static str]) -> Call {
    Call {
        name,
        effect: true,
        echoes: true,
        positive,
    }
}

/// The client of MDES. Each method is one attempt: one connection, one signed request, one bounded answer.
pub struct Client {
    settings: Settings,
    transport: Transport,
}

impl Client {
    /// Makes a client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientFault`] names the setting that is wrong.
    pub fn new(settings: Settings, sources: Sources) -> Result<Self, ClientFault> {
        for (name, path) in settings.paths.all() {
            let plain = |byte: u8| byte.is_ascii_graphic() && !b"?#\\".contains(&byte);
            if !path.starts_with('/') || !path.bytes().all(plain) || (name == "asset") != path.contains("{id}") {
                return Err(ClientFault::Path(name));
            }
        }
        let transport = Transport::new(&settings, sources)?;
        Ok(Self { settings, transport })
    }

    /// The issuers that can be launched from this wallet. Entries without a usable name are left out.
    ///
    /// # Errors
    /// [`MdesError`].
    pub async fn eligible_issuers(&self, request: &RequestId) -> Result<Vec<EligibleIssuer>, MdesError> {
        let body = wire::EligibleIssuersRequest {
            request_id: request.as_str(),
            token_requestor_id: self.settings.token_requestor_id.as_str(),
        };
        let limit = self.settings.directory_body_max;
        let path = &self.settings.paths.eligible_issuers;
        let answer: wire::EligibleIssuersAnswer = self.post(&ELIGIBLE_ISSUERS, path, request, &body, limit).await?;
        let entries = answer
            .issuers
            .0
            .ok_or_else(|| ELIGIBLE_ISSUERS.lost("no list of issuers"))?;
        Ok(entries
            .into_iter()
            .filter_map(|Lenient(entry)| translate::issuer(&entry?))
            .collect())
    }

    /// The parts of an asset, at least one. They never change: keep them.
    ///
    /// # Errors
    /// [`MdesError`].
    pub async fn asset(&self, id: &AssetId) -> Result<Vec<MediaContent>, MdesError> {
        let path = self.settings.paths.asset.replace("{id}", id.as_str());
        let answer = self
            .transport
            .exchange(&ASSET, &path, None, self.settings.body_max)
            .await?;
        let answer: wire::AssetAnswer = outcome::success(&ASSET, "", answer)?;
        let parts = answer.media_contents.0.as_deref().and_then(translate::media);
        parts.ok_or_else(|| ASSET.lost("no readable parts"))
    }

    /// Asks whether the receipt's account may be digitized. May be repeated: MDES reserves the receipt for us and
    /// spends it only at `digitize` (assumed). `code` is what MDES compares with the code it bound to the receipt;
    /// `language` is the cardholder's, two letters (ISO 639-1), if it is known.
    ///
    /// # Errors
    /// [`MdesError`]. An unknown, expired, used or foreign receipt is `Refused`, without saying which.
    pub async fn check_eligibility(
        &self,
        request: &RequestId,
        instance: &str,
        receipt: &ReceiptToken,
        code: Option<&SamePersonCode>,
        language: Option<&str>,
    ) -> Result<Eligibility, MdesError> {
        let settings = &self.settings;
        let body = wire::CheckEligibilityRequest {
            envelope: self.envelope(request, instance),
            token_type: &settings.token_type,
            payment_app_id: &settings.payment_app_id,
            cardlet_id: &settings.cardlet_id,
            consumer_language: language.unwrap_or(&settings.consumer_language),
            funding_account_info: FundingAccountInfo {
                authentication_code: code.map(SamePersonCode::expose),
                ..self.funding(&CHECK_ELIGIBILITY, receipt)?
            },
        };
        let path = &settings.paths.check_eligibility;
        let answer = self
            .post(&CHECK_ELIGIBILITY, path, request, &body, settings.body_max)
            .await?;
        translate::eligibility(&answer).ok_or_else(|| CHECK_ELIGIBILITY.lost("no eligibility receipt or terms"))
    }

    /// Makes a token. At most once for a task: after an error that [`MdesError::may_have_happened`], ask
    /// [`Self::task_status`] and do not repeat.
    ///
    /// # Errors
    /// [`MdesError`]. A decision that is unknown or lacks its token is `Lost`.
    pub async fn digitize(&self, order: &DigitizeOrder<'_>) -> Result<Digitized, MdesError> {
        let accepted_at = translate::timestamp_text(order.accepted_at);
        let device_ip = order.device_ip.filter(|text| text.parse::<Ipv4Addr>().is_ok());
        let body = wire::DigitizeRequest {
            envelope: self.envelope(order.request, order.instance),
            eligibility_receipt: wire::ReceiptValue {
                value: order.eligibility.expose(),
            },
            task_id: order.task.as_str(),
            terms_and_conditions_asset_id: order.terms.as_str(),
            terms_and_conditions_accepted_timestamp: accepted_at.ok_or_else(|| DIGITIZE.not_sent("no such time"))?,
            funding_account_info: self.funding(&DIGITIZE, order.receipt)?,
            decisioning_data: device_ip.map(|device_ip_address| wire::DecisioningData { device_ip_address }),
        };
        let path = &self.settings.paths.digitize;
        let answer = self
            .post(&DIGITIZE, path, order.request, &body, self.settings.body_max)
            .await?;
        translate::digitized(&answer).ok_or_else(|| DIGITIZE.lost("no decision, or one without its token"))
    }

    /// Asks the issuer to send a code by this method. Within its validity the same code is sent again.
    ///
    /// # Errors
    /// [`MdesError`].
    pub async fn request_activation_code(
        &self,
        request: &RequestId,
        instance: &str,
        token: &TokenReference,
        method_id: &str,
    ) -> Result<(), MdesError> {
        // The published examples have a JSON number; what does not fit one was a text and stays one.
        let number = method_id
            .parse::<u64>()
            .ok()
            .filter(|number| number.to_string() == method_id);
        let id = number.map_or_else(|| Value::from(method_id), Value::from);
        let body = wire::RequestActivationCodeRequest {
            envelope: self.envelope(request, instance),
            token_unique_reference: token.as_str(),
            authentication_method: wire::MethodChoice { id },
        };
        let path = &self.settings.paths.request_activation_code;
        let call = &REQUEST_ACTIVATION_CODE;
        let _: Value = self.post(call, path, request, &body, self.settings.body_max).await?;
        Ok(())
    }

    /// Tries a code. A wrong one is counted by MDES.
    ///
    /// # Errors
    /// [`MdesError`]; a code that is wrong or too old is an [`Activation`], not an error.
    pub async fn activate(
        &self,
        request: &RequestId,
        instance: &str,
        token: &TokenReference,
        code: &SecretString,
    ) -> Result<Activation, MdesError> {
        let body = wire::ActivateRequest {
            envelope: self.envelope(request, instance),
            token_unique_reference: token.as_str(),
            authentication_code: code.expose_secret(),
        };
        let path = &self.settings.paths.activate;
        let answer: Result<wire::ActivateAnswer, MdesError> =
            self.post(&ACTIVATE, path, request, &body, self.settings.body_max).await;
        match answer {
            Ok(answer) => match answer.result.get() {
                Some("SUCCESS") => Ok(Activation::Success),
                result => result
                    .and_then(translate::activation_failure)
                    .ok_or_else(|| ACTIVATE.lost("no result that we know")),
            },
            Err(error) => error.reason_code().and_then(translate::activation_failure).ok_or(error),
        }
    }

    /// Asks what became of a task. A task that MDES does not know is [`TaskStatus::Unknown`], not an error.
    ///
    /// # Errors
    /// [`MdesError`].
    pub async fn task_status(
        &self,
        request: &RequestId,
        instance: &str,
        task: &TaskId,
    ) -> Result<TaskStatus, MdesError> {
        let body = wire::TaskStatusRequest {
            envelope: self.envelope(request, instance),
            task_id: task.as_str(),
        };
        let path = &self.settings.paths.task_status;
        let answer: Result<wire::TaskStatusAnswer, MdesError> = self
            .post(&TASK_STATUS, path, request, &body, self.settings.body_max)
            .await;
        match answer {
            Ok(answer) => {
                let status = answer.status.get().and_then(translate::task_status);
                status.ok_or_else(|| TASK_STATUS.lost("no status that we know"))
            }
            Err(error) if error.reason_code() == Some(INVALID_TASK_ID) => Ok(TaskStatus::Unknown),
            Err(error) => Err(error),
        }
    }

    /// The tokens that were made from a receipt, with their methods while they are inactive (assumed call). An entry
    /// that cannot be read makes the answer `Lost`: a token left out would be taken for one that does not exist.
    ///
    /// # Errors
    /// [`MdesError`].
    pub async fn search_tokens(
        &self,
        request: &RequestId,
        instance: &str,
        receipt: &ReceiptToken,
    ) -> Result<Vec<(Token, Vec<AuthenticationMethod>)>, MdesError> {
        let body = wire::SearchTokensRequest {
            envelope: self.envelope(request, instance),
            funding_account_info: FundingAccountInfo {
                push_account_receipt: receipt.expose(),
                authentication_code: None,
                encrypted_payload: None,
            },
        };
        let path = &self.settings.paths.search_tokens;
        let answer: wire::TokensAnswer = self
            .post(&SEARCH_TOKENS, path, request, &body, self.settings.body_max)
            .await?;
        let entries = answer.tokens.0.ok_or_else(|| SEARCH_TOKENS.lost("no list of tokens"))?;
        let records: Option<Vec<TokenRecord>> = entries.iter().map(translate::token_record).collect();
        let records = records.ok_or_else(|| SEARCH_TOKENS.lost("an unreadable token"))?;
        Ok(records
            .into_iter()
            .map(|record| (record.token, record.methods))
            .collect())
    }

    /// A token as it is now.
    ///
    /// # Errors
    /// [`MdesError`]; an unknown reference is `Refused`.
    pub async fn token(
        &self,
        request: &RequestId,
        instance: &str,
        token: &TokenReference,
    ) -> Result<TokenRecord, MdesError> {
        let body = wire::TokenRequest {
            envelope: self.envelope(request, instance),
            token_unique_reference: token.as_str(),
        };
        let path = &self.settings.paths.token;
        let answer: wire::TokenAnswer = self.post(&TOKEN, path, request, &body, self.settings.body_max).await?;
        let record = answer.token.0.as_ref().and_then(translate::token_record);
        let asked = |record: &TokenRecord| record.token.reference == *token;
        record
            .filter(asked)
            .ok_or_else(|| TOKEN.lost("not the token that was asked for"))
    }

    /// Pauses a token, lets it go on, or deletes it for ever.
    ///
    /// # Errors
    /// [`MdesError`]. An answer that does not show this token so is `Lost`.
    pub async fn change_token(
        &self,
        change: TokenChange,
        cause: CausedBy,
        request: &RequestId,
        instance: &str,
        token: &TokenReference,
    ) -> Result<TokenStanding, MdesError> {
        let (call, path) = match change {
            TokenChange::Suspend => (&SUSPEND, &self.settings.paths.suspend),
            TokenChange::Unsuspend => (&UNSUSPEND, &self.settings.paths.unsuspend),
            TokenChange::Delete => (&DELETE, &self.settings.paths.delete),
        };
        let body = wire::ChangeRequest {
            envelope: self.envelope(request, instance),
            token_unique_references: [token.as_str()],
            caused_by: match cause {
                CausedBy::Cardholder => "CARDHOLDER",
                CausedBy::TokenRequestor => "TOKEN_REQUESTOR",
            },
            reason_code: "OTHER",
        };
        let answer: wire::TokensAnswer = self.post(call, path, request, &body, self.settings.body_max).await?;
        let entries = answer.tokens.0.unwrap_or_default();
        let own = |entry: &&wire::TokenEntry| entry.token_unique_reference.get() == Some(token.as_str());
        let standing = entries.iter().find(own).and_then(translate::standing);
        let shows = |standing: &TokenStanding| match change {
            TokenChange::Suspend => standing.status == TokenStatus::Suspended,
            // Somebody else may still hold it.
            TokenChange::Unsuspend => matches!(standing.status, TokenStatus::Active | TokenStatus::Suspended),
            TokenChange::Delete => standing.status == TokenStatus::Deactivated,
        };
        standing
            .filter(shows)
            .ok_or_else(|| call.lost("the token is not shown as it should be"))
    }

    async fn post<T: DeserializeOwned>(
        &self,
        call: &Call,
        path: &str,
        request: &RequestId,
        body: &impl Serialize,
        body_max: usize,
    ) -> Result<T, MdesError> {
        let body = serde_json::to_vec(body).map_err(|_| call.not_sent("not a request"))?;
        let answer = self.transport.exchange(call, path, Some(body), body_max).await?;
        outcome::success(call, request.as_str(), answer)
    }

    fn envelope<'a>(&'a self, request: &'a RequestId, instance: &'a str) -> Envelope<'a> {
        Envelope {
            response_host: &self.settings.response_host,
            request_id: request.as_str(),
            payment_app_instance_id: instance,
        }
    }

    /// The receipt in clear and, if it is set so, the `source` encrypted beside it.
    fn funding<'a>(&self, call: &Call, receipt: &'a ReceiptToken) -> Result<FundingAccountInfo<'a>, MdesError> {
        let encrypt = |to: &SourceEncryption| {
            let random = self.transport.random();
            let (mut key, mut iv) = ([0; 16], [0; 16]);
            key.copy_from_slice(&random[..16]);
            iv.copy_from_slice(&random[16..]);
            payload::encrypt(&to.recipient, to.hash, &key, &iv, SOURCE).map_err(|_| call.not_sent("not encrypted"))
        };
        let encrypted_payload = self.settings.source_payload.as_ref().map(encrypt).transpose()?;
        Ok(FundingAccountInfo {
            push_account_receipt: receipt.expose(),
            authentication_code: None,
            encrypted_payload,
        })
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Client")
            .field("base_url", &self.settings.base_url)
            .finish_non_exhaustive()
    }
}
