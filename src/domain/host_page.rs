//! The page of another site that a cardholder came from, and goes back to when the attempt is over.
//!
//! It comes in an address that anybody can write, so it is only taken if it is registered, and only if it is written
//! exactly as browsers write addresses: what two programs could read in two ways is refused before it is compared.

use std::fmt;

use url::Url;

/// The longest address.
const LENGTH_MAX: usize = 1_024;
/// What we add to it.
const OUTCOME: &str = "add_card";
const REFERENCE: &str = "ref";

/// A page of a host: an address without anything that could be read in two ways. Not yet known to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPage(Url);

/// What a host's pages begin with: scheme, host and port, and the first segments of the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPrefix {
    page: HostPage,
    segments: Vec<String>,
}

/// How an attempt ended, as the host is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostOutcome {
    /// A card is in the wallet.
    Added,
    /// The cardholder stopped.
    Cancelled,
    /// It did not work out.
    Failed,
}

/// Why an address is no page of a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostFault {
    /// Nothing, or more than 1,024 bytes.
    Length,
    /// A space, a control character, a letter beyond ASCII, or one of `\ " < > ^ { | }` and the backtick.
    Character,
    /// Not `https://` (or `http://`) and a host.
    Address,
    /// A user name or password.
    Credentials,
    /// A fragment.
    Fragment,
    /// Written otherwise than browsers write it: dot segments, upper case in the host, a port that goes without saying.
    Spelling,
    /// A path with an empty segment, `;`, or anything encoded that is neither a space nor beyond ASCII.
    Path,
    /// It has `add_card` or `ref` already.
    Taken,
    /// Not below a registered prefix.
    Unregistered,
}

impl HostFault {
    /// The rule that is broken, after "it".
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Length => "must have 1 to 1024 characters",
            Self::Character => "must be plain ASCII without spaces, quotes and backslashes",
            Self::Address => "must be an address such as https://shop.example/account",
            Self::Credentials => "must hold no user name or password",
            Self::Fragment => "must have no fragment",
            Self::Spelling => "must be written as browsers write addresses",
            Self::Path => "must have a plain path, without empty parts and encoded signs",
            Self::Taken => "must not hold add_card or ref, which are added to it",
            Self::Unregistered => "must be below an address that is registered here",
        }
    }
}

impl fmt::Display for HostFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.rule())
    }
}

impl HostPage {
    /// Reads an address.
    ///
    /// # Errors
    /// The first rule that it breaks. Never [`HostFault::Unregistered`].
    pub fn parse(text: &str) -> Result<Self, HostFault> {
        if !(1..=LENGTH_MAX).contains(&text.len()) {
            return Err(HostFault::Length);
        }
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte);
        if !text.bytes().all(is_plain) {
            return Err(HostFault::Character);
        }
        let url = Url::parse(text).map_err(|_| HostFault::Address)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(HostFault::Address);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(HostFault::Credentials);
        }
        if url.fragment().is_some() {
            return Err(HostFault::Fragment);
        }
        let is_bare_origin = url.as_str().strip_suffix('/') == Some(text) && url.path() == "/";
        if url.as_str() != text && !is_bare_origin {
            return Err(HostFault::Spelling);
        }
        if !has_plain_path(&url) {
            return Err(HostFault::Path);
        }
        if url.query_pairs().any(|(name, _)| name == OUTCOME || name == REFERENCE) {
            return Err(HostFault::Taken);
        }
        Ok(Self(url))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Host and port, to be shown.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// Whether it is below one of these.
    #[must_use]
    pub fn is_below(&self, prefixes: &[HostPrefix]) -> bool {
        let segments = segments(&self.0);
        prefixes
            .iter()
            .any(|prefix| prefix.page.0.origin() == self.0.origin() && segments.starts_with(&prefix.segments))
    }

    /// Where the cardholder goes back to: the address with the outcome and the reference of the attempt, which says
    /// nothing to who does not have the attempt.
    #[must_use]
    pub fn told(&self, outcome: HostOutcome, reference: &str) -> String {
        let outcome = match outcome {
            HostOutcome::Added => "added",
            HostOutcome::Cancelled => "cancelled",
            HostOutcome::Failed => "failed",
        };
        let mut url = self.0.clone();
        url.query_pairs_mut()
            .append_pair(OUTCOME, outcome)
            .append_pair(REFERENCE, reference);
        url.into()
    }
}

impl HostPrefix {
    /// Reads an address without a query. A slash at its end says nothing: a prefix ends where a segment does.
    ///
    /// # Errors
    /// As [`HostPage::parse`].
    pub fn parse(text: &str) -> Result<Self, HostFault> {
        let page = HostPage::parse(text)?;
        if page.0.query().is_some() {
            return Err(HostFault::Address);
        }
        let mut segments = segments(&page.0);
        segments.retain(|segment| !segment.is_empty());
        Ok(Self { page, segments })
    }
}

fn segments(url: &Url) -> Vec<String> {
    url.path_segments().into_iter().flatten().map(str::to_owned).collect()
}

