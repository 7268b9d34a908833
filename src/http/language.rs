//! In which language and in which colours: the page where both are chosen, and `?lang=` at the address of a page.
//!
//! What is chosen is kept in two cookies that are no secrets: they decide on nothing but how pages look and sound.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, REFERER, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use crate::app::{App, Fault};
use crate::domain::locale::Locale;
use crate::words::{Accepted, Language};

use super::cookie;
use super::frame::{Frame, show};
use super::guard::{Shell, Visit, see_other};
use super::inbound::own_form;
use super::paths;
use super::problem::Problem;

/// The colours that a person has chosen; without a choice they are those of the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The name in the cookie, in the form and in `data-theme`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Light, Self::Dark].into_iter().find(|theme| theme.name() == name)
    }
}

/// What a request says of how pages should look and sound.
pub(super) struct Wish {
    /// The chosen language, or else the first accepted one that we speak.
    pub(super) language: Language,
    /// That language and the country that it is wanted in.
    pub(super) locale: Option<Locale>,
    /// The region of the first accepted language that names one (ISO 3166-1).
    pub(super) region: Option<String>,
    /// The chosen colours.
    pub(super) theme: Option<Theme>,
}

impl Wish {
    /// Reads the two cookies and `Accept-Language`. Pseudo-languages count `with_pseudo`.
    pub(super) fn of(headers: &HeaderMap, with_pseudo: bool) -> Self {
        let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let accepted = Accepted::parse(header.unwrap_or_default(), with_pseudo);
        let chosen = cookie::language(headers).filter(|language| with_pseudo || !language.is_pseudo());
        let language = chosen.or(accepted.language).unwrap_or(Language::ENGLISH);
        Self {
            language,
            locale: Locale::parse(&language.mdes_locale(accepted.region_of(language))).ok(),
            region: accepted.region,
            theme: cookie::theme(headers),
        }
    }
}

/// The name of the choice that is none.
const SYSTEM: &str = "system";
/// The name of the parameter that chooses a language at the address of a page, and of the field of the form.
const LANGUAGE: &str = "lang";
/// Where the parameter is heeded: what anybody may link to. A return and an attempt have addresses of their own making.
const ADDRESSES: [&str; 5] = ["/", "/issuers", "/issuers/{issuer}", "/help", "/language"];

