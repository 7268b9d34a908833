//! Which language a visit wants, from `Accept-Language` (RFC 9110, 12.5.4): the highest q first, as far as we speak it.

use super::Language;

/// How many tags of a header are looked at. Browsers send fewer than ten.
pub const MAX_TAGS: usize = 32;

/// What a browser's header says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The first language wanted that we speak.
    pub language: Option<Language>,
    /// The region of the first tag that names one: two letters (ISO 3166-1).
    pub region: Option<String>,
    /// Each first part of a tag with the region that it names, the most wanted first.
    regions: Vec<(String, String)>,
}

impl Accepted {
    /// Reads a header. What cannot be read counts for nothing. Pseudo-languages count where `with_pseudo` is set.
    #[must_use]
    pub fn parse(header: &str, with_pseudo: bool) -> Self {
        let mut wanted: Vec<(&str, u16)> = header.split(',').take(MAX_TAGS).filter_map(tag_and_weight).collect();
        // Stable: of two equally wanted, the first.
        wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        Self {
            language: wanted.iter().find_map(|(tag, _)| spoken(tag, with_pseudo)),
            region: wanted.iter().find_map(|(tag, _)| region(tag)),
            regions: wanted
                .iter()
                .filter_map(|(tag, _)| Some((primary(tag), region(tag)?)))
                .collect(),
        }
    }

    /// The region in which this language is wanted, if a tag of it names one: that of `de-CH, en-GB` is `CH` for German.
    #[must_use]
    pub fn region_of(&self, language: Language) -> Option<&str> {
        let wanted = primary(language.tag());
        let found = self.regions.iter().find(|(tag, _)| *tag == wanted);
        found.map(|(_, region)| region.as_str())
    }
}

/// `pl;q=0.9` is `pl` and 900. A weight of 0 means never.
fn tag_and_weight(entry: &str) -> Option<(&str, u16)> {
    let (tag, parameter) = entry
        .split_once(';')
        .map_or((entry, None), |(tag, rest)| (tag, Some(rest)));
    let weight = match parameter.map(str::trim) {
        None => 1_000,
        Some(text) => thousandths(text.strip_prefix("q=").or_else(|| text.strip_prefix("Q="))?)?,
    };
    let tag = tag.trim();
    let is_tag = !tag.is_empty() && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (weight > 0 && is_tag).then_some((tag, weight))
}

/// `0.9` is 900: RFC 9110 allows three digits.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let is_right = matches!(whole, "0" | "1") && rest.len() <= 3 && rest.bytes().all(|byte| byte.is_ascii_digit());
    let part: u16 = if rest.is_empty() {
        0
    } else {
        format!("{rest:0<3}").parse().ok()?
    };
    let weight = whole.parse::<u16>().ok()? * 1_000 + part;
    (is_right && weight <= 1_000).then_some(weight)
}

/// The language of a tag: the same tag, or else the same first part. `pt-PT` is answered in Brazilian Portuguese.
fn spoken(tag: &str, with_pseudo: bool) -> Option<Language> {
    let whole = Language::with_pseudo().find(|language| language.tag().eq_ignore_ascii_case(tag));
    whole
        .filter(|language| with_pseudo || !language.is_pseudo())
        .or_else(|| Language::all().find(|language| primary(language.tag()) == primary(tag)))
}

/// The first part of a tag: the language without script and region.
fn primary(tag: &str) -> String {
    tag.split('-').next().unwrap_or_default().to_ascii_lowercase()
}

/// The region subtag: two letters after the first part. Those from `QM` to `QZ` and `X…` stand for no country.
fn region(tag: &str) -> Option<String> {
    tag.split('-')
        .skip(1)
        .take_while(|part| part.len() > 1)
        .find(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_ascii_uppercase)
        .filter(|region| !region.starts_with('X') && !("QM".."QZZ").contains(&region.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_wins_not_the_first_place() {
        for (header, tag, region) in [
            ("en-GB;q=0.2, pl;q=0.9", Some("pl"), Some("GB")),
            ("de-CH", Some("de"), Some("CH")),
            ("fr-CA,fr;q=0.8", Some("fr"), Some("CA")),
            ("pt-PT", Some("pt-BR"), Some("PT")),
            ("PT-br", Some("pt-BR"), Some("BR")),
            ("ar-EG", Some("ar"), Some("EG")),
            ("zh-TW,zh;q=0.8", None, Some("TW")),
            ("zh-Hant-TW,ja;q=0.1", Some("ja"), Some("TW")),
            ("iw", None, None),
            ("de;q=0, fr;q=0.001", Some("fr"), None),
            ("*", None, None),
            ("de;q=2, fr;q=0.5", Some("fr"), None),
            ("de;q=abc, fr", Some("fr"), None),
            ("de;q=0.1234, fr;q=0.1", Some("fr"), None),
            ("de ; q=0.5 , es", Some("es"), None),
            ("", None, None),
            (",,;;q=1,", None, None),
            ("en-u-nu-thai-x-de", Some("en"), None),
        ] {
            let accepted = Accepted::parse(header, false);
            assert_eq!(accepted.language.map(Language::tag), tag, "{header}");
            assert_eq!(accepted.region.as_deref(), region, "{header}");
        }
    }

    #[test]
    fn pseudo_languages_are_for_tests() {
        assert_eq!(
            Accepted::parse("en-XA", true).language.map(Language::tag),
            Some("en-XA")
        );
        assert_eq!(Accepted::parse("en-XA", false).language.map(Language::tag), Some("en"));
        assert_eq!(Accepted::parse("en-XA", false).region, None);
    }

    #[test]
    fn a_language_has_the_region_that_it_is_wanted_in() {
        let accepted = Accepted::parse("en-GB, de-CH;q=0.8, de-AT;q=0.9, pl;q=0.1, pt-PT;q=0.1", false);
        for (tag, region) in [
            ("en", Some("GB")),
            ("de", Some("AT")),
            ("pl", None),
            ("fr", None),
            ("pt-BR", Some("PT")),
        ] {
            let language = Language::of_tag(tag).expect("a language");
            assert_eq!(accepted.region_of(language), region, "{tag}");
        }
    }

    #[test]
    fn an_endless_header_is_read_to_a_limit() {
        let header = format!("{}de", "xx,".repeat(MAX_TAGS));
        assert_eq!(Accepted::parse(&header, false).language, None);
    }
}
