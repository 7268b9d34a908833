//! What is true. Pure: no async, no I/O, and nothing of ours is imported. Time and random bytes are arguments.

pub mod id;
pub mod issuer;
pub mod receipt;
pub mod token;

pub use id::Millis;
