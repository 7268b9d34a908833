//! `tidemark profile learn`: from a recording of a browser to the profile of the issuer that was visited.
//!
//! A recording is a HAR file, as the network panel of every browser saves it. What is looked for is recognised by its
//! value, never by its name: the launch holds a token requestor id (11 digits) and an address to come back to; the return
//! goes to that address, or holds a signed receipt. Only names leave this file: the values are bearer secrets.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::domain::id::{SessionId, TokenRequestorId};
use crate::domain::receipt::ReceiptToken;

/// What a recording says about an issuer: only what was seen.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Learnt {
    /// Names of session, token requestor and callback on the way to the issuer.
    launch: Option<[Option<String>; 3]>,
    /// The callback was one address for all sessions.
    callback_is_fixed: bool,
    jws: Option<String>,
    receipts: Option<String>,
    session: Option<String>,
    result: Option<(String, String)>,
    /// The return as the wallet would get it, to be tried. It holds secrets.
    pub(super) query: String,
}

/// Why nothing could be learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unlearnt {
    NotHar,
    NoReturn,
}

impl std::fmt::Display for Unlearnt {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::NotHar => "is no HAR file: save it from the network panel of the browser, with content",
            Self::NoReturn => {
                "holds no return from an issuer: record from the wallet's launch page to the wallet's page after the issuer"
            }
        })
    }
}

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Option<Response>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    url: String,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct PostData {
    #[serde(default)]
    params: Vec<Param>,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
struct Param {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Response {
    #[serde(default, rename = "redirectURL")]
    redirect_url: String,
}

/// An address that was visited, with what it carried.
struct Visit {
    url: Url,
    pairs: Vec<(String, String)>,
}

/// Learns from the text of a HAR file.
///
/// # Errors
/// [`Unlearnt`].
pub(super) fn learn(text: &str) -> Result<Learnt, Unlearnt> {
    let har: Har = serde_json::from_str(text).map_err(|_| Unlearnt::NotHar)?;
    let visits: Vec<Visit> = har.log.entries.iter().flat_map(visits).collect();
    let launch = visits.iter().position(|visit| callback_of(visit).is_some());
    let callback = launch.and_then(|at| callback_of(&visits[at]));
    let after = launch.map_or(0, |at| at + 1);
    let is_return = |visit: &&Visit| match &callback {
        Some(callback) => same_place(&visit.url, callback) && !visit.pairs.is_empty(),
        None => visit.pairs.iter().any(|(_, value)| is_signed_receipt(value)),
    };
    let returned = visits[after..].iter().find(is_return).ok_or(Unlearnt::NoReturn)?;
    let mut learnt = Learnt {
        callback_is_fixed: session_in_path(&returned.url).is_none(),
        query: query_of(&returned.pairs),
        ..Learnt::default()
    };
    if let Some(at) = launch {
        learnt.launch = Some(names_of_launch(&visits[at].pairs));
    }
    learn_return(&mut learnt, returned);
    if learnt.jws.is_none() && learnt.receipts.is_none() && learnt.result.is_none() {
        return Err(Unlearnt::NoReturn);
    }
    Ok(learnt)
}

fn learn_return(learnt: &mut Learnt, returned: &Visit) {
    let session = session_in_path(&returned.url);
    for (name, value) in &returned.pairs {
        let value = decoded_again(value);
        let is_session = match &session {
            Some(session) => value.eq_ignore_ascii_case(session),
            None => is_session(&value),
        };
        if is_signed_receipt(&value) {
            learnt.jws.get_or_insert_with(|| name.clone());
        } else if is_receipts(&value) {
            learnt.receipts.get_or_insert_with(|| name.clone());
        } else if is_session {
            learnt.session.get_or_insert_with(|| name.clone());
        } else if meaning(&value).is_some() {
            learnt.result.get_or_insert_with(|| (name.clone(), value));
        }
    }
}

impl Learnt {
    /// As a section of a file of profiles.
    pub(super) fn profile(&self, section: &str) -> String {
        let mut lines = vec![format!("[{section}]")];
        let mut say = |key: &str, name: &str| lines.push(format!("{key} = \"{name}\""));
        if let Some(launch) = &self.launch {
            for (key, name) in ["launch_session", "launch_token_requestor", "launch_callback"]
                .iter()
                .zip(launch)
            {
                if let Some(name) = name {
                    say(key, name);
                }
            }
        }
        say("callback", if self.callback_is_fixed { "fixed" } else { "path" });
        if let Some(name) = &self.session {
            say("return_session", name);
        }
        if let Some((name, _)) = &self.result {
            say("return_result", name);
        }
        if let Some(name) = &self.jws {
            lines.push(format!("return_jws = [\"{name}\"]"));
        }
        if let Some(name) = &self.receipts {
            lines.push(format!("return_receipts = [\"{name}\"]"));
        }
        if let Some((key, word)) = self.result.as_ref().and_then(|(_, word)| Some((meaning(word)?, word))) {
            // What the word stands for is read from its sound.
            lines.push(format!("{key} = {{ value = [\"{word}\"], assumed = true }}"));
        }
        lines.join("\n") + "\n"
    }

    /// What was not in the recording, so that the default's name stays.
    pub(super) fn missing(&self) -> Vec<&'static str> {
        let launch = self.launch.as_ref();
        [
            ("launch_session", launch.is_some_and(|names| names[0].is_some())),
            ("launch_token_requestor", launch.is_some_and(|names| names[1].is_some())),
            ("launch_callback", launch.is_some_and(|names| names[2].is_some())),
            ("return_jws", self.jws.is_some()),
            ("return_session", self.session.is_some()),
            ("return_result", self.result.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, is_known)| (!is_known).then_some(key))
        .collect()
    }
}

/// The request, and where its answer sent the browser: the wallet itself may not be in the recording.
fn visits(entry: &Entry) -> Vec<Visit> {
    let mut found = Vec::new();
    if let Ok(url) = Url::parse(&entry.request.url) {
        let mut pairs = pairs_of(&url);
        if let Some(body) = &entry.request.post_data {
            let named = body
                .params
                .iter()
                .map(|param| (param.name.clone(), param.value.clone()));
            if body.params.is_empty() {
                pairs.extend(url::form_urlencoded::parse(body.text.as_bytes()).into_owned());
            } else {
                pairs.extend(named);
            }
        }
        found.push(Visit { url, pairs });
    }
    let redirect = entry.response.as_ref().map(|response| response.redirect_url.as_str());
    if let Some(url) = redirect.and_then(|address| Url::parse(address).ok()) {
        found.push(Visit {
            pairs: pairs_of(&url),
            url,
        });
    }
    found
}

fn pairs_of(url: &Url) -> Vec<(String, String)> {
    url.query_pairs().into_owned().collect()
}

/// Where a launch wants the cardholder back; `None` when the visit is no launch.
fn callback_of(visit: &Visit) -> Option<Url> {
    let value = |wanted: fn(&str) -> bool| visit.pairs.iter().map(|(_, value)| value).find(|value| wanted(value));
    value(is_token_requestor)?;
    Url::parse(value(is_address)?).ok()
}

fn names_of_launch(pairs: &[(String, String)]) -> [Option<String>; 3] {
    [is_session, is_token_requestor, is_address].map(|wanted: fn(&str) -> bool| {
        let named = pairs.iter().find(|(_, value)| wanted(value));
        named.map(|(name, _)| name.clone())
    })
}

fn is_session(text: &str) -> bool {
    SessionId::parse(&text.to_ascii_lowercase()).is_ok()
}

fn is_token_requestor(text: &str) -> bool {
    TokenRequestorId::parse(text).is_ok()
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn same_place(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin() && one.path().eq_ignore_ascii_case(other.path())
}

fn session_in_path(url: &Url) -> Option<String> {
    let last = url.path_segments()?.next_back()?.to_owned();
    is_session(&last).then_some(last)
}

/// A compact JWS whose payload speaks of receipts. Nothing is verified here: it is only told from other tokens.
fn is_signed_receipt(text: &str) -> bool {
    let text = decoded_again(text);
    let parts: Vec<&str> = text.split('.').collect();
    let json = |part: &str| -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok() };
    match parts[..] {
        [header, payload, _] => {
            json(header).is_some_and(|header| header["alg"].is_string())
                && json(payload).is_some_and(|payload| payload.get("pushAccountReceipts").is_some())
        }
        _ => false,
    }
}

fn is_receipts(text: &str) -> bool {
    text.split(',')
        .all(|receipt| ReceiptToken::parse(receipt.trim()).is_ok())
}

/// Some apps encode once too often.
fn decoded_again(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The field that a result's word belongs to, as far as its sound tells.
fn meaning(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_lowercase();
    let plain =
        (1..=64).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let sounds = |sounds: &[&str]| plain && sounds.iter().any(|sound| word.contains(sound));
    if sounds(&["cancel", "abort", "stopped"]) {
        Some("result_cancelled")
    } else if sounds(&["declin", "reject", "denied", "refus"]) {
        Some("result_declined")
    } else if sounds(&["error", "fail"]) {
        Some("result_error")
    } else {
        None
    }
}

fn query_of(pairs: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SESSION: &str = "0197c3f2-6b1e-4a54-9d0c-4f2e8b7a1c33";
    const RECEIPT: &str = "MCC-C307F0AE-298E-48EB-AA43-A7C40B32DDDE";

    fn token() -> String {
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = part(json!({"alg": "RS256", "kid": "k"}));
        format!("{header}.{}.c2ln", part(json!({"pushAccountReceipts": [RECEIPT]})))
    }

    fn har(addresses: &[String]) -> String {
        let entries: Vec<Value> = addresses
            .iter()
            .map(
                |url| json!({"request": {"method": "GET", "url": url}, "response": {"status": 200, "redirectURL": ""}}),
            )
            .collect();
        json!({"log": {"version": "1.2", "entries": entries}}).to_string()
    }

    fn launch(callback: &str) -> String {
        let callback = url::form_urlencoded::byte_serialize(callback.as_bytes()).collect::<String>();
        format!("https://bank.example/p?lang=en&wsid={SESSION}&trid=50123456789&back={callback}")
    }

    #[test]
    fn names_are_told_by_what_they_carry() {
        let callback = format!("https://wallet.example/callback/{SESSION}");
        let back = format!(
            "{callback}?utm_source=app&jwt={}&wsid={SESSION}&plain={RECEIPT}",
            token()
        );
        let noise = "https://bank.example/api?id_token=eyJhbGciOiJSUzI1NiJ9.e30.c2ln".to_owned();
        let learnt = learn(&har(&[launch(&callback), noise, back])).expect("a return");
        assert_eq!(
            learnt.profile("issuer.\"moon\""),
            "[issuer.\"moon\"]\nlaunch_session = \"wsid\"\nlaunch_token_requestor = \"trid\"\nlaunch_callback = \"back\"\n\
             callback = \"path\"\nreturn_session = \"wsid\"\nreturn_jws = [\"jwt\"]\nreturn_receipts = [\"plain\"]\n"
        );
        assert_eq!(learnt.missing(), ["return_result"]);
    }

    #[test]
    fn one_address_for_all_sessions_is_seen() {
        let callback = "https://wallet.example/callback";
        let back = format!("{callback}?s={SESSION}&jwt={}", token());
        let learnt = learn(&har(&[launch(callback), back])).expect("a return");
        assert!(learnt.callback_is_fixed);
        assert_eq!(learnt.session.as_deref(), Some("s"));
    }

    #[test]
    fn a_return_that_a_bank_redirects_to_or_posts_counts() {
        let callback = format!("https://wallet.example/callback/{SESSION}");
        let redirect = json!({"log": {"entries": [
            {"request": {"url": launch(&callback)}},
            {"request": {"url": "https://bank.example/done"},
             "response": {"redirectURL": format!("{callback}?jwt={}", token())}},
        ]}});
        assert_eq!(
            learn(&redirect.to_string()).expect("a return").jws.as_deref(),
            Some("jwt")
        );
        let posted = json!({"log": {"entries": [
            {"request": {"url": launch(&callback)}},
            {"request": {"url": callback, "postData": {"mimeType": "application/x-www-form-urlencoded",
             "text": format!("jwt={}", token())}}},
        ]}});
        assert_eq!(
            learn(&posted.to_string()).expect("a return").jws.as_deref(),
            Some("jwt")
        );
    }

    #[test]
    fn a_result_is_read_by_its_sound() {
        let callback = format!("https://wallet.example/callback/{SESSION}");
        for (word, field) in [
            ("user_cancelled", "result_cancelled"),
            ("Rejected", "result_declined"),
            ("technical-failure", "result_error"),
        ] {
            let learnt = learn(&har(&[launch(&callback), format!("{callback}?outcome={word}")])).expect("a return");
            let profile = learnt.profile("issuer.\"moon\"");
            assert!(profile.contains("return_result = \"outcome\""), "{profile}");
            assert!(
                profile.contains(&format!("{field} = {{ value = [\"{word}\"], assumed = true }}")),
                "{profile}"
            );
        }
    }

    #[test]
    fn what_holds_no_return_teaches_nothing() {
        let callback = format!("https://wallet.example/callback/{SESSION}");
        assert_eq!(learn("{}").err(), Some(Unlearnt::NotHar));
        assert_eq!(learn("no json").err(), Some(Unlearnt::NotHar));
        for visits in [
            vec![],
            vec![launch(&callback)],
            vec![launch(&callback), callback.clone()],
            vec![launch(&callback), format!("{callback}?hello=world")],
            vec![format!(
                "https://shop.example/?id_token={}.{}.c2ln",
                "eyJhbGciOiJSUzI1NiJ9", "e30"
            )],
        ] {
            assert_eq!(learn(&har(&visits)).err(), Some(Unlearnt::NoReturn), "{visits:?}");
        }
    }
}