#[derive(Template)]
#[template(path = "language.html")]
struct LanguagePage {
    frame: Frame,
    csrf: String,
    /// Where saving leads.
    back: String,
    languages: Vec<Language>,
    /// The current one.
    current: Language,
    /// What can be chosen, in words, and which of it is.
    themes: [(&'static str, String, bool); 3],
}

/// `GET /language`
pub async fn page(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Response {
    language_page(&visit, &visit.csrf(&app), &page_before(&headers, &visit.shell))
}

pub(super) fn language_page(visit: &Visit, csrf: &str, back: &str) -> Response {
    let words = &visit.words;
    let theme = visit.theme.map_or(SYSTEM, Theme::name);
    let choice = |name, label| (name, label, name == theme);
    let page = LanguagePage {
        frame: Frame::new(visit, words.language_title(), "language"),
        csrf: csrf.to_owned(),
        back: back.to_owned(),
        languages: spoken(&visit.shell).collect(),
        current: words.language(),
        themes: [
            choice(SYSTEM, words.theme_system()),
            choice(Theme::Light.name(), words.theme_light()),
            choice(Theme::Dark.name(), words.theme_dark()),
        ],
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// `POST /language`: back to the page before, in what was chosen.
///
/// # Errors
/// As every form; 422 for a language or colours that there are not.
pub async fn choose(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &[LANGUAGE, "theme", "back"]).await?;
    let language = form.one(LANGUAGE).map(|tag| {
        let known = spoken(&visit.shell).find(|language| language.tag() == tag);
        known.ok_or(Fault::BadInput("lang is one of the languages of the page"))
    });
    let theme = form.one("theme").map(|name| match name {
        SYSTEM => Ok(None),
        name => Theme::of_name(name)
            .map(Some)
            .ok_or(Fault::BadInput("theme is system, light or dark")),
    });
    let (language, theme) = (language.transpose()?, theme.transpose()?);
    let back = form.one("back").filter(|address| is_place(address));
    let mut response = see_other(back.unwrap_or(paths::HOME));
    let https = visit.shell.is_https();
    let language = language.and_then(|language| cookie::set_language(language, https));
    let theme = theme.and_then(|theme| cookie::set_theme(theme, https));
    for cookie in language.into_iter().chain(theme) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The languages of a deployment: those that exist for tests are the demo's.
fn spoken(shell: &Shell) -> impl Iterator<Item = Language> {
    let demo = shell.demo;
    Language::with_pseudo().filter(move |language| demo || !language.is_pseudo())
}

/// The page that the browser comes from, if it is one that a person may be sent to: browsers send the whole address
/// within our origin (`Referrer-Policy`). What was searched for, and the site that a card is added for, are kept; other
/// queries are left out.
fn page_before(headers: &HeaderMap, shell: &Shell) -> String {
    let referrer = headers.get(REFERER).and_then(|value| value.to_str().ok());
    let address = referrer
        .and_then(|address| address.strip_prefix(&*shell.origin))
        .map(|rest| rest.split('#').next().unwrap_or_default());
    let path = |address: &str| address.split('?').next().map(str::to_owned);
    let place = match address {
        Some(address) if is_place(address) => Some(address.to_owned()),
        Some(address) => path(address).filter(|path| paths::is_page(path)),
        None => None,
    };
    place.unwrap_or_else(|| paths::HOME.to_owned())
}

/// Whether this is a page of ours to which saving may lead back. The pages of issuers may have a query, of which they take
/// no more than they understand.
fn is_place(address: &str) -> bool {
    let Some((path, query)) = address.split_once('?') else {
        return paths::is_page(address);
    };
    let is_of_issuers = path.starts_with(paths::ISSUERS) && paths::is_page(path);
    is_of_issuers && query.len() <= QUERY_BYTES_MAX && query.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The longest query that is kept on the way to the choice of a language and back.
const QUERY_BYTES_MAX: usize = 2_048;

/// `?lang=pl` at the address of a page of that route: 303 to the same address without it, and the choice is kept if it is
/// a language of ours and the request is a person's.
pub(super) fn asked(request: &Request, route: &str, visit: &Visit) -> Option<Response> {
    if request.method() != Method::GET || !ADDRESSES.contains(&route) {
        return None;
    }
    let wanted = |pair: &&str| pair.split('=').next() == Some(LANGUAGE);
    let query = request.uri().query().unwrap_or_default();
    let tag = query
        .split('&')
        .find(wanted)?
        .split_once('=')
        .map_or("", |(_, tag)| tag);
    let rest: Vec<&str> = query.split('&').filter(|pair| !wanted(pair)).collect();
    let path = request.uri().path();
    let mut response = if rest.is_empty() {
        see_other(path)
    } else {
        see_other(&format!("{path}?{}", rest.join("&")))
    };
    let language = spoken(&visit.shell).find(|language| language.tag() == tag);
    let cookie = language.filter(|_| !visit.is_prefetch);
    if let Some(cookie) = cookie.and_then(|language| cookie::set_language(language, visit.shell.is_https())) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::HeaderValue;
    use axum::http::header::LOCATION;

    use crate::domain::id::SessionId;

    #[test]
    fn a_choice_counts_more_than_what_is_accepted_and_a_country_only_with_its_language() {
        for (cookie, accepted, language, locale, region) in [
            ("", "", "en", "en_US", None),
            ("", "de-CH,en-GB;q=0.9", "de", "de_CH", Some("CH")),
            ("lang=pl", "en-GB", "pl", "pl_PL", Some("GB")),
            ("lang=pl", "", "pl", "pl_PL", None),
            ("lang=en", "de-CH, en-GB;q=0.1", "en", "en_GB", Some("CH")),
            ("lang=pt-BR", "pt-PT", "pt-BR", "pt_BR", Some("PT")),
            ("lang=en-XA", "ja", "ja", "ja_JP", None),
            ("lang=xx", "zh-Hant-TW", "en", "en_US", Some("TW")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", HeaderValue::from_static(cookie));
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(accepted));
            let wish = Wish::of(&headers, false);
            let found = (
                wish.language.tag(),
                wish.locale.expect("a locale"),
                wish.region.as_deref(),
            );
            assert_eq!(
                (found.0, found.1.as_str(), found.2),
                (language, locale, region),
                "{cookie} {accepted}"
            );
        }
    }

    fn before(referrer: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REFERER, HeaderValue::from_str(referrer).expect("a value"));
        page_before(&headers, &Visit::sample().shell)
    }

    #[test]
    fn the_page_before_is_one_of_ours_or_home() {
        let session = paths::session(SessionId::from_random([7; 16]).as_str());
        for path in ["/", "/issuers", "/issuers/havorn-no", "/help", &session] {
            for end in ["", "#accessibility"] {
                assert_eq!(before(&format!("http://localhost:8080{path}{end}")), path);
            }
        }
        for (address, place) in [
            ("/issuers?q=a&country=NO#r61", "/issuers?q=a&country=NO"),
            (
                "/issuers/havorn-no?return=https%3A%2F%2Fshop.example%2F",
                "/issuers/havorn-no?return=https%3A%2F%2Fshop.example%2F",
            ),
            ("/?a=b", "/"),
            (&format!("{session}?note=checked"), &session),
            ("/issuers?q=a b", "/issuers"),
            (&format!("/issuers?q={}", "a".repeat(QUERY_BYTES_MAX)), "/issuers"),
            ("/issuersx?q=a", "/"),
        ] {
            assert_eq!(before(&format!("http://localhost:8080{address}")), place);
        }
        for foreign in [
            "http://evil.example/help",
            "https://localhost:8080/help",
            "http://localhost:80800/help",
            "http://localhost:8080.evil.example/help",
            "http://localhost:8080@evil.example/help",
            "http://localhost:8080//evil.example/help",
            "http://localhost:8080/\\evil.example",
            "http://localhost:8080/language",
            "http://localhost:8080/callback/0123456789abcdef0123456789abcdef",
            "http://localhost:8080/handoff/0123456789abcdef",
            "http://localhost:8080",
            "//evil.example/",
            "/help",
            "",
        ] {
            assert_eq!(before(foreign), "/", "{foreign}");
        }
        assert_eq!(page_before(&HeaderMap::new(), &Visit::sample().shell), "/");
    }

    fn asking(method: Method, target: &str, route: &str, demo: bool) -> Option<(String, Option<String>)> {
        let request = Request::builder().method(method).uri(target);
        let request = request.body(Body::empty()).expect("a request");
        let mut visit = Visit::sample();
        visit.shell.demo = demo;
        let response = asked(&request, route, &visit)?;
        assert_eq!(response.status(), 303);
        let text = |name| {
            let value = response.headers().get(name)?;
            Some(value.to_str().expect("text").to_owned())
        };
        Some((text(LOCATION).expect("an address"), text(SET_COOKIE)))
    }

    #[test]
    fn a_language_in_the_address_is_kept_and_leaves_the_address() {
        for (target, route, left) in [
            ("/?lang=pl", "/", "/"),
            ("/issuers?lang=pl", "/issuers", "/issuers"),
            (
                "/issuers?q=b%C3%A5&lang=pl&page=2",
                "/issuers",
                "/issuers?q=b%C3%A5&page=2",
            ),
            ("/issuers?lang=pl&lang=de", "/issuers", "/issuers"),
            ("/issuers/havorn-no?lang=pl", "/issuers/{issuer}", "/issuers/havorn-no"),
            ("/help?&lang=pl", "/help", "/help?"),
            ("/language?lang=pl", "/language", "/language"),
        ] {
            let (location, cookie) = asking(Method::GET, target, route, false).expect(target);
            assert_eq!(location, left);
            let wanted = "lang=pl; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000";
            assert_eq!(cookie.as_deref(), Some(wanted), "{target}");
        }
    }

    #[test]
    fn what_is_no_language_of_ours_leaves_the_address_too_and_is_not_kept() {
        for unknown in [
            "",
            "xx",
            "PL",
            "pl;Domain=evil.example",
            "pl%0d%0aSet-Cookie:a",
            "en-XA",
            "%70l",
        ] {
            let target = format!("/help?lang={unknown}");
            let left = Some(("/help".to_owned(), None));
            assert_eq!(asking(Method::GET, &target, "/help", false), left, "{unknown}");
        }
        assert_eq!(
            asking(Method::GET, "/help?lang", "/help", false),
            Some(("/help".to_owned(), None))
        );
        let (_, cookie) = asking(Method::GET, "/help?lang=en-XA", "/help", true).expect("an answer");
        assert!(
            cookie.is_some_and(|cookie| cookie.starts_with("lang=en-XA;")),
            "the demo speaks it"
        );
    }

    #[test]
    fn elsewhere_and_otherwise_nothing_is_done_with_it() {
        for (method, target, route) in [
            (Method::GET, "/callback/1?lang=pl", "/callback/{session}"),
            (Method::GET, "/callback?lang=pl", "/callback"),
            (Method::GET, "/sessions/1?lang=pl", "/sessions/{session}"),
            (Method::GET, "/cards/1?lang=pl", "/cards/{card}"),
            (Method::GET, "/handoff/1?lang=pl", "/handoff/{token}"),
            (Method::GET, "/nowhere?lang=pl", "(no route)"),
            (Method::POST, "/language?lang=pl", "/language"),
            (Method::HEAD, "/help?lang=pl", "/help"),
            (Method::GET, "/help?language=pl", "/help"),
            (Method::GET, "/help?q=lang=pl", "/help"),
            (Method::GET, "/help", "/help"),
        ] {
            assert_eq!(asking(method, target, route, false), None, "{target}");
        }
    }

    #[test]
    fn a_guess_of_the_browsers_chooses_nothing() {
        let request = Request::builder()
            .uri("/help?lang=pl")
            .body(Body::empty())
            .expect("a request");
        let visit = Visit {
            is_prefetch: true,
            ..Visit::sample()
        };
        let response = asked(&request, "/help", &visit).expect("an answer");
        assert!(!response.headers().contains_key(SET_COOKIE));
    }
}
