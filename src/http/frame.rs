//! What every page has: the frame around it, and the small parts that pages share.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::DemoScenario;
use crate::app::view::{CardView, IssuerBadge, Picture};
use crate::domain::host_page::HostPage;
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
    /// The scenario that is switched on in a demo.
    pub scenario: Option<DemoScenario>,
    /// `data-state` of `main`: the machine-readable name of what is shown.
    pub state: &'static str,
    /// `data-problem`: the stable code of a failure, or nothing.
    pub problem: &'static str,
    /// `data-mechanism`: how the issuer is opened here, or nothing.
    pub mechanism: &'static str,
    /// The addresses of its scripts.
    pub scripts: Vec<String>,
    /// The browser may keep it, and asks before it shows it again: its text is the same unless what it says is another.
    pub is_kept: bool,
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
            scenario: visit.shell.scenario.now(),
            state,
            problem: "",
            mechanism: "",
            scripts: Vec::new(),
            is_kept: false,
            events: None,
            moment: String::new(),
            live: None,
            picker: paths::ISSUERS.to_owned(),
            css: visit.shell.files.css.address(),
            mark: visit.shell.files.mark(),
        }
    }

    /// The page has the script.
    #[must_use]
    pub fn scripted(mut self, visit: &Visit) -> Self {
        self.scripts.push(visit.shell.files.script.address());
        self
    }

    /// The browser may keep the page, and asks before it shows it again.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.is_kept = true;
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
        Ok(html) => {
            let mut response = html_page(status, frame.scripts.clone(), html);
            if frame.is_kept {
                let scripts = frame.scripts.clone();
                response.extensions_mut().insert(Face::Page { scripts, kept: true });
            }
            response
        }
        Err(_) => Problem::internal().into_response(),
    }
}

/// HTML as an answer, whole or as a stream, with the paths of its scripts.
pub fn html_page(
    status: StatusCode,
    scripts: impl IntoIterator<Item = String>,
    html: impl Into<axum::body::Body>,
) -> Response {
    let mut response = (status, html.into()).into_response();
    let scripts = scripts.into_iter().collect();
    response.extensions_mut().insert(Face::page(scripts));
    response
}

/// An issuer's logo, or the tile that stands in for it.
#[derive(Clone, Debug)]
pub struct Logo {
    /// The picture.
    pub image: Option<Image>,
    /// The tile's letter.
    pub letter: String,
    /// The tile's colours, 0 to 7.
    pub tone: usize,
    /// It is below what is seen first.
    pub is_late: bool,
}

impl Logo {
    /// The logo of an issuer.
    #[must_use]
    pub fn of(issuer: &IssuerBadge) -> Self {
        let (letter, tone) = art::tile(issuer.id.as_str(), &issuer.name);
        Self {
            image: issuer.logo.as_ref().map(Image::of),
            letter,
            tone,
            is_late: false,
        }
    }

    /// The same, to be fetched only when it is about to be seen.
    #[must_use]
    pub fn late(mut self, is_late: bool) -> Self {
        self.is_late = is_late;
        self
    }
}

/// A picture of an issuer's, as an address and the room that it takes.
#[derive(Clone, Debug)]
pub struct Image {
    /// Where it is.
    pub src: String,
    /// Its width, in pixels.
    pub width: u32,
    /// Its height, in pixels.
    pub height: u32,
}

impl Image {
    fn of(picture: &Picture) -> Self {
        Self {
            src: paths::logo(&picture.name),
            width: picture.width,
            height: picture.height,
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
            logo: Logo::of(issuer),
            cancel: None,
            csrf: String::new(),
        }
    }
}

/// The picture of a card. It is decoration: all it says is said in words beside it.
#[derive(Clone, Debug)]
pub struct Art {
    /// The issuer's own pictures, shown as they are: the smallest first.
    pub images: Vec<Image>,
    /// What is drawn when there is none.
    pub contours: Contours,
    /// The issuer's name, on the drawn card.
    pub name: String,
    /// "•••• 4821", on the card.
    pub tail: String,
    /// The colour in which MDES says that the issuer's picture can be written on, `#rrggbb`. Without it nothing is.
    pub ink: Option<String>,
    /// It is below what is seen first.
    pub is_late: bool,
}

impl Art {
    /// The picture of a card.
    #[must_use]
    pub fn of(card: &CardView) -> Self {
        let last4 = card.face.last4.as_deref().unwrap_or_default();
        Self {
            images: card.art.iter().map(Image::of).collect(),
            contours: art::contours(&card.issuer, last4),
            name: plain_name(&card.issuer),
            tail: if last4.is_empty() {
                String::new()
            } else {
                format!("•••• {}", plain_name(last4))
            },
            ink: card.face.foreground.as_deref().and_then(art::ink),
            is_late: false,
        }
    }

    /// The same, to be fetched only when it is about to be seen.
    #[must_use]
    pub fn late(mut self, is_late: bool) -> Self {
        self.is_late = is_late;
        self
    }

    /// The addresses with their widths, for the browser to choose from.
    #[must_use]
    pub fn srcset(&self) -> String {
        let choices: Vec<String> = self
            .images
            .iter()
            .map(|image| format!("{} {}w", image.src, image.width))
            .collect();
        choices.join(", ")
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
