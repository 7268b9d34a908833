//! The file of design tokens: what a deployment says over the colours, corners and fonts of the style sheet.
//!
//! Nothing of the file reaches a page as it is written. Each value is read into what it means and written anew, so no
//! file can bring a rule, an address or a comment into the style sheet.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::contrast::{Colour, weak};
use super::layers::{ConfigError, Place, line_of, nearest};

/// The style sheet, for the tokens that stand in it.
const SHEET: &str = include_str!("../../static/app.css");
/// The largest file of tokens, in bytes.
const FILE_BYTES_MAX: usize = 64 * 1024;

/// The colours, for `[light]` and `[dark]`.
const COLOURS: [&str; 20] = [
    "paper",
    "surface",
    "sunk",
    "ink",
    "ink-2",
    "line",
    "line-strong",
    "accent",
    "accent-hover",
    "on-accent",
    "accent-soft",
    "focus",
    "ok",
    "ok-soft",
    "warn",
    "warn-soft",
    "bad",
    "bad-soft",
    "info",
    "info-soft",
];
/// The corners of `[shape]`, with their names in the style sheet.
const SHAPES: [(&str, &str); 2] = [("radius", "r2"), ("radius-small", "r1")];
const FONTS: [&str; 3] = ["sans", "serif", "mono"];
const SECTIONS: [&str; 4] = ["light", "dark", "shape", "font"];

/// The largest radius: from here on a button is a pill.
const RADIUS_MAX: (f64, &[(&str, f64)]) = (2.0, &[("rem", 1.0), ("em", 1.0), ("px", 1.0 / 16.0)]);
/// The most families in one list.
const FAMILIES_MAX: usize = 12;
/// The longest name of a family.
const FAMILY_LENGTH_MAX: usize = 64;
/// What every device has: families that are written without quotes, and one of which ends each list.
const GENERIC: [&str; 8] = [
    "sans-serif",
    "serif",
    "monospace",
    "system-ui",
    "ui-sans-serif",
    "ui-serif",
    "ui-monospace",
    "ui-rounded",
];
/// What browsers know without quotes besides.
const UNQUOTED: [&str; 2] = ["-apple-system", "BlinkMacSystemFont"];

/// The colours of one appearance, by token.
pub type Palette = BTreeMap<&'static str, Colour>;

/// The two appearances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// What a deployment says over the style sheet's tokens. Empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    light: Set,
    dark: Set,
    both: Set,
}

/// Declarations: the name of a custom property without its dashes, and its value.
type Set = BTreeMap<&'static str, String>;

/// Reads a file of tokens.
///
/// # Errors
/// Every fault, with its line, and every pair of colours that cannot be told apart; one when the file cannot be read.
pub fn read(path: &Path) -> Result<Tokens, Vec<ConfigError>> {
    let text = super::files::text(path, FILE_BYTES_MAX)?;
    parse(&text, &path.display().to_string())
}

/// Reads the text of a file of tokens; `file` is its name in what is said about it.
///
/// # Errors
/// Every fault, with its line, and every pair of colours that cannot be told apart.
pub fn parse(text: &str, file: &str) -> Result<Tokens, Vec<ConfigError>> {
    let mut parser = Parser {
        text,
        file,
        tokens: Tokens::default(),
        lines: BTreeMap::new(),
        faults: Vec::new(),
    };
    parser.read();
    // Of a colour that could not be read nothing can be said.
    if parser.faults.is_empty() {
        parser.refuse_weak_pairs(Mode::Light);
        parser.refuse_weak_pairs(Mode::Dark);
    }
    if parser.faults.is_empty() {
        Ok(parser.tokens)
    } else {
        parser.faults.sort_by(|one, other| one.place.cmp(&other.place));
        Err(parser.faults)
    }
}

