//! What pages say, in every language: one method for each message of `en/*.ftl` (Fluent), made by `build.rs`.
//!
//! A message that a page names and that does not exist does not compile; a language that lacks one does not build. So there
//! is no falling back to another language, and no key that a cardholder could see.
//!
//! | file | what |
//! |---|---|
//! | `*/*.ftl` | the words, one folder a language, one file an area; `# unreviewed` is the first line of those that no native speaker has read, and marks the language |
//! | [`countries`] | the names of countries |
//! | `negotiation` | which language a visit wants |

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub mod countries;
mod negotiation;

pub use negotiation::{Accepted, MAX_TAGS};

include!(concat!(env!("OUT_DIR"), "/messages.rs"));

/// A language that pages are written in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Language(&'static Entry);

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    tag: &'static str,
    name: &'static str,
    region: &'static str,
    is_rtl: bool,
    is_pseudo: bool,
    text: &'static str,
}

macro_rules! entry {
    ($tag:literal, $name:literal, $region:literal) => {
        Entry {
            tag: $tag,
            name: $name,
            region: $region,
            is_rtl: matches!($tag.as_bytes(), [b'a', b'r', ..]),
            is_pseudo: matches!($tag.as_bytes(), [.., b'-', b'X', b'A' | b'B']),
            text: include_str!(concat!(env!("OUT_DIR"), "/", $tag, ".ftl")),
        }
    };
}

/// In the order of the language page; the two pseudo-languages last. The region is the one a bare tag stands for.
static LANGUAGES: [Entry; 10] = [
    entry!("en", "English", "US"),
    entry!("de", "Deutsch", "DE"),
    entry!("fr", "Français", "FR"),
    entry!("es", "Español", "ES"),
    entry!("pt-BR", "Português (Brasil)", "BR"),
    entry!("pl", "Polski", "PL"),
    entry!("ar", "العربية", "AE"),
    entry!("ja", "日本語", "JP"),
    entry!("en-XA", "Pseudo (long)", "US"),
    entry!("ar-XB", "Pseudo (right to left)", "AE"),
];

impl Language {
    /// The source language.
    pub const ENGLISH: Self = Self(&LANGUAGES[0]);

    /// Every language, without the two that exist for tests.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::with_pseudo().filter(|language| !language.0.is_pseudo)
    }

    /// Every language and the two pseudo-languages.
    pub fn with_pseudo() -> impl Iterator<Item = Self> {
        LANGUAGES.iter().map(Self)
    }

    /// The language of exactly this tag, pseudo-languages too.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::with_pseudo().find(|language| language.tag() == tag)
    }

    /// Its tag (BCP 47): `html[lang]`, `Content-Language`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        self.0.tag
    }

    /// What it is called by those who speak it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// `ltr` or `rtl`.
    #[must_use]
    pub fn direction(self) -> &'static str {
        if self.0.is_rtl { "rtl" } else { "ltr" }
    }

    /// A language made for tests: only the demo speaks it.
    #[must_use]
    pub fn is_pseudo(self) -> bool {
        self.0.is_pseudo
    }

    /// Whether somebody who speaks it has read the translation: no file of it begins with `# unreviewed`.
    #[must_use]
    pub fn is_reviewed(self) -> bool {
        !UNREVIEWED.contains(&self.tag())
    }

    /// The locale as MDES spells it, `ll_CC`: `en_US`. Without a region of the visit's own, the language's usual one.
    #[must_use]
    pub fn mdes_locale(self, region: Option<&str>) -> String {
        let language = &self.tag()[..2];
        let of_tag = self.tag().get(3..).filter(|_| !self.is_pseudo());
        let region = of_tag.or(region).unwrap_or(self.0.region);
        format!("{language}_{region}")
    }

    fn place(self) -> usize {
        LANGUAGES.iter().position(|entry| *entry == *self.0).unwrap_or(0)
    }
}

impl std::fmt::Debug for Language {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.tag())
    }
}

/// The words of one visit: its language, and the wallet's name in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    language: Language,
    wallet: Arc<str>,
}

