//! What is seen of the picker: the whole page, or the part that changes while somebody types.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use crate::app::picking::{ROWS_PER_PAGE, SEARCH_FROM, Tongue};
use crate::app::view::{Health, IssuerBadge, Picker, Reach};
use crate::domain::device::Device;
use crate::domain::id::CountryCode;
use crate::domain::launch::Mechanism;
use crate::domain::search::in_order;
use crate::words::Words;

use super::super::frame::{Frame, Logo, html_page, show};
use super::super::guard::Visit;
use super::super::launch::Escape;
use super::super::paths;
use super::super::problem::{Action, Problem};
use super::super::text::plain_name;
use super::{Wanted, address, tongue};

/// What the forms of the page bring back.
pub struct Forms {
    /// The token of every form.
    pub csrf: String,
    /// What the page calls what begins on it.
    pub start: String,
}

/// The rows whose logos are fetched with the page; the others when they are about to be seen.
const ROWS_SEEN_FIRST: usize = 6;

#[derive(Template)]
#[template(path = "picker.html")]
struct PickerPage {
    frame: Frame,
    /// The page of another site that is led back to.
    host: Option<String>,
    csrf: String,
    start: String,
    query: String,
    searchable: bool,
    /// Code, label, and whether it is the chosen one.
    countries: Vec<(String, String, bool)>,
    list: List,
    escape: Option<Escape>,
}

#[derive(Template)]
#[template(path = "picker_list.html")]
struct ListPart {
    frame: Frame,
    list: List,
}

/// What changes while somebody types.
struct List {
    count: String,
    /// Where another list is, offered beside the count.
    other: Option<Action>,
    stale: Option<String>,
    empty: Option<Empty>,
    recent: Vec<Row>,
    popular: Option<(String, Vec<Row>)>,
    heading: String,
    rows: Vec<Row>,
    letters: Vec<Action>,
    more: Option<Action>,
    missing: Missing,
}

/// What is said in place of an empty list.
struct Empty {
    title: String,
    body: Option<String>,
    suggestion: Option<Action>,
    way_on: Action,
}

/// Why a bank may not be in the list.
struct Missing {
    reasons: Vec<String>,
    /// Where to look for it.
    elsewhere: Option<Action>,
}

