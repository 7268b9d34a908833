//! Banks by the hundred, for lists that are long: names made of syllables from a fixed seed, so that every start has the
//! same ones. They have no websites of their own.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::sim::dice::Dice;

/// A bank that is only a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passerby {
    /// Stable id, `extra-number-country`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// Its logo, a letter on a tile, as SVG; two in ten have none.
    pub logo_svg: Option<String>,
}

/// From where the numbers begin that choose everything.
const SEED: u64 = 0x7469_6465_6d61_726b;
/// One name in so many that were there before is given a number; the others are thrown away.
const PATIENCE: u64 = 64;
/// Of so many logos two are missing.
const LOGOS: u64 = 10;

/// How names are made in a country: its code, the syllables a name begins and ends with, and what is said around it.
type Manner = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const NORDIC: &[&str] = &[
    "Fjær", "Hav", "Sund", "Ås", "Lyng", "Torn", "Vår", "Brei", "Klipp", "Møl",
];
const NORDIC_END: &[&str] = &["dal", "vik", "bø", "nes", "heim", "lund", "mark", "borg"];
const ENGLISH: &[&str] = &[
    "Ash", "Brack", "Corrie", "Dun", "Elder", "Fern", "Glen", "Hazel", "Larch", "Moor", "Wren",
];
const ENGLISH_END: &[&str] = &["combe", "dale", "field", "ford", "holt", "mere", "stow", "wick"];
const GERMAN: &[&str] = &[
    "Birken", "Föhren", "Grün", "Hasel", "Königs", "Mühl", "Stein", "Über", "Wald",
];
const GERMAN_END: &[&str] = &["au", "bach", "feld", "grund", "hausen", "tal", "zell"];
const ROMANCE: &[&str] = &[
    "Alme", "Belle", "Cala", "Flori", "Luzo", "Miran", "Peña", "Rosa", "Séré", "Vale",
];
const ROMANCE_END: &[&str] = &["brava", "dor", "lière", "mar", "nade", "rís", "sol", "ville"];
const SLAVIC: &[&str] = &[
    "Bere", "Čer", "Dąb", "Jasno", "Kali", "Łąko", "Mod", "Šípo", "Wierz", "Źródl",
];
const SLAVIC_END: &[&str] = &["bór", "grad", "lin", "nica", "polje", "stok", "výš"];
const TURKIC: &[&str] = &[
    "Ağaç", "Çınar", "Deniz", "Gökçe", "Işık", "Kızıl", "Öz", "Şahin", "Ünal",
];
const TURKIC_END: &[&str] = &["dağ", "köy", "ova", "pınar", "su", "tepe"];
const KANA: &[&str] = &["アオ", "カワ", "サクラ", "ツバキ", "ハナ", "ミナト", "ヤマ", "ユキ"];
const KANA_END: &[&str] = &["ガワ", "シマ", "ノ", "ハラ", "ムラ"];

/// The countries, those with most banks several times.
const MANNERS: &[Manner] = &[
    ("NO", NORDIC, NORDIC_END, &["{} Bank", "{} Kreditt"]),
    ("SE", NORDIC, NORDIC_END, &["{} Bank", "{}s Kassa"]),
    ("DK", NORDIC, NORDIC_END, &["{} Bank", "Bank {}"]),
    (
        "GB",
        ENGLISH,
        ENGLISH_END,
        &["{} Building Society", "{} Bank", "{} Savings", "{} & Sons"],
    ),
    ("GB", ENGLISH, ENGLISH_END, &["Bank of {}", "{} Mutual"]),
    ("IE", ENGLISH, ENGLISH_END, &["{} Credit Union"]),
    (
        "US",
        ENGLISH,
        ENGLISH_END,
        &["{} Credit Union", "{} Savings", "First Bank of {}", "{} Trust"],
    ),
    ("US", ENGLISH, ENGLISH_END, &["{} Community Bank", "{} Federal"]),
    (
        "DE",
        GERMAN,
        GERMAN_END,
        &["{}er Genossenschaftsbank", "{}er Bank", "Bank {}"],
    ),
    ("DE", GERMAN, GERMAN_END, &["{}er Kreditkasse", "Bankhaus {}"]),
    ("AT", GERMAN, GERMAN_END, &["{}er Kasse"]),
    ("CH", GERMAN, GERMAN_END, &["Kasse {}", "Banque {}"]),
    ("FR", ROMANCE, ROMANCE_END, &["Crédit {}", "Banque {}", "Caisse de {}"]),
    ("ES", ROMANCE, ROMANCE_END, &["Banco {}", "Caja {}"]),
    ("IT", ROMANCE, ROMANCE_END, &["Banca {}", "Cassa {}"]),
    ("PT", ROMANCE, ROMANCE_END, &["Banco {}"]),
    ("BR", ROMANCE, ROMANCE_END, &["Banco {}", "{} Cooperativa"]),
    ("MX", ROMANCE, ROMANCE_END, &["Banco {}", "Caja {}"]),
    ("PL", SLAVIC, SLAVIC_END, &["Bank {}", "{} Bank"]),
    ("CZ", SLAVIC, SLAVIC_END, &["Banka {}", "{} Záložna"]),
    ("HR", SLAVIC, SLAVIC_END, &["{} Banka"]),
    ("TR", TURKIC, TURKIC_END, &["{} Bankası", "{} Katılım"]),
    ("JP", KANA, KANA_END, &["{}銀行", "{}信用金庫"]),
];

