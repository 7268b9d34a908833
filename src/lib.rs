//! Tidemark.

pub mod app;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod mdes;
pub mod sim;
