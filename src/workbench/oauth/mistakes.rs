//! What goes wrong with base strings in the field, one at a time and two at a time.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use openssl::sha::sha256;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::body_hash;
use super::draft::{Draft, Pair, encode};

/// One mistake: what it is called, and what it makes of a draft.
struct Mistake {
    words: &'static str,
    make: fn(&mut Draft, &Case<'_>),
}

/// What a mistake may need to know.
struct Case<'a> {
    body: &'a [u8],
    /// Where MDES is, `host:port`.
    mdes: &'a str,
}

/// The draft that was signed, and the mistakes that lead to it.
pub(super) fn find(draft: &Draft, body: &[u8], mdes: &str, is_it: impl Fn(&Draft) -> bool) -> Option<(Draft, String)> {
    let case = Case {
        body,
        mdes: mdes.split_once("://").map_or(mdes, |(_, authority)| authority),
    };
    let made = |draft: &Draft, mistake: &Mistake| {
        let mut wrong = draft.clone();
        (mistake.make)(&mut wrong, &case);
        (wrong != *draft).then_some(wrong)
    };
    let one_wrong = || {
        MISTAKES
            .iter()
            .filter_map(|mistake| Some((made(draft, mistake)?, mistake)))
    };
    if let Some((wrong, mistake)) = one_wrong().find(|(wrong, _)| is_it(wrong)) {
        return Some((wrong, mistake.words.to_owned()));
    }
    one_wrong().find_map(|(wrong, one)| {
        MISTAKES.iter().find_map(|other| {
            let wrong = made(&wrong, other).filter(|wrong| is_it(wrong))?;
            Some((wrong, format!("{}; {}", one.words, other.words)))
        })
    })
}

/// What a body hash is, when it is not that of the body as it should be written.
pub(super) fn hashed(given: &str, body: &[u8]) -> Option<&'static str> {
    let right = sha256(body);
    if given.eq_ignore_ascii_case(&hex::encode(right)) {
        return Some("written in hexadecimal digits, and not in base64");
    }
    if given.trim_end_matches('=') == URL_SAFE_NO_PAD.encode(right) {
        return Some("written in base64url, and not in base64");
    }
    if given == STANDARD_NO_PAD.encode(right) {
        return Some("written without the = at its end");
    }
    let others = [
        ("that of an empty body", Some(Vec::new())),
        ("that of no text at all: `null`", Some(b"null".to_vec())),
    ];
    let others = others.into_iter().chain(respelt(body));
    let mut others = others.filter_map(|(words, other)| Some((words, other?)));
    others
        .find(|(_, other)| body_hash(other) == given)
        .map(|(words, _)| words)
}

/// A body as somebody else might write the same JSON.
fn respelt(body: &[u8]) -> impl Iterator<Item = (&'static str, Option<Vec<u8>>)> {
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let text = std::str::from_utf8(body).unwrap_or_default();
    let compact = json.as_ref().map(|json| json.to_string().into_bytes());
    let pretty = json.as_ref().and_then(|json| serde_json::to_vec_pretty(json).ok());
    [
        ("that of the same JSON without spaces", compact),
        ("that of the same JSON with line breaks", pretty),
        (
            "that of the body without the blanks around it",
            Some(text.trim().as_bytes().to_vec()),
        ),
        (
            "that of the body with a line break at its end",
            Some([body, b"\n"].concat()),
        ),
    ]
    .into_iter()
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        words: "the oauth_* values were percent-encoded once more than they stand in the header",
        make: |draft, _| each_oauth(draft, encode),
    },
    Mistake {
        words: "the oauth_* values were signed decoded, and stand encoded in the header",
        make: |draft, _| {
            each_oauth(draft, |value| {
                percent_decode_str(value).decode_utf8_lossy().into_owned()
            })
        },
    },
    Mistake {
        words: "the scheme is https in what was signed, and http in the request (or the other way round)",
        make: |draft, _| draft.scheme = if draft.scheme == "http" { "https" } else { "http" }.to_owned(),
    },
    Mistake {
        words: "the scheme's own port was left in",
        make: |draft, _| {
            draft.authority = draft.authority.split(':').next().unwrap_or_default().to_owned();
            draft.has_own_port = true;
        },
    },
    Mistake {
        words: "the port was left out",
        make: |draft, _| draft.authority = draft.authority.split(':').next().unwrap_or_default().to_owned(),
    },
    Mistake {
        words: "it was signed for the address of MDES, and arrived under another host",
        make: |draft, case| draft.authority = case.mdes.to_owned(),
    },
    Mistake {
        words: "the path has a slash at its end in one of the two",
        make: |draft, _| match draft.path.strip_suffix('/') {
            Some(path) => draft.path = path.to_owned(),
            None => draft.path.push('/'),
        },
    },
    Mistake {
        words: "the path was percent-decoded",
        make: |draft, _| draft.path = percent_decode_str(&draft.path).decode_utf8_lossy().into_owned(),
    },
    Mistake {
        words: "the path was percent-encoded twice",
        make: |draft, _| draft.path = draft.path.replace('%', "%25"),
    },
    Mistake {
        words: "the query was left out",
        make: |draft, _| draft.query.clear(),
    },
    Mistake {
        words: "the query was percent-encoded once too often",
        make: |draft, _| each(&mut draft.query, encode),
    },
    Mistake {
        words: "the query was signed decoded",
        make: |draft, _| {
            each(&mut draft.query, |value| {
                percent_decode_str(value).decode_utf8_lossy().into_owned()
            })
        },
    },
    Mistake {
        words: "the parameters were not sorted",
        make: |draft, _| draft.is_sorted = false,
    },
    Mistake {
        words: "the method is in lower case",
        make: |draft, _| draft.method = draft.method.to_ascii_lowercase(),
    },
    Mistake {
        words: "the parts of the base string were not percent-encoded",
        make: |draft, _| draft.is_encoded = false,
    },
    Mistake {
        words: "realm was signed",
        make: |draft, _| {
            if let Some(realm) = draft.realm.take() {
                draft.oauth.push(Pair::new("realm", &realm));
            }
        },
    },
    Mistake {
        words: "oauth_body_hash was left out of what was signed",
        make: |draft, _| draft.oauth.retain(|pair| pair.name != "oauth_body_hash"),
    },
    Mistake {
        words: "the body hash in what was signed is that of an empty body",
        make: |draft, _| with_hash(draft, Some(b"".to_vec())),
    },
    Mistake {
        words: "the body hash in what was signed is that of the body",
        make: |draft, case| with_hash(draft, Some(case.body.to_vec())),
    },
    Mistake {
        words: "the body hash in what was signed is that of the same JSON without spaces",
        make: |draft, case| with_hash(draft, respelt(case.body).next().and_then(|(_, body)| body)),
    },
    Mistake {
        words: "the body hash in what was signed is that of the same JSON with line breaks",
        make: |draft, case| with_hash(draft, respelt(case.body).nth(1).and_then(|(_, body)| body)),
    },
];

fn with_hash(draft: &mut Draft, body: Option<Vec<u8>>) {
    if let (Some(body), Some(hash)) = (body, draft.oauth_mut("oauth_body_hash")) {
        *hash = body_hash(&body);
    }
}

fn each_oauth(draft: &mut Draft, change: impl Fn(&str) -> String) {
    each(&mut draft.oauth, change);
}

fn each(pairs: &mut [Pair], change: impl Fn(&str) -> String) {
    for pair in pairs {
        pair.value = change(&pair.value);
    }
}
