//! Texts without what differs from run to run: ids, receipts, times, ports.

/// The same text with `<id>`, `<port>` and the like in the places of what was made by chance.
#[must_use]
pub fn text(text: &str) -> String {
    let mut normal = String::new();
    let mut word = String::new();
    // A word is what an id, an address or a time is written with.
    for character in text.chars().chain([' ']) {
        if character.is_ascii_alphanumeric() || "-_:".contains(character) {
            word.push(character);
            continue;
        }
        normal.push_str(&normal_word(&word));
        word.clear();
        normal.push(character);
    }
    normal.pop();
    normal
}

fn normal_word(word: &str) -> String {
    let is_uuid = |word: &str| word.len() == 36 && uuid::Uuid::try_parse(word).is_ok();
    let unique = word.get(word.len().saturating_sub(36)..).filter(|tail| is_uuid(tail));
    if let Some(unique) = unique {
        return word.replace(unique, "<id>");
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match word.split_once(':') {
        // A time of day, else a port behind the last number of an address.
        Some(_) if word.split(':').all(|part| part.len() == 2 && is_number(part)) => "<time>".to_owned(),
        Some((host, port)) if is_number(port) => format!("{host}:<port>"),
        // A code, a reference: what has a digit and is in capitals.
        None if word.len() >= 6 && is_number(word) => "<number>".to_owned(),
        None if is_reference(word) => "<reference>".to_owned(),
        _ => word.to_owned(),
    }
}

/// `7F3K-2M9P`: two groups of four, in capitals and digits.
fn is_reference(word: &str) -> bool {
    let is_group = |group: &str| {
        group.len() == 4
            && group
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    word.split_once('-')
        .is_some_and(|(one, other)| is_group(one) && is_group(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_by_chance_is_taken_out() {
        for (text_of, wanted) in [
            (
                "http://localhost:8080/sessions/0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33 is over",
                "http://localhost:<port>/sessions/<id> is over",
            ),
            ("127.0.0.1:41 refuses", "127.0.0.1:<port> refuses"),
            ("MCC-STL-43233098-64B2-4930-A2D1-3D778894B02B", "MCC-STL-<id>"),
            ("at 12:30 and 12:30:59 UTC", "at <time> and <time> UTC"),
            (
                "the code 482107, reference 7F3K-2M9P",
                "the code <number>, reference <reference>",
            ),
            (
                "wanted the state terms, got 400 error, problem not-genuine",
                "wanted the state terms, got 400 error, problem not-genuine",
            ),
        ] {
            assert_eq!(text(text_of), wanted);
        }
    }
}
