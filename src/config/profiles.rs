//! The file of wire profiles: a default and one section per issuer, each field with its value and whether it is a guess.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::layers::{ConfigError, Place, line_of, nearest};
use crate::domain::id::IssuerId;
use crate::domain::launch::LaunchNames;
use crate::domain::profile::{CallbackStyle, CodeCheck, CodePolicy, Profile, Profiles, PushProfile, ReturnNames};
use crate::domain::push::RegisteredCallback;
use crate::domain::receipt::IssuerResult;

/// Every field with its meaning and our guess.
pub const REFERENCE: &str = include_str!("profiles.toml");

/// The largest file of profiles, in bytes.
const FILE_BYTES_MAX: usize = 256 * 1024;
/// The most issuers with a profile of their own.
const ISSUERS_MAX: usize = 2_000;

/// What a file of profiles says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireProfiles {
    /// The profiles.
    pub profiles: Profiles,
    /// The fields that are guesses, as `(field, meaning)`: `default.return_jws`, `issuer.ID.code`.
    pub assumed: Vec<(String, String)>,
}

/// What a field may hold.
enum Kind {
    /// One name.
    Name,
    /// One name, or nothing.
    NameOrNone,
    /// From so many names to 8.
    Names(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Addresses that cardholders may be sent back to.
    Callbacks,
    /// A name for people, or nothing.
    Title,
}

const NAMES_MAX: usize = 8;
/// The most addresses that one issuer pushes for.
const CALLBACKS_MAX: usize = 16;
/// The longest name for people, in characters.
const TITLE_MAX: usize = 64;

const FIELDS: [(&str, Kind); 18] = [
    ("launch_session", Kind::Name),
    ("launch_token_requestor", Kind::Name),
    ("launch_callback", Kind::Name),
    ("launch_locale", Kind::NameOrNone),
    ("callback", Kind::Word(&["path", "fixed"])),
    ("return_jws", Kind::Names(1)),
    ("return_receipts", Kind::Names(0)),
    ("return_session", Kind::Name),
    ("return_result", Kind::Name),
    ("result_cancelled", Kind::Names(1)),
    ("result_declined", Kind::Names(1)),
    ("result_error", Kind::Names(1)),
    ("session_in_jws", Kind::Word(&["optional", "required"])),
    ("code", Kind::Word(&["required", "optional", "unsupported"])),
    ("code_check", Kind::Word(&["none", "bind", "jws"])),
    ("push_callbacks", Kind::Callbacks),
    ("push_unsigned", Kind::Word(&["refuse", "accept"])),
    ("push_name", Kind::Title),
];

/// One field as it counts, and where it was set.
#[derive(Clone)]
struct Field {
    values: Vec<String>,
    assumed: bool,
    /// In the section that is being read; `None` when the section inherits it.
    line: Option<usize>,
}

type Fields = BTreeMap<&'static str, Field>;

/// Our guesses, for a wallet that has no file.
#[must_use]
pub fn reference() -> WireProfiles {
    let profiles = parse("", "");
    profiles.expect("the embedded reference is right")
}

/// Reads a file of profiles.
///
/// # Errors
/// Every fault, with its line; one when the file cannot be read.
pub fn read(path: &Path) -> Result<WireProfiles, Vec<ConfigError>> {
    let text = super::files::text(path, FILE_BYTES_MAX)?;
    parse(&text, &path.display().to_string())
}

/// Reads the text of a file of profiles; `file` is its name in what is said about it.
///
/// # Errors
/// Every fault, with its line.
pub fn parse(text: &str, file: &str) -> Result<WireProfiles, Vec<ConfigError>> {
    let guesses = Parser::new(REFERENCE, "").read(Fields::new());
    let mut parser = Parser::new(text, file);
    let sections = parser.read(guesses.default);
    let profiles = parser.build(&sections);
    if parser.faults.is_empty() {
        Ok(WireProfiles {
            profiles,
            assumed: sections.assumed(),
        })
    } else {
        parser.faults.sort_by(|one, other| one.place.cmp(&other.place));
        Err(parser.faults)
    }
}

/// The sections of a file, each complete.
struct Sections {
    default: Fields,
    issuers: Vec<(IssuerId, Fields)>,
}

impl Sections {
    /// An issuer's guesses are its own only where it set them: what it inherits is the default's.
    fn assumed(&self) -> Vec<(String, String)> {
        let meanings = super::comments_of(REFERENCE);
        let meanings = meanings
            .iter()
            .filter_map(|(key, meaning)| Some((key.strip_prefix("default.")?, meaning)));
        let mut assumed = Vec::new();
        for (key, meaning) in meanings {
            if self.default[key].assumed {
                assumed.push((format!("default.{key}"), meaning.clone()));
            }
            for (issuer, fields) in &self.issuers {
                if fields[key].assumed && fields[key].line.is_some() {
                    assumed.push((format!("issuer.{issuer}.{key}"), meaning.clone()));
                }
            }
        }
        assumed
    }
}

struct Parser<'t> {
    text: &'t str,
    file: &'t str,
    faults: Vec<ConfigError>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, file: &'t str) -> Self {
        Self {
            text,
            file,
            faults: Vec::new(),
        }
    }

    fn read(&mut self, base: Fields) -> Sections {
        let mut sections = Sections {
            default: base,
            issuers: Vec::new(),
        };
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let line = line_of(self.text, error.span().map_or(0, |span| span.start));
            self.fault(line, format!("not TOML: {}", error.message()));
        }
        if !self.faults.is_empty() {
            return sections;
        }
        let mut own = None;
        for (key, value) in table.get_ref() {
            let line = line_of(self.text, key.span().start);
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("default", DeValue::Table(fields)) => sections.default = self.layer(&sections.default, fields),
                ("issuer", DeValue::Table(issuers)) => own = Some(issuers),
                (name, _) => self.fault(line, format!("{name} is neither [default] nor [issuer.ID]")),
            }
        }
        let own: Vec<_> = own.into_iter().flat_map(|issuers| issuers.iter()).collect();
        if own.len() > ISSUERS_MAX {
            self.fault(0, format!("there are more than {ISSUERS_MAX} issuers"));
        }
        for (key, value) in own.into_iter().take(ISSUERS_MAX) {
            let line = line_of(self.text, key.span().start);
            match (IssuerId::parse(key.get_ref()), value.get_ref()) {
                (Ok(id), DeValue::Table(fields)) => {
                    let fields = self.layer(&sections.default, fields);
                    sections.issuers.push((id, fields));
                }
                (Ok(id), _) => self.fault(line, format!("issuer.{id} must be a section")),
                (Err(_), _) => self.fault(line, "an issuer's id has 1 to 64 letters, digits, -, _ or ."),
            }
        }
        sections
    }

    /// What a section says over what counts without it.
    fn layer(&mut self, base: &Fields, table: &DeTable<'_>) -> Fields {
        let inherited = |field: &Field| Field {
            line: None,
            ..field.clone()
        };
        let mut fields: Fields = base.iter().map(|(key, field)| (*key, inherited(field))).collect();
        for (key, value) in table {
            let (line, name) = (line_of(self.text, key.span().start), key.get_ref().as_ref());
            let Some((key, kind)) = FIELDS.iter().find(|(known, _)| *known == name) else {
                let hint = nearest(name, FIELDS.iter().map(|(known, _)| *known));
                self.fault(line, format!("{name} is no field of a profile{hint}"));
                continue;
            };
            match field(key, kind, value.get_ref()) {
                Ok((values, assumed)) => {
                    let line = Some(line);
                    fields.insert(key, Field { values, assumed, line });
                }
                Err(message) => self.fault(line, message),
            }
        }
        fields
    }

    fn build(&mut self, sections: &Sections) -> Profiles {
        self.refuse_shared_callbacks(sections);
        let default = self.profile("[default]", &sections.default);
        let own = sections.issuers.iter().map(|(id, fields)| {
            let section = format!("[issuer.{id}]");
            (id.clone(), self.profile(&section, fields))
        });
        Profiles {
            issuers: own.collect(),
            default,
        }
    }

    fn profile(&mut self, section: &str, fields: &Fields) -> Profile {
        let launch = [
            "launch_session",
            "launch_token_requestor",
            "launch_callback",
            "launch_locale",
        ];
        self.refuse_repeats(section, "launch names", &launch, fields);
        let returns = ["return_jws", "return_receipts", "return_session", "return_result"];
        self.refuse_repeats(section, "return names", &returns, fields);
        let results = ["result_cancelled", "result_declined", "result_error"];
        self.refuse_repeats(section, "results", &results, fields);
        let one = |key: &str| fields[key].values.concat();
        let meanings = [IssuerResult::Cancelled, IssuerResult::Declined, IssuerResult::Error];
        let words = results.iter().zip(meanings);
        Profile {
            launch: LaunchNames {
                session: one("launch_session"),
                token_requestor: one("launch_token_requestor"),
                callback: one("launch_callback"),
                locale: fields["launch_locale"].values.first().cloned(),
            },
            returns: ReturnNames {
                jws: fields["return_jws"].values.clone(),
                receipts: fields["return_receipts"].values.clone(),
                session: one("return_session"),
                result: one("return_result"),
                results: words
                    .flat_map(|(key, meaning)| fields[key].values.iter().map(move |word| (word.clone(), meaning)))
                    .collect(),
            },
            session_must_be_signed: one("session_in_jws") == "required",
            callback: match one("callback").as_str() {
                "fixed" => CallbackStyle::Fixed,
                _ => CallbackStyle::Path,
            },
            code: match one("code").as_str() {
                "required" => CodePolicy::Required,
                "optional" => CodePolicy::Optional,
                _ => CodePolicy::Unsupported,
            },
            code_check: match one("code_check").as_str() {
                "bind" => CodeCheck::Bind,
                "jws" => CodeCheck::Jws,
                _ => CodeCheck::None,
            },
            push: PushProfile {
                callbacks: registered(&fields["push_callbacks"]),
                accepts_unsigned: one("push_unsigned") == "accept",
                name: fields["push_name"].values.first().cloned(),
            },
        }
    }

    /// An address names its issuer: two cannot have the same one, and all of them cannot have any.
    fn refuse_shared_callbacks(&mut self, sections: &Sections) {
        let line = |fields: &Fields, key: &str| fields[key].line.unwrap_or_default();
        for key in ["push_callbacks", "push_name"] {
            if !sections.default[key].values.is_empty() {
                let line = line(&sections.default, key);
                self.fault(line, format!("{key} is an issuer's own: not in [default]"));
            }
        }
        let mut seen: Vec<&String> = Vec::new();
        for (id, fields) in &sections.issuers {
            for address in &fields["push_callbacks"].values {
                if seen.contains(&address) {
                    let line = line(fields, "push_callbacks");
                    self.fault(
                        line,
                        format!("push_callbacks of [issuer.{id}] has {address} of another issuer"),
                    );
                }
            }
            seen.extend(&fields["push_callbacks"].values);
        }
    }

    /// Two fields with one name could not be told apart; nor could names that differ in case, on the way back.
    fn refuse_repeats(&mut self, section: &str, what: &str, keys: &[&str], fields: &Fields) {
        let mut seen: Vec<String> = Vec::new();
        for key in keys {
            for name in &fields[*key].values {
                let folded = name.to_ascii_lowercase();
                if seen.contains(&folded) {
                    let line = keys.iter().filter_map(|key| fields[*key].line).max();
                    return self.fault(
                        line.unwrap_or_default(),
                        format!("the {what} of {section} must differ from each other"),
                    );
                }
                seen.push(folded);
            }
        }
    }

    fn fault(&mut self, line: usize, message: impl Into<String>) {
        self.faults.push(ConfigError {
            place: Place::File(self.file.to_owned(), line),
            message: message.into(),
        });
    }
}

