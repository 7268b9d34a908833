//! Whether phones will open the wallet's own app: the two association files, fetched as the servers of Google and Apple
//! fetch them, and compared with what this configuration serves. Each fault is a sentence that says what to do.

use std::error::Error as _;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::config::{NativeApp, PublicUrl};
use crate::http::native_app::{apple_association, asset_links};
use crate::http::paths;

mod contents;

/// How long one file may take: who fetches for a platform does not wait much longer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// The largest file that iOS takes (Apple, "Supporting associated domains"); Google names no limit.
const FILE_BYTES_MAX: usize = 128 * 1024;
/// How much of somebody else's text is shown again.
const SHOWN_CHARS_MAX: usize = 120;

/// One of the two files.
#[derive(Clone, Copy)]
enum File {
    AssetLinks,
    AppleAssociation,
}

impl File {
    fn path(self) -> &'static str {
        match self {
            Self::AssetLinks => paths::ASSET_LINKS,
            Self::AppleAssociation => paths::APPLE_ASSOCIATION,
        }
    }

    /// What this configuration serves.
    fn expected(self, app: &NativeApp) -> Option<Value> {
        match self {
            Self::AssetLinks => asset_links(app),
            Self::AppleAssociation => apple_association(app),
        }
    }

    /// The key that makes the file exist.
    fn key(self) -> &'static str {
        match self {
            Self::AssetLinks => "app.android_package",
            Self::AppleAssociation => "app.ios_app_ids",
        }
    }
}

/// What was answered, whatever it was.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    /// Read no further than it takes to see that it is larger than a file may be.
    body: Vec<u8>,
}

/// What of the public address keeps every phone from opening the app, whatever the files say. Asks nobody.
#[must_use]
pub fn address_fault(url: &PublicUrl, app: &NativeApp) -> Option<String> {
    let has_port = url.as_str() != format!("https://{}", url.host());
    let reason = if !url.is_https() {
        "does not begin with https://"
    } else if url.is_loopback() {
        "can be reached from this machine only"
    } else if has_port {
        "names a port, and phones ask at port 443"
    } else {
        return None;
    };
    let has_app = *app != NativeApp::default();
    has_app.then(|| {
        format!(
            "public_url {reason}: no phone will open the wallet's own app; that needs https://, a host that Google and \
             Apple can reach, and no port"
        )
    })
}

/// Fetches both files and says what is wrong with them; empty when phones are told what this configuration says, which
/// for a platform without an app is nothing. Follows no redirect; `patience` is the longest that one file may take.
pub async fn examine(url: &PublicUrl, app: &NativeApp, patience: Duration) -> Vec<String> {
    let client = match client(url.is_https(), patience) {
        Ok(client) => client,
        Err(error) => return vec![format!("nothing can be fetched: {error}")],
    };
    let mut faults = Vec::new();
    for file in [File::AssetLinks, File::AppleAssociation] {
        let address = format!("{}{}", url.as_str(), file.path());
        let told = match fetch(&client, &address).await {
            Ok(answer) => judge(&answer, file, app),
            Err(error) => vec![no_answer(&error, patience)],
        };
        faults.extend(told.into_iter().map(|fault| format!("{address} {fault}")));
    }
    faults
}

#[expect(
    clippy::disallowed_methods,
    reason = "not MDES: a client that asks as the servers of Google and Apple do"
)]
fn client(https_only: bool, patience: Duration) -> Result<Client, reqwest::Error> {
    Client::builder()
        .https_only(https_only)
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .user_agent(concat!("tidemark-check/", env!("CARGO_PKG_VERSION")))
        .pool_max_idle_per_host(0)
        .connect_timeout(patience)
        .read_timeout(patience)
        .timeout(patience)
        .build()
}

async fn fetch(client: &Client, address: &str) -> Result<Answer, reqwest::Error> {
    let mut response = client.get(address).send().await?;
    let mut body = Vec::new();
    while body.len() <= FILE_BYTES_MAX
        && let Some(chunk) = response.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status: response.status(),
        headers: response.headers().clone(),
        body,
    })
}

