//! The rules of the house that no compiler knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Which folder may import which; `clock`, `config` and `seal` are plain values.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("mdes", &["domain"]),
    ("store", &["domain", "clock", "seal"]),
    ("app", &["domain", "mdes", "store", "clock", "config", "seal"]),
    ("http", &["domain", "app", "clock", "config", "seal", "words"]),
    ("words", &[]),
    ("sim", &[]),
    ("workbench", &["sim"]),
    ("clock", &["domain"]),
    ("config", &["domain"]),
    ("seal", &["domain"]),
    (
        "cli",
        &[
            "domain",
            "mdes",
            "store",
            "app",
            "http",
            "sim",
            "workbench",
            "clock",
            "config",
            "seal",
        ],
    ),
];
/// Where a person stops reading on.
const LINES_MAX: usize = 450;
/// The names of what must never reach a wallet. `panUniqueReference` is no account number.
const ACCOUNT_WORDS: &[&str] = &[
    "accountnumber",
    "account_number",
    "cardnumber",
    "card_number",
    "primaryaccountnumber",
    "primary_account_number",
    "securitycode",
    "security_code",
    "cvc",
    "cvv",
    "track2",
    "expirydate",
    "expiry_date",
];

/// The templates that draw something: icons, contours of a card, a code for a phone.
const DRAWN: [&str; 6] = [
    "templates/art.html",
    "templates/home.html",
    "templates/icons.html",
    "templates/picker_row.html",
    "templates/qr.html",
    "templates/workbench/row.html",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder with this ending: its path from the root, and its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                let text = fs::read_to_string(&path).expect("text");
                found.push((relative(&path), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no {ending} files");
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).expect("below the root").display().to_string()
}

/// The folder or file of `src` that a path belongs to: `src/app/mod.rs` and `src/app.rs` are both `app`.
fn part(path: &str) -> &str {
    let inside = path.strip_prefix("src/").expect("in src");
    inside.split(['/', '.']).next().expect("a name")
}

/// A file without the tests at its end.
fn without_tests(text: &str) -> &str {
    text.split("\n#[cfg(test)]\nmod tests {").next().expect("the head")
}

fn is_test_file(path: &str) -> bool {
    path.contains("/tests/")
        || path.contains("/testing/")
        || ["tests.rs", "testing.rs", "samples.rs", "properties.rs"]
            .iter()
            .any(|end| path.ends_with(end))
}

/// Lines without what is said about the code in them.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn every_folder_imports_what_it_may() {
    for (path, text) in files("src", "rs") {
        let part = part(&path);
        if part == "lib" || part == "main" {
            continue;
        }
        let (_, allowed) = ALLOWED
            .iter()
            .find(|(name, _)| *name == part)
            .unwrap_or_else(|| panic!("{path} belongs to no known part"));
        for line in code(&text) {
            assert!(!line.contains("crate::{"), "{path}: one path a line: {line}");
            let mut rest = line;
            while let Some((_, after)) = rest.split_once("crate::") {
                let name: String = after
                    .chars()
                    .take_while(|c| c.is_ascii_lowercase() || *c == '_')
                    .collect();
                // `$crate::store::…` in a macro is the macro's own folder.
                let is_fine = name == part || allowed.contains(&name.as_str());
                assert!(is_fine, "{path} imports {name}: {line}");
                rest = after;
            }
        }
    }
}

