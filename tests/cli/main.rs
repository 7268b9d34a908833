//! The commands, as an operator runs them: the built program, its output, its exit codes.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod demo;
mod plan;
mod program;
mod serve;
mod tools;
