//! From the wire to our words. What decides something is strict: an unknown decision or state is no decision. What
//! only decorates is dropped when it is not fit to be shown.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

use super::wire::{
    DigitizeAnswer, EligibilityAnswer, IssuerEntry, MediaEntry, MethodEntry, ProductConfig, Text, TokenEntry, TokenInfo,
};
use super::{EligibleIssuer, TokenRecord};
use crate::domain::Millis;
use crate::domain::id::{AccountReference, AssetId, CountryCode, IssuerId, TokenReference};
use crate::domain::token::{
    Activation, AuthenticationMethod, MethodKind, Suspender, TaskStatus, TokenStanding, TokenStatus,
};
use crate::domain::token::{CardFace, Digitized, Eligibility, EligibilityReceipt, MediaContent, Token};

/// The longest name that is shown.
const NAME_LENGTH_MAX: usize = 100;
/// The longest address, telephone number or description that is kept.
const TEXT_LENGTH_MAX: usize = 256;
/// The longest registered address of an issuer; whoever uses it parses it.
const METHOD_URI_LENGTH_MAX: usize = 2048;
/// How many pull methods, countries or authentication methods an entry may have; the rest is dropped.
const LIST_MAX: usize = 300;
/// The value of an authentication method: the longest is the intent of an app, a JSON text.
const METHOD_VALUE_LENGTH_MAX: usize = 4096;
/// `authenticationMethods[].id` (MDES Digital Enablement API has 32).
const METHOD_ID_LENGTH_MAX: usize = 64;
/// How many parts an asset may have.
const MEDIA_MAX: usize = 16;
/// The longest `eligibilityReceipt.value`.
const ELIGIBILITY_RECEIPT_LENGTH_MAX: usize = 64;
/// An eligibility receipt that claims to live longer than a day is not believed.
const ELIGIBILITY_MINUTES_MAX: u32 = 24 * 60;

/// `status` of a token; `None` for a state that this version does not know.
pub(super) fn status(text: &str) -> Option<TokenStatus> {
    match text {
        "INACTIVE" => Some(TokenStatus::Inactive),
        "ACTIVE" => Some(TokenStatus::Active),
        "SUSPENDED" => Some(TokenStatus::Suspended),
        "DEACTIVATED" => Some(TokenStatus::Deactivated),
        _ => None,
    }
}

/// ISO 8601 with an offset, to the millisecond.
pub(super) fn timestamp(text: &str) -> Option<Millis> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000))
        .ok()
        .map(Millis)
}

/// ISO 8601 in UTC with milliseconds; `None` outside the years 0 to 9999.
pub(super) fn timestamp_text(at: Millis) -> Option<String> {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000).ok()?;
    moment.format(&format).ok()
}

/// One issuer of the list; `None` for one without a name that can be shown. Its addresses stay raw.
pub(super) fn issuer(entry: &IssuerEntry) -> Option<EligibleIssuer> {
    let codes: Vec<&Value> = match &entry.country_code {
        Value::Array(codes) => codes.iter().take(LIST_MAX).collect(),
        code => vec![code],
    };
    let mut countries = Vec::new();
    for code in codes.into_iter().filter_map(Value::as_str) {
        match CountryCode::parse(&code.to_ascii_uppercase()) {
            Ok(country) if !countries.contains(&country) => countries.push(country),
            _ => {}
        }
    }
    let methods = entry
        .available_pull_methods
        .0
        .as_deref()
        .unwrap_or_default()
        .iter()
        .take(LIST_MAX);
    let method = |(kind, uri): (&str, &str)| {
        let fits = kind.len() <= TEXT_LENGTH_MAX && uri.len() <= METHOD_URI_LENGTH_MAX;
        fits.then(|| (kind.to_owned(), uri.to_owned()))
    };
    Some(EligibleIssuer {
        id: entry.issuer_id.get().and_then(|id| IssuerId::parse(id).ok()),
        name: shown(entry.name.get(), NAME_LENGTH_MAX)?,
        alias: shown(entry.alias.get(), NAME_LENGTH_MAX),
        countries,
        logo: entry.image_asset_id.get().and_then(|id| AssetId::parse(id).ok()),
        methods: methods
            .filter_map(|entry| entry.0.as_ref())
            .filter_map(|entry| entry.kind.get().zip(entry.uri.get()))
            .filter_map(method)
            .collect(),
    })
}

/// The parts of an asset; `None` when there is none or one is malformed.
pub(super) fn media(entries: &[MediaEntry]) -> Option<Vec<MediaContent>> {
    if !(1..=MEDIA_MAX).contains(&entries.len()) {
        return None;
    }
    let part = |entry: &MediaEntry| {
        let pixels = |text: Option<&str>| text.and_then(|text| text.parse().ok());
        Some(MediaContent {
            media_type: shown(entry.media_type.get(), NAME_LENGTH_MAX)?.to_ascii_lowercase(),
            // Padded or not: the published key asset has no padding.
            bytes: STANDARD_PAD_INDIFFERENT.decode(entry.data.get()?).ok()?,
            width: pixels(entry.width.get()),
            height: pixels(entry.height.get()),
        })
    };
    entries.iter().map(part).collect()
}

