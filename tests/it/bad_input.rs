//! Bad input at every route: a clear page or problem+json with a stable code, nothing changed, nothing shown again.

use std::collections::BTreeSet;
use std::time::Duration;

use tidemark::cli::browser::Browser;
use tidemark::http;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::association::APP;
use crate::backend::{authorized, credential, json_ask};
use crate::wire::{Answer, Ask};
use crate::world::{APPROVING, World, card, session_of};

/// What must never come back as it was sent.
const MARK: &str = "<script>tide";
/// The same, as it stands in an address.
const MARK_ENCODED: &str = "%3Cscript%3Etide";
/// The origin of a site that is registered.
pub const SHOP: &str = "https://shop.example";
const FORM: &str = "application/x-www-form-urlencoded";
/// A bank whose terms are a PDF, so that every route has something to show.
const PDF_BANK: &str = "silbertann-de";

/// A wallet with a card, a session at its terms, and the operators' listener beside it.
pub struct Site {
    pub world: World,
    pub browser: Browser,
    pub session: String,
    /// Ada's, at its terms.
    pub of_account: String,
    pub card: String,
    pub document: String,
    pub logo: String,
    pub file: String,
    pub operations: String,
    _operations: tokio::task::JoinSet<()>,
}

/// One route: how it is asked well.
#[derive(Clone, Debug)]
pub struct Route {
    pub method: &'static str,
    /// As in the route table.
    pub template: &'static str,
    pub target: String,
    /// The parameters of the query, for those that read it.
    pub query: Option<&'static [&'static str]>,
    /// The fields of the form, for those that take one. Well meant, they move nothing here.
    pub form: Option<Vec<(&'static str, String)>>,
    /// The body, for those that take JSON.
    pub json: Option<serde_json::Map<String, serde_json::Value>>,
    /// What a well meant request has behind the path.
    pub suffix: &'static str,
    /// What a well meant request is answered.
    pub good: u16,
    pub listener: Listener,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// Pages, with a cookie.
    People,
    /// The call of MDES.
    Mdes,
    /// Health and metrics.
    Operators,
    /// The wallet's own programs, with the credential.
    Wallet,
    /// Pages of other sites.
    Hosts,
}

impl Route {
    /// Well meant, it moves something.
    pub fn moves(&self) -> bool {
        [
            "/sessions",
            "/sessions/{session}/cancel",
            "/api/v1/sessions",
            "/api/v1/sessions/{session}/cancel",
        ]
        .contains(&self.template)
    }

    /// What is said of parameters that cannot be read.
    fn unreadable(&self) -> &'static str {
        if self.template.starts_with("/callback/") {
            "malformed-return"
        } else {
            "bad-request"
        }
    }

    /// `Allow`. The callback and the language page take both.
    pub fn allows(&self) -> &'static str {
        match (self.template, self.method) {
            ("/callback" | "/callback/{session}" | "/push" | "/language" | "/cards/{card}/delete", _) => {
                "GET,HEAD,POST"
            }
            ("/embed/issuers.json", _) => "GET,HEAD,OPTIONS",
            (_, "GET") => "GET,HEAD",
            _ => "POST",
        }
    }
}

impl Site {
    pub async fn new() -> Self {
        let with_everything: Vec<_> = APP
            .into_iter()
            .chain([
                ("TIDEMARK_API__CREDENTIAL", credential()),
                ("TIDEMARK_EMBED__ORIGINS", SHOP),
                ("TIDEMARK_EMBED__RETURN_PREFIXES", SHOP),
            ])
            .collect();
        let world = World::with(&with_everything).await;
        let mut browser = world.browser();
        let terms = world
            .to_terms(&mut browser, APPROVING, &[&card(APPROVING, "ada", 1)])
            .await;
        world.accept(&mut browser, &terms).await;
        let home = browser.get(&world.at("/")).await.expect("an answer");
        let terms = world
            .to_terms(&mut browser, PDF_BANK, &[&card(PDF_BANK, "ada", 1)])
            .await;
        let session = session_of(&terms);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let operations = listener.local_addr().expect("an address").to_string();
        let router = http::operations(&world.app, &[]);
        let mut served = tokio::task::JoinSet::new();
        served.spawn(http::serve(
            listener,
            router,
            world.config.limits,
            std::future::pending(),
        ));
        let find = |page: &tidemark::cli::browser::Page, start: &str| {
            let tags = page.tags();
            let mut addresses = tags.iter().flat_map(|tag| tag.attributes.values());
            let found = addresses.find_map(|address| address.strip_prefix(start));
            found
                .unwrap_or_else(|| panic!("{} has no {start}", page.url))
                .to_owned()
        };
        Self {
            card: find(&home, "/cards/"),
            document: find(&terms, &format!("/sessions/{session}/terms/")),
            logo: find(&terms, "/logos/"),
            file: find(&home, "/assets/"),
            of_account: at_terms(&world).await,
            session,
            world,
            browser,
            operations,
            _operations: served,
        }
    }

