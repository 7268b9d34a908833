//! How an attempt ended: the card is there, it waits for the issuer, or it did not work out and why.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{Attempt, CardView};
use crate::domain::card::Failure;
use crate::domain::host_page::HostOutcome;
use crate::domain::link::LinkRules;
use crate::domain::session::StateName;
use crate::domain::token::{AuthenticationMethod, MethodKind};
use crate::words::Words;

use super::frame::{Art, Frame, Strip, ending, show};
use super::guard::Visit;
use super::pages::{card_status, phone, website};
use super::paths;
use super::problem::Problem;
use super::problem::page::{self as failure, Reference};
use super::stage::{frame, strip, watching};
use super::text::plain_name;

/// The page of an attempt that has its decision.
pub(super) fn outcome(
    visit: &Visit,
    csrf: &str,
    attempt: &Attempt,
    cards: &[CardView],
    reason: Option<Failure>,
) -> Response {
    match (attempt.state, reason) {
        (StateName::Active, _) => done(visit, attempt, cards),
        (StateName::Pending, _) => pending(visit, csrf, attempt, cards),
        (StateName::Declined, _) => failed(visit, attempt, cards, &Problem::declined(attempt)),
        (_, Some(Failure::Refused)) if cards.iter().any(|card| card.life.is_removed_here) => {
            failed(visit, attempt, cards, &Problem::gone(attempt))
        }
        (_, reason) => {
            let reason = reason.unwrap_or(Failure::Refused);
            failed(visit, attempt, cards, &Problem::failed(attempt, cards, reason))
        }
    }
}

/// One card with its own outcome.
pub(super) struct Line {
    pub(super) art: Art,
    pub(super) name: String,
    pub(super) ending: Option<String>,
    pub(super) state: &'static str,
    pub(super) note: String,
    pub(super) href: Option<String>,
}

fn line(visit: &Visit, card: &CardView) -> Line {
    Line {
        art: Art::of(card),
        name: plain_name(&card.issuer),
        ending: ending(&visit.words, &card.face),
        state: card.state,
        note: card_status(&visit.words, card),
        href: card.in_wallet.then(|| paths::card(card.id.as_str())),
    }
}

/// The attempt ended without a card that can be used: why, and what became of each where there were several.
pub(super) fn failed(visit: &Visit, attempt: &Attempt, cards: &[CardView], problem: &Problem) -> Response {
    let cards = if cards.len() > 1 { cards } else { &[] };
    let told = match attempt.state {
        StateName::Cancelled => HostOutcome::Cancelled,
        _ => HostOutcome::Failed,
    };
    let of_push = attempt.push.as_ref().map(|push| problem.clone().of_push(attempt, push));
    let problem = of_push.as_ref().unwrap_or(problem);
    let title = visit.words.say(&problem.title);
    failure::shown(
        problem,
        frame(visit, attempt, title).failing(problem.code),
        (Some(Strip::of(&attempt.issuer)), host_page(visit, attempt, told)),
        cards.iter().map(|card| line(visit, card)).collect(),
        attempt.reference.clone(),
    )
}

/// The way back: to the bank that pushed, or to the page of another site that the cardholder came from.
fn way_back(visit: &Visit, attempt: &Attempt, outcome: HostOutcome) -> Option<(String, String)> {
    back_to_bank(&visit.words, attempt).or_else(|| host_page(visit, attempt, outcome))
}

/// The way back to the bank that pushed, once it can be told something.
fn back_to_bank(t: &Words, attempt: &Attempt) -> Option<(String, String)> {
    let push = attempt.push.as_ref().filter(|push| push.leads_back)?;
    debug_assert!(push.has_way_back, "what leads back is a way back");
    let name = plain_name(&attempt.issuer.name);
    let said = match &push.site {
        Some(site) => t.push_back_site(name, site),
        None => t.push_back(name),
    };
    Some((paths::back(attempt.id.as_str()), said))
}

/// The page of another site that the cardholder came from: its address with how it ended, and what the link there says.
fn host_page(visit: &Visit, attempt: &Attempt, outcome: HostOutcome) -> Option<(String, String)> {
    let page = attempt.host_page.as_ref()?;
    let address = page.told(outcome, &attempt.reference);
    Some((address, visit.words.back_to_host(page.authority())))
}

#[derive(Template)]
#[template(path = "done.html")]
struct DonePage {
    frame: Frame,
    strip: Strip,
    heading: String,
    body: String,
    lines: Vec<Line>,
    way_back: Option<(String, String)>,
}

/// The cards are there; or they were, because what the issuer does to a card later is seen here too.
fn done(visit: &Visit, attempt: &Attempt, cards: &[CardView]) -> Response {
    let t = &visit.words;
    let added: Vec<&CardView> = cards.iter().filter(|card| card.in_wallet).collect();
    if added.is_empty() {
        return failed(visit, attempt, cards, &Problem::gone(attempt));
    }
    if added.iter().all(|card| card.life.is_held_elsewhere) {
        let problem = Problem::paused(attempt, issuer_phone(&added));
        return failed(visit, attempt, cards, &problem);
    }
    let strip = Strip::of(&attempt.issuer);
    let body = match added.as_slice() {
        [card] => match card.face.last4.as_deref() {
            Some(digits) => t.done_body(&strip.name, plain_name(digits)),
            None => t.done_body_plain(&strip.name),
        },
        added => t.done_body_several(added.len(), &strip.name),
    };
    let heading = if added.len() > 1 {
        t.done_title_several()
    } else {
        t.done_title()
    };
    let page = DonePage {
        frame: frame(visit, attempt, heading.clone()).scripted(visit),
        strip,
        heading,
        body,
        lines: cards.iter().map(|card| line(visit, card)).collect(),
        way_back: way_back(visit, attempt, HostOutcome::Added),
    };
    show(StatusCode::OK, &page.frame, &page)
}

