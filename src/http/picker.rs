//! The picker: the list of issuers, searched and paged by the server. A row posts, so that choosing starts an attempt.
//!
//! `page` makes what is seen of what `app` found, for the whole page and for its part alone; `memory` is what a browser
//! keeps of earlier visits.

mod memory;
mod page;

use axum::extract::{RawQuery, Request, State};
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::app::picking::{Asked, Tongue, Where};
use crate::app::view::Picker;
use crate::app::{App, Fault};
use crate::domain::host_page::HostPage;
use crate::domain::id::CountryCode;
use crate::domain::search::QUERY_CHARACTERS_MAX;
use crate::words::{Language, countries};

use super::form::Fields;
use super::guard::{Visit, see_other};
use super::inbound::own_form;
use super::paths;
use super::problem::Problem;

pub(super) use memory::{no_recent, remember};
pub(super) use page::{Forms, picker_page, results_page};

/// The last page that may be asked for; 60 issuers each.
const PAGE_MAX: usize = 1_000;
/// The region that browsers name where nobody has chosen one: it says nothing about where somebody banks.
const REGION_OF_NOBODY: &str = "US";

/// `GET /issuers`
///
/// # Errors
/// 400 and 422 for a query that cannot be meant, 503 when there is no list at all.
pub async fn picker(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if !visit.shell.pulls {
        return Ok(see_other(paths::HOME));
    }
    let wanted = Wanted::of_page(&app, &query.unwrap_or_default())?;
    let found = find(&app, &visit, &headers, &wanted).await?;
    let forms = Forms {
        csrf: visit.csrf(&app),
        start: app.start_name(&visit.secret).await,
    };
    let page = picker_page(&visit, &forms, &wanted, &found);
    Ok(with_choice(page, &visit, &headers, &wanted))
}

/// `GET /issuers/results`: the part of the picker that changes while somebody types, for its script.
///
/// # Errors
/// As [`picker`].
pub async fn results(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let wanted = Wanted::of_page(&app, &query.unwrap_or_default())?;
    let found = find(&app, &visit, &headers, &wanted).await?;
    let part = results_page(&visit, &wanted, &found);
    Ok(with_choice(part, &visit, &headers, &wanted))
}

/// `POST /issuers/recent/clear`: forgets whom this browser used before.
///
/// # Errors
/// As every form.
pub async fn forget(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (visit, _) = own_form(&app, request, &[]).await?;
    let mut response = see_other(paths::ISSUERS);
    let cookie = memory::no_recent(&visit);
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Ok(response)
}

async fn find(app: &App, visit: &Visit, headers: &HeaderMap, wanted: &Wanted) -> Result<Picker, Problem> {
    let recent = memory::recent(app, headers, visit);
    let asked = Asked {
        query: &wanted.query,
        country: wanted.place(memory::country(headers, visit), visit.region.as_deref()),
        page: wanted.page,
        tongue: tongue(visit.words.language()),
        recent: &recent,
        device: &visit.device,
    };
    let found = app.picker(asked).await;
    if found.unavailable {
        return Err(Problem::no_directory());
    }
    Ok(found)
}

/// Keeps the country that was chosen in so many words.
fn with_choice(mut response: Response, visit: &Visit, headers: &HeaderMap, wanted: &Wanted) -> Response {
    if let Some(choice) = &wanted.country
        && !visit.is_prefetch
        && memory::country(headers, visit).as_ref() != Some(choice)
    {
        let cookie = memory::set_country(choice.as_ref(), visit);
        response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    }
    response
}

/// The language as order and search need it.
pub(super) fn tongue(language: Language) -> Tongue {
    Tongue {
        tag: language.tag(),
        country: countries::country,
    }
}

/// What a query may hold.
const QUERY: [&str; 4] = ["q", "country", "page", "return"];

/// The page of another site that a query of these names leads back to.
///
/// # Errors
/// 400 for a query that is not ours, or a page that is not registered.
pub(super) fn host_page(app: &App, raw: &str, known: &[&str]) -> Result<Option<HostPage>, Problem> {
    let fields = Fields::parse(raw.as_bytes(), known)?;
    let page = fields.one("return").map(|address| app.host_page(address));
    Ok(page.transpose()?)
}

