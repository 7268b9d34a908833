//! Queries and forms, read strictly from bytes: one decoding, UTF-8, few pairs, and no name twice.

use std::fmt;

/// The most pairs in one query or form.
const PAIRS_MAX: usize = 32;

/// Why a query or form is not read. It repeats nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// More than 32 pairs.
    TooMany,
    /// A `%` that is not followed by two hexadecimal digits, bytes that are not UTF-8, or a control character.
    Encoding,
    /// A name that we know, twice. Which of the two counts is a question only an attacker asks.
    Repeated,
    /// A name that this form does not have.
    Unknown,
}

impl FormFault {
    /// The rule that is broken.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::TooMany => "more than 32 parameters",
            Self::Encoding => "a parameter is not encoded properly",
            Self::Repeated => "a parameter is given twice",
            Self::Unknown => "a parameter is not known here",
        }
    }
}

impl fmt::Display for FormFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.rule())
    }
}

/// The known fields, each at most once. Not `Debug`: a field may hold a receipt or a code.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `raw`, a query without `?` or the body of a form, as a page of ours wrote it: nothing else is in it.
    ///
    /// # Errors
    /// The first [`FormFault`] found.
    pub fn parse(raw: &[u8], known: &[&str]) -> Result<Self, FormFault> {
        let mut fields = Self(Vec::new());
        for pair in pairs(raw) {
            let (name, value) = pair?;
            let known = known.iter().find(|known| **known == name);
            fields.add(known.ok_or(FormFault::Unknown)?, value)?;
        }
        Ok(fields)
    }

    /// Reads what an issuer's redirect brings, which may have been rebuilt on its way: names in any case, the whole
    /// encoded once too often, names of others beside ours. An empty value is none. A known name still counts once,
    /// however it is written.
    ///
    /// # Errors
    /// The first [`FormFault`] found.
    pub fn parse_rebuilt(raw: &[u8], known: &[&str]) -> Result<Self, FormFault> {
        let mut fields = Self(Vec::new());
        for pair in pairs(raw) {
            let (name, value) = pair?;
            let name = once_more(name)?;
            if let Some(known) = known.iter().find(|known| known.eq_ignore_ascii_case(&name)) {
                fields.add(known, once_more(value)?)?;
            }
        }
        fields.0.retain(|(_, value)| !value.is_empty());
        Ok(fields)
    }

    fn add(&mut self, name: &str, value: String) -> Result<(), FormFault> {
        if self.one(name).is_some() {
            return Err(FormFault::Repeated);
        }
        self.0.push((name.to_owned(), value));
        Ok(())
    }

    /// The value of a field, if it was given.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(seen, _)| seen == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The names and values, each decoded once.
fn pairs(raw: &[u8]) -> impl Iterator<Item = Result<(String, String), FormFault>> {
    let pairs = raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs.enumerate().map(|(index, pair)| {
        if index >= PAIRS_MAX {
            return Err(FormFault::TooMany);
        }
        let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        let value = pair.get(split + 1..).unwrap_or_default();
        Ok((decode(&pair[..split])?, decode(value)?))
    })
}

/// `application/x-www-form-urlencoded`, once: `+` is a space, `%XX` a byte.
fn decode(raw: &[u8]) -> Result<String, FormFault> {
    let spaced: Vec<u8> = raw
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    text(unescape(&spaced).ok_or(FormFault::Encoding)?)
}

/// The text behind one more layer of `%XX`, if it has one: no genuine name or value holds a `%`.
fn once_more(decoded: String) -> Result<String, FormFault> {
    match unescape(decoded.as_bytes()) {
        Some(bytes) => text(bytes),
        None => Ok(decoded),
    }
}

/// Every `%XX` as its byte; `None` when a `%` stands before anything else.
fn unescape(raw: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(*byte).to_digit(16));
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => *other,
        });
    }
    Some(bytes)
}

