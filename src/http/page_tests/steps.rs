//! The steps after the return and the failures: what they say, in which language, and what they offer.

use std::sync::Arc;

use axum::http::StatusCode;

use crate::app::Fault;
use crate::domain::card::Failure;
use crate::words::{Language, Words};

use super::super::guard::problem_json;
use super::super::pages;
use super::super::problem::{Problem, page};
use super::*;

fn visit_in(tag: &str) -> Visit {
    let mut visit = Visit::sample();
    let language = Language::of_tag(tag).expect("a language");
    visit.words = Words::new(language, Arc::clone(&visit.shell.wallet));
    visit
}

async fn sample(visit: &Visit, name: &str) -> String {
    let (_, attempt) = samples::all()
        .into_iter()
        .find(|(sample, _)| *sample == name)
        .expect("a sample");
    html(stage::page(visit, "token", &attempt, None)).await
}

#[tokio::test]
async fn a_failure_speaks_the_visits_language_and_its_json_english() {
    for (tag, words) in [
        ("en", "We can’t answer right now"),
        ("de", "Wir können gerade nicht antworten"),
        ("ja", "現在、応答できません"),
    ] {
        let visit = visit_in(tag);
        let problem = Problem::from(Fault::Unavailable);
        let shown = page::problem(&visit, &problem);
        assert_eq!(shown.status(), 503);
        assert!(
            html(shown).await.contains(&format!("<h1 tabindex=\"-1\">{words}</h1>")),
            "{tag}"
        );
        let told = problem_json(&visit, &problem);
        assert_eq!(told.status(), 503);
        let told: serde_json::Value = serde_json::from_str(&html(told).await).expect("JSON");
        assert_eq!(
            (&told["title"], &told["detail"]),
            (
                &"We can’t answer right now".into(),
                &"Your cards are safe. Try again in a minute.".into()
            ),
            "{tag}"
        );
    }
}

#[tokio::test]
async fn programs_are_told_the_rule_and_people_are_not() {
    let problem = Problem::from(Fault::BadInput("page is a number from 1 to 1000"));
    let told = html(problem_json(&visit_in("de"), &problem)).await;
    assert!(
        told.contains("\"detail\":\"Nothing was changed. The rule: page is a number from 1 to 1000.\""),
        "{told}"
    );
    let shown = html(page::problem(&visit_in("de"), &problem)).await;
    assert!(
        !shown.contains("The rule") && shown.contains("Es wurde nichts geändert."),
        "{shown}"
    );
}

#[tokio::test]
async fn every_failure_says_one_thing_to_do_first_and_another() {
    let attempt = samples::attempt(samples::checking(false));
    let every = [
        Failure::IssuerDeclined,
        Failure::IssuerError,
        Failure::ReceiptRefused,
        Failure::NotAnswering,
        Failure::TermsUnavailable,
        Failure::Duplicate,
        Failure::Refused,
        Failure::NothingAdded,
        Failure::TooLate,
        Failure::Unclear,
        Failure::WrongCode,
    ];
    for failure in every {
        let problem = Problem::failed(&attempt, &[], failure);
        assert_eq!(problem.status, StatusCode::OK);
        assert!(problem.advice.len() <= 3, "{failure:?}");
        let page = html(page::problem(&Visit::sample(), &problem)).await;
        assert_eq!(page.matches("class=\"button\"").count(), 1, "{failure:?}");
        assert_eq!(page.matches("class=\"button second\"").count(), 1, "{failure:?}");
        let is_promised = page.contains("The card was not added and nothing was charged.");
        // Where it is not known, or a card is there, that would be a lie.
        let is_true = !matches!(failure, Failure::Unclear | Failure::Duplicate);
        assert_eq!(is_promised, is_true, "{failure:?}");
    }
}

