//! A browser without a screen: it keeps cookies by host, follows redirects, reads links and forms out of pages, and says
//! where a request comes from, as real browsers do. `demo --auto` and the tests walk through the flow with it.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, Url};

/// More redirects than this in a row are a loop.
const REDIRECTS_MAX: usize = 10;
/// A page that takes longer than this is a failure.
const TIMEOUT: Duration = Duration::from_secs(40);

/// The browser. A new one has no cookies.
#[derive(Clone, Debug)]
pub struct Browser {
    client: Client,
    /// Cookies by host, then by name. Ports share cookies, as in the field.
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    /// Sent as `User-Agent`.
    pub user_agent: String,
    /// Sent with every request: client hints and the like.
    pub hints: Vec<(&'static str, String)>,
    /// Whether redirects are followed.
    pub follows: bool,
}

/// What was answered in the end.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address bar.
    pub url: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The text.
    pub body: String,
    /// Every address on the way, the first one first, the last one being `url`.
    pub visited: Vec<String>,
}

/// A start tag with its attributes, decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The element, in lower case.
    pub name: String,
    /// The attributes.
    pub attributes: BTreeMap<String, String>,
}

/// A form with what it would send if nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// How.
    pub method: String,
    /// Hidden and prefilled fields.
    pub fields: Vec<(String, String)>,
    /// Everything that can be chosen: checkboxes, radio buttons, named buttons.
    pub choices: Vec<(String, String)>,
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// A browser without cookies.
    ///
    /// # Panics
    /// If the HTTP client cannot be built, which needs a broken TLS library.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "a browser of its own, for the demo and the tests"
    )]
    pub fn new() -> Self {
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .build()
            .expect("a client for loopback");
        Self {
            client,
            cookies: BTreeMap::new(),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) Tidemark/0".to_owned(),
            hints: Vec::new(),
            follows: true,
        }
    }

    /// Goes to an address, as if it was typed.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn get(&mut self, url: &str) -> Result<Page, String> {
        self.navigate(Method::GET, url, None, None).await
    }

    /// Follows a link on a page.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn follow(&mut self, from: &Page, href: &str) -> Result<Page, String> {
        let url = from.resolve(href)?;
        self.navigate(Method::GET, &url, None, Some(&from.url)).await
    }

    /// Sends a form of a page, with these fields besides the ones that are filled in.
    ///
    /// # Errors
    /// What went wrong, in a sentence.
    pub async fn submit(&mut self, from: &Page, form: &Form, fields: &[(&str, &str)]) -> Result<Page, String> {
        let url = from.resolve(&form.action)?;
        let own = form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let kept = own.filter(|(name, _)| !fields.iter().any(|(given, _)| given == name));
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(kept.chain(fields.iter().copied()));
        let body = body.finish();
        if form.method == "get" {
            return self
                .navigate(Method::GET, &format!("{url}?{body}"), None, Some(&from.url))
                .await;
        }
        self.navigate(Method::POST, &url, Some(body), Some(&from.url)).await
    }

    /// The value of a cookie for a host.
    #[must_use]
    pub fn cookie(&self, host: &str, name: &str) -> Option<&str> {
        self.cookies.get(host)?.get(name).map(String::as_str)
    }

    /// The `Cookie` header that a host gets.
    #[must_use]
    pub fn cookie_header(&self, host: &str) -> Option<String> {
        let cookies = self.cookies.get(host)?.iter();
        let pairs: Vec<String> = cookies.map(|(name, value)| format!("{name}={value}")).collect();
        Some(pairs.join("; "))
    }

    /// Sets a cookie for a host.
    pub fn set_cookie(&mut self, host: &str, name: &str, value: &str) {
        self.cookies
            .entry(host.to_owned())
            .or_default()
            .insert(name.to_owned(), value.to_owned());
    }

    async fn navigate(
        &mut self,
        mut method: Method,
        url: &str,
        mut body: Option<String>,
        from: Option<&str>,
    ) -> Result<Page, String> {
        let mut url = Url::parse(url).map_err(|_| format!("{url} is no address"))?;
        let mut site = from.map_or("none", |from| relation(from, &url));
        let mut visited = Vec::new();
        for _ in 0..REDIRECTS_MAX {
            visited.push(url.to_string());
            let response = self.request(method.clone(), &url, body.take(), site, from).await?;
            let status = response.status().as_u16();
            let headers = response.headers().clone();
            self.remember(&url, &headers);
            let location = headers
                .get(LOCATION)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned);
            let text = response.text().await.map_err(|error| format!("{url}: {error}"))?;
            match location.filter(|_| self.follows && matches!(status, 301..=303)) {
                Some(location) => {
                    let next = url
                        .join(&location)
                        .map_err(|_| format!("{url} redirects to no address"))?;
                    if site != "none" && relation(url.as_str(), &next) == "cross-site" {
                        site = "cross-site";
                    }
                    url = next;
                    method = Method::GET;
                }
                None => {
                    return Ok(Page {
                        url: url.to_string(),
                        status,
                        headers,
                        body: text,
                        visited,
                    });
                }
            }
        }
        Err(format!("{url} redirects for ever"))
    }

    async fn request(
        &self,
        method: Method,
        url: &Url,
        body: Option<String>,
        site: &str,
        from: Option<&str>,
    ) -> Result<reqwest::Response, String> {
        let mut request = self
            .client
            .request(method, url.clone())
            .header("User-Agent", &self.user_agent)
            .header("Sec-Fetch-Site", site)
            .header("Sec-Fetch-Mode", "navigate")
            .header("Sec-Fetch-Dest", "document")
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        for (name, value) in &self.hints {
            request = request.header(*name, value);
        }
        // What another site posts brings no cookie that is Lax, and that is what a cookie is unless it says otherwise.
        let is_posted_from_afar = body.is_some() && site == "cross-site";
        if let Some(cookies) = self
            .cookie_header(url.host_str().unwrap_or_default())
            .filter(|_| !is_posted_from_afar)
        {
            request = request.header(COOKIE, cookies);
        }
        if let Some(body) = body {
            let origin = from
                .and_then(|from| Url::parse(from).ok())
                .map(|from| from.origin().ascii_serialization());
            request = request.header("Origin", origin.unwrap_or_else(|| "null".to_owned()));
            request = request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(body);
        }
        request.send().await.map_err(|error| format!("{url}: {error}"))
    }

    fn remember(&mut self, url: &Url, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let Ok(cookie) = cookie::Cookie::parse(line) else {
                continue;
            };
            let jar = self
                .cookies
                .entry(url.host_str().unwrap_or_default().to_owned())
                .or_default();
            if cookie.max_age().is_some_and(cookie::time::Duration::is_zero) {
                jar.remove(cookie.name());
            } else {
                jar.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
    }
}

