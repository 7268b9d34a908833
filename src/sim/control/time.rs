//! `/_sim/clock` and `/_sim/skew`.

use std::fmt;

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

/// Why the clock was not moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTurned {
    /// It is the machine's.
    Machines,
    /// Time only goes forward.
    Backwards,
    /// It would be more than ten years ahead.
    TooFar,
}

impl fmt::Display for NotTurned {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Machines => {
                "This clock is the machine's and cannot be moved; tidemark demo and tidemark sim have one that can."
            }
            Self::Backwards => "Time only goes forward.",
            Self::TooFar => "The clock is ten years ahead of this machine's at the most; a new start is at today.",
        })
    }
}

impl Desk {
    /// Moves the clock that all participants share as people may: forward, and not beyond all dates.
    ///
    /// # Errors
    /// Why not; it has not moved then.
    pub fn try_turn(&self, turn: Turn) -> Result<Time, NotTurned> {
        let time = self.turn(Turn::Look).ok_or(NotTurned::Machines)?;
        if let Turn::Advance(by_ms) = turn {
            if by_ms < 0 {
                return Err(NotTurned::Backwards);
            }
            if time.ahead_ms.saturating_add(by_ms) > AHEAD_MAX_MS {
                return Err(NotTurned::TooFar);
            }
        }
        self.turn(turn).ok_or(NotTurned::Machines)
    }
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
            Problem::unfit(
                "advance is a whole number with ms, s, m, h or d behind it, such as 16m; time only goes forward.",
            )
        })?),
        (None, by_ms) => by_ms,
    };
    if by_ms.is_none() && asked.freeze.is_none() {
        return Err(Problem::unfit("Say advance, advance_ms or freeze."));
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
    desk.try_turn(turn).map_err(|why| {
        let status = match why {
            NotTurned::Machines => StatusCode::CONFLICT,
            NotTurned::Backwards | NotTurned::TooFar => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Problem::new(status, why.to_string())
    })
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
const AHEAD_MAX_MS: i64 = 10 * 366 * 86_400_000;
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
