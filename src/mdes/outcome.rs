//! Did the call succeed? HTTP says 200 to almost everything (Token Connect API, "code and formats"), so the body
//! decides: an error refuses, and only the members that a success has make a success.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{MdesError, MdesErrorKind};
use super::http::{Answer, Call};

/// The longest reason code (Token Connect API).
const REASON_CODE_LENGTH_MAX: usize = 100;

/// Reads a success out of an answer.
pub(super) fn success<T: DeserializeOwned>(call: &Call, request_id: &str, answer: Answer) -> Result<T, MdesError> {
    let json = answer.json;
    if call.echoes
        && let Some(said) = json.get("responseId")
        && said.as_str() != Some(request_id)
    {
        return Err(call.lost("the answer to another request"));
    }
    let positive = call
        .positive
        .iter()
        .any(|name| json.get(*name).is_some_and(says_something));
    match refusal(&json) {
        // Neither yes nor no can be relied on.
        Some(_) if positive => return Err(call.lost("an error beside a success")),
        Some(Some(kind)) => return Err(MdesError::new(call.name, kind, "refused")),
        Some(None) => return Err(call.lost("a malformed error")),
        None => {}
    }
    if !answer.ok {
        return Err(call.lost("an HTTP failure without a reason"));
    }
    if call.echoes && json.get("responseId").is_none() {
        return Err(call.lost("no responseId"));
    }
    serde_json::from_value(json).map_err(|_| call.lost("not the expected members"))
}

/// Some writers put every member into every answer, empty.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

/// `None` without an error, `Some(None)` for one that is malformed.
fn refusal(json: &Value) -> Option<Option<MdesErrorKind>> {
    let errors = match json.get("errors") {
        None | Some(Value::Null) => json.get("Errors").and_then(|gateway| gateway.get("Error")),
        Some(errors) => Some(errors),
    };
    match errors {
        Some(Value::Array(list)) if !list.is_empty() => return Some(first_of(list)),
        // An empty list is no error, and neither is an absent one.
        Some(Value::Array(_)) | None => {}
        Some(one @ Value::Object(_)) => return Some(first_of(std::slice::from_ref(one))),
        Some(_) => return Some(None),
    }
    match json.get("errorCode") {
        None | Some(Value::Null) => None,
        Some(Value::String(code)) if code.is_empty() => None,
        Some(code) => Some(refused(code.as_str(), false)),
    }
}

fn first_of(list: &[Value]) -> Option<MdesErrorKind> {
    let text = |error: &Value, names: [&str; 3]| {
        names
            .into_iter()
            .find_map(|name| error.get(name)?.as_str().map(str::to_owned))
    };
    let recoverable = |error: &Value| {
        let said = error.get("recoverable").or_else(|| error.get("Recoverable"));
        said.is_some_and(|said| said == true || said.as_str().is_some_and(|said| said.eq_ignore_ascii_case("true")))
    };
    let code = text(list.first()?, ["reasonCode", "ReasonCode", "errorCode"]);
    refused(code.as_deref(), list.iter().all(recoverable))
}

/// Only a code that is safe to store, compare and log.
fn refused(code: Option<&str>, recoverable: bool) -> Option<MdesErrorKind> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let code = code.filter(|code| (1..=REASON_CODE_LENGTH_MAX).contains(&code.len()) && code.bytes().all(plain))?;
    Some(MdesErrorKind::Refused {
        reason_code: code.to_owned(),
        recoverable,
    })
}
