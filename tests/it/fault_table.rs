//! Every fault at every call that the wallet makes, and where the attempt ends: the table in `src/app/faults.md` is made
//! here, and a cell that is no longer true fails.
//!
//! A person does what the pages ask for; the clock is moved when nobody can do anything. Whatever happens, MDES makes one
//! token at the most, the attempt comes to an end, and nothing is left open in the books.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tidemark::cli::browser::{Browser, Page};
use tidemark::sim::catalogue::{ActivationKind, Outcome};
use tidemark::sim::control::FAULT_KINDS;
use tidemark::sim::mdes::Fault;

use crate::world::{APPROVING, TEXTING, World, card};

mod life;

const BEGIN: &str = "<!-- made by tests/it/fault_table.rs with TIDEMARK_WRITE_DOCS=1 -->\n";
const END: &str = "<!-- end -->";
/// Waits between two looks, in seconds; they add up to two days, after which nothing may be open.
const WAITS_S: &[i64] = &[
    1, 2, 2, 5, 10, 15, 25, 60, 60, 120, 300, 300, 600, 900, 1_200, 3_600, 3_600, 7_200, 21_600, 43_200, 86_400,
];
/// More often than a fault that never ends can strike.
const FOR_EVER: usize = 100_000;
/// Where an attempt may end, or rest without anybody having to do anything.
const ENDS: [&str; 4] = ["active", "failed", "declined", "pending"];

/// One fault: its heading, which names its kind as it is ordered, how it is made, how often it strikes.
type Column = (&'static str, fn() -> Fault, usize);

/// The faults, each with what it does to a call.
const COLUMNS: &[Column] = &[
    ("`status` 503", || Fault::Status(503), 1),
    ("`status` 429", || Fault::Status(429), 1),
    ("`status` 401", || Fault::Status(401), 1),
    ("`html`", || Fault::Html, 1),
    ("`empty`", || Fault::Empty, 1),
    ("`wrong-json`", || Fault::WrongJson, 1),
    ("`truncated`", || Fault::Truncated, 1),
    ("`huge`", || Fault::Huge, 1),
    ("`wrong-response-id`", || Fault::WrongResponseId, 1),
    ("`drop`", || Fault::DropBefore, 1),
    ("`lose-answer`", || Fault::LoseAnswer, 1),
    ("`hang`", || Fault::Hang, 1),
    ("`delay`", || Fault::Delay(Duration::from_millis(150)), 1),
    ("`late`", || Fault::Late(Duration::from_millis(5)), 1),
    ("`errors`", || Fault::Errors("SOMETHING_NEW".to_owned()), 1),
    ("`status` 503, always", || Fault::Status(503), FOR_EVER),
    ("`lose-answer`, always", || Fault::LoseAnswer, FOR_EVER),
    (
        "`errors`, always",
        || Fault::Errors("SOMETHING_NEW".to_owned()),
        FOR_EVER,
    ),
];

/// A call of the wallet, and how an attempt gets to it.
struct Row {
    call: &'static str,
    bank: &'static str,
    /// How the bank decides, where that differs from the catalogue.
    outcome: Option<Outcome>,
    /// What has to go wrong before, for the wallet to make this call.
    before: Option<&'static str>,
    /// The card is in the wallet already.
    again: bool,
}

impl Row {
    fn new(call: &'static str) -> Self {
        Self {
            call,
            bank: APPROVING,
            outcome: None,
            before: None,
            again: false,
        }
    }
}

/// What is seen of an attempt that is over.
#[derive(Debug)]
struct End {
    state: String,
    problem: String,
    after_s: i64,
    /// A duplicate's token could not be deleted.
    is_left: bool,
}

impl End {
    fn of(state: String, problem: String, after_s: i64) -> Self {
        Self {
            state,
            problem,
            after_s,
            is_left: false,
        }
    }

    fn text(&self) -> String {
        let mut text = self.state.clone();
        if !self.problem.is_empty() {
            let _ = write!(text, " ({})", self.problem);
        }
        if self.is_left {
            text.push_str(", its token is left for the operator");
        }
        match self.after_s {
            0 => {}
            s if s < 120 => {
                let _ = write!(text, ", {s} s later");
            }
            s if s < 7_200 => {
                let _ = write!(text, ", {} min later", s / 60);
            }
            s => {
                let _ = write!(text, ", {} h later", s / 3_600);
            }
        }
        text
    }
}

/// One attempt in a world: what was there before it does not count.
struct Attempt<'a> {
    world: &'a World,
    browser: Browser,
    tokens_before: usize,
    calls_before: usize,
    began_ms: i64,
    asked_bank: bool,
}

