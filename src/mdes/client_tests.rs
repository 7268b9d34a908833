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
            .check_eligibility(&request_id(), "i", &self::receipt())
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

#[tokio::test]
async fn what_never_left_is_not_in_doubt() {
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}/mdes", closed.local_addr().expect("an address"));
    drop(closed);
    let refused = digitize(&client(&base)).await.expect_err("nobody listens");
    let nowhere = digitize(&client("https://no-such-host.invalid/mdes"))
        .await
        .expect_err("no address");
    // A server that does not speak TLS, before a byte of the request.
    let plain = Server::start(Script::Says(ok_json(DECLINED))).await;
    let no_trust = digitize(&client(&plain.base.replace("http:", "https:")))
        .await
        .expect_err("no TLS");
    for (why, error) in [("refused", refused), ("no address", nowhere), ("no TLS", no_trust)] {
        assert_eq!(error.kind(), &MdesErrorKind::NotSent, "{why}: {error}");
        assert!(!error.may_have_happened() && error.is_retryable());
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_sent_to() {
    let (certificate, key) = own_certificate("localhost");
    let base = tls_server(&certificate, &key, |_| {});
    let error = digitize(&client(&base)).await.expect_err("not trusted");
    assert_eq!(error.kind(), &MdesErrorKind::NotSent, "{error}");
    // The same server, vouched for by the operator, is spoken to; under another name it is not.
    let trusting = |base: &str| {
        let extra_ca_pem = Some(certificate.to_pem().expect("PEM"));
        Client::new(
            Settings {
                extra_ca_pem,
                ..settings(base)
            },
            sources(),
        )
        .expect("a client")
    };
    assert_eq!(digitize(&trusting(&base)).await, Ok(Digitized::Declined));
    let other = base.replace("localhost", "127.0.0.1");
    let error = digitize(&trusting(&other)).await.expect_err("another name");
    assert_eq!(error.kind(), &MdesErrorKind::NotSent, "{error}");
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

/// Answers `DECLINED` over TLS; on its own thread, because OpenSSL's streams are blocking.
fn tls_server(
    certificate: &openssl::x509::X509,
    key: &openssl::pkey::PKey<openssl::pkey::Private>,
    with: impl FnOnce(&mut openssl::ssl::SslAcceptorBuilder),
) -> String {
    use std::io::{Read, Write};
    let mut acceptor = openssl::ssl::SslAcceptor::mozilla_intermediate_v5(openssl::ssl::SslMethod::tls()).expect("TLS");
    with(&mut acceptor);
    acceptor.set_certificate(certificate).expect("set");
    acceptor.set_private_key(key).expect("set");
    let acceptor = acceptor.build();
    let listener = std::net::TcpListener::bind("0.0.0.0:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(mut stream) = acceptor.accept(stream) {
                let mut buffer = [0; 8192];
                let mut request = Vec::new();
                // A digitize request ends in the address, in two objects.
                while !request.ends_with(b"\"}}") {
                    match stream.read(&mut buffer) {
                        Ok(0) | Err(_) => break,
                        Ok(read) => request.extend_from_slice(&buffer[..read]),
                    }
                }
                let _ = stream.write_all(&ok_json(DECLINED));
                let _ = stream.shutdown();
            }
        }
    });
    format!("https://localhost:{port}/mdes")
}

#[tokio::test]
async fn old_tls_is_not_spoken() {
    let (certificate, key) = own_certificate("localhost");
    let base = tls_server(&certificate, &key, |acceptor| {
        acceptor.set_cipher_list("ALL:@SECLEVEL=0").expect("set");
        acceptor.set_min_proto_version(None).expect("set");
        acceptor
            .set_max_proto_version(Some(openssl::ssl::SslVersion::TLS1_1))
            .expect("set");
    });
    let extra_ca_pem = Some(certificate.to_pem().expect("PEM"));
    let client = Client::new(
        Settings {
            extra_ca_pem,
            ..settings(&base)
        },
        sources(),
    )
    .expect("a client");
    let error = digitize(&client).await.expect_err("TLS 1.1");
    assert_eq!(error.kind(), &MdesErrorKind::NotSent, "{error}");
}

