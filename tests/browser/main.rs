//! A person at a screen: a real Chromium in front of what `tidemark demo` starts.
#![allow(missing_docs, reason = "tests are named as sentences")]

#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../it/backend.rs"]
mod backend;
#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../it/books.rs"]
mod books;
mod checklist;
mod devices;
mod driver;
mod embed;
mod failures;
#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../it/fixtures.rs"]
mod fixtures;
mod flows;
#[cfg(debug_assertions)]
mod gallery;
mod homecoming;
mod judge;
mod kept_in;
mod keyboard;
mod listing;
mod looks;
#[cfg(debug_assertions)]
mod matrix;
mod person;
mod picking;
mod pushing;
mod quickness;
#[cfg(debug_assertions)]
mod reading;
mod resources;
#[cfg(debug_assertions)]
mod stops;
#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../it/trace.rs"]
mod trace;
mod two_browsers;
mod ways;
#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../it/wire.rs"]
mod wire;
mod workbench;
#[allow(dead_code, reason = "shared with tests that use more of it")]
#[path = "../it/world.rs"]
mod world;
