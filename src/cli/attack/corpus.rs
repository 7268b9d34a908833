//! The corpus: attacks as data, by subject (`tests/attacks/*.json`), as `format.md` beside this file says. What breaks a rule of the format is not played.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use crate::cli::text_of;

use super::format::{Answer, Reason, Stays, Step, Vector};

/// The files that are part of the program: name and text.
pub const FILES: &[(&str, &str)] = &[
    ("jose.json", include_str!("../../../tests/attacks/jose.json")),
    ("returns.json", include_str!("../../../tests/attacks/returns.json")),
    ("launches.json", include_str!("../../../tests/attacks/launches.json")),
    ("sessions.json", include_str!("../../../tests/attacks/sessions.json")),
    ("pushes.json", include_str!("../../../tests/attacks/pushes.json")),
    ("landings.json", include_str!("../../../tests/attacks/landings.json")),
    ("oauth.json", include_str!("../../../tests/attacks/oauth.json")),
    ("http.json", include_str!("../../../tests/attacks/http.json")),
];
/// The attacks of the threat model are numbered from A001 to this one.
const ATTACK_MAX: u16 = 129;

/// A file of the corpus.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    subject: String,
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    shared: Shared,
    vectors: Vec<Raw>,
}

/// What the vectors of a file have in common unless they say otherwise.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shared {
    given: Option<Vec<Step>>,
    answer: Option<Answer>,
    stays: Option<Stays>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    attack: String,
    title: String,
    reason: Reason,
    given: Option<Vec<Step>>,
    send: Vec<Step>,
    answer: Option<Answer>,
    stays: Option<Stays>,
}

/// The corpus of the program, or the one in a folder.
///
/// # Errors
/// Which file and vector breaks which rule.
pub fn load(folder: Option<&Path>) -> Result<Vec<Vector>, String> {
    let Some(folder) = folder else {
        return read(
            FILES
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
        );
    };
    let problem = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(problem)? {
        let path = entry.map_err(problem)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text_of(&path)?));
        }
    }
    files.sort();
    read(files.into_iter())
}

/// The corpus of these files, for tests of the rules.
#[cfg(test)]
pub fn read_texts(files: &[(&str, &str)]) -> Result<Vec<Vector>, String> {
    read(
        files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
    )
}

fn read(files: impl Iterator<Item = (String, String)>) -> Result<Vec<Vector>, String> {
    let mut vectors = Vec::new();
    for (name, text) in files {
        let file: File = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
        for raw in file.vectors {
            let vector = complete(raw, &file.subject, &file.shared).map_err(|rule| format!("{name}: {rule}"))?;
            vectors.push(vector);
        }
    }
    let mut ids = BTreeSet::new();
    if let Some(twice) = vectors.iter().find(|vector| !ids.insert(vector.id.clone())) {
        return Err(format!("{}: the id is there twice", twice.id));
    }
    if vectors.is_empty() {
        return Err("the corpus has no vector".to_owned());
    }
    Ok(vectors)
}

/// A vector with everything that the file's vectors share, or the rule that it breaks.
fn complete(raw: Raw, subject: &str, shared: &Shared) -> Result<Vector, String> {
    let id = raw.id;
    let word = |text: &str, also: u8| {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == also;
        !text.is_empty() && text.bytes().all(known)
    };
    let number = raw.attack.strip_prefix('A').filter(|digits| digits.len() == 3);
    let number = number.and_then(|digits| digits.parse::<u16>().ok());
    let rule = if !word(&id, b'-') {
        Some("an id is lower-case words with - between them")
    } else if !number.is_some_and(|number| (1..=ATTACK_MAX).contains(&number)) {
        Some("the attack is none of A001 to A129")
    } else if !word(&raw.reason.code, b'_') || raw.reason.why.trim().is_empty() || raw.title.trim().is_empty() {
        Some("a vector has a title and a reason with a code and a sentence")
    } else if raw.send.is_empty() {
        Some("nothing is sent")
    } else {
        None
    };
    if let Some(rule) = rule {
        return Err(format!("{id}: {rule}"));
    }
    let missing = |what: &str| format!("{id}: neither the vector nor its file says what {what}");
    Ok(Vector {
        subject: subject.to_owned(),
        given: raw
            .given
            .or_else(|| shared.given.clone())
            .ok_or_else(|| missing("is given"))?,
        answer: raw
            .answer
            .or_else(|| shared.answer.clone())
            .ok_or_else(|| missing("must be answered"))?,
        stays: raw
            .stays
            .or_else(|| shared.stays.clone())
            .ok_or_else(|| missing("must stay"))?,
        attack: raw.attack,
        title: raw.title,
        reason: raw.reason,
        send: raw.send,
        id,
    })
}
