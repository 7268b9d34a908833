//! The one HTTP client: every timeout written out, nothing followed, nothing repeated, nothing read without a bound.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Certificate, Identity, Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::error::{MdesError, MdesErrorKind};
use super::keys::SigningKey;
use super::oauth1::{Unsigned, authorization_header};
use super::settings::{ClientFault, ClientIdentity, Settings, Sources};
use super::strict_json;
use crate::domain::link::is_loopback;

/// How deep an answer may nest.
const DEPTH_MAX: usize = 32;
/// The random part of a nonce: 128 bits, written as 32 hexadecimal digits.
const NONCE_BYTES: usize = 16;

/// What is said about a call to whoever has to judge its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    /// As MDES spells it.
    pub name: &'static str,
    /// Whether it changes something at MDES; then it has its own total timeout.
    pub effect: bool,
    /// Whether its answer repeats our `requestId` as `responseId`.
    pub echoes: bool,
    /// The members of which an answer has one exactly if the call succeeded.
    pub positive: &'static [&'static str],
}

impl Call {
    pub fn lost(&self, detail: &'static str) -> MdesError {
        MdesError::new(self.name, MdesErrorKind::Lost, detail)
    }

    pub fn not_sent(&self, detail: &'static str) -> MdesError {
        MdesError::new(self.name, MdesErrorKind::NotSent, detail)
    }
}

/// An answer that is JSON, and whether its status was 200.
pub(super) struct Answer {
    pub ok: bool,
    pub json: Value,
}

pub(super) struct Transport {
    http: reqwest::Client,
    base: String,
    consumer_key: SecretString,
    signing_key: SigningKey,
    sources: Sources,
    total: Duration,
    effect_total: Duration,
}

impl Transport {
    pub fn new(settings: &Settings, sources: Sources) -> Result<Self, ClientFault> {
        let base = checked_base(&settings.base_url)?;
        let consumer_key = settings.consumer_key.expose_secret();
        let fits = |byte: u8| byte.is_ascii_graphic() && !br#"",\"#.contains(&byte);
        if consumer_key.is_empty() || !consumer_key.bytes().all(fits) {
            return Err(ClientFault::ConsumerKey);
        }
        let timeouts = &settings.timeouts;
        let zero = [
            timeouts.connect_ms,
            timeouts.read_ms,
            timeouts.total_ms,
            timeouts.effect_ms,
        ]
        .contains(&0);
        // A connection that does not come about in time is known not to have carried anything. Were the whole call's
        // time up first, nobody could say.
        if zero || timeouts.connect_ms >= timeouts.total_ms.min(timeouts.effect_ms) {
            return Err(ClientFault::Timeouts);
        }
        Ok(Self {
            http: client(settings, base.starts_with("https://"))?,
            base,
            consumer_key: settings.consumer_key.clone(),
            signing_key: settings.signing_key.clone(),
            sources,
            total: Duration::from_millis(timeouts.total_ms),
            effect_total: Duration::from_millis(timeouts.effect_ms),
        })
    }

    pub fn random(&self) -> [u8; 32] {
        (self.sources.random)()
    }

    /// One attempt: one connection, one request, one answer. A body makes it a `POST`.
    pub async fn exchange(
        &self,
        call: &Call,
        path: &str,
        body: Option<Vec<u8>>,
        body_max: usize,
    ) -> Result<Answer, MdesError> {
        let url = format!("{}{path}", self.base);
        let parsed = reqwest::Url::parse(&url).map_err(|_| call.not_sent("malformed address"))?;
        // A library that tidies the address (dot segments, escapes) would ask for something that we did not sign.
        if parsed.as_str() != url {
            return Err(call.not_sent("ambiguous address"));
        }
        let method = if body.is_some() { Method::POST } else { Method::GET };
        let authorization = self.authorization(call, method.as_str(), &url, body.as_deref().unwrap_or_default())?;
        let timeout = if call.effect { self.effect_total } else { self.total };
        let mut request = self
            .http
            .request(method, parsed)
            .timeout(timeout)
            .header(AUTHORIZATION, authorization);
        request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(body) = body {
            let json = HeaderValue::from_static("application/json; charset=UTF-8");
            request = request.header(CONTENT_TYPE, json).body(body);
        }
        let response = request.send().await.map_err(|error| classify(call, &error))?;
        answer(call, response, body_max).await
    }