struct Row {
    /// Its number in the whole list; `None` in the groups above it.
    number: Option<usize>,
    letter: Option<String>,
    id: String,
    name: String,
    place: String,
    logo: Logo,
    badge: Option<(String, &'static str)>,
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

/// The page.
pub fn picker_page(visit: &Visit, forms: &Forms, wanted: &Wanted, picker: &Picker) -> Response {
    let t = &visit.words;
    let searchable = picker.directory_total >= SEARCH_FROM || !wanted.query.is_empty() || picker.country.is_some();
    let mut frame = Frame::new(visit, t.picker_title(), "picker")
        .scripted(visit)
        .led_back(wanted.host.as_ref());
    // Going back after signing out shows nobody's banks.
    if visit.account().is_none() {
        frame = frame.kept();
    }
    if searchable {
        frame.scripts.push(visit.shell.files.picker.address());
    }
    let page = PickerPage {
        frame,
        host: wanted.host.as_ref().map(|host| host.as_str().to_owned()),
        csrf: forms.csrf.clone(),
        start: forms.start.clone(),
        query: plain_name(&wanted.query),
        searchable,
        countries: country_options(t, picker),
        list: Maker::of(visit, wanted, picker).list(),
        escape: picker.in_app.then(|| Escape {
            address: format!("{}{}", visit.shell.origin, paths::ISSUERS),
            page: None,
        }),
    };
    show(StatusCode::OK, &page.frame, &page)
}

/// The part of the page that changes while somebody types.
pub fn results_page(visit: &Visit, wanted: &Wanted, picker: &Picker) -> Response {
    let part = ListPart {
        frame: Frame::new(visit, visit.words.picker_title(), "picker"),
        list: Maker::of(visit, wanted, picker).list(),
    };
    match part.render() {
        Ok(html) => html_page(StatusCode::OK, Vec::new(), html),
        Err(_) => Problem::internal().into_response(),
    }
}

fn country_options(t: &Words, picker: &Picker) -> Vec<(String, String, bool)> {
    let tongue = tongue(t.language());
    let mut named: Vec<(&CountryCode, usize, &str)> = picker
        .countries
        .iter()
        .map(|(code, count)| (code, *count, name_of(tongue, code)))
        .collect();
    in_order(tongue.tag, &mut named, |(_, _, name)| name);
    // A choice of which there is nothing must still be seen to be the choice.
    if let Some(code) = picker
        .country
        .as_ref()
        .filter(|code| named.iter().all(|(known, ..)| known != code))
    {
        named.push((code, 0, name_of(tongue, code)));
    }
    let option = |code: &str, name: &str, count: usize, is_chosen: bool| {
        (
            code.to_owned(),
            t.picker_country_option(name, count.to_string()),
            is_chosen,
        )
    };
    let all = option(
        "",
        &t.picker_country_all(),
        picker.directory_total,
        picker.country.is_none(),
    );
    let each = named
        .into_iter()
        .map(|(code, count, name)| option(code.as_str(), name, count, picker.country.as_ref() == Some(code)));
    std::iter::once(all).chain(each).collect()
}

fn name_of(tongue: Tongue, code: &CountryCode) -> &str {
    (tongue.country)(tongue.tag, code.as_str())
}

/// What a list is made of.
struct Maker<'a> {
    t: &'a Words,
    device: &'a Device,
    wanted: &'a Wanted,
    picker: &'a Picker,
    /// What was typed, fit to be shown.
    query: String,
    /// The name of the country whose issuers these are.
    country: Option<String>,
}

impl<'a> Maker<'a> {
    fn of(visit: &'a Visit, wanted: &'a Wanted, picker: &'a Picker) -> Self {
        let tongue = tongue(visit.words.language());
        Self {
            t: &visit.words,
            device: &visit.device,
            wanted,
            picker,
            query: plain_name(&wanted.query),
            country: picker.country.as_ref().map(|code| name_of(tongue, code).to_owned()),
        }
    }

    fn list(&self) -> List {
        let (t, picker) = (self.t, self.picker);
        let group =
            |badges: &[IssuerBadge]| -> Vec<Row> { badges.iter().map(|issuer| self.row(issuer, None, None)).collect() };
        let popular = match &self.country {
            Some(country) => t.picker_group_popular_country(country),
            None => t.picker_group_popular(),
        };
        let numbered = picker.rows.iter().enumerate();
        let rows: Vec<Row> = numbered
            .map(|(index, row)| self.row(&row.issuer, Some(index + 1), row.letter.clone()))
            .collect();
        let left = picker.total.saturating_sub(rows.len());
        List {
            count: self.count_line(),
            other: self.other(),
            stale: picker.stale_minutes.map(|minutes| t.picker_stale(ago(t, minutes))),
            empty: rows.is_empty().then(|| self.empty()),
            recent: group(&picker.recent),
            popular: (!picker.popular.is_empty()).then(|| (popular, group(&picker.popular))),
            heading: match &self.country {
                _ if !self.query.is_empty() => t.picker_group_results(),
                Some(country) => t.picker_group_all_country(country),
                None => t.picker_group_all(),
            },
            letters: self.letters(),
            more: (left > 0).then(|| {
                let count = left.min(ROWS_PER_PAGE).to_string();
                Action::new(t.picker_more(count), self.href_of_row(rows.len() + 1))
            }),
            missing: self.missing(),
            rows,
        }
    }

    fn address(&self, query: &str, country: Option<&CountryCode>, page: usize) -> String {
        address(query, country, page, self.wanted.host.as_ref())
    }

