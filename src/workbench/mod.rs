//! The workbench: seeing what happened between the participants, and whose fault it is. For the demo and for development;
//! `serve` knows nothing of it.
//!
//! - `message`: what the journal holds; `journal`: who keeps it and tells of it
//! - `mask`: what may be shown of a value

pub mod journal;
pub mod mask;
pub mod message;

pub use journal::{Change, Journal};
