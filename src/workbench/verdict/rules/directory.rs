//! The list of issuers and the pictures in it.

use std::sync::Arc;

use serde_json::Value;
use url::{Host, Url};

use super::super::catalogue::{LST_001, LST_002, LST_003, LST_004};
use super::super::flow::{self, refusal, result, told};
use super::super::{Case, Rule, Verdict};
use crate::workbench::message::{Ending, Message, PictureFacts};

const LIST: &str = "getEligibleIssuers";
const PICTURES: [&str; 2] = ["asset", "tokenRequestorAsset"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "MDES gives the list of issuers",
        look: list_is_given,
    },
    Rule {
        passed: "The list has issuers",
        look: list_is_not_empty,
    },
    Rule {
        passed: "Every issuer's address is https (or on this machine)",
        look: addresses_are_safe,
    },
    Rule {
        passed: "Every picture is harmless and small enough",
        look: pictures_are_fine,
    },
];

fn ended<'a>(case: &Case<'a>, operation: &'static str) -> Vec<&'a Arc<Message>> {
    let ended = |message: &&Arc<Message>| message.ending != Ending::Open;
    case.calls(operation).filter(ended).collect()
}

/// Nothing where there was nothing to look at.
fn looked<T>(at: Vec<T>, judge: impl FnMut(T) -> Option<Verdict>) -> Option<Vec<Verdict>> {
    (!at.is_empty()).then(|| at.into_iter().filter_map(judge).collect())
}

fn list_is_given(case: &Case<'_>) -> Option<Vec<Verdict>> {
    looked(ended(case, LIST), |call| {
        let received = match (call.ending.status(), refusal(call)) {
            (Some(200), None) if told(call, "/issuers").is_some() => return None,
            (Some(200), None) => "status 200 without `issuers`".to_owned(),
            _ => result(call),
        };
        let verdict = Verdict::of(&LST_001, call).differs("an answer", "with status 200 and `issuers`", received);
        Some(verdict.for_cause(usize::from(call.ending.status() == Some(401))))
    })
}

fn lists<'a>(case: &Case<'a>) -> Vec<(&'a Arc<Message>, &'a Vec<Value>)> {
    let list = |call: &'a Arc<Message>| Some((call, told(call, "/issuers")?.as_array()?));
    case.calls(LIST).filter_map(list).collect()
}

fn list_is_not_empty(case: &Case<'_>) -> Option<Vec<Verdict>> {
    looked(lists(case), |(call, issuers)| {
        let verdict = || Verdict::of(&LST_002, call).differs("a list", "of one issuer or more", "an empty one");
        issuers.is_empty().then(verdict)
    })
}

fn addresses_are_safe(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let listed = lists(case).into_iter().filter(|(_, issuers)| !issuers.is_empty());
    looked(listed.collect(), |(call, issuers)| {
        let unsafe_one = |issuer: &Value| {
            let methods = issuer["availablePullMethods"].as_array()?;
            let uris = methods.iter().filter_map(|method| method["uri"].as_str());
            let uri = uris.filter(|uri| !is_safe(uri)).map(str::to_owned).next()?;
            Some((issuer["issuerId"].as_str().unwrap_or("an issuer").to_owned(), uri))
        };
        let (issuer, uri) = issuers.iter().find_map(unsafe_one)?;
        let verdict =
            Verdict::of(&LST_003, call).differs(&format!("the `uri` of {issuer}"), "to begin with https", uri);
        Some(verdict)
    })
}

/// Schemes of apps are the operating system's to open; of websites, plain HTTP is for this machine only.
fn is_safe(uri: &str) -> bool {
    let Some(url) = Url::parse(uri).ok().filter(|url| url.scheme() == "http") else {
        return true;
    };
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn pictures_are_fine(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let calls = PICTURES.into_iter().flat_map(|name| ended(case, name));
    looked(calls.collect(), |call| {
        let verdict = |(received, cause): (String, usize)| {
            let expected = format!("without scripts, of at most {} bytes", case.expected.picture_bytes_max);
            let verdict = Verdict::of(&LST_004, call).differs("a picture", expected, received);
            verdict.for_cause(cause)
        };
        if call.ending.status() != Some(200) {
            return (!flow::is_failure(call)).then(|| verdict(("none".to_owned(), 2)));
        }
        let bad = call.facts.pictures.iter().find_map(|picture| fault(picture, case));
        bad.map(verdict)
    })
}

/// What is wrong with a picture, and which of the catalogue's causes that has.
fn fault(picture: &PictureFacts, case: &Case<'_>) -> Option<(String, usize)> {
    let PictureFacts {
        media_type,
        bytes,
        is_active,
    } = picture;
    if *is_active {
        Some((format!("{media_type} with a script, a handler or a foreign address"), 0))
    } else if *bytes > case.expected.picture_bytes_max {
        Some((format!("{media_type} of {bytes} bytes"), 1))
    } else {
        None
    }
}
