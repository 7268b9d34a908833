//! Our static files, inside the binary, under names that change with their content; and logos, which are others'.

use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, ETAG};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::app::view::Media;

use super::encoding::Packed;
use super::headers::Face;
use super::minify;
use super::problem::Problem;
use super::text::digest;

/// A file inside the binary.
struct File {
    /// `stem.digest.extension`.
    name: String,
    media_type: &'static str,
    text: Bytes,
    tag: HeaderValue,
    packed: Packed,
}

impl File {
    fn new(stem: &str, extension: &str, media_type: &'static str, text: String) -> Self {
        let digest = digest(text.as_bytes());
        let tag = HeaderValue::from_str(&format!("\"{digest:016x}\""));
        Self {
            name: format!("{stem}.{digest:016x}.{extension}"),
            media_type,
            packed: Packed::of(text.as_bytes()),
            text: text.into(),
            tag: tag.expect("digits"),
        }
    }

    fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }
}

/// The files, without what only readers of the source need, and compressed: once, when the first page is made.
static FILES: LazyLock<[File; 3]> = LazyLock::new(|| {
    let css = minify::css(include_str!("../../static/app.css"));
    let script = minify::script(include_str!("../../static/app.js"));
    let mark = include_str!("../../static/mark.svg").to_owned();
    [
        File::new("app", "css", "text/css; charset=utf-8", css),
        File::new("app", "js", "text/javascript; charset=utf-8", script),
        File::new("mark", "svg", "image/svg+xml", mark),
    ]
});

/// Makes the files ready, so that nobody's first visit waits for it.
pub fn prepare() {
    LazyLock::force(&FILES);
}

/// The address of the style sheet.
#[must_use]
pub fn css() -> String {
    FILES[0].address()
}

/// The address of the script.
#[must_use]
pub fn script() -> String {
    FILES[1].address()
}

/// The address of our mark.
#[must_use]
pub fn mark() -> String {
    FILES[2].address()
}

/// `GET /assets/{name}`
///
/// # Errors
/// 404 for any other name, an old version's too: a page that asks for it is as old and reloads.
pub async fn file(Path(name): Path<String>) -> Result<Response, Problem> {
    let file = FILES
        .iter()
        .find(|file| file.name == name)
        .ok_or_else(Problem::not_found)?;
    let mut response = tagged(file.tag.clone(), Face::Fixed(file.media_type), file.text.clone());
    response.extensions_mut().insert(file.packed.clone());
    Ok(response)
}

/// `GET /logos/{name}`: logos and card art. The name is made of the content, so it is its tag too.
///
/// # Errors
/// 404 for what is no picture.
pub async fn logo(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Problem> {
    let media = app.picture(&name).await?;
    let tag = HeaderValue::from_str(&format!("\"{name}\"")).map_err(|_| Problem::not_found())?;
    Ok(tagged(tag, Face::Logo(media.media_type), media.bytes))
}

fn tagged(tag: HeaderValue, face: Face, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    response.headers_mut().insert(ETAG, tag);
    response.extensions_mut().insert(face);
    response
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(name: &str) -> Response {
        file(Path(name.to_owned())).await.into_response()
    }

    #[tokio::test]
    async fn a_file_is_found_under_its_hashed_name_only() {
        let name = css().rsplit('/').next().expect("a name").to_owned();
        assert!(name.starts_with("app.") && name.ends_with(".css") && name.len() == 24);
        let response = answer(&name).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            response.extensions().get::<Face>(),
            Some(&Face::Fixed("text/css; charset=utf-8"))
        );
        for wrong in ["app.css", "app.0000000000000000.css", "../Cargo.toml", ""] {
            assert_eq!(answer(wrong).await.status(), 404, "{wrong}");
        }
    }

    #[test]
    fn the_files_keep_the_rules_of_the_pages() {
        let [css, script, _] = FILES.each_ref().map(|file| str::from_utf8(&file.text).expect("text"));
        for physical in ["-left", "-right", "left:", "right:"] {
            assert!(!css.contains(physical), "logical properties only: {physical}");
        }
        assert!(!css.contains("http") && !css.contains("@import") && !css.contains("url("));
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "http:",
            "https:",
        ] {
            assert!(!script.contains(sink), "{sink}");
        }
        assert!(css.len() < 24_000 && script.len() < 6_500);
    }
}
