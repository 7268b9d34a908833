//! A person at a screen: a real Chromium in front of what `tidemark demo` starts.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod devices;
mod driver;
#[path = "../it/fixtures.rs"]
mod fixtures;
#[path = "../it/trace.rs"]
mod trace;
#[path = "../it/world.rs"]
mod world;
