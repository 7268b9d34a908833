//! The person of a scenario: one browser, one attempt at a time, and eyes for what must be so.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use toml::Table;

use crate::cli::browser::{Browser, Page};
use crate::clock::Clock;

use super::Ground;
use super::bank;
use super::eyes::seen;
use super::format::{Action, Way};

/// A page that works for longer than this has failed.
const WAIT_MS_MAX: i64 = 30_000;
/// What is not so yet is looked at again for so long.
pub(super) const PATIENCE_MS: i64 = 5_000;
/// Between two looks.
pub(super) const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Where an attempt ends, whatever was waited for.
const OVER: [&str; 4] = ["failed", "declined", "cancelled", "expired"];
/// Styles that show the address instead of going there.
const TWICE: &str = "twice";
const LATE: &str = "late";
const LATE_BY: &str = "16m";
const OTHER_BROWSER: &str = "other-browser";

/// Why somebody gets no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Something is not so that had to be: what was seen instead.
    Unmet(String),
    /// What had to be done cannot be done: nothing answers, or it is not there.
    Broken(String),
}

impl From<String> for Trouble {
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

impl From<&str> for Trouble {
    fn from(why: &str) -> Self {
        Self::Broken(why.to_owned())
    }
}

/// Somebody who wants a card in the wallet.
#[derive(Debug)]
pub struct Person<'a> {
    pub(super) ground: &'a Ground,
    bank: Option<String>,
    browser: Browser,
    pub(super) page: Option<Page>,
    /// The path of the page that is open, if it was opened by its path and can be again.
    pub(super) looked_at: Option<String>,
    pub(super) issuer: String,
    attempt: Option<String>,
    code: Option<String>,
    /// Faults that name no seed get this one.
    seed: u64,
    /// The first way to a bank is taken for a session that is not this person's.
    breaks_session: bool,
    /// Tokens that were in the books before.
    pub(super) tokens_before: usize,
    /// Messages that were on the phones before.
    pub(super) messages_before: usize,
    /// Verdicts that nobody could be asked about.
    pub unchecked: Vec<String>,
}

impl<'a> Person<'a> {
    /// Somebody with a new browser.
    ///
    /// # Errors
    /// The simulator does not answer.
    pub async fn new(ground: &'a Ground, seed: u64, breaks_session: bool) -> Result<Self, String> {
        Ok(Self {
            tokens_before: ground.control.tokens().await?.len(),
            messages_before: ground.control.messages().await?.len(),
            ground,
            bank: None,
            browser: Browser::new(),
            page: None,
            looked_at: None,
            issuer: String::new(),
            attempt: None,
            code: None,
            seed,
            breaks_session,
            unchecked: Vec::new(),
        })
    }

    /// Does one thing.
    ///
    /// # Errors
    /// What was seen instead.
    pub async fn act(&mut self, action: &Action) -> Result<(), Trouble> {
        if !matches!(action, Action::Expect(_)) {
            self.looked_at = None;
        }
        match action {
            Action::Until(state) => self.until(state).await,
            Action::Consent(decision) => self.decide(decision).await,
            Action::Expect(expected) => self.expect(expected).await,
            Action::Look(path) => Ok(self.look(path).await?),
            Action::Open(issuer) => Ok(self.open(issuer).await?),
            Action::Follow(way) => Ok(self.follow(way).await?),
            Action::SignIn(person) => {
                let page = self.page()?.clone();
                self.page = Some(bank::sign_in(&mut self.browser, &page, person).await?);
                Ok(())
            }
            Action::Cards(cards) => {
                let (page, cards) = (
                    self.page()?.clone(),
                    cards.iter().map(String::as_str).collect::<Vec<_>>(),
                );
                self.page = Some(bank::choose(&mut self.browser, &page, &cards).await?);
                Ok(())
            }
            Action::ComeBack(style) => self.come_back(style).await,
            Action::Leave(result) => {
                let page = self.page()?.clone();
                let wanted = |name: &str, value: &str| name == "result" && value == result;
                let form = bank::form_with(&page, wanted, result)?;
                self.page = Some(self.browser.submit(&page, &form, &[("result", result)]).await?);
                Ok(())
            }
            Action::Terms(answer) => Ok(self.submit("/terms", &[("action", answer)]).await?),
            Action::Way(way) => Ok(self.choose_way(way).await?),
            Action::Code(code) => Ok(self.type_code(code).await?),
            Action::Press(button) => Ok(self.submit(&format!("/{button}"), &[]).await?),
            Action::Reload(_) => Ok(self.reload().await?),
            Action::Advance(by) => {
                self.ground.control.advance(by).await?;
                Ok(())
            }
            Action::Fault(_)
            | Action::Lie(_)
            | Action::Outcome(_)
            | Action::Issuers(_)
            | Action::Skew(_)
            | Action::Knobs(_) => Ok(self.steer(action).await?),
        }
    }

