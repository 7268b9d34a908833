//! Bodies and answers.

use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What a handler gives.
pub(super) type Answer = Result<Response, Problem>;

/// Why something was not done, and what to do: `{"error": …}` with a status of the client's.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    text: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
        }
    }

    /// Understood, and not possible.
    pub(super) fn unfit(text: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn absent(text: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, text)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        written(self.status, json!({ "error": self.text }).to_string())
    }
}

/// An answer with this status.
pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    written(status, body.to_string())
}

/// The usual answer.
pub(super) fn ok(body: &Value) -> Answer {
    Ok(answer(StatusCode::OK, body))
}

/// A text that is JSON already.
pub(super) fn document(text: &'static str) -> Response {
    written(StatusCode::OK, text.to_owned())
}

fn written(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Reads a body; an empty one is an object without members. What is wrong is named by its member.
pub(super) fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let body: &[u8] = match body.trim_ascii() {
        b"" => b"{}",
        body if body.starts_with(b"{") => body,
        // A list would be taken for the members in their order.
        _ => return Err(Problem::new(StatusCode::BAD_REQUEST, "The body is no JSON object.")),
    };
    let mut body = serde_json::Deserializer::from_slice(body);
    let read = serde_path_to_error::deserialize(&mut body).map_err(|error| wrong(&error));
    let read = read.and_then(|read| {
        body.end()
            .map(|()| read)
            .map_err(|error| format!("The body is no JSON: {error}."))
    });
    read.map_err(|text| {
        let text = format!("{text} /_sim/openapi.json says what belongs here.");
        Problem::new(StatusCode::BAD_REQUEST, text)
    })
}

/// The same of a value, in words alone.
pub(super) fn of_value<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_path_to_error::deserialize(value).map_err(|error| wrong(&error))
}

/// What is wrong with a body, in our words where the library's are those of its language.
fn wrong(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let (member, inner) = (error.path().to_string(), error.inner());
    let told = inner.to_string();
    // The place in the text says nothing beside the member.
    let told = told.split(" at line ").next().unwrap_or_default();
    if inner.is_syntax() || inner.is_eof() {
        return format!("The body is no JSON: {inner}.");
    }
    let is_mistaken = told.starts_with("invalid type: ") || told.starts_with("invalid value: ");
    match (told.split_once(": "), told.rsplit_once(", expected ")) {
        (Some((_, got)), Some((_, kind))) if is_mistaken => {
            let got = got.rsplit_once(", expected ").map_or(got, |(got, _)| got);
            let sorts = ["floating point ", "integer ", "boolean ", "string "];
            let got = sorts.iter().find_map(|sort| got.strip_prefix(sort)).unwrap_or(got);
            let got = got.trim_matches('`');
            format!("{member} is {}, and not {got}.", kind_of(kind))
        }
        _ if member == "." || told.contains("field `") => format!("{told}."),
        _ => format!("{member}: {told}."),
    }
}

/// A type of the language in a reader's words.
fn kind_of(kind: &str) -> &str {
    match kind {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number from 0 on",
        "i32" | "i64" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a string" => "a text",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "a JSON object",
        other => other,
    }
}

/// For a member where null says something else than its absence does.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read")]
    struct Asked {
        count: Option<u64>,
        advance_ms: Option<i64>,
        probability: Option<f64>,
        freeze: Option<bool>,
        kind: String,
        only: Option<Vec<String>>,
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_member_and_in_plain_words() {
        for (body, said) in [
            (r#"{"count":1.5}"#, "count is a whole number from 0 on, and not 1.5."),
            (r#"{"count":-1}"#, "count is a whole number from 0 on, and not -1."),
            (r#"{"count":"1"}"#, "count is a whole number from 0 on, and not \"1\"."),
            (
                r#"{"count":"a b"}"#,
                "count is a whole number from 0 on, and not \"a b\".",
            ),
            (r#"{"advance_ms":0.5}"#, "advance_ms is a whole number, and not 0.5."),
            (r#"{"probability":true}"#, "probability is a number, and not true."),
            (r#"{"freeze":"yes"}"#, "freeze is true or false, and not \"yes\"."),
            (r#"{"kind":7}"#, "kind is a text, and not 7."),
            (r#"{"kind":null}"#, "kind is a text, and not null."),
            (r#"{"only":["a",2]}"#, "only[1] is a text, and not 2."),
            (r#"{}"#, "missing field `kind`."),
            (
                "[null, null, null, null, \"html\", null]",
                "The body is no JSON object.",
            ),
            ("7", "The body is no JSON object."),
            ("{", "The body is no JSON: "),
            (r#"{"kind":"html"} 7"#, "The body is no JSON: "),
        ] {
            let problem = read::<Asked>(&Bytes::from(body)).expect_err(body);
            assert!(problem.text().starts_with(said), "{body}: {}", problem.text());
        }
        assert!(read::<Asked>(&Bytes::from(r#"{"kind":"html","count":null}"#)).is_ok());
    }
}