/// `None` unless receipt, duration and terms are all there.
pub(super) fn eligibility(answer: &EligibilityAnswer) -> Option<Eligibility> {
    let receipt = answer.eligibility_receipt.0.as_ref()?;
    let value = receipt.value.get()?;
    let fits =
        (1..=ELIGIBILITY_RECEIPT_LENGTH_MAX).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_graphic());
    let minutes: u32 = receipt.valid_for_minutes.get()?.parse().ok()?;
    (fits && minutes > 0).then_some(())?;
    Some(Eligibility {
        receipt: EligibilityReceipt::new(value),
        valid_for_minutes: minutes.min(ELIGIBILITY_MINUTES_MAX),
        terms: AssetId::parse(answer.terms_and_conditions_asset_id.get()?).ok()?,
    })
}

/// `None` for a decision that this version does not know, and for one that lacks its token.
pub(super) fn digitized(answer: &DigitizeAnswer) -> Option<Digitized> {
    match answer.decision.get()? {
        "APPROVED" => Some(Digitized::Approved(token(&answer.token, TokenStatus::Active)?)),
        "REQUIRE_ADDITIONAL_AUTHENTICATION" => {
            let token = token(&answer.token, TokenStatus::Inactive)?;
            Some(Digitized::NeedsAuthentication(token, methods(&answer.token)))
        }
        "DECLINED" => Some(Digitized::Declined),
        _ => None,
    }
}

/// A token whose entry says its state.
pub(super) fn token_record(entry: &TokenEntry) -> Option<TokenRecord> {
    Some(TokenRecord {
        token: token(entry, status(entry.status.get()?)?)?,
        methods: methods(entry),
        changed_at: entry.status_timestamp.get().and_then(timestamp),
        suspended_by: entry.suspended_by.0.as_deref().map(suspenders),
    })
}

/// How a token stands, if it says a state that we know.
pub(super) fn standing(entry: &TokenEntry) -> Option<TokenStanding> {
    Some(TokenStanding {
        status: status(entry.status.get()?)?,
        suspended_by: entry.suspended_by.0.as_deref().map(suspenders),
        at: entry.status_timestamp.get().and_then(timestamp),
    })
}

/// `suspendedBy`. Somebody new is somebody all the same.
fn suspenders(names: &[Text]) -> BTreeSet<Suspender> {
    let read = |name: &Text| match name.get() {
        Some("CARDHOLDER") => Suspender::Cardholder,
        Some("ISSUER") => Suspender::Issuer,
        Some("TOKEN_REQUESTOR") => Suspender::TokenRequestor,
        Some("MOBILE_PIN_LOCKED") => Suspender::MobilePinLocked,
        Some(_) | None => Suspender::Unknown,
    };
    names.iter().take(LIST_MAX).map(read).collect()
}

/// `result` of `activate`, or the reason code of its refusal. `SUCCESS` is a result only.
pub(super) fn activation_failure(text: &str) -> Option<Activation> {
    match text {
        "INCORRECT_CODE" => Some(Activation::IncorrectCode),
        "INCORRECT_CODE_RETRIES_EXCEEDED" => Some(Activation::RetriesExceeded),
        "EXPIRED_CODE" => Some(Activation::ExpiredCode),
        "EXPIRED_SESSION" => Some(Activation::ExpiredSession),
        _ => None,
    }
}

/// `status` of a task.
pub(super) fn task_status(text: &str) -> Option<TaskStatus> {
    match text {
        "PENDING" | "IN_PROGRESS" => Some(TaskStatus::Pending),
        "COMPLETED" => Some(TaskStatus::Completed),
        "FAILED" => Some(TaskStatus::Failed),
        _ => None,
    }
}

fn token(entry: &TokenEntry, status: TokenStatus) -> Option<Token> {
    let account = entry.pan_unique_reference.get();
    Some(Token {
        reference: TokenReference::parse(entry.token_unique_reference.get()?).ok()?,
        account: account.and_then(|account| AccountReference::parse(account).ok()),
        status,
        face: face(
            entry.product_config.0.as_ref().unwrap_or(&ProductConfig::default()),
            entry.token_info.0.as_ref().unwrap_or(&TokenInfo::default()),
        ),
    })
}

fn face(product: &ProductConfig, token: &TokenInfo) -> CardFace {
    let digits = |text: &&str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let art = product
        .card_background_combined_asset_id
        .get()
        .or(product.card_background_asset_id.get());
    let colour = product.foreground_color.get().map(|text| text.trim_start_matches('#'));
    let hex = |text: &&str| text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    CardFace {
        last4: token.account_pan_suffix.get().filter(digits).map(ToOwned::to_owned),
        product: shown(product.short_description.get(), NAME_LENGTH_MAX),
        issuer_name: shown(product.issuer_name.get(), NAME_LENGTH_MAX),
        art: shown(art, TEXT_LENGTH_MAX),
        foreground: colour.filter(hex).map(ToOwned::to_owned),
        phone: shown(product.customer_service_phone_number.get(), TEXT_LENGTH_MAX),
        website: shown(product.customer_service_url.get(), TEXT_LENGTH_MAX),
    }
}

