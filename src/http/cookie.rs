//! The one cookie that matters, a browser's long random secret; and those that hold what a person has chosen, or what a
//! page remembers for one.
//!
//! The secret is read by our own few lines, because the name must match byte for byte. A library that decodes percent signs
//! in *names* lets any sibling host set `%5F%5FHost-…` and pass for us (CVE-2020-8184 is the same mistake).

use std::sync::Arc;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use cookie::time::Duration;
use cookie::{Cookie, SameSite};

use crate::words::Language;

use super::language::Theme;

/// How the cookies of one identity are called. Browsers keep cookies by host and see no port, so two identities of one
/// server may share a host, and then a name would be whoever wrote it last.
#[derive(Clone, Debug)]
pub struct Jar {
    https: bool,
    /// Nothing for the first identity. The point keeps it from being the end of another name of ours.
    suffix: Arc<str>,
}

impl Jar {
    /// Of the first identity, or of the one of this name.
    #[must_use]
    pub fn of(https: bool, other: Option<&str>) -> Self {
        let suffix = other.map_or_else(String::new, |name| format!(".{name}"));
        Self {
            https,
            suffix: suffix.into(),
        }
    }

    fn prefix(&self) -> &'static str {
        if self.https { SECURE_NAME } else { PLAIN_NAME }
    }

    fn secret(&self) -> String {
        format!("{}{}", self.prefix(), self.suffix)
    }

    fn beside(&self, name: &str) -> String {
        format!("{}-{name}{}", self.prefix(), self.suffix)
    }
}

/// The name over https. The prefix makes browsers refuse it from other hosts, with a `Domain`, or without `Secure`.
const SECURE_NAME: &str = "__Host-tidemark";
/// The name over http, which configuration allows on loopback only.
const PLAIN_NAME: &str = "tidemark";
/// The name of the cookie that holds the chosen language.
const LANGUAGE_NAME: &str = "lang";
/// The name of the cookie that holds the chosen colours.
const THEME_NAME: &str = "theme";
/// The length of a secret: 32 bytes in base64url.
const SECRET_LENGTH: usize = 43;

/// The browser's secret, if the headers hold exactly one that is well formed.
///
/// Two cookies of our exact name mean that somebody else wrote one of them: then there is none.
#[must_use]
pub fn browser_secret(headers: &HeaderMap, jar: &Jar) -> Option<String> {
    let value = only(headers, &jar.secret())?;
    let well_formed = value.len() == SECRET_LENGTH
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    well_formed.then(|| value.to_owned())
}

/// The value of the cookie that is ours and is called so, if there is exactly one. It may be anything.
#[must_use]
pub fn other(headers: &HeaderMap, name: &str, jar: &Jar) -> Option<String> {
    only(headers, &jar.beside(name)).map(str::to_owned)
}

/// `Set-Cookie` for a cookie of ours beside the secret: for this host alone, out of reach of scripts. With no days it is
/// taken away. `None` only for a value that no header can hold.
#[must_use]
pub fn set_other(name: &str, value: &str, days: i64, jar: &Jar) -> Option<HeaderValue> {
    written(&jar.beside(name), value, Duration::days(days), jar.https)
}

/// The value of the one cookie of exactly this name.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut found = None;
    for header in headers.get_all(COOKIE) {
        for crumb in header.as_bytes().split(|byte| *byte == b';') {
            let crumb = trim(crumb);
            let Some(split) = crumb.iter().position(|byte| *byte == b'=') else {
                continue;
            };
            if &crumb[..split] != name.as_bytes() {
                continue;
            }
            if found.replace(&crumb[split + 1..]).is_some() {
                return None;
            }
        }
    }
    std::str::from_utf8(found?).ok()
}

/// `Set-Cookie` for a secret: for a year, for this host alone, out of reach of scripts. `None` only for a secret that
/// no header can hold.
#[must_use]
pub fn set_cookie(secret: &str, jar: &Jar) -> Option<HeaderValue> {
    written(&jar.secret(), secret, YEAR, jar.https)
}

const YEAR: Duration = Duration::days(365);

fn written(name: &str, value: &str, age: Duration, https: bool) -> Option<HeaderValue> {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(https)
        .same_site(SameSite::Lax)
        .max_age(age);
    HeaderValue::from_str(&cookie.build().to_string()).ok()
}

/// The language that was chosen on the language page, if it is one of ours. It is no secret and decides on nothing but words.
#[must_use]
pub fn language(headers: &HeaderMap) -> Option<Language> {
    Language::of_tag(choice(headers, LANGUAGE_NAME)?)
}

/// The colours that were chosen there.
#[must_use]
pub fn theme(headers: &HeaderMap) -> Option<Theme> {
    Theme::of_name(choice(headers, THEME_NAME)?)
}

/// `Set-Cookie` for a chosen language, for a year.
#[must_use]
pub fn set_language(language: Language, https: bool) -> Option<HeaderValue> {
    written(LANGUAGE_NAME, language.tag(), YEAR, https)
}

