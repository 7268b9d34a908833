//! The wallet's own backend: it has the credential, signs people in, hands their browsers over and speaks for its app.

use std::sync::OnceLock;

use serde_json::{Value, json};
use tidemark::cli::browser::{Browser, Page};
use tidemark::clock::random_bytes;

use crate::trace;
use crate::wire::{Answer, Ask};
use crate::world::World;

/// Where the wallet's own people sign in.
pub const SIGN_IN_URL: &str = "https://accounts.wallet.example/in";

/// The credential of this process's wallets.
pub fn credential() -> &'static str {
    static CREDENTIAL: OnceLock<String> = OnceLock::new();
    CREDENTIAL.get_or_init(|| {
        let credential = hex::encode(random_bytes::<32>());
        trace::remember("api-credential", &credential);
        credential
    })
}

/// Asks as the backend does.
pub fn authorized(ask: Ask) -> Ask {
    ask.with("authorization", format!("Bearer {}", credential()))
}

/// A request with a JSON body, without the credential.
pub fn json_ask(path: &str, body: &Value) -> Ask {
    let mut ask = Ask::new("POST", path).with("content-type", "application/json");
    ask.body = body.to_string().into_bytes();
    ask
}

/// What an answer says, after seeing that it is JSON of its kind.
pub fn value(answer: &Answer) -> Value {
    let kind = if answer.status < 400 {
        "application/json"
    } else {
        "application/problem+json"
    };
    assert_eq!(answer.header("content-type"), Some(kind), "{}", answer.text());
    assert_eq!(answer.header("set-cookie"), None);
    serde_json::from_slice(&answer.body).expect("JSON")
}

impl World {
    /// A world whose wallet has accounts.
    pub async fn with_accounts() -> Self {
        Self::with(&[("TIDEMARK_API__CREDENTIAL", credential())]).await
    }

    /// The same, with a page of the wallet's own to sign in on.
    pub async fn with_sign_in() -> Self {
        Self::with(&[
            ("TIDEMARK_API__CREDENTIAL", credential()),
            ("TIDEMARK_API__SIGN_IN_URL", SIGN_IN_URL),
        ])
        .await
    }

    /// The backend asks.
    pub async fn ask_api(&self, target: &str) -> (u16, Value) {
        let answer = authorized(Ask::get(target)).send(self).await;
        (answer.status, value(&answer))
    }

    /// The backend does something.
    pub async fn tell_api(&self, target: &str, body: Value) -> (u16, Value) {
        let answer = authorized(json_ask(target, &body)).send(self).await;
        (answer.status, value(&answer))
    }

    /// The address that signs a browser in to an account.
    pub async fn hand_over(&self, subject: &str) -> String {
        self.hand_over_as(json!({ "subject": subject })).await
    }

    /// The same, with more to say.
    pub async fn hand_over_as(&self, body: Value) -> String {
        let (status, handed) = self.tell_api("/api/v1/handoffs", body).await;
        assert_eq!((status, &handed["expires_in_s"]), (201, &json!(120)), "{handed}");
        let url = handed["url"].as_str().expect("an address").to_owned();
        let token = url.strip_prefix(&self.at("/handoff/")).expect("ours");
        assert_eq!(token.len(), 43, "256 bits");
        trace::remember("handoff", token);
        url
    }

    /// The wallet's own site redirects a browser that it has signed in: the page it lands on.
    pub async fn sign_in(&self, browser: &mut Browser, subject: &str) -> Page {
        let url = self.hand_over(subject).await;
        let page = browser.get(&url).await.expect("an answer");
        assert_eq!((page.status, page.url.as_str()), (200, self.at("/").as_str()));
        trace::remember("cookie", browser.cookie("localhost", "tidemark").expect("a cookie"));
        page
    }

    /// A browser that is signed in.
    pub async fn browser_of(&self, subject: &str) -> Browser {
        let mut browser = self.browser();
        self.sign_in(&mut browser, subject).await;
        browser
    }

    /// The sign-ins and hand-overs that there are, as text.
    pub async fn sign_ins(&self) -> Vec<String> {
        let mut rows = self
            .texts("SELECT 'sign-in ' || browser || ' ' || account FROM sign_ins ORDER BY 1")
            .await;
        let handoffs = "SELECT 'handoff ' || token || ' ' || account || ' ' || path || ' ' || \
                        COALESCE(CAST(used_at AS TEXT), 'unused') FROM handoffs ORDER BY 1";
        rows.extend(self.texts(handoffs).await);
        rows
    }
}
