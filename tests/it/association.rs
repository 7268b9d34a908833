//! The wallet's own app: what the platforms are told, what becomes of a way back that missed the app, and whether
//! `check` notices each way in which the association can be wrong.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tidemark::cli::association::{PATIENCE, address_fault, examine};
use tidemark::config::{AndroidApp, AppleAppId, CertificateFingerprint, NativeApp, PackageName, PublicUrl};
use tidemark::http::native_app::{apple_association, asset_links};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::wire::Ask;
use crate::world::{APPROVING, World, card, session_of};

/// The settings of a wallet with an app, as an operator would write them.
pub const APP: [(&str, &str); 3] = [
    ("TIDEMARK_APP__ANDROID_PACKAGE", "com.example.wallet"),
    (
        "TIDEMARK_APP__ANDROID_FINGERPRINTS",
        "14:6d:e9:83:c5:73:06:50:d8:ee:b9:95:2f:34:fc:64:16:a0:83:42:e6:1d:be:a8:8a:04:96:b2:3f:cf:44:e5,\
         8f3a6c1be0d2954778a1fc03b56e2d9914c7e8b02f5a6d3190cb7e4482d6f1a5",
    ),
    ("TIDEMARK_APP__IOS_APP_IDS", "ABCDE12345.com.example.wallet"),
];

const ASSET_LINKS: &str = "/.well-known/assetlinks.json";
const APPLE: &str = "/.well-known/apple-app-site-association";

// What the platforms are told.

