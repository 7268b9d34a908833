//! Every page there is, by name, from samples empty, full and hostile; and a server that shows them, for the tests that
//! look at them in a browser.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Mutex;

use crate::app::StartName;
use crate::app::brand::Look;
use crate::app::view::{Health, Home, IssuerBadge, Letter, Picker, PickerRow, Reach};
use crate::config::Limits;
use crate::domain::id::{CountryCode, SessionId};
use crate::domain::launch::{Mechanism, Role};

use super::alone;
use super::assets::{self, Files};
use super::cards;
use super::elsewhere;
use super::guard::{Audience, Fresh, Shell, Visit, frame, nothing};
use super::headers::Face;
use super::language;
use super::native_app;
use super::pages;
use super::picker::{Forms, Wanted, picker_page};
use super::problem::{Problem, page};
use super::samples::{self, HOSTILE, When};
use super::stage::{self, Note};
use super::terms;

/// A logo, and a card's picture.
const PICTURE: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" width="44" height="44"><path fill="#123a5c" d="M0 0h44v44H0z"/></svg>"##;

/// The names of all pages, in their order.
pub async fn names(origin: &str) -> Vec<String> {
    let visit = Visit::first(&shell(origin));
    every_page(&visit).await.into_iter().map(|(name, _)| name).collect()
}

/// Each page at `/pages/{name}`, in the language that the browser asks for, with the headers and files of the wallet.
/// Nothing else is there, and whatever a page's script asks for is answered with nothing, so that pages stay as they are.
pub fn router(origin: &str) -> Router {
    async fn page(State(kept): State<Kept>, Path(name): Path<String>, headers: HeaderMap, visit: Visit) -> Response {
        let asks_as = ASKS_AS.map(|header| headers.get(header).cloned());
        let mut kept = kept.lock().await;
        let pages = match kept.entry(asks_as) {
            Entry::Occupied(pages) => pages.into_mut(),
            Entry::Vacant(none) => none.insert(bodies(every_page(&visit).await).await),
        };
        let found = pages.get(&name).cloned();
        found.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| page.map(Body::from))
    }
    async fn picture() -> Response {
        let mut response = PICTURE.into_response();
        response.extensions_mut().insert(Face::Logo("image/svg+xml"));
        response
    }
    Router::new()
        .route("/pages/{name}", get(page))
        .route("/assets/{name}", get(assets::file))
        .route("/logos/{name}", get(picture))
        .fallback(|| async { nothing() })
        .with_state(Kept::default())
        .layer(from_fn_with_state(shell(origin), frame))
}

/// What of a request its page depends on.
const ASKS_AS: [HeaderName; 3] = [ACCEPT_LANGUAGE, COOKIE, USER_AGENT];

/// All pages of those who ask alike. They are asked for one by one, and to make one takes as long as to make all.
type Kept = Arc<Mutex<HashMap<[Option<HeaderValue>; 3], HashMap<String, Response<Bytes>>>>>;

async fn bodies(pages: Vec<(String, Response)>) -> HashMap<String, Response<Bytes>> {
    let mut whole = HashMap::new();
    for (name, page) in pages {
        let (parts, body) = page.into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a page");
        whole.insert(name, Response::from_parts(parts, body));
    }
    whole
}

fn shell(origin: &str) -> Shell {
    Shell {
        origin: origin.into(),
        wallet: "Tidemark".into(),
        files: Arc::new(Files::of(&Look {
            name: "Tidemark".to_owned(),
            tokens: String::new(),
            logo: None,
        })),
        demo: true,
        session_minutes: 15,
        link_rules: Arc::default(),
        limits: Limits {
            body_bytes: 4_096,
            api_body_bytes: 4_096,
            uri_bytes: 4_096,
            header_bytes: 16_384,
            headers_max: 64,
            connections_max: 64,
            header_read_ms: 10_000,
            body_read_ms: 10_000,
            request_ms: 30_000,
            shutdown_ms: 1_000,
        },
        audience: Audience::People,
        fresh: Arc::new(|| Fresh {
            reference: "TM-0A1B2C3D4E".to_owned(),
            secret: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0".to_owned(),
        }),
    }
}

