//! `tidemark magic`: the values of the simulators with a fixed ending.

use std::process::ExitCode;

use clap::Args;

use crate::sim::magic::{MAGIC, markdown};

/// What `magic` takes.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// One JSON array instead of text.
    #[arg(long)]
    pub json: bool,
    /// The table of the documentation instead of text.
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
}

pub(super) fn run(options: &Options) -> ExitCode {
    if options.json {
        println!("{}", serde_json::json!(MAGIC));
    } else if options.markdown {
        print!("{}", markdown());
    } else {
        for row in MAGIC {
            println!("{:8} {:42} {:9} {}", row.kind.word(), row.value, row.ends, row.happens);
        }
    }
    ExitCode::SUCCESS
}
