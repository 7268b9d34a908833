//! Two texts side by side: where they part, and whether that matters.

use percent_encoding::percent_decode_str;

/// Two texts, cut at the first character that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What both begin with.
    pub same: String,
    /// The first character of the one that differs; empty at its end.
    pub expected_at: String,
    /// The rest of it.
    pub expected_rest: String,
    /// The same of the other.
    pub received_at: String,
    /// The rest of it.
    pub received_rest: String,
    /// The position of that character, from 1.
    pub position: usize,
    /// In which way the two are the same after all, where they are.
    pub same_but: Option<String>,
}

/// Compares two texts by characters; `None` when they are equal.
#[must_use]
pub fn difference(expected: &str, received: &str) -> Option<Difference> {
    if expected == received {
        return None;
    }
    let common = expected
        .chars()
        .zip(received.chars())
        .take_while(|(one, other)| one == other);
    let same: String = common.map(|(one, _)| one).collect();
    let cut = |text: &str| {
        let mut rest = text[same.len()..].chars();
        let at = rest.next().map(String::from).unwrap_or_default();
        (at, rest.collect::<String>())
    };
    let ((expected_at, expected_rest), (received_at, received_rest)) = (cut(expected), cut(received));
    Some(Difference {
        position: same.chars().count() + 1,
        same_but: same_but(expected, received),
        same,
        expected_at,
        expected_rest,
        received_at,
        received_rest,
    })
}

/// In which way two different texts are the same after all.
#[must_use]
pub fn same_but(expected: &str, received: &str) -> Option<String> {
    if expected == received {
        return None;
    }
    let unpadded = |text: &str| text.trim_end_matches('=').to_owned();
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let is_uuid = |text: &str| {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        is_hex && groups == [8, 4, 4, 4, 12]
    };
    let said = if unpadded(expected) == unpadded(received) {
        "differs only in padding"
    } else if decoded(expected) == decoded(received) {
        "same after percent-decoding"
    } else if is_uuid(expected) && is_uuid(received) && expected.eq_ignore_ascii_case(received) {
        "same UUID in other case"
    } else if expected.eq_ignore_ascii_case(received) {
        "differs only in upper and lower case"
    } else if expected.trim_end_matches('/') == received.trim_end_matches('/') {
        "differs only in the slash at the end"
    } else if expected.trim() == received.trim() {
        "differs only in spaces around it"
    } else {
        return None;
    };
    Some(said.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_found_by_characters() {
        let found = difference("GET&http%3A&añb", "GET&http%3A&añc&d").expect("a difference");
        assert_eq!((found.same.as_str(), found.position), ("GET&http%3A&añ", 15));
        assert_eq!((found.expected_at.as_str(), found.expected_rest.as_str()), ("b", ""));
        assert_eq!((found.received_at.as_str(), found.received_rest.as_str()), ("c", "&d"));
        assert_eq!(difference("a", "a"), None);
        let shorter = difference("abc", "ab").expect("a difference");
        assert_eq!((shorter.expected_at.as_str(), shorter.received_at.as_str()), ("c", ""));
    }

    #[test]
    fn texts_that_mean_the_same_are_told_from_those_that_do_not() {
        let uuid = "4F2C0E9A-1111-4222-8333-0123456789AB";
        for (one, other, said) in [
            ("YWI=", "YWI", Some("differs only in padding")),
            ("a%2Fb", "a/b", Some("same after percent-decoding")),
            (uuid, &uuid.to_lowercase(), Some("same UUID in other case")),
            ("http://A/", "http://a/", Some("differs only in upper and lower case")),
            (
                "http://a/b/",
                "http://a/b",
                Some("differs only in the slash at the end"),
            ),
            ("a", "b", None),
            ("a", "a", None),
        ] {
            assert_eq!(same_but(one, other).as_deref(), said, "{one} {other}");
        }
    }
}