async fn world_of(fault: &Fault) -> World {
    // Short only where the fault needs it: elsewhere a slow machine must not look like a slow MDES.
    let patience = if *fault == Fault::Hang { "700" } else { "8000" };
    World::with(&[
        ("TIDEMARK_MDES__TIMEOUTS__CONNECT_MS", "600"),
        ("TIDEMARK_MDES__TIMEOUTS__READ_MS", patience),
        ("TIDEMARK_MDES__TIMEOUTS__TOTAL_MS", patience),
        ("TIDEMARK_MDES__TIMEOUTS__EFFECT_MS", patience),
    ])
    .await
}

async fn play(world: &World, row: &Row, (_, fault, times): &Column) -> End {
    let id = card(row.bank, "ada", 1);
    if let Some(outcome) = &row.outcome {
        world.stage.bank.force_outcome(&id, outcome.clone());
    }
    let mut browser = world.browser();
    let tokens_before = world.stage.mdes.tokens().len();
    if row.again {
        let terms = world.to_terms(&mut browser, row.bank, &[&id]).await;
        world.accept(&mut browser, &terms).await;
    }
    let mut attempt = Attempt {
        world,
        browser,
        tokens_before,
        calls_before: world.stage.mdes.calls().len(),
        began_ms: world.clock.now().0,
        asked_bank: false,
    };
    if let Some(before) = row.before {
        world.stage.mdes.inject(before, Fault::LoseAnswer, 1);
    }
    world.stage.mdes.inject(row.call, fault(), *times);
    let back = world.come_back(&mut attempt.browser, row.bank, &[&id]).await;
    let mut end = attempt.live(back).await;
    if row.again {
        // The page is told at once; the worker deletes meanwhile, and goes on when the answer was bad.
        for wait_s in WAITS_S {
            world.pass(wait_s * 1_000).await;
        }
        end.is_left = attempt.active_tokens() > 1;
    }
    attempt.check(row, &end);
    world.stage.mdes.clear_faults();
    end
}