    /// The address of a row of this list, on the page that shows it first.
    fn href_of_row(&self, row: usize) -> String {
        let page = row.div_ceil(ROWS_PER_PAGE).max(self.wanted.page);
        let list = self.address(&self.wanted.query, self.picker.country.as_ref(), page);
        format!("{list}#r{row}")
    }

    fn letters(&self) -> Vec<Action> {
        if self.picker.total <= ROWS_PER_PAGE {
            return Vec::new();
        }
        let href = |row: usize| {
            if row <= self.picker.rows.len() {
                format!("#r{row}")
            } else {
                self.href_of_row(row)
            }
        };
        let letters = self.picker.letters.iter();
        letters
            .map(|letter| Action::new(letter.text.clone(), href(letter.row)))
            .collect()
    }

    fn count_line(&self) -> String {
        let (t, query, total) = (self.t, self.query.as_str(), self.picker.total);
        let shown = self.picker.rows.len();
        match (query.is_empty(), total > shown) {
            (false, false) => t.picker_count_query(total, query),
            (false, true) => t.picker_count_query_partial(shown.to_string(), total, query),
            (true, false) => t.picker_count(total),
            (true, true) => t.picker_count_partial(shown.to_string(), total),
        }
    }

    /// The way back from a search, or out of a country that nobody has asked for.
    fn other(&self) -> Option<Action> {
        let country = self.picker.country.as_ref();
        if !self.query.is_empty() {
            return Some(Action::new(self.t.picker_clear(), self.address("", country, 1)));
        }
        let everywhere = || Action::new(self.t.picker_missing_country_all(), self.address("", None, 1));
        (country.is_some() && self.picker.elsewhere > 0).then(everywhere)
    }

    fn empty(&self) -> Empty {
        let t = self.t;
        let all = self.address(&self.wanted.query, None, 1);
        let in_all_countries = || Action::new(t.picker_empty_query_all(), all);
        let suggestion = self.picker.suggestion.as_ref().map(|name| {
            let href = self.address(name, self.picker.country.as_ref(), 1);
            Action::new(t.picker_did_you_mean(plain_name(name)), href)
        });
        match &self.country {
            _ if self.picker.directory_total == 0 && self.picker.hides_unreachable && self.picker.unreachable > 0 => {
                Empty {
                    title: t.picker_empty_device_title(),
                    body: Some(t.picker_missing_hidden(self.picker.unreachable)),
                    suggestion: None,
                    way_on: Action::new(t.back_home(), paths::HOME),
                }
            }
            _ if self.picker.directory_total == 0 => Empty {
                title: t.picker_empty_all_title(),
                body: Some(t.picker_empty_all_body()),
                suggestion: None,
                way_on: Action::new(t.back_home(), paths::HOME),
            },
            Some(country) if self.query.is_empty() => Empty {
                title: t.picker_empty_country(country),
                body: None,
                suggestion: None,
                way_on: in_all_countries(),
            },
            Some(_) => Empty {
                title: t.picker_empty_query_title(&self.query),
                body: Some(t.picker_empty_query_body()),
                suggestion,
                way_on: in_all_countries(),
            },
            None => Empty {
                title: t.picker_empty_query_title(&self.query),
                body: Some(t.picker_empty_query_everywhere()),
                suggestion,
                way_on: Action::new(t.picker_clear(), self.address("", None, 1)),
            },
        }
    }

    fn missing(&self) -> Missing {
        let (t, picker) = (self.t, self.picker);
        let is_troubled = |row: &crate::app::view::PickerRow| row.issuer.health != Health::Fine;
        let country = self.country.as_ref().filter(|_| picker.elsewhere > 0);
        let reasons = [
            country.map(|country| t.picker_missing_country(country, picker.elsewhere)),
            (picker.unreachable > 0).then(|| match picker.hides_unreachable {
                true => t.picker_missing_hidden(picker.unreachable),
                false => t.picker_missing_marked(),
            }),
            picker.rows.iter().any(is_troubled).then(|| t.picker_missing_health()),
            Some(t.picker_missing_body()),
        ];
        let all = self.address(&self.wanted.query, None, 1);
        Missing {
            reasons: reasons.into_iter().flatten().collect(),
            elsewhere: self.country.as_ref().map(|_| match self.query.as_str() {
                "" => Action::new(t.picker_missing_country_all(), all),
                query => Action::new(t.picker_missing_query(query), all),
            }),
        }
    }

