//! A person at a screen: a real Chromium in front of what `tidemark demo` starts.
#![allow(missing_docs, reason = "tests are named as sentences")]

mod driver;
mod flows;
mod looks;
mod person;
