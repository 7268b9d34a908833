//! The response headers, all of them, in one table: which kind of answer carries which (`dress`).
//!
//! The values are asserted byte for byte below, so that a weaker policy shows in a diff.
//!
//! **Scripts are named by their address, not by a nonce.** A page that is kept is shown again after a `304`, with the new
//! headers and the old text: its script would carry the nonce of last time, and every page would be another text. The
//! address is at least as strict: it is one path with the content's digest in it, which answers with that content or not
//! at all and never redirects (browsers compare only the origin after a redirect). Nothing inline runs, no other file of
//! ours runs, be it a logo or a page, and no guess of a nonce helps. What a nonce would add, that an injected copy of our
//! own tag is refused, adds nothing: it runs the same script on the same page.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LINK, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};

use super::assets;

/// What kind of answer it is, as far as its headers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face {
    /// An HTML page.
    Page {
        /// The paths of the scripts that it may run.
        scripts: Vec<String>,
        /// The browser may keep it, and asks before it shows it again.
        kept: bool,
    },
    /// The page of a failure: no form. It may stand at an address that holds a receipt, so it sends no referrer.
    Problem {
        /// As of a page; the script takes the receipt out of the address.
        scripts: Vec<String>,
        /// As of a page.
        kept: bool,
    },
    /// A redirect, or another answer without a body.
    Bare,
    /// JSON that binds our app to this address. Who fetches it for a platform may keep it for a moment.
    Association,
    /// JSON, an event stream, plain text: for programs.
    Data(&'static str),
    /// A file of ours under a name that changes with its content.
    Fixed(&'static str),
    /// A logo or card art: other people's bytes.
    Logo(&'static str),
    /// A document that is saved, never shown: the issuer's terms as PDF.
    Download(&'static str),
}

impl Face {
    /// A page that is not kept.
    #[must_use]
    pub fn page(scripts: Vec<String>) -> Self {
        Self::Page { scripts, kept: false }
    }
}

/// Writes the headers of a kind of answer over whatever was there. `origin` is ours, `https://host[:port]`.
pub fn dress(headers: &mut HeaderMap, face: &Face, origin: &str) {
    let https = origin.starts_with("https://");
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(CORP, "same-origin");
    if https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    set(CONTENT_SECURITY_POLICY, &policy(face, origin, https));
    set(
        REFERRER_POLICY,
        match face {
            // Under `no-referrer` browsers send `Origin: null` with a form.
            Face::Page { .. } => "same-origin",
            _ => "no-referrer",
        },
    );
    set(
        CACHE_CONTROL,
        match face {
            Face::Fixed(_) | Face::Logo(_) => "public, max-age=31536000, immutable",
            Face::Association => "public, max-age=300",
            // Back is instant, and a reload costs a question.
            Face::Page { kept: true, .. } => "private, no-cache",
            Face::Problem { kept: true, .. } => "no-cache",
            _ => "no-store",
        },
    );
    if matches!(face, Face::Page { .. } | Face::Problem { .. } | Face::Bare) {
        set(COOP, "same-origin");
    }
    match face {
        Face::Page { .. } | Face::Problem { .. } => {
            set(COEP, "require-corp");
            set(ORIGIN_AGENT_CLUSTER, "?1");
            set(PERMISSIONS_POLICY, PERMISSIONS);
            set(CONTENT_TYPE, "text/html; charset=utf-8");
            set(VARY, PAGE_VARIES);
            set(LINK, &format!("<{}>; rel=preload; as=style", assets::css()));
        }
        Face::Fixed(kind) | Face::Logo(kind) => {
            set(CONTENT_TYPE, kind);
            set(VARY, "accept-encoding");
        }
        Face::Data(kind) | Face::Download(kind) => set(CONTENT_TYPE, kind),
        Face::Association => set(CONTENT_TYPE, "application/json"),
        Face::Bare => {
            headers.remove(CONTENT_TYPE);
        }
    }
}

/// The content security policy of a kind of answer.
fn policy(face: &Face, origin: &str, https: bool) -> String {
    match face {
        Face::Page { scripts, .. } | Face::Problem { scripts, .. } => {
            let script = sources(scripts, origin);
            let upgrade = if https { "; upgrade-insecure-requests" } else { "" };
            format!(
                "default-src 'none'; base-uri 'none'; object-src 'none'; script-src {script}; style-src 'self'; \
                 img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types 'none'{upgrade}"
            )
        }
        Face::Bare | Face::Data(_) | Face::Association => BARE_POLICY.to_owned(),
        // An SVG that is opened by itself is a document: without this its scripts would run in our origin.
        Face::Fixed(_) | Face::Logo(_) | Face::Download(_) => ASSET_POLICY.to_owned(),
    }
}

/// The only addresses that scripts come from.
fn sources(scripts: &[String], origin: &str) -> String {
    if scripts.is_empty() {
        return "'none'".to_owned();
    }
    // A policy cannot spell a host in brackets. Only loopback is ever served at one.
    if origin.contains("://[") {
        return "'self'".to_owned();
    }
    let addresses: Vec<String> = scripts.iter().map(|path| format!("{origin}{path}")).collect();
    addresses.join(" ")
}

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const COEP: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ORIGIN_AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const ASSET_POLICY: &str = "default-src 'none'; sandbox; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What a page depends on besides its address: how it travels, the language, whose it is, and what the browser says about
/// its device.
const PAGE_VARIES: &str = "accept-encoding, accept-language, cookie, user-agent, sec-ch-ua-platform, sec-ch-ua-mobile";

/// Every feature of the registry that a page could ask for, to nobody.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), \
     bluetooth=(), browsing-topics=(), camera=(), captured-surface-control=(), clipboard-read=(), clipboard-write=(), \
     compute-pressure=(), cross-origin-isolated=(), deferred-fetch=(), digital-credentials-create=(), \
     digital-credentials-get=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), \
     gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), keyboard-map=(), language-detector=(), \
     local-fonts=(), magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), \
     picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), \
     serial=(), storage-access=(), sync-xhr=(), translator=(), usb=(), window-management=(), \
     xr-spatial-tracking=()";

