//! The names of countries (ISO 3166-1, and Kosovo) in the languages of the pages.
//!
//! They are facts of CLDR, one file a language; where CLDR has a short form of a name (Hong Kong, Macao, Palestine), it is
//! the one that stands there.

/// The name of a country in a language, in English where the language is none of ours, or its code where it is no country.
#[must_use]
pub fn country<'a>(language: &str, code: &'a str) -> &'a str {
    table(language)
        .lines()
        .skip(1)
        .find_map(|line| line.strip_prefix(code)?.strip_prefix(' '))
        .unwrap_or(code)
}

fn table(language: &str) -> &'static str {
    match language {
        "ar" => include_str!("countries/ar.txt"),
        "de" => include_str!("countries/de.txt"),
        "es" => include_str!("countries/es.txt"),
        "fr" => include_str!("countries/fr.txt"),
        "ja" => include_str!("countries/ja.txt"),
        "pl" => include_str!("countries/pl.txt"),
        "pt-BR" => include_str!("countries/pt-BR.txt"),
        _ => include_str!("countries/en.txt"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(language: &str) -> Vec<&'static str> {
        let lines = table(language).lines().filter(|line| !line.starts_with('#'));
        lines
            .map(|line| line.split_once(' ').expect("code and name").0)
            .collect()
    }

    #[test]
    fn every_country_has_a_name_in_every_language() {
        let wanted = codes("en");
        // The 249 codes of ISO 3166-1, and XK.
        assert_eq!(wanted.len(), 250);
        for language in ["ar", "de", "en", "es", "fr", "ja", "pl", "pt-BR"] {
            assert_eq!(codes(language), wanted, "{language}");
            let is_named = |code: &&str| country(language, code) != *code && !country(language, code).trim().is_empty();
            assert!(wanted.iter().all(is_named), "{language}");
        }
    }

    #[test]
    fn a_country_is_named_in_the_language_of_the_page() {
        for (language, code, name) in [
            ("en", "NO", "Norway"),
            ("en", "TR", "Türkiye"),
            ("de", "AT", "Österreich"),
            ("fr", "US", "États-Unis"),
            ("es", "DE", "Alemania"),
            ("pt-BR", "JP", "Japão"),
            ("pl", "CZ", "Czechy"),
            ("ar", "AE", "الإمارات العربية المتحدة"),
            ("ja", "GB", "イギリス"),
            ("tlh", "NO", "Norway"),
            ("en", "ZZ", "ZZ"),
            ("en", "#", "#"),
        ] {
            assert_eq!(country(language, code), name, "{language} {code}");
        }
    }
}
