//! The order of names in a language, and the letters they stand under.

use std::cmp::Ordering;

use icu_collator::options::{AlternateHandling, CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;
use icu_properties::CodePointMapData;
use icu_properties::props::Script;

use super::fold;

/// Under what names that begin with a digit stand.
const DIGITS: &str = "0–9";
/// Under what names that begin with a Han character stand: each would be alone under its own.
const HAN: &str = "漢字";

/// How a language orders names (Unicode Collation Algorithm, CLDR): punctuation does not count, and "2" is before "10".
pub struct Order {
    names: CollatorBorrowed<'static>,
    letters: CollatorBorrowed<'static>,
}

impl Order {
    /// The order of a language; of no language where the tag is not known.
    pub fn of(language: &str) -> Self {
        let locale = Locale::try_from_str(language).unwrap_or(Locale::UNKNOWN);
        let collator = |strength: Strength| {
            let mut preferences = CollatorPreferences::from(&locale);
            preferences.numeric_ordering = Some(CollationNumericOrdering::True);
            let mut options = CollatorOptions::default();
            options.strength = Some(strength);
            options.alternate_handling = Some(AlternateHandling::Shifted);
            Collator::try_new(preferences, options).expect("the data is compiled in, and unknown languages fall back")
        };
        Self {
            names: collator(Strength::Tertiary),
            letters: collator(Strength::Primary),
        }
    }

    /// Which of two names comes first.
    pub fn compare(&self, one: &str, other: &str) -> Ordering {
        self.names.compare(one, other)
    }

    /// The letters that names stand under, which are in order already: "Å" is under "A" in English and a letter of its
    /// own in Swedish.
    pub fn letters<'a>(&self, names: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut letters: Vec<String> = Vec::new();
        for name in names {
            let letter = self.letter(name);
            let letter = match letters.last() {
                Some(before) if self.letters.compare(before, &letter) == Ordering::Equal => before.clone(),
                _ => letter,
            };
            letters.push(letter);
        }
        letters
    }

    fn letter(&self, name: &str) -> String {
        let Some(first) = name.chars().find(|character| character.is_alphanumeric()) else {
            return "#".to_owned();
        };
        if first.is_numeric() {
            return DIGITS.to_owned();
        }
        if CodePointMapData::<Script>::new().get(first) == Script::Han {
            return HAN.to_owned();
        }
        let letter: String = first.to_uppercase().collect();
        // "Ö" heads nothing where it is an O with a mark.
        let plain = fold(&letter).to_uppercase();
        if self.letters.compare(&plain, &letter) == Ordering::Equal {
            plain
        } else {
            letter
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(language: &str, names: &[&str]) -> Vec<String> {
        let order = Order::of(language);
        let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        // From the other end, so that what is not compared does not stand in order by itself.
        names.reverse();
        names.sort_by(|one, other| order.compare(one, other));
        names
    }

    #[test]
    fn languages_differ_in_their_order() {
        for (language, names) in [
            (
                "sv",
                vec![
                    "2 Bank",
                    "10 Bank",
                    "Aland",
                    "Bank",
                    "Osby",
                    "Zetterlund",
                    "Åkerbank",
                    "Älvbank",
                    "Örebro",
                    "Österbank",
                ],
            ),
            (
                "cs",
                vec![
                    "Banka", "Bánka", "Cukr", "Čáp", "Dům", "Hora", "Chata", "Jih", "Řeka", "Sever", "Šumava", "Žito",
                ],
            ),
            (
                "tr",
                vec![
                    "Cami", "Çam", "Gök", "Ğ Bank", "Isparta", "İzmir", "Oba", "Öz", "Su", "Şehir", "Uç", "Ünal",
                ],
            ),
            (
                "de",
                vec![
                    "2 Bank", "10 Bank", "Adler", "Ahorn", "Ähre", "Oder", "Öder", "Otter", "Straße", "Strasser",
                    "Übel", "Zander",
                ],
            ),
        ] {
            assert_eq!(sorted(language, &names), names, "{language}");
        }
    }

    #[test]
    fn punctuation_does_not_count() {
        let names = ["Tarn", "Tarn & Fell", "Tarn-Fellow", "Tarn Gate"];
        assert_eq!(sorted("en", &names), names);
    }

    #[test]
    fn a_letter_heads_what_its_language_puts_under_it() {
        let heads = |language: &str, names: &[&str]| {
            let names = sorted(language, names);
            Order::of(language).letters(names.iter().map(String::as_str)).join(" ")
        };
        let names = [
            "7 Sisters",
            "Ånge",
            "Alm",
            "Øst",
            "Oda",
            "Łuk",
            "Lis",
            "蛍火",
            "銀行",
            "Ёлка",
            "Ель",
        ];
        assert_eq!(heads("en", &names), "0–9 A A L L O O Е Е 漢字 漢字");
        assert_eq!(heads("pl", &names), "0–9 A A L Ł O O Е Е 漢字 漢字");
        assert_eq!(heads("sv", &names), "0–9 A L L O Å Ø Е Е 漢字 漢字");
        assert_eq!(heads("xx-nonsense", &["— !", "b"]), "# B");
    }
}
