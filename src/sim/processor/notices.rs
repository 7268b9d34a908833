//! What the issuer server hears: `POST {issuer}/issuerServices/1/0/notifications`. **Assumed** throughout: the page of the
//! flow says only that TAR and TCN are told on to it.

use std::time::Duration;

use serde_json::{Value, json};

use super::Processor;
use crate::sim::catalogue::Card;

impl Processor {
    /// Tells the issuer server about a card of its own, by its contract, before MDES is answered: what the cardholder is
    /// shown a moment later is then true already. The issuer is told, not asked, so what it answers changes nothing, and it
    /// has two seconds of the machine for it.
    pub(super) async fn tell(&self, card: &Card, kind: &'static str, mut notice: Value) {
        let correlation = notice["correlationId"].as_str().unwrap_or_default();
        notice["requestId"] = json!(format!("{correlation}-{kind}"));
        notice["type"] = json!(kind);
        notice["clientId"] = json!(card.issuer.processor_client);
        notice["cardContractId"] = json!(card.contract);
        let url = format!("{}/issuerServices/1/0/notifications", self.0.settings.issuer_base);
        let sent = self
            .0
            .http
            .post(url)
            .header("content-type", "application/json; charset=UTF-8")
            .timeout(NOTICE_TIMEOUT)
            .body(notice.to_string())
            .send();
        // A notice that does not arrive is missing at the issuer and nowhere else; the tokens endpoint still knows.
        let _ = sent.await;
    }
}

const NOTICE_TIMEOUT: Duration = Duration::from_secs(2);