/// The strokes of capital letters in a box of 44 by 44; what is not there is drawn as a wave.
const STROKES: &[(char, &str)] = &[
    ('A', "M12 34L22 10L32 34M16 26H28"),
    ('B', "M14 10V34H24A6 6 0 0 0 24 21H14M14 10H23A5 5 0 0 1 23 21"),
    ('C', "M31 15A11 12 0 1 0 31 29"),
    ('D', "M14 10V34H21A11 12 0 0 0 21 10Z"),
    ('E', "M30 10H15V34H30M15 22H27"),
    ('F', "M30 10H15V34M15 22H27"),
    ('G', "M31 15A11 12 0 1 0 31 29V23H24"),
    ('H', "M13 10V34M31 10V34M13 22H31"),
    ('K', "M14 10V34M30 10L15 22L31 34"),
    ('L', "M15 10V34H30"),
    ('M', "M11 34V10L22 26L33 10V34"),
    ('R', "M14 34V10H23A6 6 0 0 1 23 22H14M22 22L31 34"),
    ('S', "M30 14C24 8 14 10 14 16C14 24 31 20 30 28C29 35 18 35 13 30"),
    ('V', "M12 10L22 34L32 10"),
    ('W', "M9 10L16 34L22 16L28 34L35 10"),
];
const WAVE: &str = "M8 22C13 14 17 14 22 22S31 30 36 22";
const COLOURS: &[(&str, &str)] = &[
    ("#123a5c", "#9fe0d2"),
    ("#3b2a57", "#f1c889"),
    ("#7b1e2b", "#f2d7c2"),
    ("#0e5c4a", "#f5e9b8"),
    ("#1d2f8a", "#ffd9a8"),
    ("#3a4a1e", "#dfe7b7"),
];

/// So many banks, always the same ones in the same order.
#[must_use]
pub fn crowd(count: usize) -> Vec<Passerby> {
    let mut dice = Dice::new(SEED);
    let mut names = HashSet::new();
    let mut crowd = Vec::with_capacity(count);
    while crowd.len() < count {
        let (country, begin, end, around) = dice.pick(MANNERS);
        let stem = format!("{}{}", dice.pick(begin), dice.pick(end));
        let mut name = dice.pick(around).replace("{}", &stem);
        if names.contains(&name) {
            if dice.roll(PATIENCE) > 0 {
                continue;
            }
            // There are as many branches as it takes.
            let _ = write!(name, " {}", crowd.len() + 1);
        }
        names.insert(name.clone());
        let logo_svg = (dice.roll(LOGOS) >= 2).then(|| tile(&stem, dice.pick(COLOURS)));
        crowd.push(Passerby {
            id: format!("extra-{:03}-{}", crowd.len() + 1, country.to_lowercase()),
            name,
            country,
            logo_svg,
        });
    }
    crowd
}

fn tile(name: &str, (background, stroke): (&str, &str)) -> String {
    let known = |(letter, _): &&(char, &str)| name.starts_with(*letter);
    let path = STROKES.iter().find(known).map_or(WAVE, |(_, path)| *path);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"192\" height=\"192\" viewBox=\"0 0 44 44\">\
         <rect width=\"44\" height=\"44\" fill=\"{background}\"/><path d=\"{path}\" fill=\"none\" stroke=\"{stroke}\" \
         stroke-width=\"3\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_is_the_same_every_time_and_nobody_in_it_is_there_twice() {
        let crowd = super::crowd(600);
        assert_eq!(super::crowd(600), crowd);
        assert_eq!(super::crowd(10), crowd[..10], "a longer list begins as a shorter one");
        let unique = |of: fn(&Passerby) -> &String| crowd.iter().map(of).collect::<HashSet<_>>().len();
        assert_eq!((unique(|bank| &bank.id), unique(|bank| &bank.name)), (600, 600));
        let without_logo = crowd.iter().filter(|bank| bank.logo_svg.is_none()).count();
        assert!((90..150).contains(&without_logo), "{without_logo}");
        for bank in &crowd {
            assert!(bank.name.chars().count() <= 64 && bank.id.len() <= 36, "{bank:?}");
        }
    }
}
