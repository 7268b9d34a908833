//! Makes one method of every message in `src/words/en`, so that a page cannot name a message that does not exist, nor
//! forget an argument; and refuses to build when a language lacks a message, or says it with other arguments.
//!
//! Also makes the two pseudo-languages of English: `en-XA`, longer and with accents, and `ar-XB`, from right to left.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement, Resource, VariantKey};
use fluent_syntax::{parser, serializer};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// English first: it is the source. The order is that of the language page.
const LANGUAGES: [&str; 8] = ["en", "de", "fr", "es", "pt-BR", "pl", "ar", "ja"];
/// The argument that every message has: the wallet's name, which a deployment chooses.
const WALLET: &str = "wallet";
/// The first line of a file that nobody who speaks the language has read.
const UNREVIEWED: &str = "# unreviewed";
/// The categories of plurals (Unicode CLDR): a selector with one of them is a number.
const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/words");
    // A template that a deployment puts over ours is new to the compiler, which knows only those that it has read.
    println!("cargo::rerun-if-changed=overrides");
    let folder = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("src/words");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let english = Catalogue::read(&folder.join("en"))?;
    let mut unreviewed = Vec::new();
    for language in LANGUAGES {
        let catalogue = Catalogue::read(&folder.join(language))?;
        catalogue.compare(&english, language)?;
        if !catalogue.is_reviewed {
            unreviewed.push(language);
        }
        fs::write(
            out.join(format!("{language}.ftl")),
            serializer::serialize(&catalogue.resource),
        )?;
    }
    fs::write(out.join("en-XA.ftl"), pseudo(&english.resource, &accented))?;
    fs::write(out.join("ar-XB.ftl"), pseudo(&english.resource, &turned))?;
    let unreviewed = format!(
        "/// Languages with a file that nobody who speaks them has read.\nconst UNREVIEWED: &[&str] = &{unreviewed:?};\n"
    );
    fs::write(out.join("messages.rs"), methods(&english)? + &unreviewed)?;
    Ok(())
}

/// The arguments of a message, in the order of the text, and whether each is a number.
type Arguments = Vec<(String, bool)>;

/// The messages of a language.
struct Catalogue {
    resource: Resource<String>,
    /// By key, or key and attribute with a dot between.
    messages: BTreeMap<String, Arguments>,
    /// Somebody who speaks the language has read every file.
    is_reviewed: bool,
}

impl Catalogue {
    /// All files of a language, in the order of their names.
    fn read(folder: &Path) -> Result<Self> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<std::io::Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|ending| ending == "ftl"));
        files.sort();
        let mut resource = Resource { body: Vec::new() };
        let mut is_reviewed = true;
        for file in files {
            let text = fs::read_to_string(&file)?;
            is_reviewed &= text.lines().next() != Some(UNREVIEWED);
            let name = file.display();
            if let Some((number, line)) = text.lines().enumerate().find(|(_, line)| line.contains('<')) {
                return Err(format!("{name}:{}: a message holds no markup: {line}", number + 1).into());
            }
            let parsed = parser::parse(text).map_err(|(_, errors)| format!("{name}: {errors:?}"))?;
            resource.body.extend(parsed.body);
        }
        let mut messages = BTreeMap::new();
        let all: BTreeMap<&str, &Message<String>> = resource.body.iter().filter_map(message).collect();
        let mut seen = BTreeSet::new();
        if let Some((key, _)) = resource
            .body
            .iter()
            .filter_map(message)
            .find(|(key, _)| !seen.insert(*key))
        {
            return Err(format!("{}: {key} stands there twice", folder.display()).into());
        }
        for (key, message) in &all {
            if let Some(value) = &message.value {
                messages.insert((*key).to_owned(), arguments(value, &all)?);
            }
            for attribute in &message.attributes {
                let name = format!("{key}.{}", attribute.id.name);
                messages.insert(name, arguments(&attribute.value, &all)?);
            }
        }
        Ok(Self {
            resource,
            messages,
            is_reviewed,
        })
    }

    /// Whether it says all that English says, with the same arguments.
    fn compare(&self, english: &Self, language: &str) -> Result<()> {
        let keys = |catalogue: &Self| catalogue.messages.keys().cloned().collect::<BTreeSet<_>>();
        let missing: Vec<String> = keys(english).difference(&keys(self)).cloned().collect();
        if !missing.is_empty() {
            return Err(format!("src/words/{language} lacks {}", missing.join(", ")).into());
        }
        let unknown: Vec<String> = keys(self).difference(&keys(english)).cloned().collect();
        if !unknown.is_empty() {
            return Err(format!("src/words/{language} has what English has not: {}", unknown.join(", ")).into());
        }
        for (key, told) in &self.messages {
            let names = |arguments: &Arguments| arguments.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>();
            if names(told) != names(&english.messages[key]) {
                return Err(format!("src/words/{language}: {key} has other arguments than in English").into());
            }
        }
        Ok(())
    }
}