/// Why there was no answer: the innermost cause says it, or, of a certificate, OpenSSL in brackets.
fn no_answer(error: &reqwest::Error, patience: Duration) -> String {
    if error.is_timeout() {
        return format!(
            "does not answer within {} s: see what holds the request back before the wallet",
            patience.as_secs_f32()
        );
    }
    let mut causes = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    let untrusted = causes.iter().find_map(|cause| {
        let (_, reason) = cause.split_once("certificate verify failed")?;
        Some(reason.split_once('(')?.1.trim_end_matches(')'))
    });
    if let Some(reason) = untrusted {
        return format!(
            "shows a certificate that phones do not trust ({}): install one from a public authority for this host, with \
             its intermediate certificates",
            shown(reason)
        );
    }
    let cause = shown(causes.last().map_or("no cause", String::as_str));
    if error.is_connect() {
        format!(
            "cannot be reached ({cause}): see that the name resolves, the port is open and the wallet is served there"
        )
    } else {
        format!("breaks off ({cause}): see what is wrong between here and the wallet")
    }
}

/// What is wrong with an answer.
fn judge(answer: &Answer, file: File, app: &NativeApp) -> Vec<String> {
    let Some(expected) = file.expected(app) else {
        // Whatever is no success tells phones of no app.
        let stray = format!(
            "is there, although {} is not set: a wallet with another configuration answers, or somebody else, and phones \
             may open an app that you do not mean; restart the wallet, or see what serves this address",
            file.key()
        );
        return answer.status.is_success().then_some(stray).into_iter().collect();
    };
    if answer.status != StatusCode::OK {
        return vec![wrong_status(answer)];
    }
    let mut faults: Vec<String> = wrong_type(&answer.headers).into_iter().collect();
    if answer.body.len() > FILE_BYTES_MAX {
        faults.push(format!(
            "is larger than {FILE_BYTES_MAX} bytes: something else answers; see that the request reaches the wallet"
        ));
        return faults;
    }
    let Ok(found) = serde_json::from_slice::<Value>(&answer.body) else {
        faults.push("is not JSON: something else answers; see that the request reaches the wallet".to_owned());
        return faults;
    };
    if found == expected {
        return faults;
    }
    let wrong = match file {
        File::AssetLinks => contents::asset_links_faults(&found, app),
        File::AppleAssociation => contents::apple_association_faults(&found, app),
    };
    if wrong.is_empty() {
        faults.push(
            "is not what this configuration serves: an older copy or another server answers; restart the wallet and \
             empty the caches before it"
                .to_owned(),
        );
    }
    faults.extend(wrong);
    faults
}

fn wrong_status(answer: &Answer) -> String {
    let status = answer.status.as_u16();
    if answer.status.is_redirection() {
        let to = header(&answer.headers, LOCATION).map_or_else(String::new, |to| format!(" to {}", shown(to)));
        return format!(
            "redirects{to} ({status}), which neither Google nor Apple follows: serve the file at this very address, and \
             let public_url name the host that is used in the end"
        );
    }
    match status {
        404 | 410 => format!(
            "is not there ({status}): restart the wallet with this configuration, and let the proxy before it pass \
             /.well-known/ on"
        ),
        401 | 403 | 407 | 429 => format!(
            "is refused ({status}): it must be open to everybody, without login, list of addresses or question whether \
             one is a robot"
        ),
        421 => format!("is asked under another name ({status}): let the proxy pass the Host header on as it came"),
        _ => format!("answers {status} instead of 200: see the log of the wallet and of the proxy before it"),
    }
}

/// `application/json`; parameters do not matter.
fn wrong_type(headers: &HeaderMap) -> Option<String> {
    let given = header(headers, CONTENT_TYPE).unwrap_or_default();
    let media_type = given.split(';').next().unwrap_or_default().trim();
    (!media_type.eq_ignore_ascii_case("application/json")).then(|| {
        let given = if given.is_empty() {
            "nothing".to_owned()
        } else {
            shown(given)
        };
        format!(
            "says of its type {given} instead of application/json: let the proxy pass the wallet's Content-Type on, or \
             set it"
        )
    })
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Somebody else's text, fit for a terminal.
fn shown(text: &str) -> String {
    let plain = |character: char| {
        if character == ' ' || character.is_ascii_graphic() {
            character
        } else {
            '?'
        }
    };
    text.chars().take(SHOWN_CHARS_MAX).map(plain).collect()
}
