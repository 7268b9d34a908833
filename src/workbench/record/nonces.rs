//! Nonces that were used.

use std::collections::HashMap;

use crate::workbench::mask::Mark;

/// How long MDES remembers one, to either side of its clock, in seconds: beyond that its timestamp is refused anyway.
const WINDOW_S: i64 = 300;

/// Keyed hashes of nonces with their timestamps.
#[derive(Default)]
pub(super) struct Nonces(HashMap<Mark, i64>);

impl Nonces {
    /// Whether it was used within the window. It is remembered if its signature is right: a forged request must not use up
    /// somebody's nonce.
    pub fn was_seen(&mut self, mark: Mark, timestamp_s: i64, now_s: i64, is_right: bool) -> bool {
        self.0.retain(|_, at| at.abs_diff(now_s) <= WINDOW_S.unsigned_abs());
        let was_seen = self.0.contains_key(&mark);
        if is_right && !was_seen && timestamp_s.abs_diff(now_s) <= WINDOW_S.unsigned_abs() {
            self.0.insert(mark, timestamp_s);
        }
        was_seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_used_once_within_its_window() {
        let mut nonces = Nonces::default();
        assert!(!nonces.was_seen([1; 16], 1_000, 1_000, false));
        assert!(!nonces.was_seen([1; 16], 1_000, 1_000, true));
        assert!(nonces.was_seen([1; 16], 1_000, 1_300, true));
        assert!(!nonces.was_seen([1; 16], 1_000, 1_301, true));
        assert!(nonces.0.is_empty());
    }
}
