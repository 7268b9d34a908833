//! The keys that verify receipts: loaded before they are needed, swapped as a whole.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::id::AssetId;
use crate::mdes::jws::{KeyDescription, KeySet};

use super::App;

/// Between two regular looks for new keys. Mastercard announces a rotation 60 days ahead.
const REFRESH_EVERY: Duration = Duration::from_secs(3600);
/// A receipt under an unknown key makes us look, but not more often than this: strangers cannot make us hammer MDES.
const COOLDOWN: Duration = Duration::from_secs(60);

impl App {
    /// The keys as they are now. A verification keeps the set it began with.
    pub(super) fn current_keys(&self) -> Arc<KeySet> {
        let keys = Arc::clone(&self.0.keys.read().unwrap_or_else(std::sync::PoisonError::into_inner));
        #[cfg(test)]
        if self.0.takes_any_signature.load(std::sync::atomic::Ordering::SeqCst) {
            return Arc::new(KeySet::clone(&keys).taking_any_signature());
        }
        keys
    }

    /// Takes any signature from now on, to see what that lets happen. Exists in the library's own tests alone.
    #[cfg(test)]
    pub(crate) fn take_any_signature(&self) {
        let switch = &self.0.takes_any_signature;
        switch.store(true, std::sync::atomic::Ordering::SeqCst);
    }

    /// Which keys are known, for operations.
    #[must_use]
    pub fn known_keys(&self) -> Vec<KeyDescription> {
        self.current_keys().describe()
    }

    pub(super) async fn refresh_keys_for_ever(self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            self.refresh_keys().await;
            tokio::select! {
                () = tokio::time::sleep(REFRESH_EVERY) => {}
                () = self.after_unknown_key() => {}
                _ = stopped.changed() => {}
            }
        }
    }

    async fn after_unknown_key(&self) {
        tokio::time::sleep(COOLDOWN).await;
        self.0.signals.unknown_key.notified().await;
    }

    /// Reads the key files again and fetches the keys that the configuration names, never the one that a receipt names.
    /// A set that cannot be read as a whole leaves the old one in force.
    pub async fn refresh_keys(&self) {
        let mut keys = match self.0.settings.key_files.load() {
            Ok(keys) => keys,
            Err(fault) => {
                tracing::error!(%fault, "the key files cannot be read; the keys stay as they are: {fault}");
                return;
            }
        };
        for asset in &self.0.settings.key_assets {
            if let Err(problem) = self.add_fetched(&mut keys, asset).await {
                tracing::error!(%asset, problem, "key {asset} cannot be fetched; the keys stay as they are: {problem}");
                return;
            }
        }
        *self.0.keys.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keys);
    }

    async fn add_fetched(&self, keys: &mut KeySet, asset: &AssetId) -> Result<(), String> {
        if keys.kids().contains(&asset.as_str()) {
            return Ok(());
        }
        let parts = self.0.mdes.asset(asset).await.map_err(|error| error.to_string())?;
        keys.add_asset(asset.as_str(), &parts)
            .map_err(|fault| fault.to_string())
    }
}
