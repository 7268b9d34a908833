//! The picker: the list of issuers, searched and paged by the server. A row posts, so that choosing starts an attempt.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::app::view::{IssuerBadge, Picker, Reach};
use crate::app::{App, Fault};
use crate::domain::device::Device;
use crate::domain::id::CountryCode;
use crate::domain::launch::Mechanism;

use super::form::Fields;
use super::frame::{Frame, Logo, show};
use super::guard::Visit;
use super::launch::Escape;
use super::paths;
use super::problem::{Action, Problem};
use super::text::{counted, country, plain_name};

/// From this many issuers on the picker has a search field.
const SEARCH_FROM: usize = 9;
/// The longest query, in bytes.
const QUERY_BYTES_MAX: usize = 200;
/// The last page that may be asked for; 60 issuers each.
const PAGE_MAX: usize = 1_000;
/// The rows whose logos are fetched with the page; the others when they are about to be seen.
const ROWS_SEEN_FIRST: usize = 6;
/// How many issuers a page of the picker adds.
const PAGE_ROWS: usize = 60;

/// `GET /issuers`
///
/// # Errors
/// 400 and 422 for a query that cannot be meant, 503 when there is no list at all.
pub async fn picker(State(app): State<App>, visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let wanted = Wanted::parse(query.as_deref().unwrap_or_default())?;
    let picker = app
        .picker(&wanted.query, wanted.country.as_ref(), wanted.page, &visit.device)
        .await;
    if picker.unavailable {
        return Err(Problem::no_directory());
    }
    Ok(picker_page(&visit, &visit.csrf(&app), &wanted, &picker))
}

/// What the picker is asked for.
pub(super) struct Wanted {
    pub(super) query: String,
    pub(super) country: Option<CountryCode>,
    pub(super) page: usize,
}

impl Wanted {
    pub(super) fn parse(raw: &str) -> Result<Self, Problem> {
        Self::of(&Fields::parse(raw.as_bytes(), &["q", "country", "page"])?)
    }

    /// What the API is asked for, which has no pages.
    pub(super) fn parse_search(raw: &str) -> Result<Self, Problem> {
        Self::of(&Fields::parse(raw.as_bytes(), &["q", "country"])?)
    }

    fn of(fields: &Fields) -> Result<Self, Problem> {
        let query = fields.one("q").unwrap_or_default().trim().to_owned();
        if query.len() > QUERY_BYTES_MAX {
            return Err(Fault::BadInput("the name to search for has at most 200 bytes").into());
        }
        let country = match fields.one("country").unwrap_or_default() {
            "" => None,
            code => Some(CountryCode::parse(code).map_err(|_| Fault::BadInput("a country is two capital letters"))?),
        };
        let page = match fields.one("page") {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| (1..=PAGE_MAX).contains(page))
                .ok_or(Fault::BadInput("a page is a number from 1 to 1000"))?,
        };
        Ok(Self { query, country, page })
    }

    fn href(&self, page: usize) -> String {
        let country = self.country.as_ref().map_or("", CountryCode::as_str);
        let query = utf8_percent_encode(&self.query, NON_ALPHANUMERIC);
        format!("{}?q={query}&country={country}&page={page}", paths::ISSUERS)
    }
}

#[derive(Template)]
#[template(path = "picker.html")]
struct PickerPage {
    frame: Frame,
    csrf: String,
    start: String,
    query: String,
    searchable: bool,
    countries: Vec<CountryOption>,
    all_count: usize,
    count: String,
    heading: String,
    rows: Vec<Row>,
    more: Option<Action>,
    stale: Option<String>,
    empty: Option<(String, String)>,
    is_filtered: bool,
    escape: Option<Escape>,
}

struct CountryOption {
    code: String,
    label: String,
    selected: bool,
}

struct Row {
    number: usize,
    id: String,
    name: String,
    place: String,
    logo: Logo,
    badge: &'static str,
    choose: Choose,
}

/// What choosing a row does.
enum Choose {
    /// Begins an attempt.
    Starts,
    /// Shows what this device needs instead.
    Leads(String),
    /// Nothing: the row is there to be read.
    Rests,
}

