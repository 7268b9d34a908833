//! Telling the wallet and the bank what happened to a token, in the background, with a few retries.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::keys::random_uuid;
use super::operations::RESPONSE_HOST;
use super::settings::TokenRequestor;
use super::token::Token;
use super::{Mdes, fle, issuer_calls};
use crate::sim::faults::{Fault, Strike};

/// One entry of `notifyTokenUpdated`'s `tokens`, and for whom it is.
pub(super) struct Update {
    requestor: Arc<TokenRequestor>,
    entry: Value,
}

/// What there is to say of a token to the token requestor whose it is.
pub(super) fn update(token: &Token, event: Option<&str>) -> Update {
    let requestor = Arc::clone(&token.holder.requestor);
    let mut entry = json!({
        "tokenUniqueReference": token.reference,
        "tokenRequestorId": requestor.id,
    });
    if let Some(event) = event {
        entry["eventReasonCode"] = json!(event);
    }
    token.write_status(&mut entry);
    Update { requestor, entry }
}

/// Queues `notifyTokenUpdated`. Encrypted if the wallet has a certificate; a certificate that does not work sends nothing,
/// because silence shows and a downgrade to clear text does not.
pub(super) fn tell_wallet(mdes: &Mdes, Update { requestor, entry }: Update) {
    let Some(url) = requestor.notify_url.clone() else {
        return;
    };
    // One request id for all attempts: the wallet may have acted on one whose answer was lost.
    let mut body = json!({"responseHost": RESPONSE_HOST, "requestId": random_uuid().to_string()});
    match &requestor.notify_cert_pem {
        None => body["tokens"] = json!([entry]),
        Some(certificate) => {
            let plaintext = json!({"tokens": [entry]}).to_string();
            let Ok(encrypted) = fle::encrypt(certificate, plaintext.as_bytes()) else {
                return;
            };
            body["encryptedPayload"] = encrypted;
        }
    }
    deliver(mdes, url, body, Some(NOTIFICATION));
}

/// Queues `notifyServiceActivated`.
pub(super) fn tell_bank(mdes: &Mdes, body: Value) {
    call_bank(mdes, "notifyServiceActivated", body);
}

/// Queues the issuer's own `notifyTokenUpdated`: what the wallet, or the issuer itself, did to a token.
pub(super) fn tell_bank_of_update(mdes: &Mdes, body: Value) {
    call_bank(mdes, NOTIFICATION, body);
}

fn call_bank(mdes: &Mdes, call: &str, body: Value) {
    let reference = body["tokenUniqueReference"].as_str().unwrap_or_default();
    let Some(services) = issuer_calls::services_of(mdes, reference) else {
        return;
    };
    deliver(mdes, format!("{}/{call}", services.base), body, None);
}

/// `operation` is by what name a fault is found that strikes on this side; the bank's own strike at the bank.
fn deliver(mdes: &Mdes, url: String, body: Value, operation: Option<&'static str>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return;
    };
    mdes.0.pending.send_modify(|count| *count += 1);
    let pending = Pending(mdes.clone());
    runtime.spawn(async move {
        for pause in ATTEMPT_PAUSES {
            tokio::time::sleep(pause).await;
            let struck = operation.and_then(|operation| pending.0.0.faults.take_outward(operation));
            if attempt(&pending.0, &url, body.to_string(), struck).await {
                return;
            }
        }
    });
}

/// Sends once, and says whether it arrived for all that MDES knows. A sender cannot lose much: what it does not send, what
/// it sends late or broken, and the answer that it does not hear.
async fn attempt(mdes: &Mdes, url: &str, body: String, struck: Option<Strike>) -> bool {
    let send = async |body: String| issuer_calls::post(&mdes.0.http, url, body).await.is_some();
    let Some(Strike { fault, after }) = struck else {
        return send(body).await;
    };
    tokio::time::sleep(after).await;
    match fault {
        Fault::LoseAnswer => {
            send(body).await;
            false
        }
        Fault::Delay(delay) | Fault::Late(delay) => {
            tokio::time::sleep(delay).await;
            send(body).await
        }
        Fault::Truncated => send(body.chars().take(body.chars().count() / 2).collect()).await,
        Fault::Empty => send(String::new()).await,
        Fault::WrongJson => send("{}".to_owned()).await,
        Fault::DropBefore
        | Fault::Hang
        | Fault::Status(_)
        | Fault::Html
        | Fault::Errors(_)
        | Fault::Huge
        | Fault::WrongResponseId => false,
    }
}

/// Counts a notification as pending until it is dropped, however its task ends.
struct Pending(Mdes);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.0.pending.send_modify(|count| *count -= 1);
    }
}

/// How a fault names the call to the wallet.
pub(in crate::sim) const NOTIFICATION: &str = "notifyTokenUpdated";
/// The pause before each attempt.
const ATTEMPT_PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(3),
];
