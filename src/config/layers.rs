//! The three layers of the configuration and how they are laid over each other: the reference, the file, the
//! environment. What no key explains becomes a fault here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::Reader;

/// The reference file.
pub(super) const REFERENCE: &str = include_str!("default.toml");
/// What the environment's names begin with.
const PREFIX: &str = "TIDEMARK_";
/// The largest configuration file.
const FILE_BYTES_MAX: usize = 256 * 1024;

/// One fault of the configuration: where, which key, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    pub(super) place: Place,
    pub(super) message: String,
}

/// Where a value came from, in the order in which faults are listed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// The reference: nobody set the key.
    Reference,
    /// The configuration file and the line in it, counted from 1; 0 for the file as a whole.
    File(String, usize),
    /// An environment variable.
    Environment(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Reference => write!(out, "configuration: {}", self.message),
            Place::File(name, 0) => write!(out, "{name}: {}", self.message),
            Place::File(name, line) => write!(out, "{name}:{line}: {}", self.message),
            Place::Environment(name) => write!(out, "{name}: {}", self.message),
        }
    }
}

impl std::error::Error for ConfigError {}

/// A value as a layer holds it.
#[derive(Clone)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Flag(bool),
    List(Vec<Value>),
    /// From the environment: the reader that asks decides how to parse it.
    Words(String),
    /// Something no key is made of; the name of its type.
    Other(&'static str),
}

pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) place: Place,
}

impl Reader {
    /// Lays the layers over each other. Syntax errors and unknown keys become faults at once.
    pub fn new(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> Self {
        let mut reader = Self {
            entries: reference(),
            sections: BTreeMap::new(),
            file: file.map(Path::to_path_buf),
            read: BTreeSet::new(),
            faults: Vec::new(),
            file_is_readable: true,
        };
        if let Some(path) = file {
            match file_text(path) {
                Ok(text) => reader.lay_file(&text),
                Err(message) => {
                    reader.file_is_readable = false;
                    reader.report(Place::File(path.display().to_string(), 0), message);
                }
            }
        }
        reader.lay_environment(environment);
        reader
    }

    fn lay_file(&mut self, text: &str) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut seen = BTreeSet::new();
        for error in errors {
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            // The parser's later complaints about one line are echoes of the first. Only its description is used:
            // its long form prints the line itself.
            if seen.insert(line) {
                self.report(self.in_file(line), format!("not TOML: {}", error.message()));
            }
        }
        self.file_is_readable = seen.is_empty();
        if self.file_is_readable {
            self.lay_table(text, "", table.get_ref());
        }
    }

