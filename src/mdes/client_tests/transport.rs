//! Connections: what never left, who is trusted, who we say we are, and how long is waited.

use super::*;

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
    child.args([
        "--exact",
        "mdes::client_tests::operations::a_whole_conversation_is_understood",
    ]);
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
