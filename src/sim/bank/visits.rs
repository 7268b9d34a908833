//! A cardholder's visit: arrive from a wallet, sign in, choose cards, consent, leave.
//!
//! The visit's id stands in the path and nowhere else, so several visits live side by side in one browser. Every
//! page has Cancel; every end is a 303 to the wallet's callback.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};

use super::Bank;
use super::arrival::Arrival;
use super::here::{FAILURES_MAX, Here};
use super::pages::{self, Frame, Mistake, Onward};
use super::state::Visit;
use super::web::{self, Answer, Form, Refusal};
use crate::sim::catalogue::{CodePolicy, Issuer, Outcome, Person, issuer, person};
use crate::sim::lies::{Lie, lie};

pub fn routes() -> Router<Bank> {
    Router::new()
        .route("/banks/{id}/pull", get(arrive))
        .route("/visits/{v}", get(resume))
        .route("/visits/{v}/sign-in", get(show_sign_in).post(sign_in))
        .route("/visits/{v}/cards", get(show_cards).post(choose))
        .route("/visits/{v}/consent", get(show_consent).post(decide))
        .route("/visits/{v}/leave", post(leave))
}

async fn arrive(State(bank): State<Bank>, Path(id): Path<String>, uri: Uri) -> Response {
    match issuer(&id) {
        Some(issuer) => arrive_by(&bank, issuer, uri.query().unwrap_or_default(), Channel::Web),
        None => web::failure(StatusCode::NOT_FOUND),
    }
}

/// What a link from a wallet opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Web,
    App,
}

/// Opens a visit, or says what is wrong with the link.
pub fn arrive_by(bank: &Bank, issuer: &'static Issuer, query: &str, channel: Channel) -> Response {
    let app = channel == Channel::App;
    let arrival = match Arrival::parse(query) {
        Ok(arrival) => arrival,
        Err(fault) => {
            let frame = Frame {
                issuer: Some(issuer),
                app,
                ..Frame::bare()
            };
            let paragraphs = [
                fault,
                "Go back to your wallet and start again from there. Nothing was changed.",
            ];
            return pages::error(
                StatusCode::BAD_REQUEST,
                frame,
                "This link from your wallet is incomplete",
                &paragraphs,
                Arrival::way_back(query).map(Onward::Link),
            );
        }
    };
    let visit = bank.0.state.open(Visit {
        issuer,
        session_id: arrival.session_id,
        trid: arrival.trid,
        callback_url: arrival.callback_url,
        locale: arrival.locale,
        opened_at_ms: bank.now_ms(),
        failures: 0,
        person: None,
        chosen: Vec::new(),
        app,
        handover: None,
        left_to: None,
    });
    let step = if app { "start" } else { "sign-in" };
    web::see_other(&format!("/visits/{visit}/{step}"))
}

async fn resume(State(bank): State<Bank>, Path(id): Path<String>) -> Answer {
    let here = Here::enter(bank, id).await?;
    let step = match (here.visit.person, here.visit.chosen.is_empty()) {
        (None, _) => "sign-in",
        (Some(_), true) => "cards",
        (Some(_), false) => "consent",
    };
    Ok(here.go(step))
}

async fn show_sign_in(State(bank): State<Bank>, Path(id): Path<String>) -> Answer {
    Ok(Here::enter(bank, id).await?.sign_in_page(String::new(), None))
}

async fn sign_in(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let form = Form::read(request).await?;
    let mut here = Here::enter(bank, id).await?;
    let mistake = match identify(here.visit.issuer, &form)? {
        Ok(person) => {
            here.visit.person = Some(person);
            return Ok(here.go("cards"));
        }
        Err(mistake) => mistake,
    };
    if mistake == MISMATCH {
        here.visit.failures += 1;
    }
    let customer = form.one("customer")?.trim();
    if here.visit.failures >= FAILURES_MAX {
        return Ok(here.locked_page());
    }
    let customer = customer.chars().take(CUSTOMER_SHOWN_CHARS).collect();
    Ok(here.sign_in_page(customer, Some(mistake)))
}

/// Who signs in with this form, or what is wrong with it.
pub fn identify(issuer: &Issuer, form: &Form) -> Result<Result<&'static Person, Mistake>, Refusal> {
    let persona = form.one("persona")?;
    if !persona.is_empty() {
        return Ok(Ok(person(persona).ok_or(StatusCode::BAD_REQUEST)?));
    }
    let (customer, password) = (form.one("customer")?.trim(), form.one("password")?);
    let people = pages::people(issuer);
    let known = people.iter().find(|(_, number)| number == customer);
    Ok(match (customer.is_empty(), password.is_empty(), known) {
        (true, ..) => Err(Mistake {
            field: "customer",
            text: "Enter your customer number.",
        }),
        (_, true, _) => Err(Mistake {
            field: "password",
            text: "Enter your password.",
        }),
        (_, _, Some((known, _))) if password != "wrong" => Ok(*known),
        _ => Err(MISMATCH),
    })
}

async fn show_cards(State(bank): State<Bank>, Path(id): Path<String>) -> Answer {
    let here = Here::enter_signed_in(bank, id).await?;
    Ok(here.cards_page(here.visit.chosen.clone(), None))
}