/// `Set-Cookie` for a language that nobody has chosen here, until the browser is closed.
#[must_use]
pub fn suggest_language(language: Language, https: bool) -> Option<HeaderValue> {
    let lasting = written(LANGUAGE_NAME, language.tag(), YEAR, https)?;
    let text = lasting.to_str().ok()?;
    let kept = text.split("; ").filter(|part| !part.starts_with("Max-Age="));
    HeaderValue::from_str(&kept.collect::<Vec<_>>().join("; ")).ok()
}

/// `Set-Cookie` for chosen colours, for a year, or to forget them.
#[must_use]
pub fn set_theme(theme: Option<Theme>, https: bool) -> Option<HeaderValue> {
    match theme {
        Some(theme) => written(THEME_NAME, theme.name(), YEAR, https),
        None => written(THEME_NAME, "", Duration::ZERO, https),
    }
}

fn choice<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let crumbs = headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'));
    let value = crumbs
        .filter_map(|crumb| trim(crumb).strip_prefix(name.as_bytes())?.strip_prefix(b"="))
        .next()?;
    std::str::from_utf8(value).ok()
}

/// Spaces and tabs only: Unicode spaces around a name are part of another name.
fn trim(bytes: &[u8]) -> &[u8] {
    let blank = |byte: &u8| *byte == b' ' || *byte == b'\t';
    let start = bytes.iter().position(|byte| !blank(byte)).unwrap_or(bytes.len());
    let end = bytes
        .iter()
        .rposition(|byte| !blank(byte))
        .map_or(start, |last| last + 1);
    &bytes[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0";
    const OTHER: &str = "0000000000000000000000000000000000000000000";

    fn read(lines: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_bytes(line).expect("a header value"));
        }
        browser_secret(&headers, &Jar::of(true, None))
    }

    /// `S` stands for our secret, `O` for another well-formed one, `N` for our name.
    fn line(pattern: &str) -> Vec<u8> {
        pattern
            .replace("{N}", SECURE_NAME)
            .replace("{S}", SECRET)
            .replace("{O}", OTHER)
            .into_bytes()
    }

    #[test]
    fn our_cookie_is_found_among_any_junk() {
        for pattern in [
            "{N}={S}",
            " {N}={S}",
            "{N}={S} ",
            "\t{N}={S}\t",
            "{N}={S};",
            ";{N}={S}",
            ";;; {N}={S} ;;;",
            "a=b; {N}={S}",
            "{N}={S}; a=b",
            "a=b;{N}={S};c=d",
            "a; {N}={S}",
            "=; {N}={S}",
            "==; {N}={S}",
            "a==b; {N}={S}",
            "\"a\"=\"b\"; {N}={S}",
            "a=\"{N}\"; {N}={S}",
            "%5F%5FHost-tidemark={O}; {N}={S}",
            "{N}={S}; %5F%5FHost-tidemark={O}",
            "__Host%2Dtidemark={O}; {N}={S}",
            "{N}%00={O}; {N}={S}",
            "%20{N}={O}; {N}={S}",
            "\u{2000}{N}={O}; {N}={S}",
            "\u{a0}{N}={O}; {N}={S}",
            "\u{3000}{N}={O}; {N}={S}",
            "{N}\u{2000}={O}; {N}={S}",
            "={N}={O}; {N}={S}",
            "= {N}={O}; {N}={S}",
            "__host-tidemark={O}; {N}={S}",
            "__HOST-TIDEMARK={O}; {N}={S}",
            "__Host-Tidemark={O}; {N}={S}",
            "__Host-tidemar={O}; {N}={S}",
            "__Host-tidemark2={O}; {N}={S}",
            "__Host-tidemark.={O}; {N}={S}",
            "__Host-tidemark ={O}; {N}={S}",
            "__Secure-tidemark={O}; {N}={S}",
            "tidemark={O}; {N}={S}",
            "$Version=1; {N}={S}; $Path=/",
            "x={N}={O}; {N}={S}",
            "ключ=значение; {N}={S}",
            "emoji=🌊; {N}={S}",
            "{N}; {N}={S}",
        ] {
            assert_eq!(read(&[&line(pattern)]).as_deref(), Some(SECRET), "{pattern}");
        }
        let junk = [b"x=\xff\xfe; ".as_slice(), &line("{N}={S}")].concat();
        assert_eq!(read(&[&junk]).as_deref(), Some(SECRET));
        assert_eq!(read(&[b"a=b", &line("{N}={S}")]).as_deref(), Some(SECRET));
        assert_eq!(read(&[&line("{N}={S}"), b"\xff"]).as_deref(), Some(SECRET));
    }

    #[test]
    fn what_is_not_exactly_ours_is_nothing() {
        for pattern in [
            "",
            ";",
            "=",
            "{N}",
            "{N}=",
            "a=b",
            "{S}",
            "={S}",
            "={N}={S}",
            "%5F%5FHost-tidemark={S}",
            "__host-tidemark={S}",
            "tidemark={S}",
            "\u{2000}{N}={S}",
            "\u{feff}{N}={S}",
            "{N} ={S}",
            "{N}= {S}",
            "{N}=\"{S}\"",
            "{N}={S}x",
            "{N}=x{S}",
            "{N}={S}=",
            "{N}=%61bcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_0",
            "{N}=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN-_",
            "{N}=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN+/0",
            "{N}=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLM é",
            "{N}={S},{N}={S}",
            "a=b, {N}={S}",
            "{N}={S}; {N}={S}",
            "{N}={S}; {N}={O}",
            "{N}={O}; a=b; {N}={S}",
            "{N}=; {N}={S}",
            "{N}={S}; {N}=",
            "{N}={S}; {N}=x",
        ] {
            assert_eq!(read(&[&line(pattern)]), None, "{pattern}");
        }
        assert_eq!(read(&[&line("{N}={S}"), &line("{N}={S}")]), None);
        assert_eq!(read(&[&line("{N}={S}"), &line("a=b; {N}={O}")]), None);
    }

    #[test]
    fn the_cookie_is_printed_with_every_attribute() {
        assert_eq!(
            set_cookie(SECRET, &Jar::of(true, None)).expect("a header"),
            format!("__Host-tidemark={SECRET}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000")
        );
        assert_eq!(
            set_cookie(SECRET, &Jar::of(false, None)).expect("a header"),
            format!("tidemark={SECRET}; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000")
        );
    }

    #[test]
    fn what_was_chosen_is_written_so_that_it_is_read_again() {
        let sent = |cookie: Option<HeaderValue>| cookie.expect("a header").to_str().expect("text").to_owned();
        assert_eq!(
            sent(set_language(Language::ENGLISH, true)),
            "lang=en; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=31536000"
        );
        assert_eq!(
            sent(set_theme(None, false)),
            "theme=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        );
        let mut headers = HeaderMap::new();
        for cookie in Language::with_pseudo().filter_map(|language| set_language(language, true)) {
            let pair = cookie
                .to_str()
                .expect("text")
                .split(';')
                .next()
                .expect("a pair")
                .to_owned();
            headers.insert(
                COOKIE,
                HeaderValue::from_str(&format!("a=b; {pair};theme=dark")).expect("a value"),
            );
            let read = language(&headers).expect("a language");
            assert_eq!(pair, format!("lang={}", read.tag()));
            assert_eq!(theme(&headers), Some(Theme::Dark));
        }
        for wrong in [
            "lang=xx; theme=black",
            "lang=\"pl\"; theme=Dark",
            "LANG=pl; Theme=dark",
            "xlang=pl",
            "lang; theme",
        ] {
            headers.insert(COOKIE, HeaderValue::from_static(wrong));
            assert_eq!((language(&headers), theme(&headers)), (None, None), "{wrong}");
        }
    }

    #[test]
    fn over_http_the_name_has_no_prefix() {
        let mut headers = HeaderMap::new();
        headers.append(
            COOKIE,
            HeaderValue::from_bytes(&line("{N}={O}; tidemark={S}")).expect("a value"),
        );
        assert_eq!(browser_secret(&headers, &Jar::of(false, None)).as_deref(), Some(SECRET));
    }

    #[test]
    fn each_identity_has_names_of_its_own() {
        let jars = [None, Some("shops"), Some("recent")].map(|name| Jar::of(true, name));
        let mut headers = HeaderMap::new();
        for (jar, secret) in jars.iter().zip(["a", "b", "c"]) {
            let cookie = set_cookie(&secret.repeat(SECRET_LENGTH), jar).expect("a header");
            let list = set_other("recent", secret, 1, jar).expect("a header");
            assert!(cookie.to_str().expect("text").starts_with("__Host-tidemark"));
            for cookie in [cookie, list] {
                let pair = cookie
                    .to_str()
                    .expect("text")
                    .split(';')
                    .next()
                    .expect("a pair")
                    .to_owned();
                headers.append(COOKIE, HeaderValue::from_str(&pair).expect("a value"));
            }
        }
        for (jar, secret) in jars.iter().zip(["a", "b", "c"]) {
            assert_eq!(browser_secret(&headers, jar), Some(secret.repeat(SECRET_LENGTH)));
            assert_eq!(other(&headers, "recent", jar).as_deref(), Some(secret));
        }
    }

    proptest! {
        #[test]
        fn any_header_is_an_answer(junk in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(value) = HeaderValue::from_bytes(&junk) {
                let mut headers = HeaderMap::new();
                headers.append(COOKIE, value);
                if let Some(secret) = browser_secret(&headers, &Jar::of(true, None)) {
                    prop_assert_eq!(secret.len(), SECRET_LENGTH);
                }
            }
        }

        #[test]
        fn junk_beside_ours_changes_nothing(junk in "[^;_\\p{Cc}]{0,60}") {
            let text = format!("{junk}; __Host-tidemark={SECRET}");
            let found = read(&[text.as_bytes()]);
            prop_assert_eq!(found.as_deref(), Some(SECRET));
        }
    }
}
