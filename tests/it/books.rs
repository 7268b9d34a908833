//! What is written: every row that a request could move, and how often MDES was called. A refusal is proven by books
//! that are the same as before.

use crate::world::World;

/// The rows of the wallet's database as text, in order, and the number of calls that MDES has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Books {
    pub rows: Vec<String>,
    pub calls: usize,
}

/// Everything but leases, which a worker that finds nothing to do may take and give back.
const TABLES: [&str; 5] = [
    "SELECT 'session ' || id || ' ' || owner || ' ' || state || ' ' || CAST(version AS TEXT) || ' ' || body || ' ' || \
     CAST(expires_at AS TEXT) || ' ' || COALESCE(CAST(due_at AS TEXT), '-') FROM sessions ORDER BY 1",
    "SELECT 'receipt ' || fingerprint || ' ' || COALESCE(session_id, 'quarantined') FROM receipts ORDER BY 1",
    "SELECT 'card ' || id || ' ' || session_id || ' ' || state || ' ' || body || ' ' || \
     COALESCE(receipt_sealed, '-') || ' ' || COALESCE(code_sealed, '-') || ' ' || COALESCE(token_reference, '-') \
     FROM cards ORDER BY 1",
    "SELECT 'parked ' || handle || ' ' || session_id || ' ' || waits_for || ' ' || content || ' ' || \
     COALESCE(browser, '-') || ' ' || sealed || ' ' || CAST(tries AS TEXT) FROM parked_returns ORDER BY 1",
    "SELECT 'effect ' || request_id || ' ' || card_id || ' ' || operation || ' ' || status FROM effects ORDER BY 1",
];

impl World {
    /// The books as they are now.
    pub async fn books(&self) -> Books {
        let mut rows = Vec::new();
        for sql in TABLES {
            rows.extend(self.texts(sql).await);
        }
        Books {
            rows,
            calls: self.stage.mdes.calls().len(),
        }
    }

    /// Lets everything happen that is going to happen, and sees that it was nothing.
    pub async fn assert_unmoved(&self, before: &Books, what: &str) {
        self.work().await;
        assert_eq!(self.books().await, *before, "{what}");
    }

    /// The receipts that no session may ever use.
    pub async fn quarantined(&self) -> usize {
        let sql = "SELECT fingerprint FROM receipts WHERE session_id IS NULL";
        self.texts(sql).await.len()
    }

    /// Host and port, as browsers send them.
    pub fn authority(&self) -> &str {
        self.url.strip_prefix("http://").expect("loopback")
    }
}
