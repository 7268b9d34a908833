//! What the simulators remember.

use axum::body::Bytes;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Desk;
use super::json::{self, Answer, Problem};
use crate::sim::catalogue::{ActivationKind, ISSUERS, Outcome, card_by_id};
use crate::sim::stage;
use crate::sim::{bank, mdes};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forced {
    card: String,
    outcome: Option<Wanted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Approve,
    Decline,
    Error,
    Slow,
    StepUp(Vec<Way>),
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Way {
    Text,
    Email,
    Listen,
    Call,
    IsCalled,
    Website,
    App,
    Visit,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    count: Option<usize>,
    only: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Books {
    version: u32,
    mdes: mdes::Books,
    bank: bank::Books,
}

/// What MDES was asked, and what it asked the banks, oldest first.
pub(super) async fn calls(State(desk): State<Desk>) -> Answer {
    json::ok(&json!({ "mdes": desk.mdes.calls(), "issuer": desk.bank.calls() }))
}

/// What happened since the start, which no reset takes back.
pub(super) async fn counts(State(desk): State<Desk>) -> Answer {
    let counts = desk.mdes.counts();
    json::ok(&json!({ "emptied": counts.emptied, "calls": counts.calls, "tokens": counts.tokens }))
}

pub(super) async fn tokens(State(desk): State<Desk>) -> Answer {
    json::ok(&json!({ "tokens": desk.mdes.tokens() }))
}

/// What arrived on the phones, newest first, and which tokens wait for a proof.
pub(super) async fn messages(State(desk): State<Desk>) -> Answer {
    json::ok(&json!({ "messages": desk.bank.phone(), "waiting": desk.bank.waiting() }))
}

/// From now on the bank answers so for a card; with null as the catalogue says.
pub(super) async fn force(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Forced = json::read(&body)?;
    if card_by_id(&asked.card).is_none() {
        let text = format!(
            "There is no card {}; tidemark magic names some, such as havorn-no-ada-1.",
            asked.card
        );
        return Err(Problem::unfit(text));
    }
    match asked.outcome.map(outcome) {
        Some(outcome) => desk.bank.force_outcome(&asked.card, outcome?),
        None => desk.bank.unforce_outcome(&asked.card),
    }
    json::ok(&json!({ "card": asked.card }))
}

fn outcome(wanted: Wanted) -> Result<Outcome, Problem> {
    Ok(match wanted {
        Wanted::Approve => Outcome::Approve,
        Wanted::Decline => Outcome::Decline,
        Wanted::Error => Outcome::Error,
        Wanted::Slow => Outcome::Slow,
        Wanted::StepUp(ways) if ways.is_empty() => {
            return Err(Problem::unfit("step_up names at least one way, such as text."));
        }
        Wanted::StepUp(ways) => {
            let kind = |way| match way {
                Way::Text => ActivationKind::Text,
                Way::Email => ActivationKind::Email,
                Way::Listen => ActivationKind::Listen,
                Way::Call => ActivationKind::Call,
                Way::IsCalled => ActivationKind::IsCalled,
                Way::Website => ActivationKind::Website,
                Way::App => ActivationKind::App,
                Way::Visit => ActivationKind::Visit,
            };
            Outcome::StepUp(ways.into_iter().map(kind).collect())
        }
    })
}

pub(super) async fn issuers(State(desk): State<Desk>) -> Answer {
    let listed = desk.mdes.listed();
    json::ok(&json!({ "count": listed.len(), "issuers": listed, "bank_base": desk.bank_base }))
}

pub(super) async fn list(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Listed = json::read(&body)?;
    let directory = match (asked.count, asked.only) {
        (Some(count), None) if count <= ISSUERS_MAX => stage::listed(&desk.bank_base, count),
        (Some(_), None) => return Err(Problem::unfit("count is 5000 at the most.")),
        (None, Some(only)) => {
            if let Some(stranger) = only
                .iter()
                .find(|id| ISSUERS.iter().all(|issuer| issuer.id != id.as_str()))
            {
                return Err(Problem::unfit(format!("There is no bank {stranger} among the twelve.")));
            }
            let only: Vec<&str> = only.iter().map(String::as_str).collect();
            stage::listed_only(&desk.bank_base, &only)
        }
        _ => return Err(Problem::unfit("Say count or only, one of them.")),
    };
    desk.mdes.set_directory(directory);
    issuers(State(desk)).await
}

/// Back to the start: what the console resets, and the books. Keys stay, and time that has passed has passed.
pub(super) async fn reset(State(desk): State<Desk>) -> Answer {
    desk.reset();
    desk.mdes.forget();
    desk.bank.reset();
    desk.processor.reset();
    json::ok(&json!({}))
}

pub(super) async fn state(State(desk): State<Desk>) -> Answer {
    let books = Books {
        version: VERSION,
        mdes: desk.mdes.books(),
        bank: desk.bank.books(),
    };
    // The books are texts and numbers: writing them never fails.
    json::ok(&serde_json::to_value(books).unwrap_or(Value::Null))
}

pub(super) async fn put_state(State(desk): State<Desk>, body: Bytes) -> Answer {
    let books: Books = json::read(&body)?;
    if books.version != VERSION {
        return Err(Problem::unfit(format!(
            "These books are of version {}, and not {VERSION}.",
            books.version
        )));
    }
    desk.mdes.put_books(books.mdes).map_err(Problem::unfit)?;
    desk.bank.put_books(books.bank);
    json::ok(&json!({}))
}

/// Of the form of the books.
const VERSION: u32 = 1;
/// How many banks MDES lists at the most.
pub const ISSUERS_MAX: usize = 5_000;