impl Tokens {
    /// The layer to be written behind the style sheet; "" when nothing is said.
    ///
    /// The rules have the selectors of the style sheet, so that each goes over the one that it means and no other:
    /// what is said of light leaves dark alone.
    #[must_use]
    pub fn css(&self) -> String {
        let light: Set = self
            .light
            .iter()
            .chain(&self.both)
            .map(|(k, v)| (*k, v.clone()))
            .collect();
        let rules = [
            rule(":root", &light),
            rule(":root[data-theme=\"dark\"]", &self.dark),
            match rule(":root:not([data-theme=\"light\"])", &self.dark).as_str() {
                "" => String::new(),
                rule => format!("@media (prefers-color-scheme: dark){{{rule}}}"),
            },
        ];
        match rules.concat().as_str() {
            "" => String::new(),
            rules => format!("@layer tokens{{{rules}}}\n"),
        }
    }

    /// The colours that count in an appearance.
    #[must_use]
    pub fn palette(&self, mode: Mode) -> Palette {
        let mut palette = sheet(mode);
        let own = match mode {
            Mode::Light => &self.light,
            Mode::Dark => &self.dark,
        };
        palette.extend(
            own.iter()
                .filter_map(|(name, value)| Some((*name, Colour::parse(value)?))),
        );
        palette
    }
}

fn rule(selector: &str, set: &Set) -> String {
    let mut text = String::new();
    for (name, value) in set {
        let _ = write!(text, "--{name}:{value};");
    }
    if text.is_empty() {
        text
    } else {
        format!("{selector}{{{text}}}")
    }
}

/// The style sheet's own colours.
fn sheet(mode: Mode) -> Palette {
    let block = |selector: &str| {
        let (_, after) = SHEET.split_once(selector).expect("the style sheet has its tokens");
        after.split('}').next().unwrap_or_default()
    };
    let dark = match mode {
        Mode::Light => "",
        Mode::Dark => block("\n  :root[data-theme=\"dark\"] {"),
    };
    let declared = block("\n  :root {").split(';').chain(dark.split(';'));
    declared
        .filter_map(|declaration| {
            let (name, value) = declaration.trim().strip_prefix("--")?.split_once(':')?;
            let name = COLOURS.iter().find(|known| **known == name)?;
            Some((*name, sheet_colour(value.trim())?))
        })
        .collect()
}

/// `#rrggbb`, or `#rgb` for short.
fn sheet_colour(text: &str) -> Option<Colour> {
    match text.strip_prefix('#')?.as_bytes() {
        [r, g, b] => {
            let [r, g, b] = [*r, *g, *b].map(char::from);
            Colour::parse(&format!("#{r}{r}{g}{g}{b}{b}"))
        }
        _ => Colour::parse(text),
    }
}

struct Parser<'t> {
    text: &'t str,
    file: &'t str,
    tokens: Tokens,
    /// Where each token of a section was set.
    lines: BTreeMap<(&'static str, &'static str), usize>,
    faults: Vec<ConfigError>,
}

