//! The scenario console: the whole system in a known state in two clicks, by a preset; one thing broken, the clock moved. The same as
//! `/_sim` does for programs, for people; no script is needed.

use askama::Template;
use axum::Router;
use axum::extract::{RawForm, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use url::form_urlencoded;

use crate::sim::Turn;
use crate::sim::control::{Desk, FAULT_KINDS, Hop, ISSUERS_MAX, Latency, Pulled};
use crate::sim::lies::{LIES, Lie, Side, lie};
use crate::sim::presets::{PRESETS, Preset, named};

/// The page.
#[derive(Template)]
#[template(path = "templates/workbench/console.html")]
struct Console {
    active: Option<String>,
    preset: &'static str,
    lie: &'static str,
    pulled: Vec<Pulled>,
    clock: Option<ClockFace>,
    /// What was done last, or why it was not.
    said: Option<String>,
    mistake: Option<String>,
    operations: Vec<&'static str>,
}

/// The clock as the page shows it.
struct ClockFace {
    now: String,
    ahead: String,
    frozen: bool,
}

impl Console {
    fn presets(&self) -> &'static [Preset] {
        PRESETS
    }

    fn sides(&self) -> [(&'static str, Vec<&'static Lie>); 3] {
        let of = |side: Side| LIES.iter().filter(|lie| lie.side == side).collect();
        [
            ("MDES", of(Side::Mdes)),
            ("The bank", of(Side::Bank)),
            ("The road between them", of(Side::Road)),
        ]
    }

    fn is_told(&self, lies: &[&'static Lie]) -> bool {
        lies.iter().any(|lie| lie.id == self.lie)
    }

    fn hops(&self) -> [(&'static str, &'static str); 3] {
        [
            ("to_mdes", "To MDES"),
            ("to_banks", "From MDES to the banks"),
            ("to_wallet", "Notices from MDES to the wallet"),
        ]
    }

    fn kinds(&self) -> [&'static str; 13] {
        FAULT_KINDS
    }

    fn of(desk: &Desk, said: Option<String>, mistake: Option<String>) -> Self {
        Self {
            active: desk.active(),
            // What was switched on one by one is no preset.
            preset: match (desk.preset(), desk.active()) {
                (Some(preset), _) => preset.id,
                (None, Some(_)) => "",
                (None, None) => "everything-works",
            },
            lie: desk.lie().map_or("", |lie| lie.id),
            pulled: desk.pulled(),
            clock: desk.turn(Turn::Look).map(|time| ClockFace {
                now: moment(time.now_ms),
                ahead: span(time.ahead_ms),
                frozen: time.frozen,
            }),
            said,
            mistake,
            operations: Desk::operations().collect(),
        }
    }

    fn shown(&self, status: StatusCode) -> Response {
        match self.render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    }
}

/// The console's routes.
pub fn router(desk: Desk) -> Router {
    Router::new()
        .route("/console", get(console))
        .route("/console/preset", post(preset))
        .route("/console/lie", post(one_lie))
        .route("/console/fault", post(fault))
        .route("/console/fault/remove", post(remove))
        .route("/console/surroundings", post(surroundings))
        .route("/console/clock", post(clock))
        .route("/console/reset", post(reset))
        .with_state(desk)
}

async fn console(State(desk): State<Desk>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let done = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done");
    let said = done.map(|(_, what)| match &*what {
        "reset" => {
            "Everything works again. Cards, tokens and messages stay, and so does the time that has passed.".to_owned()
        }
        "surroundings" => "The surroundings are changed.".to_owned(),
        "removed" => "The fault is removed.".to_owned(),
        "clock" => "The clock was moved for the wallet, MDES and the banks.".to_owned(),
        _ => match desk.active() {
            Some(name) => format!("“{name}” is active."),
            None => "Everything works.".to_owned(),
        },
    });
    Console::of(&desk, said, None).shown(StatusCode::OK)
}

/// The fields of a form, in their order.
struct Fields(Vec<(String, String)>);

impl Fields {
    fn of(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.trim())
    }
}

fn done(desk: &Desk, what: &str) -> Response {
    desk.announce();
    Redirect::to(&format!("/console?done={what}")).into_response()
}