    /// Every route that there is.
    pub fn routes(&self) -> Vec<Route> {
        let page = |template: &'static str, target: &str| Route {
            method: "GET",
            template,
            target: target.to_owned(),
            query: None,
            form: None,
            json: None,
            suffix: "",
            good: 200,
            listener: Listener::People,
        };
        let session = |end: &str| format!("/sessions/{}{end}", self.session);
        let form = |template: &'static str, target: &str, fields: &[(&'static str, &str)]| Route {
            method: "POST",
            form: Some(
                fields
                    .iter()
                    .map(|(name, value)| (*name, (*value).to_owned()))
                    .collect(),
            ),
            good: 303,
            ..page(template, target)
        };
        // A card that there is would be changed.
        let nobodys = |template: &'static str| Route {
            good: 404,
            ..form(
                template,
                &template.replace("{card}", "00000000-0000-4000-8000-000000000000"),
                &[],
            )
        };
        let returned: &'static [&'static str] = &[
            "pushAccountData",
            "signature",
            "receipt",
            "pushAccountReceipt",
            "pushAccountReceipts",
            "tokenRequestorSessionId",
            "result",
        ];
        let api = |method: &'static str, template: &'static str, good: u16| Route {
            method,
            good,
            listener: Listener::Wallet,
            ..page(
                template,
                &template
                    .replace("{session}", &self.of_account)
                    .replace("{asset}", &self.document)
                    .replace("{card}", &self.card),
            )
        };
        let asked = |template: &'static str, query: &'static [&'static str], suffix: &'static str| Route {
            query: (!query.is_empty()).then_some(query),
            suffix,
            ..api("GET", template, 200)
        };
        let told = |template: &'static str, good: u16, fields: &[(&'static str, &str)]| Route {
            json: Some(serde_json::Map::from_iter(
                fields
                    .iter()
                    .chain(&[("subject", "ada")])
                    .map(|(name, value)| ((*name).to_owned(), (*value).into())),
            )),
            ..api("POST", template, good)
        };
        let caught = self.world.at(&format!("/app/callback/{}", self.of_account));
        let hosts = |template: &'static str| Route {
            listener: Listener::Hosts,
            ..page(template, &template.replace("{name}", &self.logo))
        };
        let operators = |path: &'static str| Route {
            listener: Listener::Operators,
            ..page(path, path)
        };
        vec![
            page("/", "/"),
            Route {
                query: Some(&["q", "country", "page", "return"]),
                ..page("/issuers", "/issuers")
            },
            Route {
                query: Some(&["return"]),
                ..page("/issuers/{issuer}", &format!("/issuers/{APPROVING}"))
            },
            Route {
                query: Some(&["q", "country", "page", "return"]),
                ..page("/issuers/results", "/issuers/results")
            },
            form("/issuers/recent/clear", "/issuers/recent/clear", &[]),
            form("/sessions", "/sessions", &[("issuer", APPROVING)]),
            Route {
                query: Some(&["note"]),
                ..page("/sessions/{session}", &session(""))
            },
            Route {
                good: 303,
                ..page("/sessions/{session}/go", &session("/go"))
            },
            Route {
                query: Some(&["seen"]),
                ..page("/sessions/{session}/events", &session("/events"))
            },
            page("/sessions/{session}/live", &session("/live")),
            form(
                "/sessions/{session}/terms",
                &session("/terms"),
                &[("action", "accept"), ("shown", "other terms")],
            ),
            page(
                "/sessions/{session}/terms/{asset}",
                &session(&format!("/terms/{}", self.document)),
            ),
            form(
                "/sessions/{session}/method",
                &session("/method"),
                &[("method", "later")],
            ),
            form("/sessions/{session}/code", &session("/code"), &[("code", "123456")]),
            form(
                "/sessions/{session}/return-code",
                &session("/return-code"),
                &[("code", "123456")],
            ),
            form("/sessions/{session}/resend", &session("/resend"), &[]),
            form("/sessions/{session}/confirm", &session("/confirm"), &[]),
            form("/sessions/{session}/cancel", &session("/cancel"), &[]),
            form("/sessions/{session}/accept", &session("/accept"), &[]),
            Route {
                good: 303,
                ..page("/sessions/{session}/back", &session("/back"))
            },
            // Without a push there is nothing to ask about.
            Route {
                good: 400,
                ..page("/push", "/push")
            },
            Route {
                method: "POST",
                good: 400,
                ..page("/push", "/push")
            },
            // No issuer here comes back to one address.
            Route {
                good: 404,
                ..page("/callback", "/callback")
            },
            Route {
                method: "POST",
                good: 404,
                ..page("/callback", "/callback")
            },
            Route {
                query: Some(returned),
                good: 303,
                ..page("/callback/{session}", &format!("/callback/{}", self.session))
            },
            Route {
                good: 303,
                ..page("/app/callback/{id}", &format!("/app/callback/{}", self.session))
            },
            page("/app", "/app"),
            Route {
                method: "POST",
                query: Some(returned),
                good: 303,
                ..page("/callback/{session}", &format!("/callback/{}", self.session))
            },
            page("/cards/{card}", &format!("/cards/{}", self.card)),
            page("/cards/{card}/terms", &format!("/cards/{}/terms", self.card)),
            nobodys("/cards/{card}/resume"),
            nobodys("/cards/{card}/suspend"),
            page("/cards/{card}/delete", &format!("/cards/{}/delete", self.card)),
            nobodys("/cards/{card}/delete"),
            form("/signout", "/signout", &[]),
            Route {
                good: 404,
                ..page("/handoff/{token}", &format!("/handoff/{}", "A".repeat(43)))
            },
            page("/help", "/help"),
            page("/language", "/language"),
            form("/language", "/language", &[("lang", "pl"), ("back", "/help")]),
            page("/logos/{name}", &format!("/logos/{}", self.logo)),
            page("/assets/{name}", &format!("/assets/{}", self.file)),
            page(http::paths::ASSET_LINKS, http::paths::ASSET_LINKS),
            page(http::paths::APPLE_ASSOCIATION, http::paths::APPLE_ASSOCIATION),
            Route {
                method: "POST",
                good: 422,
                listener: Listener::Mdes,
                ..page(http::paths::TOKEN_UPDATED, http::paths::TOKEN_UPDATED)
            },
            operators("/health"),
            operators("/ready"),
            operators("/metrics"),
            asked("/api/v1/openapi.json", &[], ""),
            asked("/api/v1/issuers", &["q", "country"], "?q=h&country=NO"),
            told("/api/v1/handoffs", 201, &[]),
            told("/api/v1/sessions", 201, &[("issuer", APPROVING), ("return", "app")]),
            asked("/api/v1/sessions/{session}", &["subject"], "?subject=ada"),
            told("/api/v1/pushes", 400, &[("push_url", "app://push?nothing=there")]),
            told("/api/v1/sessions/{session}/accept", 409, &[]),
            told("/api/v1/sessions/{session}/return", 200, &[("return_url", &caught)]),
            told(
                "/api/v1/sessions/{session}/terms",
                409,
                &[("action", "accept"), ("shown", "other terms")],
            ),
            asked("/api/v1/sessions/{session}/terms/{asset}", &["subject"], "?subject=ada"),
            told("/api/v1/sessions/{session}/method", 409, &[("method", "later")]),
            told("/api/v1/sessions/{session}/code", 409, &[("code", "123456")]),
            told("/api/v1/sessions/{session}/resend", 409, &[]),
            told("/api/v1/sessions/{session}/confirm", 409, &[]),
            told("/api/v1/sessions/{session}/cancel", 200, &[]),
            asked("/api/v1/cards", &["subject"], "?subject=ada"),
            told("/api/v1/cards/{card}/suspend", 404, &[]),
            told("/api/v1/cards/{card}/resume", 404, &[]),
            told("/api/v1/cards/{card}/delete", 404, &[]),
            hosts("/embed/v1.js"),
            Route {
                query: Some(&["country"]),
                ..hosts("/embed/issuers.json")
            },
            Route {
                method: "OPTIONS",
                good: 204,
                ..hosts("/embed/issuers.json")
            },
            hosts("/embed/logos/{name}"),
        ]
    }

    pub fn csrf(&self) -> String {
        self.world
            .app
            .csrf_token(self.browser.cookie("localhost", "tidemark").expect("a cookie"))
    }

    /// The route, asked as it wants to be asked.
    pub fn good(&self, route: &Route) -> Ask {
        let ask = match (&route.form, route.listener) {
            (Some(fields), _) => Ask::post(&route.target, self.body(fields, &[])),
            (None, Listener::Mdes) => {
                let mut ask = Ask::new("POST", &route.target).with("content-type", "application/json");
                ask.body = b"{}".to_vec();
                ask
            }
            (None, Listener::Wallet) => {
                let ask = match &route.json {
                    Some(members) => json_ask(&route.target, &serde_json::Value::Object(members.clone())),
                    None => Ask::get(&format!("{}{}", route.target, route.suffix)),
                };
                authorized(ask)
            }
            (None, Listener::Hosts) => Ask::new(route.method, &route.target).with("origin", SHOP),
            // A form of the issuer's.
            (None, Listener::People | Listener::Operators) if route.method == "POST" => Ask::post(&route.target, ""),
            (None, Listener::People | Listener::Operators) => Ask::get(&route.target),
        };
        ask.of(&self.browser)
    }

    /// A form's body with its token, and with more.
    pub fn body(&self, fields: &[(&str, String)], more: &[(&str, &str)]) -> String {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &self.csrf());
        body.extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())));
        body.extend_pairs(more);
        body.finish()
    }

    /// Sends to the listener of the route. A stream is not waited for.
    pub async fn send(&self, route: &Route, ask: &Ask) -> Answer {
        match route.listener {
            Listener::Operators => ask.send_to(&self.operations, &self.world).await,
            _ if route.template.ends_with("/events") => ask.send_for_head(&self.world).await,
            _ => ask.send(&self.world).await,
        }
    }

    /// Sends what must be refused, and reads the refusal.
    async fn refused(&self, route: &Route, ask: Ask, status: u16, code: &str) {
        let what = format!("{} {} ({})", route.method, route.template, shown(&ask));
        let answer = self.send_refused(route, &ask).await;
        assert_eq!(
            (answer.status, answer.problem().as_deref()),
            (status, Some(code)),
            "{what}"
        );
        assert_eq!(answer.header("location"), None, "{what}");
        assert_eq!(answer.header("set-cookie"), None, "{what}");
        // An id that splits a path in two, or is none, leads to no route at all: that alone may be kept, and not believed.
        let policy = answer.header("cache-control");
        assert!(
            policy == Some("no-store") || (status == 404 && policy == Some("no-cache")),
            "{what}: {policy:?}"
        );
        let text = answer.text();
        for secret in [
            MARK,
            "tide",
            self.browser.cookie("localhost", "tidemark").expect("a cookie"),
            &self.csrf(),
        ] {
            let shown = text.replace("Tidemark", "").replace("tidemark", "");
            assert!(!shown.contains(secret), "{what}: {secret} is shown again");
        }
        if route.listener == Listener::People {
            let page = answer.page();
            let onward: Vec<String> = page
                .tags()
                .into_iter()
                .filter(|tag| {
                    tag.name == "a"
                        && tag
                            .attributes
                            .get("class")
                            .is_some_and(|class| class.contains("button"))
                })
                .filter_map(|tag| tag.attributes.get("href").cloned())
                .collect();
            assert!(
                !onward.is_empty() && onward.iter().all(|href| href.starts_with('/')),
                "{what}: {onward:?}"
            );
            assert!(page.text().contains("Reference for support"), "{what}");
        } else {
            let json: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
            let names: Vec<&String> = json.as_object().expect("an object").keys().collect();
            assert_eq!(
                names,
                ["type", "title", "status", "detail", "code", "reference"],
                "{what}"
            );
        }
    }

    /// A refusal always has an end, whatever the route.
    async fn send_refused(&self, route: &Route, ask: &Ask) -> Answer {
        match route.listener {
            Listener::Operators => ask.send_to(&self.operations, &self.world).await,
            _ => ask.send(&self.world).await,
        }
    }
}

