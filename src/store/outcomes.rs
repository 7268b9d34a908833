//! What became of sessions, counted by issuer.

use crate::domain::Millis;
use crate::domain::card::Failure;
use crate::domain::id::IssuerId;
use crate::domain::session::{Session, State};

use super::db::on;
use super::{Store, StoreFault};

/// How people fared at one issuer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// How many came back, with whatever answer.
    pub returned: i64,
    /// How many came back with an error, or did not before their time was up.
    pub lost: i64,
}

type Row = (String, i64, i64);

/// How far a session has come with its issuer, for the column of that name; nothing where a write tells nothing new.
pub(super) fn at_issuer(session: &Session) -> Option<&'static str> {
    if session.push.is_some() {
        // Nobody was sent to the issuer from here.
        return None;
    }
    match session.state {
        State::Offered | State::Pushed => None,
        State::Launched => Some("launched"),
        State::Failed {
            reason: Failure::IssuerError,
        } => Some("error"),
        State::Cancelled | State::Expired if session.cards.is_empty() => None,
        State::Returned { .. }
        | State::Terms
        | State::Digitizing
        | State::StepUp { .. }
        | State::Code { .. }
        | State::Active
        | State::Pending
        | State::Declined
        | State::Failed { .. }
        | State::Cancelled
        | State::Expired => Some("returned"),
    }
}

impl Store {
    /// How people fared at each issuer in the sessions that began since. A person counts once on each side.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn outcomes_since(&self, since: Millis) -> Result<Vec<(IssuerId, Outcomes)>, StoreFault> {
        let sql = "SELECT issuer, COUNT(DISTINCT CASE WHEN at_issuer = 'returned' THEN owner END), \
                   COUNT(DISTINCT CASE WHEN at_issuer = 'error' OR (at_issuer = 'launched' AND state = 'expired') \
                   THEN owner END) FROM sessions WHERE created_at > $1 GROUP BY issuer";
        let rows: Vec<Row> = on!(&self.db, pool => sqlx::query_as(sql).bind(since.0).fetch_all(pool).await)?;
        let outcomes = |(issuer, returned, lost)| Ok((parsed(issuer)?, Outcomes { returned, lost }));
        rows.into_iter().map(outcomes).collect()
    }

    /// How many different cards the sessions that began since have brought into wallets, by issuer. One card counts once,
    /// however many wallets somebody puts it into.
    ///
    /// # Errors
    /// [`StoreFault`].
    pub async fn added_since(&self, since: Millis) -> Result<Vec<(IssuerId, i64)>, StoreFault> {
        let sql = "SELECT issuer, COUNT(DISTINCT account_reference) FROM sessions JOIN cards ON session_id = sessions.id \
                   WHERE created_at > $1 AND cards.state = 'active' GROUP BY issuer";
        let rows: Vec<(String, i64)> = on!(&self.db, pool => sqlx::query_as(sql).bind(since.0).fetch_all(pool).await)?;
        let added = |(issuer, count)| Ok((parsed(issuer)?, count));
        rows.into_iter().map(added).collect()
    }
}

fn parsed(issuer: String) -> Result<IssuerId, StoreFault> {
    IssuerId::parse(&issuer).map_err(|_| StoreFault::Inconsistent {
        table: "sessions",
        id: issuer,
    })
}
