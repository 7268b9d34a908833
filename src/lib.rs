//! Tidemark.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod mdes;
pub mod seal;
pub mod sim;
pub mod store;
