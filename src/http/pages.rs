//! The pages outside an attempt: cards, one issuer, one card, help, language, and every failure.

use askama::Template;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::app::view::{CardView, Home, IssuerBadge, Reach, TABLET_TOUCH_POINTS};
use crate::app::{App, Fault, Opening};
use crate::domain::device::{Client, Platform};
use crate::domain::id::{CardId, IssuerId};
use crate::domain::launch::Mechanism;
use crate::domain::link::{Link, LinkRules, Slot};

use super::frame::{Art, Frame, Strip, card_name, ending, show};
use super::guard::{Visit, see_other};
use super::headers::Face;
use super::inbound::{detached, own_form};
use super::launch::Escape;
use super::paths;
use super::problem::{Action, Problem};
use super::qr::Qr;
use super::text::plain_name;

/// `GET /`
///
/// # Errors
/// 503 when storage does not answer.
pub async fn home(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let home = match visit.known_owner(&app) {
        Some(owner) => app.home(&owner).await?,
        None => Home {
            cards: Vec::new(),
            unfinished: Vec::new(),
        },
    };
    let csrf = visit.csrf(&app);
    Ok(home_page(&visit, visit.account().map(|_| csrf), &home))
}

/// The longest name that a page gives to what begins on it.
const START_LENGTH_MAX: usize = 32;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    cards: Vec<CardTile>,
    unfinished: Vec<Action>,
    /// The token of "Sign out", where somebody is signed in.
    sign_out: Option<String>,
}

/// The cards whose art is fetched with the page.
const TILES_SEEN_FIRST: usize = 6;

struct CardTile {
    href: String,
    art: Art,
    name: String,
    ending: Option<String>,
    state: &'static str,
    note: Option<String>,
}

pub(super) fn home_page(visit: &Visit, sign_out: Option<String>, home: &Home) -> Response {
    let frame = Frame::new(visit, "Your cards", "home");
    // After somebody signed out, Back must not show the cards again.
    let frame = if sign_out.is_some() { frame } else { frame.kept() };
    let page = HomePage {
        frame,
        cards: home.cards.iter().enumerate().map(tile).collect(),
        unfinished: home
            .unfinished
            .iter()
            .map(|(session, issuer)| {
                let name = plain_name(issuer);
                Action::new(
                    format!("Your {name} card is still being added."),
                    paths::session(session.as_str()),
                )
            })
            .collect(),
        sign_out,
    };
    show(StatusCode::OK, &page.frame, &page)
}

fn tile((place, card): (usize, &CardView)) -> CardTile {
    CardTile {
        href: paths::card(card.id.as_str()),
        art: Art::of(card).late(place >= TILES_SEEN_FIRST),
        name: plain_name(&card.issuer),
        ending: ending(&card.face),
        state: card.state,
        note: card_note(card),
    }
}

/// What has to be said of a card that is not simply usable.
pub(super) fn card_note(card: &CardView) -> Option<String> {
    let name = plain_name(&card.issuer);
    if card.in_doubt {
        return Some("We’re checking with Mastercard".to_owned());
    }
    match card.state {
        "active" => None,
        "inactive" if card.locked => Some("Locked after too many wrong codes".to_owned()),
        "inactive" if card.methods.iter().any(|method| method.kind.brings_a_code()) => {
            Some("Waiting for your code".to_owned())
        }
        "inactive" => Some(format!("Waiting for {name} to confirm")),
        "suspended" => Some(format!("Paused by {name}")),
        "declined" => Some(format!("{name} did not approve this card")),
        "duplicate" => Some("Already in your wallet".to_owned()),
        "deactivated" => Some("Removed".to_owned()),
        "failed" => Some("Not added".to_owned()),
        _ => Some("Being added".to_owned()),
    }
}

/// `GET /issuers/{issuer}`: the issuer is chosen already; one button starts.
///
/// # Errors
/// 404 when there is no such issuer.
pub async fn issuer(State(app): State<App>, visit: Visit, Path(issuer): Path<String>) -> Result<Response, Problem> {
    let id = IssuerId::parse(&issuer).map_err(|_| Fault::UnknownIssuer)?;
    let issuer = app.issuer(&id, &visit.device).await?;
    Ok(issuer_page(&visit, &visit.csrf(&app), &issuer))
}

#[derive(Template)]
#[template(path = "issuer.html")]
struct IssuerPage {
    frame: Frame,
    strip: Strip,
    csrf: String,
    start: String,
    id: String,
    mechanism: Mechanism,
    escape: Escape,
    qr: Option<Qr>,
    /// What is started here is started on a tablet, says who starts it.
    tablet: bool,
    in_app: bool,
    is_phone: bool,
}