    pub(super) fn page(&self) -> Result<&Page, String> {
        self.page.as_ref().ok_or_else(|| "no page is open".to_owned())
    }

    /// The id of the session whose attempt was started last.
    pub(super) fn session(&self) -> Option<&str> {
        let path = self.attempt.as_ref()?.split("/sessions/").nth(1)?;
        path.split('/').next()
    }

    /// Opens a page of the wallet, which may be opened again.
    pub(super) async fn look(&mut self, path: &str) -> Result<(), String> {
        let address = format!("{}{path}", self.ground.wallet);
        self.page = Some(self.browser.get(&address).await?);
        self.looked_at = Some(path.to_owned());
        Ok(())
    }

    async fn open(&mut self, issuer: &str) -> Result<(), String> {
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(PATIENCE_MS);
        self.look(&format!("/issuers/{issuer}")).await?;
        // A wallet may have to ask for the list anew before it knows the bank.
        while self.page()?.form("/sessions").is_err() && clock.now() < deadline {
            tokio::time::sleep(LOOK_EVERY).await;
            self.look(&format!("/issuers/{issuer}")).await?;
        }
        self.looked_at = None;
        let offer = self.page()?.clone();
        let attempt = self
            .browser
            .submit(&offer, &offer.form("/sessions")?, &[("issuer", issuer)])
            .await?;
        issuer.clone_into(&mut self.issuer);
        self.code = bank::code_on(&attempt);
        self.attempt = attempt.url.split('?').next().map(str::to_owned);
        self.page = Some(attempt);
        Ok(())
    }

    async fn follow(&mut self, way: &str) -> Result<(), String> {
        let attempt = self.page()?.clone();
        let link = attempt.link("data-launch", way).ok_or("no such way to the bank")?;
        // The way there may be a redirect of the wallet's.
        self.browser.follows = false;
        let go = self.browser.follow(&attempt, &link).await;
        self.browser.follows = true;
        let go = go?;
        let location = go.headers.get("location").and_then(|value| value.to_str().ok());
        let target = location.unwrap_or(&link);
        let target = if std::mem::take(&mut self.breaks_session) {
            bank::other_session(target)
        } else {
            target.to_owned()
        };
        let page = self.browser.follow(&attempt, &target).await?;
        self.bank = reqwest::Url::parse(&page.url)
            .ok()
            .map(|url| url.origin().ascii_serialization());
        self.page = Some(page);
        Ok(())
    }

    async fn decide(&mut self, decision: &str) -> Result<(), Trouble> {
        let (page, code) = (self.page()?.clone(), self.code.clone());
        let back = bank::decide(&mut self.browser, &page, decision, code.as_deref()).await?;
        let is_at_bank = self
            .bank
            .as_ref()
            .is_some_and(|bank| back.url.starts_with(bank.as_str()));
        if decision == "add" && is_at_bank {
            let why = format!("the bank keeps the cardholder: {}", back.text());
            return Err(Trouble::Unmet(why));
        }
        self.page = Some(back);
        Ok(())
    }

    async fn come_back(&mut self, style: &str) -> Result<(), Trouble> {
        self.decide("misbehave").await?;
        let page = self.page()?.clone();
        let wanted = |name: &str, value: &str| name == "misbehave" && value == style;
        let form = bank::form_with(&page, wanted, style)?;
        let mut page = self.browser.submit(&page, &form, &[("misbehave", style)]).await?;
        if style == LATE {
            // Until it is late the bank offers nothing but to look again.
            self.ground.control.advance(LATE_BY).await?;
            let again = bank::form_with(&page, wanted, style)?;
            page = self.browser.submit(&page, &again, &[("misbehave", style)]).await?;
        }
        if let Some(address) = page.link("data-return", style) {
            page = match style {
                OTHER_BROWSER => Browser::new().get(&address).await?,
                TWICE => {
                    self.browser.get(&address).await?;
                    self.browser.get(&address).await?
                }
                _ => self.browser.get(&address).await?,
            };
        } else if let Some(form) = page
            .forms()
            .into_iter()
            .find(|form| form.action.starts_with(&self.ground.wallet))
        {
            // A page that sends its form by itself, with the script that this browser does not run.
            page = self.browser.submit(&page, &form, &[]).await?;
        }
        self.page = Some(page);
        Ok(())
    }

