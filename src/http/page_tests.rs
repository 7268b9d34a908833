//! Every page, from samples empty, full and hostile: whole, escaped, and with a way onward.

use axum::response::Response;

use crate::app::view::{Home, IssuerBadge, Picker, Reach};
use crate::domain::card::CodeNote;
use crate::domain::id::{CountryCode, SessionId};
use crate::domain::launch::{Mechanism, Role};

use super::elsewhere;
use super::guard::Visit;
use super::headers::Face;
use super::native_app;
use super::pages;
use super::picker::{Wanted, picker_page};
use super::problem::Problem;
use super::samples::{self, APP, HOSTILE, WEB, When};
use super::stage::{self, Note};

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
            page.contains("<script nonce=\"N0NCE\""),
            face == Some(Face::Page {
                nonce: Some("N0NCE".into())
            }),
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

async fn launch_page(mechanism: Mechanism, roles: &[Role], when: When) -> String {
    let attempt = samples::attempt(samples::launch(mechanism, roles, when));
    html(stage::page(&Visit::sample(), "token", &attempt, None)).await
}

#[tokio::test]
async fn a_launch_page_tells_where_it_leads() {
    let id = SessionId::from_random([7; 16]);
    let app_href = format!("href=\"{}\"", APP.replace('&', "&#38;"));
    let web = launch_page(Mechanism::Forward, &[Role::Web], When::Offered).await;
    assert!(web.contains(&format!(
        "href=\"/sessions/{id}/go\" rel=\"noreferrer\" data-launch=\"web\""
    )));
    assert!(web.contains("cards.havorn.example</bdi>") && !web.contains("data-launch=\"app\""));
    assert!(!web.contains(&WEB[..30]), "the website's address is for the redirect");
    let app = launch_page(Mechanism::Tap, &[Role::App], When::Offered).await;
    assert!(app.contains(&app_href));
    assert!(app.contains("data-launch=\"app\"") && !app.contains("data-launch=\"web\""));
    let none = launch_page(Mechanism::None, &[], When::Offered).await;
    assert!(none.contains("only lets you add cards from its phone app") && !none.contains("data-launch"));
    let machine = launch_page(Mechanism::Static, &[], When::Offered).await;
    assert!(!machine.contains("data-launch") && !machine.contains("href=\"http"));
}

#[tokio::test]
async fn only_the_mechanisms_that_may_leave_by_themselves_do() {
    let go = format!("0;url=/sessions/{}/go", SessionId::from_random([7; 16]));
    for (mechanism, roles, auto, forward, refresh) in [
        (Mechanism::Auto, &[Role::App, Role::Web][..], true, false, false),
        (Mechanism::Tap, &[Role::App, Role::Web], false, false, false),
        (Mechanism::Tap, &[Role::Web, Role::App, Role::Qr], false, false, false),
        (Mechanism::Choice, &[Role::App, Role::Web], false, false, false),
        (Mechanism::Forward, &[Role::Web], false, true, true),
        (Mechanism::Adapt, &[Role::Web, Role::AdaptIos], false, true, false),
        (Mechanism::Adapt, &[Role::AdaptIos], false, false, false),
        (
            Mechanism::Escape,
            &[Role::Escape, Role::App, Role::Web],
            false,
            false,
            false,
        ),
        (Mechanism::Qr, &[Role::Qr], false, false, false),
        (Mechanism::Static, &[], false, false, false),
        (Mechanism::None, &[], false, false, false),
    ] {
        let page = launch_page(mechanism, roles, When::Offered).await;
        let name = mechanism.name();
        assert!(page.contains(&format!("data-mechanism=\"{name}\"")), "{name}");
        assert_eq!(page.contains("data-auto=\"1\""), auto, "{name}");
        assert_eq!(page.contains("data-forward=\""), forward, "{name}");
        assert_eq!(page.contains(&go), refresh, "{name}");
        // Who was there and comes back is asked, never sent away again.
        for when in [When::Launched, When::Elsewhere, When::Empty, When::CodeShown] {
            let back = launch_page(mechanism, roles, when).await;
            for leaving in ["data-auto", "data-forward", "http-equiv"] {
                assert!(!back.contains(leaving), "{name} has {leaving}");
            }
        }
    }
    let attempt = samples::attempt(samples::launch(Mechanism::Forward, &[Role::Web], When::Offered));
    for note in [Note::Checked, Note::Opened] {
        let page = html(stage::page(&Visit::sample(), "token", &attempt, Some(note))).await;
        assert!(page.contains("Waiting for <bdi>") && !page.contains("http-equiv") && !page.contains("data-forward"));
        assert_eq!(page.contains("hasn’t sent an answer yet"), note == Note::Checked);
    }
}

