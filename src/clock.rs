//! The clock and the random source: the only reader of either.
//!
//! Everything below `app` takes `now` and random bytes as arguments. Tests and the demo move time by hand through
//! [`Clock::manual`]; production uses [`Clock::system`].

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::Millis;

/// Where the server reads the time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's wall clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::advance`] moves it; clones share the hand.
    #[must_use]
    pub fn manual(start: Millis) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(start.0))))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::System => system_now(),
            Source::Manual(hand) => Millis(hand.load(Ordering::SeqCst)),
        }
    }

    /// Moves a manual clock forward by `by_ms`. A system clock does not move: it answers `false`.
    pub fn advance(&self, by_ms: i64) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Manual(hand) => {
                hand.fetch_add(by_ms, Ordering::SeqCst);
                true
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one reader of the wall clock")]
fn system_now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// `N` bytes from the operating system's random source.
///
/// # Panics
/// If the operating system has no random source, because nothing secure can be done without one.
#[expect(clippy::disallowed_methods, reason = "the one reader of the random source")]
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system's random source answers");
    bytes
}
