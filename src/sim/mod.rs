//! The other parties, played. Imports nothing of ours and listens on loopback only.

use std::sync::Arc;

pub mod bank;
pub mod catalogue;
pub mod mdes;
pub mod stage;

/// Where a simulator reads the time: milliseconds since the Unix epoch.
pub type Now = Arc<dyn Fn() -> i64 + Send + Sync>;
