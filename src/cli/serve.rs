//! `tidemark serve`: the wallet, with its real counterparts. There is no way from here to a simulator.

use std::path::Path;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::app::{App, StartFault};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::http;

/// Exit code when storage cannot be used (`EX_IOERR` of sysexits.h): a supervisor may try again.
const STORAGE: u8 = 74;

pub(super) fn run(path: Option<&Path>) -> ExitCode {
    let config = match Config::load(path, super::environment()) {
        Ok(config) => config,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::from(config::EXIT_CODE);
        }
    };
    super::log::start(config.log.json, &config.log.level);
    super::asynchronously(serve(config))
}

async fn serve(config: Config) -> ExitCode {
    let app = match App::start(&config, Clock::system(), false).await {
        Ok(app) => app,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::from(if matches!(fault, StartFault::Store(_)) {
                STORAGE
            } else {
                config::EXIT_CODE
            });
        }
    };
    match listen(&config, app).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn listen(config: &Config, app: App) -> Result<(), String> {
    let bind = |address: std::net::SocketAddr| async move {
        TcpListener::bind(address)
            .await
            .map_err(|error| format!("{address}: {error}"))
    };
    let public = bind(config.listen).await?;
    let operations = match config.operations_listen {
        Some(address) => Some(bind(address).await?),
        None => None,
    };
    let (stop, stopped) = watch::channel(false);
    let workers = app.start_background();
    tracing::info!(url = %app.public_url(), listen = %config.listen, "the wallet serves at {}", app.public_url());
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping: what is under way is finished first");
        stop.send_replace(true);
    });
    let limits = config.limits;
    let operations = operations.map(|listener| {
        tokio::spawn(http::serve(
            listener,
            http::operations(app.clone()),
            limits,
            until(stopped.clone()),
        ))
    });
    http::serve(public, http::router(app.clone()), limits, until(stopped)).await;
    if let Some(operations) = operations {
        operations
            .await
            .map_err(|_| "the operations listener broke".to_owned())?;
    }
    workers.stop().await;
    app.close().await;
    Ok(())
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the sender is gone, which is as good as a signal.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// SIGTERM from a supervisor or SIGINT from a person.
pub(super) async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}