#[tokio::test]
async fn a_client_identity_is_shown_where_it_is_asked_for() {
    let (certificate, key) = own_certificate("localhost");
    let (own, own_key) = own_certificate("wallet");
    let base = tls_server(&certificate, &key, |acceptor| {
        acceptor.set_verify(openssl::ssl::SslVerifyMode::PEER | openssl::ssl::SslVerifyMode::FAIL_IF_NO_PEER_CERT);
        acceptor.cert_store_mut().add_cert(own.clone()).expect("added");
    });
    let container = openssl::pkcs12::Pkcs12::builder()
        .name("us")
        .pkey(&own_key)
        .cert(&own)
        .build2("secret");
    let pem = ClientIdentity::Pem {
        certificate: own.to_pem().expect("PEM"),
        key: own_key.private_key_to_pem_pkcs8().expect("PEM"),
    };
    let pkcs12 = ClientIdentity::Pkcs12 {
        der: container.expect("a container").to_der().expect("DER"),
        password: SecretString::from("secret"),
    };
    for (client_identity, known) in [(Some(pem), true), (Some(pkcs12), true), (None, false)] {
        let extra_ca_pem = Some(certificate.to_pem().expect("PEM"));
        let settings = Settings {
            extra_ca_pem,
            client_identity,
            ..settings(&base)
        };
        let client = Client::new(settings, sources()).expect("a client");
        assert_eq!(digitize(&client).await == Ok(Digitized::Declined), known);
    }
}

/// In another process, because an environment belongs to all threads.
#[test]
fn the_environment_names_no_proxy_for_us() {
    let mut child = std::process::Command::new(std::env::current_exe().expect("this program"));
    child.args(["--exact", "mdes::client_tests::a_whole_conversation_is_understood"]);
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        child.env(name, "http://127.0.0.1:1");
    }
    let ran = child.env("NO_PROXY", "").env("no_proxy", "").output().expect("runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn reads_and_effects_wait_their_own_time() {
    let server = Server::start(Script::Stalls(Vec::new())).await;
    let client = client(&server.base);
    let begun = tokio::time::Instant::now();
    let error = client.eligible_issuers(&request_id()).await.expect_err("a stall");
    let read = begun.elapsed();
    assert_eq!(error.kind(), &MdesErrorKind::Lost);
    let begun = tokio::time::Instant::now();
    digitize(&client).await.expect_err("a stall");
    let effect = begun.elapsed();
    assert!((400..650).contains(&read.as_millis()), "{read:?}");
    assert!((700..1_500).contains(&effect.as_millis()), "{effect:?}");
}

#[tokio::test]
async fn every_attempt_is_signed_anew_over_what_is_sent() {
    let server = Server::start(Script::Says(ok_json(DECLINED))).await;
    let client = client(&server.base);
    digitize(&client).await.expect("an answer");
    digitize(&client).await.expect("an answer");
    assert_eq!(server.connections(), 2, "no connection is kept");
    let (first, second) = (server.request(0), server.request(1));
    let (head, body) = first.split_once("\r\n\r\n").expect("a head");
    assert!(
        head.starts_with("POST /mdes/digitization/1/0/digitize HTTP/1.1\r\n"),
        "{head}"
    );
    let lower = head.to_ascii_lowercase();
    assert!(lower.contains("content-type: application/json; charset=utf-8"));
    assert!(!lower.contains("referer") && !lower.contains("cookie") && !lower.contains("accept-encoding"));
    assert!(head.contains(&format!("oauth_body_hash=\"{}\"", oauth1::body_hash(body.as_bytes()))));
    assert!(head.contains("oauth_timestamp=\"1767225600\""));
    assert!(head.contains(&format!("oauth_nonce=\"{}\"", "00".repeat(16))));
    assert!(
        second.contains(&format!("oauth_nonce=\"{}\"", "01".repeat(16))),
        "a nonce is never used again"
    );
    let body: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(
        body,
        json!({
            "responseHost": "wallet.example", "requestId": "request-1", "paymentAppInstanceId": "instance-1",
            "eligibilityReceipt": {"value": "eligible-1"}, "taskId": "task-1", "termsAndConditionsAssetId": "terms-1",
            "termsAndConditionsAcceptedTimestamp": "2026-01-01T00:00:01.123Z",
            "fundingAccountInfo": {"pushAccountReceipt": "MCC-STL-0A1B2C3D-4E5F"},
            "decisioningData": {"deviceIpAddress": "203.0.113.7"}
        })
    );
}

