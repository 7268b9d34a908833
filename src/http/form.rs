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

impl fmt::Display for FormFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::TooMany => "more than 32 parameters",
            Self::Encoding => "a parameter is not encoded properly",
            Self::Repeated => "a parameter is given twice",
            Self::Unknown => "a parameter is not known here",
        })
    }
}

/// What happens to names that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// Other people's redirects bring their own; they are dropped.
    Ignored,
    /// Our own forms and links have no others.
    Refused,
}

/// The known fields, each at most once. Not `Debug`: a field may hold a receipt or a code.
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `raw`, a query without `?` or the body of a form.
    ///
    /// # Errors
    /// The first [`FormFault`] found.
    pub fn parse(raw: &[u8], known: &[&str], strangers: Strangers) -> Result<Self, FormFault> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let pairs = raw.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        for (index, pair) in pairs.enumerate() {
            if index >= PAIRS_MAX {
                return Err(FormFault::TooMany);
            }
            let split = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
            let name = decode(&pair[..split])?;
            let value = decode(pair.get(split + 1..).unwrap_or_default())?;
            if !known.contains(&name.as_str()) {
                match strangers {
                    Strangers::Ignored => continue,
                    Strangers::Refused => return Err(FormFault::Unknown),
                }
            }
            if fields.iter().any(|(seen, _)| *seen == name) {
                return Err(FormFault::Repeated);
            }
            fields.push((name, value));
        }
        Ok(Self(fields))
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

/// `application/x-www-form-urlencoded`, once: `+` is a space, `%XX` a byte.
fn decode(raw: &[u8]) -> Result<String, FormFault> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(*byte).to_digit(16));
                let (high, low) = (digit(), digit());
                match (high, low) {
                    (Some(high), Some(low)) => u8::try_from(high * 16 + low).map_err(|_| FormFault::Encoding)?,
                    _ => return Err(FormFault::Encoding),
                }
            }
            other => *other,
        });
    }
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

    fn ignoring(raw: &[u8]) -> Result<Vec<(String, String)>, FormFault> {
        Fields::parse(raw, KNOWN, Strangers::Ignored).map(|fields| fields.0)
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn pairs_are_decoded_once() {
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
            ("Q=1", vec![]),
            ("q[]=1", vec![]),
            ("x=1;q=2", vec![]),
            ("x=1&x=2", vec![]),
        ] {
            assert_eq!(ignoring(raw.as_bytes()), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for (raw, fault) in [
            (&b"q=1&q=2"[..], FormFault::Repeated),
            (b"q=1&%71=2", FormFault::Repeated),
            (b"q=1&q=1", FormFault::Repeated),
            (b"q&q", FormFault::Repeated),
            (b"receipt=a&x=1&receipt=a", FormFault::Repeated),
            (b"q=%", FormFault::Encoding),
            (b"q=%4", FormFault::Encoding),
            (b"q=%zz", FormFault::Encoding),
            (b"q=%+1", FormFault::Encoding),
            (b"q=%C3", FormFault::Encoding),
            (b"q=\xff", FormFault::Encoding),
            (b"%FF=1", FormFault::Encoding),
            (b"q=%00", FormFault::Encoding),
            (b"q=%0d%0aSet-Cookie:x", FormFault::Encoding),
            (b"x=%ED%A0%80", FormFault::Encoding),
        ] {
            assert_eq!(ignoring(raw), Err(fault), "{raw:?}");
        }
    }

    #[test]
    fn our_own_forms_have_no_strangers_and_nobody_sends_33_pairs() {
        assert_eq!(
            Fields::parse(b"q=1&next=x", KNOWN, Strangers::Refused).err(),
            Some(FormFault::Unknown)
        );
        let pairs = |count: usize| vec!["x=1"; count].join("&");
        assert!(ignoring(pairs(32).as_bytes()).is_ok());
        assert_eq!(ignoring(pairs(33).as_bytes()), Err(FormFault::TooMany));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(fields) = ignoring(&raw) {
                prop_assert!(fields.len() <= KNOWN.len());
            }
        }

        #[test]
        fn what_was_encoded_comes_back(value in "[^\\p{Cc}]{0,40}") {
            let raw: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
            prop_assert_eq!(ignoring(format!("q={raw}").as_bytes()), Ok(vec![pair("q", &value)]));
        }
    }
}
