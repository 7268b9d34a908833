//! Every page, from samples empty, full and hostile: whole, escaped, and with a way onward.

use axum::response::Response;

use crate::app::view::{Home, IssuerBadge, Picker, Reach};
use crate::domain::card::CodeNote;
use crate::domain::id::{CountryCode, SessionId};
use crate::domain::launch::{Mechanism, Role};

use super::assets;
use super::elsewhere;
use super::guard::Visit;
use super::headers::Face;
use super::native_app;
use super::pages;
use super::picker::{Wanted, picker_page};
use super::problem::Problem;
use super::samples::{self, APP, HOSTILE, WEB, When};
use super::stage::{self, Note};

mod launch;
mod pictures;

async fn html(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn wanted(query: &str) -> Wanted {
    Wanted::parse(query).expect("a query")
}

fn picker(rows: usize, name: &str) -> Picker {
    let country = |code| CountryCode::parse(code).expect("country");
    Picker {
        rows: (0..rows.min(60)).map(|_| samples::badge(name)).collect(),
        total: rows,
        directory_total: rows,
        countries: vec![(country("NO"), 3), (country("GB"), 1)],
        stale_minutes: Some(95),
        unavailable: false,
        in_app: false,
    }
}

/// What an issuer can lead to, besides its website.
const REACHES: [(Reach, Mechanism); 5] = [
    (Reach::App, Mechanism::Escape),
    (Reach::PhoneOnly, Mechanism::Qr),
    (Reach::TabletPerhaps, Mechanism::Qr),
    (Reach::Nowhere, Mechanism::None),
    (Reach::Website, Mechanism::Static),
];

fn wrong_code(tries_left: u32) -> crate::app::Fault {
    crate::app::Fault::WrongCode {
        session: SessionId::from_random([7; 16]),
        issuer: samples::badge("x").id,
        issuer_name: HOSTILE.to_owned(),
        tries_left,
    }
}

/// Every page there is, by name.
fn every_page() -> Vec<(String, Response)> {
    let visit = Visit::sample();
    let csrf = "token";
    let hostile_card = samples::card(HOSTILE, "active");
    let home = |cards, unfinished| pages::home_page(&visit, None, &Home { cards, unfinished });
    let all_states = ["active", "inactive", "suspended", "failed"];
    let cards = || {
        all_states
            .iter()
            .map(|state| samples::card("Havørn Bank", state))
            .collect::<Vec<_>>()
    };
    let mut in_app = picker(4, "Havørn Bank");
    in_app.in_app = true;
    for (row, (reach, mechanism)) in in_app.rows.iter_mut().zip(REACHES) {
        *row = IssuerBadge {
            reach,
            mechanism,
            ..row.clone()
        };
    }
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
                &visit,
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
            "picker".into(),
            picker_page(&visit, csrf, &wanted(""), &picker(12, "Havørn Bank")),
        ),
        (
            "picker-500".into(),
            picker_page(&visit, csrf, &wanted("country=NO"), &picker(500, "Havørn Bank")),
        ),
        (
            "picker-few".into(),
            picker_page(&visit, csrf, &wanted(""), &picker(3, "Havørn Bank")),
        ),
        ("picker-in-app".into(), picker_page(&visit, csrf, &wanted(""), &in_app)),
        (
            "picker-none".into(),
            picker_page(&visit, csrf, &wanted(""), &picker(0, "")),
        ),
        (
            "picker-hostile".into(),
            picker_page(
                &visit,
                csrf,
                &wanted("q=%3Cscript%3Ealert(1)%3C/script%3E"),
                &picker(2, HOSTILE),
            ),
        ),
        (
            "issuer".into(),
            pages::issuer_page(&visit, csrf, &samples::badge("Havørn Bank")),
        ),
        (
            "issuer-hostile".into(),
            pages::issuer_page(&visit, csrf, &samples::badge(HOSTILE)),
        ),
        (
            "card".into(),
            pages::card_page(&visit, csrf, &samples::card("Havørn Bank", "active")),
        ),
        (
            "card-bare".into(),
            pages::card_page(&visit, csrf, &samples::bare_card("suspended")),
        ),
        ("card-hostile".into(), pages::card_page(&visit, csrf, &hostile_card)),
    ];
    for (reach, mechanism) in REACHES {
        let badge = IssuerBadge {
            reach,
            mechanism,
            ..samples::badge("Havørn Bank")
        };
        let page = pages::issuer_page(&visit, csrf, &badge);
        all.push((format!("issuer-{}", mechanism.name()), page));
    }
    for (name, attempt) in samples::all() {
        all.push((name.to_owned(), stage::page(&visit, csrf, &attempt, None)));
        let mut hostile = attempt;
        hostile.issuer.name = HOSTILE.to_owned();
        all.push((format!("{name}-hostile"), stage::page(&visit, csrf, &hostile, None)));
    }
    let step_up = samples::attempt(samples::step_up(HOSTILE));
    all.push((
        "method-missing".into(),
        stage::page(&visit, csrf, &step_up, Some(Note::ChooseMethod)),
    ));
    let code = samples::attempt(samples::code(None, Some(9), false));
    for note in [Note::CodeEmpty, Note::CodeFormat, Note::Wait] {
        all.push((
            format!("code-{}", note.name()),
            stage::page(&visit, csrf, &code, Some(note)),
        ));
    }
    let terms = samples::attempt(samples::terms(false));
    all.push((
        "terms-changed".into(),
        stage::page(&visit, csrf, &terms, Some(Note::TermsChanged)),
    ));
    let waiting = samples::attempt(samples::launch(Mechanism::Forward, &[Role::Web], When::Launched));
    all.push((
        "waiting-checked".into(),
        stage::page(&visit, csrf, &waiting, Some(Note::Checked)),
    ));
    let shown = samples::attempt(samples::launch(
        Mechanism::Tap,
        &[Role::App, Role::Web],
        When::CodeShown,
    ));
    for note in [Note::CodeEmpty, Note::CodeFormat, Note::CodeWrong] {
        all.push((
            format!("waiting-{}", note.name()),
            stage::page(&visit, csrf, &shown, Some(note)),
        ));
    }
    let spent = samples::attempt(samples::launch(Mechanism::Tap, &[Role::App], When::Elsewhere));
    all.push((
        "waiting-code-spent".into(),
        stage::page(&visit, csrf, &spent, Some(Note::CodeSpent)),
    ));
    let issuer = samples::badge("x").id;
    all.push((
        "elsewhere-code".into(),
        elsewhere::code_page(&visit, &issuer, HOSTILE, "048210"),
    ));
    all.push((
        "elsewhere-sign-in".into(),
        elsewhere::sign_in_page(&visit, &issuer, HOSTILE, "https://wallet.example/sign-in"),
    ));
    for status in [400, 404, 405, 408, 413, 414, 415, 421, 431, 500, 503] {
        let problem = Problem::of_status(axum::http::StatusCode::from_u16(status).expect("a status"));
        all.push((format!("problem-{status}"), pages::problem(&visit, &problem)));
    }
    let faults = [
        (
            "other-browser",
            crate::app::Fault::OtherBrowser {
                issuer: samples::badge("x").id,
                issuer_name: HOSTILE.to_owned(),
            },
        ),
        ("not-genuine", crate::app::Fault::NotGenuine("kid")),
        ("unknown-key", crate::app::Fault::UnknownKey),
        ("foreign-receipt", crate::app::Fault::ForeignReceipt),
        ("wrong-code", wrong_code(2)),
        ("wrong-code-last", wrong_code(0)),
    ];
    for (name, fault) in faults {
        all.push((format!("problem-{name}"), pages::problem(&visit, &fault.into())));
    }
    all.push((
        "problem-no-directory".into(),
        pages::problem(&visit, &Problem::no_directory()),
    ));
    all.push((
        "problem-cookie".into(),
        pages::problem(&visit, &Problem::forged_form(false, "wallet.example")),
    ));
    all
}

