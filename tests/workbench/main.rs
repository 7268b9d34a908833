//! The workbench: simulators that lie and fail on demand, seen from a wallet that runs beside them, and attacks and
//! scenarios against a whole demo.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod attack;
mod lies;
mod magic;
mod scenario;
mod simulators;
mod strings;
#[path = "../it/trace.rs"]
#[allow(dead_code, reason = "shared with another test binary")]
mod trace;
#[path = "../it/world.rs"]
#[allow(dead_code, reason = "shared with another test binary")]
mod world;
