//! The response headers, all of them, in one table: which kind of answer carries which (`dress`).
//!
//! The values are asserted byte for byte below, so that a weaker policy shows in a diff.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};

/// What kind of answer it is, as far as its headers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face {
    /// An HTML page. The nonce is that of its one script, if it has one.
    Page {
        /// 128 random bits, as text.
        nonce: Option<String>,
    },
    /// The page of a failure: no form. It may stand at an address that holds a receipt, so it sends no referrer.
    Problem {
        /// As of a page; the script takes the receipt out of the address.
        nonce: Option<String>,
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
    /// What pages of other sites may load, and for how many seconds it may be kept.
    Shared(&'static str, u32),
    /// A document that is saved, never shown: the issuer's terms as PDF.
    Download(&'static str),
}

/// Writes the headers of a kind of answer over whatever was there.
pub fn dress(headers: &mut HeaderMap, face: &Face, https: bool) {
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(
        CORP,
        if matches!(face, Face::Shared(..)) {
            "cross-origin"
        } else {
            "same-origin"
        },
    );
    if https {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    set(CONTENT_SECURITY_POLICY, &policy(face, https));
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
        &match face {
            Face::Fixed(_) => "public, max-age=31536000, immutable".to_owned(),
            Face::Logo(_) => "private, max-age=3600".to_owned(),
            Face::Association => "public, max-age=300".to_owned(),
            Face::Shared(_, seconds) => format!("public, max-age={seconds}"),
            _ => "no-store".to_owned(),
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
            set(VARY, DEVICE);
        }
        Face::Data(kind) | Face::Fixed(kind) | Face::Logo(kind) | Face::Shared(kind, _) | Face::Download(kind) => {
            set(CONTENT_TYPE, kind)
        }
        Face::Association => set(CONTENT_TYPE, "application/json"),
        Face::Bare => {
            headers.remove(CONTENT_TYPE);
        }
    }
}

/// The content security policy of a kind of answer.
fn policy(face: &Face, https: bool) -> String {
    match face {
        Face::Problem { nonce } => policy(&Face::Page { nonce: nonce.clone() }, https),
        Face::Page { nonce } => {
            let script = match nonce {
                Some(nonce) => format!("'nonce-{nonce}'"),
                None => "'none'".to_owned(),
            };
            let upgrade = if https { "; upgrade-insecure-requests" } else { "" };
            format!(
                "default-src 'none'; base-uri 'none'; object-src 'none'; script-src {script}; style-src 'self'; \
                 img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                 require-trusted-types-for 'script'; trusted-types 'none'{upgrade}"
            )
        }
        Face::Bare | Face::Data(_) | Face::Association => BARE_POLICY.to_owned(),
        // An SVG that is opened by itself is a document: without this its scripts would run in our origin.
        Face::Fixed(_) | Face::Logo(_) | Face::Shared(..) | Face::Download(_) => ASSET_POLICY.to_owned(),
    }
}

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const COEP: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const ORIGIN_AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

const BARE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const ASSET_POLICY: &str = "default-src 'none'; sandbox; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What a page depends on besides its address and its cookie: what the browser says about its device.
const DEVICE: &str = "user-agent, sec-ch-ua-platform, sec-ch-ua-mobile";

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
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        dress(&mut headers, face, https);
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
        let face = Face::Page {
            nonce: Some("N0NCE".to_owned()),
        };
        assert_eq!(
            lines(&face, true),
            "cache-control: no-store\n\
             content-security-policy: default-src 'none'; base-uri 'none'; object-src 'none'; \
             script-src 'nonce-N0NCE'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'; \
             upgrade-insecure-requests\n\
             content-type: text/html; charset=utf-8\n\
             cross-origin-embedder-policy: require-corp\n\
             cross-origin-opener-policy: same-origin\n\
             cross-origin-resource-policy: same-origin\n\
             origin-agent-cluster: ?1\n\
             referrer-policy: same-origin\n\
             strict-transport-security: max-age=31536000; includeSubDomains\n\
             vary: user-agent, sec-ch-ua-platform, sec-ch-ua-mobile\n\
             x-content-type-options: nosniff\n\
             x-frame-options: DENY"
        );
    }

    #[test]
    fn a_page_without_script_on_loopback() {
        let text = lines(&Face::Page { nonce: None }, false);
        assert!(text.contains("script-src 'none'; style-src"));
        assert!(text.contains("trusted-types 'none'\n"));
        assert!(!text.contains("strict-transport-security"));
    }

    #[test]
    fn a_failure_is_a_page_that_sends_no_referrer() {
        let page = lines(&Face::Page { nonce: None }, true);
        assert_eq!(
            lines(&Face::Problem { nonce: None }, true),
            page.replace("referrer-policy: same-origin", "referrer-policy: no-referrer")
        );
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
        for (face, cache) in [
            (Face::Fixed("text/css"), "public, max-age=31536000, immutable"),
            (Face::Logo("text/css"), "private, max-age=3600"),
            (Face::Download("text/css"), "no-store"),
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
                     x-content-type-options: nosniff\n\
                     x-frame-options: DENY"
                )
            );
        }
    }

    #[test]
    fn what_other_sites_load_is_as_inert_and_may_be_loaded_by_them() {
        let own = lines(&Face::Logo("image/png"), true);
        let shared = own.replace("private, max-age=3600", "public, max-age=300").replace(
            "cross-origin-resource-policy: same-origin",
            "cross-origin-resource-policy: cross-origin",
        );
        assert_eq!(lines(&Face::Shared("image/png", 300), true), shared);
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