    async fn submit(&mut self, to: &str, fields: &[(&str, &str)]) -> Result<(), String> {
        let page = self.page()?.clone();
        self.page = Some(self.browser.submit(&page, &page.form(to)?, fields).await?);
        Ok(())
    }

    async fn choose_way(&mut self, way: &Way) -> Result<(), String> {
        let form = self.page()?.form("/method")?;
        let ids = form
            .choices
            .iter()
            .filter(|(name, value)| name == "method" && value != "later");
        let id = match way {
            Way::Word(word) => word.clone(),
            Way::Number(number) => {
                let ids: Vec<&String> = ids.map(|(_, id)| id).collect();
                let found = number.checked_sub(1).and_then(|at| ids.get(at));
                (*found.ok_or_else(|| format!("there are {} ways", ids.len()))?).clone()
            }
        };
        self.submit("/method", &[("method", &id)]).await
    }

    async fn type_code(&mut self, code: &str) -> Result<(), String> {
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(WAIT_MS_MAX);
        let code = if code == "phone" {
            loop {
                let messages = self.ground.control.messages().await?;
                let new = messages.len().saturating_sub(self.messages_before);
                let found = messages.iter().take(new).find_map(|message| message["code"].as_str());
                if let Some(code) = found {
                    break code.to_owned();
                }
                if clock.now() >= deadline {
                    return Err("no code arrives on the phone".to_owned());
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        } else {
            code.to_owned()
        };
        // While the code is being asked for, the page has no field yet.
        while self.page()?.form("/code").is_err() && clock.now() < deadline {
            tokio::time::sleep(LOOK_EVERY).await;
            self.reload().await?;
        }
        self.submit("/code", &[("code", &code)]).await
    }

    async fn reload(&mut self) -> Result<(), String> {
        let attempt = self.attempt.clone().ok_or("no attempt was started")?;
        self.page = Some(self.browser.get(&attempt).await?);
        Ok(())
    }

    /// Looks at the attempt until it is in this state, or has ended in another.
    async fn until(&mut self, wanted: &str) -> Result<(), Trouble> {
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(WAIT_MS_MAX);
        loop {
            let page = self.page()?;
            let state = page.state().unwrap_or_default();
            if state == wanted {
                return Ok(());
            }
            if OVER.contains(&state.as_str()) || clock.now() >= deadline {
                return Err(Trouble::Unmet(seen(page, &format!("the state {wanted}"))));
            }
            tokio::time::sleep(LOOK_EVERY).await;
            self.reload().await?;
        }
    }

    async fn steer(&self, action: &Action) -> Result<(), String> {
        let (method, path, body) = match action {
            Action::Fault(table) => {
                let mut body = json_of(table);
                if body.get("seed").is_none() {
                    body["seed"] = json!(self.seed);
                }
                (Method::POST, "/faults", body)
            }
            Action::Lie(lie) if lie == "none" => (Method::PUT, "/knobs", json!({ "lie": null })),
            Action::Lie(lie) => (Method::PUT, "/knobs", json!({ "lie": lie })),
            Action::Knobs(table) => (Method::PUT, "/knobs", json_of(table)),
            Action::Outcome(table) => (Method::PUT, "/outcomes", json_of(table)),
            Action::Issuers(table) => (Method::PUT, "/issuers", json_of(table)),
            Action::Skew(table) => (Method::PUT, "/skew", json_of(table)),
            _ => return Err("that steers nothing".to_owned()),
        };
        self.ground.control.ask(method, path, Some(&body)).await.map(|_| ())
    }
}

fn json_of(table: &Table) -> Value {
    let members: BTreeMap<&String, &toml::Value> = table.iter().collect();
    serde_json::to_value(members).unwrap_or_default()
}