async fn choose(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let form = Form::read(request).await?;
    let mut here = Here::enter_signed_in(bank, id).await?;
    let mut chosen: Vec<String> = Vec::new();
    for card in form.all("card").take(CARDS_SENT_MAX) {
        if !chosen.iter().any(|other| other == card) {
            chosen.push(card.to_owned());
        }
    }
    let offered = here.cards();
    let allowed = |id: &String| {
        let card = offered.iter().find(|card| card.id == *id);
        card.is_some_and(|card| card.ineligible.is_none())
    };
    let text = if chosen.is_empty() {
        "Choose a card."
    } else if !chosen.iter().all(allowed) {
        "Choose only cards that can be added."
    } else if chosen.len() > 1 && here.visit.issuer.is_pan_less() {
        "Choose one card. We add cards one at a time."
    } else if chosen.len() > CARDS_MAX {
        "Choose five cards at most."
    } else {
        here.visit.chosen = chosen;
        return Ok(here.go("consent"));
    };
    chosen.retain(allowed);
    Ok(here.cards_page(chosen, Some(Mistake { field: "cards", text })))
}

async fn show_consent(State(bank): State<Bank>, Path(id): Path<String>) -> Answer {
    let here = Here::enter_signed_in(bank, id).await?;
    if here.visit.chosen.is_empty() {
        return Ok(here.go("cards"));
    }
    Ok(here.consent_page(String::new(), None))
}

async fn decide(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let form = Form::read(request).await?;
    let here = Here::find(bank, id).await?;
    // A second tap on the button, after the first was answered, leads to the same place.
    if let Some(again) = here.already_left() {
        return Ok(again);
    }
    let mut here = here.admit_signed_in()?;
    let decision = Decision::read(form.one("decision")?).ok_or(StatusCode::BAD_REQUEST)?;
    if let Decision::Cancel = decision {
        return Ok(here.leave("CANCELLED"));
    }
    if here.visit.chosen.is_empty() {
        return Ok(here.go("cards"));
    }
    let code = match here.code_policy() {
        CodePolicy::Unsupported => "",
        CodePolicy::Required | CodePolicy::Optional => form.one("authenticationCode")?.trim(),
    };
    if code.is_empty() && here.code_policy() == CodePolicy::Required {
        let text = "Enter the code that your wallet shows. Without it we can’t know that it was you who started.";
        return Ok(here.consent_page(String::new(), Some(Mistake { field: "code", text })));
    }
    if code.len() > CODE_MAX_CHARS || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let text = "Enter the code as your wallet shows it: letters and digits, 32 at most.";
        let code = code.chars().take(CODE_MAX_CHARS).collect();
        return Ok(here.consent_page(code, Some(Mistake { field: "code", text })));
    }
    let code = Some(code.to_owned()).filter(|code| !code.is_empty());
    let (outcome, lie) = match &decision {
        Decision::As(outcome) => (Some(outcome), None),
        Decision::Lie(lie) => (None, Some(*lie)),
        Decision::Add | Decision::Misbehave | Decision::Cancel => (None, None),
    };
    here.decided(outcome, lie);
    Ok(here.push(code, matches!(decision, Decision::Misbehave)).await)
}

/// What a visitor decides about the chosen cards.
enum Decision {
    Cancel,
    Add,
    /// Adds, and asks how to come back.
    Misbehave,
    /// Adds, and the bank will answer so when MDES asks about these cards.
    As(Outcome),
    /// Adds, and this lie is told about it.
    Lie(&'static Lie),
}

impl Decision {
    fn read(value: &str) -> Option<Self> {
        match value {
            "cancel" => Some(Self::Cancel),
            "add" => Some(Self::Add),
            "misbehave" => Some(Self::Misbehave),
            other => match other.split_once(':')? {
                ("as", id) => pages::outcome(id).map(Self::As),
                ("lie", id) => lie(id).filter(|lie| lie.is_of_a_visit()).map(Self::Lie),
                _ => None,
            },
        }
    }
}

/// Back to the wallet without a card: Cancel, no eligible card, or after an error.
async fn leave(State(bank): State<Bank>, Path(id): Path<String>, request: Request) -> Answer {
    let form = Form::read(request).await?;
    let asked = form.one("result")?;
    let result = RESULTS.into_iter().find(|result| *result == asked);
    let result = result.ok_or(StatusCode::BAD_REQUEST)?;
    // A visit that timed out or is locked may still leave.
    Ok(Here::find(bank, id).await?.leave(result))
}

const RESULTS: [&str; 3] = ["CANCELLED", "DECLINED", "ERROR"];
const MISMATCH: Mistake = Mistake {
    field: "customer",
    text: "That customer number and password don’t match. In this demo any password except “wrong” works.",
};
/// Receipts that one hand-over may carry.
const CARDS_MAX: usize = 5;
/// Checkboxes that are read at all.
const CARDS_SENT_MAX: usize = 50;
const CODE_MAX_CHARS: usize = 32;
const CUSTOMER_SHOWN_CHARS: usize = 32;