/// What a query of the picker asks for.
pub(super) fn wanted(query: &str) -> Wanted {
    Wanted::parse(query).expect("a query")
}

/// What the forms of a picker hold.
pub(super) fn forms() -> Forms {
    Forms {
        csrf: "token".to_owned(),
        start: StartName {
            name: "0123456789abcdef".repeat(2),
            is_of_account: false,
        },
    }
}

/// A picker of that many issuers of one name.
pub(super) fn picker(rows: usize, name: &str) -> Picker {
    let country = |code| CountryCode::parse(code).expect("country");
    let row = |index: usize| PickerRow {
        issuer: samples::badge(name),
        letter: (rows > 24 && index == 0).then(|| "H".to_owned()),
    };
    let group = |size: usize| {
        (0..if rows > 8 { size } else { 0 })
            .map(|_| samples::badge(name))
            .collect()
    };
    let letter = |(text, row): (&str, usize)| Letter {
        text: text.to_owned(),
        row,
    };
    Picker {
        recent: group(2),
        popular: group(3),
        rows: (0..rows.min(60)).map(row).collect(),
        letters: [("H", 1), ("J", 100)].map(letter).into(),
        total: rows,
        directory_total: rows,
        unreachable: 1,
        hides_unreachable: false,
        elsewhere: 0,
        suggestion: None,
        countries: vec![(country("NO"), 3), (country("GB"), 1)],
        country: None,
        stale_minutes: Some(95),
        unavailable: false,
        in_app: false,
    }
}

/// The pickers: of every length, in one country, with nothing found, with trouble at banks, in an app.
fn pickers(visit: &Visit) -> Vec<(String, Response)> {
    let mut in_app = picker(4, "Havørn Bank");
    in_app.in_app = true;
    for (row, (_, reach, mechanism)) in in_app.rows.iter_mut().zip(REACHES) {
        row.issuer.reach = reach;
        row.issuer.mechanism = mechanism;
    }
    let mut troubled = picker(12, "Havørn Bank");
    troubled.rows[0].issuer.health = Health::Degraded;
    troubled.rows[1].issuer.health = Health::Down;
    troubled.hides_unreachable = true;
    let nothing = |name: &str| Picker {
        rows: Vec::new(),
        letters: Vec::new(),
        total: 0,
        elsewhere: 4,
        suggestion: Some(name.to_owned()),
        country: CountryCode::parse("NO").ok(),
        ..picker(3, name)
    };
    let in_country = Picker {
        country: CountryCode::parse("NO").ok(),
        elsewhere: 7,
        ..picker(30, "Havørn Bank")
    };
    let list = [
        ("picker", "", picker(12, "Havørn Bank")),
        ("picker-500", "", picker(500, "Havørn Bank")),
        ("picker-few", "", picker(3, "Havørn Bank")),
        ("picker-country", "country=NO", in_country),
        ("picker-troubled", "", troubled),
        ("picker-nothing", "q=havrn&country=NO", nothing("Havørn Bank")),
        ("picker-nothing-there", "country=NO", nothing("Havørn Bank")),
        ("picker-in-app", "", in_app),
        ("picker-none", "", picker(0, "")),
        (
            "picker-hostile",
            "q=%3Cscript%3Ealert(1)%3C/script%3E",
            picker(12, HOSTILE),
        ),
        ("picker-nothing-hostile", "q=%3Cscript%3E", nothing(HOSTILE)),
    ];
    list.into_iter()
        .map(|(name, query, found)| (name.to_owned(), picker_page(visit, &forms(), &wanted(query), &found)))
        .collect()
}

