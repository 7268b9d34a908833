//! Speaking to MDES as a bank's server does: signed requests, encrypted cards, and answers that are failures even
//! with status 200 when they carry `errors`.

mod oauth;
mod processor;
mod requestors;
mod sealed;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use openssl::pkey::PKey;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;
use url::Url;

#[cfg(test)]
pub(in crate::sim) use self::oauth::{Stamp, authorization};
pub use self::processor::ListedToken;
pub use self::sealed::{ContentCipher, EncryptedPayload, Fault, open, seal};
use super::enrolments::Word;
use super::{PushOptions, Pushed, Settings, random};
use crate::sim::catalogue::Card;
use crate::sim::lies::PushLie;

/// The client. One for all banks, with one connection pool.
pub struct Network {
    http: reqwest::Client,
    settings: Settings,
    gcm: AtomicBool,
}

/// What a push says beside the cards.
pub struct Errand<'a> {
    pub session_id: Option<&'a str>,
    pub trid: &'a str,
    pub callback_url: Option<&'a str>,
    pub options: &'a PushOptions,
    /// Whose certificate the cards are encrypted to, PEM.
    pub certificate: &'a [u8],
    pub lie: Option<PushLie>,
}

/// A picture that MDES served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub media_type: &'static str,
    pub data: Vec<u8>,
}

/// Why a call did not bring what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It was not done, and why.
    Undone(String),
    /// It may have been done: no answer came, or none that can be read.
    Unclear(String),
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Undone(reason) | Self::Unclear(reason) => out.write_str(reason),
        }
    }
}

impl From<Trouble> for String {
    fn from(trouble: Trouble) -> Self {
        trouble.to_string()
    }
}

impl Errand<'_> {
    /// Everything of a push beside the accounts. The processor spells the callback in another way.
    fn write(&self, body: &mut Value, callback: &str) {
        let options = self.options;
        let mut signed = json!({
            "completeWebsiteActivation": options.complete_website_activation.unwrap_or(true),
            "accountHolderDataSupplied": false,
        });
        if let Some(complete) = options.complete_issuer_app_activation {
            signed["completeIssuerAppActivation"] = json!(complete);
        }
        for (member, value) in [
            (callback, self.callback_url),
            ("locale", options.locale.as_deref()),
            ("tokenRequestorSessionId", self.session_id),
        ] {
            if let Some(value) = value {
                signed[member] = json!(value);
            }
        }
        body["signatureData"] = signed;
        if let Some(minutes) = options.validity_minutes {
            body["pushAccountReceiptsValidityPeriod"] = json!(minutes);
        }
        if let Some(code) = &options.authentication_code {
            body["authenticationCode"] = json!(code);
        }
    }
}

/// A request that is signed and sent.
struct Outgoing<'a> {
    method: &'a str,
    url: Url,
    body: Option<&'a Value>,
    /// A header beside the usual ones.
    header: Option<(&'static str, String)>,
    timeout: Duration,
    lie: Option<PushLie>,
}

