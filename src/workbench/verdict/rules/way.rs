//! The way to the issuer and back.

use std::sync::Arc;

use super::super::catalogue::{RED_001, RED_002, RED_003, RET_001, RET_002, RET_003, RET_004, RET_005, RET_006};
use super::super::flow::{brought, link, value};
use super::super::{Case, Rule, Verdict, compare};
use crate::workbench::message::{Ending, Message};
use crate::workbench::text::span;

const SESSION: &str = "tokenRequestorSessionId";
const REQUESTOR: &str = "tokenRequestorId";
const CALLBACK: &str = "callbackURL";

pub(super) const RULES: &[Rule] = &[
    Rule {
        passed: "The redirect to the issuer names the session",
        look: session_is_named,
    },
    Rule {
        passed: "The redirect names the callback address that is registered",
        look: callback_is_registered,
    },
    Rule {
        passed: "The redirect names this wallet",
        look: wallet_is_named,
    },
    Rule {
        passed: "The issuer came back with parameters",
        look: parameters_came,
    },
    Rule {
        passed: "The callback came with the wallet's cookie",
        look: cookie_came,
    },
    Rule {
        passed: "The session of the callback is known",
        look: session_is_known,
    },
    Rule {
        passed: "The callback came in time",
        look: came_in_time,
    },
    Rule {
        passed: "The callback was used once",
        look: came_once,
    },
];

fn of_links(case: &Case<'_>, judge: impl Fn(&Message) -> Option<Verdict>) -> Option<Vec<Verdict>> {
    let mut links = case.links().peekable();
    links.peek()?;
    Some(links.filter_map(|message| judge(message)).collect())
}

fn session_is_named(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_links(case, |message| {
        let verdict = || Verdict::of(&RED_001, message).differs(&quoted(SESSION), "the session's id", "nothing");
        value(&link(message), SESSION).is_none().then(verdict)
    })
}

fn quoted(name: &str) -> String {
    format!("`{name}`")
}

fn callback_is_registered(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let expected = &case.expected.callback;
    of_links(case, |message| {
        let link = link(message);
        let sent = value(&link, CALLBACK).unwrap_or("nothing");
        let rest = sent.strip_prefix(expected.as_str());
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?'])) {
            return None;
        }
        let mut verdict = Verdict::of(&RED_002, message).differs(&quoted(CALLBACK), expected, sent);
        // Without the session at its end, which no registration has.
        let address = sent.rsplit_once('/').map_or(sent, |(address, _)| address);
        verdict.about = match compare::same_but(expected, address) {
            Some(said) if said.starts_with("same") => format!("which is the {said}"),
            Some(said) => format!("which {said}"),
            None => String::new(),
        };
        Some(verdict)
    })
}

fn wallet_is_named(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let expected = &case.expected.token_requestor_id;
    of_links(case, |message| {
        let link = link(message);
        let sent = value(&link, REQUESTOR).unwrap_or("nothing");
        (sent != expected).then(|| Verdict::of(&RED_003, message).differs(&quoted(REQUESTOR), expected, sent))
    })
}

/// Those whose answer is known.
fn arrivals<'a>(case: &Case<'a>) -> Vec<&'a Arc<Message>> {
    let ended = |message: &&Arc<Message>| message.ending != Ending::Open;
    case.arrivals().filter(ended).collect()
}

fn of_arrivals(case: &Case<'_>, mut judge: impl FnMut(&Message) -> Option<Verdict>) -> Option<Vec<Verdict>> {
    let arrivals = arrivals(case);
    (!arrivals.is_empty()).then(|| arrivals.into_iter().filter_map(|message| judge(message)).collect())
}

fn parameters_came(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_arrivals(case, |message| {
        let verdict = || {
            Verdict::of(&RET_001, message).differs("a return", "with `pushAccountData` or `result`", "one with neither")
        };
        brought(message).is_empty().then(verdict)
    })
}

fn problem(message: &Message) -> Option<&str> {
    message.facts.page.as_ref()?.problem.as_deref()
}

/// A POST from another site never brings it: what it brought is kept until the GET that follows.
fn cookie_came(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let is_post = |message: &Message| message.request.method == "POST";
    of_arrivals(case, |message| {
        let is_missing = message.facts.cookie == Some(false);
        if is_missing && is_post(message) && message.ending.status() == Some(303) {
            let later = arrivals(case)
                .into_iter()
                .find(|other| other.number > message.number && other.facts.cookie == Some(true));
            let mut verdict = Verdict::of(&RET_006, message).differs("a return", "by GET", "a POST without a cookie");
            verdict.about = later.map_or_else(String::new, |later| {
                format!("and the cookie came with message {}", later.number)
            });
            return Some(verdict);
        }
        let is_refused = problem(message) == Some("other-browser");
        (is_refused || (is_missing && problem(message) == Some("not-found"))).then(|| {
            let mut verdict = Verdict::of(&RET_002, message).differs(
                "the wallet's cookie",
                "of the browser that began",
                if is_missing { "none" } else { "that of another browser" },
            );
            verdict.compare = case.departures().map(|departure| departure.number).take(1).collect();
            verdict
        })
    })
}

fn session_is_known(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_arrivals(case, |message| {
        let is_unknown = message.ending.status() == Some(404) && message.facts.cookie != Some(false);
        is_unknown.then(|| {
            let came = message.facts.session.as_ref();
            let named = came.map_or_else(|| "none".to_owned(), |id| id.text());
            let mut sent = case
                .departures()
                .filter_map(|departure| departure.facts.session.clone());
            let sent = sent.find(|sent| Some(sent) != came);
            let expected = sent.map_or_else(|| "of an attempt that the wallet keeps".to_owned(), |id| id.text());
            Verdict::of(&RET_003, message).differs("the session id", expected, named)
        })
    })
}

fn came_in_time(case: &Case<'_>) -> Option<Vec<Verdict>> {
    of_arrivals(case, |message| {
        let is_late = message.ending.status() == Some(410) || problem(message) == Some("too-late");
        is_late.then(|| {
            let left = case.departures().map(|departure| departure.at_ms).max();
            let took = left.map_or_else(
                || "it too late".to_owned(),
                |left| format!("it {} after the cardholder had left", span(message.at_ms - left)),
            );
            Verdict::of(&RET_005, message).differs("the return", "while the attempt lives", took)
        })
    })
}

fn came_once(case: &Case<'_>) -> Option<Vec<Verdict>> {
    let mut seen: Vec<(&Message, Vec<(String, String)>)> = Vec::new();
    let mut found = Vec::new();
    for message in arrivals(case) {
        let all = brought(message);
        let earlier = seen.iter().find(|(_, other)| !all.is_empty() && *other == all);
        if let Some((first, _)) = earlier {
            let copy = format!("a copy of message {}", first.number);
            let mut verdict = Verdict::of(&RET_004, message).differs("the return", "once", copy);
            verdict.compare = vec![first.number];
            found.push(verdict);
        } else {
            seen.push((message, all));
        }
    }
    (!seen.is_empty()).then_some(found)
}
