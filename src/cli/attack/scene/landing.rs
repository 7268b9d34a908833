//! A cardholder who follows a bank's link to the entry for pushes.
//!
//! A landing alone asks MDES nothing, whatever it took. So whoever is asked says yes here, as somebody does who suspects
//! nothing: then the books of MDES tell whether a link was accepted that must not be.

use reqwest::header::{HeaderMap, LOCATION};
use serde_json::{Value, json};

use crate::cli::browser::{Browser, Page};
use crate::clock::Clock;

use super::super::format::{Land, Verb};
use super::super::wire::{form_headers, navigation};
use super::{LOOK_EVERY, Scene, Started, WAIT_MS_MAX};

/// The entry for pushes.
const ENTRY: &str = "/push";
/// Where the link stands that is followed.
const ELSEWHERE: &str = "https://evil.example/";

impl Scene<'_> {
    /// What a token says of a push unless it says otherwise.
    pub(super) fn offered(&self) -> Value {
        json!({"pushAccountReceipts": [self.receipt], "callbackURL": self.target.bank()})
    }

    /// Follows the link, and says yes where that is asked. The answer is what the link itself was answered.
    pub(super) async fn land(&mut self, land: &Land) -> Result<Page, String> {
        let owner = land.browser.as_ref().or(land.name.as_ref());
        let mut browser = owner.map_or_else(|| self.target.browser.clone(), |name| self.browser(name));
        let token = match &land.token {
            Some(token) => Some(self.token(token, &self.offered()).await?),
            None => None,
        };
        let query = self.query(&land.parameter, token, &land.query)?;
        browser.follows = false;
        let answer = self.arrive(land, &mut browser, query).await?;
        browser.follows = true;
        let place = leads(&answer).and_then(|place| self.target.resolve(place).ok());
        if let Some(place) = place.filter(|place| place.starts_with(&self.target.origin())) {
            let question = browser.get(&place).await?;
            if let Some(name) = &land.name {
                let mut started = asked(owner.unwrap_or(name), &question)?;
                started.callback = self.target.resolve(&format!("/callback/{}", started.id))?;
                self.sessions.insert(name.clone(), started);
            }
            if land.wants {
                says_yes(&mut browser, question).await?;
            }
        }
        if let Some(owner) = owner {
            self.browsers.insert(owner.clone(), browser);
        }
        Ok(answer)
    }

    async fn arrive(&self, land: &Land, browser: &mut Browser, query: String) -> Result<Page, String> {
        let entry = self.target.resolve(ENTRY)?;
        let mut headers = navigation("cross-site");
        self.set(&mut headers, &land.headers)?;
        match land.method {
            Verb::Get if land.headers.is_empty() => browser.follow(&elsewhere(), &format!("{entry}?{query}")).await,
            Verb::Get | Verb::Head | Verb::Put => {
                let address = format!("{entry}?{query}");
                let name = land.method.name();
                self.target
                    .send(name, &address, headers, String::new(), Some(browser))
                    .await
            }
            Verb::Post => {
                let address = match self.fill(&land.address)? {
                    address if address.is_empty() => entry,
                    address => format!("{entry}?{address}"),
                };
                // A form of another site brings no cookie; the way that it is sent on to does.
                let kept = self
                    .target
                    .send("POST", &address, form_headers(headers), query, None)
                    .await?;
                match leads(&kept).filter(|next| next.contains(ENTRY)) {
                    Some(next) => browser.follow(&elsewhere(), &self.target.resolve(next)?).await,
                    None => Ok(kept),
                }
            }
        }
    }
}

/// Presses what adds the cards, if it is there, and waits until MDES was asked.
async fn says_yes(browser: &mut Browser, question: Page) -> Result<(), String> {
    let Ok(form) = question.form("/accept") else {
        return Ok(());
    };
    let mut page = browser.submit(&question, &form, &[]).await?;
    let clock = Clock::system();
    let deadline = clock.now().plus_ms(WAIT_MS_MAX);
    while page.state().as_deref() == Some("returned") && clock.now() < deadline {
        tokio::time::sleep(LOOK_EVERY).await;
        page = browser.get(&question.url).await?;
    }
    Ok(())
}

/// The session that asks about a push.
fn asked(browser: &str, question: &Page) -> Result<Started, String> {
    let path = question.url.split("/sessions/").nth(1).unwrap_or_default();
    let id = path.split(['/', '?']).next().unwrap_or_default();
    if id.is_empty() {
        return Err(format!("no session asks: {} {}", question.status, question.url));
    }
    let mut fields = question.forms().into_iter().flat_map(|form| form.fields);
    let csrf = fields.find(|(name, _)| name == "csrf").map(|(_, value)| value);
    Ok(Started {
        browser: browser.to_owned(),
        id: id.to_owned(),
        callback: String::new(),
        page: Some(question.url.clone()),
        csrf: csrf.unwrap_or_default(),
    })
}

fn leads(page: &Page) -> Option<&str> {
    page.headers.get(LOCATION).and_then(|value| value.to_str().ok())
}

/// A page of another site.
fn elsewhere() -> Page {
    Page {
        url: ELSEWHERE.to_owned(),
        status: 200,
        headers: HeaderMap::new(),
        body: String::new(),
        visited: Vec::new(),
    }
}
