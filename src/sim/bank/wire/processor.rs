//! Speaking to the processor, as a bank does that keeps no account numbers. Of a card it reads the contract and nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::x509::X509;
use serde_json::{Value, json};
use url::Url;

use super::{Errand, LOOKUP_TIMEOUT, Network, Outgoing, PUSH_TIMEOUT};
use crate::sim::bank::random;
use crate::sim::catalogue::Card;
use crate::sim::processor::CLIENT_ENCRYPTION_KEY;

/// A token of a card as the processor lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedToken {
    pub token_unique_reference: String,
    pub token_requestor_id: String,
    pub wallet: String,
    pub active: bool,
    pub paused: bool,
}

impl Network {
    /// The body of `pushMultipleAccounts` for one card, made by the processor: it alone has the account number.
    pub(super) async fn search(
        &self,
        client: &str,
        cards: &[Card],
        ids: &[String],
        errand: &Errand<'_>,
    ) -> Result<Value, String> {
        let account = |(card, id): (&Card, &String)| {
            json!({
                "pushAccountId": id,
                "fundingAccountData": { "cardAccountData": { "cardContractId": card.contract } },
            })
        };
        let mut body = json!({
            "requestId": random::id(),
            "tokenRequestorId": errand.trid,
            "pushFundingAccounts": cards.iter().zip(ids).map(account).collect::<Value>(),
        });
        errand.write(&mut body, "callbackUrl");
        let der = X509::from_pem(errand.certificate).and_then(|certificate| certificate.to_der());
        let der = der.map_err(|_| "the certificate of MDES is unreadable".to_owned())?;
        self.exchange(Outgoing {
            method: "POST",
            url: self.processor_url(client, "funding-accounts/searches")?,
            body: Some(&body),
            header: Some((CLIENT_ENCRYPTION_KEY, STANDARD.encode(der))),
            timeout: PUSH_TIMEOUT,
            lie: None,
        })
        .await
        .map_err(|reason| format!("the processor: {reason}"))
    }

    /// The tokens of a card that the processor knows of.
    pub async fn tokens_of(&self, client: &str, contract: &str) -> Result<Vec<ListedToken>, String> {
        let mut url = self.processor_url(client, "tokens")?;
        url.query_pairs_mut().append_pair("cardContractId", contract);
        let answer = self
            .exchange(Outgoing {
                method: "GET",
                url,
                body: None,
                header: None,
                timeout: LOOKUP_TIMEOUT,
                lie: None,
            })
            .await
            .map_err(|reason| format!("the processor: {reason}"))?;
        let listed = answer["tokens"].as_array().map_or(&[][..], Vec::as_slice);
        let token = |entry: &Value| {
            let text = |name: &str| entry[name].as_str().map(str::to_owned);
            Some(ListedToken {
                token_unique_reference: text("tokenUniqueReference")?,
                token_requestor_id: text("tokenRequestorId")?,
                wallet: text("walletName")?,
                // A suspended one is enabled, if it sleeps.
                active: entry["status"] != "INACTIVE",
                paused: entry["status"] == "SUSPENDED",
            })
        };
        Ok(listed.iter().filter_map(token).collect())
    }

    fn processor_url(&self, client: &str, rest: &str) -> Result<Url, String> {
        let base = self.settings.processor_base.as_ref();
        let base = base.ok_or("this bank has no processor to ask")?;
        Url::parse(&format!("{base}/clients/{client}/{rest}"))
            .map_err(|_| "the address of the processor is not a URL".to_owned())
    }
}
