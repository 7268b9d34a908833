//! Requests that are written by hand: what a browser would say is there unless a vector takes it away.

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::cli::browser::Page;

/// What a browser says when it opens a page.
pub fn navigation(site: &'static str) -> HeaderMap {
    HeaderMap::from_iter([
        (
            HeaderName::from_static("sec-fetch-site"),
            HeaderValue::from_static(site),
        ),
        (
            HeaderName::from_static("sec-fetch-mode"),
            HeaderValue::from_static("navigate"),
        ),
        (
            HeaderName::from_static("sec-fetch-dest"),
            HeaderValue::from_static("document"),
        ),
    ])
}

/// The same for a form.
pub fn form_headers(mut headers: HeaderMap) -> HeaderMap {
    headers.insert(
        "content-type",
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    headers
}

/// The value of a header.
///
/// # Errors
/// It has a character that no header has.
pub fn value(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "no header can say that".to_owned())
}

/// A request, without a redirect being followed.
///
/// # Errors
/// Nothing came back.
pub async fn exchange(
    client: &reqwest::Client,
    method: &str,
    address: &str,
    headers: HeaderMap,
    body: String,
) -> Result<Page, String> {
    let method = Method::from_bytes(method.as_bytes()).map_err(|_| format!("{method} is no method"))?;
    let request = client.request(method, address).headers(headers).body(body);
    let answer = request.send().await.map_err(|error| error.without_url().to_string())?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body = answer.text().await.map_err(|error| error.without_url().to_string())?;
    Ok(Page {
        url: address.to_owned(),
        status,
        headers,
        body,
        visited: Vec::new(),
    })
}
