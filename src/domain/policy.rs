//! The numbers that decide: lifetimes, limits and the lists of waits. They come from the configuration as one value.

/// Lifetimes, limits and waits. All times in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A session that waits for a person ends after this.
    pub session_life_ms: i64,
    /// A step-up that is left alone for this long leaves the card waiting in the wallet.
    pub step_up_life_ms: i64,
    /// No receipt lives longer than this after it reached us (Token Connect API: 5 to 15 minutes).
    pub receipt_life_ms: i64,
    /// At most this many live sessions in one browser; the oldest makes room.
    pub sessions_per_browser_max: usize,
    /// The waits between questions that MDES does not answer; the last one repeats.
    pub reads_ms: Vec<i64>,
    /// The waits between questions about a lost answer; the last one repeats.
    pub in_doubt_ms: Vec<i64>,
    /// An answer that was lost for longer than this is given up, and the cardholder is sent to the issuer.
    pub in_doubt_max_ms: i64,
    /// The waits between questions about a token that the issuer activates later; when they are used up, only a
    /// notification is waited for.
    pub pending_ms: Vec<i64>,
    /// A task that MDES does not know is given up after this many questions...
    pub unknown_task_asks: u32,
    /// ...and not before this much time has passed since it was sent.
    pub unknown_task_after_ms: i64,
    /// Wrong codes for one code that was sent (implementation guide p. 40: three).
    pub code_tries_max: u32,
    /// Wrong codes for one card, whatever was sent.
    pub code_tries_per_card_max: u32,
    /// Codes that may be asked for, for one card.
    pub codes_max: u32,
    /// Not before this much time has passed is a code sent again.
    pub resend_after_ms: i64,
    /// How long a worker may hold a session before another may take it. Longer than the longest call.
    pub lease_ms: i64,
}

/// The wait before attempt `attempt` (counted from 0) in a list whose last entry repeats.
#[must_use]
pub fn wait_ms(list: &[i64], attempt: u32) -> i64 {
    let index = usize::try_from(attempt)
        .unwrap_or(usize::MAX)
        .min(list.len().saturating_sub(1));
    list.get(index).copied().unwrap_or(1_000)
}

impl Policy {
    /// How long a person has to finish a session, in whole minutes: never more than there is.
    #[must_use]
    pub fn session_minutes(&self) -> i64 {
        self.session_life_ms / 60_000
    }

    /// The defaults of the reference configuration, for tests and the demo.
    #[must_use]
    pub fn reference() -> Self {
        Self {
            session_life_ms: 900_000,
            step_up_life_ms: 1_800_000,
            receipt_life_ms: 900_000,
            sessions_per_browser_max: 64,
            reads_ms: vec![1_000, 2_000, 4_000, 8_000, 15_000, 30_000],
            in_doubt_ms: vec![1_000, 2_000, 4_000, 8_000, 15_000, 30_000],
            in_doubt_max_ms: 86_400_000,
            pending_ms: vec![
                5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 21_600_000, 86_400_000,
            ],
            unknown_task_asks: 2,
            unknown_task_after_ms: 60_000,
            code_tries_max: 3,
            code_tries_per_card_max: 5,
            codes_max: 4,
            resend_after_ms: 30_000,
            lease_ms: 45_000,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Policy, wait_ms};

    #[test]
    fn the_last_wait_repeats() {
        assert_eq!([0, 1, 2, 9].map(|attempt| wait_ms(&[1, 5], attempt)), [1, 5, 5, 5]);
        assert_eq!(wait_ms(&[], 3), 1_000);
    }

    #[test]
    fn nobody_is_told_of_more_minutes_than_there_are() {
        let minutes = |session_life_ms| {
            let policy = Policy {
                session_life_ms,
                ..Policy::reference()
            };
            policy.session_minutes()
        };
        assert_eq!([60_000, 119_000, 120_000, 900_000].map(minutes), [1, 1, 2, 15]);
    }
}