#[tokio::test]
async fn the_source_is_encrypted_beside_the_receipt_where_that_is_set() {
    let (certificate, key) = own_certificate("mdes");
    let server = Server::start(Script::Says(ok_json(DECLINED))).await;
    let recipient = SourceEncryption::from_certificate(&certificate.to_der().expect("DER")).expect("a recipient");
    let settings = Settings {
        source_payload: Some(recipient),
        ..settings(&server.base)
    };
    digitize(&Client::new(settings, sources()).expect("a client"))
        .await
        .expect("an answer");
    let request = server.request(0);
    let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    let account = &body["fundingAccountInfo"];
    assert_eq!(account["pushAccountReceipt"], "MCC-STL-0A1B2C3D-4E5F");
    let encrypted = serde_json::from_value(account["encryptedPayload"].clone()).expect("a payload");
    let key = key.private_key_to_pem_pkcs8().expect("PEM");
    let key = notification::NotificationKey::from_pem(&key, Some(&certificate.to_der().expect("DER"))).expect("a key");
    let source = payload::decrypt(&key, &encrypted).expect("decrypts");
    assert_eq!(source, br#"{"source":"ACCOUNT_ADDED_VIA_APPLICATION"}"#);
}

#[tokio::test]
async fn an_address_that_does_not_fit_the_wire_is_left_out() {
    let server = Server::start(Script::Says(ok_json(DECLINED))).await;
    let client = client(&server.base);
    for device_ip in [None, Some("2001:db8::1"), Some("203.0.113.7, 10.0.0.1"), Some("evil\"")] {
        let order = DigitizeOrder {
            request: &request_id(),
            task: &TaskId::parse("t").expect("an id"),
            instance: "i",
            receipt: &receipt(),
            eligibility: &EligibilityReceipt::new("e"),
            terms: &AssetId::parse("t").expect("an id"),
            accepted_at: Millis(0),
            device_ip,
        };
        client.digitize(&order).await.expect("an answer");
    }
    for at in 0..4 {
        assert!(!server.request(at).contains("decisioningData"));
    }
}

#[tokio::test]
async fn a_whole_conversation_is_understood() {
    let server = Server::start(Script::Answers(|request| {
        let mut answer = json!({
            "responseHost": "mdes.example", "responseId": request["requestId"], "errors": [], "somethingNew": {"a": [1]},
            "eligibilityReceipt": {"value": "e-1", "validForMinutes": 60}, "termsAndConditionsAssetId": "terms-1",
            "decision": "REQUIRE_ADDITIONAL_AUTHENTICATION", "tokenUniqueReference": "DWSPMC1", "panUniqueReference": "FWSPMC1",
            "authenticationMethods": [{"id": 12344, "type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "12X-XXX-XX32"}],
            "productConfig": {"shortDescription": "Moon Rewards", "issuerName": "Moon Bank", "foregroundColor": "0a0B0c",
                "cardBackgroundCombinedAssetId": "art-1", "isCoBranded": "true"},
            "tokenInfo": {"accountPanSuffix": "6789", "dsrpCapable": true},
            "result": "SUCCESS", "status": "IN_PROGRESS",
            "issuers": [{"issuerId": "moon", "name": "Moon Bank", "countryCode": ["US"],
                "availablePullMethods": [{"type": "WEB", "uri": "https://moon.example/"}]}, {"name": 7}, "x"],
            "token": {"tokenUniqueReference": "DWSPMC1", "status": "SUSPENDED", "statusTimestamp": "2026-01-01T00:00:00Z"}
        });
        let status = if request.get("causedBy").is_some() { "DEACTIVATED" } else { "INACTIVE" };
        answer["tokens"] = json!([{"tokenUniqueReference": "DWSPMC1", "status": status,
            "authenticationMethods": [{"id": "1", "type": "EMAIL_TO_CARDHOLDER_ADDRESS", "value": "a***@b.example"}]}]);
        answer
    }))
    .await;
    let (client, id, token) = (client(&server.base), request_id(), reference());
    let issuers = client.eligible_issuers(&id).await.expect("issuers");
    assert_eq!(
        (issuers.len(), issuers[0].name.as_str(), issuers[1].name.as_str()),
        (2, "Moon Bank", "7")
    );
    let eligibility = client.check_eligibility(&id, "i", &receipt()).await.expect("eligible");
    assert_eq!(
        (eligibility.receipt.expose(), eligibility.valid_for_minutes),
        ("e-1", 60)
    );
    let Digitized::NeedsAuthentication(made, methods) = digitize(&client).await.expect("digitized") else {
        panic!("yellow");
    };
    assert_eq!(made.reference, token);
    assert_eq!(made.account.expect("an account").as_str(), "FWSPMC1");
    assert_eq!(made.face.last4.as_deref(), Some("6789"));
    assert_eq!(made.face.product.as_deref(), Some("Moon Rewards"));
    assert_eq!(methods[0].id, "12344");
    client
        .request_activation_code(&id, "i", &token, &methods[0].id)
        .await
        .expect("sent");
    assert!(
        server.request(3).contains(r#""authenticationMethod":{"id":12344}"#),
        "a number stays one"
    );
    let code = SecretString::from("123456");
    assert_eq!(client.activate(&id, "i", &token, &code).await, Ok(Activation::Success));
    let task = TaskId::parse("task-1").expect("an id");
    assert_eq!(client.task_status(&id, "i", &task).await, Ok(TaskStatus::Pending));
    let found = client.search_tokens(&id, "i", &receipt()).await.expect("tokens");
    assert_eq!((found.len(), found[0].1.len()), (1, 1));
    let record = client.token(&id, "i", &token).await.expect("a token");
    assert_eq!(record.changed_at, Some(Millis(1_767_225_600_000)));
    let other = TokenReference::parse("DWSPMC2").expect("a reference");
    let error = client
        .token(&id, "i", &other)
        .await
        .expect_err("another token's answer");
    assert_eq!(error.kind(), &MdesErrorKind::Lost);
    client.delete(&id, "i", &token).await.expect("deleted");
    let error = client
        .delete(&id, "i", &other)
        .await
        .expect_err("another token's answer");
    assert_eq!(error.kind(), &MdesErrorKind::Lost);
}

#[tokio::test]
async fn some_refusals_are_answers() {
    let refuse = |code: &str| Script::Says(ok_json(&format!(r#"{{"errors":[{{"reasonCode":"{code}"}}]}}"#)));
    let task = TaskId::parse("task-1").expect("an id");
    let unknown = Server::start(refuse("INVALID_TASK_ID")).await;
    assert_eq!(
        client(&unknown.base).task_status(&request_id(), "i", &task).await,
        Ok(TaskStatus::Unknown)
    );
    let code = SecretString::from("123456");
    for (reason, activation) in [
        ("INCORRECT_CODE", Some(Activation::IncorrectCode)),
        ("INCORRECT_CODE_RETRIES_EXCEEDED", Some(Activation::RetriesExceeded)),
        ("EXPIRED_CODE", Some(Activation::ExpiredCode)),
        ("EXPIRED_SESSION", Some(Activation::ExpiredSession)),
        ("SUCCESS", None),
        ("INVALID_WORKFLOW", None),
    ] {
        let refused = Server::start(refuse(reason)).await;
        let as_error = client(&refused.base)
            .activate(&request_id(), "i", &reference(), &code)
            .await;
        assert_eq!(as_error.ok(), activation, "{reason} as an error");
        let result = ok_json(&format!(r#"{{"responseId":"request-1","result":"{reason}"}}"#));
        let answered = Server::start(Script::Says(result)).await;
        let as_result = client(&answered.base)
            .activate(&request_id(), "i", &reference(), &code)
            .await;
        let wanted = if reason == "SUCCESS" {
            Some(Activation::Success)
        } else {
            activation
        };
        assert_eq!(as_result.ok(), wanted, "{reason} as a result");
    }
}

#[tokio::test]
async fn an_asset_comes_decoded_and_its_id_cannot_lead_elsewhere() {
    let body = r#"{"mediaContents":[{"type":"Image/PNG","data":"iVBORw","width":"192","height":192}]}"#;
    let server = Server::start(Script::Says(ok_json(body))).await;
    let client = client(&server.base);
    let parts = client
        .asset(&AssetId::parse("logo-1").expect("an id"))
        .await
        .expect("an asset");
    assert_eq!(
        (parts[0].media_type.as_str(), parts[0].bytes.as_slice()),
        ("image/png", &b"\x89PNG"[..])
    );
    assert_eq!((parts[0].width, parts[0].height), (Some(192), Some(192)));
    assert!(
        server
            .request(0)
            .starts_with("GET /mdes/assets/1/0/asset/logo-1 HTTP/1.1\r\n")
    );
    for dots in [".", ".."] {
        let error = client
            .asset(&AssetId::parse(dots).expect("an id by its characters"))
            .await
            .expect_err("no asset");
        assert_eq!(error.kind(), &MdesErrorKind::NotSent);
    }
    assert_eq!(server.connections(), 1);
    let refused = r#"{"errors":[{"source":"INPUT","reasonCode":"INVALID_FIELD_VALUE"}]}"#;
    for (body, reason) in [
        (refused, Some("INVALID_FIELD_VALUE")),
        (r#"{"mediaContents":[]}"#, None),
        (r#"{"mediaContents":[{"type":"image/png","data":"!"}]}"#, None),
    ] {
        let server = Server::start(Script::Says(ok_json(body))).await;
        let asset = super::Client::new(settings(&server.base), sources()).expect("a client");
        let error = asset
            .asset(&AssetId::parse("x").expect("an id"))
            .await
            .expect_err("no asset");
        assert_eq!(error.reason_code(), reason, "{body}");
    }
}

#[tokio::test]
async fn a_list_is_bounded_by_its_own_limit() {
    let entry = r#"{"name":"Moon Bank","countryCode":"US"}"#;
    for (entries, fits) in [(90, true), (120, false)] {
        let body = format!(r#"{{"issuers":[{}]}}"#, vec![entry; entries].join(","));
        assert_eq!(body.len() <= 4_000, fits);
        let server = Server::start(Script::Says(ok_json(&body))).await;
        assert_eq!(client(&server.base).eligible_issuers(&request_id()).await.is_ok(), fits);
    }
    let server = Server::start(Script::Says(ok_json(
        r#"{"responseId":"any","issuers":[],"errors":[]}"#,
    )))
    .await;
    assert_eq!(
        client(&server.base).eligible_issuers(&request_id()).await,
        Ok(Vec::new())
    );
    for body in ["{}", r#"{"issuers":null}"#, r#"{"issuers":{}}"#] {
        let server = Server::start(Script::Says(ok_json(body))).await;
        assert!(
            client(&server.base).eligible_issuers(&request_id()).await.is_err(),
            "{body}"
        );
    }
}

#[test]
fn settings_that_cannot_work_are_named() {
    let fault = |settings: Settings| Client::new(settings, sources()).expect_err("a fault");
    for base in [
        "",
        "mdes",
        "ftp://a.example",
        "http://mdes.example/mdes",
        "https://u:p@mdes.example",
        "https://a.example/?x=1",
        "https://a.example/a/../b",
    ] {
        assert_eq!(fault(settings(base)), ClientFault::BaseUrl, "{base}");
    }
    let base = "https://mdes.example/mdes/";
    for key in ["", "a\"b", "a,b", "a b", "é"] {
        let settings = Settings {
            consumer_key: SecretString::from(key),
            ..settings(base)
        };
        assert_eq!(fault(settings), ClientFault::ConsumerKey, "{key}");
    }
    let paths = Paths {
        digitize: "digitize".to_owned(),
        ..Paths::default()
    };
    assert_eq!(
        fault(Settings {
            paths,
            ..settings(base)
        }),
        ClientFault::Path("digitize")
    );
    let paths = Paths {
        asset: "/asset?id={id}".to_owned(),
        ..Paths::default()
    };
    assert_eq!(
        fault(Settings {
            paths,
            ..settings(base)
        }),
        ClientFault::Path("asset")
    );
    let (zero, late) = (
        Timeouts {
            read_ms: 0,
            ..Timeouts::default()
        },
        Timeouts {
            connect_ms: 15_000,
            ..Timeouts::default()
        },
    );
    for timeouts in [zero, late] {
        assert_eq!(
            fault(Settings {
                timeouts,
                ..settings(base)
            }),
            ClientFault::Timeouts
        );
    }
    let extra_ca_pem = Some(b"nothing".to_vec());
    assert_eq!(
        fault(Settings {
            extra_ca_pem,
            ..settings(base)
        }),
        ClientFault::CertificateAuthority
    );
    let client_identity = Some(ClientIdentity::Pkcs12 {
        der: vec![0],
        password: SecretString::from("x"),
    });
    assert_eq!(
        fault(Settings {
            client_identity,
            ..settings(base)
        }),
        ClientFault::ClientIdentity
    );
    let shown = format!("{:?}", settings(base));
    assert!(
        !shown.contains("consumer!key") && shown.contains("SigningKey(redacted)"),
        "{shown}"
    );
    assert!(Client::new(settings(base), sources()).is_ok());
}
