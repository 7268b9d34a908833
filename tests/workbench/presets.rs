//! Every preset, from the wallet's front door to where its own row says that a person ends, and what the inspector says.

use std::time::Duration;

use tidemark::cli::browser::{Browser, Page};
use tidemark::cli::scenario::bank;
use tidemark::sim::Turn;
use tidemark::sim::presets::{PRESETS, Preset};

use crate::bench::{APPROVING, Bench, session_of};
use crate::inspector::comes_back;

/// What takes longer than this does not come any more.
const PATIENCE: Duration = Duration::from_secs(30);
const QUARTER_MS: i64 = 16 * 60_000;

/// Where a person goes.
#[derive(Clone, Copy)]
enum Way {
    /// Adds a card.
    Add,
    /// The same, and after a quarter of an hour the wallet gives up.
    AddInVain,
    /// Looks at this page of the wallet until it is as wanted.
    Look(&'static str),
}

/// Where a person goes, and what is shown there or on the way, so that the row's `page` is true.
fn way(id: &str) -> (Way, &'static str) {
    let list = |words| (Way::Look("/issuers"), words);
    match id {
        "everything-works" | "return-posted" => (Way::Add, "Card added"),
        "code-needed" => (Way::Add, "Confirm it’s you"),
        "three-wrong-codes" => (Way::Add, "Too many wrong codes"),
        "return-cancelled" => (Way::Add, "You stopped before the card was added"),
        "no-eligible-card" => (Way::Add, "has no card you can add"),
        "mdes-declines" => (Way::Add, "did not approve this card"),
        "already-added" => (Way::Add, "This card is already in your wallet"),
        "expired-receipt" => (Way::Add, "answer arrived too late"),
        "other-session" => (Way::Add, "This reply belongs to a different attempt"),
        "tampered" => (Way::Add, "We couldn’t confirm that this came from your bank"),
        "unknown-key" => (Way::Add, "a key that is new to us, and we are fetching it"),
        "return-elsewhere" => (Way::Add, "You came back in another browser"),
        "return-bare" => (Way::Add, "sent you back without an answer"),
        "check-slow" => (Way::Add, "This is taking longer than usual"),
        "check-503" => (Way::Add, "will keep trying"),
        "body-rewritten" | "clock-off" => (Way::AddInVain, "will keep trying for 15 minutes"),
        "terms-changed" => (Way::Add, "Mastercard did not accept the request"),
        "app-only" => (
            Way::Look("/issuers/iperoxo-br"),
            "only lets you add cards from its phone app",
        ),
        "list-down" => list("We can’t load the list of banks right now"),
        "list-empty" => list("No issuers are available yet"),
        "three-issuers" => list(" 3 issuers "),
        "twelve-issuers" => list("Search 12 issuers "),
        "many-issuers" => list("of 500 issuers"),
        "unsafe-logo" => list("class=\"logo tile "),
        other => panic!("nobody walks {other}"),
    }
}

/// As the rows have it.
fn end_of(page: &Page) -> String {
    let problem = page.main_attribute("data-problem");
    let problem = problem.map(|problem| format!("/{problem}")).unwrap_or_default();
    format!("{}{problem}", page.state().unwrap_or_default())
}

fn shows(page: &Page, words: &str) -> bool {
    page.text().contains(words) || page.body.contains(words)
}

/// A person, and what they are to see.
struct Walk<'a> {
    bench: &'a Bench,
    browser: Browser,
    ends: &'static str,
    words: &'static str,
    /// They were seen.
    seen: bool,
    session: Option<String>,
}

