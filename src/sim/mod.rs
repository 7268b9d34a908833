//! The other parties, played. Imports nothing of ours and listens on loopback only.
//!
//! - `mdes` and `bank`: the two simulators; `processor`: who keeps the account numbers of a bank that keeps none;
//!   `catalogue`: the banks, their people and cards
//! - `stage`: all together, set up for the token requestors of `enrolment`; `road`: what lies between
//! - `faults`: one call goes wrong; `lies`: one side misbehaves; `presets`: the whole system in a known state, made of lies,
//!   outcomes and lists (the console and `/_sim/scenario` offer them); `dice`: chance that is the same at every start
//! - `magic`: values with a fixed ending
//! - `control`: the strings of all that, by REST

use std::sync::Arc;

pub mod bank;
pub mod catalogue;
pub mod control;
mod dice;
mod enrolment;
pub mod faults;
pub mod lies;
pub mod magic;
pub mod mdes;
pub mod presets;
pub mod processor;
pub mod road;
pub mod stage;

/// Where a simulator reads the time: milliseconds since the Unix epoch.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The hand of the clock that all participants share, where there is one: the simulators import nothing of ours, so it is
/// handed to them.
pub type Hand = Arc<dyn Fn(Turn) -> Time + Send + Sync>;

/// What to do with the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Only look.
    Look,
    /// Forward by so many milliseconds.
    Advance(i64),
    /// Stand still, or run on.
    Freeze(bool),
}

/// Where the clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// Milliseconds since the Unix epoch.
    pub now_ms: i64,
    /// How far that is ahead of the machine's clock.
    pub ahead_ms: i64,
    /// It stands still.
    pub frozen: bool,
}
