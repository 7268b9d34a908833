//! Lists of issuers of every length, and what stands behind a row that is not opened at once.

use crate::app::StartName;
use crate::app::picking::ROWS_PER_PAGE;
use crate::app::view::{Health, IssuerBadge, Letter, Picker, PickerRow, Reach};
use crate::domain::id::{CountryCode, IssuerId};
use crate::domain::launch::Mechanism;

use super::super::guard::Visit;
use super::super::pages;
use super::super::picker::{Forms, Wanted, picker_page};
use super::super::samples::{self, HOSTILE};
use super::Page;

/// What a query of the picker asks for.
pub(in crate::http) fn wanted(query: &str) -> Wanted {
    Wanted::parse(query).expect("a query")
}

/// What the forms of a picker hold.
pub(in crate::http) fn forms() -> Forms {
    Forms {
        csrf: "token".to_owned(),
        start: StartName {
            name: "0123456789abcdef".repeat(2),
            is_of_account: false,
        },
    }
}

/// An issuer of a list: the first has the name that was asked for, the others have names of their own, unless that one
/// is what they are there for.
fn issuer(index: usize, name: &str) -> IssuerBadge {
    const FIRST: [&str; 11] = [
        "Bánka Podolí",
        "Bereza",
        "Ghafa",
        "Hotarubi",
        "Ipê-roxo",
        "Łabędź",
        "Quillwort",
        "Silbertann",
        "Vesterålen",
        "Yıldıztepe",
        "蛍火",
    ];
    const SECOND: [&str; 11] = [
        "Bank",
        "Trust",
        "Sparekasse",
        "Savings & Loan",
        "Union",
        "Volksbank",
        "Direct",
        "Cooperative",
        "Crédit",
        "1888",
        "銀行",
    ];
    if index == 0 || name == HOSTILE {
        return samples::badge(name);
    }
    IssuerBadge {
        id: IssuerId::parse(&format!("issuer-{index}")).expect("id"),
        ..samples::badge(&format!("{} {}", FIRST[index % 11], SECOND[index / 11 % 11]))
    }
}

/// A picker of that many issuers, the first of which has that name.
pub(in crate::http) fn picker(rows: usize, name: &str) -> Picker {
    let country = |code| CountryCode::parse(code).expect("country");
    let row = |index: usize| PickerRow {
        issuer: issuer(index, name),
        letter: (rows > 24 && index == 0).then(|| "H".to_owned()),
    };
    let group = |size: usize| {
        (0..if rows > 8 { size } else { 0 })
            .map(|index| issuer(index, name))
            .collect()
    };
    let letter = |(text, row): (&str, usize)| Letter {
        text: text.to_owned(),
        row,
    };
    Picker {
        recent: group(2),
        popular: group(3),
        rows: (0..rows.min(ROWS_PER_PAGE)).map(row).collect(),
        letters: [("H", 1), ("J", 100)].map(letter).into(),
        total: rows,
        directory_total: rows,
        unreachable: 1,
        hides_unreachable: false,
        elsewhere: 0,
        suggestion: None,
        countries: vec![(country("NO"), 3), (country("GB"), 1)],
        country: None,
        stale_minutes: Some(95),
        unavailable: false,
        in_app: false,
    }
}

/// Two pages of a long list, which a second page shows below each other.
fn two_pages() -> Picker {
    let more = (ROWS_PER_PAGE..2 * ROWS_PER_PAGE).map(|index| PickerRow {
        issuer: issuer(index, "Havørn Bank"),
        letter: None,
    });
    let mut picker = picker(500, "Havørn Bank");
    picker.rows.extend(more);
    picker
}

/// What was found for a query, in no groups.
fn found(rows: usize) -> Picker {
    Picker {
        recent: Vec::new(),
        popular: Vec::new(),
        directory_total: 500,
        ..picker(rows, "Havørn Bank")
    }
}

