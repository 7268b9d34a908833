//! The workbench: seeing what happened between the participants, and whose fault it is. For the demo and for development;
//! `serve` knows nothing of it.
//!
//! - `message`: what the journal holds; `journal`: who keeps it and tells of it
//! - `record`: the layer around each participant; `mask`: what may be shown of a value; `attempts`: what belongs together
//! - `knowledge`: what is known of the participants; `oauth`, `jws`, `recover`, `payload`, `page`, `pictures`: what is found out
//!   about their messages before they are masked
//! - `search`, `curl`, `replay`: what can be done with the journal
//! - `verdict`: rules over messages, and what they say; `report`: a flow as it is shown; `strip`: its arrows; `steps`: those of a push; `text`: its words
//! - `console`: presets, lies, faults and the clock, for people
//! - `http`: the pages and their events; `export`: the same as files

pub mod attempts;
pub mod console;
pub mod curl;
pub mod export;
pub mod http;
pub mod journal;
mod jws;
pub mod knowledge;
pub mod mask;
pub mod message;
mod oauth;
mod page;
mod payload;
mod pictures;
pub mod record;
mod recover;
pub mod replay;
pub mod report;
mod search;
pub mod steps;
pub mod strip;
#[cfg(test)]
mod testing;
mod text;
pub mod verdict;

pub use attempts::Attempt;
pub use journal::Journal;
pub use record::{Place, Recorder};
