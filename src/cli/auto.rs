//! `demo --auto`: a cardholder without a hand. Walks through the flow as `demo-walk.toml` says, tells what was checked at
//! each step, and fails with the name of the step.

use super::demo::Demo;
use super::scenario::{self, Failure, Ground};

/// The walk.
const WALK: &str = include_str!("demo-walk.toml");

/// Adds one card that is approved at once, one that needs a code from the bank and one that needs the wallet's, and checks
/// each step on both sides. With `break_session` the first bank is opened with the id of another session.
///
/// # Errors
/// The first [`Failure`].
pub async fn walk(demo: &Demo, break_session: bool) -> Result<(), Failure> {
    let walk = scenario::parse("demo-walk.toml", WALK).map_err(|seen| Failure {
        step: "start".to_owned(),
        seen,
        is_unmet: false,
    })?;
    let ground = Ground::of(demo);
    let tell = |step: &str, done: Option<&str>| println!("ok  {step:<12} {}", done.unwrap_or_default());
    scenario::walk(&walk, &ground, 0, break_session, tell).await.ended
}