/// Issuers of which none has a logo that can be shown.
fn without_logos() -> Picker {
    let mut picker = picker(12, "Havørn Bank");
    let rows = picker.rows.iter_mut().map(|row| &mut row.issuer);
    for issuer in rows.chain(&mut picker.popular).chain(&mut picker.recent) {
        issuer.logo = None;
    }
    picker
}

/// A list in an app, of issuers that lead to whatever there is.
fn in_app() -> Picker {
    let mut in_app = picker(4, "Havørn Bank");
    in_app.in_app = true;
    for (row, (_, reach, mechanism)) in in_app.rows.iter_mut().zip(REACHES) {
        row.issuer.reach = reach;
        row.issuer.mechanism = mechanism;
    }
    in_app
}

/// The pickers: of every length, in one country, with something found and with nothing, with trouble at banks, in an app.
pub(super) fn pickers(visit: &Visit) -> Vec<Page> {
    let mut troubled = picker(12, "Havørn Bank");
    troubled.rows[0].issuer.health = Health::Degraded;
    troubled.rows[1].issuer.health = Health::Down;
    troubled.hides_unreachable = true;
    let nothing = |name: &str| Picker {
        rows: Vec::new(),
        letters: Vec::new(),
        total: 0,
        elsewhere: 4,
        suggestion: Some(name.to_owned()),
        country: CountryCode::parse("NO").ok(),
        ..picker(3, name)
    };
    let in_country = Picker {
        country: CountryCode::parse("NO").ok(),
        elsewhere: 7,
        ..picker(30, "Havørn Bank")
    };
    let list = [
        ("picker", "", picker(12, "Havørn Bank")),
        ("picker-500", "", picker(500, "Havørn Bank")),
        ("picker-500-more", "page=2", two_pages()),
        ("picker-few", "", picker(3, "Havørn Bank")),
        ("picker-letters", "", without_logos()),
        ("picker-country", "country=NO", in_country),
        ("picker-troubled", "", troubled),
        ("picker-found", "q=hav&country=", found(3)),
        ("picker-found-many", "q=ban&country=", found(90)),
        ("picker-nothing", "q=havrn&country=NO", nothing("Havørn Bank")),
        ("picker-nothing-there", "country=NO", nothing("Havørn Bank")),
        ("picker-in-app", "", in_app()),
        ("picker-none", "", picker(0, "")),
        (
            "picker-hostile",
            "q=%3Cscript%3Ealert(1)%3C/script%3E",
            picker(12, HOSTILE),
        ),
        ("picker-nothing-hostile", "q=%3Cscript%3E", nothing(HOSTILE)),
    ];
    list.into_iter()
        .map(|(name, query, found)| (name.to_owned(), picker_page(visit, &forms(), &wanted(query), &found)))
        .collect()
}

/// What an issuer can lead to, besides its website, by a name for its page.
const REACHES: [(&str, Reach, Mechanism); 5] = [
    ("issuer-escape", Reach::App, Mechanism::Escape),
    ("issuer-phone-only", Reach::PhoneOnly, Mechanism::Qr),
    ("issuer-tablet-perhaps", Reach::TabletPerhaps, Mechanism::Qr),
    ("issuer-nowhere", Reach::Nowhere, Mechanism::None),
    ("issuer-static", Reach::Website, Mechanism::Static),
];

/// The pages of single issuers.
pub(super) fn issuers(visit: &Visit, csrf: &str) -> Vec<Page> {
    let page = |badge: &IssuerBadge| pages::issuer_page(visit, csrf, badge, None);
    let mut all = vec![
        ("issuer".to_owned(), page(&samples::badge("Havørn Bank"))),
        ("issuer-hostile".to_owned(), page(&samples::badge(HOSTILE))),
    ];
    for (name, reach, mechanism) in REACHES {
        let badge = IssuerBadge {
            reach,
            mechanism,
            ..samples::badge("Havørn Bank")
        };
        all.push((name.to_owned(), page(&badge)));
    }
    all
}
