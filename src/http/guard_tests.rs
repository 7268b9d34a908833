//! The frame around a toy router: everything here holds for every route, whatever its handler does.

use axum::Router;
use axum::http::header::{CONTENT_TYPE, LOCATION, STRICT_TRANSPORT_SECURITY};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower::ServiceExt;

use super::super::inbound::body;
use super::super::pages;
use super::*;
use crate::app::Fault;
use crate::app::ScenarioNotice;
use crate::app::brand::Look;
use crate::seal::sha256;

const SECRET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0";

pub(super) fn shell(origin: &str) -> Shell {
    Shell {
        origin: origin.into(),
        identity: "wallet".into(),
        jar: Jar::of(origin.starts_with("https://"), None),
        tally: Arc::default(),
        pulls: true,
        wallet: "Tidemark Wallet".into(),
        files: Arc::new(Files::of(&Look {
            name: "Tidemark Wallet".to_owned(),
            tokens: String::new(),
            logo: None,
        })),
        demo: false,
        scenario: ScenarioNotice::default(),
        session_minutes: 15,
        link_rules: Arc::default(),
        limits: Limits {
            body_bytes: 64,
            api_body_bytes: 64,
            uri_bytes: 100,
            header_bytes: 600,
            headers_max: 8,
            connections_max: 10,
            header_read_ms: 1_000,
            body_read_ms: 50,
            request_ms: 50,
            shutdown_ms: 1_000,
        },
        audience: Audience::People,
        fresh: Arc::new(|| Fresh {
            reference: "TM-1".to_owned(),
            secret: SECRET.to_owned(),
        }),
    }
}

impl Visit {
    pub(in crate::http) fn sample() -> Self {
        Self::first(&shell("http://localhost:8080"))
    }
}

fn toy(shell: Shell) -> Router {
    async fn slow() -> Response {
        tokio::time::sleep(Duration::from_millis(200)).await;
        nothing()
    }
    async fn broken() -> Response {
        panic!("a defect")
    }
    async fn read(request: Request) -> Result<Response, Problem> {
        body(request, "application/json", 64).await.map(|_| nothing())
    }
    Router::new()
        .route("/page", get(pages::help))
        .route("/slow", get(slow).post(slow))
        .route("/broken", get(broken).post(broken))
        .route("/read", post(read))
        .route("/away", get(|| async { see_other("https://bank.example/?a=1") }))
        .route(
            "/busy",
            get(|| async { Err::<Response, _>(Problem::from(Fault::Unavailable)) }),
        )
        .route(
            "/gone",
            get(|| async { Err::<Response, _>(Problem::from(Fault::UnknownSession)) }),
        )
        .fallback(pages::not_found)
        .layer(from_fn_with_state(shell, frame))
}

fn ask(path: &str) -> axum::http::request::Builder {
    Request::builder().uri(path).header(HOST, "wallet.example")
}

