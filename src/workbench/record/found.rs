//! Everything that is found out about a message before it is masked.

use axum::http::header;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use url::form_urlencoded;

use super::read::Asked;
use super::tap::Heard;
use super::{Inner, Place};
use crate::sim::mdes::ReceiptKey;
use crate::workbench::mask::{Masker, Sort};
use crate::workbench::message::{Facts, JwsFacts, OauthFacts};
use crate::workbench::{jws, oauth, payload, pictures};

/// Encrypted payloads of one message that are looked at: each takes an operation with a private key.
const PAYLOADS_MAX: usize = 8;
/// Push account data that is longer is none: MDES signs a handful of receipts.
const SIGNED_MAX: usize = 16 * 1024;

/// About a request.
pub(super) fn in_request(
    inner: &Inner,
    masker: &mut Masker<'_>,
    asked: &Asked,
    heard: &Heard,
    json: Option<&Value>,
) -> Facts {
    let mut facts = Facts::default();
    if asked.place == Place::Mdes {
        facts.oauth = heard.whole().and_then(|body| signature(inner, masker, asked, body));
    }
    if asked.place.is_wallet() {
        facts.jws = pushed(asked, heard, json).and_then(|pairs| signed(inner, masker, &pairs));
    }
    let receiver = match asked.place {
        Place::Mdes => &inner.knowledge.recipients.mdes,
        Place::Bank => &inner.knowledge.recipients.issuer,
        Place::Wallet(at) => &inner.knowledge.wallet(at).recipient,
        Place::Processor => &inner.knowledge.recipients.processor,
    };
    for opened in json
        .into_iter()
        .flat_map(|json| payload::look(json, receiver, PAYLOADS_MAX))
    {
        // Which tokens a notification is about says which attempt it belongs to.
        let content = opened.content.filter(|_| asked.place.is_wallet());
        let content: Value = content
            .and_then(|content| serde_json::from_slice(&content).ok())
            .unwrap_or_default();
        for token in content["tokens"].as_array().into_iter().flatten() {
            if let Some(reference) = token["tokenUniqueReference"].as_str() {
                masker.alias(Sort::Token, reference);
            }
        }
        facts.payloads.push(opened.facts);
    }
    facts
}

/// About an answer.
pub(super) fn in_answer(inner: &Inner, masker: &mut Masker<'_>, asked: &Asked, json: Option<&Value>) -> Facts {
    let mut facts = Facts::default();
    if let (Place::Mdes, Some(json)) = (asked.place, json) {
        facts.jws = json["signature"].as_str().map(|text| looked(inner, text, masker));
        facts.pictures = pictures::look(json);
        facts.receipt = against_the_receipt(inner, json);
    }
    facts
}

/// The push account data among the pairs of a query or form.
pub(super) fn signed(inner: &Inner, masker: &mut Masker<'_>, pairs: &[u8]) -> Option<JwsFacts> {
    // Rebuilt on its way, a query may be encoded once too often, or have its names in lower case.
    let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut found = form_urlencoded::parse(pairs).filter(|(name, value)| {
        let is_name = |known: &String| known.eq_ignore_ascii_case(&plain(name));
        !value.is_empty() && inner.knowledge.names.jws.iter().any(is_name)
    });
    let (_, value) = found.next()?;
    Some(looked(inner, &plain(&value), masker))
}

/// Looks at push account data with the keys as they are at this moment.
fn looked(inner: &Inner, text: &str, masker: &mut Masker<'_>) -> JwsFacts {
    if text.len() > SIGNED_MAX {
        return JwsFacts {
            malformed: Some(format!(
                "it has {} bytes, more than anything that MDES signs",
                text.len()
            )),
            ..JwsFacts::default()
        };
    }
    let (mut facts, altered) = jws::look(text, &keys(inner), (inner.knowledge.now)(), masker);
    if let Some(altered) = altered {
        let mark = masker.mark(text);
        inner.letters.ask(&inner.journal, mark, altered);
        facts.searched = Some(mark);
    }
    facts
}

/// What MDES answers is the same whatever is wrong with a receipt; what it found is in its own log.
fn against_the_receipt(inner: &Inner, answer: &Value) -> Option<String> {
    let id = answer["errorCode"].as_str().and(answer["responseId"].as_str())?;
    let calls = inner.knowledge.mdes.get()?.calls();
    let call = calls.iter().rev().find(|call| call.request_id.as_deref() == Some(id))?;
    call.receipt.map(str::to_owned)
}

fn keys(inner: &Inner) -> Vec<ReceiptKey> {
    inner
        .knowledge
        .mdes
        .get()
        .map(|mdes| mdes.receipt_keys())
        .unwrap_or_default()
}

/// What came back from the issuer, as pairs: in the query, in a form beside it, or in the address that the wallet's app caught.
fn pushed(asked: &Asked, heard: &Heard, json: Option<&Value>) -> Option<Vec<u8>> {
    if let Some(address) = json.and_then(|json| json["return_url"].as_str()) {
        let query = address.split_once('?').map(|(_, query)| query)?;
        return Some(query.split('#').next().unwrap_or_default().as_bytes().to_vec());
    }
    let query = asked.uri.query().unwrap_or_default().as_bytes();
    let is_form = asked
        .header(header::CONTENT_TYPE)
        .starts_with("application/x-www-form-urlencoded");
    let form = heard.whole().filter(|_| is_form).unwrap_or_default();
    Some([query, b"&", form].concat())
}

fn signature(inner: &Inner, masker: &mut Masker<'_>, asked: &Asked, body: &[u8]) -> Option<OauthFacts> {
    let mdes_ms = inner.knowledge.mdes.get().map(|mdes| mdes.now_ms());
    let call = oauth::Call {
        method: asked.method.as_str(),
        host: asked.header(header::HOST),
        target: asked.uri.path_and_query().map_or("/", |target| target.as_str()),
        authorization: asked.header(header::AUTHORIZATION),
        body,
        now_ms: mdes_ms.unwrap_or(asked.at_ms),
    };
    let oauth::Looked { mut facts, nonce } = oauth::look(&call, &inner.knowledge, masker)?;
    if let Some(nonce) = nonce {
        let now_s = call.now_ms.div_euclid(1000);
        let mark = masker.mark(&nonce.name);
        facts.nonce_seen = inner.nonces().was_seen(mark, nonce.timestamp_s, now_s, facts.is_right);
    }
    Some(facts)
}