/// A session of ada's app that has come back from the bank.
async fn at_terms(world: &World) -> String {
    let body = serde_json::json!({ "subject": "ada", "issuer": PDF_BANK, "return": "app" });
    let (_, session) = world.tell_api("/api/v1/sessions", body).await;
    let id = session["id"].as_str().expect("an id").to_owned();
    let signed = world.push(PDF_BANK, &[&card(PDF_BANK, "ada", 2)], &id).await;
    let caught = world.at(&format!("/app/callback/{id}?pushAccountData={signed}"));
    let body = serde_json::json!({ "subject": "ada", "return_url": caught });
    world.tell_api(&format!("/api/v1/sessions/{id}/return"), body).await;
    world.work().await;
    id
}

fn shown(ask: &Ask) -> String {
    let text = format!("{} {} {}", ask.method, ask.target, String::from_utf8_lossy(&ask.body));
    text.chars().take(160).collect()
}

fn with_query(target: &str, query: &str) -> String {
    format!("{target}?{query}")
}

#[test]
fn the_table_here_is_the_route_table() {
    let source = include_str!("../../src/http/mod.rs");
    let mut routes = BTreeSet::new();
    for rest in source.split(".route(").skip(1) {
        let (path, rest) = rest.split_once(", ").expect("a path and a handler");
        let method = rest.split_once('(').expect("a method").0;
        let path = match path {
            "paths::TOKEN_UPDATED" => http::paths::TOKEN_UPDATED,
            "paths::ASSET_LINKS" => http::paths::ASSET_LINKS,
            "paths::APPLE_ASSOCIATION" => http::paths::APPLE_ASSOCIATION,
            literal => literal.trim_matches('"'),
        };
        routes.insert(format!("{} {path}", method.to_uppercase()));
    }
    let here = ROUTES.iter().map(|route| (*route).to_owned()).collect();
    assert_eq!(routes, here);
}

