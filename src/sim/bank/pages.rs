//! The pages as plain structs. What they show is decided elsewhere.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::directory::Requestor;
use super::pushed;
use super::returns::{RETURNS, ReturnStyle};
use super::state::{Message, WaitingToken};
use crate::sim::catalogue::{
    ActivationKind, Card, CodePolicy, ISSUERS, Issuer, Outcome, PEOPLE, Person, Reach, Temper, issuer,
};
use crate::sim::lies::{LIES, Lie};

/// What surrounds every page.
#[derive(Clone)]
pub struct Frame {
    /// Whose page it is; nobody's for the index and the phone.
    pub issuer: Option<&'static Issuer>,
    /// Whether it looks like an app.
    pub app: bool,
    /// The visit to cancel; nothing when there is none.
    pub visit: Option<String>,
    /// The wallet's name.
    pub wallet: String,
    /// The wallet's token requestor id, when MDES gave a logo for it.
    pub logo_of: Option<String>,
}

impl Frame {
    /// A page of no bank and no visit.
    pub fn bare() -> Self {
        Self {
            issuer: None,
            app: false,
            visit: None,
            wallet: "your wallet".to_owned(),
            logo_of: None,
        }
    }
}

/// A field that was not filled in well, and what to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mistake {
    /// Id of the field.
    pub field: &'static str,
    /// A sentence.
    pub text: &'static str,
}

/// Signing in.
#[derive(Template)]
#[template(path = "bank/sign_in.html")]
pub struct SignIn {
    pub frame: Frame,
    /// Where the form goes.
    pub to: String,
    /// What one signs in for, where it is not that a wallet would like to have a card.
    pub purpose: Option<&'static str>,
    pub people: Vec<(&'static Person, String)>,
    pub customer: String,
    pub mistake: Option<Mistake>,
}

impl SignIn {
    fn is_wrong(&self, field: &str) -> bool {
        self.mistake.is_some_and(|mistake| mistake.field == field)
    }
}

/// Choosing cards.
#[derive(Template)]
#[template(path = "bank/cards.html")]
pub struct Cards {
    pub frame: Frame,
    pub person: &'static Person,
    pub cards: Vec<Card>,
    pub chosen: Vec<String>,
    /// The processor of this bank takes one card for each provisioning.
    pub one_at_a_time: bool,
    pub mistake: Option<Mistake>,
}

impl Cards {
    fn any(&self) -> bool {
        self.cards.iter().any(|card| card.ineligible.is_none())
    }

    fn is_chosen(&self, card: &Card) -> bool {
        self.chosen.contains(&card.id)
    }
}

/// Consenting.
#[derive(Template)]
#[template(path = "bank/consent.html")]
pub struct Consent {
    pub frame: Frame,
    pub cards: Vec<Card>,
    pub policy: CodePolicy,
    pub code: String,
    pub mistake: Option<Mistake>,
}

impl Consent {
    /// What the bank can be told to answer for these cards: id and label.
    fn outcomes(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        OUTCOMES.iter().map(|(id, label, _)| (*id, *label))
    }

    fn lies(&self) -> impl Iterator<Item = &'static Lie> {
        LIES.iter().filter(|lie| lie.is_of_a_visit())
    }
}

/// The outcome that a button of the consent page stands for.
pub fn outcome(id: &str) -> Option<Outcome> {
    let (.., outcome) = OUTCOMES.iter().find(|(other, ..)| *other == id)?;
    Some(outcome())
}

/// Id, label, and what it stands for.
type OutcomeButton = (&'static str, &'static str, fn() -> Outcome);

const OUTCOMES: [OutcomeButton; 9] = [
    ("approve", "Approve", || Outcome::Approve),
    ("text", "Ask for a code by text message", || {
        Outcome::StepUp(vec![ActivationKind::Text])
    }),
    ("email", "Ask for a code by email", || {
        Outcome::StepUp(vec![ActivationKind::Email])
    }),
    ("call", "Ask for a call", || Outcome::StepUp(vec![ActivationKind::Call])),
    ("app", "Ask for the bank’s app", || {
        Outcome::StepUp(vec![ActivationKind::App])
    }),
    ("website", "Ask for the bank’s website", || {
        Outcome::StepUp(vec![ActivationKind::Website])
    }),
    ("decline", "Decline", || Outcome::Decline),
    ("error", "Fail to answer", || Outcome::Error),
    ("slow", "Approve slowly", || Outcome::Slow),
];

