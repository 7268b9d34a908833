//! What must be true: while the story goes on, after each crash, and at the end.

use std::collections::{HashMap, HashSet};

use tidemark::domain::session::{StateName, TRANSITIONS};

use crate::books::Books;
use crate::child::Program;
use crate::disk::Disk;
use crate::story::Heard;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// An effect at MDES more than once.
    Doubled(String),
    /// Something acknowledged that is not there, or a token that nobody knows.
    Lost(String),
    /// A flow that does not end, or an end that no page explains.
    Stuck(String),
    /// A secret in clear, or a damaged file.
    Spoilt(String),
}

impl Problem {
    fn text(&mut self) -> &mut String {
        match self {
            Self::Doubled(text) | Self::Lost(text) | Self::Stuck(text) | Self::Spoilt(text) => text,
        }
    }

    /// Adds how to see it again.
    pub fn name_place(&mut self, program: Program, kills: &[u64]) {
        self.text()
            .push_str(&format!(" ({}, killed at {kills:?})", program.name()));
    }
}

/// A page was shown: `state version`. Nothing that was shown before may be undone.
pub fn page(heard: &mut Heard, what: &str, problems: &mut Vec<Problem>) {
    let (state, version) = what.split_once(' ').expect("state and version");
    let version: i64 = version.parse().expect("a number");
    if let Some((before, version_before)) = &heard.seen {
        let goes = reaches(before, state);
        // Time alone ends what waits for a person; the row may not say so yet.
        let same = version != *version_before || before == state || state == "expired";
        if version < *version_before || !goes || !same {
            problems.push(Problem::Lost(format!(
                "a page showed {before} at version {version_before}, a later one {state} at {version}"
            )));
        }
    }
    for (said, least) in [
        (heard.launched, "launched"),
        (heard.returned, "returned"),
        (heard.accepted, "digitizing"),
    ] {
        if said && !reaches(least, state) {
            problems.push(Problem::Lost(format!("{least} was acknowledged, a page shows {state}")));
        }
    }
    heard.seen = Some((state.to_owned(), version));
}

/// Whether the table of transitions leads from one state to another, or they are the same.
fn reaches(from: &str, to: &str) -> bool {
    let mut reached = vec![from];
    let mut next = 0;
    while let Some(state) = reached.get(next).copied() {
        let ways = TRANSITIONS.iter().filter(|(a, _, _)| a.as_str() == state);
        for (_, b, _) in ways {
            if !reached.contains(&b.as_str()) {
                reached.push(b.as_str());
            }
        }
        next += 1;
    }
    reached.contains(&to)
}

/// What was acknowledged is on disk, right after the crash and before anybody has recovered anything.
pub fn after_a_crash(heard: &Heard, disk: &Disk, problems: &mut Vec<Problem>) {
    if disk.integrity != "ok" {
        problems.push(Problem::Spoilt(format!("the database says {}", disk.integrity)));
    }
    if heard.started.is_some() && !disk.tables {
        problems.push(Problem::Lost(
            "the wallet had started, and there are no tables".to_owned(),
        ));
    }
    nothing_in_clear(heard, disk, problems);
    let Some(id) = &heard.session else { return };
    let Some(session) = disk.sessions.iter().find(|session| session.id == *id) else {
        problems.push(Problem::Lost("the session was opened and is not there".to_owned()));
        return;
    };
    let seen = heard.seen.as_ref();
    let shown = seen.is_none_or(|(state, version)| session.version >= *version && reaches(state, &session.state));
    let launched = !heard.launched || reaches("launched", &session.state);
    let returned = !heard.returned || disk.cards.iter().any(|card| card.session == *id);
    let effects = |operation: &str| {
        let of = disk.effects.iter().filter(|effect| effect.session == *id);
        of.filter(|effect| effect.operation == operation).count()
    };
    let accepted = !heard.accepted || effects("digitize") == 1;
    let typed = effects("activate") >= heard.typed;
    let wished = ["suspend", "resume", "remove"].map(effects).iter().sum::<usize>() >= heard.wishes;
    for (holds, what) in [
        (shown, "a page"),
        (launched, "the launch"),
        (returned, "the return"),
        (accepted, "the consent"),
        (typed, "a code"),
        (wished, "a wish about the card"),
    ] {
        if !holds {
            let at = format!("{} at version {}", session.state, session.version);
            problems.push(Problem::Lost(format!(
                "{what} was acknowledged, and the disk has {at}, having shown {seen:?}"
            )));
        }
    }
}

