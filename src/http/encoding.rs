//! How the body of an answer travels: compressed if the browser can, and not at all if it has it.
//!
//! Pages are compressed as they are made; files of ours were, once, as hard as possible. A stream has no length and is
//! never touched: news would wait in a compressor for more news.
//!
//! **A secret beside a stranger's words (BREACH).** Pages hold the token of their forms, the same one for a browser's life,
//! because a masked one would make every page another and end `304`. The length of a compressed page tells how much of
//! what is asked for stands in it already, so whoever can make a victim's browser ask again and again with a guess in the
//! query, and sees the length of what comes back, can read the token letter by letter. What comes of a query is therefore
//! compressed only for a request that a page of ours made, or the person in the address bar: browsers say so themselves
//! (`Sec-Fetch-Site`), and no stranger can make them. Nothing else that a stranger can vary from one request to the next
//! stands in a page: the names of issuers come from MDES every quarter of an hour, forms are refused before they are
//! read unless they are ours. Failures have no token. And the token alone opens nothing: forms are taken from our own
//! pages only (`inbound`).

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{LazyLock, Mutex, PoisonError};

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::seal::sha256_hex;

use super::headers::Face;
use super::problem::Problem;

/// What is smaller does not become smaller in a packet.
const SMALLEST: usize = 256;
/// Brotli's level for what is made for one answer.
const LIVE_LEVEL: i32 = 5;
/// Brotli's level for what is made once.
const BEST_LEVEL: i32 = 11;

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli.
    Brotli,
    /// Gzip.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// The one that a browser likes best (RFC 9110, 12.5.3); of equals, the smallest. Without the header, none: whoever
    /// does not ask may not be able to read it.
    fn wanted(headers: &HeaderMap) -> Self {
        let offered: Vec<(String, f32)> = headers.get_all(ACCEPT_ENCODING).iter().flat_map(offers).collect();
        let quality = |encoding: Self| {
            let named = |name: &str| {
                offered
                    .iter()
                    .find(|(offered, _)| offered == name)
                    .map(|(_, quality)| *quality)
            };
            named(encoding.name()).or_else(|| named("*")).unwrap_or(0.0)
        };
        let mut best = Self::Identity;
        for encoding in [Self::Gzip, Self::Brotli] {
            if quality(encoding) > 0.0 && quality(encoding) >= quality(best) {
                best = encoding;
            }
        }
        best
    }
}

/// `gzip;q=0.5, br` as names and qualities. What cannot be read is not wanted.
fn offers(value: &HeaderValue) -> Vec<(String, f32)> {
    let text = value.to_str().unwrap_or_default();
    let offer = |item: &str| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default().to_ascii_lowercase();
        let quality = match parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))) {
            Some(number) => number
                .parse()
                .ok()
                .filter(|quality| (0.0..=1.0).contains(quality))
                .unwrap_or(0.0),
            None => 1.0,
        };
        (name, quality)
    };
    text.split(',').map(offer).collect()
}

/// What a request says about how it wants its answer.
#[derive(Clone, Debug)]
pub struct Asked {
    encoding: Encoding,
    /// The query is ours or the person's.
    is_trusted: bool,
    known: Vec<HeaderValue>,
}

impl Asked {
    /// Reads the head of a request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let headers = request.headers();
        let is_read = [Method::GET, Method::HEAD].contains(request.method());
        let from = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let has_query = request.uri().query().is_some_and(|query| !query.is_empty());
        Self {
            encoding: Encoding::wanted(headers),
            is_trusted: !has_query || matches!(from, Some(b"same-origin" | b"none")),
            known: headers
                .get_all(IF_NONE_MATCH)
                .iter()
                .filter(|_| is_read)
                .cloned()
                .collect(),
        }
    }

    /// Whether the browser has what this tag stands for.
    fn has(&self, tag: &str) -> bool {
        self.known.iter().any(|value| {
            let mut tags = value.to_str().unwrap_or_default().split(',').map(str::trim);
            tags.any(|known| known.trim_start_matches("W/") == tag || known == "*")
        })
    }
}

/// A body that was compressed beforehand, as an extension of its answer.
#[derive(Clone, Debug)]
pub struct Packed {
    brotli: Bytes,
    gzip: Bytes,
}

impl Packed {
    /// Compresses as hard as possible, and each text once in a process: several wallets in one server have their scripts
    /// in common. Only for a deployment's own files, since nothing is ever forgotten.
    #[must_use]
    pub fn of(text: &str) -> Self {
        static DONE: LazyLock<Mutex<HashMap<String, Packed>>> = LazyLock::new(Mutex::default);
        // Whatever a panic left behind is whole: an entry is made before it is put in.
        let mut done = DONE.lock().unwrap_or_else(PoisonError::into_inner);
        let pack = || Self {
            brotli: brotli(text.as_bytes(), BEST_LEVEL).into(),
            gzip: gzip(text.as_bytes(), Compression::best()).into(),
        };
        done.entry(text.to_owned()).or_insert_with(pack).clone()
    }
}

