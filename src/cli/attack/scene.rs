//! One vector, played: browsers of its own, sessions of its own, and what came of it.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::cli::browser::{Browser, Page};
use crate::cli::control::Pushed;
use crate::clock::{Clock, random_bytes};

use super::format::{Edit, GoOn, Push, Request, Return, Sign, Signed, StartSession, Step, Token, Verb};
use super::target::Target;
use super::token;
use super::wire::{form_headers, navigation, value};

mod landing;
mod texts;

/// The bank of a vector that names none.
pub(super) const ISSUER: &str = "havorn-no";
/// A session that gets no further for so long is stuck.
const WAIT_MS_MAX: i64 = 20_000;
/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(30);

/// A session that somebody started.
#[derive(Clone, Debug)]
pub struct Started {
    /// Whose browser.
    pub browser: String,
    /// Its id.
    pub id: String,
    /// Where the issuer sends the cardholder back to.
    pub callback: String,
    /// Its page, in a wallet that has one.
    pub page: Option<String>,
    /// The token of its forms.
    pub csrf: String,
}

/// An answer, and whom it is from.
#[derive(Clone, Debug)]
pub enum Heard {
    /// The wallet.
    Wallet(Page),
    /// MDES.
    Mdes(Page),
}

/// A vector that is being played.
#[derive(Debug)]
pub struct Scene<'a> {
    target: &'a Target,
    browsers: BTreeMap<String, Browser>,
    sessions: BTreeMap<String, Started>,
    pushes: BTreeMap<String, Pushed>,
    /// The receipt that the vector's own tokens are about, unless they say otherwise.
    receipt: String,
}

impl<'a> Scene<'a> {
    /// With nothing done yet.
    pub fn new(target: &'a Target) -> Self {
        Self {
            target,
            browsers: BTreeMap::new(),
            sessions: BTreeMap::new(),
            pushes: BTreeMap::new(),
            receipt: made_up_receipt(),
        }
    }

    /// From now on tokens are about another receipt: one that was refused may have been made void.
    pub fn renew(&mut self) {
        self.receipt = made_up_receipt();
    }

    /// Does one thing; answers what was heard, if it is something that is answered.
    ///
    /// # Errors
    /// What kept it from being done.
    pub async fn play(&mut self, step: &Step) -> Result<Vec<Heard>, String> {
        match step {
            Step::Session(start) => self.start(start).await?,
            Step::Push(push) => self.push(push).await?,
            Step::Clock(by) => {
                self.target.control.advance(by).await?;
            }
            Step::GoOn(on) => self.go_on(on).await?,
            Step::Land(land) => return Ok(vec![Heard::Wallet(self.land(land).await?)]),
            Step::Together(steps) => {
                return futures_util::future::try_join_all(steps.iter().map(|step| self.ask(step))).await;
            }
            Step::Return(_) | Step::Request(_) | Step::Mdes(_) => return Ok(vec![self.ask(step).await?]),
        }
        Ok(Vec::new())
    }

    /// Sends something that is answered.
    async fn ask(&self, step: &Step) -> Result<Heard, String> {
        match step {
            Step::Return(back) => self.come_back(back).await.map(Heard::Wallet),
            Step::Request(request) => self.request(request).await.map(Heard::Wallet),
            Step::Mdes(signed) => self.mdes(signed).await.map(Heard::Mdes),
            Step::Session(_) | Step::Push(_) | Step::Clock(_) | Step::GoOn(_) | Step::Land(_) | Step::Together(_) => {
                Err("only what is answered can be sent together".to_owned())
            }
        }
    }

    /// The state that the page of a session tells; nothing in a wallet whose pages tell none.
    ///
    /// # Errors
    /// What kept it from being looked at.
    pub async fn state(&self, session: &str) -> Result<Option<String>, String> {
        let started = self.session(session)?;
        let Some(page) = &started.page else {
            return Ok(None);
        };
        Ok(self.browser(&started.browser).get(page).await?.state())
    }

    fn session(&self, name: &str) -> Result<&Started, String> {
        self.sessions
            .get(name)
            .ok_or_else(|| format!("no session is called {name}"))
    }

    /// A copy of somebody's browser, or one that was never here.
    fn browser(&self, name: &str) -> Browser {
        let known = self.browsers.get(name);
        known.cloned().unwrap_or_else(|| self.target.browser.clone())
    }

    async fn start(&mut self, start: &StartSession) -> Result<(), String> {
        let owner = start.browser.clone().unwrap_or_else(|| start.name.clone());
        let mut browser = self.browser(&owner);
        let issuer = start.issuer.as_deref().unwrap_or(ISSUER);
        let mut started = self.target.start(&mut browser, issuer).await?;
        started.browser.clone_from(&owner);
        self.browsers.insert(owner, browser);
        self.sessions.insert(start.name.clone(), started);
        Ok(())
    }

