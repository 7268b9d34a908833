//! Whom the issuers open: the directory is trusted, not infallible. What an issuer opened when it was first seen is
//! remembered, and what it opens since besides raises an alarm. It is served all the same: an issuer may move.

use std::collections::{BTreeSet, HashMap};

use crate::domain::issuer::Issuer;
use crate::domain::link::{Link, Slot};
use crate::store::StoreFault;

use super::App;

impl App {
    /// Compares with what is remembered and remembers who is new. Answers how many issuers open what they did not.
    pub(super) async fn compare_places(&self, issuers: &[Issuer]) -> Result<usize, StoreFault> {
        let pins: HashMap<String, Vec<String>> = self.0.store.pins().await?.into_iter().collect();
        let mut moved = 0;
        for issuer in issuers {
            let places = self.places(issuer);
            let Some(known) = pins.get(issuer.id.as_str()) else {
                let places: Vec<String> = places.into_iter().collect();
                self.0.store.pin(&issuer.id, &places, self.now()).await?;
                continue;
            };
            let new: Vec<String> = places.into_iter().filter(|place| !known.contains(place)).collect();
            if !new.is_empty() {
                moved += 1;
                let (id, new) = (&issuer.id, new.join(" "));
                tracing::error!(
                    issuer = %id,
                    code = "E_PIN",
                    places = new,
                    "issuer {id} opens {new}, which it did not when it was first seen. Ask it; if it says so, delete its row of the table pins"
                );
            }
        }
        Ok(moved)
    }

    /// How many issuers open what they did not open when they were first seen.
    #[must_use]
    pub fn issuers_moved(&self) -> usize {
        self.current_directory().moved
    }

    fn places(&self, issuer: &Issuer) -> BTreeSet<String> {
        let rules = &self.0.settings.link_rules;
        let profile = self.profile(&issuer.id);
        let methods = &issuer.methods;
        let mut places = BTreeSet::new();
        for (slot, registered) in [
            (Slot::Android, &methods.android),
            (Slot::Ios, &methods.ios),
            (Slot::Web, &methods.web),
        ] {
            let link = registered.as_deref().map(|text| Link::parse(slot, text, rules));
            let Some(Ok(link)) = link else { continue };
            for name in link.replaced(&profile.launch) {
                let (id, kind) = (&issuer.id, slot.name());
                tracing::warn!(issuer = %id, kind, name, "issuer {id}: its {kind} address has {name}; ours replaces it");
            }
            places.extend(link.places());
        }
        places
    }
}
