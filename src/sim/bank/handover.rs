//! The address by which a bank hands pushed cards to a token requestor.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// What the legacy form says beside the receipts, each when it is to be said (`protocol.md`, 4.3).
#[derive(Clone, Copy, Debug, Default)]
pub struct Unsigned<'a> {
    /// `callbackURL`.
    pub callback_url: Option<&'a str>,
    /// `callbackRequired`.
    pub callback_required: Option<bool>,
    /// `completeIssuerAppActivation`.
    pub complete_issuer_app_activation: Option<bool>,
    /// `completeWebsiteActivation`.
    pub complete_website_activation: Option<bool>,
    /// `locale`.
    pub locale: Option<&'a str>,
}

/// The signed form: one parameter, which needs no encoding.
pub fn signed(push_uri: &str, jws: &str) -> String {
    joined(push_uri, &format!("pushAccountData={jws}"))
}

/// The legacy form. The commas between the receipts stand as they are, as in the official example.
pub fn unsigned(push_uri: &str, receipts: &[String], said: &Unsigned<'_>) -> String {
    let mut query = format!("pushAccountReceipts={}", receipts.join(","));
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            query.push_str(&format!("&{name}={}", utf8_percent_encode(&value, RESERVED)));
        }
    };
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string());
    add("callbackURL", said.callback_url.map(str::to_owned));
    add("callbackRequired", flag(said.callback_required));
    add("completeIssuerAppActivation", flag(said.complete_issuer_app_activation));
    add("completeWebsiteActivation", flag(said.complete_website_activation));
    // Letters and one underscore.
    add("locale", said.locale.map(str::to_owned));
    joined(push_uri, &query)
}

/// The address of the website among the push methods, when a browser may be sent there.
pub fn web(methods: &[(String, String)]) -> Option<&str> {
    let (_, uri) = methods.iter().find(|(kind, _)| kind == "WEB")?;
    let url = Url::parse(uri).ok()?;
    let is_fine = matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.fragment().is_none();
    is_fine.then_some(uri)
}

fn joined(uri: &str, query: &str) -> String {
    let link = match uri.find('?') {
        None => "?",
        Some(at) if at + 1 == uri.len() || uri.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{link}{query}")
}

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_legacy_form_is_the_official_example_byte_for_byte() {
        let receipts = [
            "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE",
            "MSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL",
            "DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A",
        ];
        let said = Unsigned {
            callback_url: Some("moonbank://pushcallback"),
            callback_required: Some(false),
            complete_issuer_app_activation: Some(false),
            complete_website_activation: Some(false),
            locale: Some("en_US"),
        };
        assert_eq!(
            unsigned(
                "https://www.mywallet.com/pushAccount",
                &receipts.map(str::to_owned),
                &said
            ),
            "https://www.mywallet.com/pushAccount?pushAccountReceipts=MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE,\
             MSI-1E8GTJ94-9D5T-96MO-WV36-56AZN95Y8DUL,DMC-9H2T37SH-RB3O-PI14-QQ9R-321UGR5ZI07A\
             &callbackURL=moonbank%3A%2F%2Fpushcallback&callbackRequired=false&completeIssuerAppActivation=false\
             &completeWebsiteActivation=false&locale=en_US"
        );
        let alone = unsigned("https://w.example/p", &[receipts[0].to_owned()], &Unsigned::default());
        assert_eq!(
            alone,
            format!("https://w.example/p?pushAccountReceipts={}", receipts[0])
        );
    }

    #[test]
    fn a_push_address_may_have_a_query_already() {
        for (uri, wanted) in [
            ("https://w.example/p", "https://w.example/p?pushAccountData=a.b.c"),
            ("https://w.example/mc?", "https://w.example/mc?pushAccountData=a.b.c"),
            (
                "https://w.example/p?x=1",
                "https://w.example/p?x=1&pushAccountData=a.b.c",
            ),
        ] {
            assert_eq!(signed(uri, "a.b.c"), wanted);
        }
    }

    #[test]
    fn a_browser_is_sent_to_a_website_alone() {
        let only = |uri: &str| [("WEB".to_owned(), uri.to_owned())];
        assert_eq!(web(&only("https://w.example/p")), Some("https://w.example/p"));
        for uri in [
            "javascript:alert(1)",
            "wallet://push",
            "https://me@w.example/p",
            "https://w.example/#p",
            "/p",
        ] {
            assert_eq!(web(&only(uri)), None, "{uri}");
        }
        assert_eq!(web(&[("IOS".to_owned(), "https://w.example/p".to_owned())]), None);
    }
}