    async fn push(&mut self, push: &Push) -> Result<(), String> {
        let issuer = push.issuer.as_deref().unwrap_or(ISSUER);
        let first = || vec![format!("{issuer}-ada-1")];
        let cards = if push.cards.is_empty() {
            first()
        } else {
            push.cards.clone()
        };
        let filled = |text: &Option<String>| text.as_ref().map(|text| self.fill(text)).transpose();
        let request = json!({
            "issuer": issuer,
            "cards": cards,
            "session": filled(&push.session)?,
            "authentication_code": filled(&push.code)?,
            "callback_url": filled(&push.callback_url)?,
        });
        let pushed = self.target.control.push(&request).await?;
        self.pushes.insert(push.name.clone(), pushed);
        Ok(())
    }

    async fn go_on(&mut self, on: &GoOn) -> Result<(), String> {
        let started = self.session(&on.session)?.clone();
        let pushed = self
            .pushes
            .get(&on.pushed)
            .ok_or_else(|| format!("nothing called {} was pushed", on.pushed))?;
        let address = format!("{}?pushAccountData={}", started.callback, pushed.token);
        let mut browser = self.browser(&started.browser);
        let before = self.target.control.counts().await?.eligibility_calls;
        let mut page = browser.get(&address).await?;
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(WAIT_MS_MAX);
        while clock.now() < deadline {
            let state = page.state();
            match (&started.page, state.as_deref()) {
                (Some(_), Some(state)) if state == on.to => return Ok(()),
                (Some(_), Some("terms")) => {
                    let form = page.form("/terms")?;
                    browser.submit(&page, &form, &[("action", "accept")]).await?;
                }
                (Some(_), Some("returned" | "digitizing")) => {}
                (Some(_), state) => {
                    return Err(format!("the session is {}, not {}", state.unwrap_or("nowhere"), on.to));
                }
                // Of a wallet whose pages tell nothing the books of MDES tell enough.
                (None, _) if self.target.control.counts().await?.eligibility_calls > before => return Ok(()),
                (None, _) => {}
            }
            tokio::time::sleep(LOOK_EVERY).await;
            if let Some(address) = &started.page {
                page = browser.get(address).await?;
            }
        }
        Err(format!("the session is not {} after {} s", on.to, WAIT_MS_MAX / 1000))
    }

    async fn come_back(&self, back: &Return) -> Result<Page, String> {
        let started = self.session(&back.session)?;
        let browser = self.browser(back.browser.as_ref().unwrap_or(&started.browser));
        let token = match &back.token {
            Some(token) => Some(self.token(token, &self.own(started)).await?),
            None => None,
        };
        let query = self.query(&back.parameter, token, &back.query)?;
        let (address, form) = match back.method {
            Verb::Post => (started.callback.clone(), Some(query)),
            _ => (format!("{}?{query}", started.callback), None),
        };
        let mut headers = navigation("cross-site");
        self.set(&mut headers, &back.headers)?;
        let answer = match form {
            // With a form of another site no browser sends a `Lax` cookie; with the way that it is sent on to it does.
            Some(form) => {
                self.target
                    .send(back.method.name(), &address, form_headers(headers.clone()), form, None)
                    .await?
            }
            None => {
                self.target
                    .send(
                        back.method.name(),
                        &address,
                        headers.clone(),
                        String::new(),
                        Some(&browser),
                    )
                    .await?
            }
        };
        let next = answer.headers.get("location").and_then(|value| value.to_str().ok());
        match next.filter(|next| back.method == Verb::Post && next.contains("/callback")) {
            Some(next) => {
                let next = self.target.resolve(next)?;
                self.target
                    .send("GET", &next, headers, String::new(), Some(&browser))
                    .await
            }
            None => Ok(answer),
        }
    }

    /// A token under its name, and what stands behind it.
    fn query(&self, parameter: &str, token: Option<String>, behind: &str) -> Result<String, String> {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(token) = token {
            query.append_pair(parameter, &token);
        }
        let parts = [query.finish(), self.fill(behind)?];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        Ok(parts.join("&"))
    }

    async fn request(&self, request: &Request) -> Result<Page, String> {
        let browser = request.browser.as_ref().map(|name| self.browser(name));
        let address = self.target.resolve(&self.fill(&request.path)?)?;
        let mut headers = navigation(if request.is_own { "same-origin" } else { "cross-site" });
        let mut body = request
            .body
            .as_ref()
            .map_or(Ok(String::new()), |body| self.fill(body))?;
        if let Some(form) = &request.form {
            let mut pairs = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in form {
                pairs.append_pair(name, &self.fill(value)?);
            }
            body = pairs.finish();
            headers = form_headers(headers);
            let origin = if request.is_own {
                self.target.origin()
            } else {
                "https://evil.example".to_owned()
            };
            headers.insert("origin", value(&origin)?);
        }
        self.set(&mut headers, &request.headers)?;
        self.target
            .send(request.method.name(), &address, headers, body, browser.as_ref())
            .await
    }

