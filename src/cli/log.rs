//! The log: to standard error, as text for people or JSON for machines.

use tracing_subscriber::EnvFilter;

/// Starts logging at `level`, for example `info` or `tidemark=debug,warn`. A second call changes nothing.
pub(super) fn start(json: bool, level: &str) {
    let filter = EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if json {
        builder.json().flatten_event(true).try_init()
    } else {
        builder.with_ansi(false).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
