//! The pages outside an attempt: the wallet, one issuer, help.

use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use crate::app::view::{CardView, Home, IssuerBadge, Reach, TABLET_TOUCH_POINTS};
use crate::app::{App, Fault, Opening, StartKey};
use crate::domain::device::{Client, Platform};
use crate::domain::host_page::HostPage;
use crate::domain::id::IssuerId;
use crate::domain::launch::Mechanism;
use crate::domain::link::{Link, LinkRules, Slot};
use crate::words::Words;

use super::frame::{Art, Frame, Strip, ending, show};
use super::guard::{Visit, see_other};
use super::inbound::{detached, own_form};
use super::launch::Escape;
use super::paths;
use super::picker::host_page;
use super::problem::Problem;
use super::qr::Qr;
use super::text::plain_name;

/// `GET /`
///
/// When storage does not answer, the page says so in place of the cards, with 503.
///
/// # Errors
/// 500 for a defect.
pub async fn home(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let home = match visit.known_owner(&app) {
        Some(owner) => match app.home(&owner).await {
            Err(Fault::Unavailable) => return Ok(home_without_cards(&visit)),
            found => found?,
        },
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
    /// The cards could not be read: what is said of the reference, before it, it, and after it.
    failed: Option<(String, String, String)>,
    cards: Vec<CardTile>,
    /// Whether a card can be added from here.
    pulls: bool,
    /// What is still under way, in words, and its address.
    unfinished: Vec<(String, String)>,
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
    let words = &visit.words;
    let frame = Frame::new(visit, words.home_title(), "home");
    // After somebody signed out, Back must not show the cards again.
    let frame = if sign_out.is_some() { frame } else { frame.kept() };
    let page = HomePage {
        frame,
        failed: None,
        pulls: visit.shell.pulls,
        cards: home
            .cards
            .iter()
            .enumerate()
            .map(|(place, card)| tile(words, place, card))
            .collect(),
        unfinished: home
            .unfinished
            .iter()
            .map(|(session, issuer)| (words.home_pending(plain_name(issuer)), paths::session(session.as_str())))
            .collect(),
        sign_out,
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// The wallet when its cards cannot be read.
pub(super) fn home_without_cards(visit: &Visit) -> Response {
    let problem = Problem::unavailable();
    let (before, after) = Words::around(|place| visit.words.reference_line(place));
    let page = HomePage {
        frame: Frame::new(visit, visit.words.home_title(), "home").failing(problem.code),
        pulls: visit.shell.pulls,
        failed: Some((before, visit.reference.clone(), after)),
        cards: Vec::new(),
        unfinished: Vec::new(),
        sign_out: None,
    };
    let mut response = show(problem.status, &page.frame, &page);
    if let Some(seconds) = problem.retry_after_s {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn tile(words: &Words, place: usize, card: &CardView) -> CardTile {
    CardTile {
        href: paths::card(card.id.as_str()),
        art: Art::of(card).late(place >= TILES_SEEN_FIRST),
        name: plain_name(&card.issuer),
        ending: ending(words, &card.face),
        state: card.state,
        note: card_note(words, card),
    }
}

/// What has to be said of a card that is not simply usable.
pub(super) fn card_note(words: &Words, card: &CardView) -> Option<String> {
    let name = plain_name(&card.issuer);
    if card.in_doubt {
        return Some(words.home_card_state_doubt());
    }
    match card.state {
        "active" => None,
        "inactive" if card.locked => Some(words.home_card_state_locked()),
        "inactive" if card.methods.iter().any(|method| method.kind.brings_a_code()) => {
            Some(words.home_card_state_inactive())
        }
        "inactive" => Some(words.home_card_state_waiting(name)),
        "suspended" if !card.life.is_held_elsewhere => Some(words.home_card_state_paused()),
        "suspended" => Some(words.home_card_state_suspended(name)),
        "declined" => Some(words.home_card_state_declined(name)),
        "duplicate" => Some(words.home_card_state_duplicate()),
        "deactivated" => Some(words.home_card_state_deactivated()),
        "failed" => Some(words.home_card_state_failed()),
        _ => Some(words.home_card_state_adding()),
    }
}

/// How a card stands: what has to be said of it, or that it can be used.
pub(super) fn card_status(words: &Words, card: &CardView) -> String {
    card_note(words, card).unwrap_or_else(|| words.home_card_state_active())
}

/// `GET /issuers/{issuer}`: the issuer is chosen already; one button starts.
///
/// # Errors
/// 404 when there is no such issuer, 400 for a query that is not ours or leads back to where nobody is led.
pub async fn issuer(
    State(app): State<App>,
    visit: Visit,
    Path(issuer): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let id = IssuerId::parse(&issuer).map_err(|_| Fault::UnknownIssuer)?;
    let host = host_page(&app, &query.unwrap_or_default(), &["return"])?;
    let issuer = app.issuer(&id, &visit.device).await?;
    Ok(issuer_page(&visit, &visit.csrf(&app), &issuer, host.as_ref()))
}

#[derive(Template)]
#[template(path = "issuer.html")]
struct IssuerPage {
    frame: Frame,
    strip: Strip,
    host: Option<String>,
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

pub(super) fn issuer_page(visit: &Visit, csrf: &str, issuer: &IssuerBadge, host: Option<&HostPage>) -> Response {
    let strip = Strip::of(issuer);
    let address = format!("{}{}", visit.shell.origin, paths::issuer(issuer.id.as_str()));
    let mut frame = Frame::new(visit, visit.words.issuer_title(&strip.name), "issuer")
        .scripted(visit)
        .led_back(host);
    frame.mechanism = issuer.mechanism.name();
    let page = IssuerPage {
        frame,
        strip,
        host: host.map(|host| host.as_str().to_owned()),
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
/// 403 for a form that is not ours, 404 for an unknown issuer, 422 for touch points that cannot be, 400 for a page to go back
/// to that is not registered.
pub async fn start(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (visit, form) = own_form(&app, request, &["issuer", "mtp", "start", "return"]).await?;
    let issuer = IssuerId::parse(form.one("issuer").unwrap_or_default()).map_err(|_| Fault::UnknownIssuer)?;
    let touch_points = touch_points(form.one("mtp").unwrap_or_default())?;
    let host_page = form.one("return").map(|address| app.host_page(address)).transpose()?;
    let key = start_key(&issuer, form.one("start").unwrap_or_default())?;
    if Client::of(&visit.device.signals()).platform == Platform::Bot {
        return Ok(see_other(&paths::with_host(
            &paths::issuer(issuer.as_str()),
            host_page.as_ref(),
        )));
    }
    let owner = visit.owner(&app);
    let opening = Opening {
        touch_points,
        locale: visit.locale.clone(),
        is_of_account: visit.account().is_some(),
        host_page,
        key,
        ..Opening::default()
    };
    let session = detached(async move { app.open(&owner, &issuer, opening).await }).await?;
    Ok(see_other(&paths::session(session.as_str())))
}

/// What the form of one page calls the beginning with one issuer: two taps on it are one.
fn start_key(issuer: &IssuerId, text: &str) -> Result<Option<StartKey>, Fault> {
    let is_ours =
        text.len() <= START_LENGTH_MAX && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match text {
        _ if !is_ours => Err(Fault::BadInput("start is the value of our own form")),
        "" => Ok(None),
        start => Ok(Some(StartKey::Tapped(format!("form {start} {issuer}")))),
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
    /// How long there is for adding a card.
    minutes: i64,
    /// What is said of privacy, before and after the host.
    privacy: (String, String),
}

/// `GET /help`
pub async fn help(visit: Visit) -> Response {
    let page = HelpPage {
        frame: Frame::new(&visit, visit.words.help_title(), "help"),
        host: visit.shell.authority().to_owned(),
        minutes: visit.shell.session_minutes,
        privacy: Words::around(|host| visit.words.privacy_body(host)),
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