async fn answer(shell: Shell, request: axum::http::request::Builder) -> Response {
    let request = request.body(Body::empty()).expect("a request");
    toy(shell).oneshot(request).await.expect("an answer")
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn https() -> Shell {
    shell("https://wallet.example")
}

#[tokio::test]
async fn a_page_gets_a_cookie_once_and_every_header() {
    let first = answer(https(), ask("/page")).await;
    assert_eq!(first.status(), 200);
    assert_eq!(
        first.headers()[SET_COOKIE],
        format!("__Host-tidemark={SECRET}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000")
    );
    assert!(first.headers().contains_key(STRICT_TRANSPORT_SECURITY));
    assert!(!first.headers().contains_key("server"));
    let known = ask("/page").header(COOKIE, format!("__Host-tidemark={SECRET}"));
    let second = answer(https(), known).await;
    assert!(!second.headers().contains_key(SET_COOKIE));
    let page = text(second).await;
    assert!(!page.contains(SECRET));
    let tossed = ask("/page").header(COOKIE, format!("__Host-tidemark={SECRET}; __Host-tidemark={SECRET}"));
    assert!(answer(https(), tossed).await.headers().contains_key(SET_COOKIE));
}

#[tokio::test]
async fn redirects_and_failures_set_no_cookie() {
    for path in ["/away", "/gone", "/nowhere"] {
        let response = answer(https(), ask(path)).await;
        assert!(!response.headers().contains_key(SET_COOKIE), "{path}");
        let policy = if path == "/nowhere" { "no-cache" } else { "no-store" };
        assert_eq!(response.headers()["cache-control"], policy);
    }
    let away = answer(https(), ask("/away")).await;
    assert_eq!(
        (away.status().as_u16(), &away.headers()[LOCATION]),
        (303, &HeaderValue::from_static("https://bank.example/?a=1"))
    );
    assert_eq!(away.headers()["referrer-policy"], "no-referrer");
    assert!(!away.headers().contains_key(CONTENT_TYPE));
    assert_eq!(text(away).await, "");
}

#[tokio::test]
async fn only_our_own_host_is_answered() {
    for (host, status) in [
        ("wallet.example", 200),
        ("Wallet.EXAMPLE", 200),
        ("evil.example", 421),
        ("wallet.example.evil.example", 421),
        ("wallet.example:8443", 421),
        ("wallet.example.", 421),
        ("", 421),
    ] {
        let request = Request::builder().uri("/page").header(HOST, host);
        let response = answer(https(), request).await;
        assert_eq!(response.status(), status, "{host}");
        let forwarded = ask("/page")
            .header("x-forwarded-host", host)
            .header("forwarded", format!("host={host}"));
        assert!(!text(answer(https(), forwarded).await).await.contains("evil"));
    }
    let twice = ask("/page").header(HOST, "wallet.example");
    assert_eq!(answer(https(), twice).await.status(), 421);
    assert_eq!(answer(https(), Request::builder().uri("/page")).await.status(), 421);
    assert_eq!(answer(https(), ask("http://evil.example/page")).await.status(), 421);
    assert_eq!(answer(https(), ask("https://wallet.example/page")).await.status(), 200);
    let programs = Shell {
        audience: Audience::Programs,
        ..https()
    };
    let any = Request::builder().uri("/page").header(HOST, "10.0.0.1");
    assert_eq!(answer(programs, any).await.status(), 200);
}

#[tokio::test]
async fn what_is_too_large_is_told_so() {
    for (length, status) in [(100, 404), (101, 414)] {
        let path = format!("/{}", "a".repeat(length - 1));
        assert_eq!(answer(https(), ask(&path)).await.status(), status);
    }
    let many = (0..7).fold(ask("/page"), |request, n| request.header(format!("x-{n}"), "1"));
    assert_eq!(answer(https(), many).await.status(), 200);
    let more = (0..8).fold(ask("/page"), |request, n| request.header(format!("x-{n}"), "1"));
    assert_eq!(answer(https(), more).await.status(), 431);
    let long = ask("/page").header("x", "a".repeat(600));
    let response = answer(https(), long).await;
    assert_eq!(response.status(), 431);
    assert!(text(response).await.contains("data-problem=\"headers-too-large\""));
}

#[tokio::test]
async fn failures_become_pages_with_a_way_onward() {
    for (path, method, status, code) in [
        ("/nowhere", "GET", 404, "not-found"),
        ("/gone", "GET", 404, "not-found"),
        ("/page", "POST", 405, "method-not-allowed"),
        ("/page", "DELETE", 405, "method-not-allowed"),
        ("/read", "GET", 405, "method-not-allowed"),
        ("/read", "POST", 415, "unsupported-media-type"),
        ("/busy", "GET", 503, "unavailable"),
        ("/slow", "GET", 503, "unavailable"),
        ("/broken", "GET", 500, "internal"),
        ("/broken", "POST", 500, "internal"),
    ] {
        let response = answer(https(), ask(path).method(method)).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers().contains_key(ALLOW), status == 405);
        assert_eq!(response.headers().contains_key(RETRY_AFTER), status == 503);
        let page = text(response).await;
        assert!(page.contains(&format!("data-problem=\"{code}\"")), "{method} {path}");
        assert!(page.contains("<a class=\"button\" href=\"/") && page.contains("TM-1"));
    }
}

