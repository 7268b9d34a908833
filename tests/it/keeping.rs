//! What browsers keep, and how answers travel: tags, `304`, compression, and what must be neither kept nor compressed.

use std::io::Read as _;

use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, World, card, session_of};

fn encoding(answer: &Answer) -> Option<&str> {
    answer.header("content-encoding")
}

fn tag(answer: &Answer) -> String {
    answer.header("etag").expect("a tag").to_owned()
}

/// The body as it was before it was compressed.
fn plain(answer: &Answer) -> Vec<u8> {
    let mut out = Vec::new();
    match encoding(answer) {
        None => out.clone_from(&answer.body),
        Some("br") => brotli::BrotliDecompress(&mut answer.body.as_slice(), &mut out).expect("brotli"),
        Some("gzip") => {
            let mut decoder = flate2::read::GzDecoder::new(answer.body.as_slice());
            decoder.read_to_end(&mut out).expect("gzip");
        }
        Some(other) => panic!("{other}"),
    }
    out
}

#[tokio::test]
async fn a_page_that_is_kept_is_asked_for_again_and_not_sent_again() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.get(&world.at("/")).await.expect("an answer");
    let ask = |path: &str| Ask::get(path).of(&browser);
    for path in ["/", "/issuers"] {
        let first = ask(path).send(&world).await;
        assert_eq!(
            (first.status, first.header("cache-control")),
            (200, Some("private, no-cache")),
            "{path}"
        );
        for method in ["GET", "HEAD"] {
            let mut again = ask(path).with("if-none-match", format!("\"other\", W/{}", tag(&first)));
            again.method = method.to_owned();
            let again = again.send(&world).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{method} {path}");
            assert_eq!(tag(&again), tag(&first));
        }
        // Another encoding is another thing to have, and so is another browser's page.
        let compressed = ask(path)
            .with("accept-encoding", "br")
            .with("if-none-match", tag(&first));
        let compressed = compressed.send(&world).await;
        assert_eq!((compressed.status, encoding(&compressed)), (200, Some("br")), "{path}");
        assert_ne!(tag(&compressed), tag(&first));
        assert_eq!(plain(&compressed), first.body);
        let again = ask(path)
            .with("accept-encoding", "br")
            .with("if-none-match", tag(&compressed));
        assert_eq!(again.send(&world).await.status, 304, "{path}");
    }
    // What is said changes, and so does the tag.
    let before = ask("/").send(&world).await;
    world.start(&mut browser, APPROVING).await;
    let after = Ask::get("/")
        .of(&browser)
        .with("if-none-match", tag(&before))
        .send(&world)
        .await;
    assert_eq!(after.status, 200);
    assert!(after.text().contains("is still being added"));
}

#[tokio::test]
async fn nothing_of_an_attempt_is_kept() {
    let world = World::new().await;
    let mut browser = world.browser();
    let back = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let session = session_of(&back);
    for path in ["", "/live", "/events", "/go"] {
        let ask = Ask::get(&format!("/sessions/{session}{path}")).of(&browser);
        let answer = ask.with("if-none-match", "*").send_for_head(&world).await;
        assert_ne!(answer.status, 304, "{path}");
        assert_eq!(
            (answer.header("cache-control"), answer.header("etag")),
            (Some("no-store"), None),
            "{path}"
        );
    }
    for (path, policy) in [
        (format!("/issuers/{APPROVING}"), "no-store"),
        ("/nowhere".to_owned(), "no-cache"),
        (format!("/sessions/{}", "A".repeat(22)), "no-store"),
        ("/issuers?page=0".to_owned(), "no-store"),
    ] {
        let answer = Ask::get(&path).of(&browser).send(&world).await;
        assert_eq!(answer.header("cache-control"), Some(policy), "{path}");
    }
}

#[tokio::test]
async fn pages_and_files_are_compressed_as_the_browser_likes_it() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let home = Ask::get("/").of(&browser).send(&world).await.page();
    let tags = home.tags();
    let addresses = tags.iter().flat_map(|tag| tag.attributes.values());
    let css = addresses
        .clone()
        .find(|address| address.ends_with(".css"))
        .expect("a style sheet")
        .clone();
    let session = format!("/sessions/{}", session_of(&attempt));
    for path in ["/", "/help", "/nowhere", &session, &css] {
        let ask = || Ask::get(path).of(&browser);
        let whole = ask().send(&world).await;
        assert_eq!(encoding(&whole), None, "{path}: nobody asked");
        for (accepted, wanted) in [
            ("gzip, deflate, br", Some("br")),
            ("br;q=0.1, gzip;q=0.2", Some("gzip")),
            ("br;q=0, *;q=0.5", Some("gzip")),
            ("zstd, identity", None),
        ] {
            let answer = ask().with("accept-encoding", accepted).send(&world).await;
            assert_eq!(encoding(&answer), wanted, "{path} {accepted}");
            assert!(
                answer
                    .header("vary")
                    .is_some_and(|vary| vary.starts_with("accept-encoding")),
                "{path}"
            );
            let length = answer.header("content-length").map(str::to_owned);
            assert_eq!(length, Some(answer.body.len().to_string()), "{path}");
            if path == "/nowhere" {
                continue; // Each has a reference of its own.
            }
            assert_eq!(plain(&answer), whole.body, "{path} {accepted}");
            assert!(
                wanted.is_none() || answer.body.len() * 10 < whole.body.len() * 7,
                "{path}"
            );
            let mut head = ask().with("accept-encoding", accepted);
            head.method = "HEAD".to_owned();
            let head = head.send(&world).await;
            if head.status == 200 {
                assert_eq!(
                    (encoding(&head), head.header("content-length").map(str::to_owned)),
                    (wanted, length),
                    "{path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn streams_are_not_compressed() {
    let world = World::new().await;
    let mut browser = world.browser();
    let back = world
        .come_back(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
        .await;
    let session = session_of(&back);
    for path in ["live", "events"] {
        let ask = Ask::get(&format!("/sessions/{session}/{path}")).of(&browser);
        let answer = ask.with("accept-encoding", "br, gzip").send_for_head(&world).await;
        assert_eq!((answer.status, encoding(&answer)), (200, None), "{path}");
        assert_eq!(answer.header("transfer-encoding"), Some("chunked"), "{path}");
    }
}

/// The token of the forms stands beside what was searched for. Whoever sees lengths must not be able to guess it.
#[tokio::test]
async fn what_a_stranger_searches_for_is_not_compressed_beside_the_token() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.get(&world.at("/issuers")).await.expect("an answer");
    for (path, site, wanted) in [
        ("/issuers?q=havorn", Some("cross-site"), None),
        ("/issuers?q=havorn", Some("same-site"), None),
        ("/issuers?q=havorn", None, None),
        ("/issuers?q=havorn", Some("same-origin"), Some("br")),
        ("/issuers?q=havorn", Some("none"), Some("br")),
        ("/issuers", Some("cross-site"), Some("br")),
    ] {
        let mut ask = Ask::get(path).of(&browser).with("accept-encoding", "br");
        if let Some(site) = site {
            ask = ask.with("sec-fetch-site", site);
        }
        let answer = ask.send(&world).await;
        assert_eq!((answer.status, encoding(&answer)), (200, wanted), "{path} {site:?}");
        assert!(
            String::from_utf8(plain(&answer))
                .expect("text")
                .contains("name=\"csrf\"")
        );
    }
}
