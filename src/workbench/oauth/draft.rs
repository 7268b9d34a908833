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
}

impl Pair {
    pub fn new(name: &str, value: &str) -> Self {
        Self {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    /// As it is read, without secrets. The values of OAuth are hidden by their own names, those of a query as in a query.
    fn shown(&self, is_oauth: bool, masker: &mut Masker<'_>) -> String {
        if is_oauth {
            return format!("{}={}", masker.name(&self.name), masker.oauth(&self.name, &self.value));
        }
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (name, value) = (plain(&self.name), plain(&self.value));
        let (shown_name, shown_value) = (masker.name(&name), masker.value(&name, &value));
        let unless_hidden = |shown: String, plain: String, written: &String| match shown == plain {
            true => written.clone(),
            false => shown,
        };
        format!(
            "{}={}",
            unless_hidden(shown_name, name, &self.name),
            unless_hidden(shown_value, value, &self.value)
        )
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
        let pairs = self.parameters().into_iter();
        let pairs: Vec<String> = pairs.map(|(pair, _)| format!("{}={}", pair.name, pair.value)).collect();
        let parameters = pairs.join("&");
        let uri = self.uri(&self.authority, &self.path);
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
        let authority = masker.authority(&self.authority);
        let pairs = self.parameters().into_iter();
        let pairs: Vec<String> = pairs.map(|(pair, is_oauth)| pair.shown(is_oauth, masker)).collect();
        vec![
            masker.text(&self.method),
            self.uri(&authority, if is_plain { &self.path } else { &masked }),
            pairs.join("&"),
        ]
    }

    /// The value of a parameter of the header.
    pub fn oauth_mut(&mut self, name: &str) -> Option<&mut String> {
        let pair = self.oauth.iter_mut().find(|pair| pair.name == name)?;
        Some(&mut pair.value)
    }

    fn uri(&self, authority: &str, path: &str) -> String {
        let own_port = if self.scheme == "https" { ":443" } else { ":80" };
        let authority = authority.strip_suffix(own_port).unwrap_or(authority);
        let port = if self.has_own_port { own_port } else { "" };
        format!("{}://{authority}{port}{path}", self.scheme)
    }

    /// All of them in their order, and of each whether it is of OAuth.
    fn parameters(&self) -> Vec<(&Pair, bool)> {
        let of_query = self.query.iter().map(|pair| (pair, false));
        let mut pairs: Vec<_> = of_query.chain(self.oauth.iter().map(|pair| (pair, true))).collect();
        if self.is_sorted {
            pairs.sort();
        }
        pairs
    }
}

/// Pairs of a query: as they stand when it has no escapes, otherwise decoded and encoded anew.
pub(super) fn query(query: &str) -> Vec<Pair> {
    let has_escapes = query.contains('%');
    let respelt = |text: &str| match has_escapes {
        true => encode(&percent_decode_str(text).decode_utf8_lossy()),
        false => text.to_owned(),
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| Pair::new(&respelt(name), &respelt(value)))
        .collect()
}

pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}
