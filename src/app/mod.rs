//! The verbs: everything the server does, once, for both faces.

pub mod fault;
pub mod view;

pub use fault::Fault;
