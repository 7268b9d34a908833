//! Who speaks to whom, and what that is called.

use axum::http::header;

use super::Place;
use super::read::Asked;
use crate::workbench::knowledge::Knowledge;
use crate::workbench::message::Participant;

/// Paths of the simulators' own controls.
const CONTROLS: &str = "/_sim";
/// The calls that only issuers make.
const OF_ISSUERS: [&str; 7] = [
    "pushMultipleAccounts",
    "getEligibleTokenRequestors",
    "activateToken",
    "suspendToken",
    "unsuspendToken",
    "deleteToken",
    "tokenRequestorAsset",
];

/// Files that pages are made of, and the controls of the simulators, are no messages between participants.
pub(super) fn is_recorded(place: Place, path: &str) -> bool {
    let is_below = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let files: &[&str] = match place {
        Place::Wallet(_) => &["/assets", "/logos", "/embed", "/.well-known"],
        Place::Mdes | Place::Processor => &[],
        Place::Bank => &["/static", "/wallets"],
    };
    let is_file = matches!(place, Place::Wallet(_) | Place::Bank)
        && [".css", ".js", ".svg", ".png", ".ico", ".webp"]
            .iter()
            .any(|end| path.ends_with(end));
    !(is_below(CONTROLS) || is_file || files.iter().any(|folder| is_below(folder)))
}

/// What a message is, from its head alone.
pub(super) struct Who {
    pub from: Participant,
    pub to: Participant,
    /// The operation where two servers speak, the method and the route of a page.
    pub label: String,
}

pub(super) fn who(asked: &Asked, knowledge: &Knowledge) -> Who {
    let path = asked.uri.path();
    match asked.place {
        Place::Wallet(_) if path.starts_with("/mdes/") => Who {
            from: Participant::Mdes,
            to: Participant::Wallet,
            label: operation(path),
        },
        Place::Wallet(_) if path.starts_with("/api/") => Who {
            from: Participant::Browser,
            to: Participant::Wallet,
            label: format!("wallet’s backend: {}", route(asked)),
        },
        Place::Wallet(_) => Who {
            from: Participant::Browser,
            to: Participant::Wallet,
            label: route(asked),
        },
        Place::Mdes => {
            let label = operation(path);
            Who {
                from: caller(asked, knowledge, &label),
                to: Participant::Mdes,
                label,
            }
        }
        Place::Processor => Who {
            from: match path.contains("/issuerServices/") {
                true => Participant::Mdes,
                false => Participant::IssuerApi,
            },
            to: Participant::Processor,
            label: operation(path),
        },
        Place::Bank if path.starts_with("/issuerServices/") => Who {
            from: match path.ends_with("/notifications") {
                true => Participant::Processor,
                false => Participant::Mdes,
            },
            to: Participant::IssuerApi,
            label: operation(path),
        },
        Place::Bank => Who {
            from: Participant::Browser,
            to: Participant::IssuerSite,
            label: match path.starts_with("/apps/") || path == "/pull" {
                true => format!("app: {}", route(asked)),
                false => route(asked),
            },
        },
    }
}

/// Method and route, without ids.
fn route(asked: &Asked) -> String {
    let route = asked.route.as_deref().unwrap_or("(no such page)");
    format!("{} {}", asked.method, route.replace("{v}", "{visit}"))
}

/// What the last part of a path names, as MDES calls it.
fn operation(path: &str) -> String {
    if path.contains("/asset/tokenrequestor/") {
        return "tokenRequestorAsset".to_owned();
    }
    if path.contains("/asset/") {
        return "asset".to_owned();
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    if (1..=40).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        last.to_owned()
    } else {
        "(no such operation)".to_owned()
    }
}

/// Whose consumer key signs; a stranger is taken for whoever may make this call.
fn caller(asked: &Asked, knowledge: &Knowledge, operation: &str) -> Participant {
    let header = asked
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let is_key = |key: &str| {
        let stands_in = |header: &str| header.contains(key) || header.contains(&key.replace('!', "%21"));
        !key.is_empty() && header.is_some_and(stands_in)
    };
    if knowledge.wallets().any(|wallet| is_key(&wallet.client.consumer_key)) {
        return Participant::Wallet;
    }
    if is_key(&knowledge.issuer.consumer_key) || OF_ISSUERS.contains(&operation) {
        return Participant::IssuerApi;
    }
    Participant::Wallet
}

/// The browser is sent from one participant to the other when this answer leads to the other's address.
pub(super) fn redirect(place: Place, location: &str, knowledge: &Knowledge) -> Option<(Participant, Participant)> {
    let leads_to = |origin: &str| {
        let rest = location.strip_prefix(origin).filter(|_| !origin.is_empty());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']))
    };
    match place {
        Place::Wallet(_) if leads_to(&knowledge.places.bank) => Some((Participant::Wallet, Participant::IssuerSite)),
        Place::Bank if knowledge.wallets().any(|wallet| leads_to(&wallet.origin)) => {
            Some((Participant::IssuerSite, Participant::Wallet))
        }
        Place::Wallet(_) | Place::Mdes | Place::Bank | Place::Processor => None,
    }
}
