//! What tests and demonstrations may see of the books.

use std::collections::BTreeMap;

use serde::Serialize;

use super::settings::AuthenticationCodeMode;

/// How MDES behaves where the field is not agreed or where a test wants it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knobs {
    /// Whether `tokenRequestorSessionId` is part of what is signed.
    pub session_in_jws: bool,
    /// Whether a receipt and a task id can be used once only.
    pub single_use: bool,
    /// What becomes of `authenticationCode`.
    pub code_mode: AuthenticationCodeMode,
}

/// Who signs a token that is made on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signer {
    /// The key in force, under its name.
    Live,
    /// A key that MDES never had, under the name of the one in force.
    Stranger,
    /// The key that was retired last, under its own name; one from before the books when none was.
    Retired,
    /// HMAC-SHA-256 with the public key's PEM for a secret, under the name of the key in force: what a verifier takes that
    /// lets the header choose.
    HmacPublicPem,
    /// The same with the public key written in another way.
    HmacPublic(PublicForm),
    /// Nobody: `alg` is `none` and the signature is empty.
    Nobody,
}

/// How a public key is written where it is mistaken for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicForm {
    /// SubjectPublicKeyInfo, DER.
    Der,
    /// The same in base64, without lines.
    Base64,
    /// RSAPublicKey of PKCS#1, PEM.
    Pkcs1Pem,
    /// The same in DER.
    Pkcs1Der,
    /// The modulus alone.
    Modulus,
    /// The JWK as it is published.
    Jwk,
    /// Not the key at all: its name.
    Kid,
    /// Nothing.
    Empty,
}

/// A key that signs receipts, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptKey {
    /// Its key id.
    pub kid: String,
    /// SubjectPublicKeyInfo, PEM.
    pub public_pem: Vec<u8>,
    /// Its certificate, PEM, as published.
    pub certificate_pem: Vec<u8>,
    /// Where it is in its life.
    pub life: KeyLife,
}

/// Where a key is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLife {
    /// It signs.
    Live,
    /// It signs no longer and is still published.
    Overlapping,
    /// It is published no longer: nothing that it signed is to be trusted.
    Retired,
}

/// A token as tests and demonstrations may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenView {
    /// `DWSPMC` and 42 more characters.
    pub token_unique_reference: String,
    /// The same for every token of one account.
    pub pan_unique_reference: String,
    /// The receipt it was made from.
    pub receipt: String,
    /// The token requestor whose it is.
    pub token_requestor_id: String,
    /// The wallet instance that holds it.
    pub payment_app_instance_id: String,
    /// `APPROVED` or `REQUIRE_ADDITIONAL_AUTHENTICATION`.
    pub decision: String,
    /// `INACTIVE`, `ACTIVE`, `SUSPENDED` or `DEACTIVATED`.
    pub status: String,
    /// While it is suspended: by whom, `CARDHOLDER`, `ISSUER` or `TOKEN_REQUESTOR`, each once.
    pub suspended_by: Vec<String>,
    /// The directory id of the issuer.
    pub issuer_id: String,
    /// The last four digits of the account.
    pub account_suffix: String,
}

/// What happened since the simulator started. Nothing takes anything off these, so that whoever looks twice misses nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// How often the books were emptied, or others were put in their place.
    pub emptied: u64,
    /// Calls that arrived, by operation.
    pub calls: BTreeMap<String, u64>,
    /// Tokens that were made.
    pub tokens: u64,
}

/// A call that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
    /// What is wrong with a receipt that was refused, which the answer does not say: `unknown`, `expired`, `used`, `held` by
    /// another wallet instance, `foreign`, `code`, or `other account` than that of the eligibility.
    pub receipt: Option<&'static str>,
    /// When it arrived, milliseconds since the epoch.
    pub at_ms: i64,
}
