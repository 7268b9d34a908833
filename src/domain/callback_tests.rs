use proptest::prelude::*;

use super::*;

fn registered() -> Vec<(IssuerId, RegisteredCallback)> {
    let entries = [
        ("moon", "https://www.moonbank.com/pushcallback"),
        ("moon", "moonbank://pushcallback"),
        ("moon-deep", "https://www.moonbank.com/pushcallback/cards"),
        ("whole", "https://whole.example"),
        ("scheme", "schemebank://"),
        ("port", "https://port.example:8443/back/"),
        ("here", "http://127.0.0.1:8082/banks/here/pushed"),
    ];
    let entry = |(issuer, text): (&str, &str)| {
        let entry = RegisteredCallback::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        (IssuerId::parse(issuer).expect("an id"), entry)
    };
    entries.into_iter().map(entry).collect()
}

fn judged(text: &str, allow_loopback: bool) -> Result<String, CallbackFault> {
    let registered = registered();
    let pairs = registered.iter().map(|(issuer, entry)| (issuer, entry));
    judge(text, pairs, allow_loopback).map(|(issuer, callback)| {
        assert_eq!(callback.expose(), text);
        issuer.to_string()
    })
}

#[test]
fn the_site_of_a_web_address_can_be_shown_and_an_app_has_none() {
    for (text, site) in [
        ("https://www.moonbank.com/pushcallback?a=b#c", Some("www.moonbank.com")),
        ("https://whole.example?a=b", Some("whole.example")),
        ("https://port.example:8443/back/", Some("port.example:8443")),
        ("moonbank://pushcallback", None),
    ] {
        assert_eq!(Callback::of_store(text.to_owned()).site(), site, "{text}");
    }
}

