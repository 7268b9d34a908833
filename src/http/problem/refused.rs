//! A return that is refused.

use axum::http::StatusCode;

use crate::words::said;

use super::{Onward, Problem, paths, plain_name};

impl Problem {
    /// A return for a session that is none of this browser's. It says no more than "not found" does.
    #[must_use]
    pub fn unknown_return() -> Self {
        Self {
            title: said::f14_title(),
            detail: said::f14_body(),
            actions: Box::new([Onward::picker(said::add_a_card()), Onward::home()]),
            ..Self::not_found()
        }
    }

    /// Time is up, of which there were so many minutes. `again` is where a new attempt begins.
    pub(super) fn too_late(again: String, name: &str, minutes: i64) -> Self {
        let start_again = said::fail_start_again_with(plain_name(name));
        Self::new(
            StatusCode::GONE,
            "too-late",
            (said::expired_title(), said::expired_body(minutes)),
            [Onward::new(start_again, again), Onward::home()],
        )
    }

    pub(super) fn other_browser(issuer: &str, name: &str) -> Self {
        let name = &plain_name(name);
        Self::new(
            StatusCode::BAD_REQUEST,
            "other-browser",
            (said::other_title(), said::other_body(name)),
            [Onward::new(said::other_again(), paths::issuer(issuer)), Onward::home()],
        )
        .advice([said::other_why(name), said::other_alt()])
    }

    pub(super) fn unreadable_return() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "malformed-return",
            (said::unreadable_title(), said::not_added()),
            [Onward::picker(said::fail_start_again()), Onward::help()],
        )
    }

    pub(super) fn not_genuine() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "not-genuine",
            (said::f11_title(), said::f11_body()),
            [Onward::picker(said::fail_start_again()), Onward::help()],
        )
        .advice([said::f11_item_1(), said::f11_item_2()])
    }

    pub(super) fn unknown_key() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "unknown-key",
            (said::key_title(), said::key_body()),
            [Onward::home(), Onward::help()],
        )
        .advice([said::key_item_1(), said::f11_item_2()])
    }

    pub(super) fn foreign_receipt() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "foreign-receipt",
            (said::f12_title(), said::f12_body()),
            [Onward::picker(said::fail_start_again()), Onward::help()],
        )
    }

    pub(super) fn wrong_code(session: &str, (issuer, name): (&str, &str), tries_left: u32) -> Self {
        let name = &plain_name(name);
        let (onward, advice) = if tries_left == 0 {
            let again = Onward::new(said::fail_start_again_with(name), paths::issuer(issuer));
            (again, said::mismatch_restart())
        } else {
            let again = Onward::new(said::fail_see_code(), paths::session(session));
            (again, said::mismatch_retype(name))
        };
        Self::new(
            StatusCode::BAD_REQUEST,
            "wrong-code",
            (said::mismatch_title(), said::mismatch_body(name)),
            [onward, Onward::home()],
        )
        .advice([advice, said::mismatch_stop(name)])
    }
}
