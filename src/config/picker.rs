//! `[picker]`: the page on which cardholders choose their issuer.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use crate::domain::id::IssuerId;
use crate::domain::search::Aliases;

use super::files;
use super::reader::Reader;

/// The largest file of other names, in bytes.
const FILE_BYTES_MAX: usize = 256 * 1_024;
/// How many other names an issuer may have.
const NAMES_MAX: usize = 16;
/// The longest of them, in characters.
const NAME_CHARACTERS_MAX: usize = 100;

/// `[picker]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picker {
    /// What it shows first, the best known first; empty when our own sessions decide.
    pub popular: Vec<IssuerId>,
    /// Other names by which issuers are searched.
    pub aliases: Aliases,
}

impl Picker {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        const FILE: &str = "picker.aliases_file";
        let issuer = |text: &str| IssuerId::parse(text).map_err(|_| "must be a list of issuer ids");
        let popular = reader.texts("picker.popular", 0..=100, issuer);
        let path = reader.text(FILE);
        if path.is_empty() {
            return Some(Self {
                popular,
                aliases: Aliases::new(),
            });
        }
        let path = reader.resolve(&path);
        match aliases(&path) {
            Ok(aliases) => Some(Self { popular, aliases }),
            Err(message) => {
                reader.fault(FILE, format!("{FILE} {message}"));
                None
            }
        }
    }
}

fn aliases(path: &Path) -> Result<Aliases, String> {
    let bytes = files::bytes(path, FILE_BYTES_MAX)?;
    let text = String::from_utf8(bytes).map_err(|_| "names a file that is not text in UTF-8".to_owned())?;
    parse(&text).map_err(|message| format!("names a file with a fault: {message}"))
}

fn parse(text: &str) -> Result<Aliases, String> {
    let table = DeTable::parse(text).map_err(|error| error.message().to_owned())?;
    let mut aliases = Aliases::new();
    for (issuer, names) in table.get_ref() {
        let issuer = issuer.get_ref();
        let id = IssuerId::parse(issuer).map_err(|_| format!("{issuer} is no issuer id"))?;
        let names = names_of(names.get_ref()).ok_or_else(|| {
            format!("{issuer} must be a list of at most {NAMES_MAX} names of 1 to {NAME_CHARACTERS_MAX} characters")
        })?;
        aliases.insert(id, names);
    }
    Ok(aliases)
}

fn names_of(value: &DeValue<'_>) -> Option<Vec<String>> {
    let name = |value: &DeValue<'_>| {
        let name = value.as_str()?;
        let is_name = (1..=NAME_CHARACTERS_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        is_name.then(|| name.to_owned())
    };
    let names = value.as_array()?;
    if names.len() > NAMES_MAX {
        return None;
    }
    names.iter().map(|value| name(value.get_ref())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_other_names_is_read_and_its_faults_are_named() {
        let names = parse("# Ours.\nhavorn-no = [\"Eagle Bank\", \"HB\"]\n\"x.y\" = []\n").expect("a table");
        let id = |text: &str| IssuerId::parse(text).expect("id");
        assert_eq!(names[&id("havorn-no")], ["Eagle Bank", "HB"]);
        assert_eq!(names[&id("x.y")], [] as [&str; 0]);
        let many = format!("a = [{}]", "\"b\",".repeat(17));
        let long = format!("a = [\"{}\"]", "b".repeat(101));
        for (text, said) in [
            ("a = \"b\"", "a must be a list"),
            ("a = [1]", "a must be a list"),
            ("[a]\nb = []", "a must be a list"),
            ("a = [", ""),
            ("\"a b\" = [\"c\"]", "a b is no issuer id"),
            ("a = [\"\"]", "1 to 100 characters"),
            ("a = [\"b\\u0007\"]", "1 to 100 characters"),
            (many.as_str(), "16 names"),
            (long.as_str(), "16 names"),
        ] {
            let fault = parse(text).expect_err(text);
            assert!(fault.contains(said) && !fault.contains('\n'), "{text}: {fault}");
        }
    }
}
