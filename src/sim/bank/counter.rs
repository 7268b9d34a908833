//! A cardholder at the bank's own pages: signing in, and one request of somebody who is signed in. A sitting is good for all
//! of these pages.

use axum::extract::Request;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use tokio::sync::OwnedMutexGuard;
use url::form_urlencoded;

use super::Bank;
use super::enrolments::Sitting;
use super::pages::{self, Frame, Mistake, Onward, SignIn};
use super::visits::identify;
use super::web::{self, Answer, Form, Refusal};
use crate::sim::catalogue::{Issuer, issuer};

/// A page that somebody signs in to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where cards are enabled, and who else takes them.
    Enrol,
    /// Which cards are in wallets, to be paused and removed.
    Tokens,
}

impl Place {
    /// Where it is.
    pub fn path(self, issuer: &Issuer) -> String {
        let word = match self {
            Self::Enrol => "enrol",
            Self::Tokens => "tokens",
        };
        format!("/banks/{}/{word}", issuer.id)
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::Enrol => "See where your cards are enabled, and add them to a wallet.",
            Self::Tokens => "See your cards in wallets, and pause, resume or remove them there.",
        }
    }
}

/// One request of somebody who is signed in.
pub struct Counter {
    pub bank: Bank,
    pub id: String,
    pub sitting: OwnedMutexGuard<Sitting>,
    place: Place,
}

impl Counter {
    /// A sitting of this bank that is not older than twelve minutes.
    pub async fn enter(bank: Bank, issuer: &'static Issuer, place: Place, id: &str) -> Result<Self, Refusal> {
        let over = || {
            let text = "For your safety you are signed out after 12 minutes. Nothing was changed.";
            let onward = Some(Onward::LeaveOrRetry("ERROR", place.path(issuer)));
            pages::error(StatusCode::GONE, frame(issuer), "Sign in again", &[text], onward)
        };
        let shared = bank.0.enrolments.sitting(id).ok_or_else(over)?;
        let sitting = shared.lock_owned().await;
        let fresh = bank.now_ms() - sitting.opened_at_ms <= SITTING_LIFE_MS;
        if !fresh || sitting.issuer.id != issuer.id {
            return Err(over().into());
        }
        Ok(Self {
            bank,
            id: id.to_owned(),
            sitting,
            place,
        })
    }

    /// Refuses what no form of this sitting sent; gives where the form led, if it was used.
    pub fn require_form(&self, form: &Form) -> Result<Option<String>, Refusal> {
        self.sitting.used(form.one("form")?).ok_or_else(|| {
            let text = "This form is not one that we showed you, or it is too old. Nothing was changed.";
            self.refusal(StatusCode::FORBIDDEN, "Please try again", &[text]).into()
        })
    }

    /// What could not be done at somebody else's.
    pub fn failure(&self, heading: &str, paragraphs: &[&str]) -> Response {
        self.refusal(StatusCode::BAD_GATEWAY, heading, paragraphs)
    }

    /// A page that says what happened, and leads back.
    pub fn refusal(&self, status: StatusCode, heading: &str, paragraphs: &[&str]) -> Response {
        let back = Onward::LeaveOrRetry("ERROR", self.address(self.place));
        pages::error(status, frame(self.sitting.issuer), heading, paragraphs, Some(back))
    }

    /// A page, with this sitting.
    pub fn address(&self, place: Place) -> String {
        format!("{}?sitting={}", place.path(self.sitting.issuer), self.id)
    }
}

/// The first value of a name in a query.
pub fn asked(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(other, _)| other == name);
    values.next().map(|(_, value)| value.into_owned())
}

/// Signs somebody in and leads to the page.
pub async fn sign_in(bank: &Bank, id: &str, place: Place, request: Request) -> Answer {
    let issuer = issuer(id).ok_or(StatusCode::NOT_FOUND)?;
    let form = Form::read(request).await?;
    match identify(issuer, &form)? {
        Ok(person) => {
            let sitting = bank.0.enrolments.sit(issuer, person, bank.now_ms());
            Ok(web::see_other(&format!("{}?sitting={sitting}", place.path(issuer))))
        }
        Err(mistake) => {
            let customer = form
                .one("customer")?
                .trim()
                .chars()
                .take(CUSTOMER_SHOWN_CHARS)
                .collect();
            Ok(sign_in_page(issuer, place, customer, Some(mistake)))
        }
    }
}

/// The page to sign in on, with what was typed and what was wrong with it.
pub fn sign_in_page(issuer: &'static Issuer, place: Place, customer: String, mistake: Option<Mistake>) -> Response {
    let page = SignIn {
        frame: frame(issuer),
        to: format!("{}/sign-in", place.path(issuer)),
        purpose: Some(place.purpose()),
        people: pages::people(issuer),
        customer,
        mistake,
    };
    let status = match mistake {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    pages::render(status, &page)
}

/// The bank's own, without a visit.
pub fn frame(issuer: &'static Issuer) -> Frame {
    Frame {
        issuer: Some(issuer),
        app: issuer.has_app(),
        ..Frame::bare()
    }
}

const SITTING_LIFE_MS: i64 = 12 * 60 * 1000;
const CUSTOMER_SHOWN_CHARS: usize = 32;