/// Addresses of [`crate`]'s open-redirect corpus: none may be followed.
const TRICKS: &[(&str, CallbackFault)] = &[
    ("", CallbackFault::Length),
    // Another host that looks like the bank's.
    ("https://evil.example/pushcallback", CallbackFault::Unknown),
    (
        "https://www.moonbank.com.evil.example/pushcallback",
        CallbackFault::Unknown,
    ),
    ("https://evilwww.moonbank.com/pushcallback", CallbackFault::Unknown),
    ("https://moonbank.com/pushcallback", CallbackFault::Unknown),
    ("https://www-moonbank.com/pushcallback", CallbackFault::Unknown),
    ("https://www.moonbank.co/pushcallback", CallbackFault::Unknown),
    ("https://www.moonbank.com./pushcallback", CallbackFault::Unknown),
    ("https://www.moonbank.com:8443/pushcallback", CallbackFault::Unknown),
    ("https://port.example/back/x", CallbackFault::Unknown),
    ("https://xn--mnbank-7ya.com/pushcallback", CallbackFault::Unknown),
    (
        "https://www.m\u{f6}\u{f6}nbank.com/pushcallback",
        CallbackFault::Character,
    ),
    (
        "https://www.moonbank.com\u{ff0f}evil.example/pushcallback",
        CallbackFault::Character,
    ),
    ("https://www.moonbank\u{3002}com/pushcallback", CallbackFault::Character),
    // The same host, written otherwise.
    ("https://WWW.moonbank.com/pushcallback", CallbackFault::Ambiguous),
    ("https://www.moonbank.com:443/pushcallback", CallbackFault::Ambiguous),
    ("https://www.moonbank%2ecom/pushcallback", CallbackFault::Authority),
    // Somebody in front of the host.
    (
        "https://www.moonbank.com@evil.example/pushcallback",
        CallbackFault::Authority,
    ),
    (
        "https://www.moonbank.com:x@evil.example/pushcallback",
        CallbackFault::Authority,
    ),
    (
        "https://evil.example@www.moonbank.com/pushcallback",
        CallbackFault::Authority,
    ),
    (
        "https://www.moonbank.com%40evil.example/pushcallback",
        CallbackFault::Authority,
    ),
    // Separators that one reader sees and another does not.
    ("https:\\\\www.moonbank.com\\pushcallback", CallbackFault::Character),
    (
        "https://evil.example\\@www.moonbank.com/pushcallback",
        CallbackFault::Character,
    ),
    (
        "https://www.moonbank.com\\.evil.example/pushcallback",
        CallbackFault::Character,
    ),
    ("https:/www.moonbank.com/pushcallback", CallbackFault::Form),
    ("https:www.moonbank.com/pushcallback", CallbackFault::Form),
    ("https:///www.moonbank.com/pushcallback", CallbackFault::Authority),
    ("https:////www.moonbank.com/pushcallback", CallbackFault::Path),
    ("//www.moonbank.com/pushcallback", CallbackFault::Form),
    ("/pushcallback", CallbackFault::Form),
    ("www.moonbank.com/pushcallback", CallbackFault::Form),
    (
        "https://evil.example#@www.moonbank.com/pushcallback",
        CallbackFault::Unknown,
    ),
    (
        "https://evil.example#https://www.moonbank.com/pushcallback",
        CallbackFault::Unknown,
    ),
    (
        "https://evil.example?https://www.moonbank.com/pushcallback",
        CallbackFault::Unknown,
    ),
    (
        "https://evil.example/https://www.moonbank.com/pushcallback",
        CallbackFault::Path,
    ),
    // White space and control characters.
    (" https://www.moonbank.com/pushcallback", CallbackFault::Character),
    ("https://www.moonbank.com/pushcallback ", CallbackFault::Character),
    ("https://www.moon\tbank.com/pushcallback", CallbackFault::Character),
    ("https://www.moonbank.com/push\ncallback", CallbackFault::Character),
    ("java\tscript:alert(1)", CallbackFault::Character),
    (
        "https://www.moonbank.com/pushcallback?x=%0d%0aLocation:%20https://evil.example",
        CallbackFault::Character,
    ),
    ("https://www.moonbank.com/pushcallback%00", CallbackFault::Character),
    ("https://www.moonbank.com/pushcallback?%zz", CallbackFault::Character),
    // Paths that leave the registered one.
    ("https://www.moonbank.com/", CallbackFault::NotBelow),
    (
        "https://www.moonbank.com/redirect?to=https://evil.example",
        CallbackFault::NotBelow,
    ),
    ("https://www.moonbank.com/pushcallbackx", CallbackFault::NotBelow),
    ("https://www.moonbank.com/pushcallback.evil", CallbackFault::NotBelow),
    ("https://www.moonbank.com/PushCallback", CallbackFault::NotBelow),
    ("https://www.moonbank.com/pushcallback/../redirect", CallbackFault::Path),
    ("https://www.moonbank.com/pushcallback/./x", CallbackFault::Path),
    (
        "https://www.moonbank.com/pushcallback/%2e%2e/redirect",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com/pushcallback/.%2E/redirect",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com/pushcallback/%252e%252e/redirect",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com/pushcallback/..;/redirect",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com/pushcallback%2f..%2fredirect",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com/pushcallback%5c..%5credirect",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com//evil.example/pushcallback",
        CallbackFault::Path,
    ),
    (
        "https://www.moonbank.com/pushcallback//evil.example",
        CallbackFault::Path,
    ),
    // Schemes that nobody is sent to.
    ("http://www.moonbank.com/pushcallback", CallbackFault::Scheme),
    (
        "javascript:alert(1)//www.moonbank.com/pushcallback",
        CallbackFault::Scheme,
    ),
    ("JavaScript://www.moonbank.com/%250aalert(1)", CallbackFault::Character),
    ("data:text/html,<script>", CallbackFault::Character),
    ("data:text/html;base64,PHNjcmlwdD4=", CallbackFault::Scheme),
    ("file:///etc/passwd", CallbackFault::Scheme),
    (
        "intent://pushcallback#Intent;scheme=moonbank;package=com.evil;end",
        CallbackFault::Scheme,
    ),
    ("content://pushcallback", CallbackFault::Scheme),
    ("blob:https://www.moonbank.com/pushcallback", CallbackFault::Scheme),
    (
        "filesystem:https://www.moonbank.com/pushcallback",
        CallbackFault::Scheme,
    ),
    ("about:blank", CallbackFault::Scheme),
    (
        "view-source:https://www.moonbank.com/pushcallback",
        CallbackFault::Scheme,
    ),
    ("vbscript:x", CallbackFault::Scheme),
    ("ftp://www.moonbank.com/pushcallback", CallbackFault::Scheme),
    ("ws://www.moonbank.com/pushcallback", CallbackFault::Scheme),
    ("HTTPS://www.moonbank.com/pushcallback", CallbackFault::Scheme),
    // An app's own, written otherwise.
    ("MoonBank://pushcallback", CallbackFault::Form),
    ("moonbank:pushcallback", CallbackFault::Form),
    ("moonbank:/pushcallback", CallbackFault::Form),
    ("moonbank://evil", CallbackFault::NotBelow),
    ("moonbank://pushcallback.evil.example", CallbackFault::NotBelow),
    ("moonbank://pushcallback@evil.example", CallbackFault::Authority),
    ("moonbank://x/pushcallback", CallbackFault::NotBelow),
    ("moonbanks://pushcallback", CallbackFault::Unknown),
    // Addresses of machines.
    ("https://[::1]/pushcallback", CallbackFault::Authority),
    ("https://[::ffff:7f00:1]/pushcallback", CallbackFault::Authority),
    ("https://127.0.0.1/pushcallback", CallbackFault::Unknown),
    ("https://2130706433/pushcallback", CallbackFault::Ambiguous),
    ("https://0x7f.0.0.1/pushcallback", CallbackFault::Ambiguous),
    ("https://0177.0.0.1/pushcallback", CallbackFault::Ambiguous),
    ("https://127.1/pushcallback", CallbackFault::Ambiguous),
    ("http://2130706433:8082/banks/here/pushed", CallbackFault::Scheme),
    (
        "http://localhost.evil.example:8082/banks/here/pushed",
        CallbackFault::Scheme,
    ),
    ("http://127.0.0.1:8083/banks/here/pushed", CallbackFault::Unknown),
    ("http://127.0.0.1:8082/banks/there/pushed", CallbackFault::NotBelow),
];

