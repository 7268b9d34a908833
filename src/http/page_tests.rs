//! Every page, from samples empty, full and hostile: whole, escaped, and with a way onward.

use std::collections::BTreeSet;

use axum::response::Response;

use crate::app::DemoScenario;
use crate::app::ScenarioNotice;
use crate::domain::card::CodeNote;
use crate::domain::id::SessionId;
use crate::domain::launch::{Mechanism, Role};

use super::guard::Visit;
use super::headers::Face;
use super::page_samples::{every_page, forms, picker, wanted};
use super::picker::{Wanted, picker_page};
use super::samples::{self, APP, WEB, When};
use super::stage::{self, Note};

mod languages;
mod launch;
mod outlines;
mod pictures;
mod steps;

async fn html(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
        .await
        .expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[tokio::test]
async fn every_page_says_whose_the_marks_are_and_a_demos_that_it_is_nobodys() {
    for demo in [false, true] {
        let mut visit = Visit::sample();
        visit.shell.demo = demo;
        for (name, response) in every_page(&visit).await {
            let page = html(response).await;
            assert!(
                page.contains("Maestro are registered trademarks of Mastercard"),
                "{name}"
            );
            let words = "Tidemark Wallet is a demonstration, not affiliated with Mastercard or any bank.";
            assert_eq!(page.contains(words), demo, "{name}");
        }
    }
}

#[tokio::test]
async fn every_page_of_a_demo_says_which_scenario_is_switched_on() {
    let mut visit = Visit::sample();
    visit.shell.demo = true;
    visit.shell.scenario = ScenarioNotice::of(DemoScenario {
        name: "MDES <slow>".to_owned(),
        href: "http://127.0.0.1:8083/console".to_owned(),
    });
    for (name, response) in every_page(&visit).await {
        let page = html(response).await;
        let said = "<a href=\"http://127.0.0.1:8083/console\">Demo scenario: MDES &#60;slow&#62;</a>";
        assert_eq!(page.matches(said).count(), 1, "{name}: {page}");
    }
}

#[tokio::test]
async fn every_page_is_whole_escaped_and_leads_onward() {
    let mut names = BTreeSet::new();
    for (name, response) in every_page(&Visit::sample()).await {
        assert!(
            names.insert(name.clone()),
            "two pages are called {name}: browsers would see only one"
        );
        let face = response.extensions().get::<Face>().cloned();
        let page = html(response).await;
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
        let scripts = match &face {
            Some(Face::Page { scripts, .. } | Face::Problem { scripts, .. }) => scripts.len(),
            _ => 0,
        };
        assert_eq!(page.matches("<script src=\"/assets/").count(), scripts, "{name}");
        assert_eq!(page.matches("<script").count(), scripts, "{name}");
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
            "code-not-tried" | "code-one-left" | "code-none-left" => 422,
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
        &forms(),
        &wanted("q=b%C3%A5&page=1"),
        &picker(500, "Båk"),
    ))
    .await;
    assert!(page.contains("href=\"/issuers?q=b%C3%A5&#38;country=&#38;page=2#r61\""));
    assert!(page.contains("Show 60 more") && page.contains("Showing 60 of 500 issuers found for “bå”"));
    assert!(page.contains("Norway, Sweden and 1 more"));
    for (query, code) in [
        ("q=a&q=b", "bad-request"),
        ("next=https://evil.example", "bad-request"),
        ("q=%zz", "bad-request"),
        ("country=norway", "bad-input"),
        ("page=0", "bad-input"),
        ("page=1001", "bad-input"),
        ("page=-1", "bad-input"),
        (&format!("q={}", "a".repeat(65)), "bad-input"),
    ] {
        assert_eq!(
            Wanted::parse(query).err().map(|problem| problem.code),
            Some(code),
            "{query}"
        );
    }
    assert!(Wanted::parse("q=&country=&page=3").is_ok());
    assert!(Wanted::parse(&format!("q={}", "%C3%A5".repeat(64))).is_ok());
}