fn text(bytes: Vec<u8>) -> Result<String, FormFault> {
    let text = String::from_utf8(bytes).map_err(|_| FormFault::Encoding)?;
    if text.chars().any(char::is_control) {
        return Err(FormFault::Encoding);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: &[&str] = &["receipt", "q", "csrf"];

    fn own(raw: &[u8]) -> Result<Vec<(String, String)>, FormFault> {
        Fields::parse(raw, KNOWN).map(|fields| fields.0)
    }

    fn rebuilt(raw: &[u8]) -> Result<Vec<(String, String)>, FormFault> {
        Fields::parse_rebuilt(raw, KNOWN).map(|fields| fields.0)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn our_own_pairs_are_decoded_once() {
        for (raw, expected) in [
            ("", vec![]),
            ("&&", vec![]),
            ("q", vec![pair("q", "")]),
            ("q=", vec![pair("q", "")]),
            ("q=a=b", vec![pair("q", "a=b")]),
            ("q=a+b", vec![pair("q", "a b")]),
            ("q=a%2Bb", vec![pair("q", "a+b")]),
            ("q=%2525", vec![pair("q", "%25")]),
            ("%71=1", vec![pair("q", "1")]),
            ("q=%C3%B8", vec![pair("q", "ø")]),
            ("q=1&receipt=2", vec![pair("q", "1"), pair("receipt", "2")]),
        ] {
            assert_eq!(own(raw.as_bytes()), Ok(expected), "{raw}");
        }
        for raw in ["Q=1", "q[]=1", "q=1&next=x", "x=1;q=2"] {
            assert_eq!(own(raw.as_bytes()), Err(FormFault::Unknown), "{raw}");
        }
    }

    #[test]
    fn what_was_rebuilt_on_its_way_is_read_all_the_same() {
        for (raw, expected) in [
            ("", vec![]),
            ("q", vec![]),
            ("q=&receipt=", vec![]),
            ("q=a+b", vec![pair("q", "a b")]),
            ("Q=1", vec![pair("q", "1")]),
            ("RECEIPT=a&cSrF=b", vec![pair("receipt", "a"), pair("csrf", "b")]),
            ("q=a%252Eb%252Dc", vec![pair("q", "a.b-c")]),
            ("q=a%252Bb", vec![pair("q", "a+b")]),
            ("%2571=1", vec![pair("q", "1")]),
            // Three times is once too often for us as well, and half an escape is none.
            ("q=%25252E", vec![pair("q", "%2E")]),
            ("q=100%25+%252", vec![pair("q", "100% %2")]),
            ("q=%2541%25zz", vec![pair("q", "%41%zz")]),
            ("q[]=1", vec![]),
            ("x=1;q=2", vec![]),
            ("x=1&x=2", vec![]),
            ("x=%25ff&q=1", vec![pair("q", "1")]),
        ] {
            assert_eq!(rebuilt(raw.as_bytes()), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for (raw, fault) in [
            (&b"q=1&q=2"[..], FormFault::Repeated),
            (b"q=1&%71=2", FormFault::Repeated),
            (b"q=1&q=1", FormFault::Repeated),
            (b"q&q", FormFault::Repeated),
            (b"q=%", FormFault::Encoding),
            (b"q=%4", FormFault::Encoding),
            (b"q=%zz", FormFault::Encoding),
            (b"q=%+1", FormFault::Encoding),
            (b"q=%C3", FormFault::Encoding),
            (b"q=\xff", FormFault::Encoding),
            (b"%FF=1", FormFault::Encoding),
            (b"q=%00", FormFault::Encoding),
            (b"q=%0d%0aSet-Cookie:x", FormFault::Encoding),
        ] {
            assert_eq!(own(raw), Err(fault), "{raw:?}");
            assert_eq!(rebuilt(raw), Err(fault), "{raw:?}");
        }
        for (raw, fault) in [
            (&b"q=1&Q=1"[..], FormFault::Repeated),
            (b"q=&Q=1", FormFault::Repeated),
            (b"q=1&%2571=1", FormFault::Repeated),
            (b"q=1&%51=", FormFault::Repeated),
            (b"receipt=a&x=1&receipT=a", FormFault::Repeated),
            (b"q=%2500", FormFault::Encoding),
            (b"q=%25ff", FormFault::Encoding),
            (b"x=%ED%A0%80", FormFault::Encoding),
        ] {
            assert_eq!(rebuilt(raw), Err(fault), "{raw:?}");
        }
    }

    #[test]
    fn nobody_sends_33_pairs() {
        let pairs = |count: usize| vec!["x=1"; count].join("&");
        assert!(rebuilt(pairs(32).as_bytes()).is_ok());
        assert_eq!(rebuilt(pairs(33).as_bytes()), Err(FormFault::TooMany));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
            for fields in [own(&raw), rebuilt(&raw)].into_iter().flatten() {
                prop_assert!(fields.len() <= KNOWN.len());
            }
        }

        #[test]
        fn what_was_encoded_comes_back(value in "[^\\p{Cc}]{0,40}") {
            let raw: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            prop_assert_eq!(own(format!("q={raw}").as_bytes()), Ok(vec![pair("q", &value)]));
        }

        #[test]
        fn a_plain_value_comes_back_from_one_encoding_and_from_two(value in "[^\\p{Cc}%+]{1,40}") {
            let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let once = encode(&value).replace('+', "%20");
            prop_assert_eq!(rebuilt(format!("Q={once}").as_bytes()), Ok(vec![pair("q", &value)]));
            prop_assert_eq!(rebuilt(format!("Q={}", encode(&once)).as_bytes()), Ok(vec![pair("q", &value)]));
        }
    }
}
