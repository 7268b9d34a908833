//! How issuers have done of late, from our own sessions: which of them work, and which of them people use.
//!
//! Nothing here is about a person: it is counts over everybody, and too few of them say nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use crate::domain::Millis;
use crate::domain::id::IssuerId;
use crate::store::Outcomes;

use super::view::Health;
use super::{App, in_time};

/// Counts are taken again when they are older than this.
const KEPT_MS: i64 = 60_000;
/// Over how long a time it is judged whether an issuer works.
const HEALTH_MS: i64 = 60 * 60_000;
/// From how many people on. Fewer can be one person who tries again and again.
const HEALTH_PEOPLE: i64 = 5;
/// How many in a hundred do not come back from an issuer that has problems. Some always leave for reasons of their own.
const DEGRADED_PERCENT: i64 = 50;
/// The same of an issuer that is not available.
const DOWN_PERCENT: i64 = 90;
/// Over how long a time issuers count as popular.
const POPULAR_MS: i64 = 30 * 24 * 60 * 60_000;
/// And from how many added cards on, of all issuers together.
const POPULAR_ATTEMPTS: i64 = 20;

/// How issuers have done of late.
#[derive(Clone, Debug, Default)]
pub(super) struct Standing {
    counted_at: Option<Millis>,
    health: BTreeMap<IssuerId, Health>,
    /// The best known first.
    pub(super) popular: Vec<IssuerId>,
}

impl Standing {
    pub(super) fn health(&self, issuer: &IssuerId) -> Health {
        self.health.get(issuer).copied().unwrap_or(Health::Fine)
    }
}

impl App {
    /// How issuers have done, about a minute old. While the store does not answer, as it was last known: one visitor a minute
    /// waits a moment for it, and nobody else does.
    pub(super) async fn standing(&self) -> Arc<Standing> {
        let known = Arc::clone(&*self.0.standing.read().unwrap_or_else(PoisonError::into_inner));
        let now = self.now();
        let is_young = |at: Millis| (0..KEPT_MS).contains(&(now.0 - at.0));
        if known.counted_at.is_some_and(is_young) {
            return known;
        }
        let Ok(_turn) = self.0.counting.try_lock() else {
            return known;
        };
        let counted = match in_time(self.count(now)).await {
            Some(Ok(standing)) => standing,
            fault => {
                tracing::warn!(?fault, "how issuers have done could not be counted");
                Standing {
                    counted_at: Some(now),
                    ..Standing::clone(&known)
                }
            }
        };
        let counted = Arc::new(counted);
        *self.0.standing.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&counted);
        counted
    }

    async fn count(&self, now: Millis) -> Result<Standing, crate::store::StoreFault> {
        let outcomes = self.0.store.outcomes_since(Millis(now.0 - HEALTH_MS)).await?;
        let configured = &self.0.settings.popular;
        let popular = if configured.is_empty() {
            well_known(self.0.store.added_since(Millis(now.0 - POPULAR_MS)).await?)
        } else {
            configured.clone()
        };
        Ok(Standing {
            counted_at: Some(now),
            health: outcomes
                .into_iter()
                .map(|(issuer, outcomes)| (issuer, judge(outcomes)))
                .collect(),
            popular,
        })
    }
}

/// What can be said of an issuer from which so many people came back, and so many did not.
fn judge(outcomes: Outcomes) -> Health {
    let people = outcomes.returned + outcomes.lost;
    let percent = outcomes.lost * 100 / people.max(1);
    match percent {
        _ if people < HEALTH_PEOPLE => Health::Fine,
        DOWN_PERCENT.. => Health::Down,
        DEGRADED_PERCENT.. => Health::Degraded,
        _ => Health::Fine,
    }
}

/// Issuers by how many attempts with them added a card, the most first; none while there are too few to say.
fn well_known(mut added: Vec<(IssuerId, i64)>) -> Vec<IssuerId> {
    if added.iter().map(|(_, count)| count).sum::<i64>() < POPULAR_ATTEMPTS {
        return Vec::new();
    }
    added.sort_by(|(one, more), (other, less)| less.cmp(more).then_with(|| one.cmp(other)));
    added.into_iter().map(|(issuer, _)| issuer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_judged_by_several_people() {
        for (returned, lost, health) in [
            (0, 0, Health::Fine),
            (0, 4, Health::Fine),
            (0, 5, Health::Down),
            (1, 8, Health::Degraded),
            (1, 9, Health::Down),
            (3, 3, Health::Degraded),
            (4, 3, Health::Fine),
            (100, 0, Health::Fine),
        ] {
            assert_eq!(judge(Outcomes { returned, lost }), health, "{returned} {lost}");
        }
    }

    #[test]
    fn twenty_added_cards_make_an_issuer_popular() {
        let id = |text: &str| IssuerId::parse(text).expect("id");
        let added = |last: i64| vec![(id("b"), 1), (id("c"), 9), (id("a"), 1), (id("d"), last)];
        assert_eq!(well_known(added(8)), [] as [IssuerId; 0]);
        assert_eq!(well_known(added(9)), [id("c"), id("d"), id("a"), id("b")]);
    }
}
