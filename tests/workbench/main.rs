//! The workbench as people use it: a demo on free ports with browsers that walk through it; simulators that lie and fail on
//! demand, seen from a wallet that runs beside them; attacks and scenarios against a whole demo.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod attack;
mod attempts;
mod bench;
mod clock;
mod console;
mod cost;
mod findings;
mod inspector;
mod lies;
mod magic;
mod masking;
mod presets;
mod pushes;
mod recording;
mod refused;
mod road;
mod scenario;
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
