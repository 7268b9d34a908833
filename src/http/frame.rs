//! What every page has: the frame around it, and the small parts that pages share.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::view::IssuerBadge;
use crate::domain::host_page::HostPage;
use crate::domain::id::AssetId;
use crate::domain::token::CardFace;
use crate::words::Words;

use super::art::{self, Contours};
use super::assets::Mark;
use super::guard::Visit;
use super::headers::Face;
use super::language::Theme;
use super::paths;
use super::problem::Problem;
use super::text::plain_name;

/// The frame of a page: everything `base.html` needs.
#[derive(Clone)]
pub struct Frame {
    /// What pages say, in the visit's language.
    pub t: Words,
    /// What the page is about, for the title.
    pub title: String,
    /// The wallet's name.
    pub wallet: String,
    /// `data-theme`: the chosen colours, or nothing.
    pub theme: &'static str,
    /// The demo's ribbon is shown.
    pub demo: bool,
    /// `data-state` of `main`: the machine-readable name of what is shown.
    pub state: &'static str,
    /// `data-problem`: the stable code of a failure, or nothing.
    pub problem: &'static str,
    /// `data-mechanism`: how the issuer is opened here, or nothing.
    pub mechanism: &'static str,
    /// The script's nonce; a page without one has no script.
    pub nonce: Option<String>,
    /// Where a page that waits is told of news, for the script.
    pub events: Option<String>,
    /// What is shown now, to be compared with the news.
    pub moment: String,
    /// Where a browser without scripts is sent at once.
    pub live: Option<String>,
    /// The address of the picker, with the page of another site that is led back to.
    pub picker: String,
    /// The address of the style sheet.
    pub css: String,
    /// The address of the script.
    pub script: String,
    /// The wallet's mark.
    pub mark: Mark,
}

impl Frame {
    /// A page without script.
    #[must_use]
    pub fn new(visit: &Visit, title: impl Into<String>, state: &'static str) -> Self {
        Self {
            t: visit.words.clone(),
            title: title.into(),
            wallet: visit.shell.wallet.to_string(),
            theme: visit.theme.map_or("", Theme::name),
            demo: visit.shell.demo,
            state,
            problem: "",
            mechanism: "",
            nonce: None,
            events: None,
            moment: String::new(),
            live: None,
            picker: paths::ISSUERS.to_owned(),
            css: visit.shell.files.css.address(),
            script: visit.shell.files.script.address(),
            mark: visit.shell.files.mark(),
        }
    }

    /// The page has the script.
    #[must_use]
    pub fn scripted(mut self, visit: &Visit) -> Self {
        self.nonce = Some(visit.nonce.clone());
        self
    }

    /// The page belongs to a way that leads back to this page of another site.
    #[must_use]
    pub fn led_back(mut self, host: Option<&HostPage>) -> Self {
        self.picker = paths::with_host(paths::ISSUERS, host);
        self
    }

    /// The page shows a failure of that code.
    #[must_use]
    pub fn failing(mut self, code: &'static str) -> Self {
        self.problem = code;
        self
    }
}

/// A page as an answer.
pub fn show(status: StatusCode, frame: &Frame, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => html_page(status, frame.nonce.clone(), html),
        Err(_) => Problem::internal().into_response(),
    }
}

/// HTML as an answer, whole or as a stream.
pub fn html_page(status: StatusCode, nonce: Option<String>, html: impl Into<axum::body::Body>) -> Response {
    let mut response = (status, html.into()).into_response();
    response.extensions_mut().insert(Face::Page { nonce });
    response
}

/// An issuer's logo, or the tile that stands in for it.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The picture's address.
    pub src: Option<String>,
    /// The tile's letter.
    pub letter: String,
    /// The tile's colours, 0 to 7.
    pub tone: usize,
}

impl Logo {
    /// The logo of an issuer.
    #[must_use]
    pub fn of(name: &str, asset: Option<&AssetId>) -> Self {
        let (letter, tone) = art::tile(name);
        Self {
            src: asset.map(|asset| paths::logo(asset.as_str())),
            letter,
            tone,
        }
    }
}

/// The strip at the top of every page of an attempt.
#[derive(Clone, Debug)]
pub struct Strip {
    /// The issuer's name.
    pub name: String,
    /// Its logo.
    pub logo: Logo,
    /// Where "Cancel" posts to, while there is something to cancel.
    pub cancel: Option<String>,
    /// The token of its form.
    pub csrf: String,
}

impl Strip {
    /// The strip of an issuer, without "Cancel".
    #[must_use]
    pub fn of(issuer: &IssuerBadge) -> Self {
        Self {
            name: plain_name(&issuer.name),
            logo: Logo::of(&issuer.name, issuer.logo.as_ref()),
            cancel: None,
            csrf: String::new(),
        }
    }
}

/// The picture of a card. It is decoration: all it says is said in words beside it.
#[derive(Clone, Debug)]
pub struct Art {
    /// The issuer's own picture, shown as it is.
    pub image: Option<String>,
    /// What is drawn when there is none.
    pub contours: Contours,
    /// The issuer's name, on the drawn card.
    pub name: String,
    /// "•••• 4821", on the drawn card.
    pub tail: String,
}

impl Art {
    /// The picture of an issuer's card.
    #[must_use]
    pub fn of(issuer: &str, face: &CardFace) -> Self {
        let last4 = face.last4.as_deref().unwrap_or_default();
        let image = face.art.as_deref().and_then(|art| AssetId::parse(art).ok());
        Self {
            image: image.map(|asset| paths::logo(asset.as_str())),
            contours: art::contours(issuer, last4),
            name: plain_name(issuer),
            tail: if last4.is_empty() {
                String::new()
            } else {
                format!("•••• {}", plain_name(last4))
            },
        }
    }
}

/// "Havørn Bank, ending 4821", or the name alone.
#[must_use]
pub fn card_name(words: &Words, issuer: &str, face: &CardFace) -> String {
    let name = plain_name(issuer);
    match face.last4.as_deref() {
        Some(last4) => words.home_card_name(name, plain_name(last4)),
        None => name,
    }
}

/// "ending 4821", if the digits are known.
#[must_use]
pub fn ending(words: &Words, face: &CardFace) -> Option<String> {
    let last4 = face.last4.as_deref();
    last4.map(|last4| words.home_card_ending(plain_name(last4)))
}