fn refused(desk: &Desk, why: impl Into<String>) -> Response {
    Console::of(desk, None, Some(why.into())).shown(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn preset(State(desk): State<Desk>, RawForm(body): RawForm) -> Response {
    match named(Fields::of(&body).one("preset")) {
        Some(preset) => {
            desk.apply(preset);
            done(&desk, "preset")
        }
        None => refused(&desk, "Choose a preset."),
    }
}

/// One lie, or none when the form names none.
async fn one_lie(State(desk): State<Desk>, RawForm(body): RawForm) -> Response {
    let fields = Fields::of(&body);
    match (fields.one("lie"), lie(fields.one("lie"))) {
        ("", _) => desk.switch(None),
        (_, Some(lie)) => desk.switch(Some(lie)),
        (_, None) => return refused(&desk, "Choose one of the misbehaviours."),
    }
    done(&desk, "lie")
}

/// A fault, in the words of `/_sim/faults`: empty fields are left out.
async fn fault(State(desk): State<Desk>, RawForm(body): RawForm) -> Response {
    let fields = Fields::of(&body);
    let mut asked = Map::new();
    for name in ["operation", "kind", "reason"] {
        if !fields.one(name).is_empty() {
            asked.insert(name.to_owned(), json!(fields.one(name)));
        }
    }
    for name in ["status", "latency_ms", "probability", "count", "seed"] {
        let text = fields.one(name);
        if text.is_empty() {
            continue;
        }
        asked.insert(name.to_owned(), number(text));
    }
    match desk.order(Value::Object(asked)) {
        Ok(()) => done(&desk, "fault"),
        Err(why) => refused(&desk, why),
    }
}

/// How long a road takes, how often it fails, what is listed and what is agreed: empty fields stay as they are.
async fn surroundings(State(desk): State<Desk>, RawForm(body): RawForm) -> Response {
    match change(&desk, &Fields::of(&body)) {
        Ok(()) => done(&desk, "surroundings"),
        Err(why) => refused(&desk, why),
    }
}

fn change(desk: &Desk, fields: &Fields) -> Result<(), String> {
    let mut slower = Vec::new();
    for (name, hop) in [
        ("to_mdes", Hop::ToMdes),
        ("to_banks", Hop::ToBanks),
        ("to_wallet", Hop::ToWallet),
    ] {
        slower.extend(match fields.one(name) {
            "" => None,
            "never" => Some((hop, Latency::Never)),
            "0" => Some((hop, Latency::Usual)),
            ms => match ms.parse() {
                Ok(ms) if ms <= LATENCY_MAX_MS => Some((hop, Latency::Ms(ms))),
                _ => {
                    return Err(format!(
                        "{name} is a number of milliseconds up to {LATENCY_MAX_MS}, or never."
                    ));
                }
            },
        });
    }
    let failing = match fields.one("failing") {
        "" => None,
        rate => match rate.parse() {
            Ok(rate) if (0.0..=1.0).contains(&rate) => Some(rate),
            _ => return Err("failing is a number from 0 to 1.".to_owned()),
        },
    };
    let issuers = match fields.one("issuers") {
        "" => None,
        count => match count.parse() {
            Ok(count) if count <= ISSUERS_MAX => Some(count),
            _ => return Err(format!("issuers is a whole number from 0 to {ISSUERS_MAX}.")),
        },
    };
    let mut knobs = Map::new();
    for name in ["session_in_jws", "single_use"] {
        match fields.one(name) {
            "" => continue,
            word @ ("true" | "false") => knobs.insert(name.to_owned(), json!(word == "true")),
            _ => return Err(format!("{name} is true or false.")),
        };
    }
    if !fields.one("code_mode").is_empty() {
        knobs.insert("code_mode".to_owned(), json!(fields.one("code_mode")));
    }
    match fields.one("receipts_validity_minutes") {
        "" => None,
        text => knobs.insert("receipts_validity_minutes".to_owned(), number(text)),
    };
    if slower.is_empty() && failing.is_none() && issuers.is_none() && knobs.is_empty() {
        return Err("Choose what to change.".to_owned());
    }
    desk.turn_knobs(Value::Object(knobs))?;
    for (hop, latency) in slower {
        desk.slow(hop, latency);
    }
    if let Some(rate) = failing {
        desk.fail(rate);
    }
    if let Some(count) = issuers {
        desk.list(count);
    }
    Ok(())
}

/// A number where it is one; what it is not, whoever reads it says by its name.
fn number(text: &str) -> Value {
    text.parse::<serde_json::Number>()
        .map_or_else(|_| json!(text), Value::Number)
}

async fn remove(State(desk): State<Desk>, RawForm(body): RawForm) -> Response {
    match Fields::of(&body).one("fault").parse() {
        Ok(id) if desk.withdraw(id) => done(&desk, "removed"),
        _ => refused(&desk, "That fault is not there any more."),
    }
}

async fn clock(State(desk): State<Desk>, RawForm(body): RawForm) -> Response {
    let fields = Fields::of(&body);
    let turn = match fields.one("move") {
        "freeze" => Turn::Freeze(true),
        "run" => Turn::Freeze(false),
        minutes => match minutes.parse::<i64>() {
            Ok(minutes) => Turn::Advance(minutes.saturating_mul(60_000)),
            Err(_) => return refused(&desk, "Choose how far the clock goes forward."),
        },
    };
    match desk.try_turn(turn) {
        Ok(_) => done(&desk, "clock"),
        Err(why) => refused(&desk, why.to_string()),
    }
}

async fn reset(State(desk): State<Desk>) -> Response {
    desk.reset();
    done(&desk, "reset")
}

/// `2026-01-01 12:00:00`, UTC.
fn moment(ms: i64) -> String {
    const WRITTEN: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let time = OffsetDateTime::from_unix_timestamp(ms.div_euclid(1_000)).ok();
    time.and_then(|time| time.format(WRITTEN).ok()).unwrap_or_default()
}

/// `1 d 2 h 3 min`; nothing for less than a minute.
fn span(ms: i64) -> String {
    let minutes = ms / 60_000;
    let parts = [(minutes / 1_440, "d"), (minutes / 60 % 24, "h"), (minutes % 60, "min")];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    parts
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What may pass before an answer: two minutes.
const LATENCY_MAX_MS: u64 = 120_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_names_what_there_is_of_it() {
        assert_eq!(span(59_000), "");
        assert_eq!(span(16 * 60_000), "16 min");
        assert_eq!(span((24 * 60 + 61) * 60_000), "1 d 1 h 1 min");
        assert_eq!(moment(1_767_268_800_000), "2026-01-01 12:00:00");
    }
}