    fn lay_table(&mut self, text: &str, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let line = line_of(text, key.span().start);
            let name = join(prefix, key.get_ref());
            let place = self.in_file(line);
            match value.get_ref() {
                DeValue::Table(inner) if self.is_section(&name) => {
                    self.sections.insert(name.clone(), line);
                    self.lay_table(text, &name, inner);
                }
                _ if self.is_section(&name) => {
                    self.report(place, format!("{name} is a section: write [{name}] and its keys below"));
                }
                other => match self.entries.get_mut(&name) {
                    Some(entry) => {
                        *entry = Entry {
                            value: value_of(other),
                            place,
                        }
                    }
                    None => {
                        let hint = self.suggestion(&name);
                        self.report(place, format!("{name} is not a key of the configuration{hint}"));
                    }
                },
            }
        }
    }

    fn lay_environment(&mut self, environment: impl Iterator<Item = (String, String)>) {
        let mut variables: Vec<_> = environment.filter(|(name, _)| name.starts_with(PREFIX)).collect();
        variables.sort();
        for (variable, text) in variables {
            let name = variable[PREFIX.len()..].to_lowercase().replace("__", ".");
            let place = Place::Environment(variable.clone());
            if let Some(entry) = self.entries.get_mut(&name) {
                *entry = Entry {
                    value: Value::Words(text),
                    place,
                };
                continue;
            }
            // Others use the prefix too (a cluster sets TIDEMARK_SERVICE_HOST by itself), so only what is meant for
            // us is refused: a name with a section, or one that is nearly a key.
            let hint = self.suggestion(&name);
            if name.contains('.') || !hint.is_empty() {
                self.report(place, format!("{name} is not a key of the configuration{hint}"));
            }
        }
    }

    /// Where a key that nobody set should be set: below its section's header, else at the file's top.
    pub(super) fn place_to_set(&self, key: &str) -> Place {
        let section = key.rsplit_once('.').map_or("", |(section, _)| section);
        match &self.file {
            Some(_) => self.in_file(self.sections.get(section).copied().unwrap_or(1)),
            None => Place::Environment(format!("{PREFIX}{}", key.to_uppercase().replace('.', "__"))),
        }
    }

    fn in_file(&self, line: usize) -> Place {
        Place::File(
            self.file
                .as_deref()
                .map_or_else(String::new, |path| path.display().to_string()),
            line,
        )
    }

    fn is_section(&self, name: &str) -> bool {
        let start = format!("{name}.");
        self.entries.keys().any(|key| key.starts_with(&start))
    }

    /// ", did you mean …?" when a key or a section is near enough.
    fn suggestion(&self, name: &str) -> String {
        let sections = self
            .entries
            .keys()
            .filter_map(|key| key.rsplit_once('.').map(|(section, _)| section));
        nearest(name, self.entries.keys().map(String::as_str).chain(sections))
    }
}

impl Value {
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Words(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Words(_) => "a text",
            Self::Integer(_) => "a number",
            Self::Flag(_) => "true or false",
            Self::List(_) => "a list",
            Self::Other(kind) => kind,
        }
    }
}

/// From here on two names are taken for each other.
const LIKENESS_MIN: f64 = 0.75;

/// ", did you mean …?" when a candidate is near enough.
pub(super) fn nearest<'c>(name: &str, candidates: impl Iterator<Item = &'c str>) -> String {
    let candidates: BTreeSet<&str> = candidates.collect();
    let nearest = candidates
        .into_iter()
        .map(|candidate| (likeness(name, candidate), candidate))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    match nearest {
        Some((score, candidate)) if score >= LIKENESS_MIN => format!(", did you mean {candidate}?"),
        _ => String::new(),
    }
}

/// How alike two names are, 0 to 1; the same key in another section is nearly right.
fn likeness(name: &str, candidate: &str) -> f64 {
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
    let whole = strsim::normalized_damerau_levenshtein(name, candidate);
    if last(name) == last(candidate) {
        whole.max(0.9)
    } else {
        whole
    }
}

/// The reference's entries.
fn reference() -> BTreeMap<String, Entry> {
    fn lay(prefix: &str, table: &DeTable<'_>, entries: &mut BTreeMap<String, Entry>) {
        for (key, value) in table {
            let name = join(prefix, key.get_ref());
            match value.get_ref() {
                DeValue::Table(inner) => lay(&name, inner, entries),
                other => {
                    entries.insert(
                        name,
                        Entry {
                            value: value_of(other),
                            place: Place::Reference,
                        },
                    );
                }
            }
        }
    }
    let table: Spanned<DeTable<'_>> = DeTable::parse(REFERENCE).expect("the embedded reference is TOML");
    let mut entries = BTreeMap::new();
    lay("", table.get_ref(), &mut entries);
    entries
}

fn file_text(path: &Path) -> Result<String, String> {
    let bytes = super::files::bytes(path, FILE_BYTES_MAX)?;
    String::from_utf8(bytes).map_err(|_| "is not text in UTF-8".to_owned())
}

fn value_of(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("so large a number"), Value::Integer),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Array(items) => Value::List(items.iter().map(|item| value_of(item.get_ref())).collect()),
        DeValue::Float(_) => Value::Other("a number with a point"),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Table(_) => Value::Other("a table"),
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}.{key}")
    }
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())]
        .iter()
        .filter(|byte| **byte == b'\n')
        .count()
        + 1
}
