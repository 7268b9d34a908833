//! The language and the country that a session speaks, as MDES spells them: `en_US`.

use serde::{Deserialize, Serialize};

/// Two letters of a language (ISO 639-1), two of a country (ISO 3166-1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locale(String);

/// A text that is no language and country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotALocale;

impl std::fmt::Display for NotALocale {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a locale is a language and a country, as en_US")
    }
}

impl Locale {
    /// Reads `en_US`, `en-US` or `en_us`.
    ///
    /// # Errors
    /// [`NotALocale`] for anything else: a language alone, a script, a region of three digits.
    pub fn parse(text: &str) -> Result<Self, NotALocale> {
        let (language, country) = text.split_once(['_', '-']).ok_or(NotALocale)?;
        let is_pair = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_pair(language) || !is_pair(country) {
            return Err(NotALocale);
        }
        Ok(Self(format!(
            "{}_{}",
            language.to_ascii_lowercase(),
            country.to_ascii_uppercase()
        )))
    }

    /// `en_US`: `locale` of the protocol.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `en`: `consumerLanguage` of the protocol.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.0[..2]
    }
}

impl TryFrom<String> for Locale {
    type Error = NotALocale;

    fn try_from(text: String) -> Result<Self, NotALocale> {
        Self::parse(&text)
    }
}

impl From<Locale> for String {
    fn from(locale: Locale) -> Self {
        locale.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_and_a_country_are_read_however_they_are_joined() {
        for text in ["pt_BR", "pt-BR", "pt_br", "PT-br"] {
            let locale = Locale::parse(text).expect(text);
            assert_eq!((locale.as_str(), locale.language()), ("pt_BR", "pt"));
        }
        for wrong in [
            "",
            "pt",
            "_",
            "p_BR",
            "por_BR",
            "pt_BRA",
            "pt_419",
            "zh_Hans_CN",
            "pt BR",
            "pt_B1",
            "p\u{e9}_BR",
            "pt__BR",
        ] {
            assert_eq!(Locale::parse(wrong), Err(NotALocale), "{wrong}");
        }
        let read = |json: &str| serde_json::from_str::<Locale>(json);
        assert!(read("\"de_CH\"").is_ok() && read("\"de\"").is_err());
    }
}