#[tokio::test]
async fn what_breaks_down_gets_a_page_that_needs_nothing_else() {
    let pole = ask("/broken").header(COOKIE, "lang=pl; theme=dark");
    let response = answer(https(), pole).await;
    assert_eq!(response.headers()[CONTENT_LANGUAGE], "pl");
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .expect("text")
        .to_owned();
    let page = text(response).await;
    assert!(
        page.contains("<html lang=\"pl\" dir=\"ltr\" data-theme=\"dark\">"),
        "{page}"
    );
    let (_, rest) = page.split_once("<style>").expect("a style");
    let (style, _) = rest.split_once("</style>").expect("its end");
    let hash = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, sha256(style.as_bytes()));
    assert!(
        policy.contains(&format!("style-src 'sha256-{hash}'; frame-ancestors 'none'")),
        "{policy}"
    );
    for loads in ["src=", "<link", "<script", "url("] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[tokio::test]
async fn unknown_and_foreign_look_the_same() {
    let mut gone = answer(https(), ask("/gone")).await;
    let mut nowhere = answer(https(), ask("/nowhere")).await;
    // Which paths are routes is no secret; what is behind one, for whom, is.
    let policies = [&mut gone, &mut nowhere].map(|response| response.headers_mut().remove("cache-control"));
    assert_eq!(
        policies.map(|policy| policy.expect("a policy")),
        ["no-store", "no-cache"]
    );
    assert_eq!(gone.headers(), nowhere.headers());
    assert_eq!(text(gone).await, text(nowhere).await);
}

#[tokio::test]
async fn programs_get_problem_json() {
    let programs = Shell {
        audience: Audience::Programs,
        ..https()
    };
    let response = answer(programs, ask("/gone")).await;
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&text(response).await).expect("JSON");
    assert_eq!(
        (&problem["code"], &problem["status"]),
        (&"not-found".into(), &404.into())
    );
    assert_eq!(problem["reference"], "TM-1");
}

#[tokio::test]
async fn what_changes_something_is_not_cut_off() {
    assert_eq!(answer(https(), ask("/slow").method("POST")).await.status(), 204);
}

#[tokio::test]
async fn bodies_have_a_type_a_size_and_a_time() {
    let post = |kind: &str, body: Body| {
        let request = ask("/read").method("POST").header(CONTENT_TYPE, kind);
        toy(https()).oneshot(request.body(body).expect("a request"))
    };
    let status = |response: Result<Response, _>| response.map(|response: Response| response.status().as_u16());
    assert_eq!(status(post("application/json", Body::from("{}")).await), Ok(204));
    assert_eq!(
        status(post("Application/JSON; charset=utf-8", Body::from("{}")).await),
        Ok(204)
    );
    assert_eq!(status(post("text/plain", Body::from("{}")).await), Ok(415));
    assert_eq!(status(post("application/jsonx", Body::from("{}")).await), Ok(415));
    assert_eq!(
        status(post("application/json", Body::from("a".repeat(64))).await),
        Ok(204)
    );
    assert_eq!(
        status(post("application/json", Body::from("a".repeat(65))).await),
        Ok(413)
    );
    let never = Body::from_stream(futures_util::stream::pending::<Result<String, std::convert::Infallible>>());
    assert_eq!(status(post("application/json", never).await), Ok(408));
}

#[test]
fn a_prefetch_is_not_a_visit() {
    for (method, name, value, is_prefetch) in [
        ("GET", "x", "x", false),
        ("HEAD", "x", "x", true),
        ("GET", "sec-purpose", "prefetch", true),
        ("GET", "sec-purpose", "prefetch;prerender", true),
        ("GET", "purpose", "prefetch", true),
        ("GET", "sec-purpose", "", false),
    ] {
        let request = ask("/")
            .method(method)
            .header(name, value)
            .body(Body::empty())
            .expect("a request");
        assert_eq!(
            Visit::of(&request, &https()).is_prefetch,
            is_prefetch,
            "{method} {name} {value}"
        );
    }
}
