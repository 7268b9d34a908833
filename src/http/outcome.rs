//! How an attempt ended: the card is there, it waits for the issuer, or it did not work out and why.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, CardView};
use crate::domain::card::Failure;
use crate::domain::session::StateName;
use crate::domain::token::MethodKind;

use super::frame::{Art, Frame, Strip, ending, show};
use super::guard::Visit;
use super::pages::{FailurePage, card_note, phone, website};
use super::paths;
use super::problem::{Action, NOT_ADDED, help, home};
use super::stage::{frame, strip, watching};
use super::text::plain_name;

/// The page of an attempt that has its decision.
pub(super) fn outcome(
    visit: &Visit,
    csrf: &str,
    attempt: &Attempt,
    cards: &[CardView],
    failure: Option<Failure>,
) -> Response {
    match (attempt.state, failure) {
        (StateName::Active, _) => done(visit, attempt, cards),
        (StateName::Pending, _) => pending(visit, csrf, attempt, cards),
        (StateName::Declined, _) => failed(visit, attempt, cards, &declined(attempt)),
        (_, Some(failure)) => failed(visit, attempt, cards, &words(attempt, cards, failure)),
        (_, None) => failed(visit, attempt, cards, &words(attempt, cards, Failure::Refused)),
    }
}

/// One card with its own outcome.
struct Line {
    art: Art,
    name: String,
    ending: Option<String>,
    state: &'static str,
    note: String,
    href: Option<String>,
}

fn line(card: &CardView) -> Line {
    Line {
        art: Art::of(card),
        name: plain_name(&card.issuer),
        ending: ending(&card.face),
        state: card.state,
        note: card_note(card).unwrap_or_else(|| "Ready to use".to_owned()),
        href: card.in_wallet.then(|| paths::card(card.id.as_str())),
    }
}

#[derive(Template)]
#[template(path = "done.html")]
struct DonePage {
    frame: Frame,
    strip: Strip,
    heading: &'static str,
    body: String,
    lines: Vec<Line>,
}

fn done(visit: &Visit, attempt: &Attempt, cards: &[CardView]) -> Response {
    let added: Vec<&CardView> = cards.iter().filter(|card| card.in_wallet).collect();
    let strip = Strip::of(&attempt.issuer);
    let body = match added.as_slice() {
        [card] => {
            let which = ending(&card.face).map_or_else(String::new, |ending| format!(" {ending}"));
            format!(
                "Your {} card{which} is ready to use in {}.",
                strip.name, visit.shell.wallet
            )
        }
        added => format!(
            "{} cards from {} are in {}.",
            added.len(),
            strip.name,
            visit.shell.wallet
        ),
    };
    let heading = if added.len() > 1 { "Cards added" } else { "Card added" };
    let page = DonePage {
        frame: frame(visit, attempt, heading),
        strip,
        heading,
        body,
        lines: cards.iter().map(line).collect(),
    };
    show(StatusCode::OK, &page.frame, &page)
}

#[derive(Template)]
#[template(path = "pending.html")]
struct PendingPage {
    frame: Frame,
    strip: Strip,
    heading: String,
    locked: bool,
    lines: Vec<Line>,
    ways: Vec<Way>,
    confirm: Option<String>,
    check: String,
    csrf: String,
    phone: Option<(String, String)>,
}

/// A way to confirm that needs no code here.
enum Way {
    Call { tel: String, shown: String },
    IsCalled { value: String },
    Website { href: String, host: String },
    App,
}

