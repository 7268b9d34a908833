//! Telling the wallet and the bank what happened to a token, in the background, with a few retries.

use std::time::Duration;

use serde_json::{Value, json};

use super::keys::random_uuid;
use super::operations::RESPONSE_HOST;
use super::token::{Token, timestamp};
use super::{Mdes, fle, issuer_calls};

/// One entry of `notifyTokenUpdated`'s `tokens`.
pub(super) fn update(mdes: &Mdes, token: &Token, event: Option<&str>) -> Value {
    let mut update = json!({
        "tokenUniqueReference": token.reference,
        "tokenRequestorId": mdes.0.token_requestor.id,
        "status": token.status.word(),
    });
    if let Some(event) = event {
        update["eventReasonCode"] = json!(event);
    }
    update["statusTimestamp"] = json!(timestamp(token.status_at_ms));
    update
}

/// Queues `notifyTokenUpdated`. Encrypted if the wallet has a certificate; a certificate that does not work sends nothing,
/// because silence shows and a downgrade to clear text does not.
pub(super) fn tell_wallet(mdes: &Mdes, update: Value) {
    let requestor = &mdes.0.token_requestor;
    let Some(url) = requestor.notify_url.clone() else {
        return;
    };
    // One request id for all attempts: the wallet may have acted on one whose answer was lost.
    let mut body = json!({"responseHost": RESPONSE_HOST, "requestId": random_uuid().to_string()});
    match &requestor.notify_cert_pem {
        None => body["tokens"] = json!([update]),
        Some(certificate) => {
            let plaintext = json!({"tokens": [update]}).to_string();
            let Ok(encrypted) = fle::encrypt(certificate, plaintext.as_bytes()) else {
                return;
            };
            body["encryptedPayload"] = encrypted;
        }
    }
    deliver(mdes, url, body);
}

/// Queues `notifyServiceActivated`.
pub(super) fn tell_bank(mdes: &Mdes, body: Value) {
    let Some(base) = &mdes.0.bank_base else { return };
    deliver(mdes, format!("{base}/notifyServiceActivated"), body);
}

fn deliver(mdes: &Mdes, url: String, body: Value) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        return;
    };
    mdes.0.pending.send_modify(|count| *count += 1);
    let pending = Pending(mdes.clone());
    runtime.spawn(async move {
        for pause in ATTEMPT_PAUSES {
            tokio::time::sleep(pause).await;
            if issuer_calls::post(&pending.0.0.http, &url, &body).await.is_some() {
                return;
            }
        }
    });
}

/// Counts a notification as pending until it is dropped, however its task ends.
struct Pending(Mdes);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.0.pending.send_modify(|count| *count -= 1);
    }
}

/// The pause before each attempt.
const ATTEMPT_PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::from_millis(800),
    Duration::from_secs(3),
];
