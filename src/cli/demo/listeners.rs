//! Where the demo listens.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;

/// Where everybody is asked.
pub(super) struct Listeners {
    pub wallet: TcpListener,
    pub mdes: TcpListener,
    pub bank: TcpListener,
    pub workbench: TcpListener,
    pub click_to_pay: TcpListener,
    pub processor: TcpListener,
}

impl Listeners {
    /// On `base` and the five ports behind it, or on free ports when it is 0.
    pub async fn bind(base: u16) -> Result<Self, String> {
        Ok(Self {
            mdes: bind(base, 1).await?,
            bank: bind(base, 2).await?,
            workbench: bind(base, 3).await?,
            click_to_pay: bind(base, 4).await?,
            processor: bind(base, 5).await?,
            wallet: bind(base, 0).await?,
        })
    }
}

/// Listens on loopback, `offset` ports above the base; any free port when the base is 0.
async fn bind(base: u16, offset: u16) -> Result<TcpListener, String> {
    let port = if base == 0 {
        0
    } else {
        base.checked_add(offset)
            .ok_or("--port is too high: six ports are needed")?
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address)
        .await
        .map_err(|error| format!("{address}: {error}. Choose another with --port, or --port 0 for free ones"))
}

/// Where a listener is reached.
pub(super) fn origin(listener: &TcpListener) -> Result<String, String> {
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok(format!("http://{address}"))
}

/// Where cardholders reach a listener of ours, and its port.
pub(super) fn localhost(listener: &TcpListener) -> Result<(String, u16), String> {
    let port = listener.local_addr().map_err(|error| error.to_string())?.port();
    Ok((format!("http://localhost:{port}"), port))
}
