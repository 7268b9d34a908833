//! The header walk: every answer of every route, refusals too, carries exactly the headers of its kind, and no other.

use std::collections::{BTreeMap, BTreeSet};

use tidemark::http::paths;
use tidemark::sim::catalogue::AppsAt;
use tidemark::sim::stage;

use crate::bad_input::{Listener, Route, SHOP, Site};
use crate::wire::{Answer, Ask, exchange};
use crate::world::{APPROVING, World, session_of};

/// The kinds of answers, by what they carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Page,
    Bare,
    Json(&'static str),
    Association,
    Fixed(&'static str),
    Logo(&'static str),
    Shared(&'static str, u32),
    Download(&'static str),
}

/// Written by the engine below us, for the transport alone.
const TRANSPORT: [&str; 4] = ["connection", "content-length", "date", "transfer-encoding"];
const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const ASSET_POLICY: &str = "default-src 'none'; sandbox; style-src 'unsafe-inline'; frame-ancestors 'none'";
/// Pages that a browser may keep.
const KEPT: [&str; 2] = ["/", "/issuers"];
/// Features that a page could ask for, which nobody gets.
const FEATURES: [&str; 41] = [
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "captured-surface-control",
    "clipboard-read",
    "clipboard-write",
    "compute-pressure",
    "cross-origin-isolated",
    "deferred-fetch",
    "digital-credentials-create",
    "digital-credentials-get",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "keyboard-map",
    "language-detector",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "translator",
    "usb",
    "window-management",
    "xr-spatial-tracking",
];

/// Where a page's script comes from, if its policy allows one: one file of ours under the digest of its content.
fn script(answer: &Answer, https: bool) -> Option<String> {
    let policy = answer.header("content-security-policy").expect("a policy");
    let source = policy.split("script-src ").nth(1)?.split(';').next()?;
    if source == "'none'" {
        return None;
    }
    let origin = if https {
        "https://wallet.example"
    } else {
        "http://localhost:"
    };
    for (source, start) in source.split(' ').zip(["/assets/app.", "/assets/picker."]) {
        assert!(source.starts_with(origin), "{policy}");
        is_hashed(
            &source[source.find("/assets/").expect("a file of ours")..],
            start,
            ".js",
        );
    }
    Some(source.to_owned())
}

/// An address that changes with what is there.
fn is_hashed(path: &str, start: &str, end: &str) {
    let digest = path.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    let is_digest = |text: &str| [16, 32].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    assert!(digest.is_some_and(is_digest), "{path}");
}

/// What an answer of a kind must carry, exactly.
fn expected(kind: Kind, answer: &Answer, https: bool) -> BTreeMap<String, String> {
    let mut wanted: BTreeMap<&str, String> = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    if https {
        wanted.insert(
            "strict-transport-security",
            "max-age=31536000; includeSubDomains".to_owned(),
        );
    }
    let mut set = |name, value: &str| wanted.insert(name, value.to_owned());
    match kind {
        Kind::Page => {
            let script = script(answer, https).unwrap_or_else(|| "'none'".to_owned());
            let upgrade = if https { "; upgrade-insecure-requests" } else { "" };
            set(
                "content-security-policy",
                &format!(
                    "default-src 'none'; base-uri 'none'; object-src 'none'; script-src {script}; style-src 'self'; \
                     img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                     require-trusted-types-for 'script'; trusted-types 'none'{upgrade}"
                ),
            );
            // A refused return stands at an address that holds a receipt: nobody is told where a failure happened.
            let is_failure = answer.status >= 400 && answer.text().contains("data-state=\"error\"");
            set(
                "referrer-policy",
                if is_failure { "no-referrer" } else { "same-origin" },
            );
            set("cross-origin-opener-policy", "same-origin");
            set(
                "vary",
                "accept-encoding, accept-language, cookie, user-agent, sec-ch-ua-platform, sec-ch-ua-mobile",
            );
            let link = answer.header("link").expect("a link").to_owned();
            let css = link
                .strip_prefix('<')
                .and_then(|link| link.strip_suffix(">; rel=preload; as=style"));
            is_hashed(css.expect("a style sheet"), "/assets/app.", ".css");
            set("link", &link);
            set("cross-origin-embedder-policy", "require-corp");
            set("origin-agent-cluster", "?1");
            let features: Vec<String> = FEATURES.iter().map(|feature| format!("{feature}=()")).collect();
            set("permissions-policy", &features.join(", "));
            set("content-type", "text/html; charset=utf-8");
            set("content-language", "en");
        }
        Kind::Bare => {
            set("content-security-policy", BARE_POLICY);
            set("cross-origin-opener-policy", "same-origin");
        }
        Kind::Json(media_type) => {
            set("content-security-policy", BARE_POLICY);
            set("content-type", media_type);
        }
        Kind::Association => {
            set("content-security-policy", BARE_POLICY);
            set("content-type", "application/json");
            set("cache-control", "public, max-age=300");
        }
        Kind::Fixed(media_type) | Kind::Logo(media_type) => {
            set("content-security-policy", ASSET_POLICY);
            set("content-type", media_type);
            set("cache-control", "public, max-age=31536000, immutable");
            set("vary", "accept-encoding");
        }
        Kind::Shared(media_type, seconds) => {
            set("content-security-policy", ASSET_POLICY);
            set("content-type", media_type);
            set("cache-control", &format!("public, max-age={seconds}"));
            set("cross-origin-resource-policy", "cross-origin");
        }
        Kind::Download(media_type) => {
            set("content-security-policy", ASSET_POLICY);
            set("content-type", media_type);
        }
    }
    wanted
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// Compares the headers with those of the kind and with `more`, which this one answer has besides.
fn assert_dressed(answer: &Answer, kind: Kind, more: &[(&str, &str)], https: bool, what: &str) {
    let mut wanted = expected(kind, answer, https);
    wanted.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let own = answer
        .headers
        .iter()
        .filter(|(name, _)| !TRANSPORT.contains(&name.as_str()));
    let found: BTreeMap<String, String> = own.clone().cloned().collect();
    assert_eq!(found.len(), own.count(), "{what}: a header comes twice");
    assert_eq!(found, wanted, "{what}");
    if kind == Kind::Page
        && let Some(source) = script(answer, https)
    {
        let body = answer.text();
        let named: Vec<String> = source
            .split(' ')
            .map(|source| {
                let path = &source[source.find("/assets/").expect("a path")..];
                format!("<script src=\"{path}\" defer>")
            })
            .collect();
        assert!(body.is_empty() || named.iter().all(|tag| body.contains(tag)), "{what}");
        let known: usize = named.iter().map(|tag| body.matches(tag).count()).sum();
        assert_eq!(
            body.matches("<script").count(),
            known,
            "{what}: a script that the policy does not name"
        );
    } else if kind == Kind::Page {
        assert!(
            !answer.text().contains("<script"),
            "{what}: a script that the policy forbids"
        );
    }
    if kind == Kind::Bare {
        assert!(answer.body.is_empty(), "{what}: a body");
    }
}

/// The tag of an answer that may be kept.
fn tag(answer: &Answer) -> &str {
    answer.header("etag").expect("a tag")
}

/// What a route answers when all is well.
fn kind_of(route: &Route) -> Kind {
    match route.template {
        "/sessions/{session}/events" => Kind::Json("text/event-stream"),
        "/sessions/{session}/terms/{asset}" | "/api/v1/sessions/{session}/terms/{asset}" => {
            Kind::Download("application/pdf")
        }
        "/logos/{name}" => Kind::Logo("image/webp"),
        "/assets/{name}" => Kind::Fixed("text/css; charset=utf-8"),
        paths::ASSET_LINKS | paths::APPLE_ASSOCIATION => Kind::Association,
        "/health" | "/ready" => Kind::Json("text/plain; charset=utf-8"),
        "/metrics" => Kind::Json("text/plain; version=0.0.4; charset=utf-8"),
        "/embed/v1.js" => Kind::Shared("text/javascript; charset=utf-8", 3_600),
        "/embed/logos/{name}" => Kind::Shared("image/webp", 3_600),
        "/embed/issuers.json" if route.method == "GET" => Kind::Shared("application/json", 300),
        _ if [204, 303].contains(&route.good) => Kind::Bare,
        _ if route.listener == Listener::Mdes => Kind::Json("application/problem+json"),
        _ if route.listener == Listener::Wallet && route.good >= 400 => Kind::Json("application/problem+json"),
        _ if route.listener == Listener::Wallet => Kind::Json("application/json"),
        _ => Kind::Page,
    }
}

fn failing(route: &Route) -> Kind {
    match route.listener {
        Listener::People => Kind::Page,
        Listener::Mdes | Listener::Operators | Listener::Wallet | Listener::Hosts => {
            Kind::Json("application/problem+json")
        }
    }
}

#[tokio::test]
async fn every_answer_that_is_well_carries_the_headers_of_its_kind() {
    let site = Site::new().await;
    for route in site.routes() {
        let answer = site.send(&route, &site.good(&route)).await;
        assert_eq!(answer.status, route.good, "{}", route.template);
        let location = answer.header("location").unwrap_or_default().to_owned();
        let tag = answer.header("etag").unwrap_or_default().to_owned();
        let mut more = Vec::new();
        if route.good == 303 {
            let is_expected = match route.template {
                "/signout" => location == "/",
                "/issuers/recent/clear" => location == paths::ISSUERS,
                "/language" => location == "/help",
                "/app/callback/{id}" => location == paths::APP_NOT_OPENED,
                _ => location.starts_with("/sessions/") || location == route.target,
            };
            assert!(is_expected, "{}: {location}", route.template);
            more.push(("location", location.as_str()));
        }
        match route.template {
            "/sessions/{session}/events" => more.push(("x-accel-buffering", "no")),
            "/sessions/{session}/terms/{asset}" | "/api/v1/sessions/{session}/terms/{asset}" => {
                more.push(("content-disposition", "attachment; filename=\"terms.pdf\""));
            }
            "/" | "/issuers" | "/logos/{name}" | "/assets/{name}" | "/embed/logos/{name}" | "/embed/v1.js" => {
                assert!(tag.len() > 10 && tag.starts_with('"') && tag.ends_with('"'), "{tag}");
                more.push(("etag", &tag));
                if KEPT.contains(&route.template) {
                    more.push(("cache-control", "private, no-cache"));
                }
                if route.template == "/embed/v1.js" {
                    more.extend([("access-control-allow-origin", "*"), ("vary", "accept-encoding")]);
                }
            }
            "/embed/issuers.json" => {
                more.extend([("access-control-allow-origin", SHOP), ("vary", "origin")]);
                if route.method == "OPTIONS" {
                    more.extend([
                        ("access-control-allow-methods", "GET"),
                        ("access-control-max-age", "600"),
                    ]);
                }
            }
            _ => {}
        }
        // The home page renews the cookie of a browser that is known; forms keep a choice, or forget.
        let renewed = answer.header("set-cookie").unwrap_or_default().to_owned();
        let sets = [
            ("GET", "/"),
            ("POST", "/language"),
            ("POST", "/issuers/recent/clear"),
            ("POST", "/signout"),
        ];
        if sets.contains(&(route.method, route.template)) {
            more.push(("set-cookie", &renewed));
        }
        assert_dressed(&answer, kind_of(&route), &more, false, route.template);
        if route.method == "GET" && !route.template.ends_with("/events") {
            let mut head = site.good(&route);
            head.method = "HEAD".to_owned();
            let answer = site.send(&route, &head).await;
            assert!(answer.body.is_empty(), "{}", route.template);
            if answer.status == 204 {
                assert_dressed(&answer, Kind::Bare, &[], false, route.template);
            } else {
                more.retain(|(name, _)| *name != "set-cookie");
                assert_dressed(&answer, kind_of(&route), &more, false, route.template);
            }
        }
        if !tag.is_empty() {
            let mut again = site.good(&route).with("if-none-match", &tag);
            again.method = "HEAD".to_owned();
            let again = site.send(&route, &again).await;
            assert_eq!((again.status, again.body.len()), (304, 0), "{}", route.template);
            assert_dressed(&again, kind_of(&route), &more, false, route.template);
        }
    }
}

#[tokio::test]
async fn every_file_of_ours_has_its_own_type() {
    let site = Site::new().await;
    let home = Ask::get("/").of(&site.browser).send(&site.world).await.page();
    let live = Ask::get(&format!("/sessions/{}", site.session))
        .of(&site.browser)
        .send(&site.world)
        .await
        .page();
    let mut types = BTreeSet::new();
    let addresses = home
        .tags()
        .into_iter()
        .chain(live.tags())
        .flat_map(|tag| tag.attributes.into_values());
    for address in addresses
        .filter(|address| address.starts_with("/assets/"))
        .collect::<BTreeSet<_>>()
    {
        let answer = Ask::get(&address).send(&site.world).await;
        let tag = answer.header("etag").expect("a tag").to_owned();
        let media_type = match address.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            other => panic!("{other:?}"),
        };
        assert_dressed(&answer, Kind::Fixed(media_type), &[("etag", &tag)], false, &address);
        types.insert(media_type);
    }
    assert!(types.len() >= 2, "{types:?}");
}

#[tokio::test]
async fn every_refusal_carries_the_headers_of_its_kind() {
    let site = Site::new().await;
    for route in site.routes() {
        let mut refusals = Vec::new();
        let good = || site.good(&route);
        let changed = |change: &dyn Fn(&mut Ask)| {
            let mut ask = good();
            change(&mut ask);
            ask
        };
        refusals.push((405, changed(&|ask| ask.method = "BREW".to_owned())));
        refusals.push((
            414,
            changed(&|ask| ask.target = format!("{}?{}", ask.target, "a".repeat(9_000))),
        ));
        refusals.push((431, good().with("x-filler", "a".repeat(16_400))));
        if [Listener::People, Listener::Wallet, Listener::Hosts].contains(&route.listener) {
            refusals.push((421, good().with("host", "evil.example")));
        }
        if route.template == "/embed/issuers.json" {
            let stranger = good().without("origin");
            refusals.push((403, stranger.with("origin", "https://evil.example")));
        }
        if route.listener == Listener::Wallet {
            let stranger = good().without("authorization");
            refusals.push((401, stranger.with("authorization", "Bearer x")));
        }
        if route.listener == Listener::People {
            refusals.push((404, changed(&|ask| ask.target = "/nowhere".to_owned())));
        }
        if route.method == "POST" {
            refusals.push((413, good().with("content-length", "70000")));
            refusals.push((415, good().without("content-type")));
        }
        if route.form.is_some() {
            refusals.push((403, good().with("sec-fetch-site", "cross-site")));
            refusals.push((400, changed(&|ask| ask.body.extend_from_slice(b"&x=%zz"))));
        }
        if route.query.is_some() {
            refusals.push((400, changed(&|ask| ask.target.push_str("?x=%zz"))));
        }
        for (status, ask) in refusals {
            let answer = match route.listener {
                Listener::Operators => ask.send_to(&site.operations, &site.world).await,
                _ => ask.send(&site.world).await,
            };
            let what = format!("{status} {} {}", route.method, route.template);
            assert_eq!(answer.status, status, "{what}");
            let allow = route.allows();
            let more = match status {
                405 => vec![("allow", allow)],
                401 => vec![("www-authenticate", "Bearer realm=\"api\"")],
                // That there is nothing for anybody may be kept, but not believed.
                404 => vec![("cache-control", "no-cache")],
                _ => vec![],
            };
            assert_dressed(&answer, failing(&route), &more, false, &what);
        }
    }
}

#[tokio::test]
async fn a_defect_and_a_storage_that_is_gone_carry_the_headers_too_and_say_nothing_of_the_cause() {
    let site = Site::new().await;
    let sql = format!(
        "UPDATE sessions SET body = '{{\"secret cause' WHERE id = '{}'",
        site.session
    );
    site.world.tamper(&sql).await;
    for path in ["", "/go", "/live", "/events"] {
        let ask = Ask::get(&format!("/sessions/{}{path}", site.session)).of(&site.browser);
        let answer = ask.send(&site.world).await;
        assert_eq!(
            (answer.status, answer.problem().as_deref()),
            (500, Some("internal")),
            "{path}"
        );
        assert_dressed(&answer, Kind::Page, &[], false, path);
        assert!(!answer.text().contains("secret cause") && !answer.text().contains("sessions of table"));
    }
    site.world.app.close().await;
    for route in site.routes() {
        let answer = match route.listener {
            Listener::Operators => site.good(&route).send_to(&site.operations, &site.world).await,
            _ => site.good(&route).send(&site.world).await,
        };
        let what = route.template;
        assert!(
            [200, 204, 303, 400, 404, 422, 503].contains(&answer.status),
            "{what}: {}",
            answer.status
        );
        if answer.status == 503 && what == "/ready" {
            assert_dressed(&answer, kind_of(&route), &[], false, what);
        } else if answer.status == 503 {
            assert_eq!(answer.problem().as_deref(), Some("unavailable"), "{what}");
            assert_dressed(&answer, failing(&route), &[("retry-after", "60")], false, what);
        }
        let needs_storage = [
            "{session}",
            "{card}",
            "{token}",
            "/sessions",
            "/handoffs",
            "/cards",
            "/signout",
        ]
        .iter()
        .any(|part| what.contains(part));
        assert_eq!(
            answer.status == 503,
            needs_storage || ["/", "/callback", "/push", "/ready"].contains(&what) || what.ends_with("/logos/{name}"),
            "{what}"
        );
    }
}

#[tokio::test]
async fn behind_https_every_answer_says_so_and_the_cookie_is_bound_to_the_host() {
    let world = World::without_directory(&[("TIDEMARK_PUBLIC_URL", "https://wallet.example")]).await;
    // A wallet behind https opens no website on a loopback address: here the banks have public ones.
    let mut issuers = stage::directory(&world.stage.bank_base, AppsAt::OwnHosts);
    for issuer in &mut issuers {
        let website = format!("https://{}.example/pull", issuer.issuer_id);
        issuer.methods = vec![("WEB".to_owned(), website)];
    }
    world.stage.mdes.set_directory(issuers);
    world.app.refresh_directory().await.expect("MDES tells its issuers");
    let send = |ask: Ask| {
        let bytes = ask.with("host", "wallet.example").bytes("");
        let authority = world.authority().to_owned();
        async move { exchange(&authority, &bytes, false).await }
    };
    let first = send(Ask::get("/")).await;
    let cookie = first.header("set-cookie").expect("a cookie").to_owned();
    let more = [
        ("set-cookie", cookie.as_str()),
        ("cache-control", "private, no-cache"),
        ("etag", tag(&first)),
    ];
    assert_dressed(&first, Kind::Page, &more, true, "the first page");
    let secret = cookie
        .strip_prefix("__Host-tidemark=")
        .and_then(|rest| rest.split(';').next())
        .expect("a secret");
    assert_eq!(
        cookie,
        format!("__Host-tidemark={secret}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000")
    );
    assert_eq!(secret.len(), 43);
    for (path, status) in [
        ("/help", 200),
        ("/nowhere", 404),
        ("/sessions/x", 404),
        ("/issuers?page=0", 422),
    ] {
        let answer = send(Ask::get(path).with("cookie", format!("__Host-tidemark={secret}"))).await;
        assert_eq!(answer.status, status);
        let more: &[_] = if path == "/nowhere" {
            &[("cache-control", "no-cache")]
        } else {
            &[]
        };
        assert_dressed(&answer, Kind::Page, more, true, path);
    }
    let csrf = world.app.csrf_token(secret);
    let start = Ask::post("/sessions", format!("csrf={csrf}&issuer={APPROVING}"));
    let start = start
        .with("cookie", format!("__Host-tidemark={secret}"))
        .with("origin", "https://wallet.example");
    let answer = send(start.clone()).await;
    let location = answer.header("location").expect("a page").to_owned();
    assert_dressed(&answer, Kind::Bare, &[("location", &location)], true, "a start");
    let plain = start.without("cookie").with("cookie", format!("tidemark={secret}"));
    assert_eq!(send(plain).await.status, 403, "the name without the prefix is nothing");
    let foreign = exchange(world.authority(), &Ask::get("/").bytes(world.authority()), false).await;
    assert_eq!(foreign.status, 421);
    assert_dressed(&foreign, Kind::Page, &[], true, "another host");
}

#[tokio::test]
async fn the_cookie_is_set_by_a_page_renewed_by_home_and_by_nothing_else() {
    let site = Site::new().await;
    let world = &site.world;
    let first = Ask::get("/").send(world).await;
    let cookie = first.header("set-cookie").expect("a cookie").to_owned();
    let secret = cookie
        .strip_prefix("tidemark=")
        .and_then(|rest| rest.split(';').next())
        .expect("a secret");
    assert_eq!(
        cookie,
        format!("tidemark={secret}; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000")
    );
    let more = [
        ("set-cookie", cookie.as_str()),
        ("cache-control", "private, no-cache"),
        ("etag", tag(&first)),
    ];
    assert_dressed(&first, Kind::Page, &more, false, "the first page");
    let second = Ask::get("/").send(world).await;
    assert_ne!(
        second.header("set-cookie"),
        Some(cookie.as_str()),
        "every browser has its own"
    );
    let again = Ask::get("/")
        .with("cookie", format!("tidemark={secret}"))
        .send(world)
        .await;
    assert_eq!(
        again.header("set-cookie"),
        Some(cookie.as_str()),
        "the same secret for another year"
    );
    for path in ["/issuers", "/help", "/language", &format!("/issuers/{APPROVING}")] {
        let answer = Ask::get(path).send(world).await;
        assert!(answer.header("set-cookie").is_some(), "{path}");
        let known = Ask::get(path)
            .with("cookie", format!("tidemark={secret}"))
            .send(world)
            .await;
        assert_eq!(known.header("set-cookie"), None, "{path}");
    }
    for route in site.routes() {
        let ask = site.good(&route).without("cookie");
        let answer = site.send(&route, &ask).await;
        let is_page = answer.status == 200 && kind_of(&route) == Kind::Page;
        assert_eq!(answer.header("set-cookie").is_some(), is_page, "{}", route.template);
    }
    let head = Ask::new("HEAD", "/").send(world).await;
    assert_eq!(head.header("set-cookie"), None, "nobody looks at a HEAD");
}

#[tokio::test]
async fn no_two_failures_share_a_reference_and_no_answer_names_its_maker_or_lets_others_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let mut references = BTreeSet::new();
    for _ in 0..20 {
        let ask = Ask::get(&format!("/sessions/{session}"))
            .of(&browser)
            .with("origin", "https://evil.example")
            .with("access-control-request-method", "POST");
        let answer = ask.send(&world).await;
        for (name, value) in &answer.headers {
            assert!(!["server", "via", "x-powered-by"].contains(&name.as_str()), "{name}");
            assert!(!name.starts_with("access-control-"), "{name}");
            assert!(
                !value.contains("evil.example") && !value.to_lowercase().contains("hyper"),
                "{value}"
            );
        }
        let missing = Ask::get("/nowhere").send(&world).await.text();
        references.insert(missing.split("class=\"ref\"").nth(1).expect("a reference")[..40].to_owned());
    }
    assert_eq!(references.len(), 20);
    let preflight = Ask::new("OPTIONS", "/sessions")
        .with("origin", "https://evil.example")
        .with("access-control-request-method", "POST")
        .send(&world)
        .await;
    assert_eq!(preflight.status, 405);
    assert!(
        preflight
            .headers
            .iter()
            .all(|(name, _)| !name.starts_with("access-control-"))
    );
}
