//! A message as a command for a shell. What was masked stands there as a variable: whoever has the value can put it in.

use std::collections::BTreeSet;

use serde_json::Value;

use super::mask::HIDDEN;
use super::message::{Body, Kind, Message, Participant};

/// Headers that `curl` writes itself, or that belong to one browser.
const LEFT_OUT: [&str; 12] = [
    "host",
    "content-length",
    "accept-encoding",
    "connection",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "origin",
    "referer",
    "user-agent",
    "cookie",
];

/// The request of a message as a command, with a line that says what has to be put in. `None` for what is no request.
#[must_use]
pub fn of(message: &Message) -> Option<String> {
    let request = &message.request;
    if message.kind == Kind::Check || request.method.is_empty() {
        return None;
    }
    let mut script = Script::default();
    let mut url = script.quoted(&encoded(&request.url));
    for (at, (name, value)) in request.query.iter().enumerate() {
        let between = if at == 0 { "?" } else { "&" };
        url.push_str(&script.quoted(&encoded(&format!("{between}{name}={value}"))));
    }
    let mut lines = vec![format!("curl --globoff --request {} {url}", word(&request.method))];
    for (name, value) in &request.headers {
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        let header = match name.as_str() {
            // Each request is signed anew.
            "authorization" if message.to == Participant::Mdes => script.quoted(&format!("{name}: ⟦authorization⟧")),
            _ => script.quoted(&format!("{name}: {value}")),
        };
        lines.push(format!("--header {header}"));
    }
    if request.headers.iter().any(|(name, _)| name == "cookie") {
        lines.push(format!("--header {}", script.quoted("cookie: ⟦cookie⟧")));
    }
    match &request.body {
        Body::None => {}
        Body::Json(json) => lines.push(format!("--data-raw {}", script.quoted(&veiled(json).to_string()))),
        Body::Form(fields) => {
            for (name, value) in fields {
                lines.push(format!(
                    "--data-urlencode {}",
                    script.quoted(&format!("{name}={}", veil(value)))
                ));
            }
        }
        Body::Other { .. } => lines.push(format!("--data-binary {}", script.quoted("⟦body⟧"))),
    }
    let command = lines.join(" \\\n  ");
    Some(match script.variables.is_empty() {
        true => command,
        false => {
            let names: Vec<&str> = script.variables.iter().map(String::as_str).collect();
            format!(
                "# Hidden when it was recorded; put in first: {}\n{command}",
                names.join(" ")
            )
        }
    })
}

/// What has to be put in, in the order in which it stands there.
#[derive(Default)]
struct Script {
    variables: BTreeSet<String>,
    hidden: usize,
}

impl Script {
    /// A text as a shell takes it, with variables for what is hidden: `'a'"${RECEIPT_A}"'b'`.
    fn quoted(&mut self, text: &str) -> String {
        let mut quoted = String::new();
        let mut rest = text;
        while let Some((before, alias, after)) = hidden(rest) {
            if !before.is_empty() {
                quoted.push_str(&plain(before));
            }
            let name = match alias {
                Some(alias) => variable(alias),
                None => {
                    self.hidden += 1;
                    format!("HIDDEN_{}", self.hidden)
                }
            };
            quoted.push_str(&format!("\"${{{name}}}\""));
            self.variables.insert(name);
            rest = after;
        }
        if !rest.is_empty() || quoted.is_empty() {
            quoted.push_str(&plain(rest));
        }
        quoted
    }
}

/// The first hidden value in a text: what is before it, its alias where it has one, what is after.
fn hidden(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let aliased = text.find('⟦').and_then(|at| {
        let (alias, after) = text[at + '⟦'.len_utf8()..].split_once('⟧')?;
        let value = text[..at].strip_suffix(' ').unwrap_or_default();
        let before = match without_ends(value) {
            before if before.len() < value.len() => before,
            _ => &text[..at],
        };
        Some((before, Some(alias), after))
    });
    let bare = text.find(HIDDEN).map(|at| {
        // The last digits of a card number go with it.
        let after = text[at..].trim_start_matches('•');
        let digits = after.strip_prefix(' ').unwrap_or_default();
        let last: String = digits.chars().take_while(char::is_ascii_digit).collect();
        let after = if last.len() == 4 { &digits[4..] } else { after };
        (&text[..at], None, after)
    });
    match (aliased, bare) {
        // `••• ⟦session-A⟧` is one value.
        (Some(aliased), Some(bare)) if bare.0.len() < aliased.0.len() => Some(bare),
        (Some(aliased), _) => Some(aliased),
        (None, bare) => bare,
    }
}

/// JSON with a mark for each text of which only the length is known.
fn veiled(json: &Value) -> Value {
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => json.clone(),
        Value::String(text) => Value::String(veil(text)),
        Value::Array(items) => items.iter().map(veiled).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), veiled(value)));
            Value::Object(members.collect())
        }
    }
}

/// `6 digits` stands for six digits.
fn veil(text: &str) -> String {
    let is_length = text.split_once(' ').is_some_and(|(number, unit)| {
        number.bytes().all(|byte| byte.is_ascii_digit()) && (unit == "digits" || unit == "characters")
    });
    if is_length { HIDDEN.to_owned() } else { text.to_owned() }
}

/// A text without the first and last characters of the value that it ends with: `x=4f2c…91ab` is `x=`.
fn without_ends(text: &str) -> &str {
    if let Some(text) = text.strip_suffix(HIDDEN) {
        return text;
    }
    let Some(at) = text.rfind('…') else { return text };
    let is_end = text[at + '…'.len_utf8()..].chars().count() == 4;
    let start = text[..at].char_indices().rev().nth(3).map(|(start, _)| start);
    match start {
        Some(start) if is_end => &text[..start],
        _ => text,
    }
}

/// `session-A` as a variable of a shell.
fn variable(alias: &str) -> String {
    let name: String = alias
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    match name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => name,
        false => format!("V_{name}"),
    }
}

/// A text between single quotes.
fn plain(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A method is letters, whatever came.
fn word(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).collect()
}

/// Blanks and quotes in an address as they travel.
fn encoded(text: &str) -> String {
    text.replace(' ', "%20").replace("%20⟦", " ⟦")
}

#[cfg(test)]
mod tests;
