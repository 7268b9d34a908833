//! Every lie that MDES, the bank or the road can tell, told in a flow that a person walks through the pages: the inspector's
//! first line names it.

use std::time::Duration;

use serde_json::json;
use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::Turn;
use tidemark::sim::catalogue::Outcome;
use tidemark::sim::lies::LIES;

use crate::bench::{APPROVING, Bench};

const MINUTE: i64 = 60_000;
/// A walk with more pages than this goes in circles.
const PAGES_MAX: usize = 40;
/// A page that waits is looked at so often before the clock is moved.
const LOOKS: usize = 8;

/// A person who does what the pages ask for, at the bank and in the wallet, until nothing is asked any more.
struct Person<'a> {
    bench: &'a Bench,
    browser: Browser,
    /// For a way back that is opened elsewhere.
    other: Browser,
    waited: usize,
}

impl<'a> Person<'a> {
    fn new(bench: &'a Bench) -> Self {
        Self {
            bench,
            browser: Browser::new(),
            other: Browser::new(),
            waited: 0,
        }
    }

    /// Adds Ada's first card of the bank.
    async fn adds_a_card(&mut self) -> Page {
        let attempt = self.bench.begin(&mut self.browser, APPROVING).await;
        let link = attempt.link("data-launch", "web").expect("a way to the bank");
        let mut page = self.browser.follow(&attempt, &link).await.expect("a page");
        for _ in 0..PAGES_MAX {
            match self.goes_on(&page).await {
                Some(next) => page = next,
                None => return page,
            }
        }
        panic!("the walk goes in circles: {}", page.text());
    }

    async fn goes_on(&mut self, page: &Page) -> Option<Page> {
        if !page.url.starts_with(&self.bench.demo.stage.bank_base) {
            return self.in_the_wallet(page).await;
        }
        match page.main_attribute("data-page").as_deref() {
            Some("sign-in") => self.presses(page, "persona", "ada").await,
            Some("cards") => match self.presses(page, "card", &format!("{APPROVING}-ada-1")).await {
                None => self.presses(page, "result", "DECLINED").await,
                chosen => chosen,
            },
            Some("consent") => self.presses(page, "decision", "add").await,
            Some("return") => self.comes_back(page).await,
            _ => None,
        }
    }

    /// Sends the form that offers this choice.
    async fn presses(&mut self, page: &Page, name: &str, value: &str) -> Option<Page> {
        let mut forms = page.forms().into_iter();
        let form = forms.find(|form| form.choices.iter().any(|(known, _)| known == name))?;
        Some(
            self.browser
                .submit(page, &form, &[(name, value)])
                .await
                .expect("a page"),
        )
    }

    /// The bank leaves the way back to the person.
    async fn comes_back(&mut self, page: &Page) -> Option<Page> {
        if let Some(form) = page.forms().into_iter().find(|form| form.action.contains("/callback/")) {
            return Some(self.browser.submit(page, &form, &[]).await.expect("a page"));
        }
        let tags = page.tags();
        let offered = tags.iter().find(|tag| tag.attributes.contains_key("data-return"));
        match offered.map(|tag| {
            (
                tag.attributes["data-return"].clone(),
                tag.attributes.get("href").cloned(),
            )
        }) {
            Some((style, Some(href))) if style == "other-browser" => {
                Some(self.other.follow(page, &href).await.expect("a page"))
            }
            Some((style, Some(href))) if style == "twice" => {
                self.browser.follow(page, &href).await.expect("a page");
                Some(self.browser.follow(page, &href).await.expect("a page"))
            }
            Some((_, Some(href))) => Some(self.browser.follow(page, &href).await.expect("a page")),
            _ => {
                let _ = self.bench.demo.stage.turn(Turn::Advance(16 * MINUTE));
                self.presses(page, "misbehave", "late").await
            }
        }
    }

    async fn in_the_wallet(&mut self, page: &Page) -> Option<Page> {
        match page.state().as_deref() {
            Some("terms") => {
                let form = page.form("/terms").expect("a form");
                Some(
                    self.browser
                        .submit(page, &form, &[("action", "accept")])
                        .await
                        .expect("a page"),
                )
            }
            Some("returned" | "digitizing") if self.waited < LOOKS * 8 => {
                tokio::time::sleep(Duration::from_millis(25)).await;
                self.waited += 1;
                if self.waited.is_multiple_of(LOOKS) {
                    // Nothing comes by itself any more: what is due later is due now.
                    let _ = self.bench.demo.stage.turn(Turn::Advance(MINUTE / 2));
                }
                Some(self.browser.get(&page.url).await.expect("a page"))
            }
            _ => None,
        }
    }
}

/// The ids of the verdicts on the newest attempt, or on what belongs to none, as the workbench's own page has them.
async fn said(bench: &Bench, attempt: &str) -> Vec<String> {
    let page = Browser::new()
        .get(&format!("{}/attempts/{attempt}", bench.demo.workbench_url))
        .await
        .expect("a page");
    let tags = page.tags();
    let links = tags.iter().filter_map(|tag| tag.attributes.get("href"));
    let ids = links.filter_map(|href| href.strip_prefix("/docs/"));
    let mut ids: Vec<String> = ids.map(str::to_owned).collect();
    ids.dedup();
    ids
}

#[tokio::test]
async fn every_lie_is_named_in_the_first_line() {
    let mut wrong = Vec::new();
    for lie in LIES.iter().filter(|lie| lie.id != "check-slow") {
        let bench = Bench::open().await;
        bench.switch(Some(lie.id));
        let is_of_the_list = lie.verdict.starts_with("PP-LST");
        if is_of_the_list {
            let _ = bench.demo.app.refresh_directory().await;
        }
        let attempt = if is_of_the_list { "0" } else { "latest" };
        let end = match is_of_the_list {
            true => String::new(),
            false => Person::new(&bench).adds_a_card().await.text(),
        };
        let found = said(&bench, attempt).await;
        if found.first().map_or("", String::as_str) != lie.verdict {
            wrong.push(format!("{} wants {}: {found:?}: {end:.200}", lie.id, lie.verdict));
        }
        bench.demo.stop().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_good_flow_has_no_problem() {
    let bench = Bench::open().await;
    let end = Person::new(&bench).adds_a_card().await;
    assert_eq!(end.state().as_deref(), Some("active"), "{}", end.text());
    assert_eq!(said(&bench, "latest").await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_bank_decides_is_an_answer_and_no_problem() {
    let bench = Bench::open().await;
    bench.demo.stage.bank.force_every_outcome(Some(Outcome::Decline));
    let end = Person::new(&bench).adds_a_card().await;
    assert_eq!(end.state().as_deref(), Some("declined"), "{}", end.text());
    assert_eq!(said(&bench, "latest").await, ["PP-TOK-002"]);
}

#[tokio::test]
async fn a_slow_call_is_named_with_the_hop() {
    let bench = Bench::open().await;
    let slow = json!({"operation": "checkEligibility", "kind": "delay", "latency_ms": 3_200, "count": 1});
    bench.demo.stage.desk.order(slow).expect("a fault");
    let mut browser = Browser::new();
    bench.add(&mut browser, APPROVING, &format!("{APPROVING}-ada-1")).await;
    assert_eq!(said(&bench, "latest").await, ["PP-NET-001"]);
}
