//! How MDES says no: processing errors travel with status 200, gateway errors with a real one
//! (Token Connect API, "Error"; see also the digitization API's common error codes).

use serde_json::{Value, json};

/// A request that was understood as HTTP and refused by MDES itself. Answered with status 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) source: &'static str,
    pub(super) reason: String,
    pub(super) description: String,
    /// Whether the same request may succeed later.
    pub(super) recoverable: bool,
    /// What is wrong with a receipt. For the log: it is never told.
    pub(super) receipt: Option<&'static str>,
}

impl Refusal {
    pub(super) fn missing(field: &str) -> Self {
        Self::input("MISSING_REQUIRED_FIELD", format!("Missing Required Field - {field}"))
    }

    pub(super) fn length(field: &str) -> Self {
        Self::input("INVALID_FIELD_LENGTH", format!("Invalid Field Length - {field}"))
    }

    pub(super) fn format(field: &str) -> Self {
        Self::input("INVALID_FIELD_FORMAT", format!("Invalid Field Format - {field}"))
    }

    pub(super) fn value(field: &str) -> Self {
        Self::input("INVALID_FIELD_VALUE", format!("Invalid Field Value - {field}"))
    }

    pub(super) fn unrecognized(field: &str) -> Self {
        Self::input("UNRECOGNIZED_FIELD", format!("Unrecognized Field - {field}"))
    }

    pub(super) fn invalid_json() -> Self {
        Self::input("INVALID_JSON", "Invalid JSON".to_owned())
    }

    /// One sentence for every cryptographic failure: which step failed would help whoever forges payloads.
    pub(super) fn cryptography() -> Self {
        Self::input(
            "CRYPTOGRAPHY_ERROR",
            "The encrypted payload could not be decrypted".to_owned(),
        )
    }

    /// A bad receipt. Unknown, expired, used and foreign ones read alike, so that nobody can probe for live ones.
    pub(super) fn receipt(wrong: &'static str) -> Self {
        Self {
            receipt: Some(wrong),
            ..Self::value("pushAccountReceipt")
        }
    }

    pub(super) fn no_response_from_issuer() -> Self {
        Self {
            source: "MDES",
            reason: "NO_RESPONSE_FROM_ISSUER".to_owned(),
            description: "The issuer did not respond".to_owned(),
            recoverable: true,
            receipt: None,
        }
    }

    /// Any other documented reason code.
    pub(super) fn code(reason: &str, description: &str) -> Self {
        Self::input(reason, description.to_owned())
    }

    fn input(reason: &str, description: String) -> Self {
        Self {
            source: "INPUT",
            reason: reason.to_owned(),
            description,
            recoverable: false,
            receipt: None,
        }
    }

    /// One entry of `errors[]`.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "source": self.source,
            "reasonCode": self.reason,
            "description": self.description,
            "recoverable": self.recoverable,
        })
    }
}

/// What an operation answers before the envelope is added.
pub(super) type Answer = Result<Value, Refusal>;

/// The body of an error that the gateway in front of MDES answers, with a real HTTP status.
pub(super) fn gateway_body(reason: &str, description: &str) -> Value {
    json!({"Errors": {"Error": [{
        "Source": "Gateway",
        "ReasonCode": reason,
        "Description": description,
        "Recoverable": false,
        "Details": null,
    }]}})
}