/// A value, plain or as `{ value = …, assumed = … }`.
fn field(key: &str, kind: &Kind, value: &DeValue<'_>) -> Result<(Vec<String>, bool), String> {
    let DeValue::Table(table) = value else {
        return Ok((values(key, kind, value)?, false));
    };
    let (mut found, mut assumed) = (None, false);
    for (member, value) in table {
        match (member.get_ref().as_ref(), value.get_ref()) {
            ("value", value) => found = Some(values(key, kind, value)?),
            ("assumed", DeValue::Boolean(flag)) => assumed = *flag,
            ("assumed", _) => return Err(format!("{key}: assumed is true or false")),
            (other, _) => return Err(format!("{key}: {other} is neither value nor assumed")),
        }
    }
    let found = found.ok_or_else(|| format!("{key}: value is missing"))?;
    Ok((found, assumed))
}

fn values(key: &str, kind: &Kind, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let text = |value: &DeValue<'_>| match value {
        DeValue::String(text) => Some(text.to_string()),
        _ => None,
    };
    let not_a_name = || format!("{key}: a name has 1 to 64 letters, digits, -, _ or .");
    match kind {
        Kind::Name => {
            let name = text(value).filter(|name| is_name(name)).ok_or_else(not_a_name)?;
            Ok(vec![name])
        }
        Kind::NameOrNone => match text(value) {
            Some(none) if none.is_empty() => Ok(vec![]),
            Some(name) if is_name(&name) => Ok(vec![name]),
            _ => Err(not_a_name()),
        },
        Kind::Names(least) => {
            let wrong = || format!("{key} is a list of {least} to {NAMES_MAX} names");
            let DeValue::Array(items) = value else {
                return Err(wrong());
            };
            let names: Option<Vec<String>> = items.iter().map(|item| text(item.get_ref())).collect();
            let names = names
                .filter(|names| (*least..=NAMES_MAX).contains(&names.len()))
                .ok_or_else(wrong)?;
            if names.iter().all(|name| is_name(name)) {
                Ok(names)
            } else {
                Err(not_a_name())
            }
        }
        Kind::Word(words) => {
            let wrong = || {
                let words: Vec<String> = words.iter().map(|word| format!("{word:?}")).collect();
                format!("{key} is {}", words.join(" or "))
            };
            let word = text(value).filter(|word| words.contains(&word.as_str()));
            Ok(vec![word.ok_or_else(wrong)?])
        }
        Kind::Callbacks => callbacks(key, value),
        Kind::Title => match text(value) {
            Some(none) if none.is_empty() => Ok(vec![]),
            Some(name) if name.chars().count() <= TITLE_MAX && !name.chars().any(char::is_control) => Ok(vec![name]),
            _ => Err(format!("{key} is a name of at most {TITLE_MAX} characters")),
        },
    }
}

/// The addresses of an issuer, as they are compared.
fn callbacks(key: &str, value: &DeValue<'_>) -> Result<Vec<String>, String> {
    let wrong = || format!("{key} is a list of at most {CALLBACKS_MAX} addresses");
    let DeValue::Array(items) = value else {
        return Err(wrong());
    };
    if items.len() > CALLBACKS_MAX {
        return Err(wrong());
    }
    let address = |item: &DeValue<'_>| match item {
        DeValue::String(text) => RegisteredCallback::parse(text)
            .map(|address| address.to_string())
            .map_err(|fault| format!("{key}: {text} is no address to be sent back to ({})", fault.code())),
        _ => Err(wrong()),
    };
    items.iter().map(|item| address(item.get_ref())).collect()
}

fn registered(field: &Field) -> Vec<RegisteredCallback> {
    let addresses = field.values.iter().map(|text| RegisteredCallback::parse(text));
    addresses.filter_map(Result::ok).collect()
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}