impl Walk<'_> {
    /// From the wallet's list of banks through the bank and back.
    async fn there_and_back(&mut self) -> Result<Page, String> {
        let (bench, browser) = (self.bench, &mut self.browser);
        let attempt = bench.begin(browser, APPROVING).await;
        self.session = Some(session_of(&attempt));
        let link = attempt.link("data-launch", "web").ok_or("no way to the bank")?;
        let sign_in = browser.follow(&attempt, &link).await?;
        let cards = bank::sign_in(browser, &sign_in, "ada").await?;
        if let Ok(leave) = bank::form_with(&cards, |_, value| value == "DECLINED", "way back") {
            return browser.submit(&cards, &leave, &[("result", "DECLINED")]).await;
        }
        let choices = cards.forms().into_iter().flat_map(|form| form.choices);
        let card = choices.into_iter().find(|(name, _)| name == "card");
        let (_, card) = card.ok_or("the bank has no card to choose")?;
        let consent = bank::choose(browser, &cards, &[&card]).await?;
        let back = bank::decide(browser, &consent, "add", None).await?;
        Ok(comes_back(bench, browser, back).await)
    }

    /// Does what each page asks for until it is as wanted, or nothing is asked any more.
    async fn add(&mut self) -> Result<Page, String> {
        let mut page = self.there_and_back().await?;
        loop {
            self.seen |= shows(&page, self.words);
            if end_of(&page) == self.ends && self.seen {
                return Ok(page);
            }
            let browser = &mut self.browser;
            page = match page.state().unwrap_or_default().as_str() {
                "terms" => {
                    browser
                        .submit(&page, &page.form("/terms")?, &[("action", "accept")])
                        .await?
                }
                "step-up" => {
                    let form = page.form("/method")?;
                    let (name, way) = form.choices.first().ok_or("no way to confirm")?.clone();
                    browser.submit(&page, &form, &[(&name, &way)]).await?
                }
                "code" if page.form("/code").is_ok() => {
                    let sent = self.bench.demo.stage.bank.phone().into_iter();
                    let code = sent.filter_map(|message| message.code).next();
                    let code = code.ok_or("no code on the phone")?;
                    browser.submit(&page, &page.form("/code")?, &[("code", &code)]).await?
                }
                "returned" | "checking" | "digitizing" | "code" => self.again(&page.url).await?,
                _ => return Ok(page),
            };
        }
    }

    async fn look(&mut self, path: &str) -> Result<Page, String> {
        // The wallet asks for the list in its own time.
        loop {
            let page = self.again(&self.bench.at(path)).await?;
            self.seen = shows(&page, self.words);
            if end_of(&page) == self.ends && self.seen {
                return Ok(page);
            }
        }
    }

    async fn again(&mut self, url: &str) -> Result<Page, String> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        self.browser.get(url).await
    }

    /// Whether the first verdict about the attempt, or about what belongs to none, comes to be this one.
    async fn named(&self, wanted: &str) -> Result<(), String> {
        let attempts = self.bench.demo.journal.attempts();
        let own = self.session.as_ref().and_then(|session| {
            let reference = format!("TM-{}", session[..8].to_ascii_uppercase());
            attempts.iter().find(|attempt| attempt.reference == reference)
        });
        let number = own.map_or(0, |attempt| attempt.number);
        let first = async || self.bench.verdicts(number).await.into_iter().next().unwrap_or_default();
        let named = async {
            while first().await != wanted {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        match tokio::time::timeout(PATIENCE, named).await {
            Ok(()) => Ok(()),
            Err(_) => Err(format!("the first verdict is {:?}, not {wanted:?}", first().await)),
        }
    }
}

/// What is not as the row says.
async fn walk(bench: &Bench, preset: &'static Preset) -> Result<(), String> {
    let (way, words) = way(preset.id);
    let desk = &bench.demo.stage.desk;
    if let Way::Look(_) = way {
        bench.demo.journal.clear();
    }
    desk.apply(preset);
    desk.announce();
    let mut walk = Walk {
        bench,
        browser: Browser::new(),
        ends: preset.ends,
        words,
        seen: false,
        session: None,
    };
    let walking = async {
        match way {
            Way::Add | Way::AddInVain => walk.add().await,
            Way::Look(path) => walk.look(path).await,
        }
    };
    let page = tokio::time::timeout(PATIENCE, walking).await;
    let page = page.map_err(|_| "it never ends".to_owned())??;
    if end_of(&page) != preset.ends || !walk.seen {
        let (end, text) = (end_of(&page), page.text());
        return Err(format!(
            "ends as {end}, not {}, or without “{words}”: {text}",
            preset.ends
        ));
    }
    walk.named(preset.verdict).await?;
    if let Way::AddInVain = way {
        let _ = desk.turn(Turn::Advance(QUARTER_MS));
        let page = bench.until(&mut walk.browser, page, &["failed"]).await;
        if end_of(&page) != "failed/not-answering" {
            return Err(format!("gives up as {}: {}", end_of(&page), page.text()));
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_preset_ends_as_its_row_says_and_is_named_so() {
    let bench = Bench::open().await;
    let mut wrong = Vec::new();
    for preset in PRESETS {
        if let Err(why) = walk(&bench, preset).await {
            wrong.push(format!("{}: {why}", preset.id));
        }
        bench.demo.stage.desk.reset();
        bench.demo.stage.desk.announce();
        let app = &bench.demo.app;
        bench.eventually(|| app.current_directory().issuers.len() == 12).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
