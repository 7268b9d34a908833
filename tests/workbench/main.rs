//! The workbench and what is played against a whole demo: attacks and scenarios.

mod attack;
mod scenario;