fn message(entry: &Entry<String>) -> Option<(&str, &Message<String>)> {
    match entry {
        Entry::Message(message) => Some((&message.id.name, message)),
        _ => None,
    }
}

fn arguments(pattern: &Pattern<String>, all: &BTreeMap<&str, &Message<String>>) -> Result<Arguments> {
    let mut found = Vec::new();
    collect(pattern, all, &mut found)?;
    Ok(found)
}

fn collect(pattern: &Pattern<String>, all: &BTreeMap<&str, &Message<String>>, found: &mut Arguments) -> Result<()> {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => collect_inline(inline, false, all, found)?,
            Expression::Select { selector, variants } => {
                let is_number = variants.iter().any(|variant| match &variant.key {
                    VariantKey::Identifier { name } => PLURALS.contains(&name.as_str()) && name != "other",
                    VariantKey::NumberLiteral { .. } => true,
                });
                collect_inline(selector, is_number, all, found)?;
                for variant in variants {
                    collect(&variant.value, all, found)?;
                }
            }
        }
    }
    Ok(())
}

fn collect_inline(
    inline: &InlineExpression<String>,
    is_number: bool,
    all: &BTreeMap<&str, &Message<String>>,
    found: &mut Arguments,
) -> Result<()> {
    match inline {
        InlineExpression::VariableReference { id } if id.name != WALLET => {
            match found.iter_mut().find(|(name, _)| *name == id.name) {
                Some((_, known)) => *known |= is_number,
                None => found.push((id.name.clone(), is_number)),
            }
        }
        InlineExpression::MessageReference { id, attribute: None } => {
            let other = all.get(id.name.as_str()).and_then(|message| message.value.as_ref());
            collect(
                other.ok_or_else(|| format!("there is no message {}", id.name))?,
                all,
                found,
            )?;
        }
        InlineExpression::VariableReference { .. } | InlineExpression::StringLiteral { .. } => {}
        other => return Err(format!("this is not used in our messages: {other:?}").into()),
    }
    Ok(())
}

/// `impl Words`, `mod said` and the list of all messages.
fn methods(english: &Catalogue) -> Result<String> {
    let (mut told, mut said, mut list) = (String::new(), String::new(), String::new());
    for (key, arguments) in &english.messages {
        let name = key.replace(['-', '.'], "_");
        let text = doc(&english.resource, key);
        let parameters: String = arguments
            .iter()
            .map(|(name, is_number)| {
                let kind = if *is_number { "Count" } else { "Argument" };
                format!(", {name}: impl Into<{kind}>")
            })
            .collect();
        let values: String = arguments
            .iter()
            .map(|(name, is_number)| match is_number {
                true => format!("({name:?}, Argument::from({name}.into())), "),
                false => format!("({name:?}, {name}.into()), "),
            })
            .collect();
        let bare = parameters.trim_start_matches(", ");
        writeln!(
            told,
            "{text}    #[must_use]\n    pub fn {name}(&self{parameters}) -> String {{"
        )?;
        writeln!(told, "        self.format({key:?}, &[{values}])\n    }}")?;
        writeln!(said, "{text}    #[must_use]\n    pub fn {name}({bare}) -> Said {{")?;
        writeln!(said, "        Said::new({key:?}, vec![{values}])\n    }}")?;
        let names: Vec<&String> = arguments.iter().map(|(name, _)| name).collect();
        writeln!(list, "    ({key:?}, &{names:?}),")?;
    }
    Ok(format!(
        "impl Words {{\n{told}}}\n\n/// Every message, to be said later: in which language is not known yet.\n\
         pub mod said {{\n    use super::{{Argument, Count, Said}};\n\n{said}}}\n\n\
         /// Every key, and the names of its arguments.\n#[cfg(test)]\n\
         const MESSAGES: &[(&str, &[&str])] = &[\n{list}];\n"
    ))
}

