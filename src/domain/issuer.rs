//! The directory of issuers: what the picker shows.

use serde::{Deserialize, Serialize};

use super::id::{AssetId, CountryCode, IssuerId};
use super::link::{LinkFault, Slot};

/// An issuer that can be launched from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Stable key. Falls back to a hash of name, country and links when the directory has none.
    pub id: IssuerId,
    /// The name cardholders know.
    pub name: String,
    /// The name in another script, for display and search.
    pub alias: Option<String>,
    /// Where it serves cardholders, at least one.
    pub countries: Vec<CountryCode>,
    /// The logo.
    pub logo: Option<AssetId>,
    /// How it can be opened, at least one.
    pub methods: PullMethods,
    /// Registered addresses that are not used, with their fault.
    pub rejected: Vec<(Slot, LinkFault)>,
}

/// `availablePullMethods`: the registered address for each kind of device. Kept as
/// registered; whoever opens one has `link` check it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullMethods {
    /// App to app, or web to app, on Android.
    pub android: Option<String>,
    /// The same on iOS.
    pub ios: Option<String>,
    /// The issuer's website.
    pub web: Option<String>,
}

impl PullMethods {
    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.android.is_none() && self.ios.is_none() && self.web.is_none()
    }
}
