//! What tests and demonstrations may see of the books.

/// A token as tests and demonstrations may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenView {
    /// `DWSPMC` and 42 more characters.
    pub token_unique_reference: String,
    /// The same for every token of one account.
    pub pan_unique_reference: String,
    /// The receipt it was made from.
    pub receipt: String,
    /// The wallet instance that holds it.
    pub payment_app_instance_id: String,
    /// `APPROVED` or `REQUIRE_ADDITIONAL_AUTHENTICATION`.
    pub decision: String,
    /// `INACTIVE`, `ACTIVE` or `DEACTIVATED`.
    pub status: String,
    /// The directory id of the issuer.
    pub issuer_id: String,
    /// The last four digits of the account.
    pub account_suffix: String,
}

/// A call that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The API's name of it, such as `digitize`.
    pub operation: String,
    /// `requestId` of the body, if there was one.
    pub request_id: Option<String>,
    /// `taskId` of the body, if there was one.
    pub task_id: Option<String>,
    /// `consumerLanguage` of the body, or `locale` of its `signatureData`, if there was one.
    pub language: Option<String>,
    /// The HTTP status of the answer; 0 while there is none and when it was lost.
    pub status: u16,
    /// `ok`, a reason code, `in progress`, or the injected fault in words.
    pub outcome: String,
    /// When it arrived, milliseconds since the epoch.
    pub at_ms: i64,
}
