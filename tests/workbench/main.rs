//! The workbench as people use it: a demo on free ports, and browsers that walk through it.

mod bench;
mod clock;
mod console;
mod cost;
mod findings;
mod recording;
mod road;
mod secrets;
mod transparent;
mod verdicts;