/// The table as text; the next test holds it against the one that is asked.
const ROUTES: [&str; 70] = [
    "GET /",
    "GET /issuers",
    "GET /issuers/{issuer}",
    "GET /issuers/results",
    "POST /issuers/recent/clear",
    "POST /sessions",
    "GET /sessions/{session}",
    "GET /sessions/{session}/go",
    "GET /sessions/{session}/events",
    "GET /sessions/{session}/live",
    "POST /sessions/{session}/terms",
    "GET /sessions/{session}/terms/{asset}",
    "POST /sessions/{session}/method",
    "POST /sessions/{session}/code",
    "POST /sessions/{session}/return-code",
    "POST /sessions/{session}/resend",
    "POST /sessions/{session}/confirm",
    "POST /sessions/{session}/cancel",
    "POST /sessions/{session}/accept",
    "GET /sessions/{session}/back",
    "GET /push",
    "POST /push",
    "GET /callback",
    "POST /callback",
    "GET /callback/{session}",
    "GET /app/callback/{id}",
    "GET /app",
    "POST /callback/{session}",
    "GET /cards/{card}",
    "GET /cards/{card}/terms",
    "POST /cards/{card}/resume",
    "POST /cards/{card}/suspend",
    "GET /cards/{card}/delete",
    "POST /cards/{card}/delete",
    "POST /signout",
    "GET /handoff/{token}",
    "GET /help",
    "GET /language",
    "POST /language",
    "GET /logos/{name}",
    "GET /assets/{name}",
    "GET /.well-known/assetlinks.json",
    "GET /.well-known/apple-app-site-association",
    "POST /mdes/digitization/1/0/notifyTokenUpdated",
    "GET /health",
    "GET /ready",
    "GET /metrics",
    "GET /api/v1/openapi.json",
    "GET /api/v1/issuers",
    "POST /api/v1/handoffs",
    "POST /api/v1/sessions",
    "GET /api/v1/sessions/{session}",
    "POST /api/v1/pushes",
    "POST /api/v1/sessions/{session}/accept",
    "POST /api/v1/sessions/{session}/return",
    "POST /api/v1/sessions/{session}/terms",
    "GET /api/v1/sessions/{session}/terms/{asset}",
    "POST /api/v1/sessions/{session}/method",
    "POST /api/v1/sessions/{session}/code",
    "POST /api/v1/sessions/{session}/resend",
    "POST /api/v1/sessions/{session}/confirm",
    "POST /api/v1/sessions/{session}/cancel",
    "GET /api/v1/cards",
    "POST /api/v1/cards/{card}/suspend",
    "POST /api/v1/cards/{card}/resume",
    "POST /api/v1/cards/{card}/delete",
    "GET /embed/v1.js",
    "GET /embed/issuers.json",
    "OPTIONS /embed/issuers.json",
    "GET /embed/logos/{name}",
];

#[tokio::test]
async fn what_is_well_meant_is_answered_so_that_each_refusal_has_one_cause() {
    let site = Site::new().await;
    let routes = site.routes();
    let asked: Vec<String> = routes
        .iter()
        .map(|route| format!("{} {}", route.method, route.template))
        .collect();
    assert_eq!(asked, ROUTES);
    let before = site.world.books().await;
    for route in &routes {
        if route.moves() {
            continue;
        }
        let answer = site.send(route, &site.good(route)).await;
        assert_eq!(answer.status, route.good, "{}: {}", route.template, answer.text());
    }
    site.world.assert_unmoved(&before, "looking around").await;
    for route in routes.iter().filter(|route| route.moves()) {
        assert_eq!(
            site.send(route, &site.good(route)).await.status,
            route.good,
            "{}",
            route.template
        );
    }
    assert_ne!(site.world.books().await, before);
}

#[tokio::test]
async fn an_address_that_is_too_long_is_refused_everywhere() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site.routes() {
        let mut ask = site.good(&route);
        let bare = ask.target.clone();
        let filled = |length: usize| format!("{bare}?{}", "a".repeat(length - bare.len() - 1));
        for length in [8_193, 16_000] {
            ask.target = filled(length);
            site.refused(&route, ask.clone(), 414, "address-too-long").await;
        }
        if route.moves() {
            continue;
        }
        ask.target = filled(8_192);
        assert_ne!(site.send(&route, &ask).await.status, 414, "{}", route.template);
    }
    site.world.assert_unmoved(&before, "long addresses").await;
}

#[tokio::test]
async fn headers_that_are_too_large_or_too_many_are_refused_everywhere() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site.routes() {
        let good = site.good(&route);
        let large = good.clone().with("x-filler", "a".repeat(16_400));
        site.refused(&route, large, 431, "headers-too-large").await;
        let many = (0..70).fold(good.clone(), |ask, number| ask.with(&format!("x-{number}"), "a"));
        site.refused(&route, many, 431, "headers-too-large").await;
        let cookies = good
            .clone()
            .without("cookie")
            .with("cookie", format!("a={}", "b".repeat(8_191)));
        site.refused(&route, cookies, 431, "headers-too-large").await;
    }
    site.world.assert_unmoved(&before, "large headers").await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_whether_it_says_so_or_not() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site.routes().into_iter().filter(|route| route.method == "POST") {
        let max = if [Listener::Mdes, Listener::Wallet].contains(&route.listener) {
            65_536
        } else {
            16_384
        };
        let mut announced = site.good(&route).with("content-length", (max + 1).to_string());
        announced.body = Vec::new();
        site.refused(&route, announced, 413, "too-large").await;
        let mut chunked = site.good(&route).with("transfer-encoding", "chunked");
        chunked.body = format!("{:x}\r\n{}\r\n0\r\n\r\n", max + 1, "a".repeat(max + 1)).into_bytes();
        site.refused(&route, chunked, 413, "too-large").await;
        let mut largest = site.good(&route);
        largest.body.resize(max, b'&');
        assert_ne!(site.send(&route, &largest).await.status, 413, "{}", route.template);
    }
    // What a page does not read cannot be too large for it.
    let mut ask = site.good(&site.routes()[0]).with("content-length", "100000");
    ask.body = vec![b'a'; 100_000];
    assert_eq!(ask.send(&site.world).await.status, 200);
    // A form that is filled up with nothing is still the form.
    let after = site.world.books().await;
    let count = |rows: &[String]| rows.iter().filter(|row| row.starts_with("session ")).count();
    assert_eq!(
        count(&after.rows),
        count(&before.rows) + 1,
        "the largest form that started one"
    );
    assert_eq!(after.calls, before.calls);
}

