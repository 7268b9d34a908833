//! Our static files, inside the binary, under names that change with their content; and logos, which are others'.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::app::view::Media;

use super::headers::Face;
use super::problem::Problem;
use super::text::digest;

/// A file inside the binary.
struct File {
    stem: &'static str,
    extension: &'static str,
    media_type: &'static str,
    text: &'static str,
    digest: u64,
}

impl File {
    const fn new(stem: &'static str, extension: &'static str, media_type: &'static str, text: &'static str) -> Self {
        Self {
            stem,
            extension,
            media_type,
            text,
            digest: digest(text.as_bytes()),
        }
    }

    fn name(&self) -> String {
        format!("{}.{:016x}.{}", self.stem, self.digest, self.extension)
    }
}

const CSS: File = File::new(
    "app",
    "css",
    "text/css; charset=utf-8",
    include_str!("../../static/app.css"),
);
const SCRIPT: File = File::new(
    "app",
    "js",
    "text/javascript; charset=utf-8",
    include_str!("../../static/app.js"),
);
const MARK: File = File::new("mark", "svg", "image/svg+xml", include_str!("../../static/mark.svg"));

/// The address of the style sheet.
#[must_use]
pub fn css() -> String {
    address(&CSS)
}

/// The address of the script.
#[must_use]
pub fn script() -> String {
    address(&SCRIPT)
}

/// The address of our mark.
#[must_use]
pub fn mark() -> String {
    address(&MARK)
}

fn address(file: &File) -> String {
    format!("/assets/{}", file.name())
}

/// `GET /assets/{name}`
///
/// # Errors
/// 404 for any other name, an old version's too: a page that asks for it is as old and reloads.
pub async fn file(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let file = [CSS, SCRIPT, MARK]
        .into_iter()
        .find(|file| file.name() == name)
        .ok_or_else(Problem::not_found)?;
    let tag = format!("\"{:016x}\"", file.digest);
    Ok(conditional(&headers, &tag, Face::Fixed(file.media_type), || {
        Body::from(file.text)
    }))
}

/// `GET /logos/{name}`: logos and card art. The name is made of the content, so it is its tag too.
///
/// # Errors
/// 404 for what is no picture.
pub async fn logo(State(app): State<App>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let media = app.picture(&name).await?;
    let tag = format!("\"{name}\"");
    Ok(conditional(&headers, &tag, Face::Logo(media.media_type), || {
        Body::from(media.bytes)
    }))
}

/// A document to be saved under a name of ours.
#[must_use]
pub fn download(media: Media) -> Response {
    let mut response = (media.bytes).into_response();
    response.headers_mut().insert(
        CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"terms.pdf\""),
    );
    response.extensions_mut().insert(Face::Download(media.media_type));
    response
}

/// 304 when the browser has it already.
fn conditional(headers: &HeaderMap, tag: &str, face: Face, body: impl FnOnce() -> Body) -> Response {
    let has_it = headers.get_all(IF_NONE_MATCH).iter().any(|value| {
        let value = value.to_str().unwrap_or_default();
        value
            .split(',')
            .any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
    });
    let mut response = if has_it {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(body())
    };
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
    response.extensions_mut().insert(face);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(name: &str, headers: HeaderMap) -> Response {
        file(Path(name.to_owned()), headers).await.into_response()
    }

    #[tokio::test]
    async fn a_file_is_found_under_its_hashed_name_only() {
        let name = css().rsplit('/').next().expect("a name").to_owned();
        assert!(name.starts_with("app.") && name.ends_with(".css") && name.len() == 24);
        let response = answer(&name, HeaderMap::new()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.extensions().get::<Face>(),
            Some(&Face::Fixed("text/css; charset=utf-8"))
        );
        for wrong in ["app.css", "app.0000000000000000.css", "../Cargo.toml", ""] {
            assert_eq!(answer(wrong, HeaderMap::new()).await.status(), 404, "{wrong}");
        }
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let name = script().rsplit('/').next().expect("a name").to_owned();
        let first = answer(&name, HeaderMap::new()).await;
        let tag = first.headers().get(ETAG).expect("a tag").clone();
        for value in [
            tag.clone(),
            HeaderValue::from_str(&format!("\"x\", W/{}", tag.to_str().expect("text"))).expect("value"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(IF_NONE_MATCH, value);
            assert_eq!(answer(&name, headers).await.status(), 304);
        }
        let mut headers = HeaderMap::new();
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static("\"x\""));
        assert_eq!(answer(&name, headers).await.status(), 200);
    }

    #[test]
    fn the_files_keep_the_rules_of_the_pages() {
        for physical in ["-left", "-right", "left:", "right:"] {
            assert!(!CSS.text.contains(physical), "logical properties only: {physical}");
        }
        assert!(!CSS.text.contains("http") && !CSS.text.contains("@import") && !CSS.text.contains("url("));
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "http:",
            "https:",
        ] {
            assert!(!SCRIPT.text.contains(sink), "{sink}");
        }
        assert!(CSS.text.len() < 24_000 && SCRIPT.text.len() < 6_500);
    }
}
