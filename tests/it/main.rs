//! The one test binary that speaks HTTP to the production server, with the simulators beside it.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod continuation;
mod diagram;
mod directory;
mod house;
mod journey;
mod notices;
mod proof;
mod several;
mod store;
mod terms;
mod trace;
mod world;
