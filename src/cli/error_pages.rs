//! `tidemark error-pages`: the pages that a proxy shows when it reaches no server.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::config::{self, Config};
use crate::http::error_pages;

pub(super) fn run(config: Option<&Path>, folder: &Path) -> ExitCode {
    let config = match Config::load(config, super::environment()) {
        Ok(config) => config,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::from(config::EXIT_CODE);
        }
    };
    let pages = error_pages(&config.brand.name, &config.brand.tokens.css());
    let written = fs::create_dir_all(folder).and_then(|()| {
        let mut pages = pages.iter();
        pages.try_for_each(|(name, page)| fs::write(folder.join(name), page))
    });
    match written {
        Ok(()) => {
            println!("{} pages are in {}.", pages.len(), folder.display());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{} cannot be written: {error}", folder.display());
            ExitCode::FAILURE
        }
    }
}