/// Whether no server behind the address can take the path for another one, whatever it decodes.
fn has_plain_path(url: &Url) -> bool {
    let path = url.path();
    let has_gap = path.contains("//");
    let escapes = path
        .match_indices('%')
        .map(|(at, _)| path.get(at + 1..at + 3).unwrap_or_default());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,=:@/%".contains(&byte);
    let is_letter = |escape: &str| match u8::from_str_radix(escape, 16) {
        Ok(byte) => byte == b' ' || byte >= 0x80,
        Err(_) => false,
    };
    !has_gap && path.bytes().all(is_plain) && escapes.into_iter().all(is_letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn prefixes() -> Vec<HostPrefix> {
        [
            "https://shop.example/account",
            "https://shop.example:8443/",
            "http://localhost:3000/app/",
        ]
        .map(|text| HostPrefix::parse(text).expect(text))
        .into()
    }

    fn read(text: &str) -> Result<HostPage, HostFault> {
        let page = HostPage::parse(text)?;
        if page.is_below(&prefixes()) {
            Ok(page)
        } else {
            Err(HostFault::Unregistered)
        }
    }

    #[test]
    fn a_registered_page_is_taken_and_told_how_it_ended() {
        for (text, told) in [
            (
                "https://shop.example/account",
                "https://shop.example/account?add_card=added&ref=TM-1",
            ),
            (
                "https://shop.example/account/",
                "https://shop.example/account/?add_card=added&ref=TM-1",
            ),
            (
                "https://shop.example/account/cards?tab=2&x=%26",
                "https://shop.example/account/cards?tab=2&x=%26&add_card=added&ref=TM-1",
            ),
            (
                "https://shop.example/account/a%20b%C3%A9:(c)",
                "https://shop.example/account/a%20b%C3%A9:(c)?add_card=added&ref=TM-1",
            ),
            (
                "https://shop.example:8443",
                "https://shop.example:8443/?add_card=added&ref=TM-1",
            ),
            (
                "https://shop.example:8443/x",
                "https://shop.example:8443/x?add_card=added&ref=TM-1",
            ),
            (
                "http://localhost:3000/app?a",
                "http://localhost:3000/app?a&add_card=added&ref=TM-1",
            ),
        ] {
            let page = read(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
            assert_eq!(page.told(HostOutcome::Added, "TM-1"), told);
            assert_eq!(HostPage::parse(page.as_str()), Ok(page.clone()));
        }
        let page = read("http://localhost:3000/app").expect("a page");
        assert_eq!(page.authority(), "localhost:3000");
        assert!(
            page.told(HostOutcome::Cancelled, "R")
                .ends_with("?add_card=cancelled&ref=R")
        );
        assert!(page.told(HostOutcome::Failed, "R").ends_with("?add_card=failed&ref=R"));
        assert!(!page.is_below(&[]));
    }

    /// What open redirects are made of.
    #[test]
    fn no_trick_leads_elsewhere() {
        use HostFault as F;
        for (text, fault) in [
            ("", F::Length),
            ("/account", F::Address),
            ("//shop.example/account", F::Address),
            ("///evil.example", F::Address),
            ("shop.example/account", F::Address),
            ("account", F::Address),
            ("?x", F::Address),
            ("https:shop.example/account", F::Spelling),
            ("https:/shop.example/account", F::Spelling),
            ("https:///shop.example/account", F::Spelling),
            ("HTTPS://shop.example/account", F::Spelling),
            ("https://SHOP.example/account", F::Spelling),
            ("https://shop.example:443/account", F::Spelling),
            ("https://shop.example:0443/account", F::Spelling),
            ("https://shop.example:/account", F::Spelling),
            ("https://@shop.example/account", F::Spelling),
            ("https://:@shop.example/account", F::Spelling),
            ("https://%73hop.example/account", F::Spelling),
            ("https://0x7f.1/account", F::Spelling),
            ("https://2130706433/account", F::Spelling),
            ("https://shop.example/account/../admin", F::Spelling),
            ("https://shop.example/account/./x", F::Spelling),
            ("https://shop.example/account/%2e%2e/admin", F::Spelling),
            ("https://shop.example/account/.%2E/admin", F::Spelling),
            ("https://shop.example/admin/../account", F::Spelling),
            ("https://shop.example/account/..%2fadmin", F::Path),
            ("https://shop.example/account/..%5cadmin", F::Path),
            ("https://shop.example/account/..%252fadmin", F::Path),
            ("https://shop.example/account/..;/admin", F::Path),
            ("https://shop.example/account/%00", F::Path),
            ("https://shop.example/account/%0d%0aLocation:x", F::Path),
            ("https://shop.example/account/%zz", F::Path),
            ("https://shop.example/account%", F::Path),
            ("https://shop.example/account//evil.example", F::Path),
            ("https://shop.example//evil.example/account", F::Path),
            ("https://shop.example\\@evil.example/account", F::Character),
            ("https://evil.example\\.shop.example/account", F::Character),
            ("https:\\\\shop.example\\account", F::Character),
            ("https://shop.example/account\\..\\admin", F::Character),
            ("https://shop.example/acc\tount", F::Character),
            ("ht\ntps://shop.example/account", F::Character),
            (" https://shop.example/account", F::Character),
            ("https://shop.example/account ", F::Character),
            ("https://shop.example/account\0", F::Character),
            ("https://sh\u{f6}p.example/account", F::Character),
            ("https://shop\u{3002}example/account", F::Character),
            ("https://shop.example\u{ff0f}account", F::Character),
            ("https://\u{ff53}hop.example/account", F::Character),
            ("https://shop.example\u{200b}/account", F::Character),
            ("https://shop.example/account\"><script>", F::Character),
            ("https://shop.example@evil.example/account", F::Credentials),
            ("https://shop.example:443@evil.example/account", F::Credentials),
            ("https://me:pw@shop.example/account", F::Credentials),
            ("https://shop.example/account#@evil.example", F::Fragment),
            ("https://evil.example#.shop.example/account", F::Fragment),
            ("https://shop.example/account?add_card=added", F::Taken),
            ("https://shop.example/account?x=1&%72ef=TM-1", F::Taken),
            ("javascript:alert(1)", F::Address),
            ("javascript://shop.example/account%0aalert(1)", F::Address),
            ("data:text/html,x", F::Address),
            ("blob:https://shop.example/account", F::Address),
            ("view-source:https://shop.example/account", F::Address),
            ("file://shop.example/account", F::Address),
            ("ftp://shop.example/account", F::Address),
            ("wss://shop.example/account", F::Address),
            ("intent://shop.example/account", F::Address),
            ("https://", F::Address),
            ("https://[::1", F::Address),
            ("https://shop.example:99999/account", F::Address),
            ("https://shop.example.evil/account", F::Unregistered),
            ("https://shop.example.evil.example/account", F::Unregistered),
            ("https://evilshop.example/account", F::Unregistered),
            ("https://a.shop.example/account", F::Unregistered),
            ("https://shop.example./account", F::Unregistered),
            ("https://xn--shop-.example/account", F::Address),
            ("https://shop.example:444/account", F::Unregistered),
            ("https://shop.example:80/account", F::Unregistered),
            ("http://shop.example/account", F::Unregistered),
            ("http://shop.example:443/account", F::Unregistered),
            ("https://shop.example", F::Unregistered),
            ("https://shop.example/", F::Unregistered),
            ("https://shop.example/account-evil", F::Unregistered),
            ("https://shop.example/accountevil", F::Unregistered),
            ("https://shop.example/Account", F::Unregistered),
            ("https://shop.example/x/account", F::Unregistered),
            ("https://shop.example/?/account", F::Unregistered),
            ("https://shop.example?/account", F::Spelling),
            ("https://localhost:3000/app", F::Unregistered),
            ("http://127.0.0.1:3000/app", F::Unregistered),
        ] {
            assert_eq!(read(text), Err(fault), "{text:?}");
        }
        assert_eq!(
            read(&format!("https://shop.example/account/{}", "a".repeat(1_000))),
            Err(F::Length)
        );
    }

    #[test]
    fn a_prefix_is_an_address_without_a_query() {
        assert_eq!(HostPrefix::parse("https://shop.example/?x"), Err(HostFault::Address));
        assert_eq!(
            HostPrefix::parse("https://shop.example/a/../b"),
            Err(HostFault::Spelling)
        );
        let whole = [HostPrefix::parse("https://shop.example").expect("a prefix")];
        for path in ["", "/", "/x", "/x/y?z"] {
            let page = HostPage::parse(&format!("https://shop.example{path}")).expect("a page");
            assert!(page.is_below(&whole), "{path}");
        }
    }

    proptest! {
        /// A good address with anything put into it anywhere is refused, or still leads to the registered place.
        #[test]
        fn whatever_is_put_in_the_link_stays_where_it_is_registered(
            at in 0_usize..34,
            cut in 0_usize..3,
            put in prop_oneof![
                "[\\\\/@:#?%.;a-z0-9 \t]{0,6}",
                ".{0,4}",
                Just("//evil.example".to_owned()),
                Just("@evil.example".to_owned()),
                Just("%2f..%2f".to_owned()),
                Just("/../".to_owned()),
                Just(":443".to_owned()),
                Just(".evil.example/".to_owned()),
            ],
        ) {
            let good = "https://shop.example/account/cards";
            let text = format!("{}{put}{}", &good[..at], &good[(at + cut).min(good.len())..]);
            if let Ok(page) = read(&text) {
                let link = Url::parse(&page.told(HostOutcome::Added, "TM-1")).expect("an address");
                let port = link.port();
                prop_assert_eq!((link.scheme(), link.host_str()), ("https", Some("shop.example")));
                prop_assert!(port.is_none() || port == Some(8443), "{}", link);
                prop_assert!(link.username().is_empty() && link.password().is_none());
                let path = link.path();
                prop_assert!(port.is_some() || path == "/account" || path.starts_with("/account/"), "{}", link);
                prop_assert!(!path.contains("//") && path.split('/').all(|part| part != ".."), "{}", link);
            }
        }
    }
}