/// The methods that can be named; one without an id cannot be chosen.
fn methods(entry: &TokenEntry) -> Vec<AuthenticationMethod> {
    let entries = entry
        .authentication_methods
        .0
        .as_deref()
        .unwrap_or_default()
        .iter()
        .take(LIST_MAX);
    entries.filter_map(|entry| method(entry.0.as_ref()?)).collect()
}

fn method(entry: &MethodEntry) -> Option<AuthenticationMethod> {
    let id = entry
        .id
        .get()
        .filter(|id| (1..=METHOD_ID_LENGTH_MAX).contains(&id.len()))?;
    let kind = match entry.kind.get()? {
        "TEXT_TO_CARDHOLDER_NUMBER" | "MASKED_MOBILE_PHONE_NUMBER" => MethodKind::TextMessage,
        "EMAIL_TO_CARDHOLDER_ADDRESS" => MethodKind::Email,
        "CARDHOLDER_TO_CALL_AUTOMATED_NUMBER" => MethodKind::CallMachine,
        "CARDHOLDER_TO_CALL_MANNED_NUMBER" => MethodKind::CallPerson,
        "ISSUER_TO_CALL_CARDHOLDER_NUMBER" => MethodKind::IssuerCalls,
        "CARDHOLDER_TO_VISIT_WEBSITE" => MethodKind::Website,
        // The second spelling is the issuer side's for the same method.
        "CARDHOLDER_TO_USE_ISSUER_MOBILE_APP" | "CARDHOLDER_TO_USE_MOBILE_APP" => MethodKind::App,
        _ => MethodKind::Unknown,
    };
    Some(AuthenticationMethod {
        id: id.bytes().all(|byte| byte.is_ascii_graphic()).then(|| id.to_owned())?,
        kind,
        value: shown(entry.value.get(), METHOD_VALUE_LENGTH_MAX).unwrap_or_default(),
    })
}

/// A text that can be shown: trimmed, not empty, not too long, without control characters or the marks that turn the
/// direction of what follows.
fn shown(text: Option<&str>, length_max: usize) -> Option<String> {
    let text = text?.trim();
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    let fits =
        !text.is_empty() && text.chars().count() <= length_max && !text.chars().any(|c| c.is_control() || turns(c));
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_milliseconds() {
        let at = timestamp("2026-01-01T12:09:56.123-07:00").expect("a time");
        assert_eq!(timestamp_text(at).as_deref(), Some("2026-01-01T19:09:56.123Z"));
        assert_eq!(timestamp("2026-01-01T19:09:56Z"), Some(Millis(at.0 - 123)));
        assert_eq!(timestamp("2026-01-01"), None);
        assert_eq!(timestamp_text(Millis(i64::MAX)), None);
    }

    #[test]
    fn what_cannot_be_shown_is_dropped() {
        assert_eq!(shown(Some("  Havørn Bank "), 20).as_deref(), Some("Havørn Bank"));
        for text in ["", " ", "a\nb", "a\u{202e}b", "123456789012345678901"] {
            assert_eq!(shown(Some(text), 20), None, "{text:?}");
        }
    }

    #[test]
    fn an_issuer_is_read_from_either_spelling_of_its_countries() {
        let read = |json: &str| issuer(&serde_json::from_str(json).expect("an entry"));
        let one = read(
            r#"{"issuerId":7,"name":"Moon Bank","countryCode":"us","imageAssetId":"../x","new":[],
                "availablePullMethods":[{"type":"WEB","uri":"https://moon.example/pull"},7,{"type":"IOS"}]}"#,
        )
        .expect("an issuer");
        assert_eq!(one.id.expect("an id").as_str(), "7");
        assert_eq!(one.countries, [CountryCode::parse("US").expect("a country")]);
        assert_eq!(one.logo, None);
        assert_eq!(
            one.methods,
            [("WEB".to_owned(), "https://moon.example/pull".to_owned())]
        );
        let many = read(r#"{"name":"A","countryCode":["NO","SE","NO",1,"Norway"]}"#).expect("an issuer");
        assert_eq!(many.countries.len(), 2);
        assert!(read(r#"{"issuerId":"a"}"#).is_none());
        assert!(read(r#"{"name":"\u0007"}"#).is_none());
    }

    #[test]
    fn a_method_id_keeps_its_spelling() {
        let entry: TokenEntry = serde_json::from_str(
            r#"{"authenticationMethods":[{"id":12344,"type":"TEXT_TO_CARDHOLDER_NUMBER","value":"12X-XXX-XX32"},
                {"id":"334123523456213450000","type":"THREE_D_SECURE"},{"type":"EMAIL_TO_CARDHOLDER_ADDRESS"},"x"]}"#,
        )
        .expect("an entry");
        let found = methods(&entry);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].id.as_str(), found[0].kind),
            ("12344", MethodKind::TextMessage)
        );
        assert_eq!(
            (found[1].id.as_str(), found[1].kind),
            ("334123523456213450000", MethodKind::Unknown)
        );
    }
}