/// The story is over: the books of MDES, the rows and the last page agree, and nothing is left undone.
pub fn at_the_end(books: &Books, heard: &Heard, disk: &Disk, problems: &mut Vec<Problem>) {
    after_a_crash(heard, disk, problems);
    orders(books, heard, problems);
    if books.program == Program::FirstStart {
        if heard.directory.as_deref() != Some("2") {
            problems.push(Problem::Stuck(format!(
                "the directory has {:?} issuers",
                heard.directory
            )));
        }
        return;
    }
    ended(heard, disk, problems);
    tokens(books, heard, disk, problems);
    for card in disk.cards.iter().filter(|card| card.secrets > 0) {
        problems.push(Problem::Spoilt(format!(
            "a card that is {} keeps its secrets",
            card.state
        )));
    }
}

/// Nothing was ordered twice. MDES would have let it happen.
fn orders(books: &Books, heard: &Heard, problems: &mut Vec<Problem>) {
    let calls = books.calls();
    let digitized = calls.iter().filter(|call| call.operation == "digitize").count();
    let effects = heard.pushed.as_ref().map_or(0, |(receipt, _)| books.effects(receipt));
    if digitized > 1 || effects > 1 {
        problems.push(Problem::Doubled(format!(
            "{digitized} calls of digitize made {effects} tokens"
        )));
    }
    for operation in ["suspend", "unsuspend", "delete"] {
        let done = books.done(operation);
        if done > 1 {
            problems.push(Problem::Doubled(format!("{operation} was done {done} times")));
        }
    }
    let mut attempts: HashMap<&str, usize> = HashMap::new();
    let changing = [
        "digitize",
        "requestActivationCode",
        "activate",
        "suspend",
        "unsuspend",
        "delete",
    ];
    for call in calls.iter().filter(|call| changing.contains(&call.operation.as_str())) {
        *attempts
            .entry(call.request_id.as_deref().unwrap_or_default())
            .or_default() += 1;
    }
    if let Some((request, times)) = attempts.into_iter().find(|(_, times)| *times > 1) {
        problems.push(Problem::Doubled(format!("request {request} was sent {times} times")));
    }
}

/// Every session has ended, and the page of this one says how.
fn ended(heard: &Heard, disk: &Disk, problems: &mut Vec<Problem>) {
    let over = |state: &str| state == StateName::Pending.as_str() || is_final(state);
    for session in disk.sessions.iter().filter(|session| !over(&session.state)) {
        problems.push(Problem::Stuck(format!("a session is still {}", session.state)));
    }
    for effect in disk.effects.iter().filter(|effect| effect.status != "settled") {
        problems.push(Problem::Stuck(format!(
            "{} is still {}",
            effect.operation, effect.status
        )));
    }
    let good = [
        "true active None",
        "true inactive None",
        "true deactivated None",
        "true failed Some(NothingAdded)",
    ];
    if !heard.end.as_deref().is_some_and(|end| good.contains(&end)) {
        problems.push(Problem::Stuck(format!("the last page says {:?}", heard.end)));
    }
}

fn is_final(state: &str) -> bool {
    !TRANSITIONS.iter().any(|(from, _, _)| from.as_str() == state)
}

/// A token that MDES keeps is a card of this wallet in the same state, and the other way round.
fn tokens(books: &Books, heard: &Heard, disk: &Disk, problems: &mut Vec<Problem>) {
    let tokens = books.tokens(heard);
    let kept = tokens.iter().filter(|token| token.status != "DEACTIVATED");
    let kept: HashSet<(&str, String)> = kept
        .map(|token| (token.token_unique_reference.as_str(), token.status.to_lowercase()))
        .collect();
    let held = disk.cards.iter().filter(|card| card.state != "deactivated");
    let held: HashSet<(&str, String)> = held
        .filter_map(|card| Some((card.token.as_deref()?, card.state.clone())))
        .collect();
    if kept != held {
        problems.push(Problem::Lost(format!("MDES keeps {kept:?}, the wallet holds {held:?}")));
    }
}

/// Receipts, their signatures and codes are nowhere in what is on disk, whenever one looks.
fn nothing_in_clear(heard: &Heard, disk: &Disk, problems: &mut Vec<Problem>) {
    if let Some((receipt, signed)) = &heard.pushed {
        let signature = signed.rsplit('.').next().unwrap_or(signed);
        for (kind, secret) in [("the receipt", receipt.as_str()), ("the signature", signature)] {
            if disk.bytes.contains(secret) {
                problems.push(Problem::Spoilt(format!("{kind} is on disk in clear")));
            }
        }
    }
    for code in &heard.codes {
        if stands_alone(&disk.bytes, code) {
            problems.push(Problem::Spoilt("a code is on disk in clear".to_owned()));
        }
    }
}

/// Whether six digits are there as such, and not by chance within a longer number, a digest or an id.
fn stands_alone(text: &str, code: &str) -> bool {
    text.match_indices(code).any(|(at, _)| {
        let word = |character: Option<char>| character.is_some_and(|character| character.is_ascii_alphanumeric());
        !word(text[..at].chars().next_back()) && !word(text[at + code.len()..].chars().next())
    })
}