#[tokio::test]
async fn every_page_is_whole_escaped_and_leads_onward() {
    let mut pages = every_page();
    pages.push(("help".into(), pages::help(Visit::sample()).await));
    pages.push(("language".into(), pages::language(Visit::sample()).await));
    pages.push(("app".into(), native_app::not_opened(Visit::sample()).await));
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp/pages");
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, response) in pages {
        let face = response.extensions().get::<Face>().cloned();
        let page = html(response).await;
        std::fs::write(folder.join(format!("{name}.html")), &page).expect("a file");
        assert_eq!(page.matches("<h1").count(), 1, "{name}");
        assert_eq!(
            page.matches("<main id=\"main\" tabindex=\"-1\" data-state=\"").count(),
            1,
            "{name}"
        );
        let main = &page[page.find("<main").expect("main")..page.find("</main>").expect("the end of main")];
        assert!(
            main.contains("href=\"/") || main.contains("action=\"/"),
            "{name} has no way onward"
        );
        for forbidden in [
            "<script>",
            "<img src=x",
            "alert(1)<",
            "\u{202e}",
            "style=\"",
            "onerror=alert(1)>",
            "target=",
            "autofocus",
        ] {
            assert!(!page.contains(forbidden), "{name} holds {forbidden}");
        }
        for word in [
            "Oops",
            "successfully",
            "nvalid",
            "session ",
            "provision",
            "MDES",
            "{{",
            "{%",
        ] {
            assert!(!page.replace("aria-invalid", "").contains(word), "{name} says {word}");
        }
        assert_eq!(
            page.contains(&format!("<script src=\"{}\" defer>", assets::script())),
            matches!(face, Some(Face::Page { scripts, .. }) if scripts == [assets::script()]),
            "{name}"
        );
        assert!(
            !page.contains("http-equiv=\"refresh\"")
                || page.contains("<noscript><meta http-equiv=\"refresh\" content=\"0;url=/sessions/"),
            "{name}"
        );
        let posts = page.matches("method=\"post\"").count();
        assert_eq!(page.matches("name=\"csrf\" value=\"token\"").count(), posts, "{name}");
        let primary = main.matches("class=\"button\"").count();
        assert!(primary <= 1, "{name} has {primary} main buttons");
        for link in page.split("href=\"http").skip(1) {
            let tag = &link[..link.find('>').expect("the end of the tag")];
            assert!(tag.contains("rel=\"noreferrer\""), "{name}: {tag}");
        }
    }
}