impl Parser<'_> {
    fn read(&mut self) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let line = line_of(self.text, error.span().map_or(0, |span| span.start));
            self.fault(line, format!("not TOML: {}", error.message()));
        }
        if !self.faults.is_empty() {
            return;
        }
        for (key, value) in table.get_ref() {
            let (line, name) = (line_of(self.text, key.span().start), key.get_ref().as_ref());
            match (SECTIONS.iter().find(|known| **known == name), value.get_ref()) {
                (Some(section), DeValue::Table(table)) => self.section(section, table),
                (Some(section), _) => self.fault(line, format!("{section} must be a section: write [{section}]")),
                (None, _) => {
                    let hint = nearest(name, SECTIONS.iter().copied());
                    self.fault(line, format!("{name} is no section of design tokens{hint}"));
                }
            }
        }
    }

    fn section(&mut self, section: &'static str, table: &DeTable<'_>) {
        for (key, value) in table {
            let (line, name) = (line_of(self.text, key.span().start), key.get_ref().as_ref());
            let known: Vec<(&'static str, &'static str)> = match section {
                "shape" => SHAPES.to_vec(),
                "font" => FONTS.map(|name| (name, name)).to_vec(),
                _ => COLOURS.map(|name| (name, name)).to_vec(),
            };
            let Some((name, property)) = known.iter().copied().find(|(known, _)| *known == name) else {
                let hint = nearest(name, known.iter().map(|(known, _)| *known));
                self.fault(line, format!("{name} is no design token of [{section}]{hint}"));
                continue;
            };
            let DeValue::String(text) = value.get_ref() else {
                self.fault(line, format!("{section}.{name} must be a text in quotes"));
                continue;
            };
            let (set, value) = match section {
                "shape" => (&mut self.tokens.both, radius(text)),
                "font" => (&mut self.tokens.both, families(text)),
                "dark" => (&mut self.tokens.dark, colour(text)),
                _ => (&mut self.tokens.light, colour(text)),
            };
            match value {
                Ok(value) => {
                    set.insert(property, value);
                    self.lines.insert((section, name), line);
                }
                Err(message) => self.fault(line, format!("{section}.{name} {message}")),
            }
        }
    }

    fn refuse_weak_pairs(&mut self, mode: Mode) {
        let section = match mode {
            Mode::Light => "light",
            Mode::Dark => "dark",
        };
        let palette = self.tokens.palette(mode);
        for pair in weak(|name| palette[name]) {
            let line = |name| self.lines.get(&(section, name)).copied();
            // Of a pair that is too weak the file set at least one.
            let line = line(pair.front.0).max(line(pair.ground.0)).unwrap_or_default();
            self.fault(line, format!("{section}: {pair}"));
        }
    }

    fn fault(&mut self, line: usize, message: impl Into<String>) {
        self.faults.push(ConfigError {
            place: Place::File(self.file.to_owned(), line),
            message: message.into(),
        });
    }
}

fn colour(text: &str) -> Result<String, String> {
    let colour = Colour::parse(text).ok_or("must be a colour of six hexadecimal digits, such as \"#0b5a4e\"")?;
    Ok(colour.to_string())
}

fn radius(text: &str) -> Result<String, String> {
    let (max, units) = RADIUS_MAX;
    let plain = |number: &str| {
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, rest) = number.split_once('.').unwrap_or((number, "0"));
        digits(whole) && digits(rest) && (1..=2).contains(&whole.len()) && (1..=4).contains(&rest.len())
    };
    let read = |(unit, in_rem): &(&str, f64)| {
        let number = text.strip_suffix(unit).filter(|number| plain(number))?;
        let length = number.parse::<f64>().ok()? * in_rem;
        (length <= max).then(|| text.to_owned())
    };
    match units.iter().find_map(read) {
        Some(length) => Ok(length),
        None if text == "0" => Ok("0".to_owned()),
        None => Err("must be a length from 0 to 2rem, in rem, em or px, such as \"0.75rem\"".to_owned()),
    }
}

/// Font families, best first. All that are not generic are written in quotes, so that no name means anything in CSS.
fn families(text: &str) -> Result<String, String> {
    let families: Vec<&str> = text.split(',').map(str::trim).collect();
    let ends_well = families.last().is_some_and(|last| GENERIC.contains(last));
    if families.len() > FAMILIES_MAX || !ends_well {
        let generic = GENERIC.join(", ");
        return Err(format!(
            "must be 1 to {FAMILIES_MAX} families, the last one of {generic}"
        ));
    }
    let written: Option<Vec<String>> = families.iter().map(|family| family_name(family)).collect();
    let written = written.ok_or_else(|| {
        format!(
            "must name families of 1 to {FAMILY_LENGTH_MAX} letters, digits, - or _, in quotes where there are spaces"
        )
    })?;
    Ok(written.join(","))
}

fn family_name(text: &str) -> Option<String> {
    if GENERIC.contains(&text) || UNQUOTED.contains(&text) {
        return Some(text.to_owned());
    }
    let in_quotes = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    let quoted = in_quotes('\'').or_else(|| in_quotes('"'));
    let name = quoted.unwrap_or(text);
    let fits = (1..=FAMILY_LENGTH_MAX).contains(&name.len())
        && name.trim() == name
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte) || (byte == b' ' && quoted.is_some()));
    fits.then(|| format!("\"{name}\""))
}