#[tokio::test]
async fn what_cannot_be_decoded_is_refused_where_it_is_read() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let bad = [
        "x=%",
        "x=%2",
        "x=%zz",
        "x=%ff",
        "x=%c0%af",
        "x=%ed%a0%80",
        "x=%00",
        "%00=x",
        "x=%0a",
        "x=%7f",
    ];
    for route in site.routes() {
        for bad in bad {
            let mut ask = site.good(&route);
            ask.target = with_query(&route.target, &format!("{bad}&y={MARK_ENCODED}"));
            if route.query.is_some() {
                site.refused(&route, ask, 400, route.unreadable()).await;
            } else if !route.moves() {
                let answer = site.send(&route, &ask).await;
                assert_eq!(
                    answer.status, route.good,
                    "{}: a query that nobody reads",
                    route.template
                );
                assert!(!answer.text().contains(MARK));
            }
            if route.form.is_some() {
                let mut ask = site.good(&route);
                ask.body.extend_from_slice(format!("&{bad}").as_bytes());
                site.refused(&route, ask, 400, "bad-request").await;
            }
        }
        if route.form.is_some() {
            for raw in [b"&\xff=x".as_slice(), b"&csrf\0=x", b"&x=\xc0\xaf", b"&x=\r\n"] {
                let mut ask = site.good(&route);
                ask.body.extend_from_slice(raw);
                site.refused(&route, ask, 400, "bad-request").await;
            }
        }
    }
    for body in [
        &b"\xff"[..],
        b"",
        b"{",
        b"[]",
        b"null",
        b"{\"a\":1,\"a\":2}",
        b"{}{}",
        b"\0",
        b"{\"tokens\":[]}",
    ] {
        let routes = site.routes();
        let route = routes
            .iter()
            .find(|route| route.listener == Listener::Mdes)
            .expect("a route");
        let mut ask = site.good(route);
        ask.body = body.to_vec();
        site.refused(route, ask, 422, "bad-input").await;
    }
    site.world.assert_unmoved(&before, "bytes that are no text").await;
}

#[tokio::test]
async fn an_id_that_cannot_be_one_or_is_nobodys_is_not_here() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let ids = [
        "00000000-0000-4000-8000-000000000000",
        "%zz",
        "%00",
        "%0d%0aset-cookie:x=y",
        "x",
        "%3Cscript%3Etide",
        "..%2f..%2fetc%2fpasswd",
        "%E2%80%AE",
        "a%20b",
        "'--",
        "*",
    ];
    for route in site.routes() {
        if !route.template.contains('{') {
            continue;
        }
        let code = if route.template == "/issuers/{issuer}" {
            "unknown-issuer"
        } else {
            "not-found"
        };
        for id in ids {
            for which in ["{session}", "{issuer}", "{card}", "{asset}", "{name}", "{token}"] {
                if !route.template.contains(which) {
                    continue;
                }
                let mut ask = site.good(&route);
                let session = match route.listener {
                    Listener::Wallet => &site.of_account,
                    Listener::People | Listener::Mdes | Listener::Operators | Listener::Hosts => &site.session,
                };
                ask.target = route
                    .template
                    .replace(which, id)
                    .replace("{session}", session)
                    .replace("{asset}", &site.document)
                    + route.suffix;
                // What is said of the callback is another refusal.
                if route.template.ends_with("/return") {
                    let mut body = route.json.clone().expect("a body");
                    body["return_url"] = site.world.at(&format!("/callback/{id}")).into();
                    ask.body = serde_json::Value::Object(body).to_string().into_bytes();
                }
                site.refused(&route, ask.clone(), 404, code).await;
                ask.target = ask.target.replace(id, "%ff%fe");
                site.refused(&route, ask, 400, "bad-request").await;
            }
        }
    }
    let routes = site.routes();
    let start = routes
        .iter()
        .find(|route| route.template == "/sessions")
        .expect("a route");
    for issuer in ["nobody", "", MARK, "../x", "havorn-no\u{202e}", &"a".repeat(65)] {
        let mut ask = site.good(start);
        ask.body = site.body(&[("issuer", issuer.to_owned())], &[]).into_bytes();
        site.refused(start, ask, 404, "unknown-issuer").await;
    }
    let mut ask = site.good(start);
    ask.body = site.body(&[], &[]).into_bytes();
    site.refused(start, ask, 404, "unknown-issuer").await;
    let anywhere = &routes[0];
    for path in [
        "/sessions/",
        "/issuers/",
        "//",
        "/index.php",
        "/.git/config",
        "/help/",
        "/assets/",
        "/%2e%2e/",
        "/admin",
    ] {
        site.refused(anywhere, Ask::get(path).of(&site.browser), 404, "not-found")
            .await;
        site.refused(anywhere, Ask::post(path, "").of(&site.browser), 404, "not-found")
            .await;
    }
    for path in ["/health", "/ready", "/metrics"] {
        site.refused(anywhere, Ask::get(path).of(&site.browser), 404, "not-found")
            .await;
    }
    let operators = routes
        .iter()
        .find(|route| route.listener == Listener::Operators)
        .expect("a route");
    for path in ["/", "/issuers", "/debug", "/metrics/"] {
        site.refused(operators, Ask::get(path), 404, "not-found").await;
    }
    site.world.assert_unmoved(&before, "ids").await;
}

