//! What has been answered since the start, for operations.

use std::sync::atomic::{AtomicU64, Ordering};

/// Answers by the first digit of their status.
#[derive(Debug, Default)]
pub struct Tally([AtomicU64; 6]);

impl Tally {
    /// Counts an answer. What is no status is not counted.
    pub fn count(&self, status: u16) {
        if let Some(counter) = self.0.get(usize::from(status / 100)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The counts by first digit, from 1 to 5.
    pub fn by_class(&self) -> impl Iterator<Item = (usize, u64)> {
        let counts = self.0.iter().enumerate().skip(1);
        counts.map(|(class, counter)| (class, counter.load(Ordering::Relaxed)))
    }
}
