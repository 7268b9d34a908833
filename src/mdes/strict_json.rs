//! JSON as a hostile sender could not bend it: no duplicate members (compared after unescaping), a bound on nesting,
//! no lone surrogates, no byte order mark, nothing after the value (RFC 8259; I-JSON, RFC 7493).
//!
//! Two parsers that disagree about a duplicate member are two opinions about what was signed. A library that keeps
//! "the last one" is one of the opinions, so there is none here: such a text is refused.

use serde_json::{Map, Number, Value};

/// An integer of more digits than this is refused, not kept.
const DIGITS_MAX: usize = 64;

/// Why a text is not the JSON we accept. It repeats nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonFault {
    /// Not JSON, not UTF-8, or something follows the value.
    Syntax,
    /// An object names a member twice.
    Duplicate,
    /// Nested deeper than allowed.
    Depth,
}

/// Parses one JSON value. A scalar has depth 0, `{}` and `[]` have depth 1.
///
/// An integer that fits no 64 bits becomes a string of its digits: the published example of an authentication method's
/// id is such a number, and rounding would change it.
///
/// # Errors
/// The first [`JsonFault`] found.
pub fn parse(bytes: &[u8], depth_max: usize) -> Result<Value, JsonFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| JsonFault::Syntax)?;
    let mut parser = Parser { text, at: 0 };
    parser.space();
    let value = parser.value(depth_max)?;
    parser.space();
    if parser.at == text.len() {
        Ok(value)
    } else {
        Err(JsonFault::Syntax)
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Result<(), JsonFault> {
        if self.take(wanted) {
            Ok(())
        } else {
            Err(JsonFault::Syntax)
        }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// `depth` is how many more levels may open.
    fn value(&mut self, depth: usize) -> Result<Value, JsonFault> {
        match self.peek().ok_or(JsonFault::Syntax)? {
            b'{' => self.object(depth.checked_sub(1).ok_or(JsonFault::Depth)?),
            b'[' => self.array(depth.checked_sub(1).ok_or(JsonFault::Depth)?),
            b'"' => Ok(Value::String(self.string()?)),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(JsonFault::Syntax),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, JsonFault> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(JsonFault::Syntax)
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.at += 1;
        let mut members = Map::new();
        self.space();
        if self.take(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.space();
            let name = self.string()?;
            self.space();
            self.expect(b':')?;
            self.space();
            let value = self.value(depth)?;
            if members.insert(name, value).is_some() {
                return Err(JsonFault::Duplicate);
            }
            self.space();
            if self.take(b'}') {
                return Ok(Value::Object(members));
            }
            self.expect(b',')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, JsonFault> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.space();
            items.push(self.value(depth)?);
            self.space();
            if self.take(b']') {
                return Ok(Value::Array(items));
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<String, JsonFault> {
        self.expect(b'"')?;
        let mut text = String::new();
        loop {
            let from = self.at;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            // Both ends are at ASCII bytes or at the end, so the cut is between characters.
            text.push_str(&self.text[from..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                _ => return Err(JsonFault::Syntax),
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonFault> {
        let kind = self.peek().ok_or(JsonFault::Syntax)?;
        self.at += 1;
        match kind {
            b'"' | b'\\' | b'/' => Ok(char::from(kind)),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{c}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => self.unicode_escape(),
            _ => Err(JsonFault::Syntax),
        }
    }

    fn unicode_escape(&mut self) -> Result<char, JsonFault> {
        let first = self.four_hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(JsonFault::Syntax);
        }
        self.expect(b'\\')?;
        self.expect(b'u')?;
        let second = self.four_hex()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(JsonFault::Syntax);
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(JsonFault::Syntax)
    }

    fn four_hex(&mut self) -> Result<u32, JsonFault> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or(JsonFault::Syntax)?;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Value, JsonFault> {
        let from = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        let mut whole = true;
        if self.take(b'.') {
            whole = false;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if !self.take(b'-') {
                self.take(b'+');
            }
            self.digits()?;
        }
        exact(&self.text[from..self.at], whole).ok_or(JsonFault::Syntax)
    }

    fn digits(&mut self) -> Result<(), JsonFault> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > from { Ok(()) } else { Err(JsonFault::Syntax) }
    }
}

fn exact(text: &str, whole: bool) -> Option<Value> {
    if !whole {
        // Infinity, from an exponent out of range, is no JSON number.
        return Number::from_f64(text.parse().ok()?).map(Value::Number);
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(Value::from(number));
    }
    if let Ok(number) = text.parse::<u64>() {
        return Some(Value::from(number));
    }
    (text.len() <= DIGITS_MAX).then(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_json_is_read_exactly() {
        let text = r#" { "a" : [ 1 , -2.5e1 , true , null , "x\/\u00e9\ud83d\ude00\n" ] , "b" : { } } "#;
        let wanted = json!({"a": [1, -25.0, true, null, "x/é😀\n"], "b": {}});
        assert_eq!(parse(text.as_bytes(), 4), Ok(wanted));
        assert_eq!(
            parse(b"334123523456213450000", 0),
            Ok(json!("334123523456213450000")),
            "an id that fits no 64 bits keeps its digits"
        );
        assert_eq!(parse(b"18446744073709551615", 0), Ok(json!(u64::MAX)));
    }

    #[test]
    fn duplicates_are_refused_however_they_are_spelt() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"alg":1,"\u0061lg":2}"#,
            r#"{"x":{"a":1,"b":2,"a":3}}"#,
            r#"[{"":1,"":2}]"#,
        ] {
            assert_eq!(parse(text.as_bytes(), 8), Err(JsonFault::Duplicate), "{text}");
        }
    }

    #[test]
    fn depth_is_counted_at_its_boundary() {
        assert!(parse(b"[[[[]]]]", 4).is_ok());
        assert_eq!(parse(b"[[[[[]]]]]", 4), Err(JsonFault::Depth));
        let deep = "[".repeat(1_000_000);
        assert_eq!(parse(deep.as_bytes(), 32), Err(JsonFault::Depth));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "}",
            "{]",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "+1",
            "1.",
            ".5",
            "1e",
            "-",
            "NaN",
            "Infinity",
            "1e400",
            "tru",
            "nul",
            "'a'",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud800\"",
            "\"\\udc00\"",
            "\"\\ud800\\u0041\"",
            "\"a\nb\"",
            "\"a",
            "{} {}",
            "{}x",
            "\u{feff}{}",
            "{\u{a0}\"a\":1}",
            "/**/{}",
            "1 2",
        ] {
            assert_eq!(parse(text.as_bytes(), 8), Err(JsonFault::Syntax), "{text:?}");
        }
        assert_eq!(parse(b"\"\xff\"", 8), Err(JsonFault::Syntax));
        assert_eq!(parse(b"\"\xc0\xaf\"", 8), Err(JsonFault::Syntax), "overlong UTF-8");
        assert_eq!(parse("9".repeat(65).as_bytes(), 8), Err(JsonFault::Syntax));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".*", inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn we_read_what_another_writer_wrote(value in any_json()) {
            let compact = serde_json::to_vec(&value).expect("written");
            prop_assert_eq!(parse(&compact, 64), Ok(value.clone()));
            let pretty = serde_json::to_vec_pretty(&value).expect("written");
            prop_assert_eq!(parse(&pretty, 64), Ok(value));
        }

        #[test]
        fn what_we_accept_another_reader_accepts_too(text in "[\\[\\]{}:,\"\\\\0-9a-fun.eE+ -]{0,24}") {
            if let Ok(ours) = parse(text.as_bytes(), 64) {
                let theirs: Result<Value, _> = serde_json::from_str(&text);
                prop_assert!(theirs.is_ok(), "{:?} read as {:?}", text, ours);
            }
        }

        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes, 8);
        }
    }
}
