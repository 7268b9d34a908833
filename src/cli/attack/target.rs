//! The wallet that is attacked, and the simulators that it was set up with.

use reqwest::header::{COOKIE, HeaderMap, HeaderValue, LOCATION};
use url::Url;

use crate::cli::browser::{Browser, Page};
use crate::cli::control::Control;

use super::oauth::Credentials;
use super::scene::{ISSUER, Started};
use super::wire::exchange;

/// The names of Tidemark's cookie: by them it is told from other wallets.
const COOKIES: [&str; 2] = ["tidemark", "__Host-tidemark"];
/// More redirects than this on the way to a bank are a loop.
const REDIRECTS_MAX: usize = 10;

/// The wallet that is attacked.
#[derive(Debug)]
pub struct Target {
    /// Where it is.
    pub url: Url,
    /// The simulators' control interface.
    pub control: Control,
    /// Where the banks are.
    pub bank_base: String,
    /// Where MDES is, for requests in the wallet's name.
    pub mdes: String,
    /// The wallet's token requestor id.
    pub token_requestor_id: String,
    /// What the wallet signs with; without it nothing is sent to MDES.
    pub credentials: Option<Credentials>,
    /// The address that leads to a bank, with `{issuer}` for its id; none for Tidemark, whose pages are known.
    pub start: Option<String>,
    /// It is Tidemark: its pages tell states and problem codes.
    pub is_tidemark: bool,
    /// It takes links of banks that push cards.
    pub takes_pushes: bool,
    /// The id of the key that MDES signs with.
    pub kid: String,
    /// A browser without cookies.
    pub browser: Browser,
}

impl Target {
    /// Looks at the wallet.
    ///
    /// # Errors
    /// It does not answer, or it is not known how a session is started there.
    pub async fn meet(&mut self) -> Result<(), String> {
        let mut browser = self.browser.clone();
        browser.get(self.url.as_str()).await?;
        self.is_tidemark = self.cookie(&browser).is_some();
        if !self.is_tidemark && self.start.is_none() {
            return Err(format!(
                "{} is not Tidemark. Say with --start which of its addresses leads to a bank, with {{issuer}} for the bank's id",
                self.url
            ));
        }
        let token = self.control.sign(&serde_json::json!({"payload": {}})).await?;
        self.kid = kid_of(&token).ok_or("the simulator's signature names no key")?;
        let banks = self.control.ask(reqwest::Method::GET, "/issuers", None).await?;
        let base = banks["bank_base"].as_str();
        base.ok_or("the simulator does not say where its banks are")?
            .clone_into(&mut self.bank_base);
        Ok(())
    }

    /// Where the bank of a vector that names none wants its cardholders back.
    pub fn bank(&self) -> String {
        format!("{}/banks/{ISSUER}/pushed", self.bank_base)
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The secret in the wallet's cookie.
    pub fn cookie(&self, browser: &Browser) -> Option<String> {
        let host = self.url.host_str()?;
        COOKIES
            .iter()
            .find_map(|name| browser.cookie(host, name))
            .map(str::to_owned)
    }

    /// An address of the wallet.
    ///
    /// # Errors
    /// It is none.
    pub fn resolve(&self, path: &str) -> Result<String, String> {
        let joined = self.url.join(path);
        joined
            .map(|url| url.to_string())
            .map_err(|_| format!("{path} is no address"))
    }

    /// Sends a request as it is, with the cookies of a browser.
    ///
    /// # Errors
    /// Nothing came back.
    pub async fn send(
        &self,
        method: &str,
        address: &str,
        mut headers: HeaderMap,
        body: String,
        browser: Option<&Browser>,
    ) -> Result<Page, String> {
        let host = self.url.host_str().unwrap_or_default();
        let cookies = browser.and_then(|browser| browser.cookie_header(host));
        if let Some(cookies) = cookies.and_then(|text| HeaderValue::from_str(&text).ok())
            && !headers.contains_key(COOKIE)
        {
            headers.insert(COOKIE, cookies);
        }
        exchange(self.control.client(), method, address, headers, body).await
    }

    /// Starts a session with a bank, as a person would.
    ///
    /// # Errors
    /// What the wallet answered instead.
    pub async fn start(&self, browser: &mut Browser, issuer: &str) -> Result<Started, String> {
        if let Some(start) = &self.start {
            return self.start_by_address(browser, &start.replace("{issuer}", issuer)).await;
        }
        let offer = browser.get(&self.resolve(&format!("/issuers/{issuer}"))?).await?;
        let attempt = browser
            .submit(&offer, &offer.form("/sessions")?, &[("issuer", issuer)])
            .await?;
        let path = attempt.url.split("/sessions/").nth(1).unwrap_or_default();
        let id = path.split(['/', '?']).next().unwrap_or_default().to_owned();
        if id.is_empty() {
            return Err(format!("no session is offered: {} {}", attempt.status, attempt.url));
        }
        let fields = attempt.forms().into_iter().flat_map(|form| form.fields);
        let csrf = fields
            .into_iter()
            .find(|(name, _)| name == "csrf")
            .map(|(_, value)| value);
        Ok(Started {
            browser: String::new(),
            callback: self.resolve(&format!("/callback/{id}"))?,
            page: Some(self.resolve(&format!("/sessions/{id}"))?),
            csrf: csrf.unwrap_or_default(),
            id,
        })
    }

    /// Opens the address that leads to a bank, and reads out of the launch where the way back ends.
    async fn start_by_address(&self, browser: &mut Browser, address: &str) -> Result<Started, String> {
        browser.follows = false;
        let mut page = browser.get(&self.resolve(address)?).await?;
        for _ in 0..REDIRECTS_MAX {
            let next = page.headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let links = page
                .tags()
                .into_iter()
                .filter_map(|tag| tag.attributes.get("href").cloned());
            let mut found = next.map(str::to_owned).into_iter().chain(links);
            if let Some(started) = found.find_map(|address| launched(&address)) {
                browser.follows = true;
                return Ok(started);
            }
            let Some(next) = next else { break };
            let next = Url::parse(&page.url).and_then(|url| url.join(next));
            page = browser
                .get(next.map_err(|_| "the wallet redirects to no address")?.as_str())
                .await?;
        }
        Err(format!(
            "{address} does not lead to a bank: no link there names a session and a callback"
        ))
    }
}

/// What a launch says of its session, if this is one.
fn launched(address: &str) -> Option<Started> {
    let url = Url::parse(address).ok()?;
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let value = |wanted: &str| {
        let named = pairs
            .iter()
            .find(|(name, _)| name.to_ascii_lowercase().contains(wanted));
        named.map(|(_, value)| value.clone())
    };
    Some(Started {
        browser: String::new(),
        id: value("sessionid")?,
        callback: value("callback").filter(|callback| Url::parse(callback).is_ok())?,
        page: None,
        csrf: String::new(),
    })
}

/// The key id in a token's header.
fn kid_of(token: &str) -> Option<String> {
    use base64::Engine as _;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(token.split('.').next()?)
        .ok()?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    header["kid"].as_str().map(str::to_owned)
}