/// The English text, as the documentation of its method.
fn doc(resource: &Resource<String>, key: &str) -> String {
    let (id, attribute) = key.split_once('.').map_or((key, None), |(id, name)| (id, Some(name)));
    let entry = resource
        .body
        .iter()
        .find(|entry| message(entry).is_some_and(|(name, _)| name == id));
    let Some(Entry::Message(found)) = entry else {
        return String::new();
    };
    let pattern = match attribute {
        None => found.value.clone(),
        Some(name) => found
            .attributes
            .iter()
            .find(|attribute| attribute.id.name == name)
            .map(|attribute| attribute.value.clone()),
    };
    let alone = Message {
        value: pattern,
        attributes: Vec::new(),
        comment: None,
        ..found.clone()
    };
    let text = serializer::serialize(&Resource {
        body: vec![Entry::Message(alone)],
    });
    let mut lines = String::from("    /// ```text\n");
    for line in text.lines() {
        let _ = writeln!(lines, "    /// {line}");
    }
    lines + "    /// ```\n"
}

/// English in disguise: whoever reads it sees what is not translated, and what has no room.
fn pseudo(english: &Resource<String>, disguise: &dyn Fn(&str) -> String) -> String {
    let mut resource = english.clone();
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry {
            let attributes = message.attributes.iter_mut().map(|attribute| &mut attribute.value);
            for pattern in message.value.iter_mut().chain(attributes) {
                disguised(pattern, disguise);
            }
        }
    }
    serializer::serialize(&resource)
}

fn disguised(pattern: &mut Pattern<String>, disguise: &dyn Fn(&str) -> String) {
    for element in &mut pattern.elements {
        match element {
            PatternElement::TextElement { value } => *value = disguise(value),
            PatternElement::Placeable {
                expression: Expression::Select { variants, .. },
            } => variants
                .iter_mut()
                .for_each(|variant| disguised(&mut variant.value, disguise)),
            PatternElement::Placeable { .. } => {}
        }
    }
}

/// Accents on most letters, and vowels twice: about 40 % longer, as German and Finnish can be.
fn accented(text: &str) -> String {
    const PLAIN: &str = "ACDEGHIJKLNORSTUWYZacdeghijklnorstuwyz";
    const MARKED: &str = "ÅÇĐÉĜĤÎĴĶĻÑÖŔŠŢÛŴÝŽåçðéĝĥîĵķļñöŕšţûŵýž";
    let marked = |letter: char| {
        let place = PLAIN.chars().position(|plain| plain == letter);
        place.and_then(|place| MARKED.chars().nth(place)).unwrap_or(letter)
    };
    text.chars()
        .flat_map(|letter| {
            let times = if "aeiouAEIOU".contains(letter) { 2 } else { 1 };
            std::iter::repeat_n(marked(letter), times)
        })
        .collect()
}

/// The same words, each from right to left.
fn turned(text: &str) -> String {
    let core = text.trim();
    if core.is_empty() {
        return text.to_owned();
    }
    text.replacen(core, &format!("\u{202e}{core}\u{202c}"), 1)
}
