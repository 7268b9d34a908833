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

#[tokio::test]
async fn no_lie_is_a_success_and_every_effect_is_sent_once() {
    let truncated = DECLINED.as_bytes()[..20].to_vec();
    let announced = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2001\r\n\r\n".to_vec();
    let redirect = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec();
    for (lie, script) in [
        ("closed after the request", Script::Says(Vec::new())),
        ("half a head", Script::Says(b"HTTP/1.1 200 OK\r\nConte".to_vec())),
        ("no HTTP", Script::Says(b"SSH-2.0-x\r\n".to_vec())),
        (
            "HTML",
            Script::Says(http("200 OK", "text/html", "<h1>Maintenance</h1>")),
        ),
        (
            "HTML that calls itself JSON",
            Script::Says(ok_json("<h1>Maintenance</h1>")),
        ),
        (
            "JSON that calls itself HTML",
            Script::Says(http("200 OK", "text/html", DECLINED)),
        ),
        (
            "another charset",
            Script::Says(http("200 OK", "application/json; charset=utf-16", DECLINED)),
        ),
        ("nothing", Script::Says(ok_json(""))),
        ("no object", Script::Says(ok_json("[]"))),
        (
            "truncated",
            Script::Says([&announced[..], &truncated[..]].concat().replace_length(60)),
        ),
        ("cut JSON", Script::Says(ok_json(&DECLINED[..20]))),
        (
            "a duplicate",
            Script::Says(ok_json(
                r#"{"responseId":"request-1","decision":"DECLINED","decision":"APPROVED"}"#,
            )),
        ),
        (
            "not a number",
            Script::Says(ok_json(r#"{"responseId":"request-1","decision":"DECLINED","x":NaN}"#)),
        ),
        (
            "too deep",
            Script::Says(ok_json(&format!(r#"{{"x":{}{}}}"#, "[".repeat(33), "]".repeat(33)))),
        ),
        (
            "500",
            Script::Says(http("500 Internal Server Error", "application/json", DECLINED)),
        ),
        (
            "503 with an error",
            Script::Says(http(
                "503 Busy",
                "application/json",
                r#"{"errors":[{"reasonCode":"X"}]}"#,
            )),
        ),
        (
            "400 without a reason",
            Script::Says(http("400 Bad Request", "application/json", "{}")),
        ),
        (
            "a success with status 404",
            Script::Says(http("404 Not Found", "application/json", DECLINED)),
        ),
        ("a redirect", Script::Says(redirect)),
        (
            "another's answer",
            Script::Says(ok_json(r#"{"responseId":"request-2","decision":"DECLINED"}"#)),
        ),
        ("nobody's answer", Script::Says(ok_json(r#"{"decision":"DECLINED"}"#))),
        ("no decision", Script::Says(ok_json(r#"{"responseId":"request-1"}"#))),
        (
            "an unknown decision",
            Script::Says(ok_json(r#"{"responseId":"request-1","decision":"MAYBE"}"#)),
        ),
        (
            "approved without a token",
            Script::Says(ok_json(r#"{"responseId":"request-1","decision":"APPROVED"}"#)),
        ),
        (
            "an error beside a success",
            Script::Says(ok_json(
                r#"{"responseId":"request-1","decision":"APPROVED","errors":[{"reasonCode":"X"}]}"#,
            )),
        ),
        ("an error without a code", Script::Says(ok_json(r#"{"errors":[{}]}"#))),
        (
            "an error with a hostile code",
            Script::Says(ok_json(r#"{"errors":[{"reasonCode":"a\nb"}]}"#)),
        ),
        (
            "another's error",
            Script::Says(ok_json(r#"{"responseId":"request-2","errors":[{"reasonCode":"X"}]}"#)),
        ),
        ("a stall", Script::Stalls(Vec::new())),
        ("a stall in the body", Script::Stalls(announced.replace_length(1000))),
        ("a drip", Script::Drips(ok_json(&" ".repeat(1500)), 5)),
    ] {
        let (error, connections) = digitize_against(script).await;
        assert_eq!(error.kind(), &MdesErrorKind::Lost, "{lie}: {error}");
        assert!(error.may_have_happened() && error.is_retryable() && error.reason_code().is_none());
        assert_eq!(connections, 1, "{lie}");
    }
}

#[tokio::test]
async fn an_answer_is_not_read_beyond_its_bound() {
    // Good but for its length: announced, so that not a byte of it is waited for, and in chunks.
    let announced = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2001\r\n\r\n".to_vec();
    let chunked = |spaces: usize| {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        let filler = format!("{spaces:x}\r\n{}\r\n", " ".repeat(spaces));
        format!("{head}{filler}{:x}\r\n{DECLINED}\r\n0\r\n\r\n", DECLINED.len()).into_bytes()
    };
    let fits = 2_000 - DECLINED.len();
    for script in [Script::Stalls(announced), Script::Says(chunked(fits + 1))] {
        let (error, connections) = digitize_against(script).await;
        assert_eq!(error.to_string(), "digitize: no answer to rely on: too long");
        assert_eq!(connections, 1);
    }
    let server = Server::start(Script::Says(chunked(fits))).await;
    assert_eq!(digitize(&client(&server.base)).await, Ok(Digitized::Declined));
}

#[tokio::test]
async fn no_connection_is_used_twice() {
    let server = Server::start(Script::Keeps(ok_json(DECLINED))).await;
    let client = client(&server.base);
    for _ in 0..3 {
        assert_eq!(digitize(&client).await, Ok(Digitized::Declined));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn eligibility_needs_all_of_its_parts() {
    for (receipt, terms, good) in [
        (r#"{"value":"e-1","validForMinutes":60}"#, r#""terms-1""#, true),
        (r#"{"value":"e-1","validForMinutes":"60"}"#, r#""terms-1""#, true),
        (r#"{"value":"e-1","validForMinutes":0}"#, r#""terms-1""#, false),
        (r#"{"value":"e-1","validForMinutes":-1}"#, r#""terms-1""#, false),
        (r#"{"value":"e-1"}"#, r#""terms-1""#, false),
        (r#"{"value":"","validForMinutes":60}"#, r#""terms-1""#, false),
        (r#"{"value":"e 1","validForMinutes":60}"#, r#""terms-1""#, false),
        (r#"{"value":"e-1","validForMinutes":60}"#, r#""a/../b""#, false),
        (r#"{"value":"e-1","validForMinutes":60}"#, "null", false),
        ("null", r#""terms-1""#, false),
        ("7", r#""terms-1""#, false),
    ] {
        let body = format!(
            r#"{{"responseId":"request-1","eligibilityReceipt":{receipt},"termsAndConditionsAssetId":{terms}}}"#
        );
        let server = Server::start(Script::Says(ok_json(&body))).await;
        let answer = client(&server.base)
            .check_eligibility(&request_id(), "i", &self::receipt(), None)
            .await;
        assert_eq!(answer.is_ok(), good, "{body}");
        assert!(good || answer.is_err_and(|error| *error.kind() == MdesErrorKind::Lost));
    }
}

trait ReplaceLength {
    fn replace_length(self, length: usize) -> Vec<u8>;
}

impl ReplaceLength for Vec<u8> {
    fn replace_length(self, length: usize) -> Vec<u8> {
        let text = String::from_utf8(self).expect("ASCII");
        text.replace("Content-Length: 2001", &format!("Content-Length: {length}"))
            .into_bytes()
    }
}

#[tokio::test]
async fn a_refusal_is_final_and_tells_its_reason() {
    for (status, body, code, recoverable) in [
        (
            "200 OK",
            r#"{"errors":[{"source":"INPUT","reasonCode":"PAN_INELIGIBLE"}]}"#,
            "PAN_INELIGIBLE",
            false,
        ),
        (
            "200 OK",
            r#"{"responseId":"request-1","errors":[{"reasonCode":"X","recoverable":true}]}"#,
            "X",
            true,
        ),
        (
            "200 OK",
            r#"{"errors":[{"reasonCode":"X","recoverable":"TRUE"},{"reasonCode":"Y"}]}"#,
            "X",
            false,
        ),
        (
            "200 OK",
            r#"{"errorCode":"INVALID_JSON","errorDescription":"..."}"#,
            "INVALID_JSON",
            false,
        ),
        ("200 OK", r#"{"decision":null,"errors":[],"errorCode":"Z"}"#, "Z", false),
        (
            "400 Bad Request",
            r#"{"Errors":{"Error":[{"Source":"Gateway","ReasonCode":"DECLINED_BY_GATEWAY","Recoverable":false}]}}"#,
            "DECLINED_BY_GATEWAY",
            false,
        ),
    ] {
        let (error, connections) = digitize_against(Script::Says(http(status, "application/json", body))).await;
        let refused = MdesErrorKind::Refused {
            reason_code: code.to_owned(),
            recoverable,
        };
        assert_eq!(error.kind(), &refused, "{body}");
        assert_eq!(
            (error.reason_code(), error.is_retryable(), error.may_have_happened()),
            (Some(code), recoverable, false)
        );
        assert_eq!(connections, 1);
    }
    let body = r#"{"errors":[{"reasonCode":"INTERNAL_SERVICE_FAILURE"}]}"#;
    let (error, _) = digitize_against(Script::Says(ok_json(body))).await;
    assert!(
        error.may_have_happened(),
        "it does not say on which side of the effect it failed"
    );
}

#[tokio::test]
async fn the_gateway_is_told_apart() {
    let gateway = r#"{"Errors":{"Error":[{"ReasonCode":"AUTHENTICATION_FAILED","Recoverable":false}]}}"#;
    for (status, kind, retryable) in [
        ("401 Unauthorized", MdesErrorKind::Unauthorized, false),
        ("403 Forbidden", MdesErrorKind::Unauthorized, false),
        ("429 Too Many Requests", MdesErrorKind::Busy, true),
    ] {
        let (error, _) = digitize_against(Script::Says(http(status, "application/json", gateway))).await;
        assert_eq!(error.kind(), &kind);
        assert_eq!((error.is_retryable(), error.may_have_happened()), (retryable, false));
    }
}