/// The bank's own page about wallets.
#[derive(Template)]
#[template(path = "bank/enrol.html")]
pub struct Enrol {
    pub frame: Frame,
    pub sitting: String,
    /// The id of this form: good for one push.
    pub form: String,
    pub person: &'static Person,
    /// The processor of this bank takes one card for each provisioning.
    pub one_at_a_time: bool,
    pub cards: Vec<EnrolCard>,
    pub requestors: Vec<Requestor>,
    /// How long ago the list was asked for, in words; nothing without a list.
    pub age: Option<String>,
    /// Why there is no list that may be used.
    pub fault: Option<String>,
    pub locales: &'static [&'static str],
    pub chosen: Vec<String>,
    pub mistake: Option<Mistake>,
}

/// A card, and where it is enabled: by the wallet's name, and how that stands.
pub struct EnrolCard {
    pub card: Card,
    pub enabled: Vec<(String, Enabled)>,
    pub offers_click_to_pay: bool,
}

/// How a card stands in a wallet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Enabled {
    Unfinished,
    Yes,
    Paused,
}

impl Enrol {
    fn is_chosen(&self, card: &Card) -> bool {
        self.chosen.contains(&card.id)
    }
}

/// Back from the wallet.
#[derive(Template)]
#[template(path = "bank/pushed.html")]
pub struct PushedPage {
    pub frame: Frame,
    pub issuer: &'static Issuer,
    pub enrolment: String,
    pub requestor: String,
    pub cards: Vec<PushedCard>,
    /// Results about receipts that were not pushed here.
    pub strangers: usize,
}

/// What became of one card.
pub struct PushedCard {
    pub card: Card,
    pub outcome: pushed::Outcome,
    /// What the wallet says, where the bank knows otherwise.
    pub said: Option<String>,
    /// The token that the bank still has to vouch for.
    pub token: Option<String>,
}

impl PushedCard {
    /// For tests and for whoever looks at the page by program.
    fn word(&self) -> &'static str {
        match self.outcome {
            pushed::Outcome::Enabled => "enabled",
            pushed::Outcome::Unfinished => "unfinished",
            pushed::Outcome::Unconfirmed => "unconfirmed",
            pushed::Outcome::Declined => "declined",
            pushed::Outcome::Cancelled => "cancelled",
            pushed::Outcome::Duplicate => "duplicate",
            pushed::Outcome::Failed => "failed",
            pushed::Outcome::Unknown => "unknown",
            pushed::Outcome::Silent => "silent",
            pushed::Outcome::NotPushed => "not-pushed",
        }
    }

    fn sentence(&self) -> &'static str {
        match self.outcome {
            pushed::Outcome::Enabled => "Added. You can use it now.",
            pushed::Outcome::Unfinished => "Almost there: confirm that it’s you.",
            pushed::Outcome::Unconfirmed => {
                "The wallet says that it has this card. We have not been told so yet: look again in a moment."
            }
            pushed::Outcome::Declined => "Not added: it was declined. Call us if you think that is wrong.",
            pushed::Outcome::Cancelled => "Not added: this was stopped. You can try again.",
            pushed::Outcome::Duplicate => "Nothing to do: the wallet has this card already.",
            pushed::Outcome::Failed => "Not added: something went wrong. You can try again.",
            pushed::Outcome::Unknown => "Not added, as far as we know. You can try again.",
            pushed::Outcome::Silent => "The wallet said nothing about this card, and it is not added.",
            pushed::Outcome::NotPushed => "Not added: it could not be sent to the wallet.",
        }
    }
}

/// The app, starting.
#[derive(Template)]
#[template(path = "bank/start.html")]
pub struct Start {
    pub frame: Frame,
}

