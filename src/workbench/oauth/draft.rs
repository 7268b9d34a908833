//! A signature base string in its parts, so that one part can be made wrong at a time.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::workbench::mask::Masker;

/// What RFC 3986 does not call unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A parameter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub name: String,
    pub value: String,
    /// What is shown instead of a value that must not be.
    shown: Option<String>,
}

impl Pair {
    pub fn new(name: &str, value: &str, shown: Option<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
            shown,
        }
    }
}

/// Everything that a base string is made of.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Draft {
    pub method: String,
    pub scheme: String,
    pub authority: String,
    pub path: String,
    pub query: Vec<Pair>,
    pub oauth: Vec<Pair>,
    pub realm: Option<String>,
    /// The scheme's own port is written out, which it is not in a base string.
    pub has_own_port: bool,
    pub is_sorted: bool,
    pub is_encoded: bool,
}

impl Draft {
    /// The base string.
    pub fn base(&self) -> String {
        let parameters = self.parameters(|pair| &pair.value);
        let uri = self.uri(&self.path);
        if self.is_encoded {
            format!("{}&{}&{}", self.method, encode(&uri), encode(&parameters))
        } else {
            format!("{}&{uri}&{parameters}", self.method)
        }
    }

    /// Its three parts as they are read, without secrets.
    pub fn shown(&self, masker: &mut Masker<'_>) -> Vec<String> {
        let masked = masker.path(&self.path);
        let is_plain = masked == percent_decode_str(&self.path).decode_utf8_lossy();
        vec![
            self.method.clone(),
            self.uri(if is_plain { &self.path } else { &masked }),
            self.parameters(|pair| pair.shown.as_ref().unwrap_or(&pair.value)),
        ]
    }

    /// The value of a parameter of the header.
    pub fn oauth_mut(&mut self, name: &str) -> Option<&mut String> {
        let pair = self.oauth.iter_mut().find(|pair| pair.name == name)?;
        pair.shown = None;
        Some(&mut pair.value)
    }

    fn uri(&self, path: &str) -> String {
        let own_port = if self.scheme == "https" { ":443" } else { ":80" };
        let authority = self.authority.strip_suffix(own_port).unwrap_or(&self.authority);
        let port = if self.has_own_port { own_port } else { "" };
        format!("{}://{authority}{port}{path}", self.scheme)
    }

    fn parameters<'a>(&'a self, value: impl Fn(&'a Pair) -> &'a String) -> String {
        let mut pairs: Vec<&Pair> = self.query.iter().chain(&self.oauth).collect();
        if self.is_sorted {
            pairs.sort();
        }
        let pairs = pairs.into_iter().map(|pair| format!("{}={}", pair.name, value(pair)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Pairs of a query: as they stand when it has no escapes, otherwise decoded and encoded anew.
pub(super) fn query(query: &str) -> Vec<(String, String)> {
    let has_escapes = query.contains('%');
    let respelt = |text: &str| match has_escapes {
        true => encode(&percent_decode_str(text).decode_utf8_lossy()),
        false => text.to_owned(),
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (respelt(name), respelt(value)))
        .collect()
}

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
