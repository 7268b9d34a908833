//! The one test binary that speaks HTTP to the production server, with the simulators beside it.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod accounts;
mod api;
mod art;
mod association;
mod backend;
mod bad_input;
mod books;
mod callback;
mod continuation;
mod diagram;
mod directory;
mod endings;
mod fixtures;
mod headers;
mod homecoming;
mod house;
mod journey;
mod keeping;
mod launching;
mod many;
mod notices;
mod profiles;
mod proof;
mod races;
mod same_person;
mod several;
mod store;
mod terms;
mod trace;
mod wire;
mod world;
