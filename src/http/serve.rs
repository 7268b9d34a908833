//! The accept loop. `axum::serve` has no limit on how long a request's head may take to arrive; this one has, and on
//! everything else a stranger could leave open.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use crate::config::Limits;

use super::guard::{Closing, Peer};

/// After a failure to accept (no more file descriptors, usually) the loop rests this long.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `shutdown` resolves, then lets the requests under way finish, for `limits.shutdown_ms` at the most.
///
/// Connections beyond `limits.connections_max` wait in the system's queue.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, shutdown: impl Future<Output = ()>) {
    let slots = Arc::new(Semaphore::new(size(limits.connections_max).min(Semaphore::MAX_PERMITS)));
    let graceful = GracefulShutdown::new();
    let http = connection_settings(&limits);
    let mut shutdown = std::pin::pin!(shutdown);
    let (close, closing) = watch::channel(false);
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (listener.accept().await, slot)
        };
        let (accepted, slot) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accepted => accepted,
        };
        let Ok((stream, address)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let connection = http.serve_connection(
            TokioIo::new(ready(stream)),
            service_fn({
                let (router, closing) = (router.clone(), Closing(closing.clone()));
                move |request| answer(router.clone(), request, Peer(address.ip()), closing.clone())
            }),
        );
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is the client's affair: there is nobody left to tell.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let _ = close.send(true);
    let drained = tokio::time::timeout(Duration::from_millis(limits.shutdown_ms), graceful.shutdown()).await;
    if drained.is_err() {
        tracing::warn!("some connections were still open when the time to finish was over");
    }
}

/// hyper's own limits are set wider than ours, so that a request a little over the line gets a page that explains.
/// What is far over it gets hyper's bare 431.
fn connection_settings(limits: &Limits) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.header_read_ms))
        .max_headers(size(limits.headers_max) * 2)
        .max_buf_size((size(limits.uri_bytes + limits.header_bytes) * 2).max(16_384))
        .half_close(false)
        .keep_alive(true);
    http
}

async fn answer(
    router: Router,
    request: hyper::Request<Incoming>,
    peer: Peer,
    closing: Closing,
) -> Result<Response, Infallible> {
    let mut request: Request = request.map(axum::body::Body::new);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(closing);
    router.oneshot(request).await
}

fn ready(stream: TcpStream) -> TcpStream {
    // Pages are small and events are smaller: waiting to fill a packet only costs time.
    let _ = stream.set_nodelay(true);
    stream
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    async fn slow() -> &'static str {
        tokio::time::sleep(Duration::from_millis(100)).await;
        "slow"
    }

    /// Sends bytes and reads until the other side closes.
    async fn exchange(address: std::net::SocketAddr, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(bytes).await.expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("an answer");
        String::from_utf8(answer).expect("text")
    }

    #[tokio::test]
    async fn requests_under_way_finish_and_slow_heads_do_not() {
        let limits = Limits {
            header_read_ms: 50,
            connections_max: 2,
            ..crate::http::guard::sample_limits()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().route("/", get(slow));
        let server = tokio::spawn(async move {
            serve(listener, router, limits, async {
                let _ = stopped.await;
            })
            .await;
        });
        assert_eq!(exchange(address, b"GET / HTTP/1.1\r\nHost: x\r\n").await, "");
        assert!(exchange(address, b"nonsense\r\n\r\n").await.starts_with("HTTP/1.1 400"));
        let last = tokio::spawn(exchange(address, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        tokio::time::sleep(Duration::from_millis(30)).await;
        stop.send(()).expect("a server");
        let answer = last.await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("slow"));
        assert!(!answer.to_ascii_lowercase().contains("\nserver:"));
        server.await.expect("it ends");
        assert!(TcpStream::connect(address).await.is_err());
    }
}