#[tokio::test]
async fn the_platforms_are_told_of_the_app_in_one_answer_without_a_cookie() {
    let world = World::with(&APP).await;
    let told = [
        (
            ASSET_LINKS,
            json!([{
                "relation": ["delegate_permission/common.handle_all_urls"],
                "target": {
                    "namespace": "android_app",
                    "package_name": "com.example.wallet",
                    "sha256_cert_fingerprints": [
                        "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5",
                        "8F:3A:6C:1B:E0:D2:95:47:78:A1:FC:03:B5:6E:2D:99:14:C7:E8:B0:2F:5A:6D:31:90:CB:7E:44:82:D6:F1:A5",
                    ],
                },
            }]),
        ),
        (
            APPLE,
            json!({
                "applinks": {"details": [{
                    "appIDs": ["ABCDE12345.com.example.wallet"],
                    "components": [
                        {"/": "/callback/*", "exclude": true, "comment": "what a browser began ends in the browser"},
                        {"/": "/sessions/*", "exclude": true, "comment": "what a browser began ends in the browser"},
                        {"/": "/app/callback/*", "comment": "what the app began comes back to the app"},
                    ],
                }]},
                "webcredentials": {"apps": ["ABCDE12345.com.example.wallet"]},
            }),
        ),
    ];
    for (path, expected) in told {
        let answer = Ask::get(path).send(&world).await;
        assert_eq!((answer.status, answer.header("location")), (200, None), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"), "{path}");
        assert_eq!(answer.header("set-cookie"), None, "{path}");
        let found: Value = serde_json::from_slice(&answer.body).expect("JSON");
        assert_eq!(found, expected, "{path}");

        let head = Ask::new("HEAD", path).send(&world).await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
        let but_date = |answer: &crate::wire::Answer| {
            let mut headers = answer.headers.clone();
            headers.retain(|(name, _)| name != "date");
            headers
        };
        assert_eq!(
            but_date(&head),
            but_date(&answer),
            "{path}: HEAD tells the same, its length too"
        );
        assert_eq!(head.header("content-length"), Some(&*answer.body.len().to_string()));

        let foreign = Ask::get(path).with("host", "evil.example").send(&world).await;
        assert_eq!(foreign.status, 421, "{path}: under our name only");
        for other in ["POST", "OPTIONS"] {
            assert_eq!(Ask::new(other, path).send(&world).await.status, 405, "{path}");
        }
        for near in [format!("{path}/"), path.replace(".well-known", ".Well-Known")] {
            assert_eq!(Ask::get(&near).send(&world).await.status, 404, "{near}");
        }
    }
}

#[tokio::test]
async fn a_platform_without_an_app_is_told_nothing() {
    for (settings, android, ios) in [(&APP[..0], 404, 404), (&APP[..2], 200, 404), (&APP[2..], 404, 200)] {
        let world = World::without_directory(settings).await;
        for (path, status) in [(ASSET_LINKS, android), (APPLE, ios)] {
            let answer = Ask::get(path).send(&world).await;
            assert_eq!((answer.status, answer.header("set-cookie")), (status, None), "{path}");
        }
    }
}

// A way back that missed the app.

#[tokio::test]
async fn a_way_back_that_missed_the_app_moves_nothing_and_leaves_the_receipt_behind() {
    let world = World::with(&APP).await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let signed = world.push(APPROVING, &[&card(APPROVING, "ada", 1)], &session).await;
    let before = world.books().await;
    let genuine = format!("pushAccountData={signed}&tokenRequestorSessionId={session}");
    for query in [
        &*genuine,
        "result=CANCELLED",
        "result=ERROR&result=DECLINED",
        "receipt=MCC-1,MCC-2",
        "x=%zz&%00=%ff",
        "pushAccountData=%3Cscript%3E",
        "",
    ] {
        for id in [
            &*session,
            "00000000-0000-4000-8000-000000000000",
            "x",
            "%ff%fe",
            "..%2f..",
        ] {
            let target = format!("/app/callback/{id}?{query}");
            // The session's own browser, and a stranger's.
            for ask in [Ask::get(&target).of(&browser), Ask::get(&target)] {
                let answer = ask.send(&world).await;
                assert_eq!(answer.status, 303, "{target}");
                assert_eq!(answer.header("location"), Some("/app#top"), "{target}");
                assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{target}");
                assert_eq!((answer.header("set-cookie"), answer.body.len()), (None, 0), "{target}");
            }
        }
    }
    let target = format!("/app/callback/{session}?{genuine}");
    for ask in [
        Ask::new("HEAD", &target),
        Ask::get(&target).with("sec-purpose", "prefetch"),
        Ask::get(&target).with("sec-fetch-dest", "image"),
    ] {
        assert_eq!(ask.of(&browser).send(&world).await.status, 303);
    }
    for ask in [
        Ask::post(&target, ""),
        Ask::post(&format!("/app/callback/{session}"), &genuine),
        Ask::new("PUT", &target),
    ] {
        assert_eq!(ask.of(&browser).send(&world).await.status, 405);
    }
    world.assert_unmoved(&before, "a way back that missed the app").await;
    // Nothing is used up either: the same receipt still works where it belongs.
    let back = browser
        .get(&world.callback(&session, &signed))
        .await
        .expect("an answer");
    assert_eq!(back.state().as_deref(), Some("returned"), "{}", back.text());
}

#[tokio::test]
async fn who_missed_the_app_is_told_to_open_it_at_an_address_that_the_app_does_not_claim() {
    let world = World::with(&APP).await;
    let mut browser = world.browser();
    let missed = world.at("/app/callback/00000000-0000-4000-8000-000000000000?pushAccountData=a.b.c");
    let page = browser.get(&missed).await.expect("an answer");
    assert_eq!((page.status, page.state().as_deref()), (200, Some("app")));
    assert_eq!(
        page.url,
        world.at("/app#top"),
        "no receipt in the address bar, script or not"
    );
    for words in ["Go back to the", "No card was added here", "Open the app yourself"] {
        assert!(page.text().contains(words), "{}", page.text());
    }
    assert!(
        !page.body.contains("a.b.c") && !page.body.contains("<script"),
        "{}",
        page.body
    );
    let buttons = page.tags().into_iter().filter(|tag| {
        let class = tag.attributes.get("class");
        class.is_some_and(|class| class == "button")
    });
    assert_eq!(buttons.count(), 1);
}

// What `check` notices.

const FINGERPRINT: &str =
    "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";
const ANOTHER: &str = "AB:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";
const APP_ID: &str = "ABCDE12345.com.example.wallet";

fn native_app() -> NativeApp {
    NativeApp {
        android: Some(AndroidApp {
            package: PackageName::parse("com.example.wallet").expect("a package"),
            fingerprints: vec![CertificateFingerprint::parse(FINGERPRINT).expect("a fingerprint")],
        }),
        ios: vec![AppleAppId::parse(APP_ID).expect("an app id")],
    }
}

/// What a server says at a path.
#[derive(Clone)]
enum Says {
    /// Status, headers, body.
    This(u16, Vec<(&'static str, String)>, String),
    /// Nothing, ever.
    Nothing,
}

fn says(document: &Value) -> Says {
    Says::This(
        200,
        vec![("content-type", "application/json".to_owned())],
        document.to_string(),
    )
}

/// A server that may lie, on a port of its own.
async fn server(answers: BTreeMap<&'static str, Says>) -> String {
    let answers = Arc::new(answers);
    let router = Router::new().fallback(move |request: Request<Body>| {
        let says = answers.get(request.uri().path()).cloned();
        async move {
            match says {
                Some(Says::This(status, headers, body)) => {
                    let mut response = Response::builder().status(status);
                    for (name, value) in headers {
                        response = response.header(name, value);
                    }
                    response.body(Body::from(body)).expect("an answer")
                }
                Some(Says::Nothing) => std::future::pending().await,
                None => axum::http::StatusCode::NOT_FOUND.into_response(),
            }
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(axum::serve(listener, router).into_future());
    url
}

/// What is noticed when one of the two files is served like this and the other as it should be.
async fn noticed(path: &'static str, lie: Says) -> Vec<String> {
    let app = native_app();
    let mut answers = BTreeMap::from([
        (ASSET_LINKS, says(&asset_links(&app).expect("an Android app"))),
        (APPLE, says(&apple_association(&app).expect("an iOS app"))),
    ]);
    answers.insert(path, lie);
    let url = server(answers).await;
    let faults = examine(&PublicUrl::parse(&url).expect("an address"), &app, PATIENCE).await;
    let start = format!("{url}{path} ");
    let told = |fault: String| match fault.strip_prefix(&start) {
        Some(told) => told.to_owned(),
        None => panic!("it names the file: {fault}"),
    };
    faults.into_iter().map(told).collect()
}

/// The file as it should be, with a change.
fn changed(path: &str, change: impl FnOnce(&mut Value)) -> Says {
    let app = native_app();
    let document = if path == APPLE {
        apple_association(&app)
    } else {
        asset_links(&app)
    };
    let mut document = document.expect("an app");
    change(&mut document);
    says(&document)
}

#[tokio::test]
async fn the_server_itself_passes_the_check() {
    for settings in [&APP[..], &APP[..2], &APP[2..], &[]] {
        let world = World::without_directory(settings).await;
        let faults = examine(&world.config.public_url, &world.config.app, PATIENCE).await;
        assert_eq!(faults, Vec::<String>::new());
    }
    // And fails it against another configuration than its own.
    let world = World::without_directory(&APP).await;
    let faults = examine(&world.config.public_url, &NativeApp::default(), PATIENCE).await;
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(
        faults[0].contains("is there, although app.android_package is not set"),
        "{faults:?}"
    );
    assert!(
        faults[1].contains("is there, although app.ios_app_ids is not set"),
        "{faults:?}"
    );
}

#[tokio::test]
async fn an_answer_that_is_no_file_is_told_with_what_to_do() {
    let json = |status: u16, headers: &[(&'static str, &str)], body: &str| {
        let headers = headers
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        Says::This(status, headers, body.to_owned())
    };
    let good = [("content-type", "application/json")];
    for path in [ASSET_LINKS, APPLE] {
        for (lie, told) in [
            (
                json(301, &[("location", "https://www.wallet.example/x")], ""),
                "redirects to https://www.wallet.example/x (301), which neither Google nor Apple follows: serve the file",
            ),
            (json(302, &[], ""), "redirects (302), which neither"),
            (
                json(307, &[("location", "/évil")], ""),
                "redirects (307), which neither",
            ),
            (
                json(404, &good, "{}"),
                "is not there (404): restart the wallet with this configuration, and let the proxy",
            ),
            (json(410, &good, "{}"), "is not there (410)"),
            (json(401, &good, "{}"), "is refused (401): it must be open to everybody"),
            (json(403, &good, "{}"), "is refused (403): it must be open to everybody"),
            (
                json(421, &good, "{}"),
                "is asked under another name (421): let the proxy pass the Host header on",
            ),
            (json(503, &good, "{}"), "answers 503 instead of 200: see the log"),
            (json(204, &good, ""), "answers 204 instead of 200: see the log"),
            (
                json(200, &good, "<h1>Hello</h1>"),
                "is not JSON: something else answers",
            ),
            (json(200, &good, ""), "is not JSON: something else answers"),
            (
                json(200, &good, &" ".repeat(131_073)),
                "is larger than 131072 bytes: something else answers",
            ),
        ] {
            let faults = noticed(path, lie).await;
            assert!(faults.len() == 1 && faults[0].starts_with(told), "{told}: {faults:?}");
        }
        let app = native_app();
        let body = if path == APPLE {
            apple_association(&app)
        } else {
            asset_links(&app)
        };
        let body = body.expect("an app").to_string();
        for (headers, told) in [
            (&[("content-type", "text/html")][..], "text/html"),
            (&[("content-type", "application/pkcs7-mime")], "application/pkcs7-mime"),
            (&[("content-type", "application/jsonp")], "application/jsonp"),
            (&[], "nothing"),
        ] {
            let faults = noticed(path, json(200, headers, &body)).await;
            let told = format!("says of its type {told} instead of application/json: let the proxy pass");
            assert!(faults.len() == 1 && faults[0].starts_with(&told), "{told}: {faults:?}");
        }
        for fine in ["application/json; charset=utf-8", "Application/JSON"] {
            let lie = json(200, &[("content-type", fine)], &body);
            assert_eq!(noticed(path, lie).await, Vec::<String>::new(), "{fine}");
        }
        // As large as a file may be, and in another order, it is the same file.
        let padded = format!("{body}{}", " ".repeat(131_072 - body.len()));
        assert_eq!(noticed(path, json(200, &good, &padded)).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn another_app_or_certificate_is_told_of() {
    let target = |change: fn(&mut Value)| changed(ASSET_LINKS, |file| change(&mut file[0]["target"]));
    for (lie, told) in [
        (
            target(|target| target["package_name"] = json!("com.evil")),
            &[
                "names another package, com.evil: if it is yours, set app.android_package; if not, see who changed",
                "does not name app.android_package com.example.wallet",
            ][..],
        ),
        (
            changed(ASSET_LINKS, |file| {
                let mut more = file[0].clone();
                more["target"]["package_name"] = json!("com.evil\u{1b}[31m");
                file.as_array_mut().expect("a list").push(more);
            }),
            &["names another package, com.evil?[31m: if it is yours"],
        ),
        (
            target(|target| target["sha256_cert_fingerprints"] = json!([ANOTHER])),
            &[
                "lacks the fingerprint 14:6D:E9:83",
                "trusts another fingerprint, AB:6D:E9:83:",
            ],
        ),
        (
            target(|target| target["sha256_cert_fingerprints"] = json!([FINGERPRINT, ANOTHER])),
            &["trusts another fingerprint, AB:6D:E9:83:"],
        ),
        (
            target(|target| target["sha256_cert_fingerprints"] = json!([FINGERPRINT.to_lowercase()])),
            &[
                "lacks the fingerprint 14:6D:E9:83",
                "trusts another fingerprint, 14:6d:e9:83:",
            ],
        ),
        (
            target(|target| target["sha256_cert_fingerprints"] = json!([])),
            &["lacks the fingerprint 14:6D:E9:83"],
        ),
        (
            target(|target| target["namespace"] = json!("web")),
            &["names no Android app: no statement has the relation delegate_permission/common.handle_all_urls"],
        ),
        (
            changed(ASSET_LINKS, |file| {
                file[0]["relation"] = json!(["delegate_permission/common.get_login_creds"]);
            }),
            &["names no Android app"],
        ),
        (says(&json!({})), &["names no Android app"]),
        (says(&json!([])), &["names no Android app"]),
        (
            target(|target| target["more"] = json!(1)),
            &["is not what this configuration serves: an older copy or another server answers"],
        ),
    ] {
        assert_told(&noticed(ASSET_LINKS, lie).await, told);
    }
}

#[tokio::test]
async fn an_app_that_gets_other_addresses_is_told_of() {
    let components = |components: Value| {
        changed(APPLE, |file| {
            file["applinks"]["details"][0]["components"] = components;
        })
    };
    let browsers = "for ABCDE12345.com.example.wallet: a way back that belongs to a browser could end in the app";
    let callback = &*format!("does not exclude /callback/* {browsers}");
    let sessions = &*format!("does not exclude /sessions/* {browsers}");
    let unclaimed = "does not give /app/callback/* to ABCDE12345.com.example.wallet: the app's way back would end";
    let more =
        ["/", "/issuers", "/app"].map(|path| format!("gives {path} to ABCDE12345.com.example.wallet: the app is"));
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    for (lie, told) in [
        (
            components(json!([{"/": "/sessions/*", "exclude": true}, {"/": "/app/callback/*"}])),
            vec![callback],
        ),
        (
            components(json!([{"/": "/callback/*", "exclude": true}, {"/": "/app/callback/*"}])),
            vec![sessions],
        ),
        // The first that matches decides: an exclusion that comes later is none.
        (
            components(
                json!([{"/": "*"}, {"/": "/callback/*", "exclude": true}, {"/": "/sessions/*", "exclude": true}]),
            ),
            [vec![callback, sessions], more.clone()].concat(),
        ),
        (
            components(json!([
                {"/": "/callback/*", "exclude": true}, {"/": "/sessions/*", "exclude": true}, {"comment": "all the rest"},
            ])),
            more,
        ),
        (
            components(json!([
                {"/": "*/callback/*", "exclude": true}, {"/": "/sessions/*", "exclude": true}, {"/": "/app/callback/*"},
            ])),
            vec![unclaimed],
        ),
        (components(json!([])), vec![callback, sessions, unclaimed]),
        (components(json!("all")), vec![callback, sessions, unclaimed]),
        (
            changed(APPLE, |file| {
                file["applinks"]["details"][0]["appIDs"] = json!(["ABCDE12345.com.evil"]);
            }),
            vec![
                "names another app, ABCDE12345.com.evil: if it is yours, add it to app.ios_app_ids",
                "does not name ABCDE12345.com.example.wallet of app.ios_app_ids",
            ],
        ),
        (
            changed(APPLE, |file| file["webcredentials"] = json!({})),
            vec!["does not name ABCDE12345.com.example.wallet under webcredentials"],
        ),
        (
            says(&json!([])),
            vec![
                "does not name ABCDE12345.com.example.wallet of app.ios_app_ids",
                "does not name ABCDE12345.com.example.wallet under webcredentials",
            ],
        ),
        (
            changed(APPLE, |file| file["appclips"] = json!({})),
            vec!["is not what this configuration serves"],
        ),
    ] {
        assert_told(&noticed(APPLE, lie).await, &told);
    }
}

fn assert_told(faults: &[String], told: &[&str]) {
    let is_told = faults.len() == told.len() && faults.iter().zip(told).all(|(fault, told)| fault.starts_with(told));
    assert!(is_told, "expected {told:#?}\ntold {faults:#?}");
}

#[tokio::test]
async fn a_server_that_phones_would_not_hear_is_told_of() {
    let examined = |url: String, patience: Duration| async move {
        let faults = examine(&PublicUrl::parse(&url).expect("an address"), &native_app(), patience).await;
        assert_eq!(faults.len(), 2, "{faults:?}");
        faults[0]
            .strip_prefix(&format!("{url}{ASSET_LINKS} "))
            .expect("the file")
            .to_owned()
    };
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", closed.local_addr().expect("an address"));
    drop(closed);
    let told = examined(url, PATIENCE).await;
    assert!(
        told.starts_with("cannot be reached (Connection refused (os error") && told.contains("the port is open"),
        "{told}"
    );

    let told = examined("https://no-such-host.localhost:1".to_owned(), PATIENCE).await;
    assert!(told.starts_with("cannot be reached ("), "{told}");

    let silent = server(BTreeMap::from([(ASSET_LINKS, Says::Nothing), (APPLE, Says::Nothing)])).await;
    let told = examined(silent, Duration::from_millis(200)).await;
    assert!(
        told.starts_with("does not answer within 0.2 s: see what holds"),
        "{told}"
    );

    let endless = raw("", true).await;
    let told = examined(endless, PATIENCE).await;
    assert!(told.starts_with("is larger than 131072 bytes"), "{told}");

    let breaking_off = raw("content-length: 100\r\n", false).await;
    let told = examined(breaking_off, PATIENCE).await;
    assert!(
        told.starts_with("breaks off (end of file before message length reached)"),
        "{told}"
    );

    let told = examined(vouched_for_by_nobody(), PATIENCE).await;
    assert!(
        told.starts_with("shows a certificate that phones do not trust (self-signed certificate): install one"),
        "{told}"
    );
}

/// A server that sends a head with this line and one byte of a body, or a body without an end.
async fn raw(line: &'static str, endless: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4_096]).await;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{line}\r\n[");
            let mut written = stream.write_all(head.as_bytes()).await;
            while endless && written.is_ok() {
                written = stream.write_all(&[b' '; 4_096]).await;
            }
        }
    });
    url
}

/// A server over TLS whose certificate is its own; on its own thread, because OpenSSL's streams are blocking.
fn vouched_for_by_nobody() -> String {
    use openssl::asn1::Asn1Time;
    use openssl::ssl::{SslAcceptor, SslMethod};
    use openssl::x509::extension::SubjectAlternativeName;
    let key = openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(2048).expect("a key")).expect("a key");
    let mut certificate = openssl::x509::X509::builder().expect("a builder");
    certificate.set_version(2).expect("set");
    certificate.set_pubkey(&key).expect("set");
    let (from, until) = (Asn1Time::days_from_now(0), Asn1Time::days_from_now(1));
    certificate.set_not_before(&from.expect("a time")).expect("set");
    certificate.set_not_after(&until.expect("a time")).expect("set");
    let name = SubjectAlternativeName::new()
        .dns("localhost")
        .build(&certificate.x509v3_context(None, None));
    certificate.append_extension(name.expect("made")).expect("set");
    certificate
        .sign(&key, openssl::hash::MessageDigest::sha256())
        .expect("signed");
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).expect("TLS");
    acceptor.set_certificate(&certificate.build()).expect("set");
    acceptor.set_private_key(&key).expect("set");
    let acceptor = acceptor.build();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let _ = acceptor.accept(stream);
        }
    });
    format!("https://localhost:{port}")
}

#[test]
fn an_address_at_which_no_phone_asks_is_told_of_without_asking() {
    let fault = |url: &str, app: &NativeApp| address_fault(&PublicUrl::parse(url).expect("an address"), app);
    for (url, told) in [
        (
            "http://localhost:8080",
            "public_url does not begin with https://: no phone will",
        ),
        (
            "http://127.0.0.1",
            "public_url does not begin with https://: no phone will",
        ),
        (
            "https://localhost",
            "public_url can be reached from this machine only: no phone will",
        ),
        (
            "https://wallet.example:8443",
            "public_url names a port, and phones ask at port 443: no phone",
        ),
    ] {
        let found = fault(url, &native_app()).expect(url);
        assert!(found.starts_with(told), "{found}");
        assert_eq!(fault(url, &NativeApp::default()), None, "without an app {url} is fine");
    }
    for fine in ["https://wallet.example", "https://wallet.example:443"] {
        assert_eq!(fault(fine, &native_app()), None, "{fine}");
    }
}