/// `Sec-Fetch-Site` of a request from one address to another. Every host is a site of its own here.
fn relation(from: &str, to: &Url) -> &'static str {
    match Url::parse(from) {
        Ok(from) if from.origin() == to.origin() => "same-origin",
        Ok(from) if from.host_str() == to.host_str() && from.scheme() == to.scheme() => "same-site",
        _ => "cross-site",
    }
}

impl Page {
    /// `data-state` of the page's `main`.
    #[must_use]
    pub fn state(&self) -> Option<String> {
        self.main_attribute("data-state")
    }

    /// An attribute of the page's `main`.
    #[must_use]
    pub fn main_attribute(&self, name: &str) -> Option<String> {
        self.tags()
            .into_iter()
            .find(|tag| tag.name == "main")
            .and_then(|tag| tag.attributes.get(name).cloned())
    }

    /// Every start tag, in order.
    #[must_use]
    pub fn tags(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        let mut rest = self.body.as_str();
        while let Some(at) = rest.find('<') {
            rest = &rest[at + 1..];
            if let Some((tag, after)) = start_tag(rest) {
                tags.push(tag);
                rest = after;
            }
        }
        tags
    }

    /// The address of the first link that has this attribute with this value.
    #[must_use]
    pub fn link(&self, attribute: &str, value: &str) -> Option<String> {
        let tags = self.tags();
        let link = tags
            .iter()
            .find(|tag| tag.name == "a" && tag.attributes.get(attribute).is_some_and(|found| found == value));
        link.and_then(|tag| tag.attributes.get("href").cloned())
    }