impl Network {
    pub fn new(settings: Settings) -> Self {
        Self {
            http: http_client(),
            settings,
            gcm: AtomicBool::new(false),
        }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn seal_with(&self, cipher: ContentCipher) {
        self.gcm.store(cipher == ContentCipher::Gcm, Ordering::Relaxed);
    }

    /// `pushMultipleAccounts` for `cards`, at most five.
    pub async fn push(&self, cards: &[Card], errand: &Errand<'_>) -> Result<Pushed, String> {
        let ids: Vec<String> = cards.iter().map(|_| format!("CA-{}", random::id())).collect();
        let body = match cards.first().and_then(|card| card.issuer.processor_client) {
            Some(client) => self.search(client, cards, &ids, errand).await?,
            None => self.own_body(cards, &ids, errand)?,
        };
        let answer = self
            .call_lying(
                "POST",
                "/connect/1/0/pushMultipleAccounts",
                Some(&body),
                PUSH_TIMEOUT,
                errand.lie,
            )
            .await?;
        pushed(&answer, &ids)
    }

    /// The body of a bank that has its account numbers.
    fn own_body(&self, cards: &[Card], ids: &[String], errand: &Errand<'_>) -> Result<Value, String> {
        let accounts = accounts(cards, ids, (self.settings.now)())?;
        let cipher = if self.gcm.load(Ordering::Relaxed) {
            ContentCipher::Gcm
        } else {
            ContentCipher::Cbc
        };
        let sealed = seal(errand.certificate, cipher, accounts.to_string().as_bytes())
            .map_err(|fault| format!("the cards could not be encrypted: {fault}"))?;
        let mut body = json!({
            "requestId": random::id(),
            "tokenRequestorId": errand.trid,
            "pushFundingAccounts": { "encryptedPayload": sealed },
        });
        errand.write(&mut body, "callbackURL");
        Ok(body)
    }

    /// `activateToken` of the issuer API: the bank vouches for its cardholder.
    pub async fn activate_token(&self, token_unique_reference: &str) -> Result<(), String> {
        let body = json!({ "requestId": random::id(), "tokenUniqueReference": token_unique_reference });
        self.call("POST", "/issuer/1/0/activateToken", Some(&body), PUSH_TIMEOUT)
            .await
            .map(drop)
            .map_err(String::from)
    }

    /// Has MDES change a token: `suspendToken`, `unsuspendToken` or `deleteToken` (assumed: the issuer's customer service API
    /// is a product of its own). Gives how the token stands then.
    pub async fn change_token(&self, call: &str, token_unique_reference: &str) -> Result<Word, Trouble> {
        let body = json!({
            "requestId": random::id(),
            "tokenUniqueReference": token_unique_reference,
            "reasonCode": "OTHER",
        });
        let path = format!("/issuer/1/0/{call}");
        let answer = self.call("POST", &path, Some(&body), PUSH_TIMEOUT).await?;
        let text = |name: &str| answer[name].as_str().unwrap_or_default();
        let suspended_by = answer["suspendedBy"].as_array().map_or(&[][..], Vec::as_slice);
        let suspended_by: Vec<String> = suspended_by
            .iter()
            .filter_map(|by| by.as_str().map(str::to_owned))
            .collect();
        let word = Word::read(text("status"), &suspended_by, text("statusTimestamp"));
        word.ok_or_else(|| Trouble::Unclear("MDES did not say how the token stands".to_owned()))
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>, timeout: Duration) -> Result<Value, Trouble> {
        self.call_lying(method, path, body, timeout, None).await
    }

    async fn call_lying(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        timeout: Duration,
        lie: Option<PushLie>,
    ) -> Result<Value, Trouble> {
        let url = Url::parse(&format!("{}{path}", self.settings.mdes_base))
            .map_err(|_| Trouble::Undone("the address of MDES is not a URL".to_owned()))?;
        let header = None;
        self.exchange(Outgoing {
            method,
            url,
            body,
            header,
            timeout,
            lie,
        })
        .await
    }

    async fn exchange(&self, outgoing: Outgoing<'_>) -> Result<Value, Trouble> {
        let Outgoing {
            method,
            url,
            body,
            header,
            timeout,
            lie,
        } = outgoing;
        let key = PKey::private_key_from_pem(&self.settings.signing_key_pem)
            .map_err(|_| Trouble::Undone("the signing key is unreadable".to_owned()))?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let nonce = random::alphanumeric(16);
        let stamp = oauth::Stamp {
            consumer_key: &self.settings.consumer_key,
            nonce: &nonce,
            timestamp_s: (self.settings.now)().div_euclid(1000),
        };
        let (signed_url, signed_body) = match lie {
            Some(PushLie::BaseString) => (another_scheme(&url), body.clone()),
            // One blank is enough.
            Some(PushLie::BodyHash) => (url.clone(), format!("{body} ")),
            Some(PushLie::SentTwice | PushLie::EncryptedForAnother) | None => (url.clone(), body.clone()),
        };
        let authorization =
            oauth::authorization(&key, method, &signed_url, signed_body.as_bytes(), &stamp).map_err(Trouble::Undone)?;
        let send = async || {
            let request = match method {
                "GET" => self.http.get(url.clone()),
                _ => self
                    .http
                    .post(url.clone())
                    .header("content-type", "application/json; charset=UTF-8")
                    .body(body.clone()),
            };
            let request = request
                .header("authorization", &authorization)
                .header("accept", "application/json");
            let request = match &header {
                Some((name, value)) => request.header(*name, value),
                None => request,
            };
            let response = request
                .timeout(timeout)
                .send()
                .await
                .map_err(|error| unreachable(&error))?;
            read_answer(response).await
        };
        if lie == Some(PushLie::SentTwice) {
            // As if the answer of the first had not come.
            let _ = send().await;
        }
        send().await
    }
}

/// The same address as somebody sees it who is behind a proxy.
fn another_scheme(url: &Url) -> Url {
    let other = if url.scheme() == "https" { "http" } else { "https" };
    let mut seen = url.clone();
    // Between two schemes that are both special the change never fails.
    let _ = seen.set_scheme(other);
    seen
}

async fn read_answer(mut response: reqwest::Response) -> Result<Value, Trouble> {
    let status = response.status();
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(&error))? {
        if bytes.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(Trouble::Unclear("the answer of MDES is too long".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    // A server that failed may have done it before.
    let trouble = |reason: String| match status.is_server_error() {
        true => Trouble::Unclear(reason),
        false => Trouble::Undone(reason),
    };
    let answer: Value = serde_json::from_slice(&bytes)
        .map_err(|_| Trouble::Unclear(format!("MDES answered {status} without readable JSON")))?;
    if let Some(refusal) = refusal(&answer) {
        return Err(trouble(refusal));
    }
    if status.is_success() {
        Ok(answer)
    } else {
        Err(trouble(format!("MDES answered {status}")))
    }
}

/// The first error of an answer, in either shape: of MDES itself, or of the gateway before it.
fn refusal(answer: &Value) -> Option<String> {
    let error = answer["errors"].get(0).or_else(|| answer["Errors"]["Error"].get(0))?;
    let member = |names: [&str; 2]| {
        let text = names
            .into_iter()
            .find_map(|name| error[name].as_str())
            .unwrap_or("no reason given");
        text.chars()
            .filter(|c| !c.is_control())
            .take(REASON_MAX_CHARS)
            .collect::<String>()
    };
    Some(format!(
        "{}: {}",
        member(["reasonCode", "ReasonCode"]),
        member(["description", "Description"])
    ))
}

fn unreachable(error: &reqwest::Error) -> Trouble {
    if error.is_connect() {
        Trouble::Undone("MDES could not be reached".to_owned())
    } else if error.is_timeout() {
        Trouble::Unclear("MDES did not answer in time".to_owned())
    } else {
        Trouble::Unclear("MDES could not be reached".to_owned())
    }
}

/// The plaintext of the push: one entry a card, valid for half an hour.
pub(in crate::sim) fn accounts(cards: &[Card], ids: &[String], now_ms: i64) -> Result<Value, String> {
    let until = OffsetDateTime::from_unix_timestamp_nanos(i128::from(now_ms + ACCOUNT_VALIDITY_MS) * 1_000_000)
        .ok()
        .and_then(|time| {
            let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
            time.format(format).ok()
        })
        .ok_or("the clock is beyond all dates")?;
    let entries = cards.iter().zip(ids).map(|(card, id)| {
        json!({
            "pushAccountId": id,
            "fundingAccountData": {
                "dataValidUntilTimestamp": until,
                "cardAccountData": {
                    "accountNumber": card.pan,
                    "expiryMonth": card.expiry_month,
                    "expiryYear": card.expiry_year,
                },
            },
        })
    });
    Ok(entries.collect())
}

/// Receipts in the order of the cards; an account may fail alone, the answer fails when none is left.
fn pushed(answer: &Value, ids: &[String]) -> Result<Pushed, String> {
    let entries = answer["pushAccountReceipts"]
        .as_array()
        .ok_or("MDES answered without receipts")?;
    let (mut receipts, mut failed, mut by_card) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        let entry = entries
            .iter()
            .find(|entry| entry["pushAccountId"] == id.as_str())
            .unwrap_or(&Value::Null);
        match (refusal(entry), entry["pushAccountReceipt"].as_str()) {
            (None, Some(receipt)) => {
                receipts.push(receipt.to_owned());
                by_card.push(Some(receipt.to_owned()));
                continue;
            }
            (refusal, _) => failed.push(refusal.unwrap_or_else(|| "MDES gave no receipt for an account".to_owned())),
        }
        by_card.push(None);
    }
    if receipts.is_empty() {
        return Err(failed
            .into_iter()
            .next()
            .unwrap_or_else(|| "MDES gave no receipt".to_owned()));
    }
    Ok(Pushed {
        receipts,
        signature: answer["signature"].as_str().map(str::to_owned),
        failed,
        by_card,
        push_methods: push_methods(&answer["availablePushMethods"]),
    })
}

/// `availablePushMethods`: those that have both members.
fn push_methods(listed: &Value) -> Vec<(String, String)> {
    let listed = listed.as_array().map_or(&[][..], Vec::as_slice);
    let method = |entry: &Value| Some((entry["type"].as_str()?.to_owned(), entry["uri"].as_str()?.to_owned()));
    listed.iter().filter_map(method).collect()
}

#[expect(clippy::disallowed_methods, reason = "the one HTTP client of the bank simulator")]
pub(in crate::sim) fn http_client() -> reqwest::Client {
    reqwest::Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .timeout(PUSH_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("an HTTP client without files of its own can always be built")
}

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
const READ_TIMEOUT: Duration = Duration::from_secs(15);
/// Looking up a wallet's name must not hold up a page.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(3);
const PUSH_TIMEOUT: Duration = Duration::from_secs(20);
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(20);
const ANSWER_MAX_BYTES: usize = 1024 * 1024;
const REASON_MAX_CHARS: usize = 256;
const ACCOUNT_VALIDITY_MS: i64 = 30 * 60 * 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_an_error_are_read_and_an_empty_list_is_none() {
        assert_eq!(refusal(&json!({"errors": []})), None);
        assert_eq!(refusal(&json!({"responseId": "1"})), None);
        let mdes = json!({"errors": [{"reasonCode": "A", "description": "b\u{7}c"}]});
        assert_eq!(refusal(&mdes).unwrap(), "A: bc");
        let gateway = json!({"Errors": {"Error": [{"ReasonCode": "AUTHENTICATION_FAILED", "Description": "no"}]}});
        assert_eq!(refusal(&gateway).unwrap(), "AUTHENTICATION_FAILED: no");
    }

    #[test]
    fn an_account_may_fail_alone() {
        let ids = ["a".to_owned(), "b".to_owned()];
        let answer = json!({"signature": "s", "pushAccountReceipts": [
            {"pushAccountId": "b", "pushAccountReceipt": "MCC-2"},
            {"pushAccountId": "a", "errors": [{"reasonCode": "ACCOUNT_INELIGIBLE", "description": "x"}]},
        ]});
        let result = pushed(&answer, &ids).unwrap();
        assert_eq!(result.receipts, ["MCC-2"]);
        assert_eq!(result.failed, ["ACCOUNT_INELIGIBLE: x"]);
        assert!(pushed(&answer, &ids[..1]).unwrap_err().contains("ACCOUNT_INELIGIBLE"));
        assert!(pushed(&json!({}), &ids).is_err());
    }

    #[test]
    fn the_accounts_are_valid_for_half_an_hour_in_the_spelling_of_the_specification() {
        let card = crate::sim::catalogue::card_by_id("havorn-no-ada-1").unwrap();
        let made = accounts(&[card], &["CA-1".to_owned()], 1_767_225_600_000).unwrap();
        assert_eq!(
            made[0]["fundingAccountData"]["dataValidUntilTimestamp"],
            "2026-01-01T00:30:00.000Z"
        );
    }
}