#[tokio::test]
async fn a_parameter_twice_or_one_that_is_not_ours_is_refused_where_it_could_count() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site.routes() {
        for name in route.query.unwrap_or_default() {
            let encoded: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
            for pair in [
                format!("{name}=&{name}="),
                format!("{name}=1&{encoded}=1"),
                format!("{name}&x&{name}"),
            ] {
                let mut ask = site.good(&route);
                ask.target = with_query(&route.target, &pair);
                site.refused(&route, ask, 400, route.unreadable()).await;
            }
        }
        for stranger in [
            "tide=1",
            "next=https%3A%2F%2Fevil.example",
            MARK_ENCODED,
            "csrf%00=1",
            "a%5B%5D=1",
        ] {
            let mut ask = site.good(&route);
            ask.target = with_query(&route.target, stranger);
            let is_open = route.template.starts_with("/callback/") && !stranger.contains("%00");
            match route.query {
                Some(_) if !is_open => site.refused(&route, ask, 400, route.unreadable()).await,
                _ if route.moves() => {}
                _ => {
                    let answer = site.send(&route, &ask).await;
                    assert_eq!(answer.status, route.good, "{} {stranger}", route.template);
                    assert!(!answer.text().contains(MARK) && !answer.text().contains("evil.example"));
                    let led_to = answer.header("location").unwrap_or("/app");
                    assert!(
                        ["/", "/help"].contains(&led_to)
                            || (route.template == "/issuers/recent/clear" && led_to == "/issuers")
                            || led_to == route.target
                            || led_to.starts_with("/sessions/")
                            || led_to.starts_with("/callback/")
                            || led_to.starts_with("/app"),
                        "{led_to}"
                    );
                    assert!(!led_to.contains("evil"), "{led_to}");
                }
            }
            if route.form.is_some() {
                let mut ask = site.good(&route);
                ask.body.extend_from_slice(format!("&{stranger}").as_bytes());
                site.refused(&route, ask, 400, "bad-request").await;
            }
        }
        if let Some(fields) = &route.form {
            for (name, value) in fields.iter().cloned().chain([("csrf", site.csrf())]) {
                let mut ask = site.good(&route);
                ask.body = site.body(fields, &[(name, &value)]).into_bytes();
                site.refused(&route, ask, 400, "bad-request").await;
            }
            let mut ask = site.good(&route);
            ask.body.extend("&x=1".repeat(40).bytes());
            site.refused(&route, ask, 400, "bad-request").await;
        }
    }
    site.world.assert_unmoved(&before, "parameters").await;
}

#[tokio::test]
async fn a_value_that_cannot_be_meant_is_refused_and_never_shown_as_markup() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let routes = site.routes();
    let picker = &routes[1];
    for (query, status) in [
        (format!("q={}", "a".repeat(201)), 422),
        ("country=no".to_owned(), 422),
        ("country=NOR".to_owned(), 422),
        (format!("country={MARK_ENCODED}"), 422),
        ("page=0".to_owned(), 422),
        ("page=-1".to_owned(), 422),
        ("page=1001".to_owned(), 422),
        ("page=1e3".to_owned(), 422),
        ("page=99999999999999999999".to_owned(), 422),
    ] {
        let mut ask = site.good(picker);
        ask.target = with_query("/issuers", &query);
        site.refused(picker, ask, status, "bad-input").await;
    }
    for value in [
        MARK_ENCODED,
        "%22%3E%3Cscript%3Etide",
        "%27%20onmouseover%3D%27",
        "%E2%80%AE%E2%80%AE",
        "%F0%9F%8C%8A",
        "{{7*7}}",
        "%24%7B7*7%7D",
        "%25s%25n",
    ] {
        for target in [
            format!("/issuers?q={value}"),
            format!("/sessions/{}?note={value}", site.session),
        ] {
            let answer = Ask::get(&target).of(&site.browser).send(&site.world).await;
            assert_eq!(answer.status, 200, "{target}");
            let text = answer.text();
            assert!(!text.contains(MARK) && !text.contains("' onmouseover"), "{target}");
        }
    }
    let terms = routes
        .iter()
        .find(|route| route.template.ends_with("/terms"))
        .expect("a route");
    for action in ["", "ACCEPT", "maybe", MARK] {
        let mut ask = site.good(terms);
        ask.body = site.body(&[("action", action.to_owned())], &[]).into_bytes();
        site.refused(terms, ask, 422, "bad-input").await;
    }
    let events = routes
        .iter()
        .find(|route| route.template.ends_with("/events"))
        .expect("a route");
    for seen in ["x", "", "-1", "99999999999999999999", MARK_ENCODED] {
        let mut ask = site.good(events).with("last-event-id", seen);
        ask.target = with_query(&events.target, &format!("seen={seen}"));
        assert_eq!(
            site.send(events, &ask).await.status,
            200,
            "a place that is none is no place: {seen}"
        );
    }
    site.world.assert_unmoved(&before, "values").await;
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site.routes() {
        for method in [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get",
        ] {
            let is_right = route.allows().split(',').any(|right| right == method);
            if is_right {
                continue;
            }
            let mut ask = site.good(&route);
            ask.method = method.to_owned();
            let answer = site.send_refused(&route, &ask).await;
            let what = format!("{method} {}", route.template);
            let allow = route.allows();
            assert_eq!((answer.status, answer.header("allow")), (405, Some(allow)), "{what}");
            if method != "HEAD" {
                assert_eq!(answer.problem().as_deref(), Some("method-not-allowed"), "{what}");
            } else {
                assert!(answer.body.is_empty(), "{what}");
            }
        }
    }
    site.world.assert_unmoved(&before, "methods").await;
}

#[tokio::test]
async fn a_form_of_another_kind_is_refused() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site.routes().into_iter().filter(|route| route.method == "POST") {
        for kind in [
            Some("text/plain"),
            Some("multipart/form-data; boundary=x"),
            Some(if [Listener::Mdes, Listener::Wallet].contains(&route.listener) {
                FORM
            } else {
                "application/json"
            }),
            Some("application/x-www-form-urlencodedx"),
            Some(""),
            Some("<script>tide"),
            None,
        ] {
            let mut ask = site.good(&route).without("content-type");
            if let Some(kind) = kind {
                ask = ask.with("content-type", kind);
            }
            site.refused(&route, ask, 415, "unsupported-media-type").await;
        }
        let twice = site.good(&route).with("content-type", "text/plain");
        site.refused(&route, twice, 415, "unsupported-media-type").await;
        let odd = site
            .good(&route)
            .without("content-type")
            .with("content-type", "text/plain")
            .with("content-type", FORM);
        site.refused(&route, odd, 415, "unsupported-media-type").await;
    }
    site.world.assert_unmoved(&before, "media types").await;
}