/// Choosing how to come back.
#[derive(Template)]
#[template(path = "bank/returns.html")]
pub struct Returns {
    pub frame: Frame,
    pub visit: String,
    pub app: bool,
}

impl Returns {
    fn groups(&self) -> impl Iterator<Item = (&'static str, &'static [ReturnStyle])> {
        RETURNS
            .chunk_by(|one, other| one.group == other.group)
            .map(|styles| (styles[0].group, styles))
    }
}

/// An address to come back by, with what to do about it.
#[derive(Template)]
#[template(path = "bank/offer.html")]
pub struct Offer {
    pub frame: Frame,
    pub visit: String,
    pub style: &'static ReturnStyle,
    pub address: String,
    /// The time of day before which the address is not shown.
    pub not_before: Option<String>,
}

/// Coming back with a form.
#[derive(Template)]
#[template(path = "bank/post.html")]
pub struct Post {
    pub frame: Frame,
    pub url: String,
    pub fields: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "bank/error.html")]
struct Failure<'a> {
    frame: Frame,
    heading: &'a str,
    paragraphs: &'a [&'a str],
    onward: Option<Onward>,
}

/// Where to go from an error.
pub enum Onward {
    /// Back to the wallet with this `result`.
    Leave(&'static str),
    /// Back to the wallet with this `result`, or to the page before.
    LeaveOrRetry(&'static str, String),
    /// To an address.
    Link(String),
}

/// The cardholder's phone.
#[derive(Template)]
#[template(path = "bank/phone.html")]
pub struct Phone {
    pub frame: Frame,
    pub messages: Vec<PhoneMessage>,
    pub waiting: Vec<PhoneToken>,
    pub notice: Option<String>,
}

/// A message with the bank it came from.
pub struct PhoneMessage {
    pub issuer: &'static Issuer,
    pub message: Message,
    pub time: String,
}

/// A token that waits, with the card behind it.
pub struct PhoneToken {
    pub token: WaitingToken,
    pub card: Card,
}

#[derive(Template)]
#[template(path = "bank/index.html")]
struct Index {
    frame: Frame,
    banks: Vec<IndexBank>,
}

struct IndexBank {
    issuer: &'static Issuer,
    note: &'static str,
    wants_code: bool,
    people: Vec<(&'static Person, String)>,
}

/// All banks and who can sign in.
pub fn index(code_policy: impl Fn(&Issuer) -> CodePolicy) -> Response {
    let banks = ISSUERS
        .iter()
        .map(|issuer| IndexBank {
            issuer,
            note: note(issuer),
            wants_code: code_policy(issuer) == CodePolicy::Required,
            people: people(issuer),
        })
        .collect();
    render(
        StatusCode::OK,
        &Index {
            frame: Frame::bare(),
            banks,
        },
    )
}

fn note(issuer: &Issuer) -> &'static str {
    match (issuer.temper, issuer.reach) {
        (Temper::Declines, _) => "Declines every card.",
        (Temper::EmailsCode, _) => "Sends a code by email first.",
        (Temper::TextsCode, _) => "Sends a code by text message first.",
        (Temper::Approves, Reach::AndroidOnly) => "Has an Android app and no website for wallets.",
        (Temper::Approves, Reach::Web) => "Website only.",
        (Temper::Approves, Reach::WebAndApps) => "Website and apps.",
    }
}

/// The customers of a bank with their numbers.
pub fn people(issuer: &Issuer) -> Vec<(&'static Person, String)> {
    PEOPLE
        .iter()
        .map(|person| (person, issuer.customer_number(person)))
        .collect()
}

/// The bank that a message came from; messages only come from banks of the catalogue.
pub fn sender(message: Message, time: String) -> Option<PhoneMessage> {
    Some(PhoneMessage {
        issuer: issuer(&message.bank)?,
        message,
        time,
    })
}

/// A page that says what happened and where to go.
pub fn error(status: StatusCode, frame: Frame, heading: &str, paragraphs: &[&str], onward: Option<Onward>) -> Response {
    render(
        status,
        &Failure {
            frame,
            heading,
            paragraphs,
            onward,
        },
    )
}

/// A page as a response.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
