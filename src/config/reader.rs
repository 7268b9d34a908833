//! Typed reading from three layers: the environment over the file over the reference. Faults are collected, one line
//! each, so that an operator sees all of them at once. A fault never repeats the value of a key: a secret may have
//! been written into the wrong one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use super::layers::{ConfigError, Entry, Place, Value};

/// Hands out each key once, checked, and keeps the faults.
pub(super) struct Reader {
    pub(super) entries: BTreeMap<String, Entry>,
    /// The header line of each section of the file.
    pub(super) sections: BTreeMap<String, usize>,
    pub(super) file: Option<PathBuf>,
    pub(super) read: BTreeSet<String>,
    pub(super) faults: Vec<ConfigError>,
    /// False when nothing of the file could be used: then it is pointless to say what is missing.
    pub(super) file_is_readable: bool,
}

impl Reader {
    /// A text, "" when nobody set it.
    pub fn text(&mut self, key: &str) -> String {
        let entry = self.entry(key);
        let text = match &entry.value {
            Value::Text(text) | Value::Words(text) => Ok(text.clone()),
            other => Err(format!("{key} must be a text in quotes, not {}", other.kind())),
        };
        text.unwrap_or_else(|message| {
            self.fault(key, message);
            String::new()
        })
    }

    /// A text that must be there. `hint` says what it is.
    pub fn required(&mut self, key: &str, hint: &str) -> Option<String> {
        let before = self.faults.len();
        let text = self.text(key);
        if !text.is_empty() {
            return Some(text);
        }
        if self.faults.len() == before {
            self.missing(key, hint);
        }
        None
    }

    /// A text in a form of its own, `None` when nobody set it or when it is wrong; `parse` says what is wrong.
    pub fn parsed<T, E: fmt::Display>(&mut self, key: &str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        parse(&text)
            .map_err(|message| self.fault(key, format!("{key} {message}")))
            .ok()
    }

    /// As [`Reader::parsed`], but it must be there.
    pub fn required_parsed<T, E: fmt::Display>(
        &mut self,
        key: &str,
        hint: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = self.required(key, hint)?;
        parse(&text)
            .map_err(|message| self.fault(key, format!("{key} {message}")))
            .ok()
    }

    /// A whole number within `range`.
    pub fn integer(&mut self, key: &str, range: RangeInclusive<u64>) -> u64 {
        let number = integer_of(&self.entry(key).value);
        let (low, high) = (*range.start(), *range.end());
        match number {
            Some(number) if range.contains(&number) => number,
            _ => {
                self.fault(key, format!("{key} must be a whole number from {low} to {high}"));
                low
            }
        }
    }

    /// A list of whole numbers.
    pub fn integers(&mut self, key: &str, count: RangeInclusive<usize>, range: RangeInclusive<u64>) -> Vec<u64> {
        let numbers: Option<Vec<u64>> = self.items(key).and_then(|items| items.iter().map(integer_of).collect());
        match numbers {
            Some(numbers) if count.contains(&numbers.len()) && numbers.iter().all(|n| range.contains(n)) => numbers,
            _ => {
                let (least, most, low, high) = (count.start(), count.end(), range.start(), range.end());
                self.fault(
                    key,
                    format!("{key} must be a list of {least} to {most} whole numbers from {low} to {high}"),
                );
                Vec::new()
            }
        }
    }

    /// A list of texts, each in a form of its own.
    pub fn texts<T, E: fmt::Display>(
        &mut self,
        key: &str,
        count: RangeInclusive<usize>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Vec<T> {
        let texts: Option<Vec<String>> = self
            .items(key)
            .and_then(|items| items.into_iter().map(Value::into_text).collect());
        let Some(texts) = texts.filter(|texts| count.contains(&texts.len())) else {
            self.fault(
                key,
                format!("{key} must be a list of {} to {} texts", count.start(), count.end()),
            );
            return Vec::new();
        };
        match texts.iter().map(|text| parse(text)).collect() {
            Ok(values) => values,
            Err(message) => {
                self.fault(key, format!("{key} {message}"));
                Vec::new()
            }
        }
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &str) -> bool {
        let flag = match &self.entry(key).value {
            Value::Flag(flag) => Some(*flag),
            Value::Words(text) => text.parse().ok(),
            _ => None,
        };
        flag.unwrap_or_else(|| {
            self.fault(key, format!("{key} must be true or false"));
            false
        })
    }

    /// One of a few words.
    pub fn one_of<T: Copy>(&mut self, key: &str, choices: &[(&str, T)]) -> T {
        let text = self.text(key);
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        let words: Vec<String> = choices.iter().map(|(word, _)| format!("{word:?}")).collect();
        self.fault(key, format!("{key} must be {}", words.join(" or ")));
        choices[0].1
    }

    /// Whether a layer above the reference set the key to anything but "".
    pub fn is_set(&self, key: &str) -> bool {
        let entry = &self.entries[key];
        entry.place != Place::Reference
            && !matches!(&entry.value, Value::Text(text) | Value::Words(text) if text.is_empty())
    }

    /// Which layer holds the key: the environment is above the file.
    pub fn is_from_environment(&self, key: &str) -> bool {
        matches!(self.entries[key].place, Place::Environment(_))
    }

    /// Whether the configuration file itself holds the key.
    pub fn is_from_file(&self, key: &str) -> bool {
        matches!(self.entries[key].place, Place::File(..))
    }

    /// How many faults there are so far.
    pub fn faults(&self) -> usize {
        self.faults.len()
    }

    /// The configuration file.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// A path of the configuration, seen from the configuration file's folder.
    pub fn resolve(&self, path: &str) -> PathBuf {
        match self.file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }

    /// Notes a fault of `key` at the place that set it. The message names the key.
    pub fn fault(&mut self, key: &str, message: impl Into<String>) {
        let place = match &self.entries[key].place {
            Place::Reference => self.place_to_set(key),
            place => place.clone(),
        };
        self.report(place, message.into());
    }

    /// Notes that nobody set `key`.
    pub fn missing(&mut self, key: &str, hint: &str) {
        self.fault(key, format!("{key} is missing: {hint}"));
    }

    /// The faults, in reading order; empty when all is well.
    pub fn into_faults(mut self) -> Vec<ConfigError> {
        self.faults.sort_by(|one, other| one.place.cmp(&other.place));
        self.faults
    }

    /// Keys of the reference that nobody asked for.
    #[cfg(test)]
    pub fn unread(&self) -> Vec<&str> {
        self.entries
            .keys()
            .map(String::as_str)
            .filter(|key| !self.read.contains(*key))
            .collect()
    }

    fn entry(&mut self, key: &str) -> &Entry {
        self.read.insert(key.to_owned());
        &self.entries[key]
    }

    fn items(&mut self, key: &str) -> Option<Vec<Value>> {
        match &self.entry(key).value {
            Value::List(items) => Some(items.clone()),
            Value::Words(text) if text.trim().is_empty() => Some(Vec::new()),
            Value::Words(text) => Some(
                text.split(',')
                    .map(|word| Value::Words(word.trim().to_owned()))
                    .collect(),
            ),
            _ => None,
        }
    }

    pub(super) fn report(&mut self, place: Place, message: String) {
        self.faults.push(ConfigError { place, message });
    }
}

fn integer_of(value: &Value) -> Option<u64> {
    match value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Words(text) => text.trim().parse().ok(),
        _ => None,
    }
}
