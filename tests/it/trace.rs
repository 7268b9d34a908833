//! Everything that is logged, at the finest level, into a file; and every secret of the tests, into another. `.ci/run`
//! looks for the second in the first after the whole suite; one test does so for itself.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use tracing_subscriber::fmt::format::FmtSpan;

/// `target/tmp`, where cargo lets integration tests write.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).expect("a folder for what tests leave behind");
    folder
}

/// The log of this process.
pub fn log_file() -> PathBuf {
    folder("trace").join(format!("{}.log", std::process::id()))
}

/// Starts logging at the finest level of every crate, once a process.
pub fn start() {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        let file = File::create(log_file()).expect("a log file");
        tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_writer(Mutex::new(file))
            .init();
    });
}

/// Notes a secret that must be in no log.
pub fn remember(kind: &str, secret: &str) {
    static FILE: OnceLock<Mutex<File>> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let path = folder("secrets").join(format!("{}.txt", std::process::id()));
        Mutex::new(
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .expect("a file for secrets"),
        )
    });
    if secret.len() >= 8 && !secret.contains(['\n', '\t']) {
        writeln!(file.lock().expect("a file"), "{kind}\t{secret}").expect("a secret is noted");
    }
}