    fn row(&self, issuer: &IssuerBadge, number: Option<usize>, letter: Option<String>) -> Row {
        let (badge, choose) = self.badge(issuer);
        Row {
            number,
            letter,
            id: issuer.id.to_string(),
            name: plain_name(&issuer.name),
            place: self.place(issuer),
            logo: Logo::of(issuer).late(number.is_some_and(|number| number > ROWS_SEEN_FIRST)),
            badge,
            choose,
        }
    }

    /// Where an issuer serves, after its name in a script that readers of the page can read.
    fn place(&self, issuer: &IssuerBadge) -> String {
        let (t, tongue) = (self.t, tongue(self.t.language()));
        let names: Vec<&str> = issuer.countries.iter().map(|code| name_of(tongue, code)).collect();
        let countries = match names.as_slice() {
            [first, second] => t.picker_countries_two(first, second),
            [first, second, rest @ ..] => t.picker_countries_more(first, second, rest.len().to_string()),
            names => names.concat(),
        };
        let alias = issuer.alias.as_deref().map(plain_name);
        let alias = alias.filter(|alias| !alias.is_empty() && !is_readable(&issuer.name, t.language().tag()));
        alias.into_iter().chain([countries]).collect::<Vec<_>>().join(" · ")
    }

    /// What the badge of a row says, and in which tone; and what choosing the row does.
    fn badge(&self, issuer: &IssuerBadge) -> (Option<(String, &'static str)>, Choose) {
        let t = self.t;
        let trouble = match issuer.health {
            Health::Fine => None,
            Health::Degraded => Some((t.picker_badge_degraded(), "")),
            Health::Down => Some((t.picker_badge_down(), "")),
        };
        let only = |words: String| Some((words, ""));
        match issuer.reach {
            _ if issuer.mechanism == Mechanism::Static => (trouble, Choose::Rests),
            Reach::App => (
                trouble.or_else(|| Some((t.picker_badge_opens_app(), " app"))),
                Choose::Starts,
            ),
            Reach::Website => (trouble, Choose::Starts),
            Reach::PhoneOnly | Reach::TabletPerhaps => (
                trouble.or_else(|| only(t.picker_badge_app())),
                Choose::Leads(paths::with_host(
                    &paths::issuer(issuer.id.as_str()),
                    self.wanted.host.as_ref(),
                )),
            ),
            Reach::Nowhere if self.device.is_phone() => (only(t.picker_badge_other_phone()), Choose::Rests),
            Reach::Nowhere => (only(t.picker_badge_other_device()), Choose::Rests),
        }
    }
}

/// Whether who reads a language reads the script of a name.
fn is_readable(name: &str, language: &str) -> bool {
    let scripts = CodePointMapData::<Script>::new();
    let first = name.chars().find(|character| character.is_alphabetic());
    first.is_none_or(|letter| {
        let script = scripts.get(letter);
        match language {
            "ar" | "ar-XB" => script == Script::Arabic || script == Script::Latin,
            "ja" => [Script::Han, Script::Hiragana, Script::Katakana, Script::Latin].contains(&script),
            _ => script == Script::Latin,
        }
    })
}

fn ago(t: &Words, minutes: i64) -> String {
    match minutes {
        ..60 => t.picker_ago_minutes(minutes),
        60..2_880 => t.picker_ago_hours(minutes / 60),
        _ => t.picker_ago_days(minutes / 1_440),
    }
}
