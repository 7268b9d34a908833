//! The workbench: seeing what happened between the participants, and whose fault it is. For the demo and for development;
//! `serve` knows nothing of it.
//!
//! - `message`: what the journal holds; `journal`: who keeps it and tells of it
//! - `verdict`: rules over it, and what they say

pub mod journal;
pub mod message;
pub mod report;
#[cfg(test)]
mod testing;
mod text;
pub mod verdict;

pub use journal::{Change, Journal};
