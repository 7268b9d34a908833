//! The workbench as people use it: a demo on free ports, and browsers that walk through it.

mod bench;
mod clock;
mod cost;
mod findings;
mod inspector;
mod recording;
mod road;
mod secrets;
mod transparent;
