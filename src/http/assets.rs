//! Our static files under names that change with their content, the style sheet with the deployment's tokens and the mark
//! perhaps its own; and logos, which are others'.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, ETAG};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::app::brand::Look;
use crate::app::view::Media;

use super::encoding::Packed;
use super::guard::Visit;
use super::headers::Face;
use super::minify;
use super::problem::Problem;
use super::text::digest;

/// The height of the mark in the head of a page, in pixels.
const MARK_HEIGHT: u32 = 28;

/// A file under a name that changes with its content, compressed once.
pub struct File {
    name: String,
    media_type: &'static str,
    bytes: Bytes,
    tag: String,
    packed: Option<Packed>,
}

impl File {
    fn of_text(stem: &str, extension: &str, media_type: &'static str, text: String) -> Self {
        let packed = Some(Packed::of(&text));
        Self {
            packed,
            ..Self::of_picture(stem, extension, media_type, text.into())
        }
    }

    fn of_picture(stem: &str, extension: &str, media_type: &'static str, bytes: Bytes) -> Self {
        let digest = digest(&bytes);
        Self {
            name: format!("{stem}.{digest:016x}.{extension}"),
            media_type,
            bytes,
            tag: format!("\"{digest:016x}\""),
            packed: None,
        }
    }

    /// What is in it, where that is text.
    #[must_use]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/assets/{}", self.name)
    }

    /// The file. Whether the browser has it, and how it travels, is for `encoding`.
    pub fn answer(&self, face: Face) -> Response {
        let mut response = tagged(&self.tag, face, self.bytes.clone());
        if let Some(packed) = &self.packed {
            response.extensions_mut().insert(packed.clone());
        }
        response
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
        let css = style_sheet(&look.tokens);
        let scripted = |stem, text| File::of_text(stem, "js", "text/javascript; charset=utf-8", minify::script(text));
        let (media_type, mark, mark_width) = match &look.logo {
            Some(logo) => (
                logo.media.media_type,
                Bytes::from(logo.media.bytes.clone()),
                logo.breadth * MARK_HEIGHT / 100,
            ),
            None => (SVG, Bytes::from_static(MARK.as_bytes()), MARK_HEIGHT),
        };
        let extension = if media_type == SVG { "svg" } else { "webp" };
        Self {
            css: File::of_text("app", "css", "text/css; charset=utf-8", css),
            script: scripted("app", SCRIPT),
            picker: scripted("picker", PICKER),
            embed: scripted("embed", EMBED),
            mark: File::of_picture("mark", extension, media_type, mark),
            mark_width,
        }
    }

    /// The header that has the style sheet fetched before the page is read.
    #[must_use]
    pub fn preload(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("<{}>; rel=preload; as=style", self.css.address())).ok()
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

/// The style sheet of a deployment, with its design tokens behind ours.
pub(super) fn style_sheet(tokens: &str) -> String {
    minify::css(&format!("{CSS}{tokens}"))
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
pub async fn file(visit: Visit, Path(name): Path<String>) -> Result<Response, Problem> {
    let files = &visit.shell.files;
    let file = [&files.css, &files.script, &files.picker, &files.mark]
        .into_iter()
        .find(|file| file.name == name)
        .ok_or_else(Problem::not_found)?;
    Ok(file.answer(Face::Fixed(file.media_type)))
}

/// `GET /logos/{name}`: logos and card art. The name is made of the content, so it is its tag too.
///
/// # Errors
/// 404 for what is no picture.
pub async fn logo(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Problem> {
    picture(&app, &name, Face::Logo).await
}

/// A logo or card art, with the headers of a kind of answer.
///
/// # Errors
/// 404 for what is no picture.
pub async fn picture(app: &App, name: &str, face: impl FnOnce(&'static str) -> Face) -> Result<Response, Problem> {
    let media = app.picture(name).await?;
    Ok(tagged(&format!("\"{name}\""), face(media.media_type), media.bytes))
}

fn tagged(tag: &str, face: Face, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(ETAG, tag);
    }
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
    use std::sync::Arc;

    use super::*;
    use crate::app::brand::Logo;

    async fn answer(name: &str) -> Response {
        file(Visit::sample(), Path(name.to_owned())).await.into_response()
    }

    fn files() -> Arc<Files> {
        Visit::sample().shell.files
    }

    #[tokio::test]
    async fn a_file_is_found_under_its_hashed_name_only() {
        let name = files().css.name.clone();
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
    fn a_deployments_tokens_and_mark_change_the_names() {
        let plain = files();
        let own = Files::of(&Look {
            name: "Harbour".to_owned(),
            tokens: "@layer tokens{:root{--r2:0;}}\n".to_owned(),
            logo: Some(Logo {
                media: Media {
                    media_type: "image/webp",
                    bytes: b"a picture".to_vec(),
                },
                breadth: 250,
            }),
        });
        assert_ne!(own.css.name, plain.css.name);
        assert!(own.css.bytes.ends_with(b"@layer tokens{:root{--r2:0}}"));
        assert!(own.css.bytes.starts_with(plain.css.bytes.trim_ascii_end()));
        assert_eq!(own.script.name, plain.script.name);
        let (ours, theirs) = (plain.mark(), own.mark());
        assert_eq!((ours.media_type, ours.width), ("image/svg+xml", 28));
        assert_eq!((theirs.media_type, theirs.width), ("image/webp", 70));
        assert!(theirs.address.ends_with(".webp") && own.mark.bytes.as_ref() == b"a picture");
    }

    #[test]
    fn the_files_keep_the_rules_of_the_pages() {
        let files = files();
        let [css, script] = [&files.css, &files.script].map(|file| str::from_utf8(&file.bytes).expect("text"));
        for (name, css) in [("app.css", css), ("bank.css", include_str!("../../static/bank.css"))] {
            let bare: String = css.split_whitespace().collect();
            for physical in ["-left", "-right", "left:", "right:", ":left", ":right"] {
                assert!(
                    !bare.contains(physical),
                    "logical properties only: {physical} in {name}"
                );
            }
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
            assert!(!script.contains(sink) && !PICKER.contains(sink), "{sink}");
        }
        assert!(css.len() < 28_000 && script.len() < 7_000);
    }
}