/// Compresses the body of an answer, gives it its tag, and leaves it out if the browser has it.
///
/// An answer that may be kept has a tag of its own for each encoding, because the bytes differ.
pub async fn pack(response: Response, face: &Face, asked: &Asked) -> Response {
    let is_page = matches!(face, Face::Page { .. } | Face::Problem { .. });
    let is_text = match face {
        Face::Fixed(_) => true,
        Face::Shared(media_type, _) => media_type.starts_with("text/"),
        Face::Logo(media_type) => *media_type == "image/svg+xml",
        _ => is_page && asked.is_trusted,
    };
    let is_whole = response.body().size_hint().exact().is_some();
    if !is_whole || !(is_page || is_text || matches!(face, Face::Logo(_) | Face::Shared(..))) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::internal().into_response();
    };
    let encoding = if is_text && bytes.len() >= SMALLEST {
        asked.encoding
    } else {
        Encoding::Identity
    };
    if matches!(face, Face::Page { kept: true, .. }) && parts.status == StatusCode::OK {
        let tag = format!("\"{}\"", &sha256_hex(&bytes)[..32]);
        set_tag(&mut parts.headers, &tag);
    }
    if let Some(whole) = parts.headers.get(ETAG).and_then(|tag| tag.to_str().ok()) {
        let tag = match encoding {
            Encoding::Identity => whole.to_owned(),
            encoding => format!("{}-{}\"", whole.trim_end_matches('"'), encoding.name()),
        };
        set_tag(&mut parts.headers, &tag);
        if asked.has(&tag) {
            parts.status = StatusCode::NOT_MODIFIED;
            return Response::from_parts(parts, Body::empty());
        }
    }
    let packed = parts.extensions.get::<Packed>();
    let bytes = match (encoding, packed) {
        (Encoding::Identity, _) => bytes,
        (Encoding::Brotli, Some(packed)) => packed.brotli.clone(),
        (Encoding::Gzip, Some(packed)) => packed.gzip.clone(),
        (Encoding::Brotli, None) => brotli(&bytes, LIVE_LEVEL).into(),
        (Encoding::Gzip, None) => gzip(&bytes, Compression::default()).into(),
    };
    if encoding != Encoding::Identity {
        parts
            .headers
            .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    Response::from_parts(parts, bytes.into())
}

fn set_tag(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
}

fn brotli(bytes: &[u8], level: i32) -> Vec<u8> {
    let parameters = BrotliEncoderParams {
        quality: level,
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut out, &parameters).expect("a vector takes everything");
    out
}

fn gzip(bytes: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).expect("a vector takes everything");
    encoder.finish().expect("a vector takes everything")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(values: &[&'static str]) -> Encoding {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        Encoding::wanted(&headers)
    }

    #[test]
    fn the_encoding_is_the_one_that_is_liked_best() {
        use Encoding::*;
        for (values, encoding) in [
            (&["gzip, deflate, br, zstd"] as &[_], Brotli),
            (&["gzip", "br"], Brotli),
            (&["gzip, br;q=0.9"], Gzip),
            (&["BR;Q=0.5, gzip;q=0.4"], Brotli),
            (&["br;q=0, gzip;q=0.1"], Gzip),
            (&["br;q=0, gzip;q=0"], Identity),
            (&["identity, br;q=0.5"], Identity),
            (&["identity;q=0.5, br;q=0.5"], Brotli),
            (&["*"], Brotli),
            (&["*, br;q=0"], Gzip),
            (&["*;q=0"], Identity),
            (&["identity;q=0"], Identity),
            (&["br;q=2, gzip;q=x"], Identity),
            (&["zstd"], Identity),
            (&[""], Identity),
            (&[], Identity),
        ] {
            assert_eq!(wanted(values), encoding, "{values:?}");
        }
    }

    fn asked(target: &str, headers: &[(&'static str, &'static str)]) -> Asked {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Asked::of(&request.body(Body::empty()).expect("a request"))
    }

    #[test]
    fn what_a_stranger_asks_for_with_a_query_is_not_compressed() {
        for (target, site, is_trusted) in [
            ("/issuers", "cross-site", true),
            ("/issuers?", "cross-site", true),
            ("/issuers?q=x", "cross-site", false),
            ("/issuers?q=x", "same-site", false),
            ("/issuers?q=x", "", false),
            ("/issuers?q=x", "same-origin", true),
            ("/issuers?q=x", "none", true),
        ] {
            assert_eq!(
                asked(target, &[("sec-fetch-site", site)]).is_trusted,
                is_trusted,
                "{target} {site}"
            );
        }
        assert!(!asked("/issuers?q=x", &[]).is_trusted);
    }

    #[tokio::test]
    async fn a_stream_stays_a_stream() {
        let page = Face::page(Vec::new());
        let stream = futures_util::stream::iter([Ok::<_, std::convert::Infallible>("x".repeat(10_000))]);
        let response = Response::new(Body::from_stream(stream));
        let packed = pack(response, &page, &asked("/", &[("accept-encoding", "br")])).await;
        assert_eq!(packed.headers().get(CONTENT_ENCODING), None);
        assert_eq!(packed.body().size_hint().exact(), None);
    }
}
