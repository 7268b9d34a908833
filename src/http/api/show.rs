//! From views to JSON: the fields that pages show, and no other.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::app::view::{
    CardView, NativeAttempt, NativeIssuer, NativeLaunch, Picture, PushView, ShownCode, Stage, TermsBody, TermsDocument,
};
use crate::domain::Millis;
use crate::domain::id::CountryCode;
use crate::domain::launch::Addresses;
use crate::domain::life::CardChange;
use crate::domain::token::AuthenticationMethod;

use super::super::card_life::verb;
use super::super::paths;

pub(super) fn issuers(issuers: &[NativeIssuer]) -> Value {
    let rows: Vec<Value> = issuers.iter().map(issuer).collect();
    json!({ "issuers": rows })
}

fn issuer(issuer: &NativeIssuer) -> Value {
    json!({
        "id": issuer.id.as_str(),
        "name": issuer.name,
        "alias": issuer.alias,
        "countries": issuer.countries.iter().map(CountryCode::as_str).collect::<Vec<_>>(),
        "logo": picture(issuer.logo.as_ref()),
        "methods": slots(&issuer.addresses).map(|(name, _)| name).collect::<Vec<_>>(),
    })
}

pub(super) fn handed_over(url: &str, expires_in_s: i64) -> Value {
    json!({ "url": url, "expires_in_s": expires_in_s })
}

pub(super) fn wallet(cards: &[CardView]) -> Value {
    json!({ "cards": cards.iter().map(card).collect::<Vec<_>>() })
}

pub(super) fn attempt(native: &NativeAttempt) -> Value {
    let attempt = &native.attempt;
    json!({
        "id": attempt.id.as_str(),
        "state": attempt.state.as_str(),
        "version": attempt.version,
        "reference": attempt.reference,
        "expires_at": moment(native.expires_at),
        "issuer": {
            "id": attempt.issuer.id.as_str(),
            "name": attempt.issuer.name,
            "logo": picture(attempt.issuer.logo.as_ref()),
        },
        "launch": native.launch.as_ref().map(launch),
        "push": attempt.push.as_ref().map(|view| push(view, native.way_back.as_deref())),
        "cards": native.cards.iter().map(card).collect::<Vec<_>>(),
        "stage": stage(&attempt.stage, attempt.id.as_str()),
    })
}

/// `way_back` holds receipts and token references: it is the app's to open, and nobody's to keep.
fn push(push: &PushView, way_back: Option<&str>) -> Value {
    json!({
        "cards": push.terms.cards,
        "is_signed": push.terms.is_signed,
        "is_unnamed": push.is_unnamed,
        "must_return": push.terms.must_return,
        "completes_in_app": push.terms.completes_in_app,
        "completes_on_website": push.terms.completes_on_website,
        "way_back": way_back,
    })
}

fn launch(launch: &NativeLaunch) -> Value {
    let addresses = slots(&launch.addresses).map(|(name, address)| (name.to_owned(), Value::from(address)));
    json!({
        "callback": launch.callback,
        "addresses": addresses.collect::<Map<_, _>>(),
        "code": launch.code.as_ref().map(code),
    })
}

fn code(shown: &ShownCode) -> Value {
    json!({
        "digits": shown.code.expose(),
        "is_asked_for": shown.is_asked_for,
        "is_compared": shown.is_compared,
        "tries_left": shown.tries_left,
    })
}

/// The kinds of address that there are.
fn slots(addresses: &Addresses) -> impl Iterator<Item = (&'static str, &str)> {
    let all = [
        ("android", &addresses.android),
        ("ios", &addresses.ios),
        ("web", &addresses.web),
    ];
    all.into_iter()
        .filter_map(|(name, address)| Some((name, address.as_deref()?)))
}

/// What the state has to say besides its name, as on the page.
fn stage(stage: &Stage, session: &str) -> Value {
    match stage {
        Stage::Launch {
            returned_elsewhere,
            returned_empty,
            ..
        } => json!({ "returned_elsewhere": returned_elsewhere, "returned_empty": returned_empty }),
        Stage::Pushed { .. } => json!({}),
        Stage::Checking {
            waiting_ms, retrying, ..
        } => json!({ "waiting_ms": waiting_ms, "retrying": retrying }),
        Stage::Terms {
            documents,
            shown,
            cards,
        } => {
            let documents: Vec<Value> = documents.iter().map(|terms| document(terms, session)).collect();
            json!({ "terms": { "shown": shown, "cards": cards.len(), "documents": documents } })
        }
        Stage::Adding { in_doubt, .. } => json!({ "in_doubt": in_doubt }),
        Stage::StepUp { card, note } => {
            json!({ "card": card.id.as_str(), "methods": methods(&card.methods), "note": note })
        }
        Stage::Code {
            card,
            method: chosen,
            note,
            tries_left,
            resend_in_s,
            checking,
        } => json!({
            "card": card.id.as_str(),
            "method": method(chosen),
            "note": note,
            "tries_left": tries_left,
            "resend_in_s": resend_in_s,
            "checking": checking.is_some(),
        }),
        Stage::Outcome { failure, .. } => json!({ "failure": failure }),
        Stage::Cancelled | Stage::Expired => json!({}),
    }
}

fn document(terms: &TermsDocument, session: &str) -> Value {
    match &terms.body {
        TermsBody::Text(prose) => json!({ "paragraphs": prose.paragraphs() }),
        TermsBody::Pdf(bytes) => json!({
            "pdf": format!("/api/v1{}", paths::terms_pdf(session, terms.asset.as_str())),
            "bytes": bytes,
        }),
    }
}

pub(super) fn card(card: &CardView) -> Value {
    let life = &card.life;
    let can = [
        (life.may_pause, CardChange::Pause),
        (life.may_resume, CardChange::Resume),
        (life.may_remove, CardChange::Remove),
    ];
    json!({
        "id": card.id.as_str(),
        "session": card.session.as_str(),
        "issuer": card.issuer,
        "state": card.state,
        "last_four": card.face.last4,
        "product": card.face.product,
        "art": picture(card.art.last()),
        "phone": card.face.phone,
        "website": card.face.website,
        "failure": card.failure,
        "in_doubt": card.in_doubt,
        "locked": card.locked,
        "methods": methods(&card.methods),
        "duplicate_of": card.duplicate_of.as_ref().map(|card| card.as_str()),
        "paused_here": life.is_paused_here,
        "held_elsewhere": life.is_held_elsewhere,
        "changing": life.changing.map(verb),
        "can": can.into_iter().filter(|(may, _)| *may).map(|(_, change)| verb(change)).collect::<Vec<_>>(),
        "not_changed": life.note.map(|(note, _)| note),
    })
}

fn methods(methods: &[AuthenticationMethod]) -> Vec<Value> {
    methods.iter().map(method).collect()
}

fn method(method: &AuthenticationMethod) -> Value {
    json!({
        "id": method.id,
        "kind": method.kind,
        "value": method.value,
        "brings_a_code": method.kind.brings_a_code(),
    })
}

fn picture(picture: Option<&Picture>) -> Option<String> {
    picture.map(|picture| paths::logo(&picture.name))
}

/// RFC 3339, in UTC.
fn moment(at: Millis) -> Option<String> {
    let at = OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1000)).ok()?;
    at.format(&Rfc3339).ok()
}