/// What the picker is asked for.
pub(super) struct Wanted {
    pub(super) query: String,
    /// `None` when nothing is said about it; no country is all of them.
    pub(super) country: Option<Option<CountryCode>>,
    pub(super) page: usize,
    /// The page of another site that is led back to.
    pub(super) host: Option<HostPage>,
}

impl Wanted {
    fn of_page(app: &App, raw: &str) -> Result<Self, Problem> {
        Ok(Self {
            host: host_page(app, raw, &QUERY)?,
            ..Self::parse(raw)?
        })
    }

    pub(super) fn parse(raw: &str) -> Result<Self, Problem> {
        Self::of(&Fields::parse(raw.as_bytes(), &QUERY)?)
    }

    /// What the API is asked for, which has no pages.
    pub(super) fn parse_search(raw: &str) -> Result<Self, Problem> {
        Self::of(&Fields::parse(raw.as_bytes(), &["q", "country"])?)
    }

    /// What another site's list is asked for.
    pub(super) fn parse_country(raw: &str) -> Result<Option<CountryCode>, Problem> {
        let wanted = Self::of(&Fields::parse(raw.as_bytes(), &["country"])?)?;
        Ok(wanted.country.flatten())
    }

    fn of(fields: &Fields) -> Result<Self, Problem> {
        let query = fields.one("q").unwrap_or_default().trim().to_owned();
        if query.chars().count() > QUERY_CHARACTERS_MAX {
            return Err(Fault::BadInput("the name to search for has at most 64 characters").into());
        }
        let country = match fields.one("country") {
            None => None,
            Some("") => Some(None),
            Some(code) => {
                let code = CountryCode::parse(code);
                Some(Some(
                    code.map_err(|_| Fault::BadInput("a country is two capital letters"))?,
                ))
            }
        };
        let page = match fields.one("page") {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|page| (1..=PAGE_MAX).contains(page))
                .ok_or(Fault::BadInput("a page is a number from 1 to 1000"))?,
        };
        Ok(Self {
            query,
            country,
            page,
            host: None,
        })
    }

    /// Where to look: as was said; else as was chosen before; else where the browser's language is spoken. Whoever asks for a
    /// name and no country means all.
    fn place(&self, chosen: Option<Option<CountryCode>>, region: Option<&str>) -> Where {
        if let Some(country) = &self.country {
            return Where::Chosen(country.clone());
        }
        let region = region.filter(|region| *region != REGION_OF_NOBODY);
        let supposed = match chosen {
            _ if !self.query.is_empty() => None,
            Some(choice) => choice,
            None => region.and_then(|region| CountryCode::parse(region).ok()),
        };
        supposed.map_or(Where::Chosen(None), Where::Supposed)
    }
}

/// The address of a list; the first page has no number.
fn address(query: &str, country: Option<&CountryCode>, page: usize, host: Option<&HostPage>) -> String {
    let country = country.map_or("", CountryCode::as_str);
    let query = utf8_percent_encode(query, NON_ALPHANUMERIC);
    let page = if page == 1 {
        String::new()
    } else {
        format!("&page={page}")
    };
    let host = paths::with_host("", host).replacen('?', "&", 1);
    format!("{}?q={query}&country={country}{page}{host}", paths::ISSUERS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_to_look_is_said_or_chosen_or_supposed() {
        let code = |text: &str| CountryCode::parse(text).expect("country");
        let (norway, poland) = (code("NO"), code("PL"));
        let all = Where::Chosen(None);
        let supposed = |code: &CountryCode| Where::Supposed(code.clone());
        for (query, chosen, region, place) in [
            (
                "country=NO",
                Some(Some(poland.clone())),
                Some("PL"),
                Where::Chosen(Some(norway.clone())),
            ),
            ("country=", Some(Some(poland.clone())), Some("PL"), all.clone()),
            ("", Some(Some(norway.clone())), Some("PL"), supposed(&norway)),
            ("", Some(None), Some("PL"), all.clone()),
            ("", None, Some("PL"), supposed(&poland)),
            ("", None, Some("US"), all.clone()),
            ("", None, None, all.clone()),
            ("q=bank", Some(Some(norway.clone())), Some("PL"), all.clone()),
        ] {
            let wanted = Wanted::parse(query).expect("a query");
            assert_eq!(wanted.place(chosen, region), place, "{query} {region:?}");
        }
    }
}