#[tokio::test]
async fn without_the_cookie_nothing_of_a_session_is_here() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site
        .routes()
        .into_iter()
        .filter(|route| route.listener == Listener::People)
    {
        for cookie in [
            None,
            Some("tidemark="),
            Some("tidemark=x"),
            Some("tidemark2=x"),
            Some("=;=;;"),
        ] {
            let mut ask = site.good(&route).without("cookie");
            if let Some(cookie) = cookie {
                ask = ask.with("cookie", cookie);
            }
            if route.form.is_some() {
                site.refused(&route, ask, 403, "forged-form").await;
            } else if route.template.starts_with("/callback/") && route.method == "POST" {
                assert_eq!(site.send(&route, &ask).await.status, 303, "no cookie is looked at");
            } else if route.template.starts_with("/callback/") {
                site.refused(&route, ask, 400, "other-browser").await;
            } else if route.template.contains("{session}") || route.template.contains("{card}") {
                site.refused(&route, ask, 404, "not-found").await;
            } else {
                assert_eq!(site.send(&route, &ask).await.status, route.good, "{}", route.template);
            }
        }
    }
    site.world.assert_unmoved(&before, "no cookie").await;
}

#[tokio::test]
async fn a_form_without_its_own_token_is_refused() {
    let site = Site::new().await;
    let mut other = site.world.browser();
    other.get(&site.world.at("/")).await.expect("an answer");
    let foreign = site
        .world
        .app
        .csrf_token(other.cookie("localhost", "tidemark").expect("a cookie"));
    let own = site.csrf();
    let before = site.world.books().await;
    for route in site.routes() {
        let Some(fields) = &route.form else { continue };
        let (shorter, longer, upper) = (&own[..own.len() - 1], format!("{own}0"), own.to_uppercase());
        for token in [
            None,
            Some(""),
            Some("x"),
            Some(&*foreign),
            Some(shorter),
            Some(&*longer),
            Some(&*upper),
            Some(MARK),
        ] {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            body.extend_pairs(fields.iter().map(|(name, value)| (*name, value.as_str())));
            if let Some(token) = token {
                body.append_pair("csrf", token);
            }
            let mut ask = site.good(&route);
            ask.body = body.finish().into_bytes();
            ask.target = with_query(&route.target, &format!("csrf={own}"));
            site.refused(&route, ask, 403, "forged-form").await;
        }
        // Another browser's token with that browser's cookie: a good form, and not this one's session.
        if !["/sessions", "/signout", "/language", "/issuers/recent/clear"].contains(&route.template) {
            let mut ask = site.good(&route).without("cookie").of(&other);
            ask.body = String::from_utf8(ask.body)
                .expect("text")
                .replace(&own, &foreign)
                .into_bytes();
            site.refused(&route, ask, 404, "not-found").await;
        }
    }
    site.world.assert_unmoved(&before, "tokens").await;
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_and_a_link_from_there_is_not() {
    let site = Site::new().await;
    let before = site.world.books().await;
    for route in site
        .routes()
        .into_iter()
        .filter(|route| route.listener == Listener::People)
    {
        if route.form.is_some() {
            for headers in [
                vec![("sec-fetch-site", "cross-site")],
                vec![("sec-fetch-site", "same-site")],
                vec![("sec-fetch-site", "none")],
                vec![("sec-fetch-site", "")],
                vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
                vec![("sec-fetch-site", "cross-site"), ("origin", &site.world.url)],
                vec![("origin", "https://evil.example")],
                vec![("origin", "null")],
                vec![("origin", "")],
                vec![("origin", "http://localhost")],
                vec![("origin", &site.world.url), ("origin", "https://evil.example")],
            ] {
                let good = site.good(&route);
                let ask = headers.iter().fold(good, |ask, (name, value)| ask.with(name, value));
                site.refused(&route, ask, 403, "forged-form").await;
            }
        } else {
            let ask = site
                .good(&route)
                .with("sec-fetch-site", "cross-site")
                .with("sec-fetch-mode", "navigate");
            assert_eq!(site.send(&route, &ask).await.status, route.good, "{}", route.template);
        }
    }
    site.world.assert_unmoved(&before, "other sites").await;
}

#[tokio::test]
async fn a_host_that_is_not_ours_is_misdirected_and_no_header_makes_it_ours() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let ours = site.world.authority().to_owned();
    let port = ours.split(':').nth(1).expect("a port").to_owned();
    let wrong = [
        "evil.example".to_owned(),
        "localhost".to_owned(),
        format!("localhost:{port}0"),
        format!("127.0.0.1:{port}"),
        format!("localhost.:{port}"),
        format!("localhost:{port}.evil.example"),
        format!("evil.example#localhost:{port}"),
        format!("user@localhost:{port}"),
        format!(" localhost:{port},evil.example"),
        String::new(),
    ];
    for route in site
        .routes()
        .into_iter()
        .filter(|route| [Listener::People, Listener::Wallet, Listener::Hosts].contains(&route.listener))
    {
        for host in &wrong {
            let ask = site.good(&route).with("host", host);
            site.refused(&route, ask, 421, "misdirected").await;
        }
        let twice = site.good(&route).with("host", &ours).with("host", "evil.example");
        site.refused(&route, twice, 421, "misdirected").await;
        let mut absolute = site.good(&route).with("host", &ours);
        absolute.target = format!("http://evil.example{}", route.target);
        site.refused(&route, absolute, 421, "misdirected").await;
        if route.moves() {
            continue;
        }
        let mut ask = site.good(&route);
        for name in [
            "x-forwarded-host",
            "x-host",
            "x-original-host",
            "x-rewrite-url",
            "x-original-url",
            "forwarded",
        ] {
            ask = ask.with(name, "evil.example");
        }
        let ask = ask
            .with("x-forwarded-proto", "https")
            .with("x-http-method-override", "DELETE");
        let answer = site.send(&route, &ask).await;
        assert_eq!(answer.status, route.good, "{}", route.template);
        assert!(!answer.text().contains("evil.example"), "{}", route.template);
        assert!(
            answer.headers.iter().all(|(_, value)| !value.contains("evil.example")),
            "{}",
            route.template
        );
        let upper = site.good(&route).with("host", ours.to_uppercase());
        assert_eq!(
            site.send(&route, &upper).await.status,
            route.good,
            "{}: case does not matter",
            route.template
        );
    }
    site.world.assert_unmoved(&before, "hosts").await;
}

// ---------------------------------------------------------------------------------------------------------------
// Below HTTP's good manners.

