//! Tidemark: the wallet side of MDES Token Connect pull provisioning.
//!
//! # The map
//!
//! Eight folders, each answering one question:
//!
//! - [`domain`] — what is true. Pure: sessions, cards, receipts, issuers, what to do next and what an answer means.
//! - [`mdes`] — speaking to Mastercard: one HTTP client, OAuth 1.0a, payload encryption, the verification of receipts.
//! - [`store`] — remembering: SQLite or PostgreSQL, one SQL text, one guarded write per transition.
//! - [`app`] — what we do: the verbs behind pages and notices, and the worker that does what needs MDES.
//! - [`http`] — how we are asked: the route table, pages, the JSON API, the callback, cookies, headers, errors
//!   with two faces.
//! - [`words`] — what pages say, in eight languages: one method for each message.
//! - [`sim`] — the others, played: MDES and twelve banks. Shares no line with `mdes`, so that the two can disagree.
//! - [`workbench`] — seeing what happened between all of them, and whose fault it is. For the demo and for development.
//!
//! Beside them [`cli`] (the commands; the only one that knows every folder), [`config`], [`clock`] (the only reader of
//! time and randomness) and [`seal`] (what rests is sealed, what must never rest is fingerprinted).
//!
//! # The import rule
//!
//! ```text
//! main -> cli -> { http, app, store, mdes, sim, workbench, config, clock, seal }
//!
//!           http ──> app ──> mdes ──> domain
//!             │       ├────> store ─> domain
//!             └───────┴─────────────> domain
//! words: only http uses it
//!
//! sim  ──> nothing of ours
//! workbench ──> sim; only cli names either
//! config, clock, seal: plain values; every folder but domain, mdes and sim may use them, and they use only domain
//! ```
//!
//! A test reads every `use crate::` line against this table (`tests/it/house.rs`).
//!
//! # Four walkthroughs
//!
//! **A cardholder comes back** (`GET /callback/{id}?pushAccountData=…`). `http/callback.rs` reads the query, which the
//! issuer's app may have rebuilt, in the words of the issuer's wire profile into an [`domain::receipt::UnverifiedReturn`],
//! the cookie into an owner, and calls [`app::App::receive`] (`app/homecoming.rs`). That finds the session, has
//! `mdes/jws.rs` verify the token with a key that is in memory, matches the signed session id, and asks one pure table where
//! this ends ([`domain::homecoming::decide`]): only the browser that started the session, or one of the same account, gets
//! on. There the code that the bank asked for is compared (`app/same_person.rs`), [`domain::session::Session::accept`] moves
//! the session to *returned* with one held [`domain::card::Card`] per receipt, and [`store::Store::advance`] writes it: one
//! guarded update, the cards and the spent receipts in one transaction. A second copy loses the guard, reads again, finds
//! its own receipts and is content. The answer is a 303 to `/sessions/{id}`. A `POST` brings no cookie, so what it brings is
//! kept, sealed (`app/parking.rs`), and the `GET` that its 303 leads to takes the same way.
//!
//! **The terms are accepted** (`POST /sessions/{id}/terms`). `http/attempt.rs` checks the form's token and calls
//! [`app::App::accept_terms`]: the session moves to *digitizing* and each eligible card gets a *prepared* effect with its
//! request id and task id, in one write. The worker ([`app::App::run_due`], `app/continuation.rs`) claims the session by
//! lease, asks [`domain::steps::next_step`], marks the effect as *sent* in a write of its own, and only then calls
//! `digitize` (`app/calls.rs`). The decision is applied by `domain/outcome.rs` and written under the same fence.
//!
//! **An answer is lost.** The client's error says that the effect may have happened, so `domain/outcome.rs` puts it *in
//! doubt*. Whoever claims the session next — this process, or another after a crash, which finds *sent* without an
//! answer — asks `getTaskStatus`, and when the task is complete looks the token up. Nothing is sent twice. The page says
//! "We're checking with Mastercard" in the meantime, because `app/present.rs` shows what the row says.
//!
//! **A message is recorded, masked, judged** (in `demo` alone). `cli/demo.rs` puts the layer of [`workbench::Recorder`]
//! around the routers of the wallet, of MDES and of the banks. It listens to bodies on their way; when a request was read,
//! `workbench/record/` finds out who sent it, to which attempt it belongs, and whether its signatures, its OAuth and its
//! encryption are right, while the values are still at hand. Then everything is masked ([`workbench::mask`]) and only that
//! goes into the [`workbench::Journal`]. Whoever looks at an attempt has its messages judged anew by a list of rules
//! ([`workbench::verdict`]), each of which says what was expected, what came and who has to look where; `report.rs` lays
//! both out, and `http/` shows them, while they come, on a listener of their own. What goes wrong there was ordered from
//! [`sim`]: by a *fault* in one call, a *lie* of one side, or a *preset*, which is made of lies, outcomes and lists. A
//! *scenario file* (`cli/scenario/`) is something else: a person's way through a wallet, played and checked.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod http;
pub mod mdes;
pub mod seal;
pub mod sim;
pub mod store;
pub mod words;
pub mod workbench;
