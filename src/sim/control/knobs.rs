//! `/_sim/knobs`: what is not agreed in the field.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::json::{self, Answer, Problem};
use crate::sim::lies::{LIES, Lie, lie};
use crate::sim::mdes::AuthenticationCodeMode;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    session_in_jws: Option<bool>,
    single_use: Option<bool>,
    code_mode: Option<CodeMode>,
    #[serde(default, deserialize_with = "json::present")]
    receipts_validity_minutes: Option<Option<u32>>,
    #[serde(default, deserialize_with = "json::present")]
    lie: Option<Option<String>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CodeMode {
    None,
    Bind,
    Jws,
}

pub(super) async fn read(State(desk): State<Desk>) -> Answer {
    json::ok(&shown(&desk))
}

/// A member that is not there leaves its knob as it is.
pub(super) async fn set(State(desk): State<Desk>, body: Bytes) -> Answer {
    turn(&desk, json::read(&body)?)?;
    json::ok(&shown(&desk))
}

impl Desk {
    /// Turns knobs: members as `PUT /_sim/knobs` takes them.
    ///
    /// # Errors
    /// A sentence about what cannot be; nothing is turned then.
    pub fn turn_knobs(&self, asked: Value) -> Result<(), String> {
        turn(self, json::of_value(asked)?).map_err(|problem| problem.text().to_owned())
    }
}

fn turn(desk: &Desk, asked: Asked) -> Result<(), Problem> {
    let unfit = |minutes: &Option<u32>| minutes.is_some_and(|minutes| !(5..=15).contains(&minutes));
    if asked.receipts_validity_minutes.as_ref().is_some_and(unfit) {
        return Err(Problem::unfit(
            "receipts_validity_minutes is from 5 to 15, or null for what MDES takes.",
        ));
    }
    let lie = match asked.lie {
        Some(Some(id)) => {
            let text = format!("There is no lie {id}; GET /_sim/lies lists them.");
            Some(Some(lie(&id).ok_or_else(|| Problem::unfit(text))?))
        }
        Some(None) => Some(None),
        None => None,
    };
    if let Some(lie) = lie {
        desk.switch(lie);
    }
    if let Some(minutes) = asked.receipts_validity_minutes {
        desk.bank.set_receipt_validity(minutes);
    }
    if let Some(session) = asked.session_in_jws {
        desk.mdes.set_session_in_jws(session);
    }
    if let Some(single) = asked.single_use {
        desk.mdes.set_single_use(single);
    }
    if let Some(mode) = asked.code_mode {
        desk.mdes.set_authentication_code_mode(match mode {
            CodeMode::None => AuthenticationCodeMode::None,
            CodeMode::Bind => AuthenticationCodeMode::Bind,
            CodeMode::Jws => AuthenticationCodeMode::Jws,
        });
    }
    Ok(())
}

/// Every lie that can be told.
pub(super) async fn lies() -> Answer {
    let told = |lie: &Lie| {
        json!({
            "id": lie.id,
            "label": lie.label,
            "sentence": lie.sentence,
            "side": lie.side,
            "verdict": lie.verdict,
            "in_a_visit": lie.is_of_a_visit(),
        })
    };
    json::ok(&json!({ "lies": LIES.iter().map(told).collect::<Value>() }))
}

fn shown(desk: &Desk) -> Value {
    let knobs = desk.mdes.knobs();
    json!({
        "session_in_jws": knobs.session_in_jws,
        "single_use": knobs.single_use,
        "code_mode": knobs.code_mode.word(),
        "receipts_validity_minutes": desk.bank.receipt_validity(),
        "lie": desk.lies.always().map(|lie| lie.id),
    })
}