/// Sends bytes, keeps the line open, and gives whatever came back until the server closed.
async fn conversation(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let _ = stream.write_all(request).await;
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let reading = async {
        while let Ok(count @ 1..) = stream.read(&mut buffer).await {
            bytes.extend_from_slice(&buffer[..count]);
        }
    };
    let closed = tokio::time::timeout(Duration::from_secs(20), reading).await;
    assert!(
        closed.is_ok(),
        "the line stays open: {:?}",
        String::from_utf8_lossy(request)
    );
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_line_is_closed() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let ours = site.world.authority().to_owned();
    let head = format!("Host: {ours}\r\nConnection: close\r\n");
    let cancel = site.body(&[], &[]);
    let smuggled = format!(
        "POST /sessions/{}/cancel HTTP/1.1\r\nHost: {ours}\r\nCookie: tidemark={}\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\r\n{cancel}",
        site.session,
        site.browser.cookie("localhost", "tidemark").expect("a cookie"),
        cancel.len(),
    );
    let requests: Vec<Vec<u8>> = vec![
        b"\r\n\r\n\r\n\r\nhello\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        format!("GET / HTTP/9.9\r\n{head}\r\n").into_bytes(),
        format!("GET /\r\n{head}\r\n").into_bytes(),
        format!("GET /a b HTTP/1.1\r\n{head}\r\n").into_bytes(),
        format!("GET /<script>tide HTTP/1.1\r\n{head}\r\n").into_bytes(),
        format!("GET /\0 HTTP/1.1\r\n{head}\r\n").into_bytes(),
        [b"GET /issuers?q=\xff\xfe HTTP/1.1\r\n", head.as_bytes(), b"\r\n"].concat(),
        [b"GET /sessions/\xff HTTP/1.1\r\n", head.as_bytes(), b"\r\n"].concat(),
        format!("GET / HTTP/1.1\r\n{head}X: a\0b\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}X\0: a\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}X : a\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}: a\r\n\r\n").into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}X: a\r\n b\r\n\r\n").into_bytes(),
        format!("POST /sessions HTTP/1.1\r\n{head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde").into_bytes(),
        format!("POST /sessions HTTP/1.1\r\n{head}Content-Length: -1\r\n\r\n").into_bytes(),
        format!("POST /sessions HTTP/1.1\r\n{head}Content-Length: 99999999999999999999\r\n\r\n").into_bytes(),
        format!("POST /sessions HTTP/1.1\r\n{head}Content-Length: +4\r\n\r\nabcd").into_bytes(),
        format!("POST /sessions HTTP/1.1\r\n{head}Transfer-Encoding: gzip\r\n\r\n").into_bytes(),
        format!("POST /sessions HTTP/1.1\r\n{head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n").into_bytes(),
        format!(
            "POST /help HTTP/1.1\r\n{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"
        )
        .into_bytes(),
        format!(
            "POST /help HTTP/1.1\r\n{head}Content-Length: {}\r\nTransfer-Encoding: xchunked\r\n\r\n{smuggled}",
            smuggled.len()
        )
        .into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}{}\r\n", "X: a\r\n".repeat(500)).into_bytes(),
        format!("GET / HTTP/1.1\r\n{head}X: {}\r\n\r\n", "a".repeat(200_000)).into_bytes(),
        format!("GET /{} HTTP/1.1\r\n{head}\r\n", "a".repeat(200_000)).into_bytes(),
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec(),
    ];
    for request in requests {
        let answer = conversation(&ours, &request).await;
        let start: String = String::from_utf8_lossy(&request).chars().take(80).collect();
        assert!(!answer.contains(MARK), "{start:?}");
        assert!(
            !answer.starts_with("HTTP/1.1 5") && !answer.starts_with("HTTP/1.1 3"),
            "{start:?}: {answer}"
        );
        assert!(!answer.starts_with("HTTP/1.1 2"), "{start:?}: {answer}");
    }
    site.world.assert_unmoved(&before, "noise").await;
}

#[tokio::test]
async fn a_head_that_dawdles_is_cut_off_and_others_are_not_kept_waiting() {
    let world = World::with(&[("TIDEMARK_LIMITS__HEADER_READ_MS", "150")]).await;
    for start in [
        "",
        "GET",
        "GET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
    ] {
        let mut slow = TcpStream::connect(world.authority()).await.expect("a connection");
        slow.write_all(start.as_bytes()).await.expect("some bytes");
        assert_eq!(Ask::get("/help").send(&world).await.status, 200, "others are served");
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(10), slow.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "{start:?} is never cut off");
        let rest = String::from_utf8_lossy(&rest);
        assert!(rest.is_empty() || rest.starts_with("HTTP/1.1 4"), "{start:?}: {rest}");
    }
}

#[tokio::test]
async fn a_body_that_dawdles_is_told_so_and_changes_nothing() {
    let world = World::with(&[("TIDEMARK_LIMITS__BODY_READ_MS", "150")]).await;
    let mut browser = world.browser();
    let attempt = world.start(&mut browser, APPROVING).await;
    let session = session_of(&attempt);
    let csrf = world
        .app
        .csrf_token(browser.cookie("localhost", "tidemark").expect("a cookie"));
    let before = world.books().await;
    let targets = [format!("/sessions/{session}/cancel"), "/sessions".to_owned()];
    for target in targets {
        let ask = Ask::post(&target, format!("csrf={csrf}"))
            .of(&browser)
            .with("content-length", "500");
        let answer = ask.send(&world).await;
        assert_eq!(
            (answer.status, answer.problem().as_deref()),
            (408, Some("timeout")),
            "{target}"
        );
    }
    let mut notice = Ask::new("POST", http::paths::TOKEN_UPDATED).with("content-type", "application/json");
    notice.body = b"{".to_vec();
    let answer = notice.with("content-length", "500").send(&world).await;
    assert_eq!((answer.status, answer.problem().as_deref()), (408, Some("timeout")));
    world.assert_unmoved(&before, "half a form").await;
}

#[tokio::test]
async fn a_form_that_is_broken_off_changes_nothing() {
    let site = Site::new().await;
    let before = site.world.books().await;
    let body = site.body(&[], &[]);
    let ask = Ask::post(&format!("/sessions/{}/cancel", site.session), &body).of(&site.browser);
    let whole = ask.bytes(site.world.authority());
    for cut in [1, 10, whole.len() / 2, whole.len() - body.len(), whole.len() - 1] {
        let mut stream = TcpStream::connect(site.world.authority()).await.expect("a connection");
        stream.write_all(&whole[..cut]).await.expect("some bytes");
        stream.shutdown().await.expect("an end");
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    }
    site.world.assert_unmoved(&before, "broken off").await;
    assert_eq!(ask.send(&site.world).await.status, 303, "the whole of it counts");
}