pub(super) fn issuer_page(visit: &Visit, csrf: &str, issuer: &IssuerBadge) -> Response {
    let strip = Strip::of(issuer);
    let address = format!("{}{}", visit.shell.origin, paths::issuer(issuer.id.as_str()));
    let mut frame = Frame::new(visit, format!("Add a card from {}", strip.name), "issuer").scripted();
    frame.mechanism = issuer.mechanism.name();
    let page = IssuerPage {
        frame,
        strip,
        csrf: csrf.to_owned(),
        start: visit.reference.clone(),
        id: issuer.id.to_string(),
        mechanism: issuer.mechanism,
        qr: matches!(issuer.reach, Reach::PhoneOnly | Reach::TabletPerhaps)
            .then(|| Qr::of(address.clone()))
            .flatten(),
        tablet: issuer.reach == Reach::TabletPerhaps,
        in_app: visit.is_in_app(),
        escape: Escape { address, page: None },
        is_phone: visit.device.is_phone(),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// `POST /sessions`: begins an attempt. `mtp` is `navigator.maxTouchPoints`, where a script filled it in; `start` is the
/// page's own value, by which a second tap leads to what the first one began. What says that it is a machine begins nothing.
///
/// # Errors
/// 403 for a form that is not ours, 404 for an unknown issuer, 422 for touch points that cannot be.
pub async fn start(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &["issuer", "mtp", "start"]).await?;
    let issuer = IssuerId::parse(form.one("issuer").unwrap_or_default()).map_err(|_| Fault::UnknownIssuer)?;
    let touch_points = touch_points(form.one("mtp").unwrap_or_default())?;
    let key = start_key(&issuer, form.one("start").unwrap_or_default())?;
    if Client::of(&visit.device.signals()).platform == Platform::Bot {
        return Ok(see_other(&paths::issuer(issuer.as_str())));
    }
    let owner = visit.owner(&app);
    let opening = Opening {
        touch_points,
        is_of_account: visit.account().is_some(),
        key,
        ..Opening::default()
    };
    let session = detached(async move { app.open(&owner, &issuer, opening).await }).await?;
    Ok(see_other(&paths::session(session.as_str())))
}

/// What the form of one page calls the beginning with one issuer: two taps on it are one.
fn start_key(issuer: &IssuerId, text: &str) -> Result<Option<String>, Fault> {
    let is_ours = text.len() <= START_LENGTH_MAX && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match text {
        _ if !is_ours => Err(Fault::BadInput("start is the value of our own form")),
        "" => Ok(None),
        start => Ok(Some(format!("form {start} {issuer}"))),
    }
}

/// Up to two digits; nothing where no script ran.
fn touch_points(text: &str) -> Result<Option<u8>, Fault> {
    let fault = Fault::BadInput("mtp is a number from 0 to 99");
    match text {
        "" => Ok(None),
        digits if digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().map(Some).map_err(|_| fault)
        }
        _ => Err(fault),
    }
}

/// `GET /cards/{id}`
///
/// # Errors
/// 404 for a card that is not this browser's.
pub async fn card(State(app): State<App>, visit: Visit, Path(card): Path<String>) -> Result<Response, Problem> {
    let id = CardId::parse(&card).map_err(|_| Fault::UnknownCard)?;
    let owner = visit.known_owner(&app).ok_or(Fault::UnknownCard)?;
    let card = app.card(&id, &owner).await?;
    Ok(card_page(&visit, &visit.csrf(&app), &card))
}

#[derive(Template)]
#[template(path = "card.html")]
struct CardPage {
    frame: Frame,
    art: Art,
    name: String,
    issuer: String,
    product: Option<String>,
    ending: Option<String>,
    state: &'static str,
    status: String,
    locked: bool,
    confirm: Option<String>,
    csrf: String,
    phone: Option<(String, String)>,
    website: Option<(String, String)>,
    attempt: String,
}