    /// Signed anew for every attempt: a repeated nonce would be a replay.
    fn authorization(&self, call: &Call, method: &str, url: &str, body: &[u8]) -> Result<HeaderValue, MdesError> {
        let unsigned = Unsigned {
            method,
            url,
            body,
            consumer_key: self.consumer_key.expose_secret(),
            nonce: &hex::encode(&self.random()[..NONCE_BYTES]),
            timestamp_s: (self.sources.now)().0.div_euclid(1000),
        };
        let header = authorization_header(&unsigned, &self.signing_key).map_err(|_| call.not_sent("not signed"))?;
        let mut value = HeaderValue::from_str(&header).map_err(|_| call.not_sent("not signed"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// The base address without a slash at its end.
fn checked_base(text: &str) -> Result<String, ClientFault> {
    let base = text.trim_end_matches('/');
    let url = reqwest::Url::parse(base).map_err(|_| ClientFault::BaseUrl)?;
    let host = url.host_str().ok_or(ClientFault::BaseUrl)?;
    let trusted = match url.scheme() {
        "https" => true,
        "http" => is_loopback(host),
        _ => false,
    };
    let spelt = url.as_str().trim_end_matches('/') == base;
    let bare =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if trusted && spelt && bare {
        Ok(base.to_owned())
    } else {
        Err(ClientFault::BaseUrl)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the client to MDES is built"
)]
fn client(settings: &Settings, https_only: bool) -> Result<reqwest::Client, ClientFault> {
    let mut builder = reqwest::Client::builder()
        .http1_only()
        .https_only(https_only)
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        // A connection a call. A kept one may be closed by the other side just as we write, and then nobody can say
        // whether the request arrived; besides, the library repeats such a request on its own.
        .pool_max_idle_per_host(0)
        .connect_timeout(Duration::from_millis(settings.timeouts.connect_ms))
        .read_timeout(Duration::from_millis(settings.timeouts.read_ms))
        .timeout(Duration::from_millis(settings.timeouts.total_ms));
    if let Some(pem) = &settings.extra_ca_pem {
        let authorities = Certificate::from_pem_bundle(pem).map_err(|_| ClientFault::CertificateAuthority)?;
        if authorities.is_empty() {
            return Err(ClientFault::CertificateAuthority);
        }
        builder = builder.tls_certs_merge(authorities);
    }
    if let Some(identity) = &settings.client_identity {
        let identity = match identity {
            ClientIdentity::Pkcs12 { der, password } => Identity::from_pkcs12_der(der, password.expose_secret()),
            ClientIdentity::Pem { certificate, key } => Identity::from_pkcs8_pem(certificate, key),
        };
        builder = builder.identity(identity.map_err(|_| ClientFault::ClientIdentity)?);
    }
    builder.build().map_err(|_| ClientFault::Tls)
}

/// Whether a request that got no answer may have left. Only a connection that never stood is sure.
fn classify(call: &Call, error: &reqwest::Error) -> MdesError {
    if error.is_builder() {
        call.not_sent("not a request")
    } else if error.is_connect() {
        call.not_sent("no connection")
    } else if error.is_timeout() {
        call.lost("no answer in time")
    } else {
        call.lost("the connection broke")
    }
}

async fn answer(call: &Call, mut response: Response, body_max: usize) -> Result<Answer, MdesError> {
    let status = response.status();
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            return Err(MdesError::new(
                call.name,
                MdesErrorKind::Unauthorized,
                "HTTP 401 or 403",
            ));
        }
        StatusCode::TOO_MANY_REQUESTS => return Err(MdesError::new(call.name, MdesErrorKind::Busy, "HTTP 429")),
        _ if status == StatusCode::OK || status.is_client_error() => {}
        _ if status.is_redirection() => return Err(call.lost("redirected")),
        _ => return Err(call.lost("a failure of the server")),
    }
    if !is_json(response.headers()) {
        return Err(call.lost("not JSON by its content type"));
    }
    let too_long = |length: usize| length > body_max;
    let announced = response
        .content_length()
        .map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if announced.is_some_and(too_long) {
        return Err(call.lost("too long"));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(call, &error))? {
        if too_long(body.len() + chunk.len()) {
            return Err(call.lost("too long"));
        }
        body.extend_from_slice(&chunk);
    }
    let json = strict_json::parse(&body, DEPTH_MAX).map_err(|_| call.lost("not JSON"))?;
    if json.is_object() {
        Ok(Answer {
            ok: status == StatusCode::OK,
            json,
        })
    } else {
        Err(call.lost("not a JSON object"))
    }
}

/// `application/json` or `application/…+json`, in UTF-8 as far as it is said.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(CONTENT_TYPE).map(HeaderValue::to_str) else {
        return false;
    };
    let value = value.to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let json = media_type == "application/json"
        || media_type
            .strip_prefix("application/")
            .is_some_and(|rest| rest.ends_with("+json"));
    let charset = parts.find_map(|part| part.strip_prefix("charset="));
    json && charset.is_none_or(|charset| charset.trim_matches('"') == "utf-8")
}
