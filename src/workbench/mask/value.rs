//! Values by the names that they have, and JSON.

use serde_json::{Map, Value};

use super::HIDDEN;
use super::card::{card_number, digit, holds_card_number};
use super::http::Masker;
use super::names::{Treatment, is_known, treatment};

/// Members of one object or list that are kept.
const MEMBERS_MAX: usize = 200;
/// The longest name of a member, a field or a cookie that is shown, unless it is known.
const NAME_MAX: usize = 48;
/// Digits in a name that nobody knows: with more it may be a value in the wrong place.
const NAME_DIGITS_MAX: usize = 3;
/// The longest number or moment that is shown.
const FIGURE_MAX: usize = 35;

/// Where a value stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    /// In what servers say to each other.
    Json,
    /// In an address or a form, which anybody can make another's browser send.
    Pair,
}

impl Masker<'_> {
    /// A value of a query or a form by the name that it has.
    pub fn value(&mut self, name: &str, text: &str) -> String {
        self.treated(treatment("", name), Where::Pair, text)
    }

    fn treated(&mut self, treatment: Treatment, place: Where, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        let mut alias = |sort, one: &str| match place {
            Where::Json => self.alias(sort, one).text(),
            Where::Pair => self.claimed(sort, one),
        };
        match treatment {
            Treatment::Alias(sort) => alias(sort, text),
            Treatment::Aliases(sort) => {
                let masked = text.split(',').map(|one| alias(sort, one.trim()));
                masked.collect::<Vec<_>>().join(",")
            }
            Treatment::Exact => self.exact(text),
            Treatment::Asset => self.asset(text),
            Treatment::Text => self.text(text),
            Treatment::Figure if is_figure(text) => text.to_owned(),
            Treatment::Figure => self.text(text),
            Treatment::Address => self.address(text),
            Treatment::Length => match text.chars().all(|letter| digit(letter).is_some()) {
                true => format!("{} digits", text.chars().count()),
                false => format!("{} characters", text.chars().count()),
            },
            Treatment::Digits => card_number(text),
            Treatment::Bytes => format!("{} characters", text.chars().count()),
            Treatment::Range => match text.trim_end_matches('0') {
                start if start.len() <= 11 && start.bytes().all(|byte| byte.is_ascii_digit()) => text.to_owned(),
                _ => card_number(text),
            },
            Treatment::Hidden => HIDDEN.to_owned(),
        }
    }

    /// JSON: every text and number by its name.
    pub fn json(&mut self, value: &Value) -> Value {
        self.member("", "", value)
    }

    fn member(&mut self, within: &str, name: &str, value: &Value) -> Value {
        match value {
            Value::Null | Value::Bool(_) => value.clone(),
            Value::String(text) => Value::String(self.treated(treatment(within, name), Where::Json, text)),
            Value::Number(number) => {
                let text = number.to_string();
                let masked = match treatment(within, name) {
                    Treatment::Exact if text.len() < 9 => return value.clone(),
                    treatment => self.treated(treatment, Where::Json, &text),
                };
                match masked == text {
                    true => value.clone(),
                    false => Value::String(masked),
                }
            }
            Value::Array(items) => {
                let mut masked: Vec<Value> = items
                    .iter()
                    .take(MEMBERS_MAX)
                    .map(|item| self.member(within, name, item))
                    .collect();
                if items.len() > MEMBERS_MAX {
                    masked.push(Value::String(format!("… {} more", items.len() - MEMBERS_MAX)));
                }
                Value::Array(masked)
            }
            Value::Object(members) => {
                let mut masked = Map::new();
                for (member, value) in members.iter().take(MEMBERS_MAX) {
                    let value = match value.as_str() {
                        // What the wallet calls its problems is no code that anybody types.
                        Some(code) if member == "code" && is_problem(members, code) => code.into(),
                        _ => self.member(name, member, value),
                    };
                    masked.insert(self.name(member), value);
                }
                Value::Object(masked)
            }
        }
    }

    /// The name of a member, a parameter, a field or a cookie. One that nobody knows may be a value.
    pub fn name(&mut self, name: &str) -> String {
        let lower = name.to_ascii_lowercase();
        if is_known(&lower) || self.special(&lower).is_some() {
            return name.to_owned();
        }
        let digits = name.chars().filter(|letter| digit(*letter).is_some()).count();
        if name.chars().count() > NAME_MAX || digits > NAME_DIGITS_MAX {
            return HIDDEN.to_owned();
        }
        self.text(name)
    }
}

/// A problem in JSON (RFC 9457) with a word for a code.
fn is_problem(members: &Map<String, Value>, code: &str) -> bool {
    let is_word = code.len() <= 40 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_word && members.get("status").is_some_and(Value::is_number)
}