#[tokio::test]
async fn states_and_statuses_are_told_to_programs() {
    let visit = Visit::sample();
    for (name, attempt) in samples::all() {
        let response = stage::page(&visit, "token", &attempt, None);
        let status = response.status().as_u16();
        let expected = match name {
            "expired" => 410,
            "code-wrong" | "code-expired" | "code-not-sent" | "code-unsure" => 422,
            _ => 200,
        };
        assert_eq!(status, expected, "{name}");
        let page = html(response).await;
        assert!(
            page.contains(&format!("data-state=\"{}\"", attempt.state.as_str())),
            "{name}"
        );
        assert!(
            page.contains(&format!("data-moment=\"{}\"", stage::moment(&attempt))),
            "{name}"
        );
        let refreshes = stage::is_working(&attempt) || name.starts_with("launch-forward");
        assert_eq!(page.contains("<noscript><meta"), refreshes, "{name}");
        assert_eq!(page.contains("<title>Error: "), status == 422, "{name}");
    }
}

#[tokio::test]
async fn the_code_field_is_one_and_can_be_filled_in() {
    let attempt = samples::attempt(samples::code(Some(CodeNote::Wrong), Some(0), false));
    let page = html(stage::page(&Visit::sample(), "token", &attempt, None)).await;
    for part in [
        "inputmode=\"numeric\" autocomplete=\"one-time-code\"",
        "aria-invalid=\"true\"",
        "aria-describedby=\"code-hint code-error\"",
        "You have 2 tries left.",
        "role=\"alert\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(page.matches("<input class=\"code\"").count(), 1);
    let moment = stage::moment(&attempt);
    let checking = samples::attempt(samples::code(None, None, true));
    assert_ne!(moment, stage::moment(&checking));
}

#[tokio::test]
async fn the_picker_counts_pages_and_refuses_what_cannot_be_meant() {
    let page = html(picker_page(
        &Visit::sample(),
        "token",
        &wanted("q=b%C3%A5&page=1"),
        &picker(500, "Båk"),
    ))
    .await;
    assert!(page.contains("href=\"/issuers?q=b%C3%A5&#38;country=&#38;page=2#r61\""));
    assert!(page.contains("Show 60 more") && page.contains("500 issuers found for “bå”"));
    assert!(page.contains("Norway, Sweden and 1 more"));
    for (query, code) in [
        ("q=a&q=b", "bad-request"),
        ("next=https://evil.example", "bad-request"),
        ("q=%zz", "bad-request"),
        ("country=norway", "bad-input"),
        ("page=0", "bad-input"),
        ("page=1001", "bad-input"),
        ("page=-1", "bad-input"),
        (&format!("q={}", "a".repeat(201)), "bad-input"),
    ] {
        assert_eq!(
            Wanted::parse(query).err().map(|problem| problem.code),
            Some(code),
            "{query}"
        );
    }
    assert!(Wanted::parse("q=&country=&page=3").is_ok());
}
