//! The workbench: simulators that lie and fail on demand, seen from a wallet that runs beside them.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod lies;
mod magic;
mod simulators;
mod strings;
#[path = "../it/trace.rs"]
#[allow(dead_code, reason = "shared with another test binary")]
mod trace;
#[path = "../it/world.rs"]
#[allow(dead_code, reason = "shared with another test binary")]
mod world;
