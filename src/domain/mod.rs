//! What is true. Pure: no async, no I/O, and nothing of ours is imported. Time and random bytes are arguments.

mod callback;
pub mod card;
mod conclusion;
mod consent;
pub mod device;
mod diagram;
pub mod doubt;
pub mod effect;
pub mod homecoming;
pub mod host_page;
pub mod id;
pub mod intent;
pub mod issuer;
pub mod launch;
pub mod life;
pub mod link;
pub mod locale;
pub mod outcome;
pub mod policy;
pub mod profile;
#[cfg(test)]
mod properties;
pub mod push;
mod query;
pub mod receipt;
pub mod same_person;
pub mod search;
pub mod session;
pub mod step_up;
pub mod steps;
pub mod token;

pub use id::Millis;