#[cfg(test)]
mod tests {
    use super::*;

    /// The headers in a fixed order, one a line, without `permissions-policy`.
    fn lines(face: &Face, https: bool) -> String {
        lines_at(
            face,
            if https {
                "https://wallet.example"
            } else {
                "http://localhost:8080"
            },
        )
    }

    fn lines_at(face: &Face, origin: &str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        dress(&mut headers, face, origin);
        let mut lines: Vec<String> = headers
            .iter()
            .filter(|(name, _)| **name != PERMISSIONS_POLICY)
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        lines.sort();
        lines.join("\n")
    }

    #[test]
    fn a_page_over_https() {
        let face = Face::page(vec!["/assets/one.js".to_owned(), "/assets/two.js".to_owned()]);
        let css = assets::css();
        assert_eq!(
            lines(&face, true).replace(&css, "CSS"),
            "cache-control: no-store\n\
             content-security-policy: default-src 'none'; base-uri 'none'; object-src 'none'; \
             script-src https://wallet.example/assets/one.js https://wallet.example/assets/two.js; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; \
             upgrade-insecure-requests\n\
             content-type: text/html; charset=utf-8\n\
             cross-origin-embedder-policy: require-corp\n\
             cross-origin-opener-policy: same-origin\n\
             cross-origin-resource-policy: same-origin\n\
             link: <CSS>; rel=preload; as=style\n\
             origin-agent-cluster: ?1\n\
             referrer-policy: same-origin\n\
             strict-transport-security: max-age=31536000; includeSubDomains\n\
             vary: accept-encoding, accept-language, cookie, user-agent, sec-ch-ua-platform, sec-ch-ua-mobile\n\
             x-content-type-options: nosniff\n\
             x-frame-options: DENY"
        );
    }

    #[test]
    fn a_page_without_script_on_loopback() {
        let text = lines(&Face::page(Vec::new()), false);
        assert!(text.contains("script-src 'none'; style-src"));
        assert!(text.contains("trusted-types 'none'\n"));
        assert!(!text.contains("strict-transport-security"));
    }

    #[test]
    fn a_failure_is_a_page_that_sends_no_referrer() {
        let page = lines(&Face::page(Vec::new()), true);
        let problem = |kept| Face::Problem {
            scripts: Vec::new(),
            kept,
        };
        let failure = page.replace("referrer-policy: same-origin", "referrer-policy: no-referrer");
        assert_eq!(lines(&problem(false), true), failure);
        assert_eq!(lines(&problem(true), true), failure.replace("no-store", "no-cache"));
    }

    #[test]
    fn a_page_that_is_kept_differs_in_nothing_else() {
        let face = Face::Page {
            scripts: Vec::new(),
            kept: true,
        };
        let page = lines(&Face::page(Vec::new()), true);
        assert_eq!(lines(&face, true), page.replace("no-store", "private, no-cache"));
    }

    #[test]
    fn a_host_in_brackets_is_no_source() {
        let face = Face::page(vec!["/assets/one.js".to_owned()]);
        let text = lines_at(&face, "http://[::1]:8080");
        assert!(text.contains("script-src 'self'; style-src"), "{text}");
    }

    #[test]
    fn a_redirect_carries_nothing() {
        assert_eq!(
            lines(&Face::Bare, true),
            "cache-control: no-store\n\
             content-security-policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\n\
             cross-origin-opener-policy: same-origin\n\
             cross-origin-resource-policy: same-origin\n\
             referrer-policy: no-referrer\n\
             strict-transport-security: max-age=31536000; includeSubDomains\n\
             x-content-type-options: nosniff\n\
             x-frame-options: DENY"
        );
    }

    #[test]
    fn files_and_logos_are_inert() {
        let for_ever = "public, max-age=31536000, immutable";
        let varies = "vary: accept-encoding\n";
        for (face, cache, varies) in [
            (Face::Fixed("text/css"), for_ever, varies),
            (Face::Logo("text/css"), for_ever, varies),
            (Face::Download("text/css"), "no-store", ""),
        ] {
            assert_eq!(
                lines(&face, false),
                format!(
                    "cache-control: {cache}\n\
                     content-security-policy: default-src 'none'; sandbox; style-src 'unsafe-inline'; \
                     frame-ancestors 'none'\n\
                     content-type: text/css\n\
                     cross-origin-resource-policy: same-origin\n\
                     referrer-policy: no-referrer\n\
                     {varies}x-content-type-options: nosniff\n\
                     x-frame-options: DENY"
                )
            );
        }
    }

    #[test]
    fn an_association_may_be_kept_for_five_minutes() {
        let data = lines(&Face::Data("application/json"), true);
        let kept = data.replace("cache-control: no-store", "cache-control: public, max-age=300");
        assert_eq!(lines(&Face::Association, true), kept);
    }

    #[test]
    fn data_is_not_kept_and_no_feature_is_granted() {
        let text = lines(&Face::Data("application/json"), false);
        assert!(text.starts_with("cache-control: no-store\n") && text.contains("content-type: application/json\n"));
        assert!(PERMISSIONS.split(", ").all(|feature| feature.ends_with("=()")));
        for feature in [
            "camera",
            "geolocation",
            "payment",
            "publickey-credentials-get",
            "otp-credentials",
        ] {
            assert!(PERMISSIONS.split(", ").any(|entry| entry == format!("{feature}=()")));
        }
    }
}
