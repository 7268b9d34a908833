//! Nobody notices the recorder: with it every byte is what it is without.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use futures_util::stream;
use tidemark::workbench::knowledge::{Knowledge, KnownWallet, Places};
use tidemark::workbench::message::{Body as Kept, Ending};
use tidemark::workbench::{Journal, Place, Recorder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

fn knowledge() -> Knowledge {
    Knowledge {
        places: Places {
            processor: String::new(),
            mdes: "http://m".to_owned(),
            bank: "http://b".to_owned(),
        },
        wallet: KnownWallet {
            origin: "http://w".to_owned(),
            cookie: "tidemark".to_owned(),
            ..KnownWallet::default()
        },
        ..Knowledge::of_strangers([1; 32], Arc::new(|| 0), "tidemark")
    }
}

async fn echo(headers: HeaderMap, body: Bytes) -> Response {
    (StatusCode::CREATED, [("x-had", headers.len().to_string())], body).into_response()
}

fn streamed(frames: Vec<Result<&'static str, std::io::Error>>) -> Body {
    Body::from_stream(stream::iter(frames.into_iter().map(|frame| frame.map(Bytes::from))))
}

/// Something of everything that an HTTP server may answer.
fn router() -> Router {
    Router::new()
        .route(
            "/sessions/{session}",
            get(async || ([("set-cookie", "a=b"), ("set-cookie", "c=d")], "page")),
        )
        .route("/echo", post(echo))
        .route("/unread", post(async || StatusCode::PAYLOAD_TOO_LARGE))
        .route("/empty", any(async || StatusCode::NO_CONTENT))
        .route("/large", get(async || vec![b'x'; 9 * 1024 * 1024]))
        .route("/chunks", get(async || streamed(vec![Ok("one"), Ok("two")])))
        .route(
            "/broken",
            get(async || streamed(vec![Ok("one"), Err(std::io::Error::other("gone"))])),
        )
        .route(
            "/events",
            get(async || {
                (
                    [("content-type", "text/event-stream")],
                    streamed(vec![Ok("data: 1\n\n"), Ok("data: 2\n\n")]),
                )
            }),
        )
        .route("/for-ever", get(async || pending::<Infallible>().await.into_response()))
        .route(
            "/length",
            post(async |request: Request| request.headers().len().to_string()),
        )
}

async fn serve(router: Router) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

/// A body that is announced to be longer.
const CUT_OFF: &[u8] = b"5\r\n{\"a";

/// Everything that a server says, but the date.
async fn exchange(address: std::net::SocketAddr, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(request).await.expect("sent");
    if request.ends_with(CUT_OFF) {
        stream.shutdown().await.expect("closed");
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let is_date = |line: &&[u8]| !line.starts_with(b"date: ");
    answer
        .split(|byte| *byte == b'\n')
        .filter(is_date)
        .collect::<Vec<_>>()
        .join(&b'\n')
}

fn request(method: &str, path: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n");
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn with_the_recorder_every_byte_is_what_it_is_without() {
    let journal = Journal::new();
    let recorder = Recorder::new(journal.clone(), Arc::new(knowledge()));
    let with = serve(recorder.around(Place::Wallet(0), router())).await;
    let without = serve(router()).await;
    let json = b"{\"a\": 1 }";
    let long = vec![b'y'; 1024 * 1024 + 3];
    let length = |body: &[u8]| format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
    let chunked = "content-type: application/json\r\ntransfer-encoding: chunked\r\n";
    let requests = [
        request("GET", "/sessions/1?a=%zz&b", "", b""),
        request("HEAD", "/sessions/1", "", b""),
        request("POST", "/sessions/1", "", b""),
        request("GET", "/nothing", "", b""),
        request("POST", "/echo", &length(json), json),
        request("POST", "/echo", chunked, b"5\r\n{\"a\":\r\n3\r\n 1}\r\n0\r\n\r\n"),
        request("POST", "/echo", chunked, CUT_OFF),
        request("POST", "/echo", &length(&long), &long),
        request("POST", "/unread", &length(json), json),
        request("POST", "/length", &length(json), json),
        request("OPTIONS", "/empty", "", b""),
        request("GET", "/large", "", b""),
        request("GET", "/chunks", "", b""),
        request("GET", "/broken", "", b""),
        request("GET", "/events", "", b""),
    ];
    for request in &requests {
        let (seen, unseen) = (exchange(with, request).await, exchange(without, request).await);
        let head = String::from_utf8_lossy(&request[..request.len().min(30)]).into_owned();
        assert!(seen == unseen, "{head}: {} bytes and {}", seen.len(), unseen.len());
        assert!(
            !seen.is_empty() || head.contains("/echo") || head.contains("/broken"),
            "{head}"
        );
    }
    let messages = journal.messages();
    assert_eq!(messages.len(), requests.len());
    let ending = |label: &str| {
        let found: Vec<_> = messages.iter().filter(|message| message.label == label).collect();
        found.iter().map(|message| message.ending.clone()).collect::<Vec<_>>()
    };
    assert!(
        messages.iter().all(|message| message.ending != Ending::Open),
        "{messages:?}"
    );
    assert!(matches!(ending("GET /broken")[..], [Ending::Lost { .. }]));
    assert!(matches!(
        ending("GET /events")[..],
        [Ending::Answered { status: 200, .. }]
    ));
    let kept = |ending: &Ending| match ending {
        Ending::Answered { body, .. } => Some(body.clone()),
        _ => None,
    };
    assert!(matches!(
        kept(&ending("GET /large")[0]),
        Some(Kept::Other { bytes: 9_437_184, .. })
    ));
    let echoed: Vec<_> = messages
        .iter()
        .filter(|message| message.label == "POST /echo")
        .collect();
    assert!(matches!(echoed[0].request.body, Kept::Json(_)) && matches!(echoed[1].request.body, Kept::Json(_)));
    assert!(matches!(echoed[3].request.body, Kept::Other { bytes, .. } if bytes == long.len() as u64));
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_leaves_nothing_open() {
    let journal = Journal::new();
    let recorder = Recorder::new(journal.clone(), Arc::new(knowledge()));
    let address = serve(recorder.around(Place::Wallet(0), router())).await;
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream
        .write_all(b"GET /for-ever HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .expect("sent");
    let until = async |done: fn(&Ending) -> bool| {
        let look = async {
            while !journal.messages().iter().any(|message| done(&message.ending)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), look)
            .await
            .expect("it comes");
    };
    until(|ending| *ending == Ending::Open).await;
    drop(stream);
    until(|ending| matches!(ending, Ending::Lost { .. })).await;
}

#[tokio::test]
async fn files_and_the_strings_behind_the_scene_are_not_written_down() {
    let journal = Journal::new();
    let recorder = Recorder::new(journal.clone(), Arc::new(knowledge()));
    for (place, path) in [
        (Place::Wallet(0), "/assets/app.css"),
        (Place::Wallet(0), "/logos/a.svg"),
        (Place::Wallet(0), "/favicon.ico"),
        (Place::Wallet(0), "/_sim/state"),
        (Place::Mdes, "/_sim/sign"),
        (Place::Bank, "/static/bank.css"),
        (Place::Bank, "/banks/havorn-no/logo.svg"),
        (Place::Bank, "/_sim/push"),
    ] {
        let address = serve(recorder.around(place, router())).await;
        exchange(address, &request("GET", path, "", b"")).await;
        assert!(journal.messages().is_empty(), "{path}");
    }
    let address = serve(recorder.around(Place::Mdes, router())).await;
    exchange(address, &request("GET", "/mdes/assets/1/0/asset/1.svg", "", b"")).await;
    assert_eq!(journal.messages()[0].label, "asset");
}
