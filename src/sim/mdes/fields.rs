//! Reading request members by their documented rules, so that each broken rule gets its own reason code.
//!
//! A JSON `null` counts as absent. Lengths are counted in characters.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::errors::Refusal;

/// The members of one JSON object of a request.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    /// Reads `value`, which stands under `name`, as an object.
    pub(super) fn of(value: &'a Value, name: &str) -> Result<Self, Refusal> {
        value.as_object().map(Self).ok_or_else(|| Refusal::format(name))
    }

    /// The raw member, if it is there and not null.
    pub(super) fn member(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    pub(super) fn text(&self, name: &str, length: RangeInclusive<usize>) -> Result<&'a str, Refusal> {
        self.optional_text(name, length)?.ok_or_else(|| Refusal::missing(name))
    }

    pub(super) fn optional_text(&self, name: &str, length: RangeInclusive<usize>) -> Result<Option<&'a str>, Refusal> {
        let Some(value) = self.member(name) else {
            return Ok(None);
        };
        let text = value.as_str().ok_or_else(|| Refusal::format(name))?;
        if length.contains(&text.chars().count()) {
            Ok(Some(text))
        } else {
            Err(Refusal::length(name))
        }
    }

    pub(super) fn digits(&self, name: &str, length: RangeInclusive<usize>) -> Result<&'a str, Refusal> {
        self.optional_digits(name, length)?
            .ok_or_else(|| Refusal::missing(name))
    }

    pub(super) fn optional_digits(
        &self,
        name: &str,
        length: RangeInclusive<usize>,
    ) -> Result<Option<&'a str>, Refusal> {
        let text = self.optional_text(name, length)?;
        match text {
            Some(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => Err(Refusal::format(name)),
            other => Ok(other),
        }
    }

    pub(super) fn optional_hex(&self, name: &str, length: RangeInclusive<usize>) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(text) = self.optional_text(name, length)? else {
            return Ok(None);
        };
        hex::decode(text).map(Some).map_err(|_| Refusal::format(name))
    }

    /// A letter-only code of exactly `length` characters, such as a country.
    pub(super) fn optional_upper_code(&self, name: &str, length: usize) -> Result<Option<&'a str>, Refusal> {
        let text = self.optional_text(name, length..=length)?;
        match text {
            Some(text) if !text.bytes().all(|byte| byte.is_ascii_uppercase()) => Err(Refusal::format(name)),
            other => Ok(other),
        }
    }

    /// One word of a documented list.
    pub(super) fn optional_one_of(&self, name: &str, words: &[&str]) -> Result<Option<&'a str>, Refusal> {
        let Some(value) = self.member(name) else {
            return Ok(None);
        };
        let text = value.as_str().ok_or_else(|| Refusal::format(name))?;
        if words.contains(&text) {
            Ok(Some(text))
        } else {
            Err(Refusal::value(name))
        }
    }

    pub(super) fn one_of(&self, name: &str, words: &[&str]) -> Result<&'a str, Refusal> {
        self.optional_one_of(name, words)?.ok_or_else(|| Refusal::missing(name))
    }

    /// A boolean. The specification calls them "not case sensitive", so `"TRUE"` as a string is taken too.
    pub(super) fn optional_flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        match self.member(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some(_) => Err(Refusal::format(name)),
        }
    }

    pub(super) fn object(&self, name: &str) -> Result<Fields<'a>, Refusal> {
        self.optional_object(name)?.ok_or_else(|| Refusal::missing(name))
    }

    pub(super) fn optional_object(&self, name: &str) -> Result<Option<Fields<'a>>, Refusal> {
        self.member(name).map(|value| Fields::of(value, name)).transpose()
    }

    pub(super) fn array(&self, name: &str, length: RangeInclusive<usize>) -> Result<&'a [Value], Refusal> {
        let value = self.member(name).ok_or_else(|| Refusal::missing(name))?;
        let items = value.as_array().ok_or_else(|| Refusal::format(name))?;
        if length.contains(&items.len()) {
            Ok(items)
        } else {
            Err(Refusal::length(name))
        }
    }

    /// Refuses members outside `known`, where the API is strict.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            None => Ok(()),
            // The name comes from the request: keep the description inside its documented 256 characters.
            Some(name) => Err(Refusal::unrecognized(&name.chars().take(64).collect::<String>())),
        }
    }
}