impl Attempt<'_> {
    /// Does what the pages ask for, and waits when they ask for nothing.
    async fn live(&mut self, mut page: Page) -> End {
        let mut after_s = 0;
        let mut waits = WAITS_S.iter();
        self.world.work().await;
        // Twice as often as there are waits: between two of them a person can act once.
        for turn in 0..WAITS_S.len() * 2 {
            page = self.world.look(&mut self.browser, &page).await;
            let state = page.state().unwrap_or_default();
            if ENDS.contains(&state.as_str()) && state != "pending" {
                let problem = page.main_attribute("data-problem").unwrap_or_default();
                return End::of(state, problem, after_s);
            }
            if turn % 2 == 0 && self.act(&page, &state).await {
                continue;
            }
            let Some(wait_s) = waits.next() else { break };
            late_effects_are_there(self.world).await;
            self.world.pass(wait_s * 1_000).await;
            after_s += wait_s;
        }
        let state = page.state().unwrap_or_default();
        assert!(ENDS.contains(&state.as_str()), "stuck: {state}: {}", page.text());
        End::of(state, String::new(), after_s)
    }

    /// What a person does on this page, if there is anything to do.
    async fn act(&mut self, page: &Page, state: &str) -> bool {
        let (world, browser) = (self.world, &mut self.browser);
        match state {
            "terms" => world.act(browser, page, "/terms", &[("action", "accept")]).await,
            "step-up" => {
                let form = page.form("/method").expect("a form");
                let (name, value) = form.choices.first().expect("a way").clone();
                world.act(browser, page, "/method", &[(&name, &value)]).await
            }
            "code" if page.form("/code").is_ok() => {
                let mut sent = world.stage.bank.phone().into_iter();
                match sent.find_map(|sent| sent.code.filter(|_| sent.at >= self.began_ms)) {
                    Some(code) => world.act(browser, page, "/code", &[("code", &code)]).await,
                    None if page.form("/resend").is_ok() => world.act(browser, page, "/resend", &[]).await,
                    None => return false,
                }
            }
            // The cardholder calls the bank once.
            "pending" if !self.asked_bank => {
                self.asked_bank = true;
                let tokens = world.stage.mdes.tokens();
                let token = tokens.last().expect("a token");
                let activated = world.stage.bank.activate_token(&token.token_unique_reference);
                activated.await.expect("the bank activates");
                world.work().await;
                return true;
            }
            _ => return false,
        };
        true
    }

    fn active_tokens(&self) -> usize {
        let tokens = self.world.stage.mdes.tokens();
        let own = tokens.iter().skip(self.tokens_before);
        own.filter(|token| token.status == "ACTIVE").count()
    }

    /// Nothing twice, and what the page says is what MDES has.
    fn check(&self, row: &Row, end: &End) {
        let mdes = &self.world.stage.mdes;
        for token in mdes.tokens() {
            assert_eq!(mdes.effects(&token.receipt), 1, "{}: {token:?}", row.call);
        }
        let calls = mdes.calls();
        let orders = calls.iter().skip(self.calls_before);
        let orders = orders.filter(|call| call.operation == "digitize" && ![401, 403, 429].contains(&call.status));
        let mut performed: BTreeMap<_, usize> = BTreeMap::new();
        for order in orders {
            *performed.entry(order.task_id.clone()).or_default() += 1;
        }
        assert!(
            performed.values().all(|times| *times == 1),
            "{}: {performed:?}",
            row.call
        );
        let active = self.active_tokens();
        let fits = match (end.state.as_str(), end.problem.as_str()) {
            ("active", _) => active == 1,
            ("pending", "") => active <= 1,
            // Nobody knows, and the page says so and sends the cardholder to the issuer.
            ("failed", "unclear") => active <= 1,
            ("failed", "duplicate") => active == if end.is_left { 2 } else { 1 },
            (_, "") => false,
            _ => active == 0,
        };
        assert!(fits, "{} ended as {end:?} with {active} active tokens", row.call);
    }
}

/// An effect that is to come later comes in the machine's time, not in the clock's.
async fn late_effects_are_there(world: &World) {
    let is_due = |call: &tidemark::sim::mdes::Call| call.outcome.contains("effect to come");
    while world.stage.mdes.calls().iter().any(is_due) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Every cell of a row; what is in the document must be what is seen.
async fn row(row: Row) {
    if std::env::var_os("TEST_POSTGRES_URL").is_some() {
        eprintln!("skipped: the table of faults is made on SQLite");
        return;
    }
    let mut cells = Vec::new();
    let shared = world_of(&Fault::Html).await;
    for column in COLUMNS {
        let fault = (column.1)();
        // Terms are fetched once for all attempts, and a fault that never answers needs a wallet with little patience.
        let own = fault == Fault::Hang || row.call == "asset";
        let end = if own {
            play(&world_of(&fault).await, &row, column).await
        } else {
            play(&shared, &row, column).await
        };
        let struck_once = column.2 == 1 && !column.0.starts_with("`errors`");
        let is_well = match row.call {
            "delete" => end.problem == "duplicate" && !end.is_left,
            // An order that never arrived is not sent again: the consent was for one.
            "digitize" => end.state == "active" || end.problem == "nothing-added",
            _ => end.state == "active",
        };
        assert!(!struck_once || is_well, "{} at {}: {end:?}", column.0, row.call);
        cells.push(end.text());
    }
    compare(&format!("`{}`", row.call), "The attempt ends as", &cells);
}

fn document() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/app/faults.md")
}

