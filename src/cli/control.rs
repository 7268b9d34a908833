//! The simulators' control interface (`/_sim`) as a client: what `attack` and `scenario` steer and count with.

use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

/// An answer that takes longer than this is none.
const TIMEOUT: Duration = Duration::from_secs(40);

/// A client of one simulator's control interface.
#[derive(Clone, Debug)]
pub struct Control {
    client: Client,
    base: String,
}

/// What a bank's push brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The receipts, in the order of the cards.
    pub receipts: Vec<String>,
    /// The signed receipts, as a compact JWS.
    pub token: String,
}

/// A call that arrived at MDES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallSeen {
    /// The API's name of it.
    pub operation: String,
    /// The status that was answered; 0 while there is none.
    pub status: u16,
    /// `ok`, or what went wrong.
    pub outcome: String,
}

/// How much happened at MDES since its simulator started; nothing takes anything off these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// How often somebody emptied its books.
    pub emptied: u64,
    /// How often it was asked whether a card may be added.
    pub eligibility_calls: u64,
    /// The tokens that it made.
    pub tokens: u64,
}

/// A token in the books of MDES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSeen {
    /// The receipt that it was made from.
    pub receipt: String,
    /// The issuer's id.
    pub issuer: String,
    /// `INACTIVE`, `ACTIVE`…
    pub status: String,
}

impl Control {
    /// A client of the simulator at this origin, such as `http://127.0.0.1:8081`.
    ///
    /// # Panics
    /// If the HTTP client cannot be built, which needs a broken TLS library.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a client of the simulators, for demo and tests"
    )]
    pub fn new(origin: &str) -> Self {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .build()
            .expect("a client for loopback");
        let origin =
            reqwest::Url::parse(origin).map_or_else(|_| origin.to_owned(), |url| url.origin().ascii_serialization());
        Self {
            client,
            base: format!("{origin}/_sim"),
        }
    }

    /// The HTTP client, for requests to others that are written by hand.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Asks the interface for something.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let url = format!("{}{path}", self.base);
        let mut request = self.client.request(method.clone(), &url);
        if let Some(body) = body {
            request = request
                .header("Content-Type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.map_err(|error| format!("{url}: {error}"))?;
        let status = answer.status().as_u16();
        let text = answer.text().await.map_err(|error| format!("{url}: {error}"))?;
        let json: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status < 400 {
            return Ok(json);
        }
        let why = json["error"].as_str().unwrap_or(&text);
        Err(format!("{method} {url} answers {status}: {why}"))
    }

    /// Lets a bank push cards to the wallet. `request` has the members of `POST /_sim/push`.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn push(&self, request: &Value) -> Result<Pushed, String> {
        let answer = self.ask(Method::POST, "/push", Some(request)).await?;
        let receipts = answer["receipts"].as_array().into_iter().flatten();
        Ok(Pushed {
            receipts: receipts.filter_map(Value::as_str).map(str::to_owned).collect(),
            token: answer["signature"].as_str().unwrap_or_default().to_owned(),
        })
    }

    /// Signs what MDES would never sign. `request` has the members of `POST /_sim/sign`.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn sign(&self, request: &Value) -> Result<String, String> {
        let answer = self.ask(Method::POST, "/sign", Some(request)).await?;
        let token = answer["token"].as_str().map(str::to_owned);
        token.ok_or_else(|| "the simulator signs nothing".to_owned())
    }

    /// Every call that arrived at MDES, in order.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn calls(&self) -> Result<Vec<CallSeen>, String> {
        let answer = self.ask(Method::GET, "/calls", None).await?;
        Ok(list(&answer, "mdes")?
            .iter()
            .map(|call| CallSeen {
                operation: text(call, "operation"),
                status: call["status"]
                    .as_u64()
                    .and_then(|status| u16::try_from(status).ok())
                    .unwrap_or(0),
                outcome: text(call, "outcome"),
            })
            .collect())
    }

    /// How much happened at MDES.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn counts(&self) -> Result<Counts, String> {
        let answer = self.ask(Method::GET, "/counts", None).await?;
        let count = |value: &Value| value.as_u64().ok_or_else(|| "the simulator counts nothing".to_owned());
        Ok(Counts {
            emptied: count(&answer["emptied"])?,
            // An operation that nobody asked for yet is not listed.
            eligibility_calls: answer["calls"]["checkEligibility"].as_u64().unwrap_or(0),
            tokens: count(&answer["tokens"])?,
        })
    }

    /// Every token in the books of MDES.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn tokens(&self) -> Result<Vec<TokenSeen>, String> {
        let answer = self.ask(Method::GET, "/tokens", None).await?;
        Ok(list(&answer, "tokens")?
            .iter()
            .map(|token| TokenSeen {
                receipt: text(token, "receipt"),
                issuer: text(token, "issuer_id"),
                status: text(token, "status"),
            })
            .collect())
    }

    /// What arrived on the phones and in the mail of the banks' customers, the newest first.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn messages(&self) -> Result<Vec<Value>, String> {
        let answer = self.ask(Method::GET, "/messages", None).await?;
        Ok(list(&answer, "messages")?.clone())
    }

    /// Moves the clock of all participants.
    ///
    /// # Errors
    /// Where the clock is the machine's.
    pub async fn advance(&self, by: &str) -> Result<Value, String> {
        self.ask(Method::POST, "/clock", Some(&json!({ "advance": by }))).await
    }

    /// The clock of all participants, in milliseconds since the epoch.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn now_ms(&self) -> Result<i64, String> {
        let clock = self.ask(Method::GET, "/clock", None).await?;
        clock["now_ms"]
            .as_i64()
            .ok_or_else(|| "the simulator has no clock".to_owned())
    }
}

/// A list that is the answer or stands in it under its name.
fn list<'a>(answer: &'a Value, name: &str) -> Result<&'a Vec<Value>, String> {
    let found = answer.as_array().or_else(|| answer[name].as_array());
    found.ok_or_else(|| format!("the simulator lists no {name}"))
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}
