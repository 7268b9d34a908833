//! The bodies of the API, read strictly: one flat object of texts, no member twice, none that is not known.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::app::Fault;

use super::super::problem::Problem;

/// The known members, each at most once. Not `Debug`: one may hold a receipt or a code.
pub(super) struct Members(Vec<(String, String)>);

impl Members {
    /// Reads a body.
    ///
    /// # Errors
    /// 400 with a pointer to the first member that is at fault, or without one for what is no JSON object.
    pub(super) fn parse(body: &[u8], known: &[&str]) -> Result<Self, Problem> {
        let Pairs(pairs) =
            serde_json::from_slice(body).map_err(|_| Problem::bad_json("it is not one JSON object", None))?;
        let mut members: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let refuse = |detail| Err(Problem::bad_json(detail, Some(pointer(&name))));
            if !known.contains(&name.as_str()) {
                return refuse("a member is not known here");
            }
            if members.iter().any(|(seen, _)| *seen == name) {
                return refuse("a member is given twice");
            }
            match value {
                Value::String(text) if !text.chars().any(char::is_control) => members.push((name, text)),
                _ => return refuse("a member is not a text without control characters"),
            }
        }
        Ok(Self(members))
    }

    /// The value of a member, if it was given.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(seen, _)| seen == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A member whose value cannot be meant, or that is missing: 422 with a pointer to it.
pub(super) fn wrong(name: &str, rule: &'static str) -> Problem {
    Problem {
        pointer: Some(pointer(name)),
        ..Problem::from(Fault::BadInput(rule))
    }
}

/// RFC 6901.
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The members of an object as they stand there: a map would keep one of two.
struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Pairs;
            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["subject", "path"];

    fn refused(body: &str) -> Option<(u16, Option<String>)> {
        let refused = Members::parse(body.as_bytes(), KNOWN).err()?;
        Some((refused.status.as_u16(), refused.pointer))
    }

    #[test]
    fn one_flat_object_of_texts_is_read() {
        let members = Members::parse(br#" {"path":"\/","subject":"\u0061da"} "#, KNOWN).unwrap_or_else(|_| panic!());
        assert_eq!((members.one("subject"), members.one("path")), (Some("ada"), Some("/")));
        assert_eq!(refused("{}"), None);
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused_and_pointed_at() {
        let at = |name: &str| Some((400, Some(name.to_owned())));
        for (body, name) in [
            (r#"{"subject":"a","subject":"a"}"#, "/subject"),
            (r#"{"subject":"a","\u0073ubject":"b"}"#, "/subject"),
            (r#"{"path":"/","Subject":"a"}"#, "/Subject"),
            (r#"{"a/b~c":"d"}"#, "/a~1b~0c"),
            (r#"{"subject":1}"#, "/subject"),
            (r#"{"subject":null}"#, "/subject"),
            (r#"{"subject":["a"]}"#, "/subject"),
            (r#"{"subject":{"subject":"a"}}"#, "/subject"),
            (r#"{"subject":"a\u0000"}"#, "/subject"),
        ] {
            assert_eq!(refused(body), at(name), "{body}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in [
            "",
            "null",
            "[]",
            "\"subject\"",
            "{",
            "{} {}",
            "{\"subject\":\"a\",}",
            "{'subject':'a'}",
            "\u{feff}{}",
            r#"{"subject":"\ud800"}"#,
            "subject=a",
        ] {
            assert_eq!(refused(body), Some((400, None)), "{body}");
        }
        let deep = format!("{{\"subject\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(refused(&deep), Some((400, None)));
        assert!(Members::parse(b"{\"subject\":\"\xff\"}", KNOWN).is_err());
    }

    #[test]
    fn a_value_that_cannot_be_meant_is_pointed_at_too() {
        let problem = wrong("path", "path is a page");
        assert_eq!((problem.status.as_u16(), problem.code), (422, "bad-input"));
        assert_eq!(problem.pointer.as_deref(), Some("/path"));
    }
}