    async fn mdes(&self, signed: &Signed) -> Result<Page, String> {
        let credentials = self
            .target
            .credentials
            .as_ref()
            .ok_or("no credentials of the wallet were given")?;
        let url = format!("{}/connect/1/0/getEligibleIssuers", self.target.mdes);
        let id = hex::encode(random_bytes::<8>());
        let body = json!({"requestId": id, "tokenRequestorId": self.target.token_requestor_id}).to_string();
        let now_ms = self.target.control.now_ms().await?;
        let request = credentials.request(signed, &url, &body, now_ms)?;
        let mut last = None;
        for _ in 0..signed.times.max(1) {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", HeaderValue::from_static("application/json"));
            if let Some(authorization) = &request.authorization {
                headers.insert("authorization", value(authorization)?);
            }
            last = Some(
                self.target
                    .send(request.method, &request.url, headers, request.body.clone(), None)
                    .await?,
            );
        }
        last.ok_or_else(|| "nothing was sent".to_owned())
    }

    fn set(&self, headers: &mut HeaderMap, given: &BTreeMap<String, Option<String>>) -> Result<(), String> {
        for (name, text) in given {
            let name = HeaderName::try_from(name).map_err(|_| format!("{name} is no header"))?;
            match text {
                Some(text) => headers.insert(name, value(&self.fill(text)?)?),
                None => headers.remove(name),
            };
        }
        Ok(())
    }

    /// The token that a way to the wallet brings.
    #[cfg(test)]
    pub async fn token_of(&self, step: &Step) -> Result<String, String> {
        let (token, own) = match step {
            Step::Return(back) => (&back.token, self.own(self.session(&back.session)?)),
            Step::Land(land) => (&land.token, self.offered()),
            _ => return Err("it is no way to the wallet".to_owned()),
        };
        self.token(token.as_ref().ok_or("it brings none")?, &own).await
    }

    /// What a token says of a session unless it says otherwise.
    fn own(&self, session: &Started) -> Value {
        json!({"pushAccountReceipts": [self.receipt], "tokenRequestorSessionId": session.id})
    }

    async fn token(&self, token: &Token, own: &Value) -> Result<String, String> {
        let mut made = match (&token.pushed, &token.text) {
            (Some(pushed), _) => {
                let pushed = self.pushes.get(pushed);
                pushed
                    .ok_or_else(|| "nothing like that was pushed".to_owned())?
                    .token
                    .clone()
            }
            (None, Some(text)) => self.fill(text)?,
            (None, None) => self.sign(token.sign.as_ref().unwrap_or(&Sign::default()), own).await?,
        };
        for edit in &token.edit {
            let filled = match edit {
                Edit::Part(part, text) => Edit::Part(*part, self.fill(text)?),
                Edit::Graft(part, pushed) => {
                    let pushed = self.pushes.get(pushed).ok_or("nothing like that was pushed")?;
                    let part_of = pushed.token.split('.').nth(*part).ok_or("the token has no such part")?;
                    Edit::Part(*part, part_of.to_owned())
                }
                Edit::Before(text) => Edit::Before(self.fill(text)?),
                Edit::After(text) => Edit::After(self.fill(text)?),
                Edit::Replace(from, to) => Edit::Replace(self.fill(from)?, self.fill(to)?),
                other => other.clone(),
            };
            made = token::edit(&made, &filled)?;
        }
        Ok(made)
    }

    async fn sign(&self, sign: &Sign, own: &Value) -> Result<String, String> {
        let mut request = json!({"key": sign.key.as_deref().unwrap_or("live")});
        if let Some(text) = &sign.payload_text {
            request["payload_text"] = json!(self.fill(text)?);
        } else if let Some(hex) = &sign.payload_hex {
            request["payload_hex"] = json!(hex);
        } else {
            let payload = sign.payload.as_ref().unwrap_or(own).to_string();
            request["payload_text"] = json!(self.fill(&payload)?);
        }
        match &sign.header_text {
            Some(text) => request["header_text"] = json!(self.fill(text)?),
            None => {
                let header = self.fill(&Value::Object(sign.header.clone()).to_string())?;
                request["header"] = serde_json::from_str(&header).map_err(|_| "the header is no JSON".to_owned())?;
            }
        }
        if let Some(digest) = &sign.digest {
            request["digest"] = json!(digest);
        }
        self.target.control.sign(&request).await
    }
}

/// Well formed, different every time, and not made by MDES.
fn made_up_receipt() -> String {
    let unique = uuid::Builder::from_random_bytes(random_bytes()).into_uuid().to_string();
    format!("MCC-STL-{}", unique.to_uppercase())
}
