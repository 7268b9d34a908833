//! What a page says of itself.

use std::io::Read as _;

use axum::http::{HeaderMap, header};
use serde_json::Value;

use super::message::PageFacts;

/// A page that is longer once it is unpacked is not read.
const PAGE_MAX: u64 = 4 * 1024 * 1024;

/// `data-state` and `data-problem` of a page's main element; of a problem in JSON (RFC 9457) its code. Beside a problem, the
/// reference for support.
pub(super) fn facts(
    media_type: &str,
    headers: &HeaderMap,
    body: Option<&[u8]>,
    json: Option<&Value>,
) -> Option<PageFacts> {
    let problem = json.filter(|json| json.get("status").is_some_and(Value::is_number));
    if let Some(code) = problem.and_then(|problem| problem.get("code")?.as_str()) {
        return Some(PageFacts {
            state: None,
            problem: word(code),
            reference: problem.and_then(|problem| word(problem.get("reference")?.as_str()?)),
        });
    }
    if !media_type.starts_with("text/html") {
        return None;
    }
    let page = unpacked(headers, body?)?;
    let (_, after) = page.split_once("<main ")?;
    let (tag, _) = after.split_once('>')?;
    let attribute = |name: &str| {
        let (_, value) = tag.split_once(&format!("{name}=\""))?;
        word(value.split_once('"')?.0)
    };
    let problem = attribute("data-problem");
    let reference = || word(after.split_once("class=\"ref\"")?.1.split(['>', '<']).nth(1)?);
    Some(PageFacts {
        state: attribute("data-state"),
        reference: problem.as_ref().and_then(|_| reference()),
        problem,
    })
}

/// A name and nothing else.
fn word(text: &str) -> Option<String> {
    let is_name = (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    is_name.then(|| text.to_owned())
}

fn unpacked(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let mut page = String::new();
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let read = match encoding.unwrap_or_default() {
        "" | "identity" => body.take(PAGE_MAX).read_to_string(&mut page),
        "br" => brotli::Decompressor::new(body, 4096)
            .take(PAGE_MAX)
            .read_to_string(&mut page),
        "gzip" => flate2::read::GzDecoder::new(body)
            .take(PAGE_MAX)
            .read_to_string(&mut page),
        _ => return None,
    };
    read.ok().map(|_| page)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use std::io::Write as _;

    use super::*;

    const PAGE: &str = "<!doctype html><main id=\"main\" data-state=\"error\" data-problem=\"E_SESSION\"><p>x \
                        <span class=\"ref\" dir=\"ltr\">TM-EAEBA5DE8F</span></main>";

    fn found(encoding: &str, body: &[u8]) -> Option<PageFacts> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_ENCODING,
            HeaderValue::from_str(encoding).expect("a name"),
        );
        facts("text/html; charset=utf-8", &headers, Some(body), None)
    }

    #[test]
    fn a_page_is_read_however_it_travels() {
        let wanted = Some(PageFacts {
            state: Some("error".to_owned()),
            problem: Some("E_SESSION".to_owned()),
            reference: Some("TM-EAEBA5DE8F".to_owned()),
        });
        assert_eq!(found("identity", PAGE.as_bytes()), wanted);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(PAGE.as_bytes()).expect("written");
        assert_eq!(found("gzip", &gzip.finish().expect("packed")), wanted);
        let mut packed = Vec::new();
        let mut input = PAGE.as_bytes();
        brotli::BrotliCompress(&mut input, &mut packed, &brotli::enc::BrotliEncoderParams::default()).expect("packed");
        assert_eq!(found("br", &packed), wanted);
        assert_eq!(found("zstd", PAGE.as_bytes()), None);
        assert_eq!(found("identity", b"<p>no main"), None);
        let strange = PAGE.replace("E_SESSION", "&lt;script");
        assert_eq!(found("identity", strange.as_bytes()).expect("a page").problem, None);
    }
}
