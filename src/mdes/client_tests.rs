//! The client against servers that lie, stall and hang up. What each lie becomes is what keeps an effect from being
//! repeated, or from being believed.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::domain::id::{TokenReference, TokenRequestorId};
use crate::domain::token::{Activation, Digitized, TaskStatus};

mod answers;
mod operations;
mod transport;

/// What a server does with a connection once it has read the request.
#[derive(Clone)]
enum Script {
    /// Writes these bytes and closes.
    Says(Vec<u8>),
    /// Writes these bytes, one every so many milliseconds.
    Drips(Vec<u8>, u64),
    /// Writes these bytes, then nothing, and keeps the connection.
    Stalls(Vec<u8>),
    /// Writes these bytes after every request and keeps the connection for the next.
    Keeps(Vec<u8>),
    /// Answers JSON made from the request's own.
    Answers(fn(&Value) -> Value),
}

struct Server {
    base: String,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}/mdes", listener.local_addr().expect("an address"));
        let (requests, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let server = Self {
            base,
            requests: Arc::clone(&requests),
            connections: Arc::clone(&connections),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, script.clone(), Arc::clone(&requests)));
            }
        });
        server
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    fn request(&self, at: usize) -> String {
        self.requests.lock().expect("not poisoned")[at].clone()
    }
}

async fn serve(mut stream: TcpStream, script: Script, requests: Arc<Mutex<Vec<String>>>) {
    let request = read_request(&mut stream).await;
    let body = request.split_once("\r\n\r\n").map_or("", |(_, body)| body).to_owned();
    requests.lock().expect("not poisoned").push(request);
    match script {
        Script::Says(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Script::Drips(bytes, every_ms) => {
            for byte in bytes {
                if stream.write_all(&[byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(every_ms)).await;
            }
        }
        Script::Stalls(bytes) => {
            let _ = stream.write_all(&bytes).await;
            tokio::time::sleep(Duration::from_secs(60)).await;
        }
        Script::Keeps(bytes) => {
            while stream.write_all(&bytes).await.is_ok() && !read_request(&mut stream).await.is_empty() {}
        }
        Script::Answers(answer) => {
            let answer = answer(&serde_json::from_str(&body).unwrap_or(Value::Null));
            let _ = stream.write_all(&ok_json(&answer.to_string())).await;
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

fn http(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn ok_json(body: &str) -> Vec<u8> {
    http("200 OK", "application/json; charset=UTF-8", body)
}

fn sources() -> Sources {
    let count = AtomicU8::new(0);
    Sources {
        now: Arc::new(|| Millis(1_767_225_600_999)),
        random: Arc::new(move || [count.fetch_add(1, Ordering::SeqCst); 32]),
    }
}

fn signing_key() -> SigningKey {
    let rsa = openssl::rsa::Rsa::generate(2048).expect("a key");
    SigningKey::from_pem(&rsa.private_key_to_pem().expect("PEM")).expect("strong")
}

fn settings(base_url: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        token_requestor_id: TokenRequestorId::parse("50123456789").expect("an id"),
        consumer_key: SecretString::from("consumer!key"),
        signing_key: signing_key(),
        paths: Paths::default(),
        response_host: "wallet.example".to_owned(),
        payment_app_id: "WalletApp1".to_owned(),
        cardlet_id: "1.0".to_owned(),
        token_type: "CLOUD".to_owned(),
        consumer_language: "en".to_owned(),
        timeouts: Timeouts {
            connect_ms: 250,
            read_ms: 2_000,
            total_ms: 400,
            effect_ms: 700,
        },
        body_max: 2_000,
        directory_body_max: 4_000,
        client_identity: None,
        extra_ca_pem: None,
        source_payload: None,
    }
}

fn client(base_url: &str) -> Client {
    Client::new(settings(base_url), sources()).expect("a client")
}

fn request_id() -> RequestId {
    RequestId::parse("request-1").expect("an id")
}

fn reference() -> TokenReference {
    TokenReference::parse("DWSPMC1").expect("a reference")
}

fn receipt() -> ReceiptToken {
    ReceiptToken::parse("MCC-STL-0A1B2C3D-4E5F").expect("a receipt")
}

async fn digitize(client: &Client) -> Result<Digitized, MdesError> {
    let order = DigitizeOrder {
        request: &request_id(),
        task: &TaskId::parse("task-1").expect("an id"),
        instance: "instance-1",
        receipt: &receipt(),
        eligibility: &EligibilityReceipt::new("eligible-1"),
        terms: &AssetId::parse("terms-1").expect("an id"),
        accepted_at: Millis(1_767_225_601_123),
        device_ip: Some("203.0.113.7"),
    };
    client.digitize(&order).await
}

/// What becomes of a `digitize` whose answer is this.
async fn digitize_against(script: Script) -> (MdesError, usize) {
    let server = Server::start(script).await;
    let error = digitize(&client(&server.base)).await.expect_err("no success");
    // Whoever wants to repeat the request gets the time for it.
    tokio::time::sleep(Duration::from_millis(30)).await;
    (error, server.connections())
}

fn own_certificate(name: &str) -> (openssl::x509::X509, openssl::pkey::PKey<openssl::pkey::Private>) {
    use openssl::asn1::{Asn1Integer, Asn1Time};
    use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
    let key = openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(2048).expect("a key")).expect("a key");
    let mut subject = openssl::x509::X509NameBuilder::new().expect("a name");
    subject.append_entry_by_text("CN", name).expect("a name");
    let subject = subject.build();
    let mut builder = openssl::x509::X509::builder().expect("a builder");
    let serial = openssl::bn::BigNum::from_u32(1)
        .and_then(|one| Asn1Integer::from_bn(&one))
        .expect("a serial");
    builder.set_version(2).expect("set");
    builder.set_serial_number(&serial).expect("set");
    builder.set_subject_name(&subject).expect("set");
    builder.set_issuer_name(&subject).expect("set");
    builder.set_pubkey(&key).expect("set");
    builder
        .set_not_before(&Asn1Time::days_from_now(0).expect("a time"))
        .expect("set");
    builder
        .set_not_after(&Asn1Time::days_from_now(1).expect("a time"))
        .expect("set");
    builder
        .append_extension(BasicConstraints::new().critical().ca().build().expect("made"))
        .expect("set");
    let names = SubjectAlternativeName::new()
        .dns(name)
        .build(&builder.x509v3_context(None, None))
        .expect("made");
    builder.append_extension(names).expect("set");
    builder
        .sign(&key, openssl::hash::MessageDigest::sha256())
        .expect("signed");
    (builder.build(), key)
}

const DECLINED: &str = r#"{"responseId":"request-1","decision":"DECLINED"}"#;