impl Words {
    /// The words of a language in the wallet of that name.
    #[must_use]
    pub fn new(language: Language, wallet: Arc<str>) -> Self {
        Self { language, wallet }
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// What was to be said, in this language.
    #[must_use]
    pub fn say(&self, said: &Said) -> String {
        self.format(said.key, &said.arguments)
    }

    /// A sentence around something that is no text, a link or a number to call: what comes before it, and after it.
    #[must_use]
    pub fn around(sentence: impl FnOnce(&'static str) -> String) -> (String, String) {
        const PLACE: &str = "\u{f8ff}";
        let whole = sentence(PLACE);
        let (before, after) = whole.split_once(PLACE).unwrap_or((&whole, ""));
        (before.to_owned(), after.to_owned())
    }

    fn format(&self, name: &str, arguments: &[(&'static str, Argument)]) -> String {
        let bundle = &BUNDLES[self.language.place()];
        let (key, attribute) = name
            .split_once('.')
            .map_or((name, None), |(key, name)| (key, Some(name)));
        let message = bundle.get_message(key);
        let pattern = message.and_then(|message| match attribute {
            Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
            None => message.value(),
        });
        let mut values: FluentArgs<'_> = arguments
            .iter()
            .map(|(name, argument)| (*name, argument.value()))
            .collect();
        values.set("wallet", &*self.wallet);
        // The build has seen that the message is there, with these arguments; a test formats each in each language.
        pattern.map_or_else(
            || name.to_owned(),
            |pattern| {
                bundle
                    .format_pattern(pattern, Some(&values), &mut Vec::new())
                    .into_owned()
            },
        )
    }
}

/// Something to be said in a language that is not known yet: in a failure, before it has a face.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    key: &'static str,
    arguments: Vec<(&'static str, Argument)>,
}

impl Said {
    fn new(key: &'static str, arguments: Vec<(&'static str, Argument)>) -> Self {
        Self { key, arguments }
    }
}

/// What is put into a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A name, an address, digits that are read one by one.
    Text(Cow<'static, str>),
    /// A number that is counted with.
    Number(i64),
}

impl Argument {
    fn value(&self) -> FluentValue<'_> {
        match self {
            Self::Text(text) => FluentValue::String(Cow::Borrowed(text)),
            Self::Number(number) => FluentValue::from(*number),
        }
    }
}

impl From<Count> for Argument {
    fn from(count: Count) -> Self {
        Self::Number(count.0)
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<T: AsRef<str> + ?Sized> From<&T> for Argument {
    fn from(text: &T) -> Self {
        Self::Text(text.as_ref().to_owned().into())
    }
}

/// A number that decides on the plural.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(i64);

macro_rules! counts {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Count {
            fn from(number: $kind) -> Self {
                Self(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }

        impl From<&$kind> for Count {
            fn from(number: &$kind) -> Self {
                Self::from(*number)
            }
        }
    )*};
}

counts!(i64, u64, u32, i32, u16, u8, usize);

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| LANGUAGES.iter().map(bundle).collect());

fn bundle(entry: &Entry) -> FluentBundle<FluentResource> {
    // A pseudo-language counts as English does.
    let tag = if entry.is_pseudo { "en" } else { entry.tag };
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse::<LanguageIdentifier>().unwrap_or_default()]);
    // Names that are written the other way are isolated by `plain_name`; where the whole page is, everything is.
    bundle.set_use_isolating(entry.is_rtl);
    let resource = FluentResource::try_new(entry.text.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(tag: &str) -> Words {
        Words::new(Language::of_tag(tag).expect("a language"), "Tidemark".into())
    }

    #[test]
    fn every_message_can_be_said_in_every_language() {
        for language in Language::with_pseudo() {
            let bundle = &BUNDLES[language.place()];
            for (name, arguments) in MESSAGES {
                let (key, attribute) = name
                    .split_once('.')
                    .map_or((*name, None), |(key, name)| (key, Some(name)));
                let message = bundle.get_message(key).expect(key);
                let pattern = match attribute {
                    Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
                    None => message.value(),
                };
                for number in [0, 1, 2, 3, 5, 11, 22, 100] {
                    let mut values = FluentArgs::new();
                    for argument in *arguments {
                        values.set(*argument, number);
                    }
                    values.set("wallet", "Tidemark");
                    let mut errors = Vec::new();
                    let text = bundle.format_pattern(pattern.expect(key), Some(&values), &mut errors);
                    assert!(errors.is_empty(), "{language:?} {name}: {errors:?}");
                    assert!(
                        !text.trim().is_empty() && !text.contains('{'),
                        "{language:?} {name}: {text}"
                    );
                }
            }
        }
    }

    #[test]
    fn plurals_follow_the_language() {
        let told = |tag: &str, number: i64| words(tag).time_left(number);
        assert_eq!(told("en", 1), "You have about 1 minute left.");
        assert_eq!(told("en", 14), "You have about 14 minutes left.");
        let polish = [0, 1, 2, 5, 22].map(|number| told("pl", number));
        assert_eq!(
            polish,
            [
                "Zostało około 0 minut.",
                "Została około 1 minuta.",
                "Zostały około 2 minuty.",
                "Zostało około 5 minut.",
                "Zostały około 22 minuty.",
            ]
        );
        let arabic = [0, 1, 2, 3, 11, 100].map(|number| told("ar", number));
        for (index, text) in arabic.iter().enumerate() {
            assert!(!arabic[..index].contains(text), "six categories, six sentences: {text}");
        }
        assert!(arabic[2].contains("دقيقتان") && arabic[3].contains("\u{2068}3\u{2069} دقائق"));
        // Within what time: the case is another than in what is left.
        let within = ["w ciągu 1 minuty.", "w ciągu 2 minut.", "w ciągu 15 minut."];
        for (minutes, end) in [1, 2, 15].into_iter().zip(within) {
            let told = words("pl").expired_body(minutes);
            assert!(told.contains(end), "{told}");
        }
    }

    #[test]
    fn a_language_is_reviewed_when_no_file_of_it_says_that_it_is_not() {
        for language in Language::all() {
            let folder = format!("{}/src/words/{}", env!("CARGO_MANIFEST_DIR"), language.tag());
            let is_marked = std::fs::read_dir(folder).expect("a folder").any(|file| {
                let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
                text.starts_with("# unreviewed\n")
            });
            assert_eq!(language.is_reviewed(), !is_marked, "{language:?}");
        }
    }

    /// Else a line could begin with the mark.
    #[test]
    fn no_french_line_breaks_before_a_mark() {
        let french = LANGUAGES.iter().find(|entry| entry.tag == "fr").expect("French");
        let mut marks = 0;
        for line in french.text.lines().filter(|line| !line.starts_with('#')) {
            let letters: Vec<char> = line.chars().collect();
            for pair in letters.windows(2) {
                let wanted = match pair {
                    [before, '?' | '!' | ';' | '%'] => *before == '\u{202f}',
                    [before, ':' | '»'] => *before == '\u{a0}',
                    ['«', after] => *after == '\u{a0}',
                    _ => continue,
                };
                marks += 1;
                assert!(wanted, "{pair:?} in {line}");
            }
        }
        assert!(marks > 40, "{marks}");
    }

    #[test]
    fn the_wallet_is_called_as_the_deployment_calls_it() {
        let words = Words::new(Language::ENGLISH, "Harbour".into());
        assert!(words.page_title("Help").contains("Harbour"));
    }

    #[test]
    fn a_sentence_is_cut_where_the_link_stands() {
        let english = words("en");
        let (before, after) = Words::around(|place| english.reference_line(place));
        assert_eq!((before.as_str(), after.as_str()), ("Reference for support: ", ""));
    }

    #[test]
    fn pseudo_languages_are_longer_and_turned() {
        let plain = words("en").back_home();
        let long = words("en-XA").back_home();
        assert!(long.chars().count() * 10 > plain.chars().count() * 12, "{long}");
        assert!(words("ar-XB").back_home().starts_with('\u{202e}'));
        assert_eq!(words("ar-XB").language().direction(), "rtl");
    }

    #[test]
    fn the_locale_on_the_wire_is_a_language_and_a_region() {
        let locale = |tag: &str, region| Language::of_tag(tag).expect("a language").mdes_locale(region);
        for (tag, region, expected) in [
            ("en", None, "en_US"),
            ("en", Some("GB"), "en_GB"),
            ("de", Some("CH"), "de_CH"),
            ("pt-BR", Some("PT"), "pt_BR"),
            ("pl", None, "pl_PL"),
            ("ar", None, "ar_AE"),
            ("ja", None, "ja_JP"),
            ("en-XA", None, "en_US"),
        ] {
            assert_eq!(locale(tag, region), expected);
        }
    }
}