pub(super) fn picker_page(visit: &Visit, csrf: &str, wanted: &Wanted, picker: &Picker) -> Response {
    let query = plain_name(&wanted.query);
    let in_country = wanted.country.as_ref().map(|code| country(code.as_str()).to_owned());
    let rows: Vec<Row> = picker
        .rows
        .iter()
        .enumerate()
        .map(|(index, issuer)| row(index + 1, issuer, &visit.device))
        .collect();
    let left = picker.total.saturating_sub(rows.len());
    let page = PickerPage {
        frame: Frame::new(visit, "Add a card from your bank", "picker")
            .scripted()
            .kept(),
        csrf: csrf.to_owned(),
        start: visit.reference.clone(),
        searchable: picker.directory_total >= SEARCH_FROM || !query.is_empty() || in_country.is_some(),
        countries: country_options(picker, wanted),
        all_count: picker.directory_total,
        count: count_line(picker, &query),
        heading: match (&in_country, query.is_empty()) {
            (_, false) => "Results".to_owned(),
            (Some(name), true) => format!("All issuers in {name}"),
            (None, true) => "All issuers".to_owned(),
        },
        more: (left > 0).then(|| {
            let href = format!("{}#r{}", wanted.href(wanted.page + 1), rows.len() + 1);
            Action::new(format!("Show {} more", left.min(PAGE_ROWS)), href)
        }),
        stale: picker
            .stale_minutes
            .map(|minutes| format!("This list was last updated {}.", ago(minutes))),
        empty: rows.is_empty().then(|| empty(picker, &query, in_country.as_deref())),
        is_filtered: !query.is_empty() || in_country.is_some(),
        escape: picker.in_app.then(|| Escape {
            address: format!("{}{}", visit.shell.origin, paths::ISSUERS),
            page: None,
        }),
        query,
        rows,
    };
    show(StatusCode::OK, &page.frame, &page)
}

fn row(number: usize, issuer: &IssuerBadge, device: &Device) -> Row {
    let names: Vec<&str> = issuer.countries.iter().map(|code| country(code.as_str())).collect();
    let countries = match names.as_slice() {
        [first, second, rest @ ..] if !rest.is_empty() => format!("{first}, {second} and {} more", rest.len()),
        names => names.join(", "),
    };
    let alias = issuer
        .alias
        .as_deref()
        .map(plain_name)
        .filter(|alias| !alias.is_empty());
    let (badge, choose) = match issuer.reach {
        _ if issuer.mechanism == Mechanism::Static => ("", Choose::Rests),
        Reach::App => ("Opens the app", Choose::Starts),
        Reach::Website => ("", Choose::Starts),
        Reach::PhoneOnly | Reach::TabletPerhaps => ("Phone app only", Choose::Leads(paths::issuer(issuer.id.as_str()))),
        Reach::Nowhere if device.is_phone() => ("Not for this kind of phone", Choose::Rests),
        Reach::Nowhere => ("Not for this device", Choose::Rests),
    };
    Row {
        number,
        id: issuer.id.to_string(),
        name: plain_name(&issuer.name),
        place: alias.into_iter().chain([countries]).collect::<Vec<_>>().join(" · "),
        logo: Logo::of(issuer).late(number > ROWS_SEEN_FIRST),
        badge,
        choose,
    }
}

fn country_options(picker: &Picker, wanted: &Wanted) -> Vec<CountryOption> {
    let mut options: Vec<CountryOption> = picker
        .countries
        .iter()
        .map(|(code, count)| CountryOption {
            code: code.to_string(),
            label: format!("{} ({count})", country(code.as_str())),
            selected: wanted.country.as_ref() == Some(code),
        })
        .collect();
    options.sort_by(|a, b| a.label.cmp(&b.label));
    options
}

fn count_line(picker: &Picker, query: &str) -> String {
    let total = i64::try_from(picker.total).unwrap_or(i64::MAX);
    let counted = counted(total, "issuer");
    match (query.is_empty(), picker.total) {
        (false, 0) => format!("No issuers found for “{query}”"),
        (false, _) => format!("{counted} found for “{query}”"),
        (true, total) if total > picker.rows.len() => {
            format!("Showing {} of {counted}", picker.rows.len())
        }
        (true, _) => counted,
    }
}

fn empty(picker: &Picker, query: &str, in_country: Option<&str>) -> (String, String) {
    let (title, body) = match (picker.directory_total, query, in_country) {
        (0, _, _) => (
            "No issuers are available yet".to_owned(),
            "Banks decide whether they offer this. Check again later.",
        ),
        (_, "", Some(country)) => (
            format!("No issuers in {country} offer this yet"),
            "Look in all countries.",
        ),
        _ => (
            format!("No issuer matches “{query}”"),
            "Check the spelling, or look in all countries.",
        ),
    };
    (title, body.to_owned())
}

fn ago(minutes: i64) -> String {
    match minutes {
        ..60 => format!("{} ago", counted(minutes, "minute")),
        60..2_880 => format!("{} ago", counted(minutes / 60, "hour")),
        _ => format!("{} ago", counted(minutes / 1_440, "day")),
    }
}