fn pending(visit: &Visit, csrf: &str, attempt: &Attempt, cards: &[CardView]) -> Response {
    let strip = strip(csrf, attempt);
    let waiting: Vec<&CardView> = cards.iter().filter(|card| card.state == "inactive").collect();
    let locked = waiting.iter().any(|card| card.locked);
    let heading = if locked {
        "Too many wrong codes".to_owned()
    } else {
        format!("Waiting for {} to confirm", strip.name)
    };
    let ways = waiting
        .iter()
        .flat_map(|card| match &card.waiting_by {
            Some(chosen) => std::slice::from_ref(chosen),
            None => card.methods.as_slice(),
        })
        .filter_map(|method| {
            let value = plain_name(&method.value);
            Some(match method.kind {
                MethodKind::CallPerson => {
                    let (tel, shown) = phone(&method.value)?;
                    Way::Call { tel, shown }
                }
                MethodKind::IssuerCalls => Way::IsCalled { value },
                MethodKind::Website => {
                    let (href, host) = website(&method.value, &visit.shell.link_rules)?;
                    Way::Website { href, host }
                }
                MethodKind::App => Way::App,
                MethodKind::TextMessage | MethodKind::Email | MethodKind::CallMachine | MethodKind::Unknown => {
                    return None;
                }
            })
        });
    let can_confirm = waiting
        .iter()
        .any(|card| !card.locked && card.methods.iter().any(|method| method.is_known()));
    let page = PendingPage {
        frame: watching(visit, attempt, heading.clone()),
        heading,
        locked,
        ways: ways.collect(),
        lines: cards.iter().map(line).collect(),
        confirm: can_confirm.then(|| paths::confirm(attempt.id.as_str())),
        check: paths::session(attempt.id.as_str()),
        csrf: csrf.to_owned(),
        phone: waiting.iter().find_map(|card| phone(card.face.phone.as_deref()?)),
        strip,
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// What a failure page says.
struct Words {
    code: &'static str,
    title: String,
    body: String,
    advice: Vec<String>,
    actions: [Action; 2],
}

fn again(attempt: &Attempt, label: &str) -> Action {
    Action::new(label, paths::issuer(attempt.issuer.id.as_str()))
}

fn other_bank() -> Action {
    Action::new("Choose a different bank", paths::ISSUERS)
}

fn declined(attempt: &Attempt) -> Words {
    let name = plain_name(&attempt.issuer.name);
    Words {
        code: "declined",
        title: format!("{name} did not approve this card"),
        body: format!("They did not tell us why. {NOT_ADDED}"),
        advice: vec![
            format!("Choose a different {name} card."),
            format!("Ask {name} whether this card can be used in wallets."),
        ],
        actions: [again(attempt, "Choose a different card"), home()],
    }
}

fn words(attempt: &Attempt, cards: &[CardView], failure: Failure) -> Words {
    let name = plain_name(&attempt.issuer.name);
    let try_again = again(attempt, "Try again");
    let (code, title, body, actions) = match failure {
        Failure::IssuerDeclined => (
            "issuer-declined",
            format!("{name} has no card you can add"),
            format!("You may not have a card that works in wallets, or {name} could not sign you in. {NOT_ADDED}"),
            [try_again, other_bank()],
        ),
        Failure::IssuerError => (
            "issuer-error",
            format!("{name} isn’t available right now"),
            format!("The problem is at {name}. Other banks still work. {NOT_ADDED}"),
            [other_bank(), try_again],
        ),
        Failure::ReceiptRefused | Failure::TooLate => (
            if failure == Failure::TooLate {
                "too-late"
            } else {
                "receipt-refused"
            },
            format!("{name}’s answer arrived too late"),
            format!("For your safety an answer from a bank is only good once, and only for a few minutes. {NOT_ADDED}"),
            [try_again, other_bank()],
        ),
        Failure::WrongCode => (
            "wrong-code",
            "Too many wrong codes".to_owned(),
            format!("{name}’s answer didn’t hold the code that we showed here. {NOT_ADDED}"),
            [try_again, help()],
        ),
        Failure::NotAnswering => (
            "not-answering",
            "We can’t finish checking your card right now".to_owned(),
            format!("Mastercard did not answer in time. {NOT_ADDED}"),
            [try_again, home()],
        ),
        Failure::TermsUnavailable => (
            "terms-unavailable",
            format!("{name}’s terms can’t be shown right now"),
            format!("So the card can’t be added. Try again in a few minutes. {NOT_ADDED}"),
            [try_again, home()],
        ),
        Failure::Duplicate => (
            "duplicate",
            "This card is already in your wallet".to_owned(),
            "You don’t need to do anything.".to_owned(),
            [
                first_of(cards).unwrap_or_else(home),
                Action::new("Add another card", paths::ISSUERS),
            ],
        ),
        Failure::Refused => (
            "refused",
            "This card can’t be added right now".to_owned(),
            format!("Mastercard did not accept the request. That is not your fault. {NOT_ADDED}"),
            [try_again, help()],
        ),
        Failure::NothingAdded => (
            "nothing-added",
            "The card was not added".to_owned(),
            format!("The answer got lost on its way. We asked Mastercard, and nothing was added. {NOT_ADDED}"),
            [try_again, home()],
        ),
        Failure::Unclear => (
            "unclear",
            "We don’t know whether the card was added".to_owned(),
            format!("The answer got lost on its way, and Mastercard did not tell us. Ask {name} before you try again."),
            [home(), help()],
        ),
    };
    Words {
        code,
        title,
        body,
        advice: Vec::new(),
        actions,
    }
}

fn first_of(cards: &[CardView]) -> Option<Action> {
    let first = cards.iter().find_map(|card| card.duplicate_of.as_ref())?;
    Some(Action::new("Go to this card", paths::card(first.as_str())))
}

fn failed(visit: &Visit, attempt: &Attempt, cards: &[CardView], words: &Words) -> Response {
    let called = cards.iter().find_map(|card| phone(card.face.phone.as_deref()?));
    let mut advice = words.advice.clone();
    if cards.len() > 1 {
        advice.extend(cards.iter().take(5).map(|card| {
            let line = line(card);
            let which = line.ending.unwrap_or_else(|| "one card".to_owned());
            format!("{} {which}: {}.", line.name, line.note)
        }));
    }
    let name = plain_name(&attempt.issuer.name);
    let page = FailurePage {
        frame: frame(visit, attempt, words.title.clone()).failing(words.code),
        strip: Some(Strip::of(&attempt.issuer)),
        heading: words.title.clone(),
        detail: vec![words.body.clone()],
        advice,
        actions: words.actions.to_vec(),
        outside: called
            .map(|(tel, shown)| (tel, format!("Call {name} on {shown}")))
            .into_iter()
            .collect(),
        reference: attempt.reference.clone(),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// The cardholder stopped.
pub(super) fn cancelled(visit: &Visit, attempt: &Attempt) -> Response {
    let words = Words {
        code: "cancelled",
        title: "You stopped before the card was added".to_owned(),
        body: format!("That’s fine. {NOT_ADDED}"),
        advice: Vec::new(),
        actions: [again(attempt, "Try again"), home()],
    };
    failed(visit, attempt, &[], &words)
}

/// Time is up. The status says so too.
pub(super) fn expired(visit: &Visit, attempt: &Attempt) -> Response {
    let name = plain_name(&attempt.issuer.name);
    let words = Words {
        code: "too-late",
        title: "This took too long".to_owned(),
        body: format!("For your safety, adding a card has to be finished within 15 minutes. {NOT_ADDED}"),
        advice: Vec::new(),
        actions: [again(attempt, &format!("Start again with {name}")), home()],
    };
    let mut response = failed(visit, attempt, &[], &words);
    *response.status_mut() = StatusCode::GONE;
    response
}
