//! `demo --auto`: a cardholder without a hand. Walks through the flow, says what it checked at each step, and fails with
//! the name of the step.

use std::fmt;
use std::time::Duration;

use crate::clock::Clock;

use super::browser::{Browser, Page};
use super::demo::Demo;

/// The bank that approves at once, the one that sends a code, and the one that asks for the wallet's.
const APPROVING: &str = "havorn-no";
const CODE_SENDING: &str = "quillwort-us";
pub(super) const CODE_ASKING: &str = "yildiztepe-tr";
/// The bank's field for the code that the wallet shows.
const CODE_FIELD: &str = "authenticationCode";
/// A step that takes longer than this has failed.
const STEP_MS_MAX: i64 = 30_000;

/// Where the walk ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The name of the step.
    pub step: &'static str,
    /// What was seen.
    pub seen: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "step \"{}\": {}", self.step, self.seen)
    }
}

/// Gives an error the name of its step.
trait At<T> {
    fn at(self, step: &'static str) -> Result<T, Failure>;
}

impl<T> At<T> for Result<T, String> {
    fn at(self, step: &'static str) -> Result<T, Failure> {
        self.map_err(|seen| Failure { step, seen })
    }
}

struct Walk<'a> {
    demo: &'a Demo,
    browser: Browser,
    clock: Clock,
}

/// Adds one card that is approved at once, one that needs a code from the bank and one that needs the wallet's, and checks
/// each step on both sides.
///
/// # Errors
/// The first [`Failure`].
pub async fn walk(demo: &Demo, break_session: bool) -> Result<(), Failure> {
    let mut walk = Walk {
        demo,
        browser: Browser::new(),
        clock: Clock::system(),
    };
    let home = walk.wallet("/").await.at("wallet")?;
    expect(&home, 200, "home").at("wallet")?;
    done("wallet", "the wallet answers and keeps one cookie");
    walk.directory().await.at("directory")?;
    let terms = walk.until_terms(APPROVING, break_session).await?;
    let active = walk.accept(&terms).await.at("digitize")?;
    expect(&active, 200, "active").at("digitize")?;
    walk.token_is_active(APPROVING).at("token")?;
    let terms = walk.until_terms(CODE_SENDING, false).await?;
    let code_page = walk.accept(&terms).await.at("step-up")?;
    expect(&code_page, 200, "code").at("step-up")?;
    done("step-up", "the bank asks for proof, and a code is on its way");
    walk.type_code(&code_page).await.at("code")?;
    walk.token_is_active(CODE_SENDING).at("token")?;
    let terms = walk.until_terms(CODE_ASKING, false).await?;
    done(
        "same person",
        "the bank asked for the six digits of the wallet, and they came back signed",
    );
    let active = walk.accept(&terms).await.at("digitize")?;
    expect(&active, 200, "active").at("digitize")?;
    walk.token_is_active(CODE_ASKING).at("token")?;
    let home = walk.wallet("/").await.at("home")?;
    let cards = home
        .tags()
        .iter()
        .filter(|tag| tag.attributes.get("href").is_some_and(|h| h.contains("/cards/")))
        .count();
    if cards < 3 {
        return Err(Failure {
            step: "home",
            seen: format!("{cards} cards are in the wallet, not 3"),
        });
    }
    done("home", "all three cards are in the wallet");
    Ok(())
}

fn done(step: &str, checked: &str) {
    println!("ok  {step:<12} {checked}");
}

fn expect(page: &Page, status: u16, state: &str) -> Result<(), String> {
    let found = page.state().unwrap_or_else(|| "none".to_owned());
    if page.status == status && found == state {
        return Ok(());
    }
    let problem = page
        .main_attribute("data-problem")
        .map(|code| format!(", problem {code}"))
        .unwrap_or_default();
    Err(format!("wanted {status} {state}, got {} {found}{problem}", page.status))
}