#[derive(Template)]
#[template(path = "pending.html")]
struct PendingPage {
    frame: Frame,
    strip: Strip,
    heading: String,
    lede: String,
    lines: Vec<Line>,
    ways: Vec<Way>,
    /// The first of the issuer's websites where it is confirmed.
    site: Option<String>,
    confirm: Option<String>,
    /// The way back to the bank that pushed.
    way_back: Option<(String, String)>,
    check: String,
    csrf: String,
    /// The issuer's number, where only the issuer can help.
    call: Option<(String, String)>,
    /// What to quote to support, where something went wrong.
    reference: Option<Reference>,
}

/// A way to confirm that needs no code here: a sentence around a number to call, a number or a host.
enum Way {
    Call {
        tel: String,
        shown: String,
        around: (String, String),
    },
    IsCalled {
        value: String,
        around: (String, String),
    },
    Website {
        href: String,
        host: String,
        text: String,
    },
    App {
        text: String,
    },
    /// The way back to the bank, where it wants to do this itself.
    Back {
        text: String,
    },
}

fn pending(visit: &Visit, csrf: &str, attempt: &Attempt, cards: &[CardView]) -> Response {
    let t = &visit.words;
    let strip = strip(csrf, attempt);
    let waiting: Vec<&CardView> = cards.iter().filter(|card| card.state == "inactive").collect();
    let locked = waiting.iter().any(|card| card.locked);
    let (heading, lede) = if locked {
        (t.f16_title(), t.f16_body(&strip.name))
    } else {
        (t.await_title(&strip.name), t.await_body(&strip.name))
    };
    let open = waiting.iter().flat_map(|card| match &card.waiting_by {
        Some(chosen) => std::slice::from_ref(chosen),
        None => card.methods.as_slice(),
    });
    let ways: Vec<Way> = open
        .filter_map(|method| match streamlined(attempt, method) {
            true => Some(Way::Back {
                text: t.push_proof(&strip.name),
            }),
            false => way(t, method, &strip.name, &visit.shell.link_rules),
        })
        .collect();
    let can_confirm = waiting
        .iter()
        .any(|card| !card.locked && card.methods.iter().any(|method| method.is_known()));
    let page = PendingPage {
        frame: watching(visit, attempt, heading.clone()),
        heading,
        lede,
        site: ways.iter().find_map(|way| match way {
            Way::Website { href, .. } => Some(href.clone()),
            Way::Call { .. } | Way::IsCalled { .. } | Way::App { .. } | Way::Back { .. } => None,
        }),
        ways,
        way_back: back_to_bank(t, attempt),
        lines: cards.iter().map(|card| line(visit, card)).collect(),
        confirm: can_confirm.then(|| paths::confirm(attempt.id.as_str())),
        check: paths::session(attempt.id.as_str()),
        csrf: csrf.to_owned(),
        call: issuer_phone(&waiting).filter(|_| locked),
        reference: locked.then(|| Reference::of(t, attempt.reference.clone())),
        strip,
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// Whether the bank has its cardholders do this where it is gone back to (implementation guide p. 49).
fn streamlined(attempt: &Attempt, method: &AuthenticationMethod) -> bool {
    let push = attempt.push.as_ref().filter(|push| push.leads_back);
    push.is_some_and(|push| match method.kind {
        MethodKind::App => !push.terms.completes_in_app,
        MethodKind::Website => !push.terms.completes_on_website,
        MethodKind::TextMessage
        | MethodKind::Email
        | MethodKind::CallMachine
        | MethodKind::CallPerson
        | MethodKind::IssuerCalls
        | MethodKind::Unknown => false,
    })
}

/// What the issuer wants done, if it is done without a code.
fn way(t: &Words, method: &AuthenticationMethod, issuer: &str, rules: &LinkRules) -> Option<Way> {
    Some(match method.kind {
        MethodKind::CallPerson => {
            let (tel, shown) = phone(&method.value)?;
            let around = Words::around(|place| t.await_agent(issuer, place));
            Way::Call { tel, shown, around }
        }
        MethodKind::IssuerCalls => Way::IsCalled {
            value: plain_name(&method.value),
            around: Words::around(|place| t.await_callback(issuer, place)),
        },
        MethodKind::Website => {
            let (href, host) = website(&method.value, rules)?;
            let text = t.await_website(issuer);
            Way::Website { href, host, text }
        }
        MethodKind::App => Way::App {
            text: t.await_app(issuer),
        },
        MethodKind::TextMessage | MethodKind::Email | MethodKind::CallMachine | MethodKind::Unknown => return None,
    })
}

fn issuer_phone(cards: &[&CardView]) -> Option<(String, String)> {
    cards.iter().find_map(|card| phone(card.face.phone.as_deref()?))
}
