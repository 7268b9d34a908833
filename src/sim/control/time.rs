//! `/_sim/clock` and `/_sim/skew`.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::json::{self, Answer, Problem};
use super::{Desk, Skew};
use crate::sim::{Time, Turn};

/// What to do with the clock: at least one of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    advance: Option<String>,
    advance_ms: Option<i64>,
    freeze: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    mdes_ms: Option<i64>,
    bank_ms: Option<i64>,
}

pub(super) async fn read(State(desk): State<Desk>) -> Answer {
    shown(turned(&desk, Turn::Look)?)
}

pub(super) async fn turn(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Move = json::read(&body)?;
    let by_ms = match (asked.advance.as_deref(), asked.advance_ms) {
        (Some(_), Some(_)) => return Err(Problem::unfit("Say advance or advance_ms, not both.")),
        (Some(text), None) => Some(duration_ms(text).ok_or_else(|| {
            Problem::unfit("advance is a whole number with ms, s, m, h or d behind it, such as 16m.")
        })?),
        (None, by_ms) => by_ms,
    };
    if by_ms.is_none() && asked.freeze.is_none() {
        return Err(Problem::unfit("Say advance, advance_ms or freeze."));
    }
    if by_ms.is_some_and(|by_ms| !(0..=ADVANCE_MAX_MS).contains(&by_ms)) {
        return Err(Problem::unfit(
            "The clock goes forward only, and by ten years at the most.",
        ));
    }
    let mut time = turned(&desk, Turn::Look)?;
    if let Some(by_ms) = by_ms {
        time = turned(&desk, Turn::Advance(by_ms))?;
    }
    if let Some(freeze) = asked.freeze {
        time = turned(&desk, Turn::Freeze(freeze))?;
    }
    shown(time)
}

pub(super) async fn read_skew(State(desk): State<Desk>) -> Answer {
    skew_shown(&desk.skew)
}

/// A member that is not there leaves its clock as it is.
pub(super) async fn set_skew(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Off = json::read(&body)?;
    let [mdes, bank] = desk.skew.read();
    let skew = [asked.mdes_ms.unwrap_or(mdes), asked.bank_ms.unwrap_or(bank)];
    if skew.iter().any(|ms| ms.unsigned_abs() > SKEW_MAX_MS) {
        return Err(Problem::unfit("A clock is a year off at the most."));
    }
    desk.skew.set(skew);
    skew_shown(&desk.skew)
}

fn turned(desk: &Desk, turn: Turn) -> Result<Time, Problem> {
    let hand = desk.hand.as_ref().ok_or_else(|| {
        let text = "This clock is the machine's and cannot be moved; tidemark demo and tidemark sim have one that can.";
        Problem::new(StatusCode::CONFLICT, text)
    })?;
    Ok(hand(turn))
}

fn shown(time: Time) -> Answer {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(time.now_ms) * 1_000_000);
    let now = moment.ok().and_then(|moment| moment.format(&Rfc3339).ok());
    json::ok(&json!({
        "now": now,
        "now_ms": time.now_ms,
        "ahead_ms": time.ahead_ms,
        "frozen": time.frozen,
    }))
}

fn skew_shown(skew: &Skew) -> Answer {
    let [mdes, bank] = skew.read();
    json::ok(&json!({ "mdes_ms": mdes, "bank_ms": bank }))
}

/// `16m`: a whole number and its unit.
fn duration_ms(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = match &text[digits.len()..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let number: u32 = digits.parse().ok()?;
    Some(i64::from(number).saturating_mul(unit))
}

/// Ten years, so that no date runs out of digits.
const ADVANCE_MAX_MS: i64 = 10 * 366 * 86_400_000;
const SKEW_MAX_MS: u64 = 366 * 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_a_unit() {
        for (text, ms) in [
            ("16m", 960_000),
            ("500ms", 500),
            ("24h", 86_400_000),
            ("2d", 172_800_000),
            ("0s", 0),
        ] {
            assert_eq!(duration_ms(text), Some(ms), "{text}");
        }
        for text in ["", "16", "m", "-1m", "1.5h", "1 m", "1M", "99999999999d"] {
            assert_eq!(duration_ms(text), None, "{text}");
        }
    }
}
