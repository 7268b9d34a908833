//! A flow as a file that others read. Nothing in them is secret: what was masked when it was recorded stays so.
//!
//! - `har`: for the developer tools of browsers; `sequence`: for Mermaid; `markdown`: for an issue; `diagram`: a picture; `walk`: the
//!   steps of a push

pub mod diagram;
pub mod har;
pub mod markdown;
pub mod sequence;
#[cfg(test)]
mod tests;
pub mod walk;
