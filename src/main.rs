//! The command line: see `tidemark --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    tidemark::cli::run()
}
