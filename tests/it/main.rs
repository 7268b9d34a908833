//! The one test binary that speaks HTTP to the production server, with the simulators beside it.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod fixtures;
mod journey;
mod launching;
mod trace;
mod world;