#[tokio::test]
async fn a_code_is_seen_heard_and_copied_before_anybody_leaves() {
    let show = async |stage, code| {
        let attempt = samples::attempt(samples::with_code(stage, code));
        html(stage::page(&Visit::sample(), "token", &attempt, None)).await
    };
    let certain = || samples::shown_code(true, None);
    let box_of = |page: &str| {
        let at = page.find("<section class=\"same-person\"").expect("a code");
        page[at..page[at..].find("</section>").expect("its end") + at].to_owned()
    };
    for (mechanism, roles) in [
        (Mechanism::Auto, &[Role::App, Role::Web][..]),
        (Mechanism::Forward, &[Role::Web]),
        (Mechanism::Adapt, &[Role::Web, Role::AdaptIos]),
        (Mechanism::Tap, &[Role::App]),
        (Mechanism::Escape, &[Role::Escape, Role::Web]),
    ] {
        let page = show(samples::launch(mechanism, roles, When::Offered), certain()).await;
        let shown = box_of(&page);
        assert!(shown.contains(
            "<data value=\"482107\" dir=\"ltr\" aria-hidden=\"true\"><span>482</span><span>107</span></data>"
        ));
        assert!(shown.contains("<span class=\"hidden\">4, 8, 2, 1, 0, 7</span>"));
        let first_way = page.find("data-launch=").expect("a way to the bank");
        assert!(
            page.find("482107").expect("the code") < first_way,
            "{}",
            mechanism.name()
        );
        for leaving in ["data-auto", "data-forward", "http-equiv=\"refresh\""] {
            assert!(!page.contains(leaving), "{} has {leaving}", mechanism.name());
        }
        assert_eq!(
            shown.contains("on <bdi dir=\"ltr\">cards.havorn.example</bdi>"),
            roles.contains(&Role::Web)
        );
        assert_eq!(
            shown.contains("in the <bdi>Havørn Bank</bdi> app"),
            roles.contains(&Role::App)
        );
    }
    // Without a way to the bank there is nobody to give it to.
    for (mechanism, roles) in [
        (Mechanism::Qr, &[Role::Qr][..]),
        (Mechanism::None, &[]),
        (Mechanism::Static, &[]),
    ] {
        let page = show(samples::launch(mechanism, roles, When::Offered), certain()).await;
        assert!(!page.contains("482107"), "{}", mechanism.name());
    }
    // What is compared nowhere is not called a proof, and what is optional is not demanded.
    let web = || samples::launch(Mechanism::Forward, &[Role::Web], When::Launched);
    let weak = box_of(&show(web(), samples::shown_code(false, None)).await);
    assert!(
        weak.contains("may ask you for it.") && !weak.contains("It shows that"),
        "{weak}"
    );
    let strong = show(web(), certain()).await;
    assert!(box_of(&strong).contains("asks you for it. It shows that it’s you"));
    assert!(!strong.contains("type it exactly"));
    let wrong = show(web(), samples::shown_code(true, Some(1))).await;
    assert!(
        wrong.contains("You have 1 more try.") && !wrong.contains("Show the ways") && box_of(&wrong).contains("482107")
    );
}

#[tokio::test]
async fn what_came_back_that_was_no_return_leaves_one_thing_to_do_first() {
    let roles = [Role::App, Role::Web];
    for (when, main) in [
        (When::Launched, ">I’ve finished with Havørn Bank</a>"),
        (When::Elsewhere, ">Use the website instead</a>"),
        (When::Empty, ">Try again</a>"),
        (When::CodeShown, ">Go on here</button>"),
    ] {
        let page = launch_page(Mechanism::Tap, &roles, when).await;
        let body = &page[page.find("<main").expect("main")..];
        assert_eq!(body.matches("class=\"button\"").count(), 1, "{main}");
        let button = &body[body.find("class=\"button\"").expect("one")..];
        let end = button.find("</a>").map_or(usize::MAX, |at| at + 4);
        let end = end.min(button.find("</button>").map_or(usize::MAX, |at| at + 9));
        assert!(button[..end].ends_with(main), "{main}: {}", &button[..end]);
    }
    let web = launch_page(Mechanism::Forward, &[Role::Web], When::Empty).await;
    assert!(web.contains("/go\" rel=\"noreferrer\" data-launch=\"web\">Try again</a>"));
    assert!(web.contains("sent you back without an answer") && web.contains(">Choose a different bank</a>"));
}

#[tokio::test]
async fn a_choice_has_no_main_button() {
    let page = launch_page(Mechanism::Choice, &[Role::App, Role::Web], When::Offered).await;
    let main = &page[page.find("<main").expect("main")..];
    assert_eq!(main.matches("class=\"button\"").count(), 0);
    assert!(main.contains(">I have the app</a>") && main.contains(">I don’t have the app</a>"));
}

#[tokio::test]
async fn a_code_and_a_copied_address_are_the_same_for_everybody() {
    let id = SessionId::from_random([7; 16]);
    let public = "http://localhost:8080/issuers/havorn-no";
    let phone = launch_page(Mechanism::Qr, &[Role::Qr], When::Offered).await;
    let figure = &phone[phone.find("<figure").expect("a code")..phone.find("</figure>").expect("its end")];
    assert!(figure.contains("role=\"img\" aria-label=\"QR code that opens"));
    assert!(figure.contains("fill=\"#fff\"/>") && figure.contains("fill=\"#000\"/>"));
    assert!(figure.contains(&format!("dir=\"ltr\">{public}</bdi>")) && !figure.contains(id.as_str()));
    let escape = launch_page(Mechanism::Escape, &[Role::Escape, Role::Web], When::Offered).await;
    let banner =
        &escape[escape.find("banner warn\"><h2>").expect("a banner")..escape.find("class=\"host\"").expect("its end")];
    assert!(banner.contains(&format!("value=\"{public}\"")) && !banner.contains(id.as_str()));
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
