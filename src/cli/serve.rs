//! `tidemark serve`: the wallet, with its real counterparts. There is no way from here to a simulator.

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::{App, StartFault, Workers};
use crate::clock::Clock;
use crate::config::{self, Config, Deployment};
use crate::http;

/// Exit code when storage cannot be used (`EX_IOERR` of sysexits.h): a supervisor may try again.
const STORAGE: u8 = 74;

pub(super) fn run(path: Option<&Path>) -> ExitCode {
    let deployment = match Deployment::load(path, super::environment()) {
        Ok(deployment) => deployment,
        Err(faults) => {
            for fault in faults {
                eprintln!("{fault}");
            }
            return ExitCode::from(config::EXIT_CODE);
        }
    };
    let log = &deployment.first.log;
    super::log::start(log.json, &log.level);
    super::asynchronously(serve(deployment))
}

async fn serve(deployment: Deployment) -> ExitCode {
    let clock = Clock::system();
    let mut apps = Vec::new();
    for config in deployment.all() {
        match App::start(config, clock.clone(), false).await {
            Ok(app) => apps.push((config.listen, app)),
            Err(fault) => {
                eprintln!("{}: {fault}", config.identity);
                return ExitCode::from(if matches!(fault, StartFault::Store(_)) {
                    STORAGE
                } else {
                    config::EXIT_CODE
                });
            }
        }
    }
    match listen(&deployment.first, apps).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The identities by where they are served, each address once, in the order of the configuration.
fn by_address(apps: &[(SocketAddr, App)]) -> Vec<(SocketAddr, Vec<App>)> {
    let mut listeners: Vec<(SocketAddr, Vec<App>)> = Vec::new();
    for (address, app) in apps {
        match listeners.iter_mut().find(|(known, _)| known == address) {
            Some((_, together)) => together.push(app.clone()),
            None => listeners.push((*address, vec![app.clone()])),
        }
    }
    listeners
}

async fn listen(config: &Config, apps: Vec<(SocketAddr, App)>) -> Result<(), String> {
    let bind = |address: SocketAddr| async move {
        TcpListener::bind(address)
            .await
            .map_err(|error| format!("{address}: {error}"))
    };
    let mut listeners = Vec::new();
    for (address, together) in by_address(&apps) {
        let Some((first, others)) = together.split_first() else {
            continue;
        };
        listeners.push((bind(address).await?, http::by_host(first, others)));
    }
    let apps: Vec<App> = apps.into_iter().map(|(address, app)| {
        tracing::info!(identity = app.identity(), url = %app.public_url(), listen = %address, "the wallet serves at {}", app.public_url());
        app
    }).collect();
    let (first, others) = apps.split_first().ok_or("there is no identity")?;
    if let Some(address) = config.operations_listen {
        listeners.push((bind(address).await?, http::operations(first, others)));
    }
    let (stop, stopped) = watch::channel(false);
    let workers: Vec<Workers> = apps.iter().map(App::start_background).collect();
    tokio::spawn(async move {
        stop_signal().await;
        tracing::info!("stopping: what is under way is finished first");
        stop.send_replace(true);
    });
    let mut servers = JoinSet::new();
    for (listener, router) in listeners {
        servers.spawn(http::serve(listener, router, config.limits, until(stopped.clone())));
    }
    while let Some(ended) = servers.join_next().await {
        ended.map_err(|_| "a listener broke".to_owned())?;
    }
    for workers in workers {
        workers.stop().await;
    }
    for app in apps {
        app.close().await;
    }
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