pub(super) fn card_page(visit: &Visit, csrf: &str, card: &CardView) -> Response {
    let name = card_name(&card.issuer, &card.face);
    let can_confirm = card.state == "inactive" && !card.locked && !card.methods.is_empty();
    let page = CardPage {
        frame: Frame::new(visit, name.clone(), "card"),
        art: Art::of(card),
        name,
        issuer: plain_name(&card.issuer),
        product: card.face.product.as_deref().map(plain_name),
        ending: ending(&card.face),
        state: card.state,
        status: card_note(card).unwrap_or_else(|| "Ready to use".to_owned()),
        locked: card.locked,
        confirm: can_confirm.then(|| paths::confirm(card.session.as_str())),
        csrf: csrf.to_owned(),
        phone: card.face.phone.as_deref().and_then(phone),
        website: card
            .face
            .website
            .as_deref()
            .and_then(|address| website(address, &visit.shell.link_rules)),
        attempt: paths::session(card.session.as_str()),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// A telephone number as a `tel:` link and as text; digits and the usual signs only.
pub(super) fn phone(number: &str) -> Option<(String, String)> {
    let shown = plain_name(number);
    let dialled: String = shown
        .chars()
        .filter(|character| character.is_ascii_digit() || *character == '+')
        .collect();
    let is_number = dialled.len() >= 3
        && shown.len() <= 40
        && shown
            .chars()
            .all(|character| character.is_ascii_digit() || " +-().".contains(character));
    is_number.then(|| (format!("tel:{dialled}"), shown))
}

/// An issuer's web address and its host, if it is one that we would send a browser to.
pub(super) fn website(address: &str, rules: &LinkRules) -> Option<(String, String)> {
    let link = Link::parse(Slot::Web, address, rules).ok()?;
    let host = link.authority()?.to_owned();
    match link {
        Link::Web(address) => Some((address, host)),
        Link::Custom { .. } | Link::Intent(_) => None,
    }
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    frame: Frame,
    host: String,
}

/// `GET /help`
pub async fn help(visit: Visit) -> Response {
    let page = HelpPage {
        frame: Frame::new(&visit, "Help", "help"),
        host: visit.shell.authority().to_owned(),
    };
    show(StatusCode::OK, &page.frame, &page)
}

#[derive(Template)]
#[template(path = "language.html")]
struct LanguagePage {
    frame: Frame,
}

/// `GET /language`
pub async fn language(visit: Visit) -> Response {
    let page = LanguagePage {
        frame: Frame::new(&visit, "Language", "language"),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// Every path that is not a route.
///
/// # Errors
/// 404, always.
pub async fn not_found() -> Result<Response, Problem> {
    Err(Problem::not_found())
}

/// The one template of everything that fails: what happened, what it means, what can be done, what to quote.
#[derive(Template)]
#[template(path = "failure.html")]
pub(super) struct FailurePage {
    pub(super) frame: Frame,
    pub(super) strip: Option<Strip>,
    pub(super) heading: String,
    pub(super) detail: Vec<String>,
    pub(super) advice: Vec<String>,
    pub(super) actions: Vec<Action>,
    pub(super) outside: Vec<(String, String)>,
    pub(super) reference: String,
}

/// A problem as a page.
pub(super) fn problem(visit: &Visit, problem: &Problem) -> Response {
    failure(visit, problem, failing(visit, problem))
}

/// A return that was refused, as a page. It has the script, which takes the receipt out of the address.
pub(super) fn refused_return(visit: &Visit, problem: &Problem) -> Response {
    failure(visit, problem, failing(visit, problem).scripted())
}

fn failing(visit: &Visit, problem: &Problem) -> Frame {
    Frame::new(visit, problem.title.clone(), "error").failing(problem.code)
}

fn failure(visit: &Visit, problem: &Problem, frame: Frame) -> Response {
    let page = FailurePage {
        frame,
        strip: None,
        heading: problem.title.clone(),
        detail: vec![problem.detail.clone()],
        advice: problem.advice.clone(),
        actions: problem.actions.clone(),
        outside: Vec::new(),
        reference: visit.reference.clone(),
    };
    let mut response = show(problem.status, &page.frame, &page);
    response.extensions_mut().insert(Face::Problem {
        scripts: page.frame.scripts,
        kept: false,
    });
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuers_website_is_one_that_this_deployment_opens_and_shown_as_it_is_opened() {
        let rules = |allow_loopback| LinkRules {
            wallet_host: "wallet.example".to_owned(),
            allow_loopback,
        };
        let shown = |href: &str, host: &str| Some((href.to_owned(), host.to_owned()));
        let help = shown("https://bank.example/Help", "bank.example");
        assert_eq!(website("HTTPS://Bank.EXAMPLE:443/Help", &rules(false)), help);
        for refused in [
            "http://127.0.0.1:1/",
            "http://bank.example/",
            "https://wallet.example/",
            "https://a.wallet.example/",
            "javascript:alert(1)",
            "bank://help",
        ] {
            assert_eq!(website(refused, &rules(false)), None, "{refused}");
        }
        let demo = shown("http://127.0.0.1:1/", "127.0.0.1:1");
        assert_eq!(website("http://127.0.0.1:1/", &rules(true)), demo);
    }
}