#[test]
fn no_trick_is_followed() {
    assert!(TRICKS.len() >= 40);
    for (text, fault) in TRICKS {
        assert_eq!(judged(text, true), Err(*fault), "{text:?}");
        assert!(judged(text, false).is_err(), "{text:?}");
    }
    let long = format!("https://www.moonbank.com/pushcallback?{}", "x".repeat(256));
    assert_eq!(judged(&long, true), Err(CallbackFault::Length));
}

#[test]
fn what_is_below_a_registered_address_is_its_issuers() {
    for (text, issuer) in [
        ("https://www.moonbank.com/pushcallback", "moon"),
        ("https://www.moonbank.com/pushcallback/", "moon"),
        (
            "https://www.moonbank.com/pushcallback/a/b?session_id=789456123#done",
            "moon",
        ),
        (
            "https://www.moonbank.com/pushcallback?next=https://elsewhere.example/",
            "moon",
        ),
        ("https://www.moonbank.com/pushcallback/cards/7", "moon-deep"),
        ("https://www.moonbank.com/pushcallback/cardsx", "moon"),
        ("moonbank://pushcallback", "moon"),
        ("moonbank://pushcallback/x?y=z#f", "moon"),
        ("https://whole.example", "whole"),
        ("https://whole.example?x", "whole"),
        ("https://whole.example/anything", "whole"),
        ("schemebank://any/thing", "scheme"),
        ("https://port.example:8443/back", "port"),
    ] {
        assert_eq!(judged(text, false), Ok(issuer.to_owned()), "{text}");
    }
    let here = "http://127.0.0.1:8082/banks/here/pushed?visit=1";
    assert_eq!(judged(here, true), Ok("here".to_owned()));
    assert_eq!(judged(here, false), Err(CallbackFault::Scheme));
}

#[test]
fn what_cannot_be_registered() {
    for text in [
        "",
        "https://",
        "https://x.example/a?b",
        "https://x.example/a#b",
        "http://x.example/",
        "javascript://x",
        "https://X.example/",
        "https://x.example/../y",
        "moonbank",
    ] {
        assert!(RegisteredCallback::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn whatever_is_followed_is_as_a_library_reads_it_below_what_is_registered(
        before in "[!-~]{0,12}", host in "(www\\.moonbank\\.com|whole\\.example|[a-z.@:/\\\\%]{1,16})", after in "[ -~]{0,40}",
    ) {
        let text = format!("{before}https://{host}{after}");
        if let Ok(issuer) = judged(&text, false) {
            let read = url::Url::parse(&text).expect("an address");
            let (host, path) = (read.host_str().unwrap_or_default(), read.path());
            let is_moon = host == "www.moonbank.com" && path.starts_with("/pushcallback");
            prop_assert!(is_moon || host == "whole.example" || read.scheme() == "schemebank", "{text} {issuer}");
            prop_assert!(read.username().is_empty() && read.password().is_none());
        }
    }
}
