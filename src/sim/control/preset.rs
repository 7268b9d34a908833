//! `/_sim/scenario`: one preset for everything. The address says scenario, as the console's title does; a scenario file is
//! something else.

use axum::body::Bytes;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::json::{self, Answer, Problem};
use crate::sim::presets::{PRESETS, named};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    id: Option<String>,
}

pub(super) async fn list() -> Answer {
    json::ok(&json!({ "scenarios": PRESETS }))
}

pub(super) async fn read(State(desk): State<Desk>) -> Answer {
    json::ok(&shown(&desk))
}

/// Without an id everything is switched off.
pub(super) async fn set(State(desk): State<Desk>, body: Bytes) -> Answer {
    let asked: Asked = json::read(&body)?;
    match asked.id {
        None => desk.reset(),
        Some(id) => {
            let text = format!("There is no preset {id}; GET /_sim/scenarios lists them.");
            desk.apply(named(&id).ok_or_else(|| Problem::unfit(text))?);
        }
    }
    json::ok(&shown(&desk))
}

fn shown(desk: &Desk) -> Value {
    json!({ "scenario": desk.preset(), "active": desk.active() })
}
