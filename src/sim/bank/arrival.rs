//! The link from the wallet, read; and the way back, written.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Url, form_urlencoded};

/// What a wallet says when it sends a cardholder.
#[derive(Debug, PartialEq, Eq)]
pub struct Arrival {
    /// `tokenRequestorSessionId`, 3 to 64 characters.
    pub session_id: String,
    /// `tokenRequestorId`, 11 digits.
    pub trid: String,
    /// `callbackURL`, at most 256 characters, `http` or `https`.
    pub callback_url: String,
    /// `xx_YY`; dropped when it is anything else.
    pub locale: Option<String>,
}

impl Arrival {
    /// Reads the query. Parameters that we do not know are ignored; ours may each be there once.
    pub fn parse(query: &str) -> Result<Self, &'static str> {
        if query.len() > QUERY_MAX_BYTES {
            return Err("The link is too long.");
        }
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let one = |name: &str, missing: &'static str, twice: &'static str| {
            let mut values = pairs
                .iter()
                .filter(|(other, _)| other == name)
                .map(|(_, value)| value.clone());
            let first = values.next().filter(|value| !value.is_empty()).ok_or(missing)?;
            if values.next().is_some() { Err(twice) } else { Ok(first) }
        };
        let session_id = one(
            "tokenRequestorSessionId",
            "It does not say which session it belongs to (tokenRequestorSessionId is missing).",
            "It names two sessions (tokenRequestorSessionId is there twice).",
        )?;
        let trid = one(
            "tokenRequestorId",
            "It does not say which wallet it comes from (tokenRequestorId is missing).",
            "It names two wallets (tokenRequestorId is there twice).",
        )?;
        let callback_url = one(
            "callbackURL",
            "It does not say where to go back to (callbackURL is missing).",
            "It names two ways back (callbackURL is there twice).",
        )?;
        if !(3..=64).contains(&session_id.len()) || !is_visible_ascii(&session_id) {
            return Err("Its session is not 3 to 64 plain characters (tokenRequestorSessionId).");
        }
        if trid.len() != 11 || !trid.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("Its wallet is not a number of 11 digits (tokenRequestorId).");
        }
        check_callback(&callback_url)?;
        let locale = pairs
            .iter()
            .find(|(name, _)| name == "locale")
            .map(|(_, value)| value.clone());
        Ok(Self {
            session_id,
            trid,
            callback_url,
            locale: locale.filter(|locale| is_locale(locale)),
        })
    }

    /// Where somebody whose link is refused can go back to: the callback, if that at least is good, with an error for a result.
    pub fn way_back(query: &str) -> Option<String> {
        let mut callbacks = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "callbackURL");
        let (_, callback) = callbacks.next().filter(|_| query.len() <= QUERY_MAX_BYTES)?;
        let is_good = callbacks.next().is_none() && check_callback(&callback).is_ok();
        is_good.then(|| join(&callback, &[("result", "ERROR".to_owned())]))
    }
}

fn check_callback(callback: &str) -> Result<(), &'static str> {
    if callback.len() > CALLBACK_MAX_CHARS {
        return Err("Its way back is longer than 256 characters (callbackURL).");
    }
    let unsafe_byte = |byte: u8| !byte.is_ascii_graphic() || b"\\\"<>^`{|}".contains(&byte);
    let url = Url::parse(callback).ok().filter(|_| !callback.bytes().any(unsafe_byte));
    let url = url.ok_or("Its way back is not an address (callbackURL).")?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("Its way back is not a website: only http and https are followed (callbackURL).");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Its way back carries a user name, which we do not follow (callbackURL).");
    }
    Ok(())
}

fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_locale(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 5
        && bytes[2] == b'_'
        && bytes[..2].iter().all(u8::is_ascii_lowercase)
        && bytes[3..].iter().all(u8::is_ascii_uppercase)
}

/// `callback` with `pairs` added to its query: an existing query stays, a fragment stays at the end.
pub fn join(callback: &str, pairs: &[(&str, String)]) -> String {
    let (address, fragment) = match callback.split_once('#') {
        Some((address, fragment)) => (address, Some(fragment)),
        None => (callback, None),
    };
    let mut joined = address.to_owned();
    for (name, value) in pairs {
        match joined.find('?') {
            None => joined.push('?'),
            Some(at) if at + 1 == joined.len() || joined.ends_with('&') => {}
            Some(_) => joined.push('&'),
        }
        joined.push_str(name);
        joined.push('=');
        joined.extend(utf8_percent_encode(value, RESERVED));
    }
    if let Some(fragment) = fragment {
        joined.push('#');
        joined.push_str(fragment);
    }
    joined
}

