//! The clock and the random source: the only reader of either.
//!
//! Everything below `app` takes `now` and random bytes as arguments. Tests and the demo move time by hand through
//! [`Clock::manual`] and [`Clock::movable`]; production uses [`Clock::system`].

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use crate::domain::Millis;

/// Where the server reads the time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Moved(Arc<Hand>),
}

/// The hand of a clock that can be moved; clones of the clock share it.
#[derive(Debug)]
struct Hand {
    place: Mutex<Place>,
    moves: watch::Sender<()>,
}

/// Where a movable clock is.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// How far it is ahead of the machine's clock, while it runs.
    ahead_ms: i64,
    /// Where it stands still, while it does.
    frozen: Option<Millis>,
}

/// What a clock says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The time.
    pub now: Millis,
    /// How far that is ahead of the machine's clock, in milliseconds.
    pub ahead_ms: i64,
    /// It stands still.
    pub frozen: bool,
}

impl Clock {
    /// The machine's wall clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `start` until it is moved; clones share the hand.
    #[must_use]
    pub fn manual(start: Millis) -> Self {
        Self::at(Place {
            ahead_ms: 0,
            frozen: Some(start),
        })
    }

    /// A clock that runs like the machine's and can be moved ahead and stopped; clones share the hand.
    #[must_use]
    pub fn movable() -> Self {
        Self::at(Place {
            ahead_ms: 0,
            frozen: None,
        })
    }

    fn at(place: Place) -> Self {
        Self(Source::Moved(Arc::new(Hand {
            place: Mutex::new(place),
            moves: watch::Sender::new(()),
        })))
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::System => system_now(),
            Source::Moved(hand) => hand.place().now(),
        }
    }

    /// Where the clock is beside the machine's.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let (now, frozen) = match &self.0 {
            Source::System => (system_now(), false),
            Source::Moved(hand) => {
                let place = hand.place();
                (place.now(), place.frozen.is_some())
            }
        };
        let ahead_ms = match &self.0 {
            Source::System => 0,
            Source::Moved(hand) => hand.place().ahead(),
        };
        Reading { now, ahead_ms, frozen }
    }

    /// Moves the clock forward by `by_ms`, whether it runs or stands. A system clock does not move: it answers `false`.
    pub fn advance(&self, by_ms: i64) -> bool {
        self.change(|place| match &mut place.frozen {
            Some(at) => *at = at.plus_ms(by_ms),
            None => place.ahead_ms = place.ahead_ms.saturating_add(by_ms),
        })
    }

    /// Lets the clock stand still where it is, or run on from there. A system clock cannot: it answers `false`.
    pub fn freeze(&self, freeze: bool) -> bool {
        self.change(|place| match (freeze, place.frozen) {
            (true, None) => place.frozen = Some(place.now()),
            (false, Some(_)) => {
                place.ahead_ms = place.ahead();
                place.frozen = None;
            }
            _ => {}
        })
    }

    /// Completes when the clock is moved, stopped or started after this call, however late it is waited for; a system clock
    /// never is.
    pub fn moved(&self) -> impl Future<Output = ()> + Send + use<> {
        let source = self.0.clone();
        let moves = match &source {
            Source::System => None,
            Source::Moved(hand) => Some(hand.moves.subscribe()),
        };
        async move {
            // The sender lives as long as the hand, which this holds.
            let _source = source;
            match moves {
                None => std::future::pending().await,
                Some(mut moves) => {
                    let _ = moves.changed().await;
                }
            }
        }
    }

    fn change(&self, change: impl FnOnce(&mut Place)) -> bool {
        match &self.0 {
            Source::System => false,
            Source::Moved(hand) => {
                change(&mut hand.place());
                hand.moves.send_replace(());
                true
            }
        }
    }
}

impl Hand {
    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    fn now(&self) -> Millis {
        self.frozen.unwrap_or_else(|| system_now().plus_ms(self.ahead_ms))
    }

    fn ahead(&self) -> i64 {
        self.frozen.map_or(self.ahead_ms, |at| at.0 - system_now().0)
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

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_clock_is_moved_whether_it_runs_or_stands() {
        let clock = Clock::movable();
        let before = clock.now();
        assert!(clock.advance(3_600_000) && clock.now().0 >= before.0 + 3_600_000);
        assert!(clock.freeze(true));
        let stands = clock.now();
        assert!(clock.reading().frozen && clock.now() == stands);
        clock.advance(1);
        assert_eq!(clock.now(), stands.plus_ms(1));
        assert!(clock.freeze(false) && clock.now() >= stands.plus_ms(1) && !clock.reading().frozen);
        assert!(clock.reading().ahead_ms >= 3_600_000);
        let system = Clock::system();
        assert!(!system.advance(1) && !system.freeze(true) && system.reading().ahead_ms == 0);
    }

    #[tokio::test]
    async fn who_waits_for_a_move_is_woken_by_it() {
        let clock = Clock::manual(Millis(0));
        let other = clock.clone();
        let moved = clock.moved();
        let move_it = async move { assert!(other.advance(1)) };
        tokio::join!(moved, move_it);
    }

    #[tokio::test]
    async fn a_move_before_anybody_waits_for_it_is_not_missed() {
        let clock = Clock::movable();
        assert!(clock.moved().now_or_never().is_none());
        let moved = clock.moved();
        clock.advance(1);
        assert!(moved.now_or_never().is_some());
    }
}