#[test]
fn the_commands_alone_name_the_simulators_and_the_workbench() {
    for (path, text) in files("src", "rs") {
        let named = |name: &str| {
            code(&text)
                .any(|line| line.contains(&format!("crate::{name}")) || line.contains(&format!("tidemark::{name}")))
        };
        let part = part(&path);
        assert!(!named("sim") || ["sim", "workbench", "cli"].contains(&part), "{path}");
        assert!(!named("workbench") || ["workbench", "cli"].contains(&part), "{path}");
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let lengths = files("src", "rs")
        .into_iter()
        .filter(|(path, _)| !is_test_file(path))
        .map(|(path, text)| (without_tests(&text).lines().count(), path));
    let long: Vec<_> = lengths.filter(|(lines, _)| *lines > LINES_MAX).collect();
    assert!(
        long.is_empty(),
        "more than {LINES_MAX} lines before the tests: {long:?}"
    );
}

#[test]
fn the_binary_is_a_call_into_the_library() {
    let text = fs::read_to_string(root().join("src/main.rs")).expect("main.rs");
    assert!(text.lines().count() <= 20, "{text}");
}

#[test]
fn no_word_for_an_account_number_stands_outside_the_simulators() {
    let all = files("src", "rs").into_iter().chain(files("templates", "html"));
    // The workbench sees what banks send to MDES, and has to know by what names, to mask it.
    let plays = ["src/sim/", "src/workbench/", "templates/bank/", "templates/workbench/"];
    for (path, text) in all.filter(|(path, _)| !plays.iter().any(|folder| path.starts_with(folder))) {
        let text = text.to_ascii_lowercase();
        for word in ACCOUNT_WORDS {
            assert!(!text.contains(word), "{path} says {word}");
        }
        // `pan` as a word of its own, or as the name of a field.
        for line in text.lines() {
            let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let bad = words
                .filter(|word| *word == "pan" || word.starts_with("pan_") || word.ends_with("_pan") || *word == "fpan")
                .find(|word| *word != "pan_unique_reference");
            assert!(
                bad.is_none() || line.contains("\"pan_ineligible") || line.contains("\"pan_provisioning"),
                "{path}: {line}"
            );
        }
    }
}

#[test]
fn there_is_one_door_to_a_verified_receipt() {
    let mut callers = Vec::new();
    for (path, text) in files("src", "rs") {
        let calls = code(&text).filter(|line| line.contains("signature_was_checked("));
        callers.extend(calls.map(|line| format!("{path}: {}", line.trim())));
    }
    let (definition, callers): (Vec<_>, Vec<_>) = callers.into_iter().partition(|line| line.contains("pub fn "));
    assert_eq!(definition.len(), 1, "{definition:?}");
    assert_eq!(callers.len(), 1, "{callers:?}");
    assert!(callers[0].starts_with("src/mdes/jws.rs:"), "{callers:?}");
}

/// A switch that takes a defence down is compiled into the library's own tests and nothing else.
#[test]
fn no_build_but_a_test_can_take_a_check_down() {
    for (switch, wanted) in [("any_browser", 5), ("any_signature", 10)] {
        let mut places = 0;
        for (path, text) in files("src", "rs").into_iter().filter(|(path, _)| !is_test_file(path)) {
            let lines: Vec<&str> = text.lines().collect();
            for at in (0..lines.len()).filter(|at| lines[*at].contains(switch)) {
                let before = &lines[at.saturating_sub(2)..at];
                let is_guarded = before.iter().any(|line| line.trim() == "#[cfg(test)]");
                assert!(is_guarded, "{path}:{}: {}", at + 1, lines[at]);
                places += 1;
            }
        }
        assert_eq!(places, wanted, "{switch}");
    }
}

#[test]
fn templates_hold_no_script_no_style_and_nobody_elses_address() {
    for (path, text) in files("templates", "html") {
        assert!(!text.contains("|safe") && !text.contains("| safe"), "{path}");
        assert!(!text.contains("|escape(") && !text.contains("autoescape"), "{path}");
        let lower = text.to_ascii_lowercase();
        for (at, _) in lower.match_indices("<script") {
            let tag = lower[at..].split('>').next().expect("a tag");
            assert!(tag.contains(" src="), "{path}: an inline script: {tag}");
        }
        for inline in [
            "<style",
            " style=",
            "javascript:",
            "<iframe",
            "<object",
            "<embed",
            "<base",
            "data:",
        ] {
            assert!(!lower.contains(inline), "{path} holds {inline}");
        }
        for (at, _) in lower.match_indices(" on") {
            let rest = &lower[at + 3..];
            let name = rest.chars().take_while(char::is_ascii_lowercase).count();
            assert!(
                name == 0 || !rest[name..].starts_with('='),
                "{path}: a handler: on{}",
                &rest[..name]
            );
        }
        let plain = lower.replace("http://www.w3.org/", "");
        for foreign in ["http://", "https://", "src=\"//", "href=\"//"] {
            assert!(!plain.contains(foreign), "{path} names {foreign}");
        }
    }
}

/// Nobody's artwork but our own: a picture that is drawn has been looked at before it stands here.
#[test]
fn every_drawing_is_our_own() {
    let drawings: Vec<String> = files("static", "svg").into_iter().map(|(path, _)| path).collect();
    assert_eq!(drawings, ["static/mark.svg"]);
    let drawn = files("templates", "html")
        .into_iter()
        .filter(|(_, text)| text.contains("<svg"));
    let drawn: Vec<String> = drawn.map(|(path, _)| path).collect();
    assert!(drawn.len() > 2);
    for path in drawn {
        assert!(
            DRAWN.contains(&path.as_str()),
            "{path} draws something that nobody has looked at"
        );
    }
}

/// The scheme's name is one word with one capital, in every language.
#[test]
fn mastercard_is_spelled_as_its_owner_does() {
    let mut seen = 0;
    let words = files("src/words", "ftl").into_iter().chain(files("templates", "html"));
    for (path, text) in words {
        let lower = text.to_ascii_lowercase();
        for (at, _) in lower.match_indices("master") {
            let name: String = text[at..].chars().take(10).collect();
            assert_eq!(name, "Mastercard", "{path}");
            seen += 1;
        }
    }
    assert!(seen > 50, "the name is looked for where it is");
}

/// Else the one beside it is found before a deployment's own (`askama.toml`).
#[test]
fn templates_name_each_other_so_that_each_can_be_put_over() {
    let settings = fs::read_to_string(root().join("askama.toml")).expect("settings");
    assert!(settings.contains(r#"dirs = ["overrides/templates", "templates", "overrides", "."]"#));
    for (path, text) in files("templates", "html") {
        let start = if path.starts_with("templates/bank/") {
            "bank/"
        } else {
            "templates/"
        };
        for keyword in ["include \"", "extends \"", "import \""] {
            for (_, name) in text
                .match_indices(keyword)
                .map(|(at, _)| text.split_at(at + keyword.len()))
            {
                assert!(name.starts_with(start), "{path}: {keyword}{start}…");
            }
        }
    }
}

/// The names of the methods of all messages, by where they are written.
fn messages() -> Vec<(String, String)> {
    let mut messages = Vec::new();
    for (path, text) in files("src/words/en", "ftl") {
        let mut key = "";
        for line in text.lines() {
            let Some((name, text)) = line.split_once(" =") else {
                continue;
            };
            let is_key = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            match name.strip_prefix("    .") {
                Some(attribute) => messages.push((format!("{key}-{attribute}").replace('-', "_"), path.clone())),
                None if is_key(name) => {
                    key = name;
                    // A message may have attributes alone.
                    if !text.is_empty() {
                        messages.push((name.replace('-', "_"), path.clone()));
                    }
                }
                None => {}
            }
        }
    }
    messages
}

/// The names that stand before a parenthesis: what is called, and whatever else.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.split('(').map(|before| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        before.rsplit(|c| !is_name(c)).next().unwrap_or_default()
    })
}