impl Walk<'_> {
    async fn wallet(&mut self, path: &str) -> Result<Page, String> {
        self.browser.get(&format!("{}{path}", self.demo.wallet_url)).await
    }

    async fn directory(&mut self) -> Result<(), String> {
        let deadline = self.clock.now().plus_ms(STEP_MS_MAX / 6);
        loop {
            let picker = self.wallet("/issuers").await?;
            let told = self
                .demo
                .stage
                .mdes
                .calls()
                .into_iter()
                .rfind(|call| call.operation == "getEligibleIssuers");
            let answered = told
                .as_ref()
                .map_or("no call".to_owned(), |call| format!("{} {}", call.status, call.outcome));
            if picker.status == 200 && picker.body.contains(APPROVING) && answered == "200 ok" {
                done(
                    "directory",
                    "MDES took our OAuth signature and told the issuers; the picker lists them",
                );
                return Ok(());
            }
            if self.clock.now() >= deadline {
                return Err(format!(
                    "the picker answers {}; MDES answered getEligibleIssuers with {answered}",
                    picker.status
                ));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// From the picker through the bank and back, to the terms.
    async fn until_terms(&mut self, issuer: &str, break_session: bool) -> Result<Page, Failure> {
        let offer = self.wallet(&format!("/issuers/{issuer}")).await.at("open")?;
        let form = offer.form("/sessions").at("open")?;
        let attempt = self
            .browser
            .submit(&offer, &form, &[("issuer", issuer)])
            .await
            .at("open")?;
        expect(&attempt, 200, "offered").at("open")?;
        done("open", "a session is offered, with one way to the bank");
        let link = attempt
            .link("data-launch", "web")
            .ok_or_else(|| "no way to the bank".to_owned())
            .at("launch")?;
        let sign_in = if break_session {
            self.follow_for_another_session(&attempt, &link).await.at("launch")?
        } else {
            self.browser.follow(&attempt, &link).await.at("launch")?
        };
        if sign_in.status != 200 || sign_in.main_attribute("data-page").as_deref() != Some("sign-in") {
            return Err(Failure {
                step: "launch",
                seen: format!("the bank answers {}", sign_in.status),
            });
        }
        done(
            "launch",
            "the bank takes session id, TRID and callback, and asks to sign in",
        );
        let code = code_on(&attempt);
        if code.is_some() != (issuer == CODE_ASKING) {
            return Err(Failure {
                step: "launch",
                seen: format!("the page of {issuer} has the code {code:?}"),
            });
        }
        let back = self.at_the_bank(sign_in, code.as_deref()).await.at("bank")?;
        if back.status != 200 {
            return Err(expect(&back, 200, "terms")
                .at("return")
                .expect_err("the status is another"));
        }
        if back.url.contains('?') || back.url.contains("pushAccountData") {
            return Err(Failure {
                step: "return",
                seen: "the receipt stays in the address bar".to_owned(),
            });
        }
        done(
            "return",
            "signature and session verified; the receipt has left the address bar",
        );
        let terms = self.until(back, "terms").await.at("eligibility")?;
        done("eligibility", "MDES finds the card eligible; the terms are on the page");
        Ok(terms)
    }

    /// Opens the bank with the id of a session that is not ours. The way there may be a redirect of the wallet's.
    async fn follow_for_another_session(&mut self, attempt: &Page, link: &str) -> Result<Page, String> {
        self.browser.follows = false;
        let go = self.browser.follow(attempt, link).await?;
        self.browser.follows = true;
        let location = go.headers.get("location").and_then(|value| value.to_str().ok());
        let target = other_session(location.unwrap_or(link));
        self.browser.follow(attempt, &target).await
    }

    async fn at_the_bank(&mut self, sign_in: Page, code: Option<&str>) -> Result<Page, String> {
        let consent = to_consent(&mut self.browser, &sign_in).await?;
        let back = agree(&mut self.browser, &consent, code).await?;
        if back.url.starts_with(&self.demo.stage.bank_base) {
            return Err(format!("the bank keeps the cardholder: {}", back.text()));
        }
        done(
            "bank",
            "signed in, chose a card, consented; MDES took the encrypted card and signed a receipt",
        );
        Ok(back)
    }

    /// Reloads until the session is in this state, or has ended in another.
    async fn until(&mut self, mut page: Page, state: &str) -> Result<Page, String> {
        let deadline = self.clock.now().plus_ms(STEP_MS_MAX);
        let over = ["failed", "declined", "cancelled", "expired"];
        loop {
            let found = page.state().unwrap_or_default();
            if found == state {
                return Ok(page);
            }
            if over.contains(&found.as_str()) || page.status != 200 || self.clock.now() >= deadline {
                return Err(expect(&page, 200, state).expect_err("another state"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            let url = page.url.clone();
            page = self.browser.get(&url).await?;
        }
    }

    async fn accept(&mut self, terms: &Page) -> Result<Page, String> {
        let form = terms.form("/terms")?;
        let mut page = self.browser.submit(terms, &form, &[("action", "accept")]).await?;
        let deadline = self.clock.now().plus_ms(STEP_MS_MAX);
        while page.state().as_deref() == Some("digitizing") && self.clock.now() < deadline {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let url = page.url.clone();
            page = self.browser.get(&url).await?;
        }
        Ok(page)
    }

    async fn type_code(&mut self, page: &Page) -> Result<(), String> {
        let deadline = self.clock.now().plus_ms(STEP_MS_MAX);
        let code = loop {
            if let Some(code) = self
                .demo
                .stage
                .bank
                .phone()
                .into_iter()
                .find_map(|message| message.code)
            {
                break code;
            }
            if self.clock.now() >= deadline {
                return Err("no code arrives on the phone".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let fresh = self.until_form(page.clone(), "/code").await?;
        let form = fresh.form("/code")?;
        let answer = self.browser.submit(&fresh, &form, &[("code", &code)]).await?;
        let active = self.until(answer, "active").await?;
        expect(&active, 200, "active")?;
        done("code", "the code from the phone was right");
        Ok(())
    }

    /// While the code is being asked for, the page has no field yet.
    async fn until_form(&mut self, mut page: Page, action: &str) -> Result<Page, String> {
        let deadline = self.clock.now().plus_ms(STEP_MS_MAX);
        while page.form(action).is_err() && self.clock.now() < deadline {
            tokio::time::sleep(Duration::from_millis(100)).await;
            let url = page.url.clone();
            page = self.browser.get(&url).await?;
        }
        Ok(page)
    }

    fn token_is_active(&self, issuer: &str) -> Result<(), String> {
        let tokens = self.demo.stage.mdes.tokens();
        let own: Vec<_> = tokens.iter().filter(|token| token.issuer_id == issuer).collect();
        match own.as_slice() {
            [token] if token.status == "ACTIVE" => {
                done("token", "MDES has exactly one token for the card, and it is active");
                Ok(())
            }
            [token] => Err(format!("the token of {issuer} is {}", token.status)),
            other => Err(format!("MDES has {} tokens of {issuer}, not 1", other.len())),
        }
    }
}

/// Signs in at a bank as Ada and chooses her first card: the page that asks for consent.
pub(super) async fn to_consent(browser: &mut Browser, sign_in: &Page) -> Result<Page, String> {
    let with = |page: &Page, name: &str| {
        let forms = page.forms().into_iter();
        let mut forms = forms.filter(|form| form.choices.iter().any(|(choice, _)| choice == name));
        forms
            .next()
            .ok_or_else(|| format!("the bank offers no {name}: {}", page.text()))
    };
    let form = with(sign_in, "persona")?;
    let cards = browser.submit(sign_in, &form, &[("persona", "ada")]).await?;
    let form = with(&cards, "card")?;
    let card = form.choices.iter().find(|(name, _)| name == "card");
    let (_, card) = card.ok_or("the bank has no card to choose")?;
    browser.submit(&cards, &form, &[("card", card)]).await
}

/// Agrees, and types this code where the bank has a field for one.
pub(super) async fn agree(browser: &mut Browser, consent: &Page, code: Option<&str>) -> Result<Page, String> {
    let forms = consent.forms().into_iter();
    let mut forms = forms.filter(|form| form.choices.iter().any(|(_, value)| value == "add"));
    let form = forms
        .next()
        .ok_or_else(|| format!("the bank asks for no consent: {}", consent.text()))?;
    let mut fields = vec![("decision", "add")];
    if form.fields.iter().any(|(name, _)| name == CODE_FIELD) {
        fields.push((CODE_FIELD, code.unwrap_or_default()));
    }
    browser.submit(consent, &form, &fields).await
}

/// The code that the wallet shows for the bank.
pub(super) fn code_on(page: &Page) -> Option<String> {
    let tags = page.tags();
    let shown = tags.iter().find(|tag| tag.name == "data")?;
    shown.attributes.get("value").cloned()
}

/// The same way to the bank, but for a session that is not ours.
fn other_session(link: &str) -> String {
    const NAME: &str = "tokenRequestorSessionId=";
    match link.find(NAME) {
        Some(at) => {
            let start = at + NAME.len();
            let end = link[start..].find('&').map_or(link.len(), |length| start + length);
            format!("{}00000000-0000-4000-8000-000000000000{}", &link[..start], &link[end..])
        }
        None => link.to_owned(),
    }
}
