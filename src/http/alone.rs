//! Failures of the server itself, as pages that stand alone: the style is inside, and nothing is loaded. The server shows
//! one when a handler broke down; a proxy shows them when there is no server.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::app::DemoScenario;
use crate::seal::sha256;
use crate::words::{Language, Words};

use super::assets::style_sheet;
use super::guard::{Audience, Visit};
use super::headers::Face;
use super::problem::Problem;

/// What does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outage {
    /// The server, for this request.
    Internal,
    /// The way from the proxy to the server.
    Gateway,
    /// The server, for everybody.
    Unavailable,
}

impl Outage {
    const ALL: [Self; 3] = [Self::Internal, Self::Gateway, Self::Unavailable];

    fn status(self) -> StatusCode {
        match self {
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Gateway => StatusCode::BAD_GATEWAY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Gateway => "bad-gateway",
            Self::Unavailable => "unavailable",
        }
    }

    /// What happened, and what that means.
    fn words(self, t: &Words) -> (String, String) {
        match self {
            // As every other 500: a card may be on its way already.
            Self::Internal => (t.f22_title(), t.f22_body()),
            Self::Gateway => (t.error_gateway_title(), t.error_gateway_body()),
            Self::Unavailable => (t.error_unavailable_title(), t.error_unavailable_body()),
        }
    }
}

#[derive(Template)]
#[template(path = "alone.html")]
struct AlonePage<'a> {
    t: &'a Words,
    wallet: &'a str,
    theme: &'static str,
    /// It is a demo's: it says so.
    demo: bool,
    /// The scenario that is switched on in a demo.
    scenario: Option<DemoScenario>,
    policy: String,
    code: &'static str,
    title: String,
    body: String,
    /// What is said of the reference: before it, it, and after it. A page that is a file has none.
    reference: Option<(String, String, String)>,
}

/// Everything but the page's own style is forbidden.
fn policy(css: &str) -> String {
    let hash = STANDARD.encode(sha256(css.as_bytes()));
    format!("default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{hash}'")
}

fn html(page: &AlonePage<'_>, css: &str) -> String {
    let head_end = format!("<style>{css}</style>\n</head>");
    page.render().unwrap_or_default().replacen("</head>", &head_end, 1)
}

/// The page of a request whose handler broke down. For programs it is the problem alone.
pub(super) fn broken_down(visit: &Visit) -> Response {
    if visit.shell.audience != Audience::People {
        return Problem::internal().into_response();
    }
    let (outage, t) = (Outage::Internal, &visit.words);
    let (title, body) = outage.words(t);
    let (before, after) = Words::around(|place| t.reference_line(place));
    let css = visit.shell.files.css.text();
    let policy = policy(css);
    let page = AlonePage {
        t,
        wallet: &visit.shell.wallet,
        theme: visit.theme.map_or("", super::language::Theme::name),
        demo: visit.shell.demo,
        scenario: visit.shell.scenario.now(),
        policy: policy.clone(),
        code: outage.code(),
        title,
        body,
        reference: Some((before, visit.reference.clone(), after)),
    };
    let mut response = (outage.status(), html(&page, css)).into_response();
    response.extensions_mut().insert(Face::Alone { policy });
    response
}

/// The pages for a proxy: each with the name of its file, `502.pl.html`. `tokens` is the deployment's layer of the style
/// sheet, as `Tokens::css` writes it.
#[must_use]
pub fn error_pages(wallet: &str, tokens: &str) -> Vec<(String, String)> {
    let css = style_sheet(tokens);
    let mut pages = Vec::new();
    for language in Language::all() {
        let t = &Words::new(language, wallet.into());
        for outage in Outage::ALL {
            let (title, body) = outage.words(t);
            let page = AlonePage {
                t,
                wallet,
                theme: "",
                demo: false,
                scenario: None,
                policy: policy(&css),
                code: outage.code(),
                title,
                body,
                reference: None,
            };
            let name = format!("{}.{}.html", outage.status().as_u16(), language.tag());
            pages.push((name, html(&page, &css)));
        }
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_handler_that_broke_down_warns_of_a_second_try_as_every_500_does() {
        for language in Language::all() {
            let mut visit = Visit::sample();
            visit.words = Words::new(language, "Tidemark".into());
            let shown = broken_down(&visit).into_body();
            let shown = axum::body::to_bytes(shown, 1 << 20).await.expect("a body");
            let shown = String::from_utf8(shown.to_vec()).expect("text");
            let problem = Problem::internal();
            for words in [&problem.title, &problem.detail] {
                let words = visit.words.say(words).replace('\'', "&#39;");
                assert!(shown.contains(&words), "{language:?} does not say: {words}");
            }
        }
    }

    #[test]
    fn the_pages_for_a_proxy_stand_alone_in_every_language() {
        let pages = error_pages("Harbour & Co", "\n@layer own { :root { --accent: #123456 } }");
        assert_eq!(pages.len(), 3 * Language::all().count());
        for (name, page) in &pages {
            let mut parts = name.split('.');
            let (status, tag) = (parts.next().expect("a status"), parts.next().expect("a language"));
            let direction = Language::of_tag(tag).expect("a language").direction();
            assert!(
                page.starts_with(&format!("<!doctype html>\n<html lang=\"{tag}\" dir=\"{direction}\">")),
                "{name}"
            );
            assert_eq!(page.matches("<h1").count(), 1, "{name}");
            assert_eq!(page.matches("class=\"button\"").count(), 1, "{name}");
            assert!(page.contains("Harbour &#38; Co"), "{name}");
            let (_, rest) = page.split_once("<style>").expect("a style");
            let (style, after) = rest.split_once("</style>").expect("its end");
            assert!(
                style.contains("--accent: #123456") && !after.contains("<style"),
                "{name}"
            );
            let hash = STANDARD.encode(openssl::sha::sha256(style.as_bytes()));
            assert_eq!(
                page.matches(&format!("style-src &#39;sha256-{hash}&#39;\">")).count(),
                1,
                "{name}"
            );
            for loads in [
                "src=", "<link", "url(", "@import", "<script", "style=\"", "http:", "https:", "<img", "<svg",
            ] {
                assert!(!page.contains(loads), "{name} holds {loads}");
            }
            assert!(status == "500" || status == "502" || status == "503");
        }
        let titles: std::collections::BTreeSet<_> = pages.iter().map(|(_, page)| page.split("<h1").nth(1)).collect();
        assert_eq!(titles.len(), pages.len(), "each says something else");
    }
}
