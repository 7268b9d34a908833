//! Tidemark.

pub mod clock;
pub mod config;
pub mod domain;
pub mod mdes;
pub mod sim;