/// Each test owns the table under its heading.
fn compare(heading: &str, column: &str, cells: &[String]) {
    // Tests write beside each other.
    static WRITING: Mutex<()> = Mutex::new(());
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(document()).expect("the document");
    let (head, rest) = text.split_once(BEGIN).expect("where the tables begin");
    let (tables, tail) = rest.split_once(END).expect("where they end");
    let mut sections: BTreeMap<String, String> = BTreeMap::new();
    for section in tables.split("### ").skip(1) {
        let (heading, body) = section.split_once('\n').expect("a heading");
        sections.insert(heading.to_owned(), body.to_owned());
    }
    let mut wanted = format!("\n| Fault | {column} |\n| --- | --- |\n");
    for ((name, ..), cell) in COLUMNS.iter().zip(cells) {
        let _ = writeln!(wanted, "| {name} | {cell} |");
    }
    wanted.push('\n');
    if std::env::var_os("TIDEMARK_WRITE_DOCS").is_some() {
        sections.insert(heading.to_owned(), wanted);
        let tables: String = sections
            .iter()
            .map(|(heading, body)| format!("### {heading}\n{body}"))
            .collect();
        fs::write(document(), format!("{head}{BEGIN}{tables}{END}{tail}")).expect("written");
    } else {
        let found = sections.get(heading).map(String::as_str).unwrap_or_default();
        assert_eq!(found, wanted, "write it anew with TIDEMARK_WRITE_DOCS=1");
    }
}

#[test]
fn headings_name_every_kind_as_it_is_ordered() {
    let named: BTreeSet<&str> = COLUMNS
        .iter()
        .filter_map(|(heading, ..)| heading.split('`').nth(1))
        .collect();
    assert_eq!(named, FAULT_KINDS.into_iter().collect());
}

#[tokio::test]
async fn check_eligibility() {
    row(Row::new("checkEligibility")).await;
}

#[tokio::test]
async fn terms() {
    row(Row::new("asset")).await;
}

#[tokio::test]
async fn digitize() {
    row(Row::new("digitize")).await;
}

#[tokio::test]
async fn task_status() {
    row(Row {
        before: Some("digitize"),
        ..Row::new("getTaskStatus")
    })
    .await;
}

#[tokio::test]
async fn search_tokens() {
    row(Row {
        before: Some("digitize"),
        ..Row::new("searchTokens")
    })
    .await;
}

#[tokio::test]
async fn request_activation_code() {
    row(Row {
        bank: TEXTING,
        ..Row::new("requestActivationCode")
    })
    .await;
}

#[tokio::test]
async fn activate() {
    row(Row {
        bank: TEXTING,
        ..Row::new("activate")
    })
    .await;
}

#[tokio::test]
async fn token() {
    row(Row {
        outcome: Some(Outcome::StepUp(vec![ActivationKind::Call])),
        ..Row::new("getToken")
    })
    .await;
}

#[tokio::test]
async fn delete() {
    row(Row {
        again: true,
        ..Row::new("delete")
    })
    .await;
}

/// The one call that belongs to no attempt: what the wallet lists afterwards, and after the next look.
#[tokio::test]
async fn eligible_issuers() {
    if std::env::var_os("TEST_POSTGRES_URL").is_some() {
        eprintln!("skipped: the table of faults is made on SQLite");
        return;
    }
    let mut cells = Vec::new();
    for (name, fault, times) in COLUMNS {
        let world = world_of(&fault()).await;
        world.stage.mdes.inject("getEligibleIssuers", fault(), *times);
        let refreshed = world.app.refresh_directory().await.is_ok();
        let mut browser = world.browser();
        let picker = browser.get(&world.at("/issuers")).await.expect("an answer");
        assert_eq!(picker.status, 200, "{name}");
        assert!(picker.body.contains(APPROVING), "{name}: what is known is shown");
        world.start(&mut browser, APPROVING).await;
        world.stage.mdes.clear_faults();
        assert!(world.app.refresh_directory().await.is_ok(), "{name}");
        cells.push(if refreshed {
            "list taken".to_owned()
        } else {
            "the list of before stays, attempts can begin".to_owned()
        });
    }
    compare("`getEligibleIssuers`", "The attempt ends as", &cells);
}
