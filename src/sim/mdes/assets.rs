//! Assets: logos, card art, terms and the JWS key, by id.
//!
//! What an id stands for never changes, so ids are made from the content and nothing is ever replaced.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use openssl::hash::MessageDigest;
use serde_json::{Value, json};

use super::Mdes;
use super::errors::{Answer, Refusal};
use super::keys::digest;
use super::settings::{DirectoryEntry, TokenRequestor};

/// One form of an asset.
#[derive(Clone)]
pub(super) struct Media {
    pub(super) kind: String,
    pub(super) bytes: Vec<u8>,
}

/// The asset ids of one product.
pub(super) struct ProductAssets {
    pub(super) brand: String,
    pub(super) logo: String,
    pub(super) art: String,
    pub(super) terms: String,
}

/// `GET /assets/1/0/asset/{id}`, for token requestors.
pub(super) fn asset(mdes: &Mdes, id: &str) -> Answer {
    let state = mdes.state();
    let media = state.assets.get(id).ok_or_else(|| Refusal::value("assetId"))?;
    Ok(json!({"mediaContents": media.iter().map(media_json).collect::<Value>()}))
}

/// `GET /issuer-assets/1/0/asset/tokenrequestor/{id}`, for issuers: the logo of a token requestor.
pub(super) fn token_requestor_asset(mdes: &Mdes, id: &str) -> Answer {
    let mut enrolled = mdes.0.token_requestors.iter();
    if !enrolled.any(|requestor| requestor_logo_id(requestor) == id) {
        return Err(Refusal::value("AssetId"));
    }
    asset(mdes, id)
}

/// The assets that MDES has without any issuer.
pub(super) fn own(requestors: &[Arc<TokenRequestor>]) -> HashMap<String, Vec<Media>> {
    let logos = requestors.iter().map(|requestor| logo(requestor));
    logos.chain([brand()]).map(|media| (id_of(&media), media)).collect()
}

/// Publishes what a directory entry brings along and answers the ids.
pub(super) fn publish(assets: &mut HashMap<String, Vec<Media>>, entry: &DirectoryEntry) -> ProductAssets {
    let mut put = |media: Vec<Media>| put(assets, media);
    ProductAssets {
        brand: put(brand()),
        logo: put(pair(&entry.logo_svg, Some(&entry.logo_png))),
        art: put(pair(&entry.product.art_svg, entry.product.art_png.as_ref())),
        terms: put(vec![Media {
            kind: entry.terms.0.clone(),
            bytes: entry.terms.1.clone(),
        }]),
    }
}

/// Publishes one asset and answers its id.
pub(super) fn put(assets: &mut HashMap<String, Vec<Media>>, media: Vec<Media>) -> String {
    let id = id_of(&media);
    assets.entry(id.clone()).or_insert(media);
    id
}

/// The id of an asset that is never published.
pub(super) fn absent_id() -> String {
    id_of(&[])
}

/// The asset id of a token requestor's logo.
pub(super) fn requestor_logo_id(requestor: &TokenRequestor) -> String {
    id_of(&logo(requestor))
}

fn media_json(media: &Media) -> Value {
    // The published key asset has unpadded base64; pictures and texts are padded.
    let unpadded = media.kind == "application/jwk+json";
    let data = if unpadded {
        STANDARD_NO_PAD.encode(&media.bytes)
    } else {
        STANDARD.encode(&media.bytes)
    };
    match png_size(&media.bytes) {
        Some((width, height)) => {
            json!({"type": media.kind, "data": data, "height": height.to_string(), "width": width.to_string()})
        }
        None => json!({"type": media.kind, "data": data}),
    }
}

fn pair(svg: &[u8], png: Option<&Vec<u8>>) -> Vec<Media> {
    let svg = Media {
        kind: "image/svg+xml".to_owned(),
        bytes: svg.to_vec(),
    };
    let png = png.filter(|bytes| !bytes.is_empty()).map(|bytes| Media {
        kind: "image/png".to_owned(),
        bytes: bytes.clone(),
    });
    std::iter::once(svg).chain(png).collect()
}

fn brand() -> Vec<Media> {
    pair(BRAND_SVG.as_bytes(), None)
}

fn logo(requestor: &TokenRequestor) -> Vec<Media> {
    pair(&requestor.logo_svg, Some(&requestor.logo_png))
}

/// A UUID-shaped id out of the content.
fn id_of(media: &[Media]) -> String {
    let mut all = Vec::new();
    for part in media {
        all.extend_from_slice(part.kind.as_bytes());
        all.push(0);
        all.extend_from_slice(&(part.bytes.len() as u64).to_be_bytes());
        all.extend_from_slice(&part.bytes);
    }
    let mut id = [0; 16];
    id.copy_from_slice(&digest(MessageDigest::sha256(), &all)[..16]);
    uuid::Builder::from_custom_bytes(id).into_uuid().to_string()
}

/// Width and height out of a PNG's first chunk.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes
        .strip_prefix(b"\x89PNG\r\n\x1a\n")?
        .get(4..16)?
        .strip_prefix(b"IHDR")?;
    let (width, height) = header.split_at(4);
    Some((
        u32::from_be_bytes(width.try_into().ok()?),
        u32::from_be_bytes(height.try_into().ok()?),
    ))
}

const BRAND_SVG: &str = concat!(
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 60" width="96" height="60">"#,
    r##"<rect width="96" height="60" rx="8" fill="#0f4c5c"/><path d="M12 38q12-14 24 0t24 0 24 0" "##,
    r##"fill="none" stroke="#fff" stroke-width="6"/></svg>"##
);