#[tokio::test]
async fn a_card_that_is_paused_or_gone_is_not_called_added() {
    for (name, problem, words) in [
        ("suspended", "suspended", "Havørn Bank has paused this card"),
        ("removed", "removed", "This card is no longer in your wallet"),
    ] {
        let page = sample(&Visit::sample(), name).await;
        assert!(
            page.contains(&format!("data-problem=\"{problem}\"")) && page.contains(words),
            "{page}"
        );
        assert!(!page.contains("Card added") && !page.contains("ready to use"), "{page}");
    }
}

#[tokio::test]
async fn the_time_there_is_is_the_one_that_is_configured() {
    for (minutes, words) in [
        (1, "within 1 minute."),
        (4, "within 4 minutes."),
        (15, "within 15 minutes."),
    ] {
        let mut visit = Visit::sample();
        visit.shell.session_minutes = minutes;
        let expired = sample(&visit, "expired").await;
        assert!(expired.contains(words), "{expired}");
        let help = html(pages::help(visit).await).await;
        assert!(help.contains(words), "{help}");
        let refused = Problem::from(Fault::TooLate {
            issuer: samples::badge("x").id,
            issuer_name: "Havørn Bank".to_owned(),
            minutes,
        });
        let page = html(page::problem(&Visit::sample(), &refused)).await;
        assert!(page.contains(words), "{page}");
    }
}

#[tokio::test]
async fn a_wait_says_how_long_it_has_taken_and_lets_people_go() {
    for (name, pace, words, is_left) in [
        ("adding", "usual", "Step 3 of 3: Getting your card ready.", false),
        ("adding-slow", "slow", "We’re waiting for Mastercard.", false),
        ("adding-very-slow", "very-slow", "an answer from Mastercard", true),
        ("adding-in-doubt", "very-slow", "It is never added twice.", true),
        ("checking", "usual", "Step 2 of 3: Checking it is genuine.", false),
        ("checking-retrying", "very-slow", "keep trying for 15 minutes", true),
        ("code-checking", "usual", "Havørn Bank is checking the code.", false),
    ] {
        let page = sample(&Visit::sample(), name).await;
        let line = format!("role=\"status\" data-now=\"{pace}\">");
        let (_, told) = page.split_once(&line).expect(name);
        assert!(told.split_once("</p>").expect(name).0.contains(words), "{name}: {told}");
        let home = format!(
            "href=\"/\" data-pace=\"very-slow\"{}>",
            if is_left { "" } else { " hidden" }
        );
        assert!(page.contains(&home), "{name}");
        assert_eq!(
            page.matches("aria-current=\"step\"").count(),
            usize::from(!name.starts_with("code"))
        );
    }
}

#[tokio::test]
async fn terms_are_marked_with_their_language_and_listed_by_heading() {
    let english = sample(&Visit::sample(), "terms-long").await;
    assert!(english.contains("<div lang=\"fr-FR\">"));
    assert!(english.contains("Havørn Bank provides these terms in Français."));
    assert_eq!(english.matches("<a href=\"#part-0-").count(), 9);
    for part in [
        "<h3 dir=\"auto\">Conditions</h3>",
        "<h4 dir=\"auto\">1. Dispositions générales</h4>",
        "<strong>portefeuille</strong>",
        "<em>celle</em>",
        "<a href=\"https://bank.example/conditions\" rel=\"noreferrer\">nos conditions</a>",
        "<ol dir=\"auto\" start=\"2\">",
        "<td>0 €</td>",
        "href=\"#decide\"",
    ] {
        assert!(english.contains(part), "{part}");
    }
    let french = sample(&visit_in("fr"), "terms-long").await;
    assert!(!french.contains("lang=\"fr-FR\"") && !french.contains("fournit ces conditions dans"));
    let short = sample(&Visit::sample(), "terms-pdf").await;
    let plain = sample(&Visit::sample(), "terms").await;
    assert!(plain.contains("<div lang=\"\">") && !plain.contains("provides these terms in"));
    assert!(!short.contains("href=\"#decide\"") && short.contains("(PDF, 85 kB)"));
}