/// A number, a colour, a moment.
fn is_figure(text: &str) -> bool {
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+-.:".contains(&byte));
    text.len() <= FIGURE_MAX && is_plain && !holds_card_number(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Book, Lexicon};
    use super::*;

    const SESSION: &str = "4f2c0000-0000-4000-8000-0000000091ab";

    fn with<T>(mask: impl FnOnce(&mut Masker<'_>) -> T) -> T {
        let mut book = Book::new([3; 32]);
        mask(&mut Masker::new(&mut book, &Lexicon::default()))
    }

    #[test]
    fn json_is_masked_by_name_and_place() {
        let body = json!({
            "requestId": SESSION,
            "eligibilityReceipt": {"value": "e11g1b1e-0000-4000-8000-000000000001", "validForMinutes": 60},
            "authenticationMethods": [{"id": 12344, "type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "+1 555 0100"}],
            "activationCode": "482107",
            "cardAccountData": {"accountNumber": "5555555555554444", "expiryMonth": "12", "expiryYear": 29},
            "enabledAccountRanges": ["5455001100000000000", "5555555555554444"],
            "somethingNew": "a secret", "aFlag": true,
            "token": {"accountPanSuffix": "1003", "statusTimestamp": "2026-11-23T19:42:14.991Z"},
            "termsAndConditionsAcceptedTimestamp": "2026-11-23T19:42:14.991Z",
            "description": 482114, "detail": "it is 482113", "tokenRequestorId": "50123456789", "alg": "482138",
            "note": 5105105105105100_u64, "status": 404, "code": "not-found", "reference": "TM-12345678",
            "code-482107": 1, "k 5105105105105100 1": 2, "x5c": "a",
            "mediaContents": [{"type": "image/png", "data": "AAAA"}],
        });
        let masked = with(|masker| masker.json(&body));
        assert_eq!(
            masked,
            json!({
                "requestId": SESSION,
                "eligibilityReceipt": {"value": "e11g…0001 ⟦eligibility-A⟧", "validForMinutes": 60},
                "authenticationMethods": [{"id": 12344, "type": "TEXT_TO_CARDHOLDER_NUMBER", "value": "•••"}],
                "activationCode": "6 digits",
                "cardAccountData": {"accountNumber": "•••• 4444", "expiryMonth": "•••", "expiryYear": "•••"},
                "enabledAccountRanges": ["5455001100000000000", "•••• 4444"],
                "somethingNew": "•••", "aFlag": true,
                "token": {"accountPanSuffix": "1003", "statusTimestamp": "2026-11-23T19:42:14.991Z"},
                "termsAndConditionsAcceptedTimestamp": "2026-11-23T19:42:14.991Z",
                "description": "6 digits", "detail": "it is 6 digits", "tokenRequestorId": "50123456789",
                "alg": "6 digits", "note": "•••• 5100", "status": 404, "code": "not-found", "reference": "TM-12345678",
                "•••": "•••", "x5c": "•••",
                "mediaContents": [{"type": "image/png", "data": "4 characters"}],
            })
        );
        let many = json!({"issuers": vec![json!({"name": "A"}); MEMBERS_MAX + 3]});
        let masked = with(|masker| masker.json(&many));
        assert_eq!(masked["issuers"][MEMBERS_MAX], "… 3 more");
    }

    #[test]
    fn a_typed_code_is_no_problem() {
        for typed in [json!({"code": "E_SECRETPASS"}), json!({"code": "secretpass"})] {
            let shown = with(|masker| masker.json(&typed))["code"].clone();
            assert!(
                shown.as_str().is_some_and(|shown| shown.ends_with(" characters")),
                "{shown}"
            );
        }
        assert_eq!(with(|masker| masker.value("code", "E_SECRETPASS")), "12 characters");
    }

    #[test]
    fn names_that_are_known_are_shown_and_others_only_without_secrets() {
        for (name, wanted) in [
            (
                "requestIssuerInitiatedDigitizationData",
                "requestIssuerInitiatedDigitizationData",
            ),
            ("encryptedPayload", "encryptedPayload"),
            ("oauth_nonce", "oauth_nonce"),
            ("tidemark-recent", "tidemark-recent"),
            ("5105105105105100", "•••"),
            ("482111", "•••"),
            ("AbCdEf0123456789AbCdEf0123456", "•••"),
            ("MCC-STL-43233098-64B2-4930-A2D1-3D778894B0AA", "•••"),
        ] {
            assert_eq!(with(|masker| masker.name(name)), wanted);
        }
    }
}
