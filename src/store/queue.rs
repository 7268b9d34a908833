//! What is due, who has it, and what can be forgotten.

use crate::domain::Millis;
use crate::domain::id::SessionId;
use crate::domain::push::WAY_BACK_MS;

use super::db::{Statement, on};
use super::{Store, StoreFault};

/// How long a spent receipt is remembered after its session: far longer than any receipt can live.
const RECEIPTS_KEPT_MS: i64 = 90 * 24 * 3_600_000;
/// How long it is remembered that a hand-over was used or came too late, so that its page can say so.
const HANDOFFS_KEPT_MS: i64 = 24 * 3_600_000;
/// How long a session that left no card is kept.
const SESSIONS_KEPT_MS: i64 = 30 * 24 * 3_600_000;

impl Store {
    /// Takes the session that has been due for longest, for as long as the lease lasts.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn claim_due(&self, now: Millis, lease_ms: i64) -> Result<Option<(SessionId, i64)>, StoreFault> {
        // The outer condition is judged again under the row's lock, so of two claimers one gets nothing.
        let sql = "UPDATE sessions SET lease_until = $1, lease_ms = $3, fence = fence + 1 WHERE id = (SELECT id FROM sessions \
                   WHERE due_at <= $2 AND lease_until <= $2 ORDER BY due_at LIMIT 1) AND lease_until <= $2 \
                   RETURNING id, fence";
        let found: Option<(String, i64)> = on!(&self.db, pool =>
            sqlx::query_as(sql).bind(now.0 + lease_ms).bind(now.0).bind(lease_ms).fetch_optional(pool).await)?;
        found
            .map(|(id, fence)| match SessionId::parse(&id) {
                Ok(id) => Ok((id, fence)),
                Err(_) => Err(StoreFault::Inconsistent { table: "sessions", id }),
            })
            .transpose()
    }

    /// Gives a session back before the lease is over. `rest` is the version that has nothing to do, and until when; if
    /// somebody has written since, what they wrote counts.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn release(
        &self,
        id: &SessionId,
        fence: i64,
        rest: Option<(i64, Option<Millis>)>,
    ) -> Result<(), StoreFault> {
        if let Some((version, due_at)) = rest {
            let sql = "UPDATE sessions SET lease_until = 0, due_at = $1 WHERE id = $2 AND fence = $3 AND version = $4";
            let due_at = due_at.map(|at| at.0);
            let values = vec![due_at.into(), id.as_str().into(), fence.into(), version.into()];
            if self.db.execute(Statement { sql, values }).await? == 1 {
                return Ok(());
            }
        }
        let sql = "UPDATE sessions SET lease_until = 0 WHERE id = $1 AND fence = $2";
        self.db
            .execute(Statement {
                sql,
                values: vec![id.as_str().into(), fence.into()],
            })
            .await?;
        Ok(())
    }

    /// When the next session is due that nobody holds.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn next_due(&self, now: Millis) -> Result<Option<Millis>, StoreFault> {
        let sql = "SELECT MIN(CASE WHEN lease_until > $1 AND lease_until > due_at THEN lease_until ELSE due_at END) \
                   FROM sessions WHERE due_at IS NOT NULL";
        let (at,): (Option<i64>,) = on!(&self.db, pool => sqlx::query_as(sql).bind(now.0).fetch_one(pool).await)?;
        Ok(at.map(Millis))
    }

    /// Forgets what nobody needs any more: cards that never came into the wallet or left it, sessions that left no card,
    /// the effects of both, receipts that cannot be alive, kept returns that nobody came for, hand-overs and sign-ins that
    /// are over.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn trim(&self, now: Millis) -> Result<(), StoreFault> {
        const OVER: &str = "DELETE FROM cards WHERE (state IN ('failed', 'declined', 'deactivated') \
                            OR (state = 'duplicate' AND token_reference IS NULL)) AND session_id IN \
                            (SELECT id FROM sessions WHERE due_at IS NULL AND changed_at < $1)";
        const EMPTY: &str = "DELETE FROM sessions WHERE due_at IS NULL AND changed_at < $1 AND NOT EXISTS \
                             (SELECT 1 FROM cards WHERE cards.session_id = sessions.id)";
        const ORPHANED: &str = "DELETE FROM effects WHERE changed_at < $1 AND NOT EXISTS \
                                (SELECT 1 FROM cards WHERE cards.id = effects.card_id)";
        const SPENT: &str = "DELETE FROM receipts WHERE spent_at < $1";
        const HANDED: &str = "DELETE FROM handoffs WHERE expires_at < $1";
        const SIGNED_OUT: &str = "DELETE FROM sign_ins WHERE expires_at < $1";
        const PARKED: &str = "DELETE FROM parked_returns WHERE expires_at <= $1";
        const POSTED: &str = "DELETE FROM parked_pushes WHERE expires_at <= $1";
        const REPORTED: &str =
            "UPDATE sessions SET push_sealed = NULL WHERE push_sealed IS NOT NULL AND created_at <= $1";
        for (sql, kept_ms) in [
            (OVER, SESSIONS_KEPT_MS),
            (EMPTY, SESSIONS_KEPT_MS),
            (ORPHANED, SESSIONS_KEPT_MS),
            (SPENT, RECEIPTS_KEPT_MS),
            (HANDED, HANDOFFS_KEPT_MS),
            (SIGNED_OUT, 0),
            (PARKED, 0),
            (POSTED, 0),
            (REPORTED, WAY_BACK_MS),
        ] {
            let values = vec![(now.0 - kept_ms).into()];
            self.db.execute(Statement { sql, values }).await?;
        }
        Ok(())
    }
}
