//! The workbench as people use it: a demo on free ports, and browsers that walk through it; simulators that lie and fail on
//! demand, seen from a wallet that runs beside them.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod bench;
mod clock;
mod cost;
mod findings;
mod inspector;
mod lies;
mod magic;
mod recording;
mod road;
mod secrets;
mod simulators;
mod strings;
#[path = "../it/trace.rs"]
#[allow(dead_code, reason = "shared with another test binary")]
mod trace;
mod transparent;
#[path = "../it/world.rs"]
#[allow(dead_code, reason = "shared with another test binary")]
mod world;
