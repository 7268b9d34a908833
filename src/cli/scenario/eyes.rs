//! What a person sees, and what stands in the books of others, held against what must be so.

use std::time::Duration;

use crate::cli::browser::Page;
use crate::clock::Clock;

use super::bank;
use super::format::{Expect, NONE};
use super::person::{LOOK_EVERY, PATIENCE_MS, Person, Trouble};

/// What an inspector has to say of a page that is there, it says within this time.
const SETTLED: Duration = Duration::from_millis(300);

impl Person<'_> {
    /// What the page shows must be so now, unless it is one that can be opened again; what is in others' books may take a
    /// moment.
    ///
    /// # Errors
    /// What was seen instead, or what kept it from being looked at.
    pub(super) async fn expect(&mut self, expected: &Expect) -> Result<(), Trouble> {
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(PATIENCE_MS);
        if expected.is_about_page() {
            self.page()?;
        }
        while let Some(why) = self.page_differs(expected) {
            let Some(path) = self.looked_at.clone().filter(|_| clock.now() < deadline) else {
                return Err(Trouble::Unmet(why));
            };
            tokio::time::sleep(LOOK_EVERY).await;
            self.look(&path).await?;
        }
        while let Some(why) = self.books_differ(expected).await? {
            if clock.now() >= deadline {
                return Err(Trouble::Unmet(why));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        match &expected.verdict {
            Some(verdict) => self.expect_verdict(verdict).await,
            None => Ok(()),
        }
    }

    /// The report on the attempt must begin with this verdict, or have none.
    ///
    /// # Errors
    /// What it says instead, or what kept it from being looked at.
    pub(super) async fn expect_verdict(&mut self, wanted: &str) -> Result<(), Trouble> {
        let Some(inspector) = self.ground.inspector.as_ref() else {
            self.unchecked.push(wanted.to_owned());
            return Ok(());
        };
        let session = self.session().ok_or("no attempt was started that could be judged")?;
        let is_none = ["", NONE].contains(&wanted);
        if is_none {
            // What is about to be said is not said yet.
            tokio::time::sleep(SETTLED).await;
        }
        let clock = Clock::system();
        let deadline = clock.now().plus_ms(PATIENCE_MS);
        loop {
            let said = inspector.verdicts(session).await?;
            let is_so = match &said {
                Some(said) if is_none => said.is_empty(),
                Some(said) => said.first().is_some_and(|first| first == wanted),
                None => false,
            };
            if is_so {
                return Ok(());
            }
            if clock.now() >= deadline {
                let said = match said {
                    None => "knows nothing of the attempt".to_owned(),
                    Some(said) if said.is_empty() => "has nothing to say".to_owned(),
                    Some(said) => format!("says {}", said.join(", ")),
                };
                let wanted = if is_none { "no verdict" } else { wanted };
                return Err(Trouble::Unmet(format!("wanted {wanted}, but the inspector {said}")));
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn page_differs(&self, expected: &Expect) -> Option<String> {
        let page = self.page.as_ref()?;
        let text = page.text();
        let problem = page.main_attribute("data-problem");
        let links = |prefix: &str| {
            let tags = page.tags();
            let found = tags.iter().filter(|tag| {
                let href = tag.attributes.get("href");
                href.is_some_and(|href| href.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()))
            });
            found.count()
        };
        let choices = || {
            let forms = page.forms();
            let all = forms.iter().flat_map(|form| &form.choices);
            all.filter(|(name, _)| name == "issuer").count()
        };
        let checks: [(bool, &dyn Fn() -> String); 10] = [
            (expected.status.is_none_or(|status| status == page.status), &|| {
                format!("status {}", expected.status.unwrap_or_default())
            }),
            (expected.state.is_none() || expected.state == page.state(), &|| {
                format!("the state {}", expected.state.clone().unwrap_or_default())
            }),
            (expected.problem.is_none() || expected.problem == problem, &|| {
                format!("the problem {}", expected.problem.clone().unwrap_or_default())
            }),
            (
                expected.bank_page.is_none() || expected.bank_page == page.main_attribute("data-page"),
                &|| format!("the bank's page {}", expected.bank_page.clone().unwrap_or_default()),
            ),
            (
                expected.text.as_ref().is_none_or(|wanted| text.contains(wanted)),
                &|| format!("“{}”", expected.text.clone().unwrap_or_default()),
            ),
            (
                expected.no_text.as_ref().is_none_or(|banned| !text.contains(banned)),
                &|| format!("no “{}”", expected.no_text.clone().unwrap_or_default()),
            ),
            (
                expected
                    .code_shown
                    .is_none_or(|shown| shown == bank::code_on(page).is_some()),
                &|| "a code for the bank only where one is asked for".to_owned(),
            ),
            (
                !expected.clean_address.unwrap_or(false)
                    || !page.url.contains('?') && !page.url.contains("pushAccountData"),
                &|| "nothing of the receipt in the address bar".to_owned(),
            ),
            (
                expected.cards_at_least.is_none_or(|cards| links("/cards/") >= cards),
                &|| {
                    format!(
                        "{} cards and not {}",
                        expected.cards_at_least.unwrap_or_default(),
                        links("/cards/")
                    )
                },
            ),
            (expected.issuers.is_none_or(|issuers| choices() == issuers), &|| {
                format!("{} issuers and not {}", expected.issuers.unwrap_or_default(), choices())
            }),
        ];
        let unmet = checks.iter().find(|(is_so, _)| !is_so);
        unmet.map(|(_, wanted)| seen(page, &wanted()))
    }

    async fn books_differ(&self, expected: &Expect) -> Result<Option<String>, String> {
        if let Some(wanted) = &expected.tokens {
            let tokens = self.ground.control.tokens().await?;
            let own = tokens
                .iter()
                .skip(self.tokens_before)
                .filter(|token| token.issuer == self.issuer);
            let found: Vec<&String> = own.map(|token| &token.status).collect();
            if found != wanted.iter().collect::<Vec<_>>() {
                return Ok(Some(format!(
                    "MDES has the tokens {found:?} of {}, not {wanted:?}",
                    self.issuer
                )));
            }
        }
        if expected.calls.is_some() || expected.answered.is_some() {
            let calls = self.ground.control.calls().await?;
            let of = |operation: &str| {
                calls
                    .iter()
                    .filter(|call| call.operation == operation)
                    .collect::<Vec<_>>()
            };
            for (operation, wanted) in expected.calls.iter().flatten() {
                let found = of(operation).len();
                if found != *wanted {
                    return Ok(Some(format!(
                        "MDES was asked {found} time(s) for {operation}, not {wanted}"
                    )));
                }
            }
            for (operation, wanted) in expected.answered.iter().flatten() {
                let last = of(operation)
                    .last()
                    .map(|call| format!("{} {}", call.status, call.outcome));
                if last.as_ref() != Some(wanted) {
                    let last = last.unwrap_or_else(|| "no call".to_owned());
                    return Ok(Some(format!("MDES answered {operation} with {last}, not {wanted}")));
                }
            }
        }
        if let Some(wanted) = expected.messages {
            let found = self
                .ground
                .control
                .messages()
                .await?
                .len()
                .saturating_sub(self.messages_before);
            if found != wanted {
                return Ok(Some(format!("{found} message(s) are on the phones, not {wanted}")));
            }
        }
        Ok(None)
    }
}

/// What was wanted, and what the page shows.
pub(super) fn seen(page: &Page, wanted: &str) -> String {
    let state = page.state().or_else(|| page.main_attribute("data-page"));
    let problem = page.main_attribute("data-problem");
    let problem = problem.map_or_else(String::new, |code| format!(", problem {code}"));
    format!(
        "wanted {wanted}, got {} {}{problem}",
        page.status,
        state.unwrap_or_else(|| "none".to_owned())
    )
}
