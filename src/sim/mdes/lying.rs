//! MDES, lying: what it makes instead of what is right.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::Mdes;
use super::assets::{self, Media};
use super::jws::{self, SignatureData};
use super::keys::{JwsKey, random_uuid};
use super::state::State;
use super::views::Signer;
use crate::sim::catalogue::card_by_pan;
use crate::sim::lies::{Deed, Lie, ListLie, ReceiptLie, TokenLie, lie};

/// What is wrong with the receipt of this account: by what is being told, else by the card, some of which are made for it.
pub(super) fn about_receipt(told: Option<&Lie>, account_number: &str) -> Option<ReceiptLie> {
    let own = || card_by_pan(account_number).and_then(|card| card.lie).and_then(lie);
    let of = |lie: &Lie| match lie.deed {
        Deed::Receipt(receipt) => Some(receipt),
        _ => None,
    };
    told.and_then(of).or_else(|| own().and_then(of))
}

/// What is wrong with the token, if something is.
pub(super) fn about_token(told: Option<&Lie>) -> Option<TokenLie> {
    match told?.deed {
        Deed::Token(token) => Some(token),
        _ => None,
    }
}

/// What is wrong with the list, if something is.
pub(super) fn about_list(told: Option<&Lie>) -> Option<ListLie> {
    match told?.deed {
        Deed::List(list) => Some(list),
        _ => None,
    }
}

/// Whether no code is right.
pub(super) fn refuses_codes(told: Option<&Lie>) -> bool {
    told.is_some_and(|lie| lie.deed == Deed::NoCode)
}

/// The token that is made of these receipts.
pub(super) fn token(mdes: &Mdes, receipts: &[String], data: SignatureData, lie: TokenLie) -> String {
    let covered = mdes.knobs().session_in_jws;
    let write = |data: &SignatureData| jws::payload(receipts, data, covered);
    let forge = |header: &Map<String, Value>, signer| mdes.forge(write(&data).as_bytes(), header, signer);
    let usual = Map::new();
    match lie {
        TokenLie::OtherSession | TokenLie::NoSession => {
            let other = (lie == TokenLie::OtherSession).then(|| random_uuid().to_string());
            let data = SignatureData {
                session_id: other,
                ..data
            };
            mdes.forge(write(&data).as_bytes(), &usual, Signer::Live)
        }
        TokenLie::Tampered => tampered(&forge(&usual, Signer::Live), &write(&data), receipts),
        TokenLie::UnknownKey => {
            let mut header = Map::new();
            header.insert("kid".to_owned(), json!("20260101000000-MDES-nobody"));
            forge(&header, Signer::Stranger)
        }
        TokenLie::RetiredKey => forge(&usual, Signer::Retired),
        TokenLie::LapsedCertificate => {
            let key = mdes.0.lapsed.get_or_init(JwsKey::generate_lapsed);
            mdes.state().publish_key(key);
            jws::sign(&write(&data), &key.kid, &key.key)
        }
        TokenLie::NoAlgorithm => forge(&usual, Signer::Nobody),
        TokenLie::Hmac => forge(&usual, Signer::HmacPublicPem),
        TokenLie::Cut => {
            let whole = forge(&usual, Signer::Live);
            whole
                .rsplit_once('.')
                .map_or_else(String::new, |(cut, _)| cut.to_owned())
        }
    }
}

/// The same token with the last character of its last receipt changed in the payload.
fn tampered(token: &str, payload: &str, receipts: &[String]) -> String {
    let last = receipts.last().map(String::as_str).unwrap_or_default();
    let other = if last.ends_with('0') { '1' } else { '0' };
    let changed = format!("{}{other}", &last[..last.len().saturating_sub(1)]);
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[1] = URL_SAFE_NO_PAD.encode(payload.replace(last, &changed));
    parts.join(".")
}

/// What `getEligibleIssuers` says instead.
pub(super) fn list(state: &mut State, issuers: &mut Vec<Value>, lie: ListLie) {
    match lie {
        ListLie::Empty => issuers.clear(),
        ListLie::PlainUri => {
            if let Some(first) = issuers.first_mut() {
                let uri = format!("http://{}.example/pull", first["issuerId"].as_str().unwrap_or("bank"));
                for method in first["availablePullMethods"].as_array_mut().into_iter().flatten() {
                    method["uri"] = json!(uri);
                }
            }
        }
        ListLie::UnsafeLogo => {
            let picture = |kind: &str, bytes: Vec<u8>| Media {
                kind: kind.to_owned(),
                bytes,
            };
            let mut large = PNG_BEGINNING.to_vec();
            large.resize(LARGE_BYTES, 0);
            let ids = [
                state.publish(vec![picture("image/svg+xml", SCRIPTED_SVG.to_vec())]),
                state.publish(vec![picture("image/png", large)]),
                assets::absent_id(),
            ];
            for (issuer, id) in issuers.iter_mut().zip(ids) {
                issuer["imageAssetId"] = json!(id);
            }
        }
    }
}

/// The terms that come instead of those that were shown.
pub(super) fn other_terms(state: &mut State, issuer_name: &str) -> String {
    let text = format!(
        "{issuer_name}: new terms for cards in digital wallets\n\n1. These terms replaced those that you read.\n"
    );
    state.publish(vec![Media {
        kind: "text/plain".to_owned(),
        bytes: text.into_bytes(),
    }])
}

const SCRIPTED_SVG: &[u8] = br##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 44 44" onload="alert(1)"><script>alert(1)</script><path d="M4 4h36v36H4z" fill="#7b1e2b"/></svg>"##;
/// Signature and header of a picture of 192 by 192; what follows is nothing.
const PNG_BEGINNING: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\xc0\0\0\0\xc0\x08\x02\0\0\0";
const LARGE_BYTES: usize = 4 * 1024 * 1024;
