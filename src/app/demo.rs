//! What a demo says of itself on every page: the scenario that somebody switched on, so that nobody looks for a fault that
//! they asked for.

use std::sync::{Arc, PoisonError, RwLock};

use super::App;
use super::directory::Directory;

/// A scenario that is switched on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoScenario {
    /// What it is called, in English.
    pub name: String,
    /// Where it can be switched off.
    pub href: String,
}

/// The place where it is kept. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct ScenarioNotice(Arc<RwLock<Option<DemoScenario>>>);

impl ScenarioNotice {
    /// A place where this is switched on.
    #[cfg(test)]
    #[must_use]
    pub fn of(scenario: DemoScenario) -> Self {
        Self(Arc::new(RwLock::new(Some(scenario))))
    }

    /// What is switched on.
    #[must_use]
    pub fn now(&self) -> Option<DemoScenario> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl App {
    /// From now on pages say that this scenario is switched on, or nothing. Only a demo's do.
    pub fn announce_scenario(&self, scenario: Option<DemoScenario>) {
        let scenario = scenario.filter(|_| self.demo());
        *self.0.scenario.0.write().unwrap_or_else(PoisonError::into_inner) = scenario;
    }

    /// Has no list of issuers any more, as if none had ever been received, until MDES tells again. Only a demo's wallet does;
    /// what is stored stays.
    pub async fn forget_directory(&self) {
        if self.demo() {
            let _only_one = self.0.refreshing.lock().await;
            self.swap_directory(Directory::default());
        }
    }

    /// Where pages look for what is switched on.
    #[must_use]
    pub fn scenario_notice(&self) -> ScenarioNotice {
        self.0.scenario.clone()
    }
}
