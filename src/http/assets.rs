//! Our static files under names that change with their content, the style sheet with the deployment's tokens and the mark
//! perhaps its own; and logos, which are others'.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::app::brand::Look;
use crate::app::view::Media;
use crate::domain::id::AssetId;

use super::guard::Visit;
use super::headers::Face;
use super::problem::Problem;
use super::text::digest;

/// The height of the mark in the head of a page, in pixels.
const MARK_HEIGHT: u32 = 28;

/// A file under a name that changes with its content.
pub struct File {
    name: String,
    media_type: &'static str,
    bytes: Bytes,
    tag: String,
}

impl File {
    fn new(stem: &str, extension: &str, media_type: &'static str, bytes: Bytes) -> Self {
        let digest = digest(&bytes);
        Self {
            name: format!("{stem}.{digest:016x}.{extension}"),
            media_type,
            bytes,
            tag: format!("\"{digest:016x}\""),
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }

    /// The file, or 304 for who has it.
    pub fn answer(&self, headers: &HeaderMap, face: Face) -> Response {
        conditional(headers, &self.tag, face, || Body::from(self.bytes.clone()))
    }
}

/// The files that pages load.
pub struct Files {
    /// The style sheet, with the deployment's design tokens.
    pub css: File,
    /// The script.
    pub script: File,
    /// The picker's own script.
    pub picker: File,
    /// The script for other sites, which has an address of its own.
    pub embed: File,
    mark: File,
    mark_width: u32,
}

/// The wallet's mark, as the head of a page shows it.
#[derive(Clone, Debug)]
pub struct Mark {
    /// Where it is.
    pub address: String,
    /// What it is.
    pub media_type: &'static str,
    /// Its width in pixels, for a height of 28.
    pub width: u32,
}

impl Files {
    /// The files of a deployment.
    #[must_use]
    pub fn of(look: &Look) -> Self {
        let css = format!("{CSS}{}", look.tokens);
        let (media_type, mark, mark_width) = match &look.logo {
            Some(logo) => (
                logo.media.media_type,
                Bytes::from(logo.media.bytes.clone()),
                logo.breadth * MARK_HEIGHT / 100,
            ),
            None => (SVG, Bytes::from_static(MARK.as_bytes()), MARK_HEIGHT),
        };
        let extension = if media_type == SVG { "svg" } else { "png" };
        Self {
            css: File::new("app", "css", "text/css; charset=utf-8", css.into()),
            script: File::new(
                "app",
                "js",
                "text/javascript; charset=utf-8",
                Bytes::from_static(SCRIPT.as_bytes()),
            ),
            picker: File::new(
                "picker",
                "js",
                "text/javascript; charset=utf-8",
                Bytes::from_static(PICKER.as_bytes()),
            ),
            embed: File::new(
                "embed",
                "js",
                "text/javascript; charset=utf-8",
                Bytes::from_static(EMBED.as_bytes()),
            ),
            mark: File::new("mark", extension, media_type, mark),
            mark_width,
        }
    }

    /// The wallet's mark.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark {
            address: self.mark.address(),
            media_type: self.mark.media_type,
            width: self.mark_width,
        }
    }
}

const CSS: &str = include_str!("../../static/app.css");
const SCRIPT: &str = include_str!("../../static/app.js");
const PICKER: &str = include_str!("../../static/picker.js");
const EMBED: &str = include_str!("../../static/embed.js");
const MARK: &str = include_str!("../../static/mark.svg");
const SVG: &str = "image/svg+xml";

/// `GET /assets/{name}`
///
/// # Errors
/// 404 for any other name, an old version's too: a page that asks for it is as old and reloads.
pub async fn file(visit: Visit, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let files = &visit.shell.files;
    let file = [&files.css, &files.script, &files.picker, &files.mark]
        .into_iter()
        .find(|file| file.name == name)
        .ok_or_else(Problem::not_found)?;
    Ok(file.answer(&headers, Face::Fixed(file.media_type)))
}

/// `GET /logos/{asset}`: logos and card art. An asset never changes, so its id is its tag.
///
/// # Errors
/// 404 for what is no asset, or no image.
pub async fn logo(State(app): State<App>, Path(asset): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let asset = AssetId::parse(&asset).map_err(|_| Problem::not_found())?;
    picture(&app, &asset, &headers, Face::Logo).await
}

/// A logo or card art, with the headers of a kind of answer.
///
/// # Errors
/// 404 for what is no image.
pub async fn picture(
    app: &App,
    asset: &AssetId,
    headers: &HeaderMap,
    face: impl FnOnce(&'static str) -> Face,
) -> Result<Response, Problem> {
    let media = app.media(asset).await?;
    if !media.media_type.starts_with("image/") {
        return Err(Problem::not_found());
    }
    let tag = format!("\"{asset}\"");
    Ok(conditional(headers, &tag, face(media.media_type), || {
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
    use std::sync::Arc;

    use super::*;
    use crate::app::brand::Logo;

    async fn answer(name: &str, headers: HeaderMap) -> Response {
        file(Visit::sample(), Path(name.to_owned()), headers)
            .await
            .into_response()
    }

    fn files() -> Arc<Files> {
        Visit::sample().shell.files
    }

    #[tokio::test]
    async fn a_file_is_found_under_its_hashed_name_only() {
        let name = files().css.name.clone();
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
        let name = files().script.name.clone();
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
    fn a_deployments_tokens_and_mark_change_the_names() {
        let plain = files();
        let own = Files::of(&Look {
            name: "Harbour".to_owned(),
            tokens: "@layer tokens{:root{--r2:0;}}\n".to_owned(),
            logo: Some(Logo {
                media: Media {
                    media_type: "image/png",
                    bytes: b"a picture".to_vec(),
                },
                breadth: 250,
            }),
        });
        assert_ne!(own.css.name, plain.css.name);
        assert!(own.css.bytes.starts_with(CSS.as_bytes()) && own.css.bytes.ends_with(b"--r2:0;}}\n"));
        assert_eq!(plain.css.bytes, CSS.as_bytes());
        assert_eq!(own.script.name, plain.script.name);
        let (ours, theirs) = (plain.mark(), own.mark());
        assert_eq!((ours.media_type, ours.width), ("image/svg+xml", 28));
        assert_eq!((theirs.media_type, theirs.width), ("image/png", 70));
        assert!(theirs.address.ends_with(".png") && own.mark.bytes.as_ref() == b"a picture");
    }

    #[test]
    fn the_files_keep_the_rules_of_the_pages() {
        for physical in ["-left", "-right", "left:", "right:"] {
            assert!(!CSS.contains(physical), "logical properties only: {physical}");
        }
        assert!(!CSS.contains("http") && !CSS.contains("@import") && !CSS.contains("url("));
        for sink in [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "http:",
            "https:",
        ] {
            assert!(!SCRIPT.contains(sink) && !PICKER.contains(sink), "{sink}");
        }
        assert!(CSS.len() < 28_000 && SCRIPT.len() < 8_000);
    }
}
