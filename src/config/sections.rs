//! The other sections: numbers with limits, wire profiles, keys and the log.

use std::fmt;
use std::path::PathBuf;

use crate::domain::homecoming::Elsewhere;
use crate::domain::push::CardResult;

use super::profiles::{self, WireProfiles};
use super::reader::Reader;
use super::values::Key;

/// `[wire]`: what crosses the two redirects between wallet and issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The file of profiles, to be read again when it changes.
    pub profiles_file: Option<PathBuf>,
    /// What it says, or our guesses without one.
    pub profiles: WireProfiles,
}

impl Wire {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let path = reader.text("wire.profiles_file");
        if path.is_empty() {
            return Some(Self {
                profiles_file: None,
                profiles: profiles::reference(),
            });
        }
        let path = reader.resolve(&path);
        match profiles::read(&path) {
            Ok(profiles) => Some(Self {
                profiles_file: Some(path),
                profiles,
            }),
            Err(faults) => {
                reader.faults.extend(faults);
                None
            }
        }
    }
}

/// `[session]`: one attempt to add a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// From its start, in seconds.
    pub life_s: u64,
    /// Of a receipt from its arrival, in seconds.
    pub receipt_life_s: u64,
    /// Open attempts of one browser.
    pub per_browser_max: u64,
    /// How long a page waits for news before it is shown as it stands, in milliseconds.
    pub page_wait_ms: u64,
    /// What there is for a return in a browser that did not start the attempt.
    pub cross_browser: Elsewhere,
}

impl Session {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            life_s: reader.integer("session.life_s", 60..=900),
            receipt_life_s: reader.integer("session.receipt_life_s", 300..=900),
            per_browser_max: reader.integer("session.per_browser_max", 1..=200),
            page_wait_ms: reader.integer("session.page_wait_ms", 0..=5_000),
            cross_browser: reader.one_of(
                "session.cross_browser",
                &[("refuse", Elsewhere::Refuse), ("code", Elsewhere::Code)],
            ),
        }
    }
}

/// `[push]`: cards that banks push by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PushRules {
    /// Whether a signed push that no address names the bank of is asked about.
    pub takes_unnamed: bool,
    /// What a bank is told of a card that was in the wallet before.
    pub duplicate: CardResult,
}

impl PushRules {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            takes_unnamed: reader.one_of("push.unnamed", &[("ask", true), ("refuse", false)]),
            duplicate: reader.one_of(
                "push.duplicate",
                &[
                    ("DUPLICATE_REQUEST", CardResult::DuplicateRequest),
                    ("CANCELLED", CardResult::Cancelled),
                ],
            ),
        }
    }
}

/// `[codes]`: activation codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codes {
    /// Tries for one code.
    pub tries_max: u64,
    /// Tries for one card over all its codes.
    pub per_card_max: u64,
    /// The wait before a code may be asked for again, in seconds.
    pub resend_after_s: u64,
    /// How often it may be asked for again.
    pub resends_max: u64,
}

impl Codes {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let tries_max = reader.integer("codes.tries_max", 1..=10);
        Self {
            tries_max,
            per_card_max: reader.integer("codes.per_card_max", tries_max..=20),
            resend_after_s: reader.integer("codes.resend_after_s", 0..=600),
            resends_max: reader.integer("codes.resends_max", 0..=10),
        }
    }
}

/// `[directory]`: the list of issuers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Whether this wallet leads cardholders to their issuers, and so asks for the list.
    pub pull: bool,
    /// How often it is fetched, in seconds.
    pub refresh_s: u64,
    /// From which age pages say how old it is, in seconds.
    pub stale_after_s: u64,
    /// The largest logo or card art, in bytes.
    pub logo_bytes_max: u64,
    /// Whether the picker leaves out issuers that cannot be opened on the device that asks.
    pub hide_unreachable: bool,
}

impl Directory {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            pull: reader.flag("directory.pull"),
            refresh_s: reader.integer("directory.refresh_s", 60..=86_400),
            stale_after_s: reader.integer("directory.stale_after_s", 60..=604_800),
            logo_bytes_max: reader.integer("directory.logo_bytes_max", 1_024..=1_048_576),
            hide_unreachable: reader.flag("directory.hide_unreachable"),
        }
    }
}

/// `[worker]`: the background work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// How often it looks for due sessions by itself, in milliseconds.
    pub poll_ms: u64,
    /// How long a claimed session is kept from others, in seconds.
    pub lease_s: u64,
    /// Waits between questions about a lost answer, in milliseconds; never empty, the last one repeats.
    pub in_doubt_ms: Vec<u64>,
    /// Waits between questions about a card whose bank finishes later, in milliseconds; never empty.
    pub pending_ms: Vec<u64>,
    /// How often MDES must call a task unknown before it counts as never begun.
    pub unknown_task_polls: u64,
    /// And over how long a time, in seconds.
    pub unknown_task_after_s: u64,
    /// A lost answer is given up after this, in seconds.
    pub in_doubt_max_s: u64,
}