    /// The forms of the page.
    #[must_use]
    pub fn forms(&self) -> Vec<Form> {
        let mut forms: Vec<Form> = Vec::new();
        for tag in self.tags() {
            let get = |name: &str| tag.attributes.get(name).cloned().unwrap_or_default();
            match (tag.name.as_str(), get("type").as_str()) {
                ("form", _) => forms.push(Form {
                    action: tag
                        .attributes
                        .get("action")
                        .cloned()
                        .unwrap_or_else(|| self.url.clone()),
                    method: tag
                        .attributes
                        .get("method")
                        .map_or_else(|| "get".to_owned(), |m| m.to_ascii_lowercase()),
                    fields: Vec::new(),
                    choices: Vec::new(),
                }),
                ("input", "checkbox" | "radio" | "submit") | ("button", _) => {
                    if let Some(form) = forms.last_mut().filter(|_| !get("name").is_empty()) {
                        form.choices.push((get("name"), get("value")));
                    }
                }
                ("input", _) => {
                    if let Some(form) = forms.last_mut().filter(|_| !get("name").is_empty()) {
                        form.fields.push((get("name"), get("value")));
                    }
                }
                _ => {}
            }
        }
        forms
    }

    /// The form whose action ends so.
    ///
    /// # Errors
    /// A sentence that names what is missing.
    pub fn form(&self, action_end: &str) -> Result<Form, String> {
        let found = self
            .forms()
            .into_iter()
            .find(|form| form.action.split('?').next().is_some_and(|a| a.ends_with(action_end)));
        found.ok_or_else(|| format!("{} has no form to {action_end}", self.url))
    }

    /// The words of the page, without tags.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut in_tag = false;
        for character in self.body.chars() {
            match character {
                '<' => in_tag = true,
                '>' => {
                    in_tag = false;
                    text.push(' ');
                }
                other if !in_tag => text.push(other),
                _ => {}
            }
        }
        decode(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    fn resolve(&self, href: &str) -> Result<String, String> {
        let base = Url::parse(&self.url).map_err(|_| format!("{} is no address", self.url))?;
        base.join(href)
            .map(|url| url.to_string())
            .map_err(|_| format!("{href} is no address"))
    }
}

fn start_tag(text: &str) -> Option<(Tag, &str)> {
    let name_end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    if name_end == 0 {
        return None;
    }
    let mut tag = Tag {
        name: text[..name_end].to_ascii_lowercase(),
        attributes: BTreeMap::new(),
    };
    let mut rest = text[name_end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            return Some((tag, after));
        }
        let end = rest.find(|c: char| c == '=' || c == '>' || c == '/' || c.is_whitespace())?;
        if end == 0 {
            rest = rest[1..].trim_start();
            continue;
        }
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let (value, after) = quoted.split_once('"')?;
                rest = after.trim_start();
                decode(value)
            }
            None => match rest.strip_prefix('=') {
                Some(bare) => {
                    let end = bare.find(|c: char| c == '>' || c.is_whitespace())?;
                    rest = bare[end..].trim_start();
                    decode(&bare[..end])
                }
                None => String::new(),
            },
        };
        tag.attributes.insert(name, value);
    }
}

fn decode(text: &str) -> String {
    let named = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let numbered = named
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#34;", "\"")
        .replace("&#60;", "<");
    numbered
        .replace("&#62;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_as_far_as_it_matters() {
        let page = Page {
            url: "http://localhost:1/a/b".to_owned(),
            status: 200,
            headers: HeaderMap::new(),
            body: "<!doctype html><main id=main data-state=\"terms\"><p>a &lt; b</p>\
                   <a class=\"x\" href=\"/go?a=1&amp;b=2\" data-launch=\"web\">Go</a>\
                   <form method=\"post\" action=\"/s/1/terms\"><input type=\"hidden\" name=\"csrf\" value=\"t\">\
                   <input type=\"checkbox\" name=\"card\" value=\"c1\" checked><button name=\"action\" value=\"accept\">\
                   Yes</button></form></main>"
                .to_owned(),
            visited: Vec::new(),
        };
        assert_eq!(page.state().as_deref(), Some("terms"));
        assert_eq!(page.link("data-launch", "web").as_deref(), Some("/go?a=1&b=2"));
        let form = page.form("/terms").expect("a form");
        assert_eq!(form.fields, [("csrf".to_owned(), "t".to_owned())]);
        assert_eq!(form.choices.len(), 2);
        assert_eq!(page.text(), "a < b Go Yes");
        assert_eq!(page.resolve("../c"), Ok("http://localhost:1/c".to_owned()));
    }
}