#[test]
fn every_message_is_said_somewhere() {
    let sources = files("src", "rs").into_iter().chain(files("templates", "html"));
    let sources: Vec<_> = sources.filter(|(path, _)| !path.starts_with("src/words/")).collect();
    let called: BTreeSet<&str> = sources.iter().flat_map(|(_, text)| called(text)).collect();
    // What is said inside another message.
    let words: String = files("src/words/en", "ftl").into_iter().map(|(_, text)| text).collect();
    let is_inside = |name: &str| words.contains(&format!("{{ {} }}", name.replace('_', "-")));
    let messages = messages();
    assert!(messages.len() > 50 && messages.iter().any(|(name, _)| name == "language_link_aria_label"));
    let unused = messages
        .iter()
        .filter(|(name, _)| !called.contains(name.as_str()) && !is_inside(name));
    let unused: Vec<&str> = unused.map(|(name, _)| name.as_str()).collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn nothing_is_unsafe_and_nothing_is_left_to_do() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for (path, text) in files("src", "rs") {
        for line in code(&text) {
            for block in ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"] {
                assert!(!line.contains(block), "{path}: {line}");
            }
            for left in ["todo!", "unimplemented!", "dbg!", "[ignore"] {
                assert!(!line.contains(left), "{path}: {line}");
            }
        }
    }
}