/// What a lease has to outlive the longest call by, so that the answer can still be written down, in milliseconds.
const LEASE_MARGIN_MS: u64 = 2_000;

impl Worker {
    pub(super) fn read(reader: &mut Reader, effect_ms: u64) -> Self {
        let lease_s = reader.integer("worker.lease_s", 5..=600);
        if lease_s * 1_000 < effect_ms + LEASE_MARGIN_MS {
            // Else a second instance could ask about, and give up, an effect whose answer is just coming in.
            let least = (effect_ms + LEASE_MARGIN_MS).div_ceil(1_000);
            reader.fault(
                "worker.lease_s",
                format!("worker.lease_s must be at least {least}, 2 seconds above mdes.timeouts.effect_ms"),
            );
        }
        Self {
            poll_ms: reader.integer("worker.poll_ms", 10..=60_000),
            lease_s,
            in_doubt_ms: reader.integers("worker.in_doubt_ms", 1..=16, 10..=300_000),
            pending_ms: reader.integers("worker.pending_ms", 1..=16, 10..=86_400_000),
            unknown_task_polls: reader.integer("worker.unknown_task_polls", 2..=10),
            unknown_task_after_s: reader.integer("worker.unknown_task_after_s", 0..=600),
            in_doubt_max_s: reader.integer("worker.in_doubt_max_s", 3_600..=604_800),
        }
    }
}

/// `[limits]`: what one client may ask of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest body of a form, in bytes.
    pub body_bytes: u64,
    /// The largest body on the API and from MDES, in bytes.
    pub api_body_bytes: u64,
    /// The longest request target, in bytes.
    pub uri_bytes: u64,
    /// All header lines together, in bytes.
    pub header_bytes: u64,
    /// Header lines.
    pub headers_max: u64,
    /// Connections at a time.
    pub connections_max: u64,
    /// How long a request's head may take, in milliseconds.
    pub header_read_ms: u64,
    /// How long a body may take, in milliseconds.
    pub body_read_ms: u64,
    /// How long a whole request may take, in milliseconds.
    pub request_ms: u64,
    /// How long requests under way may go on after a signal to stop, in milliseconds.
    pub shutdown_ms: u64,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            body_bytes: reader.integer("limits.body_bytes", 1_024..=1_048_576),
            api_body_bytes: reader.integer("limits.api_body_bytes", 1_024..=1_048_576),
            uri_bytes: reader.integer("limits.uri_bytes", 1_024..=65_536),
            // hyper refuses a smaller buffer than 8 KiB.
            header_bytes: reader.integer("limits.header_bytes", 8_192..=65_536),
            headers_max: reader.integer("limits.headers_max", 16..=256),
            connections_max: reader.integer("limits.connections_max", 1..=100_000),
            header_read_ms: reader.integer("limits.header_read_ms", 100..=60_000),
            body_read_ms: reader.integer("limits.body_read_ms", 100..=60_000),
            request_ms: reader.integer("limits.request_ms", 1_000..=120_000),
            shutdown_ms: reader.integer("limits.shutdown_ms", 0..=300_000),
        }
    }
}

/// `[secrets]`: the two keys of this deployment.
pub struct Secrets {
    /// Cookies and forms are signed with keys derived from this one.
    pub cookie_key: Key,
    /// What rests in the database is sealed with keys derived from this one.
    pub storage_key: Key,
}

impl Secrets {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let cookie_key = reader.key("secrets.cookie_key");
        let storage_key = reader.key("secrets.storage_key");
        let (cookie_key, storage_key) = (cookie_key?, storage_key?);
        // One key for both would let whoever reads the front end's secret open the database.
        if openssl::memcmp::eq(cookie_key.expose(), storage_key.expose()) {
            let place = reader.given("secrets.storage_key");
            reader.fault(
                &place,
                "secrets.storage_key is the same as secrets.cookie_key: make two",
            );
            return None;
        }
        Some(Self {
            cookie_key,
            storage_key,
        })
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Secrets").finish_non_exhaustive()
    }
}

/// `[log]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// For machines, not for people.
    pub json: bool,
    /// Levels by module, in the notation of `tracing_subscriber::EnvFilter`.
    pub level: String,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let json = reader.one_of("log.format", &[("text", false), ("json", true)]);
        let level = reader.required_parsed("log.level", "info, or levels by module", levels);
        Some(Self { json, level: level? })
    }
}

/// `level` or `module=level`, separated by commas. Stricter than the filter itself, for which the typing error "inof"
/// is a module whose everything is wanted.
fn levels(text: &str) -> Result<String, &'static str> {
    let level = |word: &str| ["off", "error", "warn", "info", "debug", "trace"].contains(&word);
    let module = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte))
    };
    let fine = text.split(',').all(|part| match part.split_once('=') {
        Some((name, word)) => module(name) && level(word),
        None => level(part),
    });
    if fine {
        Ok(text.to_owned())
    } else {
        Err("must be off, error, warn, info, debug or trace, or such levels by module (info,tidemark::app=debug)")
    }
}