/// What an issuer can lead to, besides its website, by a name for its page.
const REACHES: [(&str, Reach, Mechanism); 5] = [
    ("issuer-escape", Reach::App, Mechanism::Escape),
    ("issuer-phone-only", Reach::PhoneOnly, Mechanism::Qr),
    ("issuer-tablet-perhaps", Reach::TabletPerhaps, Mechanism::Qr),
    ("issuer-nowhere", Reach::Nowhere, Mechanism::None),
    ("issuer-static", Reach::Website, Mechanism::Static),
];

fn wrong_code(name: &str, tries_left: u32) -> crate::app::Fault {
    crate::app::Fault::WrongCode {
        session: SessionId::from_random([7; 16]),
        issuer: samples::badge("x").id,
        issuer_name: name.to_owned(),
        tries_left,
    }
}

/// Every page there is, by name.
pub(super) async fn every_page(visit: &Visit) -> Vec<(String, Response)> {
    let csrf = "token";
    let hostile_card = samples::card(HOSTILE, "active");
    let home = |cards, unfinished| pages::home_page(visit, None, &Home { cards, unfinished });
    let all_states = ["active", "inactive", "suspended", "failed"];
    let cards = || {
        all_states
            .iter()
            .map(|state| samples::card("Havørn Bank", state))
            .collect::<Vec<_>>()
    };
    let mut all: Vec<(String, Response)> = vec![
        ("home-empty".into(), home(Vec::new(), Vec::new())),
        (
            "home-full".into(),
            home(
                cards(),
                vec![(SessionId::from_random([1; 16]), "Bánka Podolí".to_owned())],
            ),
        ),
        (
            "home-signed-in".into(),
            pages::home_page(
                visit,
                Some(csrf.to_owned()),
                &Home {
                    cards: cards(),
                    unfinished: Vec::new(),
                },
            ),
        ),
        (
            "home-hostile".into(),
            home(
                vec![hostile_card.clone()],
                vec![(SessionId::from_random([1; 16]), HOSTILE.to_owned())],
            ),
        ),
        (
            "home-many".into(),
            home(cards().into_iter().cycle().take(30).collect(), Vec::new()),
        ),
        (
            "issuer".into(),
            pages::issuer_page(visit, csrf, &samples::badge("Havørn Bank"), None),
        ),
        (
            "issuer-hostile".into(),
            pages::issuer_page(visit, csrf, &samples::badge(HOSTILE), None),
        ),
        (
            "card".into(),
            cards::card_page(visit, csrf, &samples::card("Havørn Bank", "active")),
        ),
        (
            "card-bare".into(),
            cards::card_page(visit, csrf, &samples::bare_card("suspended")),
        ),
        ("card-hostile".into(), cards::card_page(visit, csrf, &hostile_card)),
        (
            "card-terms".into(),
            terms::of_card(
                visit,
                &samples::card("Havørn Bank", "active"),
                &samples::terms_of("Terms of Havørn Bank"),
            ),
        ),
        (
            "card-terms-hostile".into(),
            terms::of_card(visit, &hostile_card, &samples::terms_of("<script>alert(1)</script>")),
        ),
        ("home-failed".into(), pages::home_without_cards(visit)),
    ];
    all.extend(pickers(visit));
    for (name, reach, mechanism) in REACHES {
        let badge = IssuerBadge {
            reach,
            mechanism,
            ..samples::badge("Havørn Bank")
        };
        let page = pages::issuer_page(visit, csrf, &badge, None);
        all.push((name.to_owned(), page));
    }
    for (name, attempt) in samples::all() {
        all.push((name.to_owned(), stage::page(visit, csrf, &attempt, None)));
        let mut hostile = attempt;
        hostile.issuer.name = HOSTILE.to_owned();
        all.push((format!("{name}-hostile"), stage::page(visit, csrf, &hostile, None)));
    }
    let step_up = samples::attempt(samples::step_up(HOSTILE));
    all.push((
        "method-missing".into(),
        stage::page(visit, csrf, &step_up, Some(Note::ChooseMethod)),
    ));
    let code = samples::attempt(samples::code(None, Some(9), false));
    for note in [Note::CodeEmpty, Note::CodeFormat, Note::Wait] {
        all.push((
            format!("code-{}", note.name()),
            stage::page(visit, csrf, &code, Some(note)),
        ));
    }
    let terms = samples::attempt(samples::terms(false));
    all.push((
        "terms-changed".into(),
        stage::page(visit, csrf, &terms, Some(Note::TermsChanged)),
    ));
    let waiting = samples::attempt(samples::launch(Mechanism::Forward, &[Role::Web], When::Launched));
    all.push((
        "waiting-checked".into(),
        stage::page(visit, csrf, &waiting, Some(Note::Checked)),
    ));
    let shown = samples::attempt(samples::launch(
        Mechanism::Tap,
        &[Role::App, Role::Web],
        When::CodeShown,
    ));
    for note in [Note::CodeEmpty, Note::CodeFormat, Note::CodeWrong] {
        all.push((
            format!("waiting-{}", note.name()),
            stage::page(visit, csrf, &shown, Some(note)),
        ));
    }
    let spent = samples::attempt(samples::launch(Mechanism::Tap, &[Role::App], When::Elsewhere));
    all.push((
        "waiting-code-spent".into(),
        stage::page(visit, csrf, &spent, Some(Note::CodeSpent)),
    ));
    let issuer = samples::badge("x").id;
    all.push((
        "elsewhere-code".into(),
        elsewhere::code_page(visit, &issuer, HOSTILE, "048210"),
    ));
    all.push((
        "elsewhere-sign-in".into(),
        elsewhere::sign_in_page(visit, &issuer, HOSTILE, "https://wallet.example/sign-in"),
    ));
    for status in [400, 404, 405, 408, 413, 414, 415, 421, 431, 500, 503] {
        let problem = Problem::of_status(axum::http::StatusCode::from_u16(status).expect("a status"));
        all.push((format!("problem-{status}"), page::problem(visit, &problem)));
    }
    let other_browser = |name: &str| crate::app::Fault::OtherBrowser {
        issuer: samples::badge("x").id,
        issuer_name: name.to_owned(),
    };
    let faults = [
        ("other-browser", other_browser("Havørn Bank")),
        ("other-browser-hostile", other_browser(HOSTILE)),
        ("not-genuine", crate::app::Fault::NotGenuine("kid")),
        ("unknown-key", crate::app::Fault::UnknownKey),
        ("foreign-receipt", crate::app::Fault::ForeignReceipt),
        ("wrong-code", wrong_code("Havørn Bank", 2)),
        ("wrong-code-hostile", wrong_code(HOSTILE, 2)),
        ("wrong-code-last", wrong_code("Havørn Bank", 0)),
    ];
    for (name, fault) in faults {
        all.push((format!("problem-{name}"), page::problem(visit, &fault.into())));
    }
    all.push((
        "problem-no-directory".into(),
        page::problem(visit, &Problem::no_directory()),
    ));
    all.push((
        "problem-unknown-return".into(),
        page::problem(visit, &Problem::unknown_return()),
    ));
    let code = samples::attempt(samples::code(None, None, false));
    all.push((
        "problem-code-limit".into(),
        page::problem(visit, &Problem::code_limit(&code)),
    ));
    all.push((
        "problem-cookie".into(),
        page::problem(visit, &Problem::forged_form(false, "wallet.example", "/sessions")),
    ));
    all.push(("help".into(), pages::help(visit.clone()).await));
    all.push(("language".into(), language::language_page(visit, csrf, "/")));
    all.push(("app".into(), native_app::not_opened(visit.clone()).await));
    all.push(("broken-down".into(), alone::broken_down(visit)));
    all
}