const QUERY_MAX_BYTES: usize = 4096;
const CALLBACK_MAX_CHARS: usize = 256;
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "tokenRequestorSessionId=5f0f-abc&tokenRequestorId=50123456789&callbackURL=http%3A%2F%2Flocalhost%3A1%2Fcallback%2F5f0f-abc";

    #[test]
    fn a_good_link_is_read_and_strangers_in_it_are_ignored() {
        let arrival = Arrival::parse(&format!("{GOOD}&utm=1&utm=2&locale=de_DE")).unwrap();
        assert_eq!(arrival.callback_url, "http://localhost:1/callback/5f0f-abc");
        assert_eq!(arrival.locale.as_deref(), Some("de_DE"));
        assert_eq!(Arrival::parse(&format!("{GOOD}&locale=klingon")).unwrap().locale, None);
    }

    #[test]
    fn each_bad_link_is_refused_with_its_reason() {
        let with_callback = |callback: &str| {
            let callback: String = form_urlencoded::byte_serialize(callback.as_bytes()).collect();
            format!("tokenRequestorSessionId=abc&tokenRequestorId=50123456789&callbackURL={callback}")
        };
        for (query, reason) in [
            (String::new(), "tokenRequestorSessionId is missing"),
            ("tokenRequestorSessionId=abc".to_owned(), "tokenRequestorId is missing"),
            (GOOD.replace("callbackURL", "callback"), "callbackURL is missing"),
            (
                format!("{GOOD}&tokenRequestorSessionId=x"),
                "tokenRequestorSessionId is there twice",
            ),
            (
                format!("{GOOD}&tokenRequestorId=50123456789"),
                "tokenRequestorId is there twice",
            ),
            (format!("{GOOD}&callbackURL=http://a/"), "callbackURL is there twice"),
            (GOOD.replacen("5f0f-abc", "ab", 1), "3 to 64"),
            (GOOD.replacen("5f0f-abc", &"a".repeat(65), 1), "3 to 64"),
            (GOOD.replacen("5f0f-abc", "a%00bc", 1), "3 to 64"),
            (GOOD.replace("50123456789", "5012345678"), "11 digits"),
            (GOOD.replace("50123456789", "5012345678x"), "11 digits"),
            (with_callback("javascript:alert(1)"), "only http and https"),
            (with_callback("moonbank://push"), "only http and https"),
            (with_callback("/callback/1"), "not an address"),
            (with_callback("http://a\\@b/"), "not an address"),
            (with_callback("http://a/\r\nSet-Cookie:x=1"), "not an address"),
            (with_callback("http://me@localhost/"), "user name"),
            (with_callback(&format!("http://a/{}", "b".repeat(256))), "256"),
            ("x=".to_owned() + &"y".repeat(5_000), "too long"),
        ] {
            let fault = Arrival::parse(&query).unwrap_err();
            assert!(fault.contains(reason), "{query}: {fault}");
        }
    }

    #[test]
    fn a_refused_link_leads_back_where_its_callback_is_good() {
        let callback = "callbackURL=http%3A%2F%2Flocalhost%3A1%2Fcallback%2F5f0f";
        let back = Some("http://localhost:1/callback/5f0f?result=ERROR".to_owned());
        assert_eq!(Arrival::way_back(callback), back);
        for query in [
            "",
            "callbackURL=",
            "callbackURL=javascript:alert(1)",
            &format!("{callback}&{callback}"),
        ] {
            assert_eq!(Arrival::way_back(query), None, "{query}");
        }
    }

    #[test]
    fn the_way_back_keeps_what_the_callback_had() {
        let pairs = [
            ("pushAccountData", "a.b-c_d".to_owned()),
            ("tokenRequestorSessionId", "x/y|z".to_owned()),
        ];
        for (callback, wanted) in [
            (
                "http://w/cb",
                "http://w/cb?pushAccountData=a.b-c_d&tokenRequestorSessionId=x%2Fy%7Cz",
            ),
            (
                "http://w/cb?",
                "http://w/cb?pushAccountData=a.b-c_d&tokenRequestorSessionId=x%2Fy%7Cz",
            ),
            (
                "http://w/cb?k=v",
                "http://w/cb?k=v&pushAccountData=a.b-c_d&tokenRequestorSessionId=x%2Fy%7Cz",
            ),
            (
                "http://w/cb?k=v&",
                "http://w/cb?k=v&pushAccountData=a.b-c_d&tokenRequestorSessionId=x%2Fy%7Cz",
            ),
            (
                "http://w/cb?k=%20#f?g",
                "http://w/cb?k=%20&pushAccountData=a.b-c_d&tokenRequestorSessionId=x%2Fy%7Cz#f?g",
            ),
            (
                "http://w/cb#f",
                "http://w/cb?pushAccountData=a.b-c_d&tokenRequestorSessionId=x%2Fy%7Cz#f",
            ),
        ] {
            assert_eq!(join(callback, &pairs), wanted);
        }
    }
}
