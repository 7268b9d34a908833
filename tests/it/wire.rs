//! Requests written byte by byte, for what no well-behaved client sends, and answers read byte by byte, for what no
//! well-behaved client shows.

use std::time::Duration;

use reqwest::header::HeaderMap;
use tidemark::cli::browser::{Browser, Page};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::world::World;

/// An answer that takes longer than this is no answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

/// An answer, as it came.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, in the order of the answer.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Ask {
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A form, with whatever body.
    pub fn post(target: &str, body: impl AsRef<[u8]>) -> Self {
        let mut ask = Self::new("POST", target).with("content-type", "application/x-www-form-urlencoded");
        ask.body = body.as_ref().to_vec();
        ask
    }

    /// One more header.
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Without a header; also without one that would be filled in.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self
    }

    /// With the cookie of a browser.
    pub fn of(self, browser: &Browser) -> Self {
        match browser.cookie("localhost", "tidemark") {
            Some(secret) => self.with("cookie", format!("tidemark={secret}")),
            None => self,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
    }

    /// The request on the wire, to `host` unless it names another.
    pub fn bytes(&self, host: &str) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        let mut line = |name: &str, value: &[u8]| {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        };
        if !self.has("host") {
            line("host", host.as_bytes());
        }
        if !self.has("connection") {
            line("connection", b"close");
        }
        if !self.has("content-length") && !self.has("transfer-encoding") && self.method != "GET" {
            line("content-length", self.body.len().to_string().as_bytes());
        }
        for (name, value) in &self.headers {
            line(name, value);
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Sends it to a world's wallet.
    pub async fn send(&self, world: &World) -> Answer {
        exchange(world.authority(), &self.bytes(world.authority()), false).await
    }

    /// The same, but does not wait for the body: streams take their time.
    pub async fn send_for_head(&self, world: &World) -> Answer {
        exchange(world.authority(), &self.bytes(world.authority()), true).await
    }

    /// Sends it to another address, under the name of the world's wallet.
    pub async fn send_to(&self, address: &str, world: &World) -> Answer {
        exchange(address, &self.bytes(world.authority()), false).await
    }
}

/// Writes bytes to an address and reads the answer.
pub async fn exchange(address: &str, request: &[u8], head_only: bool) -> Answer {
    let talk = async {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        // A server that has seen enough may close before it has read everything.
        let _ = stream.write_all(request).await;
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 16 * 1024];
        loop {
            if is_whole(&bytes, head_only || request.starts_with(b"HEAD ")) {
                return bytes;
            }
            match stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return bytes,
                Ok(count) => bytes.extend_from_slice(&buffer[..count]),
            }
        }
    };
    let bytes = tokio::time::timeout(PATIENCE, talk).await.expect("an answer in time");
    Answer::parse(&bytes)
}

fn head_end(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n")
}

fn is_whole(bytes: &[u8], head_only: bool) -> bool {
    let Some(end) = head_end(bytes) else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let body = &bytes[end + 4..];
    if head_only || head.starts_with("http/1.1 204") || head.starts_with("http/1.1 304") {
        return true;
    }
    if head.contains("transfer-encoding: chunked") {
        return body.ends_with(b"0\r\n\r\n");
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.is_some_and(|length| length.parse() == Ok(body.len()))
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let end = head_end(bytes).unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8(bytes[..end].to_vec()).expect("a head is text");
        let mut lines = head.lines();
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .expect("a status line");
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").expect("a header"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let body = &bytes[end + 4..];
        let is_chunked = headers
            .iter()
            .any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        Self {
            status: status.parse().expect("a status"),
            body: if is_chunked { unchunked(body) } else { body.to_vec() },
            headers,
        }
    }

    /// A header that comes once at the most.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(own, _)| own == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} comes twice");
        value
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// As a page, to be read.
    pub fn page(&self) -> Page {
        Page {
            url: String::new(),
            status: self.status,
            headers: HeaderMap::new(),
            body: self.text(),
            visited: Vec::new(),
        }
    }

    /// The stable name of what went wrong: `data-problem` of a page, `code` of problem+json.
    pub fn problem(&self) -> Option<String> {
        if self.header("content-type") == Some("application/problem+json") {
            let json: serde_json::Value = serde_json::from_slice(&self.body).expect("JSON");
            assert_eq!(json["status"], self.status);
            return Some(json["code"].as_str().expect("a code").to_owned());
        }
        self.page().main_attribute("data-problem")
    }
}

/// The chunks, put together as far as they came.
fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(at) = rest.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&rest[..at])
            .ok()
            .and_then(|text| usize::from_str_radix(text, 16).ok());
        let Some(chunk) = size
            .filter(|size| *size > 0)
            .and_then(|size| rest.get(at + 2..at + 2 + size))
        else {
            break;
        };
        body.extend_from_slice(chunk);
        rest = rest.get(at + 4 + chunk.len()..).unwrap_or_default();
    }
    body
}
